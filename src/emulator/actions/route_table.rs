//! Route tables: the one that every VPC has.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, Sizes, list, vpc, vpc_tags, wants};
use crate::emulator::clock::seconds;
use crate::emulator::objects::RouteTable;
use crate::emulator::reply::{Reply, done, refusal};
use crate::emulator::request::{Request, tags_match};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    vpc("DescribeRouteTableList", Read, describe),
    vpc("ModifyRouteTableAttributes", Write, modify),
];

fn describe(world: &mut World, request: &Request) -> Reply {
    let tags = request.tag_filter();
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let page = list(
        &world.route_tables,
        request,
        sizes,
        |table| {
            wants(request.region(), &table.region)
                && wants(request.text("RouteTableId"), &table.id)
                && wants(request.text("RouteTableName"), &table.name)
                && wants(request.text("RouteTableType"), "System")
                && wants(request.text("RouterId"), &table.router)
                && wants(request.text("RouterType"), "VRouter")
                && wants(request.text("VpcId"), &table.vpc)
                && wants(request.text("ResourceGroupId"), &table.resource_group)
                && tags_match(&table.tags, &tags)
        },
        |table| show(world, table),
    )?;
    Ok(page.answer("RouterTableList", "RouterTableListType"))
}

fn show(world: &World, table: &RouteTable) -> Value {
    let vswitches: Vec<&str> = world
        .vswitches
        .iter()
        .filter(|vswitch| vswitch.vpc == table.vpc)
        .map(|vswitch| vswitch.id.as_str())
        .collect();
    json!({
        "RouteTableId": table.id,
        "RouteTableName": table.name,
        "RouteTableType": "System",
        "OwnerId": world.account.parse::<u64>().unwrap_or_default(),
        "RouterId": table.router,
        "RouterType": "VRouter",
        "VpcId": table.vpc,
        "Description": table.description,
        "Status": "Available",
        "AssociateType": "VSwitch",
        "RoutePropagationEnable": table.propagation,
        "ResourceGroupId": table.resource_group,
        "CreationTime": seconds(table.created),
        "VSwitchIds": { "VSwitchId": vswitches },
        "GatewayIds": { "GatewayIds": [] },
        "Tags": vpc_tags(&table.tags),
    })
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let now = world.now;
    let table = world
        .route_tables
        .change(request.need("RouteTableId")?, now)
        .ok_or_else(|| {
            refusal(
                404,
                "InvalidRouteTableId.NotFound",
                "Specified route table does not exist.",
            )
        })?;
    if let Some(name) = request.given("RouteTableName") {
        table.name = name.to_owned();
    }
    if let Some(description) = request.given("Description") {
        table.description = description.to_owned();
    }
    if let Some(enabled) = request.boolean("RoutePropagationEnable") {
        table.propagation = enabled;
    }
    done()
}
