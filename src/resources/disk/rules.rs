//! What a disk may be: sizes by category and level, and what only some categories have.

use crate::{
    model::{Object, Value},
    schema::{Problem, Rule, is_zero},
};

/// The categories of disks that can be bought alone, with their sizes in GiB.
const SIZES: &[(&str, i64, i64)] = &[
    ("cloud", 5, 2_000),
    ("cloud_efficiency", 20, 32_768),
    ("cloud_ssd", 20, 32_768),
    ("cloud_essd", 1, 65_536),
    ("cloud_auto", 1, 65_536),
    ("cloud_essd_entry", 10, 32_768),
    ("elastic_ephemeral_disk_standard", 64, 8_192),
    ("elastic_ephemeral_disk_premium", 64, 8_192),
];
/// The least size of an ESSD disk by its level; without one it is PL1.
const LEVEL_SIZES: &[(&str, i64)] = &[("PL0", 1), ("PL1", 20), ("PL2", 461), ("PL3", 1_261)];

pub(super) const CATEGORIES: &[&str] = &[
    "cloud",
    "cloud_efficiency",
    "cloud_essd",
    "cloud_ssd",
    "cloud_auto",
    "cloud_essd_entry",
    "elastic_ephemeral_disk_standard",
    "elastic_ephemeral_disk_premium",
];
pub(super) const LEVELS: &[&str] = &["PL0", "PL1", "PL2", "PL3"];
/// How it is paid for, and the API's words for it.
pub(super) const PAYMENTS: &[(&str, &str)] =
    &[("PayAsYouGo", "PostPaid"), ("Subscription", "PrePaid")];

pub(super) static RULES: &[Rule] = &[
    Rule::ExactlyOneOf(&["zone_id", "availability_zone", "instance_id"]),
    Rule::AtLeastOneOf(&["size", "snapshot_id"]),
    Rule::Requires("storage_set_partition_number", "storage_set_id"),
    Rule::Custom(size),
    Rule::Custom(features),
    Rule::Custom(encryption),
];

/// What only disks of some categories have: the attribute, the categories, and in words what it is.
const FEATURES: &[(&str, &[&str], &str)] = &[
    ("performance_level", &["cloud_essd"], "A performance level"),
    ("provisioned_iops", &["cloud_auto"], "Provisioned IOPS"),
    ("bursting_enabled", &["cloud_auto"], "Bursting"),
];
/// The categories that several instances can share.
const SHARED: &[&str] = &["cloud_essd", "cloud_auto"];

pub(super) fn not_essd(_: &Object, merged: &Object) -> bool {
    text(merged, "category").is_some_and(|category| category != "cloud_essd")
}

pub(super) fn not_auto(_: &Object, merged: &Object) -> bool {
    text(merged, "category").is_some_and(|category| category != "cloud_auto")
}

/// Whether an argument is known and says something.
fn says(arguments: &Object, name: &str) -> bool {
    let value = arguments.get(name);
    value.is_some_and(|value| value.is_wholly_known() && !is_zero(value))
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// The category; `None` while it is not known.
fn category(arguments: &Object) -> Option<&str> {
    match arguments.get("category").map(Value::unmarked) {
        None | Some(Value::Null) => Some("cloud_efficiency"),
        Some(value) => value.as_str(),
    }
}

fn size(arguments: &Object) -> Vec<Problem> {
    let known = || {
        let size = arguments.get("size")?.as_int()?;
        let category = category(arguments)?;
        let (_, least, most) = SIZES.iter().find(|(name, ..)| *name == category)?;
        let level = match arguments.get("performance_level").map(Value::unmarked) {
            // The level that a disk has already may be a smaller one.
            None | Some(Value::Null) => None,
            Some(value) => Some(value.as_str()?),
        };
        let by_level = LEVEL_SIZES
            .iter()
            .find(|(name, _)| category == "cloud_essd" && Some(*name) == level);
        Some((size, category, by_level, *least, *most))
    };
    let Some((size, category, by_level, least, most)) = known() else {
        return Vec::new();
    };
    let least = by_level.map_or(least, |(_, of_level)| *of_level);
    if (least..=most).contains(&size) {
        return Vec::new();
    }
    let of_level = by_level.map_or_else(String::new, |(level, _)| format!(" of level {level}"));
    vec![Problem::new(
        "size",
        "Invalid disk size",
        format!(
            "The disk has {size} GiB, but a {category} disk{of_level} has {least} to {most} GiB."
        ),
        format!("Choose a size from {least} to {most}, or another category."),
    )]
}

fn features(arguments: &Object) -> Vec<Problem> {
    let Some(category) = category(arguments) else {
        return Vec::new();
    };
    let mut problems: Vec<Problem> = FEATURES
        .iter()
        .filter(|(name, of, _)| says(arguments, name) && !of.contains(&category))
        .map(|(name, of, what)| wrong_category(name, of, what, category))
        .collect();
    if text(arguments, "multi_attach") == Some("Enabled") && !SHARED.contains(&category) {
        let what = "Sharing between instances";
        problems.push(wrong_category("multi_attach", SHARED, what, category));
    }
    problems
}

fn wrong_category(name: &str, of: &[&str], what: &str, category: &str) -> Problem {
    let of = of.join(" or ");
    Problem::new(
        name,
        "Not for this category of disk",
        format!("{what} is for a disk of {of}, and this one is {category}."),
        format!("Remove {name}, or set category to {of}."),
    )
}

/// A key encrypts only an encrypted disk.
fn encryption(arguments: &Object) -> Vec<Problem> {
    let off = arguments.get("encrypted").and_then(Value::as_bool) == Some(false);
    let keys = ["kms_key_id", "encrypt_algorithm"];
    keys.iter()
        .filter(|name| off && says(arguments, name))
        .map(|name| {
            Problem::new(
                *name,
                "Conflicting arguments",
                format!("{name} is for an encrypted disk, and encrypted is false."),
                format!("Remove {name}, or set encrypted = true."),
            )
        })
        .collect()
}
