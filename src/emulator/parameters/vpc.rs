//! What the actions of VPC take.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
    row(
        "vpc",
        "CreateVpc",
        "CidrBlock ClientToken Description DryRun? EnableDnsHostname? EnableIpv6? \
         Ipv4CidrMask# Ipv4IpamPoolId Ipv6CidrBlock Ipv6CidrMask# Ipv6IpamPoolId Ipv6Isp \
         RegionId! ResourceGroupId Tag.N.Key Tag.N.Value UserCidr VpcName",
    ),
    row(
        "vpc",
        "DescribeVpcs",
        "DhcpOptionsSetId DryRun? EnableIpv6? IsDefault? PageNumber# PageSize# RegionId! \
         ResourceGroupId Tag.N.Key Tag.N.Value VpcId VpcName VpcOwnerId#",
    ),
    row(
        "vpc",
        "DescribeVpcAttribute",
        "DryRun? IsDefault? RegionId! VpcId!",
    ),
    row(
        "vpc",
        "ModifyVpcAttribute",
        "CidrBlock Description EnableDnsHostname? EnableIPv6? Ipv6CidrBlock Ipv6Isp RegionId \
         VpcId! VpcName",
    ),
    row(
        "vpc",
        "DeleteVpc",
        "ClientToken DryRun? ForceDelete? RegionId VpcId!",
    ),
    row(
        "vpc",
        "DescribeVRouters",
        "PageNumber# PageSize# RegionId! VRouterId",
    ),
    row(
        "vpc",
        "CreateDefaultVpc",
        "ClientToken EnableIpv6? Ipv6CidrBlock RegionId! ResourceGroupId",
    ),
    row(
        "vpc",
        "AssociateVpcCidrBlock",
        "IPv6CidrBlock IpVersion IpamPoolId Ipv6CidrMask# Ipv6Isp RegionId! \
         SecondaryCidrBlock SecondaryCidrMask# VpcId!",
    ),
    row(
        "vpc",
        "UnassociateVpcCidrBlock",
        "IPv6CidrBlock RegionId! SecondaryCidrBlock VpcId!",
    ),
    row(
        "vpc",
        "MoveResourceGroup",
        "NewResourceGroupId! RegionId! ResourceId! ResourceType!",
    ),
    row(
        "vpc",
        "DescribeRouteTableList",
        "PageNumber# PageSize# RegionId! ResourceGroupId RouteTableId RouteTableName \
         RouteTableType RouterId RouterType Tag.N.Key Tag.N.Value VpcId",
    ),
    row(
        "vpc",
        "ModifyRouteTableAttributes",
        "Description RegionId! RoutePropagationEnable? RouteTableId! RouteTableName",
    ),
    row(
        "vpc",
        "EnableVpcClassicLink",
        "ClientToken RegionId! VpcId!",
    ),
    row(
        "vpc",
        "DisableVpcClassicLink",
        "ClientToken RegionId! VpcId!",
    ),
    row(
        "vpc",
        "CreateVSwitch",
        "CidrBlock! CidrMask# ClientToken Description Ipv6CidrBlock# Ipv6CidrMask# RegionId \
         Tag.N.Key Tag.N.Value VSwitchName VpcId! VpcIpv6CidrBlock ZoneId!",
    ),
    row(
        "vpc",
        "CreateDefaultVSwitch",
        "ClientToken Ipv6CidrBlock# RegionId! ZoneId!",
    ),
    row(
        "vpc",
        "DescribeVSwitches",
        "DryRun? EnableIpv6? IsDefault? PageNumber# PageSize# RegionId ResourceGroupId \
         RouteTableId Tag.N.Key Tag.N.Value VSwitchId VSwitchName VSwitchOwnerId# VpcId \
         ZoneId",
    ),
    row(
        "vpc",
        "DescribeVSwitchAttributes",
        "DryRun? RegionId VSwitchId!",
    ),
    row(
        "vpc",
        "ModifyVSwitchAttribute",
        "Description EnableIPv6? Ipv6CidrBlock# Ipv6CidrMask# RegionId VSwitchId! VSwitchName \
         VpcIpv6CidrBlock",
    ),
    row("vpc", "DeleteVSwitch", "DryRun? RegionId VSwitchId!"),
    row(
        "vpc",
        "TagResources",
        "RegionId! ResourceId.N ResourceType! Tag.N.Key Tag.N.Value ResourceId.1! Tag.1.Key!",
    ),
    row(
        "vpc",
        "UnTagResources",
        "All? RegionId! ResourceId.N ResourceType! TagKey.N ResourceId.1!",
    ),
    row(
        "vpc",
        "ListTagResources",
        "MaxResults# NextToken RegionId! ResourceId.N ResourceType! Tag.N.Key Tag.N.Value",
    ),
    row("vpc", "DescribeRegions", "AcceptLanguage ProductType"),
    row("vpc", "DescribeZones", "AcceptLanguage RegionId! ZoneType"),
];
