//! What tests share: a cloud to work against, and a directory that the built prov works in.

pub mod cloud;
pub mod project;
