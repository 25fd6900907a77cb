//! The rules of security groups: authorizing, revoking, changing and showing them.
//!
//! Ingress and egress mirror each other: what is `Source` for one is `Dest` for the other.

use ipnet::{Ipv4Net, Ipv6Net};
use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, ecs};
use crate::emulator::clock::seconds;
use crate::emulator::objects::Rule;
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    ecs("AuthorizeSecurityGroup", Write, authorize_ingress),
    ecs("AuthorizeSecurityGroupEgress", Write, authorize_egress),
    ecs("RevokeSecurityGroup", Write, revoke_ingress),
    ecs("RevokeSecurityGroupEgress", Write, revoke_egress),
    ecs("ModifySecurityGroupRule", Write, modify_ingress),
    ecs("ModifySecurityGroupEgressRule", Write, modify_egress),
    ecs("DescribeSecurityGroupAttribute", Read, describe),
];

const PROTOCOLS: &[&str] = &["tcp", "udp", "icmp", "icmpv6", "gre", "all"];

/// The names of parameters that depend on the direction.
#[derive(Clone, Copy)]
struct Side {
    direction: &'static str,
    target: &'static str,
    own: &'static str,
}

const INGRESS: Side = Side {
    direction: "ingress",
    target: "Source",
    own: "Dest",
};
const EGRESS: Side = Side {
    direction: "egress",
    target: "Dest",
    own: "Source",
};

fn authorize_ingress(world: &mut World, request: &Request) -> Reply {
    authorize(world, request, INGRESS)
}

fn authorize_egress(world: &mut World, request: &Request) -> Reply {
    authorize(world, request, EGRESS)
}

fn revoke_ingress(world: &mut World, request: &Request) -> Reply {
    revoke(world, request, INGRESS)
}

fn revoke_egress(world: &mut World, request: &Request) -> Reply {
    revoke(world, request, EGRESS)
}

fn modify_ingress(world: &mut World, request: &Request) -> Reply {
    modify(world, request, INGRESS)
}

fn modify_egress(world: &mut World, request: &Request) -> Reply {
    modify(world, request, EGRESS)
}

fn authorize(world: &mut World, request: &Request, side: Side) -> Reply {
    let id = request.need("SecurityGroupId")?.to_owned();
    world.group(&id)?;
    let mut rules = Vec::new();
    for prefix in prefixes(request)? {
        rules.push(read(world, request, &id, &prefix, side)?);
    }
    let have = world.group(&id)?.rules.clone();
    let mut fresh: Vec<Rule> = Vec::new();
    for rule in rules {
        let known = have.iter().chain(&fresh).any(|other| alike(other, &rule));
        if !known {
            fresh.push(rule);
        }
    }
    if have.len() + fresh.len() > world.quotas.rules_per_group {
        let text = match side.direction {
            "ingress" => "The limit of authorization records in the security group reaches.",
            _ => "The maximum number of authorization rules in the security group is exceeded.",
        };
        return refuse(403, "AuthorizationLimitExceed", text);
    }
    let region = world.group(&id)?.region.clone();
    for rule in &mut fresh {
        rule.id = world.new_id("sgr", &region);
        rule.created = world.now;
    }
    if !fresh.is_empty() {
        world.group_mut(&id)?.rules.extend(fresh);
    }
    done()
}

/// Where the rules of a request are: in `Permissions.N.`, or in the flat parameters.
fn prefixes(request: &Request) -> Result<Vec<String>, Refusal> {
    let numbers = request.indices("Permissions");
    if numbers.len() > 100 {
        return refuse(400, "InvalidParameter", "At most 100 rules may be given.");
    }
    if numbers.is_empty() {
        return Ok(vec![String::new()]);
    }
    Ok(numbers
        .into_iter()
        .map(|number| format!("Permissions.{number}."))
        .collect())
}

/// Reads one rule and refuses what no rule may say.
fn read(
    world: &World,
    request: &Request,
    group: &str,
    prefix: &str,
    side: Side,
) -> Result<Rule, Refusal> {
    let text = |name: &str| {
        request
            .text(&format!("{prefix}{name}"))
            .unwrap_or_default()
            .to_owned()
    };
    let target = |name: &str| text(&format!("{}{name}", side.target));
    let (protocol, ports) = read_ports(
        &text("IpProtocol"),
        &text("PortRange"),
        &text("PortRangeListId"),
    )?;
    let target_ipv6 = text(&format!("Ipv6{}CidrIp", side.target));
    let owner = match target("GroupOwnerAccount") {
        name if name.is_empty() => target("GroupOwnerId"),
        name => name,
    };
    let mut rule = Rule {
        direction: side.direction.to_owned(),
        protocol,
        ports,
        port_list: text("PortRangeListId"),
        source_ports: text("SourcePortRange"),
        policy: read_policy(&text("Policy"))?,
        priority: read_priority(&text("Priority"))?,
        nic_type: read_nic_type(world, group, &text("NicType"), &target("GroupId"))?,
        target_cidr: target("CidrIp"),
        target_ipv6,
        target_group: target("GroupId"),
        target_owner: owner,
        target_prefix_list: target("PrefixListId"),
        own_cidr: text(&format!("{}CidrIp", side.own)),
        own_ipv6: text(&format!("Ipv6{}CidrIp", side.own)),
        description: text("Description"),
        ..Rule::default()
    };
    if !rule.target_cidr.is_empty() {
        rule.target_group.clear();
    }
    check_target(world, group, &rule, side)?;
    if rule.description.chars().count() > 512 {
        let text = "The specified parameter \"Description\" is not valid.";
        return refuse(400, "InvalidSecurityGroupDiscription.Malformed", text);
    }
    Ok(rule)
}

fn read_ports(protocol: &str, ports: &str, list: &str) -> Result<(String, String), Refusal> {
    let protocol = protocol.to_ascii_lowercase();
    if !PROTOCOLS.contains(&protocol.as_str()) {
        let text = "The parameter IpProtocol must be specified with case insensitive \
                    TCP, UDP, ICMP, GRE or All.";
        return refuse(400, "InvalidIpProtocol.ValueNotSupported", text);
    }
    let between = protocol == "tcp" || protocol == "udp";
    if between && ports.is_empty() && !list.is_empty() {
        return Ok((protocol, String::new()));
    }
    if !between {
        if ports.is_empty() || ports == "-1/-1" {
            return Ok((protocol, "-1/-1".to_owned()));
        }
        let text =
            "The specified IpProtocol does not exist or IpProtocol and PortRange do not match.";
        return refuse(400, "OperationDenied", text);
    }
    let pair = ports
        .split_once('/')
        .and_then(|(from, to)| Some((from.parse::<u16>().ok()?, to.parse::<u16>().ok()?)));
    match pair {
        Some((from, to)) if from >= 1 && from <= to => Ok((protocol, format!("{from}/{to}"))),
        _ => {
            let text = "The specified parameter \"PortRange\" is not valid.";
            refuse(400, "InvalidIpProtocol.Malformed", text)
        }
    }
}

fn read_policy(policy: &str) -> Result<String, Refusal> {
    match policy.to_ascii_lowercase().as_str() {
        "" | "accept" => Ok("Accept".to_owned()),
        "drop" => Ok("Drop".to_owned()),
        _ => {
            let text = "The specified parameter \"Policy\" is not valid.";
            refuse(400, "InvalidPolicy.Malformed", text)
        }
    }
}

fn read_priority(priority: &str) -> Result<i64, Refusal> {
    match priority.parse::<i64>() {
        _ if priority.is_empty() => Ok(1),
        Ok(number @ 1..=100) => Ok(number),
        _ => refuse(
            400,
            "InvalidPriority.ValueNotSupported",
            "The parameter Priority is invalid.",
        ),
    }
}

fn read_nic_type(
    world: &World,
    group: &str,
    nic_type: &str,
    target_group: &str,
) -> Result<String, Refusal> {
    let in_vpc = world.group(group)?.vpc.is_some();
    match nic_type {
        "" | "intranet" if in_vpc => Ok("intranet".to_owned()),
        "" if target_group.is_empty() => Ok("internet".to_owned()),
        "intranet" => Ok("intranet".to_owned()),
        "" | "internet" if !target_group.is_empty() => {
            let text = "NicType is required or NicType expects intranet.";
            refuse(403, "InvalidSourceGroupId.Mismatch", text)
        }
        "internet" if !in_vpc => Ok("internet".to_owned()),
        _ => refuse(
            400,
            "InvalidNicType.ValueNotSupported",
            "The specified NicType does not exist.",
        ),
    }
}

fn check_target(world: &World, group: &str, rule: &Rule, side: Side) -> Result<(), Refusal> {
    let named = side.target;
    let targets = [
        &rule.target_cidr,
        &rule.target_ipv6,
        &rule.target_group,
        &rule.target_prefix_list,
    ];
    if targets.iter().all(|target| target.is_empty()) {
        let code = format!("MissingParameter.{named}");
        let text = format!("Either {named}CidrIp or {named}GroupId must be specified.");
        return refuse(400, &code, text);
    }
    for (cidr, name) in [(&rule.target_cidr, named), (&rule.own_cidr, side.own)] {
        if !cidr.is_empty() && !is_block(cidr) {
            let code = format!("Invalid{name}CidrIp.Malformed");
            let text = format!("The specified parameter \"{name}CidrIp\" is not valid.");
            return refuse(400, &code, text);
        }
    }
    for (cidr, name) in [(&rule.target_ipv6, named), (&rule.own_ipv6, side.own)] {
        let holds = cidr.parse::<Ipv6Net>().is_ok() || cidr.parse::<std::net::Ipv6Addr>().is_ok();
        if !cidr.is_empty() && !holds {
            return Err(invalid(&format!("Ipv6{name}CidrIp")));
        }
    }
    if rule.target_group.is_empty() {
        return Ok(());
    }
    if rule.target_group == group {
        let text = "The specified SecurityGroupId should be different from the SourceGroupId.";
        return refuse(403, "InvalidParamter.Conflict", text);
    }
    let abroad = || {
        let mut groups = world.abroad.iter();
        let it = groups.find(|it| it.is_of(&rule.target_owner) && it.group.id == rule.target_group);
        it.map(|it| &it.group)
    };
    let Some(other) = world.groups.get(&rule.target_group).or_else(abroad) else {
        let code = format!("Invalid{named}GroupId.NotFound");
        let text = format!("The {named}GroupId provided does not exist in our records.");
        return refuse(404, &code, text);
    };
    let own = world.group(group)?;
    if own.kind == "enterprise" || other.vpc != own.vpc {
        let code = format!("Invalid{named}GroupId.Mismatch");
        let text = "Specified security group and the group to authorize are not in the same VPC.";
        return refuse(403, &code, text);
    }
    Ok(())
}

/// An address, or a block of addresses.
fn is_block(text: &str) -> bool {
    text.parse::<Ipv4Net>().is_ok() || text.parse::<std::net::Ipv4Addr>().is_ok()
}

/// Whether two rules say the same.
fn alike(left: &Rule, right: &Rule) -> bool {
    let bare = |rule: &Rule| Rule {
        id: String::new(),
        description: String::new(),
        target_owner: String::new(),
        created: 0,
        ..rule.clone()
    };
    bare(left) == bare(right)
}

fn revoke(world: &mut World, request: &Request, side: Side) -> Reply {
    let id = request.need("SecurityGroupId")?.to_owned();
    world.group(&id)?;
    let ids = request.list("SecurityGroupRuleId");
    if ids.len() > 100 {
        return Err(invalid("SecurityGroupRuleId"));
    }
    if !ids.is_empty() {
        let gone = |rule: &Rule| rule.direction == side.direction && ids.contains(&rule.id);
        world.group_mut(&id)?.rules.retain(|rule| !gone(rule));
        return done();
    }
    let mut rules = Vec::new();
    for prefix in prefixes(request)? {
        rules.push(read_loosely(world, request, &id, &prefix, side)?);
    }
    // Revoking what is not there succeeds.
    let gone = |rule: &Rule| rules.iter().any(|other| alike(rule, other));
    if world.group(&id)?.rules.iter().any(gone) {
        world.group_mut(&id)?.rules.retain(|rule| !gone(rule));
    }
    done()
}

/// Reads a rule to be revoked: the group that it names may be gone already.
fn read_loosely(
    world: &World,
    request: &Request,
    group: &str,
    prefix: &str,
    side: Side,
) -> Result<Rule, Refusal> {
    let wanted = format!("{prefix}{}GroupId", side.target);
    match read(world, request, group, prefix, side) {
        Err(refused) if refused.code.ends_with("GroupId.NotFound") => {
            let mut without = request.clone();
            without.parameters.remove(&wanted);
            without.parameters.insert(
                format!("{prefix}{}CidrIp", side.target),
                "0.0.0.0".to_owned(),
            );
            let mut rule = read(world, &without, group, prefix, side)?;
            rule.target_cidr.clear();
            rule.target_group = request.owned(&wanted);
            Ok(rule)
        }
        other => other,
    }
}

fn modify(world: &mut World, request: &Request, side: Side) -> Reply {
    let id = request.need("SecurityGroupId")?.to_owned();
    world.group(&id)?;
    if let Some(rule_id) = request.text("SecurityGroupRuleId") {
        let rule_id = rule_id.to_owned();
        return modify_by_id(world, request, side, &id, &rule_id);
    }
    let wanted = read_loosely(world, request, &id, "", side)?;
    let description = request.owned("Description");
    let group = world.group_mut(&id)?;
    match group.rules.iter_mut().find(|rule| alike(rule, &wanted)) {
        Some(rule) => {
            rule.description = description;
            done()
        }
        None => {
            let text = "Specified group authorized item does not exist in our records.";
            refuse(403, "InvalidGroupAuthItem.NotFound", text)
        }
    }
}

/// Changes a rule found by its id: what is given replaces what it said.
fn modify_by_id(
    world: &mut World,
    request: &Request,
    side: Side,
    id: &str,
    rule_id: &str,
) -> Reply {
    let group = world.group(id)?;
    let found = |rule: &&Rule| rule.id == rule_id && rule.direction == side.direction;
    let Some(old) = group.rules.iter().find(found).cloned() else {
        let text = "The specified SecurityGroupRuleId does not exist.";
        return refuse(404, "InvalidSecurityGroupRuleId.NotFound", text);
    };
    let mut merged = request.clone();
    let target_given = ["CidrIp", "GroupId", "PrefixListId"]
        .iter()
        .any(|name| request.text(&format!("{}{name}", side.target)).is_some())
        || request
            .text(&format!("Ipv6{}CidrIp", side.target))
            .is_some();
    let mut keep = |name: String, value: &str| {
        if !value.is_empty() {
            merged
                .parameters
                .entry(name)
                .or_insert_with(|| value.to_owned());
        }
    };
    keep("IpProtocol".to_owned(), &old.protocol);
    keep("PortRange".to_owned(), &old.ports);
    keep("PortRangeListId".to_owned(), &old.port_list);
    keep("Policy".to_owned(), &old.policy);
    keep("Priority".to_owned(), &old.priority.to_string());
    keep("NicType".to_owned(), &old.nic_type);
    keep("Description".to_owned(), &old.description);
    keep("SourcePortRange".to_owned(), &old.source_ports);
    if !target_given {
        keep(format!("{}CidrIp", side.target), &old.target_cidr);
        keep(format!("Ipv6{}CidrIp", side.target), &old.target_ipv6);
        keep(format!("{}GroupId", side.target), &old.target_group);
        keep(
            format!("{}PrefixListId", side.target),
            &old.target_prefix_list,
        );
    }
    let mut rule = read(world, &merged, id, "", side)?;
    rule.id = old.id;
    rule.created = old.created;
    let group = world.group_mut(id)?;
    if let Some(place) = group.rules.iter_mut().find(|rule| rule.id == rule_id) {
        *place = rule;
    }
    done()
}

fn describe(world: &mut World, request: &Request) -> Reply {
    let group = world.group(request.need("SecurityGroupId")?)?;
    let direction = request.text_or("Direction", "all");
    if !["ingress", "egress", "all"].contains(&direction.as_str()) {
        return Err(invalid("Direction"));
    }
    let nic_type = request.text("NicType");
    if nic_type.is_some_and(|nic_type| nic_type != "internet" && nic_type != "intranet") {
        let text = "The specified NicType does not exist.";
        return refuse(400, "InvalidNicType.ValueNotSupported", text);
    }
    let shown: Vec<&Rule> = group
        .rules
        .iter()
        .filter(|rule| direction == "all" || rule.direction == direction)
        .filter(|rule| nic_type.is_none_or(|nic_type| rule.nic_type == nic_type))
        .collect();
    let size = request.integer("MaxResults").unwrap_or(500).clamp(10, 1000);
    let size = usize::try_from(size).unwrap_or(500);
    let start = match request.text("NextToken") {
        None => 0,
        Some(token) => token.parse::<usize>().map_err(|_| invalid("NextToken"))?,
    };
    let next = start + size;
    let token = if next < shown.len() {
        next.to_string()
    } else {
        String::new()
    };
    let permissions: Vec<Value> = shown
        .iter()
        .skip(start)
        .take(size)
        .map(|rule| show(world, rule))
        .collect();
    Ok(json!({
        "SecurityGroupId": group.id,
        "SecurityGroupName": group.name,
        "Description": group.description,
        "RegionId": group.region,
        "VpcId": group.vpc.clone().unwrap_or_default(),
        "InnerAccessPolicy": group.inner_access,
        "NextToken": token,
        "SnapshotPolicyIds": { "SnapshotPolicyId": [] },
        "Permissions": { "Permission": permissions },
    }))
}

fn show(world: &World, rule: &Rule) -> Value {
    let side = if rule.direction == "ingress" {
        INGRESS
    } else {
        EGRESS
    };
    let target_name = world
        .groups
        .get(&rule.target_group)
        .map(|group| group.name.clone())
        .unwrap_or_default();
    let owner = match rule.target_group.is_empty() {
        true => String::new(),
        false if rule.target_owner.is_empty() => world.account.clone(),
        false => rule.target_owner.clone(),
    };
    let mut shown = json!({
        "SecurityGroupRuleId": rule.id,
        "Direction": rule.direction,
        "IpProtocol": rule.protocol.to_ascii_uppercase(),
        "PortRange": rule.ports,
        "PortRangeListId": rule.port_list,
        "PortRangeListName": "",
        "SourcePortRange": rule.source_ports,
        "Policy": rule.policy,
        "Priority": rule.priority.to_string(),
        "NicType": rule.nic_type,
        "Description": rule.description,
        "CreateTime": seconds(rule.created),
    });
    let mut set = |name: String, value: &str| shown[name] = json!(value);
    for (side, ours) in [(side.target, true), (side.own, false)] {
        let of = |value: &str| {
            if ours {
                value.to_owned()
            } else {
                String::new()
            }
        };
        let (cidr, ipv6) = match ours {
            true => (&rule.target_cidr, &rule.target_ipv6),
            false => (&rule.own_cidr, &rule.own_ipv6),
        };
        set(format!("{side}CidrIp"), cidr);
        set(format!("Ipv6{side}CidrIp"), ipv6);
        set(format!("{side}GroupId"), &of(&rule.target_group));
        set(format!("{side}GroupName"), &of(&target_name));
        set(format!("{side}GroupOwnerAccount"), &of(&owner));
        set(format!("{side}PrefixListId"), &of(&rule.target_prefix_list));
        set(format!("{side}PrefixListName"), "");
    }
    shown
}
