//! Where the instances of an order stand: vSwitch, security groups, addresses and interfaces.

use std::net::Ipv4Addr;

use super::order::{Order, vswitch_missing};
use crate::emulator::catalog;
use crate::emulator::objects::{Course, Interface, VSwitch};
use crate::emulator::reply::{Refusal, refusal, refuse};
use crate::emulator::request::{Request, missing};
use crate::emulator::world::World;

/// The place of an order.
pub(super) struct Place {
    pub(super) vswitch: VSwitch,
    pub(super) primary: Interface,
    pub(super) secondary: Vec<Interface>,
    pub(super) address: Option<Ipv4Addr>,
    pub(super) ipv6: Vec<String>,
    pub(super) ipv6_count: i64,
}

/// Reads where the instances are to stand.
pub(super) fn read(world: &World, request: &Request, run: bool) -> Result<Place, Refusal> {
    let elements: Vec<String> = request
        .indices("NetworkInterface")
        .iter()
        .map(|at| format!("NetworkInterface.{at}."))
        .collect();
    let is_primary =
        |element: &&String| request.text(&format!("{element}InstanceType")) == Some("Primary");
    let prefix = elements
        .iter()
        .find(is_primary)
        .cloned()
        .unwrap_or_default();
    if let Some(primary) = existing(world, request, &prefix)? {
        let vswitch = world.vswitch(&primary.vswitch)?.clone();
        let primary = Interface {
            primary: true,
            ..primary
        };
        let secondary = read_secondary(world, request, (&elements, run), (&primary, &vswitch))?;
        return Ok(Place {
            address: None,
            ipv6: Vec::new(),
            ipv6_count: 0,
            vswitch,
            primary,
            secondary,
        });
    }
    let groups = read_groups(world, request, &prefix, run)?;
    let vswitch = read_vswitch(world, request, &prefix, &groups, run)?;
    check_groups(world, &groups, &vswitch)?;
    let wanted = if prefix.is_empty() {
        "PrivateIpAddress"
    } else {
        "PrimaryIpAddress"
    };
    let address = read_address(world, request.text(&format!("{prefix}{wanted}")), &vswitch)?;
    let mut primary = interface(request, &prefix, &vswitch, groups)?;
    primary.primary = true;
    primary.delete_on_release = true;
    primary.tags = request.tags()?;
    let secondary = read_secondary(world, request, (&elements, run), (&primary, &vswitch))?;
    Ok(Place {
        vswitch,
        primary,
        secondary,
        address,
        ipv6: request.list(&format!("{prefix}Ipv6Address")),
        ipv6_count: request
            .integer(&format!("{prefix}Ipv6AddressCount"))
            .unwrap_or(0),
    })
}

/// The free interface that an element names, if it names one.
fn existing(world: &World, request: &Request, element: &str) -> Result<Option<Interface>, Refusal> {
    let named = format!("{element}NetworkInterfaceId");
    let Some(id) = request.text(&named).filter(|_| !element.is_empty()) else {
        return Ok(None);
    };
    crate::emulator::actions::network_interface::require(world, id, "Available")?;
    if request.integer("Amount").is_some_and(|amount| amount > 1) {
        let text = "A network interface can be given to one instance only.";
        return refuse(400, "InvalidParameter.Conflict", text);
    }
    Ok(Some(world.interface(id)?.clone()))
}

/// The interfaces of an order beside the primary one.
fn read_secondary(
    world: &World,
    request: &Request,
    (elements, run): (&[String], bool),
    (primary, vswitch): (&Interface, &VSwitch),
) -> Result<Vec<Interface>, Refusal> {
    let is_primary =
        |element: &&String| request.text(&format!("{element}InstanceType")) == Some("Primary");
    let mut secondary = Vec::new();
    for element in elements.iter().filter(|element| !is_primary(element)) {
        if let Some(interface) = existing(world, request, element)? {
            if interface.vpc != vswitch.vpc {
                let text = "The specified network interface is in another VPC.";
                return refuse(403, "InvalidOperation.VpcMismatch", text);
            }
            check_zone(&interface.zone, vswitch)?;
            secondary.push(interface);
            continue;
        }
        let groups = match read_groups(world, request, element, run) {
            Err(refused) if refused.code == "MissingParameter" => primary.groups.clone(),
            other => other?,
        };
        let own = match request.text(&format!("{element}VSwitchId")) {
            Some(_) => read_vswitch(world, request, element, &groups, run)?,
            None => vswitch.clone(),
        };
        check_groups(world, &groups, &own)?;
        check_zone(&own.zone, vswitch)?;
        let mut made = interface(request, element, &own, groups)?;
        let wanted = request.text(&format!("{element}PrimaryIpAddress"));
        made.addresses = read_address(world, wanted, &own)?
            .iter()
            .map(ToString::to_string)
            .collect();
        secondary.push(made);
    }
    check_count(request, secondary.len())?;
    Ok(secondary)
}

fn check_zone(zone: &str, vswitch: &VSwitch) -> Result<(), Refusal> {
    if zone != vswitch.zone {
        let text = "The specified VSwitches are not in the same zone.";
        return refuse(403, "InvalidOperation.AvailabilityZoneMismatch", text);
    }
    Ok(())
}

fn check_count(request: &Request, secondary: usize) -> Result<(), Refusal> {
    let kind = request
        .text("InstanceType")
        .and_then(catalog::instance_type);
    let most = kind.map_or(1, |kind| kind.interfaces);
    if i64::try_from(secondary + 1).is_ok_and(|count| count > most) {
        let text = "The number of network interfaces exceeds the limit of the instance type.";
        return refuse(403, "EniPerInstanceLimitExceeded", text);
    }
    Ok(())
}

/// The security groups of an instance or an interface.
pub(in crate::emulator::actions) fn read_groups(
    world: &World,
    request: &Request,
    prefix: &str,
    run: bool,
) -> Result<Vec<String>, Refusal> {
    let mut groups = request.list(&format!("{prefix}SecurityGroupIds"));
    if let Some(group) = request.text(&format!("{prefix}SecurityGroupId")) {
        if !groups.is_empty() {
            let text = "SecurityGroupId and SecurityGroupIds cannot be given together.";
            return refuse(400, "InvalidParameter.Conflict", text);
        }
        groups.push(group.to_owned());
    }
    if groups.is_empty() {
        return Err(missing("SecurityGroupId"));
    }
    if groups.len() > world.quotas.groups_per_instance {
        let text = "The number of security groups of an instance exceeds the limit.";
        return refuse(400, "InstanceSecurityGroupLimitExceeded", text);
    }
    if groups.iter().any(|group| world.groups.get(group).is_none()) {
        return match run {
            true => refuse(
                400,
                "InvalidSecurityGroupId.NotFound",
                "The SecurityGroupId provided does not exist in our records.",
            ),
            false => refuse(
                404,
                "InvalidSecurityGroupId.NotFound",
                "The specified SecurityGroupId does not exist.",
            ),
        };
    }
    Ok(groups)
}

fn read_vswitch(
    world: &World,
    request: &Request,
    prefix: &str,
    groups: &[String],
    run: bool,
) -> Result<VSwitch, Refusal> {
    let region = request.region_or_home();
    if let Some(zone) = request.text("ZoneId")
        && !catalog::zone_exists(region, zone)
    {
        return refuse(
            404,
            "InvalidZoneId.NotFound",
            "The specified ZoneId does not exist.",
        );
    }
    let Some(id) = request.text(&format!("{prefix}VSwitchId")) else {
        return default_vswitch(world, request, groups);
    };
    let vswitch = world
        .vswitches
        .get(id)
        .filter(|vswitch| vswitch.region == region);
    let Some(vswitch) = vswitch else {
        return match run {
            true => refuse(
                404,
                "InvalidVSwitchId.NotFound",
                "Specified virtual switch does not exist.",
            ),
            false => refuse(
                403,
                "InvalidVSwitchId.NotFound",
                "The VSwitchId provided does not exist in our records.",
            ),
        };
    };
    if vswitch.course.at(world.now) != "Available" {
        let text = "The current status of virtual switch does not support this operation.";
        return refuse(400, "IncorrectVSwitchStatus", text);
    }
    Ok(vswitch.clone())
}

/// The default vSwitch of the zone, for an order that names none.
fn default_vswitch(
    world: &World,
    request: &Request,
    groups: &[String],
) -> Result<VSwitch, Refusal> {
    let vpc = groups
        .first()
        .and_then(|group| world.groups.get(group))
        .map(|group| &group.vpc);
    let vpc = match vpc {
        Some(Some(vpc)) => world.vpcs.get(vpc),
        _ => {
            let text = "The specified network type is not supported.";
            return refuse(403, "OperationDenied.InvalidNetworkType", text);
        }
    };
    let Some(vpc) = vpc.filter(|vpc| vpc.default) else {
        return Err(vswitch_missing());
    };
    if request.text("PrivateIpAddress").is_some() {
        return Err(vswitch_missing());
    }
    let zone = request.text("ZoneId");
    let found = world.vswitches.iter().find(|vswitch| {
        vswitch.vpc == vpc.id && vswitch.default && zone.is_none_or(|zone| vswitch.zone == zone)
    });
    found.cloned().ok_or_else(|| {
        let text = "The specified zone in vpc can't support create default vSwitch.";
        refusal(403, "InvalidVSwitch.DefaultVSwitchNotSupport", text)
    })
}

fn check_groups(world: &World, groups: &[String], vswitch: &VSwitch) -> Result<(), Refusal> {
    let elsewhere = |group: &String| {
        world
            .groups
            .get(group)
            .is_none_or(|group| group.vpc.as_deref() != Some(&vswitch.vpc))
    };
    if groups.iter().any(elsewhere) {
        let text = "Specified security group and virtual switch are not in the same VPC.";
        return refuse(400, "InvalidParameter.Mismatch", text);
    }
    Ok(())
}

fn read_address(
    world: &World,
    text: Option<&str>,
    vswitch: &VSwitch,
) -> Result<Option<Ipv4Addr>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let wanted = text.parse().map_err(|_| {
        let text = "Specified private IP address is malformed.";
        refusal(400, "InvalidPrivateIpAddress.Malformed", text)
    })?;
    world.pick_address(vswitch, Some(wanted)).map(Some)
}

fn interface(
    request: &Request,
    prefix: &str,
    vswitch: &VSwitch,
    groups: Vec<String>,
) -> Result<Interface, Refusal> {
    let field = |name: &str| match prefix.is_empty() {
        true => String::new(),
        false => format!("{prefix}{name}"),
    };
    let mode = request.text_or(&field("NetworkInterfaceTrafficMode"), "Standard");
    if mode != "Standard" && mode != "HighPerformance" {
        return Err(crate::emulator::request::invalid(
            "NetworkInterfaceTrafficMode",
        ));
    }
    Ok(Interface {
        region: vswitch.region.clone(),
        zone: vswitch.zone.clone(),
        vpc: vswitch.vpc.clone(),
        vswitch: vswitch.id.clone(),
        name: request.owned(&field("NetworkInterfaceName")),
        description: request.owned(&field("Description")),
        groups,
        traffic_mode: mode,
        queue_pairs: request.integer(&field("QueuePairNumber")).unwrap_or(0),
        card_index: request.integer(&field("NetworkCardIndex")).unwrap_or(0),
        source_dest_check: request.flag(&field("SourceDestCheck")),
        delete_on_release: request.boolean(&field("DeleteOnRelease")).unwrap_or(true),
        resource_group: request.text_or("ResourceGroupId", crate::emulator::world::DEFAULT_GROUP),
        ..Interface::default()
    })
}

impl Order {
    /// Makes the interfaces of one instance, the primary one first.
    pub(super) fn interfaces(&self, world: &mut World, instance: &str) -> Vec<String> {
        let mut ids = Vec::new();
        let all = std::iter::once(&self.primary).chain(&self.secondary);
        for template in all {
            if !template.id.is_empty() {
                ids.push(template.id.clone());
                take(world, template, instance);
                continue;
            }
            let mut made = template.clone();
            made.id = world.new_id("eni", &made.region);
            made.instance = Some(instance.to_owned());
            made.mac = mac(world);
            made.created = world.now;
            made.course = Course::new(world.now, "InUse");
            let asked = template
                .addresses
                .first()
                .and_then(|text| text.parse().ok());
            let wanted = if template.primary {
                self.address
            } else {
                asked
            };
            let Some(vswitch) = world.vswitches.get(&made.vswitch) else {
                continue;
            };
            let Ok(address) = world.pick_address(vswitch, wanted) else {
                continue;
            };
            made.addresses = vec![address.to_string()];
            if template.primary {
                made.ipv6.clone_from(&self.ipv6);
                for _ in 0..self.ipv6_count {
                    made.ipv6.push(ipv6_address(world, &self.vswitch));
                }
            }
            ids.push(made.id.clone());
            world.add_interface(made);
        }
        ids
    }
}

/// Gives an interface that exists to an instance.
fn take(world: &mut World, interface: &Interface, instance: &str) {
    let now = world.now;
    let taken = world.change_interface(&interface.id, |it| {
        it.primary = interface.primary;
        it.instance = Some(instance.to_owned());
        it.course = Course::new(now, "InUse");
    });
    debug_assert!(taken.is_ok(), "it was found when the order was read");
}

/// A hardware address.
pub(in crate::emulator::actions) fn mac(world: &mut World) -> String {
    let mut random = world.random();
    let tail: Vec<String> = (0..4).map(|_| format!("{:02x}", random.u8(..))).collect();
    format!("00:16:{}", tail.join(":"))
}

/// An IPv6 address in a vSwitch's block.
pub(in crate::emulator::actions) fn ipv6_address(world: &mut World, vswitch: &VSwitch) -> String {
    let block = vswitch
        .ipv6
        .as_deref()
        .and_then(|block| block.parse::<ipnet::Ipv6Net>().ok());
    let base = block.map_or(0, |block| u128::from(block.network()));
    std::net::Ipv6Addr::from(base | u128::from(world.random().u64(1..))).to_string()
}
