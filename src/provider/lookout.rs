//! One look for all that wait: whoever polls an object sees the others that are polled, too.
//!
//! At most one call is under way at a time, and it asks for every object that somebody waits for. A waiter
//! whose call fails or is dropped harms nobody: the next one makes the call.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value as Json;
use tokio::time::Instant;

use crate::cloud::ApiError;

/// How many objects one call asks for.
const MOST: usize = 100;

/// Who waits for what, and what was seen.
#[derive(Debug, Default)]
pub struct Lookout {
    watched: Mutex<HashMap<String, Watched>>,
    turn: tokio::sync::Mutex<()>,
}

/// An object that is waited for.
#[derive(Debug, Default)]
struct Watched {
    /// By how many.
    by: usize,
    /// When it was asked for last, and what the answer was.
    seen: Option<(Instant, Option<Json>)>,
}

/// One that waits for an object, until it is dropped.
#[derive(Debug)]
pub struct Watch<'a> {
    lookout: &'a Lookout,
    id: &'a str,
    since: Instant,
}

impl Lookout {
    /// Begins to wait for an object.
    pub fn watch<'a>(&'a self, id: &'a str) -> Watch<'a> {
        self.watched().entry(id.to_owned()).or_default().by += 1;
        Watch {
            lookout: self,
            id,
            since: Instant::now(),
        }
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<String, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch<'_> {
    /// Returns how the object is now, or was `patience` ago, but not before the waiting began. `ask` takes
    /// ids and returns what exists of them.
    pub async fn look<F>(
        &self,
        patience: Duration,
        ask: impl FnOnce(Vec<String>) -> F,
    ) -> Result<Option<Json>, ApiError>
    where
        F: Future<Output = Result<HashMap<String, Json>, ApiError>>,
    {
        let now = Instant::now();
        let oldest = now.checked_sub(patience).unwrap_or(now).max(self.since);
        if let Some(seen) = self.seen_since(oldest) {
            return Ok(seen);
        }
        let _turn = self.lookout.turn.lock().await;
        if let Some(seen) = self.seen_since(oldest) {
            return Ok(seen);
        }
        let ids = self.with_others();
        let asked = Instant::now();
        let mut found = ask(ids.clone()).await?;
        let mut watched = self.lookout.watched();
        for id in ids {
            let object = found.remove(&id);
            if let Some(one) = watched.get_mut(&id) {
                one.seen = Some((asked, object));
            }
        }
        drop(watched);
        Ok(self.seen_since(asked).flatten())
    }

    fn seen_since(&self, oldest: Instant) -> Option<Option<Json>> {
        let watched = self.lookout.watched();
        let (at, object) = watched.get(self.id)?.seen.as_ref()?;
        (*at >= oldest).then(|| object.clone())
    }

    /// This object, and of the others those that were not seen for longest.
    fn with_others(&self) -> Vec<String> {
        let watched = self.lookout.watched();
        let mut others: Vec<(Option<Instant>, &String)> = watched
            .iter()
            .filter(|(id, _)| *id != self.id)
            .map(|(id, one)| (one.seen.as_ref().map(|(at, _)| *at), id))
            .collect();
        others.sort_unstable();
        let others = others.into_iter().take(MOST - 1).map(|(_, id)| id.clone());
        std::iter::once(self.id.to_owned()).chain(others).collect()
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let mut watched = self.lookout.watched();
        if let Some(one) = watched.get_mut(self.id) {
            one.by -= 1;
            if one.by == 0 {
                watched.remove(self.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn those_who_wait_share_a_look() {
        let lookout = Lookout::default();
        let calls = AtomicUsize::new(0);
        let ask = async |ids: Vec<String>| {
            calls.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(ids
                .into_iter()
                .filter(|id| id != "gone")
                .map(|id| (id.clone(), Json::from(id)))
                .collect())
        };
        let (one, two, gone) = (
            lookout.watch("one"),
            lookout.watch("two"),
            lookout.watch("gone"),
        );
        let looks = futures::join!(
            one.look(Duration::ZERO, ask),
            two.look(Duration::from_secs(1), ask),
            gone.look(Duration::from_secs(1), ask),
        );
        assert_eq!(looks.0.unwrap(), Some(Json::from("one")));
        assert_eq!(looks.1.unwrap(), Some(Json::from("two")));
        assert_eq!(looks.2.unwrap(), None);
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        drop((one, two, gone));
        // What was seen before the waiting began does not count.
        let again = lookout.watch("one");
        again.look(Duration::from_secs(60), ask).await.unwrap();
        assert_eq!(calls.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn an_error_is_for_the_one_who_asked() {
        let lookout = Lookout::default();
        let (one, two) = (lookout.watch("one"), lookout.watch("two"));
        let fails = async |_: Vec<String>| Err(ApiError::local("Broken", "broken".to_owned()));
        one.look(Duration::ZERO, fails).await.unwrap_err();
        let ask = async |ids: Vec<String>| {
            Ok(ids
                .into_iter()
                .map(|id| (id.clone(), Json::from(id)))
                .collect())
        };
        let seen = two.look(Duration::ZERO, ask).await.unwrap();
        assert_eq!(seen, Some(Json::from("two")));
    }
}
