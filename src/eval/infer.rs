//! The type that an expression has beyond what its value shows: nulls and empty collections have one too.
//!
//! A best guess from the syntax, for showing results; no decision depends on it.

use std::sync::Arc;

use super::{Scope, convert::unify, functions, reference::head};
use crate::{
    manifest::ast::{BinaryOp, Expr, ExprKind, Part, UnaryOp},
    model::{Type, Value, types::Field},
};

/// Returns the type of an expression with this value; `Any` stands where nothing is known.
pub fn infer(expr: &Expr, value: &Value, scope: &dyn Scope) -> Type {
    complete(&written(expr, &Names { scope, inner: None }), value)
}

/// Local names with their types.
struct Names<'a> {
    scope: &'a dyn Scope,
    inner: Option<(&'a str, &'a Type, &'a Self)>,
}

impl Names<'_> {
    fn local(&self, name: &str) -> Option<&Type> {
        let (own, ty, outer) = self.inner?;
        if own == name {
            Some(ty)
        } else {
            outer.local(name)
        }
    }
}

/// Returns what the text says of the type. A list stands for a tuple of unknown length, too.
fn written(expr: &Expr, names: &Names<'_>) -> Type {
    match &expr.kind {
        ExprKind::Literal(value) => value.type_of(),
        ExprKind::Parens(inner) => written(inner, names),
        ExprKind::Template(parts) => match parts.as_slice() {
            [Part::Interpolation(inner)] => written(inner, names),
            _ => Type::String,
        },
        ExprKind::Variable(name) => names.local(name).cloned().unwrap_or_default(),
        ExprKind::SplatItem => names.local("*").cloned().unwrap_or_default(),
        ExprKind::GetAttr(object, name) => match head(expr) {
            Some((root, head)) if names.local(root).is_none() => head
                .target()
                .and_then(|target| names.scope.target_type(&target))
                .unwrap_or_default(),
            _ => member(&written(object, names), &name.text),
        },
        ExprKind::Index(collection, key) => indexed(&written(collection, names), key),
        ExprKind::Splat { source, each } => splat(&written(source, names), each, names),
        ExprKind::Call {
            name,
            args,
            expand_last,
        } => {
            let types: Vec<Type> = args.iter().map(|arg| written(arg, names)).collect();
            if *expand_last {
                Type::Any
            } else {
                functions::returns(&name.text, &types)
            }
        }
        ExprKind::Unary(UnaryOp::Not, _) => Type::Bool,
        ExprKind::Unary(UnaryOp::Negate, _) => Type::Number,
        ExprKind::Binary(op, ..) => match op {
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Modulo => Type::Number,
            _ => Type::Bool,
        },
        ExprKind::Conditional(_, yes, no) => {
            unify(&[written(yes, names), written(no, names)]).unwrap_or_default()
        }
        ExprKind::Tuple(items) => {
            Type::Tuple(items.iter().map(|item| written(item, names)).collect())
        }
        ExprKind::Object(items) => object(items, names),
        ExprKind::For(node) => {
            let element = element(&written(&node.collection, names));
            let inner = Names {
                scope: names.scope,
                inner: Some((&node.value_name.text, &element, names)),
            };
            let value = written(&node.value, &inner);
            match (&node.key, node.group) {
                (None, _) => Type::list(value),
                (Some(_), false) => Type::map(value),
                (Some(_), true) => Type::map(Type::list(value)),
            }
        }
    }
}

fn object(items: &[(Expr, Expr)], names: &Names<'_>) -> Type {
    let mut fields = Vec::with_capacity(items.len());
    for (key, value) in items {
        let ExprKind::Literal(Value::String(name)) = &key.kind else {
            return Type::Any;
        };
        fields.push(Field {
            name: name.clone(),
            ty: written(value, names),
            optional: false,
            default: None,
        });
    }
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    Type::Object(fields.into())
}

fn member(ty: &Type, name: &str) -> Type {
    match ty {
        Type::Map(element) => (**element).clone(),
        Type::Object(fields) => fields
            .iter()
            .find(|field| &*field.name == name)
            .map_or(Type::Any, |field| field.ty.clone()),
        _ => Type::Any,
    }
}

fn indexed(ty: &Type, key: &Expr) -> Type {
    match (ty, &key.kind) {
        (Type::List(element) | Type::Map(element), _) => (**element).clone(),
        (Type::Tuple(elements), ExprKind::Literal(key)) => key
            .as_int()
            .and_then(|at| elements.get(usize::try_from(at).ok()?))
            .cloned()
            .unwrap_or_default(),
        (Type::Object(_), ExprKind::Literal(Value::String(name))) => member(ty, name),
        _ => Type::Any,
    }
}

fn splat(source: &Type, each: &Expr, names: &Names<'_>) -> Type {
    let of = |item: &Type| {
        let inner = Names {
            scope: names.scope,
            inner: Some(("*", item, names)),
        };
        written(each, &inner)
    };
    match source {
        Type::List(element) | Type::Set(element) => Type::list(of(element)),
        Type::Tuple(elements) => Type::Tuple(elements.iter().map(of).collect()),
        Type::Any => Type::Any,
        other => Type::Tuple(Arc::new([of(other)])),
    }
}

/// Returns the one type of a collection's elements, if there is one.
fn element(ty: &Type) -> Type {
    match ty {
        Type::List(element) | Type::Set(element) | Type::Map(element) => (**element).clone(),
        Type::Tuple(elements) => unify(elements).unwrap_or_default(),
        _ => Type::Any,
    }
}

/// Puts together what the text and the value say of a type.
fn complete(ty: &Type, value: &Value) -> Type {
    let common = |element: &Type, items: &mut dyn Iterator<Item = &Value>| {
        let mut types = items.map(|item| complete(element, item));
        types.find(|ty| *ty != Type::Any).unwrap_or(element.clone())
    };
    match (value, ty) {
        (Value::Sensitive(inner), _) => complete(ty, inner),
        (Value::Null, _) => ty.clone(),
        (Value::Unknown(known), _) if *known == Type::Any => ty.clone(),
        (Value::List(items), _) => Type::list(common(&element(ty), &mut items.iter())),
        (Value::Set(items), _) => Type::set(common(&element(ty), &mut items.iter())),
        (Value::Map(entries), _) => Type::map(common(&element(ty), &mut entries.values())),
        (Value::Tuple(items), _) => {
            let of = |(at, item): (usize, &Value)| match ty {
                Type::List(element) => complete(element, item),
                Type::Tuple(elements) => complete(elements.get(at).unwrap_or(&Type::Any), item),
                _ => complete(&Type::Any, item),
            };
            Type::Tuple(items.iter().enumerate().map(of).collect())
        }
        (Value::Object(entries), _) => {
            let of = |(name, item): (&Arc<str>, &Value)| Field {
                name: name.clone(),
                ty: complete(&member(ty, name), item),
                optional: false,
                default: None,
            };
            Type::Object(entries.iter().map(of).collect())
        }
        _ => value.type_of(),
    }
}
