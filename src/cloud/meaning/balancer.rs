//! Load balancers.

use super::{Meaning, code};

/// What several codes say of a bandwidth.
const BANDWIDTH: [&str; 4] = [
    "The load balancer's bandwidth is not one that is sold.",
    "Use a bandwidth from 1 to 5120.",
    "负载均衡实例的带宽不合法。",
    "请使用 1~5120 的带宽。",
];
const SUBSCRIBED: [&str; 4] = [
    "A load balancer with a subscription can neither be deleted nor be protected from that before its end.",
    "Wait for the end of the subscription, or ask for a refund in the console.",
    "包年包月的负载均衡实例到期前不能删除，也不支持删除保护。",
    "请等待到期，或在控制台退订。",
];
const SOLD_OUT: [&str; 4] = [
    "There are no more load balancers of this kind there for now.",
    "Use other zones, or try again later.",
    "该可用区或地域暂无此类负载均衡实例资源。",
    "请更换可用区，或稍后重试。",
];
const CHARGE: [&str; 4] = [
    "The load balancer cannot be paid for in this way.",
    "What is paid by use is paid by traffic, and a subscription on the internet by bandwidth.",
    "该负载均衡实例不支持此计费方式。",
    "按使用量计费的实例只能按流量计费，包年包月的公网实例只能按带宽计费。",
];
const PROTECTION: [&str; 4] = [
    "The protection from changes in the console, or its reason, is not one that there is.",
    "Use ConsoleProtection with a reason of 1 to 80 characters that begins with a letter, or NonProtection.",
    "修改保护状态或其原因不合法。",
    "请使用 ConsoleProtection 及 1~80 个字符、以字母或中文开头的原因，或使用 NonProtection。",
];

pub(super) static ROWS: &[Meaning] = &[
    code("InvalidLoadBalancerId*")
        .about(&["LoadBalancerId"])
        .en(
            "The account has no such load balancer in this region.",
            "Check the load balancer's id.",
        )
        .zh(
            "账号在该地域没有这个负载均衡实例。",
            "请检查负载均衡实例 ID。",
        ),
    code("OperationDenied.DeleteProtectionIsOn")
        .about(&["DeleteProtection"])
        .en(
            "The load balancer is protected from being deleted.",
            "Set delete_protection to \"off\" and apply that first.",
        )
        .zh(
            "负载均衡实例已开启删除保护。",
            "请先将 delete_protection 设为 \"off\" 并 apply。",
        ),
    code("OperationUnsupported.DeleteProtectionForPrePayInstance")
        .about(&["DeleteProtection"])
        .texts(SUBSCRIBED),
    code("InvalidChargeType")
        .says("prepay loadBalancer")
        .about(&["PayType"])
        .texts(SUBSCRIBED),
    code("Operation.NotAllowed")
        .says("Unfinished order")
        .en(
            "An earlier order for the load balancer has not been paid, or holds from midnight on.",
            "Pay or cancel it in the console, or try again tomorrow.",
        )
        .zh(
            "该负载均衡实例有未完成的订单。",
            "请在控制台支付或取消该订单，或次日重试。",
        ),
    code("Operation.NotAllowed")
        .says("payByTraffic")
        .about(&["PayType", "InternetChargeType"])
        .texts(CHARGE),
    code("Operation.NotAllowed")
        .says("paybybandwidth")
        .about(&["InternetChargeType", "PayType"])
        .texts(CHARGE),
    code("Operation.NotAllowed")
        .en(
            "The account or the load balancer does not allow this as it is.",
            "The message says why; what is to be paid first is in the console.",
        )
        .zh("账号或负载均衡实例的当前状态不允许此操作。", "请查看错误信息；待支付的订单可在控制台处理。"),
    code("Instance.InternetChargeTypeNotAllowed")
        .about(&["InternetChargeType"])
        .texts(CHARGE),
    code("IllegalParam.InternetChargeType")
        .about(&["InternetChargeType"])
        .texts(CHARGE),
    code("IllegalParam.InstanceChargeType")
        .about(&["InstanceChargeType", "PayType"])
        .texts(CHARGE),
    code("OperationDenied.PayByCLCU")
        .about(&["LoadBalancerSpec", "InternetChargeType", "PayType", "InstanceChargeType"])
        .en(
            "The load balancer is paid by use: it has neither a size nor a bandwidth, and cannot become a subscription.",
            "Make another one with instance_charge_type PayBySpec.",
        )
        .zh(
            "该负载均衡实例按使用量计费，没有规格和带宽，也不能转为包年包月。",
            "请新建 instance_charge_type 为 PayBySpec 的实例。",
        ),
    code("OperationDenied.PayBySpec")
        .about(&["InstanceChargeType"])
        .en(
            "The load balancer is paid by its size already.",
            "Run a refresh, so that the state says so too.",
        )
        .zh("该负载均衡实例已按规格计费。", "请执行 refresh 以更新状态。"),
    code("Forbidden.LcuToSpec")
        .about(&["InstanceChargeType"])
        .en(
            "There is no way back from payment by use to payment by size.",
            "Make another load balancer.",
        )
        .zh("按使用量计费不能改回按规格计费。", "请新建负载均衡实例。"),
    code("ShareSlbHaltSales")
        .about(&["LoadBalancerSpec", "InstanceChargeType"])
        .en(
            "Load balancers without a size are no longer sold.",
            "Set load_balancer_spec, or instance_charge_type to PayByCLCU.",
        )
        .zh(
            "共享型负载均衡实例已停止售卖。",
            "请设置 load_balancer_spec，或将 instance_charge_type 设为 PayByCLCU。",
        ),
    code("MissingParam.LoadBalancerSpec")
        .about(&["LoadBalancerSpec"])
        .en(
            "A load balancer that is paid by its size needs one.",
            "Set load_balancer_spec.",
        )
        .zh("按规格计费的负载均衡实例需要规格。", "请设置 load_balancer_spec。"),
    code("ModifySpecNotAllowed")
        .about(&["LoadBalancerSpec"])
        .en(
            "The load balancer cannot have this size.",
            "Choose another size, or make another load balancer.",
        )
        .zh("该负载均衡实例不支持此规格。", "请更换规格，或新建负载均衡实例。"),
    code("ChangeLbSpecNotAllowed")
        .about(&["LoadBalancerSpec"])
        .en(
            "The load balancer's size cannot be changed.",
            "Keep the size, or make another load balancer.",
        )
        .zh("该负载均衡实例不支持变更规格。", "请保留当前规格，或新建负载均衡实例。"),
    code("InvalidParameter.Bandwidth").says("The param Bandwidth").about(&["Bandwidth"]).texts(BANDWIDTH),
    code("InvalidParameterBandwidth").about(&["Bandwidth"]).texts(BANDWIDTH),
    code("InvalidParameter.Mismatch")
        .says("IpVersion")
        .about(&["AddressIPVersion", "AddressType"])
        .en(
            "Only load balancers on the internet have an IPv6 address.",
            "Use address_ip_version ipv4, or address_type internet.",
        )
        .zh(
            "私网负载均衡实例不支持 IPv6。",
            "请使用 ipv4，或将 address_type 设为 internet。",
        ),
    code("RegionOrZonesNotSupportIpv6")
        .about(&["AddressIPVersion", "MasterZoneId", "SlaveZoneId"])
        .en(
            "The region or its zones have no load balancers with IPv6.",
            "Use address_ip_version ipv4, or other zones.",
        )
        .zh("该地域或可用区不支持 IPv6 负载均衡实例。", "请使用 ipv4，或更换可用区。"),
    code("InvalidParameter")
        .says("not in subnet")
        .about(&["Address", "VSwitchId"])
        .en(
            "The address is not in the vSwitch's range.",
            "Choose an address of the vSwitch, or leave it out.",
        )
        .zh("该 IP 地址不在交换机网段内。", "请使用交换机网段内的地址，或不指定。"),
    code("VSwitchNotExist")
        .about(&["VSwitchId"])
        .en(
            "The account has no such vSwitch in this region.",
            "Check the vSwitch's id.",
        )
        .zh("账号在该地域没有这个交换机。", "请检查交换机 ID。"),
    code("VSwitchAvailableIpNotExist")
        .about(&["VSwitchId"])
        .en(
            "The vSwitch has no free address.",
            "Use another vSwitch, or free addresses.",
        )
        .zh("该交换机没有可用 IP 地址。", "请更换交换机，或释放地址。"),
    code("SubnetIpExhaust")
        .about(&["VSwitchId"])
        .en(
            "The vSwitch has no free address.",
            "Use another vSwitch, or free addresses.",
        )
        .zh("该交换机没有可用 IP 地址。", "请更换交换机，或释放地址。"),
    code("MissingParam.VSwitchId")
        .about(&["VSwitchId"])
        .en(
            "A load balancer of the intranet is in a vSwitch.",
            "Set vswitch_id.",
        )
        .zh("私网负载均衡实例需要交换机。", "请设置 vswitch_id。"),
    code("InvalidVpcId.NotExist")
        .about(&["VpcId", "VSwitchId"])
        .en("The account has no such VPC in this region.", "Check the VPC's id.")
        .zh("账号在该地域没有这个专有网络。", "请检查专有网络 ID。"),
    code("AllocateVpcInstanceFailed")
        .about(&["Address", "VSwitchId"])
        .en(
            "The load balancer could not be put into the vSwitch: something has the address, maybe.",
            "Choose another address, or leave it out and get a free one.",
        )
        .zh("无法在交换机中创建负载均衡实例，地址可能已被占用。", "请更换地址，或不指定。"),
    code("InvalidParam.ModificationProtectionStatus")
        .about(&["ModificationProtectionStatus"])
        .texts(PROTECTION),
    code("InvalidParam.ModificationProtectionReason")
        .about(&["ModificationProtectionReason"])
        .texts(PROTECTION),
    code("OperationUnsupported.SetLoadBalancerStatus")
        .about(&["LoadBalancerStatus"])
        .en(
            "The zone of the load balancer does not let it be started or stopped.",
            "Remove status, or use another zone.",
        )
        .zh("该负载均衡实例所在可用区不支持启停。", "请删除 status，或更换可用区。"),
    code("OperationFailed.ZoneResourceLimit")
        .about(&["MasterZoneId", "SlaveZoneId"])
        .texts(SOLD_OUT),
    code("OperationFailed.RegionResourceLimit").texts(SOLD_OUT),
    code("PRODUCT.NOT_AVAILABLE_IZ")
        .about(&["MasterZoneId", "SlaveZoneId"])
        .texts(SOLD_OUT),
    code("OverQuota")
        .en(
            "The account has as many load balancers in this region as it may have.",
            "Delete load balancers that are not needed, or ask for a higher quota.",
        )
        .zh(
            "账号在该地域的负载均衡实例数量已达上限。",
            "请删除不需要的负载均衡实例，或申请提高配额。",
        ),
    code("OperationFailed.UnpaidBillsExist")
        .en("The account has unpaid bills.", "Pay them first.")
        .zh("账号有未支付的账单。", "请先支付账单。"),
    code("ServiceIsConfiguring")
        .about(&["LoadBalancerId"])
        .en(
            "An earlier change of the load balancer is still being made.",
            "Try again when that is done.",
        )
        .zh("该负载均衡实例的上一次变更仍在进行。", "请在变更完成后重试。"),
    code("OperationFailed.TokenIsProcessing")
        .en(
            "An earlier request with the same token is still being done.",
            "Run the command again: it asks with the same token.",
        )
        .zh(
            "使用同一 ClientToken 的上一个请求仍在处理中。",
            "请重新运行：prov 会使用同一 ClientToken 再次请求。",
        ),
];
