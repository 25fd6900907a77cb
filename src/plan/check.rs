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
    providers::missing,
    scope::{AnyInstance, ModuleScope, Resolved, Special, Values},
    values::placed,
    walk::within,
};
use crate::{
    eval::{self, Scope, expand::expand, variables},
    manifest::ast::{
        Condition, Expr, IgnoreChanges, Module, Name, Output, PathStep, Provider, Resource,
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
    ephemeral::check(module, registry, diags);
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
    values.enter_any();
    for (address, block) in module.all_blocks() {
        let kind = registry.find(address.mode, &address.kind);
        let ty = kind.map_or(Type::Any, |kind| schema::object_type(kind.ty.attributes));
        values.resolve(&address, Resolved::unknown(block, ty));
    }
    // A module that is called often is still one module.
    let mut told: HashSet<(Option<Span>, String)> = diags.iter().map(place).collect();
    for scope in values.everywhere() {
        let found = one(&scope, registry);
        let new: Vec<_> = found
            .into_iter()
            .filter(|it| !told.contains(&place(it)))
            .collect();
        told.extend(new.iter().map(place));
        diags.extend(new);
    }
}

/// Checks one module.
fn one(scope: &ModuleScope<'_, '_>, registry: &Registry) -> Vec<Diagnostic> {
    let module = scope.module();
    let is_root = scope.path().is_root();
    let mut found = variables::unusable_defaults(module);
    for name in module.variables.keys() {
        found.extend(scope.check_variable(name));
    }
    for local in module.locals.values() {
        let about = within(scope.path(), &format!("local.{}", local.name.text));
        evaluated(&local.value, scope, &about, &mut found);
    }
    for (own, block) in &module.resources {
        if let Some(kind) = registry.find(own.mode, &own.kind) {
            found.extend(block_of(own, block, kind, scope));
        }
    }
    for call in module.calls.values() {
        let about = within(scope.path(), &format!("module.{}", call.name.text));
        let wrong = repeated(call.count.as_ref(), call.for_each.as_ref(), scope);
        found.extend(wrong.map(|it| it.about(about)));
    }
    for output in module.outputs.values() {
        let about = within(scope.path(), &format!("output.{}", output.name.text));
        match eval::evaluate(&output.value, scope) {
            // An ephemeral value is a secret too, and is told of as what it is.
            Ok(_) if scope.ephemeral(&output.value) => {}
            Ok(value) if is_root && value.has_sensitive() && !output.sensitive => {
                found.push(exposed(output));
            }
            Ok(_) => {}
            Err(diagnostic) => found.push(diagnostic.about(&about)),
        }
        conditions(&output.preconditions, scope, &about, &mut found);
    }
    found
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
    own: &Arc<ResourceAddress>,
    block: &Resource,
    kind: &'static Kind,
    module: &ModuleScope<'_, '_>,
) -> Vec<Diagnostic> {
    let address = Address {
        resource: placed(own, module.path()),
        key: Key::None,
    };
    let scope = AnyInstance::of(module, block.count.as_ref(), block.for_each.as_ref());
    let (_, mut found) = arguments(block, kind, &scope, &address);
    let about = address.to_string();
    found.extend(unconfigured(&address.resource, block, kind, module));
    found.extend(ignored(block, kind).into_iter().map(|it| it.about(&about)));
    // An error in what gives the number of instances leaves nothing to say about each.
    let wrong = repeated(block.count.as_ref(), block.for_each.as_ref(), module);
    found.extend(wrong.map(|it| it.about(&about)));
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

/// Tells of an alias that no provider block has, and that nobody hands to the module.
fn unconfigured(
    resource: &ResourceAddress,
    block: &Resource,
    kind: &'static Kind,
    scope: &ModuleScope<'_, '_>,
) -> Option<Diagnostic> {
    let (name, alias) = block.provider.as_ref()?;
    let alias = alias.as_ref()?;
    let is_it = |other: &Name, other_alias: Option<&Name>| {
        other.text == name.text && other_alias.is_some_and(|it| it.text == alias.text)
    };
    let module = scope.module();
    let own = |it: &Provider| is_it(&it.name, it.alias.as_ref());
    let mut required = module.settings.required_providers.iter();
    let handed = required.any(|it| {
        let mut aliases = it.aliases.iter();
        aliases.any(|(name, alias)| is_it(name, alias.as_ref()))
    });
    if handed || module.providers.iter().any(own) {
        return None;
    }
    let source = kind.ty.service.source();
    let name = format!("{}.{}", source.string, alias.text);
    Some(missing(resource, &name).at(alias.span))
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

/// Returns what is wrong with `count` or `for_each`, as far as it is known.
fn repeated(
    count: Option<&Expr>,
    for_each: Option<&Expr>,
    scope: &dyn Scope,
) -> Option<Diagnostic> {
    let value = eval::evaluate(count.or(for_each)?, scope);
    let secret = |value: &Value| for_each.is_some() && value.has_sensitive();
    match value {
        Ok(value) if !value.is_wholly_known() && !secret(&value) => None,
        Ok(_) => expand(count, for_each, scope).err(),
        Err(wrong) => Some(wrong),
    }
}

fn evaluated(expr: &Expr, scope: &dyn Scope, about: &str, found: &mut Vec<Diagnostic>) {
    if let Err(diagnostic) = eval::evaluate(expr, scope) {
        found.push(diagnostic.about(about));
    }
}
