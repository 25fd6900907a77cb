//! Values that are evaluated once, for as long as nothing that they were made of has changed.
//!
//! What is wholly known stays. Of what is not, it is noted which resources and calls were looked at, wherever in the
//! evaluation: each of these knows since when it is as it is.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use crate::model::{ResourceAddress, Value};

/// What a value can be made of, in an instance of a module with this number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Source {
    Resource(usize, Arc<ResourceAddress>),
    Call(usize, Arc<str>),
}

/// The sources of one value.
type Sources = HashSet<Source, foldhash::fast::RandomState>;

thread_local! {
    /// Those of the values that are being evaluated, the innermost last.
    static OPEN: RefCell<Vec<Sources>> = const { RefCell::new(Vec::new()) };
}

/// Notes that a value is being made of this.
pub(super) fn note(source: impl FnOnce() -> Source) {
    OPEN.with_borrow_mut(|open| {
        if let Some(sources) = open.last_mut() {
            sources.insert(source());
        }
    });
}

fn note_all(sources: &Sources) {
    OPEN.with_borrow_mut(|open| {
        if let Some(outer) = open.last_mut() {
            outer.extend(sources.iter().cloned());
        }
    });
}

/// Values as last evaluated.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<HashMap<Arc<str>, Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    value: Value,
    /// When it was evaluated.
    at: u64,
    /// What may make it another one; nothing, where it is wholly known.
    sources: Arc<Sources>,
}

impl Cache {
    /// Returns the value, evaluated anew where one of its sources has changed. `now` counts changes, `since` says when a
    /// source changed last.
    pub(super) fn get(
        &self,
        name: &Arc<str>,
        now: u64,
        since: impl Fn(&Source) -> u64,
        evaluate: impl FnOnce() -> Value,
    ) -> Value {
        if let Some(kept) = self.known(name)
            && kept.sources.iter().all(|source| since(source) <= kept.at)
        {
            note_all(&kept.sources);
            return kept.value;
        }
        OPEN.with_borrow_mut(|open| open.push(Sources::default()));
        let value = evaluate();
        let sources = OPEN.with_borrow_mut(Vec::pop).unwrap_or_default();
        let sources = match value.is_wholly_known() {
            true => Sources::default(),
            false => sources,
        };
        note_all(&sources);
        let kept = Kept {
            value: value.clone(),
            at: now,
            sources: Arc::new(sources),
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.clone(), kept);
        value
    }

    /// Forgets what may be another value without any source having changed, as the time.
    pub(super) fn forget_open(&mut self) {
        let all = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, kept| kept.value.is_wholly_known());
    }

    fn known(&self, name: &str) -> Option<Kept> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(name).cloned()
    }
}
