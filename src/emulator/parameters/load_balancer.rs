//! Load balancers and their tags.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
    row(
        "slb",
        "CreateLoadBalancer",
        "Address AddressIPVersion AddressType AutoPay? Bandwidth# ClientToken DeleteProtection \
         Duration# InstanceChargeType InternetChargeType LoadBalancerName LoadBalancerSpec \
         MasterZoneId ModificationProtectionReason ModificationProtectionStatus PayType \
         PricingCycle RegionId! ResourceGroupId SlaveZoneId Tag.N.Key Tag.N.Value VSwitchId VpcId",
    ),
    row(
        "slb",
        "DescribeLoadBalancers",
        "Address AddressIPVersion AddressType InternetChargeType LoadBalancerId LoadBalancerName \
         LoadBalancerStatus MasterZoneId NetworkType PageNumber# PageSize# PayType RegionId! \
         ResourceGroupId ServerId ServerIntranetAddress SlaveZoneId Tag.N.Key Tag.N.Value Tags \
         VSwitchId VpcId",
    ),
    row(
        "slb",
        "DescribeLoadBalancerAttribute",
        "LoadBalancerId! RegionId",
    ),
    row("slb", "DeleteLoadBalancer", "LoadBalancerId! RegionId"),
    row(
        "slb",
        "SetLoadBalancerName",
        "LoadBalancerId! LoadBalancerName! RegionId",
    ),
    row(
        "slb",
        "SetLoadBalancerStatus",
        "LoadBalancerId! LoadBalancerStatus! RegionId",
    ),
    row(
        "slb",
        "SetLoadBalancerDeleteProtection",
        "DeleteProtection! LoadBalancerId! RegionId!",
    ),
    row(
        "slb",
        "SetLoadBalancerModificationProtection",
        "LoadBalancerId! ModificationProtectionReason ModificationProtectionStatus! RegionId!",
    ),
    row(
        "slb",
        "ModifyLoadBalancerInstanceSpec",
        "AutoPay? LoadBalancerId! LoadBalancerSpec! RegionId",
    ),
    row(
        "slb",
        "ModifyLoadBalancerInternetSpec",
        "AutoPay? Bandwidth# InternetChargeType LoadBalancerId! RegionId",
    ),
    row(
        "slb",
        "ModifyLoadBalancerInstanceChargeType",
        "Bandwidth# InstanceChargeType! InternetChargeType LoadBalancerId! LoadBalancerSpec \
         RegionId!",
    ),
    row(
        "slb",
        "ModifyLoadBalancerPayType",
        "AutoPay? Duration# LoadBalancerId! PayType PricingCycle RegionId!",
    ),
    row("slb", "DescribeRegions", "AcceptLanguage RegionId"),
    row(
        "slb",
        "TagResources",
        "RegionId! ResourceId.N ResourceType! Tag.N.Key Tag.N.Value ResourceId.1! Tag.1.Key!",
    ),
    row(
        "slb",
        "UntagResources",
        "All? RegionId! ResourceId.N ResourceType! TagKey.N ResourceId.1!",
    ),
    row(
        "slb",
        "ListTagResources",
        "NextToken RegionId! ResourceId.N ResourceType! Tag.N.Key Tag.N.Value",
    ),
];
