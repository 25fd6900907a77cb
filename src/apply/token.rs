//! The client token of a create call, derived so that asking again makes nothing twice.
//!
//! What it hangs on is fixed for good: a token that was derived by an older version must come out the
//! same, or an interrupted create would be asked as a new one. Secrets enter as keyed digests.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The version of the derivation.
pub const VERSION: u32 = 1;

/// What a digest begins with.
const DIGEST_PREFIX: &str = "prov:v1:";

/// A request parameter as the token and the journal have it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Parameter {
    pub name: String,
    #[serde(flatten)]
    pub sent: Sent,
}

/// What was sent.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    Value(String),
    /// The keyed digest of a secret.
    Digest(String),
}

/// What a client token is derived from.
#[derive(Clone, Copy, Debug)]
pub struct Seed<'a> {
    /// The state's lineage.
    pub lineage: &'a str,
    /// The instance's address, as written.
    pub address: &'a str,
    /// The id of the last remote object of this address; empty at first.
    pub predecessor: &'a str,
    /// How often the cloud has refused this create for good since it last succeeded.
    pub attempt: u32,
    /// The API action.
    pub action: &'a str,
    pub params: &'a [Parameter],
}

/// Returns the client token: 64 lowercase hexadecimal digits.
pub fn client_token(seed: Seed<'_>) -> String {
    let mut params: Vec<&Parameter> = seed.params.iter().collect();
    params.sort_by(|a, b| a.name.cmp(&b.name));
    let params: Vec<serde_json::Value> = params
        .into_iter()
        .map(|param| match &param.sent {
            Sent::Value(value) => serde_json::json!([param.name, value]),
            Sent::Digest(digest) => serde_json::json!([param.name, { "digest": digest }]),
        })
        .collect();
    let canonical = serde_json::json!([
        VERSION,
        seed.lineage,
        seed.address,
        seed.predecessor,
        seed.attempt,
        seed.action,
        params,
    ]);
    hex(&Sha256::digest(canonical.to_string()))
}

/// Makes digests of secrets: equal for equal texts, and of no use to who lacks the key.
#[derive(Clone)]
pub struct Digester(Hmac<Sha256>);

impl Digester {
    /// Takes the key that the state keeps, in hexadecimal digits.
    pub fn new(key: &str) -> Self {
        let mac = Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes keys of every length");
        Self(mac)
    }

    /// Returns a new random key: 256 bits, 64 hexadecimal digits.
    pub fn new_key() -> String {
        let mut hash = Sha256::new();
        // Each holds 122 random bits of the operating system.
        for _ in 0..4 {
            hash.update(uuid::Uuid::new_v4().as_bytes());
        }
        hex(&hash.finalize())
    }

    /// Returns the digest of `text`.
    pub fn digest(&self, text: &str) -> String {
        let mac = self.0.clone().chain_update(text);
        format!("{DIGEST_PREFIX}{}", hex(&mac.finalize().into_bytes()))
    }

    /// Whether `digest` is that of `text`.
    pub fn matches(&self, digest: &str, text: &str) -> bool {
        self.digest(text) == digest
    }

    /// Returns the parameter as token and journal have it.
    pub fn parameter(&self, name: &str, value: &str, secret: bool) -> Parameter {
        Parameter {
            name: name.to_owned(),
            sent: if secret {
                Sent::Digest(self.digest(value))
            } else {
                Sent::Value(value.to_owned())
            },
        }
    }
}

impl std::fmt::Debug for Digester {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Digester(***)")
    }
}

/// Whether the text is a digest of a secret rather than the secret.
pub fn is_digest(text: &str) -> bool {
    text.strip_prefix(DIGEST_PREFIX)
        .is_some_and(|rest| rest.len() == 64 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all text");
        text
    })
}
