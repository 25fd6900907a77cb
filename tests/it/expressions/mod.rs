//! Expressions on the console: what Terraform says about each is recorded in the files beside this one.
//!
//! A record has a line `> expression` and below it what Terraform 1.11 prints, or `! summary` of its error. To
//! record anew, with `terraform` at hand:
//!
//!     cargo test --test it expressions::record -- --ignored
//!
//! New expressions are written as `> expression` alone, and recorded then.

use std::{
    fmt::Write,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Mutex,
};

use prov::{
    backend::format,
    cli::console::{Console, Said},
    eval::variables,
    manifest,
    model::{Diagnostics, Sources},
    plan::{Special, Values},
};

use crate::support::project::Project;

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Text(String),
    Error(String),
    /// Not recorded yet.
    Missing,
}

struct Recorded {
    expression: String,
    outcome: Outcome,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/expressions")
}

fn files() -> Vec<PathBuf> {
    let all = fs::read_dir(folder()).unwrap().map(|it| it.unwrap().path());
    let mut files: Vec<PathBuf> = all
        .filter(|path| path.extension().is_some_and(|it| it == "txt"))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> Vec<Recorded> {
    let text = fs::read_to_string(path).unwrap();
    let mut all: Vec<Recorded> = Vec::new();
    for line in text.lines() {
        if let Some(expression) = line.strip_prefix("> ") {
            all.push(Recorded {
                expression: expression.to_owned(),
                outcome: Outcome::Missing,
            });
            continue;
        }
        let outcome = &mut all.last_mut().unwrap().outcome;
        match (&mut *outcome, line.strip_prefix("! ")) {
            (Outcome::Missing, Some(summary)) => *outcome = Outcome::Error(summary.to_owned()),
            (Outcome::Missing, None) => *outcome = Outcome::Text(line.to_owned()),
            (Outcome::Text(text), _) => {
                text.push('\n');
                text.push_str(line);
            }
            (Outcome::Error(_), _) => panic!("{}: more than a summary: {line}", path.display()),
        }
    }
    all
}

fn everything() -> Vec<Recorded> {
    files().iter().flat_map(|path| read(path)).collect()
}

/// The directory that the expressions are about.
fn project() -> Project {
    let project = Project::copy_of(&folder().join("project"));
    let from = folder().join("project");
    fs::create_dir_all(project.path().join("many/inner")).unwrap();
    for name in ["a.txt", "b.txt", "c.md", "inner/d.txt"] {
        let name = Path::new("many").join(name);
        fs::copy(from.join(&name), project.path().join(&name)).unwrap();
    }
    fs::copy(
        from.join("state.json"),
        project.path().join("terraform.tfstate"),
    )
    .unwrap();
    project
}

/// Asks prov all of them, one after the other.
fn asked(expressions: &[&str]) -> Vec<Outcome> {
    let project = project();
    let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
    let module = manifest::load(project.path(), &[], &mut sources, &mut diags);
    let mut parse = |text: &str, name: &str| manifest::parse_expression(text, name, &mut sources);
    let variables = variables::resolve_given(&module, Vec::new(), &mut parse, &mut diags);
    assert!(!diags.has_errors(), "{diags:?}");
    let special = Special {
        workspace: "default".to_owned(),
        root: ".".to_owned(),
        cwd: project.path().display().to_string(),
        home: None,
        timestamp: "2025-01-02T03:04:05Z".to_owned(),
    };
    let mut values = Values::new(&module, &variables, special);
    values.recall(&format::read(project.read("terraform.tfstate").as_bytes()).unwrap());
    values.go_live();
    let mut console = Console::new(&values, sources.clone());
    let ask = |expression: &&str| match console.answer(expression) {
        Ok(Said::Result(text)) => Outcome::Text(text),
        Ok(Said::Exit) => Outcome::Text(String::new()),
        Err(diags) => Outcome::Error(diags.iter().next().unwrap().summary.clone()),
    };
    expressions.iter().map(ask).collect()
}

#[test]
fn prov_says_what_terraform_says() {
    let recorded = everything();
    assert!(recorded.len() >= 600, "{} expressions", recorded.len());
    let expressions: Vec<&str> = recorded.iter().map(|it| &*it.expression).collect();
    let mut report = String::new();
    let mut differing = 0;
    for (one, said) in recorded.iter().zip(asked(&expressions)) {
        if said != one.outcome {
            differing += 1;
            let _ = writeln!(
                report,
                "> {}\n  recorded: {:?}\n  said:     {said:?}",
                one.expression, one.outcome
            );
        }
    }
    assert_eq!(differing, 0, "of {}:\n{report}", recorded.len());
}

fn terraform(project: &Project, input: &str) -> Option<Output> {
    let mut child = Command::new("terraform")
        .args(["console", "-no-color"])
        .current_dir(project.path())
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(format!("{input}\n").as_bytes()).unwrap();
    drop(stdin);
    Some(child.wait_with_output().unwrap())
}

/// Whether it can stand in a list with others: it has a value, and Terraform lets it stand there.
fn joins(one: &Recorded) -> bool {
    let comment = one.expression.contains('#') || one.expression.contains("//");
    matches!(one.outcome, Outcome::Text(_)) && !one.expression.contains("type(") && !comment
}

/// The record may be old, or of another release: all that have a value are asked again, many in one list.
#[test]
fn terraform_still_says_so() {
    let recorded = everything();
    let joined: Vec<&str> = recorded
        .iter()
        .filter(|one| joins(one))
        .map(|one| &*one.expression)
        .collect();
    let project = project();
    for some in joined.chunks(300) {
        // Parentheses keep them from running into one another.
        let list = format!(
            "[{}]",
            some.iter()
                .map(|it| format!("({it})"))
                .collect::<Vec<_>>()
                .join(",")
        );
        let Some(output) = terraform(&project, &list) else {
            eprintln!(
                "SKIPPED: terraform is not installed, so that the record was not compared with it"
            );
            return;
        };
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{errors}");
        let theirs = String::from_utf8(output.stdout).unwrap();
        let Outcome::Text(ours) = &asked(&[&*list])[0] else {
            panic!("prov has no value for {list}");
        };
        let differs = theirs
            .trim_end()
            .lines()
            .zip(ours.lines())
            .find(|(a, b)| a != b);
        assert_eq!(differs, None, "a line of Terraform's, and of ours");
        assert_eq!(theirs.trim_end(), ours.trim_end());
    }
}

#[test]
fn what_is_piped_in_is_answered_by_the_last_result() {
    let project = project();
    let said = project
        .piping("1\nvar.text\n", "console -var text=given")
        .ok();
    assert_eq!(said.stdout, "\"given\"\n");
    let lines = project.piping("[\n  1, # one\n  2\n]\n", "console").ok();
    assert_eq!(lines.stdout, "[\n  1,\n  2,\n]\n");
    let heredoc = project.piping("<<EOT\na [\nEOT\n", "console").ok();
    assert_eq!(heredoc.stdout, "<<EOT\na [\n\nEOT\n");
    project
        .piping("help\n", "console")
        .ok()
        .says(&["Control-D"]);
    assert_eq!(project.piping("exit\n1\n", "console").ok().stdout, "");
}

#[test]
fn the_first_error_ends_what_is_piped_in() {
    let said = project().piping("1\nlocal.nope\n2\n", "console -no-color");
    let said = said.fails(&["Reference to undeclared local value"]);
    assert_eq!(said.stdout, "");
}

#[test]
fn a_plan_shows_what_will_be() {
    let project = Project::with("resource \"terraform_data\" \"a\" {\n  input = upper(\"x\")\n}\n");
    let ask = "terraform_data.a.input\n";
    assert_eq!(project.piping(ask, "console -plan").ok().stdout, "\"X\"\n");
    project
        .piping(ask, "console")
        .ok()
        .says(&["(known after apply)"]);
    assert!(!project.path().join("terraform.tfstate").exists());
}

#[test]
#[ignore = "asks terraform anew and writes the record"]
fn record() {
    let projects: Vec<Mutex<Project>> = (0..2).map(|_| Mutex::new(project())).collect();
    for path in files() {
        let mut all = read(&path);
        let half = all.len().div_ceil(projects.len()).max(1);
        std::thread::scope(|scope| {
            for (some, project) in all.chunks_mut(half).zip(&projects) {
                scope.spawn(move || {
                    let project = project.lock().unwrap();
                    for one in some {
                        let output = terraform(&project, &one.expression).unwrap();
                        one.outcome = outcome(&output);
                    }
                });
            }
        });
        let mut text = String::new();
        for one in &all {
            let said = match &one.outcome {
                Outcome::Text(said) => said.clone(),
                Outcome::Error(summary) => format!("! {summary}"),
                Outcome::Missing => unreachable!("all were asked"),
            };
            let _ = writeln!(text, "> {}\n{said}", one.expression);
        }
        fs::write(path, text).unwrap();
    }
}

fn outcome(output: &Output) -> Outcome {
    if output.status.success() {
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        return Outcome::Text(text.strip_suffix('\n').unwrap_or(&text).to_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let summary = errors.lines().find_map(|line| line.strip_prefix("Error: "));
    Outcome::Error(summary.unwrap_or(&errors).to_owned())
}
