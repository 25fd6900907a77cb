//! Snapshots of disks.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::instance::require_stable;
use super::{Route, Sizes, ecs, ecs_tags, end_dry_run, list_of, wants};
use crate::emulator::clock::{self, Transition};
use crate::emulator::objects::{Disk, Snapshot};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, good_description, good_name, invalid, tags_match};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    ecs("CreateSnapshot", Write, create),
    ecs("DescribeSnapshots", Read, describe),
    ecs("ModifySnapshotAttribute", Write, modify),
    ecs("DeleteSnapshot", Write, delete),
];

/// The longest time that a snapshot can be asked to be kept, in days.
const RETENTION: i64 = 65_536;

fn create(world: &mut World, request: &Request) -> Reply {
    let id = request.need("DiskId")?;
    let Some(disk) = world.disks.get(id).cloned() else {
        let text = "The specified DiskId does not exist.";
        return refuse(404, "InvalidDiskId.NotFound", text);
    };
    check_texts(request)?;
    check_retention(request)?;
    let category = request.text_or("Category", "standard");
    if !["standard", "flash"].contains(&category.as_str()) {
        return Err(invalid("Category"));
    }
    let tags = request.tags()?;
    check_source(world, &disk)?;
    let snapshot = Snapshot {
        name: request.owned("SnapshotName"),
        description: request.owned("Description"),
        category,
        retention_days: request.integer("RetentionDays"),
        resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
        tags,
        ..Snapshot::default()
    };
    Ok(json!({ "SnapshotId": take(world, &disk, snapshot) }))
}

/// Takes a snapshot of a disk and returns its id.
pub(super) fn take(world: &mut World, disk: &Disk, snapshot: Snapshot) -> String {
    let id = world.new_id("s", &disk.region);
    let course = world
        .course("progressing")
        .then(world.length(Transition::Snapshot), "accomplished");
    let taken = Snapshot {
        id: id.clone(),
        region: disk.region.clone(),
        disk: disk.id.clone(),
        system: disk.system,
        image: disk.image.clone(),
        size: disk.size,
        encrypted: disk.encrypted,
        kms_key: disk.kms_key.clone(),
        created: world.now,
        modified: world.now,
        course,
        ..snapshot
    };
    world.snapshots.insert(taken, world.now);
    id
}

/// Refuses unless a snapshot of the disk can be taken now.
pub(super) fn check_source(world: &World, disk: &Disk) -> Result<(), Refusal> {
    if disk.category == "ephemeral_ssd" {
        let text = "The type of disk does not support the operation.";
        return refuse(400, "DiskCategory.OperationNotSupported", text);
    }
    if disk.attached.is_none() {
        let text = "The specified disk has never been attached to any instance.";
        return refuse(403, "IncorrectDiskStatus.NeverAttached", text);
    }
    super::disk::require_status(world, disk)?;
    if let Some(instance) = &disk.instance {
        require_stable(world, instance)?;
    }
    if is_creating(world, disk) {
        let text = "A previous snapshot creation is in process.";
        return refuse(403, "IncorrectDiskStatus.CreatingSnapshot", text);
    }
    if of_disk(world, disk).count() >= world.quotas.snapshots_per_disk {
        let text = "The snapshot quota exceeds.";
        return refuse(403, "QuotaExceed.Snapshot", text);
    }
    Ok(())
}

fn of_disk<'a>(world: &'a World, disk: &'a Disk) -> impl Iterator<Item = &'a Snapshot> {
    let near = world.snapshots.near(&disk.region, "DiskId", &disk.id);
    near.into_iter().filter(|one| one.disk == disk.id)
}

fn is_creating(world: &World, disk: &Disk) -> bool {
    of_disk(world, disk).any(|one| one.course.at(world.now) == "progressing")
}

/// Refuses while a snapshot of the disk is being taken.
pub(super) fn require_quiet(world: &World, disk: &Disk) -> Result<(), Refusal> {
    if is_creating(world, disk) {
        let text =
            "The operation is denied due to a snapshot of the specified disk is not completed yet.";
        return refuse(403, "DiskCreatingSnapshot", text);
    }
    Ok(())
}

/// A snapshot that a disk or an image can be made of.
pub(super) fn ready<'a>(world: &'a World, id: &str) -> Result<&'a Snapshot, Refusal> {
    let Some(snapshot) = world.snapshots.get(id) else {
        let text = "The specified SnapshotId does not exist.";
        return refuse(404, "InvalidSnapshotId.NotFound", text);
    };
    if snapshot.course.at(world.now) != "accomplished" {
        let text = "The specified snapshot has not completed yet.";
        return refuse(403, "InvalidSnapshotId.NotReady", text);
    }
    Ok(snapshot)
}

/// Makes a data disk a copy of a snapshot, but for its size.
pub(super) fn copy_onto(snapshot: &Snapshot, disk: &mut Disk) -> Result<(), Refusal> {
    if snapshot.system {
        let text = "The specified snapshot is not created from a data disk.";
        return refuse(403, "InvalidSnapshotId.NotDataDiskSnapshot", text);
    }
    disk.snapshot.clone_from(&snapshot.id);
    if snapshot.encrypted {
        disk.encrypted = true;
        if disk.kms_key.is_empty() {
            disk.kms_key.clone_from(&snapshot.kms_key);
        }
    }
    Ok(())
}

fn check_texts(request: &Request) -> Result<(), Refusal> {
    let good = |name: &str| good_name(name, 2) && !name.starts_with("auto");
    if request.text("SnapshotName").is_some_and(|name| !good(name)) {
        let text = "The specified snapshot name is wrongly formed.";
        return refuse(400, "InvalidSnapshotName.Malformed", text);
    }
    if request
        .text("Description")
        .is_some_and(|text| !good_description(text))
    {
        let text = "The specified description is wrongly formed.";
        return refuse(404, "InvalidDescription.Malformed", text);
    }
    Ok(())
}

fn check_retention(request: &Request) -> Result<(), Refusal> {
    match request.integer("RetentionDays") {
        Some(days) if !(1..=RETENTION).contains(&days) => Err(invalid("RetentionDays")),
        _ => Ok(()),
    }
}

/// What was made of it: `image`, `disk`, both or nothing.
fn usage(world: &World, one: &Snapshot) -> &'static str {
    let image = in_image(world, &one.id);
    match (image, in_disk(world, one)) {
        (true, true) => "image_disk",
        (true, false) => "image",
        (false, true) => "disk",
        (false, false) => "none",
    }
}

fn in_image(world: &World, id: &str) -> bool {
    let mut images = world.images.iter();
    images.any(|image| image.disks.iter().any(|disk| disk.snapshot == id))
}

fn in_disk(world: &World, one: &Snapshot) -> bool {
    let disks = world.disks.near(&one.region, "SnapshotId", &one.id);
    disks.into_iter().any(|disk| disk.snapshot == one.id)
}

fn describe(world: &mut World, request: &Request) -> Reply {
    let ids = request.json_list("SnapshotIds", 100)?;
    let tags = request.tag_filter();
    end_dry_run(request)?;
    let status = request.text("Status").filter(|status| *status != "all");
    let kind = request.text("SnapshotType").filter(|kind| *kind != "all");
    let of_instance = request
        .text("InstanceId")
        .map(|id| match world.instances.get(id) {
            Some(instance) => instance.disks.clone(),
            None => Vec::new(),
        });
    let page = list_of(
        (&world.snapshots, ids.as_deref()),
        request,
        Sizes {
            page: (100, 10),
            token: Some((100, 10)),
        },
        |one| {
            wants(request.region(), &one.region)
                && wants(request.text("DiskId"), &one.disk)
                && wants(request.text("SnapshotName"), &one.name)
                && wants(request.text("Category"), &one.category)
                && wants(request.text("ResourceGroupId"), &one.resource_group)
                && wants(request.text("KMSKeyId"), &one.kms_key)
                && wants(request.text("SnapshotLinkId"), &link(one))
                && wants(
                    request
                        .text("SourceDiskType")
                        .map(str::to_lowercase)
                        .as_deref(),
                    source_type(one),
                )
                && wants(status, one.course.at(world.now))
                && wants(kind, "user")
                && request
                    .text("Usage")
                    .is_none_or(|wanted| wanted == usage(world, one))
                && request
                    .boolean("Encrypted")
                    .is_none_or(|it| it == one.encrypted)
                && of_instance
                    .as_ref()
                    .is_none_or(|disks| disks.contains(&one.disk))
                && tags_match(&one.tags, &tags)
        },
        |one| show(world, one),
    )?;
    Ok(page.answer("Snapshots", "Snapshot"))
}

fn source_type(snapshot: &Snapshot) -> &'static str {
    if snapshot.system { "system" } else { "data" }
}

/// The snapshots of one disk make a chain, which has an id of its own.
fn link(snapshot: &Snapshot) -> String {
    format!("sl-{}", snapshot.disk.trim_start_matches("d-"))
}

fn show(world: &World, one: &Snapshot) -> Value {
    let status = one.course.at(world.now);
    let accomplished = status == "accomplished";
    let mut shown = json!({
        "SnapshotId": one.id,
        "SnapshotName": one.name,
        "Description": one.description,
        "RegionId": one.region,
        "Category": one.category,
        "Status": status,
        "Progress": if accomplished { "100%" } else { "0%" },
        "RemainTime": 0,
        "Available": accomplished,
        "SnapshotType": "user",
        "SnapshotLinkId": link(one),
        "SnapshotSN": format!("64472-{}", one.id.trim_start_matches("s-")),
        "SourceDiskId": one.disk,
        "SourceDiskSize": one.size.to_string(),
        "SourceDiskType": source_type(one),
        "SourceStorageType": "disk",
        "SourceRegionId": one.region,
        "SourceSnapshotId": "",
        "Encrypted": one.encrypted,
        "KMSKeyId": one.kms_key,
        "InstantAccess": false,
        "ProductCode": "",
        "ResourceGroupId": one.resource_group,
        "Usage": usage(world, one),
        "CreationTime": clock::seconds(one.created),
        "LastModifiedTime": clock::seconds(one.modified),
        "Tags": ecs_tags(&one.tags),
    });
    if let Some(days) = one.retention_days {
        shown["RetentionDays"] = json!(days);
    }
    shown
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let id = request.need("SnapshotId")?;
    check_texts(request)?;
    check_retention(request)?;
    let given = |name: &&str| request.given(name).is_some();
    let any = [
        "SnapshotName",
        "Description",
        "RetentionDays",
        "DisableInstantAccess",
    ];
    if !any.iter().any(given) {
        let text = "No attribute to be modified in this request.";
        return refuse(400, "NoAttributeToModify", text);
    }
    let now = world.now;
    let snapshot = world
        .snapshots
        .change(id, now)
        .ok_or_else(snapshot_not_found)?;
    if let Some(name) = request.given("SnapshotName") {
        snapshot.name = name.to_owned();
    }
    if let Some(description) = request.given("Description") {
        snapshot.description = description.to_owned();
    }
    if let Some(days) = request.integer("RetentionDays") {
        snapshot.retention_days = Some(days);
    }
    snapshot.modified = now;
    done()
}

fn snapshot_not_found() -> Refusal {
    refusal(
        404,
        "InvalidSnapshotId.NotFound",
        "The specified snapshot is not found",
    )
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("SnapshotId")?.to_owned();
    let one = world.snapshots.get(&id).ok_or_else(snapshot_not_found)?;
    if !request.flag("Force") {
        if in_image(world, &id) {
            let text = "The snapshot has been used to create user defined image(s).";
            return refuse(403, "SnapshotCreatedImage", text);
        }
        if in_disk(world, one) {
            let text = "The snapshot has been used to create disk(s).";
            return refuse(403, "SnapshotCreatedDisk", text);
        }
    }
    world.snapshots.remove(&id, world.now);
    done()
}
