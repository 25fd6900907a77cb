//! Secrets in objects: marks on what must not be shown, digests of what must not be stored.

use super::{Attribute, Presence, ResourceType, Type, names::shared, values::shaped};
use crate::model::{Object, Value};

/// What a digest starts with, followed by hex digits.
pub const PREFIX: &str = "prov:v1:";

/// Gives a stored object its declared shape, and marks what the table says is sensitive.
pub fn mark(ty: &ResourceType, object: Object) -> Object {
    marked(ty.attributes, object)
}

fn marked(attributes: &'static [Attribute], object: Object) -> Object {
    object
        .into_iter()
        .map(
            |(name, value)| match attributes.iter().find(|one| *one.name == *name) {
                Some(attribute) => {
                    let value = inner(attribute, &shaped(&attribute.ty, &value));
                    let sensitive = attribute.sensitive && !value.is_null();
                    (shared(attribute.name), value.marked(sensitive))
                }
                None => (name, value),
            },
        )
        .collect()
}

/// Marks inside nested blocks.
fn inner(attribute: &Attribute, value: &Value) -> Value {
    let (Type::Blocks(nested, ..) | Type::BlockSet(nested, ..)) = attribute.ty else {
        return value.clone();
    };
    if !nested
        .iter()
        .any(|one| one.sensitive || matches!(one.ty, Type::Blocks(..) | Type::BlockSet(..)))
    {
        return value.clone();
    }
    each(value, &|block| marked(nested, block))
}

/// Replaces the blocks in a list or set.
fn each(value: &Value, change: &dyn Fn(Object) -> Object) -> Value {
    let all = |items: &[Value]| {
        items
            .iter()
            .map(|item| each(item, change))
            .collect::<Vec<_>>()
    };
    match value {
        Value::Sensitive(inner) => each(inner, change).sensitive(),
        Value::List(items) | Value::Tuple(items) => Value::list(all(items)),
        Value::Set(items) => Value::set(all(items)),
        Value::Object(entries) | Value::Map(entries) => Value::object(change((**entries).clone())),
        other => other.clone(),
    }
}

/// Replaces write-only secrets by their digest, for anything that is written to disk. Idempotent.
pub fn seal(ty: &ResourceType, object: &Object, digest: &dyn Fn(&str) -> String) -> Object {
    sealed(ty.attributes, object, digest)
}

fn sealed(
    attributes: &'static [Attribute],
    object: &Object,
    digest: &dyn Fn(&str) -> String,
) -> Object {
    let mut sealed_object = object.clone();
    for attribute in attributes {
        let Some(value) = object.get(attribute.name) else {
            continue;
        };
        let value = match attribute.ty {
            Type::Blocks(nested, ..) | Type::BlockSet(nested, ..) => {
                each(value, &|block| sealed(nested, &block, digest))
            }
            _ if is_secret(attribute) => match value.as_str() {
                Some(text) if !text.is_empty() && !is_digest(text) => {
                    Value::string(digest(text)).sensitive()
                }
                _ => continue,
            },
            _ => continue,
        };
        sealed_object.insert(shared(attribute.name), value);
    }
    sealed_object
}

/// Whether an attribute is a secret that the cloud never gives back, and the configuration always does. What
/// was made up (`random_password`) has no other home than the state.
pub fn is_secret(attribute: &Attribute) -> bool {
    attribute.sensitive
        && attribute.read.is_none()
        && attribute.presence != Presence::Computed
        && matches!(attribute.ty, Type::String)
}

/// Whether a text is a digest and not a secret itself.
pub fn is_digest(text: &str) -> bool {
    text.strip_prefix(PREFIX)
        .is_some_and(|hex| hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether the stored form of a secret is that of this plain one.
pub fn matches(stored: &Value, plain: &Value, digest: &dyn Fn(&str) -> String) -> bool {
    match (stored.as_str(), plain.as_str()) {
        (Some(stored), Some(plain)) if is_digest(stored) => {
            stored == plain || stored == digest(plain)
        }
        _ => false,
    }
}
