//! Secrets in objects: marks on what must not be shown, digests of what must not be stored.

use std::sync::Arc;

use super::{
    Attribute, Presence, ResourceType, Type,
    names::{layout, shared},
    values::shaped,
};
use crate::model::{Object, Value};

/// What a digest starts with, followed by hex digits.
pub const PREFIX: &str = "prov:v1:";

/// Gives a stored object its declared shape, and marks what the table says is sensitive.
pub fn mark(ty: &ResourceType, object: Object) -> Object {
    marked(ty.attributes, object)
}

fn marked(attributes: &'static [Attribute], object: Object) -> Object {
    changed(attributes, &object, &mut Memory::default()).unwrap_or(object)
}

/// Values that were changed last, by their row: the next object mostly has the same.
pub type Memory = Vec<Option<(Value, Value)>>;

/// Returns the object in its declared shape and with its marks; `None` where it is so already.
pub(super) fn changed(
    attributes: &'static [Attribute],
    object: &Object,
    memory: &mut Memory,
) -> Option<Object> {
    let layout = layout(attributes);
    let aligned = layout.align(object);
    let mut values: Option<Vec<Value>> = None;
    for (place, (row, value)) in aligned.rows.iter().zip(object.values()).enumerate() {
        let new = row.and_then(|row| amended((row, &attributes[row]), value, memory));
        match (&mut values, new) {
            (None, None) => {}
            (Some(values), new) => values.push(new.unwrap_or_else(|| value.clone())),
            (None, Some(new)) => {
                let mut all = Vec::with_capacity(object.len());
                all.extend(object.values().take(place).cloned());
                all.push(new);
                values = Some(all);
            }
        }
    }
    let values = values?;
    Some(match object.shared_names() {
        Some(names) => Object::with_names(names.clone(), values),
        None if object.keys().eq(layout.all.iter()) => {
            Object::with_names(layout.all.clone(), values)
        }
        None => object.keys().cloned().zip(values).collect(),
    })
}

/// Returns a value in its declared shape and with its mark; `None` where it is so already.
fn amended(
    (row, attribute): (usize, &'static Attribute),
    value: &Value,
    memory: &mut Memory,
) -> Option<Value> {
    let lacks_mark = attribute.sensitive && !value.is_sensitive() && !value.is_null();
    if !lacks_mark && is_plain(&attribute.ty, value) {
        return None;
    }
    if let Some(Some((before, after))) = memory.get(row)
        && is_same(before, value)
    {
        return Some(after.clone());
    }
    let shaped = inner(attribute, &shaped(&attribute.ty, value));
    let after = shaped.marked(lacks_mark);
    if memory.len() <= row {
        memory.resize(row + 1, None);
    }
    memory[row] = Some((value.clone(), after.clone()));
    Some(after)
}

/// Whether a value has no shape that a file could have lost.
fn is_plain(ty: &Type, value: &Value) -> bool {
    match (ty, value.unmarked()) {
        (_, Value::Null | Value::Unknown(_)) => true,
        (Type::Blocks(nested, ..), Value::List(items))
        | (Type::BlockSet(nested, ..), Value::Set(items)) => {
            items.iter().all(|item| is_plain_block(nested, item))
        }
        (Type::Blocks(..) | Type::BlockSet(..), other) => other.as_list().is_none(),
        (Type::List(element), Value::List(items)) | (Type::Set(element), Value::Set(items)) => {
            items.iter().all(|item| is_plain(element, item))
        }
        (Type::List(_) | Type::Set(_), other) => other.as_list().is_none(),
        (Type::Map, Value::Object(_)) => false,
        _ => true,
    }
}

fn is_plain_block(attributes: &'static [Attribute], block: &Value) -> bool {
    let Value::Object(entries) = block else {
        return false;
    };
    let layout = layout(attributes);
    entries.len() == attributes.len()
        && entries.iter().enumerate().all(|(place, (name, value))| {
            let attribute = layout.row(place, name).map(|row| &attributes[row]);
            attribute.is_some_and(|it| {
                is_plain(&it.ty, value)
                    && (!it.sensitive || value.is_sensitive() || value.is_null())
            })
        })
}

/// Whether two values are one in memory.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Tuple(a), Value::Tuple(b))
        | (Value::List(a), Value::List(b))
        | (Value::Set(a), Value::Set(b)) => Arc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) | (Value::Map(a), Value::Map(b)) => Arc::ptr_eq(a, b),
        (Value::String(a), Value::String(b)) => Arc::ptr_eq(a, b),
        (Value::Sensitive(a), Value::Sensitive(b)) => Arc::ptr_eq(a, b),
        _ => false,
    }
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
    if ty.attributes.iter().any(|it| it.write_only.is_some()) {
        let object = super::without_write_only(ty, object.clone());
        return sealed(ty.attributes, &object, digest);
    }
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
