//! Names, attributes, indices and splats.

use std::sync::Arc;

use super::{
    convert::convert,
    expression::{Env, Failure, Outcome, eval, failed, fatal, unmark},
    reference::{Head, head},
    show,
};
use crate::{
    manifest::ast::{Expr, ExprKind, Name},
    model::{Key, Number, Object, ResourceAddress, Span, Type, Value, diagnostic::did_you_mean},
};

/// Evaluates `object.name`.
pub(super) fn attribute(expr: &Expr, object: &Expr, name: &Name, env: Env<'_>) -> Outcome {
    if let Some(head) = known_head(expr, env) {
        return resolve(&head, expr.span, env);
    }
    if let Some(value) = output(object, name, env) {
        return Ok(value);
    }
    if let ExprKind::Variable(root) = &object.kind
        && matches!(&**root, "data" | "resource")
        && env.local(root).is_none()
    {
        return Err(super::reference::bare(root, object.span));
    }
    if let Some(address) = known_head(object, env).and_then(|head| head.resource())
        && env.scope.keyed(&address) == Some(true)
    {
        return Err(keyless(&address, expr.span));
    }
    let (value, marked) = unmark(eval(object, env)?);
    get(&value, name, marked)
        .map(|value| value.marked(marked))
        .map_err(|failure| explain(failure, object, &value, env))
}

/// Returns one output of a module, without a look at the module's others.
fn output(object: &Expr, name: &Name, env: Env<'_>) -> Option<Value> {
    let (module, key, name) = super::reference::output(object, name)?;
    if env.local("module").is_some() {
        return None;
    }
    let (key, marked) = match key {
        None => (Key::None, false),
        Some(key) => {
            let (key, marked) = unmark(eval(key, env).ok()?);
            (instance_key(&key)?, marked)
        }
    };
    let value = env.scope.output(module, &key, &name.text)?;
    Some(value.marked(marked))
}

/// Returns what an expression names, unless a local name hides it.
fn known_head<'a>(expr: &'a Expr, env: Env<'_>) -> Option<Head<'a>> {
    let (root, head) = head(expr)?;
    env.local(root).is_none().then_some(head)
}

fn resolve(head: &Head<'_>, span: Span, env: Env<'_>) -> Outcome {
    if let Head::Special(root, name) = head {
        return env
            .scope
            .special(root, &name.text)
            .ok_or_else(|| no_special(root, name, span));
    }
    let Some(target) = head.target() else {
        return Ok(Value::UNKNOWN);
    };
    let summary = match head {
        Head::Variable(_) => "Reference to undeclared input variable",
        Head::Local(_) => "Reference to undeclared local value",
        Head::Module(_) => "Reference to undeclared module",
        Head::Resource { kind, .. } if &***kind == "output" && env.scope.names_outputs() => {
            "Reference to undeclared output value"
        }
        Head::Resource { kind, .. } if &***kind == "run" => "Reference to unavailable run block",
        Head::Resource { .. } | Head::Special(..) => "Reference to undeclared resource",
    };
    env.scope
        .target(&target)
        .map_err(|problem| fatal(span, summary, problem))
}

fn no_special(root: &str, name: &Name, span: Span) -> Box<Failure> {
    let name_text = &name.text;
    let (summary, detail) = match root {
        "each" if &**name_text == "value" => (
            "each.value cannot be used in this context".to_owned(),
            "The \"each\" object can be used only in \"resource\" and \"data\" blocks, and only when the \"for_each\" argument is set.".to_owned(),
        ),
        "each" if &**name_text == "key" => (
            "Reference to \"each\" in context without for_each".to_owned(),
            "The \"each\" object can be used only in \"resource\" and \"data\" blocks, and only when the \"for_each\" argument is set.".to_owned(),
        ),
        "count" if &**name_text == "index" => (
            "Reference to \"count\" in non-counted context".to_owned(),
            "The \"count\" object can only be used in \"resource\" and \"data\" blocks, and only when the \"count\" argument is set.".to_owned(),
        ),
        "self" => (
            "Invalid \"self\" reference".to_owned(),
            "The \"self\" object is not available in this context. This object can be used only in postcondition blocks, and only with attributes that the resource has.".to_owned(),
        ),
        _ => {
            let known: &[&str] = match root {
                "each" => &["key", "value"],
                "count" => &["index"],
                "path" => &["module", "root", "cwd"],
                _ => &["applying", "workspace"],
            };
            let hint = did_you_mean(name_text, known.iter().copied())
                .map_or_else(String::new, |name| format!(" Did you mean \"{name}\"?"));
            (
                format!("Invalid \"{root}\" attribute"),
                format!("The \"{root}\" object does not have an attribute named \"{name_text}\".{hint}"),
            )
        }
    };
    fatal(span, summary, detail)
}

/// Returns the attribute of a value that carries no mark; `hidden`: it did, so that nothing of it is shown.
fn get(value: &Value, name: &Name, hidden: bool) -> Outcome {
    let unsupported = |detail: String| failed(name.span, "Unsupported attribute", detail);
    match value {
        Value::Object(entries) => entries
            .get(&name.text)
            .cloned()
            .ok_or_else(|| unsupported(no_attribute(names(entries, hidden), name))),
        Value::Map(entries) => entries
            .get(&name.text)
            .cloned()
            .ok_or_else(|| missing_element(names(entries, hidden), name)),
        Value::Null => Err(failed(
            name.span,
            "Attempt to get attribute from null value",
            format!(
                "This value is null, so it does not have any attributes, such as \"{}\".",
                name.text
            ),
        )),
        Value::Unknown(ty) => get_unknown(ty, name),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Err(unsupported(format!(
            "Can't access attributes on a primitive-typed value ({}).",
            show::type_name(&value.type_of())
        ))),
        Value::List(_) | Value::Tuple(_) | Value::Set(_) => Err(unsupported(
            no_attributes_of_sequence(&show::type_name(&value.type_of()), &name.text),
        )),
        Value::Sensitive(inner) => get(inner, name, true).map(Value::sensitive),
    }
}

fn no_attributes_of_sequence(ty: &str, name: &str) -> String {
    format!(
        "This value does not have any attributes: it is a {ty}. For the attribute of one element, index it; for that of all elements, write [*].{name}."
    )
}

fn no_attribute<'a>(names: impl Iterator<Item = &'a str>, name: &Name) -> String {
    let hint = did_you_mean(&name.text, names)
        .map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
    format!(
        "This object does not have an attribute named \"{}\".{hint}",
        name.text
    )
}

/// The names that a message may suggest.
fn names(entries: &Object, hidden: bool) -> impl Iterator<Item = &str> {
    entries.keys().map(|key| &**key).filter(move |_| !hidden)
}

fn missing_element<'a>(names: impl Iterator<Item = &'a str>, name: &Name) -> Box<Failure> {
    let hint = did_you_mean(&name.text, names)
        .map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
    failed(
        name.span,
        "Missing map element",
        format!(
            "This map does not have an element with the key \"{}\".{hint}",
            name.text
        ),
    )
}

fn get_unknown(ty: &Type, name: &Name) -> Outcome {
    let unsupported = |detail: String| Err(failed(name.span, "Unsupported attribute", detail));
    match ty {
        Type::Any => Ok(Value::UNKNOWN),
        Type::Map(element) => Ok(Value::Unknown((**element).clone())),
        Type::Object(fields) => match fields.iter().find(|field| field.name == name.text) {
            Some(field) => Ok(Value::Unknown(field.ty.clone())),
            None => unsupported(no_attribute(fields.iter().map(|field| &*field.name), name)),
        },
        Type::Bool | Type::Number | Type::String => unsupported(format!(
            "Can't access attributes on a primitive-typed value ({ty})."
        )),
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
            unsupported(no_attributes_of_sequence(&show::type_name(ty), &name.text))
        }
    }
}

fn keyless(address: &ResourceAddress, span: Span) -> Box<Failure> {
    let mut failure = fatal(
        span,
        "Missing resource instance key",
        format!(
            "{address} has several instances, so that an attribute is one of a certain instance."
        ),
    );
    failure.diagnostic.hint = Some(format!(
        "Name an instance by its key, as in {address}[count.index] or {address}[each.key]; for all of them, write {address}[*] or values({address})[*]."
    ));
    failure
}

/// Says more where the object is a whole resource that has instances.
fn explain(mut failure: Box<Failure>, object: &Expr, value: &Value, env: Env<'_>) -> Box<Failure> {
    let Some(address) = known_head(object, env).and_then(|head| head.resource()) else {
        return failure;
    };
    if matches!(value, Value::Tuple(_)) {
        failure.diagnostic.summary = "Missing resource instance key".to_owned();
        failure.diagnostic.detail = format!(
            "Because {address} has \"count\" set, its attributes must be accessed on specific instances."
        );
        failure.diagnostic.hint = Some(format!(
            "To correlate with indices of a referring resource, use {address}[count.index]."
        ));
    } else if let Value::Object(entries) = value
        && !entries.is_empty()
        && entries
            .values()
            .all(|item| matches!(item.unmarked(), Value::Object(_)))
    {
        failure.diagnostic.hint = Some(format!(
            "If {address} has \"for_each\" set, its attributes must be accessed on specific instances, for example {address}[each.key]."
        ));
    }
    failure
}

/// Evaluates `collection[key]`.
pub(super) fn index(expr: &Expr, collection: &Expr, key: &Expr, env: Env<'_>) -> Outcome {
    let resource = known_head(collection, env).and_then(|head| head.resource());
    let (key_value, key_marked) = unmark(eval(key, env)?);
    if let Some(resource) = &resource
        && let Some(instance) = instance_key(&key_value)
        && let Some(value) = env.scope.instance(resource, &instance)
    {
        return Ok(value.marked(key_marked));
    }
    if let Some(address) = &resource
        && env.scope.keyed(address) == Some(false)
    {
        let mut failure = fatal(
            expr.span,
            "Unexpected resource instance key",
            format!("{address} has neither \"count\" nor \"for_each\" set, so that it is one."),
        );
        failure.diagnostic.hint = Some("Remove the bracketed index.".to_owned());
        return Err(failure);
    }
    let (value, marked) = unmark(eval(collection, env)?);
    let found = element(
        &value,
        &key_value,
        marked || key_marked,
        expr.span,
        key.span,
    );
    found
        .map(|value| value.marked(marked || key_marked))
        .map_err(|mut failure| {
            if let Some(address) = resource
                && matches!((&value, &key_value), (Value::Object(_), Value::Number(_)))
            {
                failure.diagnostic.summary = "Unexpected resource instance key".to_owned();
                failure.diagnostic.detail = format!(
                    "{address} does not have \"count\" set, so that its instances are not numbered. Remove the bracketed index, or use a key of its \"for_each\"."
                );
            }
            failure
        })
}

fn instance_key(key: &Value) -> Option<Key> {
    match key {
        Value::Number(Number::Int(index)) => u64::try_from(*index).ok().map(Key::Int),
        Value::String(text) => Some(Key::Text(text.clone())),
        _ => None,
    }
}

/// Returns the element of a collection; neither it nor the key carries a mark.
fn element(value: &Value, key: &Value, hidden: bool, whole: Span, at: Span) -> Outcome {
    let invalid = |why: &str| {
        failed(
            at,
            "Invalid index",
            format!("The given key does not identify an element in this collection value{why}."),
        )
    };
    match value {
        Value::Null => Err(failed(
            whole,
            "Attempt to index null value",
            "This value is null, so it does not have any indices.",
        )),
        Value::Set(_) | Value::Unknown(Type::Set(_)) => Err(failed(
            at,
            "Invalid index",
            "Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's only possible to perform operations across all elements of the set.",
        )),
        Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Unknown(Type::Bool | Type::Number | Type::String) => Err(failed(
            at,
            "Invalid index",
            "This value does not have any indices.",
        )),
        Value::List(items) | Value::Tuple(items) => {
            let at = position(key, items.len(), hidden).map_err(|why| invalid(&why))?;
            let first = || match value {
                Value::List(_) => items.first().map_or(Type::Any, Value::type_of),
                _ => Type::Any,
            };
            Ok(at.map_or_else(|| Value::Unknown(first()), |at| items[at].clone()))
        }
        Value::Map(entries) | Value::Object(entries) => {
            member(entries, key, hidden).map_err(|why| invalid(&why))
        }
        Value::Unknown(ty) => Ok(Value::Unknown(element_type(ty))),
        Value::Sensitive(inner) => element(inner, key, true, whole, at).map(Value::sensitive),
    }
}

/// Returns the type of a collection's elements as far as it is one.
fn element_type(ty: &Type) -> Type {
    match ty {
        Type::List(element) | Type::Set(element) | Type::Map(element) => (**element).clone(),
        _ => Type::Any,
    }
}

/// Returns the position that a key means; `None` when the key is unknown.
fn position(key: &Value, len: usize, hidden: bool) -> Result<Option<usize>, String> {
    if key.is_null() {
        return Err(": the key is null".to_owned());
    }
    let number = match convert(key, &Type::Number) {
        Ok(Value::Number(number)) => number,
        Ok(_) => return Ok(None),
        Err(_) => return Err(": a number is required".to_owned()),
    };
    let Number::Int(at) = number else {
        return Err(": indexing a sequence requires a whole number, but the given index has a fractional part".to_owned());
    };
    if at < 0 {
        return Err(": a negative number is not a valid index for a sequence".to_owned());
    }
    match usize::try_from(at).ok().filter(|at| *at < len) {
        Some(at) => Ok(Some(at)),
        None if len == 0 => Err(": the collection has no elements".to_owned()),
        None if hidden => Err(String::new()),
        None => Err(format!(
            ": the index {at} is out of range, as the collection has {len} element{}",
            if len == 1 { "" } else { "s" }
        )),
    }
}

fn member(entries: &Object, key: &Value, hidden: bool) -> Result<Value, String> {
    if key.is_null() {
        return Err(": the key is null".to_owned());
    }
    match convert(key, &Type::String) {
        Ok(Value::String(name)) => entries.get(&name).cloned().ok_or_else(|| {
            if hidden {
                return String::new();
            }
            let near = did_you_mean(&name, entries.keys().map(|key| &**key))
                .map_or_else(String::new, |near| {
                    format!(". Did you mean {}?", show::quoted(near))
                });
            // The sentence ends after the question already.
            format!(
                ": there is no element {}{}",
                show::quoted(&name),
                near.trim_end_matches('?')
            )
        }),
        Ok(_) => Ok(Value::UNKNOWN),
        Err(problem) => Err(format!(": {problem}")),
    }
}

/// Evaluates `source[*].…`.
pub(super) fn splat(source: &Expr, each: &Expr, env: Env<'_>) -> Outcome {
    let (value, marked) = unmark(eval(source, env)?);
    let over = |items: &[Value]| {
        items
            .iter()
            .map(|item| eval(each, env.with_item(item)))
            .collect::<Outcome<Vec<Value>>>()
    };
    let result = match &value {
        Value::Null => Value::tuple(Vec::new()),
        Value::List(items) | Value::Set(items) => Value::list(over(items)?),
        Value::Tuple(items) => Value::tuple(over(items)?),
        Value::Unknown(Type::List(element) | Type::Set(element)) => {
            let item = Value::Unknown((**element).clone());
            let ty = eval(each, env.with_item(&item))?.type_of();
            Value::Unknown(Type::List(Arc::new(ty)))
        }
        Value::Unknown(_) => Value::UNKNOWN,
        _ => Value::tuple(vec![eval(each, env.with_item(&value))?]),
    };
    Ok(result.marked(marked))
}
