//! Routes: tables of them, which vSwitches go by a table, and the entries.

mod attachment;
mod entry;
mod table;

use crate::{
    provider::{
        hooks::{Hooks, Kind},
        offer::{Limit, Offer, free},
    },
    schema::Wait,
};

const AVAILABLE: Wait = Wait {
    field: "Status",
    until: &["Available"],
    failed: &[],
};

/// Whether a table is the one that its VPC came with.
fn is_of_vpc(table: &serde_json::Value) -> bool {
    table["RouteTableType"] == "System"
}

/// The registered type.
pub const TABLE: Kind = Kind {
    ty: &table::ROUTE_TABLE,
    hooks: Hooks {
        offer: Some(|_, _| Offer::free(Limit::Untold("route tables"))),
        ..Hooks::NONE
    },
};

/// The registered type.
pub const ATTACHMENT: Kind = Kind {
    ty: &attachment::ATTACHMENT,
    hooks: Hooks {
        offer: Some(free),
        ..Hooks::NONE
    },
};

/// The registered type.
pub const ENTRY: Kind = Kind {
    ty: &entry::ROUTE_ENTRY,
    hooks: Hooks {
        create: Some(entry::create),
        offer: Some(|_, _| Offer::free(Limit::Untold("route entries"))),
        ..Hooks::NONE
    },
};
