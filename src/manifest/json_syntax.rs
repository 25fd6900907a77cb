//! Terraform's JSON syntax, written as JSON or as YAML: a tree of nodes becomes blocks and expressions.
//!
//! Strings are templates. In YAML a plain scalar follows the core schema, but becomes a number only if
//! the number prints as the very same text; else it stays a string, so that `1.10`, `0755` and `1e3`
//! reach an argument of type string as they were written (and convert to a number where one is wanted).

use granit_parser::ScalarStyle;

use super::{
    ast::{Attribute, Block, Body, Expr, ExprKind, Name},
    hcl::{self, MAX_DEPTH},
    place::{Names, Place, narrow},
    shape::{MANIFEST, MOCKS, NESTED, Shape, TESTS},
    yaml::{self, Id, Kind, MAX_EXPANDED, Tree},
};
use crate::model::{Diagnostic, Number, SourceId, Span, Value};

/// What differs between the two ways to write JSON syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Json,
    Yaml,
}

impl Dialect {
    fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
        }
    }
}

/// Parses a manifest.
pub(super) fn body(
    text: &str,
    source: SourceId,
    dialect: Dialect,
) -> Result<Body, Vec<Diagnostic>> {
    file(text, source, dialect, ("a manifest", &MANIFEST))
}

/// Parses a file of tests.
pub(super) fn tests(text: &str, source: SourceId) -> Result<Body, Vec<Diagnostic>> {
    file(text, source, Dialect::Json, ("a test file", &TESTS))
}

/// Parses a file of what mocks answer.
pub(super) fn mocks(text: &str, source: SourceId) -> Result<Body, Vec<Diagnostic>> {
    file(text, source, Dialect::Json, ("a file of mocks", &MOCKS))
}

fn file(
    text: &str,
    source: SourceId,
    dialect: Dialect,
    what: (&str, &'static [Shape]),
) -> Result<Body, Vec<Diagnostic>> {
    read(text, source, dialect, |lowering, roots| {
        let whole = Span {
            source,
            start: 0,
            end: narrow(text.len()),
        };
        let mut body = Body {
            attributes: Vec::new(),
            blocks: Vec::new(),
            span: whole,
        };
        for root in roots {
            lowering.fill(&mut body, root, what, 1);
        }
        body
    })
}

/// Parses a file of values: names and literal expressions.
pub(super) fn values(
    text: &str,
    source: SourceId,
    dialect: Dialect,
) -> Result<Vec<(Name, Expr)>, Vec<Diagnostic>> {
    read(text, source, dialect, |lowering, roots| {
        lowering.literal = true;
        let mut values = Vec::new();
        for root in roots {
            for (key, value) in lowering.entries(root, "a file of values") {
                values.push((lowering.name(key), lowering.expr(value, 1)));
            }
        }
        values
    })
}

fn read<T>(
    text: &str,
    source: SourceId,
    dialect: Dialect,
    lower: impl FnOnce(&mut Lowering, Vec<Id>) -> T,
) -> Result<T, Vec<Diagnostic>> {
    if dialect == Dialect::Json && !text.trim().is_empty() {
        strict(text, source).map_err(|error| vec![error])?;
    }
    let spaced = match dialect {
        Dialect::Json if text.contains('\t') => Some(text.replace('\t', " ")),
        _ => None,
    };
    let tree = yaml::parse(spaced.as_deref().unwrap_or(text), source, dialect.name())
        .map_err(|e| vec![e])?;
    let mut names = Names::default();
    let mut lowering = Lowering {
        text,
        source,
        dialect,
        tree: &tree,
        names: &mut names,
        literal: false,
        expanded: 0,
        budget: text.len().saturating_add(MAX_EXPANDED),
        errors: Vec::new(),
    };
    let roots = tree
        .roots
        .iter()
        .copied()
        .filter(|root| !lowering.is_null(*root))
        .collect();
    let result = lower(&mut lowering, roots);
    if lowering.errors.is_empty() {
        Ok(result)
    } else {
        Err(lowering.errors)
    }
}

/// Refuses what YAML allows and JSON does not, such as a comma after the last element.
fn strict(text: &str, source: SourceId) -> Result<(), Diagnostic> {
    let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) else {
        return Ok(());
    };
    let line: usize = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    // The column counts bytes, and is that of the last one read.
    let mut at = (line + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (mut what, hint) = match error.classify() {
        serde_json::error::Category::Eof => {
            at = text.len();
            let hint = "Close what is open: each { with }, each [ with ], each \" with \".";
            ("The file ends in the middle of a value".to_owned(), hint)
        }
        _ => {
            let told = error.to_string();
            let comma = told.starts_with("trailing comma")
                || told.starts_with("key must be a string") && text[at..].starts_with('}');
            let told = match comma {
                true => "A comma stands after the last entry".to_owned(),
                false => told
                    .split(" at line ")
                    .next()
                    .unwrap_or("")
                    .replace('`', ""),
            };
            (
                told,
                "Check commas, quotes and brackets around here; JSON has no comments.",
            )
        }
    };
    if let Some(first) = what.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let width = text[at..]
        .chars()
        .next()
        .filter(|c| *c != '\n')
        .map_or(0, char::len_utf8);
    let span = Span {
        source,
        start: narrow(at),
        end: narrow(at + width),
    };
    Err(Diagnostic::error("Invalid JSON", format!("{what}."))
        .at(span)
        .hint(hint))
}

/// One file on its way from nodes to our tree.
struct Lowering<'a> {
    text: &'a str,
    source: SourceId,
    dialect: Dialect,
    tree: &'a Tree<'a>,
    names: &'a mut Names,
    /// Whether strings are text rather than templates where we are.
    literal: bool,
    /// How many nodes have been visited, those under aliases once for each alias.
    expanded: usize,
    /// How many may be: all that the text can hold, and what aliases may add.
    budget: usize,
    errors: Vec<Diagnostic>,
}

impl<'a> Lowering<'a> {
    /// Counts a node; whether there are too many.
    fn exhausted(&mut self, id: Id, depth: usize) -> bool {
        self.expanded += 1;
        if self.expanded > self.budget {
            if self.expanded == self.budget + 1 {
                self.errors
                    .push(yaml::too_many_aliases().at(self.tree.span(id)));
            }
            return true;
        }
        if depth > MAX_DEPTH {
            let detail = format!("Mappings and lists can be at most {MAX_DEPTH} levels deep.");
            self.errors.push(
                Diagnostic::error("Nesting too deep", detail)
                    .at(self.tree.span(id))
                    .hint("Give parts of it names with local values."),
            );
            // One error is enough: nothing after it is expanded.
            self.expanded = self.budget + 1;
            return true;
        }
        false
    }

    fn is_null(&self, id: Id) -> bool {
        match &self.tree.node(id).kind {
            Kind::Scalar(text, ScalarStyle::Plain) => {
                matches!(&**text, "" | "~" | "null" | "Null" | "NULL")
            }
            Kind::Scalar(..) | Kind::Sequence(_) | Kind::Mapping(_) => false,
        }
    }

    /// Returns the span of a scalar's text, without quotes where it has some.
    fn name(&mut self, id: Id) -> Name {
        Name {
            text: self.names.get(self.tree.text(id)),
            span: self.tree.span(id),
        }
    }

    /// Returns the entries of a mapping, without comments; anything else is an error.
    fn entries(&mut self, id: Id, what: &str) -> Vec<(Id, Id)> {
        let node = self.tree.node(id);
        let Kind::Mapping(entries) = &node.kind else {
            let detail = format!("Expected a mapping of names to values for {what}.");
            let diagnostic = Diagnostic::error("Expected a mapping", detail).at(self.tree.span(id));
            self.errors.push(match self.tree.text(id).contains(':') {
                true => diagnostic.hint("Write KEY: VALUE, with a space after the colon."),
                false => diagnostic,
            });
            return Vec::new();
        };
        entries
            .iter()
            .copied()
            .filter(|(key, _)| self.tree.text(*key) != "//")
            .collect()
    }

    /// Adds what a mapping (or a list of mappings) holds to a body.
    fn fill(
        &mut self,
        body: &mut Body,
        id: Id,
        (what, shapes): (&str, &'static [Shape]),
        depth: usize,
    ) {
        let entries = self.entries(id, what);
        let made = self.made(&entries, shapes);
        for (key, value) in entries {
            let kind = self.name(key);
            let shape = Shape::find(shapes, &kind.text).or_else(|| {
                let nested = self.is_nested(value, shapes, made.contains(&&*kind.text));
                nested.then_some(&NESTED)
            });
            match shape {
                Some(shape) => {
                    let outer = self.literal;
                    self.literal = shape.literal;
                    let mut labels = Labels {
                        kind,
                        labels: Vec::new(),
                        item: None,
                    };
                    self.blocks(&mut body.blocks, &mut labels, shape, value, depth + 1);
                    self.literal = outer;
                }
                // At the top nothing but blocks can stand: an unknown kind is reported as such.
                None if depth == 1 => body.blocks.push(Block {
                    span: kind.span,
                    kind,
                    labels: Vec::new(),
                    body: Body {
                        attributes: Vec::new(),
                        blocks: Vec::new(),
                        span: self.tree.span(value),
                    },
                }),
                None => {
                    let value = self.expr(value, depth + 1);
                    body.attributes.push(Attribute { name: kind, value });
                }
            }
        }
    }

    /// Adds the blocks under a kind: a mapping for each label, lists anywhere, then the body.
    fn blocks(
        &mut self,
        out: &mut Vec<Block>,
        labels: &mut Labels,
        shape: &'static Shape,
        id: Id,
        depth: usize,
    ) {
        if self.exhausted(id, depth) || self.is_null(id) {
            return;
        }
        if let Kind::Sequence(items) = &self.tree.node(id).kind {
            for item in items {
                labels.item = self.first(*item);
                self.blocks(out, labels, shape, *item, depth + 1);
            }
            labels.item = None;
            return;
        }
        if labels.labels.len() < shape.labels {
            for (key, value) in self.entries(id, &format!("\"{}\"", labels.kind.text)) {
                let label = self.name(key);
                labels.labels.push(label);
                labels.item = None;
                // A resource or output without arguments is one all the same.
                if labels.labels.len() == shape.labels && self.is_null(value) {
                    out.push(labels.block(self.empty(value)));
                } else {
                    self.blocks(out, labels, shape, value, depth + 1);
                }
                labels.labels.pop();
            }
            return;
        }
        let mut body = self.empty(id);
        let what = format!("\"{}\"", labels.kind.text);
        self.fill(&mut body, id, (&what, shape.inner), depth + 1);
        if shape.kind == "dynamic" {
            unquote_iterator(&mut body);
        }
        out.push(labels.block(body));
    }

    /// Returns the kinds of blocks that `dynamic` makes in a body.
    fn made(&self, entries: &[(Id, Id)], shapes: &'static [Shape]) -> Vec<&'a str> {
        if Shape::find(shapes, "dynamic").is_none() {
            return Vec::new();
        }
        let dynamic = entries
            .iter()
            .filter(|(key, _)| self.tree.text(*key) == "dynamic");
        dynamic
            .flat_map(|(_, value)| self.mappings(*value).unwrap_or_default())
            .flatten()
            .map(|(label, _)| {
                let tree = self.tree;
                tree.text(*label)
            })
            .collect()
    }

    /// Whether a value is of blocks that must stand among others: those that `dynamic` makes beside it or in it.
    fn is_nested(&self, value: Id, shapes: &'static [Shape], made: bool) -> bool {
        if Shape::find(shapes, "dynamic").is_none() {
            return false;
        }
        let Some(bodies) = self.mappings(value) else {
            return false;
        };
        let has = |entries: &[(Id, Id)], name: &str| {
            let mut keys = entries.iter().map(|(key, _)| self.tree.text(*key));
            keys.any(|key| key == name)
        };
        let is_content = |(_, value): &(Id, Id)| {
            let all = self.mappings(*value).unwrap_or_default();
            !all.is_empty()
                && all
                    .iter()
                    .all(|it| has(it, "for_each") && has(it, "content"))
        };
        let is_dynamic = |(key, value): &(Id, Id)| {
            let all = self.mappings(*value).unwrap_or_default();
            self.tree.text(*key) == "dynamic" && all.iter().any(|it| it.iter().all(is_content))
        };
        made || bodies.iter().any(|body| body.iter().any(is_dynamic))
    }

    /// Returns the entries of a mapping, or of each mapping of a list of them.
    fn mappings(&self, id: Id) -> Option<Vec<&'a [(Id, Id)]>> {
        let tree = self.tree;
        match &tree.node(id).kind {
            Kind::Mapping(entries) => Some(vec![entries]),
            Kind::Sequence(items) => items
                .iter()
                .map(|item| match &tree.node(*item).kind {
                    Kind::Mapping(entries) => Some(&**entries),
                    _ => None,
                })
                .collect(),
            Kind::Scalar(..) => None,
        }
    }

    /// Returns where the first key of a mapping is: the place of an item that has no name.
    fn first(&self, id: Id) -> Option<Span> {
        match &self.tree.node(id).kind {
            Kind::Mapping(entries) => entries.first().map(|(key, _)| self.tree.span(*key)),
            Kind::Scalar(..) | Kind::Sequence(_) => None,
        }
    }

    fn empty(&self, id: Id) -> Body {
        Body {
            attributes: Vec::new(),
            blocks: Vec::new(),
            span: self.tree.span(id),
        }
    }

    fn expr(&mut self, id: Id, depth: usize) -> Expr {
        let span = self.tree.span(id);
        if self.exhausted(id, depth) {
            return null(span);
        }
        let tree = self.tree;
        let kind = match &tree.node(id).kind {
            Kind::Scalar(text, ScalarStyle::Plain) => match plain(text, self.dialect) {
                Some(value) => ExprKind::Literal(value),
                None => return self.string(id, text, ScalarStyle::Plain),
            },
            Kind::Scalar(text, style) => return self.string(id, text, *style),
            Kind::Sequence(items) => ExprKind::Tuple(
                items
                    .iter()
                    .map(|item| self.expr(*item, depth + 1))
                    .collect(),
            ),
            Kind::Mapping(entries) => ExprKind::Object(
                entries
                    .iter()
                    .filter(|(key, _)| tree.text(*key) != "//")
                    .map(|(key, value)| {
                        let name = match &tree.node(*key).kind {
                            Kind::Scalar(text, style) => self.string(*key, text, *style),
                            Kind::Sequence(_) | Kind::Mapping(_) => null(span),
                        };
                        (name, self.expr(*value, depth + 1))
                    })
                    .collect(),
            ),
        };
        Expr { kind, span }
    }

    /// Reads a string: a template, unless strings are text here.
    fn string(&mut self, id: Id, text: &str, style: ScalarStyle) -> Expr {
        let span = self.tree.span(id);
        if self.literal || !(text.contains("${") || text.contains("%{")) {
            return Expr {
                kind: ExprKind::Literal(Value::String(self.names.get(text))),
                span,
            };
        }
        let place = find(self.text, self.source, span, text, style);
        match hcl::template(text, &place, self.names) {
            Ok(expr) => Expr { span, ..expr },
            Err(errors) => {
                self.errors.extend(errors);
                null(span)
            }
        }
    }
}

/// Whether a plain scalar of YAML is something other than a string.
pub(super) fn is_no_text(text: &str) -> bool {
    plain(text, Dialect::Yaml).is_some()
}

/// Returns the value of a plain scalar, or `None` when it is a string.
fn plain(text: &str, dialect: Dialect) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            let number = Number::parse(text)?;
            if dialect == Dialect::Yaml && number.to_string() != text {
                return None;
            }
            Value::Number(number)
        }
        _ => return None,
    })
}

/// The kind and the labels of blocks, as far as they have been read.
struct Labels {
    kind: Name,
    labels: Vec<Name>,
    /// Where the item of a list is that the block is: there are others of these labels.
    item: Option<Span>,
}

impl Labels {
    fn block(&self, body: Body) -> Block {
        Block {
            kind: self.kind.clone(),
            labels: self.labels.clone(),
            body,
            span: self
                .item
                .or_else(|| self.labels.last().map(|label| label.span))
                .unwrap_or(self.kind.span),
        }
    }
}

fn null(span: Span) -> Expr {
    Expr {
        kind: ExprKind::Literal(Value::Null),
        span,
    }
}

/// Makes the name of an iterator, which JSON syntax writes as a string, what HCL has there.
fn unquote_iterator(body: &mut Body) {
    for attribute in &mut body.attributes {
        if &*attribute.name.text == "iterator"
            && let ExprKind::Literal(Value::String(name)) = &attribute.value.kind
        {
            attribute.value.kind = ExprKind::Variable(name.clone());
        }
    }
}

/// Finds where a scalar's decoded text stands in the source, as exactly as can be told.
fn find(source_text: &str, source: SourceId, span: Span, text: &str, style: ScalarStyle) -> Place {
    let start = span.start as usize;
    let raw = source_text.get(start..span.end as usize).unwrap_or("");
    let quotes = usize::from(matches!(
        style,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted
    ));
    if raw.get(quotes..raw.len().saturating_sub(quotes)) == Some(text) {
        return Place::At(source, narrow(start + quotes));
    }
    let pieces = match style {
        ScalarStyle::Literal => lines(raw, start, text),
        ScalarStyle::DoubleQuoted => escapes(raw, start, text),
        ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::Folded => None,
    };
    pieces.map_or(Place::Whole(span), |pieces| Place::Pieces(source, pieces))
}

/// Maps the lines of a literal block scalar: each ends as its line in the source does. The scalar's
/// range starts at its first character, after the first line's indentation.
fn lines(raw: &str, start: usize, text: &str) -> Option<Vec<(u32, u32)>> {
    let mut pieces = Vec::new();
    let mut lines = raw.split_inclusive('\n');
    let mut at = start;
    let mut done = 0;
    for line in text.split_inclusive('\n') {
        let Some(from) = lines.next() else { break };
        let content = line.trim_end_matches('\n');
        let source = from.trim_end_matches(['\n', '\r']);
        let indent = source.strip_suffix(content)?.len();
        pieces.push((narrow(done), narrow(at + indent)));
        at += from.len();
        done += line.len();
    }
    (!pieces.is_empty()).then_some(pieces)
}

/// Maps a double-quoted scalar on one line: between escapes, text and source run in step.
fn escapes(raw: &str, start: usize, text: &str) -> Option<Vec<(u32, u32)>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\n') {
        return None;
    }
    let mut pieces = vec![(0, narrow(start + 1))];
    let (mut from, mut to) = (0, 0);
    while from < inner.len() {
        let step = inner[from..].find('\\').unwrap_or(inner.len() - from);
        from += step;
        to += step;
        let Some(escape) = inner[from..].chars().nth(1) else {
            break;
        };
        let hex = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let high = hex == 4
            && inner
                .get(from + 2..from + 4)
                .is_some_and(|hex| matches!(&*hex.to_ascii_lowercase(), "d8" | "d9" | "da" | "db"));
        from += if high {
            12
        } else {
            1 + escape.len_utf8() + hex
        };
        to += text.get(to..)?.chars().next()?.len_utf8();
        pieces.push((narrow(to), narrow(start + 1 + from)));
    }
    (to == text.len()).then_some(pieces)
}
