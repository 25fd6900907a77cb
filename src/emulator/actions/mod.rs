//! The actions: each file has the table of what it answers, and the functions that do it.
//!
//! An action is a plain function of the world and a request whose parameters have been checked.

mod catalog;
mod disk;
mod eip;
mod eip_binding;
mod instance;
mod instance_describe;
mod instance_modify;
mod instance_network;
mod key_pair;
mod launch;
mod network_interface;
mod protection;
mod resource_group;
mod route_table;
mod security_group;
mod security_rule;
pub(super) mod sts;
mod tag;
mod vpc;
mod vswitch;

use std::collections::HashMap;

use serde_json::{Value, json};

use super::reply::{Refusal, Reply, refusal, refuse};
use super::request::{Request, Tags, invalid};
use super::table::{Object, Table};
use super::validation::{self, Rules};
use super::world::World;

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
    pub(super) run: fn(&mut World, &Request) -> Reply,
}

impl Route {
    /// The product's name as it is written in answers.
    pub(super) fn title(&self) -> &'static str {
        match self.product {
            "vpc" => "Vpc",
            "sts" => "Sts",
            _ => "Ecs",
        }
    }
}

/// A route of ECS.
const fn ecs(
    action: &'static str,
    effect: Effect,
    run: fn(&mut World, &Request) -> Reply,
) -> Route {
    Route {
        product: "ecs",
        action,
        effect,
        run,
    }
}

/// A route of VPC.
const fn vpc(
    action: &'static str,
    effect: Effect,
    run: fn(&mut World, &Request) -> Reply,
) -> Route {
    Route {
        product: "vpc",
        action,
        effect,
        run,
    }
}

const TABLES: &[&[Route]] = &[
    catalog::ROUTES,
    disk::ROUTES,
    eip::ROUTES,
    eip_binding::ROUTES,
    instance::ROUTES,
    instance_describe::ROUTES,
    instance_modify::ROUTES,
    instance_network::ROUTES,
    key_pair::ROUTES,
    launch::ROUTES,
    network_interface::ROUTES,
    protection::ROUTES,
    resource_group::ROUTES,
    route_table::ROUTES,
    security_group::ROUTES,
    security_rule::ROUTES,
    sts::ROUTES,
    tag::ROUTES,
    vpc::ROUTES,
    vswitch::ROUTES,
];

/// The products with the versions by which they are asked.
const VERSIONS: &[(&str, &str)] = &[
    ("2014-05-26", "ecs"),
    ("2016-04-28", "vpc"),
    ("2015-04-01", "sts"),
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
    #[cfg(test)]
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

/// One page of a listing, with the fields that say where it stands.
struct Page {
    items: Vec<Value>,
    fields: Value,
}

impl Page {
    /// The answer: the items in their two wrappers, and where the page stands.
    fn answer(self, plural: &str, singular: &str) -> Value {
        let mut answer = self.fields;
        answer[plural] = json!({ singular: self.items });
        answer
    }
}

/// How large pages are.
#[derive(Clone, Copy)]
struct Sizes {
    /// Of numbered pages: the most, and the usual.
    page: (i64, i64),
    /// Of pages by token, if there are any: the most, and the usual.
    token: Option<(i64, i64)>,
}

/// Lists the rows that pass a filter, by page number or by token.
fn list<T: Object>(
    table: &Table<T>,
    request: &Request,
    sizes: Sizes,
    passes: impl Fn(&T) -> bool,
    show: impl Fn(&T) -> Value,
) -> Result<Page, Refusal> {
    list_rows(table.after(0), request, sizes, passes, show)
}

/// Lists those of some rows, known by their ids, that pass a filter; of all rows without ids.
fn list_of<T: Object>(
    (table, ids): (&Table<T>, Option<&[String]>),
    request: &Request,
    sizes: Sizes,
    passes: impl Fn(&T) -> bool,
    show: impl Fn(&T) -> Value,
) -> Result<Page, Refusal> {
    match ids {
        Some(ids) => list_rows(table.pick(ids).into_iter(), request, sizes, passes, show),
        None => list(table, request, sizes, passes, show),
    }
}

fn list_rows<'a, T: Object + 'a>(
    rows: impl Iterator<Item = (u64, &'a T)>,
    request: &Request,
    sizes: Sizes,
    passes: impl Fn(&T) -> bool,
    show: impl Fn(&T) -> Value,
) -> Result<Page, Refusal> {
    let by_token = sizes
        .token
        .filter(|_| request.text("MaxResults").is_some() || request.text("NextToken").is_some());
    let (size, after, skip, number) = match by_token {
        Some((most, usual)) => {
            let size = bounded(request, "MaxResults", most, usual)?;
            (size, read_token(request)?, 0, 1)
        }
        None => {
            let size = bounded(request, "PageSize", sizes.page.0, sizes.page.1)?;
            let number = bounded(request, "PageNumber", i64::MAX / 1000, 1)?;
            (size, 0, (number - 1) * size, number)
        }
    };
    let (mut items, mut total, mut met, mut last, mut more) = (Vec::new(), 0_i64, 0_i64, 0, false);
    for (serial, row) in rows.filter(|(_, row)| passes(row)) {
        total += 1;
        if serial <= after {
            continue;
        }
        met += 1;
        if met <= skip {
            continue;
        }
        if i64::try_from(items.len()).is_ok_and(|have| have < size) {
            items.push(show(row));
            last = serial;
        } else {
            more = true;
        }
    }
    let mut fields = json!({ "TotalCount": total, "PageNumber": number, "PageSize": size });
    if sizes.token.is_some() {
        let token = if more && by_token.is_some() {
            format!("{last:016x}")
        } else {
            String::new()
        };
        fields["NextToken"] = json!(token);
    }
    Ok(Page { items, fields })
}

fn bounded(request: &Request, name: &str, most: i64, usual: i64) -> Result<i64, Refusal> {
    let value = request.integer(name).unwrap_or(usual);
    if (1..=most).contains(&value) {
        Ok(value)
    } else {
        Err(invalid(name))
    }
}

fn read_token(request: &Request) -> Result<u64, Refusal> {
    match request.text("NextToken") {
        None => Ok(0),
        Some(token) => u64::from_str_radix(token, 16).map_err(|_| invalid("NextToken")),
    }
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
