//! Draws diffs: symbols, alignment, what is hidden, texts line by line, JSON as what it holds.
//!
//! Layout and words are Terraform's, to the byte wherever there is such an output.

use crate::model::Value;

use super::{
    diff::{self, Act, Body, Diff, Noun, Shape, TextLine},
    line::{Lines, Mark, Role},
    value,
};

/// How diffs are drawn.
#[derive(Clone, Copy)]
pub(super) struct Drawing {
    /// Whether lines have room for symbols.
    pub symbols: bool,
    /// Whether unchanged parts are drawn too.
    pub all: bool,
    /// Whether deleted values end in `-> null`.
    pub nulls: bool,
}

impl Drawing {
    /// In plans: changes with their symbols.
    pub const PLAN: Self = Self {
        symbols: true,
        all: false,
        nulls: true,
    };
    /// In states: everything, as it is.
    pub const STATE: Self = Self {
        symbols: false,
        all: true,
        nulls: false,
    };

    fn mark(self, act: Act) -> Mark {
        match act {
            _ if !self.symbols => Mark::None,
            Act::Keep => Mark::Blank,
            Act::Create => Mark::Create,
            Act::Update => Mark::Update,
            Act::Delete => Mark::Delete,
        }
    }

    fn blank(self) -> Mark {
        self.mark(Act::Keep)
    }

    fn without_nulls(self) -> Self {
        Self {
            nulls: false,
            ..self
        }
    }
}

const FORCES: &str = " # forces replacement";

/// Draws diffs into lines.
pub(super) struct Pen<'l> {
    pub lines: &'l mut Lines,
}

impl Pen<'_> {
    /// Draws a value at the end of the last line, and the lines below that it needs.
    pub fn diff(&mut self, diff: &Diff<'_>, depth: usize, how: Drawing) {
        match &diff.shape {
            Shape::Plain(before, after) => {
                self.simple(diff, before, after, how);
            }
            Shape::Text(before, after) => self.text(diff, *before, *after, depth, how),
            Shape::Sensitive { .. } => {
                self.lines.plain("(sensitive value)");
                self.ending(diff, how);
                self.forces(diff.replaces);
            }
            Shape::Unknown(before) => {
                if let Some(before) = before {
                    self.diff(before, depth, how.without_nulls());
                    self.arrow();
                }
                self.lines.plain("(known after apply)");
                self.forces(diff.replaces);
            }
            Shape::Listed(items, context) => self.list(diff, items, *context, depth, how),
            Shape::Keyed(entries, noun) => self.keyed(diff, entries, *noun, depth, how),
            Shape::Turned(before, after) => {
                self.diff(before, depth, how.without_nulls());
                self.arrow();
                self.diff(after, depth, how.without_nulls());
                self.forces(diff.replaces);
            }
            Shape::Body(body) => self.body(diff, body, depth, how),
        }
    }

    fn arrow(&mut self) {
        self.lines.plain(" ").add(Role::Yellow, "->").plain(" ");
    }

    fn forces(&mut self, replaces: bool) {
        if replaces {
            self.lines.add(Role::Red, FORCES);
        }
    }

    /// Says of a deleted value that it becomes null.
    fn ending(&mut self, diff: &Diff<'_>, how: Drawing) {
        if diff.act == Act::Delete && how.nulls {
            self.lines.add(Role::Dim, " -> null");
        }
    }

    fn simple(&mut self, diff: &Diff<'_>, before: &str, after: &str, how: Drawing) {
        match diff.act {
            Act::Create | Act::Keep => {
                self.lines.plain(after);
            }
            Act::Delete => {
                self.lines.plain(before);
                self.ending(diff, how);
            }
            Act::Update => {
                self.lines.plain(before);
                self.arrow();
                self.lines.plain(after);
            }
        }
        self.forces(diff.replaces);
    }

    fn text(
        &mut self,
        diff: &Diff<'_>,
        before: Option<&str>,
        after: Option<&str>,
        depth: usize,
        how: Drawing,
    ) {
        let sides = [before, after].map(|side| side.map(parse_json));
        let holds = |test: fn(&Option<Value>) -> bool| sides.iter().flatten().all(test);
        if holds(Option::is_some) {
            let [before, after] = sides.map(Option::flatten);
            self.json(diff, before.as_ref(), after.as_ref(), depth, how);
        } else if holds(Option::is_none) {
            self.string(diff, before, after, depth, how);
        } else {
            let side = |act, before, after| Diff {
                act,
                replaces: false,
                shape: Shape::Text(before, after),
            };
            let how = how.without_nulls();
            self.diff(&side(Act::Delete, before, None), depth, how);
            self.arrow();
            self.diff(&side(Act::Create, None, after), depth, how);
            self.forces(diff.replaces);
        }
    }

    fn string(
        &mut self,
        diff: &Diff<'_>,
        before: Option<&str>,
        after: Option<&str>,
        depth: usize,
        how: Drawing,
    ) {
        let many = |text: Option<&str>| text.is_some_and(|text| text.contains('\n'));
        let (old, new) = (
            before.or(after).unwrap_or(""),
            after.or(before).unwrap_or(""),
        );
        if !many(before) && !many(after) {
            return self.simple(diff, &value::quoted(old), &value::quoted(new), how);
        }
        self.lines.plain("<<-EOT");
        self.forces(diff.replaces);
        let lines = match diff.act {
            Act::Update => diff::lines(old.trim(), new.trim()),
            Act::Create | Act::Keep | Act::Delete => diff::whole(old.trim()),
        };
        for line in lines {
            match line {
                TextLine::Same(act, text) => {
                    let text = value::harmless(text);
                    self.lines.start(depth + 1, how.mark(act)).plain(&text);
                }
                TextLine::Hidden(count) => self.hidden("line", count, depth + 1, how),
            }
        }
        self.lines.start(depth, how.blank()).plain("EOT");
        self.ending(diff, how);
    }

    /// Draws strings that hold JSON as what they hold.
    fn json(
        &mut self,
        diff: &Diff<'_>,
        before: Option<&Value>,
        after: Option<&Value>,
        depth: usize,
        how: Drawing,
    ) {
        let inner = diff::single(before, after);
        let only_spaces = inner.act == Act::Keep && diff.act == Act::Update;
        let mut inside = how.without_nulls();
        inside.all |= only_spaces;
        self.lines.plain("jsonencode(");
        let note = match (only_spaces, diff.replaces) {
            (true, true) => " # whitespace changes force replacement",
            (true, false) => " # whitespace changes",
            (false, _) => "",
        };
        self.lines.plain(note);
        let act = if inner.act == Act::Update {
            Act::Update
        } else {
            Act::Keep
        };
        self.lines.start(depth + 1, how.mark(act));
        self.diff(&inner, depth + 1, inside);
        self.forces(diff.replaces && !only_spaces);
        self.lines.start(depth, how.blank()).plain(")");
        self.ending(diff, how);
    }

    fn list(
        &mut self,
        diff: &Diff<'_>,
        items: &[Diff<'_>],
        context: bool,
        depth: usize,
        how: Drawing,
    ) {
        if items.is_empty() {
            self.lines.plain("[]");
            self.ending(diff, how);
            return self.forces(diff.replaces);
        }
        self.lines.plain("[");
        self.forces(diff.replaces);
        let mut skipped: Vec<&Diff<'_>> = Vec::new();
        let mut after_change = false;
        for item in items {
            let keeps = item.act == Act::Keep;
            if keeps && !after_change && !how.all {
                skipped.push(item);
                continue;
            }
            if context {
                self.skipped(&skipped, depth + 1, how);
                skipped.clear();
            }
            let inside = Drawing {
                all: how.all || keeps,
                ..how
            };
            self.item(item, depth + 1, inside);
            after_change = context && !keeps;
        }
        if !skipped.is_empty() {
            self.hidden("element", skipped.len(), depth + 1, how);
        }
        self.lines.start(depth, how.blank()).plain("]");
        self.ending(diff, how);
    }

    /// Draws the last of the elements before a change, and how many are not drawn.
    fn skipped(&mut self, skipped: &[&Diff<'_>], depth: usize, how: Drawing) {
        let Some((last, rest)) = skipped.split_last() else {
            return;
        };
        if !rest.is_empty() {
            self.hidden("element", rest.len(), depth, how);
        }
        self.item(last, depth, Drawing { all: true, ..how });
    }

    fn item(&mut self, item: &Diff<'_>, depth: usize, how: Drawing) {
        self.warning(item, depth, how);
        self.lines.start(depth, how.mark(item.act));
        self.diff(item, depth, how.without_nulls());
        self.lines.plain(",");
    }

    fn keyed(
        &mut self,
        diff: &Diff<'_>,
        entries: &[(std::borrow::Cow<'_, str>, Diff<'_>)],
        noun: Noun,
        depth: usize,
        how: Drawing,
    ) {
        if entries.is_empty() {
            self.lines.plain("{}");
            self.ending(diff, how);
            return self.forces(diff.replaces);
        }
        self.lines.plain("{");
        self.forces(diff.replaces);
        let names = entries.iter().map(|(name, _)| &**name);
        let width = names.map(length).max().unwrap_or(0);
        let mut unchanged = 0;
        for (name, entry) in entries {
            if entry.act == Act::Keep && !how.all {
                unchanged += 1;
                continue;
            }
            self.entry(name, width, entry, depth + 1, how.without_nulls());
        }
        let noun = match noun {
            Noun::Attribute => "attribute",
            Noun::Element => "element",
        };
        self.hidden(noun, unchanged, depth + 1, how);
        self.lines.start(depth, how.blank()).plain("}");
        self.ending(diff, how);
    }

    /// Draws `name = …` on a line of its own.
    pub fn entry(&mut self, name: &str, width: usize, diff: &Diff<'_>, depth: usize, how: Drawing) {
        self.warning(diff, depth, how);
        let padding = " ".repeat(width.saturating_sub(length(name)));
        let line = self.lines.start(depth, how.mark(diff.act));
        line.plain(name).plain(&padding).plain(" = ");
        self.diff(diff, depth, how);
    }

    fn body(&mut self, diff: &Diff<'_>, body: &Body<'_>, depth: usize, how: Drawing) {
        if body.attributes.is_empty() && body.blocks.is_empty() {
            self.lines.plain("{}");
            return self.forces(diff.replaces);
        }
        self.lines.plain("{");
        self.forces(diff.replaces);
        let names = body.attributes.iter().map(|(name, _)| *name);
        let width = names.map(|name| length(&value::name(name))).max();
        let mut unchanged = 0;
        for (name, attribute) in &body.attributes {
            let important = ["id", "name", "tags"].contains(name);
            if attribute.act == Act::Keep && !how.all && !important {
                unchanged += 1;
                continue;
            }
            let how = Drawing {
                all: how.all || important,
                ..how
            };
            let width = width.unwrap_or(0);
            self.entry(&value::name(name), width, attribute, depth + 1, how);
        }
        self.hidden("attribute", unchanged, depth + 1, how);
        self.blocks(body, depth + 1, how);
        self.lines.start(depth, how.blank()).plain("}");
    }

    fn blocks(&mut self, body: &Body<'_>, depth: usize, how: Drawing) {
        let mut unchanged = 0;
        for (name, blocks) in &body.blocks {
            let shown = |block: &&Diff<'_>| block.act != Act::Keep || how.all;
            let mut first = !body.attributes.is_empty();
            for block in blocks.iter().filter(shown) {
                if std::mem::take(&mut first) {
                    self.lines.line("");
                }
                self.lines.start(depth, how.mark(block.act));
                self.lines.plain(&value::name(name)).plain(" ");
                self.diff(block, depth, how);
            }
            unchanged += blocks.iter().filter(|block| !shown(block)).count();
        }
        if unchanged > 0 {
            self.lines.line("");
        }
        self.hidden("block", unchanged, depth, how);
    }

    fn hidden(&mut self, noun: &str, count: usize, depth: usize, how: Drawing) {
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            let text = format!("# ({count} unchanged {noun}{plural} hidden)");
            self.lines.start(depth, how.blank()).add(Role::Dim, &text);
        }
    }

    /// Warns of a value that begins or ceases to be shown.
    fn warning(&mut self, diff: &Diff<'_>, depth: usize, how: Drawing) {
        let Shape::Sensitive { was, becomes, same } = diff.shape else {
            return;
        };
        if was == becomes || diff.act != Act::Update {
            return;
        }
        let (first, mut second) = if was {
            (
                ": this attribute value will no longer be marked as sensitive",
                "# after applying this change.".to_owned(),
            )
        } else {
            (
                ": this attribute value will be marked as sensitive and will not",
                "# display in UI output after applying this change.".to_owned(),
            )
        };
        if same {
            second.push_str(" The value is unchanged.");
        }
        let line = self.lines.start(depth, how.blank());
        line.plain("# ").add(Role::Yellow, "Warning").plain(first);
        self.lines.start(depth, how.blank()).plain(&second);
    }
}

/// Returns the columns that a name takes.
pub(super) fn length(name: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(name)
}

/// Reads a string that holds a JSON object or array.
fn parse_json(text: &str) -> Option<Value> {
    let trimmed = text.trim_start();
    if !trimmed.starts_with(['{', '[']) {
        return None;
    }
    let json: serde_json::Value = serde_json::from_str(trimmed).ok()?;
    Some(Value::from_json(&json))
}
