//! The emulated cloud: its objects, the indexes over them, and its quotas.
//!
//! Deadlines are settled when a call comes, so nothing runs in the background.

use std::collections::{BTreeSet, HashMap};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use super::catalog;
use super::clock::{Clock, Millis, Transition};
use super::egress::Eip;
use super::faults::Plan;
use super::objects::{Course, Disk, Group, Instance, Interface, KeyPair, RouteTable, Token};
use super::objects::{VSwitch, Vpc};
use super::reply::{Refusal, refusal, refuse};
use super::table::{Change, Table};

/// The account everything belongs to.
pub(super) const ACCOUNT: &str = "1234567890123456";
/// The resource group of what names none.
pub(super) const DEFAULT_GROUP: &str = "rg-acfmxazb4ph6aiy";

/// How much an account may have. Names are those of the quota table, snake-cased.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Quotas {
    pub(super) vpcs: usize,
    pub(super) vswitches: usize,
    pub(super) secondary_cidrs: usize,
    pub(super) security_groups: usize,
    pub(super) groups_per_instance: usize,
    pub(super) rules_per_group: usize,
    pub(super) addresses_per_group: usize,
    pub(super) key_pairs: usize,
    pub(super) instances: usize,
    pub(super) eips: usize,
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
            instances: 100_000,
            eips: 20,
        }
    }
}

/// Everything that exists.
pub(super) struct World {
    pub(super) clock: Clock,
    /// The instant of the call being answered.
    pub(super) now: Millis,
    pub(super) quotas: Quotas,
    pub(super) vpcs: Table<Vpc>,
    pub(super) route_tables: Table<RouteTable>,
    pub(super) vswitches: Table<VSwitch>,
    pub(super) groups: Table<Group>,
    pub(super) instances: Table<Instance>,
    pub(super) disks: Table<Disk>,
    pub(super) interfaces: Table<Interface>,
    pub(super) key_pairs: Table<KeyPair>,
    pub(super) eips: Table<Eip>,
    pub(super) tokens: Table<Token>,
    seed: u64,
    counter: u64,
    /// What leaves, and when.
    departures: BTreeSet<(Millis, String)>,
    /// The addresses in use in each vSwitch.
    taken: HashMap<String, BTreeSet<Ipv4Addr>>,
    /// The interfaces in each security group.
    members: HashMap<String, BTreeSet<String>>,
}

impl World {
    pub(super) fn new(seed: u64, clock: Clock) -> Self {
        let now = clock.now();
        Self {
            clock,
            now,
            quotas: Quotas::default(),
            vpcs: Table::default(),
            route_tables: Table::default(),
            vswitches: Table::default(),
            groups: Table::default(),
            instances: Table::default(),
            disks: Table::default(),
            interfaces: Table::default(),
            key_pairs: Table::default(),
            eips: Table::default(),
            tokens: Table::default(),
            seed,
            counter: 0,
            departures: BTreeSet::new(),
            taken: HashMap::new(),
            members: HashMap::new(),
        }
    }

    /// Takes over the quotas and the lengths of a plan.
    pub(super) fn obey(&mut self, plan: &Plan) {
        self.quotas = plan.quotas();
        self.clock.lengths = plan.lengths();
    }

    /// Brings the world to an instant: what was to leave by then is gone.
    pub(super) fn settle(&mut self) {
        self.now = self.clock.now();
        while let Some((due, _)) = self.departures.first() {
            if *due > self.now {
                break;
            }
            let Some((_, id)) = self.departures.pop_first() else {
                break;
            };
            self.vswitches.remove(&id, self.now);
            self.remove_interface(&id);
            self.eips.remove(&id, self.now);
            if self.instances.get(&id).is_some() {
                self.release_instance(&id);
            }
        }
    }

    /// Lets something leave after a while.
    pub(super) fn depart(&mut self, id: &str, after: Millis) {
        self.departures.insert((self.now + after, id.to_owned()));
        if after == 0 {
            self.settle();
        }
    }

    /// Lets an instance be released at an instant of its own, or no longer.
    pub(super) fn schedule_release(&mut self, id: &str, old: Option<Millis>, at: Option<Millis>) {
        if let Some(old) = old {
            self.departures.remove(&(old, id.to_owned()));
        }
        if let Some(at) = at {
            self.departures.insert((at, id.to_owned()));
        }
    }

    pub(super) fn length(&self, transition: Transition) -> Millis {
        self.clock.length(transition)
    }

    /// A course that begins now.
    pub(super) fn course(&self, state: &str) -> Course {
        Course::new(self.now, state)
    }

    /// A new id: the kind, the region's code and as many letters as make 20.
    pub(super) fn new_id(&mut self, kind: &str, region: &str) -> String {
        let code = catalog::region(region).map_or("bp1", |region| region.code.as_str());
        format!("{kind}-{code}{}", self.letters(17))
    }

    /// Letters and digits that do not come again. At least six of them.
    pub(super) fn letters(&mut self, count: usize) -> String {
        const ALPHABET: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        const SPACE: u64 = 36_u64.pow(6);
        /// Shares no divisor with `SPACE`, so no two counters give the same product.
        const STRIDE: u64 = 1_299_709_999;
        let mut random = self.random();
        let mut own = self.counter.wrapping_mul(STRIDE) % SPACE;
        let mut letters = Vec::with_capacity(count);
        for _ in 0..6 {
            letters.push(ALPHABET[usize::try_from(own % 36).unwrap_or(0)]);
            own /= 36;
        }
        letters.extend((6..count).map(|_| ALPHABET[random.usize(..36)]));
        letters.into_iter().map(char::from).collect()
    }

    pub(super) fn random(&mut self) -> fastrand::Rng {
        self.counter += 1;
        fastrand::Rng::with_seed(self.seed.wrapping_mul(0xA24B_AED4_963E_E407) ^ self.counter)
    }

    // Finding, or saying that there is none.

    pub(super) fn vpc(&self, id: &str) -> Result<&Vpc, Refusal> {
        self.vpcs.get(id).ok_or_else(|| {
            refusal(
                404,
                "InvalidVpcId.NotFound",
                "Specified VPC does not exist.",
            )
        })
    }

    pub(super) fn vpc_mut(&mut self, id: &str) -> Result<&mut Vpc, Refusal> {
        self.vpcs.change(id, self.now).ok_or_else(|| {
            refusal(
                404,
                "InvalidVpcId.NotFound",
                "Specified VPC does not exist.",
            )
        })
    }

    pub(super) fn vswitch(&self, id: &str) -> Result<&VSwitch, Refusal> {
        self.vswitches
            .get(id)
            .ok_or_else(|| refusal(404, "InvalidVSwitchId.NotFound", "VSwitch not exist."))
    }

    pub(super) fn group(&self, id: &str) -> Result<&Group, Refusal> {
        self.groups.get(id).ok_or_else(group_not_found)
    }

    pub(super) fn group_mut(&mut self, id: &str) -> Result<&mut Group, Refusal> {
        self.groups.change(id, self.now).ok_or_else(group_not_found)
    }

    pub(super) fn instance(&self, id: &str) -> Result<&Instance, Refusal> {
        self.instances.get(id).ok_or_else(instance_not_found)
    }

    pub(super) fn instance_mut(&mut self, id: &str) -> Result<&mut Instance, Refusal> {
        self.instances
            .change(id, self.now)
            .ok_or_else(instance_not_found)
    }

    pub(super) fn disk(&self, id: &str) -> Result<&Disk, Refusal> {
        self.disks.get(id).ok_or_else(disk_not_found)
    }

    pub(super) fn disk_mut(&mut self, id: &str) -> Result<&mut Disk, Refusal> {
        self.disks.change(id, self.now).ok_or_else(disk_not_found)
    }

    pub(super) fn interface(&self, id: &str) -> Result<&Interface, Refusal> {
        self.interfaces.get(id).ok_or_else(|| {
            refusal(
                404,
                "InvalidEniId.NotFound",
                "The specified NetworkInterfaceId does not exist.",
            )
        })
    }

    // Interfaces carry the indexes of addresses and of group members.

    pub(super) fn add_interface(&mut self, interface: Interface) {
        self.index(&interface);
        self.interfaces.insert(interface, self.now);
    }

    pub(super) fn change_interface(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Interface),
    ) -> Result<(), Refusal> {
        let before = self.interface(id)?.clone();
        self.unindex(&before);
        if let Some(interface) = self.interfaces.change(id, self.now) {
            change(interface);
            let after = interface.clone();
            self.index(&after);
        }
        Ok(())
    }

    pub(super) fn remove_interface(&mut self, id: &str) {
        if let Some(interface) = self.interfaces.remove(id, self.now) {
            self.unindex(&interface);
        }
    }

    fn index(&mut self, interface: &Interface) {
        let taken = self.taken.entry(interface.vswitch.clone()).or_default();
        taken.extend(
            interface
                .addresses
                .iter()
                .filter_map(|text| text.parse::<Ipv4Addr>().ok()),
        );
        for group in &interface.groups {
            self.members
                .entry(group.clone())
                .or_default()
                .insert(interface.id.clone());
        }
    }

    fn unindex(&mut self, interface: &Interface) {
        if let Some(taken) = self.taken.get_mut(&interface.vswitch) {
            for address in interface
                .addresses
                .iter()
                .filter_map(|text| text.parse().ok())
            {
                taken.remove(&address);
            }
        }
        for group in &interface.groups {
            if let Some(members) = self.members.get_mut(group) {
                members.remove(&interface.id);
            }
        }
    }

    /// The interfaces in a group.
    pub(super) fn members(&self, group: &str) -> impl Iterator<Item = &Interface> {
        let ids = self.members.get(group).into_iter().flatten();
        ids.filter_map(|id| self.interfaces.get(id))
    }

    pub(super) fn member_count(&self, group: &str) -> usize {
        self.members.get(group).map_or(0, BTreeSet::len)
    }

    /// How many interfaces are in a vSwitch.
    pub(super) fn addresses_taken(&self, vswitch: &str) -> usize {
        self.taken.get(vswitch).map_or(0, BTreeSet::len)
    }

    /// How many addresses of a vSwitch are free. The first and the last three are the service's own.
    pub(super) fn addresses_free(&self, vswitch: &VSwitch) -> usize {
        let size = vswitch
            .cidr
            .parse::<Ipv4Net>()
            .map_or(0, |net| 1usize << (32 - net.prefix_len()));
        size.saturating_sub(4 + self.addresses_taken(&vswitch.id))
    }

    /// A free address of a vSwitch: the one asked for, or the first.
    pub(super) fn pick_address(
        &self,
        vswitch: &VSwitch,
        wanted: Option<Ipv4Addr>,
    ) -> Result<Ipv4Addr, Refusal> {
        let outside = || {
            let text = "Specified private IP address is not in the CIDR block of virtual switch.";
            refusal(400, "InvalidPrivateIpAddress", text)
        };
        let net: Ipv4Net = vswitch.cidr.parse().map_err(|_| outside())?;
        let (first, last) = (u32::from(net.network()) + 1, u32::from(net.broadcast()) - 3);
        let none = BTreeSet::new();
        let taken = self.taken.get(&vswitch.id).unwrap_or(&none);
        if let Some(wanted) = wanted {
            if !(first..=last).contains(&u32::from(wanted)) {
                return Err(outside());
            }
            if taken.contains(&wanted) {
                let text = "Specified private IP address is duplicated.";
                return refuse(400, "InvalidPrivateIpAddress.Duplicated", text);
            }
            return Ok(wanted);
        }
        let mut next = first;
        for address in taken.range(Ipv4Addr::from(first)..) {
            if u32::from(*address) != next {
                break;
            }
            next += 1;
        }
        if next > last {
            let text = "Don't have enough private IPs in this switch.";
            return refuse(400, "QuotaExceeded.PrivateIpAddress", text);
        }
        Ok(Ipv4Addr::from(next))
    }

    /// Whether something has a public address.
    pub(super) fn has_public_address(&self, address: &str) -> bool {
        let of_instance = |it: &Instance| it.public_ip.as_deref() == Some(address);
        self.instances.iter().any(of_instance) || self.eips.iter().any(|it| it.address == address)
    }

    /// Unbinds the elastic addresses of something that goes.
    pub(super) fn free_eips(&mut self, id: &str) {
        let now = self.now;
        let bound: Vec<String> = self
            .eips
            .iter()
            .filter(|eip| eip.is_on(id, now))
            .map(|eip| eip.id.clone())
            .collect();
        for id in bound {
            if let Some(eip) = self.eips.change(&id, now) {
                eip.course = Course::new(now, "Available");
            }
        }
    }

    /// Releases an instance with what goes with it.
    pub(super) fn release_instance(&mut self, id: &str) {
        let Some(instance) = self.instances.remove(id, self.now) else {
            return;
        };
        self.free_eips(id);
        for disk in &instance.disks {
            if self
                .disks
                .get(disk)
                .is_some_and(|disk| disk.delete_with_instance)
            {
                self.disks.remove(disk, self.now);
            } else if let Some(disk) = self.disks.change(disk, self.now) {
                disk.instance = None;
                disk.detached = Some(self.now);
                disk.device = String::new();
                disk.course = Course::new(self.now, "Available");
            }
        }
        let lingering = self.length(Transition::Lingering);
        let now = self.now;
        for interface in &instance.interfaces {
            let kept = self
                .interfaces
                .get(interface)
                .is_some_and(|interface| !interface.primary && !interface.delete_on_release);
            let changed = self.change_interface(interface, |interface| {
                interface.instance = None;
                interface.course = Course::new(now, if kept { "Available" } else { "Deleting" });
            });
            if changed.is_ok() && !kept {
                self.depart(interface, lingering);
            }
        }
    }

    // Stale reads.

    /// Looks at everything as it was at an instant, or again as it is.
    pub(super) fn look_at(&mut self, view: Option<Millis>) {
        self.vpcs.look_at(view);
        self.route_tables.look_at(view);
        self.vswitches.look_at(view);
        self.groups.look_at(view);
        self.instances.look_at(view);
        self.disks.look_at(view);
        self.interfaces.look_at(view);
        self.key_pairs.look_at(view);
        self.eips.look_at(view);
    }

    // Persistence.

    /// What changed since the last call, as the log wants it.
    pub(super) fn changes(&mut self) -> Vec<Change> {
        let horizon = self.now.saturating_sub(10_000);
        self.vpcs.forget_before(horizon);
        self.route_tables.forget_before(horizon);
        self.vswitches.forget_before(horizon);
        self.groups.forget_before(horizon);
        self.instances.forget_before(horizon);
        self.disks.forget_before(horizon);
        self.interfaces.forget_before(horizon);
        self.key_pairs.forget_before(horizon);
        self.eips.forget_before(horizon);
        self.tokens.forget_before(horizon);
        let mut changes = self.vpcs.changes();
        changes.extend(self.route_tables.changes());
        changes.extend(self.vswitches.changes());
        changes.extend(self.groups.changes());
        changes.extend(self.instances.changes());
        changes.extend(self.disks.changes());
        changes.extend(self.interfaces.changes());
        changes.extend(self.key_pairs.changes());
        changes.extend(self.eips.changes());
        changes.extend(self.tokens.changes());
        if !changes.is_empty() {
            changes.push(self.ledger());
        }
        changes
    }

    /// Everything, as changes.
    pub(super) fn snapshot(&self) -> Vec<Change> {
        let mut changes = self.vpcs.snapshot();
        changes.extend(self.route_tables.snapshot());
        changes.extend(self.vswitches.snapshot());
        changes.extend(self.groups.snapshot());
        changes.extend(self.instances.snapshot());
        changes.extend(self.disks.snapshot());
        changes.extend(self.interfaces.snapshot());
        changes.extend(self.key_pairs.snapshot());
        changes.extend(self.eips.snapshot());
        changes.extend(self.tokens.snapshot());
        changes.push(self.ledger());
        changes
    }

    fn ledger(&self) -> Change {
        Change {
            kind: "ledger".to_owned(),
            id: "ledger".to_owned(),
            serial: 0,
            object: to_raw_value(&(self.counter, &self.departures)).ok(),
        }
    }

    /// Takes a change from the log.
    pub(super) fn load(&mut self, change: Change) -> Result<(), serde_json::Error> {
        match change.kind.as_str() {
            "vpc" => self.vpcs.load(change),
            "route_table" => self.route_tables.load(change),
            "vswitch" => self.vswitches.load(change),
            "security_group" => self.groups.load(change),
            "instance" => self.instances.load(change),
            "disk" => self.disks.load(change),
            "interface" => self.interfaces.load(change),
            "key_pair" => self.key_pairs.load(change),
            "eip" => self.eips.load(change),
            "token" => self.tokens.load(change),
            _ => {
                if let Some(object) = change.object {
                    (self.counter, self.departures) = serde_json::from_str(object.get())?;
                }
                Ok(())
            }
        }
    }

    /// Builds the indexes after loading.
    pub(super) fn reindex(&mut self) {
        self.taken.clear();
        self.members.clear();
        let interfaces: Vec<Interface> = self.interfaces.iter().cloned().collect();
        for interface in &interfaces {
            self.index(interface);
        }
    }

    /// What exists, for people and tests.
    pub(super) fn describe(&self) -> Value {
        let now = self.now;
        json!({
            "vpcs": self.vpcs.iter().map(|vpc| described(vpc, now, &vpc.course)).collect::<Vec<_>>(),
            "route_tables": self.route_tables.iter().map(available).collect::<Vec<_>>(),
            "vswitches": self.vswitches.iter().map(|it| described(it, now, &it.course)).collect::<Vec<_>>(),
            "security_groups": self.groups.iter().map(available).collect::<Vec<_>>(),
            "instances": self.instances.iter().map(|it| self.described_instance(it)).collect::<Vec<_>>(),
            "disks": self.disks.iter().map(|it| described(it, now, &it.course)).collect::<Vec<_>>(),
            "network_interfaces":
                self.interfaces.iter().map(|it| described(it, now, &it.course)).collect::<Vec<_>>(),
            "key_pairs": self.key_pairs.iter().map(described_key_pair).collect::<Vec<_>>(),
            "eips": self.eips.iter().map(|it| described(it, now, &it.course)).collect::<Vec<_>>(),
        })
    }

    fn described_instance(&self, instance: &Instance) -> Value {
        let mut value = described(instance, self.now, &instance.course);
        let primary = instance
            .interfaces
            .first()
            .and_then(|id| self.interfaces.get(id));
        if let (Some(fields), Some(primary)) = (value.as_object_mut(), primary) {
            fields.insert("private_ip".to_owned(), json!(primary.addresses.first()));
            fields.insert("security_groups".to_owned(), json!(primary.groups));
        }
        value
    }
}

/// An object with its state of now in place of its course.
fn described(object: &impl Serialize, now: Millis, course: &Course) -> Value {
    let mut value = plain(object);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("course");
        fields.insert("state".to_owned(), json!(course.at(now)));
    }
    value
}

/// An object that is available as soon as it exists.
fn available(object: &impl Serialize) -> Value {
    let mut value = plain(object);
    value["state"] = json!("Available");
    value
}

fn described_key_pair(pair: &KeyPair) -> Value {
    let mut value = available(pair);
    value["id"] = json!(pair.pair_id);
    value
}

fn plain(object: &impl Serialize) -> Value {
    serde_json::to_value(object).unwrap_or_default()
}

fn group_not_found() -> Refusal {
    let text = "The specified SecurityGroupId does not exist.";
    refusal(404, "InvalidSecurityGroupId.NotFound", text)
}

fn instance_not_found() -> Refusal {
    refusal(
        404,
        "InvalidInstanceId.NotFound",
        "The specified InstanceId does not exist.",
    )
}

fn disk_not_found() -> Refusal {
    refusal(
        404,
        "InvalidDiskId.NotFound",
        "The specified disk does not exist.",
    )
}
