//! `check` blocks: what does not hold is told and stops nothing.

use super::{
    arguments::{Holds, holds},
    scope::Values,
};
use crate::{
    eval::{self, variables::invalid_value},
    manifest::ast::{Condition, Module, Reference},
    model::{
        Diagnostic, Diagnostics, Key, Severity,
        checks::{Checks, Finding, Subject},
    },
};

/// Returns everything that checks and validations name.
pub(super) fn references(module: &Module) -> Vec<Reference> {
    let mut found = Vec::new();
    let asserts = module.checks.values().flat_map(|check| &check.asserts);
    let validations = module.variables.values().flat_map(|it| &it.validations);
    for assert in asserts.chain(validations) {
        eval::references(&assert.condition, &mut found);
        eval::references(&assert.error_message, &mut found);
    }
    found
}

/// Tells which checks fail, and which will be known after the apply.
pub(super) fn planned(
    module: &Module,
    values: &Values<'_>,
    checks: &mut Checks,
    diags: &mut Diagnostics,
) {
    each(module, values, checks, diags, |assert| {
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
pub fn applied(module: &Module, values: &Values<'_>, checks: &mut Checks, diags: &mut Diagnostics) {
    each(module, values, checks, diags, |_| None);
}

/// Notes everything in a module that has conditions.
pub(super) fn declared(module: &Module) -> Checks {
    let mut checks = Checks::default();
    for (address, block) in &module.resources {
        let lifecycle = &block.lifecycle;
        if !lifecycle.preconditions.is_empty() || !lifecycle.postconditions.is_empty() {
            checks.declare(Subject::Resource(address.clone()));
        }
    }
    for (name, output) in &module.outputs {
        if !output.preconditions.is_empty() {
            checks.declare(Subject::Output(name.clone()));
        }
    }
    for name in module.checks.keys() {
        checks.declare(Subject::Check(name.clone()));
    }
    for (name, variable) in &module.variables {
        if !variable.validations.is_empty() {
            checks.declare(Subject::Variable(name.clone()));
        }
    }
    checks
}

/// Looks at the validations of variables: those that name more than variables could not be looked at before.
pub fn variables(
    module: &Module,
    values: &Values<'_>,
    checks: &mut Checks,
    diags: &mut Diagnostics,
) {
    for (name, variable) in &module.variables {
        for validation in &variable.validations {
            let held = holds(validation, values);
            checks.note(Subject::Variable(name.clone()), Key::None, held.finding());
            let about = format!("var.{name}");
            match held {
                Holds::Yes | Holds::Unknown => {}
                Holds::No(message, secret) => {
                    diags.extend(secret.map(|it| (*it).about(&about)));
                    diags.push(invalid_value(variable, validation, message).about(about));
                }
                Holds::Wrong(diagnostic) => diags.push((*diagnostic).about(about)),
            }
        }
    }
}

fn each(
    module: &Module,
    values: &Values<'_>,
    checks: &mut Checks,
    diags: &mut Diagnostics,
    unknown: impl Fn(&Condition) -> Option<Diagnostic>,
) {
    for (name, check) in &module.checks {
        let mut finding = Finding::default();
        for assert in &check.asserts {
            let held = holds(assert, values);
            finding.add(held.finding());
            let (told, secret) = match held {
                Holds::Yes => (None, None),
                Holds::No(message, secret) => (
                    Some(
                        Diagnostic::warning("Check block assertion failed", message)
                            .at(assert.condition.span),
                    ),
                    secret,
                ),
                Holds::Unknown => (unknown(assert), None),
                Holds::Wrong(diagnostic) => (Some(*diagnostic), None),
            };
            let told = told.into_iter().chain(secret.map(|it| *it));
            diags.extend(told.map(|diagnostic| diagnostic.about(format!("check.{name}"))));
        }
        checks.note(Subject::Check(name.clone()), Key::None, finding);
    }
}

/// Returns the failure of a check's data source as what it is: nothing that stops anything.
pub fn as_warning(diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        ..diagnostic
    }
}
