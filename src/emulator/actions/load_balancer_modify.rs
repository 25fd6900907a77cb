//! Load balancers changed: their name, state, protections, size, and how they are paid for.
//!
//! Another way to pay holds at once here; the service waits for midnight.

use serde_json::json;

use super::Effect::Write;
use super::load_balancer::{ELASTIC, find, not_found, order_number};
use super::{Route, slb};
use crate::emulator::clock::Millis;
use crate::emulator::egress::LoadBalancer;
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    slb("SetLoadBalancerName", Write, rename),
    slb("SetLoadBalancerStatus", Write, set_status),
    slb("SetLoadBalancerDeleteProtection", Write, protect_deletion),
    slb("SetLoadBalancerModificationProtection", Write, protect),
    slb("ModifyLoadBalancerInstanceSpec", Write, resize),
    slb("ModifyLoadBalancerInternetSpec", Write, modify_internet),
    slb("ModifyLoadBalancerInstanceChargeType", Write, pay_by_use),
    slb("ModifyLoadBalancerPayType", Write, subscribe),
];

/// Sizes that are sold.
const SPECS: &[&str] = &[
    "slb.s1.small",
    "slb.s2.small",
    "slb.s2.medium",
    "slb.s3.small",
    "slb.s3.medium",
    "slb.s3.large",
    "slb.s4.large",
];

pub(super) fn require_spec(spec: &str) -> Result<&str, Refusal> {
    if SPECS.contains(&spec) {
        return Ok(spec);
    }
    let text = "The specified LoadBalancerSpec is invalid.";
    refuse(400, "InvalidParameter", text)
}

pub(super) fn require_bandwidth(request: &Request) -> Result<i64, Refusal> {
    let bandwidth = request.integer("Bandwidth");
    bandwidth
        .filter(|it| (1..=5120).contains(it))
        .map_or_else(bad_bandwidth, Ok)
}

fn bad_bandwidth<T>() -> Result<T, Refusal> {
    let text = "The param Bandwidth is invalid.";
    refuse(400, "InvalidParameter.Bandwidth", text)
}

/// For how long a subscription is bought.
pub(super) fn months(request: &Request) -> Result<Millis, Refusal> {
    const MONTH: Millis = 30 * 24 * 60 * 60 * 1000;
    request.need("Duration")?;
    let count = request.integer("Duration").unwrap_or_default();
    let (most, each) = match request.text_or("PricingCycle", "month").as_str() {
        "month" => (9, 1),
        "year" => (5, 12),
        _ => return Err(invalid("PricingCycle")),
    };
    match Millis::try_from(count) {
        Ok(count) if (1..=most).contains(&count) => Ok(count * each * MONTH),
        _ => Err(invalid("Duration")),
    }
}

pub(super) fn name_holds(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    (1..=80).contains(&name.chars().count()) && name.chars().all(plain)
}

pub(super) fn reason_holds(reason: &str) -> bool {
    let first = reason.chars().next();
    reason.chars().count() <= 80 && first.is_none_or(char::is_alphabetic)
}

/// The protection from changes that a request asks for, and its reason.
pub(super) fn protection(request: &Request) -> Result<(String, String), Refusal> {
    let status = request.text_or("ModificationProtectionStatus", "NonProtection");
    match status.as_str() {
        "ConsoleProtection" => Ok((status, request.owned("ModificationProtectionReason"))),
        "NonProtection" => Ok((status, String::new())),
        _ => {
            let text = "The param ModificationProtectionStatus is invalid.";
            refuse(400, "InvalidParam.ModificationProtectionStatus", text)
        }
    }
}

/// Changes the balancer that a request names.
fn change(
    world: &mut World,
    request: &Request,
    change: impl FnOnce(&mut LoadBalancer),
) -> Result<(), Refusal> {
    let id = find(world, request)?.id.clone();
    let now = world.now;
    let found = world.load_balancers.change(&id, now);
    change(found.ok_or_else(not_found)?);
    Ok(())
}

fn rename(world: &mut World, request: &Request) -> Reply {
    let name = request.need("LoadBalancerName")?;
    if !name_holds(name) {
        return Err(invalid("LoadBalancerName"));
    }
    change(world, request, |it| name.clone_into(&mut it.name))?;
    done()
}

fn set_status(world: &mut World, request: &Request) -> Reply {
    let status = request.need("LoadBalancerStatus")?;
    if !["active", "inactive"].contains(&status) {
        return Err(invalid("LoadBalancerStatus"));
    }
    change(world, request, |it| status.clone_into(&mut it.status))?;
    done()
}

fn protect_deletion(world: &mut World, request: &Request) -> Reply {
    let wanted = request.need("DeleteProtection")?;
    if !["on", "off"].contains(&wanted) {
        return Err(invalid("DeleteProtection"));
    }
    if find(world, request)?.pay_type == "PrePay" {
        let code = "OperationUnsupported.DeleteProtectionForPrePayInstance";
        let text =
            "The operation failed because prepay instance does not support delete protection.";
        return refuse(400, code, text);
    }
    change(world, request, |it| {
        wanted.clone_into(&mut it.delete_protection);
    })?;
    done()
}

fn protect(world: &mut World, request: &Request) -> Reply {
    let (status, reason) = protection(request)?;
    if !reason_holds(&reason) {
        let text = "The param ModificationProtectionReason is invalid.";
        return refuse(400, "InvalidParam.ModificationProtectionReason", text);
    }
    change(world, request, |it| {
        it.modification_protection = status;
        it.modification_reason = reason;
    })?;
    done()
}

/// Refuses what only a balancer that is paid by its size can do.
fn require_by_size(balancer: &LoadBalancer) -> Result<(), Refusal> {
    if balancer.instance_charge_type == "PayByCLCU" {
        let text = "The operation is not allowed because the instanceChargeType of loadbalancer is \
                    PayByCLCU.";
        return refuse(400, "OperationDenied.PayByCLCU", text);
    }
    Ok(())
}

/// Answers with the number of the order, if the balancer is a subscription.
fn ordered(world: &mut World, request: &Request) -> Reply {
    let subscribed = find(world, request)?.pay_type == "PrePay";
    let number = if subscribed { order_number(world) } else { 0 };
    Ok(json!({ "OrderId": number }))
}

/// Whether the order of a change is paid, as it must be before a subscription changes.
fn is_paid(balancer: &LoadBalancer, request: &Request, usual: bool) -> bool {
    balancer.pay_type != "PrePay" || request.boolean("AutoPay").unwrap_or(usual)
}

fn resize(world: &mut World, request: &Request) -> Reply {
    let balancer = find(world, request)?;
    require_by_size(balancer)?;
    let spec = require_spec(request.need("LoadBalancerSpec")?)?;
    if is_paid(balancer, request, false) {
        change(world, request, |it| spec.clone_into(&mut it.spec))?;
    }
    ordered(world, request)
}

fn modify_internet(world: &mut World, request: &Request) -> Reply {
    let balancer = find(world, request)?;
    require_by_size(balancer)?;
    let wanted = request.text_or("InternetChargeType", &balancer.internet_charge_type);
    let known = ["paybybandwidth", "paybytraffic"].contains(&wanted.as_str());
    let prepaid = balancer.pay_type == "PrePay";
    if !known || balancer.address_type != "internet" || prepaid && wanted == "paybytraffic" {
        let text = "Illegal parameter. The specified InternetChargeType not allowed.";
        return refuse(400, "Instance.InternetChargeTypeNotAllowed", text);
    }
    let bandwidth = match (wanted.as_str(), request.text("Bandwidth")) {
        ("paybytraffic", _) => -1,
        (_, None) if balancer.bandwidth > 0 => balancer.bandwidth,
        _ => require_bandwidth(request)?,
    };
    if is_paid(balancer, request, true) {
        change(world, request, |it| {
            it.internet_charge_type = wanted;
            it.bandwidth = bandwidth;
        })?;
    }
    ordered(world, request)
}

fn pay_by_use(world: &mut World, request: &Request) -> Reply {
    let balancer = find(world, request)?;
    match request.need("InstanceChargeType")? {
        "PayByCLCU" => require_by_size(balancer)?,
        "PayBySpec" if balancer.instance_charge_type == "PayByCLCU" => {
            let text = "User does not have permission modify InstanceChargeType to spec.";
            return refuse(400, "Forbidden.LcuToSpec", text);
        }
        "PayBySpec" => {
            let text = "The operation is not allowed because the instanceChargeType of loadbalancer \
                        is PayBySpec.";
            return refuse(400, "OperationDenied.PayBySpec", text);
        }
        _ => return illegal("InstanceChargeType"),
    }
    if balancer.pay_type == "PrePay" {
        return illegal("InstanceChargeType");
    }
    let wanted = request.text_or("InternetChargeType", &balancer.internet_charge_type);
    if balancer.address_type == "internet" && wanted != "paybytraffic" {
        return illegal("InternetChargeType");
    }
    change(world, request, |it| {
        it.instance_charge_type = "PayByCLCU".to_owned();
        it.internet_charge_type = "paybytraffic".to_owned();
        it.spec = ELASTIC.to_owned();
        it.bandwidth = -1;
    })?;
    done()
}

fn illegal<T>(name: &str) -> Result<T, Refusal> {
    let code = format!("IllegalParam.{name}");
    refuse(400, &code, format!("The parameter {name} is illegal."))
}

fn subscribe(world: &mut World, request: &Request) -> Reply {
    let balancer = find(world, request)?;
    require_by_size(balancer)?;
    if request.text_or("PayType", "PrePay") != "PrePay" || balancer.pay_type == "PrePay" {
        return Err(invalid("PayType"));
    }
    let internet = balancer.address_type == "internet";
    if internet && balancer.internet_charge_type == "paybytraffic" {
        let text = "Cannot change internet payByTraffic loadBalancer from PayOnDemand to PrePay.";
        return refuse(400, "Operation.NotAllowed", text);
    }
    let expires = world.now + months(request)?;
    if request.flag("AutoPay") {
        change(world, request, |it| {
            it.pay_type = "PrePay".to_owned();
            it.expires = Some(expires);
            it.delete_protection = "off".to_owned();
        })?;
    }
    Ok(json!({ "OrderId": order_number(world) }))
}
