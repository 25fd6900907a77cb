//! A saved plan does exactly what it said, or nothing.

use serde_json::{Value as Json, json};

use crate::support::server::{Emulator, Project};

const MAIN: &str = r#"
variable "name" {
  default = "one"
}

resource "alicloud_vpc" "main" {
  vpc_name   = var.name
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_security_group" "main" {
  count               = 3
  vpc_id              = alicloud_vpc.main.id
  security_group_name = "${var.name}-${count.index}"
}
"#;

/// Checks that a plan file is refused, and that the refusal changes nothing.
#[track_caller]
fn refused(emulator: &Emulator, project: &Project, file: &str, why: &str) {
    let (world, files) = (emulator.world(), state(project));
    for arguments in [&["apply", file][..], &["apply", "-auto-approve", file]] {
        let ran = project.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}\n{ran}");
        let said: Vec<&str> = ran.err.split_whitespace().collect();
        let said = said.join(" ");
        assert!(said.contains(why), "{why} is not in:\n{ran}");
    }
    assert_eq!(emulator.world(), world);
    assert!(state(project) == files, "the state was changed");
}

fn state(project: &Project) -> Vec<String> {
    let mut files: Vec<String> = project
        .files()
        .into_iter()
        .map(|(path, bytes)| format!("{}\n{}", path.display(), String::from_utf8_lossy(&bytes)))
        .filter(|text| text.contains("tfstate\n") || text.contains("tfstate.journal\n"))
        .collect();
    files.sort();
    files
}

fn start() -> (Emulator, Project) {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, MAIN);
    (emulator, project)
}

#[test]
fn what_was_shown_is_what_is_done() {
    let (emulator, project) = start();
    project.ok(&["plan", "-out=a.plan", "-var", "name=saved"]);
    assert_eq!(emulator.calls()["CreateVpc"], Json::Null);
    let done = project.ok(&["apply", "a.plan"]);
    assert!(done.contains("4 added, 0 changed, 0 destroyed"), "{done}");
    assert_eq!(emulator.world()["vpcs"][0]["name"], "saved");
    project.ok(&[
        "plan",
        "-out=b.plan",
        "-destroy",
        "-target=alicloud_security_group.main[1]",
    ]);
    let done = project.ok(&["apply", "b.plan"]);
    assert!(done.contains("1 destroyed"), "{done}");
    assert_eq!(
        emulator.world()["security_groups"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // It was applied: once.
    refused(&emulator, &project, "a.plan", "Saved plan is stale");
    refused(&emulator, &project, "b.plan", "Saved plan is stale");
}

#[test]
fn a_plan_that_no_longer_fits_is_refused() {
    let (emulator, project) = start();
    project.ok(&["apply", "-auto-approve"]);
    project.ok(&["plan", "-out=a.plan", "-var", "name=two"]);
    // Another configuration, and back.
    project.write("more.tf", "locals {\n  more = 1\n}\n");
    refused(
        &emulator,
        &project,
        "a.plan",
        "the configuration was changed",
    );
    std::fs::remove_file(project.file("more.tf")).unwrap();
    // Another state.
    let kept = project.read("terraform.tfstate");
    let mut other: Json = serde_json::from_str(&kept).unwrap();
    other["lineage"] = json!("00000000-0000-4000-8000-000000000000");
    project.write("terraform.tfstate", &other.to_string());
    refused(
        &emulator,
        &project,
        "a.plan",
        "it was made from another state",
    );
    project.write("terraform.tfstate", &kept);
    // A later serial.
    project.ok(&["apply", "-auto-approve", "-var", "name=three"]);
    refused(
        &emulator,
        &project,
        "a.plan",
        "the state was changed by another operation",
    );
}

#[test]
fn a_plan_that_was_cut_or_edited_is_refused() {
    let (emulator, project) = start();
    project.ok(&["plan", "-out=a.plan"]);
    let whole = std::fs::read(project.file("a.plan")).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(project.file(name), bytes).unwrap();
    for length in [0, 1, 20, whole.len() / 2, whole.len() - 2] {
        write("cut.plan", &whole[..length]);
        refused(&emulator, &project, "cut.plan", "Failed to load the plan");
    }
    let title = whole.iter().position(|byte| *byte == b'\n').unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..40 {
        let at = random.usize(0..whole.len() - 1);
        let mut edited = whole.clone();
        edited[at] = if edited[at] == b'7' { b'8' } else { b'7' };
        write("edited.plan", &edited);
        let why = match at > title {
            true => "edited or damaged",
            false => "Failed to load the plan",
        };
        refused(&emulator, &project, "edited.plan", why);
    }
    let longer = [&whole[..], b" "].concat();
    write("longer.plan", &longer);
    refused(&emulator, &project, "longer.plan", "edited or damaged");
    project.ok(&["apply", "a.plan"]);
}

/// A plan that settles what a killed run left is bound to the state as it is afterwards.
#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_plan_made_after_a_kill_can_be_applied() {
    let (emulator, project) = start();
    let mut command = project.command(&["apply", "-auto-approve"]);
    command.env("PROV_CRASH_AT", "6");
    assert_eq!(command.output().unwrap().status.code(), None);
    project.ok(&["plan", "-out=a.plan"]);
    project.ok(&["apply", "a.plan"]);
    let plan = project.run(&["plan", "-detailed-exitcode"]);
    assert_eq!(plan.code, Some(0), "{plan}");
    assert_eq!(emulator.world()["vpcs"].as_array().unwrap().len(), 1);
    assert_eq!(
        emulator.world()["security_groups"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    // One made before the kill is not.
    project.ok(&["plan", "-out=b.plan", "-var", "name=two"]);
    let mut command = project.command(&["apply", "-auto-approve", "-var", "name=three"]);
    command.env("PROV_CRASH_AT", "1");
    assert_eq!(command.output().unwrap().status.code(), None);
    refused(
        &emulator,
        &project,
        "b.plan",
        "an interrupted run has left work open",
    );
}

/// Instances of one block are saved as what they differ in, from one to the next and with a fresh start now and then.
#[test]
fn a_plan_of_many_instances_is_shown_as_it_was_made() {
    let (_emulator, project) = start();
    let block = |input: &str| {
        format!("resource \"terraform_data\" \"many\" {{\n  count = 1100\n  input = {input}\n}}\n")
    };
    project.write(
        "main.tf",
        &block("{ n = count.index, odd = count.index % 2 == 1 ? \"odd\" : null }"),
    );
    let both = || {
        let made = project.ok(&["plan", "-full", "-out=a.plan"]);
        let shown = project.ok(&["show", "a.plan"]);
        let changes = |text: &str| {
            let lines = text
                .lines()
                .filter(|line| line.starts_with("      +") || line.contains("->"));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let (made, first) = (changes(&made), changes(&shown));
        assert!(made.starts_with(&first) && !first.is_empty(), "{shown}");
        let shown = project.ok(&["show", "-json", "a.plan"]);
        let shown: Json = serde_json::from_str(&shown).unwrap();
        shown["resource_changes"].as_array().unwrap().clone()
    };
    let created = both();
    assert_eq!(created.len(), 1100);
    for (at, change) in created.iter().enumerate() {
        let after = &change["change"]["after"]["input"];
        let n = change["index"].as_u64().unwrap();
        assert_eq!(after["n"], n, "{at}: {change}");
        assert_eq!(after["odd"].is_string(), n % 2 == 1, "{at}: {change}");
    }
    project.ok(&["apply", "a.plan"]);
    project.write("main.tf", &block("{ n = count.index, odd = count.index == 1050 ? \"new\" : count.index % 2 == 1 ? \"odd\" : null }"));
    let updated = both();
    let actions = |change: &&Json| change["change"]["actions"][0] == "update";
    assert_eq!(updated.iter().filter(actions).count(), 1);
    let done = project.ok(&["apply", "a.plan"]);
    assert!(done.contains("0 added, 1 changed, 0 destroyed"), "{done}");
}
