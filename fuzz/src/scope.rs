//! A scope with a name for every kind of value: unknown, sensitive, null, large, nested.

use prov::{
    eval::Scope,
    manifest::{
        self,
        ast::{Expr, Target},
    },
    model::{Diagnostic, Key, Number, Object, ResourceAddress, Type, Value},
};

/// What no message may show, and no result that is not sensitive.
pub const SECRET: &str = "Sw0rdfish-93";

/// The names that expressions can use.
pub struct World;

/// Returns an object of these entries.
fn object(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::object(entries.into_iter().collect())
}

/// Returns the value of `var.NAME` or `local.NAME`.
fn named(name: &str) -> Option<Value> {
    let texts = || vec![Value::string("a"), Value::string("b"), Value::string("é")];
    Some(match name {
        "s" => Value::string(SECRET).sensitive(),
        "sn" => Value::int(7).sensitive(),
        "sl" => Value::tuple(vec![Value::string(SECRET), Value::int(1)]).sensitive(),
        "so" => object([
            ("password", Value::string(SECRET).sensitive()),
            ("name", Value::string("n")),
        ]),
        "u" => Value::Unknown(Type::String),
        "un" => Value::Unknown(Type::Number),
        "ul" => Value::Unknown(Type::list(Type::String)),
        "um" => Value::Unknown(Type::map(Type::Any)),
        "ua" => Value::UNKNOWN,
        "null" => Value::Null,
        "t" => Value::Bool(true),
        "n" => Value::int(3),
        "big" => Value::Number(Number::parse("12345678901234567890.5").expect("a number")),
        "max" => Value::int(i64::MAX),
        "min" => Value::int(i64::MIN),
        "text" => Value::string("héllo wörld\n${x} \u{1f469}\u{200d}\u{1f4bb}"),
        "l" => Value::list(texts()),
        "set" => Value::set(texts()),
        "tuple" => Value::tuple(vec![
            Value::int(1),
            Value::string("x"),
            Value::Null,
            Value::UNKNOWN,
        ]),
        "m" => Value::map(
            [("a", Value::int(1)), ("b", Value::int(2))]
                .into_iter()
                .collect::<Object>(),
        ),
        "o" => object([
            ("a", Value::int(1)),
            ("list", Value::list(texts())),
            (
                "deep",
                object([("x", Value::Bool(false)), ("u", Value::Unknown(Type::Bool))]),
            ),
        ]),
        "hundred" => Value::list((0..100).map(Value::int).collect()),
        _ => return None,
    })
}

fn network(id: Value) -> Value {
    object([
        ("id", id),
        ("name", Value::string("main")),
        ("tags", named("m").unwrap_or_default()),
    ])
}

impl Scope for World {
    fn target(&self, target: &Target) -> Result<Value, String> {
        match target {
            Target::Variable(name) | Target::Local(name) => {
                named(name).ok_or_else(|| format!("Nothing named {name:?} is declared."))
            }
            Target::Resource(address) => match &*address.name {
                "main" => Ok(network(Value::string("vpc-1"))),
                "new" => Ok(network(Value::Unknown(Type::String))),
                "many" => Ok(Value::tuple(vec![network(Value::string("vpc-1")); 3])),
                "by" => Ok(object([
                    ("a", network(Value::Null)),
                    ("b", network(Value::UNKNOWN)),
                ])),
                _ => Err(format!("{address} has not been declared.")),
            },
            Target::Module(_) => Ok(object([
                ("id", Value::UNKNOWN),
                ("name", Value::string("m")),
            ])),
            other => Err(format!("{other} has not been declared.")),
        }
    }

    fn instance(&self, resource: &ResourceAddress, _: &Key) -> Option<Value> {
        (&*resource.name == "fast").then(|| network(Value::string("vpc-2")))
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        Some(match (root, name) {
            ("count", "index") => Value::int(2),
            ("each", "key") => Value::string("k"),
            ("each", "value") => named("o")?,
            // A folder in which nothing is.
            ("path", "cwd" | "module" | "root") => Value::string("/nonexistent"),
            ("terraform", "workspace") => Value::string("default"),
            ("prov", "timestamp" | "plantimestamp") => Value::string("2026-01-02T03:04:05Z"),
            ("self", _) => named("o")?,
            _ => return None,
        })
    }

    fn template(&self, text: &str, _: &str) -> Option<Result<Expr, Diagnostic>> {
        Some(manifest::parse_template(text))
    }
}

/// Checks that neither a message nor a plain value shows the secret; `given` is where it may have come from.
pub fn keeps_secrets(given: &str, outcome: &Result<Value, Diagnostic>) {
    // One function lifts marks, and who writes a text out keeps no secret.
    if given.contains("nonsensitive") || given.contains("Sw0rd") {
        return;
    }
    match outcome {
        Ok(value) => {
            let shown = plain(value).to_string();
            assert!(
                !shown.contains(SECRET),
                "a plain value shows what is sensitive: {shown}"
            );
        }
        Err(diagnostic) => {
            let said = format!("{diagnostic:?}");
            assert!(
                !said.contains(SECRET),
                "a message shows what is sensitive: {said}"
            );
        }
    }
}

/// Returns what of a value may be shown.
fn plain(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Sensitive(_) => Json::Null,
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
            Json::Array(items.iter().map(plain).collect())
        }
        Value::Map(entries) | Value::Object(entries) => entries
            .iter()
            .map(|(name, value)| (name.to_string(), plain(value)))
            .collect(),
        other => other.to_json(),
    }
}
