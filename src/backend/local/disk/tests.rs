//! Whatever a disk does, and whenever the power goes: what was acknowledged is there, and what is there can be read.

use serde_json::{Value as Json, json};

use super::*;
use crate::backend::{Base, Holder, Local, StateError, local::FILE_NAME};

/// How far a run came.
#[derive(Default)]
struct Acknowledged {
    batches: u64,
    /// Whether everything was.
    all: bool,
}

fn snapshot(base: &Base, batches: u64) -> Vec<u8> {
    let Base { lineage, serial } = base;
    let snapshot =
        json!({ "version": 4, "serial": serial, "lineage": lineage, "batches": batches });
    snapshot.to_string().into_bytes()
}

/// What there is: how many batches, and what the next ones are upon.
fn kept(place: &Path) -> (u64, Base) {
    let local = Local::at(place);
    let kept = local.files.read().unwrap();
    let head: Option<Json> = kept
        .snapshot
        .map(|bytes| serde_json::from_slice(&bytes).unwrap());
    let folded = head
        .as_ref()
        .map_or(0, |head| head["batches"].as_u64().unwrap());
    // A state that is new has a lineage that no other run would think of.
    let mut base = Base {
        lineage: uuid::Uuid::new_v4().to_string(),
        serial: 0,
    };
    if let Some(head) = head {
        base.lineage = head["lineage"].as_str().unwrap().to_owned();
        base.serial = head["serial"].as_u64().unwrap();
    }
    let mut journaled = 0;
    if let Some(journal) = kept.journal {
        assert!(!journal.overtaken);
        journaled = journal.batches.len() as u64;
        base.lineage = journal.base.lineage;
    }
    (folded + journaled, base)
}

/// A run that writes two batches and folds, twice, going on from what there is.
fn run(disk: &Disk, place: &Path, done: &mut Acknowledged) -> Result<(), StateError> {
    let (mut batches, mut base) = kept(place);
    done.batches = batches;
    let files = Local::on(disk.clone(), place).files;
    let holder = Holder::new("x", "y", jiff::Timestamp::UNIX_EPOCH);
    let lease = files.take_lock(holder)?;
    let token = crate::backend::local::lock::token(&lease);
    for _ in 0..2 {
        for _ in 0..2 {
            files.append(&token, &base, b"a batch")?;
            batches += 1;
            done.batches = batches;
        }
        let expected = (base.serial > 0).then(|| base.clone());
        base.serial += 1;
        files.fold(&token, expected.as_ref(), &snapshot(&base, batches))?;
    }
    drop(lease);
    done.all = true;
    Ok(())
}

/// Goes on until nothing happens any more, and looks at what there is after each run.
fn at_every_place(mishap: &str, seeds: u64) {
    for seed in 0..seeds {
        for at in 1.. {
            let folder = tempfile::tempdir().unwrap();
            let place = folder.path().join(FILE_NAME);
            let story = format!("{mishap} {at} {seed}");
            let mut untroubled = false;
            // What a mishap leaves is met by another one.
            for other in 0..3 {
                let disk = Disk::survived(&format!("{mishap} {at} {}", seed * 3 + other));
                let mut done = Acknowledged::default();
                let ran = run(&disk, &place, &mut done);
                assert_eq!(ran.is_ok(), done.all, "{story}");
                let (found, _) = kept(&place);
                let known = done.batches..=done.batches + u64::from(!done.all);
                assert!(known.contains(&found), "{story}: {found} of {known:?}");
                untroubled |= done.all;
            }
            let mut done = Acknowledged::default();
            let last = run(&Disk::default(), &place, &mut done);
            assert!(last.is_ok(), "{story}: {last:?}");
            if untroubled {
                assert!(at > 12, "{story} is after the end of everything");
                break;
            }
        }
    }
}

#[test]
fn the_power_goes_at_every_sync() {
    at_every_place("power", 6);
}

#[test]
fn the_disk_fails_at_every_change() {
    for mishap in ["full", "short", "read-only", "broken"] {
        at_every_place(mishap, 1);
    }
}

#[test]
fn without_a_trial_nothing_happens() {
    for words in [None, Some(""), Some("power"), Some("explode 1")] {
        assert!(Disk::on_trial(words).0.is_none(), "{words:?}");
    }
}
