//! Data to text: plans, states, events, diagnostics and outputs, for people and for programs.
//!
//! Everything writes to a caller's writer and reads nothing but its arguments: the same data gives
//! the same bytes. Whoever shows things to people starts at `terminal`, for programs at `json` and
//! `events`; what a plan looks like is decided in `view`, `change` and `pen`,
//! once for all.

mod change;
pub mod diagnostic;
mod diff;
mod documents;
pub mod events;
pub mod json;
pub mod junit;
mod line;
mod modules;
pub mod order;
mod pen;
mod preflight;
pub mod terminal;
pub mod testing;
pub mod value;
mod view;

pub use diagnostic::{diagnostic_json, diagnostics};
pub use events::JsonEvents;

#[cfg(test)]
mod tests;

/// How text for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to use colours, and boxes around diagnostics.
    pub color: bool,
    /// The terminal's width in columns; `None` (no terminal) wraps at 78, as Terraform does.
    pub width: Option<usize>,
    /// Whether lines and boxes may be drawn with characters beyond ASCII.
    pub unicode: bool,
    /// Whether a plan of any size is shown in full.
    pub full: bool,
    /// Whether the single calls of a step are shown too.
    pub verbose: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: false,
            width: None,
            unicode: true,
            full: false,
            verbose: false,
        }
    }
}

impl Style {
    /// Returns the column at which text is wrapped.
    fn columns(self) -> usize {
        self.width.unwrap_or(78).max(20)
    }
}
