//! Answers of the cloud: whatever they hold, reading an object or a data source ends, and says what is wrong.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use prov::{
    cloud::{Client, Credentials, Endpoints, Settings, Transport, TransportError},
    model::{Object, Value, secret::Secret},
    provider::{Aliyun, Provider, Wanted, hooks::Kind},
    resources,
};

use super::Said;

/// Gives one answer after the other, the last again and again.
struct Script(Mutex<VecDeque<(u16, Bytes)>>);

#[async_trait]
impl Transport for Script {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let mut answers = self.0.lock().expect("nobody panics with it");
        let (status, body) = answers
            .pop_front()
            .unwrap_or((404, Bytes::from_static(b"{}")));
        if answers.is_empty() {
            answers.push_back((status, body.clone()));
        }
        let response = http::Response::builder().status(status).body(body);
        Ok(response.expect("the status is one"))
    }
}

/// A line `TYPE QUESTION ID`, then answers with zero bytes between them, those of errors with a `!` in front.
pub fn answers(data: &[u8]) -> Said {
    let end = data
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(data.len());
    let (head, script) = data.split_at(end);
    let Ok(head) = std::str::from_utf8(head) else {
        return Said::new();
    };
    let script = script.strip_prefix(b"\n").unwrap_or_default();
    let answers = script
        .split(|byte| *byte == 0)
        .map(|answer| match answer.strip_prefix(b"!") {
            Some(rest) => (400, Bytes::copy_from_slice(rest)),
            None => (200, Bytes::copy_from_slice(answer)),
        });
    let script = Script(Mutex::new(answers.collect()));
    let credentials = Credentials {
        access_key: "LTAI-fuzzed".to_owned(),
        secret_key: Secret::new(super::scope::SECRET),
        security_token: None,
    };
    let endpoints = Endpoints::single("http://127.0.0.1:1");
    let settings = Settings::new(credentials, "cn-hangzhou", endpoints);
    let client = Client::new(settings, Arc::new(script));
    let provider = Aliyun::new(client, resources::ALL, resources::DATA);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let said = runtime.block_on(asked(&provider, head));
    assert!(
        !said.concat().contains(super::scope::SECRET),
        "a message shows the key: {said:?}"
    );
    said
}

async fn asked(provider: &Aliyun, head: &str) -> Said {
    let mut words = head.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (name, question, id) = (word(), word(), word());
    let of = |kinds: &'static [Kind]| {
        kinds
            .iter()
            .find(|kind| kind.ty.name == name)
            .map(|kind| kind.ty)
    };
    if let Some(ty) = of(resources::DATA).filter(|_| question == "data") {
        let read = provider.data(ty, &Object::default()).await;
        return read
            .err()
            .map(|failure| failure.error.to_string())
            .into_iter()
            .collect();
    }
    let Some(ty) = of(resources::ALL) else {
        return Said::new();
    };
    if question == "list" {
        let listed = provider.list(ty).await;
        return listed
            .err()
            .map(|error| error.to_string())
            .into_iter()
            .collect();
    }
    let known = Object::from_iter([("id", Value::string(id))]);
    let wanted = Wanted {
        ty,
        id: id.to_owned(),
        known: Arc::new(known),
    };
    let read = provider.read(&[wanted]).await;
    read.into_iter()
        .filter_map(|read| read.err().map(|error| error.to_string()))
        .collect()
}
