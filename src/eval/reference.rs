//! Which names an expression depends on, and what a name's first two parts mean.

use std::sync::Arc;

use super::expression::{Failure, fatal};
use crate::{
    manifest::ast::{Block, Body, Expr, ExprKind, For, Name, Part, Reference, Target},
    model::{Mode, ResourceAddress, Span},
};

/// What the first parts of a traversal name.
#[derive(Clone, Copy)]
pub(super) enum Head<'a> {
    Variable(&'a Arc<str>),
    Local(&'a Arc<str>),
    Module(&'a Arc<str>),
    Resource {
        mode: Mode,
        kind: &'a Arc<str>,
        name: &'a Arc<str>,
    },
    /// `path.module`, `count.index`, `each.key`, `self.id`, ….
    Special(&'a str, &'a Name),
}

impl Head<'_> {
    /// Returns what it refers to, unless it depends on the place only.
    pub fn target(&self) -> Option<Target> {
        match *self {
            Self::Variable(name) => Some(Target::Variable(name.clone())),
            Self::Local(name) => Some(Target::Local(name.clone())),
            Self::Module(name) => Some(Target::Module(name.clone())),
            Self::Resource { .. } => self.resource().map(|at| Target::Resource(Arc::new(at))),
            Self::Special(..) => None,
        }
    }

    /// Returns the resource's address.
    pub fn resource(&self) -> Option<ResourceAddress> {
        match *self {
            Self::Resource { mode, kind, name } => {
                Some(ResourceAddress::new(mode, kind.clone(), name.clone()))
            }
            Self::Variable(_) | Self::Local(_) | Self::Module(_) | Self::Special(..) => None,
        }
    }
}

/// Returns what an expression names, and the first name of the traversal, if it is exactly that: `var.x`
/// but neither `var` nor `var.x.y`.
pub(super) fn head(expr: &Expr) -> Option<(&str, Head<'_>)> {
    let ExprKind::GetAttr(object, name) = &expr.kind else {
        return None;
    };
    match &object.kind {
        ExprKind::Variable(root) => Some((
            root,
            match &**root {
                "var" => Head::Variable(&name.text),
                "local" => Head::Local(&name.text),
                "module" => Head::Module(&name.text),
                "path" | "count" | "each" | "terraform" | "self" => Head::Special(root, name),
                root if Mode::of_root(root).is_some() => return None,
                _ => Head::Resource {
                    mode: Mode::Managed,
                    kind: root,
                    name: &name.text,
                },
            },
        )),
        ExprKind::GetAttr(inner, kind) => {
            let ExprKind::Variable(root) = &inner.kind else {
                return None;
            };
            let mode = Mode::of_root(root)?;
            Some((
                root,
                Head::Resource {
                    mode,
                    kind: &kind.text,
                    name: &name.text,
                },
            ))
        }
        _ => None,
    }
}

/// Returns the output of a module that an expression names: the call, the key of its instance, the output.
/// `module.x.y`, `module.x[0].y`.
pub(super) fn output<'a>(
    object: &'a Expr,
    name: &'a Name,
) -> Option<(&'a Arc<str>, Option<&'a Expr>, &'a Name)> {
    let (call, key) = match &object.kind {
        ExprKind::Index(call, key) => (&**call, Some(&**key)),
        _ => (object, None),
    };
    let ExprKind::GetAttr(root, module) = &call.kind else {
        return None;
    };
    match &root.kind {
        ExprKind::Variable(root) if &**root == "module" => Some((&module.text, key, name)),
        _ => None,
    }
}

/// Returns the error of a name that stands alone and is no local one.
pub(super) fn bare(name: &str, span: Span) -> Box<Failure> {
    let detail = match name {
        "var" | "local" | "module" | "path" | "count" | "each" | "terraform" | "self" => format!(
            "The \"{name}\" object cannot be accessed directly. Instead, access one of its attributes."
        ),
        "data" | "resource" | "ephemeral" => format!(
            "The \"{name}\" object must be followed by two attribute names: the type and the name."
        ),
        _ => "A reference to a resource type must be followed by at least one attribute access, specifying the resource name.".to_owned(),
    };
    let mut failure = fatal(span, "Invalid reference", detail);
    failure.diagnostic.hint = Some(format!(
        "For the text itself, write it in quotes: \"{name}\"."
    ));
    failure
}

/// Returns the plain reference that an expression is: the resource, the instance's key if it has one,
/// and the attribute. `alicloud_vpc.main.id`, `alicloud_vpc.x[each.key].id`.
pub fn plain_reference(expr: &Expr) -> Option<(ResourceAddress, Option<&Expr>, &str)> {
    match &expr.kind {
        ExprKind::Parens(inner) => plain_reference(inner),
        ExprKind::Template(parts) => match parts.as_slice() {
            [Part::Interpolation(inner)] => plain_reference(inner),
            _ => None,
        },
        ExprKind::GetAttr(object, name) => {
            let (object, key) = match &object.kind {
                ExprKind::Index(object, key) => (&**object, Some(&**key)),
                _ => (&**object, None),
            };
            Some((head(object)?.1.resource()?, key, &name.text))
        }
        _ => None,
    }
}

/// Adds every object that an expression names, with where it names it. Variables of `for` are none.
pub fn references(expr: &Expr, found: &mut Vec<Reference>) {
    Walk {
        found,
        locals: Vec::new(),
    }
    .expression(expr);
}

/// Adds every object that a body names, nested blocks included. Iterators of `dynamic` blocks are none.
pub fn body_references(body: &Body, found: &mut Vec<Reference>) {
    Walk {
        found,
        locals: Vec::new(),
    }
    .body(body);
}

struct Walk<'a, 'f> {
    found: &'f mut Vec<Reference>,
    /// Names that hide others here.
    locals: Vec<&'a str>,
}

impl<'a> Walk<'a, '_> {
    fn body(&mut self, body: &'a Body) {
        for attribute in &body.attributes {
            self.expression(&attribute.value);
        }
        for block in &body.blocks {
            if &*block.kind.text == "dynamic" {
                self.dynamic(block);
            } else {
                self.body(&block.body);
            }
        }
    }

    fn dynamic(&mut self, block: &'a Block) {
        let named = |name: &str| {
            let mut all = block.body.attributes.iter();
            all.find(|attribute| &*attribute.name.text == name)
        };
        if let Some(for_each) = named("for_each") {
            self.expression(&for_each.value);
        }
        let iterator = match named("iterator").map(|attribute| &attribute.value.kind) {
            Some(ExprKind::Variable(name)) => &**name,
            _ => block.labels.first().map_or("", |label| &label.text),
        };
        self.locals.push(iterator);
        if let Some(labels) = named("labels") {
            self.expression(&labels.value);
        }
        for content in &block.body.blocks {
            self.body(&content.body);
        }
        self.locals.pop();
    }

    fn expression(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Variable(_) | ExprKind::SplatItem => {}
            ExprKind::Template(parts) => self.parts(parts),
            ExprKind::GetAttr(object, name) => self.traversal(expr, object, name),
            ExprKind::Index(a, b)
            | ExprKind::Binary(_, a, b)
            | ExprKind::Splat { source: a, each: b } => {
                self.expression(a);
                self.expression(b);
            }
            ExprKind::Call { args, .. } => self.all(args),
            ExprKind::Unary(_, inner) | ExprKind::Parens(inner) => self.expression(inner),
            ExprKind::Conditional(test, yes, no) => {
                self.expression(test);
                self.expression(yes);
                self.expression(no);
            }
            ExprKind::Tuple(items) => self.all(items),
            ExprKind::Object(items) => {
                for (key, value) in items {
                    self.expression(key);
                    self.expression(value);
                }
            }
            ExprKind::For(node) => self.for_expression(node),
        }
    }

    fn all(&mut self, items: &'a [Expr]) {
        for item in items {
            self.expression(item);
        }
    }

    fn traversal(&mut self, expr: &'a Expr, object: &'a Expr, name: &'a Name) {
        if let Some((module, key, name)) = output(object, name)
            && !self.locals.contains(&"module")
        {
            self.found.push(Reference {
                target: Target::ModuleOutput(module.clone(), name.text.clone()),
                span: expr.span,
            });
            key.into_iter().for_each(|key| self.expression(key));
            return;
        }
        match head(expr) {
            Some((root, _)) if self.locals.contains(&root) => {}
            Some((_, head)) => {
                if let Some(target) = head.target() {
                    self.found.push(Reference {
                        target,
                        span: expr.span,
                    });
                }
            }
            None => self.expression(object),
        }
    }

    fn for_expression(&mut self, node: &'a For) {
        self.expression(&node.collection);
        let depth = self.locals.len();
        self.declare(node.key_name.as_ref(), &node.value_name);
        for part in [
            node.key.as_ref(),
            Some(&node.value),
            node.condition.as_ref(),
        ] {
            part.into_iter().for_each(|part| self.expression(part));
        }
        self.locals.truncate(depth);
    }

    fn declare(&mut self, key_name: Option<&'a Name>, value_name: &'a Name) {
        self.locals.extend(key_name.map(|name| &*name.text));
        self.locals.push(&value_name.text);
    }

    fn parts(&mut self, parts: &'a [Part]) {
        for part in parts {
            match part {
                Part::Literal(_) => {}
                Part::Interpolation(expr) => self.expression(expr),
                Part::If { condition, yes, no } => {
                    self.expression(condition);
                    self.parts(yes);
                    self.parts(no);
                }
                Part::For {
                    key_name,
                    value_name,
                    collection,
                    body,
                } => {
                    self.expression(collection);
                    let depth = self.locals.len();
                    self.declare(key_name.as_ref(), value_name);
                    self.parts(body);
                    self.locals.truncate(depth);
                }
            }
        }
    }
}
