//! What all files of tests share: the configurations under test, and the values given from outside.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Args, view::View};
use crate::{
    backend,
    cli::{connect::Connector, failure::Failed, inputs, session::Session},
    eval::variables::{self, Input},
    manifest::{
        self,
        ast::Module,
        test_file::{Run, TestFile},
    },
    model::{Diagnostic, Diagnostics, Value},
    plan::{self, Special, required},
};

/// A run of all files.
pub(super) struct Suite {
    pub session: Session,
    pub view: View,
    modules: HashMap<PathBuf, Arc<Module>>,
    /// Values from the environment, files and flags.
    pub inputs: Vec<Input>,
    /// The same, as the files of tests see them.
    pub globals: BTreeMap<String, Value>,
    pub parallelism: usize,
    /// Whether what is created is in the real cloud.
    pub real: bool,
    emulator: Option<PathBuf>,
}

impl Suite {
    /// Loads what the files test.
    pub(super) fn new(
        mut session: Session,
        args: &Args,
        given: &[inputs::Given],
        tests: &[TestFile],
        mut diags: Diagnostics,
    ) -> Result<Self, Failed> {
        let mut modules = HashMap::new();
        for run in tests.iter().flat_map(|test| &test.runs) {
            let Some(place) = directory(run, &session.root, &mut diags) else {
                continue;
            };
            let module = modules.entry(place);
            module.or_insert_with_key(|place| Arc::new(loaded(&mut session, place, &mut diags)));
        }
        session.checkpoint(&mut diags)?;
        let folder = session.root.join(&args.folder);
        let values = manifest::value_files(&folder).into_iter();
        let given: Vec<_> = values
            .map(inputs::Given::File)
            .chain(given.iter().cloned())
            .collect();
        let root = session.root.clone();
        let settings = session.settings.clone();
        let inputs = inputs::gather(&settings, &root, &given, &mut session.sources, &mut diags);
        session.checkpoint(&mut diags)?;
        let module = modules.get(&root).cloned().unwrap_or_default();
        let globals = globals(&mut session, &module, &inputs);
        let view = View::new(session.ui.clone(), args.verbose);
        Ok(Self {
            session,
            view,
            modules,
            inputs,
            globals,
            parallelism: args.parallelism,
            real: args.real,
            emulator: args.emulator.clone(),
        })
    }

    /// Returns the configuration that a run tests.
    pub(super) fn module(&self, run: &Run) -> Arc<Module> {
        let place = directory(run, &self.session.root, &mut Diagnostics::default());
        let module = place.and_then(|place| self.modules.get(&place));
        module.cloned().unwrap_or_default()
    }

    /// Returns what leads to the cloud of one file: unless it is to be the real one, an emulator.
    pub(super) fn connector(&self) -> Connector {
        let settings = &self.session.settings;
        match (&self.emulator, self.real) {
            (Some(world), _) => Connector::new(settings, Some(world.clone()), self.parallelism),
            (None, true) => {
                let world = settings.get("PROV_EMULATOR").map(PathBuf::from);
                Connector::new(settings, world, self.parallelism)
            }
            (None, false) => Connector::apart(settings, self.parallelism),
        }
    }

    /// Returns what `path.…` and the clock answer in a run.
    pub(super) fn special(&self, run: &Run) -> Special {
        let mut special = self.session.special(Session::timestamp());
        if let Some((source, _)) = &run.module {
            special.root = joined(&self.session.root, source).display().to_string();
        }
        special
    }

    /// Returns the values of a configuration's variables.
    pub(super) fn variables(
        &mut self,
        module: &Module,
        inputs: Vec<Input>,
        diags: &mut Diagnostics,
    ) -> BTreeMap<String, Value> {
        let sources = &mut self.session.sources;
        let mut parse = |text: &str, name: &str| manifest::parse_expression(text, name, sources);
        variables::resolve(module, inputs, &mut parse, diags)
    }

    /// Returns what a run's plan is asked for.
    pub(super) fn options(run: &Run) -> plan::Options {
        plan::Options {
            mode: run.options.mode,
            refresh: run.options.refresh,
            targets: run.options.target.clone(),
            replace: run.options.replace.clone(),
            ..plan::Options::default()
        }
    }
}

fn loaded(session: &mut Session, place: &Path, diags: &mut Diagnostics) -> Module {
    let mut module = manifest::load(place, &[], &mut session.sources, diags);
    let installed = session.installed();
    manifest::modules::load(&mut module, &installed, &mut session.sources, diags);
    required::check(&module, backend::format::TERRAFORM_VERSION, diags);
    module
}

/// Returns where the configuration of a run is.
fn directory(run: &Run, root: &Path, diags: &mut Diagnostics) -> Option<PathBuf> {
    let Some((source, span)) = &run.module else {
        return Some(root.to_owned());
    };
    let local = source.starts_with("./") || source.starts_with("../");
    if local {
        return Some(joined(root, source));
    }
    let detail = format!("\"{source}\" is not a directory of this machine.");
    diags.push(
        Diagnostic::error("Unsupported module source", detail)
            .at(*span)
            .hint("Write a path that begins with ./ or ../, from the directory under test."),
    );
    None
}

fn joined(root: &Path, source: &str) -> PathBuf {
    let path = root.join(source);
    let parts = path.components();
    let plain: PathBuf = parts.filter(|it| it.as_os_str() != ".").collect();
    if plain.as_os_str().is_empty() {
        root.to_owned()
    } else {
        plain
    }
}

/// Returns the values from outside: of declared variables of their types, others as text.
fn globals(session: &mut Session, module: &Module, inputs: &[Input]) -> BTreeMap<String, Value> {
    let mut declared = Module {
        variables: module.variables.clone(),
        ..Module::default()
    };
    // What is wrong with them is said when a run uses them.
    for variable in declared.variables.values_mut() {
        variable.validations.clear();
    }
    let known = |input: &&Input| declared.variables.contains_key(&*input.name);
    let (own, others): (Vec<&Input>, Vec<&Input>) = inputs.iter().partition(known);
    let sources = &mut session.sources;
    let mut parse = |text: &str, name: &str| manifest::parse_expression(text, name, sources);
    let own = own.into_iter().cloned().collect();
    let mut ignored = Diagnostics::default();
    let mut globals = variables::resolve_given(&declared, own, &mut parse, &mut ignored);
    for other in others {
        if let variables::Given::Text { text, .. } = &other.given {
            globals.insert(other.name.clone(), Value::string(text.as_str()));
        }
    }
    globals
}
