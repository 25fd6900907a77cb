//! Values of variables.

use super::{parse, show};
use crate::{
    eval::variables::{Given, Input, InputKind, resolve},
    manifest::ast::{Condition, Module, Name, Variable},
    model::{Diagnostics, Type},
};

fn variable(name: &str, ty: Option<Type>, default: Option<&str>) -> Variable {
    Variable {
        name: Name {
            text: name.into(),
            span: parse::expression("1").span,
        },
        typed: ty.is_some(),
        ty: ty.unwrap_or_default(),
        default: default.map(parse::expression),
        description: None,
        sensitive: false,
        nullable: true,
        ephemeral: false,
        validations: Vec::new(),
    }
}

fn text(name: &str, text: &str) -> Input {
    Input {
        name: name.into(),
        given: Given::Text {
            text: text.into(),
            origin: format!("-var=\"{name}=...\""),
        },
        kind: InputKind::CommandLine,
    }
}

fn resolved(variables: Vec<Variable>, inputs: Vec<Input>) -> (String, Vec<String>) {
    let module = Module {
        variables: variables
            .into_iter()
            .map(|variable| (variable.name.text.clone(), variable))
            .collect(),
        ..Module::default()
    };
    let mut diags = Diagnostics::default();
    let values = resolve(
        &module,
        inputs,
        &mut |text, _| Ok(parse::expression(text)),
        &mut diags,
    );
    let shown: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("{name}={}", show(value)))
        .collect();
    let problems = diags
        .iter()
        .map(|problem| {
            let hint = problem.hint.as_deref().unwrap_or_default();
            format!(
                "{:?} {}: {} {hint}",
                problem.severity, problem.summary, problem.detail
            )
        })
        .collect();
    (shown.join(" "), problems)
}

#[test]
fn text_is_read_as_the_type_says() {
    let strings = Type::list(Type::String);
    let (values, problems) = resolved(
        vec![
            variable("any", None, None),
            variable("list", Some(strings), None),
            variable("number", Some(Type::Number), None),
            variable("string", Some(Type::String), None),
        ],
        vec![
            text("any", "[1]"),
            text("list", "[1]"),
            text("number", "7"),
            text("number", "8"),
            text("string", "null"),
        ],
    );
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(
        values,
        r#"any="[1]" list=tolist(["1"]) number=8 string="null""#
    );
}

#[test]
fn null_means_the_default_where_null_is_not_allowed() {
    let mut strict = variable("s", Some(Type::String), Some("\"d\""));
    strict.nullable = false;
    let null = Input {
        name: "s".into(),
        given: Given::Expr {
            expr: parse::expression("null"),
            origin: "terraform.tfvars".into(),
        },
        kind: InputKind::AutoFile,
    };
    assert_eq!(resolved(vec![strict], vec![null.clone()]).0, "s=\"d\"");
    assert_eq!(
        resolved(vec![variable("s", None, Some("1"))], vec![null]).0,
        "s=null"
    );
}

#[test]
fn what_is_missing_or_undeclared_is_said() {
    let (values, problems) = resolved(vec![variable("name", None, None)], vec![text("nane", "x")]);
    assert_eq!(values, "name=unknown any");
    assert_eq!(problems.len(), 2);
    assert!(
        problems[0].starts_with("Error Value for undeclared variable"),
        "{problems:?}"
    );
    assert!(
        problems[0].ends_with("Did you mean \"name\"?"),
        "{problems:?}"
    );
    assert!(
        problems[1].contains("No value for required variable"),
        "{problems:?}"
    );
    let quiet = |kind| {
        let input = Input {
            kind,
            ..text("zz", "x")
        };
        resolved(vec![], vec![input]).1
    };
    assert_eq!(quiet(InputKind::Environment), Vec::<String>::new());
    assert!(quiet(InputKind::AutoFile)[0].starts_with("Warning"));
}

#[test]
fn sensitive_values_are_not_shown() {
    let mut secret = variable("pw", Some(Type::Number), None);
    secret.sensitive = true;
    let (_, problems) = resolved(vec![secret.clone()], vec![text("pw", "hunter2")]);
    assert!(problems[0].contains("a number is required") && !problems[0].contains("hunter2"));
    secret.ty = Type::String;
    secret.validations.push(Condition {
        condition: parse::expression("length(var.pw) > 10"),
        error_message: parse::expression("\"too short: ${var.pw}\""),
        span: secret.name.span,
    });
    let (values, problems) = resolved(vec![secret], vec![text("pw", "hunter2")]);
    assert_eq!(values, "pw=sensitive \"hunter2\"");
    assert!(
        problems[0].contains("Invalid value for variable"),
        "{problems:?}"
    );
    assert!(!problems[0].contains("hunter2"), "{problems:?}");
}

#[test]
fn validations_see_other_variables() {
    let mut bounded = variable("v", Some(Type::Number), Some("5"));
    bounded.validations.push(Condition {
        condition: parse::expression("var.v > var.n"),
        error_message: parse::expression("\"must be above ${var.n}\""),
        span: bounded.name.span,
    });
    let (_, problems) = resolved(
        vec![bounded, variable("n", Some(Type::Number), Some("7"))],
        vec![],
    );
    assert_eq!(
        problems,
        ["Error Invalid value for variable: must be above 7 Give the variable another value."]
    );
}
