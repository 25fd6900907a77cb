//! What a step aims at: its arguments evaluated again, now that what it needs is there, and held
//! against the plan.

use std::{collections::HashMap, sync::Arc};

use crate::{
    eval::expand::{Expansion, expand},
    manifest::ast::{Module, Resource},
    model::{
        Address, Diagnostic, Key, Object, ResourceAddress, Severity, Value,
        checks::Finding,
        plan::{Action, Change, Reason},
        state::Stored,
    },
    plan::{
        Values,
        arguments::{Promise, arguments, conditions, locate},
        decide,
        scope::InstanceScope,
    },
    provider::{CreateRequest, Provider, hooks::Kind, registry::Registry},
    schema::{self, Problem},
};

/// What a step aims at.
pub struct Desired {
    pub kind: &'static Kind,
    /// The evaluated arguments.
    pub arguments: Object,
    /// The whole object, with `Unknown` where only the cloud knows.
    pub after: Object,
    /// Attribute paths that an update has to change.
    pub changed: Vec<String>,
}

/// Returns the create call for an address as the configuration has it, as far as what it needs is
/// known: for the secrets in it, which are kept nowhere else.
pub fn create_request(
    module: &Module,
    kind: &'static Kind,
    values: &Values<'_>,
    address: &Address,
    provider: &dyn Provider,
) -> Option<CreateAgain> {
    let block = module.block(&address.resource)?;
    let each = each_value(block, address, values, &mut HashMap::new()).ok()?;
    let scope = InstanceScope {
        values: &values.within(&address.resource.module)?,
        key: &address.key,
        each: each.as_ref(),
        this: None,
    };
    let given = arguments(block, kind, &scope, address).0?;
    let mut after = decide::proposed(kind, None, &given, &|text| text.to_owned()).after;
    let written = schema::write_in(kind.ty, &given, &mut after);
    Some(CreateAgain {
        request: provider.create_request(kind.ty, &after),
        has_write_only: !written.is_empty(),
    })
}

/// A create call as the configuration has it now.
pub struct CreateAgain {
    pub request: CreateRequest,
    /// Whether it carries what is kept nowhere, and may be another in each run.
    pub has_write_only: bool,
}

/// Where and with what to evaluate.
pub struct Case<'a, 'm> {
    pub change: &'a Change,
    pub prior: Option<&'a Stored>,
    pub module: &'a Module,
    pub registry: &'a Registry,
    pub values: &'a Values<'m>,
    /// `each.value` of every resource met so far.
    pub each: &'a mut HashMap<Arc<ResourceAddress>, HashMap<Arc<str>, Value>>,
    pub digest: &'a dyn Fn(&str) -> String,
}

/// Evaluates what the change's object shall be.
#[expect(clippy::needless_pass_by_value, reason = "a case is made for one call")]
pub fn desired(case: Case<'_, '_>) -> Result<Desired, Vec<Diagnostic>> {
    let address = &case.change.address;
    let resource = &address.resource;
    let missing = || {
        vec![Diagnostic::error(
            "Resource block not found",
            format!("The manifests have no block for {resource}."),
        )]
    };
    let block = case.module.block(resource).ok_or_else(missing)?;
    let kind = case
        .registry
        .find(resource.mode, &resource.kind)
        .ok_or_else(missing)?;
    let each = each_value(block, address, case.values, case.each)?;
    let module = case.values.within(&resource.module).ok_or_else(missing)?;
    let scope = InstanceScope {
        values: &module,
        key: &address.key,
        each: each.as_ref(),
        this: None,
    };
    let (given, diags) = arguments(block, kind, &scope, address);
    let Some(given) = given else {
        return Err(diags);
    };
    let mut failed = Vec::new();
    conditions(
        &block.lifecycle.preconditions,
        &scope,
        Promise::Precondition,
        address,
        &mut failed,
    );
    if failed.iter().any(|it| it.severity == Severity::Error) {
        return Err(failed);
    }
    if let Some((name, _)) = given.iter().find(|(_, value)| !value.is_wholly_known()) {
        return Err(vec![still_unknown(block, address, name)]);
    }
    if case.change.action == Action::Read {
        return Ok(Desired {
            kind,
            arguments: given,
            after: Object::new(),
            changed: Vec::new(),
        });
    }
    let before = before(&case);
    let given = before
        .and_then(|before| {
            decide::ignoring(
                &block.lifecycle.ignore_changes,
                kind.ty.attributes,
                before,
                &given,
            )
        })
        .unwrap_or(given);
    let proposal = decide::proposed(kind, before, &given, case.digest);
    if case.change.action == Action::Update && !proposal.replaces.is_empty() {
        return Err(vec![inconsistent(block, address, &proposal.replaces[0])]);
    }
    if let Some(planned) = &case.change.after
        && let Some(name) = contradiction(planned, &proposal.after)
    {
        return Err(vec![inconsistent(block, address, &name)]);
    }
    let (mut after, mut changed) = (proposal.after, proposal.changed);
    foreseen(case.change, &mut after);
    schema::renew(kind.ty, &given, &mut after, &mut changed);
    Ok(Desired {
        kind,
        arguments: given,
        after,
        changed,
    })
}

/// Returns the object that is changed, if there is one.
fn before<'c>(case: &'c Case<'_, '_>) -> Option<&'c Object> {
    match (&case.change.importing, case.prior) {
        (Some(_), _) => case.change.before.as_deref(),
        // It is aimed at as if it were new.
        _ if case.change.reason == Some(Reason::UpdateBecauseUnsettled) => None,
        (None, prior) => prior.map(|prior| &*prior.attributes),
    }
}

/// Puts in what the provider made known of a new object when it was planned.
fn foreseen(change: &Change, after: &mut Object) {
    let new = change.action == Action::Create || change.action.replaces();
    for (name, value) in change.after.iter().filter(|_| new).flat_map(|it| it.iter()) {
        if !value.is_unknown() && after.get(name).is_some_and(Value::is_unknown) {
            after.insert(name.clone(), value.unmarked_deep());
        }
    }
}

/// Returns `each.value` of an instance of a `for_each`.
pub(super) fn each_value(
    block: &Resource,
    address: &Address,
    values: &Values<'_>,
    known: &mut HashMap<Arc<ResourceAddress>, HashMap<Arc<str>, Value>>,
) -> Result<Option<Value>, Vec<Diagnostic>> {
    let Key::Text(key) = &address.key else {
        return Ok(None);
    };
    if !known.contains_key(&address.resource) {
        let Some(scope) = values.within(&address.resource.module) else {
            return Ok(None);
        };
        let entries = match expand(None, block.for_each.as_ref(), &scope) {
            Ok(Expansion::ForEach(entries)) => entries.into_iter().collect(),
            Ok(_) => HashMap::new(),
            Err(diagnostic) => return Err(vec![diagnostic.about(address)]),
        };
        known.insert(address.resource.clone(), entries);
    }
    Ok(known
        .get(&address.resource)
        .and_then(|entries| entries.get(key))
        .cloned())
}

/// Returns the attribute whose planned value was known and came out different.
fn contradiction(planned: &Object, actual: &Object) -> Option<String> {
    planned.iter().find_map(|(name, value)| {
        let other = actual.get(name).unwrap_or(&Value::Null);
        (!agrees(value, other)).then(|| name.to_string())
    })
}

/// Whether an actual value is what the plan said, as far as the plan said something.
fn agrees(planned: &Value, actual: &Value) -> bool {
    match (planned.unmarked(), actual.unmarked()) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => true,
        (Value::List(a) | Value::Tuple(a), Value::List(b) | Value::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| agrees(a, b))
        }
        (Value::Set(a), Value::Set(b)) => {
            !planned.is_wholly_known()
                || (a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| agrees(a, b)))
        }
        (Value::Map(a) | Value::Object(a), Value::Map(b) | Value::Object(b)) => a
            .iter()
            .all(|(name, value)| agrees(value, b.get(name).unwrap_or(&Value::Null))),
        (a, b) => a.order(b).is_eq() || (schema::is_zero(a) && schema::is_zero(b)),
    }
}

fn inconsistent(block: &Resource, address: &Address, path: &str) -> Diagnostic {
    let problem = Problem {
        path: path.to_owned(),
        summary: "The plan no longer holds".to_owned(),
        detail: format!(
            "{path} of {address} came out different from what the plan said, since something that it depends on did."
        ),
        hint: Some("Nothing was done to it. Plan and apply again.".to_owned()),
        warning: false,
    };
    locate(&problem, block, address)
}

fn still_unknown(block: &Resource, address: &Address, name: &str) -> Diagnostic {
    let problem = Problem {
        path: name.to_owned(),
        summary: "Value still unknown".to_owned(),
        detail: format!("{name} of {address} is not known, although what it depends on is done."),
        hint: Some("Plan and apply again.".to_owned()),
        warning: false,
    };
    locate(&problem, block, address)
}

/// Checks a block's postconditions on the finished object.
pub fn postconditions(
    block: &Resource,
    address: &Address,
    values: &Values<'_>,
    each: Option<&Value>,
    object: &Object,
) -> (Finding, Vec<Diagnostic>) {
    let this = Value::object(object.clone());
    let Some(module) = values.within(&address.resource.module) else {
        return (Finding::default(), Vec::new());
    };
    let scope = InstanceScope {
        values: &module,
        key: &address.key,
        each,
        this: Some(&this),
    };
    let mut failed = Vec::new();
    let finding = conditions(
        &block.lifecycle.postconditions,
        &scope,
        Promise::Postcondition,
        address,
        &mut failed,
    );
    (finding, failed)
}
