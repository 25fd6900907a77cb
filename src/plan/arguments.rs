//! A block's arguments for one instance: evaluated, converted, validated, and what is wrong put where it is written.

use crate::{
    eval::{self, Scope},
    manifest::ast::{Condition, ExprKind, Resource},
    model::{
        Address, Diagnostic, Diagnostics, Object, Severity, Type,
        checks::{Finding, Standing},
        diagnostic::did_you_mean,
    },
    provider::hooks::Kind,
    schema::{self, Problem, ResourceType},
};

/// Evaluates, converts and validates a block's arguments.
pub fn arguments(
    block: &Resource,
    kind: &'static Kind,
    scope: &dyn Scope,
    address: &Address,
) -> (Option<Object>, Vec<Diagnostic>) {
    let mut diags = Diagnostics::default();
    let given = eval::evaluate_body(&block.body, scope, &mut diags);
    if diags.has_errors() {
        return (None, about(diags, address));
    }
    let blocks = not_blocks(block, kind.ty);
    if !blocks.is_empty() {
        diags.extend(blocks);
        return (None, about(diags, address));
    }
    let converted = schema::convert(kind.ty, given);
    let bad = converted.problems.iter().any(|problem| !problem.warning);
    let mut problems = converted.problems;
    if !bad {
        problems.extend(schema::validate(kind.ty, &converted.arguments));
    }
    let bad = problems.iter().any(|problem| !problem.warning);
    diags.extend(problems.iter().map(|problem| {
        let diagnostic = locate(problem, block, address);
        if written_secret(kind.ty, block, &problem.path) {
            diagnostic.masked()
        } else {
            diagnostic
        }
    }));
    let mut arguments = converted.arguments;
    if let Some(timeouts) = converted.timeouts.to_value() {
        arguments.insert("timeouts", timeouts);
    }
    ((!bad).then_some(arguments), about(diags, address))
}

/// Returns errors for blocks whose name is that of no block.
fn not_blocks(block: &Resource, ty: &ResourceType) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for inner in &block.body.blocks {
        let name = match (&*inner.kind.text, inner.labels.as_slice()) {
            ("dynamic", [name]) => name,
            _ => &inner.kind,
        };
        let attribute = ty.attributes.iter().find(|it| it.name == &*name.text);
        let is_block =
            |ty: &schema::Type| matches!(ty, schema::Type::Blocks(..) | schema::Type::BlockSet(..));
        if &*name.text == "timeouts" || attribute.is_some_and(|it| is_block(&it.ty)) {
            continue;
        }
        let text = format!("{} has no blocks \"{}\".", ty.name, name.text);
        let diagnostic = Diagnostic::error("Unsupported block type", text).at(name.span);
        let blocks = ty
            .attributes
            .iter()
            .filter(|it| is_block(&it.ty))
            .map(|it| it.name);
        found.push(match (attribute, did_you_mean(&name.text, blocks)) {
            (Some(_), _) => diagnostic.hint(format!("It is an argument: write {} = …", name.text)),
            (None, Some(near)) => diagnostic.hint(format!("Did you mean \"{near}\"?")),
            (None, None) => diagnostic.hint("The reference in docs/reference lists its blocks."),
        });
    }
    found
}

fn about(diags: Diagnostics, address: &Address) -> Vec<Diagnostic> {
    diags
        .into_iter()
        .map(|diagnostic| match diagnostic.address {
            Some(_) => diagnostic,
            None => diagnostic.about(address),
        })
        .collect()
}

/// Whether a path leads to a secret that stands in the manifest itself.
pub(super) fn written_secret(ty: &ResourceType, block: &Resource, path: &str) -> bool {
    let name = path.split(['.', '[']).next().unwrap_or(path);
    let secret = |attribute: &&schema::Attribute| attribute.name == name && attribute.sensitive;
    let written = block
        .body
        .attributes
        .iter()
        .find(|it| *it.name.text == *name);
    ty.attributes.iter().any(|it| secret(&it))
        && written.is_some_and(|it| {
            !matches!(
                it.value.kind,
                ExprKind::Variable(_) | ExprKind::GetAttr(..) | ExprKind::Index(..)
            )
        })
}

/// Returns the diagnostic for a problem: at the attribute if it is written, else at the block.
pub fn locate(problem: &Problem, block: &Resource, address: &Address) -> Diagnostic {
    let span = match problem.path.as_str() {
        "" => None,
        path if problem.summary.starts_with("Unsupported") => {
            eval::name_span(&block.body, path).or_else(|| eval::span_of(&block.body, path))
        }
        path => eval::span_of(&block.body, path),
    };
    let diagnostic = Diagnostic {
        severity: if problem.warning {
            Severity::Warning
        } else {
            Severity::Error
        },
        ..Diagnostic::error(problem.summary.clone(), problem.detail.clone())
    };
    let diagnostic = diagnostic.at(span.unwrap_or(block.span)).about(address);
    match &problem.hint {
        Some(hint) => diagnostic.hint(hint.clone()),
        None => diagnostic,
    }
}

/// What a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    Precondition,
    Postcondition,
    Output,
}

impl Promise {
    fn broken(self) -> &'static str {
        match self {
            Self::Precondition => "Resource precondition failed",
            Self::Postcondition => "Resource postcondition failed",
            Self::Output => "Module output value precondition failed",
        }
    }
}

/// Checks conditions as far as they are known.
pub fn conditions(
    list: &[Condition],
    scope: &dyn Scope,
    promise: Promise,
    address: &Address,
    diags: &mut Vec<Diagnostic>,
) -> Finding {
    let mut finding = Finding::default();
    for condition in list {
        let held = holds(condition, scope);
        finding.add(held.finding());
        match held {
            Holds::Yes | Holds::Unknown => {}
            Holds::No(message, secret) => {
                diags.extend(secret.map(|it| (*it).about(address)));
                diags.push(
                    Diagnostic::error(promise.broken(), message)
                        .at(condition.condition.span)
                        .about(address)
                        .of_condition(),
                );
            }
            Holds::Wrong(diagnostic) => diags.push((*diagnostic).about(address)),
        }
    }
    finding
}

/// What a condition comes to.
pub enum Holds {
    Yes,
    /// With what it says to this, and what is to be said of that.
    No(String, Option<Box<Diagnostic>>),
    Unknown,
    /// It cannot be evaluated.
    Wrong(Box<Diagnostic>),
}

impl Holds {
    /// Returns what is remembered of it.
    pub fn finding(&self) -> Finding {
        let standing = match self {
            Self::Yes => Standing::Pass,
            Self::Unknown => Standing::Unknown,
            Self::No(..) => Standing::Fail,
            Self::Wrong(_) => Standing::Error,
        };
        let messages = match self {
            Self::No(message, _) => vec![message.clone()],
            Self::Yes | Self::Unknown | Self::Wrong(_) => Vec::new(),
        };
        Finding { standing, messages }
    }
}

/// Evaluates a condition and, where it does not hold, its message.
pub fn holds(condition: &Condition, scope: &dyn Scope) -> Holds {
    let value = match eval::evaluate(&condition.condition, scope) {
        Ok(value) if value.is_unknown() => return Holds::Unknown,
        Ok(value) => value,
        Err(diagnostic) => return Holds::Wrong(Box::new(diagnostic)),
    };
    let no_answer = |why: String| {
        let wrong = Diagnostic::error("Invalid condition result", why)
            .at(condition.condition.span)
            .hint("Write a condition that is true or false.");
        Holds::Wrong(Box::new(wrong))
    };
    match eval::convert(&value, &Type::Bool) {
        Ok(value) if value.as_bool() == Some(true) => return Holds::Yes,
        Ok(value) if value.as_bool() == Some(false) => {}
        Ok(_) => return no_answer("A condition is true or false, and not null.".to_owned()),
        Err(problem) => return no_answer(format!("A condition is true or false: {problem}.")),
    }
    let span = condition.error_message.span;
    match eval::evaluate(&condition.error_message, scope) {
        Ok(value) if value.has_sensitive() => {
            let text = "What this message says is not shown, since it holds a sensitive value.";
            let secret = Diagnostic::warning("Error message refers to sensitive values", text)
                .at(span)
                .hint(
                    "Leave the value out of it, or wrap it in nonsensitive() if it is no secret.",
                );
            let message = "The error message holds a sensitive value and is not shown.";
            Holds::No(message.to_owned(), Some(Box::new(secret)))
        }
        Ok(value) => Holds::No(
            value
                .as_str()
                .unwrap_or("The condition does not hold.")
                .to_owned(),
            None,
        ),
        Err(_) => Holds::No("The condition does not hold.".to_owned(), None),
    }
}
