//! Elastic addresses, and what they are bound to.

use prov::cloud::Product;
use serde_json::json;

use super::{
    LIFE, Life, Names, keep, lead_all, replace,
    surroundings::{INSTANCES, NETWORK},
    update,
};
use crate::support::{cloud::Cloud, project::Project};

const ADDRESSES: &str = r#"
resource "alicloud_eip_address" "a" {
}
resource "alicloud_eip_address" "b" {
}
"#;

fn lose_eip(cloud: &Cloud, id: &str) {
    let asked = [
        ("InstanceId", id),
        ("Type", "EIP"),
        ("ProtectionEnable", "false"),
    ];
    cloud.console(Product::Vpc, "DeletionProtection", &asked);
    cloud.console(Product::Vpc, "ReleaseEipAddress", &[("AllocationId", id)]);
}

/// Releases the subscriptions, once they have ended.
fn outlive(cloud: &Cloud, _: &Names) {
    cloud.tell("clock", &json!({ "days": 400 }));
    for eip in cloud.world()["eips"].as_array().unwrap() {
        if eip["charge_type"] == "PrePaid" {
            lose_eip(cloud, eip["id"].as_str().unwrap());
        }
    }
}

fn lose_association(cloud: &Cloud, id: &str) {
    let eip = id.split(':').next().unwrap();
    cloud.console(
        Product::Vpc,
        "UnassociateEipAddress",
        &[("AllocationId", eip)],
    );
}

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_eip_address",
        base: &[
            ("address_name", "\"it\""),
            ("description", "\"at first\""),
            ("bandwidth", "10"),
            ("internet_charge_type", "\"PayByBandwidth\""),
            ("payment_type", "\"PayAsYouGo\""),
            ("isp", "\"BGP\""),
            ("netmode", "\"public\""),
            ("mode", "\"MULTI_BINDED\""),
            ("deletion_protection", "true"),
            ("resource_group_id", "\"rg-one\""),
            ("security_protection_types", "[\"AntiDDoS_Enhanced\"]"),
            ("high_definition_monitor_log_status", "\"ON\""),
            ("log_project", "\"network\""),
            ("log_store", "\"eip\""),
            ("activity_id", "\"123\""),
            ("period", "12"),
            ("pricing_cycle", "\"Month\""),
            ("auto_pay", "true"),
            ("tags", "{ a = \"1\" }"),
        ],
        born: &[
            ("eips", "/name", "\"it\""),
            ("eips", "/bandwidth", "10"),
            ("eips", "/mode", "\"MULTI_BINDED\""),
            ("eips", "/deletion_protection", "true"),
            ("eips", "/monitored", "true"),
            ("eips", "/log_store", "\"eip\""),
            ("eips", "/charge_type", "\"PostPaid\""),
            ("eips", "/tags/a", "\"1\""),
        ],
        steps: &[
            update(
                &[("address_name", "\"other\"")],
                &["ModifyEipAddressAttribute"],
            )
            .shows(&[("eips", "/name", "\"other\"")]),
            update(
                &[("address_name", ""), ("name", "\"old\"")],
                &["ModifyEipAddressAttribute"],
            )
            .shows(&[("eips", "/name", "\"old\"")]),
            update(
                &[("description", "\"later\"")],
                &["ModifyEipAddressAttribute"],
            )
            .shows(&[("eips", "/description", "\"later\"")]),
            update(&[("bandwidth", "\"20\"")], &["ModifyEipAddressAttribute"]).shows(&[(
                "eips",
                "/bandwidth",
                "20",
            )]),
            update(&[("mode", "\"NAT\"")], &["ModifyEipForwardMode"])
                .shows(&[("eips", "/mode", "\"NAT\"")]),
            update(
                &[("log_project", "\"other\"")],
                &["SetHighDefinitionMonitorLogStatus"],
            )
            .shows(&[
                ("eips", "/log_project", "\"other\""),
                ("eips", "/log_store", "\"eip\""),
            ]),
            update(
                &[("log_store", "\"ways\"")],
                &["SetHighDefinitionMonitorLogStatus"],
            )
            .shows(&[("eips", "/log_store", "\"ways\"")]),
            update(
                &[("resource_group_id", "\"rg-two\"")],
                &["MoveResourceGroup"],
            )
            .shows(&[("eips", "/resource_group", "\"rg-two\"")]),
            update(&[("deletion_protection", "false")], &["DeletionProtection"]).shows(&[(
                "eips",
                "/deletion_protection",
                "false",
            )]),
            update(&[("tags", "{ a = \"2\", b = \"3\" }")], &["TagResources"]).shows(&[(
                "eips",
                "/tags",
                "{\"a\":\"2\",\"b\":\"3\"}",
            )]),
            update(&[("tags", "{ b = \"3\" }")], &["UnTagResources"]),
            update(&[("period", "1")], &[]),
            update(
                &[
                    ("pricing_cycle", "\"Year\""),
                    ("auto_pay", "false"),
                    ("activity_id", "\"124\""),
                ],
                &[],
            ),
            keep(&[("netmode", "")]),
            keep(&[("netmode", "\"public\"")]),
            update(
                &[
                    ("name", ""),
                    ("address_name", "\"both\""),
                    ("bandwidth", "30"),
                    ("tags", ""),
                ],
                &["ModifyEipAddressAttribute", "UnTagResources"],
            ),
            replace(&[("internet_charge_type", "\"PayByTraffic\"")]),
            replace(&[
                ("high_definition_monitor_log_status", "\"OFF\""),
                ("log_project", ""),
                ("log_store", ""),
            ]),
            replace(&[("isp", "\"BGP_PRO\"")]),
            replace(&[("security_protection_types", "")]),
            replace(&[("ip_address", "\"47.75.1.2\"")]),
            replace(&[("ip_address", ""), ("allocation_id", "\"eip-one\"")]),
            replace(&[("allocation_id", ""), ("zone", "\"cn-hangzhou-h\"")]),
            replace(&[("public_ip_address_pool_id", "\"pippool-one\"")]),
        ],
        untold: &["activity_id", "period", "pricing_cycle", "auto_pay"],
        lose: lose_eip,
        ..LIFE
    },
    // A subscription is not released: the old one stays until it ends.
    Life {
        kind: "alicloud_eip_address",
        base: &[("payment_type", "\"Subscription\""), ("period", "1")],
        born: &[("eips", "/charge_type", "\"PrePaid\"")],
        steps: &[
            replace(&[("payment_type", "\"PayAsYouGo\"")]).shows(&[
                ("eips", "/charge_type", "\"PrePaid\""),
                ("eips", "/charge_type", "\"PostPaid\""),
            ]),
            replace(&[
                ("payment_type", ""),
                ("instance_charge_type", "\"PrePaid\""),
            ]),
            keep(&[("payment_type", "\"Subscription\"")]),
            replace(&[
                ("payment_type", ""),
                ("instance_charge_type", "\"PostPaid\""),
            ]),
        ],
        untold: &["period"],
        lose: lose_eip,
        end: Some(outlive),
        ..LIFE
    },
    Life {
        kind: "alicloud_eip",
        base: &[
            ("name", "\"it\""),
            ("instance_charge_type", "\"PayAsYouGo\""),
        ],
        born: &[("eips", "/charge_type", "\"PostPaid\"")],
        steps: &[update(
            &[("bandwidth", "7")],
            &["ModifyEipAddressAttribute"],
        )],
        lose: lose_eip,
        ..LIFE
    },
    Life {
        kind: "alicloud_eip_association",
        around: &[NETWORK, INSTANCES, ADDRESSES],
        base: &[
            ("allocation_id", "alicloud_eip_address.a.id"),
            ("instance_id", "alicloud_instance.a[0].id"),
            ("mode", "\"NAT\""),
            ("private_ip_address", "\"10.1.0.10\""),
            ("force", "true"),
        ],
        born: &[
            ("eips", "/state", "\"InUse\""),
            ("eips", "/bound/kind", "\"EcsInstance\""),
            ("eips", "/bound/private_ip", "\"10.1.0.10\""),
        ],
        steps: &[
            update(&[("force", "")], &[]),
            update(&[("mode", "\"MULTI_BINDED\"")], &["ModifyEipForwardMode"]).shows(&[(
                "eips",
                "/mode",
                "\"MULTI_BINDED\"",
            )]),
            replace(&[
                ("mode", ""),
                ("instance_id", "alicloud_instance.a[1].id"),
                ("private_ip_address", "\"10.1.0.11\""),
            ])
            .shows(&[("eips", "/bound/private_ip", "\"10.1.0.11\"")]),
            replace(&[("allocation_id", "alicloud_eip_address.b.id")]),
            replace(&[
                ("private_ip_address", ""),
                ("instance_id", "\"10.9.9.9\""),
                ("instance_type", "\"IpAddress\""),
                ("vpc_id", "alicloud_vpc.a.id"),
            ]),
        ],
        untold: &["force"],
        lose: lose_association,
        ..LIFE
    },
];

#[test]
fn addresses() {
    lead_all(LIVES, "alicloud_eip_address");
    lead_all(LIVES, "alicloud_eip");
}

#[test]
fn associations() {
    lead_all(LIVES, "alicloud_eip_association");
}

/// A subscription cannot be released: a destroy forgets it. Both vocabularies say the same.
#[test]
fn subscriptions_stay() {
    let cloud = Cloud::instant();
    let project = Project::new();
    let write = |argument: &str| {
        let text = format!(
            "{}resource \"alicloud_eip_address\" \"it\" {{\n  {argument}\n  period = 24\n}}\n",
            cloud.provider()
        );
        project.write("main.tf", &text);
    };
    write("payment_type = \"Subscription\"");
    project.apply();
    let attributes = project.attributes("alicloud_eip_address", "it", 0);
    assert_eq!(attributes["instance_charge_type"], "PrePaid");
    for same in [
        "payment_type = \"PrePaid\"",
        "instance_charge_type = \"PrePaid\"",
        "instance_charge_type = \"Subscription\"",
    ] {
        write(same);
        project.settled();
    }
    project.prov("destroy -auto-approve -no-color").ok();
    assert_eq!(project.state()["resources"], serde_json::json!([]));
    assert_eq!(cloud.world()["eips"][0]["charge_type"], "PrePaid");
    assert!(!cloud.calls().contains_key("ReleaseEipAddress"));
}

/// The same two are bound, unbound and bound again: each time it is another request.
#[test]
fn an_association_comes_again() {
    let cloud = Cloud::instant();
    let project = Project::new();
    let write = |count: usize| {
        let text = format!(
            "{}{NETWORK}{INSTANCES}{ADDRESSES}resource \"alicloud_eip_association\" \"it\" {{\n  count = {count}\n  \
             allocation_id = alicloud_eip_address.a.id\n  instance_id = alicloud_instance.a[0].id\n}}\n",
            cloud.provider()
        );
        project.write("main.tf", &text);
    };
    let bound = || {
        let world = cloud.world();
        let eips = world["eips"].as_array().unwrap().clone();
        eips.iter().filter(|eip| eip["state"] == "InUse").count()
    };
    for _ in 0..3 {
        for count in [1, 0] {
            write(count);
            project.apply();
            assert_eq!(bound(), count);
        }
    }
}
