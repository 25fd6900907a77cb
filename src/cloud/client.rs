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

use serde_json::Value as Json;
use tokio::{
    sync::OnceCell,
    time::{Instant, sleep},
};

pub use super::call::{Call, Product};
use super::{
    codes::Again,
    credentials::{Credentials, Keeper},
    endpoint::{Endpoint, Endpoints},
    error::{self, ApiError, ApiErrorKind, Failure, Source},
    retry::{History, Policy},
    sign,
    stats::Stats,
    throttle::{Permit, Throttle},
    transport::{Transport, TransportError, TransportErrorKind},
};

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
    pub credentials: Keeper,
    pub region: String,
    /// The account's number, where the configuration says it.
    pub account: Option<String>,
    pub endpoints: Endpoints,
    pub sign_version: SignVersion,
    pub retry: Policy,
    /// When calls may be sent. Clients of one account share it.
    pub throttle: Throttle,
    /// Tells accounts apart where their numbers are not known.
    pub identity: String,
    pub user_agent: String,
    /// Parameters that go with every call.
    pub extra: Vec<(String, String)>,
    /// How long codes that a call lists are retried, in place of the call's own patience.
    pub patience: Option<Duration>,
    /// Where calls are counted.
    pub stats: Stats,
}

impl Settings {
    /// Returns settings with the usual limits.
    pub fn new(
        credentials: impl Into<Keeper>,
        region: impl Into<String>,
        endpoints: Endpoints,
    ) -> Self {
        Self {
            credentials: credentials.into(),
            region: region.into(),
            account: None,
            endpoints,
            sign_version: SignVersion::default(),
            retry: Policy::default(),
            throttle: Throttle::new(64),
            identity: String::new(),
            user_agent: concat!("prov/", env!("CARGO_PKG_VERSION")).to_owned(),
            extra: Vec::new(),
            patience: None,
            stats: Stats::default(),
        }
    }

    fn whose(&self) -> &str {
        self.account.as_ref().unwrap_or(&self.identity)
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
    /// The account, as far as it is known, and the region: whose limits these are.
    whose: Arc<str>,
    /// The server's clock less ours, in seconds, once a request was refused for it.
    skew: AtomicI64,
    /// Which products have ever answered.
    reached: [AtomicBool; Product::ALL.len()],
    /// Whether any call has ever been done.
    succeeded: AtomicBool,
    /// Where the location service says that products are, once it was asked.
    located: [OnceCell<Option<Endpoint>>; Product::ALL.len()],
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
        let whose = format!("{}/{}", settings.whose(), settings.region).into();
        Self {
            inner: Arc::new(Inner {
                settings,
                transport,
                whose,
                skew: AtomicI64::new(0),
                reached: Default::default(),
                succeeded: AtomicBool::new(false),
                located: Default::default(),
            }),
        }
    }

    /// Returns the region that calls go to.
    pub fn region(&self) -> &str {
        &self.inner.settings.region
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Returns where the location service's answer about a product is kept.
    pub(super) fn location(&self, product: Product) -> &OnceCell<Option<Endpoint>> {
        &self.inner.located[product as usize]
    }

    /// Returns the account's number, where the configuration says it.
    pub fn account(&self) -> Option<&str> {
        self.inner.settings.account.as_deref()
    }

    /// Returns the account's number, or what tells it apart where the configuration does not say the number.
    pub fn identity(&self) -> &str {
        self.inner.settings.whose()
    }

    /// Returns how long codes that a call lists are retried, where the configuration says it.
    pub fn patience(&self) -> Option<Duration> {
        self.inner.settings.patience
    }

    /// Whether some call has been done: credentials, region and endpoint are good.
    pub fn has_succeeded(&self) -> bool {
        self.inner.succeeded.load(Ordering::Relaxed)
    }

    /// Makes the call and returns the answer's JSON.
    ///
    /// Throttling, 5xx and lost answers are retried (a call that changes something and has no client
    /// token is not repeated once its outcome is unknown, unless `idempotent` says that it may be).
    pub async fn call(&self, call: &Call) -> Result<Json, ApiError> {
        let patient = self.patient(call);
        let call = patient.as_ref().unwrap_or(call);
        let throttle = &self.inner.settings.throttle;
        let named = |mut error: ApiError| {
            error.action = call.action.to_owned();
            error
        };
        let mut endpoint = self.endpoint(call.product).await.map_err(named)?;
        let mut own = Duration::ZERO;
        let mut refused = None;
        let mut history = History::default();
        loop {
            let permit = throttle
                .permit(&self.inner.whose, call.product, call.action)
                .await;
            let started = Instant::now();
            let failure = match self.attempt(call, &endpoint).await {
                Ok(json) => {
                    self.inner.succeeded.store(true, Ordering::Relaxed);
                    permit.passed();
                    return Ok(json);
                }
                Err(failure) => failure,
            };
            // Waiting for a permit is not held against a call, since it ends when others get theirs;
            // being refused is, but much less while others of its kind get through.
            own += started.elapsed();
            let spent = match failure.again {
                Again::Throttle => {
                    let all = permit.refused(failure.retry_after);
                    let since = refused.get_or_insert_with(Instant::now).elapsed();
                    since.min(all).max(own / 6)
                }
                again => {
                    tell(permit, again);
                    own
                }
            };
            match failure.again {
                Again::Clock => self.set_clock(failure.server_time),
                Again::NoHost => endpoint = self.elsewhere(call.product, endpoint).await,
                _ => {}
            }
            let pause = self.pause(&mut history, call, &failure, spent);
            let Some(pause) = pause else {
                return Err(history.conclude(call, *failure));
            };
            sleep(pause).await;
            own += pause;
        }
    }

    /// Returns the call with the patience that the settings want for it.
    fn patient(&self, call: &Call) -> Option<Call> {
        let patience = self.inner.settings.patience?;
        (!call.retry.is_empty()).then(|| Call {
            patience,
            ..call.clone()
        })
    }

    /// Decides about another attempt.
    fn pause(
        &self,
        history: &mut History,
        call: &Call,
        failure: &Failure,
        spent: Duration,
    ) -> Option<Duration> {
        let settings = &self.inner.settings;
        let reached = self.inner.reached[call.product as usize].load(Ordering::Relaxed);
        history.next(&settings.retry, call, failure, spent, reached)
    }

    /// Signs, sends and reads once.
    async fn attempt(&self, call: &Call, endpoint: &Endpoint) -> Result<Json, Box<Failure>> {
        let keeper = &self.inner.settings.credentials;
        let current = keeper.current().await;
        let credentials = current.map_err(|error| Box::new(Failure::local(error)))?;
        let used = credentials.as_deref();
        let settings = &self.inner.settings;
        let request = settings.request(call, endpoint, self.now(), used)?;
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
                self.inner.reached[call.product as usize].store(true, Ordering::Relaxed);
                error::read(source, &answer).map_err(|failure| conceal(call, used, failure))
            }
            Err(error) => Err(Box::new(lost(source, &error))),
        };
        // Names only: values may be secrets.
        let names = || call.params.iter().map(|(name, _)| name).collect::<Vec<_>>();
        let failure = result.as_ref().err().map(|failure| &failure.error);
        let stats = &self.inner.settings.stats;
        stats.count(call.product, call.action, failure.map(|error| error.kind));
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
        result.map_err(|mut failure| {
            let expired = failure.again == Again::Expired;
            if expired && !credentials.is_some_and(|used| keeper.expired(&used)) {
                failure.again = Again::Never;
            }
            failure
        })
    }

    /// The time, by the server's clock when that is known to differ.
    fn now(&self) -> jiff::Timestamp {
        let now = jiff::Timestamp::now();
        let skew = self.inner.skew.load(Ordering::Relaxed);
        jiff::Timestamp::from_second(now.as_second().saturating_add(skew)).unwrap_or(now)
    }

    /// Takes the server's clock over, when it is known.
    fn set_clock(&self, server: Option<i64>) {
        if let Some(server) = server {
            let skew = server.saturating_sub(jiff::Timestamp::now().as_second());
            self.inner.skew.store(skew, Ordering::Relaxed);
        }
    }
}

/// Tells the limiter what an answer that does not refuse for the rate says about it.
fn tell(permit: Permit, again: Again) {
    match again {
        Again::Crowd => permit.crowded(),
        // Whether these were let through is not known.
        Again::Server | Again::Unwell | Again::Lost | Again::Unreachable | Again::NoHost => {}
        Again::Throttle
        | Again::Never
        | Again::Conflict
        | Again::SameToken
        | Again::Expired
        | Again::Nonce
        | Again::Clock => permit.passed(),
    }
}

/// Takes passwords and keys out of a message that quotes them.
fn conceal(call: &Call, used: Option<&Credentials>, mut failure: Box<Failure>) -> Box<Failure> {
    let secret = |name: &str| {
        ["Password", "UserData", "Secret", "OIDCToken"]
            .iter()
            .any(|part| name.contains(part))
    };
    let passwords = call.params.iter().filter(|(name, _)| secret(name));
    let keys = used.into_iter().flat_map(Credentials::secrets);
    for value in passwords.map(|(_, value)| value.as_str()).chain(keys) {
        // As it is, and as it travelled.
        for spelling in [value, &sign::encode(value)] {
            if value.len() > 3 && failure.error.message.contains(spelling) {
                failure.error.message = failure.error.message.replace(spelling, "***");
            }
        }
    }
    failure
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
            Again::NoHost,
            "Unreachable",
            format!(
                "There is no host for {endpoint}: check the spelling of the region `{region}`, and \
                 the network ({reason})"
            ),
        ),
        TransportErrorKind::Untrusted => (
            ApiErrorKind::Unreachable,
            Again::Never,
            "UntrustedEndpoint",
            format!("The certificate of {endpoint} cannot be trusted ({reason})"),
        ),
        TransportErrorKind::NotTls => (
            ApiErrorKind::Unreachable,
            Again::Never,
            "NotTls",
            format!("{endpoint} does not speak TLS as it should ({reason})"),
        ),
        TransportErrorKind::Proxy => (
            ApiErrorKind::Unreachable,
            Again::Unreachable,
            "ProxyUnreachable",
            format!("The endpoint {endpoint} cannot be reached through the proxy ({reason})"),
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
