//! `moved` blocks: objects of the state take the addresses that the configuration gives them now.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use petgraph::{algo::toposort, graph::DiGraph};

use super::targets::Chosen;
use crate::{
    manifest::ast::Module,
    model::{
        Address, AnyAddress, Diagnostic, Diagnostics, Key, ModulePath, ResourceAddress, Span,
        plan::{Action, Change},
        state::State,
    },
    provider::registry::Registry,
};

/// Where objects are now, and where they were.
pub(super) type Previous = HashMap<Address, Address>;

/// One block, in the module that it stands in, with addresses seen from the root. In all instances of that module it is
/// about what is in the same instance.
struct Statement {
    /// The module of the block, without keys.
    module: ModulePath,
    from: AnyAddress,
    to: AnyAddress,
    span: Span,
}

fn statements(root: &Module) -> Vec<Statement> {
    let mut all = Vec::new();
    for (module, of) in root.tree() {
        all.extend(of.moved.iter().map(|moved| Statement {
            from: moved.from.within(&module),
            to: moved.to.within(&module),
            span: moved.span,
            module: module.clone(),
        }));
    }
    all
}

impl Statement {
    /// Returns where the block moves an object.
    fn moves(&self, from: &Address) -> Option<Address> {
        let depth = self.module.steps().len();
        let own = &from.resource.module;
        // The instance of the block's module that the object is in.
        let around = ModulePath::new(own.steps().get(..depth)?.to_vec());
        if around.config() != self.module {
            return None;
        }
        let here = |path: &ModulePath| path.moved(&self.module, &around);
        match (&self.from, &self.to) {
            (AnyAddress::Module(before), AnyAddress::Module(after)) => {
                let (before, after) = (here(before)?, here(after)?);
                let length = before.steps().len();
                let there = ModulePath::new(own.steps().get(..length)?.to_vec());
                let (_, last) = there.split()?;
                let (_, target) = after.split()?;
                let any = before.steps().last()?.key == Key::None && target.key == Key::None;
                let same = there == before || any && before.covers(&there);
                let after = match any {
                    true => after.split()?.0.child(&target.name, last.key.clone()),
                    false => after.clone(),
                };
                let module = same.then(|| own.moved(&there, &after))??;
                Some(Address {
                    resource: Arc::new(from.resource.within(module)),
                    key: from.key.clone(),
                })
            }
            (AnyAddress::Resource(before), AnyAddress::Resource(after)) => {
                let any = before.key == Key::None && after.key == Key::None;
                let same = from.resource.mode == before.resource.mode
                    && from.resource.kind == before.resource.kind
                    && from.resource.name == before.resource.name
                    && *own == here(&before.resource.module)?
                    && (any || from.key == before.key);
                let module = here(&after.resource.module)?;
                same.then(|| Address {
                    resource: Arc::new(after.resource.within(module)),
                    key: if any {
                        from.key.clone()
                    } else {
                        after.key.clone()
                    },
                })
            }
            _ => None,
        }
    }
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
    let statements = statements(module);
    if wrong(&statements, module, registry, diags) {
        return previous;
    }
    let Some(order) = ordered(&statements, diags) else {
        return previous;
    };
    let mut places = Places::new(state);
    for moved in order {
        for (from, to) in places.pairs(state, moved) {
            let taken = state.resources.get(&to.resource);
            if taken.is_some_and(|kept| kept.instances.contains_key(&to.key)) {
                occupied.push(format!("{from} could not move to {to}"));
                continue;
            }
            state.rename(&from, &to);
            places.renamed(state, &from, &to);
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

/// The resources of a state, found by where the configuration has or had them.
struct Places(BTreeMap<ModulePath, HashMap<ResourceAddress, BTreeSet<Arc<ResourceAddress>>>>);

impl Places {
    fn new(state: &State) -> Self {
        let mut places = Self(BTreeMap::new());
        for resource in state.resources.keys() {
            places.add(resource);
        }
        places
    }

    fn add(&mut self, resource: &Arc<ResourceAddress>) {
        let module = self.0.entry(resource.module.config()).or_default();
        let named = module.entry(resource.relative()).or_default();
        named.insert(resource.clone());
    }

    fn renamed(&mut self, state: &State, from: &Address, to: &Address) {
        self.add(&to.resource);
        if !state.resources.contains_key(&from.resource)
            && let Some(module) = self.0.get_mut(&from.resource.module.config())
            && let Some(named) = module.get_mut(&from.resource.relative())
        {
            named.remove(&from.resource);
        }
    }

    /// Returns the resources that a block may be about, in order.
    fn of(&self, moved: &Statement) -> BTreeSet<&Arc<ResourceAddress>> {
        match &moved.from {
            AnyAddress::Resource(from) => {
                let module = self.0.get(&from.resource.module.config());
                let named = module.and_then(|it| it.get(&from.resource.relative()));
                named.into_iter().flatten().collect()
            }
            AnyAddress::Module(from) => {
                let from = from.config();
                let inside = self.0.iter().filter(|(path, _)| from.covers(path));
                let all = inside.flat_map(|(_, module)| module.values());
                all.flatten().collect()
            }
        }
    }

    /// Returns the instances that a block moves, as the state is now.
    fn pairs(&self, state: &State, moved: &Statement) -> Vec<(Address, Address)> {
        let mut pairs = Vec::new();
        for resource in self.of(moved) {
            let kept = state.resources.get(resource);
            for key in kept.into_iter().flat_map(|it| it.instances.keys()) {
                let from = Address {
                    resource: resource.clone(),
                    key: key.clone(),
                };
                if let Some(to) = moved.moves(&from) {
                    pairs.push((from, to));
                }
            }
        }
        pairs
    }
}

/// Lets what was recorded to need a resource need it under its new address.
fn redirect(state: &mut State, previous: &Previous) {
    let mut renamed: HashMap<Arc<ResourceAddress>, BTreeSet<Arc<ResourceAddress>>> = HashMap::new();
    for (to, from) in previous
        .iter()
        .filter(|(to, from)| to.resource.config() != from.resource.config())
    {
        let places = renamed.entry(from.resource.config()).or_default();
        places.insert(to.resource.config());
        if state.resources.contains_key(&from.resource) {
            places.insert(from.resource.config());
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
fn wrong(
    statements: &[Statement],
    module: &Module,
    registry: &Registry,
    diags: &mut Diagnostics,
) -> bool {
    let mut found = false;
    let mut told = |diagnostic: Diagnostic| {
        found = true;
        diags.push(diagnostic);
    };
    let mut by_from: HashMap<&AnyAddress, &Statement> = HashMap::new();
    let mut by_to: HashMap<&AnyAddress, &Statement> = HashMap::new();
    for moved in statements {
        let Statement { from, to, span, .. } = moved;
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
        if let (true, Some(declared)) = (is_whole(moved), declared(module, from)) {
            told(still_exists(from, to, *span, declared));
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

/// Returns the key at the end of an address.
fn key_of(address: &AnyAddress) -> &Key {
    match address {
        AnyAddress::Module(path) => path.steps().last().map_or(&Key::None, |step| &step.key),
        AnyAddress::Resource(address) => &address.key,
    }
}

/// Whether a block is about all instances, and not about one of each.
fn is_whole(moved: &Statement) -> bool {
    *key_of(&moved.from) == Key::None && *key_of(&moved.to) == Key::None
}

/// Returns where what an address names is declared.
fn declared(module: &Module, address: &AnyAddress) -> Option<Span> {
    match address {
        AnyAddress::Module(path) => module.call(path).map(|call| call.span),
        AnyAddress::Resource(address) => module.block(&address.resource).map(|block| block.span),
    }
}

fn ambiguous(detail: String, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("Ambiguous move statements", detail)
        .at(span)
        .label(first, "the other block")
        .hint("An object moves from one address to one other: remove one of the blocks.")
}

fn still_exists(from: &AnyAddress, to: &AnyAddress, span: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        "Moved object still exists",
        format!("{from} is said to have moved to {to}, and is still declared."),
    )
    .at(span)
    .label(declared, "declared here")
    .hint(format!("Declare it as {to}, or remove the moved block."))
}

/// An object stays of its type; the names of one type are as good as each other.
fn between_types(moved: &Statement, registry: &Registry) -> Option<Diagnostic> {
    let (AnyAddress::Resource(from), AnyAddress::Resource(to)) = (&moved.from, &moved.to) else {
        return None;
    };
    let (from, to) = (&from.resource, &to.resource);
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
fn ordered<'m>(all: &'m [Statement], diags: &mut Diagnostics) -> Option<Vec<&'m Statement>> {
    let mut graph = DiGraph::<&Statement, ()>::new();
    let nodes: Vec<_> = all.iter().map(|moved| graph.add_node(moved)).collect();
    // What moves into a module, or out of it, is found by the name of the call or of the resource at the end.
    let name = |address: &AnyAddress| match address {
        AnyAddress::Module(path) => path.steps().last().map(|step| step.name.to_string()),
        AnyAddress::Resource(address) => Some(address.resource.relative().to_string()),
    };
    let mut leaving: HashMap<Option<String>, Vec<_>> = HashMap::new();
    let mut modules: HashMap<ModulePath, Vec<_>> = HashMap::new();
    // What leaves a module, however deep in it.
    let mut inside: HashMap<ModulePath, Vec<_>> = HashMap::new();
    for node in &nodes {
        let from = &graph[*node].from;
        leaving.entry(name(from)).or_default().push(*node);
        if let AnyAddress::Module(path) = from {
            modules.entry(path.config()).or_default().push(*node);
        }
        let mut around = Some(from.module().config());
        while let Some(path) = around {
            around = path.split().map(|(caller, _)| caller);
            inside.entry(path).or_default().push(*node);
        }
    }
    for node in nodes {
        let before = graph[node];
        let same = leaving.get(&name(&before.to)).into_iter().flatten();
        let mut next: BTreeSet<_> = same.copied().collect();
        let mut around = Some(before.to.module().config());
        while let Some(path) = around {
            next.extend(modules.get(&path).into_iter().flatten().copied());
            around = path.split().map(|(caller, _)| caller);
        }
        if let AnyAddress::Module(path) = &before.to {
            next.extend(inside.get(&path.config()).into_iter().flatten().copied());
        }
        for next in next.into_iter().filter(|next| *next != node) {
            if leads(before, graph[next]) {
                graph.add_edge(node, next, ());
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

/// Whether what one block moves can be what the other moves on.
fn leads(before: &Statement, after: &Statement) -> bool {
    match (&before.to, &after.from) {
        (AnyAddress::Resource(to), AnyAddress::Resource(from)) => {
            to.resource == from.resource
                && (is_whole(before) || is_whole(after) || to.key == from.key)
        }
        (AnyAddress::Module(to), from) => {
            // Into what is moved out of, or around it.
            let (to, from) = (to.config(), from.module().config());
            to.covers(&from) || matches!(after.from, AnyAddress::Module(_)) && from.covers(&to)
        }
        (to, AnyAddress::Module(from)) => from.covers(to.module()),
    }
}

/// Reports what has moved and is still wanted where it was: its key is still one of the block's.
pub(super) fn check(module: &Module, changes: &[Change], diags: &mut Diagnostics) {
    let mut statements = statements(module);
    statements.retain(|moved| !is_whole(moved));
    if statements.is_empty() {
        return;
    }
    let stays = |change: &&Change| {
        change.deposed.is_none() && !matches!(change.action, Action::Delete | Action::Forget)
    };
    let staying = changes.iter().filter(stays);
    let staying: HashSet<&Address> = staying.map(|change| &change.address).collect();
    for moved in &statements {
        let AnyAddress::Resource(from) = &moved.from else {
            continue;
        };
        if let (true, Some(block)) = (staying.contains(from), module.block(&from.resource)) {
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
