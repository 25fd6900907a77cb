//! What follows the creation of an instance: address, further groups, what no create call takes,
//! and the start. Every step looks first or bears the answer "already", so it can be run again.

use std::time::Duration;

use serde_json::Value as Json;
use tokio::time::Instant;

use crate::{
    cloud::ApiError,
    model::{Object, Value},
    provider::{Failure, hooks::Context},
    schema::limits,
};

use super::{
    create,
    update::{self, Work},
    wire::{self, change, failure, params, text, texts},
};

/// The pause before a refused start or stop is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// The states in which an instance can be worked on.
const STABLE: &[&str] = &["Stopped", "Running"];

/// Makes a new instance ready.
pub(super) async fn settle_instance(
    context: Context<'_>,
    id: &str,
    desired: &Object,
) -> Result<(), Failure> {
    let deadline = wire::deadline(limits(context.ty, desired).create);
    let waited = wire::wait(context, id, STABLE, deadline, true).await;
    let instance = waited.map_err(|error| failure(error, ""))?;
    public_address(context, id, desired, &instance).await?;
    further_groups(context, id, desired, &instance).await?;
    after_create(context, id, desired, &instance).await?;
    power(context, id, desired, instance, deadline).await
}

/// The hook.
pub(super) fn settle<'a>(
    context: Context<'a>,
    id: &'a str,
    desired: &'a Object,
) -> futures::future::BoxFuture<'a, Result<(), Failure>> {
    Box::pin(settle_instance(context, id, desired))
}

/// Whether an instance ran before an update that was cut short.
pub(super) fn resumes(before: &Object) -> bool {
    text(before, "status") == Some("Running")
}

/// Allocates a public address where bandwidth asks for one and there is none yet.
async fn public_address(
    context: Context<'_>,
    id: &str,
    desired: &Object,
    instance: &Json,
) -> Result<(), Failure> {
    let out = desired
        .get("internet_max_bandwidth_out")
        .and_then(Value::as_int);
    let has = !wire::strings(instance, "/PublicIpAddress/IpAddress").is_empty()
        || !wire::field(instance, "/EipAddress/IpAddress").is_empty();
    if has || out.is_none_or(|out| out <= 0) {
        return Ok(());
    }
    change(
        context,
        "AllocatePublicIpAddress",
        params([("InstanceId", id)]),
        &["IncorrectInstanceStatus"],
        &["AllocatedAlready"],
    )
    .await
    .map(drop)
    .map_err(|error| failure(error, "internet_max_bandwidth_out"))
}

/// Joins the security groups that the create call could not take.
async fn further_groups(
    context: Context<'_>,
    id: &str,
    desired: &Object,
    instance: &Json,
) -> Result<(), Failure> {
    if create::by_run(desired) {
        return Ok(());
    }
    // An update that was cut short is on its way to another network, and takes the groups along.
    let here = wire::field(instance, "/VpcAttributes/VSwitchId");
    let there = desired.get("vswitch_id").and_then(Value::as_str);
    if there.is_some_and(|there| there != here) {
        return Ok(());
    }
    let joined = wire::strings(instance, "/SecurityGroupIds/SecurityGroupId");
    for group in texts(desired, "security_groups") {
        if !joined.contains(&group) {
            join(context, id, group).await?;
        }
    }
    Ok(())
}

/// Puts the instance into a security group.
async fn join(context: Context<'_>, id: &str, group: &str) -> Result<(), Failure> {
    change(
        context,
        "JoinSecurityGroup",
        params([("InstanceId", id), ("SecurityGroupId", group)]),
        &["IncorrectInstanceStatus"],
        &["InvalidInstanceId.AlreadyExists"],
    )
    .await
    .map(drop)
    .map_err(|error| failure(error, "security_groups"))
}

/// Sets what neither create call takes. The steps are those of an update from nothing.
async fn after_create(
    context: Context<'_>,
    id: &str,
    desired: &Object,
    instance: &Json,
) -> Result<(), Failure> {
    let given = |name: &&str| {
        desired
            .get(name)
            .is_some_and(|value| !value.is_null() && !value.is_unknown())
    };
    let changed: Vec<String> = [
        "volume_tags",
        "secondary_private_ips",
        "secondary_private_ip_address_count",
        "maintenance_time",
        "maintenance_action",
        "maintenance_notify",
        "http_endpoint",
        "http_tokens",
        "renewal_status",
    ]
    .iter()
    .filter(|name| given(name) && !already(name, desired, instance))
    .map(|name| (*name).to_owned())
    .collect();
    if changed.is_empty() {
        return Ok(());
    }
    let prior = present(instance);
    let work = Work {
        vpc: None,
        context,
        id,
        prior: &prior,
        desired,
        changed: &changed,
        deadline: wire::deadline(limits(context.ty, desired).create),
    };
    update::run(&work).await
}

/// What the new instance has of what the steps compare with.
fn present(instance: &Json) -> Object {
    let primary = update::primary_of(instance);
    let further: Vec<Value> = update::further_addresses(&primary)
        .into_iter()
        .map(Value::from)
        .collect();
    let mut prior = Object::new();
    let count = i64::try_from(further.len()).unwrap_or(i64::MAX);
    prior.insert("secondary_private_ip_address_count", Value::int(count));
    prior.insert("secondary_private_ips", Value::set(further));
    prior
}

/// Whether the instance shows that an attribute is as desired.
fn already(name: &str, desired: &Object, instance: &Json) -> bool {
    match name {
        "http_endpoint" => {
            text(desired, name) == Some(wire::field(instance, "/MetadataOptions/HttpEndpoint"))
        }
        "http_tokens" => {
            text(desired, name) == Some(wire::field(instance, "/MetadataOptions/HttpTokens"))
        }
        // The create calls take the other two.
        "renewal_status" => {
            text(desired, name) != Some("NotRenewal")
                || text(desired, "instance_charge_type") != Some("PrePaid")
        }
        _ => false,
    }
}

/// Starts the instance, or stops it where that is desired.
async fn power(
    context: Context<'_>,
    id: &str,
    desired: &Object,
    instance: Json,
    deadline: Instant,
) -> Result<(), Failure> {
    let wanted = text(desired, "status").unwrap_or("Running");
    if wire::status(&instance) == wanted {
        return Ok(());
    }
    let done = if wanted == "Stopped" {
        stop(context, id, text(desired, "stopped_mode"), deadline).await
    } else {
        start(context, id, deadline).await
    };
    done.map_err(|error| failure(error, "status"))
}

/// Starts an instance that is stopped and waits until it runs.
pub(super) async fn start(
    context: Context<'_>,
    id: &str,
    deadline: Instant,
) -> Result<(), ApiError> {
    switch(
        context,
        id,
        "StartInstance",
        params([("InstanceId", id)]),
        "Running",
        deadline,
    )
    .await
}

/// Stops an instance in good order and waits until it is stopped.
pub(super) async fn stop(
    context: Context<'_>,
    id: &str,
    mode: Option<&str>,
    deadline: Instant,
) -> Result<(), ApiError> {
    let mut request = params([("InstanceId", id), ("ForceStop", "false")]);
    // What is read back may also be "Not-applicable", which the action does not take.
    let mode = mode.filter(|mode| ["StopCharging", "KeepCharging"].contains(mode));
    request.extend(mode.map(|mode| ("StoppedMode".to_owned(), mode.to_owned())));
    switch(context, id, "StopInstance", request, "Stopped", deadline).await
}

/// Switches an instance on or off. Its state may pass meanwhile, so a refusal because of the state is
/// followed by a look and another try.
async fn switch(
    context: Context<'_>,
    id: &str,
    action: &'static str,
    request: wire::Params,
    wanted: &str,
    deadline: Instant,
) -> Result<(), ApiError> {
    loop {
        match change(context, action, request.clone(), &[], &[]).await {
            Ok(_) => {
                wire::wait(context, id, &[wanted], deadline, false).await?;
                return Ok(());
            }
            Err(error) if !error.code.contains("IncorrectInstanceStatus") => return Err(error),
            Err(error) if Instant::now() >= deadline => return Err(error),
            Err(_) => {}
        }
        let instance = wire::wait(context, id, STABLE, deadline, false).await?;
        if wire::status(&instance) == wanted {
            return Ok(());
        }
        tokio::time::sleep(AGAIN).await;
    }
}
