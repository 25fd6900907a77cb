//! What tests share.

pub mod project;
