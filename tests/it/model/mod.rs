//! A model of journal and recovery, checked in every order of events, and mutants of it that must fail.
//!
//! `records` joins it to the program: what records mean, which token comes next and what recovery decides are the
//! program's own functions. `protocol` is what runs around them. docs/reliability.md says what follows for users.

mod protocol;
mod records;

use std::collections::BTreeMap;

use protocol::{Lab, Mutant};
use stateright::{Checker, HasDiscoveries, Model};

/// One run after the other, each of which can be cut short.
const ALONE: Lab = Lab {
    mutant: None,
    processes: 1,
    changes: 2,
    kills: 2,
    losses: 1,
    refusals: 1,
    breaks: 0,
    days: 1,
};

/// Two at once, one of which has lost its lock.
const TOGETHER: Lab = Lab {
    mutant: None,
    processes: 2,
    changes: 2,
    kills: 1,
    losses: 0,
    refusals: 0,
    breaks: 1,
    days: 0,
};

/// Checks every order of events, or until one of these does not hold; returns which invariants do not, and how.
fn broken(lab: Lab, until: HasDiscoveries) -> BTreeMap<&'static str, String> {
    let checker = lab.checker().threads(2).finish_when(until);
    let found = checker.spawn_bfs().join().discoveries().into_iter();
    let failures = found.filter(|(name, _)| *name != "an object stays");
    failures
        .map(|(name, path)| (name, format!("{:?}", path.into_actions())))
        .collect()
}

#[test]
fn one_run_after_the_other_loses_and_doubles_nothing() {
    assert_eq!(broken(ALONE, HasDiscoveries::All), BTreeMap::new());
}

#[test]
fn two_runs_at_once_lose_and_double_nothing() {
    assert_eq!(broken(TOGETHER, HasDiscoveries::All), BTreeMap::new());
}

/// Each of these takes one thing away that the promise rests on, and the checker finds out.
#[test]
fn every_mutant_breaks_an_invariant() {
    let expected: &[(Mutant, Lab, &str)] = &[
        (Mutant::IntentAfterTheCall, ALONE, "no orphan"),
        (Mutant::TokenWithoutPredecessor, ALONE, "nothing invented"),
        (Mutant::LeaseWithoutFence, TOGETHER, "no lost update"),
        (Mutant::ForgetBeforeFold, ALONE, "no lost update"),
        (Mutant::TokensLiveForEver, ALONE, "no duplicate"),
        (Mutant::NoRecovery, ALONE, "no orphan"),
    ];
    for (mutant, lab, invariant) in expected {
        let mutant = Some(*mutant);
        let until = HasDiscoveries::AnyOf([*invariant].into());
        let broken = broken(Lab { mutant, ..*lab }, until);
        assert!(
            broken.contains_key(invariant),
            "{mutant:?} breaks {broken:?}"
        );
    }
}
