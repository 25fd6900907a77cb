//! What a run has to come to: its assertions, and the failures that it expects.

use crate::{
    eval::{self, Scope},
    manifest::{
        ast::Condition,
        test_file::{Expected, Run},
    },
    model::{Diagnostic, Severity, Type, Value, testing::Status},
    render::junit::ASSERTION,
};

/// Holds the diagnostics of a run against the failures that it expects.
pub(super) struct Judge<'a> {
    run: &'a Run,
    /// Which of the expected failures have come.
    met: Vec<bool>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        Self {
            run,
            met: vec![false; run.expect_failures.len()],
        }
    }

    /// Returns what is left when the expected failures are taken out. What a check says is an error in a test.
    pub(super) fn sift(&mut self, diags: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut left = Vec::new();
        for mut diagnostic in diags {
            if diagnostic.of_condition && self.is_expected(&diagnostic) {
                continue;
            }
            if diagnostic.of_condition {
                diagnostic.severity = Severity::Error;
            }
            left.push(diagnostic);
        }
        left
    }

    /// Returns what to tell of a plan that failed, so that there is no apply.
    pub(super) fn of_plan(&mut self, diags: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut told = Vec::new();
        for diagnostic in diags {
            let error = diagnostic.severity == Severity::Error;
            if error && diagnostic.of_condition && self.is_expected(&diagnostic) {
                let address = diagnostic.address.as_deref().unwrap_or("");
                told.push(
                    Diagnostic::warning(
                        "Expected failure while planning",
                        format!("A condition of {address} does not hold. That is expected, but it was found while planning, so that nothing was applied: the run fails."),
                    )
                    .hint("Add command = plan to the run."),
                );
            }
            told.push(diagnostic);
        }
        told
    }

    fn is_expected(&mut self, diagnostic: &Diagnostic) -> bool {
        let Some(address) = diagnostic.address.as_deref() else {
            return false;
        };
        let mut found = false;
        for (expected, met) in self.run.expect_failures.iter().zip(&mut self.met) {
            if names(expected, address) {
                *met = true;
                found = true;
            }
        }
        found
    }

    /// Returns the expected failures that did not come.
    pub(super) fn missing(&self) -> Vec<Diagnostic> {
        let pairs = self.run.expect_failures.iter().zip(&self.met);
        pairs
            .filter(|(_, met)| !**met)
            .map(|(expected, _)| {
                let detail = format!(
                    "A condition of {} was expected not to hold, and none failed.",
                    expected.address
                );
                Diagnostic::error("Missing expected failure", detail).at(expected.span)
            })
            .collect()
    }
}

/// Whether what is expected is the object at an address, or one of which that is an instance.
fn names(expected: &Expected, address: &str) -> bool {
    address
        .strip_prefix(&*expected.address)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// Evaluates the assertions of a run.
pub(super) fn asserts(run: &Run, scope: &dyn Scope, diags: &mut Vec<Diagnostic>) -> Status {
    let mut status = Status::Pass;
    for assert in &run.asserts {
        match held(assert, scope) {
            Ok(true) => {}
            Ok(false) => match failed(assert, scope) {
                Ok(found) => {
                    status = status.max(Status::Fail);
                    diags.extend(found);
                }
                Err(diagnostic) => {
                    status = Status::Error;
                    diags.push(*diagnostic);
                }
            },
            Err(diagnostic) => {
                status = Status::Error;
                diags.push(*diagnostic);
            }
        }
    }
    status
}

fn held(assert: &Condition, scope: &dyn Scope) -> Result<bool, Box<Diagnostic>> {
    let value = eval::evaluate(&assert.condition, scope)?;
    let wrong = |summary: &str, detail: String| {
        let diagnostic = Diagnostic::error(summary, detail)
            .at(assert.condition.span)
            .showing(eval::witnesses(&assert.condition, scope));
        Box::new(diagnostic)
    };
    let value = value.unmarked_deep();
    if value.is_unknown() {
        let mut diagnostic = wrong(
            "Unknown condition value",
            "What this condition depends on is known only after the apply, and this run ends with the plan.".to_owned(),
        );
        diagnostic.hint = Some(
            "Write command = apply, or override the value with override_during = plan.".to_owned(),
        );
        return Err(diagnostic);
    }
    match eval::convert(&value, &Type::Bool) {
        Ok(Value::Bool(holds)) => Ok(holds),
        Ok(_) => Err(wrong(
            "Invalid condition run",
            "A condition must be true or false, not null.".to_owned(),
        )),
        Err(problem) => Err(wrong(
            "Invalid condition run",
            format!("Invalid condition run value: {problem}."),
        )),
    }
}

/// Returns what to tell of an assertion that does not hold.
fn failed(assert: &Condition, scope: &dyn Scope) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
    let message = eval::evaluate(&assert.error_message, scope)?;
    let mut told = Vec::new();
    let text = if message.has_sensitive() {
        let detail = "The message names sensitive values, so that it is not shown.";
        told.push(
            Diagnostic::warning("Error message refers to sensitive values", detail)
                .at(assert.error_message.span)
                .hint("Leave them out of the message, or wrap them in nonsensitive()."),
        );
        String::new()
    } else {
        let invalid = |why: String| {
            let detail = format!("Unsuitable value for error message: {why}.");
            Box::new(
                Diagnostic::error("Invalid error message", detail).at(assert.error_message.span),
            )
        };
        match eval::convert(&message, &Type::String) {
            Ok(Value::String(text)) => text.to_string(),
            Ok(Value::Null) => return Err(invalid("must not be null".to_owned())),
            Ok(_) => "The message is known only after the apply.".to_owned(),
            Err(problem) => return Err(invalid(problem.to_string())),
        }
    };
    told.push(
        Diagnostic::error(ASSERTION, text)
            .at(assert.condition.span)
            .showing(eval::witnesses(&assert.condition, scope)),
    );
    Ok(told)
}
