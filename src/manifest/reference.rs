//! Static traversals: references and paths that are read, not evaluated.

use std::sync::Arc;

use super::ast::{AttributePath, Expr, ExprKind, Name, PathStep, Reference, Target};
use crate::model::{
    Address, AnyAddress, Diagnostic, Key, Mode, ModulePath, ModuleStep, Number, ResourceAddress,
    Span, Value,
};

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
        [root, name, output, ..] if &***root == "module" => {
            (Target::ModuleOutput((*name).clone(), (*output).clone()), 3)
        }
        [root, name] if &***root == "module" => match path.as_slice() {
            // An instance of the call, and perhaps an output of it.
            [
                _,
                _,
                PathStep::Index(_) | PathStep::Key(_),
                PathStep::Name(output),
            ] => (Target::ModuleOutput((*name).clone(), output.clone()), 4),
            _ => (Target::Module((*name).clone()), 2),
        },
        [root, kind, name, ..] if let Some(mode) = Mode::of_root(root) => {
            (resource(mode, kind, name), 3)
        }
        [kind, name, ..] if Mode::of_root(kind).is_none() => {
            (resource(Mode::Managed, kind, name), 2)
        }
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

/// Checks that an expression is a resource or one of its instances, by whatever keys.
pub(super) fn target(expr: &Expr) -> Result<(), Diagnostic> {
    match address(&keyless(expr))? {
        AnyAddress::Resource(_) => Ok(()),
        AnyAddress::Module(_) => Err(Diagnostic::error(
            "Invalid address",
            "This is a whole module, and what is imported is one resource.",
        )
        .at(expr.span)
        .hint("Add the type and the name of the resource: module.NAME.TYPE.NAME.")),
    }
}

/// Returns an address without its keys.
fn keyless(expr: &Expr) -> Expr {
    match &expr.kind {
        ExprKind::Index(inner, _) | ExprKind::Parens(inner) => keyless(inner),
        ExprKind::GetAttr(inner, name) => Expr {
            kind: ExprKind::GetAttr(Box::new(keyless(inner)), name.clone()),
            span: expr.span,
        },
        _ => expr.clone(),
    }
}

/// Reads the address of a module, of a resource or of one of its instances, as blocks about what was name it.
pub(super) fn address(expr: &Expr) -> Result<AnyAddress, Diagnostic> {
    let invalid = |detail: &str| {
        Diagnostic::error("Invalid address", detail)
            .at(expr.span)
            .hint("Write TYPE.NAME, or TYPE.NAME with a constant key in brackets; module.NAME for a module, or before what is in it.")
    };
    let path = path(expr).ok_or_else(|| {
        let text = "An address is a type and a name, with a constant key for an instance.";
        Diagnostic {
            summary: "Invalid expression".to_owned(),
            ..invalid(text)
        }
    })?;
    let mut rest = path.as_slice();
    let mut steps = Vec::new();
    while let [PathStep::Name(root), PathStep::Name(name), after @ ..] = rest
        && &**root == "module"
    {
        let key = after.first().map_or(Key::None, key_of);
        rest = &after[usize::from(key != Key::None)..];
        let name = name.clone();
        steps.push(ModuleStep { name, key });
    }
    let module = ModulePath::new(steps);
    if rest.is_empty() && !module.is_root() {
        return Ok(AnyAddress::Module(module));
    }
    let (mode, rest) = match rest {
        [PathStep::Name(root), inner @ ..] => match Mode::of_root(root) {
            Some(mode) => (mode, inner),
            None => (Mode::Managed, rest),
        },
        rest => (Mode::Managed, rest),
    };
    let (kind, name, key) = match rest {
        [PathStep::Name(kind), PathStep::Name(name)] => (kind, name, Key::None),
        [PathStep::Name(kind), PathStep::Name(name), key] if !matches!(key, PathStep::Name(_)) => {
            (kind, name, key_of(key))
        }
        _ => return Err(invalid("A resource's address has the form TYPE.NAME.")),
    };
    if ROOTS.contains(&&**kind) {
        let detail = format!("\"{kind}\" is not a resource type: it is a word of the language.");
        return Err(invalid(&detail));
    }
    let resource = ResourceAddress::new(mode, kind.clone(), name.clone()).within(module);
    Ok(AnyAddress::Resource(Address {
        resource: Arc::new(resource),
        key,
    }))
}

fn key_of(step: &PathStep) -> Key {
    match step {
        PathStep::Name(_) => Key::None,
        PathStep::Index(index) => Key::Int(*index as u64),
        PathStep::Key(key) => Key::Text(key.clone()),
    }
}

/// What begins a reference and is no resource type.
const ROOTS: &[&str] = &[
    "var",
    "local",
    "module",
    "each",
    "count",
    "self",
    "path",
    "terraform",
    "prov",
];

fn resource(mode: Mode, kind: &Arc<str>, name: &Arc<str>) -> Target {
    Target::Resource(Arc::new(ResourceAddress::new(
        mode,
        kind.clone(),
        name.clone(),
    )))
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
