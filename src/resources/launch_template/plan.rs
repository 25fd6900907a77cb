//! What a template may say, and what becomes of it: checks, rules, and the proposal. Pure.

use super::place;
use super::table::{LAUNCH_TEMPLATE, VERSION};
use crate::{
    model::{Object, Type, Value},
    resources::instance::{name, rules, same},
    schema::{Proposal, Rule, carries, encoded, is_unset},
};

/// The rules over several attributes.
pub(super) static RULES: &[Rule] = &[
    Rule::AtLeastOneOf(&["launch_template_name", "name"]),
    Rule::Conflicts("default_version_number", "update_default_version_number"),
    Rule::Conflicts("security_group_id", "security_group_ids"),
    Rule::Conflicts("system_disk", "system_disk_category"),
    Rule::Conflicts("system_disk", "system_disk_description"),
    Rule::Conflicts("system_disk", "system_disk_name"),
    Rule::Conflicts("system_disk", "system_disk_size"),
    Rule::Custom(rules::spot),
    Rule::Custom(rules::data_disks),
];

/// What the system disk's block and the rows beside it both say.
const DISK: &[(&str, &str)] = &[
    ("system_disk_category", "category"),
    ("system_disk_description", "description"),
    ("system_disk_name", "name"),
    ("system_disk_size", "size"),
];

/// Checks a name of many instances: as one of an instance, with brackets and commas for counting.
pub(super) fn instance_name(value: &Value) -> Result<(), String> {
    let plain = value
        .as_str()
        .map(|text| text.replace(['[', ']', ','], "-"));
    name(&plain.map_or(Value::Null, Value::from))
}

/// Checks the ends of a host name.
pub(super) fn host_name(value: &Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    if text.starts_with(['.', '-']) || text.ends_with(['.', '-']) {
        return Err("It must not begin or end with a period or a hyphen.".to_owned());
    }
    Ok(())
}

/// The same bytes, encoded or not.
pub(super) fn same_data(prior: &Object, merged: &Object) -> bool {
    let of = |object: &Object| -> Option<String> {
        let text = object.get("user_data")?.as_str()?;
        Some(encoded(text))
    };
    of(prior).is_some_and(|before| of(merged) == Some(before))
}

/// The same moment, with seconds or without.
pub(super) fn same_moment(prior: &Object, merged: &Object) -> bool {
    let of = |object: &Object| same::moment(object.get("auto_release_time")?.as_str()?);
    of(prior).is_some_and(|before| of(merged) == Some(before))
}

/// Amends the proposal: a change makes a version, and the system disk is one thing under two names.
pub(super) fn propose(prior: Option<&Object>, arguments: &Object, proposal: &mut Proposal) {
    mirror(arguments, &mut proposal.after);
    let Some(prior) = prior else {
        return;
    };
    place::propose(arguments, proposal);
    let anew = carries(&LAUNCH_TEMPLATE, &VERSION, &proposal.changed);
    let unknown = || Value::Unknown(Type::Number);
    if anew {
        proposal.after.insert("latest_version_number", unknown());
    }
    let follows = arguments
        .get("update_default_version_number")
        .and_then(Value::as_bool);
    if follows != Some(true) {
        return;
    }
    let number = |name: &str| prior.get(name).and_then(Value::as_int);
    let (default, latest) = (
        number("default_version_number"),
        number("latest_version_number"),
    );
    if anew {
        proposal.after.insert("default_version_number", unknown());
    } else if let (Some(default), Some(latest)) = (default, latest)
        && default != latest
    {
        let name = "default_version_number";
        proposal.after.insert(name, Value::int(latest));
        proposal.changed.push(name.to_owned());
    }
}

/// Lets the system disk's block and the rows beside it say the same, whichever is configured.
fn mirror(arguments: &Object, after: &mut Object) {
    let block = after
        .get("system_disk")
        .and_then(Value::as_list)
        .and_then(<[Value]>::first)
        .and_then(Value::as_object)
        .cloned();
    if !is_unset(arguments, "system_disk") {
        for (row, inner) in DISK {
            if let Some(value) = block.as_ref().and_then(|block| block.get(inner)) {
                after.insert(*row, value.clone());
            }
        }
        return;
    }
    let given = DISK.iter().any(|(row, _)| !is_unset(arguments, row));
    if let Some(mut block) = block.filter(|_| given) {
        for (row, inner) in DISK {
            block.insert(*inner, after.get(row).cloned().unwrap_or_default());
        }
        let blocks = Value::list(vec![Value::object(block)]);
        after.insert("system_disk", blocks);
    }
}
