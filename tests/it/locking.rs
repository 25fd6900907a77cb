//! One run at a time, and one that ends early: locks, Ctrl-C, and a disk that takes no more.

use std::process::Command;

use serde_json::json;

use crate::support::{
    fleet::{self, check},
    server::{Emulator, PROV, Project, Ran, until},
};

const APPLY: &[&str] = &["apply", "-auto-approve"];

/// A project whose apply waits in its calls for instances until the faults are taken back.
fn slow(delay: u64) -> (Emulator, Project) {
    let emulator = Emulator::start(&["-profile", "instant"]);
    emulator.faults(&json!({ "rules": [
        { "action": "CreateInstance", "kind": "delay", "delay_ms": delay },
    ]}));
    let project = Project::on(&emulator, fleet::MAIN);
    (emulator, project)
}

fn creating(emulator: &Emulator) -> bool {
    emulator.calls()["CreateInstance"]["calls"].as_u64() >= Some(10)
}

#[test]
fn a_second_apply_is_refused_and_a_dead_holder_is_no_obstacle() {
    let (emulator, project) = slow(60_000);
    let holder = project.start(APPLY);
    until("the first apply is under way", || creating(&emulator));
    let info: serde_json::Value =
        serde_json::from_str(&project.read(".terraform.tfstate.lock.info")).unwrap();
    for arguments in [
        APPLY,
        &["plan"],
        &["destroy", "-auto-approve"],
        &["state", "rm", "a_b.c"],
    ] {
        let refused = project.run(arguments);
        assert_eq!(refused.code, Some(1), "{refused}");
        // The width of the terminal breaks lines.
        let said: Vec<&str> = refused.err.split_whitespace().collect();
        let said = said.join(" ");
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        for part in [
            "The state is locked by",
            &format!("tester@{}", host.trim()),
            &format!("pid {}", holder.id()),
            info["Created"].as_str().unwrap(),
            info["ID"].as_str().unwrap(),
        ] {
            assert!(said.contains(part), "{part} is not in:\n{refused}");
        }
    }
    let patient = project.start(&[APPLY, &["-lock-timeout=120s"]].concat());
    emulator.faults(&json!({}));
    holder.signal("KILL");
    assert_eq!(holder.ended().code, None);
    let waited = patient.ended();
    assert_eq!(waited.code, Some(0), "{waited}");
    check(
        &emulator,
        &project,
        "one",
        "cloud_essd",
        "after the holder died",
    );
}

#[test]
fn control_c_once_ends_what_is_in_flight_and_begins_nothing() {
    let (emulator, project) = slow(1_500);
    let child = project.start(APPLY);
    until("the apply is under way", || creating(&emulator));
    child.signal("INT");
    let stopped = child.ended();
    assert_eq!(stopped.code, Some(1), "{stopped}");
    assert_eq!(emulator.calls()["CreateInstance"]["calls"], 10, "{stopped}");
    assert!(stopped.out.contains("Not started: 10"), "{stopped}");
    assert!(stopped.out.contains("21 added"), "{stopped}");
    // Nothing is left open.
    assert!(!project.file("terraform.tfstate.journal").exists());
    let world = emulator.world();
    let running = world["instances"].as_array().unwrap().iter();
    assert_eq!(running.filter(|it| it["state"] == "Running").count(), 10);
    emulator.faults(&json!({}));
    let rest = project.ok(APPLY);
    assert!(rest.contains("10 added"), "{rest}");
    check(&emulator, &project, "one", "cloud_essd", "after Ctrl-C");
}

#[test]
fn control_c_twice_leaves_at_once_and_nothing_is_lost() {
    let (emulator, project) = slow(600_000);
    let child = project.start(APPLY);
    until("the apply is under way", || creating(&emulator));
    child.signal("INT");
    until("the first is seen", || {
        child.said().contains("Interrupt received")
    });
    child.signal("TERM");
    let stopped = child.ended();
    assert_eq!(stopped.code, Some(1), "{stopped}");
    emulator.faults(&json!({}));
    let next = project.ok(APPLY);
    assert!(next.contains("asked again with the same token"), "{next}");
    check(
        &emulator,
        &project,
        "one",
        "cloud_essd",
        "after Ctrl-C twice",
    );
}

#[test]
fn recovery_needs_the_cloud_and_says_what_it_found() {
    let (emulator, project) = slow(600_000);
    let child = project.start(APPLY);
    until("the apply is under way", || creating(&emulator));
    child.signal("KILL");
    assert_eq!(child.ended().code, None);
    emulator.faults(
        &json!({ "rules": [{ "kind": "error_before", "status": 403, "code": "Forbidden.RAM" }] }),
    );
    let journal = std::fs::read(project.file("terraform.tfstate.journal")).unwrap();
    for arguments in [APPLY, &["plan"], &["recover"]] {
        let refused = project.run(arguments);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.err.contains("Forbidden.RAM"), "{refused}");
        assert_eq!(
            std::fs::read(project.file("terraform.tfstate.journal")).unwrap(),
            journal
        );
    }
    project.aim("http://127.0.0.1:1");
    let refused = project.run(&["recover"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    project.aim(&emulator.url());
    emulator.faults(&json!({}));
    let found: serde_json::Value =
        serde_json::from_str(&project.ok(&["recover", "-json"])).unwrap();
    // Rules go together with others and take nobody's place: they may be on their way, too.
    let settled = found["settled"].as_array().unwrap().iter();
    let instances: Vec<_> = settled
        .filter(|one| {
            let address = one["address"].as_str().unwrap();
            address.starts_with("alicloud_instance.")
        })
        .collect();
    assert_eq!(instances.len(), 10, "{found}");
    assert!(
        instances.iter().all(|one| one["found"] == "created"),
        "{found}"
    );
    let quiet = project.ok(&["recover"]);
    assert!(quiet.contains("Nothing to recover"), "{quiet}");
    project.ok(APPLY);
    check(&emulator, &project, "one", "cloud_essd", "after recover");
}

/// Writes beyond a size fail, as on a full disk.
#[test]
fn a_full_disk_ends_the_apply_and_nothing_is_lost() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, fleet::MAIN);
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("trap '' XFSZ; ulimit -f 128; exec {PROV} apply -auto-approve"),
    ]);
    project.prepare(&mut command);
    let full = Ran::from(command.output().unwrap());
    assert_eq!(full.code, Some(1), "{full}");
    assert!(full.err.contains("Failed to write the state"), "{full}");
    assert!(full.err.contains("Hint: "), "{full}");
    let created = emulator.world()["instances"].as_array().unwrap().len();
    assert!(created > 0, "the disk was full too early:\n{full}");
    project.ok(APPLY);
    check(
        &emulator,
        &project,
        "one",
        "cloud_essd",
        "after a full disk",
    );
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("trap '' XFSZ; ulimit -f 1; exec {PROV} destroy -auto-approve"),
    ]);
    project.prepare(&mut command);
    let full = Ran::from(command.output().unwrap());
    assert_eq!(full.code, Some(1), "{full}");
    project.ok(APPLY);
    check(
        &emulator,
        &project,
        "one",
        "cloud_essd",
        "after a full disk while destroying",
    );
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn an_emulator_inside_the_command_survives_a_kill() {
    let project = Project::new(fleet::MAIN);
    for record in [3, 12, 40, 60] {
        let mut command = project.command(&[APPLY, &["-emulator=world"]].concat());
        command.env("PROV_CRASH_AT", record.to_string());
        assert_eq!(Ran::from(command.output().unwrap()).code, None, "{record}");
    }
    project.ok(&[APPLY, &["-emulator=world"]].concat());
    let plan = project.run(&["plan", "-detailed-exitcode", "-emulator=world"]);
    assert_eq!(plan.code, Some(0), "{plan}");
    let emulator = Emulator::start(&["-data", project.file("world").to_str().unwrap()]);
    let wrong = fleet::differences(&emulator.world(), "one", "cloud_essd");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
