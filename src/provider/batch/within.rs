//! Objects without an id of their own: it is made of parts (`eip-1:i-1`), and they are found in what is told
//! of their first parts.

use std::collections::{BTreeMap, HashMap};

use futures::future::join_all;
use serde_json::Value as Json;

use super::{Ask, Batch, Found};
use crate::{
    cloud::{ApiError, ApiErrorKind},
    model::{Object, Value},
    provider::{CreateRequest, Wanted, lifecycle::local},
    schema::{Id, Ids, ResourceType, at, items, shared},
};

type Parts = &'static [(&'static str, &'static str)];

/// Returns the id of a new object: each part is a parameter of its request, or a field of the answer.
pub fn joined(parts: Parts, request: &CreateRequest, answer: &Json) -> Option<String> {
    let part = |(name, _): &(&str, &str)| {
        let sent = request.params.iter().find(|param| param.name == *name);
        let text = match sent {
            Some(param) => param.value.as_str(),
            None => at(answer, name)?.as_str()?,
        };
        Some(text.replace(':', "_"))
    };
    let parts: Option<Vec<String>> = parts.iter().map(part).collect();
    Some(parts?.join(":"))
}

/// Returns the attributes that an id's parts are.
pub(super) fn held(ty: &ResourceType, id: &str) -> Object {
    let Id::Parts(parts) = ty.id else {
        return Object::new();
    };
    let texts: Vec<&str> = id.split(':').collect();
    parts
        .iter()
        .zip(texts)
        .filter(|((_, attribute), _)| !attribute.is_empty())
        .map(|((_, attribute), text)| (shared(attribute), Value::string(spelled(text))))
        .collect()
}

/// An IPv6 network has `:`, which an id has between its parts.
fn spelled(part: &str) -> String {
    let text = part.replace('_', ":");
    let network = text.parse::<ipnet::IpNet>().is_ok() || text.parse::<std::net::IpAddr>().is_ok();
    if network { text } else { part.to_owned() }
}

/// Reads objects by what their first parts are told.
pub(super) async fn fetch(
    ask: Ask<'_>,
    ids: &'static Ids,
    keys: &[&str],
    wanted: &[&Wanted],
) -> BTreeMap<String, Found> {
    let mut found = BTreeMap::new();
    let mut sound: Vec<(&str, String, &str)> = Vec::new();
    for one in wanted {
        match key(&one.id, keys) {
            Some(key) => {
                let first = one.id.split(':').next().unwrap_or_default();
                sound.push((&one.id, key, first));
            }
            None => {
                found.insert(one.id.clone(), Err(malformed(ask.ty, &one.id)));
            }
        }
    }
    let mut firsts: Vec<&str> = sound.iter().map(|(.., first)| *first).collect();
    firsts.sort_unstable();
    firsts.dedup();
    let told = told(ask, ids, &firsts).await;
    let mut by_key: HashMap<String, &Json> = HashMap::new();
    for item in told
        .values()
        .filter_map(|told| told.as_ref().ok())
        .flatten()
    {
        for key in keys_of(item, keys) {
            by_key.insert(key, item);
        }
    }
    for (id, key, first) in sound {
        let one = match told.get(first) {
            Some(Err(error)) if error.kind != ApiErrorKind::NotFound => Err(error.clone()),
            _ => Ok(by_key.get(&key).map(|item| (*item).clone())),
        };
        found.insert(id.to_owned(), one);
    }
    found
}

/// Returns the items that are told of each first part; those of a call with many are at one of them.
async fn told<'a>(
    ask: Ask<'_>,
    ids: &'static Ids,
    firsts: &[&'a str],
) -> BTreeMap<&'a str, Result<Vec<Json>, ApiError>> {
    if let Ids::Pages(param, page) = ids {
        let listings = firsts.iter().map(|id| ask.listing(param, id, *page));
        return firsts
            .iter()
            .copied()
            .zip(join_all(listings).await)
            .collect();
    }
    let Some(batch) = Batch::of(ids) else {
        return BTreeMap::new();
    };
    let mut told = BTreeMap::new();
    for (part, answer) in ask.parts(batch, firsts).await {
        // Both are sorted.
        let own = |id: &String| firsts.binary_search(&id.as_str()).ok();
        let mut own = part.iter().filter_map(own).map(|at| firsts[at]);
        match answer {
            Ok(answer) => {
                let items = items(&answer, ask.read.item).into_iter().cloned().collect();
                told.extend(own.next().map(|first| (first, Ok(items))));
            }
            Err(error) => told.extend(own.map(|first| (first, Err(error.clone())))),
        }
    }
    told
}

/// Returns what an id is found by: its parts, without those that are not compared.
fn key(id: &str, keys: &[&str]) -> Option<String> {
    let parts: Vec<&str> = id.split(':').collect();
    let whole = parts.len() == keys.len() && parts.iter().all(|part| !part.is_empty());
    let compared = parts.iter().zip(keys).filter(|(_, key)| !key.is_empty());
    let compared: Vec<String> = compared.map(|(part, _)| part.to_lowercase()).collect();
    whole.then(|| compared.join(":"))
}

/// Returns what an item is found by; one with a list in a field is there for each of its elements.
fn keys_of(item: &Json, keys: &[&str]) -> Vec<String> {
    let mut found = vec![String::new()];
    for field in keys.iter().filter(|key| !key.is_empty()) {
        let texts: Vec<&str> = match at(item, field) {
            Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).collect(),
            Some(Json::String(text)) => vec![text],
            _ => Vec::new(),
        };
        found = found
            .iter()
            .flat_map(|start| {
                texts.iter().map(move |text| {
                    let text = text.replace(':', "_").to_lowercase();
                    if start.is_empty() {
                        text
                    } else {
                        format!("{start}:{text}")
                    }
                })
            })
            .collect();
    }
    found
}

fn malformed(ty: &ResourceType, id: &str) -> ApiError {
    let text = format!(
        "\"{id}\" is not an id of {}: it has the form {}.",
        ty.name, ty.import
    );
    local(ty, "MalformedId", text, ApiErrorKind::Invalid)
}
