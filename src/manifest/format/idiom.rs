//! Older ways to write something become the plain one: `"${x}"` is `x`, the type `"list"` is `list(string)`,
//! and labels of blocks have quotes.

use std::ops::Range;

use super::tokens::{Kind, Token};

/// Types that were text once, and collections whose elements were not named.
const TYPES: &[(&[&str], &[&str])] = &[
    (&["\"", "string", "\""], &["string"]),
    (&["\"", "list", "\""], &["list", "(", "string", ")"]),
    (&["\"", "map", "\""], &["map", "(", "string", ")"]),
    (&["list"], &["list", "(", "any", ")"]),
    (&["map"], &["map", "(", "any", ")"]),
    (&["set"], &["set", "(", "any", ")"]),
];

/// Returns the tokens with the plain ways.
pub(super) fn rewrite<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut written = Vec::with_capacity(tokens.len() + tokens.len() / 16);
    let mut blocks: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        written.push(*token);
        at += 1;
        match token.kind {
            Kind::Ident if follows(tokens, at) == Some(Kind::Equal) => {
                let value = value(tokens, at);
                written.extend(&tokens[at..value.start]);
                let is_type = blocks == ["variable"] && token.text == "type";
                let expression = &tokens[value.clone()];
                written.extend(if is_type {
                    plain_type(expression)
                } else {
                    unwrapped(expression)
                });
                at = value.end;
            }
            Kind::Ident => {
                let end = at + labels(&tokens[at..]);
                written.extend(tokens[at..end].iter().flat_map(quoted));
                blocks.push(token.text);
                at = end;
            }
            Kind::CloseBrace => {
                blocks.pop();
            }
            _ => {}
        }
    }
    written
}

/// Returns what comes after comments.
fn follows(tokens: &[Token<'_>], at: usize) -> Option<Kind> {
    let mut kinds = tokens[at..].iter().map(|token| token.kind);
    kinds.find(|kind| *kind != Kind::Comment)
}

/// Returns how many tokens there are up to the block's brace, which is taken along.
fn labels(tokens: &[Token<'_>]) -> usize {
    let brace = tokens
        .iter()
        .position(|token| token.kind == Kind::OpenBrace);
    brace.map_or(tokens.len(), |at| at + 1)
}

fn quoted<'a>(token: &Token<'a>) -> Vec<Token<'a>> {
    if token.kind == Kind::Ident {
        vec![
            Token::new(Kind::OpenQuote, "\""),
            Token::new(Kind::Literal, token.text),
            Token::new(Kind::CloseQuote, "\""),
        ]
    } else {
        vec![*token]
    }
}

/// Returns where the value of an attribute is whose name ends at `at`, without comments around it.
fn value(tokens: &[Token<'_>], at: usize) -> Range<usize> {
    let is_comment = |token: &Token<'_>| token.kind == Kind::Comment;
    let equal = tokens[at..].iter().position(|it| it.kind == Kind::Equal);
    let mut start = equal.map_or(at, |it| at + it + 1);
    let mut depth = 0;
    let mut end = start;
    for token in &tokens[start..] {
        let closes = depth == 0 && token.kind.opens() < 0;
        if closes || depth == 0 && token.ends_line() {
            break;
        }
        depth += token.kind.opens();
        end += 1;
    }
    while start < end && is_comment(&tokens[start]) {
        start += 1;
    }
    while start < end && is_comment(&tokens[end - 1]) {
        end -= 1;
    }
    start..end
}

fn plain_type<'a>(expression: &[Token<'a>]) -> Vec<Token<'a>> {
    let matches = |texts: &[&str]| {
        expression
            .iter()
            .map(|it| it.text)
            .eq(texts.iter().copied())
    };
    let Some((_, plain)) = TYPES.iter().find(|(old, _)| matches(old)) else {
        return expression.to_vec();
    };
    let kind = |text: &str| match text {
        "(" => Kind::OpenParenthesis,
        ")" => Kind::CloseParenthesis,
        _ => Kind::Ident,
    };
    plain.iter().map(|it| Token::new(kind(it), it)).collect()
}

/// Takes an expression out of the template that holds nothing else.
fn unwrapped<'a>(expression: &[Token<'a>]) -> Vec<Token<'a>> {
    let [open, start, inside @ .., end, close] = expression else {
        return expression.to_vec();
    };
    let around = [open.kind, start.kind, end.kind, close.kind];
    let template = [
        Kind::OpenQuote,
        Kind::OpenSequence,
        Kind::CloseSequence,
        Kind::CloseQuote,
    ];
    if around != template || !start.text.starts_with('$') || inside.is_empty() || !is_whole(inside)
    {
        return expression.to_vec();
    }
    let is_newline = |token: &Token<'_>| token.kind == Kind::Newline;
    let first = inside.iter().position(|it| !is_newline(it));
    let last = inside.iter().rposition(|it| !is_newline(it));
    let (Some(first), Some(last)) = (first, last) else {
        return expression.to_vec();
    };
    let trimmed = &inside[first..=last];
    let in_parentheses = trimmed[0].kind == Kind::OpenParenthesis
        && trimmed[trimmed.len() - 1].kind == Kind::CloseParenthesis;
    if !trimmed.iter().any(is_newline) || in_parentheses {
        return unwrapped(trimmed);
    }
    // Over several lines, only brackets hold it together.
    let mut held = vec![Token::new(Kind::OpenParenthesis, "(")];
    held.extend(trimmed);
    held.push(Token::new(Kind::CloseParenthesis, ")"));
    held
}

/// Whether the tokens between the first `${` and the last `}` belong to one sequence.
fn is_whole(inside: &[Token<'_>]) -> bool {
    let mut quotes = 0;
    inside.iter().all(|token| match token.kind {
        Kind::OpenQuote => {
            quotes += 1;
            true
        }
        Kind::CloseQuote => {
            quotes -= 1;
            true
        }
        Kind::OpenSequence | Kind::CloseSequence | Kind::Literal => quotes > 0,
        _ => true,
    })
}
