//! The release of an instance.

use futures::future::BoxFuture;

use crate::{
    cloud::{ApiError, ApiErrorKind},
    model::{Object, Value},
    provider::{Failure, hooks::Context},
    schema::limits,
};

use super::{
    update::charge,
    wire::{self, Until, change, failure, params, text},
};

/// States that pass.
const BUSY: &[&str] = &[
    "IncorrectInstanceStatus",
    "DependencyViolation.RouteEntry",
    "DependencyViolation.SLBConfiguring",
    "LastTokenProcessing",
];
/// Codes that mean that it is gone already.
const GONE: &[&str] = &["InvalidInstanceId.NotFound", "Forbidden.InstanceNotFound"];

/// The hook.
pub(super) fn delete<'a>(
    context: Context<'a>,
    id: &'a str,
    prior: &'a Object,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        if text(prior, "instance_charge_type") == Some("PrePaid") {
            leave_subscription(context, id, prior)
                .await
                .map_err(|error| failure(error, "force_delete"))?;
        }
        let request = params([("InstanceId", id), ("Force", "true")]);
        change(context, "DeleteInstance", request, BUSY, GONE)
            .await
            .map_err(explained)?;
        wait_until_gone(context, id, prior)
            .await
            .map_err(|error| failure(error, ""))
    })
}

/// A prepaid instance cannot be released before its time: it is made pay-as-you-go first.
async fn leave_subscription(
    context: Context<'_>,
    id: &str,
    prior: &Object,
) -> Result<(), ApiError> {
    let forced = prior.get("force_delete").and_then(Value::as_bool) == Some(true);
    if !forced {
        return Err(wire::refusal(
            ApiErrorKind::Invalid,
            "DeleteInstance",
            "ChargeTypeViolation",
            format!(
                "Instance {id} is prepaid. Set force_delete = true and apply, then delete it again."
            ),
        ));
    }
    let asked = charge(context, id, prior, "PostPaid").await;
    match asked {
        Err(error) if GONE.iter().any(|code| error.code.contains(code)) => return Ok(()),
        other => other?,
    }
    let until = Until {
        what: "PostPaid",
        deadline: wire::deadline(limits(context.ty, prior).delete),
        new: false,
    };
    let changed = wire::poll(context, id, until, |instance| {
        Ok(instance.is_none_or(|instance| instance["InstanceChargeType"] == "PostPaid"))
    });
    changed.await.map(drop)
}

async fn wait_until_gone(context: Context<'_>, id: &str, prior: &Object) -> Result<(), ApiError> {
    let until = Until {
        what: "released",
        deadline: wire::deadline(limits(context.ty, prior).delete),
        new: false,
    };
    let gone = wire::poll(context, id, until, |instance| Ok(instance.is_none()));
    gone.await.map(drop)
}

/// Says what to do about a refusal.
fn explained(mut error: ApiError) -> Failure {
    let protected = error.code.contains("DeletionProtection");
    if protected {
        error.message.push_str(
            " Set deletion_protection = false, apply, and delete it again; this changes no other attribute.",
        );
    }
    failure(error, if protected { "deletion_protection" } else { "" })
}
