//! What the actions on security groups take.

use super::{Parameters, row};

/// Rules of which several are given at once.
const PERMISSIONS: &str = "Permissions.N.Description Permissions.N.DestCidrIp Permissions.N.DestGroupId \
     Permissions.N.DestGroupOwnerAccount Permissions.N.DestGroupOwnerId# \
     Permissions.N.DestPrefixListId Permissions.N.IpProtocol Permissions.N.Ipv6DestCidrIp \
     Permissions.N.Ipv6SourceCidrIp Permissions.N.NicType Permissions.N.Policy \
     Permissions.N.PortRange Permissions.N.PortRangeListId Permissions.N.Priority \
     Permissions.N.SourceCidrIp Permissions.N.SourceGroupId \
     Permissions.N.SourceGroupOwnerAccount Permissions.N.SourceGroupOwnerId# \
     Permissions.N.SourcePortRange Permissions.N.SourcePrefixListId";

pub(super) const ROWS: &[Parameters] = &[
    row(
        "ecs",
        "DescribeSecurityGroupReferences",
        "RegionId! SecurityGroupId.1! SecurityGroupId.N",
    ),
    row(
        "ecs",
        "CreateSecurityGroup",
        "ClientToken Description RegionId! ResourceGroupId SecurityGroupName \
         SecurityGroupType ServiceManaged? Tag.N.Key Tag.N.Value Tag.N.key Tag.N.value VpcId",
    ),
    row(
        "ecs",
        "DescribeSecurityGroups",
        "DryRun? FuzzyQuery? IsQueryEcsCount? MaxResults# NetworkType NextToken PageNumber# \
         PageSize# RegionId! ResourceGroupId SecurityGroupId SecurityGroupIds \
         SecurityGroupName SecurityGroupType ServiceManaged? Tag.N.Key Tag.N.Value Tag.N.key \
         Tag.N.value VpcId",
    ),
    row(
        "ecs",
        "DescribeSecurityGroupAttribute",
        "Attribute Direction MaxResults# NextToken NicType RegionId! SecurityGroupId!",
    ),
    row(
        "ecs",
        "ModifySecurityGroupAttribute",
        "Description RegionId! SecurityGroupId! SecurityGroupName",
    ),
    row(
        "ecs",
        "ModifySecurityGroupPolicy",
        "ClientToken InnerAccessPolicy! RegionId! SecurityGroupId!",
    ),
    row("ecs", "DeleteSecurityGroup", "RegionId! SecurityGroupId!"),
    row(
        "ecs",
        "AuthorizeSecurityGroup",
        "ClientToken Description DestCidrIp IpProtocol Ipv6DestCidrIp Ipv6SourceCidrIp \
         NicType Policy PortRange Priority RegionId! SecurityGroupId! SourceCidrIp \
         SourceGroupId SourceGroupOwnerAccount SourceGroupOwnerId# SourcePortRange \
         SourcePrefixListId",
    )
    .and(PERMISSIONS),
    row(
        "ecs",
        "AuthorizeSecurityGroupEgress",
        "ClientToken Description DestCidrIp DestGroupId DestGroupOwnerAccount \
         DestGroupOwnerId# DestPrefixListId IpProtocol Ipv6DestCidrIp Ipv6SourceCidrIp \
         NicType Policy PortRange Priority RegionId! SecurityGroupId! SourceCidrIp \
         SourcePortRange",
    )
    .and(PERMISSIONS),
    row(
        "ecs",
        "RevokeSecurityGroup",
        "ClientToken Description DestCidrIp IpProtocol Ipv6DestCidrIp Ipv6SourceCidrIp \
         NicType Policy PortRange Priority RegionId! SecurityGroupId! SecurityGroupRuleId.N \
         SourceCidrIp SourceGroupId SourceGroupOwnerAccount SourceGroupOwnerId# \
         SourcePortRange SourcePrefixListId",
    )
    .and(PERMISSIONS),
    row(
        "ecs",
        "RevokeSecurityGroupEgress",
        "ClientToken Description DestCidrIp DestGroupId DestGroupOwnerAccount \
         DestGroupOwnerId# DestPrefixListId IpProtocol Ipv6DestCidrIp Ipv6SourceCidrIp \
         NicType Policy PortRange Priority RegionId! SecurityGroupId! SecurityGroupRuleId.N \
         SourceCidrIp SourcePortRange",
    )
    .and(PERMISSIONS),
    row(
        "ecs",
        "ModifySecurityGroupRule",
        "ClientToken Description DestCidrIp IpProtocol Ipv6DestCidrIp Ipv6SourceCidrIp \
         NicType Policy PortRange PortRangeListId Priority RegionId! SecurityGroupId! \
         SecurityGroupRuleId SourceCidrIp SourceGroupId SourceGroupOwnerAccount \
         SourceGroupOwnerId# SourcePortRange SourcePrefixListId",
    ),
    row(
        "ecs",
        "ModifySecurityGroupEgressRule",
        "ClientToken Description DestCidrIp DestGroupId DestGroupOwnerAccount \
         DestGroupOwnerId# DestPrefixListId IpProtocol Ipv6DestCidrIp Ipv6SourceCidrIp \
         NicType Policy PortRange PortRangeListId Priority RegionId! SecurityGroupId! \
         SecurityGroupRuleId SourceCidrIp SourcePortRange",
    ),
];
