//! Elastic IP addresses: `address` is the thing, `association` what it is bound to.

mod address;
mod association;
mod rules;

use crate::{
    model::{Object, plan::Effect},
    provider::{
        hooks::{Hooks, Kind},
        offer::{Limit, Offer, free},
    },
    resources::payment,
    schema::{Ids, Read, Wait},
};

/// Both types read the same listing.
static DESCRIBE: Read = Read {
    action: "DescribeEipAddresses",
    ids: Ids::Commas("AllocationId", 50),
    item: "EipAddresses.EipAddress",
};

/// Neither coming nor going.
const STEADY: Wait = Wait {
    field: "Status",
    until: &["Available", "InUse"],
    failed: &[],
};

/// Codes that any change of an address may be answered while another one is under way.
const BUSY: &[&str] = &[
    "OperationConflict",
    "LastTokenProcessing",
    "IncorrectStatus",
    "SystemBusy",
    "ServiceUnavailable",
    "IncorrectEipStatus",
    "IncorrectInstanceStatus",
    "InvalidBindingStatus",
    "InvalidStatus.EcsStatusNotSupport",
    "InvalidStatus.InstanceHasBandWidth",
    "InvalidStatus.EniStatusNotSupport",
    "VPC_TASK_CONFLICT",
    "TaskConflict",
];

/// The price action of ECS does not know addresses, and VPC has none.
const UNPRICED: &str = "ECS and VPC do not tell the price of an elastic IP address";

/// A subscription stays until its end; any other address is gone for good.
fn loss(address: &Object) -> Vec<Effect> {
    let stays = payment::loss(address);
    if stays.is_empty() {
        vec![Effect::ChangesAddress]
    } else {
        stays
    }
}

const HOOKS: Hooks = Hooks {
    create_request: Some(address::request),
    loss: Some(loss),
    offer: Some(|_, _| Offer::unlisted(Limit::Untold("elastic IP addresses"), UNPRICED)),
    ..Hooks::NONE
};

/// The registered type.
pub const ADDRESS: Kind = Kind {
    ty: &address::EIP,
    hooks: HOOKS,
};

/// The same type by its older name.
pub const OLD_ADDRESS: Kind = Kind {
    ty: &address::OLD,
    hooks: HOOKS,
};

/// The registered type.
pub const ASSOCIATION: Kind = Kind {
    ty: &association::ASSOCIATION,
    hooks: Hooks {
        create_request: Some(association::request),
        loss: Some(|_| vec![Effect::ChangesAddress]),
        offer: Some(free),
        ..Hooks::NONE
    },
};
