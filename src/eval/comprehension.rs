//! `for` expressions, and how collections are gone through.

use std::sync::Arc;

use super::{
    convert,
    expression::{Env, Failure, Frame, Key, KeyProblem, Outcome, eval, failed, key_of, unmark},
    show,
};
use crate::{
    manifest::ast::{Expr, ExprKind, For, Name},
    model::{Object, Span, Type, Value},
};

/// Evaluates a `for` expression.
pub(super) fn evaluate(node: &For, span: Span, env: Env<'_>) -> Outcome {
    let (collection, marked) = unmark(eval(&node.collection, env)?);
    // A `for` within another can make of its variable what holds it twice, and so on: what has a name is small enough.
    if env.frame().is_some() && makes_new(&node.collection) {
        env.effort.goes_through(&collection, node.collection.span)?;
    }
    let mut gathered = Gathered {
        marked,
        ..Gathered::default()
    };
    let visited = each(&collection, node.collection.span, &mut |key, item| {
        with_names(
            node.key_name.as_ref(),
            &node.value_name,
            &key,
            item,
            env,
            &mut |env| gathered.visit(node, env),
        )
    })?;
    let marked = gathered.marked;
    if !visited || gathered.unknown {
        return Ok(Value::UNKNOWN.marked(marked));
    }
    let value = if node.key.is_none() {
        Value::tuple(gathered.values)
    } else {
        gathered.into_object(node, span)?
    };
    env.effort.makes(&value, span)?;
    Ok(value.marked(marked))
}

/// Whether an expression makes a value that is not there without it.
fn makes_new(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Tuple(_)
            | ExprKind::Object(_)
            | ExprKind::For(_)
            | ExprKind::Call { .. }
            | ExprKind::Conditional(..)
            | ExprKind::Parens(_)
    )
}

/// A `for` expression's result as it grows.
#[derive(Default)]
struct Gathered {
    values: Vec<Value>,
    /// Keys of `values`, for the object form.
    keys: Vec<Arc<str>>,
    unknown: bool,
    marked: bool,
}

impl Gathered {
    fn visit(&mut self, node: &For, env: Env<'_>) -> Outcome<()> {
        if let Some(test) = &node.condition
            && !self.wanted(test, env)?
        {
            return Ok(());
        }
        if let Some(key) = &node.key {
            let value = eval(key, env)?;
            match key_of(value).map_err(|problem| for_key(key.span, problem))? {
                Key::Known(name, marked) => {
                    self.marked |= marked;
                    self.keys.push(name);
                }
                Key::Unknown(marked) => {
                    self.marked |= marked;
                    self.unknown = true;
                    return Ok(());
                }
            }
        }
        self.values.push(eval(&node.value, env)?);
        Ok(())
    }

    fn wanted(&mut self, test: &Expr, env: Env<'_>) -> Outcome<bool> {
        let (value, marked) = unmark(eval(test, env)?);
        self.marked |= marked;
        if value.is_null() {
            return Err(failed(
                test.span,
                "Condition is null",
                "The value of the 'if' clause must not be null.",
            ));
        }
        match convert::convert(&value, &Type::Bool) {
            Ok(value) => {
                self.unknown |= value.is_unknown();
                Ok(value.as_bool().unwrap_or(false))
            }
            Err(text) => Err(failed(
                test.span,
                "Invalid 'for' condition",
                format!("The 'if' clause value is invalid: {text}."),
            )),
        }
    }

    fn into_object(self, node: &For, span: Span) -> Outcome {
        let mut pairs: Vec<(Arc<str>, Value)> = self.keys.into_iter().zip(self.values).collect();
        // Stable: values of one key stay in the collection's order.
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        let mut entries = Object::with_capacity(pairs.len());
        let mut pairs = pairs.into_iter().peekable();
        while let Some((key, value)) = pairs.next() {
            let mut values = vec![value];
            while let Some((_, value)) = pairs.next_if(|(next, _)| *next == key) {
                values.push(value);
            }
            if node.group {
                entries.insert(key, Value::tuple(values));
            } else if values.len() > 1 {
                let at = node.key.as_ref().map_or(span, |key| key.span);
                return Err(duplicate_key(at, &key, self.marked));
            } else {
                entries.insert(key, values.swap_remove(0));
            }
        }
        Ok(Value::object(entries))
    }
}

fn for_key(span: Span, problem: KeyProblem) -> Box<Failure> {
    let detail = match problem {
        KeyProblem::Null => {
            "Key expression in 'for' expression must not produce a null value.".to_owned()
        }
        KeyProblem::Type(text) => format!("The key expression produced an invalid result: {text}."),
    };
    failed(span, "Invalid object key", detail)
}

fn duplicate_key(span: Span, key: &str, hidden: bool) -> Box<Failure> {
    let key = if hidden {
        "one (sensitive) key".to_owned()
    } else {
        format!("the key {}", show::quoted(key))
    };
    failed(
        span,
        "Duplicate object key",
        format!(
            "Two different items produced {key} in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key."
        ),
    )
}

/// Calls `visit` with every key and element of a collection; false: the collection is unknown.
pub(super) fn each(
    collection: &Value,
    span: Span,
    visit: &mut dyn FnMut(Value, &Value) -> Outcome<()>,
) -> Outcome<bool> {
    match collection {
        Value::List(items) | Value::Tuple(items) => {
            for (at, item) in (0..).zip(items.iter()) {
                visit(Value::int(at), item)?;
            }
        }
        Value::Set(items) => {
            for item in items.iter() {
                visit(item.clone(), item)?;
            }
        }
        Value::Map(entries) | Value::Object(entries) => {
            for (name, item) in entries.iter() {
                visit(Value::String(name.clone()), item)?;
            }
        }
        Value::Unknown(Type::Bool | Type::Number | Type::String)
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => {
            return Err(failed(
                span,
                "Iteration over non-iterable value",
                format!(
                    "A value of type {} cannot be used as the collection in a 'for' expression.",
                    show::type_name(&collection.type_of())
                ),
            ));
        }
        Value::Null => {
            return Err(failed(
                span,
                "Iteration over null value",
                "A null value cannot be used as the collection in a 'for' expression.",
            ));
        }
        Value::Unknown(_) => return Ok(false),
        Value::Sensitive(inner) => return each(inner, span, visit),
    }
    Ok(true)
}

/// Calls `then` with the variables of a `for` in place.
pub(super) fn with_names(
    key_name: Option<&Name>,
    value_name: &Name,
    key: &Value,
    item: &Value,
    env: Env<'_>,
    then: &mut dyn FnMut(Env<'_>) -> Outcome<()>,
) -> Outcome<()> {
    env.effort.step(value_name.span)?;
    let key_frame = Frame {
        name: key_name.map_or("", |name| &name.text),
        value: key,
        parent: env.frame(),
    };
    let value_frame = Frame {
        name: &value_name.text,
        value: item,
        parent: Some(&key_frame),
    };
    then(env.with_frame(&value_frame))
}
