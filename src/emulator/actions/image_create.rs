//! Images of the account's own: made of an instance, of a snapshot, of some snapshots, or copied.

use serde_json::json;

use super::Effect::Write;
use super::image::{check_details, check_name, own};
use super::instance::require_stable;
use super::launch::read_device;
use super::snapshot::{self, check_source, ready};
use super::{Route, ecs, end_dry_run};
use crate::emulator::catalog;
use crate::emulator::clock::Transition;
use crate::emulator::objects::{Disk, Image, ImageDisk, Snapshot};
use crate::emulator::reply::{Refusal, Reply, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    ecs("CreateImage", Write, create),
    ecs("CopyImage", Write, copy),
];

/// The largest disk of an image, in GiB.
const LARGEST: i64 = 32_768;
const SYSTEM_DEVICE: &str = "/dev/xvda";

/// What an image is made of.
struct Source {
    base: catalog::Image,
    disks: Vec<ImageDisk>,
    /// The disks whose snapshots are still to be taken, one for each of the image's.
    of: Vec<Disk>,
}

fn create(world: &mut World, request: &Request) -> Reply {
    let region = request.need("RegionId")?.to_owned();
    check_details(request)?;
    if let Some(name) = request.text("ImageName") {
        check_name(world, (name, &region), None)?;
    }
    let architecture = request.text("Architecture");
    if architecture.is_some_and(|it| !["i386", "x86_64", "arm64"].contains(&it)) {
        let text = "The specified Architecture is wrongly formed.";
        return refuse(400, "InvalidArchitecture.Malformed", text);
    }
    if !["Standard", ""].contains(&request.text_or("DetectionStrategy", "").as_str()) {
        return Err(invalid("DetectionStrategy"));
    }
    let tags = request.tags()?;
    let mut source = read_source(world, request)?;
    if world.images.count() >= world.quotas.images {
        return refuse(403, "QuotaExceed.Image", "The Image Quota exceeds.");
    }
    end_dry_run(request)?;
    for (disk, of) in source.disks.iter_mut().zip(&source.of) {
        let taken = Snapshot {
            category: "standard".to_owned(),
            resource_group: DEFAULT_GROUP.to_owned(),
            ..Snapshot::default()
        };
        disk.snapshot = snapshot::take(world, of, taken);
    }
    let image = Image {
        name: request.owned("ImageName"),
        description: request.owned("Description"),
        family: request.owned("ImageFamily"),
        version: request.owned("ImageVersion"),
        boot_mode: request.text_or("BootMode", "BIOS"),
        nvme: "unsupported".to_owned(),
        resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
        tags,
        ..blank(source.base, source.disks)
    };
    Ok(json!({ "ImageId": make(world, &region, image) }))
}

fn blank(base: catalog::Image, disks: Vec<ImageDisk>) -> Image {
    Image {
        id: String::new(),
        region: String::new(),
        name: String::new(),
        description: String::new(),
        family: String::new(),
        version: String::new(),
        base,
        boot_mode: String::new(),
        license_type: "Auto".to_owned(),
        nvme: String::new(),
        disks,
        copied: false,
        shared_with: Vec::new(),
        resource_group: String::new(),
        tags: Default::default(),
        created: 0,
        course: Default::default(),
    }
}

/// Adds an image, which takes a while to be ready.
fn make(world: &mut World, region: &str, mut image: Image) -> String {
    let id = world.new_id("m", region);
    image.id.clone_from(&id);
    image.base.id.clone_from(&id);
    region.clone_into(&mut image.region);
    if image.name.is_empty() {
        image.name.clone_from(&id);
    }
    image.created = world.now;
    image.course = world
        .course("Creating")
        .then(world.length(Transition::Image), "Available");
    world.images.insert(image, world.now);
    id
}

fn read_source(world: &World, request: &Request) -> Result<Source, Refusal> {
    let mappings = !request.indices("DiskDeviceMapping").is_empty();
    let (instance, snapshot) = (request.text("InstanceId"), request.text("SnapshotId"));
    let mut source = match (instance, snapshot, mappings) {
        (Some(id), None, false) => return of_instance(world, id),
        (None, Some(id), false) => of_snapshot(world, id)?,
        (None, None, true) => of_mappings(world, request)?,
        (None, None, false) => {
            let text = "The input parameter InstanceId, SnapshotId or DiskDeviceMapping should be specified.";
            return refuse(400, "MissingParameter", text);
        }
        _ => {
            let text = "Only one of InstanceId, SnapshotId and DiskDeviceMapping can be specified.";
            return refuse(400, "InvalidParameter.Conflict", text);
        }
    };
    source.base.architecture = request.text_or("Architecture", &source.base.architecture);
    if let Some(platform) = request.text("Platform") {
        let windows = platform.starts_with("Windows");
        source.base.os_type = if windows { "windows" } else { "linux" }.to_owned();
        source.base.platform = platform.to_owned();
        source.base.os_name = platform.to_owned();
    }
    Ok(source)
}

/// Every disk of an instance.
fn of_instance(world: &World, id: &str) -> Result<Source, Refusal> {
    let instance = world.instance(id)?.clone();
    require_stable(world, id).map_err(|refusal| Refusal {
        status: 400,
        ..refusal
    })?;
    let disks: Vec<Disk> = instance
        .disks
        .iter()
        .filter_map(|id| world.disks.get(id).cloned())
        .collect();
    for disk in &disks {
        check_source(world, disk)?;
    }
    let mapped = disks
        .iter()
        .map(|disk| ImageDisk {
            device: disk.device.clone(),
            system: disk.system,
            size: disk.size,
            snapshot: String::new(),
            encrypted: disk.encrypted,
        })
        .collect();
    Ok(Source {
        base: base(world, &instance.region, &instance.image, &disks),
        disks: mapped,
        of: disks,
    })
}

/// What is known of the system: that of the image that the disk was made of, as large as the disk.
fn base(world: &World, region: &str, image: &str, disks: &[Disk]) -> catalog::Image {
    let size = disks
        .iter()
        .find(|disk| disk.system)
        .map_or(40, |disk| disk.size);
    let known = world.image(region, image).cloned();
    let mut base = known.unwrap_or_else(|| catalog::Image {
        id: String::new(),
        os_type: "linux".to_owned(),
        platform: "Others Linux".to_owned(),
        os_name: "Others Linux".to_owned(),
        size,
        architecture: "x86_64".to_owned(),
    });
    base.size = size;
    base
}

/// The system disk of a snapshot.
fn of_snapshot(world: &World, id: &str) -> Result<Source, Refusal> {
    let snapshot = ready(world, id)?;
    if !snapshot.system {
        let text = "The specified snapshot is not allowed to create image.";
        return refuse(403, "OperationDenied", text);
    }
    let disk = ImageDisk {
        device: SYSTEM_DEVICE.to_owned(),
        system: true,
        size: snapshot.size,
        snapshot: snapshot.id.clone(),
        encrypted: snapshot.encrypted,
    };
    Ok(of_disks(world, snapshot, vec![disk]))
}

fn of_disks(world: &World, system: &Snapshot, disks: Vec<ImageDisk>) -> Source {
    let size = disks
        .iter()
        .find(|disk| disk.system)
        .map_or(system.size, |disk| disk.size);
    Source {
        base: catalog::Image {
            size,
            ..base(world, &system.region, &system.image, &[])
        },
        disks,
        of: Vec::new(),
    }
}

/// The disks that are listed: of snapshots, or empty.
fn of_mappings(world: &World, request: &Request) -> Result<Source, Refusal> {
    let numbers = request.indices("DiskDeviceMapping");
    if numbers.len() > 17 {
        return Err(invalid("DiskDeviceMapping"));
    }
    let mut disks: Vec<ImageDisk> = Vec::new();
    let mut system = None;
    for number in numbers {
        let (disk, snapshot) = read_mapping(world, request, number, &disks)?;
        if disk.system {
            if system.is_some() {
                return Err(invalid("DiskDeviceMapping"));
            }
            system = snapshot;
        }
        disks.push(disk);
    }
    let Some(system) = system else {
        let text = "The specified system disk snapshot is missing.";
        return refuse(403, "InvalidSystemSnapshot.Missing", text);
    };
    Ok(of_disks(world, system, disks))
}

fn read_mapping<'a>(
    world: &'a World,
    request: &Request,
    number: usize,
    before: &[ImageDisk],
) -> Result<(ImageDisk, Option<&'a Snapshot>), Refusal> {
    let field = |name: &str| format!("DiskDeviceMapping.{number}.{name}");
    let snapshot = request.text(&field("SnapshotId"));
    let snapshot = snapshot.map(|id| ready(world, id)).transpose()?;
    let of_system = snapshot.is_some_and(|snapshot| snapshot.system);
    let system = match request.text(&field("DiskType")) {
        None => of_system,
        Some("system") => true,
        Some("data") => false,
        Some(_) => {
            let text = "The specified DiskType is not valid.";
            return refuse(400, "InvalidDiskType.ValueNotSupported", text);
        }
    };
    let least = snapshot.map_or(1, |snapshot| snapshot.size);
    let size = request
        .integer(&field("Size"))
        .or(snapshot.map(|snapshot| snapshot.size))
        .unwrap_or(0);
    if !(least..=LARGEST).contains(&size) {
        let text = "The specified parameter Size is not valid.";
        return refuse(400, "InvalidSize.ValueNotSupported", text);
    }
    let mut taken: Vec<&str> = before.iter().map(|disk| disk.device.as_str()).collect();
    let device = request.text(&field("Device"));
    let device = if system {
        device.unwrap_or(SYSTEM_DEVICE).to_owned()
    } else {
        taken.push(SYSTEM_DEVICE);
        read_device(device, &taken).map_err(|refusal| Refusal {
            status: 400,
            ..refusal
        })?
    };
    let disk = ImageDisk {
        device,
        system,
        size,
        snapshot: snapshot.map_or_else(String::new, |snapshot| snapshot.id.clone()),
        encrypted: snapshot.is_some_and(|snapshot| snapshot.encrypted),
    };
    Ok((disk, snapshot))
}

fn copy(world: &mut World, request: &Request) -> Reply {
    let image = own(world, request)?.clone();
    let region = request.text_or("DestinationRegionId", &image.region);
    if catalog::region(&region).is_none() {
        let text = "The specified parameter DestinationRegionId is not valid.";
        return refuse(400, "DestinationRegion.NotFound", text);
    }
    if image.course.at(world.now) != "Available" {
        let text = "The specified image is not available.";
        return refuse(400, "IncorrectImageStatus", text);
    }
    if let Some(name) = request.text("DestinationImageName") {
        check_name(world, (name, &region), None)?;
    }
    let tags = request.tags()?;
    if world.images.count() >= world.quotas.images {
        return refuse(403, "QuotaExceed.Image", "The Image Quota exceeds.");
    }
    end_dry_run(request)?;
    let mut disks = image.disks.clone();
    for disk in disks.iter_mut().filter(|disk| !disk.snapshot.is_empty()) {
        let Some(of) = world.snapshots.get(&disk.snapshot).cloned() else {
            continue;
        };
        disk.encrypted |= request.flag("Encrypted");
        let disk_of = Disk {
            id: of.disk.clone(),
            region: region.clone(),
            system: of.system,
            image: of.image.clone(),
            size: of.size,
            encrypted: disk.encrypted,
            kms_key: request.text_or("KMSKeyId", &of.kms_key),
            ..Disk::default()
        };
        let copied = Snapshot {
            category: of.category,
            resource_group: DEFAULT_GROUP.to_owned(),
            ..Snapshot::default()
        };
        disk.snapshot = snapshot::take(world, &disk_of, copied);
    }
    let copied = Image {
        name: request.owned("DestinationImageName"),
        description: request.owned("DestinationDescription"),
        resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
        tags,
        disks,
        copied: true,
        shared_with: Vec::new(),
        ..image
    };
    Ok(json!({ "ImageId": make(world, &region, copied) }))
}
