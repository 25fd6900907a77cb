//! The one door through which a state's files are changed, so that a test can make a disk fail, or cut the power.
//!
//! Without a trial a change is just made. What a trial does is in `trial`.

mod trial;

#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use trial::Trial;

/// A disk, which may be on trial.
#[derive(Clone, Debug, Default)]
pub struct Disk(Option<Arc<Mutex<Trial>>>);

/// What is about to be done to files.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// A file may come to be at this path.
    Create(&'a Path),
    /// The file's content changes.
    Write(&'a Path),
    /// The file's content becomes durable.
    Sync(&'a Path),
    /// The names in the folder become durable.
    SyncFolder(&'a Path),
    Rename(&'a Path, &'a Path),
    /// A second name for a file.
    Link(&'a Path, &'a Path),
    Remove(&'a Path),
}

impl Disk {
    /// Takes a trial by its words (`power 7 1`, `full 3`, see `Trial::read`); builds without debug assertions
    /// know none.
    pub fn on_trial(words: Option<&str>) -> Self {
        let words = words.filter(|_| cfg!(debug_assertions));
        let trial = words.and_then(Trial::read);
        Self(trial.map(|trial| Arc::new(Mutex::new(trial))))
    }

    /// The same, and a power cut is an error from then on instead of the end of the process.
    #[cfg(test)]
    fn survived(words: &str) -> Self {
        let disk = Self::on_trial(Some(words));
        if let Some(trial) = &disk.0 {
            trial.lock().expect("nobody has it yet").dies = false;
        }
        disk
    }

    /// Makes a change.
    pub fn change<T>(
        &self,
        change: Change<'_>,
        act: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(trial) = &self.0 else {
            return act();
        };
        let mut trial = trial.lock().unwrap_or_else(PoisonError::into_inner);
        trial.before(change)?;
        let done = act()?;
        trial.after(change)?;
        Ok(done)
    }

    /// Writes all of it, where the file stands.
    pub fn write(&self, mut file: &File, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let Some(trial) = &self.0 else {
            return file.write_all(bytes);
        };
        let trial = trial.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = trial.fits(bytes.len());
        file.write_all(&bytes[..fits])?;
        drop(trial);
        self.change(Change::Write(path), || file.write_all(&bytes[fits..]))
    }

    /// Makes the content of a file durable.
    pub fn sync(&self, file: &File, path: &Path) -> io::Result<()> {
        self.change(Change::Sync(path), || file.sync_all())
    }
}
