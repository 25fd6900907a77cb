//! Files that are replaced as a whole, readable by their owner alone.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use tempfile::NamedTempFile;

use super::disk::{Change, Disk};
use crate::backend::StateError;

/// How many symbolic links in a row are followed.
const MAX_LINKS: usize = 32;

/// Returns the error of something that the file system refused.
pub fn failed(doing: &'static str, path: &Path, source: io::Error) -> StateError {
    StateError::Io {
        path: path.to_owned(),
        doing,
        source,
    }
}

/// Returns what the path leads to when it is a symbolic link: replacing the link would lose the place.
pub fn target(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(next) = fs::read_link(&path) else {
            break;
        };
        // `join` keeps an absolute target as it is.
        path = folder(&path).join(next);
    }
    path
}

/// Returns the folder of a file.
pub fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Reads a file; `None` when there is none.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, StateError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(failed("read", path, source)),
    }
}

/// Returns what changes when the file is replaced; `None` when there is none.
pub fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Makes the folder of a file.
pub fn make_parent(path: &Path) -> Result<(), StateError> {
    fs::create_dir_all(folder(path)).map_err(|source| failed("create", folder(path), source))
}

/// Removes a file for good; one that is not there is no error.
pub fn remove(disk: &Disk, path: &Path) -> Result<(), StateError> {
    match gone(disk, path) {
        Ok(()) => sync_folder(disk, path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(failed("remove", path, source)),
    }
}

/// Removes a file that nobody misses after a crash.
pub fn unlink(disk: &Disk, path: &Path) -> Result<(), StateError> {
    match gone(disk, path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(failed("remove", path, source))
        }
        _ => Ok(()),
    }
}

fn gone(disk: &Disk, path: &Path) -> io::Result<()> {
    disk.change(Change::Remove(path), || fs::remove_file(path))
}

/// Makes what happened to the names in the folder of `path` durable.
pub fn sync_folder(disk: &Disk, path: &Path) -> Result<(), StateError> {
    if cfg!(windows) {
        // A folder cannot be opened there, and renames are journaled by the file system.
        return Ok(());
    }
    let folder = folder(path);
    disk.change(Change::SyncFolder(folder), || {
        File::open(folder).and_then(|folder| folder.sync_all())
    })
    .map_err(|source| failed("sync", folder, source))
}

/// Opens a file for reading and writing, making it if it is not there, for its owner alone.
pub fn open_own(disk: &Disk, path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    disk.change(Change::Create(path), || options.open(path))
}

/// A new content of a file, on disk but not yet in its place.
pub struct Prepared {
    disk: Disk,
    file: NamedTempFile,
    path: PathBuf,
}

impl Prepared {
    /// Writes the content beside `path` and makes it durable.
    pub fn write(disk: &Disk, path: &Path, bytes: &[u8]) -> Result<Self, StateError> {
        let written = (|| {
            let file = temporary(disk, path)?;
            disk.write(file.as_file(), file.path(), bytes)?;
            disk.sync(file.as_file(), file.path())?;
            Ok(file)
        })();
        match written {
            Ok(file) => Ok(Self {
                disk: disk.clone(),
                file,
                path: path.to_owned(),
            }),
            Err(source) => Err(failed("write", path, source)),
        }
    }

    /// Puts the content in its place, in one step.
    pub fn put(self) -> Result<(), StateError> {
        let Self { disk, file, path } = self;
        let place = file.path().to_owned();
        let put = disk.change(Change::Rename(&place, &path), || {
            file.persist(&path).map_err(|error| error.error)
        });
        put.map_err(|source| failed("replace", &path, source))?;
        sync_folder(&disk, &path)
    }
}

/// Writes a state to a new file, beside `path` or, where that is no place any more, with the temporary files; mode 0600.
pub fn keep_elsewhere(disk: &Disk, path: &Path, bytes: &[u8]) -> Result<PathBuf, StateError> {
    let temporary = std::env::temp_dir();
    let mut last = io::ErrorKind::NotFound.into();
    for folder in [folder(path), &temporary] {
        let written = (|| {
            let file = new_file(disk, folder, "errored-", ".tfstate")?;
            disk.write(file.as_file(), file.path(), bytes)?;
            disk.sync(file.as_file(), file.path())?;
            Ok(file.keep()?.1)
        })();
        match written {
            Ok(path) => {
                // It is there, whether or not its name outlives a power cut.
                let _ = sync_folder(disk, &path);
                return Ok(path);
            }
            Err(source) => last = source,
        }
    }
    Err(StateError::Unkept {
        place: path.to_owned(),
        tried: temporary,
        source: last,
    })
}

/// Makes a file of a random name beside `path`, with mode 0600.
fn temporary(disk: &Disk, path: &Path) -> io::Result<NamedTempFile> {
    new_file(disk, folder(path), stem(path), TEMPORARY)
}

fn new_file(
    disk: &Disk,
    folder: &Path,
    prefix: impl AsRef<OsStr>,
    suffix: &str,
) -> io::Result<NamedTempFile> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(suffix)
        .make_in(folder, |path| {
            disk.change(Change::Create(path), || options.open(path))
        })
}

/// What the names of temporary files end with.
const TEMPORARY: &str = ".tmp";

/// Returns what the names of temporary files beside `path` begin with.
fn stem(path: &Path) -> OsString {
    let mut stem = OsString::from(".");
    stem.push(path.file_name().unwrap_or_default());
    stem.push(".");
    stem
}

/// Removes the temporary files of writes that a crash cut off.
pub fn sweep(path: &Path) {
    let stem = stem(path);
    let Ok(entries) = folder(path).read_dir() else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if name.starts_with(stem.as_encoded_bytes()) && name.ends_with(TEMPORARY.as_bytes()) {
            // One that stays is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Keeps the file at `path` under the name `backup` as well, in one step.
pub fn keep(disk: &Disk, path: &Path, backup: &Path) -> Result<(), StateError> {
    let kept = (|| {
        let place = temporary(disk, backup)?.into_temp_path();
        gone(disk, &place)?;
        // The state file is replaced, never changed, so a second name of it is a copy.
        let linked = disk.change(Change::Link(path, &place), || fs::hard_link(path, &place));
        if linked.is_err() {
            disk.change(Change::Create(&place), || fs::copy(path, &place))?;
        }
        own(&place)?;
        disk.sync(&File::open(&place)?, &place)?;
        // A rename between two names of one file does nothing: dropping `place` removes its name.
        disk.change(Change::Rename(&place, backup), || {
            fs::rename(&place, backup)
        })
    })();
    kept.map_err(|source| failed("write", backup, source))
}

/// Lets the owner alone read and write the file.
#[cfg(unix)]
fn own(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn own(_path: &Path) -> io::Result<()> {
    Ok(())
}
