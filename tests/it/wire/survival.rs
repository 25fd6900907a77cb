//! A killed emulator: whatever it answered is there when it starts again.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use super::*;
use crate::support::server::{Emulator as Process, until};

/// Writers at the same time, and how many of their calls are answered before it is killed.
const WRITERS: usize = 4;
const ANSWERED: usize = 60;

fn start(data: &Path, faults: &Path) -> Process {
    let (data, faults) = (data.to_str().unwrap(), faults.to_str().unwrap());
    Process::start(&["-profile", "instant", "-data", data, "-faults", faults])
}

/// Creates a security group; `None` when nobody answers any more.
fn create(address: &str) -> Option<String> {
    let all = complete(ECS, "CreateSecurityGroup", &[]);
    let target = format!("/?{}", signed_v1("GET", &all, SECRET));
    let mut stream = TcpStream::connect(address).ok()?;
    let request = format!("GET {target} HTTP/1.1\r\nHost: ecs\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let body: Value = serde_json::from_str(body).ok()?;
    Some(text(&body, "SecurityGroupId"))
}

fn groups(process: &Process) -> BTreeSet<String> {
    let world = process.world();
    let groups = world["security_groups"].as_array().unwrap().iter();
    groups.map(|it| text(it, "id")).collect()
}

#[test]
fn what_was_answered_survives_a_kill_and_a_torn_log() {
    let folder = tempfile::tempdir().unwrap();
    let (data, faults) = (folder.path().join("world"), folder.path().join("faults"));
    let much = json!({ "quotas": { "security_groups": 1_000_000 } }).to_string();
    OpenOptions::new()
        .create_new(true)
        .write(true)
        .open(&faults)
        .and_then(|mut file| file.write_all(much.as_bytes()))
        .unwrap();
    let answered = Mutex::new(BTreeSet::new());
    let mut expected = 0;
    for _ in 0..3 {
        let process = start(&data, &faults);
        assert!(groups(&process).is_superset(&answered.lock().unwrap()));
        expected += ANSWERED;
        let address = process.url().replace("http://", "");
        thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| {
                    while let Some(id) = create(&address) {
                        assert!(answered.lock().unwrap().insert(id), "an id came twice");
                    }
                });
            }
            until("calls are answered", || {
                answered.lock().unwrap().len() >= expected
            });
            // Killed, while the others go on asking.
            drop(process);
        });
    }
    let answered = answered.into_inner().unwrap();
    let whole = groups(&start(&data, &faults));
    assert!(whole.is_superset(&answered));

    // A failure of the machine leaves half a line, or zeros where a line was to be.
    for tail in [
        "[{\"kind\":\"security_group\",\"id\":\"sg-",
        "\0\0\0\0",
        "\0\0\n\0\0",
    ] {
        let log = OpenOptions::new().append(true).open(data.join("world.log"));
        log.and_then(|mut log| log.write_all(tail.as_bytes()))
            .unwrap();
        let process = start(&data, &faults);
        assert_eq!(groups(&process), whole, "{tail:?}");
    }
    let process = start(&data, &faults);
    let address = process.url().replace("http://", "");
    assert!(!whole.contains(&create(&address).unwrap()));
}

#[test]
fn a_world_is_not_kept_in_a_file() {
    use prov::emulator::{Emulator, Options};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world");
    std::fs::write(&file, "something else").unwrap();
    for (data, reason) in [
        (
            file.clone(),
            "is a file, and a world is kept in a directory of its own",
        ),
        (
            file.join("below"),
            "cannot be a directory, since it is below a file",
        ),
    ] {
        let options = Options {
            data: Some(data.clone()),
            ..Options::default()
        };
        let error = Emulator::open(options).err().unwrap().to_string();
        assert_eq!(error, format!("{} {reason}", data.display()));
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "something else");
}
