//! `alicloud_zones`: the zones where instances can be made.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;
use serde_json::{Value as Json, json};

use super::{
    instance,
    listing::{self, objects},
};
use crate::{
    cloud::Product,
    model::{Object, Value},
    provider::{
        Failure,
        hooks::{Context, Hooks, Kind},
    },
    schema::*,
};

static AVAILABLE: Read = read_one(
    "DescribeAvailableResource",
    "ZoneId",
    "AvailableZones.AvailableZone",
);
static ZONES_READ: Read = read_one("DescribeZones", "ZoneId", "Zones.Zone");

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &ZONES,
    hooks: Hooks {
        data: Some(read),
        ..Hooks::NONE
    },
};

/// The zones.
pub static ZONES: ResourceType = ResourceType {
    read: &[&AVAILABLE, &ZONES_READ],
    attributes: &[
        objects::ID,
        string(
            "available_instance_type",
            "Only zones that sell this instance type.",
        )
        .check(&[Check::Custom(instance::instance_type)])
        .example("ecs.g7.large"),
        string("available_resource_creation", "What is to be made there.")
            .check(&[Check::OneOf(&[
                "Instance",
                "Rds",
                "PolarDB",
                "KVStore",
                "VSwitch",
                "Disk",
                "IoOptimized",
                "FunctionCompute",
                "Elasticsearch",
                "Slb",
                "MongoDB",
                "Gpdb",
                "HBase",
                "ADB",
            ])])
            .example("VSwitch"),
        string(
            "available_slb_address_type",
            "Has no effect: load balancers are not supported.",
        )
        .check(&[Check::OneOf(&[
            "Vpc",
            "classic_intranet",
            "classic_internet",
        ])])
        .example("Vpc"),
        string(
            "available_slb_address_ip_version",
            "Has no effect: load balancers are not supported.",
        )
        .check(&[Check::OneOf(&["ipv4", "ipv6"])])
        .example("ipv4"),
        string(
            "available_disk_category",
            "Only zones that sell this kind of disk.",
        )
        .check(&[Check::OneOf(&[
            "all",
            "cloud",
            "ephemeral_ssd",
            "cloud_essd",
            "cloud_efficiency",
            "cloud_ssd",
            "local_disk",
        ])])
        .example("cloud_essd"),
        boolean(
            "multi",
            "Has no effect: zones of databases are not supported.",
        )
        .default(Default::Bool(false)),
        string("instance_charge_type", "How instances are paid for.")
            .default(Default::String("PostPaid"))
            .check(&[Check::OneOf(&["PrePaid", "PostPaid"])])
            .example("PostPaid"),
        string("network_type", "The kind of network.")
            .check(&[Check::OneOf(&["Vpc", "Classic"])])
            .example("Vpc"),
        string("spot_strategy", "How instances bid for spare capacity.")
            .default(Default::String("NoSpot"))
            .check(&[Check::OneOf(&[
                "NoSpot",
                "SpotAsPriceGo",
                "SpotWithPriceLimit",
            ])])
            .example("NoSpot"),
        boolean("enable_details", "Whether zones have more than their ids.")
            .default(Default::Bool(false)),
        objects::OUTPUT_FILE,
        strings("ids", "The ids of the zones, sorted.").computed(),
        blocks("zones", "The zones, sorted by id.", ZONE, 0, listing::MANY)
            .computed()
            .read(&ZONES_READ, "Zones.Zone"),
    ],
    rules: &[listing::OUTPUT_FILE, Rule::Custom(products)],
    ..resource(
        "alicloud_zones",
        Service::Ecs,
        "The zones of the region in which instances can be made.",
    )
};

/// A zone.
static ZONE: &[Attribute] = &[
    string("id", "Its id.")
        .computed()
        .read(&ZONES_READ, "ZoneId"),
    string("local_name", "Its name.")
        .computed()
        .read(&ZONES_READ, "LocalName"),
    strings(
        "available_instance_types",
        "The instance types that it sells.",
    )
    .computed()
    .read(&ZONES_READ, "AvailableInstanceTypes.InstanceTypes"),
    strings("available_resource_creation", "What can be made there.")
        .computed()
        .read(&ZONES_READ, "AvailableResourceCreation.ResourceTypes"),
    strings(
        "available_disk_categories",
        "The kinds of disks that it sells.",
    )
    .computed()
    .read(&ZONES_READ, "AvailableDiskCategories.DiskCategories"),
    strings("multi_zone_ids", "Always empty.").computed(),
    strings("slb_slave_zone_ids", "Always empty.").computed(),
];

/// Warns of filters that other products would have to answer.
fn products(arguments: &Object) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(product) = listing::text(arguments, "available_resource_creation")
        && !["Instance", "VSwitch", "Disk", "IoOptimized", "Rds"].contains(&product)
    {
        problems.push(Problem {
            path: "available_resource_creation".to_owned(),
            summary: "Filter without effect".to_owned(),
            detail: format!(
                "Zones are those of instances and disks; whether they have {product} is not asked."
            ),
            hint: Some("Remove it, or use VSwitch.".to_owned()),
            warning: true,
        });
    }
    problems
}

fn read<'a>(context: Context<'a>, arguments: &'a Object) -> BoxFuture<'a, Result<Object, Failure>> {
    Box::pin(async move {
        let arguments = listing::with_defaults(&ZONES, arguments);
        let mut asked = listing::params(
            &arguments,
            &[
                ("instance_charge_type", "InstanceChargeType"),
                ("spot_strategy", "SpotStrategy"),
            ],
        );
        let all = listing::ask(context, Product::Ecs, ZONES_READ.action, asked.clone());
        asked.extend(listing::params(
            &arguments,
            &[("network_type", "NetworkCategory")],
        ));
        asked.push(("DestinationResource".to_owned(), "Zone".to_owned()));
        asked.push(("IoOptimized".to_owned(), "optimized".to_owned()));
        let sold = listing::ask(context, Product::Ecs, AVAILABLE.action, asked);
        let (all, sold) = futures::join!(all, sold);
        result(&arguments, &all?, &sold?)
    })
}

/// Keeps the zones that are open and have what is asked for.
fn result(arguments: &Object, all: &Json, sold: &Json) -> Result<Object, Failure> {
    let open: BTreeSet<&str> = items(sold, AVAILABLE.item)
        .into_iter()
        .filter(|zone| zone["Status"] != "SoldOut")
        .filter_map(|zone| zone["ZoneId"].as_str())
        .collect();
    let kept: BTreeMap<&str, &Json> = items(all, ZONES_READ.item)
        .into_iter()
        .filter_map(|zone| Some((zone["ZoneId"].as_str()?, zone)))
        .filter(|(id, _)| open.contains(id))
        .filter(|(_, zone)| {
            has(
                zone,
                "AvailableInstanceTypes.InstanceTypes",
                listing::text(arguments, "available_instance_type"),
            ) && has(
                zone,
                "AvailableDiskCategories.DiskCategories",
                disk_category(arguments),
            )
        })
        .collect();
    if kept.is_empty() {
        return Err(listing::refusal(
            "NoZone",
            "No zone of the region has what is asked for. Ask for another instance type or disk category, or use another region.".to_owned(),
        ));
    }
    let ids: Vec<String> = kept.keys().map(|id| (*id).to_owned()).collect();
    let details = arguments.get("enable_details").and_then(Value::as_bool) == Some(true);
    let shown: Vec<Json> = kept
        .values()
        .map(|zone| {
            if details {
                (*zone).clone()
            } else {
                json!({ "ZoneId": zone["ZoneId"] })
            }
        })
        .collect();
    let results = decode(&ZONES, &ZONES_READ, &json!({ "Zones": { "Zone": shown } }));
    Ok(listing::object(&ZONES, arguments, &ids, results))
}

fn disk_category(arguments: &Object) -> Option<&str> {
    listing::text(arguments, "available_disk_category").filter(|category| *category != "all")
}

/// Whether a zone has something at a path, and this thing if one is wanted.
fn has(zone: &Json, path: &str, wanted: Option<&str>) -> bool {
    let have = items(zone, path);
    !have.is_empty() && wanted.is_none_or(|wanted| have.iter().any(|one| *one == wanted))
}

#[cfg(test)]
mod tests;
