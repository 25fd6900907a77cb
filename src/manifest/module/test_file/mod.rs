//! What the blocks of a file of tests mean.

mod mock;
mod options;

use std::{collections::BTreeMap, sync::Arc};

use super::{Lowering, fields::Fields};
use crate::{
    manifest::{
        ast::{Attribute, Block, Body, Condition, Expr, ExprKind, Module, Name, PathStep},
        reference,
        test_file::{Expected, MockType, Override, ProviderName, Run, TestFile},
    },
    model::{Diagnostic, Diagnostics, Sources, Span},
};

/// The blocks of a file of tests, and their labels.
const BLOCKS: &[(&str, &[&str])] = &[
    ("run", &["name"]),
    ("variables", &[]),
    ("provider", &["name"]),
    ("mock_provider", &["name"]),
    ("override_resource", &[]),
    ("override_data", &[]),
    ("override_module", &[]),
    ("test", &[]),
];

/// Returns what a file of tests says.
pub(in crate::manifest) fn test_file(
    name: &str,
    file: Body,
    sources: &Sources,
    diags: &mut Diagnostics,
) -> TestFile {
    let mut scratch = Module::default();
    let mut lowering = Lowering {
        module: &mut scratch,
        sources,
        diags,
    };
    let mut test = lowering.tests(file);
    test.name = name.to_owned();
    test.providers = scratch.providers;
    test
}

/// Returns what a file of mocks says.
pub(in crate::manifest) fn mocks(
    file: Body,
    sources: &Sources,
    diags: &mut Diagnostics,
) -> (Vec<MockType>, Vec<Override>) {
    let mut lowering = Lowering {
        module: &mut Module::default(),
        sources,
        diags,
    };
    let span = file.span;
    let mut fields = Fields::new(Block {
        kind: Name {
            text: Arc::from("mocks"),
            span,
        },
        labels: Vec::new(),
        body: file,
        span,
    });
    let types = lowering.mock_types(&mut fields);
    let overrides = lowering.overrides(&mut fields);
    lowering.finish(fields, "a file of mocks");
    (types, overrides)
}

impl Lowering<'_> {
    fn tests(&mut self, file: Body) -> TestFile {
        let mut test = TestFile::default();
        let known = BLOCKS.iter().map(|(name, _)| *name);
        for attribute in &file.attributes {
            self.unknown("argument", &attribute.name, "a test file", known.clone());
        }
        let mut names: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut variables: Option<Span> = None;
        for block in file.blocks {
            let kind = block.kind.text.clone();
            let Some((_, labels)) = BLOCKS.iter().find(|(name, _)| *name == &*kind) else {
                self.unknown("block", &block.kind, "a test file", known.clone());
                continue;
            };
            if !self.labels(&block, labels) {
                continue;
            }
            match &*kind {
                "run" => {
                    let run = self.run(block);
                    if let Some(first) = names.insert(run.name.text.clone(), run.name.span) {
                        self.duplicate("run", &run.name.text, run.name.span, first);
                    }
                    test.runs.push(run);
                }
                "variables" => {
                    if let Some(first) = variables {
                        self.duplicate("block", "variables", block.span, first);
                    }
                    variables = Some(block.span);
                    test.variables = self.given(block);
                }
                "provider" => self.provider(block),
                "mock_provider" => {
                    let mock = self.mock_provider(block);
                    test.mocks.push(mock);
                }
                "test" => {
                    let mut fields = Fields::new(block);
                    // Runs go one after the other, which gives the same results.
                    self.flag_of(fields.take("parallel"));
                    self.finish(fields, "a test block");
                }
                _ => test.overrides.extend(self.override_of(block)),
            }
        }
        self.mocked_twice(&test);
        test
    }

    /// Returns the values of a `variables` block.
    fn given(&mut self, block: Block) -> Vec<Attribute> {
        for inner in &block.body.blocks {
            self.unknown(
                "block",
                &inner.kind,
                "a variables block",
                std::iter::empty(),
            );
        }
        block.body.attributes
    }

    fn run(&mut self, mut block: Block) -> Run {
        let name = block.labels.remove(0);
        let span = block.span;
        let mut fields = Fields::new(block);
        let plan_only = self.command(fields.take("command"));
        let mut variables = Vec::new();
        for block in fields.blocks("variables") {
            variables.extend(self.given(block));
        }
        let options = self.plan_options(&mut fields);
        let run = Run {
            name,
            span,
            plan_only,
            variables,
            asserts: self.asserts(&mut fields),
            expect_failures: self.expected(fields.take("expect_failures")),
            module: self.tested_module(&mut fields),
            providers: self.passed_providers(fields.take("providers")),
            options,
            overrides: self.overrides(&mut fields),
            state_key: self.text_of(fields.take("state_key")),
        };
        self.flag_of(fields.take("parallel"));
        self.finish(fields, "a run block");
        run
    }

    /// Returns whether a run ends with the plan.
    fn command(&mut self, expr: Option<Expr>) -> bool {
        let Some((word, span)) = expr.and_then(|expr| keyword(&expr)) else {
            return false;
        };
        if !matches!(&*word, "plan" | "apply") {
            let detail = format!("The command of a run is plan or apply, not \"{word}\".");
            self.diags.push(
                Diagnostic::error("Invalid \"command\" keyword", detail)
                    .at(span)
                    .hint("Write command = plan or command = apply, without quotes."),
            );
        }
        &*word == "plan"
    }

    fn asserts(&mut self, fields: &mut Fields) -> Vec<Condition> {
        let asserts = self.conditions(fields, "assert");
        for assert in &asserts {
            if super::reference_in(&assert.condition).is_none() {
                self.diags.push(
                    Diagnostic::error(
                        "Invalid assert expression",
                        "The condition names nothing, so that it would say nothing about the configuration.",
                    )
                    .at(assert.condition.span)
                    .hint("Refer to a resource, an output, a variable or an earlier run."),
                );
            }
        }
        asserts
    }

    fn tested_module(&mut self, fields: &mut Fields) -> Option<(String, Span)> {
        let mut blocks = fields.blocks("module").into_iter();
        let block = blocks.next()?;
        let span = block.span;
        if let Some(second) = blocks.next() {
            self.duplicate("block", "module", second.span, span);
        }
        let mut fields = Fields::new(block);
        let source = self.required(&mut fields, "source", span);
        let at = source.as_ref().map_or(span, |source| source.span);
        let source = self.text_of(source);
        self.text_of(fields.take("version"));
        self.finish(fields, "a module block of a run");
        source.map(|source| (source, at))
    }

    /// Reads `providers = { alicloud = alicloud.other }`.
    fn passed_providers(
        &mut self,
        expr: Option<Expr>,
    ) -> Option<Vec<(ProviderName, ProviderName)>> {
        let expr = expr?;
        let ExprKind::Object(entries) = expr.kind else {
            self.constant_expected("an object of providers", &expr);
            return None;
        };
        let mut passed = Vec::new();
        for (key, value) in entries {
            let names = (self.provider_key(key), self.provider_name(&value));
            if let (Some(inner), Some(outer)) = names {
                passed.push((inner, outer));
            }
        }
        Some(passed)
    }

    /// Reads the name of a provider as a key: a bare one is text.
    fn provider_key(&mut self, key: Expr) -> Option<ProviderName> {
        let key = match key.kind {
            ExprKind::Parens(inner) => *inner,
            _ => key,
        };
        self.provider_name(&key)
    }

    fn expected(&mut self, expr: Option<Expr>) -> Vec<Expected> {
        let mut expected = Vec::new();
        for item in self.list(expr) {
            let Some(item) = self.unquoted(item) else {
                continue;
            };
            match checkable(&item) {
                Some(address) => expected.push(Expected {
                    address,
                    span: item.span,
                }),
                None => self.diags.push(
                    Diagnostic::error(
                        "Invalid expect_failures reference",
                        format!("{} has no conditions that could fail.", self.sources.text(item.span)),
                    )
                    .at(item.span)
                    .hint("List whole objects that have conditions: var.x, output.x, check.x, a resource or a data source."),
                ),
            }
        }
        expected
    }
}

/// Returns the word that stands alone, and where: `plan`, or `"plan"` in JSON.
fn keyword(expr: &Expr) -> Option<(Arc<str>, Span)> {
    match &expr.kind {
        ExprKind::Variable(name) => Some((name.clone(), expr.span)),
        ExprKind::Literal(value) => {
            let text = value.as_str().unwrap_or("null");
            Some((Arc::from(text), expr.span))
        }
        _ => Some((Arc::from("an expression"), expr.span)),
    }
}

/// Returns the address of an object that may have conditions, if it is a whole one.
fn checkable(expr: &Expr) -> Option<String> {
    const OTHERS: &[&str] = &[
        "local",
        "each",
        "count",
        "self",
        "path",
        "terraform",
        "run",
        "module",
    ];
    let path = reference::path(expr)?;
    let Some(PathStep::Name(root)) = path.first() else {
        return None;
    };
    if OTHERS.contains(&&**root) {
        return None;
    }
    let names = if &**root == "data" { 3 } else { 2 };
    let mut address = root.to_string();
    for (at, step) in path.iter().enumerate().skip(1) {
        match step {
            PathStep::Name(name) if at < names => {
                address.push('.');
                address.push_str(name);
            }
            PathStep::Index(index) if at == names => address.push_str(&format!("[{index}]")),
            PathStep::Key(key) if at == names => {
                address.push_str(&format!("[{}]", serde_json::Value::from(&**key)));
            }
            _ => return None,
        }
    }
    (path.len() >= names).then_some(address)
}
