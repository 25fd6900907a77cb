//! VPCs: isolated networks.

use ipnet::Ipv4Net;

use crate::{
    model::{Object, Value},
    provider::{
        hooks::{Hooks, Kind},
        offer::{Limit, Offer},
    },
    schema::*,
};

const AVAILABLE: Wait = Wait {
    field: "Status",
    until: &["Available"],
    failed: &[],
};
const READY: Wait = Wait {
    field: "Status",
    until: &["Created", "Available"],
    failed: &[],
};
const BUSY: &[&str] = &[
    "OperationFailed.LastTokenProcessing",
    "LastTokenProcessing",
    "OperationFailed.QueryCenIpv6Status",
    "IncorrectStatus",
    "OperationConflict",
    "SystemBusy",
    "ServiceUnavailable",
    "IncorrectVpcStatus",
];
const NO_URL: &[&str] = &["http://", "https://"];

static CREATE: Call = call("CreateVpc")
    .token()
    .dry_run()
    .retry(&["TaskConflict", "UnknownError"])
    .wait(AVAILABLE);
static CREATE_DEFAULT: Call = call("CreateDefaultVpc")
    .when(When::True("is_default"))
    .token()
    .retry(&["TaskConflict"])
    .wait(AVAILABLE);
static LINK: Call = call("EnableVpcClassicLink")
    .when(When::True("classic_link_enabled"))
    .retry(&["IncorrectVpcStatus"])
    .after_create();
static UNLINK: Call = call("DisableVpcClassicLink")
    .when(When::Is("classic_link_enabled", "false"))
    .retry(&["IncorrectVpcStatus", "InternalError"]);
static MODIFY: Call = call("ModifyVpcAttribute")
    .retry(BUSY)
    .wait(AVAILABLE)
    .confirm();
static MOVE: Call = call("MoveResourceGroup").with(&[("ResourceType", "VPC")]);
static SYSTEM_ROUTES: Call = call("ModifyRouteTableAttributes")
    .retry(BUSY)
    .after_create();
static REMOVE_RANGE: Call = call("UnassociateVpcCidrBlock")
    .part(Part::EachRemoved)
    .retry(BUSY)
    .wait(READY);
static ADD_RANGE: Call = call("AssociateVpcCidrBlock")
    .part(Part::EachAdded)
    .with(&[("IpVersion", "IPV4")])
    .retry(BUSY)
    .wait(READY)
    .after_create();
static TAG: Call = call("TagResources")
    .with(&[("ResourceType", "VPC")])
    .after_create();
static DELETE: Call = call("DeleteVpc")
    .token()
    .retry(&["DependencyViolation", "IncorrectVpcStatus"])
    .gone(&[
        "InvalidResource.NotFound",
        "InvalidVpcId.NotFound",
        "Forbidden.VpcNotFound",
    ]);

static DESCRIBE: Read = Read {
    action: "DescribeVpcs",
    ids: Ids::Commas("VpcId", 20),
    item: "Vpcs.Vpc",
};
static ROUTES: Read = Read {
    action: "DescribeRouteTableList",
    ids: Ids::Listed {
        id: "VpcId",
        by: ("", ""),
        page: 50,
    },
    item: "RouterTableList.RouterTableListType[RouteTableType=System]",
};

/// A VPC.
pub static VPC: ResourceType = ResourceType {
    id: Id::Field("VpcId"),
    create: &[&CREATE_DEFAULT, &CREATE],
    read: &[&DESCRIBE, &ROUTES],
    updates: &[
        &LINK,
        &UNLINK,
        &MODIFY,
        &MOVE,
        &SYSTEM_ROUTES,
        &REMOVE_RANGE,
        &ADD_RANGE,
        &TAG,
    ],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 10,
        update: 5,
        delete: 5,
    },
    attributes: ATTRIBUTES,
    adopt: Adopt {
        of_cloud: |vpc| vpc["IsDefault"] == true,
        known_by: &["route_table_id", "router_id"],
        unsaid: &["router_id"],
        ..Adopt::LISTED
    },
    import: "vpc-bp1…",
    ..resource("alicloud_vpc", Service::Vpc, "An isolated network.")
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &VPC,
    hooks: Hooks {
        offer: Some(|_, _| Offer::free(Limit::Untold("VPCs"))),
        propose: Some(propose_range),
        ..Hooks::NONE
    },
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The VPC's id.")
        .computed()
        .example("vpc-bp1opxu1zkhn00gzv26cn")
        .sent(&[
            (&LINK, "VpcId"),
            (&UNLINK, "VpcId"),
            (&MODIFY, "VpcId"),
            (&MOVE, "ResourceId"),
            (&REMOVE_RANGE, "VpcId"),
            (&ADD_RANGE, "VpcId"),
            (&TAG, "ResourceId.1"),
            (&DELETE, "VpcId"),
        ]),
    string("vpc_name", "Display name: 1 to 128 characters.")
        .kept()
        .sent(&[(&CREATE, "VpcName"), (&MODIFY, "VpcName")])
        .read(&DESCRIBE, "VpcName")
        .check(&[Check::Characters(1, 128), Check::NoPrefix(NO_URL)])
        .example("main"),
    string("name", "The old name of `vpc_name`.")
        .deprecated("vpc_name")
        .kept()
        .sent(&[(&CREATE, "VpcName"), (&MODIFY, "VpcName")])
        .read(&DESCRIBE, "VpcName")
        .check(&[Check::Characters(1, 128), Check::NoPrefix(NO_URL)])
        .example("main"),
    string(
        "cidr_block",
        "Address range, with a mask from /8 to /28; the cloud picks one when unset. It can become larger or smaller; \
         a range that is neither is another VPC's.",
    )
    .kept()
    .sent(&[(&CREATE, "CidrBlock"), (&MODIFY, "CidrBlock")])
    .read(&DESCRIBE, "CidrBlock")
    .check(&[Check::Cidr(8, 28), Check::Custom(not_reserved)])
    .example("10.0.0.0/8"),
    string("description", "Description: 1 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Characters(0, 256), Check::NoPrefix(NO_URL)])
        .example("The main network"),
    boolean("enable_ipv6", "Whether it has an IPv6 range.")
        .kept()
        .sent(&[
            (&CREATE, "EnableIpv6"),
            (&CREATE_DEFAULT, "EnableIpv6"),
            (&MODIFY, "EnableIPv6"),
        ])
        .read(&DESCRIBE, "EnabledIpv6")
        .example("true"),
    string(
        "ipv6_isp",
        "The IPv6 range's provider; use a separate resource instead.",
    )
    .deprecated("")
    .kept()
    .sent(&[(&CREATE, "Ipv6Isp"), (&MODIFY, "Ipv6Isp")])
    .read(&DESCRIBE, "Ipv6CidrBlocks.Ipv6CidrBlock.Ipv6Isp")
    .check(&[Check::OneOf(&[
        "BGP",
        "ChinaMobile",
        "ChinaUnicom",
        "ChinaTelecom",
    ])])
    .example("BGP"),
    string(
        "ipv6_cidr_block",
        "IPv6 range; use a separate resource instead.",
    )
    .deprecated("")
    .kept()
    .replaces()
    .sent(&[
        (&CREATE, "Ipv6CidrBlock"),
        (&CREATE_DEFAULT, "Ipv6CidrBlock"),
    ])
    .read(&DESCRIBE, "Ipv6CidrBlock")
    .example("2408:4003:1000::/56"),
    attribute(
        "ipv6_cidr_blocks",
        Type::Blocks(IPV6_BLOCKS, 0, usize::MAX),
        "Its IPv6 ranges.",
    )
    .computed()
    .read(&DESCRIBE, "Ipv6CidrBlocks.Ipv6CidrBlock"),
    int(
        "ipv4_cidr_mask",
        "Mask of the range that is taken from the address pool.",
    )
    .sent(&[(&CREATE, "Ipv4CidrMask")])
    .example("16"),
    string(
        "ipv4_ipam_pool_id",
        "Address pool from which the range is taken.",
    )
    .sent(&[(&CREATE, "Ipv4IpamPoolId")])
    .example("ipam-pool-sycmt3p2a9v63i0000"),
    boolean("is_default", "Whether it is the region's default VPC.")
        .kept()
        .replaces()
        .sent(&[(&CREATE_DEFAULT, "")])
        .read(&DESCRIBE, "IsDefault")
        .example("false"),
    string(
        "dns_hostname_status",
        "Whether DNS host names work: ENABLED or DISABLED.",
    )
    .kept()
    .sent(&[
        (&CREATE, "EnableDnsHostname"),
        (&MODIFY, "EnableDnsHostname"),
    ])
    .read(&DESCRIBE, "DnsHostnameStatus")
    .wire(Wire::Words(&[("ENABLED", "true"), ("DISABLED", "false")]))
    .check(&[Check::OneOf(&["ENABLED", "DISABLED"])])
    .example("ENABLED"),
    strings(
        "user_cidrs",
        "Private ranges of the user's own, at most three.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "UserCidr")])
    .read(&DESCRIBE, "UserCidrs.UserCidr")
    .wire(Wire::Commas)
    .check(&[Check::Custom(at_most_three), Check::Cidr(0, 32)])
    .example("192.168.0.0/16"),
    string("resource_group_id", "Resource group.")
        .kept()
        .sent(&[
            (&CREATE, "ResourceGroupId"),
            (&CREATE_DEFAULT, "ResourceGroupId"),
            (&MOVE, "NewResourceGroupId"),
        ])
        .read(&DESCRIBE, "ResourceGroupId")
        .same(|_, merged| is_unset(merged, "resource_group_id"))
        .example("rg-acfmxazb4ph6aiy"),
    strings(
        "secondary_cidr_blocks",
        "Further ranges; use a separate resource instead.",
    )
    .deprecated("")
    .kept()
    .sent(&[
        (&REMOVE_RANGE, "SecondaryCidrBlock"),
        (&ADD_RANGE, "SecondaryCidrBlock"),
    ])
    .read(&DESCRIBE, "SecondaryCidrBlocks.SecondaryCidrBlock")
    .check(&[Check::Cidr(8, 28)])
    .same(same_ranges)
    .example("172.16.0.0/12"),
    int(
        "secondary_cidr_mask",
        "Mask of a further range; has no effect.",
    )
    .deprecated("")
    .effects(NO_EFFECT),
    string("system_route_table_name", "Name of its own route table.")
        .sent(&[(&SYSTEM_ROUTES, "RouteTableName")])
        .read(&ROUTES, "RouteTableName")
        .check(&[Check::Characters(0, 128), Check::NoPrefix(NO_URL)])
        .example("main-routes"),
    string(
        "system_route_table_description",
        "Description of its own route table.",
    )
    .sent(&[(&SYSTEM_ROUTES, "Description")])
    .read(&ROUTES, "Description")
    .check(&[Check::Characters(0, 256), Check::NoPrefix(NO_URL)])
    .example("Routes of the main network"),
    boolean(
        "system_route_table_route_propagation_enable",
        "Whether its own route table takes over propagated routes.",
    )
    .kept()
    .sent(&[(&SYSTEM_ROUTES, "RoutePropagationEnable")])
    .read(&ROUTES, "RoutePropagationEnable")
    .example("true"),
    boolean(
        "classic_link_enabled",
        "Whether classic instances can be linked to it.",
    )
    .deprecated("")
    .sent(&[(&LINK, ""), (&UNLINK, "")])
    .example("false"),
    boolean(
        "dry_run",
        "Only checks the request; the apply then ends with an error.",
    )
    .sent(&[(&CREATE, "DryRun"), (&DELETE, "DryRun")])
    .example("false"),
    boolean("force_delete", "Deletes what is inside together with it.")
        .sent(&[(&DELETE, "ForceDelete")])
        .example("true"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ team = \"web\" }"),
    string("create_time", "When it was created.")
        .computed()
        .read(&DESCRIBE, "CreationTime"),
    string("region_id", "The region that it is in.")
        .computed()
        .read(&DESCRIBE, "RegionId"),
    string("router_id", "Its router.")
        .computed()
        .read(&DESCRIBE, "VRouterId"),
    string("route_table_id", "Its own route table.")
        .computed()
        .sent(&[(&SYSTEM_ROUTES, "RouteTableId")])
        .read(&ROUTES, "RouteTableId"),
    string("router_table_id", "The old name of `route_table_id`.")
        .deprecated("route_table_id")
        .computed()
        .read(&ROUTES, "RouteTableId"),
    string("status", "`Pending` or `Available`.")
        .computed()
        .read(&DESCRIBE, "Status"),
];

static IPV6_BLOCKS: &[Attribute] = &[
    string("ipv6_cidr_block", "The range.")
        .computed()
        .read(&DESCRIBE, "Ipv6CidrBlock"),
    string("ipv6_isp", "Its provider.")
        .computed()
        .read(&DESCRIBE, "Ipv6Isp"),
];

/// The range of a VPC can become larger or smaller. There is no way to another one, but another VPC.
fn propose_range(prior: Option<&Object>, _: &Object, proposal: &mut Proposal) {
    let range = |object: &Object| object.get("cidr_block")?.as_str()?.parse::<Ipv4Net>().ok();
    let (Some(old), Some(new)) = (prior.and_then(range), range(&proposal.after)) else {
        return;
    };
    if !old.contains(&new) && !new.contains(&old) {
        proposal.replaces.push("cidr_block".to_owned());
    }
}

/// Ranges that no VPC can have, nor a part of them (spec: VPC CIDR).
fn not_reserved(value: &Value) -> Result<(), String> {
    const RESERVED: &[&str] = &[
        "100.64.0.0/10",
        "224.0.0.0/4",
        "127.0.0.0/8",
        "169.254.0.0/16",
    ];
    let Some(Ok(range)) = value.as_str().map(str::parse::<Ipv4Net>) else {
        return Ok(());
    };
    for reserved in RESERVED {
        if reserved
            .parse::<Ipv4Net>()
            .is_ok_and(|reserved| reserved.contains(&range))
        {
            return Err(format!("It is in {reserved}, which is reserved."));
        }
    }
    Ok(())
}

fn at_most_three(value: &Value) -> Result<(), String> {
    match value.as_list() {
        Some(list) if list.len() > 3 => Err(format!(
            "There can be at most three, and there are {}.",
            list.len()
        )),
        _ => Ok(()),
    }
}

/// The order of further ranges does not matter.
fn same_ranges(prior: &Object, merged: &Object) -> bool {
    let sorted = |object: &Object| {
        let list = object
            .get("secondary_cidr_blocks")
            .and_then(Value::as_list)?;
        (!list.is_empty()).then(|| Value::set(list.to_vec()))
    };
    matches!((sorted(prior), sorted(merged)), (Some(a), Some(b)) if a == b)
}
