//! The addresses that an interface has besides its first: each family is listed or counted, and changed
//! by calls that add and take away.

use std::{collections::BTreeSet, time::Duration};

use futures::{FutureExt, future::BoxFuture};
use serde_json::Value as Json;

use super::{
    read::listed,
    table::{ASSIGN, ASSIGN_IPV6, UNASSIGN, UNASSIGN_IPV6},
};
use crate::{
    cloud::{ApiError, Call as Request, client::Product},
    model::{Object, Type, Value},
    provider::{
        Change, Failure, batch,
        hooks::Context,
        lifecycle::{self, Poll, failure, timed_out},
    },
    schema::{Call, Proposal, limits},
};

/// Addresses of one kind: the attributes that list and count them (the old names last), and what the API calls them.
pub(super) struct Family {
    pub(super) lists: &'static [&'static str],
    pub(super) counts: &'static [&'static str],
    /// Where they are in an answer: the list, and the field of its items.
    path: (&'static str, &'static str),
    /// The parameters that name them and count them.
    named: &'static str,
    counted: &'static str,
    assign: &'static Call,
    unassign: &'static Call,
}

pub(super) const FAMILIES: &[Family] = &[
    Family {
        lists: &["private_ip_addresses", "private_ips"],
        counts: &["secondary_private_ip_address_count", "private_ips_count"],
        path: ("PrivateIpSets.PrivateIpSet", "PrivateIpAddress"),
        named: "PrivateIpAddress",
        counted: "SecondaryPrivateIpAddressCount",
        assign: &ASSIGN,
        unassign: &UNASSIGN,
    },
    Family {
        lists: &["ipv4_prefixes"],
        counts: &["ipv4_prefix_count"],
        path: ("Ipv4PrefixSets.Ipv4PrefixSet", "Ipv4Prefix"),
        named: "Ipv4Prefix",
        counted: "Ipv4PrefixCount",
        assign: &ASSIGN,
        unassign: &UNASSIGN,
    },
    Family {
        lists: &["ipv6_addresses"],
        counts: &["ipv6_address_count"],
        path: ("Ipv6Sets.Ipv6Set", "Ipv6Address"),
        named: "Ipv6Address",
        counted: "Ipv6AddressCount",
        assign: &ASSIGN_IPV6,
        unassign: &UNASSIGN_IPV6,
    },
];

impl Family {
    /// The addresses in an item of an answer.
    pub(super) fn of(&self, item: &Json) -> Vec<String> {
        listed(item, self.path.0, self.path.1)
    }

    fn listed(&self, object: &Object) -> BTreeSet<String> {
        let items = object.get(self.lists[0]).and_then(Value::as_list);
        let texts = items.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    fn counted(&self, object: &Object) -> Option<usize> {
        let count = object.get(self.counts[0]).and_then(Value::as_int)?;
        usize::try_from(count).ok()
    }
}

/// Keeps the two ways to see the addresses of a family in step when one changes: how many a list has, and
/// which ones a number comes to, which only the cloud knows.
pub(super) fn propose(prior: Option<&Object>, arguments: &Object, proposal: &mut Proposal) {
    if prior.is_none() {
        return;
    }
    let given = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| arguments.get(name));
        values.any(|value| !value.is_null())
    };
    for family in FAMILIES {
        let changes = |names: &[&str]| {
            given(names)
                && proposal
                    .changed
                    .iter()
                    .any(|it| names.contains(&it.as_str()))
        };
        if changes(family.lists) {
            let list = proposal
                .after
                .get(family.lists[0])
                .cloned()
                .unwrap_or_default();
            let count = match list.as_list().map(<[Value]>::len).map(i64::try_from) {
                Some(Ok(count)) if list.is_wholly_known() => Value::int(count),
                _ => Value::Unknown(Type::Number),
            };
            for name in family.counts {
                proposal.after.insert(*name, count.clone());
            }
        } else if changes(family.counts) {
            let unknown = Value::Unknown(Type::Set(Type::String.into()));
            for name in family.lists {
                proposal.after.insert(*name, unknown.clone());
            }
        }
    }
}

/// Changes what the table's calls change, and then the addresses.
pub(super) fn update<'a>(
    context: Context<'a>,
    id: &'a str,
    change: Change<'a>,
) -> BoxFuture<'a, Result<(), Failure>> {
    async move {
        let of_family = |path: &String| {
            FAMILIES.iter().any(|family| {
                let mut names = family.lists.iter().chain(family.counts);
                names.any(|name| *name == crate::schema::root(path))
            })
        };
        let (addresses, others): (Vec<String>, Vec<String>) =
            change.changed.iter().cloned().partition(of_family);
        let first = Change {
            changed: &others,
            ..change
        };
        let done = async {
            lifecycle::update(context, id, first).await?;
            for family in FAMILIES {
                exchange(context, id, family, change, &addresses).await?;
            }
            Ok(())
        };
        done.await
            .map_err(|error: ApiError| failure(context.ty, error, None))
    }
    .boxed()
}

/// Takes away and adds what a family differs in.
async fn exchange(
    context: Context<'_>,
    id: &str,
    family: &Family,
    change: Change<'_>,
    changed: &[String],
) -> Result<(), ApiError> {
    let among = |names: &[&str]| changed.iter().any(|path| names.contains(&path.as_str()));
    let have = family.listed(change.prior);
    let wanted = family.listed(change.desired);
    let (leaving, coming, more) = if among(family.lists) {
        let of = |a: &BTreeSet<String>, b| a.difference(b).cloned().collect::<Vec<_>>();
        (of(&have, &wanted), of(&wanted, &have), 0)
    } else if among(family.counts) {
        let count = family.counted(change.desired).unwrap_or(have.len());
        let surplus = have.len().saturating_sub(count);
        let leaving = have.iter().take(surplus).cloned().collect();
        (leaving, Vec::new(), count.saturating_sub(have.len()))
    } else {
        return Ok(());
    };
    let limit = limits(context.ty, change.desired).update;
    let total = have.len() - leaving.len() + coming.len() + more;
    if !leaving.is_empty() {
        let params = numbered(family.named, &leaving);
        send(context, id, family.unassign, params, limit).await?;
    }
    if !coming.is_empty() {
        let params = numbered(family.named, &coming);
        send(context, id, family.assign, params, limit).await?;
    }
    if more > 0 {
        let params = vec![(family.counted.to_owned(), more.to_string())];
        send(context, id, family.assign, params, limit).await?;
    }
    shown(context, id, family, (total, &coming), limit).await
}

fn numbered(name: &str, values: &[String]) -> Vec<(String, String)> {
    let one = |(at, value): (usize, &String)| (format!("{name}.{}", at + 1), value.clone());
    values.iter().enumerate().map(one).collect()
}

async fn send(
    context: Context<'_>,
    id: &str,
    call: &Call,
    params: Vec<(String, String)>,
    limit: Duration,
) -> Result<(), ApiError> {
    (context.progress)(call.action);
    let mut request = Request {
        params,
        ..Request::change(Product::Ecs, call.action)
    }
    .param("NetworkInterfaceId", id)
    .retry(call.retry, limit);
    request = if call.token {
        // For the tries of this one call: so many more are not so many twice.
        request.token(uuid::Uuid::new_v4().simple().to_string())
    } else {
        request.again()
    };
    context.client.call(&request).await.map(drop)
}

/// Waits until the interface shows so many addresses, and these among them.
async fn shown(
    context: Context<'_>,
    id: &str,
    family: &Family,
    (total, coming): (usize, &[String]),
    limit: Duration,
) -> Result<(), ApiError> {
    let mut poll = Poll::new(limit);
    loop {
        let one = lifecycle::wanted(context.ty, id, &Object::new());
        let item = batch::item(context.client, context.ty, &one).await?;
        let now = item.map(|item| family.of(&item)).unwrap_or_default();
        if now.len() == total && coming.iter().all(|address| now.contains(address)) {
            return Ok(());
        }
        (context.progress)(&format!("waiting for {}", family.lists[0]));
        if !poll.pause().await {
            let text = format!("The new {} of {id} do not show yet.", family.lists[0]);
            return Err(timed_out(context.ty, &text, limit));
        }
    }
}
