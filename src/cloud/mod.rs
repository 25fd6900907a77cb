//! The wire: an Alibaba Cloud RPC client that knows no resource.
//!
//! `Client::call` is the only way out: throttle, sign, send, classify, retry. Nothing else of prov
//! opens a connection to the cloud. Start with `client`.

mod call;
pub mod client;
mod codes;
pub mod credentials;
pub mod endpoint;
pub mod error;
mod locate;
pub mod meaning;
mod pace;
pub mod page;
mod request;
pub mod retry;
pub mod sign;
mod stats;
mod throttle;
pub mod transport;

#[cfg(test)]
mod tests;

pub use call::{Call, Product};
pub use client::{Client, Settings, SignVersion};
pub use credentials::Credentials;
pub use endpoint::Endpoints;
pub use error::{ApiError, ApiErrorKind};
pub use meaning::{Conduct, Fault, Meaning, conduct, fault, meaning, meanings};
pub use retry::Policy;
pub use stats::Stats;
pub use throttle::Throttle;
pub use transport::{Http, Transport, TransportError, TransportErrorKind};
