//! Signals, readers that leave, a directory that vanishes, a cloud that starts anew.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::json;

use crate::support::{
    fleet::{self, check},
    server::{Emulator, PROV, Project, Ran, Running, until},
};

const APPLY: &[&str] = &["apply", "-auto-approve"];

fn fleet_is_whole(emulator: &Emulator, project: &Project, after: &str) {
    check(emulator, project, "one", "cloud_essd", after);
}

/// A project in whose apply the calls for instances take a while.
fn slow(delay: u64) -> (Emulator, Project) {
    let emulator = Emulator::start(&["-profile", "instant"]);
    delayed(&emulator, "CreateInstance", delay);
    let project = Project::on(&emulator, fleet::MAIN);
    (emulator, project)
}

fn delayed(emulator: &Emulator, action: &str, delay: u64) {
    emulator.faults(&json!({ "rules": [
        { "action": action, "kind": "delay", "delay_ms": delay },
    ]}));
}

fn called(emulator: &Emulator, action: &str) -> u64 {
    emulator.calls()[action]["calls"]
        .as_u64()
        .unwrap_or_default()
}

/// The terminal is closed, or the pipeline is cancelled: what is in flight ends, nothing is begun.
#[test]
fn a_closed_terminal_ends_what_is_in_flight() {
    ends_in_order("HUP");
}

#[test]
fn sigterm_ends_what_is_in_flight() {
    ends_in_order("TERM");
}

fn ends_in_order(signal: &str) {
    let (emulator, project) = slow(5_000);
    let child = project.start(APPLY);
    until("the apply is under way", || {
        called(&emulator, "CreateInstance") >= 10
    });
    child.signal(signal);
    let stopped = child.ended();
    assert_eq!(stopped.code, Some(1), "{stopped}");
    assert!(stopped.out.contains("was interrupted"), "{stopped}");
    assert!(stopped.out.contains("Not started: 10"), "{stopped}");
    assert!(!project.file("terraform.tfstate.journal").exists());
    emulator.faults(&json!({}));
    project.ok(APPLY);
    fleet_is_whole(&emulator, &project, signal);
}

/// What was started with nohup goes on when the terminal closes.
#[test]
fn a_closed_terminal_does_not_end_what_ignores_it() {
    let (emulator, project) = slow(1_000);
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("trap '' HUP; exec {PROV} apply -auto-approve"),
    ]);
    project.prepare(&mut command);
    let child = Running::of(&mut command);
    until("the apply is under way", || {
        called(&emulator, "CreateInstance") >= 10
    });
    child.signal("HUP");
    let ended = child.ended();
    assert_eq!(ended.code, Some(0), "{ended}");
    fleet_is_whole(&emulator, &project, "a hang-up that is ignored");
}

/// `prov apply | head -1`: the reader leaves, the work does not.
#[test]
fn a_reader_that_leaves_does_not_end_the_work() {
    for arguments in [APPLY, &["apply", "-auto-approve", "-json"]] {
        let (emulator, project) = slow(200);
        let mut child = project.command(arguments).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ended = Ran::from(child.wait_with_output().unwrap());
        assert_eq!(ended.code, Some(0), "{arguments:?}\n{ended}");
        assert_eq!(ended.err, "");
        fleet_is_whole(&emulator, &project, "a reader that left");
    }
}

/// Before anything is begun, Ctrl-C just ends the command; nothing is changed or locked after it.
#[test]
fn control_c_while_reading_leaves_everything_as_it_was() {
    let (emulator, project) = slow(0);
    project.ok(APPLY);
    let state = project.read("terraform.tfstate");
    for arguments in [&["plan"][..], APPLY, &["destroy", "-auto-approve"]] {
        delayed(&emulator, "DescribeInstances", 600_000);
        let before = called(&emulator, "DescribeInstances");
        let child = project.start(arguments);
        until("the cloud is being read", || {
            called(&emulator, "DescribeInstances") > before
        });
        child.signal("INT");
        let stopped = child.ended();
        assert_ne!(stopped.code, Some(0), "{arguments:?}\n{stopped}");
        emulator.faults(&json!({}));
        assert_eq!(project.read("terraform.tfstate"), state, "{arguments:?}");
        let plan = project.run(&["plan", "-detailed-exitcode"]);
        assert_eq!(plan.code, Some(0), "{arguments:?}\n{plan}");
    }
}

/// A question that is answered by Ctrl-C is answered with no.
#[test]
fn control_c_at_the_question_changes_nothing() {
    let (emulator, project) = slow(0);
    let child = Running::of(project.command(&["apply"]).stdin(Stdio::piped()));
    until("the question is asked", || {
        child.said().contains("Enter a value:")
    });
    child.signal("INT");
    let stopped = child.ended();
    assert_ne!(stopped.code, Some(0), "{stopped}");
    assert_eq!(called(&emulator, "CreateVpc"), 0);
    assert!(!project.file("terraform.tfstate").exists());
    assert!(!project.file("terraform.tfstate.journal").exists());
    project.ok(APPLY);
    fleet_is_whole(&emulator, &project, "a question that was not answered");
}

/// The directory is removed under a running apply: what is known is kept elsewhere and found again.
#[test]
fn a_directory_that_vanishes_does_not_take_the_objects_along() {
    let (emulator, mut project) = slow(1_500);
    let elsewhere = tempfile::tempdir().unwrap();
    project.set("TMPDIR", elsewhere.path().to_str().unwrap());
    fs::create_dir(project.file("state")).unwrap();
    let child = project.start(APPLY);
    until("the apply is under way", || {
        called(&emulator, "CreateInstance") >= 10
    });
    fs::remove_dir_all(project.file("state")).unwrap();
    let ended = child.ended();
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(!ended.out.contains("complete!"), "{ended}");
    let kept: Vec<_> = fs::read_dir(elsewhere.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [kept] = &kept[..] else {
        panic!("{kept:?}\n{ended}");
    };
    let said: Vec<&str> = ended.err.split_whitespace().collect();
    assert!(said.contains(&kept.to_str().unwrap()), "{ended}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(kept).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // As the hint says.
    emulator.faults(&json!({}));
    fs::create_dir(project.file("state")).unwrap();
    fs::copy(kept, project.file("state/terraform.tfstate")).unwrap();
    project.ok(APPLY);
    fleet_is_whole(&emulator, &project, "a directory that vanished");
}

/// Nor are the temporary files a place: it is said what is lost, and not that a journal had it.
#[test]
fn a_directory_that_vanishes_with_no_other_place_is_told_of() {
    let (emulator, mut project) = slow(1_500);
    project.set("TMPDIR", "/nowhere");
    fs::create_dir(project.file("state")).unwrap();
    let child = project.start(APPLY);
    until("the apply is under way", || {
        called(&emulator, "CreateInstance") >= 10
    });
    fs::remove_dir_all(project.file("state")).unwrap();
    let ended = child.ended();
    assert_eq!(ended.code, Some(1), "{ended}");
    let said: Vec<&str> = ended.err.split_whitespace().collect();
    let said = said.join(" ");
    for part in ["could not be kept in /nowhere either", "prov import"] {
        assert!(said.contains(part), "no {part:?} in {ended}");
    }
    assert!(!said.contains("in the journal"), "{ended}");
}

/// The cloud is away for a while in the middle of an apply, and comes back with all that it had.
#[test]
fn a_cloud_that_starts_anew_is_asked_again() {
    let data = tempfile::tempdir().unwrap();
    let kept = [
        "-profile",
        "instant",
        "-data",
        data.path().to_str().unwrap(),
    ];
    let emulator = Emulator::start(&kept);
    delayed(&emulator, "CreateInstance", 600_000);
    let address = emulator.url().replace("http://", "");
    let project = Project::on(&emulator, fleet::MAIN);
    let child = project.start(APPLY);
    until("the apply is under way", || {
        called(&emulator, "CreateInstance") >= 10
    });
    drop(emulator);
    let emulator = Emulator::start_at(&address, &kept);
    let ended = child.ended();
    assert_eq!(ended.code, Some(0), "{ended}");
    fleet_is_whole(&emulator, &project, "an emulator that was started anew");
}
