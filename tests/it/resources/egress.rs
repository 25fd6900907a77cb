//! What leads out of a network: elastic addresses, NAT gateways, routes.

use prov::cloud::Product;

use super::{Life, lead, replace, update};
use crate::support::{cloud::Cloud, project::Project};

const NOTHING: &str = "";
const INSTANCES: &str = r#"
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
resource "alicloud_instance" "a" {
  count           = 2
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type   = "ecs.g7.large"
  vswitch_id      = alicloud_vswitch.a.id
  security_groups = [alicloud_security_group.a.id]
  private_ip      = "10.1.0.${10 + count.index}"
}
resource "alicloud_eip_address" "a" {
}
resource "alicloud_eip_address" "b" {
}
"#;

fn nothing(_: &Cloud) {}

fn lose_eip(cloud: &Cloud, id: &str) {
    let asked = [
        ("InstanceId", id),
        ("Type", "EIP"),
        ("ProtectionEnable", "false"),
    ];
    cloud.console(Product::Vpc, "DeletionProtection", &asked);
    cloud.console(Product::Vpc, "ReleaseEipAddress", &[("AllocationId", id)]);
}

fn lose_association(cloud: &Cloud, id: &str) {
    let eip = id.split(':').next().unwrap();
    cloud.console(
        Product::Vpc,
        "UnassociateEipAddress",
        &[("AllocationId", eip)],
    );
}

const GATEWAYS: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vpc" "b" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "a" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.1.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_vswitch" "b" {
  vpc_id     = alicloud_vpc.b.id
  cidr_block = "10.1.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
"#;
const ENTRIES: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "a" {
  count      = 2
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.${count.index + 1}.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_nat_gateway" "a" {
  count            = 2
  vpc_id           = alicloud_vpc.a.id
  vswitch_id       = alicloud_vswitch.a[0].id
  nat_type         = "Enhanced"
  nat_gateway_name = "nat-${count.index}"
}
resource "alicloud_eip_address" "a" {
  count = 3
}
resource "alicloud_eip_association" "a" {
  count         = 3
  allocation_id = alicloud_eip_address.a[count.index].id
  instance_id   = alicloud_nat_gateway.a[count.index < 2 ? 0 : 1].id
}
"#;
const ROUTES: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block  = "10.0.0.0/8"
}
resource "alicloud_vpc" "b" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "a" {
  count      = 2
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.${count.index + 1}.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_route_table" "a" {
  count  = 2
  vpc_id = alicloud_vpc.a.id
}
resource "alicloud_nat_gateway" "a" {
  vpc_id     = alicloud_vpc.a.id
  vswitch_id = alicloud_vswitch.a[0].id
  nat_type   = "Enhanced"
}
resource "alicloud_security_group" "a" {
  vpc_id = alicloud_vpc.a.id
}
resource "alicloud_instance" "a" {
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type   = "ecs.g7.large"
  vswitch_id      = alicloud_vswitch.a[0].id
  security_groups = [alicloud_security_group.a.id]
}
"#;

fn lose_gateway(cloud: &Cloud, id: &str) {
    let asked = [
        ("InstanceId", id),
        ("Type", "NATGW"),
        ("ProtectionEnable", "false"),
    ];
    cloud.console(Product::Vpc, "DeletionProtection", &asked);
    cloud.console(Product::Vpc, "DeleteNatGateway", &[("NatGatewayId", id)]);
}

fn lose_snat(cloud: &Cloud, id: &str) {
    let (table, entry) = id.split_once(':').unwrap();
    let asked = [("SnatTableId", table), ("SnatEntryId", entry)];
    cloud.console(Product::Vpc, "DeleteSnatEntry", &asked);
}

fn lose_table(cloud: &Cloud, id: &str) {
    cloud.console(Product::Vpc, "DeleteRouteTable", &[("RouteTableId", id)]);
}

fn lose_attachment(cloud: &Cloud, id: &str) {
    let (table, vswitch) = id.split_once(':').unwrap();
    let asked = [("RouteTableId", table), ("VSwitchId", vswitch)];
    cloud.console(Product::Vpc, "UnassociateRouteTable", &asked);
}

fn lose_entry(cloud: &Cloud, id: &str) {
    let parts: Vec<&str> = id.split(':').collect();
    let destination = parts[2].replace('_', ":");
    let asked = [
        ("RouteTableId", parts[0]),
        ("DestinationCidrBlock", &destination),
    ];
    cloud.console(Product::Vpc, "DeleteRouteEntry", &asked);
}

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_nat_gateway",
        prepare: nothing,
        around: GATEWAYS,
        base: &[
            ("vpc_id", "alicloud_vpc.a.id"),
            ("vswitch_id", "alicloud_vswitch.a.id"),
            ("nat_type", "\"Enhanced\""),
            ("nat_gateway_name", "\"it\""),
            ("description", "\"at first\""),
            ("payment_type", "\"PayAsYouGo\""),
            ("internet_charge_type", "\"PayByLcu\""),
            ("network_type", "\"internet\""),
            ("eip_bind_mode", "\"MULTI_BINDED\""),
            ("icmp_reply_enabled", "false"),
            ("deletion_protection", "true"),
            ("availability_mode", "\"CrossAZ\""),
            ("force", "false"),
            ("period", "12"),
            ("tags", "{ a = \"1\" }"),
        ],
        born: &[
            ("nat_gateways", "/name", "\"it\""),
            ("nat_gateways", "/icmp_reply", "false"),
            ("nat_gateways", "/deletion_protection", "true"),
            ("nat_gateways", "/tags/a", "\"1\""),
        ],
        steps: &[
            update(
                &[("nat_gateway_name", "\"other\"")],
                &["ModifyNatGatewayAttribute"],
            )
            .shows(&[("nat_gateways", "/name", "\"other\"")]),
            update(
                &[("nat_gateway_name", ""), ("name", "\"old\"")],
                &["ModifyNatGatewayAttribute"],
            ),
            update(
                &[("description", "\"later\"")],
                &["ModifyNatGatewayAttribute"],
            )
            .shows(&[("nat_gateways", "/description", "\"later\"")]),
            update(&[("description", "")], &["ModifyNatGatewayAttribute"]).shows(&[(
                "nat_gateways",
                "/description",
                "\"\"",
            )]),
            update(
                &[("icmp_reply_enabled", "true")],
                &["ModifyNatGatewayAttribute"],
            )
            .shows(&[("nat_gateways", "/icmp_reply", "true")]),
            update(
                &[("eip_bind_mode", "\"NAT\"")],
                &["ModifyNatGatewayAttribute"],
            )
            .shows(&[("nat_gateways", "/eip_bind_mode", "\"NAT\"")]),
            update(&[("deletion_protection", "false")], &["DeletionProtection"]).shows(&[(
                "nat_gateways",
                "/deletion_protection",
                "false",
            )]),
            update(&[("tags", "{ a = \"2\", b = \"3\" }")], &["TagResources"]).shows(&[(
                "nat_gateways",
                "/tags/a",
                "\"2\"",
            )]),
            update(&[("tags", "")], &["UnTagResources"]),
            update(&[("force", "true")], &[]),
            update(&[("dry_run", "true")], &[]),
            replace(&[("eip_bind_mode", "\"MULTI_BINDED\"")]),
            replace(&[("availability_mode", "\"SingleAZ\"")]),
            replace(&[("private_link_enabled", "true")]),
            replace(&[
                ("network_type", "\"intranet\""),
                (
                    "access_mode",
                    "mode_value = \"tunnel\"\ntunnel_type = \"geneve\"",
                ),
            ])
            .shows(&[("nat_gateways", "/access_mode", "[\"tunnel\",\"geneve\"]")]),
            replace(&[
                ("vpc_id", "alicloud_vpc.b.id"),
                ("vswitch_id", "alicloud_vswitch.b.id"),
            ]),
        ],
        untold: &["force", "period", "dry_run"],
        lose: lose_gateway,
        last: &[],
    },
    Life {
        kind: "alicloud_nat_gateway",
        prepare: nothing,
        around: GATEWAYS,
        base: &[
            ("vpc_id", "alicloud_vpc.a.id"),
            ("nat_type", "\"Normal\""),
            ("internet_charge_type", "\"PayBySpec\""),
            ("specification", "\"Small\""),
        ],
        born: &[("nat_gateways", "/spec", "\"Small\"")],
        steps: &[
            update(
                &[("specification", "\"Middle\"")],
                &["ModifyNatGatewaySpec"],
            )
            .shows(&[("nat_gateways", "/spec", "\"Middle\"")]),
            update(
                &[
                    ("nat_type", "\"Enhanced\""),
                    ("vswitch_id", "alicloud_vswitch.a.id"),
                ],
                &["UpdateNatGatewayNatType"],
            )
            .shows(&[("nat_gateways", "/nat_type", "\"Enhanced\"")]),
            replace(&[("internet_charge_type", "\"PayByLcu\"")]),
        ],
        untold: &[],
        lose: lose_gateway,
        last: &[],
    },
    Life {
        kind: "alicloud_snat_entry",
        prepare: nothing,
        around: ENTRIES,
        base: &[
            ("snat_table_id", "alicloud_nat_gateway.a[0].snat_table_ids"),
            ("source_vswitch_id", "alicloud_vswitch.a[0].id"),
            (
                "snat_ip",
                "[for a in alicloud_eip_association.a : alicloud_eip_address.a[0].ip_address][0]",
            ),
            ("snat_entry_name", "\"it\""),
        ],
        born: &[("snat_entries", "/name", "\"it\"")],
        steps: &[
            update(&[("snat_entry_name", "\"other\"")], &["ModifySnatEntry"]).shows(&[(
                "snat_entries",
                "/name",
                "\"other\"",
            )]),
            update(&[("eip_affinity", "1")], &["ModifySnatEntry"]).shows(&[(
                "snat_entries",
                "/affinity",
                "1",
            )]),
            update(&[("eip_affinity", "")], &["ModifySnatEntry"]).shows(&[(
                "snat_entries",
                "/affinity",
                "0",
            )]),
            update(
                &[(
                    "snat_ip",
                    "join(\",\", [for a in slice(alicloud_eip_association.a, 0, 2) : [for e in alicloud_eip_address.a : e.ip_address if e.id == a.allocation_id][0]])",
                )],
                &["ModifySnatEntry"],
            ),
            replace(&[("source_vswitch_id", "alicloud_vswitch.a[1].id")]),
            replace(&[
                ("source_vswitch_id", ""),
                ("source_cidr", "\"10.1.0.0/25\""),
            ]),
            replace(&[
                ("snat_table_id", "alicloud_nat_gateway.a[1].snat_table_ids"),
                (
                    "snat_ip",
                    "[for a in alicloud_eip_association.a : alicloud_eip_address.a[2].ip_address][0]",
                ),
            ]),
        ],
        untold: &[],
        lose: lose_snat,
        last: &[],
    },
    Life {
        kind: "alicloud_route_table",
        prepare: nothing,
        around: GATEWAYS,
        base: &[
            ("vpc_id", "alicloud_vpc.a.id"),
            ("route_table_name", "\"it\""),
            ("description", "\"at first\""),
            ("route_propagation_enable", "false"),
            ("tags", "{ a = \"1\" }"),
        ],
        born: &[
            ("route_tables", "/name", "\"it\""),
            ("route_tables", "/propagation", "false"),
            ("route_tables", "/tags/a", "\"1\""),
        ],
        steps: &[
            update(
                &[("route_table_name", "\"other\"")],
                &["ModifyRouteTableAttributes"],
            )
            .shows(&[("route_tables", "/name", "\"other\"")]),
            update(
                &[("route_table_name", ""), ("name", "\"old\"")],
                &["ModifyRouteTableAttributes"],
            ),
            update(
                &[("description", "\"later\"")],
                &["ModifyRouteTableAttributes"],
            )
            .shows(&[("route_tables", "/description", "\"later\"")]),
            update(&[("description", "")], &["ModifyRouteTableAttributes"]),
            update(
                &[("route_propagation_enable", "true")],
                &["ModifyRouteTableAttributes"],
            )
            .shows(&[("route_tables", "/propagation", "true")]),
            update(
                &[("tags", "{ b = \"3\" }")],
                &["UnTagResources", "TagResources"],
            )
            .shows(&[("route_tables", "/tags", "{\"b\":\"3\"}")]),
            replace(&[("associate_type", "\"Gateway\"")]),
            replace(&[("vpc_id", "alicloud_vpc.b.id")]),
        ],
        untold: &[],
        lose: lose_table,
        last: &[],
    },
    Life {
        kind: "alicloud_route_table_attachment",
        prepare: nothing,
        around: ROUTES,
        base: &[
            ("route_table_id", "alicloud_route_table.a[0].id"),
            ("vswitch_id", "alicloud_vswitch.a[0].id"),
        ],
        born: &[],
        steps: &[
            replace(&[("vswitch_id", "alicloud_vswitch.a[1].id")]),
            replace(&[("route_table_id", "alicloud_route_table.a[1].id")]),
        ],
        untold: &[],
        lose: lose_attachment,
        last: &[],
    },
    Life {
        kind: "alicloud_route_entry",
        prepare: nothing,
        around: ROUTES,
        base: &[
            ("route_table_id", "alicloud_route_table.a[0].id"),
            ("destination_cidrblock", "\"0.0.0.0/0\""),
            ("nexthop_type", "\"NatGateway\""),
            ("nexthop_id", "alicloud_nat_gateway.a.id"),
            ("name", "\"it\""),
            ("description", "\"out\""),
        ],
        born: &[("route_entries", "/name", "\"it\"")],
        steps: &[
            replace(&[("name", "\"other\"")]),
            replace(&[("description", "\"still out\"")]),
            replace(&[("destination_cidrblock", "\"2408:4003::/32\"")]),
            replace(&[
                ("nexthop_type", "\"Instance\""),
                ("nexthop_id", "alicloud_instance.a.id"),
            ]),
            replace(&[("route_table_id", "alicloud_vpc.a.route_table_id")]),
        ],
        untold: &[],
        lose: lose_entry,
        last: &[],
    },
    Life {
        kind: "alicloud_eip_address",
        prepare: nothing,
        around: NOTHING,
        base: &[
            ("address_name", "\"it\""),
            ("description", "\"at first\""),
            ("bandwidth", "10"),
            ("internet_charge_type", "\"PayByBandwidth\""),
            ("payment_type", "\"PayAsYouGo\""),
            ("isp", "\"BGP\""),
            ("netmode", "\"public\""),
            ("mode", "\"MULTI_BINDED\""),
            ("deletion_protection", "true"),
            ("resource_group_id", "\"rg-one\""),
            ("security_protection_types", "[\"AntiDDoS_Enhanced\"]"),
            ("high_definition_monitor_log_status", "\"ON\""),
            ("log_project", "\"network\""),
            ("log_store", "\"eip\""),
            ("activity_id", "\"123\""),
            ("period", "12"),
            ("pricing_cycle", "\"Month\""),
            ("auto_pay", "true"),
            ("tags", "{ a = \"1\" }"),
        ],
        born: &[
            ("eips", "/name", "\"it\""),
            ("eips", "/bandwidth", "10"),
            ("eips", "/mode", "\"MULTI_BINDED\""),
            ("eips", "/deletion_protection", "true"),
            ("eips", "/monitored", "true"),
            ("eips", "/log_store", "\"eip\""),
            ("eips", "/charge_type", "\"PostPaid\""),
            ("eips", "/tags/a", "\"1\""),
        ],
        steps: &[
            update(
                &[("address_name", "\"other\"")],
                &["ModifyEipAddressAttribute"],
            )
            .shows(&[("eips", "/name", "\"other\"")]),
            update(
                &[("address_name", ""), ("name", "\"old\"")],
                &["ModifyEipAddressAttribute"],
            )
            .shows(&[("eips", "/name", "\"old\"")]),
            update(
                &[("description", "\"later\"")],
                &["ModifyEipAddressAttribute"],
            )
            .shows(&[("eips", "/description", "\"later\"")]),
            update(&[("bandwidth", "\"20\"")], &["ModifyEipAddressAttribute"]).shows(&[(
                "eips",
                "/bandwidth",
                "20",
            )]),
            update(&[("mode", "\"NAT\"")], &["ModifyEipForwardMode"])
                .shows(&[("eips", "/mode", "\"NAT\"")]),
            update(
                &[("log_project", "\"other\"")],
                &["SetHighDefinitionMonitorLogStatus"],
            )
            .shows(&[
                ("eips", "/log_project", "\"other\""),
                ("eips", "/log_store", "\"eip\""),
            ]),
            update(
                &[("log_store", "\"ways\"")],
                &["SetHighDefinitionMonitorLogStatus"],
            )
            .shows(&[("eips", "/log_store", "\"ways\"")]),
            update(
                &[("resource_group_id", "\"rg-two\"")],
                &["MoveResourceGroup"],
            )
            .shows(&[("eips", "/resource_group", "\"rg-two\"")]),
            update(&[("deletion_protection", "false")], &["DeletionProtection"]).shows(&[(
                "eips",
                "/deletion_protection",
                "false",
            )]),
            update(&[("tags", "{ a = \"2\", b = \"3\" }")], &["TagResources"]).shows(&[(
                "eips",
                "/tags",
                "{\"a\":\"2\",\"b\":\"3\"}",
            )]),
            update(&[("tags", "{ b = \"3\" }")], &["UnTagResources"]),
            update(&[("period", "1")], &[]),
            update(
                &[
                    ("name", ""),
                    ("address_name", "\"both\""),
                    ("bandwidth", "30"),
                    ("tags", ""),
                ],
                &["ModifyEipAddressAttribute", "UnTagResources"],
            ),
            replace(&[("internet_charge_type", "\"PayByTraffic\"")]),
            replace(&[
                ("high_definition_monitor_log_status", "\"OFF\""),
                ("log_project", ""),
                ("log_store", ""),
            ]),
            replace(&[("isp", "\"BGP_PRO\"")]),
            replace(&[("security_protection_types", "")]),
            replace(&[("ip_address", "\"47.75.1.2\"")]),
            replace(&[("ip_address", ""), ("allocation_id", "\"eip-one\"")]),
            replace(&[("allocation_id", ""), ("zone", "\"cn-hangzhou-h\"")]),
            replace(&[("public_ip_address_pool_id", "\"pippool-one\"")]),
        ],
        untold: &["activity_id", "period", "pricing_cycle", "auto_pay"],
        lose: lose_eip,
        last: &[],
    },
    Life {
        kind: "alicloud_eip",
        prepare: nothing,
        around: NOTHING,
        base: &[
            ("name", "\"it\""),
            ("instance_charge_type", "\"PayAsYouGo\""),
        ],
        born: &[("eips", "/charge_type", "\"PostPaid\"")],
        steps: &[update(
            &[("bandwidth", "7")],
            &["ModifyEipAddressAttribute"],
        )],
        untold: &[],
        lose: lose_eip,
        last: &[],
    },
    Life {
        kind: "alicloud_eip_association",
        prepare: nothing,
        around: INSTANCES,
        base: &[
            ("allocation_id", "alicloud_eip_address.a.id"),
            ("instance_id", "alicloud_instance.a[0].id"),
            ("mode", "\"NAT\""),
            ("private_ip_address", "\"10.1.0.10\""),
            ("force", "true"),
        ],
        born: &[
            ("eips", "/state", "\"InUse\""),
            ("eips", "/bound/kind", "\"EcsInstance\""),
            ("eips", "/bound/private_ip", "\"10.1.0.10\""),
        ],
        steps: &[
            update(&[("force", "")], &[]),
            update(&[("mode", "\"MULTI_BINDED\"")], &["ModifyEipForwardMode"]).shows(&[(
                "eips",
                "/mode",
                "\"MULTI_BINDED\"",
            )]),
            replace(&[
                ("mode", ""),
                ("instance_id", "alicloud_instance.a[1].id"),
                ("private_ip_address", "\"10.1.0.11\""),
            ])
            .shows(&[("eips", "/bound/private_ip", "\"10.1.0.11\"")]),
            replace(&[("allocation_id", "alicloud_eip_address.b.id")]),
            replace(&[
                ("private_ip_address", ""),
                ("instance_id", "\"10.9.9.9\""),
                ("instance_type", "\"IpAddress\""),
                ("vpc_id", "alicloud_vpc.a.id"),
            ]),
        ],
        untold: &["force"],
        lose: lose_association,
        last: &[],
    },
];

#[test]
fn nat_gateway() {
    LIVES
        .iter()
        .filter(|life| life.kind == "alicloud_nat_gateway")
        .for_each(lead);
}

#[test]
fn snat_entry() {
    LIVES
        .iter()
        .filter(|life| life.kind == "alicloud_snat_entry")
        .for_each(lead);
}

#[test]
fn routes() {
    LIVES
        .iter()
        .filter(|life| life.kind.starts_with("alicloud_route_"))
        .for_each(lead);
}

#[test]
fn eip_address() {
    LIVES
        .iter()
        .filter(|life| ["alicloud_eip_address", "alicloud_eip"].contains(&life.kind))
        .for_each(lead);
}

#[test]
fn eip_association() {
    LIVES
        .iter()
        .filter(|life| life.kind == "alicloud_eip_association")
        .for_each(lead);
}

/// A subscription cannot be released: a destroy forgets it. Both vocabularies say the same.
#[test]
fn subscriptions_stay() {
    let cloud = Cloud::instant();
    let project = Project::new();
    let write = |argument: &str| {
        let text = format!(
            "{}resource \"alicloud_eip_address\" \"it\" {{\n  {argument}\n  period = 24\n}}\n",
            cloud.provider()
        );
        project.write("main.tf", &text);
    };
    write("payment_type = \"Subscription\"");
    project.apply();
    let attributes = project.attributes("alicloud_eip_address", "it", 0);
    assert_eq!(attributes["instance_charge_type"], "PrePaid");
    for same in [
        "payment_type = \"PrePaid\"",
        "instance_charge_type = \"PrePaid\"",
        "instance_charge_type = \"Subscription\"",
    ] {
        write(same);
        project.settled();
    }
    project.prov("destroy -auto-approve -no-color").ok();
    assert_eq!(project.state()["resources"], serde_json::json!([]));
    assert_eq!(cloud.world()["eips"][0]["charge_type"], "PrePaid");
    assert!(!cloud.calls().contains_key("ReleaseEipAddress"));
}

/// The same two are bound, unbound and bound again: each time it is another request.
#[test]
fn an_association_comes_again() {
    let cloud = Cloud::instant();
    let project = Project::new();
    let write = |count: usize| {
        let text = format!(
            "{}{INSTANCES}resource \"alicloud_eip_association\" \"it\" {{\n  count = {count}\n  \
             allocation_id = alicloud_eip_address.a.id\n  instance_id = alicloud_instance.a[0].id\n}}\n",
            cloud.provider()
        );
        project.write("main.tf", &text);
    };
    let bound = || {
        let world = cloud.world();
        let eips = world["eips"].as_array().unwrap().clone();
        eips.iter().filter(|eip| eip["state"] == "InUse").count()
    };
    for _ in 0..3 {
        for count in [1, 0] {
            write(count);
            project.apply();
            assert_eq!(bound(), count);
        }
    }
}
