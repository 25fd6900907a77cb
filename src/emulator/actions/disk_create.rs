//! Disks of their own: bought for a zone or onto a subscribed instance, and released.

use serde_json::json;

use super::Effect::Write;
use super::instance::require_stable;
use super::launch::{common, order_id, performance_least, read_device};
use super::{Route, ecs, snapshot};
use crate::emulator::catalog;
use crate::emulator::clock::Transition;
use crate::emulator::objects::{Disk, Instance};
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, good_description, invalid, missing};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    ecs("CreateDisk", Write, create),
    ecs("DeleteDisk", Write, delete),
    ecs("ModifyDiskChargeType", Write, modify_charge),
];

/// Categories that several instances can share.
const SHARED: &[&str] = &["cloud_essd", "cloud_auto"];

fn create(world: &mut World, request: &Request) -> Reply {
    let region = request.need("RegionId")?.to_owned();
    let owner = read_owner(world, request)?;
    let zone = match &owner {
        Some(instance) => instance.zone.clone(),
        None => request.need("ZoneId")?.to_owned(),
    };
    if !catalog::zone_exists(&region, &zone) {
        let text = "The specified zone does not exist.";
        return refuse(404, "InvalidZoneId.NotFound", text);
    }
    let category = request.text_or("DiskCategory", "cloud");
    let Some(kind) = catalog::disk_category(&category).filter(|kind| kind.id != "ephemeral_ssd")
    else {
        let text = "The specified disk category is not support.";
        return refuse(400, "InvalidDiskCategory.NotSupported", text);
    };
    if request
        .text("Description")
        .is_some_and(|text| !good_description(text))
    {
        let text = "The specified parameter \"Description\" is not valid.";
        return refuse(400, "InvalidDescription.Malformed", text);
    }
    let home = Disk {
        region: region.clone(),
        zone,
        charge_type: owner.as_ref().map_or("PostPaid", |_| "PrePaid").to_owned(),
        resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
        tags: request.tags()?,
        ..Disk::default()
    };
    let mut disk = common(request, "", home, kind)?;
    read_sharing(request, &mut disk)?;
    read_size(world, request, kind, &mut disk)?;
    if owner.is_none() && world.disks.count() >= world.quotas.disks {
        let text = "Living postPaid disks quota exceeded.";
        return refuse(403, "QuotaExceed.PostPaidDisk", text);
    }
    let devices = owner
        .as_ref()
        .map(|instance| free_device(world, instance, None))
        .transpose()?;
    disk.id = world.new_id("d", &region);
    disk.created = world.now;
    let ready = owner.as_ref().map_or("Available", |_| "In_use");
    disk.course = world
        .course("Creating")
        .then(world.length(Transition::Disk), ready);
    let mut answer = json!({ "DiskId": disk.id });
    if let (Some(instance), Some(device)) = (owner, devices) {
        disk.instance = Some(instance.id.clone());
        disk.device = device;
        disk.attached = Some(world.now);
        world
            .instance_mut(&instance.id)?
            .disks
            .push(disk.id.clone());
        answer["OrderId"] = json!(order_id(world));
    }
    world.disks.insert(disk, world.now);
    Ok(answer)
}

/// The subscribed instance that a disk is bought onto, if it is not for a zone.
fn read_owner(world: &World, request: &Request) -> Result<Option<Instance>, Refusal> {
    let Some(id) = request.text("InstanceId") else {
        return match request.text("ZoneId") {
            Some(_) => Ok(None),
            None => Err(missing("ZoneId")),
        };
    };
    if request.text("ZoneId").is_some() {
        let text = "The parameters ZoneId and InstanceId cannot be given together.";
        return refuse(400, "InvalidParameter.Conflict", text);
    }
    let Some(instance) = world.instances.get(id) else {
        let text = "The InstanceId provided does not exist in our records.";
        return refuse(404, "InvalidInstanceId.NotFound", text);
    };
    if instance.charge_type != "PrePaid" {
        let text = "A disk can be bought onto a subscription instance only.";
        return refuse(403, "InvalidPayMethod", text);
    }
    Ok(Some(instance.clone()))
}

/// Whether it can be shared, and the set that it is kept in.
fn read_sharing(request: &Request, disk: &mut Disk) -> Result<(), Refusal> {
    disk.multi_attach = match request.text("MultiAttach") {
        None | Some("Disabled") => false,
        Some("Enabled") if SHARED.contains(&disk.category.as_str()) => true,
        Some(_) => return Err(invalid("MultiAttach")),
    };
    disk.storage_set = request.owned("StorageSetId");
    disk.storage_set_partition = request.integer("StorageSetPartitionNumber").unwrap_or(2);
    if disk.storage_set.is_empty() && request.text("StorageSetPartitionNumber").is_some() {
        return Err(missing("StorageSetId"));
    }
    Ok(())
}

/// The size: the one asked for or that of the snapshot, within what the category and the level have.
fn read_size(
    world: &World,
    request: &Request,
    kind: &catalog::DiskCategory,
    disk: &mut Disk,
) -> Result<(), Refusal> {
    let snapshot = request.text("SnapshotId");
    let snapshot = snapshot.map(|id| snapshot::ready(world, id)).transpose()?;
    if let Some(snapshot) = snapshot {
        snapshot::copy_onto(snapshot, disk)?;
    }
    let Some(size) = request.integer("Size").or(snapshot.map(|one| one.size)) else {
        let text = "The input parameter either \"SnapshotId\" or \"Size\" should be specified.";
        return refuse(400, "MissingParameter", text);
    };
    if snapshot.is_some_and(|snapshot| size < snapshot.size) {
        let text = "Specified disk size is less than the size of snapshot.";
        return refuse(403, "InvalidDiskSize.TooSmall", text);
    }
    let least = kind.data_least.max(performance_least(disk));
    if !(least..=kind.data_most).contains(&size) {
        let text = "The specified parameter Size is not valid.";
        return refuse(400, "InvalidSize.ValueNotSupported", text);
    }
    disk.size = size;
    Ok(())
}

/// A device of an instance that no disk has: the one asked for, or the next.
pub(super) fn free_device(
    world: &World,
    instance: &Instance,
    wanted: Option<&str>,
) -> Result<String, Refusal> {
    if instance.disks.len() > world.quotas.data_disks_per_instance {
        let text = "The amount of the disk on instance in question reach its limits.";
        return refuse(403, "InstanceDiskLimitExceeded", text);
    }
    let on = |disk: &Disk| {
        let all = disk.attachments().into_iter();
        all.filter(|one| one.instance == instance.id)
            .map(|one| one.device)
            .next()
    };
    let taken: Vec<String> = instance
        .disks
        .iter()
        .filter_map(|id| on(world.disks.get(id)?))
        .collect();
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    read_device(wanted, &taken)
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("DiskId")?;
    // What does not exist is as good as deleted.
    let Some(disk) = world.disks.get(id) else {
        return done();
    };
    if disk.system && disk.instance.is_some() {
        let text = "The specified disk is a system disk and cannot support the operation.";
        return refuse(403, "DiskTypeViolation", text);
    }
    match disk.course.at(world.now) {
        "Creating" => {
            let text = "The specified disk status does not support this operation.";
            return refuse(403, "IncorrectDiskStatus.Initializing", text);
        }
        "In_use" => {
            let text = "The disk is still attached to the disk.";
            return refuse(403, "DiskStillAttached", text);
        }
        "Available" => {}
        _ => {
            let text = "The current disk status does not support this operation.";
            return refuse(403, "IncorrectDiskStatus", text);
        }
    }
    snapshot::require_quiet(world, disk)?;
    if disk.charge_type == "PrePaid" {
        let text = "The specified disk is not a portable disk.";
        return refuse(403, "DiskNotPortable", text);
    }
    let id = id.to_owned();
    world.disks.remove(&id, world.now);
    done()
}

fn modify_charge(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let charge = request.text_or("DiskChargeType", "PrePaid");
    if !["PrePaid", "PostPaid"].contains(&charge.as_str()) {
        return Err(invalid("DiskChargeType"));
    }
    let instance = world.instance(id)?;
    require_stable(world, id)?;
    if charge == "PrePaid" && instance.charge_type != "PrePaid" {
        let text = "The operation is not permitted due to charge type of the instance.";
        return refuse(403, "ChargeTypeViolation", text);
    }
    let disks = request.json_list("DiskIds", 16)?.unwrap_or_default();
    if disks.is_empty() {
        return Err(missing("DiskIds"));
    }
    for disk in &disks {
        let disk = world.disk(disk)?;
        if disk.instance.as_deref() != Some(id) {
            let text = "The specified disk has not been attached on the specified instance.";
            return refuse(403, "DependencyViolation", text);
        }
    }
    for disk in &disks {
        world.disk_mut(disk)?.charge_type.clone_from(&charge);
    }
    Ok(json!({ "OrderId": order_id(world) }))
}
