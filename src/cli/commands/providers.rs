//! `prov providers`, and `prov providers schema`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use clap::{Args as ClapArgs, Subcommand};

use crate::{
    cli::{
        failure::{Exit, Failed},
        schemas,
        session::{REGISTRY, Session, ViewArgs},
        settings::Settings,
        tree::{Branch, draw},
    },
    manifest::ast::{Module, RequiredProvider},
    model::{Diagnostic, Diagnostics, ordered::Ordered, state::State},
    plan::providers::provider_of,
    render,
};

/// Show the providers that the manifests and the state need.
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Do not use colours.
    #[arg(long = "no-color")]
    no_color: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the schemas of all types, as JSON for programs.
    Schema {
        /// Write JSON: there is no other form.
        #[arg(long)]
        json: bool,
    },
}

/// Shows the providers, or their schemas.
pub async fn run(args: Args, settings: Settings) -> Result<Exit, Failed> {
    let view = ViewArgs {
        no_color: args.no_color,
        json: false,
    };
    let mut session = Session::new(settings, &view, None);
    if let Some(Command::Schema { json }) = args.command {
        if !json {
            let detail = "The schemas of the providers are for programs.";
            return Err(session.failed(
                Diagnostic::error("The -json option is required", detail)
                    .hint("Write `prov providers schema -json`."),
            ));
        }
        let document = Ordered(schemas::document(), &render::order::SCHEMAS);
        session.ui.out(|out| render::json::write(&document, out));
        return Ok(Exit::Done);
    }
    let mut diags = Diagnostics::default();
    let module = session.manifests(&[], &mut diags);
    session.checkpoint(&mut diags)?;
    let state = session.read_state(&module, None).await?;
    let (tree, recorded) = (branches(&module), recorded(&state));
    session.ui.out(|out| {
        writeln!(out, "\nProviders required by configuration:\n.")?;
        draw(&tree, "", out)?;
        writeln!(out)?;
        if !recorded.is_empty() {
            writeln!(out, "Providers required by state:\n")?;
            for name in &recorded {
                writeln!(out, "    provider[{name}]\n")?;
            }
        }
        Ok(())
    });
    Ok(Exit::Done)
}

/// Returns the providers of a module, and what it calls with theirs.
fn branches(module: &Module) -> Vec<Branch> {
    let provider = |(name, versions): (String, String)| Branch {
        text: format!("provider[{name}] {versions}").trim_end().to_owned(),
        below: Vec::new(),
    };
    let call = |(name, child): (&Arc<str>, &Arc<Module>)| Branch {
        text: format!("module.{name}"),
        below: branches(child),
    };
    let providers = required(module).into_iter().map(provider);
    providers.chain(module.children.iter().map(call)).collect()
}

/// Returns the full names of the providers of the manifests, with the versions that they are to have.
fn required(module: &Module) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for provider in &module.settings.required_providers {
        let versions = provider.version.as_deref().unwrap_or_default().split(',');
        let versions = versions.map(constraint).filter(|it| !it.is_empty());
        found.entry(source(provider)).or_default().extend(versions);
    }
    for (address, resource) in &module.resources {
        let kind = REGISTRY.find(address.mode, &address.kind);
        if let Some(kind) = kind {
            let (provider, _) = provider_of(module, kind, &address.module, resource);
            found.entry(full_name(&provider).to_owned()).or_default();
        }
    }
    let written = |versions: BTreeSet<String>| versions.into_iter().collect::<Vec<_>>().join(", ");
    found
        .into_iter()
        .map(|(name, versions)| (name, written(versions)))
        .collect()
}

/// Returns where a provider comes from, in full.
fn source(provider: &RequiredProvider) -> String {
    let name = &provider.name.text;
    let source = match &provider.source {
        Some(source) => source.clone(),
        None if &**name == "alicloud" => "aliyun/alicloud".to_owned(),
        None => format!("hashicorp/{name}"),
    };
    match source.split('/').count() {
        1 => format!("registry.terraform.io/hashicorp/{source}"),
        2 => format!("registry.terraform.io/{source}"),
        _ => source,
    }
}

/// Returns a constraint with one space after its operator.
fn constraint(text: &str) -> String {
    let text = text.trim();
    let version = text.trim_start_matches(['=', '!', '<', '>', '~']);
    let operator = &text[..text.len() - version.len()];
    match operator {
        "" | "=" => version.trim().to_owned(),
        _ => format!("{operator} {}", version.trim()),
    }
}

/// Returns what is between the quotes of a provider string.
fn full_name(provider: &str) -> &str {
    provider.split('"').nth(1).unwrap_or(provider)
}

fn recorded(state: &State) -> BTreeSet<&str> {
    let providers = state.resources.values();
    providers.map(|it| full_name(&it.provider)).collect()
}
