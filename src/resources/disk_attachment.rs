//! `alicloud_ecs_disk_attachment`: a disk on an instance. It is seen as a part of its disk.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::Value as Json;

use super::disk::{DISK, is_of_instance};
use crate::{
    cloud::{ApiError, ApiErrorKind},
    model::{Object, Value},
    provider::{
        CreateRequest, Failure, Wanted, batch,
        hooks::{Context, Hooks, Kind},
        lifecycle::{self, local},
        offer,
    },
    schema::*,
};

/// States of disk and instance that pass, and what else is under way on the instance.
const BUSY: &[&str] = &[
    "IncorrectDiskStatus",
    "IncorrectInstanceStatus",
    "OperationConflict",
    "InternalError",
    "InvalidOperation.Conflict",
    "DisksDetachingOnEcsExceeded",
];

// It takes no token: a disk that is asked for again is told to be in use already.
static ATTACH: Call = call("AttachDisk").retry(BUSY).gone(&["InvalidDisk.InUse"]);
static DETACH: Call = call("DetachDisk").retry(BUSY).gone(&[
    "InvalidDisk.AlreadyDetached",
    "InvalidDiskId.NotFound",
    "InvalidDiskId.OperationNotSupported",
    "InvalidInstanceId.NotFound",
    "DependencyViolation",
]);
static DESCRIBE: Read = Read {
    action: "DescribeDisks",
    ids: Ids::Json("DiskIds", 100),
    item: "Disks.Disk",
};
const IN_USE: Wait = Wait {
    field: "Status",
    until: &["In_use"],
    failed: &[],
};
/// How many instances can share a disk.
const SHARERS: usize = 16;

const ATTACHMENT: ResourceType = ResourceType {
    create: &[&ATTACH],
    read: &[&DESCRIBE],
    delete: &[&DETACH],
    timeouts: Timeouts {
        create: 10,
        update: 0,
        delete: 10,
    },
    attributes: ATTRIBUTES,
    cross: &[CrossRule {
        attribute: "disk_id",
        check: agrees_on_release,
    }],
    agree: &["availability_zone"],
    crowd: Some(Crowd {
        attribute: "disk_id",
        free: 1,
        check: on_one_instance,
    }),
    adopt: Adopt {
        skip: is_of_instance,
        ids: Some(ids),
        ..Adopt::LISTED
    },
    import: "d-bp1…:i-bp1…",
    ..resource(
        "alicloud_ecs_disk_attachment",
        Service::Ecs,
        "A disk on an instance of its zone.",
    )
};

/// A disk on an instance.
static DISK_ATTACHMENT: ResourceType = ATTACHMENT;
/// The older name.
static OLD: ResourceType = ATTACHMENT.alias("alicloud_disk_attachment");

const HOOKS: Hooks = Hooks {
    read: Some(read),
    id: Some(id),
    settle: Some(settle),
    offer: Some(offer::free),
    ..Hooks::NONE
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &DISK_ATTACHMENT,
    hooks: HOOKS,
};

/// The registered older name.
pub const OLD_KIND: Kind = Kind {
    ty: &OLD,
    hooks: HOOKS,
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "`disk:instance`.")
        .computed()
        .example("d-bp131n0q38u3a4ziyc3r:i-bp67acfmxazb4ph6aiyc"),
    string("disk_id", "The disk.")
        .required()
        .replaces()
        .sent(&[(&ATTACH, "DiskId"), (&DETACH, "DiskId")])
        .read(&DESCRIBE, "DiskId")
        .refers_to("alicloud_ecs_disk")
        .example("d-bp131n0q38u3a4ziyc3r"),
    string("instance_id", "The instance, in the zone of the disk.")
        .required()
        .replaces()
        .sent(&[(&ATTACH, "InstanceId"), (&DETACH, "InstanceId")])
        .read(&DESCRIBE, "InstanceId")
        .refers_to("alicloud_instance")
        .example("i-bp67acfmxazb4ph6aiyc"),
    boolean(
        "delete_with_instance",
        "Whether the disk goes with the instance, and when it is detached, with its next one. The disk's own \
         `delete_with_instance` is set by attaching it.",
    )
    .default(Default::Bool(false))
    .sent(&[
        (&ATTACH, "DeleteWithInstance"),
        (&DETACH, "DeleteWithInstance"),
    ])
    .effects(NO_EFFECT),
    boolean("bootable", "Whether it is attached as the system disk.")
        .default(Default::Bool(false))
        .replaces()
        .sent(&[(&ATTACH, "Bootable")]),
    string(
        "password",
        "The password of the administrator, when it is attached as the system disk.",
    )
    .sensitive()
    .replaces()
    .sent(&[(&ATTACH, "Password")]),
    string(
        "key_pair_name",
        "The key pair to log in with, when it is attached as the system disk.",
    )
    .replaces()
    .sent(&[(&ATTACH, "KeyPairName")])
    .refers_to("alicloud_ecs_key_pair")
    .example("admin"),
    string("device", "Where it is mounted.")
        .computed()
        .read(&DESCRIBE, "Device"),
];

/// Makes the id of what was asked for: the answer has none.
fn id(request: &CreateRequest, _: &Json) -> Option<String> {
    let get = |name: &str| {
        let found = request.params.iter().find(|param| param.name == name);
        found.map(|param| param.value.as_str())
    };
    Some(format!("{}:{}", get("DiskId")?, get("InstanceId")?))
}

/// The ids of the attachments of a disk: it tells several, or one by a field of its own.
fn ids(disk: &Json) -> Vec<String> {
    let instance = |of: &Json| of["InstanceId"].as_str().unwrap_or_default().to_owned();
    let listed = items(disk, "Attachments.Attachment").into_iter();
    let mut instances: Vec<String> = listed.map(instance).collect();
    instances.push(instance(disk));
    instances.retain(|id| !id.is_empty());
    instances.sort_unstable();
    instances.dedup();
    let disk = disk["DiskId"].as_str().unwrap_or_default();
    let id = |instance: String| format!("{disk}:{instance}");
    instances.into_iter().map(id).collect()
}

/// The disk and the instance of an id.
fn parts(id: &str) -> Option<(&str, &str)> {
    let (disk, instance) = id.split_once(':')?;
    (!disk.is_empty() && !instance.is_empty() && !instance.contains(':'))
        .then_some((disk, instance))
}

/// What is said of an id that is none.
fn malformed(ty: &ResourceType, id: &str) -> ApiError {
    let text = format!(
        "\"{id}\" is not the id of a disk attachment. It has two parts, the disk and the instance: d-…:i-…."
    );
    local(ty, "MalformedId", text, ApiErrorKind::Invalid)
}

/// Reads the disks, a hundred with a call, and finds the instances at them.
fn read<'a>(
    context: Context<'a>,
    wanted: &'a [Wanted],
) -> BoxFuture<'a, Vec<Result<Option<Object>, ApiError>>> {
    Box::pin(async move {
        let disks: Vec<Wanted> = wanted
            .iter()
            .filter_map(|one| Some(disk(parts(&one.id)?.0)))
            .collect();
        let found = batch::items(context.answers, &DISK, &disks).await;
        let one = |one: &Wanted| {
            let Some((disk, instance)) = parts(&one.id) else {
                return Err(malformed(context.ty, &one.id));
            };
            let Some(disk) = found.get(disk).cloned().unwrap_or(Ok(None))? else {
                return Ok(None);
            };
            let attached = attachment(&disk, instance);
            Ok(attached.map(|item| {
                let mut read = decode(context.ty, &DESCRIBE, &item);
                // Of an attachment that is new to us the disk tells what attaching it set.
                if !one.known.contains_key("delete_with_instance") {
                    let flag = item["DeleteWithInstance"] == true;
                    read.insert("delete_with_instance", Value::Bool(flag));
                }
                batch::merge(context.ty, &one.id, &one.known, [read])
            }))
        };
        wanted.iter().map(one).collect()
    })
}

fn disk(id: &str) -> Wanted {
    Wanted {
        ty: &DISK,
        id: id.to_owned(),
        known: Arc::default(),
    }
}

/// The disk as the instance has it: with its own device there. `None` when it has not.
fn attachment(disk: &Json, instance: &str) -> Option<Json> {
    let listed = items(disk, "Attachments.Attachment");
    let own = listed.into_iter().find(|one| one["InstanceId"] == instance);
    let device = match own {
        Some(own) => own["Device"].clone(),
        None if disk["InstanceId"] == instance => disk["Device"].clone(),
        // On its way off an instance it is not yet free.
        None if disk["Status"] == "Detaching" => Json::Null,
        None => return None,
    };
    let mut attached = disk.clone();
    attached["InstanceId"] = instance.into();
    attached["Device"] = device;
    Some(attached)
}

/// Waits until the disk is in use.
fn settle<'a>(
    context: Context<'a>,
    id: &'a str,
    desired: &'a Object,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        let failed = |error| lifecycle::failure(context.ty, error, None);
        let (disk, _) = parts(id).ok_or_else(|| failed(malformed(context.ty, id)))?;
        let limit = limits(context.ty, desired).create;
        let of_disk = Context {
            ty: &DISK,
            ..context
        };
        lifecycle::wait_for(of_disk, disk, &Object::new(), IN_USE, limit)
            .await
            .map_err(failed)
    })
}

/// Attaching sets the disk's own attribute.
fn agrees_on_release(this: &Object, disk: &Object) -> Option<Problem> {
    let name = "delete_with_instance";
    let flag = |object: &Object| object.get(name).and_then(Value::as_bool);
    let (own, of_disk) = (flag(this)?, flag(disk)?);
    (own != of_disk).then(|| Problem {
        path: "disk_id".to_owned(),
        summary: "Disk and attachment disagree".to_owned(),
        detail: format!(
            "The disk has {name} = {of_disk}, the attachment {own}, and attaching the disk sets what the \
             attachment says. The next apply sets what the disk says."
        ),
        hint: Some(format!("Set {name} = {of_disk} in the attachment too.")),
        warning: true,
    })
}

/// Only a disk that can be shared is on several instances.
fn on_one_instance(count: usize, disk: Option<&Object>) -> Option<Problem> {
    let shared = disk?.get("multi_attach")?;
    if shared.is_unknown() && !disk?.get("id").is_some_and(Value::is_unknown) {
        return None;
    }
    let (most, hint) = match shared.as_str() {
        Some("Enabled") => (SHARERS, "Use one more disk."),
        _ => (
            1,
            "Set multi_attach = \"Enabled\" in the disk, or use one more disk.",
        ),
    };
    (count > most).then(|| Problem {
        path: "disk_id".to_owned(),
        summary: "Disk on too many instances".to_owned(),
        detail: format!("{count} attachments are of the same disk, which {most} can have at once."),
        hint: Some(hint.to_owned()),
        warning: false,
    })
}
