//! Many instances with few calls: a hundred per `DescribeInstances`, a hundred system disks per
//! `DescribeDisks`, and every further detail only where a known attribute asks for it.

use std::collections::BTreeMap;

use futures::future::{BoxFuture, join_all};
use serde_json::Value as Json;

use crate::{
    cloud::ApiError,
    model::{Number, Object, Value},
    provider::{Wanted, hooks::Context},
    schema::{Attribute, Presence, Read, Type, Wire},
};

use super::{
    same,
    table::{DISKS, INSTANCE, INSTANCES, INTERFACES, POOLS, UPKEEP},
    update::{further_addresses, primary_of},
    wire::{ask, field, items, numbered, params, strings},
};

/// Ids per call.
const BATCH: usize = 100;
/// Up to so many system disks of unknown id are looked up one instance at a time.
const FEW: usize = 20;

type Outcome = Result<Option<Object>, ApiError>;
/// Answers by id: an instance's, or an error for all that were asked together.
type Answers = BTreeMap<String, Result<Json, ApiError>>;

/// The hook.
pub(super) fn read<'a>(context: Context<'a>, wanted: &'a [Wanted]) -> BoxFuture<'a, Vec<Outcome>> {
    Box::pin(async move {
        let mut found = instances(context, wanted).await;
        let details = details(context, wanted, &found).await;
        wanted
            .iter()
            .map(|one| match found.remove(&one.id) {
                None => Ok(None),
                Some(Err(error)) => Err(error),
                Some(Ok(instance)) => details
                    .of(&one.id)
                    .map(|parts| Some(object(one, &instance, &parts))),
            })
            .collect()
    })
}

/// What is read beyond `DescribeInstances`, by the action's table row.
#[derive(Default)]
struct Details {
    by_read: BTreeMap<&'static str, Answers>,
    /// Secondary interfaces by instance.
    secondary: BTreeMap<String, Vec<Json>>,
}

/// The answers about one instance, by action.
#[derive(Default)]
struct Parts<'a> {
    by_read: BTreeMap<&'static str, &'a Json>,
    secondary: &'a [Json],
}

impl Details {
    fn of(&self, id: &str) -> Result<Parts<'_>, ApiError> {
        let mut parts = Parts::default();
        for (action, answers) in &self.by_read {
            match answers.get(id) {
                Some(Ok(answer)) => {
                    parts.by_read.insert(action, answer);
                }
                Some(Err(error)) => return Err(error.clone()),
                None => {}
            }
        }
        parts.secondary = self.secondary.get(id).map_or(&[], Vec::as_slice);
        Ok(parts)
    }
}

/// Reads all instances; those that are gone are not in the result.
async fn instances(context: Context<'_>, wanted: &[Wanted]) -> Answers {
    let calls = wanted.chunks(BATCH).map(|some| async move {
        let ids: Vec<&str> = some.iter().map(|one| one.id.as_str()).collect();
        let mut request = params([
            ("InstanceIds", &Json::from(ids).to_string()),
            ("PageSize", "100"),
        ]);
        numbered(&mut request, "AdditionalAttributes", additional(some));
        (some, ask(context, INSTANCES.action, request).await)
    });
    let mut found = Answers::new();
    for (some, answer) in join_all(calls).await {
        match answer {
            Ok(answer) => {
                for instance in items(&answer, "/Instances/Instance") {
                    let id = field(instance, "/InstanceId").to_owned();
                    found.insert(id, Ok(instance.clone()));
                }
            }
            Err(error) => {
                let failed = |one: &Wanted| (one.id.clone(), Err(error.clone()));
                found.extend(some.iter().map(failed));
            }
        }
    }
    found
}

/// What `DescribeInstances` has to be asked for by name.
fn additional(wanted: &[Wanted]) -> Vec<&'static str> {
    let asked = |names: &[&str]| {
        wanted
            .iter()
            .any(|one| first(one) || names.iter().any(|name| given(one, name)))
    };
    [
        (
            "META_OPTIONS",
            &[
                "http_tokens",
                "http_endpoint",
                "http_put_response_hop_limit",
            ][..],
        ),
        (
            "NETWORK_PRIMARY_ENI_IP",
            &["secondary_private_ips", "ipv6_addresses"],
        ),
        ("LOGIN_AS_NON_ROOT", &["image_options"]),
        ("DISK_HIGH_DENSITY_MODE", &["enable_high_density_mode"]),
        ("CPU_OPTIONS_TOPOLOGY_TYPE", &["cpu_options"]),
    ]
    .into_iter()
    .filter(|(_, names)| asked(names))
    .map(|(word, _)| word)
    .collect()
}

/// Whether nothing but the id is known: an import.
fn first(wanted: &Wanted) -> bool {
    !wanted.known.contains_key("instance_type") && !wanted.known.contains_key("launch_template_id")
}

/// Whether an attribute is known to have a value.
fn given(wanted: &Wanted, name: &str) -> bool {
    let value = wanted.known.get(name);
    value.is_some_and(|value| !value.is_null() && !value.is_unknown())
}

/// Whether an attribute has a value, or will once it is read.
fn expected(wanted: &Wanted, name: &str) -> bool {
    wanted.known.get(name).is_some_and(|value| !value.is_null())
}

/// Whether the system disk has to be read.
fn wants_disk(wanted: &Wanted) -> bool {
    first(wanted)
        || INSTANCE.attributes.iter().any(|row| {
            row.read
                .is_some_and(|(read, _)| std::ptr::eq(read, &raw const DISKS))
                && expected(wanted, row.name)
        })
}

/// Reads the details that known attributes ask for, all at the same time.
async fn details(context: Context<'_>, wanted: &[Wanted], found: &Answers) -> Details {
    let there = |one: &&Wanted| matches!(found.get(&one.id), Some(Ok(_)));
    let present: Vec<&Wanted> = wanted.iter().filter(there).collect();
    let some = |names: &[&str]| -> Vec<&str> {
        let asks = |one: &&&Wanted| first(one) || names.iter().any(|name| given(one, name));
        present
            .iter()
            .filter(asks)
            .map(|one| one.id.as_str())
            .collect()
    };
    let prepaid: Vec<&str> = some(&["renewal_status", "auto_renew_period"])
        .into_iter()
        .filter(
            |id| matches!(found.get(*id), Some(Ok(one)) if one["InstanceChargeType"] == "PrePaid"),
        )
        .collect();
    let (disks, data, frames, roles, upkeep, pools, renewals, interfaces) = futures::join!(
        system_disks(context, &present),
        each(context, "DescribeUserData", some(&["user_data"])),
        each(
            context,
            "DescribeInstanceAttribute",
            some(&["enable_jumbo_frame"])
        ),
        batches(context, Batch::ROLES, some(&["role_name"])),
        batches(
            context,
            Batch::UPKEEP,
            some(&[
                "maintenance_time",
                "maintenance_action",
                "maintenance_notify"
            ]),
        ),
        batches(
            context,
            Batch::POOLS,
            some(&[
                "private_pool_options_match_criteria",
                "private_pool_options_id"
            ]),
        ),
        batches(context, Batch::RENEWALS, prepaid),
        interfaces(context, &present, found),
    );
    let (primary, secondary) = interfaces;
    let mut all = Details {
        by_read: BTreeMap::from([
            ("DescribeUserData", data),
            ("DescribeInstanceAttribute", frames),
            (Batch::ROLES.action, roles),
            (UPKEEP.action, upkeep),
            (POOLS.action, pools),
            (Batch::RENEWALS.action, renewals),
            (DISKS.action, disks),
            (INTERFACES.action, primary),
        ]),
        secondary,
    };
    // What only an import asks for may be refused without harm.
    for answers in all.by_read.values_mut() {
        answers.retain(|id, answer| {
            answer.is_ok() || !present.iter().any(|one| one.id == *id && first(one))
        });
    }
    all
}

/// Asks once for each instance.
async fn each(context: Context<'_>, action: &'static str, ids: Vec<&str>) -> Answers {
    let calls = ids.into_iter().map(|id| async move {
        let answer = ask(context, action, params([("InstanceId", id)])).await;
        (id.to_owned(), answer)
    });
    join_all(calls).await.into_iter().collect()
}

/// A read of details that takes many ids.
struct Batch {
    action: &'static str,
    /// The parameter of the ids.
    ids: &'static str,
    form: Form,
    most: usize,
    /// Where the items are in the answer.
    items: &'static str,
}

/// How ids are written.
enum Form {
    Json,
    Commas,
    Numbered,
}

impl Batch {
    const ROLES: Self = Self {
        action: "DescribeInstanceRamRole",
        ids: "InstanceIds",
        form: Form::Json,
        most: 50,
        items: "/InstanceRamRoleSets/InstanceRamRoleSet",
    };
    const UPKEEP: Self = Self {
        action: "DescribeInstanceMaintenanceAttributes",
        ids: "InstanceId",
        form: Form::Numbered,
        most: 100,
        items: "/MaintenanceAttributes/MaintenanceAttribute",
    };
    const POOLS: Self = Self {
        action: "DescribeInstanceAttachmentAttributes",
        ids: "InstanceIds",
        form: Form::Json,
        most: 50,
        items: "/Instances/Instance",
    };
    const RENEWALS: Self = Self {
        action: "DescribeInstanceAutoRenewAttribute",
        ids: "InstanceId",
        form: Form::Commas,
        most: 100,
        items: "/InstanceRenewAttributes/InstanceRenewAttribute",
    };
}

/// Asks for many instances at a time.
async fn batches(context: Context<'_>, batch: Batch, ids: Vec<&str>) -> Answers {
    let batch = &batch;
    let calls = ids.chunks(batch.most).map(|some| async move {
        let mut request = params([("PageSize", &batch.most.to_string())]);
        match batch.form {
            Form::Json => {
                request.push((batch.ids.to_owned(), Json::from(some.to_vec()).to_string()))
            }
            Form::Commas => request.push((batch.ids.to_owned(), some.join(","))),
            Form::Numbered => numbered(&mut request, batch.ids, some.iter().copied()),
        }
        (some, ask(context, batch.action, request).await)
    });
    let mut answers = Answers::new();
    for (some, answer) in join_all(calls).await {
        match answer {
            Ok(answer) => {
                for item in items(&answer, batch.items) {
                    answers.insert(field(item, "/InstanceId").to_owned(), Ok(item.clone()));
                }
            }
            Err(error) => {
                answers.extend(some.iter().map(|id| ((*id).to_owned(), Err(error.clone()))));
            }
        }
    }
    answers
}

/// Reads the system disks: by their ids where these are known, else few one by one and many by
/// listing them all.
async fn system_disks(context: Context<'_>, present: &[&Wanted]) -> Answers {
    let wanted: Vec<&Wanted> = present
        .iter()
        .copied()
        .filter(|one| wants_disk(one))
        .collect();
    let ids: Vec<&str> = wanted
        .iter()
        .filter_map(|one| one.known.get("system_disk_id")?.as_str())
        .filter(|id| !id.is_empty())
        .collect();
    let calls = ids.chunks(BATCH).map(|some| {
        let list = Json::from(some.to_vec()).to_string();
        ask(
            context,
            DISKS.action,
            params([("DiskIds", &list), ("PageSize", "100")]),
        )
    });
    let mut answers = Answers::new();
    for answer in join_all(calls).await.into_iter().flatten() {
        keep_disks(&mut answers, &answer);
    }
    let left: Vec<&str> = wanted
        .iter()
        .map(|one| one.id.as_str())
        .filter(|id| !answers.contains_key(*id))
        .collect();
    answers.extend(disks_of(context, &left).await);
    answers
}

/// Keeps the system disks of an answer under their instances' ids.
fn keep_disks(answers: &mut Answers, answer: &Json) {
    for disk in items(answer, "/Disks/Disk") {
        let id = field(disk, "/InstanceId");
        if disk["Type"] == "system" && !id.is_empty() {
            answers.insert(id.to_owned(), Ok(disk.clone()));
        }
    }
}

async fn disks_of(context: Context<'_>, left: &[&str]) -> Answers {
    let mut answers = Answers::new();
    let mut left = left.to_vec();
    if left.len() > FEW {
        all_disks(context, &mut answers, left.len()).await;
        left.retain(|id| !answers.contains_key(*id));
    }
    let calls = left.into_iter().map(|id| async move {
        let request = params([
            ("InstanceId", id),
            ("DiskType", "system"),
            ("PageSize", "100"),
        ]);
        (id, ask(context, DISKS.action, request).await)
    });
    for (id, answer) in join_all(calls).await {
        match answer {
            Ok(answer) => keep_disks(&mut answers, &answer),
            Err(error) => {
                answers.insert(id.to_owned(), Err(error));
            }
        }
    }
    answers
}

/// Lists all system disks of the region, unless that takes more calls than asking one by one.
async fn all_disks(context: Context<'_>, answers: &mut Answers, wanted: usize) {
    let page = |number: u64| {
        let number = number.to_string();
        let request = params([
            ("DiskType", "system"),
            ("PageSize", "100"),
            ("PageNumber", &number),
        ]);
        ask(context, DISKS.action, request)
    };
    let Ok(first) = page(1).await else {
        return;
    };
    keep_disks(answers, &first);
    let pages = first["TotalCount"].as_u64().unwrap_or(0).div_ceil(100);
    if pages > 1 && usize::try_from(pages).is_ok_and(|pages| pages <= wanted) {
        for answer in join_all((2..=pages).map(page)).await.into_iter().flatten() {
            keep_disks(answers, &answer);
        }
    }
}

/// Reads the interfaces that known attributes ask about: primary ones, and secondary ones by instance.
async fn interfaces(
    context: Context<'_>,
    present: &[&Wanted],
    found: &Answers,
) -> (Answers, BTreeMap<String, Vec<Json>>) {
    const PRIMARY: &[&str] = &[
        "network_interface_traffic_mode",
        "network_card_index",
        "queue_pair_number",
        "source_dest_check",
    ];
    let mut asked: BTreeMap<String, (&str, bool)> = BTreeMap::new();
    for one in present {
        let Some(Ok(instance)) = found.get(&one.id) else {
            continue;
        };
        for interface in items(instance, "/NetworkInterfaces/NetworkInterface") {
            let primary = interface["Type"] == "Primary";
            let details = if primary {
                PRIMARY.iter().any(|name| given(one, name))
            } else {
                given(one, "network_interfaces")
            };
            if details || first(one) {
                let id = field(interface, "/NetworkInterfaceId").to_owned();
                asked.insert(id, (&one.id, primary));
            }
        }
    }
    let ids: Vec<&str> = asked.keys().map(String::as_str).collect();
    let calls = ids.chunks(BATCH).map(|some| async move {
        let mut request = params([("PageSize", "100")]);
        numbered(&mut request, "NetworkInterfaceId", some.iter().copied());
        (some, ask(context, INTERFACES.action, request).await)
    });
    let (mut primary, mut secondary) = (Answers::new(), BTreeMap::<String, Vec<Json>>::new());
    for (some, answer) in join_all(calls).await {
        match answer {
            Ok(answer) => {
                for set in items(&answer, "/NetworkInterfaceSets/NetworkInterfaceSet") {
                    match asked.get(field(set, "/NetworkInterfaceId")) {
                        Some((id, true)) => {
                            primary.insert((*id).to_owned(), Ok(set.clone()));
                        }
                        Some((id, false)) => {
                            secondary
                                .entry((*id).to_owned())
                                .or_default()
                                .push(set.clone());
                        }
                        None => {}
                    }
                }
            }
            Err(error) => {
                let of = some.iter().filter_map(|id| asked.get(*id));
                primary.extend(of.map(|(id, _)| ((*id).to_owned(), Err(error.clone()))));
            }
        }
    }
    (primary, secondary)
}

/// Makes the object: each attribute from where the table says, else by hand, else as it was known.
fn object(wanted: &Wanted, instance: &Json, parts: &Parts<'_>) -> Object {
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
            .or_else(|| known.map(resolved));
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

/// A known value with null for what inside it is not known: the cloud does not tell.
fn resolved(value: &Value) -> Value {
    if value.is_wholly_known() {
        return value.clone();
    }
    let all = |items: &[Value]| items.iter().map(resolved).collect::<Vec<_>>();
    let each = |entries: &Object| {
        let one = |(name, value): (&std::sync::Arc<str>, &Value)| (name.clone(), resolved(value));
        entries.iter().map(one).collect::<Object>()
    };
    match value {
        Value::Unknown(_) => Value::Null,
        Value::Sensitive(inner) => resolved(inner).sensitive(),
        Value::List(items) => Value::list(all(items)),
        Value::Set(items) => Value::set(all(items)),
        Value::Tuple(items) => Value::tuple(all(items)),
        Value::Map(entries) => Value::map(each(entries)),
        Value::Object(entries) => Value::object(each(entries)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
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
    let Some(local) = text.strip_suffix('Z') else {
        return text_or_null(text);
    };
    let full = if local.matches(':').count() == 1 {
        format!("{local}:00Z")
    } else {
        text.to_owned()
    };
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
