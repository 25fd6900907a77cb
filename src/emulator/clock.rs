//! Time as the emulator sees it: milliseconds since the epoch, and how long each transition lasts.
//!
//! States follow tokio's clock, so that a paused runtime can move them; request dates follow the wall clock.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;

/// Milliseconds since the epoch.
pub(super) type Millis = u64;

/// How long states last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Nothing takes time.
    Instant,
    /// Tens of milliseconds.
    #[default]
    Fast,
    /// Seconds to a minute, as in the real service.
    Realistic,
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "instant" => Ok(Self::Instant),
            "fast" => Ok(Self::Fast),
            "realistic" => Ok(Self::Realistic),
            other => Err(format!("{other:?} is not one of instant, fast, realistic")),
        }
    }
}

/// A transition that takes time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Transition {
    Vpc,
    #[serde(rename = "vswitch")]
    VSwitch,
    #[serde(rename = "vswitch_deletion")]
    VSwitchDeletion,
    Pending,
    Starting,
    Stopping,
    Interface,
    Lingering,
    Eip,
    Nat,
    NatDeletion,
    NatEntry,
    RouteTable,
    RouteEntry,
    Disk,
    Attaching,
    Detaching,
    Snapshot,
    Image,
    Lag,
}

/// Milliseconds of each transition: fast, realistic.
const fn lengths(transition: Transition) -> (Millis, Millis) {
    match transition {
        Transition::Vpc => (20, 3_000),
        Transition::VSwitch => (20, 4_000),
        Transition::VSwitchDeletion => (20, 8_000),
        Transition::Pending => (30, 6_000),
        Transition::Starting => (40, 15_000),
        Transition::Stopping => (40, 12_000),
        Transition::Interface => (20, 4_000),
        Transition::Lingering => (30, 6_000),
        Transition::Eip => (20, 3_000),
        Transition::Nat => (40, 30_000),
        Transition::NatDeletion => (20, 15_000),
        Transition::NatEntry => (20, 4_000),
        Transition::RouteTable => (20, 4_000),
        Transition::RouteEntry => (20, 3_000),
        Transition::Disk => (20, 3_000),
        Transition::Attaching => (20, 3_000),
        Transition::Detaching => (20, 20_000),
        Transition::Snapshot => (30, 20_000),
        Transition::Image => (40, 60_000),
        Transition::Lag => (300, 2_000),
    }
}

/// The emulator's clock.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    origin: Millis,
    started: tokio::time::Instant,
    profile: Profile,
    /// How much time was let pass at once.
    pub(super) ahead: Millis,
    /// Lengths in place of the profile's.
    pub(super) lengths: BTreeMap<Transition, Millis>,
}

impl Clock {
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            origin: wall(),
            started: tokio::time::Instant::now(),
            profile,
            ahead: 0,
            lengths: BTreeMap::new(),
        }
    }

    /// The instant that states are judged by.
    pub(super) fn now(&self) -> Millis {
        let passed = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX / 2);
        (self.origin + passed).saturating_add(self.ahead)
    }

    pub(super) fn length(&self, transition: Transition) -> Millis {
        if let Some(length) = self.lengths.get(&transition) {
            return *length;
        }
        let (fast, realistic) = lengths(transition);
        match self.profile {
            Profile::Instant => 0,
            Profile::Fast => fast,
            Profile::Realistic => realistic,
        }
    }

    pub(super) fn profile(&self) -> Profile {
        self.profile
    }
}

/// The wall clock.
pub(super) fn wall() -> Millis {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX / 2)
}

/// A time with seconds, `2018-04-18T12:35:09Z`.
pub(super) fn seconds(at: Millis) -> String {
    stamp(at, "%Y-%m-%dT%H:%M:%SZ")
}

/// A time to the minute, `2017-12-10T04:04Z`, as ECS writes those of instances and disks.
pub(super) fn minutes(at: Millis) -> String {
    stamp(at, "%Y-%m-%dT%H:%MZ")
}

/// A time as HTTP has it, `Wed, 18 Apr 2018 12:35:09 GMT`.
pub(super) fn header(at: Millis) -> String {
    stamp(at, "%a, %d %b %Y %H:%M:%S GMT")
}

fn stamp(at: Millis, format: &str) -> String {
    let at = i64::try_from(at).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(at)
        .map(|time| time.strftime(format).to_string())
        .unwrap_or_default()
}

/// Reads `YYYY-MM-DDThh:mm:ssZ`, and nothing else.
pub(super) fn parse_seconds(text: &str) -> Option<Millis> {
    if text.len() != 20 || !text.ends_with('Z') {
        return None;
    }
    let time: jiff::Timestamp = text.parse().ok()?;
    u64::try_from(time.as_millisecond()).ok()
}

/// Reads a time to the second or to the minute, as release times are given.
pub(super) fn parse_release(text: &str) -> Option<Millis> {
    match text.len() {
        17 => parse_seconds(&format!("{}:00Z", text.strip_suffix('Z')?)),
        _ => parse_seconds(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_back_as_written() {
        let at = parse_seconds("2018-04-18T12:35:09Z").unwrap();
        assert_eq!(seconds(at), "2018-04-18T12:35:09Z");
        assert_eq!(minutes(at), "2018-04-18T12:35Z");
        assert_eq!(parse_release("2018-04-18T12:35Z"), Some(at - 9_000));
        assert_eq!(parse_seconds("2018-04-18 12:35:09"), None);
    }
}
