//! Syntax to values: Terraform's expression language, with its conversions, unknowns and marks.
//!
//! Pure: whatever an expression names is asked of a `Scope`. Start with `expression`, which walks the
//! tree; `convert` holds the rules of types, `functions` the tables of functions.

use crate::{
    manifest::ast::{Expr, Target},
    model::{Diagnostic, Key, ResourceAddress, Type, Value},
};

mod access;
mod body;
mod comprehension;
mod convert;
mod expression;
mod functions;
mod infer;
mod number;
mod operator;
mod reference;
mod show;
mod template;
mod witness;

pub mod ephemeral;
pub mod expand;
pub mod variables;

#[cfg(test)]
mod tests;

pub use body::{evaluate_body, name_span, span_of, spans_of};
pub use convert::convert;
pub use functions::{Function, SPECIAL as SPECIAL_FUNCTIONS, all as functions};
pub use infer::infer;
pub use reference::{body_references, plain_reference, references};
pub use witness::witnesses;

/// What the names in an expression stand for.
pub trait Scope: Sync {
    /// Returns the value of a named object: `var.x`, `local.x`, or a whole resource or data source
    /// (an object; with `count` a tuple of objects, with `for_each` an object of objects).
    ///
    /// The error says in a sentence what is wrong: `A managed resource "a" "b" has not been declared.`
    fn target(&self, target: &Target) -> Result<Value, String>;

    /// Whether `output.x` names something here: in the assertions of a test.
    fn names_outputs(&self) -> bool {
        false
    }

    /// Returns the declared type of a named object: what its value does not show where it is null or empty.
    fn target_type(&self, target: &Target) -> Option<Type> {
        let _ = target;
        None
    }

    /// Returns one instance of a resource, for an expression that indexes it directly.
    ///
    /// `None`: not known here, [`Scope::target`] is asked for all of them instead.
    fn instance(&self, resource: &ResourceAddress, key: &Key) -> Option<Value> {
        let _ = (resource, key);
        None
    }

    /// Whether an expression's value is ephemeral.
    fn ephemeral(&self, expr: &Expr) -> bool {
        let _ = expr;
        false
    }

    /// Whether the instances of a resource have keys; `None` where that is not known.
    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        let _ = resource;
        None
    }

    /// Returns one output of an instance of a module, for an expression that names it directly.
    ///
    /// `None`: not known here, [`Scope::target`] is asked for the whole module instead.
    fn output(&self, module: &str, key: &Key, output: &str) -> Option<Value> {
        let _ = (module, key, output);
        None
    }

    /// Returns what depends on the place: `count.index`, `each.key`, `each.value`, `path.module`,
    /// `path.root`, `path.cwd`, `terraform.workspace`, and any attribute of `self`.
    ///
    /// `prov.timestamp` and `prov.plantimestamp` are what the functions of these names return; without
    /// it their results are unknown.
    fn special(&self, root: &str, name: &str) -> Option<Value>;

    /// Parses a template for `templatefile` and `templatestring`: the text is like the inside of a
    /// heredoc, `name` is what messages call it.
    ///
    /// `None`: there are no templates here.
    fn template(&self, text: &str, name: &str) -> Option<Result<Expr, Diagnostic>> {
        let _ = (text, name);
        None
    }
}

/// Evaluates an expression.
///
/// The error points at the offending part, with Terraform's summary.
pub fn evaluate(expr: &Expr, scope: &dyn Scope) -> Result<Value, Diagnostic> {
    expression::eval(expr, expression::Env::new(scope)).map_err(|failure| failure.diagnostic)
}
