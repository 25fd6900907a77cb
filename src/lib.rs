//! prov: a declarative provisioner for Alibaba Cloud ECS that speaks Terraform's language.
//!
//! Text becomes values, values become a plan, a plan becomes calls. The modules, in layer order:

/// The nouns: plain data that every other module speaks in.
pub mod model;

/// Text to syntax: HCL and YAML become one spanned tree.
pub mod manifest;

/// Syntax to values: expressions, functions, variables, repetition.
pub mod eval;

/// What a resource type is: tables, and what derives from them.
pub mod schema;

/// The wire: a client of the cloud's RPC API that knows no resource.
pub mod cloud;

/// The seam between the engine and what carries changes out.
pub mod provider;

/// One file per resource type.
pub mod resources;

/// Values to a plan.
pub mod plan;

/// Where state is kept: backends, locks, the file format.
pub mod backend;

/// A plan to the cloud: exactly once.
pub mod apply;

/// Data to text: plans, states, events and diagnostics.
pub mod render;

/// The same wire from the other side: an emulator of the cloud's API.
pub mod emulator;

/// The person: commands, settings, terminal.
pub mod cli;
