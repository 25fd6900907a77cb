//! vSwitches: subnets of a VPC, each in one zone.

use futures::future::BoxFuture;
use ipnet::Ipv4Net;

use crate::{
    model::{Object, Value},
    provider::{
        Change, Failure,
        hooks::{Context, Hooks, Kind},
        lifecycle,
        offer::{Limit, Offer},
    },
    schema::*,
};

const AVAILABLE: Wait = Wait {
    field: "Status",
    until: &["Available"],
    failed: &[],
};
const CREATING: &[&str] = &[
    "TaskConflict",
    "IncorrectStatus.cbnStatus",
    "InvalidStatus.RouteEntry",
    "OperationFailed.IdempotentTokenProcessing",
    "IncorrectStatus",
    "CreateVSwitch.IncorrectStatus.cbnStatus",
    "IncorrectVSwitchStatus",
    "IncorrectVpcStatus",
    "OperationConflict",
    "OperationFailed.DistibuteLock",
    "OperationFailed.NotifyCenCreate",
];
const NO_URL: &[&str] = &["http://", "https://"];

static CREATE: Call = call("CreateVSwitch")
    .token()
    .retry(CREATING)
    .wait(AVAILABLE);
static CREATE_DEFAULT: Call = call("CreateDefaultVSwitch")
    .when(When::True("is_default"))
    .token()
    .retry(CREATING)
    .wait(AVAILABLE);
static MODIFY: Call = call("ModifyVSwitchAttribute")
    .retry(&[
        "OperationConflict",
        "OperationFailed.LastTokenProcessing",
        "IncorrectStatus.VSwitch",
        "IncorrectStatus.VpcRouteEntry",
        "IncorrectVSwitchStatus",
        "ServiceUnavailable",
    ])
    .wait(AVAILABLE);
static TAG: Call = call("TagResources")
    .with(&[("ResourceType", "VSWITCH")])
    .after_create();
static DELETE: Call = call("DeleteVSwitch")
    .retry(&[
        "DependencyViolation",
        "OperationConflict",
        "IncorrectRouteEntryStatus",
        "InternalError",
        "TaskConflict",
        "DeleteVSwitch.IncorrectStatus.cbnStatus",
        "SystemBusy",
        "IncorrectVSwitchStatus",
        "LastTokenProcessing",
        "OperationDenied.OtherSubnetProcessing",
    ])
    .gone(&["InvalidVswitchID.NotFound", "InvalidVSwitchId.NotFound"]);

static DESCRIBE: Read = Read {
    action: "DescribeVSwitches",
    ids: Ids::Listed {
        id: "VSwitchId",
        by: ("VpcId", "vpc_id"),
        page: 50,
    },
    item: "VSwitches.VSwitch",
};

/// A vSwitch.
pub static VSWITCH: ResourceType = ResourceType {
    id: Id::Field("VSwitchId"),
    create: &[&CREATE_DEFAULT, &CREATE],
    read: &[&DESCRIBE],
    updates: &[&MODIFY, &TAG],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 5,
        update: 5,
        delete: 10,
    },
    attributes: ATTRIBUTES,
    rules: &[
        Rule::ExactlyOneOf(&["zone_id", "availability_zone"]),
        Rule::Custom(complete),
        Rule::Custom(ipv6_has_mask),
    ],
    cross: &[CrossRule {
        attribute: "vpc_id",
        check: inside_vpc,
    }],
    agree: &[],
    further_create_actions: &[],
    crowd: None,
    adopt: Adopt {
        of_cloud: |vswitch| vswitch["IsDefault"] == true,
        unsaid: &["availability_zone"],
        ..Adopt::LISTED
    },
    siblings: Some(Siblings {
        same: "vpc_id",
        check: apart,
    }),
    import: "vsw-bp1…",
    ..resource(
        "alicloud_vswitch",
        Service::Vpc,
        "A subnet of a VPC, in one zone.",
    )
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &VSWITCH,
    hooks: Hooks {
        update: Some(update),
        offer: Some(|_, _| Offer::free(Limit::Untold("vSwitches"))),
        ..Hooks::NONE
    },
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The vSwitch's id.")
        .computed()
        .example("vsw-bp1s5fnvk4gn2tws03624")
        .sent(&[
            (&MODIFY, "VSwitchId"),
            (&TAG, "ResourceId.1"),
            (&DELETE, "VSwitchId"),
        ]),
    string(
        "vpc_id",
        "The VPC that it is in. Needed unless it is the zone's default vSwitch.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "VpcId")])
    .read(&DESCRIBE, "VpcId")
    .refers_to("alicloud_vpc")
    .example("vpc-bp1opxu1zkhn00gzv26cn"),
    string(
        "cidr_block",
        "Address range inside the VPC's, with a mask from /16 to /29.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "CidrBlock")])
    .read(&DESCRIBE, "CidrBlock")
    .check(&[Check::Cidr(16, 29)])
    .example("10.1.0.0/24"),
    string("zone_id", "The zone that it is in.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "ZoneId"), (&CREATE_DEFAULT, "ZoneId")])
        .read(&DESCRIBE, "ZoneId")
        .example("cn-hangzhou-i"),
    string("availability_zone", "The old name of `zone_id`.")
        .deprecated("zone_id")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "ZoneId"), (&CREATE_DEFAULT, "ZoneId")])
        .read(&DESCRIBE, "ZoneId")
        .example("cn-hangzhou-i"),
    string("vswitch_name", "Display name: 1 to 128 characters.")
        .kept()
        .sent(&[(&CREATE, "VSwitchName"), (&MODIFY, "VSwitchName")])
        .read(&DESCRIBE, "VSwitchName")
        .check(&[Check::Characters(1, 128), Check::NoPrefix(NO_URL)])
        .example("web"),
    string("name", "The old name of `vswitch_name`.")
        .deprecated("vswitch_name")
        .kept()
        .sent(&[(&CREATE, "VSwitchName"), (&MODIFY, "VSwitchName")])
        .read(&DESCRIBE, "VSwitchName")
        .check(&[Check::Characters(1, 128), Check::NoPrefix(NO_URL)])
        .example("web"),
    string("description", "Description: 1 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Characters(0, 256), Check::NoPrefix(NO_URL)])
        .example("Web servers"),
    boolean(
        "enable_ipv6",
        "Whether it has an IPv6 range; needs `ipv6_cidr_block_mask`.",
    )
    .kept()
    .sent(&[(&MODIFY, "EnableIPv6")])
    .read(&DESCRIBE, "EnabledIpv6")
    .example("false"),
    int(
        "ipv6_cidr_block_mask",
        "The last bits of its IPv6 range within the VPC's.",
    )
    .kept()
    .sent(&[
        (&CREATE, "Ipv6CidrBlock"),
        (&CREATE_DEFAULT, "Ipv6CidrBlock"),
        (&MODIFY, "Ipv6CidrBlock"),
    ])
    .check(&[Check::Range(0, 4095)])
    .example("64"),
    string(
        "vpc_ipv6_cidr_block",
        "The VPC's IPv6 range that its own is taken from.",
    )
    .sent(&[(&CREATE, "VpcIpv6CidrBlock"), (&MODIFY, "VpcIpv6CidrBlock")])
    .example("2408:4003:1000::/56"),
    boolean("is_default", "Whether it is the zone's default vSwitch.")
        .kept()
        .replaces()
        .sent(&[(&CREATE_DEFAULT, "")])
        .read(&DESCRIBE, "IsDefault")
        .example("false"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ team = \"web\" }"),
    string("create_time", "When it was created.")
        .computed()
        .read(&DESCRIBE, "CreationTime"),
    string("ipv6_cidr_block", "Its IPv6 range.")
        .computed()
        .read(&DESCRIBE, "Ipv6CidrBlock"),
    string("status", "`Pending` or `Available`.")
        .computed()
        .read(&DESCRIBE, "Status"),
];

/// Another part of the VPC's IPv6 range is given only to a vSwitch that has none: IPv6 goes off and on again.
fn update<'a>(
    context: Context<'a>,
    id: &'a str,
    change: Change<'a>,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        let (ipv6, mask) = ("enable_ipv6".to_owned(), "ipv6_cidr_block_mask".to_owned());
        let on = |object: &Object| object.get(&ipv6).and_then(Value::as_bool) == Some(true);
        let failed = |error| lifecycle::failure(context.ty, error, None);
        let moves = change.changed.contains(&mask) && on(change.prior) && on(change.desired);
        let mut changed = change.changed.to_vec();
        if moves {
            let mut off = change.desired.clone();
            off.insert(&*ipv6, Value::Bool(false));
            let only = Change {
                desired: &off,
                changed: std::slice::from_ref(&ipv6),
                ..change
            };
            lifecycle::update(context, id, only).await.map_err(failed)?;
        }
        if changed.contains(&mask) && on(change.desired) && !changed.contains(&ipv6) {
            changed.push(ipv6.clone());
        }
        let all = Change {
            changed: &changed,
            ..change
        };
        lifecycle::update(context, id, all).await.map_err(failed)
    })
}

/// A vSwitch needs a VPC and a range, unless it is a default one.
fn complete(arguments: &Object) -> Vec<Problem> {
    let default = arguments.get("is_default");
    if default.is_some_and(|value| value.is_unknown() || value.as_bool() == Some(true)) {
        return Vec::new();
    }
    ["vpc_id", "cidr_block"]
        .into_iter()
        .filter(|name| !arguments.contains_key(name))
        .map(|name| Problem {
            path: name.to_owned(),
            summary: "Missing required argument".to_owned(),
            detail: format!("The argument \"{name}\" is required unless \"is_default\" is true."),
            hint: Some(format!("Add \"{name}\".")),
            warning: false,
        })
        .collect()
}

fn ipv6_has_mask(arguments: &Object) -> Vec<Problem> {
    let wants = arguments.get("enable_ipv6").and_then(Value::as_bool) == Some(true);
    if !wants || arguments.contains_key("ipv6_cidr_block_mask") {
        return Vec::new();
    }
    vec![Problem {
        path: "enable_ipv6".to_owned(),
        summary: "Missing required argument".to_owned(),
        detail: "A vSwitch gets its IPv6 range from \"ipv6_cidr_block_mask\", which is not set."
            .to_owned(),
        hint: Some("Add \"ipv6_cidr_block_mask\".".to_owned()),
        warning: false,
    }]
}

fn network(object: &Object, name: &str) -> Option<Ipv4Net> {
    object.get(name)?.as_str()?.parse().ok()
}

/// The range must be inside the VPC's range or one of its further ranges.
fn inside_vpc(this: &Object, vpc: &Object) -> Option<Problem> {
    let own = network(this, "cidr_block")?;
    let outer = network(vpc, "cidr_block")?;
    if outer.contains(&own) {
        return None;
    }
    let further = match vpc.get("secondary_cidr_blocks") {
        None | Some(Value::Null) => &[],
        // A VPC that is still to be made has no further ranges but those that its configuration adds.
        Some(value) if value.is_unknown() && vpc.get("id").is_some_and(Value::is_unknown) => &[],
        Some(value) => value.as_list()?,
    };
    let inside = |range: &Value| match range.as_str().map(str::parse::<Ipv4Net>) {
        Some(Ok(range)) => range.contains(&own),
        Some(Err(_)) => false,
        None => true,
    };
    (!further.iter().any(inside)).then(|| Problem {
        path: "cidr_block".to_owned(),
        summary: "vSwitch outside its VPC".to_owned(),
        detail: format!("The range {own} is not inside the VPC's range {outer}."),
        hint: Some(format!("Choose a range inside {outer}.")),
        warning: false,
    })
}

/// Two vSwitches of one VPC must not overlap.
fn apart(this: &Object, that: &Object) -> Option<Problem> {
    let (own, other) = (network(this, "cidr_block")?, network(that, "cidr_block")?);
    if !own.contains(&other) && !other.contains(&own) {
        return None;
    }
    let name = |object: &Object| {
        let text = object.get("vswitch_name").and_then(Value::as_str);
        text.map_or_else(String::new, |name| format!(" (\"{name}\")"))
    };
    Some(Problem {
        path: "cidr_block".to_owned(),
        summary: "Overlapping vSwitches".to_owned(),
        detail: format!(
            "The range {own} overlaps {other}{} in the same VPC.",
            name(that)
        ),
        hint: Some("Choose ranges that have no address in common.".to_owned()),
        warning: false,
    })
}
