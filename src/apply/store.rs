//! One run's hold on a state: the snapshot, the journal over it, and the lock.
//!
//! Every change goes through [`Store::append`], which makes it durable first; [`Store::close`] folds
//! the journal into a new snapshot. A snapshot carries what is still open.

use jiff::Timestamp;

use super::{
    crash::Crash,
    journal::{self, JournalError, Ledger, OpenIntent, Operation, Record},
    token::Digester,
};
use crate::{
    backend::{Backend, Base, Lease, StateError, format},
    model::{Address, state::State},
};

/// A locked (or only read) state.
pub struct Store {
    backend: Box<dyn Backend>,
    lease: Option<Lease>,
    pub ledger: Ledger,
    /// The stored snapshot.
    base: Option<Base>,
    /// Whether the journal holds something.
    journaled: bool,
    /// Whether something could not be written: it is known here alone.
    failed: bool,
    /// Whether the state differs from the snapshot in ways that the journal does not say.
    touched: bool,
    digester: Digester,
    /// Where a test makes this process die.
    pub crash: Crash,
}

impl Store {
    /// Reads snapshot and journal.
    pub async fn open(backend: Box<dyn Backend>, lease: Lease) -> Result<Self, StateError> {
        let kept = backend.read().await?;
        let base = kept.snapshot.as_deref().map(format::head).transpose()?;
        let mut state = kept
            .snapshot
            .as_deref()
            .map(format::read)
            .transpose()?
            .unwrap_or_default();
        let mut records = Vec::new();
        let mut overtaken = false;
        if let Some(journal) = &kept.journal {
            overtaken = journal.overtaken;
            for batch in &journal.batches {
                records.extend(journal::decode(batch).map_err(unreadable)?);
            }
        }
        let carried = carried(&mut state)?;
        let mut ledger = if overtaken {
            salvaged(state, &carried, &records)?
        } else {
            let mut ledger = Ledger::new(state);
            for open in &carried {
                ledger.resume(open);
            }
            for record in &records {
                ledger.apply(record).map_err(unreadable)?;
            }
            ledger
        };
        let state = &mut ledger.state;
        if state.lineage.is_empty() {
            state.lineage = uuid::Uuid::new_v4().to_string();
        }
        if state.extra.digest_key.is_empty() {
            state.extra.digest_key = Digester::new_key();
        }
        let digester = Digester::new(&state.extra.digest_key);
        Ok(Self {
            backend,
            lease: Some(lease),
            ledger,
            base,
            journaled: !records.is_empty(),
            failed: false,
            touched: overtaken,
            digester,
            crash: Crash::default(),
        })
    }

    /// Returns the state.
    pub fn state(&self) -> &State {
        &self.ledger.state
    }

    /// Takes the state out; nothing is written.
    pub fn into_state(self) -> State {
        self.ledger.state
    }

    /// Returns the state for changing it outside of the journal; it is written when the run ends.
    pub fn state_mut(&mut self) -> &mut State {
        self.touched = true;
        &mut self.ledger.state
    }

    /// Returns the form in which the state keeps a secret.
    pub fn digest(&self, text: &str) -> String {
        if super::token::is_digest(text) {
            text.to_owned()
        } else {
            self.digester.digest(text)
        }
    }

    /// Returns what makes digests of this state's secrets.
    pub fn digester(&self) -> &Digester {
        &self.digester
    }

    /// Returns the serial of the stored snapshot; 0 when there is none.
    pub fn serial(&self) -> u64 {
        self.base.as_ref().map_or(0, |base| base.serial)
    }

    /// Whether nothing is stored yet.
    pub fn is_new(&self) -> bool {
        self.base.is_none()
    }

    /// Returns what earlier runs left open.
    pub fn open_intents(&self) -> Vec<OpenIntent> {
        self.ledger.open()
    }

    /// Returns the addresses of creations that were never answered.
    pub fn open_creates(&self) -> Vec<Address> {
        let unanswered = |open: &OpenIntent| {
            matches!(open.operation, Operation::Create(_)) && open.created.is_none()
        };
        let open = self.ledger.open().into_iter();
        open.filter(unanswered).map(|open| open.address).collect()
    }

    /// Takes a person's word for it that an unanswered creation at this address needs no settling.
    pub async fn forget_open(&mut self, address: &Address) -> Result<(), StateError> {
        if !self.open_creates().contains(address) {
            return Ok(());
        }
        let address = address.clone();
        let deposed = None;
        self.append(&[Record::Forgotten { address, deposed }]).await
    }

    /// Takes the given state as the one to begin from; `differs` says whether it differs from the stored
    /// one in ways that no record says: what a refresh found, or a move.
    pub async fn rebase(&mut self, state: State, differs: bool) -> Result<(), StateError> {
        self.ledger.state = state;
        self.touched |= differs;
        if self.touched {
            self.fold().await?;
        }
        Ok(())
    }

    /// Puts a state that came from elsewhere in the place of this one. What only prov keeps stays where the
    /// other one has nothing of it.
    pub async fn replace(&mut self, mut state: State) -> Result<(), StateError> {
        let ours = &self.ledger.state;
        if state.lineage.is_empty() {
            state.lineage.clone_from(&ours.lineage);
        }
        if state.extra.digest_key.is_empty() {
            state.extra = ours.extra.clone();
        }
        let same = State {
            serial: ours.serial,
            ..state.clone()
        } == *ours;
        if same && !self.is_new() {
            return Ok(());
        }
        self.rebase(state, true).await
    }

    /// Makes what a recovery found the stored snapshot, so that a plan can be bound to its serial.
    pub async fn checkpoint(&mut self) -> Result<(), StateError> {
        if self.touched || (self.journaled && !self.has_open()) {
            self.fold().await?;
        }
        Ok(())
    }

    /// Takes the state that a saved plan was made from, with the key of its digests; returns whether
    /// it has other instances than the recorded one.
    pub fn adopt(&mut self, state: State) -> bool {
        let differs = state.differs_from(&self.ledger.state);
        self.digester = Digester::new(&state.extra.digest_key);
        self.ledger.state = state;
        differs
    }

    /// Makes records durable and takes them into the state. After an error nothing may go on.
    pub async fn append(&mut self, records: &[Record]) -> Result<(), StateError> {
        let mut rest = records;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(self.crash.room(rest));
            self.write(now).await?;
            self.crash.written(now);
            rest = later;
        }
        Ok(())
    }

    async fn write(&mut self, records: &[Record]) -> Result<(), StateError> {
        // Records build upon the stored snapshot: what no record says has to be in there.
        if self.touched {
            self.fold().await?;
        }
        let base = self.base.clone().unwrap_or_else(|| Base {
            lineage: self.ledger.state.lineage.clone(),
            serial: 0,
        });
        let mut batch = Vec::new();
        if !self.journaled {
            batch.extend(journal::encode(&[Record::Begin {
                format: journal::FORMAT,
                run: uuid::Uuid::new_v4().to_string(),
                lineage: self.ledger.state.lineage.clone(),
                digest_key: self.ledger.state.extra.digest_key.clone(),
            }]));
        }
        batch.extend(journal::encode(records));
        let lease = self
            .lease
            .as_ref()
            .expect("a store is appended to before it is closed");
        if let Err(error) = self.backend.append(lease, &base, &batch).await {
            // What has happened has happened; what was only meant to is not begun.
            self.failed = true;
            let intent = |record: &&Record| matches!(record, Record::Intent { .. });
            for record in records.iter().filter(|record| !intent(record)) {
                let _ = self.ledger.apply(record);
            }
            return Err(error);
        }
        self.journaled = true;
        for record in records {
            self.ledger.apply(record).map_err(unreadable)?;
        }
        Ok(())
    }

    /// Whether an operation is open: begun, and not known to have ended.
    pub fn has_open(&self) -> bool {
        !self.ledger.open().is_empty()
    }

    /// Writes what is to be written and gives the lock back.
    pub async fn close(mut self) -> Result<(), StateError> {
        let kept = match self.checkpoint().await {
            Ok(()) => self.rescue().await,
            Err(error) => {
                self.failed = true;
                self.rescue().await.and(Err(error))
            }
        };
        let unlocked = self.unlock().await;
        kept.and(unlocked)
    }

    /// Gives the lock back and leaves the journal for the next run.
    pub async fn keep(mut self) -> Result<(), StateError> {
        let kept = self.rescue().await;
        let unlocked = self.unlock().await;
        kept.and(unlocked)
    }

    /// Keeps the state elsewhere if its place was lost while something was to be written there.
    async fn rescue(&mut self) -> Result<(), StateError> {
        if !self.failed {
            return Ok(());
        }
        let (snapshot, _) = self.snapshot()?;
        self.backend.rescue(self.base.as_ref(), snapshot).await
    }

    async fn unlock(&mut self) -> Result<(), StateError> {
        match self.lease.take() {
            Some(lease) if !lease.is_without_lock() => self.backend.unlock(lease).await,
            _ => Ok(()),
        }
    }

    /// Writes the next snapshot, with what is still open.
    fn snapshot(&mut self) -> Result<(Vec<u8>, Base), StateError> {
        let open = self.ledger.open();
        let state = &mut self.ledger.state;
        let next = self.base.as_ref().map_or(0, |base| base.serial) + 1;
        state.serial = state.serial.max(next);
        let carried = open.iter().map(serde_json::to_value);
        state.extra.open = carried
            .collect::<Result<_, _>>()
            .map_err(|error| StateError::Shape(error.to_string()))?;
        let snapshot = format::to_bytes(state);
        state.extra.open.clear();
        let base = Base {
            lineage: state.lineage.clone(),
            serial: state.serial,
        };
        Ok((snapshot, base))
    }

    async fn fold(&mut self) -> Result<(), StateError> {
        let (snapshot, base) = self.snapshot()?;
        let lease = self
            .lease
            .as_ref()
            .expect("a store is folded before it is closed");
        self.backend
            .fold(lease, self.base.as_ref(), snapshot)
            .await?;
        self.base = Some(base);
        self.journaled = false;
        self.touched = false;
        Ok(())
    }

    /// Returns the time, for intents.
    pub fn now() -> Timestamp {
        Timestamp::now()
    }
}

/// Takes the operations that the snapshot carries out of it.
fn carried(state: &mut State) -> Result<Vec<OpenIntent>, StateError> {
    std::mem::take(&mut state.extra.open)
        .into_iter()
        .map(|open| {
            serde_json::from_value(open).map_err(|error| {
                StateError::Shape(format!("an open operation in it cannot be read: {error}"))
            })
        })
        .collect()
}

/// Takes from a journal what the newer snapshot that was written over its own must not lose.
fn salvaged(
    state: State,
    carried: &[OpenIntent],
    records: &[Record],
) -> Result<Ledger, StateError> {
    let salvaged = journal::salvage(state, records).map_err(unreadable)?;
    if !salvaged.lost.is_empty() {
        let lost: Vec<String> = salvaged
            .lost
            .iter()
            .map(|(address, id)| format!("{address} ({id})"))
            .collect();
        return Err(StateError::Unsupported(format!(
            "other objects at addresses for which the journal knows these: {}",
            lost.join(", ")
        )));
    }
    let mut ledger = Ledger::new(salvaged.state);
    for open in carried.iter().chain(&salvaged.open) {
        ledger.resume(open);
    }
    Ok(ledger)
}

fn unreadable(error: JournalError) -> StateError {
    match error {
        JournalError::State(error) => error,
        JournalError::Newer => StateError::Newer("the journal beside it".to_owned()),
        other => StateError::Shape(other.to_string()),
    }
}
