//! What changing an attribute in place does beyond changing its value. Pure.

use std::cmp::Ordering;

use super::{Attribute, Call, On, ResourceType, Transition};
use crate::model::{
    Object, Value,
    plan::{Consequence, Effect},
};

/// More is more expensive.
pub const AMOUNT: &[(Effect, On)] = &[(Effect::Costs, On::Larger), (Effect::Saves, On::Smaller)];
/// Something else is billed.
pub const BILLING: &[(Effect, On)] = &[(Effect::ChangesBilling, On::Any)];
/// No call carries the change.
pub const NO_EFFECT: &[(Effect, On)] = &[(Effect::NoEffect, On::Any)];

/// Returns the effects of one attribute's change.
pub fn effects(ty: &ResourceType, attribute: &Attribute, change: &Transition<'_>) -> Vec<Effect> {
    let rows = attribute.effects.iter();
    let mut found: Vec<Effect> = rows
        .filter_map(|(effect, on)| happens(*effect, on, change))
        .collect();
    if without_effect(ty, attribute) {
        found.push(Effect::NoEffect);
    }
    // Only what runs can be started again, and what is to stop stays so.
    if is_stopped(change.before) || is_stopped(change.after) {
        found.retain(|effect| *effect != Effect::Restarts);
    }
    found.dedup();
    found
}

/// Notes effects with what causes them, each effect once.
pub fn note(consequences: &mut Vec<Consequence>, found: Vec<Effect>, cause: &str) {
    for effect in found {
        let at = match consequences.binary_search_by_key(&effect, |it| it.effect) {
            Ok(at) => at,
            Err(at) => {
                let causes = Vec::new();
                consequences.insert(at, Consequence { effect, causes });
                at
            }
        };
        let causes = &mut consequences[at].causes;
        if !cause.is_empty() && !causes.iter().any(|it| it == cause) {
            causes.push(cause.to_owned());
        }
    }
}

/// Returns the effect if the change has it. What is not known yet is taken for the worse.
fn happens(effect: Effect, on: &On, change: &Transition<'_>) -> Option<Effect> {
    let open = change.to.is_unknown();
    let grows = || change.from.is_null() || change.from.order(change.to) == Ordering::Less;
    let happens = match on {
        On::Any => true,
        On::Larger | On::Smaller if open => {
            return Some(match effect {
                Effect::Costs | Effect::Saves => Effect::ChangesBilling,
                other => other,
            });
        }
        On::Larger => !change.to.is_null() && grows(),
        On::Smaller => change.to.is_null() || !grows(),
        On::To(word) => open || change.to.as_str() == Some(word),
        On::From(word) => change.from.as_str() == Some(word),
        On::When(check) => check(change),
    };
    happens.then_some(effect)
}

fn is_stopped(object: &Object) -> bool {
    object.get("status").and_then(Value::as_str) == Some("Stopped")
}

/// Whether an update of the attribute does nothing: sent at creation and by no later call.
fn without_effect(ty: &ResourceType, attribute: &Attribute) -> bool {
    let carried = |calls: &[&'static Call]| {
        calls.iter().any(|call| {
            attribute
                .sent
                .iter()
                .any(|(other, _)| std::ptr::eq(*call, *other))
        })
    };
    carried(ty.create) && !carried(ty.updates) && !carried(ty.delete)
}
