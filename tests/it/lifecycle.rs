//! What a plan decides about instances: counts and keys, replacement and its order, what is left alone,
//! what is chosen. The reasons are Terraform's words; the cases were compared with Terraform 1.11.

use serde_json::Value as Json;

use crate::support::project::Project;

/// Plans, and returns what is to be done: address, actions, and the reason if there is one.
#[track_caller]
fn changes(project: &Project, arguments: &str) -> Vec<String> {
    let plan = project.plan_json(arguments);
    let all = plan["resource_changes"].as_array().unwrap();
    let line = |change: &Json| {
        let actions: Vec<&str> = change["change"]["actions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Json::as_str)
            .collect();
        let reason = change["action_reason"]
            .as_str()
            .map_or(String::new(), |it| format!(" {it}"));
        format!(
            "{} {}{reason}",
            change["address"].as_str().unwrap(),
            actions.join(",")
        )
    };
    let busy = |line: &String| !line.contains(" no-op");
    all.iter().map(line).filter(busy).collect()
}

/// The order in which an apply said that something was done.
fn done(text: &str) -> Vec<String> {
    let ended = |line: &&str| line.contains(" complete after ");
    let short = |line: &str| line.split(" complete after ").next().unwrap().to_owned();
    text.lines().filter(ended).map(short).collect()
}

#[test]
fn fewer_instances_are_destroyed_and_the_rest_stays() {
    let text = |count: usize, keys: &str| {
        format!(
            "resource \"terraform_data\" \"c\" {{\n  count = {count}\n  input = count.index\n}}\nresource \"terraform_data\" \"k\" {{\n  for_each = toset([{keys}])\n  input = each.key\n}}\n"
        )
    };
    let project = Project::with(&text(3, "\"a\", \"b\""));
    project.apply();
    project.write("main.tf", &text(1, "\"b\", \"c\""));
    assert_eq!(
        changes(&project, ""),
        [
            "terraform_data.c[1] delete delete_because_count_index",
            "terraform_data.c[2] delete delete_because_count_index",
            "terraform_data.k[\"a\"] delete delete_because_each_key",
            "terraform_data.k[\"c\"] create",
        ]
    );
    project.write("main.tf", &text(0, ""));
    project
        .apply()
        .says(&["Resources: 0 added, 0 changed, 5 destroyed."]);
    project.settled();
}

#[test]
fn adding_and_taking_away_count_moves_the_instance() {
    let project = Project::with("resource \"terraform_data\" \"a\" {\n  input = 1\n}\n");
    project.apply();
    let id = project.attributes("terraform_data", "a", 0)["id"].clone();
    project.write(
        "main.tf",
        "resource \"terraform_data\" \"a\" {\n  count = 2\n  input = 1\n}\n",
    );
    assert_eq!(changes(&project, ""), ["terraform_data.a[1] create"]);
    project.apply();
    assert_eq!(project.attributes("terraform_data", "a", 0)["id"], id);
    project.write(
        "main.tf",
        "resource \"terraform_data\" \"a\" {\n  input = 1\n}\n",
    );
    assert_eq!(
        changes(&project, ""),
        ["terraform_data.a[1] delete delete_because_wrong_repetition"]
    );
    project.apply();
    assert_eq!(project.attributes("terraform_data", "a", 0)["id"], id);
    project.settled();
}

#[test]
fn a_replacement_is_made_first_where_the_block_says_so_and_for_what_it_needs() {
    let text = |trigger: u8| {
        format!(
            "resource \"terraform_data\" \"below\" {{\n  triggers_replace = [{trigger}]\n}}\nresource \"terraform_data\" \"above\" {{\n  input = 1\n  triggers_replace = [terraform_data.below.id]\n  lifecycle {{\n    create_before_destroy = true\n  }}\n}}\n"
        )
    };
    let project = Project::with(&text(1));
    project.apply();
    project.write("main.tf", &text(2));
    assert_eq!(
        changes(&project, ""),
        [
            "terraform_data.above create,delete replace_because_cannot_update",
            "terraform_data.below create,delete replace_because_cannot_update",
        ]
    );
    let applied = project.apply();
    assert_eq!(
        done(&applied.stdout),
        [
            "terraform_data.below: Creation",
            "terraform_data.above: Creation",
            "terraform_data.above: Destruction",
            "terraform_data.below: Destruction",
        ]
    );
    project.settled();
}

#[test]
fn a_replacement_is_destroyed_first_otherwise() {
    let text = |trigger: u8| {
        format!(
            "resource \"terraform_data\" \"below\" {{\n  triggers_replace = [{trigger}]\n}}\nresource \"terraform_data\" \"above\" {{\n  triggers_replace = [terraform_data.below.id]\n}}\n"
        )
    };
    let project = Project::with(&text(1));
    project.apply();
    project.write("main.tf", &text(2));
    let applied = project.apply();
    assert_eq!(
        done(&applied.stdout),
        [
            "terraform_data.above: Destruction",
            "terraform_data.below: Destruction",
            "terraform_data.below: Creation",
            "terraform_data.above: Creation",
        ]
    );
    project.settled();
}

#[test]
fn what_is_protected_is_not_destroyed() {
    let block = "resource \"terraform_data\" \"a\" {\n  triggers_replace = [TRIGGER]\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n";
    let project = Project::with(&block.replace("TRIGGER", "1"));
    project.apply();
    project.prov("destroy -auto-approve").fails(&[
        "Instance cannot be destroyed",
        "on main.tf line 4",
        "terraform_data.a has lifecycle.prevent_destroy set",
    ]);
    project.write("main.tf", &block.replace("TRIGGER", "2"));
    project.prov("plan").fails(&[
        "Instance cannot be destroyed",
        "because of triggers_replace",
    ]);
    // Without its block it is no longer protected, as in Terraform.
    project.write("main.tf", "");
    assert_eq!(
        changes(&project, ""),
        ["terraform_data.a delete delete_because_no_resource_config"]
    );
}

#[test]
fn what_is_ignored_stays() {
    let text = |ignored: &str, input: &str| {
        format!(
            "resource \"terraform_data\" \"a\" {{\n  input = {input}\n  lifecycle {{\n    ignore_changes = {ignored}\n  }}\n}}\n"
        )
    };
    let project = Project::with(&text("[input]", "{ a = 1, b = 2 }"));
    project.apply();
    project.write("main.tf", &text("[input]", "{ a = 9, b = 9 }"));
    assert_eq!(changes(&project, ""), [""; 0]);
    project.write("main.tf", &text("all", "{ a = 9, b = 9 }"));
    assert_eq!(changes(&project, ""), [""; 0]);
    project.write("main.tf", &text("[input.a]", "{ a = 9, b = 3 }"));
    project.apply();
    let input = &project.attributes("terraform_data", "a", 0)["input"]["value"];
    assert_eq!((&input["a"], &input["b"]), (&Json::from(1), &Json::from(3)));
}

#[test]
fn a_trigger_is_the_very_instance_or_attribute_that_is_named() {
    let text = |count: usize, first: u8, other: u8| {
        format!(
            "resource \"terraform_data\" \"t\" {{\n  count = {count}\n  input = count.index == 0 ? {first} : {other}\n}}\nresource \"terraform_data\" \"one\" {{\n  lifecycle {{\n    replace_triggered_by = [terraform_data.t[0]]\n  }}\n}}\nresource \"terraform_data\" \"each\" {{\n  count = 2\n  lifecycle {{\n    replace_triggered_by = [terraform_data.t[count.index].input]\n  }}\n}}\nresource \"terraform_data\" \"any\" {{\n  lifecycle {{\n    replace_triggered_by = [terraform_data.t]\n  }}\n}}\n"
        )
    };
    let project = Project::with(&text(3, 1, 1));
    project.apply();
    // Destroying one triggers nothing.
    project.write("main.tf", &text(2, 1, 1));
    assert_eq!(
        changes(&project, ""),
        ["terraform_data.t[2] delete delete_because_count_index"]
    );
    project.apply();
    project.write("main.tf", &text(2, 1, 2));
    assert_eq!(
        changes(&project, ""),
        [
            "terraform_data.any delete,create replace_by_triggers",
            "terraform_data.each[1] delete,create replace_by_triggers",
            "terraform_data.t[1] update",
        ]
    );
    project.apply();
    project.settled();
}

#[test]
fn targets_take_what_they_need_with_them_and_nothing_else() {
    let project = Project::with(
        "resource \"terraform_data\" \"base\" {\n  count = 2\n  input = count.index\n}\nresource \"terraform_data\" \"top\" {\n  input = terraform_data.base[*].id\n}\nresource \"terraform_data\" \"aside\" {}\noutput \"o\" {\n  value = 1\n}\n",
    );
    assert_eq!(
        changes(&project, "-target=terraform_data.top"),
        [
            "terraform_data.base[0] create",
            "terraform_data.base[1] create",
            "terraform_data.top create"
        ]
    );
    assert_eq!(
        changes(&project, "-target=terraform_data.base[1]"),
        ["terraform_data.base[1] create"]
    );
    project.apply();
    assert_eq!(
        changes(&project, "-replace=terraform_data.base[0]"),
        [
            "terraform_data.base[0] delete,create replace_by_request",
            "terraform_data.top update"
        ]
    );
    assert_eq!(
        changes(&project, "-destroy -target=terraform_data.base[0]"),
        ["terraform_data.base[0] delete", "terraform_data.top delete"]
    );
    project
        .prov("destroy -auto-approve -target=terraform_data.aside")
        .ok()
        .says(&["Destroy complete! Resources: 1 destroyed."]);
    // What the outputs were before a part was destroyed, they still are.
    assert_eq!(project.prov("output -raw o").ok().stdout, "1");
}

#[test]
fn conditions_stop_what_depends_on_them() {
    let project = Project::with(
        "variable \"n\" {\n  type    = number\n  default = 1\n}\nresource \"terraform_data\" \"a\" {\n  input = var.n\n  lifecycle {\n    precondition {\n      condition     = var.n < 5\n      error_message = \"n is too large: ${var.n}.\"\n    }\n    postcondition {\n      condition     = self.output != 4\n      error_message = \"Four came out.\"\n    }\n  }\n}\nresource \"terraform_data\" \"b\" {\n  input = terraform_data.a.output\n}\n",
    );
    project.prov("plan -var n=9").fails(&[
        "Resource precondition failed",
        "n is too large: 9.",
        "on main.tf line 9",
    ]);
    let failed = project
        .prov("apply -auto-approve -var n=4")
        .fails(&["Resource postcondition failed", "Four came out."]);
    failed.says(&["terraform_data.b"]);
    project.apply();
    project.settled();
}

#[test]
fn outputs_change_and_go() {
    let project = Project::with(
        "output \"a\" {\n  value = [1, \"x\"]\n}\noutput \"s\" {\n  value     = \"hidden\"\n  sensitive = true\n}\n",
    );
    project.apply().says(&["s = <sensitive>"]);
    project.settled();
    project.write("main.tf", "output \"a\" {\n  value = [1, \"y\"]\n}\n");
    let plan = project.prov("plan -detailed-exitcode -no-color");
    assert_eq!(plan.code, 2, "{plan}");
    project.apply();
    assert_eq!(
        project
            .prov("output -json")
            .ok()
            .stdout
            .matches("value")
            .count(),
        1
    );
    project.settled();
}

#[test]
fn data_that_depends_on_a_change_is_read_when_the_change_is_made() {
    let project = Project::with(
        "provider \"alicloud\" {\n  endpoint = \"emulator\"\n}\nresource \"terraform_data\" \"a\" {\n  input = 1\n}\ndata \"alicloud_zones\" \"z\" {\n  depends_on = [terraform_data.a]\n}\noutput \"zones\" {\n  value = length(data.alicloud_zones.z.ids) > 0\n}\n",
    );
    assert_eq!(
        changes(&project, ""),
        [
            "data.alicloud_zones.z read read_because_dependency_pending",
            "terraform_data.a create",
        ]
    );
    project.apply().says(&["zones = true"]);
    project.settled();
}

#[test]
fn what_changed_elsewhere_is_told_and_taken_over_by_refresh_only() {
    let text = "provider \"alicloud\" {\n  endpoint = \"emulator\"\n}\nresource \"alicloud_vpc\" \"main\" {\n  vpc_name   = \"NAME\"\n  cidr_block = \"10.0.0.0/16\"\n}\n";
    let project = Project::with(&text.replace("NAME", "first"));
    project.apply();
    let id = project.attributes("alicloud_vpc", "main", 0)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    // Another state renames it.
    let other = Project::with(&text.replace("NAME", "second")).with_variable(
        "PROV_EMULATOR",
        &project.path().join(".prov/emulator").display().to_string(),
    );
    other.run(["import", "alicloud_vpc.main", &id]).ok();
    other.apply();
    project
        .prov("plan -no-color -refresh=false -detailed-exitcode")
        .ok();
    assert_eq!(changes(&project, ""), ["alicloud_vpc.main update"]);
    project.prov("plan -no-color -refresh-only").ok().says(&[
        "Note: Objects have changed outside of",
        "\"first\" -> \"second\"",
    ]);
    project.prov("apply -auto-approve -refresh-only").ok();
    assert_eq!(
        project.attributes("alicloud_vpc", "main", 0)["vpc_name"],
        "second"
    );
}
