//! The life of instances: starting, stopping, rebooting, releasing.

use super::Effect::Write;
use super::{Route, ecs, end_dry_run};
use crate::emulator::clock::Transition;
use crate::emulator::objects::Instance;
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("StartInstance", Write, start),
    ecs("StopInstance", Write, stop),
    ecs("RebootInstance", Write, reboot),
    ecs("DeleteInstance", Write, delete),
    ecs("DeleteInstances", Write, delete_many),
];

/// The state of an instance now.
pub(super) fn state<'a>(world: &World, instance: &'a Instance) -> &'a str {
    instance.course.at(world.now)
}

/// Refuses unless the instance is in one of some states.
pub(super) fn require_state(world: &World, id: &str, states: &[&str]) -> Result<(), Refusal> {
    let state = state(world, world.instance(id)?);
    if states.contains(&state) {
        return Ok(());
    }
    let text = "The current status of the resource does not support this operation.";
    refuse(403, "IncorrectInstanceStatus", text)
}

/// Refuses while the instance is between two states.
pub(super) fn require_stable(world: &World, id: &str) -> Result<(), Refusal> {
    require_state(world, id, &["Running", "Stopped"])
}

fn start(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    require_state(world, id, &["Stopped"])?;
    let mut disks = world.instance(id)?.disks.iter();
    if !disks.any(|id| world.disks.get(id).is_some_and(|disk| disk.system)) {
        return refuse(403, "DiskError", "IncorrectDiskStatus.");
    }
    end_dry_run(request)?;
    let course = world
        .course("Starting")
        .then(world.length(Transition::Starting), "Running");
    let instance = world.instance_mut(id)?;
    instance.started = course.begins("Running");
    instance.course = course;
    instance.stopped_mode = "Not-applicable".to_owned();
    done()
}

fn stop(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let mode = request.text_or("StoppedMode", "KeepCharging");
    if !["KeepCharging", "StopCharging"].contains(&mode.as_str()) {
        return Err(invalid("StoppedMode"));
    }
    require_state(world, id, &["Running"])?;
    end_dry_run(request)?;
    let course = world
        .course("Stopping")
        .then(world.length(Transition::Stopping), "Stopped");
    let instance = world.instance_mut(id)?;
    let prepaid = instance.charge_type == "PrePaid";
    instance.stopped_mode = if prepaid {
        "KeepCharging".to_owned()
    } else {
        mode
    };
    instance.course = course;
    done()
}

fn reboot(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    require_state(world, id, &["Running"])?;
    end_dry_run(request)?;
    let course = world
        .course("Starting")
        .then(world.length(Transition::Starting), "Running");
    let instance = world.instance_mut(id)?;
    instance.started = course.begins("Running");
    instance.course = course;
    done()
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?.to_owned();
    check_release(world, request, &id)?;
    end_dry_run(request)?;
    world.release_instance(&id);
    done()
}

fn delete_many(world: &mut World, request: &Request) -> Reply {
    let ids = request.list("InstanceId");
    if ids.len() > 100 {
        return Err(invalid("InstanceId"));
    }
    for id in &ids {
        check_release(world, request, id)?;
    }
    end_dry_run(request)?;
    for id in &ids {
        world.release_instance(id);
    }
    done()
}

fn check_release(world: &World, request: &Request, id: &str) -> Result<(), Refusal> {
    let instance = world.instance(id)?;
    if instance.deletion_protection {
        let text = "The operation is not permitted due to deletion protection.";
        return refuse(403, "InvalidOperation.DeletionProtection", text);
    }
    let subscribed = instance.charge_type == "PrePaid"
        && instance.expires.is_none_or(|expires| expires > world.now);
    if subscribed && !request.flag("TerminateSubscription") {
        let text = "The operation is not permitted due to charge type of the instance.";
        return refuse(403, "ChargeTypeViolation", text);
    }
    if world.route_entries.iter().any(|it| it.next_hop == id) {
        let text = "The specified instance is the next hop of a route entry.";
        return refuse(403, "DependencyViolation.RouteEntry", text);
    }
    match state(world, instance) {
        "Stopped" => Ok(()),
        "Pending" => {
            let text = "The specified instance status does not support this operation.";
            refuse(403, "IncorrectInstanceStatus.Initializing", text)
        }
        _ if request.flag("Force") => Ok(()),
        _ => {
            let text = "The current status of the resource does not support this operation.";
            refuse(403, "IncorrectInstanceStatus", text)
        }
    }
}
