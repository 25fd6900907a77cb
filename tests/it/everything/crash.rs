//! Killed at records of the journal, in each operation of each type: nothing is there twice, and nothing is lost.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value as Json, json};

use crate::support::{
    everything::{
        APPLY, DESTROY, FIRST, LATER, SECOND, Shape, check, check_empty, is_updated, project, types,
    },
    server::{Emulator, Project, until},
};

/// What an object was in the middle of: its type, and `create`, `update` or `delete`.
type Operation = (String, String);

/// What a killed run left open, by its journal alone.
fn left_open(project: &Project) -> BTreeSet<Operation> {
    let Ok(journal) = std::fs::read(project.file("terraform.tfstate.journal")) else {
        return BTreeSet::new();
    };
    let journal = String::from_utf8_lossy(&journal);
    let mut open = std::collections::BTreeMap::new();
    for line in journal.lines() {
        // Before each batch are its length and checksum.
        let Some(start) = line.find("{\"") else {
            continue;
        };
        let Ok(Json::Object(record)) = serde_json::from_str(&line[start..]) else {
            continue;
        };
        let (name, record) = record.into_iter().next().unwrap();
        let slot = (record["address"].to_string(), record["deposed"].to_string());
        match name.as_str() {
            "intent" => {
                let operation = record["operation"].as_object().unwrap();
                let address = record["address"].as_str().unwrap();
                let kind = address.split('.').next().unwrap().to_owned();
                let verb = operation.keys().next().unwrap().clone();
                open.insert(slot, (kind, verb));
            }
            "done" | "settled" | "deleted" | "failed" | "refused" | "forgotten" => {
                open.remove(&slot);
            }
            _ => {}
        }
    }
    open.into_values().collect()
}

/// Every operation of every type.
fn operations() -> BTreeSet<Operation> {
    // What is here alone is written down when it is done.
    let remote = types().filter(|ty| ty.name != "terraform_data");
    remote
        .flat_map(|ty| {
            let verbs = ["create", "delete", "update"].into_iter();
            let verbs = verbs.filter(|verb| *verb != "update" || is_updated(ty));
            verbs.map(|verb| (ty.name.to_owned(), verb.to_owned()))
        })
        .collect()
}

/// What is replaced when a test says so: all but the network, which instances cannot leave.
const REPLACE: &[&str] = &[
    "-replace=alicloud_ecs_deployment_set.app",
    "-replace=alicloud_ecs_disk.data",
    "-replace=alicloud_ecs_disk_attachment.data",
    "-replace=alicloud_ecs_key_pair.deploy",
    "-replace=alicloud_ecs_launch_template.app",
    "-replace=alicloud_ecs_network_interface.app",
    "-replace=alicloud_ecs_snapshot.data",
    "-replace=alicloud_eip_address.app",
    "-replace=alicloud_eip_address.out",
    "-replace=alicloud_image.app",
    "-replace=alicloud_instance.app",
    "-replace=alicloud_instance.template",
    "-replace=alicloud_nat_gateway.main",
    "-replace=alicloud_route_entry.out",
    "-replace=alicloud_route_table.private",
    "-replace=alicloud_route_table_attachment.private",
    "-replace=alicloud_security_group_rule.https",
    "-replace=alicloud_slb_load_balancer.app",
    "-replace=alicloud_snat_entry.private",
];

/// A run that is killed, what is run until it ends well, and what there is then.
struct Phase {
    name: &'static str,
    verbs: &'static [&'static str],
    killed: Vec<&'static str>,
    ended: Vec<&'static str>,
    /// `None` for an empty world.
    shape: Option<&'static Shape>,
}

fn phases() -> [Phase; 4] {
    let phase = |name, verbs, killed: &[&[&'static str]], ended: &[&[&'static str]], shape| Phase {
        name,
        verbs,
        killed: killed.concat(),
        ended: ended.concat(),
        shape,
    };
    let later: &[&[&str]] = &[APPLY, LATER];
    [
        phase("creation", &["create"], &[APPLY], &[APPLY], Some(&*FIRST)),
        phase("update", &["update"], later, later, Some(&*SECOND)),
        phase(
            "replacement",
            &["create", "delete"],
            &[APPLY, LATER, REPLACE],
            later,
            Some(&*SECOND),
        ),
        phase(
            "destruction",
            &["delete"],
            &[DESTROY, LATER],
            &[DESTROY, LATER],
            None,
        ),
    ]
}

impl Phase {
    fn check(&self, emulator: &Emulator, project: &Project, story: &str) {
        match self.shape {
            Some(shape) => check(emulator, project, shape, &self.ended[2..], story),
            None => check_empty(emulator, project, story),
        }
    }
}

const PLACES: [&str; 2] = ["PROV_CRASH_AT", "PROV_CRASH_BEFORE"];

/// What is written down when an operation is known to have succeeded.
fn outcome(verb: &str) -> &'static str {
    match verb {
        "create" => "created",
        "update" => "done",
        _ => "deleted",
    }
}

/// Among how many lives the types are divided: a run after a kill mostly waits to see what is not there.
const SHARES: usize = 4;

/// A life in which each run is killed in the first operation in which none was before, and the next goes on
/// from there: with the intent durable, or with the answer here and not yet written down. Only every
/// fourth type is killed in. What it was never killed in.
fn life_of_kills(before: bool, share: usize, kills: &AtomicUsize) -> BTreeSet<Operation> {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = project(&emulator);
    let mut missed = BTreeSet::new();
    let mine: BTreeSet<&str> = types()
        .map(|ty| ty.name)
        .skip(share)
        .step_by(SHARES)
        .collect();
    for phase in phases() {
        let mut left: BTreeSet<Operation> = operations();
        left.retain(|(kind, verb)| {
            mine.contains(kind.as_str()) && phase.verbs.contains(&verb.as_str())
        });
        // Once is enough for what is an operation on each side anyway.
        if phase.name == "replacement" && !before {
            continue;
        }
        let mut story = phase.name.to_owned();
        while !left.is_empty() {
            let places: Vec<String> = left
                .iter()
                .map(|(kind, verb)| {
                    let word = if before { outcome(verb) } else { verb };
                    format!("{word} {kind}")
                })
                .collect();
            let name = PLACES[usize::from(before)];
            if !project.killed_at(&phase.killed, (name, &places.join(","))) {
                break;
            }
            kills.fetch_add(1, Ordering::Relaxed);
            let open = left_open(&project);
            story.push_str(&format!("\nkilled in {open:?}"));
            let some = left.len();
            left.retain(|operation| !open.contains(operation));
            // An update that was read back is done, and no operation is open.
            if left.len() == some {
                project.ok(&["recover"]);
            }
        }
        if phase.name != "replacement" {
            missed.extend(left);
        }
        project.ok(&phase.ended);
        phase.check(&emulator, &project, &story);
    }
    missed
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn killed_in_every_operation_of_every_type() {
    let kills = AtomicUsize::new(0);
    thread::scope(|scope| {
        for share in 0..SHARES {
            for before in [false, true] {
                let kills = &kills;
                scope.spawn(move || {
                    let missed = life_of_kills(before, share, kills);
                    assert!(missed.is_empty(), "never killed in {missed:?}");
                });
            }
        }
    });
    println!("{} kills", kills.into_inner());
}

/// One phase, killed at one record, and once more on the way back: whether there was such a record.
fn killed_once(
    emulator: &Emulator,
    at: usize,
    record: usize,
    hit: &Mutex<BTreeSet<Operation>>,
) -> bool {
    emulator.reset();
    let project = project(emulator);
    let phases = phases();
    for before in phases[..at].iter().filter(|it| it.name != "replacement") {
        project.ok(&before.ended);
    }
    let phase = &phases[at];
    let mut random = fastrand::Rng::with_seed(record as u64);
    emulator.faults(&json!({ "seed": record, "rules": [
        { "kind": "delay", "rate": 0.2, "delay_ms": 3 },
    ] }));
    let first = (PLACES[record % 2], record);
    let killed = project.killed_at(&phase.killed, (first.0, &first.1));
    hit.lock().unwrap().extend(left_open(&project));
    let second = (*random.choice(&PLACES).unwrap(), random.usize(1..20));
    let again = project.killed_at(&phase.ended, (second.0, &second.1));
    hit.lock().unwrap().extend(left_open(&project));
    project.ok(&phase.ended);
    emulator.faults(&json!({}));
    let story = format!(
        "{}: killed at {first:?} and {second:?} ({again})",
        phase.name
    );
    phase.check(emulator, &project, &story);
    killed
}

#[test]
#[ignore = "takes a quarter of an hour: every record of every phase"]
fn killed_at_every_record_of_every_phase() {
    let hit = Mutex::default();
    for (at, phase) in phases().iter().enumerate() {
        let (next, kills) = (AtomicUsize::new(1), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let emulator = Emulator::start(&["-profile", "instant"]);
                    while killed_once(&emulator, at, next.fetch_add(1, Ordering::Relaxed), &hit) {
                        kills.fetch_add(1, Ordering::Relaxed);
                    }
                    next.fetch_max(usize::MAX / 2, Ordering::Relaxed);
                });
            }
        });
        println!("{}: {} records", phase.name, kills.into_inner());
    }
    let hit = hit.into_inner().unwrap();
    let missed: Vec<_> = operations().difference(&hit).cloned().collect();
    assert!(missed.is_empty(), "never killed in {missed:?}");
}

const IMAGE: &str = r#"
resource "alicloud_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-i"
}
resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}
resource "alicloud_instance" "main" {
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]
}
resource "alicloud_image" "main" {
  instance_id          = alicloud_instance.main.id
  delete_auto_snapshot = true
}
"#;

/// An image in the middle of its deletion: it is gone, and its snapshot is not yet.
fn half_deleted() -> (Emulator, Project) {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, IMAGE);
    project.ok(APPLY);
    (emulator, project)
}

fn count(emulator: &Emulator, kind: &str) -> usize {
    emulator.world()[kind].as_array().unwrap().len()
}

/// The snapshots of an image are deleted when the image is gone, which is no reason to forget them.
#[test]
fn an_image_that_was_being_deleted_takes_its_snapshots_along() {
    let (emulator, project) = half_deleted();
    emulator.faults(&json!({ "rules": [
        { "action": "DeleteSnapshot", "kind": "delay", "delay_ms": 60_000 },
    ]}));
    let running = project.start(DESTROY);
    until("the image is gone", || count(&emulator, "images") == 0);
    running.signal("KILL");
    let _ = running.ended();
    emulator.faults(&json!({}));
    project.ok(DESTROY);
    assert_eq!(count(&emulator, "snapshots"), 0);
}

#[test]
fn an_image_whose_snapshots_were_not_deleted_is_not_forgotten() {
    let (emulator, project) = half_deleted();
    emulator.faults(&json!({ "rules": [
        { "action": "DeleteSnapshot", "kind": "error_before", "status": 403, "code": "Forbidden.RAM" },
    ]}));
    for said in [
        "these of its snapshots are left",
        "not all that goes with it could be deleted",
    ] {
        let failed = project.run(DESTROY);
        assert_eq!(failed.code, Some(1), "{failed}");
        let words: Vec<&str> = failed.err.split_whitespace().collect();
        assert!(words.join(" ").contains(said), "{failed}");
    }
    emulator.faults(&json!({}));
    project.ok(DESTROY);
    assert_eq!(count(&emulator, "snapshots"), 0);
}
