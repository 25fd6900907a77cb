//! Each row of the error table of `CreateInstance` is answered once to one of 124 instances.

use std::collections::{BTreeMap, BTreeSet};

use prov::cloud::{Fault, fault};
use serde_json::{Value as Json, json};

use super::{Row, create_instance, diagnostics};
use crate::support::{
    project::Project,
    recorder::{Asked, Recorder},
};

/// The arguments that a row's is written with, and their values.
const ARGUMENTS: &[(&str, &str)] = &[
    (
        "auto_renew_period",
        "PERIOD\n  renewal_status = \"AutoRenewal\"\n  auto_renew_period = 1",
    ),
    ("availability_zone", "availability_zone = \"cn-hangzhou-h\""),
    ("cluster_id", "cluster_id = \"c-1\""),
    (
        "credit_specification",
        "credit_specification = \"Standard\"",
    ),
    ("data_disks", "data_disks {\n    size = 40\n  }"),
    (
        "data_disks.category",
        "data_disks {\n    size = 40\n    category = \"cloud_ssd\"\n  }",
    ),
    (
        "data_disks.description",
        "data_disks {\n    size = 40\n    description = \"data\"\n  }",
    ),
    (
        "data_disks.device",
        "data_disks {\n    size = 40\n    device = \"/dev/xvdc\"\n  }",
    ),
    (
        "data_disks.encrypted",
        "data_disks {\n    size = 40\n    encrypted = true\n  }",
    ),
    ("data_disks.size", "data_disks {\n    size = 40\n  }"),
    (
        "data_disks.snapshot_id",
        "data_disks {\n    size = 40\n    snapshot_id = \"s-1\"\n  }",
    ),
    ("dedicated_host_id", "dedicated_host_id = \"dh-1\""),
    ("deployment_set_id", "deployment_set_id = \"ds-1\""),
    ("description", "description = \"one of many\""),
    ("host_name", "host_name = \"web-1\""),
    ("hpc_cluster_id", "hpc_cluster_id = \"hpc-1\""),
    (
        "instance_charge_type",
        "instance_charge_type = \"PostPaid\"",
    ),
    (
        "internet_charge_type",
        "internet_charge_type = \"PayByTraffic\"",
    ),
    (
        "internet_max_bandwidth_out",
        "internet_max_bandwidth_out = 5",
    ),
    ("key_name", "key_name = \"login\""),
    ("password", "password = \"EcsV587!\""),
    ("period", "PERIOD"),
    ("period_unit", "PERIOD\n  period_unit = \"Month\""),
    ("private_ip", "private_ip = \"10.0.0.50\""),
    ("role_name", "role_name = \"web\""),
    (
        "spot_interruption_behavior",
        "spot_interruption_behavior = \"Terminate\"",
    ),
    (
        "spot_price_limit",
        "spot_strategy = \"SpotWithPriceLimit\"\n  spot_price_limit = 0.5",
    ),
    ("spot_strategy", "spot_strategy = \"SpotAsPriceGo\""),
    (
        "system_disk_category",
        "system_disk_category = \"cloud_ssd\"",
    ),
    (
        "system_disk_description",
        "system_disk_description = \"root\"",
    ),
    ("system_disk_size", "system_disk_size = 40"),
    ("user_data", "user_data = \"hello\""),
    ("vlan_id", "vlan_id = \"10\""),
];
const PERIOD: &str = "instance_charge_type = \"PrePaid\"\n  period = 1";

const AROUND: &str = r#"
resource "alicloud_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.0.0/24"
  zone_id    = "cn-hangzhou-h"
}

resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}
"#;

fn manifest(url: &str, rows: &[Row]) -> String {
    let mut text = format!(
        "provider \"alicloud\" {{\n  region = \"cn-hangzhou\"\n  access_key = \"LTAI-emulator\"\n  \
         secret_key = \"emulator-secret\"\n  endpoint = \"{url}\"\n}}\n{AROUND}"
    );
    for (at, row) in rows.iter().enumerate() {
        let argument = ARGUMENTS.iter().find(|(name, _)| *name == row.argument);
        let argument = argument
            .map_or("", |(_, text)| text)
            .replace("PERIOD", PERIOD);
        text += &format!(
            "\nresource \"alicloud_instance\" \"row_{at}\" {{\n  instance_name = \"row-{at}\"\n  \
             instance_type = \"ecs.g6.large\"\n  image_id = \"ubuntu_22_04_x64_20G_alibase_20240926.vhd\"\n  \
             vswitch_id = alicloud_vswitch.main.id\n  \
             security_groups = [alicloud_security_group.main.id]\n  {argument}\n}}\n"
        );
    }
    text
}

/// Answers each row to the instance of its number: once if it is asked again, else twice.
fn faults(rows: &[Row]) -> Json {
    let rules: Vec<Json> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            json!({
                "action": "CreateInstance",
                "where": { "InstanceName": format!("row-{at}") },
                "kind": "error_before",
                "count": if row.again { 1 } else { 2 },
                "status": row.status,
                "code": row.code,
                "message": row.message,
            })
        })
        .collect();
    json!({ "rules": rules, "limits": { "*": 1_000_000 } })
}

/// The number (from 1) of the line where the argument of a row stands in the manifest.
fn line(manifest: &str, at: usize, argument: &str) -> usize {
    let lines: Vec<&str> = manifest.lines().collect();
    let begin = |header: &str| {
        lines
            .iter()
            .position(|line| line.starts_with(header))
            .unwrap()
    };
    let block = match argument {
        "region" => begin("provider"),
        _ => begin(&format!("resource \"alicloud_instance\" \"row_{at}\"")),
    };
    let own = argument.rsplit('.').next().unwrap();
    let here = lines[block..].iter().position(|line| {
        let line = line.trim_start();
        line.starts_with(&format!("{own} = ")) || line.starts_with(&format!("{own} {{"))
    });
    block + 1 + if argument == "-" { 0 } else { here.unwrap() }
}

/// What was told of each row's instance.
fn told(stdout: &str) -> BTreeMap<String, Json> {
    let found = diagnostics(stdout);
    let address = |it: &Json| it["address"].as_str().unwrap_or_default().to_owned();
    let told: BTreeMap<String, Json> = found.iter().map(|it| (address(it), it.clone())).collect();
    assert_eq!(told.len(), found.len(), "one error for each instance");
    told
}

fn tokens<'a>(asked: &'a [Asked], name: &str) -> Vec<&'a str> {
    let of_row = asked.iter().filter(|asked| asked["InstanceName"] == name);
    of_row.map(|asked| asked["ClientToken"].as_str()).collect()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn check_told(row: &Row, told: &Json, line: usize) {
    let detail = told["detail"].as_str().unwrap();
    let (means, answer) = detail.split_once("\n\n").unwrap();
    assert!(answer.contains(row.message), "{}: {detail}", row.code);
    assert!(answer.contains(row.code), "{}: {detail}", row.code);
    assert_ne!(means, row.message);
    let range = &told["range"];
    assert_eq!(range["filename"], "main.tf", "{}", row.code);
    assert_eq!(
        range["start"]["line"], line,
        "{} {}: {told:#}",
        row.code, row.argument
    );
}

#[test]
fn every_row_of_create_instance() {
    let rows = create_instance();
    let codes: BTreeSet<&str> = rows.iter().map(|row| row.code).collect();
    assert_eq!((rows.len(), codes.len()), (124, 100));
    let cloud = Recorder::with(faults(&rows));
    let manifest = manifest(&cloud.url(), &rows);
    let project = Project::with(&manifest);
    let english = project.prov("apply -auto-approve -json");
    let first = cloud.asked("CreateInstance");
    let project = project.with_variable("PROV_LANG", "zh");
    let chinese = project.prov("apply -auto-approve -json");
    let both = cloud.asked("CreateInstance");
    for ran in [&english, &chinese] {
        let secret = ran.to_string().contains("EcsV587!");
        assert!(!secret, "the line of a password is shown");
    }
    let (english, chinese) = (told(&english.stdout), told(&chinese.stdout));
    for (at, row) in rows.iter().enumerate() {
        let (name, address) = (format!("row-{at}"), format!("alicloud_instance.row_{at}"));
        let (before, after) = (tokens(&first, &name), tokens(&both, &name));
        if row.again {
            assert_eq!(before.len(), 2, "{}: asked again", row.code);
            assert_eq!(before[0], before[1], "{}: with the same token", row.code);
            continue;
        }
        assert_eq!(before.len(), 1, "{}: stops", row.code);
        assert_eq!(after.len(), 2, "{}", row.code);
        assert_ne!(after[0], after[1], "{}: another token", row.code);
        let line = line(&manifest, at, row.argument);
        for (told, in_chinese) in [(&english, false), (&chinese, true)] {
            let told = told
                .get(&address)
                .unwrap_or_else(|| panic!("{} {address}", row.code));
            check_told(row, told, line);
            let means = told["detail"]
                .as_str()
                .unwrap()
                .split("\n\n")
                .next()
                .unwrap();
            let hint = told["prov_hint"].as_str().unwrap();
            for text in [means, hint] {
                assert_eq!(is_chinese(text), in_chinese, "{}: {text}", row.code);
            }
        }
    }
}

#[test]
fn every_row_is_somebodys_doing() {
    for row in create_instance() {
        let expected = match row.fault {
            "passing" => Fault::Passing,
            "manifest" => Fault::Manifest,
            "account" => Fault::Account,
            other => panic!("{other}"),
        };
        let found = fault(row.code, row.status, row.message);
        assert_eq!(found, expected, "{} {}", row.code, row.message);
    }
}
