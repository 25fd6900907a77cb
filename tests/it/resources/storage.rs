//! Disks, their attachments, and snapshots of them.

use prov::cloud::Product;

use super::{
    LIFE, Life, Names, lead_all, lose_instance, refuse, replace,
    surroundings::{DISK, INSTANCES, NETWORK},
    update,
};
use crate::{data_sources::objects, support::cloud::Cloud};

/// Instances that are paid for in advance.
const SUBSCRIBED: &str = r#"
resource "alicloud_instance" "a" {
  count                = 2
  image_id             = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type        = "ecs.g7.large"
  vswitch_id           = alicloud_vswitch.a.id
  security_groups      = [alicloud_security_group.a.id]
  instance_charge_type = "PrePaid"
  period               = 1
  force_delete         = true
}
"#;

const SNAPSHOTS: &str = r#"
resource "alicloud_ecs_snapshot" "a" {
  count   = 2
  disk_id = alicloud_ecs_disk_attachment.a.disk_id
}
"#;

const DISKS: &str = r#"
resource "alicloud_ecs_disk" "a" {
  count    = 2
  zone_id  = "cn-hangzhou-h"
  category = "cloud_essd"
  size     = 20
}
"#;

fn keys(cloud: &Cloud) -> Names {
    for name in ["one", "two"] {
        cloud.console(Product::Ecs, "CreateKeyPair", &[("KeyPairName", name)]);
    }
    Names::new()
}

/// Makes an instance that has lost its system disk, which no manifest can.
fn headless(cloud: &Cloud) -> Names {
    let place = objects::place(cloud);
    objects::run(cloud, &place, "1");
    let world = cloud.world();
    let text = |list: &str| world[list][0]["id"].as_str().unwrap().to_owned();
    let (instance, disk) = (text("instances"), text("disks"));
    let of = ("InstanceId", instance.as_str());
    cloud.console(Product::Ecs, "StopInstance", &[of]);
    cloud.console(Product::Ecs, "DetachDisk", &[of, ("DiskId", &disk)]);
    vec![("THE-INSTANCE", instance), ("THE-DISK", disk)]
}

/// Deletes the instance, its disk and its network.
fn behead(cloud: &Cloud, names: &Names) {
    let [(_, instance), (_, disk)] = &names[..] else {
        unreachable!()
    };
    lose_instance(cloud, instance);
    lose_disk(cloud, disk);
    objects::clear(cloud);
}

fn lose_disk(cloud: &Cloud, id: &str) {
    cloud.console(Product::Ecs, "DeleteDisk", &[("DiskId", id)]);
}

/// A subscribed disk goes only once it is neither paid in advance nor attached.
fn lose_subscribed_disk(cloud: &Cloud, id: &str) {
    let ids = format!("[{id:?}]");
    let answer = cloud.console(Product::Ecs, "DescribeDisks", &[("DiskIds", &ids)]);
    let instance = answer["Disks"]["Disk"][0]["InstanceId"].as_str().unwrap();
    let asked = [
        ("DiskIds", ids.as_str()),
        ("InstanceId", instance),
        ("DiskChargeType", "PostPaid"),
    ];
    cloud.console(Product::Ecs, "ModifyDiskChargeType", &asked);
    let asked = [("DiskId", id), ("InstanceId", instance)];
    cloud.console(Product::Ecs, "DetachDisk", &asked);
    lose_disk(cloud, id);
}

fn lose_snapshot(cloud: &Cloud, id: &str) {
    cloud.console(Product::Ecs, "DeleteSnapshot", &[("SnapshotId", id)]);
}

fn lose_attachment(cloud: &Cloud, id: &str) {
    let (disk, instance) = id.split_once(':').unwrap();
    let asked = [("DiskId", disk), ("InstanceId", instance)];
    cloud.console(Product::Ecs, "DetachDisk", &asked);
}

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_ecs_disk",
        base: &[
            ("zone_id", "\"cn-hangzhou-h\""),
            ("disk_name", "\"it\""),
            ("description", "\"at first\""),
            ("category", "\"cloud_essd\""),
            ("performance_level", "\"PL0\""),
            ("size", "40"),
            ("encrypted", "true"),
            ("kms_key_id", "\"key-one\""),
            ("encrypt_algorithm", "\"AES256\""),
            ("multi_attach", "\"Disabled\""),
            ("delete_auto_snapshot", "true"),
            ("delete_with_instance", "true"),
            ("enable_auto_snapshot", "false"),
            ("advanced_features", "\"feature\""),
            ("storage_set_id", "\"ss-one\""),
            ("storage_set_partition_number", "3"),
            ("resource_group_id", "\"rg-one\""),
            ("tags", "{ a = \"1\", b = \"2\" }"),
            ("type", "\"online\""),
            ("dry_run", "false"),
            ("payment_type", "\"PayAsYouGo\""),
        ],
        born: &[
            ("disks", "/name", "\"it\""),
            ("disks", "/delete_auto_snapshot", "true"),
            ("disks", "/delete_with_instance", "true"),
            ("disks", "/enable_auto_snapshot", "false"),
            ("disks", "/storage_set", "\"ss-one\""),
            ("disks", "/kms_key", "\"key-one\""),
            ("disks", "/tags/b", "\"2\""),
        ],
        steps: &[
            update(&[("disk_name", "\"other\"")], &["ModifyDiskAttribute"]).shows(&[(
                "disks",
                "/name",
                "\"other\"",
            )]),
            update(
                &[("disk_name", ""), ("name", "\"old\"")],
                &["ModifyDiskAttribute"],
            )
            .shows(&[("disks", "/name", "\"old\"")]),
            update(&[("description", "\"later\"")], &["ModifyDiskAttribute"]).shows(&[(
                "disks",
                "/description",
                "\"later\"",
            )]),
            update(&[("size", "100")], &["ResizeDisk"]).shows(&[("disks", "/size", "100")]),
            update(&[("type", "\"offline\"")], &[]),
            update(&[("advanced_features", "\"other\"")], &[]),
            update(&[("encrypt_algorithm", "\"SM4\"")], &[]),
            refuse(
                &[("performance_level", "\"PL1\""), ("dry_run", "true")],
                "DryRunOperation",
            ),
            update(
                &[("size", "500"), ("performance_level", "\"PL2\"")],
                &["ResizeDisk", "ModifyDiskSpec"],
            )
            .shows(&[("disks", "/performance_level", "\"PL2\"")]),
            update(&[("delete_auto_snapshot", "")], &["ModifyDiskAttribute"]).shows(&[(
                "disks",
                "/delete_auto_snapshot",
                "false",
            )]),
            update(
                &[("delete_with_instance", "false")],
                &["ModifyDiskAttribute"],
            )
            .shows(&[("disks", "/delete_with_instance", "false")]),
            update(
                &[("enable_auto_snapshot", "true")],
                &["ModifyDiskAttribute"],
            )
            .shows(&[("disks", "/enable_auto_snapshot", "true")]),
            update(
                &[("resource_group_id", "\"rg-two\"")],
                &["JoinResourceGroup"],
            )
            .shows(&[("disks", "/resource_group", "\"rg-two\"")]),
            update(
                &[
                    ("category", "\"cloud_auto\""),
                    ("performance_level", ""),
                    ("provisioned_iops", "100"),
                    ("bursting_enabled", "true"),
                ],
                &["ModifyDiskSpec", "ModifyDiskAttribute"],
            )
            .shows(&[
                ("disks", "/category", "\"cloud_auto\""),
                ("disks", "/bursting", "true"),
            ]),
            update(
                &[("provisioned_iops", "200"), ("dry_run", "")],
                &["ModifyDiskSpec"],
            )
            .shows(&[("disks", "/provisioned_iops", "200")]),
            update(&[("bursting_enabled", "false")], &["ModifyDiskAttribute"]).shows(&[(
                "disks",
                "/bursting",
                "false",
            )]),
            update(
                &[
                    ("category", "\"cloud_essd\""),
                    ("provisioned_iops", ""),
                    ("bursting_enabled", ""),
                ],
                &["ModifyDiskSpec"],
            )
            .shows(&[("disks", "/category", "\"cloud_essd\"")]),
            update(
                &[("tags", "{ a = \"3\", c = \"4\" }")],
                &["UntagResources", "TagResources"],
            )
            .shows(&[("disks", "/tags", "{\"a\":\"3\",\"c\":\"4\"}")]),
            replace(&[("kms_key_id", "\"key-two\"")]),
            replace(&[
                ("encrypted", "false"),
                ("kms_key_id", ""),
                ("encrypt_algorithm", ""),
            ]),
            replace(&[("multi_attach", "\"Enabled\"")]).shows(&[(
                "disks",
                "/multi_attach",
                "true",
            )]),
            replace(&[("storage_set_partition_number", "4")]),
            replace(&[("storage_set_id", "\"ss-two\"")]),
            replace(&[("zone_id", "\"cn-hangzhou-i\"")]),
            replace(&[("zone_id", ""), ("availability_zone", "\"cn-hangzhou-h\"")]),
        ],
        untold: &["encrypt_algorithm", "advanced_features", "type", "dry_run"],
        lose: lose_disk,
        ..LIFE
    },
    // Bought onto an instance.
    Life {
        kind: "alicloud_ecs_disk",
        around: &[NETWORK, SUBSCRIBED],
        base: &[
            ("instance_id", "alicloud_instance.a[0].id"),
            ("category", "\"cloud_essd\""),
            ("size", "40"),
        ],
        born: &[("disks", "/charge_type", "\"PrePaid\"")],
        steps: &[
            update(
                &[("payment_type", "\"PayAsYouGo\"")],
                &["ModifyDiskChargeType"],
            ),
            update(
                &[
                    ("payment_type", "\"Subscription\""),
                    ("disk_name", "\"it\""),
                ],
                &["ModifyDiskAttribute", "ModifyDiskChargeType"],
            ),
            update(
                &[("delete_with_instance", "true")],
                &["ModifyDiskAttribute"],
            ),
            // The old one is left to its instance.
            replace(&[("instance_id", "alicloud_instance.a[1].id")]),
        ],
        lose: lose_subscribed_disk,
        last: &[("delete_with_instance", "true")],
        ..LIFE
    },
    // A copy of a snapshot.
    Life {
        kind: "alicloud_ecs_disk",
        around: &[NETWORK, INSTANCES, DISK, SNAPSHOTS],
        base: &[
            ("zone_id", "\"cn-hangzhou-h\""),
            ("category", "\"cloud_essd\""),
            ("snapshot_id", "alicloud_ecs_snapshot.a[0].id"),
        ],
        born: &[("disks", "/size", "30")],
        steps: &[
            update(&[("size", "31")], &["ResizeDisk"]),
            replace(&[("snapshot_id", "alicloud_ecs_snapshot.a[1].id")]),
        ],
        lose: lose_disk,
        ..LIFE
    },
    Life {
        kind: "alicloud_ecs_snapshot",
        around: &[NETWORK, INSTANCES],
        base: &[
            ("disk_id", "alicloud_instance.a[0].system_disk_id"),
            ("snapshot_name", "\"it\""),
            ("description", "\"at first\""),
            ("category", "\"standard\""),
            ("retention_days", "30"),
            ("force", "true"),
            ("instant_access", "false"),
            ("instant_access_retention_days", "1"),
            ("resource_group_id", "\"rg-one\""),
            ("tags", "{ a = \"1\", b = \"2\" }"),
        ],
        born: &[
            ("snapshots", "/name", "\"it\""),
            ("snapshots", "/retention_days", "30"),
            ("snapshots", "/tags/b", "\"2\""),
        ],
        steps: &[
            update(
                &[("snapshot_name", "\"other\"")],
                &["ModifySnapshotAttribute"],
            )
            .shows(&[("snapshots", "/name", "\"other\"")]),
            update(
                &[("snapshot_name", ""), ("name", "\"old\"")],
                &["ModifySnapshotAttribute"],
            )
            .shows(&[("snapshots", "/name", "\"old\"")]),
            update(
                &[("description", "\"later\"")],
                &["ModifySnapshotAttribute"],
            )
            .shows(&[("snapshots", "/description", "\"later\"")]),
            update(&[("description", "")], &["ModifySnapshotAttribute"]).shows(&[(
                "snapshots",
                "/description",
                "\"\"",
            )]),
            update(&[("retention_days", "60")], &["ModifySnapshotAttribute"]).shows(&[(
                "snapshots",
                "/retention_days",
                "60",
            )]),
            update(
                &[
                    ("instant_access", "true"),
                    ("instant_access_retention_days", "2"),
                ],
                &[],
            ),
            update(&[("retention_days", ""), ("force", "false")], &[]).shows(&[(
                "snapshots",
                "/retention_days",
                "60",
            )]),
            update(
                &[("resource_group_id", "\"rg-two\"")],
                &["JoinResourceGroup"],
            )
            .shows(&[("snapshots", "/resource_group", "\"rg-two\"")]),
            update(
                &[("tags", "{ a = \"3\", c = \"4\" }")],
                &["UntagResources", "TagResources"],
            )
            .shows(&[("snapshots", "/tags", "{\"a\":\"3\",\"c\":\"4\"}")]),
            replace(&[("category", "\"flash\"")]),
            replace(&[("disk_id", "alicloud_instance.a[1].system_disk_id")]),
        ],
        untold: &["force", "instant_access", "instant_access_retention_days"],
        lose: lose_snapshot,
        ..LIFE
    },
    Life {
        kind: "alicloud_ecs_disk_attachment",
        prepare: keys,
        around: &[NETWORK, INSTANCES, DISKS],
        base: &[
            ("disk_id", "alicloud_ecs_disk.a[0].id"),
            ("instance_id", "alicloud_instance.a[0].id"),
            ("delete_with_instance", "true"),
            ("key_pair_name", "\"one\""),
            ("password", "\"EcsV587!\""),
        ],
        born: &[("disks", "/delete_with_instance", "true")],
        steps: &[
            update(&[("delete_with_instance", "false")], &[]),
            replace(&[("instance_id", "alicloud_instance.a[1].id")]),
            replace(&[("disk_id", "alicloud_ecs_disk.a[1].id")]),
            replace(&[("password", "\"EcsV588!\"")]),
            replace(&[("key_pair_name", "\"two\"")]),
        ],
        untold: &["delete_with_instance", "password", "key_pair_name"],
        lose: lose_attachment,
        ..LIFE
    },
    Life {
        kind: "alicloud_ecs_disk_attachment",
        prepare: headless,
        base: &[
            ("disk_id", "\"THE-DISK\""),
            ("instance_id", "\"THE-INSTANCE\""),
            ("password", "\"EcsV587!\""),
            ("bootable", "true"),
        ],
        born: &[
            ("disks", "/system", "true"),
            ("disks", "/device", "\"/dev/xvda\""),
        ],
        steps: &[
            replace(&[("bootable", "false"), ("password", "")])
                .shows(&[("disks", "/system", "false")]),
            replace(&[("bootable", "true")]).shows(&[("disks", "/system", "true")]),
        ],
        untold: &["delete_with_instance", "bootable", "password"],
        lose: lose_attachment,
        end: Some(behead),
        ..LIFE
    },
];

#[test]
fn disks() {
    lead_all(LIVES, "alicloud_ecs_disk");
}

#[test]
fn attachments() {
    lead_all(LIVES, "alicloud_ecs_disk_attachment");
}

#[test]
fn snapshots() {
    lead_all(LIVES, "alicloud_ecs_snapshot");
}
