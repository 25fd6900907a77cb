//! Changes to a DAG of steps, with Terraform's rules for the order of creating and destroying.
//!
//! Between two resources stands one join per direction instead of an edge per pair of instances, and one gate before all
//! that need the same resources, so that the graph grows with the number of instances and not with its square.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use petgraph::graph::{DiGraph, NodeIndex};

use super::{build::Planned, untangle::untangle};
use crate::model::{ResourceAddress, plan::Action};

/// One node of the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Creates, updates, reads or imports what the change with this index says.
    Apply(usize),
    /// Destroys the change's object, or the one that it put aside.
    Destroy(usize),
    /// Every `Apply` of a resource is done.
    Applied(Arc<ResourceAddress>),
    /// Every `Destroy` of a resource is done.
    Destroyed(Arc<ResourceAddress>),
    /// All that comes before is done: stands between many and many.
    Between,
}

/// Why one step waits for another: in a circle the first of these gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bond {
    /// What is used is destroyed when its users have turned to something else.
    Left,
    /// What is used is changed in place when those of its users that make room are gone.
    Emptied,
    /// What needs another one goes before it, as the configuration says.
    Declared,
    /// The same, as the state says: so the objects were made.
    Recorded,
    /// Nothing is made before what it needs, and of a replacement one half follows the other.
    Made,
}

/// The steps and what they wait for; an edge goes from what comes first.
pub type Steps = DiGraph<Step, Bond>;

/// Resources, in one allocation that those share which need the same.
type Needs = Arc<[Arc<ResourceAddress>]>;

/// Builds the graph, without circles.
pub fn steps(planned: &Planned<'_>) -> Steps {
    let mut build = Build::default();
    for (at, change) in planned.plan.changes.iter().enumerate() {
        build.change(
            at,
            &change.address.resource.config(),
            change.action,
            change.importing.is_some(),
        );
    }
    let involved: Vec<Arc<ResourceAddress>> = build.resources.iter().cloned().collect();
    let recorded = recorded_needs(planned);
    // Those with the same needs stand behind the same gate.
    let mut gates: HashMap<*const Arc<ResourceAddress>, Option<NodeIndex>> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<(usize, usize), usize> = HashMap::new();
    for resource in &involved {
        let declared = planned.blocks.needs.get(resource).cloned();
        let declared = declared.unwrap_or_default();
        let gate = *gates.entry(declared.as_ptr()).or_insert_with(|| {
            let needs = changed_needs(planned, &declared, &build.resources);
            build.gate(&needs)
        });
        build.needs(resource, gate);
        let recorded = recorded.get(resource).cloned().unwrap_or_default();
        let place = (declared.as_ptr().addr(), recorded.as_ptr().addr());
        let place = *places.entry(place).or_insert_with(|| {
            groups.push(Group {
                declared,
                recorded,
                members: Vec::new(),
            });
            groups.len() - 1
        });
        groups[place].members.push(resource.clone());
    }
    for group in &groups {
        build.needed(group, planned);
    }
    untangle(&mut build.graph);
    build.graph
}

/// Resources that need the same.
struct Group {
    declared: Needs,
    recorded: Needs,
    members: Vec<Arc<ResourceAddress>>,
}

/// Returns the needs that have steps; where one has none, what it needs in turn.
fn changed_needs(
    planned: &Planned<'_>,
    declared: &Needs,
    changed: &BTreeSet<Arc<ResourceAddress>>,
) -> Vec<Arc<ResourceAddress>> {
    let mut seen: HashSet<&Arc<ResourceAddress>> = HashSet::new();
    let mut found = Vec::new();
    let mut open: Vec<&Arc<ResourceAddress>> = declared.iter().collect();
    while let Some(need) = open.pop() {
        if !seen.insert(need) {
            continue;
        }
        if changed.contains(need) {
            found.push(need.clone());
        } else if let Some(further) = planned.blocks.needs.get(need) {
            open.extend(further.iter());
        }
    }
    found
}

/// Whether a resource's block needs another, directly or not.
fn still_needs(planned: &Planned<'_>, declared: &Needs, other: &Arc<ResourceAddress>) -> bool {
    let mut seen: HashSet<&Arc<ResourceAddress>> = HashSet::new();
    let mut open: Vec<&Arc<ResourceAddress>> = declared.iter().collect();
    while let Some(need) = open.pop() {
        if need == other {
            return true;
        }
        if seen.insert(need)
            && let Some(further) = planned.blocks.needs.get(need)
        {
            open.extend(further.iter());
        }
    }
    false
}

/// Returns what each resource of the state needed when it was applied last.
fn recorded_needs(planned: &Planned<'_>) -> HashMap<Arc<ResourceAddress>, Needs> {
    let mut needs: HashMap<Arc<ResourceAddress>, Needs> = HashMap::new();
    for (resource, kept) in &planned.plan.prior.resources {
        let stored = kept
            .instances
            .values()
            .flat_map(|it| it.current.iter().chain(it.deposed.values()));
        for list in stored.map(|it| &it.dependencies) {
            if list.is_empty() {
                continue;
            }
            // Instances of one resource nearly always have the same.
            let known = needs
                .entry(resource.config())
                .or_insert_with(|| list.clone());
            if !Arc::ptr_eq(known, list) && known != list {
                let all: BTreeSet<_> = known.iter().chain(list.iter()).cloned().collect();
                if all.len() != known.len() {
                    *known = all.into_iter().collect();
                }
            }
        }
    }
    needs
}

#[derive(Default)]
struct Build {
    graph: Steps,
    resources: BTreeSet<Arc<ResourceAddress>>,
    applies: HashMap<Arc<ResourceAddress>, Vec<NodeIndex>>,
    destroys: HashMap<Arc<ResourceAddress>, Vec<(NodeIndex, bool)>>,
    /// The changes in place, and the destructions that come before what is made anew.
    updates: HashMap<Arc<ResourceAddress>, Vec<NodeIndex>>,
    departures: HashMap<Arc<ResourceAddress>, Vec<NodeIndex>>,
    applied: HashMap<Arc<ResourceAddress>, NodeIndex>,
    destroyed: HashMap<Arc<ResourceAddress>, NodeIndex>,
}

impl Build {
    fn change(
        &mut self,
        at: usize,
        resource: &Arc<ResourceAddress>,
        action: Action,
        importing: bool,
    ) {
        let apply = |this: &mut Self| {
            let node = this.graph.add_node(Step::Apply(at));
            this.applies.entry(resource.clone()).or_default().push(node);
            node
        };
        // `before_create`: the object makes room for its successor.
        let destroy = |this: &mut Self, before_create: bool| {
            let node = this.graph.add_node(Step::Destroy(at));
            this.destroys
                .entry(resource.clone())
                .or_default()
                .push((node, before_create));
            node
        };
        match action {
            Action::NoOp if !importing => return,
            Action::NoOp | Action::Read | Action::Create => {
                apply(self);
            }
            Action::Update => {
                let node = apply(self);
                self.updates.entry(resource.clone()).or_default().push(node);
            }
            Action::Delete | Action::Forget => {
                let node = destroy(self, false);
                self.departures
                    .entry(resource.clone())
                    .or_default()
                    .push(node);
            }
            Action::DeleteCreate => {
                let (first, then) = (destroy(self, true), apply(self));
                self.departures
                    .entry(resource.clone())
                    .or_default()
                    .push(first);
                self.graph.add_edge(first, then, Bond::Made);
            }
            Action::CreateDelete => {
                let (first, then) = (apply(self), destroy(self, false));
                self.graph.add_edge(first, then, Bond::Made);
            }
        }
        self.resources.insert(resource.clone());
    }

    fn join(
        graph: &mut Steps,
        joins: &mut HashMap<Arc<ResourceAddress>, NodeIndex>,
        members: impl Iterator<Item = NodeIndex>,
        resource: &Arc<ResourceAddress>,
        step: Step,
    ) -> NodeIndex {
        *joins.entry(resource.clone()).or_insert_with(|| {
            let node = graph.add_node(step);
            for member in members {
                graph.add_edge(member, node, Bond::Made);
            }
            node
        })
    }

    fn applied(&mut self, resource: &Arc<ResourceAddress>) -> NodeIndex {
        let members = self.applies.get(resource).into_iter().flatten().copied();
        let step = Step::Applied(resource.clone());
        Self::join(&mut self.graph, &mut self.applied, members, resource, step)
    }

    fn destroyed(&mut self, resource: &Arc<ResourceAddress>) -> NodeIndex {
        let members = self.destroys.get(resource).into_iter().flatten();
        let members = members.map(|(node, _)| *node);
        let step = Step::Destroyed(resource.clone());
        Self::join(
            &mut self.graph,
            &mut self.destroyed,
            members,
            resource,
            step,
        )
    }

    /// Returns the node behind which everything of these resources is applied.
    fn gate(&mut self, needs: &[Arc<ResourceAddress>]) -> Option<NodeIndex> {
        let mut before = Vec::new();
        for need in needs {
            if self.applies.contains_key(need) {
                before.push(self.applied(need));
            }
        }
        match before.as_slice() {
            [] => None,
            [one] => Some(*one),
            all => {
                let gate = self.graph.add_node(Step::Between);
                for node in all {
                    self.graph.add_edge(*node, gate, Bond::Made);
                }
                Some(gate)
            }
        }
    }

    /// `resource` is applied after what is before the gate.
    fn needs(&mut self, resource: &Arc<ResourceAddress>, gate: Option<NodeIndex>) {
        let Some(gate) = gate else { return };
        for node in self.applies.get(resource).into_iter().flatten() {
            self.graph.add_edge(gate, *node, Bond::Made);
        }
    }

    /// What the members needed is destroyed after they are destroyed, or no longer use it; unless they still need it,
    /// and wait for what comes in its place. What they needed and is changed in place waits for those that go.
    fn needed(&mut self, group: &Group, planned: &Planned<'_>) {
        let needs: BTreeSet<_> = group.recorded.iter().chain(group.declared.iter()).collect();
        let doomed: Vec<(&Arc<ResourceAddress>, NodeIndex, bool)> = needs
            .iter()
            .filter_map(|need| Some((*need, self.destroys.get(*need)?)))
            .flat_map(|(need, all)| all.iter().map(move |(node, first)| (need, *node, *first)))
            .collect();
        let changed = needs.iter().filter_map(|need| self.updates.get(*need));
        let changed: Vec<NodeIndex> = changed.flatten().copied().collect();
        if doomed.is_empty() && changed.is_empty() {
            return;
        }
        let (alone, members): (Vec<_>, Vec<_>) =
            group.members.iter().partition(|it| needs.contains(it));
        let mut gone = Vec::new();
        let mut freed = Vec::new();
        let mut departing = Vec::new();
        for member in members {
            departing.extend(self.departures.get(member).into_iter().flatten());
            if self.destroys.contains_key(member) {
                gone.push(self.destroyed(member));
            }
            if self.applies.contains_key(member) {
                let join = self.applied(member);
                freed.push(join);
                if !self.destroys.contains_key(member) {
                    self.leave(join, &doomed, &group.declared, planned);
                }
            }
        }
        let recorded: HashSet<_> = group.recorded.iter().collect();
        let (surely, likely): (Vec<_>, Vec<_>) = doomed
            .iter()
            .partition(|(need, ..)| recorded.contains(need));
        for (doomed, bond) in [(surely, Bond::Recorded), (likely, Bond::Declared)] {
            let doomed = doomed.iter().map(|(_, node, _)| *node).collect::<Vec<_>>();
            self.between(&gone, &doomed, bond);
        }
        let later = doomed.iter().filter(|(.., before_create)| !before_create);
        let later = later.map(|(_, node, _)| *node).collect::<Vec<_>>();
        self.between(&freed, &later, Bond::Left);
        self.between(&departing, &changed, Bond::Emptied);
        for member in alone {
            let others = |needs: &Needs| {
                let others = needs.iter().filter(|it| *it != member);
                others.cloned().collect::<Needs>()
            };
            let one = Group {
                declared: others(&group.declared),
                recorded: others(&group.recorded),
                members: vec![member.clone()],
            };
            self.needed(&one, planned);
        }
    }

    /// What makes room for its successor and is not needed any more waits until it is left.
    fn leave(
        &mut self,
        join: NodeIndex,
        doomed: &[(&Arc<ResourceAddress>, NodeIndex, bool)],
        declared: &Needs,
        planned: &Planned<'_>,
    ) {
        for (need, node, before_create) in doomed {
            if *before_create && !still_needs(planned, declared, need) {
                self.graph.add_edge(join, *node, Bond::Left);
            }
        }
    }

    /// Adds edges from all of these to all of those.
    fn between(&mut self, these: &[NodeIndex], those: &[NodeIndex], bond: Bond) {
        if these.len() < 2 || those.len() < 2 {
            for this in these {
                for that in those {
                    self.graph.add_edge(*this, *that, bond);
                }
            }
            return;
        }
        let between = self.graph.add_node(Step::Between);
        for this in these {
            self.graph.add_edge(*this, between, bond);
        }
        for that in those {
            self.graph.add_edge(between, *that, bond);
        }
    }
}
