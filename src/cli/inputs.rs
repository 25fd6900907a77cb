//! The values of variables: from the environment, files and flags, in Terraform's order.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args};

use super::settings::Settings;
use crate::{
    eval::variables::{self, Input, InputKind},
    manifest,
    model::{Diagnostic, Diagnostics, Sources},
};

/// Flags that choose manifests and give variables values.
#[derive(Clone, Debug, Default, Args)]
pub struct InputArgs {
    /// Read this manifest instead of the directory's (repeatable; `-` is standard input).
    #[arg(long = "f", short = 'f', value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Give a variable a value: `-var 'name=value'` (repeatable).
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub vars: Vec<String>,
    /// Read values of variables from a file (repeatable).
    #[arg(long = "var-file", value_name = "FILE")]
    pub var_files: Vec<PathBuf>,
}

/// A value from the command line.
#[derive(Clone, Debug)]
pub enum Given {
    Var(String),
    File(PathBuf),
}

/// Returns `-var` and `-var-file` in the order in which they were given.
pub fn order(matches: &ArgMatches) -> Vec<Given> {
    let mut all: Vec<(usize, Given)> = Vec::new();
    let has = |id: &str| matches.try_contains_id(id).unwrap_or(false);
    if has("vars") {
        let values = matches
            .get_many::<String>("vars")
            .into_iter()
            .flatten()
            .cloned()
            .map(Given::Var);
        all.extend(matches.indices_of("vars").into_iter().flatten().zip(values));
    }
    if has("var_files") {
        let values = matches
            .get_many::<PathBuf>("var_files")
            .into_iter()
            .flatten()
            .cloned()
            .map(Given::File);
        all.extend(
            matches
                .indices_of("var_files")
                .into_iter()
                .flatten()
                .zip(values),
        );
    }
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, given)| given).collect()
}

/// Gathers every input in the order in which later ones win.
pub fn gather(
    settings: &Settings,
    root: &Path,
    given: &[Given],
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<Input> {
    let mut inputs = Vec::new();
    for (name, value) in settings.with_prefix("TF_VAR_") {
        inputs.push(Input {
            name: name.to_owned(),
            given: variables::Given::Text {
                text: value.to_owned(),
                origin: format!("the environment variable TF_VAR_{name}"),
            },
            kind: InputKind::Environment,
        });
    }
    for path in manifest::value_files(root) {
        let auto = path.to_string_lossy().contains(".auto.");
        let kind = if auto {
            InputKind::AutoFile
        } else {
            InputKind::File
        };
        inputs.extend(from_file(&path, kind, sources, diags));
    }
    for given in given {
        match given {
            Given::File(path) => inputs.extend(from_file(path, InputKind::File, sources, diags)),
            Given::Var(text) => match text.split_once('=') {
                Some((name, value)) => inputs.push(Input {
                    name: name.trim().to_owned(),
                    given: variables::Given::Text {
                        text: value.to_owned(),
                        origin: format!("-var '{}=…'", name.trim()),
                    },
                    kind: InputKind::CommandLine,
                }),
                None => diags.push(
                    Diagnostic::error(
                        "Invalid -var option",
                        "A -var option must have the form NAME=VALUE.",
                    )
                    .hint("Write -var 'name=value'."),
                ),
            },
        }
    }
    inputs
}

fn from_file(
    path: &Path,
    kind: InputKind,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<Input> {
    manifest::load_values(path, sources, diags)
        .into_iter()
        .map(|(name, expr)| Input {
            name: name.text.to_string(),
            given: variables::Given::Expr {
                expr,
                origin: path.strip_prefix(".").unwrap_or(path).display().to_string(),
            },
            kind,
        })
        .collect()
}
