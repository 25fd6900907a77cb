//! Changes of an instance, as a list of steps in the order in which the API wants them.
//!
//! A step runs if an attribute of it changed. Steps that need a stopped instance are together, so
//! that one stop and one start serve all of them.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use serde_json::Value as Json;
use tokio::time::Instant;

use crate::{
    cloud::{ApiError, ApiErrorKind},
    model::{Object, Type, Value},
    provider::{Change, Failure, hooks::Context, kms, lifecycle, tags},
    schema::{Proposal, Service, is_digest, is_unset, limits},
};

use super::{
    create, same,
    settle::{start, stop},
    table::INSTANCE,
    wire::{self, Until, change, failure, items, numbered, params, scalar, strings, text, texts},
};

/// One update on its way.
pub(super) struct Work<'a> {
    pub(super) context: Context<'a>,
    pub(super) id: &'a str,
    pub(super) prior: &'a Object,
    pub(super) desired: &'a Object,
    pub(super) changed: &'a [String],
    pub(super) deadline: Instant,
}

/// A step of an update.
pub(super) struct Step {
    /// The attributes that it is about.
    pub(super) attributes: &'static [&'static str],
    pub(super) run: for<'a> fn(&'a Work<'a>) -> BoxFuture<'a, Result<(), ApiError>>,
}

/// What needs a stopped instance, or takes a restart to show.
const STOPS: &[&str] = &[
    "image_id",
    "vpc_id",
    "vswitch_id",
    "private_ip",
    "user_data",
    "host_name",
    "password",
    "kms_encrypted_password",
    "instance_type",
    "cpu_options",
    "enable_high_density_mode",
];

/// The steps, in order.
pub(super) static STEPS: &[Step] = &[
    Step {
        attributes: &["tags"],
        run: |work| Box::pin(tags(work)),
    },
    Step {
        attributes: &["resource_group_id"],
        run: |work| Box::pin(resource_group(work)),
    },
    Step {
        attributes: &["volume_tags"],
        run: |work| Box::pin(volume_tags(work)),
    },
    Step {
        attributes: &["security_groups"],
        run: |work| Box::pin(groups(work)),
    },
    Step {
        attributes: &[
            "system_disk_performance_level",
            "system_disk_provisioned_iops",
        ],
        run: |work| Box::pin(unless_replaced(work, disk_spec(work))),
    },
    Step {
        attributes: &["system_disk_size"],
        run: |work| Box::pin(disk_size(work)),
    },
    Step {
        attributes: &["system_disk_auto_snapshot_policy_id"],
        run: |work| Box::pin(unless_replaced(work, disk_policy(work))),
    },
    Step {
        attributes: &[
            "system_disk_name",
            "system_disk_description",
            "system_disk_bursting_enabled",
        ],
        run: |work| Box::pin(unless_replaced(work, disk_attributes(work))),
    },
    Step {
        attributes: &[
            "instance_name",
            "description",
            "user_data",
            "host_name",
            "password",
            "kms_encrypted_password",
            "deletion_protection",
            "credit_specification",
            "enable_jumbo_frame",
        ],
        run: |work| Box::pin(attributes(work)),
    },
    Step {
        attributes: &["auto_release_time"],
        run: |work| Box::pin(release_time(work)),
    },
    Step {
        attributes: &["instance_charge_type"],
        run: |work| Box::pin(charge_type(work)),
    },
    Step {
        attributes: &[
            "image_id",
            "vpc_id",
            "vswitch_id",
            "private_ip",
            "user_data",
            "host_name",
            "password",
            "kms_encrypted_password",
            "instance_type",
            "cpu_options",
            "enable_high_density_mode",
            "status",
        ],
        run: |work| Box::pin(stopped(work)),
    },
    Step {
        attributes: &[
            "internet_charge_type",
            "internet_max_bandwidth_out",
            "internet_max_bandwidth_in",
        ],
        run: |work| Box::pin(bandwidth(work)),
    },
    Step {
        attributes: &["renewal_status", "auto_renew_period", "period_unit"],
        run: |work| Box::pin(renewal(work)),
    },
    Step {
        attributes: &["secondary_private_ips", "vswitch_id", "vpc_id"],
        run: |work| Box::pin(addresses(work)),
    },
    Step {
        attributes: &["secondary_private_ip_address_count", "vswitch_id", "vpc_id"],
        run: |work| Box::pin(address_count(work)),
    },
    Step {
        attributes: &["deployment_set_id"],
        run: |work| Box::pin(deployment_set(work)),
    },
    Step {
        attributes: &[
            "maintenance_time",
            "maintenance_action",
            "maintenance_notify",
        ],
        run: |work| Box::pin(maintenance(work)),
    },
    Step {
        attributes: &["http_endpoint", "http_tokens"],
        run: |work| Box::pin(metadata(work)),
    },
    Step {
        attributes: &["ipv6_addresses"],
        run: |work| Box::pin(ipv6(work)),
    },
    Step {
        attributes: &["key_name"],
        run: |work| Box::pin(key(work)),
    },
    Step {
        attributes: &[
            "private_pool_options_match_criteria",
            "private_pool_options_id",
        ],
        run: |work| Box::pin(pool(work)),
    },
    Step {
        attributes: &["role_name"],
        run: |work| Box::pin(role(work)),
    },
];

/// The hook.
pub(super) fn update<'a>(
    context: Context<'a>,
    id: &'a str,
    change: Change<'a>,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        let work = Work {
            context,
            id,
            prior: change.prior,
            desired: change.desired,
            changed: change.changed,
            deadline: wire::deadline(limits(context.ty, change.desired).update),
        };
        run(&work).await
    })
}

/// Carries out the steps that are due.
pub(super) async fn run(work: &Work<'_>) -> Result<(), Failure> {
    for step in due(work.changed) {
        (step.run)(work).await.map_err(|error| {
            let touched = |name: &str| step.attributes.contains(&name) && work.touches(&[name]);
            let named = lifecycle::failure(&INSTANCE, error, None);
            if named.attribute.as_deref().is_some_and(touched) {
                return named;
            }
            let first = step.attributes.iter().find(|name| touched(name));
            failure(named.error, first.copied().unwrap_or_default())
        })?;
    }
    Ok(())
}

/// Returns the steps that changed attributes call for, in order.
pub(super) fn due(changed: &[String]) -> impl Iterator<Item = &'static Step> {
    STEPS
        .iter()
        .filter(move |step| touches(changed, step.attributes))
}

/// Whether one of these attributes, or something inside it, changed.
fn touches(changed: &[String], attributes: &[&str]) -> bool {
    changed.iter().any(|path| {
        let root = path.split(['[', '.']).next().unwrap_or(path);
        attributes.contains(&root)
    })
}

/// Amends the proposal: what the cloud sets anew is not known.
pub(super) fn propose(prior: Option<&Object>, arguments: &Object, proposal: &mut Proposal) {
    if prior.is_none() {
        return;
    }
    // An instance with local disks keeps its hardware.
    if touches(&proposal.changed, &["instance_type"])
        && prior.and_then(|prior| text(prior, "system_disk_category")) == Some("ephemeral_ssd")
    {
        proposal.replaces.push("instance_type".to_owned());
    }
    if touches(&proposal.changed, &["vswitch_id", "vpc_id"]) {
        // Addresses that nobody asked for do not move to another vSwitch.
        for name in [
            "secondary_private_ips",
            "secondary_private_ip_address_count",
        ] {
            if is_unset(arguments, name) {
                proposal.after.insert(name, Value::Unknown(Type::Any));
            }
        }
    }
    let anew: &[(&[&str], &[&str])] = &[
        (&["image_id"], &["system_disk_id", "os_name", "os_type"]),
        (&["instance_type"], &["cpu", "memory"]),
        (&["internet_max_bandwidth_out"], &["public_ip"]),
        (
            &["vswitch_id", "vpc_id"],
            &[
                "vpc_id",
                "private_ip",
                "primary_ip_address",
                "availability_zone",
            ],
        ),
        (&["private_ip"], &["primary_ip_address"]),
        (&["instance_charge_type"], &["expired_time"]),
        (
            &[
                "image_id",
                "instance_type",
                "vswitch_id",
                "private_ip",
                "user_data",
                "host_name",
                "password",
                "kms_encrypted_password",
                "status",
            ],
            &["start_time", "stopped_mode"],
        ),
        (
            &["secondary_private_ips"],
            &["secondary_private_ip_address_count"],
        ),
        (
            &["secondary_private_ip_address_count"],
            &["secondary_private_ips"],
        ),
        (&["ipv6_addresses"], &["ipv6_address_count"]),
    ];
    for (causes, results) in anew {
        for result in results
            .iter()
            .filter(|_| touches(&proposal.changed, causes))
        {
            if !touches(&proposal.changed, &[result]) {
                proposal.after.insert(*result, Value::Unknown(Type::Any));
            }
        }
    }
}

impl Work<'_> {
    fn touches(&self, attributes: &[&str]) -> bool {
        touches(self.changed, attributes)
    }

    /// Makes a call about the instance; busy states are retried.
    async fn change(&self, action: &'static str, request: wire::Params) -> Result<Json, ApiError> {
        change(self.context, action, request, BUSY, &[]).await
    }

    /// Adds attributes that changed, under their parameters; unset ones are sent empty.
    fn add(&self, request: &mut wire::Params, rows: &[(&str, &str)]) {
        for (attribute, parameter) in rows.iter().filter(|(name, _)| self.touches(&[*name])) {
            let value = self.desired.get(attribute).and_then(scalar);
            request.push(((*parameter).to_owned(), value.unwrap_or_default()));
        }
    }

    /// The system disk's id.
    async fn system_disk(&self) -> Result<String, ApiError> {
        let same = !self.touches(&["image_id"]);
        if let Some(id) = text(self.prior, "system_disk_id").filter(|_| same) {
            return Ok(id.to_owned());
        }
        let request = params([
            ("InstanceId", self.id),
            ("DiskType", "system"),
            ("PageSize", "100"),
        ]);
        let answer = wire::ask(self.context, "DescribeDisks", request).await?;
        Ok(wire::field(&answer, "/Disks/Disk/0/DiskId").to_owned())
    }

    async fn instance(&self) -> Result<Json, ApiError> {
        let found = wire::look(self.context, self.id).await?;
        found.ok_or_else(|| wire::gone(self.id))
    }

    /// Polls until the instance shows what was asked for.
    async fn confirm(
        &self,
        what: &str,
        mut shown: impl FnMut(&Json) -> bool + Send,
    ) -> Result<(), ApiError> {
        let until = Until {
            what,
            deadline: self.deadline,
            new: false,
        };
        wire::poll(self.context, self.id, until, |instance| match instance {
            Some(instance) => Ok(shown(instance)),
            None => Err(wire::gone(self.id)),
        })
        .await
        .map(drop)
    }
}

/// Codes of states that pass.
const BUSY: &[&str] = &[
    "IncorrectInstanceStatus",
    "IncorrectDiskStatus",
    "OperationConflict",
    "Operation.Conflict",
    "InvalidOperation.Conflict",
    "LastOrderProcessing",
    "LastRequestProcessing",
    "LastTokenProcessing",
    "ServiceUnavailable",
];

fn map_of(object: &Object, name: &str) -> Object {
    object
        .get(name)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

async fn tags(work: &Work<'_>) -> Result<(), ApiError> {
    let (old, new) = (map_of(work.prior, "tags"), map_of(work.desired, "tags"));
    retag(work, "instance", &[work.id], (&old, &new)).await
}

async fn resource_group(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("ResourceId", work.id), ("ResourceType", "instance")]);
    work.add(&mut request, &[("resource_group_id", "ResourceGroupId")]);
    work.change("JoinResourceGroup", request).await.map(drop)
}

/// Tags all disks alike. What they have now decides, since the tags of a new instance are those of its
/// disks too.
async fn volume_tags(work: &Work<'_>) -> Result<(), ApiError> {
    let request = params([("InstanceId", work.id), ("PageSize", "100")]);
    let answer = wire::ask(work.context, "DescribeDisks", request).await?;
    let disks = items(&answer, "/Disks/Disk");
    let ids: Vec<&str> = disks
        .iter()
        .filter_map(|disk| disk["DiskId"].as_str())
        .collect();
    let new = map_of(work.desired, "volume_tags");
    retag(work, "disk", &ids, (&shared_tags(disks), &new)).await
}

async fn retag(
    work: &Work<'_>,
    resource_type: &str,
    ids: &[&str],
    sides: (&Object, &Object),
) -> Result<(), ApiError> {
    let target = tags::Target {
        service: Service::Ecs,
        resource_type,
        ids,
    };
    tags::change(work.context, target, sides).await
}

/// The tags that disks have; one that they do not all have, or not with one value, is null.
fn shared_tags(disks: &[Json]) -> Object {
    let mut counts: BTreeMap<&str, (usize, Value)> = BTreeMap::new();
    for tag in disks.iter().flat_map(|disk| items(disk, "/Tags/Tag")) {
        let value = Value::from(wire::field(tag, "/TagValue"));
        let (count, one) = counts
            .entry(wire::field(tag, "/TagKey"))
            .or_insert((0, value.clone()));
        *count += usize::from(*one == value);
    }
    let shared = |(key, (count, value)): (&str, (usize, Value))| {
        let same = count == disks.len();
        (key.to_owned(), if same { value } else { Value::Null })
    };
    counts.into_iter().map(shared).collect()
}

/// Replaces the set of groups in one call; a change of VPC carries them by itself.
async fn groups(work: &Work<'_>) -> Result<(), ApiError> {
    if work.touches(&["vpc_id"]) {
        return Ok(());
    }
    let mut request = params([("InstanceId", work.id)]);
    numbered(
        &mut request,
        "SecurityGroupIds",
        texts(work.desired, "security_groups"),
    );
    work.change("ModifyInstanceAttribute", request)
        .await
        .map(drop)
}

/// Works on the system disk, unless it is going to be replaced: then this follows the replacement.
async fn unless_replaced(
    work: &Work<'_>,
    step: impl Future<Output = Result<(), ApiError>> + Send,
) -> Result<(), ApiError> {
    if work.touches(&["image_id"]) {
        return Ok(());
    }
    step.await
}

/// Gives a new system disk what an update asks for beyond its size.
async fn new_disk(work: &Work<'_>) -> Result<(), ApiError> {
    if work.touches(&[
        "system_disk_performance_level",
        "system_disk_provisioned_iops",
    ]) {
        disk_spec(work).await?;
    }
    if work.touches(&["system_disk_auto_snapshot_policy_id"]) {
        disk_policy(work).await?;
    }
    let attributes = [
        "system_disk_name",
        "system_disk_description",
        "system_disk_bursting_enabled",
    ];
    if work.touches(&attributes) {
        disk_attributes(work).await?;
    }
    Ok(())
}

async fn disk_spec(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("DiskId", &work.system_disk().await?)]);
    work.add(
        &mut request,
        &[
            ("system_disk_performance_level", "PerformanceLevel"),
            ("system_disk_provisioned_iops", "ProvisionedIops"),
        ],
    );
    work.change("ModifyDiskSpec", request).await.map(drop)
}

/// Grows the system disk, while it runs if it runs. An image change takes the size with it.
async fn disk_size(work: &Work<'_>) -> Result<(), ApiError> {
    if work.touches(&["image_id"]) {
        return Ok(());
    }
    let running = wire::status(&work.instance().await?) != "Stopped";
    let kind = if running { "online" } else { "offline" };
    let mut request = params([("DiskId", &work.system_disk().await?), ("Type", kind)]);
    work.add(&mut request, &[("system_disk_size", "NewSize")]);
    work.change("ResizeDisk", request).await.map(drop)
}

async fn disk_policy(work: &Work<'_>) -> Result<(), ApiError> {
    let disks = Json::from(vec![work.system_disk().await?]).to_string();
    // This action alone writes its parameters small.
    let region = work.context.client.region().to_owned();
    let mut request = params([("diskIds", &disks), ("regionId", &region)]);
    work.add(
        &mut request,
        &[(
            "system_disk_auto_snapshot_policy_id",
            "autoSnapshotPolicyId",
        )],
    );
    work.change("ApplyAutoSnapshotPolicy", request)
        .await
        .map(drop)
}

async fn disk_attributes(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("DiskId", &work.system_disk().await?)]);
    // The action takes name and description together: one alone would clear the other.
    for (attribute, parameter) in [
        ("system_disk_name", "DiskName"),
        ("system_disk_description", "Description"),
    ] {
        let value = work.desired.get(attribute).and_then(scalar);
        request.push((parameter.to_owned(), value.unwrap_or_default()));
    }
    work.add(
        &mut request,
        &[("system_disk_bursting_enabled", "BurstingEnabled")],
    );
    work.change("ModifyDiskAttribute", request).await.map(drop)
}

async fn attributes(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("InstanceId", work.id)]);
    work.add(
        &mut request,
        &[
            ("instance_name", "InstanceName"),
            ("description", "Description"),
            ("host_name", "HostName"),
            ("password", "Password"),
            ("deletion_protection", "DeletionProtection"),
            ("credit_specification", "CreditSpecification"),
            ("enable_jumbo_frame", "EnableJumboFrame"),
        ],
    );
    // Unset secrets and flags cannot be sent empty.
    request.retain(|(name, value)| !value.is_empty() || name == "Description");
    if work.touches(&["password", "kms_encrypted_password"]) {
        request.extend(decrypted_password(work).await?);
    }
    if work.touches(&["deletion_protection"])
        && !request.iter().any(|(name, _)| name == "DeletionProtection")
    {
        request.push(("DeletionProtection".to_owned(), "false".to_owned()));
    }
    if work.touches(&["user_data"]) {
        let data = text(work.desired, "user_data").unwrap_or_default();
        request.push(("UserData".to_owned(), same::encoded(data)));
    }
    work.change("ModifyInstanceAttribute", request)
        .await
        .map(drop)
}

/// The password as a parameter, where it is encrypted.
async fn decrypted_password(work: &Work<'_>) -> Result<Option<(String, String)>, ApiError> {
    let Some(ciphertext) = create::encrypted_password(work.desired) else {
        return Ok(None);
    };
    let context = create::encryption_context(work.desired);
    let password = kms::decrypt(work.context.client, ciphertext, context).await?;
    let plaintext = password.expose_secret().to_owned();
    Ok(Some(("Password".to_owned(), plaintext)))
}

async fn release_time(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("InstanceId", work.id)]);
    work.add(&mut request, &[("auto_release_time", "AutoReleaseTime")]);
    work.change("ModifyInstanceAutoReleaseTime", request)
        .await
        .map(drop)
}

async fn charge_type(work: &Work<'_>) -> Result<(), ApiError> {
    let Some(wanted) = text(work.desired, "instance_charge_type") else {
        return Ok(());
    };
    charge(work.context, work.id, work.desired, wanted).await?;
    work.confirm(wanted, |instance| instance["InstanceChargeType"] == wanted)
        .await
}

/// Asks for another way to pay.
pub(super) async fn charge(
    context: Context<'_>,
    id: &str,
    object: &Object,
    wanted: &str,
) -> Result<(), ApiError> {
    let ids = Json::from(vec![id]).to_string();
    let mut request = params([
        ("InstanceIds", &ids),
        ("InstanceChargeType", wanted),
        ("AutoPay", "true"),
    ]);
    let mut rows = vec![("include_data_disks", "IncludeDataDisks")];
    if wanted == "PrePaid" {
        rows.extend([("period", "Period"), ("period_unit", "PeriodUnit")]);
    }
    for (attribute, parameter) in rows {
        let value = object.get(attribute).and_then(scalar);
        request.extend(value.map(|value| (parameter.to_owned(), value)));
    }
    change(
        context,
        "ModifyInstanceChargeType",
        request,
        &["InternalError"],
        &[],
    )
    .await
    .map(drop)
}

/// Everything that needs a stopped instance: one stop, the work, one start.
async fn stopped(work: &Work<'_>) -> Result<(), ApiError> {
    let live = work.instance().await?;
    let wanted = text(work.desired, "status")
        .or_else(|| text(work.prior, "status"))
        .unwrap_or("Running");
    let needs_stop = work.touches(STOPS);
    let mut running = wire::status(&live) != "Stopped";
    if running && (needs_stop || wanted == "Stopped") {
        let mode = text(work.desired, "stopped_mode");
        stop(work.context, work.id, mode, work.deadline).await?;
        running = false;
    }
    image(work).await?;
    network(work).await?;
    instance_type(work).await?;
    processors(work).await?;
    if work.touches(&["key_name"]) && needs_stop {
        exchange_key(work).await?;
    }
    if wanted == "Running" && !running {
        start(work.context, work.id, work.deadline).await?;
    }
    Ok(())
}

/// Replaces the system disk. The key pair is lost with it and is put back.
async fn image(work: &Work<'_>) -> Result<(), ApiError> {
    let Some(image) = text(work.desired, "image_id").filter(|_| work.touches(&["image_id"])) else {
        return Ok(());
    };
    let mut request = params([("InstanceId", work.id), ("ImageId", image)]);
    for (attribute, parameter) in [
        ("system_disk_size", "SystemDisk.Size"),
        ("system_disk_encrypted", "Encrypted"),
        ("system_disk_encrypt_algorithm", "EncryptAlgorithm"),
        ("system_disk_kms_key_id", "KMSKeyId"),
        (
            "security_enhancement_strategy",
            "SecurityEnhancementStrategy",
        ),
        ("password", "Password"),
        ("password_inherit", "PasswordInherit"),
    ] {
        let value = work.desired.get(attribute).and_then(scalar);
        // The state has a digest in place of the password: only a new one is sent.
        let said = value.filter(|value| !value.is_empty() && value != "false" && !is_digest(value));
        request.extend(said.map(|value| (parameter.to_owned(), value)));
    }
    request.extend(decrypted_password(work).await?);
    work.change("ReplaceSystemDisk", request).await?;
    work.confirm("of the new image", |instance| instance["ImageId"] == image)
        .await?;
    new_disk(work).await?;
    match text(work.desired, "key_name") {
        Some(key) if !work.touches(&["key_name"]) => attach_key(work, key).await,
        _ => Ok(()),
    }
}

async fn network(work: &Work<'_>) -> Result<(), ApiError> {
    if !work.touches(&["vpc_id", "vswitch_id", "private_ip"]) {
        return Ok(());
    }
    let mut request = params([("InstanceId", work.id)]);
    let vswitch = text(work.desired, "vswitch_id");
    request.extend(vswitch.map(|id| ("VSwitchId".to_owned(), id.to_owned())));
    let address = text(work.desired, "private_ip").filter(|_| work.touches(&["private_ip"]));
    request.extend(address.map(|ip| ("PrivateIpAddress".to_owned(), ip.to_owned())));
    if work.touches(&["vpc_id"]) {
        work.add(&mut request, &[("vpc_id", "VpcId")]);
        request.retain(|(_, value)| !value.is_empty());
        numbered(
            &mut request,
            "SecurityGroupId",
            texts(work.desired, "security_groups"),
        );
    }
    work.change("ModifyInstanceVpcAttribute", request).await?;
    work.confirm("in its new network", |instance| {
        let at = |pointer: &str| instance.pointer(pointer).and_then(Json::as_str);
        vswitch.is_none_or(|id| at("/VpcAttributes/VSwitchId") == Some(id))
            && address
                .is_none_or(|ip| at("/VpcAttributes/PrivateIpAddress/IpAddress/0") == Some(ip))
    })
    .await
}

async fn instance_type(work: &Work<'_>) -> Result<(), ApiError> {
    let Some(ty) = text(work.desired, "instance_type").filter(|_| work.touches(&["instance_type"]))
    else {
        return Ok(());
    };
    let mut request = params([("InstanceId", work.id), ("InstanceType", ty)]);
    let action = if text(work.prior, "instance_charge_type") == Some("PrePaid") {
        let operator = text(work.desired, "operator_type");
        request.extend(operator.map(|kind| ("OperatorType".to_owned(), kind.to_owned())));
        "ModifyPrepayInstanceSpec"
    } else {
        "ModifyInstanceSpec"
    };
    work.change(action, request).await?;
    work.confirm(ty, |instance| instance["InstanceType"] == ty)
        .await
}

async fn processors(work: &Work<'_>) -> Result<(), ApiError> {
    if !work.touches(&["cpu_options", "enable_high_density_mode"]) {
        return Ok(());
    }
    let mut request = params([("InstanceId", work.id)]);
    work.add(
        &mut request,
        &[(
            "enable_high_density_mode",
            "AdditionalInfo.EnableHighDensityMode",
        )],
    );
    let options = work.desired.get("cpu_options").and_then(Value::as_list);
    if let Some(options) = options.and_then(|list| list.first()?.as_object()) {
        for (attribute, parameter) in [
            ("core_count", "CpuOptions.Core"),
            ("threads_per_core", "CpuOptions.ThreadsPerCore"),
            ("topology_type", "CpuOptions.TopologyType"),
        ] {
            let value = options.get(attribute).and_then(scalar);
            request.extend(value.map(|value| (parameter.to_owned(), value)));
        }
    }
    work.change("ModifyInstanceAttribute", request)
        .await
        .map(drop)
}

async fn bandwidth(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("InstanceId", work.id)]);
    work.add(
        &mut request,
        &[
            ("internet_charge_type", "NetworkChargeType"),
            ("internet_max_bandwidth_out", "InternetMaxBandwidthOut"),
            ("internet_max_bandwidth_in", "InternetMaxBandwidthIn"),
        ],
    );
    request.retain(|(_, value)| !value.is_empty());
    work.change("ModifyInstanceNetworkSpec", request).await?;
    let out = work
        .desired
        .get("internet_max_bandwidth_out")
        .and_then(Value::as_int);
    if let Some(out) = out.filter(|_| work.touches(&["internet_max_bandwidth_out"])) {
        work.confirm("as wide as asked for", |instance| {
            instance["InternetMaxBandwidthOut"].as_i64() == Some(out)
        })
        .await?;
    }
    let live = work.instance().await?;
    let bare = strings(&live, "/PublicIpAddress/IpAddress").is_empty()
        && wire::field(&live, "/EipAddress/IpAddress").is_empty();
    if bare && out.is_some_and(|out| out > 0) {
        let request = params([("InstanceId", work.id)]);
        let done = &["AllocatedAlready"];
        change(work.context, "AllocatePublicIpAddress", request, BUSY, done).await?;
    }
    Ok(())
}

async fn renewal(work: &Work<'_>) -> Result<(), ApiError> {
    if text(work.desired, "instance_charge_type") != Some("PrePaid") {
        return Ok(());
    }
    let status = text(work.desired, "renewal_status").unwrap_or("Normal");
    let mut request = params([("InstanceId", work.id), ("RenewalStatus", status)]);
    if status == "AutoRenewal" {
        for (attribute, parameter) in [
            ("period_unit", "PeriodUnit"),
            ("auto_renew_period", "Duration"),
        ] {
            let value = work.desired.get(attribute).and_then(scalar);
            request.extend(value.map(|value| (parameter.to_owned(), value)));
        }
    }
    let retry = &["ChargeTypeViolation", "IncorrectInstanceStatus"];
    change(
        work.context,
        "ModifyInstanceAutoRenewAttribute",
        request,
        retry,
        &[],
    )
    .await
    .map(drop)
}

/// The primary network interface in the answer about an instance.
pub(super) fn primary_of(instance: &Json) -> Json {
    let interfaces = items(instance, "/NetworkInterfaces/NetworkInterface");
    interfaces
        .iter()
        .find(|interface| interface["Type"] == "Primary")
        .or_else(|| interfaces.first())
        .cloned()
        .unwrap_or_default()
}

/// The private addresses of an interface beyond its primary one.
pub(super) fn further_addresses(interface: &Json) -> Vec<&str> {
    items(interface, "/PrivateIpSets/PrivateIpSet")
        .iter()
        .filter(|set| set["Primary"] != true)
        .filter_map(|set| set["PrivateIpAddress"].as_str())
        .collect()
}

async fn primary_interface(work: &Work<'_>) -> Result<Json, ApiError> {
    let primary = primary_of(&work.instance().await?);
    if primary["NetworkInterfaceId"].is_string() {
        return Ok(primary);
    }
    Err(wire::refusal(
        ApiErrorKind::Invalid,
        "DescribeInstances",
        "NoNetworkInterface",
        format!("Instance {} has no network interface.", work.id),
    ))
}

/// Adds and removes addresses of the primary interface, as it has them now.
async fn exchange(
    work: &Work<'_>,
    actions: [&'static str; 2],
    parameter: &str,
    have: &[&str],
    want: &[&str],
) -> Result<(), ApiError> {
    let interface = primary_interface(work).await?;
    let id = wire::field(&interface, "/NetworkInterfaceId");
    let [unassign, assign] = actions;
    let without = |these: &[&str], those: &[&str]| -> Vec<String> {
        let left = these.iter().filter(|this| !those.contains(this));
        left.map(|this| (*this).to_owned()).collect()
    };
    for (action, some) in [
        (unassign, without(have, want)),
        (assign, without(want, have)),
    ] {
        if !some.is_empty() {
            let mut request = params([("NetworkInterfaceId", id)]);
            numbered(&mut request, parameter, some.iter().map(String::as_str));
            work.change(action, request).await?;
        }
    }
    Ok(())
}

const PRIVATE: [&str; 2] = ["UnassignPrivateIpAddresses", "AssignPrivateIpAddresses"];

async fn addresses(work: &Work<'_>) -> Result<(), ApiError> {
    let want = texts(work.desired, "secondary_private_ips");
    // After a move there is nothing to take away.
    if want.is_empty() && !work.touches(&["secondary_private_ips"]) {
        return Ok(());
    }
    let interface = primary_interface(work).await?;
    let have = further_addresses(&interface);
    exchange(work, PRIVATE, "PrivateIpAddress", &have, &want).await
}

async fn address_count(work: &Work<'_>) -> Result<(), ApiError> {
    let wanted = work.desired.get("secondary_private_ip_address_count");
    let Some(wanted) = wanted
        .and_then(Value::as_int)
        .and_then(|count| usize::try_from(count).ok())
    else {
        return Ok(());
    };
    let interface = primary_interface(work).await?;
    let have = further_addresses(&interface);
    if have.len() >= wanted {
        return exchange(work, PRIVATE, "PrivateIpAddress", &have, &have[..wanted]).await;
    }
    let id = wire::field(&interface, "/NetworkInterfaceId");
    let more = (wanted - have.len()).to_string();
    let request = params([
        ("NetworkInterfaceId", id),
        ("SecondaryPrivateIpAddressCount", &more),
    ]);
    work.change("AssignPrivateIpAddresses", request)
        .await
        .map(drop)
}

async fn deployment_set(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("InstanceId", work.id)]);
    match text(work.desired, "deployment_set_id") {
        Some(id) => request.push(("DeploymentSetId".to_owned(), id.to_owned())),
        None => {
            let old = text(work.prior, "deployment_set_id").unwrap_or_default();
            request.push(("DeploymentSetId".to_owned(), old.to_owned()));
            request.push(("RemoveFromDeploymentSet".to_owned(), "true".to_owned()));
        }
    }
    work.change("ModifyInstanceDeployment", request)
        .await
        .map(drop)
}

/// Sets window, action and notice together, as the action takes them.
async fn maintenance(work: &Work<'_>) -> Result<(), ApiError> {
    let mut request = params([("InstanceId.1", work.id)]);
    let windows = work
        .desired
        .get("maintenance_time")
        .and_then(Value::as_list);
    for (at, window) in windows
        .unwrap_or(&[])
        .iter()
        .filter_map(Value::as_object)
        .enumerate()
    {
        for (attribute, parameter) in [("start_time", "StartTime"), ("end_time", "EndTime")] {
            let value = text(window, attribute);
            let name = format!("MaintenanceWindow.{}.{parameter}", at + 1);
            request.extend(value.map(|value| (name, value.to_owned())));
        }
    }
    for (attribute, parameter) in [
        ("maintenance_action", "ActionOnMaintenance"),
        ("maintenance_notify", "NotifyOnMaintenance"),
    ] {
        let value = work.desired.get(attribute).and_then(scalar);
        request.extend(value.map(|value| (parameter.to_owned(), value)));
    }
    work.change("ModifyInstanceMaintenanceAttributes", request)
        .await
        .map(drop)
}

async fn metadata(work: &Work<'_>) -> Result<(), ApiError> {
    let endpoint = text(work.desired, "http_endpoint").unwrap_or("enabled");
    let mut request = params([("InstanceId", work.id), ("HttpEndpoint", endpoint)]);
    let tokens = text(work.desired, "http_tokens");
    request.extend(tokens.map(|tokens| ("HttpTokens".to_owned(), tokens.to_owned())));
    work.change("ModifyInstanceMetadataOptions", request)
        .await
        .map(drop)
}

async fn ipv6(work: &Work<'_>) -> Result<(), ApiError> {
    let interface = primary_interface(work).await?;
    let have: Vec<&str> = items(&interface, "/Ipv6Sets/Ipv6Set")
        .iter()
        .filter_map(|set| set["Ipv6Address"].as_str())
        .collect();
    let want = texts(work.desired, "ipv6_addresses");
    let actions = ["UnassignIpv6Addresses", "AssignIpv6Addresses"];
    exchange(work, actions, "Ipv6Address", &have, &want).await
}

/// Exchanges the key pair and restarts a running instance; a stopped one stays stopped. Where other
/// changes have stopped the instance, it is exchanged with them.
async fn key(work: &Work<'_>) -> Result<(), ApiError> {
    if work.touches(STOPS) {
        return Ok(());
    }
    exchange_key(work).await?;
    if wire::status(&work.instance().await?) == "Running" {
        let request = params([("InstanceId", work.id), ("ForceStop", "true")]);
        work.change("RebootInstance", request).await?;
        wire::wait(work.context, work.id, &["Running"], work.deadline, false).await?;
    }
    Ok(())
}

async fn exchange_key(work: &Work<'_>) -> Result<(), ApiError> {
    if let Some(old) = text(work.prior, "key_name") {
        let ids = Json::from(vec![work.id]).to_string();
        let request = params([("KeyPairName", old), ("InstanceIds", &ids)]);
        let done = &["InvalidKeyPairName.NotFound"];
        change(work.context, "DetachKeyPair", request, BUSY, done).await?;
    }
    match text(work.desired, "key_name") {
        Some(new) => attach_key(work, new).await,
        None => Ok(()),
    }
}

async fn attach_key(work: &Work<'_>, key: &str) -> Result<(), ApiError> {
    let ids = Json::from(vec![work.id]).to_string();
    let request = params([("KeyPairName", key), ("InstanceIds", &ids)]);
    work.change("AttachKeyPair", request).await.map(drop)
}

async fn pool(work: &Work<'_>) -> Result<(), ApiError> {
    let criteria = text(work.desired, "private_pool_options_match_criteria");
    let mut request = params([("InstanceId", work.id)]);
    request.extend(criteria.map(|word| {
        (
            "PrivatePoolOptions.MatchCriteria".to_owned(),
            word.to_owned(),
        )
    }));
    let id = text(work.desired, "private_pool_options_id").filter(|_| criteria != Some("None"));
    request.extend(id.map(|id| ("PrivatePoolOptions.Id".to_owned(), id.to_owned())));
    work.change("ModifyInstanceAttachmentAttributes", request)
        .await
        .map(drop)
}

async fn role(work: &Work<'_>) -> Result<(), ApiError> {
    let ids = Json::from(vec![work.id]).to_string();
    for (object, action) in [
        (work.prior, "DetachInstanceRamRole"),
        (work.desired, "AttachInstanceRamRole"),
    ] {
        if let Some(name) = text(object, "role_name") {
            let request = params([("RamRoleName", name), ("InstanceIds", &ids)]);
            work.change(action, request).await?;
        }
    }
    Ok(())
}
