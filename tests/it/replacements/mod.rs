//! What is replaced takes along what cannot stay, in an order that the cloud takes, and a kill half-way changes
//! nothing of that.

mod circles;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde_json::Value as Json;

use crate::support::server::{Emulator, Project};

const APPLY: &[&str] = &["apply", "-auto-approve"];

/// A network with what is in it; the groups and the set are what an instance could leave in place.
const SITE: &str = r#"
variable "users" {
  default = "30.1.0.0/16"
}
resource "alicloud_vpc" "main" {
  cidr_block = "10.1.0.0/16"
  user_cidrs = [var.users]
}
resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.1.1.0/24"
  zone_id    = "cn-hangzhou-i"
}
resource "alicloud_security_group" "main" {
  vpc_id = alicloud_vpc.main.id
}
resource "alicloud_security_group_rule" "main" {
  security_group_id = alicloud_security_group.main.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "443/443"
  cidr_ip           = "0.0.0.0/0"
}
resource "alicloud_ecs_network_interface" "main" {
  vswitch_id         = alicloud_vswitch.main.id
  security_group_ids = [alicloud_security_group.main.id]
}
resource "alicloud_instance" "main" {
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.main.id]
}
resource "alicloud_nat_gateway" "main" {
  vpc_id     = alicloud_vpc.main.id
  vswitch_id = alicloud_vswitch.main.id
  nat_type   = "Enhanced"
}
resource "alicloud_route_table" "main" {
  vpc_id = alicloud_vpc.main.id
}
resource "alicloud_slb_load_balancer" "main" {
  vswitch_id         = alicloud_vswitch.main.id
  load_balancer_spec = "slb.s2.small"
}
"#;

/// What is in the state: addresses of managed resources and their ids, and that none is marked or put aside.
fn ids(project: &Project) -> Vec<(String, String)> {
    let state = project.read("terraform.tfstate");
    for word in ["\"deposed\"", "\"tainted\""] {
        assert!(!state.contains(word), "{word} in {state}");
    }
    let state: Json = serde_json::from_str(&state).unwrap();
    let resources = state["resources"].as_array().unwrap().iter();
    resources
        .map(|one| {
            let id = &one["instances"][0]["attributes"]["id"];
            let name = format!("{}.{}", one["type"], one["name"]).replace('"', "");
            (name, id.as_str().unwrap().to_owned())
        })
        .collect()
}

fn counts(emulator: &Emulator) -> Vec<(String, usize)> {
    let world = emulator.world();
    let kinds = world.as_object().unwrap().iter();
    let lists = kinds.filter_map(|(kind, list)| Some((kind.clone(), list.as_array()?.len())));
    lists.filter(|(kind, _)| kind != "client_tokens").collect()
}

/// Checks that nothing of one state is in another one.
#[track_caller]
fn all_new(before: &[(String, String)], after: &[(String, String)], story: &str) {
    assert_eq!(before.len(), after.len(), "{story}");
    for ((name, old), (_, new)) in before.iter().zip(after) {
        assert_ne!(old, new, "{name}: {story}");
    }
}

#[track_caller]
fn settled(project: &Project, more: &[&str], story: &str) {
    let plan = project.run(&[&["plan", "-detailed-exitcode"], more].concat());
    assert_eq!(plan.code, Some(0), "{story}\n{plan}");
}

const OTHER: &[&str] = &["-var", "users=30.2.0.0/16"];

#[test]
fn what_is_in_a_network_is_replaced_with_it() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, SITE);
    project.ok(APPLY);
    let (before, shape) = (ids(&project), counts(&emulator));
    let ran = project.run(&[APPLY, OTHER].concat());
    assert_eq!(ran.code, Some(0), "{ran}");
    let summary = "9 added, 0 changed, 9 destroyed";
    assert!(ran.out.contains(summary), "{ran}");
    all_new(&before, &ids(&project), "replaced");
    assert_eq!(counts(&emulator), shape);
    settled(&project, OTHER, "replaced");
}

/// The range of a VPC can be made larger, and not become another one: then it is another VPC.
#[test]
fn another_range_replaces_a_network_and_a_larger_one_does_not() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, SITE);
    project.ok(APPLY);
    let before = ids(&project);
    project.write("main.tf", &SITE.replace("10.1.0.0/16", "10.0.0.0/8"));
    let ran = project.run(APPLY);
    assert!(ran.out.contains("0 added, 1 changed, 0 destroyed"), "{ran}");
    project.write("main.tf", &SITE.replace("10.1.", "172.16."));
    let ran = project.run(APPLY);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(ran.out.contains("9 added, 0 changed, 9 destroyed"), "{ran}");
    all_new(&before, &ids(&project), "another range");
    settled(&project, &[], "another range");
}

/// The replacement of one thing each, until there is nothing left to do.
#[test]
fn each_thing_can_be_replaced() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, SITE);
    project.ok(APPLY);
    let shape = counts(&emulator);
    for (name, _) in ids(&project) {
        let before = ids(&project);
        project.ok(&[APPLY, &["-replace", &name]].concat());
        let after = ids(&project);
        let same = |list: &[(String, String)]| {
            let one = list.iter().find(|(other, _)| *other == name);
            one.unwrap().1.clone()
        };
        // A rule's id is what it says.
        if name != "alicloud_security_group_rule.main" {
            assert_ne!(same(&before), same(&after), "{name}");
        }
        assert_eq!(counts(&emulator), shape, "{name}");
        settled(&project, &[], &name);
    }
}

#[test]
fn the_plan_says_what_goes_along_and_how_it_could_stay() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::on(&emulator, SITE);
    project.ok(APPLY);
    let plan = project.run(&["plan", "-replace", "alicloud_security_group.main"]);
    let header = "alicloud_instance.main must be replaced";
    assert!(plan.out.contains(header), "{plan}");
    let words: Vec<&str> = plan.err.split_whitespace().collect();
    let words = words.join(" ").replace("│ ", "");
    for said in [
        "alicloud_security_group.main is destroyed before its successor is there",
        "set create_before_destroy in the lifecycle block of alicloud_security_group.main",
    ] {
        assert!(words.contains(said), "{said}\n{plan}");
    }
}

fn first_lives(kind: &str, text: &str) -> String {
    let start = format!("resource \"{kind}\" \"main\" {{");
    let lives = format!("{start}\n  lifecycle {{\n    create_before_destroy = true\n  }}");
    text.replace(&start, &lives)
}

#[test]
fn an_instance_moves_to_a_network_that_is_made_first() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let mut text = first_lives("alicloud_vpc", SITE);
    for kind in ["alicloud_vswitch", "alicloud_security_group"] {
        text = first_lives(kind, &text);
    }
    let project = Project::on(&emulator, &text);
    project.ok(APPLY);
    let before = ids(&project);
    project.ok(&[APPLY, OTHER].concat());
    let moved = |(name, _): &&(String, String)| name == "alicloud_instance.main";
    let after = ids(&project);
    assert_eq!(before.iter().find(moved), after.iter().find(moved));
    let instance = &emulator.world()["instances"][0];
    let vpc = after.iter().find(|(name, _)| name == "alicloud_vpc.main");
    assert_eq!(instance["vpc"].as_str(), vpc.map(|(_, id)| id.as_str()));
    settled(&project, OTHER, "moved");
}

#[test]
fn a_successor_that_cannot_be_beside_its_predecessor_is_refused_in_the_plan() {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let text = first_lives("alicloud_vswitch", SITE);
    let project = Project::on(&emulator, &text);
    project.ok(APPLY);
    let plan = project.run(&["plan", "-replace", "alicloud_vswitch.main"]);
    assert_eq!(plan.code, Some(1), "{plan}");
    let said = "Successor beside its predecessor";
    assert!(plan.err.contains(said), "{plan}");
    assert!(plan.err.contains("main.tf"), "{plan}");
}

const LANES: usize = 3;
const PLACES: [&str; 2] = ["PROV_CRASH_AT", "PROV_CRASH_BEFORE"];

/// Runs a story at each `step`th record of a run that it kills there, until there is no such record.
fn at_records(step: usize, story: impl Fn(&Emulator, usize) -> bool + Sync) -> usize {
    let (next, kills) = (AtomicUsize::new(1), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                let emulator = Emulator::start(&["-profile", "instant"]);
                while story(&emulator, next.fetch_add(step, Ordering::Relaxed)) {
                    kills.fetch_add(1, Ordering::Relaxed);
                    emulator.reset();
                }
            });
        }
    });
    kills.into_inner()
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_kill_half_way_through_a_network_leaves_what_the_next_run_ends() {
    let kills = at_records(6, |emulator, record| {
        let project = Project::on(emulator, SITE);
        project.ok(APPLY);
        let (before, shape) = (ids(&project), counts(emulator));
        let apply = [APPLY, OTHER].concat();
        let place = (PLACES[record % 2], &record as &dyn std::fmt::Display);
        let killed = project.killed_at(&apply, place);
        let story = format!("killed at record {record}");
        project.ok(&apply);
        all_new(&before, &ids(&project), &story);
        assert_eq!(counts(emulator), shape, "{story}");
        settled(&project, OTHER, &story);
        killed
    });
    assert!(kills > 4, "{kills} kills");
}

/// The cloud refuses a network a smaller range while something is outside it.
#[test]
fn what_changes_in_place_waits_for_what_goes_from_it() {
    let emulator = Emulator::start(&["-profile", "fast"]);
    let text = |network: &str, vswitch: &str| {
        format!(
            "resource \"alicloud_vpc\" \"main\" {{\n  cidr_block = \"{network}\"\n}}\n\
             resource \"alicloud_vswitch\" \"main\" {{\n  vpc_id = alicloud_vpc.main.id\n  \
             cidr_block = \"{vswitch}\"\n  zone_id = \"cn-hangzhou-i\"\n}}\n"
        )
    };
    let project = Project::on(&emulator, &text("10.0.0.0/8", "10.200.1.0/24"));
    project.ok(APPLY);
    project.write("main.tf", &text("10.0.0.0/12", "10.0.1.0/24"));
    let said = project.ok(APPLY);
    assert!(said.contains("1 added, 1 changed, 1 destroyed"), "{said}");
    settled(&project, &[], "moved");
}

/// One thing that changes by name, and one that is replaced for that.
const TRIGGERED: &str = r#"
variable "release" {
  default = "1"
}
resource "alicloud_vpc" "trigger" {
  vpc_name   = "release-${var.release}"
  cidr_block = "10.1.0.0/16"
}
resource "terraform_data" "trigger" {
  input = var.release
}
resource "alicloud_eip_address" "by_object" {
  lifecycle {
    replace_triggered_by = [alicloud_vpc.trigger]
  }
  provisioner "local-exec" {
    when    = destroy
    command = "echo ${self.id} >> ended"
  }
}
resource "alicloud_eip_address" "by_data" {
  lifecycle {
    replace_triggered_by  = [terraform_data.trigger.output]
    create_before_destroy = true
  }
}
"#;

/// The trigger is as it should be after a kill, and no plan could tell that something is still to be replaced.
#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn what_was_triggered_is_replaced_after_a_kill_too() {
    let release: &[&str] = &["-var", "release=2"];
    let kills = at_records(1, |emulator, record| {
        let project = Project::on(emulator, TRIGGERED);
        project.ok(APPLY);
        let before = ids(&project);
        let apply = [APPLY, release].concat();
        let place = (PLACES[record % 2], &record as &dyn std::fmt::Display);
        let killed = project.killed_at(&apply, place);
        let story = format!("killed at record {record}");
        project.ok(&apply);
        for (old, new) in before.iter().zip(ids(&project)) {
            let replaced = old.0.starts_with("alicloud_eip_address");
            assert_eq!(old.1 != new.1, replaced, "{}: {story}", old.0);
            // The commands for its end ran, be it that it was marked by a run that died.
            if old.0 == "alicloud_eip_address.by_object" {
                let ended = project.read("ended");
                assert!(
                    ended.lines().all(|it| it == old.1) && !ended.is_empty(),
                    "{story}"
                );
            }
        }
        assert_eq!(emulator.world()["eips"].as_array().unwrap().len(), 2);
        settled(&project, release, &story);
        killed
    });
    assert!(kills > 4, "{kills} kills");
}
