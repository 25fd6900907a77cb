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

/// The actions that were called and change something. A new key pair's private key comes with the answer, so
/// that one whose answer is lost is replaced by the next run.
fn changes(emulator: &Emulator) -> Vec<String> {
    let calls = emulator.calls();
    let actions = calls.as_object().unwrap().keys();
    let changes = actions.filter(|action| {
        let reads = ["Describe", "List", "Get"];
        !reads.iter().any(|word| action.starts_with(word)) && *action != "CreateKeyPair"
    });
    changes.cloned().collect()
}

/// What was done is asked again with its token, is as good twice as once, or is read back.
#[test]
fn the_first_answer_of_every_change_is_lost_and_one_run_is_enough() {
    let phases = [
        (APPLY.to_vec(), Some(&*FIRST), &[][..]),
        ([APPLY, LATER].concat(), Some(&*SECOND), LATER),
        ([DESTROY, LATER].concat(), None, LATER),
    ];
    let known = Emulator::start(&["-profile", "instant"]);
    let undisturbed = project(&known);
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = project(&emulator);
    for (arguments, shape, later) in phases {
        undisturbed.ok(&arguments);
        let actions = changes(&known);
        let rules = actions
            .iter()
            .map(|action| json!({ "action": action, "kind": "cut_after", "count": 1 }));
        let rules: Vec<Json> = rules.collect();
        emulator.faults(&json!({ "rules": rules }));
        project.ok(&arguments);
        emulator.faults(&json!({}));
        let story = format!("lost: {actions:?}");
        match shape {
            Some(shape) => check(&emulator, &project, shape, later, &story),
            None => check_empty(&emulator, &project, &story),
        }
    }
}
