//! Bodies to objects: attributes, nested blocks, and what `dynamic` blocks generate.

use std::sync::Arc;

use super::{
    Scope,
    effort::Effort,
    expression::{Env, Frame, Outcome, eval, failed, unmark},
    show,
};
use crate::{
    manifest::ast::{Attribute, Block, Body, Expr, ExprKind},
    model::{Diagnostics, Object, Span, Type, Value},
};

/// How deep blocks may nest.
const MAX_DEPTH: u32 = 100;

/// Evaluates a body. All blocks of one kind become a tuple of objects under that name, those that a
/// `dynamic` block generates included; one whose `for_each` is unknown makes the whole name unknown.
///
/// What fails is reported and left unknown.
pub fn evaluate_body(body: &Body, scope: &dyn Scope, diags: &mut Diagnostics) -> Object {
    evaluate_in(body, Env::new(scope, &Effort::default()), diags, 0)
}

fn evaluate_in(body: &Body, env: Env<'_>, diags: &mut Diagnostics, depth: u32) -> Object {
    let mut entries: Vec<(Arc<str>, Value)> =
        Vec::with_capacity(body.attributes.len() + body.blocks.len());
    for attribute in &body.attributes {
        let value = or_unknown(eval(&attribute.value, env), diags);
        entries.push((attribute.name.text.clone(), value));
    }
    for (name, made) in blocks(body, env, diags, depth) {
        entries.push((name, made.map_or(Value::UNKNOWN, Value::tuple)));
    }
    entries.into_iter().collect()
}

fn or_unknown(outcome: Outcome, diags: &mut Diagnostics) -> Value {
    outcome.unwrap_or_else(|failure| {
        diags.push(failure.diagnostic);
        Value::UNKNOWN
    })
}

/// Evaluates the nested blocks by kind; `None` when their number is unknown.
fn blocks(
    body: &Body,
    env: Env<'_>,
    diags: &mut Diagnostics,
    depth: u32,
) -> Vec<(Arc<str>, Option<Vec<Value>>)> {
    let mut kinds: Vec<(Arc<str>, Option<Vec<Value>>)> = Vec::new();
    if depth > MAX_DEPTH {
        return kinds;
    }
    for block in &body.blocks {
        let made = if is_dynamic(block) {
            dynamic(block, env, diags, depth).unwrap_or_else(|failure| {
                diags.push(failure.diagnostic);
                None
            })
        } else {
            let object = evaluate_in(&block.body, env, diags, depth + 1);
            Some(vec![Value::object(object)])
        };
        let name = kind_of(block);
        let at = kinds.iter().position(|(kind, _)| kind == name);
        match at {
            None => kinds.push((name.clone(), made)),
            Some(at) => match (&mut kinds[at].1, made) {
                (Some(all), Some(made)) => all.extend(made),
                (all, _) => *all = None,
            },
        }
    }
    kinds
}

fn is_dynamic(block: &Block) -> bool {
    &*block.kind.text == "dynamic" && !block.labels.is_empty()
}

/// The kind of the blocks that a block is or generates.
fn kind_of(block: &Block) -> &Arc<str> {
    match block.labels.first() {
        Some(label) if is_dynamic(block) => &label.text,
        _ => &block.kind.text,
    }
}

fn argument<'a>(body: &'a Body, name: &str) -> Option<&'a Attribute> {
    body.attributes
        .iter()
        .find(|attribute| &*attribute.name.text == name)
}

fn dynamic(
    block: &Block,
    env: Env<'_>,
    diags: &mut Diagnostics,
    depth: u32,
) -> Outcome<Option<Vec<Value>>> {
    let missing = |what: &str| {
        failed(
            block.span,
            "Invalid dynamic block",
            format!("A dynamic block must have {what}."),
        )
    };
    let for_each =
        argument(&block.body, "for_each").ok_or_else(|| missing("a \"for_each\" argument"))?;
    let content = block
        .body
        .blocks
        .iter()
        .find(|inner| &*inner.kind.text == "content")
        .ok_or_else(|| missing("one \"content\" block"))?;
    let iterator = iterator(block)?;
    let (collection, marked) = unmark(eval(&for_each.value, env)?);
    let Some(pairs) = pairs(&collection, for_each.value.span)? else {
        return Ok(None);
    };
    let mut made = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        let each: Object = [("key", key), ("value", value)].into_iter().collect();
        let each = Value::object(each).marked(marked);
        let frame = Frame {
            name: iterator,
            value: &each,
            parent: env.frame(),
        };
        let object = evaluate_in(&content.body, env.with_frame(&frame), diags, depth + 1);
        made.push(Value::object(object));
    }
    Ok(Some(made))
}

fn iterator(block: &Block) -> Outcome<&str> {
    match argument(&block.body, "iterator") {
        None => Ok(kind_of(block)),
        Some(attribute) => match &attribute.value.kind {
            ExprKind::Variable(name) => Ok(name),
            _ => Err(failed(
                attribute.value.span,
                "Invalid dynamic iterator name",
                "A dynamic block's iterator is a single name, without quotes.",
            )),
        },
    }
}

/// Returns the keys and values of a `for_each`; `None` when it is unknown.
fn pairs(collection: &Value, span: Span) -> Outcome<Option<Vec<(Value, Value)>>> {
    let invalid = |what: &str| {
        failed(
            span,
            "Invalid dynamic for_each value",
            format!("Cannot use a {what} value in for_each. An iterable collection is required."),
        )
    };
    Ok(Some(match collection {
        Value::List(items) | Value::Tuple(items) => {
            (0..).map(Value::int).zip(items.iter().cloned()).collect()
        }
        Value::Set(items) => items
            .iter()
            .map(|item| (item.clone(), item.clone()))
            .collect(),
        Value::Map(entries) | Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (Value::String(key.clone()), value.clone()))
            .collect(),
        Value::Null => return Err(invalid("null")),
        Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Unknown(Type::Bool | Type::Number | Type::String) => {
            return Err(invalid(&show::type_name(&collection.type_of())));
        }
        Value::Unknown(_) => return Ok(None),
        Value::Sensitive(inner) => return pairs(inner, span),
    }))
}

/// Returns where the value at a path such as `data_disks[0].size` or `tags["a"]` stands; where the
/// path leaves the text (a default, a reference), the nearest enclosing value.
pub fn span_of(body: &Body, path: &str) -> Option<Span> {
    let steps = steps(path);
    let (first, rest) = steps.split_first()?;
    if let Some(attribute) = argument(body, first) {
        return Some(within(&attribute.value, rest));
    }
    let (block, inner, rest) = nested(body, first, rest)?;
    if rest.is_empty() {
        return Some(block.span);
    }
    span_of(inner, &join(rest)).or(Some(block.span))
}

/// Returns where the values at a path stand that are written: of `data_disks.size`, those of every block
/// that has one; none where a part of the path is not written.
pub fn spans_of(body: &Body, path: &str) -> Vec<Span> {
    written(body, &steps(path))
}

fn written(body: &Body, steps: &[&str]) -> Vec<Span> {
    let Some((first, rest)) = steps.split_first() else {
        return Vec::new();
    };
    if let Some(attribute) = argument(body, first) {
        return written_in(&attribute.value, rest);
    }
    if rest
        .first()
        .is_some_and(|step| step.parse::<usize>().is_ok())
    {
        let found = nested(body, first, rest);
        return found.map_or_else(Vec::new, |(_, inner, rest)| written(inner, rest));
    }
    let of_kind = body
        .blocks
        .iter()
        .filter(|block| &**kind_of(block) == *first);
    of_kind
        .flat_map(|block| match rest {
            [] => vec![block.span],
            rest => written(content(block), rest),
        })
        .collect()
}

fn written_in(expr: &Expr, steps: &[&str]) -> Vec<Span> {
    let Some((step, rest)) = steps.split_first() else {
        return vec![expr.span];
    };
    match &expr.kind {
        ExprKind::Parens(inner) => written_in(inner, steps),
        ExprKind::Tuple(items) => match step.parse::<usize>() {
            Ok(at) => items
                .get(at)
                .map_or_else(Vec::new, |item| written_in(item, rest)),
            Err(_) => items
                .iter()
                .flat_map(|item| written_in(item, steps))
                .collect(),
        },
        ExprKind::Object(items) => items
            .iter()
            .find(|(key, _)| is_name(key, step))
            .map_or_else(Vec::new, |(_, value)| written_in(value, rest)),
        _ => vec![expr.span],
    }
}

fn is_name(key: &Expr, name: &str) -> bool {
    matches!(&key.kind, ExprKind::Literal(Value::String(text)) if &**text == name)
}

/// Returns what is in a block, or in each block that a dynamic one makes.
fn content(block: &Block) -> &Body {
    if !is_dynamic(block) {
        return &block.body;
    }
    let mut inner = block.body.blocks.iter();
    let content = inner.find(|inner| &*inner.kind.text == "content");
    content.map_or(&block.body, |content| &content.body)
}

/// Returns the block that a step leads to, what is in it, and the steps that are left.
fn nested<'b, 's>(
    body: &'b Body,
    first: &str,
    rest: &'s [&'s str],
) -> Option<(&'b Block, &'b Body, &'s [&'s str])> {
    let position: Option<usize> = rest.first().and_then(|step| step.parse().ok());
    let mut of_kind = body
        .blocks
        .iter()
        .filter(|block| &**kind_of(block) == first);
    let block = of_kind
        .clone()
        .nth(position.unwrap_or(0))
        .or_else(|| of_kind.next())?;
    Some((
        block,
        content(block),
        &rest[usize::from(position.is_some())..],
    ))
}

/// Splits a path at its points and brackets.
fn steps(path: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (step, after) = if let Some(inner) = rest.strip_prefix("[\"") {
            inner.split_once("\"]").unwrap_or((inner, ""))
        } else if let Some(inner) = rest.strip_prefix('[') {
            inner.split_once(']').unwrap_or((inner, ""))
        } else {
            let plain = rest.strip_prefix('.').unwrap_or(rest);
            plain.split_at(plain.find(['.', '[']).unwrap_or(plain.len()))
        };
        if !step.is_empty() {
            steps.push(step);
        }
        rest = after;
    }
    steps
}

fn join(steps: &[&str]) -> String {
    let quoted: Vec<String> = steps.iter().map(|step| format!("[\"{step}\"]")).collect();
    quoted.concat()
}

/// Returns the span of what the steps lead to in an expression.
fn within(expr: &Expr, steps: &[&str]) -> Span {
    let Some((step, rest)) = steps.split_first() else {
        return expr.span;
    };
    let next = match &expr.kind {
        ExprKind::Parens(inner) => return within(inner, steps),
        ExprKind::Tuple(items) => step.parse().ok().and_then(|at: usize| items.get(at)),
        ExprKind::Object(items) => items
            .iter()
            .find(|(key, _)| is_name(key, step))
            .map(|(_, value)| value),
        _ => None,
    };
    next.map_or(expr.span, |next| within(next, rest))
}

/// Returns where a body, or a block in it that the path leads to, names an argument or a kind of block.
pub fn name_span(body: &Body, path: &str) -> Option<Span> {
    let steps = steps(path);
    let (name, mut parents) = steps.split_last()?;
    let mut body = body;
    while let Some((first, rest)) = parents.split_first() {
        (_, body, parents) = nested(body, first, rest)?;
    }
    let name = *name;
    let block = || {
        let mut blocks = body.blocks.iter();
        blocks.find(|block| &**kind_of(block) == name).map(|block| {
            if is_dynamic(block) {
                block.labels[0].span
            } else {
                block.kind.span
            }
        })
    };
    argument(body, name)
        .map(|attribute| attribute.name.span)
        .or_else(block)
}
