//! What an order for instances says, read and checked against the rules of the documents.

use std::net::Ipv4Addr;

use serde_json::json;

use super::charge::{read_bandwidth, read_charge};
use super::disks;
use super::login::{check_older_rules, check_user_data, read_login, read_names};
use super::network::{self, Place};
use crate::emulator::actions::deployment_set;
use crate::emulator::catalog::{self, Image, InstanceType};
use crate::emulator::market::{Stock, charge_word};
use crate::emulator::objects::{self, Course, Disk, Instance, Interface, VSwitch};
use crate::emulator::reply::{Refusal, refusal, refuse};
use crate::emulator::request::{Request, invalid, missing};
use crate::emulator::world::{DEFAULT_GROUP, World};

/// Settings kept as they are given and shown again.
const SETTINGS: &[&str] = &[
    "AdditionalInfo.EnableHighDensityMode",
    "AdditionalInfo.NodeSerialNumber",
    "Affinity",
    "ClusterId",
    "CpuOptions.Core",
    "CpuOptions.Numa",
    "CpuOptions.ThreadsPerCore",
    "CpuOptions.TopologyType",
    "HibernationOptions.Configured",
    "HttpEndpoint",
    "HttpPutResponseHopLimit",
    "HttpTokens",
    "ImageOptions.LoginAsNonRoot",
    "InnerIpAddress",
    "NetworkOptions.EnableJumboFrame",
    "PrivatePoolOptions.Id",
    "PrivatePoolOptions.MatchCriteria",
    "Tenancy",
    "VlanId",
];

/// An order for instances.
pub(in crate::emulator::actions) struct Order {
    pub(super) instance: Instance,
    pub(super) address: Option<Ipv4Addr>,
    pub(super) public: bool,
    pub(super) disks: Vec<Disk>,
    pub(super) primary: Interface,
    pub(super) secondary: Vec<Interface>,
    pub(super) ipv6_count: usize,
    pub(super) ipv6: Vec<String>,
    pub(super) vswitch: VSwitch,
    limited: bool,
}

impl Order {
    /// Reads an order. `run` is for RunInstances, whose document is newer.
    pub(super) fn read(world: &World, request: &Request, run: bool) -> Result<Self, Refusal> {
        let kind = read_type(request)?;
        let image = read_image(world, request)?;
        check_fit(kind, image)?;
        let io_optimized = read_io(request, kind)?;
        let Place {
            vswitch,
            primary,
            secondary,
            address,
            ipv6,
            ipv6_count,
        } = network::read(world, request, run)?;
        check_stock(world, request, kind, &vswitch)?;
        check_elsewhere(request)?;
        let mut instance = Instance {
            region: vswitch.region.clone(),
            zone: vswitch.zone.clone(),
            vpc: vswitch.vpc.clone(),
            vswitch: vswitch.id.clone(),
            groups: primary.groups.clone(),
            image: image.id.clone(),
            instance_type: kind.id.clone(),
            io_optimized,
            resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
            deletion_protection: request.flag("DeletionProtection"),
            deployment_set: request.owned("DeploymentSetId"),
            dedicated_host: request.owned("DedicatedHostId"),
            hpc_cluster: request.owned("HpcClusterId"),
            deployment_group: request.integer("DeploymentSetGroupNo"),
            stopped_mode: "Not-applicable".to_owned(),
            tags: request.tags()?,
            ..Instance::default()
        };
        read_names(request, image, &mut instance)?;
        read_login(world, request, image, &mut instance)?;
        if !run {
            check_older_rules(request, &instance)?;
        }
        read_charge(world, request, kind, run, &mut instance)?;
        read_bandwidth(request, &mut instance)?;
        read_details(request, kind, &mut instance)?;
        let disks = disks::read(world, request, image, &instance, run)?;
        if !(0..=10).contains(&ipv6_count) || ipv6.len() > 10 {
            return Err(invalid("Ipv6AddressCount"));
        }
        if (!ipv6.is_empty() || ipv6_count > 0) && vswitch.ipv6.is_none() {
            let text = "The specified VSwitch does not support IPv6.";
            return refuse(400, "InvalidVSwitchId.Ipv6NotTurnOn", text);
        }
        let order = Self {
            public: run && instance.bandwidth_out > 0,
            ipv6_count: usize::try_from(ipv6_count).unwrap_or(0),
            limited: instance.charge_type == "PostPaid",
            instance,
            address,
            disks,
            primary,
            secondary,
            ipv6,
            vswitch,
        };
        Ok(order)
    }

    /// Whether so many instances fit in the account, the groups and the vSwitch.
    pub(super) fn check_room(&self, world: &World, count: usize) -> Result<(), Refusal> {
        if self.limited && world.instances.count() + count > world.quotas.instances {
            let text = "The maximum number of Pay-As-You-Go instances is exceeded.";
            return refuse(400, "QuotaExceed.AfterpayInstance", text);
        }
        self.check_vcpus(world, count)?;
        if !self.instance.deployment_set.is_empty() {
            let set = (
                self.instance.deployment_set.as_str(),
                self.instance.region.as_str(),
            );
            deployment_set::check_room(world, set, &self.instance.zone, count)?;
        }
        let full =
            |group: &String| world.member_count(group) + count > world.quotas.addresses_per_group;
        if self.primary.groups.iter().any(full) {
            let text = "The maximum number of instances in a security group is exceeded.";
            return refuse(403, "SecurityGroupInstanceLimitExceed", text);
        }
        if world.addresses_free(&self.vswitch) < count * (1 + self.secondary.len()) {
            let text = "Don't have enough private IPs in this switch.";
            return refuse(400, "QuotaExceeded.PrivateIpAddress", text);
        }
        Ok(())
    }

    fn check_vcpus(&self, world: &World, count: usize) -> Result<(), Refusal> {
        const LARGEST: usize = 32;
        let charge = charge_word(&self.instance.charge_type, &self.instance.spot_strategy);
        let quota = match charge {
            "PostPaid" => world.quotas.vcpus,
            "Spot" => world.quotas.spot_vcpus,
            _ => return Ok(()),
        };
        // Counting them takes long where there are many.
        if (world.instances.count() + count) * LARGEST <= quota {
            return Ok(());
        }
        let used = match (charge, world.vcpus()) {
            ("Spot", (_, spot)) => spot,
            (_, (plain, _)) => plain,
        };
        let kind = catalog::instance_type(&self.instance.instance_type);
        let more = kind.map_or(0, |kind| kind.cpu) * i64::try_from(count).unwrap_or(i64::MAX);
        if used.saturating_add(more) > i64::try_from(quota).unwrap_or(i64::MAX) {
            let text =
                "The number of vCPUs of this instance type exceeds the quota of the account.";
            return refuse(403, "QuotaExceed.ElasticQuota", text);
        }
        Ok(())
    }

    /// Makes the disks of one instance.
    pub(super) fn disks(&self, world: &mut World, instance: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for template in &self.disks {
            let id = world.new_id("d", &self.instance.region);
            let disk = Disk {
                id: id.clone(),
                instance: Some(instance.to_owned()),
                created: world.now,
                attached: Some(world.now),
                course: Course::new(world.now, "In_use"),
                ..template.clone()
            };
            world.disks.insert(disk, world.now);
            ids.push(id);
        }
        ids
    }
}

fn read_type(request: &Request) -> Result<&'static InstanceType, Refusal> {
    catalog::instance_type(request.need("InstanceType")?).ok_or_else(|| {
        let text = "The specified InstanceType does not exist or beyond the permitted range.";
        refusal(400, "InvalidInstanceType.ValueNotSupported", text)
    })
}

fn read_image<'a>(world: &'a World, request: &Request) -> Result<&'a Image, Refusal> {
    let not_found = || {
        refusal(
            404,
            "InvalidImageId.NotFound",
            "The specified ImageId does not exist.",
        )
    };
    if let (None, Some(family)) = (request.text("ImageId"), request.text("ImageFamily")) {
        let region = request.region_or_home();
        let of_family = |own: &&objects::Image| own.family == family && own.region == region;
        let own = world.images.iter().filter(of_family).last();
        if let Some(own) = own.and_then(|own| world.image(region, &own.id)) {
            return Ok(own);
        }
        let images = catalog::all().images.iter();
        let newest = images
            .filter(|image| crate::emulator::actions::image::family(image) == family)
            .max_by(|left, right| left.id.rsplit('_').next().cmp(&right.id.rsplit('_').next()));
        return newest.ok_or_else(not_found);
    }
    let id = request.need("ImageId")?;
    world
        .image(request.region_or_home(), id)
        .ok_or_else(not_found)
}

/// Whether an image runs on an instance type.
pub(in crate::emulator::actions) fn check_fit(
    kind: &InstanceType,
    image: &Image,
) -> Result<(), Refusal> {
    let arm = kind.architecture == "ARM";
    if arm != (image.architecture == "arm64") {
        let text = "The specified image does not support the architecture of the instance type.";
        return refuse(403, "InvalidParameter.NotMatch", text);
    }
    let little = kind.memory <= 0.5 && image.os_type == "windows" && !image.id.contains("1709");
    let large = kind.memory > 4.0 && image.architecture == "i386";
    if little || large {
        let text = "The specified image does not support the memory of the instance type.";
        return refuse(400, "InvalidInstanceType.ValueNotSupported", text);
    }
    Ok(())
}

fn read_io(request: &Request, kind: &InstanceType) -> Result<bool, Refusal> {
    let retired = catalog::is_retired(kind);
    match request
        .text_or("IoOptimized", if retired { "none" } else { "optimized" })
        .as_str()
    {
        "optimized" | "true" => Ok(true),
        "none" | "false" if retired => Ok(false),
        "none" | "false" => {
            let text = "The specified InstanceType only supports IoOptimized Instance.";
            refuse(400, "InvalidInstanceType.ValueNotSupported", text)
        }
        _ => {
            let text = "The specified parameter \"IoOptimized\" is not valid.";
            refuse(400, "InvalidParameter", text)
        }
    }
}

fn check_stock(
    world: &World,
    request: &Request,
    kind: &InstanceType,
    vswitch: &VSwitch,
) -> Result<(), Refusal> {
    let charge = charge_word(
        request.text("InstanceChargeType").unwrap_or_default(),
        request.text("SpotStrategy").unwrap_or_default(),
    );
    let (zone, market) = (&vswitch.zone, &world.market);
    let disks = request.indices("DataDisk").into_iter();
    let disks = disks.map(|index| format!("DataDisk.{index}.Category"));
    let disks = disks.chain(["SystemDisk.Category".to_owned()]);
    let mut disks = disks.filter_map(|name| request.text(&name));
    let gone = market.stock(zone, &kind.id, charge) == Stock::SoldOut
        || disks.any(|disk| market.disk_stock(zone, &kind.id, charge, disk) == Stock::SoldOut);
    if !gone && catalog::sold(kind, &vswitch.region, zone) {
        return Ok(());
    }
    let text = "The requested resource is sold out in the specified zone; \
                try other types of resources or other regions and zones.";
    refuse(403, "OperationDenied.NoStock", text)
}

/// Things an order may name that are not kept here: what their ids begin with, and what is said otherwise.
const ELSEWHERE: &[(&str, &str, u16, &str, &str)] = &[
    (
        "ClusterId",
        "c-",
        404,
        "InvalidClusterId.NotFound",
        "The ClusterId provided does not exist in our records.",
    ),
    (
        "DedicatedHostId",
        "dh-",
        400,
        "InvalidDedicatedHostId.NotFound",
        "The specified DedicatedHostId does not exist.",
    ),
    (
        "HpcClusterId",
        "hpc-",
        400,
        "InvalidHpcClusterId.NotFound",
        "The specified HpcClusterId is not found.",
    ),
];

fn check_elsewhere(request: &Request) -> Result<(), Refusal> {
    let wrong = |row: &&(&str, &str, u16, &str, &str)| {
        request.text(row.0).is_some_and(|id| !id.starts_with(row.1))
    };
    if let Some((_, _, status, code, text)) = ELSEWHERE.iter().find(wrong) {
        return refuse(*status, code, *text);
    }
    if request.text("DeploymentSetId").is_some() && request.text("DedicatedHostId").is_some() {
        let text = "The deployment set does not support dedicated hosts.";
        return refuse(400, "InvalidDeploymentOnHost", text);
    }
    let vlan = request.text("VlanId").map(str::parse::<u16>);
    if vlan.is_some_and(|vlan| !vlan.is_ok_and(|vlan| (1..4095).contains(&vlan))) {
        let text =
            "The specified parameter \"VlanId\" is not valid or vlan has not enough IP address.";
        return refuse(400, "OperationDenied", text);
    }
    Ok(())
}

fn read_details(
    request: &Request,
    kind: &InstanceType,
    instance: &mut Instance,
) -> Result<(), Refusal> {
    if let Some(credit) = request.text("CreditSpecification") {
        if !["Standard", "Unlimited"].contains(&credit) || !catalog::is_burstable(kind) {
            let text = "The specified CreditSpecification is not supported in this region.";
            return refuse(400, "InvalidParameter.CreditSpecification", text);
        }
        instance.credit = credit.to_owned();
    } else if catalog::is_burstable(kind) {
        instance.credit = "Standard".to_owned();
    }
    let strategy = request.text_or("SecurityEnhancementStrategy", "Active");
    if strategy != "Active" && strategy != "Deactive" {
        return Err(crate::emulator::request::invalid(
            "SecurityEnhancementStrategy",
        ));
    }
    instance.security_enhancement = strategy;
    if let Some(role) = request.text("RamRoleName") {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_@".contains(&byte);
        if role.len() > 64 || !role.bytes().all(plain) {
            let text = "The specified RAMRoleName does not exist.";
            return refuse(404, "InvalidRamRole.NotFound", text);
        }
        instance.ram_role = role.to_owned();
    }
    if let Some(user_data) = request.text("UserData") {
        check_user_data(user_data, instance.io_optimized)?;
        instance.user_data = user_data.to_owned();
    }
    for name in SETTINGS {
        if let Some(value) = request.text(name) {
            instance.settings.insert((*name).to_owned(), json!(value));
        }
    }
    Ok(())
}

/// What has to be said when a vSwitch is needed.
pub(super) fn vswitch_missing() -> Refusal {
    missing("VSwitchId")
}
