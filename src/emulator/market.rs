//! Stock and prices: synthetic ones, and what the user of the emulator sets in their place.
//!
//! There is no public price list. A price here is a plain function of what is bought, per hour, so that
//! it is the same on every run; none of them is Alibaba Cloud's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::catalog::{self, InstanceType};
use super::request::glob;

/// What differs from the usual stock and prices.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Market {
    pub(super) currency: String,
    /// The part of a price that is taken off what is bought for a year or more.
    pub(super) discount: f64,
    /// Per hour: of an instance type, of a GiB of a disk category (`cloud_essd`, `cloud_essd/PL2`), of a
    /// Mbit/s of `bandwidth`.
    pub(super) prices: BTreeMap<String, f64>,
    /// The last that fits decides.
    pub(super) stock: Vec<Shelf>,
}

impl Default for Market {
    fn default() -> Self {
        Self {
            currency: "USD".to_owned(),
            discount: 0.15,
            prices: BTreeMap::new(),
            stock: Vec::new(),
        }
    }
}

/// How much there is of something. Names may be patterns.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shelf {
    #[serde(default = "any")]
    zone: String,
    #[serde(default = "any")]
    instance_type: String,
    /// A disk category, for instances of these types; without it, it is about the types themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disk: Option<String>,
    /// PostPaid, PrePaid or Spot.
    #[serde(default = "any")]
    charge_type: String,
    status: Stock,
}

fn any() -> String {
    "*".to_owned()
}

/// How much there is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stock {
    Available,
    /// Still sold, and no longer refilled.
    Closing,
    SoldOut,
}

impl Stock {
    /// The words for it: status, status category.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Available => ("Available", "WithStock"),
            Self::Closing => ("Available", "ClosedWithStock"),
            Self::SoldOut => ("SoldOut", "WithoutStock"),
        }
    }
}

/// How something is paid for, as shelves name it.
pub(super) fn charge_word(charge_type: &str, spot: &str) -> &'static str {
    match (charge_type, spot) {
        ("PrePaid", _) => "PrePaid",
        (_, "" | "NoSpot") => "PostPaid",
        _ => "Spot",
    }
}

impl Market {
    /// Whether an instance type is to be had in a zone.
    pub(super) fn stock(&self, zone: &str, kind: &str, charge: &str) -> Stock {
        self.shelf(zone, kind, charge, None)
    }

    /// Whether a disk category is to be had for an instance type in a zone.
    pub(super) fn disk_stock(&self, zone: &str, kind: &str, charge: &str, disk: &str) -> Stock {
        self.shelf(zone, kind, charge, Some(disk))
    }

    fn shelf(&self, zone: &str, kind: &str, charge: &str, disk: Option<&str>) -> Stock {
        let about = |shelf: &Shelf| match (&shelf.disk, disk) {
            (None, None) => true,
            (Some(pattern), Some(disk)) => glob(pattern, disk),
            _ => false,
        };
        let fits = |shelf: &&Shelf| {
            about(shelf)
                && glob(&shelf.zone, zone)
                && glob(&shelf.instance_type, kind)
                && glob(&shelf.charge_type, charge)
        };
        let found = self.stock.iter().rev().find(fits);
        found.map_or(Stock::Available, |shelf| shelf.status)
    }

    /// The price of an instance type.
    pub(super) fn hourly(&self, kind: &InstanceType) -> f64 {
        let usual = kind.cpu as f64 * 0.022 + kind.memory * 0.004 + kind.gpus as f64 * 1.2;
        self.prices.get(&kind.id).copied().unwrap_or(usual)
    }

    /// The price of an instance type on the spot market.
    pub(super) fn spot(&self, kind: &InstanceType) -> f64 {
        (self.hourly(kind) * 100.0).round() / 1000.0
    }

    /// The price of a disk.
    pub(super) fn disk(&self, category: &str, level: &str, size: i64) -> f64 {
        let levelled = format!("{category}/{level}");
        let set = self
            .prices
            .get(&levelled)
            .or_else(|| self.prices.get(category));
        let usual = match (category, level) {
            ("cloud_essd", "PL0") => 0.000_16,
            ("cloud_essd", "PL2") => 0.000_64,
            ("cloud_essd", "PL3") => 0.001_28,
            ("cloud_essd" | "cloud_auto", _) => 0.000_32,
            ("cloud_ssd", _) => 0.000_24,
            ("cloud" | "cloud_essd_entry", _) => 0.000_08,
            _ => 0.000_12,
        };
        set.copied().unwrap_or(usual) * size as f64
    }

    /// The price of bandwidth in Mbit/s.
    pub(super) fn bandwidth(&self, amount: i64) -> f64 {
        self.prices.get("bandwidth").copied().unwrap_or(0.006) * amount as f64
    }
}

/// The prices that hold while none is set: of every instance type.
pub(super) fn usual() -> BTreeMap<String, f64> {
    let market = Market::default();
    let kinds = catalog::all().instance_types.iter();
    kinds
        .map(|kind| (kind.id.clone(), market.hourly(kind)))
        .collect()
}
