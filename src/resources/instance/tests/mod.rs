//! Rules as a table, requests as golden texts, and the steps against a small fake of the API.

mod life;
mod requests;
mod rules;

use serde_json::Value as Json;

use super::INSTANCE;
use crate::{
    model::{Object, Value},
    schema::{Converted, Problem, convert, validate},
};

/// Arguments as a configuration gives them.
fn converted(json: &Json) -> Converted {
    let Value::Object(object) = Value::from_json(json) else {
        panic!("an object: {json}");
    };
    convert(&INSTANCE, (*object).clone())
}

fn arguments(json: &Json) -> Object {
    let converted = converted(json);
    assert_eq!(converted.problems, [], "{json}");
    converted.arguments
}

fn problems(json: &Json) -> Vec<Problem> {
    let mut converted = converted(json);
    converted
        .problems
        .extend(validate(&INSTANCE, &converted.arguments));
    converted.problems
}
