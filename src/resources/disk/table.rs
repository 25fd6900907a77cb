//! The table of disks.

use super::{
    super::instance::{description, name},
    rules::{self, not_auto, not_essd},
};
use crate::schema::*;

/// What a disk is when it can be used.
const READY: Wait = Wait {
    field: "Status",
    until: &["Available", "In_use"],
    failed: &[],
};

static CREATE: Call = call("CreateDisk")
    .token()
    .retry(&["ServiceUnavailable", "UnknownError", "LastTokenProcessing"])
    .wait(READY);
static ATTRIBUTE: Call = call("ModifyDiskAttribute").after_create();
static RESIZE: Call = call("ResizeDisk")
    .token()
    .retry(&["LastTokenProcessing", "InternalError"])
    .confirm();
static MOVE: Call = call("JoinResourceGroup")
    .with(&[("ResourceType", "disk")])
    .retry(&["InternalError"]);
static SPEC: Call = call("ModifyDiskSpec")
    .retry(&[
        "ServiceUnavailable",
        "Throttling.ConcurrentLimitExceeded",
        "DiskInCoolingPeriod",
    ])
    .wait(READY);
/// Only a disk that is already one of cloud_auto can burst.
static BURST: Call = call("ModifyDiskAttribute");
pub(super) static CHARGE: Call = call("ModifyDiskChargeType").token();
static TAG: Call = call("TagResources").with(&[("ResourceType", "disk")]);
static DELETE: Call = call("DeleteDisk")
    .retry(&["IncorrectDiskStatus.Initializing"])
    .gone(&["InvalidDiskId.NotFound"]);

pub(in crate::resources) static DESCRIBE: Read = Read {
    action: "DescribeDisks",
    ids: Ids::Json("DiskIds", 100),
    item: "Disks.Disk",
};

/// A disk.
pub static DISK: ResourceType = DISK_TABLE;

pub(super) const DISK_TABLE: ResourceType = ResourceType {
    id: Id::Field("DiskId"),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    updates: &[&ATTRIBUTE, &RESIZE, &MOVE, &SPEC, &BURST, &CHARGE, &TAG],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 5,
        update: 15,
        delete: 5,
    },
    attributes: ATTRIBUTES,
    rules: rules::RULES,
    adopt: Adopt {
        skip: is_of_instance,
        // Where it is attached is said by the attachment.
        unsaid: &["instance_id"],
        ..Adopt::LISTED
    },
    import: "d-bp1…",
    ..resource(
        "alicloud_ecs_disk",
        Service::Ecs,
        "A disk of its own, for any instance of its zone.",
    )
};

/// Whether a disk comes and goes with its instance: the system disk, and disks of the machine itself.
pub(in crate::resources) fn is_of_instance(disk: &serde_json::Value) -> bool {
    let category = disk["Category"].as_str().unwrap_or_default();
    disk["Type"] == "system" || category == "ephemeral" || category.starts_with("local_")
}

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The disk's id.")
        .computed()
        .example("d-bp131n0q38u3a4ziyc3r")
        .sent(&[
            (&ATTRIBUTE, "DiskId"),
            (&RESIZE, "DiskId"),
            (&MOVE, "ResourceId"),
            (&SPEC, "DiskId"),
            (&BURST, "DiskId"),
            (&TAG, "ResourceId.1"),
            (&DELETE, "DiskId"),
        ]),
    disk_name(
        "disk_name",
        "Display name: 2 to 128 characters, starting with a letter.",
    ),
    disk_name("name", "The old name of `disk_name`.").deprecated("disk_name"),
    string("description", "Description: 2 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&ATTRIBUTE, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Custom(description)])
        .example("What the application keeps"),
    zone("zone_id", "The zone that it is in."),
    zone("availability_zone", "The old name of `zone_id`.").deprecated("zone_id"),
    string(
        "instance_id",
        "The subscription instance that it is bought onto, instead of a zone; attach any other disk with \
         `alicloud_ecs_disk_attachment`.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InstanceId")])
    .read(&DESCRIBE, "InstanceId")
    .same(|prior, _| is_unset(prior, "instance_id"))
    .refers_to("alicloud_instance")
    .example("i-bp67acfmxazb4ph6aiyc"),
    string(
        "category",
        "The kind of disk. ModifyDiskSpec changes it while it stays in use.",
    )
    .default(Default::String("cloud_efficiency"))
    .sent(&[(&CREATE, "DiskCategory"), (&SPEC, "DiskCategory")])
    .read(&DESCRIBE, "Category")
    .check(&[Check::OneOf(rules::CATEGORIES)])
    .effects(BILLING)
    .example("cloud_essd"),
    int(
        "size",
        "Size in GiB; it can grow and not shrink. With a snapshot, that of the snapshot when unset.",
    )
    .kept()
    .grows()
    .sent(&[(&CREATE, "Size"), (&RESIZE, "NewSize")])
    .read(&DESCRIBE, "Size")
    .check(&[Check::Range(1, 65_536)])
    .effects(AMOUNT)
    .example("100"),
    string(
        "type",
        "How a resize is done: `offline`, which shows after a restart of the instance, or `online`.",
    )
    .rides_along()
    .sent(&[(&RESIZE, "Type")])
    .check(&[Check::OneOf(&["offline", "online"])])
    .example("online"),
    string("performance_level", "The performance level of an ESSD disk.")
        .kept()
        .sent(&[
            (&CREATE, "PerformanceLevel"),
            (&SPEC, "PerformanceLevel"),
        ])
        .read(&DESCRIBE, "PerformanceLevel")
        .check(&[Check::OneOf(rules::LEVELS)])
        .same(not_essd)
        .effects(AMOUNT)
        .example("PL1"),
    int(
        "provisioned_iops",
        "IOPS bought beyond the baseline of a cloud_auto disk.",
    )
    .sent(&[
        (&CREATE, "ProvisionedIops"),
        (&SPEC, "ProvisionedIops"),
    ])
    .read(&DESCRIBE, "ProvisionedIops")
    .check(&[Check::Range(0, 50_000)])
    .same(not_auto)
    .effects(AMOUNT)
    .example("1000"),
    boolean(
        "bursting_enabled",
        "Whether a cloud_auto disk may go beyond its IOPS for a while.",
    )
    .sent(&[(&CREATE, "BurstingEnabled"), (&BURST, "BurstingEnabled")])
    .read(&DESCRIBE, "BurstingEnabled")
    .same(not_auto)
    .effects(BILLING)
    .example("true"),
    string("snapshot_id", "The snapshot that it starts as a copy of.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "SnapshotId")])
        .read(&DESCRIBE, "SourceSnapshotId")
        .refers_to("alicloud_ecs_snapshot")
        .example("s-bp67acfmxazb4p****"),
    boolean("encrypted", "Whether it is encrypted.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "Encrypted")])
        .read(&DESCRIBE, "Encrypted")
        .example("true"),
    string("kms_key_id", "The key that encrypts it.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "KMSKeyId")])
        .read(&DESCRIBE, "KMSKeyId")
        .example("0e478b7a-4262-4802-b8cb-00d3fb40826X"),
    string("encrypt_algorithm", "The algorithm that encrypts it.")
        .sent(&[(&CREATE, "EncryptAlgorithm")])
        .example("AES256"),
    string(
        "multi_attach",
        "Whether several instances can have it at once: Enabled or Disabled.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "MultiAttach")])
    .read(&DESCRIBE, "MultiAttach")
    .check(&[Check::OneOf(&["Enabled", "Disabled"])])
    .example("Enabled"),
    string("payment_type", "How it is paid for; a subscription needs a subscription instance to be attached to.")
        .kept()
        .sent(&[(&CHARGE, "DiskChargeType")])
        .read(&DESCRIBE, "DiskChargeType")
        .wire(Wire::Words(rules::PAYMENTS))
        .check(&[Check::OneOf(&["PayAsYouGo", "Subscription"])])
        .effects(BILLING)
        .example("PayAsYouGo"),
    boolean("delete_with_instance", "Whether it goes with the instance that it is on.")
        .kept()
        .sent(&[(&ATTRIBUTE, "DeleteWithInstance")])
        .read(&DESCRIBE, "DeleteWithInstance")
        .example("false"),
    boolean(
        "delete_auto_snapshot",
        "Whether its automatic snapshots go with it.",
    )
    .default(Default::Bool(false))
    .sent(&[(&ATTRIBUTE, "DeleteAutoSnapshot")])
    .read(&DESCRIBE, "DeleteAutoSnapshot"),
    boolean(
        "enable_auto_snapshot",
        "Whether a snapshot policy may make snapshots of it.",
    )
    .deprecated("")
    .kept()
    .sent(&[(&ATTRIBUTE, "EnableAutoSnapshot")])
    .read(&DESCRIBE, "EnableAutoSnapshot")
    .example("true"),
    string("advanced_features", "Features that are still on trial.")
        .sent(&[(&CREATE, "AdvancedFeatures")])
        .example("feature"),
    string("storage_set_id", "The storage set that it is kept in.")
        .replaces()
        .sent(&[(&CREATE, "StorageSetId")])
        .read(&DESCRIBE, "StorageSetId")
        .example("ss-bp67acfmxazb4p****"),
    int(
        "storage_set_partition_number",
        "How many partitions the storage set has.",
    )
    .replaces()
    .sent(&[(&CREATE, "StorageSetPartitionNumber")])
    .read(&DESCRIBE, "StorageSetPartitionNumber")
    .check(&[Check::Range(1, 64)])
    .same(|_, merged| is_unset(merged, "storage_set_partition_number"))
    .example("2"),
    string("resource_group_id", "Resource group.")
        .kept()
        .sent(&[(&CREATE, "ResourceGroupId"), (&MOVE, "ResourceGroupId")])
        .read(&DESCRIBE, "ResourceGroupId")
        .example("rg-acfmxazb4ph6aiy"),
    boolean(
        "dry_run",
        "Only checks a change of the specification; the apply then ends with an error.",
    )
    .rides_along()
    .sent(&[(&SPEC, "DryRun")])
    .example("false"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ app = \"web\" }"),
    string("create_time", "When it was created.")
        .computed()
        .read(&DESCRIBE, "CreationTime"),
    string("region_id", "The region that it is in.")
        .computed()
        .read(&DESCRIBE, "RegionId"),
    string("status", "`Available`, `In_use`, or on the way to one of them.")
        .computed()
        .read(&DESCRIBE, "Status"),
];

const fn disk_name(own: &'static str, doc: &'static str) -> Attribute {
    string(own, doc)
        .kept()
        .sent(const { &[(&CREATE, "DiskName"), (&ATTRIBUTE, "DiskName")] })
        .read(&DESCRIBE, "DiskName")
        .check(const { &[Check::Custom(name)] })
        .example("data")
}

const fn zone(own: &'static str, doc: &'static str) -> Attribute {
    string(own, doc)
        .kept()
        .replaces()
        .sent(const { &[(&CREATE, "ZoneId")] })
        .read(&DESCRIBE, "ZoneId")
        .example("cn-hangzhou-i")
}
