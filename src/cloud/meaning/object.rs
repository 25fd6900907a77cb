//! Key pairs, network interfaces, deployment sets, images, tags and filters.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
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
