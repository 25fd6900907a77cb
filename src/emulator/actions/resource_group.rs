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

fn join(world: &mut World, request: &Request) -> Reply {
    let (kind, id) = (request.need("ResourceType")?, request.need("ResourceId")?);
    let group = request.need("ResourceGroupId")?.to_owned();
    let now = world.now;
    let key = format!("{}/{id}", request.region_or_home());
    let place = match kind.to_ascii_lowercase().as_str() {
        "instance" => world
            .instances
            .change(id, now)
            .map(|it| &mut it.resource_group),
        "disk" => world.disks.change(id, now).map(|it| &mut it.resource_group),
        "securitygroup" => world
            .groups
            .change(id, now)
            .map(|it| &mut it.resource_group),
        "eni" => world
            .interfaces
            .change(id, now)
            .map(|it| &mut it.resource_group),
        "keypair" => world
            .key_pairs
            .change(&key, now)
            .map(|it| &mut it.resource_group),
        _ => {
            let text = "The ResourceType provided does not exist in our records.";
            return refuse(404, "InvalidResourceType.NotFound", text);
        }
    };
    let text = "The specified ResourceId is not found in our records.";
    *place.ok_or_else(|| refusal(404, "InvalidResourceId.NotFound", text))? = group;
    done()
}

fn move_to(world: &mut World, request: &Request) -> Reply {
    let (kind, id) = (request.need("ResourceType")?, request.need("ResourceId")?);
    let group = request.need("NewResourceGroupId")?.to_owned();
    let now = world.now;
    let place = match kind.to_ascii_lowercase().as_str() {
        "vpc" => world.vpcs.change(id, now).map(|it| &mut it.resource_group),
        "vswitch" => world
            .vswitches
            .change(id, now)
            .map(|it| &mut it.resource_group),
        "eip" => world.eips.change(id, now).map(|it| &mut it.resource_group),
        "routetable" => world
            .route_tables
            .change(id, now)
            .map(|it| &mut it.resource_group),
        _ => {
            let text = "The ResourceType provided does not exist in our records.";
            return refuse(404, "InvalidResourceType.NotFound", text);
        }
    };
    let text = "The specified resource is not found.";
    *place.ok_or_else(|| refusal(404, "InvalidResourceId.NotFound", text))? = group.clone();
    if kind.eq_ignore_ascii_case("vpc")
        && let Some(vpc) = world.vpcs.get(id)
    {
        let table = vpc.route_table.clone();
        if let Some(table) = world.route_tables.change(&table, now) {
            table.resource_group = group;
        }
    }
    done()
}
