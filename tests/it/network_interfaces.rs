//! Network interfaces as a user meets them: in clouds where states last, whose answers get lost, and with
//! what makes no sense.

use serde_json::{Value as Json, json};

use crate::support::server::{Emulator, Project};

const APPLY: &[&str] = &["apply", "-auto-approve", "-no-color"];

const NETWORK: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "a" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.1.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "a" {
  vpc_id = alicloud_vpc.a.id
}
"#;

const ATTACHED: &str = r#"
variable "active" {
  default = 0
}
resource "alicloud_instance" "a" {
  count           = 2
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type   = "ecs.g7.large"
  vswitch_id      = alicloud_vswitch.a.id
  security_groups = [alicloud_security_group.a.id]
}
resource "alicloud_ecs_network_interface" "a" {
  vswitch_id         = alicloud_vswitch.a.id
  security_group_ids = [alicloud_security_group.a.id]
}
resource "alicloud_ecs_network_interface_attachment" "a" {
  network_interface_id = alicloud_ecs_network_interface.a.id
  instance_id          = alicloud_instance.a[var.active].id
}
"#;

fn secondary(emulator: &Emulator) -> Vec<Json> {
    let world = emulator.world();
    let all = world["network_interfaces"].as_array().unwrap().clone();
    all.into_iter()
        .filter(|it| it["primary"] == false)
        .collect()
}

#[test]
fn an_address_moves_while_answers_get_lost() {
    let emulator = Emulator::start(&["-profile", "fast"]);
    let project = Project::on(&emulator, &format!("{NETWORK}{ATTACHED}"));
    let lose = |action: &str| {
        let rule = json!({ "action": action, "kind": "cut_after", "count": 1 });
        emulator.faults(&json!({ "rules": [rule] }));
    };
    lose("CreateNetworkInterface");
    project.ok(APPLY);
    assert_eq!(secondary(&emulator).len(), 1, "the token makes it one");
    lose("AttachNetworkInterface");
    let moves = [APPLY, &["-var", "active=1"]].concat();
    project.ok(&moves);
    let world = emulator.world();
    let instances = world["instances"].as_array().unwrap();
    let two = |it: &&Json| it["interfaces"].as_array().unwrap().len() == 2;
    let with_two: Vec<&Json> = instances.iter().filter(two).map(|it| &it["id"]).collect();
    assert_eq!(with_two, [&secondary(&emulator)[0]["instance"]]);
    let plan = project.run(&["plan", "-detailed-exitcode", "-var", "active=1"]);
    assert_eq!(plan.code, Some(0), "{plan}");
    project.ok(&["destroy", "-auto-approve"]);
    assert!(secondary(&emulator).is_empty());
}

#[test]
fn what_makes_no_sense_is_refused_in_the_plan() {
    let interface = |body: &str| {
        format!(
            "{NETWORK}resource \"alicloud_ecs_network_interface\" \"it\" {{\n vswitch_id = alicloud_vswitch.a.id\n {body}\n}}\n"
        )
    };
    let groups = "security_group_ids = [alicloud_security_group.a.id]";
    for (body, reason) in [
        (
            String::new(),
            "One of \"security_group_ids\", \"security_groups\" must be set",
        ),
        ("security_group_ids = []".to_owned(), "in one at least"),
        (
            format!("{groups}\n private_ips_count = 1\n private_ip_addresses = [\"10.1.0.9\"]"),
            "Only one of \"private_ip_addresses\" and \"private_ips_count\"",
        ),
        (
            format!("{groups}\n ipv6_address_count = 1\n ipv6_addresses = [\"2408::1\"]"),
            "Only one of",
        ),
        (
            format!("{groups}\n ipv6_addresses = [\"2408:0::1\"]"),
            "The usual spelling of 2408:0::1 is 2408::1",
        ),
        (
            format!("{groups}\n primary_ip_address = \"10.2.0.9\""),
            "10.2.0.9 is not an address of the vSwitch",
        ),
        (
            format!("{groups}\n private_ip_addresses = [\"10.1.0.254\"]"),
            "from 10.1.0.1 to 10.1.0.252",
        ),
        (
            format!("{groups}\n ipv4_prefixes = [\"10.1.0.16/24\"]"),
            "ipv4_prefixes",
        ),
        (format!("{groups}\n queue_number = 0"), "from 1 to 2048"),
    ] {
        let emulator = Emulator::start(&["-profile", "instant"]);
        let project = Project::on(&emulator, &interface(&body));
        let ran = project.run(&["plan", "-no-color"]);
        assert_eq!(ran.code, Some(1), "{body} {ran}");
        let words: Vec<&str> = ran.err.split_whitespace().filter(|it| *it != "│").collect();
        assert!(words.join(" ").contains(reason), "{body} {ran}");
    }
}
