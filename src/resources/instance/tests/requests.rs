use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::arguments;
use crate::{
    model::{Object, Value},
    provider::CreateRequest,
    resources::instance::{INSTANCE, create, same, update},
    schema::propose,
};

/// The parameters of the API document of CreateInstance; `RegionId`, `Action` and `ClientToken` are the
/// client's, and the lower-case spellings of tags are never sent.
const DOCUMENT: &str = "ImageId InstanceType RegionId Action AutoRenew AutoRenewPeriod ClientToken \
    ClusterId CreditSpecification DataDisk.N.Category DataDisk.N.DeleteWithInstance \
    DataDisk.N.Description DataDisk.N.Device DataDisk.N.DiskName DataDisk.N.Encrypted \
    DataDisk.N.Size DataDisk.N.SnapshotId DedicatedHostId DeletionProtection DeploymentSetId \
    Description DryRun HostName HpcClusterId InnerIpAddress InstanceChargeType InstanceName \
    InternetChargeType InternetMaxBandwidthIn InternetMaxBandwidthOut IoOptimized KeyPairName \
    NodeControllerId OwnerAccount Password PasswordInherit Period PeriodUnit PrivateIpAddress \
    RamRoleName ResourceGroupId SecurityEnhancementStrategy SecurityGroupId \
    SpotInterruptionBehavior SpotPriceLimit SpotStrategy SystemDisk.Category \
    SystemDisk.Description SystemDisk.DiskName SystemDisk.Size Tag.N.Key Tag.N.Value Tag.N.key \
    Tag.N.value UseAdditionalService UserData VSwitchId VlanId ZoneId";

fn request(json: &Json) -> CreateRequest {
    let proposed = propose(&INSTANCE, None, None, &arguments(json), &str::to_owned);
    create::request(&INSTANCE, &proposed.after)
}

fn lines(request: &CreateRequest) -> Vec<String> {
    let line = |param: &crate::provider::Param| format!("{}={}", param.name, param.value);
    request.params.iter().map(line).collect()
}

/// Everything that CreateInstance takes, but for what excludes something here.
fn full() -> Json {
    let text = r##"{
        "availability_zone": "cn-hangzhou-h", "image_id": "m-1", "instance_type": "ecs.g7.large",
        "credit_specification": "Standard", "security_groups": ["sg-2", "sg-1"],
        "instance_name": "web", "resource_group_id": "rg-1", "description": "web server",
        "internet_charge_type": "PayByTraffic", "internet_max_bandwidth_out": 5,
        "internet_max_bandwidth_in": 10, "host_name": "web", "password": "EcsV587!",
        "io_optimized": "optimized", "system_disk_category": "cloud_essd", "system_disk_name": "root",
        "system_disk_description": "root disk", "system_disk_size": 40,
        "system_disk_performance_level": "PL1", "vswitch_id": "vsw-1", "private_ip": "10.0.0.5",
        "instance_charge_type": "PrePaid", "period": 1, "period_unit": "Month",
        "renewal_status": "AutoRenewal", "auto_renew_period": 2, "dry_run": true,
        "user_data": "#!/bin/sh", "key_name": "k", "deletion_protection": true,
        "security_enhancement_strategy": "Active", "tags": { "b": "2", "a": "1" },
        "hpc_cluster_id": "hpc-1", "deployment_set_id": "ds-1", "role_name": "r",
        "cluster_id": "c-1", "inner_ip_address": "10.1.0.5", "node_controller_id": "nc-1",
        "owner_account": "me@example.com", "use_additional_service": true, "vlan_id": "10",
        "spot_interruption_behavior": "Terminate",
        "data_disks": [{
            "name": "data", "size": 100, "category": "cloud_essd", "encrypted": true,
            "snapshot_id": "s-1", "delete_with_instance": false, "description": "data disk",
            "device": "/dev/xvdb", "performance_level": "PL0", "kms_key_id": "key-1"
        }, { "size": 20 }]
    }"##;
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_full_configuration_is_one_request() {
    let request = request(&full());
    assert_eq!(request.action, "CreateInstance");
    assert!(request.takes_token);
    let expected = "AutoRenew=true AutoRenewPeriod=2 ClusterId=c-1 CreditSpecification=Standard \
        DataDisk.1.Category=cloud_essd DataDisk.1.DeleteWithInstance=false \
        DataDisk.1.Description=data_disk DataDisk.1.Device=/dev/xvdb DataDisk.1.DiskName=data \
        DataDisk.1.Encrypted=true DataDisk.1.KMSKeyId=key-1 DataDisk.1.PerformanceLevel=PL0 \
        DataDisk.1.Size=100 DataDisk.1.SnapshotId=s-1 DataDisk.2.Category=cloud_efficiency \
        DataDisk.2.DeleteWithInstance=true DataDisk.2.Encrypted=false DataDisk.2.Size=20 \
        DeletionProtection=true DeploymentSetId=ds-1 Description=web_server DryRun=true \
        HostName=web HpcClusterId=hpc-1 ImageId=m-1 InnerIpAddress=10.1.0.5 \
        InstanceChargeType=PrePaid InstanceName=web InstanceType=ecs.g7.large \
        InternetChargeType=PayByTraffic InternetMaxBandwidthIn=10 InternetMaxBandwidthOut=5 \
        IoOptimized=optimized KeyPairName=k NodeControllerId=nc-1 OwnerAccount=me@example.com \
        Password=EcsV587! Period=1 PeriodUnit=Month PrivateIpAddress=10.0.0.5 RamRoleName=r \
        ResourceGroupId=rg-1 SecurityEnhancementStrategy=Active SecurityGroupId=sg-1 \
        SpotInterruptionBehavior=Terminate SystemDisk.Category=cloud_essd \
        SystemDisk.Description=root_disk SystemDisk.DiskName=root SystemDisk.PerformanceLevel=PL1 \
        SystemDisk.Size=40 Tag.1.Key=a Tag.1.Value=1 Tag.2.Key=b Tag.2.Value=2 \
        UseAdditionalService=true UserData=IyEvYmluL3No VSwitchId=vsw-1 VlanId=10 \
        ZoneId=cn-hangzhou-h";
    let sent: Vec<String> = lines(&request)
        .iter()
        .map(|line| line.replace(' ', "_"))
        .collect();
    assert_eq!(sent, expected.split_whitespace().collect::<Vec<_>>());
    let secrets = request.params.iter().filter(|param| param.secret);
    assert_eq!(
        secrets.map(|param| param.name.as_str()).collect::<Vec<_>>(),
        ["Password"]
    );
}

#[test]
fn every_parameter_of_the_document_can_be_sent() {
    let base = json!({
        "image_id": "m-1", "instance_type": "ecs.g7.large", "password_inherit": true,
        "spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0.98, "dedicated_host_id": "dh-1",
    });
    let mut sent: BTreeSet<String> = BTreeSet::new();
    for config in [full(), base] {
        for param in request(&config).params {
            let parts = param.name.split('.');
            let general = parts.map(|part| {
                if part.parse::<u8>().is_ok() {
                    "N"
                } else {
                    part
                }
            });
            sent.insert(general.collect::<Vec<_>>().join("."));
        }
    }
    let elsewhere = [
        "RegionId",
        "Action",
        "ClientToken",
        "Tag.N.key",
        "Tag.N.value",
    ];
    let missing: Vec<&str> = DOCUMENT
        .split_whitespace()
        .filter(|name| !sent.contains(*name) && !elsewhere.contains(name))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn what_is_not_set_is_not_sent() {
    let config = json!({ "image_id": "m-1", "instance_type": "ecs.g7.large", "instance_name": "", "is_outdated": true });
    assert_eq!(
        lines(&request(&config)),
        [
            "ImageId=m-1",
            "InstanceType=ecs.g7.large",
            "IoOptimized=none"
        ]
    );
}

#[test]
fn only_what_create_instance_lacks_makes_it_run_instances() {
    let base = json!({
        "image_id": "m-1", "instance_type": "ecs.g7.large", "vswitch_id": "vsw-1",
        "security_groups": ["sg-1", "sg-2"],
    });
    assert_eq!(request(&base).action, "CreateInstance");
    for (name, value) in [
        ("auto_release_time", json!("2030-01-01T00:00:00Z")),
        ("ipv6_address_count", json!(1)),
        ("ipv6_addresses", json!(["::1"])),
        ("launch_template_id", json!("lt-1")),
        ("network_interface_id", json!("eni-1")),
        ("network_interfaces", json!([{ "vswitch_id": "vsw-2" }])),
        ("enable_jumbo_frame", json!(true)),
        ("cpu_options", json!([{ "core_count": 2 }])),
        ("image_options", json!([{ "login_as_non_root": true }])),
        ("system_disk_encrypted", json!(true)),
        ("system_disk_auto_snapshot_policy_id", json!("sp-1")),
        (
            "data_disks",
            json!([{ "size": 20, "auto_snapshot_policy_id": "sp-1" }]),
        ),
    ] {
        let mut config = base.clone();
        config[name] = value;
        assert_eq!(request(&config).action, "RunInstances", "{name}");
    }
    let mut config = base.clone();
    config["system_disk_encrypted"] = json!(false);
    assert_eq!(request(&config).action, "CreateInstance");
}

#[test]
fn a_described_primary_interface_takes_the_network_in() {
    let config = json!({
        "image_id": "m-1", "instance_type": "ecs.g7.large", "vswitch_id": "vsw-1",
        "security_groups": ["sg-1"], "private_ip": "10.0.0.5",
        "network_interface_traffic_mode": "Standard",
        "network_interfaces": [{ "vswitch_id": "vsw-2", "security_group_ids": ["sg-2"] }],
    });
    let sent = lines(&request(&config));
    for line in [
        "NetworkInterface.1.InstanceType=Primary",
        "NetworkInterface.1.VSwitchId=vsw-1",
        "NetworkInterface.1.PrimaryIpAddress=10.0.0.5",
        "NetworkInterface.1.SecurityGroupIds.1=sg-1",
        "NetworkInterface.2.InstanceType=Secondary",
        "NetworkInterface.2.VSwitchId=vsw-2",
        "NetworkInterface.2.SecurityGroupIds.1=sg-2",
    ] {
        assert!(sent.contains(&line.to_owned()), "{line} not in {sent:#?}");
    }
    assert!(
        !sent
            .iter()
            .any(|line| line.starts_with("VSwitchId") || line.starts_with("SecurityGroup"))
    );
}

#[test]
fn user_data_is_encoded_once() {
    assert_eq!(same::encoded("#!/bin/sh"), "IyEvYmluL3No");
    assert_eq!(same::encoded("IyEvYmluL3No"), "IyEvYmluL3No");
    let object = |text: &str| Object::from_iter([("user_data", Value::from(text))]);
    assert!(same::user_data(
        &object("IyEvYmluL3No"),
        &object("#!/bin/sh")
    ));
    assert!(!same::user_data(
        &object("IyEvYmluL3No"),
        &object("#!/bin/bash")
    ));
}

#[test]
fn either_answer_has_the_id() {
    let request = request(&json!({ "image_id": "m-1", "instance_type": "ecs.g7.large" }));
    let one = json!({ "InstanceId": "i-1" });
    let many = json!({ "InstanceIdSets": { "InstanceIdSet": ["i-2"] } });
    assert_eq!(create::id(&request, &one).as_deref(), Some("i-1"));
    assert_eq!(create::id(&request, &many).as_deref(), Some("i-2"));
    assert_eq!(create::id(&request, &json!({})), None);
}

#[test]
fn steps_come_in_order_and_only_where_something_changed() {
    let due = |changed: &[&str]| -> Vec<&str> {
        let changed: Vec<String> = changed.iter().map(|path| (*path).to_owned()).collect();
        update::due(&changed)
            .map(|step| step.attributes[0])
            .collect()
    };
    assert_eq!(due(&["instance_name"]), ["instance_name"]);
    assert_eq!(
        due(&[
            "role_name",
            "internet_max_bandwidth_out",
            "instance_type",
            "security_groups",
            "tags"
        ]),
        [
            "tags",
            "security_groups",
            "image_id",
            "internet_charge_type",
            "role_name"
        ]
    );
    assert_eq!(due(&["host_name"]), ["instance_name", "image_id"]);
    assert_eq!(due(&["cpu_options[0].core_count"]), ["image_id"]);
    assert_eq!(due(&["spot_duration"]), [""; 0]);
}

#[test]
fn data_disks_force_a_replacement() {
    let prior = arguments(
        &json!({ "image_id": "m-1", "instance_type": "ecs.g7.large", "data_disks": [{ "size": 20 }] }),
    );
    let prior = propose(&INSTANCE, None, None, &prior, &str::to_owned).after;
    for disks in [
        json!([{ "size": 40 }]),
        json!([{ "size": 20 }, { "size": 20 }]),
    ] {
        let new = arguments(
            &json!({ "image_id": "m-1", "instance_type": "ecs.g7.large", "data_disks": disks }),
        );
        let proposal = propose(
            &INSTANCE,
            Some(update::propose),
            Some(&prior),
            &new,
            &str::to_owned,
        );
        assert!(!proposal.replaces.is_empty(), "{disks}");
    }
}

#[test]
fn a_new_image_makes_a_new_system_disk() {
    let object = |image: &str| {
        Object::from_iter([
            ("image_id", Value::from(image)),
            ("system_disk_id", Value::from("d-1")),
            ("instance_type", Value::from("ecs.g7.large")),
        ])
    };
    let new = arguments(&json!({ "image_id": "m-2", "instance_type": "ecs.g7.large" }));
    let proposal = propose(
        &INSTANCE,
        Some(update::propose),
        Some(&object("m-1")),
        &new,
        &str::to_owned,
    );
    assert!(proposal.after.get("system_disk_id").unwrap().is_unknown());
    assert!(proposal.replaces.is_empty());
    assert_eq!(proposal.changed, ["image_id"]);
}
