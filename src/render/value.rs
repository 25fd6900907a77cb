//! Single values as text: quoted strings, names, numbers, and the form of `terraform output`.
//!
//! Quoting follows Go's `%q`, which is what Terraform prints. Text that could steer a terminal
//! never gets out unescaped.

use std::{borrow::Cow, fmt::Write as _};

use crate::model::{Object, Type, Value};

/// Returns the text in double quotes, everything unprintable escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        escape(c, &mut out);
    }
    out.push('"');
    out
}

fn escape(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{b}' => out.push_str("\\v"),
        '\u{c}' => out.push_str("\\f"),
        c if !is_hidden(c) => out.push(c),
        c => {
            let code = u32::from(c);
            // Writing to a String does not fail.
            let _ = match code {
                0..=0x7f => write!(out, "\\x{code:02x}"),
                0x80..=0xffff => write!(out, "\\u{code:04x}"),
                _ => write!(out, "\\U{code:08x}"),
            };
        }
    }
}

/// Whether a character shows nothing of its own, or steers the terminal.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Returns the text with what would steer a terminal replaced; tabs and joined emoji stay.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c != '\t' && c != '\u{200d}' && is_hidden(c);
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(steers, "\u{fffd}"))
}

/// Returns an attribute's name as it stands left of `=`: quoted unless it is an identifier.
pub(super) fn name(text: &str) -> Cow<'_, str> {
    let first = |c: char| c.is_alphabetic() || c == '_';
    let rest = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if text.starts_with(first) && text.chars().all(rest) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(quoted(text))
    }
}

/// Returns the value in the form of `terraform output` and of the console.
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    format(value, None, 0, &mut out);
    out
}

/// Returns the value in that form; nulls are written as the type says: `tostring(null)`.
pub fn typed_text(value: &Value, ty: &Type) -> String {
    let mut out = String::new();
    format(value, Some(ty), 0, &mut out);
    out
}

fn format(value: &Value, ty: Option<&Type>, indent: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str(&null(ty)),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::String(text) => string(text, indent, out),
        Value::List(items) => wrapped("tolist", out, |out| sequence(items, ty, indent, out)),
        Value::Set(items) => wrapped("toset", out, |out| sequence(items, ty, indent, out)),
        Value::Tuple(items) => sequence(items, ty, indent, out),
        Value::Map(entries) => wrapped("tomap", out, |out| mapping(entries, ty, indent, out)),
        Value::Object(entries) => mapping(entries, ty, indent, out),
        Value::Unknown(_) => out.push_str("(known after apply)"),
        Value::Sensitive(_) => out.push_str("(sensitive value)"),
    }
}

fn wrapped(function: &str, out: &mut String, inner: impl FnOnce(&mut String)) {
    out.push_str(function);
    out.push('(');
    inner(out);
    out.push(')');
}

fn null(ty: Option<&Type>) -> String {
    match ty {
        None | Some(Type::Any) => "null".to_owned(),
        Some(Type::Tuple(_)) => "null /* tuple */".to_owned(),
        Some(Type::Object(_)) => "null /* object */".to_owned(),
        Some(ty @ (Type::Bool | Type::Number | Type::String)) => format!("to{ty}(null)"),
        Some(Type::List(element)) => format!("tolist(null) /* of {} */", friendly(element)),
        Some(Type::Set(element)) => format!("toset(null) /* of {} */", friendly(element)),
        Some(Type::Map(element)) => format!("tomap(null) /* of {} */", friendly(element)),
    }
}

/// Returns a type in words, as Terraform has it in comments.
fn friendly(ty: &Type) -> String {
    match ty {
        Type::Any => "dynamic".to_owned(),
        Type::Bool | Type::Number | Type::String => ty.to_string(),
        Type::List(element) => format!("list of {}", friendly(element)),
        Type::Set(element) => format!("set of {}", friendly(element)),
        Type::Map(element) => format!("map of {}", friendly(element)),
        Type::Tuple(_) => "tuple".to_owned(),
        Type::Object(_) => "object".to_owned(),
    }
}

/// Returns a type in the form of the console's `type(…)`.
pub fn type_text(ty: &Type) -> String {
    let mut out = String::new();
    format_type(ty, 0, &mut out);
    out
}

fn format_type(ty: &Type, indent: usize, out: &mut String) {
    let inner = indent + 4;
    let element = |name: &str, element: &Type, out: &mut String| {
        out.push_str(name);
        out.push('(');
        if matches!(
            element,
            Type::Any | Type::Bool | Type::Number | Type::String
        ) {
            format_type(element, indent, out);
        } else {
            line_break(inner, out);
            format_type(element, inner, out);
            out.push(',');
            line_break(indent, out);
        }
        out.push(')');
    };
    match ty {
        Type::Any => out.push_str("dynamic"),
        Type::Bool | Type::Number | Type::String => {
            let _ = write!(out, "{ty}");
        }
        Type::List(of) => element("list", of, out),
        Type::Set(of) => element("set", of, out),
        Type::Map(of) => element("map", of, out),
        Type::Tuple(types) if types.is_empty() => out.push_str("tuple([])"),
        Type::Tuple(types) => {
            out.push_str("tuple([");
            for ty in types.iter() {
                line_break(inner, out);
                format_type(ty, inner, out);
                out.push(',');
            }
            line_break(indent, out);
            out.push_str("])");
        }
        Type::Object(fields) if fields.is_empty() => out.push_str("object({})"),
        Type::Object(fields) => {
            out.push_str("object({");
            for field in fields.iter() {
                line_break(inner, out);
                let _ = write!(out, "{}: ", field.name);
                format_type(&field.ty, inner, out);
                out.push(',');
            }
            line_break(indent, out);
            out.push_str("})");
        }
    }
}

fn string(text: &str, indent: usize, out: &mut String) {
    if !text.contains('\n') {
        out.push_str(&quoted(text));
        return;
    }
    let mut delimiter = "EOT".to_owned();
    while text.split('\n').any(|line| line.trim() == delimiter) {
        delimiter.push('_');
    }
    out.push_str(if indent > 0 { "<<-" } else { "<<" });
    out.push_str(&delimiter);
    for line in text.split('\n').chain([&*delimiter]) {
        line_break(indent, out);
        out.push_str(&harmless(line));
    }
}

fn line_break(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn sequence(items: &[Value], ty: Option<&Type>, indent: usize, out: &mut String) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        let ty = match ty {
            Some(Type::List(element) | Type::Set(element)) => Some(&**element),
            Some(Type::Tuple(elements)) => elements.get(at),
            _ => None,
        };
        line_break(indent + 2, out);
        format(item, ty, indent + 2, out);
        out.push(',');
    }
    if !items.is_empty() {
        line_break(indent, out);
    }
    out.push(']');
}

fn mapping(entries: &Object, ty: Option<&Type>, indent: usize, out: &mut String) {
    out.push('{');
    for (key, item) in entries.iter() {
        let ty = match ty {
            Some(Type::Map(element)) => Some(&**element),
            Some(Type::Object(fields)) => fields
                .binary_search_by(|field| field.name.cmp(key))
                .ok()
                .map(|at| &fields[at].ty),
            _ => None,
        };
        line_break(indent + 2, out);
        string(key, indent + 2, out);
        out.push_str(" = ");
        format(item, ty, indent + 2, out);
    }
    if !entries.is_empty() {
        line_break(indent, out);
    }
    out.push('}');
}
