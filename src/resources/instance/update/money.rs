//! How an instance is paid for, and how long it stays.

use super::{BUSY, Work};
use crate::cloud::ApiError;
use crate::model::{Object, Value};
use crate::provider::hooks::Context;
use crate::resources::instance::wire;
use crate::resources::instance::wire::{change, params, scalar, strings, text};
use serde_json::Value as Json;

pub(super) async fn release_time(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("InstanceId", work.id)]);
    work.add(&mut request, &[("auto_release_time", "AutoReleaseTime")]);
    work.change("ModifyInstanceAutoReleaseTime", request)
        .await
        .map(drop)
}

pub(super) async fn charge_type(work: &Work<'_>) -> Result<(), ApiError> {
    let Some(wanted) = text(work.desired, "instance_charge_type") else {
        return Ok(());
    };
    charge(work.context, work.id, work.desired, wanted).await?;
    work.confirm(wanted, |instance| instance["InstanceChargeType"] == wanted)
        .await
}

/// Asks for another way to pay.
pub(in crate::resources::instance) async fn charge(
    context: Context<'_>,
    id: &str,
    object: &Object,
    wanted: &str,
) -> Result<(), ApiError> {
    let ids = Json::from(vec![id]).to_string();
    let mut request = params([
        ("InstanceIds", &ids),
        ("InstanceChargeType", wanted),
        ("AutoPay", "true"),
    ]);
    let mut rows = vec![("include_data_disks", "IncludeDataDisks")];
    if wanted == "PrePaid" {
        rows.extend([("period", "Period"), ("period_unit", "PeriodUnit")]);
    }
    if object.get("dry_run").and_then(Value::as_bool) == Some(true) {
        rows.push(("dry_run", "DryRun"));
    }
    for (attribute, parameter) in rows {
        let value = object.get(attribute).and_then(scalar);
        request.extend(value.map(|value| (parameter.to_owned(), value)));
    }
    change(
        context,
        "ModifyInstanceChargeType",
        request,
        &["InternalError"],
        &[],
    )
    .await
    .map(drop)
}

pub(super) async fn bandwidth(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("InstanceId", work.id)]);
    work.add(
        &mut request,
        &[
            ("internet_charge_type", "NetworkChargeType"),
            ("internet_max_bandwidth_out", "InternetMaxBandwidthOut"),
            ("internet_max_bandwidth_in", "InternetMaxBandwidthIn"),
        ],
    );
    request.retain(|(_, value)| !value.is_empty());
    work.change("ModifyInstanceNetworkSpec", request).await?;
    let out = work
        .desired
        .get("internet_max_bandwidth_out")
        .and_then(Value::as_int);
    if let Some(out) = out.filter(|_| work.touches(&["internet_max_bandwidth_out"])) {
        work.confirm("as wide as asked for", |instance| {
            instance["InternetMaxBandwidthOut"].as_i64() == Some(out)
        })
        .await?;
    }
    let live = work.instance().await?;
    let bare = strings(&live, "/PublicIpAddress/IpAddress").is_empty()
        && wire::field(&live, "/EipAddress/IpAddress").is_empty();
    if bare && out.is_some_and(|out| out > 0) {
        let request = params([("InstanceId", work.id)]);
        let done = &["AllocatedAlready"];
        change(work.context, "AllocatePublicIpAddress", request, BUSY, done).await?;
    }
    Ok(())
}

pub(super) async fn renewal(work: &Work<'_>) -> Result<(), ApiError> {
    if text(work.desired, "instance_charge_type") != Some("PrePaid") {
        return Ok(());
    }
    let status = text(work.desired, "renewal_status").unwrap_or("Normal");
    let mut request = params([("InstanceId", work.id), ("RenewalStatus", status)]);
    if status == "AutoRenewal" {
        for (attribute, parameter) in [
            ("period_unit", "PeriodUnit"),
            ("auto_renew_period", "Duration"),
        ] {
            let value = work.desired.get(attribute).and_then(scalar);
            request.extend(value.map(|value| (parameter.to_owned(), value)));
        }
    }
    let retry = &["ChargeTypeViolation", "IncorrectInstanceStatus"];
    change(
        work.context,
        "ModifyInstanceAutoRenewAttribute",
        request,
        retry,
        &[],
    )
    .await
    .map(drop)
}
