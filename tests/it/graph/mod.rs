//! `prov graph` draws what `terraform graph` draws: the DOT files are by Terraform 1.11.4.

use std::{fs, path::Path, process::Command};

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

/// A project that calls modules.
fn modules() -> Project {
    Project::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/graph/modules"))
}

const IN_MODULES: &[(&str, &str)] = &[
    ("graph", include_str!("modules/resources.dot")),
    ("graph -type=plan", include_str!("modules/plan.dot")),
    (
        "graph -type=plan-refresh-only",
        include_str!("modules/plan.dot"),
    ),
    ("graph -type=apply", include_str!("modules/apply.dot")),
];
const DESTROY: &str = include_str!("modules/destroy.dot");

#[test]
fn modules_are_drawn_and_gone_through() {
    let project = modules();
    for (command, dot) in IN_MODULES {
        assert_eq!(project.prov(command).ok().stdout, *dot, "{command}");
    }
}

#[test]
fn what_exists_is_destroyed_in_the_order_of_the_state() {
    let project = modules();
    let nothing = project.prov("graph -type=plan-destroy").ok().stdout;
    assert!(!nothing.contains("(destroy)"), "{nothing}");
    let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
    assert_eq!(
        project.prov("graph -type=plan-destroy").ok().stdout,
        DESTROY
    );
}

#[test]
fn the_installed_terraform_agrees_about_modules() {
    let project = modules();
    let terraform = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.args(arguments).current_dir(project.path());
        command.output().ok().filter(|it| it.status.success())
    };
    if terraform(&["init"]).is_none() {
        eprintln!("skipped: terraform is not installed");
        return;
    }
    let drawn = |command: &str| {
        let arguments: Vec<&str> = command.split(' ').collect();
        String::from_utf8(terraform(&arguments).unwrap().stdout).unwrap()
    };
    for (command, dot) in IN_MODULES {
        assert_eq!(drawn(command), *dot);
    }
    terraform(&["apply", "-auto-approve"]).unwrap();
    assert_eq!(drawn("graph -type=plan-destroy"), DESTROY);
}

#[test]
fn mermaid_and_pictures_have_the_same_resources() {
    let manifest = "resource \"terraform_data\" \"a\" {}\nresource \"terraform_data\" \"b\" {\n  input = terraform_data.a.id\n}\nmodule \"m\" {\n  source = \"./m\"\n}\n";
    let project = Project::with(manifest);
    fs::create_dir(project.path().join("m")).unwrap();
    project.write("m/main.tf", "resource \"terraform_data\" \"c\" {}\n");
    let drawn = project.prov("graph -format=mermaid").ok().stdout;
    let expected = "flowchart RL\n  n0[\"terraform_data.a\"]\n  n1[\"terraform_data.b\"]\n  subgraph m1[\"module.m\"]\n    n2[\"terraform_data.c\"]\n  end\n  n1 --> n0\n";
    assert_eq!(drawn, expected);
    project
        .prov("graph -type=plan -format=mermaid")
        .ok()
        .says(&["[\"module.m (expand)\"]", "[\"root\"]"]);
    for kind in ["", "-type=plan ", "-type=plan-destroy "] {
        let picture = project
            .prov(&format!("graph {kind}-format=svg"))
            .ok()
            .stdout;
        assert!(picture.starts_with("<?xml"), "{picture}");
        assert!(picture.trim_end().ends_with("</svg>"), "{picture}");
        assert_eq!(
            picture.contains("terraform_data.a"),
            kind != "-type=plan-destroy "
        );
    }
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

/// A dependency is a block, be its instances as many as they may: the state grows with the instances alone.
#[test]
fn instances_of_a_block_are_one_dependency() {
    let project = Project::with("");
    std::fs::create_dir(project.path().join("m")).unwrap();
    let block = |name: &str, more: &str| {
        format!("resource \"terraform_data\" \"{name}\" {{\n  count = var.number\n{more}}}\n")
    };
    let number = "variable \"number\" {}\n";
    project.write("m/main.tf", &(number.to_owned() + &block("member", "")));
    let call = "module \"m\" {\n  source = \"./m\"\n  count  = 2\n  number = var.number\n}\n";
    let user = block("user", "  depends_on = [module.m]\n");
    project.write("main.tf", &(number.to_owned() + call + &user));
    let entries = |number: usize| {
        let apply = format!("apply -auto-approve -emulator -var number={number}");
        project.prov(&apply).ok();
        let state = project.read("terraform.tfstate");
        let lines = state.lines().filter(|it| it.contains("\"dependencies\""));
        let lines: Vec<&str> = lines.collect();
        let one = "\"dependencies\":[\"module.m.terraform_data.member\"]";
        assert!(lines.iter().all(|it| it.contains(one)), "{lines:?}");
        lines.len()
    };
    assert_eq!([entries(3), entries(40)], [3, 40]);
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
        ephemeral: resources::EPHEMERAL,
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
    let graph = steps::steps(&planned);
    assert!(graph.edge_count() <= 400, "{} edges", graph.edge_count());
}

const CYCLE: &str = r#"resource "terraform_data" "a" {
  input = terraform_data.b.id
}

resource "terraform_data" "b" {
  input = terraform_data.a.id
}

resource "terraform_data" "c" {
  input = terraform_data.a.id
}
"#;

#[test]
fn cycles_are_refused_or_drawn_in_red() {
    let project = Project::with(CYCLE);
    project.prov("graph").fails(&["Cycle"]);
    project.prov("graph -draw-cycles").fails(&["Cycle"]);
    project.prov("graph -type=plan").fails(&["Cycle"]);
    let drawn = project.prov("graph -type=plan -draw-cycles").ok().stdout;
    let red: Vec<&str> = drawn.lines().filter(|it| it.contains("red")).collect();
    let edge = |from: &str, to: &str| {
        format!(
            "\t\t\"[root] terraform_data.{from} (expand)\" -> \"[root] terraform_data.{to} (expand)\" [color = \"red\", penwidth = \"2.0\"]"
        )
    };
    assert_eq!(red, [edge("a", "b"), edge("b", "a")]);
}

#[test]
fn a_saved_plan_is_drawn_with_its_objects() {
    let numbered = |count: usize, name: &str| {
        format!(
            "resource \"terraform_data\" \"a\" {{\n  count = {count}\n}}\nresource \"terraform_data\" \"{name}\" {{\n  input = terraform_data.a[0].id\n}}\n"
        )
    };
    let project = Project::with(&numbered(1, "b"));
    let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
    project.write("main.tf", &numbered(2, "c"));
    let _ = project.succeeds(["plan", "-emulator", "-out=p"]);
    let drawn = project.prov("graph -plan=p").ok().stdout;
    for node in ["a[1]", "b (destroy)", "c"] {
        let line = format!("\t\t\"[root] terraform_data.{node}\" [label = ");
        assert!(drawn.contains(&line), "{node}\n{drawn}");
    }
    // Objects of one resource do not wait for each other.
    assert!(
        !drawn.contains("a[1]\" -> \"[root] terraform_data.a["),
        "{drawn}"
    );
    // What does not change is not drawn.
    assert!(!drawn.contains("terraform_data.a[0]"), "{drawn}");
    project
        .prov("graph -plan=main.tf")
        .fails(&["Failed to read the given file", "main.tf"]);
}
