//! The actions: each file has the table of what it answers, and the functions that do it.
//!
//! An action is a plain function of the world and a request whose parameters have been checked.

mod billing;
mod catalog;
mod deployment_set;
mod disk;
mod disk_attach;
mod disk_create;
mod disk_reset;
mod eip;
mod eip_binding;
mod event;
mod image;
mod image_create;
mod instance;
mod instance_describe;
mod instance_modify;
mod instance_network;
mod instance_show;
mod key_pair;
mod kms;
mod launch;
mod launch_data;
mod launch_template;
mod listing;
mod load_balancer;
mod load_balancer_modify;
mod location;
mod nat_gateway;
mod network_interface;
mod network_interface_addresses;
mod price;
mod protection;
mod resource_group;
mod resource_manager;
mod route_entry;
mod route_table;
mod security_group;
mod security_rule;
mod snapshot;
mod snat;
mod stock;
pub(super) mod sts;
mod tag;
mod vpc;
mod vswitch;

use std::collections::HashMap;

use serde_json::{Value, json};

use super::policy::{self, Policy};
use super::reply::{Refusal, Reply, Text, refusal, refuse};
use super::request::{Request, Tags};
use super::validation::{self, Rules};
use super::world::World;
use listing::{Sizes, bounded, list, list_of};

/// Whether an action only looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Read,
    Write,
}

/// One action.
pub(super) struct Route {
    pub(super) product: &'static str,
    pub(super) action: &'static str,
    pub(super) effect: Effect,
    pub(super) run: Run,
}

/// What an action does.
#[derive(Clone, Copy)]
pub(super) enum Run {
    Value(fn(&mut World, &Request) -> Reply),
    /// What answers so much that its answer is written at once.
    Text(fn(&mut World, &Request) -> Text),
}

impl Route {
    /// Refuses what the caller's policies do not allow.
    pub(super) fn permit(&self, request: &Request, policies: &[Policy]) -> Result<(), Refusal> {
        const FOR_EVERYBODY: &[&str] = &["GetCallerIdentity", "DescribeEndpoints"];
        if policies.is_empty() || FOR_EVERYBODY.contains(&self.action) {
            return Ok(());
        }
        let action = format!("{}:{}", self.product, self.action);
        let resources = policy::resources(request, &request.caller.account);
        if policies.iter().all(|one| one.allows(&action, &resources)) {
            return Ok(());
        }
        match self.product {
            "sts" => {
                let text =
                    "You are not authorized to do this action. You should be authorized by RAM.";
                refuse(403, "NoPermission", text)
            }
            _ => {
                let text = "User not authorized to operate on the specified resource, or this API \
                            doesn't support RAM.";
                refuse(403, "Forbidden.RAM", text)
            }
        }
    }

    /// The product's name as it is written in answers.
    pub(super) fn title(&self) -> &'static str {
        match self.product {
            "vpc" => "Vpc",
            "slb" => "Slb",
            "sts" => "Sts",
            "location" => "Location",
            "resourcemanager" => "ResourceManager",
            "kms" => "Kms",
            "bssopenapi" => "BssOpenApi",
            _ => "Ecs",
        }
    }
}

/// A route.
const fn route(
    product: &'static str,
    action: &'static str,
    effect: Effect,
    run: fn(&mut World, &Request) -> Reply,
) -> Route {
    Route {
        product,
        action,
        effect,
        run: Run::Value(run),
    }
}

/// A route of ECS.
const fn ecs(
    action: &'static str,
    effect: Effect,
    run: fn(&mut World, &Request) -> Reply,
) -> Route {
    route("ecs", action, effect, run)
}

/// A route of ECS whose answer is long.
const fn listing(action: &'static str, run: fn(&mut World, &Request) -> Text) -> Route {
    Route {
        product: "ecs",
        action,
        effect: Effect::Read,
        run: Run::Text(run),
    }
}

/// A route of VPC.
const fn vpc(
    action: &'static str,
    effect: Effect,
    run: fn(&mut World, &Request) -> Reply,
) -> Route {
    route("vpc", action, effect, run)
}

/// A route of SLB.
const fn slb(
    action: &'static str,
    effect: Effect,
    run: fn(&mut World, &Request) -> Reply,
) -> Route {
    route("slb", action, effect, run)
}

const TABLES: &[&[Route]] = &[
    billing::ROUTES,
    catalog::ROUTES,
    deployment_set::ROUTES,
    disk::ROUTES,
    eip::ROUTES,
    eip_binding::ROUTES,
    disk_attach::ROUTES,
    disk_create::ROUTES,
    disk_reset::ROUTES,
    event::ROUTES,
    image::ROUTES,
    image_create::ROUTES,
    instance::ROUTES,
    instance_describe::ROUTES,
    instance_modify::ROUTES,
    instance_network::ROUTES,
    key_pair::ROUTES,
    kms::ROUTES,
    launch::ROUTES,
    launch_template::ROUTES,
    load_balancer::ROUTES,
    load_balancer_modify::ROUTES,
    location::ROUTES,
    nat_gateway::ROUTES,
    network_interface::ROUTES,
    price::ROUTES,
    network_interface_addresses::ROUTES,
    protection::ROUTES,
    resource_group::ROUTES,
    resource_manager::ROUTES,
    route_entry::ROUTES,
    route_table::ROUTES,
    snat::ROUTES,
    security_group::ROUTES,
    security_rule::ROUTES,
    stock::ROUTES,
    snapshot::ROUTES,
    sts::ROUTES,
    tag::ROUTES,
    vpc::ROUTES,
    vswitch::ROUTES,
];

/// The products with the versions by which they are asked.
const VERSIONS: &[(&str, &str)] = &[
    ("2014-05-26", "ecs"),
    ("2016-04-28", "vpc"),
    ("2014-05-15", "slb"),
    ("2015-04-01", "sts"),
    ("2015-06-12", "location"),
    ("2020-03-31", "resourcemanager"),
    ("2016-01-20", "kms"),
    ("2017-12-14", "bssopenapi"),
];

/// Every action, ready to be found.
pub(super) struct Routes {
    routes: HashMap<(&'static str, &'static str), &'static Route>,
    rules: HashMap<(&'static str, &'static str), Rules>,
}

impl Routes {
    pub(super) fn new() -> Self {
        let all = TABLES.iter().flat_map(|table| table.iter());
        Self {
            routes: all
                .map(|route| ((route.product, route.action), route))
                .collect(),
            rules: validation::rules(),
        }
    }

    pub(super) fn find(&self, version: &str, action: &str) -> Result<&'static Route, Refusal> {
        let Some((_, product)) = VERSIONS.iter().find(|(have, _)| *have == version) else {
            return refuse(
                400,
                "InvalidVersion",
                "Specified parameter Version is not valid.",
            );
        };
        self.routes
            .get(&(*product, action))
            .copied()
            .ok_or_else(|| {
                let text = "Specified api is not found, please check your url and method.";
                refusal(404, "InvalidAction.NotFound", text)
            })
    }

    /// Whether any product has an action of that name.
    pub(super) fn knows(&self, action: &str) -> bool {
        VERSIONS
            .iter()
            .any(|(_, product)| self.routes.contains_key(&(*product, action)))
    }

    /// The products and actions that are answered, sorted.
    pub(super) fn names(&self) -> Vec<(&'static str, &'static str)> {
        let mut names: Vec<_> = self.routes.keys().copied().collect();
        names.sort_unstable();
        names
    }

    pub(super) fn validate(&self, route: &Route, request: &Request) -> Result<(), Refusal> {
        self.rules
            .get(&(route.product, route.action))
            .map_or(Ok(()), |rules| rules.check(request))
    }
}

/// Ends a dry run: all that could be checked has been.
fn end_dry_run(request: &Request) -> Result<(), Refusal> {
    if request.flag("DryRun") {
        let text = "Request validation has been passed with DryRun flag set.";
        return refuse(400, "DryRunOperation", text);
    }
    Ok(())
}

/// Whether a filter that may be absent lets a value pass.
fn wants(wanted: Option<&str>, have: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == have)
}

/// Tags as ECS shows them.
fn ecs_tags(tags: &Tags) -> Value {
    let tags: Vec<Value> = tags
        .iter()
        .map(|(key, value)| json!({ "TagKey": key, "TagValue": value }))
        .collect();
    json!({ "Tag": tags })
}

/// Tags as VPC shows them.
fn vpc_tags(tags: &Tags) -> Value {
    let tags: Vec<Value> = tags
        .iter()
        .map(|(key, value)| json!({ "Key": key, "Value": value }))
        .collect();
    json!({ "Tag": tags })
}
