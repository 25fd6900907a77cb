//! Looking for the instance of a create call whose token is known to have made one, where the answer is lost and the call
//! cannot be repeated: its password was another.

use futures::{FutureExt, future::BoxFuture};
use serde_json::Value as Json;

use super::{table::INSTANCES, wire::with_seconds};
use crate::{
    cloud::{ApiError, Product, page},
    provider::{Lost, Trace, batch::read_call, hooks::Context},
};

/// What the listing can be asked for as the create call was.
const FILTERS: &[&str] = &["VSwitchId", "ImageId", "SecurityGroupId", "InstanceName"];
/// What must be as it was asked for, where it was.
const ALIKE: &[(&str, &str)] = &[
    ("InstanceType", "InstanceType"),
    ("ZoneId", "ZoneId"),
    ("InstanceName", "InstanceName"),
    ("HostName", "HostName"),
];

/// Finds the one instance that the call can have made; several are for a person to tell apart.
pub(super) fn trace<'a>(
    context: Context<'a>,
    lost: Lost<'a>,
) -> BoxFuture<'a, Result<Trace, ApiError>> {
    async move {
        let params = FILTERS.iter().filter_map(|name| {
            let value = sent(lost, name)?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        let call = read_call(Product::Ecs, INSTANCES.action, params.collect());
        let listed = page::pages(context.client, &call, INSTANCES.item, 100).await?;
        let mut found = listed.items.iter().filter(|item| is_it(lost, item));
        let id = found.next().and_then(|item| item["InstanceId"].as_str());
        Ok(match (id, found.next()) {
            (Some(id), None) => Trace::Made { id: id.to_owned() },
            _ => Trace::AskAgain,
        })
    }
    .boxed()
}

fn sent<'a>(lost: Lost<'a>, name: &str) -> Option<&'a str> {
    let mut params = lost.request.params.iter();
    let value = &params.find(|param| param.name == name)?.value;
    Some(value.as_str())
}

fn is_it(lost: Lost<'_>, item: &Json) -> bool {
    let text = |name: &str| item[name].as_str().unwrap_or_default();
    let alike = |(parameter, field): &(&str, &str)| {
        sent(lost, parameter).is_none_or(|value| value == text(field))
    };
    let is_known = lost.known.iter().any(|id| id == text("InstanceId"));
    !is_known && lost.is_near(&with_seconds(text("CreationTime"))) && ALIKE.iter().all(alike)
}
