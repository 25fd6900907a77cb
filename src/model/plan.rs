//! What will be done: the plan that is shown, saved and applied.

use std::{collections::BTreeMap, sync::Arc};

use super::{address::Address, object::Object, state::State, value::Value};

/// A plan: all changes in the order of their addresses.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub mode: Mode,
    /// All instances, unchanged ones too.
    pub changes: Vec<Change>,
    /// What changed outside of prov since the last run; shown, not done.
    pub drift: Vec<Change>,
    pub outputs: BTreeMap<String, OutputChange>,
    /// The values of the root module's variables; sensitive ones carry their mark.
    pub variables: BTreeMap<String, Value>,
    /// Addresses given with `-target`, as written.
    pub targets: Vec<String>,
    /// The refreshed state that the plan starts from.
    pub prior: Arc<State>,
    /// RFC 3339, UTC.
    pub timestamp: String,
}

/// What kind of plan was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Normal,
    Destroy,
    RefreshOnly,
}

/// What will happen to one instance.
#[derive(Clone, Debug)]
pub struct Change {
    pub address: Address,
    /// The key of a deposed object, when it is about one.
    pub deposed: Option<String>,
    /// Terraform's provider string.
    pub provider: Arc<str>,
    pub action: Action,
    pub reason: Option<Reason>,
    /// The object now; sensitive values carry their mark.
    pub before: Option<Arc<Object>>,
    /// The object afterwards; what is not known yet is `Unknown`.
    pub after: Option<Arc<Object>>,
    /// The attribute paths that force a replacement: `vpc_id`, `data_disks[0].size`.
    pub replace_paths: Vec<String>,
    /// What an update does beyond changing a value.
    pub effects: Vec<Effect>,
    /// The id that is being imported.
    pub importing: Option<String>,
}

/// What is done to an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    NoOp,
    /// A data source that can be read only during the apply.
    Read,
    Create,
    Update,
    /// Destroy, then create.
    DeleteCreate,
    /// Create, then destroy (`create_before_destroy`).
    CreateDelete,
    Delete,
    /// Taken out of the state; the remote object stays.
    Forget,
}

/// Why, as Terraform's JSON names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    ReplaceBecauseTainted,
    ReplaceBecauseCannotUpdate,
    ReplaceByRequest,
    ReplaceByTriggers,
    DeleteBecauseNoResourceConfig,
    DeleteBecauseWrongRepetition,
    DeleteBecauseCountIndex,
    DeleteBecauseEachKey,
    ReadBecauseConfigUnknown,
    ReadBecauseDependencyPending,
    /// prov's own: an interrupted run created it and did not see it ready.
    UpdateBecauseUnsettled,
}

/// What an update does beyond changing a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// The instance is stopped and started again.
    Restarts,
    /// The system disk and what is on it are replaced.
    WipesSystemDisk,
    /// It costs money or is refunded.
    ChangesBilling,
    /// The value is used at creation only: the update changes nothing in the cloud.
    NoEffect,
}

/// What will happen to an output value.
#[derive(Clone, Debug)]
pub struct OutputChange {
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub sensitive: bool,
}

impl Action {
    /// Every action.
    pub const ALL: &[Self] = &[
        Self::NoOp,
        Self::Read,
        Self::Create,
        Self::Update,
        Self::DeleteCreate,
        Self::CreateDelete,
        Self::Delete,
        Self::Forget,
    ];

    /// Returns the words of Terraform's plan JSON.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::NoOp => &["no-op"],
            Self::Read => &["read"],
            Self::Create => &["create"],
            Self::Update => &["update"],
            Self::DeleteCreate => &["delete", "create"],
            Self::CreateDelete => &["create", "delete"],
            Self::Delete => &["delete"],
            Self::Forget => &["forget"],
        }
    }

    /// Whether the remote object is replaced.
    pub fn replaces(self) -> bool {
        matches!(self, Self::DeleteCreate | Self::CreateDelete)
    }
}

impl Reason {
    /// Every reason.
    pub const ALL: &[Self] = &[
        Self::ReplaceBecauseTainted,
        Self::ReplaceBecauseCannotUpdate,
        Self::ReplaceByRequest,
        Self::ReplaceByTriggers,
        Self::DeleteBecauseNoResourceConfig,
        Self::DeleteBecauseWrongRepetition,
        Self::DeleteBecauseCountIndex,
        Self::DeleteBecauseEachKey,
        Self::ReadBecauseConfigUnknown,
        Self::ReadBecauseDependencyPending,
        Self::UpdateBecauseUnsettled,
    ];

    /// Returns the word of Terraform's plan JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::ReplaceBecauseTainted => "replace_because_tainted",
            Self::ReplaceBecauseCannotUpdate => "replace_because_cannot_update",
            Self::ReplaceByRequest => "replace_by_request",
            Self::ReplaceByTriggers => "replace_by_triggers",
            Self::DeleteBecauseNoResourceConfig => "delete_because_no_resource_config",
            Self::DeleteBecauseWrongRepetition => "delete_because_wrong_repetition",
            Self::DeleteBecauseCountIndex => "delete_because_count_index",
            Self::DeleteBecauseEachKey => "delete_because_each_key",
            Self::ReadBecauseConfigUnknown => "read_because_config_unknown",
            Self::ReadBecauseDependencyPending => "read_because_dependency_pending",
            Self::UpdateBecauseUnsettled => "update_because_unsettled",
        }
    }
}

impl Effect {
    /// Every effect.
    pub const ALL: &[Self] = &[
        Self::Restarts,
        Self::WipesSystemDisk,
        Self::ChangesBilling,
        Self::NoEffect,
    ];

    /// Returns the word of the plan JSON's `prov_effects`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Restarts => "restarts",
            Self::WipesSystemDisk => "wipes_system_disk",
            Self::ChangesBilling => "changes_billing",
            Self::NoEffect => "no_effect",
        }
    }
}

/// How many of what a plan does, as its summary line counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub import: usize,
    pub add: usize,
    pub change: usize,
    pub destroy: usize,
    pub forget: usize,
}

impl Plan {
    /// Counts the changes; a replacement counts as an addition and a destruction.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for change in &self.changes {
            if change.importing.is_some() {
                counts.import += 1;
            }
            match change.action {
                Action::NoOp | Action::Read => {}
                Action::Create => counts.add += 1,
                Action::Update => counts.change += 1,
                Action::DeleteCreate | Action::CreateDelete => {
                    counts.add += 1;
                    counts.destroy += 1;
                }
                Action::Delete => counts.destroy += 1,
                Action::Forget => counts.forget += 1,
            }
        }
        counts
    }

    /// Whether applying it would do nothing: no change, and no output that changes.
    pub fn is_empty(&self) -> bool {
        let idle = |change: &Change| change.action == Action::NoOp && change.importing.is_none();
        self.changes.iter().all(idle)
            && self
                .outputs
                .values()
                .all(|output| output.before == output.after)
            && (self.mode != Mode::RefreshOnly || self.drift.is_empty())
    }
}
