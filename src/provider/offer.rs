//! What an object takes from the market and from the account: the vocabulary in which a type says what
//! is to be asked beforehand. Pure.

use std::sync::Arc;

use crate::model::{Object, Value};

/// What an object takes.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    pub wares: Option<Wares>,
    pub price: Pricing,
    pub takes: Vec<(Limit, Amount)>,
}

impl Offer {
    /// Returns an offer that costs nothing and counts as one of these.
    pub fn free(limit: Limit) -> Self {
        Self {
            takes: vec![(limit, Amount::Count(1))],
            ..Self::default()
        }
    }

    /// Returns an offer whose price nobody tells.
    pub fn unlisted(limit: Limit, reason: &'static str) -> Self {
        Self {
            price: Pricing::Unlisted(reason),
            ..Self::free(limit)
        }
    }
}

/// The hook of a type that costs nothing and is not limited.
pub fn free(_: &Object, _: &Related) -> Offer {
    Offer::default()
}

/// Why the price of snapshots, and of what is made of them, is not known.
pub const STORAGE: &str =
    "snapshots are paid for by what they take up, which no action tells beforehand";

/// What has to be in stock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wares {
    /// `None`: not known before the apply.
    pub zone: Option<String>,
    /// `None`: disks alone.
    pub instance_type: Option<String>,
    pub charge_type: String,
    pub spot_strategy: String,
    pub system_disk: Option<String>,
    pub data_disks: Vec<String>,
}

/// How to learn what something costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pricing {
    #[default]
    Free,
    /// No action tells it.
    Unlisted(&'static str),
    /// This attribute decides on it and is not known before the apply.
    Open(&'static str),
    /// The parameters of the price action.
    Ask(Ask),
}

/// A question for a price.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ask {
    /// Without the term.
    pub params: Vec<(String, String)>,
    pub term: Term,
    pub note: Option<&'static str>,
}

/// For how long something is bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    Hour,
    Weeks(i64),
    Months(i64),
}

/// The hours of a month, for what is paid by the hour.
pub const MONTH: f64 = 730.0;

impl Term {
    /// Returns the unit and the number of them, as the price action takes them.
    pub fn asked(self) -> (&'static str, i64) {
        match self {
            Self::Hour => ("Hour", 1),
            Self::Weeks(count) => ("Week", count),
            Self::Months(count) if count >= 12 && count % 12 == 0 => ("Year", count / 12),
            Self::Months(count) => ("Month", count),
        }
    }

    /// Returns how many months it is.
    pub fn months(self) -> f64 {
        match self {
            Self::Hour => 1.0 / MONTH,
            Self::Weeks(count) => count as f64 * 7.0 * 24.0 / MONTH,
            Self::Months(count) => count as f64,
        }
    }
}

/// Something that an account has only so many of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    SecurityGroups,
    Interfaces,
    Vcpus,
    SpotVcpus,
    /// What is limited, and no action tells how: its name in the plural.
    Untold(&'static str),
}

/// How many of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Amount {
    Count(u64),
    /// The virtual processors of an instance type.
    Cores(String),
}

/// The objects that an object refers to, as far as the plan has them.
pub type Related = [(&'static str, Arc<Object>)];

/// Returns a text of the object that `attribute` refers to.
pub fn related<'a>(related: &'a Related, attribute: &str, name: &str) -> Option<&'a str> {
    let (_, object) = related.iter().find(|(it, _)| *it == attribute)?;
    object.get(name).and_then(Value::as_str)
}
