//! Routes: those that a table has by itself, and those that somebody added.

use ipnet::{IpNet, Ipv4Net};
use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::route_table::not_found;
use super::vpc::require_available;
use super::{Route, end_dry_run, vpc, wants};
use crate::emulator::clock::{Millis, Transition};
use crate::emulator::egress::RouteEntry;
use crate::emulator::objects::{Course, RouteTable};
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    vpc("CreateRouteEntry", Write, create),
    vpc("ModifyRouteEntry", Write, modify),
    vpc("DeleteRouteEntry", Write, delete),
    vpc("DescribeRouteEntryList", Read, describe),
];

/// The cloud's own services.
const SERVICES: &str = "100.64.0.0/10";

/// The routes that a table has by itself: to each vSwitch of the VPC, and to the cloud's services.
fn system(world: &World, table: &RouteTable) -> Vec<RouteEntry> {
    let inside = world.vswitches.iter().filter(|it| it.vpc == table.vpc);
    let entry = |id: &str, destination: &str, kind: &str| RouteEntry {
        id: format!("rte-{}-{id}", table.id),
        table: table.id.clone(),
        destination: destination.to_owned(),
        next_hop_type: kind.to_owned(),
        course: Course::new(0, "Available"),
        ..RouteEntry::default()
    };
    let mut entries: Vec<RouteEntry> = inside.map(|it| entry(&it.id, &it.cidr, "local")).collect();
    entries.push(entry("service", SERVICES, "service"));
    entries
}

fn is_system(entry: &RouteEntry) -> bool {
    entry.vpc.is_empty()
}

/// All routes of a table.
pub(super) fn entries(world: &World, table: &RouteTable) -> Vec<RouteEntry> {
    let added = world.route_entries.iter().filter(|it| it.table == table.id);
    system(world, table)
        .into_iter()
        .chain(added.cloned())
        .collect()
}

/// A route as the listing of tables shows it.
pub(super) fn show_entry(entry: &RouteEntry, now: Millis) -> Value {
    json!({
        "RouteEntryId": entry.id,
        "RouteEntryName": entry.name,
        "Description": entry.description,
        "RouteTableId": entry.table,
        "DestinationCidrBlock": entry.destination,
        "Type": if is_system(entry) { "System" } else { "Custom" },
        "NextHopType": entry.next_hop_type,
        "InstanceId": entry.next_hop,
        "Status": entry.course.at(now),
        "NextHops": { "NextHop": [] },
    })
}

fn create(world: &mut World, request: &Request) -> Reply {
    let table = world.route_tables.get(request.need("RouteTableId")?);
    let table = table.ok_or_else(not_found)?.clone();
    let destination = destination(request)?;
    if !request.indices("NextHopList").is_empty() {
        return Err(invalid("NextHopList"));
    }
    require_available(world, &table.vpc)?;
    require_quiet(world, &table)?;
    let have = entries(world, &table);
    let same = |it: &RouteEntry| {
        it.destination
            .parse()
            .is_ok_and(|it: IpNet| it == destination)
    };
    if have.iter().any(same) {
        let text = "Specified CIDR block is already exists.";
        return refuse(400, "InvalidCIDRBlock.Duplicate", text);
    }
    let kind = request.text_or("NextHopType", "Instance");
    let hop = request.need("NextHopId")?;
    check_next_hop(world, &table, &kind, hop)?;
    if have.iter().filter(|it| !is_system(it)).count() >= world.quotas.route_entries {
        let text = "Route entry quota exceeded in this route table.";
        return refuse(400, "QuotaExceeded", text);
    }
    end_dry_run(request)?;
    let entry = RouteEntry {
        id: world.new_id("rte", &table.region),
        region: table.region,
        table: table.id,
        vpc: table.vpc,
        destination: request.owned("DestinationCidrBlock"),
        next_hop_type: kind,
        next_hop: hop.to_owned(),
        name: request.owned("RouteEntryName"),
        description: request.owned("Description"),
        course: moving(world, "Pending"),
    };
    let answer = json!({ "RouteEntryId": entry.id });
    world.route_entries.insert(entry, world.now);
    Ok(answer)
}

fn moving(world: &World, state: &str) -> Course {
    world
        .course(state)
        .then(world.length(Transition::RouteEntry), "Available")
}

fn destination(request: &Request) -> Result<IpNet, Refusal> {
    let net = request.need("DestinationCidrBlock")?.parse::<IpNet>();
    let services: Option<Ipv4Net> = SERVICES.parse().ok();
    let Some(net) = net.ok().filter(|net| net.addr() == net.network()) else {
        let text = "Specified CIDR block is not valid.";
        return refuse(400, "InvalidCidrBlock.Malformed", text);
    };
    match net {
        IpNet::V4(inner) if services.is_some_and(|outer| outer.contains(&inner)) => {
            let text = "Specified CIDR block is not valid.";
            refuse(400, "InvalidCidrBlock", text)
        }
        net => Ok(net),
    }
}

/// Refuses while another route of the VPC is on its way.
fn require_quiet(world: &World, table: &RouteTable) -> Result<(), Refusal> {
    let mut beside = world.route_entries.iter().filter(|it| it.vpc == table.vpc);
    if beside.all(|it| it.course.at(world.now) == "Available") {
        return Ok(());
    }
    let text = "Some route entry status blocked this operation.";
    refuse(400, "IncorrectRouteEntryStatus", text)
}

/// The next hop is there, in the same VPC, and in a state to take traffic.
fn check_next_hop(world: &World, table: &RouteTable, kind: &str, id: &str) -> Result<(), Refusal> {
    const ELSEWHERE: &[&str] = &[
        "HaVip",
        "RouterInterface",
        "VpnGateway",
        "IPv6Gateway",
        "Attachment",
        "VpcPeer",
        "Ipv4Gateway",
        "GatewayEndpoint",
        "Ecr",
    ];
    let found = match kind {
        "Instance" => world
            .instances
            .get(id)
            .map(|it| (&it.vpc, it.course.at(world.now))),
        "NetworkInterface" => world
            .interfaces
            .get(id)
            .map(|it| (&it.vpc, it.course.at(world.now))),
        "NatGateway" => world
            .nat_gateways
            .get(id)
            .map(|it| (&it.vpc, it.course.at(world.now))),
        // There can be such things, and this cloud has none.
        kind if ELSEWHERE.contains(&kind) => None,
        _ => {
            let text = "Specified parameter \"NextHopType\" is not valid";
            return refuse(400, "InvalidNextHopType", text);
        }
    };
    let Some((_, state)) = found.filter(|(vpc, _)| **vpc == table.vpc) else {
        let text = "Specified next hop does not exist.";
        return refuse(404, "InvalidNextHopId.NotFound", text);
    };
    if !["Running", "Stopped", "Available", "InUse"].contains(&state) {
        let text = "Current instance status does not support this operation.";
        return refuse(400, "IncorrectInstanceStatus", text);
    }
    Ok(())
}

/// The route that a request is about: by its id, or by table, destination and next hop.
fn wanted(world: &World, request: &Request) -> Result<RouteEntry, Refusal> {
    let by_id = request.text("RouteEntryId");
    let table = match (request.text("RouteTableId"), by_id) {
        (Some(table), _) => world.route_tables.get(table).ok_or_else(not_found)?,
        (None, Some(id)) => {
            let entry = world.route_entries.get(id);
            let table = entry.and_then(|it| world.route_tables.get(&it.table));
            return match (entry, table) {
                (Some(entry), Some(_)) => Ok(entry.clone()),
                _ => no_entry(),
            };
        }
        (None, None) => return Err(crate::emulator::request::missing("RouteTableId")),
    };
    let found = entries(world, table).into_iter().find(|it| {
        wants(by_id, &it.id)
            && wants(request.text("DestinationCidrBlock"), &it.destination)
            && wants(request.text("NextHopId"), &it.next_hop)
    });
    let Some(found) = found else {
        return no_entry();
    };
    if is_system(&found) {
        let text = "Specified operation is denied as route entry type is system.";
        return refuse(400, "OperationDenied", text);
    }
    Ok(found)
}

fn no_entry<T>() -> Result<T, Refusal> {
    refuse(400, "InvalidRouteEntry.NotFound", "Route entry not exists.")
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let entry = wanted(world, request)?;
    let table = world
        .route_tables
        .get(&entry.table)
        .ok_or_else(not_found)?
        .clone();
    require_quiet(world, &table)?;
    let kind = request.text_or("NewNextHopType", &entry.next_hop_type);
    let hop = request.text_or("NewNextHopId", &entry.next_hop);
    check_next_hop(world, &table, &kind, &hop)?;
    end_dry_run(request)?;
    let course = moving(world, "Modifying");
    let now = world.now;
    if let Some(entry) = world.route_entries.change(&entry.id, now) {
        entry.next_hop_type = kind;
        entry.next_hop = hop;
        if let Some(name) = request.given("RouteEntryName") {
            entry.name = name.to_owned();
        }
        if let Some(description) = request.given("Description") {
            entry.description = description.to_owned();
        }
        entry.course = course;
    }
    done()
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let entry = wanted(world, request)?;
    let table = world
        .route_tables
        .get(&entry.table)
        .ok_or_else(not_found)?
        .clone();
    require_quiet(world, &table)?;
    end_dry_run(request)?;
    let course = world.course("Pending");
    let now = world.now;
    if let Some(entry) = world.route_entries.change(&entry.id, now) {
        entry.course = course;
    }
    world.depart(&entry.id, world.length(Transition::RouteEntry));
    done()
}

fn describe(world: &mut World, request: &Request) -> Reply {
    let table = world.route_tables.get(request.need("RouteTableId")?);
    let table = table.ok_or_else(not_found)?;
    let destinations = request.list("DestCidrBlockList");
    let version = |it: &RouteEntry| {
        if it.destination.contains(':') {
            "ipv6"
        } else {
            "ipv4"
        }
    };
    let found: Vec<RouteEntry> = entries(world, table)
        .into_iter()
        .filter(|it| {
            let kind = if is_system(it) { "System" } else { "Custom" };
            wants(request.text("RouteEntryId"), &it.id)
                && wants(request.text("RouteEntryName"), &it.name)
                && wants(request.text("RouteEntryType"), kind)
                && wants(request.text("DestinationCidrBlock"), &it.destination)
                && wants(request.text("NextHopId"), &it.next_hop)
                && wants(request.text("NextHopType"), &it.next_hop_type)
                && request
                    .text("IpVersion")
                    .is_none_or(|wanted| wanted.eq_ignore_ascii_case(version(it)))
                && (destinations.is_empty() || destinations.contains(&it.destination))
        })
        .collect();
    let size = request.integer("MaxResult").unwrap_or(50);
    let size = usize::try_from(size)
        .ok()
        .filter(|it| (1..=100).contains(it));
    let size = size.ok_or_else(|| invalid("MaxResult"))?;
    let start = match request.text("NextToken") {
        None => 0,
        Some(token) => token.parse::<usize>().map_err(|_| invalid("NextToken"))?,
    };
    let more = start + size < found.len();
    let page: Vec<Value> = found
        .iter()
        .skip(start)
        .take(size)
        .map(|it| {
            let mut shown = show_entry(it, world.now);
            shown["IpVersion"] = json!(if it.destination.contains(':') { "IPv6" } else { "IPv4" });
            shown["NextHops"] = json!({ "NextHop": [{
                "NextHopId": it.next_hop, "NextHopType": it.next_hop_type, "Enabled": 1, "Weight": 0,
            }] });
            if let Some(fields) = shown.as_object_mut() {
                // Only the listing of tables has these.
                fields.remove("InstanceId");
                fields.remove("NextHopType");
            }
            shown
        })
        .collect();
    Ok(json!({
        "NextToken": if more { (start + size).to_string() } else { String::new() },
        "TotalCount": found.len(),
        "RouteEntrys": { "RouteEntry": page },
    }))
}
