//! Security groups: the firewall of the instances that are in them.

use crate::{
    model::{Object, Value},
    provider::{
        hooks::{Hooks, Kind},
        offer::{Limit, Offer},
    },
    schema::*,
};

const NO_URL: &[&str] = &["http://", "https://"];
const MEMBERSHIP: &[&str] = &["DependencyViolation"];

static CREATE: Call = call("CreateSecurityGroup")
    .token()
    .retry(&["IncorrectVpcStatus", "IdempotentProcessing"]);
static MODIFY: Call = call("ModifySecurityGroupAttribute");
static POLICY: Call = call("ModifySecurityGroupPolicy")
    .retry(&["InvalidSecurityGroupId.NotFound"])
    .after_create();
static JOIN: Call = call("JoinResourceGroup").with(&[("ResourceType", "securitygroup")]);
static TAG: Call = call("TagResources")
    .with(&[("ResourceType", "securitygroup")])
    .after_create();
// Members, rules of other groups and network interfaces go away seconds after their own delete.
static DELETE: Call = call("DeleteSecurityGroup")
    .retry(MEMBERSHIP)
    .gone(&["InvalidSecurityGroupId.NotFound"]);

static DESCRIBE: Read = Read {
    action: "DescribeSecurityGroups",
    ids: Ids::Json("SecurityGroupIds", 100),
    item: "SecurityGroups.SecurityGroup",
};
/// The group's rules and inner policy; shared with the rules' own reads.
pub static DETAIL: Read = read_one("DescribeSecurityGroupAttribute", "SecurityGroupId", "");

/// A security group.
pub static SECURITY_GROUP: ResourceType = ResourceType {
    id: Id::Field("SecurityGroupId"),
    create: &[&CREATE],
    read: &[&DESCRIBE, &DETAIL],
    updates: &[&MODIFY, &POLICY, &JOIN, &TAG],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 5,
        update: 5,
        delete: 10,
    },
    attributes: ATTRIBUTES,
    rules: &[Rule::Custom(policy_of_normal)],
    adopt: Adopt {
        // Those of a service of the cloud are the service's.
        skip: |group| group["ServiceManaged"] == true,
        ..Adopt::LISTED
    },
    import: "sg-bp1…",
    ..resource(
        "alicloud_security_group",
        Service::Ecs,
        "A security group: the firewall of the instances that are in it.",
    )
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &SECURITY_GROUP,
    hooks: Hooks {
        offer: Some(|_, _| Offer::free(Limit::SecurityGroups)),
        ..Hooks::NONE
    },
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The group's id.")
        .computed()
        .example("sg-bp67acfmxazb4ph6aiyc")
        .sent(&[
            (&MODIFY, "SecurityGroupId"),
            (&POLICY, "SecurityGroupId"),
            (&JOIN, "ResourceId"),
            (&TAG, "ResourceId.1"),
            (&DELETE, "SecurityGroupId"),
        ]),
    string(
        "security_group_name",
        "Display name: 2 to 128 characters, starting with a letter.",
    )
    .kept()
    .sent(&[
        (&CREATE, "SecurityGroupName"),
        (&MODIFY, "SecurityGroupName"),
    ])
    .read(&DESCRIBE, "SecurityGroupName")
    .check(NAME)
    .example("web"),
    string("name", "The old name of `security_group_name`.")
        .deprecated("security_group_name")
        .kept()
        .sent(&[
            (&CREATE, "SecurityGroupName"),
            (&MODIFY, "SecurityGroupName"),
        ])
        .read(&DESCRIBE, "SecurityGroupName")
        .check(NAME)
        .example("web"),
    string(
        "vpc_id",
        "The VPC that it is in; without one it is in the classic network.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "VpcId")])
    .read(&DESCRIBE, "VpcId")
    .refers_to("alicloud_vpc")
    .example("vpc-bp1opxu1zkhn00gzv26cn"),
    string("description", "Description: 2 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Custom(checks::two_or_none), Check::NoPrefix(NO_URL)])
        .example("Web servers"),
    string(
        "security_group_type",
        "`normal` or `enterprise`; `normal` when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "SecurityGroupType")])
    .read(&DESCRIBE, "SecurityGroupType")
    .check(&[Check::OneOf(&["normal", "enterprise"])])
    .example("normal"),
    string(
        "inner_access_policy",
        "Whether its members reach each other: `Accept` or `Drop`.",
    )
    .kept()
    .sent(&[(&POLICY, "InnerAccessPolicy")])
    .read(&DETAIL, "InnerAccessPolicy")
    .check(&[Check::OneOf(&["Accept", "Drop"])])
    .same(|_, merged| {
        merged.get("security_group_type").and_then(Value::as_str) == Some("enterprise")
    })
    .example("Drop"),
    boolean(
        "inner_access",
        "The old form of `inner_access_policy`: true is `Accept`.",
    )
    .deprecated("inner_access_policy")
    .kept()
    .sent(&[(&POLICY, "InnerAccessPolicy")])
    .read(&DETAIL, "InnerAccessPolicy")
    .wire(Wire::Words(&[("true", "Accept"), ("false", "Drop")]))
    .same(|_, merged| {
        merged.get("security_group_type").and_then(Value::as_str) == Some("enterprise")
    })
    .example("false"),
    string("resource_group_id", "Resource group.")
        .kept()
        .sent(&[(&CREATE, "ResourceGroupId"), (&JOIN, "ResourceGroupId")])
        .read(&DESCRIBE, "ResourceGroupId")
        .example("rg-acfmxazb4ph6aiy"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ team = \"web\" }"),
    string("create_time", "When it was created.")
        .computed()
        .read(&DESCRIBE, "CreationTime"),
];

const NAME: &[Check] = &[
    Check::Characters(2, 128),
    Check::NoPrefix(NO_URL),
    Check::Custom(checks::starts_with_letter),
];

/// Members of an enterprise group never reach each other, and the cloud refuses to be told otherwise.
fn policy_of_normal(arguments: &Object) -> Vec<Problem> {
    let kind = arguments.get("security_group_type").and_then(Value::as_str);
    if kind != Some("enterprise") {
        return Vec::new();
    }
    ["inner_access_policy", "inner_access"]
        .into_iter()
        .filter(|name| !is_unset(arguments, name))
        .map(|name| Problem {
            path: name.to_owned(),
            summary: "Invalid combination of arguments".to_owned(),
            detail: format!("\"{name}\" cannot be set for a group of type \"enterprise\"."),
            hint: Some(format!(
                "Remove \"{name}\", or use a group of type \"normal\"."
            )),
            warning: false,
        })
        .collect()
}
