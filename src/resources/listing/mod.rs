//! What data sources have in common: pages of an answer, name filters, the id, and the object that a
//! configuration sees.

use serde_json::Value as Json;

use crate::{
    cloud::{
        ApiError, ApiErrorKind, Product,
        page::{self, Listed},
    },
    model::{Object, Value},
    provider::{Failure, batch::read_call, hooks::Context},
    schema::{Default, Problem, Read, ResourceType, Rule},
};

pub(super) mod objects;

/// The rule of every data source that has an `output_file`.
pub(super) const OUTPUT_FILE: Rule = Rule::Custom(output_file);

/// Parameters of a read.
pub(super) type Params = Vec<(String, String)>;

/// A list of blocks may be this long.
pub(super) const MANY: usize = usize::MAX;

/// Makes one read.
pub(super) async fn ask(
    context: Context<'_>,
    product: Product,
    action: &'static str,
    params: Params,
) -> Result<Json, Failure> {
    let call = read_call(product, action, params);
    context.client.call(&call).await.map_err(failure)
}

/// A listing by numbered pages.
#[derive(Clone, Copy)]
pub(super) struct Pages {
    pub(super) product: Product,
    pub(super) read: &'static Read,
    /// Items of a page, as many as the API gives.
    pub(super) size: u32,
}

impl Pages {
    /// Reads all pages, in the API's order.
    pub(super) async fn all(
        &self,
        context: Context<'_>,
        params: Params,
    ) -> Result<Listed, Failure> {
        let call = read_call(self.product, self.read.action, params);
        page::pages(context.client, &call, self.read.item, self.size)
            .await
            .map_err(failure)
    }

    /// Reads one page.
    pub(super) async fn one(
        &self,
        context: Context<'_>,
        params: Params,
        number: u64,
        size: u32,
    ) -> Result<Listed, Failure> {
        let call = read_call(self.product, self.read.action, params);
        page::page(context.client, &call, self.read.item, number, size)
            .await
            .map_err(failure)
    }
}

/// Reads a listing whose pages are chained by tokens.
pub(super) async fn chain(
    context: Context<'_>,
    action: &'static str,
    params: Params,
    path: &str,
) -> Result<Vec<Json>, Failure> {
    let call = read_call(Product::Ecs, action, params);
    page::chain(context.client, &call, path)
        .await
        .map_err(failure)
}

/// Returns the id of a result: the decimal CRC-32 of every id followed by a hyphen.
pub(super) fn id(ids: &[String]) -> String {
    let text: String = ids.iter().flat_map(|id| [id.as_str(), "-"]).collect();
    crc32fast::hash(text.as_bytes()).to_string()
}

/// Returns a list of strings.
pub(super) fn list<T: AsRef<str>>(texts: &[T]) -> Value {
    Value::list(
        texts
            .iter()
            .map(|text| Value::from(text.as_ref()))
            .collect(),
    )
}

/// Returns the arguments with the table's defaults.
pub(super) fn with_defaults(ty: &ResourceType, arguments: &Object) -> Object {
    let mut filled = arguments.clone();
    for row in ty.attributes {
        if let Some(default) = row.default
            && filled.get(row.name).is_none_or(Value::is_null)
        {
            let value = match default {
                Default::String(text) => Value::from(text),
                Default::Int(number) => Value::int(number),
                Default::Bool(value) => Value::Bool(value),
            };
            filled.insert(row.name, value);
        }
    }
    filled
}

/// Returns the whole object: arguments, results, and null for the rest.
pub(super) fn object(
    ty: &ResourceType,
    arguments: &Object,
    ids: &[String],
    results: Object,
) -> Object {
    let mut object: Object = ty
        .attributes
        .iter()
        .map(|row| {
            (
                row.name,
                arguments.get(row.name).cloned().unwrap_or_default(),
            )
        })
        .collect();
    for (name, value) in results {
        object.insert(name, value);
    }
    object.insert("id", Value::string(id(ids)));
    if ty.attributes.iter().any(|row| row.name == "ids") {
        object.insert("ids", list(ids));
    }
    object
}

/// Returns the known, non-empty text of an argument.
pub(super) fn text<'a>(arguments: &'a Object, name: &str) -> Option<&'a str> {
    arguments
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// Returns the parameters that arguments stand for: (argument, parameter).
pub(super) fn params(arguments: &Object, rows: &[(&str, &str)]) -> Params {
    let known = |(argument, parameter): &(&str, &str)| {
        let text = match arguments.get(argument)?.unmarked() {
            Value::String(text) => text.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Bool(value) => value.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then(|| ((*parameter).to_owned(), text))
    };
    rows.iter().filter_map(known).collect()
}

/// Returns the filter by tags: `Tag.N.Key`, `Tag.N.Value`.
pub(super) fn tag_params(arguments: &Object) -> Params {
    let tags = arguments.get("tags").and_then(Value::as_object);
    let numbered = tags.into_iter().flat_map(Object::iter).enumerate();
    numbered
        .flat_map(|(at, (key, value))| {
            let name = |part: &str| format!("Tag.{}.{part}", at + 1);
            let value = value.as_str().unwrap_or_default().to_owned();
            [(name("Key"), key.to_string()), (name("Value"), value)]
        })
        .collect()
}

/// Returns a matcher of names.
pub(super) fn matcher(arguments: &Object, name: &str) -> Result<Option<regex::Regex>, Failure> {
    text(arguments, name)
        .map(|pattern| {
            regex::Regex::new(pattern).map_err(|error| {
                let mut failure = refusal(
                    "InvalidRegex",
                    format!("{pattern:?} is not a regular expression: {error}"),
                );
                failure.attribute = Some(name.to_owned());
                failure
            })
        })
        .transpose()
}

/// Checks a regular expression.
pub(super) fn regex(value: &Value) -> Result<(), String> {
    match value.as_str().map(regex::Regex::new) {
        Some(Err(error)) => Err(format!(
            "It must be a regular expression, and it is not: {error}"
        )),
        _ => Ok(()),
    }
}

/// A failure that no answer says.
pub(super) fn refusal(code: &str, message: String) -> Failure {
    failure(ApiError {
        kind: ApiErrorKind::Invalid,
        action: String::new(),
        code: code.to_owned(),
        message,
        request_id: String::new(),
        status: 0,
        recommend: None,
    })
}

fn failure(error: ApiError) -> Failure {
    Failure {
        error,
        attribute: None,
        current: None,
    }
}

/// Results are not written to files.
fn output_file(arguments: &Object) -> Vec<Problem> {
    text(arguments, "output_file")
        .map(|path| Problem {
            path: "output_file".to_owned(),
            summary: "No file is written".to_owned(),
            detail: format!(
                "prov does not write the results of data sources to files, so {path:?} is not made."
            ),
            hint: Some("Remove output_file, and write an output value instead.".to_owned()),
            warning: true,
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests;
