//! The walk over the reference graph: evaluate, validate, compare, and put the planned object in scope.
//!
//! Evaluation and comparison interleave: a resource that names another's id sees it known if that one
//! stays, and unknown if it is new or replaced.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
    sync::Arc,
};

use rayon::prelude::*;

use super::{
    arguments::{Promise, arguments, conditions, locate},
    build::Input,
    checks,
    cross::{self, Link},
    decide::{Case, decide},
    graph::{Blocks, Visit},
    growth,
    held::Departing,
    imports, moves,
    opening::{self, Opening},
    providers::{missing, provider_of},
    scope::{InstanceScope, Keys, MAX_LOCAL, ModuleScope, Repetition, Resolved, Values, keys_of},
    targets::Chosen,
    trigger::Triggers,
};
use crate::{
    eval::{self, expand::expand},
    manifest::ast::Resource,
    model::{
        Address, Diagnostic, Diagnostics, Key, Mode, ModulePath, Object, ResourceAddress, Severity,
        Span, Value,
        checks::{Checks, Finding, Subject},
        plan::{self, Action, Change},
        state::{State, Stored},
    },
    provider::hooks::Kind,
    schema,
};

/// One walk: what it goes by, and what it has come to so far.
pub(super) struct Walk<'w, 'm> {
    pub(super) input: &'w Input<'w, 'm>,
    pub(super) blocks: &'w Blocks,
    pub(super) chosen: Chosen,
    pub(super) prior: State,
    pub(super) values: Values<'m>,
    pub(super) create_before_destroy: &'w HashSet<Arc<ResourceAddress>>,
    pub(super) imports: HashMap<Address, (String, Stored)>,
    /// Instances that the configuration has under another key than the state: where they were.
    pub(super) moved: moves::Previous,
    pub(super) changes: Vec<Change>,
    /// Where those of each resource are that stays.
    pub(super) places: HashMap<Arc<ResourceAddress>, Range<usize>>,
    /// Resources of which something changes.
    pub(super) pending: HashSet<Arc<ResourceAddress>>,
    pub(super) links: Vec<(usize, Link)>,
    pub(super) checks: Checks,
    pub(super) departing: Departing,
    /// Ephemeral resources that are open.
    pub(super) opened: Vec<Address>,
    pub(super) diags: &'w mut Diagnostics,
}

/// What planning one instance came to.
#[derive(Default)]
struct Outcome {
    change: Option<Change>,
    links: Vec<Link>,
    /// What its conditions came to.
    finding: Finding,
    diags: Vec<Diagnostic>,
}

/// How many instances are planned before what came of them is taken in.
const BATCH: usize = 2048;

/// What the instances of one block came to.
struct Made {
    subject: Subject,
    changes: Vec<Change>,
    /// What each is to those that refer to it.
    instances: Vec<(Key, Value)>,
    seen: Seen,
}

impl Made {
    fn new(address: &Arc<ResourceAddress>, count: usize) -> Self {
        Self {
            subject: Subject::Resource(address.clone()),
            changes: Vec::with_capacity(count),
            instances: Vec::with_capacity(count),
            seen: HashMap::new(),
        }
    }
}

impl Walk<'_, '_> {
    /// Walks, and leaves what was found in itself.
    pub(super) async fn run(&mut self) {
        match self.input.options.mode {
            plan::Mode::Destroy => self.destroy_all(),
            plan::Mode::RefreshOnly => self.as_recorded(),
            plan::Mode::Normal => {
                self.read_imports().await;
                for visit in self.blocks.order.clone() {
                    self.visit(&visit).await;
                }
                self.unclaimed();
                self.orphans();
                self.check_locals();
                moves::check(self.input.module, &self.changes, self.diags);
                growth::check(&self.changes, self.input, self.diags);
                cross::check(
                    &self.changes,
                    &self.links,
                    self.input,
                    &self.prior,
                    self.diags,
                );
            }
        }
        self.deposed();
        self.refuse_protected();
        opening::close(&mut self.opened, self.input.events);
    }

    /// Puts the state's objects in scope, and plans nothing.
    pub(super) fn as_recorded(&mut self) {
        self.values.recall(&self.prior);
    }

    async fn visit(&mut self, visit: &Visit) {
        match visit {
            Visit::Call(path) => {
                let problems = self.values.enter(path);
                self.diags.extend(problems);
            }
            Visit::Variable(path, name) => {
                let found = self.values.instances(path);
                self.tell(
                    found
                        .iter()
                        .map(|scope| scope.check_variable(name))
                        .collect(),
                );
            }
            Visit::Output(path, name) => self.output(path, name),
            Visit::Resource(address) => {
                let Some(block) = self.input.module.block(address) else {
                    return;
                };
                if block.lifecycle.promises() && self.chosen.resource(address) {
                    self.checks.looked_at(&Subject::Resource(address.clone()));
                }
                let places = self.values.instances(&address.module);
                let places: Vec<_> = places.iter().map(|it| it.path().clone()).collect();
                for path in places {
                    let instance = match path == address.module {
                        true => address.clone(),
                        false => Arc::new(address.within(path)),
                    };
                    self.resource(&instance, block).await;
                }
            }
        }
    }

    /// Looks at an output of all instances of a module below the root.
    fn output(&mut self, path: &ModulePath, name: &Arc<str>) {
        let module = self.input.module.descendant(path);
        let Some(output) = module.and_then(|it| it.outputs.get(name)) else {
            return;
        };
        if !output.preconditions.is_empty() {
            let subject = Subject::Output(path.clone(), name.clone());
            self.checks.looked_at(&subject);
        }
        let mut found = Vec::new();
        for scope in self.values.instances(path) {
            found.push(match eval::evaluate(&output.value, &scope) {
                Ok(_) => checks::output(&scope, output, &mut self.checks),
                Err(problem) => {
                    vec![problem.about(within(scope.path(), &format!("output.{name}")))]
                }
            });
        }
        self.tell(found);
    }

    /// Tells what instances of a module have in common once.
    fn tell(&mut self, found: Vec<Vec<Diagnostic>>) {
        let mut seen = HashMap::new();
        for diags in found {
            merge(&mut seen, diags);
        }
        self.diags.extend(repeated(seen));
    }

    fn open(&mut self, address: &Arc<ResourceAddress>, block: &Resource, kind: &'static Kind) {
        let waits = self.waits_for_changes(address, block);
        let mut opening = Opening {
            values: &mut self.values,
            checks: &mut self.checks,
            events: self.input.events,
            opened: &mut self.opened,
        };
        let told = opening.open(address, block, kind, waits);
        self.diags.extend(told);
    }

    async fn resource(&mut self, address: &Arc<ResourceAddress>, block: &Resource) {
        let Some(kind) = self.input.registry.find(address.mode, &address.kind) else {
            return;
        };
        if !self.chosen.resource(address) {
            let resolved = Resolved::recorded(Some(block), &self.prior, address);
            self.values.resolve(address, resolved);
            return;
        }
        if address.mode == Mode::Ephemeral {
            return self.open(address, block, kind);
        }
        let Some(scope) = self.values.within(&address.module) else {
            return;
        };
        let expansion = match expand(block.count.as_ref(), block.for_each.as_ref(), &scope) {
            Ok(expansion) => expansion,
            Err(diagnostic) => {
                self.diags.push(diagnostic.about(address));
                self.values
                    .resolve(address, Resolved::new(Repetition::Single, Vec::new()));
                return;
            }
        };
        let (repetition, keys) = keys_of(expansion);
        self.follow_repetition(address, repetition, &keys);
        match address.mode {
            Mode::Managed => self.managed(address, block, kind, repetition, &keys),
            Mode::Ephemeral => unreachable!("it was opened above"),
            Mode::Data => self.data(address, block, kind, repetition, keys).await,
        }
    }

    /// Adding or taking away `count` moves the one instance that there is, as Terraform does, rather
    /// than replace it.
    fn follow_repetition(
        &mut self,
        address: &Arc<ResourceAddress>,
        repetition: Repetition,
        keys: &[(Key, Option<Value>)],
    ) {
        let Some(kept) = self.prior.resources.get(address) else {
            return;
        };
        let (from, to) = match repetition {
            Repetition::Single => (Key::Int(0), Key::None),
            Repetition::Count if !keys.is_empty() => (Key::None, Key::Int(0)),
            Repetition::Count | Repetition::ForEach => return,
        };
        if kept.instances.contains_key(&to) || !kept.instances.contains_key(&from) {
            return;
        }
        let name = |key: Key| Address {
            resource: address.clone(),
            key,
        };
        let (from, to) = (name(from), name(to));
        self.prior.rename(&from, &to);
        self.moved.insert(to, from);
    }

    fn managed(
        &mut self,
        address: &Arc<ResourceAddress>,
        block: &Resource,
        kind: &'static Kind,
        repetition: Repetition,
        keys: &Keys,
    ) {
        let (provider, _) = provider_of(self.input.module, kind, &address.module, block);
        if self.input.providers.get(&provider).is_none() {
            self.diags.push(missing(address, &provider));
            return;
        }
        let needs = if self.departing.is_empty() {
            BTreeSet::new()
        } else {
            self.blocks.with_needs([address.config()])
        };
        let wanted: BTreeSet<&Key> = keys.iter().map(|(key, _)| key).collect();
        let surplus = self.surplus(address, repetition, &wanted);
        let mut changes = std::mem::take(&mut self.changes);
        let first = changes.len();
        let triggers = Triggers::new(block, &address.module, &changes, &self.places);
        let mut made = Made::new(address, keys.len());
        for keys in keys.chunks(BATCH) {
            let this: &Self = self;
            let one = |(key, each): &(Key, Option<Value>)| {
                let instance = Address {
                    resource: address.clone(),
                    key: key.clone(),
                };
                let around = (&provider, &triggers, &needs);
                this.instance(&instance, each.as_ref(), block, kind, around)
            };
            let outcomes: Vec<Outcome> = if keys.len() < 256 {
                keys.iter().map(one).collect()
            } else {
                keys.par_iter().map(one).collect()
            };
            for ((key, _), outcome) in keys.iter().zip(outcomes) {
                if block.lifecycle.promises() {
                    let finding = outcome.finding.clone();
                    self.checks.note(made.subject.clone(), key.clone(), finding);
                }
                self.take(key, outcome, first, &mut made);
            }
        }
        drop(triggers);
        for change in &made.changes {
            self.departing.note(kind.ty, change);
        }
        if made.changes.iter().any(|it| it.action != Action::NoOp) {
            self.pending.insert(address.config());
        }
        changes.append(&mut made.changes);
        self.places.insert(address.clone(), first..changes.len());
        self.changes = changes;
        self.diags.extend(repeated(made.seen));
        self.values
            .resolve(address, Resolved::new(repetition, made.instances));
        for (instance, stored, reason) in surplus {
            let before = &stored.attributes;
            self.departing
                .note_surplus(kind.ty, &instance, before, &needs);
            self.delete(instance, provider.clone(), &stored, Some(reason));
        }
    }

    /// Takes in what planning one instance came to; `first` changes are there already.
    fn take(&mut self, key: &Key, outcome: Outcome, first: usize, made: &mut Made) {
        merge(&mut made.seen, outcome.diags);
        let at = first + made.changes.len();
        self.links
            .extend(outcome.links.into_iter().map(|link| (at, link)));
        let Some(change) = outcome.change else {
            made.instances.push((key.clone(), Value::UNKNOWN));
            return;
        };
        let after = change.after.clone().unwrap_or_default();
        made.instances.push((key.clone(), Value::Object(after)));
        if !change.is_idle() || self.chosen.instance(&change.address) {
            made.changes.push(change);
        }
    }

    /// Plans one instance. Pure, so that many can be planned at once.
    fn instance(
        &self,
        address: &Address,
        each: Option<&Value>,
        block: &Resource,
        kind: &'static Kind,
        (provider, triggers, needs): (&Arc<str>, &Triggers<'_>, &BTreeSet<Arc<ResourceAddress>>),
    ) -> Outcome {
        let imported = self.imports.get(address);
        let prior = self
            .prior
            .get(address)
            .or_else(|| imported.map(|(_, stored)| stored));
        if !self.chosen.instance(address) {
            let change = prior.map(|stored| Change {
                previous: self.moved.get(address).cloned(),
                ..unchanged(address.clone(), provider.clone(), stored)
            });
            return Outcome {
                change,
                ..Outcome::default()
            };
        }
        let Some(module) = self.values.within(&address.resource.module) else {
            return Outcome::default();
        };
        let scope = InstanceScope {
            values: &module,
            key: &address.key,
            each,
            this: None,
        };
        let (arguments, mut diags) = arguments(block, kind, &scope, address);
        let Some(arguments) = arguments else {
            return Outcome {
                diags,
                ..Outcome::default()
            };
        };
        let mut finding = conditions(
            &block.lifecycle.preconditions,
            &scope,
            Promise::Precondition,
            address,
            &mut diags,
        );
        let links = cross::links(block, kind, (&scope, &address.resource.module), &arguments);
        let held = prior.map_or_else(Vec::new, |prior| {
            self.departing.held(kind.ty, &prior.attributes, needs)
        });
        let fired = triggers.fired(&scope);
        let requested = self.input.options.replace.contains(address);
        let mut change = decide(&Case {
            kind,
            address: address.clone(),
            provider: provider.clone(),
            prior,
            arguments: &arguments,
            requested,
            triggered: !fired.is_empty(),
            create_before_destroy: self
                .create_before_destroy
                .contains(&address.resource.config()),
            ignore: &block.lifecycle.ignore_changes,
            replacing: self
                .input
                .providers
                .get(provider)
                .map_or(&[], |it| it.replacing(kind.ty)),
            held: held.iter().map(|it| it.attribute).collect(),
            importing: imported
                .filter(|_| self.prior.get(address).is_none())
                .map(|(id, _)| imports::shown(kind.ty, id).to_owned()),
            digest: self.input.digest,
        });
        self.complete(&mut change, kind);
        change.triggers = fired;
        if change.action == Action::DeleteCreate {
            diags.extend(held.iter().map(|it| it.tell(address, block)));
        }
        diags.extend(refused_anew(&change, kind, block, &arguments));
        finding.add(foresee(block, &change, &scope, &mut diags));
        Outcome {
            change: Some(change),
            links,
            finding,
            diags,
        }
    }

    /// Adds to a change where its object was, and what the provider knows of a new one beforehand.
    fn complete(&self, change: &mut Change, kind: &'static Kind) {
        change.previous = self.moved.get(&change.address).cloned();
        if change.action != Action::Create && !change.action.replaces() {
            return;
        }
        let provider = self.input.providers.get(&change.provider);
        let after = change.after.as_deref().zip(provider);
        if let Some(made) = after.and_then(|(after, it)| it.foreseen(kind.ty, after)) {
            change.after = Some(Arc::new(schema::mark(kind.ty, made)));
        }
    }

    fn check_locals(&mut self) {
        let mut found = Vec::new();
        for scope in self.values.everywhere() {
            found.push(check_locals(&scope));
        }
        self.tell(found);
    }

    /// Reports imports of instances that the configuration does not have.
    fn unclaimed(&mut self) {
        let planned: HashSet<&Address> = self.changes.iter().map(|it| &it.address).collect();
        let mut lost: Vec<&Address> = self.imports.keys().collect();
        lost.retain(|address| !planned.contains(address));
        lost.sort();
        if self.diags.has_errors() {
            return;
        }
        for address in lost {
            self.diags.push(
                Diagnostic::error(
                    "Configuration for import target does not exist",
                    format!("{} has no instance {}.", address.resource, address.key),
                )
                .at(self.input.module.block(&address.resource).map(|it| it.span))
                .about(address)
                .hint("Correct the key in the import block, or the count or for_each of the resource."),
            );
        }
    }

    async fn read_imports(&mut self) {
        let mut wanted = Vec::new();
        for (address, id, span) in imports::imports(self.input.module, &self.values, self.diags) {
            let Some(block) = self.input.module.block(&address.resource) else {
                let hint = match address.resource.module.is_root() {
                    true => {
                        "Write the block first, or let `prov plan -generate-config-out=generated.tf` write one."
                    }
                    false => "Write the block in a file of the module first.",
                };
                self.diags.push(
                    Diagnostic::error(
                        "Configuration for import target does not exist",
                        format!("There is no resource block for {address}."),
                    )
                    .at(span)
                    .hint(hint),
                );
                continue;
            };
            if self.prior.get(&address).is_none() && self.chosen.instance(&address) {
                wanted.push((address, block, id));
            }
        }
        let found = imports::import_all(self.input, &wanted).await;
        for ((address, _, id), found) in wanted.into_iter().zip(found) {
            match found {
                Ok(stored) => {
                    self.imports.insert(address, (id, stored));
                }
                Err(diagnostic) => self.diags.push(*diagnostic),
            }
        }
    }
}

/// Checks the postconditions on the object as it is planned.
fn foresee(
    block: &Resource,
    change: &Change,
    scope: &InstanceScope<'_>,
    diags: &mut Vec<Diagnostic>,
) -> Finding {
    let list = &block.lifecycle.postconditions;
    if list.is_empty() {
        return Finding::default();
    }
    let this = Value::Object(change.after.clone().unwrap_or_default());
    let scope = InstanceScope {
        this: Some(&this),
        ..*scope
    };
    conditions(list, &scope, Promise::Postcondition, &change.address, diags)
}

/// Returns what is wrong with the locals of an instance of a module.
fn check_locals(scope: &ModuleScope<'_, '_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for local in scope.module().locals.values() {
        let problem = match eval::evaluate(&local.value, scope) {
            Ok(value) if value.holds_more_than(MAX_LOCAL) => Diagnostic::error(
                "Value too large",
                format!("This value holds more than {MAX_LOCAL} others, counted each time that they are named."),
            )
            .at(local.value.span)
            .hint("Name large lists and maps less often, or take from them what is needed."),
            Ok(_) => continue,
            Err(problem) => problem,
        };
        let name = format!("local.{}", local.name.text);
        problems.push(problem.about(within(scope.path(), &name)));
    }
    problems
}

/// Names something of a module.
pub(super) fn within(path: &ModulePath, name: &str) -> String {
    match path.is_root() {
        true => name.to_owned(),
        false => format!("{path}.{name}"),
    }
}

/// Returns what is wrong with arguments when there is no such object yet.
fn refused_anew(
    change: &Change,
    kind: &Kind,
    block: &Resource,
    arguments: &Object,
) -> Vec<Diagnostic> {
    if change.action != Action::Create && !change.action.replaces() {
        return Vec::new();
    }
    let problems = schema::validate_new(kind.ty, arguments);
    let located = problems.iter();
    located
        .map(|problem| locate(problem, block, &change.address))
        .collect()
}

fn unchanged(address: Address, provider: Arc<str>, stored: &Stored) -> Change {
    Change {
        before: Some(stored.attributes.clone()),
        after: Some(stored.attributes.clone()),
        ..Change::new(address, provider, Action::NoOp)
    }
}

/// What is wrong, where, and the how manieth of its kind in one instance.
pub(super) type Kindred = (Severity, String, Option<Span>, usize);
pub(super) type Seen = HashMap<Kindred, (Diagnostic, usize)>;

/// Counts diagnostics that instances of one block have in common: a mistake in a block with a thousand
/// instances is one mistake. Two mistakes of one instance stay two.
pub(super) fn merge(seen: &mut Seen, diags: Vec<Diagnostic>) {
    let mut own: HashMap<(Severity, String, Option<Span>), usize> = HashMap::new();
    for diagnostic in diags {
        let place = (
            diagnostic.severity,
            diagnostic.summary.clone(),
            diagnostic.span,
        );
        let nth = own.entry(place.clone()).or_default();
        let place = (place.0, place.1, place.2, *nth);
        *nth += 1;
        seen.entry(place).or_insert((diagnostic, 0)).1 += 1;
    }
}

pub(super) fn repeated(seen: Seen) -> Vec<Diagnostic> {
    let mut all: Vec<(Diagnostic, usize)> = seen.into_values().collect();
    all.sort_by(|(a, _), (b, _)| {
        (a.span, &a.summary, &a.detail).cmp(&(b.span, &b.summary, &b.detail))
    });
    all.into_iter()
        .map(|(mut diagnostic, count)| {
            if count > 1 {
                let others = count - 1;
                let plural = if others == 1 { "" } else { "s" };
                diagnostic.detail.push_str(&format!(
                    " The same holds for {others} more instance{plural}."
                ));
            }
            diagnostic
        })
        .collect()
}
