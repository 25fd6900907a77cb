//! Instances.

use prov::cloud::Product;

use super::{
    LIFE, Life, Setting, Step, keep, lead, lose_instance, refuse, replace,
    surroundings::{NETWORK, OTHER_NETWORK},
    update,
};
use crate::support::cloud::Cloud;

const MORE: &str = r#"
resource "alicloud_vswitch" "a2" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.2.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_vswitch" "i" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.3.0.0/24"
  zone_id    = "cn-hangzhou-i"
}
resource "alicloud_vswitch" "old" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.4.0.0/24"
  zone_id    = "cn-hangzhou-b"
}
resource "alicloud_security_group" "a2" {
  vpc_id = alicloud_vpc.a.id
}
resource "alicloud_ecs_deployment_set" "one" {}
resource "alicloud_ecs_deployment_set" "two" {
  strategy = "AvailabilityGroup"
}
resource "alicloud_key_pair" "one" {
  key_name = "one"
}
resource "alicloud_ecs_key_pair" "two" {
  key_pair_name = "two"
}
"#;
const AROUND: &[&str] = &[NETWORK, OTHER_NETWORK, MORE];

const INTERFACES: &str = r#"
resource "alicloud_ecs_network_interface" "a" {
  count              = 3
  vswitch_id         = alicloud_vswitch.a.id
  security_group_ids = [alicloud_security_group.a.id]
  primary_ip_address = "10.1.0.1${count.index}"
}
"#;

const ALIYUN: Setting = ("image_id", "\"aliyun_3_x64_20G_alibase_20240819.vhd\"");
const UBUNTU: Setting = ("image_id", "\"ubuntu_22_04_x64_20G_alibase_20240926.vhd\"");
const LARGE: Setting = ("instance_type", "\"ecs.g7.large\"");
const VSWITCH: Setting = ("vswitch_id", "alicloud_vswitch.a.id");
const GROUP: Setting = ("security_groups", "[alicloud_security_group.a.id]");
const STOP_START: [&str; 2] = ["StopInstance", "StartInstance"];

fn lose_prepaid(cloud: &Cloud, id: &str) {
    let ids = format!("[{id:?}]");
    let asked = [
        ("InstanceIds", ids.as_str()),
        ("InstanceChargeType", "PostPaid"),
    ];
    cloud.console(Product::Ecs, "ModifyInstanceChargeType", &asked);
    lose_instance(cloud, id);
}

const ORDINARY: &[Setting] = &[
    ALIYUN,
    LARGE,
    VSWITCH,
    (
        "security_groups",
        "[alicloud_security_group.a.id, alicloud_security_group.a2.id]",
    ),
    ("availability_zone", "\"cn-hangzhou-h\""),
    ("instance_name", "\"it\""),
    ("host_name", "\"it\""),
    ("description", "\"at first\""),
    ("password", "\"EcsV587!\""),
    ("private_ip", "\"10.1.0.77\""),
    ("resource_group_id", "\"rg-one\""),
    ("internet_charge_type", "\"PayByTraffic\""),
    ("internet_max_bandwidth_out", "5"),
    ("internet_max_bandwidth_in", "100"),
    ("system_disk_category", "\"cloud_essd\""),
    ("system_disk_performance_level", "\"PL0\""),
    ("system_disk_size", "40"),
    ("system_disk_name", "\"root\""),
    ("system_disk_description", "\"the root\""),
    (
        "data_disks",
        "size = 500\nname = \"one\"\ncategory = \"cloud_essd\"\nperformance_level = \"PL1\"\nencrypted = true\nkms_key_id = \"key-1\"\ndescription = \"a disk\"\ndevice = \"/dev/xvdc\"\ndelete_with_instance = true\n---size = 20",
    ),
    ("user_data", "\"#!/bin/sh\\necho one\""),
    ("tags", "{ a = \"1\", b = \"2\" }"),
    ("volume_tags", "{ v = \"1\" }"),
    ("deletion_protection", "true"),
    ("deployment_set_id", "alicloud_ecs_deployment_set.one.id"),
    ("role_name", "\"one\""),
    ("http_endpoint", "\"enabled\""),
    ("http_tokens", "\"optional\""),
    ("http_put_response_hop_limit", "2"),
    ("secondary_private_ips", "[\"10.1.0.50\", \"10.1.0.51\"]"),
    ("maintenance_action", "\"AutoRecover\""),
    ("maintenance_notify", "true"),
    (
        "maintenance_time",
        "start_time = \"02:00:00\"\nend_time = \"04:00:00\"",
    ),
    ("private_pool_options_match_criteria", "\"Open\""),
    ("security_enhancement_strategy", "\"Active\""),
    ("io_optimized", "\"optimized\""),
    ("dry_run", "false"),
    ("stopped_mode", "\"KeepCharging\""),
];

const ORDINARY_STEPS: &[Step] = &[
    refuse(
        &[
            ("instance_charge_type", "\"PrePaid\""),
            ("period", "1"),
            ("dry_run", "true"),
        ],
        "DryRunOperation",
    ),
    update(
        &[("instance_name", "\"other\"")],
        &["ModifyInstanceAttribute"],
    )
    .shows(&[("instances", "/name", "\"other\"")]),
    update(
        &[("description", "\"later\"")],
        &["ModifyInstanceAttribute"],
    )
    .shows(&[("instances", "/description", "\"later\"")]),
    update(
        &[("deletion_protection", "false")],
        &["ModifyInstanceAttribute"],
    )
    .shows(&[("instances", "/deletion_protection", "false")]),
    update(
        &[("host_name", "\"other\"")],
        &["ModifyInstanceAttribute", STOP_START[0], STOP_START[1]],
    )
    .shows(&[("instances", "/host_name", "\"other\"")]),
    update(
        &[("password", "\"EcsV588!\"")],
        &["ModifyInstanceAttribute", STOP_START[0], STOP_START[1]],
    ),
    // A password that is kept nowhere, and one that is sent again.
    update(
        &[
            ("password", ""),
            ("password_wo", "\"EcsV590!\""),
            ("password_wo_version", "1"),
        ],
        &["ModifyInstanceAttribute", STOP_START[0], STOP_START[1]],
    ),
    keep(&[("password_wo", "\"EcsV591!\"")]),
    update(
        &[("password_wo_version", "2")],
        &["ModifyInstanceAttribute", STOP_START[0], STOP_START[1]],
    ),
    update(
        &[
            ("password_wo", ""),
            ("password_wo_version", ""),
            ("password", "\"EcsV588!\""),
        ],
        &["ModifyInstanceAttribute", STOP_START[0], STOP_START[1]],
    ),
    // From here on the password is encrypted: "EcsV588!", and "EcsV589!" with a context.
    update(
        &[
            ("password", ""),
            (
                "kms_encrypted_password",
                "\"YWxpYXMvcHJvdjpiODg4YzJiMzgyYTZkYTBlMzA2NjZlOTc2NDRiYTBhNDZmOWIwM2YxODg5NmRkNmQ5MjA3M2M1ZWM1ZmQzMzM4OmNZS21ESUJZTXNBPQ==\"",
            ),
        ],
        &[
            "Decrypt",
            "ModifyInstanceAttribute",
            STOP_START[0],
            STOP_START[1],
        ],
    ),
    update(
        &[
            (
                "kms_encrypted_password",
                "\"YWxpYXMvcHJvdjowZWY3MmI1YjEwYTJhNDYxMTE2NTQ5ZGQxNGMxMDM5MTQzYWI5YzAwMzZhODRkYTk4YTU2MGNkYTIwN2U1OWI4Ok1zK05XQVNCTFBrPQ==\"",
            ),
            ("kms_encryption_context", "{ app = \"web\" }"),
        ],
        &[
            "Decrypt",
            "ModifyInstanceAttribute",
            STOP_START[0],
            STOP_START[1],
        ],
    ),
    update(
        &[("user_data", "\"#!/bin/sh\\necho two\"")],
        &["ModifyInstanceAttribute", STOP_START[0], STOP_START[1]],
    )
    .shows(&[("instances", "/user_data", "\"IyEvYmluL3NoCmVjaG8gdHdv\"")]),
    update(
        &[("user_data", "")],
        &["ModifyInstanceAttribute", STOP_START[0], STOP_START[1]],
    )
    .shows(&[("instances", "/user_data", "\"\"")]),
    update(
        &[("instance_type", "\"ecs.g7.xlarge\"")],
        &["ModifyInstanceSpec", STOP_START[0], STOP_START[1]],
    )
    .shows(&[("instances", "/instance_type", "\"ecs.g7.xlarge\"")]),
    update(
        &[UBUNTU],
        &["Decrypt", "ReplaceSystemDisk", STOP_START[0], STOP_START[1]],
    )
    .shows(&[(
        "instances",
        "/image",
        "\"ubuntu_22_04_x64_20G_alibase_20240926.vhd\"",
    )]),
    update(
        &[("private_ip", "\"10.1.0.78\"")],
        &["ModifyInstanceVpcAttribute", STOP_START[0], STOP_START[1]],
    )
    .shows(&[("instances", "/private_ip", "\"10.1.0.78\"")]),
    update(
        &[("security_groups", "[alicloud_security_group.a2.id]")],
        &["ModifyInstanceAttribute"],
    ),
    update(
        &[("resource_group_id", "\"rg-two\"")],
        &["JoinResourceGroup"],
    )
    .shows(&[("instances", "/resource_group", "\"rg-two\"")]),
    update(
        &[("internet_max_bandwidth_out", "10")],
        &["ModifyInstanceNetworkSpec"],
    )
    .shows(&[("instances", "/bandwidth_out", "10")]),
    update(
        &[("internet_max_bandwidth_in", "150")],
        &["ModifyInstanceNetworkSpec"],
    )
    .shows(&[("instances", "/bandwidth_in", "150")]),
    update(
        &[("internet_charge_type", "\"PayByBandwidth\"")],
        &["ModifyInstanceNetworkSpec"],
    )
    .shows(&[("instances", "/internet_charge_type", "\"PayByBandwidth\"")]),
    update(&[("system_disk_size", "60")], &["ResizeDisk"]).shows(&[("disks", "/size", "60")]),
    update(
        &[("system_disk_performance_level", "\"PL1\"")],
        &["ModifyDiskSpec"],
    )
    .shows(&[("disks", "/performance_level", "\"PL1\"")]),
    update(
        &[("system_disk_name", "\"base\"")],
        &["ModifyDiskAttribute"],
    )
    .shows(&[("disks", "/name", "\"base\"")]),
    update(
        &[("system_disk_description", "\"the base\"")],
        &["ModifyDiskAttribute"],
    )
    .shows(&[("disks", "/description", "\"the base\"")]),
    update(
        &[("system_disk_auto_snapshot_policy_id", "\"sp-one\"")],
        &["ApplyAutoSnapshotPolicy"],
    )
    .shows(&[("disks", "/auto_snapshot_policy", "\"sp-one\"")]),
    update(
        &[("key_name", "alicloud_key_pair.one.key_name")],
        &["AttachKeyPair", "RebootInstance"],
    )
    .shows(&[("instances", "/key_pair", "\"one\"")]),
    update(
        &[("key_name", "alicloud_ecs_key_pair.two.id")],
        &["DetachKeyPair", "AttachKeyPair", "RebootInstance"],
    )
    .shows(&[("instances", "/key_pair", "\"two\"")]),
    update(
        &[("tags", "{ a = \"3\", c = \"4\" }")],
        &["UntagResources", "TagResources"],
    )
    .shows(&[("instances", "/tags", "{\"a\":\"3\",\"c\":\"4\"}")]),
    update(&[("tags", "")], &["UntagResources"]).shows(&[("instances", "/tags", "{}")]),
    update(
        &[("volume_tags", "{ w = \"2\" }")],
        &["UntagResources", "TagResources"],
    )
    .shows(&[("disks", "/tags", "{\"w\":\"2\"}")]),
    update(
        &[("deployment_set_id", "alicloud_ecs_deployment_set.two.id")],
        &["ModifyInstanceDeployment"],
    )
    .shows(&[("instances", "/deployment_group", "1")]),
    update(&[("deployment_set_id", "")], &["ModifyInstanceDeployment"]).shows(&[(
        "instances",
        "/deployment_set",
        "\"\"",
    )]),
    update(
        &[("role_name", "\"two\"")],
        &["DetachInstanceRamRole", "AttachInstanceRamRole"],
    )
    .shows(&[("instances", "/ram_role", "\"two\"")]),
    update(
        &[("http_tokens", "\"required\"")],
        &["ModifyInstanceMetadataOptions"],
    )
    .shows(&[("instances", "/settings/HttpTokens", "\"required\"")]),
    update(
        &[("http_endpoint", "\"disabled\"")],
        &["ModifyInstanceMetadataOptions"],
    )
    .shows(&[("instances", "/settings/HttpEndpoint", "\"disabled\"")]),
    update(
        &[("secondary_private_ips", "[\"10.1.0.51\", \"10.1.0.52\"]")],
        &["UnassignPrivateIpAddresses", "AssignPrivateIpAddresses"],
    ),
    update(
        &[
            ("secondary_private_ips", ""),
            ("secondary_private_ip_address_count", "3"),
        ],
        &["AssignPrivateIpAddresses"],
    ),
    update(
        &[("secondary_private_ip_address_count", "1")],
        &["UnassignPrivateIpAddresses"],
    ),
    update(
        &[("maintenance_action", "\"Stop\"")],
        &["ModifyInstanceMaintenanceAttributes"],
    )
    .shows(&[("instances", "/maintenance/action", "\"Stop\"")]),
    update(
        &[("maintenance_notify", "false")],
        &["ModifyInstanceMaintenanceAttributes"],
    )
    .shows(&[("instances", "/maintenance/notify", "false")]),
    update(
        &[(
            "maintenance_time",
            "start_time = \"03:00:00\"\nend_time = \"05:00:00\"",
        )],
        &["ModifyInstanceMaintenanceAttributes"],
    ),
    update(
        &[
            ("private_pool_options_match_criteria", "\"Target\""),
            ("private_pool_options_id", "\"eap-one\""),
        ],
        &["ModifyInstanceAttachmentAttributes"],
    )
    .shows(&[(
        "instances",
        "/settings/PrivatePoolOptions.Id",
        "\"eap-one\"",
    )]),
    update(
        &[("auto_release_time", "\"NEXT-YEAR\"")],
        &["ModifyInstanceAutoReleaseTime"],
    ),
    update(
        &[("auto_release_time", "")],
        &["ModifyInstanceAutoReleaseTime"],
    )
    .shows(&[("instances", "/release_at", "null")]),
    update(
        &[
            ("status", "\"Stopped\""),
            ("stopped_mode", "\"StopCharging\""),
        ],
        &["StopInstance"],
    )
    .shows(&[("instances", "/stopped_mode", "\"StopCharging\"")]),
    update(&[("status", "\"Running\"")], &["StartInstance"]).shows(&[(
        "instances",
        "/state",
        "\"Running\"",
    )]),
    update(
        &[
            ("vswitch_id", "alicloud_vswitch.a2.id"),
            ("private_ip", "\"10.2.0.9\""),
            ("secondary_private_ip_address_count", ""),
        ],
        &["ModifyInstanceVpcAttribute", STOP_START[0], STOP_START[1]],
    ),
    update(
        &[
            ("vpc_id", "alicloud_vpc.b.id"),
            ("vswitch_id", "alicloud_vswitch.b.id"),
            ("security_groups", "[alicloud_security_group.b.id]"),
            ("private_ip", ""),
        ],
        &["ModifyInstanceVpcAttribute", STOP_START[0], STOP_START[1]],
    ),
    // Several at once: one stop and one start serve all.
    update(
        &[
            ALIYUN,
            LARGE,
            ("host_name", "\"many\""),
            ("instance_name", "\"many\""),
            ("system_disk_size", "80"),
            ("tags", "{ m = \"1\" }"),
            ("key_name", "alicloud_key_pair.one.key_name"),
        ],
        &[
            "TagResources",
            "ModifyInstanceAttribute",
            STOP_START[0],
            STOP_START[1],
            "Decrypt",
            "ReplaceSystemDisk",
            "ModifyInstanceSpec",
            "DetachKeyPair",
            "AttachKeyPair",
        ],
    )
    .shows(&[
        ("instances", "/host_name", "\"many\""),
        ("disks", "/size", "80"),
        ("instances", "/key_pair", "\"one\""),
    ]),
    replace(&[("http_put_response_hop_limit", "3")]),
    replace(&[("security_enhancement_strategy", "\"Deactive\"")]),
    replace(&[
        ("system_disk_category", "\"cloud_efficiency\""),
        ("system_disk_performance_level", ""),
    ]),
    replace(&[("data_disks", "size = 40")]),
    replace(&[
        ("availability_zone", "\"cn-hangzhou-i\""),
        ("vpc_id", ""),
        ("vswitch_id", "alicloud_vswitch.i.id"),
        ("security_groups", "[alicloud_security_group.a.id]"),
    ]),
];

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_instance",
        around: AROUND,
        base: ORDINARY,
        born: &[
            ("instances", "/state", "\"Running\""),
            ("instances", "/name", "\"it\""),
            ("instances", "/has_password", "true"),
            ("instances", "/private_ip", "\"10.1.0.77\""),
            ("disks", "/device", "\"/dev/xvdc\""),
            ("disks", "/tags/v", "\"1\""),
        ],
        steps: ORDINARY_STEPS,
        untold: &["kms_encrypted_password", "kms_encryption_context", "user_data", "data_disks", "security_enhancement_strategy", "include_data_disks", "dry_run", "force_delete", "stopped_mode"],
        lose: lose_instance,
        ..LIFE
    },
    // What only RunInstances takes.
    Life {
        kind: "alicloud_instance",
        around: AROUND,
        base: &[
            ALIYUN,
            LARGE,
            VSWITCH,
            GROUP,
            ("system_disk_category", "\"cloud_auto\""),
            ("system_disk_encrypted", "true"),
            ("system_disk_kms_key_id", "\"key-one\""),
            ("system_disk_encrypt_algorithm", "\"aes-256\""),
            ("system_disk_auto_snapshot_policy_id", "\"sp-one\""),
            ("system_disk_provisioned_iops", "100"),
            ("system_disk_bursting_enabled", "true"),
            ("auto_release_time", "\"NEXT-YEAR\""),
            ("enable_jumbo_frame", "true"),
            ("enable_high_density_mode", "true"),
            ("image_options", "login_as_non_root = true"),
            ("cpu_options", "core_count = 1\nthreads_per_core = 2\ntopology_type = \"ContinuousCoreToHTMapping\""),
            ("network_interface_traffic_mode", "\"Standard\""),
            ("network_card_index", "0"),
            ("queue_pair_number", "2"),
            ("source_dest_check", "true"),
            ("ipv6_address_count", "1"),
            ("network_interfaces", "vswitch_id = alicloud_vswitch.a.id\nsecurity_group_ids = [alicloud_security_group.a2.id]\nnetwork_interface_traffic_mode = \"Standard\"\nsource_dest_check = true\nnetwork_card_index = 0\nqueue_pair_number = 1"),
            ("data_disks", "size = 40\ncategory = \"cloud_auto\"\nprovisioned_iops = 100\nbursting_enabled = true\nauto_snapshot_policy_id = \"sp-two\""),
        ],
        born: &[
            ("disks", "/encrypted", "true"),
            ("disks", "/kms_key", "\"key-one\""),
            ("disks", "/auto_snapshot_policy", "\"sp-one\""),
            ("disks", "/auto_snapshot_policy", "\"sp-two\""),
            ("network_interfaces", "/queue_pairs", "2"),
        ],
        steps: &[
            update(&[("system_disk_provisioned_iops", "200")], &["ModifyDiskSpec"]).shows(&[("disks", "/provisioned_iops", "200")]),
            update(&[("system_disk_bursting_enabled", "false")], &["ModifyDiskAttribute"]).shows(&[("disks", "/bursting", "false")]),
            update(&[("system_disk_auto_snapshot_policy_id", "\"sp-three\"")], &["ApplyAutoSnapshotPolicy"]).shows(&[("disks", "/auto_snapshot_policy", "\"sp-three\"")]),
            update(&[("enable_jumbo_frame", "false")], &["ModifyInstanceAttribute"]).shows(&[("instances", "/settings/NetworkOptions.EnableJumboFrame", "\"false\"")]),
            update(&[("enable_high_density_mode", "false")], &["ModifyInstanceAttribute", STOP_START[0], STOP_START[1]]),
            update(&[("cpu_options", "core_count = 1\nthreads_per_core = 1\ntopology_type = \"ContinuousCoreToHTMapping\"")], &["ModifyInstanceAttribute", STOP_START[0], STOP_START[1]]).shows(&[("instances", "/settings/CpuOptions.ThreadsPerCore", "\"1\"")]),
            update(&[("auto_release_time", "\"YEAR-AFTER\"")], &["ModifyInstanceAutoReleaseTime"]),
            replace(&[("system_disk_encrypted", "false"), ("system_disk_kms_key_id", ""), ("system_disk_encrypt_algorithm", "")]),
            replace(&[("system_disk_encrypted", "true"), ("system_disk_kms_key_id", "\"key-two\"")]),
            replace(&[("system_disk_encrypt_algorithm", "\"sm4-128\"")]),
            replace(&[("network_interface_traffic_mode", "\"HighPerformance\"")]),
            replace(&[("queue_pair_number", "3")]),
            replace(&[("source_dest_check", "false")]),
            replace(&[("network_card_index", "1")]),
            replace(&[("ipv6_address_count", "2")]),
            replace(&[("network_interfaces", "vswitch_id = alicloud_vswitch.a2.id\nsecurity_group_ids = [alicloud_security_group.a2.id]")]),
            replace(&[("image_options", "login_as_non_root = false")]),
        ],
        untold: &["data_disks", "system_disk_encrypt_algorithm", "include_data_disks", "dry_run", "force_delete", "image_options", "cpu_options"],
        lose: lose_instance,
        ..LIFE
    },
    Life {
        kind: "alicloud_instance",
        around: AROUND,
        base: &[
            ALIYUN,
            LARGE,
            VSWITCH,
            GROUP,
            ("ipv6_addresses", "[cidrhost(alicloud_vswitch.a.ipv6_cidr_block, 10)]"),
        ],
        steps: &[update(
            &[("ipv6_addresses", "[cidrhost(alicloud_vswitch.a.ipv6_cidr_block, 11)]")],
            &["UnassignIpv6Addresses", "AssignIpv6Addresses"],
        )],
        untold: &["include_data_disks", "dry_run", "force_delete"],
        lose: lose_instance,
        ..LIFE
    },
    Life {
        kind: "alicloud_instance",
        around: AROUND,
        base: &[
            ALIYUN,
            LARGE,
            VSWITCH,
            GROUP,
            ("instance_charge_type", "\"PrePaid\""),
            ("period", "1"),
            ("period_unit", "\"Month\""),
            ("renewal_status", "\"AutoRenewal\""),
            ("auto_renew_period", "1"),
            ("include_data_disks", "true"),
            ("force_delete", "true"),
            ("operator_type", "\"upgrade\""),
        ],
        born: &[("instances", "/charge_type", "\"PrePaid\""), ("instances", "/renewal/status", "\"AutoRenewal\"")],
        steps: &[
            update(&[("auto_renew_period", "3")], &["ModifyInstanceAutoRenewAttribute"]).shows(&[("instances", "/renewal/duration", "3")]),
            update(&[("period_unit", "\"Week\""), ("auto_renew_period", "2")], &["ModifyInstanceAutoRenewAttribute"]).shows(&[("instances", "/renewal/unit", "\"Week\"")]),
            update(&[("renewal_status", "\"NotRenewal\"")], &["ModifyInstanceAutoRenewAttribute"]).shows(&[("instances", "/renewal/status", "\"NotRenewal\"")]),
            update(&[("instance_type", "\"ecs.g7.xlarge\"")], &["ModifyPrepayInstanceSpec", STOP_START[0], STOP_START[1]]),
            update(&[("operator_type", "\"downgrade\""), LARGE], &["ModifyPrepayInstanceSpec", STOP_START[0], STOP_START[1]]),
            update(&[("period", "2")], &[]),
            update(&[("include_data_disks", "false")], &[]),
            update(&[("force_delete", "false")], &[]),
            update(&[("force_delete", "true")], &[]),
            update(&[("instance_charge_type", "\"PostPaid\"")], &["ModifyInstanceChargeType"]).shows(&[("instances", "/charge_type", "\"PostPaid\"")]),
            update(&[("instance_charge_type", "\"PrePaid\""), ("period", "3"), ("include_data_disks", "true")], &["ModifyInstanceChargeType"]).shows(&[("instances", "/charge_type", "\"PrePaid\"")]),
        ],
        untold: &["period", "period_unit", "include_data_disks", "dry_run", "force_delete", "operator_type"],
        lose: lose_prepaid,
        ..LIFE
    },
    Life {
        kind: "alicloud_instance",
        around: AROUND,
        base: &[
            ALIYUN,
            LARGE,
            VSWITCH,
            GROUP,
            ("spot_strategy", "\"SpotWithPriceLimit\""),
            ("spot_price_limit", "0.98"),
            ("spot_duration", "1"),
            ("spot_interruption_behavior", "\"Terminate\""),
        ],
        born: &[("instances", "/spot_price_limit", "0.98")],
        steps: &[
            update(&[("spot_duration", "0")], &[]),
            replace(&[("spot_price_limit", "1.2")]),
            replace(&[("spot_interruption_behavior", "\"Stop\"")]),
            replace(&[("spot_strategy", "\"SpotAsPriceGo\""), ("spot_price_limit", "")]),
        ],
        untold: &["include_data_disks", "dry_run", "force_delete"],
        lose: lose_instance,
        ..LIFE
    },
    Life {
        kind: "alicloud_instance",
        around: AROUND,
        base: &[
            ALIYUN,
            ("instance_type", "\"ecs.t6-c1m1.large\""),
            VSWITCH,
            GROUP,
            ("credit_specification", "\"Standard\""),
            ("password_inherit", "true"),
            ("allocate_public_ip", "true"),
        ],
        born: &[("instances", "/credit", "\"Standard\""), ("instances", "/password_inherit", "true")],
        steps: &[
            update(&[("credit_specification", "\"Unlimited\"")], &["ModifyInstanceAttribute"]).shows(&[("instances", "/credit", "\"Unlimited\"")]),
            update(&[UBUNTU, ("password_inherit", "false")], &["ReplaceSystemDisk", STOP_START[0], STOP_START[1]]).shows(&[("instances", "/password_inherit", "false")]),
            update(&[("allocate_public_ip", "false")], &[]),
        ],
        untold: &["include_data_disks", "dry_run", "force_delete", "password_inherit", "allocate_public_ip"],
        lose: lose_instance,
        ..LIFE
    },
    // What only CreateInstance takes, and older hardware.
    Life {
        kind: "alicloud_instance",
        around: AROUND,
        base: &[
            ALIYUN,
            ("instance_type", "\"ecs.n4.large\""),
            ("vswitch_id", "alicloud_vswitch.old.id"),
            GROUP,
            ("io_optimized", "\"none\""),
            ("is_outdated", "true"),
            ("cluster_id", "\"c-one\""),
            ("vlan_id", "\"10\""),
            ("inner_ip_address", "\"10.0.0.10\""),
            ("node_controller_id", "\"nc-one\""),
            ("owner_account", "\"one@example.com\""),
            ("use_additional_service", "true"),
            ("hpc_cluster_id", "\"hpc-one\""),
        ],
        born: &[("instances", "/io_optimized", "false"), ("instances", "/hpc_cluster", "\"hpc-one\"")],
        steps: &[
            replace(&[("cluster_id", "\"c-two\"")]),
            replace(&[("vlan_id", "\"11\"")]),
            replace(&[("inner_ip_address", "\"10.0.0.11\"")]),
            replace(&[("node_controller_id", "\"nc-two\"")]),
            replace(&[("owner_account", "\"two@example.com\"")]),
            replace(&[("use_additional_service", "false")]),
            replace(&[("hpc_cluster_id", "\"hpc-two\"")]),
            update(&[("is_outdated", "false")], &[]),
            replace(&[("io_optimized", "\"optimized\"")]),
        ],
        untold: &["include_data_disks", "dry_run", "force_delete", "node_controller_id", "owner_account", "use_additional_service"],
        lose: lose_instance,
        ..LIFE
    },
    // Interfaces that are there before it.
    Life {
        kind: "alicloud_instance",
        around: &[NETWORK, INTERFACES],
        base: &[
            ALIYUN,
            LARGE,
            ("network_interface_id", "alicloud_ecs_network_interface.a[0].id"),
            ("network_interfaces", "network_interface_id = alicloud_ecs_network_interface.a[1].id"),
        ],
        born: &[("network_interfaces", "/primary", "true"), ("instances", "/private_ip", "\"10.1.0.10\"")],
        steps: &[
            replace(&[("network_interface_id", "alicloud_ecs_network_interface.a[2].id")])
                .shows(&[("instances", "/private_ip", "\"10.1.0.12\"")]),
            replace(&[("network_interfaces", "network_interface_id = alicloud_ecs_network_interface.a[0].id")]),
        ],
        untold: &["include_data_disks", "dry_run", "force_delete"],
        lose: lose_instance,
        ..LIFE
    },
    Life {
        kind: "alicloud_instance",
        around: AROUND,
        base: &[
            ALIYUN,
            LARGE,
            VSWITCH,
            GROUP,
            ("dedicated_host_id", "\"dh-one\""),
            ("system_disk_storage_cluster_id", "\"dbsc-one\""),
        ],
        born: &[("instances", "/dedicated_host", "\"dh-one\""), ("disks", "/storage_cluster", "\"dbsc-one\"")],
        steps: &[
            replace(&[("dedicated_host_id", "\"dh-two\"")]),
            replace(&[("system_disk_storage_cluster_id", "\"dbsc-two\"")]),
        ],
        untold: &["include_data_disks", "dry_run", "force_delete"],
        lose: lose_instance,
        ..LIFE
    },
];

#[test]
fn ordinary() {
    lead(&LIVES[0]);
}

#[test]
fn by_run_instances() {
    LIVES[1..3].iter().for_each(lead);
}

#[test]
fn paid_for_otherwise() {
    LIVES[3..6].iter().for_each(lead);
}

#[test]
fn older() {
    LIVES[6..].iter().for_each(lead);
}
