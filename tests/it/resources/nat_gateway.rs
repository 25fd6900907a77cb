//! NAT gateways, and whose traffic leaves by them.

use prov::cloud::Product;
use serde_json::json;

use super::{
    LIFE, Life, Names, lead_all, refuse, replace,
    surroundings::{NETWORK, OTHER_NETWORK, VSWITCHES},
    update,
};
use crate::support::{cloud::Cloud, project::Project};

/// Gateways with addresses.
const ADDRESSES: &str = r#"
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

const SECOND: &str = r#"
resource "alicloud_vswitch" "second" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.9.0.0/24"
  zone_id    = "cn-hangzhou-h"
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

/// Deletes the subscriptions, once they have ended.
fn outlive(cloud: &Cloud, _: &Names) {
    cloud.tell("clock", &json!({ "days": 400 }));
    for gateway in cloud.world()["nat_gateways"].as_array().unwrap() {
        if gateway["charge_type"] == "PrePaid" {
            lose_gateway(cloud, gateway["id"].as_str().unwrap());
        }
    }
}

fn lose_snat(cloud: &Cloud, id: &str) {
    let (table, entry) = id.split_once(':').unwrap();
    let asked = [("SnatTableId", table), ("SnatEntryId", entry)];
    cloud.console(Product::Vpc, "DeleteSnatEntry", &asked);
}

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_nat_gateway",
        around: &[NETWORK, OTHER_NETWORK],
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
        ..LIFE
    },
    Life {
        kind: "alicloud_nat_gateway",
        around: &[NETWORK, OTHER_NETWORK, SECOND],
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
            refuse(
                &[
                    ("nat_type", "\"Enhanced\""),
                    ("vswitch_id", "alicloud_vswitch.a.id"),
                    ("dry_run", "true"),
                ],
                "DryRunOperation",
            ),
            update(
                &[
                    ("nat_type", "\"Enhanced\""),
                    ("vswitch_id", "alicloud_vswitch.a.id"),
                ],
                &["UpdateNatGatewayNatType"],
            )
            .shows(&[("nat_gateways", "/nat_type", "\"Enhanced\"")]),
            // An enhanced one stays where it is, and what it is.
            replace(&[("vswitch_id", "alicloud_vswitch.second.id")]),
            replace(&[("internet_charge_type", "\"PayByLcu\"")]),
        ],
        lose: lose_gateway,
        ..LIFE
    },
    // A subscription is not deleted: the old one stays until it ends.
    Life {
        kind: "alicloud_nat_gateway",
        around: &[NETWORK],
        base: &[
            ("vpc_id", "alicloud_vpc.a.id"),
            ("nat_type", "\"Normal\""),
            ("internet_charge_type", "\"PayBySpec\""),
            ("specification", "\"Small\""),
            ("payment_type", "\"Subscription\""),
            ("period", "1"),
        ],
        born: &[("nat_gateways", "/charge_type", "\"PrePaid\"")],
        steps: &[
            replace(&[("payment_type", "\"PayAsYouGo\"")]).shows(&[
                ("nat_gateways", "/charge_type", "\"PrePaid\""),
                ("nat_gateways", "/charge_type", "\"PostPaid\""),
            ]),
            replace(&[
                ("payment_type", ""),
                ("instance_charge_type", "\"PrePaid\""),
            ]),
            replace(&[("instance_charge_type", "\"PostPaid\"")]),
            update(&[("period", "2")], &[]),
        ],
        untold: &["period"],
        lose: lose_gateway,
        end: Some(outlive),
        ..LIFE
    },
    Life {
        kind: "alicloud_snat_entry",
        around: &[VSWITCHES, ADDRESSES],
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
        lose: lose_snat,
        ..LIFE
    },
];

#[test]
fn gateways() {
    lead_all(LIVES, "alicloud_nat_gateway");
}

#[test]
fn snat_entries() {
    lead_all(LIVES, "alicloud_snat_entry");
}

/// What is not on its way to the gateway is not waited for.
#[test]
fn an_address_that_is_not_on_the_gateway_is_named_at_once() {
    let cloud = Cloud::instant();
    let entry = |address: &str| {
        format!(
            "{}{VSWITCHES}{ADDRESSES}resource \"alicloud_eip_address\" \"free\" {{\n}}\n\
             resource \"alicloud_snat_entry\" \"it\" {{\n  \
             depends_on        = [alicloud_eip_association.a]\n  \
             snat_table_id     = alicloud_nat_gateway.a[0].snat_table_ids\n  \
             source_vswitch_id = alicloud_vswitch.a[0].id\n  snat_ip = {address}\n}}\n",
            cloud.provider()
        )
    };
    let (free, other, own) = (
        "alicloud_eip_address.free.ip_address",
        "alicloud_eip_address.a[2].ip_address",
        "alicloud_eip_address.a[0].ip_address",
    );
    let project = Project::with(&entry(free));
    let refused = |words: &str| {
        let said = project.prov("apply -auto-approve -no-color");
        said.fails(&[words, "alicloud_snat_entry.it"]);
    };
    refused("is not bound to the NAT gateway");
    project.write("main.tf", &entry(other));
    refused("and not to the NAT gateway that this table belongs to");
    project.write("main.tf", &entry(own));
    project.apply();
    project.write("main.tf", &entry(free));
    refused("is not bound to the NAT gateway");
}

#[test]
fn an_enhanced_gateway_needs_a_vswitch() {
    let cloud = Cloud::instant();
    for unset in ["", "vswitch_id = null", "vswitch_id = \"\""] {
        let gateway = format!(
            "resource \"alicloud_nat_gateway\" \"it\" {{\n  vpc_id = \"vpc-1\"\n  nat_type = \"Enhanced\"\n  {unset}\n}}\n"
        );
        let project = Project::with(&(cloud.provider() + &gateway));
        project
            .prov("plan -no-color")
            .fails(&["\"vswitch_id\" is not set"]);
    }
}
