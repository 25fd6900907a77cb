//! What the walk lets end: objects that nothing declares any more, that have no key any more, that were put
//! aside; destroyed, or forgotten where a `removed` block says so.

use std::{collections::BTreeSet, sync::Arc};

use super::{decide::losses, scope::Repetition, walk::Walk};
use crate::model::{
    Address, AnyAddress, Diagnostic, Key, Mode, ResourceAddress,
    plan::{self, Action, Change, Reason},
    state::Stored,
};

impl Walk<'_, '_> {
    pub(super) fn destroy_all(&mut self) {
        self.as_recorded();
        let doomed: Vec<(Address, Arc<str>, Stored)> = self
            .prior
            .current()
            .filter(|(address, _)| {
                address.resource.mode == Mode::Managed && self.chosen.instance(address)
            })
            .map(|(address, stored)| {
                let provider = self.prior.resources[&address.resource].provider.clone();
                (address, provider, stored.clone())
            })
            .collect();
        for (address, provider, stored) in doomed {
            self.delete(address, provider, &stored, None);
        }
    }

    pub(super) fn delete(
        &mut self,
        address: Address,
        provider: Arc<str>,
        stored: &Stored,
        reason: Option<Reason>,
    ) {
        self.pending.insert(address.resource.config());
        let resource = &address.resource;
        let kind = self.input.registry.find(resource.mode, &resource.kind);
        self.changes.push(Change {
            previous: self.moved.get(&address).cloned(),
            reason,
            before: Some(stored.attributes.clone()),
            effects: kind.map_or_else(Vec::new, |kind| losses(kind, &stored.attributes)),
            ..Change::new(address, provider, Action::Delete)
        });
    }

    pub(super) fn deposed(&mut self) {
        if self.input.options.mode == plan::Mode::RefreshOnly {
            return;
        }
        let forgotten = match self.input.options.mode {
            plan::Mode::Normal => self.kept(),
            plan::Mode::Destroy | plan::Mode::RefreshOnly => Vec::new(),
        };
        for (resource, kept) in &self.prior.resources {
            let kind = self.input.registry.find(resource.mode, &resource.kind);
            for (key, instance) in &kept.instances {
                let address = Address {
                    resource: resource.clone(),
                    key: key.clone(),
                };
                if !self.chosen.instance(&address) {
                    continue;
                }
                let action = match forgotten.iter().any(|it| it.covers(&address)) {
                    true => Action::Forget,
                    false => Action::Delete,
                };
                for (deposed, stored) in &instance.deposed {
                    let (address, provider) = (address.clone(), kept.provider.clone());
                    self.changes.push(Change {
                        deposed: Some(deposed.clone()),
                        before: Some(stored.attributes.clone()),
                        effects: kind
                            .filter(|_| action == Action::Delete)
                            .map_or_else(Vec::new, |it| losses(it, &stored.attributes)),
                        ..Change::new(address, provider, action)
                    });
                }
            }
        }
    }

    /// What the state has and the configuration no longer declares.
    pub(super) fn orphans(&mut self) {
        let gone: Vec<(Address, Arc<str>, Stored)> = self
            .prior
            .current()
            .filter(|(address, _)| {
                address.resource.mode == Mode::Managed
                    && !self.declared(&address.resource)
                    && self.chosen.instance(address)
            })
            .map(|(address, stored)| {
                let provider = self.prior.resources[&address.resource].provider.clone();
                (address, provider, stored.clone())
            })
            .collect();
        let kept = self.kept();
        let mut forgotten = BTreeSet::new();
        for (address, provider, stored) in gone {
            let reason = match self.moved.get(&address) {
                Some(_) => Reason::DeleteBecauseNoMoveTarget,
                None if self.input.module.block(&address.resource).is_some() => {
                    Reason::DeleteBecauseNoModule
                }
                None => Reason::DeleteBecauseNoResourceConfig,
            };
            if kept.iter().any(|it| it.covers(&address)) {
                forgotten.insert(address.to_string());
                self.changes.push(Change {
                    previous: self.moved.get(&address).cloned(),
                    reason: Some(reason),
                    before: Some(stored.attributes),
                    ..Change::new(address, provider, Action::Forget)
                });
            } else {
                self.delete(address, provider, &stored, Some(reason));
            }
        }
        self.tell_forgotten(&forgotten);
        // Data sources that are gone are forgotten without a word.
        let gone: Vec<_> = self.prior.resources.keys().cloned().collect();
        for address in gone {
            if address.mode == Mode::Data && !self.declared(&address) {
                self.prior.resources.remove(&address);
            }
        }
    }

    /// The resources that a `removed` block keeps in the cloud.
    pub(super) fn kept(&self) -> Vec<AnyAddress> {
        let mut all = Vec::new();
        for (path, module) in self.input.module.tree() {
            let kept = module.removed.iter().filter(|removed| !removed.destroy);
            all.extend(kept.map(|removed| removed.from.within(&path)));
        }
        all
    }

    /// Whether the configuration has a block for a resource, and the instance of the module that it is in.
    fn declared(&self, address: &ResourceAddress) -> bool {
        self.input.module.block(address).is_some() && self.values.within(&address.module).is_some()
    }

    pub(super) fn tell_forgotten(&mut self, forgotten: &BTreeSet<String>) {
        if forgotten.is_empty() {
            return;
        }
        let list: Vec<&str> = forgotten.iter().map(String::as_str).collect();
        self.diags.push(
            Diagnostic::warning(
                "Some objects will no longer be managed by prov",
                format!(
                    "The state forgets them, and they stay in the cloud: {}.",
                    list.join(", ")
                ),
            )
            .hint("Import them to manage them again."),
        );
    }

    pub(super) fn surplus(
        &self,
        address: &Arc<ResourceAddress>,
        repetition: Repetition,
        wanted: &BTreeSet<&Key>,
    ) -> Vec<(Address, Stored, Reason)> {
        let Some(kept) = self.prior.resources.get(address) else {
            return Vec::new();
        };
        let reason = |key: &Key| match (repetition, key) {
            (Repetition::Count, Key::Int(_)) => Reason::DeleteBecauseCountIndex,
            (Repetition::ForEach, Key::Text(_)) => Reason::DeleteBecauseEachKey,
            _ => Reason::DeleteBecauseWrongRepetition,
        };
        kept.instances
            .iter()
            .filter(|(key, _)| !wanted.contains(key))
            .filter_map(|(key, instance)| {
                let instance_address = Address {
                    resource: address.clone(),
                    key: key.clone(),
                };
                let stored = instance.current.as_ref()?;
                self.chosen
                    .instance(&instance_address)
                    .then(|| (instance_address, stored.clone(), reason(key)))
            })
            .collect()
    }

    pub(super) fn refuse_protected(&mut self) {
        for change in &self.changes {
            let destroys = change.action.replaces() || change.action == Action::Delete;
            let block = self.input.module.block(&change.address.resource);
            let protected = block.filter(|block| block.lifecycle.prevent_destroy);
            if let (true, None, Some(block)) = (destroys, &change.deposed, protected) {
                let why = match change.replace_paths.as_slice() {
                    [] => String::new(),
                    paths => format!(" It would be replaced because of {}.", paths.join(", ")),
                };
                let said = block.lifecycle.prevent_destroy_span.unwrap_or(block.span);
                self.diags.push(
                    Diagnostic::error(
                        "Instance cannot be destroyed",
                        format!(
                            "{} has lifecycle.prevent_destroy set, but the plan calls for it to be destroyed.{why}",
                            change.address
                        ),
                    )
                    .at(block.span)
                    .label(said, "said here")
                    .about(&change.address)
                    .hint("Take prevent_destroy away, or leave this resource out with -target."),
                );
            }
        }
    }
}
