//! The life of one file of tests: its runs in order, then everything that they made is destroyed.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use tokio::sync::watch;

use super::{
    judge::{Judge, asserts},
    known::{left, planned_outputs, rescued, state_outputs, unplanned},
    prepare::{self, Prepared},
    scope::{Runs, TestScope},
    suite::Suite,
    view::Shown,
};
use crate::{
    apply::{run as carry_out, store::Store},
    backend::{Lease, Memory},
    cli::{
        connect::Connector,
        session::{REGISTRY, outputs_in},
    },
    manifest::{
        ast::{self, Module},
        test_file::{Run, TestFile},
    },
    model::{
        Diagnostic, Diagnostics, Object, Value,
        event::{Event, Summary},
        plan,
        testing::{Status, Tested},
    },
    plan::{Input, Options, Planned, Providers, Values, build, providers},
    provider::{Provider, builtin::Builtin},
    render::testing::{About, Progress},
    schema::source::SOURCES,
};

/// One file of tests at work.
pub(super) struct File<'s> {
    suite: &'s mut Suite,
    test: &'s TestFile,
    connector: Connector,
    /// The states of the file's runs, by their keys.
    states: BTreeMap<String, Kept>,
    runs: Runs,
    /// Counts Ctrl-C, for runs and for the end of the file.
    stops: (watch::Receiver<u8>, watch::Receiver<u8>),
}

/// A state, and the last run that applied something to it.
struct Kept {
    store: Store,
    last: Option<Last>,
}

struct Last {
    name: String,
    /// The how manieth run of the file.
    at: usize,
    prepared: Arc<Prepared>,
    providers: Providers,
}

/// What a run came to.
struct Outcome {
    status: Status,
    diags: Vec<Diagnostic>,
    shown: Option<Shown>,
}

impl Outcome {
    fn error(diags: Vec<Diagnostic>) -> Self {
        Self {
            status: Status::Error,
            diags,
            shown: None,
        }
    }
}

impl<'s> File<'s> {
    pub(super) fn new(
        suite: &'s mut Suite,
        test: &'s TestFile,
        stops: (watch::Receiver<u8>, watch::Receiver<u8>),
    ) -> Self {
        let connector = suite.connector();
        let all = test.runs.iter().map(|run| run.name.text.clone()).collect();
        Self {
            suite,
            test,
            connector,
            states: BTreeMap::new(),
            runs: Runs {
                all,
                ..Runs::default()
            },
            stops,
        }
    }

    /// Runs the file, and destroys what it made.
    pub(super) async fn run(mut self, tested: &mut Tested) {
        let name = self.test.name.clone();
        self.suite.view.file(&name, Progress::Starting);
        tested.status = Status::Pass;
        for (at, (run, ran)) in self.test.runs.iter().zip(&mut tested.runs).enumerate() {
            let stopped = *self.stops.0.borrow() > 0;
            if stopped || tested.status == Status::Error {
                ran.status = Status::Skip;
                let sources = &self.suite.session.sources;
                self.suite.view.told(&name, ran, None, sources);
                if stopped {
                    tested.status = Status::Error;
                }
                continue;
            }
            self.suite.view.run(&name, &ran.name, Progress::Starting);
            ran.started = Some(jiff::Timestamp::now());
            let since = Instant::now();
            // The future of a whole run is large: on the heap it costs no stack.
            let outcome = Box::pin(self.one(at, run)).await;
            ran.seconds = since.elapsed().as_secs_f64();
            ran.status = outcome.status;
            ran.diagnostics = outcome.diags;
            tested.status = tested.status.max(outcome.status);
            let sources = &self.suite.session.sources;
            self.suite
                .view
                .told(&name, ran, outcome.shown.as_ref(), sources);
        }
        self.suite.view.file(&name, Progress::TearingDown);
        if !self.teardown().await {
            tested.status = Status::Error;
        }
        self.suite.view.file(&name, Progress::Ended(tested.status));
    }

    /// Carries one run out and judges it.
    async fn one(&mut self, at: usize, run: &Run) -> Outcome {
        let mut judge = Judge::new(run);
        let mut diags = Diagnostics::default();
        let prepared = self.prepared(run, &mut diags);
        let mut told = if run.plan_only {
            judge.sift(diags.take())
        } else {
            judge.of_plan(diags.take())
        };
        if has_errors(&told) {
            return Outcome::error(told);
        }
        let prepared = prepared.shared();
        let key = key_of(run);
        if let Err(diagnostic) = self.open(&key).await {
            told.push(*diagnostic);
            return Outcome::error(told);
        }
        let providers = match self.providers(&prepared, &key).await {
            Ok(providers) => providers,
            Err(problems) => {
                told.extend(problems);
                return Outcome::error(told);
            }
        };
        let mut diags = Diagnostics::default();
        let store = &self.states[&key].store;
        let options = Suite::options(run);
        let module = &prepared.module;
        let planned = planned(&prepared, module, store, &options, &providers, &mut diags).await;
        let found = diags.take().into_iter().filter(|it| !is_open_check(it));
        if run.plan_only {
            told.extend(judge.sift(found.collect()));
            return self.judged_plan(run, &prepared, planned, (judge, told));
        }
        let Some(planned) = planned else {
            told.extend(judge.of_plan(found.collect()));
            return Outcome::error(told);
        };
        // The apply looks at conditions again.
        told.extend(found.filter(|it| !it.of_condition));
        let mut diags = Diagnostics::default();
        let kept = self.states.get_mut(&key).expect("it has been opened above");
        kept.last = Some(Last {
            name: run.name.text.to_string(),
            at,
            prepared: prepared.clone(),
            providers: providers.clone(),
        });
        let work = carry_out::run(
            carry_out::Run {
                module,
                registry: REGISTRY,
                providers: &providers,
                parallelism: self.suite.parallelism,
                events: &quiet,
                stop: self.stops.0.clone(),
            },
            planned,
            &mut kept.store,
            &mut diags,
        );
        let ended = work.await;
        told.extend(judge.sift(diags.take()));
        told.extend(interrupted(&ended.summary));
        self.judged_state(run, &prepared, &key, (judge, told))
    }

    /// Returns what a run works with, as far as nothing is wrong.
    fn prepared(&mut self, run: &Run, diags: &mut Diagnostics) -> Prepared {
        let module = self.suite.module(run);
        let special = self.suite.special(run);
        let nothing = Module::default();
        let none = BTreeMap::new();
        let values = Values::new(&nothing, &none, special.clone());
        let mut said = self.suite.globals.clone();
        let of_file = {
            let scope = self.scope(&values, &said);
            prepare::values(&self.test.variables, &scope, diags)
        };
        said.extend(prepare::named(&of_file));
        let of_run = {
            let scope = self.scope(&values, &said);
            prepare::values(&run.variables, &scope, diags)
        };
        said.extend(prepare::named(&of_run));
        let outside = &self.suite.inputs;
        let of_run = (of_run, &*run.name.text);
        let inputs = prepare::inputs(&module, outside, of_file, of_run, diags);
        let scope = self.scope(&values, &said);
        let (module, mocks) = prepare::configured(&module, self.test, run, &scope, diags);
        let variables = if diags.has_errors() {
            BTreeMap::new()
        } else {
            self.suite.variables(&module, inputs, diags)
        };
        Prepared {
            module,
            variables,
            said,
            mocks,
            special,
        }
    }

    fn scope<'a>(
        &'a self,
        values: &'a Values<'a>,
        variables: &'a BTreeMap<String, Value>,
    ) -> TestScope<'a> {
        TestScope {
            values,
            variables,
            outputs: None,
            runs: &self.runs,
        }
    }

    async fn open(&mut self, key: &str) -> Result<(), Box<Diagnostic>> {
        if !self.states.contains_key(key) {
            let opened = Store::open(Box::new(Memory::default()), Lease::without_lock()).await;
            let store = opened.map_err(|error| {
                Box::new(Diagnostic::error(
                    "Could not begin a state",
                    format!("{error}."),
                ))
            })?;
            self.states
                .insert(key.to_owned(), Kept { store, last: None });
        }
        Ok(())
    }

    async fn providers(
        &self,
        prepared: &Prepared,
        key: &str,
    ) -> Result<Providers, Vec<Diagnostic>> {
        let mut diags = Diagnostics::default();
        let mut values = Values::new(
            &prepared.module,
            &prepared.variables,
            prepared.special.clone(),
        );
        values.enter_single();
        let within = Builtin::new(REGISTRY).reading(Arc::new(outputs_in));
        let within: Arc<dyn Provider> = Arc::new(within);
        let connect = |arguments: &Object, block: Option<&ast::Provider>| {
            let name = block.map_or("alicloud", |block| &*block.name.text);
            let alias = block.and_then(|block| Some(&*block.alias.as_ref()?.text));
            match prepared.mocks.get(name, alias) {
                Some(mock) => Ok(mock),
                None => self.connector.connect(arguments, block),
            }
        };
        let needs = (self.states[key].store.state(), false);
        let mut providers =
            providers::configure(&values, &REGISTRY, needs, &within, &connect, &mut diags);
        for source in SOURCES.iter().filter(|source| source.within) {
            if let Some(mock) = prepared.mocks.get(source.name, None) {
                providers.insert(source.string, mock);
            }
            let own = prepared.module.providers.iter();
            for block in own.filter(|block| &*block.name.text == source.name) {
                let alias = block.alias.as_ref().map(|alias| &*alias.text);
                if let (Some(alias), Some(mock)) = (alias, prepared.mocks.get(source.name, alias)) {
                    providers.insert(format!("{}.{alias}", source.string), mock);
                }
            }
        }
        diags.extend(self.connector.ready().await);
        if diags.has_errors() {
            return Err(diags.take());
        }
        Ok(providers)
    }

    fn judged_plan(
        &mut self,
        run: &Run,
        prepared: &Prepared,
        planned: Option<Planned<'_>>,
        (judge, mut told): (Judge<'_>, Vec<Diagnostic>),
    ) -> Outcome {
        told.extend(judge.missing());
        if has_errors(&told) {
            let shown = planned.map(|planned| Shown::Plan(Box::new(planned.plan)));
            return Outcome {
                shown,
                ..Outcome::error(told)
            };
        }
        let outputs: Object = match &planned {
            Some(planned) => planned_outputs(&planned.plan),
            None => prepared
                .module
                .outputs
                .keys()
                .map(|name| (name.clone(), Value::UNKNOWN))
                .collect(),
        };
        let (values, shown) = match planned {
            Some(planned) => (planned.values, Some(Shown::Plan(Box::new(planned.plan)))),
            // An expected failure ended the plan: nothing is known but the variables.
            None => (unplanned(prepared), None),
        };
        self.judged(run, prepared, (&values, outputs), told, shown)
    }

    fn judged_state(
        &mut self,
        run: &Run,
        prepared: &Prepared,
        key: &str,
        (judge, mut told): (Judge<'_>, Vec<Diagnostic>),
    ) -> Outcome {
        let state = self.states[key].store.state().clone();
        let state = build::retyped(state, &REGISTRY);
        told.extend(judge.missing());
        if has_errors(&told) {
            return Outcome {
                shown: Some(Shown::State(Box::new(state))),
                ..Outcome::error(told)
            };
        }
        let mut values = Values::new(
            &prepared.module,
            &prepared.variables,
            prepared.special.clone(),
        );
        values.go_live();
        values.recall(&state);
        let outputs = state_outputs(&state);
        let shown = Some(Shown::State(Box::new(state)));
        self.judged(run, prepared, (&values, outputs), told, shown)
    }

    fn judged(
        &mut self,
        run: &Run,
        prepared: &Prepared,
        (values, outputs): (&Values<'_>, Object),
        mut told: Vec<Diagnostic>,
        shown: Option<Shown>,
    ) -> Outcome {
        let scope = TestScope {
            values,
            variables: &prepared.said,
            outputs: Some(&outputs),
            runs: &self.runs,
        };
        let status = asserts(run, &scope, &mut told);
        self.runs
            .outputs
            .insert(run.name.text.clone(), Value::object(outputs));
        Outcome {
            status,
            diags: told,
            shown,
        }
    }

    /// Destroys what is left of every run, the last first; returns whether nothing is left.
    async fn teardown(&mut self) -> bool {
        let mut states: Vec<Kept> = std::mem::take(&mut self.states).into_values().collect();
        states.sort_by_key(|kept| std::cmp::Reverse(kept.last.as_ref().map(|last| last.at)));
        let mut clean = true;
        for mut kept in states {
            let Some(last) = kept.last.take() else {
                continue;
            };
            if left(kept.store.state()).is_empty() {
                continue;
            }
            let file = self.test.name.as_str();
            self.suite.view.run(file, &last.name, Progress::TearingDown);
            let diags = self.destroyed(&mut kept.store, &last).await;
            let about = About {
                file: Some(file),
                run: Some(&last.name),
            };
            let left = left(kept.store.state());
            let mut diags = diags;
            if !left.is_empty() && self.suite.real {
                diags.push(rescued(kept.store.state()));
            }
            clean &= left.is_empty() && !has_errors(&diags);
            let sources = &self.suite.session.sources;
            self.suite.view.undestroyed(&diags, &left, about, sources);
        }
        if let Err(error) = self.connector.close() {
            let text = format!("{error}.");
            let problem = Diagnostic::error("Could not save the emulator's world", text)
                .hint("Check the directory given with -emulator.");
            let sources = &self.suite.session.sources;
            self.suite
                .view
                .diagnostics(&[problem], About::default(), sources);
            return false;
        }
        clean
    }

    async fn destroyed(&self, store: &mut Store, last: &Last) -> Vec<Diagnostic> {
        let mut diags = Diagnostics::default();
        let options = Options {
            mode: plan::Mode::Destroy,
            refresh: true,
            ..Options::default()
        };
        let prepared = &last.prepared;
        let module = prepared.without_protection();
        let providers = &last.providers;
        let plan = planned(prepared, &module, store, &options, providers, &mut diags).await;
        let Some(plan) = plan else {
            return diags.take();
        };
        let work = carry_out::run(
            carry_out::Run {
                module: &module,
                registry: REGISTRY,
                providers,
                parallelism: self.suite.parallelism,
                events: &quiet,
                stop: self.stops.1.clone(),
            },
            plan,
            store,
            &mut diags,
        );
        let ended = work.await;
        diags.extend(interrupted(&ended.summary));
        let found = diags.take().into_iter();
        found
            .filter(|it| !it.of_condition && !is_open_check(it))
            .collect()
    }
}

/// Which state a run works on.
fn key_of(run: &Run) -> String {
    let module = run.module.as_ref().map(|(source, _)| source.clone());
    run.state_key.clone().or(module).unwrap_or_default()
}

async fn planned<'m>(
    prepared: &'m Prepared,
    module: &'m Module,
    store: &Store,
    options: &Options,
    providers: &Providers,
    diags: &mut Diagnostics,
) -> Option<Planned<'m>> {
    let digest = |text: &str| store.digest(text);
    let input = Input {
        module,
        variables: &prepared.variables,
        recorded: store.state(),
        options,
        registry: REGISTRY,
        providers,
        special: prepared.special.clone(),
        digest: &digest,
        events: &quiet,
    };
    build::build(&input, diags).await
}

fn quiet(_: Event) {}

fn has_errors(list: &[Diagnostic]) -> bool {
    list.iter()
        .any(|it| it.severity == crate::model::Severity::Error)
}

/// Whether it says that a check cannot be decided before the apply.
fn is_open_check(diagnostic: &Diagnostic) -> bool {
    diagnostic.summary == "Check block assertion known after apply"
}

fn interrupted(summary: &Summary) -> Option<Diagnostic> {
    summary.interrupted.then(|| {
        Diagnostic::error(
            "Interrupted",
            "The run was stopped before all of it was done.",
        )
    })
}
