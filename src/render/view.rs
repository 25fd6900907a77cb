//! What a plan looks like: order, headers, symbols, what is hidden and why, as styled lines.
//!
//! Every decision about the presentation is made here; `terminal` only turns roles into colours.
//! Wording and layout follow Terraform's, since people and scripts read them.

use std::fmt::Write as _;

use crate::model::{
    Object, Value,
    address::{Address, Key, Mode as Kind},
    plan::{Action, Change, Counts, Effect, Mode, OutputChange, Plan, Reason},
    state::{Output, Status, Stored},
};

use super::{
    diff::{self, Act, Body, Diff, Manner, Noun, Shape, TextLine},
    value,
};

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Bold,
    Green,
    Red,
    Yellow,
    Cyan,
    Dim,
    BoldRed,
    BoldGreen,
    BoldCyan,
    BoldYellow,
}

/// The symbol in front of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// No room for a symbol.
    None,
    Blank,
    Create,
    Update,
    Delete,
    Action(Action),
}

/// One line: so many steps of four columns in, a symbol, and text of changing roles.
#[derive(Debug)]
pub(super) struct Line {
    pub depth: usize,
    pub mark: Mark,
    pub text: String,
    /// Where in the text each role ends.
    pub roles: Vec<(usize, Role)>,
}

/// Lines under construction; text goes to the last.
#[derive(Debug, Default)]
pub(super) struct Lines(pub Vec<Line>);

impl Lines {
    /// Begins a line.
    pub fn start(&mut self, depth: usize, mark: Mark) -> &mut Self {
        self.0.push(Line {
            depth,
            mark,
            text: String::new(),
            roles: Vec::new(),
        });
        self
    }

    /// Adds text to the last line.
    pub fn add(&mut self, role: Role, text: &str) -> &mut Self {
        if self.0.is_empty() {
            self.start(0, Mark::None);
        }
        if let Some(line) = self.0.last_mut()
            && !text.is_empty()
        {
            line.text.push_str(text);
            let end = line.text.len();
            match line.roles.last_mut() {
                Some((last, same)) if *same == role => *last = end,
                _ => line.roles.push((end, role)),
            }
        }
        self
    }

    /// Adds plain text to the last line.
    pub fn plain(&mut self, text: &str) -> &mut Self {
        self.add(Role::Plain, text)
    }

    /// Adds a line of plain text, or an empty one.
    pub fn line(&mut self, text: &str) -> &mut Self {
        self.start(0, Mark::None).plain(text)
    }

    /// Adds text wrapped at `columns`.
    pub fn paragraph(&mut self, text: &str, columns: usize) {
        for line in wrap(text, columns) {
            self.line(&line);
        }
    }
}

/// Wraps text between words; lines that begin with a space are left as they are.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut out = Vec::new();
    for paragraph in text.split('\n') {
        if paragraph.starts_with([' ', '\t']) || paragraph.is_empty() {
            out.push(value::harmless(paragraph).into_owned());
            continue;
        }
        let (mut line, mut width) = (String::new(), 0);
        for word in paragraph.split(' ') {
            let word = value::harmless(word);
            let length = unicode_width::UnicodeWidthStr::width(&*word);
            if !line.is_empty() && width + 1 + length > columns {
                out.push(std::mem::take(&mut line));
                width = 0;
            } else if !line.is_empty() {
                line.push(' ');
                width += 1;
            }
            line.push_str(&word);
            width += length;
        }
        out.push(line);
    }
    out
}

/// How diffs are drawn.
#[derive(Clone, Copy)]
struct Drawing {
    /// Whether lines have room for symbols.
    symbols: bool,
    /// Whether unchanged parts are drawn too.
    all: bool,
    /// Whether deleted values end in `-> null`.
    nulls: bool,
}

impl Drawing {
    const PLAN: Self = Self {
        symbols: true,
        all: false,
        nulls: true,
    };
    const STATE: Self = Self {
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
struct Pen<'l> {
    lines: &'l mut Lines,
}

impl Pen<'_> {
    fn diff(&mut self, diff: &Diff<'_>, depth: usize, how: Drawing) {
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

    fn entry(&mut self, name: &str, width: usize, diff: &Diff<'_>, depth: usize, how: Drawing) {
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
fn length(name: &str) -> usize {
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

/// Why a change is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Proposed,
    /// It has happened, outside of prov.
    Drift,
}

/// Returns the lines of one change: its comments and its block.
pub(super) fn change(change: &Change, cause: Cause, lines: &mut Lines) {
    header(change, cause, lines);
    let name = &change.address.resource;
    let word = match name.mode {
        Kind::Managed => "resource",
        Kind::Data => "data",
    };
    let title = format!("{word} \"{}\" \"{}\" ", name.kind, name.name);
    lines.start(0, Mark::Action(change.action)).plain(&title);
    let paths: Vec<&str> = change.replace_paths.iter().map(String::as_str).collect();
    let (before, mut after) = (change.before.as_deref(), change.after.as_deref());
    if change.action == Action::Forget {
        after = before;
    }
    let diff = diff::body(before, after, &paths, manner(&change.address));
    let how = Drawing {
        // What is only imported is shown whole: one has not seen it yet.
        all: change.action == Action::NoOp,
        ..Drawing::PLAN
    };
    Pen { lines }.diff(&diff, 0, how);
}

fn manner(address: &Address) -> Manner {
    match address.resource.mode {
        _ if is_loose(address) => Manner::Loose,
        Kind::Managed => Manner::Blocks,
        Kind::Data => Manner::Attributes,
    }
}

/// Whether the type's attributes take values of any type.
pub(super) fn is_loose(address: &Address) -> bool {
    &*address.resource.kind == "terraform_data"
}

fn header(change: &Change, cause: Cause, lines: &mut Lines) {
    let mut shown = change.address.to_string();
    if let Some(key) = &change.deposed {
        let _ = write!(shown, " (deposed object {key})");
    }
    let shown = value::harmless(&shown);
    let sign = if change.action == Action::Forget {
        " # "
    } else {
        "  # "
    };
    lines.line("").add(Role::Bold, sign).add(Role::Bold, &shown);
    match (change.action, cause) {
        (Action::Create, _) => lines.plain(" will be created"),
        (Action::Read, _) => lines.plain(" will be read during apply"),
        (Action::Update, Cause::Proposed) => lines.plain(" will be updated in-place"),
        (Action::Update, Cause::Drift) => lines.plain(" has changed"),
        (Action::DeleteCreate | Action::CreateDelete, _) => replacement(change.reason, lines),
        (Action::Delete, Cause::Proposed) => {
            lines.plain(" will be ").add(Role::BoldRed, "destroyed")
        }
        (Action::Delete, Cause::Drift) => lines.plain(" has been deleted"),
        (Action::Forget, _) => {
            lines.plain(" will no longer be managed by prov, but will not be destroyed")
        }
        (Action::NoOp, _) if change.importing.is_some() => lines.plain(" will be imported"),
        (Action::NoOp, _) => lines.plain(" stays as it is"),
    };
    notes(change, cause, lines);
}

fn replacement(reason: Option<Reason>, lines: &mut Lines) -> &mut Lines {
    let (before, after) = match reason {
        Some(Reason::ReplaceBecauseTainted) => (" is tainted, so must be ", ""),
        Some(Reason::ReplaceByRequest) => (" will be ", ", as requested"),
        Some(Reason::ReplaceByTriggers) => (" will be ", " due to changes in replace_triggered_by"),
        _ => (" must be ", ""),
    };
    lines
        .plain(before)
        .add(Role::BoldRed, "replaced")
        .plain(after)
}

/// Adds the comments below the header.
fn notes(change: &Change, cause: Cause, lines: &mut Lines) {
    if let (Some(text), Cause::Proposed) = (reason(change), cause) {
        lines
            .line("  # (")
            .plain(&value::harmless(&text))
            .plain(")");
    }
    if change.deposed.is_some() && change.action == Action::Delete {
        lines.line("  # (left over from a partially-failed replacement of this instance)");
    }
    if change.action == Action::Forget {
        lines.line(" # (destroy = false is set in the configuration)");
    }
    if change.importing.is_some() && change.action != Action::NoOp {
        let id = change.importing.as_deref().unwrap_or("");
        lines
            .line("  # (imported from ")
            .plain(&value::quoted(id))
            .plain(")");
    }
    if change.importing.is_some() && change.action.replaces() {
        let warning = "Warning: this will destroy the imported resource";
        lines.line("  # ").add(Role::Yellow, warning);
    }
    for effect in &change.effects {
        lines.line("  # ").add(Role::Yellow, self::effect(*effect));
    }
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Restarts => "(restarts the instance)",
        Effect::WipesSystemDisk => "(replaces the system disk: what is on it is lost)",
        Effect::ChangesBilling => "(changes what is billed)",
        Effect::NoEffect => "(changes nothing in the cloud: the value is used at creation only)",
    }
}

fn reason(change: &Change) -> Option<String> {
    let key = &change.address.key;
    Some(match change.reason? {
        Reason::DeleteBecauseNoResourceConfig if change.action == Action::Forget => return None,
        Reason::DeleteBecauseNoResourceConfig => {
            format!(
                "because {} is not in configuration",
                change.address.resource
            )
        }
        Reason::DeleteBecauseWrongRepetition => match key {
            Key::None => "because resource uses count or for_each".to_owned(),
            Key::Int(_) => "because resource does not use count".to_owned(),
            Key::Text(_) => "because resource does not use for_each".to_owned(),
        },
        Reason::DeleteBecauseCountIndex => format!("because index {key} is out of range for count"),
        Reason::DeleteBecauseEachKey => format!("because key {key} is not in for_each map"),
        Reason::ReadBecauseConfigUnknown => "config refers to values not yet known".to_owned(),
        Reason::ReadBecauseDependencyPending => {
            "depends on a resource or a module with changes pending".to_owned()
        }
        Reason::UpdateBecauseUnsettled => {
            "an interrupted run created it and did not see it ready".to_owned()
        }
        Reason::ReplaceBecauseTainted
        | Reason::ReplaceBecauseCannotUpdate
        | Reason::ReplaceByRequest
        | Reason::ReplaceByTriggers => return None,
    })
}

/// A plan as it is shown.
pub(super) struct PlanView<'a> {
    plan: &'a Plan,
    /// What changed outside of prov, when it is shown.
    pub drift: Vec<&'a Change>,
    /// Data sources first.
    pub changes: Vec<&'a Change>,
    counts: Counts,
    outputs: Vec<(&'a str, Diff<'a>)>,
}

/// From this many changes on, a plan is summarised.
pub(super) const MANY: usize = 1_000;

/// So many of them are then shown.
pub(super) const FIRST: usize = 10;

impl<'a> PlanView<'a> {
    /// Decides what of a plan is shown.
    pub fn new(plan: &'a Plan) -> Self {
        let is_shown = |change: &&Change| match change.action {
            Action::NoOp => change.importing.is_some(),
            // A data source that is gone is forgotten without a word.
            Action::Delete => change.address.resource.mode == Kind::Managed,
            _ => true,
        };
        let mut changes: Vec<&Change> = plan.changes.iter().filter(is_shown).collect();
        changes.sort_by_key(|change| change.address.resource.mode == Kind::Managed);
        let outputs: Vec<_> = plan
            .outputs
            .iter()
            .map(|(name, change)| (name.as_str(), output_diff(change)))
            .collect();
        let idle = changes.is_empty() && outputs.iter().all(|(_, diff)| diff.act == Act::Keep);
        let shows_drift = plan.mode == Mode::RefreshOnly || !idle;
        let drift = plan.drift.iter().filter(|_| shows_drift).collect();
        let counts = plan.counts();
        Self {
            plan,
            drift,
            changes,
            counts,
            outputs,
        }
    }

    /// Returns the lines before the drift, if there is any.
    pub fn drift_opening(&self, columns: usize, lines: &mut Lines) {
        if !self.drift.is_empty() {
            lines.line("");
            lines.line("").add(Role::BoldCyan, "Note:");
            // Atlantis looks for these words.
            lines.add(Role::Bold, " Objects have changed outside of Terraform");
            lines.line("");
            let text = "prov detected the following changes made outside of prov since the last \
                        \"prov apply\" which may have affected this plan:";
            lines.paragraph(text, columns);
        }
    }

    /// Returns the lines after the drift, if there is any.
    pub fn drift_closing(&self, columns: usize, unicode: bool, lines: &mut Lines) {
        if self.drift.is_empty() {
            return;
        }
        let refresh_only = self.plan.mode == Mode::RefreshOnly;
        let text = if refresh_only {
            "This is a refresh-only plan, so prov will not take any actions to undo these. If you \
             were expecting these changes then you can apply this plan to record the updated \
             values in the state without changing any remote objects."
        } else {
            "Unless you have made equivalent changes to your configuration, or ignored the \
             relevant attributes using ignore_changes, the following plan may include actions to \
             undo or respond to these changes."
        };
        lines.line("");
        lines.line("");
        lines.paragraph(text, columns);
        if !refresh_only || !self.nothing() {
            lines.line("");
            lines.line(&rule(columns, unicode));
        }
    }

    fn nothing(&self) -> bool {
        self.changes.is_empty() && self.outputs.iter().all(|(_, diff)| diff.act == Act::Keep)
    }

    /// Returns the lines before the changes: that there is none, or what the symbols mean.
    pub fn opening(&self, columns: usize, lines: &mut Lines) {
        if self.nothing() {
            return self.no_changes(columns, lines);
        }
        let used = |actions: &[Action]| self.changes.iter().any(|it| actions.contains(&it.action));
        let works = self.changes.iter().any(|it| it.action != Action::NoOp);
        if works {
            lines.line("");
            let text = "prov used the selected providers to generate the following execution \
                        plan. Resource actions are indicated with the following symbols:";
            lines.paragraph(text, columns);
            for (action, text) in LEGEND {
                if used(&[*action]) {
                    lines.start(0, Mark::Action(*action)).plain(text);
                }
            }
        }
        if !self.changes.is_empty() {
            lines.line("");
            lines.line("prov will perform the following actions:");
        }
    }

    fn no_changes(&self, columns: usize, lines: &mut Lines) {
        if !self.drift.is_empty() {
            return;
        }
        let (fact, more) = match self.plan.mode {
            Mode::Normal => (
                " Your infrastructure matches the configuration.",
                "prov has compared your real infrastructure against your configuration and found \
                 no differences, so no changes are needed.",
            ),
            Mode::RefreshOnly => (
                " Your infrastructure still matches the configuration.",
                "prov has checked that the real remote objects still match the result of your \
                 most recent changes, and found no differences.",
            ),
            Mode::Destroy => (
                " No objects need to be destroyed.",
                "Either you have not created any objects yet or the existing objects were already \
                 deleted outside of prov.",
            ),
        };
        lines.line("");
        lines
            .line("")
            .add(Role::BoldGreen, "No changes.")
            .add(Role::Bold, fact);
        lines.line("");
        lines.paragraph(more, columns);
    }

    /// Returns the lines that stand for the changes beyond the first `shown`.
    pub fn rest(&self, shown: usize, lines: &mut Lines) {
        let mut groups = std::collections::BTreeMap::<(&str, usize), usize>::new();
        for change in self.changes.iter().skip(shown) {
            let rank = LEGEND
                .iter()
                .position(|(action, _)| *action == change.action);
            let group = (&*change.address.resource.kind, rank.unwrap_or(LEGEND.len()));
            *groups.entry(group).or_default() += 1;
        }
        let total: usize = groups.values().sum();
        if total == 0 {
            return;
        }
        lines.line("");
        lines.line(&format!(
            "  # {total} more changes are not shown; by type they are:"
        ));
        for ((kind, rank), count) in groups {
            let (action, text) = LEGEND.get(rank).unwrap_or(&(Action::NoOp, "import"));
            let mark = Mark::Action(*action);
            lines
                .start(0, mark)
                .plain(&format!("{kind}: {count} to {text}"));
        }
    }

    /// Returns the lines after the changes: the summary line and the outputs.
    pub fn closing(&self, columns: usize, lines: &mut Lines) {
        if !self.changes.is_empty() {
            lines.line("");
            let summary = plan_summary(&self.counts);
            let text = summary.strip_prefix("Plan:").unwrap_or(&summary);
            lines.line("").add(Role::Bold, "Plan:").plain(text);
        }
        let changed = self
            .outputs
            .iter()
            .filter(|(_, diff)| diff.act != Act::Keep);
        if changed.clone().next().is_none() {
            return;
        }
        lines.line("");
        lines.line("Changes to Outputs:");
        let names = self.outputs.iter().map(|(name, _)| *name);
        let width = names
            .map(|name| length(&value::name(name)))
            .max()
            .unwrap_or(0);
        for (name, diff) in changed {
            Pen { lines: &mut *lines }.entry(&value::name(name), width, diff, 0, Drawing::PLAN);
        }
        if self
            .changes
            .iter()
            .all(|change| change.action == Action::NoOp)
        {
            lines.line("");
            let text = "You can apply this plan to save these new output values to the state, \
                        without changing any real infrastructure.";
            lines.paragraph(text, columns);
        }
    }
}

/// The symbols' meanings, in the order in which they are listed.
const LEGEND: &[(Action, &str)] = &[
    (Action::Create, "create"),
    (Action::Update, "update in-place"),
    (Action::Delete, "destroy"),
    (Action::DeleteCreate, "destroy and then create replacement"),
    (Action::CreateDelete, "create replacement and then destroy"),
    (Action::Read, "read (data resources)"),
    (
        Action::Forget,
        "forget (keep the object, drop it from the state)",
    ),
];

fn output_diff(change: &OutputChange) -> Diff<'_> {
    let mut diff = diff::single(change.before.as_ref(), change.after.as_ref());
    if change.sensitive {
        let same = diff.act == Act::Keep;
        diff.shape = Shape::Sensitive {
            was: true,
            becomes: true,
            same,
        };
    }
    diff
}

/// Returns a line across the terminal.
pub(super) fn rule(columns: usize, unicode: bool) -> String {
    (if unicode { "─" } else { "-" }).repeat(columns.saturating_sub(1).min(120))
}

/// Returns the plan's summary line; scripts parse it.
pub(super) fn plan_summary(counts: &Counts) -> String {
    let mut out = "Plan: ".to_owned();
    // Writing to a String does not fail.
    if counts.import > 0 {
        let _ = write!(out, "{} to import, ", counts.import);
    }
    let (add, change, destroy) = (counts.add, counts.change, counts.destroy);
    let _ = write!(
        out,
        "{add} to add, {change} to change, {destroy} to destroy"
    );
    if counts.forget > 0 {
        let _ = write!(out, ", {} to forget", counts.forget);
    }
    out.push('.');
    out
}

/// Returns the lines of one object as it is, as `state show` prints it.
pub(super) fn stored(address: &Address, deposed: Option<&str>, kept: &Stored, lines: &mut Lines) {
    let note = match (deposed, kept.status) {
        (Some(key), _) => format!(" (deposed object {key})"),
        (None, Status::Ready) => String::new(),
        (None, Status::Unsettled) => " (unsettled)".to_owned(),
        (None, Status::Tainted) => " (tainted)".to_owned(),
    };
    let name = &address.resource;
    let shown = address.to_string();
    let line = lines.line("# ");
    line.plain(&value::harmless(&shown)).plain(":").plain(&note);
    let word = match name.mode {
        Kind::Managed => "resource",
        Kind::Data => "data",
    };
    lines.line(&format!("{word} \"{}\" \"{}\" ", name.kind, name.name));
    let object: &Object = &kept.attributes;
    let diff = diff::body(Some(object), Some(object), &[], manner(address));
    Pen { lines }.diff(&diff, 0, Drawing::STATE);
}

/// Returns the lines of an output as `show` prints it.
pub(super) fn stored_output(name: &str, output: &Output, lines: &mut Lines) {
    let mut diff = diff::single(Some(&output.value), Some(&output.value));
    if output.sensitive {
        diff.shape = Shape::Sensitive {
            was: true,
            becomes: true,
            same: true,
        };
    }
    lines.line(name).plain(" = ");
    Pen { lines }.diff(&diff, 0, Drawing::STATE);
}
