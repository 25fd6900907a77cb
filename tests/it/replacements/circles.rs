//! Changes that would wait for each other in a circle, if each waited for all that it could.

use serde_json::{Value as Json, json};

use super::{APPLY, OTHER, settled};
use crate::support::server::{Emulator, Project};

/// A network that can be replaced, two switches and an instance in one of them.
const SWITCHES: &str = r#"
variable "users" {
  default = "30.1.0.0/16"
}
variable "switches" {
  default = 2
}
resource "alicloud_vpc" "main" {
  cidr_block = "10.1.0.0/16"
  user_cidrs = [var.users]
}
resource "alicloud_vswitch" "main" {
  count      = var.switches
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.1.${count.index}.0/24"
  zone_id    = "cn-hangzhou-i"
}
resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}
resource "alicloud_instance" "main" {
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main[PLACE].id
  security_groups = [alicloud_security_group.main.id]
}
"#;

/// One switch goes for good with the network that it is in, be the instance in it or in the other one.
#[test]
fn a_network_is_replaced_while_one_of_its_switches_goes() {
    for place in ["0", "var.switches - 1"] {
        let emulator = Emulator::start(&["-profile", "instant"]);
        let project = Project::on(&emulator, &SWITCHES.replace("PLACE", place));
        project.ok(APPLY);
        let fewer = [OTHER, &["-var", "switches=1"]].concat();
        let ran = project.run(&[APPLY, &fewer].concat());
        assert_eq!(ran.code, Some(0), "{place}: {ran}");
        let summary = "4 added, 0 changed, 5 destroyed";
        assert!(ran.out.contains(summary), "{place}: {ran}");
        settled(&project, &fewer, place);
        let world = emulator.world();
        for (kind, count) in [("vpcs", 1), ("vswitches", 1), ("instances", 1)] {
            assert_eq!(
                world[kind].as_array().unwrap().len(),
                count,
                "{place} {kind}"
            );
        }
    }
}

fn pair(first: &str, then: &str, revision: usize) -> String {
    format!(
        "resource \"terraform_data\" \"{first}\" {{\n  triggers_replace = {revision}\n}}\n\
         resource \"terraform_data\" \"{then}\" {{\n  triggers_replace = [{revision}, terraform_data.{first}.id]\n}}\n"
    )
}

/// What was made last goes first, whatever needs what by now.
#[test]
fn what_is_turned_round_is_destroyed_as_it_was_made() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, &pair("a", "b", 1));
    project.ok(APPLY);
    project.write("main.tf", &pair("b", "a", 2));
    let ran = project.run(APPLY);
    assert_eq!(ran.code, Some(0), "{ran}");
    let at = |what: &str| {
        ran.out
            .find(what)
            .unwrap_or_else(|| panic!("{what}: {ran}"))
    };
    for what in ["Destroying", "Creating"] {
        let (first, then) = (at(&format!("b: {what}")), at(&format!("a: {what}")));
        assert!(first < then, "{what}: {ran}");
    }
    settled(&project, &[], "turned round");
}

/// Objects that replacements put aside were made in both orders.
#[test]
fn what_was_put_aside_in_both_orders_is_destroyed() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, &pair("a", "b", 1));
    project.ok(APPLY);
    let mut state: Json = serde_json::from_str(&project.read("terraform.tfstate")).unwrap();
    for (at, other) in ["terraform_data.b", "terraform_data.a"].iter().enumerate() {
        let instances = state["resources"][at]["instances"].as_array_mut().unwrap();
        let mut aside = instances[0].clone();
        aside["deposed"] = json!("0000000a");
        aside["dependencies"] = json!([other]);
        instances.push(aside);
    }
    project.write("terraform.tfstate", &state.to_string());
    project.write("main.tf", &pair("b", "a", 2));
    project.ok(APPLY);
    assert!(!project.read("terraform.tfstate").contains("deposed"));
    settled(&project, &[], "put aside");
}
