//! Keys that expire during an apply, and secrets that are nowhere to be seen.

use serde_json::json;

use super::{Cloud, OTHER, handed};
use crate::support::desk::Desk;

const MANY: &str = r#"
resource "alicloud_vpc" "main" {
  count      = 3
  vpc_name   = "vpc-${count.index}"
  cidr_block = "10.${count.index}.0.0/16"
}

resource "alicloud_vswitch" "main" {
  count      = 3
  vpc_id     = alicloud_vpc.main[count.index].id
  zone_id    = "cn-hangzhou-h"
  cidr_block = "10.${count.index}.1.0/24"
}
"#;

#[test]
fn an_apply_outlives_its_keys() {
    let keys: Vec<_> = (1..=20)
        .map(|n| json!({ "id": format!("LTAI-{n}"), "secret": format!("secret-{n}"), "account": OTHER }))
        .collect();
    let cloud = Cloud::with(&json!({ "keys": keys }));
    let desk = Desk::new(|number, _| {
        (
            200,
            handed(&format!("LTAI-{number}"), &format!("secret-{number}")),
        )
    });
    let block = format!("credentials_uri = \"{}\"", desk.url());
    let project = cloud.project(&block, MANY);
    // Once for each action: that a call is refused whatever the keys is another story.
    let expired = |action: &str| {
        json!({
            "action": action, "kind": "error_before", "status": 400, "count": 1,
            "code": "InvalidSecurityToken.Expired", "message": "Specified SecurityToken is expired.",
        })
    };
    let actions = [
        "CreateVpc",
        "DescribeVpcs",
        "CreateVSwitch",
        "DescribeVSwitches",
    ];
    let rules: Vec<_> = actions.into_iter().map(expired).collect();
    cloud.emulator.faults(&json!({ "rules": rules }));
    project.ok(&["apply", "-auto-approve"]);
    let fetched = desk.asked().len();
    assert!((2..=6).contains(&fetched), "fetched {fetched} times");
    assert_eq!(cloud.vpcs(OTHER).len(), 3);
    cloud.emulator.faults(&json!({}));
    project.ok(&["plan", "-detailed-exitcode"]);
}

#[test]
fn keys_that_stay_expired_end_the_apply_and_say_so() {
    let cloud = Cloud::new();
    let desk = Desk::handing(&handed("LTAI-other", "other-secret"));
    let block = format!("credentials_uri = \"{}\"", desk.url());
    let project = cloud.project(&block, MANY);
    cloud.emulator.faults(&json!({ "rules": [{
        "action": "CreateVSwitch", "kind": "error_before", "status": 400,
        "code": "InvalidSecurityToken.Expired", "message": "Specified SecurityToken is expired.",
    }]}));
    let ran = project.run(&["apply", "-auto-approve"]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.err.contains("InvalidSecurityToken.Expired"), "{ran}");
    assert!(ran.err.contains("new temporary credentials"), "{ran}");
    // What was done before is in the state, and the next apply does the rest.
    cloud.emulator.faults(&json!({}));
    project.ok(&["apply", "-auto-approve"]);
    assert_eq!(cloud.vpcs(OTHER).len(), 3);
}

/// Looks for the secrets in all that was said and written.
#[track_caller]
fn hidden(project: &crate::support::server::Project, said: &str, secrets: &[&str]) {
    let mut texts = vec![("what was said".to_owned(), said.as_bytes().to_vec())];
    for (path, bytes) in project.files() {
        let shown = path.display().to_string();
        if !shown.contains("/.aliyun/") {
            texts.push((shown, bytes));
        }
    }
    for (place, text) in texts {
        let text = String::from_utf8_lossy(&text);
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} is in {place}:\n{text}");
        }
    }
}

#[test]
fn no_secret_is_written_or_said() {
    let cloud = Cloud::new();
    let desk = Desk::handing(&handed("LTAI-other", "other-secret"));
    let mut project = cloud.project("profile = \"role\"", MANY);
    project.set("PROV_LOG", "trace");
    let log = project.file("trace.log").display().to_string();
    project.set("PROV_LOG_PATH", &log);
    std::fs::create_dir_all(project.file(".aliyun")).unwrap();
    let config = json!({ "current": "base", "profiles": [
        { "name": "base", "mode": "CredentialsURI", "credentials_uri": format!("{}/?code=open-sesame", desk.url()) },
        { "name": "role", "mode": "ChainableRamRoleArn", "source_profile": "base",
          "ram_role_arn": format!("acs:ram::{OTHER}:role/deploy") },
    ]});
    project.write(".aliyun/config.json", &config.to_string());
    let secrets = ["other-secret", "handed-token", "open-sesame"];
    for arguments in [
        &["plan", "-out=the.plan"][..],
        &["show", "-json", "the.plan"],
        &["apply", "the.plan"],
        &["state", "pull"],
        &["destroy", "-auto-approve", "-json"],
    ] {
        let ran = project.run(arguments);
        assert_eq!(ran.code, Some(0), "{ran}");
        hidden(&project, &ran.to_string(), &secrets);
    }
    let log = project.read("trace.log");
    assert!(log.contains("credentials: new ones"), "{log}");
    // The keys of the role are secrets too, and nobody knows them but the two who use them.
    assert!(!log.contains("SecurityToken="), "{log}");
    // Refused, with the answer quoting what it was sent.
    cloud.emulator.faults(&json!({ "rules": [{
        "action": "*", "kind": "error_before", "status": 403, "code": "NoPermission",
        "message": "Not with other-secret and handed-token.",
    }]}));
    let ran = project.run(&["plan"]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.err.contains("NoPermission"), "{ran}");
    hidden(&project, &ran.to_string(), &secrets);
}
