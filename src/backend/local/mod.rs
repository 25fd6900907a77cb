//! A state in a local file: `terraform.tfstate`, its backup, its lock and its journal side by side.
//!
//! Every write is a new file that replaces the old one in one step, so a crash at any point leaves a
//! whole state; the journal is what makes the steps between two snapshots durable. Start with
//! [`Local`]; `file` has the atomic writes, `journal` the journal's bytes, `lock` the lock, and `disk` the door that
//! every change goes through.

mod disk;
mod file;
mod journal;
mod lock;

#[cfg(test)]
mod tests;

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;

use super::{Backend, Base, Holder, Kept, Lease, StateError, format};
pub use disk::Disk;
use journal::Writer;

/// The name of the state file.
pub const FILE_NAME: &str = "terraform.tfstate";
/// The directory of the workspaces other than `default`.
pub const WORKSPACES: &str = "terraform.tfstate.d";
/// The workspace that always exists.
pub const DEFAULT_WORKSPACE: &str = "default";

/// How often a read is begun again because the snapshot was replaced under it.
const READS: usize = 10;

/// A state in a local file.
#[derive(Clone)]
pub struct Local {
    files: Arc<Files>,
}

/// The paths of one state, and the journal while it is being written.
struct Files {
    disk: Disk,
    /// The state file; the target where it is a symbolic link.
    state: PathBuf,
    backup: PathBuf,
    journal: PathBuf,
    lock: PathBuf,
    info: PathBuf,
    writer: Mutex<Option<Writer>>,
}

/// Returns the directory of the state: `state` beside the manifests when it exists, else theirs.
pub fn directory(manifests: &Path) -> PathBuf {
    let beside = manifests.join("state");
    if beside.is_dir() {
        beside
    } else {
        manifests.to_owned()
    }
}

/// Returns the state file of a workspace below a state directory.
pub fn workspace_file(directory: &Path, workspace: &str) -> PathBuf {
    if workspace == DEFAULT_WORKSPACE {
        return directory.join(FILE_NAME);
    }
    file_in(&directory.join(WORKSPACES), workspace)
}

/// Returns the state file of a workspace other than `default` in the folder of all of them.
pub fn file_in(folder: &Path, workspace: &str) -> PathBuf {
    folder.join(workspace).join(FILE_NAME)
}

/// Returns the names of the workspaces whose folder this is, `default` first.
pub fn workspaces(folder: &Path) -> Result<Vec<String>, StateError> {
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(vec![DEFAULT_WORKSPACE.to_owned()]);
        }
        Err(source) => return Err(file::failed("list", folder, source)),
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name != DEFAULT_WORKSPACE)
        .collect();
    names.sort();
    names.insert(0, DEFAULT_WORKSPACE.to_owned());
    Ok(names)
}

/// Makes the directory of a workspace.
pub fn create_workspace(folder: &Path, workspace: &str) -> Result<(), StateError> {
    file::make_parent(&file_in(folder, workspace))
}

/// Removes a workspace other than `default` with all its files.
pub fn delete_workspace(folder: &Path, workspace: &str) -> Result<(), StateError> {
    let folder = folder.join(workspace);
    std::fs::remove_dir_all(&folder).map_err(|source| file::failed("remove", &folder, source))
}

impl Local {
    /// Returns the state of a workspace beside the manifests in `manifests`.
    pub fn beside(manifests: &Path, workspace: &str) -> Self {
        Self::at(&workspace_file(&directory(manifests), workspace))
    }

    /// Returns the state in this file.
    pub fn at(path: &Path) -> Self {
        Self::on(Disk::default(), path)
    }

    /// Returns the state in this file of a disk.
    pub fn on(disk: Disk, path: &Path) -> Self {
        let state = file::target(path);
        let with = |before: &str, after: &str| {
            let mut name = OsString::from(before);
            name.push(state.file_name().unwrap_or_default());
            name.push(after);
            state.with_file_name(name)
        };
        let files = Files {
            disk,
            backup: with("", ".backup"),
            journal: with("", ".journal"),
            lock: with(".", ".lock"),
            info: with(".", ".lock.info"),
            writer: Mutex::new(None),
            state,
        };
        Self {
            files: Arc::new(files),
        }
    }

    /// Returns the path of the state file.
    pub fn path(&self) -> &Path {
        &self.files.state
    }

    /// Runs file work where it may block.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Files) -> Result<T, StateError> + Send + 'static,
    ) -> Result<T, StateError> {
        let files = self.files.clone();
        let path = files.state.clone();
        let task = tokio::task::spawn_blocking(move || work(&files));
        let ended = |error| file::failed("work on", &path, io::Error::other(error));
        task.await.map_err(ended)?
    }
}

#[async_trait]
impl Backend for Local {
    fn place(&self) -> String {
        self.files.state.display().to_string()
    }

    async fn read(&self) -> Result<Kept, StateError> {
        self.blocking(Files::read).await
    }

    async fn lock(&self, holder: &Holder) -> Result<Lease, StateError> {
        let holder = holder.clone();
        self.blocking(move |files| files.take_lock(holder)).await
    }

    async fn unlock(&self, lease: Lease) -> Result<(), StateError> {
        self.blocking(move |files| {
            files.forget_writer();
            lock::give_back(&files.disk, &files.lock, &files.info, lease)
        })
        .await
    }

    async fn force_unlock(&self, id: &str) -> Result<(), StateError> {
        let id = id.to_owned();
        self.blocking(move |files| lock::break_it(&files.disk, &files.lock, &files.info, &id))
            .await
    }

    async fn append(&self, lease: &Lease, base: &Base, batch: &[u8]) -> Result<(), StateError> {
        let (token, base, batch) = (lock::token(lease), base.clone(), batch.to_vec());
        self.blocking(move |files| files.append(&token, &base, &batch))
            .await
    }

    async fn fold(
        &self,
        lease: &Lease,
        expected: Option<&Base>,
        snapshot: Vec<u8>,
    ) -> Result<(), StateError> {
        let (token, expected) = (lock::token(lease), expected.cloned());
        self.blocking(move |files| files.fold(&token, expected.as_ref(), &snapshot))
            .await
    }

    async fn rescue(&self, expected: Option<&Base>, snapshot: Vec<u8>) -> Result<(), StateError> {
        let expected = expected.cloned();
        self.blocking(move |files| files.rescue(expected.as_ref(), &snapshot))
            .await
    }
}

impl Files {
    /// Reads snapshot and journal as they are together, though a run may be folding them.
    fn read(&self) -> Result<Kept, StateError> {
        for _ in 0..READS {
            let before = file::stamp(&self.state);
            let kept = self.read_once();
            if file::stamp(&self.state) == before {
                return kept;
            }
        }
        self.read_once()
    }

    fn read_once(&self) -> Result<Kept, StateError> {
        let snapshot = self.snapshot()?;
        let head = snapshot.as_deref().map(format::head).transpose()?;
        let journal = match journal::read(&self.journal)? {
            None => None,
            Some(found) => {
                let crc = || snapshot.as_deref().map_or(0, crc32fast::hash);
                found.against(&self.journal, head.as_ref(), crc)?
            }
        };
        Ok(Kept { snapshot, journal })
    }

    /// Reads the snapshot; an empty file with nothing beside it is none, as Terraform has it.
    fn snapshot(&self) -> Result<Option<Vec<u8>>, StateError> {
        let bytes = file::read(&self.state)?;
        let none =
            |bytes: &Vec<u8>| bytes.is_empty() && !self.backup.exists() && !self.journal.exists();
        Ok(bytes.filter(|bytes| !none(bytes)))
    }

    fn head(&self) -> Result<Option<Base>, StateError> {
        self.snapshot()?.as_deref().map(format::head).transpose()
    }

    fn take_lock(&self, mut holder: Holder) -> Result<Lease, StateError> {
        file::make_parent(&self.state)?;
        holder.path = self.state.display().to_string();
        if let Some(pid) = lock::terraform(&self.state) {
            let mut other = lock::read_holder(&self.info).unwrap_or_default();
            other.info = format!("pid {pid}");
            return Err(StateError::Locked(Some(Box::new(other))));
        }
        let lease = lock::take(&self.disk, &self.lock, &self.info, &holder)?;
        self.forget_writer();
        file::sweep(&self.state);
        self.sweep_journal();
        Ok(lease)
    }

    /// Removes a journal whose records are all in the snapshot: a crash, or the disk, has kept it from being removed.
    fn sweep_journal(&self) {
        let done = || -> Result<bool, StateError> {
            let snapshot = self.snapshot()?;
            let head = snapshot.as_deref().map(format::head).transpose()?;
            let crc = || snapshot.as_deref().map_or(0, crc32fast::hash);
            match journal::read(&self.journal)? {
                Some(found) => Ok(found.against(&self.journal, head.as_ref(), crc)?.is_none()),
                None => Ok(false),
            }
        };
        // What is wrong with it is said when it is read.
        if self.journal.exists() && done().is_ok_and(|done| done) {
            let _ = file::remove(&self.disk, &self.journal);
        }
    }

    fn forget_writer(&self) {
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn append(&self, token: &str, base: &Base, batch: &[u8]) -> Result<(), StateError> {
        lock::check(&self.lock, token)?;
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // Without a lock another command may have folded the journal away, or written to it.
        if token.is_empty() && !writer.as_ref().is_some_and(Writer::is_current) {
            *writer = None;
        }
        if let Some(writer) = writer.as_mut() {
            return writer.append(base, batch);
        }
        file::make_parent(&self.state)?;
        let mut opened = self.open_journal(base)?;
        opened.append(base, batch)?;
        *writer = Some(opened);
        Ok(())
    }

    /// Opens the journal for appending, leaving out what was folded already or was torn.
    fn open_journal(&self, base: &Base) -> Result<Writer, StateError> {
        let snapshot = self.snapshot()?;
        let head = snapshot.as_deref().map(format::head).transpose()?;
        let expected = (base.serial > 0).then_some(base);
        if head.as_ref() != expected {
            return Err(StateError::Conflict {
                expected: expected.cloned(),
                found: head,
            });
        }
        let Some(found) = journal::read(&self.journal)? else {
            return Writer::create(&self.disk, &self.journal, base);
        };
        if found.base == *base {
            return Writer::resume(&self.disk, &self.journal, &found);
        }
        let crc = || snapshot.as_deref().map_or(0, crc32fast::hash);
        match found.against(&self.journal, head.as_ref(), crc)? {
            // All of it is in the snapshot.
            None => {
                file::remove(&self.disk, &self.journal)?;
                Writer::create(&self.disk, &self.journal, base)
            }
            // Its intents are still open: the caller settles them and folds first.
            Some(left) => Err(StateError::Orphaned {
                path: self.journal.clone(),
                journal: left.base,
                snapshot: head,
            }),
        }
    }

    fn fold(
        &self,
        token: &str,
        expected: Option<&Base>,
        snapshot: &[u8],
    ) -> Result<(), StateError> {
        lock::check(&self.lock, token)?;
        let found = self.head()?;
        if found.as_ref() != expected {
            return Err(StateError::Conflict {
                expected: expected.cloned(),
                found,
            });
        }
        let next = format::head(snapshot)?;
        file::make_parent(&self.state)?;
        let prepared = file::Prepared::write(&self.disk, &self.state, snapshot)?;
        if self.journal.exists() {
            self.mark_folded(&next, snapshot)?;
        }
        if found.is_some() {
            file::keep(&self.disk, &self.state, &self.backup)?;
        }
        prepared.put()?;
        self.forget_writer();
        file::remove(&self.disk, &self.journal)
    }

    /// Keeps a snapshot in another directory if this one has lost what was in it.
    fn rescue(&self, expected: Option<&Base>, snapshot: &[u8]) -> Result<(), StateError> {
        if self.lock.exists() || self.journal.exists() {
            return Ok(());
        }
        // A newer snapshot is that of another command, which has taken over and has ended.
        let found = self.head()?;
        if found.is_some() && found.as_ref() != expected {
            return Ok(());
        }
        Err(StateError::Moved {
            place: self.state.clone(),
            kept: file::keep_elsewhere(&self.disk, &self.state, snapshot)?,
        })
    }

    /// Says in the journal which snapshot its records are in, so that a crash before the journal is
    /// removed is told from a snapshot that something else wrote.
    fn mark_folded(&self, next: &Base, snapshot: &[u8]) -> Result<(), StateError> {
        let folded = journal::Folded {
            serial: next.serial,
            crc: crc32fast::hash(snapshot),
        };
        // Whoever wrote it knows where it ends without reading all of it again.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(writer) = writer.as_mut().filter(|it| it.is_sound()) {
            return writer.mark(&folded);
        }
        let Some(found) = journal::read(&self.journal)? else {
            return Ok(());
        };
        Writer::resume(&self.disk, &self.journal, &found)?.mark(&folded)
    }
}
