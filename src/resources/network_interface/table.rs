//! The table of network interfaces.

use super::rules::{addresses_one_way, in_range, listed};
use crate::schema::*;

/// States of the interface and its instance that pass, and what else is under way on them.
pub(super) const BUSY: &[&str] = &[
    "InternalError",
    "InvalidOperation.InvalidEcsState",
    "InvalidOperation.InvalidEniState",
    "OperationConflict",
    "Operation.Conflict",
    "ServiceUnavailable",
];
/// What says that there is no such interface.
pub const GONE: &[&str] = &[
    "InvalidEcsId.NotFound",
    "InvalidEniId.NotFound",
    "InvalidSecurityGroupId.NotFound",
    "InvalidVSwitchId.NotFound",
];
const TAGGED: &[(&str, &str)] = &[("ResourceType", "eni")];

static CREATE: Call = call("CreateNetworkInterface")
    .token()
    .retry(&["IncorrectVSwitchStatus"])
    .wait(Wait {
        field: "Status",
        // One that was attached meanwhile was available before.
        until: &["Available", "Attaching", "InUse"],
        failed: &["Deleting"],
    });
static TAG: Call = call("TagResources").with(TAGGED);
static MODIFY: Call = call("ModifyNetworkInterfaceAttribute").retry(BUSY);
pub(super) static UNASSIGN: Call = call("UnassignPrivateIpAddresses").retry(BUSY);
pub(super) static ASSIGN: Call = call("AssignPrivateIpAddresses").token().retry(BUSY);
pub(super) static UNASSIGN_IPV6: Call = call("UnassignIpv6Addresses").retry(BUSY);
pub(super) static ASSIGN_IPV6: Call = call("AssignIpv6Addresses").token().retry(BUSY);
static DELETE: Call = call("DeleteNetworkInterface")
    .retry(&[
        "InvalidOperation.Conflict",
        "InternalError",
        "InvalidOperation.InvalidEcsState",
        "InvalidOperation.InvalidEniState",
        "InvalidOperation.InvalidEniType",
        "OperationConflict",
        "ServiceUnavailable",
    ])
    .gone(GONE);

/// Everything about an interface.
pub(super) static DESCRIBE: Read = Read {
    action: "DescribeNetworkInterfaces",
    ids: Ids::Numbered("NetworkInterfaceId", 100),
    item: "NetworkInterfaceSets.NetworkInterfaceSet",
};

const TABLE: ResourceType = ResourceType {
    id: Id::Field("NetworkInterfaceId"),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    updates: &[
        &TAG,
        &MODIFY,
        &UNASSIGN,
        &ASSIGN,
        &UNASSIGN_IPV6,
        &ASSIGN_IPV6,
    ],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 2,
        update: 1,
        delete: 1,
    },
    attributes: ATTRIBUTES,
    rules: &[
        Rule::AtLeastOneOf(&["security_group_ids", "security_groups"]),
        Rule::Conflicts("ipv6_addresses", "ipv6_address_count"),
        Rule::Custom(addresses_one_way),
        Rule::Custom(listed),
    ],
    cross: &[CrossRule {
        attribute: "vswitch_id",
        check: in_range,
    }],
    agree: &["vpc_id"],
    adopt: Adopt {
        skip: is_of_instance,
        of_cloud: is_of_service,
        // The cloud's to choose, as they were; the lists of addresses say how many there are.
        unsaid: &[
            "primary_ip_address",
            "secondary_private_ip_address_count",
            "ipv4_prefix_count",
            "ipv6_address_count",
            "network_interface_traffic_mode",
            "queue_number",
        ],
        ..Adopt::LISTED
    },
    import: "eni-bp1…",
    ..resource(
        "alicloud_ecs_network_interface",
        Service::Ecs,
        "A network interface of its own, for any instance of its zone.",
    )
};

/// A network interface.
pub static NETWORK_INTERFACE: ResourceType = TABLE;
/// A network interface, by the type's older name.
pub static OLD_NETWORK_INTERFACE: ResourceType = TABLE.alias("alicloud_network_interface");

/// Whether an interface comes and goes with its instance, or is carried by a trunk's.
pub fn is_of_instance(interface: &serde_json::Value) -> bool {
    interface["Type"] == "Primary" || interface["Type"] == "Member"
}

/// Whether an interface is in use by no instance: a gateway or another service has it.
fn is_of_service(interface: &serde_json::Value) -> bool {
    let on = |of: &serde_json::Value| {
        let id = of["InstanceId"].as_str().unwrap_or_default();
        id.starts_with("i-")
    };
    interface["Status"] == "InUse" && !on(interface) && !on(&interface["Attachment"])
}

const NAME: &[Check] = &[
    Check::Characters(2, 128),
    Check::NoPrefix(&["http://", "https://"]),
    Check::Custom(checks::starts_with_letter),
];

/// Which call carries an attribute, and as what.
type Sent = &'static [(&'static Call, &'static str)];

const PRIVATE_IPS: Sent = &[
    (&CREATE, "PrivateIpAddress"),
    (&ASSIGN, "PrivateIpAddress"),
    (&UNASSIGN, "PrivateIpAddress"),
];
const PRIVATE_IP_COUNT: Sent = &[
    (&CREATE, "SecondaryPrivateIpAddressCount"),
    (&ASSIGN, "SecondaryPrivateIpAddressCount"),
];

/// The secondary addresses, under the name and the old one.
const fn private_ips(name: &'static str, doc: &'static str) -> Attribute {
    string_set(name, doc)
        .kept()
        .sent(PRIVATE_IPS)
        .read(&DESCRIBE, "PrivateIpSets.PrivateIpSet")
        .check(&[Check::Ipv4])
        .example("10.0.1.21")
}

/// The number of secondary addresses, under the name and the old one.
const fn private_ip_count(name: &'static str, doc: &'static str) -> Attribute {
    int(name, doc)
        .kept()
        .sent(PRIVATE_IP_COUNT)
        .check(&[Check::Range(0, 49)])
        .example("2")
}

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The network interface's id.")
        .computed()
        .example("eni-bp67acfmxazb4ph6aiyc")
        .sent(&[
            (&TAG, "ResourceId.1"),
            (&MODIFY, "NetworkInterfaceId"),
            (&UNASSIGN, "NetworkInterfaceId"),
            (&ASSIGN, "NetworkInterfaceId"),
            (&UNASSIGN_IPV6, "NetworkInterfaceId"),
            (&ASSIGN_IPV6, "NetworkInterfaceId"),
            (&DELETE, "NetworkInterfaceId"),
        ]),
    string(
        "network_interface_name",
        "Display name: 2 to 128 characters, starting with a letter.",
    )
    .kept()
    .sent(&[
        (&CREATE, "NetworkInterfaceName"),
        (&MODIFY, "NetworkInterfaceName"),
    ])
    .read(&DESCRIBE, "NetworkInterfaceName")
    .check(NAME)
    .example("web"),
    string("name", "The old name of `network_interface_name`.")
        .deprecated("network_interface_name")
        .kept()
        .sent(&[
            (&CREATE, "NetworkInterfaceName"),
            (&MODIFY, "NetworkInterfaceName"),
        ])
        .read(&DESCRIBE, "NetworkInterfaceName")
        .check(NAME)
        .example("web"),
    string("description", "Description: 2 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[
            Check::Characters(2, 256),
            Check::NoPrefix(&["http://", "https://"]),
        ])
        .example("The second address of the web server"),
    string(
        "vswitch_id",
        "The vSwitch that it is in. An instance that it is attached to is in the same zone, and may be in another vSwitch.",
    )
    .required()
    .replaces()
    .sent(&[(&CREATE, "VSwitchId")])
    .read(&DESCRIBE, "VSwitchId")
    .refers_to("alicloud_vswitch")
    .example("vsw-bp67acfmxazb4ph6aiyc"),
    string_set(
        "security_group_ids",
        "The security groups that it is in, at least one, in the VPC of the vSwitch.",
    )
    .kept()
    .sent(&[
        (&CREATE, "SecurityGroupIds"),
        (&MODIFY, "SecurityGroupId"),
    ])
    .read(&DESCRIBE, "SecurityGroupIds.SecurityGroupId")
    .refers_to("alicloud_security_group")
    .holds()
    .example("sg-bp67acfmxazb4ph6aiyc"),
    string_set("security_groups", "The old name of `security_group_ids`.")
        .deprecated("security_group_ids")
        .kept()
        .sent(&[
            (&CREATE, "SecurityGroupIds"),
            (&MODIFY, "SecurityGroupId"),
        ])
        .read(&DESCRIBE, "SecurityGroupIds.SecurityGroupId")
        .refers_to("alicloud_security_group")
        .holds()
        .example("sg-bp67acfmxazb4ph6aiyc"),
    string(
        "primary_ip_address",
        "Its first private address, in the range of the vSwitch; a free one when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "PrimaryIpAddress")])
    .read(&DESCRIBE, "PrivateIpAddress")
    .check(&[Check::Ipv4])
    .example("10.0.1.20"),
    string("private_ip", "The old name of `primary_ip_address`.")
        .deprecated("primary_ip_address")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "PrimaryIpAddress")])
        .read(&DESCRIBE, "PrivateIpAddress")
        .check(&[Check::Ipv4])
        .example("10.0.1.20"),
    private_ips(
        "private_ip_addresses",
        "Its further private addresses, in the range of the vSwitch.",
    ),
    private_ips("private_ips", "The old name of `private_ip_addresses`.")
        .deprecated("private_ip_addresses"),
    private_ip_count(
        "secondary_private_ip_address_count",
        "How many further private addresses it has, of those that are free.",
    ),
    private_ip_count(
        "private_ips_count",
        "The old name of `secondary_private_ip_address_count`.",
    )
    .deprecated("secondary_private_ip_address_count"),
    string_set(
        "ipv4_prefixes",
        "IPv4 networks of 16 addresses that it has, at most 10.",
    )
    .kept()
    .sent(&[
        (&CREATE, "Ipv4Prefix"),
        (&ASSIGN, "Ipv4Prefix"),
        (&UNASSIGN, "Ipv4Prefix"),
    ])
    .read(&DESCRIBE, "Ipv4PrefixSets.Ipv4PrefixSet")
    .check(&[Check::Cidr(28, 28)])
    .example("10.0.1.32/28"),
    int(
        "ipv4_prefix_count",
        "How many IPv4 networks of 16 addresses it has, of those that are free: at most 10.",
    )
    .kept()
    .sent(&[(&CREATE, "Ipv4PrefixCount"), (&ASSIGN, "Ipv4PrefixCount")])
    .check(&[Check::Range(0, 10)])
    .example("1"),
    string_set("ipv6_addresses", "Its IPv6 addresses, at most 10.")
        .kept()
        .sent(&[
            (&CREATE, "Ipv6Address"),
            (&ASSIGN_IPV6, "Ipv6Address"),
            (&UNASSIGN_IPV6, "Ipv6Address"),
        ])
        .read(&DESCRIBE, "Ipv6Sets.Ipv6Set")
        .check(&[Check::Custom(super::rules::ipv6)])
        .example("2408:4001:1:1::10"),
    int(
        "ipv6_address_count",
        "How many IPv6 addresses it has, of those that are free: at most 10.",
    )
    .kept()
    .sent(&[
        (&CREATE, "Ipv6AddressCount"),
        (&ASSIGN_IPV6, "Ipv6AddressCount"),
    ])
    .check(&[Check::Range(0, 10)])
    .example("1"),
    string(
        "instance_type",
        "Its kind: `Secondary`, or `Trunk`, which carries others; `Secondary` when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InstanceType")])
    .read(&DESCRIBE, "Type")
    .check(&[Check::OneOf(&["Secondary", "Trunk"])])
    .example("Secondary"),
    string(
        "network_interface_traffic_mode",
        "`Standard`, or `HighPerformance` with remote direct memory access; `Standard` when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "NetworkInterfaceTrafficMode")])
    .read(&DESCRIBE, "NetworkInterfaceTrafficMode")
    .check(&[Check::OneOf(&["Standard", "HighPerformance"])])
    .example("Standard"),
    int(
        "queue_number",
        "How many queues it has. It can be changed while it is attached to no instance, or to a stopped one.",
    )
    .kept()
    .sent(&[(&CREATE, "QueueNumber"), (&MODIFY, "QueueNumber")])
    .read(&DESCRIBE, "QueueNumber")
    .check(&[Check::Range(1, 2048)])
    .example("2"),
    boolean(
        "source_dest_check",
        "Whether it drops what neither comes from nor goes to one of its addresses.",
    )
    .sent(&[(&CREATE, "SourceDestCheck"), (&MODIFY, "SourceDestCheck")])
    .read(&DESCRIBE, "SourceDestCheck")
    .example("true"),
    boolean(
        "delete_on_release",
        "Whether it goes with the instance that it is attached to.",
    )
    .kept()
    .sent(&[(&CREATE, "DeleteOnRelease"), (&MODIFY, "DeleteOnRelease")])
    .read(&DESCRIBE, "DeleteOnRelease")
    .example("false"),
    string("resource_group_id", "Resource group.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "ResourceGroupId")])
        .read(&DESCRIBE, "ResourceGroupId")
        .example("rg-acfmxazb4ph6aiy"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ team = \"web\" }"),
    string("mac", "Its hardware address.")
        .computed()
        .read(&DESCRIBE, "MacAddress"),
    string("status", "`Available`, or `InUse` on an instance.")
        .computed()
        .read(&DESCRIBE, "Status"),
];
