//! Network interfaces: what they show, and the addresses that they are given besides the first.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::instance_describe::{ipv6s, private_ips};
use super::launch::ipv6_address;
use super::{Route, Sizes, ecs, ecs_tags, list_of, wants};
use crate::emulator::catalog;
use crate::emulator::clock::seconds;
use crate::emulator::objects::Interface;
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid, missing, tags_match};
use crate::emulator::world::{ACCOUNT, World};

pub(super) const ROUTES: &[Route] = &[
    ecs("DescribeNetworkInterfaces", Read, describe),
    ecs("AssignPrivateIpAddresses", Write, assign),
    ecs("UnassignPrivateIpAddresses", Write, unassign),
    ecs("AssignIpv6Addresses", Write, assign_ipv6),
    ecs("UnassignIpv6Addresses", Write, unassign_ipv6),
];

fn describe(world: &mut World, request: &Request) -> Reply {
    let ids = request.list("NetworkInterfaceId");
    let addresses = request.list("PrivateIpAddress");
    let ipv6 = request.list("Ipv6Address");
    if ids.len() > 100 || addresses.len() > 100 || ipv6.len() > 100 {
        return Err(invalid("NetworkInterfaceId"));
    }
    let tags = request.tag_filter();
    let sizes = Sizes {
        page: (1000, 10),
        token: Some((500, 10)),
    };
    let of_instance = request
        .text("InstanceId")
        .map(|id| match world.instances.get(id) {
            Some(instance) => instance.interfaces.clone(),
            None => Vec::new(),
        });
    let named = (!ids.is_empty()).then_some(ids.as_slice());
    let page = list_of(
        (&world.interfaces, named.or(of_instance.as_deref())),
        request,
        sizes,
        |it| {
            let first = it.addresses.first().map(String::as_str).unwrap_or_default();
            wants(request.region(), &it.region)
                && wants(
                    request.text("InstanceId"),
                    it.instance.as_deref().unwrap_or_default(),
                )
                && wants(request.text("VSwitchId"), &it.vswitch)
                && wants(request.text("VpcId"), &it.vpc)
                && wants(request.text("NetworkInterfaceName"), &it.name)
                && wants(request.text("PrimaryIpAddress"), first)
                && (addresses.is_empty()
                    || it.addresses.iter().any(|have| addresses.contains(have)))
                && (ipv6.is_empty() || it.ipv6.iter().any(|have| ipv6.contains(have)))
                && wants(
                    request.text("Type"),
                    if it.primary { "Primary" } else { "Secondary" },
                )
                && wants(request.text("Status"), it.course.at(world.now))
                && wants(request.text("ResourceGroupId"), &it.resource_group)
                && request
                    .text("SecurityGroupId")
                    .is_none_or(|id| it.groups.iter().any(|it| it == id))
                && tags_match(&it.tags, &tags)
        },
        |it| show(world, it),
    )?;
    Ok(page.answer("NetworkInterfaceSets", "NetworkInterfaceSet"))
}

fn show(world: &World, interface: &Interface) -> Value {
    let eip = world.eips.iter().find(|eip| {
        let holds = |id: &String| eip.is_on(id, world.now);
        holds(&interface.id) || interface.primary && interface.instance.as_ref().is_some_and(holds)
    });
    let public = interface
        .instance
        .as_ref()
        .filter(|_| interface.primary)
        .and_then(|id| world.instances.get(id))
        .and_then(|instance| instance.public_ip.clone())
        .or_else(|| eip.map(|eip| eip.address.clone()))
        .unwrap_or_default();
    json!({
        "NetworkInterfaceId": interface.id,
        "NetworkInterfaceName": interface.name,
        "Description": interface.description,
        "Status": interface.course.at(world.now),
        "Type": if interface.primary { "Primary" } else { "Secondary" },
        "NetworkInterfaceTrafficMode": interface.traffic_mode,
        "InstanceId": interface.instance.clone().unwrap_or_default(),
        "VpcId": interface.vpc,
        "VSwitchId": interface.vswitch,
        "ZoneId": interface.zone,
        "MacAddress": interface.mac,
        "PrivateIpAddress": interface.addresses.first(),
        "PrivateIpSets": { "PrivateIpSet": private_ips(interface) },
        "Ipv6Sets": { "Ipv6Set": ipv6s(interface) },
        "Ipv4PrefixSets": { "Ipv4PrefixSet": [] },
        "Ipv6PrefixSets": { "Ipv6PrefixSet": [] },
        "SecurityGroupIds": { "SecurityGroupId": interface.groups },
        "AssociatedPublicIp": { "PublicIpAddress": public, "AllocationId": eip.map(|eip| eip.id.as_str()).unwrap_or_default() },
        "Attachment": {
            "InstanceId": interface.instance.clone().unwrap_or_default(),
            "DeviceIndex": 0,
            "NetworkCardIndex": interface.card_index,
            "TrunkNetworkInterfaceId": "",
        },
        "QueuePairNumber": interface.queue_pairs,
        "SourceDestCheck": interface.source_dest_check,
        "DeleteOnRelease": interface.delete_on_release,
        "OwnerId": ACCOUNT,
        "ResourceGroupId": interface.resource_group,
        "ServiceID": 0,
        "ServiceManaged": false,
        "CreationTime": seconds(interface.created),
        "Tags": ecs_tags(&interface.tags),
    })
}

/// How many addresses of a kind an interface may have.
fn room(world: &World, interface: &Interface) -> usize {
    let instance = interface
        .instance
        .as_ref()
        .and_then(|id| world.instances.get(id));
    let kind = instance.and_then(|instance| catalog::instance_type(&instance.instance_type));
    usize::try_from(kind.map_or(10, |kind| kind.addresses)).unwrap_or(10)
}

fn count_exceeded<T>() -> Result<T, Refusal> {
    let text = "The number of IP addresses of the network interface exceeds the limit.";
    refuse(403, "InvalidOperation.IpAddressCountExceeded", text)
}

fn assign(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NetworkInterfaceId")?;
    let interface = world.interface(id)?.clone();
    let wanted = request.list("PrivateIpAddress");
    let count = request
        .integer("SecondaryPrivateIpAddressCount")
        .unwrap_or(0);
    let count = usize::try_from(count).map_err(|_| invalid("SecondaryPrivateIpAddressCount"))?;
    if wanted.is_empty() && count == 0 {
        return Err(missing("PrivateIpAddress.1"));
    }
    if interface.addresses.len() + wanted.len().max(count) > room(world, &interface) {
        return count_exceeded();
    }
    let vswitch = world.vswitch(&interface.vswitch)?.clone();
    if wanted.iter().collect::<BTreeSet<_>>().len() < wanted.len() {
        let text = "The specified IP addresses are repeated.";
        return refuse(403, "InvalidIp.IpRepeated", text);
    }
    for address in &wanted {
        let parsed = address.parse().map_err(|_| invalid("PrivateIpAddress"))?;
        world.pick_address(&vswitch, Some(parsed))?;
    }
    if world.addresses_free(&vswitch) < count {
        let text = "Don't have enough private IPs in this switch.";
        return refuse(403, "InvalidVSwitchId.IpNotEnough", text);
    }
    let mut given = wanted;
    world.change_interface(id, |interface| interface.addresses.extend(given.clone()))?;
    if given.is_empty() {
        for _ in 0..count {
            let address = world.pick_address(&vswitch, None)?.to_string();
            world.change_interface(id, |interface| interface.addresses.push(address.clone()))?;
            given.push(address);
        }
    }
    Ok(json!({
        "AssignedPrivateIpAddressesSet": {
            "NetworkInterfaceId": id,
            "PrivateIpSet": { "PrivateIpAddress": given },
            "Ipv4PrefixSet": { "Ipv4Prefixes": [] },
        },
    }))
}

fn unassign(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NetworkInterfaceId")?;
    let leaving = request.list("PrivateIpAddress");
    let interface = world.interface(id)?;
    let first = interface.addresses.first();
    let unknown =
        |address: &String| Some(address) == first || !interface.addresses.contains(address);
    if leaving.iter().any(unknown) {
        let text = "The specified IP address is not a secondary one of the network interface.";
        return refuse(404, "InvalidIp.IpUnassigned", text);
    }
    world.change_interface(id, |it| it.addresses.retain(|have| !leaving.contains(have)))?;
    done()
}

fn assign_ipv6(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NetworkInterfaceId")?;
    let interface = world.interface(id)?.clone();
    let mut given = request.list("Ipv6Address");
    let count = request.integer("Ipv6AddressCount").unwrap_or(0);
    let count = usize::try_from(count).map_err(|_| invalid("Ipv6AddressCount"))?;
    if given.is_empty() && count == 0 {
        return Err(missing("Ipv6Address.1"));
    }
    if interface.ipv6.len() + given.len().max(count) > room(world, &interface) {
        return count_exceeded();
    }
    let vswitch = world.vswitch(&interface.vswitch)?.clone();
    let Some(block) = vswitch
        .ipv6
        .as_deref()
        .and_then(|it| it.parse::<ipnet::Ipv6Net>().ok())
    else {
        let text = "The specified VSwitch does not support IPv6.";
        return refuse(400, "InvalidVSwitchId.Ipv6NotTurnOn", text);
    };
    let outside = |address: &String| {
        address.parse().map_or(true, |address: std::net::Ipv6Addr| {
            !block.contains(&address)
        })
    };
    if given.iter().any(outside) {
        return refuse(
            400,
            "InvalidIp.OutOfRange",
            "The specified IPv6 address is not valid.",
        );
    }
    if given.is_empty() {
        given = (0..count).map(|_| ipv6_address(world, &vswitch)).collect();
    }
    world.change_interface(id, |interface| interface.ipv6.extend(given.clone()))?;
    Ok(json!({
        "NetworkInterfaceId": id,
        "Ipv6Sets": { "Ipv6Address": given },
        "Ipv6PrefixSets": { "Ipv6Prefix": [] },
    }))
}

fn unassign_ipv6(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NetworkInterfaceId")?;
    let leaving = request.list("Ipv6Address");
    world.change_interface(id, |it| it.ipv6.retain(|have| !leaving.contains(have)))?;
    done()
}
