//! The machine-readable stream: one JSON object a line, as Terraform's `-json` writes it.
//!
//! The caller says what time it is (RFC 3339, UTC, microseconds), so that the same events give the
//! same bytes. Values under a mark never appear here.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::Arc,
};

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::model::{
    Diagnostic, Severity, Sources,
    address::Address,
    event::{Calls, Ephemeral, Event, Provision, Sent, Summary},
    ordered::Ordered,
    plan::{Action, Change, Counts, Mode, Plan, Reason},
    preflight::{Outcome, Preflight},
    state::Output,
};

use super::{
    diagnostic::{diagnostic_json, severity},
    documents::{Index, index},
    json::{TERRAFORM_VERSION, operation, output_action},
    order::EVENT,
    terminal::{calls_line, complete, elapsed, ephemeral as ephemeral_text, is_complete, suffix},
    view::plan_summary,
};

/// Writes the stream of one run.
pub struct JsonEvents<'o> {
    out: &'o mut dyn Write,
}

/// One line.
#[derive(Serialize)]
struct Line<'a, T: Serialize> {
    #[serde(rename = "@level")]
    level: &'static str,
    #[serde(rename = "@message")]
    message: &'a str,
    #[serde(rename = "@module")]
    module: &'static str,
    #[serde(rename = "@timestamp")]
    timestamp: &'a str,
    #[serde(flatten)]
    body: T,
    #[serde(rename = "type", skip_serializing_if = "str::is_empty")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Resource<'a> {
    addr: String,
    module: String,
    resource: String,
    implied_provider: &'a str,
    resource_type: &'a str,
    resource_name: &'a str,
    resource_key: Option<Index<'a>>,
}

impl<'a> Resource<'a> {
    fn new(address: &'a Address) -> Self {
        let kind = &*address.resource.kind;
        // Seen from its own module.
        let own = Address {
            resource: Arc::new(address.resource.relative()),
            key: address.key.clone(),
        };
        Self {
            addr: address.to_string(),
            module: address.resource.module.to_string(),
            resource: own.to_string(),
            implied_provider: kind.split('_').next().unwrap_or(kind),
            resource_type: kind,
            resource_name: &address.resource.name,
            resource_key: index(&address.key),
        }
    }
}

/// What is said of a running or finished call.
#[derive(Serialize)]
struct Hook<'a> {
    resource: Resource<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_key: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provisioner: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a str>,
}

impl<'a> Hook<'a> {
    fn new(address: &'a Address, action: Option<Action>, id: &'a str) -> Self {
        Self {
            resource: Resource::new(address),
            action: action.map(action_word),
            id_key: (!id.is_empty()).then_some("id"),
            id_value: (!id.is_empty()).then_some(id),
            elapsed_seconds: None,
            provisioner: None,
            output: None,
        }
    }

    fn after(mut self, seconds: u64) -> Self {
        self.elapsed_seconds = Some(seconds);
        self
    }
}

impl<'o> JsonEvents<'o> {
    /// Returns a stream that goes to `out`; every line is one write.
    pub fn new(out: &'o mut dyn Write) -> Self {
        Self { out }
    }

    /// Writes how many calls were sent.
    pub fn calls(&mut self, calls: &Calls, at: &str) -> io::Result<()> {
        let total = Sent::total(calls);
        let count = |sent: &Sent| json!({ "calls": sent.calls, "throttled": sent.throttled, "failed": sent.failed });
        let actions: serde_json::Map<String, Json> = calls
            .iter()
            .map(|(action, sent)| (action.clone(), count(sent)))
            .collect();
        let body = json!({ "total": count(&total), "actions": actions });
        let message = calls_line(&total);
        self.line(
            "info",
            &message,
            at,
            "api_calls",
            json!({ "api_calls": body }),
        )
    }

    /// Writes the first line.
    pub fn version(&mut self, prov: &str, at: &str) -> io::Result<()> {
        let message = format!("Terraform {TERRAFORM_VERSION}");
        // By name, so that `type` is before `ui`.
        let body = json!({
            "terraform": TERRAFORM_VERSION,
            "type": "version",
            "ui": "1.2",
            "prov": prov,
        });
        self.line("info", &message, at, "", body)
    }

    /// Writes a line of `init`.
    pub fn init_output(&mut self, message: &str, code: &str, at: &str) -> io::Result<()> {
        let body = json!({ "message_code": code });
        self.line("info", message, at, "init_output", body)
    }

    /// Writes what happened.
    pub fn event(&mut self, event: &Event, sources: &Sources, at: &str) -> io::Result<()> {
        match event {
            Event::Notice(notice) => self.diagnostic(notice, sources, at),
            Event::Stopping { running } => {
                let message =
                    format!("Interrupt received: nothing new is started, {running} still run");
                self.log("warn", &message, at)
            }
            Event::StepCall { address, call } => {
                self.log("debug", &format!("{address}: Calling {call}..."), at)
            }
            Event::StepSkipped {
                address,
                because_of,
            } => {
                let message = format!("{address}: Skipped, since {because_of} failed");
                self.log("warn", &message, at)
            }
            Event::Provision { .. }
            | Event::RefreshStarted { .. }
            | Event::RefreshFinished { .. }
            | Event::Ephemeral { .. }
            | Event::ReadStarted { .. }
            | Event::ReadFinished { .. }
            | Event::StepStarted { .. }
            | Event::StepRunning { .. }
            | Event::StepFinished { .. }
            | Event::StepFailed { .. } => match hooked(event) {
                Some((message, kind, hook)) => {
                    self.line("info", &message, at, kind, Hooked { hook })
                }
                None => Ok(()),
            },
        }
    }

    /// Writes a diagnostic.
    pub fn diagnostic(&mut self, it: &Diagnostic, sources: &Sources, at: &str) -> io::Result<()> {
        let (level, word) = match it.severity {
            Severity::Error => ("error", "Error"),
            Severity::Warning => ("warn", "Warning"),
        };
        debug_assert_eq!(severity(it.severity), word.to_lowercase());
        let body = json!({ "diagnostic": diagnostic_json(it, sources) });
        self.line(
            level,
            &format!("{word}: {}", it.summary),
            at,
            "diagnostic",
            Ordered(body, &EVENT),
        )
    }

    /// Writes free text: `level` is one of `debug`, `info`, `warn`, `error`.
    pub fn log(&mut self, level: &'static str, message: &str, at: &str) -> io::Result<()> {
        self.line(level, message, at, "log", json!({}))
    }

    /// Writes a plan: what drifted, every change, the summary and what happens to the outputs.
    pub fn plan(&mut self, plan: &Plan, at: &str) -> io::Result<()> {
        for change in &plan.drift {
            let word = change_word(change);
            let message = format!("{}: Drift detected ({word})", change.address);
            self.line(
                "info",
                &message,
                at,
                "resource_drift",
                ChangeLine::new(change),
            )?;
        }
        for change in &plan.changes {
            if change.is_idle() {
                continue;
            }
            let message = format!("{}: Plan to {}", change.address, change_word(change));
            self.line(
                "info",
                &message,
                at,
                "planned_change",
                ChangeLine::new(change),
            )?;
        }
        let counts = plan.counts();
        self.summary(&plan_summary(&counts), &counts, "plan", at)?;
        if let Some(found) = &plan.preflight {
            let body = json!({ "preflight": found });
            let message = preflight_message(found);
            self.line("info", &message, at, "prov_preflight", body)?;
        }
        if plan.outputs.is_empty() {
            return Ok(());
        }
        let outputs: BTreeMap<&str, Json> = plan
            .outputs
            .iter()
            .map(|(name, change)| {
                let action = output_action(change).replace('-', "");
                (
                    name.as_str(),
                    json!({ "sensitive": change.sensitive, "action": action }),
                )
            })
            .collect();
        self.outputs_line(&outputs, at)
    }

    /// Writes how an apply ended. The summary and the outputs are there only if all went well.
    pub fn applied(
        &mut self,
        summary: &Summary,
        mode: Mode,
        outputs: &BTreeMap<String, Output>,
        at: &str,
    ) -> io::Result<()> {
        if !is_complete(summary) {
            return Ok(());
        }
        self.summary(&complete(summary, mode), &summary.done, operation(mode), at)?;
        if outputs.is_empty() {
            return Ok(());
        }
        self.outputs(outputs, at)
    }

    /// Writes output values; sensitive ones without their value.
    pub fn outputs(&mut self, outputs: &BTreeMap<String, Output>, at: &str) -> io::Result<()> {
        let outputs: BTreeMap<&str, Json> = outputs
            .iter()
            .map(|(name, output)| {
                let mut json =
                    json!({ "sensitive": output.sensitive, "type": output.ty.to_json() });
                if !output.sensitive && !output.value.has_sensitive() {
                    json["value"] = output.value.to_json();
                }
                (name.as_str(), json)
            })
            .collect();
        self.outputs_line(&outputs, at)
    }

    fn outputs_line(&mut self, outputs: &BTreeMap<&str, Json>, at: &str) -> io::Result<()> {
        let message = format!("Outputs: {}", outputs.len());
        self.line(
            "info",
            &message,
            at,
            "outputs",
            Ordered(json!({ "outputs": outputs }), &EVENT),
        )
    }

    fn summary(
        &mut self,
        text: &str,
        counts: &Counts,
        operation: &str,
        at: &str,
    ) -> io::Result<()> {
        let mut changes = json!({
            "add": counts.add,
            "change": counts.change,
            "import": counts.import,
            "remove": counts.destroy,
            "operation": operation,
        });
        if counts.forget > 0 {
            changes["forget"] = counts.forget.into();
        }
        self.line(
            "info",
            text,
            at,
            "change_summary",
            Ordered(json!({ "changes": changes }), &EVENT),
        )
    }

    fn line(
        &mut self,
        level: &'static str,
        message: &str,
        timestamp: &str,
        kind: &'static str,
        body: impl Serialize,
    ) -> io::Result<()> {
        let line = Line {
            level,
            message,
            module: "terraform.ui",
            timestamp,
            body,
            kind,
        };
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        self.out.write_all(&text)
    }
}

fn provisioned<'e>(address: &'e Address, what: &'e Provision) -> Said<'e> {
    let mut hook = Hook::new(address, None, "");
    hook.provisioner = Some("local-exec");
    let (message, kind) = match what {
        Provision::Started => (
            format!("{address}: Provisioning with 'local-exec'..."),
            "provision_start",
        ),
        Provision::Said(line) => {
            hook.output = Some(line);
            (
                format!("{address}: (local-exec): {line}"),
                "provision_progress",
            )
        }
        Provision::Finished => (
            format!("{address}: (local-exec) Provisioning complete"),
            "provision_complete",
        ),
        Provision::Failed => (
            format!("{address}: (local-exec) Provisioning errored"),
            "provision_errored",
        ),
    };
    (message, kind, hook)
}

/// Returns the message, the type and the hook of an event that has one.
fn hooked(event: &Event) -> Option<Said<'_>> {
    Some(match event {
        Event::RefreshStarted { address, id } => (
            format!("{address}: Refreshing state...{}", suffix(id)),
            "refresh_start",
            Hook::new(address, None, id),
        ),
        Event::RefreshFinished { address, id } => (
            format!("{address}: Refresh complete{}", suffix(id)),
            "refresh_complete",
            Hook::new(address, None, id),
        ),
        Event::Ephemeral { address, what } => ephemeral(address, *what),
        Event::ReadStarted { address } => started(address, Action::Read, ""),
        Event::ReadFinished {
            address,
            id,
            seconds,
        } => finished(address, Action::Read, id, *seconds),
        Event::StepStarted {
            address,
            action,
            id,
            ..
        } => started(address, *action, id),
        Event::StepRunning {
            address,
            action,
            seconds,
            ..
        } => running(address, *action, *seconds),
        Event::StepFinished {
            address,
            action,
            id,
            seconds,
        } => {
            // What is gone has no id.
            let id = if *action == Action::Delete { "" } else { id };
            finished(address, *action, id, *seconds)
        }
        Event::StepFailed {
            address,
            action,
            seconds,
        } => {
            let (noun, time) = (noun(*action), elapsed(*seconds));
            (
                format!("{address}: {noun} errored after {time}"),
                "apply_errored",
                Hook::new(address, Some(*action), "").after(*seconds),
            )
        }
        Event::Provision { address, what } => provisioned(address, what),
        Event::StepCall { .. }
        | Event::StepSkipped { .. }
        | Event::Notice(_)
        | Event::Stopping { .. } => return None,
    })
}

#[derive(Serialize)]
struct Hooked<'a> {
    hook: Hook<'a>,
}

#[derive(Serialize)]
struct ChangeLine<'a> {
    change: ChangeBody<'a>,
}

#[derive(Serialize)]
struct ChangeBody<'a> {
    resource: Resource<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_resource: Option<Resource<'a>>,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    importing: Option<Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prov_effects: Vec<&'static str>,
}

impl<'a> ChangeLine<'a> {
    fn new(change: &'a Change) -> Self {
        Self {
            change: ChangeBody {
                resource: Resource::new(&change.address),
                previous_resource: change.previous.as_ref().map(Resource::new),
                action: change_word(change),
                reason: change.reason.map(reason_word),
                importing: change.importing.as_ref().map(|id| json!({ "id": id })),
                prov_effects: change.effects.iter().map(|it| it.effect.word()).collect(),
            },
        }
    }
}

fn preflight_message(found: &Preflight) -> String {
    let outcomes = found.checks.iter().map(|it| it.outcome);
    let outcomes = outcomes.chain(found.quotas.iter().map(|it| it.outcome));
    let count = |wanted| outcomes.clone().filter(|it| *it == wanted).count();
    format!(
        "Preflight: {} passed, {} refused, {} not checked",
        count(Outcome::Passed),
        count(Outcome::Refused),
        count(Outcome::Unchecked)
    )
}

fn change_word(change: &Change) -> &'static str {
    match change.action {
        Action::NoOp if change.importing.is_some() => "import",
        Action::NoOp if change.previous.is_some() => "move",
        Action::DeleteCreate | Action::CreateDelete => "replace",
        Action::Forget => "remove",
        action => action_word(action),
    }
}

fn action_word(action: Action) -> &'static str {
    match action {
        Action::NoOp => "noop",
        Action::Read => "read",
        Action::Create => "create",
        Action::Update => "update",
        Action::DeleteCreate | Action::CreateDelete => "replace",
        Action::Delete => "delete",
        Action::Forget => "remove",
    }
}

/// Returns the stream's word for a reason, which is shorter than the plan JSON's for replacements.
fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::ReplaceBecauseTainted => "tainted",
        Reason::ReplaceBecauseCannotUpdate => "cannot_update",
        Reason::ReplaceByRequest => "requested",
        Reason::ReplaceByTriggers => "replace_triggered_by",
        other => other.word(),
    }
}

fn ephemeral(address: &Address, what: Ephemeral) -> Said<'_> {
    let word = match what {
        Ephemeral::Opening | Ephemeral::Opened => "open",
        Ephemeral::Closing | Ephemeral::Closed => "close",
    };
    let ended = matches!(what, Ephemeral::Opened | Ephemeral::Closed);
    let kind = match ended {
        true => "ephemeral_op_complete",
        false => "ephemeral_op_start",
    };
    let hook = Hook {
        action: Some(word),
        elapsed_seconds: ended.then_some(0),
        ..Hook::new(address, None, "")
    };
    (format!("{address}: {}", ephemeral_text(what)), kind, hook)
}

/// What a line of a step says: its message, its type and its hook.
type Said<'a> = (String, &'static str, Hook<'a>);

fn started<'a>(address: &'a Address, action: Action, id: &'a str) -> Said<'a> {
    let message = format!("{address}: {}...{}", verb(action), suffix(id));
    (message, "apply_start", Hook::new(address, Some(action), id))
}

fn running(address: &Address, action: Action, seconds: u64) -> Said<'_> {
    let (verb, time) = (verb(action).to_lowercase(), elapsed(seconds));
    // Terraform names the id here on the terminal only.
    let message = format!("{address}: Still {verb}... [{time} elapsed]");
    let hook = Hook::new(address, Some(action), "").after(seconds);
    (message, "apply_progress", hook)
}

fn finished<'a>(address: &'a Address, action: Action, id: &'a str, seconds: u64) -> Said<'a> {
    let (noun, time) = (noun(action), elapsed(seconds));
    let message = format!("{address}: {noun} complete after {time}{}", suffix(id));
    let hook = Hook::new(address, Some(action), id).after(seconds);
    (message, "apply_complete", hook)
}

/// The stream calls the reading of a data source a refresh; the terminal does not.
fn verb(action: Action) -> &'static str {
    match action {
        Action::Read => "Refreshing",
        other => super::terminal::verb(other),
    }
}

fn noun(action: Action) -> &'static str {
    match action {
        Action::Read => "Refresh",
        other => super::terminal::noun(other),
    }
}
