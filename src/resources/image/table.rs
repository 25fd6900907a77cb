//! The table of images.

use super::rules;
use crate::{
    resources::instance::{description, name},
    schema::*,
};

const PLATFORMS: &[&str] = &[
    "Aliyun",
    "Anolis",
    "CentOS",
    "Ubuntu",
    "CoreOS",
    "SUSE",
    "Debian",
    "OpenSUSE",
    "FreeBSD",
    "RedHat",
    "Kylin",
    "UOS",
    "Fedora",
    "Fedora CoreOS",
    "CentOS Stream",
    "AlmaLinux",
    "Rocky Linux",
    "Gentoo",
    "Customized Linux",
    "Others Linux",
    "Windows Server 2022",
    "Windows Server 2019",
    "Windows Server 2016",
    "Windows Server 2012",
    "Windows Server 2008",
    "Windows Server 2003",
];
/// The system disk and 16 data disks.
const DISKS: usize = 17;

static CREATE: Call = call("CreateImage")
    .dry_run()
    .token()
    .retry(&[
        "IncorrectInstanceStatus",
        "IncorrectDiskStatus.CreatingSnapshot",
    ])
    .wait(Wait {
        field: "Status",
        until: &["Available"],
        failed: &["CreateFailed"],
    });
static MODIFY: Call = call("ModifyImageAttribute").confirm().after_create();
static MOVE: Call = call("JoinResourceGroup").with(&[("ResourceType", "image")]);
static TAG: Call = call("TagResources").with(&[("ResourceType", "image")]);
static DELETE: Call = call("DeleteImage")
    .retry(&["ImageIsCreating"])
    .gone(&["InvalidImageId.NotFound"]);

// Without a status only those that are available are listed.
static DESCRIBE: Read = Read {
    action: "DescribeImages",
    ids: Ids::CommasWith("ImageId", 100, ("Status", "ALL")),
    item: "Images.Image",
};

/// An image.
pub static IMAGE: ResourceType = ResourceType {
    id: Id::Field("ImageId"),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    updates: &[&MODIFY, &MOVE, &TAG],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 10,
        update: 10,
        delete: 10,
    },
    attributes: ATTRIBUTES,
    rules: rules::RULES,
    adopt: Adopt {
        listed: Some(&[("ImageOwnerAlias", "self")]),
        ..Adopt::LISTED
    },
    import: "m-bp1…",
    ..resource(
        "alicloud_image",
        Service::Ecs,
        "An image of the account's own, which instances can be made of.",
    )
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The image's id.")
        .computed()
        .example("m-bp67acfmxazb4p****")
        .sent(&[
            (&MODIFY, "ImageId"),
            (&MOVE, "ResourceId"),
            (&TAG, "ResourceId.1"),
            (&DELETE, "ImageId"),
        ]),
    own_name(
        "image_name",
        "Display name, of which there is one in the region: 2 to 128 characters, starting with a letter.",
    ),
    own_name("name", "The old name of `image_name`.").deprecated("image_name"),
    string("description", "Description: 2 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Custom(description)])
        .example("The web server of release 12"),
    string(
        "instance_id",
        "The instance that it is made of, with all its disks.",
    )
    .sent(&[(&CREATE, "InstanceId")])
    .refers_to("alicloud_instance")
    .example("i-bp67acfmxazb4ph6aiyc"),
    string(
        "snapshot_id",
        "The snapshot of a system disk that it is made of.",
    )
    .sent(&[(&CREATE, "SnapshotId")])
    .refers_to("alicloud_ecs_snapshot")
    .example("s-bp67acfmxazb4p****"),
    blocks(
        "disk_device_mapping",
        "The disks that it is made of, the system disk among them.",
        MAPPING,
        0,
        DISKS,
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "DiskDeviceMapping")])
    .read(&DESCRIBE, "DiskDeviceMappings.DiskDeviceMapping"),
    string(
        "architecture",
        "The processors that it is for; those of the instance that it is made of, or x86_64.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "Architecture")])
    .read(&DESCRIBE, "Architecture")
    .check(&[Check::OneOf(&["i386", "x86_64", "arm64"])])
    .example("x86_64"),
    string(
        "platform",
        "The operating system; that of the disk that it is made of.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "Platform")])
    .read(&DESCRIBE, "Platform")
    .check(&[Check::OneOf(PLATFORMS)])
    .example("Ubuntu"),
    string("boot_mode", "How it boots: BIOS, UEFI or UEFI-Preferred.")
        .kept()
        .sent(&[(&CREATE, "BootMode"), (&MODIFY, "BootMode")])
        .read(&DESCRIBE, "BootMode")
        .check(&[Check::OneOf(&["BIOS", "UEFI", "UEFI-Preferred"])])
        .example("UEFI"),
    blocks("features", "What it can do.", FEATURES, 0, 1)
        .kept()
        .wire(Wire::Struct)
        .sent(&[(&MODIFY, "Features")])
        .read(&DESCRIBE, "Features"),
    string(
        "image_family",
        "The family that it belongs to: its newest image can be asked for.",
    )
    .sent(&[(&CREATE, "ImageFamily"), (&MODIFY, "ImageFamily")])
    .read(&DESCRIBE, "ImageFamily")
    .check(&[Check::Characters(2, 128), Check::NoPrefix(RESERVED)])
    .example("web"),
    string("image_version", "Its version.")
        .replaces()
        .sent(&[(&CREATE, "ImageVersion")])
        .read(&DESCRIBE, "ImageVersion")
        .example("12"),
    string("license_type", "Whose licence is used: Auto, Aliyun or BYOL.")
        .kept()
        .sent(&[(&MODIFY, "LicenseType")])
        .read(&DESCRIBE, "LicenseType")
        .check(&[Check::OneOf(&["Auto", "Aliyun", "BYOL"])])
        .example("BYOL"),
    string(
        "detection_strategy",
        "Whether the image is checked after it was made: Standard.",
    )
    .sent(&[(&CREATE, "DetectionStrategy")])
    .check(&[Check::OneOf(&["Standard"])])
    .example("Standard"),
    boolean("force", "Deletes it even if instances use it.")
        .default(Default::Bool(false))
        .sent(&[(&DELETE, "Force")]),
    boolean(
        "delete_auto_snapshot",
        "Deletes the snapshots of its disks together with it. Those that were taken to make it stay otherwise.",
    )
    .example("true"),
    string("resource_group_id", "Resource group.")
        .kept()
        .sent(&[(&CREATE, "ResourceGroupId"), (&MOVE, "ResourceGroupId")])
        .read(&DESCRIBE, "ResourceGroupId")
        .example("rg-acfmxazb4ph6aiy"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ app = \"web\" }"),
    string("create_time", "When it was made.")
        .computed()
        .read(&DESCRIBE, "CreationTime"),
    string("status", "`Creating`, `Available` and others.")
        .computed()
        .read(&DESCRIBE, "Status"),
    boolean("usable", "Whether instances can be made of it.")
        .computed()
        .read(&DESCRIBE, "Usable"),
];

/// A disk of an image.
static MAPPING: &[Attribute] = &[
    string(
        "disk_type",
        "`system` or `data`; what the snapshot's disk was when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "DiskType")])
    .read(&DESCRIBE, "Type")
    .check(&[Check::OneOf(&["system", "data"])])
    .example("system"),
    string(
        "snapshot_id",
        "The snapshot that it is made of; without one it is empty.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "SnapshotId")])
    .read(&DESCRIBE, "SnapshotId")
    .refers_to("alicloud_ecs_snapshot")
    .example("s-bp67acfmxazb4p****"),
    string("device", "Where it is mounted.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "Device")])
        .read(&DESCRIBE, "Device")
        .example("/dev/xvda"),
    int(
        "size",
        "Its size in GiB; at least that of the snapshot, which is the default.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "Size")])
    .read(&DESCRIBE, "Size")
    .check(&[Check::Range(1, 32_768)])
    .example("40"),
    string("format", "The format of an imported disk.")
        .computed()
        .read(&DESCRIBE, "Format"),
    string("progress", "How far it is.")
        .computed()
        .read(&DESCRIBE, "Progress"),
    int("remain_time", "How many seconds it will take.")
        .computed()
        .read(&DESCRIBE, "RemainTime"),
    string("import_oss_bucket", "Where it was imported from.")
        .computed()
        .read(&DESCRIBE, "ImportOSSBucket"),
    string("import_oss_object", "What it was imported from.")
        .computed()
        .read(&DESCRIBE, "ImportOSSObject"),
];

/// What an image can do.
static FEATURES: &[Attribute] = &[string(
    "nvme_support",
    "Whether disks can be attached by NVMe: supported or unsupported.",
)
.kept()
.sent(&[(&MODIFY, "NvmeSupport")])
.read(&DESCRIBE, "NvmeSupport")
.check(&[Check::OneOf(&["supported", "unsupported"])])
.example("supported")];

const RESERVED: &[&str] = &["acs:", "aliyun", "http://", "https://"];

const fn own_name(own: &'static str, doc: &'static str) -> Attribute {
    string(own, doc)
        .kept()
        .sent(const { &[(&CREATE, "ImageName"), (&MODIFY, "ImageName")] })
        .read(&DESCRIBE, "ImageName")
        .check(const { &[Check::Custom(name), Check::NoPrefix(RESERVED)] })
        .example("web-12")
}
