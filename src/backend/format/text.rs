//! JSON text straight to values and back: names shared, numbers exact.
//!
//! The text comes out of a `RawValue`, so its syntax has been checked already; anything odd is an
//! error all the same. serde_json's own numbers are doubles, Terraform's have 512 bits.

use std::{collections::HashSet, fmt::Write as _, sync::Arc};

use super::{super::StateError, typed::read_dynamic};
use crate::model::{Number, Object, Value};

/// How deep values may nest.
const MAX_DEPTH: usize = 120;

/// Names of attributes as they were first seen, so that equal ones share memory.
#[derive(Default)]
pub struct Names(HashSet<Arc<str>, foldhash::fast::RandomState>);

impl Names {
    /// Returns the shared copy of `name`.
    pub fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return known.clone();
        }
        let new: Arc<str> = name.into();
        self.0.insert(new.clone());
        new
    }
}

/// Reads the value that `text` is: arrays become tuples and objects become objects.
pub fn read_value(text: &str, names: &mut Names) -> Result<Value, StateError> {
    Reader { text, at: 0, names }.value(0)
}

/// Reads the object that `text` is; the attributes named in `dynamic` carry their types.
pub fn read_object(text: &str, names: &mut Names, dynamic: &[&str]) -> Result<Object, StateError> {
    Reader { text, at: 0, names }.object(0, dynamic)
}

struct Reader<'a, 'n> {
    text: &'a str,
    at: usize,
    names: &'n mut Names,
}

impl<'a> Reader<'a, '_> {
    fn value(&mut self, depth: usize) -> Result<Value, StateError> {
        if depth > MAX_DEPTH {
            return Err(StateError::Shape(format!(
                "a value is nested more than {MAX_DEPTH} deep"
            )));
        }
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self
                .object(depth, &[])
                .map(|entries| Value::Object(Arc::new(entries))),
            Some(b'[') => self.array(depth),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blank = rest
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))?;
        self.at += blank;
        Some(rest[blank])
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn odd(&self) -> StateError {
        StateError::Shape(format!("a value cannot be read at its byte {}", self.at))
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, StateError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.odd());
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, StateError> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
            .unwrap_or(rest.len());
        let number = Number::parse(&rest[..end]).ok_or_else(|| self.odd())?;
        self.at += end;
        Ok(Value::Number(number))
    }

    fn string(&mut self) -> Result<Value, StateError> {
        Ok(match self.raw_string()? {
            // Optional attributes that are not set are empty strings in the provider's states.
            Raw::Plain("") => Value::String(self.names.share("")),
            Raw::Plain(text) => Value::string(text),
            Raw::Owned(text) => Value::string(text),
        })
    }

    fn raw_string(&mut self) -> Result<Raw<'a>, StateError> {
        if !self.eat(b'"') {
            return Err(self.odd());
        }
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        let mut at = start;
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at += 2;
                }
                Some(_) => at += 1,
                None => return Err(self.odd()),
            }
        }
        self.at = at + 1;
        if !escaped {
            return Ok(Raw::Plain(&self.text[start..at]));
        }
        serde_json::from_str(&self.text[start - 1..=at])
            .map(Raw::Owned)
            .map_err(|_| self.odd())
    }

    /// Steps over a value and returns its text.
    fn skip(&mut self) -> Result<&'a str, StateError> {
        self.peek();
        let start = self.at;
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.raw_string()?;
                }
                Some(b'{' | b'[') => {
                    open += 1;
                    self.at += 1;
                    continue;
                }
                Some(b'}' | b']') if open > 0 => {
                    open -= 1;
                    self.at += 1;
                }
                Some(b',' | b':') if open > 0 => {
                    self.at += 1;
                    continue;
                }
                Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'a'..=b'z' | b'E') => {
                    let rest = &self.text.as_bytes()[self.at..];
                    let more = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
                    self.at += rest.iter().take_while(|byte| more(byte)).count();
                }
                _ => return Err(self.odd()),
            }
            if open == 0 {
                return Ok(&self.text[start..self.at]);
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, StateError> {
        self.at += 1;
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(Value::tuple(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat(b']') {
                return Ok(Value::tuple(items));
            }
            if !self.eat(b',') {
                return Err(self.odd());
            }
        }
    }

    fn object(&mut self, depth: usize, dynamic: &[&str]) -> Result<Object, StateError> {
        if !self.eat(b'{') {
            return Err(self.odd());
        }
        let mut entries = Vec::new();
        if self.eat(b'}') {
            return Ok(Object::new());
        }
        loop {
            let name = match self.raw_string()? {
                Raw::Plain(name) => self.names.share(name),
                Raw::Owned(name) => self.names.share(&name),
            };
            if !self.eat(b':') {
                return Err(self.odd());
            }
            let value = if dynamic.contains(&&*name) {
                let text = self.skip()?;
                read_dynamic(text, self.names)?
            } else {
                self.value(depth + 1)?
            };
            entries.push((name, value));
            if self.eat(b'}') {
                return Ok(entries.into_iter().collect());
            }
            if !self.eat(b',') {
                return Err(self.odd());
            }
        }
    }
}

/// A JSON string: a piece of the text, or what its escapes stand for.
enum Raw<'a> {
    Plain(&'a str),
    Owned(String),
}

/// Writes the value; marks are dropped and unknowns become null.
pub fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null | Value::Unknown(_) => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_string(out, text),
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
            write_list(out, items.iter(), write_value);
        }
        Value::Map(entries) | Value::Object(entries) => {
            write_entries(out, entries.iter(), |out, _, value| write_value(out, value));
        }
        Value::Sensitive(inner) => write_value(out, inner),
    }
}

fn write_number(out: &mut Vec<u8>, number: &Number) {
    let mut text = String::new();
    write!(text, "{number}").expect("a string takes all text");
    out.extend_from_slice(text.as_bytes());
}

/// Writes `[…]`.
pub fn write_list<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Writes `{…}`.
pub fn write_entries<'a>(
    out: &mut Vec<u8>,
    entries: impl IntoIterator<Item = (&'a Arc<str>, &'a Value)>,
    mut write: impl FnMut(&mut Vec<u8>, &Arc<str>, &Value),
) {
    out.push(b'{');
    for (at, (name, value)) in entries.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(out, name);
        out.push(b':');
        write(out, name, value);
    }
    out.push(b'}');
}

/// Writes a JSON string.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    if text
        .bytes()
        .any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\')
    {
        serde_json::to_writer(out, text).expect("memory takes all bytes");
        return;
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}
