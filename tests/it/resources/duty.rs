//! What has to be shown of each attribute. It follows from the type's table, so that there is no list of exceptions.

use std::collections::BTreeSet;

use prov::{
    model::plan::Effect,
    resources,
    schema::{Attribute, Call, Check, On, Presence, ResourceType, Type},
};

use super::{
    LIVES,
    life::{Does, Life, Setting, Step},
};

/// Returns the attribute that makes one of these calls a check only.
pub(super) fn dry_run(ty: &'static ResourceType, calls: &[&'static Call]) -> Option<&'static str> {
    let row = ty.attributes.iter().find(|row| {
        let mut sent = row.sent.iter();
        sent.any(|(call, name)| *name == "DryRun" && among(calls, call))
    })?;
    Some(row.name)
}

/// Whether a change of the attribute does nothing in the cloud, ever.
pub(super) fn is_idle(ty: &ResourceType, row: &Attribute) -> bool {
    let by = |calls| carries(calls, row);
    let created_only = by(ty.create) && !by(ty.updates) && !by(ty.delete);
    let mut effects = row.effects.iter();
    let none = effects.any(|effect| matches!(effect, (Effect::NoEffect, On::Any)));
    !row.replaces && (created_only || none && !by(ty.updates))
}

fn among(calls: &[&'static Call], call: &Call) -> bool {
    calls.iter().any(|one| std::ptr::eq(*one, call))
}

fn carries(calls: &[&'static Call], row: &Attribute) -> bool {
    row.sent.iter().any(|(call, _)| among(calls, call))
}

/// Whether only one value is allowed.
fn has_one_value(row: &Attribute) -> bool {
    let one = |check: &Check| matches!(check, Check::OneOf([_]));
    row.checks.iter().any(one)
}

/// Whether a change replaces the object, of it or of something within it.
fn replaces(row: &Attribute) -> bool {
    let within = match row.ty {
        Type::Blocks(nested, ..) | Type::BlockSet(nested, ..) => nested,
        _ => &[],
    };
    row.replaces || within.iter().any(|inner| inner.replaces)
}

/// Returns what a step of some life must do with the attribute, in words, and whether a step does that.
fn duty(ty: &'static ResourceType, row: &Attribute) -> (&'static str, fn(&Does) -> bool) {
    let checks = dry_run(ty, ty.updates) == Some(row.name);
    let updated = carries(ty.updates, row);
    match row {
        row if row.write_only.is_some() => ("kept", |does| matches!(does, Does::Keeps)),
        row if row.replaces && has_one_value(row) => ("kept", |does| matches!(does, Does::Keeps)),
        row if replaces(row) => ("replaced", |does| matches!(does, Does::Replaces)),
        _ if checks => ("refused", |does| matches!(does, Does::Refuses(_))),
        row if updated && !row.rides => (
            "updated",
            |does| matches!(does, Does::Updates(calls) if !calls.is_empty()),
        ),
        _ => ("changed", |does| matches!(does, Does::Updates(_))),
    }
}

/// Whether every life shows it that has it in its configuration: a creation or a deletion that is only checked.
fn is_led_through(ty: &'static ResourceType, row: &Attribute) -> bool {
    let checks = |calls| dry_run(ty, calls) == Some(row.name);
    (checks(ty.create) || checks(ty.delete)) && !checks(ty.updates)
}

fn lives(ty: &ResourceType) -> impl Iterator<Item = &'static Life> {
    let all = LIVES.iter().copied().flatten();
    all.filter(move |life| life.kind == ty.name)
}

fn steps(ty: &ResourceType) -> impl Iterator<Item = &'static Step> {
    lives(ty).flat_map(|life| life.steps)
}

fn settings(ty: &ResourceType) -> impl Iterator<Item = &'static Setting> {
    let of = |life: &'static Life| {
        let steps = life.steps.iter().flat_map(|step| step.set);
        life.base.iter().chain(steps)
    };
    lives(ty).flat_map(of)
}

/// Returns what is not shown of a type.
fn missing(ty: &'static ResourceType) -> Vec<String> {
    let used: BTreeSet<&str> = settings(ty)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, _)| *name)
        .collect();
    let rows = ty.attributes.iter();
    let mut missing = Vec::new();
    for row in rows.filter(|row| row.presence != Presence::Computed) {
        let (done, does) = duty(ty, row);
        let has = |step: &&Step| step.set.iter().any(|(name, _)| *name == row.name);
        if !used.contains(row.name) {
            missing.push(format!("{} is in no configuration", row.name));
        } else if is_led_through(ty, row) {
            continue;
        } else if !steps(ty).filter(has).any(|step| does(&step.does)) {
            missing.push(format!("{} is never {done}", row.name));
        }
        missing.extend(missing_within(ty, row));
    }
    missing
}

/// Returns attributes of nested blocks that no block has.
fn missing_within(ty: &'static ResourceType, row: &Attribute) -> Vec<String> {
    let (Type::Blocks(nested, ..) | Type::BlockSet(nested, ..)) = row.ty else {
        return Vec::new();
    };
    let bodies: Vec<&str> = settings(ty)
        .filter(|(name, _)| *name == row.name)
        .map(|(_, body)| *body)
        .collect();
    let has = |name: &str| {
        let mut lines = bodies.iter().flat_map(|body| body.lines());
        lines.any(|line| line.trim().starts_with(&format!("{name} =")))
    };
    nested
        .iter()
        .filter(|inner| inner.presence != Presence::Computed && !has(inner.name))
        .map(|inner| format!("{}.{} is in no configuration", row.name, inner.name))
        .collect()
}

#[test]
fn every_attribute_lives() {
    let kinds = resources::ALL.iter().map(|kind| kind.ty);
    let missing: Vec<String> = kinds
        .filter(|ty| ty.alias_of.is_none())
        .flat_map(|ty| {
            let of = move |what| format!("{}: {what}", ty.name);
            missing(ty).into_iter().map(of)
        })
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
