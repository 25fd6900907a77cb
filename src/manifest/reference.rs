//! Static traversals: references and paths that are read, not evaluated.

use std::sync::Arc;

use super::ast::{AttributePath, Expr, ExprKind, Name, PathStep, Reference, Target};
use crate::model::{Address, Diagnostic, Key, Mode, Number, ResourceAddress, Span, Value};

/// Reads a traversal of names and constant keys: `tags`, `tags["a"]`, `data_disks[0].size`.
pub(super) fn path(expr: &Expr) -> Option<AttributePath> {
    let mut steps = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Variable(name) => {
                steps.push(PathStep::Name(name.clone()));
                steps.reverse();
                return Some(steps);
            }
            ExprKind::GetAttr(object, name) => {
                steps.push(PathStep::Name(name.text.clone()));
                at = object;
            }
            ExprKind::Index(collection, key) => {
                steps.push(match &key.kind {
                    ExprKind::Literal(Value::Number(Number::Int(index))) => {
                        PathStep::Index(usize::try_from(*index).ok()?)
                    }
                    ExprKind::Literal(Value::String(key)) => PathStep::Key(key.clone()),
                    _ => return None,
                });
                at = collection;
            }
            _ => return None,
        }
    }
}

/// Reads a reference to a whole object, as `depends_on` lists them.
pub(super) fn whole(expr: &Expr) -> Result<Reference, Diagnostic> {
    let invalid = |detail: &str| {
        Diagnostic::error("Invalid reference", detail)
            .at(expr.span)
            .hint("List whole objects: alicloud_vpc.main, data.alicloud_zones.all, var.x, local.y.")
    };
    let path = path(expr).ok_or_else(|| {
        let text = "Expected a reference to a resource, a variable or a local value.";
        Diagnostic {
            summary: "Invalid expression".to_owned(),
            ..invalid(text)
        }
    })?;
    let names: Vec<&Arc<str>> = path
        .iter()
        .map_while(|step| match step {
            PathStep::Name(name) => Some(name),
            PathStep::Index(_) | PathStep::Key(_) => None,
        })
        .collect();
    let (target, used) = match names.as_slice() {
        [root, name, ..] if &***root == "var" => (Target::Variable((*name).clone()), 2),
        [root, name, ..] if &***root == "local" => (Target::Local((*name).clone()), 2),
        [root, ..] if &***root == "module" => {
            return Err(invalid("Modules are not supported yet."));
        }
        [root, kind, name, ..] if &***root == "data" => (resource(Mode::Data, kind, name), 3),
        [kind, name, ..] if &***kind != "data" => (resource(Mode::Managed, kind, name), 2),
        _ => return Err(invalid("A reference to a resource has the form TYPE.NAME.")),
    };
    let key = usize::from(matches!(
        path.get(used),
        Some(PathStep::Index(_) | PathStep::Key(_))
    ));
    if path.len() > used + key {
        return Err(invalid(
            "A dependency is on a whole object, not on one of its attributes.",
        ));
    }
    Ok(Reference {
        target,
        span: expr.span,
    })
}

/// Checks that an expression is a resource or one of its instances, by whatever key.
pub(super) fn target(expr: &Expr) -> Result<(), Diagnostic> {
    match &expr.kind {
        ExprKind::Index(inner, _) => address(inner),
        _ => address(expr),
    }
    .map(|_| ())
}

/// Reads the address of a resource or of one of its instances, as blocks about what was name it.
pub(super) fn address(expr: &Expr) -> Result<Address, Diagnostic> {
    let invalid = |detail: &str| {
        Diagnostic::error("Invalid address", detail)
            .at(expr.span)
            .hint("Write TYPE.NAME, or TYPE.NAME with a constant key in brackets.")
    };
    let path = path(expr).ok_or_else(|| {
        let text = "An address is a type and a name, with a constant key for an instance.";
        Diagnostic {
            summary: "Invalid expression".to_owned(),
            ..invalid(text)
        }
    })?;
    let (mode, rest) = match path.as_slice() {
        [PathStep::Name(root), ..] if &**root == "module" => {
            return Err(invalid("Modules are not supported yet."));
        }
        [PathStep::Name(root), rest @ ..] if &**root == "data" => (Mode::Data, rest),
        [PathStep::Name(root), rest @ ..] if &**root == "resource" => (Mode::Managed, rest),
        rest => (Mode::Managed, rest),
    };
    let (kind, name, key) = match rest {
        [PathStep::Name(kind), PathStep::Name(name)] => (kind, name, Key::None),
        [
            PathStep::Name(kind),
            PathStep::Name(name),
            PathStep::Index(index),
        ] => (kind, name, Key::Int(*index as u64)),
        [
            PathStep::Name(kind),
            PathStep::Name(name),
            PathStep::Key(key),
        ] => (kind, name, Key::Text(key.clone())),
        _ => return Err(invalid("A resource's address has the form TYPE.NAME.")),
    };
    if ROOTS.contains(&&**kind) {
        let detail = format!("\"{kind}\" is not a resource type: it is a word of the language.");
        return Err(invalid(&detail));
    }
    let resource = ResourceAddress {
        mode,
        kind: kind.clone(),
        name: name.clone(),
    };
    Ok(Address {
        resource: Arc::new(resource),
        key,
    })
}

/// What begins a reference and is no resource type.
const ROOTS: &[&str] = &[
    "var",
    "local",
    "each",
    "count",
    "self",
    "path",
    "terraform",
    "prov",
];

fn resource(mode: Mode, kind: &Arc<str>, name: &Arc<str>) -> Target {
    Target::Resource(Arc::new(ResourceAddress {
        mode,
        kind: kind.clone(),
        name: name.clone(),
    }))
}

/// Reads the `provider` of a resource: a name, and an alias after a dot.
pub(super) fn provider(expr: &Expr) -> Option<(Name, Option<Name>)> {
    match &expr.kind {
        ExprKind::Variable(name) => Some((named(name, expr.span), None)),
        ExprKind::GetAttr(object, alias) => match &object.kind {
            ExprKind::Variable(name) => Some((named(name, object.span), Some(alias.clone()))),
            _ => None,
        },
        _ => None,
    }
}

fn named(text: &Arc<str>, span: Span) -> Name {
    Name {
        text: text.clone(),
        span,
    }
}
