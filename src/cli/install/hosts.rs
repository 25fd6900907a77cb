//! What Terraform's settings of the command line say of hosts: where their services are, and tokens.

use std::{collections::HashMap, fs, io, path::Path};

use crate::{
    cli::settings::Settings,
    manifest::{
        self,
        ast::{Block, Expr, ExprKind},
    },
    model::{Diagnostic, Diagnostics, secret::Secret},
};

/// Hosts of which something is known beforehand.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    /// By host and service.
    services: HashMap<(String, String), String>,
    tokens: HashMap<String, Secret>,
}

impl Hosts {
    /// Reads `TF_TOKEN_…`, the file that `TF_CLI_CONFIG_FILE` names or `~/.terraformrc`, and what `terraform login`
    /// has kept.
    pub(super) fn read(settings: &Settings, diags: &mut Diagnostics) -> Self {
        let mut hosts = Self::default();
        let home = settings.get("HOME").map(Path::new);
        if let Some(home) = home {
            let path = home.join(".terraform.d/credentials.tfrc.json");
            hosts.kept(&path).unwrap_or_else(|it| diags.push(it));
        }
        let named = settings.first(&["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"]);
        let path = named.map(Into::into);
        if let Some(path) = path.or_else(|| home.map(|home| home.join(".terraformrc"))) {
            hosts
                .configured(&path, named.is_some())
                .unwrap_or_else(|it| diags.push(it));
        }
        for (host, token) in settings.with_prefix("TF_TOKEN_") {
            hosts.tokens.insert(host_of(host), Secret::new(token));
        }
        hosts
    }

    /// Returns the environment variable that has a host's token.
    pub(super) fn variable(host: &str) -> String {
        format!("TF_TOKEN_{}", host.replace('-', "__").replace('.', "_"))
    }

    /// Returns where a service of a host is, if that is settled beforehand.
    pub(super) fn service(&self, host: &str, service: &str) -> Option<String> {
        let key = (host.to_owned(), service.to_owned());
        self.services.get(&key).cloned()
    }

    /// Returns the token of a host.
    pub(super) fn token(&self, host: &str) -> Option<&Secret> {
        self.tokens.get(host)
    }

    fn kept(&mut self, path: &Path) -> Result<(), Diagnostic> {
        let Some(text) = text(path, false)? else {
            return Ok(());
        };
        let document: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| wrong(path, &error.to_string()))?;
        let all = document.get("credentials").and_then(|it| it.as_object());
        for (host, entry) in all.into_iter().flatten() {
            if let Some(token) = entry.get("token").and_then(|it| it.as_str()) {
                self.tokens.insert(host.clone(), Secret::new(token));
            }
        }
        Ok(())
    }

    fn configured(&mut self, path: &Path, wanted: bool) -> Result<(), Diagnostic> {
        let Some(text) = text(path, wanted)? else {
            return Ok(());
        };
        let body = manifest::parse_blocks(&text).map_err(|it| wrong(path, &it.detail))?;
        for block in body.blocks {
            let Some(host) = block.labels.first().map(|it| it.text.to_lowercase()) else {
                continue;
            };
            match &*block.kind.text {
                "credentials" => {
                    if let Some(token) = argument(&block, "token").and_then(literal) {
                        self.tokens.insert(host, Secret::new(token));
                    }
                }
                "host" => {
                    let services = argument(&block, "services").map(|it| &it.kind);
                    let Some(ExprKind::Object(entries)) = services else {
                        continue;
                    };
                    for (name, url) in entries {
                        if let (Some(name), Some(url)) = (literal(name), literal(url)) {
                            self.services.insert((host.clone(), name), url);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Returns the host that the end of a variable's name stands for.
fn host_of(name: &str) -> String {
    name.replace("__", "-").replace('_', ".").to_lowercase()
}

fn argument<'b>(block: &'b Block, name: &str) -> Option<&'b Expr> {
    let mut attributes = block.body.attributes.iter();
    let found = attributes.find(|it| &*it.name.text == name)?;
    Some(&found.value)
}

fn literal(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Literal(value) => value.as_str().map(ToOwned::to_owned),
        _ => None,
    }
}

/// Reads a file; one that is not wanted by name may be missing.
fn text(path: &Path, wanted: bool) -> Result<Option<String>, Diagnostic> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !wanted => Ok(None),
        Err(error) => Err(wrong(path, &error.to_string())),
    }
}

fn wrong(path: &Path, why: &str) -> Diagnostic {
    let detail = format!("{} cannot be read: {why}", path.display());
    Diagnostic::error("Unreadable settings of the command line", detail)
        .hint("Mend the file, or set TF_CLI_CONFIG_FILE to another.")
}
