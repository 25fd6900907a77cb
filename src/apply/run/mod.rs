//! Carries a plan out: the one task that owns state, journal and schedule.
//!
//! An intent is durable before its call leaves, and a new object's id is durable before anything waits
//! for it; records of many steps share one write. Steps run side by side and answer with what came of
//! them; nobody locks anything.

mod ended;
mod outputs;
mod provision;
mod start;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use petgraph::{Direction, graph::NodeIndex};
use tokio::sync::{mpsc, watch};

use self::provision::Told;
use super::{journal::Record, store::Store};
use crate::{
    manifest::ast::Module,
    model::{
        Address, Diagnostic, Diagnostics, Mode, Object, ResourceAddress, Value,
        event::{Event, Summary},
        plan::{self, Action, Reason},
    },
    plan::{
        Planned, Providers, opening,
        steps::{Step, Steps, steps},
    },
    provider::{Failure, registry::Registry},
    schema::{self, Deed},
};

/// How an apply is to be carried out.
pub struct Run<'a> {
    pub module: &'a Module,
    pub registry: Registry,
    pub providers: &'a Providers,
    /// At most this many steps at once, but for those that go together and those that wait.
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
/// For each place, so many steps may wait until their new object is ready without taking one.
const SETTLING: usize = 16;
/// How often an object that vanished while it was being made is made anew.
const ANEW: u32 = 3;

/// Carries the plan out. What fails is told in `diags`; the rest goes on.
pub async fn run(
    run: Run<'_>,
    mut planned: Planned<'_>,
    store: &mut Store,
    diags: &mut Diagnostics,
) -> Ended {
    planned.values.go_live();
    let graph = steps(&planned);
    let mut prior = Arc::unwrap_or_clone(std::mem::take(&mut planned.plan.prior));
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
    opening::close(&mut engine.opened, engine.run.events);
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

/// Returns the triggered replacements, by what triggers them and by their own resource.
fn triggered(changes: &[plan::Change]) -> HashMap<Arc<ResourceAddress>, Vec<usize>> {
    let mut triggered: HashMap<Arc<ResourceAddress>, Vec<usize>> = HashMap::new();
    let replaced =
        |(_, change): &(usize, &plan::Change)| change.reason == Some(Reason::ReplaceByTriggers);
    for (at, change) in changes.iter().enumerate().filter(replaced) {
        for resource in change.triggers.iter().chain([&change.address.resource]) {
            triggered.entry(resource.clone()).or_default().push(at);
        }
    }
    triggered
}

/// What came of a call.
enum Outcome {
    /// A create call was answered.
    Created(Result<String, Failure>),
    /// The object was made ready, updated or read.
    Ready(Result<Object, Failure>),
    Deleted(Result<(), Failure>),
    /// The commands of a new object ran: warnings, or why it is not as it should be.
    Provisioned(Object, Result<Vec<Diagnostic>, Vec<Diagnostic>>),
    /// The commands of an object that is to be destroyed ran.
    Farewell(Result<Vec<Diagnostic>, Vec<Diagnostic>>),
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
    graph: Steps,
    /// How many steps each step still waits for.
    waits: Vec<usize>,
    ready: VecDeque<NodeIndex>,
    /// Those that are ready and go together with others: they take nobody's place.
    ready_together: VecDeque<NodeIndex>,
    /// Those of them that are under way.
    together: HashSet<NodeIndex>,
    /// Those whose object is there and is made ready: mostly they wait.
    settling: HashSet<NodeIndex>,
    /// Which failure keeps a step from being started.
    blocked: HashMap<NodeIndex, Address>,
    status: Vec<Progress>,
    running: FuturesUnordered<Work<'a>>,
    active: HashMap<NodeIndex, Active>,
    /// Records that are to be durable before `launches` leave.
    batch: Vec<Record>,
    launches: Vec<Work<'a>>,
    calls: (mpsc::UnboundedSender<Said>, mpsc::UnboundedReceiver<Said>),
    told: (mpsc::Sender<Told>, mpsc::Receiver<Told>),
    /// Where the old object of a change went.
    deposed: HashMap<usize, String>,
    /// The changes that are triggered, by the resources whose steps are the first to be seen of it.
    triggered: HashMap<Arc<ResourceAddress>, Vec<usize>>,
    /// Those of them that are marked.
    marked: HashSet<usize>,
    each: HashMap<Arc<ResourceAddress>, HashMap<Arc<str>, Value>>,
    /// Ephemeral resources that are open, and the blocks of those that were opened.
    opened: Vec<Address>,
    opened_blocks: HashSet<Arc<ResourceAddress>>,
    /// The blocks that have all the ephemeral resources that they need.
    supplied: HashSet<Arc<ResourceAddress>>,
    dependencies: HashMap<Arc<ResourceAddress>, Arc<[Arc<ResourceAddress>]>>,
    /// The names of the attributes of types that the journal has.
    names: HashMap<Arc<str>, Vec<Arc<str>>>,
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
        graph: Steps,
    ) -> Self {
        let waits: Vec<usize> = graph
            .node_indices()
            .map(|node| graph.edges_directed(node, Direction::Incoming).count())
            .collect();
        let first: Vec<NodeIndex> = graph
            .node_indices()
            .filter(|node| waits[node.index()] == 0)
            .collect();
        let triggered = triggered(&planned.plan.changes);
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
            settling: HashSet::new(),
            blocked: HashMap::new(),
            status,
            running: FuturesUnordered::new(),
            active: HashMap::new(),
            batch: Vec::new(),
            launches: Vec::new(),
            calls: mpsc::unbounded_channel(),
            told: mpsc::channel(64),
            deposed: HashMap::new(),
            triggered,
            marked: HashSet::new(),
            each: HashMap::new(),
            opened: Vec::new(),
            opened_blocks: HashSet::new(),
            supplied: HashSet::new(),
            dependencies: HashMap::new(),
            names: HashMap::new(),
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
                Some((node, what)) = self.told.1.recv() => self.tell(node, what),
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
            let node = if let Some(node) = self.ready_together.pop_front() {
                self.together.insert(node);
                node
            } else if self.places_taken() < self.run.parallelism
                && let Some(node) = self.ready.pop_front()
            {
                node
            } else {
                return;
            };
            self.start(node).await;
        }
    }

    /// How many steps count for the parallelism.
    fn places_taken(&self) -> usize {
        let all = self.running.len() + self.launches.len();
        // Whoever asks for one at a time gets one at a time.
        let settling = match self.run.parallelism {
            1 => 0,
            many => self.settling.len().min(many * SETTLING),
        };
        all.saturating_sub(self.together.len() + settling)
    }

    async fn start(&mut self, node: NodeIndex) {
        match self.graph[node].clone() {
            Step::Applied(_) | Step::Destroyed(_) | Step::Between => self.end_step(node),
            Step::Apply(at) => self.apply(node, at).await,
            Step::Destroy(at) => self.destroy(node, at).await,
        }
    }

    /// Lets what waits for this step go on.
    fn end_step(&mut self, node: NodeIndex) {
        self.status[node.index()] = Progress::Ended;
        self.together.remove(&node);
        self.settling.remove(&node);
        self.active.remove(&node);
        if let Step::Apply(at) = self.graph[node] {
            // What it came to is in the state, and what others need of it among the values.
            let change = &mut self.planned.plan.changes[at];
            (change.before, change.after) = (None, None);
        }
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
        self.settling.remove(&node);
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
            Step::Applied(_) | Step::Destroyed(_) | Step::Between => None,
        }
    }

    fn refuse(&mut self, node: NodeIndex, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diags.extend(diagnostics);
        self.fail_step(node);
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

    fn end(self) -> Ended {
        let mut summary = self.summary;
        let mut told = HashSet::new();
        for node in self.graph.node_indices() {
            if self.status[node.index()] == Progress::Waiting
                && let Step::Apply(at) | Step::Destroy(at) = &self.graph[node]
            {
                let address = &self.planned.plan.changes[*at].address;
                if !self.active.contains_key(&node) && told.insert(address) {
                    summary.not_started.push(address.clone());
                }
            }
        }
        summary.interrupted = self.stopping && !self.broken;
        summary.unrecorded = self.broken;
        Ended {
            summary,
            left: self.left,
        }
    }
}
