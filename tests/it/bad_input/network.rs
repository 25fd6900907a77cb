//! Networks that do not fit together.

use super::{Case, VPC};

fn vswitch(name: &str, vpc: &str, range: &str) -> String {
    format!(
        "resource \"alicloud_vswitch\" \"{name}\" {{\n  vpc_id     = {vpc}\n  cidr_block = \"{range}\"\n  zone_id    = \"cn-hangzhou-h\"\n}}\n\n"
    )
}

fn instance(vpc: &str, other: &str) -> String {
    vswitch("main", vpc, "10.1.0.0/16")
        + &format!("resource \"alicloud_security_group\" \"web\" {{\n  vpc_id = {other}\n}}\n\n")
        + "resource \"alicloud_instance\" \"web\" {\n  instance_type   = \"ecs.g7.large\"\n  image_id        = \"ubuntu_22_04_x64_20G_alibase_20240220.vhd\"\n  vswitch_id      = alicloud_vswitch.main.id\n  security_groups = [alicloud_security_group.web.id]\n}\n"
}

#[test]
fn a_range_that_is_none() {
    Case::hcl("resource \"alicloud_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/99\"\n}\n")
        .refused_once("cidr");
}

#[test]
fn a_range_with_bits_beyond_its_mask() {
    Case::hcl("resource \"alicloud_vpc\" \"main\" {\n  cidr_block = \"10.0.0.1/8\"\n}\n")
        .refused_once("cidr_bits");
}

#[test]
fn a_vswitch_outside_its_vpc() {
    Case::hcl(VPC.to_owned() + &vswitch("main", "alicloud_vpc.main.id", "192.168.0.0/16"))
        .refused_once("vswitch_outside");
}

#[test]
fn vswitches_that_overlap() {
    let (id, one, two) = ("alicloud_vpc.main.id", "10.1.0.0/16", "10.1.2.0/24");
    Case::hcl(VPC.to_owned() + &vswitch("a", id, one) + &vswitch("b", id, two))
        .refused_once("vswitches_overlap");
}

#[test]
fn vswitches_that_overlap_in_a_network_named_by_its_id() {
    let (id, range) = ("\"vpc-2ze1\"", "10.1.0.0/16");
    Case::hcl(vswitch("a", id, range) + &vswitch("b", id, range))
        .refused_once("vswitches_overlap_by_id");
}

#[test]
fn a_group_of_another_network_by_reference() {
    let other = VPC.replace("\"main\"", "\"other\"");
    Case::hcl(VPC.to_owned() + &other + &instance("alicloud_vpc.main.id", "alicloud_vpc.other.id"))
        .refused_once("other_network");
}

#[test]
fn a_group_of_another_network_by_id() {
    Case::hcl(instance("\"vpc-2ze1\"", "\"vpc-2ze2\"")).refused_once("other_network_by_id");
}
