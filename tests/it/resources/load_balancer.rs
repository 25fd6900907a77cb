//! Load balancers, on the internet and in a vSwitch.

use prov::cloud::Product;
use serde_json::json;

use super::{
    LIFE, Life, Names, lead_all, replace,
    surroundings::{OTHER_NETWORK, VSWITCHES},
    update,
};
use crate::support::{cloud::Cloud, project::Project};

const KIND: &str = "alicloud_slb_load_balancer";

/// Deletes one that is not protected.
fn lose_balancer(cloud: &Cloud, id: &str) {
    let of_it = [("LoadBalancerId", id)];
    cloud.console(Product::Slb, "DeleteLoadBalancer", &of_it);
}

/// Deletes the subscriptions, once they have ended.
fn outlive(cloud: &Cloud, _: &Names) {
    cloud.tell("clock", &json!({ "days": 800 }));
    for balancer in cloud.world()["load_balancers"].as_array().unwrap() {
        if balancer["pay_type"] == "PrePay" {
            lose_balancer(cloud, balancer["id"].as_str().unwrap());
        }
    }
}

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: KIND,
        around: &[],
        base: &[
            ("load_balancer_name", "\"it\""),
            ("address_type", "\"internet\""),
            ("load_balancer_spec", "\"slb.s1.small\""),
            ("instance_charge_type", "\"PayBySpec\""),
            ("payment_type", "\"PayAsYouGo\""),
            ("delete_protection", "\"on\""),
            ("modification_protection_status", "\"ConsoleProtection\""),
            ("modification_protection_reason", "\"at-first\""),
            ("status", "\"inactive\""),
            ("period", "12"),
            ("tags", "{ a = \"1\" }"),
        ],
        born: &[
            ("load_balancers", "/name", "\"it\""),
            ("load_balancers", "/address_type", "\"internet\""),
            ("load_balancers", "/ip_version", "\"ipv4\""),
            ("load_balancers", "/spec", "\"slb.s1.small\""),
            ("load_balancers", "/delete_protection", "\"on\""),
            ("load_balancers", "/modification_reason", "\"at-first\""),
            ("load_balancers", "/status", "\"inactive\""),
            ("load_balancers", "/tags/a", "\"1\""),
        ],
        steps: &[
            update(
                &[("load_balancer_name", "\"other\"")],
                &["SetLoadBalancerName"],
            )
            .shows(&[("load_balancers", "/name", "\"other\"")]),
            update(
                &[("load_balancer_name", ""), ("name", "\"old/1\"")],
                &["SetLoadBalancerName"],
            )
            .shows(&[("load_balancers", "/name", "\"old/1\"")]),
            update(&[("status", "\"active\"")], &["SetLoadBalancerStatus"]).shows(&[(
                "load_balancers",
                "/status",
                "\"active\"",
            )]),
            update(
                &[("load_balancer_spec", "\"slb.s2.small\"")],
                &["ModifyLoadBalancerInstanceSpec"],
            )
            .shows(&[("load_balancers", "/spec", "\"slb.s2.small\"")]),
            update(
                &[
                    ("load_balancer_spec", ""),
                    ("specification", "\"slb.s3.large\""),
                ],
                &["ModifyLoadBalancerInstanceSpec"],
            )
            .shows(&[("load_balancers", "/spec", "\"slb.s3.large\"")]),
            update(
                &[("modification_protection_reason", "\"later\"")],
                &["SetLoadBalancerModificationProtection"],
            )
            .shows(&[("load_balancers", "/modification_reason", "\"later\"")]),
            update(
                &[
                    ("modification_protection_status", "\"NonProtection\""),
                    ("modification_protection_reason", ""),
                ],
                &["SetLoadBalancerModificationProtection"],
            )
            .shows(&[("load_balancers", "/modification_reason", "\"\"")]),
            update(
                &[
                    ("internet_charge_type", "\"PayByBandwidth\""),
                    ("bandwidth", "10"),
                ],
                &["ModifyLoadBalancerInternetSpec"],
            )
            .shows(&[
                (
                    "load_balancers",
                    "/internet_charge_type",
                    "\"paybybandwidth\"",
                ),
                ("load_balancers", "/bandwidth", "10"),
            ]),
            update(
                &[
                    ("internet_charge_type", "\"paybybandwidth\""),
                    ("bandwidth", "20"),
                ],
                &["ModifyLoadBalancerInternetSpec"],
            )
            .shows(&[("load_balancers", "/bandwidth", "20")]),
            update(&[("tags", "{ a = \"2\", b = \"3\" }")], &["TagResources"]).shows(&[(
                "load_balancers",
                "/tags/b",
                "\"3\"",
            )]),
            update(&[("tags", "")], &["UntagResources"]).shows(&[(
                "load_balancers",
                "/tags",
                "{}",
            )]),
            update(
                &[("delete_protection", "\"off\"")],
                &["SetLoadBalancerDeleteProtection"],
            )
            .shows(&[("load_balancers", "/delete_protection", "\"off\"")]),
            update(
                &[
                    ("instance_charge_type", "\"PayByCLCU\""),
                    ("internet_charge_type", "\"PayByTraffic\""),
                    ("bandwidth", ""),
                ],
                &["ModifyLoadBalancerInstanceChargeType"],
            )
            .shows(&[
                ("load_balancers", "/instance_charge_type", "\"PayByCLCU\""),
                ("load_balancers", "/spec", "\"slb.lcu.elastic\""),
            ]),
            replace(&[("instance_charge_type", "\"PayBySpec\"")]).shows(&[(
                "load_balancers",
                "/spec",
                "\"slb.s3.large\"",
            )]),
            replace(&[("address_ip_version", "\"ipv6\"")]).shows(&[(
                "load_balancers",
                "/ip_version",
                "\"ipv6\"",
            )]),
            replace(&[("master_zone_id", "\"cn-hangzhou-h\"")]).shows(&[(
                "load_balancers",
                "/master_zone",
                "\"cn-hangzhou-h\"",
            )]),
            replace(&[("slave_zone_id", "\"cn-hangzhou-i\"")]),
            replace(&[("resource_group_id", "\"rg-other\"")]).shows(&[(
                "load_balancers",
                "/resource_group",
                "\"rg-other\"",
            )]),
        ],
        lose: lose_balancer,
        last: &[("delete_protection", "\"off\"")],
        ..LIFE
    },
    Life {
        kind: KIND,
        around: &[VSWITCHES, OTHER_NETWORK],
        base: &[
            ("vswitch_id", "alicloud_vswitch.a[0].id"),
            ("instance_charge_type", "\"PayByCLCU\""),
            ("bandwidth", "7"),
        ],
        born: &[
            ("load_balancers", "/address_type", "\"intranet\""),
            ("load_balancers", "/address", "\"10.1.0.1\""),
            ("load_balancers", "/spec", "\"slb.lcu.elastic\""),
        ],
        steps: &[
            replace(&[("address", "\"10.1.0.9\"")]).shows(&[(
                "load_balancers",
                "/address",
                "\"10.1.0.9\"",
            )]),
            replace(&[("vswitch_id", "alicloud_vswitch.b.id")]),
            replace(&[
                ("address_type", "\"internet\""),
                ("vswitch_id", ""),
                ("address", ""),
            ])
            .shows(&[("load_balancers", "/address_type", "\"internet\"")]),
            replace(&[
                ("address_type", "\"intranet\""),
                ("vswitch_id", "alicloud_vswitch.a[1].id"),
            ])
            .shows(&[("load_balancers", "/address", "\"10.2.0.1\"")]),
        ],
        lose: lose_balancer,
        ..LIFE
    },
    // A subscription is not deleted: the old one stays until it ends.
    Life {
        kind: KIND,
        base: &[
            ("load_balancer_spec", "\"slb.s1.small\""),
            ("internet_charge_type", "\"PayByBandwidth\""),
            ("bandwidth", "5"),
        ],
        born: &[("load_balancers", "/pay_type", "\"PayOnDemand\"")],
        steps: &[
            update(
                &[("payment_type", "\"Subscription\""), ("period", "24")],
                &["ModifyLoadBalancerPayType"],
            )
            .shows(&[("load_balancers", "/pay_type", "\"PrePay\"")]),
            update(
                &[
                    ("load_balancer_spec", "\"slb.s2.small\""),
                    ("bandwidth", "6"),
                ],
                &[
                    "ModifyLoadBalancerInstanceSpec",
                    "ModifyLoadBalancerInternetSpec",
                ],
            )
            .shows(&[
                ("load_balancers", "/spec", "\"slb.s2.small\""),
                ("load_balancers", "/bandwidth", "6"),
            ]),
            update(&[("period", "1")], &[]),
            replace(&[("payment_type", "\"PayAsYouGo\"")]).shows(&[
                ("load_balancers", "/pay_type", "\"PrePay\""),
                ("load_balancers", "/pay_type", "\"PayOnDemand\""),
            ]),
        ],
        lose: lose_balancer,
        end: Some(outlive),
        ..LIFE
    },
];

#[test]
fn balancers() {
    lead_all(LIVES, KIND);
}

fn write(project: &Project, cloud: &Cloud, arguments: &str) {
    let text = format!(
        "{}resource \"{KIND}\" \"it\" {{\n  load_balancer_spec = \"slb.s1.small\"\n  {arguments}\n}}\n",
        cloud.provider()
    );
    project.write("main.tf", &text);
}

/// A balancer becomes a subscription, for a time, and is then forgotten by a destroy.
#[test]
fn subscriptions_are_bought_and_stay() {
    let cloud = Cloud::instant();
    let project = Project::new();
    let bandwidth = "internet_charge_type = \"PayByBandwidth\"\n  bandwidth = 5";
    write(&project, &cloud, bandwidth);
    project.apply();
    let bought = format!("{bandwidth}\n  payment_type = \"Subscription\"\n  period = 24");
    write(&project, &cloud, &bought);
    let before = cloud.calls();
    project
        .prov("plan -no-color")
        .ok()
        .says(&["will be updated in-place", "PayAsYouGo\" -> \"Subscription"]);
    project.apply();
    assert_eq!(
        cloud.since(&before).get("ModifyLoadBalancerPayType"),
        Some(&1)
    );
    project.settled();
    let world = cloud.world();
    let one = &world["load_balancers"][0];
    let years = one["expires"].as_u64().unwrap() - one["created"].as_u64().unwrap();
    assert!(years >= 720 * 24 * 3_600_000, "{one:#}");
    let back = format!("{bandwidth}\n  payment_type = \"PayAsYouGo\"");
    write(&project, &cloud, &back);
    project
        .prov("plan -no-color")
        .ok()
        .says(&["must be replaced", "stays"]);
    write(&project, &cloud, &bought);
    project.prov("destroy -auto-approve -no-color").ok();
    assert_eq!(project.state()["resources"], json!([]));
    assert_eq!(cloud.world()["load_balancers"][0]["pay_type"], "PrePay");
    assert!(!cloud.calls().contains_key("DeleteLoadBalancer"));
}

/// A subscription from the start is paid at once, in small words.
#[test]
fn a_subscription_is_bought_at_once() {
    let cloud = Cloud::instant();
    let project = Project::new();
    let bought = "internet_charge_type = \"PayByBandwidth\"\n  payment_type = \"Subscription\"\n  period = 3";
    write(&project, &cloud, bought);
    project.apply();
    project.settled();
    assert_eq!(cloud.world()["load_balancers"][0]["pay_type"], "PrePay");
}

/// What is protected is not deleted, and the error says the way out.
#[test]
fn protected_balancers_stay() {
    let cloud = Cloud::instant();
    let project = Project::new();
    write(&project, &cloud, "delete_protection = \"on\"");
    project.apply();
    project
        .prov("destroy -auto-approve -no-color")
        .fails(&["OperationDenied.DeleteProtectionIsOn", "delete_protection"]);
    write(&project, &cloud, "delete_protection = \"off\"");
    project.apply();
    project.prov("destroy -auto-approve -no-color").ok();
    assert_eq!(cloud.world()["load_balancers"], json!([]));
}

/// A balancer within a vSwitch can have an elastic address, and holds the vSwitch.
#[test]
fn elastic_addresses_lead_to_balancers() {
    let cloud = Cloud::instant();
    let project = Project::new();
    let text = format!(
        "{}{VSWITCHES}{}",
        cloud.provider(),
        r#"
resource "alicloud_slb_load_balancer" "it" {
  vswitch_id           = alicloud_vswitch.a[0].id
  load_balancer_spec   = "slb.s1.small"
}
resource "alicloud_eip_address" "it" {
}
resource "alicloud_eip_association" "it" {
  allocation_id = alicloud_eip_address.it.id
  instance_id   = alicloud_slb_load_balancer.it.id
}
"#
    );
    project.write("main.tf", &text);
    project.apply();
    project.settled();
    assert_eq!(cloud.world()["eips"][0]["bound"]["kind"], "SlbInstance");
    project.prov("destroy -auto-approve -no-color").ok();
}

/// What is paid by its size needs one when it is made, and keeps it when it is not said any more.
#[test]
fn new_balancers_are_not_made_without_a_size() {
    let cloud = Cloud::instant();
    let project = Project::new();
    let write = |arguments: &str| {
        let paid = "instance_charge_type = \"PayBySpec\"";
        let text = format!(
            "{}resource \"{KIND}\" \"it\" {{\n  {paid}\n  {arguments}\n}}\n",
            cloud.provider()
        );
        project.write("main.tf", &text);
    };
    let said = "\"load_balancer_spec\" is not set";
    write("");
    project.prov("plan -no-color").fails(&[said]);
    write("specification = \"slb.s1.small\"");
    project.apply();
    write("");
    project.settled();
    write("load_balancer_name = \"other\"");
    project.apply();
    write("address_ip_version = \"ipv6\"");
    project.prov("plan -no-color").fails(&[said]);
    write("");
    project
        .prov("plan -no-color -replace=alicloud_slb_load_balancer.it")
        .fails(&[said]);
    assert_eq!(cloud.world()["load_balancers"][0]["spec"], "slb.s1.small");
}

#[test]
fn what_is_not_sold_is_refused_in_the_plan() {
    let cloud = Cloud::instant();
    let project = Project::new();
    for (arguments, said) in [
        ("address_type = \"intranet\"", "\"vswitch_id\" is not set"),
        (
            "vswitch_id = \"vsw-1\"\n  address_ip_version = \"ipv6\"",
            "IPv6 within a vSwitch",
        ),
        ("payment_type = \"Subscription\"", "Subscription by traffic"),
        (
            "payment_type = \"Subscription\"\n  instance_charge_type = \"PayByCLCU\"\n  internet_charge_type = \"PayByBandwidth\"",
            "Subscription by use",
        ),
        (
            "payment_type = \"Subscription\"\n  internet_charge_type = \"PayByBandwidth\"\n  delete_protection = \"on\"",
            "Protected subscription",
        ),
        (
            "instance_charge_type = \"PayByCLCU\"\n  internet_charge_type = \"PayByBandwidth\"",
            "Bandwidth by use",
        ),
        (
            "instance_charge_type = \"PayBySpec\"\n  specification = \"slb.lcu.elastic\"",
            "Conflicting arguments",
        ),
        ("status = \"locked\"", "Only the cloud locks"),
        ("bandwidth = 6000", "5120"),
        ("period = 10", "period"),
        ("load_balancer_name = \"1st\"", "must start with a letter"),
        ("load_balancer_name = \"a b\"", "' '"),
        (
            "internet_charge_type = \"PayBy95\"",
            "PayByTraffic or PayByBandwidth",
        ),
        ("internet = true", "internet"),
    ] {
        write(&project, &cloud, arguments);
        project.prov("plan -no-color").fails(&[said]);
    }
    for (arguments, said) in [
        (
            "address_type = \"internet\"\n  vswitch_id = \"vsw-1\"",
            "without effect",
        ),
        ("address = \"10.0.0.1\"", "without effect"),
        (
            "modification_protection_status = \"NonProtection\"\n  modification_protection_reason = \"why\"",
            "without effect",
        ),
    ] {
        write(&project, &cloud, arguments);
        let plan = project.prov("plan -no-color").ok();
        assert!(plan.stderr.contains(said), "{plan}");
    }
}
