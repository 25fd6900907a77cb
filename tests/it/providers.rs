//! `prov providers` and the schemas for programs; `prov get`.

use serde_json::{Value as Json, json};

use crate::support::project::Project;

#[test]
fn the_tree_is_terraforms() {
    let project = Project::with("resource \"terraform_data\" \"a\" {}\n");
    let head = "\nProviders required by configuration:\n.\n└── provider[terraform.io/builtin/terraform]\n\n";
    assert_eq!(project.prov("providers").ok().stdout, head);
    project.apply();
    let state = "Providers required by state:\n\n    provider[terraform.io/builtin/terraform]\n\n";
    assert_eq!(
        project.prov("providers").ok().stdout,
        format!("{head}{state}")
    );
}

#[test]
fn versions_are_shown_as_they_are_required() {
    let manifest = "terraform {\n  required_providers {\n    alicloud = {\n      source  = \"aliyun/alicloud\"\n      version = \">=1.2, ~> 1.200\"\n    }\n  }\n}\nresource \"terraform_data\" \"a\" {}\n";
    let shown = Project::with(manifest).prov("providers").ok().stdout;
    let tree = "├── provider[registry.terraform.io/aliyun/alicloud] >= 1.2, ~> 1.200\n└── provider[terraform.io/builtin/terraform]\n";
    assert!(shown.contains(tree), "{shown}");
}

fn schemas() -> Json {
    let written = Project::new().prov("providers schema -json").ok().stdout;
    serde_json::from_str(&written).unwrap()
}

#[test]
fn the_builtin_schema_is_terraforms() {
    let schemas = schemas();
    assert_eq!(schemas["format_version"], "1.0");
    let builtin = &schemas["provider_schemas"]["terraform.io/builtin/terraform"];
    let attributes = &builtin["resource_schemas"]["terraform_data"]["block"]["attributes"];
    for (name, ty, flag) in [
        ("id", "string", "computed"),
        ("input", "dynamic", "optional"),
        ("output", "dynamic", "computed"),
        ("triggers_replace", "dynamic", "optional"),
    ] {
        assert_eq!(attributes[name]["type"], ty, "{name}");
        assert_eq!(attributes[name][flag], true, "{name}");
    }
}

#[test]
fn the_schemas_say_what_the_tables_say() {
    let schemas = schemas();
    let alicloud = &schemas["provider_schemas"]["registry.terraform.io/aliyun/alicloud"];
    let block = &alicloud["resource_schemas"]["alicloud_instance"]["block"];
    assert_eq!(
        block["attributes"]["tags"]["type"],
        json!(["map", "string"])
    );
    assert_eq!(block["attributes"]["password"]["sensitive"], true);
    assert_eq!(block["block_types"]["data_disks"]["nesting_mode"], "list");
    assert_eq!(block["block_types"]["timeouts"]["nesting_mode"], "single");
    let zones = &alicloud["data_source_schemas"]["alicloud_zones"]["block"]["attributes"];
    assert_eq!(zones["zones"]["computed"], true);
    let provider = &alicloud["provider"]["block"];
    assert_eq!(provider["attributes"]["region"]["type"], "string");
    assert_eq!(provider["attributes"]["secret_key"]["sensitive"], true);
    assert_eq!(provider["block_types"]["assume_role"]["max_items"], 1);
}

#[test]
fn schemas_have_one_form_only() {
    Project::new()
        .prov("providers schema")
        .fails(&["-json option is required"]);
}

#[test]
fn get_finds_nothing_to_get() {
    assert_eq!(Project::new().prov("get -update").ok().stdout, "");
    let broken = Project::with("resource {\n");
    broken.prov("get -no-color").fails(&["main.tf line 1"]);
}
