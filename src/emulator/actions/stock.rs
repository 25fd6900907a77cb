//! What is in stock, and what an account may still have.

use serde_json::{Value, json};

use super::Effect::Read;
use super::{Route, ecs};
use crate::emulator::catalog::{self, InstanceType, Region};
use crate::emulator::market::{Stock, charge_word};
use crate::emulator::reply::{Reply, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("DescribeAvailableResource", Read, available),
    ecs("DescribeResourcesModification", Read, modifications),
    ecs("DescribeAccountAttributes", Read, account),
];

/// What DescribeAvailableResource can be asked about.
const DESTINATIONS: &[&str] = &[
    "Zone",
    "IoOptimized",
    "InstanceType",
    "SystemDisk",
    "DataDisk",
    "Network",
    "ddh",
];

/// What is looked for in a zone.
struct Search<'a> {
    destination: &'a str,
    kind: Option<&'a str>,
    /// An instance type that there must be besides.
    cores: Option<i64>,
    memory: Option<f64>,
    charge: &'static str,
}

fn available(world: &mut World, request: &Request) -> Reply {
    let Some(region) = catalog::region(request.region_or_home()) else {
        return Err(invalid("RegionId"));
    };
    let destination = request.need("DestinationResource")?;
    let Some(destination) = DESTINATIONS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(destination))
    else {
        let text = "The specified DestinationResource is not valid.";
        return refuse(404, "Invalid.DestinationResource", text);
    };
    let charge_type = request.text_or("InstanceChargeType", "PostPaid");
    if !["PostPaid", "PrePaid"].contains(&charge_type.as_str()) {
        return Err(invalid("InstanceChargeType"));
    }
    let spot = request.text_or("SpotStrategy", "NoSpot");
    let search = Search {
        destination,
        kind: request.text("InstanceType"),
        cores: request.integer("Cores"),
        memory: request.number("Memory"),
        charge: charge_word(&charge_type, &spot),
    };
    let zones = region.zones.iter();
    let zones: Vec<Value> = zones
        .filter(|zone| super::wants(request.text("ZoneId"), zone))
        .map(|zone| show_zone(world, &search, region, zone))
        .collect();
    Ok(json!({ "AvailableZones": { "AvailableZone": zones } }))
}

fn show_zone(world: &World, search: &Search<'_>, region: &Region, zone: &str) -> Value {
    let found = supported(world, search, region, zone);
    let left = found.iter().any(|it| it["Status"] == "Available");
    let (status, category) = if left {
        Stock::Available.words()
    } else {
        Stock::SoldOut.words()
    };
    let resources = json!([{ "Type": search.destination, "SupportedResources": { "SupportedResource": found } }]);
    json!({
        "RegionId": region.id, "ZoneId": zone, "Status": status, "StatusCategory": category,
        "AvailableResources": { "AvailableResource": resources },
    })
}

fn show(value: &str, stock: Stock) -> Value {
    let (status, category) = stock.words();
    json!({ "Value": value, "Status": status, "StatusCategory": category })
}

fn supported(world: &World, search: &Search<'_>, region: &Region, zone: &str) -> Vec<Value> {
    let sold = |kind: &&InstanceType| catalog::sold(kind, &region.id, zone);
    let types = || catalog::all().instance_types.iter().filter(sold);
    match search.destination {
        "Zone" => vec![show(zone, Stock::Available)],
        "IoOptimized" => vec![show("optimized", Stock::Available)],
        "Network" => vec![show("vpc", Stock::Available)],
        "ddh" => Vec::new(),
        "InstanceType" => types()
            .filter(|kind| super::wants(search.kind, &kind.id))
            .filter(|kind| search.cores.is_none_or(|cores| kind.cpu == cores))
            .filter(|kind| {
                search
                    .memory
                    .is_none_or(|memory| (kind.memory - memory).abs() < 1e-9)
            })
            .map(|kind| show(&kind.id, world.market.stock(zone, &kind.id, search.charge)))
            .collect(),
        disk => {
            let known = |wanted: &str| types().any(|kind| kind.id == wanted);
            if !search.kind.is_none_or(known) {
                return Vec::new();
            }
            disks(world, search, zone, disk == "SystemDisk")
        }
    }
}

fn disks(world: &World, search: &Search<'_>, zone: &str, system: bool) -> Vec<Value> {
    catalog::all()
        .disk_categories
        .iter()
        .filter(|kind| !system || !["cloud", "ephemeral_ssd"].contains(&kind.id.as_str()))
        .map(|kind| {
            let (least, most) = match system {
                true => (kind.system_least, kind.system_most),
                false => (kind.data_least, kind.data_most),
            };
            let of = search.kind.unwrap_or_default();
            let stock = world.market.disk_stock(zone, of, search.charge, &kind.id);
            let mut shown = show(&kind.id, stock);
            shown["Min"] = json!(least);
            shown["Max"] = json!(most);
            shown["Unit"] = json!("GiB");
            shown
        })
        .collect()
}

/// What an instance can become.
fn modifications(world: &mut World, request: &Request) -> Reply {
    let destination = match request.need("DestinationResource")? {
        "InstanceType" => "InstanceType",
        "SystemDisk" => "SystemDisk",
        _ => {
            let text = "The specified DestinationResource is not valid.";
            return refuse(404, "Invalid.DestinationResource", text);
        }
    };
    if destination == "SystemDisk" {
        request.need("InstanceType")?;
    }
    let instance = world.instance(request.need("ResourceId")?)?.clone();
    let Some(region) = catalog::region(&instance.region) else {
        return Err(invalid("RegionId"));
    };
    let search = Search {
        destination,
        kind: request.text("InstanceType"),
        cores: request.integer("Cores"),
        memory: request.number("Memory"),
        charge: charge_word(&instance.charge_type, &instance.spot_strategy),
    };
    let zone = request.text_or("ZoneId", &instance.zone);
    let shown = show_zone(world, &search, region, &zone);
    Ok(json!({ "AvailableZones": { "AvailableZone": [shown] } }))
}

/// What an account may have, and what it has.
fn account(world: &mut World, request: &Request) -> Reply {
    if catalog::region(request.region_or_home()).is_none() {
        let text = "The specified RegionId does not exist.";
        return refuse(404, "InvalidRegionId.NotFound", text);
    }
    let names = request.list("AttributeName");
    if names.len() > 8 {
        return Err(invalid("AttributeName"));
    }
    let quotas = &world.quotas;
    let (vcpus, spot) = world.vcpus();
    let disks: i64 = world
        .disks
        .iter()
        .filter(|disk| disk.charge_type != "PrePaid")
        .map(|disk| disk.size)
        .sum();
    let values: &[(&str, String)] = &[
        ("instance-network-type", "vpc".to_owned()),
        ("max-security-groups", quotas.security_groups.to_string()),
        (
            "max-elastic-network-interfaces",
            quotas.interfaces.to_string(),
        ),
        ("max-postpaid-instance-vcpu-count", quotas.vcpus.to_string()),
        ("used-postpaid-instance-vcpu-count", vcpus.to_string()),
        (
            "max-spot-instance-vcpu-count",
            quotas.spot_vcpus.to_string(),
        ),
        ("used-spot-instance-vcpu-count", spot.to_string()),
        ("max-postpaid-yundisk-capacity", "229376".to_owned()),
        ("used-postpaid-yundisk-capacity", disks.to_string()),
        ("max-dedicated-hosts", "5".to_owned()),
        ("max-axt-command-count", "100".to_owned()),
        ("max-axt-invocation-daily", "5000".to_owned()),
        ("max-cloud-assistant-activation-count", "1000".to_owned()),
        ("real-name-authentication", "yes".to_owned()),
    ];
    let items: Vec<Value> = values
        .iter()
        .filter(|(name, _)| names.is_empty() || names.iter().any(|wanted| wanted == name))
        .map(|(name, value)| {
            json!({ "AttributeName": name, "AttributeValues": { "ValueItem": [{ "Value": value }] } })
        })
        .collect();
    Ok(json!({ "AccountAttributeItems": { "AccountAttributeItem": items } }))
}
