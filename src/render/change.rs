//! One change: its header, why it happens, what it costs, and its block.

use std::fmt::Write as _;

use crate::model::{
    address::{Address, Key, Mode as Kind},
    plan::{Action, Change, Reason},
};

use super::{
    diff::{self, Manner},
    line::{Lines, Mark, Role},
    pen::{Drawing, Pen},
    value,
};

/// Why a change is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Proposed,
    /// It has happened, outside of prov.
    Drift,
}

/// Returns the lines of one change: its comments and its block.
pub(super) fn change(change: &Change, cause: Cause, lines: &mut Lines) {
    header(change, cause, lines);
    let name = &change.address.resource;
    let word = match name.mode {
        Kind::Managed => "resource",
        Kind::Data | Kind::Ephemeral => name.mode.word(),
    };
    let title = format!("{word} \"{}\" \"{}\" ", name.kind, name.name);
    lines.start(0, Mark::Action(change.action)).plain(&title);
    let paths: Vec<&str> = change.replace_paths.iter().map(String::as_str).collect();
    let (before, mut after) = (change.before.as_deref(), change.after.as_deref());
    if change.action == Action::Forget {
        after = before;
    }
    let diff = diff::body(before, after, &paths, manner(&change.address));
    let how = Drawing {
        // What is only imported is shown whole: one has not seen it yet.
        all: change.action == Action::NoOp && change.importing.is_some(),
        ..Drawing::PLAN
    };
    Pen { lines }.diff(&diff, 0, how);
}

/// Returns what the attributes of a resource are taken for.
pub(super) fn manner(address: &Address) -> Manner {
    match address.resource.mode {
        _ if is_loose(address) => Manner::Loose,
        Kind::Managed => Manner::Blocks,
        Kind::Data | Kind::Ephemeral => Manner::Attributes,
    }
}

/// Whether the type's attributes take values of any type.
pub(super) fn is_loose(address: &Address) -> bool {
    &*address.resource.kind == "terraform_data"
}

fn header(change: &Change, cause: Cause, lines: &mut Lines) {
    let moved = change.previous.as_ref();
    let alone = change.action == Action::NoOp && change.importing.is_none();
    let mut shown = match moved.filter(|_| alone) {
        Some(previous) => previous.to_string(),
        None => change.address.to_string(),
    };
    if let Some(key) = &change.deposed {
        let _ = write!(shown, " (deposed object {key})");
    }
    let shown = value::harmless(&shown);
    let sign = if change.action == Action::Forget {
        " # "
    } else {
        "  # "
    };
    lines.line("").add(Role::Bold, sign).add(Role::Bold, &shown);
    match (change.action, cause) {
        (Action::Create, _) => lines.plain(" will be created"),
        (Action::Read, _) => lines.plain(" will be read during apply"),
        (Action::Update, Cause::Proposed) => lines.plain(" will be updated in-place"),
        (Action::Update, Cause::Drift) => lines.plain(" has changed"),
        (Action::DeleteCreate | Action::CreateDelete, _) => replacement(change.reason, lines),
        (Action::Delete, Cause::Proposed) => {
            lines.plain(" will be ").add(Role::BoldRed, "destroyed")
        }
        (Action::Delete, Cause::Drift) => lines.plain(" has been deleted"),
        (Action::Forget, _) => {
            lines.plain(" will no longer be managed by prov, but will not be destroyed")
        }
        (Action::NoOp, _) if change.importing.is_some() => lines.plain(" will be imported"),
        (Action::NoOp, _) if moved.is_some() => {
            let to = value::harmless(&change.address.to_string()).into_owned();
            lines.plain(" has moved to ").add(Role::Bold, &to)
        }
        (Action::NoOp, _) => lines.plain(" stays as it is"),
    };
    notes(change, cause, lines);
}

fn replacement(reason: Option<Reason>, lines: &mut Lines) -> &mut Lines {
    let (before, after) = match reason {
        Some(Reason::ReplaceBecauseTainted) => (" is tainted, so must be ", ""),
        Some(Reason::ReplaceByRequest) => (" will be ", ", as requested"),
        Some(Reason::ReplaceByTriggers) => (" will be ", " due to changes in replace_triggered_by"),
        _ => (" must be ", ""),
    };
    lines
        .plain(before)
        .add(Role::BoldRed, "replaced")
        .plain(after)
}

/// Adds the comments below the header.
fn notes(change: &Change, cause: Cause, lines: &mut Lines) {
    if let (Some(text), Cause::Proposed) = (reason(change), cause) {
        lines
            .line("  # (")
            .plain(&value::harmless(&text))
            .plain(")");
    }
    if let Some(previous) = change
        .previous
        .as_ref()
        .filter(|_| change.action != Action::NoOp)
    {
        let previous = previous.to_string();
        lines
            .line("  # (moved from ")
            .plain(&value::harmless(&previous))
            .plain(")");
    }
    if change.deposed.is_some() && change.action == Action::Delete {
        lines.line("  # (left over from a partially-failed replacement of this instance)");
    }
    if change.action == Action::Forget {
        lines.line(" # (destroy = false is set in the configuration)");
    }
    if change.importing.is_some() && change.action != Action::NoOp {
        let id = change.importing.as_deref().unwrap_or("");
        lines
            .line("  # (imported from ")
            .plain(&value::quoted(id))
            .plain(")");
    }
    if change.importing.is_some() && change.action.replaces() {
        let warning = "Warning: this will destroy the imported resource";
        lines.line("  # ").add(Role::Yellow, warning);
    }
    for consequence in &change.effects {
        let mut text = format!("({}", consequence.effect.told());
        if !consequence.causes.is_empty() {
            let _ = write!(text, ": {}", consequence.causes.join(", "));
        }
        text.push(')');
        lines
            .line("  # ")
            .add(Role::Yellow, &value::harmless(&text));
    }
}

fn reason(change: &Change) -> Option<String> {
    let key = &change.address.key;
    Some(match change.reason? {
        Reason::DeleteBecauseNoResourceConfig if change.action == Action::Forget => return None,
        Reason::DeleteBecauseNoModule => {
            format!(
                "(because {} is not in configuration)",
                change.address.resource.module
            )
        }
        Reason::DeleteBecauseNoResourceConfig => {
            format!(
                "because {} is not in configuration",
                change.address.resource
            )
        }
        Reason::DeleteBecauseNoMoveTarget => match &change.previous {
            Some(previous) => format!(
                "because {previous} was moved to {}, which is not in configuration",
                change.address
            ),
            None => return None,
        },
        Reason::DeleteBecauseWrongRepetition => match key {
            Key::None => "because resource uses count or for_each".to_owned(),
            Key::Int(_) => "because resource does not use count".to_owned(),
            Key::Text(_) => "because resource does not use for_each".to_owned(),
        },
        Reason::DeleteBecauseCountIndex => format!("because index {key} is out of range for count"),
        Reason::DeleteBecauseEachKey => format!("because key {key} is not in for_each map"),
        Reason::ReadBecauseConfigUnknown => "config refers to values not yet known".to_owned(),
        Reason::ReadBecauseDependencyPending => {
            "depends on a resource or a module with changes pending".to_owned()
        }
        Reason::ReadBecauseCheckNested => {
            "config will be reloaded to verify a check block".to_owned()
        }
        Reason::UpdateBecauseUnsettled => {
            "an interrupted run created it and did not see it ready".to_owned()
        }
        Reason::ReplaceBecauseTainted
        | Reason::ReplaceBecauseCannotUpdate
        | Reason::ReplaceByRequest
        | Reason::ReplaceByTriggers => return None,
    })
}
