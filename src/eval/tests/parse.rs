//! A small reader for these tests only. To be replaced by `manifest::parse_expression`.

use hcl_edit::{
    Span as _,
    expr::{BinaryOperator, Expression, ObjectKey, TraversalOperator, UnaryOperator},
    structure::{BlockLabel, Structure},
    template::{Directive, Element, Template},
};

use crate::{
    manifest::ast::{Attribute, BinaryOp, Block, Body, Expr, ExprKind, For, Name, Part, UnaryOp},
    model::{Number, SourceId, Span, Value},
};

pub fn expression(text: &str) -> Expr {
    let parsed = hcl_edit::parser::parse_expr(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    lower(&parsed, text)
}

pub fn body(text: &str) -> Body {
    let parsed = hcl_edit::parser::parse_body(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    lower_body(&parsed, text)
}

fn span(range: Option<std::ops::Range<usize>>) -> Span {
    let range = range.unwrap_or(0..0);
    Span {
        source: SourceId(0),
        start: range.start as u32,
        end: range.end as u32,
    }
}

fn name(text: &str, at: Option<std::ops::Range<usize>>) -> Name {
    Name {
        text: text.into(),
        span: span(at),
    }
}

fn lower_body(body: &hcl_edit::structure::Body, text: &str) -> Body {
    let mut lowered = Body {
        attributes: Vec::new(),
        blocks: Vec::new(),
        span: span(body.span()),
    };
    for structure in body.iter() {
        match structure {
            Structure::Attribute(attribute) => lowered.attributes.push(Attribute {
                name: name(&attribute.key, attribute.key.span()),
                value: lower(&attribute.value, text),
            }),
            Structure::Block(block) => lowered.blocks.push(Block {
                kind: name(&block.ident, block.ident.span()),
                labels: block
                    .labels
                    .iter()
                    .map(|label| match label {
                        BlockLabel::Ident(label) => name(label, label.span()),
                        BlockLabel::String(label) => name(label.as_str(), label.span()),
                    })
                    .collect(),
                body: lower_body(&block.body, text),
                span: span(block.ident.span()),
            }),
        }
    }
    lowered
}

fn template(elements: &Template, text: &str) -> Vec<Part> {
    let part = |element: &Element| match element {
        Element::Literal(literal) => Part::Literal(literal.as_str().into()),
        Element::Interpolation(inner) => Part::Interpolation(lower(&inner.expr, text)),
        Element::Directive(directive) => match &**directive {
            Directive::If(node) => Part::If {
                condition: lower(&node.if_expr.cond_expr, text),
                yes: template(&node.if_expr.template, text),
                no: node
                    .else_expr
                    .as_ref()
                    .map(|node| template(&node.template, text))
                    .unwrap_or_default(),
            },
            Directive::For(node) => Part::For {
                key_name: node
                    .for_expr
                    .key_var
                    .as_ref()
                    .map(|key| name(key, key.span())),
                value_name: name(&node.for_expr.value_var, node.for_expr.value_var.span()),
                collection: lower(&node.for_expr.collection_expr, text),
                body: template(&node.for_expr.template, text),
            },
        },
    };
    elements.iter().map(part).collect()
}

fn number(value: &hcl_edit::Formatted<hcl_edit::Number>, text: &str) -> Value {
    let at = value.span().unwrap_or(0..0);
    let written = text.get(at).filter(|text| !text.is_empty());
    let written = written.map_or_else(|| value.value().to_string(), str::to_owned);
    Value::Number(Number::parse(&written).unwrap_or(Number::Int(0)))
}

fn lower(expr: &Expression, text: &str) -> Expr {
    let at = span(expr.span());
    let each = |expr: &Expression| Box::new(lower(expr, text));
    let kind = match expr {
        Expression::Null(_) => ExprKind::Literal(Value::Null),
        Expression::Bool(value) => ExprKind::Literal(Value::Bool(*value.value())),
        Expression::Number(value) => ExprKind::Literal(number(value, text)),
        Expression::String(value) => ExprKind::Literal(Value::string(value.as_str())),
        Expression::Array(items) => {
            ExprKind::Tuple(items.iter().map(|item| lower(item, text)).collect())
        }
        Expression::Object(items) => object(items, text),
        Expression::StringTemplate(inner) => {
            let inner: Vec<Element> = inner.iter().cloned().collect();
            let mut elements = Template::new();
            inner.into_iter().for_each(|element| elements.push(element));
            ExprKind::Template(template(&elements, text))
        }
        Expression::HeredocTemplate(inner) => ExprKind::Template(template(&inner.template, text)),
        Expression::Parenthesis(inner) => ExprKind::Parens(each(inner.inner())),
        Expression::Variable(name) => ExprKind::Variable(name.as_str().into()),
        Expression::Conditional(node) => ExprKind::Conditional(
            each(&node.cond_expr),
            each(&node.true_expr),
            each(&node.false_expr),
        ),
        Expression::FuncCall(call) => ExprKind::Call {
            name: name(
                &call
                    .name
                    .namespace
                    .iter()
                    .chain([&call.name.name])
                    .map(|part| part.as_str())
                    .collect::<Vec<_>>()
                    .join("::"),
                call.name.name.span(),
            ),
            args: call.args.iter().map(|arg| lower(arg, text)).collect(),
            expand_last: call.args.expand_final(),
        },
        Expression::Traversal(node) => {
            return traversal(lower(&node.expr, text), &node.operators, text);
        }
        Expression::UnaryOp(node) => {
            let op = match node.operator.value() {
                UnaryOperator::Neg => UnaryOp::Negate,
                UnaryOperator::Not => UnaryOp::Not,
            };
            ExprKind::Unary(op, each(&node.expr))
        }
        Expression::BinaryOp(node) => ExprKind::Binary(
            binary(*node.operator.value()),
            each(&node.lhs_expr),
            each(&node.rhs_expr),
        ),
        Expression::ForExpr(node) => for_expression(node, text),
    };
    Expr { kind, span: at }
}

fn binary(op: BinaryOperator) -> BinaryOp {
    match op {
        BinaryOperator::Eq => BinaryOp::Equal,
        BinaryOperator::NotEq => BinaryOp::NotEqual,
        BinaryOperator::LessEq => BinaryOp::LessEqual,
        BinaryOperator::GreaterEq => BinaryOp::GreaterEqual,
        BinaryOperator::Less => BinaryOp::Less,
        BinaryOperator::Greater => BinaryOp::Greater,
        BinaryOperator::Plus => BinaryOp::Add,
        BinaryOperator::Minus => BinaryOp::Subtract,
        BinaryOperator::Mul => BinaryOp::Multiply,
        BinaryOperator::Div => BinaryOp::Divide,
        BinaryOperator::Mod => BinaryOp::Modulo,
        BinaryOperator::And => BinaryOp::And,
        BinaryOperator::Or => BinaryOp::Or,
    }
}

fn traversal(base: Expr, ops: &[hcl_edit::Decorated<TraversalOperator>], text: &str) -> Expr {
    let mut expr = base;
    for (at, op) in ops.iter().enumerate() {
        let whole = expr.span.to(span(op.span()));
        let boxed = Box::new(expr);
        let kind = match op.value() {
            TraversalOperator::GetAttr(key) => ExprKind::GetAttr(boxed, name(key, key.span())),
            TraversalOperator::Index(key) => ExprKind::Index(boxed, Box::new(lower(key, text))),
            TraversalOperator::LegacyIndex(at) => {
                let key = Value::int(i64::try_from(*at.value()).unwrap());
                let key = Expr {
                    kind: ExprKind::Literal(key),
                    span: whole,
                };
                ExprKind::Index(boxed, Box::new(key))
            }
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                let item = Expr {
                    kind: ExprKind::SplatItem,
                    span: whole,
                };
                return Expr {
                    kind: ExprKind::Splat {
                        source: boxed,
                        each: Box::new(traversal(item, &ops[at + 1..], text)),
                    },
                    span: whole,
                };
            }
        };
        expr = Expr { kind, span: whole };
    }
    expr
}

fn object(items: &hcl_edit::expr::Object, text: &str) -> ExprKind {
    let key = |key: &ObjectKey| match key {
        ObjectKey::Ident(key) => Expr {
            kind: ExprKind::Literal(Value::string(key.as_str())),
            span: span(key.span()),
        },
        ObjectKey::Expression(key) => lower(key, text),
    };
    let items = items.iter();
    ExprKind::Object(
        items
            .map(|(k, v)| (key(k), lower(v.expr(), text)))
            .collect(),
    )
}

fn for_expression(node: &hcl_edit::expr::ForExpr, text: &str) -> ExprKind {
    let intro = &node.intro;
    ExprKind::For(Box::new(For {
        key_name: intro.key_var.as_ref().map(|key| name(key, key.span())),
        value_name: name(&intro.value_var, intro.value_var.span()),
        collection: lower(&intro.collection_expr, text),
        key: node.key_expr.as_ref().map(|key| lower(key, text)),
        value: lower(&node.value_expr, text),
        group: node.grouping,
        condition: node.cond.as_ref().map(|cond| lower(&cond.expr, text)),
    }))
}
