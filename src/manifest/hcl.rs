//! HCL: the syntax tree of hcl-edit becomes ours, with a span on every node.
//!
//! hcl-edit bounds nesting, so recursion over its tree is bounded; what it chains without nesting
//! (traversals) is bounded here. Start with [`manifest`], [`expression`] and [`template`].

use std::{borrow::Cow, ops::Range, sync::Arc};

use hcl_edit::{
    Ident, Span as _,
    expr::{Expression, ForExpr, FuncCall, ObjectKey, Traversal, TraversalOperator},
    structure::{self, BlockLabel, Structure},
};

use rayon::prelude::*;

use super::{
    ast::{Attribute, BinaryOp, Block, Body, Expr, ExprKind, For, Name, UnaryOp},
    continuation, hcl_error,
    hcl_template::{self, Form},
    place::{Names, Place, narrow},
};
use crate::model::{Diagnostic, Number, SourceId, Span, Value, value::normalized};

/// How deep a tree of expressions may get: whoever walks it recursively must not run out of stack.
pub(super) const MAX_DEPTH: usize = 256;

/// How large a part of a large file is that is parsed on its own, in bytes.
const PART: usize = 1 << 20;

/// Parses a manifest. The errors are at most one of syntax, or any number of what hcl-edit lets pass.
///
/// A large one is cut after lines that are `}` alone, and its parts are parsed at the same time. A cut
/// within a heredoc, comment or block leaves something unclosed: then the file is parsed as one.
pub(super) fn manifest(text: &str, source: SourceId) -> Result<Body, Vec<Diagnostic>> {
    in_parts(text, source, PART)
}

/// Parses a manifest in parts of about `size` bytes.
pub(super) fn in_parts(text: &str, source: SourceId, size: usize) -> Result<Body, Vec<Diagnostic>> {
    if text.len() < 2 * size {
        return body(text, source);
    }
    let bodies: Result<Vec<Body>, _> = cut(text, size)
        .into_par_iter()
        .map(|range| {
            part(
                &text[range.clone()],
                &Place::At(source, narrow(range.start)),
            )
        })
        .collect();
    let Ok(bodies) = bodies else {
        return body(text, source);
    };
    let mut whole = Body {
        attributes: Vec::new(),
        blocks: Vec::new(),
        span: Place::At(source, 0).span(0..text.len()),
    };
    for body in bodies {
        whole.attributes.extend(body.attributes);
        whole.blocks.extend(body.blocks);
    }
    Ok(whole)
}

/// Cuts a text after lines that are `}` alone.
fn cut(text: &str, size: usize) -> Vec<Range<usize>> {
    const END: &str = "\n}\n";
    let mut parts = Vec::new();
    let mut start = 0;
    while text.len() - start > size {
        let mut from = start + size;
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let Some(at) = text[from..].find(END) else {
            break;
        };
        let end = from + at + END.len();
        parts.push(start..end);
        start = end;
    }
    parts.push(start..text.len());
    parts
}

/// Parses a file as one. The errors are those of [`manifest`].
pub(super) fn body(text: &str, source: SourceId) -> Result<Body, Vec<Diagnostic>> {
    part(text, &Place::At(source, 0))
}

/// Checks that a text is HCL, whatever its blocks mean.
pub(super) fn syntax(text: &str, source: SourceId) -> Result<(), Vec<Diagnostic>> {
    let place = Place::At(source, 0);
    let text = &*ready(text, &place)?;
    let parsed = hcl_edit::parser::parse_body(text);
    parsed
        .map(|_| ())
        .map_err(|error| vec![hcl_error::describe(&error, text, "file", &place)])
}

/// Returns a text as hcl-edit can read it, and what of it hcl-edit would not notice.
fn ready<'t>(text: &'t str, place: &Place) -> Result<Cow<'t, str>, Vec<Diagnostic>> {
    match continuation::astray(text) {
        None => Ok(continuation::readable(text)),
        Some(astray) => Err(vec![hcl_error::astray(astray, place)]),
    }
}

fn part(text: &str, place: &Place) -> Result<Body, Vec<Diagnostic>> {
    let text = &*ready(text, place)?;
    let parsed = hcl_edit::parser::parse_body(text)
        .map_err(|error| vec![hcl_error::describe(&error, text, "file", place)])?;
    let mut names = Names::default();
    let mut lowering = Lowering::new(text, place, &mut names);
    let body = lowering.body(parsed, 0..text.len());
    lowering.finish(body)
}

/// Parses an expression.
pub(super) fn expression(
    text: &str,
    place: &Place,
    names: &mut Names,
) -> Result<Expr, Vec<Diagnostic>> {
    // hcl-edit takes no whitespace around an expression.
    let start = text.len() - text.trim_start().len();
    let shifted = shift(place, start);
    let trimmed = &*ready(text.trim(), &shifted)?;
    let parsed = hcl_edit::parser::parse_expr(trimmed).or_else(|error| {
        // What hcl-edit does not take, though it is in place: the tree's spans stay right.
        let plain = continuation::plain(trimmed);
        let parsed = plain.and_then(|plain| hcl_edit::parser::parse_expr(plain.trim_end()).ok());
        parsed.ok_or_else(|| vec![hcl_error::describe(&error, trimmed, "expression", &shifted)])
    })?;
    let mut lowering = Lowering::new(trimmed, &shifted, names);
    let expr = lowering.expression(parsed, 0);
    lowering.finish(expr)
}

/// Parses a template as it stands in a string of JSON syntax: without quotes and escapes.
pub(super) fn template(
    text: &str,
    place: &Place,
    names: &mut Names,
) -> Result<Expr, Vec<Diagnostic>> {
    let parsed = hcl_edit::parser::parse_template(text)
        .map_err(|error| vec![hcl_error::describe(&error, text, "string", place)])?;
    let mut lowering = Lowering::new(text, place, names);
    let span = place.span(0..text.len());
    let kind = hcl_template::lower(&mut lowering, parsed, Form::Bare, 0);
    lowering.finish(Expr { kind, span })
}

fn shift(place: &Place, by: usize) -> Place {
    match place {
        Place::At(source, offset) => Place::At(*source, offset + narrow(by)),
        Place::Pieces(source, pieces) => {
            let by = narrow(by);
            let mut shifted = vec![(0, place.span(by as usize..by as usize).start)];
            shifted.extend(
                pieces
                    .iter()
                    .filter(|(start, _)| *start > by)
                    .map(|(start, at)| (start - by, *at)),
            );
            Place::Pieces(*source, shifted)
        }
        Place::Whole(span) => Place::Whole(*span),
    }
}

/// One text on its way from hcl-edit's tree to ours.
pub(super) struct Lowering<'a> {
    pub(super) text: &'a str,
    place: &'a Place,
    names: &'a mut Names,
    errors: Vec<Diagnostic>,
    /// Whether keys of objects name providers: in the `providers` of a module call.
    keys_are_providers: bool,
}

impl<'a> Lowering<'a> {
    fn new(text: &'a str, place: &'a Place, names: &'a mut Names) -> Self {
        Self {
            text,
            place,
            names,
            errors: Vec::new(),
            keys_are_providers: false,
        }
    }

    fn finish<T>(self, result: T) -> Result<T, Vec<Diagnostic>> {
        if self.errors.is_empty() {
            Ok(result)
        } else {
            Err(self.errors)
        }
    }

    /// Notes an error at a range of the text.
    pub(super) fn error(&mut self, range: Range<usize>, diagnostic: Diagnostic) {
        let span = self.place.span(range);
        self.errors.push(diagnostic.at(span));
    }

    /// Returns the span of a range of the text.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.place.span(range)
    }

    /// Returns a name with its position.
    pub(super) fn name(&mut self, text: &str, range: Range<usize>) -> Name {
        Name {
            text: self.names.get(text),
            span: self.place.span(range),
        }
    }

    /// Returns the name that an identifier with a span is.
    pub(super) fn ident(&mut self, ident: &hcl_edit::Decorated<Ident>, or: &Range<usize>) -> Name {
        self.name(ident.as_str(), ident.span().unwrap_or_else(|| or.clone()))
    }

    fn body(&mut self, body: structure::Body, whole: Range<usize>) -> Body {
        let mut lowered = Body {
            attributes: Vec::new(),
            blocks: Vec::new(),
            span: self.place.span(body.span().unwrap_or(whole)),
        };
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let name = self.ident(&attribute.key, &(0..0));
                    self.keys_are_providers = &*name.text == "providers";
                    let value = self.expression(attribute.value, 0);
                    self.keys_are_providers = false;
                    lowered.attributes.push(Attribute { name, value });
                }
                Structure::Block(block) => lowered.blocks.push(self.block(block)),
            }
        }
        lowered
    }

    fn block(&mut self, block: structure::Block) -> Block {
        let whole = block.span().unwrap_or(0..0);
        let kind = self.ident(&block.ident, &whole);
        let labels: Vec<Name> = block
            .labels
            .iter()
            .map(|label| {
                let range = label.span().unwrap_or_else(|| whole.clone());
                if matches!(label, BlockLabel::String(_)) {
                    self.check_one_line(range.clone());
                }
                self.name(label.as_str(), range)
            })
            .collect();
        let span = labels
            .last()
            .map_or(kind.span, |last| kind.span.to(last.span));
        let body = self.body(block.body, whole);
        Block {
            kind,
            labels,
            body,
            span,
        }
    }

    /// Lowers an expression that has `depth` levels above it.
    pub(super) fn expression(&mut self, expr: Expression, depth: usize) -> Expr {
        let range = expr.span().unwrap_or(0..0);
        let span = self.place.span(range.clone());
        if depth >= MAX_DEPTH {
            self.too_deep(range);
            return Expr {
                kind: ExprKind::Literal(Value::Null),
                span,
            };
        }
        let kind = self.kind(expr, range, depth);
        Expr { kind, span }
    }

    fn too_deep(&mut self, range: Range<usize>) {
        let detail = format!("An expression can be at most {MAX_DEPTH} levels deep.");
        self.error(
            range,
            Diagnostic::error("Expression too deep", detail)
                .hint("Give parts of it names with local values."),
        );
    }

    fn boxed(&mut self, expr: Expression, depth: usize) -> Box<Expr> {
        Box::new(self.expression(expr, depth + 1))
    }

    fn kind(&mut self, expr: Expression, range: Range<usize>, depth: usize) -> ExprKind {
        match expr {
            Expression::Null(_) => ExprKind::Literal(Value::Null),
            Expression::Bool(value) => ExprKind::Literal(Value::Bool(value.into_value())),
            Expression::Number(_) => ExprKind::Literal(self.number(range)),
            Expression::String(text) => {
                self.check_one_line(range);
                ExprKind::Literal(Value::String(self.names.get(&normalized(&text))))
            }
            Expression::Array(array) => ExprKind::Tuple(
                array
                    .into_iter()
                    .map(|item| self.expression(item, depth + 1))
                    .collect(),
            ),
            Expression::Object(object) => ExprKind::Object(
                object
                    .into_iter()
                    .map(|(key, value)| {
                        let key = self.object_key(key, depth);
                        (key, self.expression(value.into_expr(), depth + 1))
                    })
                    .collect(),
            ),
            Expression::StringTemplate(template) => {
                hcl_template::lower(self, template, Form::Quoted, depth)
            }
            Expression::HeredocTemplate(heredoc) => {
                let indented = self.text[range].starts_with("<<-");
                let form = if indented { Form::Indented } else { Form::Bare };
                hcl_template::lower(self, heredoc.template, form, depth)
            }
            Expression::Parenthesis(inner) => {
                ExprKind::Parens(self.boxed(inner.into_inner(), depth))
            }
            Expression::Variable(name) => ExprKind::Variable(self.names.get(name.as_str())),
            Expression::Conditional(parts) => {
                let parts = *parts;
                ExprKind::Conditional(
                    self.boxed(parts.cond_expr, depth),
                    self.boxed(parts.true_expr, depth),
                    self.boxed(parts.false_expr, depth),
                )
            }
            Expression::FuncCall(call) => self.call(*call, &range, depth),
            Expression::Traversal(traversal) => self.traversal(*traversal, &range, depth),
            Expression::UnaryOp(unary) => {
                let unary = *unary;
                let operator = match unary.operator.into_value() {
                    hcl_edit::expr::UnaryOperator::Neg => UnaryOp::Negate,
                    hcl_edit::expr::UnaryOperator::Not => UnaryOp::Not,
                };
                ExprKind::Unary(operator, self.boxed(unary.expr, depth))
            }
            Expression::BinaryOp(binary) => {
                let binary = *binary;
                ExprKind::Binary(
                    operator(binary.operator.into_value()),
                    self.boxed(binary.lhs_expr, depth),
                    self.boxed(binary.rhs_expr, depth),
                )
            }
            Expression::ForExpr(parts) => self.comprehension(*parts, &range, depth),
        }
    }

    fn number(&mut self, range: Range<usize>) -> Value {
        let digits: String = self.text[range.clone()]
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        if let Some(number) = Number::parse(&digits) {
            return Value::Number(number);
        }
        self.error(
            range,
            Diagnostic::error("Invalid number", format!("{digits} is out of range.")),
        );
        Value::Null
    }

    /// Reports a newline in a quoted string without interpolation, which hcl-edit lets pass.
    fn check_one_line(&mut self, range: Range<usize>) {
        if let Some(at) = self.text[range.clone()].find('\n') {
            let start = range.start;
            self.error(start..start + at, hcl_error::newline_in_string());
        }
    }

    fn object_key(&mut self, key: ObjectKey, depth: usize) -> Expr {
        let range = key.span().unwrap_or(0..0);
        let literal = |text: Arc<str>, span| Expr {
            kind: ExprKind::Literal(Value::String(text)),
            span,
        };
        match key {
            ObjectKey::Ident(name) => {
                let name = self.ident(&name, &range);
                literal(name.text, name.span)
            }
            ObjectKey::Expression(Expression::Null(_)) => {
                literal(self.names.get("null"), self.span(range))
            }
            ObjectKey::Expression(Expression::Traversal(traversal)) if !self.keys_are_providers => {
                self.error(
                    range,
                    Diagnostic::error(
                        "Ambiguous attribute key",
                        "An object key that is not a plain name is either quoted or evaluated.",
                    )
                    .hint("Put it in parentheses to evaluate it, or in quotes to take it as text."),
                );
                self.expression(Expression::Traversal(traversal), depth + 1)
            }
            ObjectKey::Expression(expr) => self.expression(expr, depth + 1),
        }
    }

    fn call(&mut self, call: FuncCall, range: &Range<usize>, depth: usize) -> ExprKind {
        let mut name = self.ident(&call.name.name, range);
        if let Some(first) = call.name.namespace.first() {
            let mut full = String::new();
            for part in &call.name.namespace {
                full.push_str(part.as_str());
                full.push_str("::");
            }
            full.push_str(&name.text);
            let first = self.ident(first, range);
            name = Name {
                text: self.names.get(&full),
                span: first.span.to(name.span),
            };
        }
        let expand_last = call.args.expand_final();
        let args = call
            .args
            .into_iter()
            .map(|arg| self.expression(arg, depth + 1))
            .collect();
        ExprKind::Call {
            name,
            args,
            expand_last,
        }
    }

    fn comprehension(&mut self, parts: ForExpr, range: &Range<usize>, depth: usize) -> ExprKind {
        let intro = parts.intro;
        let key_name = intro.key_var.map(|name| self.ident(&name, range));
        let value_name = self.ident(&intro.value_var, range);
        ExprKind::For(Box::new(For {
            key_name,
            value_name,
            collection: self.expression(intro.collection_expr, depth + 1),
            key: parts.key_expr.map(|key| self.expression(key, depth + 1)),
            value: self.expression(parts.value_expr, depth + 1),
            group: parts.grouping,
            condition: parts.cond.map(|cond| self.expression(cond.expr, depth + 1)),
        }))
    }

    fn traversal(&mut self, traversal: Traversal, range: &Range<usize>, depth: usize) -> ExprKind {
        let steps = traversal.operators.len();
        if depth + steps >= MAX_DEPTH {
            self.too_deep(range.clone());
            return ExprKind::Literal(Value::Null);
        }
        let start = traversal.expr.span().map_or(range.start, |span| span.start);
        let mut base = self.expression(traversal.expr, depth + steps);
        let mut operators = Vec::with_capacity(steps);
        for operator in traversal.operators {
            let range = operator.span().unwrap_or_else(|| range.clone());
            operators.push((operator.into_value(), range));
        }
        self.check_legacy_indexes(&operators);
        let mut rest = operators.into_iter().peekable();
        base = self.steps(base, start, &mut rest, depth, true);
        base.kind
    }

    /// Reports `x.0.0`, which Terraform reads as the number 0.0.
    fn check_legacy_indexes(&mut self, operators: &[(TraversalOperator, Range<usize>)]) {
        for pair in operators.windows(2) {
            if let [
                (TraversalOperator::LegacyIndex(first), from),
                (TraversalOperator::LegacyIndex(second), to),
            ] = pair
            {
                let detail = format!(
                    "After the first dot, {first}.{second} reads as one number.",
                    first = first.value(),
                    second = second.value()
                );
                let hint = format!("Write [{}][{}].", first.value(), second.value());
                self.error(
                    from.start..to.end,
                    Diagnostic::error("Invalid legacy index", detail).hint(hint),
                );
            }
        }
    }

    /// Applies operators to `base`; with `all` unset only those that an attribute-only splat takes.
    fn steps(
        &mut self,
        mut base: Expr,
        start: usize,
        rest: &mut Steps,
        depth: usize,
        all: bool,
    ) -> Expr {
        while let Some((operator, range)) = rest.next_if(|(operator, _)| {
            all || matches!(
                operator,
                TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_)
            )
        }) {
            let source = Box::new(base);
            let mut end = range.end;
            let kind = match operator {
                TraversalOperator::GetAttr(name) => {
                    ExprKind::GetAttr(source, self.ident(&name, &range))
                }
                TraversalOperator::Index(key) => ExprKind::Index(source, self.boxed(key, depth)),
                TraversalOperator::LegacyIndex(index) => {
                    let at = index.span().unwrap_or_else(|| range.clone());
                    let number = i64::try_from(*index.value()).unwrap_or(i64::MAX);
                    let key = Expr {
                        kind: ExprKind::Literal(Value::int(number)),
                        span: self.span(at),
                    };
                    ExprKind::Index(source, Box::new(key))
                }
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    let full = matches!(operator, TraversalOperator::FullSplat(_));
                    let item = Expr {
                        kind: ExprKind::SplatItem,
                        span: self.span(range.clone()),
                    };
                    let each = self.steps(item, range.start, rest, depth, full);
                    end = end.max(self.unspan(each.span, range.end));
                    ExprKind::Splat {
                        source,
                        each: Box::new(each),
                    }
                }
            };
            base = Expr {
                kind,
                span: self.span(start..end),
            };
        }
        base
    }

    /// Returns where in the text a span ends, or `otherwise` where that cannot be told.
    fn unspan(&self, span: Span, otherwise: usize) -> usize {
        match self.place {
            Place::At(_, offset) => (span.end - offset) as usize,
            Place::Pieces(..) | Place::Whole(_) => otherwise,
        }
    }
}

type Steps = std::iter::Peekable<std::vec::IntoIter<(TraversalOperator, Range<usize>)>>;

fn operator(operator: hcl_edit::expr::BinaryOperator) -> BinaryOp {
    use hcl_edit::expr::BinaryOperator as Theirs;
    match operator {
        Theirs::Eq => BinaryOp::Equal,
        Theirs::NotEq => BinaryOp::NotEqual,
        Theirs::LessEq => BinaryOp::LessEqual,
        Theirs::GreaterEq => BinaryOp::GreaterEqual,
        Theirs::Less => BinaryOp::Less,
        Theirs::Greater => BinaryOp::Greater,
        Theirs::Plus => BinaryOp::Add,
        Theirs::Minus => BinaryOp::Subtract,
        Theirs::Mul => BinaryOp::Multiply,
        Theirs::Div => BinaryOp::Divide,
        Theirs::Mod => BinaryOp::Modulo,
        Theirs::And => BinaryOp::And,
        Theirs::Or => BinaryOp::Or,
    }
}
