//! Whether what is to be bought is in stock: one question for all zones, not one for each object.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use serde_json::Value as Json;

use super::{Finding, Offers, Order, clause};
use crate::{
    cloud::{ApiError, Call, Client, Product},
    model::preflight::{Checked, Outcome},
    provider::offer::Wares,
    schema::items,
};

/// A question about stock, in all zones of the region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    destination: &'static str,
    charge_type: String,
    spot_strategy: String,
    instance_type: Option<String>,
    system_disk: Option<String>,
}

type Answers = BTreeMap<Question, Result<Json, ApiError>>;

/// Checks what new objects, and changed instance types, need.
pub(super) async fn check(client: &Client, orders: &[Order], offers: &[Offers]) -> Vec<Finding> {
    let due = |at: &usize| {
        let (order, offer) = (&orders[*at], &offers[*at]);
        let (before, after) = (&offer.before.wares, &offer.after.wares);
        let other_type = || match (before, after) {
            (Some(before), Some(after)) => before.instance_type != after.instance_type,
            _ => true,
        };
        after.is_some() && (order.creates || other_type())
    };
    let due: Vec<usize> = (0..orders.len()).filter(due).collect();
    let wanted = |at: &usize| Some((*at, offers[*at].after.wares.as_ref()?));
    let wares: Vec<(usize, &Wares)> = due.iter().filter_map(wanted).collect();
    let mut questions = BTreeSet::new();
    for (at, wares) in wares.iter().filter(|(_, wares)| wares.zone.is_some()) {
        let all = asked(wares, orders[*at].creates);
        questions.extend(all.into_iter().map(|(question, _)| question));
    }
    let answers = join_all(questions.into_iter().map(|question| async move {
        let answer = ask(client, &question).await;
        (question, answer)
    }))
    .await;
    let answers: Answers = answers.into_iter().collect();
    wares
        .into_iter()
        .map(|(at, wares)| judge(at, wares, orders[at].creates, &answers))
        .collect()
}

/// Returns the questions about wares, each with what has to be in its answer.
fn asked(wares: &Wares, creates: bool) -> Vec<(Question, &str)> {
    let question = |destination| Question {
        destination,
        charge_type: wares.charge_type.clone(),
        spot_strategy: wares.spot_strategy.clone(),
        instance_type: None,
        system_disk: None,
    };
    let mut all = Vec::new();
    if let Some(kind) = &wares.instance_type {
        all.push((question("InstanceType"), kind.as_str()));
    }
    // The disks of an object that stays are there already.
    for disk in wares.system_disk.iter().filter(|_| creates) {
        let asked = Question {
            instance_type: wares.instance_type.clone(),
            ..question("SystemDisk")
        };
        all.push((asked, disk.as_str()));
    }
    for disk in wares.data_disks.iter().filter(|_| creates) {
        let asked = Question {
            instance_type: wares.instance_type.clone(),
            system_disk: wares.system_disk.clone(),
            ..question("DataDisk")
        };
        all.push((asked, disk.as_str()));
    }
    all
}

async fn ask(client: &Client, question: &Question) -> Result<Json, ApiError> {
    let mut call = Call::read(Product::Ecs, "DescribeAvailableResource")
        .param("DestinationResource", question.destination)
        .param("InstanceChargeType", &question.charge_type)
        .param("IoOptimized", "optimized");
    let kind = if question.instance_type.is_none() && question.destination == "DataDisk" {
        "disk"
    } else {
        "instance"
    };
    call = call.param("ResourceType", kind);
    if question.charge_type != "PrePaid" {
        call = call.param("SpotStrategy", &question.spot_strategy);
    }
    if let Some(kind) = &question.instance_type {
        call = call.param("InstanceType", kind);
    }
    if let Some(disk) = &question.system_disk {
        call = call.param("SystemDiskCategory", disk);
    }
    client.call(&call).await
}

fn judge(at: usize, wares: &Wares, creates: bool, answers: &Answers) -> Finding {
    let finding = |outcome, detail| Finding {
        order: at,
        check: Checked::Stock,
        outcome,
        detail,
        attribute: None,
        hint: None,
    };
    let Some(zone) = &wares.zone else {
        let text = "the zone is known only during the apply".to_owned();
        return finding(Outcome::Unchecked, text);
    };
    let mut names = Vec::new();
    let mut closing = Vec::new();
    for (question, name) in asked(wares, creates) {
        let answer = match answers.get(&question) {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => {
                return finding(Outcome::Unchecked, clause(error));
            }
            None => continue,
        };
        match stock(answer, zone, name) {
            Stock::There => {}
            Stock::Closing => closing.push(name),
            Stock::Gone => {
                let (detail, hint) = sold_out(answer, &question, (zone, name));
                return Finding {
                    attribute: Some(attribute(question.destination).to_owned()),
                    hint: Some(hint),
                    ..finding(Outcome::Refused, detail)
                };
            }
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut text = format!("{} in stock in {zone}", names.join(", "));
    if !closing.is_empty() {
        text.push_str(&format!(" ({}: no longer refilled)", closing.join(", ")));
    }
    finding(Outcome::Passed, text)
}

fn attribute(destination: &str) -> &'static str {
    match destination {
        "InstanceType" => "instance_type",
        "SystemDisk" => "system_disk_category",
        _ => "data_disks",
    }
}

fn sold_out(answer: &Json, question: &Question, (zone, name): (&str, &str)) -> (String, String) {
    let charge = if question.charge_type == "PrePaid" || question.spot_strategy == "NoSpot" {
        question.charge_type.clone()
    } else {
        question.spot_strategy.clone()
    };
    let detail = format!("{name} ({charge}) is not in stock in {zone}.");
    let elsewhere: Vec<&str> = zones(answer)
        .filter_map(|zone| zone["ZoneId"].as_str())
        .filter(|other| stock(answer, other, name) != Stock::Gone)
        .collect();
    let hint = if elsewhere.is_empty() {
        "Choose another one; no zone of the region has it.".to_owned()
    } else {
        format!(
            "Choose another one, or a zone that has it: {}.",
            elsewhere.join(", ")
        )
    };
    (detail, hint)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stock {
    There,
    Closing,
    Gone,
}

fn zones(answer: &Json) -> impl Iterator<Item = &Json> {
    items(answer, "AvailableZones.AvailableZone").into_iter()
}

/// Whether a zone has something, by an answer.
fn stock(answer: &Json, zone: &str, name: &str) -> Stock {
    let found = zones(answer)
        .filter(|it| it["ZoneId"] == zone)
        .flat_map(|it| items(it, "AvailableResources.AvailableResource"))
        .flat_map(|it| items(it, "SupportedResources.SupportedResource"))
        .find(|it| it["Value"] == name);
    match found {
        None => Stock::Gone,
        Some(it) if it["Status"] == "SoldOut" => Stock::Gone,
        Some(it) if it["StatusCategory"] == "ClosedWithStock" => Stock::Closing,
        Some(_) => Stock::There,
    }
}
