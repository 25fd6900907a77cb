//! The tests of the whole: one binary, one file for each concern.

mod wire;
