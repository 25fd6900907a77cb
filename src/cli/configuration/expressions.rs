//! Expressions as the plan's JSON describes them: by their value, or by what they name.

use serde_json::{Map, Value as Json, json};

use crate::{
    eval::{self, Scope},
    manifest::ast::{self, Block, Body, Expr, ExprKind, Part, Target},
    model::Value,
    schema::{Attribute, Type},
};

/// Describes arguments that have no schema, if there are any; the values of secret ones are left out.
pub(super) fn arguments(body: &Body, secret: impl Fn(&str) -> bool, entry: &mut Map<String, Json>) {
    let described = |it: &ast::Attribute| {
        let name = it.name.text.to_string();
        let described = expression(&it.value, secret(&name));
        (name, described)
    };
    let all: Map<String, Json> = body.attributes.iter().map(described).collect();
    if !all.is_empty() {
        entry.insert("expressions".into(), all.into());
    }
}

pub(super) fn body(body: &Body, attributes: &[Attribute]) -> Json {
    let mut entries = Map::new();
    for attribute in &body.attributes {
        let name = &*attribute.name.text;
        entries.insert(
            name.to_owned(),
            argument(name, &attribute.value, attributes),
        );
    }
    for block in &body.blocks {
        let (name, inside) = named(block);
        let inner = nested(name, attributes);
        let described = self::body(inside, inner.unwrap_or_default());
        match entries.get_mut(name) {
            _ if name == TIMEOUTS => {
                entries.insert(name.to_owned(), described);
            }
            Some(Json::Array(list)) => list.push(described),
            _ => {
                entries.insert(name.to_owned(), vec![described].into());
            }
        }
    }
    entries.into()
}

/// The one kind of nested block that there can be once only: no list of them is described.
const TIMEOUTS: &str = "timeouts";

/// Returns the attributes of the nested blocks of this name, if it is one of blocks.
fn nested<'a>(name: &str, attributes: &'a [Attribute]) -> Option<&'a [Attribute]> {
    if name == TIMEOUTS {
        return Some(&[]);
    }
    match attributes.iter().find(|it| it.name == name)?.ty {
        Type::Blocks(inner, ..) | Type::BlockSet(inner, ..) => Some(inner),
        _ => None,
    }
}

/// Describes an argument. In JSON syntax, nested blocks look like one.
fn argument(name: &str, value: &Expr, attributes: &[Attribute]) -> Json {
    let secret = attributes.iter().any(|it| it.name == name && it.sensitive);
    let Some(inner) = nested(name, attributes) else {
        return expression(value, secret);
    };
    match &value.kind {
        ExprKind::Tuple(items) if name == TIMEOUTS => items
            .first()
            .map_or(Json::Null, |item| object_as_block(item, inner)),
        ExprKind::Object(_) if name == TIMEOUTS => object_as_block(value, inner),
        ExprKind::Tuple(items) => items
            .iter()
            .map(|item| object_as_block(item, inner))
            .collect(),
        ExprKind::Object(_) => vec![object_as_block(value, inner)].into(),
        _ => expression(value, secret),
    }
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
            let described = argument(&name, value, attributes);
            Some((name, described))
        })
        .collect::<Map<_, _>>()
        .into()
}

pub(super) fn expression(expr: &Expr, secret: bool) -> Json {
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

pub(super) fn constant(expr: &Expr) -> Option<Value> {
    eval::evaluate(expr, &Nothing)
        .ok()
        .filter(|value| value.is_wholly_known() && !value.has_sensitive())
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
