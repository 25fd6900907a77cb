//! Keeps credentials valid over a run: they are renewed before they expire, by one caller for all.
//!
//! A renewal that fails does no harm while the old ones are valid; it is tried again a little later.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::Credentials;
use crate::cloud::error::ApiError;

/// How long before they expire credentials are renewed.
pub(super) const EARLY: SignedDuration = SignedDuration::from_secs(180);
/// How long after a renewal the next one is tried at the earliest while the credentials are valid.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// New credentials are good for this long, whatever our clock says about it.
const LEAST: SignedDuration = SignedDuration::from_secs(60);

/// Credentials for a while.
#[derive(Clone, Debug)]
pub struct Lent {
    pub credentials: Credentials,
    /// `None`: for good.
    pub expires: Option<Timestamp>,
}

/// Something that lends credentials.
#[async_trait]
pub trait Lender: Send + Sync {
    /// Gets new ones.
    async fn lend(&self) -> Result<Lent, ApiError>;
}

/// Credentials that stay valid. Cheap to clone; clones share what they hold.
#[derive(Clone)]
pub struct Keeper(Arc<Kept>);

enum Kept {
    /// Requests are not signed.
    Nobody,
    Fixed(Arc<Credentials>),
    Renewed(Box<Renewed>),
}

struct Renewed {
    lender: Box<dyn Lender>,
    clock: fn() -> Timestamp,
    held: Mutex<Held>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Held {
    current: Option<Arc<Credentials>>,
    expires: Option<Timestamp>,
    /// No earlier than this is a renewal tried while the credentials are valid.
    again: Option<Timestamp>,
    /// How many renewals have ended, and how the last one failed.
    renewals: u64,
    failed: Option<ApiError>,
}

/// How the credentials are.
enum State {
    Good(Arc<Credentials>),
    /// Still valid, and to be renewed.
    Late(Arc<Credentials>),
    Gone,
}

impl From<Credentials> for Keeper {
    /// Keeps credentials that do not expire, or of which nobody knows when.
    fn from(credentials: Credentials) -> Self {
        Self(Arc::new(Kept::Fixed(Arc::new(credentials))))
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Keeper(***)")
    }
}

impl Keeper {
    /// Keeps what a lender lends.
    pub fn new(lender: impl Lender + 'static) -> Self {
        Self::with_clock(lender, Timestamp::now)
    }

    pub(in crate::cloud) fn with_clock(
        lender: impl Lender + 'static,
        clock: fn() -> Timestamp,
    ) -> Self {
        Self(Arc::new(Kept::Renewed(Box::new(Renewed {
            lender: Box::new(lender),
            clock,
            held: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }))))
    }

    /// Keeps none: requests are not signed.
    pub(in crate::cloud) fn nobody() -> Self {
        Self(Arc::new(Kept::Nobody))
    }

    /// Returns credentials that are valid now; `None`: requests are not to be signed.
    pub async fn current(&self) -> Result<Option<Arc<Credentials>>, ApiError> {
        match &*self.0 {
            Kept::Nobody => Ok(None),
            Kept::Fixed(credentials) => Ok(Some(credentials.clone())),
            Kept::Renewed(renewed) => renewed.current().await.map(Some),
        }
    }

    /// Takes note that the cloud holds these for expired; returns whether there may be others.
    pub(in crate::cloud) fn expired(&self, used: &Arc<Credentials>) -> bool {
        let Kept::Renewed(renewed) = &*self.0 else {
            return false;
        };
        let mut held = renewed.held();
        if held
            .current
            .as_ref()
            .is_some_and(|now| Arc::ptr_eq(now, used))
        {
            held.current = None;
        }
        true
    }
}

impl Renewed {
    async fn current(&self) -> Result<Arc<Credentials>, ApiError> {
        let (state, renewals) = self.state();
        let old = match state {
            State::Good(credentials) => return Ok(credentials),
            State::Late(credentials) => {
                // Somebody else is at it: the old ones do meanwhile.
                let Ok(_turn) = self.turn.try_lock() else {
                    return Ok(credentials);
                };
                return match self.renew().await {
                    Ok(renewed) => Ok(renewed),
                    Err(error) => {
                        tracing::warn!(error = error.message, "credentials: not renewed yet");
                        Ok(credentials)
                    }
                };
            }
            State::Gone => renewals,
        };
        let _turn = self.turn.lock().await;
        let (state, renewals) = self.state();
        if let State::Good(credentials) | State::Late(credentials) = state {
            return Ok(credentials);
        }
        // Whoever had the turn before has failed on behalf of all who waited.
        let failed = self.held().failed.clone();
        match failed.filter(|_| renewals > old) {
            Some(error) => Err(error),
            None => self.renew().await,
        }
    }

    fn state(&self) -> (State, u64) {
        let held = self.held();
        let now = (self.clock)();
        let state = match (&held.current, held.expires) {
            (None, _) => State::Gone,
            (Some(credentials), None) => State::Good(credentials.clone()),
            (Some(_), Some(expires)) if expires <= now => State::Gone,
            (Some(credentials), Some(expires)) => {
                let late = expires.duration_since(now) <= EARLY;
                if late && held.again.is_none_or(|again| again <= now) {
                    State::Late(credentials.clone())
                } else {
                    State::Good(credentials.clone())
                }
            }
        };
        (state, held.renewals)
    }

    async fn renew(&self) -> Result<Arc<Credentials>, ApiError> {
        let lent = self.lender.lend().await;
        let now = (self.clock)();
        let mut held = self.held();
        held.renewals += 1;
        held.again = now.checked_add(PAUSE).ok();
        match lent {
            Ok(lent) => {
                let least = now.checked_add(LEAST).unwrap_or(now);
                let credentials = Arc::new(lent.credentials);
                held.expires = lent.expires.map(|expires| expires.max(least));
                held.current = Some(credentials.clone());
                held.failed = None;
                tracing::debug!(
                    access_key = shortened(&credentials.access_key),
                    expires = held.expires.map(|time| time.to_string()),
                    "credentials: new ones"
                );
                Ok(credentials)
            }
            Err(error) => {
                held.failed = Some(error.clone());
                Err(error)
            }
        }
    }

    /// The sections are short and do not panic; data behind a poisoned lock is sound.
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The beginning of an access key's id: enough to tell it from others.
fn shortened(access_key: &str) -> String {
    let start: String = access_key.chars().take(8).collect();
    format!("{start}…")
}
