//! An emulated cloud on a port, that the test can look at and change behind prov's back.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use prov::{
    cloud::{
        Call, Client, Credentials, Endpoints, Product, Settings, Transport, TransportError,
        TransportErrorKind,
    },
    emulator::{Emulator, Options, Profile},
    model::secret::Secret,
};
use serde_json::Value as Json;
use tokio::runtime::Runtime;

use super::contract::Record;

struct InProcess(Emulator);

#[async_trait]
impl Transport for InProcess {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.0.handle(request).await.map_err(|_| TransportError {
            kind: TransportErrorKind::Interrupted,
            message: "cut".to_owned(),
        })
    }
}

/// How often each action was called.
pub type Calls = BTreeMap<String, u64>;

/// An account beside the own one.
const ABROAD: &str =
    r#"{ "keys": [{ "id": "LTAI-abroad", "secret": "emulator-secret", "account": "42" }] }"#;

/// A client with a key of an account.
fn console(emulator: &Emulator, key: &str) -> Client {
    let credentials = Credentials {
        access_key: key.to_owned(),
        secret_key: Secret::new("emulator-secret"),
        security_token: None,
    };
    let endpoints = Endpoints::single("http://127.0.0.1:1");
    let settings = Settings::new(credentials, "cn-hangzhou", endpoints);
    Client::new(settings, Arc::new(InProcess(emulator.clone())))
}

pub struct Cloud {
    emulator: Emulator,
    address: SocketAddr,
    console: Client,
    runtime: Runtime,
    record: Record,
    /// Whether someone at the console waits until what is on its way has arrived.
    patient: bool,
}

impl Cloud {
    /// A cloud in which every state is reached at once.
    pub fn instant() -> Self {
        Self::new(Profile::Instant)
    }

    /// A cloud in which states last tens of milliseconds.
    pub fn fast() -> Self {
        Self::new(Profile::Fast)
    }

    /// The same, where someone at the console waits until what is on its way has arrived.
    pub fn patient() -> Self {
        Self {
            patient: true,
            ..Self::fast()
        }
    }

    fn new(profile: Profile) -> Self {
        let runtime = Runtime::new().unwrap();
        let _inside = runtime.enter();
        let record = Record::new();
        let emulator = Emulator::open(Options {
            profile,
            accounts: serde_json::from_str(ABROAD).unwrap(),
            recorder: Some(record.recorder()),
            ..Options::default()
        })
        .unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = listener.local_addr().unwrap();
        let server = emulator.clone();
        runtime.spawn(async move { server.serve(listener, std::future::pending()).await });
        Self {
            console: console(&emulator, "LTAI-emulator"),
            emulator,
            address,
            runtime,
            record,
            patient: false,
        }
    }

    /// The provider block that leads here.
    pub fn provider(&self) -> String {
        format!(
            "provider \"alicloud\" {{\n  region = \"cn-hangzhou\"\n  endpoint = \"http://{}\"\n  \
             access_key = \"LTAI-emulator\"\n  secret_key = \"emulator-secret\"\n}}\n",
            self.address
        )
    }

    /// How often each action was called so far.
    pub fn calls(&self) -> Calls {
        let report = self.emulator.calls();
        let report = report.as_object().unwrap();
        report
            .iter()
            .map(|(action, count)| (action.clone(), count["calls"].as_u64().unwrap()))
            .collect()
    }

    /// What was called since then: each action and how often.
    pub fn since(&self, then: &Calls) -> Calls {
        let mut calls = self.calls();
        for (action, count) in &mut calls {
            *count -= then.get(action).unwrap_or(&0);
        }
        calls.retain(|_, count| *count > 0);
        calls
    }

    /// Tells the emulator something: `faults` or `catalog`.
    pub fn tell(&self, what: &str, told: &Json) {
        let request = http::Request::post(format!("/_emulator/{what}"))
            .body(Bytes::from(told.to_string()))
            .unwrap();
        let answer = self.runtime.block_on(self.emulator.handle(request));
        assert_eq!(answer.unwrap().status(), 200);
    }

    /// How many calls were recorded, to be checked against the contract.
    pub fn recorded(&self) -> usize {
        self.record.exchanges().len()
    }

    /// What exists.
    pub fn world(&self) -> Json {
        self.emulator.world()
    }

    /// Makes a call as someone at the console would.
    pub fn console(&self, product: Product, action: &'static str, params: &[(&str, &str)]) -> Json {
        self.ask(&self.console, product, action, params)
    }

    /// Makes a call as someone at the console of the account 42 would.
    pub fn abroad(&self, product: Product, action: &'static str, params: &[(&str, &str)]) -> Json {
        let client = console(&self.emulator, "LTAI-abroad");
        self.ask(&client, product, action, params)
    }

    fn ask(
        &self,
        client: &Client,
        product: Product,
        action: &'static str,
        params: &[(&str, &str)],
    ) -> Json {
        let mut call = Call::change(product, action);
        for (name, value) in params {
            call = call.param(*name, *value);
        }
        let wait = || {
            if self.patient {
                self.tell("clock", &serde_json::json!({ "seconds": 60 }));
            }
        };
        wait();
        let answer = self.runtime.block_on(client.call(&call));
        wait();
        answer.unwrap_or_else(|error| panic!("{action}: {error}"))
    }
}
