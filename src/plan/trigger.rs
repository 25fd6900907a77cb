//! `replace_triggered_by`: whether something that it names is changed by the same plan.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    sync::Arc,
};

use crate::{
    eval::{self, Scope},
    manifest::ast::{Expr, ExprKind, Resource},
    model::{
        Address, Key, ModulePath, ResourceAddress, Value,
        plan::{Action, Change},
    },
};

/// What one block's `replace_triggered_by` names, among the changes so far.
pub struct Triggers<'a> {
    named: Vec<Named<'a>>,
    /// Changes that trigger: updates and replacements.
    by_resource: HashMap<&'a ResourceAddress, Vec<&'a Change>>,
    by_address: HashMap<&'a Address, &'a Change>,
}

/// `TYPE.NAME`, one instance of it, or one attribute.
struct Named<'a> {
    resource: Arc<ResourceAddress>,
    key: Option<&'a Expr>,
    attribute: Option<&'a str>,
}

impl<'a> Triggers<'a> {
    /// Gathers them; costs nothing for a block that has none. `places` says where the changes of a resource are.
    pub fn new(
        block: &'a Resource,
        module: &ModulePath,
        changes: &'a [Change],
        places: &HashMap<Arc<ResourceAddress>, Range<usize>>,
    ) -> Self {
        let named: Vec<Named<'a>> = block
            .lifecycle
            .replace_triggered_by
            .iter()
            .filter_map(|expr| Named::of(expr, module))
            .collect();
        let mut triggers = Self {
            named,
            by_resource: HashMap::new(),
            by_address: HashMap::new(),
        };
        if triggers.named.is_empty() {
            return triggers;
        }
        let counts = |change: &&Change| change.action == Action::Update || change.action.replaces();
        let named: HashSet<&Arc<ResourceAddress>> =
            triggers.named.iter().map(|it| &it.resource).collect();
        let places = named.into_iter().filter_map(|it| places.get(it));
        let found = places.flat_map(|place| &changes[place.clone()]);
        for change in found.filter(counts) {
            let resource = &*change.address.resource;
            triggers.by_address.insert(&change.address, change);
            let all = triggers.by_resource.entry(resource).or_default();
            all.push(change);
        }
        triggers
    }

    /// Returns the resources of those that change; keys such as `each.key` are those of the scope's instance.
    pub fn fired(&self, scope: &dyn Scope) -> Vec<Arc<ResourceAddress>> {
        let changing = self.named.iter().filter(|named| self.fires(named, scope));
        changing.map(|named| named.resource.clone()).collect()
    }

    fn fires(&self, named: &Named<'_>, scope: &dyn Scope) -> bool {
        match named.key {
            None => {
                let changes = self.by_resource.get(&*named.resource).map(Vec::as_slice);
                changes
                    .unwrap_or_default()
                    .iter()
                    .any(|change| named.changes(change))
            }
            Some(key) => {
                let Some(key) = eval::evaluate(key, scope).ok().as_ref().and_then(key_of) else {
                    return false;
                };
                let address = Address {
                    resource: named.resource.clone(),
                    key,
                };
                self.by_address
                    .get(&address)
                    .is_some_and(|change| named.changes(change))
            }
        }
    }
}

fn key_of(value: &Value) -> Option<Key> {
    match value.unmarked() {
        Value::String(text) => Some(Key::Text(text.clone())),
        number => Some(Key::Int(u64::try_from(number.as_int()?).ok()?)),
    }
}

impl<'a> Named<'a> {
    fn of(expr: &'a Expr, module: &ModulePath) -> Option<Self> {
        let mut steps = Vec::new();
        let mut at = expr;
        let kind = loop {
            match &at.kind {
                ExprKind::Parens(inner) => at = inner,
                ExprKind::GetAttr(inner, name) => {
                    steps.push(Step::Name(&name.text));
                    at = inner;
                }
                ExprKind::Index(inner, key) => {
                    steps.push(Step::Key(key));
                    at = inner;
                }
                ExprKind::Variable(kind) => break kind,
                _ => return None,
            }
        };
        let Some(Step::Name(name)) = steps.pop() else {
            return None;
        };
        let mut named = Self {
            resource: Arc::new(ResourceAddress::managed(kind, name).within(module.clone())),
            key: None,
            attribute: None,
        };
        if let Some(Step::Key(key)) = steps.last() {
            named.key = Some(key);
            steps.pop();
        }
        if let Some(Step::Name(attribute)) = steps.pop() {
            named.attribute = Some(attribute);
        }
        Some(named)
    }

    fn changes(&self, change: &Change) -> bool {
        let Some(name) = self.attribute else {
            return true;
        };
        let before = change.before.as_ref().and_then(|object| object.get(name));
        before != change.after.as_ref().and_then(|object| object.get(name))
    }
}

enum Step<'a> {
    Name(&'a str),
    Key(&'a Expr),
}
