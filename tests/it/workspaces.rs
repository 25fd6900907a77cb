//! Workspaces: several states of the same manifests.

use std::fs;

use crate::support::project::Project;

const MANIFEST: &str = "resource \"terraform_data\" \"a\" {\n  input = terraform.workspace\n}\n";

fn selected(project: &Project) -> String {
    project.prov("workspace show").ok().stdout.trim().to_owned()
}

#[test]
fn a_workspace_is_made_selected_applied_and_deleted() {
    let project = Project::with(MANIFEST);
    assert_eq!(project.prov("workspace list").ok().stdout, "* default\n\n");
    project.apply();
    project
        .prov("workspace new dev")
        .ok()
        .says(&["Created and switched to workspace \"dev\"!"]);
    assert_eq!(project.read(".terraform/environment"), "dev");
    assert_eq!(
        project.prov("workspace list").ok().stdout,
        "  default\n* dev\n\n"
    );
    assert_eq!(project.prov("plan -detailed-exitcode").code, 2);
    project.apply();
    let state = project.read("terraform.tfstate.d/dev/terraform.tfstate");
    assert!(state.contains("\"dev\"") && !state.contains("\"default\""));
    assert!(project.read("terraform.tfstate").contains("\"default\""));

    project
        .prov("workspace delete -force dev")
        .fails(&["\"dev\" is your active workspace"]);
    project
        .prov("workspace select default")
        .ok()
        .says(&["Switched to workspace \"default\"."]);
    project.settled();
    project
        .prov("workspace delete dev")
        .fails(&["not empty", "terraform_data.a", "-force"]);
    let deleted = project.prov("workspace delete -force dev").ok();
    assert!(deleted.stdout.contains("Deleted workspace \"dev\"!"));
    assert!(deleted.stderr.contains("was not empty"), "{deleted}");
    assert!(!project.path().join("terraform.tfstate.d/dev").exists());
}

#[test]
fn an_empty_workspace_goes_without_force() {
    let project = Project::with(MANIFEST);
    project.prov("workspace new a").ok();
    project.apply();
    project.prov("destroy -auto-approve").ok();
    project.prov("workspace select default").ok();
    project.prov("workspace delete a").ok();
    assert_eq!(project.prov("workspace list").ok().stdout, "* default\n\n");
}

#[test]
fn the_environment_chooses_before_the_selection() {
    let project = Project::with(MANIFEST);
    project.prov("workspace new a").ok();
    let project = project.with_variable("TF_WORKSPACE", "b");
    assert_eq!(selected(&project), "b");
    project
        .prov("workspace list")
        .ok()
        .says(&["* default", "a"].map(|it| it.trim_start_matches("* ")));
    for command in ["select a", "new c", "select -or-create d"] {
        let ran = project.prov(&format!("workspace {command}"));
        ran.fails(&["TF_WORKSPACE", "Unset TF_WORKSPACE"]);
    }
    let project = project.with_variable("TF_WORKSPACE", "../out");
    project.prov("plan").fails(&["\"../out\" is not allowed"]);
}

#[test]
fn names_that_are_wrong_or_unknown_are_refused() {
    let project = Project::with(MANIFEST);
    project.prov("workspace new dev").ok();
    for (command, said) in [
        ("new dev", "already exists"),
        ("new a/b", "is not allowed"),
        ("new ..", "is not allowed"),
        ("select dve", "Did you mean dev?"),
        ("select other", "prov workspace new other"),
        ("delete other", "doesn't exist"),
        ("delete default", "default workspace cannot be deleted"),
    ] {
        project.prov(&format!("workspace {command}")).fails(&[said]);
    }
    assert_eq!(selected(&project), "dev");
    project.prov("workspace select -or-create more").ok();
    assert_eq!(selected(&project), "more");
}

#[test]
fn a_workspace_can_begin_with_a_copy() {
    let project = Project::with(MANIFEST);
    project.apply();
    project
        .prov("workspace new copy -state=terraform.tfstate")
        .ok();
    let listed = project.prov("state list").ok().stdout;
    assert_eq!(listed, "terraform_data.a\n");
}

#[test]
fn a_backend_block_says_where_the_workspaces_are() {
    let backend = "terraform {\n  backend \"local\" {\n    path          = \"main.tfstate\"\n    workspace_dir = \"others\"\n  }\n}\n";
    let project = Project::with(&format!("{backend}{MANIFEST}"));
    project.apply();
    project.prov("workspace new dev").ok();
    project.apply();
    assert!(project.read("main.tfstate").contains("\"default\""));
    assert!(
        project
            .read("others/dev/terraform.tfstate")
            .contains("\"dev\"")
    );
}

#[test]
fn the_data_directory_can_be_elsewhere() {
    let project = Project::with(MANIFEST).with_variable("TF_DATA_DIR", "data");
    project.prov("workspace new dev").ok();
    assert_eq!(project.read("data/environment"), "dev");
    assert_eq!(selected(&project), "dev");
    let left: Vec<_> = fs::read_dir(project.path().join("data")).unwrap().collect();
    assert_eq!(left.len(), 1);
}
