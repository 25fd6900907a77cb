//! `alicloud_instances`: the instances of the region.

use std::collections::HashMap;

use futures::future::{BoxFuture, join_all};
use serde_json::{Value as Json, json};

use super::listing::{
    self, Pages,
    objects::{self, Listing, field},
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

static LIST: Read = Read {
    action: "DescribeInstances",
    ids: Ids::Json("InstanceIds", 100),
    item: "Instances.Instance",
};
static ROLES: Read = Read {
    action: "DescribeInstanceRamRole",
    ids: Ids::Json("InstanceIds", 50),
    item: "InstanceRamRoleSets.InstanceRamRoleSet",
};
static DISKS: Read = read_one("DescribeDisks", "InstanceId", "Disks.Disk");

/// Up to so many instances, the disks of each are asked for; of more, all disks of the region are listed.
const FEW: usize = 10;

static LISTING: Listing = Listing {
    ty: &INSTANCES,
    pages: Pages {
        product: Product::Ecs,
        read: &LIST,
        size: 100,
    },
    id: "InstanceId",
    name: "InstanceName",
    sent: &[
        ("instance_name", "InstanceName"),
        ("image_id", "ImageId"),
        ("resource_group_id", "ResourceGroupId"),
        ("status", "Status"),
        ("vpc_id", "VpcId"),
        ("vswitch_id", "VSwitchId"),
        ("availability_zone", "ZoneId"),
    ],
    equal: &[],
    complete: Some(complete),
};

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &INSTANCES,
    hooks: Hooks {
        data: Some(|context, arguments| objects::read(context, &LISTING, arguments)),
        ..Hooks::NONE
    },
};

/// The instances.
pub static INSTANCES: ResourceType = ResourceType {
    read: &[&LIST, &ROLES, &DISKS],
    rules: &[listing::OUTPUT_FILE, Rule::Custom(role_in_details)],
    attributes: &[
        objects::ID,
        objects::IDS.check(&[Check::Custom(at_least_one)]),
        objects::NAME_REGEX,
        string(
            "instance_name",
            "Only instances of this name, in which * stands for anything.",
        )
        .example("web-*"),
        string("image_id", "Only instances of this image.")
            .example("aliyun_3_x64_20G_alibase_20240819.vhd"),
        objects::RESOURCE_GROUP,
        string("status", "Only instances in this state.")
            .check(&[Check::OneOf(&[
                "Running", "Stopped", "Creating", "Pending", "Starting", "Stopping",
            ])])
            .wire(Wire::Words(&[("Creating", "Pending")]))
            .example("Running"),
        string("vpc_id", "Only instances of this VPC.").example("vpc-bp1opxu1zkhn00gzv26cn"),
        string("vswitch_id", "Only instances of this vSwitch."),
        string("availability_zone", "Only instances of this zone.").example("cn-hangzhou-i"),
        string(
            "ram_role_name",
            "Only instances that act in this RAM role; needs enable_details.",
        ),
        objects::TAGS,
        objects::OUTPUT_FILE,
        objects::PAGE_NUMBER,
        int("page_size", "How much is on that page: up to 100.")
            .check(&[Check::Range(1, 100)])
            .example("100"),
        objects::NAMES,
        blocks("instances", "The instances.", INSTANCE, 0, listing::MANY)
            .computed()
            .read(&LIST, LIST.item),
        objects::TOTAL_COUNT,
        objects::DETAILS.default(Default::Bool(true)),
    ],
    ..objects::source(
        "alicloud_instances",
        Service::Ecs,
        "The instances of the region.",
    )
};

const fn text(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    string(name, doc).computed().read(&LIST, field)
}

const fn number(name: &'static str, doc: &'static str, field: &'static str) -> Attribute {
    int(name, doc).computed().read(&LIST, field)
}

/// An instance.
static INSTANCE: &[Attribute] = &[
    text("id", "Its id.", "InstanceId"),
    text("name", "Its name.", "InstanceName"),
    text("description", "Its description.", "Description"),
    text("status", "Its state.", "Status"),
    text("instance_type", "Its hardware.", "InstanceType"),
    text("image_id", "Its image.", "ImageId"),
    text("region_id", "The region that it is in.", "RegionId"),
    text("availability_zone", "The zone that it is in.", "ZoneId"),
    text("vpc_id", "The VPC that it is in.", "VpcAttributes.VpcId"),
    text(
        "vswitch_id",
        "The vSwitch that it is in.",
        "VpcAttributes.VSwitchId",
    ),
    text("private_ip", "Its private address.", "PrivateIp"),
    text(
        "public_ip",
        "Its public address: its own, or that of its EIP.",
        "PublicIp",
    ),
    text(
        "eip",
        "The elastic address bound to it.",
        "EipAddress.IpAddress",
    ),
    strings("security_groups", "The security groups that it is in.")
        .computed()
        .read(&LIST, "SecurityGroupIds.SecurityGroupId"),
    text("key_name", "Its key pair.", "KeyPairName"),
    text(
        "ram_role_name",
        "The RAM role that it acts in; needs enable_details.",
        "RamRoleName",
    ),
    text(
        "resource_group_id",
        "Its resource group.",
        "ResourceGroupId",
    ),
    text("creation_time", "When it was made.", "CreationTime"),
    text(
        "instance_charge_type",
        "How it is paid for.",
        "InstanceChargeType",
    ),
    text(
        "internet_charge_type",
        "How public traffic is paid for.",
        "InternetChargeType",
    ),
    number(
        "internet_max_bandwidth_out",
        "Its outbound public bandwidth in Mbit/s.",
        "InternetMaxBandwidthOut",
    ),
    text(
        "spot_strategy",
        "How it bids for spare capacity.",
        "SpotStrategy",
    ),
    blocks(
        "disk_device_mappings",
        "Its disks; needs enable_details.",
        MAPPING,
        0,
        listing::MANY,
    )
    .computed()
    .read(&LIST, "Disks"),
    map("tags", "Its labels.")
        .computed()
        .read(&LIST, "Tags.Tag")
        .wire(Wire::Tags),
];

/// A disk of an instance.
static MAPPING: &[Attribute] = &[
    text("device", "Where it is mounted.", "Device"),
    number("size", "Its size in GiB.", "Size"),
    text("category", "Its kind.", "Category"),
    text("type", "`system` or `data`.", "Type"),
    text("disk_id", "Its id.", "DiskId"),
    text("disk_name", "Its name.", "DiskName"),
];

fn at_least_one(ids: &Value) -> Result<(), String> {
    match ids.as_list() {
        Some([]) => Err("It must have at least one id; leave it out to ask for all.".to_owned()),
        _ => Ok(()),
    }
}

/// Without details nobody is asked for roles.
fn role_in_details(arguments: &Object) -> Vec<Problem> {
    let details = arguments.get("enable_details").and_then(Value::as_bool);
    if details != Some(false) || is_unset(arguments, "ram_role_name") {
        return Vec::new();
    }
    vec![Problem {
        path: "ram_role_name".to_owned(),
        summary: "Filter without effect".to_owned(),
        detail: "Roles are read only with enable_details, which is false here.".to_owned(),
        hint: Some("Remove enable_details = false, or ram_role_name.".to_owned()),
        warning: false,
    }]
}

/// Chooses the addresses, and adds roles and disks where details are wanted.
fn complete<'a>(
    context: Context<'a>,
    arguments: &'a Object,
    mut found: Vec<Json>,
) -> BoxFuture<'a, Result<Vec<Json>, Failure>> {
    Box::pin(async move {
        for instance in &mut found {
            let first = |paths: [&str; 2]| {
                let texts = paths.map(|path| at(instance, path).and_then(first_text));
                texts.into_iter().flatten().next()
            };
            let private = first([
                "InnerIpAddress.IpAddress",
                "VpcAttributes.PrivateIpAddress.IpAddress",
            ]);
            let public = first(["PublicIpAddress.IpAddress", "EipAddress.IpAddress"]);
            instance["PrivateIp"] = json!(private);
            instance["PublicIp"] = json!(public);
        }
        if objects::detailed(arguments) && !found.is_empty() {
            let (roles, disks) = futures::join!(roles(context, &found), disks(context, &found));
            let (roles, disks) = (roles?, disks?);
            for instance in &mut found {
                let id = field(instance, "InstanceId").to_owned();
                instance["RamRoleName"] = json!(roles.get(&id));
                instance["Disks"] = json!(disks.get(&id));
            }
        }
        if let Some(role) = listing::text(arguments, "ram_role_name") {
            found.retain(|instance| field(instance, "RamRoleName") == role);
        }
        Ok(found)
    })
}

/// The text, or the first of a list of texts.
fn first_text(value: &Json) -> Option<String> {
    let text = value.as_array().map_or(Some(value), |list| list.first())?;
    let text = text.as_str().filter(|text| !text.is_empty())?;
    Some(text.to_owned())
}

/// Reads the role of each instance that has one.
async fn roles(context: Context<'_>, found: &[Json]) -> Result<HashMap<String, String>, Failure> {
    let pages = Pages {
        read: &ROLES,
        size: 50,
        ..LISTING.pages
    };
    let calls = found.chunks(50).map(|some| {
        let ids: Vec<&str> = some.iter().map(|one| field(one, "InstanceId")).collect();
        let ids = Json::from(ids).to_string();
        pages.all(context, vec![("InstanceIds".to_owned(), ids)])
    });
    let mut roles = HashMap::new();
    for answer in join_all(calls).await {
        for one in answer?.items {
            let (id, role) = (field(&one, "InstanceId"), field(&one, "RamRoleName"));
            roles.insert(id.to_owned(), role.to_owned());
        }
    }
    Ok(roles)
}

/// Reads the disks by their instances.
async fn disks(
    context: Context<'_>,
    found: &[Json],
) -> Result<HashMap<String, Vec<Json>>, Failure> {
    let pages = Pages {
        read: &DISKS,
        ..LISTING.pages
    };
    let asked: Vec<listing::Params> = if found.len() > FEW {
        vec![Vec::new()]
    } else {
        let of = |one| vec![("InstanceId".to_owned(), field(one, "InstanceId").to_owned())];
        found.iter().map(of).collect()
    };
    let calls = asked.into_iter().map(|params| pages.all(context, params));
    let mut disks: HashMap<String, Vec<Json>> = HashMap::new();
    for answer in join_all(calls).await {
        for disk in answer?.items {
            let of = field(&disk, "InstanceId").to_owned();
            disks.entry(of).or_default().push(disk);
        }
    }
    Ok(disks)
}
