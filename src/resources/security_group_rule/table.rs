//! The table of security group rules.

use super::{
    identity::canonical,
    rules::{
        distinct, fits_group, groups_are_inside, ipv4_network, ipv6_network, port_range,
        ports_fit_protocol,
    },
};
use crate::{
    model::{Object, Value},
    resources::security_group::DETAIL,
    schema::*,
};

const LATE_GROUP: &[&str] = &["InvalidSecurityGroupId.NotFound"];
const GONE: &[&str] = &[
    "InvalidGroupAuthItem.NotFound",
    "InvalidSecurityGroupId.NotFound",
];

// Asking twice for the same rule makes one rule, so there is no need of a token, and many can be asked for at once.
pub(super) static ALLOW_IN: Call = call("AuthorizeSecurityGroup")
    .when(When::Is("type", "ingress"))
    .retry(LATE_GROUP)
    .together("Permissions", 100);
static ALLOW_OUT: Call = call("AuthorizeSecurityGroupEgress")
    .when(When::Is("type", "egress"))
    .retry(LATE_GROUP)
    .together("Permissions", 100);
static MODIFY_IN: Call = call("ModifySecurityGroupRule").when(When::Is("type", "ingress"));
static MODIFY_OUT: Call = call("ModifySecurityGroupEgressRule").when(When::Is("type", "egress"));
static REVOKE_IN: Call = call("RevokeSecurityGroup")
    .when(When::Is("type", "ingress"))
    .gone(GONE)
    .together("Permissions", 100);
static REVOKE_OUT: Call = call("RevokeSecurityGroupEgress")
    .when(When::Is("type", "egress"))
    .gone(GONE)
    .together("Permissions", 100);

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
    agree: &[],
    further_create_actions: &[],
    crowd: None,
    siblings: Some(Siblings {
        same: "security_group_id",
        check: distinct,
    }),
    import: "sg-bp1…:ingress:tcp:80/80:intranet:0.0.0.0/0:accept:1",
    ..resource(
        "alicloud_security_group_rule",
        Service::Ecs,
        "A rule of a security group: which traffic is let in or out.",
    )
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
        (&REVOKE_IN, "Permissions.1.IpProtocol"),
        (&REVOKE_OUT, "Permissions.1.IpProtocol"),
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
            (&REVOKE_IN, "Permissions.1.Policy"),
            (&REVOKE_OUT, "Permissions.1.Policy"),
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
        (&REVOKE_IN, "Permissions.1.Priority"),
        (&REVOKE_OUT, "Permissions.1.Priority"),
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
        (&REVOKE_IN, "Permissions.1.PortRange"),
        (&REVOKE_OUT, "Permissions.1.PortRange"),
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
            (&REVOKE_IN, "Permissions.1.SourceCidrIp"),
            (&REVOKE_OUT, "Permissions.1.DestCidrIp"),
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
        (&REVOKE_IN, "Permissions.1.Ipv6SourceCidrIp"),
        (&REVOKE_OUT, "Permissions.1.Ipv6DestCidrIp"),
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
        (&REVOKE_IN, "Permissions.1.SourceGroupId"),
        (&REVOKE_OUT, "Permissions.1.DestGroupId"),
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
        (&REVOKE_IN, "Permissions.1.SourceGroupOwnerAccount"),
        (&REVOKE_OUT, "Permissions.1.DestGroupOwnerAccount"),
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
        (&REVOKE_IN, "Permissions.1.SourceGroupOwnerId"),
        (&REVOKE_OUT, "Permissions.1.DestGroupOwnerId"),
    ])
    .read(&DETAIL, "SourceGroupOwnerAccount")
    // The cloud names the owner of a group of one's own, too.
    .same(|_, merged| is_unset(merged, "source_group_owner_id"))
    .example("1234567890123456"),
    string("prefix_list_id", "The other side: a prefix list.")
        .kept()
        .replaces()
        .sent(&[
            (&ALLOW_IN, "Permissions.1.SourcePrefixListId"),
            (&ALLOW_OUT, "Permissions.1.DestPrefixListId"),
            (&MODIFY_IN, "SourcePrefixListId"),
            (&MODIFY_OUT, "DestPrefixListId"),
            (&REVOKE_IN, "Permissions.1.SourcePrefixListId"),
            (&REVOKE_OUT, "Permissions.1.DestPrefixListId"),
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
        (&REVOKE_IN, "Permissions.1.NicType"),
        (&REVOKE_OUT, "Permissions.1.NicType"),
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
