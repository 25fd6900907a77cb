//! What can go wrong with a kept state, as a caller can act on it, in sentences for people.

use std::{io, path::PathBuf};

use super::{Base, Holder};

/// Why a state could not be read, locked or written.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file system refused something.
    #[error("Could not {doing} {}: {source}", path.display())]
    Io {
        path: PathBuf,
        /// What was being done, as an infinitive: `write`.
        doing: &'static str,
        source: io::Error,
    },
    /// The bytes are not JSON: cut off or damaged.
    #[error("The state is not valid JSON: {reason} at line {line}, column {column}")]
    Syntax {
        line: usize,
        column: usize,
        reason: String,
    },
    /// The JSON is not a state.
    #[error("The state is not as expected: {0}")]
    Shape(String),
    /// The format is newer than this program.
    #[error("The state was written by a newer version: {0}")]
    Newer(String),
    /// The format is older than what is read here.
    #[error("The state has format version {0}; version 4 is needed")]
    Older(u64),
    /// The state holds something that would be lost if it were written back.
    #[error("The state holds {0}, which is not supported yet")]
    Unsupported(String),
    /// Someone else holds the lock.
    #[error("The state is locked{}", .0.as_deref().map(Holder::sentence).unwrap_or_default())]
    Locked(Option<Box<Holder>>),
    /// The lock that this run took is no longer its own.
    #[error("The lock on the state was lost: {0}")]
    LockLost(String),
    /// The place is gone while a run was writing to it; what the run knows is kept elsewhere.
    #[error("{} is gone, with all that was recorded there: what this command knows is kept in {}", place.display(), kept.display())]
    Moved { place: PathBuf, kept: PathBuf },
    /// The place is gone, and there is no other one for what the run knows.
    #[error("{} is gone, with all that was recorded there, and what this command knows could not be kept in {} either ({source})", place.display(), tried.display())]
    Unkept {
        place: PathBuf,
        tried: PathBuf,
        source: io::Error,
    },
    /// The lock to be removed is not the one that is there.
    #[error("The lock's id is {found}, not {asked}")]
    OtherLock { asked: String, found: String },
    /// There is no lock to remove.
    #[error("The state is not locked")]
    NotLocked,
    /// The stored snapshot is not the one that the change was made from.
    #[error(
        "The state changed while this command ran: it started from {}, and {} is stored now",
        Base::words(.expected.as_ref()),
        Base::words(.found.as_ref())
    )]
    Conflict {
        expected: Option<Base>,
        found: Option<Base>,
    },
    /// The journal has damage that is not a torn last write.
    #[error("The journal {} is damaged at byte {offset}: {reason}", path.display())]
    Journal {
        path: PathBuf,
        offset: u64,
        reason: String,
    },
    /// The journal belongs to another state or to a later snapshot than the one stored.
    #[error(
        "The journal {} belongs to {}, but {} is stored",
        path.display(),
        Base::words(Some(.journal)),
        Base::words(.snapshot.as_ref())
    )]
    Orphaned {
        path: PathBuf,
        journal: Base,
        snapshot: Option<Base>,
    },
}

impl StateError {
    /// Returns what to do next, one sentence.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Io { path, source, .. } => return io_hint(path, source),
            Self::Syntax { .. } | Self::Shape(_) => {
                "Put the last good state back: terraform.tfstate.backup beside the state file is the one before the last change."
            }
            Self::Newer(_) => "Use the version that wrote it, or a newer one.",
            Self::Older(_) => {
                "Upgrade it by running `terraform apply -refresh-only` with Terraform 0.13 to 1.11 once, then try again."
            }
            Self::Unsupported(_) => "Nothing was changed. Go on using Terraform for this state.",
            Self::Locked(_) => {
                "Wait until the other command ends, or use -lock-timeout to wait for it."
            }
            Self::LockLost(_) => {
                "Run the command again: what the journal beside the state holds is picked up."
            }
            Self::Moved { place, kept } => {
                return Some(format!(
                    "Copy {} to {} (its directory has to be there, with the manifests), and run the command again: it settles what was under way.",
                    kept.display(),
                    place.display()
                ));
            }
            Self::Unkept { place, .. } => {
                return Some(format!(
                    "The objects are in the cloud, under the ids above. Make the directory of {} again, with the manifests, and adopt them with `prov import`; the variable TMPDIR says where there is room the next time.",
                    place.display()
                ));
            }
            Self::OtherLock { .. } => "Use the id that the lock has.",
            Self::NotLocked => return None,
            Self::Conflict { .. } => "Make a new plan, and apply that.",
            Self::Journal { .. } => {
                "The records before the damage are intact. Keep a copy of the file before anything else, then compare what the cloud has with the state."
            }
            Self::Orphaned { .. } => {
                "Put back the state file that the journal belongs to. Remove the journal only if what it records is no longer needed."
            }
        };
        Some(text.to_owned())
    }

    /// Whether someone else holds the lock: the only error worth waiting for.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Locked(_))
    }
}

fn io_hint(path: &std::path::Path, source: &io::Error) -> Option<String> {
    use io::ErrorKind as Kind;
    let what = match source.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => "Make room on the disk of",
        Kind::FileTooLarge => "Raise the limit on the size of files for",
        Kind::ReadOnlyFilesystem => "Use a place that can be written instead of",
        Kind::PermissionDenied => "Check who may read and write",
        Kind::IsADirectory => "Remove or rename the directory",
        _ => return None,
    };
    Some(format!(
        "{what} {}, and run the command again. The last stored state is unchanged.",
        path.display()
    ))
}
