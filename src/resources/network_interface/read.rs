//! Reading network interfaces: the answer mixes the first address with the others, and counts nothing.

use futures::{FutureExt, future::BoxFuture};
use serde_json::Value as Json;

use super::{addresses::FAMILIES, table::DESCRIBE};
use crate::{
    cloud::ApiError,
    model::{Object, Value},
    provider::{Wanted, batch, hooks::Context},
    schema::{at, decode, items},
};

/// Reads many, a hundred with a call.
pub(super) fn read<'a>(
    context: Context<'a>,
    wanted: &'a [Wanted],
) -> BoxFuture<'a, Vec<Result<Option<Object>, ApiError>>> {
    async move {
        let mut found = batch::items(context.answers, context.ty, wanted).await;
        let one = |one: &Wanted| {
            let item = found.remove(&one.id).unwrap_or(Ok(None))?;
            Ok(item.map(|item| {
                let mut object = decode(context.ty, &DESCRIBE, &item);
                addresses(&mut object, &item);
                kind(&mut object, &one.known);
                batch::merge(context.ty, &one.id, &one.known, [object])
            }))
        };
        wanted.iter().map(one).collect()
    }
    .boxed()
}

fn addresses(object: &mut Object, item: &Json) {
    for family in FAMILIES {
        let listed: Vec<Value> = family.of(item).into_iter().map(Value::from).collect();
        let count = i64::try_from(listed.len()).unwrap_or(i64::MAX);
        for name in family.lists {
            object.insert(*name, Value::set(listed.clone()));
        }
        for name in family.counts {
            object.insert(*name, Value::int(count));
        }
    }
}

/// What an interface is on an instance (its first one, a member of a trunk) is not what it was made as.
fn kind(object: &mut Object, known: &Object) {
    let made_as = |kind: &str| ["Secondary", "Trunk"].contains(&kind);
    let now = object.get("instance_type").and_then(Value::as_str);
    if now.is_some_and(made_as) {
        return;
    }
    let before = known.get("instance_type").and_then(Value::as_str);
    let kind = before.filter(|kind| made_as(kind)).unwrap_or("Secondary");
    object.insert("instance_type", Value::string(kind));
}

/// The addresses of a family in an item of an answer.
pub(super) fn listed(item: &Json, path: &str, field: &str) -> Vec<String> {
    let texts = items(item, path)
        .into_iter()
        .filter(|one| one.get("Primary") != Some(&Json::Bool(true)) || field != "PrivateIpAddress")
        .filter_map(|one| at(one, field)?.as_str());
    texts.map(str::to_owned).collect()
}
