//! Rules for the tables themselves, run over every registered type by a test.

use std::collections::BTreeSet;

use super::{
    Attribute, Call, Default, Grows, Presence, ResourceType, Rule, Type, When, carried, convert,
    twins, validate,
};
use crate::model::{Object, Value};

/// Returns what is wrong with a table, a sentence each. `registered` are the names of all types.
pub fn lint(ty: &ResourceType, registered: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    if !is_snake(ty.name) {
        faults.push(format!("the type's name {} is not snake_case", ty.name));
    }
    attributes(ty, ty.attributes, "", registered, &mut faults);
    calls(ty, &mut faults);
    names(ty, &mut faults);
    faults
        .iter()
        .map(|fault| format!("{}: {fault}", ty.name))
        .collect()
}

fn attributes(
    ty: &ResourceType,
    list: &'static [Attribute],
    prefix: &str,
    registered: &[&str],
    faults: &mut Vec<String>,
) {
    let mut seen = BTreeSet::new();
    for attribute in list {
        let path = format!("{prefix}{}", attribute.name);
        if !seen.insert(attribute.name) {
            faults.push(format!("{path} is there twice"));
        }
        if !is_snake(attribute.name) {
            faults.push(format!("{path} is not snake_case"));
        }
        if !attribute.doc.ends_with('.') {
            faults.push(format!("{path} has no doc sentence"));
        }
        columns(ty, list, attribute, &path, faults);
        if let Some(other) = attribute.refers_to
            && !registered.contains(&other)
        {
            faults.push(format!("{path} refers to {other}, which is not registered"));
        }
        if attribute.holds && (attribute.refers_to.is_none() || attribute.replaces) {
            faults.push(format!(
                "{path} holds nothing that it could let go in place"
            ));
        }
        example(attribute, &path, faults);
        if let Type::Blocks(nested, ..) | Type::BlockSet(nested, ..) = attribute.ty {
            attributes(ty, nested, &format!("{path}."), registered, faults);
        }
    }
}

fn columns(
    ty: &ResourceType,
    list: &[Attribute],
    attribute: &Attribute,
    path: &str,
    faults: &mut Vec<String>,
) {
    let computed = attribute.presence == Presence::Computed;
    if computed && (attribute.replaces || attribute.default.is_some()) {
        faults.push(format!(
            "{path} is computed and can have neither a default nor a replacement"
        ));
    }
    if attribute.default.is_some() && attribute.presence != Presence::Optional {
        faults.push(format!("{path} has a default, so it must be optional"));
    }
    let fits = match (attribute.default, attribute.ty) {
        (None, _)
        | (Some(Default::String(_)), Type::String)
        | (Some(Default::Int(_)), Type::Int | Type::Float)
        | (Some(Default::Bool(_)), Type::Bool) => true,
        (Some(_), _) => false,
    };
    if !fits {
        faults.push(format!("{path}'s default has another type"));
    }
    if let Some(successor) = attribute.deprecated.filter(|name| !name.is_empty())
        && !list.iter().any(|other| other.name == successor)
    {
        faults.push(format!(
            "{path} is deprecated for {successor}, which does not exist"
        ));
    }
    for (call, name) in attribute.sent {
        let known = [ty.create, ty.updates, ty.delete].into_iter().flatten();
        if !known.into_iter().any(|other| std::ptr::eq(*other, *call)) {
            faults.push(format!(
                "{path} is sent as {name} by {}, which the type does not make",
                call.action
            ));
        }
    }
    if let Some((read, _)) = attribute.read
        && !ty.read.iter().any(|other| std::ptr::eq(*other, read))
    {
        faults.push(format!(
            "{path} is read by {}, which the type does not make",
            read.action
        ));
    }
}

/// The example of an attribute passes its own checks.
fn example(attribute: &'static Attribute, path: &str, faults: &mut Vec<String>) {
    if attribute.example.is_empty() {
        return;
    }
    let text = Value::string(attribute.example);
    let value = match attribute.ty {
        Type::String | Type::Any | Type::Int | Type::Float | Type::Bool => text,
        Type::List(_) | Type::Set(_) => Value::tuple(vec![text]),
        Type::Map | Type::Blocks(..) | Type::BlockSet(..) => return,
    };
    let alone = ResourceType {
        attributes: std::slice::from_ref(attribute),
        ..super::resource("example", super::Service::Builtin, "")
    };
    let settable = attribute.presence != Presence::Computed;
    let given = Object::from_iter([(attribute.name, value)]);
    let converted = convert(&alone, given);
    let mut problems: Vec<_> = converted
        .problems
        .into_iter()
        .filter(|problem| !problem.warning && settable)
        .collect();
    problems.extend(validate(&alone, &converted.arguments));
    for problem in problems {
        faults.push(format!(
            "{path}'s example {}: {}",
            attribute.example, problem.detail
        ));
    }
}

fn calls(ty: &ResourceType, faults: &mut Vec<String>) {
    let all = || {
        [ty.create, ty.updates, ty.delete]
            .into_iter()
            .flatten()
            .copied()
    };
    for call in all() {
        if carried(ty, call).next().is_none() && !nested_carries(ty.attributes, call) {
            faults.push(format!("{} carries nothing", call.action));
        }
        if call.together.is_some() && call.token {
            faults.push(format!(
                "{} goes together and has a token of its own",
                call.action
            ));
        }
        if call.wait.is_some_and(|wait| wait.until.is_empty()) {
            faults.push(format!("{} waits for nothing", call.action));
        }
        if let When::True(name) | When::Set(name) | When::Is(name, _) | When::IsNot(name, _) =
            call.when
            && !ty.attributes.iter().any(|attribute| attribute.name == name)
        {
            faults.push(format!(
                "{} depends on {name}, which does not exist",
                call.action
            ));
        }
        let mut names = BTreeSet::new();
        for (attribute, name) in carried(ty, call).filter(|(_, name)| !name.is_empty()) {
            let is_twin = twins::pairs(ty).any(|(old, _)| std::ptr::eq(old, attribute));
            if !is_twin && !names.insert(name) {
                faults.push(format!("{} has the parameter {name} twice", call.action));
            }
        }
    }
}

fn nested_carries(attributes: &[Attribute], call: &'static Call) -> bool {
    attributes.iter().any(|attribute| {
        attribute
            .sent
            .iter()
            .any(|(other, _)| std::ptr::eq(*other, call))
            || match attribute.ty {
                Type::Blocks(nested, ..) | Type::BlockSet(nested, ..) => {
                    nested_carries(nested, call)
                }
                _ => false,
            }
    })
}

/// Names in rules are names of attributes.
fn names(ty: &ResourceType, faults: &mut Vec<String>) {
    let mut used: Vec<&str> = Vec::new();
    for rule in ty.rules {
        match rule {
            Rule::ExactlyOneOf(names) | Rule::AtLeastOneOf(names) => used.extend(*names),
            Rule::Conflicts(a, b) | Rule::Requires(a, b) => used.extend([a, b]),
            Rule::Custom(_) | Rule::New(_) => {}
        }
    }
    used.extend(ty.cross.iter().map(|rule| rule.attribute));
    used.extend(ty.siblings.map(|siblings| siblings.same));
    used.extend(ty.attributes.iter().filter_map(|row| match row.grows {
        Grows::OnlyWith(other) => Some(other),
        _ => None,
    }));
    for name in used {
        if !ty.attributes.iter().any(|attribute| attribute.name == name) {
            faults.push(format!("a rule names {name}, which does not exist"));
        }
    }
    for rule in ty.cross {
        let attribute = ty
            .attributes
            .iter()
            .find(|attribute| attribute.name == rule.attribute);
        if attribute.is_some_and(|attribute| attribute.refers_to.is_none()) {
            faults.push(format!(
                "a rule follows {}, which refers to nothing",
                rule.attribute
            ));
        }
    }
}

fn is_snake(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
