//! Some of the calls go wrong, in each way alone and in all ways at once.

use std::thread;

use serde_json::{Value as Json, json};

use crate::{
    faults::KINDS,
    support::{
        everything::{APPLY, DESTROY, FIRST, LATER, SECOND, check, check_empty, project},
        server::{Emulator, Project},
    },
};

fn rule(kind: &str, rate: f64) -> Json {
    let delay = if kind == "delay" { 30 } else { 0 };
    json!({ "kind": kind, "rate": rate, "delay_ms": delay })
}

/// How often it may take: a change that may have been made is looked at by the next run.
const RUNS: usize = 4;

fn until_settled(project: &Project, arguments: &[&str], story: &str) {
    for _ in 1..RUNS {
        if project.run(arguments).code == Some(0) {
            return;
        }
    }
    let last = project.run(arguments);
    assert_eq!(last.code, Some(0), "{story}\n{last}");
}

fn converges(story: &str, rules: &[Json]) {
    let emulator = Emulator::start(&["-profile", "fast"]);
    let project = project(&emulator);
    let faults = json!({ "seed": 7, "rules": rules });
    let with_faults = |arguments: &[&str]| {
        emulator.faults(&faults);
        until_settled(&project, arguments, story);
        emulator.faults(&json!({}));
    };
    with_faults(APPLY);
    check(&emulator, &project, &FIRST, &[], story);
    with_faults(&[APPLY, LATER].concat());
    check(&emulator, &project, &SECOND, LATER, story);
    with_faults(&[DESTROY, LATER].concat());
    check_empty(&emulator, &project, story);
}

#[test]
fn some_of_the_calls_go_wrong() {
    thread::scope(|scope| {
        for kind in KINDS {
            scope.spawn(move || converges(kind, &[rule(kind, 0.2)]));
        }
        let all: Vec<Json> = KINDS.iter().map(|kind| rule(kind, 0.04)).collect();
        scope.spawn(move || converges("all at once", &all));
    });
}
