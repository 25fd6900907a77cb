//! `alicloud_instance`: the virtual machine, from the first request to its release.
//!
//! The table says what there is (`table`), `rules` what is allowed, and the hooks what the tables
//! cannot say: which of two actions creates it (`create`), what follows (`settle`), which changes
//! share a stop and a start (`update`), and how hundreds are read with few calls (`read`).

mod create;
mod delete;
mod effects;
mod offer;
mod read;
pub(super) mod rows;
pub(super) mod rules;
pub(super) mod same;
mod settle;
mod table;
mod trace;
mod update;
mod wire;

#[cfg(test)]
mod tests;

pub(super) use rules::{description, instance_type, name};
pub use table::INSTANCE;

use crate::provider::hooks::{Hooks, Kind};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &INSTANCE,
    hooks: Hooks {
        read: Some(read::read),
        create_request: Some(create::request),
        reveal: Some(create::reveal),
        trace: Some(trace::trace),
        id: Some(create::id),
        settle: Some(settle::settle),
        update: Some(update::update),
        delete: Some(delete::delete),
        propose: Some(update::propose),
        loss: Some(effects::loss),
        offer: Some(offer::offer),
        resumes: Some(settle::resumes),
        ..Hooks::NONE
    },
};
