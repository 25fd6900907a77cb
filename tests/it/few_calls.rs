//! How many calls it takes: many are read at once, and waited for together.

use crate::support::{
    cloud::{Calls, Cloud},
    project::Project,
};

fn fleet(cloud: &Cloud, count: usize, more: &str) -> String {
    cloud.provider()
        + &format!(
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
  count                      = {count}
  image_id                   = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type              = "ecs.g7.large"
  vswitch_id                 = alicloud_vswitch.it.id
  security_groups            = [alicloud_security_group.it.id]
  instance_name              = "it-${{count.index}}"
  internet_max_bandwidth_out = 5
  system_disk_category       = "cloud_essd"
  system_disk_size           = 40
  password                   = "EcsV587!"
  tags                       = {{ it = count.index }}
  {more}
}}
"#
        )
}

fn sum(calls: &Calls) -> u64 {
    calls.values().sum()
}

/// Ten for 500 instances and their system disks; one for each of VPC, route table, vSwitch and all groups, and one
/// for each group's rules.
#[test]
fn five_hundred_instances_and_two_thousand_rules_are_read_with_few_calls() {
    let cloud = Cloud::instant();
    let rules = MANY_RULES
        .replace("KIND", BOTH_WAYS)
        .replace("GROUPS", "20")
        .replace("RULES", "100");
    let project = Project::with(&(fleet(&cloud, 500, "") + &rules));
    project
        .prov("apply -auto-approve -no-color -parallelism=64")
        .ok();
    let before = cloud.calls();
    project.settled();
    let calls = cloud.since(&before);
    let of_instances = calls["DescribeInstances"] + calls["DescribeDisks"];
    assert_eq!(of_instances, 10, "{calls:?}");
    assert!(sum(&calls) <= 40, "{calls:?}");
}

#[test]
fn user_data_costs_one_call_an_instance() {
    let cloud = Cloud::instant();
    let project = Project::with(&fleet(&cloud, 20, "user_data = \"#!/bin/sh\""));
    project.apply();
    let before = cloud.calls();
    project.settled();
    let calls = cloud.since(&before);
    assert_eq!(calls["DescribeUserData"], 20);
    assert!(sum(&calls) <= 27, "{calls:?}");
}

#[test]
fn fifty_instances_are_waited_for_together() {
    let cloud = Cloud::fast();
    let project = Project::with(&fleet(&cloud, 50, ""));
    project
        .prov("apply -auto-approve -no-color -parallelism=50")
        .ok();
    let calls = cloud.calls();
    assert_eq!(calls["CreateInstance"], 50);
    // Each is read once when it is done; two waits of each (stopped, running) share their looks.
    assert!(calls["DescribeInstances"] < 50 + 100, "{calls:?}");
}

/// Groups with as many rules each.
const MANY_RULES: &str = r#"
resource "alicloud_security_group" "many" {
  count  = GROUPS
  vpc_id = alicloud_vpc.it.id
}
resource "alicloud_security_group_rule" "it" {
  count             = GROUPS * RULES
  security_group_id = alicloud_security_group.many[count.index % GROUPS].id
  type              = KIND
  ip_protocol       = "tcp"
  port_range        = "${1 + count.index}/${1 + count.index}"
  cidr_ip           = "10.0.0.0/8"
}
"#;

fn rules(cloud: &Cloud, groups: usize, rules: usize, kind: &str) -> String {
    let vpc = "resource \"alicloud_vpc\" \"it\" {\n  cidr_block = \"10.0.0.0/8\"\n}\n";
    let rules = MANY_RULES
        .replace("KIND", kind)
        .replace("GROUPS", &groups.to_string())
        .replace("RULES", &rules.to_string());
    cloud.provider() + vpc + &rules
}

const BOTH_WAYS: &str = "count.index % 3 == 0 ? \"egress\" : \"ingress\"";

/// For each group: one call that makes its rules and one that reads them.
#[test]
fn two_thousand_rules_are_made_with_few_calls() {
    let cloud = Cloud::instant();
    let project = Project::with(&rules(&cloud, 20, 0, "\"ingress\""));
    project.apply();
    let before = cloud.calls();
    project.settled();
    let plan = sum(&cloud.since(&before));
    let before = cloud.calls();
    project.write("main.tf", &rules(&cloud, 20, 100, "\"ingress\""));
    project.apply().says(&["2000 added"]);
    let calls = cloud.since(&before);
    assert_eq!(calls["AuthorizeSecurityGroup"], 20);
    assert!(sum(&calls) - plan <= 60, "{calls:?} after {plan}");
}

#[test]
fn two_thousand_rules_are_read_and_removed_with_few_calls() {
    let cloud = Cloud::instant();
    let project = Project::with(&rules(&cloud, 20, 100, BOTH_WAYS));
    project.apply().says(&["2021 added"]);
    let before = cloud.calls();
    project.settled();
    let calls = cloud.since(&before);
    assert!(sum(&calls) <= 25, "{calls:?}");
    let before = cloud.calls();
    project.prov("destroy -auto-approve -no-color").ok();
    let calls = cloud.since(&before);
    assert_eq!(calls["RevokeSecurityGroup"], 20, "{calls:?}");
    assert_eq!(calls["RevokeSecurityGroupEgress"], 20, "{calls:?}");
    assert!(sum(&calls) <= 150, "{calls:?}");
}

/// Of many that go together one is refused: the others are made, and the error is at the one.
#[test]
fn one_refused_rule_does_not_keep_the_others() {
    let cloud = Cloud::instant();
    let group = |count: usize| {
        let odd = "count.index == 70 ? \"sg-none\" : null";
        rules(&cloud, 1, count, "\"ingress\"").replace(
            "  cidr_ip           = \"10.0.0.0/8\"",
            &format!(
                "  cidr_ip = count.index == 70 ? null : \"10.0.0.0/8\"\n  source_security_group_id = {odd}"
            ),
        )
    };
    let project = Project::with(&group(100));
    let said = project.prov("apply -auto-approve -no-color");
    assert_eq!(said.code, 1, "{said}");
    assert!(
        said.stderr.contains("alicloud_security_group_rule.it[70]"),
        "{said}"
    );
    assert_eq!(said.stderr.matches("Error:").count(), 1, "{said}");
    project.write("main.tf", &group(70));
    project.apply().says(&["0 added, 0 changed, 29 destroyed"]);
    project.settled();
}

#[test]
fn the_same_tag_is_set_on_many_at_once() {
    let cloud = Cloud::instant();
    let project = Project::with(&fleet(&cloud, 120, "").replace("it = count.index", "it = \"a\""));
    project
        .prov("apply -auto-approve -no-color -parallelism=64")
        .ok();
    let before = cloud.calls();
    project.write(
        "main.tf",
        &fleet(&cloud, 120, "").replace("it = count.index", "it = \"b\""),
    );
    project.apply().says(&["120 changed"]);
    let calls = cloud.since(&before);
    assert_eq!(calls["TagResources"], 3, "{calls:?}");
    assert!(sum(&calls) <= 40, "{calls:?}");
    project.settled();
}

/// Of everything that is listed in pages or asked for in batches: a hundred of each, and what the plan asks for.
#[test]
fn a_hundred_of_each_are_read_with_few_calls() {
    let cloud = Cloud::instant();
    let project = Project::with(&(cloud.provider() + HUNDREDS));
    project
        .prov("apply -auto-approve -no-color -parallelism=64")
        .ok();
    let before = cloud.calls();
    project.settled();
    let calls = cloud.since(&before);
    for (action, most) in [
        ("DescribeEipAddresses", 4),
        ("DescribeNatGateways", 2),
        ("DescribeSnatTableEntries", 2),
        ("DescribeRouteEntryList", 2),
        ("DescribeNetworkInterfaces", 2),
        ("DescribeDisks", 1),
        ("DescribeVSwitches", 2),
    ] {
        let made = calls.get(action).copied().unwrap_or_default();
        assert!(made <= most, "{made} calls of {action}: {calls:?}");
    }
    assert!(sum(&calls) <= 20, "{calls:?}");
}

const HUNDREDS: &str = r#"
resource "alicloud_vpc" "it" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "it" {
  count      = 50
  vpc_id     = alicloud_vpc.it.id
  cidr_block = "10.${1 + count.index}.0.0/16"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "it" {
  vpc_id = alicloud_vpc.it.id
}
resource "alicloud_nat_gateway" "it" {
  vpc_id     = alicloud_vpc.it.id
  vswitch_id = alicloud_vswitch.it[0].id
  nat_type   = "Enhanced"
}
resource "alicloud_eip_address" "it" {
  count = 20
}
resource "alicloud_eip_association" "it" {
  count         = 20
  allocation_id = alicloud_eip_address.it[count.index].id
  instance_id   = alicloud_nat_gateway.it.id
}
resource "alicloud_snat_entry" "it" {
  count             = 20
  depends_on        = [alicloud_eip_association.it]
  snat_table_id     = alicloud_nat_gateway.it.snat_table_ids
  source_vswitch_id = alicloud_vswitch.it[count.index].id
  snat_ip           = alicloud_eip_address.it[count.index].ip_address
}
resource "alicloud_route_table" "it" {
  vpc_id = alicloud_vpc.it.id
}
resource "alicloud_route_entry" "it" {
  count                 = 40
  route_table_id        = alicloud_route_table.it.id
  destination_cidrblock = "172.16.${count.index}.0/24"
  nexthop_type          = "NatGateway"
  nexthop_id            = alicloud_nat_gateway.it.id
}
resource "alicloud_ecs_network_interface" "it" {
  count              = 100
  vswitch_id         = alicloud_vswitch.it[0].id
  security_group_ids = [alicloud_security_group.it.id]
}
resource "alicloud_ecs_disk" "it" {
  count   = 100
  zone_id = "cn-hangzhou-h"
  size    = 40
}
"#;

/// Of everything more than a page, or than what a call takes: nothing is lost between two, and there are no more
/// calls than pages. What is read of disks, interfaces and addresses serves their attachments, too.
#[test]
fn what_is_more_than_a_page_is_read_whole() {
    let cloud = Cloud::instant();
    cloud.tell("faults", &serde_json::from_str(QUOTAS).unwrap());
    let project = Project::with(&(cloud.provider() + MORE_THAN_A_PAGE));
    project
        .prov("apply -auto-approve -no-color -parallelism=64")
        .ok();
    let before = cloud.calls();
    project.settled();
    let calls = cloud.since(&before);
    let expected: Calls = [
        ("DescribeVpcs", 3),
        ("DescribeVSwitches", 3),
        ("DescribeSecurityGroups", 2),
        ("DescribeSecurityGroupAttribute", 120),
        ("DescribeInstances", 2),
        ("DescribeDisks", 2 + 2),
        ("DescribeSnapshots", 2),
        ("DescribeNetworkInterfaces", 2),
        ("DescribeKeyPairs", 2),
        ("DescribeDeploymentSets", 2),
        ("DescribeEipAddresses", 3),
        ("DescribeNatGateways", 2),
        ("DescribeSnatTableEntries", 2),
        // The tables of all VPCs, and those of the one that has more.
        ("DescribeRouteTableList", 2 + 2),
        // A table with all of its routes.
        ("DescribeRouteTables", 1),
        ("DescribeLoadBalancers", 3),
    ]
    .into_iter()
    .map(|(action, count)| (action.to_owned(), count))
    .collect();
    assert_eq!(calls, expected);
}

const QUOTAS: &str = r#"{ "quotas": {
    "vpcs": 1000, "security_groups": 1000, "eips": 1000, "nat_gateways": 1000, "snat_entries": 1000,
    "route_tables": 1000, "vcpus": 100000, "load_balancers": 1000
} }"#;

const MORE_THAN_A_PAGE: &str = r#"
resource "alicloud_vpc" "it" {
  count      = 45
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "it" {
  count      = 110
  vpc_id     = alicloud_vpc.it[0].id
  cidr_block = "10.${1 + count.index}.0.0/16"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "it" {
  count  = 120
  vpc_id = alicloud_vpc.it[0].id
}
resource "alicloud_instance" "it" {
  count                = 120
  image_id             = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type        = "ecs.g7.large"
  vswitch_id           = alicloud_vswitch.it[0].id
  security_groups      = [alicloud_security_group.it[0].id]
  system_disk_category = "cloud_essd"
  system_disk_size     = 40
}
resource "alicloud_ecs_disk" "it" {
  count   = 130
  zone_id = "cn-hangzhou-h"
  size    = 40
}
resource "alicloud_ecs_disk_attachment" "it" {
  count       = 110
  disk_id     = alicloud_ecs_disk.it[count.index].id
  instance_id = alicloud_instance.it[count.index].id
}
resource "alicloud_ecs_snapshot" "it" {
  count   = 110
  disk_id = alicloud_ecs_disk_attachment.it[count.index].disk_id
}
resource "alicloud_ecs_network_interface" "it" {
  count              = 110
  vswitch_id         = alicloud_vswitch.it[0].id
  security_group_ids = [alicloud_security_group.it[1].id]
}
resource "alicloud_ecs_network_interface_attachment" "it" {
  count                = 10
  network_interface_id = alicloud_ecs_network_interface.it[11 * count.index].id
  instance_id          = alicloud_instance.it[count.index].id
}
resource "alicloud_ecs_key_pair" "it" {
  count         = 60
  key_pair_name = "pair-${count.index}"
  public_key    = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd5dYbVhY2rqWb3GmQJdfxQyXhLq1rXyWm3mW9j6X0p me"
}
resource "alicloud_ecs_deployment_set" "it" {
  count               = 60
  deployment_set_name = "set-${count.index}"
}
resource "alicloud_eip_address" "it" {
  count = 120
}
resource "alicloud_eip_association" "it" {
  count         = 110
  allocation_id = alicloud_eip_address.it[count.index].id
  instance_id   = alicloud_instance.it[count.index].id
}
resource "alicloud_nat_gateway" "it" {
  count      = 55
  vpc_id     = alicloud_vpc.it[0].id
  vswitch_id = alicloud_vswitch.it[count.index].id
  nat_type   = "Enhanced"
}
resource "alicloud_eip_association" "nat" {
  allocation_id = alicloud_eip_address.it[119].id
  instance_id   = alicloud_nat_gateway.it[0].id
}
resource "alicloud_snat_entry" "it" {
  count         = 55
  depends_on    = [alicloud_eip_association.nat]
  snat_table_id = alicloud_nat_gateway.it[0].snat_table_ids
  source_cidr   = "10.1.0.${count.index}/32"
  snat_ip       = alicloud_eip_address.it[119].ip_address
}
resource "alicloud_route_table" "it" {
  count  = 55
  vpc_id = alicloud_vpc.it[0].id
}
resource "alicloud_route_entry" "it" {
  count                 = 110
  route_table_id        = alicloud_route_table.it[0].id
  destination_cidrblock = "172.16.${count.index}.0/24"
  nexthop_type          = "NatGateway"
  nexthop_id            = alicloud_nat_gateway.it[0].id
}
resource "alicloud_slb_load_balancer" "it" {
  count              = 25
  load_balancer_spec = "slb.s2.small"
  vswitch_id         = alicloud_vswitch.it[0].id
}
"#;

#[test]
fn calls_are_counted() {
    let cloud = Cloud::instant();
    let project = Project::with(&rules(&cloud, 2, 3, "\"ingress\""));
    let said = project.prov("apply -auto-approve -no-color -stats").ok();
    let total = sum(&cloud.calls());
    assert!(
        said.stdout.contains(&format!("\nAPI calls: {total}\n")),
        "{said}"
    );
    assert!(
        said.stdout.contains("      2  ecs:CreateSecurityGroup\n"),
        "{said}"
    );
    let before = cloud.calls();
    let said = project.prov("plan -json -stats").ok();
    let calls = cloud.since(&before);
    let line = said.stdout.lines().last().unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["type"], "api_calls", "{said}");
    let counted = &line["api_calls"];
    assert_eq!(counted["total"]["calls"], sum(&calls));
    assert_eq!(
        counted["actions"]["ecs:DescribeSecurityGroups"]["calls"],
        calls["DescribeSecurityGroups"]
    );
}
