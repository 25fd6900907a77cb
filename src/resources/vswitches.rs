//! `alicloud_vswitches`: the vSwitches of the region.

use futures::future::BoxFuture;
use serde_json::{Value as Json, json};

use super::listing::{
    self, Pages,
    objects::{self, Listing, field},
};
use crate::{
    cloud::Product,
    model::Object,
    provider::{
        Failure,
        hooks::{Context, Hooks, Kind},
    },
    schema::*,
};

static LIST: Read = read_one("DescribeVSwitches", "VSwitchId", "VSwitches.VSwitch");

static LISTING: Listing = Listing {
    ty: &VSWITCHES,
    pages: Pages {
        product: Product::Vpc,
        read: &LIST,
        size: 50,
    },
    id: "VSwitchId",
    name: "VSwitchName",
    sent: &[
        ("dry_run", "DryRun"),
        ("is_default", "IsDefault"),
        ("resource_group_id", "ResourceGroupId"),
        ("route_table_id", "RouteTableId"),
        ("vswitch_name", "VSwitchName"),
        ("vswitch_owner_id", "VSwitchOwnerId"),
        ("vpc_id", "VpcId"),
        ("zone_id", "ZoneId"),
    ],
    equal: &[("cidr_block", "CidrBlock"), ("status", "Status")],
    complete: Some(ipv6),
};

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &VSWITCHES,
    hooks: Hooks {
        data: Some(|context, arguments| objects::read(context, &LISTING, arguments)),
        ..Hooks::NONE
    },
};

/// The vSwitches.
pub static VSWITCHES: ResourceType = ResourceType {
    read: &[&LIST],
    attributes: &[
        objects::ID,
        string("cidr_block", "Only vSwitches with this range.")
            .check(&[Check::Cidr(0, 32)])
            .example("10.0.1.0/24"),
        objects::DRY_RUN,
        boolean(
            "is_default",
            "Whether only default vSwitches are listed, or only others.",
        )
        .example("false"),
        objects::RESOURCE_GROUP,
        string("route_table_id", "Only vSwitches with this route table."),
        string("status", "Only vSwitches in this state.")
            .check(&[Check::OneOf(&["Available", "Pending"])])
            .example("Available"),
        objects::TAGS,
        objects::IDS,
        objects::NAME_REGEX,
        objects::NAMES,
        string("vswitch_name", "Only vSwitches of this name.").example("web"),
        int("vswitch_owner_id", "Only vSwitches of this account.").example("1234567890123456"),
        string("vpc_id", "Only vSwitches of this VPC.").example("vpc-bp1opxu1zkhn00gzv26cn"),
        string("zone_id", "Only vSwitches of this zone.").example("cn-hangzhou-i"),
        objects::OUTPUT_FILE,
        blocks("vswitches", "The vSwitches.", VSWITCH, 0, listing::MANY)
            .computed()
            .read(&LIST, LIST.item),
    ],
    ..objects::source(
        "alicloud_vswitches",
        Service::Vpc,
        "The vSwitches of the region.",
    )
};

const fn text(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    string(name, doc).computed().read(&LIST, field)
}

/// A vSwitch.
static VSWITCH: &[Attribute] = &[
    text("id", "Its id.", "VSwitchId"),
    text("vswitch_id", "Its id.", "VSwitchId"),
    text("vswitch_name", "Its name.", "VSwitchName"),
    text("name", "Its name.", "VSwitchName"),
    text("vpc_id", "The VPC that it is in.", "VpcId"),
    text("zone_id", "The zone that it is in.", "ZoneId"),
    text("cidr_block", "Its range.", "CidrBlock"),
    text("ipv6_cidr_block", "Its IPv6 range.", "Ipv6CidrBlock"),
    boolean("enable_ipv6", "Whether it has an IPv6 range.")
        .computed()
        .read(&LIST, "HasIpv6"),
    int("available_ip_address_count", "How many addresses are free.")
        .computed()
        .read(&LIST, "AvailableIpAddressCount"),
    text("description", "Its description.", "Description"),
    text("status", "Its state.", "Status"),
    boolean("is_default", "Whether it is a default vSwitch.")
        .computed()
        .read(&LIST, "IsDefault"),
    text(
        "route_table_id",
        "Its route table.",
        "RouteTable.RouteTableId",
    ),
    text(
        "resource_group_id",
        "Its resource group.",
        "ResourceGroupId",
    ),
    text("creation_time", "When it was made.", "CreationTime"),
    map("tags", "Its labels.")
        .computed()
        .read(&LIST, "Tags.Tag")
        .wire(Wire::Tags),
];

/// Says which vSwitches have IPv6: those with a range.
fn ipv6<'a>(
    _: Context<'a>,
    _: &'a Object,
    mut found: Vec<Json>,
) -> BoxFuture<'a, Result<Vec<Json>, Failure>> {
    Box::pin(async move {
        for vswitch in &mut found {
            vswitch["HasIpv6"] = json!(!field(vswitch, "Ipv6CidrBlock").is_empty());
        }
        Ok(found)
    })
}
