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

/// Ten for 500 instances and their system disks, and one for each of VPC, route table, vSwitch, group.
#[test]
fn five_hundred_instances_are_read_with_few_calls() {
    let cloud = Cloud::instant();
    let project = Project::with(&fleet(&cloud, 500, ""));
    project
        .prov("apply -auto-approve -no-color -parallelism=64")
        .ok();
    let before = cloud.calls();
    project.settled();
    let calls = cloud.since(&before);
    let of_instances = calls["DescribeInstances"] + calls["DescribeDisks"];
    assert_eq!(of_instances, 10, "{calls:?}");
    assert!(sum(&calls) <= 15, "{calls:?}");
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
