//! The tests of the whole: one binary, one file for each concern.

mod backends;
mod bad_input;
mod formats;
mod network;
mod wire;
