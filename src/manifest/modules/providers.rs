//! Which providers a module gets from its callers, and which it may have of its own.

use std::collections::HashSet;

use crate::{
    manifest::ast::{Module, ModuleCall, Name, Passed, Provider},
    model::{Diagnostic, Diagnostics, Span},
};

/// Checks the providers of everything that a module calls.
pub(super) fn check(root: &Module, diags: &mut Diagnostics) {
    let mut checker = Checker {
        diags,
        told: HashSet::new(),
    };
    checker.calls(root, None);
}

/// Takes out provider blocks without an alias that say nothing, which Terraform once wanted in modules: what they name
/// comes from the caller anyway.
pub(super) fn without_empty(module: &mut Module, diags: &mut Diagnostics) {
    for block in module.providers.iter().filter(|block| is_empty(block)) {
        let detail = "An empty provider block in a module configures nothing: the caller hands the module its providers.";
        diags.push(
            Diagnostic::warning("Redundant empty provider block", detail)
                .at(block.span)
                .hint(
                    "Take it out; name an alias in configuration_aliases, in required_providers.",
                ),
        );
    }
    module
        .providers
        .retain(|block| block.alias.is_some() || !is_empty(block));
}

fn is_empty(block: &Provider) -> bool {
    block.body.attributes.is_empty() && block.body.blocks.is_empty()
}

struct Checker<'a> {
    diags: &'a mut Diagnostics,
    /// What has been told, and where: a module that is called often is still one module.
    told: HashSet<(Span, &'static str)>,
}

/// What makes instances of a call, and so rules out providers within it.
type Repeated<'a> = Option<(&'a ModuleCall, &'static str)>;

/// A provider as it is named: its name, and its alias.
type ProviderName = (Name, Option<Name>);

impl Checker<'_> {
    fn calls<'m>(&mut self, module: &'m Module, repeated: Repeated<'m>) {
        for (name, child) in &module.children {
            let Some(call) = module.calls.get(name) else {
                continue;
            };
            let repeated = repeated.or_else(|| repetition(call).map(|what| (call, what)));
            self.own(child, repeated);
            for passed in &call.providers {
                self.passed(module, call, child, passed);
            }
            self.missing(call, child);
            self.calls(child, repeated);
        }
    }

    fn tell(
        &mut self,
        span: Span,
        summary: &'static str,
        detail: String,
        finish: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        if self.told.insert((span, summary)) {
            let diagnostic = Diagnostic::error(summary, detail).at(span);
            self.diags.push(finish(diagnostic));
        }
    }

    /// Refuses provider blocks where the module could have many instances, or be gone before what it made.
    fn own(&mut self, child: &Module, repeated: Repeated<'_>) {
        let Some((call, what)) = repeated else {
            return;
        };
        for block in child.providers.iter().filter(|block| !is_empty(block)) {
            let detail =
                format!("The module has a provider block of its own, and is called with {what}.");
            self.tell(
                call.span,
                "Module is incompatible with count, for_each, and depends_on",
                detail,
                |it| {
                    it.label(block.span, "the module's provider")
                        .about(format_args!("module.{}", call.name.text))
                        .hint("Move the provider block to the root module, and pass it on: providers = { … }.")
                },
            );
        }
    }

    fn passed(&mut self, module: &Module, call: &ModuleCall, child: &Module, passed: &Passed) {
        let address = format!("module.{}", call.name.text);
        let inner = &passed.child;
        let own = child.providers.iter().find(|block| is(block, inner));
        if let Some(block) = own.filter(|block| !is_empty(block)) {
            let detail = format!(
                "The module configures {} itself: it cannot be handed another.",
                written(inner)
            );
            self.tell(
                inner.0.span,
                "Cannot override provider configuration",
                detail,
                |it| {
                    it.label(block.span, "configured here")
                        .about(&address)
                        .hint("Take the block out of the module, or do not pass the provider.")
                },
            );
        } else if inner.1.is_some() && own.is_none() && !declares(child, inner) {
            let detail = format!("The module has no provider {}.", written(inner));
            self.tell(
                inner.0.span,
                "Reference to undefined provider",
                detail,
                |it| {
                    it.about(&address).hint(format!(
                    "Declare it in the module: configuration_aliases = [{}], in required_providers.",
                    written(inner)
                ))
                },
            );
        }
        let outer = &passed.parent;
        let known = declares(module, outer) || module.providers.iter().any(|it| is(it, outer));
        if outer.1.is_some() && !known {
            let detail = format!("There is no provider {} here.", written(outer));
            self.tell(
                outer.0.span,
                "Reference to undefined provider",
                detail,
                |it| {
                    it.about(&address).hint(format!(
                        "Write a block provider \"{}\" with this alias, or name another.",
                        outer.0.text
                    ))
                },
            );
        }
    }

    /// Tells which providers a module wants to be handed and is not.
    fn missing(&mut self, call: &ModuleCall, child: &Module) {
        for wanted in aliases(child) {
            let given = |passed: &Passed| written(&passed.child) == written(wanted);
            let own = child.providers.iter().any(|block| is(block, wanted));
            if own || call.providers.iter().any(given) {
                continue;
            }
            let name = written(wanted);
            let detail = format!("The module {} needs the provider {name}.", call.name.text);
            self.tell(
                call.span,
                "Missing required provider configuration",
                detail,
                |it| {
                    it.label(wanted.0.span, "declared here")
                        .about(format_args!("module.{}", call.name.text))
                        .hint(format!(
                            "Pass one: providers = {{ {name} = {} }}.",
                            wanted.0.text
                        ))
                },
            );
        }
    }
}

/// Returns the argument that makes instances of a call.
fn repetition(call: &ModuleCall) -> Option<&'static str> {
    if call.count.is_some() {
        return Some("count");
    }
    if call.for_each.is_some() {
        return Some("for_each");
    }
    (!call.depends_on.is_empty()).then_some("depends_on")
}

/// Returns what callers of a module are to hand it.
fn aliases(module: &Module) -> impl Iterator<Item = &ProviderName> {
    let required = module.settings.required_providers.iter();
    required.flat_map(|provider| &provider.aliases)
}

fn declares(module: &Module, wanted: &ProviderName) -> bool {
    aliases(module).any(|alias| written(alias) == written(wanted))
}

fn is(block: &Provider, wanted: &ProviderName) -> bool {
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.text.clone());
    block.name.text == wanted.0.text && text(&block.alias) == text(&wanted.1)
}

fn written(provider: &ProviderName) -> String {
    match &provider.1 {
        Some(alias) => format!("{}.{}", provider.0.text, alias.text),
        None => provider.0.text.to_string(),
    }
}
