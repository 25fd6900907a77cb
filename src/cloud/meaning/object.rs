//! Addresses, gateways, routes, key pairs, network interfaces, deployment sets, images and tags.

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
    // Key pairs.
    code("KeyPair.AlreadyExist")
        .about(&["KeyPairName"])
        .en(
            "There is a key pair of this name.",
            "Use another name, or import the key pair.",
        )
        .zh("同名密钥对已存在。", "请更换名称，或导入该密钥对。"),
    code("InvalidKeyPairName*")
        .about(&["KeyPairName"])
        .en(
            "The key pair's name is not allowed.",
            "Use 2 to 128 characters that begin with a letter, and not with http:// or https://.",
        )
        .zh(
            "密钥对名称不合法。",
            "请使用 2~128 个字符，以字母或中文开头，且不能以 http:// 或 https:// 开头。",
        ),
    code("InvalidPublicKeyBody*")
        .about(&["PublicKeyBody"])
        .en(
            "The public key is not one in OpenSSH's format.",
            "Use the content of a file such as id_rsa.pub.",
        )
        .zh(
            "公钥不是 OpenSSH 格式。",
            "请使用 id_rsa.pub 之类文件的内容。",
        ),
    code("InvalidParameter.KeypairAlreadyAttachedInstance")
        .about(&["KeyPairName"])
        .en(
            "Instances still use the key pair.",
            "Detach it from the instances first.",
        )
        .zh("仍有实例在使用该密钥对。", "请先从实例解绑。"),
    // Network interfaces.
    code("InvalidEniId*")
        .about(&[
            "NetworkInterfaceId",
            "NetworkInterface.N.NetworkInterfaceId",
        ])
        .en(
            "The account has no such network interface in this region.",
            "Check the interface's id.",
        )
        .zh("账号在该地域没有这个弹性网卡。", "请检查弹性网卡 ID。"),
    code("InvalidIp.IpAssigned")
        .about(&["PrivateIpAddress"])
        .en(
            "The address is taken.",
            "Use a free address within the vSwitch's network, or leave it out.",
        )
        .zh(
            "该 IP 已被占用。",
            "请使用交换机网段内未被占用的 IP，或不指定。",
        ),
    code("InvalidOperation.VpcMismatch")
        .about(&["SecurityGroupId", "VSwitchId", "NetworkInterfaceId"])
        .en(
            "The objects are in different VPCs.",
            "Use objects of one VPC.",
        )
        .zh("这些资源不在同一专有网络。", "请使用同一专有网络的资源。"),
    code("InvalidOperation.AvailabilityZoneMismatch")
        .about(&[
            "VSwitchId",
            "NetworkInterface.N.VSwitchId",
            "NetworkInterfaceId",
        ])
        .en(
            "The objects are in different zones.",
            "Use objects of one zone.",
        )
        .zh("这些资源不在同一可用区。", "请使用同一可用区的资源。"),
    code("InvalidOperation.DetachPrimaryEniNotAllowed")
        .about(&["NetworkInterfaceId"])
        .en(
            "An instance keeps its primary network interface.",
            "Release the instance instead.",
        )
        .zh("主网卡不能从实例分离。", "请改为释放实例。"),
    code("InvalidOperation.InvalidEniType")
        .about(&["NetworkInterfaceId"])
        .en(
            "This type of network interface cannot do this.",
            "Use a secondary network interface.",
        )
        .zh("该类型的网卡不支持此操作。", "请使用辅助弹性网卡。"),
    code("InvalidOperation.HasMemberEniAttached")
        .about(&["NetworkInterfaceId"])
        .en(
            "Member interfaces hang on the network interface.",
            "Detach the members first.",
        )
        .zh("该网卡下仍挂有成员网卡。", "请先分离成员网卡。"),
    // Deployment sets.
    code("InvalidDeploymentSetName*")
        .about(&["DeploymentSetName"])
        .en(
            "The deployment set's name is not allowed.",
            "Use 2 to 128 characters that begin with a letter, and not with http:// or https://.",
        )
        .zh(
            "部署集名称不合法。",
            "请使用 2~128 个字符，以字母或中文开头，且不能以 http:// 或 https:// 开头。",
        ),
    code("InvalidParameter.Strategy")
        .about(&["Strategy"])
        .en(
            "There is no such strategy of deployment.",
            "Use Availability or another documented strategy.",
        )
        .zh("部署策略不支持。", "请使用 Availability 等文档中的策略。"),
    code("DependencyViolation.NotEmpty")
        .about(&["DeploymentSetId"])
        .en(
            "There are still instances in the deployment set.",
            "Move or release them first.",
        )
        .zh("部署集中仍有实例。", "请先移出或释放这些实例。"),
    // Images.
    code("InvalidImageName.Duplicated")
        .about(&["ImageName"])
        .en("There is an image of this name.", "Use another name.")
        .zh("同名镜像已存在。", "请更换名称。"),
    code("ImageUsingByInstance")
        .about(&["ImageId"])
        .en(
            "Instances were made from the image.",
            "Release those instances first, or delete the image with force.",
        )
        .zh(
            "该镜像已用于创建实例。",
            "请先释放相关实例，或强制删除镜像。",
        ),
    code("ImageUseShared")
        .about(&["ImageId"])
        .en(
            "The image is shared with other accounts.",
            "Stop sharing the image first.",
        )
        .zh("该镜像已共享给其他账号。", "请先取消共享。"),
    code("InvalidImageName*")
        .about(&["ImageName"])
        .en(
            "The image's name is not allowed.",
            "Use 2 to 128 characters that begin with a letter, and not with http:// or https://.",
        )
        .zh(
            "镜像名称不合法。",
            "请使用 2~128 个字符，以字母或中文开头，且不能以 http:// 或 https:// 开头。",
        ),
    code("InvalidArchitecture*")
        .about(&["Architecture"])
        .en(
            "There is no such architecture.",
            "Use x86_64, arm64 or i386.",
        )
        .zh("系统架构不支持。", "请使用 x86_64、arm64 或 i386。"),
    code("InvalidSystemSnapshot.Missing")
        .about(&["DiskDeviceMapping"])
        .en(
            "No snapshot of a system disk is among those that the image is made of.",
            "Name the snapshot of a system disk.",
        )
        .zh(
            "用于创建镜像的快照中没有系统盘快照。",
            "请指定一个系统盘快照。",
        ),
    // Tags and resource groups.
    code("InvalidTagKey*")
        .about(&["Tag.N.Key", "Tag"])
        .en(
            "A tag's key is not allowed.",
            "Use 1 to 64 characters that do not begin with aliyun, acs:, http:// or https://.",
        )
        .zh(
            "标签键不合法。",
            "请使用 1~64 个字符，且不能以 aliyun、acs:、http:// 或 https:// 开头。",
        ),
    code("InvalidTagValue*")
        .about(&["Tag.N.Value", "Tag"])
        .en(
            "A tag's value is not allowed.",
            "Use at most 128 characters that do not begin with aliyun, acs:, http:// or https://.",
        )
        .zh(
            "标签值不合法。",
            "请使用不超过 128 个字符，且不能以 aliyun、acs:、http:// 或 https:// 开头。",
        ),
    code("InvalidTag*")
        .about(&["Tag"])
        .en("The tags are not allowed.", "Check their keys and values.")
        .zh("标签不合法。", "请检查标签键和标签值。"),
    code("Duplicate.TagKey")
        .about(&["Tag"])
        .en(
            "A tag's key comes twice.",
            "Give each key once; keys differ by more than the case of letters.",
        )
        .zh("标签键重复。", "每个标签键只能出现一次。"),
    code("NumberExceed.Tags")
        .about(&["Tag"])
        .en("There are too many tags.", "Use at most 20.")
        .zh("标签过多。", "最多 20 个标签。"),
    code("NumberExceed.ResourceIds")
        .en(
            "The request names too many objects.",
            "Report this with the request id: prov divides such requests.",
        )
        .zh(
            "单次请求的资源 ID 过多。",
            "请附上 RequestId 报告此问题：prov 应当分批请求。",
        )
        .bug(),
    code("InvalidResourceId*")
        .about(&["ResourceId"])
        .en("The object does not exist.", "Check the id and the region.")
        .zh("资源不存在。", "请检查资源 ID 和地域。"),
    code("InvalidResourceType*")
        .about(&["ResourceType"])
        .en(
            "There is no such type of object for tags or groups.",
            "Report this with the request id: prov writes the type itself.",
        )
        .zh(
            "资源类型不支持。",
            "请附上 RequestId 报告此问题：资源类型由 prov 填写。",
        )
        .bug(),
    code("EntityNotExist*.ResourceGroup")
        .about(&["ResourceGroupId"])
        .en(
            "The account has no such resource group.",
            "Check the resource group's id.",
        )
        .zh("资源组不存在。", "请检查资源组 ID。"),
    code("EntityAlreadyExists.*")
        .about(&["Name"])
        .en(
            "There is one of this name.",
            "Use another name, or import it.",
        )
        .zh("同名对象已存在。", "请更换名称，或导入已有对象。"),
    code("InvalidResourceGroup*")
        .about(&["ResourceGroupId"])
        .en(
            "The account has no such resource group.",
            "Check the resource group's id.",
        )
        .zh("资源组不存在。", "请检查资源组 ID。"),
    // Filters of data sources.
    code("InvalidFilter*")
        .en(
            "The filter is not one that this list knows.",
            "Check the arguments of the data source.",
        )
        .zh("过滤条件不支持。", "请检查数据源的参数。"),
    code("InvalidStatus.NotFound")
        .about(&["Status"])
        .en(
            "There is no such status.",
            "Check the status in the arguments of the data source.",
        )
        .zh("没有这种状态。", "请检查数据源参数中的状态。"),
    code("InvalidStatus.ValueNotSupported")
        .about(&["Status"])
        .en(
            "There is no such status.",
            "Check the status in the arguments of the data source.",
        )
        .zh("没有这种状态。", "请检查数据源参数中的状态。"),
    code("Invalid.DestinationResource")
        .about(&["DestinationResource"])
        .en(
            "Stock cannot be asked for this kind of resource.",
            "Use InstanceType, SystemDisk, DataDisk, Network or Zone.",
        )
        .zh(
            "查询的目标资源不支持。",
            "请使用 InstanceType、SystemDisk、DataDisk、Network 或 Zone。",
        ),
];
