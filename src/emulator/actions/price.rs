//! What things cost: to buy, to renew, and to change.

use serde_json::{Value, json};

use super::Effect::Read;
use super::{Route, ecs};
use crate::emulator::catalog;
use crate::emulator::objects::Instance;
use crate::emulator::reply::{Refusal, Reply, refusal, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("DescribePrice", Read, price),
    ecs("DescribeRenewalPrice", Read, renewal),
    ecs("DescribeInstanceModificationPrice", Read, modification),
];

/// What is bought: each part with its price per hour.
type Parts = Vec<(&'static str, f64)>;

fn price(world: &mut World, request: &Request) -> Reply {
    let parts = match request.text("ResourceType").unwrap_or("instance") {
        "instance" => instance_parts(world, request)?,
        "disk" => {
            request.need("DataDisk.1.Category")?;
            request.need("DataDisk.1.Size")?;
            disk_parts(world, request)?
        }
        "bandwidth" => {
            let amount = request.integer("InternetMaxBandwidthOut").unwrap_or(0);
            vec![("bandwidth", world.market.bandwidth(amount))]
        }
        _ => return Err(invalid("ResourceType")),
    };
    let amount = request.integer("Amount").unwrap_or(1);
    if !(1..=1000).contains(&amount) {
        return Err(invalid("Amount"));
    }
    let term = Term::read(request, "Hour")?;
    let mut shown = answer(world, &parts, term, amount as f64);
    shown["PriceInfo"]["Price"]["ReservedInstanceHourPrice"] = json!(0.0);
    Ok(shown)
}

/// For how long.
#[derive(Clone, Copy)]
struct Term {
    hours: f64,
    discounted: bool,
}

impl Term {
    fn read(request: &Request, default: &str) -> Result<Self, Refusal> {
        let period = request.integer("Period").unwrap_or(1);
        let (hours, longest) = match request.text("PriceUnit").unwrap_or(default) {
            "Hour" => (1.0, 1),
            "Week" => (7.0 * 24.0, 4),
            "Month" => (30.0 * 24.0, 9),
            "Year" => (365.0 * 24.0, 5),
            _ => return Err(invalid("PriceUnit")),
        };
        if !(1..=longest).contains(&period) {
            return Err(invalid("Period"));
        }
        Ok(Self {
            hours: hours * period as f64,
            discounted: hours > 8000.0,
        })
    }
}

fn kind_of(id: Option<&str>) -> Result<&'static catalog::InstanceType, Refusal> {
    id.and_then(catalog::instance_type).ok_or_else(|| {
        let text = "The specified InstanceType does not exist or beyond the permitted range.";
        refusal(400, "InvalidInstanceType.ValueNotSupported", text)
    })
}

fn instance_parts(world: &World, request: &Request) -> Result<Parts, Refusal> {
    let kind = kind_of(request.text("InstanceType"))?;
    let image = match request.text("ImageId") {
        None => None,
        Some(id) => Some(world.image(request.region_or_home(), id).ok_or_else(|| {
            let text = "The specified ImageId does not exist.";
            refusal(404, "InvalidImageId.NotFound", text)
        })?),
    };
    let spot = request.text_or("SpotStrategy", "NoSpot") != "NoSpot";
    let market = &world.market;
    let hourly = if spot {
        market.spot(kind)
    } else {
        market.hourly(kind)
    };
    let mut parts = vec![("instanceType", hourly)];
    // The price of a system disk is told with an image only.
    if let Some(image) = image {
        let size = request.integer("SystemDisk.Size");
        let size = size.unwrap_or_else(|| image.size.max(40));
        let category = request.text_or("SystemDisk.Category", "cloud_efficiency");
        let level = request.text_or("SystemDisk.PerformanceLevel", "PL1");
        check_category(&category, "SystemDisk.Category")?;
        parts.push(("systemDisk", market.disk(&category, &level, size)));
    }
    parts.extend(disk_parts(world, request)?);
    let bandwidth = request.integer("InternetMaxBandwidthOut").unwrap_or(0);
    if bandwidth > 0 && request.text("InternetChargeType") == Some("PayByBandwidth") {
        parts.push(("bandwidth", market.bandwidth(bandwidth)));
    }
    Ok(parts)
}

fn check_category(category: &str, name: &str) -> Result<(), Refusal> {
    match catalog::disk_category(category) {
        Some(_) => Ok(()),
        None => Err(invalid(name)),
    }
}

fn disk_parts(world: &World, request: &Request) -> Result<Parts, Refusal> {
    let mut parts = Vec::new();
    for index in request.indices("DataDisk") {
        let name = |field: &str| format!("DataDisk.{index}.{field}");
        let category = request.text_or(&name("Category"), "cloud_efficiency");
        check_category(&category, &name("Category"))?;
        let level = request.text_or(&name("PerformanceLevel"), "PL1");
        let size = request.integer(&name("Size")).unwrap_or(0);
        parts.push(("dataDisk", world.market.disk(&category, &level, size)));
    }
    Ok(parts)
}

fn answer(world: &World, parts: &Parts, term: Term, amount: f64) -> Value {
    let round = |price: f64| (price * 1e5).round() / 1e5;
    let discount = if term.discounted {
        world.market.discount
    } else {
        0.0
    };
    let (mut original, mut taken) = (0.0, 0.0);
    let details: Vec<Value> = parts
        .iter()
        .map(|(resource, hourly)| {
            let full = round(hourly * term.hours * amount);
            let off = round(full * discount);
            original += full;
            taken += off;
            json!({
                "Resource": resource, "OriginalPrice": full, "DiscountPrice": off,
                "TradePrice": round(full - off), "SubRules": { "Rule": [] },
            })
        })
        .collect();
    json!({
        "PriceInfo": {
            "Price": {
                "Currency": world.market.currency, "OriginalPrice": round(original),
                "DiscountPrice": round(taken), "TradePrice": round(original - taken),
                "DetailInfos": { "DetailInfo": details },
            },
            "Rules": { "Rule": [] },
        },
    })
}

/// A subscription; anything else is not renewed, and pays for a change by the hour.
fn subscribed(world: &World, request: &Request, name: &str) -> Result<Instance, Refusal> {
    let instance = world.instance(request.need(name)?)?;
    if instance.charge_type != "PrePaid" {
        let text = "The operation is not permitted due to charge type of the instance.";
        return refuse(403, "ChargeTypeViolation", text);
    }
    Ok(instance.clone())
}

fn parts_of(world: &World, instance: &Instance) -> Result<Parts, Refusal> {
    let kind = kind_of(Some(&instance.instance_type))?;
    let mut parts = vec![("instanceType", world.market.hourly(kind))];
    for disk in world
        .disks
        .iter()
        .filter(|disk| disk.instance.as_deref() == Some(&instance.id))
    {
        let part = if disk.system {
            "systemDisk"
        } else {
            "dataDisk"
        };
        let price = world
            .market
            .disk(&disk.category, &disk.performance_level, disk.size);
        parts.push((part, price));
    }
    Ok(parts)
}

fn renewal(world: &mut World, request: &Request) -> Reply {
    if request.text_or("ResourceType", "instance") != "instance" {
        return Err(invalid("ResourceType"));
    }
    let instance = subscribed(world, request, "ResourceId")?;
    let parts = parts_of(world, &instance)?;
    if let Some(day) = request.integer("ExpectedRenewDay") {
        if !(1..=28).contains(&day) || request.text("Period").is_some() {
            return Err(invalid("ExpectedRenewDay"));
        }
        let hours = day as f64 * 24.0;
        let discounted = false;
        return Ok(answer(world, &parts, Term { hours, discounted }, 1.0));
    }
    let term = Term::read(request, "Month")?;
    Ok(answer(world, &parts, term, 1.0))
}

/// What is paid for the rest of the subscription.
fn modification(world: &mut World, request: &Request) -> Reply {
    let instance = subscribed(world, request, "InstanceId")?;
    let wanted = request.text("InstanceType");
    if wanted.is_none() && request.indices("DataDisk").is_empty() {
        let text = "You must specify at least one of InstanceType and DataDisk.";
        return refuse(400, "MissingParameter.InstanceTypeOrDataDisk", text);
    }
    let left = instance.expires.unwrap_or(world.now);
    let left = left.saturating_sub(world.now);
    let term = Term {
        hours: (left as f64 / 3_600_000.0).ceil(),
        discounted: false,
    };
    let mut parts = Parts::new();
    if let Some(wanted) = wanted {
        let (old, new) = (
            kind_of(Some(&instance.instance_type))?,
            kind_of(Some(wanted))?,
        );
        let more = world.market.hourly(new) - world.market.hourly(old);
        parts.push(("instanceType", more));
    }
    parts.extend(disk_parts(world, request)?);
    Ok(answer(world, &parts, term, 1.0))
}
