//! Launch templates take no client token: what a lost answer did is found by name, and by reading.

use serde_json::{Value as Json, json};

use crate::support::server::{Emulator, Project};

const APPLY: &[&str] = &["apply", "-auto-approve", "-no-color"];

const NEW: &str = r#"
resource "alicloud_ecs_launch_template" "it" {
  launch_template_name          = "it"
  description                   = "at first"
  update_default_version_number = true
  template_tags                 = { team = "web" }
}
"#;

fn begun(main: &str) -> (Emulator, Project) {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, main);
    (emulator, project)
}

fn templates(emulator: &Emulator) -> Vec<Json> {
    let world = emulator.world();
    world["launch_templates"].as_array().unwrap().clone()
}

fn cut(emulator: &Emulator, action: &str, kind: &str) {
    emulator.faults(&json!({ "rules": [{ "action": action, "kind": kind, "count": 1 }] }));
}

fn settled(project: &Project) {
    let plan = project.run(&["plan", "-detailed-exitcode"]);
    assert_eq!(plan.code, Some(0), "{plan}");
}

#[test]
fn a_template_whose_answer_is_lost_is_found_in_the_same_apply() {
    let (emulator, project) = begun(NEW);
    cut(&emulator, "CreateLaunchTemplate", "cut_after");
    project.ok(APPLY);
    let made = templates(&emulator);
    assert_eq!(made.len(), 1);
    assert_eq!(made[0]["latest_version"], 1);
    assert_eq!(emulator.calls()["CreateLaunchTemplate"]["calls"], 1);
    settled(&project);
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_template_whose_answer_was_not_written_down_is_found() {
    let (emulator, project) = begun(NEW);
    let place = "created alicloud_ecs_launch_template";
    assert!(project.killed_at(APPLY, ("PROV_CRASH_BEFORE", &place)));
    let said = project.ok(APPLY);
    assert!(said.contains("was found to be it"), "{said}");
    let made = templates(&emulator);
    assert_eq!(made.len(), 1);
    assert_eq!(made[0]["latest_version"], 1);
    settled(&project);
}

#[test]
fn a_template_of_someone_else_is_left_alone() {
    let (emulator, project) = begun(NEW);
    let theirs = Project::on(&emulator, &NEW.replace("web", "other"));
    cut(&emulator, "CreateLaunchTemplate", "cut_before");
    assert_eq!(project.run(APPLY).code, Some(1));
    theirs.ok(APPLY);
    let made = templates(&emulator);
    let ran = project.run(APPLY);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.err.contains("LaunchTemplateName.Duplicated"), "{ran}");
    assert_eq!(templates(&emulator), made);
}

#[test]
fn a_version_whose_answer_is_lost_is_not_made_twice() {
    let (emulator, project) = begun(NEW);
    project.ok(APPLY);
    project.write("main.tf", &NEW.replace("at first", "later"));
    cut(&emulator, "CreateLaunchTemplateVersion", "cut_after");
    project.ok(APPLY);
    let made = templates(&emulator);
    assert_eq!(made[0]["latest_version"], 2);
    assert_eq!(made[0]["default_version"], 2);
    settled(&project);
    // One that was not made may yet be: the next run looks again.
    project.write("main.tf", &NEW.replace("at first", "last"));
    cut(&emulator, "CreateLaunchTemplateVersion", "cut_before");
    let failed = project.run(APPLY);
    assert_eq!(failed.code, Some(1), "{failed}");
    let words: Vec<&str> = failed.err.split_whitespace().collect();
    let words = words.join(" ").replace("│ ", "");
    assert!(words.contains("not known whether it was done"), "{failed}");
    project.ok(APPLY);
    assert_eq!(templates(&emulator)[0]["latest_version"], 3);
    settled(&project);
}

/// A template has at most thirty versions: the oldest makes room, once.
#[test]
fn a_version_that_made_room_is_not_missed() {
    let (emulator, project) = begun(NEW);
    project.ok(APPLY);
    for version in 2..=30 {
        project.write(
            "main.tf",
            &NEW.replace("at first", &format!("the {version}")),
        );
        project.ok(&[APPLY, &["-refresh=false"]].concat());
    }
    project.write("main.tf", &NEW.replace("at first", "last"));
    cut(&emulator, "DeleteLaunchTemplateVersion", "cut_after");
    project.ok(APPLY);
    let made = templates(&emulator);
    assert_eq!(made[0]["latest_version"], 31);
    assert_eq!(made[0]["versions"].as_array().unwrap().len(), 30);
    settled(&project);
}
