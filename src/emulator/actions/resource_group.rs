//! Moving objects from one resource group to another.

use super::Effect::Write;
use super::{Route, ecs, vpc};
use crate::emulator::reply::{Reply, done, refusal, refuse};
use crate::emulator::request::Request;
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("JoinResourceGroup", Write, join),
    vpc("MoveResourceGroup", Write, move_to),
];

/// What can be moved: product, word of the API, word of the world.
const KINDS: &[(&str, &str, &str)] = &[
    ("ecs", "instance", "instance"),
    ("ecs", "disk", "disk"),
    ("ecs", "snapshot", "snapshot"),
    ("ecs", "image", "image"),
    ("ecs", "securitygroup", "security_group"),
    ("ecs", "eni", "interface"),
    ("ecs", "keypair", "key_pair"),
    ("vpc", "vpc", "vpc"),
    ("vpc", "vswitch", "vswitch"),
    ("vpc", "routetable", "route_table"),
    ("vpc", "eip", "eip"),
    ("vpc", "natgateway", "nat_gateway"),
];

fn join(world: &mut World, request: &Request) -> Reply {
    let group = request.need("ResourceGroupId")?;
    let text = "The specified ResourceId is not found in our records.";
    put(world, request, group, text)
}

fn move_to(world: &mut World, request: &Request) -> Reply {
    let group = request.need("NewResourceGroupId")?;
    put(
        world,
        request,
        group,
        "The specified resource is not found.",
    )?;
    let id = request.need("ResourceId")?;
    let table = world.vpcs.get(id).map(|vpc| vpc.route_table.clone());
    let now = world.now;
    if let Some(table) = table.and_then(|table| world.route_tables.change(&table, now)) {
        group.clone_into(&mut table.resource_group);
    }
    done()
}

fn put(world: &mut World, request: &Request, group: &str, unknown: &str) -> Reply {
    let (word, id) = (
        request.need("ResourceType")?.to_ascii_lowercase(),
        request.need("ResourceId")?,
    );
    let row = KINDS
        .iter()
        .find(|row| row.0 == request.product && row.1 == word);
    let Some((.., kind)) = row else {
        let text = "The ResourceType provided does not exist in our records.";
        return refuse(404, "InvalidResourceType.NotFound", text);
    };
    let key = match *kind {
        "key_pair" => format!("{}/{id}", request.region_or_home()),
        _ => id.to_owned(),
    };
    let now = world.now;
    let place = world
        .table_mut(kind)
        .and_then(|rows| rows.resource_group_mut(&key, now));
    group.clone_into(place.ok_or_else(|| refusal(404, "InvalidResourceId.NotFound", unknown))?);
    done()
}
