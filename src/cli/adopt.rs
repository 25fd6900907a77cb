//! What exists in a region and is nobody's yet: found in few calls, chosen, and named.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use futures::future::join_all;

use super::written::{Found, References};
use crate::{
    model::{Address, Key, Mode, Object, ResourceAddress, Span, Value, state::State},
    provider::{ApiError, ApiErrorKind, Provider, Wanted, registry::Registry},
    schema::{Presence, ResourceType, mark},
};

/// What is wanted of all that exists.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only what is in this VPC, and the VPC itself.
    pub vpc: Option<String>,
    /// Only what has all of these tags, and what is part of it.
    pub tags: Vec<(String, String)>,
    /// Only these types; all of them when there are none.
    pub types: Vec<&'static ResourceType>,
}

/// An object, before it has a name.
#[derive(Clone)]
pub struct Existing {
    pub ty: &'static ResourceType,
    pub id: String,
    pub object: Arc<Object>,
}

/// What was found, and which types could not be looked for.
pub struct Discovery {
    pub existing: Vec<Existing>,
    pub refused: Vec<(&'static str, ApiError)>,
}

/// Lists and reads everything that exists.
pub async fn discover(
    provider: &dyn Provider,
    registry: &Registry,
) -> Result<Discovery, (&'static str, ApiError)> {
    let types = registry.kinds.iter().map(|kind| kind.ty);
    let types: Vec<_> = types.filter(|ty| ty.alias_of.is_none()).collect();
    let listed = join_all(types.iter().map(|ty| provider.list(ty))).await;
    let mut wanted = Vec::new();
    let mut refused = Vec::new();
    for (ty, ids) in types.into_iter().zip(listed) {
        match ids {
            Ok(ids) => wanted.extend(ids.into_iter().map(|id| Wanted {
                ty,
                known: Arc::new(Object::from_iter([("id", Value::string(&*id))])),
                id,
            })),
            // Whoever may not see some types can still adopt the others.
            Err(error) if error.kind == ApiErrorKind::Denied => refused.push((ty.name, error)),
            Err(error) => return Err((ty.name, error)),
        }
    }
    let mut existing = Vec::new();
    for (one, object) in wanted.iter().zip(provider.read(&wanted).await) {
        match object {
            Ok(Some(object)) => existing.push(Existing {
                ty: one.ty,
                id: one.id.clone(),
                object: Arc::new(mark(one.ty, object)),
            }),
            // Gone since it was listed.
            Ok(None) => {}
            Err(error) => return Err((one.ty.name, error)),
        }
    }
    Ok(Discovery { existing, refused })
}

/// Leaves out what the state has already, and what is `imported` by the manifests' own blocks.
pub fn unmanaged(
    existing: &mut Vec<Existing>,
    state: &State,
    imported: &[(Address, String, Span)],
    registry: &Registry,
) {
    let mut managed = HashSet::new();
    for (address, id, _) in imported {
        let resource = &address.resource;
        if let Some(kind) = registry.find(resource.mode, &resource.kind) {
            managed.insert((kind.ty.canonical(), id.clone()));
        }
    }
    for (address, resource) in &state.resources {
        let Some(kind) = registry.find(address.mode, &address.kind) else {
            continue;
        };
        for instance in resource.instances.values() {
            let objects = instance.current.iter().chain(instance.deposed.values());
            for stored in objects {
                if let Some(id) = stored.attributes.get("id").and_then(Value::as_str) {
                    managed.insert((kind.ty.canonical(), id.to_owned()));
                }
            }
        }
    }
    existing.retain(|one| !managed.contains(&(one.ty.canonical(), one.id.clone())));
}

/// Keeps what is wanted.
pub fn choose(existing: Vec<Existing>, choice: &Choice) -> Vec<Existing> {
    let by_id: HashMap<(&str, &str), &Existing> = existing
        .iter()
        .map(|one| ((one.ty.canonical(), one.id.as_str()), one))
        .collect();
    let wanted = |one: &Existing| {
        (choice.types.is_empty()
            || choice
                .types
                .iter()
                .any(|ty| ty.canonical() == one.ty.canonical()))
            && choice
                .vpc
                .as_deref()
                .is_none_or(|vpc| is_in(one, vpc, &by_id, DEEP))
            && (choice.tags.is_empty() || has(one, &choice.tags, &by_id, DEEP))
    };
    let kept: Vec<bool> = existing.iter().map(wanted).collect();
    let mut kept = kept.into_iter();
    let mut existing = existing;
    existing.retain(|_| kept.next() == Some(true));
    existing
}

/// How far parts of parts are followed: a rule to its group, a group to its VPC.
const DEEP: u32 = 4;

type ById<'a> = HashMap<(&'a str, &'a str), &'a Existing>;

/// Whether an object is in a VPC: by itself, or by what it is part of or attached to.
fn is_in(one: &Existing, vpc: &str, by_id: &ById<'_>, deep: u32) -> bool {
    if one.ty.canonical() == "alicloud_vpc" {
        return one.id == vpc;
    }
    if let Some(own) = one
        .object
        .get("vpc_id")
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty())
    {
        return own == vpc;
    }
    deep > 0
        && parents(one, by_id, false)
            .iter()
            .any(|parent| is_in(parent, vpc, by_id, deep - 1))
}

/// Whether an object has all tags; a type without tags goes with what it is part of.
fn has(one: &Existing, tags: &[(String, String)], by_id: &ById<'_>, deep: u32) -> bool {
    if one
        .ty
        .attributes
        .iter()
        .any(|attribute| attribute.name == "tags")
    {
        let own = one.object.get("tags").and_then(Value::as_object);
        let own = |key: &str| own.and_then(|tags| tags.get(key)?.as_str());
        return tags.iter().all(|(key, value)| own(key) == Some(value));
    }
    let parents = parents(one, by_id, true);
    deep > 0 && !parents.is_empty() && parents.iter().all(|it| has(it, tags, by_id, deep - 1))
}

/// Returns the objects that one refers to; those only that it cannot be without, if so asked.
fn parents<'a>(one: &Existing, by_id: &ById<'a>, required: bool) -> Vec<&'a Existing> {
    let mut parents = Vec::new();
    for attribute in one.ty.attributes {
        let Some(kind) = attribute.refers_to else {
            continue;
        };
        let Some(value) = one.object.get(attribute.name) else {
            continue;
        };
        if required && attribute.presence != Presence::Required {
            continue;
        }
        let ids = value.as_list().unwrap_or(std::slice::from_ref(value));
        let ids = ids.iter().filter_map(Value::as_str);
        parents.extend(ids.filter_map(|id| by_id.get(&(kind, id)).copied()));
    }
    parents
}

/// Gives each object an address that neither the manifests nor another object has.
pub fn named(existing: Vec<Existing>, taken: &BTreeSet<String>) -> Vec<Found> {
    let mut taken = taken.clone();
    let mut found = Vec::new();
    for one in existing {
        let wish = wish(&one);
        let address = |name: &str| format!("{}.{name}", one.ty.name);
        let mut name = wish.clone();
        let mut number = 2;
        while !taken.insert(address(&name)) {
            name = format!("{wish}_{number}");
            number += 1;
        }
        let resource = ResourceAddress {
            mode: Mode::Managed,
            kind: one.ty.name.into(),
            name: name.into(),
        };
        found.push(Found {
            address: Address {
                resource: Arc::new(resource),
                key: Key::None,
            },
            ty: one.ty,
            object: one.object,
        });
    }
    found
}

/// Returns a name after what the object is called, or what it is part of, or else after its id.
fn wish(one: &Existing) -> String {
    let text = |name: &str| {
        let text = one.object.get(name).and_then(Value::as_str);
        text.map(identifier).filter(|text| !text.is_empty())
    };
    let called = one
        .ty
        .attributes
        .iter()
        .filter(|it| it.name == "name" || it.name.ends_with("_name"))
        .filter(|it| {
            it.deprecated.is_none() && it.refers_to.is_none() && !UNLIKE_NAMES.contains(&it.name)
        })
        .find_map(|it| text(it.name));
    let noun = one.ty.name.trim_start_matches("alicloud_");
    called.unwrap_or_else(|| match one.id.contains(':') {
        true => noun.rsplit('_').next().unwrap_or(noun).to_owned(),
        false => identifier(&one.id),
    })
}

/// Attributes that are called names and name something else.
const UNLIKE_NAMES: &[&str] = &["host_name", "role_name", "system_disk_name", "image_name"];

/// Makes an identifier of a text: letters and digits of any script's Latin part, `_` and `-`.
fn identifier(text: &str) -> String {
    let kept: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    let kept = kept.trim_matches(['_', '-']);
    if kept.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{kept}")
    } else {
        kept.to_owned()
    }
}

/// Returns what ids can be written as.
pub fn references(found: &[Found]) -> References<'_> {
    let id = |one: &Found| {
        one.object
            .get("id")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    found
        .iter()
        .filter_map(|one| Some(((one.ty.canonical(), id(one)?), &one.address)))
        .collect()
}
