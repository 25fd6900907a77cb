//! How many calls were sent, for whoever wants to know what a run costs.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Product, error::ApiErrorKind};
use crate::model::event::{Calls, Sent};

/// Counts of one run, shared by the clients of all its providers.
#[derive(Clone, Debug, Default)]
pub struct Stats(Arc<Mutex<Calls>>);

impl Stats {
    /// Returns the counts so far.
    pub fn calls(&self) -> Calls {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Counts one attempt; `error` is how it failed.
    pub(super) fn count(&self, product: Product, action: &str, error: Option<ApiErrorKind>) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{}:{action}", product.name());
        let sent: &mut Sent = calls.entry(name).or_default();
        sent.calls += 1;
        match error {
            None => {}
            Some(ApiErrorKind::Throttled) => sent.throttled += 1,
            Some(_) => sent.failed += 1,
        }
    }
}
