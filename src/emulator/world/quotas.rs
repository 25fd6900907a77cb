//! How much an account may have of everything.

use serde::{Deserialize, Serialize};

/// How much an account may have. Names are those of the quota table, snake-cased.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::emulator) struct Quotas {
    pub(in crate::emulator) vpcs: usize,
    pub(in crate::emulator) vswitches: usize,
    pub(in crate::emulator) secondary_cidrs: usize,
    pub(in crate::emulator) security_groups: usize,
    pub(in crate::emulator) groups_per_instance: usize,
    pub(in crate::emulator) rules_per_group: usize,
    pub(in crate::emulator) addresses_per_group: usize,
    pub(in crate::emulator) key_pairs: usize,
    pub(in crate::emulator) launch_templates: usize,
    pub(in crate::emulator) instances: usize,
    pub(in crate::emulator) instances_per_deployment_set: usize,
    pub(in crate::emulator) network_interfaces: usize,
    pub(in crate::emulator) eips: usize,
    pub(in crate::emulator) nat_gateways: usize,
    pub(in crate::emulator) snat_entries: usize,
    pub(in crate::emulator) load_balancers: usize,
    pub(in crate::emulator) route_tables: usize,
    pub(in crate::emulator) route_entries: usize,
    pub(in crate::emulator) disks: usize,
    pub(in crate::emulator) data_disks_per_instance: usize,
    pub(in crate::emulator) interfaces: usize,
    /// Of pay-as-you-go instances, and of spot instances apart.
    pub(in crate::emulator) vcpus: usize,
    pub(in crate::emulator) spot_vcpus: usize,
    pub(in crate::emulator) snapshots_per_disk: usize,
    pub(in crate::emulator) images: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            vpcs: 10,
            vswitches: 150,
            secondary_cidrs: 5,
            security_groups: 100,
            groups_per_instance: 5,
            rules_per_group: 200,
            addresses_per_group: 2000,
            key_pairs: 500,
            launch_templates: 30,
            instances: 100_000,
            instances_per_deployment_set: 20,
            network_interfaces: 5000,
            eips: 20,
            nat_gateways: 5,
            snat_entries: 40,
            load_balancers: 60,
            route_tables: 9,
            route_entries: 200,
            disks: 200_000,
            data_disks_per_instance: 16,
            interfaces: 200_000,
            vcpus: 4_000_000,
            spot_vcpus: 4_000_000,
            snapshots_per_disk: 256,
            images: 100,
        }
    }
}
