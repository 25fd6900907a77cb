//! An RSA key pair: STS lends the keys of a session to whoever signs with the private half.
//!
//! Only some sites of the cloud have such key pairs, and the `aliyun` command advises against them.

use std::path::PathBuf;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Method;
use jiff::Timestamp;
use ring::{rand::SystemRandom, rsa, signature::RSA_PKCS1_SHA256};
use serde_json::{Value as Json, json};

use super::{
    Lent, Remote, StsPlace,
    remote::{self, guarded},
    source::Trouble,
};
use crate::{
    cloud::{call::Product, sign},
    model::secret::Secret,
};

/// For how long a session may be, in seconds: at least, at most, and if nobody says.
const SECONDS: (u64, u64, u64) = (900, 3600, 3600);

/// A key pair, and where its private half is.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// What the cloud knows the public half by.
    pub(super) id: String,
    pub(super) file: PathBuf,
    pub(super) seconds: Option<u64>,
    pub(super) place: StsPlace,
}

impl KeyPair {
    /// Gets the keys of a session.
    pub(super) async fn lend(&self, remote: &Remote) -> Result<Lent, Trouble> {
        let refused = |reason: String| Trouble {
            message: format!("The key pair {} gives no keys: {reason}", self.id),
            passing: false,
        };
        let seconds = self.seconds.unwrap_or(SECONDS.2);
        if !(SECONDS.0..=SECONDS.1).contains(&seconds) {
            let (least, most, _) = SECONDS;
            return Err(refused(format!(
                "a session lasts {least} to {most} seconds, and expired_seconds is {seconds}"
            )));
        }
        let key = self.private_key().await.map_err(refused)?;
        let mut params = self.params(seconds);
        let signature = signed(&key, &params).map_err(refused)?;
        params.push(("Signature".to_owned(), signature));
        let endpoints = remote.endpoints.with_sts(&self.place);
        let endpoint = endpoints.resolve(Product::Sts, &remote.region);
        let url = endpoint.map_err(|error| refused(error.message))?.url();
        guarded(&url).map_err(refused)?;
        let full = format!("{url}/?{}", sign::form(&params));
        let headers = [("user-agent", remote.user_agent.as_str())];
        let request = remote::request(Method::GET, &full, &headers, Bytes::new());
        let answer = remote.fetch(request.map_err(refused)?).await;
        let (status, body) = answer.map_err(|reason| Trouble {
            passing: true,
            ..refused(reason)
        })?;
        read(status, &body).map_err(|reason| Trouble {
            passing: status >= 500,
            ..refused(reason)
        })
    }

    fn params(&self, seconds: u64) -> Vec<(String, String)> {
        let nonce = uuid::Uuid::new_v4().to_string();
        let time = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let seconds = seconds.to_string();
        let params = [
            ("AccessKeyId", self.id.as_str()),
            ("Action", "GenerateSessionAccessKey"),
            ("DurationSeconds", &seconds),
            ("Format", "JSON"),
            ("SignatureMethod", "SHA256withRSA"),
            ("SignatureNonce", &nonce),
            ("SignatureType", "PRIVATEKEY"),
            ("SignatureVersion", "1.0"),
            ("Timestamp", &time),
            ("Version", Product::Sts.version()),
        ];
        params
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    /// Reads the private half: PEM, or its Base64 alone.
    async fn private_key(&self) -> Result<Secret, String> {
        let shown = self.file.display();
        let text = tokio::fs::read_to_string(&self.file)
            .await
            .map_err(|error| format!("its private key cannot be read: {shown}: {error}"))?;
        let lines = text.lines().map(str::trim);
        let inner: String = lines.filter(|line| !line.starts_with("-----")).collect();
        Ok(Secret::new(inner))
    }
}

/// Signs a request with a private key, in PKCS #8 or PKCS #1.
fn signed(key: &Secret, params: &[(String, String)]) -> Result<String, String> {
    let wrong =
        |what: &str| format!("its private key {what}: prov takes PEM of RSA, of 2048 bits or more");
    let der = STANDARD
        .decode(key.expose_secret())
        .map_err(|_| wrong("is not Base64"))?;
    let pair = rsa::KeyPair::from_pkcs8(&der)
        .or_else(|_| rsa::KeyPair::from_der(&der))
        .map_err(|_| wrong("is not understood"))?;
    let text = sign::v1_string_to_sign("GET", params);
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    )
    .map_err(|_| wrong("cannot sign"))?;
    Ok(STANDARD.encode(signature))
}

fn read(status: u16, body: &[u8]) -> Result<Lent, String> {
    let json: Json =
        serde_json::from_slice(body).map_err(|_| "the answer of STS is not JSON".to_owned())?;
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let Some(session) = json.get("SessionAccessKey").filter(|_| status == 200) else {
        let (code, message) = (text(&json["Code"]), text(&json["Message"]));
        return Err(match code.as_str() {
            "" => format!("STS answered with HTTP status {status}"),
            code => format!("STS answered {code}: {message}"),
        });
    };
    remote::lent(&json!({
        "AccessKeyId": session["SessionAccessKeyId"],
        "AccessKeySecret": session["SessionAccessKeySecret"],
        "Expiration": session["Expiration"],
    }))
}
