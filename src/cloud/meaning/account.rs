//! What the account has: money, quotas, and what is left in stock.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
    code("RealNameAuthenticationError")
        .en("The account has not passed real-name authentication.", "Complete the account's real-name authentication, and apply again.")
        .zh("账号尚未完成实名认证。", "请先完成账号实名认证，然后重新执行 apply。"),
    code("Account.Arrearage")
        .en("The account has unpaid bills.", "Pay the account's outstanding amount, and apply again.")
        .zh("账号有未支付的欠款。", "请先付清欠款，然后重新执行 apply。"),
    code("InvalidAccountStatus.NotEnoughBalance")
        .about(&["InstanceChargeType"])
        .en("The account's balance does not cover this purchase.", "Add money to the account's balance, or choose a cheaper order.")
        .zh("账号余额不足以支付本次购买。", "请充值，或选择更便宜的配置。"),
    code("InvalidAccountStatus*")
        .en("The account is in a state that does not allow this.", "Look into the account's status in the console.")
        .zh("账号当前的状态不允许此操作。", "请在控制台查看账号状态。"),
    code("InsufficientBalance*")
        .en("The account's balance does not cover this purchase.", "Add money to the account's balance.")
        .zh("账号余额不足以支付本次购买。", "请充值后重试。"),
    code("*NotEnoughBalance*")
        .en("The account's balance does not cover this purchase.", "Add money to the account's balance.")
        .zh("账号余额不足以支付本次购买。", "请充值后重试。"),
    code("InvalidPayMethod")
        .about(&["InstanceChargeType"])
        .en("The account has no way of paying for a subscription.", "Add a payment method to the account, or use PostPaid.")
        .zh("账号没有可用于包年包月的支付方式。", "请为账号添加支付方式，或改用 PostPaid。"),
    code("OperationDenied.IllegalPaymentPolicy")
        .en("The reseller who pays for the account has not agreed to this purchase.", "Ask the reseller to sign the payment agreement.")
        .zh("代付该账号费用的服务商尚未签署相应的支付协议。", "请联系服务商完成支付协议。"),
    code("OperationDenied.NoStock")
        .about(&["InstanceType", "ZoneId", "VSwitchId", "SystemDisk.Category"])
        .en("The zone has none of these left.", "Choose another instance type or disk category, or a vSwitch in another zone.")
        .zh("该可用区库存不足。", "请更换实例规格或云盘类型，或使用其他可用区的交换机。"),
    code("OperationDenied")
        .says("out of usage")
        .about(&["InstanceType", "ZoneId", "VSwitchId", "SystemDisk.Category"])
        .en("The zone has none of these left.", "Choose another instance type or disk category, or a vSwitch in another zone.")
        .zh("该可用区的资源已售罄。", "请更换实例规格或云盘类型，或使用其他可用区的交换机。"),
    code("OperationDenied")
        .says("temporarily suspended")
        .about(&["RegionId", "InstanceType"])
        .en("The region sells none of these for the moment.", "Apply again later, or use another region.")
        .zh("该地域暂停出售此类资源。", "请稍后重新执行 apply，或改用其他地域。"),
    code("InvalidResourceType.NotSupported")
        .about(&["InstanceType", "ZoneId", "VSwitchId", "SystemDisk.Category", "DataDisk.N.Category"])
        .en("This combination of instance type, zone and disks is not on sale.", "Choose another instance type, disk category or zone.")
        .zh("该实例规格、可用区与云盘的组合没有出售。", "请更换实例规格、云盘类型或可用区。"),
    code("LackResource")
        .about(&["DedicatedHostId", "InstanceType"])
        .en("The dedicated host has no room for this instance.", "Choose another dedicated host, or a smaller instance type.")
        .zh("专有宿主机剩余资源不足以容纳该实例。", "请更换专有宿主机，或选择更小的实例规格。"),
    code("ResourceNotAvailable*")
        .about(&["ZoneId", "RegionId"])
        .en("What is asked for is not available in this region or zone.", "Use another zone or region.")
        .zh("所请求的资源在该地域或可用区不可用。", "请更换可用区或地域。"),
    code("InsufficientPublicIp")
        .about(&["InternetMaxBandwidthOut"])
        .en("There is no public address left for the instance.", "Apply again later, or bind an elastic IP address instead.")
        .zh("没有可分配给该实例的公网 IP。", "请稍后重新执行 apply，或改为绑定弹性公网 IP。"),
    code("ReserveIpFail")
        .en("No elastic IP address could be reserved.", "Apply again later.")
        .zh("未能预留弹性公网 IP。", "请稍后重新执行 apply。"),
    code("QuotaExceed.AfterpayInstance")
        .about(&["InstanceChargeType", "InstanceType"])
        .en("The account has as many pay-as-you-go instances as it may have.", "Ask for a higher quota in the Quota Center, release some, or buy a subscription.")
        .zh("账号的按量付费实例数量已达上限。", "请在配额中心申请提高配额，释放部分实例，或改为包年包月。"),
    code("QuotaExceed.ElasticQuota")
        .about(&["InstanceType"])
        .en("The account's quota for this instance type is used up.", "Ask for a higher quota in the Quota Center, or choose another instance type.")
        .zh("账号对该实例规格的配额已用完。", "请在配额中心申请提高配额，或更换实例规格。"),
    code("QuotaExceed.PortableCloudDisk")
        .about(&["DataDisk.N.Size"])
        .en("The account has as many detachable cloud disks as it may have.", "Ask for a higher quota in the Quota Center, or release some disks.")
        .zh("账号的可卸载云盘数量已达上限。", "请在配额中心申请提高配额，或释放部分云盘。"),
    code("QuotaExceed.PostPaidDisk")
        .about(&["DataDisk.N.Size"])
        .en("The account has as many pay-as-you-go disks as it may have.", "Ask for a higher quota in the Quota Center, or release some disks.")
        .zh("账号的按量付费云盘数量已达上限。", "请在配额中心申请提高配额，或释放部分云盘。"),
    code("QuotaExceed.BuyImage")
        .about(&["ImageId"])
        .en("The image is sold in the marketplace, and the account has not bought it, or not often enough.", "Buy the image in the marketplace first, or use another one.")
        .zh("该镜像来自云市场，账号尚未购买，或购买数量已用完。", "请先在云市场购买该镜像，或更换镜像。"),
    code("QuotaExceeded.PrivateIpAddress")
        .about(&["VSwitchId"])
        .en("The vSwitch has no free address left.", "Use another vSwitch, or one with a larger network.")
        .zh("该交换机没有可用的私网 IP。", "请更换交换机，或使用网段更大的交换机。"),
    code("SecurityGroupInstanceLimitExceed")
        .about(&["SecurityGroupId"])
        .en("The security group has as many instances as it can hold.", "Use another security group.")
        .zh("该安全组中的实例数量已达上限。", "请使用其他安全组。"),
    code("InstanceSecurityGroupLimitExceeded")
        .about(&["SecurityGroupId"])
        .en("The instance is in as many security groups as it can be.", "List fewer security groups.")
        .zh("实例加入的安全组数量已达上限。", "请减少安全组。"),
    code("AuthorizationLimitExceed")
        .en("The security group has as many rules as it can hold.", "Remove or merge rules, use another group, or ask for a higher quota.")
        .zh("该安全组的规则数量已达上限。", "请删除或合并规则，使用其他安全组，或申请提高配额。"),
    code("QuotaExceed.SecurityGroup")
        .en("The account has as many security groups in this region as it may have.", "Delete groups that are not needed, or ask for a higher quota.")
        .zh("账号在该地域的安全组数量已达上限。", "请删除不需要的安全组，或申请提高配额。"),
    code("QuotaExceeded.Vpc")
        .en("The account has as many VPCs in this region as it may have.", "Delete VPCs that are not needed, or ask for a higher quota.")
        .zh("账号在该地域的专有网络数量已达上限。", "请删除不需要的专有网络，或申请提高配额。"),
    code("QuotaExceeded.VSwitch")
        .about(&["VpcId"])
        .en("The VPC has as many vSwitches as it may have.", "Delete vSwitches that are not needed, or ask for a higher quota.")
        .zh("该专有网络的交换机数量已达上限。", "请删除不需要的交换机，或申请提高配额。"),
    code("QuotaExceeded.SecondaryCidrBlock")
        .about(&["SecondaryCidrBlock"])
        .en("The VPC has as many additional networks as it may have.", "Remove one, or ask for a higher quota.")
        .zh("该专有网络的附加网段数量已达上限。", "请删除一个附加网段，或申请提高配额。"),
    code("QuotaExceeded.Eip")
        .en("The account has as many elastic IP addresses as it may have.", "Release some, or ask for a higher quota.")
        .zh("账号的弹性公网 IP 数量已达上限。", "请释放部分弹性公网 IP，或申请提高配额。"),
    code("QuotaExceeded")
        .says("route")
        .about(&["RouteTableId"])
        .en("The route table has as many routes as it may have.", "Remove routes, or ask for a higher quota.")
        .zh("该路由表的路由条目数量已达上限。", "请删除部分路由，或申请提高配额。"),
    code("QuotaExceed.KeyPair")
        .en("The account has as many key pairs in this region as it may have.", "Delete key pairs that are not needed, or ask for a higher quota.")
        .zh("账号在该地域的密钥对数量已达上限。", "请删除不需要的密钥对，或申请提高配额。"),
    code("QuotaExceed.Snapshot")
        .about(&["DiskId"])
        .en("The disk has as many snapshots as it may have.", "Delete snapshots that are not needed.")
        .zh("该云盘的快照数量已达上限。", "请删除不需要的快照。"),
    code("QuotaExceed.Image")
        .en("The account has as many images in this region as it may have.", "Delete images that are not needed, or ask for a higher quota.")
        .zh("账号在该地域的镜像数量已达上限。", "请删除不需要的镜像，或申请提高配额。"),
    code("OperationDenied.QuotaExceed")
        .says("tags")
        .about(&["Tag"])
        .en("The object has as many tags as it may have.", "Remove tags: an object has at most 20.")
        .zh("该对象的标签数量已达上限。", "请减少标签：每个对象最多 20 个。"),
    code("MaxEniCountExceeded")
        .en("The account has as many network interfaces in this region as it may have.", "Delete interfaces that are not needed, or ask for a higher quota.")
        .zh("账号在该地域的弹性网卡数量已达上限。", "请删除不需要的网卡，或申请提高配额。"),
    code("EniPerInstanceLimitExceeded")
        .about(&["NetworkInterface.N.NetworkInterfaceId", "InstanceType", "NetworkInterfaceId"])
        .en("The instance type takes no more network interfaces.", "Attach fewer interfaces, or choose a larger instance type.")
        .zh("该实例规格支持的弹性网卡数量已达上限。", "请减少网卡，或选择更大的实例规格。"),
    code("InvalidOperation.IpAddressCountExceeded")
        .about(&["PrivateIpAddress", "SecondaryPrivateIpAddressCount"])
        .en("The network interface takes no more addresses.", "Ask for fewer addresses, or choose a larger instance type.")
        .zh("该弹性网卡的 IP 数量已达上限。", "请减少 IP 数量，或选择更大的实例规格。"),
    code("Forbidden.SnatEntryCountLimited")
        .about(&["SnatTableId"])
        .en("The SNAT table has as many entries as it may have.", "Remove entries, or ask for a higher quota.")
        .zh("该 SNAT 表的条目数量已达上限。", "请删除部分条目，或申请提高配额。"),
    code("Forbidden.CheckEntryRuleQuota")
        .about(&["VpcId"])
        .en("The VPC has as many routes as it may have, and the gateway needs one.", "Remove routes, or ask for a higher quota.")
        .zh("该专有网络的路由条目数量已达上限，无法为网关添加路由。", "请删除部分路由，或申请提高配额。"),
];
