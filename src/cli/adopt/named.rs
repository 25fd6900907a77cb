//! Names for what was found.

use std::{collections::BTreeSet, sync::Arc};

use super::{Existing, choose::Names};
use crate::{
    cli::written::Found,
    model::{Address, Key, ResourceAddress, Value},
};

/// Gives each object an address that neither the manifests nor another object has.
pub fn named(existing: Vec<Existing>, taken: &BTreeSet<String>) -> Vec<Found> {
    let mut taken = taken.clone();
    let names = Names::new(&existing);
    let wishes: Vec<String> = (0..existing.len())
        .map(|place| wish(&existing, &names, place, DEEP))
        .collect();
    let mut found = Vec::new();
    for (one, wish) in existing.into_iter().zip(wishes) {
        let address = |name: &str| format!("{}.{name}", one.ty.name);
        let mut name = wish.clone();
        let mut number = 2;
        while !taken.insert(address(&name)) {
            name = format!("{wish}_{number}");
            number += 1;
        }
        let resource = ResourceAddress::managed(one.ty.name, &name);
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

/// How far what has no name takes it from what it is part of: an attachment from its disk.
const DEEP: u32 = 3;

/// Returns a name after what the object is called, or what it is part of, or else after its id.
fn wish(existing: &[Existing], names: &Names, place: usize, deep: u32) -> String {
    let one = &existing[place];
    let text = |name: &str| {
        let text = one.object.get(name).and_then(Value::as_str);
        text.map(identifier).filter(|text| !text.is_empty())
    };
    let noun = one.ty.name.trim_start_matches("alicloud_");
    let unlike = |name: &str| {
        UNLIKE_NAMES.contains(&name) && !noun.ends_with(name.trim_end_matches("_name"))
    };
    let called = one
        .ty
        .attributes
        .iter()
        .filter(|it| it.name == "name" || it.name.ends_with("_name"))
        .filter(|it| it.deprecated.is_none() && it.refers_to.is_none() && !unlike(it.name))
        .find_map(|it| text(it.name));
    called.unwrap_or_else(|| {
        let whole = names.required(place).next().filter(|_| deep > 0);
        match (one.id.contains(':'), whole) {
            (false, _) => identifier(&one.id),
            (true, Some(whole)) => wish(existing, names, whole, deep - 1),
            (true, None) => noun.rsplit('_').next().unwrap_or(noun).to_owned(),
        }
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
