//! Which block needs which: built from references, never from types.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use petgraph::{
    algo::{tarjan_scc, toposort},
    graph::{DiGraph, NodeIndex},
    visit::EdgeRef,
};

use super::checks;
use crate::{
    eval,
    manifest::ast::{Module, Reference, Resource, Target, When},
    model::{Diagnostic, Diagnostics, Mode, ResourceAddress, Span, diagnostic::did_you_mean},
};

/// The blocks of a module in the order in which they can be evaluated.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Whether there is an order at all: nothing needs itself.
    pub acyclic: bool,
    /// Resources and data sources: what one needs comes before it.
    pub order: Vec<Arc<ResourceAddress>>,
    /// The resources that each resource's block names, through locals too.
    pub needs: HashMap<Arc<ResourceAddress>, Arc<[Arc<ResourceAddress>]>>,
    /// The reverse.
    pub needed_by: HashMap<Arc<ResourceAddress>, Vec<Arc<ResourceAddress>>>,
    /// The resources that each output names.
    pub output_needs: BTreeMap<Arc<str>, Vec<Arc<ResourceAddress>>>,
}

/// Builds the graph; undeclared names and cycles are errors.
pub fn blocks(module: &Module, diags: &mut Diagnostics) -> Blocks {
    let mut graph = DiGraph::<Target, Span>::new();
    let mut index = HashMap::<Target, NodeIndex>::new();
    for target in declared(module) {
        index.insert(target.clone(), graph.add_node(target));
    }
    for (from, references) in all_references(module) {
        for reference in references {
            match (index.get(&from), index.get(&reference.target)) {
                (Some(from), Some(to)) => {
                    graph.add_edge(*to, *from, reference.span);
                }
                (_, None) => diags.push(undeclared(module, &reference)),
                (None, _) => {}
            }
        }
    }
    for reference in checks::references(module) {
        if !index.contains_key(&reference.target) {
            diags.push(undeclared(module, &reference));
        }
    }
    still_declared(module, diags);
    triggers(module, diags);
    farewells(module, diags);
    let Ok(sorted) = toposort(&graph, None) else {
        report_cycles(&graph, diags);
        return Blocks::default();
    };
    deep_locals(&graph, &sorted, diags);
    gather(&graph, &sorted)
}

/// How many locals may need each other in a row: they are evaluated one inside the other.
const LOCALS_IN_A_ROW: usize = 200;

fn deep_locals(graph: &DiGraph<Target, Span>, sorted: &[NodeIndex], diags: &mut Diagnostics) {
    let mut depths = vec![0; graph.node_count()];
    for node in sorted {
        let before = graph.edges_directed(*node, petgraph::Direction::Incoming);
        let deepest = before.max_by_key(|edge| depths[edge.source().index()]);
        let (depth, span) = deepest.map_or((0, None), |edge| {
            (depths[edge.source().index()], Some(*edge.weight()))
        });
        let local = matches!(graph[*node], Target::Local(_));
        depths[node.index()] = if local { depth + 1 } else { 0 };
        if depths[node.index()] == LOCALS_IN_A_ROW {
            diags.push(
                Diagnostic::error(
                    "Too many local values in a row",
                    format!(
                        "{} needs a local value that needs another, and so on, {LOCALS_IN_A_ROW} deep.",
                        name_of(&graph[*node])
                    ),
                )
                .at(span)
                .hint("Write longer expressions, or take values from a map."),
            );
        }
    }
}

/// Reports `removed` blocks of resources that are there.
fn still_declared(module: &Module, diags: &mut Diagnostics) {
    for removed in &module.removed {
        if let Some(block) = module.resources.get(&removed.from) {
            let text = format!(
                "{} is said to be removed, and is still declared.",
                removed.from
            );
            diags.push(
                Diagnostic::error("Removed resource still exists", text)
                    .at(block.span)
                    .label(removed.span, "said here")
                    .hint("Remove its block too, or remove the removed block."),
            );
        }
    }
}

/// Reports what `replace_triggered_by` cannot follow.
fn triggers(module: &Module, diags: &mut Diagnostics) {
    let all = module
        .resources
        .values()
        .flat_map(|it| &it.lifecycle.replace_triggered_by);
    for expr in all {
        let mut found = Vec::new();
        eval::references(expr, &mut found);
        if !matches!(
            found.first().map(|it| &it.target),
            Some(Target::Resource(_))
        ) {
            let text =
                "Only a resource, an instance of one or one of its attributes can be changed.";
            diags.push(
                Diagnostic::error("Invalid replace_triggered_by expression", text)
                    .at(expr.span)
                    .hint("To follow another value, keep it in the input of a terraform_data, and name that."),
            );
        }
    }
}

/// Reports provisioners that run at the end and name what may be gone by then.
fn farewells(module: &Module, diags: &mut Diagnostics) {
    let all = module.resources.values().flat_map(|it| &it.provisioners);
    for provisioner in all.filter(|it| it.when == When::Destroy) {
        let mut found = Vec::new();
        eval::body_references(&provisioner.body, &mut found);
        for reference in found {
            let text = format!(
                "{} may be gone before this resource is destroyed.",
                name_of(&reference.target)
            );
            diags.push(
                Diagnostic::error("Invalid reference from destroy provisioner", text)
                    .at(reference.span)
                    .hint("Name self, count.index and each.key only: keep the value in the resource, such as in the input of a terraform_data."),
            );
        }
    }
}

fn declared(module: &Module) -> Vec<Target> {
    let mut targets = Vec::new();
    targets.extend(module.variables.keys().cloned().map(Target::Variable));
    targets.extend(module.locals.keys().cloned().map(Target::Local));
    targets.extend(module.outputs.keys().cloned().map(Target::Output));
    targets.extend(module.resources.keys().cloned().map(Target::Resource));
    targets
}

/// Returns what every local, output and resource block names.
pub fn all_references(module: &Module) -> Vec<(Target, Vec<Reference>)> {
    let mut all = Vec::new();
    for (name, local) in &module.locals {
        let mut found = Vec::new();
        eval::references(&local.value, &mut found);
        all.push((Target::Local(name.clone()), found));
    }
    for (name, output) in &module.outputs {
        let mut found = output.depends_on.clone();
        eval::references(&output.value, &mut found);
        for condition in &output.preconditions {
            eval::references(&condition.condition, &mut found);
            eval::references(&condition.error_message, &mut found);
        }
        all.push((Target::Output(name.clone()), found));
    }
    for (address, resource) in &module.resources {
        all.push((
            Target::Resource(address.clone()),
            resource_references(resource),
        ));
    }
    all
}

/// Returns everything that a resource block names.
pub fn resource_references(resource: &Resource) -> Vec<Reference> {
    let mut found = resource.depends_on.clone();
    eval::body_references(&resource.body, &mut found);
    let lifecycle = &resource.lifecycle;
    let triggers = lifecycle.replace_triggered_by.iter();
    for expr in resource
        .count
        .iter()
        .chain(&resource.for_each)
        .chain(triggers)
    {
        eval::references(expr, &mut found);
    }
    for condition in lifecycle
        .preconditions
        .iter()
        .chain(&lifecycle.postconditions)
    {
        eval::references(&condition.condition, &mut found);
        eval::references(&condition.error_message, &mut found);
    }
    for provisioner in &resource.provisioners {
        if provisioner.when == When::Create {
            eval::body_references(&provisioner.body, &mut found);
        }
    }
    // A postcondition may name its own resource's other attributes only through `self`.
    found
}

fn undeclared(module: &Module, reference: &Reference) -> Diagnostic {
    let (summary, what, suggestion) = match &reference.target {
        Target::Variable(name) => (
            "Reference to undeclared input variable",
            format!("An input variable with the name \"{name}\" has not been declared."),
            did_you_mean(name, module.variables.keys().map(|key| &**key))
                .map(|it| format!("var.{it}")),
        ),
        Target::Local(name) => (
            "Reference to undeclared local value",
            format!("A local value with the name \"{name}\" has not been declared."),
            did_you_mean(name, module.locals.keys().map(|key| &**key))
                .map(|it| format!("local.{it}")),
        ),
        Target::Output(name) => (
            "Invalid reference",
            format!("output.{name} cannot be referred to from inside its own module."),
            None,
        ),
        Target::Resource(address) => {
            let kind = match address.mode {
                Mode::Managed => "managed resource",
                Mode::Data => "data resource",
            };
            let all: Vec<String> = module.resources.keys().map(ToString::to_string).collect();
            let wanted = address.to_string();
            let summary = match &*address.kind {
                "module" => "Reference to undeclared module",
                _ => "Reference to undeclared resource",
            };
            (
                summary,
                format!(
                    "A {kind} \"{}\" \"{}\" has not been declared in the root module.",
                    address.kind, address.name
                ),
                did_you_mean(&wanted, all.iter().map(String::as_str)).map(ToOwned::to_owned),
            )
        }
    };
    let diagnostic = Diagnostic::error(summary, what).at(reference.span);
    match suggestion {
        Some(suggestion) => diagnostic.hint(format!("Did you mean {suggestion}?")),
        None => diagnostic.hint(match &reference.target {
            Target::Variable(name) => format!("Declare it: variable \"{name}\" {{}}."),
            Target::Local(name) => format!("Declare {name} in a locals block."),
            Target::Output(_) => "Refer to what the output refers to.".to_owned(),
            Target::Resource(address) => {
                format!("Write a block for {address}, or refer to one that there is.")
            }
        }),
    }
}

fn name_of(target: &Target) -> String {
    match target {
        Target::Resource(address) => address.to_string(),
        Target::Variable(name) => format!("var.{name}"),
        Target::Local(name) => format!("local.{name}"),
        Target::Output(name) => format!("output.{name}"),
    }
}

fn report_cycles(graph: &DiGraph<Target, Span>, diags: &mut Diagnostics) {
    for component in tarjan_scc(graph) {
        let members: BTreeSet<NodeIndex> = component.iter().copied().collect();
        let mut edges: Vec<(String, String, Span)> = Vec::new();
        for node in &component {
            for edge in graph
                .edges(*node)
                .filter(|edge| members.contains(&edge.target()))
            {
                edges.push((
                    name_of(&graph[edge.target()]),
                    name_of(&graph[*node]),
                    *edge.weight(),
                ));
            }
        }
        if edges.is_empty() {
            continue;
        }
        edges.sort();
        edges.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
        let mut names: Vec<String> = component
            .iter()
            .map(|node| name_of(&graph[*node]))
            .collect();
        names.sort();
        let summary = match (component.as_slice(), &graph[component[0]]) {
            ([_], Target::Resource(_)) => "Self-referential block",
            ([_], Target::Local(_)) => "Self-referencing local value",
            _ => "Cycle",
        };
        let mut diagnostic = Diagnostic::error(summary, format!("Cycle: {}", names.join(", ")))
            .at(edges.first().map(|(_, _, span)| *span))
            .hint("Take one of these references out, so that something can be created first.");
        for (from, to, span) in &edges {
            diagnostic = diagnostic.label(*span, format!("{from} needs {to}"));
        }
        diags.push(diagnostic);
    }
}

fn gather(graph: &DiGraph<Target, Span>, sorted: &[NodeIndex]) -> Blocks {
    let mut blocks = Blocks {
        acyclic: true,
        ..Blocks::default()
    };
    // What each node needs, with locals and variables seen through.
    let mut through: HashMap<NodeIndex, BTreeSet<Arc<ResourceAddress>>> = HashMap::new();
    for node in sorted {
        let mut needs = BTreeSet::new();
        for edge in graph.edges_directed(*node, petgraph::Direction::Incoming) {
            match &graph[edge.source()] {
                Target::Resource(address) => {
                    needs.insert(address.clone());
                }
                _ => needs.extend(through.get(&edge.source()).into_iter().flatten().cloned()),
            }
        }
        match &graph[*node] {
            Target::Resource(address) => {
                blocks.order.push(address.clone());
                for need in &needs {
                    blocks
                        .needed_by
                        .entry(need.clone())
                        .or_default()
                        .push(address.clone());
                }
                blocks
                    .needs
                    .insert(address.clone(), needs.into_iter().collect());
            }
            Target::Output(name) => {
                blocks
                    .output_needs
                    .insert(name.clone(), needs.into_iter().collect());
            }
            Target::Local(_) | Target::Variable(_) => {
                through.insert(*node, needs);
            }
        }
    }
    blocks
}

impl Blocks {
    /// Returns what the state has to remember that a resource needs: everything, directly or not, since what is
    /// between may be gone before the resource is. Of very many only those that its block names, since the state
    /// has these for each.
    pub fn recorded(&self, resource: &Arc<ResourceAddress>) -> Arc<[Arc<ResourceAddress>]> {
        let direct = self.needs.get(resource).cloned().unwrap_or_default();
        let all = self.with_needs(direct.iter().cloned());
        if all.len() > MANY_NEEDS {
            return direct;
        }
        all.into_iter().collect()
    }

    /// Returns the addresses and everything that they need, directly or not.
    pub fn with_needs(
        &self,
        start: impl IntoIterator<Item = Arc<ResourceAddress>>,
    ) -> BTreeSet<Arc<ResourceAddress>> {
        close(start, |address| {
            self.needs
                .get(address)
                .map(|needs| needs.to_vec())
                .unwrap_or_default()
        })
    }

    /// Returns the addresses and everything that needs them, directly or not.
    pub fn with_dependants(
        &self,
        start: impl IntoIterator<Item = Arc<ResourceAddress>>,
    ) -> BTreeSet<Arc<ResourceAddress>> {
        close(start, |address| {
            self.needed_by.get(address).cloned().unwrap_or_default()
        })
    }
}

/// How many dependencies the state has of one object at most, unless its block names more.
const MANY_NEEDS: usize = 200;

fn close(
    start: impl IntoIterator<Item = Arc<ResourceAddress>>,
    next: impl Fn(&Arc<ResourceAddress>) -> Vec<Arc<ResourceAddress>>,
) -> BTreeSet<Arc<ResourceAddress>> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<_> = start.into_iter().collect();
    while let Some(address) = open.pop() {
        if seen.insert(address.clone()) {
            open.extend(next(&address));
        }
    }
    seen
}
