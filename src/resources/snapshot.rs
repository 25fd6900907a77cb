//! `alicloud_ecs_snapshot`: a disk as it was at one moment.

use super::instance::{description, name};
use crate::{
    model::plan::Effect,
    provider::{
        hooks::{Hooks, Kind},
        offer::{Limit, Offer, STORAGE},
    },
    schema::*,
};

const DONE: Wait = Wait {
    field: "Status",
    until: &["accomplished"],
    failed: &["failed"],
};

// One snapshot of a disk is taken after the other.
static CREATE: Call = call("CreateSnapshot")
    .token()
    .retry(&["IncorrectDiskStatus.CreatingSnapshot"])
    .wait(DONE);
static MODIFY: Call = call("ModifySnapshotAttribute").wait(DONE);
static MOVE: Call = call("JoinResourceGroup").with(&[("ResourceType", "snapshot")]);
static TAG: Call = call("TagResources").with(&[("ResourceType", "snapshot")]);
static DELETE: Call = call("DeleteSnapshot")
    .retry(&["Operation.Conflict"])
    .gone(&["InvalidResource.NotFound", "InvalidSnapshotId.NotFound"]);

static DESCRIBE: Read = Read {
    action: "DescribeSnapshots",
    ids: Ids::Json("SnapshotIds", 100),
    item: "Snapshots.Snapshot",
};

const SNAPSHOT_TABLE: ResourceType = ResourceType {
    id: Id::Field("SnapshotId"),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    updates: &[&MODIFY, &MOVE, &TAG],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 5,
        update: 5,
        delete: 5,
    },
    attributes: ATTRIBUTES,
    adopt: Adopt {
        // Those of a snapshot policy come and go by it.
        of_cloud: |snapshot| {
            let name = snapshot["SnapshotName"].as_str().unwrap_or_default();
            snapshot["SnapshotType"] == "auto" || name.starts_with("auto")
        },
        ..Adopt::LISTED
    },
    import: "s-bp1…",
    ..resource(
        "alicloud_ecs_snapshot",
        Service::Ecs,
        "A snapshot: a disk as it was at one moment, which disks and images can be made of.",
    )
};

/// A snapshot.
pub static SNAPSHOT: ResourceType = SNAPSHOT_TABLE;
/// The older name.
static OLD: ResourceType = SNAPSHOT_TABLE.alias("alicloud_snapshot");

const HOOKS: Hooks = Hooks {
    loss: Some(|_| vec![Effect::LosesData]),
    offer: Some(|_, _| Offer::unlisted(Limit::Untold("snapshots"), STORAGE)),
    ..Hooks::NONE
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &SNAPSHOT,
    hooks: HOOKS,
};

/// The registered older name.
pub const OLD_KIND: Kind = Kind {
    ty: &OLD,
    hooks: HOOKS,
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The snapshot's id.")
        .computed()
        .example("s-bp67acfmxazb4p****")
        .sent(&[
            (&MODIFY, "SnapshotId"),
            (&MOVE, "ResourceId"),
            (&TAG, "ResourceId.1"),
            (&DELETE, "SnapshotId"),
        ]),
    string(
        "disk_id",
        "The disk that it is of, which must have been attached to an instance.",
    )
    .required()
    .replaces()
    .sent(&[(&CREATE, "DiskId")])
    .read(&DESCRIBE, "SourceDiskId")
    .refers_to("alicloud_ecs_disk")
    .example("d-bp131n0q38u3a4ziyc3r"),
    own_name(
        "snapshot_name",
        "Display name: 2 to 128 characters, starting with a letter and not with `auto`.",
    ),
    own_name("name", "The old name of `snapshot_name`.").deprecated("snapshot_name"),
    string("description", "Description: 2 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Custom(description)])
        .example("Before the migration"),
    string(
        "category",
        "The kind of snapshot: standard, or flash for a local one.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "Category")])
    .read(&DESCRIBE, "Category")
    .check(&[Check::OneOf(&["standard", "flash"])])
    .example("standard"),
    int(
        "retention_days",
        "For how many days it is kept, 1 to 65536; for ever when it was never set. What was set stays when \
         the argument is removed.",
    )
    .sent(&[(&CREATE, "RetentionDays"), (&MODIFY, "RetentionDays")])
    .read(&DESCRIBE, "RetentionDays")
    .check(&[Check::Range(1, 65_536)])
    .same(|_, merged| is_unset(merged, "retention_days"))
    .example("30"),
    boolean(
        "force",
        "Deletes it even if disks or images were made of it.",
    )
    .sent(&[(&DELETE, "Force")])
    .example("false"),
    boolean("instant_access", "Has no effect any more.")
        .deprecated("")
        .effects(NO_EFFECT),
    int("instant_access_retention_days", "Has no effect any more.")
        .deprecated("")
        .effects(NO_EFFECT),
    string("resource_group_id", "Resource group.")
        .kept()
        .sent(&[(&CREATE, "ResourceGroupId"), (&MOVE, "ResourceGroupId")])
        .read(&DESCRIBE, "ResourceGroupId")
        .example("rg-acfmxazb4ph6aiy"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ app = \"web\" }"),
    string("create_time", "When it was taken.")
        .computed()
        .read(&DESCRIBE, "CreationTime"),
    string("region_id", "The region that it is in.")
        .computed()
        .read(&DESCRIBE, "RegionId"),
    string("status", "`progressing`, `accomplished` or `failed`.")
        .computed()
        .read(&DESCRIBE, "Status"),
];

const fn own_name(own: &'static str, doc: &'static str) -> Attribute {
    string(own, doc)
        .kept()
        .sent(const { &[(&CREATE, "SnapshotName"), (&MODIFY, "SnapshotName")] })
        .read(&DESCRIBE, "SnapshotName")
        .check(const { &[Check::Custom(name), Check::NoPrefix(&["auto"])] })
        .example("before-migration")
}
