//! What changing an instance does beyond changing it: the columns that more than one row has, and
//! the conditions that need code.

use crate::{
    model::{Object, Value, plan::Effect},
    schema::{On, Transition, Type, equal},
};

pub(super) type Effects = &'static [(Effect, On)];

pub(super) const REBOOT: Effects = &[(Effect::Restarts, On::Any)];
pub(super) const IMAGE: Effects = &[
    (Effect::WipesSystemDisk, On::Any),
    (Effect::Restarts, On::Any),
];
pub(super) const TYPE: Effects = &[
    (Effect::Restarts, On::Any),
    (Effect::ChangesBilling, On::Any),
];
pub(super) const NETWORK: Effects = &[
    (Effect::Restarts, On::Any),
    (Effect::ChangesAddress, On::Any),
];
pub(super) const BANDWIDTH: Effects = &[
    (Effect::ChangesAddress, On::When(becomes_public_or_private)),
    (Effect::Costs, On::When(buys_bandwidth)),
    (Effect::Saves, On::When(returns_bandwidth)),
];
pub(super) const CHARGE_TYPE: Effects = &[
    (Effect::Costs, On::To("PrePaid")),
    (Effect::ChangesBilling, On::From("PrePaid")),
];
/// What a subscription is bought with, which counts in the moment of buying.
pub(super) const PURCHASE: Effects = &[(Effect::NoEffect, On::When(keeps_charge_type))];
pub(super) const RENEWAL: Effects = &[(Effect::AtRenewal, On::When(keeps_charge_type))];
pub(super) const CREDIT: Effects = &[
    (Effect::Costs, On::To("Unlimited")),
    (Effect::Saves, On::From("Unlimited")),
];
pub(super) const STATUS: Effects = &[
    (Effect::Stops, On::To("Stopped")),
    (Effect::Saves, On::When(stops_charging)),
    (Effect::Costs, On::When(charges_again)),
];
/// What is said with a change of the type only.
pub(super) const WITH_TYPE: Effects = &[(Effect::NoEffect, On::When(keeps_type))];
/// What is said with another image only.
pub(super) const WITH_IMAGE: Effects = &[(Effect::NoEffect, On::When(keeps_image))];

/// Its disks go with it, except those that were told to stay.
pub(super) fn loss(_: &Object) -> Vec<Effect> {
    vec![Effect::LosesData]
}

fn keeps(change: &Transition<'_>, name: &str) -> bool {
    let of = |object: &Object| object.get(name).cloned().unwrap_or_default();
    equal(&Type::String, &of(change.before), &of(change.after))
}

fn keeps_charge_type(change: &Transition<'_>) -> bool {
    keeps(change, "instance_charge_type")
}

fn keeps_type(change: &Transition<'_>) -> bool {
    keeps(change, "instance_type")
}

fn keeps_image(change: &Transition<'_>) -> bool {
    keeps(change, "image_id")
}

fn number(value: &Value) -> i64 {
    value.as_int().unwrap_or(0)
}

/// The public address comes with the first megabit, and goes with the last.
fn becomes_public_or_private(change: &Transition<'_>) -> bool {
    change.to.is_unknown() || (number(change.from) > 0) != (number(change.to) > 0)
}

/// Bandwidth by traffic is a limit only, whatever it is above 0.
fn paid(value: &Value, of: &Object) -> i64 {
    match text(of, "internet_charge_type") {
        "PayByBandwidth" => number(value),
        _ => number(value).min(1),
    }
}

fn buys_bandwidth(change: &Transition<'_>) -> bool {
    change.to.is_unknown() || paid(change.to, change.after) > paid(change.from, change.before)
}

fn returns_bandwidth(change: &Transition<'_>) -> bool {
    !change.to.is_unknown() && paid(change.to, change.after) < paid(change.from, change.before)
}

fn stops_charging(change: &Transition<'_>) -> bool {
    change.to.as_str() == Some("Stopped") && text(change.after, "stopped_mode") == "StopCharging"
}

fn charges_again(change: &Transition<'_>) -> bool {
    change.from.as_str() == Some("Stopped") && text(change.before, "stopped_mode") == "StopCharging"
}

fn text<'a>(object: &'a Object, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}
