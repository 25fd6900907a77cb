//! What the API document of `CreateInstance` allows: checks of one value, and rules over several.
//!
//! All pure. A rule is silent where a value that decides is not known yet. Lengths are in
//! characters, as in the document. The text of a password is never in a problem.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    model::{Number, Object, Value},
    schema::{CrossRule, Crowd, Problem, Rule},
};

use super::create;

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
    Rule::Conflicts("dedicated_host_id", "spot_strategy"),
    Rule::Conflicts("dedicated_host_id", "spot_price_limit"),
    Rule::Conflicts("dedicated_host_id", "deployment_set_id"),
    Rule::Custom(system_disk),
    Rule::Custom(data_disks),
    Rule::Custom(local_disks),
    Rule::Custom(devices),
    Rule::Custom(credit),
    Rule::Custom(host_name),
    Rule::Custom(password),
    Rule::Custom(key),
    Rule::Custom(network),
    Rule::Custom(io_optimized),
    Rule::Custom(subscription),
    Rule::Custom(spot),
    Rule::Custom(tags),
    Rule::Custom(actions),
];

/// The rules between an instance and what it refers to.
pub(super) static CROSS: &[CrossRule] = &[
    CrossRule {
        attribute: "security_groups",
        check: group_network,
    },
    CrossRule {
        attribute: "vswitch_id",
        check: vswitch_zone,
    },
    CrossRule {
        attribute: "vswitch_id",
        check: vswitch_network,
    },
    CrossRule {
        attribute: "vswitch_id",
        check: vswitch_range,
    },
];

/// The rule about how many instances are in one security group.
pub(super) const CROWD: Crowd = Crowd {
    attribute: "security_groups",
    free: GROUP,
    check: group_size,
};

/// So many instances the document allows in one security group.
const GROUP: usize = 1000;
/// So many the service has come to allow in a normal one.
const LARGE_GROUP: usize = 2000;
/// The largest number of tags of one resource.
const TAGS: usize = 20;
/// The largest number of characters of a tag's key.
const TAG_KEY: usize = 64;
/// The largest number of characters of a tag's value.
const TAG_VALUE: usize = 128;
/// What no tag may start with.
const RESERVED: &[&str] = &["aliyun", "acs:", "http://", "https://"];
/// The largest size of user data in bytes, before it is encoded.
const USER_DATA: usize = 16 * 1024;
/// The characters that count as special in a password.
const SPECIAL: &str = "()`~!@#$%^&*-_+=|{}[]:;'‘<>,.?/";
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
/// Months that can be bought; weeks are 1 to 4.
const MONTHS: &[i64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36, 48, 60];
const WEEKS: &[i64] = &[1, 2, 3, 4];
const RENEWAL_MONTHS: &[i64] = &[1, 2, 3, 6, 12];
const RENEWAL_WEEKS: &[i64] = &[1, 2, 3];

/// Checks a name of an instance or a disk.
pub(super) fn name(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str().filter(|name| !name.is_empty()) else {
        return Ok(());
    };
    let allowed = "a name has 2 to 128 characters, starts with a letter or a Chinese character, does \
                   not start with http:// or https://, and may contain digits, colons, underscores, \
                   hyphens and dots";
    let length = name.chars().count();
    let wrong = if !(2..=128).contains(&length) {
        Some(format!("it has {length}"))
    } else if name.starts_with("http://") || name.starts_with("https://") {
        Some("it starts with a URL scheme".to_owned())
    } else if !name.starts_with(char::is_alphabetic) {
        Some("it does not start with a letter".to_owned())
    } else {
        let odd = |c: &char| !c.is_alphanumeric() && !":_-.".contains(*c);
        name.chars().find(odd).map(|c| format!("it contains {c:?}"))
    };
    wrong.map_or(Ok(()), |wrong| {
        Err(format!(
            "{name:?} is not a valid name: {wrong}, but {allowed}."
        ))
    })
}

/// Checks a description.
pub(super) fn description(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let length = text.chars().count();
    if !(2..=256).contains(&length) {
        return Err(format!(
            "The description has {length} characters, but 2 to 256 are allowed."
        ));
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Err("A description must not start with http:// or https://.".to_owned());
    }
    Ok(())
}

/// Checks the form of an instance type.
pub fn instance_type(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if !text.is_empty() && !text.starts_with("ecs.") => Err(format!(
            "{text:?} is not an instance type: its name starts with \"ecs.\", like ecs.g7.large."
        )),
        _ => Ok(()),
    }
}

/// Checks the size of user data, as it is before it is encoded.
pub(super) fn user_data(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let size = BASE64_STANDARD
        .decode(text)
        .map_or(text.len(), |raw| raw.len());
    if size > USER_DATA {
        return Err(format!(
            "The user data has {size} bytes before it is encoded, but at most {USER_DATA} are allowed."
        ));
    }
    Ok(())
}

/// Checks where a data disk is mounted: `/dev/xvdb` to `/dev/xvdz`, by either name of the device.
pub(super) fn device(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let letter = text
        .strip_prefix("/dev/xvd")
        .or_else(|| text.strip_prefix("/dev/vd"));
    if letter.is_some_and(|letter| matches!(letter.as_bytes(), [b'b'..=b'z'])) {
        return Ok(());
    }
    Err("A data disk is mounted at /dev/xvdb to /dev/xvdz.".to_owned())
}

/// Checks a price: above zero, with at most three decimals.
pub(super) fn spot_price_limit(value: &Value) -> Result<(), String> {
    let Value::Number(price) = value.unmarked() else {
        return Ok(());
    };
    let text = price.to_string();
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    if *price < Number::Int(0) {
        return Err(format!(
            "The price limit is {text}, but it must not be negative."
        ));
    }
    if decimals > 3 {
        return Err(format!(
            "The price limit {text} has {decimals} decimals, but at most three are allowed."
        ));
    }
    Ok(())
}

/// Checks a time in UTC, with or without seconds.
pub(super) fn release_time(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let parsed = text
        .strip_suffix('Z')
        .is_some_and(|local| local.parse::<jiff::civil::DateTime>().is_ok());
    if !parsed {
        return Err(format!(
            "{text:?} is not a time in UTC, like 2030-01-01T00:00:00Z."
        ));
    }
    Ok(())
}

/// Checks a full hour, as maintenance windows have it.
pub(super) fn hour(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let valid = text
        .strip_suffix(":00:00")
        .is_some_and(|hour| hour.len() == 2 && hour.parse::<u8>().is_ok_and(|hour| hour < 24));
    if !valid {
        return Err(format!("{text:?} is not a full hour, like 02:00:00."));
    }
    Ok(())
}

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

/// A performance level is one of an ESSD disk.
fn system_disk(object: &Object) -> Vec<Problem> {
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
fn data_disks(object: &Object) -> Vec<Problem> {
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
fn local_disks(object: &Object) -> Vec<Problem> {
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
fn devices(object: &Object) -> Vec<Problem> {
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

/// Only burstable types have a credit specification.
fn credit(object: &Object) -> Vec<Problem> {
    match (
        text(object, "credit_specification"),
        text(object, "instance_type"),
    ) {
        (Some(credit), Some(kind)) if !kind.starts_with("ecs.t") => vec![Problem {
            warning: true,
            ..hinted(
                problem(
                    "credit_specification",
                    "Credit specification without a burstable type",
                    format!(
                        "The credit specification {credit} is for burstable types such as ecs.t6-c1m2.large; {kind} may refuse it."
                    ),
                ),
                "Remove credit_specification, or choose a burstable type.",
            )
        }],
        _ => Vec::new(),
    }
}

/// How many instances may be in one security group.
fn group_size(count: usize, group: Option<&Object>) -> Option<Problem> {
    let large = group.and_then(|group| text(group, "security_group_type")) == Some("enterprise");
    if large {
        return None;
    }
    Some(Problem {
        warning: count <= LARGE_GROUP,
        ..hinted(
            problem(
                "security_groups",
                "Too many instances in a security group",
                format!(
                    "{count} instances of this plan are in one security group, which is made for {GROUP} and holds {LARGE_GROUP} at most."
                ),
            ),
            "Spread them over several groups, or use one with security_group_type = \"enterprise\".",
        )
    })
}

/// The host name by operating system.
fn host_name(object: &Object) -> Vec<Problem> {
    let Some(name) = text(object, "host_name") else {
        return Vec::new();
    };
    let windows = system(object) == System::Windows;
    let most = if windows { 15 } else { 64 };
    let length = name.chars().count();
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || (c == '.' && !windows);
    let edge = |c: char| c == '.' || c == '-';
    let wrong = if !(2..=most).contains(&length) {
        format!("It has {length} characters, but 2 to {most} are allowed")
    } else if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        let dots = if windows { "" } else { ", dots" };
        format!("It contains {c:?}, but only letters, digits{dots} and hyphens are allowed")
    } else if name.starts_with(edge) || name.ends_with(edge) {
        "It must not start or end with a dot or a hyphen".to_owned()
    } else if name
        .as_bytes()
        .windows(2)
        .any(|two| two.iter().all(|c| edge(char::from(*c))))
    {
        "Dots and hyphens must not follow each other".to_owned()
    } else if windows && name.bytes().all(|c| c.is_ascii_digit()) {
        "It must not consist of digits only".to_owned()
    } else {
        return Vec::new();
    };
    let of = if windows {
        " of a Windows instance"
    } else {
        ""
    };
    vec![hinted(
        problem(
            "host_name",
            "Invalid host name",
            format!("{name:?} cannot be the host name{of}. {wrong}."),
        ),
        "Use letters, digits and single hyphens, like web-1.",
    )]
}

/// The password's form, and what it excludes.
fn password(object: &Object) -> Vec<Problem> {
    let mut problems = Vec::new();
    if is_set(object, "kms_encrypted_password") && unset(object, "password") {
        problems.push(hinted(
            problem(
                "kms_encrypted_password",
                "Not supported yet",
                "Passwords encrypted by the Key Management Service cannot be decrypted yet."
                    .to_owned(),
            ),
            "Give the password in a sensitive variable and set password to it, or use key_name.",
        ));
    }
    if is_set(object, "password") && flag(object, "password_inherit") {
        problems.push(hinted(
            problem(
                "password_inherit",
                "Two passwords",
                "password_inherit takes the password of the image, but password is set too."
                    .to_owned(),
            ),
            "Remove password, or set password_inherit to false.",
        ));
    }
    let Some(password) = text(object, "password") else {
        return problems;
    };
    let remedy = "Use 8 to 30 characters with upper-case and lower-case letters, digits and special characters.";
    if let Some(wrong) = wrong_password(password, system(object)) {
        problems.push(hinted(
            problem("password", "Invalid password", wrong),
            remedy,
        ));
    } else if let Some(kind) = missing_kinds(password).first() {
        // The document asks for all four kinds; the service has since come to accept three.
        problems.push(Problem {
            warning: true,
            ..hinted(
                problem(
                    "password",
                    "Weak password",
                    format!("The password lacks {kind}, and may be refused."),
                ),
                remedy,
            )
        });
    }
    problems
}

/// Says what is wrong with a password, without repeating it.
fn wrong_password(password: &str, system: System) -> Option<String> {
    let length = password.chars().count();
    if !(8..=30).contains(&length) {
        return Some(format!(
            "The password has {length} characters, but 8 to 30 are allowed."
        ));
    }
    let special = |c: char| SPECIAL.contains(c);
    if password
        .chars()
        .any(|c| !c.is_ascii_alphanumeric() && !special(c))
    {
        return Some(format!(
            "The password has a character that is neither a letter of the English alphabet, nor a digit, nor one of {SPECIAL}"
        ));
    }
    let missing = missing_kinds(password);
    if missing.len() > 1 {
        return Some(format!("The password lacks {}.", missing.join(" and ")));
    }
    (system == System::Windows && password.starts_with('/'))
        .then(|| "The password of a Windows instance must not start with a slash.".to_owned())
}

/// The kinds of characters that a password does not have.
fn missing_kinds(password: &str) -> Vec<&'static str> {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    [
        ("an upper-case letter", has(|c| c.is_ascii_uppercase())),
        ("a lower-case letter", has(|c| c.is_ascii_lowercase())),
        ("a digit", has(|c| c.is_ascii_digit())),
        ("a special character", has(|c| SPECIAL.contains(c))),
    ]
    .into_iter()
    .filter(|(_, has)| !has)
    .map(|(kind, _)| kind)
    .collect()
}

/// Key pairs are for Linux.
fn key(object: &Object) -> Vec<Problem> {
    if is_set(object, "key_name") && system(object) == System::Windows {
        return vec![Problem {
            warning: true,
            ..hinted(
                problem(
                    "key_name",
                    "Key pair on a Windows instance",
                    "A Windows instance ignores its key pair, and only the password works."
                        .to_owned(),
                ),
                "Remove key_name and set password.",
            )
        }];
    }
    Vec::new()
}

/// What needs a vSwitch.
fn network(object: &Object) -> Vec<Problem> {
    let elsewhere = [
        "network_interface_id",
        "launch_template_id",
        "launch_template_name",
    ]
    .iter()
    .any(|name| !unset(object, name));
    if !unset(object, "vswitch_id") {
        let bare = unset(object, "security_groups") && !elsewhere;
        return bare.then(no_groups).into_iter().collect();
    }
    let missing = |attribute: &str, what: &str| {
        hinted(
            problem(
                attribute,
                "Missing vSwitch",
                format!("{what} an instance in a VPC, but vswitch_id is not set."),
            ),
            &format!("Set vswitch_id, or remove {attribute}."),
        )
    };
    let mut problems = Vec::new();
    if is_set(object, "private_ip") && !elsewhere {
        problems.push(missing("private_ip", "A private address is that of"));
    }
    if is_set(object, "user_data") && !elsewhere {
        problems.push(missing("user_data", "User data needs"));
    }
    if is_set(object, "dedicated_host_id") && !elsewhere {
        problems.push(missing("dedicated_host_id", "A dedicated host runs only"));
    }
    problems
}

fn no_groups() -> Problem {
    hinted(
        problem(
            "security_groups",
            "Missing security group",
            "An instance in a vSwitch needs at least one security group of the same VPC."
                .to_owned(),
        ),
        "Set security_groups to the id of an alicloud_security_group.",
    )
}

/// I/O optimization: said once, and what depends on it.
fn io_optimized(object: &Object) -> Vec<Problem> {
    let said = text(object, "io_optimized");
    let mut problems = Vec::new();
    if flag(object, "is_outdated") && said == Some("optimized") {
        problems.push(hinted(
            problem(
                "io_optimized",
                "Contradiction",
                "is_outdated asks for an instance without I/O optimization, but io_optimized is \"optimized\".".to_owned(),
            ),
            "Remove is_outdated.",
        ));
    }
    if said == Some("none") || flag(object, "is_outdated") {
        for (name, what) in [("user_data", "User data"), ("key_name", "A key pair")] {
            if is_set(object, name) {
                problems.push(hinted(
                    problem(
                        name,
                        "Needs I/O optimization",
                        format!("{what} works only on an I/O optimized instance."),
                    ),
                    &format!("Remove {name}, or io_optimized."),
                ));
            }
        }
    }
    if let (Some("optimized"), Some(category @ ("cloud" | "ephemeral_ssd"))) =
        (said, text(object, "system_disk_category"))
    {
        problems.push(hinted(
            problem(
                "system_disk_category",
                "Invalid system disk category",
                format!("An I/O optimized instance cannot have a {category} system disk."),
            ),
            "Use cloud_efficiency, cloud_ssd or cloud_essd.",
        ));
    }
    problems
}

/// What a prepaid instance needs.
fn subscription(object: &Object) -> Vec<Problem> {
    if text(object, "instance_charge_type") != Some("PrePaid") {
        return Vec::new();
    }
    let mut problems = Vec::new();
    if unset(object, "period")
        && unset(object, "launch_template_id")
        && unset(object, "launch_template_name")
    {
        problems.push(hinted(
            problem(
                "period",
                "Missing period",
                "A PrePaid instance is bought for a time, but period is not set.".to_owned(),
            ),
            "Set period (in months, or in weeks with period_unit = \"Week\"), or use PostPaid.",
        ));
    }
    let Some(unit) = text_or(object, "period_unit", "Month") else {
        return problems;
    };
    let weekly = unit == "Week";
    problems.extend(one_of(
        object,
        "period",
        unit,
        if weekly { WEEKS } else { MONTHS },
    ));
    if text(object, "renewal_status") == Some("AutoRenewal") {
        let allowed = if weekly {
            RENEWAL_WEEKS
        } else {
            RENEWAL_MONTHS
        };
        problems.extend(one_of(object, "auto_renew_period", unit, allowed));
    }
    problems
}

fn one_of(object: &Object, name: &str, unit: &str, allowed: &[i64]) -> Option<Problem> {
    let value = int(object, name).filter(|value| !allowed.contains(value))?;
    let list: Vec<String> = allowed.iter().map(i64::to_string).collect();
    Some(hinted(
        problem(
            name,
            "Invalid period",
            format!(
                "{name} is {value}, but with period_unit = \"{unit}\" it is one of {}.",
                list.join(", ")
            ),
        ),
        "Choose one of these, or change period_unit.",
    ))
}

/// Spot instances are pay-as-you-go, and a limit belongs to one strategy.
fn spot(object: &Object) -> Vec<Problem> {
    let Some(strategy) = text_or(object, "spot_strategy", "NoSpot") else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    if strategy != "NoSpot" && text(object, "instance_charge_type") == Some("PrePaid") {
        problems.push(hinted(
            problem(
                "spot_strategy",
                "Spot instance with a subscription",
                format!("spot_strategy {strategy} is for PostPaid instances, but instance_charge_type is PrePaid."),
            ),
            "Remove spot_strategy, or set instance_charge_type to \"PostPaid\".",
        ));
    }
    if strategy == "SpotWithPriceLimit" && unset(object, "spot_price_limit") {
        problems.push(hinted(
            problem(
                "spot_price_limit",
                "Missing price limit",
                "spot_strategy SpotWithPriceLimit needs a highest price per hour.".to_owned(),
            ),
            "Set spot_price_limit, or use SpotAsPriceGo.",
        ));
    }
    if strategy != "SpotWithPriceLimit" && is_set(object, "spot_price_limit") {
        problems.push(Problem {
            warning: true,
            ..hinted(
                problem(
                    "spot_price_limit",
                    "Price limit without effect",
                    format!("A price limit needs the strategy SpotWithPriceLimit, but spot_strategy is {strategy}."),
                ),
                "Set spot_strategy to \"SpotWithPriceLimit\", or remove spot_price_limit.",
            )
        });
    }
    problems
}

/// How many tags, and their form.
fn tags(object: &Object) -> Vec<Problem> {
    ["tags", "volume_tags"]
        .into_iter()
        .filter_map(|name| Some((name, object.get(name)?.as_object()?)))
        .flat_map(|(name, tags)| tag_problems(name, tags))
        .collect()
}

fn tag_problems(path: &str, tags: &Object) -> Vec<Problem> {
    let mut problems = Vec::new();
    if tags.len() > TAGS {
        problems.push(hinted(
            problem(
                path,
                "Too many tags",
                format!(
                    "{} tags are given, but at most {TAGS} are allowed.",
                    tags.len()
                ),
            ),
            "Remove some of them.",
        ));
    }
    for (key, value) in tags.iter() {
        // A sensitive value is checked, and not repeated.
        let wrong = wrong_tag("key", key, 1, TAG_KEY).or_else(|| {
            let text = value.as_str()?;
            wrong_tag("value", text, 0, TAG_VALUE)
        });
        problems.extend(wrong.map(|wrong| {
            hinted(
                problem(path, "Invalid tag", format!("Tag {key:?}: {wrong}.")),
                "Shorten or rename it.",
            )
        }));
    }
    problems
}

fn wrong_tag(part: &str, text: &str, least: usize, most: usize) -> Option<String> {
    let length = text.chars().count();
    if !(least..=most).contains(&length) {
        return Some(format!(
            "the {part} has {length} characters, but {least} to {most} are allowed"
        ));
    }
    RESERVED
        .iter()
        .find(|prefix| text.starts_with(**prefix))
        .map(|prefix| format!("the {part} must not start with {prefix}"))
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

/// A security group is of the VPC that the instance is in.
fn group_network(instance: &Object, group: &Object) -> Option<Problem> {
    let (wanted, actual) = (text(instance, "vpc_id")?, text(group, "vpc_id")?);
    (wanted != actual).then(|| {
        hinted(
            problem(
                "security_groups",
                "Security group of another VPC",
                format!("The instance is in {wanted}, but the security group is in {actual}."),
            ),
            "Use a security group of the VPC that the vSwitch is in.",
        )
    })
}

/// The zone is that of the vSwitch.
fn vswitch_zone(instance: &Object, vswitch: &Object) -> Option<Problem> {
    let wanted = text(instance, "availability_zone")?;
    let actual = text(vswitch, "zone_id").or_else(|| text(vswitch, "availability_zone"))?;
    (wanted != actual).then(|| {
        hinted(
            problem(
                "availability_zone",
                "vSwitch in another zone",
                format!("The instance is to be in {wanted}, but its vSwitch is in {actual}."),
            ),
            "Remove availability_zone, or use a vSwitch of this zone.",
        )
    })
}

/// The VPC is that of the vSwitch.
fn vswitch_network(instance: &Object, vswitch: &Object) -> Option<Problem> {
    let (wanted, actual) = (text(instance, "vpc_id")?, text(vswitch, "vpc_id")?);
    (wanted != actual).then(|| {
        hinted(
            problem(
                "vpc_id",
                "vSwitch of another VPC",
                format!("The instance is to be in {wanted}, but its vSwitch is in {actual}."),
            ),
            "Remove vpc_id, or use a vSwitch of this VPC.",
        )
    })
}

/// The private address is inside the vSwitch's range.
fn vswitch_range(instance: &Object, vswitch: &Object) -> Option<Problem> {
    let address: std::net::Ipv4Addr = text(instance, "private_ip")?.parse().ok()?;
    let range: ipnet::Ipv4Net = text(vswitch, "cidr_block")?.parse().ok()?;
    (!range.contains(&address)).then(|| {
        hinted(
            problem(
                "private_ip",
                "Private address outside the vSwitch",
                format!("{address} is not in {range}, the range of the vSwitch."),
            ),
            &format!("Choose an address inside {range}, or remove private_ip."),
        )
    })
}
