//! vSwitches: a part of a VPC's block in one zone, made and unmade one at a time in each VPC.

use ipnet::{IpNet, Ipv4Net};
use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::vpc::{check_names, default_vpc, overlap, require_available};
use super::{Route, Sizes, end_dry_run, list_of, vpc, vpc_tags, wants};
use crate::emulator::catalog;
use crate::emulator::clock::{Transition, seconds};
use crate::emulator::objects::{RouteTable, VSwitch, Vpc};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, missing, tags_match};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    vpc("CreateVSwitch", Write, create),
    vpc("CreateDefaultVSwitch", Write, create_default),
    vpc("DescribeVSwitches", Read, describe),
    vpc("DescribeVSwitchAttributes", Read, describe_one),
    vpc("ModifyVSwitchAttribute", Write, modify),
    vpc("DeleteVSwitch", Write, delete),
];

fn create(world: &mut World, request: &Request) -> Reply {
    let vpc = world.vpc(request.need("VpcId")?)?.clone();
    let zone = request.need("ZoneId")?;
    check_zone(&vpc, zone)?;
    check_names(request, "VSwitchName", "InvalidVSwitchName.Malformed")?;
    let cidr = request.need("CidrBlock")?;
    let net = block(cidr)?;
    require_available(world, &vpc.id)?;
    require_quiet(world, &vpc.id)?;
    check_place(world, &vpc, &net)?;
    let ipv6 = ipv6_part(request, &vpc)?;
    let count = world.vswitches.iter().filter(|it| it.vpc == vpc.id).count();
    if count >= world.quotas.vswitches {
        return refuse(
            400,
            "QuotaExceeded.VSwitch",
            "Virtual switch quota exceeded.",
        );
    }
    let mut vswitch = blank(world, &vpc, zone, cidr);
    vswitch.ipv6 = ipv6;
    vswitch.name = request.owned("VSwitchName");
    vswitch.description = request.owned("Description");
    vswitch.tags = request.tags()?;
    let answer = json!({ "VSwitchId": vswitch.id });
    world.vswitches.insert(vswitch, world.now);
    Ok(answer)
}

fn blank(world: &mut World, vpc: &Vpc, zone: &str, cidr: &str) -> VSwitch {
    VSwitch {
        id: world.new_id("vsw", &vpc.region),
        region: vpc.region.clone(),
        zone: zone.to_owned(),
        vpc: vpc.id.clone(),
        cidr: cidr.to_owned(),
        ipv6: None,
        name: String::new(),
        description: String::new(),
        default: false,
        resource_group: DEFAULT_GROUP.to_owned(),
        tags: Default::default(),
        created: world.now,
        course: world
            .course("Pending")
            .then(world.length(Transition::VSwitch), "Available"),
    }
}

fn check_zone(vpc: &Vpc, zone: &str) -> Result<(), Refusal> {
    if catalog::zone_exists(&vpc.region, zone) {
        return Ok(());
    }
    refuse(
        404,
        "InvalidZoneId.NotFound",
        "Specified zone does not exist.",
    )
}

/// A block a vSwitch may have: a network address with a mask of 16 to 29.
fn block(cidr: &str) -> Result<Ipv4Net, Refusal> {
    let malformed = || {
        refusal(
            400,
            "InvalidCidrBlock.Malformed",
            "Specified CIDR block is not valid.",
        )
    };
    let net: Ipv4Net = cidr.parse().map_err(|_| malformed())?;
    if net.addr() != net.network() {
        return Err(malformed());
    }
    if !(16..=29).contains(&net.prefix_len()) {
        let text = "Specified CIDR block is not valid .";
        return refuse(400, "InvalidCirdrBlock.MaskLength", text);
    }
    Ok(net)
}

/// Refuses while another vSwitch of the VPC is being made or unmade.
fn require_quiet(world: &World, vpc: &str) -> Result<(), Refusal> {
    let busy = world
        .vswitches
        .iter()
        .any(|it| it.vpc == vpc && it.course.at(world.now) == "Pending");
    if busy {
        let text = "Some virtual switch is modifying within the same VPC.";
        return refuse(400, "IncorrectVSwitchStatus", text);
    }
    Ok(())
}

/// Inside one of the VPC's blocks, and apart from its other vSwitches.
fn check_place(world: &World, vpc: &Vpc, net: &Ipv4Net) -> Result<(), Refusal> {
    let inside = vpc
        .secondary
        .iter()
        .chain([&vpc.cidr])
        .filter_map(|outer| outer.parse().ok())
        .any(|outer: Ipv4Net| outer.contains(net));
    if !inside {
        return refuse(
            400,
            "InvalidParameter",
            "Specified CIDR block is not valid in VPC.",
        );
    }
    let routed = world
        .route_entries
        .iter()
        .filter(|it| it.vpc == vpc.id)
        .filter_map(|it| it.destination.parse().ok())
        .any(|other: Ipv4Net| other == *net);
    if routed {
        let text = "Specified CIDR block overlapped with other entry.";
        return refuse(400, "InvalidCidrBlock.Overlapped", text);
    }
    let taken = world
        .vswitches
        .iter()
        .filter(|it| it.vpc == vpc.id)
        .filter_map(|it| it.cidr.parse().ok())
        .any(|other: Ipv4Net| overlap(&other, net));
    if taken {
        let text = "Specified CIDR block overlapped with other subnets.";
        return refuse(400, "InvalidCidrBlock.Overlapped", text);
    }
    Ok(())
}

/// The 64-bit part of the VPC's IPv6 block that a number from 0 to 255 chooses.
fn ipv6_part(request: &Request, vpc: &Vpc) -> Result<Option<String>, Refusal> {
    let Some(number) = request.integer("Ipv6CidrBlock") else {
        return Ok(None);
    };
    let refused = || {
        refusal(
            400,
            "InvalidIpv6CidrBlock.Malformed",
            "Specified IPv6 CIDR block is not valid.",
        )
    };
    let outer: IpNet = vpc
        .ipv6
        .as_ref()
        .and_then(|block| block.parse().ok())
        .ok_or_else(refused)?;
    let IpNet::V6(outer) = outer else {
        return Err(refused());
    };
    let number = u8::try_from(number).map_err(|_| refused())?;
    let base = u128::from(outer.network()) | (u128::from(number) << 64);
    Ok(Some(format!("{}/64", std::net::Ipv6Addr::from(base))))
}

fn create_default(world: &mut World, request: &Request) -> Reply {
    let region = request.region_or_home().to_owned();
    let zone = request.need("ZoneId")?;
    let vpc = world
        .vpcs
        .iter()
        .find(|vpc| vpc.region == region && vpc.default)
        .cloned();
    let vpc = match vpc {
        Some(vpc) => vpc,
        None => default_vpc(world, &region),
    };
    check_zone(&vpc, zone)?;
    let inside: Vec<&VSwitch> = world
        .vswitches
        .iter()
        .filter(|it| it.vpc == vpc.id)
        .collect();
    if inside.iter().any(|it| it.default && it.zone == zone) {
        let text = "The default VSwitch already exists.";
        return refuse(400, "OperationDenied.DefaultVSwitchExist", text);
    }
    let free = (0..64u8)
        .map(|third| format!("172.16.{}.0/20", third * 4 / 16 * 16))
        .chain((0..16u8).map(|third| format!("172.17.{}.0/20", third * 16)))
        .find(|cidr| {
            cidr.parse()
                .is_ok_and(|net: Ipv4Net| check_place(world, &vpc, &net).is_ok())
        });
    let Some(cidr) = free else {
        return refuse(
            400,
            "QuotaExceeded.VSwitch",
            "Virtual switch quota exceeded.",
        );
    };
    let mut vswitch = blank(world, &vpc, zone, &cidr);
    vswitch.default = true;
    let answer = json!({ "VSwitchId": vswitch.id });
    world.vswitches.insert(vswitch, world.now);
    Ok(answer)
}

fn describe(world: &mut World, request: &Request) -> Reply {
    if request.region().is_none() && request.text("VpcId").is_none() {
        return Err(missing("RegionId"));
    }
    end_dry_run(request)?;
    let tags = request.tag_filter();
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let named = request.text("VSwitchId").map(|id| vec![id.to_owned()]);
    let page = list_of(
        (&world.vswitches, named.as_deref()),
        request,
        sizes,
        |it| {
            wants(request.region(), &it.region)
                && wants(request.text("VpcId"), &it.vpc)
                && wants(request.text("ZoneId"), &it.zone)
                && wants(request.text("VSwitchName"), &it.name)
                && wants(request.text("ResourceGroupId"), &it.resource_group)
                && wants(request.text("VSwitchOwnerId"), &world.account)
                && request
                    .boolean("IsDefault")
                    .is_none_or(|wanted| wanted == it.default)
                && request
                    .boolean("EnableIpv6")
                    .is_none_or(|wanted| wanted == it.ipv6.is_some())
                && request
                    .text("RouteTableId")
                    .is_none_or(|wanted| route_table(world, it).is_some_and(|it| it.id == wanted))
                && tags_match(&it.tags, &tags)
        },
        |it| show(world, it),
    )?;
    Ok(page.answer("VSwitches", "VSwitch"))
}

fn describe_one(world: &mut World, request: &Request) -> Reply {
    let vswitch = world.vswitch(request.need("VSwitchId")?)?;
    end_dry_run(request)?;
    Ok(show(world, vswitch))
}

fn route_table<'a>(world: &'a World, vswitch: &VSwitch) -> Option<&'a RouteTable> {
    super::route_table::of_vswitch(world, vswitch)
}

fn show(world: &World, vswitch: &VSwitch) -> Value {
    let table = route_table(world, vswitch);
    json!({
        "VSwitchId": vswitch.id,
        "VpcId": vswitch.vpc,
        "ZoneId": vswitch.zone,
        "CidrBlock": vswitch.cidr,
        "Ipv6CidrBlock": vswitch.ipv6.clone().unwrap_or_default(),
        "EnabledIpv6": vswitch.ipv6.is_some(),
        "VSwitchName": vswitch.name,
        "Description": vswitch.description,
        "Status": vswitch.course.at(world.now),
        "AvailableIpAddressCount": world.addresses_free(vswitch),
        "IsDefault": vswitch.default,
        "NetworkAclId": "",
        "ShareType": "",
        "OwnerId": world.account.parse::<u64>().unwrap_or_default(),
        "ResourceGroupId": vswitch.resource_group,
        "RouteTable": {
            "RouteTableId": table.map(|it| it.id.as_str()),
            "RouteTableType": if table.is_none_or(|it| it.system) { "System" } else { "Custom" },
        },
        "CreationTime": seconds(vswitch.created),
        "Tags": vpc_tags(&vswitch.tags),
    })
}

fn not_found() -> Refusal {
    refusal(
        404,
        "InvalidVSwitchId.NotFound",
        "The specified virtual switch does not exists.",
    )
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let id = request.need("VSwitchId")?;
    let vswitch = world.vswitches.get(id).ok_or_else(not_found)?;
    check_names(request, "VSwitchName", "InvalidVSwitchName.Malformed")?;
    let vpc = world.vpc(&vswitch.vpc)?.clone();
    let ipv6 = match request.boolean("EnableIPv6") {
        Some(false) => Some(None),
        _ => ipv6_part(request, &vpc)?.map(Some),
    };
    let now = world.now;
    let vswitch = world.vswitches.change(id, now).ok_or_else(not_found)?;
    if let Some(name) = request.given("VSwitchName") {
        vswitch.name = name.to_owned();
    }
    if let Some(description) = request.given("Description") {
        vswitch.description = description.to_owned();
    }
    if let Some(ipv6) = ipv6 {
        vswitch.ipv6 = ipv6;
    }
    done()
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("VSwitchId")?;
    let vswitch = world.vswitch(id)?;
    if vswitch.course.at(world.now) != "Available" {
        let text = "The current virtual switch status does not support this operation.";
        return refuse(400, "IncorrectVSwitchStatus", text);
    }
    let depends = |code: &str| refuse(400, code, "Specified object has dependent resources.");
    if world.nat_gateways.iter().any(|it| it.vswitch == id) {
        return depends("DependencyViolation.EnhancedNatgw");
    }
    if world.snat_entries.iter().any(|it| it.source_vswitch == id) {
        return depends("DependencyViolation.SnatEntry");
    }
    let own = |it: &RouteTable| it.vswitches.iter().any(|have| have == id);
    if world.route_tables.iter().any(own) {
        return depends("DependencyViolation.RouteTable");
    }
    if world.addresses_taken(id) > 0 {
        return refuse(
            400,
            "DependencyViolation",
            "Specified object has dependent resources.",
        );
    }
    let vpc = vswitch.vpc.clone();
    let busy = world
        .vswitches
        .iter()
        .any(|it| it.vpc == vpc && it.course.at(world.now) == "Pending");
    if busy {
        let text = "other subnet is processing.";
        return refuse(400, "OperationDenied.OtherSubnetProcessing", text);
    }
    end_dry_run(request)?;
    let course = world.course("Pending");
    let now = world.now;
    if let Some(vswitch) = world.vswitches.change(id, now) {
        vswitch.course = course;
    }
    world.depart(id, world.length(Transition::VSwitchDeletion));
    done()
}
