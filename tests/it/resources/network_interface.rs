//! Network interfaces, and the instances that they are on.

use prov::cloud::Product;

use super::{
    LIFE, Life, Setting, Step, lead, replace,
    surroundings::{INSTANCES, NETWORK},
    update,
};
use crate::support::cloud::Cloud;

/// A second vSwitch and a second group.
const SECOND: &str = r#"
resource "alicloud_vswitch" "b" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.2.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "b" {
  vpc_id = alicloud_vpc.a.id
}
"#;

const INTERFACES: &str = r#"
resource "alicloud_ecs_network_interface" "one" {
  vswitch_id         = alicloud_vswitch.a.id
  security_group_ids = [alicloud_security_group.a.id]
}
resource "alicloud_network_interface" "two" {
  vswitch_id      = alicloud_vswitch.a.id
  security_groups = [alicloud_security_group.a.id]
}
resource "alicloud_ecs_network_interface" "trunk" {
  vswitch_id         = alicloud_vswitch.a.id
  security_group_ids = [alicloud_security_group.a.id]
  instance_type      = "Trunk"
}
resource "alicloud_network_interface_attachment" "trunk" {
  network_interface_id = alicloud_ecs_network_interface.trunk.id
  instance_id          = alicloud_instance.a[1].id
}
"#;

fn lose_interface(cloud: &Cloud, id: &str) {
    cloud.console(
        Product::Ecs,
        "DeleteNetworkInterface",
        &[("NetworkInterfaceId", id)],
    );
}

fn lose_attachment(cloud: &Cloud, id: &str) {
    let (interface, instance) = id.split_once(':').unwrap();
    let asked = [("NetworkInterfaceId", interface), ("InstanceId", instance)];
    cloud.console(Product::Ecs, "DetachNetworkInterface", &asked);
}

const BASE: &[Setting] = &[
    ("network_interface_name", "\"it\""),
    ("description", "\"at first\""),
    ("vswitch_id", "alicloud_vswitch.a.id"),
    ("security_group_ids", "[alicloud_security_group.a.id]"),
    ("primary_ip_address", "\"10.1.0.20\""),
    ("private_ip_addresses", "[\"10.1.0.22\", \"10.1.0.21\"]"),
    ("ipv6_address_count", "1"),
    ("queue_number", "2"),
    ("source_dest_check", "true"),
    ("delete_on_release", "true"),
    ("instance_type", "\"Secondary\""),
    ("network_interface_traffic_mode", "\"Standard\""),
    ("resource_group_id", "\"rg-one\""),
    ("tags", "{ a = \"1\", b = \"2\" }"),
];

const MODIFY: &[&str] = &["ModifyNetworkInterfaceAttribute"];
const GIVE: &[&str] = &["AssignPrivateIpAddresses"];
const TAKE: &[&str] = &["UnassignPrivateIpAddresses"];
const EXCHANGE: &[&str] = &["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"];

const STEPS: &[Step] = &[
    update(&[("network_interface_name", "\"other\"")], MODIFY).shows(&[(
        "network_interfaces",
        "/name",
        "\"other\"",
    )]),
    update(
        &[("network_interface_name", ""), ("name", "\"old\"")],
        MODIFY,
    )
    .shows(&[("network_interfaces", "/name", "\"old\"")]),
    update(&[("description", "\"later\"")], MODIFY).shows(&[(
        "network_interfaces",
        "/description",
        "\"later\"",
    )]),
    update(&[("description", "")], MODIFY).shows(&[("network_interfaces", "/description", "\"\"")]),
    update(
        &[(
            "security_group_ids",
            "[alicloud_security_group.a.id, alicloud_security_group.b.id]",
        )],
        MODIFY,
    ),
    update(
        &[
            ("security_group_ids", ""),
            ("security_groups", "[alicloud_security_group.b.id]"),
        ],
        MODIFY,
    ),
    update(&[("queue_number", "4")], MODIFY).shows(&[("network_interfaces", "/queues", "4")]),
    update(&[("source_dest_check", "false")], MODIFY).shows(&[(
        "network_interfaces",
        "/source_dest_check",
        "false",
    )]),
    update(&[("delete_on_release", "false")], MODIFY).shows(&[(
        "network_interfaces",
        "/delete_on_release",
        "false",
    )]),
    update(
        &[("tags", "{ a = \"3\", c = \"4\" }")],
        &["UntagResources", "TagResources"],
    )
    .shows(&[("network_interfaces", "/tags", "{\"a\":\"3\",\"c\":\"4\"}")]),
    update(&[("tags", "")], &["UntagResources"]).shows(&[("network_interfaces", "/tags", "{}")]),
    update(
        &[("private_ip_addresses", "[\"10.1.0.22\", \"10.1.0.23\"]")],
        EXCHANGE,
    )
    .shows(&[(
        "network_interfaces",
        "/addresses",
        "[\"10.1.0.20\",\"10.1.0.22\",\"10.1.0.23\"]",
    )]),
    update(
        &[
            ("private_ip_addresses", ""),
            ("private_ips", "[\"10.1.0.23\"]"),
        ],
        TAKE,
    )
    .shows(&[(
        "network_interfaces",
        "/addresses",
        "[\"10.1.0.20\",\"10.1.0.23\"]",
    )]),
    update(
        &[
            ("private_ips", ""),
            ("secondary_private_ip_address_count", "3"),
        ],
        GIVE,
    ),
    update(
        &[
            ("secondary_private_ip_address_count", ""),
            ("private_ips_count", "1"),
        ],
        TAKE,
    ),
    update(&[("private_ips_count", "2")], GIVE),
    update(&[("private_ips_count", "0")], TAKE).shows(&[(
        "network_interfaces",
        "/addresses",
        "[\"10.1.0.20\"]",
    )]),
    update(
        &[("private_ips_count", ""), ("ipv4_prefix_count", "2")],
        GIVE,
    )
    .shows(&[(
        "network_interfaces",
        "/prefixes",
        "[\"10.1.0.32/28\",\"10.1.0.48/28\"]",
    )]),
    update(&[("ipv4_prefix_count", "1")], TAKE),
    update(
        &[
            ("ipv4_prefix_count", ""),
            ("ipv4_prefixes", "[\"10.1.0.64/28\"]"),
        ],
        EXCHANGE,
    )
    .shows(&[("network_interfaces", "/prefixes", "[\"10.1.0.64/28\"]")]),
    update(&[("ipv6_address_count", "2")], &["AssignIpv6Addresses"]),
    update(&[("ipv6_address_count", "1")], &["UnassignIpv6Addresses"]),
    update(
        &[
            ("ipv6_address_count", ""),
            (
                "ipv6_addresses",
                "[cidrhost(alicloud_vswitch.a.ipv6_cidr_block, 10)]",
            ),
        ],
        &["UnassignIpv6Addresses", "AssignIpv6Addresses"],
    ),
    // Several at once, in the fewest calls.
    update(
        &[
            ("name", "\"many\""),
            ("description", "\"again\""),
            ("queue_number", "8"),
            ("tags", "{ m = \"1\" }"),
            ("ipv4_prefixes", "[]"),
        ],
        &[
            "TagResources",
            "ModifyNetworkInterfaceAttribute",
            "UnassignPrivateIpAddresses",
        ],
    ),
    replace(&[("primary_ip_address", "\"10.1.0.30\"")]),
    replace(&[("primary_ip_address", ""), ("private_ip", "\"10.1.0.31\"")]),
    replace(&[("network_interface_traffic_mode", "\"HighPerformance\"")]),
    replace(&[("instance_type", "\"Trunk\"")]),
    replace(&[("resource_group_id", "\"rg-two\"")]),
    replace(&[
        ("vswitch_id", "alicloud_vswitch.b.id"),
        ("private_ip", ""),
        ("ipv6_addresses", ""),
    ]),
];

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_ecs_network_interface",
        around: &[NETWORK, SECOND],
        base: BASE,
        born: &[
            ("network_interfaces", "/name", "\"it\""),
            ("network_interfaces", "/state", "\"Available\""),
            (
                "network_interfaces",
                "/addresses",
                "[\"10.1.0.20\",\"10.1.0.21\",\"10.1.0.22\"]",
            ),
            ("network_interfaces", "/queues", "2"),
        ],
        steps: STEPS,
        lose: lose_interface,
        ..LIFE
    },
    Life {
        kind: "alicloud_ecs_network_interface_attachment",
        around: &[NETWORK, INSTANCES, INTERFACES],
        base: &[
            (
                "network_interface_id",
                "alicloud_ecs_network_interface.one.id",
            ),
            ("instance_id", "alicloud_instance.a[0].id"),
            ("wait_for_network_configuration_ready", "true"),
        ],
        born: &[("network_interfaces", "/state", "\"InUse\"")],
        steps: &[
            update(&[("wait_for_network_configuration_ready", "false")], &[]),
            replace(&[("network_interface_id", "alicloud_network_interface.two.id")]),
            replace(&[("network_card_index", "1")]).shows(&[(
                "network_interfaces",
                "/card_index",
                "1",
            )]),
            replace(&[("instance_id", "alicloud_instance.a[1].id")]),
            replace(&[(
                "trunk_network_instance_id",
                "alicloud_network_interface_attachment.trunk.network_interface_id",
            )]),
        ],
        untold: &["wait_for_network_configuration_ready"],
        lose: lose_attachment,
        ..LIFE
    },
];

#[test]
fn interfaces() {
    lead(&LIVES[0]);
}

#[test]
fn attachments() {
    lead(&LIVES[1]);
}
