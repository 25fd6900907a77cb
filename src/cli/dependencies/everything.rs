//! What all blocks depend on, with the nodes that Terraform has for them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{Drawing, Edges, Graph, draw, quoted};
use crate::{
    cli::session::REGISTRY,
    eval,
    manifest::ast::{Module, Provider, Reference, Resource, Target, Variable},
    model::ModulePath,
    plan::{
        graph,
        providers::{self, ALICLOUD, is_within},
    },
};

/// What a graph of all blocks is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Checks are told of at the end.
    Plan,
    Apply,
}

/// The graph of all blocks.
#[derive(Debug, Default)]
pub struct Everything {
    pub(super) edges: Edges,
    /// What is drawn: the node, its label and its shape.
    pub(super) drawn: BTreeMap<String, (String, &'static str)>,
    /// Whether what is on a cycle is drawn in red.
    in_red: bool,
}

/// Returns what all blocks depend on.
pub fn of_everything(root: &Module, phase: Phase) -> Everything {
    let mut graph = Everything::default();
    for (path, module) in root.tree() {
        let place = Place {
            root,
            path: &path,
            module,
        };
        graph.variables(&place);
        for (target, references) in graph::all_references(module) {
            let from = place.node(&target);
            graph.edges.node(&from);
            graph.needs(&place, &from, &references);
        }
        for resource in module.resources.values() {
            graph.resource(&place, resource);
        }
        graph.checks(&place, phase);
    }
    for (path, module) in root.tree() {
        let place = Place {
            root,
            path: &path,
            module,
        };
        graph.calls(&place);
    }
    for (path, _) in root.tree().iter().skip(1) {
        graph.enclose(path);
    }
    graph.edges.root("root");
    graph
}

/// A module of the tree.
struct Place<'m> {
    root: &'m Module,
    path: &'m ModulePath,
    module: &'m Module,
}

impl Place<'_> {
    /// Returns a name of the module as the whole tree has it.
    fn name(&self, name: &str) -> String {
        match self.path.is_root() {
            true => name.to_owned(),
            false => format!("{}.{name}", self.path),
        }
    }

    /// Returns the node that stands for what a reference names.
    fn node(&self, target: &Target) -> String {
        let name = match target {
            Target::Variable(name) => {
                let variable = self.module.variables.get(name);
                let checked = variable.is_some_and(|it| !it.validations.is_empty());
                match checked {
                    true => format!("var.{name} (validation)"),
                    false => return self.variable(name),
                }
            }
            Target::Local(name) => format!("local.{name} (expand)"),
            Target::Output(name) => format!("output.{name} (expand)"),
            Target::Module(name) => format!("module.{name} (close)"),
            Target::ModuleOutput(name, output) => match self.module.children.get(name) {
                Some(child) if child.outputs.contains_key(output) => {
                    format!("module.{name}.output.{output} (expand)")
                }
                _ => format!("module.{name} (close)"),
            },
            Target::Resource(address) => format!("{address} (expand)"),
        };
        self.name(&name)
    }

    /// Returns the node of a variable's value, before it is checked.
    fn variable(&self, name: &str) -> String {
        match self.path.is_root() {
            true => format!("var.{name}"),
            false => self.name(&format!("var.{name} (expand)")),
        }
    }
}

impl Everything {
    pub(super) fn draw(&mut self, name: &str, label: &str, shape: &'static str) {
        self.edges.node(name);
        self.drawn
            .insert(name.to_owned(), (label.to_owned(), shape));
    }

    fn needs(&mut self, place: &Place<'_>, from: &str, references: &[Reference]) {
        for reference in references {
            let to = place.node(&reference.target);
            if to != from {
                self.edges.edge(from, &to);
            }
        }
    }

    fn variables(&mut self, place: &Place<'_>) {
        for (name, variable) in &place.module.variables {
            let plain = place.variable(name);
            if place.path.is_root() {
                self.draw(&plain, &plain, "note");
            } else {
                self.edges.node(&plain);
            }
            if !variable.validations.is_empty() {
                let checked = place.node(&Target::Variable(name.clone()));
                self.edges.edge(&checked, &plain);
                self.needs(place, &checked, &conditions(variable));
            }
        }
    }

    fn resource(&mut self, place: &Place<'_>, resource: &Resource) {
        let address = place.name(&resource.address.to_string());
        let from = format!("{address} (expand)");
        self.draw(&from, &address, "box");
        let kind = REGISTRY.find(resource.address.mode, &resource.address.kind);
        let provider = kind.map_or_else(
            || ALICLOUD.into(),
            |kind| providers::provider_of(place.root, kind, place.path, resource).0,
        );
        self.draw(&provider, &provider, "diamond");
        self.edges.edge(&from, &provider);
        let close = format!("{provider} (close)");
        self.edges.edge(&close, &from);
        self.edges.edge(&close, &provider);
        if !is_within(&provider) {
            self.configured(place.root, &provider);
        }
    }

    fn checks(&mut self, place: &Place<'_>, phase: Phase) {
        for (name, check) in &place.module.checks {
            let from = place.name(&format!("check.{name} (expand)"));
            self.edges.node(&from);
            let mut found = Vec::new();
            for assert in &check.asserts {
                eval::references(&assert.condition, &mut found);
                eval::references(&assert.error_message, &mut found);
            }
            if phase == Phase::Plan {
                let report = place.name(&format!("check.{name} (report)"));
                self.edges.edge(&from, &report);
            }
            self.needs(place, &from, &found);
            let own = place.module.resources.values();
            for data in own.filter(|it| it.check.as_ref() == Some(name)) {
                let data = place.node(&Target::Resource(data.address.clone()));
                self.edges.edge(&from, &data);
            }
        }
    }

    /// Connects the calls of a module with what they need, and their variables with what they are given.
    fn calls(&mut self, place: &Place<'_>) {
        for (name, call) in &place.module.calls {
            let path = place.path.child(name, crate::model::Key::None);
            let enter = format!("{path} (expand)");
            self.edges.node(&enter);
            let mut found = call.depends_on.clone();
            for expr in call.count.iter().chain(&call.for_each) {
                eval::references(expr, &mut found);
            }
            self.needs(place, &enter, &found);
            if !place.path.is_root() {
                let outer = format!("{} (expand)", place.path);
                self.edges.edge(&enter, &outer);
            }
            for argument in &call.body.attributes {
                let mut found = Vec::new();
                eval::references(&argument.value, &mut found);
                let variable = format!("{path}.var.{} (expand)", argument.name.text);
                self.needs(place, &variable, &found);
            }
        }
    }

    /// What is in a module comes after its beginning and before its end.
    fn enclose(&mut self, path: &ModulePath) {
        let (enter, close) = (format!("{path} (expand)"), format!("{path} (close)"));
        let within = format!("{path}.");
        let inside = self.edges.0.keys().filter(|name| name.starts_with(&within));
        let inside: Vec<String> = inside.cloned().collect();
        self.edges.edge(&close, &enter);
        for name in inside {
            self.edges.edge(&name, &enter);
            self.edges.edge(&close, &name);
        }
    }

    /// A provider depends on what its block names.
    fn configured(&mut self, root: &Module, provider: &str) {
        let block: Option<&Provider> = providers::block_of(root, provider);
        let mut found = Vec::new();
        if let Some(block) = block {
            eval::body_references(&block.body, &mut found);
        }
        let path = ModulePath::default();
        let place = Place {
            root,
            path: &path,
            module: root,
        };
        self.needs(&place, provider, &found);
    }
}

/// Returns what the conditions of a variable name beside itself.
fn conditions(variable: &Variable) -> Vec<Reference> {
    let mut found = Vec::new();
    for validation in &variable.validations {
        eval::references(&validation.condition, &mut found);
        eval::references(&validation.error_message, &mut found);
    }
    let own = Target::Variable(variable.name.text.clone());
    found.retain(|reference| reference.target != own);
    found
}

/// How Terraform's graphs of all blocks begin.
pub(super) const START: &str =
    "digraph {\n\tcompound = \"true\"\n\tnewrank = \"true\"\n\tsubgraph \"root\" {\n";

pub(super) fn rooted(name: &str) -> String {
    quoted(&format!("[root] {name}"))
}

/// Returns the edges as lines, sorted; those on a cycle red if they are to be.
pub(super) fn lines(edges: &Edges, in_red: bool) -> String {
    let cycles = if in_red {
        edges.cyclic()
    } else {
        BTreeSet::new()
    };
    let line = |(from, to): (&str, &str)| {
        let color = match cycles.contains(&(from, to)) {
            true => " [color = \"red\", penwidth = \"2.0\"]",
            false => "",
        };
        format!("\t\t{} -> {}{color}\n", rooted(from), rooted(to))
    };
    let mut lines: Vec<String> = edges.reduced().into_iter().map(line).collect();
    lines.sort();
    lines.concat()
}

impl Graph for Everything {
    fn dot(&self) -> String {
        let mut text = String::from(START);
        for (name, (label, shape)) in &self.drawn {
            let (name, label) = (rooted(name), quoted(label));
            let _ = writeln!(text, "\t\t{name} [label = {label}, shape = \"{shape}\"]");
        }
        text + &lines(&self.edges, self.in_red) + "\t}\n}\n"
    }

    fn draw_cycles(&mut self) {
        self.in_red = true;
    }

    fn drawing(&self) -> Drawing {
        draw::of_edges(&self.edges)
    }
}
