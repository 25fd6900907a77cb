//! Networks, security groups and interfaces.

use serde::{Deserialize, Serialize};

use super::Course;
use crate::emulator::clock::Millis;
use crate::emulator::request::Tags;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::emulator) struct Vpc {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) cidr: String,
    pub(in crate::emulator) secondary: Vec<String>,
    pub(in crate::emulator) user_cidrs: Vec<String>,
    pub(in crate::emulator) ipv6: Option<String>,
    pub(in crate::emulator) ipv6_isp: String,
    pub(in crate::emulator) classic_link: bool,
    pub(in crate::emulator) dns_hostnames: bool,
    pub(in crate::emulator) default: bool,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) router: String,
    pub(in crate::emulator) route_table: String,
    pub(in crate::emulator) course: Course,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::emulator) struct RouteTable {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) vpc: String,
    pub(in crate::emulator) router: String,
    /// Whether it is the one that the VPC has by itself.
    pub(in crate::emulator) system: bool,
    pub(in crate::emulator) associate_type: String,
    /// The vSwitches that go by it, if it is not the VPC's own.
    pub(in crate::emulator) vswitches: Vec<String>,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) propagation: bool,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) course: Course,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::emulator) struct VSwitch {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) zone: String,
    pub(in crate::emulator) vpc: String,
    pub(in crate::emulator) cidr: String,
    pub(in crate::emulator) ipv6: Option<String>,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) default: bool,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) course: Course,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::emulator) struct Group {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) vpc: Option<String>,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) kind: String,
    pub(in crate::emulator) inner_access: String,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) rules: Vec<Rule>,
}

/// A rule of a security group. `target` is the other side, `own` this one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub(in crate::emulator) struct Rule {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) direction: String,
    pub(in crate::emulator) protocol: String,
    pub(in crate::emulator) ports: String,
    pub(in crate::emulator) port_list: String,
    pub(in crate::emulator) source_ports: String,
    pub(in crate::emulator) policy: String,
    pub(in crate::emulator) priority: i64,
    pub(in crate::emulator) nic_type: String,
    pub(in crate::emulator) target_cidr: String,
    pub(in crate::emulator) target_ipv6: String,
    pub(in crate::emulator) target_group: String,
    pub(in crate::emulator) target_owner: String,
    pub(in crate::emulator) target_prefix_list: String,
    pub(in crate::emulator) own_cidr: String,
    pub(in crate::emulator) own_ipv6: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) created: Millis,
}

/// A network interface.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::emulator) struct Interface {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) zone: String,
    pub(in crate::emulator) vpc: String,
    pub(in crate::emulator) vswitch: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) primary: bool,
    pub(in crate::emulator) instance: Option<String>,
    pub(in crate::emulator) mac: String,
    pub(in crate::emulator) groups: Vec<String>,
    /// The first is the primary address.
    pub(in crate::emulator) addresses: Vec<String>,
    pub(in crate::emulator) ipv6: Vec<String>,
    /// Networks of 16 addresses.
    pub(in crate::emulator) prefixes: Vec<String>,
    pub(in crate::emulator) ipv6_prefixes: Vec<String>,
    /// Whether it carries others, and which one carries it.
    pub(in crate::emulator) trunk: bool,
    pub(in crate::emulator) trunk_of: Option<String>,
    pub(in crate::emulator) traffic_mode: String,
    pub(in crate::emulator) queues: Option<i64>,
    pub(in crate::emulator) queue_pairs: i64,
    pub(in crate::emulator) card_index: i64,
    pub(in crate::emulator) source_dest_check: bool,
    pub(in crate::emulator) delete_on_release: bool,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) course: Course,
}
