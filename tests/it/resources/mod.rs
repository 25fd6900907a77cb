//! The whole life of each resource type, through the built prov against the emulator: create, an empty plan,
//! every update with exactly its calls, every replacement, import, loss, destroy.
//!
//! What has to be shown of each attribute comes from the tables (`duty`): one of which it is not fails
//! `every_attribute_lives`.

mod deployment_set;
mod duty;
mod elastic_address;
mod images;
mod instance;
mod key_pair;
mod launch_template;
mod life;
mod load_balancer;
mod nat_gateway;
mod network;
mod network_interface;
mod random;
mod route;
mod storage;
mod surroundings;
mod terraform_data;

use life::{
    LIFE, Life, Names, Setting, Step, keep, lead, lead_all, lead_shortly, lose_instance, refuse,
    replace, update,
};
use prov::resources;

const LIVES: &[&[Life]] = &[
    elastic_address::LIVES,
    nat_gateway::LIVES,
    route::LIVES,
    network::LIVES,
    instance::LIVES,
    deployment_set::LIVES,
    key_pair::LIVES,
    launch_template::LIVES,
    load_balancer::LIVES,
    network_interface::LIVES,
    storage::LIVES,
    images::LIVES,
    random::LIVES,
    terraform_data::LIVES,
];

/// Each older name of a type makes, keeps and deletes the same.
#[test]
fn older_names() {
    let kinds = resources::ALL.iter().map(|kind| kind.ty);
    for ty in kinds.filter(|ty| ty.alias_of.is_some()) {
        let mut lives = LIVES.iter().copied().flatten();
        let life = lives.find(|life| life.kind == ty.canonical());
        lead_shortly(life.unwrap(), ty.name);
    }
}
