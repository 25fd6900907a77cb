//! Reading templates with their newest version, and changing them by a new one.

use std::collections::HashMap;

use futures::future::{BoxFuture, join_all};
use serde_json::{Value as Json, json};

use super::place;
use super::table::{CREATE, DEFAULT, TAG, TEMPLATES, VERSION, VERSIONS};
use crate::{
    cloud::{ApiError, ApiErrorKind, Call, client::Product},
    model::{Object, Value},
    provider::{
        Change, Failure, Lost, Trace, Wanted,
        batch::{self, read_call},
        hooks::Context,
        lifecycle::{self, Poll, TRACEABLE, failure, local},
        tags,
    },
    schema::{Type, carried, carries, decode, encode, encoded, equal, is_changed, items},
};

/// How many templates one call reads.
const BATCH: usize = 50;
/// How many versions a template may have.
const VERSIONS_MOST: usize = 30;

/// Parameters of a call.
type Params = Vec<(String, String)>;

/// Reads templates: many at once, and the newest version of each.
pub(super) fn read<'a>(
    context: Context<'a>,
    wanted: &'a [Wanted],
) -> BoxFuture<'a, Vec<Result<Option<Object>, ApiError>>> {
    Box::pin(async move {
        let templates = templates(context, wanted).await;
        let reads = wanted
            .iter()
            .map(|one| read_one(context, one, &templates[&one.id]));
        join_all(reads).await
    })
}

type Found = Result<Option<Json>, ApiError>;

async fn templates(context: Context<'_>, wanted: &[Wanted]) -> HashMap<String, Found> {
    let calls = wanted.chunks(BATCH).map(|some| async move {
        let mut params: Params = (1..)
            .zip(some)
            .map(|(at, one)| (format!("LaunchTemplateId.{at}"), one.id.clone()))
            .collect();
        params.push(("PageSize".to_owned(), BATCH.to_string()));
        let call = read_call(Product::Ecs, TEMPLATES.action, params);
        (some, context.answers.ask(&call).await)
    });
    let mut found = HashMap::new();
    for (some, answer) in join_all(calls).await {
        for one in some {
            let template = answer.as_ref().map_err(Clone::clone).map(|answer| {
                let mut all = items(answer, TEMPLATES.item).into_iter();
                all.find(|item| item["LaunchTemplateId"] == one.id.as_str())
                    .cloned()
            });
            found.insert(one.id.clone(), template);
        }
    }
    found
}

async fn read_one(
    context: Context<'_>,
    one: &Wanted,
    template: &Found,
) -> Result<Option<Object>, ApiError> {
    let Some(template) = template.as_ref().map_err(Clone::clone)? else {
        return Ok(None);
    };
    let newest = template["LatestVersionNumber"].to_string();
    let asked = ask_versions(context, &one.id, &[("LaunchTemplateVersion.1", &newest)]).await;
    let version = match asked {
        Err(error) if error.kind == ApiErrorKind::NotFound => return Ok(None),
        asked => asked?.into_iter().next(),
    };
    let mut parts = vec![decode(context.ty, &TEMPLATES, template)];
    if let Some(mut version) = version {
        straighten(&mut version["LaunchTemplateData"]);
        let mut told = decode(context.ty, &VERSIONS, &version);
        keep_data(&mut told, &one.known);
        parts.push(told);
    }
    Ok(Some(batch::merge(context.ty, &one.id, &one.known, parts)))
}

async fn ask_versions(
    context: Context<'_>,
    id: &str,
    more: &[(&str, &str)],
) -> Result<Vec<Json>, ApiError> {
    let own = [("LaunchTemplateId", id), ("PageSize", "50")];
    let params = own.iter().chain(more);
    let params = params.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let call = read_call(Product::Ecs, VERSIONS.action, params.collect());
    let answer = context.client.call(&call).await?;
    let mut versions: Vec<Json> = items(&answer, VERSIONS.item).into_iter().cloned().collect();
    versions.sort_by_key(|version| std::cmp::Reverse(number(version)));
    Ok(versions)
}

fn number(version: &Json) -> i64 {
    version["VersionNumber"].as_i64().unwrap_or(0)
}

/// The system disk is told as a structure, or as fields named `SystemDisk.Size`; what says nothing goes.
fn straighten(data: &mut Json) {
    let Some(data) = data.as_object_mut() else {
        return;
    };
    let mut disk = match data.remove("SystemDisk") {
        Some(Json::Object(disk)) => disk,
        _ => serde_json::Map::new(),
    };
    for (name, value) in data.iter() {
        if let Some(inner) = name.strip_prefix("SystemDisk.") {
            disk.entry(inner).or_insert_with(|| value.clone());
        }
    }
    data.insert("SystemDisk".to_owned(), Json::Object(disk));
    for name in ["SystemDisk", "ImageOptions"] {
        let says = |value: &Json| !value.is_null() && *value != json!("");
        let silent = data
            .get(name)
            .and_then(Json::as_object)
            .is_none_or(|fields| !fields.values().any(says));
        if silent {
            data.remove(name);
        }
    }
}

/// User data stays as it was written while it is the same.
fn keep_data(told: &mut Object, known: &Object) {
    for name in ["user_data", "userdata"] {
        let (Some(now), Some(text)) = (
            told.get(name).and_then(Value::as_str),
            known.get(name).and_then(Value::as_str),
        ) else {
            continue;
        };
        if encoded(text) == now {
            let text = Value::from(text);
            told.insert(name, text);
        }
    }
}

/// A new template has one version, which is the default one.
pub(super) fn settle<'a>(
    context: Context<'a>,
    _: &'a str,
    desired: &'a Object,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        let wanted = desired
            .get("default_version_number")
            .and_then(Value::as_int);
        match wanted {
            Some(wanted) if wanted > 1 => {
                let text = format!(
                    "A new template has version 1 only, so that its default version cannot be {wanted}. Remove default_version_number, and set it once there are more versions."
                );
                let error = local(context.ty, "NoSuchVersion", text, ApiErrorKind::Invalid);
                Err(failure_about("default_version_number", error))
            }
            _ => Ok(()),
        }
    })
}

fn failure_about(attribute: &str, error: ApiError) -> Failure {
    Failure {
        error,
        attribute: Some(attribute.to_owned()),
        current: None,
    }
}

/// Changes a template: its tags, what instances get by a new version, and which version is the default.
pub(super) fn update<'a>(
    context: Context<'a>,
    id: &'a str,
    change: Change<'a>,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        let done = change_all(context, id, change).await;
        done.map_err(|error| failure(context.ty, error, None))
    })
}

async fn change_all(context: Context<'_>, id: &str, change: Change<'_>) -> Result<(), ApiError> {
    if carries(context.ty, &TAG, change.changed) {
        change_tags(context, id, change).await?;
    }
    let mut newest = int(change.prior, "latest_version_number");
    if carries(context.ty, &VERSION, change.changed) {
        make_room(context, id, change.prior).await?;
        newest = match add_version(context, id, change.desired).await {
            Err(error) if error.kind == ApiErrorKind::OutcomeUnknown => {
                let added = added_version(context, id, newest, change.desired).await;
                // One that is not there may yet be made: the next run looks again.
                Some(added.ok().flatten().ok_or(error)?)
            }
            added => added?.or(newest),
        };
    }
    let follows = change.desired.get("update_default_version_number");
    let wanted = match follows.and_then(Value::as_bool) {
        Some(true) => newest,
        _ if changed(context, change, "default_version_number") => {
            int(change.desired, "default_version_number")
        }
        _ => None,
    };
    match wanted.filter(|_| wanted != int(change.prior, "default_version_number")) {
        Some(wanted) => make_default(context, id, wanted).await,
        None => Ok(()),
    }
}

fn int(object: &Object, name: &str) -> Option<i64> {
    object.get(name).and_then(Value::as_int)
}

fn changed(context: Context<'_>, change: Change<'_>, name: &str) -> bool {
    let mut rows = context.ty.attributes.iter();
    rows.find(|row| row.name == name)
        .is_some_and(|row| is_changed(row, change.changed))
}

async fn change_tags(context: Context<'_>, id: &str, change: Change<'_>) -> Result<(), ApiError> {
    let of = |object: &Object| {
        let tags = object.get("template_tags").and_then(Value::as_object);
        tags.cloned().unwrap_or_default()
    };
    let target = tags::Target {
        service: context.ty.service,
        resource_type: "launchtemplate",
        ids: &[id],
    };
    let sides = (of(change.prior), of(change.desired));
    tags::change(context, target, (&sides.0, &sides.1)).await
}

/// Deletes the oldest version that is not the default one when there can be no further one.
async fn make_room(context: Context<'_>, id: &str, prior: &Object) -> Result<(), ApiError> {
    let few = |newest| usize::try_from(newest).is_ok_and(|newest: usize| newest < VERSIONS_MOST);
    if int(prior, "latest_version_number").is_some_and(few) {
        return Ok(());
    }
    let versions = ask_versions(context, id, &[("DetailFlag", "false")]).await?;
    if versions.len() < VERSIONS_MOST {
        return Ok(());
    }
    let mut oldest = versions.iter().rev();
    let Some(oldest) = oldest.find(|version| version["DefaultVersion"] != true) else {
        return Ok(());
    };
    let params = vec![
        ("LaunchTemplateId".to_owned(), id.to_owned()),
        ("DeleteVersion.1".to_owned(), number(oldest).to_string()),
    ];
    let action = "DeleteLaunchTemplateVersion";
    (context.progress)(action);
    let call = Call {
        params,
        ..Call::change(Product::Ecs, action).again()
    };
    match context.client.call(&call).await {
        // Its answer was lost, and it was carried out.
        Err(error) if error.kind == ApiErrorKind::NotFound => Ok(()),
        done => done.map(drop),
    }
}

/// Adds a version with every attribute, and returns its number.
async fn add_version(
    context: Context<'_>,
    id: &str,
    desired: &Object,
) -> Result<Option<i64>, ApiError> {
    let mut whole = desired.clone();
    whole.insert("id", Value::from(id));
    let mut params = encode(context.ty, &VERSION, &whole);
    place::fill(context, &mut params).await?;
    (context.progress)(VERSION.action);
    let call = Call {
        params: lifecycle::pairs(params),
        ..Call::change(Product::Ecs, VERSION.action)
    };
    let answer = context.client.call(&call).await?;
    Ok(answer["LaunchTemplateVersionNumber"].as_i64())
}

/// Looks for the version that a lost call added: newer than what was there, and as desired.
async fn added_version(
    context: Context<'_>,
    id: &str,
    newest: Option<i64>,
    desired: &Object,
) -> Result<Option<i64>, ApiError> {
    let mut poll = Poll::new(TRACEABLE);
    loop {
        let versions = ask_versions(context, id, &[("DetailFlag", "true")]).await?;
        let newer = |version: &&Json| Some(number(version)) > newest;
        let mut added = versions.iter().filter(newer);
        if let Some(version) = added.find(|version| is_as_desired(context, version, desired)) {
            return Ok(Some(number(version)));
        }
        if !poll.pause().await {
            return Ok(None);
        }
    }
}

/// Whether a version says all that is desired.
fn is_as_desired(context: Context<'_>, version: &Json, desired: &Object) -> bool {
    let mut version = version.clone();
    straighten(&mut version["LaunchTemplateData"]);
    let mut seen = decode(context.ty, &VERSIONS, &version);
    keep_data(&mut seen, desired);
    carried(context.ty, &VERSION).all(|(attribute, _)| {
        let wanted = desired.get(attribute.name).filter(|value| !value.is_null());
        attribute.read.is_none()
            || wanted.is_none_or(|wanted| {
                let seen = seen.get(attribute.name).cloned().unwrap_or_default();
                !wanted.is_wholly_known() || equal(&attribute.ty, &seen, wanted)
            })
    })
}

async fn make_default(context: Context<'_>, id: &str, number: i64) -> Result<(), ApiError> {
    let params = vec![
        ("LaunchTemplateId".to_owned(), id.to_owned()),
        ("DefaultVersionNumber".to_owned(), number.to_string()),
    ];
    (context.progress)(DEFAULT.action);
    let call = Call {
        params,
        ..Call::change(Product::Ecs, DEFAULT.action).again()
    };
    context.client.call(&call).await.map(|_| ())
}

/// Looks for the template of a create call that was never answered: its name is its mark.
pub(super) fn trace<'a>(
    context: Context<'a>,
    lost: Lost<'a>,
) -> BoxFuture<'a, Result<Trace, ApiError>> {
    Box::pin(async move {
        let mut sent = lost.request.params.iter();
        let Some(name) = sent.find(|param| param.name == "LaunchTemplateName") else {
            return Ok(Trace::NotMade);
        };
        let params = vec![("LaunchTemplateName.1".to_owned(), name.value.clone())];
        let look = read_call(Product::Ecs, TEMPLATES.action, params);
        let first = |answer: &Json| items(answer, TEMPLATES.item).into_iter().next().cloned();
        let found = lifecycle::look_for(context.client, &look, first);
        Ok(found
            .await?
            .map_or(Trace::NotMade, |template| judge(context, &template, lost)))
    })
}

/// Says whose a template of the right name is.
fn judge(context: Context<'_>, template: &Json, lost: Lost<'_>) -> Trace {
    let seen = decode(context.ty, &TEMPLATES, template);
    let tags = |object: &Object| object.get("template_tags").cloned().unwrap_or_default();
    let alike = equal(&Type::Map, &tags(&seen), &tags(lost.planned));
    let near = lost.is_near(template["CreateTime"].as_str().unwrap_or_default());
    match template["LaunchTemplateId"].as_str() {
        Some(id) if near && alike && lost.request.action == CREATE.action => {
            Trace::Made { id: id.to_owned() }
        }
        _ => Trace::NotMade,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_disk_is_read_in_either_form() {
        for told in [
            json!({ "SystemDisk": { "Size": 40 } }),
            json!({ "SystemDisk.Size": 40 }),
            json!({ "SystemDisk": {}, "SystemDisk.Size": 40 }),
        ] {
            let mut data = told;
            straighten(&mut data);
            assert_eq!(data["SystemDisk"], json!({ "Size": 40 }));
        }
        let mut silent = json!({ "SystemDisk": { "Category": "" }, "ImageOptions": {} });
        straighten(&mut silent);
        assert_eq!(silent, json!({}));
    }
}
