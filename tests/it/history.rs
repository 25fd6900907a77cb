//! Blocks about what was and what should hold: `moved`, `removed`, `check`. What is planned was compared with
//! Terraform 1.11.

use serde_json::{Value as Json, json};

use crate::support::{cloud::Cloud, project::Project};

const FIRST: &str = r#"
resource "terraform_data" "a" {
  input = 1
}

resource "terraform_data" "many" {
  for_each = toset(["x", "y"])
  input    = each.key
}
"#;

/// A project whose first configuration is applied, with another one in its place.
fn then(text: &str) -> Project {
    let project = Project::with(FIRST);
    project.apply();
    project.write("main.tf", text);
    project
}

/// What is planned: address, previous address, actions, reason.
fn planned(project: &Project) -> Json {
    let plan = project.plan_json("");
    let changes = plan["resource_changes"].as_array().unwrap();
    changes
        .iter()
        .map(|one| {
            json!([
                one["address"],
                one["previous_address"],
                one["change"]["actions"],
                one["action_reason"]
            ])
        })
        .collect()
}

fn moved(from: &str, to: &str) -> String {
    format!("moved {{\n  from = {from}\n  to   = {to}\n}}\n")
}

#[test]
fn resources_and_instances_move() {
    let text = r#"
resource "terraform_data" "b" {
  input = 1
}

resource "terraform_data" "more" {
  for_each = toset(["x", "y"])
  input    = each.key
}
"#;
    let project = then(
        &(text.to_owned()
            + &moved("terraform_data.a", "terraform_data.b")
            + &moved("terraform_data.many", "terraform_data.more")),
    );
    let before = project.state();
    assert_eq!(
        planned(&project),
        json!([
            ["terraform_data.b", "terraform_data.a", ["no-op"], null],
            [
                "terraform_data.more[\"x\"]",
                "terraform_data.many[\"x\"]",
                ["no-op"],
                null
            ],
            [
                "terraform_data.more[\"y\"]",
                "terraform_data.many[\"y\"]",
                ["no-op"],
                null
            ],
        ])
    );
    let said = project.prov("plan -detailed-exitcode -no-color");
    assert_eq!(said.code, 2, "{said}");
    said.says(&[
        "# terraform_data.a has moved to terraform_data.b",
        "Plan: 0 to add, 0 to change, 0 to destroy.",
    ]);
    project.apply();
    project.settled();
    let ids = |state: &Json| {
        let mut ids: Vec<String> = state["resources"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|one| one["instances"].as_array().unwrap())
            .map(|one| one["attributes"]["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&project.state()), ids(&before));
}

#[test]
fn moves_follow_each_other_whatever_their_order() {
    let text = "resource \"terraform_data\" \"b\" {\n  input = 1\n}\n".to_owned()
        + &moved("terraform_data.many[\"x\"]", "terraform_data.b")
        + &moved("terraform_data.c", "terraform_data.d[0]")
        + &moved("terraform_data.a", "terraform_data.c");
    let project = then(&text);
    assert_eq!(
        planned(&project),
        json!([
            [
                "terraform_data.b",
                "terraform_data.many[\"x\"]",
                ["update"],
                null
            ],
            [
                "terraform_data.d[0]",
                "terraform_data.a",
                ["delete"],
                "delete_because_no_move_target"
            ],
            [
                "terraform_data.many[\"y\"]",
                null,
                ["delete"],
                "delete_because_no_resource_config"
            ],
        ])
    );
    project.prov("plan -no-color").says(&[
        "# (because terraform_data.a was moved to terraform_data.d[0], which is not in configuration)",
        "# (moved from terraform_data.many[\"x\"])",
    ]);
    project.apply();
    project.settled();
}

#[test]
fn what_is_in_the_way_stays() {
    let text = "resource \"terraform_data\" \"a\" {\n  input = 1\n}\n".to_owned()
        + &moved("terraform_data.many[\"x\"]", "terraform_data.a");
    then(&text)
        .prov("plan -no-color")
        .ok()
        .says(&["Plan: 0 to add, 0 to change, 2 to destroy."])
        .warns(&[
            "Warning: Unresolved resource instance address changes",
            "terraform_data.many[\"x\"] could not move to terraform_data.a",
        ]);
}

#[test]
fn moves_that_contradict_are_refused() {
    let cases = [
        (
            FIRST.to_owned() + &moved("terraform_data.a", "terraform_data.b"),
            "Error: Moved object still exists",
            "main.tf line 10",
        ),
        (
            FIRST.to_owned() + &moved("terraform_data.many[\"x\"]", "terraform_data.b"),
            "Error: Moved object still exists",
            "Declare it as terraform_data.b",
        ),
        (
            moved("terraform_data.a", "terraform_data.a"),
            "Error: Redundant move statement",
            "main.tf line 1",
        ),
        (
            moved("terraform_data.a", "terraform_data.b")
                + &moved("terraform_data.a", "terraform_data.c"),
            "Error: Ambiguous move statements",
            "main.tf line 5",
        ),
        (
            moved("terraform_data.a", "terraform_data.c")
                + &moved("terraform_data.b", "terraform_data.c"),
            "Error: Ambiguous move statements",
            "main.tf line 5",
        ),
        (
            moved("terraform_data.a", "terraform_data.b")
                + &moved("terraform_data.b", "terraform_data.a"),
            "Error: Cyclic dependency in move statements",
            "remove one of the blocks",
        ),
        (
            moved("terraform_data.a", "alicloud_vpc.a"),
            "Error: Resource type mismatch",
            "main.tf line 1",
        ),
        (
            moved("var.x", "terraform_data.a"),
            "Error: Invalid address",
            "main.tf line 2, column 10",
        ),
        (
            moved("terraform_data.a[count.index]", "terraform_data.b"),
            "Error: Invalid expression",
            "main.tf line 2, column 10",
        ),
        (
            "moved {\n  to = terraform_data.a\n}\n".to_owned(),
            "Error: Missing required argument",
            "\"from\" is required",
        ),
    ];
    for (text, summary, more) in cases {
        let said = then(&text).prov("plan -no-color");
        assert_eq!(said.code, 1, "{text}\n{said}");
        said.fails(&[summary, more]);
    }
}

#[test]
fn a_target_has_to_cover_what_moves() {
    let text = "resource \"terraform_data\" \"b\" {\n  input = 1\n}\n\
                resource \"terraform_data\" \"z\" {\n  input = 2\n}\n"
        .to_owned()
        + &moved("terraform_data.a", "terraform_data.b");
    let project = then(&text);
    project
        .prov("plan -no-color -target=terraform_data.z")
        .fails(&[
            "Error: Moved resource instances excluded by targeting",
            "-target=terraform_data.b",
        ]);
    project
        .prov("plan -no-color -target=terraform_data.b")
        .ok()
        .says(&["terraform_data.a has moved to terraform_data.b"]);
}

/// An older name of a type is left behind without touching the object, and what needs the object still does.
#[test]
fn an_object_moves_to_the_new_name_of_its_type() {
    let cloud = Cloud::instant();
    let manifest = |kind: &str, name: &str, more: &str| {
        format!(
            "{}
resource \"{kind}\" \"{name}\" {{
  zone_id  = \"cn-hangzhou-h\"
  category = \"cloud_essd\"
  size     = 20
}}

resource \"terraform_data\" \"user\" {{
  input = {kind}.{name}.id
}}
{more}",
            cloud.provider()
        )
    };
    let project = Project::with(&manifest("alicloud_disk", "old", ""));
    project.apply();
    let world = cloud.world();
    let more = moved("alicloud_disk.old", "alicloud_ecs_disk.new");
    project.write("main.tf", &manifest("alicloud_ecs_disk", "new", &more));
    project.prov("plan -no-color").ok().says(&[
        "# alicloud_disk.old has moved to alicloud_ecs_disk.new",
        "Plan: 0 to add, 0 to change, 0 to destroy.",
    ]);
    project.apply();
    project.settled();
    assert_eq!(cloud.world(), world);
    // The configuration no longer says what needed what: the state does.
    project.write("main.tf", &cloud.provider());
    let said = project.apply().stdout;
    let at = |text: &str| {
        said.find(text)
            .unwrap_or_else(|| panic!("{text} in {said}"))
    };
    assert!(
        at("terraform_data.user: Destruction complete") < at("alicloud_ecs_disk.new: Destroying"),
        "{said}"
    );
}

#[test]
fn what_is_removed_is_forgotten_or_destroyed() {
    let kept = "resource \"terraform_data\" \"a\" {\n  input = 1\n}\n\
                removed {\n  from = terraform_data.many\n  lifecycle {\n    destroy = false\n  }\n}\n";
    let project = then(kept);
    assert_eq!(
        planned(&project),
        json!([
            ["terraform_data.a", null, ["no-op"], null],
            [
                "terraform_data.many[\"x\"]",
                null,
                ["forget"],
                "delete_because_no_resource_config"
            ],
            [
                "terraform_data.many[\"y\"]",
                null,
                ["forget"],
                "delete_because_no_resource_config"
            ],
        ])
    );
    let said = project.prov("plan -detailed-exitcode -no-color");
    assert_eq!(said.code, 2, "{said}");
    said.says(&[
        "# terraform_data.many[\"x\"] will no longer be managed by prov, but will not be destroyed",
    ])
    .warns(&["Warning: Some objects will no longer be managed by prov"]);
    project.apply().says(&["0 destroyed, 2 forgotten"]);
    project.settled();
    assert_eq!(project.prov("state list").ok().stdout, "terraform_data.a\n");

    let gone =
        "removed {\n  from = terraform_data.many\n}\nremoved {\n  from = terraform_data.a\n}\n";
    then(gone)
        .prov("plan -no-color")
        .ok()
        .says(&["Plan: 0 to add, 0 to change, 3 to destroy."]);
    let there = FIRST.to_owned() + "removed {\n  from = terraform_data.a\n}\n";
    then(&there).prov("plan -no-color").fails(&[
        "Error: Removed resource still exists",
        "on main.tf line 2",
        "said to be removed",
    ]);
    for (from, summary) in [
        (
            "terraform_data.many[\"x\"]",
            "Resource instance keys not allowed",
        ),
        ("data.alicloud_zones.all", "Data source address not allowed"),
    ] {
        then(&format!("removed {{\n  from = {from}\n}}\n"))
            .prov("validate -no-color")
            .fails(&[summary, "main.tf line 2, column 10"]);
    }
}

/// An object that stays in the cloud is one that only the state forgets.
#[test]
fn what_is_forgotten_stays_in_the_cloud() {
    let cloud = Cloud::instant();
    let vpc = "resource \"alicloud_vpc\" \"main\" {\n  vpc_name = \"kept\"\n}\n";
    let project = Project::with(&(cloud.provider() + vpc));
    project.apply();
    let world = cloud.world();
    let removed =
        "removed {\n  from = alicloud_vpc.main\n  lifecycle {\n    destroy = false\n  }\n}\n";
    project.write("main.tf", &(cloud.provider() + removed));
    project.apply().says(&["1 forgotten"]);
    assert_eq!(cloud.world(), world);
    project.settled();
}

#[test]
fn checks_are_told_and_stop_nothing() {
    let checks = r#"
check "good" {
  assert {
    condition     = terraform_data.a.input == 1
    error_message = "Never told."
  }
}

check "bad" {
  assert {
    condition     = terraform_data.a.input == 2
    error_message = "The input is ${terraform_data.a.input}."
  }
}

check "later" {
  assert {
    condition     = terraform_data.new.output == 1
    error_message = "The output is ${terraform_data.new.output}."
  }
}

resource "terraform_data" "new" {
  input = 3
}
"#;
    let project = then(&(FIRST.to_owned() + checks));
    let said = project.prov("plan -no-color").ok().warns(&[
        "Warning: Check block assertion failed",
        "with check.bad",
        "The input is 1.",
        "Warning: Check block assertion known after apply",
        "with check.later",
    ]);
    assert!(!said.to_string().contains("Never told."), "{said}");
    project
        .apply()
        .warns(&["with check.later", "The output is 3."]);
    let said = project.prov("plan -detailed-exitcode -no-color");
    assert_eq!(said.code, 0, "{said}");
    said.warns(&["The input is 1.", "The output is 3."]);
}

#[test]
fn a_check_reads_for_itself_and_its_failure_is_a_warning() {
    let cloud = Cloud::instant();
    let check = |id: &str| {
        format!(
            "{}
check \"names\" {{
  data \"alicloud_vpcs\" \"all\" {{
    ids = [{id}]
  }}
  assert {{
    condition     = length(data.alicloud_vpcs.all.vpcs) == 1
    error_message = \"There is no such VPC.\"
  }}
}}
",
            cloud.provider()
        )
    };
    let project = Project::with(&check("\"vpc-nowhere\""));
    project
        .prov("plan -no-color")
        .ok()
        .warns(&["There is no such VPC."]);
    cloud.tell(
        "faults",
        &json!({ "rules": [{ "action": "DescribeVpcs", "kind": "error_before", "status": 403, "code": "Forbidden.RAM" }] }),
    );
    project
        .prov("plan -no-color")
        .ok()
        .warns(&["Warning: ", "with data.alicloud_vpcs.all"]);
}

#[test]
fn checks_that_say_nothing_are_refused() {
    for (text, summary) in [
        ("check \"a\" {}\n", "Error: Zero assert blocks"),
        (
            "check \"a\" {\n  assert {\n    condition = true\n  }\n}\n",
            "\"error_message\" is required",
        ),
        (
            "check \"a\" {\n  assert {\n    condition = terraform_data.no.id == 1\n    error_message = \"x\"\n  }\n}\n",
            "Error: Reference to undeclared resource",
        ),
        (
            "check \"a\" {\n  assert {\n    condition = var.x == 1\n    error_message = \"x\"\n  }\n}\n",
            "Error: Reference to undeclared input variable",
        ),
    ] {
        Project::with(text)
            .prov("validate -no-color")
            .fails(&[summary, "main.tf line "]);
    }
}

#[test]
fn yaml_has_these_blocks_too() {
    let project = Project::with(FIRST);
    project.apply();
    project.remove("main.tf");
    project.write(
        "main.prov.yaml",
        r#"
resource:
  terraform_data:
    b:
      input: 1
moved:
  - from: terraform_data.a
    to: terraform_data.b
removed:
  - from: terraform_data.many
    lifecycle:
      destroy: false
check:
  input:
    assert:
      - condition: ${terraform_data.b.input == 2}
        error_message: The input is ${terraform_data.b.input}.
"#,
    );
    project
        .prov("plan -no-color")
        .ok()
        .says(&[
            "# terraform_data.a has moved to terraform_data.b",
            "# terraform_data.many[\"x\"] will no longer be managed by prov",
        ])
        .warns(&["The input is 1."]);
    project.apply().says(&["2 forgotten"]);
    project.settled();
}
