//! What is done with a configuration, command by command, each from the same beginning.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{
    measure::{Program, Sample, median},
    shapes::Shape,
};

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Validate,
    /// With nothing in the state.
    Plan,
    /// With nothing in the state.
    Apply,
    /// With everything in the state, and nothing to change.
    Replan,
    Destroy,
}

/// All commands, in the order in which they are possible.
pub const ALL: &[Stage] = &[Stage::Plan, Stage::Apply, Stage::Replan, Stage::Destroy];

impl Stage {
    pub fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Plan => "plan of all",
            Self::Apply => "apply",
            Self::Replan => "plan again",
            Self::Destroy => "destroy",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Validate => &["validate"],
            Self::Plan | Self::Replan => &["plan", "-input=false"],
            Self::Apply => &["apply", "-auto-approve", "-input=false"],
            Self::Destroy => &["apply", "-destroy", "-auto-approve", "-input=false"],
        }
    }

    /// Whether it begins with what an apply has left.
    fn needs_state(self) -> bool {
        matches!(self, Self::Replan | Self::Destroy)
    }
}

/// A program with the configuration in a directory of its own.
struct Place<'p> {
    program: &'p Program,
    directory: TempDir,
    /// How often each command is run.
    rounds: usize,
}

impl Place<'_> {
    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn state(&self) -> PathBuf {
        self.path().join("terraform.tfstate")
    }

    fn applied(&self) -> PathBuf {
        self.path().join("applied")
    }

    fn run(&self, stage: Stage) -> Sample {
        let _ = fs::remove_file(self.state());
        let _ = fs::remove_file(self.path().join("terraform.tfstate.backup"));
        if stage.needs_state() {
            fs::copy(self.applied(), self.state()).expect("the state of an apply");
        }
        let sample = self.program.run(self.path(), stage.arguments());
        if stage == Stage::Apply {
            fs::copy(self.state(), self.applied()).expect("the state of an apply");
        }
        sample
    }
}

/// What one command came to.
pub struct Row {
    pub shape: &'static str,
    pub size: usize,
    pub stage: Stage,
    pub ours: Sample,
    pub theirs: Option<Sample>,
    /// Bytes of manifests, and of the state where it is read.
    pub read: u64,
    /// Bytes of the state that is left.
    pub state: u64,
}

/// Runs the commands with both programs in turns. `rounds` are ours, and the other's.
pub fn compare(
    shape: &'static Shape,
    size: usize,
    stages: &[Stage],
    (ours, theirs): (&Program, Option<&Program>),
    rounds: (usize, usize),
) -> Vec<Row> {
    let mut manifests = 0;
    let mut place = |program, rounds| {
        let directory = tempfile::tempdir().expect("a temporary directory");
        manifests = shape.write(directory.path(), size);
        Place {
            program,
            directory,
            rounds,
        }
    };
    let mine = place(ours, rounds.0);
    let other = theirs.map(|program| place(program, rounds.1));
    if let Some(other) = &other {
        other.program.run(other.path(), &["init", "-input=false"]);
    }
    let mut rows = Vec::new();
    for stage in stages {
        let mut found = (Vec::new(), Vec::new());
        for round in 0..rounds.0.max(rounds.1) {
            if round < mine.rounds {
                found.0.push(mine.run(*stage));
            }
            if let Some(other) = other.as_ref().filter(|it| round < it.rounds) {
                found.1.push(other.run(*stage));
            }
        }
        let state = |path: PathBuf| fs::metadata(path).map_or(0, |it| it.len());
        let before = if stage.needs_state() {
            state(mine.applied())
        } else {
            0
        };
        let row = Row {
            shape: shape.name,
            size,
            stage: *stage,
            ours: median(&found.0),
            theirs: other.as_ref().map(|_| median(&found.1)),
            read: manifests + before,
            state: state(mine.state()),
        };
        eprintln!(
            "{} {size}: {} {:.3} s",
            shape.name,
            stage.name(),
            row.ours.seconds
        );
        rows.push(row);
    }
    rows
}
