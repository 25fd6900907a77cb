//! Request signatures: v1 (HMAC-SHA1) and v3 (ACS3-HMAC-SHA256), as pure functions.
//!
//! Parameters are given decoded; encoding is done here once, in the one way that the API verifies.
//! The caller brings time and nonce. Start with [`v1`].

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// Everything but `A-Z a-z 0-9 - _ . ~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Returns the `Signature` parameter of a v1 request: all parameters of query and form, but itself.
pub fn v1(method: &str, params: &[(String, String)], secret: &str) -> String {
    let text = v1_string_to_sign(method, params);
    let mut mac = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Returns the text that a v1 signature is made over.
pub fn v1_string_to_sign(method: &str, params: &[(String, String)]) -> String {
    format!("{method}&%2F&{}", encode(&canonical(params)))
}

/// What a v3 signature is made over.
#[derive(Clone, Copy, Debug)]
pub struct V3<'a> {
    pub method: &'a str,
    /// The parameters in the query, decoded.
    pub query: &'a [(String, String)],
    /// Exactly the headers to sign, without `authorization`.
    pub headers: &'a [(String, String)],
    /// The body's SHA-256 as [`sha256_hex`] writes it; also in the header `x-acs-content-sha256`.
    pub payload_hash: &'a str,
}

impl V3<'_> {
    /// Returns the `Authorization` header.
    pub fn authorization(&self, access_key: &str, secret: &str) -> String {
        let (names, _) = self.canonical_headers();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(self.string_to_sign().as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        format!(
            "ACS3-HMAC-SHA256 Credential={access_key},SignedHeaders={names},Signature={signature}"
        )
    }

    /// Returns the text that the signature is made over.
    pub fn string_to_sign(&self) -> String {
        let hash = sha256_hex(self.canonical_request().as_bytes());
        format!("ACS3-HMAC-SHA256\n{hash}")
    }

    /// Returns the request in the one form that both sides hash.
    pub fn canonical_request(&self) -> String {
        let (names, lines) = self.canonical_headers();
        format!(
            "{}\n/\n{}\n{lines}\n{names}\n{}",
            self.method,
            canonical(self.query),
            self.payload_hash
        )
    }

    /// Returns the signed header names, and the headers one a line.
    fn canonical_headers(&self) -> (String, String) {
        let mut headers: Vec<(String, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
            .collect();
        headers.sort();
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let mut lines = String::new();
        for (name, value) in &headers {
            let _ = writeln!(lines, "{name}:{value}");
        }
        (names.join(";"), lines)
    }
}

/// Returns the lower-case hex SHA-256 of some bytes.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Returns the parameters as a query string or form body, encoded as they are signed.
pub fn form(params: &[(String, String)]) -> String {
    join(params.iter())
}

/// Percent-encodes a text the way the API does.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Sorted by name (bytes, before encoding), joined as a query.
fn canonical(params: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = params.iter().collect();
    sorted.sort();
    join(sorted.into_iter())
}

fn join<'a>(params: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut out = String::new();
    for (name, value) in params {
        let separator = if out.is_empty() { "" } else { "&" };
        let (name, value) = (
            utf8_percent_encode(name, RESERVED),
            utf8_percent_encode(value, RESERVED),
        );
        let _ = write!(out, "{separator}{name}={value}");
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
