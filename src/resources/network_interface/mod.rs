//! Network interfaces of their own, and the addresses that they have besides the first.
//!
//! `table` says what there is and `rules` what is allowed; `addresses` changes what the cloud adds and takes
//! away in calls of their own, and `read` tells the addresses apart.

mod addresses;
mod read;
mod rules;
mod table;

use crate::provider::{
    hooks::{Hooks, Kind},
    offer::{Limit, Offer},
};

pub(super) use rules::in_range;
pub use table::{GONE, NETWORK_INTERFACE, OLD_NETWORK_INTERFACE, is_of_instance};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &NETWORK_INTERFACE,
    hooks: HOOKS,
};

/// The type by its older name.
pub const OLD_KIND: Kind = Kind {
    ty: &OLD_NETWORK_INTERFACE,
    hooks: HOOKS,
};

const HOOKS: Hooks = Hooks {
    read: Some(read::read),
    update: Some(addresses::update),
    propose: Some(addresses::propose),
    offer: Some(|_, _| Offer::free(Limit::Interfaces)),
    ..Hooks::NONE
};
