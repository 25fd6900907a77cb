//! What the table cannot say: payment, and the disk that goes with its subscription instance.

use futures::future::BoxFuture;
use serde_json::Value as Json;

use super::table::CHARGE;
use crate::{
    cloud::{ApiError, ApiErrorKind, Call, client::Product},
    model::{Object, Value},
    provider::{
        Change, Failure, batch,
        hooks::Context,
        lifecycle::{self, failure, local, wait_for, wanted},
    },
    schema::{Wait, limits, to_wire},
};

use super::rules::PAYMENTS;

const PAYMENT: &str = "payment_type";
/// What the API says of a disk that changed its payment.
const POST_PAID: Wait = paid(&["PostPaid"]);
const PRE_PAID: Wait = paid(&["PrePaid"]);

const fn paid(until: &'static [&'static str]) -> Wait {
    Wait {
        field: "DiskChargeType",
        until,
        failed: &[],
    }
}

/// Waits, sets what a creation cannot, and changes the payment when it is asked for another one.
pub(super) fn settle<'a>(
    context: Context<'a>,
    id: &'a str,
    desired: &'a Object,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        let failed = |error| failure(context.ty, error, None);
        lifecycle::settle(context, id, desired)
            .await
            .map_err(failed)?;
        if desired.get(PAYMENT).and_then(Value::as_str).is_some() {
            pay(context, id, desired).await?;
        }
        Ok(())
    })
}

/// Makes the calls of the table, and then changes the payment.
pub(super) fn update<'a>(
    context: Context<'a>,
    id: &'a str,
    change: Change<'a>,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        let of_table: Vec<String> = change
            .changed
            .iter()
            .filter(|path| *path != PAYMENT)
            .cloned()
            .collect();
        let rest = Change {
            changed: &of_table,
            ..change
        };
        lifecycle::update(context, id, rest)
            .await
            .map_err(|error| failure(context.ty, error, None))?;
        if of_table.len() < change.changed.len() {
            pay(context, id, change.desired).await?;
        }
        Ok(())
    })
}

/// Changes how the disk is paid for, unless it is so already.
async fn pay(context: Context<'_>, id: &str, desired: &Object) -> Result<(), Failure> {
    let changed = change_payment(context, id, desired).await;
    changed.map_err(|error| Failure {
        error,
        attribute: Some(PAYMENT.to_owned()),
        current: None,
    })
}

async fn change_payment(context: Context<'_>, id: &str, desired: &Object) -> Result<(), ApiError> {
    let ty = context.ty;
    let words = crate::schema::Wire::Words(PAYMENTS);
    let Some(payment) = desired.get(PAYMENT).and_then(|it| to_wire(&words, it)) else {
        return Ok(());
    };
    let disk = look(context, id, desired).await?.unwrap_or_default();
    if disk["DiskChargeType"] == *payment {
        return Ok(());
    }
    let instance = disk["InstanceId"].as_str().unwrap_or_default();
    if instance.is_empty() {
        let text = format!(
            "The payment of {id} cannot be changed, since it is on no instance. Attach it to a subscription \
             instance first, and change payment_type in a later apply."
        );
        return Err(local(ty, "DiskNotAttached", text, ApiErrorKind::Invalid));
    }
    (context.progress)(CHARGE.action);
    let call = Call::change(Product::Ecs, CHARGE.action)
        .param("DiskIds", Json::from(vec![id]).to_string())
        .param("InstanceId", instance)
        .param("DiskChargeType", payment.as_str())
        .param("AutoPay", "true")
        .token(uuid::Uuid::new_v4().simple().to_string());
    context.client.call(&call).await?;
    let wait = if payment == "PrePaid" {
        PRE_PAID
    } else {
        POST_PAID
    };
    wait_for(context, id, desired, wait, limits(ty, desired).update).await
}

/// Reads the disk as the API answers.
async fn look(context: Context<'_>, id: &str, known: &Object) -> Result<Option<Json>, ApiError> {
    batch::item(context.client, context.ty, &wanted(context.ty, id, known)).await
}

/// Deletes the disk. One that is subscribed to and goes with its instance is left to it.
pub(super) fn delete<'a>(
    context: Context<'a>,
    id: &'a str,
    prior: &'a Object,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        let failed = |error| failure(context.ty, error, None);
        let disk = look(context, id, prior).await.map_err(failed)?;
        let left =
            |disk: &Json| disk["DiskChargeType"] == "PrePaid" && disk["DeleteWithInstance"] == true;
        if disk.as_ref().is_none_or(left) {
            return Ok(());
        }
        let read = || lifecycle::read_one(context.client, context.ty, id, prior);
        lifecycle::remove(context, id, prior, read)
            .await
            .map_err(failed)
    })
}
