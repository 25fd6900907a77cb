//! One file per resource type: its tables, and hooks where the API is odd. `ALL` is the list.

pub mod terraform_data;

use crate::provider::hooks::Kind;

/// Every resource type.
pub static ALL: &[Kind] = &[terraform_data::KIND];
/// Every data source.
pub static DATA: &[Kind] = &[];
