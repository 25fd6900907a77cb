//! What has to be destroyed before what.

use std::{collections::BTreeSet, fmt::Write};

use super::{Drawing, Edges, Graph, draw, everything::rooted, quoted};
use crate::{
    manifest::ast::Module,
    model::{Mode, ResourceAddress, state::State},
};

/// The graph of a plan that destroys everything.
#[derive(Debug, Default)]
pub struct Destroy {
    edges: Edges,
    /// What is drawn: the node, its label and its shape, once for each object.
    drawn: Vec<(String, String, &'static str)>,
}

/// Returns in which order what the state knows is destroyed.
pub fn of_destroy(module: &Module, state: &State) -> Destroy {
    let mut graph = Destroy::default();
    let mut providers = BTreeSet::new();
    let managed = state.resources.iter();
    let managed = managed.filter(|(address, _)| address.mode == Mode::Managed);
    let known: BTreeSet<_> = state
        .resources
        .keys()
        .map(ResourceAddress::config)
        .collect();
    for (address, resource) in managed {
        let label = address.config().to_string();
        let node = format!("{label} (destroy)");
        let objects = resource
            .instances
            .values()
            .filter_map(|it| it.current.as_ref());
        for object in objects {
            graph.drawn.push((node.clone(), label.clone(), "box"));
            graph.edges.edge(&node, &resource.provider);
            let close = format!("{} (close)", resource.provider);
            graph.edges.edge(&close, &node);
            providers.insert(resource.provider.to_string());
            for need in &*object.dependencies {
                let first = format!("{} (destroy)", need.config());
                if need.mode == Mode::Managed && known.contains(&need.config()) && first != node {
                    graph.edges.edge(&first, &node);
                }
            }
        }
    }
    graph.drawn.extend(
        providers
            .into_iter()
            .map(|name| (name.clone(), name, "diamond")),
    );
    graph.drawn.sort();
    for name in module.outputs.keys() {
        graph.edges.node(&format!("output.{name} (expand)"));
    }
    graph.edges.root("root");
    graph
}

impl Graph for Destroy {
    fn dot(&self) -> String {
        let mut text = String::from(super::everything::START);
        for (name, label, shape) in &self.drawn {
            let (name, label) = (rooted(name), quoted(label));
            let _ = writeln!(text, "\t\t{name} [label = {label}, shape = \"{shape}\"]");
        }
        text + &super::everything::lines(&self.edges, false) + "\t}\n}\n"
    }

    fn drawing(&self) -> Drawing {
        draw::of_edges(&self.edges)
    }
}
