//! Every argument of every data source of the cloud, through manifests: each case says what must hold of its answer.

mod catalog;
pub mod objects;

use std::collections::BTreeSet;

use prov::{
    provider::hooks::Kind,
    resources,
    schema::{Presence, Service},
};

use crate::support::{cloud::Cloud, project::Project};

/// A data source, its arguments, and a condition in which `it` stands for the answer.
type Case = (&'static str, &'static str, &'static str);

const CASES: &[&[Case]] = &[catalog::CASES, objects::CASES];

/// With it there is no answer: `a_dry_run_ends_the_plan`.
const DRY_RUN: &str = "dry_run";

fn arguments(kind: &Kind) -> impl Iterator<Item = &'static str> {
    let rows = kind.ty.attributes.iter();
    rows.filter(|row| row.presence != Presence::Computed)
        .map(|row| row.name)
}

#[test]
fn every_argument_has_a_case() {
    let mut missing = Vec::new();
    let of_the_cloud = |kind: &&Kind| kind.ty.service != Service::Builtin;
    for kind in resources::DATA.iter().filter(of_the_cloud) {
        let name = kind.ty.name;
        let used: BTreeSet<&str> = CASES
            .concat()
            .iter()
            .filter(|(of, ..)| *of == name)
            .flat_map(|(_, arguments, _)| arguments.lines())
            .filter_map(|line| line.split(" =").next())
            .collect();
        let unused = arguments(kind).filter(|one| !used.contains(one) && *one != DRY_RUN);
        missing.extend(unused.map(|argument| format!("{name}.{argument}")));
    }
    assert!(missing.is_empty(), "{missing:?} have no case");
}

#[test]
fn every_argument_does_what_it_says() {
    let cloud = Cloud::instant();
    objects::prepare(&cloud);
    let mut manifest = cloud.provider() + objects::AROUND;
    let project = Project::with(&manifest);
    project.apply();
    let cases = CASES.concat();
    for (at, (kind, arguments, condition)) in cases.iter().enumerate() {
        let it = format!("data.{kind}.c{at}");
        let condition = condition.replace("it.", &format!("{it}."));
        manifest += &format!(
            "data \"{kind}\" \"c{at}\" {{\n{arguments}\n}}\noutput \"c{at}\" {{\n  value = {condition}\n}}\n"
        );
    }
    project.write("main.tf", &manifest);
    project.apply();
    let outputs = project.state()["outputs"].clone();
    let wrong: Vec<&Case> = cases
        .iter()
        .enumerate()
        .filter(|(at, _)| outputs[format!("c{at}")]["value"] != true)
        .map(|(_, case)| case)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    project.settled();
}

#[test]
fn a_dry_run_ends_the_plan() {
    let cloud = Cloud::instant();
    let cases = CASES.concat();
    let checking = |kind: &&Kind| arguments(kind).any(|name| name == DRY_RUN);
    for kind in resources::DATA.iter().filter(checking) {
        let name = kind.ty.name;
        let mut own = cases.iter().filter(|(of, ..)| *of == name);
        let (_, given, _) = own.next().unwrap();
        let text = format!("data \"{name}\" \"it\" {{\n{given}\ndry_run = true\n}}\n");
        let project = Project::with(&(cloud.provider() + &text));
        project.prov("plan -no-color").fails(&["DryRunOperation"]);
    }
}

/// Applies one data source alone; what it is told is an output.
fn alone(cloud: &Cloud, block: &str, value: &str) -> serde_json::Value {
    let text = format!("{block}\noutput \"it\" {{\n  value = {value}\n}}\n");
    let project = Project::with(&(cloud.provider() + &text));
    project.apply();
    project.state()["outputs"]["it"]["value"].clone()
}

#[test]
fn long_listings_are_read_in_large_pages_and_details_together() {
    let cloud = Cloud::instant();
    let place = objects::place(&cloud);
    for _ in 0..2 {
        objects::run(&cloud, &place, "60");
    }
    let before = cloud.calls();
    let count = "length(data.alicloud_instances.it.instances[*].disk_device_mappings[0].disk_id)";
    let found = alone(&cloud, "data \"alicloud_instances\" \"it\" {\n}", count);
    assert_eq!(found, 120);
    let calls = cloud.since(&before);
    assert_eq!(calls["DescribeInstances"], 2, "{calls:?}");
    assert_eq!(calls["DescribeInstanceRamRole"], 3, "{calls:?}");
    assert_eq!(calls["DescribeDisks"], 2, "{calls:?}");
    let before = cloud.calls();
    let bare = "data \"alicloud_instances\" \"it\" {\n  enable_details = false\n}";
    let _ = alone(&cloud, bare, "data.alicloud_instances.it.total_count");
    let calls = cloud.since(&before);
    assert_eq!(calls.get("DescribeDisks"), None, "{calls:?}");
    assert_eq!(calls.get("DescribeInstanceRamRole"), None, "{calls:?}");
}

#[test]
fn the_account_of_the_provider_block_is_believed() {
    let cloud = Cloud::instant();
    let block = "data \"alicloud_account\" \"it\" {\n}";
    let value = "data.alicloud_account.it.id";
    assert_eq!(alone(&cloud, block, value), "1234567890123456");
    let provider = cloud.provider().replace('{', "{\n  account_id = \"42\"");
    let text = format!("{block}\noutput \"it\" {{\n  value = {value}\n}}\n");
    let before = cloud.calls();
    let project = Project::with(&(provider + &text));
    project.apply();
    assert_eq!(project.state()["outputs"]["it"]["value"], "42");
    assert_eq!(cloud.since(&before).get("GetCallerIdentity"), None);
}

#[test]
fn a_region_that_does_not_exist_is_named() {
    let cloud = Cloud::instant();
    for (arguments, words) in [
        ("name = \"cn-hangzou\"", "Did you mean cn-hangzhou?"),
        ("name = \"cn-beijing\"\ncurrent = true", "Remove name"),
    ] {
        let text = format!("data \"alicloud_regions\" \"it\" {{\n{arguments}\n}}\n");
        let project = Project::with(&(cloud.provider() + &text));
        project.prov("plan -no-color").fails(&[words]);
    }
}

#[test]
fn what_cannot_find_anything_is_refused() {
    let cloud = Cloud::instant();
    for (arguments, words) in [
        (
            "ram_role_name = \"web\"\nenable_details = false",
            "Filter without effect",
        ),
        ("ids = []", "at least one"),
        ("name_regex = \"(\"", "regular"),
        ("page_size = 101", "100"),
        ("status = \"Broken\"", "Running"),
    ] {
        let text = format!("data \"alicloud_instances\" \"it\" {{\n{arguments}\n}}\n");
        let project = Project::with(&(cloud.provider() + &text));
        project.prov("validate -no-color").fails(&[words]);
    }
}
