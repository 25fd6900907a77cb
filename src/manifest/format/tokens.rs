//! Text as tokens that leave nothing out: comments, line ends and the insides of templates are tokens too.

/// What a token is, as far as the spaces around it depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::manifest) enum Kind {
    Newline,
    Comment,
    Ident,
    Number,
    OpenQuote,
    CloseQuote,
    OpenHeredoc,
    CloseHeredoc,
    /// Text in a template.
    Literal,
    /// `${` or `%{`.
    OpenSequence,
    CloseSequence,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    Equal,
    Comma,
    Dot,
    DoubleColon,
    Ellipsis,
    Colon,
    Question,
    Bang,
    Minus,
    /// Calculates, compares or combines two operands.
    Operator,
    Other,
}

impl Kind {
    /// How many brackets it opens; -1 if it closes one.
    pub(super) fn opens(self) -> isize {
        match self {
            Self::OpenBrace | Self::OpenBracket | Self::OpenParenthesis | Self::OpenSequence => 1,
            Self::CloseBrace
            | Self::CloseBracket
            | Self::CloseParenthesis
            | Self::CloseSequence => -1,
            _ => 0,
        }
    }
}

/// A piece of the text, and how many blanks come before it.
#[derive(Clone, Copy, Debug)]
pub(in crate::manifest) struct Token<'a> {
    pub(in crate::manifest) kind: Kind,
    pub(in crate::manifest) text: &'a str,
    pub(in crate::manifest) blanks: usize,
}

impl<'a> Token<'a> {
    /// Returns a token that was not in the text.
    pub(super) fn new(kind: Kind, text: &'a str) -> Self {
        Self {
            kind,
            text,
            blanks: 0,
        }
    }

    /// Whether a line ends with it: a comment to the end of the line has its line end in it.
    pub(super) fn ends_line(&self) -> bool {
        self.kind == Kind::Newline || self.kind == Kind::Comment && self.text.ends_with('\n')
    }
}

/// What the scanner is in.
enum Within<'a> {
    /// An expression between `${` and `}`, with so many braces open.
    Sequence { braces: usize },
    /// Double quotes.
    Quotes,
    /// A heredoc that ends with this marker.
    Heredoc { marker: &'a str, line_start: bool },
}

/// What is longer than one letter, before what it starts with.
const SYMBOLS: &[(&str, Kind)] = &[
    ("...", Kind::Ellipsis),
    ("::", Kind::DoubleColon),
    ("=>", Kind::Other),
    ("==", Kind::Operator),
    ("!=", Kind::Operator),
    (">=", Kind::Operator),
    ("<=", Kind::Operator),
    ("&&", Kind::Operator),
    ("||", Kind::Operator),
    ("[", Kind::OpenBracket),
    ("]", Kind::CloseBracket),
    ("(", Kind::OpenParenthesis),
    (")", Kind::CloseParenthesis),
    ("{", Kind::OpenBrace),
    ("}", Kind::CloseBrace),
    ("=", Kind::Equal),
    (",", Kind::Comma),
    (".", Kind::Dot),
    (":", Kind::Colon),
    ("?", Kind::Question),
    ("!", Kind::Bang),
    ("-", Kind::Minus),
    ("+", Kind::Operator),
    ("*", Kind::Operator),
    ("/", Kind::Operator),
    ("%", Kind::Operator),
    ("<", Kind::Operator),
    (">", Kind::Operator),
];

/// Cuts a text into tokens, and returns how many blanks follow the last one.
pub(in crate::manifest) fn scan(text: &str) -> (Vec<Token<'_>>, usize) {
    let mut scanner = Scanner {
        rest: text,
        blanks: 0,
        within: Vec::new(),
        tokens: Vec::new(),
    };
    while !scanner.rest.is_empty() {
        match scanner.within.last() {
            Some(Within::Quotes) => scanner.quoted(),
            Some(Within::Heredoc { marker, line_start }) => {
                let (marker, line_start) = (*marker, *line_start);
                scanner.heredoc(marker, line_start);
            }
            None | Some(Within::Sequence { .. }) => scanner.plain(),
        }
    }
    (scanner.tokens, scanner.blanks)
}

struct Scanner<'a> {
    rest: &'a str,
    blanks: usize,
    within: Vec<Within<'a>>,
    tokens: Vec<Token<'a>>,
}

impl<'a> Scanner<'a> {
    fn take(&mut self, kind: Kind, length: usize) {
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        let blanks = std::mem::take(&mut self.blanks);
        self.tokens.push(Token { kind, text, blanks });
    }

    /// Takes a token outside of templates.
    fn plain(&mut self) {
        let rest = self.rest;
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if blanks > 0 {
            self.blanks += blanks;
            self.rest = &rest[blanks..];
        } else if let Some(length) = newline(rest) {
            self.take(Kind::Newline, length);
        } else if rest.starts_with('#') || rest.starts_with("//") {
            let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
            self.take(Kind::Comment, end);
        } else if let Some(inside) = rest.strip_prefix("/*") {
            let end = inside.find("*/").map_or(rest.len(), |at| at + 4);
            self.take(Kind::Comment, end);
        } else if rest.starts_with('"') {
            self.take(Kind::OpenQuote, 1);
            self.within.push(Within::Quotes);
        } else if let Some((length, marker)) = heredoc_start(rest) {
            self.take(Kind::OpenHeredoc, length);
            let line_start = true;
            self.within.push(Within::Heredoc { marker, line_start });
        } else if let Some(length) = number(rest) {
            self.take(Kind::Number, length);
        } else if let length @ 1.. = ident(rest) {
            self.take(Kind::Ident, length);
        } else {
            self.symbol();
        }
    }

    fn symbol(&mut self) {
        let rest = self.rest;
        if let Some(Within::Sequence { braces }) = self.within.last_mut() {
            match rest.as_bytes() {
                [b'{', ..] => *braces += 1,
                [b'}', ..] | [b'~', b'}', ..] if *braces == 0 => {
                    self.within.pop();
                    let length = if rest.starts_with('~') { 2 } else { 1 };
                    return self.take(Kind::CloseSequence, length);
                }
                [b'}', ..] => *braces -= 1,
                _ => {}
            }
        }
        let known = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol));
        let (length, kind) = known.map_or_else(
            || (rest.chars().next().map_or(0, char::len_utf8), Kind::Other),
            |(symbol, kind)| (symbol.len(), *kind),
        );
        self.take(kind, length);
    }

    /// Takes a token between double quotes.
    fn quoted(&mut self) {
        let rest = self.rest;
        if rest.starts_with('"') {
            self.take(Kind::CloseQuote, 1);
            self.within.pop();
        } else if !self.sequence() {
            let mut end = 0;
            while end < rest.len() && !rest[end..].starts_with('"') && !sequence_at(&rest[end..]) {
                let escaped = rest[end..].starts_with('\\');
                end += escape(&rest[end..]).unwrap_or_else(|| letters(&rest[end..], escaped));
            }
            self.take(Kind::Literal, end);
        }
    }

    /// Takes a token of a heredoc: the marker's line, or text up to the end of its line.
    fn heredoc(&mut self, marker: &'a str, line_start: bool) {
        let rest = self.rest;
        let line = rest.find('\n').map_or(rest, |at| &rest[..at]);
        if line_start && line.trim() == marker {
            let end = line.strip_suffix('\r').unwrap_or(line).len();
            self.take(Kind::CloseHeredoc, end);
            self.within.pop();
            return;
        }
        if self.sequence() {
            return;
        }
        let mut end = 0;
        while end < line.len() && !sequence_at(&rest[end..]) {
            end += escape(&rest[end..]).unwrap_or_else(|| letters(&rest[end..], false));
        }
        let whole = end >= line.len();
        if whole {
            end = rest.len().min(line.len() + 1);
        }
        self.take(Kind::Literal, end);
        self.at_line_start(whole);
    }

    /// Takes `${` or `%{` if it comes next.
    fn sequence(&mut self) -> bool {
        if !sequence_at(self.rest) {
            return false;
        }
        let length = if self.rest[2..].starts_with('~') {
            3
        } else {
            2
        };
        self.take(Kind::OpenSequence, length);
        self.at_line_start(false);
        self.within.push(Within::Sequence { braces: 0 });
        true
    }

    fn at_line_start(&mut self, it_is: bool) {
        if let Some(Within::Heredoc { line_start, .. }) = self.within.last_mut() {
            *line_start = it_is;
        }
    }
}

fn sequence_at(text: &str) -> bool {
    text.starts_with("${") || text.starts_with("%{")
}

/// Returns the length of `$${` or `%%{`, which stand for themselves.
fn escape(text: &str) -> Option<usize> {
    (text.starts_with("$${") || text.starts_with("%%{")).then_some(3)
}

/// Returns the length of a letter, or of an escape of two.
fn letters(text: &str, two: bool) -> usize {
    text.chars()
        .take(if two { 2 } else { 1 })
        .map(char::len_utf8)
        .sum()
}

fn newline(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    }
}

fn heredoc_start(text: &str) -> Option<(usize, &str)> {
    let after = text.strip_prefix("<<")?;
    let after = after.strip_prefix('-').unwrap_or(after);
    let length = ident(after);
    let end = newline(&after[length..])?;
    (length > 0).then(|| {
        let start = text.len() - after.len();
        (start + length + end, &after[..length])
    })
}

fn ident(text: &str) -> usize {
    let starts = |c: char| c.is_alphabetic() || c == '_' || !c.is_ascii();
    if !text.starts_with(starts) {
        return 0;
    }
    let goes_on = |c: char| starts(c) || c.is_numeric() || c == '-';
    text.find(|c| !goes_on(c)).unwrap_or(text.len())
}

fn number(text: &str) -> Option<usize> {
    let digits = |from: usize| {
        let after = &text[from..];
        after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len()
    };
    let mut end = digits(0);
    if end == 0 {
        return None;
    }
    if text[end..].starts_with('.') {
        match digits(end + 1) {
            0 => {}
            more => end += 1 + more,
        }
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        match digits(end + 1 + sign) {
            0 => {}
            more => end += 1 + sign + more,
        }
    }
    Some(end)
}
