//! How many blanks come before each token: indentation, spaces within a line, and columns over lines.
//!
//! The rules are Terraform's, down to the odd ones, so that what one of the two programs has formatted the
//! other leaves alone.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::tokens::{Kind, Token};

/// A line: what leads, then maybe `= VALUE` or a comment, each of which is aligned with those of its neighbours.
#[derive(Debug)]
struct Line {
    lead: Range<usize>,
    assign: Range<usize>,
    comment: Range<usize>,
}

/// Sets the blanks before every token.
pub(super) fn lay_out(tokens: &mut [Token<'_>]) {
    let lines = lines(tokens);
    indent(tokens, &lines);
    for line in &lines {
        space(&mut tokens[line.lead.clone()]);
        space(&mut tokens[line.assign.clone()]);
    }
    align(tokens, &lines, |line| {
        (line.assign.clone(), line.lead.clone())
    });
    align(tokens, &lines, |line| {
        (line.comment.clone(), line.lead.start..line.assign.end)
    });
}

fn lines(tokens: &[Token<'_>]) -> Vec<Line> {
    let mut start = 0;
    tokens
        .split_inclusive(Token::ends_line)
        .map(|line| {
            let range = start..start + line.len();
            start = range.end;
            cells(tokens, range)
        })
        .collect()
}

fn cells(tokens: &[Token<'_>], line: Range<usize>) -> Line {
    let mut end = line.end;
    if line.len() > 1 && tokens[end - 1].kind == Kind::Comment {
        end -= 1;
    }
    let equal = (line.start + 1..end).find(|at| tokens[*at].kind == Kind::Equal);
    // A value that goes on in the next line is not aligned.
    let equal = equal.filter(|at| opened(&tokens[*at..end]) == 0);
    let lead_end = equal.unwrap_or(end);
    Line {
        lead: line.start..lead_end,
        assign: lead_end..end,
        comment: end..line.end,
    }
}

fn opened(tokens: &[Token<'_>]) -> isize {
    tokens.iter().map(|token| token.kind.opens()).sum()
}

/// Indents each line by the lines above it that have left brackets open, however many each has.
fn indent(tokens: &mut [Token<'_>], lines: &[Line]) {
    let mut open: Vec<isize> = Vec::new();
    for line in lines {
        let lead = &tokens[line.lead.clone()];
        if lead.first().is_some_and(|it| it.kind == Kind::Newline) {
            tokens[line.lead.start].blanks = 0;
            continue;
        }
        let before_heredoc = lead
            .split(|token| token.kind == Kind::OpenHeredoc)
            .next()
            .unwrap_or_default();
        let net = opened(before_heredoc) + opened(&tokens[line.assign.clone()]);
        let mut closed = -net;
        while closed > 0
            && let Some(last) = open.last_mut()
        {
            let by = closed.min(*last);
            *last -= by;
            closed -= by;
            if *last == 0 {
                open.pop();
            }
        }
        tokens[line.lead.start].blanks = 2 * open.len();
        if net > 0 {
            open.push(net);
        }
    }
}

fn space(cell: &mut [Token<'_>]) {
    for at in 1..cell.len() {
        let before = at.checked_sub(2).map(|at| &cell[at]);
        let apart = apart(before, &cell[at - 1], cell[at].kind);
        cell[at].blanks = usize::from(apart);
    }
}

/// Whether there is a space between a token and the one after it.
fn apart(before: Option<&Token<'_>>, token: &Token<'_>, after: Kind) -> bool {
    use Kind::*;
    let before_is = |kinds: &[Kind]| before.is_some_and(|it| kinds.contains(&it.kind));
    match (token.kind, after) {
        (_, Newline)
        | (Ident, OpenParenthesis | DoubleColon)
        | (DoubleColon, Ident)
        | (Dot, _)
        | (_, Dot | Comma | Ellipsis) => false,
        (Comma, _) => true,
        (Literal | OpenQuote | OpenHeredoc, _) | (_, Literal | CloseQuote | CloseHeredoc) => false,
        (Ident, _) if token.text == "in" && before_is(&[Ident]) => true,
        (
            Ident | Number | CloseBrace | CloseBracket | CloseParenthesis | CloseSequence,
            OpenBracket,
        )
        | (Bang, _) => false,
        // A minus after the end of an operand subtracts; else it is a sign.
        (Minus, _) => {
            before.is_some()
                && !before_is(&[
                    OpenParenthesis,
                    OpenBrace,
                    OpenBracket,
                    Equal,
                    Colon,
                    Comma,
                    Question,
                    Operator,
                    Minus,
                    Bang,
                ])
        }
        (OpenBrace, CloseBrace) => false,
        (OpenBrace, _) | (_, CloseBrace) => true,
        (OpenSequence, OpenBrace) | (CloseBrace, CloseSequence) => true,
        (CloseSequence, OpenSequence) => false,
        _ => token.kind.opens() <= 0 && after.opens() >= 0,
    }
}

/// Aligns the cells of neighbouring lines after the widest of what comes before them.
fn align(
    tokens: &mut [Token<'_>],
    lines: &[Line],
    cell: impl Fn(&Line) -> (Range<usize>, Range<usize>),
) {
    let cells: Vec<_> = lines.iter().map(cell).collect();
    for run in cells.chunk_by(|(one, _), (other, _)| one.is_empty() == other.is_empty()) {
        if run.first().is_none_or(|(cell, _)| cell.is_empty()) {
            continue;
        }
        let widths: Vec<usize> = run
            .iter()
            .map(|(_, before)| columns(&tokens[before.clone()]))
            .collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        for ((cell, _), width) in run.iter().zip(widths) {
            tokens[cell.start].blanks = widest - width + 1;
        }
    }
}

fn columns(tokens: &[Token<'_>]) -> usize {
    tokens
        .iter()
        .map(|token| token.blanks + token.text.graphemes(true).count())
        .sum()
}
