//! `alicloud_account`: the account that the credentials belong to.

use futures::future::BoxFuture;

use super::listing;
use crate::{
    cloud::Product,
    model::{Object, Value},
    provider::{
        Failure,
        hooks::{Context, Hooks, Kind},
    },
    schema::*,
};

static IDENTITY: Read = read_one("GetCallerIdentity", "", "");

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &ACCOUNT,
    hooks: Hooks {
        data: Some(read),
        ..Hooks::NONE
    },
};

/// The account.
pub static ACCOUNT: ResourceType = ResourceType {
    read: &[&IDENTITY],
    attributes: &[string(
        "id",
        "The account's number: account_id of the provider block, or what the cloud says.",
    )
    .computed()
    .read(&IDENTITY, "AccountId")],
    ..resource(
        "alicloud_account",
        Service::Ecs,
        "The account that the credentials belong to.",
    )
};

fn read<'a>(context: Context<'a>, _: &'a Object) -> BoxFuture<'a, Result<Object, Failure>> {
    Box::pin(async move {
        if let Some(id) = context.client.account() {
            return Ok(Object::from_iter([("id", Value::from(id))]));
        }
        let answer = listing::ask(context, Product::Sts, IDENTITY.action, Vec::new()).await?;
        Ok(decode(&ACCOUNT, &IDENTITY, &answer))
    })
}
