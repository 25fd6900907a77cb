//! A module from anywhere as the beginning of a configuration: `init -from-module`.

use std::{fs, io, path::Path};

use super::{Installer, http::Downloads, place};
use crate::{
    cli::{settings::Settings, ui::Ui},
    manifest::modules::{address::Source, directory_of, record::Record},
    model::{Diagnostic, Diagnostics, Sources},
};

/// Copies a module into a directory, without hidden files. `folder` is where modules are kept.
///
/// # Errors
///
/// Says why the module cannot be brought or written.
pub async fn copy_into(
    root: &Path,
    source: &str,
    folder: &Path,
    settings: &Settings,
    ui: &Ui,
) -> Result<(), Diagnostics> {
    const KEY: &str = "from-module";
    let downloads = Downloads::default();
    let mut sources = Sources::default();
    let record = Record::default();
    let mut installer = Installer::new(folder, record, settings, ui, &downloads, &mut sources);
    let directory = match Source::parse(source, false)? {
        Source::Local(path) => directory_of(root, &path),
        Source::Registry(module) => installer.registered(&module, None, KEY).await?.0,
        Source::Package(package) => installer.package(&package, KEY, None).await?,
    };
    if let (Ok(here), Ok(there)) = (root.canonicalize(), directory.canonicalize())
        && here.starts_with(&there)
    {
        let detail = format!("{source} is this directory, or one around it.");
        let hint = "Name a module beside this directory, or below it.";
        return Err(Diagnostic::error("Failed to copy module", detail)
            .hint(hint)
            .into());
    }
    let copied = visible(&directory, root);
    // What was brought on the way is of no more use.
    let kept = folder.join(KEY);
    let cleared = match kept.exists() {
        true => fs::remove_dir_all(kept),
        false => Ok(()),
    };
    copied.and(cleared).map_err(|error| {
        let detail = format!("{source} cannot be copied: {error}.");
        let hint = "Check the source: a path is relative to this directory. Check that files can be written here.";
        Diagnostic::error("Failed to copy module", detail).hint(hint).into()
    })
}

/// Copies what is not hidden and no state, whose objects belong to where it is; nothing if any of it is there already.
fn visible(from: &Path, to: &Path) -> io::Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        if shown.starts_with('.') || shown.starts_with("terraform.tfstate") {
            continue;
        }
        let target = to.join(&name);
        if target.symlink_metadata().is_ok() {
            let text = format!("{} is there already", target.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
        entries.push((entry, target));
    }
    for (entry, target) in entries {
        if entry.file_type()?.is_dir() {
            place::copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
