//! Coerces evaluated arguments to the shape that the table declares, and says what does not fit.
//!
//! It looks at shapes only: whether a value is allowed is `validate`'s question. Start with [`convert`].

use std::sync::Arc;

use super::{
    Attribute, Presence, Problem, ResourceType, Type,
    names::{layout, shared},
    path::Path,
    timeouts::{self, ConfiguredTimeouts},
};
use crate::model::{Number, Object, Value, diagnostic::did_you_mean, types};

/// Arguments in the table's shape.
#[derive(Clone, Debug, Default)]
pub struct Converted {
    /// Only what is given and not null.
    pub arguments: Object,
    pub timeouts: ConfiguredTimeouts,
    pub problems: Vec<Problem>,
}

/// Coerces evaluated arguments: `"3"` becomes 3, a tuple a list, nested blocks a list of objects.
///
/// Sensitive attributes get their mark; what is unknown stays unknown, of its type.
pub fn convert(ty: &ResourceType, mut given: Object) -> Converted {
    let mut problems = Vec::new();
    let timeouts = match given.remove("timeouts") {
        Some(block) => timeouts::read(ty, &block, &mut problems),
        None => ConfiguredTimeouts::default(),
    };
    let arguments = object(ty.attributes, given, Path::ROOT, &mut problems);
    Converted {
        arguments,
        timeouts,
        problems,
    }
}

/// Converts the attributes of a type or of one nested block.
fn object(
    attributes: &'static [Attribute],
    given: Object,
    parent: Path<'_>,
    problems: &mut Vec<Problem>,
) -> Object {
    let mut converted = Object::with_capacity(given.len());
    let layout = layout(attributes);
    for (place, (name, value)) in given.into_iter().enumerate() {
        let path = parent.name(&name);
        let row = layout.row(place, &name);
        let Some(attribute) = row.map(|row| &attributes[row]) else {
            problems.push(unsupported(attributes, &name, path.to_string()));
            continue;
        };
        let is_block = matches!(attribute.ty, Type::Blocks(..) | Type::BlockSet(..));
        // No block of a kind is the same as not writing any.
        if value.is_null() || is_block && value.as_list().is_some_and(<[Value]>::is_empty) {
            continue;
        }
        if attribute.presence == Presence::Computed {
            problems.push(read_only(&name, path.to_string()));
            continue;
        }
        if let Some(successor) = attribute.deprecated {
            problems.push(deprecated(&name, successor, path.to_string()));
        }
        if let Some(value) = one(&attribute.ty, value, path, problems) {
            converted.insert(shared(attribute.name), {
                let sensitive = attribute.sensitive && !value.is_null();
                value.marked(sensitive)
            });
        }
    }
    for attribute in attributes {
        let path = || parent.name(attribute.name).to_string();
        if attribute.presence == Presence::Required
            && !converted.contains_key(attribute.name)
            && !problems.iter().any(|problem| problem.path == path())
        {
            problems.push(missing(attribute.name, path()));
        }
    }
    converted
}

/// Converts one value. `None` after a problem was reported.
fn one(
    ty: &'static Type,
    value: Value,
    path: Path<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Value> {
    match value {
        Value::Sensitive(inner) => {
            let inner = Arc::try_unwrap(inner).unwrap_or_else(|shared| (*shared).clone());
            one(ty, inner, path, problems).map(Value::sensitive)
        }
        Value::Unknown(of) if may_become(&of, ty) => Some(Value::Unknown(model_type(ty))),
        Value::Null => Some(Value::Null),
        value => known(ty, value, path, problems),
    }
}

fn known(
    ty: &'static Type,
    value: Value,
    path: Path<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Value> {
    let converted = match ty {
        Type::Any => Some(value.clone()),
        Type::String => text(&value).map(Value::String),
        Type::Int => number(&value)
            .filter(|number| matches!(number, Number::Int(_)))
            .map(Value::Number),
        Type::Float => number(&value).map(Value::Number),
        Type::Bool => boolean(&value).map(Value::Bool),
        Type::List(element) => {
            return elements(&value, ty, path, problems, |item, at, problems| {
                one(element, item, path.at(at), problems)
            })
            .map(Value::list);
        }
        Type::Set(element) => {
            // A set's elements have no position to name.
            return elements(&value, ty, path, problems, |item, _, problems| {
                one(element, item, path, problems)
            })
            .map(Value::set);
        }
        Type::Map => return map(&value, path, problems),
        Type::Blocks(attributes, min, max) => {
            return blocks(attributes, (*min, *max), value, ty, path, problems).map(Value::list);
        }
        Type::BlockSet(attributes, min, max) => {
            return blocks(attributes, (*min, *max), value, ty, path, problems).map(Value::set);
        }
    };
    if converted.is_none() {
        problems.push(wrong_type(ty, &value, path));
    }
    converted
}

fn elements(
    value: &Value,
    ty: &'static Type,
    path: Path<'_>,
    problems: &mut Vec<Problem>,
    mut convert: impl FnMut(Value, usize, &mut Vec<Problem>) -> Option<Value>,
) -> Option<Vec<Value>> {
    let Some(items) = value.as_list() else {
        problems.push(wrong_type(ty, value, path));
        return None;
    };
    let before = problems.len();
    let mut converted = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        if item.is_null() {
            problems.push(Problem {
                path: path.to_string(),
                summary: "Null element".to_owned(),
                detail: format!(
                    "Element {at} of \"{path}\" is null, and its elements must have a value."
                ),
                hint: None,
                warning: false,
            });
            continue;
        }
        converted.extend(convert(item.clone(), at, problems));
    }
    (problems[before..].iter().all(|problem| problem.warning)).then_some(converted)
}

fn map(value: &Value, path: Path<'_>, problems: &mut Vec<Problem>) -> Option<Value> {
    let Some(entries) = value.as_object() else {
        problems.push(wrong_type(&Type::Map, value, path));
        return None;
    };
    let mut converted = Object::with_capacity(entries.len());
    // A null element is as good as none.
    for (key, item) in entries.iter().filter(|(_, item)| !item.is_null()) {
        let path = path.key(key);
        if let Some(item) = one(&Type::String, item.clone(), path, problems) {
            converted.insert(key.clone(), item);
        }
    }
    Some(Value::map(converted))
}

fn blocks(
    attributes: &'static [Attribute],
    (min, max): (usize, usize),
    value: Value,
    ty: &'static Type,
    path: Path<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Value>> {
    // A single block may be written as one object.
    let value = if value.as_object().is_some() {
        Value::tuple(vec![value])
    } else {
        value
    };
    let found = value.as_list().map(<[Value]>::len);
    let converted = elements(&value, ty, path, problems, |item, at, problems| {
        block(attributes, item, path.at(at), problems)
    });
    if let Some(found) = found
        && !(min..=max).contains(&found)
    {
        problems.push(count(path, found, min, max));
    }
    converted
}

fn block(
    attributes: &'static [Attribute],
    value: Value,
    path: Path<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Value> {
    match value {
        Value::Sensitive(inner) => {
            block(attributes, (*inner).clone(), path, problems).map(Value::sensitive)
        }
        Value::Map(entries) | Value::Object(entries) => {
            let given = Arc::try_unwrap(entries).unwrap_or_else(|shared| (*shared).clone());
            Some(Value::object(object(attributes, given, path, problems)))
        }
        Value::Unknown(_) => Some(Value::UNKNOWN),
        other => {
            problems.push(Problem {
                path: path.to_string(),
                summary: "Wrong type".to_owned(),
                detail: format!(
                    "\"{path}\" must be a block, and it is {}.",
                    described(&other)
                ),
                hint: None,
                warning: false,
            });
            None
        }
    }
}

/// Returns the text of a value as Terraform converts it to a string.
pub(super) fn text(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Bool(value) => Some(value.to_string().into()),
        _ => None,
    }
}

pub(super) fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => Number::parse(text),
        _ => None,
    }
}

pub(super) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match &**text {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the language's type of an attribute's values.
pub fn model_type(ty: &Type) -> types::Type {
    match ty {
        Type::Any => types::Type::Any,
        Type::String => types::Type::String,
        Type::Int | Type::Float => types::Type::Number,
        Type::Bool => types::Type::Bool,
        Type::List(element) => types::Type::list(model_type(element)),
        Type::Set(element) => types::Type::set(model_type(element)),
        Type::Map => types::Type::map(types::Type::String),
        Type::Blocks(attributes, ..) => types::Type::list(object_type(attributes)),
        Type::BlockSet(attributes, ..) => types::Type::set(object_type(attributes)),
    }
}

/// Returns the language's type of an object with these attributes.
pub fn object_type(attributes: &[Attribute]) -> types::Type {
    let mut fields: Vec<types::Field> = attributes
        .iter()
        .map(|attribute| types::Field {
            name: shared(attribute.name),
            ty: model_type(&attribute.ty),
            optional: false,
            default: None,
        })
        .collect();
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    types::Type::Object(fields.into())
}

/// Whether an unknown value of type `of` may turn out to fit `ty`.
fn may_become(of: &types::Type, ty: &Type) -> bool {
    use types::Type as Of;
    match ty {
        Type::Any => true,
        Type::String | Type::Int | Type::Float | Type::Bool => {
            matches!(of, Of::Any | Of::Bool | Of::Number | Of::String)
        }
        Type::List(_) | Type::Set(_) => {
            matches!(of, Of::Any | Of::List(_) | Of::Set(_) | Of::Tuple(_))
        }
        Type::Map => matches!(of, Of::Any | Of::Map(_) | Of::Object(_)),
        Type::Blocks(..) | Type::BlockSet(..) => matches!(
            of,
            Of::Any | Of::List(_) | Of::Set(_) | Of::Tuple(_) | Of::Map(_) | Of::Object(_)
        ),
    }
}

/// What a type is called in a message, with its article.
fn wanted(ty: &Type) -> &'static str {
    match ty {
        Type::Any => "a value",
        Type::String => "a string",
        Type::Int => "a whole number",
        Type::Float => "a number",
        Type::Bool => "true or false",
        Type::List(Type::String) => "a list of strings",
        Type::Set(Type::String) => "a set of strings",
        Type::List(_) => "a list",
        Type::Set(_) => "a set",
        Type::Map => "a map of strings",
        Type::Blocks(..) | Type::BlockSet(..) => "a list of blocks",
    }
}

fn described(value: &Value) -> &'static str {
    match value.unmarked() {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(Number::Int(_)) => "a number",
        Value::Number(Number::Decimal(_)) => "a number with a fraction",
        Value::String(_) => "a string",
        Value::List(_) | Value::Tuple(_) => "a list",
        Value::Set(_) => "a set",
        Value::Map(_) => "a map",
        Value::Object(_) => "an object",
        Value::Unknown(_) | Value::Sensitive(_) => "of another type",
    }
}

fn wrong_type(ty: &Type, value: &Value, path: Path<'_>) -> Problem {
    Problem {
        path: path.to_string(),
        summary: "Wrong type".to_owned(),
        detail: format!(
            "\"{path}\" must be {}, and it is {}.",
            wanted(ty),
            described(value)
        ),
        hint: match ty {
            Type::List(_) | Type::Set(_) if text(value).is_some() => {
                Some(format!("Put the value in brackets: {path} = [ … ]."))
            }
            Type::List(_) | Type::Set(_) => Some(format!("Write a list: {path} = [ … ].")),
            Type::Map => Some(format!("Write a map: {path} = {{ key = \"value\" }}.")),
            Type::Blocks(..) | Type::BlockSet(..) => {
                Some(format!("Write a block: {path} {{ … }}."))
            }
            Type::String => {
                Some("Write text in quotes; of a list, take one element: list[0].".to_owned())
            }
            Type::Int => Some("Write a whole number, such as 40.".to_owned()),
            Type::Float => Some("Write a number, such as 0.5.".to_owned()),
            Type::Bool => Some("Write true or false.".to_owned()),
            Type::Any => None,
        },
        warning: false,
    }
}

fn unsupported(attributes: &[Attribute], name: &str, path: String) -> Problem {
    let settable = attributes
        .iter()
        .filter(|attribute| attribute.presence != Presence::Computed)
        .map(|attribute| attribute.name);
    Problem {
        detail: format!("An argument named \"{name}\" is not expected here."),
        hint: Some(did_you_mean(name, settable).map_or_else(
            || "Remove it; docs/reference lists what can be set.".to_owned(),
            |other| format!("Did you mean \"{other}\"?"),
        )),
        summary: "Unsupported argument".to_owned(),
        path,
        warning: false,
    }
}

fn read_only(name: &str, path: String) -> Problem {
    Problem {
        detail: format!("\"{name}\" is decided by the cloud and cannot be set."),
        hint: Some(format!("Remove \"{name}\".")),
        summary: "Read-only argument".to_owned(),
        path,
        warning: false,
    }
}

fn deprecated(name: &str, successor: &str, path: String) -> Problem {
    Problem {
        detail: format!("\"{name}\" still works, and it is deprecated."),
        hint: (!successor.is_empty()).then(|| format!("Use \"{successor}\" instead.")),
        summary: "Deprecated argument".to_owned(),
        path,
        warning: true,
    }
}

fn missing(name: &str, path: String) -> Problem {
    Problem {
        detail: format!("The argument \"{name}\" is required, and it is not set."),
        hint: Some(format!("Add \"{name}\".")),
        summary: "Missing required argument".to_owned(),
        path,
        warning: false,
    }
}

fn count(path: Path<'_>, found: usize, min: usize, max: usize) -> Problem {
    let (summary, limit) = if found < min {
        ("Too few blocks", format!("at least {min}"))
    } else {
        ("Too many blocks", format!("at most {max}"))
    };
    let plural = if found == 1 { "block" } else { "blocks" };
    Problem {
        path: path.to_string(),
        summary: summary.to_owned(),
        detail: format!("There are {found} \"{path}\" {plural}, and {limit} can be given."),
        hint: Some(if found < min {
            format!("Add a {path} block.")
        } else {
            "Remove some of them.".to_owned()
        }),
        warning: false,
    }
}
