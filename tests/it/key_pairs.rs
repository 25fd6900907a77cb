//! The private key of a new key pair is told once: it is in its file and nowhere else, or prov says that
//! nobody has it.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::{Value as Json, json};

use crate::support::server::{Emulator, Project, Ran};

const APPLY: &[&str] = &["apply", "-auto-approve", "-no-color"];

const NEW: &str = r#"
resource "alicloud_ecs_key_pair" "it" {
  key_pair_name = "it"
  key_file      = "it.pem"
  tags          = { team = "web" }
}
"#;

fn begun(main: &str) -> (Emulator, Project) {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, main);
    (emulator, project)
}

fn pairs(emulator: &Emulator) -> Vec<Json> {
    emulator.world()["key_pairs"].as_array().unwrap().clone()
}

fn mode(project: &Project, name: &str) -> u32 {
    let file = fs::metadata(project.file(name)).unwrap();
    file.permissions().mode() & 0o777
}

fn settled(project: &Project) {
    let plan = project.run(&["plan", "-detailed-exitcode"]);
    assert_eq!(plan.code, Some(0), "{plan}");
}

/// Loses the answer of the next call of this action, which is carried out all the same.
fn lose_answer(emulator: &Emulator, action: &str) {
    emulator.faults(&json!({ "rules": [{ "action": action, "kind": "cut_after", "count": 1 }] }));
}

fn flat(ran: &Ran) -> String {
    let words = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().filter(|it| *it != "│").collect();
        words.join(" ")
    };
    format!("{} {}", words(&ran.out), words(&ran.err))
}

#[test]
fn the_private_key_is_in_its_file_and_nowhere_else() {
    let (_emulator, mut project) = begun(NEW);
    project.set("PROV_LOG", "trace");
    project.set("TF_LOG", "trace");
    project.set("TF_LOG_PATH", project.file("trace.log").to_str().unwrap());
    let said = project.ok(APPLY);
    let key = project.read("it.pem");
    assert!(
        key.starts_with("-----BEGIN RSA PRIVATE KEY-----\n"),
        "{key}"
    );
    assert!(key.ends_with("-----END RSA PRIVATE KEY-----\n"), "{key}");
    assert_eq!(mode(&project, "it.pem"), 0o400);
    let secret = key.lines().nth(3).unwrap();
    assert!(secret.len() > 40);
    assert!(!said.contains(secret));
    for (path, bytes) in project.files() {
        let has = bytes
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert_eq!(has, path.ends_with("it.pem"), "{}", path.display());
        assert!(
            !path.to_string_lossy().contains(".prov-key"),
            "{}",
            path.display()
        );
    }
    settled(&project);
}

#[test]
fn a_file_that_is_there_is_kept_beside_the_new_one() {
    let (_emulator, project) = begun(NEW);
    project.write("it.pem", "the last key to something");
    project.ok(APPLY);
    assert_eq!(project.read("it.pem.1"), "the last key to something");
    let first = project.read("it.pem");
    project.ok(&[
        "apply",
        "-auto-approve",
        "-replace=alicloud_ecs_key_pair.it",
    ]);
    assert_eq!(project.read("it.pem.1"), "the last key to something");
    assert_eq!(project.read("it.pem.2"), first);
    assert_ne!(project.read("it.pem"), first);
    // Destroying the pair leaves the files.
    project.ok(&["destroy", "-auto-approve"]);
    assert!(project.file("it.pem").exists());
}

#[test]
fn without_a_place_for_the_key_nothing_is_created() {
    for (key_file, reason) in [
        ("nowhere/it.pem", "No such file or directory"),
        (".", "it is a directory"),
    ] {
        let (emulator, project) = begun(&NEW.replace("\"it.pem\"", &format!("{key_file:?}")));
        let ran = project.run(APPLY);
        assert_eq!(ran.code, Some(1), "{ran}");
        let said = flat(&ran);
        assert!(said.contains(reason), "{ran}");
        assert!(said.contains("no key pair was created"), "{ran}");
        assert!(pairs(&emulator).is_empty());
        project.write("main.tf", NEW);
        project.ok(APPLY);
        settled(&project);
    }
}

#[test]
fn a_pair_whose_answer_is_lost_is_made_again() {
    let (emulator, project) = begun(NEW);
    lose_answer(&emulator, "CreateKeyPair");
    let ran = project.run(APPLY);
    assert_eq!(ran.code, Some(1), "{ran}");
    let lost = pairs(&emulator);
    assert_eq!(lost.len(), 1);
    assert!(!project.file("it.pem").exists());
    let plan = project.run(&["plan", "-no-color"]);
    assert_eq!(plan.code, Some(0), "{plan}");
    let said = flat(&plan);
    assert!(
        said.contains("it was created, but its private key was lost with the answer"),
        "{plan}"
    );
    assert!(
        said.contains("alicloud_ecs_key_pair.it is tainted, so must be replaced")
            || said.contains("alicloud_ecs_key_pair.it is tainted, so it must be replaced"),
        "{plan}"
    );
    project.ok(APPLY);
    let made = pairs(&emulator);
    assert_eq!(made.len(), 1);
    assert_ne!(made[0]["id"], lost[0]["id"]);
    assert_eq!(mode(&project, "it.pem"), 0o400);
    settled(&project);
}

#[test]
fn a_pair_whose_key_was_written_is_taken_over() {
    if !cfg!(debug_assertions) {
        return;
    }
    let (emulator, project) = begun(NEW);
    // The call was answered and the key written; that there is a pair was not.
    let killed: Ran = project
        .command(APPLY)
        .env("PROV_CRASH_BEFORE", "2")
        .output()
        .unwrap()
        .into();
    assert_eq!(killed.code, None, "{killed}");
    let (key, made) = (project.read("it.pem"), pairs(&emulator));
    assert_eq!(made.len(), 1);
    let said = project.ok(APPLY);
    assert!(said.contains("was found to be it"), "{said}");
    assert_eq!(pairs(&emulator)[0]["id"], made[0]["id"]);
    assert_eq!(project.read("it.pem"), key);
    settled(&project);
}

#[test]
fn a_pair_of_someone_else_is_left_alone() {
    let (emulator, project) = begun(NEW);
    let theirs = Project::on(&emulator, &NEW.replace("tags ", "# tags "));
    emulator.faults(
        &json!({ "rules": [{ "action": "CreateKeyPair", "kind": "cut_before", "count": 1 }] }),
    );
    assert_eq!(project.run(APPLY).code, Some(1));
    theirs.ok(APPLY);
    let made = pairs(&emulator);
    let ran = project.run(APPLY);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(flat(&ran).contains("KeyPair.AlreadyExist"), "{ran}");
    assert_eq!(pairs(&emulator), made);
}

#[test]
fn an_imported_pair_and_an_attachment_are_found_in_the_same_apply() {
    const MINE: &str = r#"
resource "alicloud_ecs_key_pair" "mine" {
  key_pair_name = "mine"
  public_key    = "ssh-rsa AAAAB3NzaC1yc2E= me"
}
resource "alicloud_vpc" "a" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "a" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.1.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "a" {
  vpc_id = alicloud_vpc.a.id
}
resource "alicloud_instance" "a" {
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type   = "ecs.g7.large"
  vswitch_id      = alicloud_vswitch.a.id
  security_groups = [alicloud_security_group.a.id]
}
resource "alicloud_ecs_key_pair_attachment" "it" {
  key_pair_name = alicloud_ecs_key_pair.mine.id
  instance_ids  = [alicloud_instance.a.id]
}
"#;
    let (emulator, project) = begun(MINE);
    let lost = ["ImportKeyPair", "AttachKeyPair"]
        .map(|action| json!({ "action": action, "kind": "cut_after", "count": 1 }));
    emulator.faults(&json!({ "rules": lost }));
    project.ok(APPLY);
    assert_eq!(pairs(&emulator).len(), 1);
    let calls = emulator.calls();
    assert_eq!(calls["ImportKeyPair"]["calls"], 1);
    assert_eq!(calls["AttachKeyPair"]["calls"], 1);
    settled(&project);
    // What was not attached is attached by asking again, which is as good as once.
    let destroy = "-target=alicloud_ecs_key_pair_attachment.it";
    project.ok(&["destroy", "-auto-approve", destroy]);
    emulator.faults(
        &json!({ "rules": [{ "action": "AttachKeyPair", "kind": "cut_before", "count": 1 }] }),
    );
    project.ok(APPLY);
    assert_eq!(emulator.world()["instances"][0]["key_pair"], "mine");
    settled(&project);
}

#[test]
fn what_makes_no_sense_is_refused_in_the_plan() {
    for (body, reason) in [
        ("public_key = file(\"id\")", "It is a private key"),
        ("key_file = \"~/.ssh/it.pem\"", "pathexpand"),
        ("key_pair_name = \"1st\"", "must start with a letter"),
        ("key_pair_name = \"all*\"", "and it has '*'"),
        ("key_pair_name = \"a\"", "2 to 128"),
        (
            "key_pair_name = \"one\"\n key_name_prefix = \"one\"",
            "Only one of",
        ),
        (
            "key_pair_name = \"one\"\n key_name = \"two\"",
            "both are set",
        ),
    ] {
        let (emulator, project) = begun(&format!(
            "resource \"alicloud_ecs_key_pair\" \"it\" {{\n {body}\n}}\n"
        ));
        let private = format!("-----BEGIN PRIVATE KEY-----\n{}\n", "MIIE".repeat(30));
        project.write("id", &private);
        let ran = project.run(&["plan", "-no-color"]);
        assert_eq!(ran.code, Some(1), "{body} {ran}");
        assert!(flat(&ran).contains(reason), "{body} {ran}");
        assert!(!flat(&ran).contains("MIIE"), "{ran}");
        assert_eq!(emulator.calls(), json!({}));
    }
}
