//! Creating instances: CreateInstance makes one that is stopped, RunInstances makes some and starts them.
//!
//! `check` reads the whole order and refuses what the documents refuse; only then is anything made.

mod charge;
mod disks;
mod login;
mod network;
mod order;

use serde_json::json;

use super::Effect::Write;
use super::{Route, ecs, end_dry_run, launch_template};
use crate::emulator::clock::Transition;
use crate::emulator::objects::{Course, Instance};
use crate::emulator::reply::{Reply, refuse};
use crate::emulator::request::Request;
use crate::emulator::world::World;

pub(super) use charge::{check_release, read_period};
pub(super) use disks::{common, performance_least, read_device, read_encrypted, system_limits};
pub(super) use login::{check_host_name, check_password, check_user_data};
pub(super) use network::{ipv6_address, mac, read_groups};

pub(super) use order::check_fit;

use order::Order;

pub(super) const ROUTES: &[Route] = &[
    ecs("CreateInstance", Write, create),
    ecs("RunInstances", Write, run),
];

fn create(world: &mut World, request: &Request) -> Reply {
    let order = Order::read(world, request, false)?;
    order.check_room(world, 1)?;
    end_dry_run(request)?;
    let course = stopped(world);
    let id = make(world, &order, course, 0, false);
    let mut answer = json!({ "InstanceId": id });
    if order.instance.charge_type == "PrePaid" {
        answer["OrderId"] = json!(order_id(world));
    }
    Ok(answer)
}

fn run(world: &mut World, request: &Request) -> Reply {
    let request = &launch_template::fill(world, request)?;
    let order = Order::read(world, request, true)?;
    let amount = request.integer("Amount").unwrap_or(1);
    let least = request.integer("MinAmount").unwrap_or(amount);
    if !(1..=100).contains(&amount) || !(1..=amount).contains(&least) {
        let text = "The specified parameter \"Amount\" is not valid.";
        return refuse(403, "InvalidParam.Amount", text);
    }
    if amount > 1 && order.address.is_some() {
        let text = "A private IP address can be given to one instance only.";
        return refuse(400, "InvalidParameter.Conflict", text);
    }
    let amount = usize::try_from(amount).unwrap_or(1);
    let least = usize::try_from(least).unwrap_or(1);
    let made = (least..=amount)
        .rev()
        .find(|count| order.check_room(world, *count).is_ok());
    let Some(count) = made else {
        order.check_room(world, least)?;
        return refuse(
            403,
            "OperationDenied.NoStock",
            "The resource is out of usage.",
        );
    };
    end_dry_run(request)?;
    let suffix = request.flag("UniqueSuffix") && amount > 1;
    let host_names = request.list("HostNames");
    let mut ids = Vec::new();
    for index in 0..count {
        let course = running(world);
        let id = make(world, &order, course, index, suffix);
        if let Some(name) = host_names.get(index)
            && let Ok(instance) = world.instance_mut(&id)
        {
            instance.host_name.clone_from(name);
        }
        ids.push(id);
    }
    let mut answer = json!({ "InstanceIdSets": { "InstanceIdSet": ids } });
    if order.instance.charge_type == "PrePaid" {
        answer["OrderId"] = json!(order_id(world));
    }
    Ok(answer)
}

fn stopped(world: &World) -> Course {
    world
        .course("Pending")
        .then(world.length(Transition::Pending), "Stopped")
}

fn running(world: &World) -> Course {
    world
        .course("Pending")
        .then(world.length(Transition::Pending), "Starting")
        .then(world.length(Transition::Starting), "Running")
}

pub(super) fn order_id(world: &mut World) -> String {
    (200_000_000_000_000_u64 + world.random().u64(..1_000_000_000)).to_string()
}

/// Makes one instance of an order, with its disks and its interfaces.
fn make(world: &mut World, order: &Order, course: Course, index: usize, suffix: bool) -> String {
    let region = order.instance.region.clone();
    let id = world.new_id("i", &region);
    let mut instance: Instance = order.instance.clone();
    instance.id.clone_from(&id);
    instance.name = numbered(&instance.name, index, suffix);
    if instance.name.is_empty() {
        instance.name.clone_from(&id);
    }
    if instance.host_name.is_empty() {
        let own = id.trim_start_matches("i-");
        instance.host_name = format!("iZ{own}Z");
    }
    instance.deployment_group =
        super::deployment_set::group(world, &instance.deployment_set, instance.deployment_group);
    instance.serial_number = serial_number(world);
    instance.created = world.now;
    instance.started = course.begins("Running");
    instance.course = course;
    instance.disks = order.disks(world, &id);
    instance.interfaces = order.interfaces(world, &id);
    if order.public {
        instance.public_ip = Some(world.public_address());
    }
    let release = instance
        .release_at
        .as_deref()
        .and_then(crate::emulator::clock::parse_release);
    world.instances.insert(instance, world.now);
    world.schedule_release(&id, None, release);
    id
}

/// The name of one of many: `web-[10,3]-x` counts from 10 with three digits, and a suffix from 1.
fn numbered(name: &str, index: usize, suffix: bool) -> String {
    let pattern = name.split_once('[').and_then(|(head, rest)| {
        let (inner, tail) = rest.split_once(']')?;
        let (begin, digits) = inner.split_once(',')?;
        Some((
            head,
            begin.parse::<usize>().ok()?,
            digits.parse::<usize>().ok()?.min(6),
            tail,
        ))
    });
    match pattern {
        Some((head, begin, digits, tail)) => {
            format!("{head}{:0digits$}{tail}", begin.saturating_add(index))
        }
        None if suffix && !name.is_empty() => format!("{name}{:03}", index + 1),
        None => name.to_owned(),
    }
}

fn serial_number(world: &mut World) -> String {
    let mut random = world.random();
    let mut group = |digits: usize| -> String {
        (0..digits)
            .map(|_| char::from_digit(random.u32(..16), 16).unwrap_or('0'))
            .collect()
    };
    [8, 4, 4, 4, 12].map(&mut group).join("-")
}
