//! `count` and `for_each`: how many instances a block has, and under which keys.

use std::sync::Arc;

use super::{
    Scope,
    convert::convert,
    expression::{Env, eval, unmark},
    show,
};
use crate::{
    manifest::ast::Expr,
    model::{Diagnostic, Number, Type, Value},
};

/// The most instances of one block.
const MAX_INSTANCES: u64 = 10_000_000;

/// The instances of a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Expansion {
    /// One, without a key.
    Single,
    /// This many, with the keys from 0.
    Count(u64),
    /// One for each key, sorted, with what `each.value` is.
    ForEach(Vec<(Arc<str>, Value)>),
    /// Not known yet. [`expand`] reports this as an error; planners that can wait make it themselves.
    Unknown,
}

/// Evaluates `count` or `for_each` of a block. The errors are Terraform's, and say what to do.
pub fn expand(
    count: Option<&Expr>,
    for_each: Option<&Expr>,
    scope: &dyn Scope,
) -> Result<Expansion, Diagnostic> {
    match (count, for_each) {
        (None, None) => Ok(Expansion::Single),
        (Some(count), None) => counted(count, scope),
        (None, Some(for_each)) => keyed(for_each, scope),
        (Some(_), Some(for_each)) => Err(Diagnostic::error(
            "Invalid combination of \"count\" and \"for_each\"",
            "The \"count\" and \"for_each\" meta-arguments are mutually exclusive. Use only one of them to say how many objects to create.",
        )
        .at(for_each.span)),
    }
}

fn value_of(expr: &Expr, scope: &dyn Scope) -> Result<(Value, bool), Diagnostic> {
    let value = eval(expr, Env::new(scope)).map_err(|failure| failure.diagnostic)?;
    Ok(unmark(value))
}

fn counted(expr: &Expr, scope: &dyn Scope) -> Result<Expansion, Diagnostic> {
    let invalid = |detail: &str| {
        Diagnostic::error("Invalid count argument", detail)
            .at(expr.span)
            .hint("Give a whole number from 0 upwards that is known while planning.")
    };
    // How many instances there are is seen anyway.
    let (value, _) = value_of(expr, scope)?;
    if value.is_null() {
        return Err(invalid(
            "The given \"count\" argument value is null. An integer is required.",
        ));
    }
    let value = convert(&value, &Type::Number).map_err(|problem| {
        Diagnostic::error(
            "Incorrect value type",
            format!("Invalid expression value: {problem}."),
        )
        .at(expr.span)
        .hint("Give a whole number from 0 upwards.")
    })?;
    let Value::Number(number) = value else {
        return Err(undetermined("count", expr));
    };
    let Number::Int(count) = number else {
        return Err(invalid(
            "The given \"count\" argument value is unsuitable: value must be a whole number.",
        ));
    };
    let count = u64::try_from(count).map_err(|_| {
        invalid("The given \"count\" argument value is unsuitable: must be greater than or equal to zero.")
    })?;
    if count > MAX_INSTANCES {
        return Err(invalid(&format!(
            "The given \"count\" argument value is unsuitable: {count} is more than the {MAX_INSTANCES} instances that a block may have."
        )));
    }
    Ok(Expansion::Count(count))
}

fn exposed(argument: &str, expr: &Expr) -> Diagnostic {
    Diagnostic::error(
        format!("Invalid {argument} argument"),
        format!("Sensitive values, or values derived from sensitive values, cannot be used as {argument} arguments. If used, the sensitive value could be exposed as a resource instance key."),
    )
    .at(expr.span)
    .hint("Use keys that are no secret, or wrap the value in nonsensitive() if it is none.")
}

fn undetermined(argument: &str, expr: &Expr) -> Diagnostic {
    let what = if argument == "count" {
        "The \"count\" value depends on resource attributes that cannot be determined until apply, so that it cannot be predicted how many instances will be created."
    } else {
        "The \"for_each\" value depends on resource attributes that cannot be determined until apply, so that the full set of keys that will identify the instances is not known."
    };
    Diagnostic::error(format!("Invalid {argument} argument"), what)
        .at(expr.span)
        .hint(if argument == "count" {
            "First apply only the resources that the count depends on, with -target."
        } else {
            "Use a map whose keys are written in the configuration and put the results of apply into its values only, or first apply only what the for_each depends on, with -target."
        })
}

fn unsuitable(expr: &Expr, why: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid for_each argument",
        format!("The given \"for_each\" argument value is unsuitable: {why}."),
    )
    .at(expr.span)
    .hint("Give a map, or a set of strings.")
}

fn keyed(expr: &Expr, scope: &dyn Scope) -> Result<Expansion, Diagnostic> {
    let (value, sensitive) = value_of(expr, scope)?;
    if sensitive {
        return Err(exposed("for_each", expr));
    }
    match &value {
        Value::Null => Err(unsuitable(
            expr,
            "the given \"for_each\" argument value is null. A map, or set of strings is allowed",
        )),
        Value::Unknown(Type::Any | Type::Map(_) | Type::Set(_)) => {
            Err(undetermined("for_each", expr))
        }
        // The keys of an object type are known, even where the values are not.
        Value::Unknown(Type::Object(fields)) => Ok(Expansion::ForEach(
            fields
                .iter()
                .map(|field| (field.name.clone(), Value::Unknown(field.ty.clone())))
                .collect(),
        )),
        Value::Map(entries) | Value::Object(entries) => Ok(Expansion::ForEach(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        )),
        Value::Set(items) => members(items, expr),
        other => {
            let problem = unsuitable(
                expr,
                &format!(
                    "the \"for_each\" argument must be a map, or set of strings, and you have provided a value of type {}",
                    show::type_name(&other.type_of())
                ),
            );
            Err(match other {
                Value::Tuple(_) | Value::List(_) => {
                    problem.hint("Convert the list with toset(…) if its strings are unique.")
                }
                _ => problem,
            })
        }
    }
}

fn members(items: &[Value], expr: &Expr) -> Result<Expansion, Diagnostic> {
    let wrong = |why: &str| {
        Diagnostic::error(
            "Invalid for_each set argument",
            format!("The given \"for_each\" argument value is unsuitable: {why}."),
        )
        .at(expr.span)
        .hint("Give a set of strings: toset([for x in … : tostring(x)]).")
    };
    let mut keys = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Value::String(text) => keys.push((text.clone(), item.clone())),
            Value::Unknown(_) => return Err(undetermined("for_each", expr)),
            Value::Null => return Err(wrong("\"for_each\" sets must not contain null values")),
            other => {
                return Err(wrong(&format!(
                    "\"for_each\" supports maps and sets of strings, but you have provided a set containing type {}",
                    show::type_name(&other.type_of())
                )));
            }
        }
    }
    Ok(Expansion::ForEach(keys))
}
