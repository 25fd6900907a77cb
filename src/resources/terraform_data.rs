//! `terraform_data`: a built-in resource that remembers a value, and is replaced when a trigger changes.

use crate::{
    model::{Object, Value},
    provider::hooks::{Hooks, Kind},
    schema::{Proposal, ResourceType, Service, Type, attribute, resource},
};

/// The type with its hook.
pub const KIND: Kind = Kind {
    ty: &TERRAFORM_DATA,
    hooks: Hooks {
        propose: Some(propose),
        make: Some(remember),
        import: Some(import),
        ..Hooks::NONE
    },
};

/// The type's table.
pub static TERRAFORM_DATA: ResourceType = ResourceType {
    attributes: &[
        attribute("id", Type::String, "A random UUID.").computed(),
        attribute("input", Type::Any, "The value to remember, of any type.").example("\"2026-01\""),
        attribute(
            "output",
            Type::Any,
            "The value of `input` after the last apply.",
        )
        .computed(),
        attribute(
            "triggers_replace",
            Type::Any,
            "A value, of any type, whose change replaces the resource.",
        )
        .replaces()
        .example("[var.release]"),
    ],
    import: "any text, which becomes the id",
    ..resource(
        "terraform_data",
        Service::Builtin,
        "Remembers a value, without any cloud. A change of `triggers_replace` replaces it, which other resources \
         can follow with `replace_triggered_by`.",
    )
};

/// Returns the object with its input as its output; a new one gets an id.
fn remember(desired: &Object) -> Result<Object, String> {
    let mut object = desired.clone();
    if object.get("id").is_none_or(|id| !id.is_wholly_known()) {
        object.insert("id", Value::string(uuid::Uuid::new_v4().to_string()));
    }
    let output = desired.get("input").cloned().unwrap_or(Value::Null);
    object.insert("output", output);
    Ok(object)
}

/// Returns an object that has only its id.
fn import(id: &str) -> Result<Object, String> {
    Ok(Object::from_iter([("id", Value::string(id))]))
}

/// The output is known only after apply when the input is new or changes, as Terraform plans it: also
/// when the input becomes null. A resource that never had an input has no output.
fn propose(prior: Option<&Object>, arguments: &Object, proposal: &mut Proposal) {
    let input = arguments.get("input").filter(|input| !input.is_null());
    let unknown = || Value::Unknown(input.map_or(crate::model::Type::Any, Value::type_of));
    let about_input = |path: &String| {
        path.strip_prefix("input")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let output = match prior {
        None if input.is_some() => unknown(),
        None => Value::Null,
        Some(_) if proposal.changed.iter().any(about_input) => unknown(),
        Some(prior) => prior.get("output").cloned().unwrap_or(Value::Null),
    };
    proposal.after.insert("output", output);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(entries: &[(&'static str, Value)]) -> Object {
        entries.iter().cloned().collect()
    }

    /// The output that a proposal plans.
    fn output(prior: Option<&Object>, arguments: &Object, changed: &[&str]) -> Value {
        let mut proposal = Proposal {
            changed: changed.iter().map(|path| (*path).to_owned()).collect(),
            ..Proposal::default()
        };
        propose(prior, arguments, &mut proposal);
        proposal.after.get("output").cloned().unwrap()
    }

    #[test]
    fn output_is_planned_as_terraform_does() {
        let given = object(&[("input", "new".into())]);
        let nothing = object(&[]);
        let prior = object(&[("input", "old".into()), ("output", "old".into())]);
        assert!(output(None, &given, &[]).is_unknown());
        assert!(output(None, &nothing, &[]).is_null());
        assert!(output(Some(&prior), &given, &["input"]).is_unknown());
        assert!(output(Some(&prior), &given, &["input.name"]).is_unknown());
        assert!(output(Some(&prior), &nothing, &["input"]).is_unknown());
        let same = output(Some(&prior), &prior, &["triggers_replace"]);
        assert_eq!(same, Value::from("old"));
    }

    #[test]
    fn it_remembers_its_input() {
        let desired = object(&[
            ("id", Value::UNKNOWN),
            ("input", "a".into()),
            ("output", Value::UNKNOWN),
        ]);
        let created = remember(&desired).unwrap();
        assert_ne!(created.get("id"), remember(&desired).unwrap().get("id"));
        assert_eq!(created.get("output"), Some(&Value::from("a")));

        let mut desired = created.clone();
        desired.insert("input", Value::Null);
        desired.insert("output", Value::UNKNOWN);
        let updated = remember(&desired).unwrap();
        assert_eq!(updated.get("output"), Some(&Value::Null));
        assert_eq!(updated.get("id"), created.get("id"));
    }
}
