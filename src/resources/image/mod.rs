//! `alicloud_image`: an image of the account's own, made of an instance, of a snapshot, or of some snapshots.
//!
//! The table says what there is (`table`), `rules` what it can be made of. Deleting one can take the snapshots
//! along that it is made of, which the tables cannot say.

mod rules;
mod table;

use futures::future::{BoxFuture, join_all};
use serde_json::Value as Json;

pub use table::IMAGE;

use crate::{
    cloud::{ApiError, Call, client::Product},
    model::{Object, Value, plan::Effect},
    provider::{
        Failure, batch,
        hooks::{Context, Hooks, Kind},
        lifecycle::{self, failure, wanted},
        offer::{Limit, Offer, STORAGE},
    },
    schema::{items, limits},
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &IMAGE,
    hooks: Hooks {
        delete: Some(delete),
        deletes_more: true,
        loss: Some(|_| vec![Effect::LosesData]),
        offer: Some(|_, _| Offer::unlisted(Limit::Untold("images"), STORAGE)),
        ..Hooks::NONE
    },
};

/// Codes of a snapshot that is gone, and of one that is not free yet.
const GONE: &[&str] = &["InvalidSnapshotId.NotFound", "InvalidResource.NotFound"];
const BUSY: &[&str] = &["Operation.Conflict"];

/// Deletes the image, and then the snapshots that it was made of if it is asked to.
fn delete<'a>(
    context: Context<'a>,
    id: &'a str,
    prior: &'a Object,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        let failed = |error| failure(context.ty, error, None);
        let along = prior.get("delete_auto_snapshot").and_then(Value::as_bool) == Some(true);
        let snapshots = match along {
            true => snapshots(context, id, prior).await.map_err(failed)?,
            false => Vec::new(),
        };
        let read = || lifecycle::read_one(context.client, context.ty, id, prior);
        lifecycle::remove(context, id, prior, read)
            .await
            .map_err(failed)?;
        let patience = limits(context.ty, prior).delete;
        let calls = snapshots.iter().map(|snapshot| {
            (context.progress)("DeleteSnapshot");
            let call = Call::change(Product::Ecs, "DeleteSnapshot")
                .param("SnapshotId", snapshot.as_str())
                .param("Force", "true")
                .retry(BUSY, patience)
                .again();
            async move { context.client.call(&call).await }
        });
        let results = join_all(calls).await;
        told_together(results).map_err(|error| Failure {
            error,
            attribute: Some("delete_auto_snapshot".to_owned()),
            current: None,
        })
    })
}

/// The snapshots of the image as it is, or as it was when it is there no more.
async fn snapshots(
    context: Context<'_>,
    id: &str,
    prior: &Object,
) -> Result<Vec<String>, ApiError> {
    let one = wanted(context.ty, id, prior);
    let field = |disk: &Json| disk["SnapshotId"].as_str().map(str::to_owned);
    let found: Vec<String> = match batch::item(context.client, context.ty, &one).await? {
        Some(image) => items(&image, "DiskDeviceMappings.DiskDeviceMapping")
            .into_iter()
            .filter_map(field)
            .collect(),
        None => prior
            .get("disk_device_mapping")
            .and_then(Value::as_list)
            .unwrap_or_default()
            .iter()
            .filter_map(|disk| disk.as_object()?.get("snapshot_id")?.as_str())
            .map(str::to_owned)
            .collect(),
    };
    Ok(found.into_iter().filter(|id| !id.is_empty()).collect())
}

/// The first of some errors, which says all of them.
fn told_together(results: Vec<Result<Json, ApiError>>) -> Result<(), ApiError> {
    let gone = |error: &ApiError| GONE.iter().any(|code| error.code.contains(code));
    let mut errors = results
        .into_iter()
        .filter_map(Result::err)
        .filter(|error| !gone(error));
    let Some(mut first) = errors.next() else {
        return Ok(());
    };
    for other in errors {
        first.message.push_str(&format!(" {}", other.message));
    }
    first
        .message
        .push_str(" The image is deleted, and these of its snapshots are left.");
    Err(first)
}
