//! What may befall an apply.

use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value as Json, json};

use super::machine::{Cloud, Desk, Ran};

/// What may befall an apply.
#[derive(Clone, Debug)]
pub enum Mishap {
    /// The program kills itself at a record of its journal.
    Record(&'static str, usize),
    /// The program is killed after a while.
    Program(Duration),
    /// The emulator is killed after a while, and comes back.
    Cloud(Duration),
    /// Both are.
    Both(Duration),
    /// The disk fails, or the power goes.
    Disk(String),
    /// Two at once; one of them is killed after a while, or none.
    Race(Option<Duration>),
    /// Calls go wrong.
    Faults(Json),
}

/// What happened to processes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kills {
    pub program: usize,
    pub cloud: usize,
    pub power: usize,
    pub disk: usize,
    pub race: usize,
}

const FAULTS: &[&str] = &[
    "throttle",
    "error_before",
    "error_after",
    "cut_before",
    "cut_after",
    "delay",
    "stale_read",
];

const DISKS: &[&str] = &["full", "short", "read-only", "broken"];

impl Mishap {
    /// Chooses one.
    pub fn any(random: &mut Rng) -> Self {
        let mut moment = |longest: u64| Duration::from_millis(random.u64(5..longest));
        let (pause, early) = (moment(250), moment(150));
        match random.u8(..100) {
            0..22 => Self::Record("PROV_CRASH_AT", random.usize(1..18)),
            22..44 => Self::Record("PROV_CRASH_BEFORE", random.usize(1..18)),
            44..56 => Self::Program(pause),
            56..62 => Self::Cloud(pause),
            62..68 => Self::Both(pause),
            68..84 => Self::Disk(format!("power {} {}", random.u8(1..16), random.u16(..))),
            84..90 => {
                let kind = random.choice(DISKS).expect("there are some");
                Self::Disk(format!("{kind} {}", random.u8(1..40)))
            }
            90..94 => Self::Race(random.bool().then_some(early)),
            _ => {
                let kind = random.choice(FAULTS).expect("there are some");
                let rule = json!({ "kind": kind, "rate": 0.15, "delay_ms": 10, "count": 8 });
                Self::Faults(json!({ "seed": random.u16(..), "rules": [rule] }))
            }
        }
    }

    /// Lets it befall a command.
    pub fn befall(
        &self,
        desk: &Desk,
        cloud: &mut Cloud,
        command: &[&str],
        kills: &mut Kills,
    ) -> Result<(), String> {
        let start = |environment: &[(&str, String)]| desk.start(command, environment);
        let dead = |ran: Ran| Ok::<_, String>(usize::from(ran.in_time()?.is_none()));
        match self {
            Self::Record(name, at) => {
                kills.program += dead(start(&[(name, at.to_string())]).ended())?;
            }
            Self::Program(pause) => {
                kills.program += dead(start(&[]).killed_after(*pause))?;
            }
            Self::Cloud(pause) => {
                let running = start(&[]);
                std::thread::sleep(*pause);
                cloud.dies();
                kills.cloud += 1;
                running.ended().in_time()?;
            }
            Self::Both(pause) => {
                let running = start(&[]);
                std::thread::sleep(*pause);
                cloud.dies();
                kills.cloud += 1;
                kills.program += dead(running.killed_after(Duration::ZERO))?;
            }
            Self::Disk(words) => {
                let ran = start(&[("PROV_DISK", words.clone())]).ended();
                if words.starts_with("power") {
                    kills.power += dead(ran)?;
                } else {
                    kills.disk += usize::from(ran.in_time()? != Some(0));
                }
            }
            Self::Race(pause) => {
                let (one, other) = (start(&[]), start(&[]));
                kills.race += 1;
                match pause {
                    Some(pause) => kills.program += dead(one.killed_after(*pause))?,
                    None => kills.program += dead(one.ended())?,
                }
                other.ended().in_time()?;
            }
            Self::Faults(faults) => {
                cloud.set("faults", faults);
                let ran = start(&[]).ended();
                cloud.set("faults", &json!({}));
                ran.in_time()?;
            }
        }
        Ok(())
    }
}
