//! What instances show of themselves.

use serde_json::{Value, json};

use super::Effect::Read;
use super::instance::state;
use super::instance_show::{eip_of, shared, show};
use super::{Route, Sizes, ecs, end_dry_run, list_of, listing, wants};
use crate::emulator::catalog;
use crate::emulator::clock::{Millis, parse_release, seconds};
use crate::emulator::objects::{Instance, Interface};
use crate::emulator::reply::{Refusal, Reply, Text, refusal, refuse, unwritten};
use crate::emulator::request::{Request, glob, invalid, tags_match};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    listing("DescribeInstances", describe),
    ecs("DescribeInstanceAttribute", Read, describe_one),
    ecs("DescribeInstanceStatus", Read, describe_status),
    ecs("DescribeUserData", Read, describe_user_data),
    ecs("DescribeInstanceAutoRenewAttribute", Read, describe_renewal),
    ecs(
        "DescribeInstanceMaintenanceAttributes",
        Read,
        describe_maintenance,
    ),
    ecs(
        "DescribeInstanceAttachmentAttributes",
        Read,
        describe_attachment,
    ),
    ecs("DescribeInstanceRamRole", Read, describe_ram_role),
];

const STATES: &[&str] = &["Pending", "Running", "Starting", "Stopping", "Stopped"];

/// A field of an instance.
type Field = fn(&Instance) -> &str;

/// Filters that are compared with a field as it is: the parameter and the field.
const PLAIN: &[(&str, Field)] = &[
    ("RegionId", |it| &it.region),
    ("ZoneId", |it| &it.zone),
    ("VpcId", |it| &it.vpc),
    ("VSwitchId", |it| &it.vswitch),
    ("ImageId", |it| &it.image),
    ("InstanceType", |it| &it.instance_type),
    ("InstanceChargeType", |it| &it.charge_type),
    ("InternetChargeType", |it| &it.internet_charge_type),
    ("KeyPairName", |it| &it.key_pair),
    ("HpcClusterId", |it| &it.hpc_cluster),
    ("ResourceGroupId", |it| &it.resource_group),
];

/// Filters on settings, with what holds where nothing is set.
const SETTINGS: &[(&str, &str)] = &[
    ("HttpEndpoint", "enabled"),
    ("HttpTokens", "optional"),
    ("HttpPutResponseHopLimit", "1"),
];

/// The filters of a request, read once: 100,000 instances may have to pass them.
struct Filter {
    ids: Option<Vec<String>>,
    plain: Vec<(Field, String)>,
    settings: Vec<(&'static str, &'static str, String)>,
    name: Option<String>,
    group: Option<String>,
    family: Option<String>,
    status: Option<String>,
    io_optimized: Option<bool>,
    private: Option<Vec<String>>,
    public: Option<Vec<String>>,
    elastic: Option<Vec<String>>,
    ipv6: Option<Vec<String>>,
    never: bool,
    spans: Vec<Span>,
    tags: Vec<(String, Option<String>)>,
}

impl Filter {
    fn read(request: &Request) -> Result<Self, Refusal> {
        let owned = |name: &str| request.text(name).map(str::to_owned);
        let status = owned("Status");
        if status
            .as_deref()
            .is_some_and(|status| !STATES.contains(&status))
        {
            let text = "The specified Status is not found";
            return refuse(404, "InvalidStatus.NotFound", text);
        }
        let network = request.text("InstanceNetworkType").unwrap_or("vpc");
        if network != "vpc" && network != "classic" {
            let text = "The specified InstanceNetworkType is not found";
            return refuse(404, "InvalidNetworkType.NotFound", text);
        }
        let never = network == "classic"
            || request.json_list("InnerIpAddresses", 100)?.is_some()
            || request.text("RdmaIpAddresses").is_some()
            || request.text("LockReason").is_some()
            || request.boolean("DeviceAvailable") == Some(false);
        let plain = PLAIN
            .iter()
            .filter_map(|(name, field)| Some((*field, owned(name)?)));
        let settings = SETTINGS.iter();
        Ok(Self {
            ids: request.json_list("InstanceIds", 100)?,
            plain: plain.collect(),
            settings: settings
                .filter_map(|row| Some((row.0, row.1, owned(row.0)?)))
                .collect(),
            name: owned("InstanceName"),
            group: owned("SecurityGroupId"),
            family: owned("InstanceTypeFamily"),
            status,
            io_optimized: request.boolean("IoOptimized"),
            private: request.json_list("PrivateIpAddresses", 100)?,
            public: request.json_list("PublicIpAddresses", 100)?,
            elastic: request.json_list("EipAddresses", 100)?,
            ipv6: Some(request.list("Ipv6Address")).filter(|list| !list.is_empty()),
            never,
            spans: read_spans(request)?,
            tags: request.tag_filter(),
        })
    }

    fn passes(&self, world: &World, instance: &Instance) -> bool {
        let asked = |wanted: &Option<String>, have: &str| wants(wanted.as_deref(), have);
        !self.never
            && self
                .ids
                .as_ref()
                .is_none_or(|ids| ids.contains(&instance.id))
            && self
                .plain
                .iter()
                .all(|(field, wanted)| field(instance) == wanted)
            && self
                .name
                .as_deref()
                .is_none_or(|name| glob(name, &instance.name))
            && self
                .group
                .as_ref()
                .is_none_or(|group| instance.groups.contains(group))
            && tags_match(&instance.tags, &self.tags)
            && self.spans.iter().all(|span| span.holds(instance))
            && self
                .io_optimized
                .is_none_or(|wanted| wanted == instance.io_optimized)
            && asked(&self.status, state(world, instance))
            && (self.family.is_none() || asked(&self.family, family(instance)))
            && self
                .settings
                .iter()
                .all(|(name, usual, wanted)| setting(instance, name, usual) == *wanted)
            && self.has_addresses(world, instance)
    }

    fn has_addresses(&self, world: &World, instance: &Instance) -> bool {
        let one_of = |wanted: &Option<Vec<String>>, have: &[String]| {
            wanted
                .as_ref()
                .is_none_or(|wanted| have.iter().any(|have| wanted.contains(have)))
        };
        if self.private.is_some() || self.ipv6.is_some() {
            let primary = primary(world, instance);
            let (private, ipv6) =
                primary.map_or((&[][..], &[][..]), |it| (&it.addresses, &it.ipv6));
            if !one_of(&self.private, private) || !one_of(&self.ipv6, ipv6) {
                return false;
            }
        }
        if self.elastic.is_some() {
            let address = eip_of(world, instance).map(|eip| eip.address.clone());
            if !one_of(&self.elastic, address.as_slice()) {
                return false;
            }
        }
        one_of(&self.public, instance.public_ip.as_slice())
    }
}

fn family(instance: &Instance) -> &str {
    let kind = catalog::instance_type(&instance.instance_type);
    kind.map(|kind| kind.family.as_str()).unwrap_or_default()
}

/// A limit on when an instance was created or expires.
struct Span {
    creation: bool,
    start: bool,
    at: Millis,
}

impl Span {
    fn holds(&self, instance: &Instance) -> bool {
        let expires = instance.expires.unwrap_or(Millis::MAX);
        let have = if self.creation {
            instance.created
        } else {
            expires
        };
        if self.start {
            have >= self.at
        } else {
            have <= self.at
        }
    }
}

/// Reads the filters `Filter.N`, which concern times.
fn read_spans(request: &Request) -> Result<Vec<Span>, Refusal> {
    let mut spans = Vec::new();
    for index in request.indices("Filter") {
        let key = request.owned(&format!("Filter.{index}.Key"));
        let (creation, start) = match key.as_str() {
            "CreationStartTime" => (true, true),
            "CreationEndTime" => (true, false),
            "ExpiredStartTime" => (false, true),
            "ExpiredEndTime" => (false, false),
            _ => {
                let text = "The specified Filter.N.Key is not valid.";
                return refuse(400, "InvalidFilterKey.NotSupported", text);
            }
        };
        let at = request
            .text(&format!("Filter.{index}.Value"))
            .and_then(parse_release);
        let text = "The specified Filter.N.Value is not valid.";
        let at = at.ok_or_else(|| refusal(400, "InvalidFilterValue", text))?;
        spans.push(Span {
            creation,
            start,
            at,
        });
    }
    Ok(spans)
}

/// The primary interface of an instance.
pub(super) fn primary<'a>(world: &'a World, instance: &Instance) -> Option<&'a Interface> {
    world.interfaces.get(instance.interfaces.first()?)
}

fn describe(world: &mut World, request: &Request) -> Text {
    let filter = Filter::read(request)?;
    end_dry_run(request)?;
    let sizes = Sizes {
        page: (100, 10),
        token: Some((100, 10)),
    };
    let page = list_of(
        (&world.instances, filter.ids.as_deref()),
        request,
        sizes,
        |instance| filter.passes(world, instance),
        |instance| show(world, instance),
    )?;
    page.text("Instances", "Instance")
}

/// A setting that was given, or what holds without it.
pub(super) fn setting<'a>(instance: &'a Instance, name: &str, otherwise: &'a str) -> &'a str {
    let value = instance.settings.get(name).and_then(Value::as_str);
    value.unwrap_or(otherwise)
}

/// Whether a setting is on.
pub(super) fn flag(instance: &Instance, name: &str) -> bool {
    setting(instance, name, "").eq_ignore_ascii_case("true")
}

pub(super) fn private_ips(interface: &Interface) -> Vec<Value> {
    let show = |(index, address): (usize, &String)| json!({ "PrivateIpAddress": address, "Primary": index == 0, "PrivateDnsName": "" });
    interface.addresses.iter().enumerate().map(show).collect()
}

pub(super) fn ipv6s(interface: &Interface) -> Vec<Value> {
    interface
        .ipv6
        .iter()
        .map(|address| json!({ "Ipv6Address": address }))
        .collect()
}

fn describe_one(world: &mut World, request: &Request) -> Reply {
    let instance = world.instance(request.need("InstanceId")?)?;
    let mut shown =
        serde_json::to_value(shared(world, instance, false)).map_err(|error| unwritten(&error))?;
    shown["IoOptimized"] = json!(if instance.io_optimized {
        "optimized"
    } else {
        "none"
    });
    shown["EnableJumboFrame"] = json!(flag(instance, "NetworkOptions.EnableJumboFrame"));
    shown["EnableNetworkEncryption"] =
        json!(flag(instance, "NetworkOptions.EnableNetworkEncryption"));
    Ok(shown)
}

fn describe_status(world: &mut World, request: &Request) -> Reply {
    let ids = request.list("InstanceId");
    if ids.len() > 100 {
        return Err(invalid("InstanceId"));
    }
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let page = list_of(
        (
            &world.instances,
            (!ids.is_empty()).then_some(ids.as_slice()),
        ),
        request,
        sizes,
        |it| wants(request.region(), &it.region) && wants(request.text("ZoneId"), &it.zone),
        |it| json!({ "InstanceId": it.id, "Status": state(world, it) }),
    )?;
    Ok(page.answer("InstanceStatuses", "InstanceStatus"))
}

fn describe_user_data(world: &mut World, request: &Request) -> Reply {
    let instance = world.instance(request.need("InstanceId")?)?;
    Ok(json!({
        "InstanceId": instance.id,
        "RegionId": instance.region,
        "UserData": instance.user_data,
    }))
}

fn describe_renewal(world: &mut World, request: &Request) -> Reply {
    let ids = request.commas("InstanceId").unwrap_or_default();
    if ids.len() > 100 {
        return Err(invalid("InstanceId"));
    }
    for id in &ids {
        if world.instance(id)?.charge_type != "PrePaid" {
            let text = "The operation is not permitted due to charge type of the instance.";
            return refuse(403, "ChargeTypeViolation", text);
        }
    }
    let sizes = Sizes {
        page: (100, 10),
        token: None,
    };
    let page = list_of(
        (
            &world.instances,
            (!ids.is_empty()).then_some(ids.as_slice()),
        ),
        request,
        sizes,
        |it| {
            it.charge_type == "PrePaid"
                && wants(request.region(), &it.region)
                && wants(request.text("RenewalStatus"), &it.renewal.status)
        },
        |it| {
            json!({
                "InstanceId": it.id,
                "AutoRenewEnabled": it.renewal.status == "AutoRenewal",
                "RenewalStatus": it.renewal.status,
                "Duration": it.renewal.duration,
                "PeriodUnit": it.renewal.unit,
            })
        },
    )?;
    Ok(page.answer("InstanceRenewAttributes", "InstanceRenewAttribute"))
}

fn describe_maintenance(world: &mut World, request: &Request) -> Reply {
    let ids = request.list("InstanceId");
    let sizes = Sizes {
        page: (100, 10),
        token: None,
    };
    let page = list_of(
        (
            &world.instances,
            (!ids.is_empty()).then_some(ids.as_slice()),
        ),
        request,
        sizes,
        |it| wants(request.region(), &it.region),
        |it| {
            let windows: Vec<Value> = it
                .maintenance
                .windows
                .iter()
                .map(|(start, end)| json!({ "StartTime": start, "EndTime": end }))
                .collect();
            let action = match it.maintenance.action.as_str() {
                "" => "AutoRecover",
                action => action,
            };
            json!({
                "InstanceId": it.id,
                "NotifyOnMaintenance": it.maintenance.notify,
                "MaintenanceWindows": { "MaintenanceWindow": windows },
                "ActionOnMaintenance": {
                    "DefaultValue": "AutoRecover",
                    "Value": action,
                    "SupportedValues": { "SupportedValue": ["Stop", "AutoRecover"] },
                },
            })
        },
    )?;
    Ok(page.answer("MaintenanceAttributes", "MaintenanceAttribute"))
}

fn describe_attachment(world: &mut World, request: &Request) -> Reply {
    let ids = request.json_list("InstanceIds", 100)?.unwrap_or_default();
    let sizes = Sizes {
        page: (100, 10),
        token: None,
    };
    let page = list_of(
        (&world.instances, Some(ids.as_slice())),
        request,
        sizes,
        |it| wants(request.region(), &it.region),
        |it| {
            json!({
                "InstanceId": it.id,
                "PrivatePoolOptionsId": setting(it, "PrivatePoolOptions.Id", ""),
                "PrivatePoolOptionsMatchCriteria":
                    setting(it, "PrivatePoolOptions.MatchCriteria", "None"),
            })
        },
    )?;
    Ok(page.answer("Instances", "Instance"))
}

fn describe_ram_role(world: &mut World, request: &Request) -> Reply {
    let ids = request.json_list("InstanceIds", 100)?;
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let page = list_of(
        (&world.instances, ids.as_deref()),
        request,
        sizes,
        |it| {
            wants(request.region(), &it.region)
                && (ids.is_some() || !it.ram_role.is_empty())
                && wants(request.text("RamRoleName"), &it.ram_role)
        },
        |it| json!({ "InstanceId": it.id, "RamRoleName": it.ram_role }),
    )?;
    Ok(json!({
        "RegionId": request.region_or_home(),
        "TotalCount": page.fields["TotalCount"],
        "InstanceRamRoleSets": { "InstanceRamRoleSet": page.items },
    }))
}

/// A time with seconds, for what shows its times so.
pub(super) fn when(at: Option<u64>) -> String {
    at.map(seconds).unwrap_or_default()
}
