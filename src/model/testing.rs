//! What tests came to.

use jiff::Timestamp;

use super::diagnostic::Diagnostic;

/// How a run, a file of runs or all of them ended; the worst is the greatest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing has been done yet.
    #[default]
    Pending,
    Skip,
    Pass,
    /// What was asserted does not hold.
    Fail,
    /// It could not be found out.
    Error,
}

impl Status {
    /// Returns the word of Terraform's JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Skip => "skip",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }

    /// Returns the word that people see.
    pub fn told(self) -> &'static str {
        match self {
            Self::Error => "fail",
            other => other.word(),
        }
    }
}

/// A run that has ended, or was left out.
#[derive(Clone, Debug, Default)]
pub struct Ran {
    pub name: String,
    pub status: Status,
    pub diagnostics: Vec<Diagnostic>,
    /// How many assertions there are.
    pub asserts: usize,
    pub started: Option<Timestamp>,
    pub seconds: f64,
}

/// A file of tests that has ended.
#[derive(Clone, Debug, Default)]
pub struct Tested {
    pub name: String,
    pub status: Status,
    pub runs: Vec<Ran>,
}

/// How many runs ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub status: Status,
    pub passed: usize,
    pub failed: usize,
    pub errored: usize,
    pub skipped: usize,
}

impl Tally {
    /// Counts.
    pub fn of(files: &[Tested]) -> Self {
        let mut tally = Self::default();
        for file in files {
            tally.status = tally.status.max(file.status);
            for run in &file.runs {
                match run.status {
                    Status::Pass => tally.passed += 1,
                    Status::Fail => tally.failed += 1,
                    Status::Error => tally.errored += 1,
                    Status::Skip => tally.skipped += 1,
                    Status::Pending => {}
                }
            }
        }
        tally
    }

    /// Whether nothing failed.
    pub fn is_success(&self) -> bool {
        self.status <= Status::Pass
    }

    /// Returns the last line of Terraform's output.
    pub fn line(&self) -> String {
        let word = if self.is_success() {
            "Success!"
        } else {
            "Failure!"
        };
        let failed = self.failed + self.errored;
        let skipped = match self.skipped {
            0 => String::new(),
            skipped => format!(", {skipped} skipped"),
        };
        format!("{word} {} passed, {failed} failed{skipped}.", self.passed)
    }
}
