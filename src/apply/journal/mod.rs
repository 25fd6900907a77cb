//! What is written down around every call, and what follows from it after a crash.
//!
//! Records over a snapshot give the exact state: the applier keeps its state with [`Ledger::apply`],
//! record by record as it appends them, and recovery replays the same records through the same
//! function. Pure: no clock, no files. Start with [`Record`], then [`Progress::after`] and [`decide()`].

mod decide;
mod ledger;
mod progress;
mod record;

use crate::backend::StateError;

pub use decide::{Decision, OpenIntent, TOKEN_LIFETIME, decide, reveal};
pub use ledger::{Ledger, Replayed, Salvaged, history, replay, salvage};
pub use progress::Progress;
pub use record::{Create, FORMAT, Operation, Place, Record, decode, encode};

/// Why records cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A record says what cannot be after the ones before it.
    #[error("The journal contradicts itself: {address} {what}")]
    Contradiction { address: String, what: String },
    /// A record cannot be read.
    #[error("A record of the journal cannot be read: {0}")]
    Unreadable(String),
    /// Records of a newer version.
    #[error("The journal was written by a newer version")]
    Newer,
    /// An object in a record cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
}

fn contradiction(record: &Record, what: &str) -> JournalError {
    JournalError::Contradiction {
        address: record
            .slot()
            .map_or_else(String::new, |slot| slot.0.to_string()),
        what: what.to_owned(),
    }
}
