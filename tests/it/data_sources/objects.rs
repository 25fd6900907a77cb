//! What exists: networks, groups, instances, regions, resource groups, the account.

use prov::cloud::Product;

use super::Case;
use crate::support::cloud::Cloud;

pub const ACCOUNT: &str = "alicloud_account";
pub const REGIONS: &str = "alicloud_regions";
pub const VPCS: &str = "alicloud_vpcs";
pub const VSWITCHES: &str = "alicloud_vswitches";
pub const GROUPS: &str = "alicloud_security_groups";
pub const INSTANCES: &str = "alicloud_instances";
pub const RESOURCE_GROUPS: &str = "alicloud_resource_manager_resource_groups";

/// What the cases find.
pub const AROUND: &str = r#"
resource "alicloud_vpc" "a" {
  vpc_name   = "it-a"
  cidr_block = "10.0.0.0/16"
  tags       = { it = "a" }
}
resource "alicloud_vpc" "b" {
  depends_on = [alicloud_vpc.a]
  vpc_name          = "it-b"
  cidr_block        = "172.16.0.0/12"
  resource_group_id = "rg-b"
}
resource "alicloud_vswitch" "a1" {
  vpc_id       = alicloud_vpc.a.id
  zone_id      = "cn-hangzhou-i"
  cidr_block   = "10.0.1.0/24"
  vswitch_name = "it-a1"
  tags         = { it = "a1" }
}
resource "alicloud_vswitch" "a2" {
  depends_on = [alicloud_vswitch.a1]
  vpc_id            = alicloud_vpc.a.id
  zone_id           = "cn-hangzhou-j"
  cidr_block        = "10.0.2.0/24"
  vswitch_name      = "it-a2"
}
resource "alicloud_security_group" "a" {
  security_group_name = "it-a"
  vpc_id              = alicloud_vpc.a.id
  inner_access_policy = "Drop"
  tags                = { it = "a" }
}
resource "alicloud_security_group" "b" {
  depends_on = [alicloud_security_group.a]
  security_group_name = "it-b"
  vpc_id              = alicloud_vpc.b.id
  resource_group_id   = "rg-b"
}
resource "alicloud_instance" "one" {
  instance_name              = "it-one"
  instance_type              = "ecs.g7.large"
  image_id                   = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id                 = alicloud_vswitch.a1.id
  security_groups            = [alicloud_security_group.a.id]
  private_ip                 = "10.0.1.10"
  internet_max_bandwidth_out = 5
  role_name                  = "it-role"
  tags                       = { it = "one" }
  data_disks {
    name     = "it-data"
    size     = 40
    category = "cloud_essd"
  }
}
resource "alicloud_instance" "two" {
  depends_on = [alicloud_instance.one]
  instance_name     = "it-two"
  instance_type     = "ecs.g7.large"
  image_id          = "ubuntu_22_04_x64_20G_alibase_20240926.vhd"
  vswitch_id        = alicloud_vswitch.a2.id
  security_groups   = [alicloud_security_group.a.id]
  resource_group_id = "rg-b"
  status            = "Stopped"
}
"#;

/// Makes the resource groups, which no manifest makes.
pub fn prepare(cloud: &Cloud) {
    for name in ["web", "data"] {
        let params = [("Name", name), ("DisplayName", "of the test")];
        cloud.console(Product::ResourceManager, "CreateResourceGroup", &params);
    }
}

/// Makes a place for instances: a vSwitch and a group.
pub fn place(cloud: &Cloud) -> [String; 2] {
    let made = |product, action, params: &[(&str, &str)], id: &str| {
        let answer = cloud.console(product, action, params);
        answer[id].as_str().unwrap().to_owned()
    };
    let cidr = ("CidrBlock", "10.0.0.0/16");
    let vpc = made(Product::Vpc, "CreateVpc", &[cidr], "VpcId");
    let of = ("VpcId", vpc.as_str());
    let zone = ("ZoneId", "cn-hangzhou-i");
    [
        made(
            Product::Vpc,
            "CreateVSwitch",
            &[cidr, of, zone],
            "VSwitchId",
        ),
        made(
            Product::Ecs,
            "CreateSecurityGroup",
            &[of],
            "SecurityGroupId",
        ),
    ]
}

/// Takes a place away, once it is empty.
pub fn clear(cloud: &Cloud) {
    let world = cloud.world();
    let id = |list: &str| world[list][0]["id"].as_str().unwrap().to_owned();
    let all = [
        (
            Product::Ecs,
            "DeleteSecurityGroup",
            "SecurityGroupId",
            "security_groups",
        ),
        (Product::Vpc, "DeleteVSwitch", "VSwitchId", "vswitches"),
        (Product::Vpc, "DeleteVpc", "VpcId", "vpcs"),
    ];
    for (product, action, parameter, list) in all {
        cloud.console(product, action, &[(parameter, &id(list))]);
    }
}

/// Makes so many instances there.
pub fn run(cloud: &Cloud, [vswitch, group]: &[String; 2], amount: &str) {
    let params = [
        ("Amount", amount),
        ("ImageId", "aliyun_3_x64_20G_alibase_20240819.vhd"),
        ("InstanceType", "ecs.g7.large"),
        ("VSwitchId", vswitch),
        ("SecurityGroupId", group),
    ];
    cloud.console(Product::Ecs, "RunInstances", &params);
}

pub const CASES: &[Case] = &[
    (
        REGIONS,
        "current = true\noutput_file = \"it.json\"",
        "length(it.ids) == 1",
    ),
    (VPCS, "output_file = \"it.json\"", "length(it.ids) == 2"),
    (
        VSWITCHES,
        "output_file = \"it.json\"",
        "length(it.ids) == 2",
    ),
    (GROUPS, "output_file = \"it.json\"", "length(it.ids) == 2"),
    (
        INSTANCES,
        "output_file = \"it.json\"",
        "length(it.ids) == 2",
    ),
    (
        RESOURCE_GROUPS,
        "output_file = \"it.json\"",
        "length(it.ids) == 3",
    ),
    (ACCOUNT, "", "it.id == \"1234567890123456\""),
    (
        REGIONS,
        "",
        "contains(it.ids, \"cn-beijing\") && it.regions[0].local_name != \"\"",
    ),
    (
        REGIONS,
        "current = true",
        "it.ids == tolist([\"cn-hangzhou\"])",
    ),
    (
        REGIONS,
        "name = \"cn-beijing\"",
        "it.regions[*].region_id == tolist([\"cn-beijing\"])",
    ),
    (
        RESOURCE_GROUPS,
        "",
        "sort(it.names) == tolist([\"data\", \"default\", \"web\"]) && length(it.groups[0].region_statuses) == 0",
    ),
    (
        RESOURCE_GROUPS,
        "name_regex = \"^w\"\nenable_details = true",
        "it.groups[0].display_name == \"of the test\" && it.groups[0].region_statuses[0].status == \"OK\"",
    ),
    (
        RESOURCE_GROUPS,
        "ids = [\"rg-acfmxazb4ph6aiy\"]",
        "it.names == tolist([\"default\"])",
    ),
    (RESOURCE_GROUPS, "status = \"OK\"", "length(it.ids) == 3"),
    (
        RESOURCE_GROUPS,
        "status = \"PendingDelete\"",
        "length(it.ids) == 0",
    ),
    (
        VPCS,
        "",
        "length(it.ids) == 2 && it.total_count == 2 && it.vpcs[0].route_table_id == alicloud_vpc.a.route_table_id && it.vpcs[0].tags.it == \"a\"",
    ),
    (
        VPCS,
        "enable_details = false",
        "it.vpcs[0].route_table_id == null && it.vpcs[0].vrouter_id == alicloud_vpc.a.router_id",
    ),
    (
        VPCS,
        "cidr_block = \"172.16.0.0/12\"",
        "it.names == tolist([\"it-b\"]) && it.vpcs[0].route_table_id == alicloud_vpc.b.route_table_id",
    ),
    (
        VPCS,
        "vswitch_id = alicloud_vswitch.a2.id",
        "it.ids == tolist([alicloud_vpc.a.id])",
    ),
    (
        VPCS,
        "dhcp_options_set_id = \"dopt-none\"",
        "length(it.ids) == 0",
    ),
    (VPCS, "is_default = true", "length(it.ids) == 0"),
    (VPCS, "is_default = false", "length(it.ids) == 2"),
    (
        VPCS,
        "resource_group_id = \"rg-b\"",
        "it.names == tolist([\"it-b\"])",
    ),
    (VPCS, "status = \"Available\"", "length(it.ids) == 2"),
    (VPCS, "status = \"Pending\"", "length(it.ids) == 0"),
    (
        VPCS,
        "tags = { it = \"a\" }",
        "it.names == tolist([\"it-a\"])",
    ),
    (
        VPCS,
        "ids = [alicloud_vpc.b.id, \"vpc-none\"]",
        "it.ids == tolist([alicloud_vpc.b.id])",
    ),
    (VPCS, "ids = []", "length(it.ids) == 2"),
    (
        VPCS,
        "name_regex = \"-[ac]$\"",
        "it.names == tolist([\"it-a\"]) && it.total_count == 2",
    ),
    (VPCS, "vpc_name = \"it-b\"", "length(it.ids) == 1"),
    (
        VPCS,
        "vpc_owner_id = 1234567890123456",
        "length(it.ids) == 2",
    ),
    (VPCS, "vpc_owner_id = 1", "length(it.ids) == 0"),
    (
        VPCS,
        "page_number = 2\npage_size = 1",
        "it.names == tolist([\"it-b\"]) && it.total_count == 2",
    ),
    (
        VSWITCHES,
        "",
        "length(it.ids) == 2 && it.vswitches[0].route_table_id == alicloud_vpc.a.route_table_id && !it.vswitches[0].enable_ipv6 && it.vswitches[0].available_ip_address_count > 200",
    ),
    (
        VSWITCHES,
        "cidr_block = \"10.0.2.0/24\"",
        "it.names == tolist([\"it-a2\"])",
    ),
    (VSWITCHES, "is_default = true", "length(it.ids) == 0"),
    (
        VSWITCHES,
        "resource_group_id = \"rg-b\"",
        "length(it.ids) == 0",
    ),
    (
        VSWITCHES,
        "resource_group_id = \"rg-acfmxazb4ph6aiy\"",
        "length(it.ids) == 2",
    ),
    (
        VSWITCHES,
        "route_table_id = alicloud_vpc.a.route_table_id",
        "length(it.ids) == 2",
    ),
    (
        VSWITCHES,
        "route_table_id = alicloud_vpc.b.route_table_id",
        "length(it.ids) == 0",
    ),
    (VSWITCHES, "status = \"Available\"", "length(it.ids) == 2"),
    (
        VSWITCHES,
        "tags = { it = \"a1\" }",
        "it.vswitches[*].name == tolist([\"it-a1\"])",
    ),
    (
        VSWITCHES,
        "ids = [alicloud_vswitch.a2.id]",
        "it.names == tolist([\"it-a2\"])",
    ),
    (
        VSWITCHES,
        "name_regex = \"1$\"",
        "it.ids == tolist([alicloud_vswitch.a1.id])",
    ),
    (VSWITCHES, "vswitch_name = \"it-a1\"", "length(it.ids) == 1"),
    (VSWITCHES, "vswitch_owner_id = 1", "length(it.ids) == 0"),
    (
        VSWITCHES,
        "vpc_id = alicloud_vpc.b.id",
        "length(it.ids) == 0",
    ),
    (
        VSWITCHES,
        "zone_id = \"cn-hangzhou-j\"",
        "it.vswitches[0].vpc_id == alicloud_vpc.a.id && length(it.ids) == 1",
    ),
    (
        GROUPS,
        "",
        "length(it.ids) == 2 && it.groups[0].inner_access == false && it.groups[1].inner_access == true",
    ),
    (
        GROUPS,
        "enable_details = false",
        "it.groups[0].inner_access == null && it.groups[0].security_group_type == \"normal\"",
    ),
    (
        GROUPS,
        "name_regex = \"b$\"",
        "it.names == tolist([\"it-b\"])",
    ),
    (
        GROUPS,
        "vpc_id = alicloud_vpc.a.id",
        "it.groups[*].vpc_id == tolist([alicloud_vpc.a.id])",
    ),
    (
        GROUPS,
        "resource_group_id = \"rg-b\"",
        "it.names == tolist([\"it-b\"])",
    ),
    (
        GROUPS,
        "page_number = 1\npage_size = 1",
        "it.names == tolist([\"it-a\"]) && it.total_count == 2",
    ),
    (
        GROUPS,
        "tags = { it = \"a\" }",
        "it.groups[0].tags.it == \"a\" && length(it.ids) == 1",
    ),
    (
        GROUPS,
        "ids = [alicloud_security_group.b.id]",
        "it.names == tolist([\"it-b\"])",
    ),
    (INSTANCES, "", "length(it.ids) == 2 && it.total_count == 2"),
    (
        INSTANCES,
        "ids = [alicloud_instance.one.id]",
        "it.instances[0].private_ip == \"10.0.1.10\" && it.instances[0].public_ip == alicloud_instance.one.public_ip && length(it.instances[0].disk_device_mappings) == 2 && it.instances[0].ram_role_name == \"it-role\"",
    ),
    (
        INSTANCES,
        "name_regex = \"^it-t\"",
        "it.instances[0].status == \"Stopped\" && it.instances[0].ram_role_name == \"\"",
    ),
    (
        INSTANCES,
        "instance_name = \"it-o*\"",
        "it.instances[0].security_groups == tolist([alicloud_security_group.a.id])",
    ),
    (
        INSTANCES,
        "image_id = \"ubuntu_22_04_x64_20G_alibase_20240926.vhd\"",
        "it.names == tolist([\"it-two\"])",
    ),
    (
        INSTANCES,
        "resource_group_id = \"rg-b\"",
        "it.names == tolist([\"it-two\"])",
    ),
    (
        INSTANCES,
        "status = \"Running\"",
        "it.names == tolist([\"it-one\"])",
    ),
    (INSTANCES, "status = \"Creating\"", "length(it.ids) == 0"),
    (
        INSTANCES,
        "vpc_id = alicloud_vpc.a.id",
        "length(it.ids) == 2",
    ),
    (
        INSTANCES,
        "vswitch_id = alicloud_vswitch.a2.id",
        "it.instances[*].vswitch_id == tolist([alicloud_vswitch.a2.id])",
    ),
    (
        INSTANCES,
        "availability_zone = \"cn-hangzhou-i\"",
        "it.names == tolist([\"it-one\"])",
    ),
    (
        INSTANCES,
        "ram_role_name = \"it-role\"",
        "it.names == tolist([\"it-one\"])",
    ),
    (
        INSTANCES,
        "tags = { it = \"one\" }",
        "it.instances[0].tags.it == \"one\" && length(it.ids) == 1",
    ),
    (
        INSTANCES,
        "page_number = 2\npage_size = 1",
        "it.names == tolist([\"it-two\"])",
    ),
    (
        INSTANCES,
        "enable_details = false",
        "length(it.instances[0].disk_device_mappings) == 0 && it.instances[0].ram_role_name == null",
    ),
];
