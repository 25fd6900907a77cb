//! Settles what an interrupted run left open, without a human where that can be.
//!
//! What to do is decided in `journal::decide`; here it is carried out and written down, in three rounds: what
//! has no id is asked for (`ask`), what has one is read, and what goes with an object that is gone is
//! deleted. The calls of a round run side by side; the one task that holds the store appends what they came
//! to, and an id is durable before its object is read.

mod ask;
mod problems;
mod settled;
mod whose;

use std::sync::Arc;

use futures::{FutureExt, Stream, StreamExt, stream};

pub use self::settled::{Found, Settled};
use self::{
    ask::{Answer, Question},
    problems::{half_deleted, unreadable, unwritten},
};
use super::{
    journal::{Create, Decision, OpenIntent, Operation, Record, decide},
    store::Store,
};
use crate::{
    backend::format::Encoded,
    model::{
        Diagnostic, Diagnostics, Object, Value,
        state::{Status, Stored},
    },
    plan::{Providers, Values, providers::missing, refresh::read_surely},
    provider::{Provider, Wanted, hooks::Kind, registry::Registry},
    schema,
};

/// How many calls are under way at once.
const AT_ONCE: usize = 10;
/// Records that one write takes at most.
const BATCH: usize = 4096;

/// What recovery needs to know beside the state.
pub struct Recovery<'a> {
    pub registry: &'a Registry,
    pub providers: &'a Providers,
    /// What the configuration says, over the objects of the state: it gives secrets again.
    pub values: &'a Values<'a>,
}

/// An open operation that can be settled.
struct Case {
    open: OpenIntent,
    kind: &'static Kind,
    provider: Arc<dyn Provider>,
    /// The provider's string.
    name: Arc<str>,
}

/// An object with an id, to be read.
struct Known {
    id: String,
    found: Found,
    missing: String,
}

/// Settles every open operation; what cannot be settled is told and stays open.
pub async fn recover(
    store: &mut Store,
    recovery: &Recovery<'_>,
    diags: &mut Diagnostics,
) -> Vec<Settled> {
    let mut cases = Vec::new();
    let mut told = Vec::new();
    for (at, open) in store.open_intents().into_iter().enumerate() {
        match case(store, recovery, open) {
            Ok(case) => cases.push((at, case)),
            Err(problem) => told.push((at, Err(problem))),
        }
    }
    let mut desk = Desk { store, told };
    if let Err(error) = desk.settle(&cases, recovery).await {
        desk.told
            .push((usize::MAX, Err(Box::new(unwritten(&error)))));
    }
    let mut told = desk.told;
    told.sort_by_key(|(at, _)| *at);
    let mut settled = Vec::new();
    for (_, one) in told {
        match one {
            Ok(one) => settled.push(one),
            Err(problem) => diags.push(*problem),
        }
    }
    settled
}

fn case(store: &Store, recovery: &Recovery<'_>, open: OpenIntent) -> Result<Case, Box<Diagnostic>> {
    let resource = &open.address.resource;
    let kind = recovery.registry.find(resource.mode, &resource.kind);
    let kind = kind.ok_or_else(|| Box::new(missing(resource, &resource.kind)))?;
    let (name, provider) = whose::provider(store, recovery, &open)?;
    Ok(Case {
        open,
        kind,
        provider,
        name,
    })
}

/// The one who holds the store.
struct Desk<'s> {
    store: &'s mut Store,
    /// What is said of each operation, with its place among them.
    told: Vec<(usize, Result<Settled, Box<Diagnostic>>)>,
}

type Written = Result<(), crate::backend::StateError>;
/// A case with its place among them.
type Placed<'c> = (usize, &'c Case);

impl Desk<'_> {
    async fn settle(&mut self, cases: &[(usize, Case)], recovery: &Recovery<'_>) -> Written {
        learn_times(cases).await;
        let mut known = Vec::new();
        let mut questions = Vec::new();
        for (at, case) in cases {
            let at = *at;
            match decide(&case.open, case.provider.now()) {
                Decision::Adopt { id } => {
                    known.push(((at, case), Known::new(id, Found::ToBeFinished)))
                }
                Decision::ReadBack { id } => {
                    known.push(((at, case), Known::new(id, Found::ReadBack)))
                }
                Decision::Expired { since } => {
                    self.refuse(at, problems::expired(&case.open, &since.to_string()));
                }
                Decision::AskAgain { .. } | Decision::NeedsSecrets { .. } => {
                    match ask::question(self.store, recovery, case) {
                        Ok(question) => questions.push(((at, case), question)),
                        Err(problem) => self.refuse(at, *problem),
                    }
                }
            }
        }
        self.rehome(&questions).await?;
        self.ask(questions, &mut known).await?;
        let gone = self.read(known).await?;
        self.delete_rest(gone).await
    }

    fn refuse(&mut self, at: usize, problem: Diagnostic) {
        self.told.push((at, Err(Box::new(problem))));
    }

    fn say(&mut self, (at, case): Placed<'_>, known: Known) {
        let settled = Settled {
            address: case.open.address.to_string(),
            found: known.found,
            id: known.id,
            missing: known.missing,
        };
        self.told.push((at, Ok(settled)));
    }

    async fn write(&mut self, records: &[Record]) -> Written {
        for some in records.chunks(BATCH) {
            self.store.append(some).await?;
        }
        Ok(())
    }

    /// Writes down which provider an object is to belong to, where its block has another name by now.
    async fn rehome(&mut self, questions: &[(Placed<'_>, Question<'_>)]) -> Written {
        let moved = questions.iter().filter_map(|((_, case), question)| {
            let create = question.create;
            (*create.provider != *case.name).then(|| Record::Intent {
                address: case.open.address.clone(),
                deposed: case.open.deposed.clone(),
                operation: Operation::Create(Box::new(Create {
                    provider: case.name.to_string(),
                    ..create.clone()
                })),
                place: case.open.place.clone(),
            })
        });
        let moved: Vec<Record> = moved.collect();
        self.write(&moved).await
    }

    /// Asks for what has no id; what there is joins what is known.
    async fn ask<'c>(
        &mut self,
        questions: Vec<(Placed<'c>, Question<'c>)>,
        known: &mut Vec<(Placed<'c>, Known)>,
    ) -> Written {
        let asked = questions
            .into_iter()
            .map(async |(placed, question)| (placed, ask::ask(placed.1, question).await));
        let mut answers = stream::iter(asked).buffer_unordered(AT_ONCE);
        while let Some(answers) = some(&mut answers).await {
            let mut records = Vec::new();
            let mut refused = Vec::new();
            for (placed, answer) in answers {
                let address = placed.1.open.address.clone();
                match answer {
                    // What was found for one creation is not what another one made, too.
                    Ok(Answer::Made(one)) if known.iter().any(|(_, it)| it.id == one.id) => {
                        self.refuse(placed.0, problems::unclear(&placed.1.open));
                    }
                    Ok(Answer::Made(one)) => {
                        let id = one.id.clone();
                        records.push(Record::Created { address, id });
                        known.push((placed, one));
                    }
                    // That it was created and that it is spoilt is one record, once it was read: a run that dies
                    // between two would take it for sound.
                    Ok(Answer::Spoilt(one)) => known.push((placed, one)),
                    Ok(Answer::NotMade { code }) => {
                        records.push(Record::Refused { address, code });
                        refused.push(placed);
                    }
                    Err(problem) => self.refuse(placed.0, *problem),
                }
            }
            self.write(&records).await?;
            for placed in refused {
                self.say(placed, Known::new(String::new(), Found::NotCreated));
            }
        }
        Ok(())
    }

    /// Reads what has an id, all of a provider's at once; returns the deletions that are to go on.
    async fn read<'c>(
        &mut self,
        known: Vec<(Placed<'c>, Known)>,
    ) -> Result<Vec<(Placed<'c>, Known)>, crate::backend::StateError> {
        let mut groups: Vec<(&Case, Vec<(Placed<'c>, Known)>)> = Vec::new();
        for one in known {
            let case = one.0.1;
            match groups.iter_mut().find(|(first, _)| first.name == case.name) {
                Some((_, group)) => group.push(one),
                None => groups.push((case, vec![one])),
            }
        }
        let reads = groups.into_iter().map(|(first, group)| {
            let wanted: Vec<Wanted> = group
                .iter()
                .map(|((_, case), one)| wanted(self.store, case, &one.id))
                .collect();
            async move { (read_surely(&*first.provider, &wanted).await, group) }
        });
        let mut reads = stream::iter(reads.collect::<Vec<_>>()).buffer_unordered(AT_ONCE);
        let mut gone = Vec::new();
        while let Some((found, group)) = reads.next().await {
            let mut records = Vec::new();
            let mut settled = Vec::new();
            for ((placed, mut one), found) in group.into_iter().zip(found) {
                let case = placed.1;
                match found {
                    Err(error) => self.refuse(placed.0, unreadable(&case.open, &one.id, &error)),
                    Ok(None) if goes_on(self.store, case) => gone.push((placed, one)),
                    Ok(found) => {
                        if found.is_none() && one.found == Found::ReadBack {
                            one.found = Found::Deleted;
                        }
                        records.push(outcome(self.store, case, &one, found));
                        settled.push((placed, one));
                    }
                }
            }
            self.write(&records).await?;
            for (placed, one) in settled {
                self.say(placed, one);
            }
        }
        Ok(gone)
    }

    /// Deletes what goes with objects that are gone already.
    async fn delete_rest(&mut self, gone: Vec<(Placed<'_>, Known)>) -> Written {
        let deletions = gone.into_iter().filter_map(|(placed, one)| {
            let case = placed.1;
            let stored = stored_of(self.store, &case.open)?.clone();
            Some(async move {
                let (ty, prior) = (case.kind.ty, &stored.attributes);
                let deleted = case.provider.delete(ty, &one.id, prior, &|_| {}).await;
                (placed, one, deleted)
            })
        });
        let mut deletions = stream::iter(deletions.collect::<Vec<_>>()).buffer_unordered(AT_ONCE);
        while let Some((placed, one, deleted)) = deletions.next().await {
            let open = &placed.1.open;
            if let Err(failure) = deleted {
                self.refuse(placed.0, half_deleted(open, &one.id, &failure.error));
                continue;
            }
            let record = outcome(self.store, placed.1, &one, None);
            self.write(&[record]).await?;
            let found = Found::Deleted;
            self.say(placed, Known { found, ..one });
        }
        Ok(())
    }
}

impl Known {
    fn new(id: String, found: Found) -> Self {
        Self {
            id,
            found,
            missing: String::new(),
        }
    }
}

/// Lets the cloud say how late it is, where that decides whether it still knows a token: this machine's clock may be
/// wrong. A call that fails will be told of when it is needed.
async fn learn_times(cases: &[(usize, Case)]) {
    let mut asked: Vec<&Arc<str>> = Vec::new();
    for (_, case) in cases {
        let unanswered =
            matches!(case.open.operation, Operation::Create(_)) && case.open.created.is_none();
        if unanswered && !asked.contains(&&case.name) {
            asked.push(&case.name);
            let _ = case.provider.check(case.kind.ty).await;
        }
    }
}

/// Returns what there is next, and what else there is by then: it shares a write.
async fn some<S: Stream + Unpin>(stream: &mut S) -> Option<Vec<S::Item>> {
    let mut some = vec![stream.next().await?];
    while let Some(Some(more)) = stream.next().now_or_never() {
        some.push(more);
    }
    Some(some)
}

/// Whether a deletion is to go on although the object is gone.
fn goes_on(store: &Store, case: &Case) -> bool {
    matches!(case.open.operation, Operation::Delete { .. })
        && case.kind.hooks.deletes_more
        && stored_of(store, &case.open).is_some()
}

fn stored_of<'a>(store: &'a Store, open: &OpenIntent) -> Option<&'a Stored> {
    let kept = store.state().resources.get(&open.address.resource)?;
    let instance = kept.instances.get(&open.address.key)?;
    match &open.deposed {
        None => instance.current.as_ref(),
        Some(key) => instance.deposed.get(key),
    }
}

/// Returns what the state has, or what was to be made.
fn kept_of(store: &Store, open: &OpenIntent) -> Option<Stored> {
    if let Some(stored) = stored_of(store, open) {
        return Some(stored.clone());
    }
    match &open.operation {
        Operation::Create(create) => planned(open, create),
        Operation::Update { .. } | Operation::Delete { .. } => None,
    }
}

/// Returns the object that was to be made, as the journal has it.
fn planned(open: &OpenIntent, create: &Create) -> Option<Stored> {
    create.planned.to_object(&open.address.resource.kind).ok()
}

fn wanted(store: &Store, case: &Case, id: &str) -> Wanted {
    let known = match kept_of(store, &case.open) {
        Some(stored) => stored.attributes,
        None => Arc::new(Object::from_iter([("id", Value::string(id))])),
    };
    Wanted {
        ty: case.kind.ty,
        id: id.to_owned(),
        known,
    }
}

/// Returns what is written down of an object that was read.
fn outcome(store: &Store, case: &Case, one: &Known, found: Option<Object>) -> Record {
    let (open, kind) = (&case.open, case.kind);
    let address = open.address.clone();
    let deposed = open.deposed.clone();
    let creation = matches!(open.operation, Operation::Create(_));
    let Some(object) = found else {
        // A new one may be slow to appear: the state keeps it, and the refresh looks again.
        return match creation && one.found != Found::Spoilt {
            true => Record::Failed {
                address,
                deposed: None,
                code: "NotYetVisible".to_owned(),
                object: None,
            },
            false => Record::Deleted {
                address,
                deposed,
                id: one.id.clone(),
            },
        };
    };
    let object = schema::mark(kind.ty, object);
    let sealed = schema::seal(kind.ty, &object, &|text| store.digest(text));
    let stored = Stored {
        status: status(store, case, one.found),
        attributes: Arc::new(sealed),
        ..kept_of(store, open).unwrap_or_default()
    };
    Record::Done {
        address,
        deposed,
        provider: case.name.to_string(),
        object: Encoded::object(&open.address.resource.kind, &stored),
    }
}

/// Returns what an object that was read is worth: what follows a creation is left to the plan.
fn status(store: &Store, case: &Case, found: Found) -> Status {
    let updates = match &case.open.operation {
        Operation::Create(_) if found == Found::Spoilt => return Status::Tainted,
        Operation::Create(_) => return Status::Unsettled,
        Operation::Update { .. } => true,
        Operation::Delete { .. } => false,
    };
    stored_of(store, &case.open).map_or(Status::Ready, |stored| {
        match updates && case.kind.resumes(&stored.attributes) {
            true => Status::Unsettled,
            false => stored.status,
        }
    })
}
