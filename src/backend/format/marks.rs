//! Marks of sensitive values as the state file has them: a list of paths beside the attributes.

use std::sync::Arc;

use super::text::{write_list, write_string};
use crate::model::{Object, Value};

/// One step of a path.
#[derive(Debug, serde::Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Step {
    GetAttr(String),
    Index(Index),
}

/// What stands in the brackets: a number, a string, or an element of a set, which leads nowhere.
#[derive(Debug, serde::Deserialize)]
pub struct Index {
    value: serde_json::Value,
}

/// Marks what the paths lead to.
pub fn mark(attributes: &mut Object, paths: &[Vec<Step>]) {
    for path in paths {
        if let Some((Step::GetAttr(name), rest)) = path.split_first()
            && let Some(value) = attributes.get_mut(name)
        {
            follow(value, rest);
        }
    }
}

/// Marks what the path leads to; where it cannot be followed, everything from there on.
fn follow(value: &mut Value, path: &[Step]) {
    let Some((step, rest)) = path.split_first() else {
        return protect(value);
    };
    let key = match step {
        Step::GetAttr(name) => Some(name.as_str()),
        Step::Index(index) => index.value.as_str(),
    };
    if let (Step::Index(_), Some(_), Value::Object(entries)) = (step, key, &*value) {
        // Only a map is indexed by a string: the file does not say it otherwise.
        *value = Value::Map(entries.clone());
    }
    let inner = match (key, step, &mut *value) {
        (Some(key), _, Value::Map(entries) | Value::Object(entries)) => {
            Arc::make_mut(entries).get_mut(key)
        }
        (None, Step::Index(index), Value::List(items) | Value::Tuple(items)) => {
            let at = index.value.as_u64().and_then(|at| usize::try_from(at).ok());
            at.and_then(|at| Arc::make_mut(items).get_mut(at))
        }
        _ => None,
    };
    match inner {
        Some(inner) => follow(inner, rest),
        None => protect(value),
    }
}

/// Marks a value as a whole: only the outermost marks are written.
fn protect(value: &mut Value) {
    *value = value.unmarked_deep().sensitive();
}

/// Writes the paths of the outermost marks.
pub fn write_marks(out: &mut Vec<u8>, attributes: &Object) {
    let mut paths = Vec::new();
    let mut path = Vec::new();
    for (name, value) in attributes.iter() {
        path.push(Place::Name(name));
        collect(value, &mut path, &mut paths);
        path.pop();
    }
    write_list(out, &paths, |out, path: &Vec<Place<'_>>| {
        write_list(out, path, |out, place| place.write(out));
    });
}

#[derive(Clone, Copy)]
enum Place<'a> {
    Name(&'a str),
    Key(&'a str),
    At(usize),
}

fn collect<'a>(value: &'a Value, path: &mut Vec<Place<'a>>, paths: &mut Vec<Vec<Place<'a>>>) {
    let mut inside = |place, value| {
        path.push(place);
        collect(value, path, paths);
        path.pop();
    };
    match value {
        Value::Sensitive(_) => paths.push(path.clone()),
        // No path leads into a set: the set as a whole is protected.
        Value::Set(_) if value.has_sensitive() => paths.push(path.clone()),
        Value::List(items) | Value::Tuple(items) => {
            for (at, item) in items.iter().enumerate() {
                inside(Place::At(at), item);
            }
        }
        Value::Object(entries) => {
            for (name, value) in entries.iter() {
                inside(Place::Name(name), value);
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries.iter() {
                inside(Place::Key(key), value);
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Set(_)
        | Value::Unknown(_) => {}
    }
}

impl Place<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Name(name) => {
                out.extend_from_slice(b"{\"type\":\"get_attr\",\"value\":");
                write_string(out, name);
                out.push(b'}');
            }
            Self::Key(key) => {
                out.extend_from_slice(b"{\"type\":\"index\",\"value\":{\"value\":");
                write_string(out, key);
                out.extend_from_slice(b",\"type\":\"string\"}}");
            }
            Self::At(at) => {
                let step = format!(
                    "{{\"type\":\"index\",\"value\":{{\"value\":{at},\"type\":\"number\"}}}}"
                );
                out.extend_from_slice(step.as_bytes());
            }
        }
    }
}
