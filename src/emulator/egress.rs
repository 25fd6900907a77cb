//! What leads out of a VPC and into it, as it is kept and logged: elastic addresses, NAT gateways and their entries,
//! routes, load balancers.

use serde::{Deserialize, Serialize};

use super::clock::Millis;
use super::objects::Course;
use super::request::Tags;

/// An elastic IP address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Eip {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) address: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) bandwidth: i64,
    pub(super) charge_type: String,
    pub(super) internet_charge_type: String,
    pub(super) expires: Option<Millis>,
    pub(super) isp: String,
    pub(super) netmode: String,
    pub(super) mode: String,
    pub(super) zone: String,
    pub(super) pool: String,
    pub(super) protections: Vec<String>,
    pub(super) monitored: bool,
    pub(super) log_project: String,
    pub(super) log_store: String,
    pub(super) deletion_protection: bool,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    /// What it is bound to, or was last.
    pub(super) bound: Option<Bound>,
    pub(super) course: Course,
}

/// What an elastic address is bound to.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) private_ip: String,
    pub(super) vpc: String,
}

impl Eip {
    /// What it is bound to now, or is about to be or no longer to be.
    pub(super) fn holder(&self, now: Millis) -> Option<&Bound> {
        let bound = ["Associating", "InUse", "Unassociating"].contains(&self.course.at(now));
        self.bound.as_ref().filter(|_| bound)
    }

    /// Whether it is bound to something, or is about to be or no longer to be.
    pub(super) fn is_on(&self, id: &str, now: Millis) -> bool {
        self.holder(now).is_some_and(|bound| bound.id == id)
    }
}

/// A NAT gateway.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct NatGateway {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) zone: String,
    pub(super) vpc: String,
    pub(super) vswitch: String,
    /// The interface by which it is in its vSwitch.
    pub(super) interface: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) nat_type: String,
    pub(super) network_type: String,
    pub(super) charge_type: String,
    pub(super) internet_charge_type: String,
    pub(super) expires: Option<Millis>,
    pub(super) spec: String,
    pub(super) eip_bind_mode: String,
    pub(super) icmp_reply: bool,
    pub(super) private_link: bool,
    /// How it is reached in the other direction: mode, tunnel.
    pub(super) access_mode: Option<(String, String)>,
    pub(super) availability: String,
    pub(super) deletion_protection: bool,
    pub(super) snat_table: String,
    pub(super) forward_table: String,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
    pub(super) course: Course,
}

/// An entry of a NAT gateway: whose traffic leaves by which addresses.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct SnatEntry {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) table: String,
    pub(super) nat_gateway: String,
    pub(super) name: String,
    pub(super) addresses: Vec<String>,
    pub(super) source_cidr: String,
    pub(super) source_vswitch: String,
    pub(super) affinity: i64,
    pub(super) course: Course,
}

/// A load balancer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct LoadBalancer {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) name: String,
    pub(super) master_zone: String,
    pub(super) slave_zone: String,
    /// `internet` or `intranet`.
    pub(super) address_type: String,
    pub(super) ip_version: String,
    pub(super) address: String,
    /// Where one for the intranet is.
    pub(super) vpc: String,
    pub(super) vswitch: String,
    pub(super) internet_charge_type: String,
    pub(super) bandwidth: i64,
    pub(super) spec: String,
    /// `PayBySpec` or `PayByCLCU`.
    pub(super) instance_charge_type: String,
    pub(super) pay_type: String,
    pub(super) expires: Option<Millis>,
    pub(super) status: String,
    pub(super) delete_protection: String,
    pub(super) modification_protection: String,
    pub(super) modification_reason: String,
    pub(super) resource_group: String,
    pub(super) tags: Tags,
    pub(super) created: Millis,
}

/// A route that somebody added to a table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct RouteEntry {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) table: String,
    pub(super) vpc: String,
    pub(super) destination: String,
    pub(super) next_hop_type: String,
    pub(super) next_hop: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) course: Course,
}
