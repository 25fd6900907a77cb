//! From an item of an answer to attributes, as the table says. Start with [`decode`].

use serde_json::Value as Json;

use super::{Attribute, Read, ResourceType, Type, Wire, names::shared, values::from_wire};
use crate::model::{Object, Value};

/// Tags that the cloud itself sets: neither shown nor removed.
pub const IGNORED_TAGS: &[&str] = &["aliyun", "acs:", "http://", "https://", "sae.do.not.delete"];

/// Whether a tag is one of those that the cloud sets itself.
pub fn is_ignored_tag(key: &str) -> bool {
    IGNORED_TAGS.iter().any(|prefix| key.starts_with(prefix))
}

/// Returns every attribute that this read gives; what the item does not have is null or empty.
pub fn decode(ty: &ResourceType, read: &Read, item: &Json) -> Object {
    decode_attributes(ty.attributes, read, item)
}

fn decode_attributes(attributes: &'static [Attribute], read: &Read, item: &Json) -> Object {
    attributes
        .iter()
        .filter_map(|attribute| {
            let (_, field) = attribute
                .read
                .filter(|(other, _)| std::ptr::eq(*other, read))?;
            let value = value(attribute, read, told(item, field));
            Some((shared(attribute.name), value.marked(attribute.sensitive)))
        })
        .collect()
}

/// Follows the first of some paths, with `|` between them, that leads to something.
fn told<'a>(item: &'a Json, paths: &str) -> Option<&'a Json> {
    let mut found = paths.split('|').filter_map(|path| at(item, path));
    let first = found.next();
    let says = |json: &&Json| !matches!(json, Json::Null) && json.as_str() != Some("");
    first.into_iter().chain(found).find(says).or(first)
}

fn value(attribute: &Attribute, read: &Read, json: Option<&Json>) -> Value {
    match &attribute.ty {
        Type::Any => json.map(Value::from_json).unwrap_or_default(),
        Type::String | Type::Int | Type::Float | Type::Bool => {
            scalar(&attribute.ty, &attribute.wire, json)
        }
        Type::List(element) => Value::list(elements(element, &attribute.wire, json)),
        Type::Set(element) => Value::set(elements(element, &attribute.wire, json)),
        Type::Map => Value::map(map(json)),
        Type::Blocks(nested, ..) => Value::list(blocks(nested, read, json)),
        Type::BlockSet(nested, ..) => Value::set(blocks(nested, read, json)),
    }
}

/// Reads a scalar: the API writes numbers and booleans as such or as strings.
fn scalar(ty: &Type, wire: &Wire, json: Option<&Json>) -> Value {
    let text = match json {
        None | Some(Json::Null) => return Value::Null,
        Some(Json::String(text)) => text.clone(),
        Some(Json::Array(items)) if matches!(wire, Wire::Commas) => {
            let texts: Vec<&str> = items.iter().filter_map(Json::as_str).collect();
            texts.join(",")
        }
        // A list where one value is expected: its first.
        Some(Json::Array(items)) => return scalar(ty, wire, items.first()),
        Some(other @ (Json::Bool(_) | Json::Number(_))) => other.to_string(),
        Some(Json::Object(_)) => return Value::Null,
    };
    if text.is_empty() && !matches!(ty, Type::String) {
        return Value::Null;
    }
    from_wire(ty, wire, &text).unwrap_or_default()
}

fn elements(element: &Type, wire: &Wire, json: Option<&Json>) -> Vec<Value> {
    match json {
        Some(Json::Array(items)) => items
            .iter()
            .map(|item| scalar(element, wire, Some(item)))
            .collect(),
        Some(Json::String(text)) if !text.is_empty() => text
            .split(',')
            .filter_map(|part| from_wire(element, wire, part.trim()))
            .collect(),
        _ => Vec::new(),
    }
}

/// Reads tags (`Key` or `TagKey` with a value), or a plain object.
fn map(json: Option<&Json>) -> Object {
    match json {
        Some(Json::Array(items)) => items
            .iter()
            .filter_map(|item| {
                let get = |names: [&str; 2]| names.iter().find_map(|name| item.get(name)?.as_str());
                let key = get(["Key", "TagKey"]).filter(|key| !is_ignored_tag(key))?;
                Some((
                    key,
                    Value::string(get(["Value", "TagValue"]).unwrap_or_default()),
                ))
            })
            .collect(),
        Some(Json::Object(entries)) => entries
            .iter()
            .map(|(key, value)| {
                (
                    key.as_str(),
                    scalar(&Type::String, &Wire::Plain, Some(value)),
                )
            })
            .collect(),
        _ => Object::new(),
    }
}

fn blocks(nested: &'static [Attribute], read: &Read, json: Option<&Json>) -> Vec<Value> {
    let one = |item: &Json| {
        let mut block = decode_attributes(nested, read, item);
        for attribute in nested {
            if !block.contains_key(attribute.name) {
                block.insert(shared(attribute.name), Value::Null);
            }
        }
        Value::object(block)
    };
    match json {
        Some(Json::Array(items)) => items.iter().map(one).collect(),
        Some(item @ Json::Object(_)) => vec![one(item)],
        _ => Vec::new(),
    }
}

/// Follows a dotted path. A segment may pick from a list: `Item[Type=System]`; without that, a list in
/// the middle of a path stands for its first element. An empty path is the item itself.
pub fn at<'a>(item: &'a Json, path: &str) -> Option<&'a Json> {
    let mut here = item;
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
        if let Json::Array(items) = here {
            here = items.first()?;
        }
        let (name, filter) = filtered(segment);
        here = here.get(name)?;
        if let Some(filter) = filter {
            here = here.as_array()?.iter().find(|item| passes(item, filter))?;
        }
    }
    Some(here)
}

/// Splits a segment of a path into its name and what picks from its list.
fn filtered(segment: &str) -> (&str, Option<(&str, &str)>) {
    match segment.strip_suffix(']').and_then(|s| s.split_once('[')) {
        Some((name, filter)) => (name, filter.split_once('=')),
        None => (segment, None),
    }
}

fn passes(item: &Json, (key, wanted): (&str, &str)) -> bool {
    item.get(key).and_then(Json::as_str) == Some(wanted)
}

/// Returns the items that a path leads to: a list's, of those all that its end picks, or the one thing that is there.
pub fn items<'a>(answer: &'a Json, path: &str) -> Vec<&'a Json> {
    if let (whole, Some(filter)) = filtered(path) {
        let all = items(answer, whole).into_iter();
        return all.filter(|item| passes(item, filter)).collect();
    }
    match at(answer, path) {
        Some(Json::Array(items)) => items.iter().collect(),
        Some(Json::Null) | None => Vec::new(),
        Some(one) => vec![one],
    }
}
