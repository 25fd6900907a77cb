//! A third of all calls goes wrong, in each way alone and in all ways at once: one apply still makes what
//! the manifest says, and one destroy leaves nothing.

use std::thread;

use serde_json::{Value as Json, json};

use crate::support::{
    fleet::{self, check, check_empty},
    server::{Emulator, Project},
};

pub const KINDS: [&str; 7] = [
    "throttle",
    "error_before",
    "error_after",
    "cut_before",
    "cut_after",
    "delay",
    "stale_read",
];

const APPLY: &[&str] = &["apply", "-auto-approve"];

fn rule(kind: &str, rate: f64) -> Json {
    let delay = if kind == "delay" { 50 } else { 0 };
    json!({ "kind": kind, "rate": rate, "delay_ms": delay })
}

fn converges(story: &str, rules: &[Json]) {
    let emulator = Emulator::start(&["-profile", "fast"]);
    let project = Project::on(&emulator, fleet::MAIN);
    let faults = json!({ "seed": 11, "rules": rules });
    emulator.faults(&faults);
    project.ok(APPLY);
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

/// An instance that was stopped for an update that is refused runs again, also when the update is given up.
#[test]
fn what_was_stopped_for_a_refused_update_runs_again() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, fleet::MAIN);
    project.ok(APPLY);
    emulator.faults(&json!({ "rules": [
        { "action": "ModifyInstanceSpec", "kind": "error_before", "status": 403, "code": "InvalidParameter" },
    ]}));
    let larger = fleet::MAIN.replace("ecs.g6.large", "ecs.g6.xlarge");
    project.write("main.tf", &larger);
    let refused = project.run(APPLY);
    assert_eq!(refused.code, Some(1), "{refused}");
    let stopped = || {
        let world = emulator.world();
        let instances = world["instances"].as_array().unwrap().iter();
        instances.filter(|it| it["state"] == "Stopped").count()
    };
    assert!(stopped() > 0, "{refused}");
    emulator.faults(&json!({}));
    project.write("main.tf", fleet::MAIN);
    project.ok(APPLY);
    assert_eq!(stopped(), 0);
    fleet::check(
        &emulator,
        &project,
        "one",
        "cloud_essd",
        "after the refusal",
    );
}
