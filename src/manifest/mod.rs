//! Text to syntax: HCL and YAML manifests become one spanned tree, `ast`.
//!
//! Nothing after this module knows which language a manifest was written in. Start with `ast`.

pub mod ast;
