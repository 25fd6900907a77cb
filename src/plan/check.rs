//! What can be found wrong in the manifests alone: no state, no cloud, no values of variables.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use super::{
    arguments::arguments,
    build::unknown_types,
    ephemeral,
    graph::blocks,
    providers::{missing, provider_of},
    scope::{Resolved, Special, Values},
};
use crate::{
    eval::{self, Scope, variables},
    manifest::ast::{
        Condition, Expr, IgnoreChanges, Module, Output, PathStep, Provider, Resource, Target,
    },
    model::{
        Address, Diagnostic, Diagnostics, Key, ResourceAddress, Span, Type, Value,
        diagnostic::did_you_mean,
    },
    provider::{hooks::Kind, registry::Registry},
    schema::{self, Presence},
};

/// Checks names, cycles, types and arguments, with everything unknown that a plan would know.
pub fn check(module: &Module, registry: &Registry, special: Special, diags: &mut Diagnostics) {
    let blocks = blocks(module, diags);
    unknown_types(module, registry, diags);
    ephemeral::check(module, diags);
    // In a circle there is no place to begin.
    if blocks.acyclic {
        expressions(module, registry, special, diags);
    }
}

/// Evaluates every expression with everything unknown, and tells what was not told yet.
pub(super) fn expressions(
    module: &Module,
    registry: &Registry,
    special: Special,
    diags: &mut Diagnostics,
) {
    let unknown: BTreeMap<String, Value> = module
        .variables
        .iter()
        .map(|(name, variable)| {
            (
                name.to_string(),
                Value::Unknown(variable.ty.clone())
                    .marked(variable.sensitive || variable.ephemeral),
            )
        })
        .collect();
    let mut values = Values::new(module, &unknown, special);
    for (address, block) in &module.resources {
        let kind = registry.find(address.mode, &address.kind);
        let ty = kind.map_or(Type::Any, |kind| schema::object_type(kind.ty.attributes));
        values.resolve(address.clone(), Resolved::unknown(block, ty));
    }
    let mut found = variables::unusable_defaults(module);
    for local in module.locals.values() {
        let about = format!("local.{}", local.name.text);
        evaluated(&local.value, &values, &about, &mut found);
    }
    for (resource, block) in &module.resources {
        if let Some(kind) = registry.find(resource.mode, &resource.kind) {
            found.extend(block_of(resource, block, kind, &values));
        }
    }
    for output in module.outputs.values() {
        let about = format!("output.{}", output.name.text);
        match eval::evaluate(&output.value, &values) {
            // An ephemeral value is a secret too, and is told of as what it is.
            Ok(_) if values.ephemeral(&output.value) => {}
            Ok(value) if value.has_sensitive() && !output.sensitive => found.push(exposed(output)),
            Ok(_) => {}
            Err(diagnostic) => found.push(diagnostic.about(&about)),
        }
        conditions(&output.preconditions, &values, &about, &mut found);
    }
    let told: HashSet<(Option<Span>, String)> = diags.iter().map(place).collect();
    diags.extend(found.into_iter().filter(|it| !told.contains(&place(it))));
}

/// Returns the error of an output that does not say that it is a secret.
pub(super) fn exposed(output: &Output) -> Diagnostic {
    let name = &output.name.text;
    Diagnostic::error(
        "Output refers to sensitive values",
        format!("The value of output \"{name}\" is sensitive, and the output does not say so."),
    )
    .at(output.span)
    .label(output.value.span, "the value is sensitive")
    .hint("Add sensitive = true to the output, or wrap the value in nonsensitive().")
}

fn place(diagnostic: &Diagnostic) -> (Option<Span>, String) {
    (diagnostic.span, diagnostic.summary.clone())
}

fn block_of(
    resource: &Arc<ResourceAddress>,
    block: &Resource,
    kind: &'static Kind,
    values: &Values<'_>,
) -> Vec<Diagnostic> {
    let address = Address {
        resource: resource.clone(),
        key: Key::None,
    };
    let scope = AnyInstance {
        values,
        block,
        this: false,
    };
    let (_, mut found) = arguments(block, kind, &scope, &address);
    let about = resource.to_string();
    found.extend(unconfigured(resource, block, kind, values.module));
    found.extend(ignored(block, kind).into_iter().map(|it| it.about(&about)));
    // An error in what gives the number of instances leaves nothing to say about each.
    for expr in block.count.iter().chain(&block.for_each) {
        evaluated(expr, values, &about, &mut found);
    }
    conditions(&block.lifecycle.preconditions, &scope, &about, &mut found);
    let this = AnyInstance {
        this: true,
        ..scope
    };
    conditions(&block.lifecycle.postconditions, &this, &about, &mut found);
    for provisioner in &block.provisioners {
        let mut diags = Diagnostics::default();
        eval::evaluate_body(&provisioner.body, &this, &mut diags);
        found.extend(diags.into_iter().map(|it| it.about(&about)));
    }
    found
}

/// Tells of an alias that no provider block has.
fn unconfigured(
    resource: &ResourceAddress,
    block: &Resource,
    kind: &'static Kind,
    module: &Module,
) -> Option<Diagnostic> {
    let (name, alias) = block.provider.as_ref()?;
    let alias = alias.as_ref()?;
    let is_it = |provider: &Provider| {
        provider.name.text == name.text
            && provider
                .alias
                .as_ref()
                .is_some_and(|it| it.text == alias.text)
    };
    let found = module.providers.iter().any(is_it);
    (!found).then(|| missing(resource, &provider_of(kind, block).0).at(alias.span))
}

/// Tells of `ignore_changes` that name no attribute, or one that is not set.
fn ignored(block: &Resource, kind: &Kind) -> Vec<Diagnostic> {
    let IgnoreChanges::Some(paths) = &block.lifecycle.ignore_changes else {
        return Vec::new();
    };
    let names = || kind.ty.attributes.iter().map(|attribute| attribute.name);
    let mut found = Vec::new();
    for (path, span) in paths {
        let Some(PathStep::Name(name)) = path.first() else {
            continue;
        };
        let attribute = kind.ty.attributes.iter().find(|it| it.name == &**name);
        if let Some(attribute) = attribute {
            if attribute.presence == Presence::Computed {
                let text = format!("{name} is never set, so that its changes are ignored anyway.");
                found.push(
                    Diagnostic::warning("Redundant ignore_changes element", text)
                        .at(block.span)
                        .label(*span, "named here")
                        .hint("Leave it out."),
                );
            }
        } else if &**name != "timeouts" {
            let text = format!("{} has no attribute \"{name}\".", kind.ty.name);
            let diagnostic = Diagnostic::error("Unsupported attribute", text).at(*span);
            found.push(match did_you_mean(name, names()) {
                Some(near) => diagnostic.hint(format!("Did you mean \"{near}\"?")),
                None => diagnostic.hint("The reference in docs/reference lists its attributes."),
            });
        }
    }
    found
}

fn conditions(list: &[Condition], scope: &dyn Scope, about: &str, found: &mut Vec<Diagnostic>) {
    for condition in list {
        evaluated(&condition.condition, scope, about, found);
        evaluated(&condition.error_message, scope, about, found);
    }
}

fn evaluated(expr: &Expr, scope: &dyn Scope, about: &str, found: &mut Vec<Diagnostic>) {
    if let Err(diagnostic) = eval::evaluate(expr, scope) {
        found.push(diagnostic.about(about));
    }
}

/// The scope of no instance in particular: `count.index` and `each` are unknown where they exist.
#[derive(Clone, Copy)]
struct AnyInstance<'a> {
    values: &'a Values<'a>,
    block: &'a Resource,
    /// Whether `self` exists.
    this: bool,
}

impl Scope for AnyInstance<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        self.values.target(target)
    }

    fn instance(&self, _: &ResourceAddress, _: &Key) -> Option<Value> {
        None
    }

    fn ephemeral(&self, expr: &Expr) -> bool {
        self.values.ephemeral(expr)
    }

    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        self.values.keyed(resource)
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        let there = match (root, name) {
            ("count", "index") => self.block.count.is_some(),
            ("each", "key" | "value") => self.block.for_each.is_some(),
            ("self", _) => self.this,
            _ => return self.values.special(root, name),
        };
        there.then_some(Value::UNKNOWN)
    }

    fn template(&self, text: &str, name: &str) -> Option<Result<Expr, Diagnostic>> {
        self.values.template(text, name)
    }
}
