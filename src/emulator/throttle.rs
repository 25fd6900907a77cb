//! Limits on how often an action may be called in a while, by account, region and action.

use std::collections::HashMap;

use serde::Deserialize;

use super::actions::{Effect, Route};
use super::clock::{Millis, Profile};
use super::reply::{Refusal, refuse};

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60_000;

/// Calls a minute as the quota tables give them.
const PUBLISHED: &[(&str, u64)] = &[("RunInstances", 100), ("MoveResourceGroup", 60)];
const READS: u64 = 1_000;
const WRITES: u64 = 300;
/// How many times as much the quick profiles allow.
const GENEROSITY: u64 = 1_000;

/// So many calls in each window of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    calls: u64,
    window: Millis,
}

impl<'de> Deserialize<'de> for Limit {
    /// Reads `100`, which is a minute's, or `"100/s"`.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u64),
            Text(String),
        }
        let parsed = match Written::deserialize(deserializer) {
            Ok(Written::Number(calls)) => Some((calls, MINUTE)),
            Ok(Written::Text(text)) => text.split_once('/').and_then(|(calls, unit)| {
                let window = match unit.trim() {
                    "s" => SECOND,
                    "min" => MINUTE,
                    _ => return None,
                };
                Some((calls.trim().parse().ok()?, window))
            }),
            Err(_) => None,
        };
        let (calls, window) = parsed.ok_or_else(|| {
            serde::de::Error::custom("a limit is a number (of calls a minute), or like \"100/s\"")
        })?;
        Ok(Self { calls, window })
    }
}

/// The counts of the windows of now.
#[derive(Default)]
pub(super) struct Throttle {
    counts: HashMap<String, Count>,
    /// How long the call that was refused last has to wait.
    wait: Millis,
}

#[derive(Default)]
struct Count {
    window: Millis,
    calls: u64,
}

impl Throttle {
    /// Counts a call, or refuses it until the next window.
    pub(super) fn admit(
        &mut self,
        key: &str,
        route: &Route,
        limit: Option<Limit>,
        profile: Profile,
        now: Millis,
    ) -> Result<(), Refusal> {
        let limit = limit.unwrap_or_else(|| usual(route, profile));
        let count = self.counts.entry(key.to_owned()).or_default();
        let window = now / limit.window;
        if window != count.window {
            *count = Count { window, calls: 0 };
        }
        if count.calls >= limit.calls {
            self.wait = limit.window - now % limit.window;
            let text = "Request was denied due to user flow control.";
            return refuse(400, "Throttling.User", text);
        }
        count.calls += 1;
        Ok(())
    }

    /// How long to wait, in milliseconds.
    pub(super) fn retry_after(&self) -> Millis {
        self.wait.max(1)
    }
}

fn usual(route: &Route, profile: Profile) -> Limit {
    let published = PUBLISHED.iter().find(|(action, _)| *action == route.action);
    let base = match (published, route.effect) {
        (Some((_, limit)), _) => *limit,
        (None, Effect::Read) => READS,
        (None, Effect::Write) => WRITES,
    };
    let calls = match profile {
        Profile::Realistic => base,
        Profile::Instant | Profile::Fast => base * GENEROSITY,
    };
    Limit {
        calls,
        window: MINUTE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_a_minutes_or_a_seconds() {
        let read = |text: &str| serde_json::from_str::<Limit>(text);
        let limit = |calls, window| Limit { calls, window };
        assert_eq!(read("100").unwrap(), limit(100, MINUTE));
        assert_eq!(read("\"100/min\"").unwrap(), limit(100, MINUTE));
        assert_eq!(read("\"20/s\"").unwrap(), limit(20, SECOND));
        for wrong in ["\"20\"", "\"20/h\"", "\"x/s\"", "-1", "1.5"] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains("100/s"), "{error}");
        }
    }
}
