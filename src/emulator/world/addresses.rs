//! Interfaces, and the indexes that they carry: the addresses of vSwitches and the members of groups.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::World;
use crate::emulator::egress::LoadBalancer;
use crate::emulator::objects::{Instance, Interface, VSwitch};
use crate::emulator::reply::{Refusal, refusal, refuse};

/// The addresses in use in a vSwitch.
#[derive(Default)]
pub(super) struct Pool {
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

impl World {
    pub(in crate::emulator) fn add_interface(&mut self, interface: Interface) {
        self.index(&interface);
        self.interfaces.insert(interface, self.now);
    }

    pub(in crate::emulator) fn change_interface(
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

    pub(in crate::emulator) fn remove_interface(&mut self, id: &str) {
        if let Some(interface) = self.interfaces.remove(id, self.now) {
            self.unindex(&interface);
        }
    }

    // Load balancers in a vSwitch have an address of it without an interface.

    pub(in crate::emulator) fn add_load_balancer(&mut self, balancer: LoadBalancer) {
        self.occupy(&balancer);
        self.load_balancers.insert(balancer, self.now);
    }

    pub(in crate::emulator) fn remove_load_balancer(&mut self, id: &str) {
        let Some(balancer) = self.load_balancers.remove(id, self.now) else {
            return;
        };
        self.free_eips(&balancer.region, id);
        if let (Some(taken), Ok(address)) = (
            self.taken.get_mut(&balancer.vswitch),
            balancer.address.parse::<Ipv4Addr>(),
        ) {
            taken.give_back(address.into());
        }
    }

    pub(super) fn occupy(&mut self, balancer: &LoadBalancer) {
        if let Ok(address) = balancer.address.parse::<Ipv4Addr>()
            && !balancer.vswitch.is_empty()
        {
            let pool = self.taken.entry(balancer.vswitch.clone()).or_default();
            pool.taken.insert(address.into());
        }
    }

    pub(super) fn index(&mut self, interface: &Interface) {
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
    pub(in crate::emulator) fn members(&self, group: &str) -> impl Iterator<Item = &Interface> {
        let ids = self.members.get(group).into_iter().flatten();
        ids.filter_map(|id| self.interfaces.get(id))
    }

    pub(in crate::emulator) fn member_count(&self, group: &str) -> usize {
        self.members.get(group).map_or(0, BTreeSet::len)
    }

    /// How many interfaces are in a vSwitch.
    pub(in crate::emulator) fn addresses_taken(&self, vswitch: &str) -> usize {
        self.taken.get(vswitch).map_or(0, |pool| pool.taken.len())
    }

    /// How many addresses of a vSwitch are free. The first and the last three are the service's own.
    pub(in crate::emulator) fn addresses_free(&self, vswitch: &VSwitch) -> usize {
        let size = vswitch
            .cidr
            .parse::<Ipv4Net>()
            .map_or(0, |net| 1usize << (32 - net.prefix_len()));
        size.saturating_sub(4 + self.addresses_taken(&vswitch.id))
    }

    /// A free address of a vSwitch: the one asked for, or the first.
    pub(in crate::emulator) fn pick_address(
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
    pub(in crate::emulator) fn pick_prefix(
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
    pub(in crate::emulator) fn public_address(&mut self) -> String {
        loop {
            let mut random = self.random();
            let address = Ipv4Addr::new(47, random.u8(88..120), random.u8(..), random.u8(1..255));
            if self.public.insert(address) {
                return address.to_string();
            }
        }
    }

    /// Takes a public address that was asked for, unless something has it.
    pub(in crate::emulator) fn take_public_address(&mut self, address: Ipv4Addr) -> bool {
        let text = address.to_string();
        let of_instance = |it: &Instance| it.public_ip.as_ref() == Some(&text);
        let taken = self.instances.iter().any(of_instance)
            || self.eips.iter().any(|it| it.address == text)
            || self.load_balancers.iter().any(|it| it.address == text);
        self.public.insert(address);
        !taken
    }
}

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
