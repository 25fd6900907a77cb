//! What the actions take that tell what there is, and for how much.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
    row(
        "ecs",
        "DescribeRegions",
        "AcceptLanguage InstanceChargeType ResourceType",
    ),
    row(
        "ecs",
        "DescribeZones",
        "AcceptLanguage InstanceChargeType RegionId! SpotStrategy Verbose?",
    ),
    row(
        "ecs",
        "DescribeInstanceTypes",
        "AdditionalAttributes.N CpuArchitecture CpuArchitectures.N GPUSpec GpuSpecs.N \
         InstanceCategories.N InstanceCategory InstanceFamilyLevel InstanceTypeFamilies.N \
         InstanceTypeFamily InstanceTypes.N LocalStorageCategories.N LocalStorageCategory \
         MaxResults# MaximumCpuCoreCount# MaximumCpuSpeedFrequency% MaximumCpuTurboFrequency% \
         MaximumGPUAmount# MaximumMemorySize% MinimumBaselineCredit# MinimumCpuCoreCount# \
         MinimumCpuSpeedFrequency% MinimumCpuTurboFrequency% MinimumDiskQuantity# \
         MinimumEniIpv6AddressQuantity# MinimumEniPrivateIpAddressQuantity# \
         MinimumEniQuantity# MinimumEriQuantity# MinimumGPUAmount# MinimumInitialCredit# \
         MinimumInstanceBandwidthRx# MinimumInstanceBandwidthTx# MinimumInstancePpsRx# \
         MinimumInstancePpsTx# MinimumLocalStorageAmount# MinimumLocalStorageCapacity# \
         MinimumMemorySize% MinimumPrimaryEniQueueNumber# MinimumQueuePairNumber# \
         MinimumSecondaryEniQueueNumber# NextToken NvmeSupport PhysicalProcessorModel \
         PhysicalProcessorModels.N",
    ),
    row(
        "ecs",
        "DescribeInstanceTypeFamilies",
        "Generation RegionId!",
    ),
    row(
        "ecs",
        "DescribeAvailableResource",
        "Cores# DataDiskCategory DedicatedHostId DestinationResource! InstanceChargeType \
         InstanceType IoOptimized Memory% NetworkCategory RegionId! ResourceType Scope \
         SpotDuration# SpotStrategy SystemDiskCategory ZoneId",
    ),
    row(
        "ecs",
        "DescribeAccountAttributes",
        "AttributeName.N RegionId! ZoneId",
    ),
    row(
        "ecs",
        "DescribeInstanceModificationPrice",
        "DataDisk.N.Category DataDisk.N.DiskId DataDisk.N.PerformanceLevel DataDisk.N.Size# \
         EndTime ISP ImageId InstanceId! InstanceType InternetChargeType InternetMaxBandwidthOut# \
         RegionId! StartTime SystemDisk.Category SystemDisk.PerformanceLevel SystemDisk.Size#",
    ),
    row(
        "ecs",
        "DescribeRenewalPrice",
        "ExpectedRenewDay# Period# PriceUnit RegionId! ResourceId! ResourceType",
    ),
    row(
        "ecs",
        "DescribeResourcesModification",
        "Conditions.N Cores# DestinationResource! InstanceType Memory% MigrateAcrossZone? \
         OperationType RegionId! ResourceId! ZoneId",
    ),
    row(
        "ecs",
        "DescribePrice",
        "Amount# AssuranceTimes Capacity# DataDisk.1.Category DataDisk.1.PerformanceLevel \
         DataDisk.1.Size# DataDisk.2.Category DataDisk.2.PerformanceLevel DataDisk.2.Size# \
         DataDisk.3.Category DataDisk.3.PerformanceLevel DataDisk.3.Size# DataDisk.4.Category \
         DataDisk.4.PerformanceLevel DataDisk.4.Size# DataDisk.N.Category \
         DataDisk.N.PerformanceLevel DataDisk.N.ProvisionedIops# DataDisk.N.Size# \
         DataDisk.N.StorageClusterId \
         DedicatedHostType ImageId InstanceAmount# InstanceCpuCoreCount# InstanceNetworkType \
         InstanceType InstanceTypeList.N InternetChargeType InternetMaxBandwidthOut# \
         IoOptimized Isp OfferingType Period# Platform PriceUnit RecurrenceRules.N.EndHour# \
         RecurrenceRules.N.RecurrenceType RecurrenceRules.N.RecurrenceValue \
         RecurrenceRules.N.StartHour# RegionId! ResourceType SchedulerOptions.DedicatedHostId \
         SchedulerOptions.DeploymentSetStrategy Scope SpotDuration# SpotStrategy StartTime \
         SystemDisk.Category SystemDisk.PerformanceLevel SystemDisk.Size# \
         SystemDisk.StorageClusterId ZoneId",
    ),
];
