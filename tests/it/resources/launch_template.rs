//! Launch templates, and instances that are made from them.

use prov::cloud::Product;

use super::{
    LIFE, Life, Step, lead, lose_instance, replace,
    surroundings::{NETWORK, OTHER_NETWORK},
    update,
};
use crate::support::{cloud::Cloud, project::Project};

const NEW: &[&str] = &["CreateLaunchTemplateVersion"];

fn lose(cloud: &Cloud, id: &str) {
    let asked = [("LaunchTemplateId", id)];
    cloud.console(Product::Ecs, "DeleteLaunchTemplate", &asked);
}

const IMAGE: Step = update(
    &[("image_id", "\"aliyun_3_x64_20G_alibase_20240819.vhd\"")],
    NEW,
);

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_ecs_launch_template",
        base: &[
            ("launch_template_name", "\"it\""),
            ("template_resource_group_id", "\"rg-one\""),
            ("template_tags", "{ a = \"1\", b = \"2\" }"),
            ("tags", "{ c = \"3\" }"),
            ("version_description", "\"at first\""),
            ("default_version_number", "1"),
            ("instance_name", "\"web-[1,3]\""),
            ("host_name", "\"web\""),
            ("user_data", "\"#!/bin/sh\""),
            ("image_options", "login_as_non_root = true"),
            (
                "system_disk",
                "category = \"cloud_essd\"\nsize = 40\nperformance_level = \"PL0\"\nname = \"root\"\ndescription = \"the root\"\nencrypted = true\nkms_key_id = \"key-1\"\niops = \"100\"\ndelete_with_instance = false",
            ),
            (
                "data_disks",
                "name = \"one\"\nsize = 500\ncategory = \"cloud_essd\"\nperformance_level = \"PL1\"\ndescription = \"a disk\"\nencrypted = true\nkms_key_id = \"key-2\"\nsnapshot_id = \"s-1\"\ndevice = \"/dev/xvdb\"\ndelete_with_instance = true\n---size = 20",
            ),
            (
                "network_interfaces",
                "name = \"back\"\ndescription = \"the back\"\nprimary_ip = \"10.0.0.9\"\nsecurity_group_id = \"sg-1\"\nvswitch_id = \"vsw-1\"\ndelete_on_release = true",
            ),
        ],
        born: &[
            ("launch_templates", "/name", "\"it\""),
            ("launch_templates", "/tags/a", "\"1\""),
            ("launch_templates", "/resource_group", "\"rg-one\""),
            (
                "launch_templates",
                "/versions/0/parameters/UserData",
                "\"IyEvYmluL3No\"",
            ),
            (
                "launch_templates",
                "/versions/0/parameters/SystemDisk.Size",
                "\"40\"",
            ),
            (
                "launch_templates",
                "/versions/0/parameters/ImageOptions.LoginAsNonRoot",
                "\"true\"",
            ),
            (
                "launch_templates",
                "/versions/0/parameters/SpotDuration",
                "\"1\"",
            ),
        ],
        steps: &[
            update(
                &[("template_tags", "{ a = \"2\", c = \"3\" }")],
                &["TagResources", "UntagResources"],
            )
            .shows(&[
                ("launch_templates", "/tags", "{\"a\":\"2\",\"c\":\"3\"}"),
                ("launch_templates", "/latest_version", "1"),
            ]),
            IMAGE.shows(&[
                ("launch_templates", "/latest_version", "2"),
                ("launch_templates", "/default_version", "1"),
                (
                    "launch_templates",
                    "/versions/1/parameters/HostName",
                    "\"web\"",
                ),
            ]),
            update(
                &[("default_version_number", "2")],
                &["ModifyLaunchTemplateDefaultVersion"],
            )
            .shows(&[("launch_templates", "/default_version", "2")]),
            update(
                &[
                    ("default_version_number", ""),
                    ("update_default_version_number", "true"),
                    ("instance_type", "\"ecs.g7.large\""),
                ],
                &[
                    "CreateLaunchTemplateVersion",
                    "ModifyLaunchTemplateDefaultVersion",
                ],
            )
            .shows(&[("launch_templates", "/default_version", "3")]),
            update(
                &[
                    ("update_default_version_number", "false"),
                    ("version_description", "\"later\""),
                ],
                NEW,
            ),
            update(&[("instance_name", "\"other\"")], NEW),
            update(&[("host_name", "\"other\"")], NEW),
            update(&[("user_data", "\"IyEvYmluL2Jhc2g=\"")], NEW),
            update(&[("image_options", "login_as_non_root = false")], NEW),
            update(
                &[("system_disk", "category = \"cloud_essd\"\nsize = 60")],
                NEW,
            )
            .shows(&[(
                "launch_templates",
                "/versions/8/parameters/SystemDisk.Size",
                "\"60\"",
            )]),
            update(&[("data_disks", "size = 30")], NEW),
            update(&[("network_interfaces", "")], NEW),
            update(&[("tags", "{ c = \"4\" }")], NEW),
            update(&[("description", "\"servers\"")], NEW),
            update(&[("resource_group_id", "\"rg-two\"")], NEW),
            update(&[("vswitch_id", "\"vsw-1\"")], NEW),
            update(&[("vpc_id", "\"vpc-1\"")], NEW),
            update(&[("zone_id", "\"cn-hangzhou-i\"")], NEW),
            update(&[("private_ip_address", "\"10.0.0.8\"")], NEW),
            update(&[("security_group_ids", "[\"sg-1\", \"sg-2\"]")], NEW),
            update(
                &[
                    ("security_group_ids", ""),
                    ("security_group_id", "\"sg-3\""),
                ],
                NEW,
            ),
            update(&[("key_pair_name", "\"me\"")], NEW),
            update(&[("ram_role_name", "\"me\"")], NEW),
            update(&[("http_endpoint", "\"enabled\"")], NEW),
            update(&[("http_tokens", "\"required\"")], NEW),
            update(&[("http_put_response_hop_limit", "2")], NEW),
            replace(&[("launch_template_name", "\"renamed\"")]),
            replace(&[("template_resource_group_id", "\"rg-two\"")]),
        ],
        untold: &["update_default_version_number"],
        lose,
        ..LIFE
    },
    // The older names, and what is paid.
    Life {
        kind: "alicloud_ecs_launch_template",
        base: &[("name", "\"it\"")],
        born: &[("launch_templates", "/name", "\"it\"")],
        steps: &[
            update(&[("userdata", "\"#!/bin/sh\"")], NEW),
            update(&[("system_disk_category", "\"cloud_ssd\"")], NEW),
            update(&[("system_disk_size", "40")], NEW).shows(&[
                (
                    "launch_templates",
                    "/versions/3/parameters/SystemDisk.Category",
                    "\"cloud_ssd\"",
                ),
                (
                    "launch_templates",
                    "/versions/3/parameters/SystemDisk.Size",
                    "\"40\"",
                ),
            ]),
            update(&[("system_disk_name", "\"root\"")], NEW),
            update(&[("system_disk_description", "\"the root\"")], NEW),
            update(&[("instance_charge_type", "\"PrePaid\"")], NEW),
            update(&[("period", "1")], NEW),
            update(&[("period_unit", "\"Month\"")], NEW),
            update(&[("auto_renew", "true")], NEW),
            update(&[("auto_renew_period", "1")], NEW),
            update(
                &[
                    ("instance_charge_type", "\"PostPaid\""),
                    ("spot_strategy", "\"SpotWithPriceLimit\""),
                    ("spot_price_limit", "0.5"),
                ],
                NEW,
            ),
            update(&[("spot_price_limit", "0.25")], NEW),
            update(&[("spot_duration", "\"0\"")], NEW),
            update(&[("auto_release_time", "\"NEXT-YEAR\"")], NEW),
            update(&[("internet_charge_type", "\"PayByTraffic\"")], NEW),
            update(&[("internet_max_bandwidth_in", "10")], NEW),
            update(&[("internet_max_bandwidth_out", "10")], NEW),
            update(&[("network_type", "\"vpc\"")], NEW),
            update(&[("io_optimized", "\"optimized\"")], NEW),
            update(&[("image_owner_alias", "\"system\"")], NEW),
            update(&[("password_inherit", "true")], NEW),
            update(&[("enable_vm_os_config", "true")], NEW),
            update(&[("security_enhancement_strategy", "\"Active\"")], NEW),
            update(&[("deployment_set_id", "\"ds-1\"")], NEW),
            replace(&[("name", "\"renamed\"")]),
        ],
        lose,
        ..LIFE
    },
    Life {
        kind: "alicloud_instance",
        around: &[NETWORK, TEMPLATES],
        base: &[("launch_template_id", "alicloud_ecs_launch_template.a.id")],
        born: &[
            ("instances", "/name", "\"from-a\""),
            ("instances", "/instance_type", "\"ecs.g7.large\""),
            ("instances", "/tags/from", "\"a\""),
            ("disks", "/size", "100"),
        ],
        steps: &[
            replace(&[("launch_template_version", "\"1\"")]),
            replace(&[
                ("launch_template_id", ""),
                ("launch_template_name", "alicloud_launch_template.b.name"),
            ])
            .shows(&[("instances", "/name", "\"from-b\"")]),
            update(
                &[("instance_name", "\"mine\"")],
                &["ModifyInstanceAttribute"],
            ),
        ],
        untold: &[
            "include_data_disks",
            "dry_run",
            "force_delete",
            "security_enhancement_strategy",
        ],
        lose: lose_instance,
        ..LIFE
    },
];

const TEMPLATES: &str = r#"
resource "alicloud_ecs_launch_template" "a" {
  launch_template_name = "from-a"
  image_id             = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type        = "ecs.g7.large"
  instance_name        = "from-a"
  vswitch_id           = alicloud_vswitch.a.id
  security_group_ids   = [alicloud_security_group.a.id]
  user_data            = "echo one"
  tags                 = { from = "a" }
  system_disk {
    category = "cloud_essd"
    size     = 40
  }
  data_disks {
    category = "cloud_essd"
    size     = 100
  }
}
resource "alicloud_launch_template" "b" {
  name              = "from-b"
  image_id          = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type     = "ecs.g7.large"
  instance_name     = "from-b"
  vswitch_id        = alicloud_vswitch.a.id
  security_group_id = alicloud_security_group.a.id
}
"#;

/// Without a VPC and a zone of its own, a template has those of its vSwitch, also of the next one.
#[test]
fn the_vswitch_tells_the_place() {
    let cloud = Cloud::instant();
    let text = |vswitch: &str| {
        format!(
            "{}{NETWORK}{OTHER_NETWORK}resource \"alicloud_vswitch\" \"i\" {{\n  vpc_id = alicloud_vpc.b.id\n  \
             cidr_block = \"10.3.0.0/24\"\n  zone_id = \"cn-hangzhou-i\"\n}}\n\
             resource \"alicloud_ecs_launch_template\" \"it\" {{\n  launch_template_name = \"it\"\n  vswitch_id = alicloud_vswitch.{vswitch}.id\n}}\n",
            cloud.provider()
        )
    };
    let project = Project::new();
    for (vswitch, vpc, zone) in [("a", "a", "cn-hangzhou-h"), ("i", "b", "cn-hangzhou-i")] {
        project.write("main.tf", &text(vswitch));
        project.apply();
        project.settled();
        let template = project.attributes("alicloud_ecs_launch_template", "it", 0);
        let vpc = project.attributes("alicloud_vpc", vpc, 0);
        assert_eq!(template["vpc_id"], vpc["id"]);
        assert_eq!(template["zone_id"], zone);
    }
}

#[test]
fn launch_template() {
    lead(&LIVES[0]);
}

#[test]
fn launch_template_by_older_names() {
    lead(&LIVES[1]);
}

#[test]
fn instance_from_a_launch_template() {
    lead(&LIVES[2]);
}

fn template(more: &str) -> String {
    format!(
        "resource \"alicloud_ecs_launch_template\" \"it\" {{\n  launch_template_name = \"it\"\n{more}\n}}\n"
    )
}

/// The oldest version makes room, but the default one stays.
#[test]
fn there_is_always_room_for_a_version() {
    let cloud = Cloud::instant();
    let project = Project::with(&(cloud.provider() + &template("description = \"number 1\"")));
    project.apply();
    let id = project.attributes("alicloud_ecs_launch_template", "it", 0)["id"].clone();
    let asked = [("LaunchTemplateId", id.as_str().unwrap())];
    for _ in 1..30 {
        cloud.console(Product::Ecs, "CreateLaunchTemplateVersion", &asked);
    }
    project.write(
        "main.tf",
        &(cloud.provider() + &template("description = \"number 31\"")),
    );
    let before = cloud.calls();
    project.apply();
    assert_eq!(cloud.since(&before)["DeleteLaunchTemplateVersion"], 1);
    let template = &cloud.world()["launch_templates"][0];
    let versions = template["versions"].as_array().unwrap();
    let numbers: Vec<i64> = versions
        .iter()
        .map(|it| it["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [vec![1], (3..32).collect()].concat());
    project.settled();
}

/// A default that someone else chose goes back to the newest version where the configuration says so.
#[test]
fn the_default_follows_the_newest_version() {
    let cloud = Cloud::instant();
    let text = |size: u32| {
        let more =
            format!("update_default_version_number = true\nsystem_disk {{\n  size = {size}\n}}");
        cloud.provider() + &template(&more)
    };
    let project = Project::with(&text(40));
    project.apply();
    project.write("main.tf", &text(60));
    project.apply();
    assert_eq!(cloud.world()["launch_templates"][0]["default_version"], 2);
    let asked = [("LaunchTemplateName", "it"), ("DefaultVersionNumber", "1")];
    cloud.console(Product::Ecs, "ModifyLaunchTemplateDefaultVersion", &asked);
    project.apply().says(&["default_version_number"]);
    assert_eq!(cloud.world()["launch_templates"][0]["default_version"], 2);
    project.settled();
}

#[test]
fn what_cannot_be_is_said_in_the_plan() {
    let cloud = Cloud::instant();
    for (more, words) in [
        (
            "system_disk_size = 40\nsystem_disk {\n  size = 40\n}",
            "system_disk",
        ),
        (
            "default_version_number = 1\nupdate_default_version_number = true",
            "default_version_number",
        ),
        (
            "security_group_id = \"sg-1\"\nsecurity_group_ids = [\"sg-2\"]",
            "security_group_id",
        ),
        ("host_name = \"-web\"", "begin or end"),
        ("instance_type = \"g7.large\"", "ecs."),
        ("http_put_response_hop_limit = 65", "64"),
        ("spot_strategy = \"SpotWithPriceLimit\"", "spot_price_limit"),
        ("timeouts {\n  create = \"5m\"\n}", "timeouts"),
    ] {
        let project = Project::with(&(cloud.provider() + &template(more)));
        project.prov("validate -no-color").fails(&[words]);
    }
    let nameless = "resource \"alicloud_ecs_launch_template\" \"it\" {\n}\n";
    let project = Project::with(&(cloud.provider() + nameless));
    project
        .prov("validate -no-color")
        .fails(&["launch_template_name"]);
}

#[test]
fn a_new_template_has_one_version() {
    let cloud = Cloud::instant();
    let project = Project::with(&(cloud.provider() + &template("default_version_number = 3")));
    project
        .prov("apply -auto-approve -no-color")
        .fails(&["version 1 only", "default_version_number"]);
}
