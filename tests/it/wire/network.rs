//! Networks, groups, rules, interfaces and addresses.

use super::*;

#[tokio::test]
async fn rules_are_authorized_once_and_shown_as_the_service_shows_them() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let rule = [
        ("SecurityGroupId", network.group.as_str()),
        ("Permissions.1.IpProtocol", "TCP"),
        ("Permissions.1.PortRange", "22/22"),
        ("Permissions.1.SourceCidrIp", "10.0.0.0/8"),
        ("Permissions.1.Description", "ssh"),
    ];
    service.ecs("AuthorizeSecurityGroup", &rule).await;
    service.ecs("AuthorizeSecurityGroup", &rule).await;
    let group = [("SecurityGroupId", network.group.as_str())];
    let shown = service.ecs("DescribeSecurityGroupAttribute", &group).await;
    let rules = shown["Permissions"]["Permission"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0]["IpProtocol"], "TCP");
    assert_eq!(rules[0]["NicType"], "intranet");
    assert_eq!(rules[0]["Priority"], "1");
    service.end().await;
}

#[tokio::test]
async fn interfaces_of_their_own_come_and_go() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let made = service.ecs("CreateInstance", &order(&network, &[])).await;
    let instance = text(&made, "InstanceId");
    let it = ("InstanceId", instance.as_str());
    let place = [
        ("VSwitchId", network.vswitch.as_str()),
        ("SecurityGroupId", network.group.as_str()),
    ];
    let asked = |more: &[(&'static str, &'static str)]| [&place[..], more].concat();
    for (more, code) in [
        (
            &[("PrimaryIpAddress", "10.9.0.1")][..],
            "InvalidPrivateIpAddress",
        ),
        (
            &[("PrivateIpAddress.1", "10.1.0.1")],
            "InvalidPrivateIpAddress.Duplicated",
        ),
        (
            &[
                ("PrivateIpAddress.1", "10.1.0.9"),
                ("PrivateIpAddress.2", "10.1.0.9"),
            ],
            "InvalidIp.IpRepeated",
        ),
        (
            &[
                ("PrivateIpAddress.1", "10.1.0.9"),
                ("SecondaryPrivateIpAddressCount", "1"),
            ],
            "InvalidParameter.Conflict",
        ),
        (
            &[("Ipv4Prefix.1", "10.1.0.0/28")],
            "InvalidVSwitchId.IpInvalid",
        ),
        (
            &[("Ipv6AddressCount", "1")],
            "InvalidVSwitchId.Ipv6NotTurnOn",
        ),
        (&[("QueueNumber", "4096")], "InvalidParameter"),
        (
            &[("SecurityGroupIds.1", "sg-none")],
            "InvalidParameter.Conflict",
        ),
    ] {
        let refused = service
            .refused(ECS, "CreateNetworkInterface", &asked(more))
            .await;
        assert_eq!(refused, code, "{more:?}");
    }
    let world = service.emulator.world();
    assert_eq!(world["network_interfaces"].as_array().unwrap().len(), 1);
    let order = asked(&[("Ipv4PrefixCount", "1"), ("ClientToken", "token-1")]);
    let made = service.ecs("CreateNetworkInterface", &order).await;
    let again = service.ecs("CreateNetworkInterface", &order).await;
    assert_eq!(made["NetworkInterfaceId"], again["NetworkInterfaceId"]);
    assert_eq!(
        made["Ipv4PrefixSets"]["Ipv4PrefixSet"][0]["Ipv4Prefix"],
        "10.1.0.16/28"
    );
    let id = text(&made, "NetworkInterfaceId");
    let this = ("NetworkInterfaceId", id.as_str());
    let refused = async |action, given: &[(&str, &str)]| service.refused(ECS, action, given).await;
    assert_eq!(
        refused("DetachNetworkInterface", &[this, it]).await,
        "InvalidOperation.InvalidEniState"
    );
    service.ecs("AttachNetworkInterface", &[this, it]).await;
    assert_eq!(
        refused("AttachNetworkInterface", &[this, it]).await,
        "InvalidOperation.InvalidEniState"
    );
    assert_eq!(
        refused("DeleteNetworkInterface", &[this]).await,
        "InvalidOperation.InvalidEniState"
    );
    let shown = service
        .ecs("DescribeNetworkInterfaces", &[it, ("Type", "Primary")])
        .await;
    let primary = text(
        &shown["NetworkInterfaceSets"]["NetworkInterfaceSet"][0],
        "NetworkInterfaceId",
    );
    assert_eq!(
        refused(
            "DetachNetworkInterface",
            &[("NetworkInterfaceId", &primary), it]
        )
        .await,
        "InvalidOperation.DetachPrimaryEniNotAllowed"
    );
    service.ecs("DetachNetworkInterface", &[this, it]).await;
    service.ecs("DeleteNetworkInterface", &[this]).await;
    assert_eq!(
        refused("DeleteNetworkInterface", &[this]).await,
        "InvalidEniId.NotFound"
    );
}

#[tokio::test]
async fn addresses_and_groups_change() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let made = service.ecs("CreateInstance", &order(&network, &[])).await;
    let id = text(&made, "InstanceId");
    let this = ("InstanceId", id.as_str());
    let shown = service.ecs("DescribeNetworkInterfaces", &[this]).await;
    let interface = text(
        &shown["NetworkInterfaceSets"]["NetworkInterfaceSet"][0],
        "NetworkInterfaceId",
    );
    let eni = ("NetworkInterfaceId", interface.as_str());
    let count = [eni, ("SecondaryPrivateIpAddressCount", "2")];
    let given = service.ecs("AssignPrivateIpAddresses", &count).await;
    let given = given["AssignedPrivateIpAddressesSet"]["PrivateIpSet"]["PrivateIpAddress"].clone();
    assert_eq!(given, json!(["10.1.0.2", "10.1.0.3"]));
    let leaving = [eni, ("PrivateIpAddress.1", "10.1.0.2")];
    service.ecs("UnassignPrivateIpAddresses", &leaving).await;
    let primary = [eni, ("PrivateIpAddress.1", "10.1.0.1")];
    assert_eq!(
        service
            .refused(ECS, "UnassignPrivateIpAddresses", &primary)
            .await,
        "InvalidIp.IpUnassigned"
    );
    let second = service
        .ecs("CreateSecurityGroup", &[("VpcId", &network.vpc)])
        .await;
    let second = text(&second, "SecurityGroupId");
    let group = ("SecurityGroupId", second.as_str());
    service.ecs("JoinSecurityGroup", &[this, group]).await;
    let again = service
        .refused(ECS, "JoinSecurityGroup", &[this, group])
        .await;
    assert_eq!(again, "InvalidInstanceId.AlreadyExists");
    service
        .ecs(
            "LeaveSecurityGroup",
            &[this, ("SecurityGroupId", &network.group)],
        )
        .await;
    let last = service
        .refused(ECS, "LeaveSecurityGroup", &[this, group])
        .await;
    assert_eq!(last, "InstanceLastSecurityGroup");
    let moved = [
        this,
        ("VSwitchId", &network.vswitch),
        ("PrivateIpAddress", "10.1.0.50"),
    ];
    service.ecs("ModifyInstanceVpcAttribute", &moved).await;
    let shown = service.ecs("DescribeInstanceAttribute", &[this]).await;
    assert_eq!(
        shown["VpcAttributes"]["PrivateIpAddress"]["IpAddress"],
        json!(["10.1.0.50"])
    );
    assert_eq!(
        shown["SecurityGroupIds"]["SecurityGroupId"],
        json!([second])
    );
    service.end().await;
}

#[tokio::test]
async fn networks_change() {
    let service = Service::instant().await;
    let made = service
        .vpc(
            "CreateVpc",
            &[("CidrBlock", "192.168.0.0/16"), ("EnableIpv6", "true")],
        )
        .await;
    let vpc = text(&made, "VpcId");
    let this = ("VpcId", vpc.as_str());
    service
        .vpc(
            "ModifyVpcAttribute",
            &[this, ("VpcName", "net"), ("Description", "")],
        )
        .await;
    let secondary = [
        this,
        ("SecondaryCidrBlock", "10.0.0.0/16"),
        ("IpVersion", "IPV4"),
    ];
    service.vpc("AssociateVpcCidrBlock", &secondary).await;
    let place = [
        this,
        ("ZoneId", ZONE),
        ("CidrBlock", "10.0.1.0/24"),
        ("Ipv6CidrBlock", "7"),
    ];
    let made = service.vpc("CreateVSwitch", &place).await;
    let shown = service
        .vpc(
            "DescribeVSwitches",
            &[("VSwitchId", made["VSwitchId"].as_str().unwrap())],
        )
        .await;
    let shown = &shown["VSwitches"]["VSwitch"][0];
    assert!(
        shown["Ipv6CidrBlock"]
            .as_str()
            .unwrap()
            .ends_with("07::/64"),
        "{shown}"
    );
    assert_eq!(shown["AvailableIpAddressCount"], 252);
    let used = service
        .refused(VPC, "UnassociateVpcCidrBlock", &secondary[..2])
        .await;
    assert_eq!(used, "OperationFailed.CidrInUse");
    service
        .vpc(
            "DeleteVSwitch",
            &[("VSwitchId", made["VSwitchId"].as_str().unwrap())],
        )
        .await;
    service
        .vpc("UnassociateVpcCidrBlock", &secondary[..2])
        .await;
    let tables = service.vpc("DescribeRouteTableList", &[this]).await;
    let table = text(
        &tables["RouterTableList"]["RouterTableListType"][0],
        "RouteTableId",
    );
    let name = [("RouteTableId", table.as_str()), ("RouteTableName", "main")];
    service.vpc("ModifyRouteTableAttributes", &name).await;
    let moved = [
        ("ResourceType", "VPC"),
        ("ResourceId", vpc.as_str()),
        ("NewResourceGroupId", "rg-2"),
    ];
    service.vpc("MoveResourceGroup", &moved).await;
    let shown = service.vpc("DescribeVpcAttribute", &[this]).await;
    assert_eq!(shown["ResourceGroupId"], "rg-2");
    assert_eq!(shown["VpcName"], "net");
    service.end().await;
}

#[tokio::test]
async fn default_networks_are_made() {
    let service = Service::instant().await;
    let made = service.vpc("CreateDefaultVpc", &[]).await;
    let made_vswitch = service
        .vpc("CreateDefaultVSwitch", &[("ZoneId", ZONE)])
        .await;
    let shown = service
        .vpc(
            "DescribeVSwitches",
            &[("VpcId", made["VpcId"].as_str().unwrap())],
        )
        .await;
    assert_eq!(
        shown["VSwitches"]["VSwitch"][0]["VSwitchId"],
        made_vswitch["VSwitchId"]
    );
    service.end().await;
}
