//! What a resource type is: three tables (types, calls, attributes), and what derives from them.

pub mod builders;
pub mod types;

pub use builders::*;
pub use types::*;
