//! Faults on demand: each is named, seeded and repeatable.
//!
//! A rule says which calls it concerns, what goes wrong, how often, and how many times at most.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

use super::clock::{Millis, Transition};
use super::market::Market;
use super::request::glob;
use super::throttle::Limit;
use super::world::Quotas;

/// What is to go wrong, and limits that differ from the usual ones.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    seed: u64,
    rules: Vec<Rule>,
    /// How often an action may be called, by its name or a pattern, in place of the defaults.
    limits: BTreeMap<String, Limit>,
    /// Milliseconds of transitions (`vpc`, `pending`, `starting`, …), in place of the profile's.
    lengths: BTreeMap<Transition, Millis>,
    /// How much the account may have, in place of the defaults.
    quotas: Option<Quotas>,
    /// Stock and prices, in place of the usual ones.
    catalog: Option<Market>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default)]
    name: String,
    #[serde(default = "any")]
    action: String,
    /// Which calls of the action: parameters and what they are like (`*` stands for anything).
    #[serde(default, rename = "where")]
    conditions: BTreeMap<String, String>,
    kind: Kind,
    #[serde(default = "always")]
    rate: f64,
    count: Option<u64>,
    #[serde(default)]
    skip: u64,
    status: Option<u16>,
    code: Option<String>,
    message: Option<String>,
    #[serde(default)]
    delay_ms: u64,
}

fn any() -> String {
    "*".to_owned()
}

fn always() -> f64 {
    1.0
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// Refused for its frequency.
    Throttle,
    /// An error, and nothing done.
    ErrorBefore,
    /// Done, and then an error.
    ErrorAfter,
    /// The connection cut, and nothing done.
    CutBefore,
    /// Done, and then the connection cut.
    CutAfter,
    /// Answered later.
    Delay,
    /// A Describe answers from the world as it was a moment ago.
    StaleRead,
}

/// A fault that strikes one call.
#[derive(Clone, Debug)]
pub(super) struct Strike {
    pub(super) kind: Kind,
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) delay_ms: u64,
}

/// The rules at work: each has its own random numbers and counts.
pub(super) struct Plan {
    faults: Faults,
    progress: Vec<Progress>,
}

struct Progress {
    random: fastrand::Rng,
    seen: u64,
    struck: u64,
}

impl Plan {
    pub(super) fn new(faults: Faults) -> Self {
        let progress = (0..faults.rules.len())
            .map(|index| Progress {
                random: fastrand::Rng::with_seed(
                    faults.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ index as u64,
                ),
                seen: 0,
                struck: 0,
            })
            .collect();
        Self { faults, progress }
    }

    /// Reads the rules from JSON.
    pub(super) fn parse(text: &[u8]) -> Result<Self, serde_json::Error> {
        Ok(Self::new(serde_json::from_slice(text)?))
    }

    /// The faults that strike a call of an action with these parameters.
    pub(super) fn strikes(
        &mut self,
        action: &str,
        parameters: &BTreeMap<String, String>,
    ) -> Vec<Strike> {
        let rules = self.faults.rules.iter().zip(&mut self.progress);
        rules
            .filter(|(rule, _)| rule.concerns(action, parameters))
            .filter_map(|(rule, progress)| rule.strike(progress, action))
            .collect()
    }

    pub(super) fn quotas(&self) -> Quotas {
        self.faults.quotas.clone().unwrap_or_default()
    }

    pub(super) fn market(&self) -> Market {
        self.faults.catalog.clone().unwrap_or_default()
    }

    pub(super) fn set_market(&mut self, market: Market) {
        self.faults.catalog = Some(market);
    }

    pub(super) fn lengths(&self) -> BTreeMap<Transition, Millis> {
        self.faults.lengths.clone()
    }

    /// The limit set for an action, if one is.
    pub(super) fn limit(&self, action: &str) -> Option<Limit> {
        let exact = self.faults.limits.get(action);
        let pattern = || {
            self.faults
                .limits
                .iter()
                .find(|(name, _)| glob(name, action))
        };
        exact
            .copied()
            .or_else(|| pattern().map(|(_, limit)| *limit))
    }

    /// How often each rule has struck.
    pub(super) fn report(&self) -> Value {
        let pairs = self.faults.rules.iter().zip(&self.progress);
        pairs
            .enumerate()
            .map(|(index, (rule, progress))| {
                let name = match rule.name.as_str() {
                    "" => format!("rule {}", index + 1),
                    name => name.to_owned(),
                };
                (name, Value::from(progress.struck))
            })
            .collect::<serde_json::Map<String, Value>>()
            .into()
    }
}

impl Rule {
    fn concerns(&self, action: &str, parameters: &BTreeMap<String, String>) -> bool {
        glob(&self.action, action)
            && self.conditions.iter().all(|(name, pattern)| {
                let value = parameters.get(name);
                value.is_some_and(|value| glob(pattern, value))
            })
    }

    fn strike(&self, progress: &mut Progress, action: &str) -> Option<Strike> {
        if self.kind == Kind::StaleRead
            && !action.starts_with("Describe")
            && !action.starts_with("List")
        {
            return None;
        }
        progress.seen += 1;
        let exhausted = self.count.is_some_and(|count| progress.struck >= count);
        if progress.seen <= self.skip || exhausted || progress.random.f64() >= self.rate {
            return None;
        }
        progress.struck += 1;
        let (status, code, message) = match self.kind {
            Kind::Throttle => (
                400,
                "Throttling.User",
                "Request was denied due to user flow control.",
            ),
            _ => (
                503,
                "ServiceUnavailable",
                "The request has failed due to a temporary failure of the server.",
            ),
        };
        Some(Strike {
            kind: self.kind,
            status: self.status.unwrap_or(status),
            code: self.code.clone().unwrap_or_else(|| code.to_owned()),
            message: self.message.clone().unwrap_or_else(|| message.to_owned()),
            delay_ms: self.delay_ms,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_skip_count_and_repeat() {
        let text = br#"{"seed": 7, "rules": [
            {"action": "Create*", "kind": "error_before", "skip": 1, "count": 2},
            {"action": "*", "kind": "delay", "rate": 0.5, "delay_ms": 5}]}"#;
        let mut runs = Vec::new();
        for _ in 0..2 {
            let mut plan = Plan::parse(text).unwrap();
            let kinds: Vec<Vec<Kind>> = (0..6)
                .map(|_| {
                    plan.strikes("CreateVpc", &BTreeMap::new())
                        .into_iter()
                        .map(|strike| strike.kind)
                        .collect()
                })
                .collect();
            runs.push(kinds);
        }
        assert_eq!(runs[0], runs[1]);
        let errors: Vec<bool> = runs[0]
            .iter()
            .map(|kinds| kinds.contains(&Kind::ErrorBefore))
            .collect();
        assert_eq!(errors, [false, true, true, false, false, false]);
        assert!(Plan::parse(br#"{"rules": [{"kind": "explode"}]}"#).is_err());
    }

    #[test]
    fn rules_can_be_about_one_object() {
        let text = br#"{"rules": [
            {"action": "CreateInstance", "where": {"InstanceName": "web-*"}, "kind": "cut_before"}]}"#;
        let mut plan = Plan::parse(text).unwrap();
        for (name, struck) in [("web-1", 1), ("db-1", 0)] {
            let parameters = BTreeMap::from([("InstanceName".to_owned(), name.to_owned())]);
            assert_eq!(plan.strikes("CreateInstance", &parameters).len(), struck);
        }
        assert!(plan.strikes("CreateInstance", &BTreeMap::new()).is_empty());
    }
}
