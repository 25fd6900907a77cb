//! Files that are replaced as a whole, readable by their owner alone.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use tempfile::NamedTempFile;

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
pub fn remove(path: &Path) -> Result<(), StateError> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(failed("remove", path, source)),
    }
}

/// Removes a file that nobody misses after a crash.
pub fn unlink(path: &Path) -> Result<(), StateError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(failed("remove", path, source))
        }
        _ => Ok(()),
    }
}

/// Makes what happened to the names in the folder of `path` durable.
pub fn sync_folder(path: &Path) -> Result<(), StateError> {
    if cfg!(windows) {
        // A folder cannot be opened there, and renames are journaled by the file system.
        return Ok(());
    }
    let folder = folder(path);
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| failed("sync", folder, source))
}

/// Opens a file for reading and writing, making it if it is not there, for its owner alone.
pub fn open_own(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A new content of a file, on disk but not yet in its place.
pub struct Prepared {
    file: NamedTempFile,
    path: PathBuf,
}

impl Prepared {
    /// Writes the content beside `path` and makes it durable.
    pub fn write(path: &Path, bytes: &[u8]) -> Result<Self, StateError> {
        let written = (|| {
            let mut file = temporary(path)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            Ok(file)
        })();
        match written {
            Ok(file) => Ok(Self {
                file,
                path: path.to_owned(),
            }),
            Err(source) => Err(failed("write", path, source)),
        }
    }

    /// Puts the content in its place, in one step.
    pub fn put(self) -> Result<(), StateError> {
        self.file
            .persist(&self.path)
            .map_err(|error| failed("replace", &self.path, error.error))?;
        sync_folder(&self.path)
    }
}

/// Writes a state to a new file, beside `path` or, where that is no place any more, with the temporary files; mode 0600.
pub fn keep_elsewhere(path: &Path, bytes: &[u8]) -> Result<PathBuf, StateError> {
    let temporary = std::env::temp_dir();
    let mut first = Err(failed("write", path, io::ErrorKind::NotFound.into()));
    for folder in [folder(path), &temporary] {
        let written = (|| {
            let mut builder = tempfile::Builder::new();
            let builder = builder.prefix("errored-").suffix(".tfstate");
            let mut file = builder.tempfile_in(folder)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            Ok(file.keep()?.1)
        })();
        match written {
            Ok(path) => return Ok(path),
            Err(source) => first = Err(failed("write", folder, source)),
        }
    }
    first
}

/// Makes a file of a random name beside `path`, with mode 0600.
fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(&stem(path))
        .suffix(TEMPORARY)
        .tempfile_in(folder(path))
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
pub fn keep(path: &Path, backup: &Path) -> Result<(), StateError> {
    let kept = (|| {
        let place = temporary(backup)?.into_temp_path();
        fs::remove_file(&place)?;
        // The state file is replaced, never changed, so a second name of it is a copy.
        if fs::hard_link(path, &place).is_err() {
            fs::copy(path, &place)?;
        }
        own(&place)?;
        File::open(&place)?.sync_all()?;
        // A rename between two names of one file does nothing: dropping `place` removes its name.
        fs::rename(&place, backup)
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
