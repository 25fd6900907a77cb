//! JSON text straight to values and back: names shared, numbers exact.
//!
//! The text comes out of a `RawValue`, so its syntax has been checked already; anything odd is an
//! error all the same. serde_json's own numbers are doubles, Terraform's have 512 bits.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt::Write as _,
    sync::Arc,
};

use super::{
    super::StateError,
    typed::{Typing, read_dynamic},
};
use crate::model::{Number, Object, Value};

/// How deep values may nest.
const MAX_DEPTH: usize = 120;

/// What reading one value after the other shares.
#[derive(Default)]
pub struct Names<'a> {
    known: HashSet<Arc<str>, foldhash::fast::RandomState>,
    /// The attributes read last, in order: the next object mostly has the same names, and many of the same values.
    last: Vec<Last<'a>>,
    /// The names of them all, where they were in order.
    names: Option<Arc<[Arc<str>]>>,
    /// Types by their text.
    types: HashMap<String, Arc<Typing>, foldhash::fast::RandomState>,
}

/// An attribute, with the text of its name and value and what was read from it.
struct Last<'a> {
    name: Arc<str>,
    dynamic: bool,
    text: &'a str,
    value: Value,
}

impl<'a> Names<'a> {
    /// Returns the shared copy of `name`.
    pub fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let new: Arc<str> = name.into();
        self.known.insert(new.clone());
        new
    }

    /// Returns the type that `text` is the JSON form of.
    pub fn typing(&mut self, text: &str) -> Result<Arc<Typing>, StateError> {
        if let Some(known) = self.types.get(text) {
            return Ok(known.clone());
        }
        let new = Arc::new(Typing::read(text)?);
        self.types.insert(text.to_owned(), new.clone());
        Ok(new)
    }
}

/// Reads the value that `text` is: arrays become tuples and objects become objects.
pub fn read_value<'a>(text: &'a str, names: &mut Names<'a>) -> Result<Value, StateError> {
    Reader::new(text, names).value(0)
}

/// Reads JSON from its first byte to its last, whatever is asked for next.
pub struct Reader<'a, 'n> {
    text: &'a str,
    at: usize,
    names: &'n mut Names<'a>,
}

impl<'a, 'n> Reader<'a, 'n> {
    pub fn new(text: &'a str, names: &'n mut Names<'a>) -> Self {
        Self { text, at: 0, names }
    }

    /// Reads an object; the attributes named in `dynamic` carry their types.
    pub fn attributes(&mut self, dynamic: &[&str]) -> Result<Object, StateError> {
        let mut values: Vec<Value> = Vec::with_capacity(self.names.last.len());
        let mut renamed = false;
        if !self.eat(b'{') {
            return Err(self.odd());
        }
        let mut more = !self.eat(b'}');
        while more {
            self.peek();
            let at = values.len();
            let known = self.names.last.get(at);
            let known = known.filter(|it| it.dynamic == dynamic.contains(&&*it.name));
            match known.filter(|it| self.is_next(it.text)) {
                Some(known) => {
                    self.at += known.text.len();
                    values.push(known.value.clone());
                }
                None => {
                    let (value, new) = self.attribute(at, dynamic)?;
                    values.push(value);
                    renamed |= new;
                }
            }
            more = !self.eat(b'}');
            if more && !self.eat(b',') {
                return Err(self.odd());
            }
        }
        renamed |= self.names.last.len() != values.len();
        self.names.last.truncate(values.len());
        if renamed {
            let all = self.names.last.iter().map(|it| it.name.clone());
            let all: Arc<[Arc<str>]> = all.collect();
            let sorted = all.is_sorted_by(|a, b| a < b);
            self.names.names = sorted.then_some(all);
        }
        Ok(match &self.names.names {
            Some(names) => Object::with_names(names.clone(), values),
            None => {
                let names = self.names.last.iter().map(|it| it.name.clone());
                names.zip(values).collect()
            }
        })
    }

    /// Reads the attribute at a place, which is another than the last object has there; whether its name is another, too.
    fn attribute(&mut self, at: usize, dynamic: &[&str]) -> Result<(Value, bool), StateError> {
        let start = self.at;
        let name = self.text()?;
        if !self.eat(b':') {
            return Err(self.odd());
        }
        let known = self.names.last.get(at).filter(|it| *it.name == *name);
        let (name, new) = match known {
            Some(known) => (known.name.clone(), false),
            None => (self.names.share(&name), true),
        };
        let typed = dynamic.contains(&&*name);
        self.peek();
        let value = if typed {
            let text = self.skip()?;
            read_dynamic(text, self.names)?
        } else {
            self.value(1)?
        };
        let last = Last {
            name,
            dynamic: typed,
            text: &self.text[start..self.at],
            value: value.clone(),
        };
        match self.names.last.get_mut(at) {
            Some(place) => *place = last,
            None => self.names.last.push(last),
        }
        Ok((value, new))
    }

    /// Whether this text is the whole of what comes next, without blanks after it.
    fn is_next(&self, text: &str) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        rest.starts_with(text.as_bytes()) && matches!(rest.get(text.len()), Some(b',' | b'}'))
    }

    /// Checks that nothing is left but blanks.
    pub fn end(&mut self) -> Result<(), StateError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.odd()),
        }
    }

    /// Steps over `null`; whether it was there.
    pub fn null(&mut self) -> bool {
        let found = self.peek() == Some(b'n');
        self.at += if found { "null".len() } else { 0 };
        found
    }

    /// Reads each element of an array.
    pub fn items(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), StateError>,
    ) -> Result<(), StateError> {
        if !self.eat(b'[') {
            return Err(self.odd());
        }
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            each(self)?;
            if self.eat(b']') {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err(self.odd());
            }
        }
    }

    /// Reads each member of an object: `each` gets its name and reads its value.
    pub fn members(
        &mut self,
        mut each: impl FnMut(&mut Self, &str) -> Result<(), StateError>,
    ) -> Result<(), StateError> {
        if !self.eat(b'{') {
            return Err(self.odd());
        }
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            let name = self.text()?;
            if !self.eat(b':') {
                return Err(self.odd());
            }
            each(self, &name)?;
            if self.eat(b'}') {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err(self.odd());
            }
        }
    }

    /// Reads a value that is `depth` deep.
    pub fn value(&mut self, depth: usize) -> Result<Value, StateError> {
        if depth > MAX_DEPTH {
            return Err(StateError::Shape(format!(
                "a value is nested more than {MAX_DEPTH} deep"
            )));
        }
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self
                .object(depth)
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

    /// Returns the error of text that is not what was asked for.
    pub fn odd(&self) -> StateError {
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
        Ok(match self.text()? {
            // Optional attributes that are not set are empty strings in the provider's states.
            Cow::Borrowed("") => Value::String(self.names.share("")),
            text => Value::string(text),
        })
    }

    /// Reads a string: a piece of the text, or what its escapes stand for.
    pub fn text(&mut self) -> Result<Cow<'a, str>, StateError> {
        if !self.eat(b'"') {
            return Err(self.odd());
        }
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        let mut at = start;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(found) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) else {
                return Err(self.odd());
            };
            at += found;
            if bytes[at] == b'"' {
                break;
            }
            escaped = true;
            at += 2;
        }
        self.at = at + 1;
        if !escaped {
            return Ok(Cow::Borrowed(&self.text[start..at]));
        }
        serde_json::from_str(&self.text[start - 1..=at])
            .map(Cow::Owned)
            .map_err(|_| self.odd())
    }

    /// Steps over a value and returns its text.
    pub fn skip(&mut self) -> Result<&'a str, StateError> {
        self.peek();
        let start = self.at;
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.text()?;
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
        let mut items = Vec::new();
        self.items(|reader| {
            items.push(reader.value(depth + 1)?);
            Ok(())
        })?;
        Ok(Value::tuple(items))
    }

    fn object(&mut self, depth: usize) -> Result<Object, StateError> {
        let mut entries = Object::new();
        self.members(|reader, name| {
            let name = reader.names.share(name);
            entries.insert(name, reader.value(depth + 1)?);
            Ok(())
        })?;
        Ok(entries)
    }
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
