//! Key pairs: their names are their ids, and the private key of a new one is told once.
//!
//! `table` says what there is, `life` what the tables cannot say, and `file` keeps the private key.

mod file;
mod life;
mod table;

use crate::provider::hooks::{Hooks, Kind};

pub use table::{KEY_PAIR, NAME, NAME_EXAMPLE, OLD_KEY_PAIR};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &KEY_PAIR,
    hooks: HOOKS,
};

/// The type by its older name.
pub const OLD_KIND: Kind = Kind {
    ty: &OLD_KEY_PAIR,
    hooks: HOOKS,
};

const HOOKS: Hooks = Hooks {
    create_request: Some(life::create_request),
    create: Some(life::create),
    trace: Some(life::trace),
    ..Hooks::NONE
};
