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

/// Half of the blocks need each of the others: the steps between them are as many as the blocks.
#[test]
fn a_module_that_all_depend_on_is_waited_for_at_one_gate() {
    use prov::{
        manifest,
        model::{Diagnostics, Sources, state::State},
        plan::{self, Options, Special, steps},
        provider::{builtin::Builtin, registry::Registry},
        resources,
        schema::source::TERRAFORM,
    };
    use std::{collections::BTreeMap, sync::Arc};
    const REGISTRY: Registry = Registry {
        kinds: resources::ALL,
        data: resources::DATA,
    };
    let project = Project::with("");
    let of = |more: &str| {
        let block =
            |n| format!("resource \"terraform_data\" \"r{n}\" {{\n  input = {n}\n{more}}}\n");
        (0..100).map(block).collect::<String>()
    };
    let call = "module \"m\" {\n  source = \"./m\"\n}\n";
    project.write(
        "main.tf",
        &format!("{call}{}", of("  depends_on = [module.m]\n")),
    );
    std::fs::create_dir(project.path().join("m")).unwrap();
    project.write("m/main.tf", &of(""));
    let mut diags = Diagnostics::default();
    let mut sources = Sources::default();
    let mut module = manifest::load(project.path(), &[], &mut sources, &mut diags);
    let installed = project.path().join(".prov/modules");
    manifest::modules::load(&mut module, &installed, &mut sources, &mut diags);
    let mut providers = plan::Providers::default();
    providers.insert(TERRAFORM.string, Arc::new(Builtin::new(REGISTRY)));
    let input = plan::Input {
        module: &module,
        variables: &BTreeMap::new(),
        recorded: &State::default(),
        options: &Options::default(),
        registry: REGISTRY,
        providers: &providers,
        special: Special::default(),
        digest: &|text| text.to_owned(),
        events: &|_| {},
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let planned = runtime.block_on(plan::build(&input, &mut diags)).unwrap();
    assert_eq!(planned.plan.changes.len(), 200, "{diags:?}");
    let graph = steps::steps(&planned).unwrap();
    assert!(graph.edge_count() <= 400, "{} edges", graph.edge_count());
}
