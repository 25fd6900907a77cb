//! A state in a local file.
/// A state in a local file.
pub struct Local;
