//! Elastic IP addresses, NAT gateways with their entries, and routes.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
    // Elastic IP addresses.
    code("InvalidAllocationId.*")
        .about(&["AllocationId"])
        .en(
            "The account has no such elastic IP address in this region.",
            "Check the address's id.",
        )
        .zh(
            "账号在该地域没有这个弹性公网 IP。",
            "请检查弹性公网 IP 的 ID。",
        ),
    code("InvalidAssociation.Duplicated")
        .about(&["AllocationId", "InstanceId"])
        .en(
            "The instance has an elastic IP address already.",
            "Release that one first, or use another instance.",
        )
        .zh("该实例已绑定弹性公网 IP。", "请先解绑，或使用其他实例。"),
    code("OperationDenied")
        .says("not in VPC")
        .about(&["InstanceId"])
        .en(
            "An elastic IP address is bound only to what is in a VPC.",
            "Use an instance in a VPC.",
        )
        .zh(
            "弹性公网 IP 只能绑定到专有网络中的资源。",
            "请使用专有网络中的实例。",
        ),
    code("Forbidden.ChargeTypeIsPrepaid")
        .about(&["AllocationId"])
        .en(
            "An address with a subscription cannot be released before its end.",
            "Wait for the end of the subscription, or ask for a refund in the console.",
        )
        .zh(
            "包年包月的弹性公网 IP 到期前不能释放。",
            "请等待到期，或在控制台退订。",
        ),
    code("InvalidStatus.InstanceHasBandWidth")
        .about(&["InstanceId", "AllocationId"])
        .en(
            "The instance has a public address of its own.",
            "Set the instance's internet_max_bandwidth_out to 0 first.",
        )
        .zh(
            "该实例自身带有公网带宽。",
            "请先将实例的 internet_max_bandwidth_out 设为 0。",
        ),
    code("InvalidIpStatus.HasBeenUsedBy*")
        .about(&["AllocationId"])
        .en(
            "SNAT or DNAT entries use the address.",
            "Remove those entries first.",
        )
        .zh("该 IP 正被 SNAT 或 DNAT 条目使用。", "请先删除相关条目。"),
    code("InvalidStatus.SnatOrDnat")
        .about(&["AllocationId"])
        .en(
            "SNAT or DNAT entries use the address.",
            "Remove those entries first.",
        )
        .zh("该 IP 正被 SNAT 或 DNAT 条目使用。", "请先删除相关条目。"),
    code("InvalidStatus.NotAllow")
        .about(&["AllocationId"])
        .en(
            "The elastic IP address is in a state that does not allow this.",
            "Try again when it is available or bound.",
        )
        .zh(
            "弹性公网 IP 当前的状态不支持此操作。",
            "请在其处于可用或已绑定状态后重试。",
        ),
    // NAT gateways, SNAT and DNAT, routes.
    code("InvalidNatGatewayId*")
        .about(&["NatGatewayId"])
        .en(
            "The account has no such NAT gateway in this region.",
            "Check the gateway's id.",
        )
        .zh("账号在该地域没有这个 NAT 网关。", "请检查 NAT 网关 ID。"),
    code("InvalidNatGatewayName*")
        .about(&["Name"])
        .en(
            "The NAT gateway's name is not allowed.",
            "Use 2 to 128 characters that begin with a letter, and not with http:// or https://.",
        )
        .zh(
            "NAT 网关名称不合法。",
            "请使用 2~128 个字符，以字母或中文开头，且不能以 http:// 或 https:// 开头。",
        ),
    code("OperationFailed.VswNotBelongToVpc")
        .about(&["VSwitchId", "VpcId"])
        .en(
            "The vSwitch is in another VPC than the gateway.",
            "Use a vSwitch of the gateway's VPC.",
        )
        .zh(
            "交换机与 NAT 网关不在同一专有网络。",
            "请使用 NAT 网关所在专有网络的交换机。",
        ),
    code("DependencyViolation.EIPS")
        .about(&["NatGatewayId"])
        .en(
            "The NAT gateway still has elastic IP addresses.",
            "Release them from the gateway first.",
        )
        .zh("NAT 网关仍绑定有弹性公网 IP。", "请先解绑。"),
    code("InvalidSnatTableId*")
        .about(&["SnatTableId"])
        .en(
            "There is no such SNAT table.",
            "Check the table's id: the NAT gateway tells it.",
        )
        .zh("SNAT 表不存在。", "请检查 SNAT 表 ID，可从 NAT 网关获取。"),
    code("InvalidSnatEntryId*")
        .about(&["SnatEntryId"])
        .en(
            "There is no such SNAT entry.",
            "Apply again: the next plan reads the table anew.",
        )
        .zh(
            "SNAT 条目不存在。",
            "请重新执行 apply：下一次 plan 会重新读取。",
        ),
    code("InvalidSnatIp*")
        .about(&["SnatIp"])
        .en(
            "The SNAT address is not one of the NAT gateway's.",
            "Use the elastic IP addresses that are bound to the gateway.",
        )
        .zh(
            "SNAT 使用的 IP 不属于该 NAT 网关。",
            "请使用已绑定到该网关的弹性公网 IP。",
        ),
    code("Forbidden.SourceVSwitchId.Duplicated")
        .about(&["SourceVSwitchId", "SourceCIDR"])
        .en(
            "The gateway has an SNAT entry for this source already.",
            "Change that entry, or import it.",
        )
        .zh("该来源已有 SNAT 条目。", "请修改或导入已有条目。"),
    code("Forbidden.IpUsedInForwardTable")
        .about(&["SnatIp"])
        .en(
            "The address is used by a DNAT entry.",
            "Use another address.",
        )
        .zh("该 IP 已被 DNAT 条目使用。", "请使用其他 IP。"),
    code("Forbidden.ExternalIp.UsedInSnatTable")
        .about(&["ExternalIp"])
        .en(
            "The address is used by an SNAT entry.",
            "Use another address.",
        )
        .zh("该 IP 已被 SNAT 条目使用。", "请使用其他 IP。"),
    code("EIP_NOT_IN_GATEWAY")
        .about(&["SnatIp"])
        .en(
            "The address is not bound to the NAT gateway yet.",
            "Bind the elastic IP address to the gateway first.",
        )
        .zh("该弹性公网 IP 尚未绑定到 NAT 网关。", "请先绑定到网关。"),
    code("InvalidForwardTableId*")
        .about(&["ForwardTableId"])
        .en(
            "There is no such DNAT table.",
            "Check the table's id: the NAT gateway tells it.",
        )
        .zh("DNAT 表不存在。", "请检查 DNAT 表 ID，可从 NAT 网关获取。"),
    code("InvalidExternalIp*")
        .about(&["ExternalIp"])
        .en(
            "The address is not one of the NAT gateway's.",
            "Use an elastic IP address that is bound to the gateway.",
        )
        .zh(
            "该公网 IP 不属于 NAT 网关。",
            "请使用已绑定到该网关的弹性公网 IP。",
        ),
    code("InvalidIp.NotInNatgw")
        .about(&["ExternalIp", "SnatIp"])
        .en(
            "The address is not one of the NAT gateway's.",
            "Use an elastic IP address that is bound to the gateway.",
        )
        .zh(
            "该 IP 不属于 NAT 网关。",
            "请使用已绑定到该网关的弹性公网 IP。",
        ),
    code("InvalidExternalPort*")
        .about(&["ExternalPort"])
        .en("The port is not one.", "Use 1 to 65535, or any.")
        .zh("端口不合法。", "请使用 1~65535 或 any。"),
    code("InvalidRouteTableId*")
        .about(&["RouteTableId"])
        .en(
            "The account has no such route table in this region.",
            "Check the route table's id.",
        )
        .zh("账号在该地域没有这个路由表。", "请检查路由表 ID。"),
    code("InvalidRouteEntry*")
        .about(&["DestinationCidrBlock"])
        .en(
            "The route table has no such route.",
            "Apply again: the next plan reads the table anew.",
        )
        .zh(
            "该路由表没有这条路由。",
            "请重新执行 apply：下一次 plan 会重新读取。",
        ),
    code("InvalidCIDRBlock.Duplicate")
        .about(&["DestinationCidrBlock"])
        .en(
            "The route table has a route to this destination already.",
            "Change or import that route, or use another destination.",
        )
        .zh(
            "该路由表已有到此目标网段的路由。",
            "请修改或导入已有路由，或更换目标网段。",
        ),
    code("InvalidNextHopId*")
        .about(&["NextHopId"])
        .en(
            "What the route leads to does not exist.",
            "Check the next hop's id and type.",
        )
        .zh("路由的下一跳不存在。", "请检查下一跳的 ID 和类型。"),
    code("InvalidNextHopType*")
        .about(&["NextHopType"])
        .en(
            "A route cannot lead to this type of object.",
            "Check the next hop's type.",
        )
        .zh("下一跳类型不支持。", "请检查下一跳类型。"),
    code("OperationDenied")
        .says("route entry type is system")
        .about(&["DestinationCidrBlock"])
        .en(
            "A route of the system cannot be changed.",
            "Leave it alone, or remove it from the state.",
        )
        .zh(
            "系统路由不能修改。",
            "请不要修改它，或将其从 state 中移除。",
        ),
    code("DependencyViolation.RouteEntry")
        .about(&["InstanceId", "RouteTableId", "VpcId"])
        .en("A route still leads to it.", "Remove the route first.")
        .zh("仍有路由指向该资源。", "请先删除相关路由。"),
    code("OperationFailed.AlreadyAssociated")
        .about(&["VSwitchId", "RouteTableId"])
        .en(
            "The vSwitch has another route table already.",
            "Remove the other association first.",
        )
        .zh("该交换机已绑定其他路由表。", "请先解除原有绑定。"),
    code("OperationUnsupported.EipBindMode")
        .about(&["EipBindMode"])
        .en(
            "The gateway's way of binding addresses can only be changed to NAT.",
            "Leave eip_bind_mode as it is, or make another gateway.",
        )
        .zh(
            "NAT 网关的 EIP 绑定模式只能改为 NAT。",
            "请保持 eip_bind_mode 不变，或新建网关。",
        ),
    code("OperationUnsupported.NatType")
        .about(&["NatType"])
        .en(
            "Only a normal NAT gateway can be upgraded, and only to an enhanced one.",
            "Leave nat_type as it is, or set it to Enhanced.",
        )
        .zh(
            "只有普通型 NAT 网关可以升级为增强型。",
            "请保持 nat_type 不变，或将其设为 Enhanced。",
        ),
    code("OperationUnsupported.P*")
        .about(&["InternetChargeType", "Spec", "InstanceChargeType"])
        .en(
            "A gateway that is paid for by use has neither a specification nor a subscription.",
            "Use PayBySpec, or leave the specification and the subscription out.",
        )
        .zh(
            "按使用量计费的 NAT 网关没有规格，也不支持包年包月。",
            "请使用 PayBySpec，或去掉规格和包年包月。",
        ),
];
