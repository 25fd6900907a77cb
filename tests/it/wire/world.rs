//! What outlasts a call: tokens, tags, dependencies, the world on disk.

use super::*;

#[tokio::test]
async fn a_client_token_is_answered_once() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let token = [("ClientToken", "token-1"), ("InstanceName", "web")];
    let first = service
        .ecs("CreateInstance", &order(&network, &token))
        .await;
    let again = service
        .ecs("CreateInstance", &order(&network, &token))
        .await;
    assert_eq!(first["InstanceId"], again["InstanceId"]);
    assert_ne!(first["RequestId"], again["RequestId"]);
    let other = [("ClientToken", "token-1"), ("InstanceName", "other")];
    let code = service
        .refused(ECS, "CreateInstance", &order(&network, &other))
        .await;
    assert_eq!(code, "IdempotentParameterMismatch");
    let refused = [("ClientToken", "token-2"), ("KeyPairName", "pair")];
    let code = service
        .refused(ECS, "CreateInstance", &order(&network, &refused))
        .await;
    assert_eq!(code, "InvalidKeyPairName.NotFound");
    service
        .ecs("CreateKeyPair", &[("KeyPairName", "pair")])
        .await;
    let code = service
        .refused(ECS, "CreateInstance", &order(&network, &refused))
        .await;
    assert_eq!(
        code, "InvalidKeyPairName.NotFound",
        "a refusal is remembered"
    );
    let long = "x".repeat(65);
    let code = service
        .refused(VPC, "CreateVpc", &[("ClientToken", &long)])
        .await;
    assert_eq!(code, "InvalidClientToken.ValueNotSupported");
    assert_eq!(
        service.emulator.world()["instances"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    service.end().await;
}

#[tokio::test]
async fn a_lost_answer_is_found_again_by_its_token() {
    let service = Service::instant().await;
    let network = network(&service).await;
    service
        .faults(json!({ "rules": [
            { "action": "CreateInstance", "kind": "cut_after", "count": 1 },
            { "action": "CreateVpc", "kind": "error_before", "count": 1 },
            { "action": "Delete*", "kind": "throttle", "count": 1 },
            { "action": "CreateSecurityGroup", "kind": "cut_before", "count": 1 },
        ]}))
        .await;
    let order = order(&network, &[("ClientToken", "token")]);
    assert!(
        service
            .try_call(ECS, "CreateInstance", &order)
            .await
            .is_none()
    );
    let made = service.emulator.world()["instances"][0]["id"].clone();
    let found = service.ecs("CreateInstance", &order).await;
    assert_eq!(found["InstanceId"], made);
    assert_eq!(
        service.refused(VPC, "CreateVpc", &[]).await,
        "ServiceUnavailable"
    );
    service.vpc("CreateVpc", &[]).await;
    let throttled = service
        .call(VPC, "DeleteVpc", &[("VpcId", &network.vpc)])
        .await;
    assert_eq!(throttled.code(), "Throttling.User");
    assert!(throttled.head.contains("x-acs-retry-after:"));
    assert!(
        service
            .try_call(ECS, "CreateSecurityGroup", &[])
            .await
            .is_none()
    );
    let calls = service.get("/_emulator/calls").await.json();
    assert_eq!(
        calls["CreateInstance"],
        json!({ "calls": 2, "throttled": 0, "failed": 0 })
    );
    assert_eq!(calls["DeleteVpc"]["throttled"], 1);
    let world = service.emulator.world();
    assert_eq!(world["security_groups"].as_array().unwrap().len(), 1);
    service.end().await;
}

#[tokio::test]
async fn the_world_outlives_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options {
        data: Some(directory.path().to_owned()),
        profile: Profile::Instant,
        ..Options::default()
    };
    let service = Service::start(options()).await;
    let network = network(&service).await;
    let more = [("ClientToken", "token"), ("Password", "EcsV587!secret")];
    let first = service.ecs("CreateInstance", &order(&network, &more)).await;
    let held = Emulator::open(options()).err().unwrap();
    assert!(
        held.to_string()
            .contains(&directory.path().display().to_string()),
        "{held}"
    );
    let before = service.emulator.world();
    // Not ended in order: the log alone has to be enough.
    let log = std::fs::read_to_string(directory.path().join("world.log")).unwrap();
    assert!(!log.contains("EcsV587"));
    let copy = tempfile::tempdir().unwrap();
    let torn = format!("{log}[{{\"kind\":\"vpc\",\"id\":\"vpc-");
    std::fs::File::create(copy.path().join("world.log"))
        .and_then(|mut file| std::io::Write::write_all(&mut file, torn.as_bytes()))
        .unwrap();
    let survivor = Service::start(Options {
        data: Some(copy.path().to_owned()),
        ..options()
    })
    .await;
    assert_eq!(survivor.emulator.world(), before);
    let again = survivor
        .ecs("CreateInstance", &order(&network, &more))
        .await;
    assert_eq!(again["InstanceId"], first["InstanceId"]);
    survivor.end().await;
    service.end().await;
    let reopened = Service::start(options()).await;
    assert_eq!(reopened.emulator.world(), before);
    let more = service_next_address(&reopened, &network).await;
    assert_eq!(more, "10.1.0.2");
    reopened.end().await;
}

async fn service_next_address(service: &Service, network: &Network) -> String {
    let made = service.ecs("CreateInstance", &order(network, &[])).await;
    let world = service.emulator.world();
    let instances = world["instances"].as_array().unwrap().clone();
    let this = instances
        .iter()
        .find(|it| it["id"] == made["InstanceId"])
        .unwrap();
    text(this, "private_ip")
}

#[tokio::test]
async fn dependencies_and_protection_hold() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let vpc = [("VpcId", network.vpc.as_str())];
    let other = service.ecs("CreateSecurityGroup", &vpc).await;
    let other = text(&other, "SecurityGroupId");
    let rule = [
        ("SecurityGroupId", network.group.as_str()),
        ("IpProtocol", "all"),
        ("SourceGroupId", other.as_str()),
    ];
    service.ecs("AuthorizeSecurityGroup", &rule).await;
    let gone = [("SecurityGroupId", other.as_str())];
    assert_eq!(
        service.refused(ECS, "DeleteSecurityGroup", &gone).await,
        "DependencyViolation"
    );
    service.ecs("RevokeSecurityGroup", &rule).await;
    service.ecs("RevokeSecurityGroup", &rule).await;
    service.ecs("DeleteSecurityGroup", &gone).await;
    let overlapping = [
        ("VpcId", network.vpc.as_str()),
        ("ZoneId", ZONE),
        ("CidrBlock", "10.1.0.0/25"),
    ];
    let code = service.refused(VPC, "CreateVSwitch", &overlapping).await;
    assert_eq!(code, "InvalidCidrBlock.Overlapped");
    let more = [
        ("DeletionProtection", "true"),
        ("PrivateIpAddress", "10.1.0.77"),
    ];
    let made = service.ecs("CreateInstance", &order(&network, &more)).await;
    let this = [("InstanceId", made["InstanceId"].as_str().unwrap())];
    let code = service.refused(ECS, "DeleteInstance", &this).await;
    assert_eq!(code, "InvalidOperation.DeletionProtection");
    let code = service
        .refused(ECS, "CreateInstance", &order(&network, &more))
        .await;
    assert_eq!(code, "InvalidPrivateIpAddress.Duplicated");
    let subscribed = [("InstanceChargeType", "PrePaid"), ("Period", "1")];
    let made = service
        .ecs("CreateInstance", &order(&network, &subscribed))
        .await;
    let this = [("InstanceId", made["InstanceId"].as_str().unwrap())];
    assert_eq!(
        service.refused(ECS, "DeleteInstance", &this).await,
        "ChargeTypeViolation"
    );
    for _ in 0..9 {
        service.vpc("CreateVpc", &[]).await;
    }
    assert_eq!(
        service.refused(VPC, "CreateVpc", &[]).await,
        "QuotaExceeded.Vpc"
    );
    service.end().await;
}

#[tokio::test]
async fn stale_reads_show_the_world_of_a_moment_ago() {
    let service = Service::instant().await;
    service
        .faults(
            json!({ "lengths": { "lag": 3_600_000 }, "rules": [{ "action": "DescribeVpcs", "kind": "stale_read", "count": 1 }] }),
        )
        .await;
    service.vpc("CreateVpc", &[]).await;
    assert_eq!(service.vpc("DescribeVpcs", &[]).await["TotalCount"], 0);
    assert_eq!(service.vpc("DescribeVpcs", &[]).await["TotalCount"], 1);
    service.end().await;
}

#[tokio::test]
async fn tags_are_set_listed_and_taken_off() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let this = [
        ("ResourceType", "VPC"),
        ("ResourceId.1", network.vpc.as_str()),
    ];
    let set = [
        this[0],
        this[1],
        ("Tag.1.Key", "env"),
        ("Tag.1.Value", "prod"),
    ];
    service.vpc("TagResources", &set).await;
    let listed = service.vpc("ListTagResources", &this).await;
    assert_eq!(listed["TagResources"]["TagResource"][0]["TagValue"], "prod");
    let shown = service.vpc("DescribeVpcs", &[("Tag.1.Key", "env")]).await;
    assert_eq!(
        shown["Vpcs"]["Vpc"][0]["Tags"]["Tag"][0],
        json!({ "Key": "env", "Value": "prod" })
    );
    service
        .vpc("UnTagResources", &[this[0], this[1], ("TagKey.1", "env")])
        .await;
    assert_eq!(
        service.vpc("DescribeVpcs", &[("Tag.1.Key", "env")]).await["TotalCount"],
        0
    );
    let absent = [
        ("ResourceType", "instance"),
        ("ResourceId.1", "i-none"),
        set[2],
        set[3],
    ];
    let code = service.refused(ECS, "TagResources", &absent).await;
    assert_eq!(code, "InvalidResourceId.NotFound");
    service.end().await;
}

#[tokio::test]
async fn deployment_sets_have_members() {
    let service = Service::instant().await;
    let network = network(&service).await;
    service
        .faults(json!({ "quotas": { "instances_per_deployment_set": 1 } }))
        .await;
    let bad = [("Strategy", "Near")];
    assert_eq!(
        service.refused(ECS, "CreateDeploymentSet", &bad).await,
        "InvalidParameter.Strategy"
    );
    let made = service
        .ecs("CreateDeploymentSet", &[("DeploymentSetName", "web")])
        .await;
    let set = text(&made, "DeploymentSetId");
    let this = ("DeploymentSetId", set.as_str());
    let joins = [this];
    let order = order(&network, &joins);
    let made = service.ecs("CreateInstance", &order).await;
    let instance = text(&made, "InstanceId");
    assert_eq!(
        service.refused(ECS, "CreateInstance", &order).await,
        "QuotaExceed.DeploymentSetInstanceQuotaFull"
    );
    let shown = service.ecs("DescribeDeploymentSets", &[]).await;
    let shown = &shown["DeploymentSets"]["DeploymentSet"][0];
    assert_eq!(shown["InstanceIds"]["InstanceId"], json!([instance]));
    assert_eq!(shown["InstanceAmount"], 1);
    assert_eq!(
        service.refused(ECS, "DeleteDeploymentSet", &[this]).await,
        "DependencyViolation.NotEmpty"
    );
    let leaves = [
        this,
        ("InstanceId", &instance),
        ("RemoveFromDeploymentSet", "true"),
    ];
    service.ecs("ModifyInstanceDeployment", &leaves).await;
    service.ecs("DeleteDeploymentSet", &[this]).await;
    let none = [("InstanceId", instance.as_str()), this];
    assert_eq!(
        service
            .refused(ECS, "ModifyInstanceDeployment", &none)
            .await,
        "DeploymentSet.NotFound"
    );
}

#[tokio::test]
async fn the_catalogue_is_shown() {
    let service = Service::instant().await;
    let zones = service.ecs("DescribeZones", &[]).await;
    assert_eq!(zones["Zones"]["Zone"].as_array().unwrap().len(), 8);
    assert_eq!(
        service.vpc("DescribeZones", &[]).await["Zones"]["Zone"]
            .as_array()
            .unwrap()
            .len(),
        8
    );
    let images = service
        .ecs(
            "DescribeImages",
            &[("ImageName", "ubuntu*"), ("PageSize", "2")],
        )
        .await;
    assert_eq!(images["Images"]["Image"].as_array().unwrap().len(), 2);
    let types = service
        .ecs(
            "DescribeInstanceTypes",
            &[("InstanceTypes.1", "ecs.g7.large")],
        )
        .await;
    assert_eq!(types["InstanceTypes"]["InstanceType"][0]["MemorySize"], 8.0);
    let asked = [
        ("DestinationResource", "InstanceType"),
        ("ZoneId", ZONE),
        ("Cores", "2"),
    ];
    let stock = service.ecs("DescribeAvailableResource", &asked).await;
    assert_eq!(
        stock["AvailableZones"]["AvailableZone"][0]["Status"],
        "Available"
    );
    let price = service
        .ecs("DescribePrice", &[("InstanceType", "ecs.g7.large")])
        .await;
    assert!(price["PriceInfo"]["Price"]["TradePrice"].as_f64().unwrap() > 0.0);
    service.ecs("DescribeInstanceTypeFamilies", &[]).await;
    service.end().await;
}
