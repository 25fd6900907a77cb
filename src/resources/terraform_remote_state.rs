//! `terraform_remote_state`: the outputs of another project's state.

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
        attribute(
            "backend",
            Type::String,
            "Where the state is kept: `local`, in a file.",
        )
        .required()
        .check(&[Check::OneOf(BACKENDS)])
        .example("local"),
        attribute(
            "config",
            Type::Any,
            "What the other project's backend block says: `path`, and `workspace_dir` for workspaces. Relative to \
             the working directory; by default `terraform.tfstate` and `terraform.tfstate.d`.",
        )
        .example("{ path = \"../network/terraform.tfstate\" }"),
        attribute(
            "defaults",
            Type::Any,
            "Values of outputs that the state does not have.",
        )
        .example("{ zone_id = \"cn-hangzhou-h\" }"),
        attribute(
            "outputs",
            Type::Any,
            "The outputs of the state's root module, by name. Sensitive ones stay sensitive.",
        )
        .computed(),
        attribute(
            "workspace",
            Type::String,
            "The workspace whose state is read: `default` without it.",
        )
        .example("staging"),
    ],
    ..resource(
        "terraform_remote_state",
        Service::Builtin,
        "The outputs of the root module in another project's state, of prov or of Terraform.",
    )
};
