//! What the cloud says beforehand: each question reads, or is a dry run, and none writes anything.
//!
//! Start with [`run`]. Questions that several objects have in common are asked once.

mod dry_run;
mod price;
mod quota;
mod stock;

use std::sync::Arc;

use super::{
    hooks::Hooks,
    offer::{Offer, Pricing, Related},
};
use crate::{
    cloud::{ApiError, Client},
    model::{
        Object,
        preflight::{Checked, Cost, Outcome, Quota},
    },
    schema::ResourceType,
};

/// One change to ask about.
#[derive(Clone, Debug)]
pub struct Order {
    pub ty: &'static ResourceType,
    /// The object now; of an update, a replacement and a deletion.
    pub before: Option<Arc<Object>>,
    /// The object afterwards; none of a deletion.
    pub after: Option<Arc<Object>>,
    /// Whether a new object is made.
    pub creates: bool,
    /// Whether the old one goes before the new one comes.
    pub makes_room: bool,
    /// The arguments that are not known yet.
    pub open: Vec<Arc<str>>,
    pub related: Vec<(&'static str, Arc<Object>)>,
}

/// What came of one question about one order.
#[derive(Clone, Debug)]
pub struct Finding {
    pub order: usize,
    pub check: Checked,
    pub outcome: Outcome,
    /// A sentence without its full stop, of a refusal with.
    pub detail: String,
    /// The attribute that a refusal is about.
    pub attribute: Option<String>,
    pub hint: Option<String>,
}

/// What an order costs.
#[derive(Clone, Debug, Default)]
pub struct Costs {
    pub before: Option<Cost>,
    pub after: Option<Cost>,
    pub once: Option<Cost>,
    pub renewal: Option<Cost>,
    /// Why something of it is not known.
    pub unknown: Option<String>,
}

/// Everything that was learned.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub findings: Vec<Finding>,
    /// For each order.
    pub costs: Vec<Costs>,
    pub quotas: Vec<Quota>,
}

/// What an order's object takes before and after.
struct Offers {
    before: Offer,
    after: Offer,
}

/// Returns what an error says as the end of a sentence.
fn clause(error: &ApiError) -> String {
    error.told().trim_end_matches('.').to_owned()
}

/// The offer of a type that says nothing of what it costs.
fn unknown() -> Offer {
    Offer {
        price: Pricing::Unlisted("prov does not know how this type is paid for"),
        ..Offer::default()
    }
}

/// Asks all there is to ask.
pub async fn run(
    client: &Client,
    hooks: &(dyn Fn(&ResourceType) -> Hooks + Sync),
    orders: &[Order],
) -> Report {
    let offers: Vec<Offers> = orders
        .iter()
        .map(|order| {
            let hook = hooks(order.ty).offer;
            let of = |object: Option<&Arc<Object>>, around: &Related| match (object, hook) {
                (Some(object), Some(hook)) => hook(object, around),
                (Some(_), None) => unknown(),
                (None, _) => Offer::default(),
            };
            Offers {
                before: of(order.before.as_ref(), &[]),
                after: of(order.after.as_ref(), &order.related),
            }
        })
        .collect();
    let (requests, stock, costs, quotas) = tokio::join!(
        dry_run::check(client, hooks, orders),
        stock::check(client, orders, &offers),
        price::ask(client, orders, &offers),
        quota::check(client, orders, &offers),
    );
    let mut findings = requests;
    findings.extend(stock);
    findings.sort_by_key(|finding| (finding.order, finding.check));
    Report {
        findings,
        costs,
        quotas,
    }
}
