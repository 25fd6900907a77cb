//! What the actions on disks, snapshots and images take.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
    row(
        "ecs",
        "DescribeDisks",
        "AdditionalAttributes.N AutoSnapshotPolicyId Category DeleteAutoSnapshot? \
         DeleteWithInstance? DiskChargeType DiskIds DiskName DiskType DryRun? \
         EnableAutoSnapshot? EnableAutomatedSnapshotPolicy? EnableShared? Encrypted? \
         Filter.1.Key Filter.1.Value Filter.2.Key Filter.2.Value InstanceId KMSKeyId \
         LockReason MaxResults# MultiAttach NextToken PageNumber# PageSize# PerformanceLevel \
         Portable? RegionId! ResourceGroupId SnapshotId Status Tag.N.Key Tag.N.Value Tag.N.key \
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
        "DestinationZoneId DiskCategory DiskId! DryRun? PerformanceControlOptions.IOPS# \
         PerformanceControlOptions.Recover PerformanceControlOptions.Throughput# \
         PerformanceLevel ProvisionedIops#",
    ),
    row(
        "ecs",
        "ReInitDisk",
        "AutoStartInstance? DiskId! KeyPairName Password SecurityEnhancementStrategy",
    ),
    row("ecs", "ResetDisk", "DiskId! DryRun? SnapshotId!"),
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
         ImageVersion InstanceId Platform RegionId! ResourceGroupId \
         SecureBootOptions.SecureBootSupport SnapshotId Tag.N.Key Tag.N.Value Tag.N.key \
         Tag.N.value",
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
        "BootMode Description DryRun? Features.ImdsSupport Features.NvmeSupport ImageFamily \
         ImageId! ImageName LicenseType RegionId! Status",
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
        "DescribeImages",
        "ActionType Architecture DryRun? Filter.N.Key Filter.N.Value ImageFamily ImageId \
         ImageName ImageOwnerAlias ImageOwnerId# InstanceType IsPublic? IsSupportCloudinit? \
         IsSupportIoOptimized? OSType PageNumber# PageSize# RegionId! ResourceGroupId \
         ShowExpired? SnapshotId Status Tag.N.Key Tag.N.Value Tag.N.key Tag.N.value Usable? \
         Usage",
    ),
    row(
        "ecs",
        "DescribeImageSupportInstanceTypes",
        "ActionType Filter.N.Key Filter.N.Value ImageId RegionId!",
    ),
];
