//! Plans, states and outputs as Terraform's JSON, written as a stream.
//!
//! A documented contract: these structs follow Terraform's formats (plan 1.2, state 1.0), so that
//! renaming a field of the model breaks no reader. What prov adds begins with `prov_`.
//!
//! Secrets: in plan and state JSON a sensitive value of a resource attribute, of an output or of a
//! variable is `null`, and `…_sensitive` says `true` there. The exceptions are what Terraform users
//! rely on: attributes of `terraform_data`, and `output -json`, which is asked for values.

use std::{
    collections::BTreeMap,
    io::{self, BufWriter, Write},
    sync::Arc,
};

use serde::{Serialize, Serializer, ser::SerializeSeq};
use serde_json::Value as Json;

use crate::model::{
    Address, ModulePath, Object, ResourceAddress, Value,
    address::Mode as Kind,
    ordered::Ordered,
    plan::{Action, Change, Mode, OutputChange, Plan, Reason},
    preflight::Preflight,
    state::{self, Output, State},
};

use super::{
    documents::{Empty, Known, KnownObject, Marked, Place, Question, Resource, Where, WhereObject},
    modules::{Entry, Modules},
    order,
};

/// The version of Terraform whose formats these are.
pub const TERRAFORM_VERSION: &str = "1.11.4";

/// Returns a plan as `terraform show -json PLAN` prints it; `configuration` is put in as it is.
pub fn plan_json<'a>(plan: &'a Plan, configuration: &'a Json) -> impl Serialize + 'a {
    PlanDocument {
        format_version: "1.2",
        terraform_version: TERRAFORM_VERSION,
        variables: Each(&plan.variables, |value| Variable {
            value: Known(value, Marked::Hidden),
        }),
        planned_values: PlannedValues {
            outputs: PlannedOutputs(plan),
            root_module: Modules::new(Planned::all(plan), true),
        },
        resource_drift: Changes(&plan.drift),
        resource_changes: Changes(&plan.changes),
        output_changes: Each(&plan.outputs, OutputDocument::new),
        prior_state: (!plan.prior.is_empty()).then(|| StateDocument::new(&plan.prior)),
        configuration: Ordered(configuration, &order::CONFIGURATION),
        relevant_attributes: [],
        checks: Ordered(&plan.checks, &order::CHECKS),
        timestamp: &plan.timestamp,
        applyable: !plan.is_empty(),
        complete: plan.targets.is_empty(),
        errored: false,
        prov_preflight: plan.preflight.as_ref(),
    }
}

/// Returns a state as `terraform show -json` prints it.
pub fn state_json(state: &State) -> impl Serialize + '_ {
    StateDocument::new(state)
}

/// Returns outputs as `terraform output -json` prints them: sensitive ones in clear, as asked for.
pub fn outputs_json(outputs: &BTreeMap<String, Output>) -> impl Serialize + '_ {
    Each(outputs, clear_output)
}

fn clear_output(output: &Output) -> OutputValue<'_> {
    OutputValue {
        sensitive: output.sensitive,
        ty: Some(output.ty.to_json()),
        value: Some(Known(&output.value, Marked::Clear)),
    }
}

/// Writes a document on one line, through a buffer.
pub fn write(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    serde_json::to_writer(&mut out, document)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes a document on lines of its own, through a buffer.
pub fn pretty(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    serde_json::to_writer_pretty(&mut out, document)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Serialize)]
struct PlanDocument<'a, V: Serialize, O: Serialize> {
    format_version: &'static str,
    terraform_version: &'static str,
    variables: V,
    planned_values: PlannedValues<'a>,
    #[serde(skip_serializing_if = "Changes::is_empty")]
    resource_drift: Changes<'a>,
    resource_changes: Changes<'a>,
    output_changes: O,
    #[serde(skip_serializing_if = "Option::is_none")]
    prior_state: Option<StateDocument<'a>>,
    configuration: Ordered<&'a Json>,
    relevant_attributes: [(); 0],
    #[serde(skip_serializing_if = "no_checks")]
    checks: Ordered<&'a Json>,
    timestamp: &'a str,
    applyable: bool,
    complete: bool,
    errored: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    prov_preflight: Option<&'a Preflight>,
}

fn no_checks(checks: &Ordered<&Json>) -> bool {
    checks.0.as_array().is_none_or(Vec::is_empty)
}

/// A map whose values are turned into another form on the way.
struct Each<'a, T, F>(&'a BTreeMap<String, T>, F);

impl<'a, T, R: Serialize, F: Fn(&'a T) -> R> Serialize for Each<'a, T, F> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, value)| (name, (self.1)(value))))
    }
}

#[derive(Serialize)]
struct Variable<'a> {
    value: Known<'a>,
}

#[derive(Serialize)]
struct PlannedValues<'a> {
    #[serde(skip_serializing_if = "PlannedOutputs::is_empty")]
    outputs: PlannedOutputs<'a>,
    root_module: Modules<Planned<'a>>,
}

#[derive(Serialize)]
struct OutputValue<'a> {
    sensitive: bool,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    ty: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Known<'a>>,
}

/// The outputs that there will be.
struct PlannedOutputs<'a>(&'a Plan);

impl PlannedOutputs<'_> {
    fn is_empty(&self) -> bool {
        !self.0.outputs.values().any(|output| output.after.is_some())
    }
}

impl Serialize for PlannedOutputs<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let kept = self.0.outputs.iter();
        to.collect_map(kept.filter_map(|(name, change)| {
            let after = change.after.as_ref()?;
            let known = after.is_wholly_known().then_some(after);
            let output = OutputValue {
                sensitive: change.sensitive,
                ty: known.map(|value| value.type_of().to_json()),
                value: known.map(|value| shown(value, change.sensitive)),
            };
            Some((name, output))
        }))
    }
}

/// Returns an output's value, null if it is sensitive.
fn shown(value: &Value, sensitive: bool) -> Known<'_> {
    Known(if sensitive { &Value::Null } else { value }, Marked::Hidden)
}

/// An object that there will be.
struct Planned<'a> {
    change: &'a Change,
    after: &'a Object,
    schema_version: u64,
}

impl<'a> Planned<'a> {
    fn all(plan: &'a Plan) -> impl Iterator<Item = Self> {
        plan.changes.iter().filter_map(|change| {
            let stays = change.action != Action::Delete && change.deposed.is_none();
            let after = change.after.as_deref().filter(|_| stays)?;
            let prior = plan.prior.get(&change.address);
            Some(Self {
                change,
                after,
                schema_version: prior.map_or(0, |stored| stored.schema_version),
            })
        })
    }
}

impl Entry for Planned<'_> {
    fn module(&self) -> &ModulePath {
        &self.change.address.resource.module
    }

    fn write<S: SerializeSeq>(&self, to: &mut S) -> Result<(), S::Error> {
        let (address, provider) = (&self.change.address, &self.change.provider);
        let version = self.schema_version;
        to.serialize_element(&Resource::planned(address, provider, version, self.after))
    }
}

/// Resource changes, data sources first; those of data sources that do nothing are left out.
struct Changes<'a>(&'a [Change]);

impl Changes<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Changes<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut seq = to.serialize_seq(None)?;
        for kind in [Kind::Data, Kind::Managed] {
            for change in self.0 {
                let idle = kind == Kind::Data && change.action == Action::NoOp;
                if change.address.resource.mode == kind && !idle {
                    seq.serialize_element(&ChangeDocument::new(change))?;
                }
            }
        }
        seq.end()
    }
}

#[derive(Serialize)]
struct ChangeDocument<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deposed: Option<&'a str>,
    change: ChangeBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action_reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prov_effects: Vec<&'static str>,
    /// Effect → the attributes whose change has it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    prov_effect_causes: BTreeMap<&'static str, &'a [String]>,
}

#[derive(Serialize)]
struct ChangeBody<'a> {
    actions: &'static [&'static str],
    before: Option<KnownObject<'a>>,
    after: Option<KnownObject<'a>>,
    after_unknown: Answer<'a>,
    before_sensitive: Answer<'a>,
    after_sensitive: Answer<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replace_paths: Vec<Vec<Json>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    importing: Option<Importing<'a>>,
}

#[derive(Serialize)]
struct Importing<'a> {
    id: &'a str,
}

/// Where in a value something holds.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer<'a> {
    Nowhere(Empty),
    Flat(bool),
    Object(WhereObject<'a>),
    Value(Where<'a>),
}

impl<'a> ChangeDocument<'a> {
    fn new(change: &'a Change) -> Self {
        let marked = Marked::of(&change.address);
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        let sensitive = |object: Option<&'a _>| {
            object.map_or(Answer::Flat(false), |object| {
                Answer::Object(WhereObject(object, Question::Sensitive))
            })
        };
        let unknown = after.filter(|after| !after.values().all(Value::is_wholly_known));
        Self {
            place: Place::new(&change.address, &change.provider).in_module(&change.address),
            previous_address: change.previous.as_ref().map(ToString::to_string),
            deposed: change.deposed.as_deref(),
            change: ChangeBody {
                actions: change.action.words(),
                before: before.map(|object| KnownObject(object, marked)),
                after: after.map(|object| KnownObject(object, marked)),
                after_unknown: unknown.map_or(Answer::Nowhere(Empty {}), |after| {
                    Answer::Object(WhereObject(after, Question::Unknown))
                }),
                before_sensitive: sensitive(before),
                after_sensitive: sensitive(after),
                replace_paths: change
                    .replace_paths
                    .iter()
                    .map(|path| steps(path))
                    .collect(),
                importing: change.importing.as_deref().map(|id| Importing { id }),
            },
            action_reason: change.reason.map(Reason::word),
            prov_effects: change.effects.iter().map(|it| it.effect.word()).collect(),
            prov_effect_causes: change
                .effects
                .iter()
                .filter(|it| !it.causes.is_empty())
                .map(|it| (it.effect.word(), it.causes.as_slice()))
                .collect(),
        }
    }
}

/// Returns a path's steps: `data_disks[0].size` is `["data_disks", 0, "size"]`.
fn steps(path: &str) -> Vec<Json> {
    let parts = path
        .split(['.', '['])
        .map(|part| part.strip_suffix(']').unwrap_or(part));
    let step = |part: &str| match part.parse::<u64>() {
        Ok(at) => at.into(),
        Err(_) => part.trim_matches('"').into(),
    };
    parts.filter(|part| !part.is_empty()).map(step).collect()
}

#[derive(Serialize)]
struct OutputDocument<'a> {
    actions: [&'static str; 1],
    before: Option<Known<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Known<'a>>,
    after_unknown: Answer<'a>,
    before_sensitive: bool,
    after_sensitive: bool,
}

impl<'a> OutputDocument<'a> {
    fn new(change: &'a OutputChange) -> Self {
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        let after_or_null = after.unwrap_or(&Value::Null);
        let unknown = !after_or_null.is_wholly_known();
        Self {
            actions: [output_action(change)],
            before: before.map(|value| shown(value, change.is_hidden())),
            after: (!after_or_null.is_unknown()).then(|| shown(after_or_null, change.is_hidden())),
            after_unknown: if unknown {
                Answer::Value(Where(after_or_null, Question::Unknown))
            } else {
                Answer::Flat(false)
            },
            before_sensitive: change.is_hidden(),
            after_sensitive: change.is_hidden(),
        }
    }
}

/// Returns the plan JSON's word for what happens to an output.
pub(super) fn output_action(change: &OutputChange) -> &'static str {
    change.action().words()[0]
}

#[derive(Serialize)]
struct StateDocument<'a> {
    format_version: &'static str,
    terraform_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<StateValues<'a>>,
}

#[derive(Serialize)]
struct StateValues<'a> {
    #[serde(skip_serializing_if = "StateOutputs::is_empty")]
    outputs: StateOutputs<'a>,
    root_module: Modules<Recorded<'a>>,
}

impl<'a> StateDocument<'a> {
    fn new(state: &'a State) -> Self {
        let values = || StateValues {
            outputs: StateOutputs(&state.outputs),
            root_module: Modules::new(Recorded::all(state), false),
        };
        Self {
            format_version: "1.0",
            terraform_version: TERRAFORM_VERSION,
            values: (!state.is_empty()).then(values),
        }
    }
}

/// Unlike elsewhere the type comes last.
#[derive(Serialize)]
struct StateOutput<'a> {
    sensitive: bool,
    value: Known<'a>,
    #[serde(rename = "type")]
    ty: Json,
}

struct StateOutputs<'a>(&'a BTreeMap<String, Output>);

impl StateOutputs<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for StateOutputs<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, output)| {
            let value = StateOutput {
                sensitive: output.sensitive,
                value: shown(&output.value, output.sensitive),
                ty: output.ty.to_json(),
            };
            (name, value)
        }))
    }
}

/// What a state has of one resource: its objects, deposed ones after the current one.
struct Recorded<'a> {
    resource: &'a Arc<ResourceAddress>,
    kept: &'a state::Resource,
}

impl<'a> Recorded<'a> {
    /// Data sources first.
    fn all(state: &'a State) -> impl Iterator<Item = Self> {
        [Kind::Data, Kind::Managed].into_iter().flat_map(|kind| {
            let resources = state.resources.iter();
            resources
                .filter(move |(resource, _)| resource.mode == kind)
                .map(|(resource, kept)| Self { resource, kept })
        })
    }
}

impl Entry for Recorded<'_> {
    fn module(&self) -> &ModulePath {
        &self.resource.module
    }

    fn write<S: SerializeSeq>(&self, to: &mut S) -> Result<(), S::Error> {
        for (key, instance) in &self.kept.instances {
            let (resource, key) = (self.resource.clone(), key.clone());
            let address = Address { resource, key };
            let provider = &self.kept.provider;
            let write = |stored, deposed| Resource::stored(&address, provider, stored, deposed);
            if let Some(stored) = &instance.current {
                to.serialize_element(&write(stored, None))?;
            }
            for (key, stored) in &instance.deposed {
                to.serialize_element(&write(stored, Some(key.as_str())))?;
            }
        }
        Ok(())
    }
}

/// Returns what kind of operation a plan's apply is, as the event stream names it.
pub(super) fn operation(mode: Mode) -> &'static str {
    match mode {
        Mode::Normal | Mode::RefreshOnly => "apply",
        Mode::Destroy => "destroy",
    }
}
