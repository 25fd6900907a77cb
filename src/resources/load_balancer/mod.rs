//! `alicloud_slb_load_balancer`: a classic load balancer, with an address of the internet or of a vSwitch.
//!
//! The table says what there is (`table`), `rules` what is allowed, and `life` what the table cannot say: which
//! arguments belong to which kind of balancer, and how one becomes a subscription.

mod life;
mod rules;
mod table;

pub use table::{LOAD_BALANCER, OLD};

use crate::provider::{
    hooks::{Hooks, Kind},
    offer::{Limit, Offer},
};

/// The price action of ECS does not know load balancers, and SLB has none.
const UNPRICED: &str = "no action tells the price of a load balancer";

const HOOKS: Hooks = Hooks {
    create_request: Some(life::request),
    propose: Some(life::propose),
    update: Some(life::update),
    loss: Some(life::loss),
    offer: Some(|_, _| Offer::unlisted(Limit::Untold("load balancers"), UNPRICED)),
    ..Hooks::NONE
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &LOAD_BALANCER,
    hooks: HOOKS,
};

/// The type by its older name.
pub const OLD_KIND: Kind = Kind {
    ty: &OLD,
    hooks: HOOKS,
};
