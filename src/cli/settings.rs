//! The environment, read once. Nothing else in prov reads it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::model::language::Language;

/// The environment variables of this process.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    variables: BTreeMap<String, String>,
    /// The workspace that `workspace select` has chosen.
    selected: Option<String>,
}

impl Settings {
    /// Reads the environment; what is not UTF-8 is left out.
    pub fn read() -> Self {
        let pair = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            variables: std::env::vars_os().filter_map(pair).collect(),
            selected: None,
        }
    }

    /// Returns a variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Returns the first of these that is set.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// Returns the variables whose name begins with `prefix`, without it.
    pub fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.variables
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    /// The name of the file that says which workspace is selected.
    pub const SELECTION: &str = "environment";

    /// Returns the language of explanations: `PROV_LANG`, else what the locale says.
    pub fn language(&self) -> Language {
        let names = ["PROV_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
        self.first(&names).map(Language::of).unwrap_or_default()
    }

    /// Returns `user@host` for lock information.
    pub fn who(&self) -> String {
        let user = self
            .first(&["USER", "LOGNAME", "USERNAME"])
            .unwrap_or("unknown");
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname")
            .ok()
            .map(|name| name.trim().to_owned())
            .or_else(|| {
                self.first(&["HOSTNAME", "COMPUTERNAME"])
                    .map(ToOwned::to_owned)
            })
            .unwrap_or_else(|| "localhost".to_owned());
        format!("{user}@{host}")
    }

    /// Returns at which records of the journal the process is to kill itself: for the tests of recovery.
    pub fn crash(&self) -> crate::apply::crash::Crash {
        crate::apply::crash::Crash::new(self.get("PROV_CRASH_BEFORE"), self.get("PROV_CRASH_AT"))
    }

    /// Returns how far the clock is to be wrong: for the tests of recovery.
    pub fn ahead(&self) -> jiff::SignedDuration {
        let seconds = self.get("PROV_CLOCK").filter(|_| cfg!(debug_assertions));
        let seconds = seconds.and_then(|seconds| seconds.parse().ok());
        jiff::SignedDuration::from_secs(seconds.unwrap_or_default())
    }

    /// Returns where Terraform and prov keep what belongs to a working directory, relative to it.
    pub fn data_directory(&self) -> &Path {
        Path::new(self.get("TF_DATA_DIR").unwrap_or(".terraform"))
    }

    /// Writes a file of the data directory, in one step.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let folder = self.data_directory();
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(&format!(".{name}-"))
            .tempfile_in(folder)?;
        std::io::Write::write_all(&mut file, bytes)?;
        file.as_file().sync_all()?;
        file.persist(folder.join(name))?;
        Ok(())
    }

    /// Returns the file that says which workspace is selected.
    pub fn selection(&self) -> PathBuf {
        self.data_directory().join(Self::SELECTION)
    }

    /// Reads which workspace is selected in the working directory.
    pub fn read_selection(&mut self) {
        let text = std::fs::read_to_string(self.selection()).unwrap_or_default();
        self.selected = Some(text.trim().to_owned()).filter(|name| !name.is_empty());
    }

    /// Returns the workspace that the environment chooses, whatever is selected.
    pub fn workspace_override(&self) -> Option<&str> {
        self.get("TF_WORKSPACE")
    }

    /// Returns the selected workspace.
    pub fn workspace(&self) -> &str {
        self.workspace_override()
            .or(self.selected.as_deref())
            .unwrap_or("default")
    }
}
