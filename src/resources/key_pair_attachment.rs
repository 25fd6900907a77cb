//! Key pairs on instances. The attachment's id is made of the key pair's name and the instances' ids.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures::{FutureExt, future::BoxFuture, future::join_all};
use serde_json::Value as Json;

use super::key_pair::{NAME, NAME_EXAMPLE};
use crate::{
    cloud::{ApiError, ApiErrorKind, Call as Request, client::Product, page},
    model::{Object, Value},
    provider::{
        CreateRequest, Failure, Listing, Wanted,
        batch::{self, Answers, read_call},
        hooks::{Context, Hooks, Kind},
        lifecycle::{Poll, failure, local, timed_out},
        offer,
    },
    schema::*,
};

static ATTACH: Call = call("AttachKeyPair");
static DETACH: Call = call("DetachKeyPair");
static INSTANCES: Read = Read {
    action: "DescribeInstances",
    ids: Ids::Json("InstanceIds", 100),
    item: "Instances.Instance",
};

const TABLE: ResourceType = ResourceType {
    create: &[&ATTACH],
    read: &[&INSTANCES],
    delete: &[&DETACH],
    timeouts: Timeouts {
        create: 5,
        update: 0,
        delete: 5,
    },
    attributes: ATTRIBUTES,
    rules: &[
        Rule::AtLeastOneOf(&["key_pair_name", "key_name"]),
        Rule::Custom(some_instances),
    ],
    import: "web:[\"i-bp1…\",\"i-bp1…\"]",
    ..resource(
        "alicloud_ecs_key_pair_attachment",
        Service::Ecs,
        "The key pair of instances. An instance that also sets `key_name` undoes it.",
    )
};

/// A key pair on instances.
pub static KEY_PAIR_ATTACHMENT: ResourceType = TABLE;
/// A key pair on instances, by the type's older name.
pub static OLD_KEY_PAIR_ATTACHMENT: ResourceType = TABLE.alias("alicloud_key_pair_attachment");

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &KEY_PAIR_ATTACHMENT,
    hooks: HOOKS,
};

/// The type by its older name.
pub const OLD_KIND: Kind = Kind {
    ty: &OLD_KEY_PAIR_ATTACHMENT,
    hooks: HOOKS,
};

const HOOKS: Hooks = Hooks {
    read: Some(read),
    id: Some(id),
    settle: Some(settle),
    delete: Some(delete),
    list: Some(list),
    offer: Some(offer::free),
    ..Hooks::NONE
};

static ATTRIBUTES: &[Attribute] = &[
    string(
        "id",
        "The key pair's name, a colon, and the instances' ids as a JSON array.",
    )
    .computed()
    .example("web:[\"i-bp67acfmxazb4ph6aiyc\"]"),
    attribute(
        "instance_ids",
        Type::Set(&Type::String),
        "The instances, at most 50.",
    )
    .required()
    .replaces()
    .sent(&[(&ATTACH, "InstanceIds"), (&DETACH, "InstanceIds")])
    .wire(Wire::Json)
    .refers_to("alicloud_instance")
    .example("i-bp67acfmxazb4ph6aiyc"),
    string("key_pair_name", "The key pair's name.")
        .kept()
        .replaces()
        .sent(&[(&ATTACH, "KeyPairName"), (&DETACH, "KeyPairName")])
        .read(&INSTANCES, "KeyPairName")
        .check(NAME)
        .refers_to("alicloud_ecs_key_pair")
        .example(NAME_EXAMPLE),
    string("key_name", "The old name of `key_pair_name`.")
        .deprecated("key_pair_name")
        .kept()
        .replaces()
        .sent(&[(&ATTACH, "KeyPairName"), (&DETACH, "KeyPairName")])
        .read(&INSTANCES, "KeyPairName")
        .check(NAME)
        .refers_to("alicloud_ecs_key_pair")
        .example(NAME_EXAMPLE),
    boolean(
        "force",
        "Whether running instances are rebooted at once. The key pair works from the next boot on.",
    )
    .replaces()
    .example("true"),
];

fn some_instances(arguments: &Object) -> Vec<Problem> {
    let ids = arguments.get("instance_ids").and_then(Value::as_list);
    let count = ids.map_or(1, <[Value]>::len);
    if (1..=50).contains(&count) {
        return Vec::new();
    }
    vec![Problem {
        path: "instance_ids".to_owned(),
        summary: "Invalid number of instances".to_owned(),
        detail: format!("An attachment is for 1 to 50 instances, and there are {count}."),
        hint: Some("Make an attachment for each 50 instances, and none without any.".to_owned()),
        warning: false,
    }]
}

/// Makes the id from the request: the answer has none.
fn id(request: &CreateRequest, _: &Json) -> Option<String> {
    let get = |name: &str| request.params.iter().find(|param| param.name == name);
    let (name, ids) = (get("KeyPairName")?, get("InstanceIds")?);
    Some(format!("{}:{}", name.value, ids.value))
}

/// Reads an id: the key pair's name, and the instances.
fn parse(id: &str) -> Option<(&str, BTreeSet<String>)> {
    let at = id.find(":[")?;
    let ids: BTreeSet<String> = serde_json::from_str(&id[at + 1..]).ok()?;
    (at > 0 && !ids.is_empty()).then_some((&id[..at], ids))
}

fn parsed<'a>(ty: &ResourceType, id: &'a str) -> Result<(&'a str, BTreeSet<String>), ApiError> {
    parse(id).ok_or_else(|| {
        let text = format!(
            "\"{id}\" is not the id of a key pair's attachment. It has the key pair's name and the instances: web:[\"i-1\",\"i-2\"]."
        );
        local(ty, "MalformedId", text, ApiErrorKind::Invalid)
    })
}

/// What is known of an instance: its status, and its key pair.
type Seen = BTreeMap<String, (String, String)>;

/// Looks at instances, 100 with each call.
async fn look(answers: &Answers, ids: &BTreeSet<String>) -> Result<Seen, ApiError> {
    let ids: Vec<&String> = ids.iter().collect();
    let calls = ids.chunks(100).map(|ids| async move {
        let params = vec![
            (
                "InstanceIds".to_owned(),
                Json::from(ids.iter().map(|id| id.as_str()).collect::<Vec<_>>()).to_string(),
            ),
            ("MaxResults".to_owned(), "100".to_owned()),
        ];
        answers
            .ask(&read_call(Product::Ecs, INSTANCES.action, params))
            .await
    });
    let mut seen = Seen::new();
    for answer in join_all(calls).await {
        for item in items(&*answer?, INSTANCES.item) {
            let field = |name: &str| {
                let text = item.get(name).and_then(Json::as_str);
                text.unwrap_or_default().to_owned()
            };
            seen.insert(field("InstanceId"), (field("Status"), field("KeyPairName")));
        }
    }
    Ok(seen)
}

/// Reads many: of each, the instances that have the key pair now.
fn read<'a>(
    context: Context<'a>,
    wanted: &'a [Wanted],
) -> BoxFuture<'a, Vec<Result<Option<Object>, ApiError>>> {
    async move {
        let ids = wanted.iter().filter_map(|one| Some(parse(&one.id)?.1));
        let seen = look(context.answers, &ids.flatten().collect()).await;
        let found = |one: &Wanted| {
            let (name, ids) = parsed(context.ty, &one.id)?;
            let seen = seen.as_ref().map_err(Clone::clone)?;
            let has = |id: &&String| seen.get(*id).is_some_and(|(_, key)| key == name);
            let have: Vec<Value> = ids
                .iter()
                .filter(has)
                .map(|id| Value::string(id.as_str()))
                .collect();
            if have.is_empty() {
                return Ok(None);
            }
            let object = Object::from_iter([
                ("instance_ids", Value::set(have)),
                ("key_pair_name", Value::string(name)),
                ("key_name", Value::string(name)),
            ]);
            let read = batch::merge(context.ty, &one.id, &one.known, [object]);
            Ok(Some(read))
        };
        wanted.iter().map(found).collect()
    }
    .boxed()
}

/// Returns the ids of attachments that say what is: for each key pair the instances of a VPC that have it.
fn list(context: Context<'_>) -> BoxFuture<'_, Result<Listing, ApiError>> {
    async move {
        let call = Request::read(Product::Ecs, INSTANCES.action);
        let instances = page::pages(context.client, &call, INSTANCES.item, 50).await?;
        let mut having: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for instance in &instances.items {
            let name = instance["KeyPairName"].as_str().unwrap_or_default();
            let vpc = instance["VpcAttributes"]["VpcId"].as_str();
            let id = instance["InstanceId"].as_str().unwrap_or_default();
            if !name.is_empty() {
                let place = having.entry((name, vpc.unwrap_or_default()));
                place.or_default().push(id);
            }
        }
        let mut ids = Vec::new();
        for ((name, _), instances) in &mut having {
            instances.sort_unstable();
            let some = instances.chunks(50);
            ids.extend(some.map(|some| format!("{name}:{}", Json::from(some.to_vec()))));
        }
        Ok(ids.into())
    }
    .boxed()
}

/// Makes sure that every instance has it, and reboots those that shall use it at once.
fn settle<'a>(
    context: Context<'a>,
    id: &'a str,
    desired: &'a Object,
) -> BoxFuture<'a, Result<(), Failure>> {
    async move {
        let limit = limits(context.ty, desired).create;
        let done = async {
            let (name, ids) = parsed(context.ty, id)?;
            let seen = look(&Answers::new(context.client), &ids).await?;
            let has = |id: &&String| seen.get(*id).is_some_and(|(_, key)| key == name);
            let lacking: Vec<String> = ids.iter().filter(|id| !has(id)).cloned().collect();
            change(context, ATTACH.action, (name, lacking), limit).await?;
            match desired.get("force").and_then(Value::as_bool) {
                Some(true) => reboot(context, &ids, limit).await,
                _ => Ok(()),
            }
        };
        done.await.map_err(|error| failure(context.ty, error, None))
    }
    .boxed()
}

fn delete<'a>(
    context: Context<'a>,
    id: &'a str,
    prior: &'a Object,
) -> BoxFuture<'a, Result<(), Failure>> {
    async move {
        let limit = limits(context.ty, prior).delete;
        let done = async {
            let (name, ids) = parsed(context.ty, id)?;
            let seen = look(&Answers::new(context.client), &ids).await?;
            // What has another key pair by now keeps it.
            let has = |id: &String| seen.get(id).is_some_and(|(_, key)| key == name);
            let having = ids.into_iter().filter(has).collect();
            change(context, DETACH.action, (name, having), limit).await
        };
        done.await.map_err(|error| failure(context.ty, error, None))
    }
    .boxed()
}

/// Attaches or detaches until it is done for every instance: each has a result of its own, and one that
/// is in between two states is asked again.
async fn change(
    context: Context<'_>,
    action: &'static str,
    (name, mut ids): (&str, Vec<String>),
    limit: Duration,
) -> Result<(), ApiError> {
    let mut poll = Poll::new(limit);
    while !ids.is_empty() {
        (context.progress)(action);
        let request = Request::change(Product::Ecs, action)
            .param("KeyPairName", name)
            .param("InstanceIds", Json::from(ids.clone()).to_string())
            .again();
        let answer = context.client.call(&request).await?;
        let mut failed = failures(&answer);
        if action == DETACH.action {
            // What is gone has no key pair.
            failed.retain(|(_, code, _)| !code.contains("NotFound"));
        }
        let Some((id, code, message)) = failed.first() else {
            break;
        };
        let text = format!("{id}: {code}: {message}");
        let passing = |code: &str| code.contains("Status") || code.contains("Conflict");
        if !failed.iter().all(|(_, code, _)| passing(code)) {
            return Err(ApiError {
                action: action.to_owned(),
                ..local(context.ty, code, text, ApiErrorKind::Invalid)
            });
        }
        if !poll.pause().await {
            return Err(timed_out(context.ty, &text, limit));
        }
        ids = failed.into_iter().map(|(id, ..)| id).collect();
    }
    Ok(())
}

/// The instances for which it was not done, each with a code and a message.
fn failures(answer: &Json) -> Vec<(String, String, String)> {
    items(answer, "Results.Result")
        .into_iter()
        .map(|result| {
            let field = |name: &str| match result.get(name) {
                Some(Json::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            let done = field("Success").eq_ignore_ascii_case("true");
            (done, (field("InstanceId"), field("Code"), field("Message")))
        })
        .filter(|(done, _)| !done)
        .map(|(_, failure)| failure)
        .collect()
}

/// Reboots what runs; what is stopped uses the key pair when it is started.
async fn reboot(
    context: Context<'_>,
    ids: &BTreeSet<String>,
    limit: Duration,
) -> Result<(), ApiError> {
    let mut poll = Poll::new(limit);
    let mut waiting = ids.clone();
    let mut rebooted = BTreeSet::new();
    loop {
        let seen = look(&Answers::new(context.client), &waiting).await?;
        for (id, (status, _)) in &seen {
            match status.as_str() {
                "Running" if rebooted.insert(id.clone()) => {
                    (context.progress)("RebootInstance");
                    let request = Request::change(Product::Ecs, "RebootInstance")
                        .param("InstanceId", id)
                        .param("ForceStop", "true")
                        .again();
                    context.client.call(&request).await?;
                }
                "Running" | "Stopped" => {
                    waiting.remove(id);
                }
                _ => {}
            }
        }
        waiting.retain(|id| seen.contains_key(id));
        if waiting.is_empty() {
            return Ok(());
        }
        (context.progress)("waiting for Running");
        if !poll.pause().await {
            let text = format!("{} of the instances do not run yet.", waiting.len());
            return Err(timed_out(context.ty, &text, limit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_name_and_instances() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(
            parse("web:[\"i-1\",\"i-2\"]"),
            Some(("web", ids(&["i-1", "i-2"])))
        );
        assert_eq!(parse("a:b:[\"i-1\"]"), Some(("a:b", ids(&["i-1"]))));
        for bad in [
            "",
            "web",
            "web:i-1",
            "web:[]",
            ":[\"i-1\"]",
            "web:[1]",
            "web:[\"i-1\"",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
