//! Where a test makes the process die, to see what the next run makes of it.
//!
//! Builds without debug assertions have no such place.

use super::journal::{Operation, Record};

/// The records at which the process kills itself.
#[derive(Clone, Debug, Default)]
pub struct Crash {
    /// Right before such a record is written.
    before: Vec<Place>,
    /// Right after such a record is durable.
    after: Vec<Place>,
    written: u64,
}

/// Which records are meant.
#[derive(Clone, Debug)]
enum Place {
    /// The record with this number; the first is 1.
    Number(u64),
    /// A record that says this of an object of this type.
    Said { word: String, kind: String },
}

impl Crash {
    /// Returns places before and after records: numbers, or a word and a type as in `created alicloud_vpc`,
    /// with commas. The words are `create`, `update` and `delete` for intents, and `created`, `done` and
    /// `deleted` for what came of them.
    pub fn new(before: Option<&str>, after: Option<&str>) -> Self {
        Self {
            before: places(before),
            after: places(after),
            written: 0,
        }
    }

    /// Returns how many of the next records may be written at once.
    pub fn room(&self, records: &[Record]) -> usize {
        if !cfg!(debug_assertions) {
            return records.len();
        }
        let mut number = self.written;
        for (at, record) in records.iter().enumerate() {
            number += u64::from(counts(record));
            if self.before.iter().any(|place| place.is(number, record)) {
                if at == 0 {
                    die();
                }
                return at;
            }
            if self.after.iter().any(|place| place.is(number, record)) {
                return at + 1;
            }
        }
        records.len()
    }

    /// Takes note of what was written.
    pub fn written(&mut self, records: &[Record]) {
        self.written += records.iter().filter(|it| counts(it)).count() as u64;
        if cfg!(debug_assertions)
            && let Some(last) = records.last()
            && self.after.iter().any(|place| place.is(self.written, last))
        {
            die();
        }
    }
}

/// Whether a record has a number: one that says nothing of any object does not move those of the others.
fn counts(record: &Record) -> bool {
    !matches!(record, Record::Names { .. })
}

fn places(text: Option<&str>) -> Vec<Place> {
    let places = text.into_iter().flat_map(|text| text.split(','));
    let place = |text: &str| match text.trim().split_once(' ') {
        Some((word, kind)) => Some(Place::Said {
            word: word.to_owned(),
            kind: kind.to_owned(),
        }),
        None => text.trim().parse().ok().map(Place::Number),
    };
    places.filter_map(place).collect()
}

impl Place {
    fn is(&self, number: u64, record: &Record) -> bool {
        match self {
            Self::Number(wanted) => *wanted == number,
            Self::Said { word, kind } => {
                let slot = record.slot();
                said(record) == word && slot.is_some_and(|(it, _)| *it.resource.kind == **kind)
            }
        }
    }
}

fn said(record: &Record) -> &'static str {
    match record {
        Record::Intent { operation, .. } => match operation {
            Operation::Create(_) => "create",
            Operation::Update { .. } => "update",
            Operation::Delete { .. } => "delete",
        },
        Record::Created { .. } => "created",
        Record::Done { .. } | Record::Settled { .. } => "done",
        Record::Deleted { .. } => "deleted",
        _ => "",
    }
}

/// Ends the process as `kill -9` does: nothing is cleaned up.
fn die() -> ! {
    let id = std::process::id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-KILL", &id])
        .status();
    if sent.is_ok_and(|status| status.success()) {
        std::thread::sleep(std::time::Duration::from_secs(10));
    }
    std::process::abort()
}
