//! What clients send that are none of ours: the `aliyun` command, the provider for Terraform, and scripts.

use super::story::Story;
use super::*;

const BILLING: &str = "2017-12-14";

const LOCATION: &str = "2015-06-12";

/// Sends a call as the provider for Terraform does: the protocol in the query, the call's own parameters in a form.
async fn posted(
    service: &Service,
    version: &str,
    action: &str,
    parameters: Parameters<'_>,
) -> Value {
    let mut all = complete(version, action, parameters);
    all.insert("Format".to_owned(), "json".to_owned());
    let own = |name: &str| name == "RegionId" || parameters.iter().any(|it| it.0 == name);
    let (form, query): (BTreeMap<_, _>, BTreeMap<_, _>) =
        all.clone().into_iter().partition(|it| own(&it.0));
    let signed = signed_v1("POST", &all, SECRET);
    let (_, signature) = signed.rsplit_once('&').unwrap();
    let target = format!("/?{}&{signature}", join(&query));
    let kind = "application/x-www-form-urlencoded";
    let answer = service.post(&target, kind, &join(&form)).await.unwrap();
    good(action, &answer)
}

/// Sends a call as the `aliyun` command does: everything in the query, with a type of signature that is empty.
async fn commanded(
    service: &Service,
    version: &str,
    action: &str,
    parameters: Parameters<'_>,
) -> Answer {
    let more: Vec<_> = [("SignatureType", "")]
        .into_iter()
        .chain(parameters.iter().copied())
        .collect();
    let all = complete(version, action, &more);
    let signed = signed_v1("GET", &all, SECRET);
    service.get(&format!("/?{signed}")).await
}

#[tokio::test]
async fn the_provider_for_terraform_finds_its_way() {
    let service = Service::instant().await;
    let asked = [
        ("PageNum", "1"),
        ("PageSize", "50"),
        ("ProductCode", "vipcloudfw"),
        ("ProductType", "vipcloudfw"),
        ("SubscriptionType", "Subscription"),
    ];
    let account = posted(&service, BILLING, "QueryAvailableInstances", &asked).await;
    assert_eq!(account["Code"], "Success");
    assert_eq!(account["Data"]["TotalCount"], 0);
    for code in ["ecs", "vpc", "slb", "kms", "sts"] {
        let asked = [("Id", REGION), ("ServiceCode", code), ("Type", "openAPI")];
        let found = posted(&service, LOCATION, "DescribeEndpoints", &asked).await;
        assert_eq!(found["Endpoints"]["Endpoint"][0]["Endpoint"], "ecs");
    }
    let caller = posted(&service, STS, "GetCallerIdentity", &[]).await;
    assert_eq!(caller["IdentityType"], "Account");
    let regions = posted(&service, ECS, "DescribeRegions", &[]).await;
    assert!(regions["Regions"]["Region"].as_array().unwrap().len() > 10);
    service.end().await;
}

#[tokio::test]
async fn the_provider_for_terraform_makes_and_reads_a_network() {
    let service = Service::instant().await;
    let made = [
        ("CidrBlock", "10.0.0.0/8"),
        ("ClientToken", "TF-CreateVpc-1"),
        ("DryRun", "false"),
        ("EnableIpv6", "false"),
        ("Tag.1.Key", "team"),
        ("Tag.1.Value", "web"),
    ];
    let vpc = text(&posted(&service, VPC, "CreateVpc", &made).await, "VpcId");
    let one = [("VpcId", vpc.as_str())];
    let shown = posted(&service, VPC, "DescribeVpcAttribute", &one).await;
    let router = text(&shown, "VRouterId");
    let tables = [
        ("PageNumber", "1"),
        ("PageSize", "50"),
        ("RouterId", &router),
    ];
    let tables = posted(&service, VPC, "DescribeRouteTableList", &tables).await;
    let table = &tables["RouterTableList"]["RouterTableListType"][0];
    assert_eq!(table["RouteTableType"], "System");
    let routers = [("VRouterId", router.as_str())];
    let routers = posted(&service, VPC, "DescribeVRouters", &routers).await;
    let routed = &routers["VRouters"]["VRouter"][0];
    assert_eq!(
        routed["RouteTableIds"]["RouteTableId"][0],
        table["RouteTableId"]
    );
    let tagged = [("ResourceId.1", vpc.as_str()), ("ResourceType", "VPC")];
    let tags = posted(&service, VPC, "ListTagResources", &tagged).await;
    assert_eq!(tags["TagResources"]["TagResource"][0]["TagKey"], "team");
    posted(&service, VPC, "DeleteVpc", &one).await;
    service.end().await;
}

/// The same value in query and form is one value; two are not.
#[tokio::test]
async fn a_parameter_may_be_in_both_places() {
    let service = Service::instant().await;
    let kind = "application/x-www-form-urlencoded";
    let query = signed_v1("POST", &complete(ECS, "DescribeRegions", &[]), SECRET);
    let target = format!("/?{query}");
    let answer = service.post(&target, kind, "RegionId=cn-hangzhou").await;
    assert_eq!(answer.unwrap().status, 200);
    let query = signed_v1("POST", &complete(ECS, "DescribeRegions", &[]), SECRET);
    let target = format!("/?{query}");
    let answer = service.post(&target, kind, "RegionId=cn-beijing").await;
    assert_eq!(answer.unwrap().code(), "InvalidParameter");
    service.end().await;
}

#[tokio::test]
async fn the_aliyun_command_pages_and_waits() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let order = order(&network, &[("Amount", "7")]);
    let made = commanded(&service, ECS, "RunInstances", &order).await;
    let made = good("RunInstances", &made);
    assert_eq!(
        made["InstanceIdSets"]["InstanceIdSet"]
            .as_array()
            .unwrap()
            .len(),
        7
    );
    let mut seen = Vec::new();
    for number in ["1", "2", "3"] {
        let page = [("PageNumber", number), ("PageSize", "3")];
        let page = commanded(&service, ECS, "DescribeInstances", &page)
            .await
            .json();
        assert_eq!(page["TotalCount"], 7);
        for instance in page["Instances"]["Instance"].as_array().unwrap() {
            assert_eq!(instance["Status"], "Running");
            seen.push(text(instance, "InstanceId"));
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 7);
    let unknown = [("InstanceId", "i-nothing")];
    let refused = commanded(&service, ECS, "StopInstance", &unknown).await;
    assert_eq!(refused.code(), "InvalidInstanceId.NotFound");
    assert!(
        refused.json()["Recommend"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );
    service.end().await;
}

#[tokio::test(start_paused = true)]
async fn many_instances_are_started_and_stopped_together() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        ecs CreateInstance $order -> one = InstanceId
        ecs CreateInstance $order -> two = InstanceId
        ecs RunInstances $order   -> three = InstanceIdSets.InstanceIdSet.0
        faults {"lengths":{"starting":1000,"stopping":1000}}
        ecs StartInstances InstanceId.1=$one InstanceId.2=$three                  !! IncorrectInstanceStatus
        ecs StartInstances InstanceId.1=$one InstanceId.2=i-none                  !! InvalidInstanceId.NotFound
        ecs StartInstances InstanceId.1=$one BatchOptimization=Fastest            !! InvalidParameter
        ecs StartInstances InstanceId.1=$one DryRun=true                          !! DryRunOperation
        ecs StartInstances InstanceId.1=$one InstanceId.2=$two InstanceId.3=$two -> InstanceResponses.InstanceResponse.# is 2, InstanceResponses.InstanceResponse.0.PreviousStatus is Stopped, InstanceResponses.InstanceResponse.0.CurrentStatus is Starting, InstanceResponses.InstanceResponse.0.Code is 200
        pass 1000
        ecs RebootInstances InstanceId.1=$one -> InstanceResponses.InstanceResponse.0.PreviousStatus is Running
        ecs StopInstances InstanceId.1=$one StoppedMode=StopCharging BatchOptimization=SuccessFirst -> InstanceResponses.InstanceResponse.0.Code is IncorrectInstanceStatus, InstanceResponses.InstanceResponse.0.CurrentStatus is Starting
        ecs StopInstances InstanceId.1=$two StoppedMode=StopCharging -> InstanceResponses.InstanceResponse.0.CurrentStatus is Stopping
        pass 1000
        ecs DescribeInstances InstanceIds=["$two"] -> Instances.Instance.0.Status is Stopped, Instances.Instance.0.StoppedMode is StopCharging
        ecs DescribeInstanceHistoryEvents InstanceId=$one -> TotalCount is 0
        ecs DescribeInstanceHistoryEvents InstanceId=i-none                       !! InvalidInstanceId.NotFound
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn the_older_actions_on_tags_work_on_one_object() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        ecs AddTags ResourceType=securitygroup ResourceId=$group                  !! InvalidTagCount
        ecs AddTags ResourceType=securitygroup ResourceId=sg-none Tag.1.Key=a     !! InvalidResourceId.NotFound
        ecs AddTags ResourceType=table ResourceId=$group Tag.1.Key=a              !! InvalidResourceType.NotFound
        ecs AddTags ResourceType=securitygroup ResourceId=$group Tag.1.Key=team Tag.1.Value=web Tag.2.Key=env
        ecs DescribeResourceByTags Tag.1.Key=team -> TotalCount is 1, Resources.Resource.0.ResourceId is $group, Resources.Resource.0.ResourceType is securitygroup
        ecs DescribeResourceByTags Tag.1.Key=team Tag.1.Value=db -> TotalCount is 0
        ecs DescribeResourceByTags ResourceType=instance -> TotalCount is 0
        ecs RemoveTags ResourceType=securitygroup ResourceId=$group               !! InvalidTagCount
        ecs RemoveTags ResourceType=securitygroup ResourceId=$group Tag.1.Key=team Tag.1.Value=db
        ecs DescribeTags ResourceId=$group -> TotalCount is 2
        ecs RemoveTags ResourceType=securitygroup ResourceId=$group Tag.1.Key=team
        ecs DescribeTags ResourceId=$group -> TotalCount is 1, Tags.Tag.0.TagKey is env
        vpc TagResources ResourceType=VPC ResourceId.1=$vpc Tag.1.Key=team Tag.1.Value=web
        vpc TagResources ResourceType=VSWITCH ResourceId.1=$vswitch Tag.1.Key=team Tag.1.Value=web Tag.2.Key=zone
        vpc DescribeTags -> TagResources.TagResource.# is 2, TagResources.TagResource.0.TagKey is team
        vpc DescribeTags ResourceType=VPC -> TagResources.TagResource.# is 1
        vpc DescribeTags MaxResult=1 -> NextToken is 1
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn disks_are_set_back_on_stopped_instances() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        ecs RunInstances $order                         -> server = InstanceIdSets.InstanceIdSet.0
        ecs DescribeDisks InstanceId=$server            -> disk = Disks.Disk.0.DiskId
        ecs CreateDisk ZoneId=cn-hangzhou-h Size=20 DiskCategory=cloud_essd PerformanceLevel=PL0 -> free = DiskId
        ecs DescribeDisks PerformanceLevel=PL0          -> TotalCount is 1, Disks.Disk.0.DiskId is $free
        ecs CreateSnapshot DiskId=$disk                 -> snapshot = SnapshotId
        ecs ReInitDisk DiskId=$disk                                               !! IncorrectInstanceStatus
        ecs ReInitDisk DiskId=$free                                               !! IncorrectDiskStatus
        ecs ReInitDisk DiskId=d-none                                              !! InvalidDiskId.NotFound
        ecs StopInstance InstanceId=$server
        ecs ReInitDisk DiskId=$disk KeyPairName=none                              !! InvalidKeyPairName.NotFound
        ecs ResetDisk DiskId=$disk SnapshotId=s-none                              !! InvalidSnapshotId.NotFound
        ecs ResetDisk DiskId=$disk SnapshotId=$snapshot DryRun=true               !! DryRunOperation
        ecs ResetDisk DiskId=$disk SnapshotId=$snapshot
        ecs ReInitDisk DiskId=$disk AutoStartInstance=true
        ecs DescribeInstances InstanceIds=["$server"]   -> Instances.Instance.0.Status is Running
    "#).await;
}

#[tokio::test(start_paused = true)]
async fn what_refers_to_what_can_be_asked() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(r#"
        ecs CreateSecurityGroup VpcId=$vpc -> other = SecurityGroupId
        ecs AuthorizeSecurityGroup SecurityGroupId=$other IpProtocol=tcp PortRange=80/80 SourceGroupId=$group
        ecs DescribeSecurityGroupReferences SecurityGroupId.1=$group SecurityGroupId.2=$other -> SecurityGroupReferences.SecurityGroupReference.0.ReferencingSecurityGroups.ReferencingSecurityGroup.0.SecurityGroupId is $other, SecurityGroupReferences.SecurityGroupReference.1.ReferencingSecurityGroups.ReferencingSecurityGroup.# is 0
        ecs DescribeSecurityGroupReferences SecurityGroupId.1=sg-none             !! InvalidSecurityGroupId.NotFound
        ecs CreateNetworkInterface VSwitchId=$vswitch SecurityGroupId=$group NetworkInterfaceTrafficConfig.QueueNumber=4 -> eni = NetworkInterfaceId
        ecs DescribeNetworkInterfaceAttribute NetworkInterfaceId=$eni -> Status is Available, QueueNumber is 4, VpcId is $vpc
        ecs DescribeNetworkInterfaceAttribute NetworkInterfaceId=eni-none         !! InvalidEniId.NotFound
        ecs CreateDeploymentSet Affinity=11                                       !! InvalidParameter
        vpc ListEnhanhcedNatGatewayAvailableZones -> Zones.0.ZoneId is cn-hangzhou-b
        vpc DescribeVRouters VRouterId=vrt-none -> TotalCount is 0
        ecs RunInstances $order InstanceChargeType=PrePaid Period=1 -> paid = InstanceIdSets.InstanceIdSet.0
        bssopenapi QueryAvailableInstances ProductCode=ecs -> Data.TotalCount is 1, Data.InstanceList.0.InstanceID is $paid
        bssopenapi QueryAvailableInstances ProductCode=rds -> Data.TotalCount is 0
    "#).await;
}
