//! What can grow and not shrink: an update to less would be refused halfway through an apply.

use super::{arguments::locate, build::Input};
use crate::{
    model::{
        Diagnostics, Object, Value,
        plan::{Action, Change},
    },
    schema::{Attribute, Grows, Problem},
};

/// Refuses updates that make such a value smaller.
pub fn check(changes: &[Change], input: &Input<'_, '_>, diags: &mut Diagnostics) {
    for change in changes.iter().filter(|it| it.action == Action::Update) {
        let resource = &change.address.resource;
        let kind = input.registry.find(resource.mode, &resource.kind);
        let (Some(kind), Some(block)) = (kind, input.module.block(resource)) else {
            continue;
        };
        let (Some(before), Some(after)) = (&change.before, &change.after) else {
            continue;
        };
        let only = |it: &&Attribute| match it.grows {
            Grows::Freely => false,
            Grows::Only => true,
            Grows::OnlyWith(other) => before.get(other) == after.get(other),
        };
        for attribute in kind.ty.attributes.iter().filter(only) {
            if let Some(problem) = shrinks(attribute, before, after) {
                diags.push(locate(&problem, block, &change.address));
            }
        }
    }
}

fn shrinks(attribute: &Attribute, before: &Object, after: &Object) -> Option<Problem> {
    let number = |object: &Object| object.get(attribute.name).and_then(Value::as_int);
    let (from, to) = (number(before)?, number(after)?);
    let name = attribute.name;
    (to < from).then(|| Problem {
        path: name.to_owned(),
        summary: "Cannot be made smaller".to_owned(),
        detail: format!("{name} is {from} and would become {to}, but it can only grow."),
        hint: Some(format!(
            "Set {name} to {from} or more. To get a smaller one, make another object and move what is in this one."
        )),
        warning: false,
    })
}
