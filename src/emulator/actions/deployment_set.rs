//! Deployment sets: instances that are spread over hosts, or kept close to each other.

use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, Sizes, ecs, list_of, wants};
use crate::emulator::catalog;
use crate::emulator::clock::seconds;
use crate::emulator::objects::{DeploymentSet, Instance};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::Request;
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("CreateDeploymentSet", Write, create),
    ecs("DescribeDeploymentSets", Read, describe),
    ecs("ModifyDeploymentSetAttribute", Write, modify),
    ecs("DeleteDeploymentSet", Write, delete),
];

const STRATEGIES: &[&str] = &["Availability", "AvailabilityGroup", "LowLatency"];
/// The groups of a set that has groups.
const GROUPS: i64 = 7;

fn create(world: &mut World, request: &Request) -> Reply {
    check_texts(request)?;
    let strategy = one_of(request, "Strategy", STRATEGIES, "InvalidParameter.Strategy")?;
    let domain = one_of(request, "Domain", &["Default"], "InvalidParameter.Domain")?;
    let granularity = one_of(
        request,
        "Granularity",
        &["Host", "Rack", "Switch"],
        "InvalidParameter.granularity",
    )?;
    let failed = one_of(
        request,
        "OnUnableToRedeployFailedInstance",
        &["CancelMembershipAndStart", "KeepStopped"],
        "InvalidParameter",
    )?;
    let groups = request.integer("GroupCount").unwrap_or(3);
    if !(1..=GROUPS).contains(&groups) {
        return Err(crate::emulator::request::invalid("GroupCount"));
    }
    let region = request.region_or_home();
    let set = DeploymentSet {
        id: world.new_id("ds", region),
        region: region.to_owned(),
        name: request.owned("DeploymentSetName"),
        description: request.owned("Description"),
        groups: (strategy == "AvailabilityGroup").then_some(groups),
        strategy,
        domain,
        granularity,
        on_failure: failed,
        created: world.now,
    };
    let answer = json!({ "DeploymentSetId": set.id });
    world.deployment_sets.insert(set, world.now);
    Ok(answer)
}

/// The value of a parameter that knows a few: the first without it.
fn one_of(request: &Request, name: &str, known: &[&str], code: &str) -> Result<String, Refusal> {
    let wanted = request.text(name).or(known.first().copied());
    let found = known
        .iter()
        .find(|known| wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case(known)));
    found.map(|known| (*known).to_owned()).ok_or_else(|| {
        let text = format!("The specified parameter {name} is not valid");
        refusal(400, code, text)
    })
}

fn check_texts(request: &Request) -> Result<(), Refusal> {
    let affinity = request.integer("Affinity").unwrap_or(1);
    if !(1..=10).contains(&affinity) {
        return Err(crate::emulator::request::invalid("Affinity"));
    }
    let plain = |c: char| c.is_alphanumeric() || ":_-.".contains(c);
    let good = |name: &str| {
        (2..=128).contains(&name.chars().count())
            && name.starts_with(char::is_alphabetic)
            && name.chars().all(plain)
    };
    if request
        .text("DeploymentSetName")
        .is_some_and(|name| !good(name))
    {
        let text = "Specified deployment set name is not valid.";
        return refuse(400, "InvalidDeploymentSetName.Malformed", text);
    }
    if request
        .text("Description")
        .is_some_and(|text| !crate::emulator::request::good_description(text))
    {
        let text = "The specified description is not valid.";
        return refuse(400, "InvalidDescription.Malformed", text);
    }
    Ok(())
}

fn describe(world: &mut World, request: &Request) -> Reply {
    let ids = match request.json_list("DeploymentSetIds", 100) {
        Err(refused) if refused.message.contains("exceeds") => {
            return refuse(403, "InvalidDeploymentSetIds.TooManyInput", refused.message);
        }
        ids => ids?,
    };
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let page = list_of(
        (&world.deployment_sets, ids.as_deref()),
        request,
        sizes,
        |set| {
            let same = |name: &str, have: &str| {
                let wanted = request.text(name);
                wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(have))
            };
            wants(request.region(), &set.region)
                && wants(request.text("DeploymentSetName"), &set.name)
                && same("Strategy", &set.strategy)
                && same("Domain", &set.domain)
                && same("Granularity", &set.granularity)
        },
        |set| show(world, set),
    )?;
    let mut answer = page.answer("DeploymentSets", "DeploymentSet");
    answer["RegionId"] = json!(request.region_or_home());
    Ok(answer)
}

fn show(world: &World, set: &DeploymentSet) -> Value {
    let members: Vec<&Instance> = members(world, &set.id).collect();
    let most = world.quotas.instances_per_deployment_set;
    let zones = catalog::region(&set.region).map(|region| &region.zones);
    let capacities: Vec<Value> = zones
        .into_iter()
        .flatten()
        .map(|zone| {
            let used = members.iter().filter(|it| it.zone == *zone).count();
            let free = most.saturating_sub(used);
            json!({ "ZoneId": zone, "UsedAmount": used, "AvailableAmount": free })
        })
        .collect();
    json!({
        "DeploymentSetId": set.id,
        "DeploymentSetName": set.name,
        "DeploymentSetDescription": set.description,
        "DeploymentStrategy": set.strategy,
        "Strategy": "StrictDispersion",
        "Domain": set.domain.to_ascii_lowercase(),
        "Granularity": set.granularity.to_ascii_lowercase(),
        "GroupCount": set.groups.unwrap_or(1),
        "InstanceAmount": members.len(),
        "InstanceIds": { "InstanceId": members.iter().map(|it| &it.id).collect::<Vec<_>>() },
        "Capacities": { "Capacity": capacities },
        "AccountId": world.account.parse::<i64>().unwrap_or(0),
        "CreationTime": seconds(set.created),
    })
}

fn members<'a>(world: &'a World, set: &'a str) -> impl Iterator<Item = &'a Instance> {
    world
        .instances
        .iter()
        .filter(move |instance| instance.deployment_set == set)
}

/// The group of a new member: the one asked for, or the one with the fewest; none in a set without groups.
pub(super) fn group(world: &World, set: &str, wanted: Option<i64>) -> Option<i64> {
    let groups = world.deployment_sets.get(set)?.groups?;
    let size = |group: &i64| {
        let in_it = members(world, set).filter(|it| it.deployment_group == Some(*group));
        in_it.count()
    };
    wanted.or_else(|| (1..=groups).min_by_key(size))
}

/// Refuses a set that does not exist in the region, and one without room for so many more in a zone.
pub(super) fn check_room(
    world: &World,
    (set, region): (&str, &str),
    zone: &str,
    more: usize,
) -> Result<(), Refusal> {
    let known = world.deployment_sets.get(set);
    let Some(set) = known.filter(|set| set.region == region) else {
        let text = "The specified deployment set does not exist.";
        return refuse(404, "DeploymentSet.NotFound", text);
    };
    // The instances of low latency are not kept apart.
    let groups = usize::try_from(set.groups.unwrap_or(1)).unwrap_or(1);
    let most = world.quotas.instances_per_deployment_set * groups;
    let used = members(world, &set.id).filter(|it| it.zone == zone).count();
    if set.strategy != "LowLatency" && used + more > most {
        let text = "The number of instances in the deployment set exceeds the limit.";
        return refuse(403, "QuotaExceed.DeploymentSetInstanceQuotaFull", text);
    }
    Ok(())
}

fn modify(world: &mut World, request: &Request) -> Reply {
    check_texts(request)?;
    let now = world.now;
    let set = world
        .deployment_sets
        .change(request.need("DeploymentSetId")?, now)
        .ok_or_else(not_found)?;
    if let Some(name) = request.given("DeploymentSetName") {
        set.name = name.to_owned();
    }
    if let Some(description) = request.given("Description") {
        set.description = description.to_owned();
    }
    done()
}

fn not_found() -> Refusal {
    let text = "The specified DeploymentSetId does not exist.";
    refusal(400, "InvalidDeploymentSetId.NotFound", text)
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("DeploymentSetId")?;
    world.deployment_sets.get(id).ok_or_else(not_found)?;
    if members(world, id).next().is_some() {
        let text = "There are still instance(s) in the specified DeploymentSetId.";
        return refuse(403, "DependencyViolation.NotEmpty", text);
    }
    world.deployment_sets.remove(id, world.now);
    done()
}
