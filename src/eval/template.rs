//! Strings with interpolations and directives.

use std::fmt::Write;

use super::{
    comprehension::{each, with_names},
    convert,
    expression::{Env, Failure, MAX_TEXT, Outcome, condition, eval, failed, fatal, unmark},
};
use crate::{
    manifest::ast::{Expr, Name, Part},
    model::{Span, Type, Value},
};

/// Evaluates a template. One interpolation alone keeps its type.
pub(super) fn evaluate(parts: &[Part], span: Span, env: Env<'_>) -> Outcome {
    if let [Part::Interpolation(expr)] = parts {
        return eval(expr, env);
    }
    let mut text = Text::default();
    text.parts(parts, env)?;
    let value = if text.unknown {
        Value::Unknown(Type::String)
    } else {
        Value::string(text.text)
    };
    env.effort.makes(&value, span)?;
    Ok(value.marked(text.marked))
}

/// A template's result as it grows.
#[derive(Default)]
struct Text {
    text: String,
    unknown: bool,
    marked: bool,
}

impl Text {
    fn parts(&mut self, parts: &[Part], env: Env<'_>) -> Outcome<()> {
        for part in parts {
            match part {
                Part::Literal(text) => self.text.push_str(text),
                Part::Interpolation(expr) => self.interpolation(expr, env)?,
                Part::If {
                    condition: test,
                    yes,
                    no,
                } => {
                    let (test, marked) = condition(test, env)?;
                    self.marked |= marked;
                    match test {
                        Some(true) => self.parts(yes, env)?,
                        Some(false) => self.parts(no, env)?,
                        None => self.unknown = true,
                    }
                }
                Part::For {
                    key_name,
                    value_name,
                    collection,
                    body,
                } => self.repeat(key_name.as_ref(), value_name, collection, body, env)?,
            }
        }
        Ok(())
    }

    fn interpolation(&mut self, expr: &Expr, env: Env<'_>) -> Outcome<()> {
        let (value, marked) = unmark(eval(expr, env)?);
        self.marked |= marked;
        match &value {
            Value::String(text) => self.text.push_str(text),
            Value::Number(number) => {
                let _ = write!(self.text, "{number}");
            }
            Value::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Null => return Err(null_in_template(expr.span)),
            other => match convert::convert(other, &Type::String) {
                Ok(_) => self.unknown = true,
                Err(text) => return Err(value_in_template(expr.span, &text)),
            },
        }
        if self.text.len() > MAX_TEXT {
            return Err(too_long(expr.span));
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        key_name: Option<&Name>,
        value_name: &Name,
        collection: &Expr,
        body: &[Part],
        env: Env<'_>,
    ) -> Outcome<()> {
        let (value, marked) = unmark(eval(collection, env)?);
        self.marked |= marked;
        let visited = each(&value, collection.span, &mut |key, item| {
            if self.text.len() > MAX_TEXT {
                return Err(too_long(collection.span));
            }
            with_names(key_name, value_name, &key, item, env, &mut |env| {
                self.parts(body, env)
            })
        })?;
        self.unknown |= !visited;
        Ok(())
    }
}

fn null_in_template(span: Span) -> Box<Failure> {
    failed(
        span,
        "Invalid template interpolation value",
        "The expression result is null. Cannot include a null value in a string template.",
    )
}

fn value_in_template(span: Span, text: &str) -> Box<Failure> {
    failed(
        span,
        "Invalid template interpolation value",
        format!("Cannot include the given value in a string template: {text}."),
    )
}

fn too_long(span: Span) -> Box<Failure> {
    fatal(
        span,
        "Text too long",
        format!(
            "This text would be longer than {} MiB. Check what it repeats.",
            MAX_TEXT >> 20
        ),
    )
}
