//! Logins by browser: what the `aliyun` command has got from one is used as long as it lasts.
//!
//! Nothing is written back to its file, and no refresh token is used up, since the command would then find its own spent.

use bytes::Bytes;
use http::Method;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{
    Credentials, Lent, Remote,
    keeper::EARLY,
    remote::{self, guarded},
};
use crate::model::secret::Secret;

/// The two kinds of login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    CloudSso,
    OAuth,
}

/// A login that somebody has made.
#[derive(Clone, Debug)]
pub struct Sso {
    pub(super) kind: Kind,
    /// The profile's name, for the way out.
    pub(super) profile: String,
    pub(super) sign_in_url: String,
    pub(super) account: String,
    pub(super) access_configuration: String,
    pub(super) token: Secret,
    /// When the token ends, in seconds since 1970.
    pub(super) token_ends: i64,
    /// Until when the command can renew the token, if it can at all; 0 where its file does not say.
    pub(super) renewed_until: Option<i64>,
    /// The keys that the command has got, and when they end.
    pub(super) cached: Option<(Credentials, i64)>,
}

impl Sso {
    pub(super) async fn lend(&self, remote: &Remote) -> Result<Lent, String> {
        let now = Timestamp::now();
        if let Some(lent) = self.cached(now) {
            return Ok(lent);
        }
        let ended = self.token_ends <= now.as_second();
        if let Some(until) = self.renewed_until.filter(|_| ended)
            && (until == 0 || until > now.as_second())
        {
            return Err(self.renewal());
        }
        // What nobody renews may be good for longer than the file says.
        let lasts = self.kind == Kind::OAuth && self.renewed_until.is_none();
        if self.token.expose_secret().is_empty() || (ended && !lasts) {
            return Err(self.login("the login has expired"));
        }
        self.complete().map_err(|reason| self.login(&reason))?;
        self.exchange(remote)
            .await
            .map_err(|reason| self.login(&reason))
    }

    /// The keys of the file, while they last for a good while.
    fn cached(&self, now: Timestamp) -> Option<Lent> {
        let (credentials, ends) = self.cached.as_ref()?;
        let expires = Timestamp::from_second(*ends).ok()?;
        let left = expires.duration_since(now);
        (left > EARLY).then(|| Lent {
            credentials: credentials.clone(),
            expires: Some(expires),
        })
    }

    fn login(&self, reason: &str) -> String {
        let mode = match self.kind {
            Kind::CloudSso => "CloudSSO",
            Kind::OAuth => "OAuth",
        };
        format!(
            "The {mode} profile \"{}\" gives no keys: {reason}. Log in again with \
             `aliyun configure --mode {mode} --profile {}`",
            self.profile, self.profile
        )
    }

    /// Says how the command renews what it has, without a login.
    fn renewal(&self) -> String {
        let profile = &self.profile;
        format!(
            "The OAuth profile \"{profile}\" gives no keys: its access token has expired. The aliyun command \
             renews it by any call, such as `aliyun sts GetCallerIdentity --profile {profile}`"
        )
    }

    /// Checks that the profile has what new keys are asked with.
    fn complete(&self) -> Result<(), String> {
        let needed = [
            ("cloud_sso_sign_in_url", &self.sign_in_url),
            ("cloud_sso_account_id", &self.account),
            ("cloud_sso_access_config", &self.access_configuration),
        ];
        let mut needed = needed.iter().filter(|_| self.kind == Kind::CloudSso);
        match needed.find(|(_, text)| text.is_empty()) {
            Some((name, _)) => Err(format!("it has no {name}")),
            None => Ok(()),
        }
    }

    /// Exchanges the login's token for keys.
    async fn exchange(&self, remote: &Remote) -> Result<Lent, String> {
        let uri = guarded(&self.sign_in_url)?;
        let (path, body) = match self.kind {
            Kind::CloudSso => (
                "/cloud-credentials",
                json!({
                    "AccountId": self.account,
                    "AccessConfigurationId": self.access_configuration,
                })
                .to_string(),
            ),
            Kind::OAuth => ("/v1/exchange", String::new()),
        };
        let scheme = uri.scheme_str().unwrap_or("https");
        let authority = uri.authority().map_or("", http::uri::Authority::as_str);
        let bearer = format!("Bearer {}", self.token.expose_secret());
        let headers = [
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("authorization", bearer.as_str()),
        ];
        let url = format!("{scheme}://{authority}{path}");
        let request = remote::request(Method::POST, &url, &headers, Bytes::from(body))?;
        let (status, body) = remote.fetch(request).await?;
        if status != 200 {
            return Err(format!("{authority} answered with HTTP status {status}"));
        }
        let json: Json = serde_json::from_slice(&body)
            .map_err(|_| format!("the answer of {authority} is not JSON"))?;
        remote::lent(json.get("CloudCredential").unwrap_or(&json))
    }
}
