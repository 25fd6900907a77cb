//! Stock, prices and quotas, and how a user of the emulator edits them.

use serde_json::{Value, json};

use prov::emulator::{Options, Profile};

use super::{ECS, IMAGE, REGION, Service, VPC, ZONE, complete, network, order, signed_v1};

impl Service {
    async fn catalog(&self, catalog: &Value) -> u16 {
        let text = catalog.to_string();
        let answer = self.post("/_emulator/catalog", "application/json", &text);
        answer.await.unwrap().status
    }
}

fn trade(answer: &Value) -> f64 {
    answer["PriceInfo"]["Price"]["TradePrice"].as_f64().unwrap()
}

fn parts(answer: &Value) -> Vec<&str> {
    let details = &answer["PriceInfo"]["Price"]["DetailInfos"]["DetailInfo"];
    let details = details.as_array().unwrap().iter();
    details
        .map(|part| part["Resource"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn prices_are_those_of_the_catalogue() {
    let service = Service::instant().await;
    let table = json!({
        "currency": "CNY", "discount": 0.25,
        "prices": { "ecs.g7.large": 0.5, "cloud_essd": 0.001, "cloud_essd/PL2": 0.002, "bandwidth": 0.1 },
    });
    assert_eq!(service.catalog(&table).await, 200);
    let shown = service.get("/_emulator/catalog").await.json();
    assert_eq!(shown["prices"]["ecs.g7.large"], 0.5);
    assert!(shown["usual_prices"]["ecs.g7.large"].as_f64().unwrap() > 0.0);

    let plain = service
        .ecs("DescribePrice", &[("InstanceType", "ecs.g7.large")])
        .await;
    assert_eq!(plain["PriceInfo"]["Price"]["Currency"], "CNY");
    assert_eq!(trade(&plain).to_bits(), 0.5_f64.to_bits());
    assert_eq!(parts(&plain), ["instanceType"]);
    let whole = [
        ("InstanceType", "ecs.g7.large"),
        ("ImageId", IMAGE),
        ("SystemDisk.Category", "cloud_essd"),
        ("SystemDisk.Size", "100"),
        ("DataDisk.1.Category", "cloud_essd"),
        ("DataDisk.1.PerformanceLevel", "PL2"),
        ("DataDisk.1.Size", "500"),
        ("InternetChargeType", "PayByBandwidth"),
        ("InternetMaxBandwidthOut", "3"),
        ("Amount", "2"),
    ];
    let answer = service.ecs("DescribePrice", &whole).await;
    assert_eq!(
        parts(&answer),
        ["instanceType", "systemDisk", "dataDisk", "bandwidth"]
    );
    assert!((trade(&answer) - 2.0 * (0.5 + 0.1 + 1.0 + 0.3)).abs() < 1e-9);
    let year = [
        ("InstanceType", "ecs.g7.large"),
        ("PriceUnit", "Year"),
        ("Period", "1"),
    ];
    let answer = service.ecs("DescribePrice", &year).await;
    assert!((trade(&answer) - 0.5 * 8760.0 * 0.75).abs() < 1e-6);
    let disk = [
        ("ResourceType", "disk"),
        ("DataDisk.1.Category", "cloud_essd"),
        ("DataDisk.1.Size", "100"),
    ];
    let answer = service.ecs("DescribePrice", &disk).await;
    assert!((trade(&answer) - 0.1).abs() < 1e-9);
    for wrong in [
        ("ResourceType", "moon"),
        ("PriceUnit", "Day"),
        ("Period", "0"),
    ] {
        let asked = [("InstanceType", "ecs.g7.large"), wrong];
        service.refused(ECS, "DescribePrice", &asked).await;
    }
    assert_eq!(service.catalog(&json!({ "price": {} })).await, 400);
    service.end().await;
}

#[tokio::test]
async fn what_is_sold_out_is_neither_offered_nor_sold() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let shelves = json!({ "stock": [
        { "zone": ZONE, "instance_type": "ecs.g7.*", "status": "closing" },
        { "zone": ZONE, "instance_type": "ecs.g7.large", "charge_type": "PostPaid", "status": "sold_out" },
        { "disk": "cloud_essd", "instance_type": "ecs.c7.large", "status": "sold_out" },
    ] });
    assert_eq!(service.catalog(&shelves).await, 200);
    let stock = async |more: &[(&str, &str)]| {
        let mut asked = vec![("ZoneId", ZONE)];
        asked.extend(more);
        let answer = service.ecs("DescribeAvailableResource", &asked).await;
        let found = &answer["AvailableZones"]["AvailableZone"][0]["AvailableResources"]["AvailableResource"]
            [0]["SupportedResources"]["SupportedResource"];
        found.as_array().unwrap().clone()
    };
    let of = |found: &[Value], name: &str| {
        let one = found.iter().find(|one| one["Value"] == name).unwrap();
        one["StatusCategory"].as_str().unwrap().to_owned()
    };
    let types = ("DestinationResource", "InstanceType");
    let plain = stock(&[types]).await;
    assert_eq!(of(&plain, "ecs.g7.large"), "WithoutStock");
    assert_eq!(of(&plain, "ecs.g7.xlarge"), "ClosedWithStock");
    assert_eq!(of(&plain, "ecs.c7.large"), "WithStock");
    let spot = stock(&[types, ("SpotStrategy", "SpotAsPriceGo")]).await;
    assert_eq!(of(&spot, "ecs.g7.large"), "ClosedWithStock");
    let disks = stock(&[
        ("DestinationResource", "SystemDisk"),
        ("InstanceType", "ecs.c7.large"),
    ])
    .await;
    assert_eq!(of(&disks, "cloud_essd"), "WithoutStock");
    assert_eq!(of(&disks, "cloud_efficiency"), "WithStock");

    let refused = async |more: &[(&str, &str)]| {
        service
            .refused(ECS, "CreateInstance", &order(&network, more))
            .await
    };
    let sold_out = "OperationDenied.NoStock";
    assert_eq!(refused(&[("InstanceType", "ecs.g7.large")]).await, sold_out);
    let disk = [
        ("InstanceType", "ecs.c7.large"),
        ("SystemDisk.Category", "cloud_essd"),
    ];
    assert_eq!(refused(&disk).await, sold_out);
    let made = order(&network, &[("InstanceType", "ecs.g7.xlarge")]);
    let made = service.ecs("CreateInstance", &made).await;
    let this = made["InstanceId"].as_str().unwrap();
    let answer = service
        .ecs(
            "DescribeResourcesModification",
            &[("ResourceId", this), types],
        )
        .await;
    let zones = answer["AvailableZones"]["AvailableZone"]
        .as_array()
        .unwrap();
    assert_eq!((zones.len(), &zones[0]["ZoneId"]), (1, &json!(ZONE)));
    service.end().await;
}

#[tokio::test]
async fn subscriptions_tell_what_renewal_and_change_cost() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let prices =
        json!({ "prices": { "ecs.g7.large": 0.5, "ecs.g7.xlarge": 1.0, "cloud_essd": 0.001 } });
    service.catalog(&prices).await;
    let bought = [
        ("InstanceType", "ecs.g7.large"),
        ("SystemDisk.Category", "cloud_essd"),
        ("SystemDisk.Size", "100"),
        ("InstanceChargeType", "PrePaid"),
        ("Period", "1"),
    ];
    let made = service
        .ecs("CreateInstance", &order(&network, &bought))
        .await;
    let this = made["InstanceId"].as_str().unwrap();
    let answer = service
        .ecs("DescribeRenewalPrice", &[("ResourceId", this)])
        .await;
    assert!((trade(&answer) - 0.6 * 720.0).abs() < 1e-6);
    let change = [("InstanceId", this), ("InstanceType", "ecs.g7.xlarge")];
    let answer = service
        .ecs("DescribeInstanceModificationPrice", &change)
        .await;
    assert!((trade(&answer) - 0.5 * 720.0).abs() < 1e-6);
    let nothing = [("InstanceId", this)];
    let code = service
        .refused(ECS, "DescribeInstanceModificationPrice", &nothing)
        .await;
    assert_eq!(code, "MissingParameter.InstanceTypeOrDataDisk");
    let hourly = service.ecs("CreateInstance", &order(&network, &[])).await;
    let hourly = [("ResourceId", hourly["InstanceId"].as_str().unwrap())];
    let code = service.refused(ECS, "DescribeRenewalPrice", &hourly).await;
    assert_eq!(code, "ChargeTypeViolation");
    service.end().await;
}

#[tokio::test]
async fn an_account_tells_what_it_may_have_and_has() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let limits = json!({ "quotas": { "vcpus": 4, "security_groups": 7 } });
    service.faults(limits).await;
    service.ecs("CreateInstance", &order(&network, &[])).await;
    let names = [
        ("AttributeName.1", "max-postpaid-instance-vcpu-count"),
        ("AttributeName.2", "used-postpaid-instance-vcpu-count"),
        ("AttributeName.3", "max-security-groups"),
    ];
    let answer = service.ecs("DescribeAccountAttributes", &names).await;
    let items = answer["AccountAttributeItems"]["AccountAttributeItem"]
        .as_array()
        .unwrap();
    let value = |name: &str| {
        let item = items.iter().find(|item| item["AttributeName"] == name);
        item.unwrap()["AttributeValues"]["ValueItem"][0]["Value"].clone()
    };
    assert_eq!(items.len(), 3);
    assert_eq!(value("max-postpaid-instance-vcpu-count"), "4");
    assert_eq!(value("used-postpaid-instance-vcpu-count"), "2");
    assert_eq!(value("max-security-groups"), "7");
    service.ecs("CreateInstance", &order(&network, &[])).await;
    let full = service
        .refused(ECS, "CreateInstance", &order(&network, &[]))
        .await;
    assert_eq!(full, "QuotaExceed.ElasticQuota");
    let nowhere = [("RegionId", "cn-nowhere")];
    let code = service
        .refused(ECS, "DescribeAccountAttributes", &nowhere)
        .await;
    assert_eq!(code, "InvalidRegionId.NotFound", "{REGION} is another");
    service.end().await;
}

#[tokio::test]
async fn a_new_catalogue_is_every_accounts_and_leaves_the_faults_alone() {
    let key = json!({ "id": "LTAI-second", "secret": "second", "account": "2222222222222222" });
    let service = Service::start(Options {
        profile: Profile::Instant,
        accounts: serde_json::from_value(json!({ "keys": [key] })).unwrap(),
        ..Options::default()
    })
    .await;
    let price = async || {
        let asked = [
            ("InstanceType", "ecs.g7.large"),
            ("AccessKeyId", "LTAI-second"),
        ];
        let all = complete(ECS, "DescribePrice", &asked);
        let target = format!("/?{}", signed_v1("GET", &all, "second"));
        trade(&service.get(&target).await.json())
    };
    let once =
        json!([{ "name": "once", "action": "DescribeVpcs", "kind": "error_before", "count": 1 }]);
    service
        .faults(json!({ "rules": once, "quotas": { "vpcs": 1 } }))
        .await;
    service.refused(VPC, "DescribeVpcs", &[]).await;
    price().await;
    service.vpc("CreateVpc", &[]).await;

    let dear = json!({ "prices": { "ecs.g7.large": 7.0 } });
    assert_eq!(service.catalog(&dear).await, 200);
    assert_eq!(price().await.to_bits(), 7.0_f64.to_bits());
    service.vpc("DescribeVpcs", &[]).await;
    assert_eq!(
        service.refused(VPC, "CreateVpc", &[]).await,
        "QuotaExceeded.Vpc"
    );
    let struck = service.get("/_emulator/faults").await.json();
    assert_eq!(struck, json!({ "once": 1 }));
    service.end().await;
}
