//! Both signatures of Alibaba Cloud's RPC APIs, written from their public description.
//!
//! Version 1 signs every parameter as one flat map with HMAC-SHA1; version 3 signs a canonical request with HMAC-SHA256.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// What stays as it is: letters, digits, `-`, `_`, `.` and `~`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Percent-encodes as both signatures want it.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Sorted, encoded, joined: `a=1&b=2`.
pub(super) fn canonical_query(parameters: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

/// The text that version 1 signs. `parameters` are all but `Signature`.
pub(super) fn string_to_sign_v1(method: &str, parameters: &BTreeMap<String, String>) -> String {
    format!("{method}&%2F&{}", encode(&canonical_query(parameters)))
}

/// Version 1's signature of a string to sign.
pub(super) fn sign_v1(secret: &str, text: &str) -> String {
    let key = format!("{secret}&");
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).expect("HMAC takes any key");
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The parts of a request that version 3 signs.
pub(super) struct Signed<'a> {
    pub(super) method: &'a str,
    pub(super) query: &'a BTreeMap<String, String>,
    /// Lower-case names with trimmed values, in the order of `SignedHeaders`.
    pub(super) headers: &'a [(String, String)],
    pub(super) payload_hash: &'a str,
}

/// The canonical request of version 3.
pub(super) fn canonical_request(signed: &Signed<'_>) -> String {
    let headers: String = signed
        .headers
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    let names: Vec<&str> = signed
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    format!(
        "{}\n/\n{}\n{headers}\n{}\n{}",
        signed.method,
        canonical_query(signed.query),
        names.join(";"),
        signed.payload_hash
    )
}

/// The text that version 3 signs.
pub(super) fn string_to_sign_v3(signed: &Signed<'_>) -> String {
    format!(
        "ACS3-HMAC-SHA256\n{}",
        sha256_hex(canonical_request(signed).as_bytes())
    )
}

/// Version 3's signature of a string to sign.
pub(super) fn sign_v3(secret: &str, text: &str) -> String {
    hex(&hmac_sha256(secret.as_bytes(), text.as_bytes()))
}

pub(super) fn hmac_sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares without telling by its duration where the difference is.
pub(super) fn same(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left
            .bytes()
            .zip(right.bytes())
            .fold(0, |sum, (a, b)| sum | (a ^ b))
            == 0
}
