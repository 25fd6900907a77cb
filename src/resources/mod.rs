//! One file per resource type: its tables, and hooks where the API is odd. `ALL` is the list.

pub mod account;
pub mod deployment_set;
pub mod disk;
pub mod disk_attachment;
pub mod eip;
pub mod image;
pub mod images;
pub mod instance;
pub mod instance_types;
pub mod instances;
pub mod key_pair;
pub mod key_pair_attachment;
pub mod launch_template;
mod listing;
pub mod load_balancer;
pub mod nat_gateway;
pub mod network_interface;
pub mod network_interface_attachment;
mod payment;
pub mod random;
pub mod regions;
pub mod resource_groups;
pub mod route;
pub mod security_group;
pub mod security_group_rule;
pub mod security_groups;
pub mod snapshot;
pub mod snat_entry;
pub mod terraform_data;
pub mod terraform_remote_state;
pub mod vpc;
pub mod vpcs;
pub mod vswitch;
pub mod vswitches;
pub mod zones;

use crate::provider::hooks::Kind;

/// Every resource type, by name.
pub static ALL: &[Kind] = &[
    disk::OLD_KIND,
    disk_attachment::OLD_KIND,
    deployment_set::KIND,
    disk::KIND,
    disk_attachment::KIND,
    key_pair::KIND,
    key_pair_attachment::KIND,
    launch_template::KIND,
    network_interface::KIND,
    network_interface_attachment::KIND,
    snapshot::KIND,
    image::KIND,
    eip::OLD_ADDRESS,
    eip::ADDRESS,
    eip::ASSOCIATION,
    instance::KIND,
    key_pair::OLD_KIND,
    key_pair_attachment::OLD_KIND,
    launch_template::OLD_KIND,
    nat_gateway::KIND,
    network_interface::OLD_KIND,
    network_interface_attachment::OLD_KIND,
    route::ENTRY,
    route::TABLE,
    route::ATTACHMENT,
    security_group::KIND,
    security_group_rule::KIND,
    load_balancer::OLD_KIND,
    load_balancer::KIND,
    snat_entry::KIND,
    snapshot::OLD_KIND,
    vpc::KIND,
    vswitch::KIND,
    random::BYTES,
    random::ID,
    random::INTEGER,
    random::PASSWORD,
    random::PET,
    random::SHUFFLE,
    random::STRING,
    random::UUID,
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
    terraform_remote_state::KIND,
];

/// Every type of ephemeral resource, by name.
pub static EPHEMERAL: &[Kind] = &[random::EPHEMERAL_PASSWORD];

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
