//! Where an ephemeral value cannot go: into what is kept from run to run.

use std::collections::HashSet;

use crate::{
    eval::ephemeral::Ephemerals,
    manifest::ast::{Body, Expr, Module, ModuleCall, Output},
    model::{Diagnostic, Diagnostics, Mode, ModulePath},
    provider::{hooks::Kind, registry::Registry},
};

use super::walk::within;

/// Whether this is the name of an ephemeral variable.
pub fn is_variable(module: &Module, name: &str) -> bool {
    module.variables.get(name).is_some_and(|it| it.ephemeral)
}

/// Reports ephemeral values in arguments of resources, in repetition, in outputs, and in variables that take none.
pub(super) fn check(root: &Module, registry: &Registry, diags: &mut Diagnostics) {
    let mut seen = HashSet::new();
    for (path, module) in root.tree() {
        // Calls of one directory share the module.
        if !seen.insert(std::ptr::from_ref(module)) {
            continue;
        }
        let mut checker = Checker {
            path,
            ephemerals: Ephemerals::of(module),
            registry,
            diags,
        };
        checker.module(module);
    }
}

struct Checker<'d> {
    path: ModulePath,
    ephemerals: Ephemerals,
    registry: &'d Registry,
    diags: &'d mut Diagnostics,
}

impl Checker<'_> {
    fn module(&mut self, module: &Module) {
        for (address, block) in &module.resources {
            let about = within(&self.path, &address.to_string());
            if address.mode != Mode::Ephemeral {
                let kind = self.registry.find(address.mode, &address.kind);
                self.body(&block.body, kind, &about);
            }
            self.repetition("count", block.count.as_ref(), &about);
            self.repetition("for_each", block.for_each.as_ref(), &about);
        }
        for (name, call) in &module.calls {
            let about = within(&self.path, &format!("module.{name}"));
            self.repetition("count", call.count.as_ref(), &about);
            self.repetition("for_each", call.for_each.as_ref(), &about);
            if let Some(child) = module.children.get(name) {
                self.call(call, child, &about);
            }
        }
        for output in module.outputs.values() {
            self.output(output);
        }
    }

    fn refuse(&mut self, summary: &str, text: &str, expr: &Expr, hint: &str, about: &str) {
        let diagnostic = Diagnostic::error(summary, text).at(expr.span).hint(hint);
        self.diags.push(diagnostic.about(about));
    }

    fn body(&mut self, body: &Body, kind: Option<&Kind>, about: &str) {
        for attribute in &body.attributes {
            let is_kept = || {
                let rows = kind.into_iter().flat_map(|kind| kind.ty.attributes);
                let mut named = rows.filter(|row| row.name == &*attribute.name.text);
                !named.any(|row| row.write_only.is_some())
            };
            if self.ephemerals.holds(&attribute.value) && is_kept() {
                let text = "The value is ephemeral, and the state keeps what an argument says.";
                let hint = "Ephemeral values can go to write-only arguments, providers, provisioners and locals; ephemeralasnull() leaves them out.";
                let summary = "Invalid use of ephemeral value";
                self.refuse(summary, text, &attribute.value, hint, about);
            }
        }
        for block in &body.blocks {
            self.body(&block.body, None, about);
        }
    }

    fn repetition(&mut self, name: &str, expr: Option<&Expr>, about: &str) {
        if let Some(expr) = expr.filter(|expr| self.ephemerals.holds(expr)) {
            let text = "The value is ephemeral, and the state keeps what instances there are.";
            let hint = "Use a value that is the same in each run.";
            self.refuse(&format!("Invalid {name} argument"), text, expr, hint, about);
        }
    }

    fn call(&mut self, call: &ModuleCall, child: &Module, about: &str) {
        for argument in &call.body.attributes {
            if self.ephemerals.holds(&argument.value) && !is_variable(child, &argument.name.text) {
                let text = "The value is ephemeral, and the variable does not take such.";
                let hint = "Add ephemeral = true to the variable of the module.";
                let summary = "Ephemeral value not allowed";
                self.refuse(summary, text, &argument.value, hint, about);
            }
        }
    }

    fn output(&mut self, output: &Output) {
        let about = within(&self.path, &format!("output.{}", output.name.text));
        let holds = self.ephemerals.holds(&output.value);
        let value = &output.value;
        if output.ephemeral && self.path.is_root() {
            let text = "The outputs of the root module are kept, so that none can be ephemeral.";
            let diagnostic = Diagnostic::error("Ephemeral output not allowed", text)
                .at(output.span)
                .hint("Take ephemeral away, or the output.");
            self.diags.push(diagnostic.about(about));
        } else if output.ephemeral && !holds {
            let text = "The output is said to be ephemeral, and its value is not.";
            let hint = "Take ephemeral away.";
            let summary = "Value not allowed in ephemeral output";
            self.refuse(summary, text, value, hint, &about);
        } else if holds && !output.ephemeral {
            let (text, hint) = match self.path.is_root() {
                true => (
                    "The value is ephemeral, and outputs are kept.",
                    "Leave it out with ephemeralasnull().",
                ),
                false => (
                    "The value is ephemeral, and the output does not say so.",
                    "Add ephemeral = true to the output.",
                ),
            };
            self.refuse("Ephemeral value not allowed", text, value, hint, &about);
        }
    }
}
