//! The `configuration` part of the plan's JSON: what the manifests say, as Terraform describes it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::session::REGISTRY;
use crate::{
    eval::{self, Scope},
    manifest::ast::{Block, Body, Expr, ExprKind, Module, Part, Resource, Target},
    model::{Mode, Value},
    schema::{
        Attribute, Type,
        source::{ALICLOUD, SOURCES},
    },
};

/// Describes a module.
pub fn configuration(module: &Module) -> Json {
    let mut root = Map::new();
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
            (name.to_string(), entry.into())
        })
        .collect();
    if !outputs.is_empty() {
        root.insert("outputs".into(), outputs.into());
    }
    let resources: Vec<Json> = module.resources.values().map(resource).collect();
    if !resources.is_empty() {
        root.insert("resources".into(), resources.into());
    }
    if !module.variables.is_empty() {
        root.insert("variables".into(), variables(module));
    }
    json!({ "provider_config": providers(module), "root_module": root })
}

fn providers(module: &Module) -> Json {
    let mut all: BTreeMap<String, Json> = BTreeMap::new();
    for address in module.resources.keys() {
        let kind = REGISTRY.find(address.mode, &address.kind);
        let source = kind.map_or(&ALICLOUD, |kind| kind.ty.service.source());
        let (name, full) = (source.name, source.address);
        all.entry(name.into())
            .or_insert_with(|| json!({ "name": name, "full_name": full }));
    }
    for block in &module.providers {
        let name = &block.name.text;
        let key = block
            .alias
            .as_ref()
            .map_or(name.to_string(), |alias| format!("{name}.{}", alias.text));
        let mut entry = Map::new();
        entry.insert("name".into(), name.to_string().into());
        let source = SOURCES.iter().find(|source| source.name == &**name);
        let full = source.map_or(ALICLOUD.address, |source| source.address);
        entry.insert("full_name".into(), full.into());
        if let Some(alias) = &block.alias {
            entry.insert("alias".into(), alias.text.to_string().into());
        }
        let secret = |name: &str| name.contains("key") || name.contains("token");
        let expressions: Map<String, Json> = block
            .body
            .attributes
            .iter()
            .map(|it| {
                (
                    it.name.text.to_string(),
                    expression(&it.value, secret(&it.name.text)),
                )
            })
            .collect();
        if !expressions.is_empty() {
            entry.insert("expressions".into(), expressions.into());
        }
        all.insert(key, entry.into());
    }
    json!(all)
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

fn resource(block: &Resource) -> Json {
    let address = &block.address;
    let kind = REGISTRY.find(address.mode, &address.kind);
    let source = kind.map_or(&ALICLOUD, |kind| kind.ty.service.source());
    let key = match &block.provider {
        Some((name, Some(alias))) => format!("{}.{}", name.text, alias.text),
        Some((name, None)) => name.text.to_string(),
        None => source.name.to_owned(),
    };
    let attributes = kind.map_or(&[] as &[Attribute], |kind| kind.ty.attributes);
    let mut entry = Map::new();
    entry.insert("address".into(), address.to_string().into());
    entry.insert(
        "mode".into(),
        if address.mode == Mode::Data {
            "data"
        } else {
            "managed"
        }
        .into(),
    );
    entry.insert("type".into(), address.kind.to_string().into());
    entry.insert("name".into(), address.name.to_string().into());
    entry.insert("provider_config_key".into(), key.into());
    entry.insert("expressions".into(), body(&block.body, attributes));
    entry.insert(
        "schema_version".into(),
        kind.map_or(0, |kind| kind.ty.schema_version).into(),
    );
    if let Some(count) = &block.count {
        entry.insert("count_expression".into(), expression(count, false));
    }
    if let Some(for_each) = &block.for_each {
        entry.insert("for_each_expression".into(), expression(for_each, false));
    }
    let depends: Vec<Json> = block
        .depends_on
        .iter()
        .map(|it| name_of(&it.target).into())
        .collect();
    if !depends.is_empty() {
        entry.insert("depends_on".into(), depends.into());
    }
    entry.into()
}

fn body(body: &Body, attributes: &[Attribute]) -> Json {
    let known = |name: &str| attributes.iter().find(|attribute| attribute.name == name);
    let mut entries = Map::new();
    for attribute in &body.attributes {
        let name = &*attribute.name.text;
        let described = match (known(name).map(|known| &known.ty), &attribute.value.kind) {
            // A nested block in JSON syntax looks like an attribute.
            (Some(Type::Blocks(inner, ..) | Type::BlockSet(inner, ..)), ExprKind::Tuple(items)) => {
                items
                    .iter()
                    .map(|item| object_as_block(item, inner))
                    .collect::<Vec<_>>()
                    .into()
            }
            (Some(Type::Blocks(inner, ..) | Type::BlockSet(inner, ..)), ExprKind::Object(_)) => {
                vec![object_as_block(&attribute.value, inner)].into()
            }
            (known, _) => {
                let secret = attributes.iter().any(|it| it.name == name && it.sensitive);
                let _ = known;
                expression(&attribute.value, secret)
            }
        };
        entries.insert(name.to_owned(), described);
    }
    for block in &body.blocks {
        let (name, inside) = named(block);
        let inner = match known(name).map(|known| &known.ty) {
            Some(Type::Blocks(inner, ..) | Type::BlockSet(inner, ..)) => inner,
            _ => &[] as &[Attribute],
        };
        let described = self::body(inside, inner);
        match entries.get_mut(name) {
            Some(Json::Array(list)) => list.push(described),
            _ => {
                entries.insert(name.to_owned(), vec![described].into());
            }
        }
    }
    entries.into()
}

/// Returns the name and content of a block, seeing through `dynamic`.
fn named(block: &Block) -> (&str, &Body) {
    let dynamic = &*block.kind.text == "dynamic";
    match (dynamic, block.labels.first()) {
        (true, Some(label)) => {
            let content = block
                .body
                .blocks
                .iter()
                .find(|inner| &*inner.kind.text == "content");
            (
                &label.text,
                content.map_or(&block.body, |content| &content.body),
            )
        }
        _ => (&block.kind.text, &block.body),
    }
}

fn object_as_block(expr: &Expr, attributes: &[Attribute]) -> Json {
    let ExprKind::Object(entries) = &expr.kind else {
        return expression(expr, false);
    };
    let named = |key: &Expr| match &key.kind {
        ExprKind::Literal(value) => value.as_str().map(ToOwned::to_owned),
        _ => None,
    };
    entries
        .iter()
        .filter_map(|(key, value)| {
            let name = named(key)?;
            let secret = attributes.iter().any(|it| it.name == name && it.sensitive);
            Some((name, expression(value, secret)))
        })
        .collect::<Map<_, _>>()
        .into()
}

fn expression(expr: &Expr, secret: bool) -> Json {
    let mut found = Vec::new();
    walk(expr, &mut Vec::new(), &mut found);
    if !found.is_empty() {
        let mut seen = std::collections::HashSet::new();
        found.retain(|name| seen.insert(name.clone()));
        return json!({ "references": found });
    }
    match constant(expr) {
        Some(value) if !secret => json!({ "constant_value": value.to_json() }),
        _ => json!({}),
    }
}

struct Nothing;

impl Scope for Nothing {
    fn target(&self, _: &Target) -> Result<Value, String> {
        Err("not a constant".to_owned())
    }

    fn special(&self, _: &str, _: &str) -> Option<Value> {
        None
    }
}

fn constant(expr: &Expr) -> Option<Value> {
    eval::evaluate(expr, &Nothing)
        .ok()
        .filter(|value| value.is_wholly_known() && !value.has_sensitive())
}

fn name_of(target: &Target) -> String {
    match target {
        Target::Resource(address) => address.to_string(),
        Target::Variable(name) => format!("var.{name}"),
        Target::Local(name) => format!("local.{name}"),
        Target::Output(name) => format!("output.{name}"),
    }
}

/// Collects what an expression names, from the most to the least specific, as Terraform lists it.
fn walk(expr: &Expr, bound: &mut Vec<std::sync::Arc<str>>, found: &mut Vec<String>) {
    if let Some(chain) = traversal(expr) {
        if !bound.iter().any(|name| **name == *chain[0]) {
            name_traversal(&chain, found);
        }
        if let ExprKind::Index(_, key) = &expr.kind {
            walk(key, bound, found);
        }
        return;
    }
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::SplatItem | ExprKind::Variable(_) => {}
        ExprKind::Template(parts) => parts.iter().for_each(|part| walk_part(part, bound, found)),
        ExprKind::GetAttr(inner, _) | ExprKind::Unary(_, inner) | ExprKind::Parens(inner) => {
            walk(inner, bound, found);
        }
        ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => {
            walk(a, bound, found);
            walk(b, bound, found);
        }
        ExprKind::Splat { source, each } => {
            walk(source, bound, found);
            walk(each, bound, found);
        }
        ExprKind::Call { args, .. } => args.iter().for_each(|arg| walk(arg, bound, found)),
        ExprKind::Conditional(a, b, c) => {
            [a, b, c].into_iter().for_each(|it| walk(it, bound, found))
        }
        ExprKind::Tuple(items) => items.iter().for_each(|item| walk(item, bound, found)),
        ExprKind::Object(entries) => {
            for (key, value) in entries {
                walk(key, bound, found);
                walk(value, bound, found);
            }
        }
        ExprKind::For(each) => {
            walk(&each.collection, bound, found);
            let depth = bound.len();
            bound.extend(each.key_name.iter().map(|name| name.text.clone()));
            bound.push(each.value_name.text.clone());
            let parts = each.key.iter().chain([&each.value]).chain(&each.condition);
            parts.for_each(|it| walk(it, bound, found));
            bound.truncate(depth);
        }
    }
}

fn walk_part(part: &Part, bound: &mut Vec<std::sync::Arc<str>>, found: &mut Vec<String>) {
    match part {
        Part::Literal(_) => {}
        Part::Interpolation(expr) => walk(expr, bound, found),
        Part::If { condition, yes, no } => {
            walk(condition, bound, found);
            yes.iter()
                .chain(no)
                .for_each(|part| walk_part(part, bound, found));
        }
        Part::For {
            key_name,
            value_name,
            collection,
            body,
        } => {
            walk(collection, bound, found);
            let depth = bound.len();
            bound.extend(key_name.iter().map(|name| name.text.clone()));
            bound.push(value_name.text.clone());
            body.iter().for_each(|part| walk_part(part, bound, found));
            bound.truncate(depth);
        }
    }
}

/// Returns the steps of `a.b[0].c`; `None` for anything else.
fn traversal(expr: &Expr) -> Option<Vec<String>> {
    match &expr.kind {
        ExprKind::Variable(name) => Some(vec![name.to_string()]),
        ExprKind::GetAttr(inner, name) => {
            let mut chain = traversal(inner)?;
            chain.push(format!(".{}", name.text));
            Some(chain)
        }
        ExprKind::Index(inner, key) => {
            let mut chain = traversal(inner)?;
            if let ExprKind::Literal(key) = &key.kind {
                chain.push(format!("[{}]", key.to_json()));
            } else {
                chain.push("[?]".to_owned());
            }
            Some(chain)
        }
        _ => None,
    }
}

fn name_traversal(chain: &[String], found: &mut Vec<String>) {
    let least = match chain[0].as_str() {
        "data" => 3,
        _ => 2,
    };
    let known = chain
        .iter()
        .position(|step| step == "[?]")
        .unwrap_or(chain.len());
    let single = matches!(
        chain[0].as_str(),
        "var" | "local" | "each" | "count" | "path" | "terraform" | "self"
    );
    let most = if single { known.min(2) } else { known };
    for length in (least.min(most)..=most).rev() {
        found.push(chain[..length].concat());
    }
}
