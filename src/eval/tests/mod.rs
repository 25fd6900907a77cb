//! What expressions evaluate to. Expected values come from Terraform 1.11.4's console.

use std::fmt::Write;

use super::*;
use crate::model::Object;

mod body;
mod convert;
mod errors;
mod expand;
mod parse;
mod table;
mod variables;

/// A scope with a few names: `unknown` things, secrets, resources with and without instances.
struct World;

fn resource(kind: &str, name: &str) -> Option<Value> {
    let one = |id: &str| {
        Value::object(
            [
                ("id", Value::string(id)),
                ("name", Value::string(format!("n-{id}"))),
            ]
            .into_iter()
            .collect(),
        )
    };
    Some(match (kind, name) {
        ("vpc", "main") => one("v"),
        ("vpc", "many") => Value::tuple(vec![one("v0"), one("v1")]),
        ("vpc", "by") => Value::object([("a", one("va")), ("b", one("vb"))].into_iter().collect()),
        ("vpc", "new") => Value::object(
            [
                ("id", Value::Unknown(Type::String)),
                ("any", Value::UNKNOWN),
                ("list", Value::Unknown(Type::list(Type::String))),
            ]
            .into_iter()
            .collect(),
        ),
        _ => return None,
    })
}

impl Scope for World {
    fn target(&self, target: &Target) -> Result<Value, String> {
        match target {
            Target::Resource(at) => resource(&at.kind, &at.name).ok_or_else(|| {
                format!(
                    "A managed resource \"{}\" \"{}\" has not been declared.",
                    at.kind, at.name
                )
            }),
            Target::Variable(name) => Ok(match &**name {
                "s" => Value::string("sec").sensitive(),
                "sn" => Value::int(2).sensitive(),
                "sb" => Value::Bool(true).sensitive(),
                "sl" => Value::tuple(vec!["a".into(), "b".into()]).sensitive(),
                "sm" => Value::object([("a", Value::int(1))].into_iter().collect()).sensitive(),
                "big" => Value::list((0..100).map(Value::int).collect()),
                _ => {
                    return Err(format!(
                        "An input variable with the name \"{name}\" has not been declared."
                    ));
                }
            }),
            Target::Local(name) => Err(format!(
                "A local value with the name \"{name}\" has not been declared."
            )),
            _ => Err("no output".into()),
        }
    }

    fn instance(&self, resource: &ResourceAddress, key: &Key) -> Option<Value> {
        (&*resource.name == "fast").then(|| {
            Value::object(
                [("id", Value::string(format!("fast{key}")))]
                    .into_iter()
                    .collect(),
            )
        })
    }

    fn template(&self, text: &str, _: &str) -> Option<Result<Expr, Diagnostic>> {
        Some(Ok(parse::expression(&format!("\"{text}\""))))
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        match (root, name) {
            ("count", "index") => Some(Value::int(1)),
            ("each", "key") => Some("b".into()),
            ("path", "module") => Some(".".into()),
            _ => None,
        }
    }
}

fn eval(text: &str) -> Result<Value, Diagnostic> {
    evaluate(&parse::expression(text), &World)
}

/// Prints a value on one line, as Terraform's console does on several.
fn show(value: &Value) -> String {
    let all = |items: &[Value]| items.iter().map(show).collect::<Vec<_>>().join(", ");
    let each = |entries: &Object| {
        let mut text = String::new();
        for (at, (name, value)) in entries.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(text, "{comma}{name} = {}", show(value)).unwrap();
        }
        text
    };
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => serde_json::Value::from(&**text).to_string(),
        Value::List(items) => format!("tolist([{}])", all(items)),
        Value::Set(items) => format!("toset([{}])", all(items)),
        Value::Tuple(items) => format!("[{}]", all(items)),
        Value::Map(entries) => format!("tomap({{{}}})", each(entries)),
        Value::Object(entries) => format!("{{{}}}", each(entries)),
        Value::Unknown(ty) => format!("unknown {ty}"),
        Value::Sensitive(inner) => format!("sensitive {}", show(inner)),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    match eval(text) {
        Ok(value) => assert_eq!(show(&value), expected, "{text}"),
        Err(error) => panic!("{text}: {} {}", error.summary, error.detail),
    }
}

#[test]
fn every_example_of_a_function_holds() {
    for function in functions() {
        if function.example.is_empty() {
            continue;
        }
        let value = |text: &str| {
            eval(text)
                .map(|value| show(&value))
                .unwrap_or_else(|e| panic!("{text}: {}", e.detail))
        };
        assert_eq!(
            value(function.example),
            value(function.result),
            "{}",
            function.example
        );
    }
}

#[test]
fn functions_are_sorted_and_named_once() {
    let names: Vec<&str> = functions().iter().map(|function| function.name).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
}

#[test]
fn files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
    for name in ["x.sh", "a/y.sh", "a/b/z.txt"] {
        std::fs::File::create(folder.path().join(name)).unwrap();
    }
    let at = folder.path().display();
    let found = |pattern: &str| {
        show(&eval(&format!("join(\" \", fileset(\"{at}\", \"{pattern}\"))")).unwrap())
    };
    assert_eq!(found("*.sh"), "\"x.sh\"");
    assert_eq!(found("**/*.sh"), "\"a/y.sh x.sh\"");
    assert_eq!(found("a/**"), "\"a/b/z.txt a/y.sh\"");
    assert_eq!(found("**/*.{txt,md}"), "\"a/b/z.txt\"");
    assert_eq!(found("[xy].s?"), "\"x.sh\"");
    let call = |text: &str| show(&eval(&text.replace('@', &at.to_string())).unwrap());
    assert_eq!(call("file(\"@/x.sh\")"), "\"\"");
    assert_eq!(call("fileexists(\"@/nope\")"), "false");
    assert_eq!(
        call("filemd5(\"@/x.sh\")"),
        "\"d41d8cd98f00b204e9800998ecf8427e\""
    );
}
