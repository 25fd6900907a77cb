//! Blocks and expressions, taken apart.

use crate::manifest::ast::{Block, Body, Expr, ExprKind, Part};

/// A block whose arguments are taken out one by one.
pub(super) struct Fields {
    pub(super) body: Body,
    /// What has been asked for: the names that are known here.
    pub(super) asked: Vec<&'static str>,
}

impl Fields {
    pub(super) fn new(block: Block) -> Self {
        Self {
            body: block.body,
            asked: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, name: &'static str) -> Option<Expr> {
        self.asked.push(name);
        let at = self
            .body
            .attributes
            .iter()
            .position(|attribute| &*attribute.name.text == name)?;
        Some(self.body.attributes.remove(at).value)
    }

    /// Whether an argument is there, not taken yet.
    pub(super) fn given(&self, name: &str) -> bool {
        let mut attributes = self.body.attributes.iter();
        attributes.any(|attribute| &*attribute.name.text == name)
    }

    /// Whether there are blocks of a kind.
    pub(super) fn has(&self, kind: &str) -> bool {
        self.body
            .blocks
            .iter()
            .any(|block| &*block.kind.text == kind)
    }

    pub(super) fn blocks(&mut self, kind: &'static str) -> Vec<Block> {
        self.asked.push(kind);
        if !self.has(kind) {
            return Vec::new();
        }
        let (taken, rest) = std::mem::take(&mut self.body.blocks)
            .into_iter()
            .partition(|block| &*block.kind.text == kind);
        self.body.blocks = rest;
        taken
    }
}

/// Whether an expression names anything; a comprehension is taken to.
pub(super) fn names_something(expr: &Expr) -> bool {
    expr.any(&|part| match &part.kind {
        ExprKind::Variable(_) | ExprKind::For(_) => Some(true),
        _ => None,
    })
}

/// Returns the first reference or call in an expression that must be constant.
pub(in crate::manifest) fn reference_in(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Variable(_) | ExprKind::Call { .. } => Some(expr),
        // A comprehension has variables of its own; the evaluator reports others.
        ExprKind::Literal(_) | ExprKind::SplatItem | ExprKind::For(_) => None,
        ExprKind::Template(parts) => parts.iter().find_map(|part| match part {
            Part::Interpolation(inner) => reference_in(inner),
            Part::If { condition, .. } => reference_in(condition),
            Part::Literal(_) | Part::For { .. } => None,
        }),
        ExprKind::GetAttr(inner, _) | ExprKind::Unary(_, inner) | ExprKind::Parens(inner) => {
            reference_in(inner)
        }
        ExprKind::Index(a, b)
        | ExprKind::Binary(_, a, b)
        | ExprKind::Splat { source: a, each: b } => reference_in(a).or_else(|| reference_in(b)),
        ExprKind::Conditional(a, b, c) => reference_in(a)
            .or_else(|| reference_in(b))
            .or_else(|| reference_in(c)),
        ExprKind::Tuple(items) => items.iter().find_map(reference_in),
        ExprKind::Object(entries) => entries
            .iter()
            .find_map(|(key, value)| reference_in(key).or_else(|| reference_in(value))),
    }
}
