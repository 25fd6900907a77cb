//! Random values: made once, kept, imported, and passwords that are seen by nobody but who needs them.

use std::{fs, process::Command};

use serde_json::{Value as Json, json};

use crate::support::{
    cloud::Cloud,
    project::Project,
    server::{Emulator, Project as Served, Ran, expand},
};

const INSTANCE: &str = r#"
resource "alicloud_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.0.0/24"
  zone_id    = "cn-hangzhou-h"
}

resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}

resource "random_password" "main" {
  length      = 16
  min_lower   = 1
  min_upper   = 1
  min_numeric = 1
}

resource "alicloud_instance" "main" {
  instance_type   = "ecs.g6.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]
  password        = random_password.main.result
}

output "password" {
  value     = random_password.main.result
  sensitive = true
}
"#;

fn password(state: &Json) -> Vec<String> {
    let resources = state["resources"].as_array().unwrap();
    let found = resources.iter().find(|it| it["type"] == "random_password");
    let attributes = &found.unwrap()["instances"][0]["attributes"];
    let text = |name: &str| attributes[name].as_str().unwrap().to_owned();
    vec![text("result"), text("bcrypt_hash")]
}

#[track_caller]
fn clean(what: &str, text: &str, secrets: &[String]) {
    for secret in secrets {
        let spelled = [secret.clone(), serde_json::to_string(secret).unwrap()];
        let found = spelled
            .iter()
            .any(|secret| text.contains(secret.trim_matches('"')));
        assert!(!found, "{what} has {secret}:\n{text}");
    }
}

/// Looks through every file but the state and its like, which only the owner may read.
#[track_caller]
fn look(project: &Project, secrets: &[String]) {
    for entry in fs::read_dir(project.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_file() && !name.contains("tfstate") {
            let text = fs::read(&path).unwrap();
            clean(&name, &String::from_utf8_lossy(&text), secrets);
        }
    }
}

#[test]
fn a_random_password_is_kept_and_seen_by_nobody() {
    let cloud = Cloud::instant();
    let project = Project::with(&format!("{}{INSTANCE}", cloud.provider()))
        .with_variable("TF_LOG", "trace")
        .with_variable("TF_LOG_PATH", "trace.log");
    let first = project.prov("apply -auto-approve -json").ok();
    let mut secrets = password(&project.state());
    clean("the apply", &first.to_string(), &secrets);
    assert_eq!(cloud.world()["instances"][0]["has_password"], true);
    for arguments in [
        "plan -detailed-exitcode -no-color",
        "plan -json",
        "show -no-color",
        "show -json",
        "state show random_password.main",
        "output",
        "plan -replace=random_password.main -out=it.plan",
        "show it.plan",
        "show -json it.plan",
    ] {
        let ran = project.prov(arguments).ok();
        clean(arguments, &ran.to_string(), &secrets);
        look(&project, &secrets);
    }
    let asked = project.prov("output -raw password").ok();
    assert_eq!(asked.stdout, secrets[0]);
    let applied = project.prov("apply it.plan").ok();
    secrets.extend(password(&project.state()));
    assert_ne!(secrets[0], secrets[2]);
    clean("the second apply", &applied.to_string(), &secrets);
    look(&project, &secrets);
    project.settled();
    // A saved plan that leaves the password alone gives it on.
    let main = project
        .read("main.tf")
        .replace("ecs.g6.large", "ecs.g6.xlarge");
    project.write("main.tf", &main);
    project.prov("plan -out=it.plan").ok();
    look(&project, &secrets);
    project.prov("apply it.plan").ok();
    assert_eq!(password(&project.state()), secrets[2..]);
    project.settled();
    project.prov("destroy -auto-approve").ok();
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn what_dependants_saw_survives_every_kill() {
    for crash in 1..16 {
        let emulator = Emulator::start(&["-profile", "instant"]);
        let project = Served::on(&emulator, INSTANCE);
        let mut command: Command = project.command(&["apply", "-auto-approve"]);
        command.env("PROV_CRASH_AFTER", crash.to_string());
        let killed = Ran::from(command.output().unwrap());
        project.ok(&["apply", "-auto-approve"]);
        let instances = emulator.world()["instances"].clone();
        assert_eq!(instances.as_array().unwrap().len(), 1, "{crash}");
        let again = project.run(&["plan", "-detailed-exitcode"]);
        assert_eq!(again.code, Some(0), "{crash}\n{again}");
        if killed.code == Some(0) {
            return;
        }
    }
}

/// An import takes what Terraform's provider takes, and the next plan is empty.
#[test]
fn imports() {
    for (kind, arguments, id, shown) in [
        (
            "random_integer",
            "min = 1\n  max = 9",
            "5,1,9",
            json!({ "result": 5, "id": "5" }),
        ),
        (
            "random_integer",
            "min = 1\n  max = 9\n  seed = \"a,b\"",
            "5,1,9,a,b",
            json!({ "seed": "a,b" }),
        ),
        (
            "random_string",
            "length = 6",
            "Ab3$é-",
            json!({ "result": "Ab3$é-", "id": "Ab3$é-", "length": 6 }),
        ),
        (
            "random_password",
            "length = 6",
            "Ab3$xy",
            json!({ "result": "Ab3$xy", "id": "none" }),
        ),
        (
            "random_id",
            "byte_length = 3\n  prefix = \"a,b\"",
            "a,b,p-9h",
            json!({ "hex": "a,ba7ef61", "dec": "a,b11005793", "b64_std": "a,bp+9h", "id": "p-9h" }),
        ),
        (
            "random_bytes",
            "length = 3",
            "p+9h",
            json!({ "hex": "a7ef61", "base64": "p+9h", "id": "none" }),
        ),
        (
            "random_uuid",
            "",
            "aabbccdd-eeff-0011-2233-445566778899",
            json!({ "result": "aabbccdd-eeff-0011-2233-445566778899" }),
        ),
    ] {
        let block = format!("resource \"{kind}\" \"it\" {{\n  {arguments}\n}}\n");
        let project = Project::with(&block);
        let address = format!("{kind}.it");
        let said = project.run(["import", &*address, id]).ok();
        let secret = ["random_password", "random_bytes"].contains(&kind);
        assert_eq!(said.stdout.contains(id), !secret, "{said}");
        project.settled();
        let attributes = project.attributes(kind, "it", 0);
        for (name, value) in shown.as_object().unwrap() {
            assert_eq!(&attributes[name], value, "{name} of {attributes:#}");
        }
        let project = Project::with(&format!(
            "{block}import {{\n  to = {address}\n  id = {id:?}\n}}\n"
        ));
        let said = project.prov("plan -no-color -out=it.plan").ok();
        assert!(!secret || !said.stdout.contains(id), "{said}");
        let mut kept = fs::read(project.path().join("it.plan")).unwrap();
        expand(&mut kept);
        let kept = String::from_utf8_lossy(&kept);
        assert_eq!(kept.contains(id), !secret, "{kept}");
        project.prov("apply it.plan").ok().says(&["1 imported"]);
        project.settled();
        project.prov("destroy -auto-approve").ok();
    }
}

#[test]
fn imports_of_what_is_no_such_value() {
    for (kind, arguments, id, why) in [
        (
            "random_integer",
            "min = 1\n  max = 9",
            "5,1",
            "is not RESULT,MIN,MAX",
        ),
        (
            "random_integer",
            "min = 1\n  max = 9",
            "five,1,9",
            "is not RESULT,MIN,MAX",
        ),
        (
            "random_id",
            "byte_length = 3",
            "p+9h",
            "is not base64 for URLs",
        ),
        (
            "random_bytes",
            "length = 3",
            "s€cret",
            "What was given is not base64",
        ),
        ("random_uuid", "", "aabbccdd", "is not a UUID"),
        ("random_pet", "", "calm-otter", "cannot be imported"),
        ("random_shuffle", "input = []", "-", "cannot be imported"),
    ] {
        let project = Project::with(&format!(
            "resource \"{kind}\" \"it\" {{\n  {arguments}\n}}\n"
        ));
        let said = project
            .run(["import", &format!("{kind}.it"), id])
            .fails(&[why]);
        assert!(!said.to_string().contains("s€cret"), "{said}");
    }
}

#[test]
fn arguments_that_cannot_be() {
    for (kind, arguments, why) in [
        (
            "random_integer",
            "min = 9\n  max = 1",
            "which is below \"min\"",
        ),
        ("random_string", "length = 0", "It must be from 1 to 65536"),
        (
            "random_string",
            "length = 3\n  min_lower = 2\n  min_upper = 2",
            "the minimums ask for 4",
        ),
        (
            "random_password",
            "length = 8\n  lower = false\n  upper = false\n  number = false\n  special = false",
            "No characters to choose from",
        ),
        (
            "random_password",
            "length = 8\n  number = false\n  numeric = true",
            "Conflicting arguments",
        ),
        (
            "random_password",
            "length = 8\n  min_special = -1",
            "It must be from 0 to 65536",
        ),
        (
            "random_id",
            "byte_length = 1000000000000",
            "It must be from 1 to 65536",
        ),
        ("random_bytes", "", "Missing required argument"),
        ("random_pet", "length = 0", "It must be from 1 to 65536"),
        (
            "random_shuffle",
            "input = [\"a\"]\n  result_count = -1",
            "It must be from 0 to 65536",
        ),
    ] {
        let project = Project::with(&format!(
            "resource \"{kind}\" \"it\" {{\n  {arguments}\n}}\n"
        ));
        project.prov("plan -no-color").fails(&[why]);
    }
}

/// A state of an older version of Terraform's provider is taken as it is.
#[test]
fn older_states() {
    let attributes = json!({
        "id": "none", "result": "Sw0rdfish", "keepers": null, "length": null, "lower": null, "upper": null,
        "special": null, "number": false, "min_lower": null, "min_upper": null, "min_numeric": null,
        "min_special": null, "override_special": null,
    });
    let block =
        |kind: &str| format!("resource \"{kind}\" \"it\" {{\n  length = 9\n  number = false\n}}\n");
    for (kind, version) in [("random_password", 0), ("random_string", 1)] {
        let project = Project::with(&block(kind));
        let state = json!({
            "version": 4, "terraform_version": "1.1.0", "serial": 1, "lineage": "l", "outputs": {},
            "resources": [{
                "mode": "managed", "type": kind, "name": "it",
                "provider": "provider[\"registry.opentofu.org/hashicorp/random\"]",
                "instances": [{ "schema_version": version, "attributes": attributes }],
            }],
        });
        project.write("terraform.tfstate", &state.to_string());
        project.settled();
        project.apply();
        project.settled();
        project.prov("destroy -auto-approve").ok();
    }
}

#[test]
fn the_provider_is_that_of_terraform() {
    let project = Project::with(
        "terraform {\n  required_providers {\n    random = {\n      source  = \"hashicorp/random\"\n      version = \"~> 3.6\"\n    }\n  }\n}\n\
         provider \"random\" {}\nresource \"random_id\" \"it\" {\n  byte_length = 2\n}\n",
    );
    let plan = project.plan_json("");
    let full = "registry.terraform.io/hashicorp/random";
    assert_eq!(plan["resource_changes"][0]["provider_name"], full);
    let configured = &plan["configuration"]["provider_config"]["random"]["full_name"];
    assert_eq!(configured, full, "{plan:#}");
    project.apply();
    let state = project.state();
    assert_eq!(
        state["resources"][0]["provider"],
        format!("provider[\"{full}\"]")
    );
    let said = project.prov("providers").ok();
    said.says(&["provider[registry.terraform.io/hashicorp/random] ~> 3.6"]);
}
