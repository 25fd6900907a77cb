//! `prov graph` draws what `terraform graph` draws: the DOT files are by Terraform 1.11.4.

use std::process::Command;

use crate::support::project::Project;

const MANIFEST: &str = include_str!("main.tf");
const RESOURCES: &str = include_str!("resources.dot");
const PLAN: &str = include_str!("plan.dot");

#[test]
fn the_graphs_are_terraforms() {
    let project = Project::with(MANIFEST);
    assert_eq!(project.prov("graph").ok().stdout, RESOURCES);
    assert_eq!(project.prov("graph -type=plan").ok().stdout, PLAN);
}

#[test]
fn the_installed_terraform_agrees() {
    let project = Project::with(MANIFEST);
    let terraform = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.args(arguments).current_dir(project.path());
        command.output().ok().filter(|it| it.status.success())
    };
    if terraform(&["init"]).is_none() {
        eprintln!("skipped: terraform is not installed");
        return;
    }
    for (arguments, dot) in [
        (&["graph"][..], RESOURCES),
        (&["graph", "-type=plan"], PLAN),
    ] {
        let output = terraform(arguments).unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), dot);
    }
}

#[test]
fn mermaid_draws_the_same_resources() {
    let manifest = "resource \"terraform_data\" \"a\" {}\nresource \"terraform_data\" \"b\" {\n  input = terraform_data.a.id\n}\n";
    let project = Project::with(manifest);
    let drawn = project.prov("graph -format=mermaid").ok().stdout;
    let expected =
        "flowchart RL\n  n0[\"terraform_data.a\"]\n  n1[\"terraform_data.b\"]\n  n1 --> n0\n";
    assert_eq!(drawn, expected);
    let refused = "-type=plan is DOT only";
    project
        .prov("graph -type=plan -format=mermaid -no-color")
        .fails(&[refused]);
}

#[test]
fn what_the_provider_block_names_is_in_the_graph() {
    let manifest = "variable \"region\" {\n  default = \"cn-hangzhou\"\n}\nprovider \"alicloud\" {\n  region = var.region\n}\nresource \"alicloud_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/8\"\n}\n";
    let project = Project::with(manifest);
    let provider = r#"[root] provider[\"registry.terraform.io/aliyun/alicloud\"]"#;
    project.prov("graph -type=plan").ok().says(&[
        &format!("\"{provider}\" -> \"[root] var.region\""),
        &format!("\"[root] alicloud_vpc.main (expand)\" -> \"{provider}\""),
    ]);
}

#[test]
fn a_cycle_is_named_and_nothing_is_drawn() {
    let manifest = "locals {\n  a = local.b\n  b = local.a\n}\n";
    let ran = Project::with(manifest).prov("graph -no-color");
    assert_eq!(ran.stdout, "");
    ran.fails(&["local.a", "local.b"]);
}

#[test]
fn a_directory_without_manifests_has_an_empty_graph() {
    let drawn = Project::new().prov("graph").ok().stdout;
    assert!(drawn.starts_with("digraph G {"), "{drawn}");
}
