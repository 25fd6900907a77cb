//! One file per resource type: its tables, and hooks where the API is odd. `ALL` is the list.

pub mod images;
pub mod instance;
pub mod instance_types;
mod listing;
pub mod security_group;
pub mod terraform_data;
pub mod vpc;
pub mod vswitch;
pub mod zones;

use crate::provider::hooks::{Hooks, Kind};

/// Every resource type.
pub static ALL: &[Kind] = &[
    instance::KIND,
    kind(&security_group::SECURITY_GROUP, Hooks::NONE),
    terraform_data::KIND,
    kind(&vpc::VPC, Hooks::NONE),
    kind(&vswitch::VSWITCH, Hooks::NONE),
];

/// Every data source.
pub static DATA: &[Kind] = &[images::KIND, instance_types::KIND, zones::KIND];

const fn kind(ty: &'static crate::schema::ResourceType, hooks: Hooks) -> Kind {
    Kind { ty, hooks }
}

/// Returns the resource type of this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.ty.name == name)
}

/// Returns the data source of this name.
pub fn find_data(name: &str) -> Option<&'static Kind> {
    DATA.iter().find(|kind| kind.ty.name == name)
}
