//! Values to a plan: what is there, what should be, and what has to be done about it.
//!
//! Names no action of the cloud. Start with `build`; what is decided about one instance is in `decide`.

pub mod arguments;
pub mod build;
mod cache;
pub mod check;
pub mod checks;
pub mod cross;
pub mod decide;
mod endings;
pub mod ephemeral;
pub mod explain;
pub mod gates;
pub mod graph;
mod growth;
mod held;
pub mod imports;
pub mod late;
mod moves;
pub mod opening;
pub mod preflight;
pub mod providers;
mod reach;
pub mod refresh;
pub mod required;
pub mod resolved;
pub mod scope;
mod sources;
pub mod steps;
mod targets;
mod trigger;
mod untangle;
pub mod values;
mod walk;

pub use build::{Input, Options, Planned, build};
pub use providers::Providers;
pub use scope::{Special, Values};
