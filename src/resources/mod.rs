//! One file per resource type: its tables, and hooks where the API is odd. `ALL` is the list.

use crate::provider::hooks::Kind;

/// Every resource type.
pub static ALL: &[Kind] = &[];
/// Every data source.
pub static DATA: &[Kind] = &[];
