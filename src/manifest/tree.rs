//! The tree of modules: what a module calls, and what an address names in it.

use std::sync::Arc;

use super::ast::{Module, ModuleCall, Resource};
use crate::model::{Key, ModulePath, ResourceAddress};

impl Module {
    /// Returns the module at a path; keys of instances make no difference.
    pub fn descendant(&self, path: &ModulePath) -> Option<&Self> {
        let mut steps = path.steps().iter();
        steps.try_fold(self, |module, step| {
            Some(&**module.children.get(&step.name)?)
        })
    }

    /// Returns the call that leads to the module at a path.
    pub fn call(&self, path: &ModulePath) -> Option<&ModuleCall> {
        let (caller, step) = path.split()?;
        self.descendant(&caller)?.calls.get(&step.name)
    }

    /// Returns the block of a resource of this module or of one below it.
    pub fn block(&self, address: &ResourceAddress) -> Option<&Resource> {
        if address.module.is_root() {
            return self.resources.get(address);
        }
        let module = self.descendant(&address.module)?;
        module.resources.get(&address.relative())
    }

    /// Returns this module and all below it, those with shorter paths first.
    pub fn tree(&self) -> Vec<(ModulePath, &Self)> {
        let mut all = vec![(ModulePath::default(), self)];
        let mut at = 0;
        while let Some((path, module)) = all.get(at) {
            let children = module.children.iter();
            let below: Vec<_> = children
                .map(|(name, child)| (path.child(name, Key::None), &**child))
                .collect();
            all.extend(below);
            at += 1;
        }
        all
    }

    /// Returns the blocks of this module and of all below it, with their addresses.
    pub fn all_blocks(&self) -> impl Iterator<Item = (Arc<ResourceAddress>, &Resource)> {
        self.tree().into_iter().flat_map(|(path, module)| {
            module.resources.iter().map(move |(address, block)| {
                let address = match path.is_root() {
                    true => address.clone(),
                    false => Arc::new(address.within(path.clone())),
                };
                (address, block)
            })
        })
    }
}
