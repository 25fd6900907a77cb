//! Syntax errors of HCL in plain English.
//!
//! hcl-edit says what its grammar expected; here that becomes what the user did and what to do next.

use std::ops::Range;

use super::{
    continuation::{Astray, MOST_KEYS},
    place::Place,
};
use crate::model::Diagnostic;

/// What hcl-edit's message contains, what that means (`{}` is what was found), and what to do next.
const MEANINGS: &[(&str, &str, &str, &str)] = &[
    (
        "nested levels",
        "Nesting too deep",
        "Blocks and expressions can be at most 64 levels deep.",
        "Give parts of it names with local values.",
    ),
    (
        "chained binary operators",
        "Expression too long",
        "At most 128 operators can be chained in one expression.",
        "Use sum, join or concat on a list, or give parts of it names with local values.",
    ),
    (
        "redefined object key",
        "Duplicate object key",
        "The key {} is already in this object; each key can be set once.",
        "Remove one of the two.",
    ),
    (
        "heredoc end delimiter",
        "Unterminated heredoc",
        "The marker that ends this heredoc is missing.",
        "Put it alone on a line of its own.",
    ),
    (
        "invalid traversal operator",
        "Invalid attribute name",
        "Expected a name, a number or * after the dot, found {}.",
        "Write an attribute as object.name, an element as list[0].",
    ),
    (
        "object value assignment",
        "Missing key/value separator",
        "Expected = or : and a value after the key, found {}.",
        "Write each entry as key = value.",
    ),
    (
        "invalid object item",
        "Missing attribute separator",
        "Expected a comma, a new line or } after the value, found {}.",
        "Separate the entries with commas or new lines, and close the braces.",
    ),
    (
        "invalid expression",
        "Invalid expression",
        "Expected an expression, found {}.",
        "Write a value: text in double quotes, a number, true, false, null, a list, an object or a reference.",
    ),
    (
        "invalid block body",
        "Invalid block",
        "Expected an argument, a block or } here, found {}.",
        "A block on one line holds at most one argument; write each argument on its own line.",
    ),
    (
        "invalid structure",
        "Argument or block definition required",
        "After the name, expected = to set an argument or { to open a block, found {}.",
        "Write NAME = VALUE for an argument, NAME { … } for a block.",
    ),
    (
        "newline or eof",
        "Missing newline after argument",
        "Expected the end of the line, found {}.",
        "Write each argument on its own line; text goes in double quotes.",
    ),
    (
        "expected `]`",
        "Missing item separator",
        "Expected a comma or ], found {}.",
        "Add the missing comma or ].",
    ),
    (
        "expected `)`",
        "Unbalanced parentheses",
        "Expected ), found {}.",
        "Add the missing ).",
    ),
    (
        "expected `{`",
        "Invalid block definition",
        "Expected { after the header of a block, found {}.",
        "The { stands on the line of the header.",
    ),
    (
        "expected `}`",
        "Extra characters after interpolation expression",
        "Expected }, found {}.",
        "Add the missing }.",
    ),
    (
        "expected `:`",
        "Missing colon",
        "Expected :, found {}.",
        "A condition is written CONDITION ? YES : NO, a comprehension [for x in list : value].",
    ),
    (
        "endif",
        "Unclosed template directive",
        "Expected %{ endif }, found {}.",
        "Add the missing %{ endif }.",
    ),
    (
        "endfor",
        "Unclosed template directive",
        "Expected %{ endfor }, found {}.",
        "Add the missing %{ endfor }.",
    ),
];

/// Rephrases a syntax error of hcl-edit; `whole` is what the text is, such as "file".
pub(super) fn describe(
    error: &hcl_edit::parser::Error,
    text: &str,
    whole: &str,
    place: &Place,
) -> Diagnostic {
    let at = position(error, text);
    let message = error.message();
    if message.contains("redefined attribute") {
        return redefined(text, at, place);
    }
    let open = match scan(text) {
        Flaw::String(range) => {
            let mut diagnostic = newline_in_string().at(place.span(range.clone()));
            let begin = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
            let line = text[begin..].lines().next().unwrap_or("");
            if whole == "file" && line.contains("${") {
                diagnostic.summary = "Unclosed template interpolation sequence".to_owned();
            }
            return diagnostic;
        }
        Flaw::Brace(open) => Some(open),
        Flaw::None => None,
    };
    let (range, found) = found(text, at, whole);
    if let Some(open) = open.filter(|_| range.is_empty() && at == text.len()) {
        let detail = "A { is never closed.";
        return Diagnostic::error("Unclosed configuration block", detail)
            .at(place.span(open..open + 1))
            .label(place.span(range), format!("the {whole} ends here"))
            .hint("Add the missing }.");
    }
    if message.contains("escape sequence") || message.contains("unicode") {
        let start = text[..at].rfind('\\').unwrap_or(at);
        return invalid_escape().at(place.span(start..at.max(start)));
    }
    let (summary, detail, hint) = MEANINGS
        .iter()
        .find(|(part, ..)| message.contains(part))
        .map_or_else(
            || {
                (
                    if whole == "expression" {
                        rest_of(&text[..at], &text[at..])
                    } else {
                        "Invalid syntax"
                    },
                    format!("Did not expect {found} here."),
                    "Compare with the examples in docs/guide.",
                )
            },
            |(_, summary, detail, hint)| (*summary, detail.replace("{}", &found), *hint),
        );
    let summary = match (summary, whole) {
        ("Missing item separator", "expression") if text[at..].trim().is_empty() => {
            "Unterminated tuple constructor expression"
        }
        ("Invalid expression", "expression") => match rest_of(&text[..at], &text[at..]) {
            better @ ("Invalid character" | "Unsupported operator" | "Missing expression") => {
                better
            }
            _ => summary,
        },
        ("Missing colon", "expression") => match rest_of(&text[..at], &text[at..]) {
            comprehension @ "Invalid 'for' expression" => comprehension,
            _ => "Missing false expression in conditional",
        },
        _ => summary,
    };
    let summary = match whole {
        "file" => in_file(summary, &text[..at], &text[at..]),
        _ => summary,
    };
    // What is missing at the end of a line is missing there, and not on the next.
    let end = text[..range.start].trim_end().len();
    let range = match summary {
        "Invalid attribute name" if text[end..range.start].contains('\n') => end..end,
        _ => range,
    };
    let diagnostic = Diagnostic::error(summary, detail).at(place.span(range));
    match special_hint(text, at).unwrap_or(hint) {
        "" => diagnostic,
        hint => diagnostic.hint(hint),
    }
}

/// Says better what is wrong in a file, from what stands before the place and after it.
fn in_file(summary: &'static str, before: &str, rest: &str) -> &'static str {
    let line = before.rsplit('\n').next().unwrap_or("");
    let rest_of_line = rest.lines().next().unwrap_or("");
    let all = format!("{line}{rest_of_line}");
    let open = innermost(before);
    match summary {
        "Missing item separator"
            if rest.trim().is_empty() && before.trim_end().ends_with(['[', ',']) =>
        {
            "Missing expression"
        }
        "Unbalanced parentheses" if before.trim_end().ends_with("...") => {
            "Missing closing parenthesis"
        }
        "Unbalanced parentheses" if matches!(open, Some(('(', true))) => {
            "Missing argument separator"
        }
        "Missing item separator" if matches!(open, Some(('[', true))) => {
            "Missing close bracket on index"
        }
        "Invalid block definition" if rest.starts_with('"') => "Invalid string literal",
        "Missing colon" if line.contains("[for ") || line.contains("{ for ") => {
            "Invalid 'for' expression"
        }
        "Missing colon" => "Missing false expression in conditional",
        "Missing item separator" if line.contains("[for ") => "Invalid 'for' expression",
        "Invalid syntax" if line.trim().is_empty() => "Argument or block definition required",
        "Invalid syntax" if all.contains("[for ") || all.contains("{ for ") => {
            "Invalid 'for' expression"
        }
        "Invalid block" => match all.find("%{") {
            Some(at) => rest_of("", &all[at..]),
            None if line.contains('{') => "Invalid single-argument block definition",
            None => match rest_of(line, rest_of_line) {
                "Extra characters after expression" => "Missing newline after argument",
                better => better,
            },
        },
        _ => summary,
    }
}

/// Returns the bracket that is open at the end of a text, and whether it follows a name, as in `f(` and `a[`.
fn innermost(text: &str) -> Option<(char, bool)> {
    let mut depth = 0;
    for (at, letter) in text.char_indices().rev() {
        match letter {
            ')' | ']' => depth += 1,
            '(' | '[' if depth > 0 => depth -= 1,
            '(' | '[' => {
                let named =
                    text[..at].ends_with(|c: char| c.is_alphanumeric() || "_])".contains(c));
                return Some((letter, named));
            }
            '{' | '}' => return None,
            _ => {}
        }
    }
    None
}

/// Says what is wrong with an expression of which this cannot be read, after that.
fn rest_of(before: &str, rest: &str) -> &'static str {
    let (before, rest) = (before.trim_end(), rest.trim());
    if before.contains("[for ") || before.contains("{for ") {
        return "Invalid 'for' expression";
    }
    if before.ends_with(['&', '|']) {
        return "Unsupported operator";
    }
    if let Some(directive) = rest.strip_prefix("%{") {
        let word = directive.trim_start_matches(['~', ' ']);
        let end = word
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(word.len());
        return match &word[..end] {
            "else" => "Unexpected else directive",
            "endif" => "Unexpected endif directive",
            "endfor" => "Unexpected endfor directive",
            "if" | "for" => "Unexpected end of template",
            _ => "Invalid template control keyword",
        };
    }
    if rest.starts_with('#') || rest.starts_with("//") || rest.starts_with("/*") {
        return "Missing expression";
    }
    if before.ends_with(['e', 'E']) || before.ends_with("e+") || before.ends_with("e-") {
        return "Extra characters after expression";
    }
    let operator = |c: char| "+-*/%<>=!&|?".contains(c);
    if rest.is_empty() || rest.chars().all(operator) {
        return "Missing expression";
    }
    let mut letters = rest.chars();
    match (letters.next(), letters.next()) {
        (Some(first @ ('&' | '|')), Some(second)) if first != second => "Unsupported operator",
        (Some('^' | '~'), _) => "Unsupported operator",
        (Some(';' | '$' | '@' | '`' | '\''), _) => "Invalid character",
        _ => "Extra characters after expression",
    }
}

/// Returns where an error is.
fn position(error: &hcl_edit::parser::Error, text: &str) -> usize {
    let mut at = error.location().offset().min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    // hcl-edit puts the end of the text at the last byte, and one column further.
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let column = text[line..at].chars().count() + 1;
    if at + 1 >= text.len() && error.location().column() > column {
        return text.len();
    }
    at
}

/// Returns the error about what hcl-edit would not have noticed.
pub(super) fn astray(astray: Astray, place: &Place) -> Diagnostic {
    let (error, at) = match astray {
        Astray::Directive(at, word) => {
            let detail = format!("The heredoc ends before this {word} directive does.");
            let hint = format!("Close it with %{{ end{word} }} before the heredoc's last line.");
            (
                Diagnostic::error("Unexpected end of template", detail).hint(hint),
                at..at + 2,
            )
        }
        Astray::Crowded(at) => {
            let detail = format!("An object can have at most {MOST_KEYS} keys.");
            let hint = "Keep so many entries in a JSON or YAML file beside the manifests, and read \
                        it with jsondecode(file(...)) or yamldecode(file(...)).";
            (
                Diagnostic::error("Too many keys", detail).hint(hint),
                at..at + 1,
            )
        }
    };
    error.at(place.span(at))
}

/// Returns the error about a line end in a string.
pub(super) fn newline_in_string() -> Diagnostic {
    Diagnostic::error(
        "Unterminated template string",
        "A quoted string ends on the line on which it starts.",
    )
    .hint("Close the quote, write \\n for a new line, or use a heredoc (<<EOT).")
}

/// An escape sequence that does not exist.
pub(super) fn invalid_escape() -> Diagnostic {
    Diagnostic::error(
        "Invalid escape sequence",
        "A backslash in a string starts one of \\n, \\r, \\t, \\\", \\\\, \\uNNNN and \\UNNNNNNNN.",
    )
    .hint("Write \\\\ for a backslash.")
}

fn special_hint(text: &str, at: usize) -> Option<&'static str> {
    let rest = &text[at..];
    let before = text[..at].trim_end();
    if rest.starts_with('\'') {
        return Some("Strings are written in double quotes.");
    }
    if rest.starts_with("/*") {
        return Some("Close the comment with */.");
    }
    let line = rest.lines().next().unwrap_or("");
    if line.contains("%{") {
        return Some("Close each %{ if … } with %{ endif }, and each %{ for … } with %{ endfor }.");
    }
    if rest.starts_with(['e', 'E']) && before.ends_with(|c: char| c.is_ascii_digit()) {
        return Some("Numbers go up to about 10 to the power of 308.");
    }
    if rest.starts_with(':') && !before.ends_with(':') {
        return Some("In HCL an argument is set with =, not with a colon.");
    }
    None
}

/// Returns the token at a position, and how to name it.
fn found(text: &str, at: usize, whole: &str) -> (Range<usize>, String) {
    let rest = &text[at..];
    let Some(first) = rest.chars().next() else {
        return (at..at, format!("the end of the {whole}"));
    };
    if first == '\n' || first == '\r' {
        return (at..at, "the end of the line".to_owned());
    }
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let length = if word(first) {
        rest.find(|c| !word(c)).unwrap_or(rest.len())
    } else {
        first.len_utf8()
    };
    let shown: String = rest[..length].chars().take(40).collect();
    let shown = match first.is_control() {
        true => first.escape_debug().to_string(),
        false => shown,
    };
    (at..at + length, format!("\"{shown}\""))
}

/// An attribute that is set twice in one body.
fn redefined(text: &str, at: usize, place: &Place) -> Diagnostic {
    let (range, _) = found(text, at, "file");
    let name = &text[range.clone()];
    let detail = format!("The argument \"{name}\" is already set in this block.");
    let diagnostic = Diagnostic::error("Attribute redefined", detail)
        .at(place.span(range))
        .hint("Remove one of the two.");
    match earlier(text, at, name) {
        Some(first) => diagnostic.label(place.span(first), "first set here"),
        None => diagnostic,
    }
}

/// Returns where `name` was set before, in the nearest earlier line that sets it.
fn earlier(text: &str, at: usize, name: &str) -> Option<Range<usize>> {
    let mut end = at;
    while let Some(start) = text[..end].rfind(name) {
        let line = text[..start].rfind(['\n', '{']).map_or(0, |at| at + 1);
        let after = text[start + name.len()..].trim_start_matches([' ', '\t']);
        let alone = text[line..start].trim().is_empty();
        if alone && after.starts_with('=') && !after.starts_with("==") {
            return Some(start..start + name.len());
        }
        end = start;
    }
    None
}

/// What a scan is in, and where it starts.
enum Within {
    /// `{` of a block, object or interpolation.
    Braces(usize),
    /// `"…"`.
    Quotes(usize),
}

/// What is not closed: the usual cause of errors far below it.
enum Flaw {
    None,
    /// A quoted string that does not end on its line.
    String(Range<usize>),
    /// The innermost brace that is open at the end.
    Brace(usize),
}

/// Finds what is not closed in a text that has an error.
fn scan(text: &str) -> Flaw {
    let bytes = text.as_bytes();
    let mut stack: Vec<Within> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match stack.last() {
            Some(Within::Quotes(start)) => match rest {
                [b'\\', _, ..] => at += 1,
                [b'\n', ..] => return Flaw::String(*start..at),
                [b'"', ..] => {
                    stack.pop();
                }
                [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => at += 2,
                [b'$' | b'%', b'{', ..] => {
                    stack.push(Within::Braces(at + 1));
                    at += 1;
                }
                _ => {}
            },
            Some(Within::Braces(_)) | None => match rest {
                [b'"', ..] => stack.push(Within::Quotes(at)),
                [b'{', ..] => stack.push(Within::Braces(at)),
                [b'}', ..] => {
                    stack.pop();
                }
                [b'#', ..] | [b'/', b'/', ..] => at += until(rest, b"\n"),
                [b'/', b'*', ..] => at += until(&rest[2..], b"*/") + 3,
                [b'<', b'<', ..] => match heredoc(text, at) {
                    Some(length) => at += length,
                    None => return Flaw::None,
                },
                _ => {}
            },
        }
        at += 1;
    }
    match stack.last() {
        Some(Within::Quotes(start)) => Flaw::String(*start..text.len()),
        Some(Within::Braces(start)) => Flaw::Brace(*start),
        None => Flaw::None,
    }
}

/// Returns how many bytes are before `end`, or all if it is not there.
fn until(bytes: &[u8], end: &[u8]) -> usize {
    bytes
        .windows(end.len())
        .position(|window| window == end)
        .unwrap_or(bytes.len())
}

/// Returns how many bytes a heredoc takes up to its end marker; `None` when it has no end.
fn heredoc(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at + 2..];
    let marker = rest.trim_start_matches('-');
    let marker = &marker[..marker.find('\n')?];
    let mut position = at;
    for line in text[at..].split_inclusive('\n') {
        if position > at && line.trim() == marker.trim() {
            return Some(position - at + line.trim_end().len() - 1);
        }
        position += line.len();
    }
    None
}
