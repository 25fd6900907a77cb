//! What names mean in a file of tests: the configuration's, and `run` and `output` beside them.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    eval::Scope,
    manifest::ast::{Expr, Target},
    model::{Diagnostic, Key, Mode, Object, ResourceAddress, Value, diagnostic::did_you_mean},
    plan::Values,
};

/// The outputs of the runs so far.
#[derive(Debug, Default)]
pub(super) struct Runs {
    pub outputs: BTreeMap<Arc<str>, Value>,
    /// The names of all runs of the file.
    pub all: Vec<Arc<str>>,
}

/// The names of an expression in a file of tests.
#[derive(Clone, Copy)]
pub(super) struct TestScope<'a> {
    /// The configuration under test.
    pub values: &'a Values<'a>,
    /// What the file and the run say of variables.
    pub variables: &'a BTreeMap<String, Value>,
    /// The outputs of the run.
    pub outputs: Option<&'a Object>,
    pub runs: &'a Runs,
}

impl TestScope<'_> {
    fn run(&self, name: &str) -> Result<Value, String> {
        if let Some(outputs) = self.runs.outputs.get(name) {
            return Ok(outputs.clone());
        }
        if self.runs.all.iter().any(|run| **run == *name) {
            return Err(format!(
                "The run \"{name}\" has not been executed: only runs of this file before this one can be referred to, if they did not fail."
            ));
        }
        let near = did_you_mean(name, self.runs.all.iter().map(|run| &**run));
        let near = near.map_or(String::new(), |near| format!(" Did you mean \"{near}\"?"));
        Err(format!("This file has no run \"{name}\".{near}"))
    }

    fn output(&self, name: &str) -> Result<Value, String> {
        let Some(outputs) = self.outputs else {
            return Err(
                "The outputs of a run can be referred to in its assertions only.".to_owned(),
            );
        };
        outputs.get(name).cloned().ok_or_else(|| {
            let near = did_you_mean(name, outputs.keys().map(|name| &**name));
            let near = near.map_or(String::new(), |near| format!(" Did you mean \"{near}\"?"));
            format!("The configuration has no output \"{name}\".{near}")
        })
    }
}

impl Scope for TestScope<'_> {
    fn names_outputs(&self) -> bool {
        true
    }

    fn target(&self, target: &Target) -> Result<Value, String> {
        match target {
            Target::Variable(name) => {
                let own = self.values.variables.get(&**name);
                match own.or_else(|| self.variables.get(&**name)) {
                    Some(value) => Ok(value.clone()),
                    None => self.values.target(target),
                }
            }
            Target::Resource(address) if address.mode == Mode::Managed => match &*address.kind {
                "run" => self.run(&address.name),
                "output" => self.output(&address.name),
                _ => self.values.target(target),
            },
            _ => self.values.target(target),
        }
    }

    fn instance(&self, resource: &ResourceAddress, key: &Key) -> Option<Value> {
        self.values.instance(resource, key)
    }

    fn ephemeral(&self, expr: &Expr) -> bool {
        self.values.ephemeral(expr)
    }

    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        match &*resource.kind {
            "run" | "output" => None,
            _ => self.values.keyed(resource),
        }
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        self.values.special(root, name)
    }

    fn template(&self, text: &str, name: &str) -> Option<Result<Expr, Diagnostic>> {
        self.values.template(text, name)
    }
}
