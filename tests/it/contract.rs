//! The program's tables and the emulator against the contract of the API. What tests send is checked as they do it:
//! see `support::contract`.

use std::collections::{BTreeMap, BTreeSet};

use prov::{
    emulator::{Emulator, Exchange, Options},
    resources,
};
use serde_json::{Value as Json, json};

use crate::support::{
    cloud::Cloud,
    contract::{CONTRACT, RECORD, Record},
    project::Project,
};

fn emulated() -> BTreeSet<(&'static str, &'static str)> {
    let emulator = Emulator::open(Options::default()).unwrap();
    emulator.actions().into_iter().collect()
}

#[tokio::test]
async fn every_action_of_the_emulator_is_in_the_contract() {
    let all = emulated();
    let unknown: Vec<_> = all.iter().filter(|it| !CONTRACT.has(it.0, it.1)).collect();
    assert!(
        unknown.is_empty(),
        "add them to tests/contract: {unknown:?}"
    );
}

#[tokio::test]
async fn every_action_of_a_table_is_in_the_contract_and_in_the_emulator() {
    let emulated = emulated();
    let mut missing = BTreeSet::new();
    for kind in resources::ALL.iter().chain(resources::DATA) {
        let ty = kind.ty;
        let calls = ty.create.iter().chain(ty.updates).chain(ty.delete);
        let actions = calls
            .map(|call| call.action)
            .chain(ty.read.iter().map(|read| read.action));
        for action in actions.chain(ty.further_create_actions.iter().copied()) {
            let mut products = CONTRACT.products();
            let known =
                products.any(|it| emulated.contains(&(it, action)) && CONTRACT.has(it, action));
            if !known && !action.is_empty() {
                missing.insert(format!("{action}, which {} calls", ty.name));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

fn departures(parameters: &[(&str, &str)], body: Json) -> Vec<String> {
    let pairs = parameters
        .iter()
        .map(|(name, kind)| ((*name).to_owned(), (*kind).to_owned()));
    CONTRACT.departures(&Exchange {
        version: "2016-04-28".to_owned(),
        action: "DescribeVSwitches".to_owned(),
        parameters: pairs.collect::<BTreeMap<_, _>>(),
        status: if body.get("Code").is_some() { 400 } else { 200 },
        body: Some(body),
    })
}

#[test]
fn the_check_sees_what_leaves_the_contract() {
    let right =
        json!({ "RequestId": "text", "VSwitches": { "VSwitch": [{ "IsDefault": "boolean" }] } });
    let region = ("RegionId", "text");
    let page = |kind| [region, ("PageNumber", kind), ("Tag.1.Key", "text")];
    assert_eq!(
        departures(&page("integer"), right.clone()),
        Vec::<String>::new()
    );
    let of = |found: Vec<String>| found.join("; ").replace("DescribeVSwitches: ", "");
    assert_eq!(
        of(departures(&page("text"), right.clone())),
        "PageNumber is text, which it does not take"
    );
    assert_eq!(
        of(departures(&[region, ("Page", "integer")], right)),
        "it takes no parameter Page"
    );
    let wrong = json!({ "RequestId": "text", "VSwitches": { "VSwitch": [{ "IsDefault": "text", "Is": "text" }] } });
    assert_eq!(
        of(departures(&[region], wrong)),
        "it answers no VSwitches.VSwitch.Is; VSwitches.VSwitch.IsDefault is \"text\" in the answer, not One('?')"
    );
    let poor = json!({ "Code": "text", "Message": "text" });
    assert_eq!(
        of(departures(&[region], poor)),
        "the answer has no RequestId"
    );
}

#[test]
fn calls_of_every_kind_of_emulator_are_recorded() {
    const VPC: &str = "resource \"alicloud_vpc\" \"it\" {\n  vpc_name = \"it\"\n}\n";
    let record = Record::new();
    let path = record.path().to_str().unwrap();
    let inside = Project::with(VPC).with_variable(RECORD, path);
    inside.succeeds(["apply", "-auto-approve", "-emulator"]);
    let count = record.exchanges().len();
    assert!(count > 1, "{count} calls of an emulator inside the program");
    let cloud = Cloud::instant();
    Project::with(&(cloud.provider() + VPC)).apply();
    assert!(cloud.recorded() > 1);
}
