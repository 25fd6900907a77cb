//! What was asked and answered, by names and kinds of values alone: for checks against the API's documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One call that was understood, and its answer. No value is in it, so that it can be kept anywhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Exchange {
    pub version: String,
    pub action: String,
    /// The names of the parameters with the kinds of their values: empty, integer, number, boolean or text.
    pub parameters: BTreeMap<String, String>,
    pub status: u16,
    /// The answer with the kinds in place of the values; nothing if it was not JSON.
    pub body: Option<Value>,
}

/// Takes every exchange.
pub type Recorder = Arc<dyn Fn(&Exchange) + Send + Sync>;

impl Exchange {
    pub(super) fn new(
        version: &str,
        action: &str,
        parameters: &BTreeMap<String, String>,
        status: u16,
        body: &[u8],
    ) -> Self {
        let kinds = parameters
            .iter()
            .map(|(name, value)| (name.clone(), kind_of_text(value).to_owned()));
        Self {
            version: version.to_owned(),
            action: action.to_owned(),
            parameters: kinds.collect(),
            status,
            body: serde_json::from_slice(body)
                .ok()
                .map(|body| kinds_of(&body)),
        }
    }
}

fn kind_of_text(text: &str) -> &'static str {
    let boolean = ["true", "false"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    match text {
        "" => "empty",
        _ if boolean => "boolean",
        _ if text.parse::<i64>().is_ok() => "integer",
        _ if text.parse::<f64>().is_ok_and(f64::is_finite) => "number",
        _ => "text",
    }
}

/// The kinds of a value: of a list, each that occurs once.
fn kinds_of(value: &Value) -> Value {
    let word = match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), kinds_of(value)));
            return Value::Object(fields.collect::<Map<_, _>>());
        }
        Value::Array(items) => {
            let mut kinds: Vec<Value> = Vec::new();
            for kind in items.iter().map(kinds_of) {
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
            return Value::Array(kinds);
        }
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "text",
    };
    Value::from(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn kinds_tell_no_values() {
        let parameters = [
            ("Password", "hunter2"),
            ("Size", "5"),
            ("Rate", "0.5"),
            ("On", "True"),
        ];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let body = br#"{"Ids": {"Id": ["i-1", "i-2"]}, "Total": 2, "Price": 0.5, "On": true}"#;
        let exchange = Exchange::new("2014-05-26", "X", &parameters.into(), 200, body);
        let kinds =
            json!({ "Password": "text", "Size": "integer", "Rate": "number", "On": "boolean" });
        assert_eq!(json!(exchange.parameters), kinds);
        let kinds = json!({ "Ids": { "Id": ["text"] }, "Total": "integer", "Price": "number", "On": "boolean" });
        assert_eq!(exchange.body, Some(kinds));
    }
}
