//! The state machine of one operation.

use super::{Create, JournalError, Operation, Record, contradiction};

/// How far an operation has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Progress {
    #[default]
    Idle,
    /// It may or may not have happened.
    Intended(Operation),
    /// The object exists, but was not seen ready.
    Created { create: Box<Create>, id: String },
}

impl Progress {
    /// Returns how far it has come after this record, which is about the same object.
    pub fn after(self, record: &Record) -> Result<Self, JournalError> {
        match (self, record) {
            (
                Self::Created { .. },
                Record::Intent { .. } | Record::Created { .. } | Record::Refused { .. },
            ) => Err(contradiction(record, "was created already")),
            // Asking again: with the same token, or after the answer was an object that is gone.
            (Self::Idle | Self::Intended(_), Record::Intent { operation, .. }) => {
                Ok(Self::Intended(operation.clone()))
            }
            (Self::Intended(Operation::Create(create)), Record::Created { id, .. }) => {
                Ok(Self::Created {
                    create,
                    id: id.clone(),
                })
            }
            (_, Record::Created { .. }) => Err(contradiction(
                record,
                "was created, but nobody asked for it",
            )),
            (Self::Intended(Operation::Create(_)), Record::Refused { .. }) => Ok(Self::Idle),
            (_, Record::Refused { .. }) => Err(contradiction(
                record,
                "was refused, but nobody asked for it",
            )),
            (progress @ (Self::Intended(_) | Self::Created { .. }), Record::Step { .. }) => {
                Ok(progress)
            }
            (Self::Idle, Record::Step { .. } | Record::Failed { .. }) => Err(contradiction(
                record,
                "is under way, but nobody asked for it",
            )),
            (Self::Idle, Record::Deposed { .. } | Record::Restored { .. }) => Ok(Self::Idle),
            (_, Record::Deposed { .. } | Record::Restored { .. }) => {
                Err(contradiction(record, "is moved while an operation is open"))
            }
            (Self::Created { .. }, Record::Settled { .. }) => Ok(Self::Idle),
            (_, Record::Settled { .. }) => Err(contradiction(
                record,
                "is as it should be, but was not created",
            )),
            (
                _,
                Record::Done { .. }
                | Record::Deleted { .. }
                | Record::Failed { .. }
                | Record::Forgotten { .. },
            ) => Ok(Self::Idle),
            (
                progress,
                Record::Begin { .. }
                | Record::Names { .. }
                | Record::Triggered { .. }
                | Record::Outputs { .. }
                | Record::Checks { .. },
            ) => Ok(progress),
        }
    }
}
