//! The terminal: the only place that writes to it, and that asks questions.

use std::{
    io::{self, BufWriter, IsTerminal, Write},
    sync::{Arc, Mutex, PoisonError},
};

use super::settings::Settings;
use crate::{
    model::{Diagnostic, Diagnostics, Sources, event::Event},
    render::{self, Style},
};

/// What a person (or a program, with `-json`) sees.
#[derive(Clone, Debug)]
pub struct Ui {
    pub style: Style,
    /// Events as JSON lines instead of text.
    events: Option<Arc<Mutex<render::json::Events>>>,
    /// One line at a time, whoever writes.
    gate: Arc<Mutex<()>>,
}

impl Ui {
    /// Returns a terminal as the environment and `-no-color` say.
    pub fn new(settings: &Settings, no_color: bool) -> Self {
        let forced = settings.get("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let plain = no_color || settings.get("NO_COLOR").is_some() || settings.get("TERM") == Some("dumb");
        let color = !plain && (forced || io::stdout().is_terminal());
        Self { style: Style { color, ..Style::default() }, events: None, gate: Arc::default() }
    }

    /// Returns the same terminal, writing JSON lines if `json`.
    #[must_use]
    pub fn json(mut self, json: bool) -> Self {
        self.events = json.then(|| Arc::new(Mutex::new(render::json::Events::default())));
        self
    }

    /// Whether JSON lines are written.
    pub fn is_json(&self) -> bool {
        self.events.is_some()
    }

    /// Writes to standard output through one buffer. A closed pipe ends the output, not the work.
    pub fn out(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let _gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let _ = write(&mut out).and_then(|()| out.flush());
    }

    /// Writes a line for people; nothing with `-json`.
    pub fn say(&self, text: &str) {
        if !self.is_json() {
            self.out(|out| writeln!(out, "{text}"));
        }
    }

    /// Tells diagnostics: to standard error, or as JSON lines.
    pub fn diagnostics(&self, diags: &Diagnostics, sources: &Sources) {
        if diags.is_empty() {
            return;
        }
        if let Some(events) = &self.events {
            let events = events.lock().unwrap_or_else(PoisonError::into_inner);
            self.out(|out| diags.iter().try_for_each(|it| events.diagnostic(it, sources, &now(), out)));
            return;
        }
        let _gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = BufWriter::new(io::stderr().lock());
        let color = self.style.color && io::stderr().is_terminal();
        let style = Style { color, ..self.style };
        let _ = render::diagnostic::diagnostics(diags.iter(), sources, style, &mut out)
            .and_then(|()| out.flush());
    }

    /// Tells one error.
    pub fn error(&self, summary: &str, hint: Option<&str>) {
        let mut diagnostic = Diagnostic::error(summary, "");
        diagnostic.hint = hint.map(ToOwned::to_owned);
        self.diagnostics(&diagnostic.into(), &Sources::default());
    }

    /// Tells what happens.
    pub fn event(&self, event: &Event) {
        match &self.events {
            None => self.out(|out| render::terminal::event(event, self.style, out)),
            Some(events) => {
                let mut events = events.lock().unwrap_or_else(PoisonError::into_inner);
                self.out(|out| events.event(event, &now(), out));
            }
        }
    }

    /// Writes through the JSON line writer, if there is one.
    pub fn with_events(
        &self,
        write: impl FnOnce(&mut render::json::Events, &str, &mut dyn Write) -> io::Result<()>,
    ) {
        if let Some(events) = &self.events {
            let mut events = events.lock().unwrap_or_else(PoisonError::into_inner);
            self.out(|out| write(&mut events, &now(), out));
        }
    }

    /// Asks the question to which only `yes` means yes.
    pub fn approves(&self, question: &str, explanation: &str) -> bool {
        self.say("");
        self.say(question);
        self.say(&format!("  {explanation}\n  Only 'yes' will be accepted to approve.\n"));
        self.out(|out| write!(out, "  Enter a value: "));
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        self.say("");
        read.is_ok() && answer.trim() == "yes"
    }
}

/// Returns the time as JSON lines carry it.
pub fn now() -> String {
    jiff::Timestamp::now().to_string()
}
