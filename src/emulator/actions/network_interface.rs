//! Network interfaces: their creation, what they show, and the instances that they are attached to.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::instance_describe::{ipv6s, private_ips};
use super::launch::{mac, read_groups};
use super::network_interface_addresses as addresses;
use super::{Route, Sizes, ecs, ecs_tags, list_of, wants};
use crate::emulator::catalog;
use crate::emulator::clock::{Transition, seconds};
use crate::emulator::objects::{Course, Interface, VSwitch};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, good_description, good_name, invalid, tags_match};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    ecs("CreateNetworkInterface", Write, create),
    ecs("DescribeNetworkInterfaces", Read, describe),
    ecs("DescribeNetworkInterfaceAttribute", Read, describe_one),
    ecs("ModifyNetworkInterfaceAttribute", Write, modify),
    ecs("AttachNetworkInterface", Write, attach),
    ecs("DetachNetworkInterface", Write, detach),
    ecs("DeleteNetworkInterface", Write, delete),
];

fn create(world: &mut World, request: &Request) -> Reply {
    check_texts(request)?;
    let region = request.region_or_home();
    let vswitch = world.vswitch(request.need("VSwitchId")?)?.clone();
    if vswitch.region != region {
        let text = "The specified VSwitchId does not exist.";
        return refuse(404, "InvalidVSwitchId.NotFound", text);
    }
    if vswitch.course.at(world.now) != "Available" {
        let text = "The current status of virtual switch does not support this operation.";
        return refuse(400, "IncorrectVSwitchStatus", text);
    }
    let mut interface = read(world, request, &vswitch)?;
    if world.interfaces.count() >= world.quotas.network_interfaces {
        let text = "The number of network interfaces exceeds the limit of the account.";
        return refuse(403, "MaxEniCountExceeded", text);
    }
    let order = addresses::Order::read(request)?;
    let primary = request.address("PrimaryIpAddress")?;
    let address = world.pick_address(&vswitch, primary)?.to_string();
    interface.addresses = vec![address];
    interface.id = world.new_id("eni", region);
    interface.mac = mac(world);
    let id = interface.id.clone();
    world.add_interface(interface);
    if let Err(refused) = order.give(world, &id) {
        world.remove_interface(&id);
        return Err(refused);
    }
    let interface = world.interface(&id)?;
    let mut answer = show(world, interface);
    if let Some(fields) = answer.as_object_mut() {
        for name in TOLD_LATER {
            fields.remove(*name);
        }
    }
    answer["PrivateIpSets"] = addresses_alone(interface);
    Ok(answer)
}

/// The addresses as they are told where their names are not.
fn addresses_alone(interface: &Interface) -> Value {
    let told = |(index, address): (usize, &String)| json!({ "PrivateIpAddress": address, "Primary": index == 0 });
    let addresses: Vec<Value> = interface.addresses.iter().enumerate().map(told).collect();
    json!({ "PrivateIpSet": addresses })
}

/// What a listing shows and the answer to a creation does not.
const TOLD_LATER: &[&str] = &[
    "AssociatedPublicIp",
    "Attachment",
    "CreationTime",
    "DeleteOnRelease",
    "InstanceId",
    "NetworkInterfaceTrafficMode",
    "QueueNumber",
    "QueuePairNumber",
];

/// Reads what a new interface is to be like, but for its addresses.
fn read(world: &World, request: &Request, vswitch: &VSwitch) -> Result<Interface, Refusal> {
    let groups = read_groups(world, request, "", true)?;
    check_groups(world, &groups, vswitch)?;
    let kind = request.text_or("InstanceType", "Secondary");
    if kind != "Secondary" && kind != "Trunk" {
        return Err(invalid("InstanceType"));
    }
    let mode = tuned(request, "NetworkInterfaceTrafficMode").unwrap_or("Standard");
    if mode != "Standard" && mode != "HighPerformance" {
        return Err(invalid("NetworkInterfaceTrafficMode"));
    }
    Ok(Interface {
        region: vswitch.region.clone(),
        zone: vswitch.zone.clone(),
        vpc: vswitch.vpc.clone(),
        vswitch: vswitch.id.clone(),
        name: request.owned("NetworkInterfaceName"),
        description: request.owned("Description"),
        trunk: kind == "Trunk",
        groups,
        traffic_mode: mode.to_owned(),
        queues: queues(request)?,
        queue_pairs: number(request, "QueuePairNumber").unwrap_or(0),
        source_dest_check: request.flag("SourceDestCheck"),
        delete_on_release: request.flag("DeleteOnRelease"),
        resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
        tags: request.tags()?,
        created: world.now,
        course: world
            .course("Creating")
            .then(world.length(Transition::Interface), "Available"),
        ..Interface::default()
    })
}

/// A parameter about traffic, which has two places.
fn tuned<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let among_others = format!("NetworkInterfaceTrafficConfig.{name}");
    request.text(name).or_else(|| request.text(&among_others))
}

fn number(request: &Request, name: &str) -> Option<i64> {
    tuned(request, name)?.parse().ok()
}

fn queues(request: &Request) -> Result<Option<i64>, Refusal> {
    match number(request, "QueueNumber") {
        Some(queues) if !(1..=2048).contains(&queues) => Err(invalid("QueueNumber")),
        queues => Ok(queues),
    }
}

fn check_texts(request: &Request) -> Result<(), Refusal> {
    let name = request.text("NetworkInterfaceName");
    if name.is_some_and(|name| !good_name(name, 2)) {
        return Err(invalid("NetworkInterfaceName"));
    }
    let description = request.text("Description");
    if description.is_some_and(|text| !good_description(text)) {
        return Err(invalid("Description"));
    }
    Ok(())
}

fn check_groups(world: &World, groups: &[String], vswitch: &VSwitch) -> Result<(), Refusal> {
    if groups.len() > world.quotas.groups_per_instance {
        return Err(invalid("SecurityGroupIds"));
    }
    for id in groups {
        match world.group(id)?.vpc.as_deref() {
            None => {
                let text = "The specified security group is not in a VPC.";
                return refuse(403, "InvalidSecurityGroupId.NotVpc", text);
            }
            Some(vpc) if vpc != vswitch.vpc => return Err(other_vpc()),
            Some(_) => {}
        }
        if world.member_count(id) >= world.quotas.addresses_per_group {
            let text = "The maximum number of instances in a security group is exceeded.";
            return refuse(403, "SecurityGroupInstanceLimitExceed", text);
        }
    }
    Ok(())
}

fn other_vpc() -> Refusal {
    let text = "The specified resources are not in the same VPC.";
    refusal(403, "InvalidOperation.VpcMismatch", text)
}

/// Refuses unless the interface is in a state.
pub(super) fn require(world: &World, id: &str, state: &str) -> Result<(), Refusal> {
    if world.interface(id)?.course.at(world.now) == state {
        return Ok(());
    }
    let text = "The current status of the network interface does not support this operation.";
    refuse(400, "InvalidOperation.InvalidEniState", text)
}

fn modify(world: &mut World, request: &Request) -> Reply {
    check_texts(request)?;
    let id = request.need("NetworkInterfaceId")?;
    let before = world.interface(id)?.clone();
    let groups = request.list("SecurityGroupId");
    if !groups.is_empty() {
        let vswitch = world.vswitch(&before.vswitch)?.clone();
        let joined: Vec<String> = groups
            .iter()
            .filter(|group| !before.groups.contains(group))
            .cloned()
            .collect();
        check_groups(world, &joined, &vswitch)?;
        if groups.len() > world.quotas.groups_per_instance {
            return Err(invalid("SecurityGroupId"));
        }
    }
    let queues = queues(request)?;
    let running = |id: &String| {
        let instance = world.instances.get(id);
        instance.is_some_and(|it| it.course.at(world.now) != "Stopped")
    };
    if queues.is_some() && before.instance.as_ref().is_some_and(running) {
        let text = "The current status of the network interface does not support this operation.";
        return refuse(400, "InvalidOperation.InvalidEniState", text);
    }
    world.change_interface(id, |interface| {
        if let Some(name) = request.given("NetworkInterfaceName") {
            interface.name = name.to_owned();
        }
        if let Some(description) = request.given("Description") {
            interface.description = description.to_owned();
        }
        if !groups.is_empty() {
            interface.groups = groups;
        }
        interface.queues = queues.or(interface.queues);
        let flag = |name: &str, have: bool| request.boolean(name).unwrap_or(have);
        interface.source_dest_check = flag("SourceDestCheck", interface.source_dest_check);
        interface.delete_on_release = flag("DeleteOnRelease", interface.delete_on_release);
    })?;
    done()
}

fn attach(world: &mut World, request: &Request) -> Reply {
    let (id, to) = (
        request.need("NetworkInterfaceId")?,
        request.need("InstanceId")?,
    );
    let interface = world.interface(id)?.clone();
    let Some(instance) = world.instances.get(to).cloned() else {
        let text = "The specified InstanceId does not exist.";
        return refuse(404, "InvalidEcsId.NotFound", text);
    };
    if interface.primary {
        let text = "The type of the network interface does not support this operation.";
        return refuse(403, "InvalidOperation.InvalidEniType", text);
    }
    require(world, id, "Available")?;
    check_instance(world, &interface, &instance)?;
    let trunk = request.text("TrunkNetworkInstanceId");
    match trunk {
        Some(trunk) => {
            let carrier = world.interface(trunk)?;
            if !carrier.trunk || carrier.instance.as_deref() != Some(to) {
                let text = "The type of the network interface does not support this operation.";
                return refuse(403, "InvalidOperation.InvalidEniType", text);
            }
        }
        None => {
            let kind = catalog::instance_type(&instance.instance_type);
            let most = usize::try_from(kind.map_or(1, |kind| kind.interfaces)).unwrap_or(1);
            if instance.interfaces.len() >= most {
                let text =
                    "The number of network interfaces exceeds the limit of the instance type.";
                return refuse(403, "EniPerInstanceLimitExceeded", text);
            }
            world.instance_mut(to)?.interfaces.push(id.to_owned());
        }
    }
    let course = world
        .course("Attaching")
        .then(world.length(Transition::Interface), "InUse");
    world.change_interface(id, |interface| {
        interface.instance = Some(to.to_owned());
        interface.trunk_of = trunk.map(str::to_owned);
        interface.card_index = request.integer("NetworkCardIndex").unwrap_or(0);
        interface.course = course;
    })?;
    done()
}

/// Refuses an instance that an interface cannot be attached to.
fn check_instance(
    world: &World,
    interface: &Interface,
    instance: &crate::emulator::objects::Instance,
) -> Result<(), Refusal> {
    if !["Running", "Stopped"].contains(&instance.course.at(world.now)) {
        let text = "The current status of the instance does not support this operation.";
        return refuse(400, "InvalidOperation.InvalidEcsState", text);
    }
    if interface.vpc != instance.vpc {
        return Err(other_vpc());
    }
    if interface.zone != instance.zone {
        let text = "The network interface and the instance are not in the same zone.";
        return refuse(403, "InvalidOperation.AvailabilityZoneMismatch", text);
    }
    let kind = catalog::instance_type(&instance.instance_type);
    let most = usize::try_from(kind.map_or(1, |kind| kind.addresses)).unwrap_or(1);
    if interface.addresses.len() > most {
        let text = "The number of IPv4 addresses exceeds the limit of the instance type.";
        return refuse(403, "InvalidOperation.Ipv4CountExceeded", text);
    }
    Ok(())
}

fn detach(world: &mut World, request: &Request) -> Reply {
    let (id, from) = (
        request.need("NetworkInterfaceId")?,
        request.need("InstanceId")?,
    );
    let interface = world.interface(id)?;
    if interface.primary {
        let text = "The primary network interface cannot be detached.";
        return refuse(400, "InvalidOperation.DetachPrimaryEniNotAllowed", text);
    }
    if world.instances.get(from).is_none() {
        let text = "The specified InstanceId does not exist.";
        return refuse(404, "InvalidEcsId.NotFound", text);
    }
    require(world, id, "InUse")?;
    if world.interface(id)?.instance.as_deref() != Some(from) {
        let text = "The current status of the network interface does not support this operation.";
        return refuse(400, "InvalidOperation.InvalidEniState", text);
    }
    let carries = |it: &Interface| it.trunk_of.as_deref() == Some(id);
    if world.interfaces.iter().any(carries) {
        let text = "The trunk network interface still has members.";
        return refuse(403, "InvalidOperation.HasMemberEniAttached", text);
    }
    super::instance::require_stable(world, from).map_err(|_| {
        let text = "The current status of the instance does not support this operation.";
        refusal(400, "InvalidOperation.InvalidEcsState", text)
    })?;
    world.instance_mut(from)?.interfaces.retain(|it| it != id);
    let course = world
        .course("Detaching")
        .then(world.length(Transition::Interface), "Available");
    world.change_interface(id, |interface| {
        interface.instance = None;
        interface.trunk_of = None;
        interface.card_index = 0;
        interface.course = course;
    })?;
    done()
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NetworkInterfaceId")?;
    require(world, id, "Available")?;
    let now = world.now;
    world.change_interface(id, |it| it.course = Course::new(now, "Deleting"))?;
    world.depart(id, world.length(Transition::Lingering));
    done()
}

/// The kind of an interface: that of the first of an instance, or its own.
fn kind(interface: &Interface) -> &'static str {
    match interface {
        Interface { primary: true, .. } => "Primary",
        Interface { trunk: true, .. } => "Trunk",
        Interface {
            trunk_of: Some(_), ..
        } => "Member",
        _ => "Secondary",
    }
}

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
                && wants(request.text("Type"), kind(it))
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

fn describe_one(world: &mut World, request: &Request) -> Reply {
    let interface = world.interface(request.need("NetworkInterfaceId")?)?;
    let mut shown = show(world, interface);
    shown["PrivateIpSets"] = addresses_alone(interface);
    let carried = |it: &&Interface| it.trunk_of.as_ref() == Some(&interface.id);
    let carried = world.interfaces.iter().filter(carried);
    let carried: Vec<&str> = carried.map(|it| it.id.as_str()).collect();
    shown["Attachment"]["MemberNetworkInterfaceIds"] =
        json!({ "MemberNetworkInterfaceId": carried });
    Ok(shown)
}

fn show(world: &World, interface: &Interface) -> Value {
    let instance = interface.instance.iter().filter(|_| interface.primary);
    let mut holders = std::iter::once(&interface.id).chain(instance);
    let eip = holders.find_map(|id| world.eips_on(&interface.region, id).next());
    let public = interface
        .instance
        .as_ref()
        .filter(|_| interface.primary)
        .and_then(|id| world.instances.get(id))
        .and_then(|instance| instance.public_ip.clone())
        .or_else(|| eip.map(|eip| eip.address.clone()))
        .unwrap_or_default();
    // A member is attached to a trunk, and only through it to the instance.
    let direct = interface
        .instance
        .clone()
        .filter(|_| interface.trunk_of.is_none());
    let mut shown = json!({
        "NetworkInterfaceId": interface.id,
        "NetworkInterfaceName": interface.name,
        "Description": interface.description,
        "Status": interface.course.at(world.now),
        "Type": kind(interface),
        "NetworkInterfaceTrafficMode": interface.traffic_mode,
        "InstanceId": direct.unwrap_or_default(),
        "VpcId": interface.vpc,
        "VSwitchId": interface.vswitch,
        "ZoneId": interface.zone,
        "MacAddress": interface.mac,
        "PrivateIpAddress": interface.addresses.first(),
        "PrivateIpSets": { "PrivateIpSet": private_ips(interface) },
        "Ipv6Sets": { "Ipv6Set": ipv6s(interface) },
        "Ipv4PrefixSets": { "Ipv4PrefixSet": prefixes(&interface.prefixes, "Ipv4Prefix") },
        "Ipv6PrefixSets": { "Ipv6PrefixSet": prefixes(&interface.ipv6_prefixes, "Ipv6Prefix") },
        "SecurityGroupIds": { "SecurityGroupId": interface.groups },
        "AssociatedPublicIp": { "PublicIpAddress": public, "AllocationId": eip.map(|eip| eip.id.as_str()).unwrap_or_default() },
        "Attachment": {
            "InstanceId": interface.instance.clone().unwrap_or_default(),
            "DeviceIndex": 0,
            "NetworkCardIndex": interface.card_index,
            "TrunkNetworkInterfaceId": interface.trunk_of.clone().unwrap_or_default(),
        },
        "QueuePairNumber": interface.queue_pairs,
        "SourceDestCheck": interface.source_dest_check,
        "DeleteOnRelease": interface.delete_on_release,
        "OwnerId": world.account,
        "ResourceGroupId": interface.resource_group,
        "ServiceID": 0,
        "ServiceManaged": world.nat_gateways.iter().any(|nat| nat.interface == interface.id),
        "CreationTime": seconds(interface.created),
        "Tags": ecs_tags(&interface.tags),
    });
    // Without a number of its own it takes the instance's usual one.
    if let Some(queues) = interface.queues {
        shown["QueueNumber"] = json!(queues);
    }
    shown
}

fn prefixes(prefixes: &[String], name: &str) -> Vec<Value> {
    let show = |prefix: &String| json!({ name: prefix });
    prefixes.iter().map(show).collect()
}
