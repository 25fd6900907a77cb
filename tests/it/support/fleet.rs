//! The network with two groups, six rules and twenty instances that the hard tests are about.

use std::collections::BTreeMap;

use base64::Engine as _;
use serde_json::Value as Json;

use super::server::{Emulator, Project};

/// Variables: `revision` is in names and user data, `image` replaces the instances.
pub const MAIN: &str = r#"
variable "revision" {
  default = "one"
}

variable "category" {
  default = "cloud_essd"
}

resource "alicloud_vpc" "main" {
  vpc_name   = "crash"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "main" {
  count        = 2
  vswitch_name = "crash-${count.index}"
  vpc_id       = alicloud_vpc.main.id
  cidr_block   = "10.0.${count.index}.0/24"
  zone_id      = ["cn-hangzhou-h", "cn-hangzhou-i"][count.index]
}

resource "alicloud_security_group" "main" {
  count               = 2
  security_group_name = "crash-${count.index}"
  vpc_id              = alicloud_vpc.main.id
}

resource "alicloud_security_group_rule" "main" {
  count             = 6
  security_group_id = alicloud_security_group.main[count.index % 2].id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "${8000 + count.index}/${8000 + count.index}"
  cidr_ip           = "0.0.0.0/0"
}

resource "alicloud_instance" "main" {
  count                      = 20
  instance_name              = "crash-${count.index}-${var.revision}"
  instance_type              = "ecs.g6.large"
  image_id                   = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id                 = alicloud_vswitch.main[count.index % 2].id
  security_groups            = count.index % 3 == 0 ? alicloud_security_group.main[*].id : [alicloud_security_group.main[0].id]
  system_disk_category       = var.category
  internet_max_bandwidth_out = count.index % 4 == 0 ? 5 : 0
  user_data                  = "revision ${var.revision}"

  lifecycle {
    create_before_destroy = true
  }
}
"#;

/// How many instances there are.
pub const INSTANCES: usize = 20;

fn list<'a>(world: &'a Json, kind: &str) -> &'a [Json] {
    world[kind].as_array().unwrap()
}

fn text<'a>(object: &'a Json, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_default()
}

/// Returns the names of all objects of a kind, sorted.
fn names<'a>(world: &'a Json, kind: &str) -> Vec<&'a str> {
    let mut names: Vec<&str> = list(world, kind)
        .iter()
        .map(|it| text(it, "name"))
        .collect();
    names.sort_unstable();
    names
}

/// Returns what the world has other than what the manifest says.
pub fn differences(world: &Json, revision: &str, category: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut expect = |what: &str, is: String, should: String| {
        if is != should {
            found.push(format!("{what}: {is}, not {should}"));
        }
    };
    for (kind, should) in [
        ("vpcs", vec!["crash"]),
        ("vswitches", vec!["crash-0", "crash-1"]),
        ("security_groups", vec!["crash-0", "crash-1"]),
    ] {
        expect(
            kind,
            format!("{:?}", names(world, kind)),
            format!("{should:?}"),
        );
    }
    let groups: BTreeMap<&str, &str> = list(world, "security_groups")
        .iter()
        .map(|group| (text(group, "id"), text(group, "name")))
        .collect();
    let mut rules: Vec<(&str, &str)> = list(world, "security_groups")
        .iter()
        .flat_map(|group| {
            let rules = group["rules"].as_array().unwrap();
            rules
                .iter()
                .map(|rule| (text(group, "name"), text(rule, "ports")))
        })
        .collect();
    rules.sort_unstable();
    let ports = [
        "8000/8000",
        "8002/8002",
        "8004/8004",
        "8001/8001",
        "8003/8003",
        "8005/8005",
    ];
    let names = [
        "crash-0", "crash-0", "crash-0", "crash-1", "crash-1", "crash-1",
    ];
    let should: Vec<(&str, &str)> = names.into_iter().zip(ports).collect();
    expect("rules", format!("{rules:?}"), format!("{should:?}"));
    let mut is: Vec<String> = list(world, "instances")
        .iter()
        .map(|one| instance(one, &groups))
        .collect();
    is.sort_unstable();
    let mut should: Vec<String> = (0..INSTANCES).map(|at| planned(at, revision)).collect();
    should.sort_unstable();
    expect("instances", format!("{is:#?}"), format!("{should:#?}"));
    let disks = list(world, "disks");
    let right = disks
        .iter()
        .filter(|it| text(it, "category") == category)
        .count();
    expect("disks", disks.len().to_string(), INSTANCES.to_string());
    expect(
        "disks of the category",
        right.to_string(),
        INSTANCES.to_string(),
    );
    // Those of released instances go a moment after them.
    let interfaces = list(world, "network_interfaces").iter();
    let interfaces = interfaces.filter(|it| !it["instance"].is_null()).count();
    expect("interfaces", interfaces.to_string(), INSTANCES.to_string());
    found
}

fn instance(one: &Json, groups: &BTreeMap<&str, &str>) -> String {
    let mut of: Vec<&str> = one["security_groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| groups.get(id.as_str().unwrap()).copied().unwrap_or("?"))
        .collect();
    of.sort_unstable();
    format!(
        "{} {} {of:?} public {} data {}",
        text(one, "name"),
        text(one, "state"),
        !one["public_ip"].is_null(),
        text(one, "user_data"),
    )
}

fn planned(at: usize, revision: &str) -> String {
    let of: &[&str] = if at.is_multiple_of(3) {
        &["crash-0", "crash-1"]
    } else {
        &["crash-0"]
    };
    let data = base64::engine::general_purpose::STANDARD.encode(format!("revision {revision}"));
    format!(
        "crash-{at}-{revision} Running {of:?} public {} data {data}",
        at.is_multiple_of(4)
    )
}

/// Checks that the world is what the manifest says, and that the next plan has nothing to do.
#[track_caller]
pub fn check(emulator: &Emulator, project: &Project, revision: &str, category: &str, story: &str) {
    let wrong = differences(&emulator.world(), revision, category);
    assert!(wrong.is_empty(), "{story}\n{}", wrong.join("\n"));
    let plan = project.run(&[
        "plan",
        "-detailed-exitcode",
        "-var",
        &format!("revision={revision}"),
        "-var",
        &format!("category={category}"),
    ]);
    assert_eq!(plan.code, Some(0), "{story}\n{plan}");
}

/// Checks that nothing is left.
#[track_caller]
pub fn check_empty(emulator: &Emulator, project: &Project, story: &str) {
    let world = emulator.world();
    let left: Vec<&String> = world
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, all)| !all.as_array().unwrap().is_empty())
        .map(|(kind, _)| kind)
        .collect();
    assert!(left.is_empty(), "{story}: {left:?} are left");
    let state: Json = serde_json::from_str(&project.read("terraform.tfstate")).unwrap();
    assert_eq!(state["resources"], serde_json::json!([]), "{story}");
}
