//! Where state is kept: a compare-and-swap blob with a lock and a journal beside it.
//!
//! A backend never looks into records, and into a snapshot only as far as its lineage and serial. The
//! lock keeps runs apart; the lease that every write carries makes it safe when a lock was broken.
//! Start with `Backend`; the format is in `format`, the local file in `local`.

mod error;
pub mod format;
pub mod local;
mod memory;

#[cfg(test)]
mod tests;

use std::{any::Any, fmt, time::Duration};

use async_trait::async_trait;

pub use error::StateError;
pub use local::Local;
pub use memory::Memory;

/// A place that keeps one state.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Returns where it is, for people: a path or a URL.
    fn place(&self) -> String;

    /// Reads the snapshot and the journal.
    async fn read(&self) -> Result<Kept, StateError>;

    /// Takes the lock, or fails at once with [`StateError::Locked`] and its holder.
    async fn lock(&self, holder: &Holder) -> Result<Lease, StateError>;

    /// Gives the lock back.
    async fn unlock(&self, lease: Lease) -> Result<(), StateError>;

    /// Breaks the lock with this id; whoever held it can no longer write.
    async fn force_unlock(&self, id: &str) -> Result<(), StateError>;

    /// Appends a batch to the journal and returns when it is durable; all of it is kept or nothing.
    /// `base` is the snapshot that the journal builds upon: serial 0 when there is none yet.
    async fn append(&self, lease: &Lease, base: &Base, batch: &[u8]) -> Result<(), StateError>;

    /// Replaces snapshot and journal by a new snapshot, atomically, if the stored one is still
    /// `expected` (`None`: there is none).
    async fn fold(
        &self,
        lease: &Lease,
        expected: Option<&Base>,
        snapshot: Vec<u8>,
    ) -> Result<(), StateError>;

    /// Keeps a snapshot elsewhere if the place is gone, with the journal and whatever was there, and nobody else has
    /// taken it; `expected` is the snapshot that was stored last.
    ///
    /// # Errors
    ///
    /// Returns [`StateError::Moved`] with where it is now: a command must not end as if all were well.
    async fn rescue(&self, _expected: Option<&Base>, _snapshot: Vec<u8>) -> Result<(), StateError> {
        Ok(())
    }
}

/// What a backend keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The bytes of the last snapshot.
    pub snapshot: Option<Vec<u8>>,
    /// What happened since; `None` when everything is in the snapshot.
    pub journal: Option<Journal>,
}

/// What a journal holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Journal {
    pub base: Base,
    /// Each as it was appended.
    pub batches: Vec<Vec<u8>>,
    /// Whether something else wrote a newer snapshot over the one that the journal builds upon. Its
    /// open intents have still to be settled, but its objects are not to be replayed over the snapshot.
    pub overtaken: bool,
}

impl fmt::Debug for Journal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Journal")
            .field("base", &self.base)
            .field("batches", &self.batches.len())
            .field("overtaken", &self.overtaken)
            .finish()
    }
}

/// Which snapshot: of which state, and how many changes old.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Base {
    pub lineage: String,
    pub serial: u64,
}

impl Base {
    fn words(base: Option<&Self>) -> String {
        base.map_or_else(
            || "no state".to_owned(),
            |base| format!("serial {} of lineage {}", base.serial, base.lineage),
        )
    }
}

/// Who holds a lock: Terraform's lock information.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Holder {
    #[serde(rename = "ID")]
    pub id: String,
    /// `OperationTypeApply`, `state-mv`, ….
    pub operation: String,
    /// `pid 1234`.
    pub info: String,
    /// `user@host`.
    pub who: String,
    pub version: String,
    /// RFC 3339 with nanoseconds, UTC.
    pub created: String,
    pub path: String,
}

impl Holder {
    /// Returns a holder with a new id for this process.
    pub fn new(operation: &str, who: &str, now: jiff::Timestamp) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            operation: operation.to_owned(),
            info: format!("pid {}", std::process::id()),
            who: who.to_owned(),
            version: format::TERRAFORM_VERSION.to_owned(),
            created: now.to_string(),
            path: String::new(),
        }
    }

    /// Says who, doing what, since when: the tail of the message that the state is locked.
    fn sentence(&self) -> String {
        let info = match self.info.as_str() {
            "" => String::new(),
            info => format!(", {info}"),
        };
        format!(
            " by {} ({}{info}) since {}, lock id {}",
            self.who, self.operation, self.created, self.id
        )
    }
}

/// The right to write, until it is given back, dropped, or broken by someone else.
pub struct Lease {
    /// The holder's id; empty when no lock was taken.
    pub id: String,
    /// Larger than that of any lease before on this state; 0 when no lock was taken.
    pub fence: u64,
    /// What keeps the lock alive; dropping it gives the lock back.
    guard: Option<Box<dyn Any + Send + Sync>>,
}

impl Lease {
    /// Returns a lease without a lock: what `-lock=false` asks for.
    pub fn without_lock() -> Self {
        Self {
            id: String::new(),
            fence: 0,
            guard: None,
        }
    }

    /// Whether there is no lock behind it.
    pub fn is_without_lock(&self) -> bool {
        self.fence == 0
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Lease")
            .field("id", &self.id)
            .field("fence", &self.fence)
            .field("alive", &self.guard.is_some())
            .finish()
    }
}

/// Takes the lock; while someone else holds it tries again after 1 s, doubling to 16 s, until
/// `timeout` has passed (Terraform's `-lock-timeout`).
pub async fn lock_within(
    backend: &dyn Backend,
    holder: &Holder,
    timeout: Duration,
) -> Result<Lease, StateError> {
    let end = tokio::time::Instant::now() + timeout;
    let mut pause = Duration::from_secs(1);
    loop {
        let error = match backend.lock(holder).await {
            Err(error) if error.is_locked() => error,
            other => return other,
        };
        let now = tokio::time::Instant::now();
        if now >= end {
            return Err(error);
        }
        tokio::time::sleep(pause.min(end - now)).await;
        pause = (pause * 2).min(Duration::from_secs(16));
    }
}
