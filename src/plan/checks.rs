//! What has conditions, and what they come to. What `check` blocks say is told and stops nothing.

use std::collections::{HashMap, HashSet};

use super::{
    arguments::{Holds, Promise, conditions, holds},
    scope::{ModuleScope, Values},
    walk::{merge, repeated},
};
use crate::{
    eval::{self, variables::invalid_value},
    manifest::ast::{Condition, Module, Output, Reference, Variable},
    model::{
        Address, Diagnostic, Diagnostics, Key, ResourceAddress, Severity, Span,
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

/// Notes everything in a module, and in those below it, that has conditions.
pub(super) fn declared(root: &Module) -> Checks {
    let mut checks = Checks::default();
    for (address, block) in root.all_blocks() {
        if block.lifecycle.promises() {
            checks.declare(Subject::Resource(address));
        }
    }
    for (path, module) in root.tree() {
        for (name, output) in &module.outputs {
            if !output.preconditions.is_empty() {
                checks.declare(Subject::Output(path.clone(), name.clone()));
            }
        }
        for name in module.checks.keys() {
            checks.declare(Subject::Check(path.clone(), name.clone()));
        }
        for (name, variable) in &module.variables {
            if !variable.validations.is_empty() {
                checks.declare(Subject::Variable(path.clone(), name.clone()));
            }
        }
    }
    checks
}

/// Tells which checks fail, and which will be known after the apply.
pub(super) fn planned(values: &Values<'_>, checks: &mut Checks, diags: &mut Diagnostics) {
    each(values, checks, diags, |assert| {
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
pub fn applied(values: &Values<'_>, checks: &mut Checks, diags: &mut Diagnostics) {
    each(values, checks, diags, |_| None);
}

/// Looks at the validations of variables: those that name more than variables could not be looked at before.
pub fn variables(values: &Values<'_>, checks: &mut Checks, diags: &mut Diagnostics) {
    for (path, module) in values.module.tree() {
        let validated = module.variables.iter();
        for (name, variable) in validated.filter(|(_, it)| !it.validations.is_empty()) {
            checks.looked_at(&Subject::Variable(path.clone(), name.clone()));
            let mut seen = HashMap::new();
            for scope in values.instances(&path) {
                merge(&mut seen, validated_in(&scope, variable, checks));
            }
            let told: HashSet<Place> = diags.iter().map(place).collect();
            let found = repeated(seen).into_iter();
            diags.extend(found.filter(|it| !told.contains(&place(it))));
        }
    }
}

/// Where something is wrong, and because of what.
type Place = (String, Option<Span>, Option<Span>);

fn place(diagnostic: &Diagnostic) -> Place {
    let label = diagnostic.labels.first().map(|(span, _)| *span);
    (diagnostic.summary.clone(), diagnostic.span, label)
}

fn validated_in(
    scope: &ModuleScope<'_, '_>,
    variable: &Variable,
    checks: &mut Checks,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut finding = Finding::default();
    let subject = Subject::Variable(scope.path().clone(), variable.name.text.clone());
    for validation in &variable.validations {
        let held = holds(validation, scope);
        finding.add(held.finding());
        match held {
            Holds::Yes | Holds::Unknown => {}
            Holds::No(message, secret) => {
                found.extend(secret.map(|it| (*it).about(&subject)));
                let given = scope.given_at(variable);
                found.push(invalid_value(validation, message, given).about(&subject));
            }
            Holds::Wrong(diagnostic) => found.push((*diagnostic).about(&subject)),
        }
    }
    checks.note(subject, Key::None, finding);
    found
}

/// Looks at the preconditions of an output of an instance of a module.
pub fn output(
    scope: &ModuleScope<'_, '_>,
    output: &Output,
    checks: &mut Checks,
) -> Vec<Diagnostic> {
    if output.preconditions.is_empty() {
        return Vec::new();
    }
    let (path, name) = (scope.path(), &output.name.text);
    let place = Address {
        resource: ResourceAddress::managed("output", name)
            .within(path.clone())
            .into(),
        key: Key::None,
    };
    let mut found = Vec::new();
    let finding = conditions(
        &output.preconditions,
        scope,
        Promise::Output,
        &place,
        &mut found,
    );
    let subject = Subject::Output(path.clone(), name.clone());
    checks.note(subject, Key::None, finding);
    found
}

/// Looks at the preconditions of the outputs of all modules below the root.
pub fn outputs_below(values: &Values<'_>, checks: &mut Checks, diags: &mut Diagnostics) {
    for (path, module) in values.module.tree() {
        for it in module.outputs.values().filter(|_| !path.is_root()) {
            let mut seen = HashMap::new();
            for scope in values.instances(&path) {
                merge(&mut seen, output(&scope, it, checks));
            }
            diags.extend(repeated(seen));
        }
    }
}

fn each(
    values: &Values<'_>,
    checks: &mut Checks,
    diags: &mut Diagnostics,
    unknown: impl Fn(&Condition) -> Option<Diagnostic>,
) {
    for (path, module) in values.module.tree() {
        for name in module.checks.keys() {
            checks.looked_at(&Subject::Check(path.clone(), name.clone()));
        }
    }
    let all = values.everywhere();
    for (scope, (name, check)) in
        all.flat_map(|it| it.module().checks.iter().map(move |of| (it, of)))
    {
        let subject = Subject::Check(scope.path().clone(), name.clone());
        let mut finding = Finding::default();
        for assert in &check.asserts {
            let held = holds(assert, &scope);
            finding.add(held.finding());
            let (told, secret) = match held {
                Holds::Yes => (None, None),
                Holds::No(message, secret) => (
                    Some(
                        Diagnostic::warning("Check block assertion failed", message)
                            .at(assert.condition.span)
                            .of_condition(),
                    ),
                    secret,
                ),
                Holds::Unknown => (unknown(assert), None),
                Holds::Wrong(diagnostic) => (Some(*diagnostic), None),
            };
            let told = told.into_iter().chain(secret.map(|it| *it));
            diags.extend(told.map(|diagnostic| diagnostic.about(&subject)));
        }
        checks.note(subject, Key::None, finding);
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
