//! Requests to the emulator: every one has an answer.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Request};
use prov::{
    cloud::sign,
    emulator::{Emulator, Options, Profile},
};

use serde_json::Value as Json;

use super::Said;

/// Lines as the tests of the wire have them, sent one after the other: `PRODUCT ACTION NAME=VALUE …`, what is learned of
/// the answer behind `->`, and a `$` before what is known. A line that begins with `!` is sent as it is: a path with a query.
pub fn emulator(data: &[u8]) -> Said {
    let Ok(text) = std::str::from_utf8(data) else {
        return Said::new();
    };
    let options = Options {
        profile: Profile::Instant,
        ..Options::default()
    };
    let emulator = Emulator::open(options).expect("in memory nothing fails");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let mut known = BTreeMap::new();
    let mut said = Said::new();
    for (number, line) in text.lines().take(40).enumerate() {
        let (call, learned) = line.split_once("->").unwrap_or((line, ""));
        let call = call.split_once("!!").map_or(call, |(call, _)| call);
        let request = match call.strip_prefix('!') {
            Some(path) => plain(path),
            None => signed(&filled(call, &known), number),
        };
        let Some(request) = request else { continue };
        let Ok(answer) = runtime.block_on(emulator.handle(request)) else {
            said.push("cut".to_owned());
            continue;
        };
        assert!(answer.status() != 500, "{line}: {:?}", answer.body());
        if let Ok(json) = serde_json::from_slice::<Json>(answer.body()) {
            said.extend(json["Code"].as_str().map(str::to_owned));
            for (name, path) in learned
                .split(", ")
                .filter_map(|clause| clause.split_once(" = "))
            {
                known.insert(name.trim().to_owned(), at(&json, path.trim()));
            }
        }
    }
    let _ = (emulator.world(), emulator.calls());
    said
}

/// Returns what is at a path of an answer.
fn at(answer: &Json, path: &str) -> String {
    let pointer = format!("/{}", path.replace('.', "/"));
    let found = answer.pointer(&pointer).unwrap_or(&Json::Null);
    found
        .as_str()
        .map_or_else(|| found.to_string(), str::to_owned)
}

/// Returns a line with what is known in place of names.
fn filled(line: &str, known: &BTreeMap<String, String>) -> String {
    let mut pieces = line.split('$');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, rest) = piece.split_at(end.unwrap_or(piece.len()));
        filled.push_str(known.get(name).map_or(name, |value| value));
        filled.push_str(rest);
    }
    filled
}

fn plain(path: &str) -> Option<Request<Bytes>> {
    let (path, body) = path.split_once(' ').unwrap_or((path, ""));
    Request::builder()
        .method(if body.is_empty() {
            Method::GET
        } else {
            Method::POST
        })
        .uri(format!("http://ecs.aliyuncs.com/{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .ok()
}

/// The versions of the products.
const VERSIONS: &[(&str, &str)] = &[
    ("ecs", "2014-05-26"),
    ("vpc", "2016-04-28"),
    ("slb", "2014-05-15"),
    ("sts", "2015-04-01"),
    ("resourcemanager", "2020-03-31"),
    ("kms", "2016-01-20"),
    ("location", "2015-06-12"),
];

/// Signs a line's call.
fn signed(line: &str, number: usize) -> Option<Request<Bytes>> {
    let mut words = line.split_whitespace();
    let (product, action) = (words.next()?, words.next()?);
    let (_, version) = VERSIONS.iter().find(|(name, _)| *name == product)?;
    let now = jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    let nonce = number.to_string();
    let common = [
        ("Action", action),
        ("Version", version),
        ("Format", "JSON"),
        ("AccessKeyId", "LTAI-emulator"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &nonce),
        ("Timestamp", &now),
    ];
    let given = words.map(|word| word.split_once('=').unwrap_or((word, "")));
    let region = [("RegionId", "cn-hangzhou")].into_iter();
    let all: BTreeMap<&str, &str> = region.chain(given).chain(common).collect();
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let mut params: Vec<(String, String)> = all.into_iter().map(owned).collect();
    params.push((
        "Signature".to_owned(),
        sign::v1("POST", &params, "emulator-secret"),
    ));
    Request::builder()
        .method(Method::POST)
        .uri("/")
        .header(http::header::HOST, format!("{product}.aliyuncs.com"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(sign::form(&params).into())
        .ok()
}
