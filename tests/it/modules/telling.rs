//! What of modules is told: `modules`, `providers`, and the fingerprint of a saved plan.

use crate::support::project::Project;
#[test]
fn trees_are_drawn_as_terraform_draws_them() {
    let project = Project::of(&[
        (
            "main.tf",
            "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./n\"\n}\n",
        ),
        (
            "m/main.tf",
            "resource \"terraform_data\" \"x\" {}\nmodule \"n\" {\n  source = \"../n\"\n}\n",
        ),
        ("n/main.tf", "resource \"alicloud_vpc\" \"x\" {}\n"),
    ]);
    let shown = project.prov("modules -no-color").ok().stdout;
    assert_eq!(
        shown,
        "\nModules declared by configuration:\n.\n├── \"a\"[./m]\n│   └── \"n\"[../n]\n└── \"b\"[./n]\n\n"
    );
    let json = project.prov("modules -json").ok().stdout;
    assert_eq!(
        json.trim(),
        r#"{"format_version":"1.0","modules":[{"key":"a","source":"./m","version":""},{"key":"n","source":"../n","version":""},{"key":"b","source":"./n","version":""}]}"#
    );
    project.prov("providers -no-color").ok().says(&[
        ".\n├── module.a\n│   ├── provider[terraform.io/builtin/terraform]\n│   └── module.n\n│       └── provider[registry.terraform.io/aliyun/alicloud]\n└── module.b\n    └── provider[registry.terraform.io/aliyun/alicloud]\n",
    ]);
    let empty = Project::of(&[("main.tf", "")]);
    empty
        .prov("modules")
        .ok()
        .says(&["The manifests call no modules."]);
}

/// The state of another project, with an output that is a secret.
const STATE: &str = r#"{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "0b9fb7f4-6b1c-4f4c-8a9f-3f8c1e6f0a11", "outputs": {"vpc_id": {"value": "vpc-1", "type": "string"}, "key": {"value": "hush", "type": "string", "sensitive": true}}, "resources": []}"#;

#[test]
fn the_outputs_of_another_state_are_read() {
    let data = |more: &str| {
        format!(
            "data \"terraform_remote_state\" \"net\" {{\n  backend = \"local\"\n{more}}}\noutput \"all\" {{\n  value     = data.terraform_remote_state.net.outputs\n  sensitive = true\n}}\noutput \"vpc\" {{\n  value = data.terraform_remote_state.net.outputs.vpc_id\n}}\n"
        )
    };
    let project = Project::of(&[
        (
            "main.tf",
            &data(
                "  config = {\n    path = \"other/terraform.tfstate\"\n  }\n  defaults = {\n    vpc_id = \"none\"\n    zone   = \"h\"\n  }\n",
            ),
        ),
        ("other/terraform.tfstate", STATE),
        (
            "other/spaces/blue/terraform.tfstate",
            &STATE.replace("vpc-1", "vpc-blue"),
        ),
    ]);
    let applied = project.apply();
    assert!(!applied.stdout.contains("hush"), "{applied}");
    let all = project.prov("output -json all").ok().stdout;
    assert_eq!(all.trim(), r#"{"key":"hush","vpc_id":"vpc-1","zone":"h"}"#);
    project.settled();
    project.write(
        "main.tf",
        &data("  workspace = \"blue\"\n  config = {\n    workspace_dir = \"other/spaces\"\n  }\n"),
    );
    project.apply();
    assert_eq!(project.prov("output -raw vpc").ok().stdout, "vpc-blue");
    project.write(
        "main.tf",
        &data("  config = {\n    path = \"nowhere.tfstate\"\n  }\n"),
    );
    project.prov("plan -no-color").fails(&[
        "There is no state at nowhere.tfstate",
        "data.terraform_remote_state.net",
    ]);
    project.write("main.tf", &data("").replace("\"local\"", "\"oss\""));
    project.prov("plan -no-color").fails(&["local"]);
}
