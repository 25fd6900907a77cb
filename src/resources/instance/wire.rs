//! Calls about an instance: parameters, answers, and the one function that polls.

use std::{collections::HashMap, time::Duration};

use serde_json::Value as Json;
use tokio::time::{Instant, sleep};

use crate::{
    cloud::{ApiError, ApiErrorKind, Call, client::Product},
    model::{Object, Value},
    provider::{Failure, hooks::Context},
};

/// How often a new instance may be missing from answers before it counts as gone.
const STALE: u32 = 20;
/// The first pause between polls.
const FIRST: Duration = Duration::from_millis(50);
/// The longest pause between polls.
const LONGEST: Duration = Duration::from_secs(3);
/// How long codes of passing states are retried.
const PATIENCE: Duration = Duration::from_secs(300);

/// The actions that take a client token.
const TOKENS: &[&str] = &[
    "AssignIpv6Addresses",
    "AssignPrivateIpAddresses",
    "ModifyInstanceChargeType",
    "ModifyInstanceNetworkSpec",
    "ModifyInstanceSpec",
    "ModifyPrepayInstanceSpec",
    "ReplaceSystemDisk",
    "ResizeDisk",
];

/// Parameters in the order in which they are added.
pub(super) type Params = Vec<(String, String)>;

/// Returns parameters.
pub(super) fn params<const N: usize>(pairs: [(&str, &str); N]) -> Params {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Adds `Name.1`, `Name.2`, ….
pub(super) fn numbered<'a>(
    params: &mut Params,
    name: &str,
    values: impl IntoIterator<Item = &'a str>,
) {
    for (at, value) in values.into_iter().enumerate() {
        params.push((format!("{name}.{}", at + 1), value.to_owned()));
    }
}

/// Makes a call that changes nothing.
pub(super) async fn ask(
    context: Context<'_>,
    action: &'static str,
    params: Params,
) -> Result<Json, ApiError> {
    let call = Call {
        params,
        ..Call::read(Product::Ecs, action)
    };
    context.client.call(&call).await
}

/// Makes a call that changes something and tells of it. It is retried while the answer is one of
/// `retry`; codes of `done` mean that it is done already.
pub(super) async fn change(
    context: Context<'_>,
    action: &'static str,
    params: Params,
    retry: &'static [&'static str],
    done: &[&str],
) -> Result<Json, ApiError> {
    (context.progress)(action);
    let call = Call {
        params,
        ..Call::change(Product::Ecs, action).retry(retry, PATIENCE)
    };
    // What is done twice must be as good as done once: by a token, or since it sets a value.
    let call = if TOKENS.contains(&action) {
        call.token(uuid::Uuid::new_v4().simple().to_string())
    } else {
        call.again()
    };
    match context.client.call(&call).await {
        Err(error) if done.iter().any(|code| error.code.contains(code)) => Ok(Json::Null),
        other => other,
    }
}

/// An error as a failure about an attribute.
pub(super) fn failure(error: ApiError, attribute: &str) -> Failure {
    Failure {
        error,
        attribute: (!attribute.is_empty()).then(|| attribute.to_owned()),
        current: None,
    }
}

/// An error of ours: there is no answer that says it.
pub(super) fn refusal(kind: ApiErrorKind, action: &str, code: &str, message: String) -> ApiError {
    ApiError {
        kind,
        action: action.to_owned(),
        code: code.to_owned(),
        message,
        request_id: String::new(),
        status: 0,
        recommend: None,
    }
}

/// Reads one instance as the API answers; `None` when it is not there.
pub(super) async fn look(context: Context<'_>, id: &str) -> Result<Option<Json>, ApiError> {
    Ok(look_at(context, &[id.to_owned()]).await?.remove(id))
}

/// Reads up to a hundred instances; those that are not there are not in the answer.
async fn look_at(context: Context<'_>, ids: &[String]) -> Result<HashMap<String, Json>, ApiError> {
    let ids = Json::from(ids).to_string();
    let request = params([("InstanceIds", &ids), ("PageSize", "100")]);
    let answer = ask(context, "DescribeInstances", request).await?;
    let instances = items(&answer, "/Instances/Instance").iter();
    Ok(instances
        .map(|instance| (field(instance, "/InstanceId").to_owned(), instance.clone()))
        .collect())
}

/// What a poll is for.
#[derive(Clone, Copy)]
pub(super) struct Until<'a> {
    /// What is waited for, in words: `Running`.
    pub(super) what: &'a str,
    /// When waiting ends; not before the instance was looked at once.
    pub(super) deadline: Instant,
    /// Whether it may be missing for a moment, since it was just made.
    pub(super) new: bool,
}

/// Returns the moment when `limit` is over.
pub(super) fn deadline(limit: Duration) -> Instant {
    Instant::now() + limit
}

/// Polls an instance until `reached` (given the instance, or nothing when it is gone) says so.
/// Instances that are polled at the same time are looked at together.
pub(super) async fn poll(
    context: Context<'_>,
    id: &str,
    until: Until<'_>,
    mut reached: impl FnMut(Option<&Json>) -> Result<bool, ApiError> + Send,
) -> Result<Option<Json>, ApiError> {
    let mut pause = FIRST;
    let mut missing = 0;
    let mut told = false;
    let watch = context.lookout.watch(id);
    loop {
        // What others saw while this one paused is new enough, but for the very first look.
        let asked = async |ids: Vec<String>| look_at(context, &ids).await;
        let instance = watch.look(pause / 2, asked).await?;
        let stale = until.new && instance.is_none() && missing < STALE;
        if !stale && reached(instance.as_ref())? {
            return Ok(instance);
        }
        missing = if instance.is_none() { missing + 1 } else { 0 };
        if !std::mem::replace(&mut told, true) {
            (context.progress)(&format!("waiting for {}", until.what));
        }
        if Instant::now() + pause >= until.deadline {
            return Err(late(id, until.what, instance.as_ref()));
        }
        sleep(pause).await;
        pause = (pause * 3 / 2).min(LONGEST);
    }
}

fn late(id: &str, what: &str, instance: Option<&Json>) -> ApiError {
    let state = instance.map_or("missing", status);
    refusal(
        ApiErrorKind::Busy,
        "DescribeInstances",
        "Timeout",
        format!(
            "Instance {id} did not become {what} in time; it is {state}. Apply again to go on waiting."
        ),
    )
}

/// Polls until the instance has one of these states; one that is gone is an error.
pub(super) async fn wait(
    context: Context<'_>,
    id: &str,
    states: &[&str],
    deadline: Instant,
    new: bool,
) -> Result<Json, ApiError> {
    let what = states.join(" or ");
    let until = Until {
        what: &what,
        deadline,
        new,
    };
    let found = poll(context, id, until, |instance| match instance {
        Some(instance) => Ok(states.contains(&status(instance))),
        None => Err(gone(id)),
    })
    .await?;
    found.ok_or_else(|| gone(id))
}

/// The error for an instance that is not there.
pub(super) fn gone(id: &str) -> ApiError {
    refusal(
        ApiErrorKind::NotFound,
        "DescribeInstances",
        "InvalidInstanceId.NotFound",
        format!("Instance {id} does not exist any more."),
    )
}

/// The state of an instance as the API answers.
pub(super) fn status(instance: &Json) -> &str {
    instance["Status"].as_str().unwrap_or_default()
}

/// The strings at a pointer of an answer.
pub(super) fn strings<'a>(json: &'a Json, pointer: &str) -> Vec<&'a str> {
    items(json, pointer)
        .iter()
        .filter_map(Json::as_str)
        .collect()
}

/// The array at a pointer of an answer; empty when there is none.
pub(super) fn items<'a>(json: &'a Json, pointer: &str) -> &'a [Json] {
    json.pointer(pointer)
        .and_then(Json::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The text at a pointer of an answer; empty when there is none.
pub(super) fn field<'a>(json: &'a Json, pointer: &str) -> &'a str {
    json.pointer(pointer)
        .and_then(Json::as_str)
        .unwrap_or_default()
}

/// The known, non-empty text of an attribute.
pub(super) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// The known strings of a collection, sorted.
pub(super) fn texts<'a>(object: &'a Object, name: &str) -> Vec<&'a str> {
    let values = object.get(name).and_then(Value::as_list).unwrap_or(&[]);
    let mut texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// A known scalar as it is written in requests.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value.unmarked() {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Returns a time with its seconds: those of instances come without, as 2026-01-02T03:04Z.
pub fn with_seconds(time: &str) -> String {
    match time.strip_suffix('Z') {
        Some(minutes) if minutes.matches(':').count() == 1 => format!("{minutes}:00Z"),
        _ => time.to_owned(),
    }
}
