//! Data sources on the walk: read at once where all that they ask for is known, later where it is not.

use std::{collections::HashMap, sync::Arc};

use super::{
    arguments::arguments,
    checks, explain,
    providers::{missing, provider_of},
    refresh::id_of,
    scope::{InstanceScope, Keys, Repetition, Resolved},
    values::placed,
    walk::{Walk, merge, repeated},
};
use crate::{
    manifest::ast::{Reference, Resource, Target},
    model::{
        Address, Diagnostic, Key, ModulePath, Object, ResourceAddress, Value,
        event::Event,
        plan::{Action, Change, Reason},
        state::Stored,
    },
    provider::{Failure, Provider, builtin::NO_STATE, hooks::Kind},
    schema,
};

impl Walk<'_, '_> {
    /// Reads the instances of a data source, or notes that they are read during the apply.
    pub(super) async fn data(
        &mut self,
        address: &Arc<ResourceAddress>,
        block: &Resource,
        kind: &'static Kind,
        repetition: Repetition,
        keys: Keys,
    ) {
        let (provider_name, _) = provider_of(self.input.module, kind, &address.module, block);
        let Some(provider) = self.input.providers.get(&provider_name).cloned() else {
            self.diags.push(missing(address, &provider_name));
            return;
        };
        let waits = self.waits_for_changes(address, block);
        let mut instances = Vec::with_capacity(keys.len());
        let mut seen = HashMap::new();
        let recorded = self
            .prior
            .resources
            .remove(address)
            .filter(|_| self.input.options.frozen);
        for (key, each) in keys {
            let instance = Address {
                resource: address.clone(),
                key: key.clone(),
            };
            let Some(module) = self.values.within(&address.module) else {
                continue;
            };
            let scope = InstanceScope {
                values: &module,
                key: &key,
                each: each.as_ref(),
                this: None,
            };
            let (arguments, diags) = arguments(block, kind, &scope, &instance);
            merge(&mut seen, diags);
            let Some(arguments) = arguments else {
                instances.push((key, Value::UNKNOWN));
                continue;
            };
            let unknown = !arguments.values().all(Value::is_wholly_known);
            if unknown || waits {
                let reason = match unknown {
                    true => Reason::ReadBecauseConfigUnknown,
                    false => Reason::ReadBecauseDependencyPending,
                };
                let after = Arc::new(schema::mark(kind.ty, schema::unread(kind.ty, &arguments)));
                instances.push((key, Value::Object(after.clone())));
                self.changes
                    .push(read_later(instance, provider_name.clone(), after, reason));
                continue;
            }
            let known = recorded
                .as_ref()
                .and_then(|kept| kept.instances.get(&instance.key)?.current.clone());
            if let Some(known) = known {
                instances.push((key, Value::Object(known.attributes.clone())));
                self.prior.instance_mut(&instance, &provider_name).current = Some(known);
                continue;
            }
            let read = self.read_data(&*provider, kind, &instance, &arguments);
            let value = match read.await {
                Ok(found) => {
                    let stored = Stored {
                        attributes: found.clone(),
                        ..Stored::default()
                    };
                    self.prior.instance_mut(&instance, &provider_name).current = Some(stored);
                    Value::Object(found)
                }
                Err(failure) => {
                    self.unread(
                        failed_read(kind.ty, block, &instance, &failure),
                        block,
                        &instance,
                    );
                    if block.check.is_none() {
                        instances.push((key, Value::UNKNOWN));
                        continue;
                    }
                    // It may be there when the apply is done.
                    let after = schema::mark(kind.ty, schema::unread(kind.ty, &arguments));
                    let after = Arc::new(after);
                    let reason = Reason::ReadBecauseCheckNested;
                    let provider = provider_name.clone();
                    self.changes
                        .push(read_later(instance, provider, after.clone(), reason));
                    Value::Object(after)
                }
            };
            instances.push((key, value));
        }
        self.diags.extend(repeated(seen));
        self.values
            .resolve(address, Resolved::new(repetition, instances));
    }

    /// Tells that a data source could not be read; in a check that is no error.
    fn unread(&mut self, diagnostic: Diagnostic, block: &Resource, instance: &Address) {
        self.diags.push(match &block.check {
            Some(check) => checks::as_warning(diagnostic, check, instance, &mut self.checks),
            None => diagnostic,
        });
    }

    async fn read_data(
        &self,
        provider: &dyn Provider,
        kind: &'static Kind,
        address: &Address,
        arguments: &Object,
    ) -> Result<Arc<Object>, Failure> {
        (self.input.events)(Event::ReadStarted {
            address: address.clone(),
        });
        let found = provider.data(kind.ty, arguments).await?;
        let found = Arc::new(schema::mark(kind.ty, found));
        (self.input.events)(Event::ReadFinished {
            address: address.clone(),
            id: id_of(&found),
            seconds: 0,
        });
        Ok(found)
    }

    /// Whether `depends_on`, its own or that of a call around it, names something that this plan changes.
    pub(super) fn waits_for_changes(&self, address: &ResourceAddress, block: &Resource) -> bool {
        let mut named = Vec::new();
        let mut path = address.module.config();
        self.named(&path, &block.depends_on, &mut named);
        while let Some((caller, _)) = path.split() {
            if let Some(call) = self.input.module.call(&path) {
                self.named(&caller, &call.depends_on, &mut named);
            }
            path = caller;
        }
        self.blocks
            .with_needs(named)
            .iter()
            .any(|address| self.pending.contains(address))
    }

    /// Adds the resources that a `depends_on` in a module names.
    fn named(
        &self,
        module: &ModulePath,
        list: &[Reference],
        found: &mut Vec<Arc<ResourceAddress>>,
    ) {
        for reference in list {
            match &reference.target {
                Target::Resource(own) => found.push(placed(own, module)),
                Target::Module(name) | Target::ModuleOutput(name, _) => {
                    let whole = self.blocks.wholes.get(&module.child(name, Key::None));
                    found.extend(whole.into_iter().flat_map(|all| all.iter().cloned()));
                }
                Target::Variable(_) | Target::Local(_) | Target::Output(_) => {}
            }
        }
    }
}

fn read_later(address: Address, provider: Arc<str>, after: Arc<Object>, reason: Reason) -> Change {
    Change {
        reason: Some(reason),
        after: Some(after),
        ..Change::new(address, provider, Action::Read)
    }
}

fn failed_read(
    ty: &'static schema::ResourceType,
    block: &Resource,
    address: &Address,
    failure: &Failure,
) -> Diagnostic {
    let subject = explain::Subject {
        address,
        ty: Some(ty),
        block: Some(block),
        provider: None,
    };
    let summary = match &*failure.error.code {
        NO_STATE => explain::FINDING_STATE,
        _ => explain::READING_DATA,
    };
    explain::failed(summary, failure, subject)
}
