//! Changes to a DAG of steps, with Terraform's rules for the order of creating and destroying.
//!
//! Between two resources stands one join per direction instead of an edge per pair of instances, so
//! that the graph grows with the number of instances and not with its square.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use petgraph::{
    algo::toposort,
    graph::{DiGraph, NodeIndex},
};

use super::build::Planned;
use crate::model::{Diagnostic, ResourceAddress, plan::Action};

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
}

/// Builds the graph; an edge goes from what comes first.
pub fn steps(planned: &Planned<'_>) -> Result<DiGraph<Step, ()>, Box<Diagnostic>> {
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
    let mut path = HashSet::new();
    for resource in &involved {
        let declared = planned
            .blocks
            .needs
            .get(resource)
            .map(|needs| needs.to_vec())
            .unwrap_or_default();
        for need in changed_needs(planned, &declared, &build.resources, &mut path) {
            build.needs(resource, &need);
        }
        let before = recorded.get(resource).cloned().unwrap_or_default();
        let still = planned.blocks.with_needs([resource.clone()]);
        for need in before.iter().chain(&declared).collect::<BTreeSet<_>>() {
            build.needed(resource, need, still.contains(need));
        }
    }
    match toposort(&build.graph, None) {
        Ok(_) => Ok(build.graph),
        Err(cycle) => Err(Box::new(
            Diagnostic::error(
                "Cycle",
                format!(
                    "The changes of this plan need each other: {:?}.",
                    build.graph[cycle.node_id()]
                ),
            )
            .hint("Apply in two runs, with -target for the first."),
        )),
    }
}

/// Returns the needs that have steps; where one has none, what it needs in turn.
fn changed_needs(
    planned: &Planned<'_>,
    declared: &[Arc<ResourceAddress>],
    changed: &BTreeSet<Arc<ResourceAddress>>,
    seen: &mut HashSet<Arc<ResourceAddress>>,
) -> Vec<Arc<ResourceAddress>> {
    seen.clear();
    let mut found = Vec::new();
    let mut open: Vec<Arc<ResourceAddress>> = declared.to_vec();
    while let Some(need) = open.pop() {
        if !seen.insert(need.clone()) {
            continue;
        }
        if changed.contains(&need) {
            found.push(need);
        } else if let Some(further) = planned.blocks.needs.get(&need) {
            open.extend(further.iter().cloned());
        }
    }
    found
}

/// Returns what each resource of the state needed when it was applied last.
fn recorded_needs(
    planned: &Planned<'_>,
) -> HashMap<Arc<ResourceAddress>, Vec<Arc<ResourceAddress>>> {
    let mut needs: HashMap<Arc<ResourceAddress>, Vec<Arc<ResourceAddress>>> = HashMap::new();
    for (resource, kept) in &planned.plan.prior.resources {
        let mut all = BTreeSet::new();
        let mut last: Option<&Arc<[Arc<ResourceAddress>]>> = None;
        for instance in kept.instances.values() {
            for stored in instance.current.iter().chain(instance.deposed.values()) {
                // Instances of one resource nearly always share their list.
                if last.is_none_or(|last| **last != *stored.dependencies) {
                    all.extend(stored.dependencies.iter().cloned());
                    last = Some(&stored.dependencies);
                }
            }
        }
        if !all.is_empty() {
            needs.entry(resource.config()).or_default().extend(all);
        }
    }
    needs
}

#[derive(Default)]
struct Build {
    graph: DiGraph<Step, ()>,
    resources: BTreeSet<Arc<ResourceAddress>>,
    applies: HashMap<Arc<ResourceAddress>, Vec<NodeIndex>>,
    destroys: HashMap<Arc<ResourceAddress>, Vec<(NodeIndex, bool)>>,
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
            Action::NoOp | Action::Read | Action::Create | Action::Update => {
                apply(self);
            }
            Action::Delete | Action::Forget => {
                destroy(self, false);
            }
            Action::DeleteCreate => {
                let (first, then) = (destroy(self, true), apply(self));
                self.graph.add_edge(first, then, ());
            }
            Action::CreateDelete => {
                let (first, then) = (apply(self), destroy(self, false));
                self.graph.add_edge(first, then, ());
            }
        }
        self.resources.insert(resource.clone());
    }

    fn join(
        graph: &mut DiGraph<Step, ()>,
        joins: &mut HashMap<Arc<ResourceAddress>, NodeIndex>,
        members: impl Iterator<Item = NodeIndex>,
        resource: &Arc<ResourceAddress>,
        step: Step,
    ) -> NodeIndex {
        *joins.entry(resource.clone()).or_insert_with(|| {
            let node = graph.add_node(step);
            for member in members {
                graph.add_edge(member, node, ());
            }
            node
        })
    }

    fn applied(&mut self, resource: &Arc<ResourceAddress>) -> NodeIndex {
        let members = self.applies.get(resource).cloned().unwrap_or_default();
        let step = Step::Applied(resource.clone());
        Self::join(
            &mut self.graph,
            &mut self.applied,
            members.into_iter(),
            resource,
            step,
        )
    }

    fn destroyed(&mut self, resource: &Arc<ResourceAddress>) -> NodeIndex {
        let members = self.destroys.get(resource).cloned().unwrap_or_default();
        let members = members.into_iter().map(|(node, _)| node);
        let step = Step::Destroyed(resource.clone());
        Self::join(
            &mut self.graph,
            &mut self.destroyed,
            members,
            resource,
            step,
        )
    }

    /// `resource` is applied after what it needs.
    fn needs(&mut self, resource: &Arc<ResourceAddress>, need: &Arc<ResourceAddress>) {
        if !self.applies.contains_key(need) {
            return;
        }
        let join = self.applied(need);
        for node in self.applies.get(resource).cloned().unwrap_or_default() {
            self.graph.add_edge(join, node, ());
        }
    }

    /// What `resource` needed is destroyed after `resource` is destroyed, or no longer uses it; unless it `still`
    /// needs it, and waits for what comes in its place.
    fn needed(
        &mut self,
        resource: &Arc<ResourceAddress>,
        need: &Arc<ResourceAddress>,
        still: bool,
    ) {
        let Some(doomed) = self.destroys.get(need).cloned() else {
            return;
        };
        if resource == need {
            return;
        }
        if self.destroys.contains_key(resource) {
            let join = self.destroyed(resource);
            for (node, _) in &doomed {
                self.graph.add_edge(join, *node, ());
            }
        }
        if self.applies.contains_key(resource) {
            let join = self.applied(resource);
            let leaves = !still && !self.destroys.contains_key(resource);
            let frees = |(_, before_create): &&(NodeIndex, bool)| !before_create || leaves;
            for (node, _) in doomed.iter().filter(frees) {
                self.graph.add_edge(join, *node, ());
            }
        }
    }
}
