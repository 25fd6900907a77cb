//! A tree as YAML: blocks of a kind come together under it.

use super::{
    super::{
        ast::{Attribute, Block, Body, Expr, ExprKind, Part, UnaryOp},
        shape::{MANIFEST, Shape},
    },
    Item, Mode, TIMEOUTS,
    comments::Comments,
    document::{self, Entry, Node},
    items, mode, named_until, wordless,
    written::{Written, escaped, plain_text},
};
use crate::model::{Diagnostic, Value};

type Outcome<T> = Result<T, Vec<Diagnostic>>;

/// Returns a manifest as YAML.
pub(super) fn write(body: &Body, written: &Written<'_>, comments: Comments<'_>) -> Outcome<String> {
    let mut writer = Writer { written, comments };
    let mut entries = Vec::new();
    let mut head = Vec::new();
    for item in items(body) {
        match item {
            Item::Attribute(Attribute { name, .. }) => {
                let detail = format!("A manifest holds blocks; \"{}\" is an argument.", name.text);
                let hint = "Put it in a locals block; values of variables go into a .tfvars file.";
                return Err(wordless(name.span, detail, hint));
            }
            Item::Block(block) => {
                let Some(shape) = Shape::find(&MANIFEST, &block.kind.text) else {
                    let detail =
                        format!("There is no block \"{}\" in a manifest.", block.kind.text);
                    return Err(wordless(block.span, detail, "Check its name."));
                };
                let mut before = writer.comments.before(block.span.start);
                // What is set apart at the top is about the file.
                if entries.is_empty()
                    && let Some(at) = before.iter().position(String::is_empty)
                {
                    let rest = before.split_off(at + 1);
                    before.pop();
                    head = std::mem::replace(&mut before, rest);
                }
                writer.block(&mut entries, block, shape, before)?;
            }
        }
    }
    for (at, entry) in entries.iter_mut().enumerate() {
        entry.apart = at > 0;
    }
    let foot = writer.comments.rest();
    Ok(document::print(&head, entries, &foot))
}

struct Writer<'a> {
    written: &'a Written<'a>,
    comments: Comments<'a>,
}

impl Writer<'_> {
    fn body(
        &mut self,
        body: &Body,
        shape: Option<&'static Shape>,
        inner: &'static [Shape],
    ) -> Outcome<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut after_block = true;
        for item in items(body) {
            let start = self.comments.start(item.start());
            let apart = self.comments.is_set_apart(start);
            match item {
                Item::Attribute(attribute) => {
                    let mode = mode(shape, &attribute.name.text);
                    let mut entry = self.argument(attribute, mode, shape)?;
                    entry.apart = apart && !after_block;
                    entries.push(entry);
                    after_block = false;
                }
                Item::Block(block) => {
                    let before = self.comments.before(block.span.start);
                    match Shape::find(inner, &block.kind.text) {
                        Some(shape) => self.block(&mut entries, block, shape, before)?,
                        None => self.nested(&mut entries, block, inner, before)?,
                    }
                    after_block = true;
                }
            }
        }
        Ok(entries)
    }

    fn argument(
        &mut self,
        attribute: &Attribute,
        mode: Mode,
        shape: Option<&Shape>,
    ) -> Outcome<Entry> {
        let Attribute { name, value } = attribute;
        let comments = self.comments.before(named_until(name.span.start, value));
        let node = match &value.kind {
            ExprKind::Object(entries)
                if shape.is_some_and(|it| it.kind == "required_providers") =>
            {
                self.object(value, entries, mode, shape)?
            }
            _ => self.node(value, mode)?,
        };
        Ok(Entry {
            comments,
            key: name.text.to_string(),
            value: node,
            tail: self.comments.tail(value.span.end),
            ..Entry::default()
        })
    }

    /// Adds a block under its kind and its labels.
    fn block(
        &mut self,
        entries: &mut Vec<Entry>,
        block: &Block,
        shape: &'static Shape,
        comments: Vec<String>,
    ) -> Outcome<()> {
        let kind = &*block.kind.text;
        if block.labels.len() != shape.labels {
            let detail = format!(
                "A block of the kind {kind} has another number of labels: {}, not {}.",
                shape.labels,
                block.labels.len()
            );
            return Err(wordless(
                block.span,
                detail,
                "Check the words before the brace.",
            ));
        }
        let own = self.body(&block.body, Some(shape), shape.inner)?;
        let span = block.body.span;
        let start = block.body.start().unwrap_or(span.start);
        let foot = self.comments.foot(start, span.end);
        let tail = self.comments.tail(span.end);
        let entry = Entry {
            comments: comments.into_iter().chain(tail).collect(),
            value: Node::Mapping(own, foot),
            ..Entry::default()
        };
        let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
        let top = Shape::find(&MANIFEST, kind).is_some();
        match (kind, labels.as_slice()) {
            ("provisioner", labels) => {
                let mut made = Vec::new();
                place(&mut made, labels, entry, false, false);
                let item = Entry {
                    comments: made
                        .first_mut()
                        .map(|it| std::mem::take(&mut it.comments))
                        .unwrap_or_default(),
                    value: Node::Mapping(made, Vec::new()),
                    ..Entry::default()
                };
                place(entries, &[kind], item, true, false);
            }
            (_, labels) => {
                let path: Vec<&str> = std::iter::once(kind)
                    .chain(labels.iter().copied())
                    .collect();
                place(entries, &path, entry, shape.is_list(), top);
            }
        }
        Ok(())
    }

    /// Adds a block that the language knows nothing of: an item of a list under its name.
    fn nested(
        &mut self,
        entries: &mut Vec<Entry>,
        block: &Block,
        inner: &'static [Shape],
        comments: Vec<String>,
    ) -> Outcome<()> {
        if !block.labels.is_empty() {
            let detail = format!("A {} block has no labels here.", block.kind.text);
            return Err(wordless(block.span, detail, "Remove the labels."));
        }
        // Of what is in it, only dynamic blocks are the language's.
        let at = inner.iter().position(|shape| shape.kind == "dynamic");
        let inner = at.map_or(&[][..], |at| &inner[at..=at]);
        let own = self.body(&block.body, None, inner)?;
        let span = block.body.span;
        let start = block.body.start().unwrap_or(span.start);
        let foot = self.comments.foot(start, span.end);
        let tail = self.comments.tail(span.end);
        let entry = Entry {
            comments: comments.into_iter().chain(tail).collect(),
            value: Node::Mapping(own, foot),
            ..Entry::default()
        };
        let list = &*block.kind.text != TIMEOUTS;
        place(entries, &[&block.kind.text], entry, list, false);
        Ok(())
    }

    fn node(&mut self, expr: &Expr, mode: Mode) -> Outcome<Node> {
        let span = expr.span;
        let node = match (&expr.kind, mode) {
            (ExprKind::Tuple(items), _) => return self.list(expr, items, mode),
            (ExprKind::Object(entries), _) => return self.object(expr, entries, mode, None),
            (ExprKind::Parens(inner), Mode::Literal) => return self.node(inner, mode),
            // A number in quotes is a number.
            (ExprKind::Template(parts), Mode::Literal | Mode::Template)
                if constant(parts).is_some() =>
            {
                let value = constant(parts).map(plain_text);
                Node::Plain(value.unwrap_or_default())
            }
            (_, Mode::Bare) => Node::Text(self.written.bare(expr)),
            (ExprKind::Literal(Value::String(text)), _) => {
                Node::Text(match self.written.scalar(expr) {
                    Some(scalar) => scalar.to_owned(),
                    None if mode == Mode::Literal => text.to_string(),
                    None => escaped(text),
                })
            }
            (ExprKind::Literal(value), _) => Node::Plain(plain_text(value)),
            (ExprKind::Unary(UnaryOp::Negate, inner), _)
                if matches!(inner.kind, ExprKind::Literal(Value::Number(_))) =>
            {
                let ExprKind::Literal(value) = &inner.kind else {
                    return Ok(Node::default());
                };
                Node::Plain(format!("-{}", plain_text(value)))
            }
            (_, Mode::Literal) => {
                let detail =
                    "In YAML only a constant can stand here, without templates and functions.";
                return Err(wordless(span, detail.to_owned(), "Write the value out."));
            }
            (ExprKind::Template(parts), _) => Node::Text(match self.written.scalar(expr) {
                Some(scalar) => scalar.to_owned(),
                None => self.written.template(expr, parts),
            }),
            _ => Node::Text(format!("${{{}}}", self.written.raw(expr))),
        };
        self.comments.skip(span.start, span.end);
        Ok(node)
    }

    fn list(&mut self, expr: &Expr, items: &[Expr], mode: Mode) -> Outcome<Node> {
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            let comments = self.comments.before(named_until(item.span.start, item));
            entries.push(Entry {
                comments,
                value: self.node(item, mode)?,
                tail: self.comments.tail(item.span.end),
                ..Entry::default()
            });
        }
        let foot = self.comments.foot(expr.span.start, expr.span.end);
        Ok(Node::Sequence(entries, foot))
    }

    fn object(
        &mut self,
        expr: &Expr,
        all: &[(Expr, Expr)],
        mode: Mode,
        shape: Option<&Shape>,
    ) -> Outcome<Node> {
        let mut entries: Vec<Entry> = Vec::with_capacity(all.len());
        for (key, value) in all {
            let start = self.comments.start(key.span.start);
            let apart = !entries.is_empty() && self.comments.is_set_apart(start);
            let comments = self.comments.before(named_until(key.span.start, value));
            let key = match &key.kind {
                _ if mode == Mode::Bare => self.written.bare(key),
                ExprKind::Literal(Value::String(text))
                    if self.written.is_hcl() && mode == Mode::Literal =>
                {
                    text.to_string()
                }
                ExprKind::Literal(Value::String(text)) => self
                    .written
                    .scalar(key)
                    .map_or_else(|| escaped(text), str::to_owned),
                ExprKind::Literal(value) => plain_text(value),
                ExprKind::Template(parts) => match self.written.scalar(key) {
                    Some(scalar) => scalar.to_owned(),
                    None => self.written.template(key, parts),
                },
                ExprKind::Parens(inner) => format!("${{{}}}", self.written.raw(inner)),
                _ => format!("${{{}}}", self.written.raw(key)),
            };
            let mode = match shape {
                Some(shape) if shape.bare.contains(&&*key) => Mode::Bare,
                _ => mode,
            };
            entries.push(Entry {
                apart,
                comments,
                key,
                value: self.node(value, mode)?,
                tail: self.comments.tail(value.span.end),
            });
        }
        let foot = self.comments.foot(expr.span.start, expr.span.end);
        Ok(Node::Mapping(entries, foot))
    }
}

/// Returns the value that is all of a template, if it is neither text nor computed.
fn constant(parts: &[Part]) -> Option<&Value> {
    match parts {
        [Part::Interpolation(inner)] => match &inner.kind {
            ExprKind::Literal(Value::String(_)) => None,
            ExprKind::Literal(value) => Some(value),
            _ => None,
        },
        _ => None,
    }
}

/// Puts an entry under keys; what is there already becomes a list with it. `apart` sets what has labels apart.
fn place(entries: &mut Vec<Entry>, path: &[&str], mut entry: Entry, list: bool, apart: bool) {
    let Some((key, rest)) = path.split_first() else {
        return;
    };
    let found = entries.iter().position(|it| it.key == *key);
    let at = found.unwrap_or_else(|| {
        entries.push(Entry {
            apart: apart && !entries.is_empty(),
            key: (*key).to_owned(),
            ..Entry::default()
        });
        entries.len() - 1
    });
    let own = &mut entries[at];
    if !rest.is_empty() {
        if let Node::Mapping(inner, _) = &mut own.value {
            place(inner, rest, entry, list, apart);
        }
        return;
    }
    if found.is_none() && !list {
        own.comments = entry.comments;
        own.value = entry.value;
        own.tail = entry.tail;
        return;
    }
    let is_locals = *key == "locals" && apart;
    match &mut own.value {
        Node::Mapping(all, foot) if is_locals => {
            if let Node::Mapping(mut more, more_foot) = entry.value {
                if let Some(first) = more.first_mut() {
                    first.apart = true;
                    first.comments.splice(0..0, entry.comments);
                }
                all.append(&mut more);
                foot.extend(more_foot);
            }
        }
        Node::Sequence(items, _) => items.push(entry),
        other if found.is_some() => {
            let first = Entry {
                comments: std::mem::take(&mut own.comments),
                value: std::mem::take(other),
                ..Entry::default()
            };
            own.value = Node::Sequence(vec![first, entry], Vec::new());
        }
        _ => {
            entry.apart = false;
            own.value = Node::Sequence(vec![entry], Vec::new());
        }
    }
}
