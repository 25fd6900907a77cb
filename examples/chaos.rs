//! Lives many lives of the crash laboratory (`tests/it/laboratory`), and says what they came to.
//!
//!     cargo run --release --example chaos -- -runs 1000
//!     cargo run --example chaos -- -seed 42
//!
//! `-seed N` begins with that seed (with `-runs` more of them), `-lanes N` lives so many at once, `-program PATH` takes
//! a program that is built already: one with debug assertions, since others do not die on demand. A life that goes
//! wrong leaves its folder.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a laboratory that cannot go on fails"
)]

#[path = "../tests/it/laboratory/mod.rs"]
mod laboratory;

#[path = "../tests/it/support"]
mod support {
    pub mod control;
}

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use laboratory::{Counts, live};

/// What is asked for.
struct Options {
    runs: u64,
    seed: u64,
    lanes: usize,
    program: PathBuf,
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        runs: 0,
        seed: 1,
        lanes: 4,
        program: PathBuf::new(),
    };
    let mut words = std::env::args().skip(1);
    let mut seeded = false;
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        let number = || value.parse().map_err(|_| format!("{value} is no number"));
        match word.as_str() {
            "-runs" => options.runs = number()?,
            "-seed" => {
                options.seed = number()?;
                seeded = true;
            }
            "-lanes" => options.lanes = number()? as usize,
            "-program" => options.program = PathBuf::from(value),
            _ => {
                return Err(format!(
                    "{word} is not known: -runs, -seed, -lanes, -program"
                ));
            }
        }
    }
    if options.runs == 0 {
        options.runs = if seeded { 1 } else { 100 };
    }
    if options.program.as_os_str().is_empty() {
        options.program = built()?;
    }
    options.program = std::path::absolute(&options.program).map_err(|error| error.to_string())?;
    Ok(options)
}

/// Builds the program with debug assertions.
fn built() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--bin", "prov"])
        .current_dir(root)
        .status();
    if !built.is_ok_and(|status| status.success()) {
        return Err("prov could not be built".to_owned());
    }
    Ok(root.join("target/debug/prov"))
}

/// What the lives came to.
#[derive(Default)]
struct Outcome {
    lived: u64,
    counts: Counts,
    wrong: Vec<u64>,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(error) => {
            say(&error);
            return ExitCode::FAILURE;
        }
    };
    let next = AtomicU64::new(options.seed);
    let outcome = Mutex::new(Outcome::default());
    thread::scope(|scope| {
        for _ in 0..options.lanes {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= options.seed + options.runs {
                        return;
                    }
                    one(&options.program, seed, &outcome);
                }
            });
        }
    });
    let outcome = outcome.into_inner().unwrap();
    say(&summary(&outcome));
    ExitCode::from(u8::from(!outcome.wrong.is_empty()))
}

fn one(program: &Path, seed: u64, outcome: &Mutex<Outcome>) {
    let folder = tempfile::Builder::new().prefix("chaos-").tempdir().unwrap();
    let lived = std::panic::catch_unwind(|| live(program, folder.path(), seed));
    let lived = lived.unwrap_or_else(|_| Err("the laboratory failed\n".to_owned()));
    let mut outcome = outcome.lock().unwrap();
    outcome.lived += 1;
    match lived {
        Ok(counts) => outcome.counts.add(&counts),
        Err(story) => {
            outcome.wrong.push(seed);
            let kept = folder.keep();
            say(&format!(
                "{story}WRONG: seed {seed}, kept in {}; again: cargo run --example chaos -- -seed {seed}",
                kept.display()
            ));
        }
    }
    if outcome.lived.is_multiple_of(50) {
        say(&summary(&outcome));
    }
}

fn summary(outcome: &Outcome) -> String {
    let Outcome {
        lived,
        counts,
        wrong,
    } = outcome;
    format!(
        "{lived} lives, {} kills ({:?}), {} applies, {} of them looked at ({} after a second run); tokens forgotten {} times, a person asked {} times; wrong: {wrong:?}",
        counts.killed(),
        counts.kills,
        counts.applies,
        counts.settled,
        counts.second,
        counts.forgotten,
        counts.asked,
    )
}

fn say(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}
