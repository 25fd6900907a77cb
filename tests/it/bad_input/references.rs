//! What would be refused of two resources together is refused while planning, at the line that is to blame.

use super::Case;
use crate::support::project::Project;

const NETWORK: &str = r#"resource "alicloud_vpc" "a" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vpc" "b" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "a" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.1.0.0/16"
  zone_id    = "cn-hangzhou-h"
}
"#;

fn case(lines: &str) -> Case {
    Case::hcl(format!("{NETWORK}{lines}"))
}

#[test]
fn a_gateway_in_a_vswitch_of_another_network() {
    case(
        r#"resource "alicloud_nat_gateway" "main" {
  vpc_id     = alicloud_vpc.b.id
  vswitch_id = alicloud_vswitch.a.id
  nat_type   = "Enhanced"
}
"#,
    )
    .refused_once("gateway_vswitch");
}

#[test]
fn two_entries_for_one_vswitch() {
    case(
        r#"resource "alicloud_snat_entry" "one" {
  snat_table_id     = "stb-bp190wu8io1vgev80jmma"
  source_vswitch_id = alicloud_vswitch.a.id
  snat_ip           = "47.1.1.1"
}
resource "alicloud_snat_entry" "two" {
  snat_table_id     = "stb-bp190wu8io1vgev80jmma"
  source_vswitch_id = alicloud_vswitch.a.id
  snat_ip           = "47.1.1.2"
}
"#,
    )
    .refused_once("snat_twice");
}

#[test]
fn an_address_for_two() {
    case(
        r#"resource "alicloud_eip_address" "main" {}
resource "alicloud_eip_association" "one" {
  allocation_id = alicloud_eip_address.main.id
  instance_id   = "i-bp67acfmxazb4ph6aiy1"
}
resource "alicloud_eip_association" "two" {
  allocation_id = alicloud_eip_address.main.id
  instance_id   = "i-bp67acfmxazb4ph6aiy2"
}
"#,
    )
    .refused_once("address_twice");
}

/// Which is no error: the next apply would set what the disk says.
#[test]
fn a_disk_that_both_goes_and_stays() {
    let lines = r#"resource "alicloud_ecs_disk" "main" {
  zone_id              = "cn-hangzhou-h"
  size                 = 40
  delete_with_instance = true
}
resource "alicloud_ecs_disk_attachment" "main" {
  disk_id              = alicloud_ecs_disk.main.id
  instance_id          = "i-bp67acfmxazb4ph6aiy1"
  delete_with_instance = false
}
"#;
    Project::with(lines)
        .prov("plan -emulator -no-color")
        .ok()
        .warns(&["Disk and attachment disagree", "on main.tf line 7"]);
}

#[test]
fn a_load_balancer_without_a_size() {
    case(
        r#"resource "alicloud_slb_load_balancer" "main" {
  vswitch_id = alicloud_vswitch.a.id
}
"#,
    )
    .refused_once("balancer_size");
}
