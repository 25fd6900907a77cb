//! Instances: made, changed, paid for, refused and released.

use super::*;

#[tokio::test]
async fn an_instance_lives_and_dies() {
    let service = Service::start(Options::default()).await;
    let network = network(&service).await;
    let group = [("SecurityGroupId", network.group.as_str())];
    let disks = [
        ("DataDisk.1.Category", "cloud_ssd"),
        ("DataDisk.1.Size", "50"),
        ("Tag.1.Key", "a"),
    ];
    let made = service
        .ecs("CreateInstance", &order(&network, &disks))
        .await;
    let id = text(&made, "InstanceId");
    assert!(id.starts_with("i-bp1") && id.len() == 22, "{id}");
    let this = [("InstanceId", id.as_str())];
    until(&service, "DescribeInstanceAttribute", &this, |it| {
        it["Status"] == "Stopped"
    })
    .await;
    service.ecs("StartInstance", &this).await;
    until(&service, "DescribeInstanceAttribute", &this, |it| {
        it["Status"] == "Running"
    })
    .await;
    assert_eq!(
        service.refused(ECS, "DeleteInstance", &this).await,
        "IncorrectInstanceStatus"
    );
    service.ecs("StopInstance", &this).await;
    until(&service, "DescribeInstanceAttribute", &this, |it| {
        it["Status"] == "Stopped"
    })
    .await;

    let listed = json!([id]).to_string();
    let shown = service
        .ecs("DescribeInstances", &[("InstanceIds", &listed)])
        .await;
    let instance = &shown["Instances"]["Instance"][0];
    assert_eq!(
        instance["VpcAttributes"]["PrivateIpAddress"]["IpAddress"][0],
        "10.1.0.1"
    );
    assert_eq!(instance["Tags"]["Tag"][0]["TagKey"], "a");
    assert_eq!(instance["InstanceName"], json!(id));
    let shown = service.ecs("DescribeDisks", &this).await;
    assert_eq!(shown["TotalCount"], 2);

    assert_eq!(
        service.refused(ECS, "DeleteSecurityGroup", &group).await,
        "DependencyViolation"
    );
    let vswitch = [("VSwitchId", network.vswitch.as_str())];
    assert_eq!(
        service.refused(VPC, "DeleteVSwitch", &vswitch).await,
        "DependencyViolation"
    );
    let vpc = [("VpcId", network.vpc.as_str())];
    assert_eq!(
        service.refused(VPC, "DeleteVpc", &vpc).await,
        "DependencyViolation.VSwitch"
    );
    service.ecs("DeleteInstance", &this).await;
    assert_eq!(
        service.refused(ECS, "DeleteInstance", &this).await,
        "InvalidInstanceId.NotFound"
    );
    dismantle(&service, &network).await;
    let world = service.get("/_emulator/world").await.json();
    for kind in [
        "vpcs",
        "vswitches",
        "security_groups",
        "instances",
        "disks",
        "network_interfaces",
    ] {
        assert_eq!(world[kind], json!([]), "{kind}");
    }
    service.end().await;
}

#[tokio::test]
async fn run_instances_starts_them_and_pages_by_token() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let more = [
        ("Amount", "25"),
        ("InstanceName", "web"),
        ("InternetMaxBandwidthOut", "5"),
    ];
    let made = service.ecs("RunInstances", &order(&network, &more)).await;
    assert_eq!(
        made["InstanceIdSets"]["InstanceIdSet"]
            .as_array()
            .unwrap()
            .len(),
        25
    );
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = [
            ("MaxResults", "10"),
            ("NextToken", token.as_str()),
            ("Status", "Running"),
        ];
        let shown = service.ecs("DescribeInstances", &page).await;
        assert_eq!(shown["TotalCount"], 25);
        let instances = shown["Instances"]["Instance"].as_array().unwrap().clone();
        seen.extend(instances.iter().map(|it| text(it, "InstanceId")));
        token = text(&shown, "NextToken");
        if token.is_empty() {
            break;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 25);
    let shown = service
        .ecs(
            "DescribeInstances",
            &[("PageNumber", "3"), ("PageSize", "10")],
        )
        .await;
    assert_eq!(shown["Instances"]["Instance"].as_array().unwrap().len(), 5);
    assert_ne!(
        shown["Instances"]["Instance"][0]["PublicIpAddress"]["IpAddress"],
        json!([])
    );
    service.end().await;
}

/// What CreateInstance refuses: what differs from a good order, and the status and the code of the answer.
const REFUSALS: &[(Parameters<'static>, u16, &str)] = &[
    (
        &[("InstanceType", "ecs.nothing")],
        400,
        "InvalidInstanceType.ValueNotSupported",
    ),
    (&[("ImageId", "none.vhd")], 404, "InvalidImageId.NotFound"),
    (
        &[("VSwitchId", "vsw-none")],
        403,
        "InvalidVSwitchId.NotFound",
    ),
    (
        &[("SecurityGroupId", "sg-none")],
        404,
        "InvalidSecurityGroupId.NotFound",
    ),
    (&[("VSwitchId", "")], 400, "MissingParameter"),
    (
        &[("PrivateIpAddress", "10.2.0.9")],
        400,
        "InvalidPrivateIpAddress",
    ),
    (
        &[("InstanceName", "1web")],
        400,
        "InvalidInstanceName.Malformed",
    ),
    (
        &[("Description", "http://x")],
        400,
        "InvalidDescription.Malformed",
    ),
    (&[("HostName", "-web")], 400, "InvalidHostName.Malformed"),
    (&[("Password", "short")], 400, "InvalidPassword.Malformed"),
    (
        &[("Password", "EcsV587!"), ("PasswordInherit", "true")],
        400,
        "InvalidPasswordParam.Mismatch",
    ),
    (
        &[("InstanceChargeType", "Free")],
        404,
        "InvalidInstanceChargeType.NotFound",
    ),
    (&[("InstanceChargeType", "PrePaid")], 400, "InvalidPeriod"),
    (
        &[("InstanceChargeType", "PrePaid"), ("Period", "10")],
        400,
        "InvalidPeriod",
    ),
    (
        &[
            ("InstanceChargeType", "PrePaid"),
            ("Period", "1"),
            ("PeriodUnit", "Day"),
        ],
        400,
        "InvalidPeriodUnit.ValueNotSupported",
    ),
    (
        &[
            ("InstanceChargeType", "PrePaid"),
            ("Period", "1"),
            ("AutoRenew", "true"),
        ],
        400,
        "InvalidAutoRenewPeriod.ValueNotSupported",
    ),
    (
        &[("SpotStrategy", "SpotWithPriceLimit")],
        400,
        "InvalidSpotPriceLimit",
    ),
    (
        &[
            ("SpotStrategy", "SpotWithPriceLimit"),
            ("SpotPriceLimit", "0.001"),
        ],
        400,
        "InvalidSpotPriceLimit.LowerThanPublicPrice",
    ),
    (
        &[("SystemDisk.Category", "tape")],
        400,
        "InvalidSystemDiskCategory.ValueNotSupported",
    ),
    (
        &[("SystemDisk.Category", "cloud")],
        403,
        "InvalidDiskCategory.NotSupported",
    ),
    (
        &[("SystemDisk.Size", "501")],
        400,
        "InvalidSystemDiskSize.ValueNotSupported",
    ),
    (
        &[
            (
                "ImageId",
                "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            ),
            ("SystemDisk.Size", "30"),
        ],
        404,
        "InvalidSystemDiskSize.LessThanImageSize",
    ),
    (
        &[("DataDisk.1.Size", "2001")],
        400,
        "InvalidDataDiskSize.ValueNotSupported",
    ),
    (
        &[
            ("DataDisk.1.Size", "50"),
            ("DataDisk.1.Category", "ephemeral_ssd"),
        ],
        400,
        "InvalidDataDiskCategory.ValueNotSupported",
    ),
    (
        &[("DataDisk.17.Size", "50")],
        400,
        "InstanceDiskNumber.LimitExceed",
    ),
    (
        &[("DataDisk.1.SnapshotId", "s-none")],
        404,
        "InvalidDataDiskSnapshotId.NotFound",
    ),
    (
        &[
            ("DataDisk.1.Size", "50"),
            ("DataDisk.1.Device", "/dev/null"),
        ],
        400,
        "InvalidDataDevice.Malformed",
    ),
    (
        &[("InternetMaxBandwidthOut", "101")],
        400,
        "InvalidParameter.Bandwidth",
    ),
    (
        &[("InternetChargeType", "PayByLuck")],
        400,
        "InvalidInternetChargeType.ValueNotSupported",
    ),
    (
        &[("KeyPairName", "none")],
        404,
        "InvalidKeyPairName.NotFound",
    ),
    (
        &[("UserData", "***")],
        400,
        "InvalidUserData.Base64FormatInvalid",
    ),
    (&[("Tag.1.Key", "acs:x")], 400, "InvalidTagKey.Malformed"),
    (
        &[("ZoneId", "cn-hangzhou-z")],
        404,
        "InvalidZoneId.NotFound",
    ),
    (
        &[("InstanceType", "ecs.n4.small")],
        403,
        "OperationDenied.NoStock",
    ),
    (&[("DryRun", "true")], 400, "DryRunOperation"),
];

#[tokio::test]
async fn create_instance_enforces_its_document() {
    let service = Service::instant().await;
    let network = network(&service).await;
    for (more, status, code) in REFUSALS {
        // The zone of this network is in the later half, where old families are sold no more.
        let answer = service
            .call(ECS, "CreateInstance", &order(&network, more))
            .await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (*status, *code),
            "{more:?}"
        );
    }
    assert_eq!(service.emulator.world()["instances"], json!([]));
    service.end().await;
}

/// Calls that succeed on a stopped pay-as-you-go instance: the action and what it is given besides the instance.
const CHANGES: &[(&str, Parameters<'static>)] = &[
    ("ModifyInstanceSpec", &[("InstanceType", "ecs.g7.xlarge")]),
    (
        "ModifyInstanceAttribute",
        &[
            ("InstanceName", "web-2"),
            ("Description", "the second"),
            ("HostName", "web-2.local"),
            ("Password", "EcsV587!new"),
            ("UserData", "ZWNobyBoaQ=="),
            ("EnableJumboFrame", "true"),
        ],
    ),
    (
        "ModifyInstanceNetworkSpec",
        &[("InternetMaxBandwidthOut", "10")],
    ),
    ("AllocatePublicIpAddress", &[]),
    (
        "ModifyInstanceMetadataOptions",
        &[("HttpEndpoint", "enabled"), ("HttpTokens", "required")],
    ),
    (
        "ModifyInstanceMaintenanceAttributes",
        &[
            ("ActionOnMaintenance", "Stop"),
            ("NotifyOnMaintenance", "true"),
            ("MaintenanceWindow.1.StartTime", "02:00:00"),
            ("MaintenanceWindow.1.EndTime", "04:00:00"),
        ],
    ),
    (
        "ModifyInstanceAttachmentAttributes",
        &[("PrivatePoolOptions.MatchCriteria", "Open")],
    ),
    (
        "ReplaceSystemDisk",
        &[
            ("ImageId", "ubuntu_22_04_x64_20G_alibase_20240926.vhd"),
            ("SystemDisk.Size", "60"),
        ],
    ),
];

#[tokio::test]
async fn a_stopped_instance_can_be_changed() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let made = service.ecs("CreateInstance", &order(&network, &[])).await;
    let id = text(&made, "InstanceId");
    for (action, given) in CHANGES {
        let name = if action.contains("Maintenance") {
            "InstanceId.1"
        } else {
            "InstanceId"
        };
        let mut all = vec![(name, id.as_str())];
        all.extend(*given);
        service.ecs(action, &all).await;
    }
    let set = service.ecs("CreateDeploymentSet", &[]).await;
    let set = text(&set, "DeploymentSetId");
    let joins = [
        ("InstanceId", id.as_str()),
        ("DeploymentSetId", set.as_str()),
    ];
    service.ecs("ModifyInstanceDeployment", &joins).await;
    let ids = json!([id]).to_string();
    let these = [("InstanceIds", ids.as_str())];
    let role = [these[0], ("RamRoleName", "reader")];
    assert_eq!(
        service.ecs("AttachInstanceRamRole", &role).await["FailCount"],
        0
    );
    service
        .ecs("CreateKeyPair", &[("KeyPairName", "pair")])
        .await;
    service
        .ecs("AttachKeyPair", &[these[0], ("KeyPairName", "pair")])
        .await;
    let shown = service.ecs("DescribeInstances", &these).await;
    let instance = &shown["Instances"]["Instance"][0];
    assert_eq!(instance["InstanceType"], "ecs.g7.xlarge");
    assert_eq!(instance["Memory"], 16384);
    assert_eq!(instance["InstanceName"], "web-2");
    assert_eq!(instance["HostName"], "web-2.local");
    assert_eq!(instance["KeyPairName"], "pair");
    assert_eq!(instance["DeploymentSetId"], set);
    assert_eq!(instance["MetadataOptions"]["HttpTokens"], "required");
    assert_eq!(
        instance["ImageId"],
        "ubuntu_22_04_x64_20G_alibase_20240926.vhd"
    );
    assert_eq!(
        instance["PublicIpAddress"]["IpAddress"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let this = [("InstanceId", id.as_str())];
    assert_eq!(
        service.ecs("DescribeUserData", &this).await["UserData"],
        "ZWNobyBoaQ=="
    );
    let shown = service
        .ecs(
            "DescribeInstanceMaintenanceAttributes",
            &[("InstanceId.1", &id)],
        )
        .await;
    let shown = &shown["MaintenanceAttributes"]["MaintenanceAttribute"][0];
    assert_eq!(
        shown["MaintenanceWindows"]["MaintenanceWindow"][0]["StartTime"],
        "02:00:00"
    );
    let shown = service.ecs("DescribeInstanceRamRole", &these).await;
    let shown = &shown["InstanceRamRoleSets"]["InstanceRamRoleSet"][0];
    assert_eq!(shown["RamRoleName"], "reader");
    assert_eq!(
        service.ecs("DescribeInstanceAttribute", &this).await["EnableJumboFrame"],
        true
    );
    service.end().await;
}

#[tokio::test]
async fn subscriptions_renew_and_end() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let more = [
        ("InstanceChargeType", "PrePaid"),
        ("Period", "1"),
        ("AutoRenew", "true"),
        ("AutoRenewPeriod", "2"),
    ];
    let made = service.ecs("CreateInstance", &order(&network, &more)).await;
    assert!(made["OrderId"].is_string());
    let id = text(&made, "InstanceId");
    let this = ("InstanceId", id.as_str());
    let renewal = async || {
        let shown = service
            .ecs("DescribeInstanceAutoRenewAttribute", &[this])
            .await;
        shown["InstanceRenewAttributes"]["InstanceRenewAttribute"][0].clone()
    };
    assert_eq!(renewal().await["RenewalStatus"], "AutoRenewal");
    assert_eq!(renewal().await["Duration"], 2);
    let never = [this, ("RenewalStatus", "NotRenewal")];
    service
        .ecs("ModifyInstanceAutoRenewAttribute", &never)
        .await;
    assert_eq!(renewal().await["AutoRenewEnabled"], false);
    service
        .ecs(
            "ModifyPrepayInstanceSpec",
            &[this, ("InstanceType", "ecs.g7.2xlarge")],
        )
        .await;
    let spec = service.refused(ECS, "ModifyInstanceSpec", &[this]).await;
    assert_eq!(spec, "ChargeTypeViolation");
    let ids = json!([id]).to_string();
    let paid = [
        ("InstanceIds", ids.as_str()),
        ("InstanceChargeType", "PostPaid"),
    ];
    service.ecs("ModifyInstanceChargeType", &paid).await;
    let later = jiff::Timestamp::now() + Duration::from_secs(7200);
    let later = later.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    service
        .ecs(
            "ModifyInstanceAutoReleaseTime",
            &[this, ("AutoReleaseTime", &later)],
        )
        .await;
    let shown = service
        .ecs("DescribeInstances", &[("InstanceIds", &ids)])
        .await;
    assert_eq!(
        shown["Instances"]["Instance"][0]["AutoReleaseTime"],
        json!(later)
    );
    service.ecs("DeleteInstance", &[this]).await;
    service.end().await;
}

#[tokio::test]
async fn what_is_between_two_states_refuses() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let hours = 3_600_000;
    service
        .faults(json!({ "lengths": { "pending": hours, "vpc": hours, "vswitch": hours } }))
        .await;
    let made = service.ecs("CreateInstance", &order(&network, &[])).await;
    let this = [("InstanceId", made["InstanceId"].as_str().unwrap())];
    for action in ["StartInstance", "StopInstance", "RebootInstance"] {
        assert_eq!(
            service.refused(ECS, action, &this).await,
            "IncorrectInstanceStatus"
        );
    }
    let code = service.refused(ECS, "DeleteInstance", &this).await;
    assert_eq!(code, "IncorrectInstanceStatus.Initializing");
    let vpc = text(
        &service
            .vpc("CreateVpc", &[("CidrBlock", "10.0.0.0/8")])
            .await,
        "VpcId",
    );
    let early = [
        ("VpcId", vpc.as_str()),
        ("ZoneId", ZONE),
        ("CidrBlock", "10.1.0.0/24"),
    ];
    assert_eq!(
        service.refused(VPC, "CreateVSwitch", &early).await,
        "IncorrectVpcStatus"
    );
    assert_eq!(
        service.refused(VPC, "DeleteVpc", &early[..1]).await,
        "IncorrectVpcStatus"
    );
    let place = [
        ("VpcId", network.vpc.as_str()),
        ("ZoneId", ZONE),
        ("CidrBlock", "10.2.0.0/24"),
    ];
    let vswitch = text(&service.vpc("CreateVSwitch", &place).await, "VSwitchId");
    let other = [place[0], place[1], ("CidrBlock", "10.3.0.0/24")];
    assert_eq!(
        service.refused(VPC, "CreateVSwitch", &other).await,
        "IncorrectVSwitchStatus"
    );
    let there = [("VSwitchId", vswitch.as_str())];
    let code = service
        .refused(ECS, "RunInstances", &order(&network, &there))
        .await;
    assert_eq!(code, "IncorrectVSwitchStatus");
    service
        .faults(json!({ "lengths": { "starting": hours } }))
        .await;
    let made = service.ecs("RunInstances", &order(&network, &[])).await;
    let this = [(
        "InstanceId",
        made["InstanceIdSets"]["InstanceIdSet"][0].as_str().unwrap(),
    )];
    assert_eq!(
        service.refused(ECS, "StopInstance", &this).await,
        "IncorrectInstanceStatus"
    );
    service
        .ecs("DeleteInstance", &[this[0], ("Force", "true")])
        .await;
    service.end().await;
}

#[tokio::test]
async fn interfaces_of_an_order_are_made_with_it() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let order = [
        ("ImageId", IMAGE),
        ("InstanceType", "ecs.g7.large"),
        ("Amount", "2"),
        ("InstanceName", "web-[7,3]"),
        ("NetworkInterface.1.InstanceType", "Primary"),
        ("NetworkInterface.1.VSwitchId", &network.vswitch),
        ("NetworkInterface.1.SecurityGroupIds.1", &network.group),
        ("NetworkInterface.2.InstanceType", "Secondary"),
        ("NetworkInterface.2.VSwitchId", &network.vswitch),
        ("NetworkInterface.2.SecurityGroupIds.1", &network.group),
        ("NetworkInterface.2.DeleteOnRelease", "false"),
    ];
    service.ecs("RunInstances", &order).await;
    let shown = service
        .ecs("DescribeInstances", &[("InstanceName", "web-*")])
        .await;
    let instances = shown["Instances"]["Instance"].as_array().unwrap().clone();
    assert_eq!(instances[1]["InstanceName"], "web-008");
    let interfaces = instances[0]["NetworkInterfaces"]["NetworkInterface"]
        .as_array()
        .unwrap();
    assert_eq!(interfaces.len(), 2);
    assert_eq!(interfaces[1]["Type"], "Secondary");
    let this = ("InstanceId", instances[0]["InstanceId"].as_str().unwrap());
    service
        .ecs("DeleteInstance", &[this, ("Force", "true")])
        .await;
    let kept = (
        "NetworkInterfaceId.1",
        interfaces[1]["NetworkInterfaceId"].as_str().unwrap(),
    );
    let shown = service.ecs("DescribeNetworkInterfaces", &[kept]).await;
    assert_eq!(
        shown["NetworkInterfaceSets"]["NetworkInterfaceSet"][0]["Status"],
        "Available"
    );
    service.end().await;
}
