//! VPCs: their creation, their blocks, their states, and what keeps them from being deleted.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, Sizes, end_dry_run, list, list_of, vpc, vpc_tags, wants};
use crate::emulator::clock::{Transition, seconds};
use crate::emulator::objects::{RouteTable, Vpc};
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Request, invalid, tags_match};
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    vpc("CreateVpc", Write, create),
    vpc("CreateDefaultVpc", Write, create_default),
    vpc("DescribeVpcs", Read, describe),
    vpc("DescribeVpcAttribute", Read, describe_one),
    vpc("DescribeVRouters", Read, routers),
    vpc("ModifyVpcAttribute", Write, modify),
    vpc("DeleteVpc", Write, delete),
    vpc("AssociateVpcCidrBlock", Write, associate),
    vpc("UnassociateVpcCidrBlock", Write, unassociate),
    vpc("EnableVpcClassicLink", Write, enable_classic_link),
    vpc("DisableVpcClassicLink", Write, disable_classic_link),
];

/// Blocks that no VPC may have.
const FORBIDDEN: &[&str] = &[
    "100.64.0.0/10",
    "224.0.0.0/4",
    "127.0.0.0/8",
    "169.254.0.0/16",
];

fn create(world: &mut World, request: &Request) -> Reply {
    let cidr = request.text("CidrBlock").unwrap_or("172.16.0.0/12");
    let region = request.region_or_home();
    check_names(request, "VpcName", "InvalidVpcName.Malformed")?;
    block(cidr)?;
    let user_cidrs = request.commas("UserCidr").unwrap_or_default();
    if user_cidrs.len() > 3
        || user_cidrs
            .iter()
            .any(|cidr| cidr.parse::<Ipv4Net>().is_err())
    {
        return Err(invalid("UserCidr"));
    }
    let tags = request.tags()?;
    let here = world.vpcs.iter().filter(|vpc| vpc.region == region).count();
    if here >= world.quotas.vpcs {
        return refuse(400, "QuotaExceeded.Vpc", "VPC quota exceeded.");
    }
    end_dry_run(request)?;
    let mut vpc = blank(world, region, cidr);
    vpc.name = request.owned("VpcName");
    vpc.description = request.owned("Description");
    vpc.user_cidrs = user_cidrs;
    vpc.dns_hostnames = request.flag("EnableDnsHostname");
    vpc.resource_group = request.text_or("ResourceGroupId", DEFAULT_GROUP);
    vpc.tags = tags;
    if request.flag("EnableIpv6") {
        vpc.ipv6 = Some(ipv6_block(world, request.text("Ipv6CidrBlock")));
        vpc.ipv6_isp = request.text_or("Ipv6Isp", "BGP");
    }
    let answer = json!({
        "VpcId": vpc.id,
        "VRouterId": vpc.router,
        "RouteTableId": vpc.route_table,
        "ResourceGroupId": vpc.resource_group,
    });
    add(world, vpc);
    Ok(answer)
}

fn create_default(world: &mut World, request: &Request) -> Reply {
    let region = request.region_or_home();
    if world
        .vpcs
        .iter()
        .any(|vpc| vpc.region == region && vpc.default)
    {
        let text = "The default VPC already exists.";
        return refuse(400, "OperationDenied.DefaultVpcExist", text);
    }
    let vpc = default_vpc(world, region);
    let answer = json!({
        "VpcId": vpc.id,
        "VRouterId": vpc.router,
        "RouteTableId": vpc.route_table,
    });
    let ipv6 = request
        .flag("EnableIpv6")
        .then(|| ipv6_block(world, request.text("Ipv6CidrBlock")));
    let group = request.text_or("ResourceGroupId", DEFAULT_GROUP);
    let vpc = world.vpc_mut(&vpc.id)?;
    vpc.ipv6 = ipv6;
    vpc.resource_group.clone_from(&group);
    Ok(answer)
}

/// Makes a region's default VPC.
pub(super) fn default_vpc(world: &mut World, region: &str) -> Vpc {
    let mut vpc = blank(world, region, "172.16.0.0/12");
    vpc.default = true;
    add(world, vpc.clone());
    vpc
}

fn blank(world: &mut World, region: &str, cidr: &str) -> Vpc {
    Vpc {
        id: world.new_id("vpc", region),
        region: region.to_owned(),
        name: String::new(),
        description: String::new(),
        cidr: cidr.to_owned(),
        secondary: Vec::new(),
        user_cidrs: Vec::new(),
        ipv6: None,
        ipv6_isp: String::new(),
        classic_link: false,
        dns_hostnames: false,
        default: false,
        resource_group: DEFAULT_GROUP.to_owned(),
        tags: Default::default(),
        created: world.now,
        router: world.new_id("vrt", region),
        route_table: world.new_id("vtb", region),
        course: world
            .course("Pending")
            .then(world.length(Transition::Vpc), "Available"),
    }
}

fn add(world: &mut World, vpc: Vpc) {
    let table = RouteTable {
        id: vpc.route_table.clone(),
        region: vpc.region.clone(),
        vpc: vpc.id.clone(),
        router: vpc.router.clone(),
        system: true,
        associate_type: "VSwitch".to_owned(),
        vswitches: Vec::new(),
        name: String::new(),
        description: String::new(),
        propagation: true,
        resource_group: vpc.resource_group.clone(),
        tags: Default::default(),
        created: world.now,
        course: world.course("Available"),
    };
    world.route_tables.insert(table, world.now);
    world.vpcs.insert(vpc, world.now);
}

fn ipv6_block(world: &mut World, wanted: Option<&str>) -> String {
    let [site, number] = world.random().u16(..).to_be_bytes();
    let given = |block: &str| block.to_owned();
    wanted.map_or_else(|| format!("2408:4005:3{site:02x}:{number:x}00::/56"), given)
}

/// A block a VPC may have: a network address with a mask of 8 to 28, of none of the reserved blocks.
fn block(cidr: &str) -> Result<Ipv4Net, Refusal> {
    let refused = || refusal(400, "InvalidParameter", "Specified CIDR block is not valid");
    let net: Ipv4Net = cidr.parse().map_err(|_| refused())?;
    let reserved = FORBIDDEN
        .iter()
        .filter_map(|reserved| reserved.parse::<Ipv4Net>().ok())
        .any(|reserved| overlap(&reserved, &net));
    let holds = (8..=28).contains(&net.prefix_len())
        && net.addr() == net.network()
        && net.addr() != Ipv4Addr::UNSPECIFIED
        && !reserved;
    if holds { Ok(net) } else { Err(refused()) }
}

pub(super) fn overlap(left: &Ipv4Net, right: &Ipv4Net) -> bool {
    left.contains(right) || right.contains(left)
}

/// The name and the description of a VPC or a vSwitch.
pub(super) fn check_names(request: &Request, name: &str, code: &str) -> Result<(), Refusal> {
    let with_scheme = |text: &str| text.starts_with("http://") || text.starts_with("https://");
    if let Some(text) = request.text(name)
        && (text.chars().count() > 128 || with_scheme(text))
    {
        return refuse(400, code, format!("Specified {name} is not valid."));
    }
    if let Some(text) = request.text("Description")
        && (text.chars().count() > 256 || with_scheme(text))
    {
        let code = code.replace("Name.", "Discription.");
        return refuse(400, &code, "Specified description is not valid.");
    }
    Ok(())
}

fn describe(world: &mut World, request: &Request) -> Reply {
    end_dry_run(request)?;
    let ids = request.commas("VpcId");
    if ids.as_ref().is_some_and(|ids| ids.len() > 20) {
        return Err(invalid("VpcId"));
    }
    let tags = request.tag_filter();
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let region = request.region();
    let page = list_of(
        (&world.vpcs, ids.as_deref()),
        request,
        sizes,
        |vpc| {
            wants(region, &vpc.region)
                && wants(request.text("VpcName"), &vpc.name)
                && request
                    .boolean("IsDefault")
                    .is_none_or(|wanted| wanted == vpc.default)
                && request
                    .boolean("EnableIpv6")
                    .is_none_or(|wanted| wanted == vpc.ipv6.is_some())
                && wants(request.text("ResourceGroupId"), &vpc.resource_group)
                && wants(request.text("VpcOwnerId"), &world.account)
                && wants(request.text("DhcpOptionsSetId"), "")
                && tags_match(&vpc.tags, &tags)
        },
        |vpc| show(world, vpc),
    )?;
    Ok(page.answer("Vpcs", "Vpc"))
}

fn describe_one(world: &mut World, request: &Request) -> Reply {
    let vpc = world.vpc(request.need("VpcId")?)?;
    if !wants(request.region(), &vpc.region) {
        return refuse(
            404,
            "InvalidVpcId.NotFound",
            "Specified VPC does not exist.",
        );
    }
    end_dry_run(request)?;
    let mut answer = show(world, vpc);
    let resources = json!([
        { "ResourceType": "VSwitch", "ResourceCount": vswitches(world, &vpc.id).len() },
        { "ResourceType": "VRouter", "ResourceCount": 1 },
        { "ResourceType": "RouteTable", "ResourceCount": 1 },
        { "ResourceType": "SecurityGroup", "ResourceCount": groups(world, &vpc.id) },
    ]);
    answer["CloudResources"] = json!({ "CloudResourceSetType": resources });
    answer["ClassicLinkEnabled"] = json!(vpc.classic_link);
    answer["AssociatedCens"] = json!({ "AssociatedCen": [] });
    answer["AssociatedPropagationSources"] = json!({ "AssociatedPropagationSources": [] });
    answer["SupportIpv4Gateway"] = json!(false);
    answer["Ipv4GatewayId"] = json!("");
    if let Some(fields) = answer.as_object_mut() {
        // Only the listing has these.
        fields.retain(|name, _| {
            !["CenStatus", "NatGatewayIds", "RouterTableIds"].contains(&name.as_str())
        });
    }
    Ok(answer)
}

/// The router of every VPC.
fn routers(world: &mut World, request: &Request) -> Reply {
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let page = list(
        &world.vpcs,
        request,
        sizes,
        |vpc| wants(request.region(), &vpc.region) && wants(request.text("VRouterId"), &vpc.router),
        |vpc| {
            json!({
                "VRouterId": vpc.router,
                "VRouterName": "",
                "Description": "",
                "RegionId": vpc.region,
                "VpcId": vpc.id,
                "CreationTime": seconds(vpc.created),
                "RouteTableIds": { "RouteTableId": tables(world, vpc) },
            })
        },
    )?;
    Ok(page.answer("VRouters", "VRouter"))
}

/// The route tables of a VPC.
fn tables<'a>(world: &'a World, vpc: &Vpc) -> Vec<&'a str> {
    let tables = world.route_tables.iter().filter(|it| it.vpc == vpc.id);
    tables.map(|it| it.id.as_str()).collect()
}

fn show(world: &World, vpc: &Vpc) -> Value {
    let gateways = world.nat_gateways.iter().filter(|it| it.vpc == vpc.id);
    let gateways: Vec<&str> = gateways.map(|it| it.id.as_str()).collect();
    let ipv6: Vec<Value> = vpc
        .ipv6
        .iter()
        .map(|block| json!({ "Ipv6CidrBlock": block, "Ipv6Isp": vpc.ipv6_isp }))
        .collect();
    json!({
        "VpcId": vpc.id,
        "RegionId": vpc.region,
        "VpcName": vpc.name,
        "Description": vpc.description,
        "CidrBlock": vpc.cidr,
        "SecondaryCidrBlocks": { "SecondaryCidrBlock": vpc.secondary },
        "UserCidrs": { "UserCidr": vpc.user_cidrs },
        "EnabledIpv6": vpc.ipv6.is_some(),
        "Ipv6CidrBlock": vpc.ipv6.clone().unwrap_or_default(),
        "Ipv6CidrBlocks": { "Ipv6CidrBlock": ipv6 },
        "IsDefault": vpc.default,
        "DnsHostnameStatus": if vpc.dns_hostnames { "ENABLED" } else { "DISABLED" },
        "DhcpOptionsSetId": "",
        "DhcpOptionsSetStatus": "",
        "CenStatus": "Detached",
        "Status": vpc.course.at(world.now),
        "CreationTime": seconds(vpc.created),
        "OwnerId": world.account.parse::<u64>().unwrap_or_default(),
        "ResourceGroupId": vpc.resource_group,
        "VRouterId": vpc.router,
        "RouterTableIds": { "RouterTableIds": tables(world, vpc) },
        "VSwitchIds": { "VSwitchId": vswitches(world, &vpc.id) },
        "NatGatewayIds": { "NatGatewayIds": gateways },
        "Tags": vpc_tags(&vpc.tags),
    })
}

fn vswitches(world: &World, vpc: &str) -> Vec<String> {
    world
        .vswitches
        .iter()
        .filter(|it| it.vpc == vpc)
        .map(|it| it.id.clone())
        .collect()
}

fn groups(world: &World, vpc: &str) -> usize {
    world
        .groups
        .iter()
        .filter(|group| group.vpc.as_deref() == Some(vpc))
        .count()
}

/// Refuses unless the VPC is available.
pub(super) fn require_available(world: &World, id: &str) -> Result<(), Refusal> {
    if world.vpc(id)?.course.at(world.now) == "Available" {
        return Ok(());
    }
    let text = "Current VPC status does not support this operation.";
    refuse(400, "IncorrectVpcStatus", text)
}

fn modify(world: &mut World, request: &Request) -> Reply {
    let id = request.need("VpcId")?;
    require_available(world, id)?;
    check_names(request, "VpcName", "InvalidVpcName.Malformed")?;
    if let Some(cidr) = request.text("CidrBlock") {
        let net = block(cidr).map_err(|_| {
            refusal(
                400,
                "InvalidCidrBlock.Malformed",
                "Specified CIDR block is not valid.",
            )
        })?;
        // It becomes larger or smaller, and what is in it stays in it.
        let vpc = world.vpc(id)?;
        let is = |text: &str, fits: &dyn Fn(Ipv4Net) -> bool| text.parse().is_ok_and(fits);
        let resized = is(&vpc.cidr, &|old| net.contains(&old) || old.contains(&net));
        let further = vpc.secondary.iter().filter_map(|it| it.parse().ok());
        let further: Vec<Ipv4Net> = further.collect();
        let holds = |inner| net.contains(&inner) || further.iter().any(|it| it.contains(&inner));
        let mut inside = world.vswitches.iter().filter(|it| it.vpc == id);
        if !resized || inside.any(|vswitch| !is(&vswitch.cidr, &holds)) {
            let text = "Specified CIDR block is not valid.";
            return refuse(400, "InvalidCidrBlock.Malformed", text);
        }
    }
    let ipv6 = match request.boolean("EnableIPv6") {
        Some(true) if world.vpc(id)?.ipv6.is_none() => {
            Some(Some(ipv6_block(world, request.text("Ipv6CidrBlock"))))
        }
        Some(false) => Some(None),
        _ => None,
    };
    let vpc = world.vpc_mut(id)?;
    if let Some(name) = request.given("VpcName") {
        vpc.name = name.to_owned();
    }
    if let Some(description) = request.given("Description") {
        vpc.description = description.to_owned();
    }
    if let Some(cidr) = request.text("CidrBlock") {
        vpc.cidr = cidr.to_owned();
    }
    if let Some(enabled) = request.boolean("EnableDnsHostname") {
        vpc.dns_hostnames = enabled;
    }
    if let Some(ipv6) = ipv6 {
        vpc.ipv6 = ipv6;
        vpc.ipv6_isp = request.text_or("Ipv6Isp", "BGP");
    } else if let Some(isp) = request.text("Ipv6Isp").filter(|_| vpc.ipv6.is_some()) {
        vpc.ipv6_isp = isp.to_owned();
    }
    done()
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let id = request.need("VpcId")?;
    require_available(world, id)?;
    let depends = |code: &str| refuse(400, code, "Specified object has dependent resources");
    if !vswitches(world, id).is_empty() {
        return depends("DependencyViolation.VSwitch");
    }
    if groups(world, id) > 0 {
        return depends("DependencyViolation.SecurityGroup");
    }
    if world.nat_gateways.iter().any(|it| it.vpc == id) {
        let text = "Specified object has dependent resources NatGateway.";
        return refuse(400, "DependencyViolation.NatGateway", text);
    }
    if world.route_entries.iter().any(|it| it.vpc == id) {
        return depends("DependencyViolation.RouteEntry");
    }
    if world
        .route_tables
        .iter()
        .any(|it| it.vpc == id && !it.system)
    {
        return depends("DependencyViolation.RouteTable");
    }
    end_dry_run(request)?;
    let now = world.now;
    if let Some(vpc) = world.vpcs.remove(id, now) {
        world.route_tables.remove(&vpc.route_table, now);
    }
    done()
}

fn associate(world: &mut World, request: &Request) -> Reply {
    let id = request.need("VpcId")?;
    require_available(world, id)?;
    if request
        .text("IpVersion")
        .is_some_and(|version| version.eq_ignore_ascii_case("ipv6"))
    {
        let block = ipv6_block(world, request.text("IPv6CidrBlock"));
        let vpc = world.vpc_mut(id)?;
        vpc.ipv6 = Some(block.clone());
        vpc.ipv6_isp = request.text_or("Ipv6Isp", "BGP");
        return Ok(json!({ "CidrBlock": block, "IpVersion": "ipv6" }));
    }
    let cidr = request.need("SecondaryCidrBlock")?;
    let net = block(cidr)?;
    let vpc = world.vpc(id)?;
    let blocks = vpc.secondary.iter().chain([&vpc.cidr]);
    if blocks
        .filter_map(|have| have.parse().ok())
        .any(|have: Ipv4Net| overlap(&have, &net))
    {
        let text = "Specified CIDR block overlapped with other entry.";
        return refuse(400, "InvalidCidrBlock.Overlapped", text);
    }
    if vpc.secondary.len() >= world.quotas.secondary_cidrs {
        let text = "The quota of secondary CIDR blocks is exceeded.";
        return refuse(400, "QuotaExceeded.SecondaryCidrBlock", text);
    }
    world.vpc_mut(id)?.secondary.push(cidr.to_owned());
    Ok(json!({ "CidrBlock": cidr, "IpVersion": "ipv4" }))
}

fn unassociate(world: &mut World, request: &Request) -> Reply {
    let id = request.need("VpcId")?;
    require_available(world, id)?;
    if request.text("IPv6CidrBlock").is_some() {
        world.vpc_mut(id)?.ipv6 = None;
        return done();
    }
    let cidr = request.need("SecondaryCidrBlock")?;
    if !world.vpc(id)?.secondary.iter().any(|have| have == cidr) {
        let text = "The specified secondary CIDR block does not exist.";
        return refuse(404, "InvalidCidrBlock.NotFound", text);
    }
    let net: Ipv4Net = cidr.parse().map_err(|_| invalid("SecondaryCidrBlock"))?;
    let used = world.vswitches.iter().any(|vswitch| {
        vswitch.vpc == id
            && vswitch
                .cidr
                .parse()
                .is_ok_and(|inner: Ipv4Net| net.contains(&inner))
    });
    if used {
        let text = "The specified CIDR block is in use.";
        return refuse(400, "OperationFailed.CidrInUse", text);
    }
    world.vpc_mut(id)?.secondary.retain(|have| have != cidr);
    done()
}

fn enable_classic_link(world: &mut World, request: &Request) -> Reply {
    set_classic_link(world, request, true)
}

fn disable_classic_link(world: &mut World, request: &Request) -> Reply {
    set_classic_link(world, request, false)
}

fn set_classic_link(world: &mut World, request: &Request, enabled: bool) -> Reply {
    let id = request.need("VpcId")?;
    require_available(world, id)?;
    world.vpc_mut(id)?.classic_link = enabled;
    done()
}
