//! The state as records change it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    Create, FORMAT, JournalError, OpenIntent, Operation, Place, Progress, Record, contradiction,
};
use crate::{
    backend::format::Encoded,
    model::{
        Address, Mode, Object, Value,
        state::{History, Instance, State, Status, Stored},
    },
};

/// A state with the operations that are open on it.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub state: State,
    open: BTreeMap<(Address, Option<String>), Open>,
    /// The names of the attributes of types, as the journal has them.
    names: HashMap<String, Arc<[Arc<str>]>>,
}

/// How far an operation has come, and where it happens.
#[derive(Clone, Debug, Default)]
struct Open {
    progress: Progress,
    place: Option<Place>,
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
            names: HashMap::new(),
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
        let place = open.place.clone();
        let slot = (open.address.clone(), open.deposed.clone());
        self.open.insert(slot, Open { progress, place });
    }

    /// Takes a record in.
    pub fn apply(&mut self, record: &Record) -> Result<(), JournalError> {
        let Some(slot) = record.slot() else {
            return self.apply_to_all(record);
        };
        let Open { progress, place } = self.open.remove(&slot).unwrap_or_default();
        let place = match record {
            Record::Intent { place, .. } => place.clone(),
            _ => place,
        };
        let progress = progress.after(record)?;
        self.change(record, &progress)?;
        if ends(record) {
            self.state.extra.triggered.remove(&slot.0.to_string());
        }
        if progress != Progress::Idle {
            self.open.insert(slot, Open { progress, place });
        }
        Ok(())
    }

    /// Returns the operations that are open, in the order of their addresses.
    pub fn open(&self) -> Vec<OpenIntent> {
        self.open
            .iter()
            .filter_map(|((address, deposed), open)| {
                let (mut operation, created) = match &open.progress {
                    Progress::Idle => return None,
                    Progress::Intended(operation) => (operation.clone(), None),
                    Progress::Created { create, id } => {
                        (Operation::Create(create.clone()), Some(id.clone()))
                    }
                };
                // It is to be understood without this journal.
                if let Operation::Create(create) = &mut operation
                    && create.sparse
                    && let Ok(planned) = self.planned(address, create)
                {
                    create.planned = Encoded::object(&address.resource.kind, &planned);
                    create.sparse = false;
                }
                Some(OpenIntent {
                    address: address.clone(),
                    deposed: deposed.clone(),
                    operation,
                    created,
                    place: open.place.clone(),
                })
            })
            .collect()
    }

    /// Returns an object as its creation planned it, while it is not known to be so.
    pub fn made(&self, address: &Address) -> Option<&Stored> {
        let open = self.open.get(&(address.clone(), None))?;
        let made = matches!(open.progress, Progress::Created { .. });
        self.state.get(address).filter(|_| made)
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
            Record::Names { kind, names } => {
                self.names.insert(kind.clone(), names.as_slice().into());
            }
            Record::Outputs { outputs } => self.state.outputs = outputs.to_outputs()?,
            Record::Checks { results } => self.state.check_results.clone_from(results),
            _ => {}
        }
        Ok(())
    }

    /// Changes the state as the record says.
    fn change(&mut self, record: &Record, next: &Progress) -> Result<(), JournalError> {
        match record {
            Record::Created { address, id } => {
                if let Progress::Created { create, .. } = next {
                    let stored = unsettled(self.planned(address, create)?, id);
                    self.put(address, None, &create.provider, stored);
                    let address = address.to_string();
                    let history = &mut self.state.extra.history;
                    if history.get_mut(&address).is_some_and(|it| !it.goes_on(id)) {
                        history.remove(&address);
                    }
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
            Record::Settled { address, object } => {
                let more = object.to_object(&address.resource.kind)?;
                let made = self.current(address);
                made.ok_or_else(|| contradiction(record, "is as it should be, but is not there"))?
                    .complete(more);
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
            Record::Triggered { address } => {
                if let Some(stored) = self.current(address) {
                    stored.status = Status::Tainted;
                    let marked = &mut self.state.extra.triggered;
                    marked.insert(address.to_string());
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
            | Record::Names { .. }
            | Record::Intent { .. }
            | Record::Step { .. }
            | Record::Failed { object: None, .. }
            | Record::Outputs { .. }
            | Record::Checks { .. } => {}
        }
        Ok(())
    }

    /// Returns an object as its creation plans it.
    fn planned(&self, address: &Address, create: &Create) -> Result<Stored, JournalError> {
        let kind = &address.resource.kind;
        let mut stored = create.planned.to_object(kind)?;
        if create.sparse
            && let Some(names) = self.names.get(&**kind)
        {
            let given = &stored.attributes;
            let value = |name: &Arc<str>| given.get(name).cloned().unwrap_or_default();
            let values = names.iter().map(value).collect();
            stored.attributes = Object::with_names(names.clone(), values).into();
        }
        Ok(stored)
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

    fn current(&mut self, address: &Address) -> Option<&mut Stored> {
        self.instance(address)?.current.as_mut()
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
            self.history(address).follow(id);
        }
    }
}

/// Whether an address's object is another one from here on, or was brought to what it should be.
fn ends(record: &Record) -> bool {
    matches!(
        record,
        Record::Done { deposed: None, .. }
            | Record::Deleted { deposed: None, .. }
            | Record::Forgotten { deposed: None, .. }
            | Record::Created { .. }
    )
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
        history.follow(id_of(current));
    }
    history
}

/// Returns the object as the state has it between its creation and its readiness.
fn unsettled(mut stored: Stored, id: &str) -> Stored {
    let mut attributes = (*stored.attributes).clone();
    attributes.insert("id", Value::string(id));
    stored.attributes = attributes.into();
    stored.status = Status::Unsettled;
    stored
}

fn id_of(stored: &Stored) -> &str {
    stored
        .attributes
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
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
        let at_hand = match record {
            // The state that these moved objects about in is not at hand: only the objects count.
            Record::Deposed { .. } | Record::Restored { .. } => false,
            // Nor is the one that has what was made before the first of these records.
            Record::Settled { address, .. } => ledger.made(address).is_some(),
            _ => true,
        };
        if at_hand {
            ledger.apply(record)?;
        }
    }
    let open = ledger.open();
    let made = ledger.state;
    let mut state = state;
    let mut lost = Vec::new();
    let managed = |(address, _): &(Address, &Stored)| address.resource.mode == Mode::Managed;
    for (address, stored) in made.current().filter(managed) {
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
