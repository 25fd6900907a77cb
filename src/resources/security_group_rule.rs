//! Security group rules: they have no id of their own to be found by, so the id is made of what they say,
//! and all rules of a group are read with one listing.

use std::collections::{BTreeMap, HashMap};

use futures::{FutureExt, future::BoxFuture, future::join_all};
use serde_json::Value as Json;

use super::security_group::DETAIL;
use crate::{
    cloud::{ApiError, ApiErrorKind, client::Product},
    model::{Object, Value},
    provider::{
        Change, CreateRequest, Failure, Wanted,
        batch::{self, Answers},
        hooks::{Context, Hooks, Kind},
        lifecycle::{failure, first, pairs},
    },
    schema::*,
};

const LATE_GROUP: &[&str] = &["InvalidSecurityGroupId.NotFound"];
const GONE: &[&str] = &[
    "InvalidGroupAuthItem.NotFound",
    "InvalidSecurityGroupId.NotFound",
];

// Asking twice for the same rule makes one rule, with or without the token.
static ALLOW_IN: Call = call("AuthorizeSecurityGroup")
    .when(When::Is("type", "ingress"))
    .token()
    .retry(LATE_GROUP);
static ALLOW_OUT: Call = call("AuthorizeSecurityGroupEgress")
    .when(When::Is("type", "egress"))
    .token()
    .retry(LATE_GROUP);
static MODIFY_IN: Call = call("ModifySecurityGroupRule").when(When::Is("type", "ingress"));
static MODIFY_OUT: Call = call("ModifySecurityGroupEgressRule").when(When::Is("type", "egress"));
static REVOKE_IN: Call = call("RevokeSecurityGroup")
    .when(When::Is("type", "ingress"))
    .gone(GONE);
static REVOKE_OUT: Call = call("RevokeSecurityGroupEgress")
    .when(When::Is("type", "egress"))
    .gone(GONE);

/// A security group rule.
pub static SECURITY_GROUP_RULE: ResourceType = ResourceType {
    create: &[&ALLOW_IN, &ALLOW_OUT],
    read: &[&DETAIL],
    updates: &[&MODIFY_IN, &MODIFY_OUT],
    delete: &[&REVOKE_IN, &REVOKE_OUT],
    attributes: ATTRIBUTES,
    rules: &[
        Rule::AtLeastOneOf(&[
            "cidr_ip",
            "ipv6_cidr_ip",
            "source_security_group_id",
            "prefix_list_id",
        ]),
        Rule::Conflicts("cidr_ip", "ipv6_cidr_ip"),
        Rule::Conflicts("cidr_ip", "source_security_group_id"),
        Rule::Custom(ports_fit_protocol),
        Rule::Custom(groups_are_inside),
    ],
    cross: &[CrossRule {
        attribute: "security_group_id",
        check: fits_group,
    }],
    siblings: Some(Siblings {
        same: "security_group_id",
        check: distinct,
    }),
    ..resource(
        "alicloud_security_group_rule",
        Service::Ecs,
        "A rule of a security group: which traffic is let in or out.",
    )
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &SECURITY_GROUP_RULE,
    hooks: Hooks {
        read: Some(read),
        id: Some(id),
        update: Some(update),
        ..Hooks::NONE
    },
};

static ATTRIBUTES: &[Attribute] = &[
    string(
        "id",
        "`group:type:protocol:ports:nic:target:policy:priority`.",
    )
    .computed()
    .example("sg-1:ingress:tcp:22/22:intranet:10.0.0.0/8:accept:1"),
    string("security_group_id", "The group that it is a rule of.")
        .required()
        .replaces()
        .sent(&[
            (&ALLOW_IN, "SecurityGroupId"),
            (&ALLOW_OUT, "SecurityGroupId"),
            (&MODIFY_IN, "SecurityGroupId"),
            (&MODIFY_OUT, "SecurityGroupId"),
            (&REVOKE_IN, "SecurityGroupId"),
            (&REVOKE_OUT, "SecurityGroupId"),
        ])
        .refers_to("alicloud_security_group")
        .example("sg-bp67acfmxazb4ph6aiyc"),
    string(
        "type",
        "`ingress` for traffic that comes in, `egress` for traffic that goes out.",
    )
    .required()
    .replaces()
    .sent(&[(&ALLOW_IN, ""), (&ALLOW_OUT, "")])
    .read(&DETAIL, "Direction")
    .check(&[Check::OneOf(&["ingress", "egress"])])
    .example("ingress"),
    string(
        "ip_protocol",
        "`tcp`, `udp`, `icmp`, `icmpv6`, `gre` or `all`.",
    )
    .required()
    .replaces()
    .sent(&[
        (&ALLOW_IN, "Permissions.1.IpProtocol"),
        (&ALLOW_OUT, "Permissions.1.IpProtocol"),
        (&MODIFY_IN, "IpProtocol"),
        (&MODIFY_OUT, "IpProtocol"),
        (&REVOKE_IN, "IpProtocol"),
        (&REVOKE_OUT, "IpProtocol"),
    ])
    .read(&DETAIL, "IpProtocol")
    .check(&[Check::OneOf(&[
        "tcp", "udp", "icmp", "icmpv6", "gre", "all",
    ])])
    .example("tcp"),
    string("policy", "`accept` or `drop`.")
        .default(Default::String("accept"))
        .replaces()
        .sent(&[
            (&ALLOW_IN, "Permissions.1.Policy"),
            (&ALLOW_OUT, "Permissions.1.Policy"),
            (&MODIFY_IN, "Policy"),
            (&MODIFY_OUT, "Policy"),
            (&REVOKE_IN, "Policy"),
            (&REVOKE_OUT, "Policy"),
        ])
        .read(&DETAIL, "Policy")
        .check(&[Check::OneOf(&["accept", "drop"])])
        .example("accept"),
    int(
        "priority",
        "1 to 100; of the rules that fit, the smallest wins.",
    )
    .default(Default::Int(1))
    .replaces()
    .sent(&[
        (&ALLOW_IN, "Permissions.1.Priority"),
        (&ALLOW_OUT, "Permissions.1.Priority"),
        (&MODIFY_IN, "Priority"),
        (&MODIFY_OUT, "Priority"),
        (&REVOKE_IN, "Priority"),
        (&REVOKE_OUT, "Priority"),
    ])
    .read(&DETAIL, "Priority")
    .check(&[Check::Range(1, 100)])
    .example("1"),
    string(
        "port_range",
        "`first/last` for tcp and udp; `-1/-1` for the others.",
    )
    .default(Default::String("-1/-1"))
    .replaces()
    .sent(&[
        (&ALLOW_IN, "Permissions.1.PortRange"),
        (&ALLOW_OUT, "Permissions.1.PortRange"),
        (&MODIFY_IN, "PortRange"),
        (&MODIFY_OUT, "PortRange"),
        (&REVOKE_IN, "PortRange"),
        (&REVOKE_OUT, "PortRange"),
    ])
    .read(&DETAIL, "PortRange")
    .check(&[Check::Custom(port_range)])
    .example("22/22"),
    string("cidr_ip", "The other side: an IPv4 network or address.")
        .replaces()
        .sent(&[
            (&ALLOW_IN, "Permissions.1.SourceCidrIp"),
            (&ALLOW_OUT, "Permissions.1.DestCidrIp"),
            (&MODIFY_IN, "SourceCidrIp"),
            (&MODIFY_OUT, "DestCidrIp"),
            (&REVOKE_IN, "SourceCidrIp"),
            (&REVOKE_OUT, "DestCidrIp"),
        ])
        .read(&DETAIL, "SourceCidrIp")
        .check(&[Check::Custom(ipv4_network)])
        .example("10.0.0.0/8"),
    string(
        "ipv6_cidr_ip",
        "The other side: an IPv6 network or address.",
    )
    .replaces()
    .sent(&[
        (&ALLOW_IN, "Permissions.1.Ipv6SourceCidrIp"),
        (&ALLOW_OUT, "Permissions.1.Ipv6DestCidrIp"),
        (&MODIFY_IN, "Ipv6SourceCidrIp"),
        (&MODIFY_OUT, "Ipv6DestCidrIp"),
        (&REVOKE_IN, "Ipv6SourceCidrIp"),
        (&REVOKE_OUT, "Ipv6DestCidrIp"),
    ])
    .read(&DETAIL, "Ipv6SourceCidrIp")
    .check(&[Check::Custom(ipv6_network)])
    .same(|prior, merged| {
        let of = |object: &Object| {
            object
                .get("ipv6_cidr_ip")
                .and_then(Value::as_str)
                .map(canonical)
        };
        of(prior).is_some_and(|text| Some(text) == of(merged))
    })
    .example("2408:4003::/32"),
    string(
        "source_security_group_id",
        "The other side: the members of another group of the same VPC.",
    )
    .replaces()
    .sent(&[
        (&ALLOW_IN, "Permissions.1.SourceGroupId"),
        (&ALLOW_OUT, "Permissions.1.DestGroupId"),
        (&MODIFY_IN, "SourceGroupId"),
        (&MODIFY_OUT, "DestGroupId"),
        (&REVOKE_IN, "SourceGroupId"),
        (&REVOKE_OUT, "DestGroupId"),
    ])
    .read(&DETAIL, "SourceGroupId")
    .refers_to("alicloud_security_group")
    .example("sg-bp67acfmxazb4ph6aiyd"),
    string(
        "source_group_owner_account",
        "The account that the other group belongs to.",
    )
    .deprecated("source_group_owner_id")
    .replaces()
    .sent(&[
        (&ALLOW_IN, "Permissions.1.SourceGroupOwnerAccount"),
        (&ALLOW_OUT, "Permissions.1.DestGroupOwnerAccount"),
        (&MODIFY_IN, "SourceGroupOwnerAccount"),
        (&MODIFY_OUT, "DestGroupOwnerAccount"),
        (&REVOKE_IN, "SourceGroupOwnerAccount"),
        (&REVOKE_OUT, "DestGroupOwnerAccount"),
    ])
    .example("example@aliyun.com"),
    string(
        "source_group_owner_id",
        "The id of the account that the other group belongs to.",
    )
    .replaces()
    .sent(&[
        (&ALLOW_IN, "Permissions.1.SourceGroupOwnerId"),
        (&ALLOW_OUT, "Permissions.1.DestGroupOwnerId"),
        (&MODIFY_IN, "SourceGroupOwnerId"),
        (&MODIFY_OUT, "DestGroupOwnerId"),
        (&REVOKE_IN, "SourceGroupOwnerId"),
        (&REVOKE_OUT, "DestGroupOwnerId"),
    ])
    .read(&DETAIL, "SourceGroupOwnerAccount")
    .example("1234567890123456"),
    string("prefix_list_id", "The other side: a prefix list.")
        .kept()
        .replaces()
        .sent(&[
            (&ALLOW_IN, "Permissions.1.SourcePrefixListId"),
            (&ALLOW_OUT, "Permissions.1.DestPrefixListId"),
            (&MODIFY_IN, "SourcePrefixListId"),
            (&MODIFY_OUT, "DestPrefixListId"),
            (&REVOKE_IN, "SourcePrefixListId"),
            (&REVOKE_OUT, "DestPrefixListId"),
        ])
        .read(&DETAIL, "SourcePrefixListId")
        .same(|_, merged| {
            ["cidr_ip", "ipv6_cidr_ip", "source_security_group_id"]
                .iter()
                .any(|name| !is_unset(merged, name))
        })
        .example("pl-x1j1k5ykzqlixdcy9hw5"),
    string(
        "nic_type",
        "`intranet` in a VPC; `internet` or `intranet` in the classic network.",
    )
    .kept()
    .replaces()
    .sent(&[
        (&ALLOW_IN, "Permissions.1.NicType"),
        (&ALLOW_OUT, "Permissions.1.NicType"),
        (&MODIFY_IN, "NicType"),
        (&MODIFY_OUT, "NicType"),
        (&REVOKE_IN, "NicType"),
        (&REVOKE_OUT, "NicType"),
    ])
    .read(&DETAIL, "NicType")
    .check(&[Check::OneOf(&["internet", "intranet"])])
    .example("intranet"),
    string(
        "description",
        "Description: 1 to 512 characters. The only thing that can be changed in place.",
    )
    .sent(&[
        (&ALLOW_IN, "Permissions.1.Description"),
        (&ALLOW_OUT, "Permissions.1.Description"),
        (&MODIFY_IN, "Description"),
        (&MODIFY_OUT, "Description"),
    ])
    .read(&DETAIL, "Description")
    .check(&[Check::Characters(0, 512)])
    .example("Log in from the office"),
    string("security_group_rule_id", "The cloud's own id of the rule.")
        .computed()
        .read(&DETAIL, "SecurityGroupRuleId"),
];

/// The eight parts of a rule's id.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts<'a> {
    group: &'a str,
    direction: &'a str,
    protocol: &'a str,
    ports: &'a str,
    /// `intranet`, `internet`; `<nil>` in ids that Terraform's provider made.
    nic: &'a str,
    /// With `_` for `:`.
    target: &'a str,
    policy: &'a str,
    priority: &'a str,
}

impl<'a> Parts<'a> {
    fn parse(id: &'a str) -> Option<Self> {
        let parts: Vec<&str> = id.split(':').collect();
        let [
            group,
            direction,
            protocol,
            ports,
            nic,
            target,
            policy,
            priority,
        ] = parts[..]
        else {
            return None;
        };
        let direction = ["ingress", "egress"]
            .into_iter()
            .find(|known| *known == direction)?;
        Some(Self {
            group,
            direction,
            protocol,
            ports,
            nic,
            target,
            policy,
            priority,
        })
    }

    fn key(&self) -> Key {
        Key {
            ingress: self.direction == "ingress",
            protocol: self.protocol.to_ascii_lowercase(),
            ports: self.ports.to_owned(),
            target: canonical(&self.target.replace('_', ":")),
            policy: self.policy.to_ascii_lowercase(),
            priority: self.priority.to_owned(),
        }
    }
}

/// What tells two rules of a group apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    ingress: bool,
    protocol: String,
    ports: String,
    target: String,
    policy: String,
    priority: String,
}

/// The fields of a permission that can name the other side, for each direction; the first that is set does.
const TARGETS: [[&str; 4]; 2] = [
    [
        "DestCidrIp",
        "DestGroupId",
        "Ipv6DestCidrIp",
        "DestPrefixListId",
    ],
    [
        "SourceCidrIp",
        "SourceGroupId",
        "Ipv6SourceCidrIp",
        "SourcePrefixListId",
    ],
];

fn text<'a>(permission: &'a Json, field: &str) -> &'a str {
    permission
        .get(field)
        .and_then(Json::as_str)
        .unwrap_or_default()
}

fn key_of(permission: &Json) -> Key {
    let ingress = !text(permission, "Direction").eq_ignore_ascii_case("egress");
    let targets = TARGETS[usize::from(ingress)];
    let target = targets
        .into_iter()
        .map(|field| text(permission, field))
        .find(|t| !t.is_empty());
    Key {
        ingress,
        protocol: text(permission, "IpProtocol").to_ascii_lowercase(),
        ports: text(permission, "PortRange").to_owned(),
        target: canonical(target.unwrap_or_default()),
        policy: text(permission, "Policy").to_ascii_lowercase(),
        priority: priority(permission),
    }
}

/// The API writes the priority as a string or as a number.
fn priority(permission: &Json) -> String {
    match permission.get("Priority") {
        Some(Json::String(text)) if !text.is_empty() => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => "1".to_owned(),
    }
}

/// One spelling for each network: compressed, an address without its full mask.
fn canonical(target: &str) -> String {
    if let Ok(network) = target.parse::<ipnet::IpNet>() {
        let network = network.trunc();
        return if network.prefix_len() == network.max_prefix_len() {
            network.addr().to_string()
        } else {
            network.to_string()
        };
    }
    target
        .parse::<std::net::IpAddr>()
        .map_or_else(|_| target.to_owned(), |address| address.to_string())
}

/// Makes the id from the request: the answer has none.
fn id(request: &CreateRequest, _: &Json) -> Option<String> {
    let ingress = request.action == ALLOW_IN.action;
    let get = |name: &str| {
        let name = if name == "SecurityGroupId" {
            name.to_owned()
        } else {
            format!("Permissions.1.{name}")
        };
        request
            .params
            .iter()
            .find(|param| param.name == name)
            .map(|param| param.value.as_str())
    };
    let [cidr, group, ipv6, list] = TARGETS[usize::from(ingress)].map(get);
    // Of several, the last one of network, IPv6 network and group counts, as in Terraform's provider.
    let target = group.or(ipv6).or(cidr).or(list)?.replace(':', "_");
    Some(format!(
        "{}:{}:{}:{}:{}:{}:{}:{}",
        get("SecurityGroupId")?,
        if ingress { "ingress" } else { "egress" },
        get("IpProtocol")?,
        get("PortRange").unwrap_or("-1/-1"),
        get("NicType").unwrap_or("intranet"),
        target,
        get("Policy").unwrap_or("accept"),
        get("Priority").unwrap_or("1"),
    ))
}

/// Reads rules: one listing for each group.
fn read<'a>(
    context: Context<'a>,
    wanted: &'a [Wanted],
) -> BoxFuture<'a, Vec<Result<Option<Object>, ApiError>>> {
    async move {
        let mut groups: Vec<(&str, &str)> = wanted
            .iter()
            .filter_map(|one| Parts::parse(&one.id))
            .map(|parts| (parts.group, nic_of_listing(&parts)))
            .collect();
        groups.sort_unstable();
        groups.dedup();
        let listings = groups
            .iter()
            .map(|(group, nic)| listing(context.answers, group, nic));
        let listings: BTreeMap<_, _> = groups
            .iter()
            .copied()
            .zip(join_all(listings).await)
            .collect();
        wanted
            .iter()
            .map(|one| found(context.ty, one, &listings))
            .collect()
    }
    .boxed()
}

/// The classic network's rules are listed for one kind of interface at a time; all others at once.
fn nic_of_listing(parts: &Parts<'_>) -> &'static str {
    if parts.nic == "internet" {
        "internet"
    } else {
        ""
    }
}

type Listing = Result<Option<HashMap<Key, Json>>, ApiError>;

/// Lists all rules of a group, page by page. `None`: there is no such group.
async fn listing(answers: &Answers, group: &str, nic: &str) -> Listing {
    let mut rules = HashMap::new();
    let mut next = String::new();
    // A group has at most some thousand rules, a page 500.
    for _ in 0..100 {
        let mut params = vec![("SecurityGroupId".to_owned(), group.to_owned())];
        if !nic.is_empty() {
            params.push(("NicType".to_owned(), nic.to_owned()));
        }
        if !next.is_empty() {
            params.push(("NextToken".to_owned(), next.clone()));
        }
        let call = batch::read_call(Product::Ecs, DETAIL.action, params);
        let page = match answers.ask(&call).await {
            Ok(page) => page,
            Err(error) if error.kind == ApiErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        for permission in items(&page, "Permissions.Permission") {
            rules.insert(key_of(permission), permission.clone());
        }
        next = text(&page, "NextToken").to_owned();
        if next.is_empty() {
            break;
        }
    }
    Ok(Some(rules))
}

fn found(
    ty: &'static ResourceType,
    one: &Wanted,
    listings: &BTreeMap<(&str, &str), Listing>,
) -> Result<Option<Object>, ApiError> {
    let Some(parts) = Parts::parse(&one.id) else {
        return Err(malformed(&one.id));
    };
    let listing = listings.get(&(parts.group, nic_of_listing(&parts)));
    let rules = match listing {
        Some(Ok(Some(rules))) => rules,
        Some(Ok(None)) | None => return Ok(None),
        Some(Err(error)) => return Err(error.clone()),
    };
    let Some(permission) = rules.get(&parts.key()) else {
        return Ok(None);
    };
    Ok(Some(batch::merge(
        ty,
        &one.id,
        &one.known,
        [object(&parts, permission, &one.known)],
    )))
}

/// A rule's attributes from the cloud's description. Networks keep the spelling that they were written in.
fn object(parts: &Parts<'_>, permission: &Json, known: &Object) -> Object {
    let targets = TARGETS[usize::from(parts.direction == "ingress")];
    let side = if parts.direction == "ingress" {
        "Source"
    } else {
        "Dest"
    };
    let string = |text: &str| {
        if text.is_empty() {
            Value::Null
        } else {
            Value::string(text)
        }
    };
    let network = |name: &str, field: &str| {
        let now = text(permission, field);
        match known.get(name).and_then(Value::as_str) {
            Some(written) if canonical(written) == canonical(now) => Value::string(written),
            _ => string(now),
        }
    };
    let nic = match text(permission, "NicType") {
        "" => Value::string(if parts.nic == "internet" {
            "internet"
        } else {
            "intranet"
        }),
        nic => Value::string(nic.to_ascii_lowercase()),
    };
    let number = priority(permission)
        .parse::<i64>()
        .map_or(Value::int(1), Value::int);
    Object::from_iter([
        ("security_group_id", Value::string(parts.group)),
        ("type", Value::string(parts.direction)),
        (
            "ip_protocol",
            Value::string(text(permission, "IpProtocol").to_ascii_lowercase()),
        ),
        (
            "policy",
            Value::string(text(permission, "Policy").to_ascii_lowercase()),
        ),
        ("priority", number),
        ("port_range", string(text(permission, "PortRange"))),
        ("cidr_ip", network("cidr_ip", targets[0])),
        (
            "source_security_group_id",
            string(text(permission, targets[1])),
        ),
        ("ipv6_cidr_ip", network("ipv6_cidr_ip", targets[2])),
        ("prefix_list_id", string(text(permission, targets[3]))),
        (
            "source_group_owner_id",
            string(text(permission, &format!("{side}GroupOwnerAccount"))),
        ),
        ("nic_type", nic),
        (
            "description",
            Value::string(text(permission, "Description")),
        ),
        (
            "security_group_rule_id",
            string(text(permission, "SecurityGroupRuleId")),
        ),
    ])
}

/// Changes the description. The call names the rule by everything that it says.
fn update<'a>(
    context: Context<'a>,
    id: &'a str,
    change: Change<'a>,
) -> BoxFuture<'a, Result<(), Failure>> {
    async move {
        let Some(call) = first(context.ty.updates, change.desired) else {
            return Ok(());
        };
        let mut params = encode(context.ty, call, change.prior);
        params.retain(|param| param.name != "Description");
        let description = change.desired.get("description").and_then(Value::as_str);
        params.push(Param {
            name: "Description".to_owned(),
            value: description.unwrap_or_default().to_owned(),
            secret: false,
        });
        (context.progress)(call.action);
        let request = crate::cloud::Call {
            patience: limits(context.ty, change.desired).update,
            ..batch::read_call(Product::Ecs, call.action, pairs(params))
        };
        let done = context.client.call(&request).await;
        tracing::debug!(id, action = call.action, "rule changed");
        done.map(drop)
            .map_err(|error| failure(context.ty, error, None))
    }
    .boxed()
}

fn malformed(id: &str) -> ApiError {
    ApiError {
        kind: ApiErrorKind::Invalid,
        action: DETAIL.action.to_owned(),
        code: "MalformedId".to_owned(),
        message: format!(
            "\"{id}\" is not the id of a security group rule. It has eight parts: group:type:protocol:ports:nic:target:policy:priority."
        ),
        request_id: String::new(),
        status: 0,
        recommend: None,
    }
}

fn port_range(value: &Value) -> Result<(), String> {
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

fn ipv4_network(value: &Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    if text.is_empty() || text.parse::<std::net::Ipv4Addr>().is_ok() {
        return Ok(());
    }
    cidr(text, 0, 32).map(drop)
}

fn ipv6_network(value: &Value) -> Result<(), String> {
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
fn ports_fit_protocol(arguments: &Object) -> Vec<Problem> {
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
    vec![problem(
        "port_range",
        "Ports do not fit the protocol",
        detail,
        hint,
    )]
}

/// A rule that names another group is one of the intranet, and not of the same group.
fn groups_are_inside(arguments: &Object) -> Vec<Problem> {
    let text = |name: &str| arguments.get(name).and_then(Value::as_str);
    let Some(other) = text("source_security_group_id").filter(|id| !id.is_empty()) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    if text("nic_type").is_some_and(|nic| nic != "intranet") {
        let detail = "A rule that names another group must have the nic_type \"intranet\".";
        let hint = "Set \"nic_type\" to \"intranet\".";
        problems.push(problem(
            "nic_type",
            "Invalid nic type",
            detail.to_owned(),
            hint,
        ));
    }
    if text("security_group_id") == Some(other) {
        let detail = format!("The rule is one of {other} and names {other} as its other side.");
        let hint = "Set \"inner_access_policy\" of the group instead.";
        problems.push(problem(
            "source_security_group_id",
            "Group names itself",
            detail,
            hint,
        ));
    }
    problems
}

fn fits_group(this: &Object, group: &Object) -> Option<Problem> {
    let text = |object: &Object, name: &str| -> Option<String> {
        Some(object.get(name)?.as_str()?.to_owned())
    };
    let is_given = |name: &str| !is_unset(this, name);
    if !is_unset(group, "vpc_id") && text(this, "nic_type").is_some_and(|nic| nic == "internet") {
        let detail = "The group is in a VPC, where every rule has the nic_type \"intranet\".";
        let hint = "Remove \"nic_type\", or set it to \"intranet\".";
        return Some(problem(
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
        return Some(problem(
            path,
            "Enterprise group names a group",
            detail.to_owned(),
            hint,
        ));
    }
    None
}

/// Two resources with the same rule would delete each other's.
fn distinct(this: &Object, that: &Object) -> Option<Problem> {
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
        problem("", "Duplicate rule", detail.to_owned(), "Remove one of them.")
    })
}

fn problem(path: &str, summary: &str, detail: String, hint: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        summary: summary.to_owned(),
        detail,
        hint: Some(hint.to_owned()),
        warning: false,
    }
}
