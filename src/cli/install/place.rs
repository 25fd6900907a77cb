//! Trees of files: drafts that become whole, copies, and what may be in them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::archive;
use crate::model::Diagnostic;

/// A folder that is filled, and then put where it belongs at once; else it goes away.
pub(super) struct Draft {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl Draft {
    /// Makes one beside the modules.
    pub(super) fn new(folder: &Path) -> Result<Self, Diagnostic> {
        let made = fs::create_dir_all(folder).and_then(|()| {
            tempfile::Builder::new()
                .prefix(".bringing-")
                .tempdir_in(folder)
        });
        let folder = made.map_err(|error| {
            let detail = format!("{} cannot be written: {error}.", folder.display());
            Diagnostic::error("Cannot keep modules", detail)
                .hint("Check the permissions of the directory, or set TF_DATA_DIR.")
        })?;
        let path = folder.path().join("module");
        Ok(Self { folder, path })
    }

    /// Where to put the files: a path at which nothing is yet.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the files where they belong, in place of what is there.
    pub(super) fn keep(self, target: &Path) -> io::Result<()> {
        if target.exists() {
            fs::rename(target, self.folder.path().join("old"))?;
        }
        fs::rename(&self.path, target)
    }
}

/// Brings what is on this machine already: a directory or an archive.
pub(super) fn bring(url: &str, into: &Path) -> Result<(), String> {
    let path = Path::new(url.strip_prefix("file://").unwrap_or(url));
    if path.is_dir() {
        return copy(path, into).map_err(|error| error.to_string());
    }
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}.", path.display()))?;
    let kind = archive::Kind::of(url)
        .ok_or_else(|| format!("{} is neither a directory nor an archive.", path.display()))?;
    archive::unpack(kind, &bytes, into)
}

/// Copies a directory with everything in it.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&from, &to)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&from)?, to)?;
        } else if kind.is_file() {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

/// Refuses links that lead out of a tree: what a module reads is what was brought.
pub(super) fn links_stay_inside(root: &Path) -> Result<(), String> {
    let whole = root.canonicalize().map_err(|error| error.to_string())?;
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        let entries = fs::read_dir(&directory).map_err(|error| error.to_string())?;
        for entry in entries {
            let entry = entry.map_err(|error| error.to_string())?;
            let kind = entry.file_type().map_err(|error| error.to_string())?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_symlink() {
                let path = entry.path();
                // A link to nothing leads nowhere.
                let leads_out = path.canonicalize().is_ok_and(|it| !it.starts_with(&whole));
                if leads_out {
                    let shown = path.strip_prefix(root).unwrap_or(&path);
                    return Err(format!("{} is a link out of it.", shown.display()));
                }
            }
        }
    }
    Ok(())
}

/// Returns a directory of a tree; `*` is the only directory that there is.
pub(super) fn within(root: &Path, subdirectory: &str) -> Result<String, String> {
    let mut at = root.to_owned();
    let mut steps = Vec::new();
    for step in subdirectory.split('/').filter(|it| !it.is_empty()) {
        let name = if step == "*" {
            let entries = fs::read_dir(&at).map_err(|error| error.to_string())?;
            let mut folders = entries
                .filter_map(Result::ok)
                .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
            match (folders.next(), folders.next()) {
                (Some(only), None) => only.file_name().to_string_lossy().into_owned(),
                _ => return Err("it has not exactly one directory.".to_owned()),
            }
        } else {
            step.to_owned()
        };
        at.push(&name);
        steps.push(name);
    }
    if at.is_dir() {
        return Ok(steps.join("/"));
    }
    Err(format!("it has no directory {subdirectory}."))
}
