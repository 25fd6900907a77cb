//! Events of the machines behind instances. There are no such machines here: nothing ever happens.

use serde_json::json;

use super::Effect::Read;
use super::{Route, bounded, ecs};
use crate::emulator::reply::Reply;
use crate::emulator::request::Request;
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[ecs("DescribeInstanceHistoryEvents", Read, history)];

fn history(world: &mut World, request: &Request) -> Reply {
    if let Some(id) = request.text("InstanceId") {
        world.instance(id)?;
    }
    Ok(json!({
        "PageNumber": bounded(request, "PageNumber", 1_000_000, 1)?,
        "PageSize": bounded(request, "PageSize", 100, 10)?,
        "TotalCount": 0,
        "NextToken": "",
        "InstanceSystemEventSet": { "InstanceSystemEventType": [] },
    }))
}
