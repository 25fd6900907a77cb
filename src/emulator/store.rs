//! The world on disk: a snapshot, and a log of what changed since, one line for each call that changed something.
//!
//! A line is written before its call is answered, and a torn last line is that of a call never answered. What a
//! process that is killed has written stays; only the machine's own failure can take the last lines away.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::clock::Millis;
use super::table::Change;
use super::world::World;

const SNAPSHOT: &str = "world.json";
const LOG: &str = "world.log";
/// How far ahead the clocks are, when time was let pass at once.
const CLOCK: &str = "clock";
/// A snapshot that is being written.
const FRESH: &str = "world.new";
/// How long a log may be at least before it is folded.
const LONG: u64 = 4 * 1024 * 1024;

/// A held data directory.
pub(super) struct Store {
    directory: PathBuf,
    log: File,
    /// Where the last whole line ends.
    end: u64,
    /// How long the snapshot is.
    folded: u64,
    _lock: File,
}

impl Store {
    /// Takes a directory for this process alone and loads the world that it holds.
    pub(super) fn open(directory: &Path, world: &mut World) -> io::Result<Self> {
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory);
        made.map_err(|error| unusable(directory, &error))?;
        let lock = private()
            .create(true)
            .truncate(false)
            .write(true)
            .open(directory.join("lock"))
            .map_err(|error| unusable(directory, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let text = format!("{} is used by another emulator", directory.display());
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, text));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let folded = load(&directory.join(SNAPSHOT), world)?;
        let end = load(&directory.join(LOG), world)?;
        world.reindex();
        let log = private()
            .create(true)
            .append(true)
            .open(directory.join(LOG))?;
        // A torn line must not be followed by another.
        log.set_len(end)?;
        Ok(Self {
            directory: directory.to_owned(),
            log,
            end,
            folded,
            _lock: lock,
        })
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

    /// Folds the log if it is long beside the snapshot: a large world is not written anew for a little.
    pub(super) fn fold_long(&mut self, world: &World) -> io::Result<()> {
        if self.end > LONG.max(self.folded) {
            self.fold(world)?;
        }
        Ok(())
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
        self.folded = out.get_ref().metadata()?.len();
        fs::rename(&path, self.directory.join(SNAPSHOT))?;
        self.log.set_len(0)?;
        self.end = 0;
        Ok(())
    }
}

/// How far ahead the clock of a kept world is, and that of the dates of requests.
pub(super) fn clock(directory: &Path) -> (Millis, Millis) {
    let text = fs::read_to_string(directory.join(CLOCK)).unwrap_or_default();
    let mut numbers = text.split_whitespace().map(str::parse);
    let mut next = || numbers.next()?.ok();
    (next().unwrap_or_default(), next().unwrap_or_default())
}

/// Keeps how far ahead the clocks are.
pub(super) fn keep_clock(directory: &Path, ahead: Millis, dates: Millis) -> io::Result<()> {
    let fresh = directory.join(FRESH);
    let mut options = private();
    let mut file = options
        .create(true)
        .truncate(true)
        .write(true)
        .open(&fresh)?;
    file.write_all(format!("{ahead} {dates}\n").as_bytes())?;
    fs::rename(&fresh, directory.join(CLOCK))
}

/// Says of which directory it is that it cannot be used, and why.
fn unusable(directory: &Path, error: &io::Error) -> io::Error {
    let shown = directory.display();
    let text = match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("{shown} is a file, and a world is kept in a directory of its own")
        }
        io::ErrorKind::NotADirectory => {
            format!("{shown} cannot be a directory, since it is below a file")
        }
        _ => format!("{shown} cannot be used: {error}"),
    };
    io::Error::new(error.kind(), text)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Takes the whole lines of a file and returns where they end.
fn load(path: &Path, world: &mut World) -> io::Result<u64> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let (mut number, mut end) = (0, 0);
    loop {
        line.clear();
        number += 1;
        reader.read_until(b'\n', &mut line)?;
        // After a failure of the machine, what was not written yet may read as zeros.
        if line.last() != Some(&b'\n') || line.contains(&0) {
            return Ok(end);
        }
        end += line.len() as u64;
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
