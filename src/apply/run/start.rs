//! Starting a step: what has to be durable before its call leaves, and the call.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use futures::FutureExt;
use jiff::Timestamp;
use petgraph::graph::NodeIndex;

use super::{Active, Engine, Outcome, ended::is_gone};
use crate::{
    apply::{
        desired::{self, Desired},
        journal::{self, Create, Operation, Place, Record},
        token::{Parameter, Seed, client_token},
    },
    backend::format::Encoded,
    manifest::ast::When,
    model::{
        Address, Diagnostic, Object, ResourceAddress,
        event::Event,
        plan::{Action, Change, Reason},
        state::{Status, Stored},
    },
    plan::{
        late,
        opening::Opening,
        providers::missing,
        refresh::{id_of, read_surely},
    },
    provider::{self, CreateRequest, Failure, Provider, Wanted},
    schema,
};

impl<'a> Engine<'a, '_> {
    fn begin(&mut self, node: NodeIndex, change: &Change, action: Action, id: String) {
        (self.run.events)(Event::StepStarted {
            address: change.address.clone(),
            deposed: change.deposed.clone(),
            action,
            id: id.clone(),
        });
        let active = Active {
            address: change.address.clone(),
            action,
            id,
            since: Instant::now(),
            desired: None,
            anew: 0,
        };
        self.active.insert(node, active);
        self.mark_triggered(&change.address.resource);
    }

    /// Taints what a change of this resource replaces, before the change is asked for: the next run would not see
    /// that it was triggered.
    fn mark_triggered(&mut self, trigger: &Arc<ResourceAddress>) {
        for at in self.triggered.remove(trigger).unwrap_or_default() {
            if !self.marked.insert(at) {
                continue;
            }
            let change = &self.planned.plan.changes[at];
            let stored = self.store.state().get(&change.address);
            if stored.is_some_and(|stored| stored.status == Status::Ready) {
                let address = change.address.clone();
                self.batch.push(Record::Triggered { address });
            }
        }
    }

    pub(super) async fn apply(&mut self, node: NodeIndex, at: usize) {
        let change = self.planned.plan.changes[at].clone();
        if change.action == Action::NoOp {
            return self.import(node, &change);
        }
        let Some(provider) = self.run.providers.get(&change.provider).cloned() else {
            return self.refuse(node, [missing(&change.address.resource, &change.provider)]);
        };
        let told = self.open_needed(&change.address.resource.config());
        if !told.is_empty() {
            return self.refuse(node, told);
        }
        let planned = &mut self.planned;
        let block = self.run.module.block(&change.address.resource);
        if let Some(told) = block.and_then(|block| {
            late::broken(block, &change.address, &planned.values, &mut planned.checks)
        }) {
            return self.refuse(node, told);
        }
        let desired = desired::desired(desired::Case {
            change: &change,
            prior: self.store.state().get(&change.address).filter(|_| {
                !matches!(
                    change.action,
                    Action::Create | Action::DeleteCreate | Action::CreateDelete
                )
            }),
            module: self.run.module,
            registry: &self.run.registry,
            values: &self.planned.values,
            each: &mut self.each,
            digest: &|text| self.store.digest(text),
        });
        let desired = match desired {
            Ok(desired) => desired,
            Err(diagnostics) => return self.refuse(node, diagnostics),
        };
        let builtin = desired.kind.ty.service.is_within();
        match change.action {
            Action::Read => self.read(node, &change, desired, provider),
            Action::Update => self.update(node, &change, desired, provider, builtin).await,
            _ => self.create(node, at, &change, desired, provider).await,
        }
    }

    /// Opens the ephemeral resources that a block needs: what was opened for the plan is opened anew for the apply.
    fn open_needed(&mut self, resource: &Arc<ResourceAddress>) -> Vec<Diagnostic> {
        let mut told = Vec::new();
        if !self.supplied.insert(resource.clone()) {
            return told;
        }
        for needed in self.planned.blocks.ephemerals(resource) {
            let kind = self.run.registry.find(needed.mode, &needed.kind);
            let (Some(block), Some(kind)) = (self.run.module.block(&needed), kind) else {
                continue;
            };
            if !self.opened_blocks.insert(needed.clone()) {
                continue;
            }
            let mut opening = Opening {
                values: &mut self.planned.values,
                checks: &mut self.planned.checks,
                events: self.run.events,
                opened: &mut self.opened,
            };
            told.extend(opening.everywhere(&needed, block, kind));
            if told.iter().any(Diagnostic::is_error) {
                self.opened_blocks.remove(&needed);
                self.supplied.remove(resource);
                return told;
            }
        }
        self.diags.extend(told);
        Vec::new()
    }

    fn import(&mut self, node: NodeIndex, change: &Change) {
        let attributes = change.before.clone().unwrap_or_default();
        self.summary.done.import += 1;
        self.done(node, change, (*attributes).clone());
    }

    fn read(
        &mut self,
        node: NodeIndex,
        change: &Change,
        desired: Desired,
        provider: Arc<dyn Provider>,
    ) {
        (self.run.events)(Event::ReadStarted {
            address: change.address.clone(),
        });
        self.begin_quietly(node, change, Action::Read);
        let ty = desired.kind.ty;
        let arguments = desired.arguments;
        self.launch(node, async move {
            Outcome::Ready(provider.data(ty, &arguments).await)
        });
    }

    fn begin_quietly(&mut self, node: NodeIndex, change: &Change, action: Action) {
        let active = Active {
            address: change.address.clone(),
            action,
            id: String::new(),
            since: Instant::now(),
            desired: None,
            anew: 0,
        };
        self.active.insert(node, active);
    }

    pub(super) fn launch(
        &mut self,
        node: NodeIndex,
        work: impl Future<Output = Outcome> + Send + 'a,
    ) {
        let guarded = AssertUnwindSafe(work).catch_unwind().map(move |outcome| {
            let outcome = outcome.unwrap_or_else(|panic| {
                let text = panic
                    .downcast_ref::<String>()
                    .cloned()
                    .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                Outcome::Panicked(text.unwrap_or_default())
            });
            (node, outcome)
        });
        self.launches.push(guarded.boxed());
    }

    pub(super) fn progress(&self, node: NodeIndex) -> impl Fn(&str) + Send + Sync + 'static {
        let sender = self.calls.0.clone();
        move |call: &str| {
            let _ = sender.send((node, call.to_owned()));
        }
    }

    async fn create(
        &mut self,
        node: NodeIndex,
        at: usize,
        change: &Change,
        desired: Desired,
        provider: Arc<dyn Provider>,
    ) {
        self.begin(node, change, Action::Create, String::new());
        if change.action == Action::CreateDelete
            && self.store.state().get(&change.address).is_some()
        {
            let key = format!("{:08x}", fastrand::u32(..));
            self.deposed.insert(at, key.clone());
            self.batch.push(Record::Deposed {
                address: change.address.clone(),
                key,
            });
            // The token depends on which object is the predecessor.
            if !self.flush().await {
                return;
            }
        }
        let after = Arc::new(desired.after);
        if let Some(active) = self.active.get_mut(&node) {
            active.desired = Some(after.clone());
        }
        if desired.kind.ty.service.is_within() {
            // It is made whole at once. Until that is written down it is nowhere else, and nobody has seen it.
            let ready = provider.settle(desired.kind.ty, "", &after, &|_| {}).await;
            return self.finished(node, Outcome::Ready(ready));
        }
        let request = provider.create_request(desired.kind.ty, &after);
        let token = self.intend(change, &request, &after);
        let ty = desired.kind.ty;
        self.launch(node, async move {
            Outcome::Created(provider.create(ty, &request, &token, &after).await)
        });
    }

    /// Writes the intent of a create call down, and returns its client token.
    pub(super) fn intend(
        &mut self,
        change: &Change,
        request: &CreateRequest,
        after: &Object,
    ) -> String {
        let digester = self.store.digester();
        let params: Vec<Parameter> = request
            .params
            .iter()
            .map(|param| digester.parameter(&param.name, &param.value, param.secret))
            .collect();
        let history = journal::history(self.store.state(), &change.address);
        let address = change.address.to_string();
        let token = client_token(Seed {
            lineage: &self.store.state().lineage,
            address: &address,
            predecessor: &history.predecessor,
            attempt: history.attempt,
            action: request.action,
            params: &params,
        });
        let planned = self.stored(change, after, Status::Unsettled);
        let (planned, sparse) = self.planned(&change.address.resource.kind, planned);
        self.batch.push(Record::Intent {
            address: change.address.clone(),
            deposed: None,
            operation: Operation::Create(Box::new(Create {
                action: request.action.to_owned(),
                token: token.clone(),
                takes_token: request.takes_token,
                params,
                predecessor: history.predecessor,
                attempt: history.attempt,
                provider: change.provider.to_string(),
                planned,
                sparse,
                at: self.now(&change.provider),
            })),
            place: self.place(&change.provider),
        });
        token
    }

    /// Writes a planned object, and whether what is null in it is left out: the journal has the names of its
    /// type's attributes once.
    fn planned(&mut self, kind: &Arc<str>, mut stored: Stored) -> (Encoded, bool) {
        let names = self.names.entry(kind.clone()).or_insert_with(|| {
            let names: Vec<Arc<str>> = stored.attributes.keys().cloned().collect();
            self.batch.push(Record::Names {
                kind: kind.to_string(),
                names: names.clone(),
            });
            names
        });
        let sparse = stored.attributes.keys().eq(names.iter());
        if sparse {
            let given = stored.attributes.iter();
            let given = given.filter(|(_, value)| !(value.is_null() || value.is_unknown()));
            let given = given.map(|(name, value)| (name.clone(), value.clone()));
            stored.attributes = Arc::new(given.collect());
        }
        (Encoded::object(kind, &stored), sparse)
    }

    /// Returns the time by the clock that decides how old a token is.
    fn now(&self, provider: &str) -> Timestamp {
        let provider = self.run.providers.get(provider);
        provider.map_or_else(Timestamp::now, |provider| provider.now())
    }

    fn place(&self, provider: &str) -> Option<Place> {
        let whereabouts = self.run.providers.get(provider)?.whereabouts()?;
        Some(Place::new(whereabouts, self.store.digester()))
    }

    /// Returns an object as the state keeps it: secrets sealed.
    pub(super) fn stored(&mut self, change: &Change, object: &Object, status: Status) -> Stored {
        let resource = &change.address.resource;
        let kind = self.run.registry.find(resource.mode, &resource.kind);
        let sealed = kind.map_or_else(
            || object.clone(),
            |kind| schema::seal(kind.ty, object, &|text| self.store.digest(text)),
        );
        let blocks = &self.planned.blocks;
        let dependencies = self
            .dependencies
            .entry(resource.clone())
            .or_insert_with(|| blocks.recorded(&resource.config()))
            .clone();
        let private = self
            .store
            .state()
            .get(&change.address)
            .and_then(|stored| stored.private.clone());
        Stored {
            status,
            schema_version: kind.map_or(0, |kind| kind.ty.schema_version),
            attributes: Arc::new(sealed),
            private: private.filter(|_| change.action == Action::Update),
            dependencies,
            create_before_destroy: self
                .planned
                .create_before_destroy
                .contains(&resource.config()),
        }
    }

    async fn update(
        &mut self,
        node: NodeIndex,
        change: &Change,
        desired: Desired,
        provider: Arc<dyn Provider>,
        builtin: bool,
    ) {
        let imported = change.importing.is_some();
        let prior = if imported {
            change.before.clone()
        } else {
            self.store
                .state()
                .get(&change.address)
                .map(|stored| stored.attributes.clone())
        };
        let Some(prior) = prior else {
            return self.refuse(node, [vanished(&change.address)]);
        };
        let id = id_of(&prior);
        self.begin(node, change, Action::Update, id.clone());
        let after = Arc::new(desired.after);
        if let Some(active) = self.active.get_mut(&node) {
            active.desired = Some(after.clone());
        }
        let ty = desired.kind.ty;
        let changed = desired.changed;
        if imported {
            self.summary.done.import += 1;
        }
        if builtin {
            let step = provider::Change {
                prior: &prior,
                desired: &after,
                changed: &changed,
            };
            let outcome = provider.update(ty, &id, step, &|_| {}).await;
            return self.finished(node, Outcome::Ready(outcome));
        }
        if imported {
            // From here on it is prov's to lose.
            let stored = self.stored(change, &prior, Status::Ready);
            self.batch.push(self.done_record(change, &stored));
        }
        self.batch.push(Record::Intent {
            address: change.address.clone(),
            deposed: None,
            operation: Operation::Update {
                id: id.clone(),
                changed: changed.clone(),
            },
            place: self.place(&change.provider),
        });
        let unsettled = change.reason == Some(Reason::UpdateBecauseUnsettled);
        let progress = self.progress(node);
        let hook = desired.kind.hooks.propose;
        self.launch(node, async move {
            let (mut prior, mut after, mut changed) = (prior, after, changed);
            if unsettled {
                match settle_surely(&*provider, ty, &id, &after, &progress).await {
                    Err(failure) => return Outcome::Ready(Err(failure)),
                    Ok(settled) => {
                        let same = |text: &str| text.to_owned();
                        let given = &desired.arguments;
                        let mut left = schema::propose(ty, hook, Some(&settled), given, &same);
                        // What the interrupted run sent may have been another.
                        let written = schema::write_in(ty, given, &mut left.after);
                        left.changed.extend(written.into_iter().map(str::to_owned));
                        if left.changed.is_empty() {
                            return Outcome::Ready(Ok(settled));
                        }
                        changed = left.changed;
                        after = Arc::new(left.after);
                        prior = Arc::new(settled);
                    }
                }
            }
            let step = provider::Change {
                prior: &prior,
                desired: &after,
                changed: &changed,
            };
            Outcome::Ready(provider.update(ty, &id, step, &progress).await)
        });
    }

    pub(super) async fn destroy(&mut self, node: NodeIndex, at: usize) {
        let change = self.planned.plan.changes[at].clone();
        let deposed = change
            .deposed
            .clone()
            .or_else(|| self.deposed.get(&at).cloned());
        if change.action == Action::CreateDelete && deposed.is_none() {
            return self.end_step(node);
        }
        let stored = match &deposed {
            None => self.store.state().get(&change.address).cloned(),
            Some(key) => self
                .store
                .state()
                .resources
                .get(&change.address.resource)
                .and_then(|kept| kept.instances.get(&change.address.key)?.deposed.get(key))
                .cloned(),
        };
        let Some(stored) = stored else {
            return self.end_step(node);
        };
        let id = id_of(&stored.attributes);
        let mut shown = change.clone();
        shown.deposed.clone_from(&deposed);
        if change.action == Action::Forget {
            let address = change.address.clone();
            self.batch.push(Record::Forgotten { address, deposed });
            self.summary.done.forget += 1;
            return self.end_step(node);
        }
        self.begin(node, &shown, Action::Delete, id);
        let marked = &self.store.state().extra.triggered;
        let whole = stored.status == Status::Ready || marked.contains(&change.address.to_string());
        // What was put aside has a successor, for which the commands have run.
        if deposed.is_none() && whole && self.has(&change, When::Destroy) {
            let this = stored.attributes.clone();
            return self.provision(node, &change, When::Destroy, &this, Outcome::Farewell);
        }
        self.delete(node, &change, deposed, stored);
    }

    /// Deletes an object, all that goes before being done.
    pub(super) fn delete(
        &mut self,
        node: NodeIndex,
        change: &Change,
        deposed: Option<String>,
        stored: Stored,
    ) {
        let id = id_of(&stored.attributes);
        let resource = &change.address.resource;
        let provider = self.run.providers.get(&change.provider).cloned();
        let kind = self.run.registry.find(resource.mode, &resource.kind);
        let (Some(provider), Some(kind)) = (provider, kind) else {
            return self.refuse(node, [missing(resource, &change.provider)]);
        };
        let ty = kind.ty;
        if ty.service.is_within() {
            return self.finished(node, Outcome::Deleted(Ok(())));
        }
        self.batch.push(Record::Intent {
            address: change.address.clone(),
            deposed,
            operation: Operation::Delete { id: id.clone() },
            place: self.place(&change.provider),
        });
        let progress = self.progress(node);
        self.launch(node, async move {
            Outcome::Deleted(
                provider
                    .delete(ty, &id, &stored.attributes, &progress)
                    .await,
            )
        });
    }
}

/// Settles a new object; one that seems to be gone is looked for once more before that is believed,
/// since it would be made a second time.
pub(super) async fn settle_surely(
    provider: &dyn Provider,
    ty: &'static schema::ResourceType,
    id: &str,
    desired: &Arc<Object>,
    progress: provider::Progress<'_>,
) -> Result<Object, Failure> {
    let failure = match provider.settle(ty, id, desired, progress).await {
        Err(failure) if is_gone(&failure) => failure,
        other => return other,
    };
    let wanted = Wanted {
        ty,
        id: id.to_owned(),
        known: desired.clone(),
    };
    match read_surely(provider, &[wanted]).await.pop() {
        Some(Ok(Some(seen))) => {
            let settled = provider.settle(ty, id, desired, progress).await;
            settled.map_err(|mut failure| {
                failure.current.get_or_insert(seen);
                failure
            })
        }
        _ => Err(failure),
    }
}

fn vanished(address: &Address) -> Diagnostic {
    Diagnostic::error(
        "Object not in the state",
        format!("{address} is to be updated, but the state does not have it."),
    )
    .about(address)
    .hint("Plan again.")
}
