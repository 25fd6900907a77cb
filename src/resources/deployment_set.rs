//! Deployment sets: instances that are spread over hosts, or kept close to each other.

use crate::{
    model::Value,
    provider::{
        hooks::{Hooks, Kind},
        offer::{Limit, Offer},
    },
    schema::*,
};

static CREATE: Call = call("CreateDeploymentSet").token();
static MODIFY: Call = call("ModifyDeploymentSetAttribute");
// Instances leave their set a moment after they are released.
static DELETE: Call = call("DeleteDeploymentSet").retry(&["DependencyViolation.NotEmpty"]);

static DESCRIBE: Read = Read {
    action: "DescribeDeploymentSets",
    ids: Ids::JsonPaged("DeploymentSetIds", 50),
    item: "DeploymentSets.DeploymentSet",
};

/// A deployment set.
pub static DEPLOYMENT_SET: ResourceType = ResourceType {
    id: Id::Field("DeploymentSetId"),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    updates: &[&MODIFY],
    delete: &[&DELETE],
    attributes: ATTRIBUTES,
    adopt: Adopt::LISTED,
    import: "ds-bp1…",
    ..resource(
        "alicloud_ecs_deployment_set",
        Service::Ecs,
        "A deployment set: its instances are spread over different hosts, or kept close to each other.",
    )
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &DEPLOYMENT_SET,
    hooks: Hooks {
        offer: Some(|_, _| Offer::free(Limit::Untold("deployment sets"))),
        ..Hooks::NONE
    },
};

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The deployment set's id.")
        .computed()
        .example("ds-bp67acfmxazb4ph6aiyc")
        .sent(&[(&MODIFY, "DeploymentSetId"), (&DELETE, "DeploymentSetId")]),
    string(
        "deployment_set_name",
        "Display name: 2 to 128 letters, digits, `_`, `:`, `-`.",
    )
    .sent(&[
        (&CREATE, "DeploymentSetName"),
        (&MODIFY, "DeploymentSetName"),
    ])
    .read(&DESCRIBE, "DeploymentSetName")
    .check(&[Check::Characters(2, 128), Check::Custom(name)])
    .example("web"),
    string("description", "Description: 2 to 256 characters.")
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "DeploymentSetDescription")
        .check(&[
            Check::Characters(2, 256),
            Check::NoPrefix(&["http://", "https://"]),
        ])
        .example("Web servers on different hosts"),
    string(
        "strategy",
        "`Availability` spreads the instances over hosts, `AvailabilityGroup` does so in groups, `LowLatency` keeps them close; `Availability` when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "Strategy")])
    .read(&DESCRIBE, "DeploymentStrategy")
    .check(&[Check::OneOf(&[
        "Availability",
        "AvailabilityGroup",
        "LowLatency",
    ])])
    .example("Availability"),
    string(
        "on_unable_to_redeploy_failed_instance",
        "What becomes of an instance that fails and has no other host to go to: `CancelMembershipAndStart` takes it out of the set, `KeepStopped` leaves it stopped until there is one. Used at creation only.",
    )
    .sent(&[(&CREATE, "OnUnableToRedeployFailedInstance")])
    .check(&[Check::OneOf(&["CancelMembershipAndStart", "KeepStopped"])])
    .example("KeepStopped"),
    string("domain", "`Default`, the only value that is left.")
        .deprecated("")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "Domain")])
        .read(&DESCRIBE, "Domain")
        .wire(Wire::Words(&[("Default", "Default")]))
        .check(&[Check::OneOf(&["Default"])])
        .example("Default"),
    string("granularity", "`Host`, the only value that is left.")
        .deprecated("")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "Granularity")])
        .read(&DESCRIBE, "Granularity")
        .wire(Wire::Words(&[("Host", "Host")]))
        .check(&[Check::OneOf(&["Host"])])
        .example("Host"),
];

/// Letters, digits, `_`, `:`, `-`, and the backslash that a slip in Terraform's provider lets through.
fn name(value: &Value) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_:-\\".contains(c);
    match value
        .as_str()
        .and_then(|text| text.chars().find(|c| !plain(*c)))
    {
        Some(c) => Err(format!(
            "It can have letters, digits, underscores, colons and hyphens in it, and it has {c:?}."
        )),
        None => Ok(()),
    }
}
