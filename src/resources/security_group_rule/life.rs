//! Reading the rules of many groups, and changing a description.

use std::collections::{BTreeMap, HashMap};

use futures::{FutureExt, future::BoxFuture, future::join_all};
use serde_json::Value as Json;

use super::identity::{Key, Parts, TARGETS, canonical, id_of, key_of, priority, text};
use crate::{
    cloud::{ApiError, ApiErrorKind, client::Product},
    model::{Object, Value},
    provider::{
        Change, Failure, Listing, Wanted,
        batch::{self, Answers},
        hooks::Context,
        lifecycle::{failure, first, pairs},
    },
    resources::security_group::{DETAIL, SECURITY_GROUP},
    schema::{Param, ResourceType, encode, items, limits},
};

/// Reads rules: one listing for each group.
pub(super) fn read<'a>(
    context: Context<'a>,
    wanted: &'a [Wanted],
) -> BoxFuture<'a, Vec<Result<Option<Object>, ApiError>>> {
    async move {
        let mut groups: Vec<(&str, &str)> = wanted
            .iter()
            .filter_map(|one| Parts::parse(&one.id))
            .map(|parts| (parts.group, nic_of_listing(&parts)))
            .collect();
        groups.sort_unstable();
        groups.dedup();
        let listings = groups
            .iter()
            .map(|(group, nic)| listing(context.answers, group, nic));
        let listings: BTreeMap<_, _> = groups
            .iter()
            .copied()
            .zip(join_all(listings).await)
            .collect();
        wanted
            .iter()
            .map(|one| found(context.ty, one, &listings))
            .collect()
    }
    .boxed()
}

/// Returns the ids of the rules of all groups.
pub(super) fn list(context: Context<'_>) -> BoxFuture<'_, Result<Listing, ApiError>> {
    async move {
        let groups = batch::list(context.client, &SECURITY_GROUP).await?.ids;
        let listings = groups
            .iter()
            .map(|group| listing(context.answers, group, ""));
        let mut ids = Vec::new();
        for (group, rules) in groups.iter().zip(join_all(listings).await) {
            let rules = rules?.unwrap_or_default();
            ids.extend(rules.values().map(|rule| id_of(group, rule)));
        }
        ids.sort_unstable();
        Ok(ids.into())
    }
    .boxed()
}

/// The classic network's rules are listed for one kind of interface at a time; all others at once.
fn nic_of_listing(parts: &Parts<'_>) -> &'static str {
    if parts.nic == "internet" {
        "internet"
    } else {
        ""
    }
}

type Rules = Result<Option<HashMap<Key, Json>>, ApiError>;

/// Lists all rules of a group, page by page. `None`: there is no such group.
async fn listing(answers: &Answers, group: &str, nic: &str) -> Rules {
    let mut rules = HashMap::new();
    let mut next = String::new();
    // A group has at most some thousand rules, a page 500.
    for _ in 0..100 {
        let mut params = vec![("SecurityGroupId".to_owned(), group.to_owned())];
        if !nic.is_empty() {
            params.push(("NicType".to_owned(), nic.to_owned()));
        }
        if !next.is_empty() {
            params.push(("NextToken".to_owned(), next.clone()));
        }
        let call = batch::read_call(Product::Ecs, DETAIL.action, params);
        let page = match answers.ask(&call).await {
            Ok(page) => page,
            Err(error) if error.kind == ApiErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        for permission in items(&page, "Permissions.Permission") {
            rules.insert(key_of(permission), permission.clone());
        }
        next = text(&page, "NextToken").to_owned();
        if next.is_empty() {
            break;
        }
    }
    Ok(Some(rules))
}

fn found(
    ty: &'static ResourceType,
    one: &Wanted,
    listings: &BTreeMap<(&str, &str), Rules>,
) -> Result<Option<Object>, ApiError> {
    let Some(parts) = Parts::parse(&one.id) else {
        return Err(malformed(&one.id));
    };
    let listing = listings.get(&(parts.group, nic_of_listing(&parts)));
    let rules = match listing {
        Some(Ok(Some(rules))) => rules,
        Some(Ok(None)) | None => return Ok(None),
        Some(Err(error)) => return Err(error.clone()),
    };
    let Some(permission) = rules.get(&parts.key()) else {
        return Ok(None);
    };
    Ok(Some(batch::merge(
        ty,
        &one.id,
        &one.known,
        [object(&parts, permission, &one.known)],
    )))
}

/// A rule's attributes from the cloud's description. Networks keep the spelling that they were written in.
fn object(parts: &Parts<'_>, permission: &Json, known: &Object) -> Object {
    let targets = TARGETS[usize::from(parts.direction == "ingress")];
    let side = if parts.direction == "ingress" {
        "Source"
    } else {
        "Dest"
    };
    let string = |text: &str| {
        if text.is_empty() {
            Value::Null
        } else {
            Value::string(text)
        }
    };
    let network = |name: &str, field: &str| {
        let now = text(permission, field);
        match known.get(name).and_then(Value::as_str) {
            Some(written) if canonical(written) == canonical(now) => Value::string(written),
            _ => string(now),
        }
    };
    let nic = match text(permission, "NicType") {
        "" => Value::string(if parts.nic == "internet" {
            "internet"
        } else {
            "intranet"
        }),
        nic => Value::string(nic.to_ascii_lowercase()),
    };
    // The field has the account's id or its name, whichever the cloud prefers.
    let owner = text(permission, &format!("{side}GroupOwnerAccount"));
    let owner = if owner.bytes().all(|byte| byte.is_ascii_digit()) {
        string(owner)
    } else {
        let before = known.get("source_group_owner_id");
        before.cloned().unwrap_or_default()
    };
    let number = priority(permission)
        .parse::<i64>()
        .map_or(Value::int(1), Value::int);
    Object::from_iter([
        ("security_group_id", Value::string(parts.group)),
        ("type", Value::string(parts.direction)),
        (
            "ip_protocol",
            Value::string(text(permission, "IpProtocol").to_ascii_lowercase()),
        ),
        (
            "policy",
            Value::string(text(permission, "Policy").to_ascii_lowercase()),
        ),
        ("priority", number),
        ("port_range", string(text(permission, "PortRange"))),
        ("cidr_ip", network("cidr_ip", targets[0])),
        (
            "source_security_group_id",
            string(text(permission, targets[1])),
        ),
        ("ipv6_cidr_ip", network("ipv6_cidr_ip", targets[2])),
        ("prefix_list_id", string(text(permission, targets[3]))),
        ("source_group_owner_id", owner),
        ("nic_type", nic),
        (
            "description",
            Value::string(text(permission, "Description")),
        ),
        (
            "security_group_rule_id",
            string(text(permission, "SecurityGroupRuleId")),
        ),
    ])
}

/// Changes the description. The call names the rule by everything that it says.
pub(super) fn update<'a>(
    context: Context<'a>,
    id: &'a str,
    change: Change<'a>,
) -> BoxFuture<'a, Result<(), Failure>> {
    async move {
        let Some(call) = first(context.ty.updates, change.desired) else {
            return Ok(());
        };
        let mut params = encode(context.ty, call, change.prior);
        params.retain(|param| param.name != "Description");
        let description = change.desired.get("description").and_then(Value::as_str);
        params.push(Param {
            name: "Description".to_owned(),
            value: description.unwrap_or_default().to_owned(),
            secret: false,
        });
        (context.progress)(call.action);
        let request = crate::cloud::Call {
            patience: limits(context.ty, change.desired).update,
            ..batch::read_call(Product::Ecs, call.action, pairs(params))
        };
        let done = context.client.call(&request).await;
        tracing::debug!(id, action = call.action, "rule changed");
        done.map(drop)
            .map_err(|error| failure(context.ty, error, None))
    }
    .boxed()
}

fn malformed(id: &str) -> ApiError {
    ApiError {
        kind: ApiErrorKind::Invalid,
        action: DETAIL.action.to_owned(),
        code: "MalformedId".to_owned(),
        message: format!(
            "\"{id}\" is not the id of a security group rule. It has eight parts: group:type:protocol:ports:nic:target:policy:priority."
        ),
        request_id: String::new(),
        status: 0,
        recommend: None,
    }
}
