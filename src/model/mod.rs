//! The nouns: plain data that every other module speaks in.
//!
//! No I/O, no async, and nothing of ours is imported here. Start with `value`, then `address`.

pub mod address;
pub mod binary;
pub mod checks;
pub mod diagnostic;
pub mod event;
pub mod language;
pub mod object;
pub mod ordered;
pub mod plan;
pub mod preflight;
pub mod secret;
pub mod state;
pub mod testing;
pub mod types;
pub mod value;

pub use address::{Address, AnyAddress, Key, Mode, ModulePath, ModuleStep, ResourceAddress};
pub use diagnostic::{Diagnostic, Diagnostics, Severity, Source, SourceId, Sources, Span};
pub use object::Object;
pub use types::Type;
pub use value::{Number, Value};
