//! Whose doing an error is and what prov does about it: derived from its kind, and from the rows that say
//! that it is a bug.

use crate::cloud::{
    codes::{self, Again},
    error::ApiErrorKind,
};

/// Whose doing an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It passes by itself.
    Passing,
    /// The manifest asks for what cannot be.
    Manifest,
    /// The account lacks a permission, a quota, money, or what is sold out.
    Account,
    /// A mistake of prov's own.
    Prov,
}

/// Returns whose doing an answer with this code, status and message is.
pub fn fault(code: &str, status: u16, message: &str) -> Fault {
    use ApiErrorKind::{
        Busy, Denied, Invalid, NotFound, OutcomeUnknown, Quota, Server, Throttled, Unreachable,
    };
    if super::meaning(code, message).is_some_and(|meaning| meaning.bug) {
        return Fault::Prov;
    }
    match codes::classify(code, status, message).0 {
        Busy | Throttled | OutcomeUnknown | Server | Unreachable => Fault::Passing,
        Denied | Quota => Fault::Account,
        Invalid | NotFound => Fault::Manifest,
    }
}

/// What prov does about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conduct {
    /// Asks again after a pause, with the same client token.
    AsksAgain,
    /// Stops; a creation is asked for with another token by the next apply.
    Stops,
    /// Stops without knowing whether it was done; the next run asks with the same token.
    LeavesOpen,
}

/// Returns what prov does about an answer to a call that waits for these codes to pass.
pub fn conduct(code: &str, status: u16, message: &str, waits_for: &[&str]) -> Conduct {
    let (kind, again) = codes::classify(code, status, message);
    let waits = waits_for.iter().any(|part| code.contains(part));
    match (again, kind) {
        _ if waits => Conduct::AsksAgain,
        (Again::Never, ApiErrorKind::OutcomeUnknown) => Conduct::LeavesOpen,
        (Again::Never, _) => Conduct::Stops,
        _ => Conduct::AsksAgain,
    }
}
