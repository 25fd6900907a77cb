//! `prov test`: cases whose answers Terraform 1.11 gave, and what is prov's own.
//!
//! A case is a directory: manifests, files of tests, perhaps `arguments`; and what Terraform answered: `stdout.txt`
//! with the exit code, `errors.txt` with the summaries, `events.ndjson` and `report.xml`.

mod alicloud;
mod real;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use crate::support::project::{Project, Ran};

const ANSWERS: &[&str] = &["stdout.txt", "errors.txt", "events.ndjson", "report.xml"];

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/test_command/cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 14);
    cases
}

fn answer(case: &Path, name: &str) -> String {
    fs::read_to_string(case.join(name)).unwrap()
}

fn run(case: &Path, flags: &[&str]) -> (Project, Ran) {
    let project = Project::copy_of(case);
    if !case.join("main.tf").exists() {
        project.write("main.tf", include_str!("main.tf"));
    }
    for name in ANSWERS {
        let _ = fs::remove_file(project.path().join(name));
    }
    let own = fs::read_to_string(case.join("arguments")).unwrap_or_default();
    let arguments = ["test", "-no-color"].into_iter();
    let ran = project.run(
        arguments
            .chain(own.split_whitespace())
            .chain(flags.iter().copied()),
    );
    (project, ran)
}

#[test]
fn people_see_what_terraform_shows() {
    for case in cases() {
        let (_, ran) = run(&case, &[]);
        let shown = format!("{}exit {}\n", ran.stdout, ran.code);
        assert_eq!(
            shown,
            answer(&case, "stdout.txt"),
            "{}\n{ran}",
            case.display()
        );
        let mut errors: Vec<&str> = ran
            .stderr
            .lines()
            .filter(|line| line.starts_with("Error: "))
            .collect();
        errors.sort_unstable();
        let wanted = answer(&case, "errors.txt");
        assert_eq!(errors, wanted.lines().collect::<Vec<_>>(), "{ran}");
    }
}

#[test]
fn programs_are_told_what_terraform_tells() {
    for case in cases() {
        let (_, ran) = run(&case, &["-json"]);
        let ours = events(&ran.stdout);
        let theirs = events(&answer(&case, "events.ndjson"));
        assert_eq!(ours, theirs, "{}\n{ran}", case.display());
    }
}

/// Returns the events in which the two agree word for word: a diagnostic by its summary, place and values, since
/// the sentences are each program's own. Diagnostics of one run are in no order.
fn events(stream: &str) -> Vec<Json> {
    let mut events = Vec::new();
    for line in stream.lines() {
        let mut event: Json = serde_json::from_str(line).unwrap();
        let kind = event["type"].as_str().unwrap().to_owned();
        if kind == "version" || event["@level"] == "warn" {
            continue;
        }
        event.as_object_mut().unwrap().remove("@timestamp");
        if let Some(runs) = event["test_abstract"].as_object_mut() {
            // No runs are no list in Terraform.
            runs.retain(|_, runs| runs.as_array().is_some_and(|runs| !runs.is_empty()));
        }
        if kind == "test_cleanup" {
            event["@message"] = Json::Null;
        }
        if kind == "diagnostic" {
            let it = &event["diagnostic"];
            event["diagnostic"] = serde_json::json!([
                it["summary"],
                it["range"]["filename"],
                it["range"]["start"]["line"],
                values(it),
            ]);
        }
        events.push(event);
    }
    let place = |event: &Json| {
        let diagnostic = event["type"] == "diagnostic";
        diagnostic.then(|| event["diagnostic"].to_string())
    };
    for chunk in events.chunk_by_mut(|a, b| place(a).is_some() && place(b).is_some()) {
        chunk.sort_by_key(|event| place(event));
    }
    events
}

/// Returns what a diagnostic of an assertion says of values.
fn values(diagnostic: &Json) -> Json {
    match diagnostic["summary"].as_str() {
        Some("Test assertion failed") => diagnostic["snippet"]["values"].clone(),
        _ => Json::Null,
    }
}

#[test]
fn ci_systems_get_the_same_report() {
    for case in cases() {
        let (project, ran) = run(&case, &["-junit-xml=report.xml"]);
        let report = fs::read_to_string(project.path().join("report.xml")).unwrap();
        let report = masked(&report);
        assert_eq!(
            report,
            answer(&case, "report.xml"),
            "{}\n{ran}",
            case.display()
        );
    }
}

/// Returns a report without what is different each time, and without the sentences that are each program's own.
fn masked(report: &str) -> String {
    let mut out = String::new();
    for (at, part) in report.split("<![CDATA[").enumerate() {
        let (own, rest) = match at {
            0 => ("", part),
            _ => part.split_once("]]>").unwrap(),
        };
        if at > 0 {
            let own = if own.starts_with('\n') { "..." } else { own };
            out.push_str(&format!("<![CDATA[{own}]]>"));
        }
        out.push_str(rest);
    }
    for name in ["time", "timestamp"] {
        let parts: Vec<&str> = out.split(&format!(" {name}=\"")).collect();
        let rest = parts[1..].iter().map(|it| it.split_once('"').unwrap().1);
        let rest: Vec<String> = rest.map(|it| format!("T\"{it}")).collect();
        let mut all = vec![parts[0].to_owned()];
        all.extend(rest);
        out = all.join(&format!(" {name}=\""));
    }
    out
}

#[test]
fn nothing_of_the_user_is_touched() {
    let main = "resource \"terraform_data\" \"a\" {\n  input = 1\n}\n";
    let test = "run \"a\" {\n  assert {\n    condition     = terraform_data.a.output == 1\n    error_message = \"no\"\n  }\n}\n";
    let project = Project::of(&[("main.tf", main), ("a.tftest.hcl", test)]);
    let _ = project.succeeds(["apply", "-auto-approve"]);
    let before = files(&project);
    let _ = project.succeeds(["test"]);
    assert_eq!(files(&project), before);
}

fn files(project: &Project) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(project.path()).unwrap().map(Result::unwrap);
    let text = |path: &Path| fs::read(path).unwrap_or_default();
    entries.map(|it| (it.path(), text(&it.path()))).collect()
}

#[test]
fn only_the_named_files_run() {
    let run = "run \"a\" {\n  command = plan\n}\n";
    let project = Project::of(&[
        ("main.tf", "locals {\n  a = 1\n}\n"),
        ("one.tftest.hcl", run),
        ("two.tftest.hcl", run),
    ]);
    let ran = project.succeeds(["test", "-filter=./two.tftest.hcl"]);
    assert!(!ran.stdout.contains("one.tftest.hcl"), "{ran}");
    let _ = ran.says(&["two.tftest.hcl... pass", "Success! 1 passed, 0 failed."]);
    let ran = project.succeeds(["test", "-filter=too.tftest.hcl"]);
    let _ = ran.warns(&["Nothing to run", "Did you mean two.tftest.hcl?"]);
    let ran = project.run(["test", "-cloud-run=app.example.com/a/b/c"]);
    let _ = ran.fails(&["-cloud-run asks for a run in HCP Terraform"]);
    let ran = project.run(["test", "-test-directory=none"]).ok();
    let _ = ran.says(&["Success! 2 passed"]);
}

#[test]
fn mistakes_in_a_file_of_tests_are_told_before_anything_runs() {
    let wrong: &[(&str, &[&str])] = &[
        (
            "run \"a\" {\n  command = destroy\n}\n",
            &["plan or apply, not \"destroy\""],
        ),
        (
            "run \"a\" {}\nrun \"a\" {}\n",
            &["\"a\" is already declared"],
        ),
        (
            "rum \"a\" {}\n",
            &["no block \"rum\"", "Did you mean \"run\"?"],
        ),
        ("size = 3\n", &["no argument \"size\" in a test file"]),
        (
            "run \"a\" {\n  assert {\n    condition     = true\n    error_message = \"x\"\n  }\n}\n",
            &["The condition names nothing"],
        ),
        (
            "run \"a\" {\n  expect_failures = [local.x]\n}\n",
            &["local.x has no conditions that could fail"],
        ),
        (
            "run \"a\" {\n  plan_options {\n    mode    = refresh-only\n    refresh = false\n  }\n}\n",
            &["cannot leave the refresh out"],
        ),
        (
            "run \"a\" {\n  module {\n    source = \"example/module/x\"\n  }\n}\n",
            &["not a directory of this machine"],
        ),
        (
            "run \"a\" {\n  module {\n    source = \"./none\"\n  }\n}\n",
            &["The directory none does not exist"],
        ),
        (
            "override_module {\n  target = terraform_data.x\n}\n",
            &["terraform_data.x is none"],
        ),
        (
            "override_data {\n  target = terraform_data.x\n}\n",
            &["Write override_resource for it"],
        ),
        (
            "mock_provider \"a\" {}\nmock_provider \"a\" {}\n",
            &["\"a\" is already declared"],
        ),
        (
            "mock_provider \"a\" {\n  source = \"./none\"\n}\n",
            &["has no files of mocks"],
        ),
    ];
    for (test, parts) in wrong {
        let project = Project::of(&[
            ("main.tf", "locals {\n  x = 1\n}\n"),
            ("a.tftest.hcl", test),
        ]);
        let ran = project.run(["test"]).fails(parts);
        assert_eq!(ran.stdout, "", "{ran}");
    }
}

/// As Terraform does: what is not given is null, what is not there is a warning, and what was real goes.
#[test]
fn outputs_are_put_in_the_place_of_a_module() {
    let assert = |condition: &str| {
        format!("  assert {{\n    condition     = {condition}\n    error_message = \"no\"\n  }}\n")
    };
    let over = |target: &str, outputs: &str| {
        format!("  override_module {{\n    target  = {target}\n    outputs = {outputs}\n  }}\n")
    };
    let run = |name: &str, body: String| format!("run \"{name}\" {{\n{body}}}\n");
    let test = [
        run("real", assert("terraform_data.a.input == \"real\"")),
        run(
            "given",
            over("module.m", "{ out = \"given\", more = 1 }")
                + &assert("terraform_data.a.input == \"given\" && module.m[1].out == \"given\""),
        ),
        run(
            "null",
            over("module.m", "{}") + &assert("module.m[0].out == null"),
        ),
        run("nowhere", over("module.q", "{}")),
        run(
            "inner",
            over("module.m.module.inner", "{ out = \"inner\" }")
                + &assert("terraform_data.a.input == \"inner\""),
        ),
    ];
    let inner = "resource \"terraform_data\" \"x\" {\n  input = \"real\"\n}\noutput \"out\" {\n  value = terraform_data.x.output\n}\n";
    let project = Project::of(&[
        (
            "main.tf",
            "module \"m\" {\n  source = \"./m\"\n  count  = 2\n}\nresource \"terraform_data\" \"a\" {\n  input = module.m[0].out\n}\n",
        ),
        (
            "m/main.tf",
            "module \"inner\" {\n  source = \"../inner\"\n}\noutput \"out\" {\n  value = module.inner.out\n}\n",
        ),
        ("inner/main.tf", inner),
        ("a.tftest.hcl", &test.concat()),
    ]);
    let ran = project.run(["test", "-no-color"]).ok();
    let ran = ran.says(&["Success! 5 passed, 0 failed."]);
    assert!(ran.stderr.contains("has no module.q"), "{ran}");
    project.write("a.tftest.hcl", &run("one", over("module.m[0]", "{}")));
    project
        .run(["test"])
        .fails(&["not one like module.m[0]", "a.tftest.hcl line 2"]);
}

#[test]
fn secrets_are_not_shown() {
    let main = "variable \"password\" {\n  type      = string\n  sensitive = true\n}\noutput \"o\" {\n  value     = var.password\n  sensitive = true\n}\n";
    let test = "variables {\n  password = \"hunter-2\"\n}\nrun \"a\" {\n  assert {\n    condition     = output.o == \"x\" && var.password == \"y\"\n    error_message = \"it is ${output.o}\"\n  }\n}\n";
    let project = Project::of(&[("main.tf", main), ("a.tftest.hcl", test)]);
    for flags in [&["test", "-verbose"][..], &["test", "-json", "-verbose"]] {
        let ran = project.run(flags.iter().copied());
        assert_eq!(ran.code, 1, "{ran}");
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(told.contains("has a sensitive value"), "{ran}");
        let shown = told.replace("password = \\\"hunter-2\\\"", "");
        assert!(!shown.contains("hunter-2"), "{ran}");
    }
}

#[test]
fn a_mock_takes_what_files_of_its_source_say() {
    let main =
        "resource \"terraform_data\" \"a\" {}\noutput \"id\" {\n  value = terraform_data.a.id\n}\n";
    let mocks =
        "mock_resource \"terraform_data\" {\n  defaults = {\n    id = \"from-file\"\n  }\n}\n";
    let test = "mock_provider \"terraform\" {\n  source = \"./mocks\"\n}\nrun \"a\" {\n  assert {\n    condition     = output.id == \"from-file\"\n    error_message = output.id\n  }\n}\n";
    let project = Project::of(&[("main.tf", main), ("a.tftest.hcl", test)]);
    fs::create_dir(project.path().join("mocks")).unwrap();
    project.write("mocks/a.tfmock.hcl", mocks);
    let _ = project.succeeds(["test"]);
}

#[test]
fn what_is_protected_is_destroyed_all_the_same_at_the_end() {
    let main =
        "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n";
    let project = Project::of(&[("main.tf", main), ("a.tftest.hcl", "run \"a\" {}\n")]);
    let _ = project.succeeds(["test"]);
}
