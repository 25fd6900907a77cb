//! Which provider carries out which resource, configured from the manifests' provider blocks.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::scope::Values;
use crate::{
    eval,
    manifest::ast::{self, Module, Target},
    model::{
        Diagnostic, Diagnostics, Object, ResourceAddress, Span, diagnostic::did_you_mean,
        state::State,
    },
    provider::{Provider, hooks::Kind, registry::Registry},
    schema::source::{self, SOURCES, Source},
};

/// Terraform's provider string for the cloud's types.
pub const ALICLOUD: &str = source::ALICLOUD.string;

/// Makes a provider of a configuration: the block's arguments and where it stands.
pub type Connect<'a> =
    &'a dyn Fn(&Object, Option<&ast::Provider>) -> Result<Arc<dyn Provider>, Box<Diagnostic>>;

/// The providers of a run, by Terraform's provider string.
#[derive(Clone, Default)]
pub struct Providers(BTreeMap<Arc<str>, Arc<dyn Provider>>);

impl Providers {
    /// Returns the provider with this string.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Provider>> {
        self.0.get(name).or_else(|| {
            // A state written for another source of the same provider (a registry mirror).
            let same = |source: &&&Source| name.ends_with(&format!("/{}\"]", source.name));
            self.0.get(SOURCES.iter().find(same)?.string)
        })
    }

    /// Adds a provider.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, provider: Arc<dyn Provider>) {
        self.0.insert(name.into(), provider);
    }
}

/// Returns the provider string of a resource block, and where its provider is named.
pub fn provider_of(kind: &Kind, resource: &ast::Resource) -> (Arc<str>, Option<Span>) {
    if kind.ty.service.is_within() {
        return (kind.ty.service.source().string.into(), None);
    }
    match &resource.provider {
        Some((name, Some(alias))) => (
            format!("{ALICLOUD}.{}", alias.text).into(),
            Some(name.span.to(alias.span)),
        ),
        Some((name, None)) => (ALICLOUD.into(), Some(name.span)),
        None => (ALICLOUD.into(), None),
    }
}

/// Configures every provider that the manifests or the state need.
pub fn configure(
    values: &Values<'_>,
    registry: &Registry,
    state: &State,
    within: &Arc<dyn Provider>,
    connect: Connect<'_>,
    diags: &mut Diagnostics,
) -> Providers {
    let module = values.module;
    let mut providers = Providers::default();
    for source in SOURCES.iter().filter(|source| source.within) {
        providers.insert(source.string, within.clone());
    }
    for (name, need) in needed(module, registry, state) {
        // What needs no configuration is there, by whatever registry's name.
        if is_within(&name) || providers.0.contains_key(&name) {
            continue;
        }
        if let Some(provider) = one(values, &name, &need, connect, diags) {
            providers.insert(name, provider);
        }
    }
    providers
}

/// Whether a provider string names a provider that is carried out in the process.
pub fn is_within(name: &str) -> bool {
    let mut within = SOURCES.iter().filter(|source| source.within);
    within.any(|source| name.ends_with(&format!("/{}\"]", source.name)))
}

/// What a provider is needed for.
enum Need {
    /// Resources of the configuration; where one names the provider.
    Declared(Option<Span>),
    /// Resources that are left in the state.
    Left(Vec<Arc<ResourceAddress>>),
}

fn needed(module: &Module, registry: &Registry, state: &State) -> BTreeMap<Arc<str>, Need> {
    let mut needed: BTreeMap<Arc<str>, Need> = BTreeMap::new();
    for (address, kept) in &state.resources {
        if declared(module, registry, address).is_some() {
            continue;
        }
        let need = needed.entry(kept.provider.clone());
        if let Need::Left(left) = need.or_insert_with(|| Need::Left(Vec::new())) {
            left.push(address.clone());
        }
    }
    for address in module.resources.keys() {
        if let Some((name, span)) = declared(module, registry, address) {
            needed.insert(name, Need::Declared(span));
        }
    }
    needed
}

/// Returns the provider that the configuration gives a resource.
fn declared(
    module: &Module,
    registry: &Registry,
    address: &ResourceAddress,
) -> Option<(Arc<str>, Option<Span>)> {
    let resource = module.resources.get(address)?;
    let kind = registry.find(address.mode, &address.kind)?;
    Some(provider_of(kind, resource))
}

/// Returns the state with each resource at the provider that the configuration gives it now: an alias
/// can have got another name.
pub fn rehomed<'s>(state: &'s State, module: &Module, registry: &Registry) -> Cow<'s, State> {
    let mut state = Cow::Borrowed(state);
    let moved: Vec<(Arc<ResourceAddress>, Arc<str>)> = state
        .resources
        .iter()
        .filter_map(|(address, kept)| {
            let (name, _) = declared(module, registry, address)?;
            // Another registry's name for the provider is as good.
            (alias(&name) != alias(&kept.provider)).then(|| (address.clone(), name))
        })
        .collect();
    for (address, name) in moved {
        if let Some(kept) = state.to_mut().resources.get_mut(&address) {
            kept.provider = name;
        }
    }
    state
}

fn alias(name: &str) -> Option<&str> {
    name.rsplit_once("\"].").map(|(_, alias)| alias)
}

/// Returns the block that configures the provider with this string.
pub fn block_of<'m>(module: &'m Module, name: &str) -> Option<&'m ast::Provider> {
    let alias = alias(name);
    module.providers.iter().find(|block| {
        &*block.name.text == "alicloud" && block.alias.as_ref().map(|alias| &*alias.text) == alias
    })
}

fn one(
    values: &Values<'_>,
    name: &Arc<str>,
    need: &Need,
    connect: Connect<'_>,
    diags: &mut Diagnostics,
) -> Option<Arc<dyn Provider>> {
    let block = block_of(values.module, name);
    if let (None, Some(alias)) = (block, alias(name)) {
        diags.push(match need {
            Need::Declared(span) => no_such_alias(values.module, alias, *span),
            Need::Left(left) => still_needed(alias, name, left),
        });
        return None;
    }
    let arguments = match block {
        None => Object::new(),
        Some(block) => arguments(values, block, diags)?,
    };
    match connect(&arguments, block) {
        Ok(provider) => Some(provider),
        Err(diagnostic) => {
            diags.push(*diagnostic);
            None
        }
    }
}

fn arguments(
    values: &Values<'_>,
    block: &ast::Provider,
    diags: &mut Diagnostics,
) -> Option<Object> {
    let mut references = Vec::new();
    eval::body_references(&block.body, &mut references);
    let mut bad = false;
    for reference in references {
        if let Target::Resource(address) = &reference.target {
            bad = true;
            diags.push(
                Diagnostic::error(
                    "Unsupported reference in provider configuration",
                    format!("A provider cannot be configured from {address}, which is only known after a plan."),
                )
                .at(reference.span)
                .hint("Use variables or locals that name no resource."),
            );
        }
    }
    let mut found = Diagnostics::default();
    let object = eval::evaluate_body(&block.body, values, &mut found);
    bad |= found.has_errors();
    diags.extend(found);
    (!bad).then_some(object)
}

/// Says that objects are left of a provider whose block is gone.
fn still_needed(alias: &str, name: &str, left: &[Arc<ResourceAddress>]) -> Diagnostic {
    let first = &left[0];
    let others = match left.len() - 1 {
        0 => String::new(),
        1 => " and one more resource".to_owned(),
        more => format!(" and {more} more resources"),
    };
    let needs = if left.len() == 1 { "needs" } else { "need" };
    Diagnostic::error(
        "Provider configuration not present",
        format!(
            "{first}{others} in the state {needs} {name}, and the configuration has no such block any \
             more. Without it nobody can read or destroy them."
        ),
    )
    .about(first)
    .hint(format!(
        "Put the provider \"alicloud\" block with alias = \"{alias}\" back and apply; take it out \
         when they are gone."
    ))
}

fn no_such_alias(module: &Module, alias: &str, span: Option<Span>) -> Diagnostic {
    let aliases: BTreeSet<&str> = module
        .providers
        .iter()
        .filter_map(|block| Some(&*block.alias.as_ref()?.text))
        .collect();
    let diagnostic = Diagnostic::error(
        "Provider configuration not present",
        format!("There is no provider \"alicloud\" block with alias = \"{alias}\"."),
    )
    .at(span);
    match did_you_mean(alias, aliases) {
        Some(candidate) => diagnostic.hint(format!("Did you mean alicloud.{candidate}?")),
        None => diagnostic.hint("Declare it, or take the provider argument out."),
    }
}

/// Returns the error for a resource whose provider is not configured.
pub fn missing(address: &ResourceAddress, name: &str) -> Diagnostic {
    Diagnostic::error(
        "Provider not available",
        format!("{address} belongs to {name}, which prov does not have."),
    )
    .hint("prov has the providers aliyun/alicloud, hashicorp/random and terraform.io/builtin/terraform.")
}
