//! Functions that turn values into text and back.

use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{super::expression::MAX_TEXT, Answer, Call, Fault, Function, Kind, param, show, yaml};
use crate::model::{Number, Object, Value, value::normalized};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64decode", STR, Kind::String, base64decode)
        .doc("Reads base 64; the bytes must be UTF-8.")
        .example(r#"base64decode("aMOp")"#, r#""hé""#),
    Function::new("base64encode", STR, Kind::String, |call| {
        Ok(Value::string(STANDARD.encode(call.text(0))))
    })
    .doc("Writes a text's bytes in base 64.")
    .example(r#"base64encode("hé")"#, r#""aMOp""#),
    Function::new("csvdecode", STR, Kind::List, csvdecode)
        .doc("Reads CSV; the first line names the columns.")
        .example(
            r#"csvdecode("a,b\n1,\"x,\"\"y\"\n")"#,
            r#"tolist([{a = "1", b = "x,\"y"}])"#,
        ),
    Function::new("jsondecode", STR, Kind::Any, |call| {
        let wrong = |error| format!("the text is not valid JSON: {error}");
        Ok(read_json(call.text(0)).map_err(wrong)?)
    })
    .doc("Reads JSON.")
    .example(
        r#"jsondecode("{\"a\":[1,2.5,null,true]}")"#,
        "{a = [1, 2.5, null, true]}",
    ),
    Function::new(
        "jsonencode",
        &[param("val", Kind::Nullable)],
        Kind::String,
        |call| {
            let mut text = String::new();
            write_json(&call.args[0], &mut text)?;
            Ok(Value::string(text))
        },
    )
    .doc("Writes a value as JSON.")
    .example(
        r#"jsonencode({b = [1, "<"], a = null})"#,
        r#""{\"a\":null,\"b\":[1,\"\\u003c\"]}""#,
    ),
    Function::new("urlencode", STR, Kind::String, |call| {
        Ok(Value::string(
            utf8_percent_encode(call.text(0), QUERY)
                .to_string()
                .replace("%20", "+"),
        ))
    })
    .doc("Writes a text as a part of a URL's query.")
    .example(
        r#"urlencode("a b/c?d=é&~*-_.")"#,
        r#""a+b%2Fc%3Fd%3D%C3%A9%26~%2A-_.""#,
    ),
    Function::new("urldecode", STR, Kind::String, |call| {
        let text = call.text(0).replace('+', " ");
        let decoded = percent_encoding::percent_decode_str(&text).decode_utf8();
        let decoded = decoded.map_err(|_| "the result is not valid UTF-8")?;
        Ok(Value::string(decoded.into_owned()))
    })
    .doc("Reads a text that is part of a URL's query (a function of OpenTofu).")
    .example(r#"urldecode("a+b%2Fc")"#, r#""a b/c""#),
    Function::new(
        "yamldecode",
        &[param("src", Kind::String)],
        Kind::Any,
        yaml::decode,
    )
    .doc("Reads YAML.")
    .example(
        r#"yamldecode("a: [1, x]\nb: yes\n")"#,
        r#"{a = [1, "x"], b = true}"#,
    ),
    Function::new(
        "yamlencode",
        &[param("value", Kind::Nullable)],
        Kind::String,
        |call| {
            let mut text = String::new();
            write_yaml(&call.args[0], 0, &mut text)?;
            // A scalar without quotes is closed as a document.
            if matches!(
                call.args[0],
                Value::Null | Value::Bool(_) | Value::Number(_)
            ) {
                text.push_str("...\n");
            }
            Ok(Value::string(text))
        },
    )
    .doc("Writes a value as YAML.")
    .example(
        r#"yamlencode({a = [1, "x"], b = {}})"#,
        r#""\"a\":\n- 1\n- \"x\"\n\"b\": {}\n""#,
    ),
];

const STR: &[super::Param] = &[param("str", Kind::String)];

/// What a URL's query keeps as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

fn base64decode(call: &Call<'_>) -> Answer {
    let bytes = super::charset::bytes(call.text(0)).ok_or_else(|| {
        format!(
            "failed to decode base64 data {}",
            show::quoted(call.text(0))
        )
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| "the result of decoding the provided string is not valid UTF-8")?;
    Ok(Value::string(text))
}

/// Reads JSON with all digits of its numbers.
fn read_json(text: &str) -> serde_json::Result<Value> {
    use serde_json::value::RawValue;
    let raw: &RawValue = serde_json::from_str(text)?;
    let text = raw.get();
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let entries: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            let entries: serde_json::Result<Object> = entries
                .into_iter()
                .map(|(name, value)| Ok((Arc::from(&*normalized(&name)), read_json(value.get())?)))
                .collect();
            Value::object(entries?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            let items: serde_json::Result<Vec<Value>> = items
                .into_iter()
                .map(|item| read_json(item.get()))
                .collect();
            Value::tuple(items?)
        }
        Some(b'-' | b'0'..=b'9') => match Number::parse(text) {
            Some(number) => Value::Number(number),
            None => Value::from_json(&serde_json::from_str(text)?),
        },
        _ => Value::from_json(&serde_json::from_str(text)?),
    })
}

fn csvdecode(call: &Call<'_>) -> Answer {
    let mut rows = csv_rows(call.text(0))?.into_iter();
    let names = rows.next().ok_or("missing header line")?;
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!("duplicate column name {}", show::quoted(twice[0])).into());
    }
    let mut objects = Vec::new();
    for (at, row) in rows.enumerate() {
        if row.len() != names.len() {
            return Err(format!(
                "record {} has {} fields instead of {}",
                at + 2,
                row.len(),
                names.len()
            )
            .into());
        }
        let entries = names
            .iter()
            .map(String::as_str)
            .zip(row.into_iter().map(Value::string));
        objects.push(Value::object(entries.collect()));
    }
    Ok(Value::list(objects))
}

/// Splits CSV into rows of fields, as RFC 4180 says. Empty lines are skipped.
fn csv_rows(text: &str) -> Result<Vec<Vec<String>>, Fault> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            '"' => return Err("a quote within a field that does not start with one".into()),
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                if !(row.is_empty() && field.is_empty()) {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
            }
            other => field.push(other),
        }
    }
    if quoted {
        return Err("a quote is not closed".into());
    }
    if !(row.is_empty() && field.is_empty()) {
        row.push(field);
        rows.push(row);
    }
    Ok(rows)
}

fn bounded(text: &str) -> Result<(), Fault> {
    if text.len() > MAX_TEXT {
        return Err(format!("the result is longer than {} MiB", MAX_TEXT >> 20).into());
    }
    Ok(())
}

/// Writes JSON as Go does: without white space, and safe within HTML.
pub(super) fn write_json(value: &Value, out: &mut String) -> Result<(), Fault> {
    bounded(out)?;
    match value {
        Value::Null | Value::Unknown(_) => out.push_str("null"),
        Value::Bool(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::String(text) => write_text(text, out),
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_json(item, out)?;
            }
            out.push(']');
        }
        Value::Map(entries) | Value::Object(entries) => {
            out.push('{');
            for (at, (name, item)) in entries.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write_json(item, out)?;
            }
            out.push('}');
        }
        Value::Sensitive(inner) => write_json(inner, out)?,
    }
    Ok(())
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\x1f' => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Writes YAML as Terraform does: every text in quotes, or as a block when it has several lines.
fn write_yaml(value: &Value, depth: usize, out: &mut String) -> Result<(), Fault> {
    bounded(out)?;
    match value {
        Value::List(items) | Value::Set(items) | Value::Tuple(items) if !items.is_empty() => {
            for item in items.iter() {
                indent(depth, out);
                out.push('-');
                match item.unmarked() {
                    // The first key of a mapping stands on the line of its dash.
                    Value::Map(entries) | Value::Object(entries) if !entries.is_empty() => {
                        out.push(' ');
                        write_entries(entries, depth + 1, true, out)?;
                    }
                    inner => write_nested(inner, depth, true, out)?,
                }
            }
            Ok(())
        }
        Value::Map(entries) | Value::Object(entries) if !entries.is_empty() => {
            write_entries(entries, depth, false, out)
        }
        other => {
            write_scalar(other, depth, out);
            out.push('\n');
            Ok(())
        }
    }
}

fn write_entries(
    entries: &Object,
    depth: usize,
    mut inline: bool,
    out: &mut String,
) -> Result<(), Fault> {
    for (name, item) in entries.iter() {
        if !std::mem::take(&mut inline) {
            indent(depth, out);
        }
        write_yaml_text(name, out);
        out.push(':');
        write_nested(item.unmarked(), depth, false, out)?;
    }
    Ok(())
}

/// Writes what follows a dash or a key.
fn write_nested(value: &Value, depth: usize, in_list: bool, out: &mut String) -> Result<(), Fault> {
    match value {
        Value::List(items) | Value::Set(items) | Value::Tuple(items) if !items.is_empty() => {
            if in_list {
                let mut inner = String::new();
                write_yaml(value, depth + 1, &mut inner)?;
                out.push(' ');
                out.push_str(inner.trim_start());
                return Ok(());
            }
            out.push('\n');
            write_yaml(value, depth, out)
        }
        Value::Map(entries) | Value::Object(entries) if !entries.is_empty() => {
            out.push('\n');
            write_entries(entries, depth + 1, false, out)
        }
        other => {
            out.push(' ');
            write_yaml(other, depth + 1, out)
        }
    }
}

/// Writes a text in double quotes with YAML's escapes.
fn write_yaml_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0' => out.push_str("\\0"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\x0b' => out.push_str("\\v"),
            '\x0c' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\x1b' => out.push_str("\\e"),
            '\u{85}' => out.push_str("\\N"),
            '\u{2028}' => out.push_str("\\L"),
            '\u{2029}' => out.push_str("\\P"),
            '\x01'..='\x1f' | '\x7f' => {
                let _ = write!(out, "\\x{:02X}", u32::from(letter));
            }
            '\u{feff}' => out.push_str("\\uFEFF"),
            other => out.push(other),
        }
    }
    out.push('"');
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn write_scalar(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::String(text) if text.contains('\n') => {
            let end = match (text.ends_with("\n\n"), text.ends_with('\n')) {
                (true, _) => "+",
                (_, true) => "",
                _ => "-",
            };
            let _ = write!(out, "|{end}");
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                out.push('\n');
                if !line.is_empty() {
                    indent(depth.max(1), out);
                    out.push_str(line);
                }
            }
        }
        Value::String(text) => write_yaml_text(text, out),
        Value::List(_) | Value::Set(_) | Value::Tuple(_) => out.push_str("[]"),
        Value::Map(_) | Value::Object(_) => out.push_str("{}"),
        Value::Bool(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Null | Value::Unknown(_) => out.push_str("null"),
        Value::Sensitive(inner) => write_scalar(inner, depth, out),
    }
}
