//! Changing instances: their attributes, types, charges, disks of the system, and what else is only kept.

use serde_json::{Value, json};

use super::Effect::Write;
use super::instance::{require_stable, require_state, state};
use super::launch::{
    check_host_name, check_password, check_release, check_user_data, read_encrypted, read_period,
    system_limits,
};
use super::{Route, ecs, end_dry_run};
use crate::emulator::catalog;
use crate::emulator::clock::parse_release;
use crate::emulator::objects::{Course, Disk, Instance};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, good_description, good_name, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("ModifyInstanceAttribute", Write, modify),
    ecs("ModifyInstanceSpec", Write, modify_spec),
    ecs("ModifyPrepayInstanceSpec", Write, modify_prepaid_spec),
    ecs("ModifyInstanceChargeType", Write, modify_charge_type),
    ecs("ModifyInstanceAutoReleaseTime", Write, modify_release),
    ecs("ModifyInstanceAutoRenewAttribute", Write, modify_renewal),
    ecs("ModifyInstanceMetadataOptions", Write, modify_metadata),
    ecs(
        "ModifyInstanceMaintenanceAttributes",
        Write,
        modify_maintenance,
    ),
    ecs("ModifyInstanceDeployment", Write, modify_deployment),
    ecs(
        "ModifyInstanceAttachmentAttributes",
        Write,
        modify_attachment,
    ),
    ecs("ReplaceSystemDisk", Write, replace_system_disk),
    ecs("AttachInstanceRamRole", Write, attach_role),
    ecs("DetachInstanceRamRole", Write, detach_role),
];

/// Attributes that ModifyInstanceAttribute only keeps: the parameter and the setting.
const KEPT: &[(&str, &str)] = &[
    (
        "AdditionalInfo.EnableHighDensityMode",
        "AdditionalInfo.EnableHighDensityMode",
    ),
    ("CpuOptions.Core", "CpuOptions.Core"),
    ("CpuOptions.ThreadsPerCore", "CpuOptions.ThreadsPerCore"),
    ("CpuOptions.TopologyType", "CpuOptions.TopologyType"),
    ("EnableJumboFrame", "NetworkOptions.EnableJumboFrame"),
    (
        "EnableNetworkEncryption",
        "NetworkOptions.EnableNetworkEncryption",
    ),
];

fn malformed(name: &str) -> Refusal {
    let text = format!("The specified parameter \"{name}\" is not valid.");
    refusal(400, &format!("Invalid{name}.Malformed"), text)
}

fn is_windows(world: &World, instance: &Instance) -> bool {
    world
        .image(&instance.region, &instance.image)
        .is_some_and(|image| image.os_type == "windows")
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    check_attributes(world, request, world.instance(id)?)?;
    let groups = request.list("SecurityGroupIds");
    if !groups.is_empty() {
        super::instance_network::set_groups(world, id, groups)?;
    }
    let instance = world.instance_mut(id)?;
    if let Some(name) = request.text("InstanceName") {
        instance.name = name.to_owned();
    }
    if let Some(description) = request.given("Description") {
        instance.description = description.to_owned();
    }
    if let Some(host) = request.text("HostName") {
        instance.host_name = host.to_owned();
    }
    if request.text("Password").is_some() {
        instance.has_password = true;
    }
    if let Some(user_data) = request.given("UserData") {
        instance.user_data = user_data.to_owned();
    }
    if let Some(protected) = request.boolean("DeletionProtection") {
        instance.deletion_protection = protected;
    }
    if let Some(recyclable) = request.boolean("Recyclable") {
        instance.recyclable = recyclable;
    }
    if let Some(credit) = request.text("CreditSpecification") {
        instance.credit = credit.to_owned();
    }
    for (parameter, setting) in KEPT {
        if let Some(value) = request.text(parameter) {
            instance
                .settings
                .insert((*setting).to_owned(), json!(value));
        }
    }
    done()
}

fn check_attributes(world: &World, request: &Request, instance: &Instance) -> Result<(), Refusal> {
    require_stable(world, &instance.id).or_else(|refused| {
        if state(world, instance) == "Starting" {
            Ok(())
        } else {
            Err(refused)
        }
    })?;
    if request
        .text("InstanceName")
        .is_some_and(|name| !good_name(name, 2))
    {
        return Err(malformed("InstanceName"));
    }
    if request
        .text("Description")
        .is_some_and(|text| !good_description(text))
    {
        return Err(malformed("Description"));
    }
    if let Some(host) = request.text("HostName") {
        check_host_name(host, is_windows(world, instance))?;
    }
    if let Some(password) = request.text("Password") {
        check_password(password, is_windows(world, instance))?;
    }
    if let Some(user_data) = request.text("UserData") {
        check_user_data(user_data, instance.io_optimized)?;
    }
    if let Some(credit) = request.text("CreditSpecification") {
        let burstable =
            catalog::instance_type(&instance.instance_type).is_some_and(catalog::is_burstable);
        if !burstable || !["Standard", "Unlimited"].contains(&credit) {
            let text = "The specified CreditSpecification is not supported in this region.";
            return refuse(400, "InvalidParameter.CreditSpecification", text);
        }
    }
    Ok(())
}

/// Refuses an instance type that is unknown, not sold here, or of another architecture.
fn check_type(world: &World, instance: &Instance, wanted: &str) -> Result<(), Refusal> {
    let unknown = || {
        let text = "The specified InstanceType does not exist or beyond the permitted range.";
        refusal(400, "InvalidInstanceType.ValueNotSupported", text)
    };
    let kind = catalog::instance_type(wanted).ok_or_else(unknown)?;
    let old = catalog::instance_type(&instance.instance_type).ok_or_else(unknown)?;
    if kind.architecture != old.architecture {
        return Err(unknown());
    }
    if !catalog::sold(kind, &instance.region, &instance.zone) {
        let text = "The requested resource is sold out in the specified zone; \
                    try other types of resources or other regions and zones.";
        return refuse(403, "OperationDenied.NoStock", text);
    }
    let local = |id: &String| {
        let disk = world.disks.get(id);
        disk.is_some_and(|disk| disk.category == "ephemeral_ssd")
    };
    if instance.disks.iter().any(local) {
        let text = "The type of the disk does not support the operation";
        return refuse(403, "OperationDenied", text);
    }
    Ok(())
}

fn check_charge(instance: &Instance, wanted: &str) -> Result<(), Refusal> {
    if instance.charge_type == wanted {
        return Ok(());
    }
    let text = "The operation is not permitted due to charge type of the instance.";
    refuse(403, "ChargeTypeViolation", text)
}

fn modify_spec(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let instance = world.instance(id)?;
    check_charge(instance, "PostPaid")?;
    let bandwidth = request.integer("InternetMaxBandwidthOut");
    if bandwidth.is_some_and(|bandwidth| !(0..=100).contains(&bandwidth)) {
        let text = "The specified bandwidth is beyond the permitted range.";
        return refuse(
            400,
            "InvalidInternetMaxBandwidthOut.ValueNotSupported",
            text,
        );
    }
    if let Some(kind) = request.text("InstanceType") {
        if bandwidth.is_some() {
            let text = "The instance type and the bandwidth cannot be changed together.";
            return refuse(400, "InvalidParameter.Conflict", text);
        }
        check_type(world, instance, kind)?;
        require_state(world, id, &["Stopped"])?;
    }
    require_stable(world, id)?;
    end_dry_run(request)?;
    let instance = world.instance_mut(id)?;
    if let Some(kind) = request.text("InstanceType") {
        instance.instance_type = kind.to_owned();
    }
    if let Some(bandwidth) = bandwidth {
        instance.bandwidth_out = bandwidth;
    }
    done()
}

fn modify_prepaid_spec(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let kind = request.need("InstanceType")?;
    let instance = world.instance(id)?;
    check_charge(instance, "PrePaid")?;
    check_type(world, instance, kind)?;
    if request
        .text("OperatorType")
        .is_some_and(|it| !["upgrade", "downgrade"].contains(&it))
    {
        return Err(invalid("OperatorType"));
    }
    require_stable(world, id)?;
    world.instance_mut(id)?.instance_type = kind.to_owned();
    Ok(json!({ "OrderId": order_id(world) }))
}

pub(super) fn order_id(world: &mut World) -> String {
    (200_000_000_000_000_u64 + world.random().u64(..1_000_000_000)).to_string()
}

fn modify_charge_type(world: &mut World, request: &Request) -> Reply {
    let ids = request.json_list("InstanceIds", 20)?.unwrap_or_default();
    let wanted = request.text_or("InstanceChargeType", "PrePaid");
    if wanted != "PrePaid" && wanted != "PostPaid" {
        let text = "The InstanceChargeType does not exist in our records";
        return refuse(404, "InvalidInstanceChargeType.NotFound", text);
    }
    let days = if wanted == "PrePaid" {
        read_period(request, true)?
    } else {
        0
    };
    for id in &ids {
        let instance = world.instance(id)?;
        if instance.spot_strategy != "NoSpot" {
            let text = "The operation is not permitted due to charge type of the instance.";
            return refuse(403, "ChargeTypeViolation", text);
        }
        require_stable(world, id)?;
    }
    end_dry_run(request)?;
    let expires = world.now + days * 24 * 60 * 60 * 1000;
    for id in &ids {
        let instance = world.instance_mut(id)?;
        instance.charge_type.clone_from(&wanted);
        instance.expires = (wanted == "PrePaid").then_some(expires);
        let disks = instance.disks.clone();
        for disk in disks {
            let disk = world.disk_mut(&disk)?;
            if disk.system || request.boolean("IncludeDataDisks").unwrap_or(true) {
                disk.charge_type.clone_from(&wanted);
            }
        }
    }
    let fees: Vec<Value> = ids
        .iter()
        .map(|id| json!({ "InstanceId": id, "Fee": "0", "Currency": "CNY" }))
        .collect();
    let fees = if request.flag("IsDetailFee") {
        fees
    } else {
        Vec::new()
    };
    Ok(json!({ "OrderId": order_id(world), "FeeOfInstances": { "FeeOfInstance": fees } }))
}

fn modify_release(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let instance = world.instance(id)?;
    check_charge(instance, "PostPaid")?;
    let old = instance.release_at.as_deref().and_then(parse_release);
    let release = request.text("AutoReleaseTime");
    if let Some(release) = release {
        check_release(world, release)?;
    }
    world.schedule_release(id, old, release.and_then(parse_release));
    world.instance_mut(id)?.release_at = release.map(str::to_owned);
    done()
}

fn modify_renewal(world: &mut World, request: &Request) -> Reply {
    let ids = request.commas("InstanceId").unwrap_or_default();
    let status = match (request.text("RenewalStatus"), request.boolean("AutoRenew")) {
        (Some(status), _) => status,
        (None, Some(true)) => "AutoRenewal",
        (None, _) => "Normal",
    };
    if !["AutoRenewal", "Normal", "NotRenewal"].contains(&status) {
        let text = "The specified RenewalStatus is not valid.";
        return refuse(400, "InvalidRenewalStatus.ValueNotSupported", text);
    }
    let unit = request.text_or("PeriodUnit", "Month");
    let allowed: &[i64] = match unit.to_ascii_lowercase().as_str() {
        "week" => &[1, 2, 3],
        "month" | "year" => &[1, 2, 3, 6, 12, 24, 36],
        _ => {
            let text = "The specified parameter PeriodUnit is not valid.";
            return refuse(400, "InvalidPeriodUnit.ValueNotSupported", text);
        }
    };
    let duration = request.integer("Duration").unwrap_or(0);
    if status == "AutoRenewal" && !allowed.contains(&duration) {
        let text = "The specified autoRenewPeriod is not valid.";
        return refuse(400, "InvalidAutoRenewPeriod.ValueNotSupported", text);
    }
    for id in &ids {
        check_charge(world.instance(id)?, "PrePaid")?;
    }
    for id in &ids {
        let instance = world.instance_mut(id)?;
        instance.renewal.status = status.to_owned();
        instance.renewal.duration = if status == "AutoRenewal" { duration } else { 0 };
        instance.renewal.unit.clone_from(&unit);
    }
    done()
}

fn modify_metadata(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let check = |name: &str, allowed: [&str; 2]| {
        request
            .text(name)
            .is_none_or(|value| allowed.contains(&value))
            .then_some(())
            .ok_or_else(|| invalid(name))
    };
    check("HttpEndpoint", ["enabled", "disabled"])?;
    check("HttpTokens", ["optional", "required"])?;
    let hops = request.integer("HttpPutResponseHopLimit").unwrap_or(1);
    if !(1..=64).contains(&hops) {
        return Err(invalid("HttpPutResponseHopLimit"));
    }
    let instance = world.instance_mut(id)?;
    for name in [
        "HttpEndpoint",
        "HttpTokens",
        "HttpPutResponseHopLimit",
        "InstanceMetadataTags",
    ] {
        if let Some(value) = request.text(name) {
            instance.settings.insert(name.to_owned(), json!(value));
        }
    }
    done()
}

fn modify_maintenance(world: &mut World, request: &Request) -> Reply {
    let action = request.text("ActionOnMaintenance");
    if action.is_some_and(|it| !["Stop", "AutoRecover", "AutoRedeploy"].contains(&it)) {
        return Err(invalid("ActionOnMaintenance"));
    }
    let windows: Vec<(String, String)> = request
        .indices("MaintenanceWindow")
        .into_iter()
        .map(|index| {
            let field = |name: &str| request.owned(&format!("MaintenanceWindow.{index}.{name}"));
            (field("StartTime"), field("EndTime"))
        })
        .collect();
    let ids = request.list("InstanceId");
    for id in &ids {
        world.instance(id)?;
    }
    for id in &ids {
        let maintenance = &mut world.instance_mut(id)?.maintenance;
        if let Some(action) = action {
            maintenance.action = action.to_owned();
        }
        if let Some(notify) = request.boolean("NotifyOnMaintenance") {
            maintenance.notify = notify;
        }
        if !windows.is_empty() {
            maintenance.windows.clone_from(&windows);
        }
    }
    done()
}

fn modify_deployment(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    world.instance(id)?;
    if request
        .text("DedicatedHostId")
        .is_some_and(|host| !host.starts_with("dh-"))
    {
        let text = "The specified DedicatedHostId does not exist.";
        return refuse(400, "InvalidDedicatedHostId.NotFound", text);
    }
    require_stable(world, id)?;
    let set = request.text("DeploymentSetId");
    let before = world.instance(id)?;
    let removes = request.flag("RemoveFromDeploymentSet");
    if removes && set != Some(before.deployment_set.as_str()) {
        return Err(invalid("DeploymentSetId"));
    }
    if let Some(set) = set.filter(|_| !removes) {
        let more = usize::from(before.deployment_set != set);
        let set = (set, before.region.as_str());
        super::deployment_set::check_room(world, set, &before.zone, more)?;
    }
    let wanted = request.integer("DeploymentSetGroupNo");
    let group = set.and_then(|set| super::deployment_set::group(world, set, wanted));
    let instance = world.instance_mut(id)?;
    if removes {
        instance.deployment_set.clear();
        instance.deployment_group = None;
    } else if let Some(set) = set {
        instance.deployment_set = set.to_owned();
        instance.deployment_group = group;
    }
    done()
}

fn modify_attachment(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let criteria = request.need("PrivatePoolOptions.MatchCriteria")?;
    if !["Open", "Target", "None"].contains(&criteria) {
        return Err(invalid("PrivatePoolOptions.MatchCriteria"));
    }
    let pool = request.owned("PrivatePoolOptions.Id");
    let instance = world.instance_mut(id)?;
    instance.settings.insert(
        "PrivatePoolOptions.MatchCriteria".to_owned(),
        json!(criteria),
    );
    instance
        .settings
        .insert("PrivatePoolOptions.Id".to_owned(), json!(pool));
    done()
}

fn replace_system_disk(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let instance = world.instance(id)?.clone();
    let image_id = request.text("ImageId").unwrap_or(&instance.image);
    let Some(image) = world.image(&instance.region, image_id).cloned() else {
        return refuse(
            404,
            "InvalidImageId.NotFound",
            "The specified ImageId does not exist.",
        );
    };
    require_state(world, id, &["Stopped"])?;
    let mut disks = instance.disks.iter().filter_map(|id| world.disks.get(id));
    let old: Disk = disks.find(|disk| disk.system).cloned().unwrap_or_default();
    let Some(kind) = catalog::disk_category(&old.category) else {
        return refuse(
            404,
            "InvalidDiskId.NotFound",
            "The specified disk does not exist.",
        );
    };
    let size = request
        .integer("SystemDisk.Size")
        .unwrap_or(old.size.max(image.size));
    system_limits(kind, &image, size, true)?;
    let encrypted = read_encrypted(request.text("Encrypted"), kind)?;
    if let Some(password) = request.text("Password") {
        check_password(password, image.os_type == "windows")?;
    }
    let key_pair = request.text("KeyPairName");
    if let Some(name) = key_pair
        && world
            .key_pairs
            .get(&format!("{}/{name}", instance.region))
            .is_none()
    {
        let text = "The specified KeyPairName does not exist in our records.";
        return refuse(404, "InvalidKeyPairName.NotFound", text);
    }
    let fresh = Disk {
        id: world.new_id("d", &instance.region),
        size,
        image: image.id.clone(),
        encrypted: encrypted || old.encrypted,
        kms_key: request
            .text("KMSKeyId")
            .map_or(old.kms_key.clone(), str::to_owned),
        created: world.now,
        attached: Some(world.now),
        course: Course::new(world.now, "In_use"),
        ..old.clone()
    };
    let fresh_id = fresh.id.clone();
    world.disks.remove(&old.id, world.now);
    world.disks.insert(fresh, world.now);
    let instance = world.instance_mut(id)?;
    if let Some(first) = instance.disks.first_mut() {
        first.clone_from(&fresh_id);
    }
    instance.image.clone_from(&image.id);
    instance.password_inherit = request.flag("PasswordInherit");
    instance.has_password |= request.text("Password").is_some();
    if let Some(name) = key_pair {
        instance.key_pair = name.to_owned();
    }
    Ok(json!({ "DiskId": fresh_id }))
}

fn attach_role(world: &mut World, request: &Request) -> Reply {
    let ids = request.json_list("InstanceIds", 100)?.unwrap_or_default();
    let role = request.need("RamRoleName")?.to_owned();
    let mut results = Vec::new();
    let mut failed = 0;
    for id in &ids {
        let (code, text) = match world.instances.get(id) {
            None => (
                "InvalidInstanceId.NotFound",
                "The specified InstanceId does not exist.",
            ),
            Some(instance) if !instance.ram_role.is_empty() => (
                "InvalidInstance.AlreadyHasRole",
                "The instance has a RAM role already.",
            ),
            Some(_) => ("200", "success"),
        };
        if code == "200" {
            world.instance_mut(id)?.ram_role.clone_from(&role);
        } else {
            failed += 1;
        }
        results.push(json!({
            "InstanceId": id, "Success": code == "200", "Code": code, "Message": text,
        }));
    }
    Ok(json!({
        "RamRoleName": role, "TotalCount": ids.len(), "FailCount": failed,
        "AttachInstanceRamRoleResults": { "AttachInstanceRamRoleResult": results },
    }))
}

fn detach_role(world: &mut World, request: &Request) -> Reply {
    let ids = request.json_list("InstanceIds", 100)?.unwrap_or_default();
    let role = request.text("RamRoleName");
    let mut results = Vec::new();
    let mut failed = 0;
    for id in &ids {
        let had = world
            .instances
            .get(id)
            .map(|instance| instance.ram_role.clone());
        let (code, text) = match &had {
            None => (
                "InvalidInstanceId.NotFound",
                "The specified InstanceId does not exist.",
            ),
            Some(had) if role.is_some_and(|role| role != had) => (
                "InvalidRamRole.NotFound",
                "The specified RamRoleName does not exist.",
            ),
            Some(_) => ("200", "success"),
        };
        if code == "200" {
            world.instance_mut(id)?.ram_role.clear();
        } else {
            failed += 1;
        }
        let set = json!([{ "InstanceId": id, "RamRoleName": had.unwrap_or_default() }]);
        results.push(json!({
            "InstanceId": id, "Success": code == "200", "Code": code, "Message": text,
            "InstanceRamRoleSets": { "InstanceRamRoleSet": set },
        }));
    }
    Ok(json!({
        "RamRoleName": role.unwrap_or_default(), "TotalCount": ids.len(), "FailCount": failed,
        "DetachInstanceRamRoleResults": { "DetachInstanceRamRoleResult": results },
    }))
}
