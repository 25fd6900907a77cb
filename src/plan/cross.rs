//! Rules across resources: a vSwitch inside its VPC, groups and vSwitch in one VPC.
//!
//! Objects that do not exist yet have no id to find each other by: they are joined by the reference
//! in the manifest.

use std::collections::{BTreeMap, HashMap};

use super::{arguments::locate, build::Input};
use crate::{
    eval::{self, Scope},
    manifest::ast::{Expr, ExprKind, Resource},
    model::{
        Address, Diagnostics, Key, Mode, ModulePath, Object, Value,
        plan::{Action, Change},
        state::State,
    },
    provider::{hooks::Kind, registry::Registry},
    schema::{Problem, ResourceType},
};

/// One object that an attribute refers to.
#[derive(Clone, Debug)]
pub struct Link {
    pub attribute: &'static str,
    pub to: To,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum To {
    /// An object of this configuration.
    Address(Address),
    /// An object of a type, by its id.
    Id(&'static str, String),
}

/// Returns what an instance's arguments refer to.
pub fn links(
    block: &Resource,
    kind: &Kind,
    (scope, module): (&dyn Scope, &ModulePath),
    arguments: &Object,
) -> Vec<Link> {
    let mut links = Vec::new();
    for attribute in kind.ty.attributes {
        let Some(other) = attribute.refers_to else {
            continue;
        };
        let Some(value) = arguments.get(attribute.name) else {
            continue;
        };
        let mut add = |to: To| {
            links.push(Link {
                attribute: attribute.name,
                to,
            })
        };
        match (value.as_str(), value.as_list()) {
            (Some(id), _) => add(To::Id(other, id.to_owned())),
            (None, Some(items)) if items.iter().all(|item| item.as_str().is_some()) => {
                items
                    .iter()
                    .filter_map(Value::as_str)
                    .for_each(|id| add(To::Id(other, id.to_owned())));
            }
            _ => {
                let written = block
                    .body
                    .attributes
                    .iter()
                    .find(|it| *it.name.text == *attribute.name);
                written
                    .into_iter()
                    .flat_map(|it| elements(&it.value))
                    .for_each(|expr| {
                        if let Some(address) = referred(expr, scope, module) {
                            add(To::Address(address));
                        }
                    });
            }
        }
    }
    links
}

fn elements(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Tuple(items) => items.iter().collect(),
        ExprKind::Parens(inner) => elements(inner),
        _ => vec![expr],
    }
}

fn referred(expr: &Expr, scope: &dyn Scope, module: &ModulePath) -> Option<Address> {
    let (resource, key, attribute) = eval::plain_reference(expr)?;
    if attribute != "id" || resource.mode != Mode::Managed {
        return None;
    }
    let key = match key {
        None => Key::None,
        Some(key) => match eval::evaluate(key, scope).ok()?.unmarked() {
            Value::String(text) => Key::Text(text.clone()),
            number => Key::Int(u64::try_from(number.as_int()?).ok()?),
        },
    };
    Some(Address {
        resource: resource.within(module.clone()).into(),
        key,
    })
}

/// What the planned objects are found by.
pub struct Index<'a> {
    by_address: Quick<&'a Address>,
    by_id: Quick<(&'static str, &'a str)>,
}

/// Places by what is looked for often.
type Quick<K> = HashMap<K, usize, foldhash::fast::RandomState>;

impl<'a> Index<'a> {
    /// Indexes what there is afterwards.
    pub fn new(changes: &'a [Change], registry: &Registry) -> Self {
        let (mut by_address, mut by_id) = (Quick::default(), Quick::default());
        for (at, change) in changes.iter().enumerate() {
            let Some(after) = &change.after else {
                continue;
            };
            by_address.insert(&change.address, at);
            let resource = &change.address.resource;
            let id = after.get("id").and_then(Value::as_str);
            if let (Some(id), Some(kind)) = (id, registry.find(resource.mode, &resource.kind)) {
                by_id.insert((kind.ty.canonical(), id), at);
            }
        }
        Self { by_address, by_id }
    }

    /// Returns the place of the change of what a link leads to.
    pub fn follow(&self, to: &To) -> Option<usize> {
        match to {
            To::Address(address) => self.by_address.get(address).copied(),
            To::Id(kind, id) => self.by_id.get(&(*kind, id.as_str())).copied(),
        }
    }
}

struct Objects<'a> {
    changes: &'a [Change],
    registry: &'a Registry,
    index: Index<'a>,
    /// In the order of the changes that they are of.
    links: &'a [(usize, Link)],
}

impl<'a> Objects<'a> {
    fn new(changes: &'a [Change], links: &'a [(usize, Link)], registry: &'a Registry) -> Self {
        debug_assert!(links.is_sorted_by_key(|(at, _)| *at));
        Self {
            changes,
            registry,
            index: Index::new(changes, registry),
            links,
        }
    }

    /// Returns what an object refers to.
    fn links(&self, at: usize) -> impl Iterator<Item = &'a Link> + Clone + use<'a> {
        let first = self.links.partition_point(|(of, _)| *of < at);
        let links = self.links[first..].iter();
        links
            .take_while(move |(of, _)| *of == at)
            .map(|(_, link)| link)
    }

    fn plain(&self, at: usize, attribute: &str) -> Option<String> {
        let change = &self.changes[at];
        let resource = &change.address.resource;
        let kind = self.registry.find(resource.mode, &resource.kind)?;
        let row = kind.ty.attributes.iter().find(|it| it.name == attribute)?;
        if row.refers_to.is_some() {
            return None;
        }
        let value = change.after.as_ref()?.get(attribute)?.as_str()?;
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Returns what tells apart the objects that `attribute` of an object can refer to; its value, if it is no
    /// reference.
    fn identity(&self, at: usize, attribute: &str) -> Option<String> {
        let Some(link) = self.links(at).find(|link| link.attribute == attribute) else {
            return self.plain(at, attribute);
        };
        match &link.to {
            To::Address(address) => Some(address.to_string()),
            // The same object may be named by reference elsewhere.
            To::Id(_, id) => Some(
                self.index
                    .follow(&link.to)
                    .map_or_else(|| id.clone(), |at| self.changes[at].address.to_string()),
            ),
        }
    }
}

/// Checks the rules between objects of the plan.
pub fn check(
    changes: &[Change],
    links: &[(usize, Link)],
    input: &Input<'_, '_>,
    _prior: &State,
    diags: &mut Diagnostics,
) {
    if links.is_empty() {
        return;
    }
    let objects = Objects::new(changes, links, &input.registry);
    let mut families: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate() {
        let Some((kind, block)) = declared(change, input) else {
            continue;
        };
        let problems = of_one(at, kind.ty, &objects);
        diags.extend(
            problems
                .iter()
                .chain(&in_its_own_way(change, kind.ty))
                .map(|problem| locate(problem, block, &change.address)),
        );
        if let Some(family) = kind
            .ty
            .siblings
            .and_then(|siblings| objects.identity(at, siblings.same))
        {
            families
                .entry((kind.ty.canonical().to_owned(), family))
                .or_default()
                .push(at);
        }
    }
    for members in families.values() {
        siblings(members, &objects, input, diags);
    }
    crowds(links, &objects, input, diags);
}

/// Returns what keeps an object from being made beside its predecessor.
fn in_its_own_way(change: &Change, ty: &ResourceType) -> Option<Problem> {
    let (Some(rule), Action::CreateDelete) = (ty.siblings, change.action) else {
        return None;
    };
    let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
    let family = before.get(rule.same)?.as_str()?;
    if after.get(rule.same)?.as_str() != Some(family) {
        return None;
    }
    let problem = (rule.check)(after, before)?;
    Some(Problem {
        summary: "Successor beside its predecessor".to_owned(),
        detail: format!(
            "It is created before its predecessor is destroyed, since create_before_destroy is set, here or in what needs it. The cloud cannot have both. {}",
            problem.detail
        ),
        hint: Some(format!(
            "Change {}, or take create_before_destroy away.",
            problem.path
        )),
        ..problem
    })
}

/// Reports objects that too many others refer to, at the first of these.
fn crowds(
    links: &[(usize, Link)],
    objects: &Objects<'_>,
    input: &Input<'_, '_>,
    diags: &mut Diagnostics,
) {
    // What is referred to: an object of the plan, or one known by its id only.
    type Referred<'a> = (usize, Option<&'a To>);
    let mut known: Quick<(&str, Referred<'_>)> = Quick::default();
    let mut counted: Vec<(usize, &Link, usize)> = Vec::new();
    for (at, link) in links {
        let referred: Referred<'_> = match objects.index.follow(&link.to) {
            Some(that) => (that, None),
            None => (usize::MAX, Some(&link.to)),
        };
        let kind = &*objects.changes[*at].address.resource.kind;
        let place = *known.entry((kind, referred)).or_insert(counted.len());
        if place == counted.len() {
            counted.push((*at, link, 0));
        }
        counted[place].2 += 1;
    }
    for (at, link, count) in counted {
        let change = &objects.changes[at];
        let Some((kind, block)) = declared(change, input) else {
            continue;
        };
        let Some(crowd) = kind.ty.crowd.filter(|it| it.attribute == link.attribute) else {
            continue;
        };
        if count <= crowd.free {
            continue;
        }
        let that = objects.index.follow(&link.to);
        let that = that.and_then(|that| objects.changes[that].after.as_deref());
        if let Some(problem) = (crowd.check)(count, that) {
            diags.push(locate(&problem, block, &change.address));
        }
    }
}

fn declared<'a>(
    change: &Change,
    input: &'a Input<'a, '_>,
) -> Option<(&'static Kind, &'a Resource)> {
    if change.after.is_none() || change.action == Action::Read {
        return None;
    }
    let address = &change.address.resource;
    let kind = input.registry.find(address.mode, &address.kind)?;
    Some((kind, input.module.block(address)?))
}

fn of_one(at: usize, ty: &ResourceType, objects: &Objects<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(this) = &objects.changes[at].after else {
        return problems;
    };
    let links = objects.links(at);
    for rule in ty.cross {
        for link in links
            .clone()
            .filter(|link| link.attribute == rule.attribute)
        {
            let that = objects
                .index
                .follow(&link.to)
                .and_then(|at| objects.changes[at].after.as_ref());
            problems.extend(that.and_then(|that| (rule.check)(this, that)));
        }
    }
    for name in ty.agree {
        let mut first: Option<(&Link, String)> = None;
        for link in links.clone() {
            let there = objects.index.follow(&link.to);
            let identity = match link.attribute == *name {
                true => objects.identity(at, name),
                false => there.and_then(|at| objects.identity(at, name)),
            };
            match (identity, &first) {
                (Some(identity), Some((other, known))) if identity != *known => {
                    problems.push(disagreement(link, &identity, other, known, name));
                }
                (Some(identity), None) => first = Some((link, identity)),
                _ => {}
            }
        }
    }
    problems
}

fn disagreement(link: &Link, identity: &str, other: &Link, known: &str, name: &str) -> Problem {
    let (this, that) = (link.attribute, other.attribute);
    // The object may say it of itself, too.
    let of = |attribute: &str, identity: &str| match attribute == name {
        true => format!("{name} is {identity}"),
        false => format!("what {attribute} refers to has {name} {identity}"),
    };
    let (one, another) = (of(this, identity), of(that, known));
    let place = if name.ends_with("zone") {
        "zone"
    } else {
        "network"
    };
    Problem {
        path: this.to_owned(),
        summary: format!("Objects of different {place}s"),
        detail: format!(
            "{}{}, and {another}: they must be the same.",
            one[..1].to_uppercase(),
            &one[1..]
        ),
        hint: Some(format!(
            "Refer to objects of one {place} in {this} and {that}."
        )),
        warning: false,
    }
}

fn siblings(
    members: &[usize],
    objects: &Objects<'_>,
    input: &Input<'_, '_>,
    diags: &mut Diagnostics,
) {
    // Pairs: a family is what lives in one network, which the cloud's quotas keep small.
    for (nth, a) in members.iter().enumerate().take(2_000) {
        for b in &members[..nth] {
            let (first, second) = (&objects.changes[*a], &objects.changes[*b]);
            let (Some(this), Some(that)) = (&first.after, &second.after) else {
                continue;
            };
            let Some((kind, block)) = declared(first, input) else {
                continue;
            };
            let Some(rule) = kind.ty.siblings else {
                continue;
            };
            if let Some(problem) = (rule.check)(this, that) {
                let mut diagnostic = locate(&problem, block, &first.address);
                if let Some((_, other)) = declared(second, input) {
                    let span = eval::span_of(&other.body, &problem.path).unwrap_or(other.span);
                    diagnostic = diagnostic.label(span, format!("{} is here", second.address));
                }
                diags.push(diagnostic);
            }
        }
    }
}
