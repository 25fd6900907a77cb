//! Deprecated twins: two names of one thing (`name`, `vpc_name`), kept in step.
//!
//! An attribute is a twin of the one that it is deprecated for when both travel as the same parameter
//! of some call, are read from the same field, or neither, since no cloud is asked.

use super::{Attribute, Problem, ResourceType, Type, Wire, convert::model_type, values};
use crate::model::{Object, Value};

/// Returns the type's twins: the deprecated one, and its successor.
pub fn pairs(
    ty: &ResourceType,
) -> impl Iterator<Item = (&'static Attribute, &'static Attribute)> + use<> {
    let (attributes, within) = (ty.attributes, ty.service.is_within());
    attributes.iter().filter_map(move |old| {
        let successor = old.deprecated?;
        let new = attributes
            .iter()
            .find(|attribute| attribute.name == successor)?;
        // What no call carries has but the table's word for it.
        (within || same_parameter(old, new) || same_field(old, new)).then_some((old, new))
    })
}

fn same_parameter(a: &Attribute, b: &Attribute) -> bool {
    a.sent.iter().any(|(call, name)| {
        !name.is_empty()
            && b.sent
                .iter()
                .any(|(other, other_name)| std::ptr::eq(*call, *other) && name == other_name)
    })
}

fn same_field(a: &Attribute, b: &Attribute) -> bool {
    match (a.read, b.read) {
        (Some((read, field)), Some((other, other_field))) => {
            std::ptr::eq(read, other) && field == other_field
        }
        _ => false,
    }
}

/// Returns what `to` is when `from` has this value; `None` when it has no counterpart.
pub fn counterpart(from: &Attribute, to: &Attribute, value: &Value) -> Option<Value> {
    match value {
        Value::Sensitive(inner) => counterpart(from, to, inner).map(Value::sensitive),
        Value::Unknown(_) => Some(Value::Unknown(model_type(&to.ty))),
        value if plain(from) && plain(to) => Some(value.clone()),
        value => values::from_wire(&to.ty, &to.wire, &values::to_wire(&from.wire, value)?),
    }
}

fn plain(attribute: &Attribute) -> bool {
    !matches!(attribute.wire, Wire::Words(_)) && !matches!(attribute.ty, Type::Bool)
        || matches!(attribute.wire, Wire::Plain)
}

/// Returns a problem for each pair whose two names are set to different values.
pub fn conflicts(ty: &ResourceType, arguments: &Object) -> Vec<Problem> {
    pairs(ty)
        .filter(|(old, new)| {
            let (Some(a), Some(b)) = (arguments.get(old.name), arguments.get(new.name)) else {
                return false;
            };
            let known = a.is_wholly_known() && b.is_wholly_known();
            known
                && counterpart(old, new, a)
                    .is_some_and(|copy| copy.unmarked_deep() != b.unmarked_deep())
        })
        .map(|(old, new)| Problem {
            path: old.name.to_owned(),
            summary: "Conflicting arguments".to_owned(),
            detail: format!(
                "\"{}\" is the old name of \"{}\", and both are set, to different values.",
                old.name, new.name
            ),
            hint: Some(format!(
                "Keep \"{}\" and remove \"{}\".",
                new.name, old.name
            )),
            warning: false,
        })
        .collect()
}
