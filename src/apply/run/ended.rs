//! What came of a step's calls: what is written down of it, and what it means for the others.

use petgraph::graph::NodeIndex;

use super::{ANEW, Engine, Outcome, start::settle_surely};
use crate::{
    apply::{desired, journal::Record},
    backend::format::Encoded,
    manifest::ast::When,
    model::{
        Diagnostic, Object, Value,
        checks::Subject,
        event::Event,
        language::Words,
        plan::{Action, Change, Reason},
        state::{Status, Stored},
    },
    plan::{checks, explain, providers::block_of, refresh::id_of, steps::Step},
    provider::{ApiError, ApiErrorKind, Failure},
    schema,
};

impl Engine<'_, '_> {
    pub(super) fn finished(&mut self, node: NodeIndex, outcome: Outcome) {
        let at = match &self.graph[node] {
            Step::Apply(at) | Step::Destroy(at) => *at,
            Step::Applied(_) | Step::Destroyed(_) | Step::Between => return,
        };
        let change = self.planned.plan.changes[at].clone();
        match outcome {
            Outcome::Created(Ok(id)) => self.created(node, &change, id),
            Outcome::Created(Err(failure)) => self.not_created(node, at, &change, &failure),
            Outcome::Ready(Ok(object)) if self.provisions(node, &change) => {
                let this = object.clone();
                self.provision(node, &change, When::Create, &this, |ran| {
                    Outcome::Provisioned(object, ran)
                });
            }
            Outcome::Ready(Ok(object)) => self.done(node, &change, object),
            Outcome::Provisioned(object, ran) => {
                self.drain();
                match ran {
                    Ok(warnings) => {
                        self.diags.extend(warnings);
                        self.done(node, &change, object);
                    }
                    Err(errors) => self.not_provisioned(node, &change, &object, errors),
                }
            }
            Outcome::Farewell(ran) => {
                self.drain();
                match ran {
                    Ok(warnings) => {
                        self.diags.extend(warnings);
                        match self.store.state().get(&change.address).cloned() {
                            Some(stored) => self.delete(node, &change, None, stored),
                            None => self.end_step(node),
                        }
                    }
                    Err(errors) => self.refuse(node, errors),
                }
            }
            Outcome::Ready(Err(failure)) => self.not_ready(node, &change, &failure),
            Outcome::Deleted(Ok(())) => self.deleted(node, at, &change),
            Outcome::Deleted(Err(failure)) => {
                let deposed = change
                    .deposed
                    .clone()
                    .or_else(|| self.deposed.get(&at).cloned());
                // A deletion that goes on when the object is gone is looked at by the next run.
                if !self.deletes_more(&change) {
                    let code = failure.error.code.clone();
                    let address = change.address.clone();
                    self.batch.push(Record::Failed {
                        address,
                        deposed,
                        code,
                        object: None,
                    });
                }
                self.failed(node, &change, &failure, explain::DESTROYING);
            }
            Outcome::Panicked(what) => {
                let bug = Diagnostic::error(
                    "This is a bug in prov",
                    format!(
                        "{} failed in a way that it must not: {what}. Please report it.",
                        change.address
                    ),
                )
                .about(&change.address)
                .hint("The journal has what was begun: the next run goes on from there.");
                self.refuse(node, [bug]);
            }
        }
    }

    fn created(&mut self, node: NodeIndex, change: &Change, id: String) {
        self.batch.push(Record::Created {
            address: change.address.clone(),
            id: id.clone(),
        });
        let Some(active) = self.active.get_mut(&node) else {
            return;
        };
        active.id.clone_from(&id);
        let desired = active.desired.clone().unwrap_or_default();
        // Whose commands follow keeps its place for them.
        if !self.together.contains(&node) && !self.provisions(node, change) {
            self.settling.insert(node);
        }
        let resource = &change.address.resource;
        let (Some(provider), Some(kind)) = (
            self.run.providers.get(&change.provider).cloned(),
            self.run.registry.find(resource.mode, &resource.kind),
        ) else {
            return;
        };
        let progress = self.progress(node);
        self.launch(node, async move {
            Outcome::Ready(settle_surely(&*provider, kind.ty, &id, &desired, &progress).await)
        });
    }

    fn not_created(&mut self, node: NodeIndex, at: usize, change: &Change, failure: &Failure) {
        let address = change.address.clone();
        let code = failure.error.code.clone();
        match verdict(&failure.error) {
            Verdict::Refused => self.batch.push(Record::Refused { address, code }),
            Verdict::NotSent => {
                self.batch.push(Record::Failed {
                    address,
                    deposed: None,
                    code,
                    object: None,
                });
            }
            // The intent stays open: the next run asks again with the same token.
            Verdict::Unknown => return self.failed(node, change, failure, explain::CREATING),
        }
        if let Some(key) = self.deposed.remove(&at) {
            self.batch.push(Record::Restored {
                address: change.address.clone(),
                key,
            });
        }
        self.failed(node, change, failure, explain::CREATING);
    }

    fn not_ready(&mut self, node: NodeIndex, change: &Change, failure: &Failure) {
        let active = self
            .active
            .get(&node)
            .filter(|active| active.action == Action::Create);
        let created = active.is_some();
        let gone = is_gone(failure);
        if let Some(active) =
            active.filter(|active| gone && active.anew < ANEW && !active.id.is_empty())
        {
            let (id, anew) = (active.id.clone(), active.anew + 1);
            return self.make_anew(node, change, id, anew);
        }
        let word = match (created, change.action) {
            (true, _) => explain::CREATING,
            (_, Action::Read) => explain::READING,
            _ => explain::UPDATING,
        };
        if change.action != Action::Read {
            let status = if created
                || change.reason == Some(Reason::UpdateBecauseUnsettled)
                || self.resumes(change)
            {
                Status::Unsettled
            } else {
                Status::Ready
            };
            let object = failure.current.clone().map(|object| {
                let stored = self.stored(change, &object, status);
                Encoded::object(&change.address.resource.kind, &stored)
            });
            let builtin = created && self.active.get(&node).is_some_and(|it| it.id.is_empty());
            if !builtin {
                self.batch.push(Record::Failed {
                    address: change.address.clone(),
                    deposed: None,
                    code: failure.error.code.clone(),
                    object,
                });
            }
        }
        self.failed(node, change, failure, word);
    }

    fn deletes_more(&self, change: &Change) -> bool {
        let resource = &change.address.resource;
        let kind = self.run.registry.find(resource.mode, &resource.kind);
        kind.is_some_and(|kind| kind.hooks.deletes_more)
    }

    /// Whether an update that failed has to be settled like a creation.
    fn resumes(&self, change: &Change) -> bool {
        let resource = &change.address.resource;
        let kind = self.run.registry.find(resource.mode, &resource.kind);
        let before = self.store.state().get(&change.address);
        kind.zip(before)
            .is_some_and(|(kind, before)| kind.resumes(&before.attributes))
    }

    /// The object that the cloud answered with is already gone (released within the token's lifetime):
    /// asks for another, with that one as predecessor.
    fn make_anew(&mut self, node: NodeIndex, change: &Change, id: String, anew: u32) {
        self.batch.push(Record::Deleted {
            address: change.address.clone(),
            deposed: None,
            id,
        });
        self.settling.remove(&node);
        if let Some(active) = self.active.get_mut(&node) {
            active.anew = anew;
            active.id = String::new();
        }
        // The token comes from the state, which has to know of the loss first.
        self.anew.push(node);
    }

    /// Asks for the objects that were answered and are gone, once their loss is durable.
    pub(super) fn ask_anew(&mut self) {
        for node in std::mem::take(&mut self.anew) {
            let (Step::Apply(at), Some(active)) = (&self.graph[node], self.active.get(&node))
            else {
                continue;
            };
            let desired = active.desired.clone().unwrap_or_default();
            let change = self.planned.plan.changes[*at].clone();
            let resource = &change.address.resource;
            let (Some(provider), Some(kind)) = (
                self.run.providers.get(&change.provider).cloned(),
                self.run.registry.find(resource.mode, &resource.kind),
            ) else {
                continue;
            };
            let request = provider.create_request(kind.ty, &desired);
            let token = self.intend(&change, &request, &desired);
            self.launch(node, async move {
                Outcome::Created(provider.create(kind.ty, &request, &token, &desired).await)
            });
        }
    }

    pub(super) fn done_record(&self, change: &Change, stored: &Stored) -> Record {
        let (address, kind) = (change.address.clone(), &change.address.resource.kind);
        let made = self.store.ledger.made(&address);
        match made.and_then(|made| Encoded::beyond(kind, made, stored)) {
            Some(object) => Record::Settled { address, object },
            None => Record::Done {
                object: Encoded::object(kind, stored),
                address,
                deposed: None,
                provider: change.provider.to_string(),
            },
        }
    }

    pub(super) fn done(&mut self, node: NodeIndex, change: &Change, object: Object) {
        let resource = &change.address.resource;
        let kind = self.run.registry.find(resource.mode, &resource.kind);
        let object = match kind {
            Some(kind) => schema::mark(kind.ty, schema::without_write_only(kind.ty, object)),
            None => object,
        };
        let stored = self.stored(change, &object, Status::Ready);
        self.batch.push(self.done_record(change, &stored));
        let failed = self.postconditions(change, &object);
        self.planned
            .values
            .set(resource, &change.address.key, Value::object(object));
        if let Some(active) = self.active.get(&node) {
            let (address, action) = (change.address.clone(), active.action);
            let id = id_of(&stored.attributes);
            let seconds = active.since.elapsed().as_secs();
            (self.run.events)(match action {
                Action::Read => Event::ReadFinished {
                    address,
                    id,
                    seconds,
                },
                _ => Event::StepFinished {
                    address,
                    action,
                    id,
                    seconds,
                },
            });
            match action {
                Action::Create => self.summary.done.add += 1,
                Action::Update => self.summary.done.change += 1,
                _ => {}
            }
        }
        if failed.is_empty() {
            self.end_step(node);
        } else {
            self.refuse(node, failed);
        }
    }

    /// Looks at the postconditions of an object that is there now; its preconditions held.
    fn postconditions(&mut self, change: &Change, object: &Object) -> Vec<Diagnostic> {
        let address = &change.address;
        let Some(block) = self.run.module.block(&address.resource) else {
            return Vec::new();
        };
        let lifecycle = &block.lifecycle;
        if lifecycle.preconditions.is_empty() && lifecycle.postconditions.is_empty() {
            return Vec::new();
        }
        let values = &self.planned.values;
        match desired::each_value(block, address, values, &mut self.each) {
            Ok(each) => {
                let (finding, failed) =
                    desired::postconditions(block, address, values, each.as_ref(), object);
                let subject = Subject::Resource(address.resource.clone());
                let checks = &mut self.planned.checks;
                checks.note(subject, address.key.clone(), finding);
                failed
            }
            Err(diagnostics) => diagnostics,
        }
    }

    fn deleted(&mut self, node: NodeIndex, at: usize, change: &Change) {
        let deposed = change
            .deposed
            .clone()
            .or_else(|| self.deposed.get(&at).cloned());
        let active = self.active.get(&node);
        let id = active.map(|active| active.id.clone()).unwrap_or_default();
        let seconds = active.map_or(0, |active| active.since.elapsed().as_secs());
        let address = change.address.clone();
        self.batch.push(Record::Deleted {
            address: address.clone(),
            deposed,
            id: id.clone(),
        });
        self.summary.done.destroy += 1;
        (self.run.events)(Event::StepFinished {
            address,
            action: Action::Delete,
            id,
            seconds,
        });
        self.end_step(node);
    }

    fn failed(&mut self, node: NodeIndex, change: &Change, failure: &Failure, summary: Words) {
        let resource = &change.address.resource;
        let kind = self.run.registry.find(resource.mode, &resource.kind);
        let block = self.run.module.block(resource);
        let subject = explain::Subject {
            address: &change.address,
            ty: kind.map(|kind| kind.ty),
            block,
            provider: block_of(self.run.module, &change.provider),
        };
        let diagnostic = explain::failed(summary, failure, subject);
        if let Some(check) = block.and_then(|block| block.check.as_ref()) {
            let noted = &mut self.planned.checks;
            let told = checks::as_warning(diagnostic, check, &change.address, noted);
            self.diags.push(told);
            return self.end_step(node);
        }
        self.refuse(node, [diagnostic]);
    }
}

/// Whether a failure says that the object is not there any more.
pub(super) fn is_gone(failure: &Failure) -> bool {
    failure.error.kind == ApiErrorKind::NotFound && failure.current.is_none()
}

/// What a failed create call says about whether there is an object now.
enum Verdict {
    /// The cloud refuses, for good: there is none.
    Refused,
    /// It never got as far as being carried out: there is none.
    NotSent,
    /// There may be one.
    Unknown,
}

fn verdict(error: &ApiError) -> Verdict {
    match error.kind {
        ApiErrorKind::NotFound
        | ApiErrorKind::Busy
        | ApiErrorKind::Quota
        | ApiErrorKind::Denied
        | ApiErrorKind::Invalid => Verdict::Refused,
        ApiErrorKind::Throttled | ApiErrorKind::Unreachable => Verdict::NotSent,
        ApiErrorKind::OutcomeUnknown | ApiErrorKind::Server => Verdict::Unknown,
    }
}
