//! The disks of an instance: size, kind, names, tags.

use super::{Work, map_of, retag};
use crate::cloud::ApiError;
use crate::model::{Object, Value};
use crate::resources::instance::wire;
use crate::resources::instance::wire::{items, params, scalar};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Tags all disks alike. What they have now decides, since the tags of a new instance are those of its
/// disks too.
pub(super) async fn volume_tags(work: &Work<'_>) -> Result<(), ApiError> {
    let request = params([("InstanceId", work.id), ("PageSize", "100")]);
    let answer = wire::ask(work.context, "DescribeDisks", request).await?;
    let disks = items(&answer, "/Disks/Disk");
    let ids: Vec<&str> = disks
        .iter()
        .filter_map(|disk| disk["DiskId"].as_str())
        .collect();
    let new = map_of(work.desired, "volume_tags");
    retag(work, "disk", &ids, (&shared_tags(disks), &new)).await
}

/// The tags that disks have; one that they do not all have, or not with one value, is null.
pub(super) fn shared_tags(disks: &[Json]) -> Object {
    let mut counts: BTreeMap<&str, (usize, Value)> = BTreeMap::new();
    for tag in disks.iter().flat_map(|disk| items(disk, "/Tags/Tag")) {
        let value = Value::from(wire::field(tag, "/TagValue"));
        let (count, one) = counts
            .entry(wire::field(tag, "/TagKey"))
            .or_insert((0, value.clone()));
        *count += usize::from(*one == value);
    }
    let shared = |(key, (count, value)): (&str, (usize, Value))| {
        let same = count == disks.len();
        (key.to_owned(), if same { value } else { Value::Null })
    };
    counts.into_iter().map(shared).collect()
}

/// Works on the system disk, unless it is going to be replaced: then this follows the replacement.
pub(super) async fn unless_replaced(
    work: &Work<'_>,
    step: impl Future<Output = Result<(), ApiError>> + Send,
) -> Result<(), ApiError> {
    if work.touches(&["image_id"]) {
        return Ok(());
    }
    step.await
}

/// Gives a new system disk what an update asks for beyond its size.
pub(super) async fn new_disk(work: &Work<'_>) -> Result<(), ApiError> {
    if work.touches(&[
        "system_disk_performance_level",
        "system_disk_provisioned_iops",
    ]) {
        disk_spec(work).await?;
    }
    if work.touches(&["system_disk_auto_snapshot_policy_id"]) {
        disk_policy(work).await?;
    }
    let attributes = [
        "system_disk_name",
        "system_disk_description",
        "system_disk_bursting_enabled",
    ];
    if work.touches(&attributes) {
        disk_attributes(work).await?;
    }
    Ok(())
}

pub(super) async fn disk_spec(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("DiskId", &work.system_disk().await?)]);
    work.add(
        &mut request,
        &[
            ("system_disk_performance_level", "PerformanceLevel"),
            ("system_disk_provisioned_iops", "ProvisionedIops"),
        ],
    );
    work.change("ModifyDiskSpec", request).await.map(drop)
}

/// Grows the system disk, while it runs if it runs. An image change takes the size with it.
pub(super) async fn disk_size(work: &Work<'_>) -> Result<(), ApiError> {
    if work.touches(&["image_id"]) {
        return Ok(());
    }
    let running = wire::status(&work.instance().await?) != "Stopped";
    let kind = if running { "online" } else { "offline" };
    let mut request = params([("DiskId", &work.system_disk().await?), ("Type", kind)]);
    work.add(&mut request, &[("system_disk_size", "NewSize")]);
    work.change("ResizeDisk", request).await.map(drop)
}

pub(super) async fn disk_policy(work: &Work<'_>) -> Result<(), ApiError> {
    let disks = Json::from(vec![work.system_disk().await?]).to_string();
    // This action alone writes its parameters small.
    let region = work.context.client.region().to_owned();
    let mut request = params([("diskIds", &disks), ("regionId", &region)]);
    work.add(
        &mut request,
        &[(
            "system_disk_auto_snapshot_policy_id",
            "autoSnapshotPolicyId",
        )],
    );
    work.change("ApplyAutoSnapshotPolicy", request)
        .await
        .map(drop)
}

pub(super) async fn disk_attributes(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("DiskId", &work.system_disk().await?)]);
    // The action takes name and description together: one alone would clear the other.
    for (attribute, parameter) in [
        ("system_disk_name", "DiskName"),
        ("system_disk_description", "Description"),
    ] {
        let value = work.desired.get(attribute).and_then(scalar);
        request.push((parameter.to_owned(), value.unwrap_or_default()));
    }
    work.add(
        &mut request,
        &[("system_disk_bursting_enabled", "BurstingEnabled")],
    );
    work.change("ModifyDiskAttribute", request).await.map(drop)
}
