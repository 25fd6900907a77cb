//! Networks: VPCs, vSwitches, security groups and their rules, and where an instance stands in them.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
    // Where an instance stands.
    code("OperationDenied")
        .says("VlanId")
        .about(&["VlanId"])
        .en("There is no such VLAN, or it has no free address.", "Leave the VLAN out, or use another one.")
        .zh("VLAN 不存在，或没有可用的 IP。", "请去掉 vlan_id，或更换 VLAN。"),
    code("InvalidSecurityGroup.NotInDefaultVpc")
        .about(&["SecurityGroupId", "VSwitchId"])
        .en("The security group is not in the default VPC, where an instance without a vSwitch goes.", "Set vswitch_id, or use a security group of the default VPC.")
        .zh("安全组不属于默认专有网络，而未指定交换机的实例会创建在默认专有网络。", "请设置 vswitch_id，或使用默认专有网络的安全组。"),
    code("InvalidParameter.Mismatch")
        .says("security group")
        .about(&["SecurityGroupId", "VSwitchId"])
        .en("The security group and the vSwitch are in different VPCs.", "Use a security group and a vSwitch of the same VPC.")
        .zh("安全组与交换机不在同一个专有网络。", "请使用同一专有网络的安全组和交换机。"),
    code("InvalidParameter.Mismatch")
        .says("elastic IP")
        .about(&["AllocationId", "InstanceId"])
        .en("The elastic IP address and the instance are in different regions.", "Use an address of the instance's region.")
        .zh("弹性公网 IP 与实例不在同一地域。", "请使用实例所在地域的弹性公网 IP。"),
    code("InvalidParameter.Mismatch")
        .en("Two of the arguments do not go together.", "Make the arguments that the message names agree.")
        .zh("参数之间不匹配。", "请调整错误信息中提到的参数，使其一致。"),
    code("InvalidSecurityGroupId.*")
        .about(&["SecurityGroupId", "SecurityGroupIds"])
        .en("The account has no such security group in this region.", "Check the security group's id.")
        .zh("账号在该地域没有这个安全组。", "请检查安全组 ID。"),
    code("InvalidVSwitchId.Necessary")
        .about(&["VSwitchId"])
        .en("The instance needs a vSwitch.", "Set vswitch_id.")
        .zh("必须指定交换机。", "请设置 vswitch_id。"),
    code("InvalidVSwitchId.IpNotEnough")
        .about(&["VSwitchId"])
        .en("The vSwitch has no free address left.", "Use another vSwitch, or one with a larger network.")
        .zh("该交换机没有可用的私网 IP。", "请更换交换机，或使用网段更大的交换机。"),
    code("InvalidVSwitchId.Ipv6NotTurnOn")
        .about(&["Ipv6AddressCount", "Ipv6Address", "VSwitchId"])
        .en("The vSwitch has no IPv6 network.", "Turn IPv6 on for the VPC and the vSwitch, or leave IPv6 addresses out.")
        .zh("该交换机未开通 IPv6。", "请为专有网络和交换机开通 IPv6，或去掉 IPv6 地址。"),
    code("InvalidVSwitchId.*").about(&["VSwitchId"]).texts(NO_VSWITCH),
    code("InvalidVswitchID.*").about(&["VSwitchId"]).texts(NO_VSWITCH),
    code("InvalidVSwitch.DefaultVSwitchNotSupport")
        .about(&["ZoneId", "VSwitchId"])
        .en("The zone cannot have a default vSwitch.", "Create a vSwitch in this zone and set vswitch_id.")
        .zh("该可用区不支持创建默认交换机。", "请在该可用区创建交换机并设置 vswitch_id。"),
    code("InvalidVpcZone.NotSupported")
        .about(&["VSwitchId", "ZoneId"])
        .en("The zone of the vSwitch takes no new instances.", "Use a vSwitch in another zone.")
        .zh("交换机所在的可用区不能创建实例。", "请使用其他可用区的交换机。"),
    code("VpcNotFound")
        .about(&["VSwitchId", "VpcId"])
        .en("The vSwitch's VPC does not exist, or belongs to another account.", "Check the vSwitch's id.")
        .zh("交换机所属的专有网络不存在，或不属于当前账号。", "请检查交换机 ID。"),
    code("InvalidPrivateIpAddress.Duplicated")
        .about(&["PrivateIpAddress"])
        .en("The private address is taken.", "Use a free address within the vSwitch's network, or leave it out.")
        .zh("该私网 IP 已被占用。", "请使用交换机网段内未被占用的 IP，或不指定。"),
    code("InvalidPrivateIpAddress*")
        .about(&["PrivateIpAddress", "VSwitchId"])
        .en("The private address is not in the vSwitch's network.", "Use a free address within the vSwitch's network, or leave it out.")
        .zh("该私网 IP 不在交换机的网段内。", "请使用交换机网段内未被占用的 IP，或不指定。"),
    code("InvalidNetworkType.*")
        .about(&["InstanceNetworkType"])
        .en("There is no such type of network.", "Use vpc or classic.")
        .zh("网络类型不存在。", "请使用 vpc 或 classic。"),
    code("OperationDenied.InvalidNetworkType")
        .about(&["VSwitchId", "InstanceType"])
        .en("The instance type is not offered in this type of network.", "Set vswitch_id, so that the instance is in a VPC.")
        .zh("该实例规格不支持此网络类型。", "请设置 vswitch_id，将实例创建在专有网络中。"),
    code("InvalidInternetChargeType.*")
        .about(&["InternetChargeType"])
        .en("There is no such way of paying for public traffic, or not here.", "Use PayByTraffic or PayByBandwidth.")
        .zh("公网计费方式不支持。", "请使用 PayByTraffic 或 PayByBandwidth。"),
    code("InvalidParameter.Bandwidth")
        .about(&["InternetMaxBandwidthOut", "InternetMaxBandwidthIn", "InternetChargeType"])
        .en("The public bandwidth is beyond what the charge type allows.", "Use 0 to 100 Mbit/s outbound and 1 to 200 inbound.")
        .zh("公网带宽超出计费方式允许的范围。", "出带宽请使用 0~100 Mbit/s，入带宽请使用 1~200 Mbit/s。"),
    code("InvalidInternetMaxBandwidth*")
        .about(&["InternetMaxBandwidthOut", "InternetMaxBandwidthIn"])
        .en("The public bandwidth is out of range.", "Use 0 to 100 Mbit/s outbound and 1 to 200 inbound.")
        .zh("公网带宽超出范围。", "出带宽请使用 0~100 Mbit/s，入带宽请使用 1~200 Mbit/s。"),
    code("AllocateIpInvalidInstanceBandwidth")
        .about(&["InternetMaxBandwidthOut"])
        .en("An instance without outbound bandwidth gets no public address.", "Set internet_max_bandwidth_out above 0.")
        .zh("出带宽为 0 的实例不能分配公网 IP。", "请将 internet_max_bandwidth_out 设为大于 0。"),
    code("AllocatedAlready")
        .about(&["InternetMaxBandwidthOut"])
        .en("The instance has a public address already.", "Apply again: there is nothing to do.")
        .zh("该实例已有公网 IP。", "请重新执行 apply，无需其他操作。"),
    code("InvalidIp.IpRepeated")
        .about(&["PrivateIpAddress"])
        .en("The address is taken.", "Use a free address within the vSwitch's network, or leave it out.")
        .zh("该 IP 已被占用。", "请使用交换机网段内未被占用的 IP，或不指定。"),
    code("InvalidIp.IpUnassigned")
        .about(&["PrivateIpAddress"])
        .en("The network interface does not have this address.", "Apply again: the next plan reads its addresses anew.")
        .zh("该弹性网卡没有此 IP。", "请重新执行 apply：下一次 plan 会重新读取其 IP。"),
    code("InvalidIp.OutOfRange")
        .about(&["PrivateIpAddress", "VSwitchId"])
        .en("The address is not in the vSwitch's network.", "Use a free address within the vSwitch's network.")
        .zh("该 IP 不在交换机的网段内。", "请使用交换机网段内未被占用的 IP。"),
    // VPCs and vSwitches.
    code("InvalidVpcId.NotFound").about(&["VpcId"]).texts(NO_VPC),
    code("Forbidden.VpcNotFound").about(&["VpcId"]).texts(NO_VPC),
    code("InvalidVpcName*")
        .about(&["VpcName"])
        .en("The VPC's name is not allowed.", "Use 1 to 128 characters that do not begin with http:// or https://.")
        .zh("专有网络名称不合法。", "请使用 1~128 个字符，且不能以 http:// 或 https:// 开头。"),
    code("InvalidVpcDiscription*")
        .about(&["Description"])
        .en("The VPC's description is not allowed.", "Use at most 256 characters that do not begin with http:// or https://.")
        .zh("专有网络描述不合法。", "请使用不超过 256 个字符，且不能以 http:// 或 https:// 开头。"),
    code("InvalidVSwitchName*")
        .about(&["VSwitchName"])
        .en("The vSwitch's name is not allowed.", "Use 1 to 128 characters that do not begin with http:// or https://.")
        .zh("交换机名称不合法。", "请使用 1~128 个字符，且不能以 http:// 或 https:// 开头。"),
    code("InvalidVSwitchDescription*")
        .about(&["Description"])
        .en("The vSwitch's description is not allowed.", "Use at most 256 characters that do not begin with http:// or https://.")
        .zh("交换机描述不合法。", "请使用不超过 256 个字符，且不能以 http:// 或 https:// 开头。"),
    code("InvalidCidrBlock.Overlapped")
        .about(&["CidrBlock"])
        .en("The network overlaps that of another vSwitch of the VPC.", "Use a part of the VPC's network that no other vSwitch has.")
        .zh("该网段与专有网络内其他交换机的网段重叠。", "请使用专有网络中未被占用的网段。"),
    code("InvalidCidrBlock.NotFound")
        .about(&["CidrBlock", "SecondaryCidrBlock"])
        .en("The VPC does not have this network.", "Check the network: it must be the VPC's own or one that was added.")
        .zh("专有网络没有这个网段。", "请检查网段：必须是专有网络的主网段或附加网段。"),
    code("InvalidCidrBlock*").about(&["CidrBlock", "DestinationCidrBlock"]).texts(BAD_CIDR),
    code("InvalidCirdrBlock*").about(&["CidrBlock"]).texts(BAD_CIDR),
    code("InvalidParameter").says("CIDR").about(&["CidrBlock", "SecondaryCidrBlock"]).texts(BAD_CIDR),
    code("OperationFailed.CidrInUse")
        .about(&["SecondaryCidrBlock"])
        .en("A vSwitch uses this network.", "Delete the vSwitches of this network first.")
        .zh("有交换机正在使用该网段。", "请先删除该网段内的交换机。"),
    code("OperationDenied.Ipv4GatewayNotActive")
        .about(&["RouteTableId"])
        .en("The VPC's IPv4 gateway is not active.", "Activate the gateway first.")
        .zh("专有网络的 IPv4 网关未激活。", "请先激活网关。"),
    code("OperationDenied.GatewayAssociated")
        .about(&["RouteTableId"])
        .en("The route table is bound to a gateway.", "Unbind it first.")
        .zh("该路由表已绑定网关。", "请先解绑。"),
    code("OperationDenied.DefaultVpcExist")
        .en("The region has a default VPC already.", "Import the default VPC, or create an ordinary one.")
        .zh("该地域已有默认专有网络。", "请导入默认专有网络，或创建普通专有网络。"),
    code("OperationDenied.DefaultVSwitchExist")
        .en("The zone has a default vSwitch already.", "Import the default vSwitch, or create an ordinary one.")
        .zh("该可用区已有默认交换机。", "请导入默认交换机，或创建普通交换机。"),
    code("DependencyViolation.VSwitch").about(&["VpcId"]).texts(VPC_IN_USE),
    code("DependencyViolation.SecurityGroup").about(&["VpcId"]).texts(VPC_IN_USE),
    code("DependencyViolation.NatGateway").about(&["VpcId"]).texts(VPC_IN_USE),
    code("DependencyViolation.Instance").about(&["VpcId"]).texts(VPC_IN_USE),
    // Security groups and their rules.
    code("InvalidSecurityGroupName*")
        .about(&["SecurityGroupName"])
        .en("The security group's name is not allowed.", "Use 2 to 128 characters that begin with a letter, and not with http:// or https://.")
        .zh("安全组名称不合法。", "请使用 2~128 个字符，以字母或中文开头，且不能以 http:// 或 https:// 开头。"),
    code("InvalidSecurityGroupDiscription*")
        .about(&["Description"])
        .en("The security group's description is not allowed.", "Use 2 to 256 characters that do not begin with http:// or https://.")
        .zh("安全组描述不合法。", "请使用 2~256 个字符，且不能以 http:// 或 https:// 开头。"),
    code("InvalidSecurityGroupType*")
        .about(&["SecurityGroupType"])
        .en("There is no such type of security group.", "Use normal or enterprise.")
        .zh("安全组类型不支持。", "请使用 normal 或 enterprise。"),
    code("InvalidOperation.InvalidSecurityGroupType")
        .about(&["SecurityGroupId", "InnerAccessPolicy"])
        .en("An enterprise security group cannot do this, or not together with a normal one.", "Use groups of one type only.")
        .zh("企业级安全组不支持此操作，或不能与普通安全组混用。", "请只使用同一类型的安全组。"),
    code("DependencyViolation")
        .says("instance(s) in the specified security group")
        .about(&["SecurityGroupId"])
        .en("There are still instances or network interfaces in the security group.", "Delete them, or move them to another group first.")
        .zh("该安全组中仍有实例或弹性网卡。", "请先删除它们，或将其移至其他安全组。"),
    code("InstanceLastSecurityGroup")
        .about(&["SecurityGroupId"])
        .en("An instance cannot leave its last security group.", "Put the instance into another group first.")
        .zh("实例不能退出其最后一个安全组。", "请先将实例加入其他安全组。"),
    code("InstanceNotInSecurityGroup")
        .about(&["SecurityGroupId"])
        .en("The instance is not in this security group.", "Apply again: the next plan reads its groups anew.")
        .zh("该实例不在此安全组中。", "请重新执行 apply：下一次 plan 会重新读取其安全组。"),
    code("InvalidInstanceId.AlreadyExists")
        .about(&["SecurityGroupId"])
        .en("The instance is in this security group already.", "Apply again: the next plan reads its groups anew.")
        .zh("该实例已在此安全组中。", "请重新执行 apply：下一次 plan 会重新读取其安全组。"),
    code("InvalidIpProtocol.Malformed")
        .says("PortRange")
        .about(&["PortRange"])
        .en("The range of ports does not go with the protocol.", "Use FROM/TO from 1 to 65535 with tcp and udp, and -1/-1 with all others.")
        .zh("端口范围与协议不匹配。", "tcp 和 udp 请使用 1~65535 之间的 起始/终止 端口，其他协议请使用 -1/-1。"),
    code("InvalidIpProtocol*")
        .about(&["IpProtocol"])
        .en("There is no such protocol for a rule.", "Use tcp, udp, icmp, icmpv6, gre or all.")
        .zh("协议不支持。", "请使用 tcp、udp、icmp、icmpv6、gre 或 all。"),
    code("InvalidSourceCidrIp*")
        .about(&["SourceCidrIp"])
        .en("The source is not an IPv4 network.", "Use a network such as 10.0.0.0/8, or a single address.")
        .zh("源地址不是合法的 IPv4 网段。", "请使用网段（例如 10.0.0.0/8）或单个 IP。"),
    code("InvalidSourceGroupId.Mismatch")
        .about(&["NicType", "SourceGroupId"])
        .en("A rule that names a group works only for the inner network.", "Set nic_type to intranet.")
        .zh("引用安全组的规则只支持内网。", "请将 nic_type 设为 intranet。"),
    code("InvalidSourceGroupId*")
        .about(&["SourceGroupId", "DestGroupId"])
        .en("The account has no such security group in this region.", "Check the id of the group that the rule names.")
        .zh("规则引用的安全组不存在。", "请检查规则中引用的安全组 ID。"),
    code("InvalidGroupAuthItem.NotFound")
        .en("The security group has no such rule.", "Apply again: the next plan reads its rules anew.")
        .zh("该安全组没有这条规则。", "请重新执行 apply：下一次 plan 会重新读取其规则。"),
    code("InvalidSecurityGroupRuleId*")
        .en("The security group has no such rule.", "Apply again: the next plan reads its rules anew.")
        .zh("该安全组没有这条规则。", "请重新执行 apply：下一次 plan 会重新读取其规则。"),
    code("InvalidNicType*")
        .about(&["NicType"])
        .en("The group's network has no such side.", "Use intranet in a VPC.")
        .zh("网卡类型不支持。", "专有网络中请使用 intranet。"),
    code("InvalidPolicy.*")
        .about(&["Policy"])
        .en("There is no such policy for a rule.", "Use accept or drop.")
        .zh("授权策略不支持。", "请使用 accept 或 drop。"),
    code("InvalidPriority*")
        .about(&["Priority"])
        .en("The rule's priority is out of range.", "Use 1 to 100.")
        .zh("规则优先级超出范围。", "请使用 1~100。"),
    code("MissingParameter.Source")
        .about(&["SourceCidrIp", "SourceGroupId"])
        .en("The rule does not say from where.", "Set cidr_ip, or the source's security group.")
        .zh("规则没有指定来源。", "请设置 cidr_ip 或源安全组。"),
    code("InvalidParamter.Conflict")
        .says("SourceGroupId")
        .about(&["SourceGroupId"])
        .en("A rule's group cannot be the group that it is in.", "Name another group: members of one group reach each other anyway.")
        .zh("规则引用的安全组不能是其自身。", "请引用其他安全组：同组实例默认互通。"),
];

const NO_VPC: [&str; 4] = [
    "The account has no such VPC in this region.",
    "Check the VPC's id.",
    "账号在该地域没有这个专有网络。",
    "请检查专有网络 ID。",
];
const NO_VSWITCH: [&str; 4] = [
    "The account has no such vSwitch in this region.",
    "Check the vSwitch's id.",
    "账号在该地域没有这个交换机。",
    "请检查交换机 ID。",
];
const VPC_IN_USE: [&str; 4] = [
    "There is still something in the VPC.",
    "Delete what is in the VPC first; what prov did not make is to be seen in the console.",
    "专有网络中仍有资源。",
    "请先删除专有网络中的资源；不由 prov 管理的资源可在控制台查看。",
];
const BAD_CIDR: [&str; 4] = [
    "The network is not one that can be used here.",
    "Use a private network without host bits, within the VPC's for a vSwitch: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or a part of them.",
    "该网段不能在此使用。",
    "请使用 10.0.0.0/8、172.16.0.0/12、192.168.0.0/16 或其子网，主机位为 0；交换机网段须在专有网络网段之内。",
];
