//! What to do about one instance. Pure.

use std::sync::Arc;

use crate::{
    manifest::ast::{IgnoreChanges, PathStep},
    model::{
        Address, Object, Value,
        plan::{Action, Change, Consequence, Reason},
        state::{Status, Stored},
    },
    provider::hooks::Kind,
    schema::{self, Attribute, Presence, Proposal},
};

/// One instance that the configuration wants.
pub struct Case<'a> {
    pub kind: &'static Kind,
    pub address: Address,
    pub provider: Arc<str>,
    pub prior: Option<&'a Stored>,
    pub arguments: &'a Object,
    /// `-replace` names it.
    pub requested: bool,
    /// A `replace_triggered_by` reference changes.
    pub triggered: bool,
    pub create_before_destroy: bool,
    pub ignore: &'a IgnoreChanges,
    /// Attributes whose change replaces the object since the provider block says so.
    pub replacing: &'static [&'static str],
    /// Attributes that refer to what is destroyed before the object could refer to something else.
    pub held: Vec<&'static str>,
    pub importing: Option<String>,
    /// Turns a secret into the form that the state keeps.
    pub digest: &'a (dyn Fn(&str) -> String + Sync),
}

/// Returns what has to happen to the instance.
pub fn decide(case: &Case<'_>) -> Change {
    let propose = |prior: Option<&Object>, arguments: &Object| {
        proposed(case.kind, prior, arguments, case.digest)
    };
    let Some(prior) = case.prior else {
        let proposal = propose(None, case.arguments);
        return change(case, Action::Create, None, proposal);
    };
    let before = &prior.attributes;
    let ignored = ignoring(case.ignore, case.kind.ty.attributes, before, case.arguments);
    let arguments = ignored.as_ref().unwrap_or(case.arguments);
    let replace = if case.create_before_destroy {
        Action::CreateDelete
    } else {
        Action::DeleteCreate
    };
    let forced = match (prior.status, case.requested, case.triggered) {
        (Status::Tainted, _, _) => Some(Reason::ReplaceBecauseTainted),
        (_, true, _) => Some(Reason::ReplaceByRequest),
        (_, _, true) => Some(Reason::ReplaceByTriggers),
        _ => None,
    };
    let mut proposal = propose(Some(before), arguments);
    let settled = |path: &&String| proposal.after.get(path).is_some_and(Value::is_wholly_known);
    let replacing = |path: &&String| case.replacing.contains(&path.as_str());
    let more: Vec<String> = proposal
        .changed
        .iter()
        .filter(replacing)
        .filter(settled)
        .cloned()
        .collect();
    proposal.replaces.extend(more);
    let held = case.held.iter().map(|name| (*name).to_owned());
    proposal.replaces.extend(held);
    if forced.is_some() || !proposal.replaces.is_empty() {
        // What is ignored is what an object has: a new one has nothing yet.
        let anew = Proposal {
            replaces: proposal.replaces,
            ..propose(None, case.arguments)
        };
        return change(
            case,
            replace,
            forced.or(Some(Reason::ReplaceBecauseCannotUpdate)),
            anew,
        );
    }
    if prior.status == Status::Unsettled {
        // What the cloud decides is as open as it is for a new object: an instance that is not yet
        // started is not to stay stopped.
        let mut aim = propose(None, arguments);
        let id = before.get("id").cloned().unwrap_or_default();
        aim.after.insert("id", id);
        return change(
            case,
            Action::Update,
            Some(Reason::UpdateBecauseUnsettled),
            aim,
        );
    }
    if proposal.changed.is_empty() {
        let mut unchanged = change(case, Action::NoOp, None, proposal);
        unchanged.after = Some(before.clone());
        return unchanged;
    }
    change(case, Action::Update, None, proposal)
}

/// Returns what the object will be, its configured timeouts with it: the state keeps them for the delete.
pub fn proposed(
    kind: &Kind,
    prior: Option<&Object>,
    arguments: &Object,
    digest: &dyn Fn(&str) -> String,
) -> Proposal {
    let mut proposal = schema::propose(kind.ty, kind.hooks.propose, prior, arguments, digest);
    if let Some(timeouts) = arguments.get("timeouts") {
        proposal.after.insert("timeouts", timeouts.clone());
    }
    proposal
}

fn change(case: &Case<'_>, action: Action, reason: Option<Reason>, proposal: Proposal) -> Change {
    let replaces = action.replaces();
    let mut effects = proposal.effects;
    if let Some(prior) = case.prior.filter(|_| replaces) {
        effects = losses(case.kind, &prior.attributes);
    }
    let creates = replaces || action == Action::Create;
    Change {
        reason,
        before: case.prior.map(|prior| prior.attributes.clone()),
        after: Some(Arc::new(proposal.after)),
        replace_paths: if replaces {
            proposal.replaces
        } else {
            Vec::new()
        },
        effects,
        open: if creates {
            open(case.arguments)
        } else {
            Vec::new()
        },
        importing: case.importing.clone(),
        ..Change::new(case.address.clone(), case.provider.clone(), action)
    }
}

/// Returns what an object's deletion does beyond removing it.
pub fn losses(kind: &Kind, before: &Object) -> Vec<Consequence> {
    let found = kind.hooks.loss.map(|hook| hook(before));
    let whole = |effect| Consequence {
        effect,
        causes: Vec::new(),
    };
    found.into_iter().flatten().map(whole).collect()
}

/// Returns the arguments that are not known yet.
fn open(arguments: &Object) -> Vec<Arc<str>> {
    let unknown = arguments
        .iter()
        .filter(|(_, value)| !value.is_wholly_known());
    unknown.map(|(name, _)| name.clone()).collect()
}

/// Returns the arguments with what `ignore_changes` names put back to what is there; `None` where
/// nothing is ignored.
pub fn ignoring(
    ignore: &IgnoreChanges,
    attributes: &[Attribute],
    before: &Object,
    arguments: &Object,
) -> Option<Object> {
    match ignore {
        IgnoreChanges::None => None,
        IgnoreChanges::All => {
            let settable = |attribute: &&Attribute| attribute.presence != Presence::Computed;
            let kept = |attribute: &Attribute| {
                let value = before.get(attribute.name).cloned().unwrap_or_default();
                (attribute.name, value)
            };
            Some(attributes.iter().filter(settable).map(kept).collect())
        }
        IgnoreChanges::Some(paths) => {
            let mut arguments = arguments.clone();
            for (path, _) in paths {
                if let Some(PathStep::Name(name)) = path.first() {
                    let old = before.get(name).cloned().unwrap_or_default();
                    let new = arguments.get(name).cloned().unwrap_or_default();
                    arguments.insert(name.clone(), restore(&path[1..], &old, &new));
                }
            }
            Some(arguments)
        }
    }
}

/// Returns `new` with what stands at `path` in `old`.
fn restore(path: &[PathStep], old: &Value, new: &Value) -> Value {
    let Some(step) = path.first() else {
        return old.clone();
    };
    match (step, new.unmarked()) {
        (
            PathStep::Name(key) | PathStep::Key(key),
            Value::Map(entries) | Value::Object(entries),
        ) => {
            let mut entries = (**entries).clone();
            let inside = old.as_object().and_then(|old| old.get(key));
            match (inside, entries.get(key)) {
                (Some(inside), Some(given)) => {
                    let kept = restore(&path[1..], inside, given);
                    entries.insert(key.clone(), kept);
                }
                (Some(inside), None) => {
                    entries.insert(key.clone(), inside.clone());
                }
                (None, Some(_)) if path.len() == 1 => {
                    entries.remove(key);
                }
                (None, _) => {}
            }
            let value = match new.unmarked() {
                Value::Map(_) => Value::map(entries),
                _ => Value::object(entries),
            };
            value.marked(new.is_sensitive())
        }
        (PathStep::Index(index), Value::List(items) | Value::Tuple(items)) => {
            let mut items = (**items).clone();
            if let (Some(inside), Some(given)) = (
                old.as_list().and_then(|old| old.get(*index)),
                items.get_mut(*index),
            ) {
                *given = restore(&path[1..], inside, given);
            }
            Value::list(items).marked(new.is_sensitive())
        }
        // The whole map was taken out: what is ignored inside it stands.
        (_, Value::Null) => old.clone(),
        _ => new.clone(),
    }
}
