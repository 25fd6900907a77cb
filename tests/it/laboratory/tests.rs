//! A few lives; `examples/chaos.rs` lives as many as one likes.

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value as Json, json};

use super::{Counts, check::differences, kinds::KINDS, live, manifest::Manifest};

/// How many lives, and how many at once.
const LIVES: u64 = 8;
/// Lives that went wrong once.
const MENDED: &[u64] = &[568];
const LANES: usize = 4;

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn random_lives_under_random_mishaps_stay_right() {
    let next = AtomicUsize::new(0);
    let counts = Mutex::new(Counts::default());
    thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(seed) = (1..=LIVES).chain(MENDED.iter().copied()).nth(at) else {
                        return;
                    };
                    let folder = tempfile::tempdir().unwrap();
                    let program = Path::new(env!("CARGO_BIN_EXE_prov"));
                    let lived = live(program, folder.path(), seed);
                    let lived = lived.unwrap_or_else(|story| panic!("{story}"));
                    counts.lock().unwrap().add(&lived);
                }
            });
        }
    });
    let counts = counts.into_inner().unwrap();
    assert!(counts.killed() >= 15, "{counts:?}");
}

/// The checker is worth something only if it sees what is wrong.
#[test]
fn the_checker_sees_what_is_wrong() {
    let manifest = Manifest::of("vpc");
    let address = manifest.blocks[0].address();
    let name = address.split_once('.').unwrap().1;
    let resource = |name: &str, id: &str| {
        let attributes = json!({ "id": id });
        let instance = json!({ "attributes": attributes });
        json!({ "type": "alicloud_vpc", "name": name, "instances": [instance] })
    };
    let state = |resources: &[Json]| json!({ "resources": resources });
    let vpc = |id: &str, note: &str| json!({ "id": id, "name": "o0-0", "description": note });
    let world = |vpcs: &[Json]| {
        let lists = KINDS.iter().filter_map(|kind| kind.world);
        let mut world: serde_json::Map<String, Json> =
            lists.map(|list| (list.to_owned(), json!([]))).collect();
        world.insert("vpcs".to_owned(), json!(vpcs));
        Json::Object(world)
    };
    let right = [resource(name, "vpc-1")];
    let there = vpc("vpc-1", "revision-0");
    let cases = [
        ("nothing", state(&right), vec![there.clone()], 0),
        ("a lost entry", state(&[]), vec![], 1),
        ("an orphan", state(&[]), vec![there.clone()], 2),
        (
            "a duplicate",
            state(&right),
            vec![there.clone(), vpc("vpc-2", "revision-0")],
            1,
        ),
        ("a lost object", state(&right), vec![], 2),
        (
            "a lost update",
            state(&right),
            vec![vpc("vpc-1", "revision-9")],
            1,
        ),
        (
            "an invented entry",
            state(&[right[0].clone(), resource("other", "vpc-1")]),
            vec![there],
            2,
        ),
    ];
    for (what, state, vpcs, wrong) in cases {
        let found = differences(&manifest, &state, &world(&vpcs));
        assert_eq!(found.len(), wrong, "{what}: {found:?}");
    }
}
