//! What the emulated cloud sells: regions, zones, instance types, images and disk categories.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A region with its zones. `code` begins the ids of its objects.
#[derive(Debug, Deserialize)]
pub(super) struct Region {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) name_en: String,
    pub(super) code: String,
    pub(super) zones: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct InstanceType {
    pub(super) id: String,
    pub(super) family: String,
    pub(super) cpu: i64,
    pub(super) memory: f64,
    pub(super) interfaces: i64,
    pub(super) addresses: i64,
    pub(super) gpus: i64,
    pub(super) gpu: String,
    pub(super) architecture: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Image {
    pub(super) id: String,
    pub(super) os_type: String,
    pub(super) platform: String,
    pub(super) os_name: String,
    pub(super) size: i64,
    pub(super) architecture: String,
}

/// A disk category with its sizes in GiB, as a system disk and as a data disk.
#[derive(Debug, Deserialize)]
pub(super) struct DiskCategory {
    pub(super) id: String,
    pub(super) system_least: i64,
    pub(super) system_most: i64,
    pub(super) data_least: i64,
    pub(super) data_most: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Catalog {
    pub(super) regions: Vec<Region>,
    pub(super) instance_types: Vec<InstanceType>,
    pub(super) images: Vec<Image>,
    pub(super) disk_categories: Vec<DiskCategory>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    serde_json::from_str(include_str!("catalog.json"))
        .expect("the catalogue is part of the program")
});

/// Everything that is sold.
pub(super) fn all() -> &'static Catalog {
    &CATALOG
}

pub(super) fn region(id: &str) -> Option<&'static Region> {
    CATALOG.regions.iter().find(|region| region.id == id)
}

pub(super) fn zone_exists(region_id: &str, zone: &str) -> bool {
    region(region_id).is_some_and(|region| region.zones.iter().any(|have| have == zone))
}

pub(super) fn instance_type(id: &str) -> Option<&'static InstanceType> {
    CATALOG.instance_types.iter().find(|kind| kind.id == id)
}

pub(super) fn image(id: &str) -> Option<&'static Image> {
    CATALOG.images.iter().find(|image| image.id == id)
}

pub(super) fn disk_category(id: &str) -> Option<&'static DiskCategory> {
    CATALOG
        .disk_categories
        .iter()
        .find(|category| category.id == id)
}

/// Whether an instance type is sold in a zone. Old families are only left in the first half of a region's zones.
pub(super) fn sold(kind: &InstanceType, region_id: &str, zone: &str) -> bool {
    let Some(region) = region(region_id) else {
        return false;
    };
    let Some(at) = region.zones.iter().position(|have| have == zone) else {
        return false;
    };
    !is_retired(kind) || at < region.zones.len().div_ceil(2)
}

/// Families no longer sold everywhere, whose instances may be without optimised I/O.
pub(super) fn is_retired(kind: &InstanceType) -> bool {
    const RETIRED: &[&str] = &["ecs.n4", "ecs.mn4", "ecs.e4", "ecs.xn4"];
    RETIRED.contains(&kind.family.as_str())
}

/// Whether the type earns CPU credits.
pub(super) fn is_burstable(kind: &InstanceType) -> bool {
    kind.family.starts_with("ecs.t5") || kind.family.starts_with("ecs.t6")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogue_reads() {
        assert!(all().instance_types.len() > 50);
        assert!(zone_exists("cn-hangzhou", "cn-hangzhou-h"));
        assert_eq!(region("cn-hangzhou").unwrap().code, "bp1");
    }
}
