//! The world on disk: a snapshot, and a log of what changed since, one line for each call that changed something.
//!
//! A line is written before its call is answered, and a torn last line is that of a call never answered.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::table::Change;
use super::world::World;

const SNAPSHOT: &str = "world.json";
const LOG: &str = "world.log";
/// A snapshot that is being written.
const FRESH: &str = "world.new";
/// How long a log may be before it is folded while serving.
const LONG: u64 = 256 * 1024 * 1024;

/// A held data directory.
pub(super) struct Store {
    directory: PathBuf,
    log: File,
    /// Where the last whole line ends.
    end: u64,
    _lock: File,
}

impl Store {
    /// Takes a directory for this process alone and loads the world that it holds.
    pub(super) fn open(directory: &Path, world: &mut World) -> io::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)?;
        let lock = private()
            .create(true)
            .truncate(false)
            .write(true)
            .open(directory.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let text = format!("{} is used by another emulator", directory.display());
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, text));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        load(&directory.join(SNAPSHOT), world)?;
        load(&directory.join(LOG), world)?;
        world.reindex();
        let log = private()
            .create(true)
            .append(true)
            .open(directory.join(LOG))?;
        let mut store = Self {
            directory: directory.to_owned(),
            end: log.metadata()?.len(),
            log,
            _lock: lock,
        };
        if store.end > 0 {
            store.fold(world)?;
        }
        Ok(store)
    }

    /// Writes what one call changed.
    pub(super) fn append(&mut self, changes: &[Change]) -> io::Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut line = serde_json::to_vec(changes)?;
        line.push(b'\n');
        if let Err(error) = self.log.write_all(&line) {
            // Half a line must not be followed by another.
            self.log.set_len(self.end)?;
            return Err(error);
        }
        self.end += line.len() as u64;
        Ok(())
    }

    /// Whether the log has grown so long that it should be folded.
    pub(super) fn is_long(&self) -> bool {
        self.end > LONG
    }

    /// Folds the log into a new snapshot.
    pub(super) fn fold(&mut self, world: &World) -> io::Result<()> {
        let path = self.directory.join(FRESH);
        let fresh = private()
            .create(true)
            .truncate(true)
            .write(true)
            .open(&path)?;
        let mut out = BufWriter::new(fresh);
        world.snapshot(&mut |change| {
            serde_json::to_writer(&mut out, &[change])?;
            out.write_all(b"\n")
        })?;
        out.flush()?;
        out.get_ref().sync_all()?;
        fs::rename(&path, self.directory.join(SNAPSHOT))?;
        self.log.set_len(0)?;
        self.end = 0;
        Ok(())
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

fn load(path: &Path, world: &mut World) -> io::Result<()> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        number += 1;
        if reader.read_until(b'\n', &mut line)? == 0 || line.last() != Some(&b'\n') {
            return Ok(());
        }
        let changes: Vec<Change> =
            serde_json::from_slice(&line).map_err(|error| bad(path, number, &error))?;
        for change in changes {
            world
                .load(change)
                .map_err(|error| bad(path, number, &error))?;
        }
    }
}

fn bad(path: &Path, number: usize, error: &serde_json::Error) -> io::Error {
    let text = format!("{}, line {number}: {error}", path.display());
    io::Error::new(io::ErrorKind::InvalidData, text)
}
