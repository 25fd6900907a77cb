//! What is paid and how: subscriptions, spot instances, and burstable types.

use super::{Problem, hinted, int, is_set, problem, text, text_or, unset};
use crate::model::Object;

/// Months that can be bought; weeks are 1 to 4.
const MONTHS: &[i64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36, 48, 60];
const WEEKS: &[i64] = &[1, 2, 3, 4];
const RENEWAL_MONTHS: &[i64] = &[1, 2, 3, 6, 12];
const RENEWAL_WEEKS: &[i64] = &[1, 2, 3];

/// What a prepaid instance needs.
pub(super) fn subscription(object: &Object) -> Vec<Problem> {
    if text(object, "instance_charge_type") != Some("PrePaid") {
        return Vec::new();
    }
    let mut problems = Vec::new();
    if unset(object, "period")
        && unset(object, "launch_template_id")
        && unset(object, "launch_template_name")
    {
        problems.push(hinted(
            problem(
                "period",
                "Missing period",
                "A PrePaid instance is bought for a time, but period is not set.".to_owned(),
            ),
            "Set period (in months, or in weeks with period_unit = \"Week\"), or use PostPaid.",
        ));
    }
    let Some(unit) = text_or(object, "period_unit", "Month") else {
        return problems;
    };
    let weekly = unit == "Week";
    problems.extend(one_of(
        object,
        "period",
        unit,
        if weekly { WEEKS } else { MONTHS },
    ));
    if text(object, "renewal_status") == Some("AutoRenewal") {
        let allowed = if weekly {
            RENEWAL_WEEKS
        } else {
            RENEWAL_MONTHS
        };
        problems.extend(one_of(object, "auto_renew_period", unit, allowed));
    }
    problems
}

fn one_of(object: &Object, name: &str, unit: &str, allowed: &[i64]) -> Option<Problem> {
    let value = int(object, name).filter(|value| !allowed.contains(value))?;
    let list: Vec<String> = allowed.iter().map(i64::to_string).collect();
    Some(hinted(
        problem(
            name,
            "Invalid period",
            format!(
                "{name} is {value}, but with period_unit = \"{unit}\" it is one of {}.",
                list.join(", ")
            ),
        ),
        "Choose one of these, or change period_unit.",
    ))
}

/// Spot instances are pay-as-you-go, and a limit belongs to one strategy.
pub(in crate::resources) fn spot(object: &Object) -> Vec<Problem> {
    let Some(strategy) = text_or(object, "spot_strategy", "NoSpot") else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    if strategy != "NoSpot" && text(object, "instance_charge_type") == Some("PrePaid") {
        problems.push(hinted(
            problem(
                "spot_strategy",
                "Spot instance with a subscription",
                format!("spot_strategy {strategy} is for PostPaid instances, but instance_charge_type is PrePaid."),
            ),
            "Remove spot_strategy, or set instance_charge_type to \"PostPaid\".",
        ));
    }
    if strategy == "SpotWithPriceLimit" && unset(object, "spot_price_limit") {
        problems.push(hinted(
            problem(
                "spot_price_limit",
                "Missing price limit",
                "spot_strategy SpotWithPriceLimit needs a highest price per hour.".to_owned(),
            ),
            "Set spot_price_limit, or use SpotAsPriceGo.",
        ));
    }
    if strategy == "SpotWithPriceLimit" && is_zero(object, "spot_price_limit") {
        problems.push(hinted(
            problem(
                "spot_price_limit",
                "Invalid price limit",
                "Nothing is sold for a price limit of 0.".to_owned(),
            ),
            "Set spot_price_limit to the most that an hour may cost, or use SpotAsPriceGo.",
        ));
    }
    if strategy != "SpotWithPriceLimit" && is_set(object, "spot_price_limit") {
        problems.push(Problem {
            warning: true,
            ..hinted(
                problem(
                    "spot_price_limit",
                    "Price limit without effect",
                    format!("A price limit needs the strategy SpotWithPriceLimit, but spot_strategy is {strategy}."),
                ),
                "Set spot_strategy to \"SpotWithPriceLimit\", or remove spot_price_limit.",
            )
        });
    }
    problems
}

/// Only burstable types have a credit specification.
pub(super) fn credit(object: &Object) -> Vec<Problem> {
    match (
        text(object, "credit_specification"),
        text(object, "instance_type"),
    ) {
        (Some(credit), Some(kind)) if !kind.starts_with("ecs.t") => vec![Problem {
            warning: true,
            ..hinted(
                problem(
                    "credit_specification",
                    "Credit specification without a burstable type",
                    format!(
                        "The credit specification {credit} is for burstable types such as ecs.t6-c1m2.large; {kind} may refuse it."
                    ),
                ),
                "Remove credit_specification, or choose a burstable type.",
            )
        }],
        _ => Vec::new(),
    }
}

fn is_zero(object: &Object, name: &str) -> bool {
    int(object, name) == Some(0)
}
