//! `state push`, `taint` and `untaint`: the state changed by hand.

use crate::support::project::Project;

const MANIFEST: &str =
    "resource \"terraform_data\" \"a\" {}\nresource \"terraform_data\" \"n\" {\n  count = 2\n}\n";

fn applied() -> Project {
    let project = Project::with(MANIFEST);
    project.apply();
    project
}

#[test]
fn a_tainted_object_is_replaced_and_an_untainted_one_is_not() {
    let project = applied();
    let tainted = project.prov("taint terraform_data.n[0]").ok().stdout;
    assert_eq!(
        tainted,
        "Resource instance terraform_data.n[0] has been marked as tainted.\n"
    );
    project
        .prov("plan -no-color")
        .ok()
        .says(&["terraform_data.n[0] is tainted, so must be replaced"]);
    let untainted = project.prov("untaint terraform_data.n[0]").ok().stdout;
    assert_eq!(
        untainted,
        "Resource instance terraform_data.n[0] has been successfully untainted.\n"
    );
    project.settled();
    project
        .prov("untaint terraform_data.n[0]")
        .fails(&["Resource instance is not tainted"]);
}

#[test]
fn tainting_twice_writes_once() {
    let project = applied();
    project.prov("taint terraform_data.a").ok();
    let before = project.read("terraform.tfstate");
    project.prov("taint terraform_data.a").ok();
    assert_eq!(project.read("terraform.tfstate"), before);
}

#[test]
fn what_is_not_there_cannot_be_tainted() {
    let project = applied();
    for (address, said) in [
        ("terraform_data.n", "No such resource instance"),
        ("terraform_data.b", "Did you mean terraform_data.a?"),
        ("data.x.y", "cannot be tainted"),
        ("nonsense", "Invalid address"),
    ] {
        project.prov(&format!("taint {address}")).fails(&[said]);
    }
    for command in ["taint", "untaint"] {
        let ran = project.prov(&format!("{command} -allow-missing terraform_data.b"));
        assert!(ran.ok().stderr.contains("No such resource instance"));
    }
    // The lock has been given back.
    project.apply();
}

#[test]
fn a_pulled_state_can_be_pushed_back() {
    let project = applied();
    let pulled = project.prov("state pull").ok().stdout;
    project.write("pulled.tfstate", &pulled);
    project.prov("state rm terraform_data.a").ok();
    project
        .prov("state push pulled.tfstate")
        .fails(&["the stored state is newer", "-force"]);
    project.prov("state push -force pulled.tfstate").ok();
    project.settled();
    let serial = project.state()["serial"].as_u64();
    project.prov("state push -force pulled.tfstate").ok();
    assert_eq!(project.state()["serial"].as_u64(), serial);
}

#[test]
fn a_newer_serial_stays() {
    let project = applied();
    let mut state = project.state();
    state["serial"] = 40.into();
    state["resources"].as_array_mut().unwrap().pop();
    project.write("newer.tfstate", &state.to_string());
    project.prov("state push newer.tfstate").ok();
    assert_eq!(project.state()["serial"], 40);
    assert_eq!(project.prov("state list").ok().stdout, "terraform_data.a\n");
}

#[test]
fn a_state_of_another_project_is_refused() {
    let project = applied();
    let other = applied();
    project.write("other.tfstate", &other.read("terraform.tfstate"));
    project
        .prov("state push other.tfstate")
        .fails(&["different projects", "-force"]);
    project.prov("state push -force other.tfstate").ok();
    assert_eq!(project.state()["lineage"], other.state()["lineage"]);
}

#[test]
fn what_is_no_state_is_not_pushed() {
    let project = applied();
    let before = project.read("terraform.tfstate");
    project.write("bad.tfstate", "nonsense");
    for file in ["bad.tfstate", "missing.tfstate"] {
        project
            .prov(&format!("state push {file}"))
            .fails(&["Error reading the source state", file]);
    }
    assert_eq!(project.read("terraform.tfstate"), before);
}

#[test]
fn a_state_of_terraforms_is_pushed_into_an_empty_directory() {
    let project = Project::with(MANIFEST);
    let golden = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/state/golden/terraform-1.11.4-values.tfstate"
    );
    project.prov(&format!("state push {golden}")).ok();
    project
        .prov("state list")
        .ok()
        .says(&["terraform_data.values"]);
}
