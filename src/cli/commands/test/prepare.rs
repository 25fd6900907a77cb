//! What one run works with: its configuration with the file's providers, mocks and overrides put in, and its
//! variables.

use std::{collections::BTreeMap, sync::Arc};

use super::{mocks::Mocks, scope::TestScope};
use crate::{
    eval::{
        self,
        variables::{Given, Input, InputKind},
    },
    manifest::{
        ast::{self, Attribute, Body, Expr, ExprKind, Module, Name},
        test_file::{MockProvider, ProviderName, Run, TestFile},
    },
    model::{Diagnostic, Diagnostics, Value},
};

/// Evaluates the values that a block gives variables.
pub(super) fn values(
    attributes: &[Attribute],
    scope: &TestScope<'_>,
    diags: &mut Diagnostics,
) -> Vec<(Name, Value, crate::model::Span)> {
    let one = |attribute: &Attribute| match eval::evaluate(&attribute.value, scope) {
        Ok(value) => Some((attribute.name.clone(), value, attribute.value.span)),
        Err(diagnostic) => {
            diags.push(diagnostic);
            None
        }
    };
    attributes.iter().filter_map(one).collect()
}

/// Returns the inputs of a configuration: those from outside, then the file's, then the run's.
pub(super) fn inputs(
    module: &Module,
    outside: &[Input],
    file: Vec<(Name, Value, crate::model::Span)>,
    (run, name): (Vec<(Name, Value, crate::model::Span)>, &str),
    diags: &mut Diagnostics,
) -> Vec<Input> {
    let declared = |name: &str| module.variables.contains_key(name);
    let mut inputs: Vec<Input> = outside
        .iter()
        .filter(|input| declared(&input.name))
        .cloned()
        .collect();
    for (variable, ..) in &run {
        if !declared(&variable.text) {
            diags.push(
                Diagnostic::warning(
                    "Value for undeclared variable",
                    format!(
                        "The configuration under test does not declare a variable named \"{}\", but the run \"{name}\" gives it a value.",
                        variable.text
                    ),
                )
                .at(variable.span)
                .hint("Take it out, or move it to the variables of the file if only the tests use it."),
            );
        }
    }
    let given = file.into_iter().chain(run);
    inputs.extend(
        given
            .filter(|(name, ..)| declared(&name.text))
            .map(|(name, value, span)| Input {
                name: name.text.to_string(),
                given: Given::Value {
                    value,
                    span,
                    origin: "the file of tests".to_owned(),
                },
                kind: InputKind::File,
            }),
    );
    inputs
}

/// Puts the providers of a file of tests, and what it mocks and overrides, into a configuration.
pub(super) fn configured(
    module: &Module,
    test: &TestFile,
    run: &Run,
    scope: &TestScope<'_>,
    diags: &mut Diagnostics,
) -> (Module, Mocks) {
    let mut module = module.clone();
    let mut mocks = Mocks::default();
    for (inner, outer) in passed(test, run, diags) {
        let same = |block: &ast::Provider| is(&block.name, block.alias.as_ref(), &inner);
        module.providers.retain(|block| !same(block));
        let body = match outer {
            Outer::Real(block) => settled(&block.body, scope, diags),
            Outer::Mock(mock) => {
                mocks.add(&inner, mock, scope, diags);
                empty(mock.span)
            }
        };
        let span = match outer {
            Outer::Real(block) => block.span,
            Outer::Mock(mock) => mock.span,
        };
        module.providers.push(ast::Provider {
            name: inner.0,
            alias: inner.1,
            body,
            span,
        });
    }
    let of_mocks: Vec<_> = test.mocks.iter().flat_map(|mock| &mock.overrides).collect();
    for over in of_mocks
        .into_iter()
        .chain(&test.overrides)
        .chain(&run.overrides)
    {
        mocks.put_over(&mut module, over, scope, diags);
    }
    (module, mocks)
}

/// A provider that a file of tests has.
#[derive(Clone, Copy)]
enum Outer<'a> {
    Real(&'a ast::Provider),
    Mock(&'a MockProvider),
}

/// Returns the providers that a run passes, under the names that the configuration has for them.
fn passed<'a>(
    test: &'a TestFile,
    run: &Run,
    diags: &mut Diagnostics,
) -> Vec<(ProviderName, Outer<'a>)> {
    let real = test.providers.iter().map(|block| {
        let name = (block.name.clone(), block.alias.clone());
        (name, Outer::Real(block))
    });
    let mocks = test.mocks.iter().map(|mock| {
        let name = (mock.name.clone(), mock.alias.clone());
        (name, Outer::Mock(mock))
    });
    let all: Vec<(ProviderName, Outer<'a>)> = real.chain(mocks).collect();
    let Some(wanted) = &run.providers else {
        return all;
    };
    let mut passed = Vec::new();
    for (inner, outer) in wanted {
        let found = all
            .iter()
            .find(|((name, alias), _)| is(name, alias.as_ref(), outer));
        match found {
            Some((_, found)) => passed.push((inner.clone(), *found)),
            // Without a block it is the provider as the environment configures it.
            None if outer.1.is_none() => {}
            None => diags.push(
                Diagnostic::error(
                    "Missing provider",
                    format!("This file has no provider {}.", shown(outer)),
                )
                .at(outer.0.span)
                .hint("Add a provider or mock_provider block with this alias to it."),
            ),
        }
    }
    passed
}

fn is(name: &Name, alias: Option<&Name>, other: &ProviderName) -> bool {
    let text = |name: Option<&Name>| name.map(|name| name.text.clone());
    name.text == other.0.text && text(alias) == text(other.1.as_ref())
}

fn shown((name, alias): &ProviderName) -> String {
    match alias {
        Some(alias) => format!("{}.{}", name.text, alias.text),
        None => name.text.to_string(),
    }
}

/// Returns a provider block's body with its expressions evaluated: they may name what only tests know.
fn settled(body: &Body, scope: &TestScope<'_>, diags: &mut Diagnostics) -> Body {
    let mut settled = body.clone();
    for attribute in &mut settled.attributes {
        match eval::evaluate(&attribute.value, scope) {
            Ok(value) => {
                attribute.value = Expr {
                    kind: ExprKind::Literal(value),
                    span: attribute.value.span,
                }
            }
            Err(diagnostic) => diags.push(diagnostic),
        }
    }
    for block in &mut settled.blocks {
        if &*block.kind.text != "dynamic" {
            block.body = self::settled(&block.body, scope, diags);
        }
    }
    settled
}

fn empty(span: crate::model::Span) -> Body {
    Body {
        attributes: Vec::new(),
        blocks: Vec::new(),
        span,
    }
}

/// Returns variables by name.
pub(super) fn named(
    list: &[(Name, Value, crate::model::Span)],
) -> impl Iterator<Item = (String, Value)> {
    list.iter()
        .map(|(name, value, _)| (name.text.to_string(), value.clone()))
}

/// What a run works with.
pub(super) struct Prepared {
    pub module: Module,
    pub variables: BTreeMap<String, Value>,
    /// What the file and the run say of variables, declared or not.
    pub said: BTreeMap<String, Value>,
    pub mocks: Mocks,
    pub special: crate::plan::Special,
}

impl Prepared {
    /// Returns it as it is for destroying everything: nothing is protected.
    pub(super) fn without_protection(&self) -> Module {
        let mut module = self.module.clone();
        for resource in module.resources.values_mut() {
            resource.lifecycle.prevent_destroy = false;
        }
        module
    }

    pub(super) fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }
}
