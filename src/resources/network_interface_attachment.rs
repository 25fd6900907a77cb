//! Network interfaces on instances. The attachment is seen as a part of its interface.

use std::sync::Arc;

use futures::{FutureExt, future::BoxFuture};
use serde_json::Value as Json;

use super::network_interface::{GONE, NETWORK_INTERFACE, is_of_instance};
use crate::{
    cloud::{ApiError, ApiErrorKind},
    model::{Object, Value},
    provider::{
        CreateRequest, Failure, Wanted, batch,
        hooks::{Context, Hooks, Kind},
        lifecycle::{self, failure, local},
        offer::free,
    },
    schema::*,
};

/// States of the instance that pass, and what else is under way on it and the interface.
const BUSY: &[&str] = &[
    "InvalidOperation.InvalidEcsState",
    "InvalidOperation.InvalidEniType",
    "InvalidOperation.HasMemberEniAttached",
    "OperationConflict",
    "ServiceUnavailable",
    "InternalError",
];

/// Detaching waits for an attachment that is still under way.
const DETACH_BUSY: &[&str] = &[
    "InvalidOperation.InvalidEniState",
    "InvalidOperation.InvalidEcsState",
    "InvalidOperation.InvalidEniType",
    "InvalidOperation.HasMemberEniAttached",
    "OperationConflict",
    "ServiceUnavailable",
    "InternalError",
];

// It takes no token: an interface that is attached already is in the wrong state for it.
static ATTACH: Call = call("AttachNetworkInterface")
    .retry(BUSY)
    .gone(&["InvalidOperation.InvalidEniState"]);
static DETACH: Call = call("DetachNetworkInterface").retry(DETACH_BUSY).gone(GONE);
static DESCRIBE: Read = Read {
    action: "DescribeNetworkInterfaces",
    ids: Ids::Numbered("NetworkInterfaceId", 100),
    item: "NetworkInterfaceSets.NetworkInterfaceSet",
};
const IN_USE: Wait = Wait {
    field: "Status",
    until: &["InUse"],
    failed: &["Deleting"],
};

const TABLE: ResourceType = ResourceType {
    create: &[&ATTACH],
    read: &[&DESCRIBE],
    delete: &[&DETACH],
    timeouts: Timeouts {
        create: 2,
        update: 0,
        delete: 1,
    },
    attributes: ATTRIBUTES,
    crowd: Some(Crowd {
        attribute: "network_interface_id",
        free: 1,
        check: on_one_instance,
    }),
    adopt: Adopt {
        skip: is_of_instance,
        ids: Some(|interface| {
            let of = |json: &Json, name: &str| json[name].as_str().unwrap_or_default().to_owned();
            let own = of(interface, "NetworkInterfaceId");
            let on = of(interface, "InstanceId");
            let id = on.starts_with("i-").then(|| format!("{own}:{on}"));
            id.into_iter().collect()
        }),
        ..Adopt::LISTED
    },
    import: "eni-bp1…:i-bp1…",
    ..resource(
        "alicloud_ecs_network_interface_attachment",
        Service::Ecs,
        "A network interface on an instance of its zone and VPC.",
    )
};

/// A network interface on an instance.
pub static NETWORK_INTERFACE_ATTACHMENT: ResourceType = TABLE;
/// A network interface on an instance, by the type's older name.
pub static OLD_NETWORK_INTERFACE_ATTACHMENT: ResourceType =
    TABLE.alias("alicloud_network_interface_attachment");

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &NETWORK_INTERFACE_ATTACHMENT,
    hooks: HOOKS,
};

/// The type by its older name.
pub const OLD_KIND: Kind = Kind {
    ty: &OLD_NETWORK_INTERFACE_ATTACHMENT,
    hooks: HOOKS,
};

const HOOKS: Hooks = Hooks {
    read: Some(read),
    id: Some(id),
    settle: Some(settle),
    offer: Some(free),
    ..Hooks::NONE
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "`interface:instance`.")
        .computed()
        .example("eni-bp67acfmxazb4ph6aiyc:i-bp67acfmxazb4ph6aiyc"),
    string("network_interface_id", "The network interface.")
        .required()
        .replaces()
        .sent(&[
            (&ATTACH, "NetworkInterfaceId"),
            (&DETACH, "NetworkInterfaceId"),
        ])
        .read(&DESCRIBE, "NetworkInterfaceId")
        .refers_to("alicloud_ecs_network_interface")
        .example("eni-bp67acfmxazb4ph6aiyc"),
    string(
        "instance_id",
        "The instance, in the zone and the VPC of the interface.",
    )
    .required()
    .replaces()
    .sent(&[(&ATTACH, "InstanceId"), (&DETACH, "InstanceId")])
    .read(&DESCRIBE, "InstanceId")
    .refers_to("alicloud_instance")
    .example("i-bp67acfmxazb4ph6aiyc"),
    string(
        "trunk_network_instance_id",
        "The trunk interface on the instance that carries it.",
    )
    .replaces()
    .sent(&[
        (&ATTACH, "TrunkNetworkInstanceId"),
        (&DETACH, "TrunkNetworkInstanceId"),
    ])
    .read(&DESCRIBE, "Attachment.TrunkNetworkInterfaceId")
    .refers_to("alicloud_ecs_network_interface")
    .example("eni-bp67acfmxazb4ph6aiyc"),
    int(
        "network_card_index",
        "The network card, on instance types that have several.",
    )
    .replaces()
    .sent(&[(&ATTACH, "NetworkCardIndex")])
    .read(&DESCRIBE, "Attachment.NetworkCardIndex")
    .check(&[Check::Range(0, 15)])
    .example("0"),
    boolean(
        "wait_for_network_configuration_ready",
        "Whether attaching it waits for the network of the instance. The cloud does not heed it any more.",
    )
    .sent(&[(&ATTACH, "WaitForNetworkConfigurationReady")])
    .example("true"),
];

/// Makes the id of what was asked for: the answer has none.
fn id(request: &CreateRequest, _: &Json) -> Option<String> {
    let get = |name: &str| {
        let found = request.params.iter().find(|param| param.name == name);
        found.map(|param| param.value.as_str())
    };
    Some(format!(
        "{}:{}",
        get("NetworkInterfaceId")?,
        get("InstanceId")?
    ))
}

/// The interface and the instance of an id.
fn parts(id: &str) -> Option<(&str, &str)> {
    let (interface, instance) = id.split_once(':')?;
    let whole = !interface.is_empty() && !instance.is_empty() && !instance.contains(':');
    whole.then_some((interface, instance))
}

fn malformed(ty: &ResourceType, id: &str) -> ApiError {
    let text = format!(
        "\"{id}\" is not the id of a network interface's attachment. It has two parts, the interface and the instance: eni-…:i-…."
    );
    local(ty, "MalformedId", text, ApiErrorKind::Invalid)
}

/// Reads the interfaces, a hundred with a call, and finds the instances that they are on.
fn read<'a>(
    context: Context<'a>,
    wanted: &'a [Wanted],
) -> BoxFuture<'a, Vec<Result<Option<Object>, ApiError>>> {
    async move {
        let interfaces: Vec<Wanted> = wanted
            .iter()
            .filter_map(|one| Some(interface(parts(&one.id)?.0)))
            .collect();
        let found = batch::items(context.answers, &NETWORK_INTERFACE, &interfaces).await;
        let one = |one: &Wanted| {
            let Some((interface, instance)) = parts(&one.id) else {
                return Err(malformed(context.ty, &one.id));
            };
            let item = found.get(interface).cloned().unwrap_or(Ok(None))?;
            let known = one.known.get("instance_id").and_then(Value::as_str);
            let was = known == Some(instance);
            Ok(item.filter(|item| is_on(item, instance, was)).map(|item| {
                let mut read = decode(context.ty, &DESCRIBE, &item);
                read.insert("instance_id", Value::string(instance));
                batch::merge(context.ty, &one.id, &one.known, [read])
            }))
        };
        wanted.iter().map(one).collect()
    }
    .boxed()
}

fn interface(id: &str) -> Wanted {
    Wanted {
        ty: &NETWORK_INTERFACE,
        id: id.to_owned(),
        known: Arc::default(),
    }
}

/// Whether the interface is on the instance, by itself or through a trunk. On its way off (if it was on it)
/// it is not yet free.
fn is_on(item: &Json, instance: &str, was: bool) -> bool {
    item["InstanceId"] == instance
        || item["Attachment"]["InstanceId"] == instance
        || was && item["Status"] == "Detaching"
}

/// Waits until the interface is in use.
fn settle<'a>(
    context: Context<'a>,
    id: &'a str,
    desired: &'a Object,
) -> BoxFuture<'a, Result<(), Failure>> {
    async move {
        let failed = |error| failure(context.ty, error, None);
        let (interface, _) = parts(id).ok_or_else(|| failed(malformed(context.ty, id)))?;
        let limit = limits(context.ty, desired).create;
        let of_interface = Context {
            ty: &NETWORK_INTERFACE,
            ..context
        };
        lifecycle::wait_for(of_interface, interface, &Object::new(), IN_USE, limit)
            .await
            .map_err(failed)
    }
    .boxed()
}

fn on_one_instance(count: usize, _: Option<&Object>) -> Option<Problem> {
    (count > 1).then(|| Problem {
        path: "network_interface_id".to_owned(),
        summary: "Network interface on too many instances".to_owned(),
        detail: format!(
            "{count} attachments are of the same network interface, which can be on one instance."
        ),
        hint: Some("Make a network interface for each instance.".to_owned()),
        warning: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_two_parts() {
        assert_eq!(parts("eni-1:i-1"), Some(("eni-1", "i-1")));
        for bad in ["", "eni-1", "eni-1:", ":i-1", "eni-1:i-1:i-2"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
    }
}
