//! The `configuration` part of the plan's JSON: what the manifests say, as Terraform describes it.

mod expressions;
mod providers;

use serde_json::{Map, Value as Json, json};

use self::{
    expressions::{arguments, body, constant, expression},
    providers::Place,
};
use super::session::REGISTRY;
use crate::{
    manifest::ast::{Expr, Module, ModuleCall, Reference, Resource},
    schema::Attribute,
};

/// Describes a module and what it calls.
pub fn configuration(module: &Module) -> Json {
    let root = Place::root(module);
    json!({ "provider_config": providers::all(&root), "root_module": describe(&root) })
}

fn describe(place: &Place<'_>) -> Map<String, Json> {
    let module = place.module;
    let mut described = Map::new();
    let outputs: Map<String, Json> = module
        .outputs
        .iter()
        .map(|(name, output)| {
            let mut entry = Map::new();
            if output.sensitive {
                entry.insert("sensitive".into(), true.into());
            }
            entry.insert(
                "expression".into(),
                expression(&output.value, output.sensitive),
            );
            if let Some(text) = &output.description {
                entry.insert("description".into(), text.as_str().into());
            }
            depends(&output.depends_on, &mut entry);
            (name.to_string(), entry.into())
        })
        .collect();
    if !outputs.is_empty() {
        described.insert("outputs".into(), outputs.into());
    }
    let resources: Vec<Json> = module
        .resources
        .values()
        .map(|it| resource(it, place))
        .collect();
    if !resources.is_empty() {
        described.insert("resources".into(), resources.into());
    }
    let calls: Map<String, Json> = module
        .calls
        .iter()
        .map(|(name, it)| (name.to_string(), call(it, place)))
        .collect();
    if !calls.is_empty() {
        described.insert("module_calls".into(), calls.into());
    }
    if !module.variables.is_empty() {
        described.insert("variables".into(), variables(module));
    }
    described
}

fn call(call: &ModuleCall, place: &Place<'_>) -> Json {
    let mut entry = Map::new();
    entry.insert("source".into(), call.source.0.as_str().into());
    let child = place.child(call);
    // What goes to a sensitive variable is sensitive where it is written, too.
    let secret = |name: &str| {
        let variable = child.as_ref().and_then(|it| it.module.variables.get(name));
        variable.is_some_and(|it| it.sensitive)
    };
    arguments(&call.body, secret, &mut entry);
    repetition(call.count.as_ref(), call.for_each.as_ref(), &mut entry);
    if let Some(child) = &child {
        entry.insert("module".into(), describe(child).into());
    }
    if let Some((version, _)) = &call.version {
        entry.insert("version_constraint".into(), version.as_str().into());
    }
    depends(&call.depends_on, &mut entry);
    entry.into()
}

fn repetition(count: Option<&Expr>, for_each: Option<&Expr>, entry: &mut Map<String, Json>) {
    if let Some(count) = count {
        entry.insert("count_expression".into(), expression(count, false));
    }
    if let Some(for_each) = for_each {
        entry.insert("for_each_expression".into(), expression(for_each, false));
    }
}

fn depends(references: &[Reference], entry: &mut Map<String, Json>) {
    let depends: Vec<Json> = references
        .iter()
        .map(|it| it.target.to_string().into())
        .collect();
    if !depends.is_empty() {
        entry.insert("depends_on".into(), depends.into());
    }
}

fn variables(module: &Module) -> Json {
    let one = |variable: &crate::manifest::ast::Variable| {
        let mut entry = Map::new();
        let constant = variable.default.as_ref().and_then(constant);
        if let Some(value) = constant.filter(|_| !variable.sensitive) {
            entry.insert("default".into(), value.to_json());
        }
        if let Some(text) = &variable.description {
            entry.insert("description".into(), text.as_str().into());
        }
        if variable.sensitive {
            entry.insert("sensitive".into(), true.into());
        }
        Json::from(entry)
    };
    module
        .variables
        .iter()
        .map(|(name, variable)| (name.to_string(), one(variable)))
        .collect::<Map<_, _>>()
        .into()
}

fn resource(block: &Resource, place: &Place<'_>) -> Json {
    let address = &block.address;
    let kind = REGISTRY.find(address.mode, &address.kind);
    let attributes = kind.map_or(&[] as &[Attribute], |kind| kind.ty.attributes);
    let mut entry = Map::new();
    entry.insert(
        "address".into(),
        // Within its module, whichever that is.
        address.relative().to_string().into(),
    );
    entry.insert("mode".into(), address.mode.word().into());
    entry.insert("type".into(), address.kind.to_string().into());
    entry.insert("name".into(), address.name.to_string().into());
    entry.insert("provider_config_key".into(), place.key_of(block).into());
    let provisioners = block.provisioners.iter();
    let provisioners: Vec<Json> = provisioners
        .map(|it| json!({ "type": "local-exec", "expressions": body(&it.body, &[]) }))
        .collect();
    if !provisioners.is_empty() {
        entry.insert("provisioners".into(), provisioners.into());
    }
    entry.insert("expressions".into(), body(&block.body, attributes));
    entry.insert(
        "schema_version".into(),
        kind.map_or(0, |kind| kind.ty.schema_version).into(),
    );
    repetition(block.count.as_ref(), block.for_each.as_ref(), &mut entry);
    depends(&block.depends_on, &mut entry);
    entry.into()
}

#[cfg(test)]
mod tests;
