//! What a plan looks like: which sections, in which order, what is hidden, and what is said.
//!
//! With `change` and `pen` it makes every decision about the presentation; `terminal` only turns
//! roles into colours. Wording follows Terraform's, since people and scripts read it.

use std::fmt::Write as _;

use crate::model::{
    Object,
    address::{Address, Mode as Kind},
    plan::{Action, Change, Counts, Mode, OutputChange, Plan},
    state::{Output, Status, Stored},
};

use super::{
    change::manner,
    diff::{self, Act, Diff, Shape},
    line::{Lines, Mark, Role},
    pen::{Drawing, Pen, length},
    value,
};

/// A plan as it is shown.
pub(super) struct PlanView<'a> {
    plan: &'a Plan,
    /// What changed outside of prov, when it is shown.
    pub drift: Vec<&'a Change>,
    /// Data sources first.
    pub changes: Vec<&'a Change>,
    counts: Counts,
    outputs: Vec<(&'a str, Diff<'a>)>,
}

/// From this many changes on, a plan is summarised.
pub(super) const MANY: usize = 1_000;

/// So many of them are then shown.
pub(super) const FIRST: usize = 10;

impl<'a> PlanView<'a> {
    /// Decides what of a plan is shown.
    pub fn new(plan: &'a Plan) -> Self {
        let is_shown = |change: &&Change| match change.action {
            Action::NoOp => !change.is_idle(),
            // A data source that is gone is forgotten without a word.
            Action::Delete => change.address.resource.mode == Kind::Managed,
            _ => true,
        };
        let mut changes: Vec<&Change> = plan.changes.iter().filter(is_shown).collect();
        changes.sort_by_key(|change| change.address.resource.mode == Kind::Managed);
        let outputs: Vec<_> = plan
            .outputs
            .iter()
            .map(|(name, change)| (name.as_str(), output_diff(change)))
            .collect();
        let idle = changes.is_empty() && outputs.iter().all(|(_, diff)| diff.act == Act::Keep);
        let shows_drift = plan.mode == Mode::RefreshOnly || !idle;
        let drift = plan.drift.iter().filter(|_| shows_drift).collect();
        let counts = plan.counts();
        Self {
            plan,
            drift,
            changes,
            counts,
            outputs,
        }
    }

    /// Returns the lines before the drift, if there is any.
    pub fn drift_opening(&self, columns: usize, lines: &mut Lines) {
        if !self.drift.is_empty() {
            lines.line("");
            lines.line("").add(Role::BoldCyan, "Note:");
            // Atlantis looks for these words.
            lines.add(Role::Bold, " Objects have changed outside of Terraform");
            lines.line("");
            let text = "prov detected the following changes made outside of prov since the last \
                        \"prov apply\" which may have affected this plan:";
            lines.paragraph(text, columns);
        }
    }

    /// Returns the lines after the drift, if there is any.
    pub fn drift_closing(&self, columns: usize, unicode: bool, lines: &mut Lines) {
        if self.drift.is_empty() {
            return;
        }
        let refresh_only = self.plan.mode == Mode::RefreshOnly;
        let text = if refresh_only {
            "This is a refresh-only plan, so prov will not take any actions to undo these. If you \
             were expecting these changes then you can apply this plan to record the updated \
             values in the state without changing any remote objects."
        } else {
            "Unless you have made equivalent changes to your configuration, or ignored the \
             relevant attributes using ignore_changes, the following plan may include actions to \
             undo or respond to these changes."
        };
        lines.line("");
        lines.line("");
        lines.paragraph(text, columns);
        if !refresh_only || !self.nothing() {
            lines.line("");
            lines.line(&rule(columns, unicode));
        }
    }

    fn nothing(&self) -> bool {
        self.changes.is_empty() && self.outputs.iter().all(|(_, diff)| diff.act == Act::Keep)
    }

    /// Returns the lines before the changes: that there is none, or what the symbols mean.
    pub fn opening(&self, columns: usize, lines: &mut Lines) {
        if self.nothing() {
            return self.no_changes(columns, lines);
        }
        let used = |actions: &[Action]| self.changes.iter().any(|it| actions.contains(&it.action));
        let works = self.changes.iter().any(|it| it.action != Action::NoOp);
        if works {
            lines.line("");
            let text = "prov used the selected providers to generate the following execution \
                        plan. Resource actions are indicated with the following symbols:";
            lines.paragraph(text, columns);
            for (action, text) in LEGEND {
                if used(&[*action]) {
                    lines.start(0, Mark::Action(*action)).plain(text);
                }
            }
        }
        if !self.changes.is_empty() {
            lines.line("");
            lines.line("prov will perform the following actions:");
        }
    }

    fn no_changes(&self, columns: usize, lines: &mut Lines) {
        if !self.drift.is_empty() {
            return;
        }
        let (fact, more) = match self.plan.mode {
            Mode::Normal => (
                " Your infrastructure matches the configuration.",
                "prov has compared your real infrastructure against your configuration and found \
                 no differences, so no changes are needed.",
            ),
            Mode::RefreshOnly => (
                " Your infrastructure still matches the configuration.",
                "prov has checked that the real remote objects still match the result of your \
                 most recent changes, and found no differences.",
            ),
            Mode::Destroy => (
                " No objects need to be destroyed.",
                "Either you have not created any objects yet or the existing objects were already \
                 deleted outside of prov.",
            ),
        };
        lines.line("");
        lines
            .line("")
            .add(Role::BoldGreen, "No changes.")
            .add(Role::Bold, fact);
        lines.line("");
        lines.paragraph(more, columns);
    }

    /// Returns the lines that stand for the changes beyond the first `shown`.
    pub fn rest(&self, shown: usize, lines: &mut Lines) {
        let mut groups = std::collections::BTreeMap::<(&str, usize), usize>::new();
        for change in self.changes.iter().skip(shown) {
            let rank = LEGEND
                .iter()
                .position(|(action, _)| *action == change.action);
            let group = (&*change.address.resource.kind, rank.unwrap_or(LEGEND.len()));
            *groups.entry(group).or_default() += 1;
        }
        let total: usize = groups.values().sum();
        if total == 0 {
            return;
        }
        lines.line("");
        lines.line(&format!(
            "  # {total} more changes are not shown; by type they are:"
        ));
        for ((kind, rank), count) in groups {
            let (action, text) = LEGEND.get(rank).unwrap_or(&(Action::NoOp, "import"));
            let mark = Mark::Action(*action);
            lines
                .start(0, mark)
                .plain(&format!("{kind}: {count} to {text}"));
        }
    }

    /// Returns the lines after the changes: the summary line and the outputs.
    pub fn closing(&self, columns: usize, lines: &mut Lines) {
        if !self.changes.is_empty() {
            lines.line("");
            let summary = plan_summary(&self.counts);
            let text = summary.strip_prefix("Plan:").unwrap_or(&summary);
            lines.line("").add(Role::Bold, "Plan:").plain(text);
        }
        let changed = self
            .outputs
            .iter()
            .filter(|(_, diff)| diff.act != Act::Keep);
        if changed.clone().next().is_none() {
            return;
        }
        lines.line("");
        lines.line("Changes to Outputs:");
        let names = self.outputs.iter().map(|(name, _)| *name);
        let width = names
            .map(|name| length(&value::name(name)))
            .max()
            .unwrap_or(0);
        for (name, diff) in changed {
            Pen { lines: &mut *lines }.entry(&value::name(name), width, diff, 0, Drawing::PLAN);
        }
        if self
            .changes
            .iter()
            .all(|change| change.action == Action::NoOp)
        {
            lines.line("");
            let text = "You can apply this plan to save these new output values to the state, \
                        without changing any real infrastructure.";
            lines.paragraph(text, columns);
        }
    }
}

/// The symbols' meanings, in the order in which they are listed.
const LEGEND: &[(Action, &str)] = &[
    (Action::Create, "create"),
    (Action::Update, "update in-place"),
    (Action::Delete, "destroy"),
    (Action::DeleteCreate, "destroy and then create replacement"),
    (Action::CreateDelete, "create replacement and then destroy"),
    (Action::Read, "read (data resources)"),
    (
        Action::Forget,
        "forget (keep the object, drop it from the state)",
    ),
];

fn output_diff(change: &OutputChange) -> Diff<'_> {
    let mut diff = diff::single(change.before.as_ref(), change.after.as_ref());
    if change.is_hidden() {
        let same = diff.act == Act::Keep;
        if change.action() == Action::Update {
            diff.act = Act::Update;
        }
        diff.shape = Shape::Sensitive {
            was: change.was_sensitive,
            becomes: change.sensitive,
            same,
        };
    }
    diff
}

/// Returns a line across the terminal.
pub(super) fn rule(columns: usize, unicode: bool) -> String {
    (if unicode { "─" } else { "-" }).repeat(columns.saturating_sub(1).min(120))
}

/// Returns the plan's summary line; scripts parse it.
pub(super) fn plan_summary(counts: &Counts) -> String {
    let mut out = "Plan: ".to_owned();
    // Writing to a String does not fail.
    if counts.import > 0 {
        let _ = write!(out, "{} to import, ", counts.import);
    }
    let (add, change, destroy) = (counts.add, counts.change, counts.destroy);
    let _ = write!(
        out,
        "{add} to add, {change} to change, {destroy} to destroy"
    );
    if counts.forget > 0 {
        let _ = write!(out, ", {} to forget", counts.forget);
    }
    out.push('.');
    out
}

/// Returns the lines of one object as it is, as `state show` prints it.
pub(super) fn stored(address: &Address, deposed: Option<&str>, kept: &Stored, lines: &mut Lines) {
    let note = match (deposed, kept.status) {
        (Some(key), _) => format!(" (deposed object {key})"),
        (None, Status::Ready) => String::new(),
        (None, Status::Unsettled) => " (unsettled)".to_owned(),
        (None, Status::Tainted) => " (tainted)".to_owned(),
    };
    let name = &address.resource;
    let shown = address.to_string();
    let line = lines.line("# ");
    line.plain(&value::harmless(&shown)).plain(":").plain(&note);
    let word = match name.mode {
        Kind::Managed => "resource",
        Kind::Data | Kind::Ephemeral => name.mode.word(),
    };
    lines.line(&format!("{word} \"{}\" \"{}\" ", name.kind, name.name));
    let object: &Object = &kept.attributes;
    let diff = diff::body(Some(object), Some(object), &[], manner(address));
    Pen { lines }.diff(&diff, 0, Drawing::STATE);
}

/// Returns the lines of an output as `show` prints it.
pub(super) fn stored_output(name: &str, output: &Output, lines: &mut Lines) {
    let mut diff = diff::single(Some(&output.value), Some(&output.value));
    if output.sensitive {
        diff.shape = Shape::Sensitive {
            was: true,
            becomes: true,
            same: true,
        };
    }
    lines.line(name).plain(" = ");
    Pen { lines }.diff(&diff, 0, Drawing::STATE);
}
