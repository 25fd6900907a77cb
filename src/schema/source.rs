//! Which provider a type belongs to: the one place that says it.

use super::Service;

/// A provider, as manifests, states and plans name it.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The name in a manifest: `provider "alicloud" { … }`.
    pub name: &'static str,
    /// The source in full: `registry.terraform.io/aliyun/alicloud`.
    pub address: &'static str,
    /// The string of a state, a resource's `provider`.
    pub string: &'static str,
    /// Whether its types are carried out in the process, without any cloud and without configuration.
    pub within: bool,
}

/// The cloud's types.
pub const ALICLOUD: Source = Source {
    name: "alicloud",
    address: "registry.terraform.io/aliyun/alicloud",
    string: "provider[\"registry.terraform.io/aliyun/alicloud\"]",
    within: false,
};

/// `terraform_data`.
pub const TERRAFORM: Source = Source {
    name: "terraform",
    address: "terraform.io/builtin/terraform",
    string: "provider[\"terraform.io/builtin/terraform\"]",
    within: true,
};

/// `random_*`.
pub const RANDOM: Source = Source {
    name: "random",
    address: "registry.terraform.io/hashicorp/random",
    string: "provider[\"registry.terraform.io/hashicorp/random\"]",
    within: true,
};

/// Every provider whose types prov has.
pub static SOURCES: &[&Source] = &[&ALICLOUD, &RANDOM, &TERRAFORM];

impl Service {
    /// Returns the provider whose types the service's are.
    pub const fn source(self) -> &'static Source {
        match self {
            Self::Ecs | Self::Vpc | Self::Slb => &ALICLOUD,
            Self::Builtin => &TERRAFORM,
            Self::Random => &RANDOM,
        }
    }

    /// Whether the types are carried out in the process: nothing outside of the state could differ.
    pub const fn is_within(self) -> bool {
        self.source().within
    }
}
