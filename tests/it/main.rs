//! The tests of the whole: one binary, one file for each concern.

mod backends;
mod crash;
mod formats;
mod network;
mod support;
mod wire;
