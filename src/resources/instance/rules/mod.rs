//! What the API document of `CreateInstance` allows: checks of one value, and rules over several.
//!
//! All pure. A rule is silent where a value that decides is not known yet. Lengths are in
//! characters, as in the document. The text of a password is never in a problem.

mod disks;
mod image;
mod login;
mod network;
mod payment;
mod tags;
mod values;

use crate::{
    model::{Object, Value},
    schema::{CrossRule, Crowd, Problem, Rule},
};

use super::create;

pub(in crate::resources) use values::{description, instance_type, name};
pub(super) use values::{device, hour, release_time, spot_price_limit, user_data};
pub(in crate::resources) use {disks::data_disks, payment::spot};

/// The rules over several attributes.
pub(super) static RULES: &[Rule] = &[
    Rule::AtLeastOneOf(&["image_id", "launch_template_id", "launch_template_name"]),
    Rule::AtLeastOneOf(&[
        "instance_type",
        "launch_template_id",
        "launch_template_name",
    ]),
    Rule::Conflicts(
        "secondary_private_ips",
        "secondary_private_ip_address_count",
    ),
    Rule::Conflicts("ipv6_addresses", "ipv6_address_count"),
    Rule::Conflicts("password_wo", "password"),
    Rule::Conflicts("password_wo", "kms_encrypted_password"),
    Rule::Requires("password_wo_version", "password_wo"),
    Rule::Conflicts("dedicated_host_id", "spot_strategy"),
    Rule::Conflicts("dedicated_host_id", "spot_price_limit"),
    Rule::Conflicts("dedicated_host_id", "deployment_set_id"),
    Rule::Custom(image::memory),
    Rule::Custom(image::size),
    Rule::Custom(disks::system_disk),
    Rule::Custom(disks::data_disks),
    Rule::Custom(disks::local_disks),
    Rule::Custom(disks::devices),
    Rule::Custom(payment::credit),
    Rule::Custom(login::host_name),
    Rule::Custom(login::password),
    Rule::Custom(login::key),
    Rule::Custom(network::network),
    Rule::Custom(network::io_optimized),
    Rule::Custom(payment::subscription),
    Rule::Custom(payment::spot),
    Rule::Custom(tags::tags),
    Rule::Custom(actions),
];

/// The rules between an instance and what it refers to.
pub(super) static CROSS: &[CrossRule] = &[
    CrossRule {
        attribute: "security_groups",
        check: network::group_network,
    },
    CrossRule {
        attribute: "vswitch_id",
        check: network::vswitch_zone,
    },
    CrossRule {
        attribute: "vswitch_id",
        check: network::vswitch_network,
    },
    CrossRule {
        attribute: "vswitch_id",
        check: network::vswitch_range,
    },
];

/// The rule about how many instances are in one security group.
pub(super) const CROWD: Crowd = Crowd {
    attribute: "security_groups",
    free: network::GROUP,
    check: network::group_size,
};

/// What is known about an attribute.
enum Known<'a> {
    Unset,
    Set(&'a Value),
    Unknown,
}

/// Looks an attribute up; empty text and empty collections count as unset.
fn known<'a>(object: &'a Object, name: &str) -> Known<'a> {
    let Some(value) = object.get(name) else {
        return Known::Unset;
    };
    match value.unmarked() {
        Value::Null => Known::Unset,
        Value::Unknown(_) => Known::Unknown,
        Value::String(text) if text.is_empty() => Known::Unset,
        other if other.as_list().is_some_and(<[Value]>::is_empty) => Known::Unset,
        other => Known::Set(other),
    }
}

fn unset(object: &Object, name: &str) -> bool {
    matches!(known(object, name), Known::Unset)
}

fn is_set(object: &Object, name: &str) -> bool {
    matches!(known(object, name), Known::Set(_))
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    match known(object, name) {
        Known::Set(value) => value.as_str(),
        Known::Unset | Known::Unknown => None,
    }
}

/// The text of an attribute, or what stands for it when it is unset; nothing when it is not known.
fn text_or<'a>(object: &'a Object, name: &str, default: &'a str) -> Option<&'a str> {
    match known(object, name) {
        Known::Set(value) => value.as_str(),
        Known::Unset => Some(default),
        Known::Unknown => None,
    }
}

fn int(object: &Object, name: &str) -> Option<i64> {
    object.get(name).and_then(Value::as_int)
}

fn flag(object: &Object, name: &str) -> bool {
    object.get(name).and_then(Value::as_bool) == Some(true)
}

fn problem(path: &str, summary: &str, detail: String) -> Problem {
    Problem {
        path: path.to_owned(),
        summary: summary.to_owned(),
        detail,
        hint: None,
        warning: false,
    }
}

fn hinted(problem: Problem, hint: &str) -> Problem {
    Problem {
        hint: Some(hint.to_owned()),
        ..problem
    }
}

/// The operating system of an image, as far as its id says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    Windows,
    Other,
    Unknown,
}

fn system(object: &Object) -> System {
    let Some(image) = text(object, "image_id") else {
        return System::Unknown;
    };
    let image = image.to_ascii_lowercase();
    if image.starts_with("win") {
        System::Windows
    } else if image.contains("_alibase_") {
        System::Other
    } else {
        System::Unknown
    }
}

/// Some parameters belong to CreateInstance and some to RunInstances; one call carries one kind.
fn actions(object: &Object) -> Vec<Problem> {
    match (create::only_create(object), create::only_run(object)) {
        (Some(one), Some(other)) => vec![hinted(
            problem(
                one,
                "Attributes that exclude each other",
                format!(
                    "{one} can only be given to the action CreateInstance, and {other} only to RunInstances."
                ),
            ),
            &format!("Remove {one} or {other}."),
        )],
        _ => Vec::new(),
    }
}
