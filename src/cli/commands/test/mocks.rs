//! Mocks and overrides as providers: what a file of tests says becomes values of the types' attributes.

use std::{collections::BTreeMap, sync::Arc};

use super::scope::TestScope;
use crate::{
    cli::session::REGISTRY,
    eval,
    manifest::{
        ast::{self, Body, Expr, ExprKind, Module, Name},
        test_file::{MockProvider, Override, ProviderName},
    },
    model::{
        AnyAddress, Diagnostic, Diagnostics, Key, Mode, ModulePath, Object, ResourceAddress, Value,
        diagnostic::did_you_mean,
    },
    provider::{
        Provider,
        hooks::Kind,
        mock::{Given, Mock},
    },
    schema,
};

/// The mock providers of a run, by the name and the alias that the configuration has for them.
#[derive(Default)]
pub(super) struct Mocks(BTreeMap<(String, Option<String>), Mock>);

impl Mocks {
    /// Returns the mock of a provider, if it is one.
    pub(super) fn get(&self, name: &str, alias: Option<&str>) -> Option<Arc<dyn Provider>> {
        let key = (name.to_owned(), alias.map(ToOwned::to_owned));
        let mock = self.0.get(&key)?;
        Some(Arc::new(mock.clone()))
    }

    /// Adds a mock provider.
    pub(super) fn add(
        &mut self,
        (name, alias): &ProviderName,
        block: &MockProvider,
        scope: &TestScope<'_>,
        diags: &mut Diagnostics,
    ) {
        let mut mock = Mock {
            otherwise: Given {
                in_plan: block.in_plan,
                ..Given::default()
            },
            ..Mock::default()
        };
        for ty in &block.types {
            let Some(kind) = REGISTRY.find(ty.mode, &ty.kind.text) else {
                diags.push(unknown_type(ty.mode, &ty.kind));
                continue;
            };
            let given = Given {
                values: values(kind, ty.defaults.as_ref(), scope, diags),
                in_plan: ty.in_plan.unwrap_or(block.in_plan),
            };
            mock.types.insert((ty.mode, kind.ty.name.to_owned()), given);
        }
        let alias = alias.as_ref().map(|alias| alias.text.to_string());
        self.0.insert((name.text.to_string(), alias), mock);
    }

    /// Puts what an override says into a configuration.
    pub(super) fn put_over(
        &mut self,
        module: &mut Module,
        over: &Override,
        scope: &TestScope<'_>,
        diags: &mut Diagnostics,
    ) {
        let instance = match &over.target {
            AnyAddress::Module(path) => path.config() != *path,
            AnyAddress::Resource(address) => {
                let path = &address.resource.module;
                address.key != Key::None || path.config() != *path
            }
        };
        if instance {
            diags.push(one_instance(over));
            return;
        }
        let known = match &over.target {
            AnyAddress::Module(path) => outputs_over(module, path, over, scope, diags),
            AnyAddress::Resource(address) => {
                self.resource_over(module, &address.resource, over, scope, diags)
            }
        };
        if known.is_none() {
            diags.push(nothing_there(over));
        }
    }

    /// Gives a resource of the configuration a provider of its own, which answers what the override says.
    fn resource_over(
        &mut self,
        root: &mut Module,
        address: &ResourceAddress,
        over: &Override,
        scope: &TestScope<'_>,
        diags: &mut Diagnostics,
    ) -> Option<()> {
        let child = root.descendant(&address.module)?;
        let resource = child.resources.get(&address.relative())?;
        let Some(kind) = REGISTRY.find(address.mode, &address.kind) else {
            return Some(());
        };
        let name = kind.ty.service.source().name;
        let alias = resource.provider.as_ref().and_then(|it| it.1.as_ref());
        let alias = alias.map(|alias| alias.text.to_string());
        let mocked = self.0.get(&(name.to_owned(), alias));
        // The mock's own values are not those of what is put over it.
        let given = Given {
            values: values(kind, over.values.as_ref(), scope, diags),
            in_plan: over
                .in_plan
                .unwrap_or_else(|| mocked.is_some_and(|mock| mock.otherwise.in_plan)),
        };
        let alias = format!("override of {address}");
        let named = |text: &str| Name {
            text: text.into(),
            span: over.span,
        };
        let provider = (named(name), Some(named(&alias)));
        // The block is of the whole configuration; each call on the way hands it on.
        within(root, &address.module, &mut |module, next| {
            let call = next.and_then(|name| module.calls.get_mut(name));
            if let Some(call) = call {
                call.providers.push(ast::Passed {
                    child: provider.clone(),
                    parent: provider.clone(),
                });
            } else if let Some(resource) = module.resources.get_mut(&address.relative()) {
                resource.provider = Some(provider.clone());
            }
        })?;
        root.providers
            .retain(|block| block.alias.as_ref().is_none_or(|it| *it.text != *alias));
        root.providers.push(ast::Provider {
            name: provider.0,
            alias: provider.1,
            body: Body {
                attributes: Vec::new(),
                blocks: Vec::new(),
                span: over.span,
            },
            span: over.span,
        });
        let mock = Mock {
            otherwise: given,
            ..Mock::default()
        };
        self.0.insert((name.to_owned(), Some(alias)), mock);
        Some(())
    }
}

/// Evaluates values and gives them the types of the attributes.
fn values(
    kind: &Kind,
    expr: Option<&Expr>,
    scope: &TestScope<'_>,
    diags: &mut Diagnostics,
) -> Object {
    let Some(expr) = expr else {
        return Object::new();
    };
    let value = match eval::evaluate(expr, scope) {
        Ok(value) => value,
        Err(diagnostic) => {
            diags.push(diagnostic);
            return Object::new();
        }
    };
    let Some(entries) = value.as_object() else {
        diags.push(
            Diagnostic::error(
                "Invalid mock values",
                "An object of attributes is needed here.",
            )
            .at(expr.span)
            .hint("Write { name = value }."),
        );
        return Object::new();
    };
    let mut values = Object::new();
    for (name, value) in entries.iter() {
        let attributes = kind.ty.attributes;
        let Some(attribute) = attributes.iter().find(|it| *it.name == **name) else {
            diags.push(unknown_attribute(kind, name, expr));
            continue;
        };
        let blocks = matches!(
            attribute.ty,
            schema::Type::Blocks(..) | schema::Type::BlockSet(..)
        );
        if blocks {
            values.insert(name.clone(), value.clone());
            continue;
        }
        match eval::convert(value, &schema::model_type(&attribute.ty)) {
            Ok(value) => _ = values.insert(name.clone(), value),
            Err(problem) => diags.push(
                Diagnostic::error(
                    "Invalid mock values",
                    format!("{name} of {} cannot be this: {problem}.", kind.ty.name),
                )
                .at(expr.span),
            ),
        }
    }
    values
}

fn unknown_type(mode: Mode, name: &Name) -> Diagnostic {
    let what = mode.what();
    let detail = format!("prov does not have the {what} \"{}\".", name.text);
    let diagnostic = Diagnostic::warning(format!("Unknown {what} in a mock"), detail).at(name.span);
    match did_you_mean(&name.text, REGISTRY.names(mode)) {
        Some(near) => diagnostic.hint(format!("Did you mean \"{near}\"?")),
        None => diagnostic.hint("Take the block out."),
    }
}

fn unknown_attribute(kind: &Kind, name: &str, expr: &Expr) -> Diagnostic {
    let detail = format!("{} has no attribute \"{name}\".", kind.ty.name);
    let diagnostic = Diagnostic::warning("Unknown attribute in a mock", detail).at(expr.span);
    let known = kind.ty.attributes.iter().map(|attribute| attribute.name);
    match did_you_mean(name, known) {
        Some(near) => diagnostic.hint(format!("Did you mean \"{near}\"?")),
        None => diagnostic.hint("Take it out."),
    }
}

/// Leaves of a module nothing but its outputs, with the values that an override gives them: null where it gives none.
fn outputs_over(
    root: &mut Module,
    path: &ModulePath,
    over: &Override,
    scope: &TestScope<'_>,
    diags: &mut Diagnostics,
) -> Option<()> {
    let given = match over
        .values
        .as_ref()
        .map(|expr| (expr, eval::evaluate(expr, scope)))
    {
        None => Object::default(),
        Some((expr, Ok(value))) => match value.as_object() {
            Some(object) => object.clone(),
            None => {
                let detail = "The outputs of an override_module block are an object.";
                diags.push(
                    Diagnostic::error("Invalid outputs attribute", detail)
                        .at(expr.span)
                        .hint("Write outputs = { NAME = VALUE }."),
                );
                return Some(());
            }
        },
        Some((_, Err(diagnostic))) => {
            diags.push(diagnostic);
            return Some(());
        }
    };
    within(root, path, &mut |module, next| {
        if next.is_some() {
            return;
        }
        module.resources.clear();
        module.calls.clear();
        module.children.clear();
        module.locals.clear();
        module.checks.clear();
        module.imports.clear();
        module.moved.clear();
        module.removed.clear();
        for (name, output) in &mut module.outputs {
            let value = given.get(name).cloned().unwrap_or(Value::Null);
            output.value = ast::Expr {
                kind: ExprKind::Literal(value),
                span: output.value.span,
            };
            output.depends_on.clear();
            output.preconditions.clear();
        }
    })
}

/// Shows `change` a module and each on the way to it, with the call that leads on; none where no such is called.
fn within(
    module: &mut Module,
    path: &ModulePath,
    change: &mut dyn FnMut(&mut Module, Option<&str>),
) -> Option<()> {
    let Some((first, rest)) = path.steps().split_first() else {
        change(module, None);
        return Some(());
    };
    let child = module.children.get_mut(&first.name)?;
    let rest = ModulePath::new(rest.to_vec());
    within(Arc::make_mut(child), &rest, change)?;
    change(module, Some(&first.name));
    Some(())
}

fn shown(target: &AnyAddress) -> String {
    match target {
        AnyAddress::Module(path) => path.to_string(),
        AnyAddress::Resource(address) => address.to_string(),
    }
}

fn one_instance(over: &Override) -> Diagnostic {
    let target = shown(&over.target);
    Diagnostic::error(
        "Unsupported override target",
        format!("prov overrides all instances of a resource or a module, not one like {target}."),
    )
    .at(over.span)
    .hint("Write the target without keys: all of its instances get these values.")
}

fn nothing_there(over: &Override) -> Diagnostic {
    let target = shown(&over.target);
    Diagnostic::warning(
        "Invalid override target",
        format!("The configuration under test has no {target}: nothing is overridden."),
    )
    .at(over.span)
    .hint("Check the spelling of the target, or take the block out.")
}
