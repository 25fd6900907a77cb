//! A plan from manifests, state and cloud: what there is, the walk, what comes of it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use rayon::prelude::*;

use super::{
    check, checks,
    cross::Link,
    ephemeral,
    graph::{Blocks, blocks},
    held::Departing,
    moves::{self, Previous},
    providers::{Providers, rehomed},
    reach,
    refresh::{Refreshed, refresh},
    scope::{Special, Values},
    targets::Chosen,
    walk::Walk,
};
use crate::{
    eval,
    manifest::ast::{Module, Resource},
    model::{
        Address, AnyAddress, Diagnostic, Diagnostics, Mode, ResourceAddress, Value,
        checks::Checks,
        diagnostic::did_you_mean,
        event::Event,
        plan::{self, Change, OutputChange, Plan},
        state::{State, Stored},
    },
    provider::registry::Registry,
    schema::{self, Memory, ResourceType},
};

/// What a plan is asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub mode: plan::Mode,
    /// Whether to read the remote objects first.
    pub refresh: bool,
    /// Whether data sources answer what the state has of them: a saved plan is made again so.
    pub frozen: bool,
    /// `-target`: a key of `None` means every instance.
    pub targets: Vec<AnyAddress>,
    /// `-replace`.
    pub replace: Vec<Address>,
    /// Whether what refers to what is kept, for a preflight.
    pub preflight: bool,
}

/// What a plan is made from.
pub struct Input<'a, 'm> {
    pub module: &'m Module,
    pub variables: &'m BTreeMap<String, Value>,
    pub recorded: &'a State,
    pub options: &'a Options,
    pub registry: Registry,
    pub providers: &'a Providers,
    pub special: Special,
    /// Turns a secret into the form that the state keeps.
    pub digest: &'a (dyn Fn(&str) -> String + Sync),
    pub events: &'a (dyn Fn(Event) + Sync),
}

/// A plan, and what is needed to carry it out.
pub struct Planned<'m> {
    pub plan: Plan,
    /// What is known of all conditions.
    pub checks: Checks,
    pub values: Values<'m>,
    pub blocks: Blocks,
    /// Resources whose replacement is created first.
    pub create_before_destroy: HashSet<Arc<ResourceAddress>>,
    /// Whether the plan's prior state differs from the recorded one: what the refresh found, moves,
    /// and what data sources answered.
    pub prior_differs: bool,
    /// What the instances refer to, if a preflight is to follow.
    pub links: HashMap<Address, Vec<Link>>,
}

/// Makes a plan; `None` when there are errors.
pub async fn build<'m>(input: &Input<'_, 'm>, diags: &mut Diagnostics) -> Option<Planned<'m>> {
    let blocks = sound(input, diags)?;
    let chosen = Chosen::new(input, &blocks, diags);
    let (recorded, moved) = recorded(input, &chosen, diags);
    if diags.has_errors() {
        return None;
    }
    let refreshed = refreshed(input, &recorded, &chosen, diags).await;
    if diags.has_errors() {
        return None;
    }
    let create_before_destroy = created_first(input.module, &blocks);
    let mut walk = Walk {
        input,
        blocks: &blocks,
        chosen,
        prior: retyped(refreshed.state, &input.registry),
        values: Values::new(input.module, input.variables, input.special.clone()),
        create_before_destroy: &create_before_destroy,
        imports: HashMap::new(),
        moved,
        changes: Vec::new(),
        places: HashMap::new(),
        pending: HashSet::new(),
        links: Vec::new(),
        checks: checks::declared(input.module),
        departing: Departing::default(),
        opened: Vec::new(),
        diags,
    };
    walk.run().await;
    let Walk {
        chosen,
        prior,
        values,
        mut changes,
        links,
        mut checks,
        ..
    } = walk;
    let kept = kept(links, &changes, input.options.preflight);
    changes.sort_by(|a, b| (&a.address, &a.deposed).cmp(&(&b.address, &b.deposed)));
    Chosen::unmatched(input, &changes, diags);
    let covered = |name: &str| chosen.output(&blocks, name);
    let outputs = outputs(input, &values, &prior, &covered, &mut checks, diags);
    if input.options.mode != plan::Mode::Destroy {
        checks::planned(&values, &mut checks, diags);
        checks::variables(&values, &mut checks, diags);
    }
    reach::check(&changes, input, diags).await;
    if diags.has_errors() {
        return None;
    }
    let prior_differs = !refreshed.drift.is_empty() || prior.differs_from(input.recorded);
    let plan = Plan {
        mode: input.options.mode,
        changes,
        drift: refreshed.drift,
        outputs,
        checks: checks.to_plan(),
        variables: lasting(input),
        targets: targets(input.options),
        prior: Arc::new(prior),
        timestamp: input.special.timestamp.clone(),
        preflight: None,
    };
    Some(Planned {
        plan,
        checks,
        values,
        blocks,
        create_before_destroy,
        prior_differs,
        links: kept,
    })
}

/// Returns the blocks in their order, if nothing is wrong with them that can be told without any value.
fn sound(input: &Input<'_, '_>, diags: &mut Diagnostics) -> Option<Blocks> {
    let blocks = blocks(input.module, diags);
    unknown_types(input.module, &input.registry, diags);
    ephemeral::check(input.module, &input.registry, diags);
    if !diags.has_errors() {
        return Some(blocks);
    }
    // What else is wrong is told in one go.
    if blocks.acyclic {
        let special = input.special.clone();
        check::expressions(input.module, &input.registry, special, diags);
    }
    None
}

fn targets(options: &Options) -> Vec<String> {
    options.targets.iter().map(ToString::to_string).collect()
}

/// Returns the variables that a plan keeps.
fn lasting(input: &Input<'_, '_>) -> BTreeMap<String, Value> {
    let variables = input.variables.iter();
    let kept = variables.filter(|(name, _)| !ephemeral::is_variable(input.module, name));
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Returns what each instance refers to, if a preflight is to follow.
fn kept(
    links: Vec<(usize, Link)>,
    changes: &[Change],
    preflight: bool,
) -> HashMap<Address, Vec<Link>> {
    let mut kept: HashMap<Address, Vec<Link>> = HashMap::new();
    for (at, link) in links.into_iter().filter(|_| preflight) {
        let address = changes[at].address.clone();
        kept.entry(address).or_default().push(link);
    }
    kept
}

/// Returns the recorded state with everything at the address that the configuration gives it.
fn recorded<'a>(
    input: &Input<'a, '_>,
    chosen: &Chosen,
    diags: &mut Diagnostics,
) -> (Cow<'a, State>, Previous) {
    let mut state = Cow::Borrowed(input.recorded);
    let mut moved = Previous::new();
    if input
        .module
        .tree()
        .iter()
        .any(|(_, it)| !it.moved.is_empty())
    {
        moved = moves::apply(state.to_mut(), input.module, &input.registry, diags);
        moves::excluded(&moved, chosen, diags);
    }
    (state, moved)
}

/// Returns what is there now: read, or as recorded with `-refresh=false`.
async fn refreshed(
    input: &Input<'_, '_>,
    recorded: &State,
    chosen: &Chosen,
    diags: &mut Diagnostics,
) -> Refreshed {
    let recorded = rehomed(recorded, input.module, &input.registry);
    if !input.options.refresh {
        return Refreshed {
            state: recorded.into_owned(),
            drift: Vec::new(),
        };
    }
    let matches = |resource: &ResourceAddress| chosen.resource(resource);
    let (registry, providers) = (&input.registry, input.providers);
    refresh(
        &recorded,
        registry,
        providers,
        &matches,
        input.events,
        diags,
    )
    .await
}

/// Reports blocks whose type prov does not have.
pub fn unknown_types(module: &Module, registry: &Registry, diags: &mut Diagnostics) {
    let mut told = HashSet::new();
    for (address, resource) in module.all_blocks() {
        if registry.find(address.mode, &address.kind).is_some() {
            continue;
        }
        if !told.insert(resource.span) {
            continue;
        }
        let what = address.mode.what();
        let diagnostic = Diagnostic::error(
            format!("Invalid {what}"),
            format!("prov does not have the {what} \"{}\".", address.kind),
        )
        .at(resource.span)
        .about(&address);
        let suggestion = did_you_mean(&address.kind, registry.names(address.mode));
        diags.push(match suggestion {
            Some(name) => diagnostic.hint(format!("Did you mean \"{name}\"?")),
            None => diagnostic.hint("The reference in docs/reference lists what there is."),
        });
    }
}

/// Returns the resources that are created before they are destroyed: those that say so and, since
/// their dependants' new objects need them, everything that these need.
fn created_first(module: &Module, blocks: &Blocks) -> HashSet<Arc<ResourceAddress>> {
    let says_so = |resource: &Resource| resource.lifecycle.create_before_destroy == Some(true);
    let start = module
        .all_blocks()
        .filter(|(_, resource)| says_so(resource))
        .map(|(address, _)| address);
    blocks
        .with_needs(start)
        .into_iter()
        .filter(|address| address.mode == Mode::Managed)
        .collect()
}

/// Gives the values of a state that was read from a file the types that their schema says, in the newest version of
/// the schema.
pub fn retyped(mut state: State, registry: &Registry) -> State {
    for (resource, kept) in &mut state.resources {
        let kind = registry.find(resource.mode, &resource.kind);
        let Some((kind, upgrade)) = kind.and_then(|it| Some((it, it.hooks.upgrade?))) else {
            continue;
        };
        for instance in kept.instances.values_mut() {
            let deposed = instance.deposed.values_mut();
            for stored in instance.current.iter_mut().chain(deposed) {
                if stored.schema_version < kind.ty.schema_version {
                    stored.attributes = Arc::new(upgrade(&stored.attributes));
                    stored.schema_version = kind.ty.schema_version;
                }
            }
        }
    }
    shaped(state, registry)
}

/// Gives the values of a state that was read from a file the types that their schema says.
pub fn shaped(mut state: State, registry: &Registry) -> State {
    let mut all: Vec<(&'static ResourceType, &mut Stored)> = Vec::new();
    for (resource, kept) in &mut state.resources {
        let Some(kind) = registry.find(resource.mode, &resource.kind) else {
            continue;
        };
        for instance in kept.instances.values_mut() {
            let deposed = instance.deposed.values_mut();
            let objects = instance.current.iter_mut().chain(deposed);
            all.extend(objects.map(|it| (kind.ty, it)));
        }
    }
    let shape = |memories: &mut HashMap<&str, Memory>, (ty, stored): (_, &mut Stored)| {
        let ty: &'static ResourceType = ty;
        let memory = memories.entry(ty.name).or_default();
        if let Some(restored) = schema::restore(ty, &stored.attributes, memory) {
            stored.attributes = Arc::new(restored);
        }
    };
    all.into_par_iter()
        .with_min_len(256)
        .for_each_init(HashMap::new, shape);
    state
}

fn outputs(
    input: &Input<'_, '_>,
    values: &Values<'_>,
    prior: &State,
    covered: &dyn Fn(&str) -> bool,
    checks: &mut Checks,
    diags: &mut Diagnostics,
) -> BTreeMap<String, OutputChange> {
    let mut changes = BTreeMap::new();
    let declared = &input.module.outputs;
    // Planning a part leaves the other outputs as they are.
    let whole = input.options.targets.is_empty();
    let destroys = input.options.mode == plan::Mode::Destroy;
    for (name, recorded) in &prior.outputs {
        let kept = !destroys && declared.contains_key(name.as_str());
        if if kept { !covered(name) } else { !whole } {
            continue;
        }
        let before = Some(recorded.value.clone());
        let change = OutputChange {
            before,
            after: None,
            was_sensitive: recorded.sensitive,
            sensitive: recorded.sensitive,
        };
        changes.insert(name.clone(), change);
    }
    if destroys {
        return changes;
    }
    for (name, output) in declared.iter().filter(|(name, _)| covered(name)) {
        let value = match eval::evaluate(&output.value, values) {
            Ok(value) => value,
            Err(diagnostic) => {
                diags.push(diagnostic.about(format!("output.{name}")));
                continue;
            }
        };
        if value.has_sensitive() && !output.sensitive {
            diags.push(check::exposed(output));
            continue;
        }
        diags.extend(checks::output(&values.root(), output, checks));
        let change = changes.entry(name.to_string()).or_insert(OutputChange {
            before: None,
            after: None,
            was_sensitive: output.sensitive,
            sensitive: output.sensitive,
        });
        change.sensitive = output.sensitive;
        let value = value.unmarked_deep();
        // What was read from a file has lost the difference between a list and a tuple.
        let same = change
            .before
            .as_ref()
            .is_some_and(|before| before.order(&value).is_eq());
        change.after = if same {
            change.before.clone()
        } else {
            Some(value)
        };
    }
    changes
}
