//! Type constraints and constants: expressions that are read, not evaluated.

use std::sync::Arc;

use super::ast::{Expr, ExprKind, UnaryOp};
use crate::model::{
    Diagnostic, Number, Object, Type, Value, diagnostic::did_you_mean, types::Field,
};

/// The names of types without arguments.
const PLAIN: &[(&str, Type)] = &[
    ("any", Type::Any),
    ("bool", Type::Bool),
    ("number", Type::Number),
    ("string", Type::String),
];

/// Makes a collection type of its elements' type.
type Make = fn(Type) -> Type;

/// The names of types with one argument.
const GENERIC: &[(&str, Make)] = &[("list", Type::list), ("set", Type::set), ("map", Type::map)];

/// Reads a type constraint, as the `type` of a variable has it.
pub(super) fn constraint(expr: &Expr) -> Result<Type, Diagnostic> {
    match &expr.kind {
        ExprKind::Variable(name) => plain(name, expr),
        ExprKind::Parens(inner) => constraint(inner),
        ExprKind::Call { name, args, .. } => match (&*name.text, args.as_slice()) {
            ("object", [fields]) => object(fields),
            ("tuple", [elements]) => tuple(elements),
            ("optional", _) => Err(invalid(
                expr,
                "optional(…) can only stand around the type of an object's attribute.",
            )),
            (generic, args) => {
                let Some((_, make)) = GENERIC.iter().find(|(name, _)| *name == generic) else {
                    return Err(unknown(generic, expr));
                };
                match args {
                    [element] => constraint(element).map(make),
                    _ => Err(invalid(
                        expr,
                        &format!("{generic}(…) takes the type of its elements and nothing else."),
                    )),
                }
            }
        },
        _ => Err(invalid(expr, "This is not a type.")
            .hint("Write a type such as string, list(string) or object({ name = string }).")),
    }
}

fn plain(name: &str, expr: &Expr) -> Result<Type, Diagnostic> {
    // Terraform 0.11 wrote these alone.
    let old = GENERIC.iter().find(|(generic, _)| *generic == name);
    PLAIN
        .iter()
        .find(|(plain, _)| *plain == name)
        .map(|(_, ty)| ty.clone())
        .or_else(|| old.map(|(_, make)| make(Type::Any)))
        .ok_or_else(|| unknown(name, expr))
}

fn object(fields: &Expr) -> Result<Type, Diagnostic> {
    let ExprKind::Object(entries) = &fields.kind else {
        return Err(invalid(
            fields,
            "object(…) takes its attributes in braces: object({ name = string }).",
        ));
    };
    let mut list = entries
        .iter()
        .map(|(key, ty)| field(key, ty))
        .collect::<Result<Vec<_>, _>>()?;
    list.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Type::Object(list.into()))
}

fn field(key: &Expr, ty: &Expr) -> Result<Field, Diagnostic> {
    let ExprKind::Literal(Value::String(name)) = &key.kind else {
        return Err(invalid(
            key,
            "The name of an attribute must be a plain name.",
        ));
    };
    let (inner, optional, default) = match &ty.kind {
        ExprKind::Call { name, args, .. } if &*name.text == "optional" => match args.as_slice() {
            [inner] => (inner, true, None),
            [inner, default] => (inner, true, Some(constant(default)?)),
            _ => {
                return Err(invalid(
                    ty,
                    "optional(…) takes a type and, if wanted, a default value.",
                ));
            }
        },
        _ => (ty, false, None),
    };
    Ok(Field {
        name: name.clone(),
        ty: constraint(inner)?,
        optional,
        default,
    })
}

fn tuple(elements: &Expr) -> Result<Type, Diagnostic> {
    let ExprKind::Tuple(elements) = &elements.kind else {
        return Err(invalid(
            elements,
            "tuple(…) takes the types of its elements in brackets: tuple([string, number]).",
        ));
    };
    let elements: Result<Arc<[Type]>, _> = elements.iter().map(constraint).collect();
    elements.map(Type::Tuple)
}

fn invalid(expr: &Expr, detail: &str) -> Diagnostic {
    Diagnostic::error("Invalid type specification", detail).at(expr.span)
}

fn unknown(name: &str, expr: &Expr) -> Diagnostic {
    let names = PLAIN
        .iter()
        .map(|(name, _)| *name)
        .chain(GENERIC.iter().map(|(name, _)| *name))
        .chain(["object", "tuple"]);
    let diagnostic = invalid(expr, &format!("There is no type \"{name}\"."));
    match did_you_mean(name, names) {
        Some(meant) => diagnostic.hint(format!("Did you mean \"{meant}\"?")),
        None => diagnostic.hint(
            "The types are string, number, bool, any, list(…), set(…), map(…), object({…}) and tuple([…]).",
        ),
    }
}

/// Reads a constant: literals, and lists and objects of them.
pub(super) fn constant(expr: &Expr) -> Result<Value, Diagnostic> {
    match &expr.kind {
        ExprKind::Literal(value) => Ok(value.clone()),
        ExprKind::Parens(inner) => constant(inner),
        ExprKind::Unary(UnaryOp::Negate, inner) => match constant(inner)? {
            Value::Number(number) => Ok(Value::Number(Number::from_decimal(&-number.to_decimal()))),
            _ => Err(not_constant(expr)),
        },
        ExprKind::Tuple(items) => items
            .iter()
            .map(constant)
            .collect::<Result<Vec<_>, _>>()
            .map(Value::tuple),
        ExprKind::Object(entries) => {
            let mut object = Object::with_capacity(entries.len());
            for (key, value) in entries {
                let name: Arc<str> = match constant(key)? {
                    Value::String(name) => name,
                    Value::Number(number) => number.to_string().into(),
                    Value::Bool(value) => value.to_string().into(),
                    _ => return Err(not_constant(key)),
                };
                object.insert(name, constant(value)?);
            }
            Ok(Value::object(object))
        }
        _ => Err(not_constant(expr)),
    }
}

fn not_constant(expr: &Expr) -> Diagnostic {
    Diagnostic::error(
        "Constant expected",
        "Only a literal value can stand here: no references, functions or operators.",
    )
    .at(expr.span)
    .hint("Write the value out.")
}
