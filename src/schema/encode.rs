//! From an object to the parameters of a call, as the table says. Start with [`encode`].

use std::fmt;

use super::{
    Attribute, Call, Part, Presence, ResourceType, Type, Wire,
    values::{equal, is_zero, to_wire},
};
use crate::model::{Object, Value};

/// A request parameter.
#[derive(Clone, PartialEq, Eq)]
pub struct Param {
    pub name: String,
    pub value: String,
    /// Never written to disk or shown.
    pub secret: bool,
}

impl fmt::Debug for Param {
    /// Shows no secret.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.secret { "***" } else { &self.value };
        write!(out, "{}={value}", self.name)
    }
}

/// Returns all parameters of a call, sorted by name: fixed ones, and each attribute that it carries.
/// What is null, unknown or empty is left out.
pub fn encode(ty: &ResourceType, call: &Call, object: &Object) -> Vec<Param> {
    let mut params = fixed(call);
    for (attribute, name) in carried(ty, call) {
        if let Some(value) = object.get(attribute.name) {
            write(attribute, call, name, value, &mut params);
        }
    }
    sorted(params)
}

/// Returns the parameters of an update call: what says which object it is, what changed (all of it, for a call that
/// says the whole), and what goes along. A value that went away is sent as the empty one.
pub fn encode_update(
    ty: &ResourceType,
    call: &Call,
    object: &Object,
    changed: &[String],
) -> Vec<Param> {
    let mut params = fixed(call);
    for (attribute, name) in carried(ty, call) {
        let value = object.get(attribute.name);
        if attribute.presence == Presence::Computed || attribute.rides {
            value
                .into_iter()
                .for_each(|value| write(attribute, call, name, value, &mut params));
        } else if is_changed(attribute, changed) {
            match value {
                Some(value) if !is_zero(value) => write(attribute, call, name, value, &mut params),
                value => params.extend(empty(attribute, name, value)),
            }
        } else if call.whole
            && let Some(value) = value
        {
            write(attribute, call, name, value, &mut params);
        }
    }
    sorted(params)
}

/// Returns the parameters of each call of a kind that carries one element at a time: the elements that
/// `desired` has and `prior` has not (`EachAdded`), or the other way round.
pub fn encode_each(
    ty: &ResourceType,
    call: &Call,
    prior: &Object,
    desired: &Object,
) -> Vec<Vec<Param>> {
    let (from, without) = match call.part {
        Part::Whole | Part::EachAdded => (desired, prior),
        Part::EachRemoved => (prior, desired),
    };
    let mut calls = Vec::new();
    for (attribute, name) in carried(ty, call) {
        let (Type::List(element) | Type::Set(element)) = &attribute.ty else {
            continue;
        };
        let items = |object: &Object| -> Vec<Value> {
            object
                .get(attribute.name)
                .and_then(Value::as_list)
                .unwrap_or_default()
                .to_vec()
        };
        let others = items(without);
        for item in items(from) {
            if others.iter().any(|other| equal(element, other, &item)) {
                continue;
            }
            let mut params = fixed(call);
            for (attribute, name) in carried(ty, call) {
                if attribute.presence == Presence::Computed
                    && let Some(value) = desired.get(attribute.name)
                {
                    write(attribute, call, name, value, &mut params);
                }
            }
            params.extend(scalar(attribute, name, &item));
            calls.push(sorted(params));
        }
    }
    calls
}

/// Whether a call has something to do for these changes.
pub fn carries(ty: &ResourceType, call: &Call, changed: &[String]) -> bool {
    carried(ty, call).any(|(attribute, _)| {
        attribute.presence != Presence::Computed
            && !attribute.rides
            && is_changed(attribute, changed)
    })
}

/// Whether all calls that make, change or delete an object of the type go together with those of others.
pub fn goes_together(ty: &ResourceType, deed: Deed<'_>) -> bool {
    let all = |calls: &[&Call]| !calls.is_empty() && calls.iter().all(|it| it.together.is_some());
    match deed {
        Deed::Create => all(ty.create),
        Deed::Delete => all(ty.delete),
        // Tags are changed by calls of their own, which go together whatever the type.
        Deed::Update(changed) => {
            let set =
                |it: &&Attribute| it.presence != Presence::Computed && is_changed(it, changed);
            let mut given = ty.attributes.iter().filter(set).peekable();
            given.peek().is_some() && given.all(|it| matches!(it.wire, Wire::Tags))
        }
    }
}

/// What is done to an object.
#[derive(Clone, Copy, Debug)]
pub enum Deed<'a> {
    Create,
    /// The attribute paths that change.
    Update(&'a [String]),
    Delete,
}

/// Returns the attributes that a call carries, with their parameter names. An empty name says that the
/// attribute decides about the call and is not itself sent.
pub fn carried(
    ty: &ResourceType,
    call: &Call,
) -> impl Iterator<Item = (&'static Attribute, &'static str)> {
    let attributes = ty.attributes;
    attributes
        .iter()
        .filter_map(move |attribute| Some((attribute, parameter(attribute, call)?)))
}

fn parameter(attribute: &Attribute, call: &Call) -> Option<&'static str> {
    attribute
        .sent
        .iter()
        .find(|(other, _)| std::ptr::eq(*other, call))
        .map(|(_, name)| *name)
}

/// Whether one of these paths is the attribute or is inside it.
pub fn is_changed(attribute: &Attribute, changed: &[String]) -> bool {
    changed.iter().any(|path| root(path) == attribute.name)
}

/// Returns the attribute at which a path starts: `data_disks` of `data_disks[0].size`.
pub fn root(path: &str) -> &str {
    path.split(['[', '.']).next().unwrap_or(path)
}

fn fixed(call: &Call) -> Vec<Param> {
    let param = |(name, value): &(&str, &str)| Param {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        secret: false,
    };
    call.with.iter().map(param).collect()
}

/// Sorts by name; of parameters with the same name (twins) the first stays.
fn sorted(mut params: Vec<Param>) -> Vec<Param> {
    params.sort_by(|a, b| a.name.cmp(&b.name));
    params.dedup_by(|later, earlier| later.name == earlier.name);
    params
}

fn write(attribute: &Attribute, call: &Call, name: &str, value: &Value, params: &mut Vec<Param>) {
    let value = value.unmarked();
    if name.is_empty() || value.is_unknown() || value.is_null() {
        return;
    }
    match (&attribute.wire, value) {
        (Wire::Tags, Value::Map(tags) | Value::Object(tags)) => {
            for (at, (key, value)) in tags.iter().enumerate() {
                let prefix = format!("{name}.{}", at + 1);
                params.push(param(attribute, format!("{prefix}.Key"), key.to_string()));
                params.extend(scalar(attribute, &format!("{prefix}.Value"), value));
            }
        }
        (Wire::Commas, Value::List(items) | Value::Set(items) | Value::Tuple(items)) => {
            let texts = texts(attribute, items);
            if !texts.is_empty() {
                params.push(param(attribute, name.to_owned(), texts.join(",")));
            }
        }
        (Wire::Json, Value::List(items) | Value::Set(items) | Value::Tuple(items)) => {
            let json = serde_json::Value::from(texts(attribute, items));
            params.push(param(attribute, name.to_owned(), json.to_string()));
        }
        (Wire::Struct, Value::List(items)) => {
            if let Some(block) = items.first() {
                numbered(attribute, call, name, block, params);
            }
        }
        (_, Value::Map(_) | Value::Object(_)) => {
            params.push(param(
                attribute,
                name.to_owned(),
                value.to_json().to_string(),
            ));
        }
        (_, Value::List(items) | Value::Set(items) | Value::Tuple(items)) => {
            for (at, item) in items.iter().enumerate() {
                numbered(attribute, call, &format!("{name}.{}", at + 1), item, params);
            }
        }
        (_, Value::String(text)) if text.is_empty() => {}
        (_, scalar_value) => params.extend(scalar(attribute, name, scalar_value)),
    }
}

/// Writes one element: a scalar, or a block's attributes after what they are in: `Outer.N`, `Outer`.
fn numbered(
    attribute: &Attribute,
    call: &Call,
    prefix: &str,
    item: &Value,
    params: &mut Vec<Param>,
) {
    let (Type::Blocks(nested, ..) | Type::BlockSet(nested, ..)) = attribute.ty else {
        params.extend(scalar(attribute, prefix, item));
        return;
    };
    let Some(block) = item.as_object() else {
        return;
    };
    for inner in nested {
        if let Some(name) = parameter(inner, call)
            && let Some(value) = block.get(inner.name)
        {
            write(inner, call, &format!("{prefix}.{name}"), value, params);
        }
    }
}

fn texts(attribute: &Attribute, items: &[Value]) -> Vec<String> {
    items
        .iter()
        .filter_map(|item| to_wire(&attribute.wire, item))
        .collect()
}

fn scalar(attribute: &Attribute, name: &str, value: &Value) -> Option<Param> {
    let text = to_wire(&attribute.wire, value)?;
    Some(match name.strip_suffix("[]") {
        Some(name) => {
            let list = serde_json::Value::from(vec![text]);
            param(attribute, name.to_owned(), list.to_string())
        }
        None => param(attribute, name.to_owned(), text),
    })
}

fn param(attribute: &Attribute, name: String, value: String) -> Param {
    Param {
        name,
        value,
        secret: attribute.sensitive,
    }
}

/// What is sent for a scalar that went away; a zero that is written is sent as it is.
fn empty(attribute: &Attribute, name: &str, value: Option<&Value>) -> Option<Param> {
    if name.is_empty() || value.is_some_and(Value::is_unknown) {
        return None;
    }
    if let Some(zero) = value.filter(|value| !value.is_null()) {
        return scalar(attribute, name, zero);
    }
    let zero = match attribute.ty {
        Type::String => Value::string(""),
        Type::Bool => Value::Bool(false),
        Type::Int | Type::Float => Value::int(0),
        Type::Any
        | Type::List(_)
        | Type::Set(_)
        | Type::Map
        | Type::Blocks(..)
        | Type::BlockSet(..) => return None,
    };
    scalar(attribute, name, &zero)
}
