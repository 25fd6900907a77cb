//! The role of the ECS instance that the program runs on, from the machine's metadata.
//!
//! A session token comes first, as the hardened mode wants it; without one the metadata are asked in the old way, unless
//! that is forbidden.

use bytes::Bytes;
use http::Method;

use super::{
    Lent, Remote,
    remote::{self, request},
    source::Trouble,
};
use crate::cloud::transport::TransportErrorKind;

/// For how long a session token is asked: seconds.
const SECONDS: &str = "21600";
/// How often the metadata are asked when somebody says that there is a role.
const ATTEMPTS: usize = 3;
/// Where the keys of the role are.
const KEYS: &str = "/latest/meta-data/ram/security-credentials/";

/// Asks for the keys of the role.
pub(super) async fn ask(
    remote: &Remote,
    role: Option<&str>,
    only_with_token: bool,
) -> Result<Lent, Trouble> {
    let attempts = if role.is_some() { ATTEMPTS } else { 1 };
    let mut last = String::new();
    for _ in 0..attempts {
        match once(remote, role, only_with_token).await {
            Ok(lent) => return Ok(lent),
            Err(Refused::Final(reason)) => return Err(told(remote, &reason, false)),
            Err(Refused::Passing(reason) | Refused::Unreachable(reason)) => last = reason,
        }
    }
    Err(told(remote, &last, true))
}

fn told(remote: &Remote, reason: &str, passing: bool) -> Trouble {
    Trouble {
        message: format!(
            "The instance's metadata ({}) gives no keys: {reason}",
            remote.metadata
        ),
        passing,
    }
}

enum Refused {
    /// Asking again would not help.
    Final(String),
    Passing(String),
    /// There is nobody to ask.
    Unreachable(String),
}

async fn once(remote: &Remote, role: Option<&str>, only_with_token: bool) -> Result<Lent, Refused> {
    let token = match session(remote).await {
        Ok(token) => Some(token),
        Err(refused) if only_with_token => return Err(refused),
        // Who is not there does not answer the old way either.
        Err(Refused::Unreachable(reason)) => return Err(Refused::Unreachable(reason)),
        Err(_) => None,
    };
    let token = token.as_deref();
    let role = match role {
        Some(role) => role.to_owned(),
        None => {
            let names = get(remote, KEYS, token).await?;
            let first = names.lines().next().unwrap_or_default().trim().to_owned();
            if first.is_empty() {
                return Err(Refused::Final("the instance has no role".to_owned()));
            }
            first
        }
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if !role.chars().all(fits) {
        let reason = format!("\"{role}\" is not the name of a role");
        return Err(Refused::Final(reason));
    }
    let text = get(remote, &format!("{KEYS}{role}"), token).await?;
    let json = serde_json::from_str(&text)
        .map_err(|_| Refused::Final("the answer is not JSON".to_owned()))?;
    remote::lent(&json).map_err(Refused::Final)
}

/// Gets a session token.
async fn session(remote: &Remote) -> Result<String, Refused> {
    let url = format!("{}/latest/api/token", remote.metadata);
    let header = [("x-aliyun-ecs-metadata-token-ttl-seconds", SECONDS)];
    send(remote, Method::PUT, &url, &header).await
}

async fn get(remote: &Remote, path: &str, token: Option<&str>) -> Result<String, Refused> {
    let url = format!("{}{path}", remote.metadata);
    let header = token.map(|token| ("x-aliyun-ecs-metadata-token", token));
    send(remote, Method::GET, &url, header.as_slice()).await
}

async fn send(
    remote: &Remote,
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
) -> Result<String, Refused> {
    let request = request(method, url, headers, Bytes::new()).map_err(Refused::Final)?;
    let answer = remote
        .nearby
        .send(request)
        .await
        .map_err(|error| match error.kind {
            TransportErrorKind::Timeout => Refused::Passing("no answer in time".to_owned()),
            TransportErrorKind::Interrupted => Refused::Passing(error.message),
            _ => Refused::Unreachable(error.message),
        })?;
    let status = answer.status();
    match status.as_u16() {
        200 => String::from_utf8(answer.into_body().to_vec())
            .map_err(|_| Refused::Final("the answer is not text".to_owned())),
        404 => Err(Refused::Final(
            "there is no such role (HTTP status 404)".to_owned(),
        )),
        500.. => Err(Refused::Passing(format!("HTTP status {status}"))),
        _ => Err(Refused::Final(format!("HTTP status {status}"))),
    }
}
