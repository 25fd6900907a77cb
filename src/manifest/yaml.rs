//! YAML text to a tree of nodes with byte spans: granit's events, without what YAML adds to JSON.
//!
//! Aliases share the node that they name and merge keys are applied here; duplicate keys, tags and
//! keys that are not scalars are errors. What the scalars mean is decided in `json_syntax`.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError};

use super::place::narrow;
use crate::model::{Diagnostic, SourceId, Span};

/// How many nodes aliases and merge keys may expand to in one file.
pub(super) const MAX_EXPANDED: usize = 1_000_000;

/// How deep block and flow collections may nest, each.
const MAX_NESTING: usize = 128;

/// The index of a node in its [`Tree`].
pub(super) type Id = u32;

/// A node with its range of bytes in the source.
#[derive(Debug)]
pub(super) struct Node<'t> {
    pub(super) kind: Kind<'t>,
    start: u32,
    end: u32,
}

#[derive(Debug)]
pub(super) enum Kind<'t> {
    Scalar(Cow<'t, str>, ScalarStyle),
    Sequence(Vec<Id>),
    /// Keys are scalars; no two are equal.
    Mapping(Vec<(Id, Id)>),
}

/// The nodes of a file.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    source: SourceId,
    nodes: Vec<Node<'t>>,
    /// The root of each document.
    pub(super) roots: Vec<Id>,
}

impl<'t> Tree<'t> {
    /// Returns a node.
    pub(super) fn node(&self, id: Id) -> &Node<'t> {
        &self.nodes[id as usize]
    }

    /// Returns a node's span.
    pub(super) fn span(&self, id: Id) -> Span {
        let node = self.node(id);
        Span {
            source: self.source,
            start: node.start,
            end: node.end,
        }
    }

    /// Returns the text of a scalar, or nothing for a collection.
    pub(super) fn text(&self, id: Id) -> &str {
        match &self.node(id).kind {
            Kind::Scalar(text, _) => text,
            Kind::Sequence(_) | Kind::Mapping(_) => "",
        }
    }
}

/// Parses a file; `dialect` is what errors call its language.
pub(super) fn parse<'t>(
    text: &'t str,
    source: SourceId,
    dialect: &str,
) -> Result<Tree<'t>, Diagnostic> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_NESTING,
        block_nesting_limit: MAX_NESTING,
        simple_key_max_lookahead: 64 * 1024,
    };
    let mut builder = Builder {
        text,
        tree: Tree {
            source,
            nodes: Vec::new(),
            roots: Vec::new(),
        },
        open: Vec::new(),
        anchors: HashMap::new(),
        merged: 0,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| describe(&error, text, source, dialect))?;
        let range = span.byte_range().unwrap_or(0..0);
        if event.tag().is_some() {
            let range = span
                .tag_span()
                .and_then(|tag| tag.byte_range())
                .unwrap_or(range);
            return Err(builder.tag(range));
        }
        builder.event(event, range)?;
    }
    Ok(builder.tree)
}

/// Returns where the comments of a text are, as far as it can be read.
pub(super) fn comments(text: &str) -> Vec<Range<usize>> {
    let options = granit_parser::options! { emit_comments: true };
    Parser::new_from_str_with_options(text, options)
        .map_while(Result::ok)
        .filter(|(event, _)| matches!(event, Event::Comment(..)))
        .filter_map(|(_, span)| span.byte_range())
        .collect()
}

/// Returns the texts of the scalars by where they start, as far as the text can be read.
pub(super) fn scalars(text: &str) -> HashMap<u32, String> {
    let spaced = text.replace('\t', " ");
    let read = |text| parse(text, SourceId::NOWHERE, "YAML");
    let Ok(tree) = read(text).or_else(|_| read(&spaced)) else {
        return HashMap::new();
    };
    let scalars = tree.nodes.into_iter().filter_map(|node| match node.kind {
        Kind::Scalar(text, _) if node.end > node.start => Some((node.start, text.into_owned())),
        _ => None,
    });
    scalars.collect()
}

/// Returns what stands under the keys `//`, which JSON has for comments, and where the keys are.
pub(super) fn told(text: &str) -> Vec<(u32, String)> {
    let spaced = text.replace('\t', " ");
    let Ok(tree) = parse(&spaced, SourceId::NOWHERE, "JSON") else {
        return Vec::new();
    };
    let mappings = tree.nodes.iter().filter_map(|node| match &node.kind {
        Kind::Mapping(entries) => Some(entries),
        _ => None,
    });
    let mut told: Vec<_> = mappings
        .flatten()
        .filter(|(key, _)| tree.text(*key) == "//")
        .map(|(key, value)| (tree.node(*key).start, tree.text(*value).to_owned()))
        .collect();
    told.sort_unstable();
    told
}

/// A collection whose end has not been seen.
struct Open {
    id: Id,
    items: Vec<Id>,
}

/// A tree while events arrive.
struct Builder<'t> {
    text: &'t str,
    tree: Tree<'t>,
    open: Vec<Open>,
    anchors: HashMap<usize, Id>,
    /// How many entries merge keys have added.
    merged: usize,
}

impl<'t> Builder<'t> {
    fn event(&mut self, event: Event<'t>, range: Range<usize>) -> Result<(), Diagnostic> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let end = match style {
                    // A block scalar's range runs on to the next token.
                    ScalarStyle::Literal | ScalarStyle::Folded => {
                        range.start + self.text[range.clone()].trim_end().len()
                    }
                    _ => range.end,
                };
                let id = self.node(Kind::Scalar(text, style), range.start..end, anchor);
                self.place(id);
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(Kind::Sequence(Vec::new()), range, anchor);
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(Kind::Mapping(Vec::new()), range, anchor);
            }
            Event::SequenceEnd => {
                if let Some(open) = self.close(&range) {
                    self.tree.nodes[open.id as usize].kind = Kind::Sequence(open.items);
                    self.place(open.id);
                }
            }
            Event::MappingEnd => {
                if let Some(open) = self.close(&range) {
                    let entries = self.entries(&open.items)?;
                    self.tree.nodes[open.id as usize].kind = Kind::Mapping(entries);
                    self.place(open.id);
                }
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                let inside = self.open.iter().any(|open| Some(open.id) == target);
                match target.filter(|_| !inside) {
                    Some(id) => self.place(id),
                    None => {
                        let detail = "An alias cannot stand inside of what it names.";
                        return Err(self
                            .error(range, "Alias refers to itself", detail)
                            .hint("Write the value out, or name another anchor."));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn error(&self, range: Range<usize>, summary: &str, detail: impl Into<String>) -> Diagnostic {
        Diagnostic::error(summary, detail).at(Span {
            source: self.tree.source,
            start: narrow(range.start),
            end: narrow(range.end),
        })
    }

    fn tag(&self, range: Range<usize>) -> Diagnostic {
        let name = self.text.get(range.clone()).unwrap_or("!").to_owned();
        let detail = format!("The tag {name} has no meaning in a manifest.");
        self.error(range, "Unsupported YAML tag", detail)
            .hint("Remove it; text that starts with ! is written in quotes.")
    }

    fn node(&mut self, kind: Kind<'t>, range: Range<usize>, anchor: usize) -> Id {
        let id = narrow(self.tree.nodes.len());
        self.tree.nodes.push(Node {
            kind,
            start: narrow(range.start),
            end: narrow(range.end),
        });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        id
    }

    fn open(&mut self, kind: Kind<'t>, range: Range<usize>, anchor: usize) {
        let id = self.node(kind, range, anchor);
        self.open.push(Open {
            id,
            items: Vec::new(),
        });
    }

    fn close(&mut self, range: &Range<usize>) -> Option<Open> {
        let open = self.open.pop()?;
        let start = self.tree.nodes[open.id as usize].start;
        // A block collection ends where the next token starts; its last child's end is better.
        let end = if range.is_empty() {
            open.items
                .iter()
                .rev()
                .map(|id| self.tree.node(*id).end)
                .find(|end| *end >= start)
                .unwrap_or(start)
        } else {
            narrow(range.end)
        };
        self.tree.nodes[open.id as usize].end = end;
        Some(open)
    }

    fn place(&mut self, id: Id) {
        match self.open.last_mut() {
            Some(open) => open.items.push(id),
            None => self.tree.roots.push(id),
        }
    }

    /// Checks a mapping's keys and applies its merge keys.
    fn entries(&mut self, items: &[Id]) -> Result<Vec<(Id, Id)>, Diagnostic> {
        let mut entries = Vec::with_capacity(items.len() / 2);
        let mut merges = Vec::new();
        for pair in items.chunks_exact(2) {
            let (key, value) = (pair[0], pair[1]);
            match &self.tree.node(key).kind {
                Kind::Scalar(text, ScalarStyle::Plain) if text == "<<" => merges.push(value),
                Kind::Scalar(..) => entries.push((key, value)),
                Kind::Sequence(_) | Kind::Mapping(_) => return Err(self.complex_key(key)),
            }
        }
        if let Some((first, second)) = self.duplicate(&entries) {
            let detail = format!(
                "The key \"{}\" is already in this mapping; each key can be set once.",
                self.tree.text(second)
            );
            return Err(Diagnostic::error("Duplicate key", detail)
                .at(self.tree.span(second))
                .label(self.tree.span(first), "first set here")
                .hint("Remove one of the two."));
        }
        if !merges.is_empty() {
            self.merge(&mut entries, &merges)?;
        }
        Ok(entries)
    }

    fn complex_key(&self, key: Id) -> Diagnostic {
        let span = self.tree.span(key);
        let diagnostic = Diagnostic::error(
            "Invalid mapping key",
            "A key must be plain text, not a mapping or a list.",
        )
        .at(span);
        let start = span.start as usize;
        if self.text[..start].ends_with(['$', '{']) {
            return diagnostic.hint(QUOTE);
        }
        diagnostic.hint("Write the key as plain text, or quote it.")
    }

    fn duplicate(&self, entries: &[(Id, Id)]) -> Option<(Id, Id)> {
        const FEW: usize = 8;
        let text = |id: Id| self.tree.text(id);
        if entries.len() <= FEW {
            return entries.iter().enumerate().find_map(|(at, (key, _))| {
                let same = entries[..at].iter().find(|(k, _)| text(*k) == text(*key))?;
                Some((same.0, *key))
            });
        }
        let mut seen: HashMap<&str, Id, foldhash::fast::RandomState> = HashMap::default();
        entries
            .iter()
            .find_map(|(key, _)| seen.insert(text(*key), *key).map(|first| (first, *key)))
    }

    /// Adds the entries of merged mappings whose keys are not there yet; earlier ones win.
    fn merge(&mut self, entries: &mut Vec<(Id, Id)>, merges: &[Id]) -> Result<(), Diagnostic> {
        let mut sources = Vec::new();
        for id in merges {
            match &self.tree.node(*id).kind {
                Kind::Sequence(items) => sources.extend(items.iter().copied()),
                Kind::Mapping(_) | Kind::Scalar(..) => sources.push(*id),
            }
        }
        let tree = &self.tree;
        let mut seen: HashSet<&str> = entries.iter().map(|(key, _)| tree.text(*key)).collect();
        for id in sources {
            let Kind::Mapping(merged) = &tree.node(id).kind else {
                return Err(Diagnostic::error(
                    "Invalid merge key",
                    "The merge key << takes a mapping or a list of mappings.",
                )
                .at(tree.span(id))
                .hint("Write <<: *NAME, where &NAME marks a mapping."));
            };
            self.merged += merged.len();
            if self.merged > MAX_EXPANDED {
                return Err(too_many_aliases().at(tree.span(id)));
            }
            let added = merged
                .iter()
                .filter(|(key, _)| seen.insert(tree.text(*key)));
            entries.extend(added);
        }
        Ok(())
    }
}

/// The error for aliases that expand to too much.
pub(super) fn too_many_aliases() -> Diagnostic {
    let detail = format!("The aliases in this file expand to more than {MAX_EXPANDED} nodes.");
    Diagnostic::error("Too many aliases", detail)
        .hint("Let each alias stand for less, or write the values out; locals do not multiply.")
}

const QUOTE: &str = "Quote templates: \"${…}\".";

/// Rephrases an error of the scanner or parser.
fn describe(error: &ScanError, text: &str, source: SourceId, dialect: &str) -> Diagnostic {
    let mut at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    // The scanner tells of a tab once it is past it.
    if error.to_string().contains("tab") && text[..at].ends_with('\t') {
        at -= 1;
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
    let (detail, hint) = meaning(error.kind());
    let detail = detail.map_or_else(|| sentence(&error.kind().to_string()), str::to_owned);
    let diagnostic = Diagnostic::error(format!("Invalid {dialect}"), detail).at(span);
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let unquoted = text[line..end]
        .match_indices("${")
        .any(|(at, _)| !text[line..line + at].contains(['"', '\'']));
    match hint {
        _ if unquoted => diagnostic.hint(QUOTE),
        "" => diagnostic,
        hint => diagnostic.hint(hint),
    }
}

/// Returns what an error means and what to do; the parser's own words are good enough for the others.
fn meaning(kind: &ErrorKind) -> (Option<&'static str>, &'static str) {
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => (
            Some("A tab stands where YAML allows only spaces."),
            "Indent with spaces.",
        ),
        ErrorKind::RecursionLimitExceeded => (
            Some("Mappings and lists can be at most 128 levels deep."),
            "Give parts of it names with local values.",
        ),
        ErrorKind::UnknownAnchor => (
            Some("No anchor of this name has been defined above."),
            "Define it with &NAME before using *NAME; text that starts with * is written in quotes.",
        ),
        ErrorKind::MappingValueNotAllowed => (
            Some("A \": \" stands where no key can be."),
            "Quote text that holds \": \", and check the indentation.",
        ),
        ErrorKind::UnclosedQuotedScalar => (
            Some("A quoted string is not closed."),
            "Add the missing quote; within it, \\\" or '' stands for one.",
        ),
        ErrorKind::UnclosedFlowCollection { .. } => (
            Some("A bracket that is opened here is not closed."),
            "Add the missing ] or }.",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            Some("A backslash starts an escape sequence that does not exist."),
            "Write \\\\ for a backslash, or use single quotes.",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            Some("Expected \": \" after a key."),
            "Write KEY: VALUE, with a space after the colon.",
        ),
        ErrorKind::ExpectedFlowMappingSeparator => (
            Some("Expected a comma or } here."),
            "Separate the entries with commas, and close the braces.",
        ),
        ErrorKind::ExpectedFlowSequenceSeparator => (
            Some("Expected a comma or ] here."),
            "Separate the elements with commas, and close the bracket.",
        ),
        ErrorKind::ExpectedBlockMappingKey => (
            Some("Expected a key here."),
            "Check the indentation: the keys of a mapping start in the same column.",
        ),
        ErrorKind::UnexpectedCharacter {
            character: '%' | '@' | '`',
        } => (
            Some("Plain text cannot start with this character."),
            "Quote text that starts with this character.",
        ),
        _ => (None, "Check indentation and quotes around here."),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return "This is not YAML.".to_owned();
    };
    format!("{}{}.", first.to_uppercase(), letters.as_str())
}
