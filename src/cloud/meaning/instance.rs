//! Instances: their type, image and zone, how one gets in, how they are paid for, and where they run.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
    // Type, image, zone.
    code("InvalidInstanceType.ValueNotSupported")
        .says("KeyPairName")
        .about(&["KeyPairName", "InstanceType", "IoOptimized"])
        .en("A key pair works only with an I/O optimized instance.", "Choose an I/O optimized instance type, or set a password instead of the key pair.")
        .zh("密钥对仅支持 I/O 优化实例。", "请选择 I/O 优化的实例规格，或改用密码登录。"),
    code("InvalidInstanceType.ValueNotSupported")
        .about(&["InstanceType", "ImageId"])
        .en("The instance type does not exist here, or does not go with the rest of the request.", "Choose an instance type that the region and zone offer, and that the image runs on.")
        .zh("该实例规格在此处不存在，或与其他参数不匹配。", "请选择该地域和可用区提供、且镜像支持的实例规格。"),
    code("InvalidInstanceType.ValueUnauthorized")
        .about(&["InstanceType"])
        .en("The account may not use this instance type.", "Apply for the instance type, or choose another one.")
        .zh("账号没有使用该实例规格的权限。", "请申请该规格，或更换实例规格。"),
    code("InvalidInstanceType.NotSupported")
        .about(&["InstanceType", "DeploymentSetId"])
        .en("The deployment set does not take this instance type.", "Choose an instance type that the deployment set supports, or leave the set out.")
        .zh("部署集不支持该实例规格。", "请选择部署集支持的实例规格，或去掉部署集。"),
    code("InvalidInstanceType.*")
        .about(&["InstanceType"])
        .en("The instance type cannot be used here.", "Choose an instance type that exists in this region, zone and network.")
        .zh("该实例规格在此处不可用。", "请选择该地域、可用区和网络类型支持的实例规格。"),
    code("InstanceType.Offline")
        .about(&["InstanceType"])
        .en("The instance type is no longer sold.", "Choose an instance type of a current family.")
        .zh("该实例规格已停售。", "请选择在售的实例规格。"),
    code("OperationDenied")
        .says("InstanceType or Zone")
        .about(&["InstanceType", "ZoneId", "VSwitchId"])
        .en("The zone does not offer this instance type, or not to this account.", "Choose another instance type or zone, or apply for the type.")
        .zh("该可用区不提供此实例规格，或账号没有使用权限。", "请更换实例规格或可用区，或申请该规格的权限。"),
    code("OperationDenied")
        .says("specified Zone is not allowed")
        .about(&["ZoneId", "VSwitchId"])
        .en("The zone takes no new instances.", "Use a vSwitch in another zone.")
        .zh("该可用区不允许创建实例。", "请使用其他可用区的交换机。"),
    code("Zone.NotOnSale")
        .about(&["ZoneId", "VSwitchId"])
        .en("The zone is closed for new resources.", "Use a vSwitch in another zone.")
        .zh("该可用区已关闭售卖。", "请使用其他可用区的交换机。"),
    code("InvalidZoneId*")
        .about(&["ZoneId"])
        .en("The region has no such zone.", "Use a zone of this region, such as the data source alicloud_zones lists.")
        .zh("该地域没有这个可用区。", "请使用该地域的可用区，可通过数据源 alicloud_zones 查询。"),
    code("InvalidImageId.*")
        .about(&["ImageId"])
        .en("The account has no such image in this region.", "Check the image id: images belong to one region; the data source alicloud_images lists them.")
        .zh("账号在该地域没有这个镜像。", "请检查镜像 ID：镜像只属于一个地域，可通过数据源 alicloud_images 查询。"),
    code("InvalidMarketImage.NotFound")
        .about(&["ImageId"])
        .en("The marketplace has no such image.", "Use another image.")
        .zh("云市场没有这个镜像。", "请更换镜像。"),
    code("InvalidMarketImageChargeType.NotSupport")
        .about(&["InstanceChargeType", "ImageId"])
        .en("The marketplace does not sell this image with this way of paying.", "Use the other charge type, or another image.")
        .zh("该云市场镜像不支持此付费方式。", "请更换付费方式或镜像。"),
    code("ImageRemovedInMarket")
        .about(&["ImageId"])
        .en("The image, or the one that it was made from, has left the marketplace.", "Use another image.")
        .zh("该镜像或其来源镜像已从云市场下架。", "请更换镜像。"),
    code("IncorrectImageStatus")
        .says("snapshot")
        .about(&["ImageId", "DataDisk.N.SnapshotId"])
        .en("The image holds an encrypted snapshot, with which this cannot be done.", "Use an image whose snapshots are not encrypted.")
        .zh("该镜像包含加密快照，不支持此操作。", "请使用不含加密快照的镜像。"),
    code("IncorrectImageStatus")
        .about(&["ImageId"])
        .en("The image is not available.", "Wait until the image is available, or use another one.")
        .zh("该镜像当前不可用。", "请等待镜像可用，或更换镜像。"),
    code("OperationDenied")
        .says("Image is disabled")
        .about(&["ImageId"])
        .en("The image is disabled or deleted.", "Use another image.")
        .zh("该镜像已被禁用或删除。", "请更换镜像。"),
    code("OperationDenied.ImageNotValid")
        .says("not published")
        .about(&["ImageId"])
        .en("The image is not offered in this region.", "Use an image of this region, or copy it there.")
        .zh("该地域未提供此镜像。", "请使用该地域的镜像，或将镜像复制到该地域。"),
    code("OperationDenied.ImageNotValid")
        .says("not authorized")
        .about(&["ImageId"])
        .en("The account may not use the image.", "Have its owner share the image with this account, or use another one.")
        .zh("账号没有使用该镜像的权限。", "请让镜像所有者共享给当前账号，或更换镜像。"),
    code("OperationDenied.ImageNotValid")
        .says("marketplace")
        .about(&["ImageId"])
        .en("The marketplace has no such image.", "Use another image.")
        .zh("云市场没有这个镜像。", "请更换镜像。"),
    code("OperationDenied.ImageNotValid")
        .about(&["ImageId"])
        .en("The image cannot be used for this.", "Use an image that is published in this region and open to this account.")
        .zh("该镜像不支持此操作。", "请使用在该地域发布且当前账号可用的镜像。"),
    code("IoOptimized.NotSupported")
        .about(&["ImageId", "IoOptimized"])
        .en("The image does not run on I/O optimized instances.", "Use an image that supports I/O optimized instances.")
        .zh("该镜像不支持 I/O 优化实例。", "请使用支持 I/O 优化实例的镜像。"),
    code("InvalidParameter.CreditSpecification")
        .about(&["CreditSpecification", "InstanceType"])
        .en("The region, or the instance type, has no such credit specification.", "Leave the credit specification out, or choose a burstable instance type.")
        .zh("该地域或实例规格不支持此运行模式。", "请去掉 credit_specification，或选择突发性能实例规格。"),
    code("InvalidParam.Amount")
        .en("The number of instances is not one that a single request can ask for.", "Report this with the request id: prov asks for one at a time.")
        .zh("单次请求的实例数量不合法。", "请附上 RequestId 报告此问题：prov 每次只创建一台实例。")
        .bug(),
    code("InvalidLaunchTemplate*")
        .about(&["LaunchTemplateId", "LaunchTemplateName", "LaunchTemplateVersion"])
        .en("There is no such launch template, or no such version of it.", "Check the launch template's id, name and version.")
        .zh("启动模板或其版本不存在。", "请检查启动模板的 ID、名称和版本。"),
    // Name and login.
    code("InvalidInstanceName*")
        .about(&["InstanceName"])
        .en("The instance's name is not allowed.", "Use 2 to 128 characters that begin with a letter, and not with http:// or https://.")
        .zh("实例名称不合法。", "请使用 2~128 个字符，以字母或中文开头，且不能以 http:// 或 https:// 开头。"),
    code("InvalidDescription.*")
        .about(&["Description"])
        .en("The description is not allowed.", "Use 2 to 256 characters that do not begin with http:// or https://.")
        .zh("描述不合法。", "请使用 2~256 个字符，且不能以 http:// 或 https:// 开头。"),
    code("InvalidHostName.*")
        .about(&["HostName"])
        .en("The host name is not allowed.", "Use letters, digits and single hyphens: 2 to 64 characters (Windows: 2 to 15, and not digits only).")
        .zh("主机名不合法。", "请使用字母、数字和不连续的短横线：2~64 个字符（Windows 为 2~15 个，且不能全是数字）。"),
    code("InvalidPassword.*")
        .about(&["Password"])
        .en("The password is not strong enough, or has a character that is not allowed.", "Use 8 to 30 characters with upper-case and lower-case letters, digits and special characters.")
        .zh("密码强度不够，或包含不允许的字符。", "请使用 8~30 个字符，并同时包含大写字母、小写字母、数字和特殊符号。"),
    code("InvalidPasswordParam.Mismatch")
        .about(&["PasswordInherit", "Password"])
        .en("The password is to come from the image, and is given as well.", "Remove password, or set password_inherit to false.")
        .zh("同时指定了密码和使用镜像预设密码。", "请去掉 password，或将 password_inherit 设为 false。"),
    code("InvalidKeyPairName.NotFound")
        .about(&["KeyPairName"])
        .en("The account has no such key pair in this region.", "Check the key pair's name, or create it in this region.")
        .zh("账号在该地域没有这个密钥对。", "请检查密钥对名称，或在该地域创建。"),
    code("DependencyViolation.WindowsInstance")
        .about(&["KeyPairName", "ImageId"])
        .en("Windows does not log in with a key pair.", "Remove key_name and set a password instead.")
        .zh("Windows 实例不支持使用密钥对登录。", "请去掉 key_name，改为设置密码。"),
    code("InvalidRamRole.*")
        .about(&["RamRoleName"])
        .en("There is no such RAM role, or ECS may not assume it.", "Check the RAM role's name, and that it trusts ECS.")
        .zh("RAM 角色不存在，或未信任 ECS 服务。", "请检查角色名称，并确认该角色信任 ECS 服务。"),
    code("InvalidInstance.AlreadyHasRole")
        .about(&["RamRoleName"])
        .en("The instance has a RAM role already.", "Detach the other role first.")
        .zh("该实例已有 RAM 角色。", "请先收回原有角色。"),
    code("InvalidUserData.NotSupported")
        .about(&["UserData", "VSwitchId", "IoOptimized"])
        .en("User data works only in a VPC and on an I/O optimized instance.", "Set a vSwitch and an I/O optimized instance type, or leave user data out.")
        .zh("自定义数据仅支持专有网络中的 I/O 优化实例。", "请设置交换机并使用 I/O 优化的实例规格，或去掉自定义数据。"),
    code("InvalidUserData.Base64FormatInvalid")
        .about(&["UserData"])
        .en("The user data is not Base64.", "Give the script itself: prov encodes it.")
        .zh("自定义数据不是合法的 Base64。", "请直接写脚本内容，prov 会自动编码。"),
    code("InvalidUserData*")
        .about(&["UserData"])
        .en("The user data is too long or not Base64.", "Use at most 16 KB of user data.")
        .zh("自定义数据过长，或不是合法的 Base64。", "自定义数据最多 16 KB。"),
    code("InvalidInstanceId.NotFound").about(&["InstanceId"]).texts(NO_INSTANCE),
    code("Forbidden.InstanceNotFound").about(&["InstanceId"]).texts(NO_INSTANCE),
    code("InvalidInstanId.NotFound").about(&["InstanceId"]).texts(NO_INSTANCE),
    code("InvalidEcsId.NotFound").about(&["InstanceId"]).texts(NO_INSTANCE),
    code("INSTANCE_NOT_EXISTS").about(&["InstanceId"]).texts(NO_INSTANCE),
    code("InvalidOperation.DeletionProtection")
        .about(&["DeletionProtection"])
        .en("It is protected against deletion.", "Set deletion_protection to false, apply, and then delete it.")
        .zh("该资源开启了删除保护。", "请先将 deletion_protection 设为 false 并执行 apply，再删除。"),
    code("InstanceLockedForSecurity")
        .about(&["InstanceId"])
        .en("The instance is locked for security reasons.", "Look in the console why it is locked, and unlock it there.")
        .zh("该实例因安全原因被锁定。", "请在控制台查看锁定原因并解锁。"),
    code("DependencyViolation.SLBConfiguring")
        .about(&["InstanceId"])
        .en("A load balancer is just being set up with the instance.", "Try again when that is done.")
        .zh("负载均衡正在配置该实例。", "请在配置完成后重试。"),
    code("InvalidOperation.EniLinked")
        .about(&["InstanceId"])
        .en("A network interface of the instance is in use elsewhere.", "Detach the interface first.")
        .zh("该实例的弹性网卡正被其他资源使用。", "请先分离该网卡。"),
    // Payment.
    code("ChargeTypeViolation.PostPaidDedicatedHost")
        .about(&["InstanceChargeType", "DedicatedHostId"])
        .en("A subscription instance cannot run on a pay-as-you-go dedicated host.", "Use PostPaid, or a dedicated host with a subscription.")
        .zh("包年包月实例不能创建在按量付费的专有宿主机上。", "请使用 PostPaid，或改用包年包月的专有宿主机。"),
    code("ChargeTypeViolation*")
        .about(&["InstanceChargeType"])
        .en("The way the instance is paid for does not allow this.", "Change instance_charge_type first; a PrePaid instance is deleted only with force_delete = true.")
        .zh("该实例的付费方式不允许此操作。", "请先修改 instance_charge_type；删除包年包月实例需设置 force_delete = true。"),
    code("InvalidInstanceChargeType.NotSupport")
        .about(&["InstanceChargeType", "DedicatedHostId"])
        .en("The dedicated host does not take instances that are paid for in this way.", "Use the charge type that the dedicated host has, or leave the host out.")
        .zh("专有宿主机不支持该付费方式。", "请使用专有宿主机支持的付费方式，或去掉专有宿主机。"),
    code("InvalidInstanceChargeType.*")
        .about(&["InstanceChargeType"])
        .en("There is no such way of paying for an instance.", "Use PrePaid or PostPaid.")
        .zh("没有这种付费方式。", "请使用 PrePaid 或 PostPaid。"),
    code("InvalidPeriod.ExceededDedicatedHost")
        .about(&["Period", "AutoRenewPeriod", "DedicatedHostId"])
        .en("The instance's subscription would outlive the dedicated host's.", "Choose a shorter period, or renew the dedicated host first.")
        .zh("实例的订阅时长晚于专有宿主机的到期时间。", "请缩短时长，或先为专有宿主机续费。"),
    code("InvalidPeriodUnit.*")
        .about(&["PeriodUnit"])
        .en("There is no such unit of time for a subscription.", "Use Week or Month.")
        .zh("时长单位不支持。", "请使用 Week 或 Month。"),
    code("InvalidPeriod*")
        .about(&["Period", "PeriodUnit"])
        .en("Subscriptions are not sold for this time.", "Use 1 to 9, 12, 24, 36, 48 or 60 months, or 1 to 4 weeks.")
        .zh("没有这种订阅时长。", "请使用 1~9、12、24、36、48 或 60 个月，或 1~4 周。"),
    code("InvalidAutoRenewPeriod.*")
        .about(&["AutoRenewPeriod", "PeriodUnit"])
        .en("A subscription cannot be renewed for this time.", "Use 1, 2, 3, 6 or 12 months, or 1 to 3 weeks.")
        .zh("自动续费时长不支持。", "请使用 1、2、3、6 或 12 个月，或 1~3 周。"),
    code("InvalidAutoReleaseTime*")
        .about(&["AutoReleaseTime"])
        .en("The time of release is not a time in UTC, or too near or too far away.", "Use a time in UTC between half an hour and three years from now.")
        .zh("自动释放时间不是 UTC 时间，或过近、过远。", "请使用距现在半小时到三年之间的 UTC 时间。"),
    code("InvalidRenewalStatus*")
        .about(&["RenewalStatus"])
        .en("There is no such renewal status.", "Use AutoRenewal, Normal or NotRenewal.")
        .zh("续费状态不支持。", "请使用 AutoRenewal、Normal 或 NotRenewal。"),
    code("InvalidSpotPriceLimit.LowerThanPublicPrice")
        .about(&["SpotPriceLimit"])
        .en("The price limit is below the market price of this moment.", "Raise spot_price_limit, or use SpotAsPriceGo.")
        .zh("出价上限低于当前市场价。", "请提高 spot_price_limit，或使用 SpotAsPriceGo。"),
    code("InvalidSpotPriceLimit*")
        .about(&["SpotPriceLimit"])
        .en("The price limit is not a price.", "Use a number above zero with at most three decimals.")
        .zh("出价上限不合法。", "请使用大于 0 且最多 3 位小数的数值。"),
    code("InvalidSpotAuthorized")
        .about(&["SpotStrategy"])
        .en("The account may not use spot instances.", "Apply for spot instances, or choose NoSpot.")
        .zh("账号没有使用抢占式实例的权限。", "请申请抢占式实例权限，或使用 NoSpot。"),
    code("InvalidSpotStrategy")
        .about(&["SpotStrategy"])
        .en("There is no such spot strategy.", "Use NoSpot, SpotAsPriceGo or SpotWithPriceLimit.")
        .zh("抢占策略不支持。", "请使用 NoSpot、SpotAsPriceGo 或 SpotWithPriceLimit。"),
    code("InvalidSpotDuration")
        .about(&["SpotDuration"])
        .en("A spot instance cannot be protected for this many hours.", "Use 0 to 6 hours.")
        .zh("抢占式实例的保护时长不支持。", "请使用 0~6 小时。"),
    code("InvalidSpotInterruptionBehavior.ClassicNetworkNotSupport")
        .about(&["SpotInterruptionBehavior", "VSwitchId"])
        .en("Spot instances are not offered in the classic network.", "Set a vSwitch.")
        .zh("经典网络不支持抢占式实例。", "请设置交换机。"),
    code("InvalidSpotInterruptionBehavior.LocalDiskNotSupport")
        .about(&["SpotInterruptionBehavior", "InstanceType", "SystemDisk.Category"])
        .en("A spot instance with local disks cannot be interrupted in this way.", "Choose an instance type without local disks, or Terminate.")
        .zh("带本地盘的实例不支持该中断模式。", "请选择不带本地盘的实例规格，或使用 Terminate。"),
    code("InvalidSpotInterruptionBehavior*")
        .about(&["SpotInterruptionBehavior"])
        .en("A spot instance cannot be interrupted in this way.", "Use Terminate.")
        .zh("抢占式实例的中断模式不支持。", "请使用 Terminate。"),
    // Dedicated hosts, deployment sets, clusters.
    code("InvalidDedicatedHostId.*")
        .about(&["DedicatedHostId"])
        .en("The account has no such dedicated host in this region.", "Check the dedicated host's id.")
        .zh("账号在该地域没有这台专有宿主机。", "请检查专有宿主机 ID。"),
    code("InvalidDedicatedHostStatus.*")
        .about(&["DedicatedHostId"])
        .en("The dedicated host takes no instances in its present state.", "Apply again when the dedicated host is available, or choose another one.")
        .zh("专有宿主机当前的状态不支持创建实例。", "请在专有宿主机可用后重新执行 apply，或更换专有宿主机。"),
    code("IncorrectDedicatedHostStatus")
        .about(&["DedicatedHostId"])
        .en("The dedicated host takes no instances in its present state.", "Apply again when the dedicated host is available, or choose another one.")
        .zh("专有宿主机当前的状态不支持创建实例。", "请在专有宿主机可用后重新执行 apply，或更换专有宿主机。"),
    code("DedicatedHostType.Unmatched")
        .about(&["InstanceType", "DedicatedHostId"])
        .en("The dedicated host does not run this instance type.", "Choose an instance type of the host's family, or another dedicated host.")
        .zh("专有宿主机不支持该实例规格。", "请选择与宿主机规格族匹配的实例规格，或更换专有宿主机。"),
    code("InvalidNetworkType.NotSupported")
        .about(&["DedicatedHostId", "VSwitchId"])
        .en("A dedicated host takes no instances of the classic network.", "Set a vSwitch.")
        .zh("专有宿主机不支持经典网络的实例。", "请设置交换机。"),
    code("InvalidDeploymentOnHost")
        .about(&["DeploymentSetId", "DedicatedHostId"])
        .en("A deployment set and a dedicated host exclude each other.", "Leave out either the deployment set or the dedicated host.")
        .zh("部署集不支持专有宿主机。", "请去掉部署集或专有宿主机。"),
    code("DeploymentSet.NotFound")
        .about(&["DeploymentSetId"])
        .en("The account has no such deployment set in this region.", "Check the deployment set's id.")
        .zh("账号在该地域没有这个部署集。", "请检查部署集 ID。"),
    code("InvalidHpcClusterId.Unnecessary")
        .about(&["HpcClusterId", "InstanceType"])
        .en("The instance type runs in no HPC cluster.", "Leave the HPC cluster out.")
        .zh("该实例规格不支持 HPC 集群。", "请去掉 hpc_cluster_id。"),
    code("InvalidHpcClusterId.Necessary")
        .about(&["HpcClusterId", "InstanceType"])
        .en("The instance type runs only in an HPC cluster.", "Set the HPC cluster.")
        .zh("该实例规格必须指定 HPC 集群。", "请设置 hpc_cluster_id。"),
    code("InvalidHpcClusterId.Creating")
        .about(&["HpcClusterId"])
        .en("The HPC cluster is still being made.", "Apply again when the HPC cluster is ready.")
        .zh("HPC 集群正在创建中。", "请在集群就绪后重新执行 apply。"),
    code("InvalidHpcClusterId.*")
        .about(&["HpcClusterId"])
        .en("The account has no such HPC cluster in this region.", "Check the HPC cluster's id.")
        .zh("账号在该地域没有这个 HPC 集群。", "请检查 HPC 集群 ID。"),
    code("InvalidClusterId.*")
        .about(&["ClusterId"])
        .en("There is no such cluster.", "Leave the cluster out: the vSwitch decides where the instance is.")
        .zh("集群不存在。", "请去掉 cluster_id：实例的位置由交换机决定。"),
];

const NO_INSTANCE: [&str; 4] = [
    "The account has no such instance in this region.",
    "Check the instance's id and the region.",
    "账号在该地域没有这台实例。",
    "请检查实例 ID 和地域。",
];
