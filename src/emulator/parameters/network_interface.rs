//! What the actions on network interfaces take.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
    row(
        "ecs",
        "AssignPrivateIpAddresses",
        "ClientToken Ipv4Prefix.N Ipv4PrefixCount# NetworkInterfaceId! PrivateIpAddress.N \
         RegionId! SecondaryPrivateIpAddressCount#",
    ),
    row(
        "ecs",
        "UnassignPrivateIpAddresses",
        "Ipv4Prefix.N NetworkInterfaceId! PrivateIpAddress.N RegionId!",
    ),
    row(
        "ecs",
        "AssignIpv6Addresses",
        "ClientToken Ipv6Address.N Ipv6AddressCount# Ipv6Prefix.N Ipv6PrefixCount# \
         NetworkInterfaceId! RegionId!",
    ),
    row(
        "ecs",
        "UnassignIpv6Addresses",
        "Ipv6Address.N Ipv6Prefix.N NetworkInterfaceId! RegionId!",
    ),
    row(
        "ecs",
        "CreateNetworkInterface",
        "BusinessType ClientToken DeleteOnRelease? Description InstanceType Ipv4Prefix.N \
         Ipv4PrefixCount# Ipv6Address.N Ipv6AddressCount# Ipv6Prefix.N Ipv6PrefixCount# \
         NetworkInterfaceName NetworkInterfaceTrafficMode PrimaryIpAddress \
         PrivateIpAddress.N QueueNumber# QueuePairNumber# RegionId! ResourceGroupId \
         RxQueueSize# SecondaryPrivateIpAddressCount# SecurityGroupId SecurityGroupIds.N \
         SourceDestCheck? Tag.N.Key Tag.N.Value TxQueueSize# VSwitchId! Visible?",
    )
    .and(TUNING),
    row(
        "ecs",
        "ModifyNetworkInterfaceAttribute",
        "DeleteOnRelease? Description NetworkInterfaceId! NetworkInterfaceName QueueNumber# \
         RegionId! RxQueueSize# SecurityGroupId.N SourceDestCheck? TxQueueSize#",
    )
    .and(TUNING),
    row(
        "ecs",
        "DescribeNetworkInterfaceAttribute",
        "Attribute NetworkInterfaceId! RegionId! Tag.N.Key Tag.N.Value",
    ),
    row(
        "ecs",
        "AttachNetworkInterface",
        "InstanceId! NetworkCardIndex# NetworkInterfaceId! RegionId! TrunkNetworkInstanceId \
         WaitForNetworkConfigurationReady?",
    ),
    row(
        "ecs",
        "DetachNetworkInterface",
        "InstanceId! NetworkInterfaceId! RegionId! TrunkNetworkInstanceId",
    ),
    row(
        "ecs",
        "DeleteNetworkInterface",
        "NetworkInterfaceId! RegionId!",
    ),
    row(
        "ecs",
        "DescribeNetworkInterfaces",
        "InstanceId Ipv6Address.N MaxResults# NetworkInterfaceId.N NetworkInterfaceName \
         NextToken PageNumber# PageSize# PrimaryIpAddress PrivateIpAddress.N RegionId! \
         ResourceGroupId SecurityGroupId ServiceManaged? Status Tag.N.Key Tag.N.Value Type \
         VSwitchId VpcId",
    ),
];

/// How the network card works.
const TUNING: &str = "ConnectionTrackingConfiguration.TcpClosedAndTimeWaitTimeout# \
    ConnectionTrackingConfiguration.TcpEstablishedTimeout# \
    ConnectionTrackingConfiguration.UdpTimeout# EnablePrimaryIPv6? EnhancedNetwork.EnableExpress? \
    EnhancedNetwork.EnableRss? EnhancedNetwork.EnableSriov? \
    EnhancedNetwork.VirtualFunctionQuantity# EnhancedNetwork.VirtualFunctionTotalQueueNumber# \
    NetworkInterfaceTrafficConfig.NetworkInterfaceTrafficMode \
    NetworkInterfaceTrafficConfig.QueueNumber# NetworkInterfaceTrafficConfig.QueuePairNumber# \
    NetworkInterfaceTrafficConfig.RxQueueSize# NetworkInterfaceTrafficConfig.TxQueueSize#";
