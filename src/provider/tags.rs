//! Tags: set and removed by the calls that all types share, twenty at a time.
//!
//! Only VPC says `UnTagResources`; all others say `UntagResources`.

use std::time::Duration;

use super::{batch::product, hooks::Context};
use crate::{
    cloud::{ApiError, Call},
    model::Object,
    schema::{Service, Together, is_ignored_tag},
};

/// How many tags one call takes (spec: 7.3).
const LIMIT: usize = 20;
/// How many objects one call takes (TagResources: `ResourceId.N`).
fn objects(service: Service) -> usize {
    match service {
        Service::Vpc | Service::Slb => 20,
        _ => 50,
    }
}

/// Whose tags: the service, the API's word for the type (`VPC`, `instance`), and the ids.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    pub service: Service,
    pub resource_type: &'a str,
    /// At most 50.
    pub ids: &'a [&'a str],
}

/// Changes tags from `before` to `after`: what is no longer there is removed, what is new or other is set.
/// Keys that the cloud itself sets are left alone.
pub async fn change(
    context: Context<'_>,
    target: Target<'_>,
    (before, after): (&Object, &Object),
) -> Result<(), ApiError> {
    let (client, together) = (context.client, context.together);
    // Those of one object go together with the same of others.
    let rule = (target.ids.len() == 1).then_some(Together {
        prefix: "ResourceId",
        most: objects(target.service),
    });
    for params in removals(target, before, after) {
        let action = match target.service {
            Service::Vpc => "UnTagResources",
            _ => "UntagResources",
        };
        (context.progress)(action);
        let untag = call(target.service, action, params);
        together.call(client, untag, rule).await?;
    }
    for params in additions(target, before, after) {
        (context.progress)("TagResources");
        let tag = call(target.service, "TagResources", params);
        together.call(client, tag, rule).await?;
    }
    Ok(())
}

fn call(service: Service, action: &'static str, params: Vec<(String, String)>) -> Call {
    Call {
        product: product(service),
        action,
        params,
        client_token: None,
        retry: &[],
        patience: Duration::ZERO,
        idempotent: true,
    }
}

/// Returns the parameters of each untag call.
fn removals(target: Target<'_>, before: &Object, after: &Object) -> Vec<Vec<(String, String)>> {
    let gone: Vec<&str> = before
        .keys()
        .map(|key| &**key)
        .filter(|key| !after.contains_key(key) && !is_ignored_tag(key))
        .collect();
    gone.chunks(LIMIT)
        .map(|keys| {
            let mut params = head(target);
            let numbered = (1..).zip(keys);
            params.extend(numbered.map(|(at, key)| (format!("TagKey.{at}"), (*key).to_owned())));
            params
        })
        .collect()
}

/// Returns the parameters of each tag call.
fn additions(target: Target<'_>, before: &Object, after: &Object) -> Vec<Vec<(String, String)>> {
    let text = |object: &Object, key: &str| -> Option<String> {
        Some(object.get(key)?.as_str()?.to_owned())
    };
    let new: Vec<(&str, String)> = after
        .keys()
        .filter(|key| text(before, key) != text(after, key))
        .filter_map(|key| Some((&**key, text(after, key)?)))
        .collect();
    new.chunks(LIMIT)
        .map(|tags| {
            let mut params = head(target);
            for (at, (key, value)) in (1..).zip(tags) {
                params.push((format!("Tag.{at}.Key"), (*key).to_owned()));
                params.push((format!("Tag.{at}.Value"), value.clone()));
            }
            params
        })
        .collect()
}

fn head(target: Target<'_>) -> Vec<(String, String)> {
    let mut params = vec![("ResourceType".to_owned(), target.resource_type.to_owned())];
    params.extend(
        (1..)
            .zip(target.ids)
            .map(|(at, id)| (format!("ResourceId.{at}"), (*id).to_owned())),
    );
    params
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    fn tags(range: std::ops::Range<u32>, value: &str) -> Object {
        range
            .map(|at| (format!("key{at:02}"), Value::from(value)))
            .collect()
    }

    const TARGET: Target<'static> = Target {
        service: Service::Vpc,
        resource_type: "VPC",
        ids: &["vpc-1"],
    };

    #[test]
    fn only_differences_are_sent_in_batches() {
        let (before, after) = (tags(0..30, "a"), tags(5..30, "b"));
        assert_eq!(removals(TARGET, &before, &after).len(), 1);
        let additions = additions(TARGET, &before, &after);
        assert_eq!(additions.iter().map(Vec::len).collect::<Vec<_>>(), [42, 12]);
        assert_eq!(
            additions[1][2],
            ("Tag.1.Key".to_owned(), "key25".to_owned())
        );
    }

    #[test]
    fn the_clouds_own_tags_stay() {
        let before: Object = [("acs:x", Value::from("1"))].into_iter().collect();
        assert!(removals(TARGET, &before, &Object::new()).is_empty());
    }
}
