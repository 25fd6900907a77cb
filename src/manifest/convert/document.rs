//! YAML as it is to be written: keys, values and comments.

use crate::manifest::json_syntax;

/// An entry of a mapping, or (without a key) an item of a list.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// Whether a blank line is before it.
    pub(super) apart: bool,
    /// The lines before it.
    pub(super) comments: Vec<String>,
    pub(super) key: String,
    pub(super) value: Node,
    /// The comment behind it.
    pub(super) tail: Option<String>,
}

#[derive(Debug)]
pub(super) enum Node {
    /// What is no string: `null`, `true`, a number.
    Plain(String),
    Text(String),
    /// With the comments at the end.
    Mapping(Vec<Entry>, Vec<String>),
    Sequence(Vec<Entry>, Vec<String>),
}

impl Default for Node {
    fn default() -> Self {
        Self::Mapping(Vec::new(), Vec::new())
    }
}

/// Returns a mapping as a file.
pub(super) fn print(head: &[String], entries: Vec<Entry>, foot: &[String]) -> String {
    let mut out = String::new();
    comments(head, 0, &mut out);
    if !head.is_empty() {
        out.push('\n');
    }
    mapping(entries, 0, &mut out);
    if !(foot.is_empty() || out.is_empty()) {
        out.push('\n');
    }
    comments(foot, 0, &mut out);
    out
}

fn comments(lines: &[String], indent: usize, out: &mut String) {
    for line in lines {
        if !line.is_empty() {
            *out += &" ".repeat(indent);
            *out += line;
        }
        out.push('\n');
    }
}

fn mapping(entries: Vec<Entry>, indent: usize, out: &mut String) {
    for mut entry in entries {
        entry.settle();
        entry.lead(indent, out);
        *out += &" ".repeat(indent);
        *out += &scalar(&entry.key);
        out.push(':');
        value(entry.value, entry.tail, indent, out);
    }
}

fn sequence(items: Vec<Entry>, indent: usize, out: &mut String) {
    for mut item in items {
        item.settle();
        item.adopt();
        item.lead(indent, out);
        let blanks = " ".repeat(indent);
        *out += &blanks;
        out.push('-');
        let mut inner = String::new();
        match item.value {
            Node::Mapping(entries, foot) if !entries.is_empty() => {
                mapping(entries, indent + 2, &mut inner);
                comments(&foot, indent + 2, &mut inner);
            }
            Node::Sequence(items, foot) if !items.is_empty() => {
                sequence(items, indent + 2, &mut inner);
                comments(&foot, indent + 2, &mut inner);
            }
            other => {
                value(other, item.tail, indent, out);
                continue;
            }
        }
        out.push(' ');
        *out += inner.trim_start_matches(' ');
    }
}

fn value(node: Node, tail: Option<String>, indent: usize, out: &mut String) {
    let tail = tail.map(|tail| format!(" {tail}")).unwrap_or_default();
    match node {
        Node::Plain(text) => *out += &format!(" {text}{tail}\n"),
        Node::Text(text) => match block(&text) {
            Some(header) => {
                *out += &format!(" {header}{tail}\n");
                for line in text.lines() {
                    if !line.is_empty() {
                        *out += &" ".repeat(indent + 2);
                        *out += line;
                    }
                    out.push('\n');
                }
            }
            None => *out += &format!(" {}{tail}\n", scalar(&text)),
        },
        Node::Mapping(entries, _) if entries.is_empty() => *out += &format!(" {{}}{tail}\n"),
        Node::Sequence(items, _) if items.is_empty() => *out += &format!(" []{tail}\n"),
        Node::Mapping(entries, foot) => {
            out.push('\n');
            mapping(entries, indent + 2, out);
            comments(&foot, indent + 2, out);
        }
        Node::Sequence(items, foot) => {
            out.push('\n');
            sequence(items, indent + 2, out);
            comments(&foot, indent + 2, out);
        }
    }
}

impl Entry {
    fn lead(&self, indent: usize, out: &mut String) {
        if self.apart && !out.is_empty() {
            out.push('\n');
        }
        comments(&self.comments, indent, out);
    }

    /// Moves comments to before it that have no place where they are.
    fn settle(&mut self) {
        if let Node::Mapping(entries, foot) | Node::Sequence(entries, foot) = &mut self.value {
            if entries.is_empty() {
                self.comments.append(foot);
            } else {
                self.comments.extend(self.tail.take());
            }
        }
    }

    /// Takes the comments of the first thing in it: an item's first line is the item's own.
    fn adopt(&mut self) {
        if let Node::Mapping(entries, _) | Node::Sequence(entries, _) = &mut self.value
            && let Some(first) = entries.first_mut()
        {
            first.settle();
            if matches!(self.value, Node::Sequence(..)) {
                // The first item of a list in a list.
                if let Node::Sequence(entries, _) = &mut self.value {
                    entries[0].adopt();
                }
            }
            if let Node::Mapping(entries, _) | Node::Sequence(entries, _) = &mut self.value {
                entries[0].apart = false;
                self.comments.append(&mut entries[0].comments);
            }
        }
    }
}

/// Returns the header of a text that is written in lines of its own, or nothing if it is to be in quotes.
fn block(text: &str) -> Option<&'static str> {
    let odd = |c: char| {
        c != '\n' && (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}'))
    };
    let indented = text.starts_with([' ', '\n']);
    let said = text.trim_end_matches('\n');
    if !said.contains('\n') && !text.ends_with('\n')
        || indented
        || said.is_empty()
        || text.contains(odd)
    {
        return None;
    }
    // A last line of blanks would be read as the end.
    if said.ends_with([' ', '\t']) {
        return None;
    }
    match text.len() - said.len() {
        0 => Some("|-"),
        1 => Some("|"),
        _ => Some("|+"),
    }
}

/// Words that some readers of YAML take for something other than text.
const WORDS: &[&str] = &[
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", "nan", "inf", "<<", "=",
];

/// Returns a text on one line: as it is where everyone reads it as text, else in quotes.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let odd = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if !text.contains(odd) {
        return match text.contains(['"', '\\']) {
            true => format!("'{}'", text.replace('\'', "''")),
            false => format!("\"{text}\""),
        };
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            '\r' => quoted += "\\r",
            c if odd(c) => quoted += &format!("\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

fn is_plain(text: &str) -> bool {
    let lower = text.to_lowercase();
    let looks_like_a_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || "xo_.:+-".contains(c));
    let is_odd =
        |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}');
    !(text.is_empty()
        || WORDS.contains(&&*lower)
        || json_syntax::is_no_text(text)
        || looks_like_a_number && !is_address(text)
        || text.starts_with(|c: char| "-?:,[]{}#&*!|>'\"%@`".contains(c))
        || text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace)
        || text.ends_with(':')
        || text.contains(": ")
        || text.contains(" #")
        || text.contains("\t#")
        || text.contains(is_odd))
}

/// Whether digits and points are nothing that a reader takes for a number or a date.
fn is_address(text: &str) -> bool {
    text.matches('.').count() > 1 && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}
