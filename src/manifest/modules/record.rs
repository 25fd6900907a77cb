//! `modules.json`: what has been brought from where, as Terraform records it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{manifest::version, model::Diagnostic};

/// The name of the file.
const FILE: &str = "modules.json";

/// The modules that are installed, by key: the names of the calls that lead to them, with dots between.
#[derive(Clone, Debug, Default)]
pub struct Record(BTreeMap<String, Entry>);

/// A module that is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Source")]
    pub source: String,
    #[serde(rename = "Version", default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Relative to the working directory.
    #[serde(rename = "Dir")]
    pub directory: String,
}

#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(rename = "Modules")]
    modules: Vec<Entry>,
}

/// Returns the key of a call in the module with this key.
pub fn key(caller: &str, name: &str) -> String {
    match caller {
        "" => name.to_owned(),
        caller => format!("{caller}.{name}"),
    }
}

impl Entry {
    /// Whether the version is one that a call wants.
    pub fn satisfies(&self, wanted: Option<&str>) -> bool {
        if wanted.is_none() {
            return true;
        }
        let version = self.version.as_deref().map(semver::Version::parse);
        matches!(version, Some(Ok(version)) if version::suits(wanted, &version) == Ok(true))
    }
}

impl Record {
    /// Reads the record of a folder of modules; no file is an empty one.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the file.
    pub fn read(folder: &Path) -> Result<Self, Diagnostic> {
        let path = folder.join(FILE);
        let unreadable = |why: String| {
            let detail = format!("{} cannot be read: {why}.", path.display());
            Diagnostic::error("Unreadable record of modules", detail)
                .hint("Delete it, and run `prov init`, which writes it anew.")
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let document: Document =
            serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
        let entries = document.modules.into_iter();
        Ok(Self(
            entries.map(|entry| (entry.key.clone(), entry)).collect(),
        ))
    }

    /// Returns what is installed for a key.
    pub fn find(&self, key: &str) -> Option<&Entry> {
        self.0.get(key)
    }

    /// Notes what is installed for a key.
    pub fn set(&mut self, key: &str, source: String, version: Option<String>, directory: &Path) {
        let entry = Entry {
            key: key.to_owned(),
            source,
            version,
            directory: directory.display().to_string(),
        };
        self.0.insert(key.to_owned(), entry);
    }

    /// Writes the record whole, or leaves what was there.
    ///
    /// # Errors
    ///
    /// Returns why the file could not be written.
    pub fn write(&self, folder: &Path) -> io::Result<PathBuf> {
        let root = Entry {
            key: String::new(),
            source: String::new(),
            version: None,
            directory: ".".to_owned(),
        };
        let others = self.0.values().filter(|entry| !entry.key.is_empty());
        let document = Document {
            modules: std::iter::once(root).chain(others.cloned()).collect(),
        };
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(".modules")
            .tempfile_in(folder)?;
        serde_json::to_writer(&mut file, &document)?;
        let path = folder.join(FILE);
        file.persist(&path)?;
        Ok(path)
    }
}
