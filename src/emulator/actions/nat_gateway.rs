//! NAT gateways: made in a vSwitch, changed, listed, deleted.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::protection::require_none;
use super::vpc::require_available;
use super::{Route, Sizes, end_dry_run, list_of, vpc, vpc_tags, wants};
use crate::emulator::clock::{Transition, seconds};
use crate::emulator::egress::NatGateway;
use crate::emulator::objects::{Interface, VSwitch};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, invalid, missing, tags_match};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    vpc("CreateNatGateway", Write, create),
    vpc("DescribeNatGateways", Read, describe),
    vpc("GetNatGatewayAttribute", Read, describe_one),
    vpc("ModifyNatGatewayAttribute", Write, modify),
    vpc("ModifyNatGatewaySpec", Write, modify_spec),
    vpc("UpdateNatGatewayNatType", Write, upgrade),
    vpc("DeleteNatGateway", Write, delete),
];

const SPECS: &[&str] = &["Small", "Middle", "Large", "XLarge.1"];

fn create(world: &mut World, request: &Request) -> Reply {
    let vpc = world.vpcs.get(request.need("VpcId")?).cloned();
    let vpc = vpc.ok_or_else(|| {
        let text = "Specified value of VpcId is not found in our record.";
        refusal(404, "InvalidVpcId.NotFound", text)
    })?;
    require_available(world, &vpc.id)
        .or_else(|_| refuse(400, "VpcStatusError", "The Vpc is creating ."))?;
    check_names(request, 2)?;
    let vswitch = match request.text("VSwitchId") {
        Some(id) => Some(place(world, id, &vpc.id)?),
        None => None,
    };
    let usual = if vswitch.is_some() {
        "Enhanced"
    } else {
        "Normal"
    };
    let nat_type = request.text_or("NatType", usual);
    if !["Enhanced", "Normal"].contains(&nat_type.as_str()) {
        return Err(invalid("NatType"));
    }
    if nat_type == "Enhanced" && vswitch.is_none() {
        return Err(missing("VSwitchId"));
    }
    let nat = NatGateway {
        nat_type,
        ..asked(world, request)?
    };
    let here = world
        .nat_gateways
        .iter()
        .filter(|it| it.vpc == vpc.id)
        .count();
    if here >= world.quotas.nat_gateways {
        let text = "The quota of NAT gateways in the VPC is exceeded.";
        return refuse(400, "QuotaExceeded.NatGateway", text);
    }
    let mut nat = NatGateway {
        id: world.new_id("ngw", &vpc.region),
        snat_table: world.new_id("stb", &vpc.region),
        forward_table: world.new_id("ftb", &vpc.region),
        vpc: vpc.id,
        region: vpc.region,
        created: world.now,
        course: world
            .course("Creating")
            .then(world.length(Transition::Nat), "Available"),
        ..nat
    };
    if let Some(vswitch) = vswitch {
        settle_in(world, &mut nat, &vswitch)?;
    }
    let answer = json!({
        "NatGatewayId": nat.id,
        "SnatTableIds": { "SnatTableId": [nat.snat_table] },
        "ForwardTableIds": { "ForwardTableId": [nat.forward_table] },
        "FullNatTableIds": { "FullNatTableId": [] },
    });
    world.nat_gateways.insert(nat, world.now);
    Ok(answer)
}

/// The vSwitch that a gateway is to be in.
fn place(world: &World, id: &str, vpc: &str) -> Result<VSwitch, Refusal> {
    let vswitch = world.vswitch(id)?;
    if vswitch.vpc != vpc {
        let text = "Operation failed because the specified VSwitch is not bound to the same VPC \
                    with NAT gateway.";
        return refuse(400, "OperationFailed.VswNotBelongToVpc", text);
    }
    if vswitch.course.at(world.now) != "Available" {
        return refuse(400, "VswitchStatusError", "The VSwitch is creating .");
    }
    Ok(vswitch.clone())
}

/// Gives a gateway an address in a vSwitch.
fn settle_in(world: &mut World, nat: &mut NatGateway, vswitch: &VSwitch) -> Result<(), Refusal> {
    let address = world.pick_address(vswitch, None)?;
    let interface = Interface {
        id: world.new_id("eni", &nat.region),
        region: nat.region.clone(),
        zone: vswitch.zone.clone(),
        vpc: nat.vpc.clone(),
        vswitch: vswitch.id.clone(),
        description: format!("Managed by {}", nat.id),
        addresses: vec![address.to_string()],
        resource_group: DEFAULT_GROUP.to_owned(),
        created: world.now,
        course: world.course("InUse"),
        ..Interface::default()
    };
    nat.zone.clone_from(&vswitch.zone);
    nat.vswitch.clone_from(&vswitch.id);
    nat.interface.clone_from(&interface.id);
    world.add_interface(interface);
    Ok(())
}

/// What a request says of a new gateway beyond its place.
fn asked(world: &World, request: &Request) -> Result<NatGateway, Refusal> {
    let charge = request.text_or("InstanceChargeType", "PostPaid");
    let one_of = |name: &str, usual: &str, all: &[&str]| {
        let value = request.text_or(name, usual);
        let good = all.contains(&value.as_str());
        if good { Ok(value) } else { Err(invalid(name)) }
    };
    let internet = one_of("InternetChargeType", "PayByLcu", &["PayByLcu", "PayBySpec"])?;
    if charge == "PrePaid" && internet == "PayByLcu" {
        let text = "The subscription gateway does not support to be paid by LCU.";
        return refuse(400, "OperationUnsupported.PrePaidPyByLcu", text);
    }
    if !["PrePaid", "PostPaid"].contains(&charge.as_str()) {
        return Err(invalid("InstanceChargeType"));
    }
    let months = match (charge.as_str(), request.integer("Duration")) {
        ("PostPaid", _) => None,
        (_, Some(time)) if wants(request.text("PricingCycle"), "Year") => Some(time * 12),
        (_, Some(time)) => Some(time),
        (_, None) => return Err(missing("Duration")),
    };
    let months = months.and_then(|months| u64::try_from(months).ok());
    let spec = request.text_or("Spec", "Small");
    if !SPECS.contains(&spec.as_str()) {
        let text = "The specified Spec is not supported.";
        return refuse(400, "InvalidParameter.Spec.ValueNotSupported", text);
    }
    Ok(NatGateway {
        name: request.owned("Name"),
        description: request.owned("Description"),
        network_type: one_of("NetworkType", "internet", &["internet", "intranet"])?,
        expires: months.map(|months| world.now + months * 30 * 24 * 60 * 60 * 1000),
        charge_type: charge,
        internet_charge_type: internet,
        spec,
        eip_bind_mode: one_of("EipBindMode", "MULTI_BINDED", &["MULTI_BINDED", "NAT"])?,
        icmp_reply: request.boolean("IcmpReplyEnabled").unwrap_or(true),
        private_link: request.flag("PrivateLinkEnabled"),
        access_mode: access_mode(request)?,
        availability: one_of("AvailabilityMode", "CrossAZ", &["CrossAZ", "SingleAZ"])?,
        resource_group: DEFAULT_GROUP.to_owned(),
        tags: request.tags()?,
        ..NatGateway::default()
    })
}

/// The access mode, an object as JSON.
fn access_mode(request: &Request) -> Result<Option<(String, String)>, Refusal> {
    let Some(text) = request.text("AccessMode") else {
        return Ok(None);
    };
    let mode: Value = serde_json::from_str(text).map_err(|_| invalid("AccessMode"))?;
    let field = |name: &str| mode[name].as_str().unwrap_or_default().to_owned();
    match field("ModeValue").as_str() {
        "route" | "tunnel" => Ok(Some((field("ModeValue"), field("TunnelType")))),
        _ => Err(invalid("AccessMode")),
    }
}

fn check_names(request: &Request, shortest: usize) -> Result<(), Refusal> {
    let good = |text: &str, shortest: usize, longest: usize| {
        let schemed = text.starts_with("http://") || text.starts_with("https://");
        (shortest..=longest).contains(&text.chars().count()) && !schemed
    };
    if request
        .text("Name")
        .is_some_and(|it| !good(it, shortest, 128))
    {
        let text = "NatGateway name is not valid.";
        return refuse(400, "InvalidNatGatewayName.MalFormed", text);
    }
    if request
        .text("Description")
        .is_some_and(|it| !good(it, shortest, 256))
    {
        let text = "NatGateway description is not valid.";
        return refuse(400, "InvalidNatGatewayDescription.MalFormed", text);
    }
    Ok(())
}

pub(super) fn not_found() -> Refusal {
    let text = "The specified NatGatewayId does not exist in our records.";
    refusal(404, "InvalidNatGatewayId.NotFound", text)
}

/// Refuses unless the gateway is available and none of its entries is on its way.
pub(super) fn require_quiet(world: &World, id: &str) -> Result<(), Refusal> {
    let nat = world.nat_gateways.get(id).ok_or_else(not_found)?;
    let mut entries = world.snat_entries.iter().filter(|it| it.nat_gateway == id);
    let steady = entries.all(|it| it.course.at(world.now) == "Available");
    if steady && nat.course.at(world.now) == "Available" {
        return Ok(());
    }
    let text = "Some NAT gateway status blocked this operation.";
    refuse(400, "IncorrectStatus.NATGW", text)
}

fn describe(world: &mut World, request: &Request) -> Reply {
    end_dry_run(request)?;
    let tags = request.tag_filter();
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let ids = request.text("NatGatewayId").map(|id| vec![id.to_owned()]);
    let page = list_of(
        (&world.nat_gateways, ids.as_deref()),
        request,
        sizes,
        |nat| {
            wants(request.region(), &nat.region)
                && wants(request.text("VpcId"), &nat.vpc)
                && wants(request.text("Name"), &nat.name)
                && wants(request.text("Spec"), &nat.spec)
                && wants(request.text("NatType"), &nat.nat_type)
                && wants(request.text("AvailabilityMode"), &nat.availability)
                && wants(request.text("NetworkType"), &nat.network_type)
                && wants(request.text("InstanceChargeType"), &nat.charge_type)
                && wants(request.text("Status"), nat.course.at(world.now))
                && wants(request.text("ResourceGroupId"), &nat.resource_group)
                && wants(request.text("ZoneId"), &nat.zone)
                && tags_match(&nat.tags, &tags)
        },
        |nat| show(world, nat),
    )?;
    Ok(page.answer("NatGateways", "NatGateway"))
}

fn show(world: &World, nat: &NatGateway) -> Value {
    let interface = world.interfaces.get(&nat.interface);
    let private = interface.and_then(|it| it.addresses.first());
    let private = private.map(String::as_str).unwrap_or_default();
    let addresses: Vec<Value> = world
        .eips_on(&nat.region, &nat.id)
        .map(|eip| {
            json!({
                "AllocationId": eip.id, "IpAddress": eip.address, "PrivateIpAddress": "",
                "SnatEntryEnabled": true,
                "UsingStatus": if uses(world, &nat.id, &eip.address) { "UsedBySnatTable" } else { "Idle" },
            })
        })
        .collect();
    let mut shown = json!({
        "NatGatewayId": nat.id,
        "RegionId": nat.region,
        "VpcId": nat.vpc,
        "Name": nat.name,
        "Description": nat.description,
        "Status": nat.course.at(world.now),
        "BusinessStatus": "Normal",
        "NatType": nat.nat_type,
        "NetworkType": nat.network_type,
        "InstanceChargeType": nat.charge_type,
        "InternetChargeType": nat.internet_charge_type,
        "Spec": nat.spec,
        "EipBindMode": nat.eip_bind_mode,
        "IcmpReplyEnabled": nat.icmp_reply,
        "PrivateLinkEnabled": nat.private_link,
        "AvailabilityMode": nat.availability,
        "DeletionProtection": nat.deletion_protection,
        "SecurityProtectionEnabled": false,
        "EcsMetricEnabled": false,
        "AutoPay": false,
        "ResourceGroupId": nat.resource_group,
        "CreationTime": seconds(nat.created),
        "ExpiredTime": nat.expires.map(seconds).unwrap_or_default(),
        "SnatTableIds": { "SnatTableId": [nat.snat_table] },
        "ForwardTableIds": { "ForwardTableId": [nat.forward_table] },
        "FullNatTableIds": { "FullNatTableId": [] },
        "IpLists": { "IpList": addresses },
        "NatGatewayPrivateInfo": {
            "VswitchId": nat.vswitch,
            "IzNo": nat.zone,
            "EniInstanceId": nat.interface,
            "PrivateIpAddress": private,
        },
        "Tags": vpc_tags(&nat.tags),
    });
    // The listing of gateways writes tags as ECS does.
    shown["Tags"] = super::ecs_tags(&nat.tags);
    if let Some((mode, tunnel)) = &nat.access_mode {
        shown["AccessMode"] = json!({ "ModeValue": mode, "TunnelType": tunnel });
    }
    shown
}

/// Whether an entry of a gateway uses an address.
pub(super) fn uses(world: &World, nat: &str, address: &str) -> bool {
    let mut entries = world.snat_entries.iter().filter(|it| it.nat_gateway == nat);
    entries.any(|it| it.addresses.iter().any(|have| have == address))
}

fn describe_one(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NatGatewayId")?;
    let nat = world.nat_gateways.get(id).ok_or_else(not_found)?;
    let shown = show(world, nat);
    let entries = world.snat_entries.iter().filter(|it| it.nat_gateway == id);
    let mut answer = json!({
        "BillingConfig": {
            "InstanceChargeType": nat.charge_type,
            "InternetChargeType": nat.internet_charge_type,
            "Spec": nat.spec,
            "AutoPay": "false",
        },
        "DeletionProtectionInfo": { "Enabled": nat.deletion_protection },
        "SnatTable": { "SnatTableId": nat.snat_table, "SnatEntryCount": entries.count() },
        "ForwardTable": { "ForwardTableId": nat.forward_table, "ForwardEntryCount": 0 },
        "IpList": shown["IpLists"]["IpList"],
        "PrivateInfo": {
            "VswitchId": nat.vswitch, "IzNo": nat.zone, "EniInstanceId": nat.interface,
            "PrivateIpAddress": shown["NatGatewayPrivateInfo"]["PrivateIpAddress"],
        },
    });
    for field in [
        "NatGatewayId",
        "RegionId",
        "VpcId",
        "Name",
        "Description",
        "Status",
        "BusinessStatus",
        "NatType",
        "NetworkType",
        "CreationTime",
        "ExpiredTime",
        "ResourceGroupId",
        "AvailabilityMode",
        "EcsMetricEnabled",
    ] {
        answer[field] = shown[field].clone();
    }
    Ok(answer)
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NatGatewayId")?;
    require_quiet(world, id)?;
    check_names(request, 1)?;
    let mode = request.text("EipBindMode");
    if mode.is_some_and(|mode| !["MULTI_BINDED", "NAT"].contains(&mode)) {
        return Err(invalid("EipBindMode"));
    }
    let course = modifying(world);
    let now = world.now;
    let nat = world.nat_gateways.change(id, now).ok_or_else(not_found)?;
    if mode.is_some_and(|mode| mode == "MULTI_BINDED" && nat.eip_bind_mode == "NAT") {
        let text = "The EipBindMode can only be changed from MULTI_BINDED to NAT.";
        return refuse(400, "OperationUnsupported.EipBindMode", text);
    }
    if let Some(mode) = mode {
        nat.eip_bind_mode = mode.to_owned();
    }
    if let Some(name) = request.given("Name") {
        nat.name = name.to_owned();
    }
    if let Some(description) = request.given("Description") {
        nat.description = description.to_owned();
    }
    if let Some(enabled) = request.boolean("IcmpReplyEnabled") {
        nat.icmp_reply = enabled;
    }
    nat.course = course;
    done()
}

fn modifying(world: &World) -> crate::emulator::objects::Course {
    world
        .course("Modifying")
        .then(world.length(Transition::NatEntry), "Available")
}

fn modify_spec(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NatGatewayId")?;
    let spec = request.need("Spec")?;
    require_quiet(world, id).or_else(|it| {
        refuse(
            it.status,
            &it.code.replace("NATGW", "NatGateway"),
            it.message,
        )
    })?;
    if !SPECS.contains(&spec) {
        return Err(invalid("Spec"));
    }
    let course = modifying(world);
    let now = world.now;
    let nat = world.nat_gateways.change(id, now).ok_or_else(not_found)?;
    if nat.internet_charge_type == "PayByLcu" {
        let text = "A gateway that is paid by LCU has no specification.";
        return refuse(400, "OperationUnsupported.PayByLcu", text);
    }
    nat.spec = spec.to_owned();
    nat.course = course;
    done()
}

fn upgrade(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NatGatewayId")?;
    let mut nat = world.nat_gateways.get(id).cloned().ok_or_else(not_found)?;
    if request.need("NatType")? != "Enhanced" || nat.nat_type == "Enhanced" {
        let text = "Only a normal NAT gateway can be upgraded, and only to an enhanced one.";
        return refuse(400, "OperationUnsupported.NatType", text);
    }
    let vswitch = place(world, request.need("VSwitchId")?, &nat.vpc)?;
    require_quiet(world, id)?;
    end_dry_run(request)?;
    settle_in(world, &mut nat, &vswitch)?;
    nat.nat_type = "Enhanced".to_owned();
    nat.course = world
        .course("Converting")
        .then(world.length(Transition::Nat), "Available");
    let now = world.now;
    *world.nat_gateways.change(id, now).ok_or_else(not_found)? = nat;
    done()
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NatGatewayId")?.to_owned();
    let nat = world.nat_gateways.get(&id).cloned().ok_or_else(not_found)?;
    require_none(nat.deletion_protection)?;
    if nat.charge_type == "PrePaid" && nat.expires.is_none_or(|expires| expires > world.now) {
        let text = "It's forbidden to delete a prepaid NAT gateway";
        return refuse(400, "Forbidden.ChargeTypeIsPrepaid", text);
    }
    if nat.course.at(world.now) != "Available" {
        let text = "Some NAT gateway status blocked this operation.";
        return refuse(400, "IncorrectStatus.NATGW", text);
    }
    let depends = |code: &str, what: &str| {
        let text = format!("There are {what} on specified NatGateway not deleted.");
        refuse(400, code, text)
    };
    if world.route_entries.iter().any(|it| it.next_hop == id) {
        return depends("DependencyViolation.RouteEntry", "RouteEntries");
    }
    let of_it = |it: &&crate::emulator::egress::SnatEntry| it.nat_gateway == id;
    let entries: Vec<String> = world
        .snat_entries
        .iter()
        .filter(of_it)
        .map(|it| it.id.clone())
        .collect();
    let bound = world.eips_on(&nat.region, &id).next().is_some();
    if !request.flag("Force") {
        if !entries.is_empty() {
            return depends("DependencyViolation.SnatEntry", "SnatEntries");
        }
        if bound {
            return depends("DependencyViolation.EIPS", "EIPs");
        }
    }
    let now = world.now;
    for entry in entries {
        world.snat_entries.remove(&entry, now);
    }
    world.free_eips(&nat.region, &id);
    let course = world.course("Deleting");
    world
        .nat_gateways
        .change(&id, now)
        .ok_or_else(not_found)?
        .course = course;
    let after = world.length(Transition::NatDeletion);
    world.depart(&nat.interface, after);
    world.depart(&id, after);
    done()
}
