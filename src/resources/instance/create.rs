//! The request that makes an instance: `CreateInstance`, or `RunInstances` where an attribute is set
//! that only this one has. Pure.

use std::sync::LazyLock;

use futures::future::BoxFuture;

use crate::{
    cloud::ApiError,
    model::{Object, Value},
    provider::{CreateRequest, Param, hooks::Context, kms},
    schema::{Attribute, ResourceType, Type},
};

use super::{
    same,
    table::{CREATE, INSTANCE, RUN},
    wire::{scalar, text, texts},
};

/// What only a prepaid instance sends.
const PREPAID: &[&str] = &[
    "period",
    "period_unit",
    "renewal_status",
    "auto_renew_period",
];
/// What a prepaid instance does not send.
const POSTPAID: &[&str] = &["spot_strategy", "spot_price_limit"];
/// What goes inside the primary interface once that is described.
const PRIMARY: &[&str] = &[
    "network_interface_id",
    "network_interface_traffic_mode",
    "network_card_index",
    "queue_pair_number",
    "source_dest_check",
];

/// Returns the create call.
pub(super) fn request(_: &'static ResourceType, desired: &Object) -> CreateRequest {
    let action = if by_run(desired) {
        RUN.action
    } else {
        CREATE.action
    };
    let mut params = Vec::new();
    for attribute in INSTANCE.attributes {
        if let Some(value) = desired.get(attribute.name)
            && let Some(name) = parameter(attribute, action)
            && applies(attribute, desired)
        {
            add(&mut params, attribute, name, value, action);
        }
    }
    groups(&mut params, desired, action);
    primary_interface(&mut params, desired);
    if let Some(ciphertext) = encrypted_password(desired) {
        params.extend(kms::veiled(ciphertext, encryption_context(desired)));
    }
    if old_hardware(desired)
        && !params
            .iter()
            .any(|param: &Param| param.name == "IoOptimized")
    {
        params.push(plain("IoOptimized", "none"));
    }
    params.sort_by(|a, b| a.name.cmp(&b.name));
    CreateRequest {
        action,
        params,
        takes_token: true,
    }
}

/// Decrypts the password, where it is encrypted.
pub(super) fn reveal<'a>(
    context: Context<'a>,
    request: &'a CreateRequest,
) -> BoxFuture<'a, Result<CreateRequest, ApiError>> {
    Box::pin(async move {
        let mut params = kms::unveil(context.client, &request.params).await?;
        params.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(CreateRequest {
            params,
            ..request.clone()
        })
    })
}

/// The ciphertext of the password, unless the password itself is given.
pub(super) fn encrypted_password(desired: &Object) -> Option<&str> {
    let given = text(desired, "password").is_some();
    text(desired, "kms_encrypted_password").filter(|_| !given)
}

/// The context that the password was encrypted with.
pub(super) fn encryption_context(desired: &Object) -> Option<&Object> {
    desired
        .get("kms_encryption_context")
        .and_then(Value::as_object)
}

/// Returns the new instance's id from the answer of either action.
pub(super) fn id(_: &CreateRequest, answer: &serde_json::Value) -> Option<String> {
    let id = answer["InstanceId"]
        .as_str()
        .or_else(|| answer["InstanceIdSets"]["InstanceIdSet"][0].as_str())?;
    Some(id.to_owned())
}

/// Whether `RunInstances` makes it.
pub(super) fn by_run(desired: &Object) -> bool {
    only_run(desired).is_some()
}

/// Returns an attribute that is set and that only `RunInstances` has.
pub(super) fn only_run(desired: &Object) -> Option<&'static str> {
    set(desired, &ONLY_RUN).or_else(|| {
        let disks = desired.get("data_disks")?.as_list()?;
        let special = |disk: &Value| {
            disk.as_object().is_some_and(|disk| {
                [
                    "auto_snapshot_policy_id",
                    "provisioned_iops",
                    "bursting_enabled",
                ]
                .iter()
                .any(|name| disk.get(name).is_some_and(matters))
            })
        };
        disks.iter().any(special).then_some("data_disks")
    })
}

/// Returns an attribute that is set and that only `CreateInstance` has.
pub(super) fn only_create(desired: &Object) -> Option<&'static str> {
    set(desired, &ONLY_CREATE)
}

/// What only `RunInstances` carries.
static ONLY_RUN: LazyLock<Vec<&'static str>> = LazyLock::new(|| only(RUN.action, CREATE.action));
/// What only `CreateInstance` carries.
static ONLY_CREATE: LazyLock<Vec<&'static str>> = LazyLock::new(|| only(CREATE.action, RUN.action));

fn only(this: &str, other: &str) -> Vec<&'static str> {
    let rows = INSTANCE.attributes.iter();
    rows.filter(|row| parameter(row, this).is_some() && parameter(row, other).is_none())
        .map(|row| row.name)
        .collect()
}

/// Returns the first of these that is set.
fn set(desired: &Object, names: &[&'static str]) -> Option<&'static str> {
    let mut names = names.iter().copied();
    names.find(|name| desired.get(name).is_some_and(matters))
}

/// Whether a value is known and says more than leaving it out would.
fn matters(value: &Value) -> bool {
    match value.unmarked() {
        Value::Null | Value::Unknown(_) | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        other => other.as_int() != Some(0) && other.as_list().is_none_or(|list| !list.is_empty()),
    }
}

/// The name under which an action carries an attribute.
fn parameter(attribute: &Attribute, action: &str) -> Option<&'static str> {
    attribute
        .sent
        .iter()
        .find(|(call, _)| call.action == action)
        .map(|(_, name)| *name)
}

/// Whether an attribute is sent at all, given the others.
fn applies(attribute: &Attribute, desired: &Object) -> bool {
    let prepaid = text(desired, "instance_charge_type") == Some("PrePaid");
    let renewed = text(desired, "renewal_status") == Some("AutoRenewal");
    let is = |name: &str| desired.get(name).and_then(Value::as_bool) == Some(true);
    match attribute.name {
        // Made of several attributes, below.
        "security_groups" => false,
        name if PRIMARY.contains(&name) => false,
        "vswitch_id" | "private_ip" | "ipv6_addresses" | "ipv6_address_count" => {
            !describes_primary(desired)
                && (attribute.name != "private_ip" || text(desired, "vswitch_id").is_some())
        }
        "auto_renew_period" => prepaid && renewed,
        name if PREPAID.contains(&name) => prepaid,
        name if POSTPAID.contains(&name) => !prepaid,
        "system_disk_performance_level" => {
            text(desired, "system_disk_category").is_none_or(|category| category == "cloud_essd")
        }
        // Its default, which the API has too.
        "dry_run" => is("dry_run"),
        "io_optimized" => !old_hardware(desired),
        _ => true,
    }
}

fn old_hardware(desired: &Object) -> bool {
    desired.get("is_outdated").and_then(Value::as_bool) == Some(true)
}

/// Adds an attribute under its parameter's name.
fn add(params: &mut Vec<Param>, attribute: &Attribute, name: &str, value: &Value, action: &str) {
    let secret = attribute.sensitive || value.has_sensitive();
    let mut push = |name: String, value: String| {
        params.push(Param {
            name,
            value,
            secret,
        });
    };
    match (attribute.name, &attribute.ty) {
        ("renewal_status", _) => {
            if value.as_str() == Some("AutoRenewal") {
                push(name.to_owned(), "true".to_owned());
            }
        }
        ("user_data", _) => {
            if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
                push(name.to_owned(), same::encoded(text));
            }
        }
        (_, Type::Map) => {
            let tags = value.as_object().into_iter().flat_map(Object::iter);
            for (at, (key, value)) in tags.enumerate() {
                push(format!("{name}.{}.Key", at + 1), key.to_string());
                push(
                    format!("{name}.{}.Value", at + 1),
                    scalar(value).unwrap_or_default(),
                );
            }
        }
        (_, Type::Blocks(rows, ..) | Type::BlockSet(rows, ..)) => {
            blocks(params, attribute.name, rows, name, value, action);
        }
        (_, Type::List(_) | Type::Set(_)) => {
            for (at, item) in value.as_list().unwrap_or(&[]).iter().enumerate() {
                if let Some(item) = scalar(item) {
                    push(format!("{name}.{}", at + 1), item);
                }
            }
        }
        (_, Type::Any | Type::String | Type::Int | Type::Float | Type::Bool) => {
            if let Some(text) = scalar(value).filter(|text| !text.is_empty()) {
                push(name.to_owned(), text);
            }
        }
    }
}

/// Adds nested blocks: numbered, but for the two that there is only one of.
fn blocks(
    params: &mut Vec<Param>,
    block: &str,
    rows: &[Attribute],
    prefix: &str,
    value: &Value,
    action: &str,
) {
    let first = usize::from(block == "network_interfaces");
    for (at, item) in value.as_list().unwrap_or(&[]).iter().enumerate() {
        let Some(item) = item.as_object() else {
            continue;
        };
        let numbered = matches!(block, "data_disks" | "network_interfaces");
        // The first interface is the primary one.
        let prefix = if numbered {
            format!("{prefix}.{}", at + 1 + first)
        } else {
            prefix.to_owned()
        };
        if block == "network_interfaces" {
            params.push(plain(&format!("{prefix}.InstanceType"), "Secondary"));
        }
        for row in rows
            .iter()
            .filter(|row| nested_applies(block, row.name, item))
        {
            if let Some(value) = item.get(row.name)
                && let Some(name) = parameter(row, action)
            {
                add(params, row, &format!("{prefix}.{name}"), value, action);
            }
        }
    }
}

/// Whether an attribute of a nested block is sent, given the block's others.
fn nested_applies(block: &str, name: &str, item: &Object) -> bool {
    let category = text(item, "category").unwrap_or("cloud_efficiency");
    match (block, name) {
        ("data_disks", "performance_level") => category == "cloud_essd",
        ("data_disks", "provisioned_iops" | "bursting_enabled") => category == "cloud_auto",
        ("data_disks", "delete_with_instance") => category != "ephemeral_ssd",
        ("network_interfaces", name) => {
            name == "network_interface_id" || text(item, "network_interface_id").is_none()
        }
        _ => true,
    }
}

/// Adds the security groups: `CreateInstance` takes one, and the others are joined afterwards.
fn groups(params: &mut Vec<Param>, desired: &Object, action: &str) {
    if describes_primary(desired) {
        return;
    }
    let groups = texts(desired, "security_groups");
    if action == CREATE.action || text(desired, "vswitch_id").is_none() {
        let first = groups.first();
        params.extend(first.map(|group| plain("SecurityGroupId", group)));
        return;
    }
    for (at, group) in groups.iter().enumerate() {
        params.push(plain(&format!("SecurityGroupIds.{}", at + 1), group));
    }
}

/// Whether the primary interface is described attribute by attribute.
fn describes_primary(desired: &Object) -> bool {
    PRIMARY
        .iter()
        .any(|name| desired.get(name).is_some_and(matters))
        || desired
            .get("network_interfaces")
            .and_then(Value::as_list)
            .is_some_and(|list| !list.is_empty())
}

/// Adds the primary interface with what would otherwise stand beside it.
fn primary_interface(params: &mut Vec<Param>, desired: &Object) {
    if !describes_primary(desired) {
        return;
    }
    let name = |field: &str| format!("NetworkInterface.1.{field}");
    params.push(plain(&name("InstanceType"), "Primary"));
    if let Some(id) = text(desired, "network_interface_id") {
        params.push(plain(&name("NetworkInterfaceId"), id));
        return;
    }
    for (attribute, field) in [
        (
            "network_interface_traffic_mode",
            "NetworkInterfaceTrafficMode",
        ),
        ("network_card_index", "NetworkCardIndex"),
        ("queue_pair_number", "QueuePairNumber"),
        ("source_dest_check", "SourceDestCheck"),
        ("vswitch_id", "VSwitchId"),
        ("private_ip", "PrimaryIpAddress"),
        ("ipv6_address_count", "Ipv6AddressCount"),
    ] {
        let value = desired.get(attribute).and_then(scalar);
        let given = value.filter(|text| !text.is_empty());
        params.extend(given.map(|value| plain(&name(field), &value)));
    }
    for (attribute, field) in [
        ("security_groups", "SecurityGroupIds"),
        ("ipv6_addresses", "Ipv6Address"),
    ] {
        for (at, value) in texts(desired, attribute).iter().enumerate() {
            params.push(plain(&name(&format!("{field}.{}", at + 1)), value));
        }
    }
}

fn plain(name: &str, value: &str) -> Param {
    Param {
        name: name.to_owned(),
        value: value.to_owned(),
        secret: false,
    }
}
