//! What each noun does, told as stories: its states in time, what it depends on, its limits.

use super::story::Story;
use super::*;

#[tokio::test(start_paused = true)]
async fn elastic_addresses() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        ecs CreateInstance $order -> server = InstanceId
        faults {"lengths":{"eip":1000,"lingering":500},"quotas":{"eips":2}}
        vpc AllocateEipAddress Bandwidth=5 Name=web -> eip = AllocationId, address = EipAddress
        vpc AllocateEipAddress                -> other = AllocationId
        vpc AllocateEipAddress                                    !! QuotaExceeded.Eip
        vpc AllocateEipAddress Bandwidth=0                        !! InvalidParameter
        vpc AllocateEipAddress InternetChargeType=PayByTraffic InstanceChargeType=PrePaid Period=1 !! InvalidParameter
        vpc ModifyEipAddressAttribute AllocationId=$eip Bandwidth=10 Description=front
        vpc ModifyEipForwardMode InstanceId=$eip Mode=BINDED
        vpc ModifyEipForwardMode InstanceId=$eip Mode=OTHER       !! InvalidParameter
        vpc SetHighDefinitionMonitorLogStatus InstanceId=$eip InstanceType=EIP Status=ON LogProject=p LogStore=s
        vpc DescribeHighDefinitionMonitorLogAttribute InstanceId=$eip InstanceType=EIP -> LogProject is p
        vpc DescribeEipAddresses EipAddress=$address -> EipAddresses.EipAddress.0.Bandwidth is 10, EipAddresses.EipAddress.0.Mode is BINDED, EipAddresses.EipAddress.0.HDMonitorStatus is ON
        vpc AssociateEipAddress AllocationId=$eip InstanceId=i-none !! InvalidInstanId.NotFound
        vpc AssociateEipAddress AllocationId=$eip InstanceId=$server
        vpc DescribeEipAddresses AllocationId=$eip -> EipAddresses.EipAddress.0.Status is Associating
        vpc UnassociateEipAddress AllocationId=$eip               !! IncorrectEipStatus
        pass 1000
        vpc DescribeEipAddresses AllocationId=$eip -> EipAddresses.EipAddress.0.Status is InUse, EipAddresses.EipAddress.0.InstanceId is $server
        vpc AssociateEipAddress AllocationId=$other InstanceId=$server !! InvalidAssociation.Duplicated
        vpc ReleaseEipAddress AllocationId=$eip                   !! IncorrectEipStatus
        vpc UnassociateEipAddress AllocationId=$eip InstanceId=$server
        vpc DescribeEipAddresses AllocationId=$eip -> EipAddresses.EipAddress.0.Status is Unassociating
        pass 1000
        vpc ReleaseEipAddress AllocationId=$eip
        vpc DescribeEipAddresses Status=Available -> TotalCount is 1
        pass 1000
        vpc DescribeEipAddresses AllocationId=$eip -> TotalCount is 0
        vpc ReleaseEipAddress AllocationId=$eip                   !! InvalidAllocationId.NotFound
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn nat_gateways_and_what_they_translate() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        faults {"lengths":{"nat":1000,"nat_deletion":1000,"nat_entry":300},"quotas":{"nat_gateways":1,"snat_entries":2}}
        vpc CreateNatGateway VpcId=$vpc NatType=Enhanced          !! MissingParameter
        vpc CreateNatGateway VpcId=$vpc VSwitchId=vsw-none        !! InvalidVSwitchId.NotFound
        vpc CreateNatGateway VpcId=$vpc VSwitchId=$vswitch InstanceChargeType=PrePaid InternetChargeType=PayByLcu !! OperationUnsupported.PrePaidPyByLcu
        vpc CreateNatGateway VpcId=$vpc VSwitchId=$vswitch Name=out -> nat = NatGatewayId, table = SnatTableIds.SnatTableId.0
        vpc CreateNatGateway VpcId=$vpc VSwitchId=$vswitch        !! QuotaExceeded.NatGateway
        vpc DescribeNatGateways NatGatewayId=$nat -> NatGateways.NatGateway.0.Status is Creating
        vpc DeleteNatGateway NatGatewayId=$nat                    !! IncorrectStatus.NATGW
        vpc AllocateEipAddress -> eip = AllocationId, address = EipAddress
        vpc AssociateEipAddress AllocationId=$eip InstanceId=$nat InstanceType=Nat !! IncorrectStatus.NatGateway
        pass 1000
        vpc GetNatGatewayAttribute NatGatewayId=$nat -> Status is Available, Name is out
        vpc ModifyNatGatewayAttribute NatGatewayId=$nat Name=outside
        vpc GetNatGatewayAttribute NatGatewayId=$nat -> Name is outside
        pass 300
        vpc ModifyNatGatewaySpec NatGatewayId=$nat Spec=Large     !! OperationUnsupported.PayByLcu
        vpc UpdateNatGatewayNatType NatGatewayId=$nat NatType=Enhanced VSwitchId=$vswitch !! OperationUnsupported.NatType
        vpc CreateSnatEntry SnatTableId=$table SourceCIDR=10.1.0.0/28 SnatIp=$address !! EIP_NOT_IN_GATEWAY
        vpc AssociateEipAddress AllocationId=$eip InstanceId=$nat InstanceType=Nat
        vpc CreateSnatEntry SnatTableId=stb-none SourceCIDR=10.1.0.0/28 SnatIp=$address !! InvalidSnatTableId.NotFound
        vpc CreateSnatEntry SnatTableId=$table SourceVSwitchId=$vswitch SnatIp=$address -> entry = SnatEntryId
        vpc DescribeSnatTableEntries SnatTableId=$table -> SnatTableEntries.SnatTableEntry.0.Status is Pending
        pass 300
        vpc DescribeSnatTableEntries SnatTableId=$table -> SnatTableEntries.SnatTableEntry.0.Status is Available
        vpc CreateSnatEntry SnatTableId=$table SourceVSwitchId=$vswitch SnatIp=$address !! Forbidden.SourceVSwitchId.Duplicated
        vpc ModifySnatEntry SnatTableId=$table SnatEntryId=$entry SnatEntryName=all
        pass 300
        vpc DescribeSnatTableEntries NatGatewayId=$nat -> SnatTableEntries.SnatTableEntry.0.SnatEntryName is all
        vpc UnassociateEipAddress AllocationId=$eip InstanceId=$nat InstanceType=Nat !! InvalidIpStatus.HasBeenUsedBySnatTable
        vpc DeleteSnatEntry SnatTableId=$table SnatEntryId=snat-none !! InvalidSnatEntryId.NotFound
        vpc DeleteVSwitch VSwitchId=$vswitch                      !! DependencyViolation.EnhancedNatgw
        vpc DeleteSnatEntry SnatTableId=$table SnatEntryId=$entry
        pass 300
        vpc DescribeSnatTableEntries SnatTableId=$table -> TotalCount is 0
        vpc UnassociateEipAddress AllocationId=$eip InstanceId=$nat InstanceType=Nat
        vpc DeleteNatGateway NatGatewayId=$nat
        vpc DescribeNatGateways -> NatGateways.NatGateway.0.Status is Deleting
        pass 1000
        vpc DescribeNatGateways -> TotalCount is 0
        vpc GetNatGatewayAttribute NatGatewayId=$nat              !! InvalidNatGatewayId.NotFound
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn routes() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        ecs CreateInstance $order -> server = InstanceId
        ecs CreateInstance $order -> second = InstanceId
        vpc DescribeRouteTableList VpcId=$vpc -> main = RouterTableList.RouterTableListType.0.RouteTableId, TotalCount is 1
        faults {"lengths":{"route_table":1000,"route_entry":500},"quotas":{"route_tables":1,"route_entries":1}}
        vpc CreateRouteTable VpcId=$vpc RouteTableName=own -> table = RouteTableId
        vpc CreateRouteTable VpcId=$vpc                           !! QuotaExceeded
        vpc AssociateRouteTable RouteTableId=$table VSwitchId=$vswitch !! IncorrectStatus.RouteTable
        pass 1000
        vpc AssociateRouteTable RouteTableId=$table VSwitchId=$vswitch
        pass 1000
        vpc AssociateRouteTable RouteTableId=$table VSwitchId=$vswitch !! OperationFailed.AlreadyAssociated
        vpc DescribeRouteTables RouteTableId=$table -> RouteTables.RouteTable.0.VSwitchIds.VSwitchId.0 is $vswitch
        vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=nowhere NextHopType=Instance NextHopId=$server !! InvalidCidrBlock.Malformed
        vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 NextHopType=Instance NextHopId=i-none !! InvalidNextHopId.NotFound
        vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 NextHopType=Rocket NextHopId=$server !! InvalidNextHopType
        vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 NextHopType=Instance NextHopId=$server -> entry = RouteEntryId
        vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=172.16.0.0/16 NextHopType=Instance NextHopId=$server !! IncorrectRouteEntryStatus
        vpc DescribeRouteEntryList RouteTableId=$table RouteEntryType=Custom -> RouteEntrys.RouteEntry.0.Status is Pending
        pass 500
        vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=172.16.0.0/16 NextHopType=Instance NextHopId=$server !! QuotaExceeded
        vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 NextHopType=Instance NextHopId=$server !! InvalidCIDRBlock.Duplicate
        vpc ModifyRouteEntry RouteEntryId=$entry RouteEntryName=default NewNextHopType=Instance NewNextHopId=$second
        pass 500
        vpc DescribeRouteEntryList RouteTableId=$table RouteEntryName=default -> RouteEntrys.RouteEntry.0.NextHops.NextHop.0.NextHopId is $second, RouteEntrys.RouteEntry.# is 1
        vpc DeleteRouteTable RouteTableId=$table                  !! DependencyViolation.VSwitch
        vpc UnassociateRouteTable RouteTableId=$table VSwitchId=$vswitch
        pass 1000
        vpc UnassociateRouteTable RouteTableId=$table VSwitchId=$vswitch !! InvalidAssociation.NotFound
        vpc DeleteRouteEntry RouteEntryId=$entry
        pass 500
        vpc DeleteRouteEntry RouteEntryId=$entry                  !! InvalidRouteEntry.NotFound
        vpc DeleteRouteTable RouteTableId=$main                   !! OperationDenied
        vpc DeleteRouteTable RouteTableId=$table
        pass 1000
        vpc DeleteRouteTable RouteTableId=$table                  !! InvalidRouteTableId.NotFound
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn key_pairs() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        faults {"quotas":{"key_pairs":2}}
        ecs CreateKeyPair KeyPairName=1web                        !! InvalidKeyPairName.Malformed
        ecs CreateKeyPair KeyPairName=web -> KeyPairName is web, print = KeyPairFingerPrint, private = PrivateKeyBody
        ecs CreateKeyPair KeyPairName=web                         !! KeyPair.AlreadyExist
        ecs ImportKeyPair KeyPairName=own PublicKeyBody=nonsense  !! InvalidPublicKeyBody.Malformed
        ecs CreateKeyPair KeyPairName=own
        ecs CreateKeyPair KeyPairName=third                       !! QuotaExceed.KeyPair
        ecs DescribeKeyPairs KeyPairFingerPrint=$print -> TotalCount is 1, KeyPairs.KeyPair.0.KeyPairName is web
        ecs CreateInstance $order KeyPairName=web -> server = InstanceId
        ecs DeleteKeyPairs KeyPairNames=["web"]                   !! InvalidParameter.KeypairAlreadyAttachedInstance
        ecs DetachKeyPair KeyPairName=web InstanceIds=["$server"] -> Results.Result.0.Success is true, FailCount is 0
        ecs AttachKeyPair KeyPairName=none InstanceIds=["$server"] !! InvalidKeyPairName.NotFound
        ecs AttachKeyPair KeyPairName=own InstanceIds=["$server","i-none"] -> TotalCount is 2, FailCount is 1
        ecs DeleteKeyPairs KeyPairNames=["web","none"]
        ecs DescribeKeyPairs -> TotalCount is 1
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn security_groups_and_their_rules() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        faults {"quotas":{"rules_per_group":3}}
        ecs CreateSecurityGroup VpcId=$vpc SecurityGroupName=http://x !! InvalidSecurityGroupName.Malformed
        ecs CreateSecurityGroup VpcId=$vpc SecurityGroupType=enterprise -> strict = SecurityGroupId
        ecs ModifySecurityGroupAttribute SecurityGroupId=$group SecurityGroupName=web Description=front
        ecs DescribeSecurityGroups SecurityGroupName=web -> TotalCount is 1, SecurityGroups.SecurityGroup.0.SecurityGroupId is $group
        ecs ModifySecurityGroupPolicy SecurityGroupId=$group InnerAccessPolicy=Drop
        ecs ModifySecurityGroupPolicy SecurityGroupId=$group InnerAccessPolicy=Maybe !! InvalidPolicy.Malformed
        ecs ModifySecurityGroupPolicy SecurityGroupId=$strict InnerAccessPolicy=Drop !! InvalidOperation.InvalidSecurityGroupType
        ecs AuthorizeSecurityGroup SecurityGroupId=$group IpProtocol=CARRIER_PIGEON PortRange=-1/-1 SourceCidrIp=0.0.0.0/0 !! InvalidIpProtocol.ValueNotSupported
        ecs AuthorizeSecurityGroup SecurityGroupId=$group IpProtocol=TCP PortRange=80/80 SourceCidrIp=0.0.0.0/0 Priority=101 !! InvalidPriority.ValueNotSupported
        ecs AuthorizeSecurityGroup SecurityGroupId=$group IpProtocol=TCP PortRange=80/80 SourceCidrIp=0.0.0.0/0
        ecs AuthorizeSecurityGroupEgress SecurityGroupId=$group IpProtocol=UDP PortRange=53/53 DestCidrIp=10.0.0.0/8
        ecs DescribeSecurityGroupAttribute SecurityGroupId=$group Direction=egress -> Permissions.Permission.# is 1, out = Permissions.Permission.0.SecurityGroupRuleId
        ecs DescribeSecurityGroupAttribute SecurityGroupId=$group Direction=ingress -> in = Permissions.Permission.0.SecurityGroupRuleId, InnerAccessPolicy is Drop
        ecs ModifySecurityGroupRule SecurityGroupId=$group SecurityGroupRuleId=$in Description=web
        ecs ModifySecurityGroupRule SecurityGroupId=$group SecurityGroupRuleId=sgr-none Description=web !! InvalidSecurityGroupRuleId.NotFound
        ecs ModifySecurityGroupEgressRule SecurityGroupId=$group SecurityGroupRuleId=$out Description=names
        ecs DescribeSecurityGroupAttribute SecurityGroupId=$group Direction=egress -> Permissions.Permission.0.Description is names
        ecs AuthorizeSecurityGroup SecurityGroupId=$group IpProtocol=TCP PortRange=443/443 SourceCidrIp=0.0.0.0/0
        ecs AuthorizeSecurityGroup SecurityGroupId=$group IpProtocol=TCP PortRange=444/444 SourceCidrIp=0.0.0.0/0 !! AuthorizationLimitExceed
        ecs RevokeSecurityGroupEgress SecurityGroupId=$group SecurityGroupRuleId.1=$out
        ecs DescribeSecurityGroupAttribute SecurityGroupId=$group Direction=egress -> Permissions.Permission.# is 0
        ecs RunInstances $order -> server = InstanceIdSets.InstanceIdSet.0
        ecs DeleteSecurityGroup SecurityGroupId=$group            !! DependencyViolation
        ecs DeleteSecurityGroup SecurityGroupId=$strict
        ecs DescribeSecurityGroups SecurityGroupIds=["$strict"] -> TotalCount is 0
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn many_instances_at_once() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        faults {"lengths":{"pending":1000,"starting":2000,"stopping":2000,"lingering":500}}
        ecs RunInstances $order Amount=2 -> one = InstanceIdSets.InstanceIdSet.0, two = InstanceIdSets.InstanceIdSet.1
        ecs DescribeInstanceStatus InstanceId.1=$one -> InstanceStatuses.InstanceStatus.0.Status is Pending, TotalCount is 1
        pass 1000
        ecs DescribeInstanceStatus -> InstanceStatuses.InstanceStatus.1.Status is Starting, TotalCount is 2
        ecs DeleteInstances InstanceId.1=$one InstanceId.2=$two   !! IncorrectInstanceStatus
        pass 2000
        ecs DescribeInstanceStatus -> InstanceStatuses.InstanceStatus.0.Status is Running
        ecs DeleteInstances InstanceId.1=$one InstanceId.2=$two   !! IncorrectInstanceStatus
        ecs StopInstance InstanceId=$one
        ecs StopInstance InstanceId=$two
        ecs DescribeInstanceStatus -> InstanceStatuses.InstanceStatus.0.Status is Stopping
        pass 2000
        ecs AttachInstanceRamRole InstanceIds=["$one"] RamRoleName=reader -> FailCount is 0
        ecs DetachInstanceRamRole InstanceIds=["$one"] RamRoleName=reader -> FailCount is 0
        ecs DeleteInstances InstanceId.1=$one InstanceId.2=i-none !! InvalidInstanceId.NotFound
        ecs DeleteInstances InstanceId.1=$one InstanceId.2=$two
        pass 500
        ecs DescribeInstanceStatus -> TotalCount is 0
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn resource_groups_and_tags() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        resourcemanager CreateResourceGroup Name=9 DisplayName=x  !! InvalidParameter.ResourceGroup.Name
        resourcemanager CreateResourceGroup Name=team DisplayName=Team -> team = ResourceGroup.Id
        resourcemanager CreateResourceGroup Name=team DisplayName=Team !! EntityAlreadyExists.ResourceGroup
        resourcemanager GetResourceGroup ResourceGroupId=$team -> ResourceGroup.Name is team
        resourcemanager GetResourceGroup ResourceGroupId=rg-none  !! EntityNotExists.ResourceGroup
        resourcemanager ListResourceGroups Name=team -> TotalCount is 1, ResourceGroups.ResourceGroup.0.Id is $team
        resourcemanager ListResourceGroups Status=Lost            !! InvalidParameter.Status
        ecs JoinResourceGroup ResourceGroupId=$team ResourceType=securitygroup ResourceId=$group
        ecs JoinResourceGroup ResourceGroupId=$team ResourceType=securitygroup ResourceId=sg-none !! InvalidResourceId.NotFound
        ecs JoinResourceGroup ResourceGroupId=$team ResourceType=cloud ResourceId=$group !! InvalidResourceType.NotFound
        ecs DescribeSecurityGroups ResourceGroupId=$team -> TotalCount is 1
        ecs TagResources ResourceType=securitygroup ResourceId.1=$group Tag.1.Key=env Tag.1.Value=test Tag.2.Key=team Tag.2.Value=a
        ecs DescribeTags ResourceType=securitygroup Tag.1.Key=env -> TotalCount is 1, Tags.Tag.0.TagValue is test
        ecs UntagResources ResourceType=securitygroup ResourceId.1=$group TagKey.1=env
        ecs ListTagResources ResourceType=securitygroup ResourceId.1=$group -> TagResources.TagResource.# is 1
        ecs UntagResources ResourceType=securitygroup ResourceId.1=$group All=true
        ecs ListTagResources ResourceType=securitygroup ResourceId.1=$group -> TagResources.TagResource.# is 0
        vpc EnableVpcClassicLink VpcId=$vpc
        vpc DisableVpcClassicLink VpcId=$vpc
        vpc ModifyVSwitchAttribute VSwitchId=$vswitch VSwitchName=front Description=place
        vpc DescribeVSwitchAttributes VSwitchId=$vswitch -> VSwitchName is front
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn images() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        ecs CreateInstance $order -> server = InstanceId
        faults {"lengths":{"snapshot":1000,"image":2000},"quotas":{"images":1}}
        ecs DescribeDisks InstanceId=$server -> disk = Disks.Disk.0.DiskId
        ecs CreateSnapshot DiskId=$disk SnapshotName=before -> snapshot = SnapshotId
        ecs DescribeSnapshots SnapshotIds=["$snapshot"] -> Snapshots.Snapshot.0.Status is progressing
        pass 1000
        ecs DescribeSnapshots SnapshotIds=["$snapshot"] -> Snapshots.Snapshot.0.Status is accomplished
        ecs CreateImage SnapshotId=$snapshot ImageName=own -> own = ImageId
        ecs DescribeImages ImageId=$own Status=Creating -> Images.Image.0.Status is Creating
        pass 2000
        ecs DescribeImages ImageId=$own -> Images.Image.0.Status is Available
        ecs CreateImage SnapshotId=$snapshot ImageName=second !! QuotaExceed.Image
        ecs ModifyImageAttribute ImageId=$own ImageName=renamed Description=mine
        ecs DescribeImages ImageName=renamed -> Images.Image.0.ImageId is $own
        ecs DescribeImageSupportInstanceTypes ImageId=$own -> InstanceTypes.InstanceType.0.InstanceTypeId is ecs.g7.large
        ecs DeleteImage ImageId=m-none !! InvalidImageId.NotFound
        ecs DeleteImage ImageId=$own
        ecs DescribeImages ImageId=$own -> TotalCount is 0
    "#).await;
}
