//! What the cloud said about a plan before anything was done: requests, stock, quotas and prices.
//!
//! The field names are those of the plan JSON's `prov_preflight`.

use serde::{Deserialize, Serialize};

/// What is known beforehand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preflight {
    /// Of each instance, in the order of the addresses.
    pub checks: Vec<Check>,
    pub quotas: Vec<Quota>,
    pub prices: Vec<Price>,
    pub unpriced: Vec<Unpriced>,
    /// By currency: what changes.
    pub totals: Vec<Total>,
}

/// One thing that was asked about an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub address: String,
    pub check: Checked,
    pub outcome: Outcome,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// A dry run of the create call.
    Request,
    Stock,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Passed,
    Refused,
    /// It could not be asked, or was not answered.
    Unchecked,
}

/// What the plan as a whole takes of something that is limited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    pub name: String,
    pub region: String,
    pub planned: u64,
    pub used: Option<u64>,
    pub limit: Option<u64>,
    pub outcome: Outcome,
    pub detail: String,
}

/// What an instance costs before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Price {
    pub address: String,
    pub before: Option<Cost>,
    pub after: Option<Cost>,
    /// What the change itself costs: the rest of a subscription.
    pub once: Option<Cost>,
    /// What the next renewal costs.
    pub renewal: Option<Cost>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub currency: String,
    /// Of what is paid by the hour.
    pub hourly: Option<f64>,
    pub monthly: f64,
    /// Of what is paid beforehand, and for how long: `1 Month`.
    pub upfront: Option<f64>,
    pub period: Option<String>,
    /// What is paid besides.
    pub note: Option<String>,
}

/// An instance whose price is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpriced {
    pub address: String,
    pub reason: String,
}

/// By how much the plan changes what is paid in a currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Total {
    pub currency: String,
    pub hourly: f64,
    pub monthly: f64,
    pub upfront: f64,
}

impl Preflight {
    /// Whether something was refused.
    pub fn is_refused(&self) -> bool {
        let refused = |outcome: Outcome| outcome == Outcome::Refused;
        self.checks.iter().any(|it| refused(it.outcome))
            || self.quotas.iter().any(|it| refused(it.outcome))
    }

    /// Adds up what changes, by currency.
    pub fn total(&mut self) {
        let mut totals: Vec<Total> = Vec::new();
        let parts = self.prices.iter().flat_map(|price| {
            // What was paid beforehand is gone, whatever becomes of the object.
            let before = price.before.iter().map(|cost| (cost, -1.0, 0.0));
            let bought = if price.before == price.after {
                0.0
            } else {
                1.0
            };
            let after = price.after.iter().map(move |cost| (cost, 1.0, bought));
            let once = price.once.iter().map(|cost| (cost, 0.0, 1.0));
            before.chain(after).chain(once)
        });
        for (cost, running, upfront) in parts {
            let at = totals.iter().position(|it| it.currency == cost.currency);
            let at = at.unwrap_or_else(|| {
                totals.push(Total {
                    currency: cost.currency.clone(),
                    hourly: 0.0,
                    monthly: 0.0,
                    upfront: 0.0,
                });
                totals.len() - 1
            });
            let total = &mut totals[at];
            total.hourly += running * cost.hourly.unwrap_or(0.0);
            total.monthly += running * cost.monthly;
            total.upfront += upfront * cost.upfront.unwrap_or(0.0);
        }
        for total in &mut totals {
            for sum in [&mut total.hourly, &mut total.monthly, &mut total.upfront] {
                *sum = rounded(*sum);
            }
        }
        self.totals = totals;
    }
}

/// Takes away what binary fractions leave behind a sum of money.
pub fn rounded(amount: f64) -> f64 {
    let rounded = (amount * 1e5).round() / 1e5;
    if rounded == 0.0 { 0.0 } else { rounded }
}
