//! The life of instances: starting, stopping, rebooting, releasing.

use std::collections::BTreeSet;

use serde_json::json;

use super::Effect::Write;
use super::{Route, ecs, end_dry_run};
use crate::emulator::clock::Transition;
use crate::emulator::objects::Instance;
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("StartInstance", Write, |world, request| {
        one(world, request, &START)
    }),
    ecs("StopInstance", Write, |world, request| {
        one(world, request, &STOP)
    }),
    ecs("RebootInstance", Write, |world, request| {
        one(world, request, &REBOOT)
    }),
    ecs("StartInstances", Write, |world, request| {
        many(world, request, &START)
    }),
    ecs("StopInstances", Write, |world, request| {
        many(world, request, &STOP)
    }),
    ecs("RebootInstances", Write, |world, request| {
        many(world, request, &REBOOT)
    }),
    ecs("DeleteInstance", Write, delete),
    ecs("DeleteInstances", Write, delete_many),
];

/// How many instances one call concerns at most.
const MOST: usize = 100;

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

/// A step of an instance's life: what it needs, and what it does.
struct Step {
    check: fn(&World, &Request, &str) -> Result<(), Refusal>,
    take: fn(&mut World, &Request, &str) -> Result<(), Refusal>,
}

const START: Step = Step {
    check: |world, _, id| {
        require_state(world, id, &["Stopped"])?;
        let mut disks = world.instance(id)?.disks.iter();
        if !disks.any(|id| world.disks.get(id).is_some_and(|disk| disk.system)) {
            return refuse(403, "DiskError", "IncorrectDiskStatus.");
        }
        Ok(())
    },
    take: |world, _, id| {
        boot(world, id)?;
        world.instance_mut(id)?.stopped_mode = "Not-applicable".to_owned();
        Ok(())
    },
};

const STOP: Step = Step {
    check: |world, request, id| {
        let mode = request.text_or("StoppedMode", "KeepCharging");
        if !["KeepCharging", "StopCharging"].contains(&mode.as_str()) {
            return Err(invalid("StoppedMode"));
        }
        require_state(world, id, &["Running"])
    },
    take: |world, request, id| {
        let course = world
            .course("Stopping")
            .then(world.length(Transition::Stopping), "Stopped");
        let instance = world.instance_mut(id)?;
        let prepaid = instance.charge_type == "PrePaid";
        let mode = request.text("StoppedMode").filter(|_| !prepaid);
        instance.stopped_mode = mode.unwrap_or("KeepCharging").to_owned();
        instance.course = course;
        Ok(())
    },
};

const REBOOT: Step = Step {
    check: |world, _, id| require_state(world, id, &["Running"]),
    take: |world, _, id| boot(world, id),
};

/// Starts an instance, or starts it again.
pub(super) fn boot(world: &mut World, id: &str) -> Result<(), Refusal> {
    let course = world
        .course("Starting")
        .then(world.length(Transition::Starting), "Running");
    let instance = world.instance_mut(id)?;
    instance.started = course.begins("Running");
    instance.course = course;
    Ok(())
}

/// Takes a step with the instance that a request names.
fn one(world: &mut World, request: &Request, step: &Step) -> Reply {
    let id = request.need("InstanceId")?;
    (step.check)(world, request, id)?;
    end_dry_run(request)?;
    (step.take)(world, request, id)?;
    done()
}

/// Takes a step with many instances: with all or none, unless each is to have its own outcome.
fn many(world: &mut World, request: &Request, step: &Step) -> Reply {
    let ids: BTreeSet<String> = request.list("InstanceId").into_iter().collect();
    if ids.len() > MOST {
        return Err(invalid("InstanceId"));
    }
    let each = match request.text("BatchOptimization") {
        None | Some("AllTogether") => false,
        Some("SuccessFirst") => true,
        Some(_) => return Err(invalid("BatchOptimization")),
    };
    for id in ids.iter().filter(|_| !each) {
        (step.check)(world, request, id)?;
    }
    end_dry_run(request)?;
    let status = |world: &World, id: &str| {
        let instance = world.instances.get(id);
        instance.map_or_else(String::new, |instance| state(world, instance).to_owned())
    };
    let mut responses = Vec::new();
    for id in &ids {
        let before = status(world, id);
        let outcome =
            (step.check)(world, request, id).and_then(|()| (step.take)(world, request, id));
        let (code, message) = match outcome {
            Ok(()) => ("200".to_owned(), "success".to_owned()),
            Err(refused) => (refused.code, refused.message),
        };
        responses.push(json!({
            "InstanceId": id,
            "Code": code,
            "Message": message,
            "PreviousStatus": before,
            "CurrentStatus": status(world, id),
        }));
    }
    Ok(json!({ "InstanceResponses": { "InstanceResponse": responses } }))
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
    if ids.len() > MOST {
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
