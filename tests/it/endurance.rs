//! The world of an emulator that is killed: what was answered is there again, whenever that was.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use prov::cloud::sign;
use serde_json::{Value as Json, json};

use crate::support::server::{Emulator, until};

/// Sends a call as a client without any patience does: no answer is `None`.
fn ask(address: &str, action: &str, parameters: &[(&str, &str)]) -> Option<Json> {
    static NONCE: AtomicUsize = AtomicUsize::new(0);
    let nonce = NONCE.fetch_add(1, Ordering::Relaxed).to_string();
    let now = jiff::Timestamp::now();
    let now = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let common = [
        ("Action", action),
        ("Version", "2014-05-26"),
        ("RegionId", "cn-hangzhou"),
        ("Format", "JSON"),
        ("AccessKeyId", "LTAI-emulator"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &nonce),
        ("Timestamp", &now),
    ];
    let mut all: Vec<(String, String)> = common
        .iter()
        .chain(parameters)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    all.push((
        "Signature".to_owned(),
        sign::v1("POST", &all, "emulator-secret"),
    ));
    let body = sign::form(&all);
    let mut stream = TcpStream::connect(address).ok()?;
    write!(
        stream,
        "POST / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}

fn start(data: &Path) -> Emulator {
    let faults = data.with_extension("json");
    fs::write(
        &faults,
        json!({ "quotas": { "key_pairs": 100_000 } }).to_string(),
    )
    .unwrap();
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    Emulator::start(&[
        "-profile",
        "instant",
        "-data",
        &path(data),
        "-faults",
        &path(&faults),
    ])
}

/// The names of the key pairs that exist.
fn names(emulator: &Emulator) -> Vec<String> {
    let world = emulator.world();
    let pairs = world["key_pairs"].as_array().unwrap();
    pairs
        .iter()
        .map(|pair| pair["name"].as_str().unwrap().to_owned())
        .collect()
}

const KEY: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 it";

fn import(address: &str, name: &str) -> Option<Json> {
    ask(
        address,
        "ImportKeyPair",
        &[("KeyPairName", name), ("PublicKeyBody", KEY)],
    )
}

#[test]
fn what_was_answered_outlives_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("world");
    let answered: Mutex<Vec<String>> = Mutex::default();
    let number = AtomicUsize::new(0);
    for round in 0..12 {
        let emulator = start(&data);
        let have = names(&emulator);
        let lost: Vec<_> = answered
            .lock()
            .unwrap()
            .iter()
            .filter(|it| !have.contains(it))
            .cloned()
            .collect();
        assert!(lost.is_empty(), "round {round}: {lost:?}");
        let enough = answered.lock().unwrap().len() + 1 + 7 * round;
        let address = emulator.url().replace("http://", "");
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    loop {
                        let name = format!("pair-{}", number.fetch_add(1, Ordering::Relaxed));
                        match import(&address, &name) {
                            Some(answer) if answer.get("Code").is_none() => {
                                answered.lock().unwrap().push(name)
                            }
                            Some(refused) => panic!("{refused}"),
                            None => return,
                        }
                    }
                });
            }
            until("enough answers", || {
                answered.lock().unwrap().len() >= enough
            });
            // SIGKILL, while others are on their way.
            drop(emulator);
        });
    }
}

#[test]
fn a_torn_line_is_that_of_a_call_never_answered() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("world");
    let round = |name: &str, had: &[&str]| {
        let emulator = start(&data);
        assert_eq!(names(&emulator), had);
        let address = emulator.url().replace("http://", "");
        assert!(import(&address, name).unwrap().get("Code").is_none());
    };
    round("one", &[]);
    let log = data.join("world.log");
    let whole = fs::read(&log).unwrap();
    let torn = [&whole[..], &whole[..whole.len() / 2]].concat();
    fs::write(&log, torn).unwrap();
    round("two", &["one"]);
    round("three", &["one", "two"]);
    round("four", &["one", "two", "three"]);
}

#[test]
fn a_world_that_was_emptied_stays_empty() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("world");
    let emulator = start(&data);
    let address = emulator.url().replace("http://", "");
    assert!(import(&address, "one").unwrap().get("Code").is_none());
    emulator.reset();
    assert!(import(&address, "two").unwrap().get("Code").is_none());
    drop(emulator);
    assert_eq!(names(&start(&data)), ["two"]);
}
