//! NAT gateways: the way from a VPC to the outside, or between VPCs.

use crate::{
    model::{Object, Value},
    provider::{
        CreateRequest,
        hooks::{Hooks, Kind},
        lifecycle,
        offer::{Limit, Offer},
    },
    resources::payment,
    schema::*,
};

/// The price action of ECS does not know gateways, and VPC has none.
const UNPRICED: &str = "ECS and VPC do not tell the price of a NAT gateway";

const AVAILABLE: Wait = Wait {
    field: "Status",
    until: &["Available"],
    failed: &[],
};
const NO_URL: &[&str] = &["http://", "https://"];
const NAME: &[Check] = &[
    Check::Characters(2, 128),
    Check::NoPrefix(NO_URL),
    Check::Custom(checks::starts_with_letter),
];
/// Codes while the gateway or one of its entries is on its way.
const BUSY: &[&str] = &[
    "IncorrectStatus.NATGW",
    "IncorrectStatus.NatGateway",
    "OperationFailed.NatGwRouteInMiddleStatus",
    "TaskConflict",
    "OperationConflict",
    "UnknownError",
];

static CREATE: Call = call("CreateNatGateway")
    .token()
    .retry(&[
        "TaskConflict",
        "VswitchStatusError",
        "VpcStatusError",
        "IncorrectStatus.VSWITCH",
        "OperationConflict",
    ])
    .wait(AVAILABLE);
static TAG: Call = call("TagResources")
    .with(&[("ResourceType", "NATGATEWAY")])
    .after_create();
static PROTECT: Call = call("DeletionProtection")
    .with(&[("Type", "NATGW")])
    .retry(BUSY)
    .after_create();
static MODIFY: Call = call("ModifyNatGatewayAttribute")
    .retry(BUSY)
    .wait(AVAILABLE);
static SPEC: Call = call("ModifyNatGatewaySpec").retry(BUSY).wait(AVAILABLE);
static UPGRADE: Call = call("UpdateNatGatewayNatType")
    .retry(BUSY)
    .whole()
    .wait(AVAILABLE);
// A subscription cannot be deleted: it ends by itself.
static DELETE: Call = call("DeleteNatGateway")
    .when(When::IsNot("payment_type", "Subscription"))
    .retry(&[
        "DependencyViolation",
        "OperationConflict",
        "IncorrectStatus",
    ])
    .gone(&["INSTANCE_NOT_EXISTS", "InvalidNatGatewayId.NotFound"]);

static DESCRIBE: Read = Read {
    action: "DescribeNatGateways",
    ids: Ids::Listed {
        id: "NatGatewayId",
        by: ("VpcId", "vpc_id"),
        page: 50,
    },
    item: "NatGateways.NatGateway",
};

/// A NAT gateway.
pub static NAT_GATEWAY: ResourceType = ResourceType {
    id: Id::Field("NatGatewayId"),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    updates: &[&TAG, &PROTECT, &MODIFY, &SPEC, &UPGRADE],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 10,
        update: 10,
        delete: 10,
    },
    attributes: ATTRIBUTES,
    rules: &[Rule::Custom(placed), Rule::Custom(sold)],
    agree: &["vpc_id"],
    adopt: Adopt {
        known_by: &["snat_table_ids", "forward_table_ids"],
        ..Adopt::LISTED
    },
    import: "ngw-bp1…",
    ..resource(
        "alicloud_nat_gateway",
        Service::Vpc,
        "A NAT gateway: the way out of a VPC for what has no public address.",
    )
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &NAT_GATEWAY,
    hooks: Hooks {
        create_request: Some(request),
        propose: Some(propose_mode),
        loss: Some(payment::loss),
        offer: Some(|_, _| Offer::unlisted(Limit::Untold("NAT gateways"), UNPRICED)),
        ..Hooks::NONE
    },
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The gateway's id.")
        .computed()
        .example("ngw-bp1uewa15k4iyaszwcqvn")
        .sent(&[
            (&TAG, "ResourceId.1"),
            (&PROTECT, "InstanceId"),
            (&MODIFY, "NatGatewayId"),
            (&SPEC, "NatGatewayId"),
            (&UPGRADE, "NatGatewayId"),
            (&DELETE, "NatGatewayId"),
        ]),
    string("vpc_id", "The VPC that it is in.")
        .required()
        .replaces()
        .sent(&[(&CREATE, "VpcId")])
        .read(&DESCRIBE, "VpcId")
        .refers_to("alicloud_vpc")
        .example("vpc-bp1opxu1zkhn00gzv26cn"),
    string(
        "vswitch_id",
        "The vSwitch that an enhanced gateway is in. Given to a normal one, it makes it enhanced.",
    )
    .sent(&[(&CREATE, "VSwitchId"), (&UPGRADE, "VSwitchId")])
    .read(&DESCRIBE, "NatGatewayPrivateInfo.VswitchId")
    .same(|_, merged| {
        let kind = merged.get("nat_type");
        kind.and_then(Value::as_str).is_some_and(|kind| kind != "Enhanced")
    })
    .refers_to("alicloud_vswitch")
    .example("vsw-bp1s5fnvk4gn2tws03624"),
    string(
        "nat_type",
        "`Enhanced`, the only type that is still sold, or `Normal`, which can become enhanced.",
    )
    .kept()
    .sent(&[(&CREATE, "NatType"), (&UPGRADE, "NatType")])
    .read(&DESCRIBE, "NatType")
    .check(&[Check::OneOf(&["Enhanced", "Normal"])])
    .example("Enhanced"),
    string(
        "nat_gateway_name",
        "Display name: 2 to 128 characters, starting with a letter.",
    )
    .kept()
    .sent(&[(&CREATE, "Name"), (&MODIFY, "Name")])
    .read(&DESCRIBE, "Name")
    .check(NAME)
    .example("main"),
    string("name", "The old name of `nat_gateway_name`.")
        .deprecated("nat_gateway_name")
        .kept()
        .sent(&[(&CREATE, "Name"), (&MODIFY, "Name")])
        .read(&DESCRIBE, "Name")
        .check(NAME)
        .example("main"),
    string("description", "Description: 2 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Custom(checks::two_or_none), Check::NoPrefix(NO_URL)])
        .example("The way out"),
    string(
        "network_type",
        "`internet` (when unset), or `intranet` for traffic between VPCs.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "NetworkType")])
    .read(&DESCRIBE, "NetworkType")
    .check(&[Check::OneOf(&["internet", "intranet"])])
    .example("internet"),
    string(
        "payment_type",
        "How it is paid for: `PayAsYouGo` (when unset) or `Subscription`. A subscription is not deleted by a destroy: it ends by itself.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InstanceChargeType"), (&DELETE, "")])
    .read(&DESCRIBE, "InstanceChargeType")
    .wire(payment::PAYMENT)
    .check(&[Check::OneOf(&["PayAsYouGo", "Subscription"])])
    .example("PayAsYouGo"),
    string(
        "instance_charge_type",
        "The old form of `payment_type`: `PostPaid` or `PrePaid`.",
    )
    .deprecated("payment_type")
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InstanceChargeType")])
    .read(&DESCRIBE, "InstanceChargeType")
    .wire(payment::CHARGE)
    .check(&[Check::OneOf(&["PostPaid", "PrePaid"])])
    .example("PostPaid"),
    int(
        "period",
        "Months of a subscription: 1 to 9, 12, 24 or 36; 1 when unset.",
    )
    .sent(&[(&CREATE, "Duration")])
    .check(&[payment::MONTHS])
    .example("12"),
    string(
        "internet_charge_type",
        "What is paid for: `PayByLcu`, the only way that is still sold, or `PayBySpec`.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InternetChargeType")])
    .read(&DESCRIBE, "InternetChargeType")
    .check(&[Check::OneOf(&["PayByLcu", "PayBySpec"])])
    .example("PayByLcu"),
    string(
        "specification",
        "The size of a gateway that is paid by it: `Small`, `Middle`, `Large` or `XLarge.1`.",
    )
    .kept()
    .sent(&[(&CREATE, "Spec"), (&SPEC, "Spec")])
    .read(&DESCRIBE, "Spec")
    .check(&[Check::OneOf(&["Small", "Middle", "Large", "XLarge.1"])])
    .same(|_, merged| {
        let charge = merged.get("internet_charge_type");
        charge.and_then(Value::as_str) == Some("PayByLcu")
    })
    .effects(BILLING)
    .example("Small"),
    string(
        "eip_bind_mode",
        "How elastic addresses are bound to it: `MULTI_BINDED` (when unset) or `NAT`. It can go to `NAT`, and not back.",
    )
    .kept()
    .sent(&[(&CREATE, "EipBindMode"), (&MODIFY, "EipBindMode")])
    .read(&DESCRIBE, "EipBindMode")
    .check(&[Check::OneOf(&["MULTI_BINDED", "NAT"])])
    .example("MULTI_BINDED"),
    boolean("icmp_reply_enabled", "Whether it answers pings.")
        .kept()
        .sent(&[(&CREATE, "IcmpReplyEnabled"), (&MODIFY, "IcmpReplyEnabled")])
        .read(&DESCRIBE, "IcmpReplyEnabled")
        .example("true"),
    boolean("private_link_enabled", "Whether it can be reached by PrivateLink.")
        .replaces()
        .sent(&[(&CREATE, "PrivateLinkEnabled")])
        .read(&DESCRIBE, "PrivateLinkEnabled")
        .example("false"),
    blocks(
        "access_mode",
        "How a gateway between VPCs is reached in the other direction.",
        ACCESS_MODE,
        0,
        1,
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "")])
    .read(&DESCRIBE, "AccessMode"),
    string(
        "availability_mode",
        "Whether it survives its zone: `CrossAZ` (when unset) or `SingleAZ`.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "AvailabilityMode")])
    .read(&DESCRIBE, "AvailabilityMode")
    .check(&[Check::OneOf(&["CrossAZ", "SingleAZ"])])
    .example("CrossAZ"),
    boolean("deletion_protection", "Whether it cannot be deleted.")
        .kept()
        .sent(&[(&PROTECT, "ProtectionEnable")])
        .read(&DESCRIBE, "DeletionProtection")
        .example("false"),
    boolean(
        "dry_run",
        "Only checks whether it can become enhanced; the apply then ends with an error.",
    )
    .rides_along()
    .sent(&[(&UPGRADE, "DryRun")])
    .example("false"),
    boolean(
        "force",
        "Deletes it together with its entries, and unbinds its elastic addresses.",
    )
    .sent(&[(&DELETE, "Force")])
    .example("false"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ team = \"web\" }"),
    string("snat_table_ids", "Its table of SNAT entries.")
        .computed()
        .read(&DESCRIBE, "SnatTableIds.SnatTableId")
        .wire(Wire::Commas),
    string("forward_table_ids", "Its table of DNAT entries.")
        .computed()
        .read(&DESCRIBE, "ForwardTableIds.ForwardTableId")
        .wire(Wire::Commas),
    string(
        "status",
        "`Available`, or on the way: `Creating`, `Modifying`, `Converting`, `Deleting`.",
    )
    .computed()
    .read(&DESCRIBE, "Status"),
];

static ACCESS_MODE: &[Attribute] = &[
    string("mode_value", "`route` or `tunnel`.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "")])
        .read(&DESCRIBE, "ModeValue")
        .check(&[Check::OneOf(&["route", "tunnel"])])
        .example("route"),
    string("tunnel_type", "The tunnel: `geneve`.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "")])
        .read(&DESCRIBE, "TunnelType")
        .example("geneve"),
];

/// Returns the create call: the access mode goes as an object in JSON.
fn request(ty: &'static ResourceType, desired: &Object) -> CreateRequest {
    let mut request = lifecycle::create_request(ty, desired);
    payment::complete(&mut request, "Duration", ("InstanceChargeType", "PrePaid"));
    let block = desired.get("access_mode").and_then(Value::as_list);
    if let Some(block) = block.and_then(|blocks| blocks.first()?.as_object()) {
        let field = |name: &str| block.get(name).and_then(Value::as_str);
        let mut mode = serde_json::Map::new();
        for (name, parameter) in [("mode_value", "ModeValue"), ("tunnel_type", "TunnelType")] {
            if let Some(text) = field(name).filter(|text| !text.is_empty()) {
                mode.insert(parameter.to_owned(), text.into());
            }
        }
        request.params.push(Param {
            name: "AccessMode".to_owned(),
            value: serde_json::Value::Object(mode).to_string(),
            secret: false,
        });
    }
    request
}

/// There is no way back from the bind mode `NAT`, nor from an enhanced gateway or to another vSwitch of its, but
/// another gateway.
fn propose_mode(prior: Option<&Object>, _: &Object, proposal: &mut Proposal) {
    let Some(prior) = prior else { return };
    let is = |object: &Object, name: &str, value: &str| {
        object.get(name).and_then(Value::as_str) == Some(value)
    };
    let mut stays = Vec::new();
    if is(prior, "eip_bind_mode", "NAT") && is(&proposal.after, "eip_bind_mode", "MULTI_BINDED") {
        stays.push("eip_bind_mode");
    }
    if is(prior, "nat_type", "Enhanced") {
        stays.extend(["nat_type", "vswitch_id"]);
    }
    let changed = proposal.changed.iter();
    let changed = changed.filter(|path| stays.contains(&path.as_str()));
    proposal.replaces.extend(changed.cloned());
}

/// An enhanced gateway is in a vSwitch.
fn placed(arguments: &Object) -> Vec<Problem> {
    let enhanced = arguments.get("nat_type").and_then(Value::as_str) == Some("Enhanced");
    if !enhanced || !is_unset(arguments, "vswitch_id") {
        return Vec::new();
    }
    vec![Problem::new(
        "nat_type",
        "Missing required argument",
        "An enhanced NAT gateway is in a vSwitch, and \"vswitch_id\" is not set.",
        "Add \"vswitch_id\".",
    )]
}

/// What is sold: no subscription by use, and no size for what is paid by use.
fn sold(arguments: &Object) -> Vec<Problem> {
    let by = arguments
        .get("internet_charge_type")
        .and_then(Value::as_str);
    if by == Some("PayByLcu") && payment::is_subscription(arguments) {
        return vec![Problem::new(
            "internet_charge_type",
            "Subscription by use",
            "A subscription is for a size, but internet_charge_type is PayByLcu.",
            "Use PayBySpec, or payment_type PayAsYouGo.",
        )];
    }
    Vec::new()
}
