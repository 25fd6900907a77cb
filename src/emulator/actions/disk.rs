//! The disks of instances: what they show, and how they change.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, Sizes, ecs, ecs_tags, end_dry_run, list_of, snapshot, wants};
use crate::emulator::catalog;
use crate::emulator::objects::Disk;
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{
    Request, good_description, good_name, invalid, missing, tags_match,
};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("DescribeDisks", Read, describe),
    ecs("ModifyDiskAttribute", Write, modify),
    ecs("ResizeDisk", Write, resize),
    ecs("ModifyDiskSpec", Write, modify_spec),
    ecs("ApplyAutoSnapshotPolicy", Write, apply_policy),
];

fn describe(world: &mut World, request: &Request) -> Reply {
    let ids = request.json_list("DiskIds", 100)?;
    let tags = request.tag_filter();
    end_dry_run(request)?;
    let sizes = Sizes {
        page: (100, 10),
        token: Some((500, 10)),
    };
    let kind = request.text("DiskType").filter(|kind| *kind != "all");
    let category = request
        .text("Category")
        .filter(|category| *category != "all");
    let status = request
        .text("Status")
        .filter(|status| !status.eq_ignore_ascii_case("all"));
    let of_instance = request
        .text("InstanceId")
        .map(|id| match world.instances.get(id) {
            Some(instance) => instance.disks.clone(),
            None => Vec::new(),
        });
    let candidates = ids.as_deref().or(of_instance.as_deref());
    let on = |disk: &Disk, instance: &str| {
        disk.instance.as_deref() == Some(instance)
            || disk.further.iter().any(|one| one.instance == instance)
    };
    let page = list_of(
        (&world.disks, candidates),
        request,
        sizes,
        |disk| {
            let have = |name: &str, have: bool| request.boolean(name).is_none_or(|it| it == have);
            wants(request.region(), &disk.region)
                && request.text("InstanceId").is_none_or(|id| on(disk, id))
                && wants(request.text("ZoneId"), &disk.zone)
                && wants(request.text("DiskName"), &disk.name)
                && wants(request.text("DiskChargeType"), &disk.charge_type)
                && wants(
                    request.text("AutoSnapshotPolicyId"),
                    &disk.auto_snapshot_policy,
                )
                && wants(request.text("ResourceGroupId"), &disk.resource_group)
                && wants(request.text("SnapshotId"), &disk.snapshot)
                && wants(request.text("KMSKeyId"), &disk.kms_key)
                && wants(
                    request.text("MultiAttach"),
                    if disk.multi_attach {
                        "Enabled"
                    } else {
                        "Disabled"
                    },
                )
                && wants(kind, if disk.system { "system" } else { "data" })
                && wants(category, &disk.category)
                && wants(request.text("PerformanceLevel"), &disk.performance_level)
                && status.is_none_or(|it| it.eq_ignore_ascii_case(disk.course.at(world.now)))
                && have("Encrypted", disk.encrypted)
                && have("DeleteWithInstance", disk.delete_with_instance)
                && have("DeleteAutoSnapshot", disk.delete_auto_snapshot)
                && have("EnableAutoSnapshot", disk.enable_auto_snapshot)
                && have(
                    "EnableAutomatedSnapshotPolicy",
                    !disk.auto_snapshot_policy.is_empty(),
                )
                && have("Portable", is_portable(disk))
                && tags_match(&disk.tags, &tags)
        },
        |disk| show(world, disk),
    )?;
    Ok(page.answer("Disks", "Disk"))
}

pub(super) fn is_portable(disk: &Disk) -> bool {
    (!disk.system || disk.instance.is_none()) && disk.category != "ephemeral_ssd"
}

fn show(world: &World, disk: &Disk) -> Value {
    let when = super::instance_describe::when;
    let attachments: Vec<Value> = disk
        .attachments()
        .iter()
        .map(|one| {
            json!({
                "InstanceId": one.instance, "Device": one.device, "AttachedTime": when(Some(one.attached)),
            })
        })
        .collect();
    let mut shown = json!({
        "DiskId": disk.id,
        "DiskName": disk.name,
        "Description": disk.description,
        "RegionId": disk.region,
        "ZoneId": disk.zone,
        "Type": if disk.system { "system" } else { "data" },
        "Category": disk.category,
        "PerformanceLevel": disk.performance_level,
        "Size": disk.size,
        "Status": disk.course.at(world.now),
        "InstanceId": disk.instance.clone().unwrap_or_default(),
        "Device": disk.device,
        "ImageId": disk.image,
        "SourceSnapshotId": disk.snapshot,
        "DiskChargeType": disk.charge_type,
        "DeleteWithInstance": disk.delete_with_instance,
        "DeleteAutoSnapshot": disk.delete_auto_snapshot,
        "EnableAutoSnapshot": disk.enable_auto_snapshot,
        "EnableAutomatedSnapshotPolicy": !disk.auto_snapshot_policy.is_empty(),
        "AutoSnapshotPolicyId": disk.auto_snapshot_policy,
        "Encrypted": disk.encrypted,
        "KMSKeyId": disk.kms_key,
        "Portable": is_portable(disk),
        "MultiAttach": if disk.multi_attach { "Enabled" } else { "Disabled" },
        "ProductCode": "",
        "StorageClusterId": disk.storage_cluster,
        "StorageSetId": disk.storage_set,
        "ResourceGroupId": disk.resource_group,
        "SerialNumber": disk.id.trim_start_matches("d-"),
        "CreationTime": when(Some(disk.created)),
        "AttachedTime": when(disk.attached),
        "DetachedTime": when(disk.detached),
        "ExpiredTime": "2999-09-08T16:00Z",
        "Attachments": { "Attachment": attachments },
        "MountInstances": { "MountInstance": attachments },
        "MountInstanceNum": attachments.len(),
        "OperationLocks": { "OperationLock": [] },
        "Placement": { "ZoneIds": "" },
        "Tags": ecs_tags(&disk.tags),
    });
    if !disk.storage_set.is_empty() {
        shown["StorageSetPartitionNumber"] = json!(disk.storage_set_partition);
    }
    if disk.category == "cloud_auto" {
        shown["ProvisionedIops"] = json!(disk.provisioned_iops);
        shown["BurstingEnabled"] = json!(disk.bursting);
    }
    shown
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let mut ids = request.list("DiskIds");
    ids.extend(request.text("DiskId").map(str::to_owned));
    if ids.is_empty() {
        return Err(missing("DiskId"));
    }
    if request
        .text("DiskName")
        .is_some_and(|name| !good_name(name, 2))
    {
        let text = "The specified disk name is wrongly formed.";
        return refuse(400, "InvalidDiskName.Malformed", text);
    }
    if request
        .text("Description")
        .is_some_and(|text| !good_description(text))
    {
        let text = "The specified description is wrongly formed.";
        return refuse(400, "InvalidDiskDescription.Malformed", text);
    }
    for id in &ids {
        let disk = world.disk(id)?;
        if request.boolean("BurstingEnabled").is_some() && disk.category != "cloud_auto" {
            let text = "The specified disk category does not support bursting.";
            return refuse(400, "InvalidDiskCategory.NotSupported", text);
        }
    }
    for id in &ids {
        let disk = world.disk_mut(id)?;
        if let Some(name) = request.given("DiskName") {
            disk.name = name.to_owned();
        }
        if let Some(description) = request.given("Description") {
            disk.description = description.to_owned();
        }
        let places = [
            ("DeleteWithInstance", &mut disk.delete_with_instance),
            ("DeleteAutoSnapshot", &mut disk.delete_auto_snapshot),
            ("EnableAutoSnapshot", &mut disk.enable_auto_snapshot),
            ("BurstingEnabled", &mut disk.bursting),
        ];
        for (name, place) in places {
            if let Some(value) = request.boolean(name) {
                *place = value;
            }
        }
    }
    done()
}

pub(super) fn require_status(world: &World, disk: &Disk) -> Result<(), Refusal> {
    if ["In_use", "Available"].contains(&disk.course.at(world.now)) {
        return Ok(());
    }
    let text = "The current disk status does not support this operation.";
    refuse(403, "IncorrectDiskStatus", text)
}

fn resize(world: &mut World, request: &Request) -> Reply {
    let id = request.need("DiskId")?;
    let size = request.integer("NewSize").unwrap_or(0);
    let mode = request.text_or("Type", "offline");
    if mode != "offline" && mode != "online" {
        return Err(invalid("Type"));
    }
    let disk = world.disk(id)?;
    require_status(world, disk)?;
    snapshot::require_quiet(world, disk)?;
    if size <= disk.size {
        let text = "Specified new disk size is less than or equal the original disk size.";
        return refuse(403, "InvalidDiskSize", text);
    }
    let limit = catalog::disk_category(&disk.category).map_or(0, |kind| {
        if disk.system {
            kind.system_most
        } else {
            kind.data_most
        }
    });
    if size > limit {
        let text = "The specified parameter \"NewSize\" is beyond the permitted range.";
        return refuse(400, "InvalidDiskSize.NotSupported", text);
    }
    if let Some(instance) = &disk.instance {
        super::instance::require_stable(world, instance)?;
    }
    world.disk_mut(id)?.size = size;
    Ok(json!({ "OrderId": "" }))
}

fn modify_spec(world: &mut World, request: &Request) -> Reply {
    let id = request.need("DiskId")?;
    let disk = world.disk(id)?;
    require_status(world, disk)?;
    snapshot::require_quiet(world, disk)?;
    let category = request
        .text("DiskCategory")
        .unwrap_or(&disk.category)
        .to_owned();
    if catalog::disk_category(&category).is_none() {
        let text = "The specified parameter \"DiskCategory\" is not valid.";
        return refuse(400, "InvalidDiskCategory.ValueNotSupported", text);
    }
    let level = request.text("PerformanceLevel");
    if level.is_some_and(|level| {
        category != "cloud_essd" || !["PL0", "PL1", "PL2", "PL3"].contains(&level)
    }) {
        let text = "The specified parameter \"PerformanceLevel\" is not valid.";
        return refuse(400, "InvalidPerformanceLevel.Malformed", text);
    }
    if request.text("ProvisionedIops").is_some() && category != "cloud_auto" {
        return Err(invalid("ProvisionedIops"));
    }
    end_dry_run(request)?;
    let disk = world.disk_mut(id)?;
    disk.category = category;
    if disk.category != "cloud_auto" {
        (disk.provisioned_iops, disk.bursting) = (0, false);
    }
    match level {
        Some(level) => disk.performance_level = level.to_owned(),
        None if disk.category != "cloud_essd" => disk.performance_level.clear(),
        None if disk.performance_level.is_empty() => disk.performance_level = "PL1".to_owned(),
        None => {}
    }
    if let Some(iops) = request.integer("ProvisionedIops") {
        disk.provisioned_iops = iops;
    }
    Ok(json!({ "TaskId": format!("t-{}", world.letters(20)), "OrderId": "" }))
}

fn apply_policy(world: &mut World, request: &Request) -> Reply {
    let policy = request.need("autoSnapshotPolicyId")?.to_owned();
    if !policy.starts_with("sp-") {
        let text = "The specified snapshot policy is not found.";
        return refuse(404, "InvalidSnapshotPolicyId.NotFound", text);
    }
    let ids = request.json_list("diskIds", 100)?.unwrap_or_default();
    for id in &ids {
        world.disk(id)?;
    }
    for id in &ids {
        world.disk_mut(id)?.auto_snapshot_policy.clone_from(&policy);
    }
    done()
}
