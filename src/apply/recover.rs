//! Settles what an interrupted run left open, without a human where that can be.
//!
//! What to do is decided in `journal::decide`; here it is carried out and written down.

use std::{fmt, sync::Arc};

use super::{
    desired,
    journal::{Create, Decision, OpenIntent, Operation, Record, decide, reveal},
    store::Store,
};
use crate::{
    backend::format::Encoded,
    model::{
        Diagnostic, Diagnostics, Object, Value,
        state::{Status, Stored},
    },
    plan::{Providers, Values, providers::missing, refresh::read_surely},
    provider::{
        ApiError, CreateRequest, Lost, Param, Provider, Trace, Wanted, hooks::Kind,
        registry::Registry,
    },
    schema,
};

/// What was found about one open operation.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Settled {
    pub address: String,
    pub found: Found,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What was lost with the answer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub missing: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// The create call was asked again with the same token, and answered with the object.
    Created,
    /// The create call's object was looked for, and is there.
    Traced,
    /// It is there, and what only the answer had is lost with it.
    Spoilt,
    /// The create call is refused, or its object was looked for: there is none.
    NotCreated,
    /// The object is there; what follows its creation is still to be done.
    ToBeFinished,
    /// It was read back.
    ReadBack,
    /// It is gone.
    Deleted,
}

impl fmt::Display for Settled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            address,
            id,
            missing,
            ..
        } = self;
        match self.found {
            Found::Created => write!(
                out,
                "{address}: its creation was asked again with the same token; it is {id}"
            ),
            Found::Traced => write!(
                out,
                "{address}: its creation was never answered; {id} was found to be it"
            ),
            Found::Spoilt => write!(
                out,
                "{address}: {id} was created, but {missing} was lost with the answer, and it is to be replaced"
            ),
            Found::NotCreated => write!(out, "{address}: it was not created"),
            Found::ToBeFinished => write!(
                out,
                "{address}: {id} was created; what follows the creation is still to be done"
            ),
            Found::ReadBack => write!(out, "{address}: {id} was read back"),
            Found::Deleted => write!(out, "{address}: {id} is gone"),
        }
    }
}

/// What recovery needs to know beside the state.
pub struct Recovery<'a> {
    pub registry: &'a Registry,
    pub providers: &'a Providers,
    /// What the configuration says, over the objects of the state: it gives secrets again.
    pub values: &'a Values<'a>,
}

/// Settles every open operation; what cannot be settled is told and stays open.
pub async fn recover(
    store: &mut Store,
    recovery: &Recovery<'_>,
    diags: &mut Diagnostics,
) -> Vec<Settled> {
    let mut settled = Vec::new();
    for open in store.open_intents() {
        let resource = &open.address.resource;
        let Some(kind) = recovery.registry.find(resource.mode, &resource.kind) else {
            diags.push(missing(resource, &resource.kind));
            continue;
        };
        match one(store, kind, recovery, &open).await {
            Ok(done) => settled.push(done),
            Err(diagnostic) => diags.push(*diagnostic),
        }
    }
    settled
}

async fn one(
    store: &mut Store,
    kind: &'static Kind,
    recovery: &Recovery<'_>,
    open: &OpenIntent,
) -> Result<Settled, Box<Diagnostic>> {
    let name = provider_name(store, open);
    let provider = recovery
        .providers
        .get(&name)
        .cloned()
        .ok_or_else(|| Box::new(missing(&open.address.resource, &name)))?;
    let create = match &open.operation {
        Operation::Create(create) => create,
        Operation::Update { id, .. } | Operation::Delete { id } => {
            let found = read(store, &*provider, kind, open, id).await?;
            if found.is_none() && matches!(open.operation, Operation::Delete { .. }) {
                delete_rest(store, &*provider, kind, open, id).await?;
            }
            let how = match &found {
                Some(_) => Found::ReadBack,
                None => Found::Deleted,
            };
            let status = stored_of(store, open).map_or(Status::Ready, |stored| {
                let updates = matches!(open.operation, Operation::Update { .. });
                match updates && kind.resumes(&stored.attributes) {
                    true => Status::Unsettled,
                    false => stored.status,
                }
            });
            finish(store, kind, open, (&name, id), found, status).await?;
            return Ok(settled(open, how, id));
        }
    };
    let request = match decide(open, Store::now()) {
        Decision::Adopt { id } => {
            seen(store, &*provider, kind, open, (&name, &id)).await?;
            return Ok(settled(open, Found::ToBeFinished, &id));
        }
        // Only updates and deletes are.
        Decision::ReadBack { id } => return Ok(settled(open, Found::ReadBack, &id)),
        Decision::Expired { since } => return Err(Box::new(expired(open, &since.to_string()))),
        Decision::AskAgain { params, .. } => params,
        Decision::NeedsSecrets { .. } => {
            let module = recovery.values.module;
            let given =
                desired::create_request(module, kind, recovery.values, &open.address, &*provider);
            let secret = |name: &str| {
                let params = &given.as_ref()?.params;
                Some(params.iter().find(|it| it.name == name)?.value.clone())
            };
            reveal(&create.params, store.digester(), secret)
                .map_err(|names| Box::new(withheld(open, create, &names)))?
        }
    };
    ask_again(store, &*provider, kind, (open, create), request).await
}

fn settled(open: &OpenIntent, found: Found, id: &str) -> Settled {
    Settled {
        address: open.address.to_string(),
        found,
        id: id.to_owned(),
        missing: String::new(),
    }
}

fn provider_name(store: &Store, open: &OpenIntent) -> Arc<str> {
    match &open.operation {
        Operation::Create(create) => create.provider.as_str().into(),
        Operation::Update { .. } | Operation::Delete { .. } => store
            .state()
            .resources
            .get(&open.address.resource)
            .map(|kept| kept.provider.clone())
            .unwrap_or_else(|| crate::plan::providers::ALICLOUD.into()),
    }
}

fn stored_of<'a>(store: &'a Store, open: &OpenIntent) -> Option<&'a Stored> {
    let kept = store.state().resources.get(&open.address.resource)?;
    let instance = kept.instances.get(&open.address.key)?;
    match &open.deposed {
        None => instance.current.as_ref(),
        Some(key) => instance.deposed.get(key),
    }
}

/// Returns what the state has, or what was to be made.
fn kept_of(store: &Store, open: &OpenIntent) -> Option<Stored> {
    if let Some(stored) = stored_of(store, open) {
        return Some(stored.clone());
    }
    match &open.operation {
        Operation::Create(create) => planned(open, create),
        Operation::Update { .. } | Operation::Delete { .. } => None,
    }
}

/// Returns the object that was to be made, as the journal has it.
fn planned(open: &OpenIntent, create: &Create) -> Option<Stored> {
    create.planned.to_object(&open.address.resource.kind).ok()
}

async fn read(
    store: &Store,
    provider: &dyn Provider,
    kind: &'static Kind,
    open: &OpenIntent,
    id: &str,
) -> Result<Option<Object>, Box<Diagnostic>> {
    let known = match kept_of(store, open) {
        Some(stored) => stored.attributes,
        None => Arc::new(Object::from_iter([("id", Value::string(id))])),
    };
    let wanted = Wanted {
        ty: kind.ty,
        id: id.to_owned(),
        known,
    };
    match read_surely(provider, &[wanted]).await.pop() {
        Some(Ok(found)) => Ok(found),
        Some(Err(error)) => Err(Box::new(
            Diagnostic::error(
                "Could not settle an interrupted operation",
                format!("{} (id {id}) could not be read: {error}.", open.address),
            )
            .about(&open.address)
            .hint("Nothing was changed. Run the command again when the cause is mended."),
        )),
        None => Ok(None),
    }
}

/// Deletes what goes with an object that is gone already.
async fn delete_rest(
    store: &Store,
    provider: &dyn Provider,
    kind: &'static Kind,
    open: &OpenIntent,
    id: &str,
) -> Result<(), Box<Diagnostic>> {
    let Some(stored) = stored_of(store, open).filter(|_| kind.hooks.deletes_more) else {
        return Ok(());
    };
    let deleted = provider.delete(kind.ty, id, &stored.attributes, &|_| {});
    deleted.await.map_err(|failure| {
        let text = format!(
            "{} (id {id}) is gone, but not all that goes with it could be deleted: {}.",
            open.address, failure.error
        );
        Box::new(
            Diagnostic::error("Could not settle an interrupted operation", text)
                .about(&open.address)
                .hint("Run the command again when the cause is mended."),
        )
    })
}

async fn finish(
    store: &mut Store,
    kind: &'static Kind,
    open: &OpenIntent,
    (provider, id): (&str, &str),
    found: Option<Object>,
    status: Status,
) -> Result<(), Box<Diagnostic>> {
    let record = match found {
        None => Record::Deleted {
            address: open.address.clone(),
            deposed: open.deposed.clone(),
            id: id.to_owned(),
        },
        Some(object) => {
            let object = schema::mark(kind.ty, object);
            let sealed = schema::seal(kind.ty, &object, &|text| store.digest(text));
            let kept = kept_of(store, open).unwrap_or_default();
            let stored = Stored {
                status,
                attributes: Arc::new(sealed),
                ..kept
            };
            Record::Done {
                address: open.address.clone(),
                deposed: open.deposed.clone(),
                provider: provider.to_owned(),
                object: Encoded::object(&open.address.resource.kind, &stored),
            }
        }
    };
    store
        .append(&[record])
        .await
        .map_err(|error| unwritten(&error))
}

fn unwritten(error: &crate::backend::StateError) -> Box<Diagnostic> {
    let mut diagnostic = Diagnostic::error("Failed to write the state", format!("{error}."));
    diagnostic.hint = error.hint();
    Box::new(diagnostic)
}

/// Takes a new object over as it reads; what follows its creation is left to the plan.
async fn seen(
    store: &mut Store,
    provider: &dyn Provider,
    kind: &'static Kind,
    open: &OpenIntent,
    (name, id): (&str, &str),
) -> Result<(), Box<Diagnostic>> {
    let found = read(store, provider, kind, open, id).await?;
    if found.is_some() {
        return finish(store, kind, open, (name, id), found, Status::Unsettled).await;
    }
    // It may be slow to appear: the state keeps it, and the refresh looks again.
    let record = Record::Failed {
        address: open.address.clone(),
        deposed: None,
        code: "NotYetVisible".to_owned(),
        object: None,
    };
    store
        .append(&[record])
        .await
        .map_err(|error| unwritten(&error))
}

async fn ask_again(
    store: &mut Store,
    provider: &dyn Provider,
    kind: &'static Kind,
    (open, create): (&OpenIntent, &Create),
    params: Vec<(String, String)>,
) -> Result<Settled, Box<Diagnostic>> {
    let param = |(name, value)| Param {
        name,
        value,
        secret: false,
    };
    let request = CreateRequest {
        action: known_action(kind, &create.action)
            .ok_or_else(|| Box::new(expired(open, &create.at.to_string())))?,
        params: params.into_iter().map(param).collect(),
        takes_token: create.takes_token,
    };
    let address = open.address.clone();
    let planned = planned(open, create).map_or_else(Default::default, |it| it.attributes);
    if !request.takes_token {
        let lost = Lost {
            request: &request,
            planned: &planned,
            at: create.at,
        };
        let traced = provider.trace(kind.ty, lost).await;
        match traced.map_err(|error| Box::new(untraced(open, &error)))? {
            Trace::AskAgain => {}
            Trace::Made { id } => {
                return adopt(store, provider, kind, (open, create), id).await;
            }
            Trace::Spoilt { id, missing } => {
                let lacking = (id, missing);
                return spoilt(store, provider, kind, (open, create), lacking).await;
            }
            Trace::NotMade => return refused(store, open, "NotMade".to_owned()).await,
        }
    }
    let made = provider.create(kind.ty, &request, &create.token, &planned);
    match made.await {
        Ok(id) => {
            let mut done = adopt(store, provider, kind, (open, create), id).await?;
            done.found = Found::Created;
            Ok(done)
        }
        Err(failure) => {
            let error = failure.error;
            // A denial tells nothing of the call that was never answered.
            if !error.kind.is_refusal() {
                return Err(Box::new(
                    Diagnostic::error(
                        "Could not settle an interrupted operation",
                        format!("{address} may or may not have been created, and asking again failed: {error}."),
                    )
                    .about(&address)
                    .hint("Run the command again when the cause is mended: it asks with the same token, which makes nothing twice."),
                ));
            }
            refused(store, open, error.code).await
        }
    }
}

/// Takes over what a create call made.
async fn adopt(
    store: &mut Store,
    provider: &dyn Provider,
    kind: &'static Kind,
    (open, create): (&OpenIntent, &Create),
    id: String,
) -> Result<Settled, Box<Diagnostic>> {
    let created = Record::Created {
        address: open.address.clone(),
        id: id.clone(),
    };
    store
        .append(&[created])
        .await
        .map_err(|error| unwritten(&error))?;
    seen(store, provider, kind, open, (&create.provider, &id)).await?;
    Ok(settled(open, Found::Traced, &id))
}

/// Takes over what a create call made in vain: the plan makes another. That it was created and that it
/// is spoilt is one record, since a run that dies between two would take it for sound.
async fn spoilt(
    store: &mut Store,
    provider: &dyn Provider,
    kind: &'static Kind,
    (open, create): (&OpenIntent, &Create),
    (id, missing): (String, String),
) -> Result<Settled, Box<Diagnostic>> {
    let found = read(store, provider, kind, open, &id).await?;
    let status = Status::Tainted;
    finish(store, kind, open, (&create.provider, &id), found, status).await?;
    Ok(Settled {
        missing,
        ..settled(open, Found::Spoilt, &id)
    })
}

async fn refused(
    store: &mut Store,
    open: &OpenIntent,
    code: String,
) -> Result<Settled, Box<Diagnostic>> {
    let refused = Record::Refused {
        address: open.address.clone(),
        code,
    };
    store
        .append(&[refused])
        .await
        .map_err(|error| unwritten(&error))?;
    Ok(settled(open, Found::NotCreated, ""))
}

fn untraced(open: &OpenIntent, error: &ApiError) -> Diagnostic {
    let address = &open.address;
    let text =
        format!("{address} may or may not have been created, and looking for it failed: {error}.");
    Diagnostic::error("Could not settle an interrupted operation", text)
        .about(address)
        .hint("Nothing was changed. Run the command again when the cause is mended.")
}

/// Returns the action's name as the type's table (or hook) has it: requests carry static names.
fn known_action(kind: &'static Kind, action: &str) -> Option<&'static str> {
    kind.ty
        .create
        .iter()
        .map(|call| call.action)
        .chain(kind.ty.further_create_actions.iter().copied())
        .find(|known| *known == action)
}

fn expired(open: &OpenIntent, since: &str) -> Diagnostic {
    unknowable(
        open,
        &format!(
            "was begun at {since} and never answered. Its client token is too old to ask again"
        ),
    )
    .hint(by_hand(open))
}

/// Returns the error for an open create whose secrets the configuration does not give again.
fn withheld(open: &OpenIntent, create: &Create, names: &[String]) -> Diagnostic {
    unknowable(
        open,
        &format!(
            "({} at {}) was never answered. Asking again needs the same {}, which the configuration does not give, and prov keeps no secrets on disk",
            create.action,
            create.at,
            names.join(" and ")
        ),
    )
    .hint(format!(
        "Put the block with its old secret back, apply, and then change it. Or {}",
        by_hand(open)
    ))
}

fn unknowable(open: &OpenIntent, why: &str) -> Diagnostic {
    Diagnostic::error(
        "Cannot tell whether an object was created",
        format!("The creation of {} {why}.", open.address),
    )
    .about(&open.address)
}

/// Says how a person who looked settles it.
fn by_hand(open: &OpenIntent) -> String {
    format!(
        "look for it in the console: if it is there, `prov import '{0}' ID`; if not, `prov state rm '{0}'`.",
        open.address
    )
}
