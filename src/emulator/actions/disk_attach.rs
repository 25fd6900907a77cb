//! Putting disks on instances, and taking them off.

use super::Effect::Write;
use super::disk::is_portable;
use super::disk_create::free_device;
use super::instance::{require_stable, require_state};
use super::launch::check_password;
use super::{Route, ecs};
use crate::emulator::clock::Transition;
use crate::emulator::objects::{Attachment, Disk, Instance};
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("AttachDisk", Write, attach),
    ecs("DetachDisk", Write, detach),
];

/// How many instances may share a disk.
const SHARERS: usize = 16;

fn attach(world: &mut World, request: &Request) -> Reply {
    let disk = world.disk(request.need("DiskId")?)?.clone();
    let instance = world.instance(request.need("InstanceId")?)?.clone();
    check_login(world, request, &instance)?;
    check_disk(world, &disk, &instance)?;
    require_stable(world, &instance.id)?;
    if disk.zone != instance.zone {
        let text = "The specified instance and disk are not in the samezone.";
        return refuse(403, "ResourcesNotInSameZone", text);
    }
    let boots = request.flag("Bootable");
    let device = if boots {
        check_boot(world, &disk, &instance)?;
        "/dev/xvda".to_owned()
    } else {
        free_device(world, &instance, request.text("Device"))?
    };
    let course = world
        .course("Attaching")
        .then(world.length(Transition::Attaching), "In_use");
    let now = world.now;
    let changed = world.disk_mut(&disk.id)?;
    if changed.instance.is_some() {
        changed.further.push(Attachment {
            instance: instance.id.clone(),
            device,
            attached: now,
        });
    } else {
        changed.instance = Some(instance.id.clone());
        changed.device = device;
        changed.attached = Some(now);
    }
    changed.course = course;
    changed.delete_with_instance = request.flag("DeleteWithInstance");
    changed.system = boots;
    let instance = world.instance_mut(&instance.id)?;
    if !boots {
        instance.disks.push(disk.id);
        return done();
    }
    // The system disk is the first.
    instance.disks.insert(0, disk.id);
    instance.has_password = request.text("Password").is_some();
    instance.key_pair = request.owned("KeyPairName");
    done()
}

/// A system disk is put on a stopped instance that has none, and has an operating system on it.
fn check_boot(world: &World, disk: &Disk, instance: &Instance) -> Result<(), Refusal> {
    require_state(world, &instance.id, &["Stopped"])?;
    let mut disks = instance.disks.iter();
    let has_one = disks.any(|id| world.disks.get(id).is_some_and(|disk| disk.system));
    if has_one || disk.image.is_empty() {
        return Err(invalid("Bootable"));
    }
    Ok(())
}

fn check_disk(world: &World, disk: &Disk, instance: &Instance) -> Result<(), Refusal> {
    if !is_portable(disk) {
        let text = "The specified disk is not a portable disk.";
        return refuse(403, "DiskNotPortable", text);
    }
    let attachments = disk.attachments();
    let here = attachments.iter().any(|one| one.instance == instance.id);
    let shareable = disk.multi_attach && attachments.len() < SHARERS && !here;
    match disk.course.at(world.now) {
        "Available" => Ok(()),
        "In_use" if shareable => Ok(()),
        "In_use" => {
            let text = "The specified disk has been occupied.";
            refuse(404, "InvalidDisk.InUse", text)
        }
        _ => {
            let text = "The operation is not supported in this status.";
            refuse(403, "IncorrectDiskStatus", text)
        }
    }
}

/// How to log in is for a system disk; it has to be right in any case.
pub(super) fn check_login(
    world: &World,
    request: &Request,
    instance: &Instance,
) -> Result<(), Refusal> {
    if let Some(password) = request.text("Password") {
        check_password(password, false)?;
    }
    let key = request
        .text("KeyPairName")
        .map(|name| format!("{}/{name}", instance.region));
    if key.is_some_and(|key| world.key_pairs.get(&key).is_none()) {
        let text = "The specified KeyPairName does not exist in our records.";
        return refuse(404, "InvalidKeyPairName.NotFound", text);
    }
    Ok(())
}

fn detach(world: &mut World, request: &Request) -> Reply {
    let id = request.need("DiskId")?.to_owned();
    let Some(disk) = world.disks.get(&id) else {
        let text = "The specified DiskId does not exist.";
        return refuse(404, "InvalidDiskId.NotFound", text);
    };
    let instance = request.need("InstanceId")?.to_owned();
    world.instance(&instance)?;
    let attachments = disk.attachments();
    if !attachments.iter().any(|one| one.instance == instance) {
        let text = "The specified disk has not been attached on the specified instance.";
        return refuse(403, "DependencyViolation", text);
    }
    if disk.course.at(world.now) != "In_use" {
        let text = "The current disk status does not support this operation.";
        return refuse(403, "IncorrectDiskStatus", text);
    }
    if disk.system {
        require_state(world, &instance, &["Stopped"])?;
    }
    require_stable(world, &instance)?;
    let detaching = world
        .course("Detaching")
        .then(world.length(Transition::Detaching), "Available");
    let now = world.now;
    let disk = world.disk_mut(&id)?;
    if disk.leave(&instance, now) {
        disk.course = detaching;
    }
    if let Some(flag) = request.boolean("DeleteWithInstance") {
        disk.delete_with_instance = flag;
    }
    world
        .instance_mut(&instance)?
        .disks
        .retain(|one| *one != id);
    done()
}
