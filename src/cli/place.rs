//! Where the state is: what the `backend` block says, and what `init -backend-config` said beside it.
//!
//! What was said beside it is in `.terraform/terraform.tfstate`, where Terraform writes the same: a directory that
//! Terraform was initialized in keeps its state where it is.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{failure::Failed, session::Session};
use crate::{
    backend::{
        self, Backend,
        local::{self, DEFAULT_WORKSPACE},
    },
    eval,
    manifest::{
        self,
        ast::{Block, Expr, ExprKind, Module, Name},
    },
    model::{Diagnostic, Diagnostics, Span, Type, diagnostic::did_you_mean},
};

/// The file with what was said beside the block.
const FILE: &str = "terraform.tfstate";
/// The arguments of a backend `local`.
const KNOWN: &[&str] = &["path", "workspace_dir"];

/// The arguments of a backend by their names; `None` is null.
type Arguments = BTreeMap<String, Option<String>>;

/// The file that Terraform keeps of a backend.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    version: u64,
    #[serde(default)]
    terraform_version: String,
    #[serde(default)]
    backend: Option<Recorded>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Recorded {
    #[serde(rename = "type")]
    kind: String,
    config: serde_json::Map<String, serde_json::Value>,
    /// A digest of the block that it completes; Terraform's is made otherwise.
    #[serde(default)]
    hash: u64,
}

/// What was said beside a block.
#[derive(Default)]
struct Said {
    kind: String,
    arguments: Arguments,
    /// The digest of the block then.
    hash: u64,
}

impl Session {
    /// Opens the state where the manifests' backend block says.
    pub fn backend(
        &self,
        module: &Module,
        state: Option<&Path>,
    ) -> Result<Box<dyn Backend>, Failed> {
        self.backend_of(module, state, self.settings.workspace())
    }

    /// Opens the state of a workspace.
    pub fn backend_of(
        &self,
        module: &Module,
        state: Option<&Path>,
        workspace: &str,
    ) -> Result<Box<dyn Backend>, Failed> {
        let arguments = self.arguments(module)?;
        check_workspace(workspace).map_err(|diagnostic| self.failed(diagnostic))?;
        let configured = path(&arguments, "path").filter(|_| workspace == DEFAULT_WORKSPACE);
        let path = state.map(Path::to_owned).or(configured);
        let path = path.unwrap_or_else(|| match workspace {
            DEFAULT_WORKSPACE => local::workspace_file(&local::directory(&self.root), workspace),
            _ => local::file_in(&self.workspaces_in(&arguments), workspace),
        });
        let disk = local::Disk::on_trial(self.settings.get("PROV_DISK"));
        Ok(Box::new(backend::Local::on(disk, &path)))
    }

    /// Returns the folder that has the workspaces' states.
    pub fn workspaces(&self, module: &Module) -> Result<PathBuf, Failed> {
        Ok(self.workspaces_in(&self.arguments(module)?))
    }

    fn workspaces_in(&self, arguments: &Arguments) -> PathBuf {
        path(arguments, "workspace_dir")
            .unwrap_or_else(|| local::directory(&self.root).join(local::WORKSPACES))
    }

    /// Returns the arguments of the backend: those of the block, and what was said beside it.
    fn arguments(&self, module: &Module) -> Result<Arguments, Failed> {
        let recorded = self.recorded()?;
        let Some(block) = &module.settings.backend else {
            return match recorded {
                Some(said)
                    if said.kind != "local" || said.arguments.values().any(Option::is_some) =>
                {
                    Err(self.failed(unset(&said)))
                }
                _ => Ok(Arguments::new()),
            };
        };
        let mut arguments = of_block(block).map_err(|wrong| self.failed(*wrong))?;
        let said = recorded
            .filter(|said| said.kind == "local")
            .unwrap_or_default();
        let same_block = said.hash == digest(&arguments);
        for (name, value) in said.arguments {
            if value.is_none() || arguments.get(&name) == Some(&value) {
                continue;
            }
            // What was said beside this very block is meant to be so.
            if arguments.contains_key(&name) && !same_block {
                return Err(self.failed(changed(block, &name, value.as_deref())));
            }
            arguments.insert(name, value);
        }
        Ok(arguments)
    }

    /// Records what `init` is told beside the block: `NAME=VALUE`, or files of such.
    pub fn configure_backend(
        &mut self,
        module: &Module,
        given: &[String],
        anew: bool,
    ) -> Result<(), Failed> {
        if anew {
            self.forget()?;
        }
        if given.is_empty() {
            return Ok(());
        }
        let Some(block) = &module.settings.backend else {
            return Err(self.failed(
                Diagnostic::error(
                    "Missing backend configuration",
                    "-backend-config completes a backend block, and the manifests have none.",
                )
                .hint("Write terraform { backend \"local\" {} }."),
            ));
        };
        let hash = digest(&of_block(block).map_err(|wrong| self.failed(*wrong))?);
        let recorded = self.recorded()?.filter(|said| said.kind == "local");
        let mut arguments = recorded.unwrap_or_default().arguments;
        for text in given {
            match text.split_once('=') {
                Some((name, value)) => {
                    let (name, value) = (name.trim(), value.trim());
                    known(name, None).map_err(|wrong| self.failed(*wrong))?;
                    arguments.insert(name.to_owned(), Some(value.to_owned()));
                }
                None => arguments.extend(self.arguments_in(Path::new(text))?),
            }
        }
        self.record(&arguments, hash).map_err(|error| {
            let detail = format!("{} cannot be written: {error}.", self.recording().display());
            self.failed(
                Diagnostic::error("Could not record the backend", detail)
                    .hint("Check the permissions of the directory, or set TF_DATA_DIR."),
            )
        })
    }

    /// Reads a file of arguments.
    fn arguments_in(&mut self, path: &Path) -> Result<Arguments, Failed> {
        let mut diags = Diagnostics::default();
        let values = manifest::load_values(path, &mut self.sources, &mut diags);
        self.checkpoint(&mut diags)?;
        let values = values.iter().map(|(name, value)| argument(name, value));
        values
            .collect::<Result<_, _>>()
            .map_err(|wrong| self.failed(*wrong))
    }

    /// Forgets what was said beside the block.
    fn forget(&self) -> Result<(), Failed> {
        let path = self.recording();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                let detail = format!("{} cannot be removed: {error}.", path.display());
                Err(self.failed(
                    Diagnostic::error("Could not forget the backend", detail)
                        .hint("Check the permissions of the directory."),
                ))
            }
            _ => Ok(()),
        }
    }

    fn recording(&self) -> PathBuf {
        self.settings.data_directory().join(FILE)
    }

    /// Reads which backend was set up here, and what was said beside its block.
    fn recorded(&self) -> Result<Option<Said>, Failed> {
        let path = self.recording();
        let wrong = |reason: String| {
            let detail = format!("{} cannot be read: {reason}.", path.display());
            self.failed(
                Diagnostic::error("Could not read where the state is", detail)
                    .hint("Mend the file, or run `prov init -reconfigure`, which removes it."),
            )
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(error.to_string())),
        };
        let file: File = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        Ok(file.backend.map(|recorded| {
            let arguments = recorded.config.into_iter();
            let text = |value: serde_json::Value| value.as_str().map(ToOwned::to_owned);
            let arguments = arguments.map(|(name, value)| (name, text(value)));
            Said {
                kind: recorded.kind,
                arguments: arguments.collect(),
                hash: recorded.hash,
            }
        }))
    }

    /// Writes what was said beside the block, in one step.
    fn record(&self, arguments: &Arguments, hash: u64) -> io::Result<()> {
        let config = KNOWN.iter().map(|name| {
            let value = arguments.get(*name).cloned().flatten();
            ((*name).to_owned(), value.into())
        });
        let file = File {
            version: 3,
            terraform_version: backend::format::TERRAFORM_VERSION.to_owned(),
            backend: Some(Recorded {
                kind: "local".to_owned(),
                config: config.collect(),
                hash,
            }),
        };
        self.settings.keep(FILE, &serde_json::to_vec_pretty(&file)?)
    }
}

/// What is said where the block is gone: another state in its place would begin from nothing.
fn unset(said: &Said) -> Diagnostic {
    let kind = &said.kind;
    let at = match said.arguments.get("path") {
        Some(Some(path)) => format!(" in {path}"),
        _ => String::new(),
    };
    Diagnostic::error(
        "Backend initialization required",
        format!(
            "This directory was initialized with a backend \"{kind}\", which keeps the state{at}, and the manifests have no backend block any more."
        ),
    )
    .hint("Put the block back; or copy the state to terraform.tfstate here and run `prov init -reconfigure`.")
}

/// What is said where the block says another place than the one that was set up.
fn changed(block: &Block, name: &str, said: Option<&str>) -> Diagnostic {
    Diagnostic::error(
        "Backend configuration changed",
        format!(
            "This directory was initialized with {name} = \"{}\", and the backend block says something else now.",
            said.unwrap_or_default()
        ),
    )
    .at(eval::span_of(&block.body, name))
    .hint("Copy the state to the new place if it is to move, then run `prov init -reconfigure`.")
}

/// Returns a number that tells a block from another.
fn digest(arguments: &Arguments) -> u64 {
    let text = format!("{arguments:?}");
    u64::from(crc32fast::hash(text.as_bytes()))
}

/// Returns the arguments that a backend block writes.
fn of_block(block: &Block) -> Result<Arguments, Box<Diagnostic>> {
    let kind = block.labels.first().map_or("", |label| &*label.text);
    if kind != "local" {
        return Err(Box::new(
            Diagnostic::error(
                "Unsupported backend",
                format!("The backend \"{kind}\" is not supported yet."),
            )
            .at(block.span)
            .hint("Use the \"local\" backend, or take the block out."),
        ));
    }
    let written = block.body.attributes.iter();
    written
        .map(|attribute| argument(&attribute.name, &attribute.value))
        .collect()
}

/// Returns one argument, which is a constant.
fn argument(name: &Name, value: &Expr) -> Result<(String, Option<String>), Box<Diagnostic>> {
    known(&name.text, Some(name.span))?;
    let ExprKind::Literal(literal) = &value.kind else {
        return Err(Box::new(
            Diagnostic::error(
                "Variables not allowed",
                format!("The argument \"{}\" of a backend is a constant.", name.text),
            )
            .at(value.span)
            .hint("Write the value out, or give it with `prov init -backend-config`."),
        ));
    };
    let text = eval::convert(literal, &Type::String).ok();
    let Some(text) = text else {
        return Err(Box::new(
            Diagnostic::error(
                "Incorrect attribute value type",
                format!("The argument \"{}\" of a backend is text.", name.text),
            )
            .at(value.span)
            .hint("Write a path in double quotes."),
        ));
    };
    Ok((name.text.to_string(), text.as_str().map(ToOwned::to_owned)))
}

fn known(name: &str, place: Option<Span>) -> Result<(), Box<Diagnostic>> {
    if KNOWN.contains(&name) {
        return Ok(());
    }
    let near = did_you_mean(name, KNOWN.iter().copied());
    Err(Box::new(
        Diagnostic::error(
            "Unsupported argument",
            format!("A \"local\" backend has no argument \"{name}\"."),
        )
        .at(place)
        .hint(near.map_or_else(
            || format!("Known here: {}.", KNOWN.join(", ")),
            |near| format!("Did you mean \"{near}\"?"),
        )),
    ))
}

fn path(arguments: &Arguments, name: &str) -> Option<PathBuf> {
    let text = arguments.get(name)?.as_deref()?;
    Some(text)
        .filter(|text| !text.is_empty())
        .map(PathBuf::from)
}

/// Refuses names that could not be those of a folder, or that lead out of it.
fn check_workspace(name: &str) -> Result<(), Diagnostic> {
    let fine = |c: char| c.is_ascii_alphanumeric() || "-_.~$&+:=@".contains(c);
    if !name.is_empty() && name.chars().all(fine) && ![".", ".."].contains(&name) {
        return Ok(());
    }
    Err(Diagnostic::error(
        "Invalid workspace name",
        format!("The workspace name \"{name}\" is not allowed."),
    )
    .hint("A name has letters, digits and - _ . ~ only."))
}
