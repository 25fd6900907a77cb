//! Registries of modules: which versions there are, and where one is.

use std::{cell::RefCell, collections::HashMap};

use semver::Version;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    hosts::Hosts,
    http::{Answer, Downloads, joined},
};
use crate::{
    cli::settings::Settings,
    manifest::{
        modules::address::{Package, Registered, Source},
        version,
    },
    model::{Diagnostic, Diagnostics},
};

/// The name of the protocol in what a host says of itself.
const SERVICE: &str = "modules.v1";

/// Asks registries.
pub(super) struct Registries<'a> {
    downloads: &'a Downloads,
    hosts: Hosts,
    /// Where the modules of a host are.
    services: RefCell<HashMap<String, String>>,
}

#[derive(Deserialize)]
struct Listing {
    modules: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    versions: Vec<Offered>,
}

#[derive(Deserialize)]
struct Offered {
    version: String,
}

#[derive(Default, Deserialize)]
struct Located {
    location: Option<String>,
}

impl<'a> Registries<'a> {
    /// Takes what the environment and the settings of Terraform's command line say of hosts.
    pub(super) fn new(
        settings: &Settings,
        downloads: &'a Downloads,
        diags: &mut Diagnostics,
    ) -> Self {
        Self {
            downloads,
            hosts: Hosts::read(settings, diags),
            services: RefCell::default(),
        }
    }

    /// Chooses the newest version that is wanted.
    pub(super) async fn choose(
        &self,
        module: &Registered,
        wanted: Option<&str>,
    ) -> Result<String, Diagnostic> {
        let name = &module.path;
        let base = self.service(module).await?;
        let answer = self.ask(module, &format!("{base}{name}/versions")).await?;
        if answer.status == 404 {
            let detail = format!("{} has no module {name}.", module.host);
            return Err(Diagnostic::error("Module not found", detail)
                .hint("Check the name, NAMESPACE/NAME/PROVIDER, and that you may see it."));
        }
        let listing: Listing = self.document(module, &answer)?;
        let mut versions: Vec<(Version, String)> = listing
            .modules
            .into_iter()
            .flat_map(|it| it.versions)
            .filter_map(|it| {
                Some((
                    Version::parse(it.version.trim_start_matches('v')).ok()?,
                    it.version,
                ))
            })
            .collect();
        versions.sort();
        for (version, text) in versions.iter().rev() {
            match version::suits(wanted, version) {
                Ok(true) => return Ok(text.trim_start_matches('v').to_owned()),
                Ok(false) => {}
                Err(part) => {
                    let detail = format!("\"{part}\" is not a version constraint.");
                    return Err(Diagnostic::error("Invalid version constraint", detail)
                        .hint("Write it like \">= 1.5\" or \"~> 1.5, != 1.6.2\"."));
                }
            }
        }
        let newest = versions
            .last()
            .map_or("none".to_owned(), |(_, text)| text.clone());
        let detail = format!(
            "No version of {name} at {} is {}. The newest is {newest}.",
            module.host,
            wanted.unwrap_or("released"),
        );
        Err(
            Diagnostic::error("Unresolvable module version constraint", detail)
                .hint("Change the version in the call."),
        )
    }

    /// Asks where a version is.
    pub(super) async fn package(
        &self,
        module: &Registered,
        version: &str,
    ) -> Result<Package, Diagnostic> {
        let base = self.service(module).await?;
        let url = format!("{base}{}/{version}/download", module.path);
        let answer = self.ask(module, &url).await?;
        let told = match &answer.elsewhere {
            Some(location) => Some(location.clone()),
            None if answer.status == 200 => {
                serde_json::from_slice::<Located>(&answer.body)
                    .unwrap_or_default()
                    .location
            }
            None => None,
        };
        let location = told.ok_or_else(|| {
            failed(
                module,
                &format!(
                    "it does not say where version {version} is (status {})",
                    answer.status
                ),
            )
        })?;
        match Source::parse(&joined(&answer.url, &location), false) {
            Ok(Source::Package(package)) => Ok(package),
            Ok(_) => Err(failed(
                module,
                &format!("it names {location}, which is no package"),
            )),
            Err(diagnostic) => Err(failed(module, &diagnostic.detail)),
        }
    }

    /// Returns where the modules of a host are, with a slash at the end.
    async fn service(&self, module: &Registered) -> Result<String, Diagnostic> {
        if let Some(known) = self.services.borrow().get(&module.host) {
            return Ok(known.clone());
        }
        let told = match self.hosts.service(&module.host, SERVICE) {
            Some(url) => url,
            None => {
                let url = format!("https://{}/.well-known/terraform.json", module.host);
                let answer = self.ask(module, &url).await?;
                if answer.status != 200 {
                    let why = format!("{url} answers {}", answer.status);
                    return Err(failed(module, &why));
                }
                let services: HashMap<String, serde_json::Value> =
                    self.document(module, &answer)?;
                let path = services.get(SERVICE).and_then(|it| it.as_str());
                let path = path.ok_or_else(|| failed(module, "it is no registry of modules"))?;
                joined(&answer.url, path)
            }
        };
        let url = format!("{}/", told.trim_end_matches('/'));
        self.services
            .borrow_mut()
            .insert(module.host.clone(), url.clone());
        Ok(url)
    }

    async fn ask(&self, module: &Registered, url: &str) -> Result<Answer, Diagnostic> {
        let token = self.hosts.token(&module.host);
        let header = token.map(|token| format!("Bearer {}", token.expose_secret()));
        let answer = self.downloads.get(url, header.as_deref()).await;
        let answer = answer.map_err(|why| failed(module, why.trim_end_matches('.')))?;
        match answer.status {
            401 | 403 => {
                let detail = format!("{} does not let you in.", module.host);
                Err(Diagnostic::error("Error accessing remote module registry", detail).hint(
                    format!(
                        "Set {} to a token, or put it into a credentials block of ~/.terraformrc.",
                        Hosts::variable(&module.host)
                    ),
                ))
            }
            _ => Ok(answer),
        }
    }

    fn document<T: DeserializeOwned>(
        &self,
        module: &Registered,
        answer: &Answer,
    ) -> Result<T, Diagnostic> {
        let read = serde_json::from_slice(&answer.body);
        read.map_err(|error| failed(module, &format!("its answer cannot be read: {error}")))
    }
}

fn failed(module: &Registered, why: &str) -> Diagnostic {
    let detail = format!(
        "{} could not be asked for {}: {why}.",
        module.host, module.path
    );
    Diagnostic::error("Error accessing remote module registry", detail).hint(
        "Check the host and the network. A module of a repository has a source such as git::https://….",
    )
}
