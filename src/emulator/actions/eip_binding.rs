//! Elastic IP addresses and what they are bound to.

use std::net::Ipv4Addr;

use super::Effect::Write;
use super::eip::{not_found, require_state};
use super::{Route, vpc};
use crate::emulator::clock::Transition;
use crate::emulator::egress::Bound;
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid, missing};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    vpc("AssociateEipAddress", Write, associate),
    vpc("UnassociateEipAddress", Write, unassociate),
];

fn associate(world: &mut World, request: &Request) -> Reply {
    let id = request.need("AllocationId")?;
    require_state(world, id, &["Available"])?;
    let region = world.eips.get(id).ok_or_else(not_found)?.region.clone();
    let kind = request.text_or("InstanceType", "EcsInstance");
    let target = request.need("InstanceId")?;
    let bound = match kind.as_str() {
        "EcsInstance" => to_instance(world, request, target, &region)?,
        "NetworkInterface" => to_interface(world, request, target)?,
        "IpAddress" => to_address(world, request, target)?,
        "Nat" => to_gateway(world, target)?,
        "SlbInstance" => to_load_balancer(world, target)?,
        "HaVip" => return not_there(),
        _ => return Err(invalid("InstanceType")),
    };
    let mode = request.text("Mode").filter(|_| kind == "NetworkInterface");
    let mode = mode.unwrap_or("NAT").to_owned();
    if !["NAT", "BINDED", "MULTI_BINDED"].contains(&mode.as_str()) {
        return Err(invalid("Mode"));
    }
    if kind != "Nat" && mode == "NAT" && world.eips_on(&region, target).next().is_some() {
        return taken();
    }
    let course = world
        .course("Associating")
        .then(world.length(Transition::Eip), "InUse");
    let now = world.now;
    let eip = world.eips.change(id, now).ok_or_else(not_found)?;
    eip.bound = Some(Bound { kind, ..bound });
    eip.mode = mode;
    eip.course = course;
    done()
}

fn not_there<T>() -> Result<T, Refusal> {
    let text = "Specified instance does not exist.";
    refuse(404, "InvalidInstanId.NotFound", text)
}

fn taken<T>() -> Result<T, Refusal> {
    let text = "Specified instance already is associated.";
    refuse(400, "InvalidAssociation.Duplicated", text)
}

fn to_instance(world: &World, request: &Request, id: &str, region: &str) -> Result<Bound, Refusal> {
    let Some(instance) = world.instances.get(id) else {
        return not_there();
    };
    if instance.region != region {
        let text = "Specified elastic IP address and ECS instance are not in the same region.";
        return refuse(400, "InvalidParameter.Mismatch", text);
    }
    require_stable(world, id)?;
    if instance.public_ip.is_some() {
        return taken();
    }
    let primary = instance.interfaces.first();
    let primary = primary.and_then(|id| world.interfaces.get(id));
    let have = primary.map_or(&[][..], |it| &it.addresses);
    Ok(Bound {
        id: id.to_owned(),
        private_ip: private_address(request, have)?,
        vpc: instance.vpc.clone(),
        ..Bound::default()
    })
}

/// Refuses while the instance is between two states.
fn require_stable(world: &World, id: &str) -> Result<(), Refusal> {
    super::instance::require_stable(world, id).or_else(|refusal| {
        let text = "Current instance status does not support this operation.";
        refuse(400, &refusal.code, text)
    })
}

fn to_gateway(world: &World, id: &str) -> Result<Bound, Refusal> {
    let Some(nat) = world.nat_gateways.get(id) else {
        return not_there();
    };
    if nat.course.at(world.now) != "Available" {
        let text = "The status of the NAT gateway does not support this operation.";
        return refuse(400, "IncorrectStatus.NatGateway", text);
    }
    if nat.network_type != "internet" {
        let text = "An EIP can be bound to an Internet NAT gateway only.";
        return refuse(400, "OperationDenied", text);
    }
    Ok(Bound {
        id: id.to_owned(),
        vpc: nat.vpc.clone(),
        ..Bound::default()
    })
}

fn to_load_balancer(world: &World, id: &str) -> Result<Bound, Refusal> {
    let Some(balancer) = world.load_balancers.get(id) else {
        return not_there();
    };
    if balancer.address_type != "intranet" {
        return refuse(400, "OperationDenied", "Specified instance is not in VPC.");
    }
    Ok(Bound {
        id: id.to_owned(),
        private_ip: balancer.address.clone(),
        vpc: balancer.vpc.clone(),
        ..Bound::default()
    })
}

fn to_interface(world: &World, request: &Request, id: &str) -> Result<Bound, Refusal> {
    let Some(interface) = world.interfaces.get(id) else {
        return not_there();
    };
    let state = interface.course.at(world.now);
    if interface.primary || !["Available", "InUse"].contains(&state) {
        let text = "The status of the network interface does not support this operation.";
        return refuse(400, "InvalidStatus.EniStatusNotSupport", text);
    }
    Ok(Bound {
        id: id.to_owned(),
        private_ip: private_address(request, &interface.addresses)?,
        vpc: interface.vpc.clone(),
        ..Bound::default()
    })
}

/// The private address that a request names among those that there are, or the first of them.
fn private_address(request: &Request, have: &[String]) -> Result<String, Refusal> {
    match request.address("PrivateIpAddress")? {
        Some(wanted) if have.contains(&wanted.to_string()) => Ok(wanted.to_string()),
        Some(_) => Err(invalid("PrivateIpAddress")),
        None => Ok(have.first().cloned().unwrap_or_default()),
    }
}

/// An address of the user's own, in a VPC.
fn to_address(world: &World, request: &Request, address: &str) -> Result<Bound, Refusal> {
    let vpc = request.text("VpcId").ok_or_else(|| missing("VpcId"))?;
    let vpc = world.vpc(vpc)?.id.clone();
    if address.parse::<Ipv4Addr>().is_err() {
        return Err(invalid("InstanceId"));
    }
    Ok(Bound {
        id: address.to_owned(),
        private_ip: address.to_owned(),
        vpc,
        ..Bound::default()
    })
}

fn unassociate(world: &mut World, request: &Request) -> Reply {
    let id = request.need("AllocationId")?;
    require_state(world, id, &["InUse"])?;
    let eip = world.eips.get(id).ok_or_else(not_found)?;
    let bound = eip.holder(world.now).cloned().unwrap_or_default();
    let other = |name: &str, have: &str| request.text(name).is_some_and(|it| it != have);
    if other("InstanceId", &bound.id) || other("InstanceType", &bound.kind) {
        let text = "The eip binding status invalid.";
        return refuse(400, "InvalidBindingStatus", text);
    }
    if bound.kind == "EcsInstance" && world.instances.get(&bound.id).is_some() {
        require_stable(world, &bound.id)?;
    }
    let address = eip.address.clone();
    if bound.kind == "Nat" && super::nat_gateway::uses(world, &bound.id, &address) {
        if !request.flag("Force") {
            let text = "The EIP is used by an SNAT entry.";
            return refuse(400, "InvalidIpStatus.HasBeenUsedBySnatTable", text);
        }
        world.drop_snat_entries(&bound.id, &address);
    }
    let course = world
        .course("Unassociating")
        .then(world.length(Transition::Eip), "Available");
    let now = world.now;
    let eip = world.eips.change(id, now).ok_or_else(not_found)?;
    eip.course = course;
    eip.mode = "NAT".to_owned();
    done()
}
