//! `alicloud_vpcs`: the VPCs of the region.

use std::collections::HashMap;

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

static LIST: Read = Read {
    action: "DescribeVpcs",
    ids: Ids::Commas("VpcId", 20),
    item: "Vpcs.Vpc",
};
static TABLES: Read = read_one(
    "DescribeRouteTableList",
    "VpcId",
    "RouterTableList.RouterTableListType",
);

static LISTING: Listing = Listing {
    ty: &VPCS,
    pages: Pages {
        product: Product::Vpc,
        read: &LIST,
        size: 50,
    },
    id: "VpcId",
    name: "VpcName",
    sent: &[
        ("dhcp_options_set_id", "DhcpOptionsSetId"),
        ("dry_run", "DryRun"),
        ("is_default", "IsDefault"),
        ("resource_group_id", "ResourceGroupId"),
        ("vpc_name", "VpcName"),
        ("vpc_owner_id", "VpcOwnerId"),
    ],
    equal: &[
        ("cidr_block", "CidrBlock"),
        ("status", "Status"),
        ("vswitch_id", "VSwitchIds.VSwitchId"),
    ],
    complete: Some(route_tables),
};

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &VPCS,
    hooks: Hooks {
        data: Some(|context, arguments| objects::read(context, &LISTING, arguments)),
        ..Hooks::NONE
    },
};

/// The VPCs.
pub static VPCS: ResourceType = ResourceType {
    read: &[&LIST, &TABLES],
    attributes: &[
        objects::ID,
        string("cidr_block", "Only VPCs with this range.")
            .check(&[Check::Cidr(0, 32)])
            .example("10.0.0.0/8"),
        string("vswitch_id", "Only the VPC of this vSwitch."),
        string("dhcp_options_set_id", "Only VPCs with these DHCP options."),
        objects::DRY_RUN,
        boolean(
            "is_default",
            "Whether only the default VPC is listed, or only others.",
        )
        .example("false"),
        objects::RESOURCE_GROUP,
        string("status", "Only VPCs in this state.")
            .check(&[Check::OneOf(&["Available", "Pending"])])
            .example("Available"),
        objects::TAGS,
        objects::IDS,
        objects::NAME_REGEX,
        objects::NAMES,
        string("vpc_name", "Only VPCs of this name.").example("main"),
        int("vpc_owner_id", "Only VPCs of this account.").example("1234567890123456"),
        objects::OUTPUT_FILE,
        objects::PAGE_NUMBER,
        objects::PAGE_SIZE,
        blocks("vpcs", "The VPCs.", VPC, 0, listing::MANY)
            .computed()
            .read(&LIST, LIST.item),
        objects::DETAILS.default(Default::Bool(true)),
        objects::TOTAL_COUNT,
    ],
    ..objects::source("alicloud_vpcs", Service::Vpc, "The VPCs of the region.")
};

const fn text(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    string(name, doc).computed().read(&LIST, field)
}

const fn texts(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    strings(name, doc).computed().read(&LIST, field)
}

/// A VPC.
static VPC: &[Attribute] = &[
    text("id", "Its id.", "VpcId"),
    text("vpc_id", "Its id.", "VpcId"),
    text("vpc_name", "Its name.", "VpcName"),
    text("cidr_block", "Its range.", "CidrBlock"),
    texts(
        "secondary_cidr_blocks",
        "Its further ranges.",
        "SecondaryCidrBlocks.SecondaryCidrBlock",
    ),
    texts(
        "user_cidrs",
        "Private ranges of the user's own.",
        "UserCidrs.UserCidr",
    ),
    text("ipv6_cidr_block", "Its IPv6 range.", "Ipv6CidrBlock"),
    text("description", "Its description.", "Description"),
    text("status", "Its state.", "Status"),
    boolean("is_default", "Whether it is the region's default VPC.")
        .computed()
        .read(&LIST, "IsDefault"),
    text("router_id", "Its router.", "VRouterId"),
    text("vrouter_id", "Its router.", "VRouterId"),
    text(
        "route_table_id",
        "Its own route table; needs enable_details.",
        "RouteTableId",
    ),
    texts("vswitch_ids", "Its vSwitches.", "VSwitchIds.VSwitchId"),
    text(
        "dhcp_options_set_id",
        "Its DHCP options.",
        "DhcpOptionsSetId",
    ),
    text(
        "dhcp_options_set_status",
        "The state of its DHCP options.",
        "DhcpOptionsSetStatus",
    ),
    text(
        "dns_hostname_status",
        "Whether DNS host names work.",
        "DnsHostnameStatus",
    ),
    text(
        "resource_group_id",
        "Its resource group.",
        "ResourceGroupId",
    ),
    text("region_id", "The region that it is in.", "RegionId"),
    text("creation_time", "When it was made.", "CreationTime"),
    map("tags", "Its labels.")
        .computed()
        .read(&LIST, "Tags.Tag")
        .wire(Wire::Tags),
];

/// Finds the route table that each VPC has of itself.
fn route_tables<'a>(
    context: Context<'a>,
    arguments: &'a Object,
    mut found: Vec<Json>,
) -> BoxFuture<'a, Result<Vec<Json>, Failure>> {
    Box::pin(async move {
        if !objects::detailed(arguments) || found.is_empty() {
            return Ok(found);
        }
        let pages = Pages {
            read: &TABLES,
            ..LISTING.pages
        };
        // The API narrows its listing to one VPC; tables of several are read together.
        let params = match found.as_slice() {
            [one] => vec![("VpcId".to_owned(), field(one, "VpcId").to_owned())],
            _ => Vec::new(),
        };
        let tables = pages.all(context, params).await?.items;
        let own: HashMap<&str, &str> = tables
            .iter()
            .filter(|table| table["RouteTableType"] == "System")
            .map(|table| (field(table, "VpcId"), field(table, "RouteTableId")))
            .collect();
        for vpc in &mut found {
            let table = own.get(field(vpc, "VpcId")).copied();
            vpc["RouteTableId"] = json!(table);
        }
        Ok(found)
    })
}
