//! Which block needs which: built from references, never from types.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use petgraph::{
    algo::{tarjan_scc, toposort},
    graph::{DiGraph, NodeIndex},
    visit::EdgeRef,
};

use super::{checks, values::placed};
use crate::{
    eval,
    manifest::ast::{Module, ModuleCall, Reference, Resource, Target, When},
    model::{
        AnyAddress, Diagnostic, Diagnostics, Key, Mode, ModulePath, ResourceAddress, Span,
        diagnostic::did_you_mean,
    },
};

/// What the walk comes by, in an order in which it can be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visit {
    /// A call of a module: its instances.
    Call(ModulePath),
    /// A variable that a call gives a value.
    Variable(ModulePath, Arc<str>),
    /// An output of a module below the root.
    Output(ModulePath, Arc<str>),
    /// A resource or data source, by its address in the configuration.
    Resource(Arc<ResourceAddress>),
}

/// The blocks of all modules in the order in which they can be evaluated; addresses are those of the configuration,
/// without keys.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Whether there is an order at all: nothing needs itself.
    pub acyclic: bool,
    /// What one needs comes before it.
    pub order: Vec<Visit>,
    /// The resources that each resource's block names, through locals and modules too.
    pub needs: HashMap<Arc<ResourceAddress>, Arc<[Arc<ResourceAddress>]>>,
    /// The resources that each output of the root module names.
    pub output_needs: BTreeMap<Arc<str>, Arc<[Arc<ResourceAddress>]>>,
    /// All resources of the calls of modules that something depends on as a whole.
    pub wholes: HashMap<ModulePath, Arc<[Arc<ResourceAddress>]>>,
}

/// One module of the tree.
struct Place<'m> {
    path: ModulePath,
    module: &'m Module,
    children: BTreeMap<Arc<str>, usize>,
}

/// A node: a module of the tree, and what it has; [`Target::Module`] is everything that it calls under the name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Node {
    Named(usize, Target),
    /// A module is entered: its call's `count` and `for_each` are known, what the call depends on is there.
    Enter(usize),
}

type Graph = DiGraph<Node, Span>;

/// Builds the graph; undeclared names and cycles are errors.
pub fn blocks(module: &Module, diags: &mut Diagnostics) -> Blocks {
    build(module, diags, true)
}

/// Builds the graph, which is empty if there are cycles; undeclared names are errors.
pub fn blocks_or_cycles(module: &Module, diags: &mut Diagnostics) -> Blocks {
    build(module, diags, false)
}

fn build(module: &Module, diags: &mut Diagnostics, acyclic: bool) -> Blocks {
    let mut build = Build {
        places: places(module),
        graph: Graph::new(),
        index: HashMap::new(),
        told: HashSet::new(),
        diags,
    };
    for at in 0..build.places.len() {
        build.declare(at);
    }
    for at in 0..build.places.len() {
        build.connect(at);
    }
    let Build { places, graph, .. } = build;
    let mut seen = HashSet::new();
    for place in &places {
        // Calls of one directory share the module.
        if seen.insert(std::ptr::from_ref(place.module)) {
            still_declared(place.module, diags);
            triggers(place.module, diags);
            farewells(place.module, diags);
        }
    }
    let Ok(sorted) = toposort(&graph, None) else {
        if acyclic {
            report_cycles(&graph, &places, diags);
        }
        return Blocks::default();
    };
    deep_locals(&graph, &places, &sorted, diags);
    gather(&graph, &places, &sorted)
}

/// Returns the modules of the tree, those with shorter paths first.
fn places(root: &Module) -> Vec<Place<'_>> {
    let mut all = vec![Place {
        path: ModulePath::default(),
        module: root,
        children: BTreeMap::new(),
    }];
    let mut at = 0;
    while at < all.len() {
        let module = all[at].module;
        for (name, child) in &module.children {
            let place = Place {
                path: all[at].path.child(name, Key::None),
                module: child,
                children: BTreeMap::new(),
            };
            let number = all.len();
            all[at].children.insert(name.clone(), number);
            all.push(place);
        }
        at += 1;
    }
    all
}

struct Build<'m, 'd> {
    places: Vec<Place<'m>>,
    graph: Graph,
    index: HashMap<Node, NodeIndex>,
    /// Where something undeclared was told of: a module that is called often is still one module.
    told: HashSet<Span>,
    diags: &'d mut Diagnostics,
}

impl Build<'_, '_> {
    fn node(&mut self, node: Node) {
        self.index
            .entry(node.clone())
            .or_insert_with(|| self.graph.add_node(node));
    }

    fn declare(&mut self, at: usize) {
        let module = self.places[at].module;
        for target in declared(module) {
            self.node(Node::Named(at, target));
        }
        for name in module.calls.keys() {
            self.node(Node::Named(at, Target::Module(name.clone())));
        }
        if at > 0 {
            self.node(Node::Enter(at));
        }
    }

    /// An edge from what comes first.
    fn edge(&mut self, from: &Node, to: &Node, span: Span) {
        if let (Some(from), Some(to)) = (self.index.get(from), self.index.get(to)) {
            self.graph.add_edge(*from, *to, span);
        }
    }

    fn connect(&mut self, at: usize) {
        let module = self.places[at].module;
        for (from, references) in all_references(module) {
            self.needs(at, &Node::Named(at, from), references);
        }
        for (name, variable) in &module.variables {
            let own = Target::Variable(name.clone());
            let mut found = checks::named(&variable.validations);
            found.retain(|reference| reference.target != own);
            self.needs(at, &Node::Named(at, own), found);
        }
        for check in module.checks.values() {
            for reference in checks::named(&check.asserts) {
                self.resolve(at, &reference);
            }
        }
        for (name, call) in &module.calls {
            let Some(child) = self.places[at].children.get(name).copied() else {
                continue;
            };
            self.call(at, child, call);
        }
    }

    /// Connects a call and what it calls: arguments to variables, what is called to the whole.
    fn call(&mut self, at: usize, child: usize, call: &ModuleCall) {
        let inner = self.places[child].module;
        let enter = Node::Enter(child);
        let mut found = call.depends_on.clone();
        for expr in call.count.iter().chain(&call.for_each) {
            eval::references(expr, &mut found);
        }
        self.needs(at, &enter, found);
        if at > 0 {
            self.edge(&Node::Enter(at), &enter, call.span);
        }
        for argument in &call.body.attributes {
            let mut found = Vec::new();
            eval::references(&argument.value, &mut found);
            let variable = Target::Variable(argument.name.text.clone());
            self.needs(at, &Node::Named(child, variable), found);
        }
        let whole = Node::Named(at, Target::Module(call.name.text.clone()));
        self.edge(&enter, &whole, call.span);
        for target in declared(inner) {
            let ends = matches!(target, Target::Resource(_) | Target::Output(_));
            let node = Node::Named(child, target);
            self.edge(&enter, &node, call.span);
            if ends {
                self.edge(&node, &whole, call.span);
            }
        }
        for name in inner.calls.keys() {
            let node = Node::Named(child, Target::Module(name.clone()));
            self.edge(&node, &whole, call.span);
        }
    }

    fn needs(&mut self, at: usize, from: &Node, references: Vec<Reference>) {
        for reference in references {
            if let Some(to) = self.resolve(at, &reference) {
                self.edge(&to, from, reference.span);
            }
        }
    }

    /// Returns the node that a reference names, and tells of one that nothing declares.
    fn resolve(&mut self, at: usize, reference: &Reference) -> Option<Node> {
        let place = &self.places[at];
        let mut lacking = None;
        let node = match &reference.target {
            Target::ModuleOutput(name, output) if place.module.calls.contains_key(name) => {
                // Nothing is said of what could not be loaded.
                let child = *place.children.get(name)?;
                lacking = Some((name, output, self.places[child].module));
                Node::Named(child, Target::Output(output.clone()))
            }
            Target::ModuleOutput(name, _) => Node::Named(at, Target::Module(name.clone())),
            target => Node::Named(at, target.clone()),
        };
        if self.index.contains_key(&node) {
            return Some(node);
        }
        if self.told.insert(reference.span) {
            let diagnostic = match lacking {
                Some((name, output, inner)) => no_output(name, output, inner, reference.span),
                None => undeclared(place.module, &place.path, reference),
            };
            self.diags.push(diagnostic);
        }
        None
    }
}

fn no_output(name: &str, output: &str, module: &Module, span: Span) -> Diagnostic {
    let near = did_you_mean(output, module.outputs.keys().map(|key| &**key));
    Diagnostic::error(
        "Unsupported attribute",
        format!("module.{name} does not have an output named \"{output}\"."),
    )
    .at(span)
    .hint(match near {
        Some(near) => format!("Did you mean module.{name}.{near}?"),
        None => format!("Declare it in the module: output \"{output}\" {{ value = … }}."),
    })
}

/// How many locals may need each other in a row: they are evaluated one inside the other.
const LOCALS_IN_A_ROW: usize = 200;

fn deep_locals(graph: &Graph, places: &[Place<'_>], sorted: &[NodeIndex], diags: &mut Diagnostics) {
    let mut depths = vec![0; graph.node_count()];
    for node in sorted {
        let before = graph.edges_directed(*node, petgraph::Direction::Incoming);
        let deepest = before.max_by_key(|edge| depths[edge.source().index()]);
        let (depth, span) = deepest.map_or((0, None), |edge| {
            (depths[edge.source().index()], Some(*edge.weight()))
        });
        let local = match &graph[*node] {
            Node::Named(_, Target::Local(_) | Target::Output(_)) => true,
            Node::Named(at, Target::Variable(_)) => *at > 0,
            _ => false,
        };
        depths[node.index()] = if local { depth + 1 } else { 0 };
        if depths[node.index()] == LOCALS_IN_A_ROW {
            diags.push(
                Diagnostic::error(
                    "Too many local values in a row",
                    format!(
                        "{} needs a local value that needs another, and so on, {LOCALS_IN_A_ROW} deep.",
                        node_name(&graph[*node], places)
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
        let declared = match &removed.from {
            AnyAddress::Module(path) => module.call(path).map(|call| call.span),
            AnyAddress::Resource(address) => module.block(&address.resource).map(|it| it.span),
        };
        if let Some(declared) = declared {
            let text = format!(
                "{} is said to be removed, and is still declared.",
                removed.from
            );
            let what = match &removed.from {
                AnyAddress::Module(_) => "module",
                AnyAddress::Resource(_) => "resource",
            };
            diags.push(
                Diagnostic::error(format!("Removed {what} still exists"), text)
                    .at(declared)
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
                reference.target
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

/// Names a module as messages do.
fn called(path: &ModulePath) -> String {
    match path.is_root() {
        true => "the root module".to_owned(),
        false => path.to_string(),
    }
}

fn undeclared(module: &Module, path: &ModulePath, reference: &Reference) -> Diagnostic {
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
        Target::Module(name) | Target::ModuleOutput(name, _) => (
            "Reference to undeclared module",
            format!(
                "No module call named \"{name}\" is declared in {}.",
                called(path)
            ),
            did_you_mean(name, module.calls.keys().map(|key| &**key))
                .map(|it| format!("module.{it}")),
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
                Mode::Ephemeral => "ephemeral resource",
            };
            let all: Vec<String> = module.resources.keys().map(ToString::to_string).collect();
            let wanted = address.to_string();
            (
                "Reference to undeclared resource",
                format!(
                    "A {kind} \"{}\" \"{}\" has not been declared in {}.",
                    address.kind,
                    address.name,
                    called(path)
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
            Target::Module(name) | Target::ModuleOutput(name, _) => {
                format!("Write a module block named {name}, or refer to one that there is.")
            }
            Target::Resource(address) => {
                format!("Write a block for {address}, or refer to one that there is.")
            }
        }),
    }
}

fn node_name(node: &Node, places: &[Place<'_>]) -> String {
    match node {
        Node::Enter(at) => places[*at].path.to_string(),
        Node::Named(0, target) => target.to_string(),
        Node::Named(at, target) => format!("{}.{target}", places[*at].path),
    }
}

fn report_cycles(graph: &Graph, places: &[Place<'_>], diags: &mut Diagnostics) {
    for component in tarjan_scc(graph) {
        let members: BTreeSet<NodeIndex> = component.iter().copied().collect();
        let mut edges: Vec<(String, String, Span)> = Vec::new();
        for node in &component {
            for edge in graph
                .edges(*node)
                .filter(|edge| members.contains(&edge.target()))
            {
                edges.push((
                    node_name(&graph[edge.target()], places),
                    node_name(&graph[*node], places),
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
            .map(|node| node_name(&graph[*node], places))
            .collect();
        names.sort();
        let summary = match (component.as_slice(), &graph[component[0]]) {
            ([_], Node::Named(_, Target::Resource(_))) => "Self-referential block",
            ([_], Node::Named(_, Target::Local(_))) => "Self-referencing local value",
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

/// The resources that a node needs: numbers of nodes, sorted. Nodes that need the same share them.
type Needs = Rc<Vec<NodeIndex>>;

fn gather(graph: &Graph, places: &[Place<'_>], sorted: &[NodeIndex]) -> Blocks {
    let mut blocks = Blocks {
        acyclic: true,
        ..Blocks::default()
    };
    let mut addresses: HashMap<NodeIndex, Arc<ResourceAddress>> = HashMap::new();
    // What each node needs, with everything seen through that is no resource.
    let mut through: Vec<Needs> = vec![Rc::default(); graph.node_count()];
    // The lists are made once for all that share them.
    let mut lists: HashMap<*const Vec<NodeIndex>, Arc<[Arc<ResourceAddress>]>> = HashMap::new();
    for node in sorted {
        let mut direct: BTreeSet<NodeIndex> = BTreeSet::new();
        let mut further: Vec<&Needs> = Vec::new();
        for edge in graph.edges_directed(*node, petgraph::Direction::Incoming) {
            let source = edge.source();
            if addresses.contains_key(&source) {
                direct.insert(source);
            } else if !further
                .iter()
                .any(|it| Rc::ptr_eq(it, &through[source.index()]))
            {
                further.push(&through[source.index()]);
            }
        }
        further.retain(|needs| !needs.is_empty());
        let needs = match (direct.is_empty(), further.as_slice()) {
            (true, []) => Rc::default(),
            (true, [one]) => Rc::clone(one),
            _ => {
                direct.extend(further.iter().flat_map(|needs| needs.iter()));
                Rc::new(direct.into_iter().collect())
            }
        };
        through[node.index()] = Rc::clone(&needs);
        let mut list = || {
            let make = || {
                let mut all: Vec<_> = needs.iter().map(|it| addresses[it].clone()).collect();
                all.sort();
                all.into()
            };
            lists.entry(Rc::as_ptr(&needs)).or_insert_with(make).clone()
        };
        match &graph[*node] {
            Node::Enter(at) => blocks.order.push(Visit::Call(places[*at].path.clone())),
            Node::Named(at, Target::Resource(own)) => {
                let address = placed(own, &places[*at].path);
                blocks.needs.insert(address.clone(), list());
                blocks.order.push(Visit::Resource(address.clone()));
                addresses.insert(*node, address);
            }
            Node::Named(0, Target::Output(name)) => {
                blocks.output_needs.insert(name.clone(), list());
            }
            Node::Named(at, Target::Output(name)) => {
                let path = places[*at].path.clone();
                blocks.order.push(Visit::Output(path, name.clone()));
            }
            Node::Named(at, Target::Variable(name)) if *at > 0 => {
                let path = places[*at].path.clone();
                blocks.order.push(Visit::Variable(path, name.clone()));
            }
            Node::Named(at, Target::Module(name)) => {
                let path = places[*at].path.child(name, Key::None);
                blocks.wholes.insert(path, list());
            }
            Node::Named(..) => {}
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
        let mut all = BTreeSet::new();
        let mut open: Vec<&Arc<ResourceAddress>> = direct.iter().collect();
        while let Some(need) = open.pop() {
            if all.insert(need) {
                if all.len() > MANY_NEEDS {
                    return match direct.iter().all(|it| it.mode != Mode::Ephemeral) {
                        true => direct,
                        false => lasting(direct.iter()),
                    };
                }
                open.extend(self.needs.get(need).into_iter().flat_map(|it| it.iter()));
            }
        }
        lasting(all.into_iter())
    }

    /// Returns the ephemeral resources that a block needs, directly or through others, those that others need first.
    pub fn ephemerals(&self, resource: &Arc<ResourceAddress>) -> Vec<Arc<ResourceAddress>> {
        let is_one = |it: &&Arc<ResourceAddress>| it.mode == Mode::Ephemeral;
        let direct = self
            .needs
            .get(resource)
            .into_iter()
            .flat_map(|it| it.iter());
        let needed = close(direct.filter(is_one).cloned(), |address| {
            let needs = self.needs.get(address).into_iter().flat_map(|it| it.iter());
            needs.filter(is_one).cloned().collect()
        });
        if needed.is_empty() {
            return Vec::new();
        }
        let order = self.resources().filter(|it| needed.contains(*it));
        order.cloned().collect()
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
        let mut needed_by: HashMap<&Arc<ResourceAddress>, Vec<Arc<ResourceAddress>>> =
            HashMap::new();
        for (address, needs) in &self.needs {
            for need in &**needs {
                needed_by.entry(need).or_default().push(address.clone());
            }
        }
        close(start, |address| {
            needed_by.get(address).cloned().unwrap_or_default()
        })
    }

    /// Returns the resources in their order.
    pub fn resources(&self) -> impl Iterator<Item = &Arc<ResourceAddress>> {
        self.order.iter().filter_map(|visit| match visit {
            Visit::Resource(address) => Some(address),
            _ => None,
        })
    }
}

/// Leaves out what is kept nowhere.
fn lasting<'a>(all: impl Iterator<Item = &'a Arc<ResourceAddress>>) -> Arc<[Arc<ResourceAddress>]> {
    all.filter(|it| it.mode != Mode::Ephemeral)
        .cloned()
        .collect()
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
