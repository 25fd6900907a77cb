//! Styled lines: text with roles and a symbol in front, which `terminal` turns into bytes.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::plan::Action;

use super::value;

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

/// Wraps text between words, and between the characters of scripts that have no spaces; lines that begin
/// with a space are left as they are.
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
            for (at, piece) in pieces(&word).into_iter().enumerate() {
                let length = UnicodeWidthStr::width(piece);
                let blank = usize::from(at == 0 && !line.is_empty());
                if !line.is_empty() && width + blank + length > columns {
                    out.push(std::mem::take(&mut line));
                    width = 0;
                } else if blank > 0 {
                    line.push(' ');
                    width += 1;
                }
                line.push_str(piece);
                width += length;
            }
        }
        out.push(line);
    }
    out
}

/// What does not begin a line.
const CLOSING: &str = "。，、：；！？）》」』”’";

/// Divides a word where a line may end: before and after each wide character, but not before one that
/// closes something. A word without any is one piece.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut before_wide = false;
    for (at, c) in word.char_indices() {
        let wide = c.width() == Some(2);
        if at > from && (wide || before_wide) && !CLOSING.contains(c) {
            pieces.push(&word[from..at]);
            from = at;
        }
        before_wide = wide;
    }
    pieces.push(&word[from..]);
    pieces
}
