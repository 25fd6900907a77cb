//! Diagnostics as text in Terraform's look, and as its JSON.
//!
//! Shows the lines that a diagnostic points at, never a file: long lines are cut around the span.
//! Sources are indexed once per call, so that many diagnostics of one large file cost little.

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Write},
};

use serde_json::{Value as Json, json};
use unicode_width::UnicodeWidthChar;

use crate::model::{Diagnostic, Severity, Source, SourceId, Sources, Span, language::Words};

use super::{
    Style,
    line::{Role, wrap},
    terminal::paint,
    value::harmless,
};

/// Writes diagnostics in the order given, each with its place and what to do next.
///
/// Those that say the same of several instances are written once, with the first addresses.
pub fn diagnostics<'a>(
    list: impl IntoIterator<Item = &'a Diagnostic>,
    sources: &Sources,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut places = Places::new(sources);
    let mut buffer = Vec::new();
    for group in groups(list) {
        one(&group, &mut places, style, &mut buffer)?;
    }
    out.write_all(&buffer)
}

/// A diagnostic, and all addresses of which it was said.
struct Group<'a> {
    diagnostic: &'a Diagnostic,
    addresses: Vec<&'a str>,
}

fn groups<'a>(list: impl IntoIterator<Item = &'a Diagnostic>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known = HashMap::new();
    for it in list {
        let address = it.address.as_deref();
        // Without an address nothing would tell two of them apart, so both are shown.
        let about = address.is_none().then_some(groups.len());
        let key = (
            it.severity,
            &it.summary,
            &it.detail,
            it.span,
            &it.hint,
            about,
        );
        let at = *known.entry(key).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Group {
                diagnostic: it,
                addresses: Vec::new(),
            });
        }
        groups[at].addresses.extend(address);
    }
    groups
}

/// So many of the addresses of a diagnostic are named.
const NAMED: usize = 3;

fn about(addresses: &[&str]) -> Option<String> {
    let named = addresses.get(..NAMED.min(addresses.len()))?;
    if named.is_empty() {
        return None;
    }
    let more = match addresses.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("  with {}{more},", harmless(&named.join(", "))))
}

/// A line of a diagnostic, in parts that have roles.
type Row = Vec<(Role, String)>;

fn one(
    group: &Group<'_>,
    places: &mut Places<'_>,
    style: Style,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    let boxed = style.color;
    let columns = style
        .columns()
        .saturating_sub(if boxed { 2 } else { 0 })
        .max(20);
    let rows = rows(group, places, columns);
    let (top, side, bottom) = match (boxed, style.unicode) {
        (false, _) => ("", "", ""),
        (true, true) => ("╷", "│ ", "╵"),
        (true, false) => (",", "| ", "'"),
    };
    let frame = match group.diagnostic.severity {
        Severity::Error => Role::Red,
        Severity::Warning => Role::Yellow,
    };
    paint(frame, top, boxed, out)?;
    out.push(b'\n');
    for row in rows {
        if boxed {
            let side = if row.is_empty() {
                side.trim_end()
            } else {
                side
            };
            paint(frame, side, true, out)?;
        }
        for (role, text) in row {
            paint(role, &text, style.color, out)?;
        }
        out.push(b'\n');
    }
    if boxed {
        paint(frame, bottom, true, out)?;
        out.push(b'\n');
    }
    Ok(())
}

/// What stands before what to do next.
const HINT: Words = Words::new("Hint: ", "提示：");

fn rows(group: &Group<'_>, places: &mut Places<'_>, columns: usize) -> Vec<Row> {
    let diagnostic = group.diagnostic;
    let (word, role) = match diagnostic.severity {
        Severity::Error => ("Error: ", Role::BoldRed),
        Severity::Warning => ("Warning: ", Role::BoldYellow),
    };
    let plain = |text: &str| vec![(Role::Plain, text.to_owned())];
    let summary = (Role::Bold, harmless(&diagnostic.summary).replace('\n', " "));
    let mut rows = vec![vec![(role, word.to_owned()), summary], Row::new()];
    let before = rows.len();
    if let Some(about) = about(&group.addresses) {
        rows.push(plain(&about));
    }
    if let Some(place) = diagnostic.span.and_then(|span| places.find(span)) {
        let context = places.context(&place);
        let context = context.map_or(String::new(), |context| format!(", in {context}"));
        // A label at the same place shows it, with what it has to say.
        let labelled = diagnostic
            .labels
            .iter()
            .any(|(span, _)| Some(*span) == diagnostic.span);
        if !labelled {
            let end = if diagnostic.masked {
                " (not shown: it holds a secret)"
            } else {
                ":"
            };
            rows.push(plain(&format!("  on {}{context}{end}", place.title())));
            if !diagnostic.masked {
                excerpt(&place, '^', Role::Red, columns, &mut rows);
                witnesses(&diagnostic.values, &mut rows);
            }
        }
    }
    for (span, text) in &diagnostic.labels {
        if let Some(place) = places.find(*span) {
            rows.push(plain(&format!(
                "  on {}: {}",
                place.title(),
                harmless(text)
            )));
            excerpt(&place, '-', Role::Cyan, columns, &mut rows);
        }
    }
    if rows.len() > before {
        rows.push(Row::new());
    }
    let paragraphs = [
        (!diagnostic.detail.is_empty()).then(|| diagnostic.detail.clone()),
        diagnostic
            .hint
            .as_ref()
            .map(|hint| format!("{}{hint}", HINT.in_language(diagnostic.language))),
    ];
    for text in paragraphs.iter().flatten() {
        rows.extend(wrap(text.trim_end(), columns).iter().map(|line| {
            if line.is_empty() {
                Row::new()
            } else {
                plain(line)
            }
        }));
        if paragraphs[1].as_ref().is_some_and(|hint| hint != text) {
            rows.push(Row::new());
        }
    }
    rows
}

/// Adds what the values in the span are.
fn witnesses(values: &[(String, String)], rows: &mut Vec<Row>) {
    if values.is_empty() {
        return;
    }
    rows.push(vec![(Role::Dim, format!("    ├{}", "─".repeat(16)))]);
    for (name, statement) in values {
        rows.push(vec![
            (Role::Dim, "    │ ".to_owned()),
            (Role::Bold, harmless(name).into_owned()),
            (Role::Plain, format!(" {}", harmless(statement))),
        ]);
    }
}

/// Adds the source line and the markers below it.
fn excerpt(place: &Place<'_>, marker: char, role: Role, columns: usize, rows: &mut Vec<Row>) {
    let lead = format!("{:>4}: ", place.line);
    let window = place.window(columns.saturating_sub(lead.len()).max(40));
    let (before, marked, after) = window.parts();
    rows.push(vec![
        (Role::Plain, format!("{lead}{before}")),
        (role, marked.clone()),
        (Role::Plain, after),
    ]);
    // Tabs stay tabs, so that the markers stand below their text whatever a tab's width is.
    let mut under = " ".repeat(lead.len());
    for c in before.chars() {
        match c {
            '\t' => under.push('\t'),
            c => under.extend(std::iter::repeat_n(' ', c.width().unwrap_or(0))),
        }
    }
    let width = unicode_width::UnicodeWidthStr::width(&*marked).max(1);
    let markers = marker.to_string().repeat(width);
    rows.push(vec![(Role::Plain, under), (role, markers)]);
}

/// Where spans are: the sources, with the beginnings of their lines.
struct Places<'a> {
    sources: &'a Sources,
    starts: BTreeMap<SourceId, (&'a Source, Vec<usize>)>,
}

/// A span as file, line and column.
struct Place<'a> {
    source: &'a Source,
    /// Counted from 1.
    line: usize,
    /// The bytes of the span in the source.
    start: usize,
    end: usize,
    /// The bytes of the first line of the span, without its end.
    from: usize,
    to: usize,
}

impl<'a> Places<'a> {
    fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            starts: BTreeMap::new(),
        }
    }

    /// Returns where a span is; `None` if it is of another run's sources.
    fn find(&mut self, span: Span) -> Option<Place<'a>> {
        let (source, starts) = self.lines(span.source)?;
        let text = &source.text;
        let start = floor(text, span.start as usize);
        let end = floor(text, span.end as usize).max(start);
        let line = starts.partition_point(|begin| *begin <= start);
        let from = starts[line.saturating_sub(1)];
        let next = starts.get(line).map_or(text.len(), |next| next - 1);
        let to = from + text[from..next.max(from)].trim_end_matches('\r').len();
        Some(Place {
            source,
            line,
            start,
            end,
            from,
            to,
        })
    }

    fn lines(&mut self, id: SourceId) -> Option<&(&'a Source, Vec<usize>)> {
        if !self.starts.contains_key(&id) {
            let (_, source) = self.sources.iter().nth(id.0 as usize)?;
            let ends = source
                .text
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n');
            let starts = std::iter::once(0)
                .chain(ends.map(|(at, _)| at + 1))
                .collect();
            self.starts.insert(id, (source, starts));
        }
        self.starts.get(&id)
    }

    /// Returns the block that a place is in: `resource "alicloud_vpc" "main"`.
    fn context(&self, place: &Place<'_>) -> Option<String> {
        let (source, starts) = self
            .starts
            .values()
            .find(|(source, _)| std::ptr::eq(*source, place.source))?;
        let lines = starts[..place.line].iter().rev().take(FARTHEST);
        for (back, start) in lines.enumerate() {
            let line = source.text[*start..].split('\n').next().unwrap_or("");
            let line = &line[..floor(line, 400)];
            if let Some(header) = block_header(line) {
                return Some(header.to_owned());
            }
            // A brace in the first column ends the block before.
            if back > 0 && line.starts_with('}') {
                return None;
            }
        }
        None
    }
}

/// So many lines up a block's header is looked for.
const FARTHEST: usize = 2_000;

/// Returns a block's type and labels, if the line begins one in the first column.
fn block_header(line: &str) -> Option<&str> {
    let header = line.split_once('{')?.0.trim_end();
    let mut parts = header.split_whitespace();
    let kind = parts.next()?;
    let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
    let labels = parts.all(|part| part.starts_with('"') && part.ends_with('"'));
    (line.starts_with(kind) && kind.chars().all(is_word) && labels).then_some(header)
}

/// Returns the nearest index not after `at` where a character begins.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// A part of a line, with the span's part of it.
struct Window<'a> {
    text: &'a str,
    /// The span's bytes within the text.
    start: usize,
    end: usize,
    cut_before: bool,
    cut_after: bool,
}

impl<'a> Place<'a> {
    fn title(&self) -> String {
        format!(
            "{} line {}, column {}",
            harmless(&self.source.name),
            self.line,
            self.column(self.start)
        )
    }

    /// Returns the line, or what of it lies around the span if it is longer than `most` columns.
    fn window(&self, most: usize) -> Window<'a> {
        let (text, line) = (&self.source.text, self.from..self.to);
        let start = self.start.clamp(self.from, self.to);
        let end = self.end.clamp(start, self.to);
        // Bytes are no fewer than columns, except that tabs are wider: they are rare enough.
        if line.len() <= most || text[line.clone()].chars().count() <= most {
            return Window {
                text: &text[line],
                start: start - self.from,
                end: end - self.from,
                cut_before: false,
                cut_after: false,
            };
        }
        let from = floor(text, start.saturating_sub(most / 3).max(self.from)).max(self.from);
        let to = floor(text, (from + most).min(self.to)).max(start);
        Window {
            text: &text[from..to],
            start: start - from,
            end: end.min(to) - from,
            cut_before: from > self.from,
            cut_after: to < self.to,
        }
    }

    /// Returns the column, counted from 1, in characters.
    fn column(&self, at: usize) -> usize {
        let line = self.source.text[..at]
            .rfind('\n')
            .map_or(0, |before| before + 1);
        self.source.text[line..at].chars().count() + 1
    }
}

impl Window<'_> {
    /// Returns the text before the span, in it and after it, fit for a terminal.
    fn parts(&self) -> (String, String, String) {
        let part = |text: &str| harmless(text).into_owned();
        let (before, rest) = self.text.split_at(self.start);
        let (marked, after) = rest.split_at(self.end - self.start);
        let lead = if self.cut_before { "..." } else { "" };
        let tail = if self.cut_after { "..." } else { "" };
        (
            format!("{lead}{}", part(before)),
            part(marked),
            format!("{}{tail}", part(after)),
        )
    }
}

/// Lines that are longer than this many bytes are cut in JSON too.
const LONGEST: usize = 1_000;

/// Returns a diagnostic in the form of Terraform's `validate -json` and event stream.
///
/// `prov_hint` and `prov_labels` are prov's own and there only if there is something in them.
pub fn diagnostic_json(diagnostic: &Diagnostic, sources: &Sources) -> Json {
    let mut places = Places::new(sources);
    let mut out = json!({
        "severity": severity(diagnostic.severity),
        "summary": diagnostic.summary,
        "detail": diagnostic.detail,
    });
    if let Some(address) = &diagnostic.address {
        out["address"] = json!(address);
    }
    if let Some(place) = diagnostic.span.and_then(|span| places.find(span)) {
        out["range"] = range(&place);
        if !diagnostic.masked {
            let context = places.context(&place);
            out["snippet"] = snippet(&place, context.as_deref(), &diagnostic.values);
        }
    }
    if let Some(hint) = &diagnostic.hint {
        out["prov_hint"] = json!(hint);
    }
    let labels: Vec<Json> = diagnostic
        .labels
        .iter()
        .filter_map(|(span, text)| {
            let place = places.find(*span)?;
            Some(json!({ "message": text, "range": range(&place) }))
        })
        .collect();
    if !labels.is_empty() {
        out["prov_labels"] = labels.into();
    }
    out
}

/// Returns the word for a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn range(place: &Place<'_>) -> Json {
    let before_end = &place.source.text.as_bytes()[place.start..place.end];
    let lines = before_end.iter().filter(|byte| **byte == b'\n').count();
    json!({
        "filename": place.source.name,
        "start": {
            "line": place.line,
            "column": place.column(place.start),
            "byte": place.start,
        },
        "end": {
            "line": place.line + lines,
            "column": place.column(place.end),
            "byte": place.end,
        },
    })
}

fn snippet(place: &Place<'_>, context: Option<&str>, values: &[(String, String)]) -> Json {
    let values: Vec<Json> = values
        .iter()
        .map(|(name, statement)| json!({ "traversal": name, "statement": statement }))
        .collect();
    let window = place.window(LONGEST);
    json!({
        "context": context,
        "code": window.text,
        "start_line": place.line,
        "highlight_start_offset": window.start,
        "highlight_end_offset": window.end,
        "values": values,
    })
}
