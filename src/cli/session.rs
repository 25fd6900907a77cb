//! What commands share: manifests, variables, the state with its lock, providers, and the plan made of them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;

use super::{
    connect::Connector,
    failure::Failed,
    inputs::{self, Given, InputArgs},
    install,
    settings::Settings,
    ui::{self, Ui},
};
use crate::{
    apply::{self, store::Store},
    backend::{self, StateError},
    eval::variables,
    manifest::{
        self,
        ast::{Expr, Module},
    },
    model::{
        Diagnostic, Diagnostics, Object, Sources, Value,
        event::Event,
        language::Words,
        state::{Output, State},
    },
    plan::{self, Special, Values},
    provider::{Provider, builtin::Builtin, registry::Registry},
    resources,
};

const INTERRUPTED: Words = Words::new(
    "An earlier run was interrupted. Settling what it left open ...",
    "上一次运行被中断，正在了结未完成的操作……",
);

/// Every type that this prov knows.
pub const REGISTRY: Registry = Registry {
    kinds: resources::ALL,
    data: resources::DATA,
    ephemeral: resources::EPHEMERAL,
};

/// Flags of how a command shows itself.
#[derive(Clone, Debug, Default, Args)]
pub struct ViewArgs {
    /// Do not use colours.
    #[arg(long = "no-color")]
    pub no_color: bool,
    /// Write JSON, one object a line, for programs.
    #[arg(long)]
    pub json: bool,
}

/// Flags of commands that talk to the cloud.
#[derive(Clone, Debug, Args)]
pub struct CloudArgs {
    /// Use the emulator inside this process; its world is kept in DIR (default `.prov/emulator`).
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true, default_missing_value = ".prov/emulator")]
    pub emulator: Option<PathBuf>,
    /// At most this many operations at once.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = at_least_one)]
    pub parallelism: usize,
    /// Say at the end how many calls were sent to the cloud, by action.
    #[arg(long)]
    pub stats: bool,
}

/// Parses a number from 1 upwards.
pub fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "a whole number from 1 upwards is needed".to_owned())
}

/// Flags of commands that lock the state.
#[derive(Clone, Debug, Args)]
pub struct LockArgs {
    /// Whether to lock the state.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub lock: bool,
    /// How long to wait for a lock that someone else holds, such as `30s`.
    #[arg(long = "lock-timeout", value_name = "DURATION", default_value = "0s")]
    pub lock_timeout: String,
    /// The state file, instead of the configured one.
    #[arg(long = "state", value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Accepted for Terraform's sake.
    #[arg(long = "ignore-remote-version", hide = true)]
    pub ignore_remote_version: bool,
}

/// What was read before anything is planned.
pub struct Project {
    pub module: Module,
    /// A digest of the manifests' names and texts.
    pub fingerprint: String,
    pub variables: BTreeMap<String, Value>,
}

/// The surroundings of one command.
pub struct Session {
    pub settings: Settings,
    pub ui: Ui,
    pub sources: Sources,
    pub root: PathBuf,
    pub connector: Connector,
    /// Whether to say how many calls were made.
    stats: bool,
}

impl Session {
    /// Prepares a command.
    pub fn new(settings: Settings, view: &ViewArgs, cloud: Option<&CloudArgs>) -> Self {
        let ui = Ui::new(&settings, view.no_color).json(view.json);
        ui.with_events(|events, now| events.version(env!("CARGO_PKG_VERSION"), now));
        let flag = cloud.and_then(|cloud| cloud.emulator.clone());
        let world = flag.or_else(|| settings.get("PROV_EMULATOR").map(PathBuf::from));

        let connector = Connector::new(
            &settings,
            world,
            cloud.map_or(10, |cloud| cloud.parallelism),
        );
        Self {
            settings,
            ui,
            sources: Sources::default(),
            root: PathBuf::from("."),
            connector,
            stats: cloud.is_some_and(|cloud| cloud.stats),
        }
    }

    /// Ends the command with these diagnostics, if there is an error among them; else tells the warnings.
    pub fn checkpoint(&self, diags: &mut Diagnostics) -> Result<(), Failed> {
        if diags.has_errors() {
            return Err(self.failed(std::mem::take(diags)));
        }
        self.ui.diagnostics(diags, &self.sources);
        diags.take();
        Ok(())
    }

    /// Ends the command with these diagnostics.
    pub fn failed(&self, diags: impl Into<Diagnostics>) -> Failed {
        Failed {
            diags: diags.into(),
            sources: self.sources.clone(),
            ui: self.ui.clone(),
        }
    }

    /// Ends the command with a state that cannot be read; `place` is where it is.
    fn unreadable_state(&self, place: &str, error: &StateError) -> Failed {
        let text = error.to_string();
        let place = place.trim_start_matches("./");
        let detail = if text.contains(place) {
            format!("{text}.")
        } else {
            format!("{place}: {text}.")
        };
        let mut diagnostic = Diagnostic::error("Error loading the state", detail);
        diagnostic.hint = error.hint();
        self.failed(diagnostic)
    }

    /// Ends the command with a problem of the state.
    pub fn state_failed(&self, what: &str, error: &StateError) -> Failed {
        let mut diagnostic = Diagnostic::error(what, format!("{error}."));
        diagnostic.hint = error.hint();
        self.failed(diagnostic)
    }

    /// Reads the manifests of the directory, or these files, and of the modules that they call.
    pub fn manifests(&mut self, files: &[PathBuf], diags: &mut Diagnostics) -> Module {
        let mut module = manifest::load(&self.root, files, &mut self.sources, diags);
        let installed = self.installed();
        manifest::modules::load(&mut module, &installed, &mut self.sources, diags);
        module
    }

    /// Reads the manifests of the directory, or these files, without the modules that they call.
    pub fn root_module(&mut self, files: &[PathBuf]) -> Result<Module, Failed> {
        let mut diags = Diagnostics::default();
        let module = manifest::load(&self.root, files, &mut self.sources, &mut diags);
        self.checkpoint(&mut diags)?;
        Ok(module)
    }

    /// Brings the modules that a module calls; `anew` brings those that are there once more.
    pub async fn install(&mut self, root: &Module, anew: bool) -> Result<(), Failed> {
        let folder = self.installed();
        let (settings, ui) = (&self.settings, &self.ui);
        let installed =
            install::install(root, &folder, anew, settings, ui, &mut self.sources).await;
        installed.map_err(|diags| self.failed(diags))?;
        // The commands read everything again, and each file counts once.
        self.sources = Sources::default();
        Ok(())
    }

    /// Copies a module into the directory, which has no manifests yet.
    pub async fn copy_module(&self, source: &str) -> Result<(), Failed> {
        if manifest::has_manifests(&self.root) {
            let detail = "-from-module copies a module into a directory without manifests, and this one has some.";
            return Err(self.failed(
                Diagnostic::error("The directory has manifests already", detail).hint(
                    "Leave -from-module out to use them, or run the command in a new directory.",
                ),
            ));
        }
        self.ui
            .say(&format!("Copying configuration from {source:?}..."));
        let folder = self.installed();
        let copied = install::copy_into(&self.root, source, &folder, &self.settings, &self.ui);
        copied.await.map_err(|diags| self.failed(diags))
    }

    /// Returns the folder that has the modules that `init` brings.
    pub fn installed(&self) -> PathBuf {
        self.settings.data_directory().join("modules")
    }

    /// Reads the manifests and resolves the variables.
    pub fn load(&mut self, args: &InputArgs, given: &[Given]) -> Result<Project, Failed> {
        let mut diags = Diagnostics::default();
        let module = self.manifests(&args.files, &mut diags);
        plan::required::check(&module, backend::format::TERRAFORM_VERSION, &mut diags);
        self.checkpoint(&mut diags)?;
        let fingerprint = self.sources.fingerprint();
        let inputs = self.inputs(given, &mut diags);
        let variables = variables::resolve(&module, inputs, &mut self.parser(), &mut diags);
        self.ui.set_sources(&self.sources);
        self.checkpoint(&mut diags)?;
        Ok(Project {
            module,
            fingerprint,
            variables,
        })
    }

    /// Reads the manifests; a directory without any is one that says nothing.
    pub fn load_some(&mut self, args: &InputArgs, given: &[Given]) -> Result<Project, Failed> {
        if !args.files.is_empty() || manifest::has_manifests(&self.root) {
            return self.load(args, given);
        }
        Ok(Project {
            module: Module::default(),
            fingerprint: self.sources.fingerprint(),
            variables: BTreeMap::new(),
        })
    }

    /// Reads the manifests for a look at them: there may be none, and a variable that must be given but is not
    /// is unknown.
    pub fn load_partly(&mut self, args: &InputArgs, given: &[Given]) -> Result<Project, Failed> {
        let mut diags = Diagnostics::default();
        let some = !args.files.is_empty() || manifest::has_manifests(&self.root);
        let module = if some {
            self.manifests(&args.files, &mut diags)
        } else {
            Module::default()
        };
        self.checkpoint(&mut diags)?;
        let inputs = self.inputs(given, &mut diags);
        let variables = variables::resolve_given(&module, inputs, &mut self.parser(), &mut diags);
        self.ui.set_sources(&self.sources);
        self.checkpoint(&mut diags)?;
        Ok(Project {
            module,
            fingerprint: self.sources.fingerprint(),
            variables,
        })
    }

    /// Collects what the command line, the environment and the files of values say of the variables.
    fn inputs(&mut self, given: &[Given], diags: &mut Diagnostics) -> Vec<variables::Input> {
        inputs::gather(&self.settings, &self.root, given, &mut self.sources, diags)
    }

    /// Returns what reads the expression that a variable was given as; the text is among the sources then.
    fn parser(&mut self) -> impl FnMut(&str, &str) -> Result<Expr, Diagnostic> + '_ {
        |text, name| manifest::parse_expression(text, name, &mut self.sources)
    }

    /// Reads the manifests of a saved plan. Its variables are in the plan; only sensitive ones, which
    /// are not, are resolved anew.
    pub fn load_saved(
        &mut self,
        saved: &apply::saved::Saved,
        args: &InputArgs,
        given: &[Given],
    ) -> Result<Project, Failed> {
        let mut diags = Diagnostics::default();
        let mut module = self.manifests(&args.files, &mut diags);
        plan::required::check(&module, backend::format::TERRAFORM_VERSION, &mut diags);
        self.checkpoint(&mut diags)?;
        let fingerprint = self.sources.fingerprint();
        let mut inputs = self.inputs(given, &mut diags);
        let declared = module.variables.clone();
        module
            .variables
            .retain(|name, variable| variable.ephemeral || saved.withholds(name));
        inputs.retain(|input| module.variables.contains_key(&*input.name));
        let mut variables = variables::resolve(&module, inputs, &mut self.parser(), &mut diags);
        module.variables = declared;
        self.ui.set_sources(&self.sources);
        self.checkpoint(&mut diags)?;
        variables.extend(saved.variables());
        Ok(Project {
            module,
            fingerprint,
            variables,
        })
    }

    /// Ends the work with the cloud: an emulator inside this process saves its world.
    pub fn close(&self) -> Result<(), Failed> {
        self.count();
        self.connector.close().map_err(|error| {
            self.failed(
                Diagnostic::error("Could not save the emulator's world", error.to_string())
                    .hint("Check the directory given with -emulator."),
            )
        })
    }

    /// Says how many calls were made, if that is asked for.
    fn count(&self) {
        if !self.stats {
            return;
        }
        let calls = self.connector.stats.calls();
        if self.ui.is_json() {
            self.ui.with_events(|events, now| events.calls(&calls, now));
        } else {
            self.ui
                .out(|out| crate::render::terminal::calls(&calls, out));
        }
    }

    /// Reads the manifests only as far as the state's place needs; a directory without any is fine.
    pub fn load_settings(&mut self) -> Module {
        let mut ignored = Diagnostics::default();
        manifest::load(&self.root, &[], &mut self.sources, &mut ignored)
    }

    /// Locks the state and reads it, journal included.
    pub async fn store(
        &self,
        module: &Module,
        args: &LockArgs,
        operation: &str,
    ) -> Result<Store, Failed> {
        let workspace = self.settings.workspace();
        self.store_of(module, args, operation, workspace).await
    }

    /// Locks the state of a workspace and reads it, journal included.
    pub async fn store_of(
        &self,
        module: &Module,
        args: &LockArgs,
        operation: &str,
        workspace: &str,
    ) -> Result<Store, Failed> {
        let backend = self.backend_of(module, args.state.as_deref(), workspace)?;
        let holder = backend::Holder::new(operation, &self.settings.who(), jiff::Timestamp::now());
        let timeout = self.duration(&args.lock_timeout)?;
        let lease = if args.lock {
            backend::lock_within(&*backend, &holder, timeout)
                .await
                .map_err(|error| self.state_failed("Error acquiring the state lock", &error))?
        } else {
            backend::Lease::without_lock()
        };
        let place = backend.place();
        let mut store = Store::open(backend, lease)
            .await
            .map_err(|error| self.unreadable_state(&place, &error))?;
        // A plan needs the types: now it has no state of its own.
        store.reshape(|state| plan::build::shaped(state, &REGISTRY));
        store.crash = self.settings.crash();
        Ok(store)
    }

    /// Reads the state without locking it.
    pub async fn read_state(&self, module: &Module, state: Option<&Path>) -> Result<State, Failed> {
        Ok(self.read_store(module, state).await?.into_state())
    }

    /// Opens the state without locking it, for a plan that nobody carries out.
    pub async fn read_store(&self, module: &Module, state: Option<&Path>) -> Result<Store, Failed> {
        let backend = self.backend(module, state)?;
        let place = backend.place();
        Store::open(backend, backend::Lease::without_lock())
            .await
            .map_err(|error| self.unreadable_state(&place, &error))
    }

    fn duration(&self, text: &str) -> Result<Duration, Failed> {
        let parsed = text
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|it| Duration::try_from(it).ok());
        parsed.ok_or_else(|| {
            self.failed(
                Diagnostic::error("Invalid duration", format!("\"{text}\" is not a duration."))
                    .hint("Write -lock-timeout=30s, 5m or the like."),
            )
        })
    }

    /// Returns what `path.…` and the clock answer, the clock at `timestamp`.
    pub fn special(&self, timestamp: String) -> Special {
        let cwd = std::env::current_dir()
            .map(|path| path.display().to_string())
            .unwrap_or_default();
        Special {
            workspace: self.settings.workspace().to_owned(),
            root: self.root.display().to_string(),
            cwd,
            home: self.settings.get("HOME").map(ToOwned::to_owned),
            timestamp,
        }
    }

    /// Configures the providers that the manifests and the state need; all, when something was left open: it
    /// may have been begun under another name.
    pub async fn providers(
        &self,
        project: &Project,
        store: &Store,
        special: &Special,
    ) -> Result<plan::Providers, Failed> {
        let mut diags = Diagnostics::default();
        let mut values = Values::new(&project.module, &project.variables, special.clone());
        values.enter_single();
        let builtin = Builtin::new(REGISTRY).reading(Arc::new(outputs_in));
        let builtin: Arc<dyn Provider> = Arc::new(builtin);
        let needs = (store.state(), store.has_open());
        let connect = |arguments: &_, block: Option<&_>| self.connector.connect(arguments, block);
        let providers =
            plan::providers::configure(&values, &REGISTRY, needs, &builtin, &connect, &mut diags);
        self.checkpoint(&mut diags)?;
        for problem in self.connector.ready().await {
            diags.push(problem);
        }
        self.checkpoint(&mut diags)?;
        Ok(providers)
    }

    /// Settles what an interrupted run left open in the journal.
    pub async fn recover(
        &self,
        project: &Project,
        store: &mut Store,
        providers: &plan::Providers,
        special: &Special,
    ) -> Result<Vec<apply::recover::Settled>, Failed> {
        let mut settled = Vec::new();
        if store.has_open() {
            self.ui.say(INTERRUPTED.in_language(self.ui.language()));
            let mut diags = Diagnostics::default();
            let mut values = Values::new(&project.module, &project.variables, special.clone());
            values.recall(store.state());
            plan::opening::open_all(&mut values, &REGISTRY);
            let recovery = apply::recover::Recovery {
                registry: &REGISTRY,
                providers,
                values: &values,
            };
            settled = apply::recover::recover(store, &recovery, &mut diags).await;
            for one in &settled {
                let told = one.told(self.ui.language());
                self.ui.say(&format!("  {told}"));
            }
            self.checkpoint(&mut diags)?;
        }
        store
            .checkpoint()
            .await
            .map_err(|error| self.state_failed("Error saving the state", &error))?;
        Ok(settled)
    }

    /// Makes a plan.
    pub async fn plan<'m>(
        &self,
        project: &'m Project,
        store: &Store,
        options: &plan::Options,
        providers: &plan::Providers,
        special: Special,
    ) -> Result<plan::Planned<'m>, Failed> {
        let digest = |text: &str| store.digest(text);
        let events = |event: Event| self.ui.event(&event);
        let input = plan::Input {
            module: &project.module,
            variables: &project.variables,
            recorded: store.state(),
            options,
            registry: REGISTRY,
            providers,
            special,
            digest: &digest,
            events: &events,
        };
        let mut diags = Diagnostics::default();
        let planned = plan::build(&input, &mut diags).await;
        if options.frozen && !diags.has_errors() {
            // What a saved plan warned of was told when it was made.
            diags.take();
        }
        self.checkpoint(&mut diags)?;
        planned.ok_or_else(|| self.failed(diags))
    }

    /// Asks the cloud about a plan beforehand, and returns what it would refuse.
    pub async fn preflight(
        &self,
        project: &Project,
        planned: &mut plan::Planned<'_>,
        providers: &plan::Providers,
    ) -> Diagnostics {
        let (found, problems) =
            plan::preflight::preflight(planned, &project.module, &REGISTRY, providers).await;
        planned.plan.preflight = Some(found);
        problems
    }

    /// Returns the time of this command, RFC 3339 to the second.
    pub fn timestamp() -> String {
        let now = ui::now();
        now.split_once('.')
            .map_or(now.clone(), |(seconds, _)| format!("{seconds}Z"))
    }
}

/// Reads the outputs in a state file; no file is no state.
pub(super) fn outputs_in(path: &Path) -> Result<Option<Object>, String> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("{} cannot be read: {error}", path.display())),
    };
    let state = backend::format::read(&bytes)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let outputs = state.outputs.into_iter();
    let value = |(name, output): (String, Output)| (name, output.value.marked(output.sensitive));
    Ok(Some(outputs.map(value).collect()))
}
