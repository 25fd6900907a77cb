//! How a command ends: its exit code, and what is said when it fails.

use super::{settings::Settings, ui::Ui};
use crate::model::{Diagnostic, Diagnostics, Sources};

/// A command that ended as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0.
    Done,
    /// 2: a plan with `-detailed-exitcode` has changes.
    Changes,
    /// 1, when everything has been said already.
    Failed,
    /// 2: something could not be formatted, and it has been said.
    Malformed,
    /// 3: `fmt -check` found what is not in the standard form.
    Unformatted,
}

impl Exit {
    /// Returns Terraform's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Changes | Self::Malformed => 2,
            Self::Unformatted => 3,
        }
    }
}

/// A command that failed: what to tell, and how.
#[derive(Debug)]
pub struct Failed {
    pub diags: Diagnostics,
    pub sources: Sources,
    pub ui: Ui,
}

impl Failed {
    /// Fails with one sentence.
    pub fn message(settings: &Settings, text: impl Into<String>) -> Self {
        Self {
            diags: Diagnostic::error(text, "").into(),
            sources: Sources::default(),
            ui: Ui::new(settings, false),
        }
    }

    /// Tells it, and returns the exit code.
    pub fn report(self) -> u8 {
        self.ui.diagnostics(&self.diags, &self.sources);
        1
    }
}
