//! `alicloud_instance_types`: the instance types that are sold, with what they have.

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
static TYPES_READ: Read = read_one(
    "DescribeInstanceTypes",
    "InstanceTypes.1",
    "InstanceTypes.InstanceType",
);
const FOR_IMAGE: &str = "DescribeImageSupportInstanceTypes";

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &INSTANCE_TYPES,
    hooks: Hooks {
        data: Some(read),
        ..Hooks::NONE
    },
};

/// The instance types.
pub static INSTANCE_TYPES: ResourceType = ResourceType {
    read: &[&AVAILABLE, &TYPES_READ],
    attributes: &[
        objects::ID,
        string("availability_zone", "Only types that this zone sells."),
        string("instance_type_family", "Only types of this family.")
            .check(&[Check::Custom(instance::instance_type)])
            .example("ecs.g7"),
        int(
            "cpu_core_count",
            "Only types with so many virtual processors.",
        ),
        float("memory_size", "Only types with so many GiB of memory."),
        int("gpu_amount", "Only types with so many GPUs."),
        string("gpu_spec", "Only types with this GPU."),
        string("instance_charge_type", "How instances are paid for.")
            .default(Default::String("PostPaid"))
            .check(&[Check::OneOf(&["PrePaid", "PostPaid"])])
            .example("PostPaid"),
        string("network_type", "The kind of network.")
            .check(&[Check::OneOf(&["Vpc", "Classic"])])
            .example("Vpc"),
        string("instance_type", "Only this type."),
        string("spot_strategy", "How instances bid for spare capacity.")
            .default(Default::String("NoSpot"))
            .check(&[Check::OneOf(&[
                "NoSpot",
                "SpotAsPriceGo",
                "SpotWithPriceLimit",
            ])])
            .example("NoSpot"),
        int(
            "eni_amount",
            "Only types with at least so many network interfaces.",
        ),
        string("kubernetes_node_role", "Only types for such a node.")
            .check(&[Check::OneOf(&["Master", "Worker"])])
            .example("Worker"),
        boolean(
            "is_outdated",
            "Whether types are those without I/O optimization.",
        ),
        string("sorted_by", "What the types are sorted by.")
            .check(&[Check::OneOf(&["CPU", "Memory", "Price"])])
            .example("CPU"),
        string(
            "system_disk_category",
            "Only types that can have this system disk.",
        )
        .check(&[Check::OneOf(&[
            "cloud",
            "ephemeral_ssd",
            "cloud_essd",
            "cloud_efficiency",
            "cloud_ssd",
            "cloud_essd_entry",
            "cloud_auto",
        ])])
        .example("cloud_essd"),
        objects::OUTPUT_FILE,
        strings("ids", "The instance types.").computed(),
        string("image_id", "Only types that this image runs on."),
        int(
            "minimum_eni_ipv6_address_quantity",
            "IPv6 addresses per interface, at least.",
        ),
        int(
            "minimum_eni_private_ip_address_quantity",
            "Private addresses per interface, at least.",
        ),
        blocks(
            "instance_types",
            "The instance types.",
            TYPE,
            0,
            listing::MANY,
        )
        .computed()
        .read(&TYPES_READ, "InstanceTypes.InstanceType"),
    ],
    rules: &[listing::OUTPUT_FILE, Rule::Custom(price)],
    ..resource(
        "alicloud_instance_types",
        Service::Ecs,
        "The instance types that are sold in the region and fit.",
    )
};

const fn number(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    int(name, doc).computed().read(&TYPES_READ, field)
}

const fn words(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    map(name, doc).computed().read(&TYPES_READ, field)
}

/// An instance type. The maps and zones are put into the answer before it is decoded.
static TYPE: &[Attribute] = &[
    string("id", "Its name.")
        .computed()
        .read(&TYPES_READ, "InstanceTypeId"),
    number("cpu_core_count", "Virtual processors.", "CpuCoreCount"),
    float("memory_size", "Memory in GiB.")
        .computed()
        .read(&TYPES_READ, "MemorySize"),
    string("family", "Its family.")
        .computed()
        .read(&TYPES_READ, "InstanceTypeFamily"),
    string("price", "Always empty.").computed(),
    strings("availability_zones", "The zones that sell it, sorted.")
        .computed()
        .read(&TYPES_READ, "Zones"),
    words("gpu", "Its GPUs: amount, category.", "Gpu"),
    words(
        "burstable_instance",
        "Its credits: initial_credit, baseline_credit.",
        "Burstable",
    ),
    number("eni_amount", "Network interfaces.", "EniQuantity"),
    number("eni_quantity", "Network interfaces.", "EniQuantity"),
    number(
        "primary_eni_queue_number",
        "Queues of the primary interface.",
        "PrimaryEniQueueNumber",
    ),
    number(
        "secondary_eni_queue_number",
        "Queues of further interfaces.",
        "SecondaryEniQueueNumber",
    ),
    number(
        "eni_ipv6_address_quantity",
        "IPv6 addresses per interface.",
        "EniIpv6AddressQuantity",
    ),
    number(
        "maximum_queue_number_per_eni",
        "Queues per interface.",
        "MaximumQueueNumberPerEni",
    ),
    number(
        "total_eni_queue_quantity",
        "Queues of all interfaces.",
        "TotalEniQueueQuantity",
    ),
    number(
        "eni_private_ip_address_quantity",
        "Private addresses per interface.",
        "EniPrivateIpAddressQuantity",
    ),
    string("nvme_support", "Whether it has NVMe.")
        .computed()
        .read(&TYPES_READ, "NvmeSupport"),
    words(
        "local_storage",
        "Its local disks: capacity, amount, category.",
        "LocalStorage",
    ),
];

/// Prices are not asked for.
fn price(arguments: &Object) -> Vec<Problem> {
    if listing::text(arguments, "sorted_by") != Some("Price") {
        return Vec::new();
    }
    vec![Problem {
        path: "sorted_by".to_owned(),
        summary: "Not supported yet".to_owned(),
        detail: "Instance types cannot be sorted by price yet.".to_owned(),
        hint: Some("Sort by CPU or Memory.".to_owned()),
        warning: false,
    }]
}

fn read<'a>(context: Context<'a>, arguments: &'a Object) -> BoxFuture<'a, Result<Object, Failure>> {
    Box::pin(async move {
        let arguments = listing::with_defaults(&INSTANCE_TYPES, arguments);
        let sold = listing::ask(
            context,
            Product::Ecs,
            AVAILABLE.action,
            availability(&arguments),
        );
        let types = listing::chain(
            context,
            TYPES_READ.action,
            request(&arguments),
            TYPES_READ.item,
        );
        let (sold, types, image) = futures::join!(sold, types, for_image(context, &arguments));
        let sold = sold?;
        let zones = zones(&arguments, &sold)?;
        Ok(result(&arguments, types?, &zones, image?.as_ref()))
    })
}

/// The parameters of what is sold where.
fn availability(arguments: &Object) -> listing::Params {
    let mut params = listing::params(
        arguments,
        &[
            ("cpu_core_count", "Cores"),
            ("memory_size", "Memory"),
            ("instance_charge_type", "InstanceChargeType"),
            ("network_type", "NetworkCategory"),
            ("spot_strategy", "SpotStrategy"),
            ("system_disk_category", "SystemDiskCategory"),
        ],
    );
    let outdated = arguments.get("is_outdated").and_then(Value::as_bool) == Some(true);
    let optimized = if outdated { "none" } else { "optimized" };
    params.push(("IoOptimized".to_owned(), optimized.to_owned()));
    params.push(("DestinationResource".to_owned(), "InstanceType".to_owned()));
    params
}

/// The parameters of what there is.
fn request(arguments: &Object) -> listing::Params {
    let mut params = listing::params(
        arguments,
        &[
            ("instance_type_family", "InstanceTypeFamily"),
            ("gpu_spec", "GPUSpec"),
            ("instance_type", "InstanceTypes.1"),
            (
                "minimum_eni_ipv6_address_quantity",
                "MinimumEniIpv6AddressQuantity",
            ),
            (
                "minimum_eni_private_ip_address_quantity",
                "MinimumEniPrivateIpAddressQuantity",
            ),
        ],
    );
    params.push(("MaxResults".to_owned(), "1600".to_owned()));
    params
}

/// The types that an image runs on, when one is given.
async fn for_image(
    context: Context<'_>,
    arguments: &Object,
) -> Result<Option<BTreeSet<String>>, Failure> {
    let params = listing::params(arguments, &[("image_id", "ImageId")]);
    if params.is_empty() {
        return Ok(None);
    }
    let answer = listing::ask(context, Product::Ecs, FOR_IMAGE, params).await?;
    let names = items(&answer, TYPES_READ.item)
        .into_iter()
        .filter_map(|ty| Some(ty["InstanceTypeId"].as_str()?.to_owned()))
        .collect();
    Ok(Some(names))
}

/// Which zones sell a type: sorted.
type Zones<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn zones<'a>(arguments: &Object, sold: &'a Json) -> Result<Zones<'a>, Failure> {
    let wanted = listing::text(arguments, "availability_zone");
    let mut zones = Zones::new();
    let mut open = BTreeSet::new();
    for zone in items(sold, AVAILABLE.item) {
        let Some(id) = zone["ZoneId"]
            .as_str()
            .filter(|_| zone["Status"] != "SoldOut")
        else {
            continue;
        };
        open.insert(id);
        if wanted.is_some_and(|wanted| wanted != id) {
            continue;
        }
        for resource in items(zone, "AvailableResources.AvailableResource") {
            for supported in items(resource, "SupportedResources.SupportedResource") {
                if let Some(name) = supported["Value"].as_str()
                    && supported["Status"] != "SoldOut"
                {
                    zones.entry(name).or_default().insert(id);
                }
            }
        }
    }
    if let Some(wanted) = wanted.filter(|wanted| !open.contains(wanted)) {
        let open: Vec<&str> = open.into_iter().collect();
        let mut failure = listing::refusal(
            "ZoneNotAvailable",
            format!(
                "Zone {wanted} has none of these instance types. Zones that have: {}.",
                open.join(", ")
            ),
        );
        failure.attribute = Some("availability_zone".to_owned());
        return Err(failure);
    }
    Ok(zones)
}

/// Keeps and sorts the types that fit.
fn result(
    arguments: &Object,
    types: Vec<Json>,
    zones: &Zones<'_>,
    image: Option<&BTreeSet<String>>,
) -> Object {
    let name = |ty: &Json| ty["InstanceTypeId"].as_str().unwrap_or_default().to_owned();
    let mut kept: Vec<Json> = types
        .into_iter()
        .filter(|ty| image.is_none_or(|image| image.contains(&name(ty))))
        .filter(|ty| fits(arguments, ty))
        .filter_map(|ty| {
            let zones = zones.get(name(&ty).as_str())?;
            Some(shown(ty, zones))
        })
        .collect();
    match listing::text(arguments, "sorted_by") {
        Some("CPU") => kept.sort_by_key(|ty| ty["CpuCoreCount"].as_i64()),
        Some("Memory") => kept.sort_by(|a, b| memory(a).total_cmp(&memory(b))),
        _ => {}
    }
    let ids: Vec<String> = kept.iter().map(name).collect();
    let answer = json!({ "InstanceTypes": { "InstanceType": kept } });
    let results = decode(&INSTANCE_TYPES, &TYPES_READ, &answer);
    listing::object(&INSTANCE_TYPES, arguments, &ids, results)
}

fn memory(ty: &Json) -> f64 {
    ty["MemorySize"].as_f64().unwrap_or_default()
}

/// Whether a type passes the filters that the API does not have.
fn fits(arguments: &Object, ty: &Json) -> bool {
    let wanted = |name: &str| arguments.get(name).and_then(Value::as_int);
    let have = |name: &str| ty[name].as_i64().unwrap_or_default();
    let family = ty["InstanceTypeFamily"].as_str().unwrap_or_default();
    let memory_fits = match arguments.get("memory_size").map(Value::unmarked) {
        Some(Value::Number(wanted)) => (wanted.to_f64() - memory(ty)).abs() < 1e-9,
        _ => true,
    };
    let node = match listing::text(arguments, "kubernetes_node_role") {
        None => true,
        Some(role) => {
            let small = have("CpuCoreCount") < 2 || memory(ty) < 4.0;
            let gpu = role == "Master" && family.starts_with("ecs.gn");
            !small && family != "ecs.t5" && !gpu
        }
    };
    memory_fits
        && node
        && wanted("cpu_core_count").is_none_or(|count| have("CpuCoreCount") == count)
        && wanted("gpu_amount").is_none_or(|count| have("GPUAmount") == count)
        && wanted("eni_amount").is_none_or(|count| have("EniQuantity") >= count)
        && listing::text(arguments, "instance_type_family").is_none_or(|wanted| family == wanted)
        && listing::text(arguments, "gpu_spec").is_none_or(|wanted| ty["GPUSpec"] == wanted)
        && listing::text(arguments, "instance_type")
            .is_none_or(|wanted| ty["InstanceTypeId"] == wanted)
}

/// Adds the zones and the maps that the table reads.
fn shown(mut ty: Json, zones: &BTreeSet<&str>) -> Json {
    let word = |value: &Json| match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    };
    let or_zero = |value: &Json| {
        Some(word(value))
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| "0".to_owned())
    };
    ty["Gpu"] = json!({ "amount": or_zero(&ty["GPUAmount"]), "category": word(&ty["GPUSpec"]) });
    ty["Burstable"] = json!({
        "initial_credit": or_zero(&ty["InitialCredit"]),
        "baseline_credit": or_zero(&ty["BaselineCredit"]),
    });
    ty["LocalStorage"] = json!({
        "capacity": or_zero(&ty["LocalStorageCapacity"]),
        "amount": or_zero(&ty["LocalStorageAmount"]),
        "category": word(&ty["LocalStorageCategory"]),
    });
    ty["Zones"] = json!(zones);
    ty
}

#[cfg(test)]
mod tests;
