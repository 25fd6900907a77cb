//! `terraform_remote_state`: the outputs of another project's state.

use super::terraform_data::attribute;
use crate::{
    provider::hooks::{Hooks, Kind},
    schema::*,
};

/// The registered data source; the provider of built-in types reads it.
pub const KIND: Kind = Kind {
    ty: &REMOTE_STATE,
    hooks: Hooks::NONE,
};

/// The backends whose states can be read.
const BACKENDS: &[&str] = &["local"];

/// The type's table.
pub static REMOTE_STATE: ResourceType = ResourceType {
    attributes: &[
        Attribute {
            checks: &[Check::OneOf(BACKENDS)],
            ..attribute(
                "backend",
                Type::String,
                Presence::Required,
                "Where the state is kept: `local`, in a file.",
                "local",
            )
        },
        attribute(
            "config",
            Type::Any,
            Presence::Optional,
            "What the other project's backend block says: `path`, and `workspace_dir` for workspaces. Relative to \
             the working directory; by default `terraform.tfstate` and `terraform.tfstate.d`.",
            "{ path = \"../network/terraform.tfstate\" }",
        ),
        attribute(
            "defaults",
            Type::Any,
            Presence::Optional,
            "Values of outputs that the state does not have.",
            "{ zone_id = \"cn-hangzhou-h\" }",
        ),
        attribute(
            "outputs",
            Type::Any,
            Presence::Computed,
            "The outputs of the state's root module, by name. Sensitive ones stay sensitive.",
            "",
        ),
        attribute(
            "workspace",
            Type::String,
            Presence::Optional,
            "The workspace whose state is read: `default` without it.",
            "staging",
        ),
    ],
    ..resource(
        "terraform_remote_state",
        Service::Builtin,
        "The outputs of the root module in another project's state, of prov or of Terraform.",
    )
};
