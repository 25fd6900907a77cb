//! What can be found wrong in the manifests alone: no state, no cloud, no values of variables.

use std::collections::{BTreeMap, HashSet};

use super::{
    arguments::arguments,
    build::unknown_types,
    graph::blocks,
    scope::{AnyInstance, ModuleScope, Repetition, Resolved, Special, Values},
    values::placed,
    walk::within,
};
use crate::{
    eval,
    manifest::ast::Module,
    model::{Address, Diagnostic, Diagnostics, Key, Value},
    provider::registry::Registry,
};

/// Checks names, cycles, types and arguments, with everything unknown that a plan would know.
pub fn check(module: &Module, registry: &Registry, special: Special, diags: &mut Diagnostics) {
    blocks(module, diags);
    unknown_types(module, registry, diags);
    if diags.has_errors() {
        return;
    }
    let variables: BTreeMap<String, Value> = module
        .variables
        .iter()
        .map(|(name, variable)| {
            (
                name.to_string(),
                Value::Unknown(variable.ty.clone()).marked(variable.sensitive),
            )
        })
        .collect();
    let mut values = Values::new(module, &variables, special);
    values.enter_any();
    for (address, _) in module.all_blocks() {
        let unknown = Resolved::new(Repetition::Single, vec![(Key::None, Value::UNKNOWN)]);
        values.resolve(&address, unknown);
    }
    // A module that is called often is still one module.
    let mut told = HashSet::new();
    for scope in values.everywhere() {
        for diagnostic in one(&scope, registry) {
            if told.insert((
                diagnostic.span,
                diagnostic.summary.clone(),
                diagnostic.detail.clone(),
            )) {
                diags.push(diagnostic);
            }
        }
    }
}

/// Checks one module.
fn one(scope: &ModuleScope<'_, '_>, registry: &Registry) -> Vec<Diagnostic> {
    let mut diags = Vec::new();
    let module = scope.module();
    for name in module.variables.keys() {
        diags.extend(scope.check_variable(name));
    }
    for local in module.locals.values() {
        if let Err(diagnostic) = eval::evaluate(&local.value, scope) {
            diags.push(
                diagnostic.about(within(scope.path(), &format!("local.{}", local.name.text))),
            );
        }
    }
    for (own, block) in &module.resources {
        let Some(kind) = registry.find(own.mode, &own.kind) else {
            continue;
        };
        let address = Address {
            resource: placed(own, scope.path()),
            key: Key::None,
        };
        let (_, found) = arguments(block, kind, &AnyInstance(scope), &address);
        diags.extend(found);
    }
    for output in module.outputs.values() {
        if let Err(diagnostic) = eval::evaluate(&output.value, scope) {
            let about = within(scope.path(), &format!("output.{}", output.name.text));
            diags.push(diagnostic.about(about));
        }
    }
    diags
}
