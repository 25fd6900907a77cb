//! What the table cannot say: which arguments a new balancer is asked for with, what is another balancer, and how one
//! becomes a subscription.

use futures::future::BoxFuture;

use super::{
    rules::{has_bandwidth, is_by_use, is_locked, is_private, is_public},
    table::{PAYMENT, SUBSCRIBE},
};
use crate::{
    cloud::{ApiError, Call, Product},
    model::{Object, Value, plan::Effect},
    provider::{
        Change, CreateRequest, Failure, batch,
        hooks::Context,
        lifecycle::{self, failure, wanted},
    },
    resources::payment,
    schema::{Proposal, ResourceType, is_unset, limits, to_wire},
};

/// Returns the create call: without what says nothing of a balancer of its kind.
pub(super) fn request(ty: &'static ResourceType, desired: &Object) -> CreateRequest {
    let mut request = lifecycle::create_request(ty, desired);
    payment::complete(&mut request, "Duration", ("PayType", "PrePay"));
    let unused = [
        ("VSwitchId", is_public(desired)),
        ("Address", is_public(desired)),
        ("InternetChargeType", is_private(desired)),
        ("Bandwidth", !has_bandwidth(desired)),
        ("LoadBalancerSpec", is_by_use(desired)),
        ("InstanceChargeType", payment::is_subscription(desired)),
        ("ModificationProtectionReason", !is_locked(desired)),
    ];
    request
        .params
        .retain(|param| !unused.contains(&(param.name.as_str(), true)));
    for param in &mut request.params {
        // Here the words of the API are small.
        if ["PricingCycle", "InternetChargeType"].contains(&param.name.as_str()) {
            param.value = param.value.to_ascii_lowercase();
        }
    }
    request
}

/// Says where a new balancer will be, and from which way to pay there is no way back but another balancer.
pub(super) fn propose(prior: Option<&Object>, arguments: &Object, proposal: &mut Proposal) {
    const PLACE: &str = "address_type";
    if prior.is_none() && is_unset(arguments, PLACE) {
        let within = arguments.get("vswitch_id").filter(|id| !id.is_null());
        let place = match within {
            None => Value::string("internet"),
            Some(id) if id.is_unknown() => return,
            Some(_) => Value::string("intranet"),
        };
        proposal.after.insert(PLACE, place);
    }
    let Some(prior) = prior else {
        return;
    };
    for (name, from) in [
        ("payment_type", "Subscription"),
        ("instance_charge_type", "PayByCLCU"),
    ] {
        let left = prior.get(name).and_then(Value::as_str) == Some(from);
        if left && proposal.changed.iter().any(|path| path == name) {
            proposal.replaces.push(name.to_owned());
        }
    }
}

/// A subscription stays until its end; the address of any other balancer is gone for good.
pub(super) fn loss(balancer: &Object) -> Vec<Effect> {
    let stays = payment::loss(balancer);
    if stays.is_empty() {
        vec![Effect::ChangesAddress]
    } else {
        stays
    }
}

/// Makes the calls of the table, and then buys the subscription.
pub(super) fn update<'a>(
    context: Context<'a>,
    id: &'a str,
    change: Change<'a>,
) -> BoxFuture<'a, Result<(), Failure>> {
    const NAME: &str = "payment_type";
    Box::pin(async move {
        let others = change.changed.iter().filter(|path| *path != NAME);
        let others: Vec<String> = others.cloned().collect();
        let failed = |error| failure(context.ty, error, None);
        let rest = Change {
            changed: &others,
            ..change
        };
        lifecycle::update(context, id, rest).await.map_err(failed)?;
        if others.len() < change.changed.len() {
            let bought = subscribe(context, id, change.desired).await;
            bought.map_err(failed)?;
        }
        Ok(())
    })
}

/// Buys a subscription, unless it has been bought already.
async fn subscribe(context: Context<'_>, id: &str, desired: &Object) -> Result<(), ApiError> {
    let ty = context.ty;
    let Some(wish) = desired
        .get("payment_type")
        .and_then(|it| to_wire(&PAYMENT, it))
    else {
        return Ok(());
    };
    let seen = batch::item(context.client, ty, &wanted(ty, id, desired)).await?;
    if seen.is_some_and(|seen| seen["PayType"] == *wish) {
        return Ok(());
    }
    let period = desired.get("period").and_then(Value::as_int);
    let months = period.and_then(|months| u32::try_from(months).ok());
    let (time, cycle) = payment::term(months.unwrap_or(1));
    (context.progress)(SUBSCRIBE.action);
    let call = Call::change(Product::Slb, SUBSCRIBE.action)
        .param("LoadBalancerId", id)
        .param("PayType", wish)
        .param("Duration", time.to_string())
        .param("PricingCycle", cycle.to_ascii_lowercase())
        .param("AutoPay", "true")
        .retry(SUBSCRIBE.retry, limits(ty, desired).update);
    context.client.call(&call).await?;
    Ok(())
}
