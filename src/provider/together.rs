//! Calls of one kind made as one: many rules of one group in one call, one tag on many objects.

use futures::{FutureExt, future::BoxFuture};
use serde_json::Value as Json;

use super::gather::Gather;
use crate::{
    cloud::{ApiError, ApiErrorKind, Call as Request, Client, Product},
    schema::Together as Rule,
};

type Params = Vec<(String, String)>;
/// The product and its action, and the parameters that all have in common.
type Key = (Product, &'static str, Params);

/// The calls that are under way or waiting.
#[derive(Debug, Default)]
pub struct Together {
    calls: Gather<Key, Params, Result<Json, ApiError>>,
}

impl Together {
    /// Makes a call together with those that differ from it only in what `rule` names. All get the same answer;
    /// when they are refused, those that cannot be refused for another's sake are made again without it.
    pub async fn call(
        &self,
        client: &Client,
        request: Request,
        rule: Option<Rule>,
    ) -> Result<Json, ApiError> {
        let Some(rule) = rule else {
            return client.call(&request).await;
        };
        let (own, common) = split(&request.params, rule.prefix);
        let key = (request.product, request.action, common.clone());
        let shared = Request {
            params: common,
            client_token: None,
            // Only what may be asked for twice is asked for together.
            idempotent: true,
            ..request
        };
        let carry_out =
            |items: Vec<Params>| async move { halve(client, &shared, rule, &items).await };
        let done = self.calls.join(key, own, rule.most, carry_out).await;
        done.unwrap_or_else(|| Err(left()))
    }
}

/// Says that whoever was to make a call for several is gone: what it has done is not known.
pub(super) fn left() -> ApiError {
    ApiError {
        kind: ApiErrorKind::OutcomeUnknown,
        ..ApiError::local("NoAnswer", "The call was given up while it was under way")
    }
}

/// Makes one call of all; if that is refused, one of each half.
fn halve<'a>(
    client: &'a Client,
    shared: &'a Request,
    rule: Rule,
    items: &'a [Params],
) -> BoxFuture<'a, Vec<Result<Json, ApiError>>> {
    async move {
        let done = client.call(&numbered(shared, rule, items)).await;
        match done {
            Err(error) if items.len() > 1 && error.kind.is_refusal() => {
                let (left, right) = items.split_at(items.len() / 2);
                let mut results = halve(client, shared, rule, left).await;
                results.extend(halve(client, shared, rule, right).await);
                results
            }
            done => vec![done; items.len()],
        }
    }
    .boxed()
}

/// Parts the parameters under `prefix.1`, without it, from the others.
fn split(params: &[(String, String)], prefix: &str) -> (Params, Params) {
    let mut own = Vec::new();
    let mut common = Vec::new();
    for (name, value) in params {
        let rest = name
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix(".1"))
            .filter(|rest| rest.is_empty() || rest.starts_with('.'));
        match rest {
            Some(rest) => own.push((rest.to_owned(), value.clone())),
            None => common.push((name.clone(), value.clone())),
        }
    }
    (own, common)
}

fn numbered(shared: &Request, rule: Rule, items: &[Params]) -> Request {
    let mut request = shared.clone();
    for (number, item) in (1..).zip(items) {
        request.params.extend(
            item.iter()
                .map(|(rest, value)| (format!("{}.{number}{rest}", rule.prefix), value.clone())),
        );
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_numbered() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let params = [
            pair("Group", "g"),
            pair("Permissions.1.Port", "1/1"),
            pair("Permissions.10.Port", "no"),
        ];
        let (own, common) = split(&params, "Permissions");
        assert_eq!(own, [pair(".Port", "1/1")]);
        assert_eq!(
            common,
            [pair("Group", "g"), pair("Permissions.10.Port", "no")]
        );
        let (id, _) = split(&[pair("ResourceId.1", "vpc-1")], "ResourceId");
        assert_eq!(id, [pair("", "vpc-1")]);
        let shared = Request::change(Product::Ecs, "Authorize").param("Group", "g");
        let rule = Rule {
            prefix: "Permissions",
            most: 100,
        };
        let made = numbered(&shared, rule, &[own.clone(), own]);
        let names: Vec<&str> = made.params.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Group", "Permissions.1.Port", "Permissions.2.Port"]);
    }
}
