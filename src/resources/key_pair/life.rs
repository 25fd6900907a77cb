//! Making a key pair, and finding one whose answer was lost.
//!
//! The actions take no client token. The name is the mark: a pair of that name which appeared while the
//! call was under way, and says what the call said, is the call's. Its private key came with the
//! answer, so that a pair without the file that was to have it is of no use to anyone.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use futures::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::{
    file::{KeyFile, is_newer},
    table::{CREATE, DELETE, DESCRIBE},
};
use crate::{
    cloud::{ApiError, ApiErrorKind, Call, client::Product},
    model::{Object, Value, secret::Secret},
    provider::{
        CreateRequest, Lost, Trace,
        batch::read_call,
        hooks::Context,
        lifecycle::{self, local},
    },
    schema::{Param, ResourceType, Type, decode, equal, items},
};

/// The beginning of a name that nobody chose.
const PREFIX: &str = "prov-";

/// Returns the create call; a pair without a name gets one.
pub(super) fn create_request(ty: &'static ResourceType, desired: &Object) -> CreateRequest {
    let mut request = lifecycle::create_request(ty, desired);
    for param in &mut request.params {
        if param.name == "PublicKeyBody" {
            param.value = param.value.trim().to_owned();
        }
    }
    if named(&request).is_none() {
        let prefix = text(desired, "key_name_prefix").unwrap_or(PREFIX);
        request.params.push(Param {
            name: "KeyPairName".to_owned(),
            value: format!(
                "{prefix}{:x}{:08x}",
                Timestamp::now().as_millisecond(),
                fastrand::u32(..)
            ),
            secret: false,
        });
    }
    request
}

/// Creates a pair, with the private key of a new one in its file before anything else happens.
pub(super) fn create<'a>(
    context: Context<'a>,
    request: &'a CreateRequest,
    desired: &'a Object,
    _: &'a str,
) -> BoxFuture<'a, Result<Json, ApiError>> {
    async move {
        let path = text(desired, "key_file").filter(|_| request.action == CREATE.action);
        let file = match path {
            Some(path) => Some(KeyFile::prepare(Path::new(path)).map_err(|error| {
                let text = format!(
                    "The private key could not be written to \"{path}\" ({error}), so no key pair was created."
                );
                trouble(context.ty, request, text, ApiErrorKind::Invalid)
            })?),
            None => None,
        };
        let mut answer = lifecycle::create(context, request, "").await?;
        let key = answer
            .as_object_mut()
            .and_then(|answer| answer.remove("PrivateKeyBody"));
        let Some(file) = file else { return Ok(answer) };
        let kept = match key {
            Some(Json::String(key)) => file.keep(&Secret::new(key)).map_err(|e| e.to_string()),
            _ => Err("the answer had none".to_owned()),
        };
        match kept {
            Ok(()) => Ok(answer),
            Err(reason) => Err(undo(context, request, path.unwrap_or_default(), &reason).await),
        }
    }
    .boxed()
}

/// Deletes a pair whose private key could not be kept, and returns what went wrong.
async fn undo(context: Context<'_>, request: &CreateRequest, path: &str, reason: &str) -> ApiError {
    let names = Json::from(vec![named(request)]).to_string();
    let call = Call::change(Product::Ecs, DELETE.action)
        .param("KeyPairNames", names)
        .again()
        .retry(DELETE.retry, Duration::from_secs(10));
    let (kind, end) = match context.client.call(&call).await {
        Ok(_) => (
            ApiErrorKind::Invalid,
            "The key pair was deleted again, since nobody has its private key.".to_owned(),
        ),
        Err(error) => (
            ApiErrorKind::OutcomeUnknown,
            format!("Nobody has it now, and the key pair could not be deleted again: {error}."),
        ),
    };
    let text = format!("The private key could not be written to \"{path}\" ({reason}). {end}");
    trouble(context.ty, request, text, kind)
}

fn trouble(
    ty: &ResourceType,
    request: &CreateRequest,
    text: String,
    kind: ApiErrorKind,
) -> ApiError {
    ApiError {
        action: request.action.to_owned(),
        ..local(ty, "KeyFile", text, kind)
    }
}

/// Looks for the pair of a create call that was never answered.
pub(super) fn trace<'a>(
    context: Context<'a>,
    lost: Lost<'a>,
) -> BoxFuture<'a, Result<Trace, ApiError>> {
    async move {
        let Some(name) = named(lost.request) else {
            return Ok(Trace::NotMade);
        };
        let item = look(context, name).await?;
        Ok(item.map_or(Trace::NotMade, |item| judge(context.ty, name, &item, lost)))
    }
    .boxed()
}

async fn look(context: Context<'_>, name: &str) -> Result<Option<Json>, ApiError> {
    let params = [("KeyPairName", name), ("IncludePublicKey", "true")];
    let params = params.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let call = read_call(Product::Ecs, DESCRIBE.action, params.to_vec());
    // The filter is a pattern.
    let named = |answer: &Json| {
        let mut found = items(answer, DESCRIBE.item).into_iter();
        found
            .find(|item| field(item, "KeyPairName") == name)
            .cloned()
    };
    lifecycle::look_for(context.client, &call, named).await
}

/// Says whose a pair of the right name is.
fn judge(ty: &ResourceType, name: &str, item: &Json, lost: Lost<'_>) -> Trace {
    let id = name.to_owned();
    let sent = parameter(lost.request, "PublicKeyBody");
    let seen = decode(ty, &DESCRIBE, item);
    let of = |object: &Object| object.get("tags").cloned().unwrap_or_default();
    let tagged_alike = equal(&Type::Map, &of(&seen), &of(lost.planned));
    let near = lost.is_near(field(item, "CreationTime"));
    let other_key = sent.is_some_and(|sent| !same_key(sent, field(item, "PublicKey")));
    if !near || !tagged_alike || other_key {
        return Trace::NotMade;
    }
    match text(lost.planned, "key_file").filter(|_| sent.is_none()) {
        Some(path) if !is_newer(Path::new(path), moment(lost.at)) => Trace::Spoilt {
            id,
            missing: "its private key".to_owned(),
        },
        _ => Trace::Made { id },
    }
}

fn moment(at: Timestamp) -> SystemTime {
    let since = u64::try_from(at.as_millisecond()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_millis(since)
}

/// Whether two spellings are one public key: what follows the key itself is a comment. One that is not
/// told may be.
fn same_key(a: &str, b: &str) -> bool {
    let key = |text: &str| {
        let words = text.split_whitespace().take(2);
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    b.is_empty() || key(a) == key(b)
}

fn named(request: &CreateRequest) -> Option<&str> {
    parameter(request, "KeyPairName")
}

fn parameter<'a>(request: &'a CreateRequest, name: &str) -> Option<&'a str> {
    let mut params = request.params.iter();
    params
        .find(|param| param.name == name)
        .map(|param| param.value.as_str())
}

fn field<'a>(item: &'a Json, name: &str) -> &'a str {
    item.get(name).and_then(Json::as_str).unwrap_or_default()
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}
