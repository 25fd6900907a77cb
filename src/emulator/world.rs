//! The emulated cloud: its objects, the indexes over them, and its quotas.
//!
//! Deadlines are settled when a call comes, so nothing runs in the background.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use serde_json::{Map, Value, json};

use super::catalog;
use super::clock::{Clock, Millis, Transition};
use super::egress::{Eip, NatGateway, RouteEntry, SnatEntry};
use super::faults::Plan;
use super::market::Market;
use super::objects::{
    Course, DeploymentSet, Disk, Group, Image, Instance, Interface, KeyPair, LaunchTemplate,
    ResourceGroup, RouteTable, Snapshot, Token,
};
use super::objects::{VSwitch, Vpc};
use super::reply::{Refusal, refusal, refuse};
use super::table::{Change, Rows, Table};

/// The account of the emulator's own key.
pub(super) const ACCOUNT: &str = "1234567890123456";
/// The resource group of what names none.
pub(super) const DEFAULT_GROUP: &str = "rg-acfmxazb4ph6aiy";

/// A security group of another account.
pub(super) struct Abroad {
    pub(super) account: String,
    pub(super) group: Group,
}

impl Abroad {
    /// Whether an owner, by id or by a name in the account's own domain, is this account.
    pub(super) fn is_of(&self, owner: &str) -> bool {
        let domain = owner.split_once('@').map_or(owner, |(_, domain)| domain);
        domain.strip_suffix(".onaliyun.com").unwrap_or(domain) == self.account
    }
}

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
    pub(super) launch_templates: usize,
    pub(super) instances: usize,
    pub(super) instances_per_deployment_set: usize,
    pub(super) network_interfaces: usize,
    pub(super) eips: usize,
    pub(super) nat_gateways: usize,
    pub(super) snat_entries: usize,
    pub(super) route_tables: usize,
    pub(super) route_entries: usize,
    pub(super) disks: usize,
    pub(super) data_disks_per_instance: usize,
    pub(super) interfaces: usize,
    /// Of pay-as-you-go instances, and of spot instances apart.
    pub(super) vcpus: usize,
    pub(super) spot_vcpus: usize,
    pub(super) snapshots_per_disk: usize,
    pub(super) images: usize,
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

/// The addresses in use in a vSwitch.
#[derive(Default)]
struct Pool {
    taken: BTreeSet<u32>,
    /// All of the vSwitch's addresses below are taken, so that they need not be walked again.
    low: Cell<u32>,
}

impl Pool {
    fn give_back(&mut self, address: u32) {
        self.taken.remove(&address);
        self.low.set(self.low.get().min(address));
    }

    /// The first address of the vSwitch's span that is free.
    fn first_free(&self, first: u32, last: u32) -> Option<u32> {
        let mut next = self.low.get().max(first);
        for address in self.taken.range(next..) {
            if *address != next {
                break;
            }
            next += 1;
        }
        self.low.set(next);
        (next <= last).then_some(next)
    }
}

/// Everything that exists.
pub(super) struct World {
    /// The groups of other accounts, while a request is answered that names one.
    pub(super) abroad: Vec<Abroad>,
    /// The account that everything here belongs to.
    pub(super) account: String,
    pub(super) clock: Clock,
    /// The instant of the call being answered.
    pub(super) now: Millis,
    pub(super) quotas: Quotas,
    pub(super) market: Market,
    pub(super) vpcs: Table<Vpc>,
    pub(super) route_tables: Table<RouteTable>,
    pub(super) vswitches: Table<VSwitch>,
    pub(super) groups: Table<Group>,
    pub(super) instances: Table<Instance>,
    pub(super) disks: Table<Disk>,
    pub(super) snapshots: Table<Snapshot>,
    pub(super) images: Table<Image>,
    pub(super) interfaces: Table<Interface>,
    pub(super) key_pairs: Table<KeyPair>,
    pub(super) launch_templates: Table<LaunchTemplate>,
    pub(super) deployment_sets: Table<DeploymentSet>,
    pub(super) eips: Table<Eip>,
    pub(super) nat_gateways: Table<NatGateway>,
    pub(super) snat_entries: Table<SnatEntry>,
    pub(super) route_entries: Table<RouteEntry>,
    pub(super) resource_groups: Table<ResourceGroup>,
    pub(super) tokens: Table<Token>,
    seed: u64,
    counter: u64,
    /// What leaves, and when.
    departures: BTreeSet<(Millis, String)>,
    /// Departures that were added (or else taken away) since the last call.
    rescheduled: Vec<(Millis, String, bool)>,
    /// The addresses in use in each vSwitch.
    taken: HashMap<String, Pool>,
    /// The public addresses that were ever given away.
    public: HashSet<Ipv4Addr>,
    /// The interfaces in each security group.
    members: HashMap<String, BTreeSet<String>>,
}

impl World {
    pub(super) fn new(seed: u64, clock: Clock) -> Self {
        let now = clock.now();
        Self {
            abroad: Vec::new(),
            account: ACCOUNT.to_owned(),
            clock,
            now,
            quotas: Quotas::default(),
            market: Market::default(),
            vpcs: Table::default(),
            route_tables: Table::default(),
            vswitches: Table::default(),
            groups: Table::default(),
            instances: Table::default(),
            disks: Table::default(),
            snapshots: Table::default(),
            images: Table::default(),
            interfaces: Table::default(),
            key_pairs: Table::default(),
            launch_templates: Table::default(),
            deployment_sets: Table::default(),
            eips: Table::default(),
            nat_gateways: Table::default(),
            snat_entries: Table::default(),
            route_entries: Table::default(),
            resource_groups: Table::default(),
            tokens: Table::default(),
            seed,
            counter: 0,
            departures: BTreeSet::new(),
            rescheduled: Vec::new(),
            taken: HashMap::new(),
            public: HashSet::new(),
            members: HashMap::new(),
        }
    }

    /// Every kind of object. A new kind is a field, a line here and one in `tables_mut`.
    fn tables(&self) -> Vec<&dyn Rows> {
        vec![
            &self.vpcs,
            &self.route_tables,
            &self.vswitches,
            &self.groups,
            &self.instances,
            &self.disks,
            &self.snapshots,
            &self.images,
            &self.interfaces,
            &self.key_pairs,
            &self.launch_templates,
            &self.deployment_sets,
            &self.eips,
            &self.nat_gateways,
            &self.snat_entries,
            &self.route_entries,
            &self.resource_groups,
            &self.tokens,
        ]
    }

    fn tables_mut(&mut self) -> Vec<&mut dyn Rows> {
        vec![
            &mut self.vpcs,
            &mut self.route_tables,
            &mut self.vswitches,
            &mut self.groups,
            &mut self.instances,
            &mut self.disks,
            &mut self.snapshots,
            &mut self.images,
            &mut self.interfaces,
            &mut self.key_pairs,
            &mut self.launch_templates,
            &mut self.deployment_sets,
            &mut self.eips,
            &mut self.nat_gateways,
            &mut self.snat_entries,
            &mut self.route_entries,
            &mut self.resource_groups,
            &mut self.tokens,
        ]
    }

    /// The table of a kind of object.
    pub(super) fn table(&self, kind: &str) -> Option<&dyn Rows> {
        self.tables().into_iter().find(|rows| rows.kind() == kind)
    }

    pub(super) fn table_mut(&mut self, kind: &str) -> Option<&mut dyn Rows> {
        let mut tables = self.tables_mut().into_iter();
        tables.find(|rows| rows.kind() == kind)
    }

    /// Gives an empty world to an account, whose ids are then others.
    pub(super) fn of(mut self, account: &str) -> Self {
        if account != ACCOUNT {
            let number = account.bytes().map(u64::from);
            let number = number.fold(17, |sum: u64, byte| {
                sum.wrapping_mul(257).wrapping_add(byte)
            });
            self.seed ^= number;
        }
        account.clone_into(&mut self.account);
        self
    }

    /// Takes over the quotas and the lengths of a plan.
    pub(super) fn obey(&mut self, plan: &Plan) {
        self.quotas = plan.quotas();
        self.market = plan.market();
        self.clock.lengths = plan.lengths();
    }

    /// The virtual processors of pay-as-you-go instances, and of spot instances.
    pub(super) fn vcpus(&self) -> (i64, i64) {
        let (mut plain, mut spot) = (0, 0);
        for instance in self.instances.iter() {
            let kind = catalog::instance_type(&instance.instance_type);
            let cpu = kind.map_or(0, |kind| kind.cpu);
            match super::market::charge_word(&instance.charge_type, &instance.spot_strategy) {
                "PostPaid" => plain += cpu,
                "Spot" => spot += cpu,
                _ => {}
            }
        }
        (plain, spot)
    }

    /// Brings the world to an instant: what was to leave by then is gone.
    pub(super) fn settle(&mut self) {
        self.now = self.clock.now();
        while let Some((due, id)) = self.departures.first().cloned() {
            if due > self.now {
                break;
            }
            self.schedule(due, &id, false);
            self.leave(&id);
        }
        for rows in self.tables_mut() {
            rows.refresh();
        }
    }

    fn leave(&mut self, id: &str) {
        if self.instances.get(id).is_some() {
            self.release_instance(id);
        } else if self.interfaces.get(id).is_some() {
            self.remove_interface(id);
        } else {
            let now = self.now;
            self.tables_mut()
                .into_iter()
                .any(|rows| rows.leave(id, now));
        }
    }

    /// Lets something leave after a while.
    pub(super) fn depart(&mut self, id: &str, after: Millis) {
        self.schedule(self.now + after, id, true);
        if after == 0 {
            self.settle();
        }
    }

    /// Lets an instance be released at an instant of its own, or no longer.
    pub(super) fn schedule_release(&mut self, id: &str, old: Option<Millis>, at: Option<Millis>) {
        if let Some(old) = old {
            self.schedule(old, id, false);
        }
        if let Some(at) = at {
            self.schedule(at, id, true);
        }
    }

    fn schedule(&mut self, due: Millis, id: &str, leaves: bool) {
        let departure = (due, id.to_owned());
        if leaves {
            self.departures.insert(departure);
        } else {
            self.departures.remove(&departure);
        }
        self.rescheduled.push((due, id.to_owned(), leaves));
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

    /// What an instance needs to know of an image: one of the account's own that is ready, or one that is sold.
    pub(super) fn image(&self, region: &str, id: &str) -> Option<&catalog::Image> {
        match self.images.get(id) {
            Some(own) => {
                let ready = own.region == region && own.course.at(self.now) != "Creating";
                ready.then_some(&own.base)
            }
            None => catalog::image(id),
        }
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
            let of = after
                .instance
                .as_deref()
                .filter(|_| after.primary && after.groups != before.groups);
            if let Some(instance) = of.and_then(|id| self.instances.change(id, self.now)) {
                instance.groups = after.groups;
            }
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
        for address in addresses(interface) {
            taken.taken.insert(address);
        }
        for group in &interface.groups {
            self.members
                .entry(group.clone())
                .or_default()
                .insert(interface.id.clone());
        }
    }

    fn unindex(&mut self, interface: &Interface) {
        if let Some(taken) = self.taken.get_mut(&interface.vswitch) {
            for address in addresses(interface) {
                taken.give_back(address);
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
        self.taken.get(vswitch).map_or(0, |pool| pool.taken.len())
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
        if let Some(wanted) = wanted {
            if !(first..=last).contains(&u32::from(wanted)) {
                return Err(outside());
            }
            let taken = self.taken.get(&vswitch.id);
            if taken.is_some_and(|pool| pool.taken.contains(&u32::from(wanted))) {
                let text = "Specified private IP address is duplicated.";
                return refuse(400, "InvalidPrivateIpAddress.Duplicated", text);
            }
            return Ok(wanted);
        }
        let free = match self.taken.get(&vswitch.id) {
            Some(pool) => pool.first_free(first, last),
            None => (first <= last).then_some(first),
        };
        free.map(Ipv4Addr::from).ok_or_else(|| {
            let text = "Don't have enough private IPs in this switch.";
            refusal(400, "QuotaExceeded.PrivateIpAddress", text)
        })
    }

    /// A free network of 16 addresses of a vSwitch: the one asked for, or the first.
    pub(super) fn pick_prefix(
        &self,
        vswitch: &VSwitch,
        wanted: Option<Ipv4Net>,
    ) -> Result<Ipv4Net, Refusal> {
        let outside = || {
            let text = "The specified IP address is not in the CIDR block of the VSwitch.";
            refusal(403, "InvalidVSwitchId.IpInvalid", text)
        };
        let net: Ipv4Net = vswitch.cidr.parse().map_err(|_| outside())?;
        // The first address and the last ones are the service's own.
        let usable = |block: &Ipv4Net| {
            block.network() > net.network() && block.broadcast() < net.broadcast()
        };
        let pool = self.taken.get(&vswitch.id);
        let free = |block: &Ipv4Net| {
            let span = u32::from(block.network())..=u32::from(block.broadcast());
            pool.is_none_or(|pool| pool.taken.range(span).next().is_none())
        };
        if let Some(block) = wanted {
            if block.prefix_len() != 28 || !net.contains(&block) || !usable(&block) {
                return Err(outside());
            }
            if !free(&block) {
                let text = "The specified IP address has been assigned.";
                return refuse(403, "InvalidIp.IpAssigned", text);
            }
            return Ok(block);
        }
        let mut blocks = net.subnets(28).into_iter().flatten();
        blocks.find(|it| usable(it) && free(it)).ok_or_else(|| {
            let text = "Don't have enough private IPs in this switch.";
            refusal(403, "InvalidVSwitchId.IpNotEnough", text)
        })
    }

    /// A public address that nobody was given before.
    pub(super) fn public_address(&mut self) -> String {
        loop {
            let mut random = self.random();
            let address = Ipv4Addr::new(47, random.u8(88..120), random.u8(..), random.u8(1..255));
            if self.public.insert(address) {
                return address.to_string();
            }
        }
    }

    /// Takes a public address that was asked for, unless something has it.
    pub(super) fn take_public_address(&mut self, address: Ipv4Addr) -> bool {
        let text = address.to_string();
        let of_instance = |it: &Instance| it.public_ip.as_ref() == Some(&text);
        let taken =
            self.instances.iter().any(of_instance) || self.eips.iter().any(|it| it.address == text);
        self.public.insert(address);
        !taken
    }

    /// Takes an address out of a gateway's entries; one with no other address goes.
    pub(super) fn drop_snat_entries(&mut self, nat: &str, address: &str) {
        let now = self.now;
        let used = self.snat_entries.iter().filter(|it| it.nat_gateway == nat);
        let used: Vec<String> = used
            .filter(|it| it.addresses.iter().any(|have| have == address))
            .map(|it| it.id.clone())
            .collect();
        for id in used {
            let entry = self.snat_entries.change(&id, now);
            let empty = entry.is_some_and(|entry| {
                entry.addresses.retain(|have| have != address);
                entry.addresses.is_empty()
            });
            if empty {
                self.snat_entries.remove(&id, now);
            }
        }
    }

    /// Unbinds the elastic addresses of something that goes.
    pub(super) fn free_eips(&mut self, id: &str) {
        let now = self.now;
        let bound = self.eips.iter().filter(|eip| eip.is_on(id, now));
        let bound: Vec<String> = bound.map(|eip| eip.id.clone()).collect();
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
                .is_some_and(|disk| disk.delete_with_instance && disk.further.is_empty())
            {
                self.disks.remove(disk, self.now);
            } else if let Some(disk) = self.disks.change(disk, self.now)
                && disk.leave(id, self.now)
            {
                disk.course = Course::new(self.now, "Available");
            }
        }
        let lingering = self.length(Transition::Lingering);
        let now = self.now;
        for interface in &instance.interfaces {
            let kept = self
                .interfaces
                .get(interface)
                .is_some_and(|interface| !interface.delete_on_release);
            let changed = self.change_interface(interface, |interface| {
                interface.instance = None;
                interface.primary &= !kept;
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
        for rows in self.tables_mut() {
            rows.look_at(view);
        }
    }

    // Persistence.

    /// What changed since the last call, as the log wants it.
    pub(super) fn changes(&mut self) -> Vec<Change> {
        let horizon = self.now.saturating_sub(10_000);
        let mut changes = Vec::new();
        for rows in self.tables_mut() {
            rows.forget_before(horizon);
            rows.changes(&mut changes);
        }
        let rescheduled = std::mem::take(&mut self.rescheduled);
        if !changes.is_empty() || !rescheduled.is_empty() {
            changes.push(self.ledger(&rescheduled));
        }
        changes
    }

    /// Tells everything, as changes.
    pub(super) fn snapshot(
        &self,
        put: &mut dyn FnMut(Change) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        for rows in self.tables() {
            rows.snapshot(put)?;
        }
        let departures: Vec<(Millis, String, bool)> = self
            .departures
            .iter()
            .map(|(due, id)| (*due, id.clone(), true))
            .collect();
        put(self.ledger(&departures))
    }

    fn ledger(&self, rescheduled: &[(Millis, String, bool)]) -> Change {
        Change {
            kind: "ledger".to_owned(),
            id: "ledger".to_owned(),
            serial: 0,
            object: to_raw_value(&(self.counter, rescheduled)).ok(),
        }
    }

    /// Takes a change from the log.
    pub(super) fn load(&mut self, change: Change) -> Result<(), serde_json::Error> {
        if let Some(rows) = self.table_mut(&change.kind) {
            return rows.load(change);
        }
        if let Some(object) = change.object {
            let rescheduled: Vec<(Millis, String, bool)>;
            (self.counter, rescheduled) = serde_json::from_str(object.get())?;
            for (due, id, leaves) in rescheduled {
                self.schedule(due, &id, leaves);
            }
            self.rescheduled.clear();
        }
        Ok(())
    }

    /// Builds the indexes after loading.
    pub(super) fn reindex(&mut self) {
        self.taken.clear();
        self.members.clear();
        let interfaces = std::mem::take(&mut self.interfaces);
        for interface in interfaces.iter() {
            self.index(interface);
        }
        self.interfaces = interfaces;
        let of_instances = self.instances.iter().filter_map(|it| it.public_ip.as_ref());
        let public = of_instances.chain(self.eips.iter().map(|it| &it.address));
        self.public = public.filter_map(|text| text.parse().ok()).collect();
        for rows in self.tables_mut() {
            rows.refresh();
        }
    }

    /// What exists, for people and tests.
    pub(super) fn describe(&self) -> Value {
        let reported = self
            .tables()
            .into_iter()
            .filter(|rows| !rows.plural().is_empty());
        let mut all: Map<String, Value> = reported
            .map(|rows| {
                (
                    rows.plural().to_owned(),
                    Value::Array(rows.describe(self.now)),
                )
            })
            .collect();
        for (name, add) in ADDED {
            for object in all
                .get_mut(*name)
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                add(self, object);
            }
        }
        Value::Object(all)
    }
}

/// Adds to what the report of the world says of an object.
type Addition = fn(&World, &mut Value);

/// What the report of the world says of some objects beside their own fields.
const ADDED: &[(&str, Addition)] = &[
    ("instances", |world, object| {
        let instance = object["id"].as_str().and_then(|id| world.instances.get(id));
        let primary = instance.and_then(|instance| instance.interfaces.first());
        if let Some(primary) = primary.and_then(|id| world.interfaces.get(id)) {
            object["private_ip"] = json!(primary.addresses.first());
        }
    }),
    ("key_pairs", |_, object| {
        object["id"] = object["pair_id"].clone()
    }),
];

fn addresses(interface: &Interface) -> impl Iterator<Item = u32> {
    let parsed = interface
        .addresses
        .iter()
        .filter_map(|text| text.parse::<Ipv4Addr>().ok());
    let prefixes = interface.prefixes.iter();
    let within = prefixes
        .filter_map(|text| text.parse::<Ipv4Net>().ok())
        .flat_map(|net| u32::from(net.network())..=u32::from(net.broadcast()));
    parsed.map(u32::from).chain(within)
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
