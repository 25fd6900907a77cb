//! What names mean in one place: which instance it is, and what the clock answers.

use crate::{
    eval::Scope,
    manifest::ast::{Expr, Target},
    model::{Diagnostic, Key, ResourceAddress, Value},
};

pub use super::{
    resolved::{Keys, Repetition, Resolved, keys_of},
    values::{MAX_LOCAL, ModuleScope, Values, undeclared},
};

/// What `path.…`, `terraform.…` and the clock answer.
#[derive(Clone, Debug, Default)]
pub struct Special {
    pub workspace: String,
    /// The directory of the manifests, as `path.module` and `path.root`.
    pub root: String,
    pub cwd: String,
    /// What `~` is to `pathexpand`.
    pub home: Option<String>,
    /// RFC 3339; what `plantimestamp()` answers.
    pub timestamp: String,
}

/// The scope of one instance's arguments: `count`, `each` and, in conditions, `self`.
pub struct InstanceScope<'a> {
    pub values: &'a dyn Scope,
    pub key: &'a Key,
    pub each: Option<&'a Value>,
    pub this: Option<&'a Value>,
}

impl Scope for InstanceScope<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        self.values.target(target)
    }

    fn instance(&self, resource: &ResourceAddress, key: &Key) -> Option<Value> {
        self.values.instance(resource, key)
    }

    fn ephemeral(&self, expr: &Expr) -> bool {
        self.values.ephemeral(expr)
    }

    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        self.values.keyed(resource)
    }

    fn output(&self, module: &str, key: &Key, output: &str) -> Option<Value> {
        self.values.output(module, key, output)
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        match (root, name, self.key) {
            ("count", "index", Key::Int(index)) => {
                Some(Value::int(i64::try_from(*index).unwrap_or(i64::MAX)))
            }
            ("each", "key", Key::Text(text)) => Some(Value::String(text.clone())),
            ("each", "value", Key::Text(_)) => self.each.cloned(),
            ("self", name, _) => self
                .this
                .and_then(|this| this.as_object()?.get(name).cloned()),
            _ => self.values.special(root, name),
        }
    }

    fn template(&self, text: &str, name: &str) -> Option<Result<Expr, Diagnostic>> {
        self.values.template(text, name)
    }
}

/// The scope of no instance in particular: `count.index`, `each` and `self` are unknown where they exist.
#[derive(Clone, Copy)]
pub struct AnyInstance<'a> {
    pub values: &'a dyn Scope,
    /// Whether there is a `count`, and a `for_each`.
    pub counted: bool,
    pub keyed: bool,
    /// Whether `self` exists.
    pub this: bool,
}

impl<'a> AnyInstance<'a> {
    /// Returns the scope of any instance of a block with this `count` or `for_each`.
    pub fn of(values: &'a dyn Scope, count: Option<&Expr>, for_each: Option<&Expr>) -> Self {
        Self {
            values,
            counted: count.is_some(),
            keyed: for_each.is_some(),
            this: false,
        }
    }
}

impl Scope for AnyInstance<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        self.values.target(target)
    }

    fn ephemeral(&self, expr: &Expr) -> bool {
        self.values.ephemeral(expr)
    }

    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        self.values.keyed(resource)
    }

    fn output(&self, module: &str, key: &Key, output: &str) -> Option<Value> {
        self.values.output(module, key, output)
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        let there = match (root, name) {
            ("count", "index") => self.counted,
            ("each", "key" | "value") => self.keyed,
            ("self", _) => self.this,
            _ => return self.values.special(root, name),
        };
        there.then_some(Value::UNKNOWN)
    }

    fn template(&self, text: &str, name: &str) -> Option<Result<Expr, Diagnostic>> {
        self.values.template(text, name)
    }
}
