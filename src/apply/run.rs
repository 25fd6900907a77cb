//! Carries a plan out: the one task that owns state, journal and schedule.
//!
//! An intent is durable before its call leaves, and a new object's id is durable before anything waits
//! for it; records of many steps share one write. Steps run side by side and answer with what came of
//! them; nobody locks anything.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use petgraph::{
    Direction,
    graph::{DiGraph, NodeIndex},
};
use tokio::sync::{mpsc, watch};

use super::{
    desired::{self, Desired},
    journal::{self, Create, Operation, Record},
    store::Store,
    token::{Parameter, Seed, client_token},
};
use crate::{
    backend::format::Encoded,
    manifest::ast::Module,
    model::{
        Address, Diagnostic, Diagnostics, Mode, Object, ResourceAddress, Value,
        event::{Event, Summary},
        language::Words,
        plan::{self, Action, Change, Reason},
        state::{Output, Status, Stored},
    },
    plan::{
        Planned, Providers, explain,
        providers::{block_of, missing},
        refresh::{id_of, read_surely},
        steps::{Step, steps},
    },
    provider::{
        self, ApiError, ApiErrorKind, CreateRequest, Failure, Provider, Wanted, registry::Registry,
    },
    schema::{self, Deed, Service},
};

/// How an apply is to be carried out.
pub struct Run<'a> {
    pub module: &'a Module,
    pub registry: Registry,
    pub providers: &'a Providers,
    /// At most this many steps at once.
    pub parallelism: usize,
    pub events: &'a (dyn Fn(Event) + Sync),
    /// Counts Ctrl-C: at one nothing new is started, at two the run is left.
    pub stop: watch::Receiver<u8>,
}

/// How an apply ended.
#[derive(Debug, Default)]
pub struct Ended {
    pub summary: Summary,
    /// Whether it was left with calls in flight: the journal has what is needed to go on.
    pub left: bool,
}

/// Records that one write takes at most: a builtin's steps need no call and would all be one batch.
const BATCH: usize = 4096;
/// How often an object that vanished while it was being made is made anew.
const ANEW: u32 = 3;

/// Carries the plan out. What fails is told in `diags`; the rest goes on.
pub async fn run(
    run: Run<'_>,
    planned: Planned<'_>,
    store: &mut Store,
    diags: &mut Diagnostics,
) -> Ended {
    let graph = match steps(&planned) {
        Ok(graph) => graph,
        Err(cycle) => {
            diags.push(*cycle);
            return Ended::default();
        }
    };
    let mut prior = (*planned.plan.prior).clone();
    let answers = prior.resources.len();
    if planned.plan.mode == plan::Mode::Destroy && planned.plan.targets.is_empty() {
        // What data sources answered goes with what it was asked for.
        prior
            .resources
            .retain(|address, _| address.mode == Mode::Managed);
    }
    let differs = planned.prior_differs || prior.resources.len() != answers;
    if let Err(error) = store.rebase(prior, differs).await {
        diags.push(fatal(&error));
        return Ended::default();
    }
    let mut engine = Engine::new(run, planned, store, diags, graph);
    engine.drive().await;
    engine.outputs().await;
    engine.end()
}

fn fatal(error: &crate::backend::StateError) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        "Failed to write the state",
        format!("{error}. Nothing more was started."),
    );
    diagnostic.hint = error.hint();
    diagnostic
}

/// What came of a call.
enum Outcome {
    /// A create call was answered.
    Created(Result<String, Failure>),
    /// The object was made ready, updated or read.
    Ready(Result<Object, Failure>),
    Deleted(Result<(), Failure>),
    /// The step broke a promise of the program's.
    Panicked(String),
}

/// A step's word on the call that it makes now.
type Said = (NodeIndex, String);
type Work<'a> = BoxFuture<'a, (NodeIndex, Outcome)>;

struct Engine<'a, 'm> {
    run: Run<'a>,
    planned: Planned<'m>,
    store: &'a mut Store,
    diags: &'a mut Diagnostics,
    graph: DiGraph<Step, ()>,
    /// How many steps each step still waits for.
    waits: Vec<usize>,
    ready: VecDeque<NodeIndex>,
    /// Those that are ready and go together with others: they take nobody's place.
    ready_together: VecDeque<NodeIndex>,
    /// Those of them that are under way.
    together: HashSet<NodeIndex>,
    /// Which failure keeps a step from being started.
    blocked: HashMap<NodeIndex, Address>,
    status: Vec<Progress>,
    running: FuturesUnordered<Work<'a>>,
    active: HashMap<NodeIndex, Active>,
    /// Records that are to be durable before `launches` leave.
    batch: Vec<Record>,
    launches: Vec<Work<'a>>,
    calls: (mpsc::UnboundedSender<Said>, mpsc::UnboundedReceiver<Said>),
    /// Where the old object of a change went.
    deposed: HashMap<usize, String>,
    each: HashMap<Arc<ResourceAddress>, HashMap<Arc<str>, Value>>,
    dependencies: HashMap<Arc<ResourceAddress>, Arc<[Arc<ResourceAddress>]>>,
    /// Steps whose object was gone when it was answered.
    anew: Vec<NodeIndex>,
    summary: Summary,
    stopping: bool,
    left: bool,
    broken: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Waiting,
    Ended,
}

/// A step that is under way.
struct Active {
    address: Address,
    action: Action,
    id: String,
    since: Instant,
    desired: Option<Arc<Object>>,
    anew: u32,
}

impl<'a, 'm> Engine<'a, 'm> {
    fn new(
        run: Run<'a>,
        planned: Planned<'m>,
        store: &'a mut Store,
        diags: &'a mut Diagnostics,
        graph: DiGraph<Step, ()>,
    ) -> Self {
        let waits: Vec<usize> = graph
            .node_indices()
            .map(|node| graph.edges_directed(node, Direction::Incoming).count())
            .collect();
        let first: Vec<NodeIndex> = graph
            .node_indices()
            .filter(|node| waits[node.index()] == 0)
            .collect();
        let status = vec![Progress::Waiting; graph.node_count()];
        let mut engine = Self {
            run,
            planned,
            store,
            diags,
            graph,
            waits,
            ready: VecDeque::new(),
            ready_together: VecDeque::new(),
            together: HashSet::new(),
            blocked: HashMap::new(),
            status,
            running: FuturesUnordered::new(),
            active: HashMap::new(),
            batch: Vec::new(),
            launches: Vec::new(),
            calls: mpsc::unbounded_channel(),
            deposed: HashMap::new(),
            each: HashMap::new(),
            dependencies: HashMap::new(),
            anew: Vec::new(),
            summary: Summary::default(),
            stopping: false,
            left: false,
            broken: false,
        };
        for node in first {
            engine.make_ready(node);
        }
        engine
    }

    fn make_ready(&mut self, node: NodeIndex) {
        if self.goes_together(node) {
            self.ready_together.push_back(node);
        } else {
            self.ready.push_back(node);
        }
    }

    /// Whether a step's calls are made together with those of others.
    fn goes_together(&self, node: NodeIndex) -> bool {
        let (Step::Apply(at) | Step::Destroy(at)) = &self.graph[node] else {
            return false;
        };
        let change = &self.planned.plan.changes[*at];
        let resource = &change.address.resource;
        let Some(kind) = self.run.registry.find(resource.mode, &resource.kind) else {
            return false;
        };
        let makes = matches!(self.graph[node], Step::Apply(_));
        match change.action {
            Action::NoOp | Action::Read | Action::Forget => false,
            Action::Update => schema::goes_together(kind.ty, Deed::Update(&change.changed())),
            Action::Create | Action::DeleteCreate | Action::CreateDelete if makes => {
                schema::goes_together(kind.ty, Deed::Create)
            }
            Action::Create | Action::DeleteCreate | Action::CreateDelete | Action::Delete => {
                schema::goes_together(kind.ty, Deed::Delete)
            }
        }
    }

    async fn drive(&mut self) {
        let mut tick = tokio::time::interval(Duration::from_secs(10));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        tick.reset();
        let mut stop = self.run.stop.clone();
        let mut stoppable = true;
        loop {
            self.start_ready().await;
            if !self.flush().await {
                return;
            }
            if !self.anew.is_empty() {
                self.ask_anew();
                continue;
            }
            self.running.extend(self.launches.drain(..));
            if self.running.is_empty() {
                let none = self.ready.is_empty() && self.ready_together.is_empty();
                if none || self.stopping {
                    return;
                }
                continue;
            }
            tokio::select! {
                Some((node, outcome)) = self.running.next() => {
                    self.finished(node, outcome);
                    // What else has ended meanwhile shares the next write.
                    while let Some(Some((node, outcome))) = self.running.next().now_or_never() {
                        self.finished(node, outcome);
                    }
                }
                Some((node, call)) = self.calls.1.recv() => self.called(node, call),
                _ = tick.tick() => self.still_running(),
                changed = stop.changed(), if stoppable => {
                    let count = *stop.borrow();
                    if changed.is_err() {
                        stoppable = false;
                    } else if count >= 2 {
                        self.left = true;
                        self.stopping = true;
                        return;
                    } else if !self.stopping {
                        self.stopping = true;
                        (self.run.events)(Event::Stopping { running: self.running.len() });
                    }
                }
            }
        }
    }

    /// Makes the batch durable; `false` when it could not be, and the run ends.
    async fn flush(&mut self) -> bool {
        let batch = std::mem::take(&mut self.batch);
        match self.store.append(&batch).await {
            Ok(()) => true,
            Err(error) => {
                // Calls whose intents are durable are left to the next run.
                self.diags.push(fatal(&error));
                self.launches.clear();
                self.stopping = true;
                self.left = true;
                self.broken = true;
                false
            }
        }
    }

    async fn start_ready(&mut self) {
        while !self.stopping && self.batch.len() < BATCH {
            let all = self.running.len() + self.launches.len();
            let alone = all.saturating_sub(self.together.len());
            let node = if let Some(node) = self.ready_together.pop_front() {
                self.together.insert(node);
                node
            } else if alone < self.run.parallelism
                && let Some(node) = self.ready.pop_front()
            {
                node
            } else {
                return;
            };
            self.start(node).await;
        }
    }

    async fn start(&mut self, node: NodeIndex) {
        match self.graph[node].clone() {
            Step::Applied(_) | Step::Destroyed(_) => self.end_step(node),
            Step::Apply(at) => self.apply(node, at).await,
            Step::Destroy(at) => self.destroy(node, at).await,
        }
    }

    /// Lets what waits for this step go on.
    fn end_step(&mut self, node: NodeIndex) {
        self.status[node.index()] = Progress::Ended;
        self.together.remove(&node);
        self.active.remove(&node);
        let next: Vec<NodeIndex> = self.graph.neighbors(node).collect();
        for successor in next {
            let waits = &mut self.waits[successor.index()];
            *waits -= 1;
            if *waits == 0 {
                self.make_ready(successor);
            }
        }
    }

    /// Keeps everything that waits for this step, directly or not, from being started.
    fn fail_step(&mut self, node: NodeIndex) {
        let address = self.address(node);
        self.status[node.index()] = Progress::Ended;
        self.together.remove(&node);
        let active = self.active.remove(&node);
        if let Some(address) = &address {
            self.summary.failed.push(address.clone());
            if let Some(active) = active {
                let seconds = active.since.elapsed().as_secs();
                let (address, action) = (address.clone(), active.action);
                (self.run.events)(Event::StepFailed {
                    address,
                    action,
                    seconds,
                });
            }
        }
        let Some(cause) = address else { return };
        let mut open: Vec<NodeIndex> = self.graph.neighbors(node).collect();
        while let Some(successor) = open.pop() {
            if self.blocked.contains_key(&successor) {
                continue;
            }
            self.blocked.insert(successor, cause.clone());
            self.status[successor.index()] = Progress::Ended;
            open.extend(self.graph.neighbors(successor));
            if let Some(address) = self.address(successor) {
                let because_of = cause.clone();
                (self.run.events)(Event::StepSkipped {
                    address: address.clone(),
                    because_of: because_of.clone(),
                });
                if address != because_of {
                    self.summary.skipped.push((address, because_of));
                }
            }
        }
    }

    fn address(&self, node: NodeIndex) -> Option<Address> {
        match &self.graph[node] {
            Step::Apply(at) | Step::Destroy(at) => {
                Some(self.planned.plan.changes[*at].address.clone())
            }
            Step::Applied(_) | Step::Destroyed(_) => None,
        }
    }

    fn refuse(&mut self, node: NodeIndex, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diags.extend(diagnostics);
        self.fail_step(node);
    }

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
    }

    async fn apply(&mut self, node: NodeIndex, at: usize) {
        let change = self.planned.plan.changes[at].clone();
        if change.action == Action::NoOp {
            return self.import(node, &change);
        }
        let Some(provider) = self.run.providers.get(&change.provider).cloned() else {
            return self.refuse(node, [missing(&change.address.resource, &change.provider)]);
        };
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
        let builtin = desired.kind.ty.service == Service::Builtin;
        match change.action {
            Action::Read => self.read(node, &change, desired, provider),
            Action::Update => self.update(node, &change, desired, provider, builtin).await,
            _ => self.create(node, at, &change, desired, provider).await,
        }
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

    fn launch(&mut self, node: NodeIndex, work: impl Future<Output = Outcome> + Send + 'a) {
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

    fn progress(&self, node: NodeIndex) -> impl Fn(&str) + Send + Sync + 'static {
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
        if desired.kind.ty.service == Service::Builtin {
            let request = provider.create_request(desired.kind.ty, &after);
            let made = provider.create(desired.kind.ty, &request, "", &after).await;
            let ready = match made {
                Ok(id) => provider.settle(desired.kind.ty, &id, &after, &|_| {}).await,
                Err(failure) => Err(failure),
            };
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
    fn intend(&mut self, change: &Change, request: &CreateRequest, after: &Object) -> String {
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
                planned: Encoded::object(&change.address.resource.kind, &planned),
                at: Store::now(),
            })),
        });
        token
    }

    /// Returns an object as the state keeps it: secrets sealed.
    fn stored(&mut self, change: &Change, object: &Object, status: Status) -> Stored {
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
            .or_insert_with(|| blocks.recorded(resource))
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
            create_before_destroy: self.planned.create_before_destroy.contains(resource),
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
                        let left = schema::propose(ty, hook, Some(&settled), given, &same);
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

    async fn destroy(&mut self, node: NodeIndex, at: usize) {
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
        self.begin(node, &shown, Action::Delete, id.clone());
        let Some(provider) = self.run.providers.get(&change.provider).cloned() else {
            return self.refuse(node, [missing(&change.address.resource, &change.provider)]);
        };
        let resource = &change.address.resource;
        let Some(kind) = self.run.registry.find(resource.mode, &resource.kind) else {
            return self.refuse(node, [missing(resource, &change.provider)]);
        };
        let ty = kind.ty;
        if ty.service == Service::Builtin {
            return self.finished(node, Outcome::Deleted(Ok(())));
        }
        self.batch.push(Record::Intent {
            address: change.address.clone(),
            deposed,
            operation: Operation::Delete { id: id.clone() },
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

    fn finished(&mut self, node: NodeIndex, outcome: Outcome) {
        let at = match &self.graph[node] {
            Step::Apply(at) | Step::Destroy(at) => *at,
            Step::Applied(_) | Step::Destroyed(_) => return,
        };
        let change = self.planned.plan.changes[at].clone();
        match outcome {
            Outcome::Created(Ok(id)) => self.created(node, &change, id),
            Outcome::Created(Err(failure)) => self.not_created(node, at, &change, &failure),
            Outcome::Ready(Ok(object)) => self.done(node, &change, object),
            Outcome::Ready(Err(failure)) => self.not_ready(node, &change, &failure),
            Outcome::Deleted(Ok(())) => self.deleted(node, at, &change),
            Outcome::Deleted(Err(failure)) => {
                let deposed = change
                    .deposed
                    .clone()
                    .or_else(|| self.deposed.get(&at).cloned());
                let code = failure.error.code.clone();
                let address = change.address.clone();
                self.batch.push(Record::Failed {
                    address,
                    deposed,
                    code,
                    object: None,
                });
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
        if let Some(active) = self.active.get_mut(&node) {
            active.anew = anew;
            active.id = String::new();
        }
        // The token comes from the state, which has to know of the loss first.
        self.anew.push(node);
    }

    /// Asks for the objects that were answered and are gone, once their loss is durable.
    fn ask_anew(&mut self) {
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

    fn done_record(&self, change: &Change, stored: &Stored) -> Record {
        Record::Done {
            address: change.address.clone(),
            deposed: None,
            provider: change.provider.to_string(),
            object: Encoded::object(&change.address.resource.kind, stored),
        }
    }

    fn done(&mut self, node: NodeIndex, change: &Change, object: Object) {
        let resource = &change.address.resource;
        let kind = self.run.registry.find(resource.mode, &resource.kind);
        let object = match kind {
            Some(kind) => schema::mark(kind.ty, object),
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

    fn postconditions(&mut self, change: &Change, object: &Object) -> Vec<Diagnostic> {
        let block = self.run.module.resources.get(&change.address.resource);
        let Some(block) = block.filter(|block| !block.lifecycle.postconditions.is_empty()) else {
            return Vec::new();
        };
        desired::postconditions(block, &change.address, &self.planned.values, object)
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
        let subject = explain::Subject {
            address: &change.address,
            ty: kind.map(|kind| kind.ty),
            block: self.run.module.resources.get(resource),
            provider: block_of(self.run.module, &change.provider),
        };
        let diagnostic = explain::failed(summary, failure, subject);
        self.refuse(node, [diagnostic]);
    }

    fn called(&mut self, node: NodeIndex, call: String) {
        let Some(active) = self.active.get(&node) else {
            return;
        };
        let address = active.address.clone();
        // A step of a deposed object is not written down: its slot is another.
        // Nor is a late word of an object that is made anew.
        let lost = active.action == Action::Create && active.id.is_empty();
        let journaled =
            matches!(self.graph[node], Step::Apply(_)) && active.action != Action::Read && !lost;
        if journaled {
            self.batch.push(Record::Step {
                address: address.clone(),
                call: call.clone(),
            });
        }
        (self.run.events)(Event::StepCall { address, call });
    }

    fn still_running(&self) {
        for active in self.active.values() {
            (self.run.events)(Event::StepRunning {
                address: active.address.clone(),
                action: active.action,
                id: active.id.clone(),
                seconds: active.since.elapsed().as_secs(),
            });
        }
    }

    /// Records the output values as far as they are known.
    async fn outputs(&mut self) {
        if self.broken || self.left {
            return;
        }
        let before = self.store.state().outputs.clone();
        let mut outputs = before.clone();
        let clean =
            self.summary.failed.is_empty() && self.summary.skipped.is_empty() && !self.stopping;
        match self.planned.plan.mode {
            plan::Mode::Destroy => {
                if clean && self.planned.plan.targets.is_empty() {
                    outputs.clear();
                }
            }
            plan::Mode::Normal | plan::Mode::RefreshOnly => {
                if clean {
                    outputs.retain(|name, _| self.run.module.outputs.contains_key(name.as_str()));
                }
                for (name, output) in &self.run.module.outputs {
                    let value = crate::eval::evaluate(&output.value, &self.planned.values);
                    if let Ok(value) = value
                        && value.is_wholly_known()
                    {
                        let value = value.unmarked_deep();
                        let ty = value.type_of();
                        let kept = Output {
                            value,
                            ty,
                            sensitive: output.sensitive,
                        };
                        outputs.insert(name.to_string(), kept);
                    }
                }
            }
        }
        let same = before.len() == outputs.len()
            && before.iter().all(|(name, old)| {
                outputs.get(name).is_some_and(|new| {
                    new.sensitive == old.sensitive && new.value.order(&old.value).is_eq()
                })
            });
        if !same {
            self.batch.push(Record::Outputs {
                outputs: Encoded::outputs(&outputs),
            });
            self.flush().await;
        }
    }

    fn end(self) -> Ended {
        let mut summary = self.summary;
        for node in self.graph.node_indices() {
            if self.status[node.index()] == Progress::Waiting
                && let Step::Apply(at) | Step::Destroy(at) = &self.graph[node]
            {
                let address = self.planned.plan.changes[*at].address.clone();
                if !summary.not_started.contains(&address) && !self.active.contains_key(&node) {
                    summary.not_started.push(address);
                }
            }
        }
        summary.interrupted = self.stopping && !self.broken;
        Ended {
            summary,
            left: self.left,
        }
    }
}

/// Settles a new object; one that seems to be gone is looked for once more before that is believed,
/// since it would be made a second time.
async fn settle_surely(
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

/// Whether a failure says that the object is not there any more.
fn is_gone(failure: &Failure) -> bool {
    failure.error.kind == ApiErrorKind::NotFound && failure.current.is_none()
}

fn vanished(address: &Address) -> Diagnostic {
    Diagnostic::error(
        "Object not in the state",
        format!("{address} is to be updated, but the state does not have it."),
    )
    .about(address)
    .hint("Plan again.")
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
