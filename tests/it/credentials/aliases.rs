//! Several providers in one configuration: regions and accounts.

use serde_json::json;

use super::{Cloud, OTHER, THIRD};

const HOME: &str = "1234567890123456";

/// A block with an alias, a region and a role to act as.
fn provider(alias: &str, region: &str, account: &str) -> String {
    format!(
        "provider \"alicloud\" {{\n  alias  = \"{alias}\"\n  region = \"{region}\"\n  \
         access_key = \"LTAI-emulator\"\n  secret_key = \"emulator-secret\"\n  \
         assume_role {{\n    role_arn = \"acs:ram::{account}:role/deploy\"\n  }}\n}}\n"
    )
}

fn vpc(name: &str) -> String {
    format!(
        "resource \"alicloud_vpc\" \"{name}\" {{\n  provider   = alicloud.{name}\n  vpc_name   = \
         \"{name}\"\n  cidr_block = \"10.0.0.0/16\"\n}}\n"
    )
}

const DEFAULT: &str = "access_key = \"LTAI-emulator\"\nsecret_key = \"emulator-secret\"";

#[test]
fn each_resource_goes_to_its_account_and_region() {
    let cloud = Cloud::new();
    let main = format!(
        "{}{}{}{}resource \"alicloud_vpc\" \"home\" {{\n  vpc_name = \"home\"\n  cidr_block = \
         \"10.0.0.0/16\"\n}}\ndata \"alicloud_zones\" \"west\" {{\n  provider = alicloud.west\n}}\n\
         output \"zone\" {{\n  value = data.alicloud_zones.west.ids[0]\n}}\n",
        provider("east", "cn-shanghai", OTHER),
        provider("west", "us-west-1", THIRD),
        vpc("east"),
        vpc("west"),
    );
    let project = cloud.project(DEFAULT, &main);
    project.ok(&["apply", "-auto-approve"]);
    for (account, name, region) in [
        (HOME, "home", "cn-hangzhou"),
        (OTHER, "east", "cn-shanghai"),
        (THIRD, "west", "us-west-1"),
    ] {
        assert_eq!(cloud.vpcs(account), [name]);
        assert_eq!(
            cloud.emulator.world_of(account)["vpcs"][0]["region"],
            region
        );
    }
    let zone = project.ok(&["output", "-raw", "zone"]);
    assert!(zone.starts_with("us-west-1"), "{zone}");
    let state: serde_json::Value =
        serde_json::from_str(&project.read("terraform.tfstate")).unwrap();
    let of = |kind: &str, name: &str| {
        let all = state["resources"].as_array().unwrap();
        let found = all
            .iter()
            .find(|one| one["type"] == kind && one["name"] == name);
        found.unwrap()["provider"].clone()
    };
    let address = "provider[\"registry.terraform.io/aliyun/alicloud\"]";
    assert_eq!(of("alicloud_vpc", "home"), address);
    assert_eq!(of("alicloud_vpc", "east"), format!("{address}.east"));
    assert_eq!(of("alicloud_zones", "west"), format!("{address}.west"));
    project.ok(&["plan", "-detailed-exitcode"]);
    // The block is gone from the manifests; what the state has of it is destroyed by its provider.
    let left = main.replace(&vpc("west"), "");
    project.write("main.tf", &left);
    project.ok(&["apply", "-auto-approve"]);
    assert!(cloud.vpcs(THIRD).is_empty());
    assert_eq!(cloud.vpcs(OTHER), ["east"]);
}

#[test]
fn an_alias_is_needed_as_long_as_it_has_objects() {
    let cloud = Cloud::new();
    let main = format!("{}{}", provider("east", "cn-shanghai", OTHER), vpc("east"));
    let project = cloud.project(DEFAULT, &main);
    project.ok(&["apply", "-auto-approve"]);
    project.write("main.tf", "");
    let before = project.read("terraform.tfstate");
    for arguments in [
        &["plan"][..],
        &["apply", "-auto-approve"],
        &["destroy", "-auto-approve"],
    ] {
        let ran = project.run(arguments);
        assert_eq!(ran.code, Some(1), "{ran}");
        let words: Vec<&str> = ran.err.split_whitespace().collect();
        let said = words.join(" ");
        for part in [
            "Provider configuration not present",
            "alicloud_vpc.east",
            "alicloud\"].east",
        ] {
            assert!(said.contains(part), "{part} is not in {ran}");
        }
    }
    assert_eq!(project.read("terraform.tfstate"), before);
    // With the block, and without the resource, the object goes.
    project.write("main.tf", &provider("east", "cn-shanghai", OTHER));
    project.ok(&["apply", "-auto-approve"]);
    assert!(cloud.vpcs(OTHER).is_empty());
    project.write("main.tf", "");
    project.ok(&["plan", "-detailed-exitcode"]);
}

#[test]
fn an_alias_can_get_another_name() {
    let cloud = Cloud::new();
    let east = |alias: &str| {
        let vpc = vpc("east").replace("alicloud.east", &format!("alicloud.{alias}"));
        format!("{}{vpc}", provider(alias, "cn-shanghai", OTHER))
    };
    let project = cloud.project(DEFAULT, &east("east"));
    project.ok(&["apply", "-auto-approve"]);
    project.write("main.tf", &east("orient"));
    project.ok(&["plan", "-detailed-exitcode"]);
    project.ok(&["apply", "-auto-approve"]);
    assert!(
        project
            .read("terraform.tfstate")
            .contains("alicloud\\\"].orient")
    );
    // The state knows the new name, so the old one is not asked for again.
    project.write("main.tf", &provider("orient", "cn-shanghai", OTHER));
    project.ok(&["apply", "-auto-approve"]);
    assert!(cloud.vpcs(OTHER).is_empty());
}

#[test]
fn what_is_wrong_with_one_provider_is_said_of_it() {
    let cloud = Cloud::with(&json!({
        "keys": [],
        "roles": [{ "arn": format!("acs:ram::{OTHER}:role/deploy") }],
    }));
    let main = format!(
        "{}{}{}{}",
        provider("east", "cn-shanghai", OTHER),
        provider("west", "us-west-1", THIRD),
        vpc("east"),
        vpc("west"),
    );
    let project = cloud.project(DEFAULT, &main);
    let ran = project.run(&["plan"]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.err.contains("EntityNotExist.Role"), "{ran}");
    assert!(
        ran.err.contains(&format!("acs:ram::{THIRD}:role/deploy")),
        "{ran}"
    );
    assert!(
        !ran.err
            .contains(&format!("acs:ram::{OTHER}:role/deploy could")),
        "{ran}"
    );
}
