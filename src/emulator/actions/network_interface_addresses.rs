//! The addresses and prefixes that a network interface has besides its first address.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::{Ipv4Net, Ipv6Net};
use serde_json::json;

use super::Effect::Write;
use super::launch::ipv6_address;
use super::{Route, ecs};
use crate::emulator::catalog;
use crate::emulator::objects::{Interface, VSwitch};
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid, missing};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("AssignPrivateIpAddresses", Write, assign),
    ecs("UnassignPrivateIpAddresses", Write, unassign),
    ecs("AssignIpv6Addresses", Write, assign_ipv6),
    ecs("UnassignIpv6Addresses", Write, unassign_ipv6),
];

/// How many addresses an interface may have while it is not attached to an instance, which decides then.
const UNATTACHED: usize = 50;
/// How many IPv6 addresses or prefixes of a kind one call takes.
const MOST: i64 = 10;

/// Some of a kind: those named, or so many of any.
struct Wish<T> {
    named: Vec<T>,
    any: usize,
}

impl<T: FromStr + Ord + Copy> Wish<T> {
    fn read(request: &Request, names: (&str, &str), most: i64) -> Result<Self, Refusal> {
        let named = request
            .list(names.0)
            .iter()
            .map(|text| text.parse().map_err(|_| invalid(names.0)))
            .collect::<Result<Vec<T>, Refusal>>()?;
        let any = request.integer(names.1).unwrap_or(0);
        if !(0..=most).contains(&any) {
            return Err(invalid(names.1));
        }
        if !named.is_empty() && any > 0 {
            let text = format!("{} and {} cannot be given together.", names.0, names.1);
            return refuse(400, "InvalidParameter.Conflict", text);
        }
        if named.iter().collect::<BTreeSet<_>>().len() < named.len() {
            let text = "The specified IP addresses are repeated.";
            return refuse(403, "InvalidIp.IpRepeated", text);
        }
        let any = usize::try_from(any).unwrap_or(0);
        Ok(Self { named, any })
    }

    fn count(&self) -> usize {
        self.named.len() + self.any
    }

    /// What is wished for, one by one: a value, or any.
    fn each(&self) -> impl Iterator<Item = Option<T>> {
        let named = self.named.iter().copied().map(Some);
        named.chain(std::iter::repeat_n(None, self.any))
    }
}

/// The addresses that a request asks for.
pub(super) struct Order {
    private: Wish<Ipv4Addr>,
    prefixes: Wish<Ipv4Net>,
    ipv6: Wish<Ipv6Addr>,
    ipv6_prefixes: Wish<Ipv6Net>,
}

impl Order {
    pub(super) fn read(request: &Request) -> Result<Self, Refusal> {
        let most = i64::try_from(UNATTACHED).unwrap_or(0) - 1;
        Ok(Self {
            private: Wish::read(
                request,
                ("PrivateIpAddress", "SecondaryPrivateIpAddressCount"),
                most,
            )?,
            prefixes: Wish::read(request, ("Ipv4Prefix", "Ipv4PrefixCount"), MOST)?,
            ipv6: Wish::read(request, ("Ipv6Address", "Ipv6AddressCount"), MOST)?,
            ipv6_prefixes: Wish::read(request, ("Ipv6Prefix", "Ipv6PrefixCount"), MOST)?,
        })
    }

    fn is_empty(&self) -> bool {
        self.private.count() + self.prefixes.count() == 0
            && self.ipv6.count() + self.ipv6_prefixes.count() == 0
    }

    /// Gives an interface all of it, or nothing.
    pub(super) fn give(&self, world: &mut World, id: &str) -> Result<(), Refusal> {
        let before = world.interface(id)?.clone();
        let given = self.try_to_give(world, &before);
        if given.is_err() {
            world.change_interface(id, |interface| *interface = before)?;
        }
        given
    }

    fn try_to_give(&self, world: &mut World, interface: &Interface) -> Result<(), Refusal> {
        let id = &interface.id;
        let vswitch = world.vswitch(&interface.vswitch)?.clone();
        let room = room(world, interface);
        let have = interface.addresses.len() + interface.prefixes.len();
        let have_ipv6 = interface.ipv6.len() + interface.ipv6_prefixes.len();
        if have + self.private.count() + self.prefixes.count() > room
            || have_ipv6 + self.ipv6.count() + self.ipv6_prefixes.count() > room
        {
            let text = "The number of IP addresses of the network interface exceeds the limit.";
            return refuse(403, "InvalidOperation.IpAddressCountExceeded", text);
        }
        if world.addresses_free(&vswitch) < self.private.count() {
            let text = "Don't have enough private IPs in this switch.";
            return refuse(403, "InvalidVSwitchId.IpNotEnough", text);
        }
        for wanted in self.prefixes.each() {
            let prefix = world.pick_prefix(&vswitch, wanted)?.to_string();
            world.change_interface(id, |it| it.prefixes.push(prefix))?;
        }
        for wanted in self.private.each() {
            let address = world.pick_address(&vswitch, wanted)?.to_string();
            world.change_interface(id, |it| it.addresses.push(address))?;
        }
        self.give_ipv6(world, id, &vswitch)
    }

    fn give_ipv6(&self, world: &mut World, id: &str, vswitch: &VSwitch) -> Result<(), Refusal> {
        if self.ipv6.count() + self.ipv6_prefixes.count() == 0 {
            return Ok(());
        }
        let block = vswitch.ipv6.as_deref().and_then(|it| it.parse().ok());
        let Some(block): Option<Ipv6Net> = block else {
            let text = "The specified VSwitch does not support IPv6.";
            return refuse(400, "InvalidVSwitchId.Ipv6NotTurnOn", text);
        };
        for wanted in self.ipv6.each() {
            if wanted.is_some_and(|address| !block.contains(&address)) {
                let text = "The specified IPv6 address is not valid.";
                return refuse(400, "InvalidIp.OutOfRange", text);
            }
            let address = match wanted {
                Some(address) => address.to_string(),
                None => ipv6_address(world, vswitch),
            };
            if world.interface(id)?.ipv6.contains(&address) {
                return assigned();
            }
            world.change_interface(id, |it| it.ipv6.push(address))?;
        }
        for wanted in self.ipv6_prefixes.each() {
            let inside = |net: &Ipv6Net| net.prefix_len() == 80 && block.contains(net);
            if wanted.is_some_and(|net| !inside(&net)) {
                return Err(invalid("Ipv6Prefix"));
            }
            let prefix = match wanted {
                Some(prefix) => prefix.to_string(),
                None => format!("{}/80", upper_half(&ipv6_address(world, vswitch))),
            };
            world.change_interface(id, |it| it.ipv6_prefixes.push(prefix))?;
        }
        Ok(())
    }
}

/// The network of 80 bits that an address is in.
fn upper_half(address: &str) -> Ipv6Addr {
    let address: Ipv6Addr = address.parse().unwrap_or(Ipv6Addr::UNSPECIFIED);
    Ipv6Addr::from(u128::from(address) >> 48 << 48)
}

/// How many addresses of a kind an interface may have.
fn room(world: &World, interface: &Interface) -> usize {
    let instance = interface
        .instance
        .as_ref()
        .and_then(|id| world.instances.get(id));
    let kind = instance.and_then(|instance| catalog::instance_type(&instance.instance_type));
    kind.map_or(UNATTACHED, |kind| {
        usize::try_from(kind.addresses).unwrap_or(UNATTACHED)
    })
}

fn assigned<T>() -> Result<T, Refusal> {
    let text = "The specified IP address has been assigned.";
    refuse(403, "InvalidIp.IpAssigned", text)
}

/// Refuses while an interface is between two states.
fn require_stable(world: &World, id: &str) -> Result<(), Refusal> {
    let state = world.interface(id)?.course.at(world.now);
    if ["Available", "InUse"].contains(&state) {
        return Ok(());
    }
    super::network_interface::require(world, id, "Available")
}

fn assign(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NetworkInterfaceId")?;
    let order = Order::read(request)?;
    if order.is_empty() {
        return Err(missing("PrivateIpAddress.1"));
    }
    require_stable(world, id)?;
    let before = world.interface(id)?.clone();
    order.give(world, id)?;
    let after = world.interface(id)?;
    Ok(json!({
        "AssignedPrivateIpAddressesSet": {
            "NetworkInterfaceId": id,
            "PrivateIpSet": { "PrivateIpAddress": after.addresses[before.addresses.len()..] },
            "Ipv4PrefixSet": { "Ipv4Prefixes": after.prefixes[before.prefixes.len()..] },
        },
    }))
}

fn unassign(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NetworkInterfaceId")?;
    let leaving = request.list("PrivateIpAddress");
    let prefixes = request.list("Ipv4Prefix");
    require_stable(world, id)?;
    let interface = world.interface(id)?;
    let secondary = interface.addresses.get(1..).unwrap_or_default();
    if !leaving.iter().all(|address| secondary.contains(address))
        || !prefixes.iter().all(|it| interface.prefixes.contains(it))
    {
        let text = "The specified IP address is not a secondary one of the network interface.";
        return refuse(403, "InvalidIp.IpUnassigned", text);
    }
    world.change_interface(id, |it| {
        it.addresses.retain(|have| !leaving.contains(have));
        it.prefixes.retain(|have| !prefixes.contains(have));
    })?;
    done()
}

fn assign_ipv6(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NetworkInterfaceId")?;
    let order = Order::read(request)?;
    if order.is_empty() {
        return Err(missing("Ipv6Address.1"));
    }
    require_stable(world, id)?;
    let before = world.interface(id)?.clone();
    order.give(world, id)?;
    let after = world.interface(id)?;
    Ok(json!({
        "NetworkInterfaceId": id,
        "Ipv6Sets": { "Ipv6Address": after.ipv6[before.ipv6.len()..] },
        "Ipv6PrefixSets": { "Ipv6Prefix": after.ipv6_prefixes[before.ipv6_prefixes.len()..] },
    }))
}

fn unassign_ipv6(world: &mut World, request: &Request) -> Reply {
    let id = request.need("NetworkInterfaceId")?;
    let leaving = request.list("Ipv6Address");
    let prefixes = request.list("Ipv6Prefix");
    require_stable(world, id)?;
    world.change_interface(id, |it| {
        it.ipv6.retain(|have| !leaving.contains(have));
        it.ipv6_prefixes.retain(|have| !prefixes.contains(have));
    })?;
    done()
}
