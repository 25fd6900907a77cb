//! What can be found wrong in the manifests alone: no state, no cloud, no values of variables.

use std::collections::BTreeMap;

use super::{
    arguments::arguments,
    build::unknown_types,
    graph::blocks,
    scope::{Repetition, Resolved, Special, Values},
};
use crate::{
    eval::{self, Scope},
    manifest::ast::{Expr, Module, Target},
    model::{Address, Diagnostic, Diagnostics, Key, ResourceAddress, Value},
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
    for address in module.resources.keys() {
        let unknown = Resolved::new(Repetition::Single, vec![(Key::None, Value::UNKNOWN)]);
        values.resolve(address.clone(), unknown);
    }
    let scope = AnyInstance(&values);
    for local in module.locals.values() {
        if let Err(diagnostic) = eval::evaluate(&local.value, &values) {
            diags.push(diagnostic.about(format!("local.{}", local.name.text)));
        }
    }
    for (resource, block) in &module.resources {
        let Some(kind) = registry.find(resource.mode, &resource.kind) else {
            continue;
        };
        let address = Address {
            resource: resource.clone(),
            key: Key::None,
        };
        let (_, found) = arguments(block, kind, &scope, &address);
        diags.extend(found);
    }
    for output in module.outputs.values() {
        if let Err(diagnostic) = eval::evaluate(&output.value, &values) {
            diags.push(diagnostic.about(format!("output.{}", output.name.text)));
        }
    }
}

/// The scope of no instance in particular: `count.index` and `each` are unknown.
struct AnyInstance<'a>(&'a Values<'a>);

impl Scope for AnyInstance<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        self.0.target(target)
    }

    fn instance(&self, _: &ResourceAddress, _: &Key) -> Option<Value> {
        None
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        match root {
            "count" | "each" | "self" => Some(Value::UNKNOWN),
            _ => self.0.special(root, name),
        }
    }

    fn template(&self, text: &str, name: &str) -> Option<Result<Expr, Diagnostic>> {
        self.0.template(text, name)
    }
}
