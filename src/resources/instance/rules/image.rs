//! What the names of an image and an instance type say about each other: memory, and the size of the disk.
//!
//! Names follow conventions; a rule is silent where one does not.

use super::{Problem, System, hinted, int, problem, system, text};
use crate::model::Object;

/// MiB with which Windows does not run, but for one version.
const LITTLE: i64 = 512;
/// MiB beyond which a 32-bit system does not see its memory.
const LARGE: i64 = 4 * 1024;

/// GiB of the smallest system disk.
const SMALLEST: i64 = 20;

/// The image runs with the memory that the instance type has.
pub(super) fn memory(object: &Object) -> Vec<Problem> {
    let (Some(image), Some(kind)) = (text(object, "image_id"), text(object, "instance_type"))
    else {
        return Vec::new();
    };
    let Some(memory) = mebibytes(kind) else {
        return Vec::new();
    };
    let wrong = if memory <= LITTLE && system(object) == System::Windows && !image.contains("1709")
    {
        format!("{kind} has {memory} MiB of memory, with which of Windows only Server 1709 runs.")
    } else if memory > LARGE && is_32_bit(image) {
        format!(
            "{kind} has {} GiB of memory, but a 32-bit image takes no more than 4.",
            memory / 1024
        )
    } else {
        return Vec::new();
    };
    vec![hinted(
        problem("image_id", "Image does not fit the instance type", wrong),
        "Choose another image, or another instance type.",
    )]
}

/// The system disk holds the image.
pub(super) fn size(object: &Object) -> Vec<Problem> {
    let size = int(object, "system_disk_size");
    let least = text(object, "image_id").and_then(gibibytes);
    let (Some(size), Some(least)) = (size, least) else {
        return Vec::new();
    };
    // What no system disk has is told by the attribute's own check.
    if size >= least || size < SMALLEST {
        return Vec::new();
    }
    vec![hinted(
        problem(
            "system_disk_size",
            "System disk smaller than the image",
            format!("The system disk has {size} GiB, but the image has {least}."),
        ),
        &format!("Set system_disk_size to {least} or more, or leave it out."),
    )]
}

fn is_32_bit(image: &str) -> bool {
    let image = image.to_ascii_lowercase();
    ["_32_", "_i386_", "_x86_"]
        .iter()
        .any(|part| image.contains(part))
}

/// The size of a public image: `ubuntu_22_04_x64_20G_alibase_20240926.vhd`.
fn gibibytes(image: &str) -> Option<i64> {
    let (before, _) = image.split_once("G_alibase_")?;
    before.rsplit('_').next()?.parse().ok()
}

/// The memory of a type of a regular family: `ecs.g7.2xlarge`, `ecs.t6-c4m1.large`.
fn mebibytes(kind: &str) -> Option<i64> {
    let (family, size) = kind.strip_prefix("ecs.")?.split_once('.')?;
    let processors = match size {
        "small" | "medium" => 1,
        "large" => 2,
        "xlarge" => 4,
        other => other
            .strip_suffix("xlarge")?
            .parse::<i64>()
            .ok()?
            .checked_mul(4)?,
    };
    let (parts, of) = ratio(family)?;
    processors
        .checked_mul(1024)?
        .checked_mul(parts)?
        .checked_div(of)
}

/// GiB to processors in a family.
fn ratio(family: &str) -> Option<(i64, i64)> {
    if let Some(rest) = family
        .strip_prefix("t5-")
        .or_else(|| family.strip_prefix("t6-"))
    {
        let (processors, memory) = rest
            .trim_start_matches('l')
            .strip_prefix('c')?
            .split_once('m')?;
        return Some((memory.parse().ok()?, processors.parse().ok()?));
    }
    let family = family.strip_prefix("hf").unwrap_or(family).as_bytes();
    match (family.first()?, family.get(1)?) {
        (b'c', b'5'..=b'9') => Some((2, 1)),
        (b'g', b'5'..=b'9') => Some((4, 1)),
        (b'r', b'5'..=b'9') => Some((8, 1)),
        _ => None,
    }
}

/// Whether a type is of a family that has only I/O optimized instances.
pub(super) fn is_current(kind: &str) -> bool {
    let family = kind
        .strip_prefix("ecs.")
        .and_then(|rest| rest.split('.').next());
    family.is_some_and(|family| ratio(family).is_some())
}
