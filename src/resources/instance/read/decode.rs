//! What the answers about an instance come to: each attribute from where the table says, or by hand.

use serde_json::Value as Json;

use crate::{
    model::{Number, Object, Value},
    provider::{Wanted, batch::without_unknown},
    schema::{Attribute, Presence, Read, Type, Wire},
};

use super::{
    super::{
        same,
        table::{INSTANCE, INSTANCES, UPKEEP},
        update::{further_addresses, primary_of},
        wire::{field, items, strings, with_seconds},
    },
    Batch, Parts, given,
};

/// Makes the object: each attribute from where the table says, else by hand, else as it was known.
pub(super) fn object(wanted: &Wanted, instance: &Json, parts: &Parts<'_>) -> Object {
    let mut object = Object::with_capacity(INSTANCE.attributes.len() + 1);
    object.insert("id", Value::string(wanted.id.as_str()));
    if let Some(timeouts) = wanted.known.get("timeouts") {
        object.insert("timeouts", timeouts.clone());
    }
    for row in INSTANCE.attributes {
        let known = wanted
            .known
            .get(row.name)
            .filter(|value| !value.is_unknown());
        let value = by_hand(row.name, wanted, instance, parts)
            .or_else(|| from_table(row, instance, parts))
            .or_else(|| known.map(without_unknown));
        // Nothing known and nothing read (an import) is not the same as unset.
        let Some(value) = value else {
            continue;
        };
        let value = settled(row, known, value);
        let hidden = row.sensitive && !value.is_null();
        let value = value.marked(hidden);
        object.insert(row.name, value);
    }
    object
}

/// Evens out what is the same to Terraform: an optional attribute that nobody set stays unset while
/// it is zero, and text set to "" stays "".
fn settled(row: &Attribute, known: Option<&Value>, value: Value) -> Value {
    let unset = known.is_none_or(Value::is_null);
    let zero = match value.unmarked() {
        Value::Bool(set) => !set,
        Value::Number(number) => *number == Number::Int(0),
        Value::String(text) => text.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        other => other.as_list().is_some_and(<[Value]>::is_empty),
    };
    if row.presence == Presence::Optional && unset && zero {
        return Value::Null;
    }
    if value.is_null() && known.and_then(Value::as_str) == Some("") {
        return Value::string("");
    }
    // A mark on what was known (a sensitive variable) must not get lost.
    value.marked(known.is_some_and(Value::is_sensitive))
}

/// Decodes an attribute where the table says; `None` when that answer was not asked for.
fn from_table(row: &Attribute, instance: &Json, parts: &Parts<'_>) -> Option<Value> {
    let (read, path) = row.read?;
    let answer = source(read, instance, parts)?;
    let json = path.split('.').try_fold(answer, |json, key| json.get(key));
    Some(json.map_or(Value::Null, |json| decode(row, json)))
}

fn source<'a>(read: &Read, instance: &'a Json, parts: &Parts<'a>) -> Option<&'a Json> {
    if read.action == INSTANCES.action {
        return Some(instance);
    }
    parts.by_read.get(read.action).copied()
}

fn decode(row: &Attribute, json: &Json) -> Value {
    if matches!(row.wire, Wire::Tags) {
        return tags(json);
    }
    let scalar = |json: &Json| match json {
        Json::String(text) if text.is_empty() => Value::Null,
        Json::Number(number) => Value::string(number.to_string()),
        other => Value::from_json(other),
    };
    match row.ty {
        Type::String => scalar(json),
        Type::Set(_) | Type::List(_) => {
            let texts = json.as_array().into_iter().flatten().map(scalar).collect();
            if matches!(row.ty, Type::Set(_)) {
                Value::set(texts)
            } else {
                Value::list(texts)
            }
        }
        Type::Any
        | Type::Int
        | Type::Float
        | Type::Bool
        | Type::Map
        | Type::Blocks(..)
        | Type::BlockSet(..) => Value::from_json(json),
    }
}

/// Tags of an answer, without those that the cloud itself sets.
fn tags(json: &Json) -> Value {
    let own = |key: &str| {
        !["aliyun", "acs:", "http://", "https://"]
            .iter()
            .any(|prefix| key.starts_with(prefix))
    };
    let pairs = json.as_array().into_iter().flatten();
    Value::map(
        pairs
            .map(|tag| (field(tag, "/TagKey"), field(tag, "/TagValue")))
            .filter(|(key, _)| own(key))
            .map(|(key, value)| (key, Value::from(value)))
            .collect(),
    )
}

/// Decodes what is not one field of one answer. `None`: not one of these, or not read.
fn by_hand(name: &str, wanted: &Wanted, instance: &Json, parts: &Parts<'_>) -> Option<Value> {
    let primary = || primary_of(instance);
    match name {
        "private_ip" => Some(private_ip(instance)),
        "public_ip" => Some(Value::from(field(instance, "/PublicIpAddress/IpAddress/0"))),
        "inner_ip_address" => Some(text_or_null(field(instance, "/InnerIpAddress/IpAddress/0"))),
        "primary_ip_address" => Some(text_or_null(field(&primary(), "/PrimaryIpAddress"))),
        "network_interface_id" => Some(text_or_null(field(&primary(), "/NetworkInterfaceId"))),
        "secondary_private_ips" => Some(text_set(&further_addresses(&primary()))),
        "secondary_private_ip_address_count" => Some(count(further_addresses(&primary()).len())),
        "ipv6_addresses" => Some(text_set(&ipv6(&primary()))),
        "ipv6_address_count" => Some(count(ipv6(&primary()).len())),
        "io_optimized" => Some(match instance["IoOptimized"].as_bool() {
            Some(true) => Value::from("optimized"),
            Some(false) => Value::from("none"),
            None => Value::Null,
        }),
        "auto_release_time" => Some(release_time(field(instance, "/AutoReleaseTime"), wanted)),
        "user_data" => user_data(wanted, parts.by_read.get("DescribeUserData")?),
        "period_unit" | "auto_renew_period" => renewal(name, parts),
        "maintenance_time" => Some(windows(parts.by_read.get(UPKEEP.action)?)),
        "image_options" => one_block(
            wanted,
            name,
            instance,
            "/ImageOptions",
            &[("login_as_non_root", "LoginAsNonRoot")],
        ),
        "cpu_options" => one_block(
            wanted,
            name,
            instance,
            "/CpuOptions",
            &[
                ("core_count", "CoreCount"),
                ("threads_per_core", "ThreadsPerCore"),
                ("topology_type", "TopologyType"),
            ],
        ),
        "network_interfaces" if !parts.secondary.is_empty() => {
            Some(secondary(parts.secondary, &named_interfaces(wanted)))
        }
        _ => None,
    }
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::from(text)
    }
}

fn text_set(texts: &[&str]) -> Value {
    Value::set(texts.iter().map(|text| Value::from(*text)).collect())
}

fn count(number: usize) -> Value {
    Value::int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn ipv6(interface: &Json) -> Vec<&str> {
    items(interface, "/Ipv6Sets/Ipv6Set")
        .iter()
        .filter_map(|set| set["Ipv6Address"].as_str())
        .collect()
}

/// The first address in the VPC, or all of the classic network.
fn private_ip(instance: &Json) -> Value {
    let in_vpc = field(instance, "/VpcAttributes/PrivateIpAddress/IpAddress/0");
    if in_vpc.is_empty() {
        return text_or_null(&strings(instance, "/InnerIpAddress/IpAddress").join(","));
    }
    Value::from(in_vpc)
}

/// A time of the API, which may lack its seconds; as it is known when it is the same moment.
fn release_time(text: &str, wanted: &Wanted) -> Value {
    if !text.ends_with('Z') {
        return text_or_null(text);
    }
    let full = with_seconds(text);
    let moment = |text: &str| {
        text.strip_suffix('Z')?
            .parse::<jiff::civil::DateTime>()
            .ok()
    };
    match wanted.known.get("auto_release_time") {
        Some(known)
            if known
                .as_str()
                .and_then(moment)
                .is_some_and(|at| moment(&full) == Some(at)) =>
        {
            known.clone()
        }
        _ => Value::from(full),
    }
}

/// User data as it is known when that says the same; else as it is in the instance.
fn user_data(wanted: &Wanted, answer: &Json) -> Option<Value> {
    let encoded = field(answer, "/UserData");
    let known = wanted.known.get("user_data");
    if let Some(text) = known.and_then(Value::as_str)
        && same::encoded(text) == encoded
    {
        return known.cloned();
    }
    Some(text_or_null(encoded))
}

/// The unit and length of renewals: a year is shown as twelve months.
fn renewal(name: &str, parts: &Parts<'_>) -> Option<Value> {
    let answer = parts.by_read.get(Batch::RENEWALS.action)?;
    let yearly = answer["PeriodUnit"] == "Year";
    // Without automatic renewal neither means anything, and the configured values stand.
    if answer["RenewalStatus"] != "AutoRenewal" {
        return None;
    }
    if name == "period_unit" {
        let unit = answer["PeriodUnit"]
            .as_str()
            .filter(|unit| !unit.is_empty())?;
        return Some(Value::from(if yearly { "Month" } else { unit }));
    }
    let length = answer["Duration"].as_i64().filter(|length| *length > 0)?;
    Some(Value::int(if yearly {
        length.saturating_mul(12)
    } else {
        length
    }))
}

/// Maintenance windows.
fn windows(answer: &Json) -> Value {
    let window = |window: &Json| {
        Value::object(Object::from_iter([
            ("end_time", text_or_null(field(window, "/EndTime"))),
            ("start_time", text_or_null(field(window, "/StartTime"))),
        ]))
    };
    Value::set(
        items(answer, "/MaintenanceWindows/MaintenanceWindow")
            .iter()
            .map(window)
            .collect(),
    )
}

/// A single block, where it is known to be configured.
fn one_block(
    wanted: &Wanted,
    name: &str,
    instance: &Json,
    pointer: &str,
    fields: &[(&'static str, &str)],
) -> Option<Value> {
    if !given(wanted, name) {
        return None;
    }
    let json = instance.pointer(pointer)?;
    let block = fields
        .iter()
        .map(|(attribute, key)| {
            (
                *attribute,
                json.get(*key).map_or(Value::Null, Value::from_json),
            )
        })
        .collect();
    let blocks = vec![Value::object(block)];
    Some(if name == "image_options" {
        Value::set(blocks)
    } else {
        Value::list(blocks)
    })
}

/// The secondary interfaces that the instance is known to have been made with, when all are known: what was
/// attached to it since is not its own.
fn named_interfaces(wanted: &Wanted) -> Vec<&str> {
    let blocks = wanted.known.get("network_interfaces");
    let blocks = blocks.and_then(Value::as_list).unwrap_or_default();
    blocks
        .iter()
        .map(|block| block.as_object()?.get("network_interface_id")?.as_str())
        .collect::<Option<Vec<_>>>()
        .unwrap_or_default()
}

/// Secondary interfaces (of those named, if any are), in the order of their ids.
fn secondary(interfaces: &[Json], named: &[&str]) -> Value {
    let one = |interface: &Json| {
        let at = |pointer: &str| {
            interface
                .pointer(pointer)
                .map_or(Value::Null, Value::from_json)
        };
        let groups = strings(interface, "/SecurityGroupIds/SecurityGroupId");
        Value::object(Object::from_iter([
            ("network_card_index", at("/Attachment/NetworkCardIndex")),
            ("network_interface_id", at("/NetworkInterfaceId")),
            (
                "network_interface_traffic_mode",
                at("/NetworkInterfaceTrafficMode"),
            ),
            ("queue_pair_number", at("/QueuePairNumber")),
            (
                "security_group_ids",
                Value::list(groups.into_iter().map(Value::from).collect()),
            ),
            ("source_dest_check", at("/SourceDestCheck")),
            ("vswitch_id", at("/VSwitchId")),
        ]))
    };
    let own = |it: &&Json| named.is_empty() || named.contains(&field(it, "/NetworkInterfaceId"));
    let mut sorted: Vec<&Json> = interfaces.iter().filter(own).collect();
    sorted.sort_by_key(|interface| field(interface, "/NetworkInterfaceId"));
    Value::list(sorted.into_iter().map(one).collect())
}
