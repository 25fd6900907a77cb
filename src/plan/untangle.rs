//! Steps that wait for each other in a circle: what is only meant to be kind gives way to what must be.
//!
//! A network is replaced, one of its switches has no index any more, and an instance is in another: the switch would go
//! after the instance has left it, and has to go before the network that the instance's successor is in. What is made
//! waits for what it needs and nothing else, and no block needs itself: so when the rest gives way there is no circle.

use std::collections::{HashMap, HashSet};

use petgraph::{
    algo::{kosaraju_scc, toposort},
    graph::NodeIndex,
};

use super::steps::{Bond, Steps};

/// Takes edges out until there is no circle, of the loosest bond first, and no more than are in the way.
pub fn untangle(graph: &mut Steps) {
    for bond in [Bond::Left, Bond::Emptied, Bond::Declared, Bond::Recorded] {
        if toposort(&*graph, None).is_ok() {
            return;
        }
        loosen(graph, bond);
    }
}

/// Takes those of a bond out that are on circles.
fn loosen(graph: &mut Steps, bond: Bond) {
    let circles = kosaraju_scc(&*graph).into_iter().enumerate();
    let places: HashMap<NodeIndex, usize> = circles
        .filter(|(_, circle)| circle.len() > 1)
        .flat_map(|(at, circle)| circle.into_iter().map(move |node| (node, at)))
        .collect();
    let mut taken = Vec::new();
    for edge in graph.edge_indices() {
        let ends = graph
            .edge_endpoints(edge)
            .expect("it is an edge of this graph");
        let place = places.get(&ends.0);
        if graph[edge] == bond && place.is_some() && place == places.get(&ends.1) {
            taken.push(ends);
        }
    }
    let out: HashSet<_> = taken.iter().copied().collect();
    graph.retain_edges(|graph, edge| {
        graph[edge] != bond
            || !graph
                .edge_endpoints(edge)
                .is_some_and(|it| out.contains(&it))
    });
    for (from, to) in taken {
        if !leads(graph, &places, to, from) {
            graph.add_edge(from, to, bond);
        }
    }
}

/// Whether one step has to be before another of the same circle.
fn leads(
    graph: &Steps,
    places: &HashMap<NodeIndex, usize>,
    from: NodeIndex,
    to: NodeIndex,
) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(node) = open.pop() {
        if node == to {
            return true;
        }
        if seen.insert(node) {
            let next = graph.neighbors(node);
            open.extend(next.filter(|it| places.get(it) == places.get(&to)));
        }
    }
    false
}
