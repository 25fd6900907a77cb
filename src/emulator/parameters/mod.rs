//! The parameters of every action: name, kind and whether it is required, as the public API metadata lists them.
//!
//! One word per parameter. `.N` stands for an index counted from 1; the signs after a name are its kind (`#` integer,
//! `%` number, `?` boolean, none text) and `!` marks what is required (`X.1!`: at least one element of the list X).

mod egress;
mod launch_template;
mod load_balancer;

/// What one action takes.
pub(super) struct Parameters {
    pub(super) product: &'static str,
    pub(super) action: &'static str,
    pub(super) names: &'static str,
}

const fn row(product: &'static str, action: &'static str, names: &'static str) -> Parameters {
    Parameters {
        product,
        action,
        names,
    }
}

/// The parameters of every action.
pub(super) fn all() -> impl Iterator<Item = &'static Parameters> {
    [
        PARAMETERS,
        egress::ROWS,
        launch_template::ROWS,
        load_balancer::ROWS,
    ]
    .into_iter()
    .flatten()
}

const PARAMETERS: &[Parameters] = &[
    row(
        "ecs",
        "CreateInstance",
        "Affinity Arn.N.AssumeRoleFor# Arn.N.RoleType Arn.N.Rolearn AutoRenew? \
         AutoRenewPeriod# ClientToken ClusterId CreditSpecification DataDisk.N.Category \
         DataDisk.N.DeleteWithInstance? DataDisk.N.Description DataDisk.N.Device \
         DataDisk.N.DiskName DataDisk.N.EncryptAlgorithm DataDisk.N.Encrypted? \
         DataDisk.N.KMSKeyId DataDisk.N.PerformanceLevel DataDisk.N.Size# \
         DataDisk.N.SnapshotId DataDisk.N.StorageClusterId DedicatedHostId \
         DeletionProtection? DeploymentSetGroupNo# DeploymentSetId Description DryRun? \
         HibernationOptions.Configured? HostName HpcClusterId HttpEndpoint \
         HttpPutResponseHopLimit# HttpTokens ImageFamily ImageId InnerIpAddress \
         InstanceChargeType InstanceName InstanceType! InternetChargeType \
         InternetMaxBandwidthIn# InternetMaxBandwidthOut# IoOptimized KeyPairName \
         NodeControllerId Password PasswordInherit? Period# PeriodUnit PrivateIpAddress \
         PrivatePoolOptions.Id PrivatePoolOptions.MatchCriteria RamRoleName RegionId! \
         ResourceGroupId SecurityEnhancementStrategy SecurityGroupId SecurityGroupIds.N \
         SpotDuration# SpotInterruptionBehavior SpotPriceLimit% SpotStrategy StorageSetId \
         StorageSetPartitionNumber# SystemDisk.AutoSnapshotPolicyId SystemDisk.Category \
         SystemDisk.Description SystemDisk.DiskName SystemDisk.PerformanceLevel \
         SystemDisk.Size# SystemDisk.StorageClusterId Tag.N.Key Tag.N.Value Tag.N.key \
         Tag.N.value Tenancy UseAdditionalService? UserData VSwitchId VlanId ZoneId",
    ),
    row(
        "ecs",
        "RunInstances",
        "AdditionalInfo.EnableHighDensityMode? AdditionalInfo.NodeSerialNumber Affinity \
         Amount# Arn.N.AssumeRoleFor# Arn.N.RoleType Arn.N.Rolearn AutoPay? AutoReleaseTime \
         AutoRenew? AutoRenewPeriod# ClientToken CpuOptions.Core# CpuOptions.Numa \
         CpuOptions.ThreadsPerCore# CpuOptions.TopologyType CreditSpecification \
         DataDisk.N.AutoSnapshotPolicyId DataDisk.N.BurstingEnabled? DataDisk.N.Category \
         DataDisk.N.DeleteWithInstance? DataDisk.N.Description DataDisk.N.Device \
         DataDisk.N.DiskName DataDisk.N.EncryptAlgorithm DataDisk.N.Encrypted \
         DataDisk.N.KMSKeyId DataDisk.N.PerformanceLevel DataDisk.N.ProvisionedIops# \
         DataDisk.N.Size# DataDisk.N.SnapshotId DataDisk.N.StorageClusterId DedicatedHostId \
         DeletionProtection? DeploymentSetGroupNo# DeploymentSetId Description DryRun? \
         HibernationOptions.Configured? HostName HostNames.N HpcClusterId HttpEndpoint \
         HttpPutResponseHopLimit# HttpTokens ImageFamily ImageId ImageOptions.LoginAsNonRoot? \
         InstanceChargeType InstanceName InstanceType InternetChargeType \
         InternetMaxBandwidthIn# InternetMaxBandwidthOut# IoOptimized Ipv6Address.N \
         Ipv6AddressCount# Isp KeyPairName LaunchTemplateId LaunchTemplateName \
         LaunchTemplateVersion# MinAmount# NetworkInterface.N.DeleteOnRelease? \
         NetworkInterface.N.Description NetworkInterface.N.InstanceType \
         NetworkInterface.N.Ipv6Address.N NetworkInterface.N.Ipv6AddressCount# \
         NetworkInterface.N.NetworkCardIndex# NetworkInterface.N.NetworkInterfaceId \
         NetworkInterface.N.NetworkInterfaceName \
         NetworkInterface.N.NetworkInterfaceTrafficMode NetworkInterface.N.PrimaryIpAddress \
         NetworkInterface.N.QueueNumber# NetworkInterface.N.QueuePairNumber# \
         NetworkInterface.N.RxQueueSize# NetworkInterface.N.SecondaryPrivateIpAddressCount# \
         NetworkInterface.N.SecurityGroupId NetworkInterface.N.SecurityGroupIds.N \
         NetworkInterface.N.SourceDestCheck? NetworkInterface.N.TxQueueSize# \
         NetworkInterface.N.VSwitchId NetworkInterfaceQueueNumber# \
         NetworkOptions.EnableJumboFrame? Password PasswordInherit? Period# PeriodUnit \
         PrivateIpAddress PrivatePoolOptions.Id PrivatePoolOptions.MatchCriteria RamRoleName \
         RegionId! ResourceGroupId SchedulerOptions.DedicatedHostClusterId \
         SecurityEnhancementStrategy SecurityGroupId SecurityGroupIds.N \
         SecurityOptions.ConfidentialComputingMode SecurityOptions.TrustedSystemMode \
         SpotDuration# SpotInterruptionBehavior SpotPriceLimit% SpotStrategy StorageSetId \
         StorageSetPartitionNumber# SystemDisk.AutoSnapshotPolicyId SystemDisk.BurstingEnabled? \
         SystemDisk.Category SystemDisk.Description SystemDisk.DiskName \
         SystemDisk.EncryptAlgorithm SystemDisk.Encrypted? SystemDisk.KMSKeyId \
         SystemDisk.PerformanceLevel SystemDisk.ProvisionedIops# SystemDisk.Size \
         SystemDisk.StorageClusterId Tag.N.Key Tag.N.Value Tenancy \
         UniqueSuffix? UserData VSwitchId ZoneId",
    ),
    row(
        "ecs",
        "DescribeInstances",
        "AdditionalAttributes.N DeviceAvailable? DryRun? EipAddresses Filter.1.Key \
         Filter.1.Value Filter.2.Key Filter.2.Value Filter.3.Key Filter.3.Value Filter.4.Key \
         Filter.4.Value HpcClusterId HttpEndpoint HttpPutResponseHopLimit# HttpTokens ImageId \
         InnerIpAddresses InstanceChargeType InstanceIds InstanceName InstanceNetworkType \
         InstanceType InstanceTypeFamily InternetChargeType IoOptimized? Ipv6Address.N \
         KeyPairName LockReason MaxResults# NeedSaleCycle? NextToken PageNumber# PageSize# \
         PrivateIpAddresses PublicIpAddresses RdmaIpAddresses RegionId! ResourceGroupId \
         SecurityGroupId Status Tag.N.Key Tag.N.Value Tag.N.key Tag.N.value VSwitchId VpcId \
         ZoneId",
    ),
    row("ecs", "DescribeInstanceAttribute", "InstanceId!"),
    row(
        "ecs",
        "DescribeInstanceStatus",
        "ClusterId InstanceId.N PageNumber# PageSize# RegionId! ZoneId",
    ),
    row("ecs", "StartInstance", "DryRun? InitLocalDisk? InstanceId!"),
    row(
        "ecs",
        "StopInstance",
        "ConfirmStop? DryRun? ForceStop? Hibernate? InstanceId! StoppedMode",
    ),
    row("ecs", "RebootInstance", "DryRun? ForceStop? InstanceId!"),
    row(
        "ecs",
        "DeleteInstance",
        "DryRun? Force? ForceStop? InstanceId! TerminateSubscription?",
    ),
    row(
        "ecs",
        "DeleteInstances",
        "ClientToken DryRun? Force? ForceStop? InstanceId.N RegionId! TerminateSubscription? \
         InstanceId.1!",
    ),
    row(
        "ecs",
        "ModifyInstanceAttribute",
        "AdditionalInfo.EnableHighDensityMode? CpuOptions.Core# CpuOptions.ThreadsPerCore# \
         CpuOptions.TopologyType CreditSpecification DeletionProtection? Description \
         EnableJumboFrame? EnableNetworkEncryption? HostName InstanceId! InstanceName \
         NetworkInterfaceQueueNumber# Password Recyclable? RegionId SecurityGroupIds.N \
         UserData",
    ),
    row(
        "ecs",
        "ModifyInstanceSpec",
        "AllowMigrateAcrossZone? Async? ClientToken Disk.N.Category Disk.N.DiskId \
         Disk.N.PerformanceLevel DryRun? InstanceId! InstanceType InternetMaxBandwidthIn# \
         InternetMaxBandwidthOut# ModifyMode SystemDisk.Category Temporary.EndTime \
         Temporary.InternetMaxBandwidthOut# Temporary.StartTime",
    ),
    row(
        "ecs",
        "ModifyPrepayInstanceSpec",
        "AutoPay? ClientToken Disk.N.Category Disk.N.DiskId Disk.N.PerformanceLevel EndTime \
         InstanceId! InstanceType! MigrateAcrossZone? ModifyMode OperatorType RebootTime \
         RebootWhenFinished? RegionId! SystemDisk.Category",
    ),
    row(
        "ecs",
        "ModifyInstanceNetworkSpec",
        "AllocatePublicIp? AutoPay? ClientToken EndTime ISP InstanceId! \
         InternetMaxBandwidthIn# InternetMaxBandwidthOut# NetworkChargeType StartTime",
    ),
    row(
        "ecs",
        "ModifyInstanceChargeType",
        "AutoPay? ClientToken DryRun? IncludeDataDisks? InstanceChargeType InstanceIds! \
         IsDetailFee? Period# PeriodUnit RegionId!",
    ),
    row(
        "ecs",
        "ModifyInstanceAutoReleaseTime",
        "AutoReleaseTime InstanceId! RegionId",
    ),
    row(
        "ecs",
        "ModifyInstanceAutoRenewAttribute",
        "AutoRenew? Duration# InstanceId! PeriodUnit RegionId! RenewalStatus",
    ),
    row(
        "ecs",
        "DescribeInstanceAutoRenewAttribute",
        "InstanceId PageNumber PageSize RegionId! RenewalStatus",
    ),
    row(
        "ecs",
        "ModifyInstanceVpcAttribute",
        "InstanceId! PrivateIpAddress SecurityGroupId.N VSwitchId! VpcId",
    ),
    row(
        "ecs",
        "ModifyInstanceMetadataOptions",
        "HttpEndpoint! HttpPutResponseHopLimit# HttpTokens InstanceId InstanceMetadataTags \
         RegionId!",
    ),
    row(
        "ecs",
        "ModifyInstanceMaintenanceAttributes",
        "ActionOnMaintenance InstanceId.N MaintenanceWindow.N.EndTime \
         MaintenanceWindow.N.StartTime NotifyOnMaintenance? RegionId!",
    ),
    row(
        "ecs",
        "DescribeInstanceMaintenanceAttributes",
        "InstanceId.N PageNumber# PageSize# RegionId!",
    ),
    row(
        "ecs",
        "ModifyInstanceDeployment",
        "Affinity DedicatedHostClusterId DedicatedHostId DeploymentSetGroupNo# \
         DeploymentSetId Force? InstanceId! InstanceType MigrationType RegionId! \
         RemoveFromDeploymentSet? Tenancy",
    ),
    row(
        "ecs",
        "ModifyInstanceAttachmentAttributes",
        "InstanceId! PrivatePoolOptions.Id PrivatePoolOptions.MatchCriteria! RegionId!",
    ),
    row(
        "ecs",
        "DescribeInstanceAttachmentAttributes",
        "InstanceIds! PageNumber# PageSize# RegionId!",
    ),
    row(
        "ecs",
        "ReplaceSystemDisk",
        "Architecture Arn.N.AssumeRoleFor# Arn.N.RoleType Arn.N.Rolearn ClientToken DiskId \
         EncryptAlgorithm Encrypted? ImageId InstanceId! KMSKeyId KeyPairName Password \
         PasswordInherit? Platform SecurityEnhancementStrategy SystemDisk.Size# \
         UseAdditionalService?",
    ),
    row("ecs", "DescribeUserData", "InstanceId! RegionId!"),
    row(
        "ecs",
        "AllocatePublicIpAddress",
        "InstanceId! IpAddress VlanId",
    ),
    row(
        "ecs",
        "JoinSecurityGroup",
        "InstanceId NetworkInterfaceId RegionId SecurityGroupId!",
    ),
    row(
        "ecs",
        "LeaveSecurityGroup",
        "InstanceId NetworkInterfaceId RegionId SecurityGroupId!",
    ),
    row(
        "ecs",
        "AttachKeyPair",
        "InstanceIds! KeyPairName! RegionId!",
    ),
    row(
        "ecs",
        "DetachKeyPair",
        "InstanceIds! KeyPairName! RegionId!",
    ),
    row(
        "ecs",
        "CreateKeyPair",
        "KeyPairName! RegionId! ResourceGroupId Tag.N.Key Tag.N.Value",
    ),
    row(
        "ecs",
        "ImportKeyPair",
        "KeyPairName! PublicKeyBody! RegionId! ResourceGroupId Tag.N.Key Tag.N.Value",
    ),
    row(
        "ecs",
        "DescribeKeyPairs",
        "IncludePublicKey? KeyPairFingerPrint KeyPairName PageNumber# PageSize# RegionId! \
         ResourceGroupId Tag.N.Key Tag.N.Value",
    ),
    row("ecs", "DeleteKeyPairs", "KeyPairNames! RegionId!"),
    row(
        "ecs",
        "AttachInstanceRamRole",
        "InstanceIds! Policy RamRoleName! RegionId!",
    ),
    row(
        "ecs",
        "DetachInstanceRamRole",
        "InstanceIds! RamRoleName RegionId!",
    ),
    row(
        "ecs",
        "DescribeInstanceRamRole",
        "InstanceIds PageNumber# PageSize# RamRoleName RegionId!",
    ),
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
        "CreateDeploymentSet",
        "ClientToken DeploymentSetName Description Domain Granularity GroupCount# \
         OnUnableToRedeployFailedInstance RegionId! Strategy Type",
    ),
    row(
        "ecs",
        "DescribeDeploymentSets",
        "DeploymentSetIds DeploymentSetName Domain Granularity NetworkType PageNumber# \
         PageSize# RegionId! Strategy Type",
    ),
    row(
        "ecs",
        "ModifyDeploymentSetAttribute",
        "DeploymentSetId! DeploymentSetName Description RegionId!",
    ),
    row("ecs", "DeleteDeploymentSet", "DeploymentSetId! RegionId!"),
    row(
        "ecs",
        "CreateNetworkInterface",
        "BusinessType ClientToken DeleteOnRelease? Description InstanceType Ipv4Prefix.N \
         Ipv4PrefixCount# Ipv6Address.N Ipv6AddressCount# Ipv6Prefix.N Ipv6PrefixCount# \
         NetworkInterfaceName NetworkInterfaceTrafficMode PrimaryIpAddress \
         PrivateIpAddress.N QueueNumber# QueuePairNumber# RegionId! ResourceGroupId \
         RxQueueSize# SecondaryPrivateIpAddressCount# SecurityGroupId SecurityGroupIds.N \
         SourceDestCheck? Tag.N.Key Tag.N.Value TxQueueSize# VSwitchId! Visible?",
    ),
    row(
        "ecs",
        "ModifyNetworkInterfaceAttribute",
        "DeleteOnRelease? Description NetworkInterfaceId! NetworkInterfaceName QueueNumber# \
         RegionId! RxQueueSize# SecurityGroupId.N SourceDestCheck? TxQueueSize#",
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
    row(
        "ecs",
        "DescribeDisks",
        "AdditionalAttributes.N AutoSnapshotPolicyId Category DeleteAutoSnapshot? \
         DeleteWithInstance? DiskChargeType DiskIds DiskName DiskType DryRun? \
         EnableAutoSnapshot? EnableAutomatedSnapshotPolicy? EnableShared? Encrypted? \
         Filter.1.Key Filter.1.Value Filter.2.Key Filter.2.Value InstanceId KMSKeyId \
         LockReason MaxResults# MultiAttach NextToken PageNumber# PageSize# Portable? \
         RegionId! ResourceGroupId SnapshotId Status Tag.N.Key Tag.N.Value Tag.N.key \
         Tag.N.value ZoneId",
    ),
    row(
        "ecs",
        "ModifyDiskAttribute",
        "BurstingEnabled? DeleteAutoSnapshot? DeleteWithInstance? Description DiskId \
         DiskIds.N DiskName EnableAutoSnapshot? RegionId",
    ),
    row("ecs", "ResizeDisk", "ClientToken DiskId! NewSize#! Type"),
    row(
        "ecs",
        "ModifyDiskSpec",
        "DestinationZoneId DiskCategory DiskId! DryRun? PerformanceLevel ProvisionedIops#",
    ),
    row(
        "ecs",
        "ModifyDiskChargeType",
        "AutoPay? ClientToken DiskChargeType DiskIds! InstanceId! RegionId!",
    ),
    row(
        "ecs",
        "CreateDisk",
        "AdvancedFeatures Arn.N.AssumeRoleFor# Arn.N.RoleType Arn.N.Rolearn BurstingEnabled? \
         ClientToken Description DiskCategory DiskName EncryptAlgorithm Encrypted? InstanceId \
         KMSKeyId MultiAttach PerformanceLevel ProvisionedIops# RegionId! ResourceGroupId Size# \
         SnapshotId StorageClusterId StorageSetId StorageSetPartitionNumber# Tag.N.Key \
         Tag.N.Value Tag.N.key Tag.N.value ZoneId",
    ),
    row("ecs", "DeleteDisk", "DiskId!"),
    row(
        "ecs",
        "CreateSnapshot",
        "Category ClientToken Description DiskId! InstantAccess? InstantAccessRetentionDays# \
         ResourceGroupId RetentionDays# SnapshotName StorageLocationArn Tag.N.Key Tag.N.Value \
         Tag.N.key Tag.N.value",
    ),
    row(
        "ecs",
        "DescribeSnapshots",
        "Category DiskId DryRun? Encrypted? Filter.1.Key Filter.1.Value Filter.2.Key \
         Filter.2.Value InstanceId KMSKeyId MaxResults# NextToken PageNumber# PageSize# RegionId! \
         ResourceGroupId SnapshotIds SnapshotLinkId SnapshotName SnapshotType SourceDiskType \
         Status Tag.N.Key Tag.N.Value Tag.N.key Tag.N.value Usage",
    ),
    row(
        "ecs",
        "ModifySnapshotAttribute",
        "Description DisableInstantAccess? RetentionDays# SnapshotId! SnapshotName",
    ),
    row("ecs", "DeleteSnapshot", "Force? SnapshotId!"),
    row(
        "ecs",
        "CreateImage",
        "Architecture BootMode ClientToken Description DetectionStrategy \
         DiskDeviceMapping.N.Device DiskDeviceMapping.N.DiskType DiskDeviceMapping.N.Size# \
         DiskDeviceMapping.N.SnapshotId DryRun? Features.ImdsSupport ImageFamily ImageName \
         ImageVersion InstanceId Platform RegionId! ResourceGroupId SnapshotId Tag.N.Key \
         Tag.N.Value Tag.N.key Tag.N.value",
    ),
    row(
        "ecs",
        "CopyImage",
        "ClientToken DestinationDescription DestinationImageName DestinationRegionId DryRun? \
         EncryptAlgorithm Encrypted? ImageId! KMSKeyId RegionId! ResourceGroupId Tag.N.Key \
         Tag.N.Value",
    ),
    row(
        "ecs",
        "ModifyImageAttribute",
        "BootMode Description DryRun? Features.NvmeSupport ImageFamily ImageId! ImageName \
         LicenseType RegionId! Status",
    ),
    row(
        "ecs",
        "ModifyImageSharePermission",
        "AddAccount.N DryRun? ImageId! IsPublic? LaunchPermission RegionId! RemoveAccount.N",
    ),
    row(
        "ecs",
        "DescribeImageSharePermission",
        "ImageId! PageNumber# PageSize# RegionId!",
    ),
    row("ecs", "DeleteImage", "DryRun? Force? ImageId! RegionId!"),
    row(
        "ecs",
        "AttachDisk",
        "Bootable? DeleteWithInstance? Device DiskId! Force? InstanceId! KeyPairName Password",
    ),
    row(
        "ecs",
        "DetachDisk",
        "DeleteWithInstance? DiskId! InstanceId!",
    ),
    row(
        "ecs",
        "ApplyAutoSnapshotPolicy",
        "autoSnapshotPolicyId! diskIds! regionId!",
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
         NicType Permissions.N.Description Permissions.N.DestCidrIp Permissions.N.DestGroupId \
         Permissions.N.DestGroupOwnerAccount Permissions.N.DestGroupOwnerId# \
         Permissions.N.DestPrefixListId Permissions.N.IpProtocol Permissions.N.Ipv6DestCidrIp \
         Permissions.N.Ipv6SourceCidrIp Permissions.N.NicType Permissions.N.Policy \
         Permissions.N.PortRange Permissions.N.PortRangeListId Permissions.N.Priority \
         Permissions.N.SourceCidrIp Permissions.N.SourceGroupId \
         Permissions.N.SourceGroupOwnerAccount Permissions.N.SourceGroupOwnerId# \
         Permissions.N.SourcePortRange Permissions.N.SourcePrefixListId Policy PortRange \
         Priority RegionId! SecurityGroupId! SourceCidrIp SourceGroupId \
         SourceGroupOwnerAccount SourceGroupOwnerId# SourcePortRange SourcePrefixListId",
    ),
    row(
        "ecs",
        "AuthorizeSecurityGroupEgress",
        "ClientToken Description DestCidrIp DestGroupId DestGroupOwnerAccount \
         DestGroupOwnerId# DestPrefixListId IpProtocol Ipv6DestCidrIp Ipv6SourceCidrIp \
         NicType Permissions.N.Description Permissions.N.DestCidrIp Permissions.N.DestGroupId \
         Permissions.N.DestGroupOwnerAccount Permissions.N.DestGroupOwnerId# \
         Permissions.N.DestPrefixListId Permissions.N.IpProtocol Permissions.N.Ipv6DestCidrIp \
         Permissions.N.Ipv6SourceCidrIp Permissions.N.NicType Permissions.N.Policy \
         Permissions.N.PortRange Permissions.N.PortRangeListId Permissions.N.Priority \
         Permissions.N.SourceCidrIp Permissions.N.SourceGroupId \
         Permissions.N.SourceGroupOwnerAccount Permissions.N.SourceGroupOwnerId# \
         Permissions.N.SourcePortRange Permissions.N.SourcePrefixListId Policy PortRange \
         Priority RegionId! SecurityGroupId! SourceCidrIp SourcePortRange",
    ),
    row(
        "ecs",
        "RevokeSecurityGroup",
        "ClientToken Description DestCidrIp IpProtocol Ipv6DestCidrIp Ipv6SourceCidrIp \
         NicType Permissions.N.Description Permissions.N.DestCidrIp Permissions.N.DestGroupId \
         Permissions.N.DestGroupOwnerAccount Permissions.N.DestGroupOwnerId# \
         Permissions.N.DestPrefixListId Permissions.N.IpProtocol Permissions.N.Ipv6DestCidrIp \
         Permissions.N.Ipv6SourceCidrIp Permissions.N.NicType Permissions.N.Policy \
         Permissions.N.PortRange Permissions.N.PortRangeListId Permissions.N.Priority \
         Permissions.N.SourceCidrIp Permissions.N.SourceGroupId \
         Permissions.N.SourceGroupOwnerAccount Permissions.N.SourceGroupOwnerId# \
         Permissions.N.SourcePortRange Permissions.N.SourcePrefixListId Policy PortRange \
         Priority RegionId! SecurityGroupId! SecurityGroupRuleId.N SourceCidrIp SourceGroupId \
         SourceGroupOwnerAccount SourceGroupOwnerId# SourcePortRange SourcePrefixListId",
    ),
    row(
        "ecs",
        "RevokeSecurityGroupEgress",
        "ClientToken Description DestCidrIp DestGroupId DestGroupOwnerAccount \
         DestGroupOwnerId# DestPrefixListId IpProtocol Ipv6DestCidrIp Ipv6SourceCidrIp \
         NicType Permissions.N.Description Permissions.N.DestCidrIp Permissions.N.DestGroupId \
         Permissions.N.DestGroupOwnerAccount Permissions.N.DestGroupOwnerId# \
         Permissions.N.DestPrefixListId Permissions.N.IpProtocol Permissions.N.Ipv6DestCidrIp \
         Permissions.N.Ipv6SourceCidrIp Permissions.N.NicType Permissions.N.Policy \
         Permissions.N.PortRange Permissions.N.PortRangeListId Permissions.N.Priority \
         Permissions.N.SourceCidrIp Permissions.N.SourceGroupId \
         Permissions.N.SourceGroupOwnerAccount Permissions.N.SourceGroupOwnerId# \
         Permissions.N.SourcePortRange Permissions.N.SourcePrefixListId Policy PortRange \
         Priority RegionId! SecurityGroupId! SecurityGroupRuleId.N SourceCidrIp \
         SourcePortRange",
    ),
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
    row(
        "ecs",
        "JoinResourceGroup",
        "RegionId ResourceGroupId ResourceId ResourceType",
    ),
    row(
        "ecs",
        "TagResources",
        "RegionId! ResourceId.N ResourceType! Tag.N.Key Tag.N.Value ResourceId.1! Tag.1.Key!",
    ),
    row(
        "ecs",
        "UntagResources",
        "All? RegionId! ResourceId.N ResourceType! TagKey.N ResourceId.1!",
    ),
    row(
        "ecs",
        "ListTagResources",
        "NextToken RegionId! ResourceId.N ResourceType! Tag.N.Key Tag.N.Value \
         TagFilter.N.TagKey TagFilter.N.TagValues.N",
    ),
    row(
        "ecs",
        "DescribeTags",
        "Category PageNumber# PageSize# RegionId! ResourceId ResourceType Tag.N.Key \
         Tag.N.Value Tag.N.key Tag.N.value",
    ),
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
        "DescribeImages",
        "ActionType Architecture DryRun? Filter.N.Key Filter.N.Value ImageFamily ImageId \
         ImageName ImageOwnerAlias ImageOwnerId# InstanceType IsPublic? IsSupportCloudinit? \
         IsSupportIoOptimized? OSType PageNumber# PageSize# RegionId! ResourceGroupId \
         ShowExpired? SnapshotId Status Tag.N.Key Tag.N.Value Tag.N.key Tag.N.value Usage",
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
        "DescribeImageSupportInstanceTypes",
        "ActionType Filter.N.Key Filter.N.Value ImageId RegionId!",
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
        "DataDisk.N.Category DataDisk.N.PerformanceLevel DataDisk.N.Size# InstanceId! \
         InstanceType RegionId! SystemDisk.Category",
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
         DedicatedHostType ImageId InstanceAmount# InstanceCpuCoreCount# InstanceNetworkType \
         InstanceType InstanceTypeList.N InternetChargeType InternetMaxBandwidthOut# \
         IoOptimized Isp OfferingType Period# Platform PriceUnit RecurrenceRules.N.EndHour# \
         RecurrenceRules.N.RecurrenceType RecurrenceRules.N.RecurrenceValue \
         RecurrenceRules.N.StartHour# RegionId! ResourceType SchedulerOptions.DedicatedHostId \
         SchedulerOptions.DeploymentSetStrategy Scope SpotDuration# SpotStrategy StartTime \
         SystemDisk.Category SystemDisk.PerformanceLevel SystemDisk.Size# ZoneId",
    ),
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
        "CidrBlock! ClientToken Description Ipv6CidrBlock# RegionId Tag.N.Key Tag.N.Value \
         VSwitchName VpcId! VpcIpv6CidrBlock ZoneId!",
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
        "Description EnableIPv6? Ipv6CidrBlock# RegionId VSwitchId! VSwitchName \
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
    row("kms", "Decrypt", "CiphertextBlob! DryRun EncryptionContext"),
    row(
        "kms",
        "Encrypt",
        "DryRun EncryptionContext KeyId! Plaintext!",
    ),
    row("sts", "GetCallerIdentity", ""),
    row(
        "sts",
        "AssumeRole",
        "DurationSeconds# ExternalId Policy RoleArn! RoleSessionName! SourceIdentity",
    ),
    row(
        "sts",
        "AssumeRoleWithOIDC",
        "DurationSeconds# OIDCProviderArn OIDCToken Policy RoleArn RoleSessionName!",
    ),
    row("location", "DescribeEndpoints", "Id! ServiceCode! Type"),
    row(
        "resourcemanager",
        "CreateResourceGroup",
        "DisplayName! Name! Tag.N.Key Tag.N.Value",
    ),
    row(
        "resourcemanager",
        "GetResourceGroup",
        "IncludeTags? ResourceGroupId!",
    ),
    row(
        "resourcemanager",
        "ListResourceGroups",
        "DisplayName IncludeTags? Name PageNumber# PageSize# ResourceGroupId ResourceGroupIds.N \
         Status Tag.N.Key Tag.N.Value",
    ),
];
