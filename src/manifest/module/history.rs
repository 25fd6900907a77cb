//! Blocks about what was and what should hold: `moved`, `removed`, `check`.

use super::{Fields, Lowering};
use crate::{
    manifest::{
        ast::{Block, Check, Expr, Moved, Removed},
        reference,
    },
    model::{AnyAddress, Diagnostic, Key, Mode, Span},
};

impl Lowering<'_> {
    pub(super) fn moved(&mut self, block: Block) {
        let span = block.span;
        let mut fields = Fields::new(block);
        let from = self.end_of_move(&mut fields, "from", span);
        let to = self.end_of_move(&mut fields, "to", span);
        self.finish(fields, "a moved block");
        if let (Some(from), Some(to)) = (from, to) {
            if matches!(&from, AnyAddress::Module(_)) != matches!(&to, AnyAddress::Module(_)) {
                let detail = format!("{from} and {to} are not of one kind: the one is a module.");
                self.diags.push(
                    Diagnostic::error("Invalid \"moved\" addresses", detail)
                        .at(span)
                        .hint("Move a module to a module, or a resource to a resource."),
                );
                return;
            }
            self.module.moved.push(Moved { from, to, span });
        }
    }

    fn end_of_move(
        &mut self,
        fields: &mut Fields,
        name: &'static str,
        header: Span,
    ) -> Option<AnyAddress> {
        let expr = self.required(fields, name, header)?;
        self.address(expr).map(|(address, _)| address)
    }

    fn address(&mut self, expr: Expr) -> Option<(AnyAddress, Span)> {
        let expr = self.unquoted(expr)?;
        match reference::address(&expr) {
            Ok(address) => Some((address, expr.span)),
            Err(diagnostic) => {
                self.diags.push(diagnostic);
                None
            }
        }
    }

    pub(super) fn removed(&mut self, block: Block) {
        let span = block.span;
        let mut fields = Fields::new(block);
        let from = self
            .required(&mut fields, "from", span)
            .and_then(|expr| self.address(expr))
            .filter(|(address, span)| self.can_be_removed(address, *span));
        let mut destroy = None;
        for block in fields.blocks("lifecycle") {
            let mut fields = Fields::new(block);
            destroy = destroy.or(self.flag_of(fields.take("destroy")));
            self.finish(fields, "the lifecycle of a removed block");
        }
        self.finish(fields, "a removed block");
        if let Some((address, _)) = from {
            self.module.removed.push(Removed {
                from: address,
                destroy: destroy.unwrap_or(true),
                span,
            });
        }
    }

    fn can_be_removed(&mut self, address: &AnyAddress, span: Span) -> bool {
        let (mode, key) = match address {
            AnyAddress::Module(_) => (Mode::Managed, &Key::None),
            AnyAddress::Resource(address) => (address.resource.mode, &address.key),
        };
        let one_module = address
            .module()
            .steps()
            .iter()
            .any(|it| it.key != Key::None);
        let diagnostic = if mode != Mode::Managed {
            let what = match mode {
                Mode::Ephemeral => "Ephemeral resource address not allowed",
                _ => "Data source address not allowed",
            };
            Diagnostic::error(what, "Only a managed resource can be destroyed or kept.")
                .hint("Remove its block: that is all.")
        } else if one_module {
            Diagnostic::error(
                "Module instance keys not allowed",
                format!(
                    "{address} is one instance of a module; a removed block is about all of them."
                ),
            )
            .hint("Name the module without a key, or use `prov state rm`.")
        } else if *key != Key::None {
            Diagnostic::error(
                "Resource instance keys not allowed",
                format!("{address} is one instance; a removed block is about a whole resource."),
            )
            .hint("Name the resource without a key, or use `prov state rm`.")
        } else {
            return true;
        };
        self.diags.push(diagnostic.at(span));
        false
    }

    pub(super) fn check(&mut self, mut block: Block) {
        let name = block.labels.remove(0);
        let span = block.span;
        let mut fields = Fields::new(block);
        let declared = fields.has("assert");
        let asserts = self.conditions(&mut fields, "assert");
        if !declared {
            self.diags.push(
                Diagnostic::error(
                    "Zero assert blocks",
                    "A check has at least one assert block.",
                )
                .at(span)
                .hint("Write assert { condition = …, error_message = … }."),
            );
        }
        for data in fields.blocks("data") {
            if self.labels(&data, &["type", "name"]) {
                self.resource(Mode::Data, data, Some(name.text.clone()));
            }
        }
        self.finish(fields, "a check block");
        if let Some(first) = self.module.checks.get(&name.text) {
            let first = first.span;
            self.duplicate(
                &format!("check \"{}\" configuration", name.text),
                &name.text,
                span,
                first,
            );
            return;
        }
        let check = Check {
            name: name.clone(),
            asserts,
            span,
        };
        self.module.checks.insert(name.text, check);
    }
}
