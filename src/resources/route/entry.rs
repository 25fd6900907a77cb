//! The table of `alicloud_route_entry`, and its creation: the id needs the router, which the table knows.

use futures::future::BoxFuture;
use serde_json::Value as Json;

use super::AVAILABLE;
use crate::{
    cloud::{ApiError, ApiErrorKind, client::Product},
    model::{Object, Value},
    provider::{
        CreateRequest,
        batch::read_call,
        hooks::Context,
        lifecycle::{self, local},
    },
    schema::*,
};

const NO_URL: &[&str] = &["http://", "https://"];
const BUSY: &[&str] = &[
    "TaskConflict",
    "OperationConflict",
    "IncorrectRouteEntryStatus",
    "IncorrcetRouteEntryStatus",
    "IncorrectVpcStatus",
    "IncorrectVSwitchStatus",
    "IncorrectHaVipStatus",
    "IncorrectInstanceStatus",
    "InvalidVBRStatus",
    "IncorrectStatus",
    "LastTokenProcessing",
    "OperationFailed.DistibuteLock",
    "ServiceUnavailable",
    "SystemBusy",
    "UnknownError",
    "Forbbiden",
];

static CREATE: Call = call("CreateRouteEntry")
    .dry_run()
    .token()
    .retry(BUSY)
    .wait(AVAILABLE);
static DELETE: Call = call("DeleteRouteEntry")
    .retry(BUSY)
    .gone(&["InvalidRouteEntry.NotFound", "InvalidRouteTableId.NotFound"]);

static TABLE: Ids = Ids::One("RouteTableId");
static DESCRIBE: Read = Read {
    action: "DescribeRouteTables",
    ids: Ids::Within(
        &TABLE,
        &[
            "RouteTableId",
            "",
            "DestinationCidrBlock",
            "NextHopType",
            "InstanceId",
        ],
    ),
    item: "RouteTables.RouteTable.RouteEntrys.RouteEntry",
};

/// A route.
pub static ROUTE_ENTRY: ResourceType = ResourceType {
    id: Id::Parts(&[
        ("RouteTableId", "route_table_id"),
        ("VRouterId", "router_id"),
        ("DestinationCidrBlock", "destination_cidrblock"),
        ("NextHopType", "nexthop_type"),
        ("NextHopId", "nexthop_id"),
    ]),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 10,
        update: 0,
        delete: 10,
    },
    attributes: ATTRIBUTES,
    rules: &[Rule::Custom(complete), Rule::Custom(fits)],
    siblings: Some(Siblings {
        same: "route_table_id",
        check: apart,
    }),
    adopt: Adopt {
        item: "RouteTables.RouteTable",
        ids: Some(own_entries),
        ..Adopt::LISTED
    },
    import: "vtb-bp1…:vrt-bp1…:0.0.0.0/0:NatGateway:ngw-bp1…",
    ..resource(
        "alicloud_route_entry",
        Service::Vpc,
        "A route of a route table: where traffic to a network goes next.",
    )
};

static ATTRIBUTES: &[Attribute] = &[
    string(
        "route_table_id",
        "The route table: one's own, or a VPC's `route_table_id`.",
    )
    .required()
    .replaces()
    .sent(&[(&CREATE, "RouteTableId"), (&DELETE, "RouteTableId")])
    .read(&DESCRIBE, "RouteTableId")
    .refers_to("alicloud_route_table")
    .example("vtb-bp145q7glnuzdvzu2ozjl"),
    string("destination_cidrblock", "The network, IPv4 or IPv6, that it leads to.")
        .replaces()
        .sent(&[
            (&CREATE, "DestinationCidrBlock"),
            (&DELETE, "DestinationCidrBlock"),
        ])
        .read(&DESCRIBE, "DestinationCidrBlock")
        .check(&[Check::Custom(network)])
        .same(same_network)
        .example("0.0.0.0/0"),
    string(
        "nexthop_type",
        "What the next hop is: `Instance`, `NatGateway`, `NetworkInterface`, `HaVip`, `RouterInterface`, `VpnGateway`, `IPv6Gateway`, `Attachment`, `VpcPeer`, `Ipv4Gateway`, `GatewayEndpoint` or `Ecr`.",
    )
    .replaces()
    .sent(&[(&CREATE, "NextHopType")])
    .read(&DESCRIBE, "NextHopType")
    .example("NatGateway"),
    string("nexthop_id", "The id of the next hop.")
        .replaces()
        .sent(&[(&CREATE, "NextHopId"), (&DELETE, "NextHopId")])
        .read(&DESCRIBE, "InstanceId")
        .example("ngw-bp1uewa15k4iyaszwcqvn"),
    string("name", "Display name: 2 to 128 bytes.")
        .replaces()
        .sent(&[(&CREATE, "RouteEntryName")])
        .read(&DESCRIBE, "RouteEntryName")
        .check(&[Check::Length(2, 128), Check::NoPrefix(NO_URL)])
        .example("out"),
    string("description", "Description: 1 to 256 characters.")
        .replaces()
        .sent(&[(&CREATE, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Characters(1, 256), Check::NoPrefix(NO_URL)])
        .example("The way out"),
    string("router_id", "The router that the table is of.")
        .deprecated("")
        .computed(),
];

/// The ids of the routes of a table that somebody made: those of the VPC itself come and go with it.
fn own_entries(table: &Json) -> Vec<String> {
    let part = |json: &Json, name: &str| json[name].as_str().unwrap_or_default().to_owned();
    let id = |entry: &Json| {
        let parts = [
            part(table, "RouteTableId"),
            part(table, "VRouterId"),
            part(entry, "DestinationCidrBlock").replace(':', "_"),
            part(entry, "NextHopType"),
            part(entry, "InstanceId"),
        ];
        parts
            .iter()
            .all(|part| !part.is_empty())
            .then(|| parts.join(":"))
    };
    items(table, "RouteEntrys.RouteEntry")
        .into_iter()
        .filter(|entry| entry["Type"] == "Custom")
        .filter_map(id)
        .collect()
}

/// Sends the create call, and adds to its answer the router, which is a part of the id. The router is asked
/// for first: when the table is not there, nothing has been done.
pub(super) fn create<'a>(
    context: Context<'a>,
    request: &'a CreateRequest,
    _: &'a Object,
    token: &'a str,
) -> BoxFuture<'a, Result<Json, ApiError>> {
    Box::pin(async move {
        let of = |name: &str| request.params.iter().find(|param| param.name == name);
        let table = of("RouteTableId").map(|param| param.value.clone());
        let table = table.unwrap_or_default();
        let params = vec![("RouteTableId".to_owned(), table.clone())];
        let list = read_call(Product::Vpc, "DescribeRouteTableList", params);
        let answer = context.answers.ask(&list).await?;
        let router = at(&answer, "RouterTableList.RouterTableListType.RouterId");
        let Some(router) = router.and_then(Json::as_str) else {
            let text = format!("There is no route table {table}.");
            let code = "InvalidRouteTableId.NotFound";
            return Err(local(context.ty, code, text, ApiErrorKind::NotFound));
        };
        let mut made = lifecycle::create(context, request, token).await?;
        made["VRouterId"] = router.into();
        Ok(made)
    })
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// A network of either family, without bits beyond its mask.
fn network(value: &Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    let Ok(net) = text.parse::<ipnet::IpNet>() else {
        return Err(format!(
            "\"{text}\" is not a network like 10.0.0.0/8 or 2001:db8::/32."
        ));
    };
    if net.addr() != net.network() {
        return Err(format!(
            "It has bits beyond its mask: the network is {}.",
            net.trunc()
        ));
    }
    let services = "100.64.0.0/10".parse::<ipnet::IpNet>();
    if services.is_ok_and(|services| services.contains(&net)) {
        return Err("100.64.0.0/10 belongs to the cloud's own services.".to_owned());
    }
    Ok(())
}

/// IPv6 networks have several spellings.
fn same_network(prior: &Object, merged: &Object) -> bool {
    destination(prior).is_some_and(|net| destination(merged) == Some(net))
}

fn destination(route: &Object) -> Option<ipnet::IpNet> {
    text(route, "destination_cidrblock")?.parse().ok()
}

/// A route has a destination and a next hop.
fn complete(arguments: &Object) -> Vec<Problem> {
    ["destination_cidrblock", "nexthop_type", "nexthop_id"]
        .into_iter()
        .filter(|name| is_unset(arguments, name))
        .map(|name| {
            let detail = format!("A route needs \"{name}\".");
            Problem::new(
                "",
                "Missing required argument",
                detail,
                format!("Add \"{name}\"."),
            )
        })
        .collect()
}

/// What the ids of next hops begin with.
const PREFIXES: &[(&str, &str)] = &[
    ("Instance", "i-"),
    ("NatGateway", "ngw-"),
    ("NetworkInterface", "eni-"),
    ("HaVip", "havip-"),
    ("RouterInterface", "ri-"),
    ("VpnGateway", "vpn-"),
    ("IPv6Gateway", "ipv6gw-"),
    ("VpcPeer", "pcc-"),
    ("Ipv4Gateway", "ipv4gw-"),
];

/// The next hop is of the type that is said.
fn fits(arguments: &Object) -> Vec<Problem> {
    let (Some(kind), Some(id)) = (
        text(arguments, "nexthop_type"),
        text(arguments, "nexthop_id"),
    ) else {
        return Vec::new();
    };
    let told = PREFIXES.iter().find(|(_, start)| id.starts_with(start));
    let wanted = PREFIXES.iter().find(|(one, _)| *one == kind);
    match (told, wanted) {
        (Some((other, _)), Some((kind, start))) if other != kind => vec![Problem::new(
            "nexthop_id",
            "Next hop of another type",
            format!("nexthop_type is {kind}, whose ids begin with \"{start}\", and this is {id}."),
            format!("Use nexthop_type {other}, or the id of another next hop."),
        )],
        _ => Vec::new(),
    }
}

/// A table has one route to a network.
fn apart(this: &Object, that: &Object) -> Option<Problem> {
    let own = destination(this)?;
    (own == destination(that)?).then(|| {
        Problem::new(
            "destination_cidrblock",
            "Two routes to one network",
            format!("The table has another route to {own}."),
            "Use another network, or another route table.",
        )
    })
}
