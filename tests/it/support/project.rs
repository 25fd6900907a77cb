//! A directory of manifests, and the built prov run in it.

use std::{fs, path::Path, process::Command};

use serde_json::Value as Json;
use tempfile::TempDir;

pub struct Project(TempDir);

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    /// Panics with everything that was said unless the command succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self}");
        self
    }

    /// Panics unless standard output has each of these in it.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.stdout.contains(part), "no {part:?} in\n{self}");
        }
        self
    }

    /// Panics unless the command failed and standard error has each of these in it, wrapped or not.
    #[track_caller]
    pub fn fails(self, parts: &[&str]) -> Self {
        assert_eq!(self.code, 1, "{self}");
        let words: Vec<&str> = self
            .stderr
            .split_whitespace()
            .filter(|word| *word != "│")
            .collect();
        let flat = words.join(" ");
        for part in parts {
            assert!(flat.contains(part), "no {part:?} in\n{self}");
        }
        self
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "exit {}\n--- stdout\n{}\n--- stderr\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}

impl Project {
    /// An empty directory.
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A directory with this as its only manifest.
    pub fn with(manifest: &str) -> Self {
        let project = Self::new();
        project.write("main.tf", manifest);
        project
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, replacing it.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// Runs prov with these arguments, separated by spaces.
    pub fn prov(&self, arguments: &str) -> Said {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        self.run(&arguments)
    }

    /// Runs prov with these arguments.
    pub fn run(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_prov"))
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .output()
            .unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Applies.
    #[track_caller]
    pub fn apply(&self) -> Said {
        self.prov("apply -auto-approve -no-color").ok()
    }

    /// Panics unless there is nothing to do.
    #[track_caller]
    pub fn settled(&self) {
        let said = self.prov("plan -detailed-exitcode -no-color");
        assert_eq!(said.code, 0, "the plan is not empty\n{said}");
    }

    /// The plan as `show -json` gives it.
    #[track_caller]
    pub fn plan_json(&self, arguments: &str) -> Json {
        self.prov(&format!("plan -out=the.plan {arguments}")).ok();
        serde_json::from_str(&self.prov("show -json the.plan").ok().stdout).unwrap()
    }

    /// The state file.
    pub fn state(&self) -> Json {
        let text = fs::read_to_string(self.path().join("terraform.tfstate")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// The attributes of an instance in the state: `type`, `name`, its index.
    pub fn attributes(&self, kind: &str, name: &str, index: usize) -> Json {
        let state = self.state();
        let resources = state["resources"].as_array().unwrap();
        let found = resources
            .iter()
            .find(|one| one["type"] == kind && one["name"] == name);
        let found = found.unwrap_or_else(|| panic!("no {kind}.{name} in {state:#}"));
        found["instances"][index]["attributes"].clone()
    }
}
