//! Resources as Terraform's JSON nests them: those of a module beside the modules that it calls.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer, ser::SerializeMap, ser::SerializeSeq};

use crate::model::ModulePath;

/// What stands in a list of resources.
pub(super) trait Entry {
    /// Returns the module that it is in.
    fn module(&self) -> &ModulePath;

    /// Writes its documents.
    fn write<S: SerializeSeq>(&self, to: &mut S) -> Result<(), S::Error>;
}

/// The root module with all that is below it.
pub(super) struct Modules<T> {
    own: BTreeMap<ModulePath, Vec<T>>,
    children: BTreeMap<ModulePath, BTreeSet<ModulePath>>,
    /// Whether the root's resources are written if there are none.
    even_empty: bool,
}

impl<T: Entry> Modules<T> {
    /// Puts entries into their modules, in their order.
    pub fn new(entries: impl Iterator<Item = T>, even_empty: bool) -> Self {
        let mut modules = Self {
            own: BTreeMap::new(),
            children: BTreeMap::new(),
            even_empty,
        };
        for entry in entries {
            let path = entry.module();
            match modules.own.get_mut(path) {
                Some(own) => own.push(entry),
                None => modules.open(path.clone()).push(entry),
            }
        }
        modules
    }

    fn open(&mut self, path: ModulePath) -> &mut Vec<T> {
        let mut at = path.clone();
        while let Some((caller, _)) = at.split() {
            let siblings = self.children.entry(caller.clone()).or_default();
            if !siblings.insert(at) {
                break;
            }
            at = caller;
        }
        self.own.entry(path).or_default()
    }
}

impl<T: Entry> Serialize for Modules<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let root = ModulePath::default();
        Module(self, &root).serialize(to)
    }
}

/// One module.
struct Module<'a, T>(&'a Modules<T>, &'a ModulePath);

impl<T: Entry> Serialize for Module<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(all, path) = self;
        let mut map = to.serialize_map(None)?;
        let own = all.own.get(path).map(Vec::as_slice).unwrap_or_default();
        if !own.is_empty() || (path.is_root() && all.even_empty) {
            map.serialize_entry("resources", &Own(own))?;
        }
        if !path.is_root() {
            map.serialize_entry("address", &path.to_string())?;
        }
        if let Some(children) = all.children.get(path) {
            let children: Vec<_> = children.iter().map(|child| Module(all, child)).collect();
            map.serialize_entry("child_modules", &children)?;
        }
        map.end()
    }
}

struct Own<'a, T>(&'a [T]);

impl<T: Entry> Serialize for Own<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut seq = to.serialize_seq(None)?;
        for entry in self.0 {
            entry.write(&mut seq)?;
        }
        seq.end()
    }
}
