//! Client tokens: the same token with the same parameters is answered as the first time, without acting again.

use serde_json::Value;

use super::clock::Millis;
use super::objects::Token;
use super::reply::{Refusal, Reply, refuse};
use super::request::{HOME, Request};
use super::signature;
use super::world::World;

/// How long a token is remembered.
const LIFETIME: Millis = 24 * 60 * 60 * 1000;

/// Codes of a mismatch that differ from the common one: action, status, code, message.
const MISMATCHES: &[(&str, u16, &str, &str)] = &[
    ("ModifyInstanceSpec", 400, "IdempotenceParamNotMatch", OLD),
    (
        "CreateSnapshot",
        403,
        "IdempotentParameterMismatch",
        "The specified clientToken is used.",
    ),
    ("CreateImage", 400, "IdempotenceParamNotMatch", OLD),
    ("ModifyDiskChargeType", 400, "IdempotenceParamNotMatch", OLD),
    (
        "ModifyPrepayInstanceSpec",
        400,
        "IdempotenceParamNotMatch",
        OLD,
    ),
];

const OLD: &str =
    "Request uses a client token in a previous request but is not identical to that request.";

/// A call's token, ready to be looked up and to be remembered.
pub(super) struct Claim {
    key: String,
    parameters: String,
}

impl Claim {
    /// The claim of a request, if it carries a token.
    pub(super) fn of(request: &Request) -> Result<Option<Self>, Refusal> {
        let Some(token) = request.text("ClientToken") else {
            return Ok(None);
        };
        if token.len() > 64 || !token.is_ascii() {
            let text = "The ClientToken provided is invalid.";
            return refuse(400, "InvalidClientToken.ValueNotSupported", text);
        }
        if request.flag("DryRun") {
            return Ok(None);
        }
        let region = request.region().unwrap_or(HOME);
        let key = format!("{}.{}/{region}/{token}", request.product, request.action);
        // The key is the salt of what may hold a password.
        let mut said = key.clone();
        for (name, value) in request
            .parameters
            .iter()
            .filter(|(name, _)| *name != "ClientToken")
        {
            said.push_str(&format!(
                "{}={}&",
                signature::encode(name),
                signature::encode(value)
            ));
        }
        Ok(Some(Self {
            key,
            parameters: signature::sha256_hex(said.as_bytes()),
        }))
    }

    /// The answer of the first time, if there was one.
    pub(super) fn earlier(&self, world: &World, request: &Request) -> Option<Reply> {
        let token = world.tokens.get(&self.key)?;
        if token.at + LIFETIME < world.now {
            return None;
        }
        if token.parameters == self.parameters {
            return Some(token.outcome.clone());
        }
        let special = MISMATCHES
            .iter()
            .find(|(action, ..)| *action == request.action);
        Some(match special {
            Some((_, status, code, text)) => refuse(*status, code, *text),
            None => refuse(400, "IdempotentParameterMismatch", OLD),
        })
    }

    /// Remembers an answer, unless the same call may well be answered otherwise in a moment.
    pub(super) fn remember(self, world: &mut World, reply: &Reply) {
        let outcome: Result<Value, Refusal> = match reply {
            Err(refusal) if is_passing(refusal) => return,
            other => other.clone(),
        };
        let now = world.now;
        world.tokens.remove(&self.key, now);
        let token = Token {
            key: self.key,
            parameters: self.parameters,
            outcome,
            at: now,
        };
        world.tokens.insert(token, now);
        let outlived: Vec<String> = world
            .tokens
            .iter()
            .take_while(|token| token.at + LIFETIME < now)
            .map(|token| token.key.clone())
            .collect();
        for key in outlived {
            world.tokens.remove(&key, now);
        }
    }
}

/// Refusals that say "later", and those of the server.
fn is_passing(refusal: &Refusal) -> bool {
    const WORDS: &[&str] = &[
        "Status",
        "Conflict",
        "Processing",
        "Throttling",
        "DependencyViolation",
    ];
    refusal.status >= 500 || WORDS.iter().any(|word| refusal.code.contains(word))
}
