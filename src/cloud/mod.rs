//! The wire: an Alibaba Cloud RPC client that knows no resource.
//!
//! `Client::call` is the only way out: throttle, sign, send, classify, retry. Nothing else of prov
//! opens a connection to the cloud. Start with `client`.

pub mod client;
pub mod error;

pub use client::{Call, Client};
pub use error::{ApiError, ApiErrorKind};
