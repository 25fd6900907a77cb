//! The objects of the emulated cloud, as they are kept and logged.
//!
//! Passwords are never kept: an instance only knows that it has one.

mod instance;
mod network;
mod storage;

use serde::{Deserialize, Serialize};

use super::clock::Millis;
use super::egress::{Eip, LoadBalancer, NatGateway, RouteEntry, SnatEntry};
use super::request::Tags;
use super::table::Object;

pub(super) use instance::{
    DeploymentSet, Instance, KeyPair, LaunchTemplate, Renewal, TemplateVersion,
};
pub(super) use network::{Group, Interface, RouteTable, Rule, VSwitch, Vpc};
pub(super) use storage::{Attachment, Disk, Image, ImageDisk, Snapshot};

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
    (eip_keys) => {
        // Not a parameter of listings: what an address was bound to last is not what it is bound to.
        const FILTERS: &'static [&'static str] = &["bound"];

        fn keys(&self, add: &mut dyn FnMut(&str, &str)) {
            if let Some(bound) = &self.bound {
                add("bound", &bound.id);
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
    Eip, "eip", "eips": id, region, course, tags, resource_group, eip_keys;
    NatGateway, "nat_gateway", "nat_gateways": id, region, course, tags, resource_group;
    LoadBalancer, "load_balancer", "load_balancers": id, region, tags, resource_group;
    SnatEntry, "snat_entry", "snat_entries": id, region, course;
    RouteEntry, "route_entry", "route_entries": id, region, course;
    ResourceGroup, "resource_group", "resource_groups": id, course, tags;
    DeploymentSet, "deployment_set", "deployment_sets": id, region;
    Token, "token", "": key;
}
