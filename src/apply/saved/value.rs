//! Values as a saved plan has them: what JSON has no word for is an array that begins with a word of ours.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::Value as Json;

use super::Digest;
use crate::{
    apply::sealing,
    model::{Number, Object, Type, Value},
};

/// A value to be written, without its secrets.
#[derive(Clone, Copy)]
pub struct Spelled<'a> {
    pub value: &'a Value,
    pub digest: Digest<'a>,
}

impl Serialize for Spelled<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let all = |entries| Entries {
            entries,
            digest: self.digest,
        };
        match self.value {
            Value::Null => out.serialize_unit(),
            Value::Bool(value) => out.serialize_bool(*value),
            Value::Number(number) => ("number", number.to_string()).serialize(out),
            Value::String(text) => out.serialize_str(text),
            Value::List(items) => self.list("list", items, out),
            Value::Set(items) => self.list("set", items, out),
            Value::Tuple(items) => self.list("tuple", items, out),
            Value::Map(entries) => ("map", all(entries)).serialize(out),
            Value::Object(entries) => all(entries).serialize(out),
            Value::Unknown(ty) => ("unknown", ty.to_json()).serialize(out),
            Value::Sensitive(value) if value.is_unknown() || value.is_null() => {
                let digest = self.digest;
                ("sensitive", Spelled { value, digest }).serialize(out)
            }
            Value::Sensitive(inner) => {
                ("sensitive", (self.digest)(&sealing::spelled(inner))).serialize(out)
            }
        }
    }
}

impl Spelled<'_> {
    fn list<S: Serializer>(&self, word: &str, items: &[Value], out: S) -> Result<S::Ok, S::Error> {
        let mut list = out.serialize_seq(Some(items.len() + 1))?;
        list.serialize_element(word)?;
        for value in items {
            list.serialize_element(&Spelled {
                value,
                digest: self.digest,
            })?;
        }
        list.end()
    }
}

/// The entries of an object or a map.
struct Entries<'a> {
    entries: &'a Object,
    digest: Digest<'a>,
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let digest = self.digest;
        let mut map = out.serialize_map(Some(self.entries.len()))?;
        for (name, value) in self.entries.iter() {
            map.serialize_entry(&**name, &Spelled { value, digest })?;
        }
        map.end()
    }
}

/// Returns the JSON of a value.
pub fn spell(value: &Value, digest: Digest<'_>) -> Json {
    serde_json::to_value(Spelled { value, digest }).expect("every value has a spelling")
}

/// Whether a secret is in what was spelled.
pub fn has_secret(json: &Json) -> bool {
    match json {
        Json::Array(all) => {
            all.first().and_then(Json::as_str) == Some("sensitive") || all.iter().any(has_secret)
        }
        Json::Object(entries) => entries.values().any(has_secret),
        _ => false,
    }
}

/// Reads a value.
pub fn read(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::String(text) => Value::string(text.as_str()),
        Json::Number(_) => return None,
        Json::Object(entries) => Value::object(read_entries(entries)?),
        Json::Array(all) => {
            let (word, rest) = all.split_first()?;
            let items = || rest.iter().map(read).collect::<Option<Vec<_>>>();
            match (word.as_str()?, rest) {
                ("number", [text]) => Value::Number(Number::parse(text.as_str()?)?),
                ("list", _) => Value::list(items()?),
                ("set", _) => Value::set(items()?),
                ("tuple", _) => Value::tuple(items()?),
                ("map", [Json::Object(entries)]) => Value::map(read_entries(entries)?),
                ("unknown", [ty]) => Value::Unknown(Type::from_json(ty)?),
                ("sensitive", [inner]) => read(inner)?.sensitive(),
                _ => return None,
            }
        }
    })
}

fn read_entries(entries: &serde_json::Map<String, Json>) -> Option<Object> {
    entries
        .iter()
        .map(|(name, value)| Some((name.as_str(), read(value)?)))
        .collect()
}

/// Whether a value that was read is what this one would be; with `forgetful`, any secret is any other.
pub fn agree(now: &Value, then: &Value, digest: Digest<'_>, forgetful: bool) -> bool {
    if now.has_sensitive() {
        let sealed = sealing::value(now, &mut |inner| {
            Value::string(digest(&sealing::spelled(inner)))
        });
        return alike(&sealed, then, forgetful);
    }
    alike(now, then, forgetful)
}

fn alike(now: &Value, then: &Value, forgetful: bool) -> bool {
    let lists = |now: &[Value], then: &[Value]| {
        let mut pairs = now.iter().zip(then);
        now.len() == then.len() && pairs.all(|(now, then)| alike(now, then, forgetful))
    };
    match (now, then) {
        (Value::Sensitive(_), Value::Sensitive(_)) if forgetful => true,
        (Value::Sensitive(now), Value::Sensitive(then)) => alike(now, then, forgetful),
        // What a type says of optional attributes is not in its JSON.
        (Value::Unknown(now), Value::Unknown(then)) => {
            now == then || now.to_json() == then.to_json()
        }
        (Value::List(now), Value::List(then))
        | (Value::Set(now), Value::Set(then))
        | (Value::Tuple(now), Value::Tuple(then)) => lists(now, then),
        (Value::Map(now), Value::Map(then)) | (Value::Object(now), Value::Object(then)) => {
            let mut pairs = now.iter().zip(then.iter());
            now.len() == then.len()
                && pairs.all(|(now, then)| now.0 == then.0 && alike(now.1, then.1, forgetful))
        }
        (now, then) => now == then,
    }
}
