//! Data sources on the walk: read at once where all that they ask for is known, later where it is not.

use std::{collections::HashMap, sync::Arc};

use super::{
    arguments::{Promise, arguments, conditions},
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
        checks::Subject,
        event::Event,
        plan::{Action, Change, Reason},
        state::{self, Stored},
    },
    provider::{Failure, Provider, builtin::NO_STATE, hooks::Kind},
    schema,
};

/// One data source, and what all of its instances have in common.
struct Asked<'a> {
    block: &'a Resource,
    kind: &'static Kind,
    provider_name: Arc<str>,
    provider: Arc<dyn Provider>,
    /// Whether it is read only when something else has changed.
    waits: bool,
    /// What the state had of it, where that is to be taken.
    recorded: Option<state::Resource>,
}

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
        let recorded = self.prior.resources.remove(address);
        let asked = Asked {
            block,
            kind,
            provider_name,
            provider,
            waits: self.waits_for_changes(address, block),
            recorded: recorded.filter(|_| self.input.options.frozen),
        };
        let mut instances = Vec::with_capacity(keys.len());
        let mut seen = HashMap::new();
        for (key, each) in keys {
            let instance = Address {
                resource: address.clone(),
                key: key.clone(),
            };
            let mut told = Vec::new();
            let value = self
                .one_source(&asked, &instance, each.as_ref(), &mut told)
                .await;
            merge(&mut seen, told);
            instances.push((key, value));
        }
        self.diags.extend(repeated(seen));
        self.values
            .resolve(address, Resolved::new(repetition, instances));
    }

    /// Reads one instance of a data source, if it can be read, and looks at what its block promises.
    async fn one_source(
        &mut self,
        asked: &Asked<'_>,
        instance: &Address,
        each: Option<&Value>,
        told: &mut Vec<Diagnostic>,
    ) -> Value {
        let lifecycle = &asked.block.lifecycle;
        let (given, mut finding) = {
            let Some(module) = self.values.within(&instance.resource.module) else {
                return Value::UNKNOWN;
            };
            let scope = InstanceScope {
                values: &module,
                key: &instance.key,
                each,
                this: None,
            };
            let (given, diags) = arguments(asked.block, asked.kind, &scope, instance);
            told.extend(diags);
            let (list, promise) = (&lifecycle.preconditions, Promise::Precondition);
            (given, conditions(list, &scope, promise, instance, told))
        };
        let broken = told.iter().any(Diagnostic::is_error);
        let value = match given.filter(|_| !broken) {
            Some(given) => self.answer(asked, instance, given).await,
            None => Value::UNKNOWN,
        };
        if lifecycle.promises() {
            if !broken && let Some(module) = self.values.within(&instance.resource.module) {
                let scope = InstanceScope {
                    values: &module,
                    key: &instance.key,
                    each,
                    this: Some(&value),
                };
                let (list, promise) = (&lifecycle.postconditions, Promise::Postcondition);
                finding.add(conditions(list, &scope, promise, instance, told));
            }
            let subject = Subject::Resource(instance.resource.clone());
            self.checks.note(subject, instance.key.clone(), finding);
        }
        value
    }

    /// Returns what a data source answers, as far as that is known.
    async fn answer(&mut self, asked: &Asked<'_>, instance: &Address, arguments: Object) -> Value {
        let kind = asked.kind;
        let later = |reason| {
            let after = Arc::new(schema::mark(kind.ty, schema::unread(kind.ty, &arguments)));
            let provider = asked.provider_name.clone();
            let change = read_later(instance.clone(), provider, after.clone(), reason);
            (change, Value::Object(after))
        };
        let unknown = !arguments.values().all(Value::is_wholly_known);
        if unknown || asked.waits {
            let (change, value) = later(match unknown {
                true => Reason::ReadBecauseConfigUnknown,
                false => Reason::ReadBecauseDependencyPending,
            });
            self.changes.push(change);
            return value;
        }
        let known = asked.recorded.as_ref();
        if let Some(known) =
            known.and_then(|kept| kept.instances.get(&instance.key)?.current.clone())
        {
            let value = Value::Object(known.attributes.clone());
            self.prior
                .instance_mut(instance, &asked.provider_name)
                .current = Some(known);
            return value;
        }
        match self
            .read_data(&*asked.provider, kind, instance, &arguments)
            .await
        {
            Ok(found) => {
                let stored = Stored {
                    attributes: found.clone(),
                    ..Stored::default()
                };
                self.prior
                    .instance_mut(instance, &asked.provider_name)
                    .current = Some(stored);
                Value::Object(found)
            }
            Err(failure) => {
                let told = failed_read(kind.ty, asked.block, instance, &failure);
                self.unread(told, asked.block, instance);
                if asked.block.check.is_none() {
                    return Value::UNKNOWN;
                }
                // It may be there when the apply is done.
                let (change, value) = later(Reason::ReadBecauseCheckNested);
                self.changes.push(change);
                value
            }
        }
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
