//! Providers of the `configuration`: which there are, and which of them each resource has.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::expressions::arguments;
use crate::{
    cli::session::REGISTRY,
    manifest::ast::{Module, ModuleCall, Name, Provider, Resource},
    schema::source::{ALICLOUD, SOURCES},
};

/// A module where it is called.
pub(super) struct Place<'a> {
    pub(super) module: &'a Module,
    /// `module.a.module.b`; nothing for the root.
    path: String,
    caller: Option<(&'a Self, &'a ModuleCall)>,
}

impl<'a> Place<'a> {
    /// The root module.
    pub(super) fn root(module: &'a Module) -> Self {
        Self {
            module,
            path: String::new(),
            caller: None,
        }
    }

    /// What a call calls.
    pub(super) fn child(&'a self, call: &'a ModuleCall) -> Option<Self> {
        let dot = if self.path.is_empty() { "" } else { "." };
        Some(Self {
            module: self.module.children.get(&call.name.text)?,
            path: format!("{}{dot}module.{}", self.path, call.name.text),
            caller: Some((self, call)),
        })
    }

    /// Returns the key of the provider of a resource.
    pub(super) fn key_of(&self, block: &Resource) -> String {
        let (name, alias) = match &block.provider {
            Some((name, alias)) => (&*name.text, alias.as_ref().map(|it| &*it.text)),
            None => (provider(block).0, None),
        };
        self.configured(name, alias)
            .unwrap_or_else(|| self.key(name, alias))
    }

    /// Returns the key of the block that configures a provider, here or at a caller.
    fn configured(&self, name: &str, alias: Option<&str>) -> Option<String> {
        let text = |alias: &'a Option<Name>| alias.as_ref().map(|it| &*it.text);
        let mut blocks = self.module.providers.iter();
        if blocks.any(|it| &*it.name.text == name && text(&it.alias) == alias) {
            return Some(self.key(name, alias));
        }
        let (caller, call) = self.caller?;
        let mut passed = call.providers.iter();
        match passed.find(|it| &*it.child.0.text == name && text(&it.child.1) == alias) {
            Some(passed) => caller.configured(&passed.parent.0.text, text(&passed.parent.1)),
            None if alias.is_none() => caller.configured(name, None),
            None => None,
        }
    }

    fn key(&self, name: &str, alias: Option<&str>) -> String {
        let module = match &*self.path {
            "" => String::new(),
            path => format!("{path}:"),
        };
        let alias = alias.map_or(String::new(), |alias| format!(".{alias}"));
        format!("{module}{name}{alias}")
    }

    fn entry(&self, name: &str, full: &str) -> Map<String, Json> {
        let mut entry = Map::new();
        entry.insert("name".into(), name.into());
        entry.insert("full_name".into(), full.into());
        if !self.path.is_empty() {
            entry.insert("module_address".into(), self.path.as_str().into());
        }
        entry
    }
}

/// Describes the providers of a module and of what it calls.
pub(super) fn all(root: &Place<'_>) -> Json {
    let mut all = BTreeMap::new();
    collect(root, &mut all);
    json!(all)
}

fn collect(place: &Place<'_>, all: &mut BTreeMap<String, Json>) {
    for block in place.module.resources.values() {
        let key = place.key_of(block);
        let (name, full) = provider(block);
        all.entry(key)
            .or_insert_with(|| place.entry(name, full).into());
    }
    for block in &place.module.providers {
        let alias = block.alias.as_ref().map(|it| &*it.text);
        all.insert(place.key(&block.name.text, alias), described(place, block));
    }
    for call in place.module.calls.values() {
        if let Some(child) = place.child(call) {
            collect(&child, all);
        }
    }
}

fn described(place: &Place<'_>, block: &Provider) -> Json {
    let name = &block.name.text;
    let source = SOURCES.iter().find(|source| source.name == &**name);
    let full = source.map_or(ALICLOUD.address, |source| source.address);
    let mut entry = place.entry(name, full);
    if let Some(alias) = &block.alias {
        entry.insert("alias".into(), alias.text.to_string().into());
    }
    let secret = |name: &str| name.contains("key") || name.contains("token");
    arguments(&block.body, secret, &mut entry);
    entry.into()
}

/// Returns the name of a resource's provider, and its full name.
fn provider(block: &Resource) -> (&'static str, &'static str) {
    let kind = REGISTRY.find(block.address.mode, &block.address.kind);
    let source = kind.map_or(&ALICLOUD, |kind| kind.ty.service.source());
    (source.name, source.address)
}
