//! What `prov fmt -to` makes of files: a new one beside each, and nothing is lost.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::schemas;
use crate::{
    manifest::convert::{self, To},
    model::{Diagnostic, SourceId},
};

/// A file that has been converted.
pub struct Made {
    pub original: PathBuf,
    pub source: SourceId,
    pub target: PathBuf,
    pub text: String,
}

/// The files that have been converted so far.
pub struct Conversion {
    to: To,
    pub made: Vec<Made>,
}

impl Conversion {
    pub fn to(to: To) -> Self {
        let made = Vec::new();
        Self { to, made }
    }

    /// Whether a file is a manifest in another language.
    pub fn wants(&self, name: &str) -> bool {
        convert::renamed(name, self.to).is_some()
    }

    /// Returns why a file is not converted.
    pub fn unwanted(&self, name: &str) -> Diagnostic {
        let (language, other) = match self.to {
            To::Hcl => ("HCL", To::Yaml),
            To::Yaml => ("YAML", To::Hcl),
        };
        let (detail, hint) = match convert::renamed(name, other) {
            Some(_) => (
                format!("{name} is a manifest in {language} already."),
                "Leave it out; without -to it is formatted.",
            ),
            None => (
                format!(
                    "{name} is no manifest: .tf, .tf.json, .prov.hcl, .prov.yaml or .prov.yml."
                ),
                "Give its text on standard input with `prov fmt -to=LANGUAGE -`, if it is a manifest by another name.",
            ),
        };
        Diagnostic::error("Cannot convert the file", detail).hint(hint)
    }

    /// Converts a text, and keeps it for writing if it is that of a file.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with it, or what the other language has no words for.
    pub fn add(
        &mut self,
        text: &str,
        source: SourceId,
        path: Option<&Path>,
    ) -> Result<String, Vec<Diagnostic>> {
        let name = path.and_then(Path::file_name).unwrap_or_default();
        let name = name.to_string_lossy();
        let converted = convert::convert(text, source, &name, self.to, &schemas::is_block)?;
        if let (Some(path), Some(name)) = (path, convert::renamed(&name, self.to)) {
            self.made.push(Made {
                original: path.to_owned(),
                source,
                target: path.with_file_name(name),
                text: converted.clone(),
            });
        }
        Ok(converted)
    }

    /// Returns what is in the way of writing.
    pub fn obstacles(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut targets: BTreeMap<&Path, &Path> = BTreeMap::new();
        for made in &self.made {
            let (original, target) = (shown(&made.original), shown(&made.target));
            let taken = if fs::symlink_metadata(&made.target).is_ok() {
                format!("{original} would become {target}, which exists.")
            } else if let Some(first) = targets.insert(&made.target, &made.original) {
                let first = shown(first);
                format!("{first} and {original} would both become {target}.")
            } else {
                continue;
            };
            found.push(
                Diagnostic::error("File exists", taken)
                    .hint("Move or rename one of the two; nothing has been written."),
            );
        }
        found
    }
}

impl Made {
    /// Writes the new file, with the permissions of the old one.
    ///
    /// # Errors
    ///
    /// Returns why that cannot be done; a file that is there stays as it is.
    pub fn write(&self) -> io::Result<()> {
        let folder = self
            .target
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new()
            .prefix(".fmt-")
            .tempfile_in(folder)?;
        file.write_all(self.text.as_bytes())?;
        file.as_file()
            .set_permissions(fs::metadata(&self.original)?.permissions())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(&self.target)
            .map_err(|error| error.error)?;
        Ok(())
    }
}

/// Returns a path as it is listed: without `./`, and from here on if it is below.
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let below = path.strip_prefix(here).unwrap_or(path);
    let plain: PathBuf = below.components().collect();
    let plain = plain.strip_prefix(".").unwrap_or(&plain);
    if plain.as_os_str().is_empty() {
        return ".".to_owned();
    }
    plain.display().to_string()
}
