//! Functions over IP networks. Addresses are numbers of 32 or 128 bits.

use std::net::{Ipv4Addr, Ipv6Addr};

use bigdecimal::ToPrimitive;

use super::{Answer, Call, Fault, Function, Kind, invalid, param, strings};
use crate::model::{Number, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "cidrcontains",
        &[
            param("containing_prefix", Kind::String),
            param("contained_ip_or_prefix", Kind::String),
        ],
        Kind::Bool,
        cidrcontains,
    )
    .doc("Whether an address or network is within a network (a function of OpenTofu).")
    .example(r#"cidrcontains("192.168.2.0/20", "192.168.2.1")"#, "true"),
    Function::new(
        "cidrhost",
        &[
            param("prefix", Kind::String),
            param("hostnum", Kind::Number),
        ],
        Kind::String,
        cidrhost,
    )
    .doc("Returns the address of a host in a network; negative numbers count from the end.")
    .example(r#"cidrhost("10.0.0.0/8", -2)"#, r#""10.255.255.254""#),
    Function::new(
        "cidrnetmask",
        &[param("prefix", Kind::String)],
        Kind::String,
        cidrnetmask,
    )
    .doc("Returns the mask of an IPv4 network.")
    .example(r#"cidrnetmask("10.0.0.0/12")"#, r#""255.240.0.0""#),
    Function::new(
        "cidrsubnet",
        &[
            param("prefix", Kind::String),
            param("newbits", Kind::Number),
            param("netnum", Kind::Number),
        ],
        Kind::String,
        cidrsubnet,
    )
    .doc("Returns a subnet of a network by its number.")
    .example(
        r#"cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)"#,
        r#""fd00:fd12:3456:7800:a200::/72""#,
    ),
    Function::new(
        "cidrsubnets",
        &[param("prefix", Kind::String)],
        Kind::Strings,
        cidrsubnets,
    )
    .rest("newbits", Kind::Number)
    .doc("Returns consecutive subnets of a network, each by its additional bits.")
    .example(
        r#"cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)"#,
        r#"tolist(["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"])"#,
    ),
];

/// A network: its first address, its width and the length of its prefix.
#[derive(Clone, Copy)]
struct Network {
    base: u128,
    width: u32,
    prefix: u32,
}

impl Network {
    fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = || {
            Fault::from(format!(
                "invalid CIDR expression: invalid CIDR address: {}",
                super::show::quoted(text)
            ))
        };
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let (address, width) = match address.parse::<Ipv6Addr>() {
            Ok(address) => (address.to_bits(), 128),
            Err(_) => (u128::from(ipv4(address).ok_or_else(wrong)?), 32),
        };
        let digits = prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u32 = prefix.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
        if prefix > width {
            return Err(wrong());
        }
        let network = Self {
            base: address,
            width,
            prefix,
        };
        Ok(Self {
            base: address & !network.host_mask(),
            ..network
        })
    }

    /// The bits of the host's number.
    fn host_mask(self) -> u128 {
        low_bits(self.width - self.prefix)
    }

    fn address(self, bits: u128) -> String {
        match u32::try_from(bits) {
            Ok(bits) if self.width == 32 => Ipv4Addr::from_bits(bits).to_string(),
            _ => Ipv6Addr::from_bits(bits).to_string(),
        }
    }

    fn show(self) -> String {
        format!("{}/{}", self.address(self.base), self.prefix)
    }
}

/// Reads dotted digits. Leading zeros are decimal, as Terraform reads them.
fn ipv4(text: &str) -> Option<u32> {
    let mut parts = text.split('.');
    let mut bits = 0;
    for _ in 0..4 {
        let part = parts.next()?;
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        bits = bits << 8 | u32::from(part.parse::<u8>().ok()?);
    }
    parts.next().is_none().then_some(bits)
}

fn low_bits(count: u32) -> u128 {
    1_u128.checked_shl(count).map_or(u128::MAX, |bit| bit - 1)
}

/// Reads a whole number that may be beyond 64 bits.
fn whole(call: &Call<'_>, at: usize, name: &'static str) -> Result<i128, Fault> {
    let number = match &call.args[at] {
        Value::Number(Number::Int(int)) => Some(i128::from(*int)),
        Value::Number(Number::Decimal(decimal)) if decimal.is_integer() => decimal.to_i128(),
        _ => None,
    };
    number.ok_or_else(|| format!("{name} must be a whole number").into())
}

fn cidrhost(call: &Call<'_>) -> Answer {
    let network = Network::parse(call.text(0))?;
    let host = whole(call, 1, "hostnum")?;
    let mask = network.host_mask();
    let offset = if host >= 0 {
        Some(host.unsigned_abs()).filter(|host| *host <= mask)
    } else {
        // -1 is the last address.
        (host.unsigned_abs() - 1 <= mask).then(|| mask - (host.unsigned_abs() - 1))
    };
    let offset = offset.ok_or_else(|| {
        format!(
            "prefix of {} does not accommodate a host numbered {host}",
            network.prefix
        )
    })?;
    Ok(Value::string(network.address(network.base | offset)))
}

fn cidrcontains(call: &Call<'_>) -> Answer {
    let outer = Network::parse(call.text(0)).map_err(|it| it.of("containing_prefix"))?;
    let text = call.text(1);
    let inner = if text.contains('/') {
        Network::parse(text)
    } else {
        let width = if text.contains(':') { 128 } else { 32 };
        Network::parse(&format!("{text}/{width}"))
    };
    let inner = inner.map_err(|it| it.of("contained_ip_or_prefix"))?;
    if inner.width != outer.width {
        return Err("an IPv4 and an IPv6 address cannot be compared".into());
    }
    let within = inner.prefix >= outer.prefix && inner.base & !outer.host_mask() == outer.base;
    Ok(Value::Bool(within))
}

fn cidrnetmask(call: &Call<'_>) -> Answer {
    let network = Network::parse(call.text(0))?;
    if network.width != 32 {
        return Err(format!("IPv6 addresses cannot have a netmask: {}", call.text(0)).into());
    }
    Ok(Value::string(
        network.address(low_bits(32) & !network.host_mask()),
    ))
}

fn cidrsubnet(call: &Call<'_>) -> Answer {
    let network = Network::parse(call.text(0))?;
    let (bits, number) = (whole(call, 1, "newbits")?, whole(call, 2, "netnum")?);
    let bits = u32::try_from(bits).map_err(|_| invalid("newbits", "must not be negative"))?;
    let prefix = network.prefix.saturating_add(bits);
    if prefix > network.width {
        return Err(format!(
            "insufficient address space to extend prefix of {} by {bits}",
            network.prefix
        )
        .into());
    }
    let number = u128::try_from(number)
        .ok()
        .filter(|number| *number <= low_bits(bits))
        .ok_or_else(|| {
            format!("prefix extension of {bits} does not accommodate a subnet numbered {number}")
        })?;
    let shifted = number.checked_shl(network.width - prefix).unwrap_or(0);
    let subnet = Network {
        base: network.base | shifted,
        prefix,
        ..network
    };
    Ok(Value::string(subnet.show()))
}

fn cidrsubnets(call: &Call<'_>) -> Answer {
    let network = Network::parse(call.text(0)).map_err(|it| it.of("prefix"))?;
    let last = network.base | network.host_mask();
    let mut next = Some(network.base);
    let mut previous = network;
    let mut subnets = Vec::new();
    for at in 1..call.args.len() {
        let bits = whole(call, at, "newbits")?;
        if bits < 1 {
            return Err(invalid("newbits", "must extend prefix by at least one bit"));
        }
        if bits > 32 {
            return Err(invalid(
                "newbits",
                "may not extend prefix by more than 32 bits",
            ));
        }
        let prefix = network.prefix + u32::try_from(bits).unwrap_or(0);
        if prefix > network.width {
            return Err(invalid(
                "newbits",
                format!("would extend prefix to {prefix} bits, which is too long for this address"),
            ));
        }
        let mask = low_bits(network.width - prefix);
        // The next address that a network of this size can start at.
        let base = next
            .and_then(|next| next.checked_add(mask))
            .map(|end| end & !mask)
            .filter(|base| *base <= last)
            .ok_or_else(|| invalid("newbits", format!(
                "not enough remaining address space for a subnet with a prefix of {prefix} bits after {}",
                previous.show()
            )))?;
        previous = Network {
            base,
            prefix,
            ..network
        };
        subnets.push(previous.show());
        next = base.checked_add(mask).and_then(|end| end.checked_add(1));
    }
    Ok(strings(subnets))
}
