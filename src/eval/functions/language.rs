//! The functions of the provider `terraform`: values to text of the language, and back.

use super::{Answer, Call, Fault, Function, Kind, is_identifier, param, show};
use crate::{
    eval::{Scope, evaluate},
    manifest::{self, ast::Target},
    model::{Object, Value},
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "provider::terraform::decode_tfvars",
        &[param("src", Kind::String)],
        Kind::Any,
        decode_tfvars,
    )
    .doc("Reads the text of a file of values of variables.")
    .example(
        r#"provider::terraform::decode_tfvars("a = [1]\n")"#,
        "{a = [1]}",
    ),
    Function::new(
        "provider::terraform::encode_expr",
        &[param("value", Kind::Any)],
        Kind::String,
        |call| Ok(Value::string(expression(&call.args[0], 0))),
    )
    .doc("Writes a value as an expression.")
    .example(
        r#"provider::terraform::encode_expr([1, "a"])"#,
        r#""[1, \"a\"]""#,
    ),
    Function::new(
        "provider::terraform::encode_tfvars",
        &[param("value", Kind::Any)],
        Kind::String,
        encode_tfvars,
    )
    .doc("Writes an object as the text of a file of values of variables.")
    .example(
        r#"provider::terraform::encode_tfvars({a = 1})"#,
        r#""a = 1\n""#,
    ),
];

/// A scope in which nothing has a name.
struct Nothing;

impl Scope for Nothing {
    fn target(&self, _: &Target) -> Result<Value, String> {
        Err("Variables may not be used here.".to_owned())
    }

    fn special(&self, _: &str, _: &str) -> Option<Value> {
        None
    }
}

fn decode_tfvars(call: &Call<'_>) -> Answer {
    let said =
        |problem: &crate::model::Diagnostic| format!("{}: {}", problem.summary, problem.detail);
    let values = manifest::parse_values(call.text(0))
        .map_err(|problem| format!("invalid content: {}", said(&problem)))?;
    let mut all = Object::with_capacity(values.len());
    for (name, expr) in values {
        let value = evaluate(&expr, &Nothing).map_err(|problem| {
            let name = show::quoted(&name.text);
            format!("invalid expression for variable {name}: {}", said(&problem))
        })?;
        all.insert(name.text, value);
    }
    Ok(Value::object(all))
}

fn encode_tfvars(call: &Call<'_>) -> Answer {
    let entries = call.args[0]
        .as_object()
        .ok_or("the value must be an object whose attributes are the variables")?;
    if let Some(name) = entries.keys().find(|name| !is_identifier(name)) {
        return Err(Fault::from(format!(
            "{} cannot be the name of a variable",
            show::quoted(name)
        )));
    }
    Ok(Value::string(attributes(entries, 0)))
}

/// Writes attributes, one a line; the signs of neighbours that take one line stand below one another.
fn attributes(entries: &Object, depth: usize) -> String {
    let lines: Vec<(String, String)> = entries
        .iter()
        .map(|(name, value)| {
            let name = if is_identifier(name) {
                name.to_string()
            } else {
                quoted(name)
            };
            (name, expression(value, depth))
        })
        .collect();
    let single = |line: &(String, String)| !line.1.contains('\n');
    let mut text = String::new();
    for group in lines.chunk_by(|a, b| single(a) && single(b)) {
        let width = group.iter().map(|(name, _)| name.chars().count()).max();
        let width = width.filter(|_| group.len() > 1).unwrap_or(0);
        for (name, value) in group {
            text.push_str(&"  ".repeat(depth));
            text.push_str(&format!("{name:width$} = {value}\n"));
        }
    }
    text
}

fn expression(value: &Value, depth: usize) -> String {
    match value {
        Value::Null | Value::Unknown(_) => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
            let items: Vec<String> = items.iter().map(|item| expression(item, depth)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) | Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Map(entries) | Value::Object(entries) => {
            format!(
                "{{\n{}{}}}",
                attributes(entries, depth + 1),
                "  ".repeat(depth)
            )
        }
        Value::Sensitive(inner) => expression(inner, depth),
    }
}

/// Writes a text in quotes, with nothing in it that would be evaluated.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => {
                out.push(letter);
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
