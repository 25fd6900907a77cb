//! Addresses on their way to the gateway are waited for; those that are not on it, and not on their way, are named.

use futures::future::{BoxFuture, FutureExt};
use serde_json::Value as Json;

use crate::{
    cloud::{ApiError, ApiErrorKind, client::Product},
    model::{Object, Value},
    provider::{
        Change, CreateRequest, Failure,
        batch::read_call,
        hooks::Context,
        lifecycle::{self, Poll},
    },
    schema::{items, limits},
};

/// What is said of an address that is not on the gateway, now or at all.
const NOT_BOUND: &str = "EIP_NOT_IN_GATEWAY";

/// Creates an entry, once its addresses are bound.
pub(super) fn create<'a>(
    context: Context<'a>,
    request: &'a CreateRequest,
    desired: &'a Object,
    token: &'a str,
) -> BoxFuture<'a, Result<Json, ApiError>> {
    async move {
        let mut poll = Poll::new(limits(context.ty, desired).create);
        loop {
            match lifecycle::create(context, request, token).await {
                Err(error) if error.code == NOT_BOUND => {
                    pause(context, desired, &mut poll, error).await?;
                }
                answer => return answer,
            }
        }
    }
    .boxed()
}

/// Changes an entry, once its addresses are bound.
pub(super) fn update<'a>(
    context: Context<'a>,
    id: &'a str,
    change: Change<'a>,
) -> BoxFuture<'a, Result<(), Failure>> {
    async move {
        let failed = |error| lifecycle::failure(context.ty, error, None);
        let mut poll = Poll::new(limits(context.ty, change.desired).update);
        loop {
            match lifecycle::update(context, id, change).await {
                Err(error) if error.code == NOT_BOUND => {
                    let paused = pause(context, change.desired, &mut poll, error).await;
                    paused.map_err(failed)?;
                }
                done => return done.map_err(failed),
            }
        }
    }
    .boxed()
}

/// Pauses while an address is on its way. The error names one that is not.
async fn pause(
    context: Context<'_>,
    desired: &Object,
    poll: &mut Poll,
    error: ApiError,
) -> Result<(), ApiError> {
    if let Some(message) = stray(context, desired).await? {
        return Err(ApiError {
            message,
            kind: ApiErrorKind::Invalid,
            ..error
        });
    }
    (context.progress)("waiting for the addresses of the gateway");
    if poll.pause().await {
        Ok(())
    } else {
        Err(error)
    }
}

/// Returns what is wrong with an address that is neither on the table's gateway nor on its way.
async fn stray(context: Context<'_>, desired: &Object) -> Result<Option<String>, ApiError> {
    let text = |name: &str| {
        desired
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let addresses: Vec<&str> = text("snat_ip").split(',').map(str::trim).collect();
    let params = vec![
        ("EipAddress".to_owned(), addresses.join(",")),
        ("PageSize".to_owned(), "100".to_owned()),
    ];
    let call = read_call(Product::Vpc, "DescribeEipAddresses", params);
    let answer = context.client.call(&call).await?;
    for eip in items(&answer, "EipAddresses.EipAddress") {
        let of = |name: &str| eip[name].as_str().unwrap_or_default();
        let address = of("IpAddress");
        let holder = of("InstanceId");
        match of("Status") {
            "Available" => {
                return Ok(Some(format!(
                    "{address} is not bound to the NAT gateway. Bind it with an alicloud_eip_association, and refer to that one, so that it comes first."
                )));
            }
            "InUse" if !has_table(context, holder, text("snat_table_id")).await? => {
                return Ok(Some(format!(
                    "{address} is bound to {holder}, and not to the NAT gateway that this table belongs to."
                )));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Whether a thing is the gateway with this table.
async fn has_table(context: Context<'_>, id: &str, table: &str) -> Result<bool, ApiError> {
    let params = vec![("NatGatewayId".to_owned(), id.to_owned())];
    let call = read_call(Product::Vpc, "DescribeNatGateways", params);
    let answer = match context.client.call(&call).await {
        Err(error) if error.kind == ApiErrorKind::NotFound => return Ok(false),
        answer => answer?,
    };
    let gateways = items(&answer, "NatGateways.NatGateway");
    let mut tables = gateways
        .into_iter()
        .flat_map(|gateway| items(gateway, "SnatTableIds.SnatTableId"));
    Ok(tables.any(|own| own == table))
}
