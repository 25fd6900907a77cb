//! Whole configurations: what Terraform answers to each is recorded in `answers`, for the cases in `cases`.
//!
//! A new or changed case has no answer; to record what is missing, with `terraform` at hand (all of it anew
//! with `RECORD=all`):
//!
//!     cargo test --test it configurations::record -- --ignored
//!
//! Compared are the plan as JSON, exit codes, outputs, the state file, and of each diagnostic severity,
//! summary and place: how it goes on is for each program to say.

mod answer;
mod case;
mod difference;

use std::{collections::BTreeMap, fmt::Write, fs};

use rayon::prelude::*;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use self::{
    answer::{Program, ask, ask_in_yaml},
    case::{Case, Topic, folder, topics},
    difference::{DIFFERENCES, differences},
};

/// Title → digest of the case's text, and what was answered to its commands.
type Answers = BTreeMap<String, (String, Vec<Json>)>;

fn recorded(topic: &Topic) -> Answers {
    let path = folder("answers").join(format!("{}.json", topic.name));
    let Ok(text) = fs::read(path) else {
        return Answers::new();
    };
    serde_json::from_slice(&text).unwrap()
}

fn digest(case: &Case) -> String {
    Sha256::digest(&case.text)[..4]
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Returns how prov's answers differ, less what is meant to.
fn compared(case: &Case, answers: &Answers) -> String {
    let Some((of, theirs)) = answers.get(&case.title) else {
        return "  not recorded yet\n".to_owned();
    };
    if *of != digest(case) {
        return "  recorded for another text: record it anew\n".to_owned();
    }
    let ours = ask(Program::Prov, case).unwrap();
    let mut report = String::new();
    for (theirs, ours) in theirs.iter().zip(&ours) {
        let mut all = Vec::new();
        differences(theirs, ours, &mut String::new(), &mut all);
        for (place, theirs, ours) in all {
            let meant = DIFFERENCES
                .iter()
                .any(|(title, prefix, _)| *title == case.title && place.starts_with(prefix));
            if !meant {
                let _ = writeln!(
                    report,
                    "  {place}\n    Terraform: {theirs}\n    prov:      {ours}"
                );
            }
        }
    }
    report
}

#[test]
fn prov_answers_what_terraform_answers() {
    let topics = topics();
    let filter = std::env::var("CASE").unwrap_or_default();
    let mut all: Vec<(&Topic, &Case)> = Vec::new();
    for topic in &topics {
        all.extend(topic.cases.iter().map(|case| (topic, case)));
    }
    assert!(all.len() >= 80, "{} cases", all.len());
    all.retain(|(topic, case)| format!("{}: {}", topic.name, case.title).contains(&filter));
    let answers: BTreeMap<&str, Answers> =
        topics.iter().map(|it| (&*it.name, recorded(it))).collect();
    let reports: Vec<String> = all
        .par_iter()
        .map(|(topic, case)| {
            let report = compared(case, &answers[&*topic.name]);
            match report.is_empty() {
                true => report,
                false => format!("{}: {}\n{report}", topic.name, case.title),
            }
        })
        .filter(|report| !report.is_empty())
        .collect();
    assert!(
        reports.is_empty(),
        "{} of {} differ:\n{}",
        reports.len(),
        all.len(),
        reports.join("\n")
    );
}

/// What differs when a case is in YAML, if that is no mistake.
const IN_YAML: &[(&str, &str)] = &[(
    "a remote state that is there and is not",
    "each state has a key of its own for the digests of secrets",
)];

/// Whether a command of a case was refused.
fn is_refused(answers: &[Json]) -> bool {
    let parts = ["plan", "apply", "validate", "ran"];
    let exits = |answer: &Json| parts.iter().any(|part| answer[part]["exit"] == 1);
    answers.iter().any(exits)
}

/// Returns how the answers differ when the manifests are in YAML; where a manifest has no form in YAML, it must be refused.
fn in_yaml(case: &Case) -> String {
    let plain = ask(Program::Prov, case).unwrap();
    let yaml = match ask_in_yaml(case) {
        Ok(yaml) => yaml,
        Err(_) if is_refused(&plain) => return String::new(),
        Err(why) => return why,
    };
    let mut all = Vec::new();
    for (plain, yaml) in plain.iter().zip(&yaml) {
        differences(plain, yaml, &mut String::new(), &mut all);
    }
    // The places are others.
    all.retain(|(place, ..)| !place.ends_with("said"));
    let line = |(place, plain, yaml): &(String, String, String)| {
        format!("  {place}\n    HCL:  {plain}\n    YAML: {yaml}\n")
    };
    all.iter().map(line).collect()
}

#[test]
fn every_case_says_the_same_in_yaml() {
    let topics = topics();
    let cases: Vec<&Case> = topics.iter().flat_map(|topic| &topic.cases).collect();
    let report = |case: &&Case| {
        let meant = IN_YAML.iter().any(|(title, _)| *title == case.title);
        let report = if meant { String::new() } else { in_yaml(case) };
        (!report.is_empty()).then(|| format!("{}\n{report}", case.title))
    };
    let reports: Vec<String> = cases.par_iter().filter_map(report).collect();
    assert!(reports.is_empty(), "{}", reports.join("\n"));
}

#[test]
fn titles_are_of_their_own_and_differences_are_about_them() {
    let topics = topics();
    let mut seen = BTreeMap::new();
    for case in topics.iter().flat_map(|topic| &topic.cases) {
        let before = seen.insert(&*case.title, ());
        assert!(
            before.is_none(),
            "two cases have the title {:?}",
            case.title
        );
    }
    for (title, ..) in DIFFERENCES {
        assert!(seen.contains_key(title), "no case has the title {title:?}");
    }
}

#[test]
#[ignore = "asks terraform anew, for minutes"]
fn terraform_still_answers_so() {
    let mut report = String::new();
    for topic in topics() {
        let answers = recorded(&topic);
        for case in &topic.cases {
            let Some(now) = ask(Program::Terraform, case) else {
                eprintln!("SKIPPED: terraform is not installed");
                return;
            };
            let mut all = Vec::new();
            for (was, now) in answers[&case.title].1.iter().zip(&now) {
                differences(was, now, &mut String::new(), &mut all);
            }
            for (place, was, now) in all {
                let _ = writeln!(report, "{}: {place}\n  {was}\n  {now}", case.title);
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
#[ignore = "asks terraform and writes the record"]
fn record() {
    let everything = std::env::var("RECORD").is_ok_and(|it| it == "all");
    fs::create_dir_all(folder("answers")).unwrap();
    for topic in topics() {
        let mut old = recorded(&topic);
        old.retain(|_, _| !everything);
        let mut all = Answers::new();
        for case in &topic.cases {
            let known = old
                .remove(&case.title)
                .filter(|(of, _)| *of == digest(case));
            let answers =
                known.unwrap_or_else(|| (digest(case), ask(Program::Terraform, case).unwrap()));
            all.insert(case.title.clone(), answers);
        }
        let mut text = String::new();
        lines(&json!(all), 0, &mut text);
        text.push('\n');
        fs::write(folder("answers").join(format!("{}.json", topic.name)), text).unwrap();
    }
}

/// Writes JSON with a line for everything that fits into one.
fn lines(value: &Json, depth: usize, out: &mut String) {
    let short = value.to_string();
    if short.len() + 2 * depth <= 160 {
        out.push_str(&short);
        return;
    }
    let indent = "  ".repeat(depth + 1);
    match value {
        Json::Object(entries) => {
            out.push_str("{\n");
            for (at, (name, value)) in entries.iter().enumerate() {
                let _ = write!(out, "{indent}{}: ", json!(name));
                lines(value, depth + 1, out);
                out.push_str(if at + 1 < entries.len() { ",\n" } else { "\n" });
            }
            let _ = write!(out, "{}}}", "  ".repeat(depth));
        }
        Json::Array(items) => {
            out.push_str("[\n");
            for (at, item) in items.iter().enumerate() {
                out.push_str(&indent);
                lines(item, depth + 1, out);
                out.push_str(if at + 1 < items.len() { ",\n" } else { "\n" });
            }
            let _ = write!(out, "{}]", "  ".repeat(depth));
        }
        _ => out.push_str(&short),
    }
}
