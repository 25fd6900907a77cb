//! `check` blocks: what does not hold is told and stops nothing.

use super::{
    arguments::{Holds, holds},
    scope::Values,
};
use crate::{
    eval,
    manifest::ast::{Condition, Module, Reference},
    model::{Diagnostic, Diagnostics, Severity},
};

/// Returns everything that checks name.
pub(super) fn references(module: &Module) -> Vec<Reference> {
    let mut found = Vec::new();
    for assert in module.checks.values().flat_map(|check| &check.asserts) {
        eval::references(&assert.condition, &mut found);
        eval::references(&assert.error_message, &mut found);
    }
    found
}

/// Tells which checks fail, and which will be known after the apply.
pub(super) fn planned(values: &Values<'_>, diags: &mut Diagnostics) {
    each(values, diags, |assert| {
        Some(
            Diagnostic::warning(
                "Check block assertion known after apply",
                "The condition depends on what the apply will find: it is looked at again then.",
            )
            .at(assert.condition.span),
        )
    });
}

/// Tells which checks fail now that the plan has been carried out.
pub fn applied(values: &Values<'_>, diags: &mut Diagnostics) {
    each(values, diags, |_| None);
}

fn each(
    values: &Values<'_>,
    diags: &mut Diagnostics,
    unknown: impl Fn(&Condition) -> Option<Diagnostic>,
) {
    let all = values.everywhere();
    for (scope, (name, check)) in
        all.flat_map(|it| it.module().checks.iter().map(move |of| (it, of)))
    {
        for assert in &check.asserts {
            let told = match holds(assert, &scope) {
                Holds::Yes => None,
                Holds::No(message) => Some(
                    Diagnostic::warning("Check block assertion failed", message)
                        .at(assert.condition.span)
                        .of_condition(),
                ),
                Holds::Unknown => unknown(assert),
                Holds::Wrong(diagnostic) => Some(*diagnostic),
            };
            let dot = if scope.path().is_root() { "" } else { "." };
            let about = format!("{}{dot}check.{name}", scope.path());
            diags.extend(told.map(|diagnostic| diagnostic.about(about)));
        }
    }
}

/// Returns the failure of a check's data source as what it is: nothing that stops anything.
pub fn as_warning(diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        of_condition: true,
        ..diagnostic
    }
}
