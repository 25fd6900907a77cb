//! The tests of the whole: one binary, one file for each concern.

mod backends;
mod crash;
mod faults;
mod formats;
mod locking;
mod network;
mod secrets;
mod support;
mod wire;
