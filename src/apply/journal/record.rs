//! The records, and their lines of JSON.

use std::sync::Arc;

use jiff::Timestamp;

use super::JournalError;
use crate::{
    apply::token::{Digester, Parameter},
    backend::format::Encoded,
    model::Address,
    provider::Whereabouts,
};

/// The version of the records.
pub const FORMAT: u32 = 2;

/// One thing that is about to happen, or has happened.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A run starts; a state that is not yet stored gets its lineage and key here.
    Begin {
        format: u32,
        run: String,
        lineage: String,
        digest_key: String,
    },
    /// The names of a type's attributes: what a planned object of this journal does not have is null.
    Names { kind: String, names: Vec<Arc<str>> },
    /// A change is about to be asked for. Durable before the call leaves.
    Intent {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
        operation: Operation,
        /// Where it happens; records of older versions do not say it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// The cloud made the object. Durable before any wait.
    Created {
        #[serde(with = "text")]
        address: Address,
        id: String,
    },
    /// A call within an operation was answered.
    Step {
        #[serde(with = "text")]
        address: Address,
        call: String,
    },
    /// The object is as it should be, or was read again: what the state now has.
    Done {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
        /// Terraform's provider string.
        provider: String,
        object: Encoded,
    },
    /// The new object is as it should be.
    Settled {
        #[serde(with = "text")]
        address: Address,
        /// What the state does not have as its creation planned it: the rest was written with the intent.
        object: Encoded,
    },
    /// The object is as it should be, and is to be replaced since what triggers that is about to change.
    Triggered {
        #[serde(with = "text")]
        address: Address,
    },
    /// The object is gone.
    Deleted {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
        id: String,
    },
    /// The cloud refused the create for good: the next one needs a new token.
    Refused {
        #[serde(with = "text")]
        address: Address,
        code: String,
    },
    /// The operation ended without success, and that is known. What may still come true is not written
    /// down as failed: its intent stays open.
    Failed {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
        code: String,
        /// The object as it reads now, when it could be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        object: Option<Encoded>,
    },
    /// The object is not prov's concern any more; it stays in the cloud.
    Forgotten {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
    },
    /// The current object was moved aside, to be destroyed after its successor is there.
    Deposed {
        #[serde(with = "text")]
        address: Address,
        key: String,
    },
    /// The object was moved back, since no successor came.
    Restored {
        #[serde(with = "text")]
        address: Address,
        key: String,
    },
    /// All output values.
    Outputs { outputs: Encoded },
    /// What became of all conditions, as the state file has it.
    Checks { results: serde_json::Value },
}

/// Where an operation happens, whatever the provider block that leads there is called.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    pub region: String,
    /// The account's number, or a digest of what tells it apart where the number is not known.
    pub account: String,
}

impl Place {
    /// Takes where a provider's calls go. What stands for an account without its number may be the id of
    /// a key, which is no secret, and nobody's concern.
    pub fn new(whereabouts: Whereabouts, digester: &Digester) -> Self {
        let account = match is_number(&whereabouts.account) {
            true => whereabouts.account,
            false => digester.digest(&whereabouts.account),
        };
        Self {
            region: whereabouts.region,
            account,
        }
    }

    /// Whether this is that place; `None` where it cannot be told.
    pub fn is(&self, other: &Self) -> Option<bool> {
        if self.region != other.region {
            return Some(false);
        }
        if self.account == other.account {
            return Some(true);
        }
        let known = is_number(&self.account) && is_number(&other.account);
        known.then_some(false)
    }

    /// Returns the account's number, if it is known.
    pub fn number(&self) -> Option<&str> {
        Some(self.account.as_str()).filter(|account| is_number(account))
    }
}

fn is_number(account: &str) -> bool {
    !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is about to be asked for.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    Create(Box<Create>),
    Update { id: String, changed: Vec<String> },
    Delete { id: String },
}

/// A create call, complete: asked again with the same token it makes nothing twice.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Create {
    pub action: String,
    pub token: String,
    /// Whether the action takes a client token.
    pub takes_token: bool,
    pub params: Vec<Parameter>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub predecessor: String,
    #[serde(default)]
    pub attempt: u32,
    /// Terraform's provider string.
    pub provider: String,
    /// The object as planned, what is not known yet as null: what the state has from `Created` on, and
    /// what settling aims at.
    pub planned: Encoded,
    /// Whether attributes that are null are left out of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sparse: bool,
    pub at: Timestamp,
}

impl Record {
    /// Returns which object it is about, if it is about one.
    pub fn slot(&self) -> Option<(Address, Option<String>)> {
        match self {
            Self::Begin { .. }
            | Self::Names { .. }
            | Self::Outputs { .. }
            | Self::Checks { .. } => None,
            Self::Created { address, .. }
            | Self::Settled { address, .. }
            | Self::Triggered { address }
            | Self::Step { address, .. }
            | Self::Refused { address, .. }
            | Self::Deposed { address, .. }
            | Self::Restored { address, .. } => Some((address.clone(), None)),
            Self::Intent {
                address, deposed, ..
            }
            | Self::Done {
                address, deposed, ..
            }
            | Self::Deleted {
                address, deposed, ..
            }
            | Self::Failed {
                address, deposed, ..
            }
            | Self::Forgotten { address, deposed } => Some((address.clone(), deposed.clone())),
        }
    }
}

/// Writes records as one batch: a line of JSON each.
pub fn encode(records: &[Record]) -> Vec<u8> {
    let mut out = Vec::new();
    for record in records {
        serde_json::to_writer(&mut out, record).expect("records have string keys only");
        out.push(b'\n');
    }
    out
}

/// Reads a batch back.
pub fn decode(batch: &[u8]) -> Result<Vec<Record>, JournalError> {
    let lines = batch.split(|byte| *byte == b'\n');
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            serde_json::from_slice(line).map_err(|error| {
                if error.to_string().starts_with("unknown variant") {
                    JournalError::Newer
                } else {
                    JournalError::Unreadable(error.to_string())
                }
            })
        })
        .collect()
}

/// Addresses as text.
pub(super) mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::model::Address;

    pub fn serialize<S: Serializer>(address: &Address, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(address)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(text: D) -> Result<Address, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(text)?;
        Address::parse(&text).map_err(D::Error::custom)
    }
}
