//! Addresses, groups and interfaces.

use super::Work;
use crate::cloud::{ApiError, ApiErrorKind, Call, Product};
use crate::model::Value;
use crate::resources::instance::wire;
use crate::resources::instance::wire::{items, numbered, params, text, texts};
use serde_json::Value as Json;

/// Replaces the set of groups in one call; a change of VPC carries them by itself.
pub(super) async fn groups(work: &Work<'_>) -> Result<(), ApiError> {
    if work.vpc.is_some() {
        return Ok(());
    }
    let mut request = params([("InstanceId", work.id)]);
    numbered(
        &mut request,
        "SecurityGroupIds",
        texts(work.desired, "security_groups"),
    );
    work.change("ModifyInstanceAttribute", request)
        .await
        .map(drop)
}

/// Returns the VPC that the changes take the instance to, if it is another one. Where only the vSwitch says which,
/// it is asked; groups are of one VPC, so that who keeps them stays.
pub(super) async fn destination(work: &Work<'_>) -> Result<Option<String>, ApiError> {
    let given = text(work.desired, "vpc_id").filter(|_| work.touches(&["vpc_id"]));
    if given.is_some() {
        return Ok(given.map(str::to_owned));
    }
    let moves = work.touches(&["vswitch_id"]) && work.touches(&["security_groups"]);
    let Some(vswitch) = text(work.desired, "vswitch_id").filter(|_| moves) else {
        return Ok(None);
    };
    let call = Call {
        params: params([("VSwitchId", vswitch)]),
        ..Call::read(Product::Vpc, "DescribeVSwitches")
    };
    let answer = work.context.client.call(&call).await?;
    let vpc = wire::field(&answer, "/VSwitches/VSwitch/0/VpcId");
    let other = !vpc.is_empty() && text(work.prior, "vpc_id") != Some(vpc);
    Ok(other.then(|| vpc.to_owned()))
}

/// The primary network interface in the answer about an instance.
pub(in crate::resources::instance) fn primary_of(instance: &Json) -> Json {
    let interfaces = items(instance, "/NetworkInterfaces/NetworkInterface");
    interfaces
        .iter()
        .find(|interface| interface["Type"] == "Primary")
        .or_else(|| interfaces.first())
        .cloned()
        .unwrap_or_default()
}

/// The private addresses of an interface beyond its primary one.
pub(in crate::resources::instance) fn further_addresses(interface: &Json) -> Vec<&str> {
    items(interface, "/PrivateIpSets/PrivateIpSet")
        .iter()
        .filter(|set| set["Primary"] != true)
        .filter_map(|set| set["PrivateIpAddress"].as_str())
        .collect()
}

pub(super) async fn primary_interface(work: &Work<'_>) -> Result<Json, ApiError> {
    let primary = primary_of(&work.instance().await?);
    if primary["NetworkInterfaceId"].is_string() {
        return Ok(primary);
    }
    Err(wire::refusal(
        ApiErrorKind::Invalid,
        "DescribeInstances",
        "NoNetworkInterface",
        format!("Instance {} has no network interface.", work.id),
    ))
}

/// Adds and removes addresses of the primary interface, as it has them now.
pub(super) async fn exchange(
    work: &Work<'_>,
    actions: [&'static str; 2],
    parameter: &str,
    have: &[&str],
    want: &[&str],
) -> Result<(), ApiError> {
    let interface = primary_interface(work).await?;
    let id = wire::field(&interface, "/NetworkInterfaceId");
    let [unassign, assign] = actions;
    let without = |these: &[&str], those: &[&str]| -> Vec<String> {
        let left = these.iter().filter(|this| !those.contains(this));
        left.map(|this| (*this).to_owned()).collect()
    };
    for (action, some) in [
        (unassign, without(have, want)),
        (assign, without(want, have)),
    ] {
        if !some.is_empty() {
            let mut request = params([("NetworkInterfaceId", id)]);
            numbered(&mut request, parameter, some.iter().map(String::as_str));
            work.change(action, request).await?;
        }
    }
    Ok(())
}

pub(super) const PRIVATE: [&str; 2] = ["UnassignPrivateIpAddresses", "AssignPrivateIpAddresses"];

pub(super) async fn addresses(work: &Work<'_>) -> Result<(), ApiError> {
    let want = texts(work.desired, "secondary_private_ips");
    // After a move there is nothing to take away.
    if want.is_empty() && !work.touches(&["secondary_private_ips"]) {
        return Ok(());
    }
    let interface = primary_interface(work).await?;
    let have = further_addresses(&interface);
    exchange(work, PRIVATE, "PrivateIpAddress", &have, &want).await
}

pub(super) async fn address_count(work: &Work<'_>) -> Result<(), ApiError> {
    let wanted = work.desired.get("secondary_private_ip_address_count");
    let Some(wanted) = wanted
        .and_then(Value::as_int)
        .and_then(|count| usize::try_from(count).ok())
    else {
        return Ok(());
    };
    let interface = primary_interface(work).await?;
    let have = further_addresses(&interface);
    if have.len() >= wanted {
        return exchange(work, PRIVATE, "PrivateIpAddress", &have, &have[..wanted]).await;
    }
    let id = wire::field(&interface, "/NetworkInterfaceId");
    let more = (wanted - have.len()).to_string();
    let request = params([
        ("NetworkInterfaceId", id),
        ("SecondaryPrivateIpAddressCount", &more),
    ]);
    work.change("AssignPrivateIpAddresses", request)
        .await
        .map(drop)
}

pub(super) async fn ipv6(work: &Work<'_>) -> Result<(), ApiError> {
    let interface = primary_interface(work).await?;
    let have: Vec<&str> = items(&interface, "/Ipv6Sets/Ipv6Set")
        .iter()
        .filter_map(|set| set["Ipv6Address"].as_str())
        .collect();
    let want = texts(work.desired, "ipv6_addresses");
    let actions = ["UnassignIpv6Addresses", "AssignIpv6Addresses"];
    exchange(work, actions, "Ipv6Address", &have, &want).await
}
