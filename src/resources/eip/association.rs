//! The table of `alicloud_eip_association`: an association has no id, but one made of both its ends.

use super::{BUSY, DESCRIBE, rules};
use crate::{
    model::Object,
    provider::{CreateRequest, lifecycle},
    schema::*,
};

static CREATE: Call = call("AssociateEipAddress")
    .token()
    .retry(&[
        "TaskConflict",
        "OperationConflict",
        "IncorrectStatus",
        "ServiceUnavailable",
        "SystemBusy",
        "LastTokenProcessing",
        "IncorrectEipStatus",
        "InvalidBindingStatus",
        "IncorrectInstanceStatus",
        "InvalidStatus.EcsStatusNotSupport",
        "InvalidStatus.InstanceHasBandWidth",
        "InvalidStatus.EniStatusNotSupport",
        "OperationFailed.EcsMigrating",
    ])
    .wait(Wait {
        field: "Status",
        until: &["InUse"],
        failed: &[],
    });
static MODE: Call = call("ModifyEipForwardMode").retry(BUSY).whole();
static DELETE: Call = call("UnassociateEipAddress").retry(&[
    "OperationConflict",
    "IncorrectStatus",
    "ServiceUnavailable",
    "SystemBusy",
    "LastTokenProcessing",
    "IncorrectEipStatus",
    "InvalidBindingStatus",
    "IncorrectInstanceStatus",
    "IncorrectHaVipStatus",
    "TaskConflict",
    "InvalidIpStatus.HasBeenUsedBySnatTable",
    "InvalidIpStatus.HasBeenUsedByForwardEntry",
    "InvalidStatus",
]);

static READ: Read = Read {
    action: DESCRIBE.action,
    ids: Ids::Within(&DESCRIBE.ids, &["AllocationId", "InstanceId"]),
    item: DESCRIBE.item,
};

/// What an elastic IP address is bound to.
pub static ASSOCIATION: ResourceType = ResourceType {
    id: Id::Parts(&[
        ("AllocationId", "allocation_id"),
        ("InstanceId", "instance_id"),
    ]),
    create: &[&CREATE],
    read: &[&READ],
    updates: &[&MODE],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 5,
        update: 5,
        delete: 5,
    },
    attributes: ATTRIBUTES,
    rules: &[Rule::Custom(rules::own_address)],
    siblings: Some(Siblings {
        same: "allocation_id",
        check: rules::bound_once,
    }),
    adopt: Adopt {
        ids: Some(|address| {
            let of = |name: &str| address[name].as_str().unwrap_or_default();
            let (own, bound) = (of("AllocationId"), of("InstanceId"));
            let id = (!bound.is_empty()).then(|| format!("{own}:{bound}"));
            id.into_iter().collect()
        }),
        // The first address of what it is bound to, as a rule.
        unsaid: &["private_ip_address"],
        ..Adopt::LISTED
    },
    import: "eip-bp1…:i-bp1…",
    ..resource(
        "alicloud_eip_association",
        Service::Vpc,
        "What an elastic IP address is bound to: an instance, a NAT gateway, a network interface.",
    )
};

static ATTRIBUTES: &[Attribute] = &[
    string("allocation_id", "The elastic IP address's id.")
        .required()
        .replaces()
        .sent(&[
            (&CREATE, "AllocationId"),
            (&MODE, "InstanceId"),
            (&DELETE, "AllocationId"),
        ])
        .read(&READ, "AllocationId")
        .refers_to("alicloud_eip_address")
        .example("eip-bp1k2v5u0acfmxazb4ph6"),
    string("instance_id", "The id of what it is bound to.")
        .required()
        .replaces()
        .sent(&[(&CREATE, "InstanceId"), (&DELETE, "InstanceId")])
        .read(&READ, "InstanceId")
        .example("i-bp15707mys2rsy0j1234"),
    string(
        "instance_type",
        "What it is bound to: `EcsInstance`, `Nat`, `SlbInstance`, `NetworkInterface`, `HaVip` or `IpAddress`; what the id looks like when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InstanceType"), (&DELETE, "InstanceType")])
    .read(&READ, "InstanceType")
    .check(&[Check::OneOf(&[
        "EcsInstance",
        "Nat",
        "SlbInstance",
        "NetworkInterface",
        "HaVip",
        "IpAddress",
    ])])
    .example("EcsInstance"),
    string(
        "mode",
        "How a network interface has it: `NAT` (when unset), `BINDED` or `MULTI_BINDED`.",
    )
    .kept()
    .sent(&[(&CREATE, "Mode"), (&MODE, "Mode")])
    .read(&READ, "Mode")
    .check(&[Check::OneOf(&["NAT", "BINDED", "MULTI_BINDED"])])
    .example("NAT"),
    string(
        "private_ip_address",
        "Which private address of a network interface it is bound to.",
    )
    .kept()
    .replaces()
    .sent(&[
        (&CREATE, "PrivateIpAddress"),
        (&DELETE, "PrivateIpAddress"),
    ])
    .read(&READ, "PrivateIpAddress")
    .check(&[Check::Ipv4])
    .example("10.0.1.7"),
    string("vpc_id", "The VPC of an `IpAddress`.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "VpcId")])
        .read(&READ, "VpcId")
        .refers_to("alicloud_vpc")
        .example("vpc-bp1opxu1zkhn00gzv26cn"),
    boolean(
        "force",
        "Unbinds from a NAT gateway even while its entries use the address.",
    )
    .sent(&[(&DELETE, "Force")])
    .example("false"),
];

/// What an id's beginning says of the kind of the thing.
const PREFIXES: &[(&str, &str)] = &[
    ("ngw-", "Nat"),
    ("lb-", "SlbInstance"),
    ("eni-", "NetworkInterface"),
    ("havip-", "HaVip"),
];

/// Returns the create call, which says what kind of thing the address is bound to.
pub(super) fn request(ty: &'static ResourceType, desired: &Object) -> CreateRequest {
    let mut request = lifecycle::create_request(ty, desired);
    let of = |name: &str| request.params.iter().find(|param| param.name == name);
    if of("InstanceType").is_none()
        && let Some(id) = of("InstanceId").map(|param| param.value.as_str())
    {
        let kind = PREFIXES.iter().find(|(start, _)| id.starts_with(start));
        let address = id.parse::<std::net::Ipv4Addr>().is_ok();
        let kind = match kind {
            Some((_, kind)) => kind,
            None if address => "IpAddress",
            None => "EcsInstance",
        };
        request.params.push(Param {
            name: "InstanceType".to_owned(),
            value: kind.to_owned(),
            secret: false,
        });
    }
    request
}
