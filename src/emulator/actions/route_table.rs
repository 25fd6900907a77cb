//! Route tables: the one that every VPC has, and further ones with vSwitches of their own.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::route_entry::{entries, show_entry};
use super::vpc::{check_names, require_available};
use super::{Route, Sizes, list_of, vpc, vpc_tags, wants};
use crate::emulator::clock::{Transition, seconds};
use crate::emulator::objects::{RouteTable, VSwitch};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, invalid, tags_match};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    vpc("CreateRouteTable", Write, create),
    vpc("DescribeRouteTableList", Read, describe),
    vpc("DescribeRouteTables", Read, describe_with_entries),
    vpc("ModifyRouteTableAttributes", Write, modify),
    vpc("AssociateRouteTable", Write, associate),
    vpc("UnassociateRouteTable", Write, unassociate),
    vpc("DeleteRouteTable", Write, delete),
];

const SIZES: Sizes = Sizes {
    page: (50, 10),
    token: None,
};

fn create(world: &mut World, request: &Request) -> Reply {
    let vpc = world.vpc(request.need("VpcId")?)?.clone();
    check_names(request, "RouteTableName", "InvalidRouteTableName.Malformed")?;
    let kind = request.text_or("AssociateType", "VSwitch");
    if !["VSwitch", "Gateway"].contains(&kind.as_str()) {
        return Err(invalid("AssociateType"));
    }
    require_available(world, &vpc.id)?;
    let own = |it: &&RouteTable| it.vpc == vpc.id && !it.system;
    if world.route_tables.iter().filter(own).count() >= world.quotas.route_tables {
        let text = "The quota of route tables in the VPC is exceeded.";
        return refuse(400, "QuotaExceeded", text);
    }
    let table = RouteTable {
        id: world.new_id("vtb", &vpc.region),
        region: vpc.region,
        router: vpc.router,
        vpc: vpc.id,
        system: false,
        associate_type: kind,
        vswitches: Vec::new(),
        name: request.owned("RouteTableName"),
        description: request.owned("Description"),
        propagation: true,
        resource_group: vpc.resource_group,
        tags: request.tags()?,
        created: world.now,
        course: busy(world),
    };
    let answer = json!({ "RouteTableId": table.id });
    world.route_tables.insert(table, world.now);
    Ok(answer)
}

fn busy(world: &World) -> crate::emulator::objects::Course {
    world
        .course("Pending")
        .then(world.length(Transition::RouteTable), "Available")
}

fn kind(table: &RouteTable) -> &'static str {
    if table.system { "System" } else { "Custom" }
}

fn describe(world: &mut World, request: &Request) -> Reply {
    let tags = request.tag_filter();
    let ids = request.text("RouteTableId").map(|id| vec![id.to_owned()]);
    let page = list_of(
        (&world.route_tables, ids.as_deref()),
        request,
        SIZES,
        |table| {
            passes(request, table)
                && wants(request.text("RouteTableType"), kind(table))
                && wants(request.text("VpcId"), &table.vpc)
                && tags_match(&table.tags, &tags)
        },
        |table| show(world, table),
    )?;
    Ok(page.answer("RouterTableList", "RouterTableListType"))
}

/// The filters that both listings have.
fn passes(request: &Request, table: &RouteTable) -> bool {
    wants(request.region(), &table.region)
        && wants(request.text("RouteTableName"), &table.name)
        && wants(request.text("RouterId"), &table.router)
        && wants(request.text("RouterType"), "VRouter")
        && wants(request.text("ResourceGroupId"), &table.resource_group)
}

/// The vSwitches that go by a table: those that say so; of the VPC's own table, those that say nothing.
fn vswitches<'a>(world: &'a World, table: &'a RouteTable) -> Vec<&'a str> {
    let inside = world.vswitches.iter().filter(|it| it.vpc == table.vpc);
    inside
        .filter(|it| of_vswitch(world, it).is_some_and(|of| of.id == table.id))
        .map(|it| it.id.as_str())
        .collect()
}

/// The table by which a vSwitch goes.
pub(super) fn of_vswitch<'a>(world: &'a World, vswitch: &VSwitch) -> Option<&'a RouteTable> {
    let own = |it: &&RouteTable| it.vswitches.contains(&vswitch.id);
    let found = world.route_tables.iter().filter(|it| !it.system).find(own);
    found.or_else(|| {
        let vpc = world.vpcs.get(&vswitch.vpc)?;
        world.route_tables.get(&vpc.route_table)
    })
}

fn show(world: &World, table: &RouteTable) -> Value {
    json!({
        "RouteTableId": table.id,
        "RouteTableName": table.name,
        "RouteTableType": kind(table),
        "OwnerId": world.account.parse::<u64>().unwrap_or_default(),
        "RouterId": table.router,
        "RouterType": "VRouter",
        "VpcId": table.vpc,
        "Description": table.description,
        "Status": table.course.at(world.now),
        "AssociateType": table.associate_type,
        "RoutePropagationEnable": table.propagation,
        "ResourceGroupId": table.resource_group,
        "CreationTime": seconds(table.created),
        "VSwitchIds": { "VSwitchId": vswitches(world, table) },
        "GatewayIds": { "GatewayIds": [] },
        "Tags": vpc_tags(&table.tags),
    })
}

fn describe_with_entries(world: &mut World, request: &Request) -> Reply {
    let ids = request.text("RouteTableId").map(|id| vec![id.to_owned()]);
    let page = list_of(
        (&world.route_tables, ids.as_deref()),
        request,
        SIZES,
        |table| passes(request, table) && wants(request.text("VRouterId"), &table.router),
        |table| {
            let entries = entries(world, table);
            let shown: Vec<Value> = entries.iter().map(|it| show_entry(it, world.now)).collect();
            json!({
                "RouteTableId": table.id,
                "VRouterId": table.router,
                "RouteTableType": kind(table),
                "Status": table.course.at(world.now),
                "ResourceGroupId": table.resource_group,
                "CreationTime": seconds(table.created),
                "VSwitchIds": { "VSwitchId": vswitches(world, table) },
                "RouteEntrys": { "RouteEntry": shown },
            })
        },
    )?;
    Ok(page.answer("RouteTables", "RouteTable"))
}

pub(super) fn not_found() -> Refusal {
    let text = "Specified route table does not exist.";
    refusal(404, "InvalidRouteTableId.NotFound", text)
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let now = world.now;
    check_names(request, "RouteTableName", "InvalidRouteTableName.Malformed")?;
    let table = world
        .route_tables
        .change(request.need("RouteTableId")?, now)
        .ok_or_else(not_found)?;
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

/// A table of the user's own that is available, and a vSwitch of its VPC.
fn pair(world: &World, request: &Request) -> Result<(RouteTable, VSwitch), Refusal> {
    let table = world.route_tables.get(request.need("RouteTableId")?);
    let table = table.ok_or_else(not_found)?;
    let vswitch = world.vswitch(request.need("VSwitchId")?)?;
    if table.system || table.associate_type != "VSwitch" || table.vpc != vswitch.vpc {
        let text = "The route table cannot be associated with the vSwitch.";
        return refuse(400, "OperationDenied", text);
    }
    if table.course.at(world.now) != "Available" {
        let text = "The status of the route table does not support this operation.";
        return refuse(400, "IncorrectStatus.RouteTable", text);
    }
    if vswitch.course.at(world.now) != "Available" {
        let text = "The status of the virtual switch does not support this operation.";
        return refuse(400, "IncorrectVSwitchStatus", text);
    }
    Ok((table.clone(), vswitch.clone()))
}

fn associate(world: &mut World, request: &Request) -> Reply {
    let (table, vswitch) = pair(world, request)?;
    if of_vswitch(world, &vswitch).is_some_and(|of| !of.system) {
        let text = "The vSwitch is associated with a route table already.";
        return refuse(400, "OperationFailed.AlreadyAssociated", text);
    }
    let course = busy(world);
    let now = world.now;
    if let Some(table) = world.route_tables.change(&table.id, now) {
        table.vswitches.push(vswitch.id);
        table.course = course;
    }
    done()
}

fn unassociate(world: &mut World, request: &Request) -> Reply {
    let (table, vswitch) = pair(world, request)?;
    if !table.vswitches.contains(&vswitch.id) {
        let text = "The vSwitch is not associated with the route table.";
        return refuse(404, "InvalidAssociation.NotFound", text);
    }
    let course = busy(world);
    let now = world.now;
    if let Some(table) = world.route_tables.change(&table.id, now) {
        table.vswitches.retain(|have| *have != vswitch.id);
        table.course = course;
    }
    done()
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("RouteTableId")?;
    let table = world.route_tables.get(id).ok_or_else(not_found)?;
    if table.system {
        let text = "The system route table cannot be deleted.";
        return refuse(400, "OperationDenied", text);
    }
    if table.course.at(world.now) != "Available" {
        let text = "The status of the route table does not support this operation.";
        return refuse(400, "IncorrectRouteTableStatus", text);
    }
    let depends = |code: &str| refuse(400, code, "Specified object has dependent resources");
    if !table.vswitches.is_empty() {
        return depends("DependencyViolation.VSwitch");
    }
    if world.route_entries.iter().any(|it| it.table == id) {
        return depends("DependencyViolation.RouteEntry");
    }
    let course = world.course("Deleting");
    let now = world.now;
    if let Some(table) = world.route_tables.change(id, now) {
        table.course = course;
    }
    world.depart(id, world.length(Transition::RouteTable));
    done()
}
