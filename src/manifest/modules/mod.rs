//! What module calls call: found, loaded once, and held against the calls.
//!
//! A directory beside the caller's is read straight: unlike Terraform, prov needs no `init` for it, since there is nothing to
//! bring, and what is recorded could be out of date. Everything else is read from where `prov init`, or Terraform,
//! has put it, as `modules.json` says. Start with [`load`].

pub mod address;
mod arguments;
mod providers;
pub mod record;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use self::{address::Source, record::Record};
use super::ast::{Module, ModuleCall};
use crate::model::{Diagnostic, Diagnostics, Sources, Span};

/// Calls within calls go no deeper than this.
pub const MAX_DEPTH: usize = 50;

/// Loads what a module calls, and what that calls, into it. `installed` is the folder that has the modules that were
/// brought from elsewhere.
pub fn load(module: &mut Module, installed: &Path, sources: &mut Sources, diags: &mut Diagnostics) {
    if module.calls.is_empty() {
        return;
    }
    let record = Record::read(installed).unwrap_or_else(|diagnostic| {
        diags.push(diagnostic);
        Record::default()
    });
    let mut loader = Loader {
        record,
        parsed: HashMap::new(),
        whole: HashMap::new(),
        sources,
        diags,
    };
    let way = Way {
        key: String::new(),
        directories: vec![module.directory.clone()],
    };
    loader.children(module, &way);
    providers::check(module, loader.diags);
}

/// Returns a module's directory, seen from the working directory, without steps that lead nowhere.
pub fn directory_of(caller: &Path, source: &str) -> PathBuf {
    let mut steps = Vec::new();
    for step in caller.components().chain(Path::new(source).components()) {
        use std::path::Component;
        match (step, steps.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                steps.pop();
            }
            (Component::ParentDir, Some(Component::RootDir)) => {}
            (step, _) => steps.push(step),
        }
    }
    match steps.as_slice() {
        [] => PathBuf::from("."),
        steps => steps.iter().collect(),
    }
}

/// How a module was come to.
struct Way {
    /// As `modules.json` writes it: the calls' names with dots between them.
    key: String,
    /// The directories of the callers, the root's first, and of the module itself.
    directories: Vec<PathBuf>,
}

impl Way {
    /// The way on through a call.
    fn through(&self, call: &ModuleCall, directory: &Path) -> Self {
        let mut directories = self.directories.clone();
        directories.push(directory.to_owned());
        Self {
            key: record::key(&self.key, &call.name.text),
            directories,
        }
    }
}

struct Loader<'a> {
    record: Record,
    /// What the files of a directory say, without what they call; `None` if they cannot be read.
    parsed: HashMap<PathBuf, Option<Module>>,
    /// Modules that do not depend on who calls them, with everything that they call.
    whole: HashMap<PathBuf, Arc<Module>>,
    sources: &'a mut Sources,
    diags: &'a mut Diagnostics,
}

impl Loader<'_> {
    /// Loads what a module calls. Returns whether all of it is the same whoever calls the module.
    fn children(&mut self, module: &mut Module, way: &Way) -> bool {
        let calls = std::mem::take(&mut module.calls);
        let mut same = true;
        for (name, call) in &calls {
            let local = call.source.0.starts_with('.');
            same &= local;
            let Some(directory) = self.directory(call, &module.directory, way) else {
                continue;
            };
            if let Some((child, is_same)) = self.child(call, directory, way) {
                arguments::check(call, &child, self.diags);
                same &= is_same;
                module.children.insert(name.clone(), child);
            }
        }
        module.calls = calls;
        same
    }

    /// Finds the directory that a call is of.
    fn directory(&mut self, call: &ModuleCall, caller: &Path, way: &Way) -> Option<PathBuf> {
        let (text, span) = &call.source;
        // What is wrong with it has been told when it was parsed.
        let source = Source::parse(text, call.version.is_some()).ok()?;
        if let Source::Local(path) = &source {
            return Some(directory_of(caller, path));
        }
        let key = record::key(&way.key, &call.name.text);
        let found = self.record.find(&key);
        let diagnostic = match found {
            Some(entry) if entry.source == source.to_string() => {
                let version = call.version.as_ref().map(|(text, _)| text.as_str());
                if entry.satisfies(version) {
                    return Some(PathBuf::from(&entry.directory));
                }
                let detail = format!(
                    "Version {} of the module is installed, and {} is wanted.",
                    entry.version.as_deref().unwrap_or("?"),
                    version.unwrap_or("another")
                );
                Diagnostic::error("Module version requirements have changed", detail)
            }
            Some(entry) => {
                let detail = format!(
                    "The module that is installed came from {}, not from {source}.",
                    entry.source
                );
                Diagnostic::error("Module source has changed", detail)
            }
            None => {
                let detail = format!("The module {source} is not here yet.");
                Diagnostic::error("Module not installed", detail)
            }
        };
        self.diags.push(
            diagnostic
                .at(*span)
                .about(format_args!("module.{}", key.replace('.', ".module.")))
                .hint("Run `prov init` (or `prov get`), which brings all modules."),
        );
        None
    }

    fn child(
        &mut self,
        call: &ModuleCall,
        directory: PathBuf,
        way: &Way,
    ) -> Option<(Arc<Module>, bool)> {
        if let Some(whole) = self.whole.get(&directory) {
            return Some((whole.clone(), true));
        }
        if let Some(diagnostic) = endless(call, &directory, way) {
            self.diags.push(diagnostic);
            return None;
        }
        let mut module = self.parsed(&directory, call.source.1)?;
        let same = self.children(&mut module, &way.through(call, &directory));
        let module = Arc::new(module);
        if same {
            self.whole.insert(directory, module.clone());
        }
        Some((module, same))
    }

    /// Returns what a directory's files say.
    fn parsed(&mut self, directory: &Path, span: Span) -> Option<Module> {
        if let Some(known) = self.parsed.get(directory) {
            return known.clone();
        }
        let module = if directory.is_dir() {
            let mut module = super::load(directory, &[], self.sources, self.diags);
            only_in_root(&module, self.diags);
            providers::without_empty(&mut module, self.diags);
            Some(module)
        } else {
            let detail = format!("There is no directory {}.", directory.display());
            self.diags.push(
                Diagnostic::error("Unreadable module directory", detail)
                    .at(span)
                    .hint("Correct the source: a path is relative to the directory of the file that has the call."),
            );
            None
        };
        self.parsed.insert(directory.to_owned(), module.clone());
        module
    }
}

/// Refuses calls that lead to where they come from, or too far.
fn endless(call: &ModuleCall, directory: &Path, way: &Way) -> Option<Diagnostic> {
    if let Some(at) = way.directories.iter().position(|it| it == directory) {
        let round = way.directories[at..].iter().map(PathBuf::as_path);
        let round: Vec<String> = round
            .chain([directory])
            .map(|it| it.display().to_string())
            .collect();
        let detail = format!("The module calls itself: {}.", round.join(" → "));
        let diagnostic = Diagnostic::error("Module calls itself", detail);
        return Some(
            diagnostic
                .at(call.source.1)
                .about(format_args!("module.{}", call.name.text))
                .hint("Take one of the calls out: a module cannot contain itself."),
        );
    }
    (way.directories.len() > MAX_DEPTH).then(|| {
        let detail = format!("Modules are nested more than {MAX_DEPTH} deep.");
        Diagnostic::error("Modules nested too deep", detail)
            .at(call.span)
            .hint("Call the inner modules from further out.")
    })
}

/// Tells what only counts in the root module.
fn only_in_root(module: &Module, diags: &mut Diagnostics) {
    if let Some(backend) = &module.settings.backend {
        let detail = "The state is kept where the root module says: this block has no effect.";
        diags.push(
            Diagnostic::warning("Backend configuration ignored", detail)
                .at(backend.span)
                .hint("Take the block out, unless this directory is applied on its own as well."),
        );
    }
    for import in &module.imports {
        let detail = "An import block stands in the root module only.";
        diags.push(
            Diagnostic::error("Invalid import configuration", detail)
                .at(import.span)
                .hint("Move it to the root module, with to = module.NAME.TYPE.NAME."),
        );
    }
}
