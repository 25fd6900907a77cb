//! One at a time for each key, and what comes meanwhile goes together with the next.
//!
//! Whoever comes first while nothing is under way carries out all that has come by then, and each gets its own
//! result. Nothing runs in the background, and one that is dropped holds up nobody.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Things of type `T` that are carried out together when they have the same `K`.
#[derive(Debug)]
pub struct Gather<K, T, R> {
    lines: Mutex<HashMap<K, Arc<Line<T, R>>>>,
}

/// Those that wait under one key.
#[derive(Debug)]
struct Line<T, R> {
    turn: tokio::sync::Mutex<()>,
    waiting: Mutex<Vec<Place<T, R>>>,
}

#[derive(Debug)]
struct Place<T, R> {
    item: T,
    result: Arc<Mutex<Option<R>>>,
}

impl<K, T, R> Default for Gather<K, T, R> {
    fn default() -> Self {
        Self {
            lines: Mutex::default(),
        }
    }
}

impl<K: Clone + Eq + Hash, T, R> Gather<K, T, R> {
    /// Returns the result of one item, after `carry_out` was given it and others of the same key, at most
    /// `most` at once. It must return a result for each, in order. `None`: whoever carried it out was dropped.
    pub async fn join<F>(
        &self,
        key: K,
        item: T,
        most: usize,
        carry_out: impl FnOnce(Vec<T>) -> F,
    ) -> Option<R>
    where
        F: Future<Output = Vec<R>>,
    {
        let result = Arc::new(Mutex::new(None));
        let line = {
            let mut lines = locked(&self.lines);
            let line = lines.entry(key.clone()).or_default();
            locked(&line.waiting).push(Place {
                item,
                result: result.clone(),
            });
            line.clone()
        };
        let first = line.turn.try_lock();
        let turn = match first {
            Ok(turn) => {
                // What is started together comes together: all of it gets to its place first.
                tokio::task::yield_now().await;
                turn
            }
            Err(_) => line.turn.lock().await,
        };
        if let Some(done) = locked(&result).take() {
            drop(turn);
            self.leave(&key);
            return Some(done);
        }
        let places: Vec<Place<T, R>> = {
            let mut waiting = locked(&line.waiting);
            let count = waiting.len().min(most.max(1));
            waiting.drain(..count).collect()
        };
        let (items, results): (Vec<T>, Vec<_>) = places
            .into_iter()
            .map(|place| (place.item, place.result))
            .unzip();
        for (done, place) in carry_out(items).await.into_iter().zip(results) {
            *locked(&place) = Some(done);
        }
        drop(turn);
        self.leave(&key);
        locked(&result).take()
    }

    /// Forgets a key that nobody waits for any more.
    fn leave(&self, key: &K) {
        let mut lines = locked(&self.lines);
        let idle = lines
            .get(key)
            .is_some_and(|line| locked(&line.waiting).is_empty() && line.turn.try_lock().is_ok());
        if idle {
            lines.remove(key);
        }
    }
}

impl<T, R> Default for Line<T, R> {
    fn default() -> Self {
        Self {
            turn: tokio::sync::Mutex::default(),
            waiting: Mutex::default(),
        }
    }
}

/// The sections are short and do not panic; data behind a poisoned lock is sound.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    /// Doubles numbers, and notes how many at a time.
    async fn doubled(
        gather: &Gather<&'static str, u32, u32>,
        sizes: &Mutex<Vec<usize>>,
        (key, item): (&'static str, u32),
        most: usize,
    ) -> Option<u32> {
        let carry_out = async |items: Vec<u32>| {
            locked(sizes).push(items.len());
            tokio::task::yield_now().await;
            items.into_iter().map(|item| item * 2).collect()
        };
        gather.join(key, item, most, carry_out).await
    }

    #[tokio::test]
    async fn what_starts_together_is_done_together() {
        let (gather, sizes) = (Gather::default(), Mutex::default());
        let all = (0..250).map(|item| doubled(&gather, &sizes, ("one", item), 100));
        let results = join_all(all).await;
        assert_eq!(results[249], Some(498));
        assert!(results.iter().all(Option::is_some));
        assert_eq!(*locked(&sizes), [100, 100, 50]);
        assert!(locked(&gather.lines).is_empty());
    }

    #[tokio::test]
    async fn keys_are_apart() {
        let (gather, sizes) = (Gather::default(), Mutex::default());
        let all = (0..10).map(|item| {
            let key = if item % 2 == 0 { "even" } else { "odd" };
            doubled(&gather, &sizes, (key, item), 100)
        });
        join_all(all).await;
        assert_eq!(*locked(&sizes), [5, 5]);
    }

    #[tokio::test]
    async fn one_that_is_dropped_holds_up_nobody() {
        let (gather, sizes) = (Gather::default(), Mutex::default());
        let never = async |_: Vec<u32>| -> Vec<u32> { std::future::pending().await };
        let stuck = gather.join("one", 1, 100, never);
        let mut stuck = Box::pin(stuck);
        assert!(futures::poll!(&mut stuck).is_pending());
        assert!(futures::poll!(&mut stuck).is_pending());
        let mut next = Box::pin(doubled(&gather, &sizes, ("one", 2), 100));
        assert!(futures::poll!(&mut next).is_pending());
        drop(stuck);
        assert_eq!(next.await, Some(4));
    }
}
