//! What tests share.

pub mod cloud;
pub mod contract;
pub mod control;
pub mod desk;
pub mod everything;
pub mod fleet;
pub mod project;
pub mod recorder;
pub mod server;
