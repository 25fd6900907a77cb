//! What can be seen of a text without parsing it: whether it goes on in the next line, where its comments are,
//! where heredocs that hold nothing, and what hcl-edit would not see the end of.

use std::{borrow::Cow, ops::Range};

/// What is open at a place in a text.
enum Open {
    /// `(`, `[`, `{`, `${` or `%{`.
    Bracket,
    /// The `{` of an object, where it is, and how many of its keys have a value.
    Object(usize, usize),
    /// `"…`.
    Quotes,
    /// A heredoc, the word that ends it, where it starts, and where the line after that.
    Heredoc(String, usize, usize),
}

/// What a scan has found so far.
#[derive(Default)]
struct Scan {
    open: Vec<Open>,
    /// Whether a comment of several lines is open.
    comment: bool,
    /// Where comments are.
    comments: Vec<Range<usize>>,
    /// Where exponents of numbers are that a double cannot have: from the `e` on.
    exponents: Vec<Range<usize>>,
    /// Where heredocs are whose first line is their last.
    empty: Vec<Range<usize>>,
    /// Directives of open heredocs that wait for their end: how many strings and brackets are open around them, where
    /// they are, and their word.
    directives: Vec<(usize, usize, &'static str)>,
    /// What is wrong.
    astray: Vec<Astray>,
}

/// Where and how a text would lead hcl-edit astray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Astray {
    /// This directive is not closed before its heredoc ends: hcl-edit goes on past the end.
    Directive(usize, &'static str),
    /// The object that starts here has more than [`MOST_KEYS`]: hcl-edit compares each key with all.
    Crowded(usize),
}

/// How many keys an object may have.
pub(super) const MOST_KEYS: usize = 25_000;

/// Whether the lines so far lack something that the next ones can bring: a closing bracket or the end of a
/// heredoc. A quoted string never goes on.
pub fn goes_on(text: &str) -> bool {
    whole(text).is_some_and(|scan| scan.comment || !scan.open.is_empty())
}

/// Returns a text of the same length without comments, and with digits in place of large exponents; `None`
/// when there are neither.
pub(super) fn plain(text: &str) -> Option<String> {
    let scan = whole(text)?;
    if scan.comments.is_empty() && scan.exponents.is_empty() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in scan.comments {
        bytes[range].fill(b' ');
    }
    for range in scan.exponents {
        bytes[range].fill(b'0');
    }
    String::from_utf8(bytes).ok()
}

/// Returns a text of the same length in which heredocs that hold nothing are empty strings: hcl-edit goes on past their
/// end to the next line that could be one.
pub(super) fn readable(text: &str) -> Cow<'_, str> {
    let may_be_empty = |(at, _): (usize, &str)| {
        let mut lines = text[at..].lines();
        let word = lines.next().and_then(heredoc);
        word.is_some_and(|word| lines.next().is_some_and(|line| line.trim() == word))
    };
    if !text.match_indices("<<").any(may_be_empty) {
        return Cow::Borrowed(text);
    }
    let empty = scan(text).0.empty;
    let mut bytes = text.as_bytes().to_vec();
    for range in empty {
        bytes[range.clone()].fill(b' ');
        bytes[range.start..range.start + 2].fill(b'"');
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Returns what is wrong with a text that hcl-edit would not notice, or only after a long time.
pub(super) fn astray(text: &str) -> Option<Astray> {
    let has_directives = || text.contains("<<") && text.contains("%{");
    let signs = || text.bytes().filter(|byte| matches!(byte, b'=' | b':'));
    if !has_directives() && signs().nth(MOST_KEYS).is_none() {
        return None;
    }
    scan(text).0.astray.first().copied()
}

/// Goes through a text; `None`: more lines cannot make it whole.
fn whole(text: &str) -> Option<Scan> {
    let (scan, whole) = scan(text);
    whole.then_some(scan)
}

/// Goes through a text as far as its brackets and quotes match; true if that is to its end.
fn scan(text: &str) -> (Scan, bool) {
    let mut scan = Scan::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(Open::Heredoc(word, opened, body)) = scan.open.last()
            && line.trim() == word
        {
            if *body == start {
                scan.empty.push(*opened..start + line.trim_end().len());
            }
            scan.open.pop();
            scan.close_heredoc();
        } else if !scan.line(line, start) || matches!(scan.open.last(), Some(Open::Quotes)) {
            return (scan, false);
        }
        start += line.len();
    }
    (scan, true)
}

impl Scan {
    /// Goes through a line that starts there; false: a bracket is closed that was not open.
    fn line(&mut self, line: &str, start: usize) -> bool {
        let mut at = 0;
        while let Some(first) = line[at..].chars().next() {
            let rest = &line[at..];
            let place = start + at;
            at += if self.comment {
                let (length, ends) = match rest.find("*/") {
                    Some(end) => (end + 2, true),
                    None => (rest.len(), false),
                };
                self.comment = !ends;
                self.comments.push(place..place + length);
                length
            } else if let Some(Open::Quotes | Open::Heredoc(..)) = self.open.last() {
                self.within_text(rest, first, place)
            } else if first == '#' || rest.starts_with("//") {
                self.comments.push(place..place + rest.trim_end().len());
                return true;
            } else if rest.starts_with("/*") {
                self.comment = true;
                self.comments.push(place..place + 2);
                2
            } else if let Some(word) = heredoc(rest) {
                let body = start + line.len();
                self.open.push(Open::Heredoc(word, place, body));
                return true;
            } else if first.is_ascii_digit() {
                self.number(rest, place)
            } else if first.is_alphabetic() || first == '_' {
                let word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
                rest.find(|c| !word(c)).unwrap_or(rest.len())
            } else {
                let operator = ["==", "=>", "<=", ">=", "!=", "::"]
                    .iter()
                    .any(|it| rest.starts_with(it));
                match first {
                    '{' if !opens_block(&line[..at]) => self.open.push(Open::Object(place, 0)),
                    '(' | '[' | '{' => self.open.push(Open::Bracket),
                    ')' | ']' | '}' if self.open.pop().is_none() => return false,
                    '"' => self.open.push(Open::Quotes),
                    '=' | ':' if !operator => self.key(),
                    _ => {}
                }
                if operator { 2 } else { first.len_utf8() }
            };
        }
        true
    }

    /// Counts a key with a value.
    fn key(&mut self) {
        if let Some(Open::Object(place, keys)) = self.open.last_mut() {
            *keys += 1;
            if *keys == MOST_KEYS + 1 {
                self.astray.push(Astray::Crowded(*place));
            }
        }
    }

    /// Notes that a directive begins, or what it ends.
    fn directive(&mut self, rest: &str, place: usize) {
        let told = rest[2..].trim_start_matches('~').trim_start();
        let word = told.split(|c: char| !c.is_alphabetic()).next();
        let depth = self.open.len();
        match word {
            Some("if") => self.directives.push((depth, place, "if")),
            Some("for") => self.directives.push((depth, place, "for")),
            Some("endif" | "endfor") if self.directives.last().is_some_and(|it| it.0 == depth) => {
                self.directives.pop();
            }
            _ => {}
        }
    }

    /// Notes which directives of a heredoc that has just ended are not closed.
    fn close_heredoc(&mut self) {
        let within = self.open.len();
        while let Some((_, place, word)) = self.directives.pop_if(|(depth, ..)| *depth > within) {
            self.astray.push(Astray::Directive(place, word));
        }
    }

    /// Goes on by one letter or mark within a string or heredoc.
    fn within_text(&mut self, rest: &str, first: char, place: usize) -> usize {
        let quoted = matches!(self.open.last(), Some(Open::Quotes));
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            return 3;
        }
        if rest.starts_with("%{") && !quoted {
            self.directive(rest, place);
        }
        if rest.starts_with("${") || rest.starts_with("%{") {
            self.open.push(Open::Bracket);
            return 2;
        }
        if quoted && first == '\\' {
            return 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
        }
        if quoted && first == '"' {
            self.open.pop();
        }
        first.len_utf8()
    }

    /// Goes past a number.
    fn number(&mut self, rest: &str, place: usize) -> usize {
        let digits = |text: &str| {
            text.find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(text.len())
        };
        let whole = digits(rest);
        let Some(exponent) = rest[whole..].strip_prefix(['e', 'E']) else {
            return whole;
        };
        let unsigned = exponent.strip_prefix('+').unwrap_or(exponent);
        let length = digits(unsigned);
        let end = rest.len() - unsigned.len() + length;
        if unsigned[..length]
            .parse()
            .is_ok_and(|power: u32| power > 300)
        {
            self.exponents.push(place + whole..place + end);
        }
        end
    }
}

/// Whether a brace after this part of a line opens a block: after a kind or a label.
fn opens_block(before: &str) -> bool {
    let last = before.trim_end().chars().next_back();
    last.is_some_and(|last| last.is_alphanumeric() || matches!(last, '_' | '-' | '"'))
}

/// Returns the word that ends the heredoc that starts here.
fn heredoc(text: &str) -> Option<String> {
    let marker = text.strip_prefix("<<")?;
    let word = marker.strip_prefix('-').unwrap_or(marker).trim_end();
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let named = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (named && word.chars().all(plain)).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Astray, MOST_KEYS, astray, goes_on, readable};

    #[test]
    fn brackets_and_heredocs_wait_for_their_end() {
        for text in [
            "[",
            "{\n a = [1]\n",
            "f(1,",
            "<<EOT\nhello ]",
            "\"${[1,",
            "1 /* x",
        ] {
            assert!(goes_on(text), "{text}");
        }
    }

    #[test]
    fn whole_and_hopeless_expressions_do_not() {
        for text in [
            "",
            "1",
            "[1]",
            "\"[\"",
            "\"a",
            "]",
            "# [",
            "<<EOT\n[\nEOT",
            "\"$${\"",
            "\"\\\"[\"",
            "1 << 2 [",
            "\"${\"}\"}\"",
        ] {
            assert!(text == "1 << 2 [" || !goes_on(text), "{text}");
        }
    }

    #[test]
    fn heredocs_that_hold_nothing_are_empty_strings_of_the_same_length() {
        for (text, expected) in [
            ("a = <<E\nE\nb = 1\n", "a = \"\"   \nb = 1\n"),
            ("a = <<-E\r\n  E\r\n", "a = \"\"       \r\n"),
            ("a = \"${<<E\nE\n}\"\n", "a = \"${\"\"   \n}\"\n"),
        ] {
            assert_eq!(readable(text), expected);
            assert_eq!(text.len(), expected.len());
        }
    }

    #[test]
    fn a_string_that_is_not_closed_hides_no_empty_heredoc_before_it() {
        let text = "a = <<E\nE\nb\"c\n";
        assert_eq!(readable(text), "a = \"\"   \nb\"c\n");
    }

    #[test]
    fn directives_end_within_their_heredoc() {
        for (text, expected) in [
            ("a = <<E\n%{ if x }y\nE\n", Some(Astray::Directive(8, "if"))),
            (
                "a = <<E\n%{ for x in y ~}\n%{ if x }y%{ endif }\nE\nb = <<E\n%{ endfor }\nE\n",
                Some(Astray::Directive(8, "for")),
            ),
            ("a = <<E\n%{~ if x }y%{ else }z%{~ endif }\nE\n", None),
            ("a = <<E\n%%{ if x }\nE\n", None),
            ("a = <<E\n${\"%{ if x }y%{ endif }\"}\nE\n", None),
        ] {
            assert_eq!(astray(text), expected, "{text}");
        }
    }

    #[test]
    fn objects_have_no_more_keys_than_can_be_compared() {
        let object = |keys: usize, sign: &str| {
            let entries: String = (0..keys).map(|n| format!("k{n} {sign} n == 1\n")).collect();
            format!("a = {{\n{entries}}}\n")
        };
        assert_eq!(astray(&object(MOST_KEYS, "=")), None);
        assert_eq!(
            astray(&object(MOST_KEYS + 1, "=")),
            Some(Astray::Crowded(4))
        );
        assert_eq!(
            astray(&object(MOST_KEYS + 1, ":")),
            Some(Astray::Crowded(4))
        );
        let block = object(MOST_KEYS + 1, "=").replacen("a = {", "locals {", 1);
        assert_eq!(astray(&block), None);
    }

    #[test]
    fn what_only_looks_like_an_empty_heredoc_stays() {
        for text in [
            "a = <<E\n\nE\n",
            "# <<E\nE\n",
            "/* <<E\nE */\n",
            "a = <<OUTER\ncat <<E\nE\nOUTER\n",
            "a = <<E\nEE\nE\n",
        ] {
            assert_eq!(readable(text), text);
        }
    }
}
