//! Changes of an instance, as a list of steps in the order in which the API wants them.
//!
//! A step runs if an attribute of it changed. Steps that need a stopped instance are together, so
//! that one stop and one start serve all of them.

mod disks;
mod interface;
mod money;
mod power;

use futures::future::BoxFuture;
use serde_json::Value as Json;
use tokio::time::Instant;

use crate::{
    cloud::ApiError,
    model::{Object, Type, Value},
    provider::{Change, Failure, hooks::Context, kms, lifecycle, tags},
    schema::{Proposal, Service, is_unset, limits},
};

use super::{
    create, same,
    table::INSTANCE,
    wire::{self, Until, change, failure, params, scalar, text},
};

use disks::{disk_attributes, disk_policy, disk_size, disk_spec, unless_replaced, volume_tags};
use interface::{address_count, addresses, destination, groups, ipv6};
use money::{bandwidth, charge_type, release_time, renewal};
use power::{key, stopped};

pub(super) use interface::{further_addresses, primary_of};
pub(super) use money::charge;

/// One update on its way.
pub(super) struct Work<'a> {
    pub(super) context: Context<'a>,
    pub(super) id: &'a str,
    pub(super) prior: &'a Object,
    pub(super) desired: &'a Object,
    pub(super) changed: &'a [String],
    pub(super) deadline: Instant,
    /// The VPC that it moves to, if it moves to another one.
    pub(super) vpc: Option<String>,
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
        let mut work = Work {
            context,
            id,
            prior: change.prior,
            desired: change.desired,
            changed: change.changed,
            deadline: wire::deadline(limits(context.ty, change.desired).update),
            vpc: None,
        };
        let vpc = destination(&work).await;
        work.vpc = vpc.map_err(|error| failure(error, "vswitch_id"))?;
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
