//! The graphs that `prov graph` draws: what depends on what, without what follows from the rest.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    sync::Arc,
};

use crate::{
    eval,
    manifest::ast::{Module, Provider, Reference, Target},
    model::ModulePath,
    plan::{
        graph::{self, Blocks},
        providers::{ALICLOUD, is_within},
    },
};

use super::session::REGISTRY;

/// Nodes and the nodes that each depends on.
#[derive(Debug, Default)]
struct Edges(BTreeMap<String, BTreeSet<String>>);

impl Edges {
    fn node(&mut self, name: &str) {
        self.0.entry(name.to_owned()).or_default();
    }

    fn edge(&mut self, from: &str, to: &str) {
        self.node(to);
        self.0
            .entry(from.to_owned())
            .or_default()
            .insert(to.to_owned());
    }

    /// Returns the edges that do not follow from others.
    fn reduced(&self) -> Vec<(&str, &str)> {
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

/// The graph of the resources.
#[derive(Debug)]
pub struct Resources(Edges);

/// Returns what resources depend on, through whatever lies between them.
pub fn of_resources(blocks: &Blocks) -> Resources {
    let mut edges = Edges::default();
    for address in blocks.resources() {
        edges.node(&address.to_string());
        for need in blocks.needs.get(address).into_iter().flat_map(|it| &**it) {
            edges.edge(&address.to_string(), &need.to_string());
        }
    }
    Resources(edges)
}

impl Resources {
    /// Returns it as Terraform writes it.
    pub fn dot(&self) -> String {
        let mut text = String::from(
            "digraph G {\n  rankdir = \"RL\";\n  node [shape = rect, fontname = \"sans-serif\"];\n",
        );
        for name in self.0.0.keys() {
            let name = quoted(name);
            let _ = writeln!(text, "  {name} [label={name}];");
        }
        for (from, to) in self.0.reduced() {
            let _ = writeln!(text, "  {} -> {};", quoted(from), quoted(to));
        }
        if self.0.0.is_empty() {
            text += "  /* The manifests have no resources. */\n";
        }
        text + "}\n"
    }

    /// Returns it for Mermaid, whose nodes need names without dots.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart RL\n");
        let mut numbers = BTreeMap::new();
        for (number, name) in self.0.0.keys().enumerate() {
            numbers.insert(&**name, number);
            let _ = writeln!(text, "  n{number}[\"{name}\"]");
        }
        for (from, to) in self.0.reduced() {
            let _ = writeln!(text, "  n{} --> n{}", numbers[from], numbers[to]);
        }
        text
    }
}

/// The graph of all blocks, with the nodes that Terraform has for them.
#[derive(Debug, Default)]
pub struct Everything {
    edges: Edges,
    /// What is drawn: the node, its label and its shape.
    drawn: BTreeMap<String, (String, &'static str)>,
}

/// Returns what all blocks depend on.
pub fn of_everything(module: &Module) -> Everything {
    let mut graph = Everything::default();
    for (name, variable) in &module.variables {
        let plain = format!("var.{name}");
        graph.draw(&plain, &plain, "note");
        if !variable.validations.is_empty() {
            let checked = node(module, &Target::Variable(name.clone()));
            graph.edges.edge(&checked, &plain);
            let mut found = Vec::new();
            for validation in &variable.validations {
                eval::references(&validation.condition, &mut found);
                eval::references(&validation.error_message, &mut found);
            }
            found.retain(|reference| reference.target != Target::Variable(name.clone()));
            graph.needs(module, &checked, &found);
        }
    }
    for (target, references) in graph::all_references(module) {
        let from = node(module, &target);
        graph.edges.node(&from);
        graph.needs(module, &from, &references);
    }
    for (address, resource) in &module.resources {
        let address = address.to_string();
        let from = format!("{address} (expand)");
        graph.draw(&from, &address, "box");
        let kind = REGISTRY.find(resource.address.mode, &resource.address.kind);
        let provider = kind.map_or_else(
            || ALICLOUD.into(),
            |kind| {
                crate::plan::providers::provider_of(module, kind, &ModulePath::default(), resource)
                    .0
            },
        );
        graph.draw(&provider, &provider, "diamond");
        graph.edges.edge(&from, &provider);
        let close = format!("{provider} (close)");
        graph.edges.edge(&close, &from);
        graph.edges.edge(&close, &provider);
        if !is_within(&provider) {
            graph.configured(module, &provider);
        }
    }
    for (name, check) in &module.checks {
        let from = format!("check.{name} (expand)");
        let mut found = Vec::new();
        for assert in &check.asserts {
            eval::references(&assert.condition, &mut found);
            eval::references(&assert.error_message, &mut found);
        }
        graph.edges.edge(&from, &format!("check.{name} (report)"));
        graph.needs(module, &from, &found);
    }
    let needed: BTreeSet<String> = graph.edges.0.values().flatten().cloned().collect();
    let tops: Vec<String> = graph
        .edges
        .0
        .keys()
        .filter(|name| !needed.contains(*name))
        .cloned()
        .collect();
    for top in tops {
        graph.edges.edge("root", &top);
    }
    graph
}

/// Returns the node that stands for what a reference names.
fn node(module: &Module, target: &Target) -> String {
    match target {
        Target::Variable(name) => {
            let checked = module
                .variables
                .get(name)
                .is_some_and(|it| !it.validations.is_empty());
            let suffix = if checked { " (validation)" } else { "" };
            format!("var.{name}{suffix}")
        }
        Target::Local(name) => format!("local.{name} (expand)"),
        Target::Output(name) => format!("output.{name} (expand)"),
        Target::Module(name) => format!("module.{name} (expand)"),
        Target::ModuleOutput(name, output) => format!("module.{name}.output.{output} (expand)"),
        Target::Resource(address) => format!("{address} (expand)"),
    }
}

impl Everything {
    fn draw(&mut self, name: &str, label: &str, shape: &'static str) {
        self.edges.node(name);
        self.drawn
            .insert(name.to_owned(), (label.to_owned(), shape));
    }

    fn needs(&mut self, module: &Module, from: &str, references: &[Reference]) {
        for reference in references {
            let to = node(module, &reference.target);
            if to != from {
                self.edges.edge(from, &to);
            }
        }
    }

    /// A provider depends on what its block names.
    fn configured(&mut self, module: &Module, provider: &Arc<str>) {
        let block: Option<&Provider> = crate::plan::providers::block_of(module, provider);
        let mut found = Vec::new();
        if let Some(block) = block {
            eval::body_references(&block.body, &mut found);
        }
        self.needs(module, provider, &found);
    }

    /// Returns it as Terraform writes it.
    pub fn dot(&self) -> String {
        let mut text = String::from(
            "digraph {\n\tcompound = \"true\"\n\tnewrank = \"true\"\n\tsubgraph \"root\" {\n",
        );
        let rooted = |name: &str| quoted(&format!("[root] {name}"));
        for (name, (label, shape)) in &self.drawn {
            let (name, label) = (rooted(name), quoted(label));
            let _ = writeln!(text, "\t\t{name} [label = {label}, shape = \"{shape}\"]");
        }
        let mut lines: Vec<String> = self
            .edges
            .reduced()
            .into_iter()
            .map(|(from, to)| format!("\t\t{} -> {}\n", rooted(from), rooted(to)))
            .collect();
        lines.sort();
        text.extend(lines);
        text + "\t}\n}\n"
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
