//! What a program answers to a case, without what differs from run to run.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use regex::Regex;
use serde_json::{Map, Value as Json, json};

use super::case::{Case, Step, words};

/// A program that is asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Program {
    Prov,
    Terraform,
}

/// Asks a program everything that a case asks; `None` when it is not installed.
pub(super) fn ask(program: Program, case: &Case) -> Option<Vec<Json>> {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk {
        program,
        folder: folder.path(),
    };
    let mut answers = Vec::new();
    for step in &case.steps {
        match step {
            Step::File { name, text } => place(&folder.path().join(name), text),
            Step::Run(command) => answers.push(desk.answer(command)?),
        }
    }
    Some(answers)
}

/// Asks prov the same with every manifest in YAML; the error says what has no form in YAML.
pub(super) fn ask_in_yaml(case: &Case) -> Result<Vec<Json>, String> {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk {
        program: Program::Prov,
        folder: folder.path(),
    };
    let mut answers = Vec::new();
    for step in &case.steps {
        match step {
            Step::File { name, text } => match name.strip_suffix(".tf") {
                Some(plain) => desk.in_yaml(plain, text)?,
                None => place(&folder.path().join(name), text),
            },
            Step::Run(command) => answers.push(desk.answer(command).unwrap()),
        }
    }
    Ok(answers)
}

fn place(path: &Path, text: &str) {
    if text.trim().is_empty() {
        return fs::remove_file(path).unwrap();
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Commands after which the state is compared.
const WRITERS: &[&str] = &[
    "taint", "untaint", "import", "state rm", "state mv", "refresh",
];

/// Commands whose output is compared as it is.
const PRINTERS: &[&str] = &[
    "output",
    "state list",
    "workspace show",
    "workspace list",
    "graph",
];

struct Desk<'a> {
    program: Program,
    folder: &'a Path,
}

impl Desk<'_> {
    /// Writes a manifest in YAML, in the place of what it was.
    fn in_yaml(&self, plain: &str, text: &str) -> Result<(), String> {
        let (hcl, yaml) = (format!("{plain}.tf"), format!("{plain}.prov.yaml"));
        let _ = fs::remove_file(self.folder.join(yaml));
        if text.trim().is_empty() {
            return Ok(());
        }
        place(&self.folder.join(&hcl), text);
        let ran = self.run(&[], &["fmt", "-to=yaml", &hcl]).unwrap();
        if !ran.status.success() {
            return Err(plain_text(&ran));
        }
        fs::remove_file(self.folder.join(&hcl)).unwrap();
        Ok(())
    }

    fn answer(&self, command: &str) -> Option<Json> {
        let (set, words) = words(command);
        let rest: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let run = |arguments: &[&str]| self.run(&set, arguments);
        let mut answer = json!({ "command": command });
        match &*words[0] {
            "plan" => answer["plan"] = self.plan(&run, &rest)?,
            "apply" if rest.contains(&"-auto-approve") => {
                answer["apply"] = told(&run(
                    &[&["apply", "-json", "-input=false"], &*rest].concat()
                )?);
                self.after(&run, &mut answer)?;
            }
            "apply" => {
                answer["plan"] = self.plan(&run, &rest)?;
                if answer["plan"]["exit"] != 1 {
                    let arguments = ["apply", "-json", "-input=false", "the.plan"];
                    answer["apply"] = told(&run(&arguments)?);
                    self.after(&run, &mut answer)?;
                }
            }
            "validate" => {
                let ran = run(&[&["validate", "-json"], &*rest].concat())?;
                answer["validate"] = validated(&ran);
            }
            _ => {
                let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
                let ran = run(&arguments)?;
                answer["ran"] = told(&ran);
                let told = answer["ran"]["said"] != json!([]);
                if !told && PRINTERS.iter().any(|it| command.starts_with(it)) {
                    answer["ran"]["printed"] = printed(&ran);
                }
                if WRITERS.iter().any(|it| command.starts_with(it)) {
                    answer["state"] = self.state();
                }
            }
        }
        let text = steady(&answer.to_string());
        Some(serde_json::from_str(&text).unwrap())
    }

    fn plan(&self, run: &dyn Fn(&[&str]) -> Option<Output>, rest: &[&str]) -> Option<Json> {
        let arguments = [
            "plan",
            "-json",
            "-input=false",
            "-detailed-exitcode",
            "-out=the.plan",
        ];
        let mut answer = told(&run(&[&arguments, rest].concat())?);
        if answer["exit"] != 1 {
            let shown = run(&["show", "-json", "the.plan"])?;
            let shown: Json = serde_json::from_slice(&shown.stdout).unwrap();
            answer["shown"] = planned(&shown);
        }
        Some(answer)
    }

    fn after(&self, run: &dyn Fn(&[&str]) -> Option<Output>, answer: &mut Json) -> Option<()> {
        let output = run(&["output", "-json"])?;
        answer["outputs"] = serde_json::from_slice(&output.stdout).unwrap();
        answer["state"] = self.state();
        Some(())
    }

    fn run(&self, set: &[(String, String)], arguments: &[&str]) -> Option<Output> {
        let program = match self.program {
            Program::Prov => env!("CARGO_BIN_EXE_prov").to_owned(),
            Program::Terraform => on_path("terraform")?,
        };
        let command = &mut Command::new(program);
        command
            .args(arguments)
            .current_dir(self.folder)
            .env_clear()
            .envs([
                ("PATH", "/usr/bin:/bin"),
                ("CHECKPOINT_DISABLE", "1"),
                ("NO_COLOR", "1"),
            ])
            .env("HOME", self.folder)
            .envs(set.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        Some(command.output().unwrap())
    }

    /// What the state file says of resources, outputs and checks; everything in it that is secret too.
    fn state(&self) -> Json {
        let Ok(text) = fs::read(self.folder.join("terraform.tfstate")) else {
            return Json::Null;
        };
        let mut state: Json = serde_json::from_slice(&text).unwrap();
        let mut kept = Map::new();
        for name in ["outputs", "resources", "check_results"] {
            kept.insert(name.to_owned(), state[name].take());
        }
        for resource in kept["resources"].as_array_mut().into_iter().flatten() {
            for instance in resource["instances"].as_array_mut().unwrap() {
                sort(&mut instance["dependencies"]);
                sort(&mut instance["sensitive_attributes"]);
            }
        }
        if let Some(resources) = kept["resources"].as_array_mut() {
            let parts = ["module", "mode", "type", "name"];
            resources.sort_by_key(|one| parts.map(|part| one[part].to_string()));
        }
        sort_checks(&mut kept["check_results"], "config_addr", "objects");
        Json::Object(kept)
    }
}

/// Returns where a program is; the environment that it gets says less.
fn on_path(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(name));
    let found = found.find(|candidate| candidate.is_file())?;
    Some(found.to_str().unwrap().to_owned())
}

/// Returns exit code, diagnostics and counts.
fn told(ran: &Output) -> Json {
    let text = String::from_utf8_lossy(&ran.stdout);
    let mut said: Vec<String> = Vec::new();
    let mut counts = Json::Null;
    let mut rest = String::new();
    for line in text.lines() {
        let Ok(event) = serde_json::from_str::<Json>(line) else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        match event["type"].as_str() {
            Some("diagnostic") => said.push(in_short(&event["diagnostic"])),
            Some("change_summary") => counts = event["changes"].clone(),
            _ => {}
        }
    }
    said.extend(in_words(&plain(rest.as_bytes())));
    said.extend(in_words(&plain(&ran.stderr)));
    said.sort();
    let mut answer = json!({ "exit": ran.status.code(), "said": said });
    // What a failed command counts depends on how far it got.
    if !counts.is_null() && ran.status.code() != Some(1) {
        answer["counts"] = counts;
    }
    answer
}

fn plain_text(ran: &Output) -> String {
    plain(&ran.stdout) + &plain(&ran.stderr)
}

fn validated(ran: &Output) -> Json {
    let said: Json = serde_json::from_slice(&ran.stdout).unwrap();
    let all = said["diagnostics"].as_array().unwrap().iter();
    let mut short: Vec<String> = all.map(in_short).collect();
    short.sort();
    json!({
        "exit": ran.status.code(),
        "valid": said["valid"],
        "said": short,
    })
}

fn printed(ran: &Output) -> Json {
    let text = plain(&ran.stdout);
    match serde_json::from_str::<Json>(&text) {
        Ok(json) => json,
        Err(_) => text.lines().map(str::to_owned).collect(),
    }
}

/// Returns a diagnostic as `severity file:line: summary`.
fn in_short(diagnostic: &Json) -> String {
    let (severity, summary) = (&diagnostic["severity"], &diagnostic["summary"]);
    let range = &diagnostic["range"];
    let place = match range["filename"].as_str() {
        Some(file) => format!("{file}:{}", range["start"]["line"]),
        None => "-".to_owned(),
    };
    let text = |it: &Json| it.as_str().unwrap_or_default().to_owned();
    let summary = text(summary).replace("by Terraform", "by prov");
    // In which order the members of a cycle are listed is chance.
    let summary = summary.split_once("Cycle: ").map_or(&*summary, |_| "Cycle");
    format!("{} {place}: {summary}", text(severity))
}

/// Returns what was printed, without its colours.
fn plain(printed: &[u8]) -> String {
    static COLOUR: LazyLock<Regex> = LazyLock::new(|| Regex::new("\u{1b}\\[[0-9;]*m").unwrap());
    let text = String::from_utf8_lossy(printed);
    COLOUR.replace_all(&text, "").into_owned()
}

/// Returns the diagnostics of a text for people, in the same form.
fn in_words(text: &str) -> Vec<String> {
    let mut all: Vec<(&str, String, String)> = Vec::new();
    for line in text.lines() {
        let line = line.trim_start_matches('│').trim();
        for (word, severity) in [("Error: ", "error"), ("Warning: ", "warning")] {
            if let Some(summary) = line.strip_prefix(word) {
                let summary = summary.replace("by Terraform", "by prov");
                all.push((severity, "-".to_owned(), summary));
            }
        }
        let place = line
            .strip_prefix("on ")
            .and_then(|it| it.split_once(" line "));
        if let (Some((file, rest)), Some(last)) = (place, all.last_mut()) {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            // Further places are about the same.
            if last.1 == "-" {
                last.1 = format!("{file}:{digits}");
            }
        }
    }
    let short = |(severity, place, summary)| format!("{severity} {place}: {summary}");
    all.into_iter().map(short).collect()
}

/// Returns what is compared of a plan as JSON.
fn planned(shown: &Json) -> Json {
    let mut kept = Map::new();
    for name in [
        "resource_changes",
        "resource_drift",
        "output_changes",
        "checks",
        "variables",
        "applyable",
        "complete",
        "errored",
    ] {
        let value = shown
            .get(name)
            .filter(|it| **it != json!([]) && **it != json!({}));
        kept.insert(name.to_owned(), value.cloned().unwrap_or_default());
    }
    let declared = &shown["configuration"]["root_module"]["variables"];
    for (name, variable) in kept["variables"].as_object_mut().into_iter().flatten() {
        if declared[name]["sensitive"] == true {
            variable["value"] = Json::Null;
        }
    }
    for change in kept["output_changes"].as_object_mut().into_iter().flatten() {
        for (value, sensitive) in [("before", "before_sensitive"), ("after", "after_sensitive")] {
            if change.1[sensitive] == true && change.1.get(value).is_some() {
                change.1[value] = Json::Null;
            }
        }
    }
    for name in ["resource_changes", "resource_drift"] {
        for change in kept[name].as_array_mut().into_iter().flatten() {
            let change = change.as_object_mut().unwrap();
            change.remove("provider_name");
            // A saved plan of ours has digests of secrets only.
            for (value, mark) in [("before", "before_sensitive"), ("after", "after_sensitive")] {
                let mark = change["change"][mark].clone();
                hide(&mut change["change"][value], &mark);
            }
            sort(&mut change["change"]["replace_paths"]);
        }
        sort(&mut kept[name]);
    }
    let display = |check: &Json| check["address"]["to_display"].to_string();
    if let Some(checks) = kept["checks"].as_array_mut() {
        checks.sort_by_key(display);
    }
    Json::Object(kept)
}

/// Replaces what is sensitive with null.
fn hide(value: &mut Json, sensitive: &Json) {
    match (value, sensitive) {
        (value, Json::Bool(true)) => *value = Json::Null,
        (Json::Object(entries), Json::Object(marks)) => {
            for (name, mark) in marks {
                if let Some(value) = entries.get_mut(name) {
                    hide(value, mark);
                }
            }
        }
        (Json::Array(items), Json::Array(marks)) => {
            items
                .iter_mut()
                .zip(marks)
                .for_each(|(value, mark)| hide(value, mark));
        }
        _ => {}
    }
}

fn sort_checks(checks: &mut Json, name: &str, objects: &str) {
    for check in checks.as_array_mut().into_iter().flatten() {
        sort(&mut check[objects]);
    }
    if let Some(checks) = checks.as_array_mut() {
        checks.sort_by_key(|check| check[name].to_string());
    }
}

fn sort(list: &mut Json) {
    if let Some(list) = list.as_array_mut() {
        list.sort_by_key(ToString::to_string);
    }
}

/// Returns a text with words in the place of what is another in each run.
fn steady(text: &str) -> String {
    static UUID: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap()
    });
    static TIME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap());
    let text = UUID.replace_all(text, "(id)");
    TIME.replace_all(&text, "(time)").into_owned()
}
