//! The tests of the whole: one binary, one file for each concern.

mod architecture;
mod backends;
mod bad_input;
mod crash;
mod examples;
mod faults;
mod formats;
mod locking;
mod network;
mod reference;
mod resources;
mod saved_plans;
mod secrets;
mod support;
mod wire;
