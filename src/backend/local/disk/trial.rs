//! What a disk does in a test: it fails at a certain change, or the power goes at a certain sync.
//!
//! A file has a content that is durable and one that is not yet; a name likewise leads to a file for good only once
//! its folder was synced. When the power goes, what is durable stays, and of the rest whatever chance lets through:
//! names in the order in which they were changed, contents wholly, in part, as zeros, or not at all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::Change;
use crate::backend::local::file::folder as folder_of;

/// A disk on trial.
#[derive(Debug)]
pub struct Trial {
    mishap: Mishap,
    /// How many changes, or syncs, are still made before it happens.
    left: u64,
    random: fastrand::Rng,
    /// Whether it happens right after the sync that is under way.
    due: bool,
    /// Set once it has happened.
    over: bool,
    /// Whether a power cut ends the process too.
    pub(super) dies: bool,
    /// The files, each with its durable content.
    files: Vec<Vec<u8>>,
    /// Which names lead where, for who looks now.
    names: BTreeMap<PathBuf, usize>,
    /// Which names lead where for good.
    durable: BTreeMap<PathBuf, usize>,
    /// What happened to names since their folder was synced.
    pending: Vec<(PathBuf, Option<usize>)>,
    /// The paths that were looked at before they were changed.
    known: BTreeSet<PathBuf>,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    /// The power goes.
    Power,
    /// There is no more room.
    Full,
    /// There is room for half of what is written.
    Short,
    /// Nothing can be changed any more.
    ReadOnly,
    /// One change fails.
    Broken,
}

const MISHAPS: &[(&str, Mishap)] = &[
    ("power", Mishap::Power),
    ("full", Mishap::Full),
    ("short", Mishap::Short),
    ("read-only", Mishap::ReadOnly),
    ("broken", Mishap::Broken),
];

impl Trial {
    /// Reads what happens, at which change (for `power`: at which sync), and the seed of chance.
    pub fn read(words: &str) -> Option<Self> {
        let mut words = words.split_whitespace();
        let name = words.next()?;
        let (_, mishap) = *MISHAPS.iter().find(|(known, _)| *known == name)?;
        let at: u64 = words.next()?.parse().ok()?;
        let seed = words.next().and_then(|seed| seed.parse().ok());
        Some(Self {
            mishap,
            left: at.saturating_sub(1),
            random: fastrand::Rng::with_seed(seed.unwrap_or_default()),
            due: false,
            over: false,
            dies: true,
            files: Vec::new(),
            names: BTreeMap::new(),
            durable: BTreeMap::new(),
            pending: Vec::new(),
            known: BTreeSet::new(),
        })
    }

    /// Returns how many of the next bytes are written before the disk fails.
    pub fn fits(&self, bytes: usize) -> usize {
        match self.mishap {
            Mishap::Short if !self.over && self.left == 0 => bytes / 2,
            _ => 0,
        }
    }

    /// Fails when it is time.
    pub fn before(&mut self, change: Change<'_>) -> io::Result<()> {
        self.look(change);
        if self.over {
            return self.still(change);
        }
        let counts = match self.mishap {
            Mishap::Power => matches!(change, Change::Sync(_) | Change::SyncFolder(_)),
            _ => true,
        };
        if !counts {
            return Ok(());
        }
        if self.left > 0 {
            self.left -= 1;
            return Ok(());
        }
        match self.mishap {
            // Half of the syncs are done and not heard of.
            Mishap::Power if self.random.bool() => {
                self.due = true;
                Ok(())
            }
            Mishap::Power => self.cut(),
            _ => {
                self.over = true;
                match self.mishap {
                    Mishap::Broken => Err(io::Error::other("the disk on trial is broken")),
                    _ => self.still(change),
                }
            }
        }
    }

    /// Takes note of what was done.
    pub fn after(&mut self, change: Change<'_>) -> io::Result<()> {
        match change {
            Change::Create(path) => {
                if !self.names.contains_key(path) {
                    self.files.push(Vec::new());
                    self.lead(path, Some(self.files.len() - 1));
                }
            }
            Change::Write(_) => {}
            Change::Sync(path) => {
                if let Some(file) = self.names.get(path) {
                    self.files[*file] = fs::read(path)?;
                }
                self.synced()?;
            }
            Change::SyncFolder(folder) => {
                let durable = &mut self.durable;
                self.pending.retain(|(path, file)| {
                    let here = folder_of(path) == folder;
                    if here {
                        settle(durable, path, *file);
                    }
                    !here
                });
                self.synced()?;
            }
            Change::Rename(from, to) => {
                let file = self.names.get(from).copied();
                // Two names of one file: nothing happens.
                if file != self.names.get(to).copied() {
                    self.lead(to, file);
                    self.lead(from, None);
                }
            }
            Change::Link(from, to) => {
                let file = self.names.get(from).copied();
                self.lead(to, file);
            }
            Change::Remove(path) => self.lead(path, None),
        }
        Ok(())
    }

    /// What the mishap means for what comes after it.
    fn still(&self, change: Change<'_>) -> io::Result<()> {
        let fails = match self.mishap {
            Mishap::Power | Mishap::ReadOnly => true,
            Mishap::Broken => false,
            Mishap::Full | Mishap::Short => matches!(change, Change::Create(_) | Change::Write(_)),
        };
        let kind = match self.mishap {
            Mishap::Full | Mishap::Short => io::ErrorKind::StorageFull,
            Mishap::ReadOnly => io::ErrorKind::ReadOnlyFilesystem,
            Mishap::Power | Mishap::Broken => io::ErrorKind::BrokenPipe,
        };
        if fails { Err(kind.into()) } else { Ok(()) }
    }

    fn synced(&mut self) -> io::Result<()> {
        if self.due { self.cut() } else { Ok(()) }
    }

    /// Learns of files that were there before.
    fn look(&mut self, change: Change<'_>) {
        let paths: &[&Path] = match &change {
            Change::Create(path) | Change::Write(path) | Change::Sync(path) => &[*path],
            Change::Remove(path) => &[*path],
            Change::Rename(from, to) | Change::Link(from, to) => &[*from, *to],
            Change::SyncFolder(_) => &[],
        };
        for path in paths {
            if self.known.insert((*path).to_owned())
                && let Ok(content) = fs::read(path)
            {
                self.files.push(content);
                let file = self.files.len() - 1;
                self.names.insert((*path).to_owned(), file);
                self.durable.insert((*path).to_owned(), file);
            }
        }
    }

    fn lead(&mut self, path: &Path, file: Option<usize>) {
        settle(&mut self.names, path, file);
        self.pending.push((path.to_owned(), file));
    }

    /// Leaves on disk what survives, and ends the process.
    fn cut(&mut self) -> io::Result<()> {
        self.over = true;
        let mut contents = self.files.clone();
        for (path, file) in &self.names {
            if let Ok(now) = fs::read(path) {
                contents[*file] = torn(&mut self.random, &self.files[*file], &now);
            }
        }
        let mut left = self.durable.clone();
        let through = self.random.usize(..=self.pending.len());
        for (path, file) in &self.pending[..through] {
            settle(&mut left, path, *file);
        }
        for path in self.names.keys().chain(left.keys()) {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        for (path, file) in &left {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(path)?.write_all(&contents[*file])?;
        }
        if self.dies {
            std::process::abort();
        }
        self.still(Change::Write(Path::new("")))
    }
}

fn settle(names: &mut BTreeMap<PathBuf, usize>, path: &Path, file: Option<usize>) {
    match file {
        Some(file) => names.insert(path.to_owned(), file),
        None => names.remove(path),
    };
}

/// Returns what may be left of a content that was changed and not synced.
fn torn(random: &mut fastrand::Rng, synced: &[u8], now: &[u8]) -> Vec<u8> {
    let same = synced.iter().zip(now).take_while(|(a, b)| a == b).count();
    match random.u8(..4) {
        0 => synced.to_vec(),
        1 => now.to_vec(),
        2 => now[..random.usize(same..=now.len())].to_vec(),
        _ => {
            let mut zeros = now[..same].to_vec();
            zeros.resize(now.len(), 0);
            zeros
        }
    }
}
