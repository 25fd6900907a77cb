//! `yamldecode`: YAML to values, as Terraform reads it. Core types by their spelling, aliases and merge keys.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};

use super::{Answer, Call, Fault, convert};
use crate::model::{Number, Object, Type, Value};

/// How many values aliases may expand to.
const MAX_EXPANDED: usize = 1_000_000;

/// How deep collections may nest.
const MAX_NESTING: usize = 128;

/// What the tags of YAML's own types start with.
const CORE: &str = "tag:yaml.org,2002:";

pub(super) fn decode(call: &Call<'_>) -> Answer {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_NESTING,
        block_nesting_limit: MAX_NESTING,
    };
    let mut reader = Reader::default();
    for event in Parser::new_from_str_with_options(call.text(0), options) {
        let (event, _) = event.map_err(|error| format!("the text is not valid YAML: {error}"))?;
        reader.event(event)?;
    }
    match reader.roots.len() {
        0 => Err("missing start of document".into()),
        1 => Ok(reader.roots.swap_remove(0)),
        _ => Err("there is more than one document".into()),
    }
}

/// A collection whose end has not been seen.
struct Open {
    items: Vec<(Value, bool)>,
    anchor: usize,
    mapping: bool,
    /// How many values are in it, itself included, those under aliases once for each alias.
    size: usize,
}

/// The values while events arrive.
#[derive(Default)]
struct Reader {
    roots: Vec<Value>,
    open: Vec<Open>,
    /// What has a name, and how many values are in it.
    anchors: HashMap<usize, (Value, usize)>,
    /// How many values aliases have added.
    expanded: usize,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) -> Result<(), Fault> {
        let tag = match event.tag() {
            Some(tag) => Some(core_tag(&tag.to_string())?),
            None => None,
        };
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let value = scalar(&text, plain, tag.as_deref())?;
                self.place(value, plain && text == "<<", anchor, 1);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(anchor, false),
            Event::MappingStart(_, anchor, _) => self.begin(anchor, true),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let value = if open.mapping {
                        mapping(open.items)?
                    } else {
                        Value::tuple(open.items.into_iter().map(|(item, _)| item).collect())
                    };
                    self.place(value, false, open.anchor, open.size);
                }
            }
            Event::Alias(anchor) => {
                let named = self.anchors.get(&anchor).cloned();
                let (value, size) = named.ok_or("an alias stands inside of what it names")?;
                // Shared values cost nothing here, but whoever looks at all of them.
                self.expanded = self.expanded.saturating_add(size);
                if self.expanded > MAX_EXPANDED {
                    return Err(
                        format!("its aliases expand to more than {MAX_EXPANDED} values").into(),
                    );
                }
                self.place(value, false, 0, size);
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, anchor: usize, mapping: bool) {
        self.open.push(Open {
            items: Vec::new(),
            anchor,
            mapping,
            size: 1,
        });
    }

    fn place(&mut self, value: Value, merge: bool, anchor: usize, size: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (value.clone(), size));
        }
        match self.open.last_mut() {
            Some(open) => {
                open.size = open.size.saturating_add(size);
                open.items.push((value, merge));
            }
            None => self.roots.push(value),
        }
    }
}

/// Returns the name of one of YAML's own types.
fn core_tag(tag: &str) -> Result<String, Fault> {
    let name = tag.strip_prefix(CORE).or_else(|| tag.strip_prefix("!!"));
    match name {
        Some(
            name @ ("str" | "int" | "float" | "bool" | "null" | "seq" | "map" | "binary"
            | "timestamp"),
        ) => Ok(name.to_owned()),
        _ => Err(format!("unsupported tag {}", super::show::quoted(tag)).into()),
    }
}

fn mapping(items: Vec<(Value, bool)>) -> Answer {
    let mut entries: Vec<(std::sync::Arc<str>, Value)> = Vec::new();
    let mut merged: Vec<Value> = Vec::new();
    let mut items = items.into_iter();
    while let (Some((key, merge)), Some((value, _))) = (items.next(), items.next()) {
        if merge {
            merged.push(value);
            continue;
        }
        if key.is_null() {
            return Err("mapping key cannot be null".into());
        }
        let key = convert(&key, &Type::String).map_err(|_| "a mapping key must be a scalar")?;
        let Value::String(key) = key else {
            return Err("a mapping key must be a scalar".into());
        };
        entries.push((key, value));
    }
    let mut all = Object::default();
    for source in merged.iter().rev() {
        let parts = match source {
            Value::Tuple(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        for part in parts.iter().rev() {
            let part = part
                .as_object()
                .ok_or("a merge key takes a mapping or a list of mappings")?;
            for (name, value) in part.iter() {
                all.insert(name.clone(), value.clone());
            }
        }
    }
    for (name, value) in entries {
        all.insert(name, value);
    }
    Ok(Value::object(all))
}

fn scalar(text: &str, plain: bool, tag: Option<&str>) -> Answer {
    match tag {
        Some("str" | "binary" | "timestamp") => Ok(Value::string(text)),
        _ if !plain => Ok(Value::string(text)),
        _ => meaning(text),
    }
}

/// Returns what a scalar without quotes means.
fn meaning(text: &str) -> Answer {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Value::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        ".nan" | ".NaN" | ".NAN" => return Err("floating point NaN is not supported".into()),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" => {
            return Err("infinity is not supported".into());
        }
        _ => number(text)
            .map(Value::Number)
            .or_else(|| timestamp(text))
            .unwrap_or_else(|| Value::string(text)),
    })
}

fn number(text: &str) -> Option<Number> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    let digits = text.replace('_', "");
    if let Some(number) = crate::eval::convert::parse_number(&digits) {
        return Some(number);
    }
    let (sign, rest) = match digits.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, digits.strip_prefix('+').unwrap_or(&digits)),
    };
    let (base, rest) = [("0x", 16), ("0o", 8), ("0b", 2)]
        .iter()
        .find_map(|(prefix, base)| Some((*base, rest.strip_prefix(prefix)?)))?;
    // The sign is already read.
    if rest.starts_with(['+', '-']) {
        return None;
    }
    let number = i64::from_str_radix(rest, base).ok()?;
    Some(Number::Int(sign * number))
}

/// Returns a date or time in the form of RFC 3339.
fn timestamp(text: &str) -> Option<Value> {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim_start())),
        None => (text, None),
    };
    let plain = date.len() >= 8 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    if !plain || year.len() != 4 {
        return None;
    }
    let date =
        jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let Some(time) = time else {
        return Some(Value::string(format!("{date}T00:00:00Z")));
    };
    let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let clock: jiff::civil::Time = time[..zone].trim_end().parse().ok()?;
    let zone = if zone == time.len() {
        "Z"
    } else {
        &time[zone..]
    };
    let fitting = zone == "Z" || zone.len() == 6;
    fitting.then(|| Value::string(format!("{date}T{clock}{zone}")))
}
