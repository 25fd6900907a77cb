//! `terraform_data`: a built-in resource that remembers a value, and is replaced when a trigger changes.

use crate::{
    model::{Object, Value},
    provider::hooks::{Hooks, Kind},
    schema::{
        Adopt, Attribute, Grows, Id, Presence, Proposal, ResourceType, Service, Timeouts, Type,
        Wire,
    },
};

/// The type with its hook.
pub const KIND: Kind = Kind {
    ty: &TERRAFORM_DATA,
    hooks: Hooks {
        propose: Some(propose),
        ..Hooks::NONE
    },
};

/// The type's table.
pub static TERRAFORM_DATA: ResourceType = ResourceType {
    name: "terraform_data",
    alias_of: None,
    adopt: Adopt::UNLISTED,
    doc: "Remembers a value, without any cloud. A change of `triggers_replace` replaces it, which other resources \
          can follow with `replace_triggered_by`.",
    service: Service::Builtin,
    id: Id::Composite,
    create: &[],
    read: &[],
    updates: &[],
    delete: &[],
    timeouts: Timeouts {
        create: 0,
        update: 0,
        delete: 0,
    },
    attributes: &[
        attribute("id", Type::String, Presence::Computed, "A random UUID.", ""),
        attribute(
            "input",
            Type::Any,
            Presence::Optional,
            "The value to remember, of any type.",
            "\"2026-01\"",
        ),
        attribute(
            "output",
            Type::Any,
            Presence::Computed,
            "The value of `input` after the last apply.",
            "",
        ),
        Attribute {
            replaces: true,
            ..attribute(
                "triggers_replace",
                Type::Any,
                Presence::Optional,
                "A value, of any type, whose change replaces the resource.",
                "[var.release]",
            )
        },
    ],
    rules: &[],
    cross: &[],
    agree: &[],
    further_create_actions: &[],
    siblings: None,
    crowd: None,
    import: "any text, which becomes the id",
    schema_version: 0,
};

const fn attribute(
    name: &'static str,
    ty: Type,
    presence: Presence,
    doc: &'static str,
    example: &'static str,
) -> Attribute {
    Attribute {
        name,
        deprecated: None,
        ty,
        presence,
        default: None,
        replaces: false,
        rides: false,
        grows: Grows::Freely,
        sent: &[],
        read: None,
        wire: Wire::Plain,
        checks: &[],
        same: None,
        sensitive: false,
        refers_to: None,
        effects: &[],
        doc,
        example,
    }
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
    use crate::provider::{Change, Provider as _, Wanted, builtin::Builtin};

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

    #[tokio::test]
    async fn it_remembers_its_input() {
        let desired: Object = [("input", Value::from("a")), ("output", Value::UNKNOWN)]
            .into_iter()
            .collect();
        let request = Builtin.create_request(&TERRAFORM_DATA, &desired);
        let id = Builtin
            .create(&TERRAFORM_DATA, &request, "token", &Object::new())
            .await
            .unwrap();
        let other = Builtin
            .create(&TERRAFORM_DATA, &request, "token", &Object::new())
            .await
            .unwrap();
        assert_ne!(id, other);
        let silent = |_: &str| {};
        let created = Builtin
            .settle(&TERRAFORM_DATA, &id, &desired, &silent)
            .await
            .unwrap();
        assert_eq!(created.get("output"), Some(&Value::from("a")));
        assert_eq!(created.get("id").and_then(Value::as_str), Some(&*id));

        let desired: Object = [("input", Value::Null)].into_iter().collect();
        let change = Change {
            prior: &created,
            desired: &desired,
            changed: &[],
        };
        let updated = Builtin
            .update(&TERRAFORM_DATA, &id, change, &silent)
            .await
            .unwrap();
        assert_eq!(updated.get("output"), Some(&Value::Null));
        let wanted = Wanted {
            ty: &TERRAFORM_DATA,
            id,
            known: std::sync::Arc::new(updated.clone()),
        };
        let read = Builtin.read(&[wanted]).await.remove(0).unwrap().unwrap();
        assert!(
            updated
                .iter()
                .all(|(name, value)| read.get(name) == Some(value))
        );
    }
}
