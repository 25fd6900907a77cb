//! Billing: what is subscribed to. Clients ask it to find out which of the cloud's sites an account is of.

use serde_json::{Value, json};

use super::Effect::Read;
use super::{Route, bounded, route, wants};
use crate::emulator::clock::seconds;
use crate::emulator::objects::Instance;
use crate::emulator::reply::Reply;
use crate::emulator::request::Request;
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[route(
    "bssopenapi",
    "QueryAvailableInstances",
    Read,
    available,
)];

/// Lists the instances of ECS that are paid in advance: this cloud sells no other subscriptions.
fn available(world: &mut World, request: &Request) -> Reply {
    let number = bounded(request, "PageNum", 1_000_000, 1)?;
    let size = bounded(request, "PageSize", 300, 20)?;
    let ids = request.commas("InstanceIDs");
    let asked = wants(request.text("ProductCode"), "ecs")
        && wants(request.text("SubscriptionType"), "Subscription");
    let fits = |it: &&Instance| {
        it.charge_type == "PrePaid"
            && wants(request.text("Region"), &it.region)
            && wants(request.text("RenewStatus"), renewal(it))
            && ids.as_ref().is_none_or(|ids| ids.contains(&it.id))
    };
    let found: Vec<&Instance> = world
        .instances
        .iter()
        .filter(|_| asked)
        .filter(fits)
        .collect();
    let skip = usize::try_from((number - 1) * size).unwrap_or(usize::MAX);
    let most = usize::try_from(size).unwrap_or(20);
    let owner: u64 = world.account.parse().unwrap_or_default();
    let rows: Vec<Value> = found
        .iter()
        .skip(skip)
        .take(most)
        .map(|it| {
            json!({
                "InstanceID": it.id,
                "OwnerId": owner,
                "ProductCode": "ecs",
                "ProductType": "",
                "Region": it.region,
                "RenewStatus": renewal(it),
                "Status": "Normal",
                "SubscriptionType": "Subscription",
                "CreateTime": seconds(it.created),
                "EndTime": it.expires.map(seconds).unwrap_or_default(),
            })
        })
        .collect();
    Ok(json!({
        "Code": "Success",
        "Message": "Successful!",
        "Success": true,
        "Data": {
            "PageNum": number, "PageSize": size, "TotalCount": found.len(), "InstanceList": rows,
        },
    }))
}

/// How a subscription goes on, in the words of billing.
fn renewal(instance: &Instance) -> &'static str {
    match instance.renewal.status.as_str() {
        "AutoRenewal" => "AutoRenewal",
        "NotRenewal" => "NotRenewal",
        _ => "ManualRenewal",
    }
}
