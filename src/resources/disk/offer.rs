//! What a disk takes from the market.

use crate::{
    model::{Object, Value},
    provider::offer::{Ask, Limit, Offer, Pricing, Related, Term, Wares},
};

/// Attributes and the parameters under which the price action takes them.
const PRICED: &[(&str, &str)] = &[
    ("category", "DataDisk.1.Category"),
    ("size", "DataDisk.1.Size"),
    ("performance_level", "DataDisk.1.PerformanceLevel"),
    ("provisioned_iops", "DataDisk.1.ProvisionedIops"),
];

/// The hook.
pub(super) fn offer(disk: &Object, _: &Related) -> Offer {
    Offer {
        wares: wares(disk),
        price: price(disk),
        ..Offer::free(Limit::Untold("disks"))
    }
}

fn text<'a>(disk: &'a Object, name: &str) -> Option<&'a str> {
    disk.get(name).and_then(Value::as_str)
}

fn is_subscribed(disk: &Object) -> bool {
    text(disk, "payment_type") == Some("Subscription")
}

fn wares(disk: &Object) -> Option<Wares> {
    let charge_type = if is_subscribed(disk) {
        "PrePaid"
    } else {
        "PostPaid"
    };
    Some(Wares {
        zone: text(disk, "zone_id").map(ToOwned::to_owned),
        instance_type: None,
        charge_type: charge_type.to_owned(),
        spot_strategy: "NoSpot".to_owned(),
        system_disk: None,
        data_disks: vec![text(disk, "category")?.to_owned()],
    })
}

fn price(disk: &Object) -> Pricing {
    if is_subscribed(disk) {
        return Pricing::Unlisted("it is paid with the subscription of its instance");
    }
    if disk.get("size").and_then(Value::as_int).is_none() {
        return Pricing::Open("size");
    }
    let mut params = vec![("ResourceType".to_owned(), "disk".to_owned())];
    for (name, parameter) in PRICED {
        let value = text(disk, name).map(ToOwned::to_owned);
        let number = || disk.get(name).and_then(Value::as_int);
        let value = value.or_else(|| number().filter(|it| *it > 0).map(|it| it.to_string()));
        params.extend(value.map(|value| ((*parameter).to_owned(), value)));
    }
    if text(disk, "category") != Some("cloud_essd") {
        params.retain(|(name, _)| !name.ends_with("PerformanceLevel"));
    }
    Pricing::Ask(Ask {
        params,
        term: Term::Hour,
        note: None,
    })
}
