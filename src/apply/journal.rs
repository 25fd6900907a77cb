//! What is written down around every call, and what follows from it after a crash.
//!
//! Records over a snapshot give the exact state: the applier keeps its state with [`Ledger::apply`],
//! record by record as it appends them, and recovery replays the same records through the same
//! function. Pure: no clock, no files. Start with [`Record`], then [`Progress::after`] and [`decide`].

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::token::{Digester, Parameter, Sent};
use crate::{
    backend::{StateError, format::Encoded},
    model::{
        Address, Mode, Value,
        state::{History, Instance, State, Status, Stored},
    },
};

/// The version of the records.
pub const FORMAT: u32 = 1;

/// How long the cloud is trusted to remember a client token. Its documentation gives no number.
pub const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// One thing that is about to happen, or has happened.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A run starts; a state that is not yet stored gets its lineage and key here.
    Begin {
        format: u32,
        run: String,
        lineage: String,
        digest_key: String,
    },
    /// A change is about to be asked for. Durable before the call leaves.
    Intent {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
        operation: Operation,
    },
    /// The cloud made the object. Durable before any wait.
    Created {
        #[serde(with = "text")]
        address: Address,
        id: String,
    },
    /// A call within an operation was answered.
    Step {
        #[serde(with = "text")]
        address: Address,
        call: String,
    },
    /// The object is as it should be, or was read again: what the state now has.
    Done {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
        /// Terraform's provider string.
        provider: String,
        object: Encoded,
    },
    /// The object is gone.
    Deleted {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
        id: String,
    },
    /// The cloud refused the create for good: the next one needs a new token.
    Refused {
        #[serde(with = "text")]
        address: Address,
        code: String,
    },
    /// The operation ended without success, and that is known. What may still come true is not written
    /// down as failed: its intent stays open.
    Failed {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
        code: String,
        /// The object as it reads now, when it could be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        object: Option<Encoded>,
    },
    /// The object is not prov's concern any more; it stays in the cloud.
    Forgotten {
        #[serde(with = "text")]
        address: Address,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deposed: Option<String>,
    },
    /// The current object was moved aside, to be destroyed after its successor is there.
    Deposed {
        #[serde(with = "text")]
        address: Address,
        key: String,
    },
    /// The object was moved back, since no successor came.
    Restored {
        #[serde(with = "text")]
        address: Address,
        key: String,
    },
    /// All output values.
    Outputs { outputs: Encoded },
}

/// What is about to be asked for.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    Create(Box<Create>),
    Update { id: String, changed: Vec<String> },
    Delete { id: String },
}

/// A create call, complete: asked again with the same token it makes nothing twice.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Create {
    pub action: String,
    pub token: String,
    /// Whether the action takes a client token.
    pub takes_token: bool,
    pub params: Vec<Parameter>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub predecessor: String,
    #[serde(default)]
    pub attempt: u32,
    /// Terraform's provider string.
    pub provider: String,
    /// The object as planned, what is not known yet as null: what the state has from `Created` on, and
    /// what settling aims at.
    pub planned: Encoded,
    pub at: Timestamp,
}

/// How far an operation has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Progress {
    #[default]
    Idle,
    /// It may or may not have happened.
    Intended(Operation),
    /// The object exists, but was not seen ready.
    Created { create: Box<Create>, id: String },
}

/// An operation that a run left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenIntent {
    pub address: Address,
    pub deposed: Option<String>,
    pub operation: Operation,
    /// The id of the created object, once it is known.
    pub created: Option<String>,
}

/// Why records cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A record says what cannot be after the ones before it.
    #[error("The journal contradicts itself: {address} {what}")]
    Contradiction { address: String, what: String },
    /// A record cannot be read.
    #[error("A record of the journal cannot be read: {0}")]
    Unreadable(String),
    /// Records of a newer version.
    #[error("The journal was written by a newer version")]
    Newer,
    /// An object in a record cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
}

impl Progress {
    /// Returns how far it has come after this record, which is about the same object.
    pub fn after(self, record: &Record) -> Result<Self, JournalError> {
        match (self, record) {
            (
                Self::Created { .. },
                Record::Intent { .. } | Record::Created { .. } | Record::Refused { .. },
            ) => Err(contradiction(record, "was created already")),
            // Asking again: with the same token, or after the answer was an object that is gone.
            (Self::Idle | Self::Intended(_), Record::Intent { operation, .. }) => {
                Ok(Self::Intended(operation.clone()))
            }
            (Self::Intended(Operation::Create(create)), Record::Created { id, .. }) => {
                Ok(Self::Created {
                    create,
                    id: id.clone(),
                })
            }
            (_, Record::Created { .. }) => Err(contradiction(
                record,
                "was created, but nobody asked for it",
            )),
            (Self::Intended(Operation::Create(_)), Record::Refused { .. }) => Ok(Self::Idle),
            (_, Record::Refused { .. }) => Err(contradiction(
                record,
                "was refused, but nobody asked for it",
            )),
            (progress @ (Self::Intended(_) | Self::Created { .. }), Record::Step { .. }) => {
                Ok(progress)
            }
            (Self::Idle, Record::Step { .. } | Record::Failed { .. }) => Err(contradiction(
                record,
                "is under way, but nobody asked for it",
            )),
            (Self::Idle, Record::Deposed { .. } | Record::Restored { .. }) => Ok(Self::Idle),
            (_, Record::Deposed { .. } | Record::Restored { .. }) => {
                Err(contradiction(record, "is moved while an operation is open"))
            }
            (
                _,
                Record::Done { .. }
                | Record::Deleted { .. }
                | Record::Failed { .. }
                | Record::Forgotten { .. },
            ) => Ok(Self::Idle),
            (progress, Record::Begin { .. } | Record::Outputs { .. }) => Ok(progress),
        }
    }
}

/// What to do about an operation that a run left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Send the create call again: same parameters, same token.
    AskAgain {
        action: String,
        token: String,
        params: Vec<(String, String)>,
    },
    /// The same, once the configuration has given these secret parameters again: see [`reveal`].
    NeedsSecrets { names: Vec<String> },
    /// Whether the object was made cannot be known by asking: look for it, and ask the user.
    Expired { since: Timestamp },
    /// The object exists: go on with what follows its creation.
    Adopt { id: String },
    /// Read the object: what it is like says whether it happened.
    ReadBack { id: String },
}

/// Decides what to do about an operation that a run left behind.
pub fn decide(open: &OpenIntent, now: Timestamp) -> Decision {
    if let Some(id) = &open.created {
        return Decision::Adopt { id: id.clone() };
    }
    let create = match &open.operation {
        Operation::Update { id, .. } | Operation::Delete { id } => {
            return Decision::ReadBack { id: id.clone() };
        }
        Operation::Create(create) => create,
    };
    // Without a token, asking twice makes one object by the nature of the call.
    if create.takes_token && now.duration_since(create.at) > TOKEN_LIFETIME {
        return Decision::Expired { since: create.at };
    }
    let mut params = Vec::new();
    let mut names = Vec::new();
    for param in &create.params {
        match &param.sent {
            Sent::Value(value) => params.push((param.name.clone(), value.clone())),
            Sent::Digest(_) => names.push(param.name.clone()),
        }
    }
    if !names.is_empty() {
        return Decision::NeedsSecrets { names };
    }
    Decision::AskAgain {
        action: create.action.clone(),
        token: create.token.clone(),
        params,
    }
}

/// Returns the parameters with the secrets that the configuration gives; the error names the ones
/// that it does not give, or gives differently than when they were sent.
pub fn reveal(
    params: &[Parameter],
    digester: &Digester,
    secret: impl Fn(&str) -> Option<String>,
) -> Result<Vec<(String, String)>, Vec<String>> {
    let mut revealed = Vec::new();
    let mut missing = Vec::new();
    for param in params {
        let value = match &param.sent {
            Sent::Value(value) => Some(value.clone()),
            Sent::Digest(digest) => {
                secret(&param.name).filter(|value| digester.matches(digest, value))
            }
        };
        match value {
            Some(value) => revealed.push((param.name.clone(), value)),
            None => missing.push(param.name.clone()),
        }
    }
    if missing.is_empty() {
        Ok(revealed)
    } else {
        Err(missing)
    }
}

/// A state with the operations that are open on it.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub state: State,
    open: BTreeMap<(Address, Option<String>), Progress>,
}

/// What records over a snapshot give.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    pub state: State,
    pub open: Vec<OpenIntent>,
}

/// Returns the state after these records, and what they leave open.
pub fn replay(state: State, records: &[Record]) -> Result<Replayed, JournalError> {
    let mut ledger = Ledger::new(state);
    for record in records {
        ledger.apply(record)?;
    }
    let open = ledger.open();
    Ok(Replayed {
        state: ledger.state,
        open,
    })
}

impl Ledger {
    /// Begins with a snapshot.
    pub fn new(state: State) -> Self {
        Self {
            state,
            open: BTreeMap::new(),
        }
    }

    /// Takes over an operation that an earlier run left open, as its journal says.
    pub fn resume(&mut self, open: &OpenIntent) {
        let progress = match (&open.operation, &open.created) {
            (Operation::Create(create), Some(id)) => Progress::Created {
                create: create.clone(),
                id: id.clone(),
            },
            (operation, _) => Progress::Intended(operation.clone()),
        };
        self.open
            .insert((open.address.clone(), open.deposed.clone()), progress);
    }

    /// Takes a record in.
    pub fn apply(&mut self, record: &Record) -> Result<(), JournalError> {
        let Some(slot) = record.slot() else {
            return self.apply_to_all(record);
        };
        let progress = self.open.remove(&slot).unwrap_or_default();
        let next = progress.after(record)?;
        self.change(record, &next)?;
        if next != Progress::Idle {
            self.open.insert(slot, next);
        }
        Ok(())
    }

    /// Returns the operations that are open, in the order of their addresses.
    pub fn open(&self) -> Vec<OpenIntent> {
        self.open
            .iter()
            .filter_map(|((address, deposed), progress)| {
                let (operation, created) = match progress {
                    Progress::Idle => return None,
                    Progress::Intended(operation) => (operation.clone(), None),
                    Progress::Created { create, id } => {
                        (Operation::Create(create.clone()), Some(id.clone()))
                    }
                };
                Some(OpenIntent {
                    address: address.clone(),
                    deposed: deposed.clone(),
                    operation,
                    created,
                })
            })
            .collect()
    }

    fn apply_to_all(&mut self, record: &Record) -> Result<(), JournalError> {
        match record {
            Record::Begin {
                format,
                lineage,
                digest_key,
                ..
            } => {
                if *format > FORMAT {
                    return Err(JournalError::Newer);
                }
                let state = &mut self.state;
                for (kept, new) in [
                    (&mut state.lineage, lineage),
                    (&mut state.extra.digest_key, digest_key),
                ] {
                    if kept.is_empty() {
                        kept.clone_from(new);
                    }
                }
            }
            Record::Outputs { outputs } => self.state.outputs = outputs.to_outputs()?,
            _ => {}
        }
        Ok(())
    }

    /// Changes the state as the record says.
    fn change(&mut self, record: &Record, next: &Progress) -> Result<(), JournalError> {
        match record {
            Record::Created { address, id } => {
                if let Progress::Created { create, .. } = next {
                    self.put(
                        address,
                        None,
                        &create.provider,
                        unsettled(address, create, id)?,
                    );
                    self.state.extra.history.remove(&address.to_string());
                }
            }
            Record::Done {
                address,
                deposed,
                provider,
                object,
            } => {
                let stored = object.to_object(&address.resource.kind)?;
                self.put(address, deposed.as_deref(), provider, stored);
            }
            Record::Failed {
                address,
                deposed,
                object: Some(object),
                ..
            } => {
                let stored = object.to_object(&address.resource.kind)?;
                self.renew(address, deposed.as_deref(), stored);
            }
            Record::Deleted {
                address,
                deposed,
                id,
            } => {
                self.state.remove(address, deposed.as_deref());
                if deposed.is_none() {
                    self.remember(address, id);
                }
            }
            Record::Refused { address, .. } => self.history(address).attempt += 1,
            Record::Forgotten { address, deposed } => {
                let taken = self.state.remove(address, deposed.as_deref());
                if let (Some(stored), None) = (taken, deposed) {
                    self.remember(address, id_of(&stored));
                }
            }
            Record::Deposed { address, key } => self.depose(record, address, key)?,
            Record::Restored { address, key } => self.restore(record, address, key)?,
            Record::Begin { .. }
            | Record::Intent { .. }
            | Record::Step { .. }
            | Record::Failed { object: None, .. }
            | Record::Outputs { .. } => {}
        }
        Ok(())
    }

    fn put(&mut self, address: &Address, deposed: Option<&str>, provider: &str, stored: Stored) {
        let known = self.state.resources.get(&address.resource);
        let provider = match known {
            Some(resource) if &*resource.provider == provider => resource.provider.clone(),
            _ => provider.into(),
        };
        let instance = self.state.instance_mut(address, &provider);
        match deposed {
            None => instance.current = Some(stored),
            Some(key) => {
                instance.deposed.insert(key.to_owned(), stored);
            }
        }
    }

    /// Replaces an object that is there.
    fn renew(&mut self, address: &Address, deposed: Option<&str>, stored: Stored) {
        if let Some(instance) = self.instance(address) {
            let kept = match deposed {
                None => instance.current.as_mut(),
                Some(key) => instance.deposed.get_mut(key),
            };
            if let Some(kept) = kept {
                *kept = stored;
            }
        }
    }

    fn instance(&mut self, address: &Address) -> Option<&mut Instance> {
        let resource = self.state.resources.get_mut(&address.resource)?;
        resource.instances.get_mut(&address.key)
    }

    fn depose(
        &mut self,
        record: &Record,
        address: &Address,
        key: &str,
    ) -> Result<(), JournalError> {
        let Some(instance) = self.instance(address) else {
            return Err(contradiction(record, "is moved aside, but it is not there"));
        };
        if instance.deposed.contains_key(key) {
            return Err(contradiction(record, "is moved aside twice"));
        }
        let Some(stored) = instance.current.take() else {
            return Err(contradiction(record, "is moved aside, but it is not there"));
        };
        let id = id_of(&stored).to_owned();
        instance.deposed.insert(key.to_owned(), stored);
        self.remember(address, &id);
        Ok(())
    }

    fn restore(
        &mut self,
        record: &Record,
        address: &Address,
        key: &str,
    ) -> Result<(), JournalError> {
        let instance = self.instance(address);
        let Some(instance) = instance.filter(|instance| instance.current.is_none()) else {
            return Err(contradiction(record, "is moved back over another object"));
        };
        instance.current = instance.deposed.remove(key);
        if instance.current.is_none() {
            return Err(contradiction(record, "is moved back, but it was not aside"));
        }
        Ok(())
    }

    fn history(&mut self, address: &Address) -> &mut History {
        let history = &mut self.state.extra.history;
        history.entry(address.to_string()).or_default()
    }

    /// Keeps the id of the object that the address had.
    fn remember(&mut self, address: &Address, id: &str) {
        if address.resource.mode == Mode::Managed && !id.is_empty() {
            id.clone_into(&mut self.history(address).predecessor);
        }
    }
}

/// Returns what the client token of the next create at this address depends on.
pub fn history(state: &State, address: &Address) -> History {
    let mut history = state
        .extra
        .history
        .get(&address.to_string())
        .cloned()
        .unwrap_or_default();
    if let Some(current) = state.get(address) {
        id_of(current).clone_into(&mut history.predecessor);
    }
    history
}

/// Returns the object as the state has it between its creation and its readiness.
fn unsettled(address: &Address, create: &Create, id: &str) -> Result<Stored, JournalError> {
    let mut stored = create.planned.to_object(&address.resource.kind)?;
    let mut attributes = (*stored.attributes).clone();
    attributes.insert("id", Value::string(id));
    stored.attributes = attributes.into();
    stored.status = Status::Unsettled;
    Ok(stored)
}

fn id_of(stored: &Stored) -> &str {
    stored
        .attributes
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

impl Record {
    /// Returns which object it is about, if it is about one.
    fn slot(&self) -> Option<(Address, Option<String>)> {
        match self {
            Self::Begin { .. } | Self::Outputs { .. } => None,
            Self::Created { address, .. }
            | Self::Step { address, .. }
            | Self::Refused { address, .. }
            | Self::Deposed { address, .. }
            | Self::Restored { address, .. } => Some((address.clone(), None)),
            Self::Intent {
                address, deposed, ..
            }
            | Self::Done {
                address, deposed, ..
            }
            | Self::Deleted {
                address, deposed, ..
            }
            | Self::Failed {
                address, deposed, ..
            }
            | Self::Forgotten { address, deposed } => Some((address.clone(), deposed.clone())),
        }
    }
}

fn contradiction(record: &Record, what: &str) -> JournalError {
    JournalError::Contradiction {
        address: record
            .slot()
            .map_or_else(String::new, |slot| slot.0.to_string()),
        what: what.to_owned(),
    }
}

/// Writes records as one batch: a line of JSON each.
pub fn encode(records: &[Record]) -> Vec<u8> {
    let mut out = Vec::new();
    for record in records {
        serde_json::to_writer(&mut out, record).expect("records have string keys only");
        out.push(b'\n');
    }
    out
}

/// Reads a batch back.
pub fn decode(batch: &[u8]) -> Result<Vec<Record>, JournalError> {
    let lines = batch.split(|byte| *byte == b'\n');
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            serde_json::from_slice(line).map_err(|error| {
                if error.to_string().starts_with("unknown variant") {
                    JournalError::Newer
                } else {
                    JournalError::Unreadable(error.to_string())
                }
            })
        })
        .collect()
}

/// Addresses as text.
mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::model::Address;

    pub fn serialize<S: Serializer>(address: &Address, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(address)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(text: D) -> Result<Address, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(text)?;
        Address::parse(&text).map_err(D::Error::custom)
    }
}

/// What a journal is still good for when something else wrote a newer snapshot over the one that it
/// builds upon.
#[derive(Clone, Debug, PartialEq)]
pub struct Salvaged {
    /// The newer state, with the journal's objects where it has none.
    pub state: State,
    pub open: Vec<OpenIntent>,
    /// Objects that the journal knows and the state has no place for: their addresses hold others.
    pub lost: Vec<(Address, String)>,
}

/// Takes from the records what the newer state must not lose.
pub fn salvage(state: State, records: &[Record]) -> Result<Salvaged, JournalError> {
    let mut ledger = Ledger::new(State::default());
    for record in records {
        // The state that these moved objects about in is not at hand: only the objects count.
        if !matches!(record, Record::Deposed { .. } | Record::Restored { .. }) {
            ledger.apply(record)?;
        }
    }
    let open = ledger.open();
    let made = ledger.state;
    let mut state = state;
    let mut lost = Vec::new();
    for (address, stored) in made.current() {
        let id = id_of(stored);
        match state.get(&address).map(id_of) {
            Some(found) if found == id => {}
            Some(_) => lost.push((address, id.to_owned())),
            None => {
                let provider = made.resources[&address.resource].provider.clone();
                state.instance_mut(&address, &provider).current = Some(stored.clone());
            }
        }
    }
    for (address, history) in made.extra.history {
        state.extra.history.entry(address).or_insert(history);
    }
    if state.extra.digest_key.is_empty() {
        state.extra.digest_key = made.extra.digest_key;
    }
    Ok(Salvaged { state, open, lost })
}
