//! The hard tests over one manifest that has every resource type: killed anywhere, with faults of each kind, and
//! with secrets that must be nowhere.

mod crash;
mod faults;
mod secrets;

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{
    everything::{APPLY, DESTROY, FIRST, LATER, MAIN, SECOND, check, check_empty, project, types},
    server::Emulator,
};

#[test]
fn every_type_is_in_the_manifest() {
    let missing: BTreeSet<&str> = types()
        .map(|ty| ty.name)
        .filter(|name| !MAIN.contains(&format!("resource \"{name}\" \"")))
        .collect();
    assert!(
        missing.is_empty(),
        "examples/everything has none of {missing:?}"
    );
}

/// The plan after an apply is empty, whatever the cloud is like.
fn right_the_first_time(profile: &str, faults: &serde_json::Value) {
    let emulator = Emulator::start(&["-profile", profile]);
    let project = project(&emulator);
    for (arguments, shape) in [(&[][..], &*FIRST), (LATER, &*SECOND)] {
        emulator.faults(faults);
        project.ok(&[APPLY, arguments].concat());
        // What was done is looked at as it is, however it showed while it was done.
        emulator.faults(&json!({}));
        check(&emulator, &project, shape, arguments, profile);
    }
    emulator.faults(faults);
    project.ok(&[DESTROY, LATER].concat());
    emulator.faults(&json!({}));
    check_empty(&emulator, &project, profile);
}

#[test]
fn what_is_done_at_once_is_right_the_first_time() {
    right_the_first_time("instant", &json!({}));
}

#[test]
fn what_takes_time_and_shows_late_is_right_the_first_time() {
    let stale = json!({ "seed": 3, "rules": [{ "kind": "stale_read", "rate": 0.2 }] });
    right_the_first_time("fast", &stale);
}
