//! The objects of the emulated cloud, as they are kept and logged.
//!
//! Passwords are never kept: an instance only knows that it has one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clock::Millis;
use super::egress::{Eip, LoadBalancer, NatGateway, RouteEntry, SnatEntry};
use super::request::Tags;
use super::table::Object;

/// A state that moves on by itself: the phases, each with the instant at which it begins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Course(Vec<(Millis, String)>);

impl Course {
    pub(super) fn new(now: Millis, state: &str) -> Self {
        Self(vec![(now, state.to_owned())])
    }

    /// Adds a state that follows a while after the last one.
    pub(super) fn then(mut self, after: Millis, state: &str) -> Self {
        let from = self.0.last().map_or(0, |(at, _)| *at);
        self.0.push((from + after, state.to_owned()));
        self
    }

    /// The state at an instant.
    pub(super) fn at(&self, now: Millis) -> &str {
        let begun = self
            .0
            .iter()
            .rev()
            .find(|(from, _)| *from <= now)
            .or_else(|| self.0.first());
        begun.map_or("", |(_, state)| state.as_str())
    }

    /// When a state is to begin.
    pub(super) fn begins(&self, state: &str) -> Option<Millis> {
        self.0
            .iter()
            .find(|(_, have)| have == state)
            .map(|(from, _)| *from)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Vpc {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) cidr: String,
    pub(super) secondary: Vec<String>,
    pub(super) user_cidrs: Vec<String>,
    pub(super) ipv6: Option<String>,
    pub(super) ipv6_isp: String,
    pub(super) classic_link: bool,
    pub(super) dns_hostnames: bool,
    pub(super) default: bool,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) router: String,
    pub(super) route_table: String,
    pub(super) course: Course,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RouteTable {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) vpc: String,
    pub(super) router: String,
    /// Whether it is the one that the VPC has by itself.
    pub(super) system: bool,
    pub(super) associate_type: String,
    /// The vSwitches that go by it, if it is not the VPC's own.
    pub(super) vswitches: Vec<String>,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) propagation: bool,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) course: Course,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct VSwitch {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) zone: String,
    pub(super) vpc: String,
    pub(super) cidr: String,
    pub(super) ipv6: Option<String>,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) default: bool,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) course: Course,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) vpc: Option<String>,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) kind: String,
    pub(super) inner_access: String,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) rules: Vec<Rule>,
}

/// A rule of a security group. `target` is the other side, `own` this one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) direction: String,
    pub(super) protocol: String,
    pub(super) ports: String,
    pub(super) port_list: String,
    pub(super) source_ports: String,
    pub(super) policy: String,
    pub(super) priority: i64,
    pub(super) nic_type: String,
    pub(super) target_cidr: String,
    pub(super) target_ipv6: String,
    pub(super) target_group: String,
    pub(super) target_owner: String,
    pub(super) target_prefix_list: String,
    pub(super) own_cidr: String,
    pub(super) own_ipv6: String,
    pub(super) description: String,
    pub(super) created: Millis,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Instance {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) zone: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) host_name: String,
    pub(super) image: String,
    pub(super) instance_type: String,
    pub(super) vpc: String,
    pub(super) vswitch: String,
    /// The security groups of the primary interface.
    #[serde(rename = "security_groups")]
    pub(super) groups: Vec<String>,
    pub(super) charge_type: String,
    pub(super) expires: Option<Millis>,
    pub(super) renewal: Renewal,
    pub(super) release_at: Option<String>,
    pub(super) spot_strategy: String,
    pub(super) spot_price_limit: f64,
    pub(super) spot_duration: i64,
    pub(super) spot_interruption: String,
    pub(super) internet_charge_type: String,
    pub(super) bandwidth_in: i64,
    pub(super) bandwidth_out: i64,
    pub(super) public_ip: Option<String>,
    pub(super) io_optimized: bool,
    pub(super) has_password: bool,
    pub(super) password_inherit: bool,
    pub(super) key_pair: String,
    pub(super) user_data: String,
    pub(super) ram_role: String,
    pub(super) deletion_protection: bool,
    pub(super) deployment_set: String,
    pub(super) deployment_group: Option<i64>,
    pub(super) dedicated_host: String,
    pub(super) hpc_cluster: String,
    pub(super) credit: String,
    pub(super) resource_group: String,
    pub(super) security_enhancement: String,
    pub(super) serial_number: String,
    pub(super) stopped_mode: String,
    pub(super) recyclable: bool,
    /// Settings that are only kept and shown again: metadata options, CPU options, pools and such.
    pub(super) settings: BTreeMap<String, serde_json::Value>,
    pub(super) maintenance: Maintenance,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) started: Option<Millis>,
    pub(super) course: Course,
    pub(super) disks: Vec<String>,
    pub(super) interfaces: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Renewal {
    pub(super) status: String,
    pub(super) duration: i64,
    pub(super) unit: String,
}

impl Default for Renewal {
    fn default() -> Self {
        Self {
            status: "Normal".to_owned(),
            duration: 0,
            unit: "Month".to_owned(),
        }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Maintenance {
    pub(super) action: String,
    pub(super) notify: bool,
    pub(super) windows: Vec<(String, String)>,
}

/// A disk on one more instance than the first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Attachment {
    pub(super) instance: String,
    pub(super) device: String,
    pub(super) attached: Millis,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Disk {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) zone: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) system: bool,
    pub(super) category: String,
    pub(super) performance_level: String,
    pub(super) size: i64,
    pub(super) instance: Option<String>,
    pub(super) device: String,
    pub(super) image: String,
    pub(super) snapshot: String,
    pub(super) charge_type: String,
    pub(super) delete_with_instance: bool,
    pub(super) delete_auto_snapshot: bool,
    pub(super) enable_auto_snapshot: bool,
    pub(super) encrypted: bool,
    pub(super) kms_key: String,
    pub(super) auto_snapshot_policy: String,
    pub(super) provisioned_iops: i64,
    pub(super) bursting: bool,
    pub(super) storage_cluster: String,
    pub(super) storage_set: String,
    pub(super) storage_set_partition: i64,
    /// Whether more than one instance may have it.
    pub(super) multi_attach: bool,
    /// The instances that have it beside `instance`.
    pub(super) further: Vec<Attachment>,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) attached: Option<Millis>,
    pub(super) detached: Option<Millis>,
    pub(super) course: Course,
}

impl Disk {
    /// Every instance that has it, with the device and since when.
    pub(super) fn attachments(&self) -> Vec<Attachment> {
        let first = self.instance.iter().map(|instance| Attachment {
            instance: instance.clone(),
            device: self.device.clone(),
            attached: self.attached.unwrap_or_default(),
        });
        first.chain(self.further.iter().cloned()).collect()
    }

    /// Takes it from an instance; says whether none has it any more.
    pub(super) fn leave(&mut self, instance: &str, now: Millis) -> bool {
        let mut left = self.attachments();
        left.retain(|one| one.instance != instance);
        self.detached = Some(now);
        let mut left = left.into_iter();
        let first = left.next();
        let alone = first.is_none();
        let (instance, device, attached) = match first {
            Some(one) => (Some(one.instance), one.device, Some(one.attached)),
            None => (None, String::new(), self.attached),
        };
        (self.instance, self.device, self.attached) = (instance, device, attached);
        self.further = left.collect();
        alone
    }
}

/// A network interface.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Interface {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) zone: String,
    pub(super) vpc: String,
    pub(super) vswitch: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) primary: bool,
    pub(super) instance: Option<String>,
    pub(super) mac: String,
    pub(super) groups: Vec<String>,
    /// The first is the primary address.
    pub(super) addresses: Vec<String>,
    pub(super) ipv6: Vec<String>,
    /// Networks of 16 addresses.
    pub(super) prefixes: Vec<String>,
    pub(super) ipv6_prefixes: Vec<String>,
    /// Whether it carries others, and which one carries it.
    pub(super) trunk: bool,
    pub(super) trunk_of: Option<String>,
    pub(super) traffic_mode: String,
    pub(super) queues: Option<i64>,
    pub(super) queue_pairs: i64,
    pub(super) card_index: i64,
    pub(super) source_dest_check: bool,
    pub(super) delete_on_release: bool,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) course: Course,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeyPair {
    /// The region and the name, since a key pair is addressed by its name.
    pub(super) key: String,
    pub(super) pair_id: String,
    pub(super) region: String,
    pub(super) name: String,
    pub(super) fingerprint: String,
    pub(super) public_key: String,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct DeploymentSet {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) strategy: String,
    pub(super) domain: String,
    pub(super) granularity: String,
    pub(super) on_failure: String,
    /// How many groups its instances are parted into, if they are.
    pub(super) groups: Option<i64>,
    pub(super) created: Millis,
}

/// A snapshot of a disk, which may be gone since.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Snapshot {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) disk: String,
    /// Whether the disk was a system disk.
    pub(super) system: bool,
    /// The image that a system disk was made of.
    pub(super) image: String,
    pub(super) size: i64,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) category: String,
    /// For ever without.
    pub(super) retention_days: Option<i64>,
    pub(super) encrypted: bool,
    pub(super) kms_key: String,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) modified: Millis,
    pub(super) course: Course,
}

/// An image of the account's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Image {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) family: String,
    pub(super) version: String,
    /// What an instance needs to know of it, as of any image.
    pub(super) base: super::catalog::Image,
    pub(super) boot_mode: String,
    pub(super) license_type: String,
    pub(super) nvme: String,
    pub(super) disks: Vec<ImageDisk>,
    pub(super) copied: bool,
    pub(super) shared_with: Vec<String>,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) course: Course,
}

/// A disk of an image: of a snapshot, or an empty one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct ImageDisk {
    pub(super) device: String,
    pub(super) system: bool,
    pub(super) size: i64,
    pub(super) snapshot: String,
    pub(super) encrypted: bool,
}

/// A launch template.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct LaunchTemplate {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) name: String,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) modified: Millis,
    pub(super) default_version: i64,
    pub(super) latest_version: i64,
    /// By their numbers.
    pub(super) versions: Vec<TemplateVersion>,
}

/// A version of a launch template, with the parameters of orders that it stands for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct TemplateVersion {
    pub(super) number: i64,
    pub(super) description: String,
    pub(super) created: Millis,
    pub(super) parameters: BTreeMap<String, String>,
}

/// A group of objects for billing and permissions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct ResourceGroup {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) display_name: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) course: Course,
}

/// What a client token was answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) key: String,
    pub(super) parameters: String,
    pub(super) outcome: Result<serde_json::Value, super::reply::Refusal>,
    pub(super) at: Millis,
}

/// Says of each kind of object what it has: the words for one and for all, and which of the usual fields.
macro_rules! objects {
    ($($object:ident, $kind:literal, $plural:literal: $($part:ident),*;)*) => {
        $(impl Object for $object {
            const KIND: &'static str = $kind;
            const PLURAL: &'static str = $plural;

            $(part!($part);)*
        })*
    };
}

/// One of the usual fields of objects.
macro_rules! part {
    (id) => {
        fn id(&self) -> &str {
            &self.id
        }
    };
    (key) => {
        fn id(&self) -> &str {
            &self.key
        }
    };
    (name) => {
        fn shown_id(&self) -> &str {
            &self.name
        }
    };
    (region) => {
        fn region(&self) -> &str {
            &self.region
        }
    };
    (course) => {
        fn course(&self) -> Option<&Course> {
            Some(&self.course)
        }
    };
    (tags) => {
        fn tags(&self) -> Option<&Tags> {
            Some(&self.tags)
        }

        fn tags_mut(&mut self) -> Option<&mut Tags> {
            Some(&mut self.tags)
        }
    };
    (resource_group) => {
        fn resource_group_mut(&mut self) -> Option<&mut String> {
            Some(&mut self.resource_group)
        }
    };
    (instance_keys) => {
        const FILTERS: &'static [&'static str] = &[
            "VpcId",
            "VSwitchId",
            "SecurityGroupId",
            "InstanceName",
            "InstanceType",
            "KeyPairName",
        ];

        fn keys(&self, add: &mut dyn FnMut(&str, &str)) {
            add("VpcId", &self.vpc);
            add("VSwitchId", &self.vswitch);
            add("InstanceName", &self.name);
            add("InstanceType", &self.instance_type);
            add("KeyPairName", &self.key_pair);
            for group in &self.groups {
                add("SecurityGroupId", group);
            }
        }
    };
    (snapshot_keys) => {
        const FILTERS: &'static [&'static str] = &["DiskId", "SnapshotName"];

        fn keys(&self, add: &mut dyn FnMut(&str, &str)) {
            add("DiskId", &self.disk);
            add("SnapshotName", &self.name);
        }
    };
    (disk_keys) => {
        const FILTERS: &'static [&'static str] = &["InstanceId", "DiskName", "SnapshotId"];

        fn keys(&self, add: &mut dyn FnMut(&str, &str)) {
            add("InstanceId", self.instance.as_deref().unwrap_or_default());
            add("DiskName", &self.name);
            add("SnapshotId", &self.snapshot);
            for one in &self.further {
                add("InstanceId", &one.instance);
            }
        }
    };
    (interface_keys) => {
        const FILTERS: &'static [&'static str] = &[
            "InstanceId",
            "VpcId",
            "VSwitchId",
            "SecurityGroupId",
            "NetworkInterfaceName",
        ];

        fn keys(&self, add: &mut dyn FnMut(&str, &str)) {
            add("InstanceId", self.instance.as_deref().unwrap_or_default());
            add("VpcId", &self.vpc);
            add("VSwitchId", &self.vswitch);
            add("NetworkInterfaceName", &self.name);
            for group in &self.groups {
                add("SecurityGroupId", group);
            }
        }
    };
}

objects! {
    Vpc, "vpc", "vpcs": id, region, course, tags, resource_group;
    RouteTable, "route_table", "route_tables": id, region, course, tags, resource_group;
    VSwitch, "vswitch", "vswitches": id, region, course, tags, resource_group;
    Group, "security_group", "security_groups": id, region, tags, resource_group;
    Instance, "instance", "instances": id, region, course, tags, resource_group, instance_keys;
    Disk, "disk", "disks": id, region, course, tags, resource_group, disk_keys;
    Snapshot, "snapshot", "snapshots": id, region, course, tags, resource_group, snapshot_keys;
    Image, "image", "images": id, region, course, tags, resource_group;
    Interface, "interface", "network_interfaces": id, region, course, tags, resource_group,
        interface_keys;
    KeyPair, "key_pair", "key_pairs": key, name, region, tags, resource_group;
    LaunchTemplate, "launch_template", "launch_templates": id, region, tags, resource_group;
    Eip, "eip", "eips": id, region, course, tags, resource_group;
    NatGateway, "nat_gateway", "nat_gateways": id, region, course, tags, resource_group;
    LoadBalancer, "load_balancer", "load_balancers": id, region, tags, resource_group;
    SnatEntry, "snat_entry", "snat_entries": id, region, course;
    RouteEntry, "route_entry", "route_entries": id, region, course;
    ResourceGroup, "resource_group", "resource_groups": id, course, tags;
    DeploymentSet, "deployment_set", "deployment_sets": id, region;
    Token, "token", "": key;
}
