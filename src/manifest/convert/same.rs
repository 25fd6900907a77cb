//! Whether two trees say the same, wherever and in whichever order their parts stand.

use std::collections::BTreeMap;

use super::{
    super::{
        ast::{Attribute, Block, Body, Expr, ExprKind, For, Name, Part, UnaryOp},
        hcl,
        place::{Names, Place},
        shape::{MANIFEST, Shape},
    },
    IsBlock, Mode, is_nested, mode,
};
use crate::model::{Number, SourceId, Span, Value};

/// Whether two manifests say the same.
pub(super) fn same(one: &Body, other: &Body, is_block: IsBlock<'_>) -> bool {
    let said = |body| {
        let place = Around {
            is_block,
            kind: "",
            label: "",
        };
        said(body, None, &MANIFEST, &place)
    };
    said(one) == said(other)
}

/// What a body says: arguments, and blocks by kind and labels.
#[derive(Debug, Default, PartialEq)]
struct Said {
    arguments: BTreeMap<String, Expr>,
    blocks: BTreeMap<Vec<String>, Vec<Self>>,
    /// Of the kinds that dynamic blocks make too: which of the blocks do.
    order: BTreeMap<String, Vec<bool>>,
}

/// What a body is in.
struct Around<'a> {
    is_block: IsBlock<'a>,
    kind: &'a str,
    label: &'a str,
}

impl<'a> Around<'a> {
    fn is_block(&self, name: &str) -> bool {
        is_nested(self.is_block, self.kind, self.label, &[name])
    }

    fn within(&self, kind: &'a str, label: &'a str) -> Self {
        match kind {
            "resource" | "data" | "ephemeral" | "provider" => Self {
                kind,
                label,
                ..*self
            },
            // What these hold has names of its own.
            _ => Self {
                kind: "",
                label: "",
                ..*self
            },
        }
    }
}

fn said(
    body: &Body,
    own: Option<&'static Shape>,
    inner: &'static [Shape],
    around: &Around<'_>,
) -> Said {
    let mut all = Said::default();
    for Attribute { name, value } in &body.attributes {
        let value = match mode(own, &name.text) {
            Mode::Bare => bare(value),
            _ if own.is_some_and(|own| own.kind == "required_providers") => bare(value),
            Mode::Literal | Mode::Template => plain(value),
        };
        let single = matches!(value.kind, ExprKind::Object(_)) && around.is_block(&name.text);
        let value = if single {
            of(ExprKind::Tuple(vec![value]))
        } else {
            value
        };
        all.arguments.insert(name.text.to_string(), value);
    }
    for block in &body.blocks {
        let kind = &*block.kind.text;
        let label = block.labels.first().map_or("", |label| &*label.text);
        if kind == "dynamic" {
            all.order.entry(label.to_owned()).or_default().push(true);
        }
        match Shape::find(inner, kind) {
            Some(shape) => {
                let around = around.within(kind, label);
                let said = said(&block.body, Some(shape), shape.inner, &around);
                all.place(block, said);
            }
            None => all.nested(block),
        }
    }
    // Where only blocks that are written out stand, the list has their order.
    all.order.retain(|_, made| made.contains(&true));
    all
}

impl Said {
    fn place(&mut self, block: &Block, said: Self) {
        let labels = block.labels.iter().map(|label| label.text.to_string());
        let key: Vec<String> = std::iter::once(block.kind.text.to_string())
            .chain(labels)
            .collect();
        let merges = key == ["locals"];
        let of_kind = self.blocks.entry(key).or_default();
        match of_kind.first_mut() {
            Some(first) if merges => first.arguments.extend(said.arguments),
            _ => of_kind.push(said),
        }
    }

    /// Adds a block that may be written as an argument, too: it is an object in a list.
    fn nested(&mut self, block: &Block) {
        let name = block.kind.text.to_string();
        self.order.entry(name.clone()).or_default().push(false);
        let value = object(&block.body);
        let list = self.arguments.entry(name);
        let list = list.or_insert_with(|| of(ExprKind::Tuple(Vec::new())));
        if let ExprKind::Tuple(items) = &mut list.kind {
            items.push(value);
        }
    }
}

/// Returns a nested block as an object; its own blocks are lists of objects in it.
fn object(body: &Body) -> Expr {
    let mut entries: Vec<(Expr, Expr)> = body
        .attributes
        .iter()
        .map(|it| (text(&it.name.text), plain(&it.value)))
        .collect();
    let mut lists: BTreeMap<String, Vec<Expr>> = BTreeMap::new();
    for block in &body.blocks {
        let labels = block.labels.iter().map(|label| format!(" {}", label.text));
        let name = std::iter::once(block.kind.text.to_string()).chain(labels);
        let value = object(&block.body);
        lists.entry(name.collect()).or_default().push(value);
    }
    let lists = lists
        .into_iter()
        .map(|(name, items)| (text(&name), of(ExprKind::Tuple(items))));
    entries.extend(lists);
    of(ExprKind::Object(sorted(entries)))
}

fn sorted(mut entries: Vec<(Expr, Expr)>) -> Vec<(Expr, Expr)> {
    entries.sort_by_cached_key(|(key, _)| format!("{key:?}"));
    entries
}

const NOWHERE: Span = Span {
    source: SourceId::NOWHERE,
    start: 0,
    end: 0,
};

fn of(kind: ExprKind) -> Expr {
    Expr {
        kind,
        span: NOWHERE,
    }
}

fn text(text: &str) -> Expr {
    of(ExprKind::Literal(Value::string(text)))
}

/// Returns what the text of an expression says, wherever in a list or an object it stands.
fn bare(expr: &Expr) -> Expr {
    let written = plain(expr);
    match &written.kind {
        ExprKind::Literal(Value::String(text)) => {
            let place = Place::Whole(NOWHERE);
            let read = hcl::expression(text, &place, &mut Names::default());
            read.map_or(written, |read| plain(&read))
        }
        ExprKind::Tuple(items) => of(ExprKind::Tuple(items.iter().map(bare).collect())),
        ExprKind::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (bare(key), bare(value)))
                .collect();
            of(ExprKind::Object(sorted(entries)))
        }
        _ => written,
    }
}

/// Returns an expression without its places, parentheses, and what a template adds to nothing.
pub(super) fn plain(expr: &Expr) -> Expr {
    let boxed = |expr: &Expr| Box::new(plain(expr));
    let all = |items: &[Expr]| items.iter().map(plain).collect();
    of(match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Variable(_) | ExprKind::SplatItem => expr.kind.clone(),
        ExprKind::Parens(inner) => return plain(inner),
        ExprKind::Template(parts) => match parts.as_slice() {
            [Part::Interpolation(inner)] => return plain(inner),
            parts => ExprKind::Template(parts.iter().map(part).collect()),
        },
        ExprKind::GetAttr(object, name) => ExprKind::GetAttr(boxed(object), named(name)),
        ExprKind::Index(collection, key) => ExprKind::Index(boxed(collection), boxed(key)),
        ExprKind::Splat { source, each } => ExprKind::Splat {
            source: boxed(source),
            each: boxed(each),
        },
        ExprKind::Call {
            name,
            args,
            expand_last,
        } => ExprKind::Call {
            name: named(name),
            args: all(args),
            expand_last: *expand_last,
        },
        ExprKind::Unary(operator, inner) => match (operator, &plain(inner).kind) {
            (UnaryOp::Negate, ExprKind::Literal(Value::Number(number))) => {
                ExprKind::Literal(Value::Number(Number::from_decimal(&-number.to_decimal())))
            }
            _ => ExprKind::Unary(*operator, boxed(inner)),
        },
        ExprKind::Binary(operator, left, right) => {
            ExprKind::Binary(*operator, boxed(left), boxed(right))
        }
        ExprKind::Conditional(condition, yes, no) => {
            ExprKind::Conditional(boxed(condition), boxed(yes), boxed(no))
        }
        ExprKind::Tuple(items) => ExprKind::Tuple(all(items)),
        ExprKind::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (plain(key), plain(value)))
                .collect();
            ExprKind::Object(sorted(entries))
        }
        ExprKind::For(parts) => ExprKind::For(Box::new(For {
            key_name: parts.key_name.as_ref().map(named),
            value_name: named(&parts.value_name),
            collection: plain(&parts.collection),
            key: parts.key.as_ref().map(plain),
            value: plain(&parts.value),
            group: parts.group,
            condition: parts.condition.as_ref().map(plain),
        })),
    })
}

fn part(it: &Part) -> Part {
    let all = |parts: &[Part]| parts.iter().map(part).collect();
    match it {
        Part::Literal(_) => it.clone(),
        Part::Interpolation(inner) => Part::Interpolation(plain(inner)),
        Part::If { condition, yes, no } => Part::If {
            condition: plain(condition),
            yes: all(yes),
            no: all(no),
        },
        Part::For {
            key_name,
            value_name,
            collection,
            body,
        } => Part::For {
            key_name: key_name.as_ref().map(named),
            value_name: named(value_name),
            collection: plain(collection),
            body: all(body),
        },
    }
}

fn named(name: &Name) -> Name {
    Name {
        text: name.text.clone(),
        span: NOWHERE,
    }
}
