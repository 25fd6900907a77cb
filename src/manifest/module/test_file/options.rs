//! `plan_options`: what a run's plan is asked for.

use super::keyword;
use crate::{
    manifest::{
        ast::Expr,
        module::{Lowering, fields::Fields},
        reference,
        test_file::PlanOptions,
    },
    model::{Address, AnyAddress, Diagnostic, plan::Mode},
};

impl Lowering<'_> {
    pub(super) fn plan_options(&mut self, fields: &mut Fields) -> PlanOptions {
        let mut options = PlanOptions::default();
        let mut blocks = fields.blocks("plan_options").into_iter();
        let Some(block) = blocks.next() else {
            return options;
        };
        if let Some(second) = blocks.next() {
            self.duplicate("block", "plan_options", second.span, block.span);
        }
        let mut fields = Fields::new(block);
        if let Some((word, span)) = fields.take("mode").and_then(|expr| keyword(&expr)) {
            match &*word {
                "normal" => {}
                "refresh-only" => options.mode = Mode::RefreshOnly,
                other => self.diags.push(
                    Diagnostic::error(
                        "Invalid \"mode\" keyword",
                        format!("The mode of a plan is normal or refresh-only, not \"{other}\"."),
                    )
                    .at(span)
                    .hint("Write mode = normal or mode = refresh-only, without quotes."),
                ),
            }
        }
        let refresh = fields.take("refresh");
        let span = refresh.as_ref().map(|expr| expr.span);
        options.refresh = self.flag_of(refresh).unwrap_or(true);
        if options.mode == Mode::RefreshOnly && !options.refresh {
            self.diags.push(
                Diagnostic::error(
                    "Incompatible plan options",
                    "A plan that only refreshes cannot leave the refresh out.",
                )
                .at(span)
                .hint("Leave refresh or mode out."),
            );
        }
        options.replace = self.instances(fields.take("replace"));
        options.target = self.addresses(fields.take("target"));
        self.finish(fields, "a plan_options block");
        options
    }

    fn instances(&mut self, expr: Option<Expr>) -> Vec<Address> {
        let mut instances = Vec::new();
        for address in self.addresses(expr) {
            match address {
                AnyAddress::Resource(address) => instances.push(address),
                AnyAddress::Module(path) => self.diags.push(Diagnostic::error(
                    "Invalid replace address",
                    format!("{path} is a module: only a resource can be replaced."),
                )),
            }
        }
        instances
    }

    fn addresses(&mut self, expr: Option<Expr>) -> Vec<AnyAddress> {
        let mut addresses = Vec::new();
        for item in self.list(expr) {
            let Some(item) = self.unquoted(item) else {
                continue;
            };
            match reference::address(&item) {
                Ok(address) => addresses.push(address),
                Err(diagnostic) => self.diags.push(diagnostic),
            }
        }
        addresses
    }
}
