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
    row(
        "vpc",
        "CreateNatGateway",
        "AccessMode AccessMode.ModeValue AccessMode.TunnelType AutoPay? AvailabilityMode \
         ClientToken Description Duration EipBindMode IcmpReplyEnabled? InstanceChargeType \
         InternetChargeType Ipv4Prefix Name NatIp NatType NetworkType \
         PricingCycle PrivateLinkEnabled? RegionId! SecurityProtectionEnabled? Spec \
         Tag.N.Key Tag.N.Value VSwitchId VpcId!",
    ),
    row(
        "vpc",
        "DescribeNatGateways",
        "AvailabilityMode DryRun? InstanceChargeType Name NatGatewayId NatType NetworkType \
         PageNumber# PageSize# RegionId! ResourceGroupId Spec Status \
         Tag.N.Key Tag.N.Value VpcId ZoneId",
    ),
    row("vpc", "GetNatGatewayAttribute", "NatGatewayId! RegionId!"),
    row(
        "vpc",
        "ListEnhanhcedNatGatewayAvailableZones",
        "AcceptLanguage Filter.N.Key Filter.N.Value RegionId!",
    ),
    row(
        "vpc",
        "ModifyNatGatewayAttribute",
        "Description EipBindMode EnableSessionLog? IcmpReplyEnabled? LogDelivery \
         LogDelivery.LogDeliveryType LogDelivery.LogDestination Name NatGatewayId! RegionId!",
    ),
    row(
        "vpc",
        "ModifyNatGatewaySpec",
        "AutoPay? ClientToken NatGatewayId! RegionId! Spec!",
    ),
    row(
        "vpc",
        "UpdateNatGatewayNatType",
        "ClientToken DryRun? NatGatewayId! NatType! RegionId! VSwitchId!",
    ),
    row("vpc", "DeleteNatGateway", "Force? NatGatewayId! RegionId!"),
    row(
        "vpc",
        "CreateSnatEntry",
        "ClientToken DryRun? EipAffinity# NetworkInterfaceId RegionId! SnatEntryName SnatIp \
         SnatTableId! SourceCIDR SourceVSwitchId",
    ),
    row(
        "vpc",
        "ModifySnatEntry",
        "ClientToken DryRun? EipAffinity# NetworkInterfaceId RegionId! SnatEntryId! \
         SnatEntryName SnatIp SnatTableId!",
    ),
    row(
        "vpc",
        "DeleteSnatEntry",
        "ClientToken RegionId! SnatEntryId! SnatTableId!",
    ),
    row(
        "vpc",
        "DescribeSnatTableEntries",
        "NatGatewayId NetworkInterfaceIds NetworkInterfaceIds.N PageNumber# PageSize# \
         RegionId! SnatEntryId SnatEntryName SnatIp SnatTableId SourceCIDR SourceVSwitchId",
    ),
    row(
        "vpc",
        "CreateRouteTable",
        "AssociateType ClientToken Description RegionId! RouteTableName Tag.N.Key \
         Tag.N.Value VpcId!",
    ),
    row(
        "vpc",
        "DescribeRouteTables",
        "PageNumber# PageSize# RegionId ResourceGroupId RouteTableId RouteTableName \
         RouterId RouterType Type VRouterId",
    ),
    row(
        "vpc",
        "AssociateRouteTable",
        "ClientToken RegionId! RouteTableId! VSwitchId!",
    ),
    row(
        "vpc",
        "UnassociateRouteTable",
        "ClientToken RegionId! RouteTableId! VSwitchId!",
    ),
    row("vpc", "DeleteRouteTable", "RegionId! RouteTableId!"),
    row(
        "vpc",
        "CreateRouteEntry",
        "ClientToken Description DestinationCidrBlock! DryRun? NextHopId \
         NextHopList.N.NextHopId NextHopList.N.NextHopType NextHopList.N.Weight# \
         NextHopType RegionId RouteEntryName RouteTableId!",
    ),
    row(
        "vpc",
        "ModifyRouteEntry",
        "Description DestinationCidrBlock DryRun? NewNextHopId NewNextHopType RegionId! \
         RouteEntryId RouteEntryName RouteTableId",
    ),
    row(
        "vpc",
        "DeleteRouteEntry",
        "DestinationCidrBlock DryRun? NextHopId NextHopList.N.NextHopId \
         NextHopList.N.NextHopType RegionId RouteEntryId RouteTableId",
    ),
    row(
        "vpc",
        "DescribeRouteEntryList",
        "DestCidrBlockList.N DestinationCidrBlock IpVersion MaxResult# NextHopId \
         NextHopType NextToken RegionId! RouteEntryId RouteEntryName RouteEntryType \
         RouteTableId! ServiceType",
    ),
];
