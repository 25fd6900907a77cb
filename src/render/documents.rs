//! The pieces that plan and state JSON share: values, their marks, and resources.
//!
//! Everything is written as it is walked; nothing is copied first. What a mark hides is null here,
//! except in `terraform_data`: the rule is in `json`.

use std::sync::Arc;

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use crate::model::{
    Number, Object, Type, Value,
    address::{Address, Key},
    state::{Status, Stored},
};

use super::change::is_loose;

/// Whether the text under a mark is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marked {
    Hidden,
    Clear,
}

impl Marked {
    /// Returns how the attributes of this resource are written.
    pub fn of(address: &Address) -> Self {
        if is_loose(address) {
            Self::Clear
        } else {
            Self::Hidden
        }
    }
}

/// A value; unknown attributes are left out, unknown elements are null.
#[derive(Clone, Copy)]
pub(super) struct Known<'a>(pub &'a Value, pub Marked);

/// An object's attributes, as [`Known`].
#[derive(Clone, Copy)]
pub(super) struct KnownObject<'a>(pub &'a Object, pub Marked);

impl Serialize for Known<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(value, marked) = *self;
        match value {
            Value::Null | Value::Unknown(_) => to.serialize_unit(),
            Value::Bool(value) => to.serialize_bool(*value),
            Value::Number(Number::Int(int)) => to.serialize_i64(*int),
            Value::Number(number) => number.to_json().serialize(to),
            Value::String(text) => to.serialize_str(text),
            Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
                to.collect_seq(items.iter().map(|item| Known(item, marked)))
            }
            Value::Map(entries) | Value::Object(entries) => {
                KnownObject(entries, marked).serialize(to)
            }
            Value::Sensitive(_) if marked == Marked::Hidden => to.serialize_unit(),
            Value::Sensitive(inner) => Known(inner, marked).serialize(to),
        }
    }
}

impl Serialize for KnownObject<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(entries, marked) = *self;
        let known = entries.iter().filter(|(_, value)| !value.is_unknown());
        to.collect_map(known.map(|(name, value)| (name, Known(value, marked))))
    }
}

/// Which of two questions is asked of a value's parts.
#[derive(Clone, Copy)]
pub(super) enum Question {
    Unknown,
    Sensitive,
}

/// `true` where the answer is yes; attributes where it is no are left out.
#[derive(Clone, Copy)]
pub(super) struct Where<'a>(pub &'a Value, pub Question);

/// An object's attributes, as [`Where`].
#[derive(Clone, Copy)]
pub(super) struct WhereObject<'a>(pub &'a Object, pub Question);

impl Serialize for Where<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(value, question) = *self;
        match (value, question) {
            (Value::Sensitive(_), Question::Sensitive) => to.serialize_bool(true),
            (Value::Unknown(_), Question::Unknown) => to.serialize_bool(true),
            // Of a collection that is not known yet, at least its kind is.
            (Value::Unknown(Type::List(_) | Type::Set(_) | Type::Tuple(_)), _) => {
                to.collect_seq::<[(); 0]>([])
            }
            (Value::Unknown(Type::Map(_) | Type::Object(_)), _) => Empty {}.serialize(to),
            (Value::Sensitive(inner), Question::Unknown) => Where(inner, question).serialize(to),
            (Value::List(items) | Value::Set(items) | Value::Tuple(items), _) => {
                let mut seq = to.serialize_seq(Some(items.len()))?;
                for item in items.iter() {
                    seq.serialize_element(&Where(item, question))?;
                }
                seq.end()
            }
            (Value::Map(entries) | Value::Object(entries), _) => {
                WhereObject(entries, question).serialize(to)
            }
            (
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Unknown(_),
                _,
            ) => to.serialize_bool(false),
        }
    }
}

impl Serialize for WhereObject<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(entries, question) = *self;
        let mut map = to.serialize_map(None)?;
        for (name, value) in entries.iter() {
            if says_something(value, question) {
                map.serialize_entry(name, &Where(value, question))?;
            }
        }
        map.end()
    }
}

/// Whether the answer for a value is more than `false`.
fn says_something(value: &Value, question: Question) -> bool {
    match (value, question) {
        (Value::Sensitive(_), Question::Sensitive) | (Value::Unknown(_), Question::Unknown) => true,
        (Value::Sensitive(inner), Question::Unknown) => says_something(inner, question),
        (Value::Unknown(ty), Question::Sensitive) => {
            !matches!(ty, Type::Any | Type::Bool | Type::Number | Type::String)
        }
        (
            Value::List(_) | Value::Set(_) | Value::Tuple(_) | Value::Map(_) | Value::Object(_),
            _,
        ) => true,
        (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_), _) => false,
    }
}

/// An empty object.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Empty {}

/// Returns the provider's name out of Terraform's provider string.
pub(super) fn provider_name(provider: &str) -> &str {
    provider.split('"').nth(1).unwrap_or(provider)
}

/// What names a resource instance in JSON.
#[derive(Serialize)]
pub(super) struct Place<'a> {
    pub address: String,
    /// Where the document does not stand in its module itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    module_address: Option<String>,
    mode: &'static str,
    #[serde(rename = "type")]
    kind: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<Index<'a>>,
    provider_name: &'a str,
}

/// An instance key.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Index<'a> {
    Int(u64),
    Text(&'a str),
}

/// Returns the key of an instance, if it has one.
pub(super) fn index(key: &Key) -> Option<Index<'_>> {
    match key {
        Key::None => None,
        Key::Int(at) => Some(Index::Int(*at)),
        Key::Text(text) => Some(Index::Text(text)),
    }
}

impl<'a> Place<'a> {
    pub fn new(address: &'a Address, provider: &'a str) -> Self {
        let resource = &address.resource;
        Self {
            address: address.to_string(),
            module_address: None,
            mode: resource.mode.word(),
            kind: &resource.kind,
            name: &resource.name,
            index: index(&address.key),
            provider_name: provider_name(provider),
        }
    }
}

impl Place<'_> {
    /// Names the module too, unless it is the root.
    pub fn in_module(self, address: &Address) -> Self {
        let module = &address.resource.module;
        Self {
            module_address: (!module.is_root()).then(|| module.to_string()),
            ..self
        }
    }
}

/// One object of a state or of planned values.
#[derive(Serialize)]
pub(super) struct Resource<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    schema_version: u64,
    values: KnownObject<'a>,
    sensitive_values: WhereObject<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tainted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    deposed_key: Option<&'a str>,
}

impl<'a> Resource<'a> {
    /// Returns an object as it is planned to be.
    pub fn planned(address: &'a Address, provider: &'a str, version: u64, to: &'a Object) -> Self {
        Self {
            place: Place::new(address, provider),
            schema_version: version,
            values: KnownObject(to, Marked::of(address)),
            sensitive_values: WhereObject(to, Question::Sensitive),
            depends_on: Vec::new(),
            tainted: false,
            deposed_key: None,
        }
    }

    /// Returns an object as it is in the state.
    pub fn stored(
        address: &'a Address,
        provider: &'a Arc<str>,
        stored: &'a Stored,
        deposed: Option<&'a str>,
    ) -> Self {
        let dependencies = stored.dependencies.iter();
        Self {
            depends_on: dependencies.map(ToString::to_string).collect(),
            tainted: stored.status == Status::Tainted,
            deposed_key: deposed,
            ..Self::planned(address, provider, stored.schema_version, &stored.attributes)
        }
    }
}
