//! Two processes and one state: the lock names its holder, and dies with it.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use prov::backend::{Backend, Base, Holder, Local, StateError};

const FOLDER: &str = "PROV_TEST_LOCK_FOLDER";

fn holder() -> Holder {
    Holder::new(
        "OperationTypeApply",
        "user@host",
        jiff::Timestamp::UNIX_EPOCH,
    )
}

fn base() -> Base {
    Base {
        lineage: "L".to_owned(),
        serial: 0,
    }
}

/// The other process: not a test of its own.
#[tokio::test]
async fn hold_the_lock_until_killed() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let local = Local::beside(Path::new(&folder), "default");
    let lease = local.lock(&holder()).await.unwrap();
    local.append(&lease, &base(), b"a record").await.unwrap();
    println!("\nlocked");
    let _ = std::io::stdin().read(&mut [0]);
}

fn start(folder: &Path) -> Child {
    let mut child = Command::new(env::current_exe().expect("a test knows its file"))
        .args([
            "--exact",
            "backends::hold_the_lock_until_killed",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the test runs again");
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let locked = lines.map_while(Result::ok).any(|line| line == "locked");
    assert!(locked);
    child
}

#[tokio::test]
async fn a_killed_process_leaves_its_records_and_no_lock() {
    let folder = tempfile::tempdir().unwrap();
    let local = Local::beside(folder.path(), "default");
    let mut child = start(folder.path());
    let error = local.lock(&holder()).await.unwrap_err();
    let StateError::Locked(Some(found)) = &error else {
        panic!("{error}");
    };
    assert_eq!(found.info, format!("pid {}", child.id()));
    child.kill().unwrap();
    child.wait().unwrap();
    let lease = local.lock(&holder()).await.unwrap();
    let journal = local.read().await.unwrap().journal.unwrap();
    assert_eq!(journal.batches, [b"a record"]);
    local.append(&lease, &base(), b"another").await.unwrap();
    local.unlock(lease).await.unwrap();
}
