//! The tests of the whole: one binary, one file for each concern.

#![expect(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and a story is as long as it is"
)]

mod architecture;
mod backends;
mod crash;
mod examples;
mod faults;
mod formats;
mod locking;
mod network;
mod reference;
mod saved_plans;
mod secrets;
mod support;
mod wire;
