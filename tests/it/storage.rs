//! Disks, snapshots and images as a whole: few calls, lost answers, and what is refused before anything is done.

use serde_json::json;

use crate::support::{
    cloud::Cloud,
    project::Project,
    server::{Emulator, Project as Served},
};

const SERVER: &str = r#"
resource "alicloud_vpc" "it" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "it" {
  vpc_id     = alicloud_vpc.it.id
  cidr_block = "10.1.0.0/16"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "it" {
  vpc_id = alicloud_vpc.it.id
}
resource "alicloud_instance" "it" {
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type   = "ecs.g7.large"
  vswitch_id      = alicloud_vswitch.it.id
  security_groups = [alicloud_security_group.it.id]
}
"#;

const ATTACHED: &str = r#"
resource "alicloud_ecs_disk" "it" {
  count    = 3
  zone_id  = "cn-hangzhou-h"
  category = "cloud_essd"
  size     = 20
}
resource "alicloud_ecs_disk_attachment" "it" {
  count       = 3
  disk_id     = alicloud_ecs_disk.it[count.index].id
  instance_id = alicloud_instance.it.id
}
resource "alicloud_ecs_snapshot" "it" {
  count   = 2
  disk_id = alicloud_ecs_disk_attachment.it[0].disk_id
}
"#;

#[test]
fn many_disks_are_read_a_hundred_at_a_time() {
    let cloud = Cloud::instant();
    let disks = "resource \"alicloud_ecs_disk\" \"it\" {\n  count = 150\n  zone_id = \"cn-hangzhou-h\"\n  size = 20\n}\n";
    let project = Project::with(&(cloud.provider() + disks));
    project
        .prov("apply -auto-approve -no-color -parallelism=32")
        .ok();
    let before = cloud.calls();
    project.settled();
    assert_eq!(cloud.since(&before)["DescribeDisks"], 2);
}

/// A disk and its attachment ask the same question, which is asked once; the other read is of the system disk.
#[test]
fn attachments_cost_no_calls_beside_their_disks() {
    let cloud = Cloud::instant();
    let project = Project::with(&(cloud.provider() + SERVER + ATTACHED));
    project.apply();
    let before = cloud.calls();
    project.settled();
    let calls = cloud.since(&before);
    assert_eq!(calls["DescribeDisks"], 2, "{calls:?}");
    assert_eq!(calls["DescribeSnapshots"], 1, "{calls:?}");
}

#[test]
fn a_lost_answer_attaches_nothing_twice() {
    let emulator = Emulator::start(&["-profile", "fast"]);
    let project = Served::on(&emulator, &format!("{SERVER}{ATTACHED}"));
    let rules = [
        "AttachDisk",
        "DetachDisk",
        "ResizeDisk",
        "CreateDisk",
        "CreateSnapshot",
    ]
    .map(|action| json!({ "action": action, "kind": "cut_after", "count": 1 }));
    emulator.faults(&json!({ "rules": rules }));
    project.ok(&["apply", "-auto-approve"]);
    let world = emulator.world();
    assert_eq!(world["disks"].as_array().unwrap().len(), 4);
    assert_eq!(world["snapshots"].as_array().unwrap().len(), 2);
    let main = format!("{SERVER}{ATTACHED}").replace("size     = 20", "size     = 30");
    project.write("main.tf", &(provider_of(&project) + &main));
    project.ok(&["apply", "-auto-approve"]);
    project.ok(&["plan", "-detailed-exitcode"]);
    project.ok(&["destroy", "-auto-approve"]);
    for kind in ["disks", "snapshots", "instances"] {
        assert_eq!(emulator.world()[kind], json!([]), "{kind}");
    }
}

/// What the file has before the resources.
fn provider_of(project: &Served) -> String {
    let main = project.read("main.tf");
    main[..main.find("resource ").unwrap()].to_owned()
}

fn refused(resources: &str, parts: &[&str]) {
    let cloud = Cloud::instant();
    let project = Project::with(&(cloud.provider() + resources));
    project.prov("plan -no-color").fails(parts);
}

fn disk(lines: &str) -> String {
    format!(
        "resource \"alicloud_ecs_disk\" \"it\" {{\n  zone_id = \"cn-hangzhou-h\"\n  {lines}\n}}\n"
    )
}

#[test]
fn what_no_disk_can_be_is_refused_in_the_plan() {
    let cases: &[(&str, &[&str])] = &[
        (
            "size = 10",
            &["a cloud_efficiency disk has 20 to 32768 GiB"],
        ),
        (
            "category = \"cloud_essd\"\n  performance_level = \"PL3\"\n  size = 100",
            &["a cloud_essd disk of level PL3 has 1261 to 65536 GiB"],
        ),
        (
            "size = 20\n  performance_level = \"PL1\"",
            &["performance_level", "and this one is cloud_efficiency"],
        ),
        (
            "size = 20\n  multi_attach = \"Enabled\"",
            &["multi_attach", "cloud_essd or cloud_auto"],
        ),
        (
            "size = 20\n  encrypted = false\n  kms_key_id = \"key\"",
            &["kms_key_id is for an encrypted disk"],
        ),
        ("disk_name = \"it\"", &["size", "snapshot_id"]),
        (
            "size = 20\n  instance_id = \"i-1\"",
            &["zone_id", "instance_id"],
        ),
        ("size = 20\n  disk_name = \"1\"", &["is not a valid name"]),
    ];
    for (lines, parts) in cases {
        refused(&disk(lines), parts);
    }
}

#[test]
fn a_disk_that_would_shrink_is_refused_in_the_plan() {
    let cloud = Cloud::instant();
    let project = Project::with(&(cloud.provider() + &disk("size = 40")));
    project.apply();
    project.write("main.tf", &(cloud.provider() + &disk("size = 30")));
    project
        .prov("plan -no-color")
        .fails(&["size is 40 and would become 30", "it can only grow"]);
}

/// A system disk, too: unless another image makes it anew.
#[test]
fn a_system_disk_that_would_shrink_is_refused_in_the_plan() {
    let cloud = Cloud::instant();
    let server = |size: u8, image: &str| {
        let text = SERVER.replace("aliyun_3_x64_20G_alibase_20240819.vhd", image);
        let disk = format!("  system_disk_size = {size}\n  instance_type ");
        cloud.provider() + &text.replacen("  instance_type ", &disk, 1)
    };
    let (old, new) = (
        "aliyun_3_x64_20G_alibase_20240819.vhd",
        "ubuntu_22_04_x64_20G_alibase_20240926.vhd",
    );
    let project = Project::with(&server(60, old));
    project.apply();
    project.write("main.tf", &server(40, old));
    project
        .prov("plan -no-color")
        .fails(&["system_disk_size is 60 and would become 40"]);
    project.write("main.tf", &server(40, new));
    project.apply();
    project.settled();
    let mut sizes = cloud.world()["disks"].as_array().unwrap().clone();
    sizes.retain(|disk| disk["size"] == 40);
    assert_eq!(sizes.len(), 1);
}

#[test]
fn a_disk_is_attached_where_it_can_be() {
    let attach = |more: &str| {
        format!(
            "{SERVER}{}resource \"alicloud_ecs_disk_attachment\" \"it\" {{\n  disk_id = alicloud_ecs_disk.it.id\n  instance_id = alicloud_instance.it.id\n  {more}\n}}\n",
            disk("size = 20"),
        )
    };
    refused(&attach("count = 2"), &["Disk on too many instances"]);
    let elsewhere =
        attach("").replace("zone_id = \"cn-hangzhou-h\"", "zone_id = \"cn-hangzhou-i\"");
    let server = elsewhere.replace(
        "vswitch_id      = alicloud_vswitch.it.id",
        "vswitch_id      = alicloud_vswitch.it.id\n  availability_zone = \"cn-hangzhou-h\"",
    );
    refused(&server, &["Objects of different zones"]);
}

#[test]
fn an_image_is_made_of_one_thing() {
    let image = |lines: &str| format!("resource \"alicloud_image\" \"it\" {{\n  {lines}\n}}\n");
    let cases: &[(&str, &[&str])] = &[
        ("image_name = \"it\"", &["instance_id", "snapshot_id"]),
        (
            "instance_id = \"i-1\"\n  snapshot_id = \"s-1\"",
            &["instance_id", "snapshot_id"],
        ),
        (
            "disk_device_mapping {\n    disk_type = \"system\"\n  }",
            &["System disk without a snapshot"],
        ),
        (
            "disk_device_mapping {\n    disk_type = \"data\"\n  }",
            &["Disk without a size"],
        ),
        (
            "instance_id = \"i-1\"\n  image_name = \"aliyun-it\"",
            &["image_name"],
        ),
    ];
    for (lines, parts) in cases {
        refused(&image(lines), parts);
    }
}

#[test]
fn an_id_of_another_form_imports_nothing() {
    let cloud = Cloud::instant();
    let attachment = "resource \"alicloud_ecs_disk_attachment\" \"it\" {\n  disk_id = \"d-1\"\n  instance_id = \"i-1\"\n}\n";
    let project = Project::with(&(cloud.provider() + attachment));
    for id in ["d-1", "d-1:", ":i-1", "a:b:c"] {
        project
            .run(["import", "alicloud_ecs_disk_attachment.it", id])
            .fails(&["is not the id of a disk attachment"]);
    }
    project
        .run(["import", "alicloud_ecs_disk_attachment.it", "d-1:i-1"])
        .fails(&["alicloud_ecs_disk_attachment.it"]);
}
