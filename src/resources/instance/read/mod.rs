//! Many instances with few calls: a hundred per `DescribeInstances`, a hundred system disks per
//! `DescribeDisks`, and every further detail only where a known attribute asks for it.

mod decode;
mod parts;

use std::collections::BTreeMap;

use futures::future::{BoxFuture, join_all};
use serde_json::Value as Json;

use crate::{
    cloud::ApiError,
    model::Object,
    provider::{Wanted, hooks::Context},
};

use super::{
    table::{DISKS, INSTANCES, INTERFACES, POOLS, UPKEEP},
    wire::{ask, field, items, numbered, params},
};
use decode::object;
use parts::{interfaces, system_disks};

/// Ids per call.
const BATCH: usize = 100;

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
