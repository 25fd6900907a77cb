//! A few lives; `examples/chaos.rs` lives as many as one likes.

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use super::{Counts, live};

/// How many lives, and how many at once.
const LIVES: u64 = 12;
const LANES: usize = 4;

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn random_lives_under_random_mishaps_stay_right() {
    let next = AtomicU64::new(1);
    let counts = Mutex::new(Counts::default());
    thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > LIVES {
                        return;
                    }
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
    assert!(counts.killed() >= 20, "{counts:?}");
}
