//! From a call to a signed HTTP request, in either version.
//!
//! v1 puts everything into the form body, where no access log keeps it; v3 puts the parameters into the query,
//! as every official client does.

use bytes::Bytes;

use super::{
    call::Call,
    client::{Settings, SignVersion},
    credentials::Credentials,
    endpoint::Endpoint,
    error::{ApiError, Failure},
    sign,
};

impl Settings {
    /// Makes the signed request, with a nonce of its own.
    pub(super) fn request(
        &self,
        call: &Call,
        endpoint: &Endpoint,
        now: jiff::Timestamp,
        credentials: Option<&Credentials>,
    ) -> Result<http::Request<Bytes>, Box<Failure>> {
        let time = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let nonce = uuid::Uuid::new_v4().to_string();
        let mut params = call.params.clone();
        if !params.iter().any(|(name, _)| name == "RegionId") {
            params.push(("RegionId".to_owned(), self.region.clone()));
        }
        params.extend(self.extra.iter().cloned());
        if let Some(token) = &call.client_token {
            params.push(("ClientToken".to_owned(), token.clone()));
        }
        let request = match (credentials, self.sign_version) {
            (None, _) => self.unsigned(call, endpoint, params, [time, nonce]),
            (Some(by), SignVersion::V1) => {
                self.request_v1(call, endpoint, params, [time, nonce], by)
            }
            (Some(by), SignVersion::V3) => {
                self.request_v3(call, endpoint, &params, [time, nonce], by)
            }
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
        credentials: &Credentials,
    ) -> http::Result<http::Request<Bytes>> {
        let Credentials {
            access_key,
            secret_key,
            security_token,
        } = credentials;
        let own = [
            ("AccessKeyId", access_key.as_str()),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
        ];
        let token = security_token.as_ref();
        let token = token.map(|token| ("SecurityToken", token.expose_secret()));
        let all = common(call, &time, &nonce)
            .into_iter()
            .chain(own)
            .chain(token);
        params.extend(all.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let signature = sign::v1("POST", &params, secret_key.expose_secret());
        params.push(("Signature".to_owned(), signature));
        self.form(call, endpoint, &params)
    }

    /// A request by nobody, with its parameters in the body.
    fn unsigned(
        &self,
        call: &Call,
        endpoint: &Endpoint,
        mut params: Vec<(String, String)>,
        [time, nonce]: [String; 2],
    ) -> http::Result<http::Request<Bytes>> {
        let all = common(call, &time, &nonce).into_iter();
        params.extend(all.map(|(name, value)| (name.to_owned(), value.to_owned())));
        self.form(call, endpoint, &params)
    }

    fn form(
        &self,
        call: &Call,
        endpoint: &Endpoint,
        params: &[(String, String)],
    ) -> http::Result<http::Request<Bytes>> {
        self.post(call, endpoint, "/")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(sign::form(params).into())
    }

    fn request_v3(
        &self,
        call: &Call,
        endpoint: &Endpoint,
        params: &[(String, String)],
        [time, nonce]: [String; 2],
        credentials: &Credentials,
    ) -> http::Result<http::Request<Bytes>> {
        let Credentials {
            access_key,
            secret_key,
            security_token,
        } = credentials;
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
            .header("user-agent", &self.user_agent)
            .header("x-acs-action", call.action)
            .header("x-acs-version", call.product.version())
    }
}

/// The parameters that every request of version 1 has, signed or not.
fn common<'a>(call: &'a Call, time: &'a str, nonce: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("Action", call.action),
        ("Version", call.product.version()),
        ("Format", "JSON"),
        ("SignatureNonce", nonce),
        ("Timestamp", time),
    ]
}
