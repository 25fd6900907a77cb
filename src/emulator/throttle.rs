//! Limits on how often an action may be called in a minute, by account, region and action.

use std::collections::HashMap;

use super::actions::{Effect, Route};
use super::clock::{Millis, Profile};
use super::reply::{Refusal, refuse};

const MINUTE: Millis = 60_000;

/// Calls a minute as the quota tables give them.
const PUBLISHED: &[(&str, u64)] = &[("RunInstances", 100), ("MoveResourceGroup", 60)];
const READS: u64 = 1_000;
const WRITES: u64 = 300;
/// How many times as much the quick profiles allow.
const GENEROSITY: u64 = 1_000;

/// The counts of this minute.
#[derive(Default)]
pub(super) struct Throttle {
    minute: Millis,
    counts: HashMap<String, u64>,
    now: Millis,
}

impl Throttle {
    /// Counts a call, or refuses it until the next minute.
    pub(super) fn admit(
        &mut self,
        key: &str,
        route: &Route,
        limit: Option<u64>,
        profile: Profile,
        now: Millis,
    ) -> Result<(), Refusal> {
        self.now = now;
        if now / MINUTE != self.minute {
            self.minute = now / MINUTE;
            self.counts.clear();
        }
        let count = self.counts.entry(key.to_owned()).or_default();
        if *count >= limit.unwrap_or_else(|| usual(route, profile)) {
            let text = "Request was denied due to user flow control.";
            return refuse(400, "Throttling.User", text);
        }
        *count += 1;
        Ok(())
    }

    /// How long to wait, in milliseconds.
    pub(super) fn retry_after(&self) -> Millis {
        MINUTE - self.now % MINUTE
    }
}

fn usual(route: &Route, profile: Profile) -> u64 {
    let published = PUBLISHED.iter().find(|(action, _)| *action == route.action);
    let base = match (published, route.effect) {
        (Some((_, limit)), _) => *limit,
        (None, Effect::Read) => READS,
        (None, Effect::Write) => WRITES,
    };
    match profile {
        Profile::Realistic => base,
        Profile::Instant | Profile::Fast => base * GENEROSITY,
    }
}
