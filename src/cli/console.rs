//! The console: one expression to its answer. How it is asked is in `commands::console`.

use super::session::REGISTRY;
use crate::{
    eval::{self, Scope},
    manifest::{
        self,
        ast::{Expr, ExprKind, Target},
    },
    model::{Diagnostic, Diagnostics, Key, ResourceAddress, Sources, Type, Value, types::Field},
    plan::Values,
    render,
    schema::object_type,
};

const HELP: &str = "\
Type an expression, and its value is shown. It may refer to everything that the manifests declare: var.name,
local.name, and resources as the state has them, for example alicloud_vpc.main.id. An expression goes on in the
next line until its brackets are closed.

type(expression) shows the type of a value. To leave, type \"exit\" or press Control-D.";

/// What an input comes to.
pub enum Said {
    Result(String),
    Exit,
}

/// What is asked, one expression after the other.
pub struct Console<'a> {
    scope: Surroundings<'a>,
    /// What was typed, among the manifests: for positions in diagnostics.
    pub sources: Sources,
}

impl<'a> Console<'a> {
    /// Returns a console that knows these values.
    pub fn new(values: &'a Values<'a>, sources: Sources) -> Self {
        Self {
            scope: Surroundings(values),
            sources,
        }
    }

    /// Evaluates an expression, or obeys a command.
    pub fn answer(&mut self, text: &str) -> Result<Said, Diagnostics> {
        match text.trim() {
            "" => return Ok(Said::Result(String::new())),
            "exit" => return Ok(Said::Exit),
            "help" => return Ok(Said::Result(HELP.to_owned())),
            _ => {}
        }
        let expr = manifest::parse_expression(text, "<console-input>", &mut self.sources)?;
        if let Some(argument) = type_of(&expr)? {
            let value = eval::evaluate(argument, &self.scope)?;
            let ty = eval::infer(argument, &value, &self.scope);
            return Ok(Said::Result(render::value::type_text(&ty)));
        }
        let value = eval::evaluate(&expr, &self.scope)?;
        let ty = eval::infer(&expr, &value, &self.scope);
        Ok(Said::Result(render::value::typed_text(&value, &ty)))
    }
}

/// Returns the argument of `type(…)`, which is a function on the console only, and only by itself.
fn type_of(expr: &Expr) -> Result<Option<&Expr>, Diagnostic> {
    let ExprKind::Call { name, args, .. } = &expr.kind else {
        return Ok(None);
    };
    if !matches!(&*name.text, "type" | "core::type") {
        return Ok(None);
    }
    let wrong = |summary: &str, detail: &str| Err(Diagnostic::error(summary, detail).at(expr.span));
    match args.as_slice() {
        [argument] => Ok(Some(argument)),
        [] => wrong(
            "Not enough function arguments",
            "Function \"type\" expects 1 argument(s). Missing value for \"value\".",
        ),
        _ => wrong(
            "Too many function arguments",
            "Function \"type\" expects only 1 argument(s).",
        ),
    }
}

/// What names stand for on the console: as in a manifest, with types.
struct Surroundings<'a>(&'a Values<'a>);

impl Scope for Surroundings<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        self.0.target(target)
    }

    fn target_type(&self, target: &Target) -> Option<Type> {
        let module = self.0.module;
        match target {
            Target::Variable(name) => Some(module.variables.get(name)?.ty.clone()),
            Target::Local(name) => {
                let value = self.0.target(target).ok()?;
                Some(eval::infer(&module.locals.get(name)?.value, &value, self))
            }
            Target::Output(_) | Target::Module(_) | Target::ModuleOutput(..) => None,
            Target::Resource(address) => {
                let kind = REGISTRY.find(address.mode, &address.kind)?;
                let one = object_type(kind.ty.attributes);
                let block = module.block(address)?;
                let value = self.0.target(target).ok()?;
                Some(match value {
                    Value::Tuple(items) if block.count.is_some() => {
                        Type::Tuple(items.iter().map(|_| one.clone()).collect())
                    }
                    Value::Object(entries) if block.for_each.is_some() => {
                        let field = |name: &std::sync::Arc<str>| Field {
                            name: name.clone(),
                            ty: one.clone(),
                            optional: false,
                            default: None,
                        };
                        Type::Object(entries.keys().map(field).collect())
                    }
                    _ => one,
                })
            }
        }
    }

    fn instance(&self, resource: &ResourceAddress, key: &Key) -> Option<Value> {
        self.0.instance(resource, key)
    }

    fn ephemeral(&self, expr: &Expr) -> bool {
        self.0.ephemeral(expr)
    }

    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        self.0.keyed(resource)
    }

    fn output(&self, module: &str, key: &Key, output: &str) -> Option<Value> {
        self.0.output(module, key, output)
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        self.0.special(root, name)
    }

    fn template(&self, text: &str, name: &str) -> Option<Result<Expr, Diagnostic>> {
        self.0.template(text, name)
    }
}
