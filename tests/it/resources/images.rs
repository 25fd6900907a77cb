//! Images of one's own, and instances that are made of them.

use prov::cloud::Product;

use super::{
    LIFE, Life, lead, lose_instance, replace,
    surroundings::{DISK, INSTANCES, NETWORK},
    update,
};
use crate::support::cloud::Cloud;

/// Snapshots of system disks and of a data disk.
const SNAPSHOTS: &str = r#"
resource "alicloud_ecs_snapshot" "data" {
  count   = 2
  disk_id = alicloud_ecs_disk_attachment.a.disk_id
}
resource "alicloud_ecs_snapshot" "system" {
  count   = 2
  disk_id = alicloud_instance.a[count.index].system_disk_id
}
"#;

/// An image of a snapshot.
const IMAGE: &str = r#"
resource "alicloud_image" "a" {
  snapshot_id = alicloud_ecs_snapshot.system[0].id
}
data "alicloud_images" "own" {
  owners     = "self"
  name_regex = ".*"
  image_id   = alicloud_image.a.id
}
"#;

fn lose_image(cloud: &Cloud, id: &str) {
    cloud.console(
        Product::Ecs,
        "DeleteImage",
        &[("ImageId", id), ("Force", "true")],
    );
}

/// The snapshots that were taken for it go too.
fn lose_image_of_instance(cloud: &Cloud, id: &str) {
    let asked = [("ImageId", id), ("Status", "ALL")];
    let answer = cloud.console(Product::Ecs, "DescribeImages", &asked);
    lose_image(cloud, id);
    let disks = &answer["Images"]["Image"][0]["DiskDeviceMappings"]["DiskDeviceMapping"];
    for disk in disks.as_array().unwrap() {
        let snapshot = disk["SnapshotId"].as_str().unwrap();
        cloud.console(Product::Ecs, "DeleteSnapshot", &[("SnapshotId", snapshot)]);
    }
}

const UNTOLD: &[&str] = &[
    "instance_id",
    "snapshot_id",
    "detection_strategy",
    "force",
    "delete_auto_snapshot",
];

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_image",
        around: &[NETWORK, INSTANCES],
        base: &[
            ("instance_id", "alicloud_instance.a[0].id"),
            ("image_name", "\"it\""),
            ("description", "\"at first\""),
            ("boot_mode", "\"BIOS\""),
            ("features", "nvme_support = \"supported\""),
            ("image_family", "\"one\""),
            ("image_version", "\"1\""),
            ("license_type", "\"Aliyun\""),
            ("detection_strategy", "\"Standard\""),
            ("force", "true"),
            ("delete_auto_snapshot", "true"),
            ("resource_group_id", "\"rg-one\""),
            ("tags", "{ a = \"1\", b = \"2\" }"),
        ],
        born: &[
            ("images", "/name", "\"it\""),
            ("images", "/license_type", "\"Aliyun\""),
            ("images", "/nvme", "\"supported\""),
            ("images", "/base/size", "40"),
            ("images", "/tags/b", "\"2\""),
        ],
        steps: &[
            update(&[("detection_strategy", "")], &[]),
            update(&[("image_name", "\"other\"")], &["ModifyImageAttribute"]).shows(&[(
                "images",
                "/name",
                "\"other\"",
            )]),
            update(
                &[("image_name", ""), ("name", "\"old\"")],
                &["ModifyImageAttribute"],
            )
            .shows(&[("images", "/name", "\"old\"")]),
            update(&[("description", "\"later\"")], &["ModifyImageAttribute"]).shows(&[(
                "images",
                "/description",
                "\"later\"",
            )]),
            update(&[("description", "")], &["ModifyImageAttribute"]).shows(&[(
                "images",
                "/description",
                "\"\"",
            )]),
            update(&[("boot_mode", "\"UEFI\"")], &["ModifyImageAttribute"]).shows(&[(
                "images",
                "/boot_mode",
                "\"UEFI\"",
            )]),
            update(
                &[("features", "nvme_support = \"unsupported\"")],
                &["ModifyImageAttribute"],
            )
            .shows(&[("images", "/nvme", "\"unsupported\"")]),
            update(&[("image_family", "\"two\"")], &["ModifyImageAttribute"])
                .shows(&[("images", "/family", "\"two\"")]),
            update(&[("license_type", "\"BYOL\"")], &["ModifyImageAttribute"]).shows(&[(
                "images",
                "/license_type",
                "\"BYOL\"",
            )]),
            update(
                &[("resource_group_id", "\"rg-two\"")],
                &["JoinResourceGroup"],
            )
            .shows(&[("images", "/resource_group", "\"rg-two\"")]),
            update(
                &[("tags", "{ a = \"3\", c = \"4\" }")],
                &["UntagResources", "TagResources"],
            )
            .shows(&[("images", "/tags", "{\"a\":\"3\",\"c\":\"4\"}")]),
            update(&[("instance_id", "alicloud_instance.a[1].id")], &[]),
            update(&[("force", "")], &[]),
            update(&[("delete_auto_snapshot", "false")], &[]),
            update(&[("delete_auto_snapshot", "true")], &[]),
            replace(&[("image_version", "\"2\"")]),
        ],
        untold: UNTOLD,
        lose: lose_image_of_instance,
        ..LIFE
    },
    // Of the snapshot of a system disk.
    Life {
        kind: "alicloud_image",
        around: &[NETWORK, INSTANCES, DISK, SNAPSHOTS],
        base: &[
            ("snapshot_id", "alicloud_ecs_snapshot.system[0].id"),
            ("architecture", "\"x86_64\""),
            ("platform", "\"Ubuntu\""),
        ],
        born: &[("images", "/base/platform", "\"Ubuntu\"")],
        steps: &[
            update(
                &[("snapshot_id", "alicloud_ecs_snapshot.system[1].id")],
                &[],
            ),
            replace(&[("architecture", "\"arm64\"")]).shows(&[(
                "images",
                "/base/architecture",
                "\"arm64\"",
            )]),
            replace(&[("platform", "\"Windows Server 2022\"")]).shows(&[(
                "images",
                "/base/os_type",
                "\"windows\"",
            )]),
        ],
        untold: UNTOLD,
        lose: lose_image,
        ..LIFE
    },
    // Of several snapshots, and with an empty disk.
    Life {
        kind: "alicloud_image",
        around: &[NETWORK, INSTANCES, DISK, SNAPSHOTS],
        base: &[(
            "disk_device_mapping",
            "disk_type = \"system\"\nsnapshot_id = alicloud_ecs_snapshot.system[0].id\n---disk_type = \"data\"\nsnapshot_id = alicloud_ecs_snapshot.data[0].id\nsize = 50\ndevice = \"/dev/xvdc\"\n---size = 20",
        )],
        born: &[
            ("images", "/disks/1/size", "50"),
            ("images", "/disks/1/device", "\"/dev/xvdc\""),
            ("images", "/disks/2/size", "20"),
        ],
        steps: &[replace(&[(
            "disk_device_mapping",
            "disk_type = \"system\"\nsnapshot_id = alicloud_ecs_snapshot.system[1].id",
        )])],
        untold: UNTOLD,
        lose: lose_image,
        ..LIFE
    },
    // An instance of an image of one's own, with a disk of a snapshot.
    Life {
        kind: "alicloud_instance",
        around: &[NETWORK, INSTANCES, DISK, SNAPSHOTS, IMAGE],
        base: &[
            ("image_id", "data.alicloud_images.own.images[0].id"),
            ("instance_type", "\"ecs.g7.large\""),
            ("vswitch_id", "alicloud_vswitch.a.id"),
            ("security_groups", "[alicloud_security_group.a.id]"),
            ("system_disk_size", "40"),
            (
                "data_disks",
                "size = 30\nsnapshot_id = alicloud_ecs_snapshot.data[0].id",
            ),
        ],
        steps: &[replace(&[(
            "data_disks",
            "size = 30\nsnapshot_id = alicloud_ecs_snapshot.data[1].id",
        )])],
        untold: &[
            "data_disks",
            "include_data_disks",
            "dry_run",
            "force_delete",
        ],
        lose: lose_instance,
        ..LIFE
    },
];

#[test]
fn of_an_instance() {
    lead(&LIVES[0]);
}

#[test]
fn of_a_snapshot() {
    lead(&LIVES[1]);
}

#[test]
fn of_disks() {
    lead(&LIVES[2]);
}

#[test]
fn an_instance_of_an_image() {
    lead(&LIVES[3]);
}
