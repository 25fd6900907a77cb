//! The table-driven life of an object: settle, update, delete, and the waiting in between.
//!
//! Every step looks before it acts, so that it can be repeated after a crash at any point.

use std::{sync::Arc, time::Duration};

use serde_json::Value as Json;
use tokio::time::{Instant, sleep};

use super::{
    Change, CreateRequest, Failure, Progress, Wanted,
    batch::{self, Answers, product},
    blame,
    hooks::Context,
    tags,
};
use crate::{
    cloud::{ApiError, ApiErrorKind, Call as Request, Client},
    model::{Object, Value},
    schema::{
        Call, Param, Part, Presence, ResourceType, Wait, When, Wire, at, carried, carries, encode,
        encode_each, encode_update, equal, is_zero, limits, shared,
    },
};

/// How many answers without the object are put up with while waiting for it (eventual consistency).
const ABSENCES: u32 = 12;
/// The first pause between two polls, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(3));

/// Returns the create call for an object.
pub fn create_request(ty: &'static ResourceType, desired: &Object) -> CreateRequest {
    let Some(call) = first(ty.create, desired) else {
        return CreateRequest {
            action: "",
            params: Vec::new(),
            takes_token: false,
        };
    };
    CreateRequest {
        action: call.action,
        params: encode(ty, call, desired),
        takes_token: call.token,
    }
}

/// Sends a create call and returns its answer.
pub async fn create(
    context: Context<'_>,
    request: &CreateRequest,
    token: &str,
) -> Result<Json, ApiError> {
    let ty = context.ty;
    let row = ty.create.iter().find(|call| call.action == request.action);
    let call = Request {
        product: product(ty.service),
        action: request.action,
        params: pairs(request.params.clone()),
        client_token: request.takes_token.then(|| token.to_owned()),
        retry: row.map(|call| call.retry).unwrap_or_default(),
        patience: limits(ty, &Object::new()).create,
        idempotent: is_repeated(ty, request),
    };
    let rule = row.and_then(|call| call.together);
    context.together.call(context.client, call, rule).await
}

/// Whether a create call is sent again when its answer is lost: sent twice, it is answered with a code that
/// says so.
pub fn is_repeated(ty: &ResourceType, request: &CreateRequest) -> bool {
    let is_told_twice = |call: &&Call| call.action == request.action && !call.gone.is_empty();
    ty.create.iter().any(is_told_twice)
}

/// Whether a create call was refused with a code that says that the object may be there already.
pub fn may_exist(ty: &ResourceType, request: &CreateRequest, error: &ApiError) -> bool {
    let says = |call: &&&Call| call.gone.iter().any(|code| error.code.contains(code));
    let of_request = |call: &&&Call| call.action == request.action;
    ty.create.iter().filter(of_request).any(|call| says(&call))
}

/// Waits until a new object is ready, and makes the calls that follow a creation as far as what they set
/// is not yet so.
pub async fn settle(context: Context<'_>, id: &str, desired: &Object) -> Result<(), ApiError> {
    let ty = context.ty;
    let limit = limits(ty, desired).create;
    if let Some(wait) = first(ty.create, desired).and_then(|call| call.wait) {
        wait_for(context, id, desired, wait, limit).await?;
    }
    if !ty
        .updates
        .iter()
        .any(|call| call.after_create && sets_something(ty, call, desired))
    {
        return Ok(());
    }
    let Some(current) = read_known(context.client, ty, id, desired).await? else {
        return Err(vanished(ty, id));
    };
    let missing: Vec<String> = ty
        .attributes
        .iter()
        .filter(|attribute| {
            let wanted = desired.get(attribute.name).filter(|value| is_set(value));
            wanted.is_some_and(|wanted| {
                let now = current.get(attribute.name).cloned().unwrap_or_default();
                attribute.read.is_none() || !equal(&attribute.ty, &now, wanted)
            })
        })
        .map(|attribute| attribute.name.to_owned())
        .collect();
    let change = Change {
        prior: &current,
        desired,
        changed: &missing,
    };
    for call in ty.updates.iter().filter(|call| call.after_create) {
        run(context, id, call, change, limit).await?;
    }
    Ok(())
}

/// Makes the update calls that carry something that changed, in the table's order.
pub async fn update(context: Context<'_>, id: &str, change: Change<'_>) -> Result<(), ApiError> {
    let limit = limits(context.ty, change.desired).update;
    for call in context.ty.updates {
        run(context, id, call, change, limit).await?;
    }
    Ok(())
}

/// Deletes as the table says, and waits until `read` finds the object no more.
pub async fn remove<F>(
    context: Context<'_>,
    id: &str,
    prior: &Object,
    read: impl Fn() -> F,
) -> Result<(), ApiError>
where
    F: Future<Output = Result<Option<Object>, ApiError>>,
{
    let ty = context.ty;
    let Some(call) = first(ty.delete, prior) else {
        return Ok(());
    };
    let limit = limits(ty, prior).delete;
    let params = encode(ty, call, &with_id(prior, id));
    let end = Instant::now() + context.client.patience().unwrap_or(limit);
    (context.progress)(call.action);
    loop {
        let patience = end.duration_since(Instant::now()).min(GLANCE);
        let error = match send(context, call, params.clone(), patience).await {
            Ok(_) => break,
            Err(error) if is_gone(call, &error) => return Ok(()),
            Err(error) => error,
        };
        // What is undone already is in the wrong state to be undone: an answer may have been lost. One look is
        // not believed, since a listing may be a moment old.
        let is_busy = call.retry.iter().any(|code| error.code.contains(code));
        if is_busy && is_absent(&read().await) {
            sleep(ANEW).await;
            if is_absent(&read().await) {
                return Ok(());
            }
        }
        if !is_busy || Instant::now() >= end {
            return Err(error);
        }
    }
    let mut poll = Poll::new(limit);
    loop {
        let read = read().await;
        if is_absent(&read) {
            return Ok(());
        }
        read?;
        (context.progress)("waiting until it is gone");
        if !poll.pause().await {
            let text = format!("{id} still exists after it was deleted.");
            return Err(timed_out(ty, &text, limit));
        }
    }
}

/// Whether an error says that there is nothing left to delete.
pub fn is_gone(call: &Call, error: &ApiError) -> bool {
    error.kind == ApiErrorKind::NotFound || call.gone.iter().any(|code| error.code.contains(code))
}

/// Reads one object anew.
pub async fn read_one(
    client: &Client,
    ty: &'static ResourceType,
    id: &str,
    known: &Object,
) -> Result<Option<Object>, ApiError> {
    let answers = Answers::new(client);
    let wanted = [wanted(ty, id, known)];
    batch::read(&answers, ty, &wanted)
        .await
        .pop()
        .unwrap_or(Ok(None))
}

/// After how long an object that is not to be seen is looked for once more.
const ANEW: Duration = Duration::from_secs(1);

/// How long a deletion is asked for until somebody looks whether it is still needed.
const GLANCE: Duration = Duration::from_secs(3);

/// How long an object that was seen may be missing from answers, which may be a moment old.
pub const VISIBLE: Duration = Duration::from_secs(15);

/// How long the object of a lost create call is looked for.
pub const TRACEABLE: Duration = Duration::from_secs(2);

/// Looks for the object of a lost create call, for a moment, until an answer has what is wanted of it.
pub async fn look_for(
    client: &Client,
    call: &Request,
    pick: impl Fn(&Json) -> Option<Json> + Send,
) -> Result<Option<Json>, ApiError> {
    let mut poll = Poll::new(TRACEABLE);
    loop {
        let found = pick(&client.call(call).await?);
        if found.is_some() || !poll.pause().await {
            return Ok(found);
        }
    }
}

/// Reads an object that was seen before: looks again while it is not to be seen.
async fn read_known(
    client: &Client,
    ty: &'static ResourceType,
    id: &str,
    known: &Object,
) -> Result<Option<Object>, ApiError> {
    let mut poll = Poll::new(VISIBLE);
    loop {
        let read = read_one(client, ty, id, known).await;
        if !is_absent(&read) || !poll.pause().await {
            return read;
        }
    }
}

/// Whether an answer says that there is no such object: of one of the calls that a read takes, maybe.
pub fn is_absent(read: &Result<Option<Object>, ApiError>) -> bool {
    match read {
        Ok(found) => found.is_none(),
        Err(error) => error.kind == ApiErrorKind::NotFound,
    }
}

/// Returns what to ask to read one object.
pub fn wanted(ty: &'static ResourceType, id: &str, known: &Object) -> Wanted {
    Wanted {
        ty,
        id: id.to_owned(),
        known: Arc::new(known.clone()),
    }
}

/// Returns a failure with the attribute that the error names.
pub fn failure(ty: &ResourceType, error: ApiError, current: Option<Object>) -> Failure {
    let attribute = blame::attribute(ty, &error);
    Failure {
        error,
        attribute,
        current,
    }
}

/// Makes one call of an update, if it carries something that changed, and waits for what it does.
async fn run(
    context: Context<'_>,
    id: &str,
    call: &'static Call,
    change: Change<'_>,
    limit: Duration,
) -> Result<(), ApiError> {
    let ty = context.ty;
    if !carries(ty, call, change.changed) || !holds(&call.when, change.desired) {
        return Ok(());
    }
    if let Some(tagged) = tag_attribute(ty, call) {
        return change_tags(context, id, (call, tagged), change).await;
    }
    let target = identified(ty, id, change);
    let requests = match call.part {
        Part::Whole => vec![encode_update(ty, call, &target, change.changed)],
        Part::EachAdded | Part::EachRemoved => encode_each(ty, call, change.prior, &target),
    };
    for params in requests {
        (context.progress)(call.action);
        match send(context, call, params, limit).await {
            Ok(_) => {}
            Err(error) if call.gone.iter().any(|code| error.code.contains(code)) => {}
            Err(error) => return Err(error),
        }
        if let Some(wait) = call.wait {
            wait_for(context, id, change.desired, wait, limit).await?;
        }
    }
    if call.confirm {
        confirm(context, id, call, change, limit).await?;
    }
    Ok(())
}

/// Polls until what was sent reads back.
async fn confirm(
    context: Context<'_>,
    id: &str,
    call: &'static Call,
    change: Change<'_>,
    limit: Duration,
) -> Result<(), ApiError> {
    let ty = context.ty;
    let mut poll = Poll::new(limit);
    loop {
        let current = read_known(context.client, ty, id, change.desired).await?;
        let Some(current) = current else {
            return Err(vanished(ty, id));
        };
        let late = carried(ty, call).find(|(attribute, _)| {
            let wanted = change
                .desired
                .get(attribute.name)
                .filter(|value| is_set(value));
            attribute.read.is_some()
                && attribute.presence != Presence::Computed
                && crate::schema::is_changed(attribute, change.changed)
                && wanted.is_some_and(|wanted| {
                    let now = current.get(attribute.name).cloned().unwrap_or_default();
                    !equal(&attribute.ty, &now, wanted)
                        && !attribute
                            .same
                            .is_some_and(|same| same(&current, change.desired))
                })
        });
        let Some((attribute, _)) = late else {
            return Ok(());
        };
        (context.progress)(&format!("waiting for {}", attribute.name));
        if !poll.pause().await {
            let text = format!("The new {} of {id} does not show yet.", attribute.name);
            return Err(timed_out(ty, &text, limit));
        }
    }
}

/// Returns the attribute with tags that a tag call carries.
fn tag_attribute(ty: &ResourceType, call: &Call) -> Option<&'static str> {
    (call.action == "TagResources")
        .then(|| carried(ty, call).find(|(attribute, _)| matches!(attribute.wire, Wire::Tags)))
        .flatten()
        .map(|(attribute, _)| attribute.name)
}

async fn change_tags(
    context: Context<'_>,
    id: &str,
    (call, name): (&'static Call, &str),
    change: Change<'_>,
) -> Result<(), ApiError> {
    let of = |object: &Object| {
        object
            .get(name)
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let resource_type = call.with.iter().find(|(name, _)| *name == "ResourceType");
    let target = tags::Target {
        service: context.ty.service,
        resource_type: resource_type.map_or("", |(_, value)| value),
        ids: &[id],
    };
    let sides = (of(change.prior), of(change.desired));
    tags::change(context, target, (&sides.0, &sides.1)).await
}

/// The desired object with what says which one it is: its id, and what the cloud alone decides.
fn identified(ty: &ResourceType, id: &str, change: Change<'_>) -> Object {
    let mut target = change.desired.clone();
    for attribute in ty
        .attributes
        .iter()
        .filter(|one| one.presence == Presence::Computed)
    {
        if let Some(value) = change.prior.get(attribute.name) {
            target.insert(shared(attribute.name), value.clone());
        }
    }
    target.insert("id", Value::string(id));
    target
}

fn with_id(object: &Object, id: &str) -> Object {
    let mut object = object.clone();
    object.insert("id", Value::string(id));
    object
}

/// Waits until a field of the object has one of the wanted values.
pub async fn wait_for(
    context: Context<'_>,
    id: &str,
    known: &Object,
    wait: Wait,
    limit: Duration,
) -> Result<(), ApiError> {
    let ty = context.ty;
    let one = wanted(ty, id, known);
    let mut poll = Poll::new(limit);
    let mut absences = 0;
    loop {
        let seen = batch::item(context.client, ty, &one).await?;
        let value = match &seen {
            Some(item) => at(item, wait.field)
                .and_then(Json::as_str)
                .unwrap_or_default(),
            None => {
                absences += 1;
                if absences > ABSENCES {
                    return Err(vanished(ty, id));
                }
                "not visible yet"
            }
        };
        if seen.is_some() && wait.until.contains(&value) {
            return Ok(());
        }
        let goal = wait.until.join(" or ");
        if wait.failed.contains(&value) {
            let text = format!("{id} is {value} and will not become {goal}.");
            return Err(local(ty, "UnexpectedStatus", text, ApiErrorKind::Invalid));
        }
        (context.progress)(&format!("waiting for {goal}"));
        if !poll.pause().await {
            let text = format!("{id} is {value}, and not yet {goal}.");
            return Err(timed_out(ty, &text, limit));
        }
    }
}

/// Pauses that grow from short to long, until a deadline.
#[derive(Debug)]
pub struct Poll {
    next: Duration,
    deadline: Instant,
}

impl Poll {
    /// Starts now.
    pub fn new(limit: Duration) -> Self {
        Self {
            next: PAUSES.0,
            deadline: Instant::now() + limit,
        }
    }

    /// Pauses; false when the deadline has passed.
    pub async fn pause(&mut self) -> bool {
        let now = Instant::now();
        if now >= self.deadline {
            return false;
        }
        sleep(self.next.min(self.deadline - now)).await;
        self.next = (self.next * 3 / 2).min(PAUSES.1);
        true
    }
}

/// Returns the first call whose condition holds.
pub fn first(calls: &[&'static Call], object: &Object) -> Option<&'static Call> {
    calls.iter().copied().find(|call| holds(&call.when, object))
}

fn holds(when: &When, object: &Object) -> bool {
    let text = |name: &str| {
        let value = object.get(name).filter(|value| is_set(value))?;
        crate::schema::to_wire(&Wire::Plain, value)
    };
    match when {
        When::Always => true,
        When::True(name) => text(name).is_some_and(|text| text == "true"),
        When::Set(name) => text(name).is_some_and(|text| !text.is_empty()),
        When::Is(name, wanted) => text(name).is_some_and(|text| text == *wanted),
        When::IsNot(name, other) => text(name).is_none_or(|text| text != *other),
    }
}

fn is_set(value: &Value) -> bool {
    !value.is_null() && value.is_wholly_known()
}

fn sets_something(ty: &ResourceType, call: &Call, desired: &Object) -> bool {
    carried(ty, call).any(|(attribute, _)| {
        attribute.presence != Presence::Computed
            && desired.get(attribute.name).is_some_and(|value| {
                is_set(value) && (!is_zero(value) || matches!(value.unmarked(), Value::Bool(false)))
            })
    })
}

async fn send(
    context: Context<'_>,
    call: &'static Call,
    params: Vec<Param>,
    patience: Duration,
) -> Result<Json, ApiError> {
    let request = Request {
        product: product(context.ty.service),
        action: call.action,
        params: pairs(params),
        // For the tries of this one call: a resize that is asked again would be refused.
        client_token: call
            .token
            .then(|| uuid::Uuid::new_v4().simple().to_string()),
        retry: call.retry,
        patience,
        // Every update call sets a value, and a delete of what is gone is no error.
        idempotent: true,
    };
    let together = context.together;
    together.call(context.client, request, call.together).await
}

/// Returns parameters as the client takes them.
pub fn pairs(params: Vec<Param>) -> Vec<(String, String)> {
    params
        .into_iter()
        .map(|param| (param.name, param.value))
        .collect()
}

fn vanished(ty: &ResourceType, id: &str) -> ApiError {
    let text = format!("{id} does not exist any more.");
    local(ty, "ObjectVanished", text, ApiErrorKind::NotFound)
}

/// Returns the error of a wait that took too long. `text` says what is not yet so.
pub fn timed_out(ty: &ResourceType, text: &str, limit: Duration) -> ApiError {
    let text = format!(
        "{text} Waited {} s; a longer timeout can be set in a \"timeouts\" block.",
        limit.as_secs()
    );
    local(ty, "Timeout", text, ApiErrorKind::Busy)
}

/// Returns an error that no answer of the cloud is behind.
pub fn local(ty: &ResourceType, code: &str, message: String, kind: ApiErrorKind) -> ApiError {
    ApiError {
        kind,
        action: ty
            .read
            .first()
            .map_or(ty.name, |read| read.action)
            .to_owned(),
        code: code.to_owned(),
        message,
        request_id: String::new(),
        status: 0,
        recommend: None,
    }
}

/// A progress that nobody listens to.
pub const SILENT: Progress<'static> = &|_: &str| {};
