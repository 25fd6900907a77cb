//! Blocks become a module: what each top-level block of either language means.
//!
//! Everything wrong is collected, never the first only. What a resource's arguments mean is not known
//! here: its body is passed on without the meta-arguments.

mod call;
mod fields;
mod history;
mod provisioner;
mod settings;
mod test_file;

use std::sync::Arc;

use self::fields::Fields;
use self::fields::names_something;
pub(super) use self::{
    fields::reference_in,
    test_file::{mocks, test_file},
};
use super::{
    ast::{
        Attribute, Block, Body, Condition, Expr, ExprKind, IgnoreChanges, Import, Lifecycle,
        Module, Name, Output, Part, Provider, Reference, Resource, Variable,
    },
    constraint, hcl,
    place::{Names, Place},
    reference,
};
use crate::model::{
    Diagnostic, Diagnostics, Mode, ResourceAddress, Sources, Span, Type, Value,
    diagnostic::did_you_mean,
};

/// The blocks of a manifest and their number of labels.
const BLOCKS: &[(&str, &[&str])] = &[
    ("resource", &["type", "name"]),
    ("data", &["type", "name"]),
    ("ephemeral", &["type", "name"]),
    ("variable", &["name"]),
    ("output", &["name"]),
    ("provider", &["name"]),
    ("locals", &[]),
    ("terraform", &[]),
    ("prov", &[]),
    ("import", &[]),
    ("moved", &[]),
    ("removed", &[]),
    ("check", &["name"]),
    ("module", &["name"]),
];

/// Terraform's blocks that this version does not know, and what to do instead.
const UNSUPPORTED: &[(&str, &str)] = &[
    (
        "connection",
        "Use user_data, or run the command after prov apply.",
    ),
    ("cloud", "Use a backend."),
];

/// Names that a variable cannot have.
const RESERVED: &[&str] = &[
    "source",
    "version",
    "providers",
    "count",
    "for_each",
    "lifecycle",
    "depends_on",
    "locals",
];

/// Adds what a file declares to the module.
pub(super) fn declare(module: &mut Module, file: Body, sources: &Sources, diags: &mut Diagnostics) {
    let mut lowering = Lowering {
        module,
        sources,
        diags,
    };
    for attribute in file.attributes {
        let name = &attribute.name;
        let detail = format!("A manifest holds blocks; \"{}\" is an argument.", name.text);
        lowering.diags.push(
            Diagnostic::error("Unsupported argument", detail)
                .at(name.span)
                .hint("Put it in a locals block; values of variables go into a .tfvars file."),
        );
    }
    for block in file.blocks {
        lowering.block(block);
    }
}

struct Lowering<'a> {
    module: &'a mut Module,
    sources: &'a Sources,
    diags: &'a mut Diagnostics,
}

impl Lowering<'_> {
    fn block(&mut self, block: Block) {
        let kind = block.kind.text.clone();
        if self.unsupported(&block) {
            return;
        }
        let Some((_, labels)) = BLOCKS.iter().find(|(name, _)| *name == &*kind) else {
            let known = BLOCKS.iter().map(|(name, _)| *name);
            self.unknown("block", &block.kind, "a manifest", known);
            return;
        };
        if !self.labels(&block, labels) {
            return;
        }
        match &*kind {
            "resource" => self.resource(Mode::Managed, block, None),
            "data" => self.resource(Mode::Data, block, None),
            "ephemeral" => self.resource(Mode::Ephemeral, block, None),
            "variable" => self.variable(block),
            "output" => self.output(block),
            "provider" => self.provider(block),
            "locals" => self.locals(block),
            "import" => self.import(block),
            "moved" => self.moved(block),
            "removed" => self.removed(block),
            "check" => self.check(block),
            "module" => self.call(block),
            _ => self.settings(block),
        }
    }

    /// Reports a block that Terraform has and this version does not.
    fn unsupported(&mut self, block: &Block) -> bool {
        let Some((kind, hint)) = UNSUPPORTED
            .iter()
            .find(|(kind, _)| *kind == &*block.kind.text)
        else {
            return false;
        };
        let detail = format!("Blocks of the kind \"{kind}\" are not supported yet.");
        self.diags.push(
            Diagnostic::error("Unsupported block type", detail)
                .at(block.span)
                .hint(*hint),
        );
        true
    }

    fn unknown<'n>(
        &mut self,
        what: &str,
        name: &Name,
        place: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        let detail = format!("There is no {what} \"{}\" in {place}.", name.text);
        let summary = match what {
            "block" => "Unsupported block type".to_owned(),
            _ => format!("Unsupported {what}"),
        };
        let diagnostic = Diagnostic::error(summary, detail).at(name.span);
        self.diags
            .push(match did_you_mean(&name.text, known.clone()) {
                Some(meant) => diagnostic.hint(format!("Did you mean \"{meant}\"?")),
                None => {
                    let list: Vec<&str> = known.collect();
                    match list.as_slice() {
                        [] => diagnostic.hint("Remove it."),
                        list => diagnostic.hint(format!("Known here: {}.", list.join(", "))),
                    }
                }
            });
    }

    /// Checks a block's labels: how many there are, and that they are names.
    fn labels(&mut self, block: &Block, labels: &[&str]) -> bool {
        let kind = &block.kind.text;
        if block.labels.len() != labels.len() {
            let form: String = labels.iter().map(|label| format!(" \"{label}\"")).collect();
            let detail = match labels.len() {
                0 => format!("A {kind} block has no labels."),
                1 => format!("A {kind} block has one label: its {}.", labels[0]),
                _ => format!(
                    "A {kind} block has two labels: its {}.",
                    labels.join(" and its ")
                ),
            };
            let summary = match labels.get(block.labels.len()) {
                Some(missing) => format!("Missing {missing} for {kind}"),
                None => format!("Extraneous label for {kind}"),
            };
            self.diags.push(
                Diagnostic::error(summary, detail)
                    .at(block.span)
                    .hint(format!("Write {kind}{form} {{ … }}.")),
            );
            return false;
        }
        let mut valid = true;
        for (label, part) in block.labels.iter().zip(labels) {
            if !is_name(&label.text) {
                valid = false;
                let what = match (&**kind, *part) {
                    ("resource", "type") => "resource type",
                    ("data", "type") => "data source",
                    ("data", _) => "data resource",
                    ("ephemeral", _) => "ephemeral resource",
                    ("check", _) => "check block",
                    ("module", _) => "module instance",
                    (kind, _) => kind,
                };
                let detail = format!("\"{}\" is not a name.", label.text.escape_debug());
                self.diags.push(
                    Diagnostic::error(format!("Invalid {what} name"), detail)
                        .at(label.span)
                        .hint(
                            "A name starts with a letter or _ and holds letters, digits, _ and -.",
                        ),
                );
            }
        }
        valid
    }

    /// Reports what is declared twice; `what` is how the summary calls it.
    fn duplicate(&mut self, what: &str, name: &str, span: Span, first: Span) {
        let detail = format!("\"{name}\" is already declared; each is declared once.");
        self.diags.push(
            Diagnostic::error(format!("Duplicate {what}"), detail)
                .at(span)
                .label(first, "first declared here")
                .hint("Remove or rename one of the two."),
        );
    }

    fn variable(&mut self, mut block: Block) {
        let name = block.labels.remove(0);
        if RESERVED.contains(&&*name.text) {
            let detail = format!("\"{}\" is reserved and cannot name a variable.", name.text);
            self.diags
                .push(Diagnostic::error("Invalid variable name", detail).at(name.span));
        }
        let mut fields = Fields::new(block);
        let given = fields.take("type").and_then(|ty| self.constraint(ty));
        let typed = given.is_some();
        let default = fields.take("default");
        if let Some(culprit) = default.as_ref().and_then(reference_in) {
            self.diags.push(
                Diagnostic::error(
                    match culprit.kind {
                        ExprKind::Call { .. } => "Function calls not allowed",
                        _ => "Variables not allowed",
                    },
                    "The default of a variable is a constant: it cannot refer to anything.",
                )
                .at(culprit.span)
                .hint("Compute the value in a locals block."),
            );
        }
        let variable = Variable {
            ty: given.unwrap_or(Type::Any),
            typed,
            default,
            description: self.text_of(fields.take("description")),
            sensitive: self.flag_of(fields.take("sensitive")).unwrap_or(false),
            nullable: self.flag_of(fields.take("nullable")).unwrap_or(true),
            ephemeral: self.flag_of(fields.take("ephemeral")).unwrap_or(false),
            validations: self.conditions(&mut fields, "validation"),
            name: name.clone(),
        };
        self.about_itself(&variable);
        self.finish(fields, "a variable block");
        if let Some(first) = self.module.variables.get(&name.text) {
            let first = first.name.span;
            self.duplicate("variable declaration", &name.text, name.span, first);
            return;
        }
        self.module.variables.insert(name.text, variable);
    }

    /// Reports validations that are about something else than their variable.
    fn about_itself(&mut self, variable: &Variable) {
        let own = &variable.name.text;
        let names_it = |expr: &Expr| {
            expr.any(&|part| match &part.kind {
                ExprKind::GetAttr(object, name) if name.text == *own => match &object.kind {
                    ExprKind::Variable(root) if &**root == "var" => Some(true),
                    _ => None,
                },
                _ => None,
            })
        };
        let others = variable.validations.iter().map(|it| &it.condition);
        for condition in others.filter(|it| names_something(it) && !names_it(it)) {
            let detail =
                format!("The condition says nothing of var.{own}, which it is to validate.");
            self.diags.push(
                Diagnostic::error("Invalid variable validation condition", detail)
                    .at(condition.span)
                    .hint(format!(
                        "Write a condition about var.{own}; others go into a check or a precondition."
                    )),
            );
        }
    }

    fn constraint(&mut self, expr: Expr) -> Option<Type> {
        let expr = self.unquoted(expr)?;
        constraint::constraint(&expr)
            .map_err(|diagnostic| self.diags.push(diagnostic))
            .ok()
    }

    /// Returns an expression that JSON syntax (and old HCL) writes as a string, as an expression.
    fn unquoted(&mut self, expr: Expr) -> Option<Expr> {
        let text = match &expr.kind {
            ExprKind::Literal(Value::String(text)) => text.clone(),
            // In JSON syntax "${x}" is another way to write it.
            ExprKind::Template(parts) => match parts.as_slice() {
                [Part::Interpolation(inner)] => return Some(inner.clone()),
                _ => return Some(expr),
            },
            _ => return Some(expr),
        };
        let raw = self.sources.text(expr.span);
        let inner = raw.trim_matches(['"', '\'']);
        let quotes = raw.len() - raw.trim_start_matches(['"', '\'']).len();
        let place = if *inner == *text {
            Place::At(
                expr.span.source,
                expr.span.start + super::place::narrow(quotes),
            )
        } else {
            Place::Whole(expr.span)
        };
        match hcl::expression(&text, &place, &mut Names::default()) {
            Ok(expr) => Some(expr),
            Err(errors) => {
                self.diags.extend(errors);
                None
            }
        }
    }

    fn locals(&mut self, block: Block) {
        for Attribute { name, value } in block.body.attributes {
            if let Some(first) = self.module.locals.get(&name.text) {
                let first = first.name.span;
                self.duplicate("local value definition", &name.text, name.span, first);
                continue;
            }
            self.module
                .locals
                .insert(name.text.clone(), Attribute { name, value });
        }
        for inner in block.body.blocks {
            self.unknown("block", &inner.kind, "locals", std::iter::empty());
        }
    }

    fn output(&mut self, mut block: Block) {
        let name = block.labels.remove(0);
        let header = block.span;
        let mut fields = Fields::new(block);
        let value = self.required(&mut fields, "value", header);
        let output = value.map(|value| Output {
            value,
            description: self.text_of(fields.take("description")),
            sensitive: self.flag_of(fields.take("sensitive")).unwrap_or(false),
            ephemeral: self.flag_of(fields.take("ephemeral")).unwrap_or(false),
            span: header,
            depends_on: self.references(fields.take("depends_on")),
            preconditions: self.conditions(&mut fields, "precondition"),
            name: name.clone(),
        });
        let Some(output) = output else { return };
        self.finish(fields, "an output block");
        if let Some(first) = self.module.outputs.get(&name.text) {
            let first = first.name.span;
            self.duplicate("output definition", &name.text, name.span, first);
            return;
        }
        self.module.outputs.insert(name.text, output);
    }

    fn provider(&mut self, mut block: Block) {
        let name = block.labels.remove(0);
        let span = block.span;
        let mut fields = Fields::new(block);
        fields.take("version");
        let alias = fields.take("alias").and_then(|expr| {
            let span = expr.span;
            self.text_of(Some(expr)).map(|text| Name {
                text: text.into(),
                span,
            })
        });
        let text = |alias: &Option<Name>| alias.as_ref().map(|alias| alias.text.clone());
        let same = self
            .module
            .providers
            .iter()
            .find(|other| other.name.text == name.text && text(&other.alias) == text(&alias));
        if let Some(first) = same.map(|first| first.span) {
            let shown = match &alias {
                Some(alias) => format!("{}.{}", name.text, alias.text),
                None => name.text.to_string(),
            };
            self.duplicate("provider configuration", &shown, span, first);
            return;
        }
        self.module.providers.push(Provider {
            name,
            alias,
            body: fields.body,
            span,
        });
    }

    /// `check` is the check that a data source is part of.
    fn resource(&mut self, mode: Mode, mut block: Block, check: Option<Arc<str>>) {
        let name = block.labels.remove(1);
        let kind = block.labels.remove(0);
        let span = block.span;
        let address = Arc::new(ResourceAddress::new(mode, kind.text, name.text));
        let mut fields = Fields::new(block);
        let (count, for_each) = self.repetition(&mut fields, &address.to_string());
        let depends_on = self.references(fields.take("depends_on"));
        let provider = fields
            .take("provider")
            .and_then(|expr| self.provider_name(&expr));
        let lifecycle = self.lifecycle(mode, &mut fields);
        let provisioners = self.provisioners(mode, &mut fields);
        for block in fields.blocks("connection") {
            self.unsupported(&block);
        }
        if let Some(first) = self.module.resources.get(&address) {
            let first = first.span;
            let what = match mode {
                Mode::Managed => "resource",
                Mode::Data | Mode::Ephemeral => mode.word(),
            };
            let what = format!("{what} \"{}\" configuration", address.kind);
            self.duplicate(&what, &address.to_string(), span, first);
            return;
        }
        let resource = Resource {
            address: address.clone(),
            span,
            count,
            for_each,
            depends_on,
            provider,
            lifecycle,
            check,
            provisioners,
            body: fields.body,
        };
        self.module.resources.insert(address, resource);
    }

    /// Takes what says how many there are of something.
    fn repetition(&mut self, fields: &mut Fields, address: &str) -> (Option<Expr>, Option<Expr>) {
        let count = fields.take("count");
        let for_each = fields.take("for_each");
        if let (Some(count), Some(for_each)) = (&count, &for_each) {
            self.diags.push(
                Diagnostic::error(
                    "Invalid combination of \"count\" and \"for_each\"",
                    format!("{address} has either count or for_each, not both."),
                )
                .at(for_each.span)
                .label(count.span, "count is set here")
                .about(address)
                .hint("Remove one of the two."),
            );
        }
        (count, for_each)
    }

    fn lifecycle(&mut self, mode: Mode, fields: &mut Fields) -> Lifecycle {
        let mut blocks = fields.blocks("lifecycle").into_iter();
        let Some(block) = blocks.next() else {
            return Lifecycle::default();
        };
        let first = block.span;
        for second in blocks {
            self.duplicate("lifecycle block", "lifecycle", second.span, first);
        }
        if mode != Mode::Managed {
            self.only_conditions(mode, &block);
        }
        let mut fields = Fields::new(block);
        let prevent = fields.take("prevent_destroy");
        let lifecycle = Lifecycle {
            create_before_destroy: self.flag_of(fields.take("create_before_destroy")),
            prevent_destroy_span: prevent.as_ref().map(|expr| expr.span),
            prevent_destroy: self.flag_of(prevent).unwrap_or(false),
            ignore_changes: self.ignore_changes(fields.take("ignore_changes")),
            replace_triggered_by: self
                .list(fields.take("replace_triggered_by"))
                .into_iter()
                .filter_map(|expr| self.unquoted(expr))
                .collect(),
            preconditions: self.conditions(&mut fields, "precondition"),
            postconditions: self.conditions(&mut fields, "postcondition"),
        };
        self.finish(fields, "a lifecycle block");
        lifecycle
    }

    /// Reports arguments of a lifecycle that only what is managed has.
    fn only_conditions(&mut self, mode: Mode, block: &Block) {
        let summary = match mode {
            Mode::Ephemeral => "Invalid ephemeral resource lifecycle argument",
            Mode::Managed | Mode::Data => "Invalid data resource lifecycle argument",
        };
        let only = |name: &str| {
            matches!(
                name,
                "create_before_destroy"
                    | "prevent_destroy"
                    | "ignore_changes"
                    | "replace_triggered_by"
            )
        };
        let attributes = block.body.attributes.iter();
        for attribute in attributes.filter(|it| only(&it.name.text)) {
            let detail = format!("\"{}\" is for managed resources only.", attribute.name.text);
            self.diags.push(
                Diagnostic::error(summary, detail)
                    .at(attribute.name.span)
                    .hint("Take it out; preconditions and postconditions can stay."),
            );
        }
    }

    fn ignore_changes(&mut self, expr: Option<Expr>) -> IgnoreChanges {
        let all = |expr: &Expr| match &expr.kind {
            ExprKind::Variable(name) | ExprKind::Literal(Value::String(name)) => &**name == "all",
            _ => false,
        };
        let Some(expr) = expr else {
            return IgnoreChanges::None;
        };
        if all(&expr) {
            return IgnoreChanges::All;
        }
        let mut paths = Vec::new();
        for item in self.list(Some(expr)) {
            let Some(item) = self.unquoted(item) else {
                continue;
            };
            match reference::path(&item) {
                Some(path) => paths.push((path, item.span)),
                None => self.diags.push(
                    Diagnostic::error(
                        "Invalid expression",
                        "Expected the name of an attribute, or a path from one with constant keys.",
                    )
                    .at(item.span)
                    .hint("List attributes, such as [tags, tags[\"owner\"]], or write all."),
                ),
            }
        }
        IgnoreChanges::Some(paths)
    }

    fn import(&mut self, block: Block) {
        let span = block.span;
        let mut fields = Fields::new(block);
        let to = self
            .required(&mut fields, "to", span)
            .and_then(|expr| self.unquoted(expr));
        let id = self.required(&mut fields, "id", span);
        let for_each = fields.take("for_each");
        self.finish(fields, "an import block");
        if let Some(wrong) = to.as_ref().and_then(|to| reference::target(to).err()) {
            self.diags.push(wrong);
            return;
        }
        if let (Some(to), Some(id)) = (to, id) {
            self.module.imports.push(Import {
                to,
                id,
                for_each,
                span,
            });
        }
    }

    fn conditions(&mut self, fields: &mut Fields, kind: &'static str) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for block in fields.blocks(kind) {
            let span = block.span;
            let mut fields = Fields::new(block);
            let condition = self.required(&mut fields, "condition", span);
            let error_message = self.required(&mut fields, "error_message", span);
            self.finish(fields, &format!("a {kind} block"));
            if let Some(constant) = condition.as_ref().filter(|it| !names_something(it)) {
                let detail = "This condition is always the same: it refers to nothing.";
                self.diags.push(
                    Diagnostic::error(format!("Invalid {kind} expression"), detail)
                        .at(constant.span)
                        .hint("Write a condition about something that can be one way or another."),
                );
            }
            if let (Some(condition), Some(error_message)) = (condition, error_message) {
                conditions.push(Condition {
                    condition,
                    error_message,
                    span,
                });
            }
        }
        conditions
    }

    fn references(&mut self, expr: Option<Expr>) -> Vec<Reference> {
        let mut references = Vec::new();
        for item in self.list(expr) {
            let Some(item) = self.unquoted(item) else {
                continue;
            };
            match reference::whole(&item) {
                Ok(reference) => references.push(reference),
                Err(diagnostic) => self.diags.push(diagnostic),
            }
        }
        references
    }

    /// Returns the items of a list that is written out.
    fn list(&mut self, expr: Option<Expr>) -> Vec<Expr> {
        match expr {
            None => Vec::new(),
            Some(Expr {
                kind: ExprKind::Tuple(items),
                ..
            }) => items,
            Some(Expr { kind, span }) => {
                if !matches!(kind, ExprKind::Literal(Value::Null)) {
                    let detail = "Expected a list, written out in brackets.";
                    self.diags
                        .push(Diagnostic::error("Invalid expression", detail).at(span));
                }
                Vec::new()
            }
        }
    }

    fn required(&mut self, fields: &mut Fields, name: &'static str, header: Span) -> Option<Expr> {
        let value = fields.take(name);
        if value.is_none() {
            let detail = format!("The argument \"{name}\" is required here.");
            self.diags
                .push(Diagnostic::error("Missing required argument", detail).at(header));
        }
        value
    }

    fn text_of(&mut self, expr: Option<Expr>) -> Option<String> {
        let expr = expr?;
        match expr.kind {
            ExprKind::Literal(Value::String(text)) => Some(text.to_string()),
            ExprKind::Literal(Value::Null) => None,
            ExprKind::Literal(Value::Number(number)) => Some(number.to_string()),
            _ => {
                self.constant_expected("a string", &expr);
                None
            }
        }
    }

    fn flag_of(&mut self, expr: Option<Expr>) -> Option<bool> {
        let expr = expr?;
        match &expr.kind {
            ExprKind::Literal(Value::Bool(value)) => Some(*value),
            ExprKind::Literal(Value::Null) => None,
            ExprKind::Literal(Value::String(text)) if matches!(&**text, "true" | "false") => {
                Some(&**text == "true")
            }
            _ => {
                self.constant_expected("true or false", &expr);
                None
            }
        }
    }

    fn constant_expected(&mut self, what: &str, expr: &Expr) {
        let summary = match reference_in(expr).map(|it| &it.kind) {
            Some(ExprKind::Call { .. }) => "Function calls not allowed",
            Some(_) => "Variables not allowed",
            None => "Unsuitable value type",
        };
        let detail = format!("Only {what} can stand here: no references, functions or operators.");
        self.diags
            .push(Diagnostic::error(summary, detail).at(expr.span));
    }

    /// Reports what is left of a block whose arguments are all known.
    fn finish(&mut self, fields: Fields, place: &str) {
        let Fields { body, asked } = fields;
        for attribute in &body.attributes {
            let known = asked.iter().copied();
            self.unknown("argument", &attribute.name, place, known);
        }
        for block in &body.blocks {
            if !self.unsupported(block) {
                self.unknown("block", &block.kind, place, asked.iter().copied());
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}
