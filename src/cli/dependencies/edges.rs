//! Nodes and edges, and which edges follow from others.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::{algo::tarjan_scc, graph::DiGraph};

/// Nodes and the nodes that each depends on.
#[derive(Debug, Default)]
pub(super) struct Edges(pub(super) BTreeMap<String, BTreeSet<String>>);

impl Edges {
    pub(super) fn node(&mut self, name: &str) {
        self.0.entry(name.to_owned()).or_default();
    }

    pub(super) fn edge(&mut self, from: &str, to: &str) {
        self.node(to);
        self.0
            .entry(from.to_owned())
            .or_default()
            .insert(to.to_owned());
    }

    /// Returns the edges that do not follow from others; all of them if there are cycles.
    pub(super) fn reduced(&self) -> Vec<(&str, &str)> {
        if !self.cyclic().is_empty() {
            return self.all().collect();
        }
        let mut all = BTreeMap::new();
        for node in self.0.keys() {
            self.below(node, &mut all);
        }
        let mut edges = Vec::new();
        for (from, tos) in &self.0 {
            let follows = |to: &String| {
                tos.iter()
                    .any(|other| all.get(&**other).is_some_and(|below| below.contains(&**to)))
            };
            edges.extend(
                tos.iter()
                    .filter(|to| !follows(to))
                    .map(|to| (&**from, &**to)),
            );
        }
        edges
    }

    fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|(from, tos)| tos.iter().map(move |to| (&**from, &**to)))
    }

    /// Returns the edges that are on a cycle.
    pub(super) fn cyclic(&self) -> BTreeSet<(&str, &str)> {
        let mut graph = DiGraph::<&str, ()>::new();
        let names = self.0.keys().map(String::as_str);
        let nodes: BTreeMap<&str, _> = names.map(|name| (name, graph.add_node(name))).collect();
        for (from, to) in self.all() {
            graph.add_edge(nodes[from], nodes[to], ());
        }
        let mut circles = BTreeMap::new();
        for (at, component) in tarjan_scc(&graph).into_iter().enumerate() {
            circles.extend(component.into_iter().map(|node| (graph[node], at)));
        }
        let inside = |(from, to): &(&str, &str)| circles[from] == circles[to];
        self.all().filter(inside).collect()
    }

    /// Finds everything that a node depends on, however far. There are no cycles.
    fn below<'a>(&'a self, node: &str, all: &mut BTreeMap<&'a str, BTreeSet<&'a str>>) {
        let mut stack = vec![(node, false)];
        while let Some((node, done)) = stack.pop() {
            let Some((node, tos)) = self.0.get_key_value(node) else {
                continue;
            };
            if done {
                let mut below: BTreeSet<&str> = tos.iter().map(String::as_str).collect();
                for to in tos {
                    below.extend(all.get(&**to).into_iter().flatten().copied());
                }
                all.insert(node, below);
            } else if !all.contains_key(&**node) {
                stack.push((node, true));
                stack.extend(tos.iter().map(|to| (&**to, false)));
            }
        }
    }
}

impl Edges {
    /// Makes what nothing depends on the needs of one node.
    pub(super) fn root(&mut self, root: &str) {
        let needed: BTreeSet<&String> = self.0.values().flatten().collect();
        let tops = self.0.keys().filter(|name| !needed.contains(name));
        let tops: Vec<String> = tops.cloned().collect();
        for top in tops {
            self.edge(root, &top);
        }
    }
}
