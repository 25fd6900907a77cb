//! Terraform's state format version 4, to and from memory.
//!
//! What Terraform writes is read, and Terraform reads what is written. What prov keeps beyond it
//! stands under the top-level key `prov`, which Terraform ignores. Attributes go straight between text
//! and values, one instance a line. Start with [`read()`] and [`write()`].

mod marks;
mod own;
mod read;
mod text;
mod typed;
mod write;

#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use serde_json::value::RawValue;

use super::StateError;
use crate::model::state::{Output, Stored};

pub use read::{head, read, read_outputs};
pub use write::{to_bytes, write, write_outputs};

/// The version of Terraform whose format, lock information and behaviour are followed.
pub const TERRAFORM_VERSION: &str = "1.11.4";

/// The version of what stands under the key `prov`.
const PROV_FORMAT: u64 = 1;

/// The attributes of dynamic type by resource type: stored as `{"value": …, "type": …}`.
const DYNAMIC: &[(&str, &[&str])] = &[
    ("terraform_data", &["input", "output", "triggers_replace"]),
    ("terraform_remote_state", &["config", "defaults", "outputs"]),
];

/// Returns the names of the attributes of dynamic type.
fn dynamic(kind: &str) -> &'static [&'static str] {
    DYNAMIC
        .iter()
        .find(|(name, _)| *name == kind)
        .map_or(&[], |(_, attributes)| attributes)
}

/// One object (or the outputs) in the state's own JSON: what a journal record holds.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Encoded(Box<RawValue>);

impl Encoded {
    /// Writes one object of the type `kind`.
    pub fn object(kind: &str, stored: &Stored) -> Self {
        let mut out = Vec::new();
        write::object(&mut out, kind, stored);
        Self::from_bytes(out)
    }

    /// Writes what an object has beyond another one; `None` where that is not all in which they differ.
    pub fn beyond(kind: &str, before: &Stored, stored: &Stored) -> Option<Self> {
        let as_before = stored.schema_version == before.schema_version
            && stored.dependencies == before.dependencies
            && stored.create_before_destroy == before.create_before_destroy
            && before
                .attributes
                .keys()
                .all(|it| stored.attributes.contains_key(it));
        let more = stored.attributes.iter();
        let more = more.filter(|(name, value)| {
            let known = before.attributes.get(name);
            !known.is_some_and(|known| write::same(kind, name, known, value))
        });
        let more = Stored {
            attributes: Arc::new(
                more.map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            ),
            dependencies: Arc::default(),
            create_before_destroy: false,
            ..stored.clone()
        };
        as_before.then(|| Self::object(kind, &more))
    }

    /// Writes outputs.
    pub fn outputs(outputs: &std::collections::BTreeMap<String, Output>) -> Self {
        let mut out = Vec::new();
        write_outputs(&mut out, outputs);
        Self::from_bytes(out)
    }

    /// Reads the object of the type `kind` back.
    pub fn to_object(&self, kind: &str) -> Result<Stored, StateError> {
        read::object(self.0.get(), kind)
    }

    /// Reads outputs back.
    pub fn to_outputs(&self) -> Result<std::collections::BTreeMap<String, Output>, StateError> {
        read_outputs(self.0.get())
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        let text = String::from_utf8(bytes).expect("what is written is text");
        Self(RawValue::from_string(text).expect("what is written is JSON"))
    }
}

impl PartialEq for Encoded {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl fmt::Debug for Encoded {
    /// Attributes may be sensitive: only the size is shown.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Encoded({} bytes)", self.0.get().len())
    }
}
