//! The tests of the whole: one binary, one file for each concern.

mod architecture;
mod backends;
mod bad_input;
mod crash;
mod examples;
mod formats;
mod network;
mod reference;
mod support;
mod wire;
