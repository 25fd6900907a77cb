//! `random_*`: values that are made up once and then kept, as hashicorp/random has them.
//!
//! A value is made when its object is created and changes only when an argument does, since each of them
//! replaces the object. `dice` is where chance comes from.

mod binary;
mod dice;
mod integer;
mod pet;
mod shuffle;
mod text;
mod uuid;
mod words;

#[cfg(test)]
mod tests;

pub use binary::{BYTES, ID};
pub use integer::INTEGER;
pub use pet::PET;
pub use shuffle::SHUFFLE;
pub use text::{EPHEMERAL_PASSWORD, PASSWORD, STRING};
pub use uuid::UUID;

use crate::{
    model::{Object, Value},
    provider::hooks::{Hooks, ImportHook, Kind, MakeHook},
    schema::{Attribute, Check, ResourceType, Service, int, map, resource, string},
};

/// The most that can be asked for, of anything: it is all in the state.
const MOST: i64 = 65_536;
/// A number of things to make.
const COUNT: &[Check] = &[Check::Range(1, MOST)];

/// Any change replaces the object.
const KEEPERS: Attribute = map(
    "keepers",
    "Any values whose change replaces the object, which gives it another value.",
)
.replaces()
.same(same_keepers);

/// The start of a type's row.
const fn random(name: &'static str, doc: &'static str) -> ResourceType {
    resource(name, Service::Random, doc)
}

/// A type with what makes it, and what an import takes.
const fn kind(ty: &'static ResourceType, make: MakeHook, import: Option<ImportHook>) -> Kind {
    Kind {
        ty,
        hooks: Hooks {
            make: Some(make),
            import,
            ..Hooks::NONE
        },
    }
}

const fn id(doc: &'static str) -> Attribute {
    string("id", doc).computed()
}

const fn count(name: &'static str, doc: &'static str) -> Attribute {
    int(name, doc).check(COUNT).replaces()
}

const fn prefix(doc: &'static str) -> Attribute {
    string("prefix", doc).replaces().example("web")
}

const fn seed(doc: &'static str) -> Attribute {
    string("seed", doc).replaces().example("web")
}

/// The id of what has none: the value is secret, or not a text.
const NO_ID: &str = "none";

/// Returns the object with more in it.
fn with<const N: usize>(object: &Object, entries: [(&'static str, Value); N]) -> Object {
    let mut object = object.clone();
    for (name, value) in entries {
        object.insert(name, value);
    }
    object
}

fn text<'a>(object: &'a Object, name: &str) -> &'a str {
    let value = object.get(name).and_then(Value::as_str);
    value.unwrap_or_default()
}

fn number(object: &Object, name: &str) -> i64 {
    let value = object.get(name).and_then(Value::as_int);
    value.unwrap_or_default()
}

/// Returns how many things an attribute asks for; the table has checked it.
fn amount(object: &Object, name: &str) -> usize {
    usize::try_from(number(object, name)).unwrap_or_default()
}

/// Whether keepers differ only in values that are null in the configuration and not in the state: older
/// versions of the provider did not store them.
fn same_keepers(prior: &Object, merged: &Object) -> bool {
    let empty = Object::new();
    let of = |object: &Object| {
        let keepers = object.get("keepers").cloned().unwrap_or_default();
        keepers.is_wholly_known().then_some(keepers)
    };
    let (Some(before), Some(after)) = (of(prior), of(merged)) else {
        return false;
    };
    let (before, after) = (before.unmarked_deep(), after.unmarked_deep());
    let before = before.as_object().unwrap_or(&empty);
    let after = after.as_object().unwrap_or(&empty);
    let stays = |(name, value): (&std::sync::Arc<str>, &Value)| match before.get(name) {
        None => value.is_null(),
        Some(old) => old == value,
    };
    after.iter().all(stays) && before.keys().all(|name| after.contains_key(name))
}
