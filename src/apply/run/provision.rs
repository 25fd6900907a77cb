//! Provisioners: commands of the manifests that run on this machine, after an object has been created or before
//! it is destroyed.
//!
//! A run that ends in between has the object as one that was not seen ready, and the next one runs the
//! commands again: at least once, never lost.

use std::{process::Stdio, sync::Arc, time::Duration};

use petgraph::graph::NodeIndex;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader},
    process,
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::{Engine, Outcome};
use crate::{
    apply::desired::each_value,
    eval::{self, Scope},
    manifest::ast::{Provisioner, When},
    model::{
        Diagnostic, Diagnostics, Object, Severity, Type, Value,
        event::{Event, Provision},
        plan::{Action, Change, Reason},
        state::Status,
    },
    plan::scope::InstanceScope,
    schema,
};

/// How much of what a command said is told when it fails, and how long a line may be.
const TOLD: usize = 4096;
/// How long what a command has left behind may hold on to its output.
const GRACE: Duration = Duration::from_secs(2);

/// A command that is ready to run.
struct Command {
    words: Vec<String>,
    directory: Option<String>,
    environment: Vec<(String, String)>,
    /// Whether the command itself is not shown.
    quiet: bool,
    /// Whether nothing that it says is shown, since it was given a secret.
    hidden: bool,
    /// Whether its failure is a warning only.
    goes_on: bool,
    failure: Diagnostic,
    /// What follows from its failure.
    next: &'static str,
}

/// A line, or another word, of the command that runs for a step.
pub(super) type Told = (NodeIndex, Provision);

impl Engine<'_, '_> {
    /// Whether commands follow the creation that a change is about.
    pub(super) fn provisions(&self, node: NodeIndex, change: &Change) -> bool {
        let made = self
            .active
            .get(&node)
            .is_some_and(|it| it.action == Action::Create)
            || change.reason == Some(Reason::UpdateBecauseUnsettled);
        made && self.has(change, When::Create)
    }

    /// Whether commands go before the end of the object that a change is about.
    pub(super) fn has(&self, change: &Change, when: When) -> bool {
        let block = self.run.module.block(&change.address.resource);
        block.is_some_and(|it| it.provisioners.iter().any(|one| one.when == when))
    }

    /// Runs the commands of a change, one after the other; `end` says what comes of the step then.
    pub(super) fn provision(
        &mut self,
        node: NodeIndex,
        change: &Change,
        when: When,
        this: &Object,
        end: impl FnOnce(Result<Vec<Diagnostic>, Vec<Diagnostic>>) -> Outcome + Send + 'static,
    ) {
        let commands = self.commands(change, when, this);
        let told = self.told.0.clone();
        self.launch(node, async move {
            end(match commands {
                Ok(commands) => all(commands, node, &told).await,
                Err(diagnostics) => Err(diagnostics),
            })
        });
    }

    fn commands(
        &mut self,
        change: &Change,
        when: When,
        this: &Object,
    ) -> Result<Vec<Command>, Vec<Diagnostic>> {
        let address = &change.address;
        let Some(block) = self.run.module.block(&address.resource) else {
            return Ok(Vec::new());
        };
        let kind = self
            .run
            .registry
            .find(address.resource.mode, &address.resource.kind);
        let this = match kind {
            Some(kind) => schema::mark(kind.ty, this.clone()),
            None => this.clone(),
        };
        let this = Value::object(this);
        // At the end `for_each` may have nothing for the key any more, and nothing may name it.
        let each = match when {
            When::Create => each_value(block, address, &self.planned.values, &mut self.each)?,
            When::Destroy => None,
        };
        // At the end the instance of the module may be gone too.
        let values = &self.planned.values;
        let module = values.within(&address.resource.module);
        let module: &dyn Scope = match &module {
            Some(module) => module,
            None => values,
        };
        let scope = InstanceScope {
            values: module,
            key: &address.key,
            each: each.as_ref(),
            this: Some(&this),
        };
        let own = block.provisioners.iter().filter(|one| one.when == when);
        own.map(|provisioner| command(provisioner, &scope, change))
            .collect()
    }

    /// An object that is there, and whose commands failed: the next plan replaces it.
    pub(super) fn not_provisioned(
        &mut self,
        node: NodeIndex,
        change: &Change,
        object: &Object,
        diagnostics: Vec<Diagnostic>,
    ) {
        let stored = self.stored(change, object, Status::Tainted);
        self.batch.push(self.done_record(change, &stored));
        self.refuse(node, diagnostics);
    }

    /// Tells what is still to be told of a step that has ended.
    pub(super) fn drain(&mut self) {
        while let Ok((node, what)) = self.told.1.try_recv() {
            self.tell(node, what);
        }
    }

    pub(super) fn tell(&self, node: NodeIndex, what: Provision) {
        if let Some(active) = self.active.get(&node) {
            let address = active.address.clone();
            (self.run.events)(Event::Provision { address, what });
        }
    }
}

/// The arguments of a provisioner, as they are read.
struct Arguments<'a> {
    provisioner: &'a Provisioner,
    change: &'a Change,
    given: Object,
    diags: Diagnostics,
    /// Whether one of them is a secret.
    secret: bool,
}

impl Arguments<'_> {
    fn wrong(&mut self, summary: &str, detail: String, name: &str, hint: &str) {
        let mut attributes = self.provisioner.body.attributes.iter();
        let place = attributes.find(|it| &*it.name.text == name);
        let diagnostic = Diagnostic::error(summary, detail)
            .at(place.map_or(self.provisioner.span, |it| it.value.span))
            .about(&self.change.address);
        self.diags.push(match hint {
            "" => diagnostic,
            hint => diagnostic.hint(hint),
        });
    }

    fn read(&mut self, name: &'static str, ty: &Type) -> Option<Value> {
        let value = self.given.get(name).filter(|value| !value.is_null())?;
        if value.has_sensitive() {
            self.secret = true;
            if name != "environment" {
                self.wrong(
                    "Secret on a command line",
                    format!(
                        "{name} holds a sensitive value, which every user of this machine could see."
                    ),
                    name,
                    "Put it into environment, and name the variable in the command.",
                );
                return None;
            }
        }
        let problem = match eval::convert(&value.unmarked_deep(), ty) {
            Ok(value) if value.is_wholly_known() => return Some(value),
            Ok(_) => format!("{name} is not known."),
            Err(problem) => format!("{name}: {problem}."),
        };
        self.wrong("Invalid provisioner", problem, name, "");
        None
    }
}

/// Evaluates a provisioner.
fn command(
    provisioner: &Provisioner,
    scope: &InstanceScope<'_>,
    change: &Change,
) -> Result<Command, Vec<Diagnostic>> {
    let mut diags = Diagnostics::default();
    let given = eval::evaluate_body(&provisioner.body, scope, &mut diags);
    let mut arguments = Arguments {
        provisioner,
        change,
        given,
        diags,
        secret: false,
    };
    let texts = Arc::new(Type::String);
    let line = arguments.read("command", &Type::String);
    let interpreter = arguments.read("interpreter", &Type::List(texts.clone()));
    let directory = arguments.read("working_dir", &Type::String);
    let environment = arguments.read("environment", &Type::Map(texts));
    let quiet = arguments.read("quiet", &Type::Bool);
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let line = line.as_ref().and_then(text).unwrap_or_default();
    if line.trim().is_empty() && !arguments.diags.has_errors() {
        let text = "command is empty.".to_owned();
        arguments.wrong("Invalid provisioner", text, "command", "");
    }
    if arguments.diags.has_errors() {
        return Err(arguments.diags.take());
    }
    let mut words: Vec<String> = match &interpreter {
        Some(list) => list
            .as_list()
            .into_iter()
            .flatten()
            .filter_map(text)
            .collect(),
        None => ["/bin/sh", "-c"].map(ToOwned::to_owned).to_vec(),
    };
    let detail = format!("The command '{line}' failed");
    words.push(line);
    let environment = environment.as_ref().and_then(Value::as_object);
    Ok(Command {
        words,
        directory: directory.as_ref().and_then(text),
        environment: environment
            .into_iter()
            .flat_map(Object::iter)
            .filter_map(|(name, value)| Some((name.to_string(), text(value)?)))
            .collect(),
        quiet: quiet.and_then(|value| value.as_bool()) == Some(true),
        hidden: arguments.secret,
        goes_on: provisioner.goes_on,
        failure: Diagnostic::error("local-exec provisioner error", detail)
            .at(provisioner.span)
            .about(&change.address),
        next: match provisioner.when {
            When::Create => {
                "The next apply replaces the object, and the command runs again. With on_failure = continue its failure is a warning."
            }
            When::Destroy => {
                "The object stays until the command succeeds. With on_failure = continue its failure is a warning."
            }
        },
    })
}

/// Runs commands until one fails that must not; returns the warnings of the others.
async fn all(
    commands: Vec<Command>,
    node: NodeIndex,
    told: &mpsc::Sender<Told>,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let mut warnings = Vec::new();
    for command in commands {
        let tell = |what| async move { drop(told.send((node, what)).await) };
        tell(Provision::Started).await;
        match one(&command, &tell).await {
            Ok(()) => tell(Provision::Finished).await,
            Err(reason) => {
                tell(Provision::Failed).await;
                let mut failure = command.failure;
                failure.detail.push_str(&format!(": {reason}"));
                if !command.goes_on {
                    warnings.push(failure.hint(command.next));
                    return Err(warnings);
                }
                failure.severity = Severity::Warning;
                warnings.push(failure);
            }
        }
    }
    Ok(warnings)
}

/// Runs a command; the error is how it ended and what it said last.
async fn one<F: Future<Output = ()>>(
    command: &Command,
    tell: &impl Fn(Provision) -> F,
) -> Result<(), String> {
    let said = |line: String| tell(Provision::Said(line));
    if command.hidden {
        said("(output suppressed due to sensitive value in config)".to_owned()).await;
    } else if !command.quiet {
        let words: Vec<String> = command
            .words
            .iter()
            .map(|word| format!("{word:?}"))
            .collect();
        said(format!("Executing: [{}]", words.join(" "))).await;
    }
    let mut process = process::Command::new(&command.words[0]);
    process
        .args(&command.words[1..])
        .envs(
            command
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if let Some(directory) = &command.directory {
        process.current_dir(directory);
    }
    let mut child = process
        .spawn()
        .map_err(|error| format!("{} could not be started: {error}.", command.words[0]))?;
    let (lines, mut heard) = mpsc::channel(64);
    // Whoever still listens when this is left is told to stop.
    let mut listeners = JoinSet::new();
    if let Some(out) = child.stdout.take() {
        listeners.spawn(listen(out, lines.clone()));
    }
    if let Some(out) = child.stderr.take() {
        listeners.spawn(listen(out, lines.clone()));
    }
    drop(lines);
    let mut last = String::new();
    let mut status = None;
    let mut leave = Instant::now();
    loop {
        tokio::select! {
            line = heard.recv() => {
                let Some(line) = line else { break };
                if !command.hidden {
                    last.push_str(&line);
                    last.push('\n');
                    if let Some(over) = last.len().checked_sub(TOLD) {
                        let at = (over..=last.len()).find(|at| last.is_char_boundary(*at));
                        last.drain(..at.unwrap_or(0));
                    }
                    said(line).await;
                }
            }
            ended = child.wait(), if status.is_none() => {
                status = Some(ended);
                leave = Instant::now() + GRACE;
            }
            // Whatever it has started in the background may keep its output open, and write to it, for good.
            () = sleep_until(leave), if status.is_some() => break,
        }
    }
    let ended = match status {
        Some(ended) => ended,
        None => child.wait().await,
    };
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) if last.is_empty() => Err(format!("{status}.")),
        Ok(status) => Err(format!("{status}. Its output:\n\n{}", last.trim_end())),
        Err(error) => Err(format!("{error}.")),
    }
}

/// Sends what comes, line by line; what is too long for a line is cut into several.
async fn listen(out: impl AsyncRead + Unpin, lines: mpsc::Sender<String>) {
    let mut out = BufReader::new(out);
    loop {
        let mut line = Vec::new();
        let mut part = (&mut out).take(TOLD as u64);
        match part.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']).to_owned();
        if lines.send(text).await.is_err() {
            return;
        }
    }
}
