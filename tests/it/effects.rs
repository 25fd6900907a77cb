//! What changes do beyond changing values: told in the plan, and denied where the user says so.

use serde_json::{Value as Json, json};

use crate::support::{
    cloud::Cloud,
    project::{Project, Ran},
};

/// An instance in its network, with further arguments.
fn instance(cloud: &Cloud, arguments: &str) -> String {
    let given = |name: &str| {
        arguments
            .lines()
            .any(|line| line.split('=').next().unwrap().trim() == name)
    };
    let defaults = [
        ("image_id", "aliyun_3_x64_20G_alibase_20240819.vhd"),
        ("instance_type", "ecs.g7.large"),
        ("system_disk_category", "cloud_essd"),
    ];
    let defaults: String = defaults
        .iter()
        .filter(|(name, _)| !given(name))
        .map(|(name, value)| format!("  {name} = \"{value}\"\n"))
        .collect();
    let vswitch = if given("vswitch_id") {
        ""
    } else {
        "  vswitch_id = alicloud_vswitch.a.id\n"
    };
    let network = r#"
resource "alicloud_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "a" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.0.0.0/24"
  zone_id    = "cn-hangzhou-h"
}

resource "alicloud_vswitch" "b" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}

resource "alicloud_security_group" "a" {
  vpc_id = alicloud_vpc.a.id
}
"#;
    cloud.provider()
        + network
        + &format!(
            "\nresource \"alicloud_instance\" \"a\" {{\n  security_groups = [alicloud_security_group.a.id]\n{vswitch}{defaults}{arguments}\n}}\n"
        )
}

fn change_of(plan: &Json, address: &str) -> Json {
    let changes = plan["resource_changes"].as_array().unwrap();
    let found = changes.iter().find(|change| change["address"] == address);
    found.unwrap().clone()
}

/// The effects of going from some arguments of an instance to others, with their causes.
#[track_caller]
fn has(project: &Project, cloud: &Cloud, arguments: &str, wanted: &Json) {
    project.write("main.tf", &instance(cloud, arguments));
    let plan = project.plan_json("");
    let change = change_of(&plan, "alicloud_instance.a");
    assert_eq!(
        change["change"]["actions"],
        json!(["update"]),
        "{arguments}\n{change:#}"
    );
    assert_eq!(change["prov_effect_causes"], *wanted, "{arguments}");
}

#[test]
fn effects_follow_the_way_of_each_value() {
    let cloud = Cloud::instant();
    let start = "  system_disk_size = 40\n  internet_max_bandwidth_out = 5\n";
    let project = Project::with(&instance(&cloud, start));
    project.apply();
    let keep = |more: &str| start.to_owned() + more;
    has(
        &project,
        &cloud,
        &keep("  instance_type = \"ecs.g7.xlarge\"\n"),
        &json!({ "restarts": ["instance_type"], "changes_billing": ["instance_type"] }),
    );
    has(
        &project,
        &cloud,
        &keep("  image_id = \"ubuntu_22_04_x64_20G_alibase_20240926.vhd\"\n"),
        &json!({ "wipes_system_disk": ["image_id"], "restarts": ["image_id"] }),
    );
    has(
        &project,
        &cloud,
        &keep("  vswitch_id = alicloud_vswitch.b.id\n  host_name = \"web-b\"\n"),
        &json!({ "restarts": ["host_name", "vswitch_id"], "changes_address": ["vswitch_id"] }),
    );
    has(
        &project,
        &cloud,
        "  system_disk_size = 60\n  internet_max_bandwidth_out = 5\n",
        &json!({ "costs": ["system_disk_size"] }),
    );
    has(
        &project,
        &cloud,
        "  system_disk_size = 40\n  internet_max_bandwidth_out = 0\n",
        &json!({ "changes_address": ["internet_max_bandwidth_out"], "saves": ["internet_max_bandwidth_out"] }),
    );
    // By traffic, the bandwidth is only a limit.
    has(
        &project,
        &cloud,
        "  system_disk_size = 40\n  internet_max_bandwidth_out = 9\n",
        &Json::Null,
    );
    has(
        &project,
        &cloud,
        &keep("  instance_charge_type = \"PrePaid\"\n  period = 1\n"),
        &json!({ "costs": ["instance_charge_type"] }),
    );
}

#[test]
fn what_is_bought_is_bought_and_a_renewal_comes_later() {
    let cloud = Cloud::instant();
    let start = "  instance_charge_type = \"PrePaid\"\n";
    let project = Project::with(&instance(&cloud, &(start.to_owned() + "  period = 1\n")));
    project.apply();
    has(
        &project,
        &cloud,
        &(start.to_owned() + "  period = 2\n"),
        &json!({ "no_effect": ["period"] }),
    );
    has(
        &project,
        &cloud,
        &(start.to_owned() + "  period = 1\n  renewal_status = \"NotRenewal\"\n"),
        &json!({ "at_renewal": ["renewal_status"] }),
    );
    project
        .prov("plan -no-color")
        .ok()
        .says(&["  # (takes effect at the next renewal: renewal_status)\n"]);
}

/// What is stopped is not started for a change.
#[test]
fn a_stopped_instance_is_not_restarted() {
    let cloud = Cloud::instant();
    let stopped = "  status = \"Stopped\"\n";
    let project = Project::with(&instance(&cloud, ""));
    project.apply();
    has(
        &project,
        &cloud,
        &(stopped.to_owned() + "  host_name = \"web-b\"\n"),
        &json!({ "stops": ["status"] }),
    );
    project.write("main.tf", &instance(&cloud, stopped));
    project.apply();
    has(
        &project,
        &cloud,
        &(stopped.to_owned() + "  instance_type = \"ecs.g7.xlarge\"\n"),
        &json!({ "changes_billing": ["instance_type"] }),
    );
}

/// Denied, told at its place, and nothing done: neither in the cloud nor to the state.
#[track_caller]
fn denied(project: &Project, cloud: &Cloud, arguments: &str, said: &[&str]) -> Ran {
    let (world, state) = (cloud.world(), project.state());
    let ran = project.prov(arguments).fails(said);
    assert_eq!(cloud.world(), world);
    assert_eq!(project.state()["resources"], state["resources"]);
    ran
}

#[test]
fn gates_stop_plan_apply_destroy_and_saved_plans() {
    let cloud = Cloud::instant();
    let project = Project::with(&instance(&cloud, ""));
    project.apply();
    project.write(
        "main.tf",
        &instance(
            &cloud,
            "  image_id = \"ubuntu_22_04_x64_20G_alibase_20240926.vhd\"\n",
        ),
    );
    let wipe = &[
        "Change denied",
        "alicloud_instance.a: the plan replaces the system disk, and what is on it is lost because of image_id, which -deny=wipe forbids.",
        "Leave image_id as it is, or take wipe out of -deny",
        "main.tf line",
    ];
    let said = denied(
        &project,
        &cloud,
        "plan -no-color -deny=wipe -out=a.plan",
        wipe,
    );
    // The plan is shown, so that one sees what was denied, and not saved.
    said.says(&["Plan: 0 to add, 1 to change, 0 to destroy."]);
    assert!(!project.path().join("a.plan").exists());
    denied(
        &project,
        &cloud,
        "apply -auto-approve -no-color -deny=wipe",
        wipe,
    );
    let both = project.prov("plan -no-color -deny=wipe,replace -deny reboot");
    let errors = both.stderr.matches("Change denied").count();
    assert_eq!(errors, 2, "{both}");
    let json = denied(&project, &cloud, "plan -json -deny=reboot", &[]);
    assert!(
        json.stdout.contains("\"summary\":\"Change denied\""),
        "{json}"
    );
    project.prov("plan -out=a.plan").ok();
    denied(&project, &cloud, "apply -no-color -deny=wipe a.plan", wipe);
    // What does not happen is not denied.
    project
        .prov("apply -no-color -deny=destroy,replace,address,billing,no-effect a.plan")
        .ok();
    denied(
        &project,
        &cloud,
        "destroy -auto-approve -no-color -deny=wipe",
        &["alicloud_instance.a: the plan deletes what is stored on it"],
    );
    denied(
        &project,
        &cloud,
        "destroy -auto-approve -no-color -deny=destroy -target=alicloud_vswitch.b",
        &["alicloud_vswitch.b: the plan destroys it, which -deny=destroy forbids."],
    );
}

#[test]
fn replacements_are_denied_by_either_gate_and_tell_what_is_lost() {
    let cloud = Cloud::instant();
    let project = Project::with(&instance(&cloud, ""));
    project.apply();
    project.write(
        "main.tf",
        &instance(&cloud, "  system_disk_category = \"cloud_efficiency\"\n"),
    );
    project
        .prov("plan -no-color")
        .ok()
        .says(&["  # (deletes what is stored on it)\n-/+ resource"]);
    for (gate, told) in [
        ("replace", "the plan replaces it"),
        ("destroy", "the plan destroys it and makes it anew"),
        ("wipe", "the plan deletes what is stored on it"),
    ] {
        let told = format!("alicloud_instance.a: {told} because of system_disk_category");
        let arguments = format!("apply -auto-approve -no-color -deny={gate}");
        denied(&project, &cloud, &arguments, &[&told]);
    }
    project
        .prov("plan -no-color -deny=wipes")
        .fails(&["\"wipes\" is no value of -deny", "did you mean wipe?"]);
}
