//! Elastic IP addresses: allocated, changed, protected, listed, released.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::instance_modify::order_id;
use super::{Route, Sizes, end_dry_run, list_of, vpc, vpc_tags, wants};
use crate::emulator::clock::{Millis, Transition, seconds};
use crate::emulator::egress::Eip;
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, invalid, missing, tags_match};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    vpc("AllocateEipAddress", Write, allocate),
    vpc("DescribeEipAddresses", Read, describe),
    vpc("ModifyEipAddressAttribute", Write, modify),
    vpc("ModifyEipForwardMode", Write, modify_mode),
    vpc("SetHighDefinitionMonitorLogStatus", Write, monitor),
    vpc(
        "DescribeHighDefinitionMonitorLogAttribute",
        Read,
        describe_monitor,
    ),
    vpc("ReleaseEipAddress", Write, release),
];

const ISPS: &[&str] = &[
    "BGP",
    "BGP_PRO",
    "ChinaTelecom",
    "ChinaUnicom",
    "ChinaMobile",
    "ChinaTelecom_L2",
    "ChinaUnicom_L2",
    "ChinaMobile_L2",
    "BGP_FinanceCloud",
    "BGP_International",
];
const MODES: &[&str] = &["NAT", "BINDED", "MULTI_BINDED"];
/// A month of a subscription.
const MONTH: Millis = 30 * 24 * 60 * 60 * 1000;

fn allocate(world: &mut World, request: &Request) -> Reply {
    let region = request.region_or_home().to_owned();
    let charge = request.text_or("InstanceChargeType", "PostPaid");
    let traffic = request.text_or("InternetChargeType", "PayByBandwidth");
    if !["PrePaid", "PostPaid"].contains(&charge.as_str()) {
        return Err(invalid("InstanceChargeType"));
    }
    let prepaid = charge == "PrePaid";
    let sold = traffic == "PayByBandwidth" || traffic == "PayByTraffic" && !prepaid;
    if !sold {
        let text = "Specified value of \"InternetChargeType\" is not valid";
        return refuse(400, "InvalidParameter", text);
    }
    let bandwidth = bandwidth(request, &charge, &traffic)?.unwrap_or(5);
    let expires = subscription(request, prepaid)?.map(|months| world.now + months * MONTH);
    check_names(request)?;
    let isp = request.text_or("ISP", "BGP");
    if !ISPS.contains(&isp.as_str()) {
        return Err(invalid("ISP"));
    }
    let netmode = request.text_or("Netmode", "public");
    if netmode != "public" {
        return Err(invalid("Netmode"));
    }
    let tags = request.tags()?;
    let here = world.eips.iter().filter(|eip| eip.region == region).count();
    if here >= world.quotas.eips {
        let text = "Elastic IP address quota exceeded.";
        return refuse(400, "QuotaExceeded.Eip", text);
    }
    let (id, address) = identity(world, request, &region)?;
    let eip = Eip {
        region,
        id,
        address,
        name: request.owned("Name"),
        description: request.owned("Description"),
        bandwidth,
        charge_type: charge,
        internet_charge_type: traffic,
        expires,
        isp,
        netmode,
        mode: "NAT".to_owned(),
        zone: request.owned("Zone"),
        pool: request.owned("PublicIpAddressPoolId"),
        protections: request.list("SecurityProtectionTypes"),
        resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
        tags,
        created: world.now,
        course: world.course("Available"),
        ..Eip::default()
    };
    let mut answer = json!({
        "AllocationId": eip.id,
        "EipAddress": eip.address,
        "ResourceGroupId": eip.resource_group,
    });
    if prepaid {
        answer["OrderId"] = json!(order_id(world).parse::<u64>().unwrap_or_default());
    }
    world.eips.insert(eip, world.now);
    Ok(answer)
}

/// The id and the address of a new one: those asked for, as far as nobody has them.
fn identity(
    world: &mut World,
    request: &Request,
    region: &str,
) -> Result<(String, String), Refusal> {
    let refused = || refusal(400, "ReserveIpFail", "Reserve eip failed.");
    let id = match request.text("InstanceId") {
        Some(id) if !id.starts_with("eip-") || world.eips.get(id).is_some() => {
            return Err(refused());
        }
        Some(id) => id.to_owned(),
        None => world.new_id("eip", region),
    };
    let address = match request.address("IpAddress")? {
        Some(wanted) => {
            if !world.take_public_address(wanted) {
                return Err(refused());
            }
            wanted.to_string()
        }
        None => world.public_address(),
    };
    Ok((id, address))
}

/// The bandwidth of a request, within what is sold.
fn bandwidth(request: &Request, charge: &str, traffic: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = request.text("Bandwidth") else {
        return Ok(None);
    };
    let most = match (charge, traffic) {
        ("PrePaid", _) => 1000,
        (_, "PayByTraffic") => 200,
        _ => 500,
    };
    let bandwidth = text.parse().ok().filter(|it| (1..=most).contains(it));
    bandwidth.map(Some).ok_or_else(|| {
        let text = "Specified value of \"Bandwidth\" is not supported.";
        refusal(400, "InvalidParameter", text)
    })
}

/// For how many months it is bought, if it is.
fn subscription(request: &Request, prepaid: bool) -> Result<Option<u64>, Refusal> {
    if !prepaid {
        return Ok(None);
    }
    let cycle = request.text_or("PricingCycle", "Month");
    let period = request.integer("Period").ok_or_else(|| missing("Period"))?;
    let (most, months) = match cycle.as_str() {
        "Month" => (9, 1),
        "Year" => (5, 12),
        _ => return Err(invalid("PricingCycle")),
    };
    match u64::try_from(period) {
        Ok(period) if (1..=most).contains(&period) => Ok(Some(period * months)),
        _ => Err(invalid("Period")),
    }
}

fn check_names(request: &Request) -> Result<(), Refusal> {
    let with_scheme = |text: &str| text.starts_with("http://") || text.starts_with("https://");
    let good = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.chars().count()) && !with_scheme(text)
    };
    if request.text("Name").is_some_and(|it| !good(it, 1, 128)) {
        return Err(invalid("Name"));
    }
    if request
        .text("Description")
        .is_some_and(|it| !good(it, 2, 256))
    {
        return Err(invalid("Description"));
    }
    Ok(())
}

pub(super) fn not_found() -> Refusal {
    refusal(
        404,
        "InvalidAllocationId.NotFound",
        "Specified allocation ID is not found",
    )
}

/// Refuses unless the address is in one of some states.
pub(super) fn require_state(world: &World, id: &str, states: &[&str]) -> Result<(), Refusal> {
    let eip = world.eips.get(id).ok_or_else(not_found)?;
    if states.contains(&eip.course.at(world.now)) {
        return Ok(());
    }
    let text = "Current elastic IP status does not support this operation.";
    refuse(400, "IncorrectEipStatus", text)
}

fn describe(world: &mut World, request: &Request) -> Reply {
    end_dry_run(request)?;
    let ids = request.commas("AllocationId");
    let addresses = request.commas("EipAddress");
    for (name, listed) in [("AllocationId", &ids), ("EipAddress", &addresses)] {
        if listed.as_ref().is_some_and(|listed| listed.len() > 50) {
            return Err(invalid(name));
        }
    }
    let tags = request.tag_filter();
    let sizes = Sizes {
        page: (100, 10),
        token: None,
    };
    let now = world.now;
    let page = list_of(
        (&world.eips, ids.as_deref()),
        request,
        sizes,
        |eip| {
            let (kind, holder) = eip
                .holder(now)
                .map_or(("", ""), |bound| (bound.kind.as_str(), bound.id.as_str()));
            wants(request.region(), &eip.region)
                && addresses
                    .as_ref()
                    .is_none_or(|wanted| wanted.contains(&eip.address))
                && wants(request.text("EipName"), &eip.name)
                && wants(request.text("Status"), eip.course.at(now))
                && wants(request.text("ISP"), &eip.isp)
                && wants(request.text("ChargeType"), &eip.charge_type)
                && wants(request.text("PublicIpAddressPoolId"), &eip.pool)
                && wants(request.text("ResourceGroupId"), &eip.resource_group)
                && wants(request.text("AssociatedInstanceType"), kind)
                && wants(request.text("AssociatedInstanceId"), holder)
                && tags_match(&eip.tags, &tags)
        },
        |eip| show(eip, now),
    )?;
    Ok(page.answer("EipAddresses", "EipAddress"))
}

fn show(eip: &Eip, now: Millis) -> Value {
    let none = Default::default();
    let bound = eip.holder(now).unwrap_or(&none);
    let region = if bound.id.is_empty() { "" } else { &eip.region };
    json!({
        "AllocationId": eip.id,
        "IpAddress": eip.address,
        "RegionId": eip.region,
        "Name": eip.name,
        "Description": eip.description,
        "Status": eip.course.at(now),
        "BusinessStatus": "Normal",
        "BizType": "default",
        "Bandwidth": eip.bandwidth.to_string(),
        "EipBandwidth": eip.bandwidth.to_string(),
        "ChargeType": eip.charge_type,
        "InternetChargeType": eip.internet_charge_type,
        "ExpiredTime": eip.expires.map(seconds).unwrap_or_default(),
        "ISP": eip.isp,
        "Netmode": eip.netmode,
        "Mode": eip.mode,
        "Zone": eip.zone,
        "PublicIpAddressPoolId": eip.pool,
        "SecurityProtectionTypes": { "SecurityProtectionType": eip.protections },
        "HDMonitorStatus": if eip.monitored { "ON" } else { "OFF" },
        "DeletionProtection": eip.deletion_protection,
        "InstanceId": bound.id,
        "InstanceType": bound.kind,
        "InstanceRegionId": region,
        "PrivateIpAddress": bound.private_ip,
        "VpcId": bound.vpc,
        "ResourceGroupId": eip.resource_group,
        "AllocationTime": seconds(eip.created),
        "OperationLocks": { "LockReason": [] },
        "ServiceManaged": 0,
        "SecondLimited": false,
        "Tags": vpc_tags(&eip.tags),
    })
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let id = request.need("AllocationId")?;
    require_state(world, id, &["Available", "InUse"])?;
    let eip = world.eips.get(id).ok_or_else(not_found)?;
    let bandwidth = bandwidth(request, &eip.charge_type, &eip.internet_charge_type)?;
    check_names(request)?;
    let now = world.now;
    let eip = world.eips.change(id, now).ok_or_else(not_found)?;
    if let Some(bandwidth) = bandwidth {
        eip.bandwidth = bandwidth;
    }
    if let Some(name) = request.given("Name") {
        eip.name = name.to_owned();
    }
    if let Some(description) = request.given("Description") {
        eip.description = description.to_owned();
    }
    done()
}

fn modify_mode(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let mode = request.need("Mode")?;
    if !MODES.contains(&mode) {
        return Err(invalid("Mode"));
    }
    require_state(world, id, &["Available", "InUse"])?;
    let now = world.now;
    world.eips.change(id, now).ok_or_else(not_found)?.mode = mode.to_owned();
    done()
}

fn monitor(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    if !wants(request.text("InstanceType"), "EIP") {
        return Err(invalid("InstanceType"));
    }
    let on = match request.need("Status")? {
        "ON" => true,
        "OFF" => false,
        _ => return Err(invalid("Status")),
    };
    require_state(world, id, &["Available", "InUse"])?;
    let now = world.now;
    let eip = world.eips.change(id, now).ok_or_else(not_found)?;
    eip.monitored = on;
    eip.log_project = request.owned("LogProject");
    eip.log_store = request.owned("LogStore");
    done()
}

fn describe_monitor(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let eip = world.eips.get(id).ok_or_else(not_found)?;
    let shown = |text: &str| {
        if eip.monitored {
            text.to_owned()
        } else {
            String::new()
        }
    };
    Ok(json!({
        "InstanceId": eip.id,
        "InstanceType": "EIP",
        "LogProject": shown(&eip.log_project),
        "LogStore": shown(&eip.log_store),
        "Success": "true",
    }))
}

fn release(world: &mut World, request: &Request) -> Reply {
    let id = request.need("AllocationId")?;
    require_state(world, id, &["Available"])?;
    let eip = world.eips.get(id).ok_or_else(not_found)?;
    if eip.charge_type == "PrePaid" && eip.expires.is_none_or(|expires| expires > world.now) {
        let text = "It's forbidden to release a prepaid EIP";
        return refuse(400, "Forbidden.ChargeTypeIsPrepaid", text);
    }
    super::protection::require_none(eip.deletion_protection)?;
    let course = world.course("Releasing");
    let now = world.now;
    world.eips.change(id, now).ok_or_else(not_found)?.course = course;
    world.depart(id, world.length(Transition::Eip));
    done()
}
