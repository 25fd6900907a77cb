//! Walks an expression's tree. Every kind of node is one function, so that stack frames stay small.

use std::{fmt::Write, sync::Arc};

use super::{Scope, access, convert, functions, operator, reference, show};
use crate::{
    manifest::ast::{Expr, ExprKind, For, Name, Part},
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
    pub fn new(scope: &'a dyn Scope) -> Self {
        Self {
            scope,
            frame: None,
            item: None,
            vars: None,
            depth: 0,
        }
    }

    /// Returns the environment of a template file: nothing but its variables has a name there.
    pub fn of_template<'b>(self, scope: &'b dyn Scope, vars: &'b Object) -> Env<'b> {
        Env {
            vars: Some(vars),
            depth: self.depth,
            ..Env::new(scope)
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
    match &expr.kind {
        ExprKind::Literal(value) => Ok(value.clone()),
        ExprKind::Parens(inner) => eval(inner, env),
        ExprKind::Template(parts) => template(parts, env),
        ExprKind::Variable(name) => variable(name, expr.span, env),
        ExprKind::GetAttr(object, name) => access::attribute(expr, object, name, env),
        ExprKind::Index(collection, key) => access::index(expr, collection, key, env),
        ExprKind::Splat { source, each } => access::splat(source, each, env),
        ExprKind::SplatItem => Ok(env.item.cloned().unwrap_or_default()),
        ExprKind::Call {
            name,
            args,
            expand_last,
        } => functions::call(name, args, *expand_last, expr.span, env),
        ExprKind::Unary(op, operand) => operator::unary(*op, operand, env),
        ExprKind::Binary(op, left, right) => operator::binary(*op, left, right, expr.span, env),
        ExprKind::Conditional(condition, yes, no) => {
            conditional(condition, yes, no, expr.span, env)
        }
        ExprKind::Tuple(items) => tuple(items, env),
        ExprKind::Object(items) => object(items, env),
        ExprKind::For(node) => for_expression(node, expr.span, env),
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

fn tuple(items: &[Expr], env: Env<'_>) -> Outcome {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        values.push(eval(item, env)?);
    }
    Ok(Value::tuple(values))
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

fn object(items: &[(Expr, Expr)], env: Env<'_>) -> Outcome {
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
    Ok(Value::object(entries.into_iter().collect()).marked(marked))
}

/// The key of an object's item, and whether it is sensitive.
enum Key {
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

enum KeyProblem {
    Null,
    Type(String),
}

fn key_of(value: Value) -> Result<Key, KeyProblem> {
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
fn condition(expr: &Expr, env: Env<'_>) -> Outcome<(Option<bool>, bool)> {
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
        Ok(other) => convert::align(&value, &other).ok_or_else(|| {
            if test {
                inconsistent(&value, &other)
            } else {
                inconsistent(&other, &value)
            }
        })?,
        Err(failure) if failure.fatal => return Err(failure),
        Err(_) => value,
    };
    Ok(aligned.marked(marked))
}

/// Evaluates a template. One interpolation alone keeps its type.
fn template(parts: &[Part], env: Env<'_>) -> Outcome {
    if let [Part::Interpolation(expr)] = parts {
        return eval(expr, env);
    }
    let mut text = Text::default();
    text.parts(parts, env)?;
    let value = if text.unknown {
        Value::Unknown(Type::String)
    } else {
        Value::string(text.text)
    };
    Ok(value.marked(text.marked))
}

/// A template's result as it grows.
#[derive(Default)]
struct Text {
    text: String,
    unknown: bool,
    marked: bool,
}

impl Text {
    fn parts(&mut self, parts: &[Part], env: Env<'_>) -> Outcome<()> {
        for part in parts {
            match part {
                Part::Literal(text) => self.text.push_str(text),
                Part::Interpolation(expr) => self.interpolation(expr, env)?,
                Part::If {
                    condition: test,
                    yes,
                    no,
                } => {
                    let (test, marked) = condition(test, env)?;
                    self.marked |= marked;
                    match test {
                        Some(true) => self.parts(yes, env)?,
                        Some(false) => self.parts(no, env)?,
                        None => self.unknown = true,
                    }
                }
                Part::For {
                    key_name,
                    value_name,
                    collection,
                    body,
                } => self.repeat(key_name.as_ref(), value_name, collection, body, env)?,
            }
        }
        Ok(())
    }

    fn interpolation(&mut self, expr: &Expr, env: Env<'_>) -> Outcome<()> {
        let (value, marked) = unmark(eval(expr, env)?);
        self.marked |= marked;
        match &value {
            Value::String(text) => self.text.push_str(text),
            Value::Number(number) => {
                let _ = write!(self.text, "{number}");
            }
            Value::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Null => return Err(null_in_template(expr.span)),
            other => match convert::convert(other, &Type::String) {
                Ok(_) => self.unknown = true,
                Err(text) => return Err(value_in_template(expr.span, &text)),
            },
        }
        if self.text.len() > MAX_TEXT {
            return Err(too_long(expr.span));
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        key_name: Option<&Name>,
        value_name: &Name,
        collection: &Expr,
        body: &[Part],
        env: Env<'_>,
    ) -> Outcome<()> {
        let (value, marked) = unmark(eval(collection, env)?);
        self.marked |= marked;
        let visited = each(&value, collection.span, &mut |key, item| {
            if self.text.len() > MAX_TEXT {
                return Err(too_long(collection.span));
            }
            with_names(key_name, value_name, &key, item, env, &mut |env| {
                self.parts(body, env)
            })
        })?;
        self.unknown |= !visited;
        Ok(())
    }
}

fn null_in_template(span: Span) -> Box<Failure> {
    failed(
        span,
        "Invalid template interpolation value",
        "The expression result is null. Cannot include a null value in a string template.",
    )
}

fn value_in_template(span: Span, text: &str) -> Box<Failure> {
    failed(
        span,
        "Invalid template interpolation value",
        format!("Cannot include the given value in a string template: {text}."),
    )
}

fn too_long(span: Span) -> Box<Failure> {
    fatal(
        span,
        "Text too long",
        format!(
            "This text would be longer than {} MiB. Check what it repeats.",
            MAX_TEXT >> 20
        ),
    )
}

/// Calls `visit` with every key and element of a collection; false: the collection is unknown.
fn each(
    collection: &Value,
    span: Span,
    visit: &mut dyn FnMut(Value, &Value) -> Outcome<()>,
) -> Outcome<bool> {
    match collection {
        Value::List(items) | Value::Tuple(items) => {
            for (at, item) in (0..).zip(items.iter()) {
                visit(Value::int(at), item)?;
            }
        }
        Value::Set(items) => {
            for item in items.iter() {
                visit(item.clone(), item)?;
            }
        }
        Value::Map(entries) | Value::Object(entries) => {
            for (name, item) in entries.iter() {
                visit(Value::String(name.clone()), item)?;
            }
        }
        Value::Unknown(Type::Bool | Type::Number | Type::String)
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => {
            return Err(failed(
                span,
                "Iteration over non-iterable value",
                format!(
                    "A value of type {} cannot be used as the collection in a 'for' expression.",
                    show::type_name(&collection.type_of())
                ),
            ));
        }
        Value::Null => {
            return Err(failed(
                span,
                "Iteration over null value",
                "A null value cannot be used as the collection in a 'for' expression.",
            ));
        }
        Value::Unknown(_) => return Ok(false),
        Value::Sensitive(inner) => return each(inner, span, visit),
    }
    Ok(true)
}

/// Calls `then` with the variables of a `for` in place.
fn with_names(
    key_name: Option<&Name>,
    value_name: &Name,
    key: &Value,
    item: &Value,
    env: Env<'_>,
    then: &mut dyn FnMut(Env<'_>) -> Outcome<()>,
) -> Outcome<()> {
    let key_frame = Frame {
        name: key_name.map_or("", |name| &name.text),
        value: key,
        parent: env.frame(),
    };
    let value_frame = Frame {
        name: &value_name.text,
        value: item,
        parent: Some(&key_frame),
    };
    then(env.with_frame(&value_frame))
}

/// A `for` expression's result as it grows.
#[derive(Default)]
struct Gathered {
    values: Vec<Value>,
    /// Keys of `values`, for the object form.
    keys: Vec<Arc<str>>,
    unknown: bool,
    marked: bool,
}

fn for_expression(node: &For, span: Span, env: Env<'_>) -> Outcome {
    let (collection, marked) = unmark(eval(&node.collection, env)?);
    let mut gathered = Gathered {
        marked,
        ..Gathered::default()
    };
    let visited = each(&collection, node.collection.span, &mut |key, item| {
        with_names(
            node.key_name.as_ref(),
            &node.value_name,
            &key,
            item,
            env,
            &mut |env| gathered.visit(node, env),
        )
    })?;
    let marked = gathered.marked;
    if !visited || gathered.unknown {
        return Ok(Value::UNKNOWN.marked(marked));
    }
    if node.key.is_none() {
        return Ok(Value::tuple(gathered.values).marked(marked));
    }
    Ok(gathered.into_object(node, span)?.marked(marked))
}

impl Gathered {
    fn visit(&mut self, node: &For, env: Env<'_>) -> Outcome<()> {
        if let Some(test) = &node.condition
            && !self.wanted(test, env)?
        {
            return Ok(());
        }
        if let Some(key) = &node.key {
            let value = eval(key, env)?;
            match key_of(value).map_err(|problem| for_key(key.span, problem))? {
                Key::Known(name, marked) => {
                    self.marked |= marked;
                    self.keys.push(name);
                }
                Key::Unknown(marked) => {
                    self.marked |= marked;
                    self.unknown = true;
                    return Ok(());
                }
            }
        }
        self.values.push(eval(&node.value, env)?);
        Ok(())
    }

    fn wanted(&mut self, test: &Expr, env: Env<'_>) -> Outcome<bool> {
        let (value, marked) = unmark(eval(test, env)?);
        self.marked |= marked;
        if value.is_null() {
            return Err(failed(
                test.span,
                "Condition is null",
                "The value of the 'if' clause must not be null.",
            ));
        }
        match convert::convert(&value, &Type::Bool) {
            Ok(value) => {
                self.unknown |= value.is_unknown();
                Ok(value.as_bool().unwrap_or(false))
            }
            Err(text) => Err(failed(
                test.span,
                "Invalid 'for' condition",
                format!("The 'if' clause value is invalid: {text}."),
            )),
        }
    }

    fn into_object(self, node: &For, span: Span) -> Outcome {
        let mut pairs: Vec<(Arc<str>, Value)> = self.keys.into_iter().zip(self.values).collect();
        // Stable: values of one key stay in the collection's order.
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        let mut entries = Object::with_capacity(pairs.len());
        let mut pairs = pairs.into_iter().peekable();
        while let Some((key, value)) = pairs.next() {
            let mut values = vec![value];
            while let Some((_, value)) = pairs.next_if(|(next, _)| *next == key) {
                values.push(value);
            }
            if node.group {
                entries.insert(key, Value::tuple(values));
            } else if values.len() > 1 {
                let at = node.key.as_ref().map_or(span, |key| key.span);
                return Err(duplicate_key(at, &key, self.marked));
            } else {
                entries.insert(key, values.swap_remove(0));
            }
        }
        Ok(Value::object(entries))
    }
}

fn for_key(span: Span, problem: KeyProblem) -> Box<Failure> {
    let detail = match problem {
        KeyProblem::Null => {
            "Key expression in 'for' expression must not produce a null value.".to_owned()
        }
        KeyProblem::Type(text) => format!("The key expression produced an invalid result: {text}."),
    };
    failed(span, "Invalid object key", detail)
}

fn duplicate_key(span: Span, key: &str, hidden: bool) -> Box<Failure> {
    let key = if hidden {
        "one (sensitive) key".to_owned()
    } else {
        format!("the key {}", show::quoted(key))
    };
    failed(
        span,
        "Duplicate object key",
        format!(
            "Two different items produced {key} in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key."
        ),
    )
}
