//! Archives: unpacked so that nothing is written outside, and not without end.

use std::{
    fs, io,
    io::{Cursor, Read},
    os::unix::fs::PermissionsExt,
    path::{Component, Path, PathBuf},
};

use flate2::read::GzDecoder;

/// What unpacks to more than this is no module.
const MOST_BYTES: u64 = 1 << 30;

/// What has more entries than this is no module.
const MOST_ENTRIES: usize = 100_000;

/// A format of archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tar,
    TarGz,
    Zip,
}

/// The endings of archives; they are the words that `archive=` takes, too.
const ENDINGS: &[(&str, Kind)] = &[
    ("tar.gz", Kind::TarGz),
    ("tgz", Kind::TarGz),
    ("tar", Kind::Tar),
    ("zip", Kind::Zip),
];

impl Kind {
    /// Tells a format by the end of a path, or by its own name.
    pub(super) fn of(text: &str) -> Option<Self> {
        let found = ENDINGS.iter().find(|(ending, _)| {
            text.strip_suffix(ending)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        found.map(|(_, kind)| *kind)
    }
}

/// Unpacks an archive into a folder that is not there yet.
pub(super) fn unpack(kind: Kind, bytes: &[u8], into: &Path) -> Result<(), String> {
    fs::create_dir_all(into).map_err(|error| error.to_string())?;
    let mut unpacker = Unpacker {
        into,
        bytes: MOST_BYTES,
        entries: MOST_ENTRIES,
    };
    match kind {
        Kind::Tar => unpacker.tar(bytes),
        Kind::TarGz => unpacker.tar(GzDecoder::new(bytes)),
        Kind::Zip => unpacker.zip(bytes),
    }
    .map_err(|error| format!("the archive cannot be unpacked: {error}."))
}

struct Unpacker<'a> {
    into: &'a Path,
    /// How much may still come.
    bytes: u64,
    entries: usize,
}

impl Unpacker<'_> {
    fn tar(&mut self, reader: impl Read) -> io::Result<()> {
        let mut archive = tar::Archive::new(reader);
        for entry in archive.entries()? {
            let mut entry = entry?;
            let kind = entry.header().entry_type();
            let path = entry.path()?.into_owned();
            if kind.is_dir() {
                fs::create_dir_all(self.inside(&path)?)?;
            } else if kind.is_symlink() {
                let target = entry.link_name()?.map(std::borrow::Cow::into_owned);
                self.link(&path, &target.unwrap_or_default())?;
            } else if kind.is_file() {
                let mode = entry.header().mode().unwrap_or(0o644);
                self.file(&path, mode, &mut entry)?;
            } else if kind.is_hard_link() {
                return Err(refused("it has a hard link", &path));
            }
        }
        Ok(())
    }

    fn zip(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(io::Error::other)?;
        for at in 0..archive.len() {
            let mut entry = archive.by_index(at).map_err(io::Error::other)?;
            let path = PathBuf::from(&*entry.name().map_err(io::Error::other)?);
            if entry.is_dir() {
                fs::create_dir_all(self.inside(&path)?)?;
            } else if entry.is_symlink() {
                let mut target = String::new();
                entry.by_ref().take(1 << 12).read_to_string(&mut target)?;
                self.link(&path, Path::new(&target))?;
            } else {
                let mode = entry.unix_mode().unwrap_or(0o644);
                self.file(&path, mode, &mut entry)?;
            }
        }
        Ok(())
    }

    /// Returns where an entry belongs, if that is inside.
    fn inside(&mut self, path: &Path) -> io::Result<PathBuf> {
        self.entries = self
            .entries
            .checked_sub(1)
            .ok_or_else(|| io::Error::other("it has too many entries"))?;
        let mut target = self.into.to_owned();
        for step in path.components() {
            match step {
                Component::Normal(name) => target.push(name),
                Component::CurDir => {}
                _ => return Err(refused("an entry is outside of it", path)),
            }
            // No entry is written through a link that another one made.
            if target.is_symlink() {
                return Err(refused("an entry goes through a link", path));
            }
        }
        Ok(target)
    }

    fn file(&mut self, path: &Path, mode: u32, content: &mut impl Read) -> io::Result<()> {
        let target = self.inside(path)?;
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = fs::File::create(&target)?;
        let written = io::copy(&mut content.take(self.bytes + 1), &mut file)?;
        self.bytes = self
            .bytes
            .checked_sub(written)
            .ok_or_else(|| io::Error::other("it is too large"))?;
        let mode = 0o644 | (mode & 0o111);
        file.set_permissions(fs::Permissions::from_mode(mode))
    }

    /// Makes a link within the archive; where it leads is looked at when everything is there.
    fn link(&mut self, path: &Path, target: &Path) -> io::Result<()> {
        let at = self.inside(path)?;
        if target.is_absolute() {
            return Err(refused("a link leads out of it", path));
        }
        if let Some(parent) = at.parent() {
            fs::create_dir_all(parent)?;
        }
        std::os::unix::fs::symlink(target, at)
    }
}

fn refused(why: &str, path: &Path) -> io::Error {
    io::Error::other(format!("{why}: {}", path.display()))
}
