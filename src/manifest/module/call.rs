//! `module` blocks: calls of other modules.

use super::{Fields, Lowering, is_name};
use crate::{
    manifest::{
        ast::{Block, Expr, ExprKind, ModuleCall, Name, Passed},
        modules::address::Source,
        reference,
    },
    model::{Diagnostic, Span, Value},
};

/// A provider as it is named: its name, and its alias.
pub(super) type ProviderName = (Name, Option<Name>);

impl Lowering<'_> {
    pub(super) fn call(&mut self, mut block: Block) {
        let name = block.labels.remove(0);
        let span = block.span;
        let mut fields = Fields::new(block);
        let given = fields.given("source");
        let source = self.constant_text(&mut fields, "source");
        if !given {
            let detail = "A module call needs the argument \"source\": where the module is.";
            self.diags.push(
                Diagnostic::error("Missing required argument", detail)
                    .at(span)
                    .about(format_args!("module.{}", name.text))
                    .hint("Write source = \"./DIRECTORY\", or another source."),
            );
        }
        let version = self.constant_text(&mut fields, "version");
        let (count, for_each) = self.repetition(&mut fields, &format!("module.{}", name.text));
        let depends_on = self.references(fields.take("depends_on"));
        let providers = self.passed(fields.take("providers"));
        for block in &fields.body.blocks {
            let kind = &block.kind.text;
            let detail = format!("A module call has arguments only, no {kind} block.");
            self.diags.push(
                Diagnostic::error("Unsupported block type", detail)
                    .at(block.span)
                    .hint("Give the module's variables values: NAME = VALUE."),
            );
        }
        fields.body.blocks.clear();
        if let Some(first) = self.module.calls.get(&name.text) {
            let first = first.span;
            self.duplicate("module call", &name.text, span, first);
            return;
        }
        let Some(source) = source else {
            return;
        };
        if let Err(diagnostic) = Source::parse(&source.0, version.is_some()) {
            self.diags.push(diagnostic.at(source.1));
            return;
        }
        let call = ModuleCall {
            name: name.clone(),
            span,
            source,
            version,
            count,
            for_each,
            depends_on,
            providers,
            body: fields.body,
        };
        self.module.calls.insert(name.text, call);
    }

    fn constant_text(&mut self, fields: &mut Fields, name: &'static str) -> Option<(String, Span)> {
        let expr = fields.take(name)?;
        let span = expr.span;
        Some((self.text_of(Some(expr))?, span))
    }

    fn passed(&mut self, expr: Option<Expr>) -> Vec<Passed> {
        let Some(expr) = expr else {
            return Vec::new();
        };
        let ExprKind::Object(entries) = expr.kind else {
            let detail = "Expected a mapping of the module's providers to providers of this one.";
            self.diags.push(
                Diagnostic::error("Invalid providers argument", detail)
                    .at(expr.span)
                    .hint("Write providers = { alicloud = alicloud.ALIAS }."),
            );
            return Vec::new();
        };
        let mut all: Vec<Passed> = Vec::new();
        for (key, value) in entries {
            let span = key.span;
            let (Some(child), Some(parent)) =
                (self.provider_name(&key), self.provider_name(&value))
            else {
                continue;
            };
            let same = |other: &&Passed| named(&other.child) == named(&child);
            if all.iter().find(same).is_some() {
                let detail = format!("{} is passed twice.", named(&child));
                self.diags.push(
                    Diagnostic::error("Duplicate provider", detail)
                        .at(span)
                        .hint("Remove one of the two."),
                );
                continue;
            }
            all.push(Passed { child, parent });
        }
        all
    }

    /// Reads the name of a provider, with its alias after a dot; JSON syntax writes it as a string.
    pub(super) fn provider_name(&mut self, expr: &Expr) -> Option<ProviderName> {
        let span = expr.span;
        let provider = match &expr.kind {
            ExprKind::Literal(Value::String(text)) => {
                let name = |text: &str| Name {
                    text: text.into(),
                    span,
                };
                let (provider, alias) = match text.split_once('.') {
                    Some((provider, alias)) => (provider, Some(alias)),
                    None => (&**text, None),
                };
                let valid = is_name(provider) && alias.is_none_or(is_name);
                valid.then(|| (name(provider), alias.map(name)))
            }
            _ => reference::provider(expr),
        };
        if provider.is_none() {
            let detail = "A provider is named by its name, with its alias after a dot.";
            self.diags.push(
                Diagnostic::error("Invalid provider reference", detail)
                    .at(span)
                    .hint("Write alicloud, or alicloud.ALIAS."),
            );
        }
        provider
    }
}

/// Writes a provider's name as the manifests do.
fn named(provider: &ProviderName) -> String {
    match &provider.1 {
        Some(alias) => format!("{}.{}", provider.0.text, alias.text),
        None => provider.0.text.to_string(),
    }
}
