//! Load balancers: made with an address of the internet or of a vSwitch, listed, shown, deleted.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::load_balancer_modify::{
    months, name_holds, protection, reason_holds, require_bandwidth, require_spec,
};
use super::{Route, Sizes, ecs_tags, list_of, slb, wants};
use crate::emulator::catalog;
use crate::emulator::clock::{Millis, seconds};
use crate::emulator::egress::LoadBalancer;
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, invalid, tags_match};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    slb("CreateLoadBalancer", Write, create),
    slb("DescribeLoadBalancers", Read, describe),
    slb("DescribeLoadBalancerAttribute", Read, describe_one),
    slb("DeleteLoadBalancer", Write, delete),
];

/// What a balancer that is paid by use has in place of a size.
pub(super) const ELASTIC: &str = "slb.lcu.elastic";
/// The bandwidth that is shown of what is not paid by it.
const UNLIMITED: i64 = -1;
/// When what has no end ends, as the service writes it.
const NEVER: Millis = 32_493_801_600_000;

pub(super) fn not_found() -> Refusal {
    let text = "The specified LoadBalancerId does not exist.";
    refusal(404, "InvalidLoadBalancerId.NotFound", text)
}

/// One of the words that a parameter may have, or what holds without it.
fn word(request: &Request, name: &str, usual: &str, all: &[&str]) -> Result<String, Refusal> {
    let value = request.text_or(name, usual);
    let good = all.contains(&value.as_str());
    if good { Ok(value) } else { Err(invalid(name)) }
}

fn create(world: &mut World, request: &Request) -> Reply {
    let region = request.need("RegionId")?.to_owned();
    let asked = asked(world, request)?;
    if world.load_balancers.count() >= world.quotas.load_balancers {
        return refuse(400, "OverQuota", "The Total is over the quota");
    }
    let order = (asked.pay_type == "PrePay").then(|| order_number(world));
    if order.is_some() && !request.flag("AutoPay") {
        // The order waits to be paid, and there is no balancer before that.
        return Ok(json!({ "OrderId": order }));
    }
    let mut balancer = placed(world, request, &region, asked)?;
    balancer.id = world.new_id("lb", &region);
    if balancer.name.is_empty() {
        balancer.name.clone_from(&balancer.id);
    }
    balancer.created = world.now;
    balancer.region = region;
    let mut answer = json!({
        "LoadBalancerId": balancer.id,
        "LoadBalancerName": balancer.name,
        "Address": balancer.address,
        "AddressIPVersion": balancer.ip_version,
        "NetworkType": network(&balancer),
        "ResourceGroupId": balancer.resource_group,
        "VpcId": balancer.vpc,
        "VSwitchId": balancer.vswitch,
    });
    if let Some(order) = order {
        answer["OrderId"] = order.into();
    }
    world.add_load_balancer(balancer);
    Ok(answer)
}

/// The number of an order: a number here, and no text.
pub(super) fn order_number(world: &mut World) -> u64 {
    200_000_000_000_000 + world.random().u64(..1_000_000_000)
}

/// What a request says of a new balancer beyond its place.
fn asked(world: &World, request: &Request) -> Result<LoadBalancer, Refusal> {
    let within = request.text("VSwitchId").is_some();
    let usual = if within { "intranet" } else { "internet" };
    let address_type = word(request, "AddressType", usual, &["internet", "intranet"])?;
    let ip_version = word(request, "AddressIPVersion", "ipv4", &["ipv4", "ipv6"])?;
    if address_type == "intranet" && ip_version == "ipv6" {
        let text =
            "AddressType and IpVersion is conflict, IPv6 does not support intranet instance.";
        return refuse(400, "InvalidParameter.Mismatch", text);
    }
    let asked = LoadBalancer {
        address_type,
        ip_version,
        name: request.owned("LoadBalancerName"),
        status: "active".to_owned(),
        delete_protection: word(request, "DeleteProtection", "off", &["on", "off"])?,
        resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
        tags: request.tags()?,
        ..paid(world, request)?
    };
    if !asked.name.is_empty() && !name_holds(&asked.name) {
        return Err(invalid("LoadBalancerName"));
    }
    let internet = asked.address_type == "internet";
    if asked.pay_type == "PrePay" {
        if internet && asked.internet_charge_type == "paybytraffic" {
            let text = "Operation Denied. The charge type of internet prepay instance can only be \
                        paybybandwidth.";
            return refuse(400, "Operation.NotAllowed", text);
        }
        if asked.delete_protection == "on" {
            let text = "The operation failed because prepay instance does not support delete \
                        protection.";
            let code = "OperationUnsupported.DeleteProtectionForPrePayInstance";
            return refuse(400, code, text);
        }
    }
    let by_use = asked.instance_charge_type == "PayByCLCU";
    if internet && by_use && asked.internet_charge_type != "paybytraffic" {
        let text = "Illegal parameter. The specified InternetChargeType not allowed.";
        return refuse(400, "Instance.InternetChargeTypeNotAllowed", text);
    }
    let (status, reason) = protection(request)?;
    if !reason_holds(&reason) {
        let text = "The param ModificationProtectionReason is invalid.";
        return refuse(400, "InvalidParam.ModificationProtectionReason", text);
    }
    Ok(LoadBalancer {
        modification_protection: status,
        modification_reason: reason,
        ..asked
    })
}

/// How a new balancer is paid for, and what for.
fn paid(world: &World, request: &Request) -> Result<LoadBalancer, Refusal> {
    let pay_type = word(
        request,
        "PayType",
        "PayOnDemand",
        &["PayOnDemand", "PrePay"],
    )?;
    let expires = match pay_type.as_str() {
        "PrePay" => Some(world.now + months(request)?),
        _ => None,
    };
    let by = request.text_or("InstanceChargeType", "PayBySpec");
    let good = by == "PayBySpec" || by == "PayByCLCU" && pay_type == "PayOnDemand";
    if !good {
        let text = "The parameter InstanceChargeType is illegal.";
        return refuse(400, "IllegalParam.InstanceChargeType", text);
    }
    let spec = match (by.as_str(), request.text("LoadBalancerSpec")) {
        ("PayByCLCU", _) => ELASTIC,
        (_, Some(spec)) => require_spec(spec)?,
        (_, None) => {
            let text = "The share instance has been discontinued.";
            return refuse(400, "ShareSlbHaltSales", text);
        }
    };
    let words = ["paybytraffic", "paybybandwidth"];
    let internet_charge_type = word(request, "InternetChargeType", words[0], &words)?;
    let bandwidth = match internet_charge_type.as_str() {
        "paybybandwidth" => require_bandwidth(request)?,
        _ => UNLIMITED,
    };
    Ok(LoadBalancer {
        pay_type,
        expires,
        spec: spec.to_owned(),
        instance_charge_type: by,
        internet_charge_type,
        bandwidth,
        ..LoadBalancer::default()
    })
}

/// Finds zones and an address for a new balancer.
fn placed(
    world: &mut World,
    request: &Request,
    region: &str,
    asked: LoadBalancer,
) -> Result<LoadBalancer, Refusal> {
    let mut balancer = if asked.address_type == "intranet" {
        within(world, request, asked)?
    } else {
        LoadBalancer {
            address: public(world, &asked.ip_version),
            ..asked
        }
    };
    let zones = catalog::region(region).map_or(&[][..], |region| &region.zones);
    let zone = |name: &str, usual: Option<&String>| match request.text(name) {
        Some(zone) if !catalog::zone_exists(region, zone) => {
            let text = "The operation failed because of resource limit of the specified zone.";
            refuse(400, "OperationFailed.ZoneResourceLimit", text)
        }
        Some(zone) => Ok(zone.to_owned()),
        None => Ok(usual.cloned().unwrap_or_default()),
    };
    let own = world.vswitches.get(&balancer.vswitch).map(|it| &it.zone);
    balancer.master_zone = zone("MasterZoneId", own.or(zones.first()))?;
    let other = zones.iter().find(|zone| **zone != balancer.master_zone);
    balancer.slave_zone = zone("SlaveZoneId", other)?;
    Ok(balancer)
}

/// A public address, of either version.
fn public(world: &mut World, version: &str) -> String {
    let address = world.public_address();
    match address.parse::<Ipv4Addr>() {
        Ok(plain) if version == "ipv6" => {
            let [a, b, c, d] = plain.octets();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            Ipv6Addr::new(0x2408, 0x4005, 0, high, 0, 0, 0, low).to_string()
        }
        _ => address,
    }
}

/// Gives a balancer an address of its vSwitch.
fn within(world: &World, request: &Request, asked: LoadBalancer) -> Result<LoadBalancer, Refusal> {
    let Some(id) = request.text("VSwitchId") else {
        return refuse(
            400,
            "MissingParam.VSwitchId",
            "The parameter VSwitchId is required.",
        );
    };
    let Some(vswitch) = world.vswitches.get(id) else {
        let text = "The specified VSwitch does not exist.";
        return refuse(400, "VSwitchNotExist", text);
    };
    let vpc = request.text("VpcId");
    if vpc.is_some_and(|vpc| vpc != vswitch.vpc) {
        return refuse(400, "InvalidVpcId.NotExist", "The specified VPC not exist.");
    }
    let wanted = request.address("Address")?;
    let address = world.pick_address(vswitch, wanted).or_else(|it| {
        if it.code.starts_with("QuotaExceeded") {
            let text = "The specified VSwitch has no availabe ip.";
            return refuse(400, "VSwitchAvailableIpNotExist", text);
        }
        if it.code.ends_with("Duplicated") {
            let text = "Failed to allocate vpc instance.";
            return refuse(400, "AllocateVpcInstanceFailed", text);
        }
        let text = "Illegal parameter. The IP address is not in subnet.";
        refuse(400, "InvalidParameter", text)
    })?;
    Ok(LoadBalancer {
        address: address.to_string(),
        vpc: vswitch.vpc.clone(),
        vswitch: vswitch.id.clone(),
        ..asked
    })
}

fn network(balancer: &LoadBalancer) -> &'static str {
    if balancer.vpc.is_empty() {
        "classic"
    } else {
        "vpc"
    }
}

fn describe(world: &mut World, request: &Request) -> Reply {
    if request.text("PageSize").is_some() {
        request.need("PageNumber")?;
    }
    let ids = request.commas("LoadBalancerId");
    let names = request.commas("LoadBalancerName");
    for (name, values) in [("LoadBalancerId", &ids), ("LoadBalancerName", &names)] {
        if values.as_ref().is_some_and(|values| values.len() > 10) {
            return Err(invalid(name));
        }
    }
    let tags = request.tag_filter();
    let sizes = Sizes {
        page: (100, 10),
        token: None,
    };
    let page = list_of(
        (&world.load_balancers, ids.as_deref()),
        request,
        sizes,
        |it| {
            wants(request.region(), &it.region)
                && names.as_ref().is_none_or(|names| names.contains(&it.name))
                && wants(request.text("Address"), &it.address)
                && wants(request.text("AddressIPVersion"), &it.ip_version)
                && wants(request.text("AddressType"), &it.address_type)
                && wants(request.text("InternetChargeType"), &it.internet_charge_type)
                && wants(request.text("LoadBalancerStatus"), &it.status)
                && wants(request.text("MasterZoneId"), &it.master_zone)
                && wants(request.text("SlaveZoneId"), &it.slave_zone)
                && wants(request.text("NetworkType"), network(it))
                && wants(request.text("PayType"), &it.pay_type)
                && wants(request.text("ResourceGroupId"), &it.resource_group)
                && wants(request.text("VSwitchId"), &it.vswitch)
                && wants(request.text("VpcId"), &it.vpc)
                && request.text("ServerId").is_none()
                && request.text("ServerIntranetAddress").is_none()
                && tags_match(&it.tags, &tags)
        },
        |it| {
            let mut shown = show(it);
            // Here the way to pay is a number, and its word has a field of its own.
            let by_bandwidth = it.internet_charge_type == "paybybandwidth";
            shown["InternetChargeType"] = json!(if by_bandwidth { "3" } else { "4" });
            shown["InternetChargeTypeAlias"] = json!(it.internet_charge_type);
            shown
        },
    )?;
    Ok(page.answer("LoadBalancers", "LoadBalancer"))
}

fn show(balancer: &LoadBalancer) -> Value {
    json!({
        "LoadBalancerId": balancer.id,
        "LoadBalancerName": balancer.name,
        "LoadBalancerStatus": balancer.status,
        "LoadBalancerSpec": balancer.spec,
        "Address": balancer.address,
        "AddressType": balancer.address_type,
        "AddressIPVersion": balancer.ip_version,
        "NetworkType": network(balancer),
        "VpcId": balancer.vpc,
        "VSwitchId": balancer.vswitch,
        "RegionId": balancer.region,
        "RegionIdAlias": balancer.region,
        "MasterZoneId": balancer.master_zone,
        "SlaveZoneId": balancer.slave_zone,
        "InternetChargeType": balancer.internet_charge_type,
        "Bandwidth": balancer.bandwidth,
        "InstanceChargeType": balancer.instance_charge_type,
        "PayType": balancer.pay_type,
        "DeleteProtection": balancer.delete_protection,
        "ModificationProtectionStatus": balancer.modification_protection,
        "ModificationProtectionReason": balancer.modification_reason,
        "ResourceGroupId": balancer.resource_group,
        "CreateTime": seconds(balancer.created),
        "CreateTimeStamp": balancer.created,
        "Tags": ecs_tags(&balancer.tags),
    })
}

fn describe_one(world: &mut World, request: &Request) -> Reply {
    let balancer = find(world, request)?;
    let mut answer = show(balancer);
    let end = balancer.expires.unwrap_or(NEVER);
    answer["EndTime"] = seconds(end).into();
    answer["EndTimeStamp"] = end.into();
    for (list, item) in [
        ("BackendServers", "BackendServer"),
        ("ListenerPorts", "ListenerPort"),
        ("ListenerPortsAndProtocal", "ListenerPortAndProtocal"),
        ("ListenerPortsAndProtocol", "ListenerPortAndProtocol"),
    ] {
        answer[list] = json!({ item: [] });
    }
    Ok(answer)
}

/// The balancer that a request names, in the region that it names.
pub(super) fn find<'a>(world: &'a World, request: &Request) -> Result<&'a LoadBalancer, Refusal> {
    let found = world.load_balancers.get(request.need("LoadBalancerId")?);
    found
        .filter(|it| wants(request.region(), &it.region))
        .ok_or_else(not_found)
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let balancer = find(world, request)?;
    if balancer.delete_protection == "on" {
        let text = "The loadbalancer can not be deleted due to DeleteProtection is enabled.";
        return refuse(400, "OperationDenied.DeleteProtectionIsOn", text);
    }
    if balancer.expires.is_some_and(|expires| expires > world.now) {
        let text = "The prepay loadBalancer does not support this action.";
        return refuse(400, "InvalidChargeType", text);
    }
    let id = balancer.id.clone();
    world.remove_load_balancer(&id);
    done()
}
