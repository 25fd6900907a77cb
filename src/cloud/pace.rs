//! How often an action may be called, as far as its answers have told. Nothing is sent or slept here.
//!
//! At first nothing is held back. A refusal closes the gate until the pause that it asks for is over, or until a
//! single call that tries has got through. Between two moments at which the API had nothing left, what it let
//! through over the time in between is its limit: calls are spaced by a little less, and as long as none is refused
//! by more and more, slowly around the limit and faster beyond it, as CUBIC (RFC 9438) does with windows.

use std::time::Duration;

use tokio::time::Instant;

use super::retry::LONGEST_WISH;

/// How far calls may be ahead of their spacing: what timers and busy processors lose is made up for.
const AHEAD: Duration = Duration::from_millis(20);
/// Below the limit by this part does the rate begin after a refusal.
const BELOW: f64 = 0.04;
/// After so many seconds at full speed the rate is the limit again, and after so many calls.
const BACK: f64 = 3.0;
const CALLS: f64 = 120.0;
/// Fewer calls say nothing about a rate.
const FEW: u32 = 20;
/// Calls a second at the very least: slower is what pauses are for.
const SLOWEST: f64 = 0.1;
/// Fewer calls under way or waiting than these do not wear out a limit.
const CROWD: usize = 3;
/// The pauses after refusals that ask for none.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));
/// Each further try waits longer by this much.
const LONGER: f64 = 1.5;
/// A limit that was found lets so many calls through; one that never does is none.
const STRETCH: u32 = 50;
/// After so many cuts without such a stretch refusals are held to have other reasons than the rate.
const CUTS: u32 = 8;
/// How long a lap is at least.
const LAP: Duration = Duration::from_secs(1);

/// What a call is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Go {
        tries: bool,
    },
    At(Instant),
    /// When the call that tries was answered.
    AfterTry,
}

/// What is known of an action's rate.
#[derive(Debug)]
pub(super) struct Pace {
    /// Calls a second that the API lets through, once that was measured.
    limit: Option<f64>,
    /// For how many seconds calls went as fast as they may since then.
    age: f64,
    /// When the next call is due.
    due: Instant,
    gate: Gate,
    /// When the gate was opened last: calls from before then tell nothing new.
    opened: Instant,
    pause: Duration,
    /// Since when all have been refused.
    refused: Option<Instant>,
    /// Whether a crowd was there when the gate was closed.
    crowded: bool,
    cuts: u32,
    /// How many calls were let through since the gate was opened.
    stretch: u32,
    whole: Lap,
    laps: [Lap; 2],
}

#[derive(Clone, Copy, Debug)]
enum Gate {
    Open,
    Closed { until: Instant, tries: bool },
    Trying,
}

/// How many calls were let through since a moment.
#[derive(Clone, Copy, Debug)]
struct Lap {
    start: Instant,
    count: u32,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        let lap = Lap::new(now);
        Self {
            limit: None,
            age: 0.0,
            due: now,
            gate: Gate::Open,
            opened: now,
            pause: PAUSES.0,
            refused: None,
            crowded: false,
            cuts: 0,
            stretch: 0,
            whole: lap,
            laps: [lap; 2],
        }
    }

    /// Decides about the call that is next.
    pub(super) fn turn(&mut self, now: Instant) -> Turn {
        match self.gate {
            Gate::Open => {}
            Gate::Trying => return Turn::AfterTry,
            Gate::Closed { until, .. } if now < until => return Turn::At(until),
            Gate::Closed { tries: true, .. } => {
                self.gate = Gate::Trying;
                return Turn::Go { tries: true };
            }
            Gate::Closed { until, .. } => self.open(until),
        }
        let Some(rate) = self.rate() else {
            return Turn::Go { tries: false };
        };
        let early = self.due.checked_sub(AHEAD).unwrap_or(self.due);
        if now < early {
            return Turn::At(early);
        }
        let spacing = 1.0 / rate;
        if now < self.due {
            self.age += spacing;
        }
        self.due = self.due.max(now) + Duration::from_secs_f64(spacing);
        Turn::Go { tries: false }
    }

    /// Takes note that a call was let through that was sent then.
    pub(super) fn passed(&mut self, now: Instant, sent: Instant, tried: bool) {
        self.refused = None;
        if tried {
            self.open(sent);
        }
        self.whole.count += 1;
        self.stretch += 1;
        if now.duration_since(self.laps[1].start) >= LAP {
            self.laps = [self.laps[1], Lap::new(now)];
        }
        self.laps[1].count += 1;
        if self.stretch >= STRETCH {
            self.cuts = 0;
        }
    }

    /// Takes note that a call was refused; returns for how long all have been. `present`: how many calls are under
    /// way or waiting.
    pub(super) fn refused(
        &mut self,
        now: Instant,
        sent: Instant,
        tried: bool,
        wish: Option<Duration>,
        present: usize,
    ) -> Duration {
        let wish = wish.filter(|wish| !wish.is_zero());
        let wished = wish.map(|wish| now + wish.min(LONGEST_WISH));
        match self.gate {
            Gate::Open if sent >= self.opened => {
                self.crowded = present >= CROWD;
                self.gate = Gate::Closed {
                    until: wished.unwrap_or(now + self.pause),
                    // A pause after which nothing got through is not to be relied on.
                    tries: wish.is_none() || self.stretch == 0,
                };
            }
            Gate::Trying if tried => {
                self.pause = self.pause.mul_f64(LONGER).min(PAUSES.1);
                self.gate = Gate::Closed {
                    until: wished.unwrap_or(now + self.pause),
                    tries: true,
                };
            }
            Gate::Closed { until, tries } => {
                let until = until.max(wished.unwrap_or(until));
                self.gate = Gate::Closed { until, tries };
            }
            Gate::Open | Gate::Trying => {}
        }
        now - *self.refused.get_or_insert(now)
    }

    /// Takes note that the call that tried was not answered at all.
    pub(super) fn dropped(&mut self, now: Instant) {
        if matches!(self.gate, Gate::Trying) {
            let tries = true;
            self.gate = Gate::Closed { until: now, tries };
        }
    }

    /// Whether refusals seem to have nothing to do with the rate.
    pub(super) fn is_at_a_loss(&self) -> bool {
        self.cuts >= CUTS
    }

    /// Calls a second; `None`: as they come.
    fn rate(&self) -> Option<f64> {
        let limit = self.limit?;
        let back = BACK.max(CALLS / limit);
        let beyond = self.age - back;
        let unit = if beyond < 0.0 { back } else { BACK };
        Some(limit * (1.0 + BELOW * (beyond / unit).powi(3)))
    }

    /// Opens the gate: until this moment nothing more was let through, and from now on some is.
    fn open(&mut self, end: Instant) {
        self.gate = Gate::Open;
        self.pause = PAUSES.0;
        if self.crowded {
            self.learn(end);
        }
        self.age = 0.0;
        // What has come back may be enough for one call only.
        self.due = end + AHEAD;
        self.opened = end;
        self.stretch = 0;
    }

    /// Learns from what was let through until a moment at which nothing was left.
    fn learn(&mut self, end: Instant) {
        let long = end.saturating_duration_since(self.whole.start) > LONGEST_WISH;
        if self.is_at_a_loss() {
            self.limit = None;
        } else if self.whole.count >= FEW {
            let measured = self.measured(end).max(SLOWEST);
            let limit = self.rate().map_or(measured, |rate| rate.min(measured));
            self.limit = Some(limit);
            self.cuts += 1;
        } else if !long {
            // Too few to tell: those to come are added to them.
            return;
        }
        self.whole = Lap::new(end);
        self.laps = [self.whole; 2];
    }

    /// Returns how many calls a second were let through at the most.
    fn measured(&self, end: Instant) -> f64 {
        let recent = Lap {
            start: self.laps[0].start,
            count: self.laps[0].count + self.laps[1].count,
        };
        // Where fewer calls came than would have been let through, what counts is the rush at the end.
        let rushes = [recent, self.laps[1]];
        let rushes = rushes.iter().filter(|lap| lap.count >= FEW);
        let rates = rushes.map(|lap| lap.rate(end));
        rates.fold(self.whole.rate(end), f64::max)
    }
}

impl Lap {
    fn new(start: Instant) -> Self {
        Self { start, count: 0 }
    }

    fn rate(&self, end: Instant) -> f64 {
        let seconds = end.saturating_duration_since(self.start).as_secs_f64();
        f64::from(self.count) / seconds.max(0.001)
    }
}
