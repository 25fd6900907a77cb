//! Walks an expression's tree. Every kind of node is one function, so that stack frames stay small.

use std::sync::Arc;

use super::{
    Scope, access, comprehension, convert, effort::Effort, ephemeral, functions, operator,
    reference, show, template,
};
use crate::{
    manifest::ast::{Expr, ExprKind},
    model::{Diagnostic, Object, Span, Type, Value},
};

/// How deep expressions may nest: far more than anyone writes, far less than a thread's stack.
const MAX_DEPTH: u32 = 500;

/// The most bytes of a text that an expression makes.
pub(super) const MAX_TEXT: usize = 64 << 20;

/// The most elements of a collection that an expression makes.
pub(super) const MAX_ELEMENTS: usize = 10_000_000;

/// Why an expression has no value.
#[derive(Debug)]
pub(super) struct Failure {
    pub diagnostic: Diagnostic,
    /// Whether the configuration is wrong whatever the values are: `try` and `can` do not catch it.
    pub fatal: bool,
}

/// A value, or why there is none. Boxed, since results of all depths are on the stack at once.
pub(super) type Outcome<T = Value> = Result<T, Box<Failure>>;

/// What an expression is evaluated in.
#[derive(Clone, Copy)]
pub(super) struct Env<'a> {
    pub scope: &'a dyn Scope,
    pub effort: &'a Effort,
    frame: Option<&'a Frame<'a>>,
    item: Option<&'a Value>,
    /// The variables of a template file, in which nothing else has a name.
    vars: Option<&'a Object>,
    depth: u32,
}

/// A variable of a `for` expression or the iterator of a `dynamic` block.
pub(super) struct Frame<'a> {
    pub name: &'a str,
    pub value: &'a Value,
    pub parent: Option<&'a Self>,
}

impl<'a> Env<'a> {
    /// Returns the environment without local names.
    pub fn new(scope: &'a dyn Scope, effort: &'a Effort) -> Self {
        Self {
            scope,
            effort,
            frame: None,
            item: None,
            vars: None,
            depth: 0,
        }
    }

    /// Returns the environment of a template file: nothing but its variables has a name there.
    pub fn of_template<'b>(self, scope: &'b dyn Scope, vars: &'b Object) -> Env<'b>
    where
        'a: 'b,
    {
        Env {
            vars: Some(vars),
            depth: self.depth,
            ..Env::new(scope, self.effort)
        }
    }

    /// Returns the innermost local name.
    pub fn frame(&self) -> Option<&'a Frame<'a>> {
        self.frame
    }

    /// Returns the environment with one more local name.
    pub fn with_frame<'b>(self, frame: &'b Frame<'b>) -> Env<'b>
    where
        'a: 'b,
    {
        Env {
            frame: Some(frame),
            ..self
        }
    }

    /// Returns the environment within a splat.
    pub fn with_item<'b>(self, item: &'b Value) -> Env<'b>
    where
        'a: 'b,
    {
        Env {
            item: Some(item),
            ..self
        }
    }

    /// Returns the value of a local name.
    pub fn local(&self, name: &str) -> Option<&'a Value> {
        let mut frame = self.frame;
        while let Some(at) = frame {
            if at.name == name {
                return Some(at.value);
            }
            frame = at.parent;
        }
        self.vars.and_then(|vars| vars.get(name))
    }
}

/// Returns a failure that `try` catches.
pub(super) fn failed(
    span: Span,
    summary: impl Into<String>,
    detail: impl Into<String>,
) -> Box<Failure> {
    Box::new(Failure {
        diagnostic: Diagnostic::error(summary, detail).at(span),
        fatal: false,
    })
}

/// Returns a failure that nothing catches.
pub(super) fn fatal(
    span: Span,
    summary: impl Into<String>,
    detail: impl Into<String>,
) -> Box<Failure> {
    Box::new(Failure {
        fatal: true,
        ..*failed(span, summary, detail)
    })
}

/// Takes the outermost mark off; the second says whether there was one.
pub(super) fn unmark(value: Value) -> (Value, bool) {
    match value {
        Value::Sensitive(inner) => (Arc::unwrap_or_clone(inner), true),
        other => (other, false),
    }
}

/// Evaluates an expression.
pub(super) fn eval(expr: &Expr, mut env: Env<'_>) -> Outcome {
    env.depth += 1;
    if env.depth > MAX_DEPTH {
        return Err(too_deep(expr.span));
    }
    env.effort.step(expr.span)?;
    match &expr.kind {
        ExprKind::Literal(value) => Ok(value.clone()),
        ExprKind::Parens(inner) => eval(inner, env),
        ExprKind::Template(parts) => template::evaluate(parts, expr.span, env),
        ExprKind::Variable(name) => variable(name, expr.span, env),
        ExprKind::GetAttr(object, name) => access::attribute(expr, object, name, env),
        ExprKind::Index(collection, key) => access::index(expr, collection, key, env),
        ExprKind::Splat { source, each } => access::splat(source, each, env),
        ExprKind::SplatItem => Ok(env.item.cloned().unwrap_or_default()),
        ExprKind::Call {
            name,
            args,
            expand_last,
        } => match args.as_slice() {
            [only] if ephemeral::as_null(&name.text) => lasting(only, env),
            _ => functions::call(name, args, *expand_last, expr.span, env),
        },
        ExprKind::Unary(op, operand) => operator::unary(*op, operand, env),
        ExprKind::Binary(op, left, right) => operator::binary(*op, left, right, expr.span, env),
        ExprKind::Conditional(condition, yes, no) => {
            conditional(condition, yes, no, expr.span, env)
        }
        ExprKind::Tuple(items) => tuple(items, expr.span, env),
        ExprKind::Object(items) => object(items, expr.span, env),
        ExprKind::For(node) => comprehension::evaluate(node, expr.span, env),
    }
}

/// Evaluates what `ephemeralasnull` is given: what is ephemeral in it is null.
fn lasting(expr: &Expr, env: Env<'_>) -> Outcome {
    if !env.scope.ephemeral(expr) {
        return eval(expr, env);
    }
    match &expr.kind {
        ExprKind::Parens(inner) => lasting(inner, env),
        ExprKind::Tuple(items) => {
            let items = items.iter().map(|item| lasting(item, env));
            Ok(Value::tuple(items.collect::<Outcome<_>>()?))
        }
        ExprKind::Object(items) => {
            let mut entries = Object::new();
            for (key, value) in items {
                // A name cannot be null: the whole is.
                if env.scope.ephemeral(key) {
                    return Ok(Value::Null);
                }
                let Ok(Value::String(name)) = convert(&eval(key, env)?, &Type::String) else {
                    return Ok(Value::Null);
                };
                entries.insert(name, lasting(value, env)?);
            }
            Ok(Value::object(entries))
        }
        _ => Ok(Value::Null),
    }
}

fn too_deep(span: Span) -> Box<Failure> {
    fatal(
        span,
        "Expression nested too deeply",
        format!(
            "Expressions may be nested {MAX_DEPTH} levels deep. Move parts of this one to local values."
        ),
    )
}

fn tuple(items: &[Expr], span: Span, env: Env<'_>) -> Outcome {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        values.push(eval(item, env)?);
    }
    let value = Value::tuple(values);
    env.effort.makes(&value, span)?;
    Ok(value)
}

/// A name that nothing follows: a `for` variable, or a mistake.
fn variable(name: &str, span: Span, env: Env<'_>) -> Outcome {
    env.local(name).cloned().ok_or_else(|| match env.vars {
        Some(_) => failed(
            span,
            "Invalid function argument",
            format!("The vars map does not contain key {}.", show::quoted(name)),
        ),
        None => reference::bare(name, span),
    })
}

fn object(items: &[(Expr, Expr)], span: Span, env: Env<'_>) -> Outcome {
    let mut entries = Vec::with_capacity(items.len());
    let (mut marked, mut unknown) = (false, false);
    for (key, value) in items {
        let key = object_key(key, env)?;
        let value = eval(value, env)?;
        match key {
            Key::Known(name, mark) => {
                marked |= mark;
                entries.push((name, value));
            }
            Key::Unknown(mark) => {
                marked |= mark;
                unknown = true;
            }
        }
    }
    if unknown {
        return Ok(Value::UNKNOWN.marked(marked));
    }
    let value = Value::object(entries.into_iter().collect()).marked(marked);
    env.effort.makes(&value, span)?;
    Ok(value)
}

/// The key of an object's item, and whether it is sensitive.
pub(super) enum Key {
    Known(Arc<str>, bool),
    Unknown(bool),
}

fn object_key(expr: &Expr, env: Env<'_>) -> Outcome<Key> {
    if let ExprKind::Literal(Value::String(name)) = &expr.kind {
        return Ok(Key::Known(name.clone(), false));
    }
    let value = eval(expr, env)?;
    key_of(value).map_err(|problem| match problem {
        KeyProblem::Null => failed(
            expr.span,
            "Null value as key",
            "Can't use a null value as a key.",
        ),
        KeyProblem::Type(text) => failed(
            expr.span,
            "Incorrect key type",
            format!("Can't use this value as a key: {text}."),
        ),
    })
}

/// Why a value cannot be a key.
pub(super) enum KeyProblem {
    Null,
    Type(String),
}

pub(super) fn key_of(value: Value) -> Result<Key, KeyProblem> {
    let (value, marked) = unmark(value);
    if value.is_null() {
        return Err(KeyProblem::Null);
    }
    match convert::convert(&value, &Type::String).map_err(KeyProblem::Type)? {
        Value::String(name) => Ok(Key::Known(name, marked)),
        _ => Ok(Key::Unknown(marked)),
    }
}

/// Evaluates what must be true or false: `None` when unknown. The second says whether it is sensitive.
pub(super) fn condition(expr: &Expr, env: Env<'_>) -> Outcome<(Option<bool>, bool)> {
    let (value, marked) = unmark(eval(expr, env)?);
    if value.is_null() {
        return Err(failed(
            expr.span,
            "Null condition",
            "The condition value is null. Conditions must either be true or false.",
        ));
    }
    match convert::convert(&value, &Type::Bool) {
        Ok(value) => Ok((value.as_bool(), marked)),
        Err(_) => Err(failed(
            expr.span,
            "Incorrect condition type",
            "The condition expression must be of type bool.",
        )),
    }
}

fn conditional(test: &Expr, yes: &Expr, no: &Expr, span: Span, env: Env<'_>) -> Outcome {
    let (test, marked) = condition(test, env)?;
    let inconsistent = |a: &Value, b: &Value| {
        failed(
            span,
            "Inconsistent conditional result types",
            format!(
                "The true and false result expressions must have consistent types. The 'true' value is {}, but the 'false' value is {}.",
                show::type_name(&a.type_of()),
                show::type_name(&b.type_of())
            ),
        )
    };
    let Some(test) = test else {
        let (yes, no) = (eval(yes, env)?, eval(no, env)?);
        let open = |value: &Value| matches!(value.unmarked(), Value::Unknown(Type::Any));
        let ty = if open(&yes) || open(&no) {
            Type::Any
        } else {
            convert::unify(&[yes.type_of(), no.type_of()]).ok_or_else(|| inconsistent(&yes, &no))?
        };
        let marked = marked || yes.is_sensitive() || no.is_sensitive();
        return Ok(Value::Unknown(ty).marked(marked));
    };
    let (chosen, other) = if test { (yes, no) } else { (no, yes) };
    let value = eval(chosen, env)?;
    // The branch that is not taken matters by its type only, and not at all when it fails.
    let aligned = match eval(other, env) {
        Ok(other) => convert::align(&value, &other)
            .ok_or_else(|| {
                if test {
                    inconsistent(&value, &other)
                } else {
                    inconsistent(&other, &value)
                }
            })?
            // A secret that is not chosen must not be guessed from the one that is.
            .marked(other.is_sensitive()),
        Err(failure) if failure.fatal => return Err(failure),
        Err(_) => value,
    };
    Ok(aligned.marked(marked))
}
