//! What tests share.

pub mod fleet;
pub mod project;
pub mod server;
