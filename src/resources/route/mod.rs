//! Routes: tables of them, which vSwitches go by a table, and the entries.

mod attachment;
mod entry;
mod table;

use crate::{
    provider::hooks::{Hooks, Kind},
    schema::Wait,
};

const AVAILABLE: Wait = Wait {
    field: "Status",
    until: &["Available"],
    failed: &[],
};

/// The registered type.
pub const TABLE: Kind = Kind {
    ty: &table::ROUTE_TABLE,
    hooks: Hooks::NONE,
};

/// The registered type.
pub const ATTACHMENT: Kind = Kind {
    ty: &attachment::ATTACHMENT,
    hooks: Hooks::NONE,
};

/// The registered type.
pub const ENTRY: Kind = Kind {
    ty: &entry::ROUTE_ENTRY,
    hooks: Hooks {
        create: Some(entry::create),
        ..Hooks::NONE
    },
};
