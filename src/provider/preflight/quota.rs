//! Whether all of a plan fits into what the account may have: its changes counted together.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use serde_json::Value as Json;

use super::{Offers, Order, clause};
use crate::{
    cloud::{ApiError, Call, Client, Product},
    model::preflight::{Outcome, Quota},
    provider::offer::{Amount, Limit},
    schema::{at, items},
};

/// Where the API tells of a limit.
struct Row {
    limit: Limit,
    name: &'static str,
    /// The account attribute with how many there may be.
    most: &'static str,
    used: Used,
}

/// Where the API tells how many there are.
enum Used {
    Attribute(&'static str),
    /// The `TotalCount` of a listing.
    Listing(&'static str),
}

const ROWS: &[Row] = &[
    Row {
        limit: Limit::SecurityGroups,
        name: "security groups",
        most: "max-security-groups",
        used: Used::Listing("DescribeSecurityGroups"),
    },
    Row {
        limit: Limit::Interfaces,
        name: "network interfaces",
        most: "max-elastic-network-interfaces",
        used: Used::Listing("DescribeNetworkInterfaces"),
    },
    Row {
        limit: Limit::Vcpus,
        name: "vCPUs of pay-as-you-go instances",
        most: "max-postpaid-instance-vcpu-count",
        used: Used::Attribute("used-postpaid-instance-vcpu-count"),
    },
    Row {
        limit: Limit::SpotVcpus,
        name: "vCPUs of spot instances",
        most: "max-spot-instance-vcpu-count",
        used: Used::Attribute("used-spot-instance-vcpu-count"),
    },
];

/// Checks every limit of which the plan takes more.
pub(super) async fn check(client: &Client, orders: &[Order], offers: &[Offers]) -> Vec<Quota> {
    let cores = cores(client, offers).await;
    let mut planned: BTreeMap<Limit, Result<i64, String>> = BTreeMap::new();
    for (order, offer) in orders.iter().zip(offers) {
        if order.after.is_none() {
            continue;
        }
        add(&mut planned, &offer.after.takes, 1, &cores);
        // What goes first, or only changes, gives back what it had.
        if order.makes_room || !order.creates {
            add(&mut planned, &offer.before.takes, -1, &cores);
        }
    }
    planned.retain(|_, count| count.as_ref().map_or(true, |count| *count > 0));
    if planned.is_empty() {
        return Vec::new();
    }
    let attributes = attributes(client, planned.keys()).await;
    join_all(planned.into_iter().map(|(limit, count)| {
        let attributes = &attributes;
        async move { judge(client, attributes, limit, count).await }
    }))
    .await
}

fn add(
    planned: &mut BTreeMap<Limit, Result<i64, String>>,
    takes: &[(Limit, Amount)],
    sign: i64,
    cores: &BTreeMap<String, Result<u64, String>>,
) {
    for (limit, amount) in takes {
        let count = match amount {
            Amount::Count(count) => Ok(*count),
            Amount::Cores(kind) => match cores.get(kind) {
                Some(known) => known.clone(),
                None => Err(format!("the cores of {kind} are not known")),
            },
        };
        let sum = planned.entry(*limit).or_insert(Ok(0));
        *sum = match (sum.clone(), count) {
            (Ok(sum), Ok(count)) => Ok(sum + sign * i64::try_from(count).unwrap_or(i64::MAX)),
            (Err(why), _) | (_, Err(why)) => Err(why),
        };
    }
}

/// Returns how many virtual processors instance types have, ten types a question.
async fn cores(client: &Client, offers: &[Offers]) -> BTreeMap<String, Result<u64, String>> {
    let takes = offers
        .iter()
        .flat_map(|offer| offer.before.takes.iter().chain(&offer.after.takes));
    let kinds: BTreeSet<&str> = takes
        .filter_map(|(_, amount)| match amount {
            Amount::Cores(kind) => Some(kind.as_str()),
            Amount::Count(_) => None,
        })
        .collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let answers = join_all(kinds.chunks(10).map(|some| async move {
        let mut call = Call::read(Product::Ecs, "DescribeInstanceTypes");
        for (at, kind) in some.iter().enumerate() {
            call = call.param(format!("InstanceTypes.{}", at + 1), *kind);
        }
        (some, client.call(&call).await)
    }))
    .await;
    let mut found = BTreeMap::new();
    for (some, answer) in answers {
        for kind in some {
            let count = match &answer {
                Ok(answer) => items(answer, "InstanceTypes.InstanceType")
                    .into_iter()
                    .find(|it| it["InstanceTypeId"] == **kind)
                    .and_then(|it| it["CpuCoreCount"].as_u64())
                    .ok_or_else(|| format!("the API does not tell the cores of {kind}")),
                Err(error) => Err(clause(error)),
            };
            found.insert((*kind).to_owned(), count);
        }
    }
    found
}

/// Reads the account attributes that these limits need.
async fn attributes(
    client: &Client,
    limits: impl Iterator<Item = &Limit>,
) -> Result<Json, ApiError> {
    let limits: BTreeSet<&Limit> = limits.collect();
    let rows = ROWS.iter().filter(|row| limits.contains(&row.limit));
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        names.push(row.most);
        names.extend(match row.used {
            Used::Attribute(name) => Some(name),
            Used::Listing(_) => None,
        });
    }
    if names.is_empty() {
        return Ok(Json::Null);
    }
    let mut call = Call::read(Product::Ecs, "DescribeAccountAttributes");
    for (at, name) in names.iter().enumerate() {
        call = call.param(format!("AttributeName.{}", at + 1), *name);
    }
    client.call(&call).await
}

fn attribute(answer: &Json, name: &str) -> Option<u64> {
    let all = items(answer, "AccountAttributeItems.AccountAttributeItem");
    let one = all.into_iter().find(|it| it["AttributeName"] == name)?;
    let values = items(one, "AttributeValues.ValueItem");
    values.first()?["Value"].as_str()?.parse().ok()
}

async fn used(client: &Client, answer: &Json, used: &Used) -> Result<Option<u64>, ApiError> {
    match used {
        Used::Attribute(name) => Ok(attribute(answer, name)),
        Used::Listing(action) => {
            let call = Call::read(Product::Ecs, action).param("PageSize", "10");
            let answer = client.call(&call).await?;
            Ok(at(&answer, "TotalCount").and_then(Json::as_u64))
        }
    }
}

async fn judge(
    client: &Client,
    answer: &Result<Json, ApiError>,
    limit: Limit,
    count: Result<i64, String>,
) -> Quota {
    let row = ROWS.iter().find(|row| row.limit == limit);
    let name = match (row, limit) {
        (Some(row), _) => row.name,
        (None, Limit::Untold(name)) => name,
        (None, _) => "objects",
    };
    let mut quota = Quota {
        name: name.to_owned(),
        region: client.region().to_owned(),
        planned: 0,
        used: None,
        limit: None,
        outcome: Outcome::Unchecked,
        detail: String::new(),
    };
    match count {
        Ok(count) => quota.planned = u64::try_from(count).unwrap_or(0),
        Err(why) => {
            quota.detail = why;
            return quota;
        }
    }
    let Some(row) = row else {
        "no action tells how many there may be".clone_into(&mut quota.detail);
        return quota;
    };
    let known = match answer {
        Ok(answer) => used(client, answer, &row.used)
            .await
            .map(|used| (attribute(answer, row.most), used)),
        Err(error) => Err(error.clone()),
    };
    match known {
        Ok((most, used)) => (quota.limit, quota.used) = (most, used),
        Err(error) => quota.detail = clause(&error),
    }
    match (quota.limit, quota.used) {
        (Some(most), Some(used)) if used.saturating_add(quota.planned) > most => {
            quota.outcome = Outcome::Refused;
        }
        (Some(_), Some(_)) => quota.outcome = Outcome::Passed,
        _ if quota.detail.is_empty() => {
            "the API does not tell it for this account".clone_into(&mut quota.detail);
        }
        _ => {}
    }
    quota
}
