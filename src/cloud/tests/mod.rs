//! The client, alone: signature examples, scripts of answers, the tables. No network, no real time.

mod answers;
mod calls;
mod chain;
mod keeper;
mod network;
mod pages;
mod rates;
mod settings;
mod signatures;
mod sources;
mod tables;
mod throttling;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value as Json;

use super::{
    client::{Call, Client, Product, Settings, SignVersion},
    credentials::Credentials,
    endpoint::Endpoints,
    retry::Policy,
    throttle::Throttle,
    transport::{Transport, TransportError, TransportErrorKind},
};
use crate::model::secret::Secret;

type Sent = Result<http::Response<Bytes>, TransportError>;

/// Answers from a queue, and keeps the requests. When the queue is empty it answers success.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Sent>>,
    requests: Mutex<Vec<http::Request<Bytes>>>,
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: http::Request<Bytes>) -> Sent {
        self.requests.lock().unwrap().push(request);
        // A moment passes, as on a network.
        tokio::time::sleep(Duration::from_millis(1)).await;
        let next = self.answers.lock().unwrap().pop_front();
        next.unwrap_or_else(|| ok(r#"{"RequestId":"R-OK"}"#))
    }
}

impl Script {
    fn of(answers: impl IntoIterator<Item = Sent>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.into_iter().collect()),
            requests: Mutex::default(),
        })
    }

    fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// The form of each request, decoded, as pairs.
    fn forms(&self) -> Vec<Vec<(String, String)>> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|sent| decode(sent.body())).collect()
    }

    /// The values of one parameter over all requests.
    fn values(&self, name: &str) -> Vec<String> {
        let forms = self.forms();
        forms
            .iter()
            .map(|form| value(form, name).unwrap_or_default())
            .collect()
    }
}

fn value(form: &[(String, String)], name: &str) -> Option<String> {
    form.iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
}

fn decode(body: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(body).unwrap();
    let plain = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

fn ok(body: &str) -> Sent {
    answer(200, body)
}

fn answer(status: u16, body: &str) -> Sent {
    Ok(http::Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap())
}

/// An error as the API writes it.
fn fault(status: u16, code: &str) -> Sent {
    let body = format!(r#"{{"RequestId":"R-1","Code":"{code}","Message":"It is so."}}"#);
    answer(status, &body)
}

fn with_header(sent: Sent, name: &'static str, value: &str) -> Sent {
    sent.map(|mut answer| {
        answer.headers_mut().insert(name, value.parse().unwrap());
        answer
    })
}

fn cut(kind: TransportErrorKind) -> Sent {
    Err(TransportError {
        kind,
        message: "connection reset".into(),
    })
}

fn testid() -> Credentials {
    Credentials {
        access_key: "testid".into(),
        secret_key: Secret::new("testsecret"),
        security_token: None,
    }
}

fn settings() -> Settings {
    Settings::new(
        testid(),
        "cn-hangzhou",
        Endpoints::single("http://127.0.0.1:7000"),
    )
}

fn client(script: &Arc<Script>) -> Client {
    Client::new(settings(), script.clone())
}

fn read() -> Call {
    Call::read(Product::Vpc, "DescribeVpcs")
}

fn create() -> Call {
    Call::change(Product::Ecs, "CreateInstance")
        .param("InstanceType", "ecs.g7.large")
        .token("token-1")
}
