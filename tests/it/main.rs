//! The tests of the whole: one binary, one file for each concern.

mod backends;
mod formats;
mod network;
mod resources;
mod support;
mod wire;
