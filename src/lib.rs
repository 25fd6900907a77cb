//! prov: a declarative provisioner for Alibaba Cloud ECS that speaks Terraform's language.
//!
//! Text becomes values, values become a plan, a plan becomes calls. The modules, in layer order:

/// The nouns: plain data that every other module speaks in.
pub mod model;

/// Text to syntax: HCL and YAML become one spanned tree.
pub mod manifest;

/// The wire: a client of the cloud's RPC API that knows no resource.
pub mod cloud;
/// The seam between the engine and what carries changes out.
pub mod provider;
/// One file per resource type.
pub mod resources;
/// What a resource type is: tables, and what derives from them.
pub mod schema;

/// An emulator of the cloud, independent of all the rest.
pub mod emulator;
