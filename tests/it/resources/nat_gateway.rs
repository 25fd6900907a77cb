//! NAT gateways, and whose traffic leaves by them.

use prov::cloud::Product;

use super::{
    Life, lead_all, nothing, replace,
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

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_nat_gateway",
        prepare: nothing,
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
        last: &[],
    },
    Life {
        kind: "alicloud_nat_gateway",
        prepare: nothing,
        around: &[NETWORK, OTHER_NETWORK],
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
        untold: &[],
        lose: lose_snat,
        last: &[],
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
