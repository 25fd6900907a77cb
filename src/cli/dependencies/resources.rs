//! What resources depend on, through whatever lies between them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    sync::Arc,
};

use super::{Drawing, Edges, Graph, draw, quoted};
use crate::{
    model::{ModulePath, ResourceAddress},
    plan::graph::Blocks,
};

/// The graph of the resources.
#[derive(Debug, Default)]
pub struct Resources {
    edges: Edges,
    /// The resources of each module, those of the root first.
    modules: BTreeMap<Vec<Arc<str>>, Cluster>,
    /// The addresses by their text, and where each stands in the order of modules.
    order: BTreeMap<String, usize>,
}

/// A module and its own resources.
type Cluster = (ModulePath, BTreeSet<Arc<ResourceAddress>>);

/// Returns what resources depend on.
pub fn of_resources(blocks: &Blocks) -> Resources {
    let mut graph = Resources::default();
    for address in blocks.resources() {
        let name = address.to_string();
        graph.edges.node(&name);
        for need in blocks.needs.get(address).into_iter().flat_map(|it| &**it) {
            graph.edges.edge(&name, &need.to_string());
        }
        let path = address.module.steps().iter().map(|step| step.name.clone());
        let module = graph.modules.entry(path.collect());
        let (_, own) = module.or_insert_with(|| (address.module.clone(), BTreeSet::new()));
        own.insert(address.clone());
    }
    let names = graph.modules.values().flat_map(|(_, own)| {
        let mut names: Vec<String> = own.iter().map(ToString::to_string).collect();
        names.sort();
        names
    });
    graph.order = names.enumerate().map(|(at, name)| (name, at)).collect();
    graph
}

impl Resources {
    /// Returns the edges in the order of the modules that they start in.
    fn ordered(&self) -> Vec<(&str, &str)> {
        let mut edges = self.edges.reduced();
        edges.sort_by_key(|(from, to)| (self.order.get(*from), self.order.get(*to)));
        edges
    }

    /// Returns the modules with the names of their resources, in full and within the module.
    fn clusters(&self) -> impl Iterator<Item = (&ModulePath, Vec<(String, String)>)> {
        self.modules.values().map(|(path, own)| {
            let named = |address: &Arc<ResourceAddress>| {
                (address.to_string(), address.relative().to_string())
            };
            let mut names: Vec<_> = own.iter().map(named).collect();
            names.sort();
            (path, names)
        })
    }
}

impl Graph for Resources {
    fn dot(&self) -> String {
        let mut text = String::from(
            "digraph G {\n  rankdir = \"RL\";\n  node [shape = rect, fontname = \"sans-serif\"];\n",
        );
        for (path, names) in self.clusters() {
            let mut indent = "  ";
            if !path.is_root() {
                let name = path.to_string();
                let cluster = quoted(&format!("cluster_{name}"));
                let label = quoted(&name);
                let _ = writeln!(text, "  subgraph {cluster} {{\n    label = {label}");
                text += "    fontname = \"sans-serif\"\n";
                indent = "    ";
            }
            for (name, label) in names {
                let (name, label) = (quoted(&name), quoted(&label));
                let _ = writeln!(text, "{indent}{name} [label={label}];");
            }
            if !path.is_root() {
                text += "  }\n";
            }
        }
        for (from, to) in self.ordered() {
            let _ = writeln!(text, "  {} -> {};", quoted(from), quoted(to));
        }
        if self.modules.is_empty() {
            text += "  /* The manifests have no resources. */\n";
        }
        text + "}\n"
    }

    fn drawing(&self) -> Drawing {
        let mut drawing = Drawing::default();
        for (path, names) in self.clusters() {
            let module = (!path.is_root()).then(|| path.to_string());
            for (name, label) in names {
                drawing.nodes.push(draw::Node {
                    name,
                    label,
                    module: module.clone(),
                });
            }
        }
        let edges = self.ordered().into_iter();
        drawing.edges = edges
            .map(|(from, to)| (from.to_owned(), to.to_owned()))
            .collect();
        drawing
    }
}
