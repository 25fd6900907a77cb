//! Styled lines: text with roles and a symbol in front, which `terminal` turns into bytes.

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
