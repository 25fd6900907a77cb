//! What tests share.

pub mod fleet;
pub mod server;
