//! What is allowed in a rule, and beside other rules.

use crate::{
    model::{Object, Value},
    schema::{Problem, cidr, is_unset},
};

/// Two ports with a slash, or `-1/-1` for none.
pub(super) fn port_range(value: &Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    if text == "-1/-1" {
        return Ok(());
    }
    let ports = text
        .split_once('/')
        .and_then(|(first, last)| Some((first.parse::<u16>().ok()?, last.parse::<u16>().ok()?)));
    match ports {
        Some((1.., last)) if ports.is_some_and(|(first, _)| first <= last) => Ok(()),
        _ => Err(
            "It must be two ports from 1 to 65535, like \"80/80\" or \"8000/8999\", or \"-1/-1\"."
                .to_owned(),
        ),
    }
}

/// An IPv4 network without bits beyond its mask, or one address.
pub(super) fn ipv4_network(value: &Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    if text.is_empty() || text.parse::<std::net::Ipv4Addr>().is_ok() {
        return Ok(());
    }
    cidr(text, 0, 32).map(drop)
}

/// An IPv6 network or address.
pub(super) fn ipv6_network(value: &Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    if text.is_empty()
        || text.parse::<std::net::Ipv6Addr>().is_ok()
        || text.parse::<ipnet::Ipv6Net>().is_ok()
    {
        return Ok(());
    }
    Err("It must be an IPv6 network like 2408:4003::/32.".to_owned())
}

/// tcp and udp need ports; the other protocols have none.
pub(super) fn ports_fit_protocol(arguments: &Object) -> Vec<Problem> {
    let Some(protocol) = arguments.get("ip_protocol").and_then(Value::as_str) else {
        return Vec::new();
    };
    let all = "-1/-1";
    let ports = match arguments.get("port_range") {
        None | Some(Value::Null) => all,
        Some(value) => match value.as_str() {
            Some(text) => text,
            None => return Vec::new(),
        },
    };
    let has_ports = ["tcp", "udp"].contains(&protocol);
    let detail = match (has_ports, ports == all) {
        (true, true) => format!("A rule for {protocol} needs ports from 1 to 65535."),
        (false, false) => format!("A rule for {protocol} has no ports, and \"{ports}\" is given."),
        _ => return Vec::new(),
    };
    let hint = if has_ports {
        "Set \"port_range\", for all ports to \"1/65535\"."
    } else {
        "Remove \"port_range\", or set it to \"-1/-1\"."
    };
    vec![Problem::new(
        "port_range",
        "Ports do not fit the protocol",
        detail,
        hint,
    )]
}

/// A rule that names another group is one of the intranet, and not of the same group.
pub(super) fn groups_are_inside(arguments: &Object) -> Vec<Problem> {
    let text = |name: &str| arguments.get(name).and_then(Value::as_str);
    let Some(other) = text("source_security_group_id").filter(|id| !id.is_empty()) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    if text("nic_type").is_some_and(|nic| nic != "intranet") {
        let detail = "A rule that names another group must have the nic_type \"intranet\".";
        let hint = "Set \"nic_type\" to \"intranet\".";
        problems.push(Problem::new(
            "nic_type",
            "Invalid nic type",
            detail.to_owned(),
            hint,
        ));
    }
    if text("security_group_id") == Some(other) {
        let detail = format!("The rule is one of {other} and names {other} as its other side.");
        let hint = "Set \"inner_access_policy\" of the group instead.";
        problems.push(Problem::new(
            "source_security_group_id",
            "Group names itself",
            detail,
            hint,
        ));
    }
    problems
}

/// What a group that is in a VPC, or is an enterprise one, does not have.
pub(super) fn fits_group(this: &Object, group: &Object) -> Option<Problem> {
    let text = |object: &Object, name: &str| -> Option<String> {
        Some(object.get(name)?.as_str()?.to_owned())
    };
    let is_given = |name: &str| !is_unset(this, name);
    // A new group's unknown VPC may be none: the classic network.
    let in_vpc = text(group, "vpc_id").is_some_and(|vpc| !vpc.is_empty());
    if in_vpc && text(this, "nic_type").is_some_and(|nic| nic == "internet") {
        let detail = "The group is in a VPC, where every rule has the nic_type \"intranet\".";
        let hint = "Remove \"nic_type\", or set it to \"intranet\".";
        return Some(Problem::new(
            "nic_type",
            "Invalid nic type",
            detail.to_owned(),
            hint,
        ));
    }
    if text(group, "security_group_type").is_some_and(|ty| ty == "enterprise")
        && is_given("source_security_group_id")
    {
        let detail = "The rules of an enterprise group cannot name other groups.";
        let hint = "Name networks with \"cidr_ip\" instead.";
        let path = "source_security_group_id";
        return Some(Problem::new(
            path,
            "Enterprise group names a group",
            detail.to_owned(),
            hint,
        ));
    }
    None
}

/// Two resources with the same rule would delete each other's.
pub(super) fn distinct(this: &Object, that: &Object) -> Option<Problem> {
    const SAYS: [&str; 10] = [
        "type",
        "ip_protocol",
        "port_range",
        "cidr_ip",
        "ipv6_cidr_ip",
        "source_security_group_id",
        "prefix_list_id",
        "policy",
        "priority",
        "nic_type",
    ];
    let same = SAYS.iter().all(|name| {
        let (a, b) = (this.get(name), that.get(name));
        match (a, b) {
            // What only the cloud knows yet is the same for both unless it was asked for.
            (Some(a), Some(b)) if a.is_unknown() && b.is_unknown() => {
                ["nic_type", "prefix_list_id"].contains(name)
            }
            (Some(a), Some(b)) => a.is_wholly_known() && a.unmarked() == b.unmarked(),
            (a, b) => a.is_none_or(Value::is_null) && b.is_none_or(Value::is_null),
        }
    });
    same.then(|| {
        let detail = "Another resource has the very same rule of this group; deleting one would delete both.";
        Problem::new("", "Duplicate rule", detail.to_owned(), "Remove one of them.")
    })
}
