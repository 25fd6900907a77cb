//! How gateways and addresses are paid for: two attributes of one thing, each with its own words, and what a
//! subscription adds to the request.

use crate::{
    model::{Object, plan::Effect},
    provider::{CreateRequest, Param},
    schema::{Check, Wire, is_unset},
};

/// The words of `payment_type`, in the API's; the older attribute's words are understood, too.
pub(super) const PAYMENT: Wire = Wire::Words(&[
    ("PayAsYouGo", "PostPaid"),
    ("Subscription", "PrePaid"),
    ("PostPaid", "PostPaid"),
    ("PrePaid", "PrePaid"),
]);
/// The words of `instance_charge_type`, in the API's; the newer attribute's words are understood, too.
pub(super) const CHARGE: Wire = Wire::Words(&[
    ("PostPaid", "PostPaid"),
    ("PrePaid", "PrePaid"),
    ("PayAsYouGo", "PostPaid"),
    ("Subscription", "PrePaid"),
]);
/// All of these words.
pub(super) const EITHER: Check =
    Check::OneOf(&["PayAsYouGo", "Subscription", "PostPaid", "PrePaid"]);
/// Months for which a subscription can be bought.
pub(super) const MONTHS: Check = Check::OneOfInts(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36]);

/// Whether two states of an object pay in the same way, whatever the words.
pub(super) fn same(prior: &Object, merged: &Object) -> bool {
    let pays = |object: &Object| {
        let known = ["payment_type", "instance_charge_type"]
            .into_iter()
            .filter(|name| !is_unset(object, name))
            .find_map(|name| object.get(name)?.as_str());
        known.map(|word| ["Subscription", "PrePaid"].contains(&word))
    };
    pays(prior).is_some_and(|before| pays(merged) == Some(before))
}

/// Whether an object is a subscription, as far as it is known.
pub(super) fn is_subscription(object: &Object) -> bool {
    let prepaid = |name: &str| {
        let word = object.get(name).and_then(|value| value.as_str());
        word.is_some_and(|word| ["Subscription", "PrePaid"].contains(&word))
    };
    prepaid("payment_type") || prepaid("instance_charge_type")
}

/// Returns what the deletion of an object does besides: a subscription stays until its end.
pub(super) fn loss(object: &Object) -> Vec<Effect> {
    if is_subscription(object) {
        vec![Effect::Remains]
    } else {
        Vec::new()
    }
}

/// Completes a create request: a subscription is bought for a time, in months or from a year on in years, and
/// paid at once. What is paid as it is used has none of this. `period` is the parameter with the time.
pub(super) fn complete(request: &mut CreateRequest, period: &str, prepaid: (&str, &str)) {
    let of = |params: &[Param], name: &str| {
        let found = params.iter().find(|param| param.name == name);
        found.map(|param| param.value.clone())
    };
    let subscribed = of(&request.params, prepaid.0).as_deref() == Some(prepaid.1);
    let months = of(&request.params, period).and_then(|text| text.parse::<u32>().ok());
    let cycle = of(&request.params, "PricingCycle");
    let pays = of(&request.params, "AutoPay");
    let own = [period, "PricingCycle", "AutoPay"];
    request
        .params
        .retain(|param| !own.contains(&param.name.as_str()));
    if !subscribed {
        return;
    }
    let months = months.filter(|months| *months > 0).unwrap_or(1);
    let (time, cycle) = match cycle {
        Some(cycle) => (months, cycle),
        None if months > 9 => (months / 12, "Year".to_owned()),
        None => (months, "Month".to_owned()),
    };
    let mut add = |name: &str, value: String| {
        request.params.push(Param {
            name: name.to_owned(),
            value,
            secret: false,
        });
    };
    add(period, time.to_string());
    add("PricingCycle", cycle);
    add("AutoPay", pays.unwrap_or_else(|| "true".to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(params: &[(&str, &str)]) -> Vec<String> {
        let mut request = CreateRequest {
            action: "Make",
            params: params
                .iter()
                .map(|(name, value)| Param {
                    name: (*name).to_owned(),
                    value: (*value).to_owned(),
                    secret: false,
                })
                .collect(),
            takes_token: true,
        };
        complete(&mut request, "Period", ("InstanceChargeType", "PrePaid"));
        let written = request.params.iter();
        written
            .map(|param| format!("{}={}", param.name, param.value))
            .collect()
    }

    #[test]
    fn a_subscription_has_a_time() {
        let prepaid = ("InstanceChargeType", "PrePaid");
        let sold =
            |params: &[(&str, &str)]| completed(&[&[prepaid], params].concat())[1..].join(" ");
        assert_eq!(sold(&[]), "Period=1 PricingCycle=Month AutoPay=true");
        let years = [("Period", "24"), ("AutoPay", "false")];
        assert_eq!(sold(&years), "Period=2 PricingCycle=Year AutoPay=false");
        let said = [("Period", "3"), ("PricingCycle", "Year")];
        assert_eq!(sold(&said), "Period=3 PricingCycle=Year AutoPay=true");
    }

    #[test]
    fn what_is_paid_by_use_has_none() {
        let params = [
            ("AutoPay", "true"),
            ("InstanceChargeType", "PostPaid"),
            ("Period", "3"),
        ];
        assert_eq!(completed(&params), ["InstanceChargeType=PostPaid"]);
        assert_eq!(completed(&params[..1]), [""; 0]);
    }
}
