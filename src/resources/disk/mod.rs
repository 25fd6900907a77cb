//! `alicloud_ecs_disk`: a disk of its own, for any instance of its zone.
//!
//! The table says what there is (`table`), `rules` what is allowed, and `life` what the tables cannot say: how a
//! disk changes from one way of payment to the other, and which disk is not to be deleted.

mod life;
mod offer;
mod rules;
mod table;

pub use table::DISK;
pub(super) use table::is_of_instance;

use crate::{
    model::plan::Effect,
    provider::hooks::{Hooks, Kind},
    schema::ResourceType,
};

/// The older name.
static OLD: ResourceType = table::DISK_TABLE.alias("alicloud_disk");

const HOOKS: Hooks = Hooks {
    settle: Some(life::settle),
    update: Some(life::update),
    delete: Some(life::delete),
    loss: Some(|_| vec![Effect::LosesData]),
    offer: Some(offer::offer),
    ..Hooks::NONE
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &DISK,
    hooks: HOOKS,
};

/// The registered older name.
pub const OLD_KIND: Kind = Kind {
    ty: &OLD,
    hooks: HOOKS,
};
