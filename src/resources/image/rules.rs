//! What an image can be made of, and what its disks can be.

use crate::{
    model::{Object, Value},
    schema::{Problem, Rule},
};

pub(super) static RULES: &[Rule] = &[
    Rule::ExactlyOneOf(&["instance_id", "snapshot_id", "disk_device_mapping"]),
    Rule::Custom(disks),
];

/// Whether an argument is left out. One that is not known yet is not.
fn is_absent(block: &Object, name: &str) -> bool {
    block.get(name).is_none_or(Value::is_null)
}

/// One system disk, of a snapshot; an empty data disk needs a size.
fn disks(arguments: &Object) -> Vec<Problem> {
    let blocks = arguments
        .get("disk_device_mapping")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let mut problems = Vec::new();
    let mut system = None;
    for (at, block) in blocks.iter().enumerate() {
        let Some(block) = block.as_object() else {
            continue;
        };
        let path = format!("disk_device_mapping[{at}]");
        let is_system = block.get("disk_type").and_then(Value::as_str) == Some("system");
        if is_system && let Some(first) = system {
            problems.push(Problem::new(
                format!("{path}.disk_type"),
                "Two system disks",
                format!("Disk {first} is the system disk already (counted from 0)."),
                "Keep one disk of disk_type \"system\".",
            ));
        }
        if is_system {
            system = system.or(Some(at));
        }
        if !is_absent(block, "snapshot_id") {
            continue;
        }
        if is_system {
            problems.push(Problem::new(
                path,
                "System disk without a snapshot",
                "A system disk is made of a snapshot, and there is none.",
                "Add snapshot_id.",
            ));
        } else if is_absent(block, "size") {
            problems.push(Problem::new(
                path,
                "Disk without a size",
                "A disk without a snapshot is an empty one, which needs a size.",
                "Add size or snapshot_id.",
            ));
        }
    }
    problems
}
