//! The terminal: the only place that writes to it, and that asks questions.

use std::{
    io::{self, BufWriter, IsTerminal, Write},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::settings::Settings;
use crate::{
    model::{Diagnostic, Diagnostics, Sources, event::Event, language::Language},
    render::{self, JsonEvents, Style},
};

/// Why standard output could not be written, if it could not.
static UNWRITTEN: OnceLock<String> = OnceLock::new();

/// Returns why something was not written to standard output; a reader who left is no reason.
pub fn unwritten() -> Option<&'static str> {
    UNWRITTEN.get().map(String::as_str)
}

/// Remembers that something could not be written.
pub fn wrote(result: io::Result<()>) {
    if let Err(error) = result
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = UNWRITTEN.set(error.to_string());
    }
}

/// What a person (or a program, with `-json`) sees.
#[derive(Clone, Debug)]
pub struct Ui {
    pub style: Style,
    /// Whether what goes to standard error has colours.
    color_errors: bool,
    /// Whether events are JSON lines instead of text.
    json: bool,
    /// The language of explanations.
    language: Language,
    /// For positions in diagnostics among the events.
    sources: Arc<Mutex<Sources>>,
    /// One line at a time, whoever writes.
    gate: Arc<Mutex<()>>,
}

impl Ui {
    /// Returns a terminal as the environment and `-no-color` say.
    pub fn new(settings: &Settings, no_color: bool) -> Self {
        let forced = settings
            .get("CLICOLOR_FORCE")
            .is_some_and(|value| value != "0");
        let plain =
            no_color || settings.get("NO_COLOR").is_some() || settings.get("TERM") == Some("dumb");
        let wants = |terminal: bool| !plain && (forced || terminal);
        let color = wants(io::stdout().is_terminal());
        let style = Style {
            color,
            width: width(settings),
            ..Style::default()
        };
        Self {
            style,
            color_errors: wants(io::stderr().is_terminal()),
            json: false,
            language: settings.language(),
            sources: Arc::default(),
            gate: Arc::default(),
        }
    }

    /// Returns the same terminal, writing JSON lines if `json`.
    #[must_use]
    pub fn json(mut self, json: bool) -> Self {
        self.json = json;
        self
    }

    /// Returns the language of explanations.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether JSON lines are written.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Writes to standard output through one buffer. A closed pipe ends the output, not the work.
    pub fn out(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let _gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        wrote(write(&mut out).and_then(|()| out.flush()));
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
        let told: Vec<_> = diags
            .iter()
            .map(|it| it.in_language(self.language))
            .collect();
        let told = told.iter().map(AsRef::<Diagnostic>::as_ref);
        if self.json {
            let now = now();
            self.out(|out| {
                let mut events = JsonEvents::new(out);
                let mut told = told;
                told.try_for_each(|it| events.diagnostic(it, sources, &now))
            });
            return;
        }
        let _gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = BufWriter::new(io::stderr().lock());
        let style = Style {
            color: self.color_errors,
            ..self.style
        };
        let _ = render::diagnostics(told, sources, style, &mut out).and_then(|()| out.flush());
    }

    /// Tells what happens.
    pub fn event(&self, event: &Event) {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let told = match event {
            Event::Notice(notice) => Some(Event::Notice(
                notice.in_language(self.language).into_owned(),
            )),
            _ => None,
        };
        let event = told.as_ref().unwrap_or(event);
        if self.json {
            self.out(|out| JsonEvents::new(out).event(event, &sources, &now()));
        } else {
            self.out(|out| render::terminal::event(event, &sources, self.style, out));
        }
    }

    /// Writes JSON lines, if they are asked for.
    pub fn with_events(&self, write: impl FnOnce(&mut JsonEvents<'_>, &str) -> io::Result<()>) {
        if self.json {
            self.out(|out| write(&mut JsonEvents::new(out), &now()));
        }
    }

    /// Takes the sources of positions in events.
    pub fn set_sources(&self, sources: &Sources) {
        sources.clone_into(&mut self.sources.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Asks the question to which only `yes` means yes.
    pub fn asks(&self, question: &str, explanation: &str) -> Answer {
        self.say("");
        self.say(question);
        self.say(&format!(
            "  {explanation}\n  Only 'yes' will be accepted to approve.\n"
        ));
        self.out(|out| write!(out, "  Enter a value: "));
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        self.say("");
        match read {
            Err(_) | Ok(0) => Answer::Silence,
            Ok(_) if answer.trim() == "yes" => Answer::Yes,
            Ok(_) => Answer::No,
        }
    }
}

/// Writes text for people to standard error.
pub fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// What came back when approval was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    /// Standard input has ended: nobody is there.
    Silence,
}

/// Returns the terminal's width, where the shell tells it.
fn width(settings: &Settings) -> Option<usize> {
    settings.get("COLUMNS")?.parse().ok()
}

/// Returns the time as JSON lines carry it.
pub fn now() -> String {
    jiff::Timestamp::now().to_string()
}
