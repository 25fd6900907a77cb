//! What needs a stopped instance, and what a stop brings with it: one stop and one start for all of it.

use super::disks::new_disk;
use super::{BUSY, STOPS, Work, decrypted_password};
use crate::cloud::ApiError;
use crate::model::Value;
use crate::resources::instance::settle::{start, stop};
use crate::resources::instance::wire;
use crate::resources::instance::wire::{change, numbered, params, scalar, text, texts};
use crate::schema::is_digest;
use serde_json::Value as Json;

/// Everything that needs a stopped instance: one stop, the work, one start.
pub(super) async fn stopped(work: &Work<'_>) -> Result<(), ApiError> {
    let live = work.instance().await?;
    let wanted = text(work.desired, "status")
        .or_else(|| text(work.prior, "status"))
        .unwrap_or("Running");
    let needs_stop = work.touches(STOPS);
    let mut running = wire::status(&live) != "Stopped";
    if running && (needs_stop || wanted == "Stopped") {
        let mode = text(work.desired, "stopped_mode");
        stop(work.context, work.id, mode, work.deadline).await?;
        running = false;
    }
    image(work).await?;
    network(work).await?;
    instance_type(work).await?;
    processors(work).await?;
    if work.touches(&["key_name"]) && needs_stop {
        exchange_key(work).await?;
    }
    if wanted == "Running" && !running {
        start(work.context, work.id, work.deadline).await?;
    }
    Ok(())
}

/// Replaces the system disk. The key pair is lost with it and is put back.
pub(super) async fn image(work: &Work<'_>) -> Result<(), ApiError> {
    let Some(image) = text(work.desired, "image_id").filter(|_| work.touches(&["image_id"])) else {
        return Ok(());
    };
    let mut request = params([("InstanceId", work.id), ("ImageId", image)]);
    for (attribute, parameter) in [
        ("system_disk_size", "SystemDisk.Size"),
        ("system_disk_encrypted", "Encrypted"),
        ("system_disk_encrypt_algorithm", "EncryptAlgorithm"),
        ("system_disk_kms_key_id", "KMSKeyId"),
        (
            "security_enhancement_strategy",
            "SecurityEnhancementStrategy",
        ),
        ("password", "Password"),
        ("password_inherit", "PasswordInherit"),
    ] {
        let value = work.desired.get(attribute).and_then(scalar);
        // The state has a digest in place of the password: only a new one is sent.
        let said = value.filter(|value| !value.is_empty() && value != "false" && !is_digest(value));
        request.extend(said.map(|value| (parameter.to_owned(), value)));
    }
    request.extend(decrypted_password(work).await?);
    work.change("ReplaceSystemDisk", request).await?;
    work.confirm("of the new image", |instance| instance["ImageId"] == image)
        .await?;
    new_disk(work).await?;
    match text(work.desired, "key_name") {
        Some(key) if !work.touches(&["key_name"]) => attach_key(work, key).await,
        _ => Ok(()),
    }
}

pub(super) async fn network(work: &Work<'_>) -> Result<(), ApiError> {
    if !work.touches(&["vpc_id", "vswitch_id", "private_ip"]) {
        return Ok(());
    }
    let mut request = params([("InstanceId", work.id)]);
    let vswitch = text(work.desired, "vswitch_id");
    request.extend(vswitch.map(|id| ("VSwitchId".to_owned(), id.to_owned())));
    let address = text(work.desired, "private_ip").filter(|_| work.touches(&["private_ip"]));
    request.extend(address.map(|ip| ("PrivateIpAddress".to_owned(), ip.to_owned())));
    if let Some(vpc) = &work.vpc {
        request.push(("VpcId".to_owned(), vpc.clone()));
        numbered(
            &mut request,
            "SecurityGroupId",
            texts(work.desired, "security_groups"),
        );
    }
    work.change("ModifyInstanceVpcAttribute", request).await?;
    work.confirm("in its new network", |instance| {
        let at = |pointer: &str| instance.pointer(pointer).and_then(Json::as_str);
        vswitch.is_none_or(|id| at("/VpcAttributes/VSwitchId") == Some(id))
            && address
                .is_none_or(|ip| at("/VpcAttributes/PrivateIpAddress/IpAddress/0") == Some(ip))
    })
    .await
}

pub(super) async fn instance_type(work: &Work<'_>) -> Result<(), ApiError> {
    let Some(ty) = text(work.desired, "instance_type").filter(|_| work.touches(&["instance_type"]))
    else {
        return Ok(());
    };
    let mut request = params([("InstanceId", work.id), ("InstanceType", ty)]);
    let action = if text(work.prior, "instance_charge_type") == Some("PrePaid") {
        let operator = text(work.desired, "operator_type");
        request.extend(operator.map(|kind| ("OperatorType".to_owned(), kind.to_owned())));
        "ModifyPrepayInstanceSpec"
    } else {
        "ModifyInstanceSpec"
    };
    work.change(action, request).await?;
    work.confirm(ty, |instance| instance["InstanceType"] == ty)
        .await
}

pub(super) async fn processors(work: &Work<'_>) -> Result<(), ApiError> {
    if !work.touches(&["cpu_options", "enable_high_density_mode"]) {
        return Ok(());
    }
    let mut request = params([("InstanceId", work.id)]);
    work.add(
        &mut request,
        &[(
            "enable_high_density_mode",
            "AdditionalInfo.EnableHighDensityMode",
        )],
    );
    let options = work.desired.get("cpu_options").and_then(Value::as_list);
    if let Some(options) = options.and_then(|list| list.first()?.as_object()) {
        for (attribute, parameter) in [
            ("core_count", "CpuOptions.Core"),
            ("threads_per_core", "CpuOptions.ThreadsPerCore"),
            ("topology_type", "CpuOptions.TopologyType"),
        ] {
            let value = options.get(attribute).and_then(scalar);
            request.extend(value.map(|value| (parameter.to_owned(), value)));
        }
    }
    work.change("ModifyInstanceAttribute", request)
        .await
        .map(drop)
}

/// Exchanges the key pair and restarts a running instance; a stopped one stays stopped. Where other
/// changes have stopped the instance, it is exchanged with them.
pub(super) async fn key(work: &Work<'_>) -> Result<(), ApiError> {
    if work.touches(STOPS) {
        return Ok(());
    }
    exchange_key(work).await?;
    if wire::status(&work.instance().await?) == "Running" {
        let request = params([("InstanceId", work.id), ("ForceStop", "true")]);
        work.change("RebootInstance", request).await?;
        wire::wait(work.context, work.id, &["Running"], work.deadline, false).await?;
    }
    Ok(())
}

pub(super) async fn exchange_key(work: &Work<'_>) -> Result<(), ApiError> {
    if let Some(old) = text(work.prior, "key_name") {
        let ids = Json::from(vec![work.id]).to_string();
        let request = params([("KeyPairName", old), ("InstanceIds", &ids)]);
        let done = &["InvalidKeyPairName.NotFound"];
        change(work.context, "DetachKeyPair", request, BUSY, done).await?;
    }
    match text(work.desired, "key_name") {
        Some(new) => attach_key(work, new).await,
        None => Ok(()),
    }
}

pub(super) async fn attach_key(work: &Work<'_>, key: &str) -> Result<(), ApiError> {
    let ids = Json::from(vec![work.id]).to_string();
    let request = params([("KeyPairName", key), ("InstanceIds", &ids)]);
    work.change("AttachKeyPair", request).await.map(drop)
}
