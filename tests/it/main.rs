//! The tests of the whole: one binary, one file for each concern.

mod support;

mod architecture;
mod backends;
mod examples;
mod formats;
mod network;
mod reference;
mod wire;
