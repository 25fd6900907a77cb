//! The signatures against vectors that the official SDKs produced, and the gateway at given instants.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use serde::Deserialize;

use super::accounts::Accounts;
use super::actions::Routes;
use super::clock::parse_seconds;
use super::gateway::{Gateway, Incoming, Session};
use super::parameters;
use super::signature::{self, Signed};
use super::world::ACCOUNT;

#[derive(Deserialize)]
struct Version1 {
    name: String,
    method: String,
    access_key_secret: String,
    #[serde(default)]
    params: BTreeMap<String, String>,
    #[serde(default)]
    query_params: BTreeMap<String, String>,
    #[serde(default)]
    body_params: BTreeMap<String, String>,
    string_to_sign: String,
    signature: String,
}

#[derive(Deserialize)]
struct Version3 {
    name: String,
    method: String,
    access_key_id: String,
    access_key_secret: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    body: String,
    canonical_request: String,
    string_to_sign: String,
    signature: String,
    authorization: String,
}

#[test]
fn version_1_signs_as_the_sdks_do() {
    let vectors: Vec<Version1> = serde_json::from_str(include_str!("vectors/v1.json")).unwrap();
    assert!(vectors.len() >= 7);
    for vector in vectors {
        let mut all = vector.params;
        all.extend(vector.query_params);
        all.extend(vector.body_params);
        all.remove("Signature");
        let text = signature::string_to_sign_v1(&vector.method, &all);
        assert_eq!(text, vector.string_to_sign, "{}", vector.name);
        let signed = signature::sign_v1(&vector.access_key_secret, &text);
        assert_eq!(signed, vector.signature, "{}", vector.name);
    }
}

#[test]
fn version_3_signs_as_the_sdks_do_and_is_admitted() {
    let vectors: Vec<Version3> = serde_json::from_str(include_str!("vectors/v3.json")).unwrap();
    assert!(vectors.len() >= 5);
    for vector in vectors {
        let headers: Vec<(String, String)> = signed_headers(&vector);
        let signed = Signed {
            method: &vector.method,
            query: &vector.query,
            headers: &headers,
            payload_hash: &signature::sha256_hex(vector.body.as_bytes()),
        };
        assert_eq!(
            signature::canonical_request(&signed),
            vector.canonical_request
        );
        let text = signature::string_to_sign_v3(&signed);
        assert_eq!(text, vector.string_to_sign, "{}", vector.name);
        let mine = signature::sign_v3(&vector.access_key_secret, &text);
        assert_eq!(mine, vector.signature, "{}", vector.name);
        if vector.access_key_id.starts_with("STS.") {
            continue;
        }
        let mut gateway = gateway(&vector.access_key_id, &vector.access_key_secret);
        let wall = parse_seconds(&vector.headers["x-acs-date"]).unwrap();
        let incoming = incoming(&vector);
        let call = gateway.admit(&incoming, wall).unwrap();
        assert_eq!(call.action, vector.headers["x-acs-action"]);
        let again = gateway.admit(&incoming, wall).err().unwrap();
        assert_eq!(again.code, "SignatureNonceUsed");
        let late = gateway
            .admit(&incoming, wall + 15 * 60 * 1000 + 1)
            .err()
            .unwrap();
        assert_eq!(late.code, "InvalidTimeStamp.Expired");
    }
}

fn signed_headers(vector: &Version3) -> Vec<(String, String)> {
    let names = vector.authorization.split("SignedHeaders=").nth(1).unwrap();
    let names = names.split(',').next().unwrap();
    names
        .split(';')
        .map(|name| (name.to_owned(), vector.headers[name].trim().to_owned()))
        .collect()
}

fn gateway(id: &str, secret: &str) -> Gateway {
    Gateway::new(
        &[(id.to_owned(), secret.to_owned())],
        &Accounts::default(),
        0,
    )
}

fn incoming(vector: &Version3) -> Incoming {
    let uri = format!("/?{}", signature::canonical_query(&vector.query));
    let mut request = Request::builder().method(vector.method.as_str()).uri(uri);
    for (name, value) in &vector.headers {
        request = request.header(name, value.trim());
    }
    let request = request.header("authorization", &vector.authorization);
    let (parts, body) = request
        .body(Bytes::from(vector.body.clone()))
        .unwrap()
        .into_parts();
    Incoming::read(&parts, body)
}

#[test]
fn temporary_credentials_are_believed_until_they_expire() {
    let gateway = gateway("id", "secret");
    let session = || Session {
        key_id: String::new(),
        account: ACCOUNT.to_owned(),
        role: "role".to_owned(),
        session: "session".to_owned(),
        expires: 5_000,
        policy: None,
    };
    let lent = gateway.lend("abc", session());
    let other = gateway.lend("abd", session());
    assert_ne!(lent.secret, other.secret);
    assert!(lent.key_id.starts_with("STS."));
}

#[test]
fn every_action_has_its_parameters_and_every_row_its_action() {
    let routes = Routes::new();
    let mut listed: Vec<(&str, &str)> = parameters::all()
        .map(|row| (row.product, row.action))
        .collect();
    listed.sort_unstable();
    assert_eq!(routes.names(), listed);
}
