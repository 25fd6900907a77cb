//! Templates: what `~` strips, what `<<-` unindents and what escapes mean is settled here.
//!
//! Literals are read again from the source: hcl-edit does not decode those within directives. They
//! are cut into lines first, since Terraform strips and unindents line by line.

use std::ops::Range;

use hcl_edit::{
    Span as _,
    template::{Directive, Element, Strip},
};

use super::{
    ast::{Expr, ExprKind, Name, Part},
    hcl::Lowering,
    hcl_error,
};
use crate::model::Value;

/// How a template is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `"…"`: backslash escapes, one line.
    Quoted,
    /// `<<EOT`, or a string of JSON syntax.
    Bare,
    /// `<<-EOT`.
    Indented,
}

/// A piece of a template in source order.
enum Token {
    Literal(String),
    Interpolation(Expr),
    If(Expr),
    Else,
    EndIf,
    For {
        key_name: Option<Name>,
        value_name: Name,
        collection: Expr,
    },
    EndFor,
}

/// Lowers a template that has `depth` levels above it.
pub(super) fn lower(
    lowering: &mut Lowering,
    elements: impl IntoIterator<Item = Element>,
    form: Form,
    depth: usize,
) -> ExprKind {
    let mut flat = Flat {
        lowering,
        form,
        tokens: Vec::new(),
        strip_next: false,
    };
    flat.elements(elements, depth);
    let mut tokens = flat.tokens;
    if form == Form::Indented {
        unindent(&mut tokens);
    }
    let alone = tokens.len() == 1;
    let mut tokens = tokens.into_iter();
    let (mut parts, _) = parts(&mut tokens);
    match parts.as_mut_slice() {
        [] => ExprKind::Literal(Value::string("")),
        [Part::Literal(text)] => ExprKind::Literal(Value::String(text.clone())),
        // A stripped literal beside an interpolation still makes the whole a string.
        [Part::Interpolation(_)] if !alone => {
            parts.push(Part::Literal("".into()));
            ExprKind::Template(parts)
        }
        _ => ExprKind::Template(parts),
    }
}

/// A template being laid out as tokens.
struct Flat<'a, 'b> {
    lowering: &'a mut Lowering<'b>,
    form: Form,
    tokens: Vec<Token>,
    /// Whether the token before ended in `~}`.
    strip_next: bool,
}

impl Flat<'_, '_> {
    fn elements(&mut self, elements: impl IntoIterator<Item = Element>, depth: usize) {
        for element in elements {
            let range = element.span().unwrap_or(0..0);
            match element {
                Element::Literal(_) => self.literal(range),
                Element::Interpolation(interpolation) => {
                    let expr = self.lowering.expression(interpolation.expr, depth + 1);
                    self.control(Token::Interpolation(expr), interpolation.strip);
                }
                Element::Directive(directive) => self.directive(*directive, &range, depth),
            }
        }
    }

    fn directive(&mut self, directive: Directive, range: &Range<usize>, depth: usize) {
        match directive {
            Directive::If(parts) => {
                let condition = self.lowering.expression(parts.if_expr.cond_expr, depth + 1);
                self.control(Token::If(condition), parts.if_expr.strip);
                self.elements(parts.if_expr.template, depth + 1);
                if let Some(otherwise) = parts.else_expr {
                    self.control(Token::Else, otherwise.strip);
                    self.elements(otherwise.template, depth + 1);
                }
                self.control(Token::EndIf, parts.endif_expr.strip);
            }
            Directive::For(parts) => {
                let intro = parts.for_expr;
                let key_name = intro
                    .key_var
                    .as_ref()
                    .map(|name| self.lowering.ident(name, range));
                let token = Token::For {
                    key_name,
                    value_name: self.lowering.ident(&intro.value_var, range),
                    collection: self.lowering.expression(intro.collection_expr, depth + 1),
                };
                self.control(token, intro.strip);
                self.elements(intro.template, depth + 1);
                self.control(Token::EndFor, parts.endfor_expr.strip);
            }
        }
    }

    /// Adds what is not a literal, with what its `~` do to its neighbours.
    fn control(&mut self, token: Token, strip: Strip) {
        if strip.strip_start()
            && let Some(Token::Literal(text)) = self.tokens.last_mut()
        {
            text.truncate(text.trim_end().len());
        }
        self.strip_next = strip.strip_end();
        self.tokens.push(token);
    }

    fn literal(&mut self, range: Range<usize>) {
        let text = &self.lowering.text[range.clone()];
        if self.form == Form::Quoted {
            if let Some(at) = text.find(['\n', '"']).filter(|_| self.broken(text)) {
                let at = range.start + at;
                self.lowering
                    .error(range.start..at, hcl_error::newline_in_string());
                return;
            }
            let decoded = unescape(text).unwrap_or_else(|| {
                self.lowering
                    .error(range.clone(), hcl_error::invalid_escape());
                String::new()
            });
            self.push(decoded);
            return;
        }
        for line in text.split_inclusive('\n') {
            self.push(unmark(line));
        }
    }

    /// Whether a quoted literal holds a newline or a quote that is not escaped.
    fn broken(&self, text: &str) -> bool {
        let mut escaped = false;
        text.chars().any(|c| {
            let wrong = c == '\n' || (c == '"' && !escaped);
            escaped = c == '\\' && !escaped;
            wrong
        })
    }

    fn push(&mut self, mut text: String) {
        if std::mem::take(&mut self.strip_next) {
            text.drain(..text.len() - text.trim_start().len());
        }
        self.tokens.push(Token::Literal(text));
    }
}

/// Returns the text with `$${` and `%%{` read as `${` and `%{`.
fn unmark(text: &str) -> String {
    if text.contains("$${") || text.contains("%%{") {
        text.replace("$${", "${").replace("%%{", "%{")
    } else {
        text.to_owned()
    }
}

/// Returns a quoted literal's text, or `None` when an escape is not one.
fn unescape(text: &str) -> Option<String> {
    let text = unmark(text);
    if !text.contains('\\') {
        return Some(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            decoded.push(c);
            continue;
        }
        let code = |rest: &mut std::str::Chars, digits: usize| {
            let hex: String = rest.take(digits).collect();
            u32::from_str_radix(&hex, 16)
                .ok()
                .filter(|_| hex.len() == digits)
                .and_then(char::from_u32)
        };
        decoded.push(match rest.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\\' => '\\',
            '"' => '"',
            'u' => code(&mut rest, 4)?,
            'U' => code(&mut rest, 8)?,
            _ => return None,
        });
    }
    Some(decoded)
}

/// Takes the smallest indentation of any line off every line. Blank lines neither count nor change.
fn unindent(tokens: &mut [Token]) {
    let mut smallest = usize::MAX;
    let mut starts = Vec::new();
    let mut line_start = true;
    for (at, token) in tokens.iter().enumerate() {
        if std::mem::take(&mut line_start) {
            match token {
                Token::Literal(text) => {
                    let trimmed = text.trim_start();
                    if !trimmed.is_empty() || !text.ends_with('\n') {
                        let spaces = text[..text.len() - trimmed.len()].chars().count();
                        smallest = smallest.min(spaces);
                        starts.push(at);
                    }
                }
                _ => smallest = 0,
            }
        }
        line_start = matches!(token, Token::Literal(text) if text.ends_with('\n'));
    }
    for at in starts {
        if let Token::Literal(text) = &mut tokens[at] {
            let end = text
                .char_indices()
                .nth(smallest)
                .map_or(text.len(), |(end, _)| end);
            text.drain(..end);
        }
    }
}

/// Builds parts up to the end of the directive that they stand in; returns what ended them.
fn parts(tokens: &mut std::vec::IntoIter<Token>) -> (Vec<Part>, Option<Token>) {
    let mut list = Vec::new();
    let mut literal = String::new();
    while let Some(token) = tokens.next() {
        if let Token::Literal(text) = token {
            literal.push_str(&text);
            continue;
        }
        flush(&mut literal, &mut list);
        match token {
            Token::Literal(_) => {}
            Token::Interpolation(expr) => list.push(Part::Interpolation(expr)),
            Token::If(condition) => {
                let (yes, end) = parts(tokens);
                let no = match end {
                    Some(Token::Else) => parts(tokens).0,
                    _ => Vec::new(),
                };
                list.push(Part::If { condition, yes, no });
            }
            Token::For {
                key_name,
                value_name,
                collection,
            } => {
                let (body, _) = parts(tokens);
                list.push(Part::For {
                    key_name,
                    value_name,
                    collection,
                    body,
                });
            }
            Token::Else | Token::EndIf | Token::EndFor => return (list, Some(token)),
        }
    }
    flush(&mut literal, &mut list);
    (list, None)
}

fn flush(literal: &mut String, list: &mut Vec<Part>) {
    if !literal.is_empty() {
        list.push(Part::Literal(std::mem::take(literal).into()));
    }
}
