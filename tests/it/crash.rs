//! Never two of anything and never one lost: the program is killed at every record of its journal and at
//! random moments, and the next apply makes exactly what the manifest says.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use serde_json::json;

use crate::support::{
    fleet::{self, check, check_empty},
    server::{Emulator, Project, until},
};

/// How many worlds are worked on at once.
const LANES: usize = 12;

/// Runs the command and kills it after a while: whether it was killed.
fn killed_after(project: &Project, arguments: &[&str], pause: Duration) -> bool {
    let child = project.start(arguments);
    thread::sleep(pause);
    child.signal("KILL");
    let ran = child.ended();
    assert!(
        matches!(ran.code, None | Some(0)),
        "{arguments:?} {pause:?}\n{ran}"
    );
    ran.code.is_none()
}

const APPLY: &[&str] = &["apply", "-auto-approve"];

/// A kill at each record of the first apply, further ones while the next runs go on with it.
#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn killed_at_every_record() {
    let next = AtomicUsize::new(1);
    let kills = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..LANES {
            let (next, kills) = (&next, &kills);
            scope.spawn(move || {
                let emulator = Emulator::start(&["-profile", "instant"]);
                loop {
                    let record = next.fetch_add(1, Ordering::Relaxed);
                    let mut random = fastrand::Rng::with_seed(record as u64);
                    emulator.reset();
                    emulator.faults(&json!({ "seed": record, "rules": [
                        { "kind": "delay", "rate": 0.2, "delay_ms": 3 },
                        { "kind": "cut_after", "rate": 0.01 },
                        { "kind": "error_after", "rate": 0.01 },
                    ] }));
                    let project = Project::on(&emulator, fleet::MAIN);
                    let mut story = format!("killed at {record}");
                    if !project.killed_at(APPLY, ("PROV_CRASH_AT", &record)) {
                        // There are no more records than that.
                        next.fetch_max(usize::MAX / 2, Ordering::Relaxed);
                        return;
                    }
                    kills.fetch_add(1, Ordering::Relaxed);
                    for _ in 0..random.usize(1..3) {
                        let name = *random
                            .choice(&["PROV_CRASH_AT", "PROV_CRASH_BEFORE"])
                            .unwrap();
                        let place = (name, random.usize(1..30));
                        story.push_str(&format!(", then at {place:?}"));
                        kills.fetch_add(
                            usize::from(project.killed_at(APPLY, (place.0, &place.1))),
                            Ordering::Relaxed,
                        );
                    }
                    project.ok(APPLY);
                    check(&emulator, &project, "one", "cloud_essd", &story);
                }
            });
        }
    });
    let kills = kills.into_inner();
    assert!(kills >= 200, "only {kills} kills");
    println!("{kills} kills");
}

/// Kills at random moments of create, update, replacement and destroy, with delays and stale answers.
#[test]
fn killed_at_random_moments() {
    let kills = AtomicUsize::new(0);
    thread::scope(|scope| {
        for lane in 0..LANES / 2 {
            let kills = &kills;
            scope.spawn(move || {
                let emulator = Emulator::start(&["-profile", "fast"]);
                let faults = json!({ "seed": lane, "rules": [
                    { "kind": "delay", "rate": 0.3, "delay_ms": 20 },
                    { "kind": "stale_read", "rate": 0.1 },
                ]});
                let mut random = fastrand::Rng::with_seed(lane as u64);
                let project = Project::on(&emulator, fleet::MAIN);
                // What is looked at in the end is how things are, not how they were a moment ago.
                let mut die = |arguments: &[&str], longest: u64| {
                    emulator.faults(&faults);
                    for _ in 0..4 {
                        let pause = Duration::from_millis(random.u64(20..longest));
                        let killed = killed_after(&project, arguments, pause);
                        kills.fetch_add(usize::from(killed), Ordering::Relaxed);
                    }
                    project.ok(arguments);
                    emulator.faults(&json!({}));
                };
                let revised = [APPLY, &["-var", "revision=two"]].concat();
                let replaced = [&revised[..], &["-var", "category=cloud_ssd"]].concat();
                let destroyed = ["destroy", "-auto-approve"];
                die(APPLY, 700);
                check(&emulator, &project, "one", "cloud_essd", "after the create");
                die(&revised, 500);
                check(&emulator, &project, "two", "cloud_essd", "after the update");
                die(&replaced, 900);
                check(
                    &emulator,
                    &project,
                    "two",
                    "cloud_ssd",
                    "after the replacement",
                );
                die(&destroyed, 400);
                check_empty(&emulator, &project, "after the destroy");
            });
        }
    });
    println!("{} kills", kills.into_inner());
}

const NETWORK: &str = r#"
variable "vpcs" {
  default = 1
}

resource "terraform_data" "first" {
  input = "kept"
}

resource "alicloud_vpc" "main" {
  count      = var.vpcs
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}
"#;

/// Makes an object go away behind the project's back.
fn take_away(emulator: &Emulator, id: &str) {
    let other = Project::on(emulator, NETWORK);
    other.ok(&["import", "alicloud_vpc.main[0]", id]);
    other.ok(&["destroy", "-auto-approve"]);
}

fn only_vpc(emulator: &Emulator) -> String {
    let world = emulator.world();
    let [vpc] = &world["vpcs"].as_array().unwrap()[..] else {
        panic!("{}", world["vpcs"]);
    };
    vpc["id"].as_str().unwrap().to_owned()
}

/// The cloud answers a repeated token with the object that it made then, which may be gone.
#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn an_answer_about_an_object_that_is_gone_is_asked_again() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, NETWORK);
    project.ok(&[APPLY, &["-var", "vpcs=0"]].concat());
    let before = project.read("terraform.tfstate");
    // In a recovery: the intent is durable, the answer is not.
    assert!(project.killed_at(APPLY, ("PROV_CRASH_BEFORE", &2)));
    let first = only_vpc(&emulator);
    take_away(&emulator, &first);
    project.ok(APPLY);
    let second = only_vpc(&emulator);
    assert_ne!(second, first);
    // In an apply: the state is an old one, so the token is too.
    take_away(&emulator, &second);
    project.write("terraform.tfstate", &before);
    project.ok(APPLY);
    assert_ne!(only_vpc(&emulator), second);
    let plan = project.run(&["plan", "-detailed-exitcode"]);
    assert_eq!(plan.code, Some(0), "{plan}");
}

/// Something else writes the state while an intent is open: the intent is settled all the same.
#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_journal_that_was_overtaken_loses_nothing() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, NETWORK);
    project.ok(&[APPLY, &["-var", "vpcs=0"]].concat());
    let arguments = [APPLY, &["-var", "vpcs=3"]].concat();
    assert!(project.killed_at(&arguments, ("PROV_CRASH_BEFORE", &5)));
    let text = project.read("terraform.tfstate");
    let mut state: serde_json::Value = serde_json::from_str(&text).unwrap();
    state["serial"] = json!(9);
    project.write("terraform.tfstate", &state.to_string());
    let done = project.ok(&arguments);
    assert!(done.contains("asked again with the same token"), "{done}");
    assert_eq!(emulator.world()["vpcs"].as_array().unwrap().len(), 3);
    let plan = project.run(&["plan", "-detailed-exitcode", "-var", "vpcs=3"]);
    assert_eq!(plan.code, Some(0), "{plan}");
}

/// When the cloud has forgotten the tokens, a person says what there is, one object after the other; whatever that
/// person gets wrong, nothing is forgotten by it.
#[test]
fn what_cannot_be_known_is_settled_by_hand_one_by_one() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, NETWORK);
    emulator.faults(&json!({ "rules": [
        { "action": "CreateVpc", "kind": "delay", "delay_ms": 60_000 },
    ]}));
    let arguments = [APPLY, &["-var", "vpcs=2"]].concat();
    let running = project.start(&arguments);
    let ids = || -> Vec<String> {
        let world = emulator.world();
        let all = world["vpcs"].as_array().unwrap().iter();
        all.map(|vpc| vpc["id"].as_str().unwrap().to_owned())
            .collect()
    };
    until("both are there", || ids().len() == 2);
    running.signal("KILL");
    let _ = running.ended();
    emulator.faults(&json!({}));
    emulator.days_pass(2);
    let asks = || {
        let asks = project.run(&arguments);
        assert_eq!(asks.code, Some(1), "{asks}");
        let said: Vec<&str> = asks.err.split_whitespace().collect();
        said.join(" ")
            .matches("Cannot tell whether an object was created")
            .count()
    };
    assert_eq!(asks(), 2);
    let wrong = project.run(&["import", "alicloud_vpc.main[0]", "vpc-bp1none"]);
    assert_eq!(wrong.code, Some(1), "{wrong}");
    assert_eq!(asks(), 2);
    project.ok(&["import", "alicloud_vpc.main[0]", &ids()[0]]);
    assert_eq!(asks(), 1);
    project.ok(&[
        "import",
        "-var",
        "vpcs=2",
        "alicloud_vpc.main[1]",
        &ids()[1],
    ]);
    project.ok(&arguments);
    assert_eq!(ids().len(), 2);
}

/// A clock that is set back makes no token younger: the cloud says how late it is.
#[test]
fn a_clock_that_is_wrong_decides_nothing() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let mut project = Project::on(&emulator, NETWORK);
    emulator.faults(&json!({ "rules": [
        { "action": "CreateVpc", "kind": "delay", "delay_ms": 60_000 },
    ]}));
    let running = project.start(APPLY);
    until("it is there", || {
        emulator.world()["vpcs"].as_array().unwrap().len() == 1
    });
    running.signal("KILL");
    let _ = running.ended();
    emulator.faults(&json!({}));
    // A day and a half ahead: the token lives.
    project.set("PROV_CLOCK", "129600");
    let first = only_vpc(&emulator);
    project.ok(APPLY);
    assert_eq!(only_vpc(&emulator), first);
}
