//! What holds an ephemeral value: one that is given for each run, and is kept nowhere.
//!
//! Read from the expressions and not from the values: whatever names an ephemeral variable or resource is ephemeral, unless
//! `ephemeralasnull` stands between.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::reference::{Head, head, output};
use crate::{
    manifest::ast::{Expr, ExprKind, Module},
    model::Mode,
};

/// The names of a module that hold ephemeral values.
#[derive(Clone, Debug, Default)]
pub struct Ephemerals {
    variables: HashSet<Arc<str>>,
    locals: HashSet<Arc<str>>,
    /// By the call of the module whose they are.
    outputs: HashMap<Arc<str>, HashSet<Arc<str>>>,
}

impl Ephemerals {
    /// Finds them; a local is one when it names one.
    pub fn of(module: &Module) -> Self {
        let variables = module.variables.values().filter(|it| it.ephemeral);
        let mut found = Self {
            variables: variables.map(|it| it.name.text.clone()).collect(),
            ..Self::default()
        };
        for (call, child) in &module.children {
            let outputs = child.outputs.values().filter(|it| it.ephemeral);
            let names: HashSet<_> = outputs.map(|it| it.name.text.clone()).collect();
            if !names.is_empty() {
                found.outputs.insert(call.clone(), names);
            }
        }
        loop {
            let more: Vec<Arc<str>> = module
                .locals
                .iter()
                .filter(|(name, local)| !found.locals.contains(*name) && found.holds(&local.value))
                .map(|(name, _)| name.clone())
                .collect();
            if more.is_empty() {
                return found;
            }
            found.locals.extend(more);
        }
    }

    /// Whether an expression's value is ephemeral, or a part of it is.
    pub fn holds(&self, expr: &Expr) -> bool {
        expr.any(&|part| match &part.kind {
            ExprKind::Call { name, .. } if as_null(&name.text) => Some(false),
            ExprKind::GetAttr(object, name) => {
                if let Some((call, _, name)) = output(object, name) {
                    let all = self.outputs.get(call);
                    return Some(all.is_some_and(|all| all.contains(&name.text)));
                }
                match head(part)?.1 {
                    Head::Variable(name) => Some(self.variables.contains(name)),
                    Head::Local(name) => Some(self.locals.contains(name)),
                    Head::Module(call) => Some(self.outputs.contains_key(call)),
                    Head::Special("terraform", name) => Some(&*name.text == "applying"),
                    Head::Resource { mode, .. } => Some(mode == Mode::Ephemeral),
                    Head::Special(..) => None,
                }
            }
            _ => None,
        })
    }
}

/// Whether a function turns what is ephemeral into null.
pub(super) fn as_null(function: &str) -> bool {
    matches!(function, "ephemeralasnull" | "core::ephemeralasnull")
}
