//! What belongs to instances and is told apart from them: their system disks and their interfaces.

use std::collections::BTreeMap;

use futures::future::join_all;
use serde_json::Value as Json;

use crate::provider::{Wanted, hooks::Context};

use super::{
    super::{
        table::{DISKS, INSTANCE, INTERFACES},
        wire::{ask, field, items, numbered, params},
    },
    Answers, BATCH, expected, first, given,
};

/// Up to so many system disks of unknown id are looked up one instance at a time.
const FEW: usize = 20;

/// Reads the system disks: by their ids where these are known, else few one by one and many by
/// listing them all.
pub(super) async fn system_disks(context: Context<'_>, present: &[&Wanted]) -> Answers {
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
pub(super) async fn interfaces(
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

/// Whether the system disk has to be read.
fn wants_disk(wanted: &Wanted) -> bool {
    first(wanted)
        || INSTANCE.attributes.iter().any(|row| {
            row.read
                .is_some_and(|(read, _)| std::ptr::eq(read, &raw const DISKS))
                && expected(wanted, row.name)
        })
}
