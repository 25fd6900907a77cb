//! Users and roles that may not do everything.

use serde_json::{Value as Json, json};

use super::{Cloud, OTHER, VPC};

fn user(statements: &Json) -> Cloud {
    Cloud::with(&json!({ "keys": [{
        "id": "LTAI-user", "secret": "user-secret", "account": OTHER, "user": "alice",
        "policy": { "Version": "1", "Statement": statements },
    }]}))
}

const BLOCK: &str = "access_key = \"LTAI-user\"\nsecret_key = \"user-secret\"";

#[test]
fn what_a_user_may_not_do_is_said_with_the_way_out() {
    let cloud = user(&json!([
        { "Effect": "Allow", "Action": ["ecs:Describe*", "vpc:Describe*", "vpc:List*"], "Resource": "*" },
    ]));
    let project = cloud.project(BLOCK, VPC);
    project.ok(&["plan"]);
    let ran = project.run(&["apply", "-auto-approve"]);
    assert_eq!(ran.code, Some(1), "{ran}");
    for part in [
        "alicloud_vpc.main",
        "CreateVpc answered Forbidden.RAM",
        "Grant the RAM user",
    ] {
        assert!(ran.err.contains(part), "{part} is not in {ran}");
    }
    assert!(cloud.vpcs(OTHER).is_empty());
}

#[test]
fn whoever_may_create_need_not_be_allowed_to_list_regions() {
    let cloud = user(&json!([
        { "Effect": "Allow", "Action": "vpc:*", "Resource": "*" },
        { "Effect": "Deny", "Action": "*:DescribeRegions", "Resource": "*" },
    ]));
    let project = cloud.project(BLOCK, VPC);
    project.ok(&["apply", "-auto-approve"]);
    assert_eq!(cloud.vpcs(OTHER), ["main"]);
}

#[test]
fn a_session_may_do_no_more_than_its_policy() {
    let cloud = Cloud::new();
    let policy = json!({ "Version": "1", "Statement": [
        { "Effect": "Allow", "Action": "*:Describe*", "Resource": "*" },
    ]});
    let block = format!(
        "access_key = \"LTAI-other\"\nsecret_key = \"other-secret\"\nassume_role {{\n  role_arn = \
         \"acs:ram::{OTHER}:role/r\"\n  policy   = jsonencode({})\n}}",
        policy.to_string().replace("\":", "\" ="),
    );
    let project = cloud.project(&block, VPC);
    let ran = project.run(&["apply", "-auto-approve"]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.err.contains("Forbidden.RAM"), "{ran}");
}
