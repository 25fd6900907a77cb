//! The emulator's own endpoints, which take no signature: calls, world, faults, reset.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Cloud;
use super::faults::Plan;
use super::market;
use super::reply::Refusal;
use super::world::ACCOUNT;

/// Time that passes at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passing {
    #[serde(default)]
    days: u32,
    #[serde(default)]
    seconds: u32,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Count {
    calls: u64,
    throttled: u64,
    failed: u64,
}

/// How often each action was called, and what came of it.
#[derive(Default)]
pub(super) struct Calls(BTreeMap<String, Count>);

impl Calls {
    pub(super) fn called(&mut self, action: &str) {
        self.0.entry(action.to_owned()).or_default().calls += 1;
    }

    pub(super) fn refused(&mut self, action: &str, refusal: &Refusal) {
        let count = self.0.entry(action.to_owned()).or_default();
        if refusal.code.contains("Throttling") {
            count.throttled += 1;
        } else {
            count.failed += 1;
        }
    }

    /// Counts a call that the gateway refused. Unknown actions are counted together.
    pub(super) fn failed(&mut self, action: &str, known: bool) {
        let name = if known { action } else { "(unknown)" };
        let count = self.0.entry(name.to_owned()).or_default();
        count.calls += 1;
        count.failed += 1;
    }

    pub(super) fn report(&self) -> Value {
        json!(self.0)
    }
}

pub(super) fn answer(cloud: &mut Cloud, parts: &Parts, body: &Bytes) -> Response<Bytes> {
    match (&parts.method, parts.uri.path()) {
        (&Method::GET, "/_emulator/calls") => json_response(StatusCode::OK, &cloud.calls.report()),
        (&Method::GET, "/_emulator/world") => {
            let query = parts.uri.query().unwrap_or_default();
            let account = query.strip_prefix("account=").unwrap_or(ACCOUNT);
            json_response(StatusCode::OK, &cloud.describe(account))
        }
        (&Method::GET, "/_emulator/faults") => json_response(StatusCode::OK, &cloud.plan.report()),
        (&Method::POST, "/_emulator/faults") => match Plan::parse(body) {
            Ok(plan) => {
                cloud.obey(plan);
                json_response(StatusCode::OK, &json!({}))
            }
            Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        (&Method::GET, "/_emulator/catalog") => {
            let mut shown = json!(cloud.plan.market());
            shown["usual_prices"] = json!(market::usual());
            json_response(StatusCode::OK, &shown)
        }
        (&Method::POST, "/_emulator/catalog") => match serde_json::from_slice(body) {
            Ok(market) => {
                cloud.sell(market);
                json_response(StatusCode::OK, &json!({}))
            }
            Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        (&Method::POST, "/_emulator/clock") => match serde_json::from_slice::<Passing>(body) {
            Ok(passing) => {
                let seconds = u64::from(passing.days) * 24 * 60 * 60 + u64::from(passing.seconds);
                cloud.let_pass(seconds);
                json_response(StatusCode::OK, &json!({}))
            }
            Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        (&Method::POST, "/_emulator/reset") => match cloud.reset() {
            Ok(()) => json_response(StatusCode::OK, &json!({})),
            Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        },
        _ => problem(
            StatusCode::NOT_FOUND,
            "There is no such endpoint, or it takes another method.",
        ),
    }
}

fn problem(status: StatusCode, text: &str) -> Response<Bytes> {
    json_response(status, &json!({ "error": text }))
}

fn json_response(status: StatusCode, value: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(value.to_string()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json;charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
