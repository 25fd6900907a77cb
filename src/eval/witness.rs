//! What the names in an expression stand for: what a failed condition shows.

use std::sync::Arc;

use super::{Scope, evaluate, show};
use crate::{
    manifest::ast::{Expr, ExprKind, Part},
    model::{Number, Type, Value},
};

/// Returns each object that an expression names, as far as its attributes and constant keys go, and what it is:
/// `output.name`, `is "a"`.
pub fn witnesses(expr: &Expr, scope: &dyn Scope) -> Vec<(String, String)> {
    let mut found = Found {
        scope,
        bound: Vec::new(),
        list: Vec::new(),
    };
    found.expression(expr);
    found.list.sort();
    found.list.dedup();
    found.list
}

struct Found<'a> {
    scope: &'a dyn Scope,
    /// Variables of `for` expressions, which are no objects.
    bound: Vec<Arc<str>>,
    list: Vec<(String, String)>,
}

impl Found<'_> {
    fn expression(&mut self, expr: &Expr) {
        if let Some((root, name)) = traversal(expr) {
            if !self.bound.contains(root)
                && name.contains('.')
                && let Ok(value) = evaluate(expr, self.scope)
            {
                self.list.push((name, statement(&value)));
            }
            return;
        }
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::SplatItem | ExprKind::Variable(_) => {}
            ExprKind::Template(parts) => self.parts(parts),
            ExprKind::GetAttr(inner, _) | ExprKind::Unary(_, inner) | ExprKind::Parens(inner) => {
                self.expression(inner);
            }
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => self.all([&**a, b]),
            // What is looked for in each element is not one value.
            ExprKind::Splat { source, .. } => self.expression(source),
            ExprKind::Call { args, .. } => self.all(args),
            ExprKind::Conditional(test, yes, no) => self.all([&**test, yes, no]),
            ExprKind::Tuple(items) => self.all(items),
            ExprKind::Object(entries) => {
                for (key, value) in entries {
                    self.all([key, value]);
                }
            }
            ExprKind::For(each) => {
                self.expression(&each.collection);
                let depth = self.bound.len();
                let names = each.key_name.iter().chain([&each.value_name]);
                self.bound.extend(names.map(|name| name.text.clone()));
                self.all(each.key.iter().chain([&each.value]).chain(&each.condition));
                self.bound.truncate(depth);
            }
        }
    }

    fn all<'e>(&mut self, list: impl IntoIterator<Item = &'e Expr>) {
        for expr in list {
            self.expression(expr);
        }
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Literal(_) => {}
                Part::Interpolation(expr) => self.expression(expr),
                Part::If { condition, yes, no } => {
                    self.expression(condition);
                    self.parts(yes);
                    self.parts(no);
                }
                Part::For { collection, .. } => self.expression(collection),
            }
        }
    }
}

/// Returns the first name and the text of `a.b[0].c`; `None` for anything else.
fn traversal(expr: &Expr) -> Option<(&Arc<str>, String)> {
    match &expr.kind {
        ExprKind::Variable(name) => Some((name, name.to_string())),
        ExprKind::GetAttr(inner, name) => {
            let (root, text) = traversal(inner)?;
            Some((root, format!("{text}.{}", name.text)))
        }
        ExprKind::Index(inner, key) => {
            let (root, text) = traversal(inner)?;
            let key = match &key.kind {
                ExprKind::Literal(Value::Number(Number::Int(index))) => index.to_string(),
                ExprKind::Literal(Value::String(key)) => show::quoted(key),
                _ => return None,
            };
            Some((root, format!("{text}[{key}]")))
        }
        _ => None,
    }
}

/// Says what a value is; what is sensitive is not shown.
fn statement(value: &Value) -> String {
    let elements = |count: usize| match count {
        1 => "1 element".to_owned(),
        count => format!("{count} elements"),
    };
    match value {
        value if value.is_sensitive() => "has a sensitive value".to_owned(),
        Value::Unknown(Type::Any) => "will be known only after apply".to_owned(),
        Value::Unknown(ty) => format!("is a {}, known only after apply", show::type_name(ty)),
        Value::List(items) | Value::Set(items) | Value::Tuple(items) if items.is_empty() => {
            format!("is empty {}", kind(value))
        }
        Value::Map(entries) | Value::Object(entries) if entries.is_empty() => match value {
            Value::Map(_) => format!("is empty {}", kind(value)),
            _ => "is object with no attributes".to_owned(),
        },
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
            format!("is {} with {}", kind(value), elements(items.len()))
        }
        Value::Map(entries) => format!("is {} with {}", kind(value), elements(entries.len())),
        Value::Object(entries) => match entries.len() {
            1 => "is object with 1 attribute".to_owned(),
            count => format!("is object with {count} attributes"),
        },
        scalar => format!("is {}", show::value(scalar)),
    }
}

fn kind(value: &Value) -> String {
    show::type_name(&value.type_of())
}
