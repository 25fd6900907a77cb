//! The one file that a private key goes to.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::SystemTime,
};

use tempfile::NamedTempFile;

use crate::model::secret::Secret;

/// A place for a private key that is ready to be written before there is a key.
pub(super) struct KeyFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl KeyFile {
    /// Makes sure that a key can be written, for its owner alone: afterwards it is too late.
    pub(super) fn prepare(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Err(io::Error::other("it is a directory"));
        }
        let file = tempfile::Builder::new()
            .prefix(".prov-key-")
            .permissions(Permissions::from_mode(0o600))
            .tempfile_in(folder(path))?;
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    /// Puts the key in its place, durably and to be read only. What was there is kept beside it: the
    /// private key of another pair may be the last one.
    pub(super) fn keep(mut self, key: &Secret) -> io::Result<()> {
        self.file.write_all(key.expose_secret().as_bytes())?;
        let file = self.file.as_file();
        file.set_permissions(Permissions::from_mode(0o400))?;
        file.sync_all()?;
        if fs::symlink_metadata(&self.path).is_ok() {
            fs::rename(&self.path, aside(&self.path))?;
        }
        self.file
            .persist_noclobber(&self.path)
            .map_err(|error| error.error)?;
        File::open(folder(&self.path))?.sync_all()
    }
}

/// Whether a file was written at that moment or later.
pub(super) fn is_newer(path: &Path, than: SystemTime) -> bool {
    fs::metadata(path)
        .and_then(|file| file.modified())
        .is_ok_and(|modified| modified >= than)
}

fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The first free name of `web.pem.1`, `web.pem.2`, ….
fn aside(path: &Path) -> PathBuf {
    let named = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{number}"));
        PathBuf::from(name)
    };
    let taken = |path: &PathBuf| fs::symlink_metadata(path).is_ok();
    let mut number = 1;
    while taken(&named(number)) {
        number += 1;
    }
    named(number)
}
