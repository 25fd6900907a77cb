//! Values against their declared types: shape, equality, zero, and the words of the wire.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Attribute, Type, Wire, convert, names::shared};
use crate::model::{Number, Object, Value};

/// Whether a value is as good as none to the cloud: null, `""`, 0, false, an empty collection.
pub fn is_zero(value: &Value) -> bool {
    match value.unmarked() {
        Value::Null | Value::Bool(false) | Value::Number(Number::Int(0)) => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => items.is_empty(),
        Value::Map(entries) | Value::Object(entries) => entries.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Unknown(_) | Value::Sensitive(_) => false,
    }
}

/// Whether two values are the same to the cloud. Null and the zero value are; marks do not matter;
/// an unknown value equals nothing.
pub fn equal(ty: &Type, a: &Value, b: &Value) -> bool {
    let (a, b) = (a.unmarked(), b.unmarked());
    if matches!(ty, Type::Any) {
        return a.is_wholly_known()
            && b.is_wholly_known()
            && a.unmarked_deep() == b.unmarked_deep();
    }
    if is_zero(a) && is_zero(b) {
        return true;
    }
    match ty {
        Type::Any | Type::String | Type::Int | Type::Float | Type::Bool => {
            !a.is_unknown() && a == b
        }
        Type::List(element) => pairwise(a, b, |x, y| equal(element, x, y)),
        Type::Set(element) => pairwise(&shaped(ty, a), &shaped(ty, b), |x, y| equal(element, x, y)),
        Type::Map => match (a.as_object(), b.as_object()) {
            (Some(a), Some(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b.iter()).all(|((ka, va), (kb, vb))| {
                        ka == kb && !va.is_unknown() && va.unmarked() == vb.unmarked()
                    })
            }
            _ => false,
        },
        Type::Blocks(attributes, ..) => pairwise(a, b, |x, y| equal_blocks(attributes, x, y)),
        Type::BlockSet(attributes, ..) => equal_sets(attributes, a, b),
    }
}

fn pairwise(a: &Value, b: &Value, mut equal: impl FnMut(&Value, &Value) -> bool) -> bool {
    match (a.as_list(), b.as_list()) {
        (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| equal(x, y)),
        _ => false,
    }
}

pub(super) fn equal_blocks(attributes: &[Attribute], a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else {
        return false;
    };
    attributes.iter().all(|attribute| {
        let get = |object: &Object| object.get(attribute.name).cloned().unwrap_or_default();
        equal(&attribute.ty, &get(a), &get(b))
    })
}

/// How many elements are matched one against all; longer sets are compared in their order.
const MATCHED: usize = 64;

fn equal_sets(attributes: &[Attribute], a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_list(), b.as_list()) else {
        return false;
    };
    if a.len() != b.len() {
        return false;
    }
    if a.len() > MATCHED {
        return a.iter().zip(b).all(|(x, y)| equal_blocks(attributes, x, y));
    }
    let mut left: Vec<&Value> = b.iter().collect();
    a.iter().all(|x| {
        let found = left.iter().position(|y| equal_blocks(attributes, x, y));
        found.map(|at| left.swap_remove(at)).is_some()
    })
}

/// Returns the value in the form that its type has: state files have only arrays and objects.
pub fn shaped(ty: &Type, value: &Value) -> Value {
    let each = |element: &Type| -> Option<Vec<Value>> {
        Some(
            value
                .as_list()?
                .iter()
                .map(|item| shaped(element, item))
                .collect(),
        )
    };
    let blocks = |attributes: &'static [Attribute]| -> Option<Vec<Value>> {
        Some(
            value
                .as_list()?
                .iter()
                .map(|item| shaped_block(attributes, item))
                .collect(),
        )
    };
    let shaped = match (ty, value) {
        (_, Value::Sensitive(inner)) => return shaped(ty, inner).sensitive(),
        (Type::List(_), Value::List(_))
        | (Type::Set(_), Value::Set(_))
        | (Type::Map, Value::Map(_)) => None,
        (Type::List(element), _) => each(element).map(Value::list),
        (Type::Set(element), _) => each(element).map(Value::set),
        (Type::Map, Value::Object(entries)) => Some(Value::Map(entries.clone())),
        (Type::Blocks(attributes, ..), _) => blocks(attributes).map(Value::list),
        (Type::BlockSet(attributes, ..), _) => blocks(attributes).map(Value::set),
        _ => None,
    };
    shaped.unwrap_or_else(|| value.clone())
}

fn shaped_block(attributes: &'static [Attribute], value: &Value) -> Value {
    match value {
        Value::Sensitive(inner) => shaped_block(attributes, inner).sensitive(),
        Value::Map(entries) | Value::Object(entries) => Value::object(
            attributes
                .iter()
                .map(|attribute| {
                    let value = entries.get(attribute.name).cloned().unwrap_or_default();
                    (shared(attribute.name), shaped(&attribute.ty, &value))
                })
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Returns text in Base64; text that is valid Base64 is taken as already encoded.
pub fn encoded(text: &str) -> String {
    if BASE64_STANDARD.decode(text).is_ok() {
        text.to_owned()
    } else {
        BASE64_STANDARD.encode(text)
    }
}

/// Returns a known scalar as the API spells it.
pub fn to_wire(wire: &Wire, value: &Value) -> Option<String> {
    let text = convert::text(value.unmarked())?;
    if let Wire::Base64 = wire {
        return Some(encoded(&text));
    }
    if let Wire::Words(words) = wire
        && let Some((_, word)) = words.iter().find(|(own, _)| *own == &*text)
    {
        return Some((*word).to_owned());
    }
    Some(text.to_string())
}

/// Reads a scalar from the API's spelling; `None` when it is not one of this type.
pub fn from_wire(ty: &Type, wire: &Wire, text: &str) -> Option<Value> {
    let text = match wire {
        Wire::Words(words) => words
            .iter()
            .find(|(_, word)| word.eq_ignore_ascii_case(text))
            .map_or(text, |(own, _)| *own),
        _ => text,
    };
    match ty {
        Type::String | Type::Any => Some(Value::string(text)),
        Type::Int | Type::Float => Number::parse(text).map(Value::Number),
        Type::Bool => convert::boolean(&Value::string(text.to_ascii_lowercase())).map(Value::Bool),
        Type::List(_) | Type::Set(_) | Type::Map | Type::Blocks(..) | Type::BlockSet(..) => None,
    }
}
