//! What is learned about a plan before anything is done: requests, stock, quotas and prices.

use serde_json::{Value as Json, json};

use crate::support::{cloud::Cloud, project::Project};

const NETWORK: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "a" {
  vpc_id     = alicloud_vpc.a.id
  cidr_block = "10.0.0.0/24"
  zone_id    = "cn-hangzhou-h"
}

resource "alicloud_security_group" "a" {
  vpc_id = alicloud_vpc.a.id
}
"#;

/// The network with an instance block of these arguments.
fn instances(cloud: &Cloud, arguments: &str) -> String {
    let given = |name: &str| {
        arguments
            .lines()
            .any(|line| line.split('=').next().unwrap().trim() == name)
    };
    let defaults = [
        ("image_id", "\"aliyun_3_x64_20G_alibase_20240819.vhd\""),
        ("instance_type", "\"ecs.g7.large\""),
        ("system_disk_category", "\"cloud_essd\""),
        ("system_disk_size", "40"),
    ];
    let defaults: String = defaults
        .iter()
        .filter(|(name, _)| !given(name))
        .map(|(name, value)| format!("  {name} = {value}\n"))
        .collect();
    cloud.provider()
        + NETWORK
        + &format!(
            "resource \"alicloud_instance\" \"a\" {{\n  security_groups = [alicloud_security_group.a.id]\n  vswitch_id = alicloud_vswitch.a.id\n{defaults}{arguments}}}\n"
        )
}

/// A project whose network exists already.
fn started(cloud: &Cloud) -> Project {
    let project = Project::with(&(cloud.provider() + NETWORK));
    project.apply();
    project
}

/// Prices that are easy to add up.
fn priced(cloud: &Cloud) {
    let prices = json!({
        "currency": "CNY",
        "discount": 0.5,
        "prices": { "ecs.g7.large": 0.5, "ecs.g7.xlarge": 1.0, "cloud_essd": 0.001 },
    });
    cloud.tell("catalog", &prices);
}

fn preflight(project: &Project) -> Json {
    project.plan_json("-preflight")["prov_preflight"].clone()
}

fn check<'a>(found: &'a Json, address: &str, check: &str) -> &'a Json {
    let checks = found["checks"].as_array().unwrap();
    let one = checks
        .iter()
        .find(|it| it["address"] == address && it["check"] == check);
    one.unwrap_or_else(|| panic!("no {check} of {address} in {found:#}"))
}

#[test]
fn what_cannot_be_asked_is_said_to_be_unchecked() {
    let cloud = Cloud::instant();
    let project = Project::with(&instances(&cloud, "  count = 3\n"));
    let before = cloud.calls();
    project
        .prov("plan -preflight -no-color")
        .ok()
        .says(&[
            "\nPreflight: nothing was changed to learn this.\n",
            "    passed  alicloud_vpc.a: CreateVpc would be accepted\n",
            "    not checked  alicloud_vswitch.a: CreateVSwitch has no dry run\n",
            "    not checked  alicloud_instance.a (3 instances): security_groups, vswitch_id are known only during the apply\n",
            "    passed  alicloud_instance.a (3 instances): ecs.g7.large, cloud_essd in stock in cn-hangzhou-h\n",
            "    passed  vCPUs of pay-as-you-go instances in cn-hangzhou: 6 more, 0 of 4000000 in use\n",
            "    not checked  VPCs in cn-hangzhou: 1 more, no action tells how many there may be\n",
            "    alicloud_instance.a (3 instances): each ",
        ]);
    // Three instances that are alike cost one question of each kind.
    let calls = cloud.since(&before);
    let wanted = [
        ("CreateVpc", 1),
        ("DescribeAccountAttributes", 1),
        ("DescribeAvailableResource", 2),
        ("DescribeInstanceTypes", 1),
        ("DescribeNetworkInterfaces", 1),
        ("DescribePrice", 1),
        ("DescribeRegions", 1),
        ("DescribeSecurityGroups", 1),
    ];
    let wanted = wanted.map(|(action, count)| (action.to_owned(), count));
    assert_eq!(calls, wanted.into());
    // Nothing was written, not even a token.
    let world = cloud.world();
    for (kind, objects) in world.as_object().unwrap() {
        let empty = objects.as_array().is_none_or(Vec::is_empty);
        assert!(empty, "{kind}: {objects}");
    }
    assert!(!project.path().join("terraform.tfstate").exists());
}

#[test]
fn requests_are_tried_and_refusals_are_told_at_their_place() {
    let cloud = Cloud::instant();
    let project = started(&cloud);
    project.write("main.tf", &instances(&cloud, ""));
    let found = preflight(&project);
    let request = check(&found, "alicloud_instance.a", "request");
    assert_eq!(request["outcome"], "passed", "{request}");

    let arm = "  instance_type = \"ecs.g8y.large\"\n";
    project.write("main.tf", &instances(&cloud, arm));
    let world = cloud.world();
    for arguments in [
        "plan -preflight -no-color -out=a.plan",
        "apply -preflight -auto-approve -no-color",
    ] {
        project
            .prov(arguments)
            .fails(&[
                "Error: The cloud would refuse this",
                "with alicloud_instance.a",
                "CreateInstance answered InvalidParameter.NotMatch",
            ])
            .says(&["    refused  alicloud_instance.a: CreateInstance answered"]);
    }
    assert!(!project.path().join("a.plan").exists());
    assert_eq!(cloud.world(), world);
    let events = project.prov("plan -preflight -json");
    assert_eq!(events.code, 1);
    assert!(
        events.stdout.contains("\"type\":\"prov_preflight\""),
        "{events}"
    );
}

#[test]
fn what_is_sold_out_is_told_with_where_there_is_more() {
    let cloud = Cloud::instant();
    let project = Project::with(&instances(&cloud, ""));
    let shelves = json!({ "stock": [
        { "instance_type": "ecs.g7.large", "status": "sold_out" },
        { "instance_type": "ecs.g7.large", "zone": "cn-hangzhou-k", "status": "available" },
        { "instance_type": "ecs.g7.large", "charge_type": "Spot", "status": "closing" },
        { "disk": "cloud_auto", "status": "sold_out" },
    ] });
    cloud.tell("catalog", &shelves);
    // The network is not there yet: only its plan says in which zone the instance will be.
    project.prov("plan -preflight -no-color").fails(&[
        "Error: Not in stock",
        "ecs.g7.large (PostPaid) is not in stock in cn-hangzhou-h.",
        "a zone that has it: cn-hangzhou-k.",
    ]);
    let spot = "  spot_strategy = \"SpotAsPriceGo\"\n";
    project.write("main.tf", &instances(&cloud, spot));
    project
        .prov("plan -preflight -no-color")
        .ok()
        .says(&["in cn-hangzhou-h (ecs.g7.large: no longer refilled)"]);
    let other = "  instance_type = \"ecs.c7.large\"\n  system_disk_category = \"cloud_auto\"\n";
    project.write("main.tf", &instances(&cloud, other));
    project
        .prov("plan -preflight -no-color")
        .fails(&["cloud_auto (PostPaid) is not in stock in cn-hangzhou-h."]);
    // A change of the type needs stock as well.
    let there = "  instance_type = \"ecs.c7.large\"\n";
    project.write("main.tf", &instances(&cloud, there));
    project.apply();
    project.write("main.tf", &instances(&cloud, ""));
    project
        .prov("apply -preflight -auto-approve -no-color")
        .fails(&["ecs.g7.large (PostPaid) is not in stock in cn-hangzhou-h."]);
}

#[test]
fn quotas_count_the_plan_as_a_whole() {
    let cloud = Cloud::instant();
    let project = started(&cloud);
    let limits = json!({ "quotas": { "vcpus": 7, "security_groups": 2 } });
    cloud.tell("faults", &limits);
    project.write("main.tf", &instances(&cloud, "  count = 3\n"));
    let found = preflight(&project);
    let quota = |found: &Json, name: &str| {
        let all = found["quotas"].as_array().unwrap().clone();
        all.into_iter().find(|it| it["name"] == name)
    };
    let vcpus = quota(&found, "vCPUs of pay-as-you-go instances").unwrap();
    assert_eq!(
        (&vcpus["planned"], &vcpus["used"], &vcpus["limit"]),
        (&json!(6), &json!(0), &json!(7))
    );
    // Each of four would pass alone.
    project.write("main.tf", &instances(&cloud, "  count = 4\n"));
    project.prov("plan -preflight -no-color").fails(&[
        "Error: Quota exceeded",
        "The plan takes 8 vCPUs of pay-as-you-go instances in cn-hangzhou. 0 of 7 are in use, so 7 are left.",
    ]);
    project.write("main.tf", &instances(&cloud, "  count = 2\n"));
    project.apply();
    // What is replaced gives back what it had.
    let larger = "  count = 2\n  system_disk_category = \"cloud_efficiency\"\n";
    project.write("main.tf", &instances(&cloud, larger));
    let found = preflight(&project);
    assert_eq!(quota(&found, "vCPUs of pay-as-you-go instances"), None);
    let more = instances(&cloud, "  count = 2\n")
        + "resource \"alicloud_security_group\" \"b\" {\n  count = 2\n  vpc_id = alicloud_vpc.a.id\n}\n";
    project.write("main.tf", &more);
    project.prov("plan -preflight -no-color").fails(&[
        "The plan takes 2 security groups in cn-hangzhou. 1 of 2 are in use, so 1 are left.",
    ]);
}

#[test]
fn prices_are_told_for_what_comes_and_what_goes() {
    let cloud = Cloud::instant();
    priced(&cloud);
    let project = Project::with(&instances(&cloud, ""));
    let found = preflight(&project);
    let price = &found["prices"][0];
    assert_eq!(price["after"]["hourly"], 0.54);
    assert_eq!(price["after"]["currency"], "CNY");
    assert_eq!(
        found["totals"],
        json!([{ "currency": "CNY", "hourly": 0.54, "monthly": 394.2, "upfront": 0.0 }])
    );
    project.apply();
    // Nothing that is paid for changes.
    project.write("main.tf", &instances(&cloud, "  description = \"mine\"\n"));
    assert_eq!(preflight(&project)["prices"], json!([]));
    let larger = "  instance_type = \"ecs.g7.xlarge\"\n  system_disk_size = 140\n";
    project.write("main.tf", &instances(&cloud, larger));
    project.prov("plan -preflight -no-color").ok().says(&[
        "    alicloud_instance.a: 1.14 CNY an hour (832.20 a month) instead of 0.54 CNY an hour (394.20 a month)\n",
        "    Total change: +438.00 CNY a month (+0.60 an hour)\n",
    ]);
    project
        .prov("plan -destroy -preflight -no-color")
        .ok()
        .says(&[
            "0.54 CNY an hour (394.20 a month) no more",
            "Total change: -394.20 CNY a month",
        ]);
    let subscribed = "  instance_charge_type = \"PrePaid\"\n  period = 12\n";
    project.write("main.tf", &instances(&cloud, subscribed));
    let found = preflight(&project);
    assert_eq!(found["prices"][0]["after"]["period"], "1 Year");
    let year = 0.54 * 8760.0 / 2.0;
    let upfront = found["totals"][0]["upfront"].as_f64().unwrap();
    assert!((upfront - year).abs() < 1e-6, "{upfront}");
    assert_eq!(found["totals"][0]["hourly"], -0.54);
}

#[test]
fn subscriptions_tell_what_a_change_and_a_renewal_cost() {
    let cloud = Cloud::instant();
    priced(&cloud);
    let bought = "  instance_charge_type = \"PrePaid\"\n  period = 1\n";
    let project = Project::with(&instances(&cloud, bought));
    project.apply();
    let larger = bought.to_owned() + "  instance_type = \"ecs.g7.xlarge\"\n";
    project.write("main.tf", &instances(&cloud, &larger));
    let found = preflight(&project);
    assert_eq!(found["prices"][0]["once"]["upfront"], 360.0, "{found:#}");
    assert_eq!(found["prices"][0]["after"]["upfront"], Json::Null);
    assert_eq!(found["totals"][0]["upfront"], 360.0);
    let renewed = bought.to_owned() + "  renewal_status = \"AutoRenewal\"\n";
    project.write("main.tf", &instances(&cloud, &renewed));
    project.prov("plan -preflight -no-color").ok().says(&[
        "    alicloud_instance.a: 388.80 CNY for 1 month (388.80 a month) at each renewal\n",
    ]);
}

#[test]
fn a_replacement_asks_for_the_new_one_before_the_old_one_goes() {
    let cloud = Cloud::instant();
    let fixed = "  private_ip = \"10.0.0.10\"\n";
    let project = Project::with(&instances(&cloud, fixed));
    project.apply();
    let other = fixed.to_owned() + "  system_disk_category = \"cloud_efficiency\"\n";
    project.write("main.tf", &instances(&cloud, &other));
    // The address is taken by the one that goes first.
    let found = preflight(&project);
    let request = check(&found, "alicloud_instance.a", "request");
    assert_eq!(request["outcome"], "passed", "{request}");
    cloud.tell(
        "catalog",
        &json!({ "stock": [{ "instance_type": "ecs.g7.large", "status": "sold_out" }] }),
    );
    let world = cloud.world();
    project
        .prov("apply -preflight -auto-approve -no-color")
        .fails(&["OperationDenied.NoStock", "Not in stock"]);
    assert_eq!(cloud.world(), world);
}

#[test]
fn a_saved_plan_keeps_what_was_learned_and_can_ask_again() {
    let cloud = Cloud::instant();
    let project = started(&cloud);
    project.write("main.tf", &instances(&cloud, ""));
    project.prov("plan -preflight -out=a.plan").ok();
    project
        .prov("show -no-color a.plan")
        .ok()
        .says(&["CreateInstance would be accepted"]);
    cloud.tell(
        "catalog",
        &json!({ "stock": [{ "instance_type": "*", "status": "sold_out" }] }),
    );
    project
        .prov("apply -preflight -no-color a.plan")
        .fails(&["ecs.g7.large (PostPaid) is not in stock in cn-hangzhou-h."]);
    cloud.tell("catalog", &json!({}));
    project.prov("apply -preflight -no-color a.plan").ok();
}

/// No action tells what addresses, gateways and balancers cost: each says so, and so does the total.
#[test]
fn a_total_without_all_prices_says_that_it_is_not_all() {
    let cloud = Cloud::instant();
    priced(&cloud);
    let more = "resource \"alicloud_eip_address\" \"a\" {}\nresource \"alicloud_nat_gateway\" \"a\" {\n  vpc_id = alicloud_vpc.a.id\n  vswitch_id = alicloud_vswitch.a.id\n  nat_type = \"Enhanced\"\n}\nresource \"alicloud_slb_load_balancer\" \"a\" {\n  vswitch_id = alicloud_vswitch.a.id\n  load_balancer_spec = \"slb.s2.small\"\n}\n";
    let project = Project::with(&(instances(&cloud, "") + more));
    project.prov("plan -preflight -no-color").ok().says(&[
        "    alicloud_eip_address.a: not known, ",
        "    alicloud_nat_gateway.a: not known, ",
        "    alicloud_slb_load_balancer.a: not known, ",
        " a month (+0.54 an hour), besides what is not known\n",
    ]);
}
