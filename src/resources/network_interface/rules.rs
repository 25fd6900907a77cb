//! What a network interface may be asked to be.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::{
    model::{Object, Value},
    schema::Problem,
};

/// Ways to ask for IPv4 addresses beside the first, which exclude each other: each by its name and its old name.
const ALONE: &[&[&str]] = &[
    &["private_ip_addresses", "private_ips"],
    &["secondary_private_ip_address_count", "private_ips_count"],
    &["ipv4_prefixes"],
    &["ipv4_prefix_count"],
];

/// The most elements of a set.
const LISTED: &[(&str, usize)] = &[
    ("security_group_ids", 16),
    ("security_groups", 16),
    ("private_ip_addresses", 49),
    ("private_ips", 49),
    ("ipv4_prefixes", 10),
    ("ipv6_addresses", 10),
];

fn given(arguments: &Object, name: &str) -> bool {
    let value = arguments.get(name);
    value.is_some_and(|value| !value.is_null() && !value.is_unknown())
}

/// Further addresses are listed, counted, or of prefixes, and only one of these.
pub(super) fn addresses_one_way(arguments: &Object) -> Vec<Problem> {
    let ways: Vec<&str> = ALONE
        .iter()
        .filter_map(|names| names.iter().copied().find(|name| given(arguments, name)))
        .collect();
    let [first, second, ..] = ways[..] else {
        return Vec::new();
    };
    vec![Problem {
        path: second.to_owned(),
        summary: "Conflicting arguments".to_owned(),
        detail: format!("Only one of \"{first}\" and \"{second}\" can be set."),
        hint: Some(format!("Keep \"{first}\" and remove \"{second}\".")),
        warning: false,
    }]
}

/// Sets have only so many elements, and an interface is in a security group at least.
pub(super) fn listed(arguments: &Object) -> Vec<Problem> {
    let problem = |name: &str, most: usize, count: usize| Problem {
        path: name.to_owned(),
        summary: "Invalid number of elements".to_owned(),
        detail: format!("\"{name}\" can have at most {most} elements, and it has {count}."),
        hint: Some("Use one more network interface.".to_owned()),
        warning: false,
    };
    let mut problems = Vec::new();
    for (name, most) in LISTED {
        let Some(items) = arguments.get(name).and_then(Value::as_list) else {
            continue;
        };
        if items.len() > *most {
            problems.push(problem(name, *most, items.len()));
        }
        if items.is_empty() && name.starts_with("security_group") {
            problems.push(Problem {
                detail: format!("\"{name}\" is empty, and an interface is in one at least."),
                hint: Some("Name a security group of the vSwitch's VPC.".to_owned()),
                ..problem(name, *most, 0)
            });
        }
    }
    problems
}

/// Private addresses and prefixes are in the range of the vSwitch, without its first address and its last three.
pub(in crate::resources) fn in_range(this: &Object, vswitch: &Object) -> Option<Problem> {
    let range = vswitch.get("cidr_block").and_then(Value::as_str)?;
    let range: Ipv4Net = range.parse().ok()?;
    let usable = u32::from(range.network()) + 1..=u32::from(range.broadcast()).saturating_sub(3);
    let outside = |text: &&str| {
        let net = text.parse::<Ipv4Net>().ok();
        let net = net.or_else(|| Some(text.parse::<Ipv4Addr>().ok()?.into()));
        net.is_some_and(|net: Ipv4Net| {
            let ends = [net.network(), net.broadcast()].map(u32::from);
            !ends.iter().all(|end| usable.contains(end))
        })
    };
    let names = [
        "address",
        "primary_ip_address",
        "private_ip",
        "private_ip_addresses",
        "private_ips",
        "ipv4_prefixes",
    ];
    let (name, text) = names.into_iter().find_map(|name| {
        let value = this.get(name)?;
        let listed = value.as_list().unwrap_or(std::slice::from_ref(value));
        let text = listed.iter().filter_map(Value::as_str).find(outside)?;
        Some((name, text))
    })?;
    Some(Problem {
        path: name.to_owned(),
        summary: "Address outside of the vSwitch".to_owned(),
        detail: format!(
            "{text} is not an address of the vSwitch, which has those from {} to {}.",
            Ipv4Addr::from(*usable.start()),
            Ipv4Addr::from(*usable.end())
        ),
        hint: Some("Choose another address, or leave it out and get a free one.".to_owned()),
        warning: false,
    })
}

/// IPv6 addresses in the spelling that the cloud answers with, so that they are found again.
pub(super) fn ipv6(value: &Value) -> Result<(), String> {
    let texts = value.as_list().unwrap_or_default().iter();
    for text in texts.filter_map(Value::as_str) {
        match text.parse::<std::net::Ipv6Addr>() {
            Err(_) => {
                return Err(format!(
                    "\"{text}\" must be an IPv6 address like 2408:4001:1:1::10."
                ));
            }
            Ok(address) if address.to_string() != text => {
                return Err(format!(
                    "The usual spelling of {text} is {address}, which has to be used."
                ));
            }
            Ok(_) => {}
        }
    }
    Ok(())
}
