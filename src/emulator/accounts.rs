//! Accounts: which key is whose, which roles there are, and who may act as them.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Deserializer};

use super::policy::Policy;
use super::request::glob;
use super::world::ACCOUNT;

/// Keys and roles beyond the emulator's own key.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    keys: Vec<Key>,
    /// Without any, every role of every account can be acted as.
    roles: Vec<Role>,
}

impl fmt::Debug for Accounts {
    /// Shows no secrets.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.keys.iter().map(|key| key.id.as_str()).collect();
        out.debug_struct("Accounts")
            .field("keys", &ids)
            .field("roles", &self.roles.len())
            .finish()
    }
}

/// An access key of an account or of one of its users.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) secret: String,
    #[serde(default = "home", deserialize_with = "account")]
    pub(super) account: String,
    /// The RAM user; the account itself without.
    #[serde(default)]
    pub(super) user: Option<String>,
    /// What the user may do; everything without.
    #[serde(default)]
    pub(super) policy: Option<Policy>,
    #[serde(default)]
    pub(super) inactive: bool,
}

/// A RAM role.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) arn: String,
    /// Who may act as it: accounts or ARNs, with `*` for anything; everybody without.
    #[serde(default = "everybody")]
    trust: Vec<String>,
    /// What it may do; everything without.
    #[serde(default)]
    pub(super) policy: Option<Policy>,
    /// How long a session lasts at most: seconds.
    #[serde(default = "longest")]
    pub(super) max_session_duration: u64,
}

fn home() -> String {
    ACCOUNT.to_owned()
}

/// Reads an account's id, which becomes the name of a directory.
fn account<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    let sound = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if sound {
        return Ok(text);
    }
    let wrong = format!("\"{text}\" is not the id of an account: digits in quotes are needed");
    Err(serde::de::Error::custom(wrong))
}

fn everybody() -> Vec<String> {
    vec!["*".to_owned()]
}

/// The longest session that any role allows.
fn longest() -> u64 {
    43_200
}

/// The keys and roles, ready to be found.
pub(super) struct Directory {
    keys: HashMap<String, Key>,
    roles: HashMap<String, Role>,
}

impl Directory {
    /// Takes the home account's keys and those of a file.
    pub(super) fn new(own: &[(String, String)], accounts: &Accounts) -> Self {
        let plain = own.iter().map(|(id, secret)| Key {
            id: id.clone(),
            secret: secret.clone(),
            account: home(),
            user: None,
            policy: None,
            inactive: false,
        });
        let all = plain.chain(accounts.keys.iter().cloned());
        let roles = accounts.roles.iter().cloned();
        Self {
            keys: all.map(|key| (key.id.clone(), key)).collect(),
            roles: roles.map(|role| (role.arn.clone(), role)).collect(),
        }
    }

    pub(super) fn key(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }

    /// Finds a role; where none is configured, every well-formed one exists.
    pub(super) fn role(&self, arn: &str) -> Option<Role> {
        if !self.roles.is_empty() {
            return self.roles.get(arn).cloned();
        }
        Some(Role {
            arn: arn.to_owned(),
            trust: everybody(),
            policy: None,
            max_session_duration: longest(),
        })
    }
}

impl Role {
    /// Whether a caller, by account and ARN, may act as the role.
    pub(super) fn trusts(&self, account: &str, arn: &str) -> bool {
        let names = |pattern: &String| glob(pattern, account) || glob(pattern, arn);
        self.trust.iter().any(names)
    }
}

/// Takes `acs:ram::ACCOUNT:KIND/NAME` apart.
pub(super) fn parts<'a>(arn: &'a str, kind: &str) -> Option<(&'a str, &'a str)> {
    let (account, rest) = arn.strip_prefix("acs:ram::")?.split_once(':')?;
    let name = rest.strip_prefix(kind)?.strip_prefix('/')?;
    let digits = !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit());
    (digits && !name.is_empty()).then_some((account, name))
}
