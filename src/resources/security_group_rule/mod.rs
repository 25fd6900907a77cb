//! Security group rules: they have no id of their own to be found by, so the id is made of what they say,
//! and all rules of a group are read with one listing.
//!
//! `table` says what there is, `rules` what is allowed, `identity` what tells two rules apart, and
//! `life` what the tables cannot say.

mod identity;
mod life;
mod rules;
mod table;

pub use table::SECURITY_GROUP_RULE;

use crate::provider::{
    hooks::{Hooks, Kind},
    offer,
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &SECURITY_GROUP_RULE,
    hooks: Hooks {
        read: Some(life::read),
        id: Some(identity::id),
        update: Some(life::update),
        offer: Some(offer::free),
        list: Some(life::list),
        ..Hooks::NONE
    },
};
