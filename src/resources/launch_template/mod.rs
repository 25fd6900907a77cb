//! Launch templates: what an order for instances says, in numbered versions.
//!
//! `table` says what there is, `life` what the tables cannot say: a change makes a new version, which
//! has every attribute again, since nothing is inherited from the one before.

mod life;
mod place;
mod plan;
mod table;

use crate::provider::hooks::{Hooks, Kind};

pub use table::{LAUNCH_TEMPLATE, OLD_LAUNCH_TEMPLATE};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &LAUNCH_TEMPLATE,
    hooks: HOOKS,
};

/// The type by its older name.
pub const OLD_KIND: Kind = Kind {
    ty: &OLD_LAUNCH_TEMPLATE,
    hooks: HOOKS,
};

const HOOKS: Hooks = Hooks {
    read: Some(life::read),
    reveal: Some(place::complete),
    trace: Some(life::trace),
    settle: Some(life::settle),
    update: Some(life::update),
    propose: Some(plan::propose),
    ..Hooks::NONE
};
