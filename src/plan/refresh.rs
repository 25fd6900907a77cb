//! What is there now: the recorded state, corrected by what the cloud says.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{
    explain,
    providers::{Providers, missing},
};
use crate::{
    model::{
        Address, Diagnostic, Diagnostics, Mode, Object, ResourceAddress, Value,
        event::Event,
        language::Words,
        plan::{Action, Change},
        state::{State, Stored},
    },
    provider::{self, ApiError, Provider, Wanted, lifecycle::is_absent, registry::Registry},
    schema::{self, ResourceType},
};

/// What a refresh found.
#[derive(Debug, Default)]
pub struct Refreshed {
    pub state: State,
    pub drift: Vec<Change>,
}

/// The pauses before asking again for what was not to be seen: a listing may be a moment old.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_millis(1600),
];

/// Reads objects that are known to have existed: one answer without an object is not believed, since a
/// new object that is taken for gone would be made a second time.
pub async fn read_surely(
    provider: &dyn Provider,
    wanted: &[Wanted],
) -> Vec<Result<Option<Object>, ApiError>> {
    let mut answers = provider.read(wanted).await;
    for pause in PAUSES {
        let absent = |at: &usize| is_absent(&answers[*at]);
        let absent: Vec<usize> = (0..answers.len()).filter(absent).collect();
        if absent.is_empty() {
            break;
        }
        tokio::time::sleep(pause).await;
        let again: Vec<Wanted> = absent.iter().map(|at| wanted[*at].clone()).collect();
        for (at, answer) in absent.into_iter().zip(provider.read(&again).await) {
            answers[at] = answer;
        }
    }
    answers
}

struct Item {
    address: Address,
    deposed: Option<String>,
    stored: Stored,
    wanted: Wanted,
}

/// Reads every managed object of the state (or of the chosen resources) back, many at once.
pub async fn refresh(
    recorded: &State,
    registry: &Registry,
    providers: &Providers,
    chosen: &(dyn Fn(&ResourceAddress) -> bool + Sync),
    events: &(dyn Fn(Event) + Sync),
    diags: &mut Diagnostics,
) -> Refreshed {
    let mut refreshed = Refreshed {
        state: recorded.clone(),
        drift: Vec::new(),
    };
    for (provider_name, items) in group(recorded, registry, chosen) {
        let Some(provider) = providers.get(&provider_name) else {
            diags.push(missing(&items[0].address.resource, &provider_name));
            continue;
        };
        for item in &items {
            let (address, id) = (item.address.clone(), item.wanted.id.clone());
            events(Event::RefreshStarted { address, id });
        }
        let wanted: Vec<Wanted> = items.iter().map(|item| item.wanted.clone()).collect();
        let answers = read_surely(&**provider, &wanted).await;
        for (item, answer) in items.into_iter().zip(answers) {
            let (address, id) = (item.address.clone(), item.wanted.id.clone());
            match answer {
                Ok(found) => {
                    events(Event::RefreshFinished { address, id });
                    settle(&mut refreshed, item, found, &provider_name);
                }
                Err(error) => {
                    diags.push(cannot_read(&item, &error));
                    if diags.iter().count() > 20 {
                        return refreshed;
                    }
                }
            }
        }
    }
    refreshed
}

fn group(
    recorded: &State,
    registry: &Registry,
    chosen: &(dyn Fn(&ResourceAddress) -> bool + Sync),
) -> BTreeMap<Arc<str>, Vec<Item>> {
    let mut groups: BTreeMap<Arc<str>, Vec<Item>> = BTreeMap::new();
    for (resource, kept) in &recorded.resources {
        let Some(kind) = registry.find(resource.mode, &resource.kind) else {
            continue;
        };
        // What is carried out in the process has nothing outside of the state that could differ.
        let elsewhere = resource.mode == Mode::Managed && !kind.ty.service.is_within();
        if !elsewhere || !chosen(resource) {
            continue;
        }
        for (key, instance) in &kept.instances {
            let address = Address {
                resource: resource.clone(),
                key: key.clone(),
            };
            let current = instance.current.iter().map(|stored| (None, stored));
            let deposed = instance
                .deposed
                .iter()
                .map(|(key, stored)| (Some(key.clone()), stored));
            for (deposed, stored) in current.chain(deposed) {
                let wanted = Wanted {
                    ty: kind.ty,
                    id: id_of(&stored.attributes),
                    known: stored.attributes.clone(),
                };
                let stored = stored.clone();
                let item = Item {
                    address: address.clone(),
                    deposed,
                    stored,
                    wanted,
                };
                groups.entry(kept.provider.clone()).or_default().push(item);
            }
        }
    }
    groups
}

/// Returns an object's id, or nothing when it has none.
pub fn id_of(attributes: &Object) -> String {
    attributes
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn settle(refreshed: &mut Refreshed, item: Item, found: Option<Object>, provider: &Arc<str>) {
    let before = item.stored.attributes.clone();
    let mut change = Change {
        deposed: item.deposed.clone(),
        before: Some(before.clone()),
        ..Change::new(item.address.clone(), provider.clone(), Action::Delete)
    };
    let Some(found) = found else {
        let id = item.wanted.id;
        refreshed
            .state
            .extra
            .history
            .entry(item.address.to_string())
            .or_default()
            .follow(&id);
        refreshed
            .state
            .remove(&item.address, item.deposed.as_deref());
        refreshed.drift.push(change);
        return;
    };
    let found = Arc::new(schema::mark(item.wanted.ty, found));
    if same(item.wanted.ty, &before, &found) {
        return;
    }
    let instance = refreshed.state.instance_mut(&item.address, provider);
    let stored = match &item.deposed {
        None => instance.current.as_mut(),
        Some(key) => instance.deposed.get_mut(key),
    };
    if let Some(stored) = stored {
        stored.attributes = found.clone();
    }
    change.action = Action::Update;
    change.after = Some(found);
    refreshed.drift.push(change);
}

/// Whether two objects of a type say the same: null, absent and zero values are one, and a state file
/// has but one kind of list.
fn same(ty: &ResourceType, before: &Object, after: &Object) -> bool {
    ty.attributes.iter().all(|attribute| {
        let of = |object: &Object| object.get(attribute.name).cloned().unwrap_or_default();
        schema::equal(&attribute.ty, &of(before), &of(after))
    })
}

fn cannot_read(item: &Item, error: &ApiError) -> Diagnostic {
    // Objects are read many at once: what fails for all of them is told once.
    provider::explain(explain::READING, error, Some(UNREAD)).about(&item.address)
}

const UNREAD: Words = Words::new(
    "Nothing was changed. Plan again when the cause is mended, or plan with -refresh=false.",
    "没有做任何修改。请在排除原因后重新执行 plan，或使用 -refresh=false。",
);
