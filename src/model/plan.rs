//! What will be done: the plan that is shown, saved and applied.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    address::{Address, ResourceAddress},
    object::Object,
    preflight::Preflight,
    state::State,
    value::Value,
};

/// A plan: all changes in the order of their addresses.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub mode: Mode,
    /// All instances, unchanged ones too.
    pub changes: Vec<Change>,
    /// What changed outside of prov since the last run; shown, not done.
    pub drift: Vec<Change>,
    pub outputs: BTreeMap<String, OutputChange>,
    /// What is known of all conditions, as the plan JSON has it.
    pub checks: serde_json::Value,
    /// The values of the root module's variables; sensitive ones carry their mark.
    pub variables: BTreeMap<String, Value>,
    /// Addresses given with `-target`, as written.
    pub targets: Vec<String>,
    /// The refreshed state that the plan starts from.
    pub prior: Arc<State>,
    /// RFC 3339, UTC.
    pub timestamp: String,
    /// What the cloud said beforehand, if it was asked.
    pub preflight: Option<Preflight>,
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
    /// The address that the object had until now, when the configuration moves it.
    pub previous: Option<Address>,
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
    /// What it does beyond changing values, in the order of the effects.
    pub effects: Vec<Consequence>,
    /// The arguments that are not known before the apply; of what is created only.
    pub open: Vec<Arc<str>>,
    /// The id that is being imported.
    pub importing: Option<String>,
    /// Resources whose change replaces the object by its `replace_triggered_by`.
    pub triggers: Vec<Arc<ResourceAddress>>,
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
    DeleteBecauseNoModule,
    DeleteBecauseNoMoveTarget,
    DeleteBecauseWrongRepetition,
    DeleteBecauseCountIndex,
    DeleteBecauseEachKey,
    ReadBecauseConfigUnknown,
    ReadBecauseDependencyPending,
    ReadBecauseCheckNested,
    /// prov's own: an interrupted run created it and did not see it ready.
    UpdateBecauseUnsettled,
}

/// What a change does beyond changing a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// What is stored on it is lost.
    LosesData,
    /// The system disk and what is on it are replaced.
    WipesSystemDisk,
    /// The instance is stopped and started again.
    Restarts,
    /// The instance is stopped, and stays so.
    Stops,
    /// It is reached by another address afterwards, or by none.
    ChangesAddress,
    /// It costs more from now on, or at once.
    Costs,
    /// It costs less from now on, or something is refunded.
    Saves,
    /// What it costs changes, in a direction that the values do not tell.
    ChangesBilling,
    /// It stays in the cloud until its subscription ends, and only the state forgets it.
    Remains,
    /// Nothing happens until the subscription is renewed.
    AtRenewal,
    /// The value is used at creation only: the update changes nothing in the cloud.
    NoEffect,
}

/// An effect, and the attributes whose change has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    pub effect: Effect,
    /// Attribute paths; empty when it is the change as a whole.
    pub causes: Vec<String>,
}

/// What will happen to an output value.
#[derive(Clone, Debug)]
pub struct OutputChange {
    /// As the state has it.
    pub before: Option<Value>,
    /// `None` when it is declared no more.
    pub after: Option<Value>,
    /// Whether the state has it as sensitive.
    pub was_sensitive: bool,
    pub sensitive: bool,
}

impl OutputChange {
    /// Returns what happens to it. An output that is null is not kept, and its coming is no change.
    pub fn action(&self) -> Action {
        let nothing = |value: &Option<Value>| value.as_ref().is_none_or(Value::is_null);
        match (&self.before, &self.after) {
            (Some(_), None) => Action::Delete,
            _ if nothing(&self.before) && nothing(&self.after) => Action::NoOp,
            (None, _) => Action::Create,
            (before, after) if before == after && self.was_sensitive == self.sensitive => {
                Action::NoOp
            }
            _ => Action::Update,
        }
    }

    /// Whether its value must not be shown: it is sensitive, or was.
    pub fn is_hidden(&self) -> bool {
        self.sensitive || self.was_sensitive
    }
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
        Self::DeleteBecauseNoModule,
        Self::DeleteBecauseNoMoveTarget,
        Self::DeleteBecauseWrongRepetition,
        Self::DeleteBecauseCountIndex,
        Self::DeleteBecauseEachKey,
        Self::ReadBecauseConfigUnknown,
        Self::ReadBecauseDependencyPending,
        Self::ReadBecauseCheckNested,
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
            Self::DeleteBecauseNoModule => "delete_because_no_module",
            Self::DeleteBecauseNoMoveTarget => "delete_because_no_move_target",
            Self::DeleteBecauseWrongRepetition => "delete_because_wrong_repetition",
            Self::DeleteBecauseCountIndex => "delete_because_count_index",
            Self::DeleteBecauseEachKey => "delete_because_each_key",
            Self::ReadBecauseConfigUnknown => "read_because_config_unknown",
            Self::ReadBecauseDependencyPending => "read_because_dependency_pending",
            Self::ReadBecauseCheckNested => "read_because_check_nested",
            Self::UpdateBecauseUnsettled => "update_because_unsettled",
        }
    }
}

impl Effect {
    /// Every effect, the gravest first.
    pub const ALL: &[Self] = &[
        Self::LosesData,
        Self::WipesSystemDisk,
        Self::Restarts,
        Self::Stops,
        Self::ChangesAddress,
        Self::Costs,
        Self::Saves,
        Self::ChangesBilling,
        Self::Remains,
        Self::AtRenewal,
        Self::NoEffect,
    ];

    /// Returns the word of the plan JSON's `prov_effects`.
    pub fn word(self) -> &'static str {
        match self {
            Self::LosesData => "loses_data",
            Self::WipesSystemDisk => "wipes_system_disk",
            Self::Restarts => "restarts",
            Self::Stops => "stops",
            Self::ChangesAddress => "changes_address",
            Self::Costs => "costs",
            Self::Saves => "saves",
            Self::ChangesBilling => "changes_billing",
            Self::Remains => "remains",
            Self::AtRenewal => "at_renewal",
            Self::NoEffect => "no_effect",
        }
    }

    /// Returns what it is, as a verb and what follows it.
    pub fn told(self) -> &'static str {
        match self {
            Self::LosesData => "deletes what is stored on it",
            Self::WipesSystemDisk => "replaces the system disk, and what is on it is lost",
            Self::Restarts => "restarts the instance",
            Self::Stops => "stops the instance",
            Self::ChangesAddress => "changes its address",
            Self::Costs => "costs more",
            Self::Saves => "costs less, or refunds",
            Self::ChangesBilling => "changes what is billed",
            Self::Remains => "stays in the cloud until its subscription ends",
            Self::AtRenewal => "takes effect at the next renewal",
            Self::NoEffect => "changes nothing in the cloud, the value is used at creation only",
        }
    }

    /// Returns the effect that a word of the plan JSON names.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|effect| effect.word() == word)
    }
}

impl Change {
    /// Returns a change of which nothing else is known yet.
    pub fn new(address: Address, provider: Arc<str>, action: Action) -> Self {
        Self {
            address,
            previous: None,
            deposed: None,
            provider,
            action,
            reason: None,
            before: None,
            after: None,
            replace_paths: Vec::new(),
            effects: Vec::new(),
            open: Vec::new(),
            importing: None,
            triggers: Vec::new(),
        }
    }

    /// Whether nothing at all happens, not even to its address.
    pub fn is_idle(&self) -> bool {
        self.action == Action::NoOp && self.importing.is_none() && self.previous.is_none()
    }

    /// Returns the names of the attributes that differ afterwards.
    pub fn changed(&self) -> Vec<String> {
        let (Some(before), Some(after)) = (&self.before, &self.after) else {
            return Vec::new();
        };
        let differs = |(name, value): &(&Arc<str>, &Value)| {
            let old = before.get(name).unwrap_or(&Value::Null);
            !old.order(value).is_eq()
        };
        after
            .iter()
            .filter(differs)
            .map(|(name, _)| name.to_string())
            .collect()
    }

    /// Whether it has this effect.
    pub fn has(&self, effect: Effect) -> bool {
        self.effects.iter().any(|it| it.effect == effect)
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
        self.changes.iter().all(Change::is_idle)
            && self
                .outputs
                .values()
                .all(|output| output.action() == Action::NoOp)
            && (self.mode != Mode::RefreshOnly || self.drift.is_empty())
    }
}
