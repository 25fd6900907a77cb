//! Strict reading: every parameter is one that its action has, of the right kind, and none that is required is absent.

use std::collections::HashMap;

use super::catalog;
use super::parameters::{self, Parameters};
use super::reply::{Refusal, refuse};
use super::request::{Request, invalid, missing};

/// What any action takes beside its own parameters.
const EVERYWHERE: &[&str] = &[
    "OwnerAccount",
    "OwnerId",
    "RegionId",
    "ResourceOwnerAccount",
    "ResourceOwnerId",
    "SecureTransport",
    "SourceIp",
];

/// The kinds of parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
}

/// What one action takes, ready to be looked up.
pub(super) struct Rules {
    kinds: HashMap<String, Kind>,
    required: Vec<&'static str>,
}

/// The rules of every action, by product and action.
pub(super) fn rules() -> HashMap<(&'static str, &'static str), Rules> {
    parameters::all()
        .map(|row| ((row.product, row.action), Rules::of(row)))
        .collect()
}

impl Rules {
    fn of(row: &Parameters) -> Self {
        let mut kinds: HashMap<String, Kind> = EVERYWHERE
            .iter()
            .map(|name| ((*name).to_owned(), Kind::Text))
            .collect();
        let mut required = Vec::new();
        for word in row.words() {
            let plain = word.trim_end_matches('!');
            let name = plain.trim_end_matches(['#', '%', '?']);
            let kind = match plain.as_bytes().last() {
                Some(b'#') => Kind::Integer,
                Some(b'%') => Kind::Number,
                Some(b'?') => Kind::Boolean,
                _ => Kind::Text,
            };
            if plain.len() < word.len() {
                required.push(name);
            }
            kinds.entry(pattern(name).0).or_insert(kind);
        }
        Self { kinds, required }
    }

    /// Refuses what the action does not take, and what it lacks.
    pub(super) fn check(&self, request: &Request) -> Result<(), Refusal> {
        for (name, value) in &request.parameters {
            let (pattern, numbers_hold) = pattern(name);
            match self.kinds.get(&pattern) {
                Some(kind) if numbers_hold => check_kind(name, value, *kind)?,
                _ => {
                    let text = format!("The parameter \"{name}\" is not supported.");
                    return refuse(400, "UnsupportedParameter", text);
                }
            }
        }
        if let Some(name) = self
            .required
            .iter()
            .find(|name| request.text(name).is_none())
        {
            return Err(missing(name));
        }
        if let Some(region) = request.region()
            && catalog::region(region).is_none()
        {
            let text = "The specified RegionId does not exist.";
            return refuse(404, "InvalidRegionId.NotFound", text);
        }
        Ok(())
    }
}

/// A name with `N` for its numbers, and whether they count from 1 without leading zeros.
fn pattern(name: &str) -> (String, bool) {
    let mut holds = true;
    let parts: Vec<&str> = name
        .split('.')
        .map(
            |part| match part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty() {
                true => {
                    holds &= !part.starts_with('0');
                    "N"
                }
                false => part,
            },
        )
        .collect();
    (parts.join("."), holds)
}

fn check_kind(name: &str, value: &str, kind: Kind) -> Result<(), Refusal> {
    let holds = value.is_empty()
        || match kind {
            Kind::Text => true,
            Kind::Integer => value.parse::<i64>().is_ok(),
            Kind::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
            Kind::Boolean => {
                value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")
            }
        };
    if holds { Ok(()) } else { Err(invalid(name)) }
}
