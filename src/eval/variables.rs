//! The values of a module's variables: what was given, else defaults; converted, marked and validated.

use std::collections::BTreeMap;

use super::{Scope, convert::convert, evaluate, reference::references};
use crate::{
    manifest::ast::{Condition, Expr, Module, Target, Variable},
    model::{Diagnostic, Diagnostics, Span, Type, Value, diagnostic::did_you_mean},
};

/// What was given for a variable.
#[derive(Clone, Debug)]
pub enum Given {
    /// From the command line or the environment. `origin` is how the user calls it: `-var`, `TF_VAR_x`.
    Text { text: String, origin: String },
    /// From a file, whose name is `origin`.
    Expr { expr: Expr, origin: String },
    /// Evaluated already; `span` is where it is written.
    Value {
        value: Value,
        span: Span,
        origin: String,
    },
}

/// A value given for a variable.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub given: Given,
    pub kind: InputKind,
}

/// Where a value was given. It decides what happens when no such variable is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// `TF_VAR_x`: ignored.
    Environment,
    /// `-var-file`: a warning.
    File,
    /// `terraform.tfvars`, `*.auto.tfvars`: a warning.
    AutoFile,
    /// `-var`: an error.
    CommandLine,
}

/// Parses text as an expression; the second argument names the source in messages.
pub type Parse<'a> = dyn FnMut(&str, &str) -> Result<Expr, Diagnostic> + 'a;

/// Returns the value of every variable. Later inputs win.
///
/// A variable without a usable value is reported and is unknown in the result, so that what uses it is
/// not reported again. Values of sensitive variables are never shown.
pub fn resolve(
    module: &Module,
    inputs: Vec<Input>,
    parse: &mut Parse<'_>,
    diags: &mut Diagnostics,
) -> BTreeMap<String, Value> {
    let mut given: BTreeMap<String, Given> = BTreeMap::new();
    for input in inputs {
        if module.variables.contains_key(&*input.name) {
            given.insert(input.name, input.given);
        } else {
            diags.extend(undeclared(module, &input));
        }
    }
    let mut values = BTreeMap::new();
    for (name, variable) in &module.variables {
        let value = match given.remove(&**name) {
            Some(given) => from_input(variable, given, parse),
            None => from_default(variable),
        };
        let value = value.unwrap_or_else(|diagnostic| {
            diags.push(*diagnostic);
            Value::Unknown(variable.ty.clone())
        });
        values.insert(
            name.to_string(),
            value.marked(variable.sensitive || variable.ephemeral),
        );
    }
    for variable in module.variables.values() {
        for validation in variable.validations.iter().filter(|it| is_early(it)) {
            let place = (&*format!("var.{}", variable.name.text), variable.name.span);
            validate(validation, &Variables(&values), place, diags);
        }
    }
    values
}

/// Returns the value of every variable; one that must be given but is not is unknown.
pub fn resolve_given(
    module: &Module,
    mut inputs: Vec<Input>,
    parse: &mut Parse<'_>,
    diags: &mut Diagnostics,
) -> BTreeMap<String, Value> {
    let mut known = Module {
        variables: module.variables.clone(),
        ..Module::default()
    };
    let mut unset = BTreeMap::new();
    known.variables.retain(|name, variable| {
        let has = variable.default.is_some() || inputs.iter().any(|it| it.name == **name);
        if !has {
            let value = Value::Unknown(variable.ty.clone())
                .marked(variable.sensitive || variable.ephemeral);
            unset.insert(name.to_string(), value);
        }
        has
    });
    inputs.retain(|input| !unset.contains_key(&input.name));
    let mut values = resolve(&known, inputs, parse, diags);
    values.extend(unset);
    values
}

fn undeclared(module: &Module, input: &Input) -> Option<Diagnostic> {
    let name = &input.name;
    let add = did_you_mean(name, module.variables.keys().map(|name| &**name)).map_or_else(
        || format!("To use this value, add a variable \"{name}\" {{}} block to the configuration."),
        |near| format!("Did you mean \"{near}\"?"),
    );
    let summary = "Value for undeclared variable";
    match (input.kind, &input.given) {
        (InputKind::Environment, _) => None,
        (InputKind::CommandLine, _) => Some(
            Diagnostic::error(
                summary,
                format!("A variable named \"{name}\" was assigned on the command line, but the configuration does not declare a variable of that name."),
            )
            .hint(add),
        ),
        (
            InputKind::File | InputKind::AutoFile,
            Given::Expr { origin, .. } | Given::Text { origin, .. } | Given::Value { origin, .. },
        ) => {
            let span = match &input.given {
                Given::Expr { expr, .. } => Some(expr.span),
                Given::Value { span, .. } => Some(*span),
                Given::Text { .. } => None,
            };
            Some(
                Diagnostic::warning(
                    summary,
                    format!("The configuration does not declare a variable named \"{name}\", but a value was found in file \"{origin}\"."),
                )
                .at(span)
                .hint(add),
            )
        }
    }
}

/// Whether text is a value by itself. Terraform reads it as an expression for other types only.
fn takes_text(variable: &Variable) -> bool {
    !variable.typed || matches!(variable.ty, Type::Bool | Type::Number | Type::String)
}

fn from_input(
    variable: &Variable,
    given: Given,
    parse: &mut Parse<'_>,
) -> Result<Value, Box<Diagnostic>> {
    let name = &variable.name.text;
    let origin = match &given {
        Given::Text { origin, .. } | Given::Expr { origin, .. } | Given::Value { origin, .. } => {
            origin.clone()
        }
    };
    // What is wrong with a secret is told without showing it.
    let unreadable = |problem: Box<Diagnostic>| {
        match variable.sensitive {
        false => problem,
        true => Box::new(
            Diagnostic::error(
                problem.summary,
                format!("The value for var.{name} set using {origin} cannot be read. It is sensitive, so it is not shown."),
            )
            .at(problem.span)
            .about(format!("var.{name}"))
            .masked()
            .hint("Text goes in double quotes, a list in brackets, an object in braces."),
        ),
    }
    };
    let (value, span) = match given {
        Given::Text { text, .. } if takes_text(variable) => (Value::string(text), None),
        Given::Text { text, .. } => {
            let expr = parse(&text, &format!("<value for var.{name}>")).map_err(Box::new);
            let value = expr.and_then(|expr| constant(&expr));
            (value.map_err(unreadable)?, None)
        }
        Given::Expr { expr, .. } => (constant(&expr).map_err(unreadable)?, Some(expr.span)),
        Given::Value { value, span, .. } => (value, Some(span)),
    };
    if value.is_null() && !variable.nullable {
        // Null means that the default is wanted.
        return match &variable.default {
            Some(_) => from_default(variable),
            None => Err(Box::new(
                Diagnostic::error(
                    "Required variable not set",
                    format!("Unsuitable value for var.{name} set using {origin}: required variable may not be set to null."),
                )
                .at(span.unwrap_or(variable.name.span))
                .about(format!("var.{name}"))
                .hint("Give it a value, or take nullable = false out of the variable block."),
            )),
        };
    }
    convert(&value, &variable.ty).map_err(|problem| {
        let shown = match &value {
            Value::String(_) | Value::Number(_) | Value::Bool(_) if !variable.sensitive => {
                format!(" The value is {}.", super::show::value(&value))
            }
            _ => String::new(),
        };
        let problem = Diagnostic::error(
            "Invalid value for input variable",
            format!("Unsuitable value for var.{name} set using {origin}: {problem}.{shown}"),
        )
        .at(span.unwrap_or(variable.name.span))
        .about(format!("var.{name}"))
        .hint(format!("Give it a value of the type {}.", variable.ty));
        let problem = if variable.sensitive && span.is_some() {
            problem.masked()
        } else {
            problem
        };
        let declared = variable.name.span;
        Box::new(if span.is_some() {
            problem.label(
                declared,
                format!("the variable is declared here, as {}", variable.ty),
            )
        } else {
            problem
        })
    })
}

/// Returns what is wrong with the defaults, whether they are used or not.
pub fn unusable_defaults(module: &Module) -> Vec<Diagnostic> {
    let defaults = module.variables.values().filter(|it| it.default.is_some());
    defaults
        .filter_map(|it| from_default(it).err().map(|wrong| *wrong))
        .collect()
}

/// An argument of a module call: what a variable of the module is given.
pub struct Argument {
    pub value: Value,
    pub span: Span,
    /// The variable's: `module.web.var.size`.
    pub address: String,
}

/// Returns the value of a variable that a module call gives: converted, the default for a null where none may be.
pub fn from_argument(variable: &Variable, argument: Argument) -> Result<Value, Box<Diagnostic>> {
    let Argument {
        value,
        span,
        address,
    } = argument;
    let unsuitable = |summary: &str, problem: String| {
        Diagnostic::error(
            summary,
            format!("The given value is not suitable for {address}: {problem}."),
        )
        .at(span)
        .about(&address)
    };
    if value.unmarked().is_null() && !variable.nullable {
        return match &variable.default {
            Some(_) => from_default(variable),
            None => {
                let problem = "required variable may not be set to null".to_owned();
                let diagnostic = unsuitable("Required variable not set", problem);
                Err(Box::new(diagnostic.hint(
                    "Give it a value, or take nullable = false out of the variable block.",
                )))
            }
        };
    }
    convert(&value, &variable.ty).map_err(|problem| {
        let diagnostic = unsuitable("Invalid value for input variable", problem.to_string());
        Box::new(
            diagnostic
                .label(
                    variable.name.span,
                    format!("the variable is declared here, as {}", variable.ty),
                )
                .hint(format!("Give it a value of the type {}.", variable.ty)),
        )
    })
}

/// Returns what those validations of a variable of a module say that name variables only; `scope` is the module's,
/// `span` is where the value is written.
pub fn broken(
    variable: &Variable,
    scope: &dyn Scope,
    address: &str,
    span: Span,
) -> Vec<Diagnostic> {
    let mut diags = Diagnostics::default();
    for validation in variable.validations.iter().filter(|it| is_early(it)) {
        validate(validation, scope, (address, span), &mut diags);
    }
    diags.into_iter().collect()
}

/// Returns the default of a variable.
pub fn from_default(variable: &Variable) -> Result<Value, Box<Diagnostic>> {
    let name = &variable.name.text;
    let Some(default) = &variable.default else {
        return Err(Box::new(
            Diagnostic::error(
                "No value for required variable",
                format!("The input variable \"{name}\" is not set, and has no default value."),
            )
            .at(variable.name.span)
            .about(format!("var.{name}"))
            .hint(format!(
                "Set it with -var '{name}=…', with the environment variable TF_VAR_{name}, or in terraform.tfvars or another file given with -var-file."
            )),
        ));
    };
    let value = constant(default)?;
    convert(&value, &variable.ty).map_err(|problem| {
        Box::new(
            Diagnostic::error(
                "Invalid default value for variable",
                format!("This default value is not compatible with the variable's type constraint: {problem}."),
            )
            .at(default.span)
            .about(format!("var.{name}"))
            .hint(format!("Give a default of the type {}, or change the type.", variable.ty)),
        )
    })
}

/// A scope without any names: for values that must be written out.
struct Nothing;

impl Scope for Nothing {
    fn target(&self, _: &Target) -> Result<Value, String> {
        Err("Variables may not be used here. The value must be written out.".to_owned())
    }

    fn special(&self, _: &str, _: &str) -> Option<Value> {
        None
    }
}

fn constant(expr: &Expr) -> Result<Value, Box<Diagnostic>> {
    evaluate(expr, &Nothing).map_err(|mut problem| {
        if problem.summary.starts_with("Reference to") || problem.summary == "Invalid reference" {
            problem.summary = "Variables not allowed".to_owned();
        }
        Box::new(problem)
    })
}

/// What a validation may refer to: variables.
struct Variables<'a>(&'a BTreeMap<String, Value>);

impl Scope for Variables<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        match target {
            Target::Variable(name) => self.0.get(&**name).cloned().ok_or_else(|| {
                format!("An input variable with the name \"{name}\" has not been declared.")
            }),
            _ => Err("A variable's validation can refer to variables only.".to_owned()),
        }
    }

    fn special(&self, _: &str, _: &str) -> Option<Value> {
        None
    }
}

/// Whether a validation names variables only, so that it can be looked at before anything is planned.
fn is_early(validation: &Condition) -> bool {
    let mut found = Vec::new();
    references(&validation.condition, &mut found);
    references(&validation.error_message, &mut found);
    found
        .iter()
        .all(|it| matches!(it.target, Target::Variable(_)))
}

/// Returns the error of a value that a validation refuses.
pub fn invalid_value(validation: &Condition, message: String, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid value for variable", message)
        .at(span)
        .label(validation.condition.span, "this condition does not hold")
        .hint("Give the variable another value.")
        .of_condition()
}

fn validate(
    validation: &Condition,
    scope: &dyn Scope,
    (about, span): (&str, Span),
    diags: &mut Diagnostics,
) {
    let result = match evaluate(&validation.condition, scope) {
        Ok(result) => result,
        Err(problem) => return diags.push(problem.about(about)),
    };
    let wrong = |why: String| {
        Diagnostic::error("Invalid variable validation result", why)
            .at(validation.condition.span)
            .about(about)
            .hint("Write a condition that is true or false.")
    };
    match convert(result.unmarked(), &Type::Bool) {
        Ok(Value::Bool(true) | Value::Unknown(_)) => {}
        Ok(Value::Bool(false)) => {
            let message = message(validation, scope);
            diags.push(invalid_value(validation, message, span).about(about));
        }
        Ok(_) => diags.push(wrong(
            "A validation condition must be either true or false, not null.".to_owned(),
        )),
        Err(problem) => diags.push(wrong(format!(
            "Invalid validation condition result value: {problem}."
        ))),
    }
}

/// The message of a validation that failed; what is sensitive in it is not shown.
fn message(validation: &Condition, scope: &dyn Scope) -> String {
    match evaluate(&validation.error_message, scope) {
        Ok(Value::String(text)) => text.to_string(),
        Ok(Value::Sensitive(_)) => {
            "The error message of this validation includes a sensitive value, so it is not shown."
                .to_owned()
        }
        Ok(_) => "The error message of this validation is not known yet.".to_owned(),
        Err(problem) => format!(
            "The error message of this validation is itself not valid: {}",
            problem.detail
        ),
    }
}
