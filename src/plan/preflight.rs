//! What the cloud says about a plan before anything is done: the questions of all its changes, each
//! provider asked once.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    build::Planned,
    cross::{Index, Link},
    providers::Providers,
};
use crate::{
    eval,
    manifest::ast::Module,
    model::{
        Address, Diagnostic, Diagnostics, Mode, Object,
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
    let index = Index::new(changes, registry);
    for change in changes {
        let related = || related(planned, &index, &change.address);
        if let Some(order) = order(change, registry, related) {
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
    for quota in found
        .quotas
        .iter()
        .filter(|it| it.outcome == Outcome::Refused)
    {
        diags.push(over(quota));
    }
    found
        .checks
        .sort_by(|a, b| (&a.address, a.check).cmp(&(&b.address, b.check)));
    found.total();
    (found, diags)
}

/// Returns what is to be asked about a change, if anything.
fn order(
    change: &Change,
    registry: &Registry,
    related: impl FnOnce() -> Vec<(&'static str, Arc<Object>)>,
) -> Option<Order> {
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
        related: related(),
    })
}

/// Returns the planned objects that an instance refers to, by its attributes.
fn related(
    planned: &Planned<'_>,
    index: &Index<'_>,
    address: &Address,
) -> Vec<(&'static str, Arc<Object>)> {
    let links = planned.links.get(address).into_iter().flatten();
    let follow = |link: &Link| {
        let found = &planned.plan.changes[index.follow(&link.to)?];
        Some((link.attribute, found.after.clone()?))
    };
    links.filter_map(follow).collect()
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
            if finding.outcome == Outcome::Refused {
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
    let Some(block) = module.block(&change.address.resource) else {
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
