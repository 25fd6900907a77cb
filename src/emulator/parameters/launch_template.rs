//! Launch templates and their versions.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
    row(
        "ecs",
        "CreateLaunchTemplate",
        "AutoReleaseTime AutoRenew? AutoRenewPeriod# CreditSpecification \
         DataDisk.N.AutoSnapshotPolicyId DataDisk.N.BurstingEnabled? DataDisk.N.Category \
         DataDisk.N.DeleteWithInstance? DataDisk.N.Description DataDisk.N.Device \
         DataDisk.N.DiskName DataDisk.N.Encrypted DataDisk.N.KMSKeyId \
         DataDisk.N.PerformanceLevel DataDisk.N.ProvisionedIops# DataDisk.N.Size# \
         DataDisk.N.SnapshotId DeletionProtection? DeploymentSetId Description \
         EnableVmOsConfig? HostName HttpEndpoint HttpPutResponseHopLimit# HttpTokens ImageId \
         ImageOptions.LoginAsNonRoot? ImageOwnerAlias InstanceChargeType InstanceName \
         InstanceType InternetChargeType InternetMaxBandwidthIn# InternetMaxBandwidthOut# \
         IoOptimized Ipv6AddressCount# KeyPairName LaunchTemplateName! \
         NetworkInterface.N.DeleteOnRelease? NetworkInterface.N.Description \
         NetworkInterface.N.InstanceType NetworkInterface.N.NetworkInterfaceName \
         NetworkInterface.N.NetworkInterfaceTrafficMode NetworkInterface.N.PrimaryIpAddress \
         NetworkInterface.N.SecurityGroupId NetworkInterface.N.SecurityGroupIds.N \
         NetworkInterface.N.VSwitchId NetworkType PasswordInherit? Period# PeriodUnit \
         PrivateIpAddress RamRoleName RegionId! ResourceGroupId SecurityEnhancementStrategy \
         SecurityGroupId SecurityGroupIds.N SecurityOptions.EnableSecureBoot? \
         SecurityOptions.TrustedSystemMode SpotDuration# \
         SpotPriceLimit% SpotStrategy SystemDisk.AutoSnapshotPolicyId \
         SystemDisk.BurstingEnabled? SystemDisk.Category SystemDisk.DeleteWithInstance? \
         SystemDisk.Description SystemDisk.DiskName SystemDisk.Encrypted SystemDisk.Iops# \
         SystemDisk.KMSKeyId SystemDisk.PerformanceLevel SystemDisk.ProvisionedIops# \
         SystemDisk.Size# Tag.N.Key Tag.N.Value TemplateResourceGroupId TemplateTag.N.Key \
         TemplateTag.N.Value UserData VSwitchId VersionDescription VpcId ZoneId",
    ),
    row(
        "ecs",
        "CreateLaunchTemplateVersion",
        "AutoReleaseTime AutoRenew? AutoRenewPeriod# CreditSpecification \
         DataDisk.N.AutoSnapshotPolicyId DataDisk.N.BurstingEnabled? DataDisk.N.Category \
         DataDisk.N.DeleteWithInstance? DataDisk.N.Description DataDisk.N.Device \
         DataDisk.N.DiskName DataDisk.N.Encrypted DataDisk.N.KMSKeyId \
         DataDisk.N.PerformanceLevel DataDisk.N.ProvisionedIops# DataDisk.N.Size# \
         DataDisk.N.SnapshotId DeletionProtection? DeploymentSetId Description \
         EnableVmOsConfig? HostName HttpEndpoint HttpPutResponseHopLimit# HttpTokens ImageId \
         ImageOptions.LoginAsNonRoot? ImageOwnerAlias InstanceChargeType InstanceName \
         InstanceType InternetChargeType InternetMaxBandwidthIn# InternetMaxBandwidthOut# \
         IoOptimized Ipv6AddressCount# KeyPairName LaunchTemplateId LaunchTemplateName \
         NetworkInterface.N.DeleteOnRelease? NetworkInterface.N.Description \
         NetworkInterface.N.InstanceType NetworkInterface.N.NetworkInterfaceName \
         NetworkInterface.N.NetworkInterfaceTrafficMode NetworkInterface.N.PrimaryIpAddress \
         NetworkInterface.N.SecurityGroupId NetworkInterface.N.SecurityGroupIds.N \
         NetworkInterface.N.VSwitchId NetworkType PasswordInherit? Period# PeriodUnit \
         PrivateIpAddress RamRoleName RegionId! ResourceGroupId SecurityEnhancementStrategy \
         SecurityGroupId SecurityGroupIds.N SecurityOptions.EnableSecureBoot? \
         SecurityOptions.TrustedSystemMode SpotDuration# \
         SpotPriceLimit% SpotStrategy SystemDisk.AutoSnapshotPolicyId \
         SystemDisk.BurstingEnabled? SystemDisk.Category SystemDisk.DeleteWithInstance? \
         SystemDisk.Description SystemDisk.DiskName SystemDisk.Encrypted SystemDisk.Iops# \
         SystemDisk.KMSKeyId SystemDisk.PerformanceLevel SystemDisk.ProvisionedIops# \
         SystemDisk.Size# Tag.N.Key Tag.N.Value UserData VSwitchId VersionDescription VpcId \
         ZoneId",
    ),
    row(
        "ecs",
        "DescribeLaunchTemplates",
        "LaunchTemplateId.N LaunchTemplateName.N PageNumber# PageSize# RegionId! \
         TemplateResourceGroupId TemplateTag.N.Key TemplateTag.N.Value",
    ),
    row(
        "ecs",
        "DescribeLaunchTemplateVersions",
        "DefaultVersion? DetailFlag? LaunchTemplateId LaunchTemplateName \
         LaunchTemplateVersion.N MaxVersion# MinVersion# PageNumber# PageSize# RegionId!",
    ),
    row(
        "ecs",
        "ModifyLaunchTemplateDefaultVersion",
        "DefaultVersionNumber#! LaunchTemplateId LaunchTemplateName RegionId!",
    ),
    row(
        "ecs",
        "DeleteLaunchTemplate",
        "LaunchTemplateId LaunchTemplateName RegionId!",
    ),
    row(
        "ecs",
        "DeleteLaunchTemplateVersion",
        "DeleteVersion.1! DeleteVersion.N LaunchTemplateId LaunchTemplateName RegionId!",
    ),
];
