//! One call, from parameters to answer.

use std::time::Duration;

use super::error::ApiError;

/// The services that prov speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    Ecs,
    Vpc,
    Sts,
}

/// A request, before it is signed.
#[derive(Clone, Debug)]
pub struct Call {
    pub product: Product,
    pub action: &'static str,
    /// API parameters without the common ones, `RegionId` and `ClientToken`.
    pub params: Vec<(String, String)>,
    /// Sent as `ClientToken`, the same over all retries.
    pub client_token: Option<String>,
    /// Codes (matched as a substring) that are retried beyond the ones that always are.
    pub retry: &'static [&'static str],
    /// How long to go on retrying `retry` codes.
    pub patience: Duration,
    /// Whether it may be repeated without a token when it is not known if it was done: reads, deletes,
    /// and changes that set a value.
    pub idempotent: bool,
}

/// A client for one account and region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {}

impl Client {
    /// Makes the call and returns the answer's JSON.
    ///
    /// Throttling, 5xx and lost answers are retried (a call that changes something and has no client
    /// token is not repeated once its outcome is unknown, unless `idempotent` says that it may be).
    pub async fn call(&self, call: &Call) -> Result<serde_json::Value, ApiError> {
        let _ = call;
        unimplemented!("filled in by the client's slice")
    }
}
