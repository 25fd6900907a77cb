//! Mock providers, and what is put in the place of single resources.

use super::keyword;
use crate::{
    manifest::{
        ast::{Block, Expr, Name},
        module::{Lowering, fields::Fields},
        reference,
        test_file::{MockProvider, MockType, Override, TestFile},
    },
    model::{AnyAddress, Diagnostic, Mode},
};

/// The blocks that override, and what their target is.
const OVERRIDES: &[&str] = &["override_resource", "override_data", "override_module"];

impl Lowering<'_> {
    pub(super) fn mock_provider(&mut self, mut block: Block) -> MockProvider {
        let name = block.labels.remove(0);
        let span = block.span;
        let mut fields = Fields::new(block);
        let alias = fields.take("alias").and_then(|expr| {
            let span = expr.span;
            let text = self.text_of(Some(expr))?;
            Some(Name {
                text: text.into(),
                span,
            })
        });
        let source = fields.take("source").and_then(|expr| {
            let span = expr.span;
            self.text_of(Some(expr)).map(|text| (text, span))
        });
        let in_plan = self.during(fields.take("override_during"));
        let mock = MockProvider {
            name,
            alias,
            in_plan: in_plan.unwrap_or(false),
            types: self.mock_types(&mut fields),
            overrides: self.overrides(&mut fields),
            source,
            span,
        };
        self.finish(fields, "a mock_provider block");
        mock
    }

    pub(super) fn mock_types(&mut self, fields: &mut Fields) -> Vec<MockType> {
        let mut types = Vec::new();
        for (kind, mode) in [("mock_resource", Mode::Managed), ("mock_data", Mode::Data)] {
            for mut block in fields.blocks(kind) {
                if !self.labels(&block, &["type"]) {
                    continue;
                }
                let name = block.labels.remove(0);
                let same = |other: &&MockType| other.mode == mode && other.kind.text == name.text;
                if let Some(first) = types.iter().find(same).map(|it| it.kind.span) {
                    self.duplicate("mock", &name.text, name.span, first);
                }
                let mut fields = Fields::new(block);
                types.push(MockType {
                    mode,
                    kind: name,
                    defaults: fields.take("defaults"),
                    in_plan: self.during(fields.take("override_during")),
                });
                self.finish(fields, &format!("a {kind} block"));
            }
        }
        types
    }

    pub(super) fn overrides(&mut self, fields: &mut Fields) -> Vec<Override> {
        let mut overrides = Vec::new();
        for kind in OVERRIDES {
            for block in fields.blocks(kind) {
                overrides.extend(self.override_of(block));
            }
        }
        overrides
    }

    /// Reads one block that overrides.
    pub(super) fn override_of(&mut self, block: Block) -> Option<Override> {
        let kind = block.kind.text.clone();
        let span = block.span;
        let of_module = &*kind == "override_module";
        let mut fields = Fields::new(block);
        let target = self
            .required(&mut fields, "target", span)
            .and_then(|expr| self.unquoted(expr));
        let values = fields.take(if of_module { "outputs" } else { "values" });
        let in_plan = self.during(fields.take("override_during"));
        self.finish(fields, &format!("an {kind} block"));
        let target = target?;
        let address = match reference::address(&target) {
            Ok(address @ AnyAddress::Module(_)) if of_module => {
                return Some(Override {
                    target: address,
                    values,
                    in_plan,
                    span,
                });
            }
            Ok(AnyAddress::Resource(address)) if !of_module => address,
            Ok(AnyAddress::Resource(address)) => {
                self.diags.push(
                    Diagnostic::error(
                        "Invalid override target",
                        format!("An override_module block is for a module, and {address} is none."),
                    )
                    .at(target.span)
                    .hint(
                        "Write override_resource or override_data for it, or target = module.NAME.",
                    ),
                );
                return None;
            }
            Ok(AnyAddress::Module(path)) => {
                self.diags.push(
                    Diagnostic::error("Invalid override target", format!("{path} is a module."))
                        .at(target.span)
                        .hint("Name a resource or a data source, or write override_module."),
                );
                return None;
            }
            Err(diagnostic) => {
                self.diags.push(diagnostic);
                return None;
            }
        };
        let wanted = match &*kind {
            "override_data" => Mode::Data,
            _ => Mode::Managed,
        };
        if address.resource.mode != wanted {
            let (is, block) = match wanted {
                Mode::Data => ("no data source", "override_resource"),
                _ => ("no managed resource", "override_data"),
            };
            self.diags.push(
                Diagnostic::error("Invalid override target", format!("{address} is {is}."))
                    .at(target.span)
                    .hint(format!("Write {block} for it.")),
            );
            return None;
        }
        Some(Override {
            target: AnyAddress::Resource(address),
            values,
            in_plan,
            span,
        })
    }

    /// Reads `override_during`: whether values are known in the plan.
    fn during(&mut self, expr: Option<Expr>) -> Option<bool> {
        let (word, span) = keyword(&expr?)?;
        if !matches!(&*word, "plan" | "apply") {
            let detail = format!("Values are put in during plan or apply, not \"{word}\".");
            self.diags.push(
                Diagnostic::error("Invalid override_during", detail)
                    .at(span)
                    .hint("Write override_during = plan or override_during = apply."),
            );
        }
        Some(&*word == "plan")
    }

    /// Reports providers that a file mocks twice, or mocks and configures.
    pub(super) fn mocked_twice(&mut self, test: &TestFile) {
        let alias = |alias: &Option<Name>| alias.as_ref().map(|alias| alias.text.clone());
        for (at, mock) in test.mocks.iter().enumerate() {
            let key = (mock.name.text.clone(), alias(&mock.alias));
            let earlier = test.mocks[..at].iter();
            let mocked = earlier.map(|it| (it.name.text.clone(), alias(&it.alias), it.span));
            let providers = self.module.providers.iter();
            let real = providers.map(|it| (it.name.text.clone(), alias(&it.alias), it.span));
            let first = mocked
                .chain(real)
                .find(|(name, alias, _)| *name == key.0 && *alias == key.1);
            if let Some((name, _, first)) = first {
                self.duplicate("provider", &name, mock.span, first);
            }
        }
    }
}
