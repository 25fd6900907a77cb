//! Instances and their network: groups, bandwidth, public addresses, moving to another vSwitch.

use serde_json::json;

use super::Effect::Write;
use super::instance::{require_stable, require_state};
use super::instance_modify::order_id;
use super::{Route, ecs};
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid, missing};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("JoinSecurityGroup", Write, join),
    ecs("LeaveSecurityGroup", Write, leave),
    ecs("AllocatePublicIpAddress", Write, allocate),
    ecs("ModifyInstanceNetworkSpec", Write, modify_spec),
    ecs("ModifyInstanceVpcAttribute", Write, modify_vpc),
];

/// The interface that a call about groups concerns: the one named, or the instance's primary one.
fn interface_of(world: &World, request: &Request) -> Result<String, Refusal> {
    if let Some(id) = request.text("NetworkInterfaceId") {
        return world.interface(id).map(|interface| interface.id.clone());
    }
    let id = request.need("InstanceId")?;
    require_stable(world, id)?;
    world
        .instance(id)?
        .interfaces
        .first()
        .cloned()
        .ok_or_else(|| missing("InstanceId"))
}

fn join(world: &mut World, request: &Request) -> Reply {
    let group = request.need("SecurityGroupId")?.to_owned();
    world.group(&group)?;
    let id = interface_of(world, request)?;
    let interface = world.interface(&id)?;
    if interface.groups.contains(&group) {
        let text = "The specified instance already exists in the specified security group.";
        return refuse(403, "InvalidInstanceId.AlreadyExists", text);
    }
    let mut groups = interface.groups.clone();
    groups.push(group);
    check_groups(world, &interface.vpc, &groups)?;
    world.change_interface(&id, |interface| interface.groups = groups)?;
    done()
}

fn leave(world: &mut World, request: &Request) -> Reply {
    let group = request.need("SecurityGroupId")?.to_owned();
    world.group(&group)?;
    let id = interface_of(world, request)?;
    let interface = world.interface(&id)?;
    if !interface.groups.contains(&group) {
        let text = "The instance not in the group.";
        return refuse(403, "InstanceNotInSecurityGroup", text);
    }
    if interface.groups.len() == 1 {
        let text = "The specified security group is the last security group for the instance.";
        return refuse(403, "InstanceLastSecurityGroup", text);
    }
    world.change_interface(&id, |interface| {
        interface.groups.retain(|have| *have != group)
    })?;
    done()
}

fn check_groups(world: &World, vpc: &str, groups: &[String]) -> Result<(), Refusal> {
    if groups.len() > world.quotas.groups_per_instance {
        let text = "Exceeding the allowed amount of security groups that an instance can be in.";
        return refuse(400, "InstanceSecurityGroupLimitExceeded", text);
    }
    for id in groups {
        if world.group(id)?.vpc.as_deref() != Some(vpc) {
            let text = "Specified security group and instance are not in the same VPC.";
            return refuse(403, "InvalidOperation.VpcMismatch", text);
        }
        if world.member_count(id) >= world.quotas.addresses_per_group {
            let text = "The maximum number of instances in a security group is exceeded.";
            return refuse(403, "SecurityGroupInstanceLimitExceed", text);
        }
    }
    Ok(())
}

/// Replaces the groups of an instance.
pub(super) fn set_groups(
    world: &mut World,
    instance: &str,
    groups: Vec<String>,
) -> Result<(), Refusal> {
    let instance = world.instance(instance)?;
    check_groups(world, &instance.vpc, &groups)?;
    let Some(primary) = instance.interfaces.first().cloned() else {
        return Ok(());
    };
    world.change_interface(&primary, |interface| interface.groups = groups)
}

fn allocate(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    require_stable(world, id)?;
    let instance = world.instance(id)?;
    if instance.public_ip.is_some() {
        let text = "There is an IpAddress allocated already for the specified instance.";
        return refuse(403, "AllocatedAlready", text);
    }
    if instance.bandwidth_out <= 0 {
        let text = "OperationDenied The InternetMaxBandwidthOut of the specified instance cannot \
                    be less than 0.";
        return refuse(400, "AllocateIpInvalidInstanceBandwidth", text);
    }
    let address = world.public_address();
    world.instance_mut(id)?.public_ip = Some(address.clone());
    Ok(json!({ "IpAddress": address }))
}

fn modify_spec(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let out = request.integer("InternetMaxBandwidthOut");
    let into = request.integer("InternetMaxBandwidthIn");
    if out.is_some_and(|it| !(0..=100).contains(&it)) {
        let text = "The specified InternetMaxBandwidthOut is beyond the permitted range.";
        return refuse(
            400,
            "InvalidInternetMaxBandwidthOut.ValueNotSupported",
            text,
        );
    }
    if into.is_some_and(|it| !(1..=200).contains(&it)) {
        let text = "The specified InternetMaxBandwidthIn is beyond the permitted range.";
        return refuse(400, "InvalidInternetMaxBandwidthIn.ValueNotSupported", text);
    }
    let charge = request.text("NetworkChargeType");
    if charge.is_some_and(|it| !["PayByTraffic", "PayByBandwidth"].contains(&it)) {
        let text = "The specified NetworkChargeType is not valid.";
        return refuse(400, "InvalidInternetChargeType.ValueNotSupported", text);
    }
    require_stable(world, id)?;
    let before = world.instance(id)?;
    // A subscription gets its public address with its bandwidth; others ask for one.
    let asks = request.flag("AllocatePublicIp") || before.charge_type == "PrePaid";
    let allocate = asks && before.public_ip.is_none();
    let address = allocate.then(|| world.public_address());
    let instance = world.instance_mut(id)?;
    if let Some(out) = out {
        instance.bandwidth_out = out;
    }
    if let Some(into) = into {
        instance.bandwidth_in = into;
    }
    if let Some(charge) = charge {
        instance.internet_charge_type = charge.to_owned();
    }
    if instance.bandwidth_out == 0 {
        instance.public_ip = None;
    } else if address.is_some() {
        instance.public_ip = address;
    }
    Ok(json!({ "OrderId": order_id(world) }))
}

fn modify_vpc(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let vswitch = world.vswitch(request.need("VSwitchId")?)?.clone();
    let wanted = request.address("PrivateIpAddress")?;
    let groups = request.list("SecurityGroupId");
    require_state(world, id, &["Stopped"])?;
    let instance = world.instance(id)?;
    if vswitch.zone != instance.zone {
        let text = "The specified VSwitch is not in the zone of the instance.";
        return refuse(403, "InvalidOperation.AvailabilityZoneMismatch", text);
    }
    if request.text("VpcId").is_some_and(|vpc| vpc != vswitch.vpc) {
        return Err(invalid("VpcId"));
    }
    if vswitch.course.at(world.now) != "Available" {
        let text = "The current status of virtual switch does not support this operation.";
        return refuse(400, "IncorrectVSwitchStatus", text);
    }
    let moved = vswitch.vpc != instance.vpc;
    if moved && groups.is_empty() {
        return Err(missing("SecurityGroupId.1"));
    }
    if !groups.is_empty() {
        check_groups(world, &vswitch.vpc, &groups)?;
    }
    let Some(primary) = instance.interfaces.first().cloned() else {
        return refuse(
            404,
            "InvalidEniId.NotFound",
            "The specified ENI does not exist.",
        );
    };
    let interface = world.interface(&primary)?;
    let stays = interface.vswitch == vswitch.id;
    let current = interface.addresses.first().cloned();
    if stays && wanted.is_none_or(|wanted| Some(wanted.to_string()) == current) {
        return done();
    }
    let address = world.pick_address(&vswitch, wanted)?.to_string();
    world.change_interface(&primary, |interface| {
        interface.vpc.clone_from(&vswitch.vpc);
        interface.vswitch.clone_from(&vswitch.id);
        // Further addresses stay where they are of the same vSwitch.
        interface
            .addresses
            .truncate(if stays { usize::MAX } else { 0 });
        interface.addresses.retain(|have| *have != address);
        if stays && !interface.addresses.is_empty() {
            interface.addresses.remove(0);
        }
        interface.addresses.insert(0, address);
        if !groups.is_empty() {
            interface.groups = groups;
        }
    })?;
    let instance = world.instance_mut(id)?;
    instance.vpc = vswitch.vpc;
    instance.vswitch = vswitch.id;
    done()
}
