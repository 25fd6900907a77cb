//! Every project in `examples/` lives its whole life, and both languages say the same.

use std::{ffi::OsStr, fs, path::PathBuf};

use crate::support::project::Project;

fn examples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples")
}

#[test]
fn every_example_is_made_stays_and_goes() {
    let all = folders("");
    assert!(all.len() >= 3);
    for folder in all {
        let project = Project::copy_of(&folder);
        let applied = project.succeeds(["apply", "-auto-approve", "-emulator"]);
        assert!(applied.stdout.contains("Apply complete!"), "{applied:?}");
        assert!(!what_exists(&project).is_empty());
        let _ = project.succeeds(["plan", "-detailed-exitcode", "-emulator"]);
        let destroyed = project.succeeds(["destroy", "-auto-approve", "-emulator"]);
        assert!(
            destroyed.stdout.contains("Destroy complete!"),
            "{destroyed:?}"
        );
        assert_eq!(project.state()["resources"], serde_json::json!([]));
        assert_eq!(project.state()["outputs"], serde_json::json!({}));
        assert_eq!(what_exists(&project), [""; 0]);
    }
}

#[test]
fn the_example_of_every_type_is_right_the_first_time() {
    for folder in ["resources", "data-sources", "ephemeral"]
        .map(folders)
        .concat()
    {
        let project = Project::copy_of(&folder);
        let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
        let _ = project.succeeds(["plan", "-detailed-exitcode", "-emulator"]);
        let _ = project.succeeds(["destroy", "-auto-approve", "-emulator"]);
        assert_eq!(what_exists(&project), [""; 0], "{}", folder.display());
    }
}

/// Returns the projects directly in a folder of `examples/`.
fn folders(within: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(examples().join(within)) else {
        return Vec::new();
    };
    let project = |path: &PathBuf| {
        let mut files = fs::read_dir(path).into_iter().flatten();
        files.any(|file| file.is_ok_and(|file| file.path().is_file()))
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(project)
        .collect();
    paths.sort();
    paths
}

/// Returns the kinds of which the project's emulator has something.
fn what_exists(project: &Project) -> Vec<String> {
    let world = project.world();
    let kinds = world.as_object().unwrap().iter();
    kinds
        .filter(|(_, objects)| !objects.as_array().unwrap().is_empty())
        .map(|(kind, _)| kind.clone())
        .collect()
}

#[test]
fn hcl_and_yaml_give_the_same_plan() {
    let shown = ["web", "web-yaml"].map(|name| {
        let project = Project::copy_of(&examples().join(name));
        let _ = project.succeeds(["plan", "-out=saved", "-emulator"]);
        let shown = project.succeeds(["show", "-json", "saved"]).stdout;
        let plan: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let timestamp = plan["timestamp"].as_str().unwrap();
        assert_eq!(plan["resource_changes"].as_array().unwrap().len(), 8);
        shown.replace(timestamp, "(now)")
    });
    assert_eq!(shown[0], shown[1]);
}

#[test]
fn what_hcl_made_yaml_finds_as_it_should_be() {
    let project = Project::copy_of(&examples().join("web"));
    let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
    let yaml = examples().join("web-yaml/web.prov.yaml");
    let arguments = ["plan", "-detailed-exitcode", "-emulator", "-f"].map(OsStr::new);
    let _ = project.succeeds(arguments.into_iter().chain([yaml.as_os_str()]));
}

#[test]
fn the_newer_signature_does_as_well() {
    let project =
        Project::copy_of(&examples().join("web")).with_variable("PROV_SIGN_VERSION", "v3");
    let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
    let project = project.with_variable("PROV_SIGN_VERSION", "v2");
    let refused = project.run(["plan", "-emulator"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("Set it to v1 or v3"), "{refused:?}");
}

#[test]
fn a_block_is_written_for_what_exists_and_the_plan_is_an_import_alone() {
    let import = "import {\n  to = alicloud_vpc.main\n  id = \"ID\"\n}\n";
    for file in ["made.tf", "made.prov.yaml"] {
        let project = Project::of(&[(
            "main.tf",
            "resource \"alicloud_vpc\" \"main\" {\n  vpc_name = \"net\"\n  cidr_block = \"10.0.0.0/16\"\n  description = \"costs $${much} %%{or} \\\"less\\\"\"\n  tags = { a = \"b\" }\n}\noutput \"id\" {\n  value = alicloud_vpc.main.id\n}\n",
        )]);
        let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
        let id = project.succeeds(["output", "-raw", "id"]).stdout;
        let _ = project.succeeds(["state", "rm", "alicloud_vpc.main"]);
        project.write("main.tf", &import.replace("ID", id.trim()));
        let flag = format!("-generate-config-out={file}");
        let planned = project.succeeds(["plan", "-emulator", &flag]);
        let summary = "1 to import, 0 to add, 0 to change, 0 to destroy";
        assert!(planned.stdout.contains(summary), "{}", planned.stdout);
        let again = project.run(["plan", "-emulator", &flag]);
        assert_eq!(again.code, 0, "nothing is lacking now: {}", again.stderr);
    }
}

#[test]
fn what_is_written_refers_to_what_is_written_with_it() {
    let manifest = "resource \"alicloud_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\nresource \"alicloud_security_group\" \"main\" {\n  vpc_id = alicloud_vpc.main.id\n}\n";
    let project = Project::of(&[("main.tf", manifest)]);
    let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
    let state = project.state();
    let imports: Vec<String> = state["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let kind = one["type"].as_str().unwrap();
            let id = &one["instances"][0]["attributes"]["id"];
            format!("import {{\n  to = {kind}.main\n  id = {id}\n}}\n")
        })
        .collect();
    project.remove("terraform.tfstate");
    project.write("main.tf", &imports.concat());
    let planned = project.succeeds(["plan", "-emulator", "-generate-config-out=made.tf"]);
    let summary = "2 to import, 0 to add, 0 to change, 0 to destroy";
    assert!(planned.stdout.contains(summary), "{}", planned.stdout);
    let written = project.read("made.tf");
    let reference = "vpc_id = alicloud_vpc.main.id";
    let words: Vec<&str> = written.split_whitespace().collect();
    assert!(words.join(" ").contains(reference), "{written}");
}
