//! What happens while a plan is made or applied: one stream for terminal, JSON lines and tests.

use std::collections::BTreeMap;

use super::{
    address::Address,
    diagnostic::Diagnostic,
    plan::{Action, Counts},
};

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A remote object is being read back.
    RefreshStarted {
        address: Address,
        id: String,
    },
    RefreshFinished {
        address: Address,
        id: String,
    },
    /// A data source is being read.
    ReadStarted {
        address: Address,
    },
    ReadFinished {
        address: Address,
        id: String,
        seconds: u64,
    },
    /// An ephemeral resource is opened or closed.
    Ephemeral {
        address: Address,
        what: Ephemeral,
    },
    /// A change is under way. `id` is empty for a creation.
    StepStarted {
        address: Address,
        deposed: Option<String>,
        action: Action,
        id: String,
    },
    /// It is still under way; sent every ten seconds.
    StepRunning {
        address: Address,
        action: Action,
        id: String,
        seconds: u64,
    },
    /// A call within the step: `StartInstance`.
    StepCall {
        address: Address,
        call: String,
    },
    /// A command of the manifests runs for the resource.
    Provision {
        address: Address,
        what: Provision,
    },
    StepFinished {
        address: Address,
        action: Action,
        id: String,
        seconds: u64,
    },
    StepFailed {
        address: Address,
        action: Action,
        seconds: u64,
    },
    /// Not started, since `because_of` failed.
    StepSkipped {
        address: Address,
        because_of: Address,
    },
    /// Something to tell the user at once.
    Notice(Diagnostic),
    /// The first Ctrl-C: nothing new is started.
    Stopping {
        running: usize,
    },
}

/// How far an ephemeral resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ephemeral {
    Opening,
    Opened,
    Closing,
    Closed,
}

/// How far a provisioner is.
#[derive(Clone, Debug)]
pub enum Provision {
    Started,
    /// A line of what the command said.
    Said(String),
    Finished,
    Failed,
}

/// How an apply ended.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// What was done.
    pub done: Counts,
    pub failed: Vec<Address>,
    /// Not started since something that they depend on failed.
    pub skipped: Vec<(Address, Address)>,
    /// Not started since the run was stopped.
    pub not_started: Vec<Address>,
    /// Whether Ctrl-C ended it.
    pub interrupted: bool,
    /// Whether what was done could not be written down, which ended it.
    pub unrecorded: bool,
}

/// The calls of a run by action, as RAM policies name it: `ecs:DescribeInstances`.
pub type Calls = BTreeMap<String, Sent>;

/// How often an action was called, answered calls and repetitions alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub calls: u64,
    /// Of these, refused for coming too fast.
    pub throttled: u64,
    /// Of these, failed otherwise.
    pub failed: u64,
}

impl Sent {
    /// Returns the sum over all actions.
    pub fn total(calls: &Calls) -> Self {
        calls.values().fold(Self::default(), |sum, one| Self {
            calls: sum.calls + one.calls,
            throttled: sum.throttled + one.throttled,
            failed: sum.failed + one.failed,
        })
    }
}
