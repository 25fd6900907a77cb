//! What could not be said when the plan was made and has to hold before a step: validations and preconditions of
//! what its block names, through locals, variables and modules.

use std::{collections::HashSet, sync::Arc};

use super::{
    checks,
    graph::resource_references,
    scope::{ModuleScope, Values},
};
use crate::{
    eval,
    manifest::ast::{Expr, Reference, Resource, Target},
    model::{
        Address, Diagnostic, Key, ModulePath, Severity,
        checks::{Checks, Standing, Subject},
    },
};

/// Returns what does not hold now of that which an instance of a block needs, if anything does not: what was told
/// before is not told again.
pub fn broken(
    block: &Resource,
    address: &Address,
    values: &Values<'_>,
    checks: &mut Checks,
) -> Option<Vec<Diagnostic>> {
    if !checks.are_open() {
        return None;
    }
    let mut late = Late {
        values,
        checks,
        seen: HashSet::new(),
        holds: true,
        told: Vec::new(),
    };
    late.all(&address.resource.module, resource_references(block));
    (!late.holds).then_some(late.told)
}

struct Late<'a, 'm> {
    values: &'a Values<'m>,
    checks: &'a mut Checks,
    seen: HashSet<(ModulePath, Target)>,
    holds: bool,
    told: Vec<Diagnostic>,
}

impl Late<'_, '_> {
    fn all(&mut self, module: &ModulePath, references: Vec<Reference>) {
        for reference in references {
            self.target(module, reference.target);
        }
    }

    fn expression(&mut self, module: &ModulePath, expr: &Expr) {
        let mut found = Vec::new();
        eval::references(expr, &mut found);
        self.all(module, found);
    }

    fn target(&mut self, path: &ModulePath, target: Target) {
        let Some(scope) = self.values.within(path) else {
            return;
        };
        if matches!(target, Target::Resource(_))
            || !self.seen.insert((path.clone(), target.clone()))
        {
            return;
        }
        match target {
            Target::Variable(name) => self.variable(&scope, &name),
            Target::Local(name) => {
                if let Some(local) = scope.module().locals.get(&name) {
                    self.expression(path, &local.value);
                }
            }
            Target::ModuleOutput(call, name) => {
                for inner in scope.called_instances(&call) {
                    self.output(&inner, &name);
                }
            }
            Target::Module(call) => {
                for inner in scope.called_instances(&call) {
                    for name in inner.module().outputs.keys() {
                        self.output(&inner, name);
                    }
                }
            }
            Target::Output(_) | Target::Resource(_) => {}
        }
    }

    fn variable(&mut self, scope: &ModuleScope<'_, '_>, name: &Arc<str>) {
        let path = scope.path();
        if let Some(variable) = scope.module().variables.get(name) {
            let subject = Subject::Variable(path.clone(), name.clone());
            self.look(&subject, |checks| checks::variable(scope, variable, checks));
        }
        if let (Some(argument), Some((caller, _))) = (scope.given(name), path.split()) {
            self.expression(&caller, argument);
        }
    }

    fn output(&mut self, scope: &ModuleScope<'_, '_>, name: &Arc<str>) {
        let Some(output) = scope.module().outputs.get(name) else {
            return;
        };
        let subject = Subject::Output(scope.path().clone(), name.clone());
        self.look(&subject, |checks| checks::output(scope, output, checks));
        self.expression(scope.path(), &output.value);
    }

    /// Looks at conditions that were unknown; those that do not hold have been told.
    fn look(&mut self, subject: &Subject, conditions: impl FnOnce(&mut Checks) -> Vec<Diagnostic>) {
        match self.checks.standing(subject, &Key::None) {
            Some(Standing::Unknown) => {
                let found = conditions(self.checks);
                self.holds &= found.iter().all(|it| it.severity != Severity::Error);
                self.told.extend(found);
            }
            Some(Standing::Fail | Standing::Error) => self.holds = false,
            Some(Standing::Pass) | None => {}
        }
    }
}
