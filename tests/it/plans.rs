//! Plans that go beyond one block: what the cloud changed, what failed half-way, what another run left. What
//! Terraform's builtin provider can show was compared with Terraform 1.11.

use prov::cloud::Product;
use serde_json::{Value as Json, json};

use crate::support::{
    cloud::Cloud,
    project::{Project, Ran},
};

/// A `terraform_data` block.
fn data(name: &str, body: &str) -> String {
    format!("resource \"terraform_data\" \"{name}\" {{\n{body}\n}}\n")
}

/// Each change that does something: address and actions.
fn actions(project: &Project, arguments: &str) -> Vec<(String, String)> {
    let plan = project.plan_json(arguments);
    let changes = plan["resource_changes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let words = |change: &Json| {
        let words = change["change"]["actions"].as_array().unwrap().iter();
        words
            .map(|word| word.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    changes
        .iter()
        .map(|change| {
            (
                change["address"].as_str().unwrap().to_owned(),
                words(change),
            )
        })
        .filter(|(_, words)| words != "no-op")
        .collect()
}

#[track_caller]
fn plans(project: &Project, arguments: &str, wanted: &[(&str, &str)]) {
    let found = actions(project, arguments);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(found, wanted);
}

/// The order in which these lines appear in what was said.
#[track_caller]
fn in_order(said: &Ran, lines: &[&str]) {
    let mut rest = said.stdout.as_str();
    for line in lines {
        let at = rest
            .find(line)
            .unwrap_or_else(|| panic!("no {line:?} at its place in\n{said}"));
        rest = &rest[at + line.len()..];
    }
}

#[test]
fn the_wrong_repetition_is_replaced() {
    let project = Project::with(&data("a", "count = 2\ninput = 1"));
    project.apply();
    project.write(
        "main.tf",
        &data("a", "for_each = toset([\"x\"])\ninput = 1"),
    );
    plans(
        &project,
        "",
        &[
            ("terraform_data.a[0]", "delete"),
            ("terraform_data.a[1]", "delete"),
            ("terraform_data.a[\"x\"]", "create"),
        ],
    );
    project
        .prov("plan -no-color")
        .says(&["(because resource does not use count)"]);
    project.apply();
    project.settled();
}

#[test]
fn depends_on_orders_creation_and_destruction() {
    let text = data("b", "input = 2\ndepends_on = [terraform_data.a]") + &data("a", "input = 1");
    let project = Project::with(&text);
    let said = project.apply();
    in_order(
        &said,
        &[
            "terraform_data.a: Creation complete",
            "terraform_data.b: Creating",
        ],
    );
    let said = project.prov("destroy -auto-approve -no-color").ok();
    in_order(
        &said,
        &[
            "terraform_data.b: Destruction complete",
            "terraform_data.a: Destroying",
        ],
    );
}

/// The successor fails; the object that was moved aside comes back, or stays known as deposed.
#[test]
fn create_before_destroy_survives_a_failure() {
    let cloud = Cloud::instant();
    let text = |range: &str| {
        cloud.provider()
            + &format!(
                r#"
resource "alicloud_vpc" "a" {{
  cidr_block = "10.0.0.0/8"
}}
resource "alicloud_vswitch" "it" {{
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "{range}"
  zone_id    = "cn-hangzhou-h"
  lifecycle {{
    create_before_destroy = true
  }}
}}
"#
            )
    };
    let project = Project::with(&text("10.1.0.0/16"));
    project.apply();
    let old = project.attributes("alicloud_vswitch", "it", 0)["id"].clone();
    // Overlaps the one that it is to replace, which the cloud alone knows.
    project.write("main.tf", &text("10.1.0.0/24"));
    let said = project.prov("apply -auto-approve -no-color");
    assert_eq!(said.code, 1, "{said}");
    assert_eq!(project.attributes("alicloud_vswitch", "it", 0)["id"], old);
    assert_eq!(cloud.world()["vswitches"].as_array().unwrap().len(), 1);
    project.write("main.tf", &text("10.2.0.0/16"));
    let said = project.apply();
    in_order(
        &said,
        &[
            "alicloud_vswitch.it: Creation complete",
            "Destruction complete",
        ],
    );
    project.settled();
    assert_eq!(cloud.world()["vswitches"].as_array().unwrap().len(), 1);
}

/// The old object cannot be destroyed: it is kept as deposed, and the next apply destroys it.
#[test]
fn what_could_not_be_destroyed_is_deposed() {
    let cloud = Cloud::instant();
    let text = |isp: &str| {
        cloud.provider()
            + &format!(
                "resource \"alicloud_vpc\" \"it\" {{\n  user_cidrs = [\"{isp}\"]\n  cidr_block = \"10.0.0.0/8\"\n  \
                 timeouts {{\n    delete = \"1s\"\n  }}\n  lifecycle {{\n    create_before_destroy = true\n  }}\n}}\n"
            )
    };
    let project = Project::with(&text("192.168.0.0/16"));
    project.apply();
    let old = project.attributes("alicloud_vpc", "it", 0)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let asked = [
        ("VpcId", old.as_str()),
        ("CidrBlock", "10.1.0.0/16"),
        ("ZoneId", "cn-hangzhou-h"),
    ];
    let made = cloud.console(Product::Vpc, "CreateVSwitch", &asked);
    project.write("main.tf", &text("192.168.0.0/17"));
    let said = project.prov("apply -auto-approve -no-color");
    assert_eq!(said.code, 1, "{said}");
    assert_eq!(cloud.world()["vpcs"].as_array().unwrap().len(), 2);
    let said = project.prov("plan -no-color").ok();
    assert!(said.stdout.contains("(deposed object"), "{said}");
    let vswitch = made["VSwitchId"].as_str().unwrap();
    cloud.console(Product::Vpc, "DeleteVSwitch", &[("VSwitchId", vswitch)]);
    project.apply();
    project.settled();
    assert_eq!(cloud.world()["vpcs"].as_array().unwrap().len(), 1);
}

#[test]
fn ignored_changes_are_ignored_until_the_object_is_replaced() {
    let ignoring = |input: &str, trigger: u32, what: &str| {
        data(
            "a",
            &format!(
                "input = {input}\ntriggers_replace = {trigger}\nlifecycle {{\n  ignore_changes = {what}\n}}"
            ),
        )
    };
    let project = Project::with(&ignoring("1", 1, "[input]"));
    project.apply();
    for what in ["[input]", "all"] {
        project.write("main.tf", &ignoring("2", 1, what));
        project.settled();
    }
    // A new object has nothing that could be kept.
    project.write("main.tf", &ignoring("2", 2, "[input]"));
    plans(&project, "", &[("terraform_data.a", "delete create")]);
    project.apply();
    assert_eq!(
        project.attributes("terraform_data", "a", 0)["input"]["value"],
        2
    );
    project.write("main.tf", &ignoring("3", 3, "all"));
    project.settled();
    project
        .prov("apply -auto-approve -replace=terraform_data.a")
        .ok();
    assert_eq!(
        project.attributes("terraform_data", "a", 0)["input"]["value"],
        3
    );
    project.settled();
}

#[test]
fn a_tag_can_be_ignored_by_its_key() {
    let cloud = Cloud::instant();
    let text = |tags: &str| {
        cloud.provider()
            + &format!(
                "resource \"alicloud_vpc\" \"it\" {{\n  cidr_block = \"10.0.0.0/8\"\n  tags = {tags}\n  lifecycle {{\n    \
                 ignore_changes = [tags[\"owner\"]]\n  }}\n}}\n"
            )
    };
    let project = Project::with(&text("{ a = \"1\" }"));
    project.apply();
    let id = project.attributes("alicloud_vpc", "it", 0)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let asked = [
        ("ResourceType", "VPC"),
        ("ResourceId.1", id.as_str()),
        ("Tag.1.Key", "owner"),
        ("Tag.1.Value", "somebody"),
    ];
    cloud.console(Product::Vpc, "TagResources", &asked);
    project.settled();
    project.write("main.tf", &text("{ a = \"2\" }"));
    plans(&project, "", &[("alicloud_vpc.it", "update")]);
    project.apply();
    assert_eq!(
        cloud.world()["vpcs"][0]["tags"],
        json!({ "a": "2", "owner": "somebody" })
    );
    project.settled();
}

const CHAIN: &str = r#"
resource "terraform_data" "a" {
  input = 1
}

resource "terraform_data" "b" {
  count = 2
  input = terraform_data.a.output
}

resource "terraform_data" "c" {
  input = 3
}

"#;

#[test]
fn a_replacement_on_request() {
    let project = Project::with(CHAIN);
    project.apply();
    plans(
        &project,
        "-replace=terraform_data.b[0]",
        &[("terraform_data.b[0]", "delete create")],
    );
    let both = [
        ("terraform_data.a", "delete create"),
        ("terraform_data.b[0]", "update"),
        ("terraform_data.b[1]", "update"),
    ];
    plans(&project, "-replace=terraform_data.a", &both);
    project
        .prov("plan -no-color -replace=terraform_data.a")
        .says(&["will be replaced, as requested"]);
    project
        .prov("plan -replace=terraform_data.b")
        .fails(&["terraform_data.b"]);
}

fn vpc(cloud: &Cloud, more: &str) -> String {
    cloud.provider()
        + &format!(
            "resource \"alicloud_vpc\" \"it\" {{\n  cidr_block = \"10.0.0.0/8\"\n  {more}\n}}\n"
        )
}

#[test]
fn refreshing_can_be_left_out_and_can_be_all_there_is() {
    let cloud = Cloud::instant();
    let project = Project::with(&vpc(&cloud, "description = \"mine\""));
    project.apply();
    let id = project.attributes("alicloud_vpc", "it", 0)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    cloud.console(
        Product::Vpc,
        "ModifyVpcAttribute",
        &[("VpcId", &id), ("Description", "theirs")],
    );
    let before = cloud.calls();
    plans(&project, "-refresh=false", &[]);
    assert!(
        cloud.since(&before).is_empty(),
        "{:?}",
        cloud.since(&before)
    );
    plans(&project, "", &[("alicloud_vpc.it", "update")]);
    let said = project.prov("plan -no-color -refresh-only -detailed-exitcode");
    assert_eq!(said.code, 2, "{said}");
    said.says(&["# alicloud_vpc.it has changed", "\"mine\" -> \"theirs\""]);
    project.prov("apply -auto-approve -refresh-only").ok();
    assert_eq!(
        project.attributes("alicloud_vpc", "it", 0)["description"],
        "theirs"
    );
    assert_eq!(cloud.world()["vpcs"][0]["description"], "theirs");
    let said = project.prov("plan -no-color -refresh-only -detailed-exitcode");
    assert_eq!(said.code, 0, "{said}");
    project.apply();
    assert_eq!(cloud.world()["vpcs"][0]["description"], "mine");
    project
        .prov("plan -refresh-only -refresh=false")
        .fails(&["cannot be used together"]);
}

#[test]
fn conditions_are_checked_as_soon_as_they_can_be() {
    let text = |before: bool, want: u32| {
        data(
            "a",
            &format!(
                "input = 1\nlifecycle {{\n  precondition {{\n    condition = {before} && path.module != \"\"\n    error_message = \"too early\"\n  }}\n  \
                 postcondition {{\n    condition = self.output == {want}\n    error_message = \"got ${{self.output}}\"\n  }}\n}}"
            ),
        ) + &data("b", "input = terraform_data.a.output")
    };
    let project = Project::with(&text(false, 1));
    project
        .prov("plan -no-color")
        .fails(&["Resource precondition failed", "too early"]);
    // The output is known only after the creation: what depends on it is not made.
    project.write("main.tf", &text(true, 2));
    project.prov("plan -no-color").ok();
    project
        .prov("apply -auto-approve -no-color")
        .fails(&["Resource postcondition failed", "got 1"]);
    let state = project.state();
    assert_eq!(state["resources"].as_array().unwrap().len(), 1, "{state:#}");
    project
        .prov("plan -no-color")
        .fails(&["Resource postcondition failed"]);
    project.write("main.tf", &text(true, 1));
    project.apply();
    project.settled();
    // To destroy, nothing has to hold.
    project.write("main.tf", &text(false, 2));
    project.prov("destroy -auto-approve -no-color").ok();
}

#[test]
fn what_terraform_tainted_is_replaced() {
    let project = Project::with(&data("a", "input = 1"));
    let state = json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l-1", "outputs": {},
        "resources": [{
            "mode": "managed", "type": "terraform_data", "name": "a",
            "provider": "provider[\"terraform.io/builtin/terraform\"]",
            "instances": [
                { "status": "tainted", "schema_version": 0, "sensitive_attributes": [], "attributes": {
                    "id": "one", "input": { "value": 1, "type": "number" },
                    "output": { "value": 1, "type": "number" }, "triggers_replace": null } },
                { "deposed": "0a1b2c3d", "schema_version": 0, "sensitive_attributes": [], "attributes": {
                    "id": "two", "input": { "value": 1, "type": "number" },
                    "output": { "value": 1, "type": "number" }, "triggers_replace": null } },
            ],
        }],
        "check_results": null,
    });
    project.write("terraform.tfstate", &state.to_string());
    project.prov("plan -no-color").ok().says(&[
        "# terraform_data.a is tainted, so must be replaced",
        "# terraform_data.a (deposed object 0a1b2c3d) will be destroyed",
        "Plan: 1 to add, 0 to change, 2 to destroy.",
    ]);
    project.apply();
    project.settled();
    let state = project.state();
    let instances = state["resources"][0]["instances"].as_array().unwrap();
    assert_eq!(instances.len(), 1);
    assert_eq!(instances[0]["status"], Json::Null);
}

#[test]
fn a_data_source_waits_for_what_it_depends_on() {
    let cloud = Cloud::instant();
    let text = cloud.provider()
        + "resource \"terraform_data\" \"family\" {\n  input = \"ecs.g7\"\n}\n\
           data \"alicloud_instance_types\" \"it\" {\n  instance_type_family = terraform_data.family.output\n}\n\
           data \"alicloud_zones\" \"it\" {\n  depends_on = [terraform_data.family]\n}\n\
           resource \"terraform_data\" \"types\" {\n  input = data.alicloud_instance_types.it.ids\n}\n";
    let project = Project::with(&text);
    project.prov("plan -no-color").ok().says(&[
        "# data.alicloud_instance_types.it will be read during apply",
        "# (config refers to values not yet known)",
        "# data.alicloud_zones.it will be read during apply",
        "# (depends on a resource or a module with changes pending)",
    ]);
    let said = project.apply();
    in_order(
        &said,
        &[
            "terraform_data.family: Creation complete",
            "data.alicloud_instance_types.it: Read complete",
            "terraform_data.types: Creating",
        ],
    );
    project.settled();
    let ids = &project.attributes("terraform_data", "types", 0)["input"]["value"];
    assert!(
        ids.as_array()
            .unwrap()
            .iter()
            .all(|id| id.as_str().unwrap().starts_with("ecs.g7."))
    );
}

#[test]
fn an_import_block_takes_over_what_exists_and_changes_it() {
    let cloud = Cloud::instant();
    let made = cloud.console(
        Product::Vpc,
        "CreateVpc",
        &[("CidrBlock", "10.0.0.0/8"), ("VpcName", "theirs")],
    );
    let id = made["VpcId"].as_str().unwrap();
    let import = |id: &str| format!("import {{\n  to = alicloud_vpc.it\n  id = \"{id}\"\n}}\n");
    let project = Project::with(&(vpc(&cloud, "vpc_name = \"mine\"") + &import("vpc-none")));
    project.prov("plan -no-color").fails(&["vpc-none"]);
    project.write(
        "main.tf",
        &(vpc(&cloud, "vpc_name = \"mine\"") + &import(id)),
    );
    plans(&project, "", &[("alicloud_vpc.it", "update")]);
    project
        .prov("plan -no-color")
        .says(&["1 to import, 0 to add, 1 to change, 0 to destroy"]);
    project
        .apply()
        .says(&["Resources: 1 imported, 0 added, 1 changed, 0 destroyed."]);
    assert_eq!(project.attributes("alicloud_vpc", "it", 0)["id"], id);
    assert_eq!(cloud.world()["vpcs"][0]["name"], "mine");
    project.settled();
}

#[test]
fn another_image_makes_another_instance_where_the_provider_says_so() {
    let cloud = Cloud::instant();
    let text = |image: &str, feature: &str| {
        cloud.provider().replace(
            "provider \"alicloud\" {\n",
            &format!("provider \"alicloud\" {{\n{feature}\n"),
        ) + &format!(
            r#"
resource "alicloud_vpc" "it" {{
  cidr_block = "10.0.0.0/8"
}}
resource "alicloud_vswitch" "it" {{
  vpc_id     = alicloud_vpc.it.id
  cidr_block = "10.1.0.0/16"
  zone_id    = "cn-hangzhou-h"
}}
resource "alicloud_security_group" "it" {{
  vpc_id = alicloud_vpc.it.id
}}
resource "alicloud_instance" "it" {{
  image_id        = "{image}"
  instance_type   = "ecs.g7.large"
  vswitch_id      = alicloud_vswitch.it.id
  security_groups = [alicloud_security_group.it.id]
}}
"#
        )
    };
    let (old, new) = (
        "aliyun_3_x64_20G_alibase_20240819.vhd",
        "ubuntu_22_04_x64_20G_alibase_20240926.vhd",
    );
    let project = Project::with(&text(old, ""));
    project.apply();
    project.write("main.tf", &text(new, ""));
    plans(&project, "", &[("alicloud_instance.it", "update")]);
    project.write(
        "main.tf",
        &text(
            new,
            "features {\n  ecs_instance {\n    replace_on_image_update = true\n  }\n}",
        ),
    );
    plans(&project, "", &[("alicloud_instance.it", "delete create")]);
    project
        .prov("plan -no-color")
        .says(&["# forces replacement"]);
    project.apply();
    project.settled();
}

/// What Terraform refuses, prov refuses by the same name.
#[test]
fn wrong_repetitions_are_refused() {
    let one = data("b", "input = 1");
    for (text, summary) in [
        (data("a", "count = -1"), "Invalid count argument"),
        (data("a", "count = null"), "Invalid count argument"),
        (data("a", "count = \"x\""), "Incorrect value type"),
        (
            one.clone() + &data("a", "count = terraform_data.b.output"),
            "Invalid count argument",
        ),
        (data("a", "for_each = [\"a\"]"), "Invalid for_each argument"),
        (data("a", "for_each = null"), "Invalid for_each argument"),
        (
            one.clone() + &data("a", "for_each = toset([terraform_data.b.output])"),
            "Invalid for_each argument",
        ),
        (
            data("a", "count = 1") + &data("b", "input = terraform_data.a[3].id"),
            "Invalid index",
        ),
        (
            data("a", "for_each = toset([\"x\"])")
                + &data("b", "input = terraform_data.a[\"y\"].id"),
            "Invalid index",
        ),
        (
            data("a", "count = 1") + &data("b", "input = terraform_data.a.id"),
            "Missing resource instance key",
        ),
        (
            data("a", "") + &data("b", "input = terraform_data.a[0].id"),
            "Unexpected resource instance key",
        ),
        (
            data("a", "count = 1\ninput = each.key"),
            "Reference to \"each\" in context without for_each",
        ),
        (
            data("a", "input = count.index"),
            "Reference to \"count\" in non-counted context",
        ),
    ] {
        Project::with(&text)
            .prov("plan -no-color")
            .fails(&[summary]);
    }
}

/// As Terraform 1.11 shows it: moved objects are changes, though nothing is done to them.
#[test]
fn adding_or_removing_count_moves_the_instance() {
    let project = Project::with(&(data("a", "input = 1") + &data("b", "input = 1")));
    project.apply();
    let counted = data("a", "count = 1\ninput = 1") + &data("b", "count = 1\ninput = 2");
    project.write("main.tf", &counted);
    let said = project.prov("plan -no-color -detailed-exitcode");
    assert_eq!(said.code, 2, "{said}");
    said.says(&[
        "  # terraform_data.a has moved to terraform_data.a[0]\n    resource \"terraform_data\" \"a\" {\n        id     = \"",
        "        # (2 unchanged attributes hidden)\n",
        "  # terraform_data.b[0] will be updated in-place\n  # (moved from terraform_data.b)\n",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
    let plan = project.plan_json("");
    assert_eq!(plan["applyable"], true);
    for (at, name) in ["a", "b"].iter().enumerate() {
        let change = &plan["resource_changes"][at];
        assert_eq!(change["previous_address"], format!("terraform_data.{name}"));
        assert_eq!(change["address"], format!("terraform_data.{name}[0]"));
    }
    project
        .prov("apply -no-color the.plan")
        .ok()
        .says(&["Apply complete! Resources: 0 added, 1 changed, 0 destroyed."]);
    project.settled();

    // Nothing but moves: still a plan, and it says how many it is about.
    project.write(
        "main.tf",
        &(data("a", "input = 1") + &data("b", "input = 2")),
    );
    let said = project.prov("plan -no-color -detailed-exitcode");
    assert_eq!(said.code, 2, "{said}");
    assert!(!said.stdout.contains("following symbols"), "{said}");
    said.says(&[
        "  # terraform_data.b[0] has moved to terraform_data.b\n",
        "Plan: 0 to add, 0 to change, 0 to destroy.",
    ]);
    let events = project.prov("plan -json").ok();
    assert!(
        events
            .stdout
            .contains("\"@message\":\"terraform_data.b: Plan to move\""),
        "{events}"
    );
    project.prov("plan -out=the.plan").ok();
    project.prov("apply -no-color the.plan").ok();
    project.settled();
    assert!(project.attributes("terraform_data", "a", 0)["id"].is_string());
    let shown = project.prov("state list").ok();
    assert_eq!(shown.stdout, "terraform_data.a\nterraform_data.b\n");
}

/// A disk that is full is told, however well the rest went.
#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let project = Project::with(&data("a", "input = 1"));
    for arguments in ["plan", "plan -json", "version", "plan -help", "validate"] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let ran = project.writing_to(full, arguments);
        assert_eq!(ran.code, 1, "{arguments}\n{ran}");
        assert!(
            ran.stderr.contains("Could not write the output"),
            "{arguments}\n{ran}"
        );
    }
}

#[test]
fn help_writes_flags_with_one_dash() {
    let project = Project::new();
    for arguments in ["-help", "plan -help", "apply --help", "state mv -help"] {
        let help = project.prov(arguments).ok().stdout;
        assert!(help.contains("-help"), "{help}");
        assert!(!help.contains("--"), "{arguments}\n{help}");
    }
    project
        .prov("plan -help")
        .ok()
        .says(&["  -detailed-exitcode", "-out <FILE>"]);
}

/// What only the apply knows is known then, and is one value for all that name it.
#[test]
fn the_clock_answers_when_the_plan_is_carried_out() {
    let project = Project::with(
        &("locals {\n  now = timestamp()\n}\n".to_owned()
            + &data("a", "input = local.now")
            + &data("b", "input = [uuid(), uuid()]")
            + "output \"same\" {\n  value = terraform_data.a.output == local.now\n}\n"),
    );
    project
        .prov("plan -no-color")
        .ok()
        .says(&["+ input  = (known after apply)"]);
    project.apply().says(&["same = true"]);
    let then = project.attributes("terraform_data", "a", 0)["input"]["value"].clone();
    then.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let ids = project.attributes("terraform_data", "b", 0)["input"]["value"].clone();
    assert_ne!(ids[0], ids[1]);
}
