//! Terraform's conversions between types, and the one type that several values have in common.

use std::sync::Arc;

use super::show::type_name;
use crate::model::{Number, Object, Type, Value, types::Field};

/// Converts a value to a type constraint, as Terraform does: strings to numbers and back, tuples to
/// lists and sets, objects to maps, missing optional attributes to their defaults.
///
/// Marks and unknowns stay. The error is a sentence without a full stop that names the path:
/// `attribute "a": a number is required`.
pub fn convert(value: &Value, ty: &Type) -> Result<Value, String> {
    match (value, ty) {
        (_, Type::Any) | (Value::Null, _) => Ok(value.clone()),
        (Value::Bool(_), Type::Bool)
        | (Value::Number(_), Type::Number)
        | (Value::String(_), Type::String) => Ok(value.clone()),
        (Value::Sensitive(inner), _) => convert(inner, ty).map(Value::sensitive),
        (Value::Unknown(from), _) => unknown(from, ty),
        (_, Type::Bool) => to_bool(value),
        (_, Type::Number) => to_number(value),
        (_, Type::String) => to_string(value),
        (_, Type::List(element)) => to_list(value, element),
        (_, Type::Set(element)) => to_set(value, element),
        (_, Type::Map(element)) => to_map(value, element),
        (_, Type::Tuple(elements)) => to_tuple(value, elements),
        (_, Type::Object(fields)) => to_object(value, fields),
    }
}

/// Reads a number as Terraform's strings spell it: decimal digits, a point, an exponent.
pub(super) fn parse_number(text: &str) -> Option<Number> {
    let plain =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    (digits && text.len() <= 5_000 && text.bytes().all(plain))
        .then(|| Number::parse(text))
        .flatten()
}

fn required(ty: &Type) -> String {
    format!("{} required", type_name(ty))
}

fn to_bool(value: &Value) -> Result<Value, String> {
    match value {
        Value::String(text) => match &**text {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err("a bool is required".to_owned()),
        },
        _ => Err(required(&Type::Bool)),
    }
}

fn to_number(value: &Value) -> Result<Value, String> {
    match value {
        Value::String(text) => parse_number(text)
            .map(Value::Number)
            .ok_or_else(|| "a number is required".to_owned()),
        _ => Err(required(&Type::Number)),
    }
}

fn to_string(value: &Value) -> Result<Value, String> {
    match value {
        Value::Number(number) => Ok(Value::string(number.to_string())),
        Value::Bool(value) => Ok(Value::string(if *value { "true" } else { "false" })),
        _ => Err(required(&Type::String)),
    }
}

/// Converts the elements to one type. `Any` means whichever type they have in common.
fn elements(items: &[Value], element: &Type, whole: &Type) -> Result<Vec<Value>, String> {
    let common;
    let element = if *element == Type::Any {
        let types: Vec<Type> = items.iter().map(Value::type_of).collect();
        common = unify(&types).ok_or_else(|| required(whole))?;
        &common
    } else {
        element
    };
    items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            convert(item, element).map_err(|problem| format!("element {at}: {problem}"))
        })
        .collect()
}

/// Whether a value has the type already, so that it can be shared.
fn conforms(value: &Value, ty: &Type) -> bool {
    match (value, ty) {
        (Value::Null | Value::Bool(_), Type::Bool)
        | (Value::Null | Value::Number(_), Type::Number)
        | (Value::Null | Value::String(_), Type::String) => true,
        (Value::List(items), Type::List(element)) => {
            **element != Type::Any && items.iter().all(|item| conforms(item, element))
        }
        (Value::Map(entries), Type::Map(element)) => {
            **element != Type::Any && entries.values().all(|item| conforms(item, element))
        }
        (Value::Unknown(from), _) => from == ty,
        (Value::Sensitive(inner), _) => conforms(inner, ty),
        _ => false,
    }
}

fn to_list(value: &Value, element: &Arc<Type>) -> Result<Value, String> {
    let ty = Type::List(element.clone());
    match value {
        _ if conforms(value, &ty) => Ok(value.clone()),
        Value::Set(items) if items.iter().any(Value::is_unknown) => {
            // Unknown elements may turn out equal to others: not even the length is known.
            Ok(Value::Unknown(ty))
        }
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
            Ok(Value::list(elements(items, element, &ty)?))
        }
        _ => Err(required(&ty)),
    }
}

fn to_set(value: &Value, element: &Arc<Type>) -> Result<Value, String> {
    let ty = Type::Set(element.clone());
    match value {
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
            let items = elements(items, element, &ty)?;
            // A set cannot have sensitive elements: their places would tell about them.
            let marked = items.iter().any(Value::has_sensitive);
            let items = if marked {
                items.iter().map(Value::unmarked_deep).collect()
            } else {
                items
            };
            Ok(Value::set(items).marked(marked))
        }
        _ => Err(required(&ty)),
    }
}

fn to_map(value: &Value, element: &Arc<Type>) -> Result<Value, String> {
    let ty = Type::Map(element.clone());
    if conforms(value, &ty) {
        return Ok(value.clone());
    }
    let (Value::Map(entries) | Value::Object(entries)) = value else {
        return Err(required(&ty));
    };
    let common;
    let element = if **element == Type::Any {
        let types: Vec<Type> = entries.values().map(Value::type_of).collect();
        common = unify(&types).ok_or_else(|| required(&ty))?;
        &common
    } else {
        element
    };
    let entries = entries
        .iter()
        .map(|(name, item)| match convert(item, element) {
            Ok(item) => Ok((name.clone(), item)),
            Err(problem) => Err(format!("element {}: {problem}", super::show::quoted(name))),
        })
        .collect::<Result<Object, String>>()?;
    Ok(Value::map(entries))
}

fn to_tuple(value: &Value, types: &[Type]) -> Result<Value, String> {
    let (Value::Tuple(items) | Value::List(items)) = value else {
        return Err("tuple required".to_owned());
    };
    if items.len() != types.len() {
        return Err(format!(
            "tuple of {} elements required, but it has {}",
            types.len(),
            items.len()
        ));
    }
    let items = items.iter().zip(types).enumerate();
    items
        .map(|(at, (item, ty))| convert(item, ty).map_err(|e| format!("element {at}: {e}")))
        .collect::<Result<Vec<_>, _>>()
        .map(Value::tuple)
}

fn to_object(value: &Value, fields: &[Field]) -> Result<Value, String> {
    let (Value::Map(entries) | Value::Object(entries)) = value else {
        return Err("object required".to_owned());
    };
    let missing: Vec<String> = fields
        .iter()
        .filter(|field| !field.optional && !entries.contains_key(&field.name))
        .map(|field| format!("\"{}\"", field.name))
        .collect();
    match missing.as_slice() {
        [] => {}
        [one] => return Err(format!("attribute {one} is required")),
        [rest @ .., last] => {
            return Err(format!(
                "attributes {} and {last} are required",
                rest.join(", ")
            ));
        }
    }
    let mut result = Object::with_capacity(fields.len());
    for field in fields {
        let given = entries.get(&field.name).filter(|value| !value.is_null());
        let value = given.or(field.default.as_ref()).unwrap_or(&Value::Null);
        let value = convert(value, &field.ty)
            .map_err(|problem| format!("attribute \"{}\": {problem}", field.name))?;
        result.insert(field.name.clone(), value);
    }
    Ok(Value::object(result))
}

/// Converts a value of which only the type is known.
fn unknown(from: &Type, ty: &Type) -> Result<Value, String> {
    use Type::{Any, Bool, List, Map, Number, Object, Set, String, Tuple};
    let possible = match (from, ty) {
        (Any, _) | (_, Any) => true,
        (Bool | Number | String, String) => true,
        (String, Bool | Number) => true,
        (List(_) | Set(_) | Tuple(_), List(_) | Set(_)) => true,
        (List(_) | Tuple(_), Tuple(_)) => true,
        (Map(_) | Object(_), Map(_) | Object(_)) => true,
        _ => from == ty,
    };
    if !possible {
        return Err(required(ty));
    }
    Ok(Value::Unknown(match (from, ty) {
        (List(_), List(element)) | (Set(_), Set(element)) | (Map(_), Map(element))
            if **element == Any =>
        {
            from.clone()
        }
        _ => ty.clone(),
    }))
}

/// Returns the type that values of all the types convert to; `Any` fits everything.
pub(super) fn unify(types: &[Type]) -> Option<Type> {
    let mut known = types.iter().filter(|ty| **ty != Type::Any);
    let Some(first) = known.next() else {
        return Some(Type::Any);
    };
    if known.all(|ty| ty == first) {
        return Some(first.clone());
    }
    let types: Vec<&Type> = types.iter().filter(|ty| **ty != Type::Any).collect();
    if types.iter().all(|ty| is_primitive(ty)) {
        // No two other primitive types convert to one another.
        return types.contains(&&Type::String).then_some(Type::String);
    }
    unify_sequences(&types).or_else(|| unify_mappings(&types))
}

fn is_primitive(ty: &Type) -> bool {
    matches!(ty, Type::Bool | Type::Number | Type::String)
}

fn unify_sequences(types: &[&Type]) -> Option<Type> {
    let (mut tuples, mut sets, mut inner) = (Vec::new(), 0, Vec::new());
    for ty in types {
        match ty {
            Type::Tuple(elements) => {
                tuples.push(elements);
                inner.extend(elements.iter().cloned());
            }
            Type::Set(element) => {
                sets += 1;
                inner.push((**element).clone());
            }
            Type::List(element) => inner.push((**element).clone()),
            _ => return None,
        }
    }
    let all_tuples = tuples.len() == types.len();
    if all_tuples && tuples.iter().all(|t| t.len() == tuples[0].len()) {
        let position = |at: usize| {
            unify(
                &tuples
                    .iter()
                    .map(|tuple| tuple[at].clone())
                    .collect::<Vec<_>>(),
            )
        };
        return (0..tuples[0].len())
            .map(position)
            .collect::<Option<Vec<_>>>()
            .map(|elements| Type::Tuple(elements.into()));
    }
    let element = unify(&inner)?;
    Some(if sets > 0 && sets + tuples.len() == types.len() {
        Type::set(element)
    } else {
        Type::list(element)
    })
}

fn unify_mappings(types: &[&Type]) -> Option<Type> {
    let (mut objects, mut inner) = (Vec::new(), Vec::new());
    for ty in types {
        match ty {
            Type::Object(fields) => {
                objects.push(fields);
                inner.extend(fields.iter().map(|field| field.ty.clone()));
            }
            Type::Map(element) => inner.push((**element).clone()),
            _ => return None,
        }
    }
    let names = |fields: &[Field]| fields.iter().map(|f| f.name.clone()).collect::<Vec<_>>();
    let same = objects.len() == types.len()
        && objects
            .iter()
            .all(|fields| names(fields) == names(objects[0]));
    if !same {
        return unify(&inner).map(Type::map);
    }
    let field = |at: usize| {
        let ty = unify(&objects.iter().map(|o| o[at].ty.clone()).collect::<Vec<_>>())?;
        Some(Field {
            ty,
            ..objects[0][at].clone()
        })
    };
    (0..objects[0].len())
        .map(field)
        .collect::<Option<Vec<_>>>()
        .map(|fields| Type::Object(fields.into()))
}

/// Converts a value to the type that it has in common with another; `None` when there is none.
pub(super) fn align(value: &Value, other: &Value) -> Option<Value> {
    use Value::{Bool, Null, Number, String, Unknown};
    match (value.unmarked(), other.unmarked()) {
        (Bool(_), Bool(_)) | (Number(_), Number(_)) | (String(_), String(_)) => Some(value.clone()),
        (Null, _) | (_, Null) => Some(value.clone()),
        // Of a value without a known type nothing can be said, nor what the other becomes with it.
        (Unknown(Type::Any), _) | (_, Unknown(Type::Any)) => Some(value.clone()),
        _ => {
            let (mine, others) = (value.type_of(), other.type_of());
            if mine == others {
                return Some(value.clone());
            }
            convert(value, &unify(&[mine, others])?).ok()
        }
    }
}
