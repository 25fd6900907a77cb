//! What exists in a region and is nobody's yet: found in few calls (`discover`), without what is managed
//! (`managed`), chosen (`choose`), and named (`named`).

mod choose;
mod inner;
mod named;

use std::{collections::HashSet, sync::Arc};

use futures::future::join_all;

pub use choose::{Choice, choose};
pub use named::named;

use crate::{
    manifest::ast::Module,
    model::{Address, Object, Span, Value, state::State},
    provider::{ApiError, ApiErrorKind, Provider, Wanted, registry::Registry},
    schema::{ResourceType, mark},
};

/// An object, before it has a name.
#[derive(Clone)]
pub struct Existing {
    pub ty: &'static ResourceType,
    pub id: String,
    pub object: Arc<Object>,
}

/// What was found, and which types could not be looked for.
pub struct Discovery {
    pub existing: Vec<Existing>,
    pub refused: Vec<(&'static str, ApiError)>,
    /// How many there are that the cloud itself looks after.
    pub left: Vec<(&'static str, usize)>,
}

/// Lists and reads everything that exists. Key pairs on instances are said by the instances where these are
/// wanted, too.
pub async fn discover(
    provider: &dyn Provider,
    registry: &Registry,
    choice: &Choice,
) -> Result<Discovery, (&'static str, ApiError)> {
    let types = registry.kinds.iter().map(|kind| kind.ty);
    let said_by_instances = choice.wants("alicloud_instance");
    let types: Vec<_> = types
        .filter(|ty| ty.alias_of.is_none())
        .filter(|ty| ty.name != "alicloud_ecs_key_pair_attachment" || !said_by_instances)
        .collect();
    let listed = join_all(types.iter().map(|ty| provider.list(ty))).await;
    let mut wanted = Vec::new();
    let mut refused = Vec::new();
    let mut left = Vec::new();
    for (ty, ids) in types.into_iter().zip(listed) {
        match ids {
            Ok(listing) => {
                if listing.left > 0 && choice.wants(ty.name) {
                    left.push((ty.name, listing.left));
                }
                wanted.extend(listing.ids.into_iter().map(|id| Wanted {
                    ty,
                    known: Arc::new(Object::from_iter([("id", Value::string(&*id))])),
                    id,
                }));
            }
            // Whoever may not see some types can still adopt the others.
            Err(error) if error.kind == ApiErrorKind::Denied => refused.push((ty.name, error)),
            Err(error) => return Err((ty.name, error)),
        }
    }
    let mut existing = Vec::new();
    for (one, object) in wanted.iter().zip(provider.read(&wanted).await) {
        match object {
            Ok(Some(object)) => existing.push(Existing {
                ty: one.ty,
                id: one.id.clone(),
                object: Arc::new(mark(one.ty, object)),
            }),
            // Gone since it was listed.
            Ok(None) => {}
            Err(error) => return Err((one.ty.name, error)),
        }
    }
    Ok(Discovery {
        existing,
        refused,
        left,
    })
}

/// What is managed, by its type's canonical name and its id.
pub type Managed = HashSet<(&'static str, String)>;

/// Returns what the state has already, and what is `imported` by the manifests' own blocks.
pub fn managed(
    existing: &[Existing],
    state: &State,
    imported: &[(Address, String, Span)],
    module: &Module,
    registry: &Registry,
) -> Managed {
    let mut managed = Managed::new();
    for (address, id, _) in imported {
        let resource = &address.resource;
        if let Some(kind) = registry.find(resource.mode, &resource.kind) {
            managed.insert((kind.ty.canonical(), id.clone()));
        }
    }
    for (address, resource) in &state.resources {
        let Some(kind) = registry.find(address.mode, &address.kind) else {
            continue;
        };
        for instance in resource.instances.values() {
            let objects = instance.current.iter().chain(instance.deposed.values());
            for stored in objects {
                if let Some(id) = stored.attributes.get("id").and_then(Value::as_str) {
                    managed.insert((kind.ty.canonical(), id.to_owned()));
                }
            }
        }
    }
    managed.extend(inner::of_instances(existing, state, module, &managed));
    managed
}
