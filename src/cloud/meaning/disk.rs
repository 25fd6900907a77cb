//! Disks and snapshots.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
    code("DiskError")
        .about(&["InstanceId"])
        .en("The instance has no system disk that it can start from.", "Attach its system disk, or replace the instance.")
        .zh("实例没有可用于启动的系统盘。", "请挂载系统盘，或替换该实例。"),
    code("OperationDenied")
        .says("does not offer the specified disk category")
        .about(&["SystemDisk.Category", "DataDisk.N.Category", "ZoneId", "VSwitchId", "ClusterId"])
        .en("The zone does not offer this disk category, or the cluster is in another zone.", "Choose another disk category, or a vSwitch in another zone; leave the cluster out.")
        .zh("该可用区不提供此云盘类型，或集群与可用区不匹配。", "请更换云盘类型，或使用其他可用区的交换机，并去掉 cluster_id。"),
    code("OperationDenied")
        .says("type of the disk")
        .about(&["SystemDisk.Category", "DataDisk.N.Category", "Category"])
        .en("Disks of this category cannot do this.", "Choose another disk category.")
        .zh("该云盘类型不支持此操作。", "请更换云盘类型。"),
    code("OperationDenied")
        .says("snapshot is not allowed")
        .about(&["DataDisk.N.SnapshotId", "SnapshotId"])
        .en("No disk can be made from this snapshot.", "Use another snapshot: one of a data disk that is shared with this account.")
        .zh("该快照不能用于创建云盘。", "请使用其他快照，例如当前账号可用的数据盘快照。"),
    code("InvalidDiskCategory.NotSupported")
        .about(&["SystemDisk.Category", "DataDisk.N.Category", "InstanceType", "Category"])
        .en("The instance type does not take disks of this category.", "Choose a disk category that the instance type supports.")
        .zh("该实例规格不支持此云盘类型。", "请选择该实例规格支持的云盘类型。"),
    code("InvalidDiskCategory.*")
        .about(&["SystemDisk.Category", "DataDisk.N.Category", "Category"])
        .en("There is no such disk category, or not here.", "Choose a disk category that the zone and instance type offer.")
        .zh("云盘类型不存在，或在此处不可用。", "请选择该可用区和实例规格提供的云盘类型。"),
    code("InvalidSystemDiskCategory.*")
        .about(&["SystemDisk.Category"])
        .en("The system disk cannot be of this category.", "Choose a system disk category that the zone and instance type offer, such as cloud_essd.")
        .zh("系统盘不支持该类型。", "请选择该可用区和实例规格提供的系统盘类型，例如 cloud_essd。"),
    code("InvalidDataDiskCategory.*")
        .about(&["DataDisk.N.Category", "SystemDisk.Category"])
        .en("The data disk cannot be of this category.", "Choose a data disk category that the zone and instance type offer; ephemeral_ssd needs a system disk of the same.")
        .zh("数据盘不支持该类型。", "请选择该可用区和实例规格提供的数据盘类型；ephemeral_ssd 要求系统盘同为 ephemeral_ssd。"),
    code("InvalidSystemDiskSize.LessThanImageSize")
        .about(&["SystemDisk.Size", "ImageId"])
        .en("The system disk is smaller than the image.", "Make the system disk at least as large as the image, or leave its size out.")
        .zh("系统盘容量小于镜像大小。", "请将系统盘容量设为不小于镜像大小，或不指定容量。"),
    code("InvalidSystemDiskSize.*")
        .about(&["SystemDisk.Size", "SystemDisk.Category"])
        .en("The system disk cannot have this size.", "Choose a size within the limits of the disk category and not below the image's.")
        .zh("系统盘容量超出范围。", "请选择该云盘类型支持、且不小于镜像大小的容量。"),
    code("InvalidDataDiskSize.*")
        .about(&["DataDisk.N.Size", "DataDisk.N.Category", "DataDisk.N.SnapshotId"])
        .en("The data disk cannot have this size, or its snapshot is too large for the category.", "Choose a size within the limits of the disk category.")
        .zh("数据盘容量超出范围，或快照大于该云盘类型的上限。", "请选择该云盘类型支持的容量。"),
    code("InstanceDiskCategoryLimitExceed")
        .about(&["DataDisk.N.Size", "DataDisk.N.Category", "DataDisk.N.SnapshotId"])
        .en("The disks of this category are too large, alone or together.", "Choose sizes within the limits of the disk category; local disks have at most 1024 GiB together.")
        .zh("该类型云盘的单盘容量或总容量超出上限。", "请选择该云盘类型支持的容量；本地盘总容量不超过 1024 GiB。"),
    code("InstanceDiskNumber.LimitExceed")
        .about(&["DataDisk"])
        .en("The instance has too many disks.", "Give the instance at most 16 data disks.")
        .zh("实例的云盘数量超过上限。", "每台实例最多 16 块数据盘。"),
    code("InstanceDiskLimitExceeded")
        .about(&["InstanceId"])
        .en("The instance takes no more disks.", "Detach a disk first, or attach it to another instance.")
        .zh("该实例挂载的云盘数量已达上限。", "请先卸载一块云盘，或挂载到其他实例。"),
    code("InvalidDiskSize.TooSmall")
        .about(&["DataDisk.N.Size", "DataDisk.N.SnapshotId", "Size", "SnapshotId"])
        .en("The disk is smaller than the snapshot that it starts from.", "Make the disk at least as large as the snapshot.")
        .zh("云盘容量小于所用的快照。", "请将云盘容量设为不小于快照大小。"),
    code("InvalidDiskSize")
        .about(&["NewSize", "Size"])
        .en("A disk can only grow.", "Choose a size above the present one, or make a new disk.")
        .zh("云盘只能扩容。", "请选择大于当前容量的值，或新建云盘。"),
    code("InvalidDiskSize.*")
        .about(&["NewSize", "SystemDisk.Size", "DataDisk.N.Size", "Size"])
        .en("The disk cannot have this size.", "Choose a size within the limits of the disk category.")
        .zh("云盘容量不支持。", "请选择该云盘类型支持的容量。"),
    code("InvalidSize.*")
        .about(&["Size"])
        .en("The disk cannot have this size.", "Choose a size within the limits of the disk category.")
        .zh("云盘容量不支持。", "请选择该云盘类型支持的容量。"),
    code("InvalidDataDiskSnapshotId.*")
        .about(&["DataDisk.N.SnapshotId"])
        .en("The account has no such snapshot in this region.", "Check the snapshot's id: snapshots belong to one region.")
        .zh("账号在该地域没有这个快照。", "请检查快照 ID：快照只属于一个地域。"),
    code("InvalidSnapshotId.NotReady")
        .about(&["DataDisk.N.SnapshotId", "SnapshotId"])
        .en("The snapshot is not complete yet.", "Apply again when the snapshot is complete.")
        .zh("快照尚未完成。", "请在快照完成后重新执行 apply。"),
    code("InvalidSnapshotId.BasedSnapshotTooOld")
        .about(&["DataDisk.N.SnapshotId", "SnapshotId"])
        .en("The snapshot is from before 15 July 2013, and no longer usable.", "Make a new snapshot of the disk.")
        .zh("该快照创建于 2013 年 7 月 15 日之前，已不可用。", "请为云盘创建新的快照。"),
    code("InvalidSnapshotId.*")
        .about(&["DataDisk.N.SnapshotId", "SnapshotId"])
        .en("The account has no such snapshot in this region.", "Check the snapshot's id: snapshots belong to one region.")
        .zh("账号在该地域没有这个快照。", "请检查快照 ID：快照只属于一个地域。"),
    code("SnapshotCreatedDisk")
        .about(&["SnapshotId"])
        .en("Disks were made from the snapshot.", "Delete the disks first, or delete the snapshot with force.")
        .zh("该快照已用于创建云盘。", "请先删除相关云盘，或强制删除快照。"),
    code("SnapshotCreatedImage")
        .about(&["SnapshotId"])
        .en("Images were made from the snapshot.", "Delete the images first, or delete the snapshot with force.")
        .zh("该快照已用于创建镜像。", "请先删除相关镜像，或强制删除快照。"),
    code("InvalidSnapshotPolicyId.*")
        .about(&["SystemDisk.AutoSnapshotPolicyId", "DataDisk.N.AutoSnapshotPolicyId", "autoSnapshotPolicyId"])
        .en("The account has no such snapshot policy in this region.", "Check the snapshot policy's id.")
        .zh("账号在该地域没有这个自动快照策略。", "请检查自动快照策略 ID。"),
    code("InvalidDataDevice.*")
        .about(&["DataDisk.N.Device"])
        .en("A disk cannot be mounted there.", "Use /dev/xvdb to /dev/xvdz, or leave the device out.")
        .zh("挂载点不合法。", "请使用 /dev/xvdb 到 /dev/xvdz，或不指定挂载点。"),
    code("InvalidDevice.InUse")
        .about(&["DataDisk.N.Device", "Device"])
        .en("Another disk is mounted there.", "Use another device, or leave it out.")
        .zh("该挂载点已被占用。", "请更换挂载点，或不指定。"),
    code("InvalidDiskDescription.*")
        .about(&["SystemDisk.Description", "DataDisk.N.Description", "Description"])
        .en("The disk's description is not allowed.", "Use 2 to 256 characters that do not begin with http:// or https://.")
        .zh("云盘描述不合法。", "请使用 2~256 个字符，且不能以 http:// 或 https:// 开头。"),
    code("InvalidDiskName*")
        .about(&["SystemDisk.DiskName", "DataDisk.N.DiskName", "DiskName"])
        .en("The disk's name is not allowed.", "Use 2 to 128 characters that begin with a letter, and not with http:// or https://.")
        .zh("云盘名称不合法。", "请使用 2~128 个字符，以字母或中文开头，且不能以 http:// 或 https:// 开头。"),
    code("InvalidPerformanceLevel*")
        .about(&["SystemDisk.PerformanceLevel", "DataDisk.N.PerformanceLevel", "PerformanceLevel"])
        .en("The disk has no such performance level.", "Use PL0 to PL3 with cloud_essd, and leave the level out with other categories.")
        .zh("云盘性能等级不支持。", "cloud_essd 请使用 PL0~PL3，其他类型请不要指定性能等级。"),
    code("InvalidParameter.Encrypted.KmsNotEnabled")
        .about(&["DataDisk.N.Encrypted", "SystemDisk.Encrypted", "Encrypted"])
        .en("Encrypted disks need the Key Management Service, which the account has not turned on.", "Turn on the Key Management Service, and apply again.")
        .zh("加密云盘需要密钥管理服务，而账号尚未开通。", "请开通密钥管理服务后重新执行 apply。"),
    code("InvalidParameter.EncryptedIllegal")
        .about(&["DataDisk.N.Encrypted", "SystemDisk.Encrypted", "Encrypted"])
        .en("The disk cannot be encrypted as it is asked for.", "Leave encryption out, or encrypt with a key of this region.")
        .zh("云盘的加密参数不合法。", "请去掉加密，或使用该地域的密钥加密。"),
    code("InvalidParameter.Encrypted*")
        .about(&["DataDisk.N.Encrypted", "DataDisk.N.Category", "SystemDisk.Encrypted", "Encrypted"])
        .en("The disk category, region or image does not offer encryption.", "Leave encryption out, or choose a disk category that offers it.")
        .zh("该云盘类型、地域或镜像不支持加密。", "请去掉加密，或选择支持加密的云盘类型。"),
    code("EncryptedOption.Conflict")
        .about(&["DataDisk.N.Encrypted", "DataDisk.N.SnapshotId", "Encrypted", "SnapshotId"])
        .en("The disk and its snapshot do not agree on encryption.", "Encrypt the disk exactly if the snapshot is encrypted, or leave encrypted out.")
        .zh("云盘与快照的加密设置冲突。", "请让云盘的加密设置与快照一致，或不指定 encrypted。"),
    code("InvalidDiskId.Released")
        .about(&["DiskId"])
        .en("The disk was released.", "Use another disk.")
        .zh("该云盘已释放。", "请使用其他云盘。"),
    code("InvalidDiskId.*")
        .about(&["DiskId"])
        .en("The account has no such disk in this region.", "Check the disk's id.")
        .zh("账号在该地域没有这块云盘。", "请检查云盘 ID。"),
    code("InvalidDiskIds*")
        .about(&["DiskIds"])
        .en("The list of disks is not one.", "Check the disks' ids.")
        .zh("云盘 ID 列表不合法。", "请检查云盘 ID。"),
    code("InvalidDisk.InUse")
        .about(&["DiskId"])
        .en("The disk is attached to an instance already.", "Detach it there first.")
        .zh("该云盘已挂载到实例。", "请先卸载。"),
    code("InvalidDisk.AlreadyDetached")
        .about(&["DiskId"])
        .en("The disk is detached already.", "Apply again: the next plan reads it anew.")
        .zh("该云盘已卸载。", "请重新执行 apply：下一次 plan 会重新读取。"),
    code("DiskCategory.OperationNotSupported")
        .about(&["DiskId"])
        .en("Disks of this category cannot do this.", "Use a disk of another category.")
        .zh("该类型的磁盘不支持此操作。", "请使用其他类型的云盘。"),
    code("InvalidSnapshotName*")
        .about(&["SnapshotName"])
        .en("The snapshot's name is not allowed.", "Use 2 to 128 characters that begin with a letter, and not with http:// or https://.")
        .zh("快照名称不合法。", "请使用 2~128 个字符，以字母或中文开头，且不能以 http:// 或 https:// 开头。"),
    code("DiskNotPortable")
        .about(&["DiskId"])
        .en("The disk cannot be detached and attached.", "Use a pay-as-you-go cloud disk.")
        .zh("该云盘不支持卸载和挂载。", "请使用按量付费云盘。"),
    code("DiskStillAttached")
        .about(&["DiskId"])
        .en("The disk is still attached.", "Detach the disk first.")
        .zh("该云盘仍处于挂载状态。", "请先卸载该云盘。"),
    code("DiskTypeViolation")
        .about(&["DiskId"])
        .en("A system disk cannot be detached or deleted.", "Replace or release the instance instead.")
        .zh("系统盘不支持卸载或删除。", "请更换系统盘或释放实例。"),
    code("ResourcesNotInSameZone")
        .about(&["DiskId", "InstanceId"])
        .en("The disk and the instance are in different zones.", "Use a disk and an instance of the same zone.")
        .zh("云盘与实例不在同一可用区。", "请使用同一可用区的云盘和实例。"),
    code("DependencyViolation")
        .says("disk has not been attached")
        .about(&["InstanceId", "DiskId"])
        .en("The disk is not attached to this instance.", "Check which instance has the disk.")
        .zh("该云盘未挂载到此实例。", "请检查云盘挂载在哪台实例上。"),
];
