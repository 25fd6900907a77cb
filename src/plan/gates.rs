//! What a user does not want a plan to do (`-deny`), held against a plan. Pure.

use crate::{
    eval,
    manifest::ast::Module,
    model::{
        Diagnostic, Diagnostics,
        diagnostic::did_you_mean,
        plan::{Action, Change, Effect, Plan},
    },
};

/// Something that a plan can be forbidden to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// No object is deleted, not for a replacement either.
    Destroy,
    Replace,
    /// Nothing that is stored is lost.
    Wipe,
    /// No instance is restarted or stopped.
    Reboot,
    Address,
    /// No update changes what is paid.
    Billing,
    /// No update that changes nothing.
    NoEffect,
}

impl Gate {
    /// Every gate.
    pub const ALL: &[Self] = &[
        Self::Destroy,
        Self::Replace,
        Self::Wipe,
        Self::Reboot,
        Self::Address,
        Self::Billing,
        Self::NoEffect,
    ];

    /// Returns its word after `-deny=`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Destroy => "destroy",
            Self::Replace => "replace",
            Self::Wipe => "wipe",
            Self::Reboot => "reboot",
            Self::Address => "address",
            Self::Billing => "billing",
            Self::NoEffect => "no-effect",
        }
    }

    /// Returns the gate that a word names; the error says which there are.
    pub fn parse(word: &str) -> Result<Self, String> {
        let words = || Self::ALL.iter().map(|gate| gate.word());
        let found = Self::ALL.iter().find(|gate| gate.word() == word);
        found.copied().ok_or_else(|| {
            let near = did_you_mean(word, words())
                .map_or_else(String::new, |near| format!("did you mean {near}? "));
            let all: Vec<&str> = words().collect();
            format!("{near}it takes {}, with commas between", all.join(", "))
        })
    }

    /// Returns what the change would do that this forbids, and the attributes because of which.
    fn offence(self, change: &Change) -> Option<(&'static str, Vec<String>)> {
        let whole = |deed| Some((deed, change.replace_paths.clone()));
        match self {
            Self::Destroy if change.action == Action::Delete => whole("destroys it"),
            Self::Destroy if change.action.replaces() => whole("destroys it and makes it anew"),
            Self::Replace if change.action.replaces() => whole("replaces it"),
            Self::Destroy | Self::Replace => None,
            Self::Wipe => caused(change, &[Effect::LosesData, Effect::WipesSystemDisk]),
            Self::Reboot => caused(change, &[Effect::Restarts, Effect::Stops]),
            Self::Address => caused(change, &[Effect::ChangesAddress]),
            Self::Billing => caused(
                change,
                &[Effect::Costs, Effect::Saves, Effect::ChangesBilling],
            ),
            Self::NoEffect => caused(change, &[Effect::NoEffect]),
        }
    }
}

fn caused(change: &Change, effects: &[Effect]) -> Option<(&'static str, Vec<String>)> {
    let found = change
        .effects
        .iter()
        .find(|it| effects.contains(&it.effect))?;
    let causes = if found.causes.is_empty() {
        change.replace_paths.clone()
    } else {
        found.causes.clone()
    };
    Some((found.effect.told(), causes))
}

/// Returns an error for each instance and each thing that it would do and must not.
pub fn denied(plan: &Plan, module: &Module, gates: &[Gate]) -> Diagnostics {
    let mut diags = Diagnostics::default();
    for change in &plan.changes {
        for gate in Gate::ALL.iter().filter(|gate| gates.contains(gate)) {
            if let Some((deed, causes)) = gate.offence(change) {
                diags.push(refusal(*gate, change, module, (deed, &causes)));
            }
        }
    }
    diags
}

fn refusal(
    gate: Gate,
    change: &Change,
    module: &Module,
    (deed, causes): (&str, &[String]),
) -> Diagnostic {
    let word = gate.word();
    let why = match causes {
        [] => String::new(),
        causes => format!(" because of {}", causes.join(", ")),
    };
    let diagnostic = Diagnostic::error(
        "Change denied",
        format!(
            "{}: the plan {deed}{why}, which -deny={word} forbids.",
            change.address
        ),
    )
    .about(&change.address);
    let way_out = match causes {
        [] => "Leave this resource out with -target".to_owned(),
        [cause] => format!("Leave {cause} as it is"),
        _ => "Leave these attributes as they are".to_owned(),
    };
    let diagnostic = diagnostic.hint(format!(
        "{way_out}, or take {word} out of -deny if it is meant. Nothing was done."
    ));
    let Some(block) = module.block(&change.address.resource) else {
        return diagnostic;
    };
    let place = causes
        .iter()
        .find_map(|path| eval::span_of(&block.body, path));
    diagnostic.at(place.unwrap_or(block.span))
}
