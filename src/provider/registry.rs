//! The types that a run knows: handed down, since the engine may not import them.

use super::hooks::Kind;
use crate::model::Mode;

/// All registered resource types and data sources.
#[derive(Clone, Copy)]
pub struct Registry {
    pub kinds: &'static [Kind],
    pub data: &'static [Kind],
    pub ephemeral: &'static [Kind],
}

impl Registry {
    /// Returns the type of this name.
    pub fn find(&self, mode: Mode, name: &str) -> Option<&'static Kind> {
        self.all(mode).iter().find(|kind| kind.ty.name == name)
    }

    /// Returns the names of all types of a mode, for "did you mean".
    pub fn names(&self, mode: Mode) -> impl Iterator<Item = &'static str> {
        self.all(mode).iter().map(|kind| kind.ty.name)
    }

    fn all(&self, mode: Mode) -> &'static [Kind] {
        match mode {
            Mode::Managed => self.kinds,
            Mode::Data => self.data,
            Mode::Ephemeral => self.ephemeral,
        }
    }
}
