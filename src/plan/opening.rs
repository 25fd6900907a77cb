//! Ephemeral resources: opened in each phase that needs them, kept nowhere, closed at its end.
//!
//! What is opened is made up within the process. Its value is sensitive besides being ephemeral, so that nothing shows it.

use std::{collections::HashMap, sync::Arc};

use super::{
    arguments::{Promise, arguments, conditions, locate},
    checks, decide,
    graph::blocks,
    resolved::{Repetition, Resolved, keys_of},
    scope::{InstanceScope, Values},
    walk::{merge, repeated},
};
use crate::{
    eval::expand::expand,
    manifest::ast::Resource,
    model::{
        Address, Diagnostic, Diagnostics, Mode, ResourceAddress, Value,
        checks::{Checks, Finding, Subject},
        event::{Ephemeral, Event},
    },
    provider::{hooks::Kind, registry::Registry},
    schema::{self, Problem},
};

/// What opening needs to know, and what it tells.
pub struct Opening<'a, 'm> {
    pub values: &'a mut Values<'m>,
    pub checks: &'a mut Checks,
    pub events: &'a (dyn Fn(Event) + Sync),
    /// Those that are open.
    pub opened: &'a mut Vec<Address>,
}

/// What one instance came to.
struct Opened {
    value: Value,
    finding: Finding,
    diags: Vec<Diagnostic>,
    open: bool,
}

impl Opening<'_, '_> {
    /// Opens the instances of a block in one instance of its module, and puts them in scope. One whose arguments are not
    /// known yet, or that `waits`, is left for later.
    pub fn open(
        &mut self,
        address: &Arc<ResourceAddress>,
        block: &Resource,
        kind: &'static Kind,
        waits: bool,
    ) -> Vec<Diagnostic> {
        let Some(scope) = self.values.within(&address.module) else {
            return Vec::new();
        };
        let (repetition, keys) = match expand(block.count.as_ref(), block.for_each.as_ref(), &scope)
        {
            Ok(expansion) => keys_of(expansion),
            Err(diagnostic) => {
                let none = Resolved::new(Repetition::Single, Vec::new());
                self.values.resolve(address, none);
                return vec![diagnostic.about(address)];
            }
        };
        let mut seen = HashMap::new();
        let mut instances = Vec::with_capacity(keys.len());
        for (key, each) in keys {
            let instance = Address {
                resource: address.clone(),
                key: key.clone(),
            };
            let one = self.one(&instance, each.as_ref(), (block, kind), waits);
            merge(&mut seen, one.diags);
            if block.lifecycle.promises() {
                let subject = Subject::Resource(address.clone());
                self.checks.note(subject, key.clone(), one.finding);
            }
            if one.open {
                self.opened.push(instance);
            }
            instances.push((key, one.value));
        }
        self.values
            .resolve(address, Resolved::new(repetition, instances));
        repeated(seen)
    }

    /// The same, in every instance of its module.
    pub fn everywhere(
        &mut self,
        address: &Arc<ResourceAddress>,
        block: &Resource,
        kind: &'static Kind,
    ) -> Vec<Diagnostic> {
        let places = self.values.instances(&address.module);
        let places: Vec<_> = places.iter().map(|it| it.path().clone()).collect();
        let mut told = Vec::new();
        for path in places {
            told.extend(self.open(&Arc::new(address.within(path)), block, kind, false));
        }
        told
    }

    fn one(
        &self,
        address: &Address,
        each: Option<&Value>,
        (block, kind): (&Resource, &'static Kind),
        waits: bool,
    ) -> Opened {
        let mut opened = Opened {
            value: Value::UNKNOWN,
            finding: Finding::default(),
            diags: Vec::new(),
            open: false,
        };
        let Some(module) = self.values.within(&address.resource.module) else {
            return opened;
        };
        let scope = InstanceScope {
            values: &module,
            key: &address.key,
            each,
            this: None,
        };
        let (given, diags) = arguments(block, kind, &scope, address);
        opened.diags = diags;
        let Some(given) = given else {
            return opened;
        };
        let lifecycle = &block.lifecycle;
        opened.finding = conditions(
            &lifecycle.preconditions,
            &scope,
            Promise::Precondition,
            address,
            &mut opened.diags,
        );
        let mut object = decide::proposed(kind, None, &given, &|text| text.to_owned()).after;
        object.remove("id");
        let told = |what| {
            let address = address.clone();
            (self.events)(Event::Ephemeral { address, what });
        };
        let failed = opened.diags.iter().any(Diagnostic::is_error);
        if !waits && !failed && given.values().all(Value::is_wholly_known) {
            told(Ephemeral::Opening);
            match kind.hooks.make.map(|make| make(&object)) {
                Some(Err(why)) => opened.diags.push(not_opened(why, block, address)),
                made => {
                    object = made.and_then(Result::ok).unwrap_or(object);
                    told(Ephemeral::Opened);
                    opened.open = true;
                }
            }
        }
        let this = Value::object(schema::mark(kind.ty, object)).sensitive();
        let scope = InstanceScope {
            this: Some(&this),
            ..scope
        };
        let promise = Promise::Postcondition;
        let found = &mut opened.diags;
        let finding = conditions(&lifecycle.postconditions, &scope, promise, address, found);
        opened.finding.add(finding);
        opened.value = this;
        opened
    }
}

/// Opens all that can be opened with what the values have, and tells nobody: what cannot is left unknown.
pub fn open_all(values: &mut Values<'_>, registry: &Registry) {
    let module = values.module;
    let mut blocks_wrong = Diagnostics::default();
    let is_one = |(address, _): &(Arc<ResourceAddress>, _)| address.mode == Mode::Ephemeral;
    if !module.all_blocks().any(|block| is_one(&block)) {
        return;
    }
    let blocks = blocks(module, &mut blocks_wrong);
    let (mut checks, mut opened) = (checks::declared(module), Vec::new());
    for address in blocks.resources().filter(|it| it.mode == Mode::Ephemeral) {
        let kind = registry.find(address.mode, &address.kind);
        let (Some(block), Some(kind)) = (module.block(address), kind) else {
            continue;
        };
        let mut opening = Opening {
            values,
            checks: &mut checks,
            events: &|_| {},
            opened: &mut opened,
        };
        opening.everywhere(address, block, kind);
    }
}

/// Tells that ephemeral resources are closed: there is nothing left of them.
pub fn close(opened: &mut Vec<Address>, events: &(dyn Fn(Event) + Sync)) {
    for address in std::mem::take(opened).into_iter().rev() {
        for what in [Ephemeral::Closing, Ephemeral::Closed] {
            let address = address.clone();
            events(Event::Ephemeral { address, what });
        }
    }
}

fn not_opened(why: String, block: &Resource, address: &Address) -> Diagnostic {
    let hint = "Mend its arguments, and run the command again.";
    let problem = Problem::new("", "Ephemeral resource not opened", why, hint);
    locate(&problem, block, address)
}
