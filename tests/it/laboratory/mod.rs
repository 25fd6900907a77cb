//! The crash laboratory: random manifests live random lives under random mishaps, and after every apply that was
//! let alone, manifest, state and world say the same.
//!
//! A seed gives a run; `cargo run --example chaos -- -seed N` repeats it. Start with [`live`].

mod check;
mod kinds;
mod machine;
mod manifest;
mod mishaps;
mod run;

#[cfg(test)]
mod tests;

pub use run::{Counts, live};
