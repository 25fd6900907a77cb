//! Disks: sizes by category, levels, local disks, and where they are mounted.

use super::{Problem, hinted, int, problem, text, text_or, unset};
use crate::model::{Object, Value};

/// GiB that all local disks of an instance may have together, its system disk left out.
const LOCAL_DISKS: i64 = 1024;
/// Data disk sizes in GiB.
const DISK_SIZES: &[(&str, i64, i64)] = &[
    ("cloud", 5, 2000),
    ("cloud_efficiency", 20, 32768),
    ("cloud_ssd", 20, 32768),
    ("cloud_essd", 20, 32768),
    ("ephemeral_ssd", 5, 800),
    ("cloud_auto", 1, 65536),
    ("cloud_essd_entry", 10, 32768),
    ("cloud_regional_disk_auto", 10, 65536),
    ("elastic_ephemeral_disk_standard", 64, 8192),
    ("elastic_ephemeral_disk_premium", 64, 8192),
];
/// The smallest ESSD data disk in GiB by performance level.
const LEVEL_SIZES: &[(&str, i64)] = &[("PL2", 461), ("PL3", 1261)];

/// A performance level is one of an ESSD disk.
pub(super) fn system_disk(object: &Object) -> Vec<Problem> {
    match (
        text(object, "system_disk_performance_level"),
        text(object, "system_disk_category"),
    ) {
        (Some(level), Some(category)) if category != "cloud_essd" => vec![hinted(
            problem(
                "system_disk_performance_level",
                "Performance level without an ESSD disk",
                format!(
                    "The performance level {level} needs a cloud_essd disk, but the system disk is {category}."
                ),
            ),
            "Remove system_disk_performance_level, or set system_disk_category to \"cloud_essd\".",
        )],
        _ => Vec::new(),
    }
}

/// How large data disks are, and at which level. How many is the table's.
pub(in crate::resources) fn data_disks(object: &Object) -> Vec<Problem> {
    let Some(disks) = object.get("data_disks").and_then(Value::as_list) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    for (at, disk) in disks.iter().enumerate() {
        if let Some(disk) = disk.as_object() {
            problems.extend(data_disk_size(at, disk));
            problems.extend(data_disk_level(at, disk));
        }
    }
    problems
}

fn data_disk_size(at: usize, disk: &Object) -> Option<Problem> {
    let (size, category) = (
        int(disk, "size")?,
        text_or(disk, "category", "cloud_efficiency")?,
    );
    let (_, least, most) = DISK_SIZES.iter().find(|(name, ..)| *name == category)?;
    let level = text(disk, "performance_level").filter(|_| category == "cloud_essd");
    let by_level = LEVEL_SIZES.iter().find(|(name, _)| Some(*name) == level);
    let least = by_level.map_or(*least, |(_, least)| *least);
    if (least..=*most).contains(&size) {
        return None;
    }
    let of_level = by_level.map_or_else(String::new, |(level, _)| format!(" of level {level}"));
    Some(hinted(
        problem(
            &format!("data_disks[{at}].size"),
            "Invalid disk size",
            format!(
                "The disk has {size} GiB, but a {category} disk{of_level} has {least} to {most} GiB."
            ),
        ),
        &format!("Choose a size from {least} to {most}, or another category."),
    ))
}

fn data_disk_level(at: usize, disk: &Object) -> Option<Problem> {
    let level = text(disk, "performance_level")?;
    let category = text_or(disk, "category", "cloud_efficiency")?;
    (category != "cloud_essd").then(|| {
        hinted(
            problem(
                &format!("data_disks[{at}].performance_level"),
                "Performance level without an ESSD disk",
                format!("The performance level {level} needs a cloud_essd disk, but this one is {category}."),
            ),
            "Remove performance_level, or set category to \"cloud_essd\".",
        )
    })
}

/// Local disks need a local system disk, and there is a limit to all of them together.
pub(super) fn local_disks(object: &Object) -> Vec<Problem> {
    let Some(disks) = object.get("data_disks").and_then(Value::as_list) else {
        return Vec::new();
    };
    let local: Vec<(usize, &Object)> = disks
        .iter()
        .enumerate()
        .filter_map(|(at, disk)| Some((at, disk.as_object()?)))
        .filter(|(_, disk)| text(disk, "category") == Some("ephemeral_ssd"))
        .collect();
    let mut problems = Vec::new();
    // Without a category it is a cloud disk, unless a launch template says otherwise.
    let templated = ["launch_template_id", "launch_template_name"]
        .iter()
        .any(|name| !unset(object, name));
    let system = match templated {
        true => text(object, "system_disk_category"),
        false => text_or(object, "system_disk_category", "cloud_efficiency"),
    };
    if let (Some((at, _)), Some(category)) = (local.first(), system)
        && category != "ephemeral_ssd"
    {
        problems.push(hinted(
            problem(
                &format!("data_disks[{at}].category"),
                "Local data disk with a cloud system disk",
                format!("An ephemeral_ssd data disk needs an ephemeral_ssd system disk, but the system disk is {category}."),
            ),
            "Use a cloud disk here, or set system_disk_category to \"ephemeral_ssd\".",
        ));
    }
    let sum = local
        .iter()
        .filter_map(|(_, disk)| int(disk, "size"))
        .fold(0_i64, i64::saturating_add);
    if sum > LOCAL_DISKS {
        problems.push(hinted(
            problem(
                "data_disks",
                "Local disks too large",
                format!("The local data disks have {sum} GiB together, but at most {LOCAL_DISKS} are allowed."),
            ),
            "Make the ephemeral_ssd disks smaller, or use cloud disks.",
        ));
    }
    problems
}

/// No two data disks are mounted at one place.
pub(super) fn devices(object: &Object) -> Vec<Problem> {
    let disks = object.get("data_disks").and_then(Value::as_list);
    let mut seen: Vec<(&str, usize)> = Vec::new();
    let mut problems = Vec::new();
    for (at, disk) in disks.unwrap_or_default().iter().enumerate() {
        let Some(device) = disk.as_object().and_then(|disk| text(disk, "device")) else {
            continue;
        };
        let letter = device.trim_start_matches("/dev/").trim_start_matches('x');
        match seen.iter().find(|(other, _)| *other == letter) {
            Some((_, first)) => problems.push(hinted(
                problem(
                    &format!("data_disks[{at}].device"),
                    "Device used twice",
                    format!("Data disk {first} is mounted at {device} too (counted from 0)."),
                ),
                "Choose another device, or leave it out to get the next free one.",
            )),
            None => seen.push((letter, at)),
        }
    }
    problems
}
