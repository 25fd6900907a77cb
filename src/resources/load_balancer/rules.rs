//! What is allowed of load balancers, and which arguments say something of which.

use crate::{
    model::{Object, Value},
    resources::payment::is_subscription,
    schema::{Problem, Transition, is_unset},
};

/// What a balancer that is paid by use has in place of a size.
pub(super) const ELASTIC: &str = "slb.lcu.elastic";

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

fn is(object: &Object, name: &str, word: &str) -> bool {
    text(object, name).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

fn is_unknown(object: &Object, name: &str) -> bool {
    object.get(name).is_some_and(Value::is_unknown)
}

/// Whether a balancer is on the internet, as far as is known.
pub(super) fn is_public(object: &Object) -> bool {
    is(object, "address_type", "internet")
        || is_unset(object, "address_type") && is_unset(object, "vswitch_id")
}

/// Whether a balancer is in a vSwitch, as far as is known.
pub(super) fn is_private(object: &Object) -> bool {
    is(object, "address_type", "intranet")
        || is_unset(object, "address_type") && !is_unset(object, "vswitch_id")
}

/// Whether a balancer is paid by use.
pub(super) fn is_by_use(object: &Object) -> bool {
    is(object, "instance_charge_type", "PayByCLCU")
}

/// Whether a balancer is paid by its bandwidth.
pub(super) fn has_bandwidth(object: &Object) -> bool {
    !is_private(object) && !is(object, "internet_charge_type", "PayByTraffic")
}

/// Whether a balancer cannot be changed in the console.
pub(super) fn is_locked(object: &Object) -> bool {
    is(
        object,
        "modification_protection_status",
        "ConsoleProtection",
    ) || is_unknown(object, "modification_protection_status")
}

/// Whether the subscription has been bought before.
pub(super) fn is_bought(change: &Transition<'_>) -> bool {
    is_subscription(change.before)
}

/// Whether two states pay for the internet in the same way: not at all in a vSwitch, and whatever the case of the word.
pub(super) fn same_charge(prior: &Object, merged: &Object) -> bool {
    const NAME: &str = "internet_charge_type";
    is_private(merged) || text(prior, NAME).is_some_and(|word| is(merged, NAME, word))
}

/// A way to pay, in any case of its letters.
pub(super) fn charge(value: &Value) -> Result<(), String> {
    let known = |text: &str| {
        let mut words = ["PayByTraffic", "PayByBandwidth"].into_iter();
        words.any(|word| word.eq_ignore_ascii_case(text))
    };
    match value.as_str() {
        Some(text) if !known(text) => Err(format!(
            "It must be PayByTraffic or PayByBandwidth, and it is \"{text}\"."
        )),
        _ => Ok(()),
    }
}

/// A state that can be asked for.
pub(super) fn status(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some("active" | "inactive") | None => Ok(()),
        Some("locked") => {
            Err("Only the cloud locks a load balancer: it must be active or inactive.".to_owned())
        }
        Some(other) => Err(format!(
            "It must be active or inactive, and it is \"{other}\"."
        )),
    }
}

/// The characters of a name.
pub(super) fn name(value: &Value) -> Result<(), String> {
    let plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    let text = value.as_str().unwrap_or_default();
    match text.chars().find(|c| !plain(*c)) {
        Some(c) => Err(format!(
            "It can have letters, digits, periods, underscores, hyphens and slashes in it, and it has {c:?}."
        )),
        None => Ok(()),
    }
}

/// Where it can be: within a vSwitch with an address of one's own, or on the internet.
pub(super) fn placed(arguments: &Object) -> Vec<Problem> {
    let private = is(arguments, "address_type", "intranet");
    let mut problems = Vec::new();
    if private && is_unset(arguments, "vswitch_id") {
        problems.push(Problem::new(
            "address_type",
            "Missing required argument",
            "A load balancer of the intranet is in a vSwitch, and \"vswitch_id\" is not set.",
            "Add \"vswitch_id\".",
        ));
    }
    if is_private(arguments) && is(arguments, "address_ip_version", "ipv6") {
        problems.push(Problem::new(
            "address_ip_version",
            "IPv6 within a vSwitch",
            "Only load balancers on the internet have an IPv6 address.",
            "Use ipv4, or address_type internet.",
        ));
    }
    let unused = ["vswitch_id", "address"].into_iter();
    let unused = unused.filter(|name| is_public(arguments) && !is_unset(arguments, name));
    problems.extend(unused.map(|name| Problem {
        warning: true,
        ..Problem::new(
            name,
            "Argument without effect",
            format!(
                "The load balancer is on the internet, and \"{name}\" is for those in a vSwitch."
            ),
            format!("Remove \"{name}\", or use address_type intranet."),
        )
    }));
    problems
}

/// What is sold together.
pub(super) fn sold(arguments: &Object) -> Vec<Problem> {
    let by_use = is_by_use(arguments);
    let subscription = is_subscription(arguments);
    let traffic = !is_unknown(arguments, "internet_charge_type")
        && !is(arguments, "internet_charge_type", "PayByBandwidth");
    let bandwidth = is(arguments, "internet_charge_type", "PayByBandwidth");
    let elastic = ["load_balancer_spec", "specification"]
        .into_iter()
        .find(|name| is(arguments, name, ELASTIC));
    let mut problems = Vec::new();
    let mut add = |path: &str, summary: &str, detail: &str, hint: &str| {
        problems.push(Problem::new(path, summary, detail, hint));
    };
    if subscription && by_use {
        add(
            "instance_charge_type",
            "Subscription by use",
            "A subscription is for a size, but instance_charge_type is PayByCLCU.",
            "Use PayBySpec, or payment_type PayAsYouGo.",
        );
    }
    if subscription && traffic && is_public(arguments) {
        add(
            "payment_type",
            "Subscription by traffic",
            "A subscription on the internet is for a bandwidth, but internet_charge_type is PayByTraffic.",
            "Use internet_charge_type PayByBandwidth, or payment_type PayAsYouGo.",
        );
    }
    if subscription && is(arguments, "delete_protection", "on") {
        add(
            "delete_protection",
            "Protected subscription",
            "A subscription cannot be deleted before its end, and the cloud does not protect it besides.",
            "Remove delete_protection, or use payment_type PayAsYouGo.",
        );
    }
    if by_use && bandwidth && is_public(arguments) {
        add(
            "internet_charge_type",
            "Bandwidth by use",
            "What is paid by use is paid by traffic too, but internet_charge_type is PayByBandwidth.",
            "Use PayByTraffic, or instance_charge_type PayBySpec.",
        );
    }
    if let Some(path) = elastic
        && is(arguments, "instance_charge_type", "PayBySpec")
    {
        add(
            path,
            "Size that is none",
            "A load balancer that is paid by its size has one, and slb.lcu.elastic stands for none.",
            "Use a size such as slb.s2.small, or instance_charge_type PayByCLCU.",
        );
    }
    problems
}

/// What is new has a size where it is paid by that: balancers without one exist, but are not sold any more.
pub(super) fn sized(arguments: &Object) -> Vec<Problem> {
    const PAID: &str = "instance_charge_type";
    let mut sizes = ["load_balancer_spec", "specification"].into_iter();
    let has_size = sizes.any(|name| !is_unset(arguments, name));
    let by_size = is_unset(arguments, PAID) || is(arguments, PAID, "PayBySpec");
    if has_size || !by_size {
        return Vec::new();
    }
    vec![Problem::new(
        PAID,
        "Missing required argument",
        "A new load balancer that is paid by its size must have one, and \"load_balancer_spec\" is not set.",
        "Add \"load_balancer_spec\", or use instance_charge_type PayByCLCU.",
    )]
}

/// A reason is kept only with what it is a reason for.
pub(super) fn locked(arguments: &Object) -> Vec<Problem> {
    const REASON: &str = "modification_protection_reason";
    let open = is(arguments, "modification_protection_status", "NonProtection");
    if !open || is_unset(arguments, REASON) {
        return Vec::new();
    }
    vec![Problem {
        warning: true,
        ..Problem::new(
            REASON,
            "Argument without effect",
            "The load balancer can be changed in the console, and no reason is kept for that.",
            "Use modification_protection_status ConsoleProtection, or remove the reason.",
        )
    }]
}
