//! How many calls of one action run at once: as many as the API lets through.
//!
//! Additive increase, multiplicative decrease: each success widens the limit a little, each throttled
//! call halves it, and a pause that the API asks for holds all calls of the action. The limit never
//! falls below one, and a permit is given back when it is dropped, so nobody waits for ever.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};

use super::{call::Product, retry::LONGEST_WISH};

/// Where an action begins, before anything is known of it.
const FIRST: usize = 16;

/// The limiters of all actions.
#[derive(Debug)]
pub(super) struct Throttle {
    most: usize,
    actions: Mutex<HashMap<(Product, &'static str), Arc<Limiter>>>,
}

/// One action's limiter.
#[derive(Debug)]
struct Limiter {
    most: usize,
    /// Holds as many permits as `State::permits` less those in use.
    semaphore: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: f64,
    /// Permits in existence; above `limit` until enough are given back.
    permits: usize,
    /// Whether the API has ever pushed back: until then the limit grows with every success.
    pushed: bool,
    halved: Instant,
    paused: Instant,
    /// When a call was last let through.
    passed: Instant,
}

/// Leave for one attempt.
#[derive(Debug)]
pub(super) struct Permit {
    limiter: Arc<Limiter>,
    given: Instant,
    slot: Option<OwnedSemaphorePermit>,
}

impl Throttle {
    /// `most`: calls of one action at once, at the very most.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            actions: Mutex::default(),
        }
    }

    /// Waits until a call of this action may be sent.
    pub(super) async fn permit(&self, product: Product, action: &'static str) -> Permit {
        let limiter = locked(&self.actions)
            .entry((product, action))
            .or_insert_with(|| Arc::new(Limiter::new(self.most)))
            .clone();
        let slot = limiter.semaphore.clone().acquire_owned().await.ok();
        loop {
            let paused = locked(&limiter.state).paused;
            if paused <= Instant::now() {
                break;
            }
            sleep_until(paused).await;
        }
        Permit {
            limiter,
            given: Instant::now(),
            slot,
        }
    }
}

impl Limiter {
    fn new(most: usize) -> Self {
        let first = FIRST.min(most);
        let now = Instant::now();
        let state = State {
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            limit: first as f64,
            permits: first,
            pushed: false,
            halved: now,
            paused: now,
            passed: now,
        };
        Self {
            most,
            semaphore: Arc::new(Semaphore::new(first)),
            state: Mutex::new(state),
        }
    }
}

impl State {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between one and the configured maximum"
    )]
    fn whole(&self) -> usize {
        self.limit as usize
    }
}

impl Permit {
    /// Takes note that the call was let through.
    pub(super) fn passed(&self) {
        let mut state = locked(&self.limiter.state);
        state.passed = Instant::now();
        let step = if state.pushed { 1.0 / state.limit } else { 1.0 };
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let most = self.limiter.most as f64;
        state.limit = (state.limit + step).min(most);
        if state.permits < state.whole() {
            state.permits += 1;
            self.limiter.semaphore.add_permits(1);
        }
    }

    /// Takes note that the call was throttled, and returns for how long all calls of its kind have been;
    /// `pause` is what the answer asked for.
    pub(super) fn throttled(&self, pause: Option<Duration>) -> Duration {
        let mut state = locked(&self.limiter.state);
        let now = Instant::now();
        // Calls that were on their way when the limit was halved say nothing about the new one.
        if self.given >= state.halved {
            state.limit = (state.limit / 2.0).max(1.0);
            state.halved = now;
            state.pushed = true;
        }
        if let Some(pause) = pause {
            state.paused = state.paused.max(now + pause.min(LONGEST_WISH));
        }
        now - state.passed
    }
}

impl Drop for Permit {
    /// Gives the permit back, or does away with it when there are more than the limit.
    fn drop(&mut self) {
        let mut state = locked(&self.limiter.state);
        if state.permits > state.whole()
            && let Some(slot) = self.slot.take()
        {
            state.permits -= 1;
            slot.forget();
        }
    }
}

/// The sections are short and do not panic; data behind a poisoned lock is sound.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
