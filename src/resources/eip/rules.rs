//! What is allowed of elastic IP addresses.

use crate::{
    model::{Object, Value},
    resources::payment::is_subscription,
    schema::{Problem, is_unset},
};

/// A whole number from 1 on, written as text.
pub(super) fn bandwidth(value: &Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    match text.parse::<u32>() {
        Ok(1..=1000) => Ok(()),
        _ => Err(format!(
            "It must be a whole number from 1 to 1000, and it is \"{text}\"."
        )),
    }
}

/// A whole number, written as text.
pub(super) fn number(value: &Value) -> Result<(), String> {
    match value.as_str().map(str::parse::<u64>) {
        Some(Err(_)) => Err("It must be a whole number.".to_owned()),
        _ => Ok(()),
    }
}

pub(super) fn at_most_ten(value: &Value) -> Result<(), String> {
    match value.as_list() {
        Some(list) if list.len() > 10 => Err(format!(
            "There can be at most ten, and there are {}.",
            list.len()
        )),
        _ => Ok(()),
    }
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// What is sold: no subscription by traffic, and not every bandwidth in every way.
pub(super) fn sold(arguments: &Object) -> Vec<Problem> {
    let traffic = text(arguments, "internet_charge_type") == Some("PayByTraffic");
    let subscription = is_subscription(arguments);
    if subscription && traffic {
        return vec![Problem::new(
            "internet_charge_type",
            "Subscription by traffic",
            "A subscription is for a bandwidth, but internet_charge_type is PayByTraffic.",
            "Use PayByBandwidth, or payment_type PayAsYouGo.",
        )];
    }
    let unknown = [
        "payment_type",
        "instance_charge_type",
        "internet_charge_type",
    ]
    .iter()
    .any(|name| arguments.get(name).is_some_and(Value::is_unknown));
    let (most, way) = match (subscription, traffic) {
        (true, _) => (1000, "a subscription"),
        (false, true) => (200, "an address that is paid by traffic"),
        (false, false) => (500, "an address that is paid by bandwidth"),
    };
    let wanted = text(arguments, "bandwidth").and_then(|text| text.parse::<u32>().ok());
    if !unknown && let Some(wanted) = wanted.filter(|wanted| *wanted > most) {
        return vec![Problem::new(
            "bandwidth",
            "Bandwidth too large",
            format!("The bandwidth of {way} is at most {most} Mbit/s, and this is {wanted}."),
            format!("Use at most {most}."),
        )];
    }
    Vec::new()
}

/// The log needs a place, and the place a log.
pub(super) fn monitored(arguments: &Object) -> Vec<Problem> {
    const STATUS: &str = "high_definition_monitor_log_status";
    let places = ["log_project", "log_store"];
    if arguments.get(STATUS).is_some_and(Value::is_unknown) {
        return Vec::new();
    }
    let on = text(arguments, STATUS) == Some("ON");
    if !on {
        return places
            .into_iter()
            .filter(|name| !is_unset(arguments, name))
            .map(|name| {
                let detail = format!("\"{name}\" has a meaning only while {STATUS} is ON.");
                let hint = format!("Set {STATUS} to ON, or remove \"{name}\".");
                Problem::new(name, "Log place without a log", detail, hint)
            })
            .collect();
    }
    places
        .into_iter()
        .filter(|name| is_unset(arguments, name))
        .map(|name| {
            let detail = format!("{STATUS} is ON, and \"{name}\" is not set.");
            let hint = format!("Add \"{name}\".");
            Problem::new(STATUS, "Missing required argument", detail, hint)
        })
        .collect()
}

/// An address is bound to one thing only.
pub(super) fn bound_once(_: &Object, that: &Object) -> Option<Problem> {
    let other = match text(that, "instance_id") {
        Some(id) => format!("It is bound to {id} already"),
        None => "It is bound elsewhere already".to_owned(),
    };
    Some(Problem::new(
        "allocation_id",
        "Elastic address bound twice",
        format!("{other}, and an elastic address is bound to one thing at a time."),
        "Use one alicloud_eip_address for each association.",
    ))
}

/// An address of one's own is in a VPC, and nothing else needs one to be named.
pub(super) fn own_address(arguments: &Object) -> Vec<Problem> {
    let own = text(arguments, "instance_type") == Some("IpAddress");
    if !own || !is_unset(arguments, "vpc_id") {
        return Vec::new();
    }
    vec![Problem::new(
        "instance_type",
        "Missing required argument",
        "An IpAddress is found in its VPC, and \"vpc_id\" is not set.",
        "Add \"vpc_id\".",
    )]
}
