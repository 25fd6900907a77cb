//! How a request gets to the other side and its answer back: nothing of signatures, retries or codes.
//!
//! [`Http`] is the network; an in-process emulator and the tests' scripts are the others.

use std::{sync::OnceLock, time::Duration};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use super::endpoint::is_loopback;

/// An answer that is longer than this is not read to its end. Bytes, after decompression.
const LONGEST_ANSWER: usize = 64 << 20;

/// Carries one request over and brings its answer back.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends the request and returns the whole answer, whatever its status. Does not repeat itself.
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError>;
}

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    pub kind: TransportErrorKind,
    /// What happened, without the request's content.
    pub message: String,
}

/// How far a request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// The host's name has no address: nothing was sent.
    Resolve,
    /// No connection: nothing was sent.
    Connect,
    /// No connection to the proxy, or none through it: nothing was sent.
    Proxy,
    /// The other side's certificate is not one to trust: nothing was sent.
    Untrusted,
    /// The other side does not speak TLS, or not as this side does: nothing was sent.
    NotTls,
    /// Sent, and no answer in time.
    Timeout,
    /// Sent, and the connection ended before the whole answer was there.
    Interrupted,
}

/// How long to wait for the network.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a connection (`client_connect_timeout`).
    pub connect: Duration,
    /// For the next byte of an answer (`client_read_timeout`).
    pub read: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(60),
        }
    }
}

/// The network: HTTP and HTTPS with connections that are kept. Made on first use, since reading the
/// system's certificates takes time.
#[derive(Debug, Default)]
pub struct Http {
    timeouts: Timeouts,
    /// By [`Route`].
    clients: [OnceLock<reqwest::Client>; 3],
}

/// What a client must be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    /// Plain HTTP to this machine: no proxy, no certificates.
    Plain,
    /// HTTPS to this machine: no proxy.
    Local,
    Network,
}

impl Http {
    /// Returns a network with these timeouts.
    pub fn new(timeouts: Timeouts) -> Self {
        Self {
            timeouts,
            ..Self::default()
        }
    }

    fn client(&self, uri: &http::Uri) -> Result<&reqwest::Client, TransportError> {
        let route = if uri.scheme() == Some(&http::uri::Scheme::HTTP) {
            Route::Plain
        } else if uri.host().is_some_and(is_loopback) {
            Route::Local
        } else {
            Route::Network
        };
        let cell = &self.clients[route as usize];
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let client = self.build(route).map_err(|error| TransportError {
            kind: TransportErrorKind::Connect,
            message: format!("The HTTP client cannot be set up: {}", reasons(&error)),
        })?;
        Ok(cell.get_or_init(|| client))
    }

    fn build(&self, route: Route) -> reqwest::Result<reqwest::Client> {
        // An error means that the process has chosen its provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // What is sent again is decided by the client above, who knows what may be.
            .retry(reqwest::retry::never())
            .connect_timeout(self.timeouts.connect)
            .read_timeout(self.timeouts.read)
            // A server that sends a byte now and then must not hold a call for ever.
            .timeout(self.timeouts.connect + self.timeouts.read * 4)
            // Below the idle limit of common load balancers: a request on a connection that the
            // other side is just closing has an unknown outcome.
            .pool_idle_timeout(Duration::from_secs(15))
            .tcp_nodelay(true);
        match route {
            // Reading the system's certificates takes time, and there may be none.
            Route::Plain => builder.no_proxy().tls_certs_only([]).build(),
            Route::Local => builder.no_proxy().build(),
            Route::Network => builder.build(),
        }
    }
}

#[async_trait]
impl Transport for Http {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let client = self.client(request.uri())?;
        let (parts, body) = request.into_parts();
        let sent = client
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers)
            .body(body)
            .send()
            .await;
        let mut answer = sent.map_err(|error| lost(&error))?;
        let mut whole = http::Response::builder().status(answer.status());
        if let Some(headers) = whole.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(interrupted("The answer is longer than 64 MB".into()));
            }
            body.extend_from_slice(&chunk);
        }
        whole
            .body(body.freeze())
            .map_err(|error| interrupted(error.to_string()))
    }
}

fn interrupted(message: String) -> TransportError {
    TransportError {
        kind: TransportErrorKind::Interrupted,
        message,
    }
}

/// Says how far the request got.
fn lost(error: &reqwest::Error) -> TransportError {
    let message = reasons(error);
    let kind = if error.is_connect() || error.is_builder() {
        unconnected(error, &message)
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError { kind, message }
}

/// Says why there is no connection.
fn unconnected(error: &reqwest::Error, message: &str) -> TransportErrorKind {
    match causes(error).find_map(tls_error) {
        Some(rustls::Error::InvalidCertificate(_)) => return TransportErrorKind::Untrusted,
        Some(_) => return TransportErrorKind::NotTls,
        None => {}
    }
    // The types of these errors are private; their texts are all there is.
    let says = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    if says(&["tunnel error", "proxy"]) {
        TransportErrorKind::Proxy
    } else if says(&["dns error", "failed to lookup address"]) {
        TransportErrorKind::Resolve
    } else {
        TransportErrorKind::Connect
    }
}

/// Returns what TLS says, which stands in an error of reading or writing, or in more of them.
fn tls_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut outer = cause.downcast_ref::<std::io::Error>()?;
    loop {
        let inner = outer.get_ref()?;
        match inner.downcast_ref() {
            Some(within) => outer = within,
            None => return inner.downcast_ref(),
        }
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(std::error::Error::source(error), |cause| cause.source())
}

/// An error with its causes, without the URL: a query may hold secrets.
fn reasons(error: &reqwest::Error) -> String {
    let mut parts: Vec<String> = causes(error).map(ToString::to_string).collect();
    parts.dedup();
    if parts.is_empty() {
        let what = if error.is_timeout() {
            "no answer in time"
        } else {
            "the connection failed"
        };
        return what.to_owned();
    }
    parts.join(": ")
}
