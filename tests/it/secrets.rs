//! No file that prov writes, no log and no output has a password in it.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::json;

use prov::cloud::Product;

use crate::support::{
    cloud::Cloud,
    project,
    server::{Emulator, Project, Ran},
};

pub const FIRST: &str = "Sw0rdfish-First+1";
pub const SECOND: &str = "Sw0rdfish-Second+2";

const MAIN: &str = r#"
variable "password" {
  sensitive = true
}

variable "instance_type" {
  default = "ecs.g6.large"
}

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

resource "alicloud_instance" "main" {
  instance_type   = var.instance_type
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]
  password        = var.password
}

output "instance" {
  value     = alicloud_instance.main.id
  sensitive = true
}
"#;

/// A project whose emulator keeps its world beside it, with everything logged.
pub struct Loud {
    pub emulator: Emulator,
    pub project: Project,
    world: tempfile::TempDir,
}

impl Loud {
    pub fn new(main: &str) -> Self {
        let world = tempfile::tempdir().unwrap();
        let data = world.path().join("world");
        let emulator = Emulator::start(&["-profile", "instant", "-data", data.to_str().unwrap()]);
        let mut project = Project::on(&emulator, main);
        project.set("PROV_LOG", "trace");
        project.set("TF_LOG", "trace");
        project.set("TF_LOG_PATH", project.file("trace.log").to_str().unwrap());
        Self {
            emulator,
            project,
            world,
        }
    }

    /// Runs the program and looks through all that it said and wrote.
    #[track_caller]
    pub fn run(&self, arguments: &[&str], code: i32) -> Ran {
        run(&self.project, &self.world, arguments, Some(code))
    }

    /// Looks through all that was written.
    #[track_caller]
    pub fn look(&self) {
        look(&self.project, &self.world);
    }
}

fn loud() -> (Emulator, Project, tempfile::TempDir) {
    let loud = Loud::new(MAIN);
    (loud.emulator, loud.project, loud.world)
}

/// Both as they are and as they travel.
fn spellings() -> Vec<String> {
    use base64::Engine as _;
    let plain = [FIRST, SECOND];
    let encoded = plain.map(|text| text.replace('+', "%2B"));
    let coded = plain.map(|text| base64::engine::general_purpose::STANDARD.encode(text));
    plain
        .map(ToOwned::to_owned)
        .into_iter()
        .chain(encoded)
        .chain(coded)
        .collect()
}

#[track_caller]
fn clean(what: &str, text: &[u8]) {
    for secret in spellings() {
        let found = text
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(
            !found,
            "{what} has {secret}:\n{}",
            String::from_utf8_lossy(text)
        );
    }
}

/// Runs the program and looks through all that it said and wrote.
#[track_caller]
fn run(project: &Project, world: &tempfile::TempDir, arguments: &[&str], code: Option<i32>) -> Ran {
    let ran = project.run(arguments);
    assert_eq!(ran.code, code, "{arguments:?}\n{ran}");
    clean(&format!("{arguments:?}"), format!("{ran}").as_bytes());
    look(project, world);
    ran
}

#[track_caller]
fn look(project: &Project, world: &tempfile::TempDir) {
    for (path, bytes) in project.files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".tfvars") {
            clean(&path.display().to_string(), &bytes);
        }
        if name.contains("tfstate") || name.ends_with(".plan") || name.ends_with(".log") {
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
    }
    for entry in fs::read_dir(world.path().join("world")).unwrap() {
        let path = entry.unwrap().path();
        clean(&path.display().to_string(), &fs::read(&path).unwrap());
    }
}

#[test]
fn no_password_is_written_or_said() {
    let (emulator, project, world) = loud();
    project.write("terraform.tfvars", &format!("password = \"{FIRST}\"\n"));
    let second = format!("password={SECOND}");
    let run = |arguments: &[&str], code: i32| run(&project, &world, arguments, Some(code));
    let _ = run(&["validate"], 0);
    let _ = run(&["plan", "-out=first.plan"], 0);
    let _ = run(&["show", "first.plan"], 0);
    let _ = run(&["show", "-json", "first.plan"], 0);
    // The cloud quotes what it was sent.
    emulator.faults(&json!({ "rules": [{
        "action": "CreateInstance", "kind": "error_before", "status": 400,
        "code": "InvalidPassword.Malformed",
        "message": format!("The specified Password {FIRST} (Sw0rdfish-First%2B1) is not valid."),
    }]}));
    let failed = run(&["apply", "-auto-approve"], 1);
    assert!(failed.err.contains("InvalidPassword.Malformed"), "{failed}");
    emulator.faults(&json!({}));
    let _ = run(&["apply", "-auto-approve", "-json"], 0);
    for arguments in [
        &["show"][..],
        &["show", "-json"],
        &["state", "show", "alicloud_instance.main"],
        &["state", "pull"],
        &["output"],
        &["plan", "-json"],
        &["plan", "-detailed-exitcode"],
    ] {
        let _ = run(arguments, 0);
    }
    assert_eq!(emulator.world()["instances"][0]["has_password"], true);
    let changed = [
        "plan",
        "-out=second.plan",
        "-detailed-exitcode",
        "-var",
        &second,
    ];
    let _ = run(&changed, 2);
    let _ = run(&["apply", "-auto-approve", "-var", &second], 0);
    let _ = run(&["plan", "-detailed-exitcode", "-var", &second], 0);
    let _ = run(&["destroy", "-auto-approve"], 0);
    let log = project.read("trace.log");
    assert!(log.contains("CreateInstance"), "nothing was logged");
}

/// Kills the apply right after the intent of the instance is durable; the call may or may not have left.
fn interrupted(project: &Project, world: &tempfile::TempDir) {
    project.write("terraform.tfvars", &format!("password = \"{FIRST}\"\n"));
    project.ok(&[
        "apply",
        "-auto-approve",
        "-target=alicloud_vswitch.main",
        "-target=alicloud_security_group.main",
    ]);
    let mut command = project.command(&["apply", "-auto-approve"]);
    command.env("PROV_CRASH_BEFORE", "2");
    let ran = Ran::from(command.output().unwrap());
    assert_eq!(ran.code, None, "{ran}");
    clean("the killed apply", format!("{ran}").as_bytes());
    look(project, world);
    assert!(project.file("terraform.tfstate.journal").exists());
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_creation_with_a_password_is_settled_with_the_password_of_the_configuration() {
    let (emulator, project, world) = loud();
    interrupted(&project, &world);
    assert_eq!(emulator.world()["instances"].as_array().unwrap().len(), 1);
    // Other arguments may have changed since; it is the old request that is asked again.
    let recovered = run(
        &project,
        &world,
        &["plan", "-var", "instance_type=ecs.g6.xlarge"],
        Some(0),
    );
    assert!(
        recovered.out.contains("asked again with the same token"),
        "{recovered}"
    );
    let _ = run(
        &project,
        &world,
        &[
            "apply",
            "-auto-approve",
            "-var",
            "instance_type=ecs.g6.xlarge",
        ],
        Some(0),
    );
    let instances = emulator.world()["instances"].clone();
    assert_eq!(instances.as_array().unwrap().len(), 1);
    assert_eq!(instances[0]["instance_type"], "ecs.g6.xlarge");
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_destroy_settles_a_creation_with_a_password_first() {
    let (emulator, project, world) = loud();
    interrupted(&project, &world);
    let _ = run(&project, &world, &["destroy", "-auto-approve"], Some(0));
    assert_eq!(emulator.world()["instances"], json!([]));
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_creation_whose_password_is_gone_is_not_forgotten() {
    let (emulator, project, world) = loud();
    interrupted(&project, &world);
    let id = emulator.world()["instances"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = format!("password={SECOND}");
    for arguments in [
        &["plan", "-var", &other][..],
        &["apply", "-auto-approve", "-var", &other],
        &["destroy", "-auto-approve", "-var", &other],
        &["recover", "-var", &other],
    ] {
        let refused = run(&project, &world, arguments, Some(1));
        let said: Vec<&str> = refused.err.split_whitespace().collect();
        let said = said.join(" ");
        for part in [
            "Cannot tell whether",
            "alicloud_instance.main",
            "prov import",
            "prov state rm",
        ] {
            assert!(said.contains(part), "{part} is not in:\n{refused}");
        }
    }
    // Other commands keep it, and keep what they do.
    let _ = run(
        &project,
        &world,
        &["state", "rm", "alicloud_vpc.main"],
        Some(0),
    );
    let list = project.ok(&["state", "list"]);
    assert!(!list.contains("alicloud_vpc.main"), "{list}");
    let refused = run(&project, &world, &["plan", "-var", &other], Some(1));
    assert!(refused.err.contains("Cannot tell whether"), "{refused}");
    // A person who has looked settles it.
    let _ = run(
        &project,
        &world,
        &["import", "-var", &other, "alicloud_instance.main", &id],
        Some(0),
    );
    let vpc = emulator.world()["vpcs"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let _ = run(
        &project,
        &world,
        &["import", "-var", &other, "alicloud_vpc.main", &vpc],
        Some(0),
    );
    let _ = run(
        &project,
        &world,
        &["destroy", "-auto-approve", "-var", &other],
        Some(0),
    );
    assert_eq!(emulator.world()["vpcs"], json!([]));
    assert_eq!(emulator.world()["instances"], json!([]));
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_creation_that_a_person_has_ruled_out_is_forgotten() {
    let (emulator, project, world) = loud();
    interrupted(&project, &world);
    let _ = run(
        &project,
        &world,
        &["state", "rm", "alicloud_instance.main"],
        Some(0),
    );
    let left = run(&project, &world, &["recover"], Some(0));
    assert!(left.out.contains("Nothing to recover"), "{left}");
    assert_eq!(emulator.world()["instances"].as_array().unwrap().len(), 1);
}

/// The first password, encrypted for an application.
fn encrypted(cloud: &Cloud) -> String {
    let answer = cloud.console(
        Product::Kms,
        "Encrypt",
        &[
            ("KeyId", "alias/prov"),
            ("Plaintext", FIRST),
            ("EncryptionContext", "{\"app\":\"web\"}"),
        ],
    );
    answer["CiphertextBlob"].as_str().unwrap().to_owned()
}

/// A project whose instance has an encrypted password.
fn encrypting(cloud: &Cloud, context: &str) -> project::Project {
    let main = MAIN.replace(
        "password        = var.password",
        &format!(
            "kms_encrypted_password = \"{}\"\n  kms_encryption_context = {context}",
            encrypted(cloud)
        ),
    );
    project::Project::with(&format!("{}{main}", cloud.provider()))
        .with_variable("TF_VAR_password", SECOND)
        .with_variable("TF_LOG", "trace")
        .with_variable("TF_LOG_PATH", "trace.log")
}

/// Looks through everything that was written.
fn look_through(project: &project::Project) {
    for entry in fs::read_dir(project.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            clean(&path.display().to_string(), &fs::read(&path).unwrap());
        }
    }
}

#[test]
fn an_encrypted_password_is_decrypted_when_it_is_sent_and_kept_nowhere() {
    let cloud = Cloud::instant();
    let project = encrypting(&cloud, "{ app = \"web\" }");
    for arguments in [
        "plan -out=it.plan",
        "apply -auto-approve -json",
        "show -json",
        "plan -detailed-exitcode",
    ] {
        let ran = project.prov(arguments).ok();
        clean(arguments, ran.to_string().as_bytes());
        look_through(&project);
    }
    assert_eq!(cloud.world()["instances"][0]["has_password"], true);
    let calls = cloud.calls();
    assert_eq!((calls["Decrypt"], calls["CreateInstance"]), (1, 1));
}

#[test]
fn an_encrypted_password_of_another_context_is_told_before_anything_is_made() {
    let cloud = Cloud::instant();
    let project = encrypting(&cloud, "{ app = \"mail\" }");
    let refused = project.prov("apply -auto-approve").fails(&[
        "Decrypt answered InvalidParameter",
        "on main.tf",
        "ms_encrypted_password =",
        "Encrypt the password with the same context",
    ]);
    clean("the refusal", refused.to_string().as_bytes());
    assert!(!cloud.calls().contains_key("CreateInstance"));
    // With the right context the next apply has nothing to settle first.
    let main = fs::read_to_string(project.path().join("main.tf")).unwrap();
    project.write("main.tf", &main.replace("\"mail\"", "\"web\""));
    let ran = project.prov("apply -auto-approve").ok();
    assert!(!ran.stdout.contains("interrupted"), "{ran}");
    assert_eq!(cloud.world()["instances"].as_array().unwrap().len(), 1);
}
