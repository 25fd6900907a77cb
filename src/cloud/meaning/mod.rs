//! What an error code means to a person: one sentence, what to do about it, and which request parameters
//! may be the cause. In two languages.
//!
//! One table in several files, by what a code is about; `general` is looked at last. A code that has
//! several meanings has a row for each, told apart by the message.

mod access;
mod account;
mod disk;
mod fault;
mod gateway;
mod general;
mod instance;
mod local;
mod network;
mod object;
mod passing;

pub use fault::{Conduct, Fault, conduct, fault};

use super::codes::{fits, says};
use crate::model::language::Words;

/// What a code means, and what to do about it.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// The code; `*` stands for any text.
    pub code: &'static str,
    /// What the message has in it, whatever the case of its letters; empty: any message.
    pub says: &'static str,
    /// The request parameters that may be the cause, the likeliest first: `DataDisk.N.Size`.
    pub parameters: &'static [&'static str],
    /// One sentence: what is wrong.
    pub means: Words,
    /// One sentence: what to do about it.
    pub remedy: Words,
    /// Whether it is a mistake of prov's own.
    pub bug: bool,
}

/// Begins a row.
const fn code(code: &'static str) -> Meaning {
    Meaning {
        code,
        says: "",
        parameters: &[],
        means: Words::EMPTY,
        remedy: Words::EMPTY,
        bug: false,
    }
}

impl Meaning {
    const fn says(mut self, text: &'static str) -> Self {
        self.says = text;
        self
    }

    const fn about(mut self, parameters: &'static [&'static str]) -> Self {
        self.parameters = parameters;
        self
    }

    const fn en(mut self, means: &'static str, remedy: &'static str) -> Self {
        self.means.english = means;
        self.remedy.english = remedy;
        self
    }

    const fn zh(mut self, means: &'static str, remedy: &'static str) -> Self {
        self.means.chinese = means;
        self.remedy.chinese = remedy;
        self
    }

    /// What several codes have in common: meaning and remedy in English, and in Chinese.
    const fn texts(self, texts: [&'static str; 4]) -> Self {
        self.en(texts[0], texts[1]).zh(texts[2], texts[3])
    }

    const fn bug(mut self) -> Self {
        self.bug = true;
        self
    }

    fn fits(&self, code: &str, message: &str) -> bool {
        fits(self.code, code) && says(message, self.says)
    }
}

/// Every row, in the order in which they are looked at.
const ALL: [&[Meaning]; 10] = [
    access::ROWS,
    passing::ROWS,
    account::ROWS,
    instance::ROWS,
    disk::ROWS,
    network::ROWS,
    gateway::ROWS,
    object::ROWS,
    local::ROWS,
    general::ROWS,
];

/// Returns every row of the table.
pub fn meanings() -> impl Iterator<Item = &'static Meaning> {
    ALL.into_iter().flatten()
}

/// Returns what an error means, by its code and message.
pub fn meaning(code: &str, message: &str) -> Option<&'static Meaning> {
    meanings().find(|row| row.fits(code, message))
}
