//! What to do about an operation that a run left behind: decided from its records alone.

use jiff::{SignedDuration, Timestamp};

use super::{Operation, Place};
use crate::{
    apply::token::{Digester, Parameter, Sent},
    model::Address,
};

/// How long the cloud is trusted to remember a client token. Its documentation gives no number.
pub const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// An operation that a run left behind.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OpenIntent {
    #[serde(with = "super::record::text")]
    pub address: Address,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposed: Option<String>,
    pub operation: Operation,
    /// The id of the created object, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Where it happens, if the journal says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// What to do about an operation that a run left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Send the create call again: same parameters, same token.
    AskAgain {
        action: String,
        token: String,
        params: Vec<(String, String)>,
    },
    /// The same, with the secrets that the configuration gives again: see [`reveal`].
    NeedsSecrets { names: Vec<String> },
    /// Whether the object was made cannot be known by asking: look for it, and ask the user.
    Expired { since: Timestamp },
    /// The object exists: go on with what follows its creation.
    Adopt { id: String },
    /// Read the object: what it is like says whether it happened.
    ReadBack { id: String },
}

/// Decides what to do about an operation that a run left behind.
pub fn decide(open: &OpenIntent, now: Timestamp) -> Decision {
    if let Some(id) = &open.created {
        return Decision::Adopt { id: id.clone() };
    }
    let create = match &open.operation {
        Operation::Update { id, .. } | Operation::Delete { id } => {
            return Decision::ReadBack { id: id.clone() };
        }
        Operation::Create(create) => create,
    };
    // Without a token, asking twice makes one object by the nature of the call.
    if create.takes_token && now.duration_since(create.at) > TOKEN_LIFETIME {
        return Decision::Expired { since: create.at };
    }
    let mut params = Vec::new();
    let mut names = Vec::new();
    for param in &create.params {
        match &param.sent {
            Sent::Value(value) => params.push((param.name.clone(), value.clone())),
            Sent::Digest(_) => names.push(param.name.clone()),
        }
    }
    if !names.is_empty() {
        return Decision::NeedsSecrets { names };
    }
    Decision::AskAgain {
        action: create.action.clone(),
        token: create.token.clone(),
        params,
    }
}

/// Returns the parameters with the secrets that the configuration gives; the error names the ones
/// that it does not give, or gives differently than when they were sent, unless they may be given `anew`: with the same
/// token the cloud makes one object, or refuses what differs from what it made.
pub fn reveal(
    params: &[Parameter],
    digester: &Digester,
    secret: impl Fn(&str) -> Option<String>,
    anew: bool,
) -> Result<Vec<(String, String)>, Vec<String>> {
    let mut revealed = Vec::new();
    let mut missing = Vec::new();
    for param in params {
        let value = match &param.sent {
            Sent::Value(value) => Some(value.clone()),
            Sent::Digest(digest) => {
                secret(&param.name).filter(|value| anew || digester.matches(digest, value))
            }
        };
        match value {
            Some(value) => revealed.push((param.name.clone(), value)),
            None => missing.push(param.name.clone()),
        }
    }
    if missing.is_empty() {
        Ok(revealed)
    } else {
        Err(missing)
    }
}
