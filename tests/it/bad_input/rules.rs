//! What the cloud would refuse is refused while planning, at the line that is to blame.

use super::Case;

/// An instance with what surrounds it, and these further lines.
fn instance(lines: &str) -> Case {
    Case::hcl(format!(
        r#"resource "alicloud_vpc" "main" {{
  cidr_block = "10.0.0.0/8"
}}

resource "alicloud_vswitch" "main" {{
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.1.0.0/16"
  zone_id    = "cn-hangzhou-h"
}}

resource "alicloud_security_group" "web" {{
  security_group_name = "web"
  vpc_id              = alicloud_vpc.main.id
}}

resource "alicloud_instance" "web" {{
  instance_type   = "ecs.g7.large"
  image_id        = "ubuntu_22_04_x64_20G_alibase_20240220.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.web.id]
  {lines}
}}
"#
    ))
}

#[test]
fn a_system_disk_too_small_for_its_category() {
    instance("system_disk_category = \"cloud_essd\"\n  system_disk_size = 5")
        .refused_once("system_disk_size");
}

#[test]
fn a_data_disk_out_of_range_for_its_category() {
    instance("data_disks {\n    category = \"cloud_efficiency\"\n    size     = 99999\n  }")
        .refused_once("data_disk_size");
}

#[test]
fn a_data_disk_too_small_for_its_performance_level() {
    instance("data_disks {\n    category          = \"cloud_essd\"\n    performance_level = \"PL3\"\n    size              = 40\n  }")
        .refused_once("data_disk_level");
}

#[test]
fn a_subscription_without_a_period() {
    instance("instance_charge_type = \"PrePaid\"").refused_once("prepaid_without_period");
}

#[test]
fn a_weak_password() {
    let ran = instance("password = \"hunter\"").refused_once("weak_password");
    assert!(!ran.stderr.contains("hunter"), "{}", ran.stderr);
}

#[test]
fn user_data_over_16_kb() {
    instance("user_data = join(\"\", [for line in range(500) : \"echo this is line number ${line} of many\\n\"])")
        .refused_once("user_data");
}

#[test]
fn tags_over_20() {
    instance("tags = { for number in range(21) : \"key${number}\" => \"value\" }")
        .refused_once("tags");
}

#[test]
fn a_private_address_outside_of_the_vswitch() {
    instance("private_ip = \"10.2.0.5\"").refused_once("private_ip");
}

#[test]
fn a_zone_that_is_not_that_of_the_vswitch() {
    instance("availability_zone = \"cn-hangzhou-i\"").refused_once("zone");
}

#[test]
fn too_many_instances_in_one_group() {
    instance("count = 2001").refused_once("group_size");
}

#[test]
fn a_data_disk_where_the_system_disk_is() {
    instance("data_disks {\n    size   = 40\n    device = \"/dev/xvda\"\n  }")
        .refused_once("device");
}

#[test]
fn an_unknown_nested_argument() {
    instance("data_disks {\n    sice = 40\n  }").refused("unknown_nested_argument");
}
