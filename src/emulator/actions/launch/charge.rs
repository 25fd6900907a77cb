//! How an order is paid for: subscriptions, spot instances, release times and bandwidth.

use crate::emulator::catalog::InstanceType;
use crate::emulator::clock::{Millis, parse_release};
use crate::emulator::objects::{Instance, Renewal};
use crate::emulator::reply::{Refusal, refusal, refuse};
use crate::emulator::request::Request;
use crate::emulator::world::World;

const DAY: Millis = 24 * 60 * 60 * 1000;

pub(super) fn read_charge(
    world: &World,
    request: &Request,
    kind: &InstanceType,
    run: bool,
    instance: &mut Instance,
) -> Result<(), Refusal> {
    instance.spot_strategy = "NoSpot".to_owned();
    instance.charge_type = request.text_or("InstanceChargeType", "PostPaid");
    match instance.charge_type.as_str() {
        "PrePaid" => {
            let days = read_period(request, run)?;
            instance.expires = Some(world.now + days * DAY);
            read_renewal(request, instance)
        }
        "PostPaid" => {
            read_spot(world, request, kind, instance)?;
            let Some(release) = request.text("AutoReleaseTime") else {
                return Ok(());
            };
            check_release(world, release)?;
            instance.release_at = Some(release.to_owned());
            Ok(())
        }
        _ => {
            let text = "The InstanceChargeType does not exist in our records";
            refuse(404, "InvalidInstanceChargeType.NotFound", text)
        }
    }
}

/// An instant of release: at least half an hour ahead, at most three years.
pub(in crate::emulator::actions) fn check_release(
    world: &World,
    release: &str,
) -> Result<(), Refusal> {
    let text = "The specified AutoReleaseTime is not valid.";
    let malformed = || refusal(400, "InvalidAutoReleaseTime.Malformed", text);
    let at = parse_release(release).ok_or_else(malformed)?;
    if at < world.now + 29 * 60 * 1000 || at > world.now + 3 * 366 * DAY {
        return refuse(400, "InvalidAutoReleaseTime.ValueNotSupported", text);
    }
    Ok(())
}

/// How many days a subscription lasts.
pub(in crate::emulator::actions) fn read_period(
    request: &Request,
    run: bool,
) -> Result<u64, Refusal> {
    const MONTHS: &[i64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36, 48, 60];
    let period = request.integer("Period");
    let invalid = || refusal(400, "InvalidPeriod", "The specified period is not valid.");
    let period = period.ok_or_else(invalid)?;
    let unit = request.text_or("PeriodUnit", "Month").to_ascii_lowercase();
    let (allowed, days) = match unit.as_str() {
        "week" => (&MONTHS[..4], 7),
        "month" => (MONTHS, 30),
        "year" if run => (&MONTHS[..5], 365),
        _ => {
            let text = "The specified parameter PeriodUnit is not valid.";
            return refuse(400, "InvalidPeriodUnit.ValueNotSupported", text);
        }
    };
    if !allowed.contains(&period) {
        return Err(invalid());
    }
    Ok(u64::try_from(period).unwrap_or(1) * days)
}

fn read_renewal(request: &Request, instance: &mut Instance) -> Result<(), Refusal> {
    let week = request
        .text("PeriodUnit")
        .is_some_and(|unit| unit.eq_ignore_ascii_case("week"));
    let unit = if week { "Week" } else { "Month" }.to_owned();
    instance.renewal = Renewal {
        unit,
        ..Renewal::default()
    };
    if !request.flag("AutoRenew") {
        return Ok(());
    }
    let allowed: &[i64] = if week { &[1, 2, 3] } else { &[1, 2, 3, 6, 12] };
    match request.integer("AutoRenewPeriod") {
        Some(duration) if allowed.contains(&duration) => {
            instance.renewal.status = "AutoRenewal".to_owned();
            instance.renewal.duration = duration;
            Ok(())
        }
        _ => {
            let text = "The specified autoRenewPeriod is not valid.";
            refuse(400, "InvalidAutoRenewPeriod.ValueNotSupported", text)
        }
    }
}

fn read_spot(
    world: &World,
    request: &Request,
    kind: &InstanceType,
    instance: &mut Instance,
) -> Result<(), Refusal> {
    // A dedicated host has no spot instances: what is said of them is ignored.
    let ignored = request.text("DedicatedHostId").is_some();
    let strategy = request
        .text("SpotStrategy")
        .filter(|_| !ignored)
        .unwrap_or("NoSpot");
    match strategy {
        "NoSpot" => return Ok(()),
        "SpotAsPriceGo" => {}
        "SpotWithPriceLimit" => {
            let limit = request
                .number("SpotPriceLimit")
                .filter(|limit| *limit > 0.0);
            let fine = |limit: f64| ((limit * 1000.0).round() - limit * 1000.0).abs() < 1e-6;
            let Some(limit) = limit.filter(|limit| fine(*limit)) else {
                let text = "The specified SpotPriceLimitis not valid.";
                return refuse(400, "InvalidSpotPriceLimit", text);
            };
            if limit < world.market.spot(kind) {
                let text = "The specified parameter \"soptPriceLimit\" can't be lower than \
                            current public price.";
                return refuse(400, "InvalidSpotPriceLimit.LowerThanPublicPrice", text);
            }
            instance.spot_price_limit = limit;
        }
        _ => {
            return refuse(
                400,
                "InvalidSpotStrategy",
                "The specified SpotStrategy is not valid.",
            );
        }
    }
    let behavior = request.text_or("SpotInterruptionBehavior", "Terminate");
    if !["Terminate", "Stop"].contains(&behavior.as_str()) {
        let text = "The specified SpotInterruptionBehavior is not valid.";
        return refuse(400, "InvalidSpotInterruptionBehavior", text);
    }
    let duration = request.integer("SpotDuration").unwrap_or(1);
    if !(0..=6).contains(&duration) {
        return refuse(
            400,
            "InvalidSpotDuration",
            "The specified SpotDuration is not valid.",
        );
    }
    instance.spot_strategy = strategy.to_owned();
    instance.spot_interruption = behavior;
    instance.spot_duration = duration;
    Ok(())
}

pub(super) fn read_bandwidth(request: &Request, instance: &mut Instance) -> Result<(), Refusal> {
    instance.internet_charge_type = request.text_or("InternetChargeType", "PayByTraffic");
    if !["PayByTraffic", "PayByBandwidth"].contains(&instance.internet_charge_type.as_str()) {
        let text = "The specified InternetChargeType is not valid.";
        return refuse(400, "InvalidInternetChargeType.ValueNotSupported", text);
    }
    instance.bandwidth_out = request.integer("InternetMaxBandwidthOut").unwrap_or(0);
    instance.bandwidth_in = request.integer("InternetMaxBandwidthIn").unwrap_or(200);
    if !(0..=100).contains(&instance.bandwidth_out) || !(1..=200).contains(&instance.bandwidth_in) {
        let text = "The specified bandwidth is beyond the permitted range.";
        return refuse(400, "InvalidParameter.Bandwidth", text);
    }
    Ok(())
}
