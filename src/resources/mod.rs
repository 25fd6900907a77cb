//! One file per resource type: its tables, and hooks where the API is odd. `ALL` is the list.

pub mod instance;

use crate::provider::hooks::Kind;

/// Every resource type.
pub static ALL: &[Kind] = &[instance::KIND];
/// Every data source.
pub static DATA: &[Kind] = &[];
