//! One file per resource type: its tables, and hooks where the API is odd. `ALL` is the list.

pub mod security_group;
pub mod security_group_rule;
pub mod vpc;
pub mod vswitch;

use crate::provider::hooks::Kind;

/// Every resource type, by name.
pub static ALL: &[Kind] = &[
    security_group::KIND,
    security_group_rule::KIND,
    vpc::KIND,
    vswitch::KIND,
];

/// Every data source, by name.
pub mod terraform_data;

use crate::provider::hooks::Kind;

/// Every resource type.
pub static ALL: &[Kind] = &[terraform_data::KIND];
/// Every data source.
pub static DATA: &[Kind] = &[];

/// Returns the resource type of this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.ty.name == name)
}

/// Returns the data source of this name.
pub fn find_data(name: &str) -> Option<&'static Kind> {
    DATA.iter().find(|kind| kind.ty.name == name)
}

#[cfg(test)]
mod tests;
