//! One file per resource type: its tables, and hooks where the API is odd. `ALL` is the list.

pub mod account;
pub mod disk;
pub mod disk_attachment;
pub mod eip;
pub mod images;
pub mod instance;
pub mod instance_types;
pub mod instances;
pub mod key_pair;
pub mod key_pair_attachment;
pub mod launch_template;
mod listing;
mod payment;
pub mod regions;
pub mod resource_groups;
pub mod security_group;
pub mod security_group_rule;
pub mod security_groups;
pub mod terraform_data;
pub mod vpc;
pub mod vpcs;
pub mod vswitch;
pub mod vswitches;
pub mod zones;

use crate::provider::hooks::Kind;

/// Every resource type, by name.
pub static ALL: &[Kind] = &[
    eip::OLD_ADDRESS,
    eip::ADDRESS,
    eip::ASSOCIATION,
    disk::OLD_KIND,
    disk_attachment::OLD_KIND,
    disk::KIND,
    disk_attachment::KIND,
    key_pair::KIND,
    key_pair_attachment::KIND,
    launch_template::KIND,
    instance::KIND,
    key_pair::OLD_KIND,
    key_pair_attachment::OLD_KIND,
    launch_template::OLD_KIND,
    security_group::KIND,
    security_group_rule::KIND,
    vpc::KIND,
    vswitch::KIND,
    terraform_data::KIND,
];

/// Every data source, by name.
pub static DATA: &[Kind] = &[
    account::KIND,
    images::KIND,
    instance_types::KIND,
    instances::KIND,
    regions::KIND,
    resource_groups::KIND,
    security_groups::KIND,
    vpcs::KIND,
    vswitches::KIND,
    zones::KIND,
];

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
