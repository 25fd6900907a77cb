//! The checker: compares manifest, state file and world with code of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{
    kinds::KINDS,
    manifest::{Block, Filling, Manifest},
};

/// The objects of a state: their ids by their addresses.
pub type Ids = BTreeMap<String, String>;

/// What belongs to another object and comes and goes with it.
fn came_along(list: &str, object: &Json) -> bool {
    match list {
        "disks" | "route_tables" => object["system"] == true,
        "network_interfaces" => {
            let managed = object["description"].as_str().unwrap_or_default();
            object["primary"] == true || managed.starts_with("Managed by")
        }
        // Of an image.
        "snapshots" => object["name"] == "",
        "resource_groups" => true,
        _ => false,
    }
}

/// Returns the ids of a state, and what is wrong with it by itself.
pub fn ids(state: &Json) -> (Ids, Vec<String>) {
    let mut ids = Ids::new();
    let mut wrong = Vec::new();
    for resource in state["resources"].as_array().unwrap() {
        let name = |field: &str| resource[field].as_str().unwrap_or_default();
        for instance in resource["instances"].as_array().unwrap() {
            let key = match &instance["index_key"] {
                Json::Null => String::new(),
                key => format!("[{key}]"),
            };
            let address = format!("{}.{}{key}", name("type"), name("name"));
            for (field, what) in [("deposed", "put aside"), ("status", "tainted")] {
                if instance.get(field).is_some_and(|it| !it.is_null()) {
                    wrong.push(format!("the state has {address} as {what}"));
                }
            }
            // The id of an entry has none of its own in it.
            let called = if name("type") == "alicloud_route_entry" {
                "name"
            } else {
                "id"
            };
            let id = instance["attributes"][called].as_str().unwrap_or_default();
            if ids.insert(address.clone(), id.to_owned()).is_some() {
                wrong.push(format!("the state has {address} twice"));
            }
        }
    }
    let open = &state["prov"]["open"];
    if open.as_array().is_some_and(|open| !open.is_empty()) {
        wrong.push(format!("operations are open: {open}"));
    }
    (ids, wrong)
}

/// Returns what is wrong with a world and a state, if the manifest was applied and nothing is open.
pub fn differences(manifest: &Manifest, state: &Json, world: &Json) -> Vec<String> {
    let (ids, mut wrong) = ids(state);
    let wanted: BTreeSet<String> = manifest.blocks.iter().flat_map(Block::addresses).collect();
    let have: BTreeSet<String> = ids.keys().cloned().collect();
    for lost in wanted.difference(&have) {
        wrong.push(format!("the state has lost {lost}"));
    }
    for invented in have.difference(&wanted) {
        wrong.push(format!("the state has {invented} besides"));
    }
    counts(&ids, world, &mut wrong);
    for block in &manifest.blocks {
        for (at, address) in block.addresses().iter().enumerate() {
            if ids.contains_key(address) {
                object(manifest, block, (at, address), &ids, world, &mut wrong);
            }
        }
        rules(manifest, block, &ids, world, &mut wrong);
    }
    for resource in state["resources"].as_array().unwrap() {
        for one in resource["instances"].as_array().unwrap() {
            let values = &one["attributes"];
            if resource["type"] == "terraform_data" && values["output"] != values["input"] {
                wrong.push(format!("the state has another output than input: {values}"));
            }
        }
    }
    wrong
}

/// Each object of the world is in the state, once, and each of the state is in the world.
fn counts(ids: &Ids, world: &Json, wrong: &mut Vec<String>) {
    let lists: BTreeSet<&str> = KINDS.iter().filter_map(|kind| kind.world).collect();
    for list in lists {
        let types: Vec<&str> = KINDS
            .iter()
            .filter(|kind| kind.world == Some(list))
            .map(|kind| kind.ty)
            .collect();
        let mut known: Vec<&str> = ids
            .iter()
            .filter(|(address, _)| {
                types
                    .iter()
                    .any(|ty| address.starts_with(&format!("{ty}.")))
            })
            .map(|(_, id)| id.rsplit(':').next().unwrap())
            .collect();
        known.sort_unstable();
        let mut there: Vec<&str> = objects(world, list).map(|it| key_of(list, it)).collect();
        there.sort_unstable();
        if known != there {
            wrong.push(format!(
                "{list}: the world has {there:?}, the state {known:?}"
            ));
        }
    }
}

fn key_of<'a>(list: &str, object: &'a Json) -> &'a str {
    let field = if list == "key_pairs" || list == "route_entries" {
        "name"
    } else {
        "id"
    };
    object[field].as_str().unwrap_or_default()
}

fn objects<'a>(world: &'a Json, list: &'a str) -> impl Iterator<Item = &'a Json> {
    let all = world[list].as_array().unwrap().iter();
    all.filter(move |object| !came_along(list, object))
}

fn find<'a>(world: &'a Json, list: &'a str, id: &str) -> Option<&'a Json> {
    objects(world, list).find(|object| key_of(list, object) == id)
}

fn field<'a>(object: &'a Json, path: &str) -> &'a Json {
    path.split('.').fold(object, |at, name| match at {
        Json::Array(items) => name
            .parse()
            .ok()
            .and_then(|at: usize| items.get(at))
            .unwrap_or(&Json::Null),
        other => &other[name],
    })
}

/// The object of one instance is what the manifest says.
fn object(
    manifest: &Manifest,
    block: &Block,
    (at, address): (usize, &str),
    ids: &Ids,
    world: &Json,
    wrong: &mut Vec<String>,
) {
    let id_of = |parent: &Block| ids.get(&parent.first()).cloned().unwrap_or_default();
    for (path, text) in block.kind.wanted {
        let (whose, path) = match path.split_once('/') {
            Some((parent, path)) => (Some(parent.parse::<usize>().unwrap()), path),
            None => (None, *path),
        };
        let (list, id) = match whose {
            None => (block.kind.world, ids[address].clone()),
            Some(parent) => {
                let parent = manifest.block(block.parents[parent]);
                (parent.kind.world, id_of(parent))
            }
        };
        let id = id.rsplit(':').next().unwrap_or_default();
        let Some(object) = find(world, list.unwrap(), id) else {
            wrong.push(format!("{address}: the world has no {id}"));
            return;
        };
        let text = manifest.fill(block, text, &Filling::Instance(at), &id_of);
        if *field(object, path) != text {
            let is = field(object, path);
            wrong.push(format!("{address}: {path} is {is}, not {text:?}"));
        }
    }
    if let (Some((path, _)), Some(list)) = (block.kind.free, block.kind.world) {
        let used = at == 0 && manifest.is_used(block);
        let taken = find(world, list, &ids[address]).is_some_and(|it| {
            // The emulator keeps what an address was bound to last.
            !it[path].is_null() && it["state"] != "Available"
        });
        if taken != used {
            wrong.push(format!("{address}: {path} is set: {taken}, not {used}"));
        }
    }
}

/// A group has its rules and no others.
fn rules(manifest: &Manifest, group: &Block, ids: &Ids, world: &Json, wrong: &mut Vec<String>) {
    if group.kind.key != "group" {
        return;
    }
    for (at, address) in group.addresses().iter().enumerate() {
        let Some(object) = ids
            .get(address)
            .and_then(|id| find(world, "security_groups", id))
        else {
            continue;
        };
        let rules = object["rules"].as_array().unwrap().iter();
        let mut there: Vec<String> = rules.map(|rule| rule["ports"].to_string()).collect();
        let own = manifest.blocks.iter().filter(|block| {
            at == 0 && block.kind.key == "rule" && block.parents.contains(&group.uid)
        });
        let mut wanted: Vec<String> = own
            .map(|rule| {
                let ports = manifest.fill(rule, "<uid>/<port>", &Filling::Text, &Block::first);
                Json::from(ports).to_string()
            })
            .collect();
        there.sort_unstable();
        wanted.sort_unstable();
        if there != wanted {
            wrong.push(format!(
                "{address}: it has the rules {there:?}, not {wanted:?}"
            ));
        }
    }
}

/// Returns the kind's list and the name that an address has in the world, for who looks for it there.
pub fn look_for(manifest: &Manifest, address: &str, state: &Ids, world: &Json) -> Option<String> {
    let (block, at) = manifest.blocks.iter().find_map(|block| {
        let at = block.addresses().iter().position(|it| it == address)?;
        Some((block, at))
    })?;
    let list = block.kind.world?;
    let (_, text) = block.kind.wanted.iter().find(|(path, _)| *path == "name")?;
    let name = manifest.fill(block, text, &Filling::Instance(at), &|_| String::new());
    let known: BTreeSet<&str> = state.values().map(String::as_str).collect();
    let named = |object: &&Json| {
        object["name"] == name && !known.contains(object["id"].as_str().unwrap_or_default())
    };
    let found = objects(world, list).find(named)?;
    Some(found["id"].as_str()?.to_owned())
}
