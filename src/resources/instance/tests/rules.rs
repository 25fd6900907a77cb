use serde_json::{Value as Json, json};

use super::problems;
use crate::{
    model::{Object, Value},
    resources::instance::INSTANCE,
    schema::{Problem, convert, validate},
};

/// A configuration that nothing is wrong with, with some attributes set or (null) left out.
#[expect(clippy::needless_pass_by_value, reason = "callers write literals")]
fn with(changes: Json) -> Json {
    let mut base = json!({
        "image_id": "aliyun_3_x64_20G_alibase_20240819.vhd",
        "instance_type": "ecs.g7.large",
        "vswitch_id": "vsw-1",
        "security_groups": ["sg-1"],
    });
    for (name, value) in changes.as_object().unwrap() {
        base[name] = value.clone();
    }
    base
}

fn windows(mut changes: Json) -> Json {
    changes["image_id"] = json!("win2022_21H2_x64_dtc_en-us_40G_alibase_20230915.vhd");
    with(changes)
}

#[expect(clippy::needless_pass_by_value, reason = "callers write literals")]
fn disks(disks: Json) -> Json {
    with(json!({ "data_disks": disks }))
}

fn summary(problems: &[Problem]) -> Vec<(&str, &str)> {
    problems
        .iter()
        .map(|problem| (problem.path.as_str(), problem.summary.as_str()))
        .collect()
}

#[test]
fn valid_configurations_are_silent() {
    for config in [
        with(json!({})),
        with(json!({ "instance_name": "ab", "description": "ab", "host_name": "a.b-c" })),
        with(json!({ "instance_name": "中文名称", "description": "中文" })),
        with(json!({ "instance_name": "网".repeat(128), "description": "网".repeat(256) })),
        with(json!({ "password": "EcsV587!" })),
        with(json!({ "password": "/EcsV587!" })),
        with(json!({ "password_inherit": true })),
        with(json!({ "kms_encrypted_password": "x", "kms_encryption_context": { "a": "b" } })),
        // What RunInstances makes may lack one kind.
        with(json!({ "password": "EcsV5870", "auto_release_time": "2030-01-01T00:00:00Z" })),
        windows(json!({ "key_name": null, "system_disk_size": 40 })),
        windows(json!({ "instance_type": "ecs.t6-c2m1.large" })),
        with(json!({
            "image_id": "win_1709_x64_dtc_en-us_40G_alibase.vhd", "instance_type": "ecs.t6-c4m1.large",
        })),
        with(json!({
            "image_id": "centos_6_08_32_40G_alibase_20170710.vhd", "instance_type": "ecs.c7.large",
        })),
        with(json!({ "instance_type": "ecs.n4.large", "system_disk_category": "cloud" })),
        with(json!({ "is_outdated": true, "system_disk_category": "cloud" })),
        with(json!({ "host_name": "1234567890123456.com" })),
        windows(json!({ "host_name": "web-1", "password": "EcsV587!/" })),
        with(json!({ "internet_max_bandwidth_out": 100, "internet_max_bandwidth_in": 200 })),
        with(json!({ "internet_max_bandwidth_out": 0 })),
        with(json!({ "system_disk_size": 20 })),
        with(
            json!({ "system_disk_size": 500, "system_disk_category": "cloud_essd", "system_disk_performance_level": "PL1" }),
        ),
        disks(json!([
            { "size": 5, "category": "cloud" }, { "size": 2000, "category": "cloud" }, { "size": 20 },
            { "size": 32768, "category": "cloud_ssd" },
            { "size": 461, "category": "cloud_essd", "performance_level": "PL2" },
        ])),
        with(json!({
            "instance_type": "ecs.t1.small", "system_disk_category": "ephemeral_ssd",
            "data_disks": [{ "size": 800, "category": "ephemeral_ssd", "device": "/dev/xvdz" }],
        })),
        with(json!({ "instance_type": "ecs.t6-c1m1.large", "credit_specification": "Unlimited" })),
        with(
            json!({ "instance_charge_type": "PrePaid", "period": 12, "renewal_status": "AutoRenewal", "auto_renew_period": 6 }),
        ),
        with(json!({ "instance_charge_type": "PrePaid", "period": 4, "period_unit": "Week" })),
        with(json!({ "spot_strategy": "SpotAsPriceGo" })),
        with(json!({ "spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0.981 })),
        with(json!({ "tags": { "a": "" } })),
        with(json!({ "user_data": "x".repeat(16384) })),
        with(json!({ "private_ip": "10.0.0.5" })),
        with(json!({ "io_optimized": "optimized", "system_disk_category": "cloud_essd" })),
        json!({ "launch_template_id": "lt-1" }),
        json!({ "image_id": "m-1", "instance_type": "ecs.t1.small", "inner_ip_address": "10.0.0.5" }),
        with(json!({ "maintenance_time": [{ "start_time": "02:00:00", "end_time": "03:00:00" }] })),
    ] {
        assert_eq!(summary(&problems(&config)), [], "{config}");
    }
}

/// Every case: a configuration, the attribute that is to blame, and the summary (none: the table's own).
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn broken() -> Vec<(Json, &'static str, &'static str)> {
    let many: Vec<Json> = (0..17).map(|_| json!({ "size": 20 })).collect();
    let tags: Json = (0..21)
        .map(|at| (format!("k{at}"), json!("v")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    vec![
        (with(json!({ "image_id": null })), "", ""),
        (with(json!({ "instance_type": null })), "", ""),
        (
            with(json!({ "instance_type": "g7.large" })),
            "instance_type",
            "",
        ),
        (
            with(json!({ "security_groups": null })),
            "security_groups",
            "Missing security group",
        ),
        (with(json!({ "instance_name": "a" })), "instance_name", ""),
        (
            with(json!({ "instance_name": "网".repeat(129) })),
            "instance_name",
            "",
        ),
        (
            with(json!({ "instance_name": "1abc" })),
            "instance_name",
            "",
        ),
        (
            with(json!({ "instance_name": "http://x" })),
            "instance_name",
            "",
        ),
        (
            with(json!({ "instance_name": "https://x" })),
            "instance_name",
            "",
        ),
        (with(json!({ "instance_name": "a b" })), "instance_name", ""),
        (
            with(json!({ "system_disk_name": "1" })),
            "system_disk_name",
            "",
        ),
        (with(json!({ "description": "a" })), "description", ""),
        (
            with(json!({ "description": "http://x" })),
            "description",
            "",
        ),
        (
            with(json!({ "system_disk_description": "x".repeat(257) })),
            "system_disk_description",
            "",
        ),
        (
            disks(json!([{ "size": 20, "name": "-a" }])),
            "data_disks[0].name",
            "",
        ),
        (
            disks(json!([{ "size": 20 }, { "size": 20, "description": "a" }])),
            "data_disks[1].description",
            "",
        ),
        (
            with(json!({ "host_name": "a" })),
            "host_name",
            "Invalid host name",
        ),
        (
            with(json!({ "host_name": "a".repeat(65) })),
            "host_name",
            "Invalid host name",
        ),
        (
            with(json!({ "host_name": "-ab" })),
            "host_name",
            "Invalid host name",
        ),
        (
            with(json!({ "host_name": "ab." })),
            "host_name",
            "Invalid host name",
        ),
        (
            with(json!({ "host_name": "a..b" })),
            "host_name",
            "Invalid host name",
        ),
        (
            with(json!({ "host_name": "a--b" })),
            "host_name",
            "Invalid host name",
        ),
        (
            with(json!({ "host_name": "a_b" })),
            "host_name",
            "Invalid host name",
        ),
        (
            windows(json!({ "host_name": "a.b" })),
            "host_name",
            "Invalid host name",
        ),
        (
            windows(json!({ "host_name": "123456" })),
            "host_name",
            "Invalid host name",
        ),
        (
            windows(json!({ "host_name": "a".repeat(16) })),
            "host_name",
            "Invalid host name",
        ),
        (
            with(json!({ "password": "EcsV58!" })),
            "password",
            "Invalid password",
        ),
        (
            with(json!({ "password": "EcsV587!".repeat(4) })),
            "password",
            "Invalid password",
        ),
        (
            with(json!({ "password": "ecsv5870" })),
            "password",
            "Invalid password",
        ),
        (
            with(json!({ "password": "EcsV5870" })),
            "password",
            "Invalid password",
        ),
        (
            with(json!({ "password": "password!@1234" })),
            "password",
            "Invalid password",
        ),
        (
            with(json!({ "password": "EcsV587密码!" })),
            "password",
            "Invalid password",
        ),
        (
            windows(json!({ "password": "/EcsV587!" })),
            "password",
            "Invalid password",
        ),
        (
            with(json!({ "password": "EcsV587!", "password_inherit": true })),
            "password_inherit",
            "Two passwords",
        ),
        (
            with(json!({ "password": "EcsV5", "auto_release_time": "2030-01-01T00:00:00Z" })),
            "password",
            "Invalid password",
        ),
        (
            with(json!({ "password": "ecsv5870", "auto_release_time": "2030-01-01T00:00:00Z" })),
            "password",
            "Invalid password",
        ),
        (
            with(json!({ "kms_encrypted_password": "x", "password_inherit": true })),
            "password_inherit",
            "Two passwords",
        ),
        (
            with(json!({ "password": "EcsV587!", "key_name": "k" })),
            "password",
            "Password without effect",
        ),
        (
            windows(json!({ "instance_type": "ecs.t6-c4m1.large" })),
            "image_id",
            "Image does not fit the instance type",
        ),
        (
            with(json!({ "image_id": "centos_6_08_32_40G_alibase_20170710.vhd" })),
            "image_id",
            "Image does not fit the instance type",
        ),
        (
            windows(json!({ "system_disk_size": 39 })),
            "system_disk_size",
            "System disk smaller than the image",
        ),
        (
            with(json!({ "system_disk_category": "cloud" })),
            "system_disk_category",
            "Invalid system disk category",
        ),
        (
            with(json!({ "system_disk_category": "ephemeral_ssd" })),
            "system_disk_category",
            "Invalid system disk category",
        ),
        (
            with(json!({ "spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0 })),
            "spot_price_limit",
            "Invalid price limit",
        ),
        (
            with(json!({ "internet_max_bandwidth_out": 101 })),
            "internet_max_bandwidth_out",
            "",
        ),
        (
            with(json!({ "internet_max_bandwidth_out": -1 })),
            "internet_max_bandwidth_out",
            "",
        ),
        (
            with(json!({ "internet_max_bandwidth_in": 201 })),
            "internet_max_bandwidth_in",
            "",
        ),
        (
            with(json!({ "internet_max_bandwidth_in": 0 })),
            "internet_max_bandwidth_in",
            "",
        ),
        (
            with(json!({ "internet_charge_type": "PayByMoon" })),
            "internet_charge_type",
            "",
        ),
        (
            with(json!({ "system_disk_size": 19 })),
            "system_disk_size",
            "",
        ),
        (
            with(json!({ "system_disk_size": 501 })),
            "system_disk_size",
            "",
        ),
        (
            with(json!({ "system_disk_category": "floppy" })),
            "system_disk_category",
            "",
        ),
        (
            with(
                json!({ "system_disk_category": "cloud_ssd", "system_disk_performance_level": "PL1" }),
            ),
            "system_disk_performance_level",
            "Performance level without an ESSD disk",
        ),
        (disks(json!(many)), "data_disks", "Too many blocks"),
        (
            disks(json!([{ "size": 4, "category": "cloud" }])),
            "data_disks[0].size",
            "Invalid disk size",
        ),
        (
            disks(json!([{ "size": 2001, "category": "cloud" }])),
            "data_disks[0].size",
            "Invalid disk size",
        ),
        (
            disks(json!([{ "size": 19 }])),
            "data_disks[0].size",
            "Invalid disk size",
        ),
        (
            disks(json!([{ "size": 32769, "category": "cloud_ssd" }])),
            "data_disks[0].size",
            "Invalid disk size",
        ),
        (
            with(json!({
                "instance_type": "ecs.t1.small", "system_disk_category": "ephemeral_ssd",
                "data_disks": [{ "size": 801, "category": "ephemeral_ssd" }],
            })),
            "data_disks[0].size",
            "Invalid disk size",
        ),
        (
            disks(json!([{ "size": 460, "category": "cloud_essd", "performance_level": "PL2" }])),
            "data_disks[0].size",
            "Invalid disk size",
        ),
        (
            disks(json!([{ "size": 20, "category": "cloud_ssd", "performance_level": "PL1" }])),
            "data_disks[0].performance_level",
            "Performance level without an ESSD disk",
        ),
        (
            with(json!({
                "system_disk_category": "cloud_ssd",
                "data_disks": [{ "size": 20 }, { "size": 100, "category": "ephemeral_ssd" }],
            })),
            "data_disks[1].category",
            "Local data disk with a cloud system disk",
        ),
        (
            with(json!({
                "instance_type": "ecs.t1.small", "system_disk_category": "ephemeral_ssd",
                "data_disks": [
                    { "size": 800, "category": "ephemeral_ssd" },
                    { "size": 300, "category": "ephemeral_ssd" },
                ],
            })),
            "data_disks",
            "Local disks too large",
        ),
        (
            disks(json!([{ "size": 100, "category": "ephemeral_ssd" }])),
            "data_disks[0].category",
            "Local data disk with a cloud system disk",
        ),
        (
            disks(json!([{ "size": 20, "device": "/dev/xvda" }])),
            "data_disks[0].device",
            "Invalid device",
        ),
        (
            disks(
                json!([{ "size": 20, "device": "/dev/xvdc" }, { "size": 20, "device": "/dev/vdc" }]),
            ),
            "data_disks[1].device",
            "Device used twice",
        ),
        (
            with(json!({ "credit_specification": "Unlimited" })),
            "credit_specification",
            "Credit specification without a burstable type",
        ),
        (
            with(json!({ "instance_charge_type": "PrePaid" })),
            "period",
            "Missing period",
        ),
        (
            with(json!({ "instance_charge_type": "PrePaid", "period": 10 })),
            "period",
            "Invalid period",
        ),
        (
            with(json!({ "instance_charge_type": "PrePaid", "period": 5, "period_unit": "Week" })),
            "period",
            "Invalid period",
        ),
        (
            with(json!({
                "instance_charge_type": "PrePaid", "period": 1, "period_unit": "Week",
                "renewal_status": "AutoRenewal", "auto_renew_period": 6,
            })),
            "auto_renew_period",
            "Invalid period",
        ),
        (
            with(json!({ "auto_renew_period": 4 })),
            "auto_renew_period",
            "",
        ),
        (with(json!({ "period_unit": "Day" })), "period_unit", ""),
        (
            with(
                json!({ "instance_charge_type": "PrePaid", "period": 1, "spot_strategy": "SpotAsPriceGo" }),
            ),
            "spot_strategy",
            "Spot instance with a subscription",
        ),
        (
            with(json!({ "spot_strategy": "SpotWithPriceLimit" })),
            "spot_price_limit",
            "Missing price limit",
        ),
        (
            with(json!({ "spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0.9812 })),
            "spot_price_limit",
            "",
        ),
        (
            with(json!({ "spot_price_limit": 1.5 })),
            "spot_price_limit",
            "Price limit without effect",
        ),
        (
            with(json!({ "dedicated_host_id": "dh-1", "spot_strategy": "NoSpot" })),
            "",
            "",
        ),
        (
            with(json!({ "dedicated_host_id": "dh-1", "deployment_set_id": "ds-1" })),
            "",
            "",
        ),
        (with(json!({ "tags": tags })), "tags", "Too many tags"),
        (
            with(json!({ "tags": { "k".repeat(65): "v" } })),
            "tags",
            "Invalid tag",
        ),
        (
            with(json!({ "tags": { "k": "v".repeat(129) } })),
            "tags",
            "Invalid tag",
        ),
        (with(json!({ "tags": { "": "v" } })), "tags", "Invalid tag"),
        (
            with(json!({ "tags": { "aliyun-x": "v" } })),
            "tags",
            "Invalid tag",
        ),
        (
            with(json!({ "tags": { "acs:x": "v" } })),
            "tags",
            "Invalid tag",
        ),
        (
            with(json!({ "tags": { "k": "https://x" } })),
            "tags",
            "Invalid tag",
        ),
        (
            with(json!({ "user_data": "x".repeat(16385) })),
            "user_data",
            "",
        ),
        (
            with(json!({ "user_data": "x!", "vswitch_id": null })),
            "user_data",
            "Missing vSwitch",
        ),
        (
            with(json!({ "private_ip": "10.0.0.5", "vswitch_id": null })),
            "private_ip",
            "Missing vSwitch",
        ),
        (
            with(json!({ "private_ip": "10.0.0.256" })),
            "private_ip",
            "",
        ),
        (
            with(json!({ "io_optimized": "optimized", "is_outdated": true })),
            "io_optimized",
            "Contradiction",
        ),
        (
            with(json!({ "io_optimized": "none", "key_name": "k1" })),
            "key_name",
            "Needs I/O optimization",
        ),
        (
            with(json!({ "io_optimized": "optimized", "system_disk_category": "cloud" })),
            "system_disk_category",
            "Invalid system disk category",
        ),
        (
            windows(json!({ "key_name": "k1" })),
            "key_name",
            "Key pair on a Windows instance",
        ),
        (
            with(json!({ "vlan_id": "10", "ipv6_address_count": 1 })),
            "vlan_id",
            "Attributes that exclude each other",
        ),
        (
            with(json!({ "auto_release_time": "tomorrow" })),
            "auto_release_time",
            "",
        ),
        (
            with(
                json!({ "maintenance_time": [{ "start_time": "02:30:00", "end_time": "03:00:00" }] }),
            ),
            "maintenance_time[0].start_time",
            "",
        ),
    ]
}

#[test]
fn every_rule_names_the_attribute() {
    for (config, path, summary) in broken() {
        let problems = problems(&config);
        let found = problems.iter().any(|problem| {
            (path.is_empty() || problem.path == path)
                && (summary.is_empty() || problem.summary == summary)
        });
        assert!(
            found,
            "{config}\nwants {path}: {summary}\nhas {problems:#?}"
        );
        assert_eq!(problems.len(), 1, "{config}\n{problems:#?}");
    }
}

#[test]
fn unknown_values_are_never_a_mistake() {
    for row in INSTANCE.attributes {
        let mut object = Object::from_iter([
            ("image_id", Value::UNKNOWN),
            ("instance_type", Value::UNKNOWN),
            ("instance_charge_type", Value::UNKNOWN),
            ("vswitch_id", Value::UNKNOWN),
            ("security_groups", Value::UNKNOWN),
        ]);
        object.insert(row.name, Value::UNKNOWN);
        assert_eq!(validate(&INSTANCE, &object), [], "{}", row.name);
    }
}

#[test]
fn a_password_is_never_repeated() {
    let secret = "correct-horse-battery-staple-is-long";
    let Value::Object(object) = Value::from_json(&with(json!({ "password": secret }))) else {
        panic!("an object");
    };
    let problems = validate(&INSTANCE, &convert(&INSTANCE, (*object).clone()).arguments);
    assert_eq!(problems.len(), 1);
    assert!(!format!("{problems:?}").contains("horse"));
}

#[test]
fn an_instance_fits_what_it_refers_to() {
    let object = |json: Json| match Value::from_json(&json) {
        Value::Object(object) => (*object).clone(),
        other => panic!("{other:?}"),
    };
    let vswitch =
        object(json!({ "cidr_block": "10.0.0.0/24", "zone_id": "cn-x-a", "vpc_id": "vpc-1" }));
    let group = object(json!({ "vpc_id": "vpc-2" }));
    let ask = |instance: Json, that: &Object| -> Vec<String> {
        let instance = object(instance);
        let rules = INSTANCE.cross.iter();
        rules
            .filter_map(|rule| Some((rule.check)(&instance, that)?.path))
            .collect()
    };
    assert_eq!(
        ask(json!({ "private_ip": "10.0.1.5" }), &vswitch),
        ["private_ip"]
    );
    assert_eq!(ask(json!({ "private_ip": "10.0.0.5" }), &vswitch), [""; 0]);
    assert_eq!(
        ask(json!({ "availability_zone": "cn-x-b" }), &vswitch),
        ["availability_zone"]
    );
    assert_eq!(
        ask(
            json!({ "availability_zone": "cn-x-a", "vpc_id": "vpc-1" }),
            &vswitch
        ),
        [""; 0]
    );
    assert!(ask(json!({ "vpc_id": "vpc-1" }), &group).contains(&"security_groups".to_owned()));
    assert_eq!(INSTANCE.agree, ["vpc_id"]);
}
