//! Tests of the whole, through what the library exports.

mod backends;
mod formats;
