//! Settles what an interrupted run left open, without a human where that can be.
//!
//! What to do is decided in `journal::decide`; here it is carried out and written down.

use std::{fmt, sync::Arc};

use super::{
    journal::{Create, Decision, OpenIntent, Operation, Record, decide},
    store::Store,
};
use crate::{
    backend::format::Encoded,
    model::{
        Address, Diagnostic, Diagnostics, Object, Value,
        state::{Status, Stored},
    },
    plan::{Providers, providers::missing},
    provider::{
        ApiError, ApiErrorKind, CreateRequest, Param, Provider, Wanted, hooks::Kind,
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// The create call was asked again with the same token, and answered with the object.
    Created,
    /// The create call is refused: there is no object.
    NotCreated,
    /// The object is there; what follows its creation is still to be done.
    ToBeFinished,
    /// It was read back.
    ReadBack,
    /// It is gone.
    Deleted,
    /// The configuration has to give a secret again; the plan does that.
    Deferred,
}

impl fmt::Display for Settled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, id, .. } = self;
        match self.found {
            Found::Created => write!(
                out,
                "{address}: its creation was asked again with the same token; it is {id}"
            ),
            Found::NotCreated => write!(out, "{address}: it was not created"),
            Found::ToBeFinished => write!(
                out,
                "{address}: {id} was created; what follows the creation is still to be done"
            ),
            Found::ReadBack => write!(out, "{address}: {id} was read back"),
            Found::Deleted => write!(out, "{address}: {id} is gone"),
            Found::Deferred => write!(
                out,
                "{address}: its creation is asked again, with the same token, by apply"
            ),
        }
    }
}

/// Settles every open operation; what cannot be settled is told and stays open.
pub async fn recover(
    store: &mut Store,
    registry: &Registry,
    providers: &Providers,
    diags: &mut Diagnostics,
) -> Vec<Settled> {
    let mut settled = Vec::new();
    for open in std::mem::take(&mut store.open) {
        let Some(kind) = registry.find(open.address.resource.mode, &open.address.resource.kind)
        else {
            diags.push(missing(&open.address.resource, &open.address.resource.kind));
            store.open.push(open);
            continue;
        };
        match one(store, kind, providers, &open).await {
            Ok(Some(done)) => {
                if done.found == Found::Deferred {
                    store.open.push(open);
                }
                settled.push(done);
            }
            Ok(None) => {}
            Err(diagnostic) => {
                diags.push(*diagnostic);
                store.open.push(open);
            }
        }
    }
    settled
}

async fn one(
    store: &mut Store,
    kind: &'static Kind,
    providers: &Providers,
    open: &OpenIntent,
) -> Result<Option<Settled>, Box<Diagnostic>> {
    let name = provider_name(store, open);
    let provider = providers
        .get(&name)
        .cloned()
        .ok_or_else(|| Box::new(missing(&open.address.resource, &name)))?;
    let settled = |found: Found, id: &str| {
        Ok(Some(Settled {
            address: open.address.to_string(),
            found,
            id: id.to_owned(),
        }))
    };
    match decide(open, Store::now()) {
        Decision::Adopt { id } => {
            let read = read(store, &*provider, kind, open, &id).await?;
            finish(
                store,
                kind,
                open,
                &name,
                &id,
                read.map(|it| (it, Status::Unsettled)),
            )
            .await?;
            settled(Found::ToBeFinished, &id)
        }
        Decision::ReadBack { id } => {
            let found = read(store, &*provider, kind, open, &id).await?;
            let gone = found.is_none();
            let status = stored_of(store, open).map_or(Status::Ready, |stored| stored.status);
            finish(store, kind, open, &name, &id, found.map(|it| (it, status))).await?;
            settled(
                if gone {
                    Found::Deleted
                } else {
                    Found::ReadBack
                },
                &id,
            )
        }
        Decision::AskAgain {
            action,
            token,
            params,
        } => {
            let Operation::Create(create) = &open.operation else {
                return Ok(None);
            };
            ask_again(
                store,
                &*provider,
                kind,
                open,
                create,
                (&action, &token, params),
            )
            .await
            .map(Some)
        }
        Decision::NeedsSecrets { .. } => settled(Found::Deferred, ""),
        Decision::Expired { since } => Err(Box::new(expired(&open.address, &since.to_string()))),
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

async fn read(
    store: &Store,
    provider: &dyn Provider,
    kind: &'static Kind,
    open: &OpenIntent,
    id: &str,
) -> Result<Option<Object>, Box<Diagnostic>> {
    let known = match stored_of(store, open) {
        Some(stored) => stored.attributes.clone(),
        None => Arc::new(Object::from_iter([("id", Value::string(id))])),
    };
    let wanted = Wanted {
        ty: kind.ty,
        id: id.to_owned(),
        known,
    };
    match provider.read(&[wanted]).await.pop() {
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

async fn finish(
    store: &mut Store,
    kind: &'static Kind,
    open: &OpenIntent,
    provider: &str,
    id: &str,
    found: Option<(Object, Status)>,
) -> Result<(), Box<Diagnostic>> {
    let record = match found {
        None => Record::Deleted {
            address: open.address.clone(),
            deposed: open.deposed.clone(),
            id: id.to_owned(),
        },
        Some((object, status)) => {
            let object = schema::mark(kind.ty, object);
            let sealed = schema::seal(kind.ty, &object, &|text| store.digest(text));
            let kept = stored_of(store, open).cloned().unwrap_or_default();
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

async fn ask_again(
    store: &mut Store,
    provider: &dyn Provider,
    kind: &'static Kind,
    open: &OpenIntent,
    create: &Create,
    (action, token, params): (&str, &str, Vec<(String, String)>),
) -> Result<Settled, Box<Diagnostic>> {
    let request = CreateRequest {
        action: known_action(kind, action)
            .ok_or_else(|| Box::new(expired(&open.address, &create.at.to_string())))?,
        params: params
            .into_iter()
            .map(|(name, value)| Param {
                name,
                value,
                secret: false,
            })
            .collect(),
        takes_token: create.takes_token,
    };
    let address = open.address.clone();
    match provider.create(kind.ty, &request, token).await {
        Ok(id) => {
            let created = Record::Created {
                address: address.clone(),
                id: id.clone(),
            };
            store
                .append(&[created])
                .await
                .map_err(|error| unwritten(&error))?;
            let found = read(store, provider, kind, open, &id).await?;
            // An object that is not to be seen yet may only be slow to appear: settling it will tell.
            if let Some(found) = found {
                finish(
                    store,
                    kind,
                    open,
                    &create.provider,
                    &id,
                    Some((found, Status::Unsettled)),
                )
                .await?;
            } else {
                let code = "NotYetVisible".to_owned();
                let failed = Record::Failed {
                    address: address.clone(),
                    deposed: None,
                    code,
                    object: None,
                };
                store
                    .append(&[failed])
                    .await
                    .map_err(|error| unwritten(&error))?;
            }
            Ok(Settled {
                address: address.to_string(),
                found: Found::Created,
                id,
            })
        }
        Err(failure) => refused(store, &address, failure.error).await,
    }
}

/// The create call was asked again and answered with an error: there is no object only if the cloud
/// refused it for good.
async fn refused(
    store: &mut Store,
    address: &Address,
    error: ApiError,
) -> Result<Settled, Box<Diagnostic>> {
    let refused = error.code != "IdempotentParameterMismatch"
        && matches!(
            error.kind,
            ApiErrorKind::Invalid
                | ApiErrorKind::Quota
                | ApiErrorKind::NotFound
                | ApiErrorKind::Busy
        );
    if !refused {
        return Err(Box::new(
            Diagnostic::error(
                "Could not settle an interrupted operation",
                format!("{address} may or may not have been created, and asking again failed: {error}."),
            )
            .about(address)
            .hint("Run the command again when the cause is mended: it asks with the same token, which makes nothing twice."),
        ));
    }
    let refused = Record::Refused {
        address: address.clone(),
        code: error.code,
    };
    store
        .append(&[refused])
        .await
        .map_err(|error| unwritten(&error))?;
    Ok(Settled {
        address: address.to_string(),
        found: Found::NotCreated,
        id: String::new(),
    })
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

fn expired(address: &Address, since: &str) -> Diagnostic {
    Diagnostic::error(
        "Cannot tell whether an object was created",
        format!(
            "The creation of {address} was begun at {since} and never answered. Its client token is too old to ask again."
        ),
    )
    .about(address)
    .hint("Look for it in the console. If it is there, import it with `prov import`; then remove the journal file beside the state.")
}

/// Returns the error for an open create whose secret the configuration gives differently now.
pub fn changed_secret(address: &Address, create: &Create) -> Diagnostic {
    Diagnostic::error(
        "An interrupted creation cannot be asked again",
        format!(
            "An earlier run asked for {address} ({} at {}), and its answer is not known. Asking again needs the same arguments, but the configuration has changed since, and prov keeps no secrets on disk.",
            create.action, create.at
        ),
    )
    .about(address)
    .hint("Put the old arguments back, apply, and then change them.")
}
