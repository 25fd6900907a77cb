//! `moved` blocks: objects of the state take the addresses that the configuration gives them now.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use petgraph::{algo::toposort, graph::DiGraph};

use super::targets::Chosen;
use crate::{
    manifest::ast::{Module, Moved},
    model::{
        Address, Diagnostic, Diagnostics, Key, ResourceAddress, Span,
        plan::{Action, Change},
        state::State,
    },
    provider::registry::Registry,
};

/// Where objects are now, and where they were.
pub(super) type Previous = HashMap<Address, Address>;

/// Whether a block is about whole resources, and not about one instance of each.
fn is_whole(moved: &Moved) -> bool {
    moved.from.key == Key::None && moved.to.key == Key::None
}

/// Renames what has moved, in the order that chains of blocks ask for.
pub(super) fn apply(
    state: &mut State,
    module: &Module,
    registry: &Registry,
    diags: &mut Diagnostics,
) -> Previous {
    let mut previous = Previous::new();
    let mut occupied = Vec::new();
    if wrong(module, registry, diags) {
        return previous;
    }
    let Some(order) = ordered(&module.moved, diags) else {
        return previous;
    };
    for moved in order {
        for (from, to) in pairs(state, moved) {
            let taken = state.resources.get(&to.resource);
            if taken.is_some_and(|kept| kept.instances.contains_key(&to.key)) {
                occupied.push(format!("{from} could not move to {to}"));
                continue;
            }
            state.rename(&from, &to);
            let first = previous.remove(&from).unwrap_or(from);
            previous.insert(to, first);
        }
    }
    previous.retain(|to, from| to != from);
    redirect(state, &previous);
    if !occupied.is_empty() {
        diags.push(
            Diagnostic::warning(
                "Unresolved resource instance address changes",
                format!(
                    "The state has another object at the address already: {}.",
                    occupied.join("; ")
                ),
            )
            .hint("What could not move is planned to be destroyed. Use `prov state mv` or `prov state rm` first if it should not be."),
        );
    }
    previous
}

/// Returns the instances that a block moves, as the state is now.
fn pairs(state: &State, moved: &Moved) -> Vec<(Address, Address)> {
    let Some(kept) = state.resources.get(&moved.from.resource) else {
        return Vec::new();
    };
    if !is_whole(moved) {
        let there = kept.instances.contains_key(&moved.from.key);
        let pair = (moved.from.clone(), moved.to.clone());
        return if there { vec![pair] } else { Vec::new() };
    }
    let at = |resource: &Arc<ResourceAddress>, key: &Key| Address {
        resource: resource.clone(),
        key: key.clone(),
    };
    kept.instances
        .keys()
        .map(|key| (at(&moved.from.resource, key), at(&moved.to.resource, key)))
        .collect()
}

/// Lets what was recorded to need a resource need it under its new address.
fn redirect(state: &mut State, previous: &Previous) {
    let mut renamed: HashMap<Arc<ResourceAddress>, BTreeSet<Arc<ResourceAddress>>> = HashMap::new();
    for (to, from) in previous
        .iter()
        .filter(|(to, from)| to.resource != from.resource)
    {
        let places = renamed.entry(from.resource.clone()).or_default();
        places.insert(to.resource.clone());
        if state.resources.contains_key(&from.resource) {
            places.insert(from.resource.clone());
        }
    }
    if renamed.is_empty() {
        return;
    }
    for kept in state.resources.values_mut() {
        for instance in kept.instances.values_mut() {
            let all = instance
                .current
                .iter_mut()
                .chain(instance.deposed.values_mut());
            for stored in all {
                let needs = &stored.dependencies;
                if needs.iter().any(|need| renamed.contains_key(need)) {
                    let mut now = BTreeSet::new();
                    for need in needs.iter() {
                        match renamed.get(need) {
                            Some(places) => now.extend(places.iter().cloned()),
                            None => drop(now.insert(need.clone())),
                        }
                    }
                    stored.dependencies = now.into_iter().collect();
                }
            }
        }
    }
}

/// Reports blocks that contradict the configuration, each other or themselves.
fn wrong(module: &Module, registry: &Registry, diags: &mut Diagnostics) -> bool {
    let mut found = false;
    let mut told = |diagnostic: Diagnostic| {
        found = true;
        diags.push(diagnostic);
    };
    let mut by_from: HashMap<&Address, &Moved> = HashMap::new();
    let mut by_to: HashMap<&Address, &Moved> = HashMap::new();
    for moved in &module.moved {
        let Moved { from, to, span } = moved;
        if from == to {
            let text = format!("{from} is said to have moved to where it was.");
            told(
                Diagnostic::error("Redundant move statement", text)
                    .at(*span)
                    .hint("Remove the block."),
            );
            continue;
        }
        if let Some(diagnostic) = between_types(moved, registry) {
            told(diagnostic);
        }
        if is_whole(moved)
            && let Some(block) = module.resources.get(&from.resource)
        {
            told(still_exists(from, to, *span, block.span));
        }
        if let Some(other) = by_from.insert(from, moved).filter(|other| other.to != *to) {
            let text = format!("{from} is said to have moved to {} and to {to}.", other.to);
            told(ambiguous(text, *span, other.span));
        }
        if let Some(other) = by_to.insert(to, moved).filter(|other| other.from != *from) {
            let text = format!(
                "Both {} and {from} are said to have moved to {to}.",
                other.from
            );
            told(ambiguous(text, *span, other.span));
        }
    }
    found
}

fn ambiguous(detail: String, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("Ambiguous move statements", detail)
        .at(span)
        .label(first, "the other block")
        .hint("An object moves from one address to one other: remove one of the blocks.")
}

fn still_exists(from: &Address, to: &Address, span: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        "Moved object still exists",
        format!("{from} is said to have moved to {to}, and is still declared."),
    )
    .at(span)
    .label(declared, "declared here")
    .hint(format!("Declare it as {to}, or remove the moved block."))
}

/// An object stays of its type; the names of one type are as good as each other.
fn between_types(moved: &Moved, registry: &Registry) -> Option<Diagnostic> {
    let (from, to) = (&moved.from.resource, &moved.to.resource);
    let canonical = |resource: &ResourceAddress| {
        let kind = registry.find(resource.mode, &resource.kind);
        kind.map_or_else(
            || resource.kind.to_string(),
            |kind| kind.ty.canonical().to_owned(),
        )
    };
    if from.mode == to.mode && canonical(from) == canonical(to) {
        return None;
    }
    let text = format!("{from} and {to} are of two types, and an object does not change its type.");
    Some(
        Diagnostic::error("Resource type mismatch", text)
            .at(moved.span)
            .hint("Remove the block: the one is destroyed and the other created."),
    )
}

/// Returns the blocks so that one which moves what another has moved comes after it.
fn ordered<'m>(all: &'m [Moved], diags: &mut Diagnostics) -> Option<Vec<&'m Moved>> {
    let mut graph = DiGraph::<&Moved, ()>::new();
    let mut leaving: HashMap<&ResourceAddress, Vec<_>> = HashMap::new();
    for moved in all {
        let node = graph.add_node(moved);
        leaving.entry(&moved.from.resource).or_default().push(node);
    }
    for node in graph.node_indices() {
        let before = graph[node];
        for next in leaving.get(&*before.to.resource).into_iter().flatten() {
            let after = graph[*next];
            if is_whole(before) || is_whole(after) || before.to.key == after.from.key {
                graph.add_edge(node, *next, ());
            }
        }
    }
    match toposort(&graph, None) {
        Ok(order) => Some(order.into_iter().map(|node| graph[node]).collect()),
        Err(cycle) => {
            let moved = graph[cycle.node_id()];
            diags.push(
                Diagnostic::error(
                    "Cyclic dependency in move statements",
                    format!(
                        "{} moves to {}, and other blocks lead from there back to it.",
                        moved.from, moved.to
                    ),
                )
                .at(moved.span)
                .hint("Each object ends at one address: remove one of the blocks."),
            );
            None
        }
    }
}

/// Reports what has moved and is still wanted where it was: its key is still one of the block's.
pub(super) fn check(module: &Module, changes: &[Change], diags: &mut Diagnostics) {
    for moved in &module.moved {
        let still = changes.iter().any(|change| {
            change.address == moved.from
                && change.deposed.is_none()
                && !matches!(change.action, Action::Delete | Action::Forget)
        });
        if let (true, Some(block)) = (still, module.resources.get(&moved.from.resource)) {
            diags.push(still_exists(&moved.from, &moved.to, moved.span, block.span));
        }
    }
}

/// Reports what has moved and is not chosen by `-target`: the state would hold it nowhere.
pub(super) fn excluded(previous: &Previous, chosen: &Chosen, diags: &mut Diagnostics) {
    let left: BTreeSet<String> = previous
        .keys()
        .filter(|to| !chosen.instance(to))
        .map(|to| format!("-target={}", to.resource))
        .collect();
    if !left.is_empty() {
        let left: Vec<String> = left.into_iter().collect();
        diags.push(
            Diagnostic::error(
                "Moved resource instances excluded by targeting",
                "Objects have moved to other addresses, and -target leaves them out.",
            )
            .hint(format!("Leave -target away, or add {}.", left.join(" "))),
        );
    }
}
