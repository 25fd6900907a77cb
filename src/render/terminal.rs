//! Plans, states, events and summaries as text for people.
//!
//! The words and their places are Terraform's wherever there are such, since scripts read them:
//! the progress lines, the summary lines and the layout of a change must not be reworded.

use std::{
    collections::BTreeMap,
    io::{self, BufWriter, Write},
};

use crate::model::{
    Address, Sources,
    event::{Calls, Ephemeral, Event, Provision, Sent, Summary},
    plan::{Action, Mode, Plan},
    state::{Output, State, Stored},
};

use super::{
    Style,
    change::{self, Cause},
    diagnostic,
    line::{Line, Lines, Mark, Role},
    preflight,
    value::{self, harmless},
    view::{self, PlanView},
};

/// Writes a plan: drift, changes, the summary line, outputs.
///
/// A plan of more than a thousand changes is summarised by type and action after the first few,
/// unless the style asks for all.
pub fn plan(plan: &Plan, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(style, out);
    let view = PlanView::new(plan);
    let columns = style.columns();
    page.write(|lines| view.drift_opening(columns, lines))?;
    page.changes(&view.drift, Cause::Drift)?;
    page.write(|lines| view.drift_closing(columns, style.unicode, lines))?;
    page.write(|lines| view.opening(columns, lines))?;
    let shown = page.changes(&view.changes, Cause::Proposed)?;
    page.write(|lines| view.rest(shown, lines))?;
    page.write(|lines| view.closing(columns, lines))?;
    if let Some(found) = &plan.preflight {
        page.write(|lines| preflight::preflight(found, lines))?;
    }
    page.end()
}

/// Writes a state, as `terraform show` does.
pub fn state(state: &State, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(style, out);
    if state.is_empty() {
        let text = "The state file is empty. No resources are represented.";
        page.write(|lines| _ = lines.line(text))?;
        return page.end();
    }
    let mut first = true;
    for (resource, kept) in &state.resources {
        for (key, instance) in &kept.instances {
            let (resource, key) = (resource.clone(), key.clone());
            let address = Address { resource, key };
            let current = instance.current.iter().map(|stored| (None, stored));
            let deposed = &instance.deposed;
            let deposed = deposed
                .iter()
                .map(|(key, stored)| (Some(key.as_str()), stored));
            for (deposed, stored) in current.chain(deposed) {
                page.write(|lines| {
                    if !std::mem::take(&mut first) {
                        lines.line("");
                    }
                    view::stored(&address, deposed, stored, lines);
                })?;
            }
        }
    }
    if !state.outputs.is_empty() {
        page.write(|lines| _ = lines.line("").line("").line("Outputs:").line(""))?;
    }
    for (name, output) in &state.outputs {
        page.write(|lines| view::stored_output(name, output, lines))?;
    }
    page.end()
}

/// Writes one object, as `terraform state show` does.
pub fn resource(
    address: &Address,
    stored: &Stored,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(style, out);
    page.write(|lines| view::stored(address, None, stored, lines))?;
    page.end()
}

/// Writes output values, as `terraform output` does: sensitive ones as `<sensitive>`.
pub fn outputs(outputs: &BTreeMap<String, Output>, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    for (name, output) in outputs {
        text.push_str(name);
        text.push_str(" = ");
        if output.sensitive {
            text.push_str("<sensitive>");
        } else {
            text.push_str(&value::typed_text(&output.value, &output.ty));
        }
        text.push('\n');
    }
    out.write_all(text.as_bytes())
}

/// Writes the line (if any) that tells of an event.
pub fn event(
    event: &Event,
    sources: &Sources,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if let Event::Notice(notice) = event {
        return diagnostic::diagnostics([notice], sources, style, out);
    }
    let Some(text) = message(event, style.verbose) else {
        return Ok(());
    };
    let text = harmless(&text);
    if style.color {
        writeln!(out, "\x1b[0m\x1b[1m{text}\x1b[0m")
    } else {
        writeln!(out, "{text}")
    }
}

fn provisioned(address: &Address, what: &Provision) -> Option<String> {
    match what {
        Provision::Started => Some(format!("{address}: Provisioning with 'local-exec'...")),
        Provision::Said(line) => Some(format!("{address} (local-exec): {}", value::harmless(line))),
        Provision::Finished | Provision::Failed => None,
    }
}

fn put_aside(key: Option<&str>) -> String {
    key.map_or_else(String::new, |key| format!(" (deposed object {key})"))
}

/// Returns what is said of an ephemeral resource; opening one takes no time.
pub(super) const fn ephemeral(what: Ephemeral) -> &'static str {
    match what {
        Ephemeral::Opening => "Opening...",
        Ephemeral::Opened => "Opening complete after 0s",
        Ephemeral::Closing => "Closing...",
        Ephemeral::Closed => "Closing complete after 0s",
    }
}

fn message(event: &Event, verbose: bool) -> Option<String> {
    Some(match event {
        Event::RefreshStarted { address, id } => {
            format!("{address}: Refreshing state...{}", suffix(id))
        }
        Event::RefreshFinished { .. } | Event::Notice(_) => return None,
        Event::Ephemeral { address, what } => format!("{address}: {}", ephemeral(*what)),
        Event::ReadStarted { address } => format!("{address}: Reading..."),
        Event::ReadFinished {
            address,
            id,
            seconds,
        } => {
            let after = elapsed(*seconds);
            format!("{address}: Read complete after {after}{}", suffix(id))
        }
        Event::StepStarted {
            address,
            deposed,
            action,
            id,
        } => {
            let deposed = put_aside(deposed.as_deref());
            format!("{address}{deposed}: {}...{}", verb(*action), suffix(id))
        }
        Event::StepRunning {
            address,
            action,
            id,
            seconds,
        } => {
            let id = match id.is_empty() {
                true => String::new(),
                false => format!("id={id}, "),
            };
            let (verb, after) = (verb(*action).to_lowercase(), elapsed(*seconds));
            format!("{address}: Still {verb}... [{id}{after} elapsed]")
        }
        Event::StepCall { address, call } => {
            verbose.then(|| format!("{address}: Calling {call}..."))?
        }
        Event::Provision { address, what } => provisioned(address, what)?,
        Event::StepFinished {
            address,
            action,
            id,
            seconds,
        } => format!("{address}: {}", finished(*action, id, *seconds)),
        Event::StepFailed {
            address,
            action,
            seconds,
        } => {
            let after = elapsed(*seconds);
            format!("{address}: {} failed after {after}", noun(*action))
        }
        Event::StepSkipped {
            address,
            because_of,
        } => {
            format!("{address}: Skipped, since {because_of} failed")
        }
        Event::Stopping { running } => stopping(*running),
    })
}

fn finished(action: Action, id: &str, seconds: u64) -> String {
    if action == Action::NoOp {
        return format!("Import complete{}", suffix(id));
    }
    let after = elapsed(seconds);
    // What is gone has no id.
    let gone = matches!(action, Action::Delete | Action::Forget);
    let id = if gone { String::new() } else { suffix(id) };
    format!("{} complete after {after}{id}", noun(action))
}

fn stopping(running: usize) -> String {
    let wait = match running {
        0 => "nothing is running".to_owned(),
        1 => "waiting for 1 running step to finish".to_owned(),
        _ => format!("waiting for {running} running steps to finish"),
    };
    format!(
        "\nInterrupt received: nothing new is started, {wait}.\nInterrupt again to leave at \
         once; what was begun is recorded and taken up by the next run.\n"
    )
}

/// Returns ` [id=…]`, or nothing if there is no id.
pub(super) fn suffix(id: &str) -> String {
    if id.is_empty() {
        String::new()
    } else {
        format!(" [id={id}]")
    }
}

/// Returns a duration as Go prints it: `3s`, `1m10s`, `1h0m5s`.
pub(super) fn elapsed(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{seconds}s"),
        _ => format!("{hours}h{minutes}m{seconds}s"),
    }
}

/// Returns what is being done.
pub(super) fn verb(action: Action) -> &'static str {
    match action {
        Action::NoOp => "Importing",
        Action::Read => "Reading",
        Action::Create => "Creating",
        Action::Update => "Modifying",
        Action::DeleteCreate | Action::CreateDelete => "Replacing",
        Action::Delete => "Destroying",
        Action::Forget => "Removing",
    }
}

/// Returns what was done.
pub(super) fn noun(action: Action) -> &'static str {
    match action {
        Action::NoOp => "Import",
        Action::Read => "Read",
        Action::Create => "Creation",
        Action::Update => "Modifications",
        Action::DeleteCreate | Action::CreateDelete => "Replacement",
        Action::Delete => "Destruction",
        Action::Forget => "Removal",
    }
}

/// Writes how an apply ended: Terraform's line when all went well, else what was and was not done.
pub fn summary(summary: &Summary, mode: Mode, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(style, out);
    if is_complete(summary) {
        let text = complete(summary, mode);
        page.write(|lines| _ = lines.line("").line("").add(Role::BoldGreen, &text))?;
        return page.end();
    }
    page.write(|lines| incomplete(summary, mode, lines))?;
    page.end()
}

/// Whether everything was done that was to be done.
pub(super) fn is_complete(summary: &Summary) -> bool {
    summary.failed.is_empty()
        && summary.skipped.is_empty()
        && summary.not_started.is_empty()
        && !summary.interrupted
        && !summary.unrecorded
}

/// Returns the line that ends a successful apply; scripts parse it.
pub(super) fn complete(summary: &Summary, mode: Mode) -> String {
    match mode {
        Mode::Destroy => {
            format!(
                "Destroy complete! Resources: {} destroyed.",
                summary.done.destroy
            )
        }
        Mode::Normal | Mode::RefreshOnly => {
            format!("Apply complete! Resources: {}.", done(summary))
        }
    }
}

fn done(summary: &Summary) -> String {
    let counts = &summary.done;
    let import = match counts.import {
        0 => String::new(),
        count => format!("{count} imported, "),
    };
    let forget = match counts.forget {
        0 => String::new(),
        count => format!(", {count} forgotten"),
    };
    let (add, change, destroy) = (counts.add, counts.change, counts.destroy);
    format!("{import}{add} added, {change} changed, {destroy} destroyed{forget}")
}

/// So many addresses are listed of each kind.
const LISTED: usize = 20;

fn incomplete(summary: &Summary, mode: Mode, lines: &mut Lines) {
    let what = if mode == Mode::Destroy {
        "Destroy"
    } else {
        "Apply"
    };
    let how = if summary.interrupted {
        "was interrupted"
    } else {
        "is incomplete"
    };
    lines
        .line("")
        .line("")
        .add(Role::BoldRed, &format!("{what} {how}."));
    lines.plain(&format!(" Resources: {}.", done(summary)));
    let failed = summary.failed.iter().map(ToString::to_string);
    listed("Failed", failed, lines);
    let skipped = summary.skipped.iter();
    let skipped = skipped.map(|(address, cause)| format!("{address} (since {cause} failed)"));
    listed("Skipped", skipped, lines);
    listed(
        "Not started",
        summary.not_started.iter().map(ToString::to_string),
        lines,
    );
    if !summary.unrecorded {
        lines.line("");
        lines.line("What was done is recorded. Run the same command again to do the rest.");
    }
}

fn listed(title: &str, entries: impl ExactSizeIterator<Item = String>, lines: &mut Lines) {
    let count = entries.len();
    if count == 0 {
        return;
    }
    lines.line("");
    lines.line("").add(Role::Bold, &format!("{title}: {count}"));
    for entry in entries.take(LISTED) {
        lines.line("  ").plain(&harmless(&entry));
    }
    if count > LISTED {
        lines.line(&format!("  and {} more", count - LISTED));
    }
}

/// A writer of styled lines, behind one buffer.
struct Page<'o> {
    style: Style,
    out: BufWriter<&'o mut dyn Write>,
    lines: Lines,
}

impl<'o> Page<'o> {
    fn new(style: Style, out: &'o mut dyn Write) -> Self {
        Self {
            style,
            out: BufWriter::with_capacity(1 << 16, out),
            lines: Lines::default(),
        }
    }

    fn write(&mut self, fill: impl FnOnce(&mut Lines)) -> io::Result<()> {
        self.lines.0.clear();
        fill(&mut self.lines);
        for line in &self.lines.0 {
            write_line(line, self.style.color, &mut self.out)?;
        }
        Ok(())
    }

    /// Writes the changes, or only the first if they are many; returns how many it wrote.
    fn changes(
        &mut self,
        changes: &[&crate::model::plan::Change],
        cause: Cause,
    ) -> io::Result<usize> {
        let many = changes.len() > view::MANY && !self.style.full;
        let shown = if many { view::FIRST } else { changes.len() };
        for change in &changes[..shown] {
            self.write(|lines| {
                lines.line("");
                change::change(change, cause, lines);
            })?;
        }
        Ok(shown)
    }

    fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn write_line(line: &Line, color: bool, out: &mut dyn Write) -> io::Result<()> {
    if line.text.is_empty() {
        return out.write_all(b"\n");
    }
    write!(out, "{:1$}", "", line.depth * 4)?;
    symbol(line.mark, color, out)?;
    let mut start = 0;
    for (end, role) in &line.roles {
        paint(*role, &line.text[start..*end], color, out)?;
        start = *end;
    }
    out.write_all(b"\n")
}

fn symbol(mark: Mark, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let (lead, parts, trail): (&str, &[(Role, &str)], &str) = match mark {
        Mark::None => return Ok(()),
        Mark::Blank | Mark::Action(Action::NoOp) => ("    ", &[], ""),
        Mark::Create | Mark::Action(Action::Create) => ("  ", &[(Role::Green, "+")], " "),
        Mark::Update | Mark::Action(Action::Update) => ("  ", &[(Role::Yellow, "~")], " "),
        Mark::Delete | Mark::Action(Action::Delete) => ("  ", &[(Role::Red, "-")], " "),
        Mark::Action(Action::DeleteCreate) => (
            "",
            &[(Role::Red, "-"), (Role::Plain, "/"), (Role::Green, "+")],
            " ",
        ),
        Mark::Action(Action::CreateDelete) => (
            "",
            &[(Role::Green, "+"), (Role::Plain, "/"), (Role::Red, "-")],
            " ",
        ),
        Mark::Action(Action::Read) => (" ", &[(Role::Cyan, "<=")], " "),
        Mark::Action(Action::Forget) => (" ", &[(Role::Red, ".")], " "),
    };
    out.write_all(lead.as_bytes())?;
    for (role, text) in parts {
        paint(*role, text, color, out)?;
    }
    out.write_all(trail.as_bytes())
}

/// Writes text in its role's colour.
pub(super) fn paint(role: Role, text: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let code = match role {
        _ if !color => return out.write_all(text.as_bytes()),
        Role::Plain => return out.write_all(text.as_bytes()),
        Role::Bold => "1",
        Role::Green => "32",
        Role::Red => "31",
        Role::Yellow => "33",
        Role::Cyan => "36",
        Role::Dim => "90",
        Role::BoldRed => "1;31",
        Role::BoldGreen => "1;32",
        Role::BoldCyan => "1;36",
        Role::BoldYellow => "1;33",
    };
    write!(out, "\x1b[{code}m{text}\x1b[0m")
}

/// Writes how many calls were sent, and of which actions.
pub fn calls(calls: &Calls, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", calls_line(&Sent::total(calls)))?;
    let mut lines: Vec<_> = calls.iter().collect();
    lines.sort_by_key(|(_, sent)| std::cmp::Reverse(sent.calls));
    for (action, sent) in lines {
        writeln!(out, "  {:>7}  {action}", sent.calls)?;
    }
    Ok(())
}

/// Says how many calls were sent: `API calls: 35 (2 throttled, 1 failed)`.
pub fn calls_line(total: &Sent) -> String {
    let of = [(total.throttled, "throttled"), (total.failed, "failed")];
    let of: Vec<String> = of
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if of.is_empty() {
        format!("API calls: {}", total.calls)
    } else {
        format!("API calls: {} ({})", total.calls, of.join(", "))
    }
}
