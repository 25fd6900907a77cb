//! Values and types as messages show them. Sensitive values are never shown.

use crate::model::{Type, Value};

/// The longest text that a message quotes, in characters.
const MAX_SHOWN: usize = 60;

/// Returns the text in quotes, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(MAX_SHOWN).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    serde_json::Value::from(short + dots).to_string()
}

/// Returns a short form of a value: scalars as they are, others by their type.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string().chars().take(MAX_SHOWN).collect(),
        Value::String(text) => quoted(text),
        Value::Sensitive(_) => "(sensitive value)".to_owned(),
        Value::Unknown(_) => "(known after apply)".to_owned(),
        other => type_name(&other.type_of()),
    }
}

/// Returns a type's name in a sentence: `list of string`, `tuple`.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Any => "any type".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::List(element) => collection("list", element),
        Type::Set(element) => collection("set", element),
        Type::Map(element) => collection("map", element),
        Type::Tuple(_) => "tuple".to_owned(),
        Type::Object(_) => "object".to_owned(),
    }
}

fn collection(kind: &str, element: &Type) -> String {
    match element {
        Type::Any => format!("{kind} of any single type"),
        other => format!("{kind} of {}", type_name(other)),
    }
}
