//! What tests came to, as JUnit's XML: what CI systems show.

use std::io::{self, Write};

use crate::model::{
    Severity, Sources,
    testing::{Ran, Status, Tested},
};

use super::{Style, diagnostic::diagnostics};

/// Writes a report, as Terraform's `-junit-xml` does.
pub fn report(files: &[Tested], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><testsuites>"
    )?;
    for file in files {
        let count = |status| file.runs.iter().filter(|run| run.status == status).count();
        write!(
            out,
            "\n  <testsuite name=\"{}\" tests=\"{}\" skipped=\"{}\" failures=\"{}\" errors=\"{}\">",
            escaped(&file.name),
            file.runs.len(),
            count(Status::Skip),
            count(Status::Fail),
            count(Status::Error),
        )?;
        for run in &file.runs {
            case(file, run, sources, out)?;
        }
        let end = if file.runs.is_empty() { "" } else { "\n  " };
        write!(out, "{end}</testsuite>")?;
    }
    write!(out, "\n</testsuites>")
}

fn case(file: &Tested, run: &Ran, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let (name, class) = (escaped(&run.name), escaped(&file.name));
    write!(out, "\n    <testcase name=\"{name}\" classname=\"{class}\"")?;
    if let Some(started) = run.started {
        let started = started.strftime("%Y-%m-%dT%H:%M:%SZ");
        write!(out, " time=\"{}\" timestamp=\"{started}\"", run.seconds)?;
    }
    write!(out, ">")?;
    let warnings = told(run, Severity::Warning, sources)?;
    let ended = match run.status {
        Status::Pass | Status::Pending => None,
        Status::Fail => Some(("failure", failed(run), told(run, Severity::Error, sources)?)),
        Status::Error => {
            let message = "Encountered an error".to_owned();
            Some(("error", message, told(run, Severity::Error, sources)?))
        }
        Status::Skip => {
            let (message, text) = skipped(file, run);
            Some(("skipped", message, text))
        }
    };
    let silent = ended.is_none() && warnings.is_empty();
    if let Some((element, message, text)) = ended {
        let message = escaped(&message);
        write!(out, "\n      <{element} message=\"{message}\">")?;
        write!(out, "{}</{element}>", section(&text))?;
    }
    if !warnings.is_empty() {
        let text = section(&warnings);
        write!(out, "\n      <system-err>{text}</system-err>")?;
    }
    let end = if silent { "" } else { "\n    " };
    write!(out, "{end}</testcase>")
}

/// Returns a text as a section whose end cannot stand in it.
fn section(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

fn failed(run: &Ran) -> String {
    let of_asserts = run.diagnostics.iter().filter(|it| it.summary == ASSERTION);
    let failures: Vec<&str> = of_asserts.map(|it| it.detail.as_str()).collect();
    let including = if failures.len() > 1 {
        ", including"
    } else {
        ""
    };
    let first = failures.first().copied().unwrap_or("");
    format!(
        "{} of {} assertions failed{including}: {first}",
        failures.len(),
        run.asserts
    )
}

/// The summary of an assertion that does not hold.
pub const ASSERTION: &str = "Test assertion failed";

fn skipped(file: &Tested, run: &Ran) -> (String, String) {
    let earlier = file.runs.iter().take_while(|it| it.name != run.name);
    let broken = earlier.filter(|it| it.status == Status::Error).last();
    match broken {
        Some(broken) => (
            "Testcase skipped due to a previous testcase error".to_owned(),
            format!(
                "Previous testcase \"{}\" ended in error, which caused the remaining tests in the file to be skipped",
                broken.name
            ),
        ),
        None => (
            "Testcase skipped due to an interrupt".to_owned(),
            "The tests were interrupted before this one began".to_owned(),
        ),
    }
}

fn told(run: &Ran, severity: Severity, sources: &Sources) -> io::Result<String> {
    let mut text = Vec::new();
    let style = Style::default();
    let list = run.diagnostics.iter().filter(|it| it.severity == severity);
    diagnostics(list, sources, style, &mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Returns a text fit for an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\n' => out.push_str("&#xA;"),
            '\t' => out.push_str("&#x9;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
