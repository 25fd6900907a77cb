//! What the cloud says about a plan before anything is done: the questions of all its changes, each
//! provider asked once.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    build::Planned,
    cross::{Link, To},
    providers::Providers,
};
use crate::{
    eval,
    manifest::ast::Module,
    model::{
        Address, Diagnostic, Diagnostics, Mode, Object, Value,
        plan::{Action, Change},
        preflight::{Check, Checked, Outcome, Preflight, Price, Quota, Unpriced},
    },
    provider::{
        preflight::{Costs, Finding, Order, Report},
        registry::Registry,
    },
};

/// Asks about every change, and returns what was learned with an error for everything that was refused.
pub async fn preflight(
    planned: &Planned<'_>,
    module: &Module,
    registry: &Registry,
    providers: &Providers,
) -> (Preflight, Diagnostics) {
    let changes = &planned.plan.changes;
    let mut by_provider: BTreeMap<&str, (Vec<&Change>, Vec<Order>)> = BTreeMap::new();
    let objects = Objects::new(planned, registry);
    for change in changes {
        if let Some(order) = order(change, registry, &objects) {
            let entry = by_provider.entry(&change.provider).or_default();
            entry.0.push(change);
            entry.1.push(order);
        }
    }
    let mut told = Told::default();
    for (name, (changes, orders)) in by_provider {
        let Some(provider) = providers.get(name) else {
            continue;
        };
        let report = provider.preflight(&orders).await;
        told.take(&changes, report, module);
    }
    let Told {
        mut found,
        mut diags,
    } = told;
    for quota in found.quotas.iter().filter(|it| is_refused(it.outcome)) {
        diags.push(over(quota));
    }
    found
        .checks
        .sort_by(|a, b| (&a.address, a.check).cmp(&(&b.address, b.check)));
    found.total();
    (found, diags)
}

fn is_refused(outcome: Outcome) -> bool {
    outcome == Outcome::Refused
}

/// Returns what is to be asked about a change, if anything.
fn order(change: &Change, registry: &Registry, objects: &Objects<'_>) -> Option<Order> {
    let (creates, changes) = match change.action {
        Action::NoOp | Action::Read | Action::Forget => return None,
        Action::Create | Action::DeleteCreate | Action::CreateDelete => (true, true),
        Action::Update => (false, true),
        Action::Delete => (false, false),
    };
    if change.deposed.is_some() {
        return None;
    }
    let kind = registry.find(Mode::Managed, &change.address.resource.kind)?;
    Some(Order {
        ty: kind.ty,
        before: change.before.clone(),
        after: change.after.clone().filter(|_| changes),
        creates,
        makes_room: change.action == Action::DeleteCreate,
        open: change.open.clone(),
        related: objects.related(&change.address),
    })
}

/// The planned objects, by address and by id.
struct Objects<'a> {
    links: &'a HashMap<Address, Vec<Link>>,
    by_address: HashMap<&'a Address, &'a Arc<Object>>,
    by_id: HashMap<(&'static str, &'a str), &'a Arc<Object>>,
}

impl<'a> Objects<'a> {
    fn new(planned: &'a Planned<'_>, registry: &Registry) -> Self {
        let mut objects = Self {
            links: &planned.links,
            by_address: HashMap::new(),
            by_id: HashMap::new(),
        };
        for change in &planned.plan.changes {
            let Some(after) = &change.after else {
                continue;
            };
            objects.by_address.insert(&change.address, after);
            let id = after.get("id").and_then(Value::as_str);
            let kind = registry.find(Mode::Managed, &change.address.resource.kind);
            if let (Some(id), Some(kind)) = (id, kind) {
                objects.by_id.insert((kind.ty.canonical(), id), after);
            }
        }
        objects
    }

    fn related(&self, address: &Address) -> Vec<(&'static str, Arc<Object>)> {
        let links = self.links.get(address).into_iter().flatten();
        let follow = |link: &Link| {
            let found = match &link.to {
                To::Address(address) => self.by_address.get(address),
                To::Id(kind, id) => self.by_id.get(&(*kind, id.as_str())),
            };
            found.map(|object| (link.attribute, (*object).clone()))
        };
        links.filter_map(follow).collect()
    }
}

#[derive(Default)]
struct Told {
    found: Preflight,
    diags: Diagnostics,
}

impl Told {
    fn take(&mut self, changes: &[&Change], report: Report, module: &Module) {
        for finding in report.findings {
            let change = changes[finding.order];
            if is_refused(finding.outcome) {
                self.diags.push(refused(change, &finding, module));
            }
            self.found.checks.push(Check {
                address: change.address.to_string(),
                check: finding.check,
                outcome: finding.outcome,
                detail: finding.detail.trim_end_matches('.').to_owned(),
            });
        }
        for (change, costs) in changes.iter().zip(report.costs) {
            self.cost(change.address.to_string(), costs);
        }
        self.found.quotas.extend(report.quotas);
    }

    fn cost(&mut self, address: String, costs: Costs) {
        if let Some(reason) = costs.unknown {
            self.found.unpriced.push(Unpriced {
                address: address.clone(),
                reason,
            });
        }
        let price = Price {
            address,
            before: costs.before,
            after: costs.after,
            once: costs.once,
            renewal: costs.renewal,
        };
        let told = [&price.before, &price.after, &price.once, &price.renewal];
        if told.iter().any(|cost| cost.is_some()) {
            self.found.prices.push(price);
        }
    }
}

fn refused(change: &Change, finding: &Finding, module: &Module) -> Diagnostic {
    let summary = match finding.check {
        Checked::Request => "The cloud would refuse this",
        Checked::Stock => "Not in stock",
    };
    let diagnostic = Diagnostic::error(summary, &*finding.detail).about(&change.address);
    let hint = finding.hint.clone();
    let diagnostic =
        diagnostic.hint(hint.unwrap_or_else(|| {
            "Mend the configuration and plan again. Nothing was done.".to_owned()
        }));
    let Some(block) = module.resources.get(&change.address.resource) else {
        return diagnostic;
    };
    let attribute = finding.attribute.as_deref();
    let place = attribute.and_then(|path| eval::span_of(&block.body, path));
    diagnostic.at(place.unwrap_or(block.span))
}

fn over(quota: &Quota) -> Diagnostic {
    let Quota {
        name,
        region,
        planned,
        ..
    } = quota;
    let (used, most) = (quota.used.unwrap_or(0), quota.limit.unwrap_or(0));
    Diagnostic::error(
        "Quota exceeded",
        format!(
            "The plan takes {planned} {name} in {region}. {used} of {most} are in use, so {} are left.",
            most.saturating_sub(used)
        ),
    )
    .hint("Plan for fewer, delete some, or have the quota raised. Nothing was done.")
}
