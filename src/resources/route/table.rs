//! The table of `alicloud_route_table`.

use super::AVAILABLE;
use crate::schema::*;

const NO_URL: &[&str] = &["http://", "https://"];
const BUSY: &[&str] = &[
    "OperationConflict",
    "LastTokenProcessing",
    "IncorrectStatus",
    "IncorrectVpcStatus",
    "SystemBusy",
    "ServiceUnavailable",
];

static CREATE: Call = call("CreateRouteTable").token().retry(BUSY).wait(AVAILABLE);
static MODIFY: Call = call("ModifyRouteTableAttributes")
    .retry(BUSY)
    .after_create();
static TAG: Call = call("TagResources")
    .with(&[("ResourceType", "ROUTETABLE")])
    .after_create();
static DELETE: Call = call("DeleteRouteTable")
    .retry(&[
        "OperationConflict",
        "DependencyViolation",
        "IncorrectRouteTableStatus",
        "IncorrectStatus",
        "OperationDenied.GatewayAssociated",
    ])
    .gone(&["InvalidRouteTableId.NotFound"]);

static DESCRIBE: Read = Read {
    action: "DescribeRouteTableList",
    ids: Ids::Listed {
        id: "RouteTableId",
        by: ("VpcId", "vpc_id"),
        page: 50,
    },
    item: "RouterTableList.RouterTableListType",
};

/// A route table of one's own.
pub static ROUTE_TABLE: ResourceType = ResourceType {
    id: Id::Field("RouteTableId"),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    updates: &[&MODIFY, &TAG],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 10,
        update: 5,
        delete: 5,
    },
    attributes: ATTRIBUTES,
    adopt: Adopt {
        skip: super::is_of_vpc,
        ..Adopt::LISTED
    },
    import: "vtb-bp1…",
    ..resource(
        "alicloud_route_table",
        Service::Vpc,
        "A route table beside the one that every VPC has, for vSwitches that go other ways.",
    )
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The table's id.")
        .computed()
        .example("vtb-bp145q7glnuzdvzu2ozjl")
        .sent(&[
            (&MODIFY, "RouteTableId"),
            (&TAG, "ResourceId.1"),
            (&DELETE, "RouteTableId"),
        ]),
    string("vpc_id", "The VPC that it is in.")
        .required()
        .replaces()
        .sent(&[(&CREATE, "VpcId")])
        .read(&DESCRIBE, "VpcId")
        .refers_to("alicloud_vpc")
        .example("vpc-bp1opxu1zkhn00gzv26cn"),
    string("route_table_name", "Display name: 1 to 128 characters.")
        .kept()
        .sent(&[(&CREATE, "RouteTableName"), (&MODIFY, "RouteTableName")])
        .read(&DESCRIBE, "RouteTableName")
        .check(&[Check::Characters(1, 128), Check::NoPrefix(NO_URL)])
        .example("private"),
    string("name", "The old name of `route_table_name`.")
        .deprecated("route_table_name")
        .kept()
        .sent(&[(&CREATE, "RouteTableName"), (&MODIFY, "RouteTableName")])
        .read(&DESCRIBE, "RouteTableName")
        .check(&[Check::Characters(1, 128), Check::NoPrefix(NO_URL)])
        .example("private"),
    string("description", "Description: 1 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Characters(0, 256), Check::NoPrefix(NO_URL)])
        .example("For what is not reached from outside"),
    string(
        "associate_type",
        "What goes by it: `VSwitch` (when unset) or `Gateway`.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "AssociateType")])
    .read(&DESCRIBE, "AssociateType")
    .check(&[Check::OneOf(&["VSwitch", "Gateway"])])
    .example("VSwitch"),
    boolean(
        "route_propagation_enable",
        "Whether it takes over propagated routes.",
    )
    .kept()
    .sent(&[(&MODIFY, "RoutePropagationEnable")])
    .read(&DESCRIBE, "RoutePropagationEnable")
    .example("true"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ team = \"web\" }"),
    string("resource_group_id", "Its resource group, that of the VPC.")
        .computed()
        .read(&DESCRIBE, "ResourceGroupId"),
    string("create_time", "When it was created.")
        .computed()
        .read(&DESCRIBE, "CreationTime"),
    string("status", "`Pending` or `Available`.")
        .computed()
        .read(&DESCRIBE, "Status"),
];
