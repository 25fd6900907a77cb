//! One call, from parameters to answer.
//!
//! [`Client::call`] is a loop that one reads from top to bottom: permit, sign, send, classify, try again. The
//! client token stays the same over all attempts; time, nonce and signature are new in each.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use serde_json::Value as Json;
use tokio::time::{Instant, sleep};

use super::{
    codes::Again,
    credentials::Credentials,
    endpoint::{Endpoint, Endpoints},
    error::{self, ApiError, ApiErrorKind, Failure, Source},
    retry::{History, Policy},
    sign,
    throttle::Throttle,
    transport::{Transport, TransportError, TransportErrorKind},
};

/// The services that prov speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    Ecs,
    Vpc,
    Sts,
}

impl Product {
    /// Every product.
    pub const ALL: [Self; 3] = [Self::Ecs, Self::Vpc, Self::Sts];

    /// Returns the product's name in hosts and in the `endpoints` block.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ecs => "ecs",
            Self::Vpc => "vpc",
            Self::Sts => "sts",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Ecs => "ECS",
            Self::Vpc => "VPC",
            Self::Sts => "STS",
        }
    }

    fn version(self) -> &'static str {
        match self {
            Self::Ecs => "2014-05-26",
            Self::Vpc => "2016-04-28",
            Self::Sts => "2015-04-01",
        }
    }
}

/// A request, before it is signed.
#[derive(Clone, Debug)]
pub struct Call {
    pub product: Product,
    pub action: &'static str,
    /// API parameters without the common ones, `RegionId` and `ClientToken`. A `RegionId` here wins.
    pub params: Vec<(String, String)>,
    /// Sent as `ClientToken`, the same over all retries.
    pub client_token: Option<String>,
    /// Codes (matched as a substring) that are retried beyond the ones that always are.
    pub retry: &'static [&'static str],
    /// How long to go on retrying `retry` codes.
    pub patience: Duration,
    /// Whether it may be repeated without a token when it is not known if it was done: reads, deletes,
    /// and changes that set a value.
    pub idempotent: bool,
}

impl Call {
    /// Returns a call that changes nothing.
    pub fn read(product: Product, action: &'static str) -> Self {
        Self {
            idempotent: true,
            ..Self::change(product, action)
        }
    }

    /// Returns a call that changes something, and is not repeated when its outcome is unknown unless it
    /// gets a [`token`](Self::token) or is repeatable by [`again`](Self::again).
    pub fn change(product: Product, action: &'static str) -> Self {
        Self {
            product,
            action,
            params: Vec::new(),
            client_token: None,
            retry: &[],
            patience: Duration::ZERO,
            idempotent: false,
        }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// Sets the client token: at most 64 ASCII characters.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.client_token = Some(token.into());
        self
    }

    /// Says that doing it twice is as good as once: a delete, a change that sets a value.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Sets the codes that are retried, and how long.
    #[must_use]
    pub fn retry(mut self, codes: &'static [&'static str], patience: Duration) -> Self {
        self.retry = codes;
        self.patience = patience;
        self
    }

    /// Whether it may be sent again when it is not known if it was done.
    pub(super) fn repeatable(&self) -> bool {
        self.idempotent || self.client_token.is_some()
    }
}

/// How requests are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignVersion {
    /// HMAC-SHA1, parameters in the body.
    #[default]
    V1,
    /// ACS3-HMAC-SHA256, parameters in the query, the rest in headers.
    V3,
}

/// What a client needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    pub credentials: Credentials,
    pub region: String,
    pub endpoints: Endpoints,
    pub sign_version: SignVersion,
    pub retry: Policy,
    /// Calls of one action at once, at the very most.
    pub most_at_once: usize,
    pub user_agent: String,
}

impl Settings {
    /// Returns settings with the usual limits.
    pub fn new(credentials: Credentials, region: impl Into<String>, endpoints: Endpoints) -> Self {
        Self {
            credentials,
            region: region.into(),
            endpoints,
            sign_version: SignVersion::default(),
            retry: Policy::default(),
            most_at_once: 64,
            user_agent: concat!("prov/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// A client for one account and region. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    transport: Arc<dyn Transport>,
    throttle: Throttle,
    /// The server's clock less ours, in seconds, once a request was refused for it.
    skew: AtomicI64,
    /// Whether anything has ever answered.
    reached: AtomicBool,
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Client")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Returns a client that sends through `transport`.
    pub fn new(settings: Settings, transport: Arc<dyn Transport>) -> Self {
        let throttle = Throttle::new(settings.most_at_once);
        Self {
            inner: Arc::new(Inner {
                settings,
                transport,
                throttle,
                skew: AtomicI64::new(0),
                reached: AtomicBool::new(false),
            }),
        }
    }

    /// Returns the region that calls go to.
    pub fn region(&self) -> &str {
        &self.inner.settings.region
    }

    /// Makes the call and returns the answer's JSON.
    ///
    /// Throttling, 5xx and lost answers are retried (a call that changes something and has no client
    /// token is not repeated once its outcome is unknown, unless `idempotent` says that it may be).
    pub async fn call(&self, call: &Call) -> Result<Json, ApiError> {
        let Inner {
            settings, throttle, ..
        } = &*self.inner;
        let named = |mut error: ApiError| {
            error.action = call.action.to_owned();
            error
        };
        let endpoint = settings.endpoints.resolve(call.product, &settings.region);
        let endpoint = endpoint.map_err(named)?;
        let started = Instant::now();
        let mut history = History::default();
        loop {
            let permit = throttle.permit(call.product, call.action).await;
            let failure = match self.attempt(call, &endpoint).await {
                Ok(json) => {
                    permit.passed();
                    return Ok(json);
                }
                Err(failure) => failure,
            };
            if failure.again == Again::Throttle {
                permit.throttled(failure.retry_after);
            }
            drop(permit);
            if failure.again == Again::Clock {
                self.set_clock(failure.server_time);
            }
            let reached = self.inner.reached.load(Ordering::Relaxed);
            let pause = history.next(&settings.retry, call, &failure, started.elapsed(), reached);
            let Some(pause) = pause else {
                return Err(history.conclude(call, *failure));
            };
            sleep(pause).await;
        }
    }

    /// Signs, sends and reads once.
    async fn attempt(&self, call: &Call, endpoint: &Endpoint) -> Result<Json, Box<Failure>> {
        let request = self.request(call, endpoint)?;
        let started = Instant::now();
        let sent = self.inner.transport.send(request).await;
        let url = endpoint.url();
        let source = Source {
            action: call.action,
            product: call.product.title(),
            region: self.region(),
            endpoint: &url,
        };
        let status = sent.as_ref().map_or(0, |answer| answer.status().as_u16());
        let result = match sent {
            Ok(answer) => {
                self.inner.reached.store(true, Ordering::Relaxed);
                error::read(source, &answer).map_err(|failure| self.conceal(call, failure))
            }
            Err(error) => Err(Box::new(lost(source, &error))),
        };
        // Names only: values may be secrets.
        let names = || call.params.iter().map(|(name, _)| name).collect::<Vec<_>>();
        let failure = result.as_ref().err().map(|failure| &failure.error);
        tracing::debug!(
            action = call.action,
            status,
            code = failure.map(|error| error.code.as_str()),
            request_id = match &result {
                Ok(json) => json.get("RequestId").and_then(Json::as_str),
                Err(failure) => Some(failure.error.request_id.as_str()),
            },
            elapsed_ms = started.elapsed().as_millis(),
            params = ?names(),
            "attempt"
        );
        result
    }

    /// Makes the signed request, with the time and a nonce of its own.
    fn request(
        &self,
        call: &Call,
        endpoint: &Endpoint,
    ) -> Result<http::Request<Bytes>, Box<Failure>> {
        let skew = self.inner.skew.load(Ordering::Relaxed);
        let now = jiff::Timestamp::now();
        let now = jiff::Timestamp::from_second(now.as_second().saturating_add(skew)).unwrap_or(now);
        let time = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let nonce = uuid::Uuid::new_v4().to_string();
        let mut params = call.params.clone();
        if !params.iter().any(|(name, _)| name == "RegionId") {
            params.push(("RegionId".to_owned(), self.region().to_owned()));
        }
        if let Some(token) = &call.client_token {
            params.push(("ClientToken".to_owned(), token.clone()));
        }
        let request = match self.inner.settings.sign_version {
            SignVersion::V1 => self.request_v1(call, endpoint, params, [time, nonce]),
            SignVersion::V3 => self.request_v3(call, endpoint, &params, [time, nonce]),
        };
        request.map_err(|error| {
            let error = ApiError {
                action: call.action.to_owned(),
                ..ApiError::local(
                    "InvalidRequest",
                    format!("The request cannot be made: {error}"),
                )
            };
            Box::new(Failure::local(error))
        })
    }

    fn request_v1(
        &self,
        call: &Call,
        endpoint: &Endpoint,
        mut params: Vec<(String, String)>,
        [time, nonce]: [String; 2],
    ) -> http::Result<http::Request<Bytes>> {
        let Credentials {
            access_key,
            secret_key,
            security_token,
        } = &self.inner.settings.credentials;
        let common = [
            ("Action", call.action),
            ("Version", call.product.version()),
            ("Format", "JSON"),
            ("AccessKeyId", access_key),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", &nonce),
            ("Timestamp", &time),
        ];
        let token = security_token.as_ref();
        let token = token.map(|token| ("SecurityToken", token.expose_secret()));
        let all = common.into_iter().chain(token);
        params.extend(all.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let signature = sign::v1("POST", &params, secret_key.expose_secret());
        params.push(("Signature".to_owned(), signature));
        self.post(call, endpoint, "/")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(sign::form(&params).into())
    }

    fn request_v3(
        &self,
        call: &Call,
        endpoint: &Endpoint,
        params: &[(String, String)],
        [time, nonce]: [String; 2],
    ) -> http::Result<http::Request<Bytes>> {
        let Credentials {
            access_key,
            secret_key,
            security_token,
        } = &self.inner.settings.credentials;
        let payload_hash = sign::sha256_hex(b"");
        let mut headers = vec![
            ("host", endpoint.authority.clone()),
            ("x-acs-action", call.action.to_owned()),
            ("x-acs-version", call.product.version().to_owned()),
            ("x-acs-date", time),
            ("x-acs-signature-nonce", nonce),
            ("x-acs-content-sha256", payload_hash.clone()),
        ];
        if let Some(token) = security_token {
            headers.push(("x-acs-accesskey-id", access_key.clone()));
            headers.push(("x-acs-security-token", token.expose_secret().to_owned()));
        }
        let headers: Vec<(String, String)> = headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let signed = sign::V3 {
            method: "POST",
            query: params,
            headers: &headers,
            payload_hash: &payload_hash,
        };
        let authorization = signed.authorization(access_key, secret_key.expose_secret());
        let mut request = self.post(call, endpoint, &format!("/?{}", sign::form(params)));
        for (name, value) in &headers[3..] {
            request = request.header(name, value);
        }
        request
            .header("authorization", authorization)
            .body(Bytes::new())
    }

    /// What both versions have in common.
    fn post(&self, call: &Call, endpoint: &Endpoint, path: &str) -> http::request::Builder {
        http::Request::post(format!("{}{path}", endpoint.url()))
            .header("host", &endpoint.authority)
            .header("accept", "application/json")
            .header("user-agent", &self.inner.settings.user_agent)
            .header("x-acs-action", call.action)
            .header("x-acs-version", call.product.version())
    }

    /// Takes the server's clock over, when it is known.
    fn set_clock(&self, server: Option<i64>) {
        if let Some(server) = server {
            let skew = server.saturating_sub(jiff::Timestamp::now().as_second());
            self.inner.skew.store(skew, Ordering::Relaxed);
        }
    }

    /// Takes passwords and keys out of a message that quotes them.
    fn conceal(&self, call: &Call, mut failure: Box<Failure>) -> Box<Failure> {
        let secret = |name: &str| {
            ["Password", "UserData", "Secret"]
                .iter()
                .any(|part| name.contains(part))
        };
        let passwords = call.params.iter().filter(|(name, _)| secret(name));
        let key = self.inner.settings.credentials.secret_key.expose_secret();
        for value in passwords.map(|(_, value)| value.as_str()).chain([key]) {
            if value.len() > 3 && failure.error.message.contains(value) {
                failure.error.message = failure.error.message.replace(value, "***");
            }
        }
        failure
    }
}

/// Says what a missing answer means.
fn lost(source: Source<'_>, error: &TransportError) -> Failure {
    let Source {
        endpoint, region, ..
    } = source;
    let reason = &error.message;
    let (kind, again, code, message) = match error.kind {
        TransportErrorKind::Resolve if endpoint.ends_with(&format!(".{region}.aliyuncs.com")) => (
            ApiErrorKind::Unreachable,
            Again::Unreachable,
            "Unreachable",
            format!(
                "There is no host for {endpoint}: check the spelling of the region `{region}`, and \
                 the network ({reason})"
            ),
        ),
        TransportErrorKind::Resolve | TransportErrorKind::Connect => (
            ApiErrorKind::Unreachable,
            Again::Unreachable,
            "Unreachable",
            format!(
                "The endpoint {endpoint} cannot be reached: check the network, the proxy and `endpoints` \
                 ({reason})"
            ),
        ),
        TransportErrorKind::Timeout => (
            ApiErrorKind::OutcomeUnknown,
            Again::Lost,
            "NoAnswer",
            format!("The endpoint {endpoint} did not answer in time ({reason})"),
        ),
        TransportErrorKind::Interrupted => (
            ApiErrorKind::OutcomeUnknown,
            Again::Lost,
            "NoAnswer",
            format!("The connection to {endpoint} ended before the answer was there ({reason})"),
        ),
    };
    Failure {
        again,
        ..Failure::local(ApiError {
            kind,
            action: source.action.to_owned(),
            ..ApiError::local(code, message)
        })
    }
}
