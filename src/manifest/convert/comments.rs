//! The comments of a text, given out once each in the order in which they stand.

use std::{collections::VecDeque, ops::Range};

use crate::manifest::{
    files::Language,
    format::tokens::{self, Kind},
    yaml,
};

/// A comment, and its lines without what marks them as one.
#[derive(Debug)]
struct Comment {
    range: Range<usize>,
    lines: Vec<String>,
}

/// The comments that have not been given out.
pub(super) struct Comments<'a> {
    text: &'a str,
    language: Language,
    pending: VecDeque<Comment>,
}

impl<'a> Comments<'a> {
    /// Finds the comments of a text.
    pub(super) fn new(text: &'a str, language: Language) -> Self {
        let found = match language {
            Language::Hcl => in_hcl(text),
            Language::Yaml => yaml::comments(text)
                .into_iter()
                .map(|range| comment(text, range))
                .collect(),
            Language::Json => in_json(text),
        };
        Self {
            text,
            language,
            pending: found.into(),
        }
    }

    /// Gives out what stands before a place, an empty line for blank lines after a comment.
    pub(super) fn before(&mut self, place: u32) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some(comment) = self
            .pending
            .pop_front_if(|it| it.range.start < place as usize)
        {
            lines.extend(comment.lines);
            if self.language != Language::Json {
                let after = &self.text[comment.range.end..];
                let gap = after.len() - after.trim_start().len();
                if gap < after.len() && blank(&after[..gap]) {
                    lines.push(String::new());
                }
            }
        }
        lines
    }

    /// Gives out what is left.
    pub(super) fn rest(&mut self) -> Vec<String> {
        self.before(u32::MAX)
    }

    /// Gives out the comment that follows a place in its line.
    pub(super) fn tail(&mut self, end: u32) -> Option<String> {
        if self.language == Language::Json {
            return None;
        }
        let between = |it: &Comment| self.text.get(end as usize..it.range.start);
        let next = self.pending.front()?;
        let follows = between(next)?
            .chars()
            .all(|c| matches!(c, ' ' | '\t' | ','));
        let whole_line = self.text[next.range.end..].starts_with(['\n', '\r']);
        let ends = whole_line || next.range.end == self.text.len();
        if !(follows && ends && next.lines.len() == 1) {
            return None;
        }
        self.pending.pop_front()?.lines.pop()
    }

    /// Gives out what stands at the end of a collection that starts and ends here.
    pub(super) fn foot(&mut self, start: u32, end: u32) -> Vec<String> {
        let mut lines = self.before(end);
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        if self.language != Language::Yaml {
            return lines;
        }
        let column = self.column(start as usize);
        let mut from = end as usize;
        while let Some(next) = self.pending.front() {
            let gap = self.text.get(from..next.range.start).unwrap_or("x");
            let deep = self.column(next.range.start) >= column;
            // A comment after a value in its line belongs to the value.
            if !(deep && gap.trim().is_empty() && gap.contains('\n')) {
                break;
            }
            if blank(gap) && !lines.is_empty() {
                lines.push(String::new());
            }
            from = next.range.end;
            lines.extend(self.pending.pop_front().into_iter().flat_map(|it| it.lines));
        }
        lines
    }

    /// Forgets what stands in a range: it is in the text that is taken over.
    pub(super) fn skip(&mut self, start: u32, end: u32) {
        let inside = |it: &Comment| {
            (start as usize..end as usize).contains(&it.range.start) && it.range.end <= end as usize
        };
        self.pending.retain(|it| !inside(it));
    }

    /// Whether there is a blank line before what stands here.
    pub(super) fn is_set_apart(&self, place: usize) -> bool {
        let before = self.text.get(..place).unwrap_or("");
        let gap = before.len() - before.trim_end().len();
        self.language != Language::Json && blank(&before[before.len() - gap..])
    }

    /// Returns where the comments before a place start, or the place where there are none.
    pub(super) fn start(&self, place: u32) -> usize {
        let place = place as usize;
        self.pending
            .front()
            .map_or(place, |next| next.range.start.min(place))
    }

    fn column(&self, place: usize) -> usize {
        let line = self.text[..place].rfind('\n').map_or(0, |at| at + 1);
        place - line
    }
}

/// Whether there is a blank line in what is nothing but blanks.
fn blank(gap: &str) -> bool {
    gap.matches('\n').count() > 1
}

fn comment(text: &str, range: Range<usize>) -> Comment {
    let written = &text[range.clone()];
    let lines = match written.strip_prefix("/*") {
        Some(inside) => {
            let inside = inside.strip_suffix("*/").unwrap_or(inside);
            let lines = inside.lines().map(|line| {
                let line = line.trim();
                line.strip_prefix('*').unwrap_or(line).trim()
            });
            let lines: Vec<&str> = lines.collect();
            let whole = match lines.as_slice() {
                ["", inner @ .., ""] | ["", inner @ ..] | [inner @ .., ""] => inner,
                whole => whole,
            };
            whole.iter().map(|line| marked(line)).collect()
        }
        None => {
            let inside = written
                .strip_prefix("//")
                .or_else(|| written.strip_prefix('#'));
            vec![match inside.unwrap_or(written).trim_end() {
                // A row of marks, or the first line of a script.
                inside if inside.starts_with(['#', '!']) => format!("#{inside}"),
                inside => marked(inside.strip_prefix(' ').unwrap_or(inside)),
            }]
        }
    };
    Comment { range, lines }
}

/// Returns a line as a comment of either language.
fn marked(line: &str) -> String {
    format!("# {line}").trim_end().to_owned()
}

fn in_hcl(text: &str) -> Vec<Comment> {
    let mut at = 0;
    let mut found = Vec::new();
    for token in tokens::scan(text).0 {
        at += token.blanks;
        let length = token.text.len();
        if token.kind == Kind::Comment {
            let written = token.text.trim_end_matches(['\n', '\r']).len();
            found.push(comment(text, at..at + written));
        }
        at += length;
    }
    found
}

/// Returns what stands under the keys `//`.
fn in_json(text: &str) -> Vec<Comment> {
    let told = |(start, text): (u32, String)| Comment {
        range: start as usize..start as usize + 1,
        lines: text.lines().map(marked).collect(),
    };
    yaml::told(text).into_iter().map(told).collect()
}
