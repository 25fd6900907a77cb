//! The emulated cloud: its objects, the indexes over them, and its quotas.
//!
//! Deadlines are settled when a call comes, so nothing runs in the background.

mod addresses;
mod ending;
mod finding;
mod keeping;
mod quotas;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::Ipv4Addr;

use super::catalog;
use super::clock::{Clock, Millis, Transition};
use super::egress::{Eip, LoadBalancer, NatGateway, RouteEntry, SnatEntry};
use super::faults::Plan;
use super::market::Market;
use super::objects::{
    Course, DeploymentSet, Disk, Group, Image, Instance, Interface, KeyPair, LaunchTemplate,
    ResourceGroup, RouteTable, Snapshot, Token, VSwitch, Vpc,
};
use super::table::{Rows, Table};

use addresses::Pool;
pub(super) use quotas::Quotas;

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
    pub(super) load_balancers: Table<LoadBalancer>,
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
            load_balancers: Table::default(),
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
            &self.load_balancers,
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
            &mut self.load_balancers,
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
}
