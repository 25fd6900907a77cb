//! Setting disks back: to what they began as, or to a snapshot.

use super::Effect::Write;
use super::disk_attach::check_login;
use super::instance::{boot, require_state};
use super::{Route, disk, ecs, end_dry_run, snapshot};
use crate::emulator::objects::Disk;
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::Request;
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("ReInitDisk", Write, initialize),
    ecs("ResetDisk", Write, reset),
];

/// A disk of a stopped instance that nothing else is done with.
fn quiet<'a>(world: &'a World, request: &Request) -> Result<(&'a Disk, String), Refusal> {
    let disk = world.disk(request.need("DiskId")?)?;
    let Some(instance) = &disk.instance else {
        let text = "The current disk status does not support this operation.";
        return refuse(403, "IncorrectDiskStatus", text);
    };
    require_state(world, instance, &["Stopped"])?;
    disk::require_status(world, disk)?;
    snapshot::require_quiet(world, disk)?;
    Ok((disk, instance.clone()))
}

fn initialize(world: &mut World, request: &Request) -> Reply {
    let (disk, id) = quiet(world, request)?;
    let system = disk.system;
    let instance = world.instance(&id)?;
    check_login(world, request, instance)?;
    let key_pair = request.text("KeyPairName").filter(|_| system);
    let password = request.text("Password").filter(|_| system).is_some();
    let instance = world.instance_mut(&id)?;
    if let Some(name) = key_pair {
        name.clone_into(&mut instance.key_pair);
    }
    instance.has_password |= password;
    if request.flag("AutoStartInstance") {
        boot(world, &id)?;
    }
    done()
}

fn reset(world: &mut World, request: &Request) -> Reply {
    let (disk, _) = quiet(world, request)?;
    let Some(snapshot) = world.snapshots.get(request.need("SnapshotId")?) else {
        let text = "The specified SnapshotId does not exist.";
        return refuse(404, "InvalidSnapshotId.NotFound", text);
    };
    if snapshot.disk != disk.id {
        let text = "The specified parameters diskId and snapshotId are not matched.";
        return refuse(403, "InvalidParameter.Mismatch", text);
    }
    if snapshot.course.at(world.now) != "accomplished" {
        let text = "The specified snapshot has not completed yet.";
        return refuse(403, "InvalidSnapshotId.NotReady", text);
    }
    end_dry_run(request)?;
    done()
}
