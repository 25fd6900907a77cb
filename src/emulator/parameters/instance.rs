//! What the actions on instances take, and those on the key pairs and deployment sets that these are made with.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
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
         ManagedHostId NodeControllerId Password PasswordInherit? Period# PeriodUnit \
         PrivateIpAddress PrivatePoolOptions.Id PrivatePoolOptions.MatchCriteria RamRoleName RegionId! \
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
         AutoRenew? AutoRenewPeriod# ClientToken ClockOptions.PtpStatus CpuOptions.Core# \
         CpuOptions.NestedVirtualization CpuOptions.Numa CpuOptions.ThreadsPerCore# \
         CpuOptions.TopologyType CreditSpecification DataDisk.N.AutoSnapshotPolicyId \
         DataDisk.N.BurstingEnabled? DataDisk.N.Category \
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
         LaunchTemplateVersion# ManagedHostId MinAmount# NetworkInterface.N.DeleteOnRelease? \
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
         NetworkOptions.BandwidthWeighting NetworkOptions.EnableJumboFrame? \
         NetworkOptions.EnableNetworkEncryption? Password PasswordInherit? Period# PeriodUnit \
         PrivateIpAddress PrivatePoolOptions.Id PrivatePoolOptions.MatchCriteria RamRoleName \
         RegionId! ResourceGroupId SchedulerOptions.DedicatedHostClusterId \
         SecurityEnhancementStrategy SecurityGroupId SecurityGroupIds.N \
         SecurityOptions.ConfidentialComputingMode SecurityOptions.EnableSecureBoot? \
         SecurityOptions.TrustedSystemMode \
         SpotDuration# SpotInterruptionBehavior SpotPriceLimit% SpotStrategy StorageSetId \
         StorageSetPartitionNumber# SystemDisk.AutoSnapshotPolicyId SystemDisk.BurstingEnabled? \
         SystemDisk.Category SystemDisk.Description SystemDisk.DiskName \
         SystemDisk.EncryptAlgorithm SystemDisk.Encrypted? SystemDisk.KMSKeyId \
         SystemDisk.PerformanceLevel SystemDisk.ProvisionedIops# SystemDisk.Size \
         SystemDisk.StorageClusterId Tag.N.Key Tag.N.Value Tenancy \
         UniqueSuffix? UserData VSwitchId ZoneId",
    )
    .and(PRIVATE_NAMES),
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
        "StartInstances",
        "BatchOptimization DryRun? InstanceId.1! InstanceId.N RegionId!",
    ),
    row(
        "ecs",
        "StopInstances",
        "BatchOptimization DryRun? ForceStop? InstanceId.1! InstanceId.N RegionId! StoppedMode",
    ),
    row(
        "ecs",
        "RebootInstances",
        "BatchOptimization DryRun? ForceReboot? InstanceId.1! InstanceId.N RegionId!",
    ),
    row(
        "ecs",
        "DescribeInstanceHistoryEvents",
        "EventCycleStatus EventId.N EventPublishTime.End EventPublishTime.Start EventType \
         ImpactLevel InstanceEventCycleStatus.N InstanceEventType.N InstanceId MaxResults# \
         NextToken NotBefore.End NotBefore.Start PageNumber# PageSize# RegionId! \
         ResourceGroupId ResourceId.N ResourceType Tag.N.Key Tag.N.Value",
    ),
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
        "AdditionalInfo.EnableHighDensityMode? CpuOptions.Core# CpuOptions.NestedVirtualization \
         CpuOptions.ThreadsPerCore# CpuOptions.TopologyType CreditSpecification \
         DeletionProtection? Description EnableJumboFrame? EnableNetworkEncryption? HostName \
         InstanceId! InstanceName NetworkInterfaceQueueNumber# Password Recyclable? RegionId \
         RemoteConnectionOptions.Password RemoteConnectionOptions.Type SecurityGroupIds.N \
         UserData",
    )
    .and(PRIVATE_NAMES),
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
        "CreateDeploymentSet",
        "Affinity# ClientToken DeploymentSetName Description Domain Granularity GroupCount# \
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
        "Affinity# DeploymentSetId! DeploymentSetName Description RegionId!",
    ),
    row("ecs", "DeleteDeploymentSet", "DeploymentSetId! RegionId!"),
];

/// By which names an instance is found inside its VPC.
const PRIVATE_NAMES: &str = "PrivateDnsNameOptions.EnableInstanceIdDnsAAAARecord? \
    PrivateDnsNameOptions.EnableInstanceIdDnsARecord? PrivateDnsNameOptions.EnableIpDnsARecord? \
    PrivateDnsNameOptions.EnableIpDnsPtrRecord? PrivateDnsNameOptions.HostnameType";
