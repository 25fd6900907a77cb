//! What an order for instances says, read and checked against the rules of the documents.

use std::net::Ipv4Addr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::disks;
use super::network::{self, Place};
use crate::emulator::catalog::{self, Image, InstanceType};
use crate::emulator::clock::{Millis, parse_release};
use crate::emulator::objects::{Course, Disk, Instance, Interface, Renewal, VSwitch};
use crate::emulator::reply::{Refusal, refusal, refuse};
use crate::emulator::request::{Request, good_description, good_name, missing};
use crate::emulator::world::{DEFAULT_GROUP, World};

const DAY: Millis = 24 * 60 * 60 * 1000;

/// Settings kept as they are given and shown again.
const SETTINGS: &[&str] = &[
    "AdditionalInfo.EnableHighDensityMode",
    "AdditionalInfo.NodeSerialNumber",
    "Affinity",
    "CpuOptions.Core",
    "CpuOptions.Numa",
    "CpuOptions.ThreadsPerCore",
    "CpuOptions.TopologyType",
    "HibernationOptions.Configured",
    "HttpEndpoint",
    "HttpPutResponseHopLimit",
    "HttpTokens",
    "ImageOptions.LoginAsNonRoot",
    "NetworkOptions.EnableJumboFrame",
    "PrivatePoolOptions.Id",
    "PrivatePoolOptions.MatchCriteria",
    "Tenancy",
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
        let image = read_image(request)?;
        check_fit(kind, image)?;
        let io_optimized = read_io(request, kind)?;
        let Place {
            vswitch,
            primary,
            secondary,
            address,
        } = network::read(world, request, run)?;
        check_stock(kind, &vswitch)?;
        check_unavailable(request)?;
        let mut instance = Instance {
            region: vswitch.region.clone(),
            zone: vswitch.zone.clone(),
            vpc: vswitch.vpc.clone(),
            vswitch: vswitch.id.clone(),
            image: image.id.clone(),
            instance_type: kind.id.clone(),
            io_optimized,
            resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
            deletion_protection: request.flag("DeletionProtection"),
            deployment_set: request.owned("DeploymentSetId"),
            deployment_group: request.integer("DeploymentSetGroupNo"),
            stopped_mode: "Not-applicable".to_owned(),
            tags: request.tags()?,
            ..Instance::default()
        };
        read_names(request, image, &mut instance)?;
        read_login(world, request, image, &mut instance)?;
        read_charge(world, request, kind, run, &mut instance)?;
        read_bandwidth(request, &mut instance)?;
        read_details(request, kind, &mut instance)?;
        let disks = disks::read(request, image, &instance, run)?;
        let ipv6 = request.list("Ipv6Address");
        let ipv6_count = request.integer("Ipv6AddressCount").unwrap_or(0);
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
        if self.limited && world.instances.iter().count() + count > world.quotas.instances {
            let text = "The maximum number of Pay-As-You-Go instances is exceeded.";
            return refuse(400, "QuotaExceed.AfterpayInstance", text);
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
    if request
        .text("LaunchTemplateId")
        .or(request.text("LaunchTemplateName"))
        .is_some()
    {
        let text = "The specified launch template does not exist.";
        return refuse(404, "InvalidLaunchTemplate.NotFound", text);
    }
    catalog::instance_type(request.need("InstanceType")?).ok_or_else(|| {
        let text = "The specified InstanceType does not exist or beyond the permitted range.";
        refusal(400, "InvalidInstanceType.ValueNotSupported", text)
    })
}

fn read_image(request: &Request) -> Result<&'static Image, Refusal> {
    let not_found = || {
        refusal(
            404,
            "InvalidImageId.NotFound",
            "The specified ImageId does not exist.",
        )
    };
    if let (None, Some(family)) = (request.text("ImageId"), request.text("ImageFamily")) {
        let images = catalog::all().images.iter();
        let newest = images
            .filter(|image| super::super::catalog::family(image) == family)
            .max_by(|left, right| left.id.rsplit('_').next().cmp(&right.id.rsplit('_').next()));
        return newest.ok_or_else(not_found);
    }
    catalog::image(request.need("ImageId")?).ok_or_else(not_found)
}

fn check_fit(kind: &InstanceType, image: &Image) -> Result<(), Refusal> {
    let arm = kind.architecture == "ARM";
    if arm != (image.architecture == "arm64") {
        let text = "The specified image does not support the architecture of the instance type.";
        return refuse(403, "InvalidParameter.NotMatch", text);
    }
    let little = kind.memory <= 0.5 && image.os_type == "windows";
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

fn check_stock(kind: &InstanceType, vswitch: &VSwitch) -> Result<(), Refusal> {
    if catalog::sold(kind, &vswitch.region, &vswitch.zone) {
        return Ok(());
    }
    let text = "The requested resource is sold out in the specified zone; \
                try other types of resources or other regions and zones.";
    refuse(403, "OperationDenied.NoStock", text)
}

/// Things an order may name of which this cloud has none.
fn check_unavailable(request: &Request) -> Result<(), Refusal> {
    const NONE: &[(&str, u16, &str, &str)] = &[
        (
            "ClusterId",
            404,
            "InvalidClusterId.NotFound",
            "The ClusterId provided does not exist in our records.",
        ),
        (
            "DedicatedHostId",
            400,
            "InvalidDedicatedHostId.NotFound",
            "The specified DedicatedHostId does not exist.",
        ),
        (
            "HpcClusterId",
            400,
            "InvalidHpcClusterId.NotFound",
            "The specified HpcClusterId is not found.",
        ),
        (
            "VlanId",
            400,
            "OperationDenied",
            "The specified parameter \"VlanId\" is not valid or vlan has not enough IP address.",
        ),
    ];
    if let Some((_, status, code, text)) = NONE.iter().find(|row| request.text(row.0).is_some()) {
        return refuse(*status, code, *text);
    }
    if request
        .text("DeploymentSetId")
        .is_some_and(|id| !id.starts_with("ds-"))
    {
        let text = "The specified deployment set does not exist.";
        return refuse(404, "DeploymentSet.NotFound", text);
    }
    Ok(())
}

fn read_names(request: &Request, image: &Image, instance: &mut Instance) -> Result<(), Refusal> {
    let malformed = |name: &str| {
        let text = format!("The specified parameter \"{name}\" is not valid.");
        refusal(400, &format!("Invalid{name}.Malformed"), text)
    };
    if let Some(name) = request.text("InstanceName") {
        if !good_name(name, 2) {
            return Err(malformed("InstanceName"));
        }
        instance.name = name.to_owned();
    }
    if let Some(description) = request.text("Description") {
        if !good_description(description) {
            return Err(malformed("Description"));
        }
        instance.description = description.to_owned();
    }
    let hosts = request.list("HostNames");
    for host in hosts
        .iter()
        .map(String::as_str)
        .chain(request.text("HostName"))
    {
        check_host_name(host, image.os_type == "windows")?;
    }
    instance.host_name = request.owned("HostName");
    Ok(())
}

/// A host name: labels of letters, digits and hyphens; Windows wants one short label that is not a number.
pub(in crate::emulator::actions) fn check_host_name(
    host: &str,
    windows: bool,
) -> Result<(), Refusal> {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.contains("--")
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let holds = match windows {
        true => {
            (2..=15).contains(&host.len())
                && label(host)
                && !host.bytes().all(|byte| byte.is_ascii_digit())
        }
        false => (2..=64).contains(&host.len()) && host.split('.').all(label),
    };
    if holds {
        return Ok(());
    }
    let text = "The specified parameter \"HostName\" is not valid.";
    refuse(400, "InvalidHostName.Malformed", text)
}

/// A password: 8 to 30 characters of at least three kinds.
pub(in crate::emulator::actions) fn check_password(
    password: &str,
    windows: bool,
) -> Result<(), Refusal> {
    const SPECIAL: &str = "()`~!@#$%^&*-_+=|{}[]:;'<>,.?/";
    let kinds = [
        password.contains(|c: char| c.is_ascii_lowercase()),
        password.contains(|c: char| c.is_ascii_uppercase()),
        password.contains(|c: char| c.is_ascii_digit()),
        password.contains(|c| SPECIAL.contains(c)),
    ];
    let known = password
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || SPECIAL.contains(c));
    let holds = (8..=30).contains(&password.len())
        && known
        && kinds.iter().filter(|kind| **kind).count() >= 3
        && !(windows && password.starts_with('/'));
    if holds {
        return Ok(());
    }
    let text = "The specified parameter \"Password\" is not valid.";
    refuse(400, "InvalidPassword.Malformed", text)
}

fn read_login(
    world: &World,
    request: &Request,
    image: &Image,
    instance: &mut Instance,
) -> Result<(), Refusal> {
    let windows = image.os_type == "windows";
    instance.password_inherit = request.flag("PasswordInherit");
    if let Some(password) = request.text("Password") {
        if instance.password_inherit {
            let text = "The input password should be null when passwdInherit is true.";
            return refuse(400, "InvalidPasswordParam.Mismatch", text);
        }
        check_password(password, windows)?;
        instance.has_password = true;
    }
    let Some(name) = request.text("KeyPairName").filter(|_| !windows) else {
        return Ok(());
    };
    if world
        .key_pairs
        .get(&format!("{}/{name}", instance.region))
        .is_none()
    {
        let text = "The specified parameter \"KeyPairName\" does not exist in our records.";
        return refuse(404, "InvalidKeyPairName.NotFound", text);
    }
    if !instance.io_optimized {
        let text = "The specified parameter \"KeyPairName\" only support IoOptimized Instance.";
        return refuse(400, "InvalidInstanceType.ValueNotSupported", text);
    }
    instance.key_pair = name.to_owned();
    instance.has_password = false;
    Ok(())
}

fn read_charge(
    world: &World,
    request: &Request,
    kind: &InstanceType,
    run: bool,
    instance: &mut Instance,
) -> Result<(), Refusal> {
    instance.spot_strategy = "NoSpot".to_owned();
    instance.charge_type = request.text_or("InstanceChargeType", "PostPaid");
    match instance.charge_type.as_str() {
        "PrePaid" => {
            let days = read_period(request, run)?;
            instance.expires = Some(world.now + days * DAY);
            read_renewal(request, instance)
        }
        "PostPaid" => {
            read_spot(request, kind, run, instance)?;
            let Some(release) = request.text("AutoReleaseTime") else {
                return Ok(());
            };
            check_release(world, release)?;
            instance.release_at = Some(release.to_owned());
            Ok(())
        }
        _ => {
            let text = "The InstanceChargeType does not exist in our records";
            refuse(404, "InvalidInstanceChargeType.NotFound", text)
        }
    }
}

/// An instant of release: at least half an hour ahead, at most three years.
pub(in crate::emulator::actions) fn check_release(
    world: &World,
    release: &str,
) -> Result<(), Refusal> {
    let text = "The specified AutoReleaseTime is not valid.";
    let malformed = || refusal(400, "InvalidAutoReleaseTime.Malformed", text);
    let at = parse_release(release).ok_or_else(malformed)?;
    if at < world.now + 29 * 60 * 1000 || at > world.now + 3 * 366 * DAY {
        return refuse(400, "InvalidAutoReleaseTime.ValueNotSupported", text);
    }
    Ok(())
}

/// How many days a subscription lasts.
pub(in crate::emulator::actions) fn read_period(
    request: &Request,
    run: bool,
) -> Result<u64, Refusal> {
    const MONTHS: &[i64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36, 48, 60];
    let period = request.integer("Period");
    let invalid = || refusal(400, "InvalidPeriod", "The specified period is not valid.");
    let period = period.ok_or_else(invalid)?;
    let unit = request.text_or("PeriodUnit", "Month").to_ascii_lowercase();
    let (allowed, days) = match unit.as_str() {
        "week" => (&MONTHS[..4], 7),
        "month" => (MONTHS, 30),
        "year" if run => (&MONTHS[..5], 365),
        _ => {
            let text = "The specified parameter PeriodUnit is not valid.";
            return refuse(400, "InvalidPeriodUnit.ValueNotSupported", text);
        }
    };
    if !allowed.contains(&period) {
        return Err(invalid());
    }
    Ok(u64::try_from(period).unwrap_or(1) * days)
}

fn read_renewal(request: &Request, instance: &mut Instance) -> Result<(), Refusal> {
    let week = request
        .text("PeriodUnit")
        .is_some_and(|unit| unit.eq_ignore_ascii_case("week"));
    let unit = if week { "Week" } else { "Month" }.to_owned();
    instance.renewal = Renewal {
        unit,
        ..Renewal::default()
    };
    if !request.flag("AutoRenew") {
        return Ok(());
    }
    let allowed: &[i64] = if week { &[1, 2, 3] } else { &[1, 2, 3, 6, 12] };
    match request.integer("AutoRenewPeriod") {
        Some(duration) if allowed.contains(&duration) => {
            instance.renewal.status = "AutoRenewal".to_owned();
            instance.renewal.duration = duration;
            Ok(())
        }
        _ => {
            let text = "The specified autoRenewPeriod is not valid.";
            refuse(400, "InvalidAutoRenewPeriod.ValueNotSupported", text)
        }
    }
}

fn read_spot(
    request: &Request,
    kind: &InstanceType,
    run: bool,
    instance: &mut Instance,
) -> Result<(), Refusal> {
    let strategy = request.text_or("SpotStrategy", "NoSpot");
    match strategy.as_str() {
        "NoSpot" => return Ok(()),
        "SpotAsPriceGo" => {}
        "SpotWithPriceLimit" => {
            let limit = request
                .number("SpotPriceLimit")
                .filter(|limit| *limit > 0.0);
            let fine = |limit: f64| ((limit * 1000.0).round() - limit * 1000.0).abs() < 1e-6;
            let Some(limit) = limit.filter(|limit| fine(*limit)) else {
                let text = "The specified SpotPriceLimitis not valid.";
                return refuse(400, "InvalidSpotPriceLimit", text);
            };
            if limit < super::super::catalog::spot_price(kind) {
                let text = "The specified parameter \"soptPriceLimit\" can't be lower than \
                            current public price.";
                return refuse(400, "InvalidSpotPriceLimit.LowerThanPublicPrice", text);
            }
            instance.spot_price_limit = limit;
        }
        _ => {
            return refuse(
                400,
                "InvalidSpotStrategy",
                "The specified SpotStrategy is not valid.",
            );
        }
    }
    let behavior = request.text_or("SpotInterruptionBehavior", "Terminate");
    if behavior != "Terminate" && !(run && behavior == "Stop") {
        let text = "The specified SpotInterruptionBehavior is not valid.";
        return refuse(400, "InvalidSpotInterruptionBehavior", text);
    }
    let duration = request.integer("SpotDuration").unwrap_or(1);
    if !(0..=6).contains(&duration) {
        return refuse(
            400,
            "InvalidSpotDuration",
            "The specified SpotDuration is not valid.",
        );
    }
    instance.spot_strategy = strategy;
    instance.spot_interruption = behavior;
    instance.spot_duration = duration;
    Ok(())
}

fn read_bandwidth(request: &Request, instance: &mut Instance) -> Result<(), Refusal> {
    instance.internet_charge_type = request.text_or("InternetChargeType", "PayByTraffic");
    if !["PayByTraffic", "PayByBandwidth"].contains(&instance.internet_charge_type.as_str()) {
        let text = "The specified InternetChargeType is not valid.";
        return refuse(400, "InvalidInternetChargeType.ValueNotSupported", text);
    }
    instance.bandwidth_out = request.integer("InternetMaxBandwidthOut").unwrap_or(0);
    instance.bandwidth_in = request.integer("InternetMaxBandwidthIn").unwrap_or(200);
    if !(0..=100).contains(&instance.bandwidth_out) || !(1..=200).contains(&instance.bandwidth_in) {
        let text = "The specified bandwidth is beyond the permitted range.";
        return refuse(400, "InvalidParameter.Bandwidth", text);
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

/// User data: base64 of at most 16 KiB.
pub(in crate::emulator::actions) fn check_user_data(
    user_data: &str,
    io_optimized: bool,
) -> Result<(), Refusal> {
    if !io_optimized {
        let text =
            "The specified parameter \"UserData\" only support the vpc and IoOptimized Instance.";
        return refuse(400, "InvalidUserData.NotSupported", text);
    }
    match STANDARD.decode(user_data) {
        Err(_) => {
            let text = "The specified parameter UserData must be base64 encoded.";
            refuse(400, "InvalidUserData.Base64FormatInvalid", text)
        }
        Ok(raw) if raw.len() > 16 * 1024 => {
            let text = "The specified parameter UserData exceeds the size limit.";
            refuse(400, "InvalidUserData.SizeExceeded", text)
        }
        Ok(_) => Ok(()),
    }
}

/// What has to be said when a vSwitch is needed.
pub(super) fn vswitch_missing() -> Refusal {
    missing("VSwitchId")
}
