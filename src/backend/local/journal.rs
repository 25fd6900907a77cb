//! The journal file: frames of `length | crc32 | sequence number | payload`, each an appended batch.
//!
//! The first frame says which snapshot the journal builds upon. A batch is acknowledged only when it is
//! durable, and the next is written only after that: so a bad frame with a good one after it is damage,
//! and a bad frame at the end is a batch that nobody was told of.

use std::{
    fs::{self, File},
    io::{self, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::disk::{Change, Disk};
use super::file::{failed, open_own, read as read_file, sync_folder};
use crate::backend::{Base, Journal, StateError};

/// The bytes of a frame before its payload.
const FRAME: usize = 16;
/// The version of the journal's own format.
const VERSION: u64 = 1;
/// The largest batch.
const MAX_BATCH: usize = 1 << 30;

/// What the first frame holds.
#[derive(serde::Serialize, serde::Deserialize)]
struct Head {
    prov_journal: u64,
    #[serde(flatten)]
    base: Base,
}

/// What the last frame holds once the records are in a snapshot: the only payload that is not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    pub serial: u64,
    /// The CRC-32 of the snapshot's bytes.
    pub crc: u32,
}

/// A journal as it was found.
pub struct Found {
    pub base: Base,
    pub batches: Vec<Vec<u8>>,
    /// Which snapshots the records were to be in: each fold that was begun says so.
    pub folded: Vec<Folded>,
    /// How many bytes are good.
    length: u64,
    /// The sequence number of the next frame.
    next: u64,
}

/// Reads a journal; `None` when there is none, or none whose first batch was acknowledged.
pub fn read(path: &Path) -> Result<Option<Found>, StateError> {
    let Some(bytes) = read_file(path)? else {
        return Ok(None);
    };
    let damaged = |offset: usize, reason: &str| StateError::Journal {
        path: path.to_owned(),
        offset: offset as u64,
        reason: reason.to_owned(),
    };
    let mut at = 0;
    let mut payloads = Vec::new();
    while let Some(payload) = frame(&bytes, at, payloads.len() as u64) {
        at += FRAME + payload.len();
        payloads.push(payload);
    }
    if at < bytes.len() && more_after(&bytes, at, payloads.len() as u64) {
        return Err(damaged(at, "records after it are whole"));
    }
    let Some((head, batches)) = payloads.split_first() else {
        return Ok(None);
    };
    // A head alone was torn off before anything was acknowledged: nobody waits for what it begins.
    if batches.is_empty() {
        return Ok(None);
    }
    let head: Head = serde_json::from_slice(head)
        .map_err(|_| damaged(0, "it does not begin as a journal does"))?;
    if head.prov_journal > VERSION {
        return Err(StateError::Newer(format!(
            "its journal has format {}, and {VERSION} is the newest known",
            head.prov_journal
        )));
    }
    Ok(Some(Found {
        base: head.base,
        folded: batches
            .iter()
            .filter_map(|batch| Folded::read(batch))
            .collect(),
        batches: batches
            .iter()
            .filter(|batch| Folded::read(batch).is_none())
            .map(|batch| batch.to_vec())
            .collect(),
        length: at as u64,
        next: payloads.len() as u64,
    }))
}

/// Returns the payload of the frame at this offset, if it is a good one with this number.
fn frame(bytes: &[u8], at: usize, sequence: u64) -> Option<&[u8]> {
    let head = bytes.get(at..at.checked_add(FRAME)?)?;
    let length = u32::from_le_bytes(head[..4].try_into().ok()?) as usize;
    let crc = u32::from_le_bytes(head[4..8].try_into().ok()?);
    if u64::from_le_bytes(head[8..].try_into().ok()?) != sequence {
        return None;
    }
    let payload = bytes.get(at + FRAME..(at + FRAME).checked_add(length)?)?;
    (checksum(sequence, payload) == crc).then_some(payload)
}

/// Whether a good frame with a later number begins somewhere after this offset.
fn more_after(bytes: &[u8], at: usize, sequence: u64) -> bool {
    let most = sequence + (bytes.len() / FRAME) as u64;
    (at + 1..bytes.len().saturating_sub(FRAME - 1)).any(|at| {
        let number = bytes[at + 8..at + FRAME].try_into().map(u64::from_le_bytes);
        number.is_ok_and(|number| {
            (sequence..=most).contains(&number) && frame(bytes, at, number).is_some()
        })
    })
}

fn checksum(sequence: u64, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&sequence.to_le_bytes());
    hasher.update(payload);
    hasher.finalize()
}

fn write_frame(out: &mut Vec<u8>, sequence: u64, payload: &[u8]) -> io::Result<()> {
    let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
    if payload.len() > MAX_BATCH {
        return Err(io::Error::other("the batch is too large for the journal"));
    }
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&checksum(sequence, payload).to_le_bytes());
    out.extend_from_slice(&sequence.to_le_bytes());
    out.extend_from_slice(payload);
    Ok(())
}

impl Folded {
    const MARK: u8 = 0xff;

    fn write(self) -> Vec<u8> {
        let mut payload = vec![Self::MARK];
        payload.extend_from_slice(&self.serial.to_le_bytes());
        payload.extend_from_slice(&self.crc.to_le_bytes());
        payload
    }

    fn read(payload: &[u8]) -> Option<Self> {
        let rest = payload.strip_prefix(&[Self::MARK])?;
        Some(Self {
            serial: u64::from_le_bytes(rest.get(..8)?.try_into().ok()?),
            crc: u32::from_le_bytes(rest.get(8..)?.try_into().ok()?),
        })
    }
}

impl Found {
    /// Returns what of the journal is still to be looked at, given the snapshot that is stored.
    pub fn against(
        self,
        path: &Path,
        head: Option<&Base>,
        crc: impl FnOnce() -> u32,
    ) -> Result<Option<Journal>, StateError> {
        let stored = head.map_or(0, |head| head.serial);
        let other = head.is_some_and(|head| head.lineage != self.base.lineage);
        if other || stored < self.base.serial {
            return Err(StateError::Orphaned {
                path: path.to_owned(),
                journal: self.base,
                snapshot: head.cloned(),
            });
        }
        let mut here = self
            .folded
            .iter()
            .filter(|it| it.serial == stored)
            .peekable();
        let crc = here.peek().map(|_| crc());
        if stored > self.base.serial && here.any(|it| Some(it.crc) == crc) {
            return Ok(None);
        }
        Ok(Some(Journal {
            overtaken: stored > self.base.serial,
            base: self.base,
            batches: self.batches,
        }))
    }
}

/// A journal that is being written.
pub struct Writer {
    disk: Disk,
    path: PathBuf,
    file: File,
    base: Base,
    length: u64,
    next: u64,
    /// Set when a write failed in a way that leaves the file's content open.
    broken: bool,
}

impl Writer {
    /// Begins a journal; nothing is written before the first batch.
    pub fn create(disk: &Disk, path: &Path, base: &Base) -> Result<Self, StateError> {
        let file = open_own(disk, path).map_err(|source| failed("create", path, source))?;
        Ok(Self {
            disk: disk.clone(),
            path: path.to_owned(),
            file,
            base: base.clone(),
            length: 0,
            next: 0,
            broken: false,
        })
    }

    /// Goes on with a journal after its last good frame.
    pub fn resume(disk: &Disk, path: &Path, found: &Found) -> Result<Self, StateError> {
        let file = open_own(disk, path).map_err(|source| failed("open", path, source))?;
        Ok(Self {
            disk: disk.clone(),
            path: path.to_owned(),
            file,
            base: found.base.clone(),
            length: found.length,
            next: found.next,
            broken: false,
        })
    }

    /// Whether the file is still the one that this writer wrote last.
    pub fn is_current(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        match (fs::metadata(&self.path), self.file.metadata()) {
            (Ok(named), Ok(own)) => {
                (named.dev(), named.ino()) == (own.dev(), own.ino()) && named.len() == self.length
            }
            _ => false,
        }
    }

    /// Whether what the file holds is known, and is what this writer wrote last.
    pub fn is_sound(&self) -> bool {
        !self.broken && self.is_current()
    }

    /// Appends a batch and makes it durable.
    pub fn append(&mut self, base: &Base, batch: &[u8]) -> Result<(), StateError> {
        if *base != self.base {
            return Err(StateError::Conflict {
                expected: Some(base.clone()),
                found: Some(self.base.clone()),
            });
        }
        self.write(batch)
    }

    /// Says that the records are in a snapshot.
    pub fn mark(&mut self, folded: &Folded) -> Result<(), StateError> {
        self.write(&folded.write())
    }

    fn write(&mut self, payload: &[u8]) -> Result<(), StateError> {
        if self.broken {
            let source = io::Error::other("an earlier write to it failed");
            return Err(failed("write", &self.path, source));
        }
        self.try_write(payload).map_err(|source| {
            // What a failed sync has kept cannot be known, unless the tail can be cut off again.
            let cut = self.set_length();
            self.broken = cut.and_then(|()| self.sync()).is_err();
            failed("write", &self.path, source)
        })
    }

    fn try_write(&mut self, payload: &[u8]) -> io::Result<()> {
        let mut bytes = Vec::new();
        let first = self.next == 0;
        let mut next = self.next;
        if first {
            let head = Head {
                prov_journal: VERSION,
                base: self.base.clone(),
            };
            write_frame(&mut bytes, next, &serde_json::to_vec(&head)?)?;
            next += 1;
        }
        write_frame(&mut bytes, next, payload)?;
        // What a crash has torn off is cut.
        if self.file.metadata()?.len() != self.length {
            self.set_length()?;
        }
        self.file.seek(SeekFrom::Start(self.length))?;
        self.disk.write(&self.file, &self.path, &bytes)?;
        self.sync()?;
        if first {
            sync_folder(&self.disk, &self.path).map_err(io::Error::other)?;
        }
        self.length += bytes.len() as u64;
        self.next = next + 1;
        Ok(())
    }

    fn set_length(&self) -> io::Result<()> {
        self.disk
            .change(Change::Write(&self.path), || self.file.set_len(self.length))
    }

    fn sync(&self) -> io::Result<()> {
        self.disk
            .change(Change::Sync(&self.path), || self.file.sync_data())
    }
}
