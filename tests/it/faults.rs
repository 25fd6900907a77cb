//! A third of all calls goes wrong, in each way alone and in all ways at once: one apply still makes what
//! the manifest says, and one destroy leaves nothing.

use std::thread;

use serde_json::{Value as Json, json};

use crate::support::{
    fleet::{self, check, check_empty},
    server::{Emulator, Project},
};

const KINDS: [&str; 7] = [
    "throttle",
    "error_before",
    "error_after",
    "cut_before",
    "cut_after",
    "delay",
    "stale_read",
];

fn rule(kind: &str, rate: f64) -> Json {
    let delay = if kind == "delay" { 50 } else { 0 };
    json!({ "kind": kind, "rate": rate, "delay_ms": delay })
}

fn converges(story: &str, rules: &[Json]) {
    let emulator = Emulator::start(&["-profile", "fast"]);
    let project = Project::on(&emulator, fleet::MAIN);
    let faults = json!({ "seed": 11, "rules": rules });
    emulator.faults(&faults);
    project.ok(&["apply", "-auto-approve"]);
    emulator.faults(&json!({}));
    check(&emulator, &project, "one", "cloud_essd", story);
    emulator.faults(&faults);
    project.ok(&["apply", "-auto-approve", "-var", "revision=two"]);
    emulator.faults(&json!({}));
    check(&emulator, &project, "two", "cloud_essd", story);
    emulator.faults(&faults);
    project.ok(&["destroy", "-auto-approve"]);
    emulator.faults(&json!({}));
    check_empty(&emulator, &project, story);
}

#[test]
fn a_third_of_all_calls_goes_wrong() {
    thread::scope(|scope| {
        for kind in KINDS {
            scope.spawn(move || converges(kind, &[rule(kind, 0.3)]));
        }
        let all: Vec<Json> = KINDS.iter().map(|kind| rule(kind, 0.05)).collect();
        scope.spawn(move || converges("all at once", &all));
    });
}
