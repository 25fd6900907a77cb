//! The cases, as they are written down: directories of files, and the commands run in them.
//!
//!     === a title of its own
//!     --- main.tf
//!     resource "terraform_data" "a" {}
//!     $ apply -var x=1
//!     --- main.tf
//!     (what the file says from here on; nothing at all deletes it)
//!     $ TF_VAR_x=2 plan

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One configuration through its life.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) title: String,
    pub(super) steps: Vec<Step>,
    /// All of it, as it is written: an answer to another text is no answer.
    pub(super) text: String,
}

/// What is done next in the directory.
#[derive(Debug)]
pub(super) enum Step {
    File { name: String, text: String },
    Run(String),
}

/// A file of cases: those that are about one thing.
pub(super) struct Topic {
    pub(super) name: String,
    pub(super) cases: Vec<Case>,
}

/// Returns where cases and answers are.
pub(super) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/configurations")
        .join(name)
}

/// Reads every topic.
pub(super) fn topics() -> Vec<Topic> {
    let files = fs::read_dir(folder("cases")).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|it| it.unwrap().path()).collect();
    paths.sort();
    let topic = |path: &PathBuf| Topic {
        name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
        cases: parse(&fs::read_to_string(path).unwrap()),
    };
    paths.iter().map(topic).collect()
}

fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("=== ") {
            cases.push(Case {
                title: title.to_owned(),
                steps: Vec::new(),
                text: String::new(),
            });
            continue;
        }
        // What stands before the first case is about the file.
        let Some(case) = cases.last_mut() else {
            continue;
        };
        case.text.push_str(line);
        case.text.push('\n');
        if let Some(name) = line.strip_prefix("--- ") {
            case.steps.push(Step::File {
                name: name.to_owned(),
                text: String::new(),
            });
        } else if let Some(command) = line.strip_prefix("$ ") {
            case.steps.push(Step::Run(command.to_owned()));
        } else if let Some(Step::File { text, .. }) = case.steps.last_mut() {
            text.push_str(line);
            text.push('\n');
        } else {
            assert!(line.trim().is_empty(), "{}: {line:?}", case.title);
        }
    }
    cases
}

/// Splits a command at its spaces, except within single quotes; what is set before it comes first.
pub(super) fn words(command: &str) -> (Vec<(String, String)>, Vec<String>) {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in command.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().unwrap().push(letter),
        }
    }
    let is_set = |word: &&String| {
        let name = word.split_once('=').map(|(name, _)| name);
        name.is_some_and(|name| name.chars().all(|it| it.is_alphanumeric() || it == '_'))
    };
    let count = words.iter().take_while(is_set).count();
    let rest = words.split_off(count);
    let split = |word: String| {
        let (name, value) = word.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    (words.into_iter().map(split).collect(), rest)
}
