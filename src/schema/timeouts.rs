//! The `timeouts` block: how long a phase of a resource's life may take.

use std::time::Duration;

use super::{Problem, ResourceType, Timeouts};
use crate::model::{Object, Value, diagnostic::did_you_mean};

/// What a `timeouts` block sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConfiguredTimeouts {
    pub create: Option<Duration>,
    pub update: Option<Duration>,
    pub delete: Option<Duration>,
}

/// How long each phase may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub create: Duration,
    pub update: Duration,
    pub delete: Duration,
}

/// The limit of a phase for which the type declares none.
const UNDECLARED: Duration = Duration::from_secs(20 * 60);

/// Returns the limits for an object: the type's, overridden by its `timeouts` entry where it has one.
pub fn limits(ty: &ResourceType, object: &Object) -> Limits {
    let configured = object
        .get("timeouts")
        .map_or_else(ConfiguredTimeouts::default, |block| {
            read(ty, block, &mut Vec::new())
        });
    let minutes = |minutes: u32| match minutes {
        0 => UNDECLARED,
        minutes => Duration::from_secs(u64::from(minutes) * 60),
    };
    Limits {
        create: configured
            .create
            .unwrap_or_else(|| minutes(ty.timeouts.create)),
        update: configured
            .update
            .unwrap_or_else(|| minutes(ty.timeouts.update)),
        delete: configured
            .delete
            .unwrap_or_else(|| minutes(ty.timeouts.delete)),
    }
}

impl ConfiguredTimeouts {
    /// Returns the block as an object again, as the state keeps it; `None` when nothing is set.
    pub fn to_value(self) -> Option<Value> {
        let entries = [
            ("create", self.create),
            ("delete", self.delete),
            ("update", self.update),
        ];
        let set: Object = entries
            .into_iter()
            .filter_map(|(name, limit)| {
                limit.map(|limit| (name, Value::string(format!("{}s", limit.as_secs_f64()))))
            })
            .collect();
        (!set.is_empty()).then(|| Value::object(set))
    }
}

/// Reads a block: an object (or a list of one) with Go durations.
pub(super) fn read(
    ty: &ResourceType,
    block: &Value,
    problems: &mut Vec<Problem>,
) -> ConfiguredTimeouts {
    let mut configured = ConfiguredTimeouts::default();
    let entries = match block.as_list() {
        Some([one]) => one.as_object(),
        _ => block.as_object(),
    };
    let Some(entries) = entries else {
        if !block.is_null() && !block.is_unknown() {
            problems.push(problem(
                "timeouts",
                "Wrong type",
                "\"timeouts\" must be one block.",
            ));
        }
        return configured;
    };
    for (key, value) in entries.iter().filter(|(_, value)| !value.is_null()) {
        let path = format!("timeouts.{key}");
        let Some(slot) = slot(&ty.timeouts, &mut configured, key) else {
            problems.push(unsupported(ty, key, &path));
            continue;
        };
        match value.as_str().map(duration) {
            Some(Some(limit)) => *slot = Some(limit),
            None if value.is_unknown() => {}
            Some(None) | None => problems.push(problem(
                &path,
                "Invalid timeout",
                &format!("\"{path}\" must be a duration like \"90s\", \"10m\" or \"1h30m\"."),
            )),
        }
    }
    configured
}

fn slot<'a>(
    declared: &Timeouts,
    configured: &'a mut ConfiguredTimeouts,
    key: &str,
) -> Option<&'a mut Option<Duration>> {
    match key {
        "create" if declared.create > 0 => Some(&mut configured.create),
        "update" if declared.update > 0 => Some(&mut configured.update),
        "delete" if declared.delete > 0 => Some(&mut configured.delete),
        _ => None,
    }
}

/// Reads a Go duration: `1h30m`, `90s`, `1.5h`, `500ms`. At most a year.
fn duration(text: &str) -> Option<Duration> {
    const UNITS: &[(&str, f64)] = &[("ms", 0.001), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];
    let mut rest = text.trim();
    let mut seconds = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let count: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let (unit, scale) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
        rest = &rest[unit.len()..];
        seconds += count * scale;
    }
    (seconds <= 365.0 * 86400.0).then(|| Duration::from_secs_f64(seconds))
}

fn unsupported(ty: &ResourceType, key: &str, path: &str) -> Problem {
    let declared = [
        ("create", ty.timeouts.create),
        ("update", ty.timeouts.update),
        ("delete", ty.timeouts.delete),
    ];
    let names: Vec<&str> = declared
        .iter()
        .filter(|(_, minutes)| *minutes > 0)
        .map(|(name, _)| *name)
        .collect();
    let hint =
        did_you_mean(key, names.iter().copied()).map(|name| format!("Did you mean \"{name}\"?"));
    let detail = if names.is_empty() {
        format!("{} has no timeouts that can be set.", ty.name)
    } else {
        format!(
            "{} has the timeouts {}; it has no \"{key}\".",
            ty.name,
            names.join(", ")
        )
    };
    Problem {
        hint,
        ..problem(path, "Unsupported timeout", &detail)
    }
}

fn problem(path: &str, summary: &str, detail: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        summary: summary.to_owned(),
        detail: detail.to_owned(),
        hint: None,
        warning: false,
    }
}
