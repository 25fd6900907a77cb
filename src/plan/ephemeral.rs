//! Where an ephemeral value cannot go: into what is kept from run to run.

use crate::{
    eval::ephemeral::Ephemerals,
    manifest::ast::{Body, Expr, Module},
    model::{Diagnostic, Diagnostics},
};

/// Whether this is the name of an ephemeral variable.
pub fn is_variable(module: &Module, name: &str) -> bool {
    module.variables.get(name).is_some_and(|it| it.ephemeral)
}

/// Reports ephemeral values in arguments of resources, in repetition and in outputs.
pub(super) fn check(module: &Module, diags: &mut Diagnostics) {
    let ephemerals = Ephemerals::of(module);
    for (address, block) in &module.resources {
        body(&block.body, &ephemerals, &mut |expr| {
            let text = "The value is ephemeral, and the state keeps what an argument says.";
            let hint = "Ephemeral values can go to providers, provisioners and locals; ephemeralasnull() leaves them out.";
            diags.push(refused("Invalid use of ephemeral value", text, expr, hint).about(address));
        });
        let repetition = [("count", &block.count), ("for_each", &block.for_each)];
        for (name, expr) in repetition {
            if let Some(expr) = expr.as_ref().filter(|expr| ephemerals.holds(expr)) {
                let text = "The value is ephemeral, and the state keeps what instances there are.";
                let hint = "Use a value that is the same in each run.";
                let summary = format!("Invalid {name} argument");
                diags.push(refused(&summary, text, expr, hint).about(address));
            }
        }
    }
    for (name, output) in &module.outputs {
        let about = format!("output.{name}");
        if output.ephemeral {
            let text = "The outputs of the root module are kept, so that none can be ephemeral.";
            let diagnostic = Diagnostic::error("Ephemeral output not allowed", text)
                .at(output.span)
                .hint("Take ephemeral away, or the output.");
            diags.push(diagnostic.about(about));
        } else if ephemerals.holds(&output.value) {
            let text = "The value is ephemeral, and outputs are kept.";
            let hint = "Leave it out with ephemeralasnull().";
            let found = refused("Ephemeral value not allowed", text, &output.value, hint);
            diags.push(found.about(about));
        }
    }
}

fn refused(summary: &str, text: &str, expr: &Expr, hint: &str) -> Diagnostic {
    Diagnostic::error(summary, text).at(expr.span).hint(hint)
}

fn body(body: &Body, ephemerals: &Ephemerals, report: &mut dyn FnMut(&Expr)) {
    for attribute in body
        .attributes
        .iter()
        .filter(|it| ephemerals.holds(&it.value))
    {
        report(&attribute.value);
    }
    for block in &body.blocks {
        self::body(&block.body, ephemerals, report);
    }
}
