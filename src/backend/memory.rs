//! A state that is kept nowhere: it ends with the process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Backend, Base, Holder, Journal, Kept, Lease, StateError};

/// A place in memory, which nobody else knows and so nobody locks.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Kept>);

impl Memory {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Backend for Memory {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    async fn read(&self) -> Result<Kept, StateError> {
        Ok(self.kept().clone())
    }

    async fn lock(&self, _: &Holder) -> Result<Lease, StateError> {
        Ok(Lease::without_lock())
    }

    async fn unlock(&self, _: Lease) -> Result<(), StateError> {
        Ok(())
    }

    async fn force_unlock(&self, _: &str) -> Result<(), StateError> {
        Ok(())
    }

    async fn append(&self, _: &Lease, base: &Base, batch: &[u8]) -> Result<(), StateError> {
        let mut kept = self.kept();
        let journal = kept.journal.get_or_insert_with(|| Journal {
            base: base.clone(),
            batches: Vec::new(),
            overtaken: false,
        });
        journal.batches.push(batch.to_vec());
        Ok(())
    }

    async fn fold(&self, _: &Lease, _: Option<&Base>, snapshot: Vec<u8>) -> Result<(), StateError> {
        *self.kept() = Kept {
            snapshot: Some(snapshot),
            journal: None,
        };
        Ok(())
    }
}
