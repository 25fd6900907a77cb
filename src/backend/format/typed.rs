//! Values of dynamic type: `{"value": …, "type": …}`, as Terraform's type system encodes them.

use std::sync::Arc;

use super::{
    super::StateError,
    text::{Names, read_value, write_entries, write_list, write_value},
};
use crate::model::{Object, Type, Value, types::Field};

/// The encoding of a value of dynamic type.
#[derive(serde::Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    value: &'a serde_json::value::RawValue,
    #[serde(borrow, rename = "type")]
    ty: &'a serde_json::value::RawValue,
}

/// Reads a value of dynamic type: `null`, or the value with its type.
pub fn read_dynamic<'a>(text: &'a str, names: &mut Names<'a>) -> Result<Value, StateError> {
    if text.trim_ascii() == "null" {
        return Ok(Value::Null);
    }
    let wrapped: Wrapped<'_> = serde_json::from_str(text).map_err(|error| {
        StateError::Shape(format!("a value of dynamic type cannot be read: {error}"))
    })?;
    let value = read_value(wrapped.value.get(), names)?;
    names.typing(wrapped.ty.get())?.apply(value)
}

/// A type, and whether values read without one look different.
pub struct Typing {
    ty: Type,
    shows: bool,
}

impl Typing {
    /// Reads the type's JSON form.
    pub fn read(text: &str) -> Result<Self, StateError> {
        let ty = read_type(text)?;
        let shows = shows(&ty);
        Ok(Self { ty, shows })
    }

    /// Gives a value that was read without a type the kinds of this one.
    fn apply(&self, value: Value) -> Result<Value, StateError> {
        if self.shows {
            return Ok(value);
        }
        retype(value, &self.ty)
    }
}

/// Whether JSON alone shows the type: no lists, sets, maps, and nothing dynamic.
fn shows(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Number | Type::String => true,
        Type::Any | Type::List(_) | Type::Set(_) | Type::Map(_) => false,
        Type::Tuple(elements) => elements.iter().all(shows),
        Type::Object(fields) => fields.iter().all(|field| shows(&field.ty)),
    }
}

/// Reads a type's JSON form.
pub fn read_type(text: &str) -> Result<Type, StateError> {
    let json: serde_json::Value = serde_json::from_str(text)
        .map_err(|error| StateError::Shape(format!("a type cannot be read: {error}")))?;
    Type::from_json(&json).ok_or_else(|| StateError::Shape(format!("{json} is not a type")))
}

/// Gives a value that was read without a type the kinds of its type.
pub fn retype(value: Value, ty: &Type) -> Result<Value, StateError> {
    let all = |items: Arc<Vec<Value>>, element: &Type| -> Result<Vec<Value>, StateError> {
        let items = Arc::unwrap_or_clone(items);
        items
            .into_iter()
            .map(|item| retype(item, element))
            .collect()
    };
    Ok(match (ty, value) {
        (_, Value::Null) => Value::Null,
        (Type::Any, Value::Object(entries)) => unwrap(&entries)?,
        (Type::Any, other) => other,
        (Type::List(element), Value::Tuple(items)) => Value::list(all(items, element)?),
        (Type::Set(element), Value::Tuple(items)) => Value::set(all(items, element)?),
        (Type::Tuple(elements), Value::Tuple(items)) if elements.len() == items.len() => {
            let items = Arc::unwrap_or_clone(items).into_iter().zip(elements.iter());
            let items = items.map(|(item, element)| retype(item, element));
            Value::tuple(items.collect::<Result<_, _>>()?)
        }
        (Type::Map(element), Value::Object(entries)) => {
            Value::map(each(entries, |_| Some(element))?)
        }
        (Type::Object(fields), Value::Object(entries)) => {
            let field = |name: &str| fields.iter().find(|field| &*field.name == name);
            Value::object(each(entries, |name| field(name).map(|field| &field.ty))?)
        }
        (Type::Bool, value @ Value::Bool(_))
        | (Type::Number, value @ Value::Number(_))
        | (Type::String, value @ Value::String(_)) => value,
        (ty, _) => {
            return Err(StateError::Shape(format!(
                "a value is not of its type {ty}"
            )));
        }
    })
}

fn each<'t>(
    entries: Arc<Object>,
    ty: impl Fn(&str) -> Option<&'t Type>,
) -> Result<Object, StateError> {
    let entries = Arc::unwrap_or_clone(entries).into_iter();
    let retyped = entries.map(|(name, value)| match ty(&name) {
        Some(ty) => Ok((name, retype(value, ty)?)),
        None => Err(StateError::Shape(format!(
            "the type of a value does not have its attribute {name}"
        ))),
    });
    let retyped: Vec<_> = retyped.collect::<Result<_, StateError>>()?;
    Ok(retyped.into_iter().collect())
}

/// Reads the encoding of a value of dynamic type inside another value.
fn unwrap(entries: &Object) -> Result<Value, StateError> {
    let (Some(value), Some(ty)) = (entries.get("value"), entries.get("type")) else {
        return Err(StateError::Shape(
            "a value of dynamic type lacks its type".to_owned(),
        ));
    };
    let ty = Type::from_json(&ty.to_json())
        .ok_or_else(|| StateError::Shape("a value has no known type".to_owned()))?;
    retype(value.clone(), &ty)
}

/// Writes a value of dynamic type.
pub fn write_dynamic(out: &mut Vec<u8>, value: &Value) {
    if value.is_null() || value.is_unknown() {
        out.extend_from_slice(b"null");
        return;
    }
    let ty = exact(value);
    out.extend_from_slice(b"{\"value\":");
    write_typed(out, value, &ty);
    out.extend_from_slice(b",\"type\":");
    write_type(out, &ty);
    out.push(b'}');
}

/// Writes a value as one of this type; where the type says nothing, the value says it.
pub fn write_typed(out: &mut Vec<u8>, value: &Value, ty: &Type) {
    match (ty, value.unmarked()) {
        (Type::Any, value) => write_dynamic(out, value),
        (Type::List(element) | Type::Set(element), value) if value.as_list().is_some() => {
            let items = value.as_list().unwrap_or_default();
            write_list(out, items, |out, item| write_typed(out, item, element));
        }
        (Type::Tuple(elements), Value::Tuple(items)) => {
            write_list(out, items.iter().zip(elements.iter()), |out, (item, ty)| {
                write_typed(out, item, ty);
            });
        }
        (Type::Map(element), Value::Map(entries) | Value::Object(entries)) => {
            write_entries(out, entries.iter(), |out, _, value| {
                write_typed(out, value, element);
            });
        }
        (Type::Object(fields), Value::Map(entries) | Value::Object(entries)) => {
            write_entries(out, entries.iter(), |out, name, value| {
                let field = fields.iter().find(|field| field.name == *name);
                write_typed(out, value, field.map_or(&Type::Any, |field| &field.ty));
            });
        }
        (_, value) => write_value(out, value),
    }
}

/// Writes a type's JSON form.
pub fn write_type(out: &mut Vec<u8>, ty: &Type) {
    serde_json::to_writer(out, &ty.to_json()).expect("memory takes all bytes");
}

/// Returns the type of a value; elements of a collection agree, whatever is null in them.
pub fn exact(value: &Value) -> Type {
    let common =
        |items: &mut dyn Iterator<Item = &Value>| Arc::new(items.map(exact).fold(Type::Any, merge));
    match value {
        Value::List(items) => Type::List(common(&mut items.iter())),
        Value::Set(items) => Type::Set(common(&mut items.iter())),
        Value::Map(entries) => Type::Map(common(&mut entries.values())),
        Value::Tuple(items) => Type::Tuple(items.iter().map(exact).collect()),
        Value::Object(entries) => {
            let field = |(name, value): (&Arc<str>, &Value)| Field {
                name: name.clone(),
                ty: exact(value),
                optional: false,
                default: None,
            };
            Type::Object(entries.iter().map(field).collect())
        }
        Value::Sensitive(inner) => exact(inner),
        // An unknown is stored as null, which has no type.
        Value::Unknown(_) => Type::Any,
        scalar => scalar.type_of(),
    }
}

/// Returns what both types say.
fn merge(a: Type, b: Type) -> Type {
    match (a, b) {
        (Type::Any, other) | (other, Type::Any) => other,
        (Type::List(a), Type::List(b)) => Type::list(merge((*a).clone(), (*b).clone())),
        (Type::Set(a), Type::Set(b)) => Type::set(merge((*a).clone(), (*b).clone())),
        (Type::Map(a), Type::Map(b)) => Type::map(merge((*a).clone(), (*b).clone())),
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            let both = a.iter().cloned().zip(b.iter().cloned());
            Type::Tuple(both.map(|(a, b)| merge(a, b)).collect())
        }
        (Type::Object(a), Type::Object(b)) if same_names(&a, &b) => {
            let both = a.iter().zip(b.iter());
            let field = |(a, b): (&Field, &Field)| Field {
                ty: merge(a.ty.clone(), b.ty.clone()),
                ..a.clone()
            };
            Type::Object(both.map(field).collect())
        }
        (a, _) => a,
    }
}

fn same_names(a: &[Field], b: &[Field]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.name == b.name)
}

/// Whether the type leaves nothing open.
pub fn is_whole(ty: &Type) -> bool {
    match ty {
        Type::Any => false,
        Type::Bool | Type::Number | Type::String => true,
        Type::List(element) | Type::Set(element) | Type::Map(element) => is_whole(element),
        Type::Tuple(elements) => elements.iter().all(is_whole),
        Type::Object(fields) => fields.iter().all(|field| is_whole(&field.ty)),
    }
}
