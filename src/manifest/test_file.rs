//! A file of tests as the parser leaves it: its runs, and what they share.

use std::{collections::BTreeSet, path::Path};

use super::{
    ast::{Attribute, Body, Condition, Expr, Name, Provider},
    files::{self, Language},
    hcl, json_syntax, module,
};
use crate::model::{Address, AnyAddress, Diagnostics, Mode, Sources, Span, plan};

/// A file of tests.
#[derive(Clone, Debug, Default)]
pub struct TestFile {
    /// As the user calls it.
    pub name: String,
    pub variables: Vec<Attribute>,
    pub providers: Vec<Provider>,
    pub mocks: Vec<MockProvider>,
    pub overrides: Vec<Override>,
    pub runs: Vec<Run>,
}

/// `run "name" { … }`: a plan or an apply, and what has to hold after it.
#[derive(Clone, Debug)]
pub struct Run {
    pub name: Name,
    pub span: Span,
    /// Whether it ends with the plan.
    pub plan_only: bool,
    pub variables: Vec<Attribute>,
    pub asserts: Vec<Condition>,
    /// The objects whose conditions shall not hold.
    pub expect_failures: Vec<Expected>,
    /// The directory of the configuration under test, where it is not the one that the file belongs to.
    pub module: Option<(String, Span)>,
    /// `providers`: the configuration's name and the test file's, where not all are passed as they are.
    pub providers: Option<Vec<(ProviderName, ProviderName)>>,
    pub options: PlanOptions,
    pub overrides: Vec<Override>,
    /// Runs with the same key share a state.
    pub state_key: Option<String>,
}

/// A provider's name, with its alias.
pub type ProviderName = (Name, Option<Name>);

/// An object whose condition shall not hold.
#[derive(Clone, Debug)]
pub struct Expected {
    /// `var.x`, `output.x`, `check.x`, or a resource's or instance's address.
    pub address: String,
    pub span: Span,
}

/// `plan_options { … }`.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    pub mode: plan::Mode,
    pub refresh: bool,
    pub replace: Vec<Address>,
    pub target: Vec<AnyAddress>,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            mode: plan::Mode::Normal,
            refresh: true,
            replace: Vec::new(),
            target: Vec::new(),
        }
    }
}

/// `mock_provider "name" { … }`: a provider that makes up what it is asked for.
#[derive(Clone, Debug)]
pub struct MockProvider {
    pub name: Name,
    pub alias: Option<Name>,
    /// Whether what it makes up is known in the plan.
    pub in_plan: bool,
    pub types: Vec<MockType>,
    pub overrides: Vec<Override>,
    /// A directory with files of further mocks.
    pub source: Option<(String, Span)>,
    pub span: Span,
}

/// `mock_resource "type" { … }` or `mock_data "type" { … }`.
#[derive(Clone, Debug)]
pub struct MockType {
    pub mode: Mode,
    pub kind: Name,
    pub defaults: Option<Expr>,
    pub in_plan: Option<bool>,
}

/// `override_resource { … }` or `override_data { … }`.
#[derive(Clone, Debug)]
pub struct Override {
    pub target: AnyAddress,
    /// The values of attributes; of a module those of its outputs.
    pub values: Option<Expr>,
    pub in_plan: Option<bool>,
    pub span: Span,
}

/// The endings of files of tests.
const TESTS: &[(&str, Language)] = &[
    (".tftest.hcl", Language::Hcl),
    (".tftest.json", Language::Json),
];

/// The endings of files of mocks.
const MOCKS: &[(&str, Language)] = &[
    (".tfmock.hcl", Language::Hcl),
    (".tfmock.json", Language::Json),
];

/// Loads the files of tests of a directory and of the folder for them within it.
pub fn load(
    root: &Path,
    folder: &Path,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<TestFile> {
    let mut found = files::ending(root, TESTS);
    found.extend(files::ending(&root.join(folder), TESTS));
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup_by(|a, b| a.name == b.name);
    let mut tests = Vec::new();
    for file in &found {
        let Some(body) = read(file, (hcl::manifest, json_syntax::tests), sources, diags) else {
            continue;
        };
        let mut test = module::test_file(&file.name, body, sources, diags);
        for mock in &mut test.mocks {
            further_mocks(root, mock, sources, diags);
        }
        tests.push(test);
    }
    tests
}

/// Adds what the files of a mock provider's `source` say; what the test file says itself wins.
fn further_mocks(
    root: &Path,
    mock: &mut MockProvider,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) {
    let Some((source, span)) = &mock.source else {
        return;
    };
    let found = files::ending(&root.join(source), MOCKS);
    if found.is_empty() {
        let detail = format!("The directory {source} has no files of mocks.");
        diags.push(
            crate::model::Diagnostic::error("No mocks", detail)
                .at(*span)
                .hint("Create a file in it that ends in .tfmock.hcl or .tfmock.json."),
        );
    }
    let said: BTreeSet<_> = mock
        .types
        .iter()
        .map(|it| (it.mode, it.kind.text.clone()))
        .collect();
    for file in &found {
        if let Some(body) = read(file, (hcl::manifest, json_syntax::mocks), sources, diags) {
            let (types, overrides) = module::mocks(body, sources, diags);
            let news = types
                .into_iter()
                .filter(|it| !said.contains(&(it.mode, it.kind.text.clone())));
            mock.types.extend(news);
            mock.overrides.splice(0..0, overrides);
        }
    }
}

type Parse = fn(&str, crate::model::SourceId) -> Result<Body, Vec<crate::model::Diagnostic>>;

fn read(
    file: &files::File,
    (hcl, json): (Parse, Parse),
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<Body> {
    let text = files::read(file)
        .map_err(|diagnostic| diags.push(diagnostic))
        .ok()?;
    let source = sources.add(file.name.as_str(), text);
    let text = &sources.get(source).text;
    let parsed = match file.language {
        Some(Language::Json) => json(text, source),
        _ => hcl(text, source),
    };
    parsed.map_err(|errors| diags.extend(errors)).ok()
}
