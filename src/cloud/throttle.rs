//! When a call may be sent: how many of an action run at once, and how often it is called.
//!
//! How often is what [`Pace`] finds out. How many at once begins low, widens with each success and is halved when the
//! API says that they are too many. Neither ever comes to a standstill: one call is always let go sometime, and a
//! permit is given back when it is dropped.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};

use super::{
    call::Product,
    pace::{Pace, Turn},
};

/// How many calls run at once before anything is known of an action.
const FIRST: usize = 16;

/// The limiters of all actions, for each account and region. Cheap to clone; clones share them.
#[derive(Clone, Debug)]
pub struct Throttle {
    most: usize,
    limiters: Arc<Mutex<HashMap<Key, Arc<Limiter>>>>,
}

/// Whose calls and where, and of what.
type Key = (Arc<str>, Product, &'static str);

/// One action's limiter.
#[derive(Debug)]
struct Limiter {
    most: usize,
    /// Holds as many permits as `State::permits` less those in use.
    semaphore: Arc<Semaphore>,
    /// Held by the call that is next.
    turn: tokio::sync::Mutex<()>,
    /// Tells it that the one that tried was answered.
    tried: Notify,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: f64,
    /// Permits in existence; above `limit` until enough are given back.
    permits: usize,
    /// Whether the API has ever said that there are too many: until then the limit grows with every success.
    pushed: bool,
    halved: Instant,
    pace: Pace,
    /// Calls under way or waiting.
    present: usize,
}

/// Leave for one attempt.
#[derive(Debug)]
pub(super) struct Permit {
    presence: Presence,
    given: Instant,
    /// Whether it goes alone, to try whether calls are let through again.
    tries: bool,
    slot: Option<OwnedSemaphorePermit>,
}

/// A call that is under way or waiting.
#[derive(Debug)]
struct Presence(Arc<Limiter>);

impl Throttle {
    /// `most`: calls of one action at once, at the very most.
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            limiters: Arc::default(),
        }
    }

    /// Waits until a call of this action may be sent; `whose`: the account and region.
    pub(super) async fn permit(
        &self,
        whose: &Arc<str>,
        product: Product,
        action: &'static str,
    ) -> Permit {
        let limiter = locked(&self.limiters)
            .entry((whose.clone(), product, action))
            .or_insert_with(|| Arc::new(Limiter::new(self.most)))
            .clone();
        Limiter::permit(limiter).await
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
            pace: Pace::new(now),
            present: 0,
        };
        Self {
            most,
            semaphore: Arc::new(Semaphore::new(first)),
            turn: tokio::sync::Mutex::default(),
            tried: Notify::new(),
            state: Mutex::new(state),
        }
    }

    async fn permit(self: Arc<Self>) -> Permit {
        let presence = Presence::new(self);
        let limiter = &presence.0;
        let slot = limiter.semaphore.clone().acquire_owned().await.ok();
        let turn = limiter.turn.lock().await;
        let tries = loop {
            let next = locked(&limiter.state).pace.turn(Instant::now());
            match next {
                Turn::Go { tries } => break tries,
                Turn::At(time) => sleep_until(time).await,
                Turn::AfterTry => limiter.tried.notified().await,
            }
        };
        drop(turn);
        Permit {
            given: Instant::now(),
            tries,
            slot,
            presence,
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

    fn halve(&mut self, given: Instant) {
        // Calls that were on their way when the limit was halved say nothing about the new one.
        if given >= self.halved {
            self.limit = (self.limit / 2.0).max(1.0);
            self.halved = Instant::now();
            self.pushed = true;
        }
    }
}

impl Permit {
    fn limiter(&self) -> &Limiter {
        &self.presence.0
    }

    /// Takes note that the call was let through, whatever came of it.
    pub(super) fn passed(mut self) {
        let limiter = self.limiter();
        let mut state = locked(&limiter.state);
        state.pace.passed(Instant::now(), self.given, self.tries);
        let step = if state.pushed { 1.0 / state.limit } else { 1.0 };
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let most = limiter.most as f64;
        state.limit = (state.limit + step).min(most);
        if state.permits < state.whole() {
            state.permits += 1;
            limiter.semaphore.add_permits(1);
        }
        drop(state);
        self.answered();
    }

    /// Takes note that there were too many calls, and returns for how long all of its kind have been refused;
    /// `pause` is what the answer asked for.
    pub(super) fn refused(mut self, pause: Option<Duration>) -> Duration {
        let mut state = locked(&self.limiter().state);
        let (now, present) = (Instant::now(), state.present);
        let pace = &mut state.pace;
        let since = pace.refused(now, self.given, self.tries, pause, present);
        if pace.is_at_a_loss() {
            state.halve(self.given);
        }
        drop(state);
        self.answered();
        since
    }

    /// Takes note that there were too many calls at once.
    pub(super) fn crowded(&self) {
        locked(&self.limiter().state).halve(self.given);
    }

    fn answered(&mut self) {
        if std::mem::take(&mut self.tries) {
            self.limiter().tried.notify_one();
        }
    }
}

impl Drop for Permit {
    /// Gives the permit back, or does away with it when there are more than the limit.
    fn drop(&mut self) {
        let mut state = locked(&self.presence.0.state);
        if self.tries {
            state.pace.dropped(Instant::now());
        }
        let surplus = state.permits > state.whole();
        let slot = self.slot.take().filter(|_| surplus);
        if let Some(slot) = slot {
            state.permits -= 1;
            slot.forget();
        }
        drop(state);
        self.answered();
    }
}

impl Presence {
    fn new(limiter: Arc<Limiter>) -> Self {
        locked(&limiter.state).present += 1;
        Self(limiter)
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        locked(&self.0.state).present -= 1;
    }
}

/// The sections are short and do not panic; data behind a poisoned lock is sound.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
