//! RAM policies: what somebody may do to what. Conditions are not looked at.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::request::{Request, glob};

/// A policy as RAM has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Policy {
    #[serde(rename = "Version", default)]
    version: String,
    #[serde(rename = "Statement")]
    statements: Vec<Statement>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Statement {
    effect: Effect,
    #[serde(default)]
    action: OneOrMany,
    #[serde(default)]
    not_action: OneOrMany,
    #[serde(default)]
    resource: OneOrMany,
    #[serde(default)]
    not_resource: OneOrMany,
    #[serde(default)]
    condition: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Effect {
    Allow,
    Deny,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }

    /// Whether any pattern fits, in any case.
    fn fits(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let mut all = self.all().iter();
        all.any(|pattern| glob(&pattern.to_ascii_lowercase(), &text))
    }
}

impl Statement {
    fn concerns(&self, action: &str, resource: &str) -> bool {
        let either = |yes: &OneOrMany, no: &OneOrMany, text: &str| match no.all() {
            [] => yes.fits(text),
            _ => !no.fits(text),
        };
        either(&self.action, &self.not_action, action)
            && either(&self.resource, &self.not_resource, resource)
    }
}

impl Policy {
    /// Whether the action may be done to all of the resources: allowed, and not denied.
    pub(super) fn allows(&self, action: &str, resources: &[String]) -> bool {
        resources.iter().all(|resource| {
            let of = |effect| {
                let mut all = self.statements.iter();
                all.any(|one| one.effect == effect && one.concerns(action, resource))
            };
            of(Effect::Allow) && !of(Effect::Deny)
        })
    }
}

/// The parameters that name objects, with the product and the kind in the objects' ARNs.
const NAMED: &[(&str, &str, &str)] = &[
    ("DiskId", "ecs", "disk"),
    ("ImageId", "ecs", "image"),
    ("InstanceId", "ecs", "instance"),
    ("KeyPairName", "ecs", "keypair"),
    ("NetworkInterfaceId", "ecs", "eni"),
    ("SecurityGroupId", "ecs", "securitygroup"),
    ("SnapshotId", "ecs", "snapshot"),
    ("LoadBalancerId", "slb", "loadbalancer"),
    ("AllocationId", "vpc", "eip"),
    ("NatGatewayId", "vpc", "natgateway"),
    ("RouteTableId", "vpc", "routetable"),
    ("VSwitchId", "vpc", "vswitch"),
    ("VpcId", "vpc", "vpc"),
];

/// The ARNs of what a request names, or of everything.
pub(super) fn resources(request: &Request, account: &str) -> Vec<String> {
    let region = request.region_or_home();
    let arn = |product: &str, what: &str| format!("acs:{product}:{region}:{account}:{what}");
    let mut found = Vec::new();
    for (name, product, kind) in NAMED {
        let plural = format!("{name}s");
        let listed = request.json_list(&plural, usize::MAX).ok().flatten();
        let one = request.text(name).map(str::to_owned);
        let ids = one
            .into_iter()
            .chain(request.list(name))
            .chain(listed.unwrap_or_default());
        found.extend(ids.map(|id| arn(product, &format!("{kind}/{id}"))));
    }
    if found.is_empty() {
        found.push(arn(request.product, "*"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Policy {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_is_denied_is_denied_although_it_is_allowed() {
        let policy = policy(
            r#"{"Version": "1", "Statement": [
                {"Effect": "Allow", "Action": ["ecs:Describe*", "ecs:Stop*"], "Resource": "*"},
                {"Effect": "Deny", "Action": "ecs:StopInstance",
                 "Resource": "acs:ecs:*:*:instance/i-1"}]}"#,
        );
        let may = |action: &str, resource: &str| policy.allows(action, &[resource.to_owned()]);
        assert!(may("ecs:DescribeDisks", "acs:ecs:r:1:*"));
        assert!(may("ECS:describedisks", "acs:ecs:r:1:*"));
        assert!(may("ecs:StopInstance", "acs:ecs:r:1:instance/i-2"));
        assert!(!may("ecs:StopInstance", "acs:ecs:r:1:instance/i-1"));
        assert!(!may("vpc:DescribeVpcs", "acs:vpc:r:1:*"));
        let both = ["instance/i-2", "instance/i-1"].map(|it| format!("acs:ecs:r:1:{it}"));
        assert!(!policy.allows("ecs:StopInstance", &both));
    }

    #[test]
    fn everything_but_is_understood() {
        let policy = policy(
            r#"{"Statement": [{"Effect": "Allow", "NotAction": "ecs:Delete*", "NotResource": "*secret*"}]}"#,
        );
        assert!(policy.allows("ecs:RunInstances", &["acs:ecs:r:1:*".to_owned()]));
        assert!(!policy.allows("ecs:DeleteDisk", &["acs:ecs:r:1:*".to_owned()]));
        assert!(!policy.allows("ecs:StopInstance", &["acs:ecs:r:1:secret".to_owned()]));
    }
}
