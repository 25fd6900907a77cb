//! Routes: tables of them, what goes by a table, and the entries.

use prov::cloud::Product;

use super::{
    LIFE, Life, lead, replace,
    surroundings::{NETWORK, OTHER_NETWORK, VSWITCHES},
    update,
};
use crate::support::{cloud::Cloud, project::Project};

/// Route tables, and where routes can lead.
const HOPS: &str = r#"
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
        kind: "alicloud_route_table",
        around: &[NETWORK, OTHER_NETWORK],
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
        lose: lose_table,
        ..LIFE
    },
    Life {
        kind: "alicloud_route_table_attachment",
        around: &[VSWITCHES, HOPS],
        base: &[
            ("route_table_id", "alicloud_route_table.a[0].id"),
            ("vswitch_id", "alicloud_vswitch.a[0].id"),
        ],
        steps: &[
            replace(&[("vswitch_id", "alicloud_vswitch.a[1].id")]),
            replace(&[("route_table_id", "alicloud_route_table.a[1].id")]),
        ],
        lose: lose_attachment,
        ..LIFE
    },
    Life {
        kind: "alicloud_route_entry",
        around: &[VSWITCHES, HOPS],
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
        lose: lose_entry,
        ..LIFE
    },
];

#[test]
fn routes() {
    LIVES.iter().for_each(lead);
}

/// The table is asked for its router before anything is done.
#[test]
fn a_route_of_no_table_is_not_sent() {
    let cloud = Cloud::instant();
    let route = r#"
resource "alicloud_route_entry" "it" {
  route_table_id        = "vtb-none"
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "NatGateway"
  nexthop_id            = "ngw-none"
}
"#;
    let project = Project::with(&(cloud.provider() + route));
    project
        .prov("apply -auto-approve -no-color")
        .fails(&["There is no route table vtb-none"]);
    assert!(!cloud.calls().contains_key("CreateRouteEntry"));
}
