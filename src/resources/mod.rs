//! One file per resource type: its tables, and hooks where the API is odd. `ALL` is the list.

pub mod disk;
pub mod disk_attachment;
pub mod images;
pub mod instance;
pub mod instance_types;
mod listing;
pub mod security_group;
pub mod security_group_rule;
pub mod terraform_data;
pub mod vpc;
pub mod vswitch;
pub mod zones;

use crate::provider::hooks::Kind;

/// Every resource type, by name.
pub static ALL: &[Kind] = &[
    disk::OLD_KIND,
    disk_attachment::OLD_KIND,
    disk::KIND,
    disk_attachment::KIND,
    instance::KIND,
    security_group::KIND,
    security_group_rule::KIND,
    vpc::KIND,
    vswitch::KIND,
    terraform_data::KIND,
];

/// Every data source, by name.
pub static DATA: &[Kind] = &[images::KIND, instance_types::KIND, zones::KIND];

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
