//! A cloud on a port that keeps what it was asked.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use prov::emulator::{Emulator, Options, Profile};
use serde_json::Value as Json;
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

/// The parameters of a request.
pub type Asked = BTreeMap<String, String>;

pub struct Recorder {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    _runtime: Runtime,
}

impl Recorder {
    /// A cloud in which every state is reached at once and these faults strike.
    pub fn with(faults: Json) -> Self {
        let emulator = Emulator::open(Options {
            profile: Profile::Instant,
            faults: Some(serde_json::from_value(faults).unwrap()),
            ..Options::default()
        })
        .unwrap();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::default();
        runtime.spawn(serve(listener, emulator, Arc::clone(&asked)));
        Self {
            address,
            asked,
            _runtime: runtime,
        }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was asked of an action, in order.
    pub fn asked(&self, action: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        let of_action = asked.iter().filter(|asked| asked["Action"] == action);
        of_action.cloned().collect()
    }
}

async fn serve(listener: TcpListener, emulator: Emulator, asked: Arc<Mutex<Vec<Asked>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, emulator.clone(), Arc::clone(&asked)));
    }
}

async fn connection(stream: TcpStream, emulator: Emulator, asked: Arc<Mutex<Vec<Asked>>>) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (emulator, asked) = (emulator.clone(), Arc::clone(&asked));
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(|_| prov::emulator::Cut)?;
            let body = body.to_bytes();
            asked.lock().unwrap().push(form(&body));
            let request = hyper::Request::from_parts(parts, body);
            emulator
                .handle(request)
                .await
                .map(|answer| answer.map(Full::<Bytes>::new))
        }
    });
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn form(body: &[u8]) -> Asked {
    let text = String::from_utf8_lossy(body);
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
