//! Which provider carries out which resource, configured from the manifests' provider blocks.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::scope::{ModuleScope, Values};
use crate::{
    eval,
    manifest::ast::{self, Module, Name, Target},
    model::{
        Diagnostic, Diagnostics, ModulePath, Object, ResourceAddress, Span,
        diagnostic::did_you_mean, state::State,
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
            let source = SOURCES
                .iter()
                .find(same)
                .copied()
                .or_else(|| within(name))?;
            self.0.get(source.string)
        })
    }

    /// Returns all of the cloud's, with their strings.
    pub fn of_cloud(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<dyn Provider>)> {
        self.0.iter().filter(|(name, _)| name.contains(ALICLOUD))
    }

    /// Adds a provider.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, provider: Arc<dyn Provider>) {
        self.0.insert(name.into(), provider);
    }
}

/// Returns the provider string of a resource block of a module, and where its provider is named. A module without such a
/// provider has what its caller hands it or, for the one without an alias, what its caller has.
pub fn provider_of(
    root: &Module,
    kind: &Kind,
    module: &ModulePath,
    resource: &ast::Resource,
) -> (Arc<str>, Option<Span>) {
    let source = kind.ty.service.source();
    let (mut local, mut alias, span) = match &resource.provider {
        Some((name, Some(alias))) => (&*name.text, Some(alias), Some(name.span.to(alias.span))),
        Some((name, None)) => (&*name.text, None, Some(name.span)),
        None => (source.name, None, None),
    };
    let mut path = module.config();
    while let Some((caller, step)) = path.split() {
        let own = root
            .descendant(&path)
            .is_some_and(|it| it.providers.iter().any(|block| is(block, local, alias)));
        let Some(call) = root
            .descendant(&caller)
            .and_then(|it| it.calls.get(&step.name))
        else {
            break;
        };
        if own {
            break;
        }
        let text = |name: Option<&Name>| name.map(|name| name.text.clone());
        let handed = call.providers.iter().find(|passed| {
            *passed.child.0.text == *local && text(passed.child.1.as_ref()) == text(alias)
        });
        match handed {
            Some(passed) => (local, alias) = (&passed.parent.0.text, passed.parent.1.as_ref()),
            None if alias.is_some() => break,
            None => {}
        }
        path = caller;
    }
    let dot = if path.is_root() { "" } else { "." };
    let name = match alias {
        Some(alias) => format!("{path}{dot}{}.{}", source.string, alias.text),
        None => format!("{path}{dot}{}", source.string),
    };
    (name.into(), span)
}

/// Whether a block configures the provider of this name and alias.
fn is(block: &ast::Provider, name: &str, alias: Option<&Name>) -> bool {
    let text = |name: Option<&Name>| name.map(|name| name.text.clone());
    *block.name.text == *name && text(block.alias.as_ref()) == text(alias)
}

/// Configures every provider that the manifests or the state need; `all`: every one that there is a block of.
pub fn configure(
    values: &Values<'_>,
    registry: &Registry,
    (state, all): (&State, bool),
    within: &Arc<dyn Provider>,
    connect: Connect<'_>,
    diags: &mut Diagnostics,
) -> Providers {
    let module = values.module;
    let mut providers = Providers::default();
    for source in SOURCES.iter().filter(|source| source.within) {
        providers.insert(source.string, within.clone());
    }
    let mut needs = needed(module, registry, state);
    let blocks = module.providers.iter().filter(|_| all);
    for block in blocks.filter(|block| &*block.name.text == "alicloud") {
        needs.entry(name_of(block)).or_insert(Need::Declared(None));
    }
    for (name, need) in needs {
        // What needs no configuration is there, by whatever registry's name.
        if is_within(&name) {
            if let (None, Some(alias), Need::Declared(span)) =
                (block_of(module, &name), alias(&name), &need)
            {
                diags.push(no_such_alias(module, &name, alias, *span));
            }
            continue;
        }
        if providers.0.contains_key(&name) {
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
    within(name).is_some()
}

/// Returns the provider that is carried out in the process, whatever alias of it the string names.
fn within(name: &str) -> Option<&'static Source> {
    let all = SOURCES.iter().filter(|source| source.within);
    all.copied()
        .find(|source| name.contains(&format!("/{}\"]", source.name)))
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
    for (address, _) in module.all_blocks() {
        if let Some((name, span)) = declared(module, registry, &address) {
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
    let resource = module.block(address)?;
    let kind = registry.find(address.mode, &address.kind)?;
    Some(provider_of(module, kind, &address.module, resource))
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
            let same = alias(&name) == alias(&kept.provider)
                && module_of(&name) == module_of(&kept.provider);
            (!same).then(|| (address.clone(), name))
        })
        .collect();
    for (address, name) in moved {
        if let Some(kept) = state.to_mut().resources.get_mut(&address) {
            kept.provider = name;
        }
    }
    state
}

/// Returns the provider string of a block of the root module.
fn name_of(block: &ast::Provider) -> Arc<str> {
    let alias = block.alias.as_ref();
    alias.map_or_else(
        || ALICLOUD.into(),
        |alias| format!("{ALICLOUD}.{}", alias.text).into(),
    )
}

/// Splits the module off a provider string.
fn module_of(name: &str) -> ModulePath {
    let path = name.find(".provider[").map(|at| &name[..at]);
    path.and_then(|path| ModulePath::parse(path).ok())
        .unwrap_or_default()
}

/// Returns the alias in a provider string.
pub fn alias(name: &str) -> Option<&str> {
    name.rsplit_once("\"].").map(|(_, alias)| alias)
}

/// Returns the name that blocks have for the provider with this string.
fn local_name(name: &str) -> &'static str {
    let mut sources = SOURCES.iter();
    sources
        .find(|source| name.contains(source.string))
        .map_or("alicloud", |source| source.name)
}

/// Returns the block that configures the provider with this string.
pub fn block_of<'m>(module: &'m Module, name: &str) -> Option<&'m ast::Provider> {
    let alias = alias(name);
    let module = module.descendant(&module_of(name))?;
    let local = local_name(name);
    module.providers.iter().find(|block| {
        &*block.name.text == local && block.alias.as_ref().map(|alias| &*alias.text) == alias
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
            Need::Declared(span) => no_such_alias(values.module, name, alias, *span),
            Need::Left(left) => still_needed(alias, name, left),
        });
        return None;
    }
    let arguments = match block {
        None => Object::new(),
        Some(block) => match values.within(&module_of(name)) {
            Some(scope) => arguments(&scope, block, diags)?,
            None => Object::new(),
        },
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
    values: &ModuleScope<'_, '_>,
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

fn no_such_alias(module: &Module, name: &str, alias: &str, span: Option<Span>) -> Diagnostic {
    let local = local_name(name);
    let blocks = module.providers.iter();
    let aliases: BTreeSet<&str> = blocks
        .filter(|block| &*block.name.text == local)
        .filter_map(|block| Some(&*block.alias.as_ref()?.text))
        .collect();
    let diagnostic = Diagnostic::error(
        "Provider configuration not present",
        format!("There is no provider \"{local}\" block with alias = \"{alias}\"."),
    )
    .at(span);
    match did_you_mean(alias, aliases) {
        Some(candidate) => diagnostic.hint(format!("Did you mean {local}.{candidate}?")),
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
