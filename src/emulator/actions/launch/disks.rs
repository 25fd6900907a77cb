//! The disks of an order: categories, sizes and devices that the instance may have.

use crate::emulator::actions::snapshot::{copy_onto, ready};
use crate::emulator::catalog::{self, DiskCategory, Image};
use crate::emulator::objects::{Disk, ImageDisk, Instance, Snapshot};
use crate::emulator::reply::{Refusal, refusal, refuse};
use crate::emulator::request::{Request, good_description, good_name};
use crate::emulator::world::World;

/// How many data disks an instance may have.
const DATA_DISKS: usize = 16;
/// The local SSD disks of an instance hold no more than this in sum.
const LOCAL_SUM: i64 = 1024;
/// Limits of CreateInstance's document where the catalogue is newer.
const SYSTEM_MOST: i64 = 500;
const DATA_MOST: i64 = 32_768;

/// The system disk, and then the data disks.
pub(super) fn read(
    world: &World,
    request: &Request,
    image: &Image,
    instance: &Instance,
    run: bool,
) -> Result<Vec<Disk>, Refusal> {
    let system = read_system(request, image, instance, run)?;
    let numbers = request.indices("DataDisk");
    if numbers.len() > DATA_DISKS || numbers.last().is_some_and(|last| *last > DATA_DISKS) {
        let text = "The total number of specified disk in an instance exceeds.";
        return refuse(400, "InstanceDiskNumber.LimitExceed", text);
    }
    let local = system.category == "ephemeral_ssd";
    let mut disks = vec![system];
    disks.extend(of_image(world, request, instance, &disks[0]));
    for number in numbers {
        let disk = read_data((world, request), number, instance, local, run, &disks)?;
        disks.push(disk);
    }
    if disks.len() > DATA_DISKS + 1 {
        let text = "The total number of specified disk in an instance exceeds.";
        return refuse(400, "InstanceDiskNumber.LimitExceed", text);
    }
    let sum: i64 = disks
        .iter()
        .skip(1)
        .filter(|disk| disk.category == "ephemeral_ssd")
        .map(|disk| disk.size)
        .sum();
    if sum > LOCAL_SUM {
        let text = "The specified DataDisk.n.Size beyond the permitted range, or the capacity of \
                    snapshot exceeds the size limit of the specified disk category.";
        return refuse(400, "InstanceDiskCategoryLimitExceed", text);
    }
    Ok(disks)
}

fn read_system(
    request: &Request,
    image: &Image,
    instance: &Instance,
    run: bool,
) -> Result<Disk, Refusal> {
    let usual = if instance.io_optimized {
        "cloud_efficiency"
    } else {
        "cloud"
    };
    let category = request.text_or("SystemDisk.Category", usual);
    let Some(kind) = catalog::disk_category(&category) else {
        let text = "The specified parameter \" SystemDisk.Category \" is not valid.";
        return refuse(400, "InvalidSystemDiskCategory.ValueNotSupported", text);
    };
    if instance.io_optimized && matches!(category.as_str(), "cloud" | "ephemeral_ssd") {
        let text = "The specified disk category is not support the specified instance type.";
        return refuse(403, "InvalidDiskCategory.NotSupported", text);
    }
    let size = request
        .integer("SystemDisk.Size")
        .unwrap_or_else(|| image.size.max(40));
    system_limits(kind, image, size, run)?;
    let mut disk = common(request, "SystemDisk", home(instance), kind)?;
    disk.system = true;
    disk.size = size;
    disk.device = "/dev/xvda".to_owned();
    disk.image.clone_from(&image.id);
    disk.delete_with_instance = true;
    Ok(disk)
}

/// The size of a system disk: what its category has, and no less than the image.
pub(in crate::emulator::actions) fn system_limits(
    kind: &DiskCategory,
    image: &Image,
    size: i64,
    run: bool,
) -> Result<(), Refusal> {
    let most = if run {
        kind.system_most
    } else {
        kind.system_most.min(SYSTEM_MOST)
    };
    if !(kind.system_least..=most).contains(&size) {
        let text = "The specified parameter SystemDisk.Size is not valid.";
        return refuse(400, "InvalidSystemDiskSize.ValueNotSupported", text);
    }
    if size < image.size {
        let text = "The specified parameter SystemDisk.Size is less than the image size.";
        return refuse(404, "InvalidSystemDiskSize.LessThanImageSize", text);
    }
    Ok(())
}

/// The data disks that an image of the account's own brings, but for those that the order makes itself.
fn of_image(world: &World, request: &Request, instance: &Instance, system: &Disk) -> Vec<Disk> {
    let Some(image) = world.images.get(&instance.image) else {
        return Vec::new();
    };
    let numbers = request.indices("DataDisk");
    let device = |number: usize| request.text(&format!("DataDisk.{number}.Device"));
    let ordered = |disk: &ImageDisk| {
        let mut numbers = numbers.iter();
        numbers.any(|number| device(*number) == Some(disk.device.as_str()))
    };
    image
        .disks
        .iter()
        .filter(|disk| !disk.system && !ordered(disk))
        .map(|disk| Disk {
            category: system.category.clone(),
            performance_level: system.performance_level.clone(),
            size: disk.size,
            device: disk.device.clone(),
            snapshot: disk.snapshot.clone(),
            encrypted: disk.encrypted,
            enable_auto_snapshot: true,
            delete_with_instance: true,
            ..home(instance)
        })
        .collect()
}

fn read_data(
    (world, request): (&World, &Request),
    number: usize,
    instance: &Instance,
    local: bool,
    run: bool,
    before: &[Disk],
) -> Result<Disk, Refusal> {
    let prefix = format!("DataDisk.{number}");
    let field = |name: &str| format!("{prefix}.{name}");
    let usual = if run && instance.io_optimized {
        "cloud_efficiency"
    } else {
        "cloud"
    };
    let category = request.text_or(&field("Category"), usual);
    let unsupported = || {
        let text = "The specified parameter \" DataDisk.n.Category \" is not valid.";
        refusal(400, "InvalidDataDiskCategory.ValueNotSupported", text)
    };
    let kind = catalog::disk_category(&category).ok_or_else(unsupported)?;
    if (category == "ephemeral_ssd") && !local {
        return Err(unsupported());
    }
    let snapshot = request.text(&field("SnapshotId"));
    let snapshot = snapshot.map(|id| data_snapshot(world, id)).transpose()?;
    let most = if run {
        kind.data_most
    } else {
        kind.data_most.min(DATA_MOST)
    };
    let least = if run {
        kind.data_least
    } else {
        documented_least(kind)
    };
    let asked = request.integer(&field("Size"));
    let size = match (snapshot, asked) {
        // The older action makes the disk as large as the snapshot, whatever is asked for.
        (Some(snapshot), asked) => {
            if asked.is_some_and(|asked| asked < snapshot.size) {
                let text = "Specified disk size is less than the size of snapshot.";
                return refuse(403, "InvalidDiskSize.TooSmall", text);
            }
            asked.filter(|_| run).unwrap_or(snapshot.size)
        }
        (None, asked) => asked.unwrap_or(0),
    };
    let mut disk = common(request, &prefix, home(instance), kind)?;
    let least = least.max(performance_least(&disk));
    if !(least..=most).contains(&size) {
        let text = "The specified DataDisk.n.Size beyond the permitted range, or the capacity of \
                    snapshot exceeds the size limit of the specified disk category.";
        return refuse(400, "InvalidDataDiskSize.ValueNotSupported", text);
    }
    disk.size = size;
    if let Some(snapshot) = snapshot {
        copy_onto(snapshot, &mut disk)?;
    }
    let taken: Vec<&str> = before.iter().map(|disk| disk.device.as_str()).collect();
    disk.device = read_device(request.text(&field("Device")), &taken)?;
    disk.delete_with_instance = request
        .boolean(&field("DeleteWithInstance"))
        .unwrap_or(true);
    Ok(disk)
}

/// The snapshot that a data disk is made of.
fn data_snapshot<'a>(world: &'a World, id: &str) -> Result<&'a Snapshot, Refusal> {
    if world.snapshots.get(id).is_none() {
        let text = "The specified parameter DataDisk.n.SnapshotId is not valid.";
        return refuse(404, "InvalidDataDiskSnapshotId.NotFound", text);
    }
    ready(world, id)
}

/// The least size of a data disk in CreateInstance's document.
fn documented_least(kind: &DiskCategory) -> i64 {
    if kind.id == "cloud_essd" {
        20
    } else {
        kind.data_least
    }
}

/// The least size that a performance level of ESSD takes.
pub(in crate::emulator::actions) fn performance_least(disk: &Disk) -> i64 {
    match (disk.category.as_str(), disk.performance_level.as_str()) {
        ("cloud_essd", "PL1") => 20,
        ("cloud_essd", "PL2") => 461,
        ("cloud_essd", "PL3") => 1261,
        _ => 1,
    }
}

/// The device of a data disk: the one asked for, or the next.
pub(in crate::emulator::actions) fn read_device(
    wanted: Option<&str>,
    taken: &[&str],
) -> Result<String, Refusal> {
    let letter = |device: &str| device.chars().last();
    let used = |device: &str| taken.iter().any(|have| letter(have) == letter(device));
    let Some(wanted) = wanted else {
        let free = (b'b'..=b'z').map(|letter| format!("/dev/xvd{}", char::from(letter)));
        return free
            .into_iter()
            .find(|device| !used(device))
            .ok_or_else(|| {
                let text = "The total number of specified disk in an instance exceeds.";
                refusal(400, "InstanceDiskNumber.LimitExceed", text)
            });
    };
    let letter = wanted
        .strip_prefix("/dev/xvd")
        .or_else(|| wanted.strip_prefix("/dev/vd"));
    let good = letter.is_some_and(|letter| matches!(letter.as_bytes(), [b'a'..=b'z']));
    if !good {
        let text = "The specified parameter \"DataDisk.n.Device\" is not valid.";
        return refuse(400, "InvalidDataDevice.Malformed", text);
    }
    if used(wanted) {
        let text = "The specified device has been occupied.";
        return refuse(403, "InvalidDevice.InUse", text);
    }
    Ok(wanted.to_owned())
}

/// What all disks have in common. `home` has what an order says beside the disk: where it is, how it is paid.
pub(in crate::emulator::actions) fn common(
    request: &Request,
    prefix: &str,
    home: Disk,
    kind: &DiskCategory,
) -> Result<Disk, Refusal> {
    let field = |name: &str| match prefix {
        "" => name.to_owned(),
        _ => format!("{prefix}.{name}"),
    };
    if request
        .text(&field("DiskName"))
        .is_some_and(|name| !good_name(name, 2))
    {
        let text = match prefix {
            "" => "The specified disk name is wrongly formed.".to_owned(),
            _ => format!("The specified parameter \"{prefix}.DiskName\" is not valid."),
        };
        return refuse(400, "InvalidDiskName.Malformed", text);
    }
    if request
        .text(&field("Description"))
        .is_some_and(|text| !good_description(text))
    {
        let text = "The specified parameter \"SystemDisk.DiskDescription\" or \
                    \"DataDisk.n.Description\" is not valid.";
        return refuse(400, "InvalidDiskDescription.Malformed", text);
    }
    let performance_level = read_performance(request.text(&field("PerformanceLevel")), kind)?;
    let encrypted = read_encrypted(request.text(&field("Encrypted")), kind)?;
    let auto = kind.id == "cloud_auto";
    let iops = request.integer(&field("ProvisionedIops")).unwrap_or(0);
    let bursting = request.flag(&field("BurstingEnabled"));
    if !auto && (iops > 0 || bursting) {
        let text = "The specified disk category does not support provisioned performance.";
        return refuse(400, "InvalidParameter.NotMatch", text);
    }
    Ok(Disk {
        name: request.owned(&field("DiskName")),
        description: request.owned(&field("Description")),
        category: kind.id.clone(),
        performance_level,
        enable_auto_snapshot: true,
        encrypted,
        kms_key: request.owned(&field("KMSKeyId")),
        auto_snapshot_policy: request.owned(&field("AutoSnapshotPolicyId")),
        provisioned_iops: iops,
        bursting,
        storage_cluster: request.owned(&field("StorageClusterId")),
        ..home
    })
}

/// What the disks of an instance take over from it.
fn home(instance: &Instance) -> Disk {
    Disk {
        region: instance.region.clone(),
        zone: instance.zone.clone(),
        charge_type: instance.charge_type.clone(),
        resource_group: instance.resource_group.clone(),
        tags: instance.tags.clone(),
        ..Disk::default()
    }
}

fn read_performance(level: Option<&str>, kind: &DiskCategory) -> Result<String, Refusal> {
    match level {
        None if kind.id == "cloud_essd" => Ok("PL1".to_owned()),
        None => Ok(String::new()),
        Some(level @ ("PL0" | "PL1" | "PL2" | "PL3")) if kind.id == "cloud_essd" => {
            Ok(level.to_owned())
        }
        Some(_) => {
            let text = "The specified parameter \"PerformanceLevel\" is not valid.";
            refuse(400, "InvalidPerformanceLevel.Malformed", text)
        }
    }
}

/// Whether a disk is to be encrypted, where its category can be.
pub(in crate::emulator::actions) fn read_encrypted(
    encrypted: Option<&str>,
    kind: &DiskCategory,
) -> Result<bool, Refusal> {
    match encrypted.map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") if kind.id == "ephemeral_ssd" => {
            let text = "The specified disk category does not support encryption.";
            refuse(400, "InvalidParameter.EncryptedNotSupported", text)
        }
        Some("true") => Ok(true),
        Some(_) => {
            let text = "The specified parameter \"Encrypted\" is not valid.";
            refuse(400, "InvalidParameter.EncryptedIllegal", text)
        }
    }
}
