//! Each source by itself, from the block to the objects.

use serde_json::json;

use super::{Cloud, OTHER, THIRD, VPC, handed, token};
use crate::support::{desk::Desk, server::Project};

/// Applies, and expects the VPC in this account and the next plan empty.
#[track_caller]
fn lands(cloud: &Cloud, project: &Project, account: &str) {
    project.ok(&["apply", "-auto-approve"]);
    assert_eq!(cloud.vpcs(account), ["main"]);
    project.ok(&["plan", "-detailed-exitcode"]);
    project.ok(&["destroy", "-auto-approve"]);
    assert!(cloud.vpcs(account).is_empty());
}

fn configured(project: &Project, profiles: &serde_json::Value) {
    std::fs::create_dir_all(project.file(".aliyun")).unwrap();
    let config = json!({ "current": "default", "profiles": profiles });
    project.write(".aliyun/config.json", &config.to_string());
}

const KEY: [(&str, &str); 2] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI-other"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "other-secret"),
];

#[test]
fn a_key_in_the_block_or_in_the_environment() {
    let cloud = Cloud::new();
    let block = "access_key = \"LTAI-other\"\nsecret_key = \"other-secret\"";
    lands(&cloud, &cloud.project(block, VPC), OTHER);
    let mut project = cloud.project("", VPC);
    for (name, value) in KEY {
        project.set(name, value);
    }
    lands(&cloud, &project, OTHER);
}

#[test]
fn a_role_of_another_account() {
    let cloud = Cloud::new();
    let block = format!(
        "assume_role {{\n role_arn = \"acs:ram::{THIRD}:role/deploy\"\n session_name = \"ci\"\n \
         session_expiration = 900\n}}"
    );
    let mut project = cloud.project(&block, VPC);
    for (name, value) in KEY {
        project.set(name, value);
    }
    lands(&cloud, &project, THIRD);
    let again = cloud.emulator.calls()["AssumeRole"]["calls"]
        .as_u64()
        .unwrap();
    assert_eq!(again, 3, "one for each command");
}

#[test]
fn profiles_of_the_aliyun_command() {
    let cloud = Cloud::new();
    let role = format!("acs:ram::{THIRD}:role/deploy");
    let keys = json!({ "access_key_id": "LTAI-other", "access_key_secret": "other-secret" });
    let program = format!(
        "printf %s '{}'",
        json!({ "mode": "AK", "access_key_id": "LTAI-other", "access_key_secret": "other-secret" })
    );
    let desk = Desk::handing(&handed("LTAI-other", "other-secret"));
    for (name, account, more) in [
        ("default", OTHER, json!({ "mode": "AK" })),
        (
            "role",
            THIRD,
            json!({ "mode": "RamRoleArn", "ram_role_arn": role, "ram_session_name": "cli" }),
        ),
        (
            "chain",
            THIRD,
            json!({ "mode": "ChainableRamRoleArn", "ram_role_arn": role, "source_profile": "default" }),
        ),
        (
            "program",
            OTHER,
            json!({ "mode": "External", "process_command": program }),
        ),
        (
            "uri",
            OTHER,
            json!({ "mode": "CredentialsURI", "credentials_uri": desk.url() }),
        ),
        (
            "sso",
            OTHER,
            json!({ "mode": "CloudSSO", "sts_token": "t", "sts_expiration": 32_503_680_000_u64 }),
        ),
    ] {
        let mut profile = more.as_object().unwrap().clone();
        profile.insert("name".into(), name.into());
        profile.extend(keys.as_object().unwrap().clone());
        let mut base = keys.as_object().unwrap().clone();
        base.extend(
            json!({ "name": "default", "mode": "AK" })
                .as_object()
                .unwrap()
                .clone(),
        );
        let block = match name {
            "default" => String::new(),
            name => format!("profile = \"{name}\""),
        };
        let project = cloud.project(&block, VPC);
        configured(&project, &json!([profile, base]));
        lands(&cloud, &project, account);
    }
}

#[test]
fn a_profile_gives_its_region_too() {
    let cloud = Cloud::new();
    let project = cloud.project("profile = \"west\"", VPC);
    project.write(
        "provider.tf",
        "provider \"alicloud\" {\n  profile = \"west\"\n}\n",
    );
    configured(
        &project,
        &json!([{ "name": "west", "mode": "AK", "access_key_id": "LTAI-other",
                  "access_key_secret": "other-secret", "region_id": "us-west-1" }]),
    );
    project.ok(&["apply", "-auto-approve"]);
    assert_eq!(
        cloud.emulator.world_of(OTHER)["vpcs"][0]["region"],
        "us-west-1"
    );
}

#[test]
fn the_role_of_the_instance() {
    let cloud = Cloud::new();
    let desk = Desk::new(|_, asked| match asked.line.as_str() {
        "PUT /latest/api/token" => (200, "session".into()),
        "GET /latest/meta-data/ram/security-credentials/" => (200, "box".into()),
        "GET /latest/meta-data/ram/security-credentials/box" => {
            (200, handed("LTAI-other", "other-secret"))
        }
        _ => (404, String::new()),
    });
    for block in ["", "ecs_role_name = \"box\""] {
        let mut project = cloud.project(block, VPC);
        project.set("PROV_METADATA_ENDPOINT", &desk.url());
        lands(&cloud, &project, OTHER);
    }
    let asked = desk.asked();
    let keys: Vec<_> = asked
        .iter()
        .filter(|one| one.line.starts_with("GET"))
        .collect();
    let session = "x-aliyun-ecs-metadata-token: session";
    assert!(
        keys.iter()
            .all(|one| one.headers.iter().any(|line| line == session))
    );
}

#[test]
fn metadata_are_nowhere_but_at_home() {
    let cloud = Cloud::new();
    let mut project = cloud.project("", VPC);
    project.set("PROV_METADATA_ENDPOINT", "http://keys.example");
    let ran = project.run(&["plan"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("is not an address of this machine"),
        "{ran}"
    );
}

#[test]
fn a_credentials_uri() {
    let cloud = Cloud::new();
    let desk = Desk::handing(&handed("LTAI-other", "other-secret"));
    let block = format!("credentials_uri = \"{}/keys\"", desk.url());
    lands(&cloud, &cloud.project(&block, VPC), OTHER);
    assert_eq!(desk.asked()[0].line, "GET /keys");
    let mut project = cloud.project("", VPC);
    project.set("ALIBABA_CLOUD_CREDENTIALS_URI", &desk.url());
    project.set("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    lands(&cloud, &project, OTHER);
}

#[test]
fn a_token_of_an_identity_provider() {
    let cloud = Cloud::new();
    let mut project = cloud.project("", VPC);
    project.write("token", &token(32_503_680_000));
    project.set(
        "ALIBABA_CLOUD_ROLE_ARN",
        &format!("acs:ram::{THIRD}:role/pod"),
    );
    project.set(
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
        &format!("acs:ram::{THIRD}:oidc-provider/cluster"),
    );
    let path = project.file("token").display().to_string();
    project.set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", &path);
    lands(&cloud, &project, THIRD);
    project.write("token", &token(1));
    let ran = project.run(&["apply", "-auto-approve"]);
    assert_eq!(ran.code, Some(1), "{ran}");
    for part in [
        "No credentials",
        "role/pod",
        "AuthenticationFail.OIDCToken.Expired",
    ] {
        assert!(ran.err.contains(part), "{part} is not in {ran}");
    }
}

#[test]
fn a_credentials_file() {
    let cloud = Cloud::new();
    let mut project = cloud.project("", VPC);
    std::fs::create_dir_all(project.file(".alibabacloud")).unwrap();
    project.write(
        ".alibabacloud/credentials",
        "[ci]\ntype = access_key\naccess_key_id = LTAI-other\naccess_key_secret = other-secret\n",
    );
    project.set("ALIBABA_CLOUD_PROFILE", "ci");
    lands(&cloud, &project, OTHER);
}

#[test]
fn a_role_inside_the_command() {
    let main = format!(
        "provider \"alicloud\" {{\n  region = \"cn-hangzhou\"\n  assume_role {{\n    role_arn = \
         \"acs:ram::{THIRD}:role/x\"\n  }}\n}}\n{VPC}"
    );
    let project = Project::new(&main);
    project.ok(&["apply", "-auto-approve", "-emulator"]);
    project.ok(&["plan", "-detailed-exitcode", "-emulator"]);
    let kept = project.file(".prov/emulator/accounts").join(THIRD);
    assert!(std::fs::read_dir(kept).unwrap().count() > 0);
}

#[test]
fn the_location_service_says_where_products_are() {
    let cloud = Cloud::new();
    let mut project = Project::new(VPC);
    project.write(
        "provider.tf",
        "provider \"alicloud\" {\n  region   = \"cn-hangzhou\"\n  protocol = \"HTTP\"\n}\n",
    );
    project.set("LOCATION_ENDPOINT", &cloud.emulator.url());
    for (name, value) in KEY {
        project.set(name, value);
    }
    lands(&cloud, &project, OTHER);
}

#[test]
fn a_number_in_place_of_a_text_is_that_text() {
    let cloud = Cloud::new();
    let main = "data \"alicloud_account\" \"current\" {}\noutput \"id\" {\n  value = \
                data.alicloud_account.current.id\n}\n";
    let block = "access_key = \"LTAI-other\"\nsecret_key = \"other-secret\"\n\
                 account_id = 4444444444444444";
    let project = cloud.project(block, main);
    project.ok(&["apply", "-auto-approve"]);
    assert_eq!(project.ok(&["output", "-raw", "id"]), "4444444444444444");
    let project = cloud.project("protocol = 5", main);
    let ran = project.run(&["plan"]);
    assert!(ran.err.contains("must be HTTP or HTTPS"), "{ran}");
}
