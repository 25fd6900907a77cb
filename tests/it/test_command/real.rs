//! Tests that were let out, and tests that end early.

use serde_json::json;

use crate::support::server::{Emulator, Project, until};

const VPC: &str = "resource \"alicloud_vpc\" \"main\" {\n  vpc_name   = \"main\"\n  cidr_block = \"10.0.0.0/16\"\n}\n";
const RUN: &str = "run \"first\" {\n  assert {\n    condition     = alicloud_vpc.main.status == \"Available\"\n    error_message = alicloud_vpc.main.status\n  }\n}\nrun \"second\" {}\n";

fn out_there() -> (Emulator, Project) {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, VPC);
    project.write("a.tftest.hcl", RUN);
    (emulator, project)
}

fn is_empty(emulator: &Emulator) -> bool {
    let world = emulator.world();
    world["vpcs"].as_array().is_none_or(Vec::is_empty)
}

#[test]
fn only_the_flag_lets_tests_out_and_they_clear_up_there() {
    let (emulator, project) = out_there();
    let _ = project.ok(&["test"]);
    assert_eq!(emulator.calls(), json!({}));
    let said = project.ok(&["test", "-real"]);
    assert!(said.contains("Success! 2 passed"), "{said}");
    assert_eq!(emulator.calls()["CreateVpc"]["calls"], 1);
    assert_eq!(emulator.calls()["DeleteVpc"]["calls"], 1);
    assert!(is_empty(&emulator));
}

#[test]
fn what_cannot_be_destroyed_there_is_written_down_and_can_be_destroyed_later() {
    let (emulator, project) = out_there();
    emulator.faults(&json!({ "rules": [
        { "action": "DeleteVpc", "kind": "error_before", "status": 403, "code": "Forbidden.RAM" },
    ]}));
    let ran = project.run(&["test", "-real"]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.err.contains("  - alicloud_vpc.main"), "{ran}");
    let kept: Vec<String> = std::fs::read_dir(project.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("errored_test_"))
        .collect();
    assert_eq!(kept.len(), 1, "{ran}");
    emulator.faults(&json!({}));
    assert!(!is_empty(&emulator));
    let state = format!("-state={}", kept[0]);
    let _ = project.ok(&["destroy", "-auto-approve", &state]);
    assert!(is_empty(&emulator));
}

#[test]
fn control_c_ends_the_run_and_what_there_is_is_destroyed() {
    let (emulator, project) = out_there();
    let waiting = "resource \"terraform_data\" \"wait\" {\n  depends_on = [alicloud_vpc.main]\n  provisioner \"local-exec\" {\n    command = \"touch started; while [ ! -e go ]; do sleep 0.02; done\"\n  }\n}\nresource \"terraform_data\" \"after\" {\n  depends_on = [terraform_data.wait]\n}\n";
    project.write("more.tf", waiting);
    let child = project.start(&["test", "-real"]);
    until("the run waits", || project.file("started").exists());
    child.signal("INT");
    until("it is heard", || {
        child.said().contains("Interrupt received")
    });
    project.write("go", "");
    let ran = child.ended();
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.out.contains("  run \"second\"... skip"), "{ran}");
    assert!(is_empty(&emulator), "{ran}");
}
