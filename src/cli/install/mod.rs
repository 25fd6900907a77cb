//! Brings the modules that calls name to where they are read from, and records where that is.
//!
//! A module is brought into a folder of its own and renamed when it is whole: what is interrupted leaves nothing that could
//! be taken for a module. Start with [`install`].

mod archive;
mod copy;
mod git;
mod hosts;
mod http;
mod place;
mod registry;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

pub use self::copy::copy_into;
use self::{http::Downloads, registry::Registries};
use super::{settings::Settings, ui::Ui};
use crate::{
    manifest::{
        self,
        ast::{Module, ModuleCall},
        modules::{
            MAX_DEPTH,
            address::{How, Package, Registered, Source},
            directory_of,
            record::{self, Record},
        },
    },
    model::{Diagnostic, Diagnostics, Sources},
};

/// Brings everything that a module calls, and what that calls. `folder` is where modules are kept; `anew` brings what is
/// there already once more.
///
/// # Errors
///
/// Returns everything that could not be brought or read.
pub async fn install(
    root: &Module,
    folder: &Path,
    anew: bool,
    settings: &Settings,
    ui: &Ui,
    sources: &mut Sources,
) -> Result<(), Diagnostics> {
    if root.calls.is_empty() {
        return Ok(());
    }
    let downloads = Downloads::default();
    let record = Record::read(folder)?;
    let mut installer = Installer::new(folder, record, settings, ui, &downloads, sources);
    installer.anew = anew;
    let way = Way {
        key: String::new(),
        places: vec![root.directory.display().to_string()],
    };
    tokio::select! {
        () = installer.calls(root, &way) => {}
        _ = tokio::signal::ctrl_c() => {
            let detail = "Modules that are not whole are not kept.";
            installer.diags.push(Diagnostic::error("Interrupted", detail).hint("Run the command again."));
        }
    }
    let Installer {
        record, mut diags, ..
    } = installer;
    if let Err(error) = record.write(folder) {
        let detail = format!("{} cannot be written: {error}.", folder.display());
        diags.push(
            Diagnostic::error("Cannot record the modules", detail)
                .hint("Check the permissions of the directory."),
        );
    }
    if diags.has_errors() {
        return Err(diags);
    }
    ui.diagnostics(&diags, sources);
    Ok(())
}

/// How a module was come to.
struct Way {
    /// As `modules.json` writes it.
    key: String,
    /// The directories and sources of the callers, the root's first, and of the module itself.
    places: Vec<String>,
}

struct Installer<'a> {
    folder: &'a Path,
    anew: bool,
    ui: &'a Ui,
    record: Record,
    downloads: &'a Downloads,
    registries: Registries<'a>,
    /// Where packages are that this run has brought, by their address.
    brought: HashMap<String, PathBuf>,
    /// What the files of a directory call.
    read: HashMap<PathBuf, Module>,
    sources: &'a mut Sources,
    diags: Diagnostics,
}

impl<'a> Installer<'a> {
    fn new(
        folder: &'a Path,
        record: Record,
        settings: &Settings,
        ui: &'a Ui,
        downloads: &'a Downloads,
        sources: &'a mut Sources,
    ) -> Self {
        let mut diags = Diagnostics::default();
        let registries = Registries::new(settings, downloads, &mut diags);
        Self {
            folder,
            anew: false,
            ui,
            record,
            downloads,
            registries,
            brought: HashMap::new(),
            read: HashMap::new(),
            sources,
            diags,
        }
    }
}

impl Installer<'_> {
    /// Brings what a module calls.
    async fn calls(&mut self, module: &Module, way: &Way) {
        for call in module.calls.values() {
            let key = record::key(&way.key, &call.name.text);
            let Ok(source) = Source::parse(&call.source.0, call.version.is_some()) else {
                continue;
            };
            match self.one(module, call, &source, &key, way).await {
                Ok(directory) => {
                    let place = match source {
                        Source::Local(_) => directory.display().to_string(),
                        source => source.to_string(),
                    };
                    let mut places = way.places.clone();
                    places.push(place);
                    let child = self.child(&directory);
                    Box::pin(self.calls(&child, &Way { key, places })).await;
                }
                Err(diagnostic) => {
                    let span = diagnostic.span.unwrap_or(call.source.1);
                    let address = format!("module.{}", key.replace('.', ".module."));
                    self.diags.push(diagnostic.at(span).about(address));
                }
            }
        }
    }

    /// Brings one module and returns its directory.
    async fn one(
        &mut self,
        caller: &Module,
        call: &ModuleCall,
        source: &Source,
        key: &str,
        way: &Way,
    ) -> Result<PathBuf, Diagnostic> {
        let place = match source {
            Source::Local(path) => directory_of(&caller.directory, path).display().to_string(),
            source => source.to_string(),
        };
        if way.places.contains(&place) || way.places.len() > MAX_DEPTH {
            let detail = format!("{place} is called from within itself, or from too deep.");
            return Err(Diagnostic::error("Module calls itself", detail)
                .hint("Take one of the calls out: a module cannot contain itself."));
        }
        let version = call.version.as_ref().map(|(text, _)| text.as_str());
        if let Some(entry) = self.record.find(key).filter(|_| !self.anew)
            && entry.source == source.to_string()
            && entry.satisfies(version)
            && Path::new(&entry.directory).is_dir()
            // What is beside the caller moves with the caller.
            && (!matches!(source, Source::Local(_)) || entry.directory == place)
        {
            return Ok(PathBuf::from(&entry.directory));
        }
        let (directory, version) = match source {
            Source::Local(_) => (PathBuf::from(&place), None),
            Source::Registry(module) => {
                let (directory, version) = self.registered(module, version, key).await?;
                (directory, Some(version))
            }
            Source::Package(package) => (self.package(package, key, None).await?, None),
        };
        if !directory.is_dir() {
            let detail = format!("There is no directory {}.", directory.display());
            return Err(Diagnostic::error("Unreadable module directory", detail)
                .hint("Correct the source: a path is relative to the directory of the file that has the call."));
        }
        self.log(&format!("- {key} in {}", directory.display()));
        self.record
            .set(key, source.to_string(), version, &directory);
        Ok(directory)
    }

    async fn registered(
        &mut self,
        module: &Registered,
        wanted: Option<&str>,
        key: &str,
    ) -> Result<(PathBuf, String), Diagnostic> {
        let version = self.registries.choose(module, wanted).await?;
        let mut package = self.registries.package(module, &version).await?;
        let inner = [&*package.subdirectory, &*module.subdirectory];
        let inner: Vec<&str> = inner.into_iter().filter(|it| !it.is_empty()).collect();
        package.subdirectory = inner.join("/");
        let name = format!("{}/{} {version}", module.host, module.path);
        let directory = self.package(&package, key, Some(&name)).await?;
        Ok((directory, version))
    }

    /// Brings a package and returns the directory of it that is meant; `name` is what it is called, if not by its
    /// address.
    async fn package(
        &mut self,
        package: &Package,
        key: &str,
        name: Option<&str>,
    ) -> Result<PathBuf, Diagnostic> {
        let whole = package.whole();
        let address = whole.to_string();
        let name = name.map_or_else(|| whole.shown(), ToOwned::to_owned);
        self.log(&format!("Downloading {name} for {key}..."));
        let target = self.folder.join(key);
        let draft = place::Draft::new(self.folder)?;
        let failed = |why: String| {
            let detail = format!("{name} could not be brought: {why}");
            Diagnostic::error("Failed to download module", detail)
                .hint("Check the source and the network, and that you may read it.")
        };
        let known = self.brought.get(&address).filter(|it| **it != target);
        match (known, whole.how) {
            (Some(known), _) => {
                place::copy(known, draft.path()).map_err(|it| failed(it.to_string()))?
            }
            (None, How::Git) => git::clone(&whole, draft.path()).await.map_err(failed)?,
            (None, How::Http) => self.download(&whole, draft.path()).await.map_err(failed)?,
            (None, How::File) => place::bring(&whole.url, draft.path()).map_err(failed)?,
        }
        place::links_stay_inside(draft.path()).map_err(failed)?;
        let inner = place::within(draft.path(), &package.subdirectory).map_err(failed)?;
        draft.keep(&target).map_err(|it| failed(it.to_string()))?;
        self.brought.insert(address, target.clone());
        Ok(match &*inner {
            "" => target,
            inner => target.join(inner),
        })
    }

    /// Downloads an archive; the server may name another source for it.
    async fn download(&self, package: &Package, into: &Path) -> Result<(), String> {
        let Some(elsewhere) = self.downloads.archive(package, into).await? else {
            return Ok(());
        };
        let source = Source::parse(&elsewhere, false).map_err(|it| it.detail)?;
        match source {
            Source::Package(package) if package.how == How::Git => git::clone(&package, into).await,
            Source::Package(package) if package.how == How::Http => {
                match self.downloads.archive(&package, into).await? {
                    None => Ok(()),
                    Some(_) => Err("the server sends from one place to the next.".to_owned()),
                }
            }
            _ => Err(format!(
                "the server names {source}, which is not a download."
            )),
        }
    }

    /// Reads what a directory calls. What else is wrong in it is told by the commands that use it.
    fn child(&mut self, directory: &Path) -> Module {
        if let Some(known) = self.read.get(directory) {
            return known.clone();
        }
        let module = manifest::load(directory, &[], self.sources, &mut self.diags);
        self.read.insert(directory.to_owned(), module.clone());
        module
    }

    fn log(&self, text: &str) {
        self.ui.say(text);
        self.ui
            .with_events(|events, now| events.log("info", text, now));
    }
}
