//! Tests as they run: Terraform's lines for people, and its JSON lines for programs.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::model::{
    Diagnostic, Severity, Sources,
    address::Address,
    ordered::Ordered,
    plan::Plan,
    state::State,
    testing::{Status, Tally, Tested},
};

use super::{Style, diagnostic::diagnostic_json, json, line::Role, order::EVENT, terminal::paint};

/// How far a file or a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Starting,
    TearingDown,
    Ended(Status),
}

impl Progress {
    fn told(self) -> &'static str {
        match self {
            Self::Starting => "in progress",
            Self::TearingDown => "tearing down",
            Self::Ended(status) => status.told(),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::TearingDown => "teardown",
            Self::Ended(_) => "complete",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Ended(Status::Pass) => Role::Green,
            Self::Ended(Status::Fail | Status::Error) => Role::Red,
            _ => Role::Dim,
        }
    }
}

/// Writes the line of a file.
pub fn file(name: &str, progress: Progress, style: Style, out: &mut dyn Write) -> io::Result<()> {
    line(&format!("{name}... "), progress, style, out)
}

/// Writes the line of a run that has ended.
pub fn run(name: &str, status: Status, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let text = format!("  run \"{name}\"... ");
    line(&text, Progress::Ended(status), style, out)
}

fn line(text: &str, progress: Progress, style: Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    paint(progress.role(), progress.told(), style.color, out)?;
    out.write_all(b"\n")
}

/// Writes what all came to.
pub fn tally(tally: &Tally, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let text = tally.line();
    let (word, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let role = if tally.is_success() {
        Role::Green
    } else {
        Role::Red
    };
    out.write_all(b"\n")?;
    paint(role, word, style.color, out)?;
    writeln!(out, " {rest}")
}

/// What a JSON line is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    pub file: Option<&'a str>,
    pub run: Option<&'a str>,
}

/// Writes the stream of JSON lines of one suite.
pub struct TestEvents<'o> {
    out: &'o mut dyn Write,
    /// RFC 3339.
    at: &'o str,
}

impl<'o> TestEvents<'o> {
    /// Returns a stream that goes to `out`; it is `at` now.
    pub fn new(out: &'o mut dyn Write, at: &'o str) -> Self {
        Self { out, at }
    }

    /// Writes which runs there are.
    pub fn suite(&mut self, files: &[(&str, Vec<&str>)]) -> io::Result<()> {
        let runs: usize = files.iter().map(|(_, runs)| runs.len()).sum();
        let message = format!(
            "Found {} and {}",
            count(files.len(), "file"),
            count(runs, "run block")
        );
        let files: serde_json::Map<String, Json> = files
            .iter()
            .map(|(name, runs)| ((*name).to_owned(), json!(runs)))
            .collect();
        self.line(
            "info",
            &message,
            About::default(),
            "test_abstract",
            json!(files),
        )
    }

    /// Writes how far a file is.
    pub fn file(&mut self, name: &str, progress: Progress) -> io::Result<()> {
        let about = About {
            file: Some(name),
            run: None,
        };
        let mut body = json!({ "path": name, "progress": progress.word() });
        if let Progress::Ended(status) = progress {
            body["status"] = status.word().into();
        }
        let message = format!("{name}... {}", progress.told());
        self.line("info", &message, about, "test_file", body)
    }

    /// Writes how far a run is.
    pub fn run(&mut self, file: &str, name: &str, progress: Progress) -> io::Result<()> {
        let about = About {
            file: Some(file),
            run: Some(name),
        };
        let mut body = json!({ "path": file, "run": name, "progress": progress.word() });
        match progress {
            Progress::Ended(status) => body["status"] = status.word().into(),
            _ => body["elapsed"] = 0.into(),
        }
        let message = format!("  \"{name}\"... {}", progress.told());
        self.line("info", &message, about, "test_run", body)
    }

    /// Writes a diagnostic.
    pub fn diagnostic(
        &mut self,
        it: &Diagnostic,
        sources: &Sources,
        about: About<'_>,
    ) -> io::Result<()> {
        let (level, word) = match it.severity {
            Severity::Error => ("error", "Error"),
            Severity::Warning => ("warn", "Warning"),
        };
        let message = format!("{word}: {}", it.summary);
        let body = diagnostic_json(it, sources);
        self.line(level, &message, about, "diagnostic", body)
    }

    /// Writes the plan of a run.
    pub fn plan(&mut self, plan: &Plan, about: About<'_>) -> io::Result<()> {
        let nothing = Json::Null;
        let document = serde_json::to_value(json::plan_json(plan, &nothing))?;
        let body = json!({
            "plan_format_version": document["format_version"],
            "output_changes": document["output_changes"],
            "resource_changes": document["resource_changes"],
        });
        let message = "-verbose flag enabled, printing plan";
        self.line("info", message, about, "test_plan", body)
    }

    /// Writes the state after a run.
    pub fn state(&mut self, state: &State, about: About<'_>) -> io::Result<()> {
        let document = serde_json::to_value(json::state_json(state))?;
        let body = json!({
            "state_format_version": document["format_version"],
            "root_module": document["values"]["root_module"],
            "outputs": document["values"]["outputs"],
        });
        let message = "-verbose flag enabled, printing state";
        self.line("info", message, about, "test_state", body)
    }

    /// Writes what could not be destroyed.
    pub fn left(&mut self, left: &[Left], about: About<'_>) -> io::Result<()> {
        let one = |left: &Left| {
            let mut it = json!({ "instance": left.address.to_string() });
            if let Some(key) = &left.deposed {
                it["deposed_key"] = key.as_str().into();
            }
            it
        };
        let body = json!({ "failed_resources": left.iter().map(one).collect::<Vec<_>>() });
        let message = left_behind("some", about);
        self.line("error", &message, about, "test_cleanup", body)
    }

    /// Writes that Ctrl-C stops the tests.
    pub fn interrupted(&mut self, message: &str) -> io::Result<()> {
        self.line(
            "warn",
            message,
            About::default(),
            "test_interrupt",
            json!({}),
        )
    }

    /// Writes what all came to.
    pub fn tally(&mut self, tally: &Tally) -> io::Result<()> {
        let body = json!({
            "status": tally.status.word(),
            "passed": tally.passed,
            "failed": tally.failed,
            "errored": tally.errored,
            "skipped": tally.skipped,
        });
        self.line(
            "info",
            &tally.line(),
            About::default(),
            "test_summary",
            body,
        )
    }

    fn line(
        &mut self,
        level: &str,
        message: &str,
        about: About<'_>,
        kind: &str,
        body: Json,
    ) -> io::Result<()> {
        let mut entries = serde_json::Map::new();
        let mut put = |name: &str, value: Json| _ = entries.insert(name.to_owned(), value);
        put("@level", level.into());
        put("@message", message.into());
        put("@module", "terraform.ui".into());
        if let Some(file) = about.file {
            put("@testfile", file.into());
        }
        if let Some(run) = about.run {
            put("@testrun", run.into());
        }
        put("@timestamp", self.at.into());
        put(kind, body);
        put("type", kind.into());
        serde_json::to_writer(&mut self.out, &Ordered(Json::Object(entries), &EVENT))?;
        self.out.write_all(b"\n")
    }
}

/// An object that could not be destroyed.
#[derive(Clone, Debug)]
pub struct Left {
    pub address: Address,
    pub deposed: Option<String>,
}

/// Writes for people what could not be destroyed.
pub fn left(left: &[Left], about: About<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", left_behind("the following", about))?;
    for one in left {
        match &one.deposed {
            None => writeln!(out, "  - {}", one.address)?,
            Some(key) => writeln!(out, "  - {} ({key})", one.address)?,
        }
    }
    Ok(())
}

fn left_behind(which: &str, about: About<'_>) -> String {
    let (file, run) = (about.file.unwrap_or(""), about.run.unwrap_or(""));
    let end = if which == "some" { "." } else { ":" };
    format!(
        "prov left {which} resources in state after executing {file}/{run}, and they need to be cleaned up manually{end}"
    )
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// Returns the names of a suite's files and runs.
pub fn names(files: &[Tested]) -> Vec<(&str, Vec<&str>)> {
    files
        .iter()
        .map(|file| {
            let runs = file.runs.iter().map(|run| run.name.as_str());
            (file.name.as_str(), runs.collect())
        })
        .collect()
}
