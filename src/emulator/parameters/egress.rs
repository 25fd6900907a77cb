//! What leads out of a VPC: elastic addresses, NAT gateways, routes.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
    row(
        "vpc",
        "AllocateEipAddress",
        "ActivityId# AutoPay? Bandwidth ClientToken Description ISP InstanceChargeType \
         InstanceId InternetChargeType IpAddress Name Netmode Period# PricingCycle \
         PublicIpAddressPoolId RegionId! ResourceGroupId SecurityProtectionTypes.N \
         Tag.N.Key Tag.N.Value Zone",
    ),
    row(
        "vpc",
        "DescribeEipAddresses",
        "AllocationId AssociatedInstanceId AssociatedInstanceType ChargeType DryRun? \
         EipAddress EipName Filter.1.Key Filter.1.Value Filter.2.Key Filter.2.Value ISP \
         IncludeReservationData? LockReason PageNumber# PageSize# PublicIpAddressPoolId \
         RegionId! ResourceGroupId SecurityProtectionEnabled? SegmentInstanceId \
         ServiceManaged? Status Tag.N.Key Tag.N.Value",
    ),
    row(
        "vpc",
        "ModifyEipAddressAttribute",
        "AllocationId! Bandwidth Description Name RegionId",
    ),
    row(
        "vpc",
        "ModifyEipForwardMode",
        "ClientToken InstanceId! Mode! RegionId!",
    ),
    row(
        "vpc",
        "SetHighDefinitionMonitorLogStatus",
        "InstanceId! InstanceType LogProject! LogStore! RegionId! Status!",
    ),
    row(
        "vpc",
        "DescribeHighDefinitionMonitorLogAttribute",
        "InstanceId! InstanceType RegionId!",
    ),
    row(
        "vpc",
        "DeletionProtection",
        "ClientToken InstanceId! ProtectionEnable?! RegionId! Type!",
    ),
    row(
        "vpc",
        "AssociateEipAddress",
        "AllocationId! ClientToken InstanceId! InstanceRegionId InstanceType Mode \
         PrivateIpAddress RegionId VpcId",
    ),
    row(
        "vpc",
        "UnassociateEipAddress",
        "AllocationId! ClientToken Force? InstanceId InstanceType PrivateIpAddress RegionId",
    ),
    row("vpc", "ReleaseEipAddress", "AllocationId! RegionId"),
];
