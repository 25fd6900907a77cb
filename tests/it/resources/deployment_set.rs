//! Deployment sets.

use prov::cloud::Product;

use super::{LIFE, Life, keep, lead, replace, update};
use crate::support::cloud::Cloud;

fn lose(cloud: &Cloud, id: &str) {
    cloud.console(
        Product::Ecs,
        "DeleteDeploymentSet",
        &[("DeploymentSetId", id)],
    );
}

pub(super) const LIVES: &[Life] = &[Life {
    kind: "alicloud_ecs_deployment_set",
    base: &[
        ("deployment_set_name", "\"it\""),
        ("description", "\"at first\""),
        ("strategy", "\"Availability\""),
        ("domain", "\"Default\""),
        ("granularity", "\"Host\""),
        ("on_unable_to_redeploy_failed_instance", "\"KeepStopped\""),
    ],
    born: &[
        ("deployment_sets", "/name", "\"it\""),
        ("deployment_sets", "/on_failure", "\"KeepStopped\""),
    ],
    steps: &[
        update(
            &[("deployment_set_name", "\"other\"")],
            &["ModifyDeploymentSetAttribute"],
        )
        .shows(&[("deployment_sets", "/name", "\"other\"")]),
        update(
            &[("description", "\"later\"")],
            &["ModifyDeploymentSetAttribute"],
        )
        .shows(&[("deployment_sets", "/description", "\"later\"")]),
        update(&[("description", "")], &["ModifyDeploymentSetAttribute"]).shows(&[(
            "deployment_sets",
            "/description",
            "\"\"",
        )]),
        update(
            &[(
                "on_unable_to_redeploy_failed_instance",
                "\"CancelMembershipAndStart\"",
            )],
            &[],
        ),
        keep(&[("domain", ""), ("granularity", "")]),
        keep(&[("domain", "\"Default\""), ("granularity", "\"Host\"")]),
        replace(&[("strategy", "\"LowLatency\"")]).shows(&[(
            "deployment_sets",
            "/strategy",
            "\"LowLatency\"",
        )]),
    ],
    untold: &["on_unable_to_redeploy_failed_instance"],
    lose,
    ..LIFE
}];

#[test]
fn sets() {
    LIVES.iter().for_each(lead);
}
