//! Which provider an open operation belongs to: the one that leads where it was begun, whatever its block
//! is called by now.

use std::sync::Arc;

use super::{
    Recovery,
    problems::{Sentence, problem},
};
use crate::{
    apply::{
        journal::{OpenIntent, Operation, Place},
        store::Store,
        token::Digester,
    },
    model::{Diagnostic, language::Words},
    plan::providers::{ALICLOUD, alias},
    provider::Provider,
};

/// A provider, and its string.
pub(super) type Named = (Arc<str>, Arc<dyn Provider>);

/// Returns the provider that settles an operation: the one with its name, unless that leads elsewhere now;
/// else one that leads where the operation was begun.
pub(super) fn provider(
    store: &Store,
    recovery: &Recovery<'_>,
    open: &OpenIntent,
) -> Result<Named, Box<Diagnostic>> {
    let name = name(store, open);
    let digester = store.digester();
    let own = recovery.providers.get(&name);
    let is_there = |provider: &Arc<dyn Provider>| leads(&**provider, open, digester);
    if let Some(own) = own
        && is_there(own) != Some(false)
    {
        return Ok((name, own.clone()));
    }
    let mut all = recovery.providers.of_cloud();
    if let Some((name, provider)) = all.find(|(_, provider)| is_there(provider) == Some(true)) {
        return Ok((name.clone(), provider.clone()));
    }
    let now = own.and_then(|own| place(&**own, digester));
    Err(Box::new(homeless(open, &name, now.as_ref())))
}

/// Returns the string of the provider that an operation was begun with.
fn name(store: &Store, open: &OpenIntent) -> Arc<str> {
    match &open.operation {
        Operation::Create(create) => create.provider.as_str().into(),
        Operation::Update { .. } | Operation::Delete { .. } => {
            let kept = store.state().resources.get(&open.address.resource);
            kept.map_or_else(|| ALICLOUD.into(), |kept| kept.provider.clone())
        }
    }
}

fn place(provider: &dyn Provider, digester: &Digester) -> Option<Place> {
    Some(Place::new(provider.whereabouts()?, digester))
}

/// Whether a provider leads where the operation was begun; `None` where it cannot be told.
fn leads(provider: &dyn Provider, open: &OpenIntent, digester: &Digester) -> Option<bool> {
    open.place.as_ref()?.is(&place(provider, digester)?)
}

const SUMMARY: Words = Words::new("Provider configuration not present", "缺少 provider 配置");

/// Returns the error for an operation whose provider's block is gone, or leads elsewhere now.
fn homeless(open: &OpenIntent, name: &str, now: Option<&Place>) -> Diagnostic {
    let address = &open.address;
    let (why, chinese_why) = match now.map(told) {
        None => (
            format!("{name}, which is not in the configuration"),
            format!("{name}，而配置中没有它"),
        ),
        Some((now, chinese_now)) => (
            format!("{name}, which leads to {now} now"),
            format!("{name}，而它现在指向{chinese_now}"),
        ),
    };
    let (mut begun, mut chinese_begun) = Sentence::default();
    if let Some((place, chinese_place)) = open.place.as_ref().map(told) {
        begun = format!(" in {place}");
        chinese_begun = format!("（{chinese_place}）");
    }
    let detail = (
        format!(
            "What a run was doing to {address}{begun} was interrupted. It was done with {why}."
        ),
        format!("对 {address}{chinese_begun} 的操作被中断。当时使用的是 {chinese_why}。"),
    );
    let block = block(open, name);
    let hint = (
        format!(
            "Put a block for that account and region back, `{block}`, and run the command again. Until then the journal keeps what is open."
        ),
        format!(
            "恢复指向该账号和地域的块 `{block}`，然后重新运行该命令。在此之前，日志保留未了结的操作。"
        ),
    );
    problem(open, SUMMARY, detail, hint)
}

/// Returns a region, and the account where its number is known.
fn told(place: &Place) -> Sentence {
    let region = &place.region;
    match place.number() {
        None => (region.clone(), format!("地域 {region}")),
        Some(account) => (
            format!("{region} of the account {account}"),
            format!("账号 {account} 的地域 {region}"),
        ),
    }
}

/// Returns a provider block that would do, but for its credentials.
fn block(open: &OpenIntent, name: &str) -> String {
    let alias = alias(name).map(|alias| format!("alias = \"{alias}\""));
    let place = open.place.as_ref();
    let region = place.map(|place| format!("region = \"{}\"", place.region));
    let arguments: Vec<String> = alias.into_iter().chain(region).collect();
    match arguments.len() {
        0 => "provider \"alicloud\" {}".to_owned(),
        _ => format!("provider \"alicloud\" {{ {} }}", arguments.join(", ")),
    }
}
