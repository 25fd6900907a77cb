//! Instances, and what they are made with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Course;
use crate::emulator::clock::Millis;
use crate::emulator::request::Tags;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::emulator) struct Instance {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) zone: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) host_name: String,
    pub(in crate::emulator) image: String,
    pub(in crate::emulator) instance_type: String,
    pub(in crate::emulator) vpc: String,
    pub(in crate::emulator) vswitch: String,
    /// The security groups of the primary interface.
    #[serde(rename = "security_groups")]
    pub(in crate::emulator) groups: Vec<String>,
    pub(in crate::emulator) charge_type: String,
    pub(in crate::emulator) expires: Option<Millis>,
    pub(in crate::emulator) renewal: Renewal,
    pub(in crate::emulator) release_at: Option<String>,
    pub(in crate::emulator) spot_strategy: String,
    pub(in crate::emulator) spot_price_limit: f64,
    pub(in crate::emulator) spot_duration: i64,
    pub(in crate::emulator) spot_interruption: String,
    pub(in crate::emulator) internet_charge_type: String,
    pub(in crate::emulator) bandwidth_in: i64,
    pub(in crate::emulator) bandwidth_out: i64,
    pub(in crate::emulator) public_ip: Option<String>,
    pub(in crate::emulator) io_optimized: bool,
    pub(in crate::emulator) has_password: bool,
    pub(in crate::emulator) password_inherit: bool,
    pub(in crate::emulator) key_pair: String,
    pub(in crate::emulator) user_data: String,
    pub(in crate::emulator) ram_role: String,
    pub(in crate::emulator) deletion_protection: bool,
    pub(in crate::emulator) deployment_set: String,
    pub(in crate::emulator) deployment_group: Option<i64>,
    pub(in crate::emulator) dedicated_host: String,
    pub(in crate::emulator) hpc_cluster: String,
    pub(in crate::emulator) credit: String,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) security_enhancement: String,
    pub(in crate::emulator) serial_number: String,
    pub(in crate::emulator) stopped_mode: String,
    pub(in crate::emulator) recyclable: bool,
    /// Settings that are only kept and shown again: metadata options, CPU options, pools and such.
    pub(in crate::emulator) settings: BTreeMap<String, serde_json::Value>,
    pub(in crate::emulator) maintenance: Maintenance,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) started: Option<Millis>,
    pub(in crate::emulator) course: Course,
    pub(in crate::emulator) disks: Vec<String>,
    pub(in crate::emulator) interfaces: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::emulator) struct Renewal {
    pub(in crate::emulator) status: String,
    pub(in crate::emulator) duration: i64,
    pub(in crate::emulator) unit: String,
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
pub(in crate::emulator) struct Maintenance {
    pub(in crate::emulator) action: String,
    pub(in crate::emulator) notify: bool,
    pub(in crate::emulator) windows: Vec<(String, String)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::emulator) struct KeyPair {
    /// The region and the name, since a key pair is addressed by its name.
    pub(in crate::emulator) key: String,
    pub(in crate::emulator) pair_id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) fingerprint: String,
    pub(in crate::emulator) public_key: String,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::emulator) struct DeploymentSet {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) strategy: String,
    pub(in crate::emulator) domain: String,
    pub(in crate::emulator) granularity: String,
    pub(in crate::emulator) on_failure: String,
    /// How many groups its instances are parted into, if they are.
    pub(in crate::emulator) groups: Option<i64>,
    pub(in crate::emulator) created: Millis,
}

/// A launch template.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::emulator) struct LaunchTemplate {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) modified: Millis,
    pub(in crate::emulator) default_version: i64,
    pub(in crate::emulator) latest_version: i64,
    /// By their numbers.
    pub(in crate::emulator) versions: Vec<TemplateVersion>,
}

/// A version of a launch template, with the parameters of orders that it stands for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::emulator) struct TemplateVersion {
    pub(in crate::emulator) number: i64,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) parameters: BTreeMap<String, String>,
}
