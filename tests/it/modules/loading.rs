//! Loading what module calls call, and holding the calls against it.

use crate::support::project::Project;

const CHILD: &str = "variable \"name\" {}\nvariable \"size\" {\n  default = 1\n}\noutput \"it\" {\n  value = var.name\n}\n";

#[test]
fn calls_are_held_against_the_variables() {
    let project = Project::of(&[
        (
            "main.tf",
            "module \"a\" {\n  source = \"./m\"\n  name   = \"x\"\n}\nmodule \"b\" {\n  source = \"./m\"\n  sise   = 2\n}\n",
        ),
        ("m/main.tf", CHILD),
    ]);
    project.prov("validate -no-color").fails(&[
        "Unsupported argument",
        "The module has no variable \"sise\".",
        "Did you mean \"size\"?",
        "Missing required argument",
        "The module needs the argument \"name\".",
        "main.tf line 5",
        "declared here, without a default",
    ]);
}

#[test]
fn every_language_writes_the_same_call() {
    for (name, call) in [
        (
            "main.tf",
            "module \"a\" {\n  source = \"./m\"\n  nme    = \"x\"\n}\n",
        ),
        (
            "main.tf.json",
            r#"{"module": {"a": {"source": "./m", "nme": "x"}}}"#,
        ),
        (
            "main.prov.yaml",
            "module:\n  a:\n    source: ./m\n    nme: x\n",
        ),
    ] {
        let project = Project::of(&[
            (name, call),
            ("m/main.prov.yaml", "variable:\n  name: {}\n"),
        ]);
        project.prov("validate -no-color").fails(&[
            "The module has no variable \"nme\".",
            "Did you mean \"name\"?",
            "The module needs the argument \"name\".",
        ]);
    }
}

#[test]
fn an_override_changes_a_call() {
    let call = "module \"a\" {\n  source = \"./nowhere\"\n  name   = \"x\"\n}\n";
    let project = Project::of(&[
        ("main.tf", call),
        (
            "main_override.tf",
            "module \"a\" {\n  source = \"./m\"\n}\n",
        ),
        ("m/main.tf", CHILD),
    ]);
    project.prov("validate -no-color").ok();
    project.write(
        "main_override.tf",
        "module \"b\" {\n  source = \"./m\"\n}\n",
    );
    project
        .prov("validate -no-color")
        .fails(&["Missing module call to override"]);
}

#[test]
fn what_is_wrong_inside_is_told_once_and_where() {
    let mut calls = String::new();
    for name in ["a", "b", "c"] {
        calls += &format!("module \"{name}\" {{\n  source = \"./m\"\n}}\n");
    }
    let project = Project::of(&[
        ("main.tf", &calls),
        (
            "m/main.tf",
            "resource \"terraform_data\" \"x\" {\n  count = 1\n  for_each = {}\n}\n",
        ),
    ]);
    let ran = project
        .prov("validate -no-color")
        .fails(&["m/main.tf line 3"]);
    assert_eq!(
        ran.stderr
            .matches("Invalid combination of \"count\" and \"for_each\"")
            .count(),
        1,
        "{ran}"
    );
}

#[test]
fn what_is_not_there_is_named() {
    let project = Project::of(&[
        ("main.tf", "module \"a\" {\n  source = \"./m\"\n}\n"),
        ("m/main.tf", "module \"b\" {\n  source = \"../n\"\n}\n"),
    ]);
    project.prov("validate -no-color").fails(&[
        "Unreadable module directory",
        "There is no directory n.",
        "m/main.tf line 2",
    ]);
    std::fs::create_dir(project.path().join("n")).unwrap();
    project.prov("validate -no-color").fails(&[
        "No configuration files",
        "The directory n has no manifests.",
    ]);
}

#[test]
fn a_module_does_not_call_itself() {
    let project = Project::of(&[
        ("main.tf", "module \"a\" {\n  source = \"./m\"\n}\n"),
        ("m/main.tf", "module \"b\" {\n  source = \"../n\"\n}\n"),
        ("n/main.tf", "module \"c\" {\n  source = \"../m\"\n}\n"),
    ]);
    project.prov("validate -no-color").fails(&[
        "Module calls itself",
        "The module calls itself: m → n → m.",
        "n/main.tf line 2",
    ]);
    project.write("main.tf", "module \"a\" {\n  source = \"./\"\n}\n");
    project
        .prov("validate -no-color")
        .fails(&["The module calls itself: . → .."]);
}

#[test]
fn depth_has_an_end() {
    let project = Project::new();
    for depth in 0..60 {
        let directory = project.path().join("m/".repeat(depth));
        std::fs::create_dir_all(&directory).unwrap();
        let call = "module \"m\" {\n  source = \"./m\"\n}\n";
        std::fs::write(directory.join("main.tf"), call).unwrap();
    }
    project
        .prov("validate -no-color")
        .fails(&["Modules nested too deep", "nested more than 50 deep"]);
}

#[test]
fn many_calls_of_one_directory_read_it_once() {
    let mut calls = String::new();
    for at in 0..1000 {
        calls += &format!("module \"m{at}\" {{\n  source = \"./m\"\n}}\n");
    }
    let mut child = String::new();
    for at in 0..200 {
        child += &format!("resource \"terraform_data\" \"r{at}\" {{}}\n");
    }
    let project = Project::of(&[("main.tf", &calls), ("m/main.tf", &child)]);
    use prov::{
        manifest,
        model::{Diagnostics, Sources},
    };
    let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
    let mut module = manifest::load(project.path(), &[], &mut sources, &mut diags);
    let installed = project.path().join(".terraform/modules");
    manifest::modules::load(&mut module, &installed, &mut sources, &mut diags);
    assert!(diags.is_empty(), "{diags:?}");
    assert_eq!(sources.iter().count(), 2);
    assert_eq!(module.children.len(), 1000);
    let first = &module.children["m0"];
    assert!(
        module
            .children
            .values()
            .all(|child| std::sync::Arc::ptr_eq(child, first))
    );
}

#[test]
fn what_counts_in_the_root_only_is_told() {
    let project = Project::of(&[
        ("main.tf", "module \"a\" {\n  source = \"./m\"\n}\n"),
        (
            "m/main.tf",
            "terraform {\n  required_version = \">= 1.0\"\n  backend \"local\" {}\n}\nprovider \"alicloud\" {}\n",
        ),
    ]);
    project.prov("validate -no-color").ok().warns(&[
        "Backend configuration ignored",
        "Redundant empty provider block",
    ]);
    project.write(
        "m/main.tf",
        "terraform {\n  required_version = \">= 9.0\"\n}\nimport {\n  to = terraform_data.x\n  id = \"i\"\n}\nresource \"terraform_data\" \"x\" {}\n",
    );
    project.prov("validate -no-color").fails(&[
        "Unsupported Terraform Core version",
        "m/main.tf line 2",
        "Invalid import configuration",
    ]);
}

#[test]
fn providers_are_handed_in_as_the_module_says() {
    let child = "terraform {\n  required_providers {\n    alicloud = {\n      source = \"aliyun/alicloud\"\n      configuration_aliases = [alicloud.far]\n    }\n  }\n}\n";
    let root = |call: &str| {
        format!(
            "provider \"alicloud\" {{\n  region = \"cn-hangzhou\"\n}}\nprovider \"alicloud\" {{\n  alias  = \"b\"\n  region = \"cn-beijing\"\n}}\nmodule \"a\" {{\n  source = \"./m\"\n{call}}}\n"
        )
    };
    let project = Project::of(&[("main.tf", &root("")), ("m/main.tf", child)]);
    project.prov("validate -no-color").fails(&[
        "Missing required provider configuration",
        "The module a needs the provider alicloud.far.",
        "Pass one: providers = { alicloud.far = alicloud }.",
    ]);
    project.write(
        "main.tf",
        &root("  providers = {\n    alicloud.far = alicloud.b\n  }\n"),
    );
    project.prov("validate -no-color").ok();
    project.write(
        "main.tf",
        &root(
            "  providers = {\n    alicloud.far  = alicloud.c\n    alicloud.near = alicloud\n  }\n",
        ),
    );
    project.prov("validate -no-color").fails(&[
        "There is no provider alicloud.c here.",
        "The module has no provider alicloud.near.",
        "configuration_aliases = [alicloud.near]",
    ]);
    project.remove("main.tf");
    project.write(
        "main.prov.yaml",
        "provider:\n  alicloud:\n  - region: cn-hangzhou\n  - region: cn-beijing\n    alias: b\nmodule:\n  a:\n    source: ./m\n    providers:\n      alicloud.far: alicloud.b\n",
    );
    project.prov("validate -no-color").ok();
}

#[test]
fn a_module_with_a_provider_of_its_own_has_one_instance() {
    let child = "provider \"alicloud\" {\n  region = \"cn-beijing\"\n}\n";
    let project = Project::of(&[
        ("main.tf", "module \"a\" {\n  source = \"./m\"\n}\n"),
        ("m/main.tf", "module \"b\" {\n  source = \"../n\"\n}\n"),
        ("n/main.tf", child),
    ]);
    project.prov("validate -no-color").ok();
    for argument in [
        "count      = 2",
        "for_each   = {}",
        "depends_on = [terraform_data.x]",
    ] {
        let call = format!(
            "module \"a\" {{\n  source     = \"./m\"\n  {argument}\n}}\nresource \"terraform_data\" \"x\" {{}}\n"
        );
        project.write("main.tf", &call);
        project.prov("validate -no-color").fails(&[
            "Module is incompatible with count, for_each, and depends_on",
            "on n/main.tf line 1",
        ]);
    }
    project.write(
        "m/main.tf",
        "module \"b\" {\n  source = \"../n\"\n  providers = {\n    alicloud = alicloud\n  }\n}\n",
    );
    project.write("main.tf", "module \"a\" {\n  source = \"./m\"\n}\n");
    project
        .prov("validate -no-color")
        .fails(&["Cannot override provider configuration"]);
}
