//! What a source needs to ask others: the network, and where STS and the machine's metadata are.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request};
use serde_json::Value as Json;

use super::{Credentials, Keeper, Lent, StsPlace};
use crate::{
    cloud::{
        client::{Client, Settings, SignVersion},
        endpoint::{Endpoints, is_loopback},
        retry::Policy,
        transport::Transport,
    },
    model::secret::Secret,
};

/// Where the metadata of an ECS instance are, seen from it.
pub const METADATA: &str = "http://100.100.100.200";
/// How long a service beside the program may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// The others that a source of credentials asks.
#[derive(Clone)]
pub struct Remote {
    /// Reaches STS and whatever else has a name.
    pub network: Arc<dyn Transport>,
    /// Reaches this machine's metadata, and gives up soon.
    pub nearby: Arc<dyn Transport>,
    pub metadata: String,
    pub endpoints: Endpoints,
    pub region: String,
    pub sign_version: SignVersion,
    pub retry: Policy,
    pub user_agent: String,
}

impl Remote {
    /// Returns a client of the STS at a place that calls with these credentials.
    pub(super) fn sts(&self, credentials: impl Into<Keeper>, place: &StsPlace) -> Client {
        let endpoints = self.endpoints.with_sts(place);
        let mut settings = Settings::new(credentials, self.region.clone(), endpoints);
        settings.sign_version = self.sign_version;
        settings.retry = self.retry;
        settings.user_agent.clone_from(&self.user_agent);
        Client::new(settings, self.network.clone())
    }

    /// Gets a URL that hands out credentials.
    pub(super) async fn fetch(&self, request: Request<Bytes>) -> Result<(u16, Bytes), String> {
        let asked = tokio::time::timeout(PATIENCE, self.network.send(request)).await;
        match asked {
            Ok(Ok(answer)) => Ok((answer.status().as_u16(), answer.into_body())),
            Ok(Err(error)) => Err(error.message),
            Err(_) => Err("no answer in time".to_owned()),
        }
    }
}

/// Makes a request.
pub(super) fn request(
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: Bytes,
) -> Result<Request<Bytes>, String> {
    let mut builder = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder
        .body(body)
        .map_err(|_| format!("{} is not a URL", shown(url)))
}

/// Checks that secrets would not travel openly: HTTPS, or HTTP to this machine or the network beside it.
pub(super) fn guarded(url: &str) -> Result<http::Uri, String> {
    let uri: http::Uri = url
        .parse()
        .map_err(|_| format!("{} is not a URL", shown(url)))?;
    let host = uri.host().unwrap_or_default();
    match uri.scheme_str() {
        Some("https") if !host.is_empty() => Ok(uri),
        Some("http") if is_loopback(host) || beside(host) => Ok(uri),
        Some("http") => Err(format!(
            "{} is plain HTTP to another machine, which would show the keys to the network: use https",
            shown(url)
        )),
        _ => Err(format!("{} is not a URL of http or https", shown(url))),
    }
}

/// A URL without its query, which may be a secret.
pub(super) fn shown(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// Whether an address never leaves the own network: link-local, and where the metadata are.
fn beside(host: &str) -> bool {
    let Ok(address) = host.parse::<std::net::Ipv4Addr>() else {
        return false;
    };
    let [first, second, ..] = address.octets();
    address.is_link_local() || (first == 100 && (64..128).contains(&second))
}

/// Reads `AccessKeyId`, `AccessKeySecret`, `SecurityToken` and `Expiration`.
pub(super) fn lent(json: &Json) -> Result<Lent, String> {
    let text = |name: &str| {
        let (first, rest) = name.split_at(1);
        let found = json
            .get(name)
            .or_else(|| json.get(first.to_ascii_lowercase() + rest));
        found.and_then(Json::as_str).filter(|text| !text.is_empty())
    };
    if let Some(code) = text("Code").filter(|code| !code.eq_ignore_ascii_case("success")) {
        return Err(format!("it answered the code {code}"));
    }
    let need = |name: &str| text(name).ok_or_else(|| format!("its answer has no {name}"));
    let credentials = Credentials {
        access_key: need("AccessKeyId")?.to_owned(),
        secret_key: Secret::new(need("AccessKeySecret")?),
        security_token: text("SecurityToken").map(Secret::new),
    };
    let expires = match text("Expiration") {
        None => None,
        Some(time) => {
            let time = time
                .parse()
                .map_err(|_| "its Expiration is not a time".to_owned());
            Some(time?)
        }
    };
    Ok(Lent {
        credentials,
        expires,
    })
}
