//! The table of `alicloud_route_table_attachment`: it is seen in the table, and its id is made of both its ends.

use super::AVAILABLE;
use crate::schema::*;

const BUSY: &[&str] = &[
    "IncorrectVSwitchStatus",
    "OperationConflict",
    "IncorrectStatus",
    "ServiceUnavailable",
    "SystemBusy",
    "OperationDenied.Ipv4GatewayNotActive",
    "LastTokenProcessing",
];

static CREATE: Call = call("AssociateRouteTable")
    .token()
    .retry(BUSY)
    .wait(AVAILABLE);
static DELETE: Call = call("UnassociateRouteTable").retry(BUSY);

static TABLE: Ids = Ids::One("RouteTableId");
static DESCRIBE: Read = Read {
    action: "DescribeRouteTableList",
    ids: Ids::Within(&TABLE, &["RouteTableId", "VSwitchIds.VSwitchId"]),
    item: "RouterTableList.RouterTableListType",
};

/// That a vSwitch goes by a route table.
pub static ATTACHMENT: ResourceType = ResourceType {
    id: Id::Parts(&[
        ("RouteTableId", "route_table_id"),
        ("VSwitchId", "vswitch_id"),
    ]),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 5,
        update: 0,
        delete: 5,
    },
    attributes: ATTRIBUTES,
    agree: &["vpc_id"],
    siblings: Some(Siblings {
        same: "vswitch_id",
        check: by_one_table,
    }),
    import: "vtb-bp1…:vsw-bp1…",
    ..resource(
        "alicloud_route_table_attachment",
        Service::Vpc,
        "That a vSwitch goes by a route table, and not by the VPC's own.",
    )
};

static ATTRIBUTES: &[Attribute] = &[
    string("route_table_id", "The route table.")
        .required()
        .replaces()
        .sent(&[(&CREATE, "RouteTableId"), (&DELETE, "RouteTableId")])
        .read(&DESCRIBE, "RouteTableId")
        .refers_to("alicloud_route_table")
        .example("vtb-bp145q7glnuzdvzu2ozjl"),
    string("vswitch_id", "The vSwitch, of the same VPC.")
        .required()
        .replaces()
        .sent(&[(&CREATE, "VSwitchId"), (&DELETE, "VSwitchId")])
        .refers_to("alicloud_vswitch")
        .example("vsw-bp1s5fnvk4gn2tws03624"),
    string("status", "The table's: `Pending` or `Available`.")
        .computed()
        .read(&DESCRIBE, "Status"),
];

/// A vSwitch goes by one table.
fn by_one_table(_: &crate::model::Object, _: &crate::model::Object) -> Option<Problem> {
    Some(Problem::new(
        "vswitch_id",
        "vSwitch with two route tables",
        "The vSwitch is attached to another route table, too, and goes by one only.",
        "Remove one of the attachments.",
    ))
}
