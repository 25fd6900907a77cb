//! Provisioners: commands that run beside a resource.

use super::{Fields, Lowering};
use crate::{
    manifest::ast::{Block, Expr, ExprKind, Provisioner, When},
    model::{Diagnostic, Mode, Value},
};

/// The arguments of `local-exec`.
const ARGUMENTS: &[&str] = &[
    "command",
    "environment",
    "interpreter",
    "quiet",
    "working_dir",
];

impl Lowering<'_> {
    pub(super) fn provisioners(&mut self, mode: Mode, fields: &mut Fields) -> Vec<Provisioner> {
        let mut all = Vec::new();
        for block in fields.blocks("provisioner") {
            if self.labels(&block, &["type"]) {
                all.extend(self.provisioner(mode, block));
            }
        }
        all
    }

    fn provisioner(&mut self, mode: Mode, block: Block) -> Option<Provisioner> {
        let kind = block.labels[0].text.clone();
        let span = block.span;
        let mut refuse = |detail: String, hint: &str| {
            self.diags.push(
                Diagnostic::error("Unsupported provisioner", detail)
                    .at(span)
                    .hint(hint),
            );
        };
        if mode != Mode::Managed {
            refuse(
                "Only a managed resource has provisioners.".to_owned(),
                "Put the provisioner into a resource, such as a terraform_data.",
            );
            return None;
        }
        if &*kind != "local-exec" {
            refuse(
                format!("There is no provisioner \"{kind}\": prov has local-exec."),
                "Use user_data for what is to happen on an instance, or a local-exec with a command that gets there.",
            );
            return None;
        }
        let mut fields = Fields::new(block);
        let when = match self
            .word(&mut fields, "when", &["create", "destroy"])
            .as_deref()
        {
            Some("destroy") => When::Destroy,
            _ => When::Create,
        };
        let on_failure = self.word(&mut fields, "on_failure", &["continue", "fail"]);
        for block in fields.blocks("connection") {
            self.unsupported(&block);
        }
        let attributes = &fields.body.attributes;
        if attributes.iter().all(|it| &*it.name.text != "command") {
            self.diags.push(
                Diagnostic::error(
                    "Missing required argument",
                    "The argument \"command\" is required here.",
                )
                .at(span),
            );
        }
        for attribute in attributes {
            if !ARGUMENTS.contains(&&*attribute.name.text) {
                let known = ARGUMENTS.iter().copied();
                self.unknown(
                    "argument",
                    &attribute.name,
                    "a local-exec provisioner",
                    known,
                );
            }
        }
        for inner in &fields.body.blocks {
            let known = std::iter::empty();
            self.unknown("block", &inner.kind, "a local-exec provisioner", known);
        }
        Some(Provisioner {
            when,
            goes_on: on_failure.as_deref() == Some("continue"),
            body: fields.body,
            span,
        })
    }

    /// Takes an argument that is one of a few words, written bare or as a string.
    fn word(&mut self, fields: &mut Fields, name: &'static str, words: &[&str]) -> Option<String> {
        let Expr { kind, span } = fields.take(name)?;
        let text = match kind {
            ExprKind::Variable(text) | ExprKind::Literal(Value::String(text)) => text.to_string(),
            _ => String::new(),
        };
        if words.contains(&text.as_str()) {
            return Some(text);
        }
        self.diags.push(
            Diagnostic::error(
                format!("Invalid \"{name}\" keyword"),
                format!("{name} is one of the words {}.", words.join(" and ")),
            )
            .at(span),
        );
        None
    }
}
