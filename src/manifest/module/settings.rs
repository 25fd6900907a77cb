//! What `terraform {}` and `prov {}` say.

use super::{Fields, Lowering};
use crate::{
    manifest::{
        ast::{Attribute, Block, Expr, ExprKind, RequiredProvider},
        constraint,
    },
    model::{Diagnostic, Value},
};

impl Lowering<'_> {
    pub(super) fn settings(&mut self, block: Block) {
        let place = format!("a {} block", block.kind.text);
        let mut fields = Fields::new(block);
        if let Some(expr) = fields.take("required_version") {
            let span = expr.span;
            if let Some(text) = self.text_of(Some(expr)) {
                self.module.settings.required_version.push((text, span));
            }
        }
        // Experiments of Terraform's language change nothing that is supported.
        fields.take("experiments");
        for inner in std::mem::take(&mut fields.body.blocks) {
            match &*inner.kind.text {
                "required_providers" => self.required_providers(inner),
                "backend" => self.backend(inner),
                "provider_meta" => {}
                "cloud" => {
                    self.unsupported(&inner);
                }
                _ => {
                    let known = ["required_providers", "backend"];
                    self.unknown("block", &inner.kind, &place, known.into_iter());
                }
            }
        }
        self.finish(fields, &place);
    }

    fn backend(&mut self, block: Block) {
        if !self.labels(&block, &["type"]) {
            return;
        }
        if let Some(first) = self
            .module
            .settings
            .backend
            .as_ref()
            .map(|first| first.span)
        {
            self.duplicate(
                "backend configuration",
                &block.labels[0].text,
                block.span,
                first,
            );
            return;
        }
        self.module.settings.backend = Some(block);
    }

    fn required_providers(&mut self, block: Block) {
        for Attribute { name, value } in block.body.attributes {
            let mut provider = RequiredProvider {
                name,
                source: None,
                version: None,
                aliases: Vec::new(),
            };
            let span = value.span;
            match (constraint::constant(&value), value.kind) {
                // In YAML and JSON all of it is constant, configuration_aliases too.
                (_, ExprKind::Object(entries)) => self.requirement(&mut provider, entries),
                (Ok(Value::String(version)), _) => provider.version = Some(version.to_string()),
                (Ok(Value::Object(fields)), _) => {
                    let text = |name: &str| Some(fields.get(name)?.as_str()?.to_owned());
                    provider.source = text("source");
                    provider.version = text("version");
                }
                _ => self.diags.push(
                    Diagnostic::error(
                        "Invalid provider requirement",
                        "Expected an object with source and version.",
                    )
                    .at(span),
                ),
            }
            self.module.settings.required_providers.push(provider);
        }
    }

    fn requirement(&mut self, provider: &mut RequiredProvider, entries: Vec<(Expr, Expr)>) {
        for (key, value) in entries {
            let text = match constraint::constant(&value) {
                Ok(Value::String(text)) => Some(text.to_string()),
                _ => None,
            };
            match literal_text(&key).as_deref() {
                Some("source") => provider.source = text,
                Some("version") => provider.version = text,
                Some("configuration_aliases") => {
                    let aliases = self.list(Some(value)).into_iter();
                    provider.aliases = aliases.filter_map(|it| self.provider_name(&it)).collect();
                }
                _ => {}
            }
        }
    }
}

fn literal_text(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Literal(Value::String(text)) => Some(text.to_string()),
        _ => None,
    }
}
