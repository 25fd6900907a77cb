//! `init -backend-config`: what completes the backend block is kept, where Terraform keeps it too.

use std::fs;

use serde_json::{Value as Json, json};

use crate::support::project::Project;

const BLOCK: &str = "terraform {\n  backend \"local\" {}\n}\n";
const DATA: &str = "resource \"terraform_data\" \"a\" {\n  input = 1\n}\n";

fn project() -> Project {
    Project::with(&format!("{BLOCK}{DATA}"))
}

#[test]
fn what_completes_the_block_is_kept_for_every_command() {
    let project = project();
    project
        .prov("init -backend-config=path=kept/here.tfstate")
        .ok();
    project.apply();
    assert!(project.path().join("kept/here.tfstate").exists());
    assert!(!project.path().join("terraform.tfstate").exists());
    project.settled();
    let listed = project.prov("state list").ok();
    assert_eq!(listed.stdout, "terraform_data.a\n");

    // As Terraform writes it.
    let written = fs::read(project.path().join(".terraform/terraform.tfstate")).unwrap();
    let written: Json = serde_json::from_slice(&written).unwrap();
    assert_eq!(written["version"], 3);
    assert_eq!(written["backend"]["type"], "local");
    assert_eq!(
        written["backend"]["config"],
        json!({ "path": "kept/here.tfstate", "workspace_dir": null })
    );

    // An init that says nothing of it changes nothing; -reconfigure forgets it.
    project.prov("init").ok();
    project.settled();
    project.prov("init -reconfigure").ok();
    assert_eq!(project.prov("plan -detailed-exitcode").code, 2);
}

#[test]
fn a_file_may_say_it_and_a_block_that_changes_is_told() {
    let project = project();
    project.write(
        "where.conf",
        "path          = \"a.tfstate\"\nworkspace_dir = \"others\"\n",
    );
    project.prov("init -backend-config=where.conf").ok();
    project.apply();
    assert!(project.path().join("a.tfstate").exists());
    project.prov("workspace new other").ok();
    project.apply();
    assert!(
        project
            .path()
            .join("others/other/terraform.tfstate")
            .exists()
    );
    project.prov("workspace select default").ok();
    let block = BLOCK.replace("{}", "{\n    path = \"b.tfstate\"\n  }");
    project.write("main.tf", &format!("{block}{DATA}"));
    let said = [
        "Backend configuration changed",
        "main.tf line 3",
        "a.tfstate",
    ];
    project.prov("plan").fails(&said);

    // What is said beside a block comes before what it says.
    project
        .prov("init -reconfigure -backend-config=path=c.tfstate")
        .ok();
    project.apply();
    assert!(project.path().join("c.tfstate").exists());
    project.prov("init -reconfigure").ok();
    project.apply();
    assert!(project.path().join("b.tfstate").exists());
}

/// A state that Terraform has put somewhere is found there, and not begun anew beside it.
#[test]
fn a_directory_that_terraform_was_initialized_in_keeps_its_state() {
    let project = project();
    let record = |kind: &str, config: Json| {
        let written = json!({
            "version": 3,
            "terraform_version": "1.11.4",
            "backend": { "type": kind, "config": config, "hash": 666_019_178 },
        });
        project.write(".terraform/terraform.tfstate", &written.to_string());
    };
    record(
        "local",
        json!({ "path": "foo.tfstate", "workspace_dir": null }),
    );
    project.apply();
    assert!(project.path().join("foo.tfstate").exists());

    // Without the block nothing says where it is.
    project.write("main.tf", DATA);
    let said = [
        "Backend initialization required",
        "foo.tfstate",
        "-reconfigure",
    ];
    project.prov("plan").fails(&said);
    record("oss", json!({ "bucket": "states" }));
    project
        .prov("plan")
        .fails(&["Backend initialization required", "\"oss\""]);
    record("local", json!({ "path": null, "workspace_dir": null }));
    assert_eq!(project.prov("plan -detailed-exitcode").code, 2);
}

#[test]
fn what_is_wrong_with_it_is_told() {
    let project = project();
    project
        .prov("init -backend-config=pth=x")
        .fails(&["Unsupported argument", "Did you mean \"path\"?"]);
    project
        .prov("init -backend-config=nowhere.conf")
        .fails(&["nowhere.conf"]);
    project.write("where.conf", "path = var.x\n");
    project
        .prov("init -backend-config=where.conf")
        .fails(&["Variables not allowed", "where.conf line 1"]);
    assert!(!project.path().join(".terraform/terraform.tfstate").exists());

    project.write(".terraform/terraform.tfstate", "{");
    project
        .prov("plan")
        .fails(&["Could not read where the state is", "-reconfigure"]);
    project.prov("init -reconfigure").ok();
    project.apply();

    project.write("main.tf", DATA);
    project
        .prov("init -backend-config=path=x")
        .fails(&["Missing backend configuration"]);
    let block = BLOCK.replace("{}", "{\n    path = \"${path.module}/x\"\n  }");
    project.write("main.tf", &format!("{block}{DATA}"));
    project
        .prov("plan")
        .fails(&["Variables not allowed", "main.tf line 3"]);
}
