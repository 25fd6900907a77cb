//! The lock of a local state: an OS lock that dies with its process, and who holds it beside it.
//!
//! The lock file holds the lease's token. Whoever breaks the lock removes the file, and the old
//! holder's next write finds another token, or none.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use super::file::{failed, open_own, unlink};
use crate::backend::{Holder, Lease, StateError};

/// How often a lock file may vanish between opening and locking it.
const ATTEMPTS: usize = 100;

/// A lock that is held: a command that ends without giving it back leaves no files behind.
struct Held {
    _file: File,
    lock: PathBuf,
    info: PathBuf,
    token: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        if check(&self.lock, &self.token).is_ok() {
            // The kernel's lock ends with the file; files that stay are in nobody's way.
            let _ = unlink(&self.info);
            let _ = unlink(&self.lock);
        }
    }
}

/// Takes the lock.
pub fn take(lock: &Path, info: &Path, holder: &Holder) -> Result<Lease, StateError> {
    for _ in 0..ATTEMPTS {
        let file = open_own(lock).map_err(|source| failed("open", lock, source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StateError::Locked(read_holder(info).map(Box::new)));
            }
            Err(TryLockError::Error(source)) => return Err(failed("lock", lock, source)),
        }
        let fence = fence(lock);
        let token = words(&holder.id, fence);
        write_token(&file, &token).map_err(|source| failed("write", lock, source))?;
        // The holder before may have removed the file after it was opened here.
        if fs::read_to_string(lock).is_ok_and(|found| found == token) {
            write_holder(info, holder).map_err(|source| failed("write", info, source))?;
            return Ok(Lease {
                id: holder.id.clone(),
                fence,
                guard: Some(Box::new(Held {
                    _file: file,
                    lock: lock.to_owned(),
                    info: info.to_owned(),
                    token,
                })),
            });
        }
    }
    Err(StateError::Locked(read_holder(info).map(Box::new)))
}

/// Returns the process that holds Terraform's kind of lock on the state file, which is none of ours.
///
/// Terraform locks the file itself, for its process (`fcntl`); the kernel lists such locks.
#[cfg(target_os = "linux")]
pub fn terraform(state: &Path) -> Option<u32> {
    let state = state.canonicalize().ok()?;
    let inode = std::os::unix::fs::MetadataExt::ino(&fs::metadata(&state).ok()?).to_string();
    let locks = fs::read_to_string("/proc/locks").ok()?;
    // 1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF
    let holder = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, "POSIX", _, "WRITE", pid, file, ..] = words[..] else {
            return None;
        };
        let pid = pid.parse().ok()?;
        (file.rsplit(':').next() == Some(&*inode) && has_open(pid, &state)).then_some(pid)
    };
    locks.lines().find_map(holder)
}

#[cfg(not(target_os = "linux"))]
pub fn terraform(_state: &Path) -> Option<u32> {
    None
}

/// Whether the process has the file open: inode numbers alone are unique only within a file system.
#[cfg(target_os = "linux")]
fn has_open(pid: u32, path: &Path) -> bool {
    let Ok(files) = fs::read_dir(format!("/proc/{pid}/fd")) else {
        return false;
    };
    files
        .filter_map(Result::ok)
        .any(|file| fs::read_link(file.path()).is_ok_and(|target| target == path))
}

/// Gives the lock back.
pub fn give_back(lock: &Path, info: &Path, lease: Lease) -> Result<(), StateError> {
    if lease.is_without_lock() || check(lock, &token(&lease)).is_err() {
        return Ok(());
    }
    unlink(info)?;
    unlink(lock)?;
    drop(lease);
    Ok(())
}

/// Breaks the lock with this id.
pub fn break_it(lock: &Path, info: &Path, id: &str) -> Result<(), StateError> {
    let found = read_holder(info).ok_or(StateError::NotLocked)?.id;
    if found != id {
        return Err(StateError::OtherLock {
            asked: id.to_owned(),
            found,
        });
    }
    unlink(lock)?;
    unlink(info)
}

/// Fails when the lock is not this lease's any more.
pub fn check(lock: &Path, token: &str) -> Result<(), StateError> {
    if token.is_empty() {
        return Ok(());
    }
    match fs::read_to_string(lock) {
        Ok(found) if found == token => Ok(()),
        Ok(_) => Err(StateError::LockLost(
            "another command has taken it".to_owned(),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StateError::LockLost(
            "its file was removed, by another command or with the directory".to_owned(),
        )),
        Err(source) => Err(failed("read", lock, source)),
    }
}

/// Returns what the lock file holds while the lease is alive; empty when there is no lock behind it.
pub fn token(lease: &Lease) -> String {
    if lease.is_without_lock() {
        return String::new();
    }
    words(&lease.id, lease.fence)
}

fn words(id: &str, fence: u64) -> String {
    format!("{fence} {id}\n")
}

/// Returns a number larger than that of any lease before: the clock, or one more than the last.
fn fence(lock: &Path) -> u64 {
    let last = fs::read_to_string(lock)
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
        .unwrap_or_default();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos());
    u64::try_from(now)
        .unwrap_or(u64::MAX)
        .max(last.saturating_add(1))
}

fn write_token(mut file: &File, token: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.write_all(token.as_bytes())
}

/// Reads who holds the lock; `None` when nobody has said so.
pub fn read_holder(info: &Path) -> Option<Holder> {
    serde_json::from_slice(&fs::read(info).ok()?).ok()
}

fn write_holder(info: &Path, holder: &Holder) -> io::Result<()> {
    let file = open_own(info)?;
    file.set_len(0)?;
    (&file).write_all(&serde_json::to_vec(holder)?)
}
