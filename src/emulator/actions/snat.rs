//! SNAT entries: whose traffic leaves by which elastic addresses of a NAT gateway.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::nat_gateway::require_quiet;
use super::{Route, Sizes, end_dry_run, list_of, vpc, wants};
use crate::emulator::clock::{Millis, Transition};
use crate::emulator::egress::{NatGateway, SnatEntry};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, invalid, missing};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    vpc("CreateSnatEntry", Write, create),
    vpc("ModifySnatEntry", Write, modify),
    vpc("DeleteSnatEntry", Write, delete),
    vpc("DescribeSnatTableEntries", Read, describe),
];

fn table_not_found() -> Refusal {
    let text = "Specified SNAT table does not exist.";
    refusal(404, "InvalidSnatTableId.NotFound", text)
}

/// The gateway that an SNAT table is of.
fn gateway<'a>(world: &'a World, table: &str) -> Result<&'a NatGateway, Refusal> {
    let mut gateways = world.nat_gateways.iter();
    gateways
        .find(|nat| nat.snat_table == table)
        .ok_or_else(table_not_found)
}

fn create(world: &mut World, request: &Request) -> Reply {
    let table = request.need("SnatTableId")?.to_owned();
    let nat = gateway(world, &table)?.clone();
    check_name(request)?;
    let (cidr, vswitch) = source(world, request, &nat)?;
    let addresses = addresses(world, request, &nat)?.ok_or_else(|| missing("SnatIp"))?;
    require_quiet(world, &nat.id)?;
    let beside: Vec<&SnatEntry> = world
        .snat_entries
        .iter()
        .filter(|it| it.table == table)
        .collect();
    if beside.iter().any(|it| it.source_cidr == cidr) {
        let text = "The specified SourceCIDR is duplicated.";
        return refuse(400, "Forbidden.SourceVSwitchId.Duplicated", text);
    }
    if beside.len() >= world.quotas.snat_entries {
        let text = "SNAT entry in the specified SNAT table reaches its limit.";
        return refuse(400, "Forbidden.SnatEntryCountLimited", text);
    }
    end_dry_run(request)?;
    let entry = SnatEntry {
        id: world.new_id("snat", &nat.region),
        region: nat.region,
        table,
        nat_gateway: nat.id,
        name: request.owned("SnatEntryName"),
        addresses,
        source_cidr: cidr,
        source_vswitch: vswitch,
        affinity: affinity(request)?.unwrap_or(0),
        course: pending(world),
    };
    let answer = json!({ "SnatEntryId": entry.id });
    world.snat_entries.insert(entry, world.now);
    Ok(answer)
}

fn pending(world: &World) -> crate::emulator::objects::Course {
    world
        .course("Pending")
        .then(world.length(Transition::NatEntry), "Available")
}

/// Whose traffic it is: a vSwitch's, or a network's.
fn source(world: &World, request: &Request, nat: &NatGateway) -> Result<(String, String), Refusal> {
    match (request.text("SourceVSwitchId"), request.text("SourceCIDR")) {
        (Some(id), _) => {
            let vswitch = world.vswitches.get(id).filter(|it| it.vpc == nat.vpc);
            let vswitch = vswitch.ok_or_else(|| {
                let text = "The specified virtual switch does not exist.";
                refusal(404, "InvalidVSwitchId.NotFound", text)
            })?;
            Ok((vswitch.cidr.clone(), id.to_owned()))
        }
        (None, Some(cidr)) => match cidr.parse::<Ipv4Net>() {
            Ok(net) if net.addr() == net.network() => Ok((cidr.to_owned(), String::new())),
            _ => Err(invalid("SourceCIDR")),
        },
        (None, None) => Err(missing("SourceVSwitchId")),
    }
}

/// The addresses by which it leaves: each bound to the gateway.
fn addresses(
    world: &World,
    request: &Request,
    nat: &NatGateway,
) -> Result<Option<Vec<String>>, Refusal> {
    let Some(addresses) = request.commas("SnatIp") else {
        return Ok(None);
    };
    for address in &addresses {
        if address.parse::<Ipv4Addr>().is_err() {
            let text = "The specified SnatIp is not a valid IP address.";
            return refuse(400, "InvalidSnatIp.Malformed", text);
        }
        let eip = world.eips.iter().find(|eip| eip.address == *address);
        let eip = eip.ok_or_else(|| {
            let text = "The specified SnatIp is not found in the NAT Gateway.";
            refusal(404, "InvalidSnatIp.NotFound", text)
        })?;
        if !eip.is_on(&nat.id, world.now) {
            let text = "The EIP is not in the NAT gateway.";
            return refuse(400, "EIP_NOT_IN_GATEWAY", text);
        }
        if eip.course.at(world.now) != "InUse" {
            let text = "The EIP is being bound.";
            return refuse(400, "OperationUnsupported.EipInBinding", text);
        }
    }
    Ok(Some(addresses))
}

fn affinity(request: &Request) -> Result<Option<i64>, Refusal> {
    match request.integer("EipAffinity") {
        None | Some(0 | 1) => Ok(request.integer("EipAffinity")),
        Some(_) => Err(invalid("EipAffinity")),
    }
}

fn check_name(request: &Request) -> Result<(), Refusal> {
    let good = |name: &str| {
        let letter = name.chars().next().is_some_and(char::is_alphabetic);
        (2..=128).contains(&name.chars().count()) && letter
    };
    if request
        .text("SnatEntryName")
        .is_some_and(|name| !good(name))
    {
        let text = "The specified Name is not valid.";
        return refuse(400, "InvalidParameter.Name.Malformed", text);
    }
    Ok(())
}

/// The id of an entry of a table that both exist.
fn entry_of(world: &World, request: &Request) -> Result<(String, NatGateway), Refusal> {
    let table = request.need("SnatTableId")?;
    let nat = gateway(world, table)?.clone();
    let id = request.need("SnatEntryId")?;
    let entry = world.snat_entries.get(id).filter(|it| it.table == table);
    match entry {
        Some(entry) => Ok((entry.id.clone(), nat)),
        None => {
            let text = "Specified Snat entry ID does not exist";
            refuse(404, "InvalidSnatEntryId.NotFound", text)
        }
    }
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let (id, nat) = entry_of(world, request)?;
    check_name(request)?;
    let addresses = addresses(world, request, &nat)?;
    let affinity = affinity(request)?;
    require_quiet(world, &nat.id)?;
    end_dry_run(request)?;
    let course = world
        .course("Modifying")
        .then(world.length(Transition::NatEntry), "Available");
    let now = world.now;
    if let Some(entry) = world.snat_entries.change(&id, now) {
        if let Some(addresses) = addresses {
            entry.addresses = addresses;
        }
        if let Some(name) = request.given("SnatEntryName") {
            entry.name = name.to_owned();
        }
        if let Some(affinity) = affinity {
            entry.affinity = affinity;
        }
        entry.course = course;
    }
    done()
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let (id, nat) = entry_of(world, request)?;
    let entry = world.snat_entries.get(&id);
    if entry.is_some_and(|it| it.course.at(world.now) != "Available") {
        let text = "Some Snat entry status blocked this operation..";
        return refuse(400, "IncorretSnatEntryStatus", text);
    }
    require_quiet(world, &nat.id)?;
    let course = world.course("Deleting");
    let now = world.now;
    if let Some(entry) = world.snat_entries.change(&id, now) {
        entry.course = course;
    }
    world.depart(&id, world.length(Transition::NatEntry));
    done()
}

fn describe(world: &mut World, request: &Request) -> Reply {
    if request.text("SnatTableId").is_none() && request.text("NatGatewayId").is_none() {
        return Err(missing("SnatTableId"));
    }
    if let Some(table) = request.text("SnatTableId") {
        gateway(world, table)?;
    }
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let ids = request.text("SnatEntryId").map(|id| vec![id.to_owned()]);
    let now = world.now;
    let page = list_of(
        (&world.snat_entries, ids.as_deref()),
        request,
        sizes,
        |it| {
            let by = request.text("SnatIp");
            wants(request.text("SnatTableId"), &it.table)
                && wants(request.text("NatGatewayId"), &it.nat_gateway)
                && wants(request.text("SnatEntryName"), &it.name)
                && wants(request.text("SourceCIDR"), &it.source_cidr)
                && wants(request.text("SourceVSwitchId"), &it.source_vswitch)
                && by.is_none_or(|by| it.addresses.iter().any(|have| have == by))
        },
        |it| show(it, now),
    )?;
    Ok(page.answer("SnatTableEntries", "SnatTableEntry"))
}

fn show(entry: &SnatEntry, now: Millis) -> Value {
    json!({
        "SnatEntryId": entry.id,
        "SnatTableId": entry.table,
        "NatGatewayId": entry.nat_gateway,
        "SnatEntryName": entry.name,
        "SnatIp": entry.addresses.join(","),
        "SourceCIDR": entry.source_cidr,
        "SourceVSwitchId": entry.source_vswitch,
        "EipAffinity": entry.affinity.to_string(),
        "NetworkInterfaceId": "",
        "Status": entry.course.at(now),
    })
}
