//! What is sold: regions, zones and instance types.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Effect::Read;
use super::{Route, bounded, ecs, slb, vpc};
use crate::emulator::catalog::{self, InstanceType, Region};
use crate::emulator::reply::Reply;
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("DescribeRegions", Read, regions),
    ecs("DescribeZones", Read, zones),
    ecs("DescribeInstanceTypes", Read, instance_types),
    ecs("DescribeInstanceTypeFamilies", Read, families),
    vpc("DescribeRegions", Read, regions),
    vpc("DescribeZones", Read, vpc_zones),
    vpc("ListEnhanhcedNatGatewayAvailableZones", Read, nat_zones),
    slb("DescribeRegions", Read, regions),
];

fn local_name<'a>(request: &Request, region: &'a Region) -> &'a str {
    let english = request
        .text("AcceptLanguage")
        .is_some_and(|it| it.starts_with("en"));
    if english {
        &region.name_en
    } else {
        &region.name
    }
}

fn regions(_: &mut World, request: &Request) -> Reply {
    let regions: Vec<Value> = catalog::all()
        .regions
        .iter()
        .map(|region| {
            let mut shown = json!({
                "RegionId": region.id,
                "LocalName": local_name(request, region),
                "RegionEndpoint": format!("{}.{}.aliyuncs.com", request.product, region.id),
            });
            if request.product == "ecs" {
                shown["Status"] = json!("available");
            }
            shown
        })
        .collect();
    Ok(json!({ "Regions": { "Region": regions } }))
}

fn region_of(request: &Request) -> Option<&'static Region> {
    catalog::region(request.region_or_home())
}

fn zone_name(region: &Region, zone: &str) -> String {
    let letter = zone.chars().last().unwrap_or('a').to_ascii_uppercase();
    format!("{} 可用区{letter}", region.name)
}

fn disk_names() -> Vec<&'static str> {
    catalog::all()
        .disk_categories
        .iter()
        .map(|kind| kind.id.as_str())
        .collect()
}

fn types_in(region: &Region, zone: &str) -> Vec<&'static InstanceType> {
    catalog::all()
        .instance_types
        .iter()
        .filter(|kind| catalog::sold(kind, &region.id, zone))
        .collect()
}

fn zones(_: &mut World, request: &Request) -> Reply {
    let Some(region) = region_of(request) else {
        return Err(invalid("RegionId"));
    };
    let verbose = request.boolean("Verbose").unwrap_or(true);
    let zones: Vec<Value> = region
        .zones
        .iter()
        .map(|zone| {
            let types: Vec<&str> = types_in(region, zone)
                .iter()
                .map(|kind| kind.id.as_str())
                .collect();
            let families: BTreeSet<&str> = types_in(region, zone)
                .iter()
                .map(|kind| kind.family.as_str())
                .collect();
            let info = json!([{
                "IoOptimized": true,
                "InstanceTypes": { "supportedInstanceType": types },
                "InstanceTypeFamilies": { "supportedInstanceTypeFamily": families },
                "InstanceGenerations": { "supportedInstanceGeneration": ["ecs-6"] },
                "SystemDiskCategories": { "supportedSystemDiskCategory": disk_names() },
                "DataDiskCategories": { "supportedDataDiskCategory": disk_names() },
                "NetworkTypes": { "supportedNetworkCategory": ["vpc"] },
            }]);
            let types = if verbose { types } else { Vec::new() };
            json!({
                "ZoneId": zone,
                "LocalName": zone_name(region, zone),
                "ZoneType": "AvailabilityZone",
                "AvailableResourceCreation": {
                    "ResourceTypes": ["VSwitch", "IoOptimized", "Instance", "Disk"],
                },
                "AvailableDiskCategories": { "DiskCategories": disk_names() },
                "AvailableInstanceTypes": { "InstanceTypes": types },
                "AvailableVolumeCategories": { "VolumeCategories": [] },
                "AvailableDedicatedHostTypes": { "DedicatedHostType": [] },
                "DedicatedHostGenerations": { "DedicatedHostGeneration": [] },
                "AvailableResources": { "ResourcesInfo": if verbose { info } else { json!([]) } },
            })
        })
        .collect();
    Ok(json!({ "Zones": { "Zone": zones } }))
}

/// Where enhanced NAT gateways are sold: in every zone.
fn nat_zones(_: &mut World, request: &Request) -> Reply {
    let Some(region) = region_of(request) else {
        return Err(invalid("RegionId"));
    };
    let show = |zone: &String| json!({ "ZoneId": zone, "LocalName": zone_name(region, zone) });
    Ok(json!({ "Zones": region.zones.iter().map(show).collect::<Vec<_>>() }))
}

fn vpc_zones(_: &mut World, request: &Request) -> Reply {
    let Some(region) = region_of(request) else {
        return Err(invalid("RegionId"));
    };
    let show = |zone: &String| json!({ "ZoneId": zone, "LocalName": zone_name(region, zone), "ZoneType": "" });
    Ok(json!({ "Zones": { "Zone": region.zones.iter().map(show).collect::<Vec<_>>() } }))
}

fn instance_types(_: &mut World, request: &Request) -> Reply {
    let ids = request.list("InstanceTypes");
    let families = request.list("InstanceTypeFamilies");
    let between = |least: &str, most: &str, have: f64| {
        request.number(least).is_none_or(|least| have >= least)
            && request.number(most).is_none_or(|most| have <= most)
    };
    let found: Vec<&InstanceType> = catalog::all()
        .instance_types
        .iter()
        .filter(|kind| {
            (ids.is_empty() || ids.contains(&kind.id))
                && (families.is_empty() || families.contains(&kind.family))
                && super::wants(request.text("InstanceTypeFamily"), &kind.family)
                && super::wants(request.text("CpuArchitecture"), &kind.architecture)
                && super::wants(request.text("GPUSpec"), &kind.gpu)
                && between(
                    "MinimumCpuCoreCount",
                    "MaximumCpuCoreCount",
                    kind.cpu as f64,
                )
                && between("MinimumMemorySize", "MaximumMemorySize", kind.memory)
                && between("MinimumGPUAmount", "MaximumGPUAmount", kind.gpus as f64)
                && between("MinimumEniQuantity", "", kind.interfaces as f64)
        })
        .collect();
    let size = bounded(request, "MaxResults", 1600, 1600)?;
    let start = request.text("NextToken").map_or(Ok(0), |token| {
        token.parse::<usize>().map_err(|_| invalid("NextToken"))
    })?;
    let size = usize::try_from(size).unwrap_or(1600);
    let next = if start + size < found.len() {
        (start + size).to_string()
    } else {
        String::new()
    };
    let shown: Vec<Value> = found
        .iter()
        .skip(start)
        .take(size)
        .map(|kind| show_type(kind))
        .collect();
    Ok(json!({ "NextToken": next, "InstanceTypes": { "InstanceType": shown } }))
}

fn level(kind: &InstanceType) -> &'static str {
    match kind.family.as_str() {
        "ecs.t5" | "ecs.t6" => "CreditEntryLevel",
        "ecs.n4" | "ecs.mn4" | "ecs.e4" | "ecs.xn4" | "ecs.s6" | "ecs.e" => "EntryLevel",
        _ => "EnterpriseLevel",
    }
}

fn category(kind: &InstanceType) -> &'static str {
    match (kind.gpus > 0, kind.memory / kind.cpu as f64) {
        (true, _) => "GPU-accelerated computing instance",
        (_, ratio) if ratio >= 8.0 => "Memory-optimized",
        (_, ratio) if ratio >= 4.0 => "General-purpose",
        _ => "Compute-optimized",
    }
}

fn show_type(kind: &InstanceType) -> Value {
    json!({
        "InstanceTypeId": kind.id,
        "InstanceTypeFamily": kind.family,
        "InstanceFamilyLevel": level(kind),
        "InstanceCategory": category(kind),
        "CpuCoreCount": kind.cpu,
        "CpuArchitecture": kind.architecture,
        "CpuSpeedFrequency": 2.5,
        "CpuTurboFrequency": 3.2,
        "MemorySize": kind.memory,
        "GPUAmount": kind.gpus,
        "GPUSpec": kind.gpu,
        "GPUMemorySize": 0.0,
        "EniQuantity": kind.interfaces,
        "EniTotalQuantity": kind.interfaces,
        "EniPrivateIpAddressQuantity": kind.addresses,
        "EniIpv6AddressQuantity": kind.addresses,
        "EniTrunkSupported": false,
        "DiskQuantity": 17,
        "InstanceBandwidthRx": kind.cpu * 512_000,
        "InstanceBandwidthTx": kind.cpu * 512_000,
        "InstancePpsRx": kind.cpu * 150_000,
        "InstancePpsTx": kind.cpu * 150_000,
        "PrimaryEniQueueNumber": kind.cpu.min(8),
        "SecondaryEniQueueNumber": kind.cpu.min(8),
        "MaximumQueueNumberPerEni": kind.cpu.min(8),
        "TotalEniQueueQuantity": kind.cpu.min(8) * kind.interfaces,
        "LocalStorageAmount": 0,
        "LocalStorageCapacity": 0,
        "LocalStorageCategory": "",
        "BaselineCredit": if catalog::is_burstable(kind) { 10 * kind.cpu } else { 0 },
        "InitialCredit": if catalog::is_burstable(kind) { 30 * kind.cpu } else { 0 },
        "NvmeSupport": "unsupported",
        "NetworkCardQuantity": 1,
        "NetworkCards": { "NetworkCardInfo": [] },
        "SupportedBootModes": { "SupportedBootMode": ["BIOS"] },
        "JumboFrameSupport": false,
    })
}

fn families(_: &mut World, request: &Request) -> Reply {
    let generation = |kind: &InstanceType| match catalog::is_retired(kind) {
        true => "ecs-3",
        false => "ecs-6",
    };
    let found: BTreeSet<(&str, &str)> = catalog::all()
        .instance_types
        .iter()
        .map(|kind| (kind.family.as_str(), generation(kind)))
        .filter(|(_, generation)| super::wants(request.text("Generation"), generation))
        .collect();
    let shown: Vec<Value> = found
        .iter()
        .map(|(family, generation)| {
            json!({ "InstanceTypeFamilyId": family, "Generation": generation })
        })
        .collect();
    Ok(json!({ "InstanceTypeFamilies": { "InstanceTypeFamily": shown } }))
}
