//! What passes by itself: too many requests, a server that fails, objects that are busy or not ready yet.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
    code("FrequentPurchase.EIP")
        .en("Addresses were bought too quickly one after the other.", "Try again later, or with a smaller -parallelism.")
        .zh("短时间内申请弹性公网 IP 过于频繁。", "请稍后重试，或减小 -parallelism。"),
    code("*Throttling*")
        .en("The account has used up its calls of this action for this minute.", "Try again later, or with a smaller -parallelism.")
        .zh("账号在这一分钟内对该操作的调用次数已用完。", "请稍后重试，或减小 -parallelism。"),
    code("InternalError*")
        .en("The cloud failed for a reason of its own.", "Try again; if it stays so, give the request id to the cloud's support.")
        .zh("云端发生内部错误。", "请重试；若持续出现，请将 RequestId 提供给阿里云客服。"),
    code("UnknownError*")
        .en("The cloud failed for a reason of its own.", "Try again; if it stays so, give the request id to the cloud's support.")
        .zh("云端发生未知错误。", "请重试；若持续出现，请将 RequestId 提供给阿里云客服。"),
    code("ServiceUnavailable.RegionMaintaining")
        .en("The region is under maintenance.", "Try again when the maintenance is over.")
        .zh("该地域正在维护。", "请在维护结束后重试。"),
    code("ServiceUnavailable*")
        .en("The cloud is out of service for the moment.", "Try again later.")
        .zh("云端服务暂时不可用。", "请稍后重试。"),
    code("SystemBusy*")
        .en("The cloud is busy.", "Try again later.")
        .zh("云端系统繁忙。", "请稍后重试。"),
    code("*LastTokenProcessing").texts(TOKEN),
    code("*IdempotentTokenProcessing").texts(TOKEN),
    code("Idempot*Processing").texts(TOKEN),
    code("TOKEN_PROCESSING").texts(TOKEN),
    code("Last*Processing")
        .en("An earlier order for the same object is still being done.", "Try again when that order is done.")
        .zh("该对象的上一个订单仍在处理中。", "请在上一个订单完成后重试。"),
    code("OperationDenied")
        .says("has been creating")
        .en("Another instance is being created at this moment, and only one can be at a time.", "Try again when that one is there.")
        .zh("另一台实例正在创建中，暂时不能同时创建。", "请在该实例创建完成后重试。"),
    code("*OperationConflict*").texts(CONFLICT),
    code("Operation.Conflict").texts(CONFLICT),
    code("InvalidOperation.Conflict").texts(CONFLICT),
    code("TaskConflict*").texts(CONFLICT),
    code("VPC_TASK_CONFLICT").texts(CONFLICT),
    code("OperationFailed.DistibuteLock").texts(CONFLICT),
    code("OperationDenied.OtherSubnetProcessing")
        .en("Another vSwitch of the same VPC is being created or deleted.", "Try again when that is done.")
        .zh("同一专有网络内的另一个交换机正在创建或删除。", "请在其完成后重试。"),
    code("DisksDetachingOnEcsExceeded")
        .en("Too many disks are being detached from the instance at once.", "Try again when they are detached.")
        .zh("该实例上同时卸载的云盘过多。", "请在卸载完成后重试。"),
    code("OperationFailed.NatGwRouteInMiddleStatus")
        .en("A route of the NAT gateway is just being changed.", "Try again when that is done.")
        .zh("NAT 网关的路由正在变更。", "请在变更完成后重试。"),
    code("IncorrectVSwitchStatus")
        .about(&["VSwitchId"])
        .en("The vSwitch is not ready, or another one of its VPC is being changed.", "Try again when the vSwitch is available.")
        .zh("交换机尚未就绪，或同一专有网络内有交换机正在变更。", "请在交换机可用后重试。"),
    code("VswitchStatusError")
        .about(&["VSwitchId"])
        .en("The vSwitch is not ready.", "Try again when the vSwitch is available.")
        .zh("交换机尚未就绪。", "请在交换机可用后重试。"),
    code("IncorrectVpcStatus").about(&["VpcId"]).texts(VPC),
    code("InvalidVPCStatus").about(&["VpcId"]).texts(VPC),
    code("VpcStatusError").about(&["VpcId"]).texts(VPC),
    code("IncorrectDefaultVpcStatus")
        .about(&["VSwitchId"])
        .en("The default VPC is not ready.", "Try again when the default VPC is available, or use a VPC of your own.")
        .zh("默认专有网络尚未就绪。", "请在默认专有网络可用后重试，或使用自己创建的专有网络。"),
    code("IncorrectRouteEntryStatus").texts(ROUTE),
    code("IncorrcetRouteEntryStatus").texts(ROUTE),
    code("IncorrectRouteTableStatus").about(&["RouteTableId"]).texts(TABLE),
    code("IncorrectStatus.RouteTable*").about(&["RouteTableId"]).texts(TABLE),
    code("IncorrectStatus.NATGW").about(&["NatGatewayId"]).texts(NAT),
    code("IncorrectStatus.NatGateway").about(&["NatGatewayId"]).texts(NAT),
    code("IncorretSnatEntryStatus")
        .en("An SNAT entry of the gateway is just being changed.", "Try again when that is done.")
        .zh("该网关的 SNAT 条目正在变更。", "请在变更完成后重试。"),
    code("IncorrectEipStatus")
        .about(&["AllocationId"])
        .en("The elastic IP address is in a state that does not allow this.", "Try again when it is available or bound.")
        .zh("弹性公网 IP 当前的状态不支持此操作。", "请在其处于可用或已绑定状态后重试。"),
    code("InvalidBindingStatus")
        .about(&["AllocationId"])
        .en("The elastic IP address is just being bound or released.", "Try again when that is done.")
        .zh("弹性公网 IP 正在绑定或解绑。", "请在完成后重试。"),
    code("IncorrectInstanceStatus.Initializing")
        .about(&["InstanceId"])
        .en("The instance is still being set up.", "Try again when the instance is running or stopped.")
        .zh("实例仍在初始化。", "请在实例运行或停止后重试。"),
    code("IncorrectInstanceStatus*").about(&["InstanceId"]).texts(INSTANCE),
    code("InstanceNotReady")
        .about(&["InstanceId"])
        .en("The instance is not ready yet.", "Try again when the instance is stopped.")
        .zh("实例尚未就绪。", "请在实例处于已停止状态后重试。"),
    code("IncorrectDiskStatus.CreatingSnapshot").about(&["DiskId"]).texts(SNAPSHOT),
    code("IncorrectDiskStatus.NeverAttached")
        .about(&["DiskId"])
        .en("The disk was never attached to an instance, so that there is nothing to make a snapshot of.", "Attach the disk first.")
        .zh("该云盘从未挂载到实例，无法创建快照。", "请先挂载该云盘。"),
    code("IncorrectDiskStatus*")
        .about(&["DiskId"])
        .en("The disk is in a state that does not allow this.", "Try again when the disk is available or in use.")
        .zh("云盘当前的状态不支持此操作。", "请在云盘处于待挂载或使用中状态后重试。"),
    code("DiskCreatingSnapshot").about(&["DiskId"]).texts(SNAPSHOT),
    code("ImageIsCreating")
        .about(&["ImageId"])
        .en("The image is still being made.", "Try again when the image is available.")
        .zh("镜像仍在创建中。", "请在镜像可用后重试。"),
    code("InvalidOperation.InvalidEcsState").about(&["InstanceId"]).texts(INSTANCE),
    code("InvalidOperation.InvalidEniState").about(&["NetworkInterfaceId"]).texts(INTERFACE),
    code("InvalidStatus.RouteEntry").texts(ROUTE),
    code("*IncorrectStatus.cbnStatus")
        .about(&["VpcId"])
        .en("The VPC is just being joined to a Cloud Enterprise Network.", "Try again when that is done.")
        .zh("专有网络正在加入或退出云企业网。", "请在完成后重试。"),
    code("OperationFailed.NotifyCenCreate")
        .about(&["VpcId"])
        .en("The Cloud Enterprise Network could not be told of the change.", "Try again later.")
        .zh("未能通知云企业网。", "请稍后重试。"),
    code("OperationFailed.QueryCenIpv6Status")
        .about(&["VpcId"])
        .en("The Cloud Enterprise Network could not be asked about IPv6.", "Try again later.")
        .zh("未能查询云企业网的 IPv6 状态。", "请稍后重试。"),
    code("OperationFailed.EcsMigrating")
        .about(&["InstanceId"])
        .en("The instance is being moved to other hardware.", "Try again when that is done.")
        .zh("实例正在迁移。", "请在迁移完成后重试。"),
    code("OperationUnsupported.EipInBinding")
        .about(&["ExternalIp", "SnatIp", "AllocationId"])
        .en("The elastic IP address is just being bound.", "Try again when it is bound.")
        .zh("弹性公网 IP 正在绑定。", "请在绑定完成后重试。"),
    code("OperationUnsupported.EipNat*")
        .about(&["SnatIp"])
        .en("The NAT gateway does not have the elastic IP address yet.", "Try again when the address is bound to the gateway.")
        .zh("NAT 网关尚未绑定该弹性公网 IP。", "请在绑定到网关后重试。"),
    code("InvalidStatus.EcsStatusNotSupport").about(&["InstanceId"]).texts(INSTANCE),
    code("InvalidStatus.EniStatusNotSupport").about(&["NetworkInterfaceId"]).texts(INTERFACE),
    code("InvalidVBRStatus")
        .en("The border router is in a state that does not allow this.", "Try again when the border router is active.")
        .zh("边界路由器当前的状态不支持此操作。", "请在边界路由器正常后重试。"),
    code("DiskInCoolingPeriod")
        .about(&["DiskId", "PerformanceLevel", "SystemDisk.PerformanceLevel"])
        .en("The disk's performance was changed a short while ago.", "Try again later: a disk rests between two changes.")
        .zh("该云盘刚刚变更过性能，正处于冷却期。", "请稍后重试。"),
    code("InvalidChargeType.ValueNotSupported")
        .about(&["InstanceChargeType"])
        .en("The instance's way of being paid for does not allow this, or is just being changed.", "Try again when the change is done.")
        .zh("该实例的付费方式不支持此操作，或正在变更。", "请在变更完成后重试。"),
];

const CONFLICT: [&str; 4] = [
    "Another operation on the same object is in progress.",
    "Try again when that operation is done.",
    "同一对象上有其他操作正在进行。",
    "请在该操作完成后重试。",
];
const VPC: [&str; 4] = [
    "The VPC is not ready.",
    "Try again when the VPC is available.",
    "专有网络尚未就绪。",
    "请在专有网络可用后重试。",
];
const ROUTE: [&str; 4] = [
    "A route of the VPC is just being changed.",
    "Try again when that is done.",
    "专有网络内有路由条目正在变更。",
    "请在变更完成后重试。",
];
const NAT: [&str; 4] = [
    "The NAT gateway is just being changed.",
    "Try again when the gateway is available.",
    "NAT 网关正在变更。",
    "请在网关可用后重试。",
];
const TOKEN: [&str; 4] = [
    "An earlier request with the same token is still being done.",
    "Run the command again: it asks with the same token.",
    "使用同一 ClientToken 的上一个请求仍在处理中。",
    "请重新运行：prov 会使用同一 ClientToken 再次请求。",
];
const TABLE: [&str; 4] = [
    "The route table is just being changed.",
    "Try again when the route table is available.",
    "路由表正在变更。",
    "请在路由表可用后重试。",
];
const INSTANCE: [&str; 4] = [
    "The instance is in a state that does not allow this.",
    "Try again when the instance is running or stopped.",
    "实例当前的状态不支持此操作。",
    "请在实例处于运行中或已停止状态后重试。",
];
const SNAPSHOT: [&str; 4] = [
    "A snapshot of the disk is being made.",
    "Try again when that snapshot is done.",
    "该云盘正在创建快照。",
    "请在快照完成后重试。",
];
const INTERFACE: [&str; 4] = [
    "The network interface is in a state that does not allow this.",
    "Try again when the interface is available or in use.",
    "弹性网卡当前的状态不支持此操作。",
    "请在网卡处于可用或使用中状态后重试。",
];
